//! Records that name their own facts: JSON, JSON Lines, YAML.

use std::ops::Range;

use adit::diagnostic::{Code, Problem, Words};
use adit::facts::tree::{self, Kind, Spanned};
use adit::facts::{self, CaseTexts, nearest};
use adit::model::Vocabulary;
use adit::source::Source;
use adit::span::{SourceId, Span};
use serde_json::{Map, Number, Value};

use crate::files::FileProblem;
use crate::registry::table::{Ids, id_problem};
use crate::registry::{Entries, Entry, Row, Written, columns};

/// What stands around a list of records.
const PARTS: [(Part, [&str; 3]); 3] = [
    (Part::Mines, ["mines", "矿山", "records"]),
    (Part::Reported, ["reported", "上报", "上报数"]),
    (Part::AsOf, ["as-of", "as_of", "截至日"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Mines,
    Reported,
    AsOf,
}

/// The records of a JSON text: a list, a list under `mines`, or one a line.
pub(super) fn json<'a>(name: &str, text: String, vocabulary: &'a Vocabulary) -> Entries<'a> {
    let source = Source::new(SourceId::default(), name, text);
    let mut around = Vec::new();
    let mut ranges = Vec::new();
    match facts::cases(&source) {
        CaseTexts::Lines(lines) => ranges = lines,
        CaseTexts::One(whole) => {
            let start = whole.end - source.text().trim_start().len();
            let top = start..source.text().trim_end().len();
            if source.text().get(start..).is_some_and(|text| text.starts_with('[')) {
                ranges = items(source.text(), top);
            } else {
                wrapped(&source, top, &mut around, &mut ranges);
            }
        }
    }
    let mut desk = Desk::new(vocabulary);
    let rows = ranges.into_iter().flat_map(move |range| {
        let (tree, problems) = tree::json(&source, range.clone());
        let entry = desk.entry(&source, tree, problems, Some(range));
        desk.notes().into_iter().chain([entry])
    });
    Box::new(around.into_iter().chain(rows))
}

/// The records of a YAML text: a list, or a list under `mines`.
pub(super) fn yaml<'a>(name: &str, text: String, vocabulary: &'a Vocabulary) -> Entries<'a> {
    let source = Source::new(SourceId::default(), name, text);
    let (tree, problems) = tree::yaml(&source);
    let mut entries: Vec<Entry> = problems.into_iter().map(|problem| problem_in(&source, problem)).collect();
    let records = match tree.map(|tree| (tree.span, tree.kind)) {
        None => Vec::new(),
        Some((_, Kind::List(records))) => records,
        Some((_, Kind::Map(parts))) if parts.iter().any(|entry| part(&entry.key) == Some(Part::Mines)) => {
            let mut records = Vec::new();
            for entry in parts {
                match (part(&entry.key), entry.value.kind) {
                    (Some(Part::Mines), Kind::List(mines)) => records = mines,
                    (Some(Part::Mines), kind) => records = vec![Spanned { kind, span: entry.value.span }],
                    (Some(other), kind) => entries.push(beside(other, value(&kind))),
                    (None, _) => entries.push(problem_in(&source, unknown(&entry.key, entry.key_span))),
                }
            }
            records
        }
        Some((span, kind)) => vec![Spanned { kind, span }],
    };
    let mut desk = Desk::new(vocabulary);
    let rows = records.into_iter().flat_map(move |record| {
        let entry = desk.entry(&source, Some(record), Vec::new(), None);
        desk.notes().into_iter().chain([entry])
    });
    Box::new(entries.into_iter().chain(rows))
}

fn part(key: &str) -> Option<Part> {
    PARTS.iter().find(|(_, names)| names.contains(&key)).map(|(part, _)| *part)
}

fn beside(part: Part, value: Value) -> Entry {
    if part == Part::AsOf { Entry::AsOf(value) } else { Entry::Reported(value) }
}

fn unknown(key: &str, span: Span) -> Problem {
    let problem = Problem::error(Code::UnknownKey, span).with(key);
    match nearest(key, PARTS.iter().flat_map(|(_, names)| names.iter().copied())) {
        Some(near) => problem.meant(near).mended(format!("\"{near}\"")),
        None => problem.help(Words::new(
            "名册外面只有 mines、reported、as-of",
            "around the list there are only mines, reported, as-of",
        )),
    }
}

/// A problem with the line that it points at, not the whole text: there may be many.
fn problem_in(source: &Source, problem: Problem) -> Entry {
    let spans = || problem.labels().iter().map(|label| label.span);
    let first = spans().map(|span| source.position(span.start()).line).min().unwrap_or(1);
    let last = spans().map(|span| source.position(span.end()).line).max().unwrap_or(1);
    let (start, _) = source.line(first).unwrap_or_default();
    let end = source.line(last).map_or(start, |(offset, line)| offset + line.len());
    let text = source.text().get(start..end).unwrap_or_default();
    let source = Source::excerpt(SourceId::default(), source.name(), text, first);
    Entry::Problem(FileProblem { problem: problem.moved(SourceId::default(), start), sources: vec![source] })
}

/// The list under `mines`, and what stands beside it; a map without it is one record.
fn wrapped(source: &Source, top: Range<usize>, around: &mut Vec<Entry>, ranges: &mut Vec<Range<usize>>) {
    let entries: Vec<(String, Range<usize>, Range<usize>)> =
        items(source.text(), top.clone()).into_iter().filter_map(|item| key_of(source.text(), item)).collect();
    if !entries.iter().any(|(key, _, _)| part(key) == Some(Part::Mines)) {
        ranges.push(top);
        return;
    }
    for (key, key_range, range) in entries {
        match part(&key) {
            Some(Part::Mines) if source.text().get(range.clone()).is_some_and(|text| text.starts_with('[')) => {
                ranges.extend(items(source.text(), range));
            }
            Some(Part::Mines) => ranges.push(range),
            Some(other) => {
                let (tree, problems) = tree::json(source, range);
                around.extend(problems.into_iter().map(|problem| problem_in(source, problem)));
                around.extend(tree.map(|tree| beside(other, value(&tree.kind))));
            }
            None => {
                let span = Span::new(source.id(), key_range.start, key_range.end);
                around.push(problem_in(source, unknown(&key, span)));
            }
        }
    }
}

/// The items of a list or map that begins at the start of a range: what commas of its own level part.
///
/// Nothing is judged here: an item that is no JSON is told by whoever reads it.
fn items(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes().get(..range.end).unwrap_or_default();
    let mut found = Vec::new();
    let (mut depth, mut quoted, mut escaped, mut start) = (0_usize, false, false, range.start + 1);
    let mut take = |from: usize, to: usize, last: bool| {
        let piece = text.get(from..to).unwrap_or_default();
        let lead = piece.len() - piece.trim_start().len();
        if !piece.trim().is_empty() || !last {
            found.push(from + lead..from + piece.trim_end().len().max(lead));
        }
    };
    for (at, byte) in bytes.iter().enumerate().skip(range.start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => depth += 1,
            b',' if depth == 1 => {
                take(start, at, false);
                start = at + 1;
            }
            b']' | b'}' if depth <= 1 => {
                take(start, at, true);
                start = at + 1;
                depth = 0;
            }
            b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    take(start, bytes.len(), true);
    found
}

/// `"key": value` as its parts.
fn key_of(text: &str, item: Range<usize>) -> Option<(String, Range<usize>, Range<usize>)> {
    let whole = text.get(item.clone())?;
    let end = whole.strip_prefix('"')?.find('"')? + 2;
    let key = whole.get(1..end - 1)?;
    let rest = whole.get(end..)?.trim_start().strip_prefix(':')?.trim_start();
    Some((key.to_owned(), item.start..item.start + end, item.end - rest.len()..item.end))
}

struct Desk<'a> {
    vocabulary: &'a Vocabulary,
    ids: Ids,
    /// Keys for people only that were told.
    for_people: Vec<String>,
    /// Those that were not yet.
    untold: Vec<String>,
}

impl<'a> Desk<'a> {
    fn new(vocabulary: &'a Vocabulary) -> Self {
        Self { vocabulary, ids: Ids::new(vocabulary), for_people: Vec::new(), untold: Vec::new() }
    }

    /// What is not read, told once.
    fn notes(&mut self) -> Option<Entry> {
        let untold = std::mem::take(&mut self.untold);
        self.for_people.extend(untold.iter().cloned());
        let note =
            || Words::new(format!("这些项不读：{}", untold.join("、")), format!("not read: {}", untold.join(", ")));
        (!untold.is_empty()).then(|| Entry::Note(note()))
    }

    fn entry(
        &mut self,
        source: &Source,
        tree: Option<Spanned>,
        problems: Vec<Problem>,
        written: Option<Range<usize>>,
    ) -> Entry {
        if let Some(problem) = problems.into_iter().next() {
            return problem_in(source, problem);
        }
        let Some(tree) = tree else {
            return problem_in(source, Problem::error(Code::MalformedFacts, Span::default()).with(""));
        };
        let Kind::Map(entries) = &tree.kind else {
            let words = Words::new("名称到值的对照，如 {\"名称\": \"值\"}", "a map of names to values");
            let record = Words::new("一条记录", "a record");
            let problem = Problem::error(Code::WrongFactType, tree.span).with_words(record).with_words(words);
            return problem_in(source, problem);
        };
        let line = source.position(tree.span.start()).line;
        let for_people = |key: &String| columns::is_for_people(key);
        for key in entries.iter().map(|entry| &entry.key).filter(|key| for_people(key)) {
            if !self.for_people.contains(key) && !self.untold.contains(key) {
                self.untold.push(key.clone());
            }
        }
        let kept = entries.iter().filter(|entry| !for_people(&entry.key));
        let fields: Vec<(String, Value)> = kept.map(|entry| (entry.key.clone(), value(&entry.value.kind))).collect();
        let whole = fields.len() == entries.len();
        let written = written.filter(|_| whole);
        let written = written.map_or(Written::Otherwise, |range| Written::Json(as_written(source, range)));
        let row = Row { line, fields, written };
        let key = self.vocabulary.field_named("id").and_then(|id| self.vocabulary.field(id));
        match self.ids.twice(&row) {
            Some((id, before)) => {
                let is_id =
                    |key_written: &str| key.is_some_and(|field| field.name.spellings().any(|name| name == key_written));
                let span = entries.iter().find(|entry| is_id(&entry.key)).map_or(tree.span, |entry| entry.value.span);
                problem_in(source, id_problem(&id, before, span))
            }
            None => Entry::Row(row),
        }
    }
}

/// The record's own text, so far to the right as it stands in its line.
fn as_written(source: &Source, range: Range<usize>) -> String {
    let lead = source.position(range.start).column - 1;
    format!("{}{}", " ".repeat(lead), source.text().get(range).unwrap_or_default())
}

/// The value; a number that would lose digits stays text.
fn value(kind: &Kind) -> Value {
    match kind {
        Kind::Null => Value::Null,
        Kind::Bool(answer) => Value::Bool(*answer),
        Kind::Text(text) => Value::String(text.clone()),
        Kind::Number(text) => match text.parse::<Number>() {
            Ok(number) if number.to_string() == *text => Value::Number(number),
            Ok(_) | Err(_) => Value::String(text.clone()),
        },
        Kind::List(items) => Value::Array(items.iter().map(|item| value(&item.kind)).collect()),
        Kind::Map(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.clone(), value(&entry.value.kind)));
            Value::Object(entries.collect::<Map<String, Value>>())
        }
    }
}
