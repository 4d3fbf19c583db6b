//! Rows of cells to records.

use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use adit::diagnostic::{Code, Problem, Words};
use adit::model::{FieldId, Vocabulary};
use adit::span::Span;
use serde_json::Value;

use crate::files::FileProblem;
use crate::registry::cells;
use crate::registry::columns::{Column, Holds};
use crate::registry::header::{self, MOST_ABOVE};
use crate::registry::outline::Outline;
use crate::registry::workbook::Merged;
use crate::registry::{Cells, Entry, Row, Written, at_line, whole};

/// How rows that sum others begin.
const SUMS: [&str; 7] = ["合计", "总计", "小计", "共计", "累计", "total", "sum"];

/// How lines below a table begin.
const FEET: [&str; 9] = ["注", "说明", "填表", "制表", "审核", "填报", "负责人", "联系", "单位负责人"];

/// How many lines are named in a note.
const MOST_NAMED: usize = 10;

/// A cell as it was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Blank,
    /// Words.
    Text(String),
    /// A number of a workbook, in decimal digits.
    Number(String),
    /// Yes or no.
    Bool(bool),
    /// An error of the workbook.
    Fault(String),
}

impl Cell {
    fn shown(&self) -> &str {
        match self {
            Self::Blank => "",
            Self::Text(text) | Self::Number(text) | Self::Fault(text) => text,
            Self::Bool(true) => "TRUE",
            Self::Bool(false) => "FALSE",
        }
    }
}

/// A row as it was found.
#[derive(Debug, Clone)]
pub(super) struct RawRow {
    pub(super) line: usize,
    pub(super) cells: Vec<Cell>,
}

type RawRows<'a> = Box<dyn Iterator<Item = Result<RawRow, FileProblem>> + 'a>;

/// A table, read as it is asked for.
pub(super) struct Table<'a> {
    vocabulary: &'a Vocabulary,
    name: Arc<str>,
    rows: RawRows<'a>,
    merged: Vec<Merged>,
    columns: Option<Vec<Column>>,
    buffered: VecDeque<RawRow>,
    ready: VecDeque<Entry>,
    ids: Ids,
    left_out: LeftOut,
    ended: bool,
}

/// Rows that hold no record.
#[derive(Default)]
struct LeftOut {
    blank: Vec<usize>,
    other: Vec<(usize, String)>,
    others: usize,
}

impl<'a> Table<'a> {
    pub(super) fn new(vocabulary: &'a Vocabulary, name: String, rows: RawRows<'a>, merged: Vec<Merged>) -> Self {
        Self {
            vocabulary,
            name: name.into(),
            rows,
            merged,
            columns: None,
            buffered: VecDeque::new(),
            ready: VecDeque::new(),
            ids: Ids::new(vocabulary),
            left_out: LeftOut::default(),
            ended: false,
        }
    }

    /// Looks for the header among the first rows; without one, there is no table.
    fn begin(&mut self) {
        let mut faults = Vec::new();
        let mut first = Vec::new();
        while first.len() < MOST_ABOVE {
            match self.rows.next() {
                Some(Ok(row)) => first.push(row),
                Some(Err(fault)) => faults.push(fault),
                None => break,
            }
        }
        let Some(found) = header::find(self.vocabulary, &self.name, &first, &self.merged) else {
            let problem = match first.iter().find(|row| row.cells.iter().any(|cell| *cell != Cell::Blank)) {
                Some(row) => {
                    let outline = Outline::of(row.cells.iter().map(Cell::shown));
                    let span = Span::new(Default::default(), 0, outline.text.len());
                    at_line(&self.name, row.line, outline.text, || Problem::error(Code::NoHeader, span))
                }
                None => {
                    let what = Words::new("是空的", "it is empty");
                    let problem = Problem::error(Code::NotATable, Span::default()).with(&*self.name).with_words(what);
                    whole(&self.name, problem)
                }
            };
            self.ready.push_back(Entry::Problem(problem));
            self.ready.extend(faults.into_iter().map(Entry::Problem));
            self.columns = Some(Vec::new());
            self.ended = true;
            return;
        };
        self.ready.extend(found.notes.into_iter().map(Entry::Note));
        self.ready.extend(found.problems.into_iter().map(Entry::Problem));
        self.ready.extend(faults.into_iter().map(Entry::Problem));
        self.columns = Some(found.columns);
        self.buffered.extend(first.into_iter().skip(found.rows));
    }

    fn row(&mut self, row: &RawRow) {
        let filled: Vec<&str> = row.cells.iter().map(Cell::shown).filter(|text| !text.is_empty()).collect();
        let Some(first) = filled.first() else {
            self.left_out.blank.push(row.line);
            return;
        };
        let columns = self.columns.take().unwrap_or_default();
        if is_sum(first) || (filled.len() <= 2 && is_foot(first)) {
            self.left_out.other(row.line, first);
        } else {
            match self.record(row, &columns) {
                Ok(record) if record.fields.is_empty() => self.left_out.other(row.line, first),
                Ok(record) => match self.ids.twice(&record) {
                    Some((id, line)) => {
                        let problem = self.id_twice(row, &columns, &id, line);
                        self.ready.push_back(Entry::Problem(problem));
                    }
                    None => self.ready.push_back(Entry::Row(record)),
                },
                Err(problem) => self.ready.push_back(Entry::Problem(*problem)),
            }
        }
        self.columns = Some(columns);
    }

    fn record(&self, row: &RawRow, columns: &[Column]) -> Result<Row, Box<FileProblem>> {
        let Outline { text, spans } = Outline::of(row.cells.iter().map(Cell::shown));
        let span_of = |index: usize| spans.get(index).copied().unwrap_or_default();
        let told = |index, make: &dyn Fn(Span) -> Problem| {
            Box::new(at_line(&self.name, row.line, text.clone(), || make(span_of(index))))
        };
        let mut fields: Vec<(String, Value)> = Vec::new();
        let (mut facts, mut heads) = (Vec::new(), Vec::new());
        for (index, cell) in row.cells.iter().enumerate().filter(|(_, cell)| **cell != Cell::Blank) {
            let column = columns.get(index).filter(|column| !matches!(column.holds, Holds::NoHead | Holds::Unit));
            let Some(column) = column else {
                let shown = cell.shown();
                return Err(told(index, &|span| Problem::error(Code::CellsBeyondHeader, span).with(shown)));
            };
            let Holds::Fact(target) = &column.holds else { continue };
            let Some(field) = self.vocabulary.field(target.id) else { continue };
            let value = cells::value(cell, target, field, self.vocabulary).map_err(|why| {
                told(index, &|span| {
                    Problem::error(Code::UnclearCell, span).with(&*column.label).with_words(why.clone())
                })
            })?;
            let Some(value) = value else { continue };
            let key = &field.name.chinese;
            facts.push((key.clone(), value.clone(), span_of(index).start()..span_of(index).end()));
            heads.push(Arc::clone(&column.label));
            match (fields.iter_mut().find(|(known, _)| known == key), value) {
                (Some((_, Value::Object(known))), Value::Object(more)) => known.extend(more),
                (Some(_), _) => {}
                (None, value) => fields.push((key.clone(), value)),
            }
        }
        let written = Written::Cells(Cells { name: Arc::clone(&self.name), text, facts, heads });
        Ok(Row { line: row.line, fields, written })
    }

    fn id_twice(&self, row: &RawRow, columns: &[Column], id: &str, line: usize) -> FileProblem {
        let outline = Outline::of(row.cells.iter().map(Cell::shown));
        let is_id = |column: &Column| matches!(&column.holds, Holds::Fact(target) if Some(target.id) == self.ids.field);
        let index = columns.iter().position(is_id).unwrap_or_default();
        let span = outline.spans.get(index).copied().unwrap_or_default();
        at_line(&self.name, row.line, outline.text, || id_problem(id, line, span))
    }

    /// What the author may want to know at the end.
    fn end(&mut self) {
        self.ended = true;
        let left = std::mem::take(&mut self.left_out);
        if left.others > 0 {
            let named: Vec<String> = left.other.iter().map(|(line, text)| format!("{line}「{text}」")).collect();
            let more = if left.others > left.other.len() { " …" } else { "" };
            let named = named.join("、");
            self.ready.push_back(Entry::Note(Words::new(
                format!("不是记录的行不读：{named}{more}"),
                format!("rows that are no records are not read: {named}{more}"),
            )));
        }
        if !left.blank.is_empty() {
            let lines: Vec<String> = left.blank.iter().take(MOST_NAMED).map(ToString::to_string).collect();
            let more = if left.blank.len() > MOST_NAMED { " …" } else { "" };
            let (count, lines) = (left.blank.len(), lines.join("、"));
            self.ready.push_back(Entry::Note(Words::new(
                format!("空行 {count} 行不读：{lines}{more}"),
                format!("{count} blank rows are not read: {lines}{more}"),
            )));
        }
    }
}

impl LeftOut {
    fn other(&mut self, line: usize, text: &str) {
        self.others += 1;
        if self.other.len() < MOST_NAMED {
            self.other.push((line, text.chars().take(20).collect()));
        }
    }
}

fn is_sum(text: &str) -> bool {
    let plain: String = text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>().to_lowercase();
    SUMS.contains(&plain.trim_end_matches([':', '：']))
}

fn is_foot(text: &str) -> bool {
    FEET.iter().any(|foot| text.strip_prefix(foot).is_some_and(|rest| rest.contains(['：', ':', '；', '1'])))
}

/// `A0807` at a record whose id stood before.
pub(super) fn id_problem(id: &str, line: usize, span: Span) -> Problem {
    let first = Words::new(format!("先在第 {line} 行"), format!("first in line {line}"));
    Problem::error(Code::IdTwice, span).with(id).saying(first)
}

impl Iterator for Table<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        if self.columns.is_none() {
            self.begin();
        }
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Some(entry);
            }
            if self.ended {
                return None;
            }
            let next = self.buffered.pop_front().map(Ok).or_else(|| self.rows.next());
            match next {
                Some(Ok(row)) => self.row(&row),
                Some(Err(fault)) => self.ready.push_back(Entry::Problem(fault)),
                None => self.end(),
            }
        }
    }
}

/// The ids that were met, by hashes of 128 bits: a list may have a million.
pub(super) struct Ids {
    field: Option<FieldId>,
    key: Option<String>,
    seen: HashMap<(u64, u64), usize>,
}

impl Ids {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let field = vocabulary.field_named("id");
        let key = field.and_then(|id| vocabulary.field(id)).map(|field| field.name.chinese.clone());
        Self { field, key, seen: HashMap::new() }
    }

    /// The id of a record and the line where it stood before.
    pub(super) fn twice(&mut self, row: &Row) -> Option<(String, usize)> {
        let key = self.key.as_deref()?;
        let (_, value) = row.fields.iter().find(|(name, _)| name == key || name == "id")?;
        let id = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, id.as_str()).hash(&mut hasher);
            hasher.finish()
        };
        match self.seen.entry((half(0), half(1))) {
            Slot::Occupied(before) => Some((id, *before.get())),
            Slot::Vacant(slot) => {
                slot.insert(row.line);
                None
            }
        }
    }
}
