//! An empty form of the facts, in YAML, which is a fact file as it stands.

use adit::diagnostic::Language;
use adit::rulebook::{FieldDescription, FieldType, MemberDescription};

use crate::words::Say;

/// How many values are written out in a remark.
const MOST_VALUES: usize = 12;

/// How many clauses are named in a remark.
const MOST_CLAUSES: usize = 6;

/// The form.
pub(crate) fn empty(fields: &[FieldDescription], language: Language) -> String {
    let mut text = format!("# {}\n", Say::FormHead.text(language));
    for field in fields {
        let name = if language == Language::Chinese { &field.label } else { &field.key };
        let remark = remark(field, language);
        text.push_str(&format!("\n# {remark}\n"));
        let mapped = matches!(field.kind, FieldType::Distances | FieldType::Documents | FieldType::Attestations);
        text.push_str(&format!("{}:\n", quoted(name)));
        if mapped {
            for member in &field.members {
                text.push_str(&format!("  {}:\n", quoted(member_name(member, language))));
            }
        }
    }
    text
}

fn remark(field: &FieldDescription, language: Language) -> String {
    let say = |text: Say| text.text(language);
    let mut parts: Vec<String> = Vec::new();
    let values = || {
        let asked = field.members.iter().filter(|member| member.asked || field.members.len() <= MOST_VALUES);
        let names: Vec<&str> = asked.map(|member| member_name(member, language)).collect();
        let more = if names.len() > MOST_VALUES { " …" } else { "" };
        let shown: Vec<&str> = names.into_iter().take(MOST_VALUES).collect();
        format!("{}{more}", shown.join(if language == Language::Chinese { "、" } else { ", " }))
    };
    match field.kind {
        FieldType::Enum if field.many => parts.push(format!("{} {}", say(Say::FormMany), values())),
        FieldType::Enum => parts.push(format!("{} {}", say(Say::FormOneOf), values())),
        FieldType::Areas => parts.push(format!("{} {}，{}", say(Say::FormMany), values(), say(Say::FormEmptyList))),
        FieldType::YesNo | FieldType::Documents | FieldType::Attestations => {
            parts.push(format!("{}/{}", say(Say::Yes), say(Say::No)));
        }
        FieldType::Quantity | FieldType::Distances => {
            parts.push(format!("{} {}", say(Say::FormQuantity), field.units.join(" ")).trim_end().to_owned());
        }
        FieldType::Date => parts.push(say(Say::FormDate).to_owned()),
        FieldType::Text => parts.push(say(Say::FormText).to_owned()),
        FieldType::Conversions => parts.push(say(Say::FormConversions).to_owned()),
    }
    let more = field.clauses.len().saturating_sub(MOST_CLAUSES);
    let mut clauses = field.clauses.iter().take(MOST_CLAUSES).cloned().collect::<Vec<_>>().join(" ");
    if more > 0 {
        clauses.push_str(&format!(" +{more}"));
    }
    parts.push(format!("{} {clauses}", say(Say::ReadBy)));
    parts.join(if language == Language::Chinese { "；" } else { "; " })
}

fn member_name(member: &MemberDescription, language: Language) -> &str {
    if language == Language::Chinese { &member.label } else { &member.key }
}

/// A key as YAML takes it.
fn quoted(name: &str) -> String {
    let plain = name.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '（' | '）'));
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}
