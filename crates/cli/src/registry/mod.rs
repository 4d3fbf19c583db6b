//! A list of mines from a file: CSV, XLSX, XLS, JSON, JSON Lines or YAML, one record after the other.
//!
//! [`read`] gives what stands in the file in its order: records, problems at their lines, notes. A record that cannot be
//! used is told with its line and the rest goes on; nothing is left out in silence. CSV is read as a stream.

mod cells;
mod columns;
mod decode;
mod delimited;
mod header;
mod load;
mod outline;
mod print;
mod records;
mod table;
mod workbook;

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adit::Error;
use adit::diagnostic::{Code, Problem, Words};
use adit::model::Vocabulary;
use adit::rulebook::{PreparedFacts, Rulebook};
use adit::source::Source;
use adit::span::{SourceId, Span};
use serde_json::{Map, Value};

use crate::files::{FileProblem, shown};

pub(crate) use load::{Around, Loaded, each, load};
pub(crate) use print::print;

/// Where a list of mines comes from.
pub(crate) enum Input {
    /// A file.
    Path(PathBuf),
    /// Bytes that were read already, as from standard input, under the name that is shown.
    Bytes(String, Vec<u8>),
}

impl Input {
    /// The file of this path; standard input where there is none.
    pub(crate) fn of(path: Option<&Path>) -> io::Result<Self> {
        let Some(path) = path else {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes)?;
            return Ok(Self::Bytes("-".to_owned(), bytes));
        };
        Ok(Self::Path(path.to_owned()))
    }

    fn name(&self) -> String {
        match self {
            Self::Path(path) => shown(path),
            Self::Bytes(name, _) => name.clone(),
        }
    }

    /// Its bytes from the beginning; may be called again.
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::Path(path) => Box::new(File::open(path)?),
            Self::Bytes(_, bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    fn all(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// One record: the facts of one mine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The line of the file (of a sheet: its row) where it begins.
    pub(crate) line: usize,
    /// Facts by their names.
    pub(crate) fields: Vec<(String, Value)>,
    /// How its author wrote it: so problems of its facts point into that.
    written: Written,
}

/// How the author of a record wrote it.
#[derive(Debug, Clone, PartialEq)]
enum Written {
    /// As JSON.
    Json(String),
    /// As YAML, or with entries that are not read; it is shown as JSON.
    Otherwise,
    /// As cells of a row.
    Cells(Cells),
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cells {
    /// The file, and of a workbook the sheet.
    name: Arc<str>,
    /// The row on one line.
    text: String,
    /// Names of facts, their values, and where in the line they stand.
    facts: Vec<(String, Value, Range<usize>)>,
    /// The heads of their columns.
    heads: Vec<Arc<str>>,
}

impl Cells {
    /// A problem with the head of the column that it points at.
    fn told(&self, problem: &Problem) -> Problem {
        let start = problem.span().start();
        let of_cell = self.facts.iter().zip(&self.heads).find(|((_, _, range), _)| range.contains(&start));
        let Some((_, head)) = of_cell else { return problem.clone() };
        let said = problem.labels().first().map(|label| label.words.clone()).unwrap_or_default();
        let with = |column: String, colon: &str, words: &str| {
            if words.is_empty() { column } else { format!("{column}{colon}{words}") }
        };
        problem.clone().saying(Words::new(
            with(format!("「{head}」一列"), "：", &said.chinese),
            with(format!("column `{head}`"), ": ", &said.english),
        ))
    }
}

impl Row {
    /// Its facts, typed against the rules; or its problems, where each of them stands.
    pub(crate) fn prepared(&self, rulebook: &Rulebook, name: &str) -> Result<PreparedFacts, (Vec<Problem>, Error)> {
        let typed = match &self.written {
            Written::Json(text) => rulebook.prepare_record(name, self.line, text),
            Written::Otherwise => rulebook.prepare_record(name, self.line, &self.line_text()),
            Written::Cells(cells) => rulebook.prepare_row(&cells.name, self.line, &cells.text, &cells.facts),
        };
        typed.map_err(|error| {
            let told = |problem: &Problem| match &self.written {
                Written::Cells(cells) => cells.told(problem),
                Written::Json(_) | Written::Otherwise => problem.clone(),
            };
            (error.problems().iter().map(told).collect(), error)
        })
    }

    /// The record as JSON on one line.
    pub(crate) fn line_text(&self) -> String {
        let mut keys = self.fields.iter().map(|(key, _)| key);
        let first_twice = keys
            .by_ref()
            .enumerate()
            .any(|(index, key)| self.fields.iter().take(index).any(|(earlier, _)| earlier == key));
        if !first_twice {
            return Value::Object(self.fields.iter().cloned().collect::<Map<String, Value>>()).to_string();
        }
        // A key that stands twice is for the reader of facts to refuse.
        let entries = self.fields.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str())));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
    }
}

/// What stands in a list of mines, in order.
pub(crate) enum Entry {
    /// A record.
    Row(Row),
    /// A problem; the record it speaks of is left out.
    Problem(FileProblem),
    /// What was done with the file that its author may want to know.
    Note(Words),
    /// The day of the list.
    AsOf(Value),
    /// Totals as they were reported.
    Reported(Value),
}

/// All of a list of mines.
pub(crate) type Entries<'a> = Box<dyn Iterator<Item = Entry> + 'a>;

/// Reads a list of mines. What it is, its first bytes say, not its name.
pub(crate) fn read<'a>(input: &'a Input, vocabulary: &'a Vocabulary) -> Entries<'a> {
    opened(input, vocabulary).unwrap_or_else(|problem| Box::new(std::iter::once(Entry::Problem(*problem))))
}

fn opened<'a>(input: &'a Input, vocabulary: &'a Vocabulary) -> Result<Entries<'a>, Box<FileProblem>> {
    let name = input.name();
    let fault = |fault: io::Error| Box::new(FileProblem::unreadable(Path::new(&name), &fault));
    let mut start = Vec::new();
    input.open().map_err(fault)?.take(4096).read_to_end(&mut start).map_err(fault)?;
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xD0\xCF\x11\xE0") {
        let sheet = workbook::read(&name, input.all().map_err(fault)?)?;
        let notes: Vec<Entry> =
            sheet.notes.into_iter().chain(renamed(&name, Content::Workbook)).map(Entry::Note).collect();
        let name = if sheet.name.is_empty() { name } else { format!("{name}「{}」", sheet.name) };
        let table = table::Table::new(vocabulary, name, Box::new(sheet.rows.into_iter().map(Ok)), sheet.merged);
        return Ok(Box::new(notes.into_iter().chain(table)));
    }
    if let Some(what) = no_table(&start) {
        return Err(Box::new(whole(
            &name,
            Problem::error(Code::NotATable, Span::default()).with(&name).with_words(what),
        )));
    }
    let encoding = decode::detect(input).map_err(fault)?;
    if encoding.is_binary {
        let what = Words::new("不是文本，也不是工作簿", "it is neither text nor a workbook");
        return Err(Box::new(whole(
            &name,
            Problem::error(Code::NotATable, Span::default()).with(&name).with_words(what),
        )));
    }
    let mut text = decode::Decoded::new(input.open().map_err(fault)?, encoding.encoding);
    let sample = text.sample().map_err(fault)?;
    let content = content_of(&name, &sample);
    let notes: Vec<Entry> = encoding.note.into_iter().chain(renamed(&name, content)).map(Entry::Note).collect();
    let whole_text = || decode::Decoded::new(input.open()?, encoding.encoding).text();
    let entries: Entries<'a> = match content {
        Content::Table | Content::Workbook => {
            let rows = delimited::read(&name, text, &sample);
            Box::new(table::Table::new(vocabulary, name, Box::new(rows), Vec::new()))
        }
        Content::Json => records::json(&name, whole_text().map_err(fault)?, vocabulary),
        Content::Yaml => records::yaml(&name, whole_text().map_err(fault)?, vocabulary),
    };
    Ok(Box::new(notes.into_iter().chain(entries)))
}

/// All of a text, and a note where it had to be converted; `None` where it is no text.
pub(crate) fn text_of(input: &Input) -> io::Result<Option<(String, Option<Words>)>> {
    let found = decode::detect(input)?;
    if found.is_binary {
        return Ok(None);
    }
    Ok(Some((decode::Decoded::new(input.open()?, found.encoding).text()?, found.note)))
}

/// A problem of a file as a whole.
fn whole(name: &str, problem: Problem) -> FileProblem {
    FileProblem::new(name, problem)
}

/// A problem at a place of a line.
fn at_line(name: &str, line: usize, text: String, make: impl FnOnce() -> Problem) -> FileProblem {
    FileProblem { problem: make(), sources: vec![Source::excerpt(SourceId::default(), name, text, line)] }
}

/// What a file is by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Workbook,
    Table,
    Json,
    Yaml,
}

fn content_of(name: &str, sample: &str) -> Content {
    let start = sample.trim_start();
    let yaml = ending(name).is_some_and(|ending| matches!(ending.as_str(), "yaml" | "yml"));
    if start.starts_with(['{', '[']) {
        Content::Json
    } else if yaml || start.starts_with("- ") || start.starts_with("---") {
        Content::Yaml
    } else {
        Content::Table
    }
}

fn ending(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}

/// A note where the name says something else than the content.
fn renamed(name: &str, content: Content) -> Option<Words> {
    let ending = ending(name)?;
    let (usual, word): (&[&str], &str) = match content {
        Content::Workbook => (&["xlsx", "xls", "xlsm", "et"], "XLSX/XLS"),
        Content::Table => (&["csv", "tsv", "txt"], "CSV"),
        Content::Json => (&["json", "jsonl", "ndjson", "txt"], "JSON"),
        Content::Yaml => (&["yaml", "yml", "txt"], "YAML"),
    };
    (!usual.contains(&ending.as_str())).then(|| {
        Words::new(
            format!("文件名以 .{ending} 结尾，内容是 {word}，按 {word} 读"),
            format!("the name ends in .{ending}, the content is {word} and is read as such"),
        )
    })
}

/// What it is, where that is surely no table.
fn no_table(start: &[u8]) -> Option<Words> {
    let text = String::from_utf8_lossy(start).trim_start_matches('\u{FEFF}').trim_start().to_ascii_lowercase();
    let marks: [(bool, &str, &str); 6] = [
        (start.starts_with(b"%PDF"), "是 PDF", "it is a PDF"),
        (start.starts_with(b"\x89PNG") || start.starts_with(b"\xFF\xD8\xFF"), "是图片", "it is a picture"),
        (start.starts_with(b"Rar!") || start.starts_with(b"7z\xBC\xAF"), "是压缩包", "it is an archive"),
        (
            text.starts_with("<!doctype html") || text.starts_with("<html") || text.starts_with("<table"),
            "是网页",
            "it is a web page",
        ),
        (text.starts_with("<?xml"), "是 XML", "it is XML"),
        (text.is_empty(), "是空的", "it is empty"),
    ];
    marks.into_iter().find(|(is, _, _)| *is).map(|(_, chinese, english)| Words::new(chinese, english))
}
