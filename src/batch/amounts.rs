//! Amounts of columns that indicators sum: whole numbers on one scale, added exactly.

use std::collections::HashMap;

use serde_json::Value;

use crate::batch::alphabet::{Subject, typed};
use crate::batch::column::{Batch, Column, Values};
use crate::evaluate::Steps;
use crate::facts::FactValue;
use crate::model::{FieldId, parse_unit};
use crate::quantity::{BasisId, Dimension, Number};

/// On this scale written amounts are whole numbers: billionths of the base unit.
const WRITTEN_PLACES: u8 = 9;

/// The kind of an amount that is not known.
const UNKNOWN: u32 = 0;

/// The kind of an amount that is on no common scale, so that its mine is counted alone.
const ODD: u32 = 1;

/// The kind of "there is none".
const NONE: u32 = 2;

/// The kind of the numbers of a column with one unit; those of written amounts follow.
const PLAIN: u32 = 3;

/// The amounts of one field.
#[derive(Debug)]
pub(super) struct Summed {
    field: FieldId,
    /// The place of its column in a batch.
    place: Option<usize>,
    /// Written amounts by their place in a batch's list: kind and whole number.
    written: Vec<(u32, i128)>,
    kinds: HashMap<(Dimension, Option<BasisId>), u32>,
    /// What one of the whole numbers counts for.
    scale: Option<Number>,
}

impl Summed {
    pub(super) fn new(steps: Steps<'_>, field: FieldId, batch: &Batch<'_>) -> Self {
        let vocabulary = &steps.model.vocabulary;
        let place = batch.columns.iter().position(|column| vocabulary.field_named(column.field) == Some(field));
        Self { field, place, written: Vec::new(), kinds: HashMap::new(), scale: None }
    }

    fn column<'b>(&self, batch: &'b Batch<'b>) -> Option<&'b Column<'b>> {
        batch.columns.get(self.place?)
    }

    /// What one of the whole numbers counts for.
    pub(super) fn scale(&self) -> Number {
        self.scale.clone().unwrap_or(Number::ONE)
    }

    /// Makes ready for a batch; the scale so far, where its whole numbers count for something else.
    pub(super) fn begin(&mut self, steps: Steps<'_>, batch: &Batch<'_>) -> Option<Number> {
        let column = self.column(batch)?;
        let next = match &column.values {
            Values::Decimals(_, places) => {
                let unit = column.unit.and_then(|unit| parse_unit(&steps.model.vocabulary, unit));
                let factor = unit.map_or(Number::ONE, |(_, factor, _)| factor);
                Number::from_decimal(1, *places).times(&factor)
            }
            _ => Number::from_decimal(1, WRITTEN_PLACES),
        };
        if let Values::Coded(_, values) = &column.values {
            let subject =
                Subject { name: column.field.to_owned(), inner: column.inner.map(str::to_owned), field: self.field };
            self.written = values.iter().map(|value| self.of_written(steps, &subject, value, &next)).collect();
        }
        let before = self.scale.replace(next);
        before.filter(|before| Some(before) != self.scale.as_ref())
    }

    fn of_written(&mut self, steps: Steps<'_>, subject: &Subject, value: &Value, scale: &Number) -> (u32, i128) {
        if value.is_null() {
            return (UNKNOWN, 0);
        }
        let facts = typed(steps, subject, value).unwrap_or_default();
        match facts.get(self.field).map(|fact| &fact.value) {
            Some(FactValue::Amount(quantity)) => {
                let whole = quantity.value.divide(scale).and_then(|number| number.floor());
                let Some((number, true)) = whole else { return (ODD, 0) };
                let next = PLAIN + 1 + u32::try_from(self.kinds.len()).unwrap_or(0);
                (*self.kinds.entry((quantity.dimension, quantity.basis)).or_insert(next), number)
            }
            Some(FactValue::None) => (NONE, 0),
            _ => (ODD, 0),
        }
    }

    /// Of what kind the amount of a row is: mines of one kind have amounts that are converted in one way.
    #[inline]
    pub(super) fn kind(&self, batch: &Batch<'_>, row: usize) -> u32 {
        let Some(column) = self.column(batch) else { return UNKNOWN };
        if !column.is_known(row) {
            return UNKNOWN;
        }
        match &column.values {
            Values::Coded(keys, _) => {
                keys.get(row).and_then(|place| self.written.get(place)).map_or(UNKNOWN, |(kind, _)| *kind)
            }
            Values::Decimals(..) => PLAIN,
            Values::YesNo(_) | Values::Days(_) => ODD,
        }
    }

    /// The whole number of a row; `None` where it has none on this scale.
    #[inline]
    pub(super) fn number(&self, batch: &Batch<'_>, row: usize) -> Option<i128> {
        let column = self.column(batch)?;
        match &column.values {
            Values::Coded(keys, _) => {
                let (kind, number) = self.written.get(keys.get(row)?)?;
                (*kind > PLAIN).then_some(*number)
            }
            Values::Decimals(numbers, _) => numbers.get(row),
            Values::YesNo(_) | Values::Days(_) => None,
        }
    }
}
