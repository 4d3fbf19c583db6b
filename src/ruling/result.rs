//! The typed results. Keys and codes are English in every language; titles, quotes and texts are the authors' words.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::diagnostic::Problem;
use crate::registry::Quota;
use crate::ruling::glossary::Glossary;
use crate::ruling::head::{CitationResult, Head, Place};
use crate::ruling::silent::Silent;
use crate::ruling::text::Text;
use crate::ruling::tree::ClauseTree;
use crate::ruling::used::Used;
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
    pub plan: Text,
    /// The plan's title as printed.
    pub plan_title: Text,
    /// The ruling.
    pub ruling: Verdict,
    /// One finding for each clause that speaks of the case or is held back by an exception, in order of the rules.
    pub findings: Vec<Finding>,
    /// The clauses that do not speak of the case; [`Ruling::unfolded`] lists them among the findings.
    #[serde(skip)]
    pub silent: Silent,
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
    /// How many clauses are not applicable; most of them are [`Ruling::silent`].
    pub not_applicable: usize,
    /// Readings that were not taken and alone would change the ruling.
    pub other_readings: Vec<Alternative>,
    /// What the case does to the indicators of the whole set of mines, where a registry was given.
    pub quotas: Vec<Quota>,
    /// Notes for the head: codes such as `as-of-unknown`, `plan-period-ended`, `quotas-not-checked`.
    pub notes: Vec<&'static str>,
    /// Given values that disagree with what follows from other facts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fact_warnings: Vec<Disagreement>,
    /// What tells this case from another, for the head of a report: values of the fields that the vocabulary puts there.
    pub headline: Vec<Text>,
    /// What the case says of itself for the head of a report: label and value in the author's words.
    pub case: Vec<(Text, Text)>,
    /// What the ruling rests on.
    pub receipt: Receipt,
    /// What the vocabulary's words are called in English.
    #[serde(skip)]
    pub glossary: Arc<Glossary>,
}

/// A reading that was not taken, and what it would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternative {
    /// The clause.
    pub clause: Text,
    /// The reading.
    pub reading: Text,
    /// The clause's status in it.
    pub status: Status,
    /// Whether the clause is a duty of a later stage in it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub later: bool,
    /// The ruling in it.
    pub ruling: Verdict,
}

/// What one clause says of the case. What the rules say of it whatever the case is read through it: `finding.title`.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What the rules say of the clause.
    pub head: Arc<Head>,
    /// Whom it speaks of: `application`, `mine`, `block`; the author's word where it has no English name.
    pub subject: Text,
    /// Its status.
    pub status: Status,
    /// Every status that the unknown facts leave open, where there is more than one.
    pub possible: Vec<Status>,
    /// Whether it speaks of the case.
    pub applies: Applies,
    /// How strongly it speaks.
    pub force: &'static str,
    /// The reading it rests on.
    pub reading: Option<Text>,
    /// The exception that fired.
    pub exception: Option<AppliedException>,
    /// Grounds of exceptions that could still be shown.
    pub could_show: Vec<Text>,
    /// The deciding conditions.
    pub conditions: Vec<ConditionResult>,
    /// The whole condition, where [`crate::ruling::ReviewOptions::whole`] asks for it.
    pub tree: Option<Box<ClauseTree>>,
    /// Facts that its status still depends on.
    pub missing: Vec<Missing>,
    /// Where the rule stands.
    pub rule: Option<Place>,
    /// Where the deciding fact stands.
    pub fact_place: Option<Place>,
    /// The rule's requirement in its source.
    pub rule_span: Span,
    /// The deciding fact in its source.
    pub fact_span: Option<Span>,
}

/// A finding reads what the rules say of its clause as its own.
impl Deref for Finding {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

/// One object: what the rules say of the clause among what is found of the case.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Taken apart by name, so that nothing a finding gains later is forgotten here.
        let Self {
            head,
            subject,
            status,
            possible,
            applies,
            force,
            reading,
            exception,
            could_show,
            conditions,
            tree,
            missing,
            rule,
            fact_place,
            rule_span: _,
            fact_span: _,
        } = self;
        let further = (!head.further_citations.is_empty()).then_some(&head.further_citations);
        let length =
            17 + usize::from(further.is_some()) + usize::from(head.way_through.is_some()) + usize::from(tree.is_some());
        let mut object = serializer.serialize_struct("Finding", length)?;
        object.serialize_field("plan", &head.plan)?;
        object.serialize_field("clause", &head.clause)?;
        object.serialize_field("title", &head.title)?;
        object.serialize_field("subject", subject)?;
        object.serialize_field("status", status)?;
        object.serialize_field("possible", possible)?;
        object.serialize_field("applies", applies)?;
        object.serialize_field("force", force)?;
        object.serialize_field("attribute", &head.attribute)?;
        object.serialize_field("citation", &head.citation)?;
        if let Some(further) = further {
            object.serialize_field("further_citations", further)?;
        }
        object.serialize_field("reading", reading)?;
        object.serialize_field("exception", exception)?;
        object.serialize_field("could_show", could_show)?;
        if let Some(way) = &head.way_through {
            object.serialize_field("way_through", way)?;
        }
        object.serialize_field("conditions", conditions)?;
        if let Some(tree) = tree {
            object.serialize_field("tree", tree)?;
        }
        object.serialize_field("missing", missing)?;
        object.serialize_field("rule", rule)?;
        object.serialize_field("fact_place", fact_place)?;
        object.end()
    }
}

/// An exception that fired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppliedException {
    /// Its name or id.
    pub name: Text,
    /// Where it stands.
    pub rule: Option<Place>,
}

/// A deciding condition with both operands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionResult {
    /// The fact: its English key, or the name of a document or attestation.
    pub fact: Text,
    /// The fact in Chinese.
    pub label: Text,
    /// `>=`, `<=`, `>`, `<`, `=`, `!=`, `~`, `in`, `has`, `is`.
    pub operator: &'static str,
    /// The author's comparator.
    pub comparator: Text,
    /// Whether it holds; `None` where that is unknown or a matter of judgement.
    pub holds: Option<bool>,
    /// What the case states.
    pub given: Option<Amount>,
    /// What the rule compares it with.
    pub bound: Option<Amount>,
    /// By how much it misses.
    pub shortfall: Option<Shortfall>,
    /// Where the bound stands, if it is taken from a plan above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Arc<UpperBound>>,
    /// Where the condition stands in the rules.
    #[serde(skip)]
    pub rule_span: Span,
    /// Where the fact stands.
    #[serde(skip)]
    pub fact_span: Option<Span>,
}

/// Where a bound taken from a plan above stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpperBound {
    /// What the lower plan calls it.
    pub name: Text,
    /// The id of the plan above.
    pub plan: Text,
    /// Its title.
    pub plan_title: Text,
    /// The id of its clause or figure; with `plan` the key, since two plans may use one id.
    pub clause: Text,
    /// The title of that.
    pub title: Text,
    /// Where the plan above prints it.
    pub citation: Option<CitationResult>,
    /// Where it stands in the rules of the plan above.
    pub rule: Option<Place>,
    /// The same in its source.
    #[serde(skip)]
    pub span: Span,
}

/// A plan that the plan implements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpperPlan {
    /// Its title, as the lower plan has it.
    pub title: Text,
    /// The id of the loaded plan; `None` where it is not loaded, so that its numbers are missing.
    pub plan: Option<Text>,
}

/// An operand. For what is not an amount, `value` is the text and `unit` is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// As its author wrote it.
    pub text: Text,
    /// The exact value in base units.
    pub value: Text,
    /// The base unit's English name: `t/a`.
    pub unit: Option<Text>,
    /// The basis, by its English name.
    pub basis: Option<Text>,
}

/// By how much a fact misses a bound, in the bound's own unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shortfall {
    /// In the bound's unit: `20万吨/年`.
    pub text: Text,
    /// In base units.
    pub value: Text,
    /// The base unit.
    pub unit: Option<Text>,
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

/// A given value that disagrees with the one that follows from other facts; the latter decides.
#[derive(Debug, Clone, Serialize)]
pub struct Disagreement {
    /// The code of the problem: `A0616`.
    pub code: &'static str,
    /// The fact's English key.
    pub fact: Text,
    /// In Chinese.
    pub label: Text,
    /// What the case gives.
    pub given: Text,
    /// What follows from other facts.
    pub derived: Text,
    /// Where the given value stands.
    pub place: Option<Place>,
    /// The same as a problem of the facts.
    #[serde(skip)]
    pub problem: Problem,
}

/// Something missing and the clauses that want it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missing {
    /// The fact's English key; the name of a document, attestation or parameter.
    pub fact: Text,
    /// In Chinese.
    pub label: Text,
    /// Its kind.
    pub kind: MissingKind,
    /// What the case states of it that does not tell enough: a genus where a species is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<Text>,
    /// The clauses that want it.
    pub clauses: Vec<Text>,
}

/// The smallest adjustment that reaches the best ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// The ruling it reaches; `None` where no adjustment helps.
    pub reaches: Option<Verdict>,
    /// The changes.
    pub changes: Vec<RemedyChange>,
    /// The clauses in each other's way where none helps, or those that still need a decision.
    pub remaining: Vec<Text>,
}

/// One change of a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemedyChange {
    /// The fact's English key.
    pub fact: Text,
    /// In Chinese.
    pub label: Text,
    /// `>=`, `<=`, `>`, `<` or `=`.
    pub operator: &'static str,
    /// The value, in the bound's unit.
    pub value: Text,
}

/// A duty of a later stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LaterDuty {
    /// The clause.
    pub clause: Text,
    /// The stage's English key.
    pub stage: Text,
    /// The stage in Chinese.
    pub label: Text,
    /// Its title.
    pub text: Text,
    /// Where the plan says it.
    pub citation: Option<CitationResult>,
}

/// Something the authority checks or does itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuthorityCheck {
    /// The clause.
    pub clause: Text,
    /// The finding it must make; `None` for a duty of its own.
    pub attestation: Option<Text>,
    /// The question or the duty in words.
    pub text: Text,
}

/// What a ruling rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Receipt {
    /// Engine name and version.
    pub engine: &'static str,
    /// Version of the language.
    pub language: &'static str,
    /// Hash of every rule and vocabulary file, by relative path.
    pub rules: Arc<BTreeMap<String, String>>,
    /// Hash of the facts as given.
    pub facts: Option<Text>,
    /// The day as of which was ruled.
    pub as_of: Option<Text>,
    /// The readings that the ruling rests on: clause → name, those chosen by the caller and those taken by the plan of every
    /// clause that speaks.
    pub readings: BTreeMap<String, String>,
    /// Those chosen by the caller.
    #[serde(skip)]
    pub chosen: BTreeMap<String, String>,
    /// Defaults and conversions used.
    pub defaults: Vec<Used>,
    /// The rows of tables that a class was derived from whose numbers nobody has confirmed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unverified: Vec<Text>,
    /// The plans that the plan implements, loaded or not.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub upper: Arc<[UpperPlan]>,
}
