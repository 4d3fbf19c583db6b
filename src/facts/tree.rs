//! Values with their places, before anybody knows what they mean.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::diagnostic::{Code, Problem, Words};
use crate::source::Source;
use crate::span::{SourceId, Span};

/// How deep lists and maps may nest.
pub const MAX_DEPTH: usize = 64;

/// How many bytes one case may have.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A value with its place; of a text, the place includes its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned {
    /// The value.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

impl Spanned {
    /// The value as JSON on one line; numbers in the digits their author wrote.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        let quoted = |words: &str| serde_json::Value::from(words).to_string();
        match &self.kind {
            Kind::Null => text.push_str("null"),
            Kind::Bool(answer) => text.push_str(if *answer { "true" } else { "false" }),
            Kind::Number(digits) => text.push_str(digits),
            Kind::Text(words) => text.push_str(&quoted(words)),
            Kind::List(items) => {
                let mut open = '[';
                for item in items {
                    text.push(open);
                    item.write(text);
                    open = ',';
                }
                text.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Kind::Map(entries) => {
                let mut open = '{';
                for entry in entries {
                    text.push(open);
                    text.push_str(&quoted(&entry.key));
                    text.push(':');
                    entry.value.write(text);
                    open = ',';
                }
                text.push_str(if entries.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

/// A value as JSON and YAML know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `null`: not known.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, in the digits its author wrote.
    Number(String),
    /// Words.
    Text(String),
    /// A list.
    List(Vec<Spanned>),
    /// A map, in the order of its author, each key once.
    Map(Vec<Entry>),
}

/// One entry of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Spanned,
}

/// What a text of facts is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON or JSON Lines.
    Json,
    /// YAML.
    Yaml,
}

/// What a source is written in: by the ending of its name, else JSON where it begins with a bracket.
#[must_use]
pub fn format_of(source: &Source) -> Format {
    let ending = source.name().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("json" | "jsonl" | "ndjson") => Format::Json,
        Some("yaml" | "yml") => Format::Yaml,
        _ => {
            let text = source.text().trim_start_matches('\u{FEFF}').trim_start();
            let json = text.is_empty() || text.starts_with(['{', '[', '"']) || !cfg!(feature = "yaml");
            if json { Format::Json } else { Format::Yaml }
        }
    }
}

/// Reads a source that holds one case, in JSON or (with the feature `yaml`) YAML.
///
/// The tree is `None` where the text cannot be read at all. Problems: `A0601` malformed, at the place where it breaks;
/// `A0602` a key twice, with both places (the first one is kept); `A0614` too deep; `A0615` too large.
#[must_use]
pub fn read(source: &Source) -> (Option<Spanned>, Vec<Problem>) {
    match format_of(source) {
        Format::Json => json(source, 0..source.text().len()),
        Format::Yaml => yaml(source),
    }
}

/// Reads the one JSON value that stands in a range of a source, such as one line of JSON Lines. Places are those of the
/// whole source. Strict: no comments, no trailing commas, no `NaN`.
///
/// Problems as in [`read`].
#[must_use]
pub fn json(source: &Source, range: Range<usize>) -> (Option<Spanned>, Vec<Problem>) {
    if let Some(problem) = too_large(source, &range) {
        return (None, vec![problem]);
    }
    super::json::parse(source, range)
}

/// Reads a source in YAML: one document, without anchors, aliases and tags.
///
/// Problems as in [`read`]; without the feature `yaml`, `A0601`.
#[must_use]
pub fn yaml(source: &Source) -> (Option<Spanned>, Vec<Problem>) {
    if let Some(problem) = too_large(source, &(0..source.text().len())) {
        return (None, vec![problem]);
    }
    #[cfg(feature = "yaml")]
    return super::yaml::parse(source);
    #[cfg(not(feature = "yaml"))]
    {
        let words = Words::new("没有启用 YAML，只读 JSON", "YAML is not built in, only JSON is read");
        (None, vec![malformed(Span::new(source.id(), 0, 0), words)])
    }
}

/// Writes a Rust value down as JSON, so that it is read as any other fact file is and problems have a text to point at.
/// Floating-point numbers are taken by their shortest decimal text; one that is no number becomes "not known".
///
/// # Errors
/// `A0601` where the value has no form in JSON, such as a map whose keys are not words.
pub fn written(value: &impl Serialize, id: SourceId, name: &str) -> Result<Source, Box<Problem>> {
    match serde_json::to_string_pretty(value) {
        Ok(text) => Ok(Source::new(id, name, text)),
        Err(fault) => Err(Box::new(malformed(Span::new(id, 0, 0), Words::same(fault.to_string())))),
    }
}

/// The tree of the facts that a rule file's own case gives: key, value, place. Every part of a value has the place of
/// the whole; what nests deeper than [`MAX_DEPTH`] becomes "not known".
#[must_use]
pub fn given(entries: &[(String, serde_json::Value, Span)]) -> Spanned {
    let map = entries.iter().map(|(key, value, span)| entry_at(key, value, *span, MAX_DEPTH)).collect();
    let span = entries.iter().map(|(_, _, span)| *span).reduce(Span::to).unwrap_or_default();
    Spanned { kind: Kind::Map(map), span }
}

/// The tree of facts that stand beside each other in one line of a source, such as the cells of a row: key, value, and
/// where in the line it stands. Entries of one map may come from several cells; members of a list have their own places
/// where they are found in the line.
#[must_use]
pub fn row(source: &Source, entries: &[(String, serde_json::Value, Range<usize>)]) -> Spanned {
    let mut map: Vec<Entry> = Vec::new();
    for (key, value, range) in entries {
        let span = Span::new(source.id(), range.start, range.end);
        let mut entry = entry_at(key, value, span, MAX_DEPTH);
        if let Kind::List(members) = &mut entry.value.kind {
            place_members(source.slice(span), span, members);
        }
        match (map.iter_mut().find(|known| known.key == *key).map(|known| &mut known.value.kind), entry.value.kind) {
            (Some(Kind::Map(known)), Kind::Map(more)) => known.extend(more),
            (Some(_), _) => {}
            (None, kind) => map.push(Entry { value: Spanned { kind, span }, ..entry }),
        }
    }
    Spanned { kind: Kind::Map(map), span: Span::new(source.id(), 0, source.text().len()) }
}

fn place_members(text: &str, span: Span, members: &mut [Spanned]) {
    let mut from = 0;
    for member in members {
        let Kind::Text(word) = &member.kind else { continue };
        let Some(at) = text.get(from..).and_then(|rest| rest.find(word.as_str())) else { continue };
        let start = from + at;
        from = start + word.len();
        member.span = Span::new(span.source(), span.start() + start, span.start() + from);
    }
}

fn entry_at(key: &str, value: &serde_json::Value, span: Span, levels: usize) -> Entry {
    Entry { key: key.to_owned(), key_span: span, value: value_at(value, span, levels) }
}

fn value_at(value: &serde_json::Value, span: Span, levels: usize) -> Spanned {
    let inner = levels.saturating_sub(1);
    let kind = match value {
        serde_json::Value::Null => Kind::Null,
        _ if levels == 0 => Kind::Null,
        serde_json::Value::Bool(answer) => Kind::Bool(*answer),
        serde_json::Value::Number(number) => Kind::Number(number.to_string()),
        serde_json::Value::String(text) => Kind::Text(text.clone()),
        serde_json::Value::Array(items) => Kind::List(items.iter().map(|item| value_at(item, span, inner)).collect()),
        serde_json::Value::Object(map) => {
            Kind::Map(map.iter().map(|(key, value)| entry_at(key, value, span, inner)).collect())
        }
    };
    Spanned { kind, span }
}

fn too_large(source: &Source, range: &Range<usize>) -> Option<Problem> {
    let bytes = range.end.saturating_sub(range.start);
    (bytes > MAX_BYTES).then(|| {
        Problem::error(Code::FactsTooLarge, Span::new(source.id(), range.start, range.start))
            .with(bytes.to_string())
            .with(MAX_BYTES.to_string())
    })
}

/// `A0601` with what is wrong.
pub(super) fn malformed(span: Span, words: Words) -> Problem {
    Problem::error(Code::MalformedFacts, span).with_words(words.clone()).saying(words)
}

/// `A0614` at the bracket or entry that is one too deep.
pub(super) fn too_deep(span: Span) -> Problem {
    Problem::error(Code::FactsTooDeep, span).with((MAX_DEPTH + 1).to_string()).with(MAX_DEPTH.to_string())
}

/// Puts values together from a flat run of events; its depth is capped, it never recurses.
pub(super) struct Builder {
    stack: Vec<Frame>,
    top: Option<Spanned>,
    pub(super) problems: Vec<Problem>,
}

enum Frame {
    List { span: Span, items: Vec<Spanned> },
    Map { span: Span, entries: Vec<Entry>, key: Option<Key>, seen: BTreeMap<String, Span> },
}

struct Key {
    text: String,
    span: Span,
    repeated: bool,
}

impl Builder {
    pub(super) const fn new() -> Self {
        Self { stack: Vec::new(), top: None, problems: Vec::new() }
    }

    /// Where the innermost open list or map begins, and whether it is a map.
    pub(super) fn open(&self) -> Option<(Span, bool)> {
        self.stack.last().map(|frame| match frame {
            Frame::List { span, .. } => (*span, false),
            Frame::Map { span, .. } => (*span, true),
        })
    }

    /// Whether a key has to come next.
    #[cfg(feature = "yaml")]
    pub(super) fn wants_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame::Map { key: None, .. }))
    }

    pub(super) fn open_list(&mut self, span: Span) -> Result<(), Box<Problem>> {
        self.push(span, Frame::List { span, items: Vec::new() })
    }

    pub(super) fn open_map(&mut self, span: Span) -> Result<(), Box<Problem>> {
        self.push(span, Frame::Map { span, entries: Vec::new(), key: None, seen: BTreeMap::new() })
    }

    fn push(&mut self, span: Span, frame: Frame) -> Result<(), Box<Problem>> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        self.stack.push(frame);
        Ok(())
    }

    /// Takes the next key; one that stands already is a problem, and its value will be dropped.
    pub(super) fn key(&mut self, text: String, span: Span) {
        let Some(Frame::Map { key, seen, .. }) = self.stack.last_mut() else { return };
        let first = seen.get(&text).copied();
        match first {
            Some(first) if self.problems.len() < 1000 => self.problems.push(twice(&text, span, first)),
            Some(_) => {}
            None => {
                seen.insert(text.clone(), span);
            }
        }
        *key = Some(Key { text, span, repeated: first.is_some() });
    }

    /// Takes a whole value.
    pub(super) fn value(&mut self, value: Spanned) {
        match self.stack.last_mut() {
            None => self.top = Some(value),
            Some(Frame::List { items, .. }) => items.push(value),
            Some(Frame::Map { entries, key, .. }) => {
                if let Some(key) = key.take().filter(|key| !key.repeated) {
                    entries.push(Entry { key: key.text, key_span: key.span, value });
                }
            }
        }
    }

    /// Closes the innermost list or map, which ends where `last` ends.
    pub(super) fn close(&mut self, last: Span) {
        let value = match self.stack.pop() {
            Some(Frame::List { span, items }) => Spanned { kind: Kind::List(items), span: span.to(last) },
            Some(Frame::Map { span, entries, .. }) => Spanned { kind: Kind::Map(entries), span: span.to(last) },
            None => return,
        };
        self.value(value);
    }

    pub(super) fn finish(self) -> (Option<Spanned>, Vec<Problem>) {
        (self.top, self.problems)
    }
}

/// `A0602` with both places.
pub(super) fn twice(key: &str, span: Span, first: Span) -> Problem {
    Problem::error(Code::DuplicateKey, span)
        .with(key)
        .saying(Words::new("又写了一次", "here again"))
        .also(first, Words::new("先写在这里", "first here"))
}
