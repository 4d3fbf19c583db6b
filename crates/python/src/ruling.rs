//! One ruling.

use std::sync::Arc;

use adit::report::{self, ReportOptions};
use adit::rulebook::PreparedFacts;
use adit::{ReviewOptions, Rulebook};
use pyo3::prelude::*;

use crate::errors::{Fault, freely};
use crate::options::language;

/// The ruling on one case, with its reasons.
#[pyclass(frozen, module = "adit")]
pub(crate) struct Ruling(Arc<Inner>);

/// What a ruling was made of, for reports and for the findings that are not applicable.
pub(crate) struct Inner {
    pub(crate) ruling: adit::Ruling,
    pub(crate) rulebook: Rulebook,
    pub(crate) facts: PreparedFacts,
    pub(crate) options: ReviewOptions,
    pub(crate) lang: &'static str,
}

impl Ruling {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    fn options(&self, lang: Option<&str>, all: bool, width: usize) -> PyResult<ReportOptions> {
        let language = language(lang.unwrap_or(self.0.lang))?;
        Ok(ReportOptions { language, all, width: width.max(40), colour: false })
    }

    fn part<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py, false)?.get_item(key)
    }
}

#[pymethods]
impl Ruling {
    /// `admissible`, `not-covered`, `for-decision`, `incomplete` or `refused`.
    #[getter]
    fn ruling(&self) -> &'static str {
        self.0.ruling.ruling.code()
    }

    #[getter]
    fn plan(&self) -> String {
        self.0.ruling.plan.to_string()
    }

    /// The ruling in words.
    #[pyo3(signature = (lang=None))]
    fn words(&self, lang: Option<&str>) -> PyResult<&'static str> {
        Ok(report::verdict_words(self.0.ruling.ruling, language(lang.unwrap_or(self.0.lang))?))
    }

    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "findings")
    }

    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "missing")
    }

    #[getter]
    fn remedy<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "remedy")
    }

    #[getter]
    fn receipt<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.part(py, "receipt")
    }

    #[pyo3(signature = (*, all=false))]
    fn to_json(&self, py: Python<'_>, all: bool) -> PyResult<String> {
        let inner = &self.0;
        freely(py, || {
            if !all {
                return Ok(report::json(&inner.ruling, false));
            }
            // Whole conditions cost a walk of their own, and are made for those who ask.
            let options = ReviewOptions { whole: true, ..inner.options.clone() };
            let ruling = inner.rulebook.review_prepared(&inner.facts, &options);
            let language = language(inner.lang).map_err(Fault::Python)?;
            let mut ruling = ruling.map_err(|error| Fault::of_error(&error, language))?;
            ruling.quotas.clone_from(&inner.ruling.quotas);
            ruling.needed.clone_from(&inner.ruling.needed);
            ruling.notes.clone_from(&inner.ruling.notes);
            ruling.ruling = inner.ruling.ruling;
            Ok(report::json(&ruling, true))
        })
    }

    #[pyo3(signature = (*, all=false))]
    fn to_dict<'py>(&self, py: Python<'py>, all: bool) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json(py, all)?,))
    }

    #[pyo3(signature = (lang=None, *, all=false, width=100))]
    fn text(&self, lang: Option<&str>, all: bool, width: usize) -> PyResult<String> {
        let inner = &self.0;
        Ok(report::text(&inner.ruling, &(&inner.rulebook, &inner.facts), self.options(lang, all, width)?))
    }

    #[pyo3(signature = (lang=None, *, all=false))]
    fn markdown(&self, lang: Option<&str>, all: bool) -> PyResult<String> {
        let inner = &self.0;
        Ok(report::markdown(&inner.ruling, &(&inner.rulebook, &inner.facts), self.options(lang, all, 100)?))
    }

    fn _repr_markdown_(&self) -> PyResult<String> {
        self.markdown(None, false)
    }

    fn __str__(&self) -> PyResult<String> {
        self.text(None, false, 100)
    }

    fn __repr__(&self) -> String {
        format!("<adit.Ruling {} by {}>", self.ruling(), self.0.ruling.plan)
    }
}
