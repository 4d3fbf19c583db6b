//! Registries in columns, and rulings in columns: Parquet and Arrow IPC.

mod sink;
mod source;

use std::io;
use std::path::Path;
use std::sync::Arc;

use adit::ReviewOptions;
use adit::rulebook::{PreparedFacts, Rulebook};
use adit_arrow::{Error, RecordBatchReviewer, of_decisions};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

use crate::columnar::sink::Sink;
pub(crate) use crate::columnar::sink::is_columnar;
pub(crate) use crate::columnar::source::Columns;

/// How many rows are ruled on at once.
const ROWS: usize = 8192;

/// Rules on every mine of a registry in columns and hands on, batch by batch, the rulings beside what names the mine.
pub(crate) fn rule(
    rulebook: &Rulebook,
    registry: &Columns,
    options: &ReviewOptions,
    mut each: impl FnMut(&RecordBatchReviewer, &RecordBatch, &RecordBatch) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reviewer = RecordBatchReviewer::new(rulebook, &registry.schema, options)?;
    let names = naming(rulebook, &registry.schema);
    for batch in registry.batches().map_err(fault)? {
        let batch = batch?;
        let rulings = reviewer.rule(&batch)?;
        each(&reviewer, &batch, &beside(&batch, &names, &rulings)?)?;
    }
    Ok(())
}

/// The schema of rulings beside what names the mines.
fn named_schema(rulebook: &Rulebook, registry: &Schema) -> SchemaRef {
    let names = naming(rulebook, registry);
    let mut fields: Vec<Arc<Field>> = names.iter().filter_map(|name| field_of(registry, name)).collect();
    fields.extend(RecordBatchReviewer::rulings_schema().fields().iter().cloned());
    Arc::new(Schema::new(fields))
}

fn field_of(schema: &Schema, name: &str) -> Option<Arc<Field>> {
    schema.fields().iter().find(|field| field.name() == name).cloned()
}

/// The columns that name a mine.
fn naming(rulebook: &Rulebook, schema: &Schema) -> Vec<String> {
    let vocabulary = &rulebook.model().vocabulary;
    let keys = ["id", "name"].map(|key| vocabulary.field_named(key));
    let names = schema.fields().iter().map(|field| field.name());
    names
        .filter(|name| vocabulary.field_named(name).is_some_and(|field| keys.contains(&Some(field))))
        .cloned()
        .collect()
}

fn beside(batch: &RecordBatch, names: &[String], rulings: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let mut columns: Vec<(Arc<Field>, ArrayRef)> = Vec::new();
    for name in names {
        if let (Some(field), Some(column)) = (field_of(&batch.schema(), name), batch.column_by_name(name)) {
            columns.push((field, column.clone()));
        }
    }
    columns.extend(rulings.schema().fields().iter().cloned().zip(rulings.columns().iter().cloned()));
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

/// Writes the rulings of a registry in columns. The file appears when it is whole.
pub(crate) fn write(
    rulebook: &Rulebook,
    registry: &Columns,
    options: &ReviewOptions,
    file: &Path,
) -> Result<(), Error> {
    let mut sink = Sink::new(file, &named_schema(rulebook, &registry.schema)).map_err(fault)?;
    rule(rulebook, registry, options, |_, _, rulings| sink.write(rulings).map_err(fault))?;
    sink.finish().map_err(fault)
}

/// Writes the rulings of mines that were read one by one, in columns.
pub(crate) fn write_rows(
    rulebook: &Rulebook,
    mines: &[PreparedFacts],
    options: &ReviewOptions,
    file: &Path,
) -> Result<(), Error> {
    let mut sink = Sink::new(file, &RecordBatchReviewer::rulings_schema()).map_err(fault)?;
    for mines in mines.chunks(ROWS) {
        let rulings = of_decisions(rulebook, mines.iter().map(|mine| rulebook.decide(mine, options)))?;
        sink.write(&rulings).map_err(fault)?;
    }
    sink.finish().map_err(fault)
}

/// The facts of every mine of a registry in columns, and of how many the facts cannot be used.
pub(crate) fn facts(
    rulebook: &Rulebook,
    registry: &Columns,
    mut bad: impl FnMut(&adit::Error),
) -> Result<Vec<PreparedFacts>, Error> {
    let reviewer = RecordBatchReviewer::new(rulebook, &registry.schema, &ReviewOptions::default())?;
    let mut mines = Vec::new();
    let mut line = 0;
    for batch in registry.batches().map_err(fault)? {
        let batch = batch?;
        for row in reviewer.cases(&batch)? {
            line += 1;
            match rulebook.prepare_record(&registry.name, line, &row.to_string()) {
                Ok(facts) => mines.push(facts),
                Err(error) => bad(&error),
            }
        }
    }
    Ok(mines)
}

fn fault(error: io::Error) -> Error {
    Error::Arrow(ArrowError::IoError(error.to_string(), error))
}
