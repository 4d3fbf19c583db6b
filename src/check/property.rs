//! Printed values under a label: `面积 是 25.3平方千米`.

use crate::ast::{Entry, Sign, Token, TokenKind};
use crate::check::amount::read_amount;
use crate::check::names::{folded, split};
use crate::check::pieces::pieces;
use crate::check::scope::Scope;
use crate::check::vocabulary::tokens_of;
use crate::date::Date;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{EnumerationId, FieldId, FieldKind, MemberId, Property, PropertyValue};
use crate::source::Source;
use crate::span::Span;

/// Words that part a label from its value.
const IS: [&str; 4] = ["是", "为", "is", "are"];

/// The value of an entry `<label> 是 <value>`, or of a value alone. `None` where it is neither, or its problems are told.
pub(super) fn read_property(scope: &mut Scope, entry: &Entry, source: &Source) -> Option<Property> {
    let tokens = tokens_of(entry)?;
    let (label, value) = parted(tokens, source);
    if value.is_empty() {
        return None;
    }
    let span = entry.span;
    property(scope, &label, value, span, source)
}

/// The label and the tokens of the value.
fn parted<'a>(tokens: &'a [Token], source: &Source) -> (String, &'a [Token]) {
    for (index, token) in tokens.iter().enumerate() {
        let TokenKind::Run(run) = &token.kind else { continue };
        let word = folded(run);
        let before = tokens.get(..index).unwrap_or_default();
        let after = tokens.get(index + 1..).unwrap_or_default();
        let label = |own: &str| {
            let start = before.first().map_or(token.span, |first| first.span);
            let text = before.last().map_or("", |last| source.slice(start.to(last.span)));
            format!("{}{own}", text.trim())
        };
        if IS.contains(&word.as_str()) && index > 0 {
            return (label(""), after);
        }
        if let Some(own) = word.strip_suffix(['是', '为'])
            && !own.is_empty()
            && !after.is_empty()
        {
            return (label(own), after);
        }
    }
    (String::new(), tokens)
}

/// A value under a label, typed by the field of that name where there is one.
pub(super) fn property(
    scope: &mut Scope,
    label: &str,
    tokens: &[Token],
    span: Span,
    source: &Source,
) -> Option<Property> {
    let field = scope.model.vocabulary.field_named(label);
    let text = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => source.slice(first.span.to(last.span)).trim().to_owned(),
        _ => return None,
    };
    let value = match field {
        Some(field) => typed(scope, field, tokens, span, source)?,
        None => free(scope, tokens),
    };
    Some(Property { label: label.to_owned(), field, value, text, span })
}

fn typed(scope: &mut Scope, field: FieldId, tokens: &[Token], span: Span, source: &Source) -> Option<PropertyValue> {
    match scope.kind(field)?.clone() {
        FieldKind::Member(enumeration) | FieldKind::Areas(enumeration) => {
            members(scope, field, enumeration, tokens, source).map(PropertyValue::Members)
        }
        FieldKind::Quantity(dimensions) => {
            let value = free(scope, tokens);
            match &value {
                PropertyValue::Amount(quantity) if dimensions.contains(&quantity.dimension) => Some(value),
                _ => {
                    let vocabulary = &scope.model.vocabulary;
                    let wanted = |chinese| {
                        let all = dimensions.iter().map(|found| vocabulary.dimension_text(*found, chinese));
                        all.collect::<Vec<_>>().join(if chinese { " 或 " } else { " or " })
                    };
                    let name = scope.field_name(field);
                    let words = Words::new(
                        format!("{name}应为 {}", wanted(true)),
                        format!("{name} is measured in {}", wanted(false)),
                    );
                    scope.problems.push(Problem::error(Code::WrongType, span).with_words(words));
                    None
                }
            }
        }
        _ => Some(free(scope, tokens)),
    }
}

/// The members that tokens list with 、, or with ; or a comma as some plans print it.
fn members(
    scope: &mut Scope,
    field: FieldId,
    enumeration: EnumerationId,
    tokens: &[Token],
    source: &Source,
) -> Option<Vec<MemberId>> {
    let mut found = Vec::new();
    for part in split(tokens, Sign::Listing)
        .into_iter()
        .flat_map(|part| split(part, Sign::Semicolon))
        .flat_map(|part| split(part, Sign::Comma))
    {
        let (first, last) = (part.first()?, part.last()?);
        let span = first.span.to(last.span);
        let word = match &first.kind {
            TokenKind::Quote(text) => text.clone(),
            _ => source.slice(span).to_owned(),
        };
        match member_named(scope, enumeration, &word) {
            Some(member) => found.push(member),
            None => {
                let problem = unknown_member(scope, field, enumeration, &word, span);
                scope.problems.push(problem);
                return None;
            }
        }
    }
    Some(found)
}

/// The member of an enumeration that is spelled so, white space aside.
pub(super) fn member_named(scope: &Scope, enumeration: EnumerationId, word: &str) -> Option<MemberId> {
    let wanted = bare(word);
    let members = &scope.enumeration(enumeration)?.members;
    let found = members.iter().position(|member| member.name.spellings().any(|name| bare(name) == wanted))?;
    u16::try_from(found).ok().map(MemberId)
}

/// The folded text without white space.
pub(super) fn bare(text: &str) -> String {
    text.chars().map(crate::ast::fold).filter(|character| !character.is_whitespace()).collect()
}

/// A cell or value that names no member, with the nearest one.
pub(super) fn unknown_member(
    scope: &Scope,
    field: FieldId,
    enumeration: EnumerationId,
    word: &str,
    span: Span,
) -> Problem {
    let name = scope.field_name(field);
    let problem = Problem::error(Code::UnknownCell, span)
        .with(word.trim())
        .with_words(Words::new(format!("「{name}」的值"), format!("value of `{name}`")));
    let members = scope.enumeration(enumeration).map(|found| found.members.as_slice()).unwrap_or_default();
    let near = crate::diagnostic::nearest(word, members.iter().flat_map(|member| member.name.spellings()));
    match near {
        Some(near) => problem.meant(near),
        None => problem,
    }
}

/// A value that no field types: a day, an amount, a yes or no, else text.
fn free(scope: &mut Scope, tokens: &[Token]) -> PropertyValue {
    if let [only] = tokens {
        match &only.kind {
            TokenKind::Date(text) => {
                if let Ok(day) = text.parse::<Date>() {
                    return PropertyValue::Day(day);
                }
                scope.problems.push(Problem::error(Code::NoSuchDate, only.span).with(text.clone()));
            }
            TokenKind::Run(run) if matches!(run.as_str(), "是" | "yes") => return PropertyValue::YesNo(true),
            TokenKind::Run(run) if matches!(run.as_str(), "否" | "no") => return PropertyValue::YesNo(false),
            _ => {}
        }
    }
    // A unit that the vocabulary does not know makes the value a text, not a mistake: plans print many.
    let mut ignored = Vec::new();
    let cut = pieces(tokens, &scope.lexicon, &mut ignored);
    let before = scope.problems.len();
    match read_amount(scope, &cut) {
        Some((quantity, _, used)) if used == cut.len() && ignored.is_empty() => PropertyValue::Amount(quantity),
        _ => {
            scope.problems.truncate(before);
            PropertyValue::Text
        }
    }
}
