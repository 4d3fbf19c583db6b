//! Options of calls, as Python gives them.

use std::collections::BTreeMap;

use adit::date::Date;
use adit::diagnostic::Language;
use adit::registry::Reported;
use adit::{AssessOptions, ReviewOptions, Rulebook};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::facts::day;

/// Names by ids: readings by clause or indicator, amounts by the name of a statistic.
pub(crate) type Names = BTreeMap<String, String>;

/// The day as of which to rule: a `date`, or text such as `2025-01-01`.
pub(crate) fn as_of(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Date>> {
    let Some(value) = value else { return Ok(None) };
    let written = day(value)?;
    match written.parse() {
        Ok(day) => Ok(Some(day)),
        Err(_) => Err(PyValueError::new_err(format!("as_of is a date or text such as 2025-01-01, not {written:?}"))),
    }
}

/// `zh` or `en`.
pub(crate) fn language(name: &str) -> PyResult<Language> {
    match name {
        "zh" => Ok(Language::Chinese),
        "en" => Ok(Language::English),
        other => Err(PyValueError::new_err(format!("lang is \"zh\" or \"en\", not {other:?}"))),
    }
}

/// Options of a review.
pub(crate) fn review(as_of: Option<Date>, readings: Option<Names>) -> ReviewOptions {
    ReviewOptions { as_of, readings: readings.unwrap_or_default(), ..ReviewOptions::default() }
}

/// Options of an assessment.
pub(crate) fn assess(
    rulebook: &Rulebook,
    as_of: Option<Date>,
    readings: Option<Names>,
    reported: Option<&Names>,
) -> PyResult<AssessOptions> {
    Ok(AssessOptions { as_of, readings: readings.unwrap_or_default(), reported: amounts(rulebook, reported)? })
}

/// The office's statistics.
pub(crate) fn amounts(rulebook: &Rulebook, reported: Option<&Names>) -> PyResult<Reported> {
    let mut amounts = Reported::new();
    for (name, text) in reported.into_iter().flatten() {
        let Some(amount) = rulebook.amount(text) else {
            return Err(PyValueError::new_err(format!("{name}: {text:?} is no amount, such as 3000万吨")));
        };
        amounts.insert(name.clone(), amount);
    }
    Ok(amounts)
}
