//! The values of a column as the batch reviewer takes them.

use std::collections::HashMap;

use adit::batch::{Bits, Column, Integers, Keys, Values};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt32Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::NullBuffer;
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType};
use serde_json::Value;

use crate::heads::Head;

/// A column kept for as long as a batch is ruled on: the array itself, or what its values were written as.
#[derive(Debug)]
pub(crate) enum Kept {
    /// An array that is read where it lies.
    Array(ArrayRef),
    /// A dictionary whose keys are read where they lie.
    Dictionary(ArrayRef, Vec<Value>),
    /// Values written out, each once.
    Written(Vec<u32>, Vec<Value>, Option<NullBuffer>),
}

/// Whether columns of a type can hold facts.
pub(crate) fn is_readable(data_type: &DataType) -> bool {
    match data_type {
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..)
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..) => true,
        DataType::List(item) | DataType::LargeList(item) => is_text(item.data_type()),
        DataType::Dictionary(_, values) => is_text(values) || values.is_integer(),
        other => other.is_integer(),
    }
}

const fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

impl Kept {
    /// Takes an array; what cannot be read where it lies is converted. Numbers that are written out take the unit along.
    pub(crate) fn of(array: &ArrayRef, unit: Option<&str>) -> Result<Self, ArrowError> {
        Ok(match array.data_type() {
            DataType::Boolean | DataType::Int32 | DataType::Int64 | DataType::Date32 => Self::Array(array.clone()),
            DataType::Decimal128(_, scale) if (0..=38).contains(scale) => Self::Array(array.clone()),
            DataType::Date64 | DataType::Timestamp(..) => Self::Array(cast(array, &DataType::Date32)?),
            DataType::UInt64 => Self::Array(cast(array, &DataType::Decimal128(20, 0))?),
            DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) if *scale >= 0 => {
                Self::Array(cast(array, &DataType::Decimal128(38, *scale))?)
            }
            DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) => {
                Self::Array(cast(array, &DataType::Decimal128(38, 0))?)
            }
            DataType::Dictionary(keys, _) => {
                let read = match keys.as_ref() {
                    DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt32 => array.clone(),
                    _ => {
                        let values = array.as_any_dictionary().values().data_type().clone();
                        cast(array, &DataType::Dictionary(Box::new(DataType::Int32), Box::new(values)))?
                    }
                };
                let values = written(read.as_any_dictionary().values(), unit)?;
                Self::Dictionary(read, values)
            }
            other if other.is_integer() => Self::Array(cast(array, &DataType::Int64)?),
            _ => {
                let mut places: HashMap<Value, u32> = HashMap::new();
                let (mut keys, mut values) = (Vec::with_capacity(array.len()), Vec::new());
                for value in written(array, unit)? {
                    let next = u32::try_from(values.len()).unwrap_or(u32::MAX);
                    let place = *places.entry(value).or_insert_with_key(|value| {
                        values.push(value.clone());
                        next
                    });
                    keys.push(place);
                }
                Self::Written(keys, values, array.logical_nulls())
            }
        })
    }

    /// The column for the reviewer.
    pub(crate) fn lent<'a>(&'a self, head: &'a Head) -> Column<'a> {
        let (values, known) = match self {
            Self::Array(array) => (plain(array), array.nulls()),
            Self::Dictionary(array, values) => (Values::Coded(keys(array), values), array.nulls()),
            Self::Written(keys, values, nulls) => (Values::Coded(Keys::U32(keys), values), nulls.as_ref()),
        };
        let known = known.map(|nulls| Bits::new(nulls.validity(), nulls.offset()));
        Column { field: &head.field, inner: head.inner.as_deref(), unit: head.unit.as_deref(), values, known }
    }
}

fn plain(array: &ArrayRef) -> Values<'_> {
    match array.data_type() {
        DataType::Boolean => {
            let bits = array.as_boolean().values();
            Values::YesNo(Bits::new(bits.values(), bits.offset()))
        }
        DataType::Int32 => Values::Decimals(Integers::I32(array.as_primitive::<Int32Type>().values()), 0),
        DataType::Int64 => Values::Decimals(Integers::I64(array.as_primitive::<Int64Type>().values()), 0),
        DataType::Decimal128(_, scale) => {
            let numbers = Integers::I128(array.as_primitive::<Decimal128Type>().values());
            Values::Decimals(numbers, u8::try_from(*scale).unwrap_or(0))
        }
        _ => Values::Days(array.as_primitive_opt::<Date32Type>().map_or(&[], |days| days.values())),
    }
}

fn keys(array: &ArrayRef) -> Keys<'_> {
    if let Some(dictionary) = array.as_dictionary_opt::<Int8Type>() {
        Keys::I8(dictionary.keys().values())
    } else if let Some(dictionary) = array.as_dictionary_opt::<Int16Type>() {
        Keys::I16(dictionary.keys().values())
    } else if let Some(dictionary) = array.as_dictionary_opt::<UInt32Type>() {
        Keys::U32(dictionary.keys().values())
    } else {
        Keys::I32(array.as_dictionary_opt::<Int32Type>().map_or(&[], |dictionary| dictionary.keys().values()))
    }
}

/// Values as a file of facts writes them.
fn written(array: &ArrayRef, unit: Option<&str>) -> Result<Vec<Value>, ArrowError> {
    let texts = |array: &ArrayRef| -> Result<Vec<Value>, ArrowError> {
        let text = cast(array, &DataType::Utf8)?;
        Ok(text.as_string::<i32>().iter().map(|text| text.map_or(Value::Null, Value::from)).collect())
    };
    Ok(match array.data_type() {
        DataType::Null => vec![Value::Null; array.len()],
        // The shortest decimal that stands for a binary number is what its author wrote.
        DataType::Float32 => {
            let numbers = array.as_primitive::<Float32Type>().iter();
            numbers.map(|number| number.map_or(Value::Null, |number| decimal(&number.to_string(), unit))).collect()
        }
        DataType::Float64 => {
            let numbers = array.as_primitive::<Float64Type>().iter();
            numbers.map(|number| number.map_or(Value::Null, |number| decimal(&number.to_string(), unit))).collect()
        }
        DataType::List(_) => list(array.as_list::<i32>().iter(), texts)?,
        DataType::LargeList(_) => list(array.as_list::<i64>().iter(), texts)?,
        other if other.is_integer() => {
            let text = cast(array, &DataType::Utf8)?;
            text.as_string::<i32>().iter().map(|text| text.map_or(Value::Null, |text| decimal(text, unit))).collect()
        }
        _ => texts(array)?,
    })
}

/// A number in digits, with its unit where it has one; a word such as NaN stays one, for the reader of facts to refuse.
fn decimal(text: &str, unit: Option<&str>) -> Value {
    if let Some(unit) = unit {
        return Value::String(format!("{text}{unit}"));
    }
    text.parse::<serde_json::Number>().map_or_else(|_| Value::from(text), Value::Number)
}

fn list(
    rows: impl Iterator<Item = Option<ArrayRef>>,
    texts: impl Fn(&ArrayRef) -> Result<Vec<Value>, ArrowError>,
) -> Result<Vec<Value>, ArrowError> {
    rows.map(|row| row.map_or(Ok(Value::Null), |items| Ok(Value::Array(texts(&items)?)))).collect()
}
