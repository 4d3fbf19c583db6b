//! An assessment as a record batch.

use std::sync::Arc;

use adit::registry::{Assessment, Standing};
use arrow_array::{ArrayRef, BooleanArray, Int32Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

/// The columns of text, and what of a standing they hold.
type Texts = (&'static str, fn(&Standing) -> Option<&str>);

const BEFORE: [Texts; 8] = [
    ("indicator", |standing| Some(&standing.indicator)),
    ("title", |standing| Some(&standing.title)),
    ("status", |standing| Some(standing.status.code())),
    ("value", |standing| standing.value.as_ref().map(|value| value.text.as_str())),
    ("least", |standing| standing.value.as_ref()?.least.as_deref()),
    ("greatest", |standing| standing.value.as_ref()?.greatest.as_deref()),
    ("target", |standing| Some(&standing.target)),
    ("distance", |standing| standing.distance.as_deref()),
];

const BEHIND: [Texts; 5] = [
    ("force", |standing| Some(standing.force.code())),
    ("attribute", |standing| standing.attribute),
    ("reading", |standing| standing.reading.as_deref()),
    ("section", |standing| Some(&standing.section)),
    ("quote", |standing| standing.quote.as_deref()),
];

/// The schema of an assessment's indicators.
#[must_use]
pub fn indicators_schema() -> SchemaRef {
    let text = |(name, _): &Texts| Field::new(*name, DataType::Utf8, true);
    let mut fields: Vec<Field> = BEFORE.iter().map(text).collect();
    fields.push(Field::new("room", DataType::Boolean, false));
    fields.push(Field::new("target_year", DataType::Int32, true));
    fields.push(Field::new("due", DataType::Boolean, false));
    fields.extend(BEHIND.iter().map(text));
    Arc::new(Schema::new(fields))
}

/// The indicators of an assessment, a row each: how they stand, with the least and the greatest that they can be as exact
/// text.
///
/// # Errors
/// Nothing that an assessment could bring about.
pub fn of_assessment(assessment: &Assessment) -> Result<RecordBatch, ArrowError> {
    let standings = &assessment.indicators;
    let texts = |(_, of): &Texts| Arc::new(standings.iter().map(*of).collect::<StringArray>()) as ArrayRef;
    let yes_no = |of: fn(&Standing) -> bool| -> ArrayRef {
        Arc::new(standings.iter().map(of).map(Some).collect::<BooleanArray>())
    };
    let mut columns: Vec<ArrayRef> = BEFORE.iter().map(texts).collect();
    columns.push(yes_no(|standing| standing.room));
    columns.push(Arc::new(standings.iter().map(|standing| standing.target_year).collect::<Int32Array>()));
    columns.push(yes_no(|standing| standing.due));
    columns.extend(BEHIND.iter().map(texts));
    RecordBatch::try_new(indicators_schema(), columns)
}
