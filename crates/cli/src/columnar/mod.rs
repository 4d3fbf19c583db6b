//! Registries in columns, and rulings in columns: Parquet and Arrow IPC.

mod sink;
mod source;

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use adit::rulebook::{PreparedFacts, Rulebook};
use adit::ruling::Decision;
use adit::{AssessOptions, Census, ReviewOptions};
use adit_arrow::{Error, RecordBatchCensus, RecordBatchReviewer, of_decisions};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

use crate::columnar::sink::Sink;
pub(crate) use crate::columnar::sink::is_columnar;
pub(crate) use crate::columnar::source::Columns;

/// How many rows are ruled on at once.
const ROWS: usize = 8192;

/// Rules on every mine of a registry in columns and hands on, batch by batch, the rulings beside what names the mine.
fn rule(
    rulebook: &Rulebook,
    registry: &Columns,
    options: &ReviewOptions,
    mut each: impl FnMut(&RecordBatch) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reviewer = RecordBatchReviewer::new(rulebook, &registry.schema, options)?;
    let names = naming(rulebook, &registry.schema);
    for batch in registry.batches().map_err(fault)? {
        let batch = batch?;
        let rulings = reviewer.rule(&batch)?;
        each(&beside(&batch, &names, &rulings)?)?;
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
    rule(rulebook, registry, options, |rulings| sink.write(rulings).map_err(fault))?;
    sink.finish().map_err(fault)
}

/// Rulings, in columns, of mines that are read one by one.
pub(crate) struct Rows {
    sink: Sink,
    decisions: Vec<Result<Decision, adit::Error>>,
}

impl Rows {
    /// Begins a file.
    pub(crate) fn new(file: &Path) -> Result<Self, Error> {
        let sink = Sink::new(file, &RecordBatchReviewer::rulings_schema()).map_err(fault)?;
        Ok(Self { sink, decisions: Vec::new() })
    }

    /// Adds the ruling of one mine.
    pub(crate) fn add(
        &mut self,
        rulebook: &Rulebook,
        mine: &PreparedFacts,
        options: &ReviewOptions,
    ) -> Result<(), Error> {
        self.decisions.push(rulebook.decide(mine, options));
        if self.decisions.len() >= ROWS { self.flush(rulebook) } else { Ok(()) }
    }

    fn flush(&mut self, rulebook: &Rulebook) -> Result<(), Error> {
        let rulings = of_decisions(rulebook, self.decisions.drain(..))?;
        self.sink.write(&rulings).map_err(fault)
    }

    /// Ends the file and gives it its name.
    pub(crate) fn finish(mut self, rulebook: &Rulebook) -> Result<(), Error> {
        self.flush(rulebook)?;
        self.sink.finish().map_err(fault)
    }
}

/// Counts every mine of a registry in columns for the indicators; what is wrong with a row is handed on.
pub(crate) fn count(
    rulebook: &Rulebook,
    registry: &Columns,
    options: &AssessOptions,
    mut wrong: impl FnMut(adit::Error),
) -> Result<Census, Error> {
    let reviewer = RecordBatchReviewer::new(rulebook, &registry.schema, &ReviewOptions::default())?;
    let mut census = RecordBatchCensus::new(rulebook, &registry.schema, options)?;
    let mut first = 0;
    for batch in registry.batches().map_err(fault)? {
        let batch = batch?;
        let faults = census.add(&batch, first)?;
        let cases = if faults.is_empty() { Vec::new() } else { reviewer.cases(&batch)? };
        for fault in faults {
            // Read again by itself, so that all that is wrong with it is told, at its place.
            let Some(facts) = cases.get(fault.row) else { continue };
            if let Err(error) = rulebook.prepare_record(&registry.name, first + fault.row + 1, &facts.to_string()) {
                wrong(error);
            }
        }
        first += batch.num_rows();
    }
    census.finish()
}

/// Hands on the facts of every mine of a registry in columns, until told to stop; rows that cannot be used are left out.
pub(crate) fn each(
    rulebook: &Rulebook,
    registry: &Columns,
    mut hand: impl FnMut(PreparedFacts) -> ControlFlow<()>,
) -> Result<(), Error> {
    let reviewer = RecordBatchReviewer::new(rulebook, &registry.schema, &ReviewOptions::default())?;
    let mut line = 0;
    for batch in registry.batches().map_err(fault)? {
        for row in reviewer.cases(&batch?)? {
            line += 1;
            let mine = rulebook.prepare_record(&registry.name, line, &row.to_string());
            if mine.is_ok_and(|mine| hand(mine).is_break()) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A fault of reading or writing as an error of columns.
pub(crate) fn fault(error: io::Error) -> Error {
    Error::Arrow(ArrowError::IoError(error.to_string(), error))
}
