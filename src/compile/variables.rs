//! Everything that the rules ask, each once, with its domain cut by all bounds.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::model::{
    AttestationMode, Body, BoundBasis, Clause, Condition, Domain, Exception, FieldId, FieldKind, Model, Operator,
    TestKind, Vocabulary,
};
use crate::program::{CellSet, ChannelBasis, JUDGED, Key, NEITHER, NO, Program, Scale, Variable, YES};
use crate::quantity::Number;

/// The cuts of one variable.
#[derive(Debug, Default)]
struct Cuts {
    numbers: BTreeSet<Number>,
    days: BTreeSet<Date>,
}

/// What a test asks.
pub(crate) fn key_of(vocabulary: &Vocabulary, kind: &TestKind) -> Key {
    match kind {
        TestKind::Member { field, .. } => match vocabulary.field(*field) {
            Some(found) if found.many || matches!(found.kind, FieldKind::Areas(_)) => Key::Members(*field),
            _ => Key::Member(*field),
        },
        TestKind::Amount { field, bound, basis, .. } => Key::Amount(*field, bound.dimension, channel_basis(*basis)),
        TestKind::Day { field, .. } => Key::Day(*field),
        TestKind::Fields { left, comparator, right, months } => {
            Key::Compare(*left, comparator.operator, *right, *months)
        }
        TestKind::Flag { field } => Key::YesNo(*field),
        TestKind::Absent { field } => absence_key(vocabulary, *field),
        TestKind::Count { field, .. } => Key::Count(*field),
        TestKind::Distance { field, feature, .. } => Key::Distance(*field, *feature),
        TestKind::Document { field, document, about, mode } => {
            Key::Document(*field, *document, about.clone(), read(*mode))
        }
        TestKind::Attestation { name, mode } => Key::Attestation(*name, read(*mode)),
        TestKind::Parameter { name, .. } => Key::Parameter(name.clone()),
    }
}

/// What is demanded and what the applicant shows stay unknown alike, so they are one unknown.
const fn read(mode: AttestationMode) -> AttestationMode {
    match mode {
        AttestationMode::Applicant => AttestationMode::Required,
        other => other,
    }
}

/// What asks whether a field holds none.
pub(crate) fn absence_key(vocabulary: &Vocabulary, field: FieldId) -> Key {
    match vocabulary.field(field) {
        Some(found) => match found.kind {
            FieldKind::Member(_) if !found.many => Key::Member(field),
            FieldKind::Member(_) | FieldKind::Areas(_) => Key::Members(field),
            FieldKind::YesNo => Key::YesNo(field),
            FieldKind::Date => Key::Day(field),
            FieldKind::Text
            | FieldKind::Quantity(_)
            | FieldKind::Distances(_)
            | FieldKind::Documents(_)
            | FieldKind::Attestations
            | FieldKind::Conversions => Key::Presence(field),
        },
        None => Key::Presence(field),
    }
}

fn channel_basis(basis: BoundBasis) -> ChannelBasis {
    match basis {
        BoundBasis::None => ChannelBasis::None,
        BoundBasis::Named(basis) | BoundBasis::Default(basis) => ChannelBasis::Of(basis),
        BoundBasis::OfCase => ChannelBasis::OfCase,
    }
}

/// Every variable of a model, in an order that does not depend on the order of clauses.
pub(super) fn variables(model: &Model) -> Program {
    let mut cuts: BTreeMap<Key, Cuts> = BTreeMap::new();
    let mut visit = |condition: &Condition| collect(&model.vocabulary, condition, &mut cuts);
    for clause in &model.clauses {
        conditions(clause, &mut visit);
    }
    for (premise, conclusion, _) in &model.vocabulary.constraints {
        visit(premise);
        visit(conclusion);
    }
    if model.clauses.iter().flat_map(bodies).any(|body| body.stage.is_some())
        && let Some((field, many)) = stage_field(&model.vocabulary)
    {
        cuts.entry(if many { Key::Members(field) } else { Key::Member(field) }).or_default();
    }
    let mut program = Program::default();
    for (key, cuts) in cuts {
        let number = u32::try_from(program.variables.len()).unwrap_or(u32::MAX);
        program.by_key.insert(key.clone(), number);
        program.variables.push(variable(model, key, cuts));
    }
    program
}

/// The field whose members put a case at a stage, and whether it may hold several.
pub(crate) fn stage_field(vocabulary: &Vocabulary) -> Option<(FieldId, bool)> {
    vocabulary.fields.iter().enumerate().find_map(|(index, field)| {
        let FieldKind::Member(enumeration) = field.kind else { return None };
        let staged = !vocabulary.enumeration(enumeration)?.stages.is_empty();
        staged.then_some((FieldId(u16::try_from(index).ok()?), field.many))
    })
}

/// What a clause says in each of its readings.
fn bodies(clause: &Clause) -> impl Iterator<Item = &Body> {
    std::iter::once(&clause.body).chain(clause.other_readings.iter().map(|reading| &reading.body))
}

/// Calls `visit` with every condition of a clause, in all readings.
fn conditions(clause: &Clause, visit: &mut impl FnMut(&Condition)) {
    for body in bodies(clause) {
        visit(&body.applies);
        for part in &body.parts {
            visit(&part.selector);
            visit(&part.requirement);
        }
        body.exceptions.iter().for_each(|exception| grounds(exception, visit));
    }
}

fn grounds(exception: &Exception, visit: &mut impl FnMut(&Condition)) {
    visit(&exception.ground);
    exception.exceptions.iter().for_each(|inner| grounds(inner, visit));
}

fn collect(vocabulary: &Vocabulary, condition: &Condition, cuts: &mut BTreeMap<Key, Cuts>) {
    match condition {
        Condition::Always | Condition::Never => {}
        Condition::Test(test) => {
            let cuts = cuts.entry(key_of(vocabulary, &test.kind)).or_default();
            match &test.kind {
                TestKind::Amount { bound, .. } | TestKind::Distance { bound, .. } | TestKind::Count { bound, .. } => {
                    cuts.numbers.insert(bound.value.clone());
                }
                TestKind::Day { bound, .. } => {
                    cuts.days.insert(*bound);
                }
                TestKind::Member { .. }
                | TestKind::Fields { .. }
                | TestKind::Flag { .. }
                | TestKind::Absent { .. }
                | TestKind::Document { .. }
                | TestKind::Attestation { .. }
                | TestKind::Parameter { .. } => {}
            }
        }
        Condition::All(inner) | Condition::Any(inner) => {
            inner.iter().for_each(|part| collect(vocabulary, part, cuts));
        }
        Condition::Not(inner) => collect(vocabulary, inner, cuts),
    }
}

fn variable(model: &Model, key: Key, cuts: Cuts) -> Variable {
    let field = key.field().and_then(|field| model.vocabulary.field(field));
    let optional = field.is_some_and(|field| field.optional);
    let domain = field.and_then(|field| field.domain);
    match &key {
        Key::Member(_) | Key::Members(_) => leaves(model, key, optional),
        Key::Amount(_, _, _) => numbers(key, cuts, domain, optional),
        Key::Distance(_, _) => numbers(key, cuts, Some(domain.unwrap_or(Domain::NotNegative)), optional),
        Key::Count(_) => count(key, cuts),
        Key::Day(_) => days(model, key, cuts, optional),
        Key::YesNo(_) => plain(key, if optional { &[NO, YES, NEITHER] } else { &[NO, YES] }),
        Key::Attestation(_, AttestationMode::Authority) | Key::Compare(_, Operator::About, _, _) => {
            plain(key, &[NO, YES, JUDGED])
        }
        Key::Presence(_)
        | Key::Compare(_, _, _, _)
        | Key::Document(_, _, _, _)
        | Key::Attestation(_, _)
        | Key::Parameter(_) => plain(key, &[NO, YES]),
    }
}

fn plain(key: Key, cells: &[u32]) -> Variable {
    let mut domain = CellSet::empty();
    cells.iter().for_each(|cell| domain.push(*cell, *cell));
    Variable { key, scale: Scale::Plain, none: NEITHER, domain, may_be_empty: false }
}

fn leaves(model: &Model, key: Key, optional: bool) -> Variable {
    let kind = key.field().and_then(|field| model.vocabulary.field(field)).map(|field| &field.kind);
    let (enumeration, may_be_empty) = match kind {
        Some(FieldKind::Member(enumeration)) => (model.vocabulary.enumeration(*enumeration), false),
        Some(FieldKind::Areas(enumeration)) => (model.vocabulary.enumeration(*enumeration), true),
        _ => (None, false),
    };
    let none = u32::try_from(enumeration.map_or(0, |found| found.leaf_count)).unwrap_or(u32::MAX);
    let mut domain = none.checked_sub(1).map_or_else(CellSet::empty, |last| CellSet::range(0, last));
    if optional {
        domain.push(none, none);
    }
    Variable { key, scale: Scale::Plain, none, domain, may_be_empty }
}

fn numbers(key: Key, mut cuts: Cuts, domain: Option<Domain>, optional: bool) -> Variable {
    if domain.is_some() {
        cuts.numbers.insert(Number::ZERO);
    }
    let scale = Scale::Numbers(cuts.numbers.into_iter().collect());
    let none = none_of(&scale);
    let mut variable = Variable { key, scale, none, domain: CellSet::empty(), may_be_empty: false };
    let zero = variable.cell_of_number(&Number::ZERO);
    let first = match domain {
        Some(Domain::Positive) => zero.saturating_add(1),
        Some(Domain::NotNegative) => zero,
        None => 0,
    };
    variable.domain = CellSet::range(first, if optional { none } else { none.saturating_sub(1) });
    variable
}

/// A number of things: whole, and none below zero.
fn count(key: Key, cuts: Cuts) -> Variable {
    let mut variable = numbers(key, cuts, Some(Domain::NotNegative), false);
    let Scale::Numbers(cuts) = &variable.scale else { return variable };
    let mut empty = CellSet::empty();
    for (index, pair) in cuts.windows(2).enumerate() {
        let whole = |number: &Number| number.to_string().parse::<i64>().ok();
        if let [below, above] = pair
            && whole(below).zip(whole(above)).is_some_and(|(below, above)| above == below + 1)
        {
            let cell = u32::try_from(index).unwrap_or(u32::MAX / 4).saturating_mul(2).saturating_add(2);
            empty.push(cell, cell);
        }
    }
    variable.domain = variable.domain.without(&empty);
    variable
}

fn none_of(scale: &Scale) -> u32 {
    let cuts = match scale {
        Scale::Plain => 0,
        Scale::Numbers(cuts) => cuts.len(),
        Scale::Days(cuts) => cuts.len(),
    };
    u32::try_from(cuts).unwrap_or(u32::MAX / 4).saturating_mul(2).saturating_add(1)
}

fn days(model: &Model, key: Key, mut cuts: Cuts, optional: bool) -> Variable {
    let period = key.field().filter(|field| is_as_of(&model.vocabulary, *field)).and_then(|_| period(model));
    if let Some((first, last)) = period {
        cuts.days.extend([first, last]);
    }
    let days: Vec<Date> = cuts.days.into_iter().collect();
    let mut empty = CellSet::empty();
    for (index, pair) in days.windows(2).enumerate() {
        if let [before, after] = pair
            && next_day(*before) == Some(*after)
        {
            let cell = u32::try_from(index).unwrap_or(u32::MAX / 4).saturating_mul(2).saturating_add(2);
            empty.push(cell, cell);
        }
    }
    let scale = Scale::Days(days);
    let none = none_of(&scale);
    let mut variable = Variable { key, scale, none, domain: CellSet::empty(), may_be_empty: false };
    let mut domain = match period {
        Some((first, last)) => CellSet::range(variable.cell_of_day(first), variable.cell_of_day(last)),
        None => CellSet::range(0, none.saturating_sub(1)),
    };
    if optional {
        domain.push(none, none);
    }
    variable.domain = domain.without(&empty);
    variable
}

/// Whether a field is the day as of which a case is ruled.
pub(crate) fn is_as_of(vocabulary: &Vocabulary, field: FieldId) -> bool {
    vocabulary.field(field).is_some_and(|field| field.name.key() == "as-of")
}

/// First and last day of the plan's period.
pub(crate) fn period(model: &Model) -> Option<(Date, Date)> {
    let (first, last) = model.plan.as_ref()?.period?;
    Some((Date::new(first, 1, 1)?, Date::new(last, 12, 31)?))
}

/// The day after.
fn next_day(day: Date) -> Option<Date> {
    let text = day.to_string();
    let mut parts = text.rsplitn(3, '-');
    let date: u8 = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let year = day.year();
    Date::new(year, month, date + 1).or_else(|| Date::new(year, month + 1, 1)).or_else(|| Date::new(year + 1, 1, 1))
}
