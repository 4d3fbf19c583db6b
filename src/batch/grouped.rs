//! Values of columns that indicators group by or count the different ones of, each with a number.

use std::collections::HashMap;

use crate::batch::alphabet::{Subject, typed};
use crate::batch::column::{Batch, Column, Values};
use crate::evaluate::Steps;
use crate::model::FieldId;
use crate::registry::values_in;

/// The number of what is not known, or follows from other facts.
pub(super) const UNKNOWN: u32 = 0;

/// The values of one field.
#[derive(Debug)]
pub(super) struct Grouped {
    field: FieldId,
    /// The place of its column in a batch.
    place: Option<usize>,
    /// Whether a mine's values follow from more than its own column.
    derived: bool,
    /// Written values by their place in a batch's list.
    written: Vec<u32>,
    by_text: HashMap<String, u32>,
    lists: Vec<Vec<String>>,
}

impl Grouped {
    pub(super) fn new(steps: Steps<'_>, field: FieldId, batch: &Batch<'_>) -> Self {
        let vocabulary = &steps.model.vocabulary;
        let own = |column: &Column<'_>| vocabulary.field_named(column.field) == Some(field);
        let known = vocabulary.field(field);
        let several = batch.columns.iter().any(|column| own(column) && column.inner.is_some());
        let coded = batch.columns.iter().filter(|it| own(it)).all(|it| matches!(it.values, Values::Coded(..)));
        Self {
            field,
            place: batch.columns.iter().position(own),
            derived: several
                || !coded
                || steps.program.roles.as_of == Some(field)
                || known.is_some_and(|known| known.graded_by.is_some() || known.derivation.is_some()),
            written: Vec::new(),
            by_text: HashMap::new(),
            lists: vec![Vec::new()],
        }
    }

    /// The field.
    pub(super) const fn field(&self) -> FieldId {
        self.field
    }

    /// Makes ready for a batch.
    pub(super) fn begin(&mut self, steps: Steps<'_>, batch: &Batch<'_>) {
        let Some(column) = self.place.and_then(|place| batch.columns.get(place)) else { return };
        let Values::Coded(_, values) = &column.values else {
            self.derived = true;
            return;
        };
        let subject = Subject { name: column.field.to_owned(), inner: None, field: self.field };
        let mut written = Vec::with_capacity(values.len());
        for value in *values {
            let text = value.to_string();
            let known = self.by_text.get(&text).copied();
            written.push(known.unwrap_or_else(|| {
                let facts = typed(steps, &subject, value).unwrap_or_default();
                let Ok(list) = values_in(steps.model, &facts, self.field) else { return UNKNOWN };
                self.lists.push(list);
                let number = u32::try_from(self.lists.len() - 1).unwrap_or(UNKNOWN);
                self.by_text.insert(text, number);
                number
            }));
        }
        self.written = written;
    }

    /// Whether a mine's values follow from more than its own column, so that it is counted alone.
    pub(super) const fn is_derived(&self) -> bool {
        self.derived
    }

    /// The number of a row's values.
    #[inline]
    pub(super) fn number(&self, batch: &Batch<'_>, row: usize) -> u32 {
        let Some(column) = self.place.and_then(|place| batch.columns.get(place)) else { return UNKNOWN };
        match &column.values {
            Values::Coded(keys, _) if column.is_known(row) => {
                keys.get(row).and_then(|place| self.written.get(place)).copied().unwrap_or(UNKNOWN)
            }
            _ => UNKNOWN,
        }
    }

    /// Whether a row's values are known, and whether there are any.
    #[inline]
    pub(super) fn kind(&self, batch: &Batch<'_>, row: usize) -> u32 {
        match self.number(batch, row) {
            UNKNOWN => 0,
            number if self.list(number).is_empty() => 1,
            _ => 2,
        }
    }

    /// The values of a number.
    pub(super) fn list(&self, number: u32) -> &[String] {
        self.lists.get(number as usize).map_or(&[], Vec::as_slice)
    }
}
