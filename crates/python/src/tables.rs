//! Tables of mines, and tables of rulings, by the interface of Arrow's capsules.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use adit::diagnostic::Language;
use adit::{ReviewOptions, Rulebook};
use adit_arrow::RecordBatchReviewer;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use pyo3_arrow::ffi::{ArrayIterator, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyRecordBatch;

use crate::errors::{Fault, freely};

/// A column in which pandas keeps an index that has no name.
const INDEX_OF_PANDAS: &str = "__index_level_";

type Reader = Box<dyn RecordBatchReader + Send>;

/// The batches of anything that shows itself as Arrow.
pub(crate) fn reader(table: &Bound<'_, PyAny>) -> PyResult<Reader> {
    if !table.hasattr("__arrow_c_stream__")? && !table.hasattr("__arrow_c_array__")? {
        let kind = table.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "{kind} is no table: give one of pyarrow, pandas, polars or DuckDB, or any with __arrow_c_stream__"
        )));
    }
    table.extract::<AnyRecordBatch>()?.into_reader()
}

/// The columns that hold facts: kept ones that name none only go along.
pub(crate) fn of_facts(rulebook: &Rulebook, schema: &Schema, keep: &[String]) -> Schema {
    let fields = schema.fields().iter().filter(|field| {
        let goes_along = keep.contains(field.name()) && !adit_arrow::is_fact(rulebook, field);
        !goes_along && !field.name().starts_with(INDEX_OF_PANDAS)
    });
    Schema::new(fields.cloned().collect::<Vec<_>>())
}

/// A table of rulings that is made as it is read: once, batch by batch.
#[pyclass(frozen, module = "adit")]
pub(crate) struct Rulings {
    schema: SchemaRef,
    reader: Mutex<Option<Ruler>>,
    language: Language,
}

/// Rules on batches as they come.
struct Ruler {
    reader: Reader,
    reviewer: RecordBatchReviewer,
    schema: SchemaRef,
    kept: Vec<usize>,
}

impl Rulings {
    /// Rulings on a table, behind the columns that are kept.
    pub(crate) fn new(
        py: Python<'_>,
        rulebook: &Rulebook,
        reader: Reader,
        options: &ReviewOptions,
        keep: &[String],
        language: Language,
    ) -> PyResult<Self> {
        let schema = reader.schema();
        let (mut kept, mut fields): (Vec<usize>, Vec<FieldRef>) = (Vec::new(), Vec::new());
        for name in keep {
            let (place, field) = schema
                .column_with_name(name)
                .ok_or_else(|| PyValueError::new_err(format!("keep: the table has no column {name:?}")))?;
            kept.push(place);
            fields.push(Arc::new(field.clone()));
        }
        fields.extend(RecordBatchReviewer::rulings_schema().fields().iter().cloned());
        let facts = of_facts(rulebook, &schema, keep);
        // Ruling on no row at all tells now what a stream could tell only as a text.
        let reviewer = freely(py, || {
            let told = |error| Fault::of_columns(error, language);
            let mut reviewer = RecordBatchReviewer::new(rulebook, &facts, options).map_err(told)?;
            reviewer.rule(&RecordBatch::new_empty(Arc::clone(&schema))).map_err(told)?;
            Ok(reviewer)
        })?;
        let schema = Arc::new(Schema::new(fields));
        let ruler = Ruler { reader, reviewer, schema: Arc::clone(&schema), kept };
        Ok(Self { schema, reader: Mutex::new(Some(ruler)), language })
    }
}

impl Ruler {
    fn ruled(&mut self, batch: &RecordBatch) -> Result<RecordBatch, adit_arrow::Error> {
        let rulings = self.reviewer.rule(batch)?;
        let kept = self.kept.iter().filter_map(|place| batch.columns().get(*place).cloned());
        let columns = kept.chain(rulings.columns().iter().cloned()).collect();
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    fn step(&mut self) -> Option<Result<RecordBatch, adit_arrow::Error>> {
        match self.reader.next()? {
            Ok(batch) => Some(self.ruled(&batch)),
            Err(fault) => Some(Err(fault.into())),
        }
    }
}

/// For a stream that is read from outside Python.
impl Iterator for Ruler {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = || catch_unwind(AssertUnwindSafe(|| self.step()));
        // Whoever reads may hold Python's lock, as polars does, or have let it go, as pyarrow does.
        let stepped = match Python::try_attach(|py| py.detach(step)) {
            Some(stepped) => stepped,
            None => return Some(Err(ArrowError::ComputeError("Python is shutting down".to_owned()))),
        };
        match stepped {
            Ok(None) => None,
            Ok(Some(Ok(batch))) => Some(Ok(batch)),
            Ok(Some(Err(adit_arrow::Error::Arrow(fault)))) => Some(Err(fault)),
            Ok(Some(Err(other))) => Some(Err(ArrowError::ExternalError(Box::new(other)))),
            Err(_) => Some(Err(ArrowError::ComputeError("a fault of the engine".to_owned()))),
        }
    }
}

#[pymethods]
impl Rulings {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &self.schema)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let taken = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        let ruler = taken.ok_or_else(|| {
            PyValueError::new_err("these rulings have been read; make a table of them to read them again")
        })?;
        stream_capsule(py, &self.schema, ruler, requested_schema)
    }

    const fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        let stepped = freely(py, || {
            let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
            let step = reader.as_mut().and_then(Ruler::step).transpose();
            step.map_err(|error| Fault::of_columns(error, self.language))
        })?;
        Ok(stepped.map(Batch))
    }

    fn __repr__(&self) -> &'static str {
        "<adit.Rulings>"
    }
}

/// Rulings on one batch of a table.
#[pyclass(frozen, module = "adit")]
pub(crate) struct Batch(RecordBatch);

#[pymethods]
impl Batch {
    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &self.0.schema())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let array = StructArray::from(self.0.clone());
        Ok(to_array_pycapsules(py, struct_field(&self.0.schema()), &array, requested_schema)?)
    }
}

fn struct_field(schema: &Schema) -> FieldRef {
    Arc::new(Field::new_struct("", schema.fields().clone(), false))
}

/// A schema for others to take.
pub(crate) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    Ok(to_schema_pycapsule(py, DataType::Struct(schema.fields().clone()))?)
}

/// A stream of batches for others to take.
pub(crate) fn stream_capsule<'py>(
    py: Python<'py>,
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>> + Send + 'static,
    requested: Option<Bound<'py, PyCapsule>>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let arrays = batches.map(|batch| Ok(Arc::new(StructArray::from(batch?)) as ArrayRef));
    let arrays = ArrayIterator::new(arrays, struct_field(schema));
    Ok(to_stream_pycapsule(py, Box::new(arrays), requested)?)
}
