//! Facts in words.

use crate::diagnostic::Language;
use crate::facts::FactValue;
use crate::model::{EnumerationId, FieldId, MemberId, Model};
use crate::quantity::Dimension;

/// The enumeration of a field.
#[must_use]
pub fn enumeration_of(model: &Model, field: FieldId) -> Option<EnumerationId> {
    model.vocabulary.field(field)?.kind.enumeration()
}

/// The name of a member of a field's enumeration, in the vocabulary's first language.
#[must_use]
pub fn member_text(model: &Model, field: FieldId, member: MemberId) -> String {
    let found = enumeration_of(model, field).and_then(|enumeration| model.vocabulary.member(enumeration, member));
    found.map(|member| member.name.chinese.clone()).unwrap_or_default()
}

/// The key of a member of a field's enumeration.
#[must_use]
pub fn member_key(model: &Model, field: FieldId, member: MemberId) -> String {
    let found = enumeration_of(model, field).and_then(|enumeration| model.vocabulary.member(enumeration, member));
    found.map(|member| member.name.key().to_owned()).unwrap_or_default()
}

/// A yes/no in words.
#[must_use]
pub const fn yes_no(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}

/// "There is none" in words.
pub const NONE: &str = "无";

/// A fact as its author would write it.
#[must_use]
pub fn fact_text(model: &Model, field: FieldId, value: &FactValue) -> String {
    let list = |words: Vec<String>| if words.is_empty() { NONE.to_owned() } else { words.join("、") };
    let name = |member: &MemberId| member_text(model, field, *member);
    match value {
        FactValue::None => NONE.to_owned(),
        FactValue::Members(members) => list(members.iter().map(name).collect()),
        FactValue::YesNo(yes) => yes_no(*yes).to_owned(),
        FactValue::Day(day) => day.to_string(),
        FactValue::Texts(texts) => list(texts.clone()),
        FactValue::Amount(quantity) => quantity.text(),
        FactValue::Distances(distances) => list(
            distances.iter().map(|(feature, (length, _))| format!("{} {}", name(feature), length.text())).collect(),
        ),
        FactValue::Documents(documents) => {
            list(documents.iter().filter(|(_, fact)| fact.present).map(|(document, _)| name(document)).collect())
        }
        FactValue::Attestations(found) => {
            let said = |(number, (yes, _)): (&u16, &(bool, Option<crate::span::Span>))| {
                format!("「{}」{}", attestation(model, *number), yes_no(*yes))
            };
            // By name: the numbers follow the order of the rules, which must not show.
            let mut said: Vec<String> = found.iter().map(said).collect();
            said.sort();
            list(said)
        }
        FactValue::Conversions(list_of) => list(
            list_of
                .iter()
                .map(|(from, to, factor, _)| format!("{} → {} × {factor}", basis(model, *from), basis(model, *to)))
                .collect(),
        ),
    }
}

/// A fact in the words of a language, as far as the vocabulary has them.
#[must_use]
pub fn fact_words(model: &Model, field: FieldId, value: &FactValue, language: Language) -> String {
    if language == Language::Chinese {
        return fact_text(model, field, value);
    }
    let list = |words: Vec<String>| if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    let name = |member: &MemberId| member_key(model, field, *member);
    match value {
        FactValue::None => "none".to_owned(),
        FactValue::Members(members) => list(members.iter().map(name).collect()),
        FactValue::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        FactValue::Distances(distances) => list(
            distances.iter().map(|(feature, (length, _))| format!("{} {}", name(feature), length.text())).collect(),
        ),
        FactValue::Documents(documents) => {
            list(documents.iter().filter(|(_, fact)| fact.present).map(|(document, _)| name(document)).collect())
        }
        FactValue::Day(_)
        | FactValue::Texts(_)
        | FactValue::Amount(_)
        | FactValue::Attestations(_)
        | FactValue::Conversions(_) => fact_text(model, field, value),
    }
}

/// The name of an attestation.
#[must_use]
pub fn attestation(model: &Model, number: u16) -> String {
    model.attestations.get(number as usize).cloned().unwrap_or_default()
}

/// The name of a basis.
#[must_use]
pub fn basis(model: &Model, basis: crate::quantity::BasisId) -> String {
    model.vocabulary.bases.get(basis.0 as usize).map(|name| name.chinese.clone()).unwrap_or_default()
}

/// The key of a dimension's base unit, from the keys of the base units: `t/a`. `None` for a plain number.
#[must_use]
pub fn base_unit(model: &Model, dimension: Dimension) -> Option<String> {
    let unit = |base| {
        let wanted = Dimension::base(base);
        let units = &model.vocabulary.units;
        let found = units.iter().find(|unit| unit.dimension == wanted && unit.factor == 1);
        found.map(|unit| unit.name.key().to_owned()).unwrap_or_default()
    };
    let mut above = Vec::new();
    let mut below = Vec::new();
    for (base, power) in dimension.powers() {
        let list = if power > 0 { &mut above } else { &mut below };
        for _ in 0..power.unsigned_abs() {
            list.push(unit(base));
        }
    }
    match (above.is_empty(), below.is_empty()) {
        (true, true) => None,
        (false, true) => Some(above.join("·")),
        (true, false) => Some(format!("1/{}", below.join("/"))),
        (false, false) => Some(format!("{}/{}", above.join("·"), below.join("/"))),
    }
}
