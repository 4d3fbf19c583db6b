//! How the indicators of a plan stand.

use adit::report::{self, ReportOptions};
use arrow_array::RecordBatch;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors::Fault;
use crate::options::language;
use crate::tables::{schema_capsule, stream_capsule};

/// The indicators of a plan over a registry; as Arrow, a row each.
#[pyclass(frozen, module = "adit")]
pub(crate) struct Assessment {
    assessed: adit::registry::Assessment,
    left_out: u64,
    lang: &'static str,
}

impl Assessment {
    pub(crate) const fn new(assessed: adit::registry::Assessment, left_out: u64, lang: &'static str) -> Self {
        Self { assessed, left_out, lang }
    }

    fn rows(&self) -> PyResult<RecordBatch> {
        Ok(adit_arrow::of_assessment(&self.assessed).map_err(Fault::from)?)
    }
}

#[pymethods]
impl Assessment {
    #[getter]
    fn plan(&self) -> &str {
        &self.assessed.plan
    }

    #[getter]
    const fn mines(&self) -> usize {
        self.assessed.mines
    }

    #[getter]
    const fn left_out(&self) -> u64 {
        self.left_out
    }

    #[getter]
    fn indicators<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py)?.get_item("indicators")
    }

    fn to_json(&self) -> String {
        report::assessment_json(&self.assessed)
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json(),))
    }

    #[pyo3(signature = (lang=None, *, width=100))]
    fn text(&self, lang: Option<&str>, width: usize) -> PyResult<String> {
        let language = language(lang.unwrap_or(self.lang))?;
        let options = ReportOptions { width: width.max(40), ..ReportOptions::new(language) };
        Ok(report::assessment(&self.assessed, options))
    }

    #[pyo3(signature = (lang=None))]
    fn markdown(&self, lang: Option<&str>) -> PyResult<String> {
        Ok(report::assessment_markdown(&self.assessed, language(lang.unwrap_or(self.lang))?))
    }

    fn _repr_markdown_(&self) -> PyResult<String> {
        self.markdown(None)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        schema_capsule(py, &adit_arrow::indicators_schema())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let rows = self.rows()?;
        stream_capsule(py, &rows.schema(), std::iter::once(Ok(rows)), requested_schema)
    }

    fn __str__(&self) -> PyResult<String> {
        self.text(None, 100)
    }

    fn __repr__(&self) -> String {
        let Self { assessed, .. } = self;
        format!(
            "<adit.Assessment {} indicators of {}, {} mines>",
            assessed.indicators.len(),
            assessed.plan,
            assessed.mines
        )
    }
}
