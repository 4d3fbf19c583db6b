//! Cases as columns: one fact of many cases after the other, as tables and column files hold them.

use serde_json::Value;

/// Bits of rows, the lowest of a byte first: yes or no, or whether a value is known.
#[derive(Debug, Clone, Copy)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Bits<'a> {
    /// The bits of `bytes` from bit `offset` on.
    #[must_use]
    pub const fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    /// Hands each of these, from row `start` on, the bit of its row.
    #[inline]
    pub(super) fn each<T>(&self, start: usize, of_rows: &mut [T], mut hand: impl FnMut(&mut T, bool)) {
        let mut bit = self.offset + start;
        let mut left = of_rows.iter_mut();
        while left.len() > 0 {
            let byte = self.bytes.get(bit / 8).copied().unwrap_or(0);
            let count = 8 - bit % 8;
            for (place, one) in left.by_ref().take(count).enumerate() {
                hand(one, byte >> (bit % 8 + place) & 1 == 1);
            }
            bit += count;
        }
    }

    /// The bit of a row; false past the end.
    #[must_use]
    #[inline]
    pub fn get(&self, row: usize) -> bool {
        let bit = self.offset + row;
        self.bytes.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
    }
}

/// Whole numbers of rows.
#[derive(Debug, Clone, Copy)]
pub enum Integers<'a> {
    /// Of 32 bits.
    I32(&'a [i32]),
    /// Of 64 bits.
    I64(&'a [i64]),
    /// Of 128 bits.
    I128(&'a [i128]),
}

impl Integers<'_> {
    /// The number of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i128> {
        match self {
            Self::I32(values) => values.get(row).map(|value| i128::from(*value)),
            Self::I64(values) => values.get(row).map(|value| i128::from(*value)),
            Self::I128(values) => values.get(row).copied(),
        }
    }
}

/// The places of rows in a list of written values.
#[derive(Debug, Clone, Copy)]
pub enum Keys<'a> {
    /// Of 8 bits.
    I8(&'a [i8]),
    /// Of 16 bits.
    I16(&'a [i16]),
    /// Of 32 bits.
    I32(&'a [i32]),
    /// Of 32 bits, without a sign.
    U32(&'a [u32]),
}

impl Keys<'_> {
    /// The place of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<usize> {
        match self {
            Self::I8(keys) => usize::try_from(*keys.get(row)?).ok(),
            Self::I16(keys) => usize::try_from(*keys.get(row)?).ok(),
            Self::I32(keys) => usize::try_from(*keys.get(row)?).ok(),
            Self::U32(keys) => usize::try_from(*keys.get(row)?).ok(),
        }
    }
}

/// The values of a column.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// For each row a place in a list of values, each written as in a file of facts. What a dictionary column holds.
    Coded(Keys<'a>, &'a [Value]),
    /// Yes or no.
    YesNo(Bits<'a>),
    /// Decimals: the number of a row is its integer divided by ten as often as there are places.
    Decimals(Integers<'a>, u8),
    /// Days since 1970-01-01.
    Days(&'a [i32]),
}

/// One fact of many cases.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// The fact's name in either language, as in a file of facts.
    pub field: &'a str,
    /// Of a map (distances, documents, findings): the entry.
    pub inner: Option<&'a str>,
    /// The unit of decimals.
    pub unit: Option<&'a str>,
    /// The values.
    pub values: Values<'a>,
    /// Which rows have a value; without it all have one.
    pub known: Option<Bits<'a>>,
}

impl Column<'_> {
    /// Whether a row has a value.
    #[must_use]
    #[inline]
    pub fn is_known(&self, row: usize) -> bool {
        self.known.is_none_or(|known| known.get(row))
    }

    /// The value of a row as a file of facts would write it; `Null` where it is not known.
    #[must_use]
    pub fn written(&self, row: usize) -> Value {
        if !self.is_known(row) {
            return Value::Null;
        }
        let value = match &self.values {
            Values::Coded(keys, values) => keys.get(row).and_then(|place| values.get(place)).cloned(),
            Values::YesNo(bits) => Some(Value::Bool(bits.get(row))),
            Values::Decimals(numbers, places) => {
                numbers.get(row).map(|number| Value::String(amount_text(number, *places, self.unit)))
            }
            Values::Days(days) => {
                days.get(row).and_then(|day| crate::date::Date::of_days(*day)).map(|day| Value::String(day.to_string()))
            }
        };
        value.unwrap_or(Value::Null)
    }
}

/// `80.5万吨/年` of 805, one place and its unit.
pub(super) fn amount_text(number: i128, places: u8, unit: Option<&str>) -> String {
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = usize::from(places) + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - usize::from(places)).unwrap_or((&digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{whole}{point}{fraction}{}", unit.unwrap_or_default())
}

/// Many cases.
#[derive(Debug, Clone, Default)]
pub struct Batch<'a> {
    /// How many cases there are.
    pub rows: usize,
    /// Their facts. A fact that has no column is known of no case.
    pub columns: Vec<Column<'a>>,
}

impl Batch<'_> {
    /// The facts of one case, as a file of facts would write them.
    #[must_use]
    pub fn case(&self, row: usize) -> Value {
        written(self.columns.iter().map(|column| (column.field, column.inner, column.written(row))))
    }
}

/// Facts from columns: the entries of a map come together.
pub(super) fn written<'a>(columns: impl Iterator<Item = (&'a str, Option<&'a str>, Value)>) -> Value {
    let mut facts = serde_json::Map::new();
    for (field, inner, value) in columns.filter(|(_, _, value)| !value.is_null()) {
        match inner {
            None => {
                facts.insert(field.to_owned(), value);
            }
            Some(inner) => {
                let entries = facts.entry(field.to_owned()).or_insert_with(|| Value::Object(serde_json::Map::new()));
                if let Value::Object(entries) = entries {
                    entries.insert(inner.to_owned(), value);
                }
            }
        }
    }
    Value::Object(facts)
}
