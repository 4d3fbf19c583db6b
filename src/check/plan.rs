//! The head of a plan and its advisories.

use crate::ast::{Content, Entry, Item, ItemKind, Role, Sign, TokenKind};
use crate::check::clause::{citations, text_of};
use crate::check::condition::turned;
use crate::check::figure::year_told;
use crate::check::lexicon::{LexiconEntry, Meaning};
use crate::check::names;
use crate::check::scope::Scope;
use crate::check::vocabulary::{entries_of, tokens_of};
use crate::check::{Input, items};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Advisory, Plan};
use crate::source::Source;

pub(super) fn read_plans(scope: &mut Scope, inputs: &[Input<'_>]) {
    for (item, source) in items(inputs, ItemKind::Plan) {
        let plan = read_plan(scope, item, source);
        if scope.model.plan.is_none() {
            scope.model.plan = Some(plan);
        } else {
            let problem = Problem::error(Code::EntryTwice, item.head_span())
                .with_words(Words::new(ItemKind::Plan.chinese(), ItemKind::Plan.english()))
                .help(Words::new(
                    "一部规划只有一个开头；条款写在它后面",
                    "a plan has one head; its clauses stand behind it",
                ));
            let first = scope.model.plan.as_ref().map(|plan| plan.span);
            let here = Words::new("先在这里", "first here");
            scope.problems.push(match first {
                Some(first) => problem.also(first, here),
                None => problem,
            });
        }
    }
    for (item, source) in items(inputs, ItemKind::Advisory) {
        let reason = entries_of(item, Role::Reason).next().map(|entry| text_of(entry, source)).unwrap_or_default();
        let id = id_of(item);
        if reason.is_empty() && !item.damaged {
            scope.problems.push(Problem::error(Code::UnreasonedAdvisory, item.head_span()).with(id.clone()));
        }
        let advisory =
            Advisory { id, title: title_of(item), citations: citations(item), reason, span: item.head_span() };
        scope.model.advisories.push(advisory);
    }
}

pub(super) fn id_of(item: &Item) -> String {
    item.id.as_ref().map(|id| id.kind.clone()).unwrap_or_default()
}

pub(super) fn title_of(item: &Item) -> String {
    item.title.as_ref().map(|title| title.kind.clone()).unwrap_or_default()
}

fn read_plan(scope: &mut Scope, item: &Item, source: &Source) -> Plan {
    let mut plan = Plan { id: id_of(item), title: title_of(item), span: item.head_span(), ..Plan::default() };
    if plan.id.is_empty() {
        let folder = source.name().rsplit(['/', '\\']).nth(1);
        plan.id = folder.unwrap_or(source.name()).trim_end_matches(".adit").to_owned();
    }
    for entry in &item.entries {
        let Some(role) = &entry.role else { continue };
        match role.kind {
            Role::Region => plan.region = Some(text_of(entry, source)),
            Role::Instrument => plan.instrument = Some(text_of(entry, source)),
            Role::Issued => plan.issued = date(scope, entry),
            Role::BaseYear => plan.base_year = year_told(scope, entry, source),
            Role::Outlook => plan.outlook = year_told(scope, entry, source),
            Role::Period => match years(entry).as_slice() {
                [first, last] if first <= last => plan.period = Some((*first, *last)),
                _ => malformed(scope, entry),
            },
            Role::Register => match words_of(entry).as_slice() {
                [first, last] => plan.register = Some((first.clone(), last.clone())),
                _ => malformed(scope, entry),
            },
            Role::Boundary => boundaries(scope, entry),
            Role::Implements => match quotes(entry) {
                named if named.is_empty() => malformed(scope, entry),
                named => plan.implements.extend(named),
            },
            _ => malformed(scope, entry),
        }
    }
    plan
}

/// `本数：以上（不含）、超过（含）`: whether a word of this document includes its number.
fn boundaries(scope: &mut Scope, entry: &Entry) {
    for part in names::split(tokens_of(entry).unwrap_or_default(), Sign::Listing) {
        let declared = names::read_name(part, true);
        let inclusive = declared.as_ref().and_then(|declared| match declared.notes.as_slice() {
            [note] if matches!(note.as_str(), "含" | "inclusive") => Some(true),
            [note] if matches!(note.as_str(), "不含" | "exclusive") => Some(false),
            _ => None,
        });
        match declared.zip(inclusive) {
            Some((declared, inclusive)) if scope.lexicon.get(&declared.name.chinese).is_some_and(is_comparison) => {
                scope.boundaries.push((declared.name.chinese, inclusive));
            }
            _ => {
                let ends = part.first().zip(part.last());
                let span = ends.map_or(entry.span, |(first, last)| first.span.to(last.span));
                scope.problems.push(Problem::error(Code::MalformedEntry, span).with(Role::Boundary.chinese()));
            }
        }
    }
}

fn is_comparison(entry: &LexiconEntry) -> bool {
    let compares =
        |meaning: &Meaning| matches!(meaning, Meaning::Comparison(comparison) if !comparison.needs_direction);
    entry.meanings.iter().any(compares)
}

/// Lets the words of the document mean what its head says. The vocabulary's own phrases are read before.
pub(super) fn settle_boundaries(scope: &mut Scope) {
    for (word, inclusive) in std::mem::take(&mut scope.boundaries) {
        scope.lexicon.change(&word, |comparison| comparison.operator = turned(comparison.operator, inclusive));
    }
}

pub(super) fn malformed(scope: &mut Scope, entry: &Entry) {
    let word = entry.role.as_ref().map(|role| role.kind.chinese()).unwrap_or_default();
    scope.problems.push(Problem::error(Code::MalformedEntry, entry.span).with(word));
}

fn date(scope: &mut Scope, entry: &Entry) -> Option<crate::date::Date> {
    let token = tokens_of(entry).unwrap_or_default().first()?;
    let TokenKind::Date(text) = &token.kind else {
        malformed(scope, entry);
        return None;
    };
    let parsed = text.parse().ok();
    if parsed.is_none() {
        scope.problems.push(Problem::error(Code::NoSuchDate, token.span).with(text.clone()));
    }
    parsed
}

fn years(entry: &Entry) -> Vec<i32> {
    let numbers = tokens_of(entry).unwrap_or_default().iter().filter_map(|token| match &token.kind {
        TokenKind::Number(text) => text.parse().ok(),
        _ => None,
    });
    numbers.collect()
}

fn words_of(entry: &Entry) -> Vec<String> {
    crate::check::names::words(tokens_of(entry).unwrap_or_default())
}

fn quotes(entry: &Entry) -> Vec<String> {
    let quoted = tokens_of(entry).unwrap_or_default().iter().filter_map(|token| match &token.kind {
        TokenKind::Quote(text) => Some(text.clone()),
        _ => None,
    });
    quoted.collect()
}

/// The text of an entry's tokens or of its text role.
pub(super) fn content_text(entry: &Entry, source: &Source) -> String {
    match &entry.content {
        Content::Text(text) => text.kind.clone(),
        Content::Tokens(tokens) => match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => source.slice(first.span.to(last.span)).trim().to_owned(),
            _ => String::new(),
        },
        Content::Row(_) => String::new(),
    }
}
