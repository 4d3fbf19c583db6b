//! A naive evaluator of the model, to compare the engine with: it lists every completion of what is not known, asks each
//! clause about each of them, and composes the ruling from the answers (section 8 of the language).
//!
//! It is written to be obviously right, not fast, and shares nothing with the engine but the model and the typed facts.
//! Where it is coarser than the language:
//! - a derived amount whose parts are not known is free of those parts where a clause reads both;
//! - channels (mass or volume, of this basis or that) that no fact converts vary freely of each other, field by field;
//! - a class that is given ties nothing: a scale that is not known may be of any class beside it;
//! - clauses with more completions than [`LIMIT`] are skipped and named in [`Outcome::skipped`].
//!
//! One answer is worked out once: what a clause says is kept under the facts that it can read ([`Reviewer`]).

mod classes;
mod completions;
mod documents;
mod findings;
mod measure;
mod options;
mod ruling;
mod truths;
mod values;
mod worlds;

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::OnceLock;

use adit::Number;
use adit::date::Date;
use adit::facts::{CaseFacts, DocumentFact, Fact, FactOrigin, FactValue};
use adit::model::{
    AttestationMode, Body, BoundBasis, Clause, Comparator, Condition, Derivation, DocumentQuestion, Domain,
    EnumerationId, Exception, Field, FieldId, FieldKind, Force, Grading, GradingRow, LeafSet, MemberId, Model,
    Operator, Order, Subject, TestKind, Threshold, Vocabulary,
};
use adit::quantity::{BasisId, Dimension, Quantity};
use adit::ruling::{Applies, MissingKind, Status, Verdict};

use self::classes::*;
use self::completions::*;
use self::documents::*;
use self::findings::*;
use self::measure::*;
use self::ruling::*;
use self::values::*;

/// How many completions of one clause are looked at.
pub const LIMIT: usize = 200_000;

/// What the reference says of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Each clause that a review of an application decides.
    pub findings: Vec<Finding>,
    /// Clauses that speak of the case and decide nothing: duties of the authority and of a later stage, by their codes.
    pub duties: BTreeMap<String, &'static str>,
    /// The ruling.
    pub ruling: Verdict,
    /// What is missing: names with their kinds.
    pub missing: BTreeSet<(String, MissingKind)>,
    /// Clauses with too many completions.
    pub skipped: Vec<String>,
}

/// What one clause says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The clause.
    pub clause: String,
    /// Its status.
    pub status: Status,
    /// Every status of some completion.
    pub possible: BTreeSet<Status>,
    /// Whether it speaks of the case.
    pub applies: Applies,
    /// What its status depends on.
    pub missing: BTreeSet<(String, MissingKind)>,
}

impl Outcome {
    /// The code of a clause: its status, or what kind of duty it is.
    pub fn code_of(&self, clause: &str) -> Option<&'static str> {
        let found = self.findings.iter().find(|finding| finding.clause == clause);
        found.map(|finding| finding.status.code()).or_else(|| self.duties.get(clause).copied())
    }
}

/// Rules on a case, or says by its code why the facts cannot be used.
pub fn review(model: &Model, facts: &CaseFacts) -> Result<Outcome, &'static str> {
    Reviewer::new(model).review(facts)
}

/// Rules on many cases. What a clause says of a case depends on the facts that it reads and on nothing else, so it is kept
/// under those; so is whether a constraint can be kept.
pub struct Reviewer<'m> {
    /// What the rules mean.
    pub model: &'m Model,
    /// For each clause the fields that can tell on it.
    reads: Vec<BTreeSet<FieldId>>,
    /// The same for each constraint.
    binds: Vec<BTreeSet<FieldId>>,
    said: RefCell<HashMap<(usize, String), Reached>>,
    broken: RefCell<HashMap<(usize, String), bool>>,
}

impl<'m> Reviewer<'m> {
    /// A reviewer that has seen no case yet.
    pub fn new(model: &'m Model) -> Self {
        let reads = model.clauses.iter().map(|clause| {
            let mut tests = Vec::new();
            tests_of_clause(model, clause, &mut Vec::new(), &mut tests);
            // In whatever reading it and those above it are taken.
            for clause in std::iter::once(clause).chain(prevailing(model, clause)) {
                clause.other_readings.iter().for_each(|reading| tests_of_body(&reading.body, &mut tests));
            }
            let mut fields = fields_read(model, &tests);
            fields.extend(clause.body.stage.and_then(|_| stage_field(&model.vocabulary)));
            reach(model, fields)
        });
        let binds = model.vocabulary.constraints.iter().map(|(when, then, _)| {
            let mut tests = Vec::new();
            tests_of(when, &mut tests);
            tests_of(then, &mut tests);
            reach(model, fields_read(model, &tests))
        });
        Self {
            model,
            reads: reads.collect(),
            binds: binds.collect(),
            said: RefCell::default(),
            broken: RefCell::default(),
        }
    }

    /// Rules on a case, or says by its code why the facts cannot be used.
    pub fn review(&self, facts: &CaseFacts) -> Result<Outcome, &'static str> {
        self.review_so(self.model, &[], facts)
    }

    /// The same of the rules in other readings: the model in them, and their clauses with their names.
    pub fn review_so(
        &self,
        model: &Model,
        readings: &[(String, String)],
        facts: &CaseFacts,
    ) -> Result<Outcome, &'static str> {
        if !same_region(model, facts) {
            return Err("A0613");
        }
        let facts = self.ready(facts)?;
        let mut outcome = Outcome {
            findings: Vec::new(),
            duties: BTreeMap::new(),
            ruling: Verdict::Admissible,
            missing: BTreeSet::new(),
            skipped: Vec::new(),
        };
        for (number, clause) in model.clauses.iter().enumerate() {
            if clause.subject() == Subject::Registry {
                continue;
            }
            match (self.reached(model, number, readings, &facts), clause.subject() == Subject::Authority) {
                (Reached::TooMany, _) => outcome.skipped.push(clause.id.clone()),
                (Reached::Finding(finding), true) if finding.possible == [Status::NotApplicable].into() => {}
                (Reached::Finding(_) | Reached::LaterDuty, true) => {
                    outcome.duties.insert(clause.id.clone(), "authority-duty");
                }
                (Reached::Finding(finding), false) => outcome.findings.push(finding),
                (Reached::LaterDuty, false) => {
                    outcome.duties.insert(clause.id.clone(), "later-duty");
                }
            }
        }
        compose(model, &mut outcome);
        Ok(outcome)
    }

    /// The facts with what follows from them, or the code of what is wrong with them.
    fn ready(&self, facts: &CaseFacts) -> Result<CaseFacts, &'static str> {
        let facts = graded_decide(self.model, &derived_decide(self.model, facts));
        let broken = |number: usize| {
            let Some(fields) = self.binds.get(number) else { return false };
            let key = (number, told(&facts, fields));
            let known = self.broken.borrow().get(&key).copied();
            known.unwrap_or_else(|| {
                let broken = contradicts(self.model, &facts, number);
                self.broken.borrow_mut().insert(key, broken);
                broken
            })
        };
        if (0..self.binds.len()).any(broken) { Err("A0612") } else { Ok(facts) }
    }

    fn reached(&self, model: &Model, number: usize, readings: &[(String, String)], facts: &CaseFacts) -> Reached {
        let (Some(clause), Some(fields)) = (model.clauses.get(number), self.reads.get(number)) else {
            return Reached::TooMany;
        };
        let above = prevailing(model, clause);
        let own = readings.iter().filter(|(id, _)| *id == clause.id || above.iter().any(|other| other.id == *id));
        let key = (number, format!("{:?}{}", own.collect::<Vec<_>>(), told(facts, fields)));
        if let Some(said) = self.said.borrow().get(&key) {
            return said.clone();
        }
        let said = finding(model, facts, clause);
        self.said.borrow_mut().insert(key, said.clone());
        said
    }
}

/// What the facts tell of these fields.
fn told(facts: &CaseFacts, fields: &BTreeSet<FieldId>) -> String {
    let mut text = String::new();
    for field in fields {
        if let Some(fact) = facts.get(*field) {
            let _ = write!(text, "{}={:?};", field.0, fact.value);
        }
    }
    text
}

/// The fields that tests read.
fn fields_read(model: &Model, tests: &[&TestKind]) -> BTreeSet<FieldId> {
    let mut fields = BTreeSet::new();
    for test in tests {
        match test {
            TestKind::Member { field, .. }
            | TestKind::Amount { field, .. }
            | TestKind::Day { field, .. }
            | TestKind::Flag { field }
            | TestKind::Absent { field }
            | TestKind::Count { field, .. }
            | TestKind::Distance { field, .. }
            | TestKind::Document { field, .. } => {
                fields.insert(*field);
            }
            TestKind::Fields { left, right, .. } => fields.extend([*left, *right]),
            TestKind::Attestation { .. } => fields.extend(field_of(model, &FieldKind::Attestations)),
            TestKind::Parameter { .. } => {}
        }
    }
    fields
}

/// These fields with all that can tell on them: through constraints, derivations, tables, conversions.
fn reach(model: &Model, mut fields: BTreeSet<FieldId>) -> BTreeSet<FieldId> {
    let vocabulary = &model.vocabulary;
    loop {
        let before = fields.len();
        for (when, then, _) in &vocabulary.constraints {
            let mut tests = Vec::new();
            tests_of(when, &mut tests);
            tests_of(then, &mut tests);
            let asked = fields_read(model, &tests);
            if asked.iter().any(|field| fields.contains(field)) {
                fields.extend(asked);
            }
        }
        for field in fields.clone() {
            let Some(known) = vocabulary.field(field) else { continue };
            if let Some(Derivation::Quotient(above, below)) = known.derivation {
                fields.extend([above, below]);
            }
            if matches!(known.kind, FieldKind::Quantity(_)) {
                fields.extend(mineral_field(vocabulary).map(|(field, _)| field));
                fields.extend(density_field(model).map(|(field, _)| field));
                fields.extend(field_of(model, &FieldKind::Conversions));
            }
            let named: &[&str] = match known.kind {
                FieldKind::Documents(_) => &["documents-complete"],
                FieldKind::Date => &["as-of", "decided"],
                _ => &[],
            };
            fields.extend(named.iter().filter_map(|name| vocabulary.field_named(name)));
            for grading in model.gradings.iter().filter(|grading| grading.field == field) {
                fields.insert(grading.measured);
                fields.extend(grading.rows.iter().flat_map(|row| row.keys.iter().map(|(field, _)| *field)));
            }
        }
        if fields.len() == before {
            return fields;
        }
    }
}

/// The first field of a kind.
fn field_of(model: &Model, kind: &FieldKind) -> Option<FieldId> {
    let position = model.vocabulary.fields.iter().position(|field| field.kind == *kind)?;
    u16::try_from(position).ok().map(FieldId)
}
