//! Documents, attestations and stages of a case.

use super::*;

pub(super) fn document_known(model: &Model, facts: &CaseFacts, field: FieldId, document: MemberId) -> Option<bool> {
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
pub(super) fn document_says(
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

pub(super) fn listed_document(facts: &CaseFacts, field: FieldId, document: MemberId) -> Option<&DocumentFact> {
    match &facts.get(field)?.value {
        FactValue::Documents(list) => list.get(&document),
        _ => None,
    }
}

pub(super) fn attestation_known(model: &Model, facts: &CaseFacts, name: u16) -> Option<bool> {
    let fields = model.vocabulary.fields.iter().position(|field| field.kind == FieldKind::Attestations)?;
    match &facts.get(FieldId(u16::try_from(fields).ok()?))?.value {
        FactValue::Attestations(found) => found.get(&name).map(|(answer, _)| *answer),
        _ => None,
    }
}

/// The field of what the case does, whose members put it at a stage.
pub(super) fn stage_field(vocabulary: &Vocabulary) -> Option<FieldId> {
    let position = vocabulary.fields.iter().position(|field| match field.kind {
        FieldKind::Member(id) => vocabulary.enumeration(id).is_some_and(|found| !found.stages.is_empty()),
        _ => false,
    });
    position.and_then(|index| u16::try_from(index).ok()).map(FieldId)
}

/// The stage of a leaf of what the case does.
pub(super) fn stage_of(vocabulary: &Vocabulary, field: FieldId, leaf: usize) -> Option<usize> {
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
