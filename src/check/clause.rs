//! Clauses: entries to bodies, exceptions, readings.

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{Content, Entry, Item, ItemKind, Role, Sign, Token, TokenKind};
use crate::check::condition::all;
use crate::check::lexicon::Meaning;
use crate::check::names::folded;
use crate::check::phrase::{read_condition, read_phrase};
use crate::check::pieces::{Piece, pieces};
use crate::check::plan::{content_text, id_of, malformed, title_of};
use crate::check::scope::Scope;
use crate::check::vocabulary::{entries_of, tokens_of};
use crate::check::{Input, indicator, items, place, quote, table};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{
    AttestationMode, Attribute, Body, Citation, Clause, Condition, Exception, Force, OtherReading, Part, Reading,
    SUBJECTS, Subject,
};
use crate::source::Source;
use crate::span::Span;

const APPLICATION: [&str; 2] = SUBJECTS[0];
const REGISTRY: [&str; 2] = SUBJECTS[1];
const AUTHORITY: [&str; 2] = SUBJECTS[2];

/// How many clauses one set of rules may hold.
const MOST_CLAUSES: usize = 100_000;

/// The subjects that select no cases by themselves.
const WITHOUT_CONDITION: [[&str; 2]; 2] = [SUBJECTS[3], SUBJECTS[4]];

pub(super) fn read_clauses(scope: &mut Scope, inputs: &[Input<'_>]) {
    let count = items(inputs, ItemKind::Clause).count();
    if count > MOST_CLAUSES {
        let past = items(inputs, ItemKind::Clause).nth(MOST_CLAUSES).map(|(item, _)| item.head_span());
        let problem = Problem::error(Code::TooManyClauses, past.unwrap_or_default());
        scope.problems.push(problem.with(count.to_string()).with(MOST_CLAUSES.to_string()));
        return;
    }
    let mut ids: BTreeMap<String, Span> = BTreeMap::new();
    let kinds = [ItemKind::Clause, ItemKind::Indicator, ItemKind::Table, ItemKind::Figure, ItemKind::Advisory];
    for kind in kinds {
        for (item, _) in items(inputs, kind) {
            unique_id(scope, &mut ids, item);
        }
    }
    for (item, source) in items(inputs, ItemKind::Clause) {
        if let Some(clause) = read_clause(scope, item, source) {
            quote::check_clause(scope, &clause);
            scope.model.clauses.push(clause);
        }
    }
    table::read_tables(scope, inputs);
    indicator::read_indicators(scope, inputs);
    for item in kinds.into_iter().flat_map(|kind| items(inputs, kind)).map(|(item, _)| item) {
        let own = place::entry_ids(item).into_iter().map(|id| (id, item.head_span()));
        scope.model.entries.extend(own);
    }
    let heads: BTreeSet<Span> =
        kinds.into_iter().flat_map(|kind| items(inputs, kind)).map(|(item, _)| item.head_span()).collect();
    made_ids(scope, &mut ids, &heads);
    check_precedence(scope, &ids);
}

/// The ids that rows of tables carry: each once, over all files.
fn made_ids(scope: &mut Scope, ids: &mut BTreeMap<String, Span>, heads: &BTreeSet<Span>) {
    let model = &scope.model;
    let clauses = model.clauses.iter().map(|clause| (&clause.id, clause.span));
    let indicators = model.indicators.iter().map(|indicator| (&indicator.id, indicator.span));
    let figures = model.figures.iter().map(|figure| (&figure.id, figure.span));
    let made: Vec<(String, Span)> =
        clauses.chain(indicators).chain(figures).map(|(id, span)| (id.clone(), span)).collect();
    // What an item says under its own id has been looked at with the items.
    for (id, span) in made.into_iter().filter(|(_, span)| !heads.contains(span)) {
        match ids.get(&id) {
            Some(first) => {
                let problem = Problem::error(Code::DuplicateId, span).with(id.clone());
                scope.problems.push(problem.also(*first, Words::new("先在这里", "first here")));
            }
            None => {
                ids.insert(id, span);
            }
        }
    }
}

fn unique_id(scope: &mut Scope, ids: &mut BTreeMap<String, Span>, item: &Item) {
    let Some(id) = &item.id else { return };
    if let Some(first) = ids.insert(id.kind.clone(), id.span) {
        let problem = Problem::error(Code::DuplicateId, id.span).with(id.kind.clone());
        scope.problems.push(problem.also(first, Words::new("先在这里", "first here")));
        ids.insert(id.kind.clone(), first);
    }
}

/// The citations of an item.
pub(super) fn citations(item: &Item) -> Vec<Citation> {
    let mut found = Vec::new();
    for entry in entries_of(item, Role::Cite) {
        let tokens = tokens_of(entry).unwrap_or_default();
        let mut section = String::new();
        let mut quoted = Vec::new();
        for token in tokens {
            match &token.kind {
                TokenKind::Run(text) => section.push_str(text.trim()),
                TokenKind::Quote(text) => quoted.push(text.clone()),
                _ => {}
            }
        }
        if quoted.is_empty() {
            found.push(Citation { section, quote: None, span: entry.span });
            continue;
        }
        for quote in quoted {
            found.push(Citation { section: section.clone(), quote: Some(quote), span: entry.span });
        }
    }
    found
}

/// The text of an entry.
pub(super) fn text_of(entry: &Entry, source: &Source) -> String {
    content_text(entry, source)
}

/// A clause of an item's id, title and citations that says nothing yet.
pub(super) fn blank(item: &Item) -> Clause {
    Clause {
        id: id_of(item),
        title: title_of(item),
        citations: citations(item),
        span: item.head_span(),
        ..Clause::nothing()
    }
}

fn read_clause(scope: &mut Scope, item: &Item, source: &Source) -> Option<Clause> {
    let mut clause = blank(item);
    let (base, others) = split_readings(&item.entries);
    for entry in &base {
        describe(scope, &mut clause, entry, source);
    }
    readings(scope, &mut clause, item, source);
    let before = scope.problems.len();
    let body = read_body(scope, &clause, &base, source);
    let malformed = scope.problems.len() > before;
    match body {
        Some(body) => clause.body = body,
        None => {
            if !malformed && !item.damaged {
                let problem = Problem::error(Code::EmptyClause, clause.span).with(clause.id.clone());
                scope.problems.push(problem);
            }
            return None;
        }
    }
    for (name, span, entries) in others {
        fixed(scope, &entries, &[]);
        let effective = effective_entries(&base, &entries);
        let read = read_otherwise(scope, &clause, &entries, source);
        if let Some(body) = read_body(scope, &read, &effective, source) {
            clause.other_readings.push(OtherReading { name, body, span });
        }
    }
    if clause.citations.is_empty() {
        scope.problems.push(Problem::warning(Code::MissingCitation, clause.span).with(clause.id.clone()));
    }
    Some(clause)
}

pub(super) type NamedEntries<'a> = (String, Span, Vec<&'a Entry>);

/// The entries of the reading taken, and those of each other reading.
pub(super) fn split_readings(entries: &[Entry]) -> (Vec<&Entry>, Vec<NamedEntries<'_>>) {
    let mut base = Vec::new();
    let mut others: Vec<NamedEntries<'_>> = Vec::new();
    for entry in entries {
        if role_of(entry) == Some(Role::OtherReading) {
            others.push((first_quote(entry).unwrap_or_default(), entry.span, Vec::new()));
        } else if let Some((_, _, list)) = others.last_mut() {
            list.push(entry);
        } else {
            base.push(entry);
        }
    }
    (base, others)
}

/// The base entries with those roles replaced that the reading has entries of.
pub(super) fn effective_entries<'a>(base: &[&'a Entry], reading: &[&'a Entry]) -> Vec<&'a Entry> {
    let replaced = |entry: &Entry| reading.iter().any(|other| role_of(other) == role_of(entry));
    let kept = base.iter().copied().filter(|entry| !replaced(entry));
    kept.chain(reading.iter().copied()).collect()
}

/// What any reading may say anew: the body, and whatever else decides what a clause comes to.
const OF_READINGS: [Role; 8] =
    [Role::Applies, Role::Except, Role::Stage, Role::Subject, Role::Force, Role::Reason, Role::Cite, Role::Reading];

/// Complains of what stands under another reading and would change nothing there; `more` are roles that do in this item.
pub(super) fn fixed(scope: &mut Scope, reading: &[&Entry], more: &[Role]) {
    for entry in reading {
        let Some(role) = role_of(entry).filter(|role| !OF_READINGS.contains(role) && !more.contains(role)) else {
            continue;
        };
        scope.problems.push(Problem::error(Code::FixedInReadings, entry.span).with(role.chinese()));
    }
}

/// The clause as another reading describes it. What is said of the set of mines stays so, and what is not stays apart from
/// it: only a registry tells of the set.
pub(super) fn read_otherwise(scope: &mut Scope, clause: &Clause, reading: &[&Entry], source: &Source) -> Clause {
    let mut read = clause.clone();
    for entry in reading {
        if let Some(Role::Stage | Role::Subject | Role::Reason) = role_of(entry) {
            describe(scope, &mut read, entry, source);
        }
        if role_of(entry) == Some(Role::Subject) && APPLICATION.contains(&text_of(entry, source).as_str()) {
            read.body.subject = Subject::Application;
        }
        if (read.subject() == Subject::Registry) != (clause.subject() == Subject::Registry) {
            let word = Role::Subject.chinese();
            scope.problems.push(Problem::error(Code::FixedInReadings, entry.span).with(word));
            (read.body.subject, read.body.subject_words) = (clause.subject(), clause.body.subject_words.clone());
        }
    }
    read
}

fn role_of(entry: &Entry) -> Option<Role> {
    entry.role.as_ref().map(|role| role.kind)
}

fn first_quote(entry: &Entry) -> Option<String> {
    tokens_of(entry)?.iter().find_map(|token| match &token.kind {
        TokenKind::Quote(text) => Some(text.clone()),
        _ => None,
    })
}

pub(super) fn readings(scope: &mut Scope, clause: &mut Clause, item: &Item, source: &Source) {
    let mut entries = item.entries.iter().peekable();
    while let Some(entry) = entries.next() {
        if role_of(entry) != Some(Role::Reading) {
            continue;
        }
        let name = first_quote(entry).unwrap_or_default();
        let reason = match entries.peek() {
            Some(next) if role_of(next) == Some(Role::Reason) => text_of(next, source),
            _ => String::new(),
        };
        if reason.is_empty() && !item.damaged {
            scope.problems.push(Problem::error(Code::UnreasonedReading, entry.span).with(name.clone()));
        }
        clause.reading = Some(Reading { name, reason, span: entry.span });
    }
}

/// Takes an entry that describes the clause rather than says what it requires.
pub(super) fn describe(scope: &mut Scope, clause: &mut Clause, entry: &Entry, source: &Source) {
    let Some(role) = role_of(entry) else { return };
    match role {
        Role::Subject => {
            let word = text_of(entry, source);
            if !known_subject(scope, &word) {
                unknown_subject(scope, entry, &word);
                return;
            }
            clause.body.subject = match word.as_str() {
                word if REGISTRY.contains(&word) => Subject::Registry,
                word if AUTHORITY.contains(&word) => Subject::Authority,
                _ => clause.subject(),
            };
            clause.body.subject_words = (!APPLICATION.contains(&word.as_str())).then_some(word);
        }
        Role::DutyHolder => {
            let word = text_of(entry, source);
            if AUTHORITY.contains(&word.as_str()) {
                clause.body.subject = Subject::Authority;
            }
            clause.duty_holder = Some(word);
        }
        Role::Stage => clause.body.stage = stage(scope, entry, source),
        Role::General => clause.general = true,
        Role::Attribute => clause.attribute = attribute(scope, entry, source),
        Role::PrevailsOver => prevails(scope, clause, tokens_of(entry).unwrap_or_default()),
        Role::WayThrough | Role::AllOf => {
            let text = text_of(entry, source);
            clause.way_through = Some(match clause.way_through.take() {
                Some(before) => format!("{before}；{text}"),
                None => text,
            });
        }
        Role::TargetYear => {
            crate::check::figure::year_told(scope, entry, source);
        }
        Role::QuoteDiffers => clause.quote_differs = Some(text_of(entry, source)),
        Role::Reason => clause.reason = Some(text_of(entry, source)),
        Role::Cite | Role::Applies | Role::Except | Role::Reading | Role::Force | Role::Entries => {}
        _ => malformed(scope, entry),
    }
}

/// Whether a role describes what it stands under, a clause, a row or an indicator alike.
pub(super) const fn describes(role: Role) -> bool {
    matches!(
        role,
        Role::Subject
            | Role::DutyHolder
            | Role::Stage
            | Role::General
            | Role::Attribute
            | Role::PrevailsOver
            | Role::WayThrough
            | Role::AllOf
            | Role::QuoteDiffers
            | Role::Reason
    )
}

fn prevails(scope: &mut Scope, clause: &mut Clause, tokens: &[Token]) {
    for token in tokens {
        if let TokenKind::Run(run) = &token.kind {
            scope.referred.push((folded(run), token.span));
            clause.prevails_over.push(folded(run));
        }
    }
}

fn stage(scope: &mut Scope, entry: &Entry, source: &Source) -> Option<usize> {
    let word = text_of(entry, source);
    let stages = scope.model.vocabulary.stages.and_then(|id| scope.model.vocabulary.enumeration(id));
    let found = stages
        .and_then(|stages| stages.members.iter().position(|member| member.name.spellings().any(|name| name == word)));
    if found.is_none() {
        let names = stages.iter().flat_map(|stages| &stages.members).flat_map(|member| member.name.spellings());
        let near = crate::diagnostic::nearest(&word, names).map(str::to_owned);
        let place = tokens_of(entry).and_then(|tokens| tokens.first()).map_or(entry.span, |token| token.span);
        let problem = Problem::error(Code::UnknownWord, place).with(word);
        scope.problems.push(match near {
            Some(near) => problem.meant(&near),
            None => problem,
        });
    }
    found
}

fn attribute(scope: &mut Scope, entry: &Entry, source: &Source) -> Option<Attribute> {
    let found = Attribute::from_word(&text_of(entry, source));
    if found.is_none() {
        malformed(scope, entry);
    }
    found
}

/// Whether a subject is one of the language's, a noun for mines, or a value of some field.
fn known_subject(scope: &Scope, word: &str) -> bool {
    let own = [APPLICATION, REGISTRY, AUTHORITY].concat();
    let known = |meaning: &Meaning| matches!(meaning, Meaning::Member(..) | Meaning::HeadNoun);
    own.contains(&word) || WITHOUT_CONDITION.as_flattened().contains(&word) || scope.meanings_of(word).iter().any(known)
}

fn unknown_subject(scope: &mut Scope, entry: &Entry, word: &str) {
    let own = [APPLICATION, REGISTRY, AUTHORITY].concat();
    let near = crate::diagnostic::nearest(word, own.into_iter().chain(WITHOUT_CONDITION.into_iter().flatten()))
        .map(str::to_owned);
    let tokens = tokens_of(entry).unwrap_or_default();
    let place = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => entry.span,
    };
    let problem = Problem::error(Code::UnknownWord, place).with(word);
    scope.problems.push(match near {
        Some(near) => problem.meant(&near),
        None => problem,
    });
}

/// A subject that is itself a value of some field (探矿权) selects the cases it speaks of.
pub(super) fn subject_condition(scope: &mut Scope, clause: &Clause) -> Condition {
    let Some(word) = clause.body.subject_words.clone() else { return Condition::Always };
    if clause.subject() != Subject::Application || WITHOUT_CONDITION.as_flattened().contains(&word.as_str()) {
        return Condition::Always;
    }
    let meanings = scope.meanings_of(&word);
    let member = meanings.iter().find_map(|meaning| match meaning {
        Meaning::Member(enumeration, member) => Some((*enumeration, *member)),
        _ => None,
    });
    match member {
        Some((enumeration, member)) => {
            let Some(field) = scope.fields_of(enumeration).first().copied() else { return Condition::Always };
            let leaves = scope.leaves(enumeration, member);
            Condition::Test(Box::new(crate::model::Test {
                kind: crate::model::TestKind::Member { field, leaves, named: vec![member] },
                span: clause.span,
                words: word,
                from: None,
            }))
        }
        None => Condition::Always,
    }
}

/// 效力: a force other than the words', with its reason.
pub(super) fn forced(scope: &mut Scope, clause: &Clause, base: &[&Entry], source: &Source) -> Option<Force> {
    let entry = base.iter().find(|entry| role_of(entry) == Some(Role::Force))?;
    let word = text_of(entry, source);
    let meaning = scope.meanings_of(&word).into_iter().find_map(|meaning| match meaning {
        Meaning::Modal { force, .. } => Some(force),
        _ => None,
    });
    if meaning.is_none() {
        malformed(scope, entry);
    }
    if meaning == Some(Force::Should) && clause.reason.is_none() {
        scope.problems.push(Problem::error(Code::UnreasonedShould, entry.span));
    }
    meaning
}

fn read_body(scope: &mut Scope, clause: &Clause, entries: &[&Entry], source: &Source) -> Option<Body> {
    let mut applies = match subject_condition(scope, clause) {
        Condition::Always => Vec::new(),
        other => vec![other],
    };
    let force = forced(scope, clause, entries, source);
    let (id, stage) = (clause.id.as_str(), clause.body.stage);
    let mut parts: Vec<Part> = Vec::new();
    let mut exceptions = Vec::new();
    let mut failed = false;
    for entry in entries {
        let Content::Tokens(tokens) = &entry.content else { continue };
        match role_of(entry) {
            None => match read_part(scope, tokens, id, &parts) {
                Some(part) => parts.push(Part { force: force.unwrap_or(part.force), ..part }),
                None => failed = true,
            },
            Some(Role::Applies) => match read_tokens(scope, tokens, id, None) {
                Some(condition) => applies.push(condition),
                None => failed = true,
            },
            Some(Role::Except) => match read_exception(scope, tokens, id, 1) {
                Some(exception) => exceptions.push(exception),
                None => failed = true,
            },
            Some(_) => {}
        }
    }
    if let Some((first, other)) = differing(&parts) {
        let forces = format!("{}, {}", first.force.code(), other.force.code());
        let problem = Problem::error(Code::MixedForces, other.span).with(id).with(forces);
        scope.problems.push(problem.also(first.span, Words::new("第一句", "the first phrase")));
        return None;
    }
    let (subject, subject_words) = (clause.subject(), clause.body.subject_words.clone());
    let applies = all(applies);
    (!failed && !parts.is_empty()).then(|| Body { subject, subject_words, applies, parts, exceptions, stage })
}

/// Two parts of forces that a ruling cannot take together: a miss of one refuses, a miss of the other never does.
fn differing(parts: &[Part]) -> Option<(&Part, &Part)> {
    let weight = |force| match force {
        Force::Must | Force::MustNot | Force::Restricted => Force::Must,
        lighter => lighter,
    };
    let first = parts.first()?;
    let other = parts.iter().find(|part| weight(part.force) != weight(first.force))?;
    Some((first, other))
}

/// A phrase of the body; 其余 speaks of whatever the phrases before it do not.
fn read_part(scope: &mut Scope, tokens: &[Token], id: &str, before: &[Part]) -> Option<Part> {
    let problems = scope.problems.len();
    let cut = pieces(tokens, &scope.lexicon, &mut scope.problems);
    if scope.problems.len() > problems {
        return None;
    }
    let is_rest = |piece: &Piece| piece.meanings().contains(&Meaning::Otherwise);
    let Some((_, rest)) = cut.split_first().filter(|(first, _)| is_rest(first)) else {
        return read_phrase(scope, &cut, id);
    };
    let part = read_phrase(scope, rest, id)?;
    let others = before.iter().map(|part| Condition::Not(Box::new(part.selector.clone())));
    let own = Some(part.selector).filter(|selector| *selector != Condition::Always);
    Some(Part { selector: all(others.chain(own).collect()), ..part })
}

pub(super) fn read_tokens(
    scope: &mut Scope,
    tokens: &[Token],
    id: &str,
    mode: Option<AttestationMode>,
) -> Option<Condition> {
    let before = scope.problems.len();
    let cut = pieces(tokens, &scope.lexicon, &mut scope.problems);
    if scope.problems.len() > before { None } else { read_condition(scope, &cut, id, mode) }
}

/// `YC-101：<ground>`, `“name”：<ground>` or a ground alone; `（除外 …）` at its end is an exception to it. At odd depth a
/// ground that is not shown does not count, at even depth it stays unknown.
pub(super) fn read_exception(scope: &mut Scope, tokens: &[Token], id: &str, depth: usize) -> Option<Exception> {
    let span = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => return None,
    };
    let colon = tokens.iter().position(|token| token.kind == TokenKind::Sign(Sign::Colon));
    let (name, rest) = match colon {
        Some(at) => (exception_name(tokens.get(..at)?), tokens.get(at + 1..)?),
        None => (None, tokens),
    };
    let (ground_tokens, inner) = nested(rest);
    if ground_tokens.is_empty() {
        let words = Words::new("「除外」后面应有条件", "a condition is wanted behind `except`");
        scope.problems.push(Problem::error(Code::IncompletePhrase, span).with_words(words));
        return None;
    }
    let mut exceptions = Vec::new();
    if let Some(inner) = inner {
        exceptions.push(read_exception(scope, inner, id, depth + 1)?);
    }
    let mode = if depth % 2 == 1 { AttestationMode::Ground } else { AttestationMode::Required };
    let ground = read_tokens(scope, ground_tokens, id, Some(mode))?;
    Some(Exception { name: name.unwrap_or_else(|| format!("{id} 除外")), ground, exceptions, span })
}

fn exception_name(tokens: &[Token]) -> Option<String> {
    tokens.iter().find_map(|token| match &token.kind {
        TokenKind::Run(text) | TokenKind::Quote(text) => Some(folded(text)),
        _ => None,
    })
}

/// The ground, and the tokens of an exception to it that stand in brackets behind it.
fn nested(tokens: &[Token]) -> (&[Token], Option<&[Token]>) {
    if let Some((last, before)) = tokens.split_last()
        && let TokenKind::Bracket(inner) = &last.kind
        && let Some((first, rest)) = inner.split_first()
        && let TokenKind::Run(word) = &first.kind
        && Role::from_word(&folded(word)) == Some(Role::Except)
    {
        return (before, Some(rest));
    }
    (tokens, None)
}

fn check_precedence(scope: &mut Scope, ids: &BTreeMap<String, Span>) {
    for (id, span) in std::mem::take(&mut scope.referred) {
        if !ids.contains_key(&id) {
            scope.problems.push(Problem::error(Code::UnknownClause, span).with(id));
        }
    }
    let clauses = &scope.model.clauses;
    let numbers: BTreeMap<&str, usize> = clauses.iter().map(|clause| clause.id.as_str()).zip(0..).collect();
    let below = |number: usize| -> Vec<usize> {
        let names = clauses.get(number).map(|clause| clause.prevails_over.as_slice()).unwrap_or_default();
        names.iter().filter_map(|name| numbers.get(name.as_str()).copied()).collect()
    };
    let circles: Vec<Problem> = crate::check::circle::circles(clauses.len(), below)
        .into_iter()
        .filter_map(|way| {
            let ids: Vec<&str> =
                way.iter().filter_map(|number| clauses.get(*number)).map(|it| it.id.as_str()).collect();
            let first = clauses.get(*way.first()?)?;
            Some(Problem::error(Code::CircularPrecedence, first.span).with(ids.join(" → ")))
        })
        .collect();
    scope.problems.extend(circles);
}
