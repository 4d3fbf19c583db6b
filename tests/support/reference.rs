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
            if clause.subject == Subject::Registry {
                continue;
            }
            match (self.reached(model, number, readings, &facts), is_authority(clause)) {
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

fn is_authority(clause: &Clause) -> bool {
    clause.subject == Subject::Authority
}

// ── the ruling ─────────────────────────────────────────────────────────────────────────────────────────────

fn compose(model: &Model, outcome: &mut Outcome) {
    let clause_of = |finding: &Finding| model.clauses.iter().find(|clause| clause.id == finding.clause);
    let (mut refused, mut incomplete, mut decision, mut covered) = (false, false, false, false);
    let mut missing = BTreeSet::new();
    for finding in &outcome.findings {
        let Some(clause) = clause_of(finding) else { continue };
        let force = clause.force();
        if !force.decides() {
            continue;
        }
        match finding.status {
            Status::Violated if matches!(force, Force::Must | Force::MustNot) => refused = true,
            Status::Violated | Status::Discretion => decision = true,
            Status::Undetermined => {
                incomplete = true;
                missing.extend(finding.missing.iter().cloned());
            }
            Status::NotApplicable | Status::Satisfied => {}
        }
        covered |= finding.status != Status::NotApplicable && !clause.general;
    }
    outcome.ruling = match () {
        () if refused => Verdict::Refused,
        () if incomplete => Verdict::Incomplete,
        () if decision => Verdict::ForDecision,
        () if !covered => Verdict::NotCovered,
        () => Verdict::Admissible,
    };
    if outcome.ruling == Verdict::Incomplete {
        outcome.missing = missing;
    }
}

fn same_region(model: &Model, facts: &CaseFacts) -> bool {
    let plan = model.plan.as_ref().and_then(|plan| plan.region.as_deref());
    let field = model.vocabulary.field_named("region");
    let case = field.and_then(|field| facts.get(field)).and_then(|fact| match &fact.value {
        FactValue::Texts(texts) => texts.first().cloned(),
        _ => None,
    });
    let (Some(plan), Some(case)) = (plan, case) else { return true };
    let (plan, case) = (plan.trim(), case.trim());
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short)
            .is_some_and(|above| above.is_empty() || above.ends_with(['省', '市', '区', '县', '州', '盟', '旗']))
    };
    ends(plan, case) || ends(case, plan)
}

// ── completions ────────────────────────────────────────────────────────────────────────────────────────────

/// One thing that can be known or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Field(FieldId),
    /// How many values a list has; apart from which.
    Count(FieldId),
    Distance(FieldId, MemberId),
    Document(FieldId, MemberId),
    Attestation(u16),
    Parameter(String),
}

/// A value of a slot.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// There is none.
    None,
    /// There is one; nobody asks what it is.
    Something,
    /// The leaves of a list, and the first one's.
    Leaves(Option<usize>, BTreeSet<usize>),
    Yes(bool),
    Day(i64),
    /// A document that is there: the leaf of its state, its day, what it says.
    Document(Option<usize>, i64, BTreeSet<u16>),
    /// The amount in each group of channels that convert into one another, in its first channel.
    Amount(Vec<Number>),
    Length(Number),
}

type World = BTreeMap<Slot, Value>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    No,
    Judgement,
    Yes,
}

impl Truth {
    const fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    const fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Judgement => Self::Judgement,
            Self::Yes => Self::No,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Judgement,
        }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

/// What an amount is measured as: `OfCase` is the default of the case's mineral, whichever that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Basis {
    None,
    Named(BasisId),
    OfCase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Channel {
    dimension: Dimension,
    basis: Basis,
}

/// The situation of one clause (or one set of constraints) under one default basis of the case.
struct Ground<'a> {
    model: &'a Model,
    facts: &'a CaseFacts,
    /// The tests that somebody asks: the clause's, then those of the constraints tied to it.
    tests: Vec<&'a TestKind>,
    constraints: Vec<(&'a Condition, &'a Condition)>,
    /// The basis that `OfCase` stands for, where that matters.
    case_basis: Option<Basis>,
    /// Whether the case's stage matters.
    stage: bool,
    /// Groups of channels that convert into one another.
    groups: Vec<Vec<Channel>>,
    /// The tables that the classes asked about follow from: those rows that can speak of the case.
    tables: Vec<(&'a Grading, &'a GradingRow)>,
}

/// Constraints and tables that ask about the same slots.
struct Bond {
    slots: BTreeSet<Slot>,
    constraints: Vec<usize>,
    tables: bool,
    /// Those of its slots that no clause reads, with their values.
    inner: Vec<(Slot, Vec<Value>)>,
}

#[derive(Debug, Clone)]
enum Reached {
    Finding(Finding),
    LaterDuty,
    TooMany,
}

fn finding(model: &Model, facts: &CaseFacts, clause: &Clause) -> Reached {
    let mut own = Vec::new();
    tests_of_clause(model, clause, &mut Vec::new(), &mut own);
    let own_slots: BTreeSet<Slot> = own.iter().flat_map(|test| slots(facts, model, test)).collect();
    let (tied, tests) = tie(model, facts, own.clone());
    let mut read = own_slots;
    let staged = clause.body.stage.and_then(|_| stage_field(&model.vocabulary));
    read.extend(staged.map(Slot::Field));
    let mut reached: Vec<(World, Option<Status>)> = Vec::new();
    let mut missing_names: BTreeMap<Slot, BTreeSet<(String, MissingKind)>> = BTreeMap::new();
    let mut by_basis: BTreeSet<BTreeSet<Status>> = BTreeSet::new();
    for case_basis in case_bases(model, facts, &tests) {
        let mut ground = Ground {
            model,
            facts,
            tests: tests.clone(),
            constraints: tied.clone(),
            case_basis,
            stage: staged.is_some(),
            groups: Vec::new(),
            tables: tables(model, facts, &tests),
        };
        ground.groups = ground.channel_groups();
        if case_basis.is_some() {
            read.extend(mineral_field(&model.vocabulary).map(|(field, _)| Slot::Field(field)));
        }
        let Some(worlds) = ground.worlds(&read) else { return Reached::TooMany };
        let mut here = BTreeSet::new();
        for world in worlds {
            let status = ground.clause_status(clause, &world);
            here.insert(merged(status.unwrap_or(Status::NotApplicable)));
            reached.push((world, status));
        }
        by_basis.insert(here);
        for slot in &read {
            missing_names.entry(slot.clone()).or_default().extend(ground.names(slot));
        }
    }
    let (later, now): (Vec<_>, Vec<_>) = reached.iter().partition(|(_, status)| status.is_none());
    if !later.is_empty() && now.iter().all(|(_, status)| *status == Some(Status::NotApplicable)) {
        return Reached::LaterDuty;
    }
    let statuses: Vec<(World, Status)> =
        reached.into_iter().map(|(world, status)| (world, status.unwrap_or(Status::NotApplicable))).collect();
    let mut finding = settle(clause, &statuses, &missing_names);
    // Amounts of two default bases are not the same unknown, so the mineral that tells the basis is looked at as a whole.
    if finding.status == Status::Undetermined && by_basis.len() > 1 {
        let mineral = mineral_field(&model.vocabulary).and_then(|(field, _)| model.vocabulary.field(field));
        finding.missing.extend(mineral.map(|field| (field.name.key().to_owned(), MissingKind::Fact)));
    }
    Reached::Finding(finding)
}

/// For what is missing, satisfied and not applicable are one.
fn merged(status: Status) -> Status {
    if status == Status::NotApplicable { Status::Satisfied } else { status }
}

/// Section 8: from the statuses of all completions to the clause's.
fn settle(
    clause: &Clause,
    reached: &[(World, Status)],
    names: &BTreeMap<Slot, BTreeSet<(String, MissingKind)>>,
) -> Finding {
    let possible: BTreeSet<Status> = reached.iter().map(|(_, status)| *status).collect();
    let only = if possible.len() == 1 { possible.first().copied() } else { None };
    let harmless = possible.iter().all(|status| matches!(status, Status::NotApplicable | Status::Satisfied));
    let status = match only {
        Some(status) => status,
        None if harmless => Status::Satisfied,
        None => Status::Undetermined,
    };
    let applies = match possible.contains(&Status::NotApplicable) {
        true if only.is_some() => Applies::No,
        true => Applies::Unknown,
        false => Applies::Yes,
    };
    let missing = match status {
        Status::Undetermined => {
            let slots = deciding(reached);
            slots.iter().flat_map(|slot| names.get(slot).cloned().unwrap_or_default()).collect()
        }
        _ => BTreeSet::new(),
    };
    Finding { clause: clause.id.clone(), status, possible, applies, missing }
}

/// The slots in which alone two completions of different status differ; where no two differ in one alone, those of the
/// pairs that differ in fewest.
fn deciding(reached: &[(World, Status)]) -> BTreeSet<Slot> {
    let Some((first, _)) = reached.first() else { return BTreeSet::new() };
    let slots: Vec<&Slot> = first.keys().collect();
    // Values by number, so that completions are compared cheaply.
    let mut numbers: Vec<HashMap<String, usize>> = vec![HashMap::new(); slots.len()];
    let mut rows: Vec<(Vec<usize>, Status)> = Vec::with_capacity(reached.len());
    for (world, status) in reached {
        let of_slot = slots.iter().zip(&mut numbers).map(|(slot, seen)| {
            let next = seen.len();
            *seen.entry(format!("{:?}", world.get(*slot))).or_insert(next)
        });
        rows.push((of_slot.collect(), merged(*status)));
    }
    for size in 1..=slots.len() {
        let mut found = BTreeSet::new();
        for aside in choices(slots.len(), size) {
            let mut seen: HashMap<Vec<usize>, Status> = HashMap::new();
            let rest = |row: &[usize]| -> Vec<usize> {
                row.iter().enumerate().filter(|(index, _)| !aside.contains(index)).map(|(_, value)| *value).collect()
            };
            if rows.iter().any(|(row, status)| *seen.entry(rest(row)).or_insert(*status) != *status) {
                found.extend(aside.iter().filter_map(|index| slots.get(*index)).map(|slot| (*slot).clone()));
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    BTreeSet::new()
}

/// Every choice of so many of the first numbers.
fn choices(count: usize, size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let shorter = choices(count, size - 1).into_iter();
    shorter
        .flat_map(|choice| {
            let next = choice.last().map_or(0, |last| last + 1);
            (next..count).map(move |number| choice.iter().copied().chain([number]).collect())
        })
        .collect()
}

/// The constraints that touch what the tests read, and so on, with their tests added.
fn tie<'a>(
    model: &'a Model,
    facts: &CaseFacts,
    mut tests: Vec<&'a TestKind>,
) -> (Vec<(&'a Condition, &'a Condition)>, Vec<&'a TestKind>) {
    let mut tied: Vec<usize> = Vec::new();
    loop {
        let read: BTreeSet<Slot> = tests.iter().flat_map(|test| slots(facts, model, test)).collect();
        let before = tied.len();
        for (index, (when, then, _)) in model.vocabulary.constraints.iter().enumerate() {
            let mut asked = Vec::new();
            tests_of(when, &mut asked);
            tests_of(then, &mut asked);
            let touches = asked.iter().flat_map(|test| slots(facts, model, test)).any(|slot| read.contains(&slot));
            if touches && !tied.contains(&index) {
                tied.push(index);
                tests.extend(asked);
            }
        }
        if tied.len() == before {
            break;
        }
    }
    let all = &model.vocabulary.constraints;
    let tied = tied.iter().filter_map(|index| all.get(*index)).map(|(when, then, _)| (when, then)).collect();
    (tied, tests)
}

/// Whether no completion at all keeps a constraint and those tied to it.
fn contradicts(model: &Model, facts: &CaseFacts, number: usize) -> bool {
    let Some((when, then, _)) = model.vocabulary.constraints.get(number) else { return false };
    let mut tests = Vec::new();
    tests_of(when, &mut tests);
    tests_of(then, &mut tests);
    let (constraints, tests) = tie(model, facts, tests);
    let tables = Vec::new();
    let mut ground =
        Ground { model, facts, tests, constraints, case_basis: None, stage: false, groups: Vec::new(), tables };
    ground.groups = ground.channel_groups();
    ground.worlds(&BTreeSet::new()).is_some_and(|worlds| worlds.is_empty())
}

/// The tests of a clause, and of those that prevail over it: where one of them applies, this one does not.
fn tests_of_clause<'a>(model: &'a Model, clause: &'a Clause, above: &mut Vec<&'a str>, found: &mut Vec<&'a TestKind>) {
    if above.contains(&clause.id.as_str()) {
        return;
    }
    above.push(&clause.id);
    tests_of_body(&clause.body, found);
    for other in prevailing(model, clause) {
        tests_of_clause(model, other, above, found);
    }
    above.pop();
}

/// The clauses that prevail over one.
fn prevailing<'a>(model: &'a Model, clause: &Clause) -> Vec<&'a Clause> {
    let above = model.clauses.iter().filter(|other| other.subject != Subject::Registry);
    above.filter(|other| other.prevails_over.contains(&clause.id)).collect()
}

fn tests_of_body<'a>(body: &'a Body, found: &mut Vec<&'a TestKind>) {
    tests_of(&body.applies, found);
    for part in &body.parts {
        tests_of(&part.selector, found);
        tests_of(&part.requirement, found);
    }
    tests_of_exceptions(&body.exceptions, found);
}

fn tests_of_exceptions<'a>(exceptions: &'a [Exception], found: &mut Vec<&'a TestKind>) {
    for exception in exceptions {
        tests_of(&exception.ground, found);
        tests_of_exceptions(&exception.exceptions, found);
    }
}

fn tests_of<'a>(condition: &'a Condition, found: &mut Vec<&'a TestKind>) {
    match condition {
        Condition::Always | Condition::Never => {}
        Condition::Test(test) => found.push(&test.kind),
        Condition::All(list) | Condition::Any(list) => list.iter().for_each(|inner| tests_of(inner, found)),
        Condition::Not(inner) => tests_of(inner, found),
    }
}

/// What a test reads. A finding or document that is not known and read by rule reads nothing.
fn slots(facts: &CaseFacts, model: &Model, test: &TestKind) -> Vec<Slot> {
    match test {
        TestKind::Member { field, .. }
        | TestKind::Amount { field, .. }
        | TestKind::Day { field, .. }
        | TestKind::Flag { field }
        | TestKind::Absent { field } => vec![Slot::Field(*field)],
        TestKind::Fields { left, right, .. } => vec![Slot::Field(*left), Slot::Field(*right)],
        TestKind::Count { field, .. } => vec![Slot::Count(*field)],
        TestKind::Distance { field, feature, .. } => vec![Slot::Distance(*field, *feature)],
        TestKind::Document { field, document, about, mode } => {
            match document_says(model, facts, (*field, *document), about) {
                None if *mode != AttestationMode::Required => Vec::new(),
                _ => vec![Slot::Document(*field, *document)],
            }
        }
        TestKind::Attestation { name, mode } => match attestation_known(model, facts, *name) {
            None if !matches!(mode, AttestationMode::Required | AttestationMode::Applicant) => Vec::new(),
            _ => vec![Slot::Attestation(*name)],
        },
        TestKind::Parameter { name, .. } => vec![Slot::Parameter(name.clone())],
    }
}

fn document_known(model: &Model, facts: &CaseFacts, field: FieldId, document: MemberId) -> Option<bool> {
    let enumeration = model.vocabulary.field(field).and_then(|known| known.kind.enumeration());
    let leaves = |member: MemberId| enumeration.and_then(|id| model.vocabulary.member(id, member));
    // One of a kind of document is a document of that kind.
    let of_kind = |member: MemberId| match (leaves(member), leaves(document)) {
        (Some(own), Some(asked)) => member == document || own.leaves.within(&asked.leaves),
        _ => false,
    };
    let listed = match facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Documents(list)) if list.iter().any(|(member, found)| found.present && of_kind(*member)) => {
            Some(true)
        }
        Some(FactValue::Documents(list)) => list.get(&document).map(|found| found.present),
        Some(FactValue::None) => Some(false),
        _ => None,
    };
    let complete = model.vocabulary.field_named("documents-complete").and_then(|field| facts.get(field));
    let closed = complete.is_some_and(|fact| fact.value == FactValue::YesNo(true));
    listed.or(if closed { Some(false) } else { None })
}

/// What a document answers, where that is known.
fn document_says(
    model: &Model,
    facts: &CaseFacts,
    (field, document): (FieldId, MemberId),
    about: &DocumentQuestion,
) -> Option<bool> {
    if *about == DocumentQuestion::Presence || !document_known(model, facts, field, document)? {
        return document_known(model, facts, field, document);
    }
    let fact = listed_document(facts, field, document)?;
    match about {
        DocumentQuestion::Presence => Some(true),
        DocumentQuestion::State(leaves, _) => {
            let own =
                &model.vocabulary.member(model.vocabulary.document_states.as_ref()?.enumeration, fact.state?)?.leaves;
            let inside = own.iter().filter(|leaf| leaves.contains(*leaf)).count();
            if inside == own.len() { Some(true) } else { (inside == 0).then_some(false) }
        }
        DocumentQuestion::Contents(number) => Some(fact.contents.as_ref()?.contains(number)),
        DocumentQuestion::Day(operator, bound) => Some(operator.holds(fact.day?.cmp(bound))),
    }
}

fn listed_document(facts: &CaseFacts, field: FieldId, document: MemberId) -> Option<&DocumentFact> {
    match &facts.get(field)?.value {
        FactValue::Documents(list) => list.get(&document),
        _ => None,
    }
}

fn attestation_known(model: &Model, facts: &CaseFacts, name: u16) -> Option<bool> {
    let fields = model.vocabulary.fields.iter().position(|field| field.kind == FieldKind::Attestations)?;
    match &facts.get(FieldId(u16::try_from(fields).ok()?))?.value {
        FactValue::Attestations(found) => found.get(&name).map(|(answer, _)| *answer),
        _ => None,
    }
}

/// The field of what the case does, whose members put it at a stage.
fn stage_field(vocabulary: &Vocabulary) -> Option<FieldId> {
    let position = vocabulary.fields.iter().position(|field| match field.kind {
        FieldKind::Member(id) => vocabulary.enumeration(id).is_some_and(|found| !found.stages.is_empty()),
        _ => false,
    });
    position.and_then(|index| u16::try_from(index).ok()).map(FieldId)
}

/// The stage of a leaf of what the case does.
fn stage_of(vocabulary: &Vocabulary, field: FieldId, leaf: usize) -> Option<usize> {
    let FieldKind::Member(id) = vocabulary.field(field)?.kind else { return None };
    let enumeration = vocabulary.enumeration(id)?;
    let mut narrowest: Option<(usize, usize)> = None;
    for (member, stage) in &enumeration.stages {
        let leaves = &vocabulary.member(id, *member)?.leaves;
        if leaves.contains(leaf) && narrowest.is_none_or(|(size, _)| leaves.len() < size) {
            narrowest = Some((leaves.len(), *stage));
        }
    }
    narrowest.map(|(_, stage)| stage)
}

/// The field whose first value says what an amount without a basis measures.
fn mineral_field(vocabulary: &Vocabulary) -> Option<(FieldId, EnumerationId)> {
    let found = vocabulary.fields.iter().enumerate().find_map(|(index, field)| match field.kind {
        FieldKind::Member(id) => {
            let found = vocabulary.enumeration(id)?;
            (found.default_basis.is_some() || !found.default_bases.is_empty()).then_some((index, id))
        }
        _ => None,
    });
    found.and_then(|(index, id)| u16::try_from(index).ok().map(|index| (FieldId(index), id)))
}

/// The leaves that the first mineral of the case may have.
fn main_leaves(model: &Model, facts: &CaseFacts) -> Vec<usize> {
    let Some((field, enumeration)) = mineral_field(&model.vocabulary) else { return Vec::new() };
    let given = match facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Members(members)) => members.first().copied(),
        _ => None,
    };
    match given {
        Some(member) => {
            let leaves = model.vocabulary.member(enumeration, member).map(|found| found.leaves.iter().collect());
            leaves.unwrap_or_default()
        }
        None => (0..model.vocabulary.enumeration(enumeration).map_or(0, |found| found.leaf_count)).collect(),
    }
}

fn default_basis_of(model: &Model, leaf: usize) -> Basis {
    let Some((_, enumeration)) = mineral_field(&model.vocabulary) else { return Basis::None };
    model.vocabulary.default_basis(enumeration, leaf).map_or(Basis::None, Basis::Named)
}

/// The bases that "the default of the case's mineral" may stand for; one `None` where nothing turns on that.
fn case_bases(model: &Model, facts: &CaseFacts, tests: &[&TestKind]) -> Vec<Option<Basis>> {
    let mut bases: BTreeSet<Basis> = BTreeSet::new();
    for test in tests {
        let fields: &[FieldId] = match test {
            TestKind::Amount { field, basis, .. } => {
                bases.insert(bound_basis(*basis));
                &[*field]
            }
            TestKind::Fields { left, right, .. } => &[*left, *right],
            _ => &[],
        };
        for field in fields {
            if let Some(FactValue::Amount(quantity)) = facts.get(*field).map(|fact| &fact.value) {
                bases.insert(fact_channel(model, quantity).basis);
            }
        }
    }
    for (grading, row) in tables(model, facts, tests) {
        if let Some(FactValue::Amount(quantity)) = facts.get(grading.measured).map(|fact| &fact.value) {
            bases.insert(fact_channel(model, quantity).basis);
            bases.extend(row.thresholds.iter().filter_map(|(_, threshold)| match threshold {
                Threshold::From(bound, _) => Some(fact_channel(model, bound).basis),
                Threshold::Lowest | Threshold::Unknown => None,
            }));
        }
    }
    let named = bases.iter().any(|basis| matches!(basis, Basis::Named(_)));
    if !(named && bases.contains(&Basis::OfCase)) {
        return vec![None];
    }
    let leaves = main_leaves(model, facts);
    let possible: BTreeSet<Basis> = leaves.iter().map(|leaf| default_basis_of(model, *leaf)).collect();
    if possible.is_empty() { vec![Some(Basis::None)] } else { possible.into_iter().map(Some).collect() }
}

const fn bound_basis(basis: BoundBasis) -> Basis {
    match basis {
        BoundBasis::None => Basis::None,
        BoundBasis::Named(basis) | BoundBasis::Default(basis) => Basis::Named(basis),
        BoundBasis::OfCase => Basis::OfCase,
    }
}

/// What a given amount is measured as: one of mass or volume without a basis has the default of the case's mineral.
fn fact_channel(model: &Model, quantity: &Quantity) -> Channel {
    let basis = match quantity.basis {
        Some(basis) => Basis::Named(basis),
        None if bears_basis(model, quantity.dimension) => Basis::OfCase,
        None => Basis::None,
    };
    Channel { dimension: quantity.dimension, basis }
}

fn density_field(model: &Model) -> Option<(FieldId, Dimension)> {
    let field = model.vocabulary.field_named("density")?;
    match &model.vocabulary.field(field)?.kind {
        FieldKind::Quantity(dimensions) => dimensions.first().map(|dimension| (field, *dimension)),
        _ => None,
    }
}

fn bears_basis(model: &Model, dimension: Dimension) -> bool {
    let Some((_, density)) = density_field(model) else { return false };
    dimension.powers().any(|(base, power)| power > 0 && density.powers().any(|(other, _)| other == base))
}

/// The factor that turns an amount of one channel into one of another, where the facts tell.
fn factor(model: &Model, facts: &CaseFacts, from: Channel, to: Channel) -> Option<Number> {
    let by_dimension = if from.dimension == to.dimension {
        Number::ONE
    } else {
        let (field, dimension) = density_field(model)?;
        let FactValue::Amount(density) = &facts.get(field)?.value else { return None };
        match () {
            () if to.dimension.per(from.dimension) == dimension => density.value.clone(),
            () if from.dimension.per(to.dimension) == dimension => Number::ONE.divide(&density.value)?,
            () => return None,
        }
    };
    Some(by_dimension.times(&basis_factor(model, facts, from.basis, to.basis)?))
}

fn basis_factor(model: &Model, facts: &CaseFacts, from: Basis, to: Basis) -> Option<Number> {
    if from == to {
        return Some(Number::ONE);
    }
    let (Basis::Named(from), Basis::Named(to)) = (from, to) else { return None };
    let position = model.vocabulary.fields.iter().position(|field| field.kind == FieldKind::Conversions)?;
    let FactValue::Conversions(given) = &facts.get(FieldId(u16::try_from(position).ok()?))?.value else { return None };
    let mut reached: Vec<(BasisId, Number)> = vec![(from, Number::ONE)];
    let mut at = 0;
    while let Some((basis, so_far)) = reached.get(at).cloned() {
        if basis == to {
            return Some(so_far);
        }
        for (one, other, factor, _) in given {
            let step = match () {
                () if *one == basis => Some((*other, so_far.times(factor))),
                () if *other == basis => so_far.divide(factor).map(|number| (*one, number)),
                () => None,
            };
            reached.extend(step.filter(|(basis, _)| reached.iter().all(|(known, _)| known != basis)));
        }
        at += 1;
    }
    None
}

// ── derived amounts ────────────────────────────────────────────────────────────────────────────────────────

enum Derived {
    /// It is no derived field.
    No,
    Known(Number),
    /// Its parts are given but do not stand in one unit of amount: what would convert them.
    Unconverted(BTreeSet<(String, MissingKind)>),
    /// The parts that are not known.
    Wanting(Vec<FieldId>),
}

fn derived(model: &Model, facts: &CaseFacts, field: FieldId) -> Derived {
    let Some(known) = model.vocabulary.field(field) else { return Derived::No };
    let Some(Derivation::Quotient(above, below)) = known.derivation else { return Derived::No };
    let amount = |field: FieldId| match facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Amount(quantity)) => Some(quantity.clone()),
        _ => None,
    };
    let (Some(upper), Some(lower)) = (amount(above), amount(below)) else {
        return Derived::Wanting([above, below].into_iter().filter(|field| amount(*field).is_none()).collect());
    };
    let FieldKind::Quantity(dimensions) = &known.kind else { return Derived::No };
    let (from, mut to) = (fact_channel(model, &upper), fact_channel(model, &lower));
    let Some(dimension) = dimensions.first() else { return Derived::No };
    to.dimension = to.dimension.times(*dimension);
    let possible: BTreeSet<Basis> =
        main_leaves(model, facts).iter().map(|leaf| default_basis_of(model, *leaf)).collect();
    let resolve = |channel: Channel| match (channel.basis, possible.len(), possible.first()) {
        (Basis::OfCase, 1, Some(basis)) => Channel { basis: *basis, ..channel },
        _ => channel,
    };
    let converted = factor(model, facts, from, to).or_else(|| factor(model, facts, resolve(from), resolve(to)));
    match converted.and_then(|factor| upper.value.times(&factor).divide(&lower.value)) {
        Some(value) => Derived::Known(value),
        None => Derived::Unconverted(wanting(model, facts, resolve(from), resolve(to))),
    }
}

/// The facts without the given values that disagree with what follows from other facts: what follows decides.
fn derived_decide(model: &Model, facts: &CaseFacts) -> CaseFacts {
    let mut left = facts.clone();
    for (field, fact) in facts.iter() {
        if let (FactValue::Amount(given), Derived::Known(value)) = (&fact.value, derived(model, facts, field))
            && given.value != value
        {
            left.clear(field);
        }
    }
    left
}

// ── classes that tables tell ───────────────────────────────────────────────────────────────────────────────

/// The rows, in the order in which they go before one another, that can speak of a case and of whose class somebody asks.
fn tables<'a>(model: &'a Model, facts: &CaseFacts, tests: &[&TestKind]) -> Vec<(&'a Grading, &'a GradingRow)> {
    let asked: BTreeSet<FieldId> = tests
        .iter()
        .filter_map(|test| match test {
            TestKind::Member { field, .. } if facts.get(*field).is_none() => Some(*field),
            _ => None,
        })
        .collect();
    asked.into_iter().flat_map(|field| rows_of(model, facts, field)).collect()
}

/// The rows that a class may follow from: a plan's own table goes before the norm's.
fn rows_of<'a>(model: &'a Model, facts: &CaseFacts, class: FieldId) -> Vec<(&'a Grading, &'a GradingRow)> {
    let (own, norm): (Vec<_>, Vec<_>) = model
        .gradings
        .iter()
        .filter(|grading| grading.field == class)
        .partition(|grading| !grading.id.is_empty() || grading.rows.iter().all(|row| row.id.is_some()));
    let rows = own.into_iter().chain(norm).flat_map(|grading| grading.rows.iter().map(move |row| (grading, row)));
    let can_speak = |row: &GradingRow| {
        row.keys.iter().all(|(field, set)| first_leaves(model, facts, *field).iter().any(|leaf| set.contains(*leaf)))
    };
    rows.filter(|(_, row)| can_speak(row)).collect()
}

/// The leaves that the first value of a field may be: a case of several minerals has the class of the first.
fn first_leaves(model: &Model, facts: &CaseFacts, field: FieldId) -> Vec<usize> {
    let Some(known) = model.vocabulary.field(field) else { return Vec::new() };
    let Some(enumeration) = known.kind.enumeration() else { return Vec::new() };
    let first = match facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Members(members)) => members.first().copied(),
        Some(_) => return Vec::new(),
        None => known.default,
    };
    match first {
        Some(member) => {
            let found = model.vocabulary.member(enumeration, member);
            found.map(|found| found.leaves.iter().collect()).unwrap_or_default()
        }
        None => (0..model.vocabulary.enumeration(enumeration).map_or(0, |found| found.leaf_count)).collect(),
    }
}

/// The facts with every class that tables tell; a given class that disagrees with the only one that can be gives way.
fn graded_decide(model: &Model, facts: &CaseFacts) -> CaseFacts {
    let mut left = facts.clone();
    let fields: BTreeSet<FieldId> = model.gradings.iter().map(|grading| grading.field).collect();
    for field in fields {
        let given = facts.get(field).cloned();
        if given.as_ref().is_some_and(|fact| fact.value == FactValue::None) {
            continue;
        }
        left.clear(field);
        let class = only_class(model, &left, field);
        match (class, given) {
            (Some(class), _) => {
                let value = FactValue::Members(vec![class]);
                left.set(field, Fact { value, origin: FactOrigin::Derived, span: None });
            }
            (None, Some(given)) => left.set(field, given),
            (None, None) => {}
        }
    }
    left
}

/// The class of a case, where every completion of what the tables read has the same.
fn only_class(model: &Model, facts: &CaseFacts, field: FieldId) -> Option<MemberId> {
    let enumeration = model.vocabulary.field(field)?.kind.enumeration()?;
    let members = &model.vocabulary.enumeration(enumeration)?.members;
    let asked = TestKind::Member { field, leaves: LeafSet::empty(), named: Vec::new() };
    let tests = vec![&asked];
    let mut possible = BTreeSet::new();
    for case_basis in case_bases(model, facts, &tests) {
        let tables = tables(model, facts, &tests);
        let constraints = Vec::new();
        let tests = tests.clone();
        let ground = Ground { model, facts, tests, constraints, case_basis, stage: false, groups: Vec::new(), tables };
        for (number, member) in (0u16..).zip(members) {
            let fits = |leaf| ground.class_fits(field, leaf, &World::new());
            if member.leaves.only().is_some_and(fits) {
                possible.insert(MemberId(number));
            }
        }
    }
    if possible.len() == 1 { possible.first().copied() } else { None }
}

impl Ground<'_> {
    /// Whether the classes of a completion are those that some completion of what the tables read leads to.
    fn keeps_classes(&self, world: &World) -> bool {
        world.iter().all(|(slot, value)| match (slot, value) {
            (Slot::Field(field), Value::Leaves(Some(leaf), _)) => self.class_fits(*field, *leaf, world),
            _ => true,
        })
    }

    fn class_fits(&self, class: FieldId, leaf: usize, world: &World) -> bool {
        let rows: Vec<_> = self.tables.iter().filter(|(grading, _)| grading.field == class).copied().collect();
        if rows.is_empty() {
            return true;
        }
        let keys: BTreeSet<FieldId> =
            rows.iter().flat_map(|(_, row)| row.keys.iter().map(|(field, _)| *field)).collect();
        let mut cases: Vec<BTreeMap<FieldId, usize>> = vec![BTreeMap::new()];
        for key in keys {
            let leaves = self.key_leaves(key, world);
            cases = cases
                .iter()
                .flat_map(|case| {
                    leaves.iter().map(|leaf| case.iter().map(|(k, v)| (*k, *v)).chain([(key, *leaf)]).collect())
                })
                .collect();
        }
        cases.iter().any(|case| {
            let speaks = |row: &GradingRow| {
                row.keys.iter().all(|(field, set)| case.get(field).is_some_and(|leaf| set.contains(*leaf)))
            };
            match rows.iter().find(|(_, row)| speaks(row)) {
                Some((grading, row)) => self.classes_of_row(grading, row, world).contains(&leaf),
                None => true,
            }
        })
    }

    /// The first value that a field has in a completion, or may have where the completion does not tell.
    fn key_leaves(&self, key: FieldId, world: &World) -> Vec<usize> {
        match world.get(&Slot::Field(key)) {
            Some(Value::Leaves(Some(first), _)) => return vec![*first],
            // A leaf that no set holds: no row speaks of a case without a value.
            Some(_) => return vec![usize::MAX],
            None => {}
        }
        let main = mineral_field(&self.model.vocabulary).is_some_and(|(field, _)| field == key);
        let fits = |leaf: &usize| match self.case_basis {
            Some(basis) if main => default_basis_of(self.model, *leaf) == basis,
            _ => true,
        };
        let mut leaves: Vec<usize> = first_leaves(self.model, self.facts, key).into_iter().filter(fits).collect();
        let optional = self.field(key).is_some_and(|field| field.optional);
        match self.given(key) {
            Some(FactValue::Members(_)) => {}
            Some(_) => leaves = vec![usize::MAX],
            None if optional => leaves.push(usize::MAX),
            None => {}
        }
        leaves
    }

    /// The leaves of the classes that a row leaves open, from the largest down to the one that is surely reached.
    fn classes_of_row(&self, grading: &Grading, row: &GradingRow, world: &World) -> BTreeSet<usize> {
        let enumeration = self.field(grading.field).and_then(|field| field.kind.enumeration());
        let leaf_of = |member: MemberId| {
            let found = enumeration.and_then(|enumeration| self.model.vocabulary.member(enumeration, member));
            found.and_then(|member| member.leaves.only())
        };
        let mut open = BTreeSet::new();
        let mut surely = false;
        for (member, threshold) in &row.thresholds {
            let reached = match threshold {
                Threshold::Lowest => Some(true),
                Threshold::Unknown => None,
                Threshold::From(bound, operator) => self.stands(grading.measured, bound, *operator, world),
            };
            if reached != Some(false) {
                open.extend(leaf_of(*member));
            }
            if reached == Some(true) {
                surely = true;
                break;
            }
        }
        // Below every class that the row names are the smaller ones that it does not name, else still the smallest.
        if let (false, Some((last, _))) = (surely, row.thresholds.last()) {
            let order = enumeration.and_then(|enumeration| self.model.vocabulary.enumeration(enumeration)?.order);
            let count = u16::try_from(
                enumeration.map_or(0, |it| self.model.vocabulary.enumeration(it).map_or(0, |it| it.members.len())),
            );
            let all = (0..count.unwrap_or(0)).map(MemberId);
            let smaller: Vec<MemberId> = match order {
                Some(Order::Falling) => all.filter(|member| member.0 > last.0).collect(),
                Some(Order::Rising) => all.filter(|member| member.0 < last.0).collect(),
                None => Vec::new(),
            };
            if smaller.is_empty() {
                open.extend(leaf_of(*last));
            }
            open.extend(smaller.into_iter().filter_map(leaf_of));
        }
        open
    }

    /// How an amount stands to a threshold, where the completion or the facts tell.
    fn stands(&self, measured: FieldId, bound: &Quantity, operator: Operator, world: &World) -> Option<bool> {
        let channel = self.resolved(fact_channel(self.model, bound));
        if let Some(Value::Amount(amounts)) = world.get(&Slot::Field(measured)) {
            let (group, factor) = self.place(channel)?;
            return amounts.get(group).map(|amount| operator.holds(amount.cmp(&bound.value.times(&factor))));
        }
        let (own, value) = self.known_amount(measured)?;
        let factor = self.factor(own, channel)?;
        Some(operator.holds(value.times(&factor).cmp(&bound.value)))
    }
}

/// What would turn an amount of one channel into another.
fn wanting(model: &Model, facts: &CaseFacts, from: Channel, to: Channel) -> BTreeSet<(String, MissingKind)> {
    let mut names = BTreeSet::new();
    if from.dimension != to.dimension && factor(model, facts, from, Channel { basis: from.basis, ..to }).is_none() {
        names.insert(("density".to_owned(), MissingKind::Conversion));
    }
    if basis_factor(model, facts, from.basis, to.basis).is_none() {
        names.insert(("conversion".to_owned(), MissingKind::Conversion));
    }
    names
}

// ── one ground ─────────────────────────────────────────────────────────────────────────────────────────────

impl Ground<'_> {
    fn field(&self, field: FieldId) -> Option<&Field> {
        self.model.vocabulary.field(field)
    }

    fn given(&self, field: FieldId) -> Option<&FactValue> {
        self.facts.get(field).map(|fact| &fact.value)
    }

    /// Every completion of what is read that some completion of the rest keeps within the constraints.
    fn worlds(&self, read: &BTreeSet<Slot>) -> Option<Vec<World>> {
        let mut all: BTreeSet<Slot> = self.tests.iter().flat_map(|test| slots(self.facts, self.model, test)).collect();
        all.extend(read.iter().cloned());
        let options = |slots: Vec<Slot>| -> Vec<(Slot, Vec<Value>)> {
            slots.into_iter().map(|slot| (slot.clone(), self.options(&slot))).collect()
        };
        let outer = options(read.iter().cloned().collect());
        let inner = options(all.difference(read).cloned().collect());
        let mut count = 1usize;
        for (_, values) in &outer {
            count = count.saturating_mul(values.len());
        }
        if count > LIMIT {
            return None;
        }
        let bonds = self.bonds(&inner);
        let mut kept: Vec<HashMap<String, bool>> = vec![HashMap::new(); bonds.len()];
        let mut found = Vec::new();
        each_world(&outer, &mut World::new(), &mut |world| {
            let keeps = bonds.iter().zip(&mut kept).all(|(bond, kept)| {
                if bond.inner.is_empty() {
                    return self.keeps(bond, world);
                }
                let asked: Vec<_> = world.iter().filter(|(slot, _)| bond.slots.contains(slot)).collect();
                *kept.entry(format!("{asked:?}")).or_insert_with(|| {
                    each_world(&bond.inner, &mut world.clone(), &mut |whole| self.keeps(bond, whole))
                })
            });
            if keeps {
                found.push(world.clone());
            }
            false
        });
        Some(found)
    }

    /// What binds the values of slots to one another, in groups that share no inner slot: whether a completion has a rest
    /// that keeps one group is nothing to the other groups.
    fn bonds(&self, inner: &[(Slot, Vec<Value>)]) -> Vec<Bond> {
        let mut bonds: Vec<Bond> = Vec::new();
        for (number, (when, then)) in self.constraints.iter().enumerate() {
            let mut tests = Vec::new();
            tests_of(when, &mut tests);
            tests_of(then, &mut tests);
            let slots = tests.iter().flat_map(|test| slots(self.facts, self.model, test)).collect();
            bonds.push(Bond { slots, constraints: vec![number], tables: false, inner: Vec::new() });
        }
        let rows = self.tables.iter().flat_map(|(grading, row)| {
            let keys = row.keys.iter().map(|(key, _)| *key);
            keys.chain([grading.field, grading.measured]).map(Slot::Field)
        });
        bonds.push(Bond { slots: rows.collect(), constraints: Vec::new(), tables: true, inner: Vec::new() });
        let is_inner = |slot: &&Slot| inner.iter().any(|(known, _)| known == *slot);
        let mut groups: Vec<Bond> = Vec::new();
        for mut bond in bonds {
            let (with, apart): (Vec<Bond>, Vec<Bond>) =
                groups.into_iter().partition(|group| group.slots.intersection(&bond.slots).any(|slot| is_inner(&slot)));
            for group in with {
                bond.slots.extend(group.slots);
                bond.constraints.extend(group.constraints);
                bond.tables |= group.tables;
            }
            groups = apart;
            groups.push(bond);
        }
        for group in &mut groups {
            group.inner = inner.iter().filter(|(slot, _)| group.slots.contains(slot)).cloned().collect();
        }
        groups
    }

    fn keeps(&self, bond: &Bond, world: &World) -> bool {
        let kept = bond.constraints.iter().filter_map(|number| self.constraints.get(*number)).all(|(when, then)| {
            let broken = self.truth(when, world) == Truth::Yes && self.truth(then, world) == Truth::No;
            !broken
        });
        kept && (!bond.tables || self.keeps_classes(world))
    }

    /// Every value that a slot may have, of each kind of value one.
    fn options(&self, slot: &Slot) -> Vec<Value> {
        match slot {
            Slot::Field(field) => self.field_options(*field),
            Slot::Count(field) => self.count_options(*field),
            Slot::Distance(field, feature) => self.length_options(*field, *feature),
            Slot::Document(field, document) => self.document_options(*field, *document),
            Slot::Attestation(name) => yes_no(attestation_known(self.model, self.facts, *name)),
            Slot::Parameter(_) => yes_no(None),
        }
    }

    fn field_options(&self, id: FieldId) -> Vec<Value> {
        let Some(field) = self.field(id) else { return Vec::new() };
        let given = self.given(id);
        if given == Some(&FactValue::None) {
            return vec![Value::None];
        }
        let mut options = match &field.kind {
            FieldKind::Member(enumeration) => self.member_options(id, *enumeration, field.many, false),
            FieldKind::Areas(enumeration) => self.member_options(id, *enumeration, true, true),
            FieldKind::YesNo => match given {
                Some(FactValue::YesNo(answer)) => vec![Value::Yes(*answer)],
                _ => yes_no(None),
            },
            FieldKind::Date => self.day_options(id),
            FieldKind::Quantity(dimensions) => self.amount_options(id, field.domain, dimensions),
            _ => vec![Value::Something],
        };
        if given.is_none() && field.optional {
            options.push(Value::None);
        }
        options
    }

    /// What all questions about a field answer for one leaf. Leaves of one signature are one.
    fn signature(&self, id: FieldId, leaf: usize) -> Vec<usize> {
        let mut signature: Vec<usize> = self
            .tests
            .iter()
            .filter_map(|test| match test {
                TestKind::Member { field, leaves, .. } if *field == id => Some(usize::from(leaves.contains(leaf))),
                _ => None,
            })
            .collect();
        if self.stage && stage_field(&self.model.vocabulary) == Some(id) {
            signature.push(stage_of(&self.model.vocabulary, id, leaf).map_or(0, |stage| stage + 1));
        }
        for (grading, row) in &self.tables {
            let sets = row.keys.iter().filter(|(field, _)| *field == id);
            signature.extend(sets.map(|(_, set)| usize::from(set.contains(leaf))));
            if grading.field == id {
                signature.push(leaf);
            }
        }
        signature
    }

    fn one_of_each(&self, id: FieldId, leaves: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        leaves.filter(|leaf| seen.insert(self.signature(id, *leaf))).collect()
    }

    fn member_options(&self, id: FieldId, enumeration: EnumerationId, many: bool, may_be_empty: bool) -> Vec<Value> {
        let main = mineral_field(&self.model.vocabulary).is_some_and(|(field, _)| field == id);
        let fits = |leaf: usize| match self.case_basis {
            Some(basis) if main => default_basis_of(self.model, leaf) == basis,
            _ => true,
        };
        let default = self.field(id).and_then(|field| field.default);
        let given: Option<Vec<MemberId>> = match self.given(id) {
            Some(FactValue::Members(members)) => Some(members.clone()),
            _ => default.map(|member| vec![member]),
        };
        let leaves_of = |member: MemberId| {
            self.model.vocabulary.member(enumeration, member).map(|found| found.leaves.clone()).unwrap_or_default()
        };
        let count = self.model.vocabulary.enumeration(enumeration).map_or(0, |found| found.leaf_count);
        let anything: LeafSet = LeafSet::all(count);
        match given {
            Some(members) => {
                let mut lists: Vec<Value> = vec![Value::Leaves(None, BTreeSet::new())];
                for (index, member) in members.iter().enumerate() {
                    let leaves = leaves_of(*member);
                    let choices = self.one_of_each(id, leaves.iter().filter(|leaf| index > 0 || fits(*leaf)));
                    lists = lists.iter().flat_map(|list| choices.iter().map(|leaf| with_leaf(list, *leaf))).collect();
                }
                lists
            }
            None => {
                let firsts = self.one_of_each(id, anything.iter().filter(|leaf| fits(*leaf)));
                let mut lists: Vec<Value> =
                    firsts.iter().map(|leaf| with_leaf(&Value::Leaves(None, BTreeSet::new()), *leaf)).collect();
                if may_be_empty {
                    lists.push(Value::Leaves(None, BTreeSet::new()));
                }
                if many {
                    self.lengthen(id, &mut lists, &self.one_of_each(id, anything.iter()));
                }
                lists
            }
        }
    }

    /// Adds every longer list that answers the questions in a new way.
    fn lengthen(&self, id: FieldId, lists: &mut Vec<Value>, more: &[usize]) {
        let answers = |list: &Value| -> (Vec<usize>, Vec<bool>) {
            let Value::Leaves(_, leaves) = list else { return (Vec::new(), Vec::new()) };
            let asked = self.tests.iter().filter_map(|test| match test {
                TestKind::Member { field, leaves: set, .. } if *field == id => {
                    Some(leaves.iter().any(|leaf| set.contains(*leaf)))
                }
                _ => None,
            });
            let stages: BTreeSet<usize> = match self.stage {
                true => leaves.iter().filter_map(|leaf| stage_of(&self.model.vocabulary, id, *leaf)).collect(),
                false => BTreeSet::new(),
            };
            (stages.last().copied().into_iter().collect(), asked.collect())
        };
        let mut seen: Vec<(Vec<usize>, Vec<bool>)> = lists.iter().map(answers).collect();
        let mut at = 0;
        while let Some(list) = lists.get(at).cloned() {
            for leaf in more {
                let longer = with_leaf(&list, *leaf);
                let answered = answers(&longer);
                if !seen.contains(&answered) {
                    seen.push(answered);
                    lists.push(longer);
                }
            }
            at += 1;
        }
    }

    // ── days ──

    /// The fields compared with one another, this one among them.
    fn companions(&self, id: FieldId) -> BTreeSet<FieldId> {
        let mut found = BTreeSet::from([id]);
        loop {
            let before = found.len();
            for test in &self.tests {
                if let TestKind::Fields { left, right, .. } = test
                    && (found.contains(left) || found.contains(right))
                {
                    found.extend([*left, *right]);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    fn known_day(&self, id: FieldId) -> Option<i64> {
        let day = |field: FieldId| match self.given(field) {
            Some(FactValue::Day(day)) => Some(day_number(*day)),
            _ => None,
        };
        let vocabulary = &self.model.vocabulary;
        day(id).or_else(|| {
            let as_of = vocabulary.field_named("as-of") == Some(id);
            if as_of { vocabulary.field_named("decided").and_then(day) } else { None }
        })
    }

    fn day_options(&self, id: FieldId) -> Vec<Value> {
        if let Some(day) = self.known_day(id) {
            return vec![Value::Day(day)];
        }
        let companions = self.companions(id);
        let as_of = self.model.vocabulary.field_named("as-of");
        let period = self.model.plan.as_ref().and_then(|plan| plan.period).and_then(|(first, last)| {
            Some((day_number(Date::new(first, 1, 1)?), day_number(Date::new(last, 12, 31)?)))
        });
        let mut cuts: BTreeSet<i64> = companions.iter().filter_map(|field| self.known_day(*field)).collect();
        for test in &self.tests {
            if let TestKind::Day { field, bound, .. } = test
                && companions.contains(field)
            {
                cuts.insert(day_number(*bound));
            }
        }
        if as_of.is_some_and(|field| companions.contains(&field)) {
            cuts.extend(period.into_iter().flat_map(|(first, last)| [first, last]));
        }
        if cuts.is_empty() {
            cuts.insert(738_000);
        }
        let near: BTreeSet<i64> = cuts.iter().flat_map(|day| (day - 2)..=(day + 2)).collect();
        let within = |day: &i64| match period {
            Some((first, last)) if as_of == Some(id) => (first..=last).contains(day),
            _ => true,
        };
        near.into_iter().filter(within).map(Value::Day).collect()
    }

    // ── amounts ──

    fn resolved(&self, channel: Channel) -> Channel {
        match (channel.basis, self.case_basis) {
            (Basis::OfCase, Some(basis)) => Channel { basis, ..channel },
            _ => channel,
        }
    }

    fn factor(&self, from: Channel, to: Channel) -> Option<Number> {
        factor(self.model, self.facts, from, to)
    }

    fn known_amount(&self, id: FieldId) -> Option<(Channel, Number)> {
        if let Derived::Known(value) = derived(self.model, self.facts, id)
            && let Some(FieldKind::Quantity(dimensions)) = self.field(id).map(|field| &field.kind)
            && let Some(dimension) = dimensions.first()
        {
            return Some((Channel { dimension: *dimension, basis: Basis::None }, value));
        }
        match self.given(id) {
            Some(FactValue::Amount(quantity)) => {
                Some((self.resolved(fact_channel(self.model, quantity)), quantity.value.clone()))
            }
            _ => None,
        }
    }

    /// The channels that somebody measures in, those that convert into one another together.
    fn channel_groups(&self) -> Vec<Vec<Channel>> {
        let mut channels: BTreeSet<Channel> = BTreeSet::new();
        for test in &self.tests {
            match test {
                TestKind::Amount { field, bound, basis, .. } => {
                    channels.insert(self.bound_channel(bound, *basis));
                    channels.extend(self.known_amount(*field).map(|(channel, _)| channel));
                }
                TestKind::Fields { left, right, .. } => {
                    for field in [left, right] {
                        channels.extend(self.known_amount(*field).map(|(channel, _)| channel));
                        if let Some(FieldKind::Quantity(dimensions)) = self.field(*field).map(|field| &field.kind)
                            && let Some(dimension) = dimensions.first()
                        {
                            let basis = if bears_basis(self.model, *dimension) { Basis::OfCase } else { Basis::None };
                            channels.insert(self.resolved(Channel { dimension: *dimension, basis }));
                        }
                    }
                }
                _ => {}
            }
        }
        let mut groups: Vec<Vec<Channel>> = Vec::new();
        for channel in channels {
            let home = groups.iter_mut().find(|group| {
                group.first().is_some_and(|first| factor(self.model, self.facts, channel, *first).is_some())
            });
            match home {
                Some(group) => group.push(channel),
                None => groups.push(vec![channel]),
            }
        }
        groups
    }

    fn bound_channel(&self, bound: &Quantity, basis: BoundBasis) -> Channel {
        self.resolved(Channel { dimension: bound.dimension, basis: bound_basis(basis) })
    }

    /// The group that a channel belongs to, and the factor into the group's own channel.
    fn place(&self, channel: Channel) -> Option<(usize, Number)> {
        self.groups.iter().enumerate().find_map(|(index, group)| {
            let first = group.first()?;
            self.factor(channel, *first).map(|factor| (index, factor))
        })
    }

    fn amount_options(&self, id: FieldId, domain: Option<Domain>, dimensions: &[Dimension]) -> Vec<Value> {
        let companions = self.companions(id);
        let mut cuts: Vec<BTreeSet<Number>> = vec![BTreeSet::new(); self.groups.len()];
        let mut cut = |channel: Channel, value: &Number| {
            if let Some((group, factor)) = self.place(channel)
                && let Some(cuts) = cuts.get_mut(group)
            {
                cuts.insert(value.times(&factor));
            }
        };
        for test in &self.tests {
            if let TestKind::Amount { field, bound, basis, .. } = test
                && companions.contains(field)
            {
                cut(self.bound_channel(bound, *basis), &bound.value);
            }
        }
        for field in &companions {
            if let Some((channel, value)) = self.known_amount(*field) {
                cut(channel, &value);
            }
        }
        for (_, row) in self.tables.iter().filter(|(grading, _)| companions.contains(&grading.measured)) {
            for (_, threshold) in &row.thresholds {
                if let Threshold::From(bound, _) = threshold {
                    cut(self.resolved(fact_channel(self.model, bound)), &bound.value);
                }
            }
        }
        let known = self.known_amount(id).and_then(|(channel, value)| {
            let (group, factor) = self.place(channel)?;
            Some((group, value.times(&factor)))
        });
        let inner = if companions.len() > 1 { 3 } else { 1 };
        let mut options: Vec<Vec<Number>> = vec![Vec::new()];
        for (index, group) in self.groups.iter().enumerate() {
            let measurable = group.iter().any(|channel| dimensions.contains(&channel.dimension));
            let asked = companions.len() > 1 || cuts.get(index).is_some_and(|cuts| !cuts.is_empty());
            let values = match &known {
                _ if !measurable || !asked => vec![Number::ZERO],
                Some((known, value)) if *known == index => vec![value.clone()],
                _ => cuts.get(index).map(|cuts| points(cuts, domain, inner)).unwrap_or_default(),
            };
            options = options
                .iter()
                .flat_map(|list| {
                    values.iter().map(move |value| {
                        let mut list = list.clone();
                        list.push(value.clone());
                        list
                    })
                })
                .collect();
        }
        options.into_iter().map(Value::Amount).collect()
    }

    fn count_options(&self, id: FieldId) -> Vec<Value> {
        let known = match self.given(id) {
            Some(FactValue::None) => Some(0),
            Some(FactValue::Members(members)) => Some(members.len()),
            Some(FactValue::Texts(texts)) => Some(texts.len()),
            _ => None,
        };
        let whole = |count: usize| Value::Length(Number::from_integer(i64::try_from(count).unwrap_or(i64::MAX)));
        known.map_or_else(|| (0..=50).map(whole).collect(), |count| vec![whole(count)])
    }

    /// Not there; or there, in each state, of each day, saying each set of what is asked.
    fn document_options(&self, field: FieldId, document: MemberId) -> Vec<Value> {
        let known = document_known(self.model, self.facts, field, document);
        let mut found = Vec::new();
        if known != Some(true) {
            found.push(Value::Yes(false));
        }
        if known == Some(false) {
            return found;
        }
        let fact = listed_document(self.facts, field, document).filter(|fact| fact.present);
        let (mut leaves, mut said, mut cuts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut states = false;
        for test in &self.tests {
            let TestKind::Document { field: of, document: one, about, .. } = test else { continue };
            match about {
                _ if (*of, *one) != (field, document) => {}
                DocumentQuestion::Presence => {}
                DocumentQuestion::State(..) => states = true,
                DocumentQuestion::Contents(number) => {
                    said.insert(*number);
                }
                DocumentQuestion::Day(_, bound) => {
                    cuts.insert(day_number(*bound));
                }
            }
        }
        let known_states = self.model.vocabulary.document_states.as_ref().filter(|_| states);
        if let Some(known) = known_states {
            let vocabulary = &self.model.vocabulary;
            let of = |member: MemberId| vocabulary.member(known.enumeration, member).map(|found| found.leaves.clone());
            let all = vocabulary.enumeration(known.enumeration).map_or(0, |found| found.leaf_count);
            let wanting = known.wanting.and_then(of).unwrap_or_default();
            match fact.and_then(|fact| fact.state).and_then(of) {
                Some(own) => leaves.extend(own.iter()),
                None => leaves.extend((0..all).filter(|leaf| !wanting.contains(*leaf))),
            }
        }
        let leaves: Vec<Option<usize>> =
            if leaves.is_empty() { vec![None] } else { leaves.into_iter().map(Some).collect() };
        let days: Vec<i64> = match fact.and_then(|fact| fact.day) {
            Some(day) => vec![day_number(day)],
            None if cuts.is_empty() => vec![0],
            None => cuts.iter().flat_map(|cut| [cut - 1, *cut, cut + 1]).collect(),
        };
        let mut contents: Vec<BTreeSet<u16>> = vec![BTreeSet::new()];
        match fact.and_then(|fact| fact.contents.clone()) {
            Some(own) => contents = vec![own],
            None => {
                for number in said {
                    let with = contents.iter().cloned().map(|mut set| {
                        set.insert(number);
                        set
                    });
                    let with: Vec<_> = with.collect();
                    contents.extend(with);
                }
            }
        }
        for leaf in &leaves {
            for day in &days {
                found.extend(contents.iter().map(|said| Value::Document(*leaf, *day, said.clone())));
            }
        }
        found
    }

    fn length_options(&self, id: FieldId, wanted: MemberId) -> Vec<Value> {
        match self.given(id) {
            Some(FactValue::None) => return vec![Value::None],
            Some(FactValue::Distances(lengths)) => {
                if let Some((length, _)) = lengths.get(&wanted) {
                    return vec![Value::Length(length.value.clone())];
                }
            }
            _ => {}
        }
        let cuts = self.tests.iter().filter_map(|test| match test {
            TestKind::Distance { field, feature, bound, .. } if *field == id && *feature == wanted => {
                Some(bound.value.clone())
            }
            _ => None,
        });
        points(&cuts.collect(), Some(Domain::NotNegative), 1).into_iter().map(Value::Length).collect()
    }

    // ── truth ──

    fn truth(&self, condition: &Condition, world: &World) -> Truth {
        match condition {
            Condition::Always => Truth::Yes,
            Condition::Never => Truth::No,
            Condition::Test(test) => self.answer(&test.kind, world),
            Condition::All(list) => list.iter().fold(Truth::Yes, |so_far, inner| so_far.and(self.truth(inner, world))),
            Condition::Any(list) => list.iter().fold(Truth::No, |so_far, inner| so_far.or(self.truth(inner, world))),
            Condition::Not(inner) => self.truth(inner, world).not(),
        }
    }

    fn answer(&self, test: &TestKind, world: &World) -> Truth {
        let value = |slot: Slot| world.get(&slot);
        match test {
            TestKind::Member { field, leaves, .. } => match value(Slot::Field(*field)) {
                Some(Value::Leaves(_, found)) => Truth::of(found.iter().any(|leaf| leaves.contains(*leaf))),
                _ => Truth::No,
            },
            TestKind::Amount { field, comparator, bound, basis } => {
                let place = self.place(self.bound_channel(bound, *basis));
                let (Some(Value::Amount(amounts)), Some((group, factor))) = (value(Slot::Field(*field)), place) else {
                    return Truth::No;
                };
                amounts
                    .get(group)
                    .map_or(Truth::No, |amount| compared(comparator, amount.cmp(&bound.value.times(&factor))))
            }
            TestKind::Day { field, comparator, bound } => match value(Slot::Field(*field)) {
                Some(Value::Day(day)) => compared(comparator, day.cmp(&day_number(*bound))),
                _ => Truth::No,
            },
            TestKind::Fields { left, comparator, right, months } => {
                match (value(Slot::Field(*left)), value(Slot::Field(*right))) {
                    (Some(Value::Day(left)), Some(Value::Day(right))) => {
                        compared(comparator, left.cmp(&later(*right, *months)))
                    }
                    (Some(Value::Amount(one)), Some(Value::Amount(other))) => {
                        let group = self.common_group(*left, *right);
                        match (one.get(group), other.get(group)) {
                            (Some(one), Some(other)) => compared(comparator, one.cmp(other)),
                            _ => Truth::No,
                        }
                    }
                    _ => Truth::No,
                }
            }
            TestKind::Flag { field } => Truth::of(value(Slot::Field(*field)) == Some(&Value::Yes(true))),
            TestKind::Absent { field } => Truth::of(value(Slot::Field(*field)) == Some(&Value::None)),
            TestKind::Count { field, comparator, bound } => match value(Slot::Count(*field)) {
                Some(Value::Length(count)) => compared(comparator, count.cmp(&bound.value)),
                _ => Truth::No,
            },
            TestKind::Distance { field, feature, comparator, bound } => match value(Slot::Distance(*field, *feature)) {
                Some(Value::Length(length)) => compared(comparator, length.cmp(&bound.value)),
                _ => Truth::No,
            },
            TestKind::Document { field, document, about, mode } => {
                let known = document_says(self.model, self.facts, (*field, *document), about);
                match (known, value(Slot::Document(*field, *document))) {
                    (None, _) if *mode != AttestationMode::Required => Truth::No,
                    (_, Some(Value::Document(state, day, said))) => Truth::of(match about {
                        DocumentQuestion::Presence => true,
                        DocumentQuestion::State(leaves, _) => state.is_some_and(|leaf| leaves.contains(leaf)),
                        DocumentQuestion::Contents(number) => said.contains(number),
                        DocumentQuestion::Day(operator, bound) => operator.holds(day.cmp(&day_number(*bound))),
                    }),
                    _ => Truth::No,
                }
            }
            TestKind::Attestation { name, mode } => match (attestation_known(self.model, self.facts, *name), mode) {
                (None, AttestationMode::Authority) => Truth::Judgement,
                (None, AttestationMode::Ground | AttestationMode::PresumedNot) => Truth::No,
                _ => Truth::of(value(Slot::Attestation(*name)) == Some(&Value::Yes(true))),
            },
            TestKind::Parameter { name, .. } => {
                Truth::of(value(Slot::Parameter(name.clone())) == Some(&Value::Yes(true)))
            }
        }
    }

    /// The group in which two fields are compared: the one in which either is known, else their first.
    fn common_group(&self, left: FieldId, right: FieldId) -> usize {
        let home = |field: FieldId| self.known_amount(field).and_then(|(channel, _)| self.place(channel));
        let dimension = match self.field(left).map(|field| &field.kind) {
            Some(FieldKind::Quantity(dimensions)) => dimensions.first().copied(),
            _ => None,
        };
        let first = dimension.and_then(|dimension| {
            let basis = if bears_basis(self.model, dimension) { Basis::OfCase } else { Basis::None };
            self.place(self.resolved(Channel { dimension, basis }))
        });
        home(right).or_else(|| home(left)).or(first).map_or(0, |(group, _)| group)
    }

    // ── statuses ──

    /// The status in one completion; `None` where it speaks of the case, but as a duty of a later stage.
    fn clause_status(&self, clause: &Clause, world: &World) -> Option<Status> {
        let status = self.body_status(clause, world);
        let later = matches!((clause.body.stage, self.case_stage(world)), (Some(due), Some(now)) if due > now);
        if later && status != Status::NotApplicable { None } else { Some(status) }
    }

    fn body_status(&self, clause: &Clause, world: &World) -> Status {
        let body = &clause.body;
        let silenced = self.fires(&body.exceptions, world).or(self.prevailed(clause, world, &mut Vec::new()));
        let speaks = self.truth(&body.applies, world).and(silenced.not());
        let statuses = body.parts.iter().map(|part| {
            let applies = speaks.and(self.truth(&part.selector, world));
            let missed = applies.and(self.truth(&part.requirement, world).not());
            match (applies, missed) {
                (Truth::No, _) => Status::NotApplicable,
                (_, Truth::Yes) if part.force == Force::Restricted => Status::Discretion,
                (_, Truth::Yes) => Status::Violated,
                (_, Truth::Judgement) => Status::Discretion,
                (_, Truth::No) => Status::Satisfied,
            }
        });
        let rank = |status: &Status| match status {
            Status::NotApplicable => 0,
            Status::Satisfied => 1,
            Status::Discretion => 2,
            Status::Undetermined => 3,
            Status::Violated => 4,
        };
        statuses.max_by_key(rank).unwrap_or(Status::NotApplicable)
    }

    fn fires(&self, exceptions: &[Exception], world: &World) -> Truth {
        exceptions.iter().fold(Truth::No, |so_far, exception| {
            let inner = self.fires(&exception.exceptions, world);
            so_far.or(self.truth(&exception.ground, world).and(inner.not()))
        })
    }

    /// Whether a clause applies that prevails over this one.
    fn prevailed<'c>(&'c self, clause: &'c Clause, world: &World, above: &mut Vec<&'c str>) -> Truth {
        if above.contains(&clause.id.as_str()) {
            return Truth::No;
        }
        above.push(&clause.id);
        let applies = prevailing(self.model, clause).into_iter().map(|other| {
            let body = &other.body;
            let picked = body.parts.iter().fold(Truth::No, |any, part| any.or(self.truth(&part.selector, world)));
            let silenced = self.fires(&body.exceptions, world).or(self.prevailed(other, world, above));
            self.truth(&body.applies, world).and(picked).and(silenced.not())
        });
        let any = applies.fold(Truth::No, Truth::or);
        above.pop();
        any
    }

    /// The latest stage that what the case does puts it at.
    fn case_stage(&self, world: &World) -> Option<usize> {
        let field = stage_field(&self.model.vocabulary)?;
        match world.get(&Slot::Field(field)) {
            Some(Value::Leaves(_, leaves)) => {
                leaves.iter().filter_map(|leaf| stage_of(&self.model.vocabulary, field, *leaf)).max()
            }
            _ => None,
        }
    }

    // ── names of what is missing ──

    /// The facts that a class follows from and that are not known.
    fn unknown_of_tables(&self, class: FieldId) -> BTreeSet<FieldId> {
        let rows = self.tables.iter().filter(|(grading, _)| grading.field == class);
        let read = rows.flat_map(|(grading, row)| row.keys.iter().map(|(key, _)| *key).chain([grading.measured]));
        read.filter(|field| self.given(*field).is_none()).collect()
    }

    fn names(&self, slot: &Slot) -> BTreeSet<(String, MissingKind)> {
        let key = |field: FieldId| self.field(field).map(|field| field.name.key().to_owned()).unwrap_or_default();
        let fact = |field: FieldId| BTreeSet::from([(key(field), MissingKind::Fact)]);
        match slot {
            Slot::Field(field) => {
                if let Some((channel, _)) = self.known_amount(*field) {
                    let Some(FieldKind::Quantity(dimensions)) = self.field(*field).map(|field| &field.kind) else {
                        return BTreeSet::new();
                    };
                    let others = self.groups.iter().filter_map(|group| group.first());
                    let measurable = others.filter(|other| dimensions.contains(&other.dimension));
                    return measurable.flat_map(|other| wanting(self.model, self.facts, channel, *other)).collect();
                }
                let wanted = self.unknown_of_tables(*field);
                if !wanted.is_empty() {
                    return wanted.into_iter().flat_map(fact).collect();
                }
                match derived(self.model, self.facts, *field) {
                    Derived::Wanting(parts) => parts.into_iter().flat_map(fact).collect(),
                    Derived::Unconverted(names) => names,
                    Derived::No | Derived::Known(_) => fact(*field),
                }
            }
            Slot::Distance(field, _) | Slot::Count(field) => fact(*field),
            Slot::Document(field, document) => {
                let enumeration = match self.field(*field).map(|field| &field.kind) {
                    Some(FieldKind::Documents(enumeration)) => Some(*enumeration),
                    _ => None,
                };
                let member = enumeration.and_then(|id| self.model.vocabulary.member(id, *document));
                BTreeSet::from([(
                    member.map(|member| member.name.chinese.clone()).unwrap_or_default(),
                    MissingKind::Document,
                )])
            }
            Slot::Attestation(name) => {
                let name = self.model.attestations.get(usize::from(*name)).cloned().unwrap_or_default();
                BTreeSet::from([(name, MissingKind::Attestation)])
            }
            Slot::Parameter(name) => BTreeSet::from([(name.clone(), MissingKind::Parameter)]),
        }
    }
}

/// Visits every choice of one value for each slot until one visit answers yes.
fn each_world(options: &[(Slot, Vec<Value>)], world: &mut World, visit: &mut impl FnMut(&World) -> bool) -> bool {
    let Some(((slot, values), rest)) = options.split_first() else { return visit(world) };
    for value in values {
        world.insert(slot.clone(), value.clone());
        if each_world(rest, world, visit) {
            world.remove(slot);
            return true;
        }
    }
    world.remove(slot);
    false
}

fn yes_no(known: Option<bool>) -> Vec<Value> {
    match known {
        Some(answer) => vec![Value::Yes(answer)],
        None => vec![Value::Yes(false), Value::Yes(true)],
    }
}

fn with_leaf(list: &Value, leaf: usize) -> Value {
    let Value::Leaves(first, leaves) = list else { return list.clone() };
    let mut leaves = leaves.clone();
    leaves.insert(leaf);
    Value::Leaves(first.or(Some(leaf)), leaves)
}

fn compared(comparator: &Comparator, ordering: Ordering) -> Truth {
    match comparator.operator {
        Operator::About if ordering.is_ne() => Truth::Judgement,
        operator => Truth::of(operator.holds(ordering)),
    }
}

/// Each cut and `inner` numbers in every gap between cuts and at both ends, within the domain.
fn points(cuts: &BTreeSet<Number>, domain: Option<Domain>, inner: i64) -> Vec<Number> {
    let mut cuts: BTreeSet<Number> = match domain {
        Some(Domain::Positive) => cuts.iter().filter(|cut| **cut > 0).cloned().collect(),
        Some(Domain::NotNegative) => cuts.iter().filter(|cut| **cut >= 0).cloned().collect(),
        None => cuts.clone(),
    };
    if domain == Some(Domain::NotNegative) {
        cuts.insert(Number::ZERO);
    }
    if cuts.is_empty() {
        return (1..=inner).map(Number::from_integer).collect();
    }
    let between = |low: &Number, high: &Number| -> Vec<Number> {
        let width = high.minus(low);
        (1..=inner)
            .filter_map(|step| {
                let share = Number::from_integer(step).divide(&Number::from_integer(inner + 1))?;
                Some(low.plus(&width.times(&share)))
            })
            .collect()
    };
    let mut found = Vec::new();
    let mut last: Option<Number> = match domain {
        Some(Domain::Positive) => Some(Number::ZERO),
        _ => None,
    };
    if let (None, Some(first)) = (domain, cuts.first()) {
        found.extend((1..=inner).map(|step| first.minus(&Number::from_integer(step))));
    }
    for cut in &cuts {
        if let Some(last) = &last {
            found.extend(between(last, cut));
        }
        found.push(cut.clone());
        last = Some(cut.clone());
    }
    if let Some(last) = cuts.last() {
        found.extend((1..=inner).map(|step| last.plus(&Number::from_integer(step))));
    }
    found
}

/// The day of a number, so many months later.
fn later(number: i64, months: i32) -> i64 {
    static DAYS: OnceLock<HashMap<i64, Date>> = OnceLock::new();
    if months == 0 {
        return number;
    }
    let days = DAYS.get_or_init(|| {
        let days = (1900..2200).flat_map(|year| {
            (1..=12).flat_map(move |month| (1..=31).filter_map(move |day| Date::new(year, month, day)))
        });
        days.map(|day| (day_number(day), day)).collect()
    });
    days.get(&number).and_then(|day| day.plus_months(months)).map_or(number, day_number)
}

/// Days counted from the first of March of year 0.
fn day_number(date: Date) -> i64 {
    let text = date.to_string();
    let mut parts = text.split('-').filter_map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next().unwrap_or_default(), parts.next().unwrap_or(1), parts.next().unwrap_or(1));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5 + day
}
