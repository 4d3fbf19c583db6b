//! Cases written in rule files: `情形` and `结论`.

use serde_json::{Map, Value};

use crate::ast::{Entry, Item, ItemKind, Role, Sign, Token, TokenKind};
use crate::check::lexicon::Meaning;
use crate::check::names::{folded, split, split_once, words};
use crate::check::pieces::{Piece, pieces};
use crate::check::plan::{malformed, title_of};
use crate::check::scope::Scope;
use crate::check::vocabulary::tokens_of;
use crate::check::{Input, items};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Expectation, FieldId, FieldKind, WrittenCase};
use crate::source::Source;
use crate::span::Span;

const STATUSES: [(&str, &str); 7] = [
    ("不适用", "not-applicable"),
    ("不符合", "violated"),
    ("符合", "satisfied"),
    ("需论证", "discretion"),
    ("未定", "undetermined"),
    // Not statuses, but where a clause is listed that decides nothing here.
    ("附带义务", "later-duty"),
    ("本部门办理事项", "authority-duty"),
];

const RULINGS: [(&str, &str); 10] = [
    ("不符合规划", "refused"),
    ("暂不能认定，需补正", "incomplete"),
    ("暂不能认定", "incomplete"),
    ("需补正", "incomplete"),
    ("需论证，提请集体研究", "for-decision"),
    ("需论证", "for-decision"),
    ("提请集体研究", "for-decision"),
    ("规划未作规定", "not-covered"),
    ("符合规划", "admissible"),
    ("", ""),
];

pub(super) fn read_cases(scope: &mut Scope, inputs: &[Input<'_>]) {
    for (item, source) in items(inputs, ItemKind::Case) {
        let before = scope.problems.len();
        let case = read_case(scope, item, source);
        let lacks = [(case.given.is_empty(), Role::Given), (case.expectations.is_empty(), Role::Expect)];
        // What could not be read may have been what it lacks.
        if scope.problems.len() == before && !item.damaged {
            for (_, role) in lacks.into_iter().filter(|(lacks, _)| *lacks) {
                let word = Words::new(role.chinese(), role.english());
                let problem = Problem::error(Code::IncompleteCase, item.head_span());
                scope.problems.push(problem.with(case.name.clone()).with_words(word));
            }
        }
        scope.model.cases.push(case);
    }
}

fn read_case(scope: &mut Scope, item: &Item, source: &Source) -> WrittenCase {
    let mut case = WrittenCase {
        name: title_of(item),
        given: Vec::new(),
        readings: Vec::new(),
        expectations: Vec::new(),
        span: item.head_span(),
    };
    let mut role = None;
    for entry in &item.entries {
        role = entry.role.as_ref().map(|found| found.kind).or(role);
        let Some(tokens) = tokens_of(entry) else { continue };
        match role {
            Some(Role::Given) => {
                if !tokens.is_empty() {
                    given(scope, &mut case, tokens, entry, source);
                }
            }
            Some(Role::Expect) => expect(scope, &mut case, tokens, entry),
            Some(Role::Reading) => reading(scope, &mut case, tokens, entry),
            _ => malformed(scope, entry),
        }
    }
    case
}

fn reading(scope: &mut Scope, case: &mut WrittenCase, tokens: &[Token], entry: &Entry) {
    let name = tokens.iter().find_map(|token| match &token.kind {
        TokenKind::Quote(text) => Some(text.clone()),
        _ => None,
    });
    match (words(tokens).first(), name) {
        (Some(clause), Some(name)) => case.readings.push((clause.clone(), name)),
        _ => malformed(scope, entry),
    }
}

fn expect(scope: &mut Scope, case: &mut WrittenCase, tokens: &[Token], entry: &Entry) {
    let spelled = words(tokens);
    let code = |table: &[(&str, &str)], word: &str| {
        let found = table.iter().find(|(chinese, english)| !word.is_empty() && (*chinese == word || *english == word));
        found.map(|(_, english)| (*english).to_owned())
    };
    let expectation = match spelled.as_slice() {
        [only] => code(&RULINGS, only).map(Expectation::Ruling),
        [clause, status] => {
            if !scope.model.clauses.iter().any(|known| known.id == *clause) {
                let span = tokens.first().map(|token| token.span).unwrap_or(entry.span);
                scope.problems.push(Problem::error(Code::UnknownClause, span).with(clause.clone()));
                return;
            }
            code(&STATUSES, status).map(|status| Expectation::Status(clause.clone(), status))
        }
        _ => None,
    };
    match expectation {
        Some(expectation) => case.expectations.push((expectation, entry.span)),
        None => malformed(scope, entry),
    }
}

fn given(scope: &mut Scope, case: &mut WrittenCase, tokens: &[Token], entry: &Entry, source: &Source) {
    if let Some((key, value)) = split_once(tokens, Sign::Colon) {
        let name = words(key).join(" ");
        let Some(field) = scope.model.vocabulary.field_named(&name) else {
            scope.problems.push(Problem::error(Code::UnknownKey, entry.span).with(name));
            return;
        };
        let value = field_value(scope, field, value, source);
        put(case, scope.field_name(field), value, entry.span);
        return;
    }
    let cut = pieces(tokens, &scope.lexicon, &mut scope.problems);
    for piece in cut {
        bare(scope, case, &piece, entry);
    }
}

/// A value without its field: the field follows from the term.
fn bare(scope: &mut Scope, case: &mut WrittenCase, piece: &Piece, entry: &Entry) {
    let Piece::Term(term) = piece else { return malformed(scope, entry) };
    let meaning = term.meanings.iter().find_map(|meaning| match meaning {
        Meaning::Member(enumeration, _) => {
            let field = *scope.bare_fields_of(*enumeration).first()?;
            let text = Value::String(term.spelling.clone());
            let value = match scope.kind(field)? {
                FieldKind::Documents(_) | FieldKind::Areas(_) => Value::Array(vec![text]),
                _ => text,
            };
            Some((field, value))
        }
        Meaning::Field(field) => matches!(scope.kind(*field)?, FieldKind::YesNo).then_some((*field, Value::Bool(true))),
        _ => None,
    });
    match meaning {
        Some((field, value)) => put(case, scope.field_name(field), value, entry.span),
        None => {
            let is_head_noun = term.meanings.contains(&Meaning::HeadNoun);
            if !is_head_noun {
                scope.problems.push(Problem::error(Code::UnknownWord, term.span).with(term.spelling.clone()));
            }
        }
    }
}

/// Adds a fact; two of one list field are both meant.
fn put(case: &mut WrittenCase, key: String, value: Value, span: Span) {
    if let Some((_, known, _)) = case.given.iter_mut().find(|(other, _, _)| *other == key) {
        *known = match (known.take(), value) {
            (Value::Array(mut list), Value::Array(more)) => {
                list.extend(more);
                Value::Array(list)
            }
            (Value::Object(mut map), Value::Object(more)) => {
                map.extend(more);
                Value::Object(map)
            }
            (Value::Array(mut list), one) => {
                list.push(one);
                Value::Array(list)
            }
            (one, other) => Value::Array(vec![one, other]),
        };
        return;
    }
    case.given.push((key, value, span));
}

fn field_value(scope: &Scope, field: FieldId, tokens: &[Token], source: &Source) -> Value {
    let text = |part: &[Token]| match (part.first(), part.last()) {
        (Some(first), Some(last)) => match (&first.kind, part.len()) {
            (TokenKind::Quote(inner), 1) => inner.clone(),
            _ => source.slice(first.span.to(last.span)).trim().to_owned(),
        },
        _ => String::new(),
    };
    let parts = split(tokens, Sign::Listing);
    // 非「…」 and 「…」 否 say that it is not so.
    let says = |part: &&[Token]| {
        let denies = |token: &Token, words: [&str; 3]| match &token.kind {
            TokenKind::Run(run) => words.contains(&folded(run).as_str()),
            _ => false,
        };
        match part {
            [first, rest @ ..] if denies(first, ["非", "不是", "not"]) => (text(rest), Value::Bool(false)),
            [rest @ .., last] if denies(last, ["否", "无", "no"]) => (text(rest), Value::Bool(false)),
            _ => (text(part), Value::Bool(true)),
        }
    };
    let named = || Value::Object(parts.iter().map(says).collect::<Map<String, Value>>());
    let none = matches!(text(tokens).as_str(), "无" | "none");
    match scope.kind(field) {
        Some(FieldKind::Areas(_) | FieldKind::Documents(_)) if none => Value::Array(Vec::new()),
        Some(FieldKind::Areas(_)) => Value::Array(parts.iter().map(|part| Value::String(text(part))).collect()),
        Some(FieldKind::Documents(_) | FieldKind::Attestations) => named(),
        Some(FieldKind::Distances(_)) => Value::Object(parts.iter().filter_map(|part| distance(part, &text)).collect()),
        Some(FieldKind::YesNo) => match text(tokens).as_str() {
            "是" | "yes" | "true" => Value::Bool(true),
            "否" | "no" | "false" => Value::Bool(false),
            other => Value::String(other.to_owned()),
        },
        _ if parts.len() > 1 => Value::Array(parts.iter().map(|part| Value::String(text(part))).collect()),
        _ => Value::String(text(tokens)),
    }
}

/// `长江干流岸线 5千米`.
fn distance(part: &[Token], text: &dyn Fn(&[Token]) -> String) -> Option<(String, Value)> {
    let number = part.iter().position(|token| matches!(token.kind, TokenKind::Number(_)))?;
    let feature: Vec<String> = part
        .iter()
        .take(number)
        .filter_map(|token| match &token.kind {
            TokenKind::Run(run) => Some(folded(run)),
            _ => None,
        })
        .collect();
    Some((feature.concat(), Value::String(text(part.get(number..)?))))
}
