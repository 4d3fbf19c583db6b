//! Rules made ready: loaded, checked, compiled once, then any number of cases reviewed.
//!
//! A [`Rulebook`] is immutable, `Send + Sync` and cheap to clone. It touches no file, clock or environment: texts come in
//! through [`RulebookBuilder::source`] or a [`Resolver`].
//!
//! ```
//! use adit::Rulebook;
//!
//! let rules = r#"
//! 引用 矿业
//! 条款 YC-097 “灰岩新建规模”
//!   依据 四（二）3 「水泥用、建筑石料用灰岩：新建矿山生产规模不低于100万吨/年」
//!   新建 水泥用灰岩、建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
//! "#;
//! let rulebook = Rulebook::from_text(rules)?;
//! let ruling = rulebook.review_json(r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年"}"#)?;
//! assert_eq!(ruling.ruling.code(), "refused");
//! # Ok::<(), adit::Error>(())
//! ```

mod allow;
mod batch;
mod cases;
mod census;
mod fields;
mod generate;
mod load;
mod prepare;
mod registry;
mod resolver;

pub use batch::{BatchCensus, BatchReviewer};
pub use cases::{CaseReport, Difference};
pub use census::Census;
pub use fields::{FieldDescription, FieldType, MemberDescription};
pub use generate::{Generated, GeneratedCase, GeneratedFailure, GeneratedKind};
pub use prepare::{PreparedCase, PreparedFacts};
pub use registry::AssessOptions;
pub use resolver::{BuiltIn, Resolver, RuleFile};

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::check::{self, Checked, Input};
use crate::compile;
use crate::diagnostic::{Problem, Severity};
use crate::error::Error;
use crate::model::Model;
use crate::program::Program;
use crate::report::Sources;
use crate::rulebook::load::{Loaded, load};
use crate::rulebook::prepare::hash;
use crate::ruling::{
    Decision, LANGUAGE_VERSION, Places, ReviewOptions, Rules, Ruling, StatedCase, Text, UpperPlan, Wording, decide,
    review, unknown_clause, unknown_indicator_reading, unknown_reading,
};
use crate::source::Source;
use crate::span::SourceId;

/// Rules ready for reviews.
#[derive(Clone)]
pub struct Rulebook(Arc<Inner>);

struct Inner {
    sources: Arc<[Source]>,
    model: Model,
    program: Program,
    warnings: Vec<Problem>,
    wording: Wording,
    hashes: Arc<BTreeMap<String, String>>,
    upper: Arc<[UpperPlan]>,
    readings: BTreeMap<String, String>,
}

/// What a look at rule files finds: all problems, and the texts that they point into.
///
/// It lends its texts to [`crate::report::problems`].
pub struct CheckedRules {
    sources: Arc<[Source]>,
    problems: Vec<Problem>,
    rulebook: Option<Rulebook>,
}

impl CheckedRules {
    /// All problems, in order of place.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The texts, vocabularies among them.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The rulebook, where there is no error.
    #[must_use]
    pub fn rulebook(&self) -> Option<&Rulebook> {
        self.rulebook.as_ref()
    }
}

impl Sources for CheckedRules {
    fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.as_ref().source(id)
    }
}

/// Gathers what a rulebook is built from.
#[derive(Default)]
pub struct RulebookBuilder<'a> {
    files: Vec<RuleFile>,
    upper: Vec<Vec<RuleFile>>,
    resolvers: Vec<Box<dyn Resolver + 'a>>,
    readings: BTreeMap<String, String>,
}

impl<'a> RulebookBuilder<'a> {
    /// Adds a rule file by the name it is shown under.
    #[must_use]
    pub fn source(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.file(RuleFile::new(name, text.into().into_bytes()))
    }

    /// Adds a rule file as it stands on a disk, whatever its encoding.
    #[must_use]
    pub fn file(mut self, file: RuleFile) -> Self {
        self.files.push(file);
        self
    }

    /// Adds a plan that the plan implements (`落实`), all its files together. Its clauses decide nothing: the plan takes
    /// numbers from it (`从「…」`), and what the plan admits and it refuses is a problem.
    ///
    /// ```
    /// use adit::rulebook::{RuleFile, Rulebook};
    ///
    /// let city = "引用 矿业\n规划 city “某市规划”\n数据 C-1 “最低开采规模”\n  依据 二 「不低于30万吨/年」\n  最低开采规模 是 30万吨/年\n";
    /// let county = "引用 矿业\n规划 county “某县规划”\n  落实：“某市规划”\n条款 X-1 “规模”\n  依据 四 「不低于市规划的最低开采规模」\n  \
    ///               新建 矿山 生产规模 不低于 从「最低开采规模」\n";
    /// let facts = r#"{"办理事项": "新建", "矿种": "铁", "生产规模": "20万吨/年"}"#;
    ///
    /// let alone = Rulebook::builder().source("county.adit", county).build()?;
    /// assert_eq!(alone.review_json(facts)?.ruling.code(), "incomplete");
    ///
    /// let upper = [RuleFile::new("city.adit", city)];
    /// let below = Rulebook::builder().source("county.adit", county).upper(upper).build()?;
    /// assert_eq!(below.review_json(facts)?.ruling.code(), "refused");
    /// # Ok::<(), adit::Error>(())
    /// ```
    #[must_use]
    pub fn upper(mut self, files: impl IntoIterator<Item = RuleFile>) -> Self {
        self.upper.push(files.into_iter().collect());
        self
    }

    /// Adds a place where vocabularies may be found; the first that has one is taken.
    #[must_use]
    pub fn resolver(mut self, resolver: impl Resolver + 'a) -> Self {
        self.resolvers.push(Box::new(resolver));
        self
    }

    /// Takes another reading of a clause in every review.
    #[must_use]
    pub fn reading(mut self, clause: impl Into<String>, name: impl Into<String>) -> Self {
        self.readings.insert(clause.into(), name.into());
        self
    }

    /// Loads, checks and compiles, and tells all problems without failing.
    #[must_use]
    pub fn check(&self) -> CheckedRules {
        let mut checked = self.rules();
        if let Some(rulebook) = &checked.rulebook {
            checked.problems.extend(rulebook.case_problems());
            checked.problems.sort_by_key(|problem| (problem.span(), problem.code()));
            checked.problems.dedup();
        }
        checked
    }

    /// The rules checked and compiled. A written case that cannot be keeps nobody from being ruled on.
    fn rules(&self) -> CheckedRules {
        let resolvers: Vec<&dyn Resolver> = self.resolvers.iter().map(AsRef::as_ref).collect();
        let plans: Vec<&[RuleFile]> = std::iter::once(&self.files).chain(&self.upper).map(Vec::as_slice).collect();
        let mut loaded = load(&plans, &resolvers);
        let mut problems = std::mem::take(&mut loaded.problems);
        let mut upper = Vec::with_capacity(self.upper.len());
        for plan in 1..plans.len() {
            let checked = checked(&loaded, plan, Vec::new());
            problems.extend(checked.problems);
            upper.push(Arc::new(checked.model));
        }
        let mut checked = checked(&loaded, 0, upper);
        problems.extend(checked.problems);
        let Loaded { sources, files, .. } = loaded;
        let compiled = compiled(&mut checked.model);
        problems.extend(compiled.problems);
        problems.extend(unknown_readings(&checked.model, &self.readings));
        let mut problems = allow::without_allowed(problems, &files, &sources);
        problems.sort_by_key(|problem| (problem.span(), problem.code()));
        problems.dedup();
        let sources: Arc<[Source]> = sources.into();
        let usable = problems.iter().all(|problem| problem.severity() == Severity::Warning);
        let rulebook = usable.then(|| {
            let hashes = sources.iter().map(|source| (source.name().to_owned(), hash(source.text())));
            let place = |span| crate::rulebook::prepare::place(&sources, span);
            let wording = Wording::new(&checked.model, &compiled.program, &place);
            Rulebook(Arc::new(Inner {
                sources: Arc::clone(&sources),
                upper: upper_plans(&checked.model),
                model: checked.model,
                program: compiled.program,
                warnings: problems.clone(),
                wording,
                hashes: Arc::new(hashes.collect()),
                readings: self.readings.clone(),
            }))
        });
        CheckedRules { sources, problems, rulebook }
    }

    /// Builds the rulebook.
    ///
    /// # Errors
    /// Any error in the rules; all are in it, and the warnings too.
    pub fn build(&self) -> Result<Rulebook, Error> {
        let checked = self.rules();
        match checked.rulebook {
            Some(rulebook) => Ok(rulebook),
            None => Err(Error::new(checked.problems, checked.sources, None)),
        }
    }
}

impl Rulebook {
    /// Starts with nothing.
    #[must_use]
    pub fn builder<'a>() -> RulebookBuilder<'a> {
        RulebookBuilder::default()
    }

    /// A rulebook of one text; what it uses and does not hold is built in.
    ///
    /// # Errors
    /// Any error in the text.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        Self::builder().source("rules.adit", text).build()
    }

    /// What its author should look at.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.0.warnings
    }

    /// The texts it was built from, vocabularies among them.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.0.sources
    }

    /// A digest of what decides: the texts in their order, whatever their files are called, the readings taken, and the
    /// engine. Rulebooks of one fingerprint rule and count alike.
    ///
    /// ```
    /// use adit::Rulebook;
    ///
    /// let text = "引用 矿业\n条款 T-1 “甲”\n  依据 一 「禁止开采煤」\n  禁止 开采 煤\n";
    /// let named = Rulebook::builder().source("county.adit", text).build()?;
    /// assert_eq!(named.fingerprint(), Rulebook::from_text(text)?.fingerprint());
    /// assert_ne!(named.fingerprint(), Rulebook::from_text(&text.replace('煤', "铁"))?.fingerprint());
    /// # Ok::<(), adit::Error>(())
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let Inner { sources, upper, readings, model, .. } = self.0.as_ref();
        let texts = sources.iter().map(|source| hash(source.text()));
        // The same texts make another rulebook where they are parted otherwise between a plan and those above it.
        let shape = [upper.len(), model.clauses.len(), model.indicators.len()].map(|count| count.to_string());
        let chosen = readings.iter().map(|(clause, name)| format!("{clause}={name}"));
        let engine = [env!("CARGO_PKG_VERSION"), LANGUAGE_VERSION].map(str::to_owned);
        hash(&engine.into_iter().chain(shape).chain(chosen).chain(texts).collect::<Vec<_>>().join("\n"))
    }

    /// What the rules mean.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.0.model
    }

    /// The facts that its clauses read, in order of the vocabulary.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldDescription> {
        fields::describe(&self.0.model)
    }

    /// Reviews a case written as JSON (or YAML).
    ///
    /// # Errors
    /// Anything wrong with the facts.
    pub fn review_json(&self, text: &str) -> Result<Ruling, Error> {
        self.review_prepared(&self.prepare_text("facts", text)?, &ReviewOptions::default())
    }

    /// Reviews any value that serialises to the facts of a case.
    ///
    /// # Errors
    /// Anything wrong with the facts.
    pub fn review(&self, facts: &impl Serialize) -> Result<Ruling, Error> {
        self.review_prepared(&self.prepare(facts)?, &ReviewOptions::default())
    }

    /// Reviews facts prepared before.
    ///
    /// # Errors
    /// Facts that contradict each other or lie in another region, a reading that is not there.
    pub fn review_prepared(&self, facts: &PreparedFacts, options: &ReviewOptions) -> Result<Ruling, Error> {
        if !facts.belongs_to(&self.0.sources) {
            // Typed against other rules: typed anew from its text.
            return self.review_prepared(&self.prepare_again(facts)?, options);
        }
        let place = |span| crate::rulebook::prepare::place(&(self, facts), span);
        let rules = self.rules(&place);
        let mut ruling = self.of(facts, options, |stated, options| review(&rules, facts.facts(), stated, options))?;
        ruling.receipt.rules = Arc::clone(&self.0.hashes);
        ruling.receipt.upper = Arc::clone(&self.0.upper);
        ruling.receipt.facts = Some(facts.hash_text());
        Ok(ruling)
    }

    /// Decides facts prepared before: the ruling and what each clause comes to, without words or reasons.
    ///
    /// # Errors
    /// Facts that contradict each other or lie in another region, a reading that is not there.
    pub fn decide(&self, facts: &PreparedFacts, options: &ReviewOptions) -> Result<Decision, Error> {
        if !facts.belongs_to(&self.0.sources) {
            return self.decide(&self.prepare_again(facts)?, options);
        }
        let rules = self.rules(&|_| None);
        self.of(facts, options, |stated, options| decide(&rules, facts.facts(), stated, options))
    }

    fn rules<'a>(&'a self, place: Places<'a>) -> Rules<'a> {
        Rules { model: &self.0.model, program: &self.0.program, wording: &self.0.wording, place }
    }

    /// Hands on the case ready for these options, and the options with the rulebook's own readings.
    fn of<R>(
        &self,
        facts: &PreparedFacts,
        options: &ReviewOptions,
        rule: impl Fn(&StatedCase, &ReviewOptions) -> Result<R, Problem>,
    ) -> Result<R, Error> {
        let mut options = Cow::Borrowed(options);
        for (clause, reading) in &self.0.readings {
            options.to_mut().readings.entry(clause.clone()).or_insert_with(|| reading.clone());
        }
        let ruled = match options.as_of {
            None => facts.stated().and_then(|stated| rule(stated, &options)),
            day => self.state(facts.facts(), day).and_then(|stated| rule(&stated, &options)),
        };
        ruled.map_err(|problem| self.error(vec![problem], facts))
    }

    fn error(&self, problems: Vec<Problem>, facts: &PreparedFacts) -> Error {
        Error::new(problems, Arc::clone(&self.0.sources), Some(facts.shared_source()))
    }
}

// Here, because an error knows no reports.
impl Sources for Error {
    fn source(&self, id: SourceId) -> Option<&Source> {
        self.text_source(id)
    }
}

impl Sources for Rulebook {
    fn source(&self, id: SourceId) -> Option<&Source> {
        self.0.sources.as_ref().source(id)
    }
}

impl std::fmt::Debug for Rulebook {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.sources().iter().map(Source::name).collect();
        formatter.debug_struct("Rulebook").field("files", &names).field("clauses", &self.0.model.clauses.len()).finish()
    }
}

/// One of the plans loaded, checked below others.
fn checked(loaded: &Loaded, plan: usize, upper: Vec<Arc<Model>>) -> Checked {
    let seen = loaded.seen_by(plan);
    let inputs: Vec<Input<'_>> = seen.iter().map(|(file, source)| Input { file, source }).collect();
    check::check_below(&inputs, upper)
}

/// The program of a model, with the sets of mines that its indicators count as clauses behind its own.
fn compiled(model: &mut Model) -> compile::Compiled {
    let own = model.clauses.len();
    let probes = crate::registry::probes(model);
    model.clauses.extend(probes);
    let compiled = compile::compile(model);
    model.clauses.truncate(own);
    compiled
}

/// The plans that a plan implements, as a receipt lists them.
fn upper_plans(model: &Model) -> Arc<[UpperPlan]> {
    let listed = model
        .implemented()
        .map(|(title, plan)| UpperPlan { title: Text::from(title), plan: plan.map(|plan| Text::from(&plan.id)) });
    listed.collect()
}

/// Readings asked for that no clause has.
fn unknown_readings(model: &Model, readings: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (clause, reading) in readings {
        if let Some(known) = model.indicators.iter().find(|known| known.id == *clause) {
            if !known.has_reading(reading) {
                problems.push(unknown_indicator_reading(known, reading));
            }
            continue;
        }
        let Some(found) = model.clauses.iter().find(|known| known.id == *clause) else {
            problems.push(unknown_clause(model, clause));
            continue;
        };
        let mut names = found.reading.iter().map(|reading| &reading.name);
        let mut others = found.other_readings.iter().map(|other| &other.name);
        if !names.any(|name| name == reading) && !others.any(|name| name == reading) {
            problems.push(unknown_reading(found, reading));
        }
    }
    problems
}
