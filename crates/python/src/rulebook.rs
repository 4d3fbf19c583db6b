//! Rules made ready.

use std::path::PathBuf;

use adit::diagnostic::Language;
use adit::rulebook::{Resolver, RuleFile, RulebookBuilder};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use serde_json::{Value, json};

use crate::assessment::Assessment;
use crate::errors::{Fault, freely};
use crate::facts::text_of;
use crate::options::{self, Names};
use crate::ruling::{Inner, Ruling};
use crate::tables::{Rulings, reader};
use crate::tally::{Tally, count, each_row};

/// The rules of a plan, ready for reviews; cheap to clone, free to share among threads, and pickled as their texts.
#[pyclass(frozen, module = "adit")]
#[derive(Clone)]
pub(crate) struct Rulebook {
    pub(crate) rules: adit::Rulebook,
    pub(crate) lang: &'static str,
    /// How many of its texts are the plan's own, and how many each plan above has; the others are vocabularies.
    own: usize,
    upper: Vec<usize>,
    readings: Names,
}

/// Vocabularies that were found once, for a rulebook that is made again elsewhere.
struct Found(Vec<RuleFile>);

impl Resolver for Found {
    fn vocabulary(&self, _name: &str) -> Vec<RuleFile> {
        self.0.clone()
    }
}

impl Rulebook {
    pub(crate) fn language(&self) -> Language {
        if self.lang == "en" { Language::English } else { Language::Chinese }
    }

    fn built(
        py: Python<'_>,
        builder: impl FnOnce() -> Result<RulebookBuilder<'static>, Fault> + Send,
        shape: (usize, Vec<usize>),
        readings: Option<Names>,
        lang: &str,
    ) -> PyResult<Self> {
        let language = options::language(lang)?;
        let readings = readings.unwrap_or_default();
        let rules = freely(py, || {
            let builder = readings.iter().fold(builder()?, |builder, (clause, name)| builder.reading(clause, name));
            builder.build().map_err(|error| Fault::of_error(&error, language))
        })?;
        let lang = if language == Language::English { "en" } else { "zh" };
        let (own, upper) = shape;
        Ok(Self { rules, lang, own, upper, readings })
    }

    fn census(&self, options: &adit::AssessOptions) -> Result<adit::Census, Fault> {
        self.rules.census(options).map_err(|error| Fault::of_error(&error, self.language()))
    }
}

#[pymethods]
impl Rulebook {
    #[staticmethod]
    #[pyo3(signature = (*paths, upper=Vec::new(), readings=None, lang="zh"))]
    fn load(
        py: Python<'_>,
        paths: &Bound<'_, PyTuple>,
        upper: Vec<PathBuf>,
        readings: Option<Names>,
        lang: &str,
    ) -> PyResult<Self> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| path.extract()).collect::<PyResult<_>>()?;
        if paths.is_empty() {
            return Err(PyValueError::new_err("load takes at least one rule file or folder"));
        }
        let language = options::language(lang)?;
        let files = freely(py, || adit_files::read(&paths, &upper).map_err(|fault| Fault::of_file(&fault, language)))?;
        let shape = (files.own.len(), files.upper.iter().map(Vec::len).collect());
        Self::built(py, || Ok(files.builder()), shape, readings, lang)
    }

    #[staticmethod]
    #[pyo3(signature = (text, *, readings=None, lang="zh"))]
    fn from_text(py: Python<'_>, text: String, readings: Option<Names>, lang: &str) -> PyResult<Self> {
        let builder = || Ok(adit::Rulebook::builder().source("rules.adit", text));
        Self::built(py, builder, (1, Vec::new()), readings, lang)
    }

    #[getter]
    fn plan(&self) -> Option<&str> {
        self.rules.model().plan.as_ref().map(|plan| plan.id.as_str())
    }

    #[getter]
    fn title(&self) -> Option<&str> {
        self.rules.model().plan.as_ref().map(|plan| plan.title.as_str())
    }

    #[getter]
    fn fingerprint(&self) -> String {
        self.rules.fingerprint()
    }

    #[getter]
    fn clauses(&self) -> Vec<&str> {
        self.rules.model().clauses.iter().map(|clause| clause.id.as_str()).collect()
    }

    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let listed = freely(py, || Ok(serde_json::to_string(&self.rules.fields()).unwrap_or_default()))?;
        py.import("json")?.call_method1("loads", (listed,))
    }

    #[expect(clippy::too_many_arguments, reason = "options by name")]
    #[pyo3(signature = (facts, *, as_of=None, readings=None, registry=None, reported=None, name="facts"))]
    fn review(
        &self,
        py: Python<'_>,
        facts: &Bound<'_, PyAny>,
        as_of: Option<Bound<'_, PyAny>>,
        readings: Option<Names>,
        registry: Option<Bound<'_, PyAny>>,
        reported: Option<Names>,
        name: &str,
    ) -> PyResult<Ruling> {
        let text = text_of(facts)?;
        let options = options::review(options::as_of(as_of.as_ref())?, readings);
        let reported = options::amounts(&self.rules, reported.as_ref())?;
        let registry = registry.as_ref().map(reader).transpose()?;
        let told = |error: adit::Error| Fault::of_error(&error, self.language());
        let inner = freely(py, || {
            let facts = self.rules.prepare_text(name, &text).map_err(told)?;
            let ruling = match registry {
                None => self.rules.review_prepared(&facts, &options),
                Some(registry) => {
                    let (mut mines, mut wrong) = (Vec::new(), None);
                    each_row(self, registry, &[], |mine| match mine {
                        Ok(mine) => mines.push(mine),
                        Err(error) => wrong = wrong.take().or(Some(error)),
                    })?;
                    if let Some(error) = wrong {
                        return Err(told(error));
                    }
                    self.rules.review_with_registry(&facts, &mines, &options, &reported)
                }
            };
            let ruling = ruling.map_err(told)?;
            Ok(Inner { ruling, rulebook: self.rules.clone(), facts, options, lang: self.lang })
        })?;
        Ok(Ruling::new(inner))
    }

    #[pyo3(signature = (table, *, keep=Vec::new(), as_of=None, readings=None))]
    fn rule(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        keep: Vec<String>,
        as_of: Option<Bound<'_, PyAny>>,
        readings: Option<Names>,
    ) -> PyResult<Rulings> {
        let options = options::review(options::as_of(as_of.as_ref())?, readings);
        Rulings::new(py, &self.rules, reader(table)?, &options, &keep, self.language())
    }

    #[expect(clippy::too_many_arguments, reason = "options by name")]
    #[pyo3(signature = (table, *, keep=Vec::new(), as_of=None, readings=None, part=0, leave_out=false))]
    fn tally(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        keep: Vec<String>,
        as_of: Option<Bound<'_, PyAny>>,
        readings: Option<Names>,
        part: u64,
        leave_out: bool,
    ) -> PyResult<Tally> {
        let as_of = options::as_of(as_of.as_ref())?;
        let options = options::assess(&self.rules, as_of, readings.clone(), None)?;
        let reader = reader(table)?;
        let census = freely(py, || count(self, self.census(&options)?.of_part(part), reader, &keep, leave_out))?;
        Ok(Tally::new(self.clone(), census, as_of.map(|day| day.to_string()), readings.unwrap_or_default()))
    }

    #[pyo3(signature = (data, *, as_of=None, readings=None))]
    pub(crate) fn tally_from_bytes(
        &self,
        py: Python<'_>,
        data: &[u8],
        as_of: Option<Bound<'_, PyAny>>,
        readings: Option<Names>,
    ) -> PyResult<Tally> {
        let as_of = options::as_of(as_of.as_ref())?;
        let options = options::assess(&self.rules, as_of, readings.clone(), None)?;
        let told = |error: adit::Error| Fault::of_error(&error, self.language());
        let census = freely(py, || self.rules.census_from_bytes(&options, data).map_err(told))?;
        Ok(Tally::new(self.clone(), census, as_of.map(|day| day.to_string()), readings.unwrap_or_default()))
    }

    #[expect(clippy::too_many_arguments, reason = "options by name")]
    #[pyo3(signature = (table, *, keep=Vec::new(), as_of=None, base=None, readings=None, reported=None, leave_out=false))]
    fn assess(
        &self,
        py: Python<'_>,
        table: &Bound<'_, PyAny>,
        keep: Vec<String>,
        as_of: Option<Bound<'_, PyAny>>,
        base: Option<Bound<'_, PyAny>>,
        readings: Option<Names>,
        reported: Option<Names>,
        leave_out: bool,
    ) -> PyResult<Assessment> {
        let tally = self.tally(py, table, keep.clone(), as_of.clone(), readings.clone(), 0, leave_out)?;
        let base = base.map(|base| self.tally(py, &base, keep, as_of, readings, 0, leave_out)).transpose()?;
        tally.assessed(py, base.as_ref(), reported.as_ref())
    }

    /// A rulebook is its texts: that is all another process needs, which may have no such files.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let texts: Vec<[&str; 2]> = self.rules.sources().iter().map(|text| [text.name(), text.text()]).collect();
        let state = json!({
            "texts": texts, "own": self.own, "upper": self.upper, "readings": self.readings, "lang": self.lang,
        });
        let restored = py.import("adit._restore")?.getattr("rulebook")?;
        (restored, (PyBytes::new(py, state.to_string().as_bytes()),)).into_pyobject(py)
    }

    #[staticmethod]
    fn _restored(py: Python<'_>, state: &[u8]) -> PyResult<Self> {
        let wrong = || PyValueError::new_err("this is no pickled rulebook");
        let state: Value = serde_json::from_slice(state).map_err(|_| wrong())?;
        let part = |key: &str| state.get(key).cloned().ok_or_else(wrong);
        let texts: Vec<(String, String)> = serde_json::from_value(part("texts")?).map_err(|_| wrong())?;
        let own: usize = serde_json::from_value(part("own")?).map_err(|_| wrong())?;
        let upper: Vec<usize> = serde_json::from_value(part("upper")?).map_err(|_| wrong())?;
        let readings: Names = serde_json::from_value(part("readings")?).map_err(|_| wrong())?;
        let lang: String = serde_json::from_value(part("lang")?).map_err(|_| wrong())?;
        let shape = (own, upper.clone());
        let builder = move || {
            let mut files = texts.into_iter().map(|(name, text)| RuleFile::new(name, text));
            let builder = files.by_ref().take(own).fold(adit::Rulebook::builder(), RulebookBuilder::file);
            let builder = upper
                .into_iter()
                .fold(builder, |builder, count| builder.upper(files.by_ref().take(count).collect::<Vec<_>>()));
            Ok(builder.resolver(Found(files.collect())))
        };
        Self::built(py, builder, shape, Some(readings), &lang)
    }

    fn __repr__(&self) -> String {
        let model = self.rules.model();
        let plan = model.plan.as_ref().map_or("", |plan| plan.id.as_str());
        format!("<adit.Rulebook {plan}: {} clauses, {} indicators>", model.clauses.len(), model.indicators.len())
    }
}
