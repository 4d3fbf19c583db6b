//! Tables whose rows each make one sentence, in which the heads of columns stand for the row's cells.

use crate::ast::{Entry, Role, Token, TokenKind, fold};
use crate::check::clause::{self, split_readings};
use crate::check::condition::all;
use crate::check::indicator;
use crate::check::names::folded;
use crate::check::phrase::read_phrase;
use crate::check::pieces::pieces;
use crate::check::place::row_citations;
use crate::check::plan::title_of;
use crate::check::property::bare;
use crate::check::scope::Scope;
use crate::check::table::Layout;
use crate::check::table::cells::{is_empty, with_unit};
use crate::check::table::columns::{Column, Columns};
use crate::check::table::floors::id_of;
use crate::check::vocabulary::tokens_of;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Attribute, Body, Clause, OtherReading};
use crate::span::Span;

/// Makes a clause or an indicator of each row.
pub(super) fn read(scope: &mut Scope, layout: &Layout<'_>, each: &Entry, base: &[&Entry]) {
    let columns = Columns::read(scope, layout);
    let (_, others) = split_readings(&layout.item.entries);
    for row in 0..layout.rows.len() {
        let Some(tokens) = sentence(layout, &columns, each, row) else { continue };
        let Some(id) = id_of(layout, row, Some(0)) else {
            let span = row_span(layout, row);
            let words = Words::new("这一行没有条目编号", "a row has no id of an entry");
            let problem = Problem::error(Code::MalformedTable, span).with(title_of(layout.item)).with_words(words);
            scope.problems.push(problem);
            continue;
        };
        let described = describe(scope, layout, &columns, row, id, base);
        let said =
            Said { tokens, entries: base.to_vec(), readings: readings(layout, &columns, each, base, &others, row) };
        if indicator::measures(scope, &said.tokens) {
            let made = indicator::of_row(scope, layout.source, described, &said);
            scope.model.indicators.extend(made);
        } else {
            clause_of(scope, described, &said);
        }
    }
}

/// What a row says: the sentence of the reading taken, the entries it stands among, and its other readings.
pub(in crate::check) struct Said<'a> {
    pub(in crate::check) tokens: Vec<Token>,
    pub(in crate::check) entries: Vec<&'a Entry>,
    pub(in crate::check) readings: Vec<RowReading<'a>>,
}

/// All that a row is told to be beside what it says.
fn describe(
    scope: &mut Scope,
    layout: &Layout<'_>,
    columns: &Columns,
    row: usize,
    id: String,
    base: &[&Entry],
) -> Clause {
    let mut made = clause::blank(layout.item);
    for entry in base.iter().filter(|entry| entry.role.as_ref().is_some_and(|role| clause::describes(role.kind))) {
        clause::describe(scope, &mut made, entry, layout.source);
    }
    clause::readings(scope, &mut made, layout.item, layout.source);
    (made.id, made.title) = (id, row_title(layout, row));
    (made.citations, made.span) = (row_citations(layout, row), row_span(layout, row));
    made.attribute = attribute(layout, columns, row).or(made.attribute);
    made
}

fn clause_of(scope: &mut Scope, mut made: Clause, said: &Said<'_>) {
    let Some(body) = body(scope, &said.tokens, &said.entries, &made.id) else { return };
    made.body = body;
    for (name, span, tokens, entries) in &said.readings {
        if let Some(body) = self::body(scope, tokens, entries, &made.id) {
            made.other_readings.push(OtherReading { name: name.clone(), body, span: *span });
        }
    }
    crate::check::quote::check_clause(scope, &made);
    scope.model.clauses.push(made);
}

fn body(scope: &mut Scope, tokens: &[Token], entries: &[&Entry], id: &str) -> Option<Body> {
    let before = scope.problems.len();
    let cut = pieces(tokens, &scope.lexicon, &mut scope.problems);
    if scope.problems.len() > before {
        return None;
    }
    let part = read_phrase(scope, &cut, id)?;
    let of = |role: Role| move |entry: &&&Entry| entry.role.as_ref().is_some_and(|found| found.kind == role);
    let (mut applies, mut exceptions) = (Vec::new(), Vec::new());
    for tokens in entries.iter().filter(of(Role::Applies)).filter_map(|entry| tokens_of(entry)) {
        applies.extend(clause::read_tokens(scope, tokens, id, None));
    }
    for tokens in entries.iter().filter(of(Role::Except)).filter_map(|entry| tokens_of(entry)) {
        exceptions.extend(clause::read_exception(scope, tokens, id, 1));
    }
    Some(Body { applies: all(applies), parts: vec![part], exceptions })
}

/// A reading of one row: its name and place, its sentence, and the entries that hold in it.
pub(in crate::check) type RowReading<'a> = (String, Span, Vec<Token>, Vec<&'a Entry>);

/// What a row says in each other reading: the sentence may be another one, and so may all else.
fn readings<'a>(
    layout: &Layout<'_>,
    columns: &Columns,
    each: &Entry,
    base: &[&'a Entry],
    others: &[clause::NamedEntries<'a>],
    row: usize,
) -> Vec<RowReading<'a>> {
    let mut found = Vec::new();
    for (name, span, entries) in others {
        let is_sentence = |entry: &&&Entry| entry.role.as_ref().is_some_and(|role| role.kind == Role::EachRow);
        let own = entries.iter().find(is_sentence).copied();
        if let Some(tokens) = sentence(layout, columns, own.unwrap_or(each), row) {
            found.push((name.clone(), *span, tokens, clause::effective_entries(base, entries)));
        }
    }
    found
}

/// What a row is called.
pub(in crate::check) fn row_title(layout: &Layout<'_>, row: usize) -> String {
    let entries = layout.column(crate::check::place::ENTRIES);
    let counts = layout.column(["序号", "number"]);
    let key = (0..layout.head.len()).find(|column| Some(*column) != entries && Some(*column) != counts);
    let cell = layout.rows.get(row).and_then(|cells| cells.get(key?));
    format!("{}：{}", title_of(layout.item), cell.map_or("", |cell| cell.kind.as_str()))
}

/// Where a row stands.
pub(in crate::check) fn row_span(layout: &Layout<'_>, row: usize) -> Span {
    row_citations(layout, row).first().map_or(layout.item.head_span(), |citation| citation.span)
}

fn attribute(layout: &Layout<'_>, columns: &Columns, row: usize) -> Option<Attribute> {
    let (column, _) = columns.iter().find(|(_, column)| **column == Column::Attribute)?;
    Attribute::from_word(&bare(&layout.rows.get(row)?.get(column)?.kind))
}

/// The sentence with the row's cells in place of the heads. Whatever the sentence itself says stands at the row, so that
/// a finding points at one line.
fn sentence(layout: &Layout<'_>, columns: &Columns, each: &Entry, row: usize) -> Option<Vec<Token>> {
    let span = row_span(layout, row);
    let mut sentence = Vec::new();
    for token in tokens_of(each)? {
        let TokenKind::Run(run) = &token.kind else {
            sentence.push(Token { kind: token.kind.clone(), span, spaced: token.spaced });
            continue;
        };
        for piece in parts(layout, &folded(run)) {
            match piece {
                Piece::Words(words) => sentence.push(Token { kind: TokenKind::Run(words), span, spaced: true }),
                Piece::Column(column) => {
                    let cell = layout.rows.get(row)?.get(column)?;
                    if is_empty(&cell.kind) || layout.mark(column, &cell.kind).is_some() {
                        return None;
                    }
                    let mut tokens = with_unit(layout, columns, column, cell)?;
                    if let Some(first) = tokens.first_mut() {
                        first.spaced = true;
                    }
                    tokens.iter_mut().for_each(|token| token.span = inside(span, token.span));
                    sentence.extend(tokens);
                }
            }
        }
    }
    Some(sentence)
}

/// A unit may be taken from the entry of a column: its tokens then stand at the row.
fn inside(row: Span, token: Span) -> Span {
    let within = row.source() == token.source() && row.start() <= token.start() && token.end() <= row.end();
    if within { token } else { row }
}

enum Piece {
    Words(String),
    Column(usize),
}

/// A run cut at the heads of columns, the longest head first.
fn parts(layout: &Layout<'_>, run: &str) -> Vec<Piece> {
    let heads: Vec<(usize, String)> = layout
        .head
        .iter()
        .enumerate()
        .map(|(column, cell)| {
            (column, cell.kind.chars().map(fold).filter(|it| !it.is_whitespace()).collect::<String>())
        })
        .filter(|(_, head)| !head.is_empty())
        .collect();
    let mut found = Vec::new();
    let mut rest = run;
    while !rest.is_empty() {
        let next = heads
            .iter()
            .filter_map(|(column, head)| Some((rest.find(head.as_str())?, std::cmp::Reverse(head.len()), *column)))
            .min();
        let Some((at, std::cmp::Reverse(length), column)) = next else {
            found.push(Piece::Words(rest.to_owned()));
            break;
        };
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        if !before.is_empty() {
            found.push(Piece::Words(before.to_owned()));
        }
        found.push(Piece::Column(column));
        rest = from.get(length..).unwrap_or_default();
    }
    found
}
