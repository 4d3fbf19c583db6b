//! A naive evaluator of the model, to compare the engine with: it lists every completion of what is not known, asks each
//! clause about each of them, and composes the ruling from the answers (section 8 of the language).
//!
//! It is written to be obviously right, not fast, and shares nothing with the engine but the model and the typed facts.
//! Where it is coarser than the language:
//! - a derived amount whose parts are not known is free of those parts where a clause reads both;
//! - channels (mass or volume, of this basis or that) that no fact converts vary freely of each other, field by field;
//! - clauses with more completions than [`LIMIT`] are skipped and named in [`Outcome::skipped`].

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use adit::Number;
use adit::date::Date;
use adit::facts::{CaseFacts, DocumentFact, FactValue};
use adit::model::{
    AttestationMode, Body, BoundBasis, Clause, Comparator, Condition, Derivation, DocumentQuestion, Domain,
    EnumerationId, Exception, Field, FieldId, FieldKind, Force, LeafSet, MemberId, Model, Operator, Subject, TestKind,
    Vocabulary,
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

/// Rules on a case, or says by its code why the facts cannot be used.
pub fn review(model: &Model, facts: &CaseFacts) -> Result<Outcome, &'static str> {
    if !same_region(model, facts) {
        return Err("A0613");
    }
    let facts = &derived_decide(model, facts);
    if contradicts(model, facts) {
        return Err("A0612");
    }
    let mut outcome =
        Outcome { findings: Vec::new(), ruling: Verdict::Admissible, missing: BTreeSet::new(), skipped: Vec::new() };
    for clause in &model.clauses {
        if clause.subject != Subject::Application || is_authority(clause) {
            continue;
        }
        match finding(model, facts, clause) {
            Reached::Finding(finding) => outcome.findings.push(finding),
            Reached::LaterDuty => {}
            Reached::TooMany => outcome.skipped.push(clause.id.clone()),
        }
    }
    compose(model, &mut outcome);
    Ok(outcome)
}

/// The status of one clause, or the code of what is wrong with the facts; `None` for a later duty, and past [`LIMIT`].
pub fn status_of(model: &Model, facts: &CaseFacts, clause: &str) -> Result<Option<Status>, &'static str> {
    let facts = &derived_decide(model, facts);
    if contradicts(model, facts) {
        return Err("A0612");
    }
    let Some(clause) = model.clauses.iter().find(|known| known.id == clause) else { return Ok(None) };
    Ok(match finding(model, facts, clause) {
        Reached::Finding(finding) => Some(finding.status),
        Reached::LaterDuty | Reached::TooMany => None,
    })
}

fn is_authority(clause: &Clause) -> bool {
    clause.duty_holder.as_deref().is_some_and(|holder| matches!(holder, "主管部门" | "authority"))
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
}

enum Reached {
    Finding(Finding),
    LaterDuty,
    TooMany,
}

fn finding(model: &Model, facts: &CaseFacts, clause: &Clause) -> Reached {
    let mut own = Vec::new();
    tests_of_body(&clause.body, &mut own);
    let own_slots: BTreeSet<Slot> = own.iter().flat_map(|test| slots(facts, model, test)).collect();
    let (tied, tests) = tie(model, facts, own.clone());
    let mut read = own_slots;
    let staged = clause.stage.and_then(|_| stage_field(&model.vocabulary));
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
    let mut found = BTreeSet::new();
    for slot in first.keys() {
        let mut seen: BTreeMap<String, Status> = BTreeMap::new();
        for (world, status) in reached {
            let mut rest = world.clone();
            rest.remove(slot);
            let status = merged(*status);
            if *seen.entry(format!("{rest:?}")).or_insert(status) != status {
                found.insert(slot.clone());
                break;
            }
        }
    }
    if found.is_empty() {
        let mut fewest = usize::MAX;
        for (left, one) in reached {
            for (right, _) in reached.iter().filter(|(_, other)| merged(*other) != merged(*one)) {
                let differing: BTreeSet<Slot> = left
                    .iter()
                    .filter(|(slot, value)| right.get(slot) != Some(value))
                    .map(|(slot, _)| slot.clone())
                    .collect();
                match differing.len().cmp(&fewest) {
                    Ordering::Less => {
                        fewest = differing.len();
                        found = differing;
                    }
                    Ordering::Equal => found.extend(differing),
                    Ordering::Greater => {}
                }
            }
        }
    }
    found
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

/// Whether no completion at all keeps the constraints.
fn contradicts(model: &Model, facts: &CaseFacts) -> bool {
    model.vocabulary.constraints.iter().any(|(when, then, _)| {
        let mut tests = Vec::new();
        tests_of(when, &mut tests);
        tests_of(then, &mut tests);
        let (constraints, tests) = tie(model, facts, tests);
        let mut ground =
            Ground { model, facts, tests, constraints, case_basis: None, stage: false, groups: Vec::new() };
        ground.groups = ground.channel_groups();
        ground.worlds(&BTreeSet::new()).is_some_and(|worlds| worlds.is_empty())
    })
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
        TestKind::Parameter { name } => vec![Slot::Parameter(name.clone())],
    }
}

fn document_known(model: &Model, facts: &CaseFacts, field: FieldId, document: MemberId) -> Option<bool> {
    let listed = match facts.get(field).map(|fact| &fact.value) {
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
    if *about == DocumentQuestion::Presence || document_known(model, facts, field, document)? != true {
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
        let mut found = Vec::new();
        each_world(&outer, &mut World::new(), &mut |world| {
            let mut whole = world.clone();
            if each_world(&inner, &mut whole, &mut |whole| self.keeps_constraints(whole)) {
                found.push(world.clone());
            }
            false
        });
        Some(found)
    }

    fn keeps_constraints(&self, world: &World) -> bool {
        self.constraints.iter().all(|(when, then)| {
            let broken = self.truth(when, world) == Truth::Yes && self.truth(then, world) == Truth::No;
            !broken
        })
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
            TestKind::Parameter { name } => Truth::of(value(Slot::Parameter(name.clone())) == Some(&Value::Yes(true))),
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
        let later = matches!((clause.stage, self.case_stage(world)), (Some(due), Some(now)) if due > now);
        if later && status != Status::NotApplicable { None } else { Some(status) }
    }

    fn body_status(&self, clause: &Clause, world: &World) -> Status {
        let body = &clause.body;
        let speaks = self.truth(&body.applies, world).and(self.fires(&body.exceptions, world).not());
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

/// Days counted from the first of March of year 0.
/// The day of a number, so many months later.
fn later(number: i64, months: i32) -> i64 {
    if months == 0 {
        return number;
    }
    let year = i32::try_from(number / 365).unwrap_or(0);
    let days = (year - 3..=year + 1)
        .flat_map(|year| (1..=12).flat_map(move |month| (1..=31).filter_map(move |day| Date::new(year, month, day))));
    let day = days.into_iter().find(|day| day_number(*day) == number);
    day.and_then(|day| day.plus_months(months)).map_or(number, day_number)
}

fn day_number(date: Date) -> i64 {
    let text = date.to_string();
    let mut parts = text.split('-').filter_map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next().unwrap_or_default(), parts.next().unwrap_or(1), parts.next().unwrap_or(1));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5 + day
}
