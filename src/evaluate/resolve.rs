//! From facts to the states of variables.

use crate::evaluate::amount::{Measure, Measured};
use crate::evaluate::state::State;
use crate::facts::{DocumentFact, FactValue};
use crate::model::{AttestationMode, DocumentQuestion, FieldId, LeafSet, MemberId};
use crate::program::{CellSet, JUDGED, Key, NO, Variable, YES};
use crate::quantity::Number;

/// The state of one variable, and whether a rule of reading put it there for want of a fact.
pub(super) fn resolve(measure: &Measure<'_>, variable: &Variable) -> (State, bool) {
    let plain = |state| (state, false);
    match &variable.key {
        Key::Member(field) => plain(member(measure, variable, *field)),
        Key::Members(field) => plain(members(measure, variable, *field)),
        Key::YesNo(field) => plain(match value(measure, *field) {
            Some(FactValue::YesNo(yes)) => State::Cell(answer(*yes)),
            Some(FactValue::None) => State::Cell(variable.none),
            _ => unknown(variable),
        }),
        Key::Day(field) => plain(match value(measure, *field) {
            Some(FactValue::Day(day)) => State::Cell(variable.cell_of_day(*day)),
            Some(FactValue::None) => State::Cell(variable.none),
            _ => unknown(variable),
        }),
        Key::Amount(field, dimension, basis) => plain(match measure.field(*field, *dimension, *basis) {
            Measured::None => State::Cell(variable.none),
            Measured::Known(converted) => State::Cell(variable.cell_of_number(&converted.value)),
            Measured::Wanting(_) if measure.facts.get(*field).is_some() => some(variable),
            Measured::Wanting(_) => unknown(variable),
        }),
        Key::Presence(field) => plain(match value(measure, *field) {
            Some(FactValue::None) => State::Cell(YES),
            Some(_) => State::Cell(NO),
            None => unknown(variable),
        }),
        Key::Count(field) => plain(match value(measure, *field).and_then(counted) {
            Some(count) => State::Cell(variable.cell_of_number(&Number::from_integer(count))),
            None => unknown(variable),
        }),
        Key::Distance(field, feature) => plain(distance(measure, variable, *field, *feature)),
        Key::Compare(_, _, _, _) | Key::Parameter(_) => plain(unknown(variable)),
        Key::Document(field, document, about, mode) => {
            found(variable, document_says(measure, *field, *document, about), *mode)
        }
        Key::Attestation(name, mode) => found(variable, attested(measure, *name), *mode),
    }
}

fn value<'a>(measure: &Measure<'a>, field: FieldId) -> Option<&'a FactValue> {
    measure.facts.get(field).map(|fact| &fact.value)
}

const fn answer(yes: bool) -> u32 {
    if yes { YES } else { NO }
}

/// Nothing is known of it.
pub(super) fn unknown(variable: &Variable) -> State {
    if variable.is_list() {
        State::any(variable.domain.clone(), Vec::new(), variable.may_be_empty)
    } else {
        State::of(variable.domain.clone())
    }
}

/// Only that there is some.
fn some(variable: &Variable) -> State {
    State::of(variable.domain.without(&CellSet::one(variable.none)))
}

/// A document or finding that is known, or read by its rule.
fn found(variable: &Variable, known: Option<bool>, mode: AttestationMode) -> (State, bool) {
    match (known, mode) {
        (Some(yes), _) => (State::Cell(answer(yes)), false),
        (None, AttestationMode::Required | AttestationMode::Applicant) => (unknown(variable), false),
        (None, AttestationMode::Ground | AttestationMode::PresumedNot) => (State::Cell(NO), true),
        (None, AttestationMode::Authority) => (State::Cell(JUDGED), true),
    }
}

fn leaves_of(measure: &Measure<'_>, field: FieldId, member: MemberId) -> LeafSet {
    let vocabulary = &measure.model.vocabulary;
    let enumeration = vocabulary.field(field).and_then(|field| field.kind.enumeration());
    let found = enumeration.and_then(|enumeration| vocabulary.member(enumeration, member));
    found.map_or_else(LeafSet::empty, |member| member.leaves.clone())
}

fn member(measure: &Measure<'_>, variable: &Variable, field: FieldId) -> State {
    match value(measure, field) {
        Some(FactValue::Members(members)) => {
            let mut leaves = LeafSet::empty();
            members.iter().for_each(|member| leaves.unite(&leaves_of(measure, field, *member)));
            State::of(CellSet::of_leaves(&leaves))
        }
        Some(FactValue::None) => State::Cell(variable.none),
        _ => unknown(variable),
    }
}

fn members(measure: &Measure<'_>, variable: &Variable, field: FieldId) -> State {
    match value(measure, field) {
        Some(FactValue::Members(members)) => {
            let picks = members.iter().map(|member| CellSet::of_leaves(&leaves_of(measure, field, *member)));
            State::list(LeafSet::empty(), picks.collect())
        }
        Some(FactValue::None) => State::Members(LeafSet::single(variable.none as usize)),
        _ => unknown(variable),
    }
}

fn distance(measure: &Measure<'_>, variable: &Variable, field: FieldId, feature: MemberId) -> State {
    match value(measure, field) {
        Some(FactValue::Distances(distances)) => match distances.get(&feature) {
            Some((length, _)) => State::Cell(variable.cell_of_number(&length.value)),
            None => unknown(variable),
        },
        Some(FactValue::None) => State::Cell(variable.none),
        _ => unknown(variable),
    }
}

/// Whether a document is there, where that is known.
pub(super) fn document_there(measure: &Measure<'_>, field: FieldId, document: MemberId) -> Option<bool> {
    let complete = || {
        let complete = measure.roles.documents_complete.and_then(|field| value(measure, field));
        matches!(complete, Some(FactValue::YesNo(true))).then_some(false)
    };
    let asked = leaves_of(measure, field, document);
    match value(measure, field) {
        Some(FactValue::Documents(listed)) => {
            let within = |member: &MemberId| *member == document || leaves_of(measure, field, *member).within(&asked);
            if listed.iter().any(|(member, fact)| fact.present && within(member)) {
                return Some(true);
            }
            listed.get(&document).map(|fact| fact.present).or_else(complete)
        }
        Some(FactValue::None) => Some(false),
        _ => complete(),
    }
}

/// How many values a list holds.
pub(crate) fn counted(value: &FactValue) -> Option<i64> {
    let count = match value {
        FactValue::None => 0,
        FactValue::Members(members) => members.len(),
        FactValue::Texts(texts) => texts.len(),
        _ => return None,
    };
    i64::try_from(count).ok()
}

/// What a document answers to a question, where that is known: one that is not there answers no to each.
fn document_says(measure: &Measure<'_>, field: FieldId, document: MemberId, about: &DocumentQuestion) -> Option<bool> {
    let there = document_there(measure, field, document)?;
    if !there || *about == DocumentQuestion::Presence {
        return Some(there);
    }
    let Some(FactValue::Documents(listed)) = value(measure, field) else { return None };
    let asked = leaves_of(measure, field, document);
    let within = |member: &MemberId| *member == document || leaves_of(measure, field, *member).within(&asked);
    let answers = listed.iter().filter(|(member, fact)| fact.present && within(member));
    let answers: Vec<Option<bool>> = answers.map(|(_, fact)| stated(measure, fact, about)).collect();
    if answers.contains(&Some(true)) { Some(true) } else { answers.iter().all(Option::is_some).then_some(false) }
}

/// What the facts of one document tell.
fn stated(measure: &Measure<'_>, fact: &DocumentFact, about: &DocumentQuestion) -> Option<bool> {
    match about {
        DocumentQuestion::Presence => Some(fact.present),
        DocumentQuestion::State(leaves, _) => {
            let vocabulary = &measure.model.vocabulary;
            let own = &vocabulary.member(vocabulary.document_states.as_ref()?.enumeration, fact.state?)?.leaves;
            if own.within(leaves) { Some(true) } else { (!own.meets(leaves)).then_some(false) }
        }
        DocumentQuestion::Contents(number) => fact.contents.as_ref().map(|said| said.contains(number)),
        DocumentQuestion::Day(operator, bound) => fact.day.map(|day| operator.holds(day.cmp(bound))),
    }
}

/// Whether somebody has found so, where that is known.
pub(super) fn attested(measure: &Measure<'_>, name: u16) -> Option<bool> {
    match value(measure, measure.roles.attestations?) {
        Some(FactValue::Attestations(found)) => found.get(&name).map(|(yes, _)| *yes),
        Some(FactValue::None) => Some(false),
        _ => None,
    }
}
