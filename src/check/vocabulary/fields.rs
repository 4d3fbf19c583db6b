//! Entities and their fields: `生产规模 scale：质量/年 或 体积/年，大于 0，可变更`.

use crate::ast::{Item, ItemKind, Sign, Token, TokenKind};
use crate::check::lexicon::Meaning;
use crate::check::names::{Declared, folded, read_name, split, split_once, words};
use crate::check::scope::Scope;
use crate::check::vocabulary::taxonomy::{Draft, is_order};
use crate::check::vocabulary::{add_name, token_lines};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Derivation, DocumentStates, Domain, EnumerationId, Field, FieldId, FieldKind, Name};
use crate::quantity::{Dimension, Number};
use crate::span::Span;

const HEAD: [&str; 2] = ["词头", "head-noun"];
const DATE: [&str; 2] = ["日期", "date"];
const YES_NO: [&str; 2] = ["是否", "yes-no"];
const TEXT: [&str; 2] = ["文本", "text"];
const RATIO: [&str; 2] = ["比率", "ratio"];
const AREAS: [&str; 2] = ["区域", "areas"];
const DISTANCES: [&str; 2] = ["距离", "distances"];
const DOCUMENTS: [&str; 2] = ["材料", "documents"];
const ATTESTATIONS: [&str; 2] = ["认定", "attestations"];
const CONVERSIONS: [&str; 2] = ["折算", "conversions"];
const ZONES: [&str; 2] = ["分区", "zones"];
const BLOCKS: [&str; 2] = ["区块", "blocks"];

/// What is settled only when every field and enumeration has its number.
#[derive(Debug)]
pub struct Later {
    field: FieldId,
    derivation: Option<(String, String)>,
    graded_by: Option<String>,
    default: Option<String>,
    span: Span,
}

/// Declares the fields of an entity. Drafts gain the enumerations that stand inside declarations.
pub fn declare_fields(scope: &mut Scope, drafts: &mut Vec<Draft>, item: &Item) -> Vec<Later> {
    let mut later = Vec::new();
    let entity = scope.entities.last().map_or(0, |last| last + 1);
    let mut head = split(&item.header, Sign::Comma).into_iter();
    if let Some(declared) = head.next().and_then(|part| read_name(part, false)) {
        let is_head_noun = head.flat_map(words).any(|word| HEAD.contains(&word.as_str()));
        if is_head_noun {
            add_name(scope, &declared.name, &Meaning::HeadNoun);
            scope.heads.extend(declared.name.spellings().map(|spelling| (spelling.to_owned(), entity)));
            scope.model.vocabulary.head_nouns.push(declared.name);
        }
    }
    for line in token_lines(item).skip(1) {
        field_line(scope, drafts, line, &mut later);
    }
    scope.entities.resize(scope.model.vocabulary.fields.len(), entity);
    later
}

fn field_line(scope: &mut Scope, drafts: &mut Vec<Draft>, line: &[Token], later: &mut Vec<Later>) {
    let (head, type_and_options) = match split_once(line, Sign::Colon) {
        Some((head, rest)) => (head, Some(rest)),
        None => (line, None),
    };
    let mut parts = split(type_and_options.unwrap_or(head), Sign::Comma);
    let first = if parts.is_empty() { &[] } else { parts.remove(0) };
    let names = if type_and_options.is_some() { head } else { first };
    for name in split(names, Sign::Listing) {
        let Some(Declared { name, .. }) = read_name(name, false) else {
            let span = name.first().map(|token| token.span).unwrap_or_default();
            scope.problems.push(Problem::error(Code::MalformedEntry, span).with(name_words(name)));
            continue;
        };
        let options: Vec<String> = parts.iter().flat_map(|part| words(part)).collect();
        let kind = match type_and_options {
            Some(_) => field_kind(scope, drafts, &name, first, &options),
            None => same_named(drafts, &name.chinese).map(FieldKind::Member),
        };
        let Some(kind) = kind else {
            let place = first.first().map_or(name.span, |token| token.span);
            scope.problems.push(Problem::error(Code::UnknownWord, place).with(name_words(first)));
            continue;
        };
        add_field(scope, drafts, name, kind, &parts, later);
    }
}

fn add_field(
    scope: &mut Scope,
    drafts: &[Draft],
    mut name: Name,
    kind: FieldKind,
    options: &[&[Token]],
    later: &mut Vec<Later>,
) {
    if name.english.is_none()
        && let FieldKind::Member(id) = &kind
        && let Some(draft) = drafts.get(id.0 as usize)
    {
        name.english = draft.enumeration.name.english.clone();
    }
    let Ok(number) = u16::try_from(scope.model.vocabulary.fields.len()) else { return };
    let known = scope.model.vocabulary.fields.iter().find(|field| field.name.chinese == name.chinese);
    if let Some(known) = known {
        let first = known.name.span;
        let problem = Problem::error(Code::DuplicateName, name.span).with(name.chinese.clone());
        scope.problems.push(problem.also(first, Words::new("先在这里声明", "declared here first")));
        return;
    }
    let span = name.span;
    let mut field = Field {
        name: name.clone(),
        // There is no recovery of a process that a mine does not have: a ratio may be none unless it is said to be there.
        optional: kind == FieldKind::Quantity(vec![Dimension::NONE]),
        kind,
        many: false,
        adjustable: false,
        named_only: false,
        headline: false,
        domain: None,
        most: None,
        default: None,
        derivation: None,
        graded_by: None,
    };
    let mut waiting = Later { field: FieldId(number), derivation: None, graded_by: None, default: None, span };
    for option in options {
        let taken = apply_option(&mut field, &mut waiting, option)
            || read_elsewhere(scope, option)
            || document_states(scope, drafts, option);
        if !taken {
            let place = option.first().map_or(span, |token| token.span);
            scope.problems.push(Problem::error(Code::MalformedEntry, place).with(name_words(option)));
        }
    }
    add_name(scope, &name, &Meaning::Field(FieldId(number)));
    scope.model.vocabulary.fields.push(field);
    later.push(waiting);
}

/// Options of the type itself: the order of values listed in place, what distances are measured in.
fn read_elsewhere(scope: &Scope, option: &[Token]) -> bool {
    let spelled = words(option);
    let [only] = spelled.as_slice() else { return false };
    is_order(only) || dimension(scope, only).is_some()
}

/// `状态 材料状态`, `不具备 未具备`: the states of documents, and the genus of those in which one is not there.
fn document_states(scope: &mut Scope, drafts: &[Draft], option: &[Token]) -> bool {
    let known = scope.model.vocabulary.document_states.take();
    let found = match words(option).iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["状态" | "state", name] => {
            same_named(drafts, name).map(|enumeration| DocumentStates { enumeration, wanting: None })
        }
        ["不具备" | "wanting", genus] => known.clone().and_then(|states| {
            let wanting = drafts.get(states.enumeration.0 as usize)?.find(genus)?;
            Some(DocumentStates { wanting: Some(wanting), ..states })
        }),
        _ => None,
    };
    let taken = found.is_some();
    scope.model.vocabulary.document_states = found.or(known);
    taken
}

/// Whether the option is one, and applied.
fn apply_option(field: &mut Field, waiting: &mut Later, option: &[Token]) -> bool {
    let spelled = words(option);
    let number = option.iter().any(|token| matches!(&token.kind, TokenKind::Number(number) if number == "0"));
    match spelled.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["可无" | "optional"] => field.optional = true,
        ["必有" | "mandatory"] => field.optional = false,
        ["可多值" | "many"] => field.many = true,
        ["可变更" | "adjustable"] => field.adjustable = true,
        ["题头" | "headline"] => field.headline = true,
        ["须点名" | "named-only"] => field.named_only = true,
        ["大于" | "above"] if number => field.domain = Some(Domain::Positive),
        ["不小于" | "at-least"] if number => field.domain = Some(Domain::NotNegative),
        ["不大于" | "at-most"] => match most(option) {
            Some(number) => field.most = Some(number),
            None => return false,
        },
        ["默认" | "default", value] => waiting.default = Some((*value).to_owned()),
        ["分级" | "graded-by", amount] => waiting.graded_by = Some((*amount).to_owned()),
        ["推算" | "derived", left, "/", right] | ["推算" | "derived", left, right] => {
            waiting.derivation = Some(((*left).to_owned(), (*right).to_owned()));
        }
        _ => return false,
    }
    true
}

/// The number of `不大于 100%`.
fn most(option: &[Token]) -> Option<Number> {
    let number = option.iter().find_map(|token| match &token.kind {
        TokenKind::Number(text) => text.parse::<Number>().ok(),
        _ => None,
    });
    number.filter(|number| *number > Number::ZERO)
}

fn field_kind(
    scope: &mut Scope,
    drafts: &mut Vec<Draft>,
    name: &Name,
    type_tokens: &[Token],
    options: &[String],
) -> Option<FieldKind> {
    let spelled = words(type_tokens);
    if let [only] = spelled.as_slice() {
        let is = |list: [&str; 2]| list.contains(&only.as_str());
        let own = same_named(drafts, &name.chinese);
        let found = match () {
            () if is(DATE) => Some(FieldKind::Date),
            () if is(YES_NO) => Some(FieldKind::YesNo),
            () if is(TEXT) => Some(FieldKind::Text),
            () if is(RATIO) => Some(FieldKind::Quantity(vec![Dimension::NONE])),
            // Without a plan that declares places their names are words that nothing asks about.
            () if is(ZONES) => {
                Some(same_named(drafts, ItemKind::Zone.chinese()).map_or(FieldKind::Text, FieldKind::Areas))
            }
            () if is(BLOCKS) => {
                Some(same_named(drafts, ItemKind::Block.chinese()).map_or(FieldKind::Text, FieldKind::Member))
            }
            () if is(ATTESTATIONS) => Some(FieldKind::Attestations),
            () if is(CONVERSIONS) => Some(FieldKind::Conversions),
            () if is(AREAS) => own.map(FieldKind::Areas),
            () if is(DOCUMENTS) => own.map(FieldKind::Documents),
            () if is(DISTANCES) => {
                let measured = options.first().and_then(|word| dimension(scope, word));
                scope.model.vocabulary.distance_dimension = measured.or(scope.model.vocabulary.distance_dimension);
                own.map(FieldKind::Distances)
            }
            () => same_named(drafts, only).map(FieldKind::Member),
        };
        if found.is_some() {
            return found;
        }
    }
    let amounts: Option<Vec<Dimension>> =
        spelled.iter().filter(|word| *word != "或" && *word != "or").map(|word| dimension(scope, word)).collect();
    if let Some(amounts) = amounts.filter(|list| !list.is_empty()) {
        return Some(FieldKind::Quantity(amounts));
    }
    // One value alone is no list of values: it is a type that nobody declared.
    let lists = |token: &Token| matches!(token.kind, TokenKind::Sign(Sign::Listing | Sign::Above));
    if !type_tokens.iter().any(lists) {
        return None;
    }
    let draft = Draft::inline(scope, name.clone(), type_tokens, options);
    drafts.push(draft);
    u16::try_from(drafts.len() - 1).ok().map(|index| FieldKind::Member(EnumerationId(index)))
}

fn same_named(drafts: &[Draft], name: &str) -> Option<EnumerationId> {
    let found = drafts.iter().position(|draft| draft.enumeration.name.spellings().any(|spelling| spelling == name));
    found.and_then(|index| u16::try_from(index).ok()).map(EnumerationId)
}

/// `质量/年`: the dimension of a quotient of dimension names or unit names.
fn dimension(scope: &Scope, text: &str) -> Option<Dimension> {
    let vocabulary = &scope.model.vocabulary;
    let one = |word: &str| -> Option<Dimension> {
        if let Some(index) = vocabulary.dimensions.iter().position(|name| name.chinese == word) {
            return Some(Dimension::base(crate::quantity::BaseDimension(u8::try_from(index).ok()?)));
        }
        vocabulary.units.iter().find(|unit| unit.name.spellings().any(|name| name == word)).map(|unit| unit.dimension)
    };
    let mut words = text.split('/');
    let mut result = one(words.next()?)?;
    for word in words {
        result = result.per(one(word)?);
    }
    Some(result)
}

fn name_words(tokens: &[Token]) -> String {
    let spelled: Vec<String> = tokens
        .iter()
        .filter_map(|token| match &token.kind {
            TokenKind::Run(run) => Some(folded(run)),
            _ => None,
        })
        .collect();
    spelled.join(" ")
}

/// Settles derivations and defaults once every field and enumeration has its number.
pub fn settle(scope: &mut Scope, later: Vec<Later>) {
    for waiting in later {
        let vocabulary = &scope.model.vocabulary;
        let derivation = waiting.derivation.and_then(|(left, right)| {
            Some(Derivation::Quotient(vocabulary.field_named(&left)?, vocabulary.field_named(&right)?))
        });
        let default = waiting.default.as_ref().and_then(|word| {
            let FieldKind::Member(id) = vocabulary.field(waiting.field)?.kind else { return None };
            let members = &vocabulary.enumeration(id)?.members;
            let found = members.iter().position(|member| member.name.spellings().any(|name| name == word))?;
            u16::try_from(found).ok().map(crate::model::MemberId)
        });
        if let (Some(word), None) = (&waiting.default, default) {
            scope.problems.push(Problem::error(Code::UnknownWord, waiting.span).with(word.clone()));
        }
        let graded_by = waiting.graded_by.as_ref().and_then(|name| vocabulary.field_named(name));
        if let (Some(word), None) = (&waiting.graded_by, graded_by) {
            scope.problems.push(Problem::error(Code::UnknownWord, waiting.span).with(word.clone()));
        }
        if let Some(field) = scope.model.vocabulary.fields.get_mut(waiting.field.0 as usize) {
            field.graded_by = graded_by;
            field.derivation = derivation;
            field.default = default;
        }
    }
}
