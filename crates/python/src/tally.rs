//! Counts of mines that merge.

use adit::diagnostic::Problem;
use adit::rulebook::PreparedFacts;
use adit::source::Source;
use adit::span::SourceId;
use adit::{Census, ReviewOptions};
use adit_arrow::RecordBatchReviewer;
use arrow_array::RecordBatchReader;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::assessment::Assessment;
use crate::errors::{Fault, freely};
use crate::options::{Names, amounts};
use crate::rulebook::Rulebook;
use crate::tables::of_facts;

/// How many rows that cannot be used are told.
const MOST_TOLD: usize = 50;

/// What the mines of a table, or of a part of one, add up to.
#[pyclass(frozen, module = "adit")]
pub(crate) struct Tally {
    rulebook: Rulebook,
    census: Census,
    as_of: Option<String>,
    readings: Names,
}

impl Tally {
    pub(crate) const fn new(rulebook: Rulebook, census: Census, as_of: Option<String>, readings: Names) -> Self {
        Self { rulebook, census, as_of, readings }
    }

    fn with(&self, census: Census) -> Self {
        Self::new(self.rulebook.clone(), census, self.as_of.clone(), self.readings.clone())
    }

    pub(crate) fn assessed(
        &self,
        py: Python<'_>,
        base: Option<&Self>,
        reported: Option<&Names>,
    ) -> PyResult<Assessment> {
        let reported = amounts(&self.rulebook.rules, reported)?;
        let assessed = freely(py, || {
            let census = self.census.clone().with_reported(reported);
            Ok(census.assessment(base.map(|base| &base.census)))
        })?;
        let left_out = self.census.left_out() + base.map_or(0, |base| base.census.left_out());
        Ok(Assessment::new(assessed, left_out, self.rulebook.lang))
    }
}

/// Counts the mines of a table. A row that cannot be used is told, or counted as left out.
pub(crate) fn count(
    rulebook: &Rulebook,
    mut census: Census,
    reader: Box<dyn RecordBatchReader + Send>,
    keep: &[String],
    leave_out: bool,
) -> Result<Census, Fault> {
    let mut wrong: Vec<adit::Error> = Vec::new();
    each_row(rulebook, reader, keep, |mine| match mine {
        Ok(mine) => census.add(&mine),
        Err(_) if leave_out => census.leave_out(),
        Err(error) if wrong.len() < MOST_TOLD => wrong.push(error),
        Err(_) => {}
    })?;
    if wrong.is_empty() { Ok(census) } else { Err(told(rulebook, &wrong)) }
}

/// Hands on the facts of every row of a table, or what is wrong with them.
pub(crate) fn each_row(
    rulebook: &Rulebook,
    reader: Box<dyn RecordBatchReader + Send>,
    keep: &[String],
    mut hand: impl FnMut(Result<PreparedFacts, adit::Error>),
) -> Result<(), Fault> {
    let columns = |error| Fault::of_columns(error, rulebook.language());
    let facts = of_facts(&rulebook.rules, &reader.schema(), keep);
    let reviewer = RecordBatchReviewer::new(&rulebook.rules, &facts, &ReviewOptions::default()).map_err(columns)?;
    let mut row = 0;
    for batch in reader {
        for case in reviewer.cases(&batch?).map_err(columns)? {
            row += 1;
            hand(rulebook.rules.prepare_record("table", row, &case.to_string()));
        }
    }
    Ok(())
}

/// The problems of several rows, each of which has a text of its own.
fn told(rulebook: &Rulebook, errors: &[adit::Error]) -> Fault {
    let (mut problems, mut sources): (Vec<Problem>, Vec<Source>) = (Vec::new(), Vec::new());
    for error in errors {
        for problem in error.problems() {
            let Some(row) = error.text_source(problem.span().source()) else { continue };
            let id = SourceId::new(u32::try_from(sources.len()).unwrap_or(u32::MAX));
            let first = row.position(0).line;
            sources.push(Source::excerpt(id, row.name(), row.text(), first));
            problems.push(problem.clone().moved(id, 0));
        }
    }
    Fault::of(&problems, &sources, rulebook.language())
}

#[pymethods]
impl Tally {
    #[getter]
    fn mines(&self) -> usize {
        self.census.mines()
    }

    #[getter]
    const fn left_out(&self) -> u64 {
        self.census.left_out()
    }

    #[pyo3(signature = (*others))]
    fn merge(&self, py: Python<'_>, others: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let mut parts: Vec<Census> = Vec::with_capacity(others.len());
        let key = self.census.key();
        for other in others.iter() {
            let other = other.cast::<Self>()?.get();
            if other.census.key() != key {
                return Err(PyValueError::new_err(
                    "the tallies were made by other rules, as of another day or in other readings",
                ));
            }
            parts.push(other.census.clone());
        }
        let own = self.census.clone();
        freely(py, || Ok(parts.into_iter().fold(own, Census::merged))).map(|census| self.with(census))
    }

    #[pyo3(signature = (*, base=None, reported=None))]
    fn assessment(
        &self,
        py: Python<'_>,
        base: Option<PyRef<'_, Self>>,
        reported: Option<Names>,
    ) -> PyResult<Assessment> {
        self.assessed(py, base.as_deref(), reported.as_ref())
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = freely(py, || Ok(self.census.to_bytes()))?;
        Ok(PyBytes::new(py, &bytes))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restored = py.import("adit._adit")?.getattr("Tally")?.getattr("_restored")?;
        let parts = (self.rulebook.clone(), self.to_bytes(py)?, self.as_of.clone(), self.readings.clone());
        (restored, parts).into_pyobject(py)
    }

    #[staticmethod]
    fn _restored(
        py: Python<'_>,
        rulebook: PyRef<'_, Rulebook>,
        bytes: &[u8],
        as_of: Option<Bound<'_, PyAny>>,
        readings: Names,
    ) -> PyResult<Self> {
        rulebook.tally_from_bytes(py, bytes, as_of, Some(readings))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.census.to_bytes() == other.census.to_bytes()
    }

    fn __repr__(&self) -> String {
        format!("<adit.Tally of {} mines>", self.census.mines())
    }
}
