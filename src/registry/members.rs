//! The mines of a registry, and the registry as it is after an application.

use std::collections::BTreeMap;

use crate::facts::{CaseFacts, FactValue};
use crate::model::{FieldId, FieldKind, MemberId, Model, RegistryEffect};

/// One mine.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// Its facts.
    pub facts: std::borrow::Cow<'a, CaseFacts>,
    /// What it is called in lists.
    pub name: String,
}

/// A set of mines.
#[derive(Debug, Clone, Default)]
pub struct Records<'a> {
    records: Vec<Record<'a>>,
}

/// Why an application does not fit a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryFault {
    /// A new mine is in the registry already, under this name.
    AlreadyThere(String),
    /// No record has the application's id or name.
    NotThere(String),
    /// Several records have its name.
    Several(String),
    /// The application says neither id nor name.
    Nameless,
    /// What the application does is not said.
    NoActivity,
}

impl<'a> Records<'a> {
    /// A set of mines from their facts. A mine is called by its name, else by its id, else by its place in the list.
    pub fn new(model: &Model, facts: impl IntoIterator<Item = &'a CaseFacts>) -> Self {
        let records = facts.into_iter().enumerate().map(|(index, facts)| Record {
            name: called(name_of(model, facts), index),
            facts: std::borrow::Cow::Borrowed(facts),
        });
        Self { records: records.collect() }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The facts of each.
    pub fn facts(&self) -> impl Iterator<Item = &CaseFacts> {
        self.records.iter().map(|record| record.facts.as_ref())
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Record<'a>> {
        self.records.iter()
    }
}

fn text_field<'f>(model: &Model, facts: &'f CaseFacts, key: &str) -> Option<&'f str> {
    match &facts.get(model.vocabulary.field_named(key)?)?.value {
        FactValue::Texts(texts) => texts.first().map(String::as_str),
        _ => None,
    }
}

/// What a mine at this place of a list is called.
pub(super) fn called(name: Option<String>, index: usize) -> String {
    name.unwrap_or_else(|| format!("#{}", index + 1))
}

/// What a mine calls itself: by its name, else by its id.
pub(super) fn name_of(model: &Model, facts: &CaseFacts) -> Option<String> {
    let found = text_field(model, facts, "name").or_else(|| text_field(model, facts, "id"));
    found.map(str::to_owned)
}

/// The registry after an application: the vocabulary says what each activity does to it.
///
/// # Errors
/// The application does not fit the registry.
pub fn after<'a>(
    model: &Model,
    registry: &Records<'a>,
    application: &'a CaseFacts,
) -> Result<Records<'a>, RegistryFault> {
    let effect = effect(model, application).ok_or(RegistryFault::NoActivity)?;
    let mut records = registry.records.clone();
    let own = find(model, registry, application)?;
    let name = || name_of(model, application).unwrap_or_default();
    match (effect, own) {
        (RegistryEffect::Adds, Some(_)) => return Err(RegistryFault::AlreadyThere(name())),
        (RegistryEffect::Adds, None) => records.push(record(model, application)),
        (RegistryEffect::Updates | RegistryEffect::Removes, None) if name().is_empty() => {
            return Err(RegistryFault::Nameless);
        }
        (RegistryEffect::Updates | RegistryEffect::Removes, None) => return Err(RegistryFault::NotThere(name())),
        (RegistryEffect::Updates, Some(index)) => {
            if let Some(slot) = records.get_mut(index) {
                slot.facts = std::borrow::Cow::Owned(updated(slot.facts.as_ref(), application));
            }
        }
        (RegistryEffect::Removes, Some(index)) => {
            records.remove(index);
        }
        (RegistryEffect::Merges, own) => {
            let gone = replaced(model, registry, application)?;
            let kept =
                records.into_iter().enumerate().filter(|(index, _)| !gone.contains(index) && Some(*index) != own);
            records = kept.map(|(_, record)| record).collect();
            records.push(record(model, application));
        }
    }
    Ok(Records { records })
}

/// The record of an application's mine in the registry after it; `None` where that is no longer there.
pub(super) fn record_of<'r>(model: &Model, then: &'r Records<'_>, application: &CaseFacts) -> Option<&'r CaseFacts> {
    let place = match effect(model, application)? {
        RegistryEffect::Adds | RegistryEffect::Merges => then.records.len().checked_sub(1)?,
        RegistryEffect::Updates => find(model, then, application).ok()??,
        RegistryEffect::Removes => return None,
    };
    then.records.get(place).map(|record| record.facts.as_ref())
}

fn record<'a>(model: &Model, facts: &'a CaseFacts) -> Record<'a> {
    let name = name_of(model, facts).unwrap_or_default();
    Record { name, facts: std::borrow::Cow::Borrowed(facts) }
}

/// A record with what an application says of it.
fn updated(record: &CaseFacts, application: &CaseFacts) -> CaseFacts {
    let mut facts = record.clone();
    for (field, fact) in application.iter() {
        facts.set(field, fact.clone());
    }
    facts
}

/// What the application's activity does to a registry.
fn effect(model: &Model, application: &CaseFacts) -> Option<RegistryEffect> {
    for (number, field) in (0u16..).zip(&model.vocabulary.fields) {
        let FieldKind::Member(enumeration) = field.kind else { continue };
        let Some(enumeration) = model.vocabulary.enumeration(enumeration) else { continue };
        if enumeration.registry_effects.is_empty() {
            continue;
        }
        let Some(FactValue::Members(members)) = application.get(FieldId(number)).map(|fact| &fact.value) else {
            return None;
        };
        let effects: BTreeMap<MemberId, RegistryEffect> = enumeration.registry_effects.iter().copied().collect();
        // What is done besides, the first that tells decides.
        return members.iter().find_map(|member| {
            effects.get(member).copied().or_else(|| {
                let own = &enumeration.members.get(member.0 as usize)?.leaves;
                let within = |genus: &MemberId| {
                    enumeration.members.get(genus.0 as usize).is_some_and(|genus| own.within(&genus.leaves))
                };
                effects.iter().find(|(genus, _)| within(genus)).map(|(_, effect)| *effect)
            })
        });
    }
    None
}

/// The one record that has the id, else the name, of a case.
fn find(model: &Model, registry: &Records<'_>, case: &CaseFacts) -> Result<Option<usize>, RegistryFault> {
    for key in ["id", "name"] {
        let Some(wanted) = text_field(model, case, key) else { continue };
        if let Some(index) = only(model, registry, key, wanted)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn only(model: &Model, registry: &Records<'_>, key: &str, wanted: &str) -> Result<Option<usize>, RegistryFault> {
    let having = registry.facts().enumerate().filter(|(_, facts)| text_field(model, facts, key) == Some(wanted));
    let found: Vec<usize> = having.map(|(index, _)| index).collect();
    match found.as_slice() {
        [] => Ok(None),
        [index] => Ok(Some(*index)),
        _ => Err(RegistryFault::Several(wanted.to_owned())),
    }
}

/// The records that a merger replaces.
fn replaced(model: &Model, registry: &Records<'_>, application: &CaseFacts) -> Result<Vec<usize>, RegistryFault> {
    let field = model.vocabulary.field_named("replaces");
    let Some(FactValue::Texts(names)) = field.and_then(|field| application.get(field)).map(|fact| &fact.value) else {
        return Ok(Vec::new());
    };
    let mut gone = Vec::new();
    for wanted in names {
        let found = match only(model, registry, "id", wanted)? {
            Some(index) => Some(index),
            None => only(model, registry, "name", wanted)?,
        };
        gone.push(found.ok_or_else(|| RegistryFault::NotThere(wanted.clone()))?);
    }
    Ok(gone)
}
