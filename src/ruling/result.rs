//! The typed results. Keys and codes are English in every language; titles, quotes and texts are the authors' words.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::registry::Quota;
use crate::span::Span;

/// The status of one clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// 不适用
    NotApplicable,
    /// 符合
    Satisfied,
    /// 需论证
    Discretion,
    /// 未定
    Undetermined,
    /// 不符合
    Violated,
}

impl Status {
    /// The code in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Satisfied => "satisfied",
            Self::Discretion => "discretion",
            Self::Undetermined => "undetermined",
            Self::Violated => "violated",
        }
    }
}

/// The ruling on a case, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// 符合规划
    Admissible,
    /// 规划未作规定
    NotCovered,
    /// 需论证，提请集体研究
    ForDecision,
    /// 暂不能认定，需补正
    Incomplete,
    /// 不符合规划
    Refused,
}

impl Verdict {
    /// The code in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admissible => "admissible",
            Self::NotCovered => "not-covered",
            Self::ForDecision => "for-decision",
            Self::Incomplete => "incomplete",
            Self::Refused => "refused",
        }
    }
}

/// Whether a clause speaks of the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applies {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// That depends on unknown facts.
    Unknown,
}

/// The whole result of a review.
#[derive(Debug, Clone, Serialize)]
pub struct Ruling {
    /// The plan's id.
    pub plan: String,
    /// The plan's title as printed.
    pub plan_title: String,
    /// The ruling.
    pub ruling: Verdict,
    /// One finding for each clause that a review of an application decides, in order of the rules.
    pub findings: Vec<Finding>,
    /// Facts that could still change the ruling: only of an incomplete one.
    pub missing: Vec<Missing>,
    /// What is still wanted once the remedy is done.
    pub needed: Vec<Missing>,
    /// The smallest adjustment that helps.
    pub remedy: Option<Remedy>,
    /// Duties of a later stage.
    pub later_duties: Vec<LaterDuty>,
    /// What the authority must check or do itself.
    pub authority_checks: Vec<AuthorityCheck>,
    /// How many findings are not applicable (they may be left out of `findings` when serialised).
    pub not_applicable: usize,
    /// What the case does to the indicators of the whole set of mines, where a registry was given.
    pub quotas: Vec<Quota>,
    /// Notes for the head: codes such as `as-of-unknown`, `plan-period-ended`, `quotas-not-checked`.
    pub notes: Vec<String>,
    /// What tells this case from another, for the head of a report: values of the fields that the vocabulary puts there.
    pub headline: Vec<String>,
    /// What the case says of itself for the head of a report: label and value in the author's words.
    pub case: Vec<(String, String)>,
    /// What the ruling rests on.
    pub receipt: Receipt,
}

/// What one clause says of the case.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The plan's id.
    pub plan: String,
    /// The clause's id.
    pub clause: String,
    /// Its title.
    pub title: String,
    /// Its subject: `application`, or the author's words.
    pub subject: String,
    /// Its status.
    pub status: Status,
    /// Every status that the unknown facts leave open, where there is more than one.
    pub possible: Vec<Status>,
    /// Whether it speaks of the case.
    pub applies: Applies,
    /// How strongly it speaks.
    pub force: &'static str,
    /// What is printed beside its number.
    pub attribute: Option<&'static str>,
    /// The first citation.
    pub citation: Option<CitationResult>,
    /// Further citations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_citations: Vec<CitationResult>,
    /// The reading it rests on.
    pub reading: Option<String>,
    /// The exception that fired.
    pub exception: Option<AppliedException>,
    /// Grounds of exceptions that could still be shown.
    pub could_show: Vec<String>,
    /// How it may be got through, in the plan's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way_through: Option<String>,
    /// The deciding conditions.
    pub conditions: Vec<ConditionResult>,
    /// Facts that its status still depends on.
    pub missing: Vec<Missing>,
    /// Where the rule stands.
    pub rule: Option<Place>,
    /// Where the deciding fact stands.
    pub fact_place: Option<Place>,
    /// The rule's requirement in its source.
    #[serde(skip)]
    pub rule_span: Span,
    /// The deciding fact in its source.
    #[serde(skip)]
    pub fact_span: Option<Span>,
    /// Whether the clause is a 通则.
    #[serde(skip)]
    pub general: bool,
}

/// A quote with its section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CitationResult {
    /// The section.
    pub section: String,
    /// The verbatim quote.
    pub quote: Option<String>,
}

/// An exception that fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppliedException {
    /// Its name or id.
    pub name: String,
    /// Where it stands.
    pub rule: Option<Place>,
}

/// A deciding condition with both operands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionResult {
    /// The fact: its English key, or the name of a document or attestation.
    pub fact: String,
    /// The fact in Chinese.
    pub label: String,
    /// `>=`, `<=`, `>`, `<`, `=`, `!=`, `~`, `in`, `has`, `is`.
    pub operator: String,
    /// The author's comparator.
    pub comparator: String,
    /// Whether it holds; `None` where that is unknown or a matter of judgement.
    pub holds: Option<bool>,
    /// What the case states.
    pub given: Option<Amount>,
    /// What the rule compares it with.
    pub bound: Option<Amount>,
    /// By how much it misses.
    pub shortfall: Option<Shortfall>,
    /// Where the condition stands in the rules.
    #[serde(skip)]
    pub rule_span: Span,
    /// Where the fact stands.
    #[serde(skip)]
    pub fact_span: Option<Span>,
}

/// An operand. For what is not an amount, `value` is the text and `unit` is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// As its author wrote it.
    pub text: String,
    /// The exact value in base units.
    pub value: String,
    /// The base unit's English name: `t/a`.
    pub unit: Option<String>,
    /// The basis, by its English name.
    pub basis: Option<String>,
}

/// By how much a fact misses a bound, in the bound's own unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shortfall {
    /// In the bound's unit: `20万吨/年`.
    pub text: String,
    /// In base units.
    pub value: String,
    /// The base unit.
    pub unit: Option<String>,
    /// Whether the bound itself is excluded, so that more than this is wanted.
    pub strict: bool,
}

/// What kind of thing is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingKind {
    /// A fact.
    Fact,
    /// A document.
    Document,
    /// Somebody's finding.
    Attestation,
    /// A number that stands in a document not loaded.
    Parameter,
    /// A density or factor.
    Conversion,
    /// The registry.
    Registry,
}

/// Something missing and the clauses that want it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missing {
    /// The fact's English key; the name of a document, attestation or parameter.
    pub fact: String,
    /// In Chinese.
    pub label: String,
    /// Its kind.
    pub kind: MissingKind,
    /// The clauses that want it.
    pub clauses: Vec<String>,
}

/// A place in a file, from 1, in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file's name as loaded.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The smallest adjustment that reaches the best ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// The ruling it reaches; `None` where no adjustment helps.
    pub reaches: Option<Verdict>,
    /// The changes.
    pub changes: Vec<RemedyChange>,
    /// The clauses in each other's way where none helps, or those that still need a decision.
    pub remaining: Vec<String>,
}

/// One change of a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemedyChange {
    /// The fact's English key.
    pub fact: String,
    /// In Chinese.
    pub label: String,
    /// `>=`, `<=`, `>`, `<` or `=`.
    pub operator: &'static str,
    /// The value, in the bound's unit.
    pub value: String,
}

/// A duty of a later stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaterDuty {
    /// The clause.
    pub clause: String,
    /// The stage in the vocabulary's words.
    pub stage: String,
    /// Its title.
    pub text: String,
    /// Where the plan says it.
    pub citation: Option<CitationResult>,
}

/// Something the authority checks or does itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorityCheck {
    /// The clause.
    pub clause: String,
    /// The finding it must make; `None` for a duty of its own.
    pub attestation: Option<String>,
    /// The question or the duty in words.
    pub text: String,
}

/// What a ruling rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Receipt {
    /// Engine name and version.
    pub engine: String,
    /// Version of the language.
    pub language: String,
    /// Hash of every rule and vocabulary file, by relative path.
    pub rules: BTreeMap<String, String>,
    /// Hash of the facts as given.
    pub facts: Option<String>,
    /// The day as of which was ruled.
    pub as_of: Option<String>,
    /// Readings chosen by the caller: clause → name.
    pub readings: BTreeMap<String, String>,
    /// Defaults and conversions used, in words.
    pub defaults: Vec<String>,
}
