//! Problems as exceptions of the package.

use std::panic::{AssertUnwindSafe, catch_unwind};

use adit::diagnostic::{Language, Problem};
use adit::report::{self, ReportOptions, Sources};
use adit_files::FileProblem;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// Why something could not be done, until it is raised.
pub(crate) enum Fault {
    /// Problems of rules, facts, columns or counts, drawn as the command line draws them, and as a list in JSON.
    Problems { drawn: String, listed: String },
    /// An exception of Python, as one that a stream of the caller's raised.
    Python(PyErr),
    /// What Arrow says.
    Arrow(String),
    /// A fault of the engine itself.
    Engine,
}

impl Fault {
    /// Problems with the texts that they point into.
    pub(crate) fn of(problems: &[Problem], sources: &dyn Sources, language: Language) -> Self {
        let drawn = report::problems(problems, sources, ReportOptions::new(language));
        Self::Problems { drawn, listed: report::problems_json(problems, sources, language) }
    }

    /// What is wrong with rules or facts.
    pub(crate) fn of_error(error: &adit::Error, language: Language) -> Self {
        Self::of(error.problems(), error, language)
    }

    /// A file that cannot be read.
    pub(crate) fn of_file(fault: &FileProblem, language: Language) -> Self {
        Self::of(std::slice::from_ref(&fault.problem), &fault.sources, language)
    }

    /// What keeps a table from being ruled on.
    pub(crate) fn of_columns(error: adit_arrow::Error, language: Language) -> Self {
        match error {
            adit_arrow::Error::Columns(problems) => Self::of(&problems, &Vec::new(), language),
            adit_arrow::Error::Rules(error) => Self::of_error(&error, language),
            adit_arrow::Error::Arrow(fault) => fault.into(),
        }
    }
}

impl From<arrow_schema::ArrowError> for Fault {
    fn from(error: arrow_schema::ArrowError) -> Self {
        match error {
            arrow_schema::ArrowError::ExternalError(inner) => match inner.downcast::<PyErr>() {
                Ok(raised) => Self::Python(*raised),
                Err(other) => Self::Arrow(other.to_string()),
            },
            other => Self::Arrow(other.to_string()),
        }
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Problems { drawn, listed } => {
                Python::attach(|py| raised(py, &drawn, &listed).unwrap_or_else(|fault| fault))
            }
            Fault::Python(raised) => raised,
            Fault::Arrow(text) => PyRuntimeError::new_err(text),
            Fault::Engine => PyRuntimeError::new_err("a fault of the engine; please report it with rules and facts"),
        }
    }
}

/// The exception that the package makes of problems.
fn raised(py: Python<'_>, drawn: &str, listed: &str) -> PyResult<PyErr> {
    let made = py.import("adit._errors")?.call_method1("of_problems", (drawn.trim_end(), listed))?;
    Ok(PyErr::from_value(made))
}

/// Does something while other threads of Python run. A panic, which nothing here is meant to bring about, is a fault of
/// the engine and goes no further.
pub(crate) fn freely<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Fault> + Send) -> PyResult<T> {
    let done = py.detach(|| catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Fault::Engine)));
    done.map_err(PyErr::from)
}
