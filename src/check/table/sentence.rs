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
use crate::check::table::floors::{id_of, with_columns};
use crate::check::vocabulary::tokens_of;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Attribute, Body, Clause, Condition, OtherReading, Part};
use crate::source::Source;
use crate::span::Span;

/// Makes a clause or an indicator of each row.
pub(super) fn read<'a>(scope: &mut Scope, layout: &Layout<'a>, each: &'a Entry, base: &[&'a Entry]) {
    let columns = Columns::read(scope, layout);
    let (_, others) = split_readings(&layout.item.entries);
    let others = readings(scope, layout, each, base, &others);
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
        let readings = others.iter().filter_map(|other| other.row(row)).collect();
        let said = Said { tokens, entries: base.to_vec(), readings };
        if indicator::measures(scope, &said.tokens) {
            let made = indicator::of_row(scope, layout.source, described, &said);
            scope.model.indicators.extend(made);
        } else {
            clause_of(scope, layout.source, described, &said);
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

fn clause_of(scope: &mut Scope, source: &Source, mut made: Clause, said: &Said<'_>) {
    let Some(body) = body(scope, source, &made, &said.tokens, &said.entries) else { return };
    made.body = body;
    for reading in &said.readings {
        let read = clause::read_otherwise(scope, &made, &reading.entries, source);
        if let Some(body) = self::body(scope, source, &read, &reading.tokens, &reading.entries) {
            let (name, span) = (reading.name.clone(), reading.span);
            made.other_readings.push(OtherReading { name, body, span });
        }
    }
    crate::check::quote::check_clause(scope, &made);
    scope.model.clauses.push(made);
}

fn body(scope: &mut Scope, source: &Source, made: &Clause, tokens: &[Token], entries: &[&Entry]) -> Option<Body> {
    let before = scope.problems.len();
    let cut = pieces(tokens, &scope.lexicon, &mut scope.problems);
    if scope.problems.len() > before {
        return None;
    }
    let part = read_phrase(scope, &cut, &made.id)?;
    let force = clause::forced(scope, made, entries, source).unwrap_or(part.force);
    let of = |role: Role| move |entry: &&&Entry| entry.role.as_ref().is_some_and(|found| found.kind == role);
    let mut applies = vec![clause::subject_condition(scope, made)];
    applies.retain(|condition| *condition != Condition::Always);
    let mut exceptions = Vec::new();
    for tokens in entries.iter().filter(of(Role::Applies)).filter_map(|entry| tokens_of(entry)) {
        applies.extend(clause::read_tokens(scope, tokens, &made.id, None));
    }
    for tokens in entries.iter().filter(of(Role::Except)).filter_map(|entry| tokens_of(entry)) {
        exceptions.extend(clause::read_exception(scope, tokens, &made.id, 1));
    }
    let parts = vec![Part { force, ..part }];
    Some(Body { applies: all(applies), parts, exceptions, ..made.body.clone() })
}

/// A reading of one row: its sentence, the entries that hold in it, and what is printed beside the row's number in it.
pub(in crate::check) struct RowReading<'a> {
    pub(in crate::check) name: String,
    pub(in crate::check) span: Span,
    pub(in crate::check) tokens: Vec<Token>,
    pub(in crate::check) entries: Vec<&'a Entry>,
    pub(in crate::check) attribute: Option<Attribute>,
}

/// The table in another reading: the sentence may be another one, and so may the columns and all else.
struct TableReading<'a> {
    name: String,
    span: Span,
    layout: Layout<'a>,
    columns: Columns,
    each: &'a Entry,
    entries: Vec<&'a Entry>,
    /// 属性 as the reading itself says it, which goes before what the table prints.
    own_attribute: Option<&'a Entry>,
}

impl<'a> TableReading<'a> {
    /// What a row says in it.
    fn row(&self, row: usize) -> Option<RowReading<'a>> {
        let tokens = sentence(&self.layout, &self.columns, self.each, row)?;
        let said = |entry: &&Entry| Attribute::from_word(&clause::text_of(entry, self.layout.source));
        let of_item = || self.entries.iter().copied().rev().find(|entry| is_of(entry, Role::Attribute));
        let attribute = match &self.own_attribute {
            Some(own) => said(own),
            None => attribute(&self.layout, &self.columns, row).or_else(|| said(&of_item()?)),
        };
        Some(RowReading { name: self.name.clone(), span: self.span, tokens, entries: self.entries.clone(), attribute })
    }
}

fn is_of(entry: &Entry, role: Role) -> bool {
    entry.role.as_ref().is_some_and(|found| found.kind == role)
}

fn readings<'a>(
    scope: &mut Scope,
    layout: &Layout<'a>,
    each: &'a Entry,
    base: &[&'a Entry],
    others: &[clause::NamedEntries<'a>],
) -> Vec<TableReading<'a>> {
    let mut found = Vec::new();
    for (name, span, entries) in others {
        let more = [Role::Column, Role::Empty, Role::EachRow, Role::Attribute, Role::Checked, Role::TargetYear];
        clause::fixed(scope, entries, &more);
        let effective = with_columns(base, entries);
        let read = Layout::read(layout.item, layout.source, &effective, &mut scope.problems);
        let Some(layout) = read else { continue };
        let own = |role| entries.iter().copied().find(|entry| is_of(entry, role));
        found.push(TableReading {
            name: name.clone(),
            span: *span,
            columns: Columns::read(scope, &layout),
            layout,
            each: own(Role::EachRow).unwrap_or(each),
            entries: effective,
            own_attribute: own(Role::Attribute),
        });
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
