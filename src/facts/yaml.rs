//! YAML, from the events of its parser, so that every value keeps its place.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use crate::diagnostic::{Problem, Words};
use crate::facts::json::is_number;
use crate::facts::tree::{Builder, Kind, Spanned, malformed, too_deep};
use crate::source::Source;
use crate::span::Span;

/// The tree of the one document in a source, and its problems.
pub(super) fn parse(source: &Source) -> (Option<Spanned>, Vec<Problem>) {
    let mut reader = Reader { offsets: Offsets::new(source), builder: Builder::new(), documents: 0 };
    for event in Parser::new_from_str(source.text()) {
        let taken = match event {
            Ok((event, span)) => {
                let span = reader.offsets.span(span.start.index(), span.end.index());
                reader.take(&event, span)
            }
            Err(fault) => Err(Box::new(reader.fault(&fault))),
        };
        if let Err(problem) = taken {
            reader.builder.problems.push(*problem);
            return (None, reader.builder.problems);
        }
    }
    let (tree, mut problems) = reader.builder.finish();
    if tree.is_none() && problems.is_empty() {
        let words = Words::new("里面没有内容", "there is nothing in it");
        problems.push(malformed(Span::new(source.id(), 0, 0), words));
    }
    (tree, problems)
}

struct Reader<'a> {
    offsets: Offsets<'a>,
    builder: Builder,
    documents: usize,
}

impl Reader<'_> {
    fn take(&mut self, event: &Event<'_>, span: Span) -> Result<(), Box<Problem>> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                let words = Words::new("一个文件只写一案", "a file holds one case");
                if self.documents > 1 { Err(Box::new(malformed(span, words))) } else { Ok(()) }
            }
            Event::Alias(_) => Err(Box::new(refused(span, "引用（*）", "an alias (*)"))),
            Event::Scalar(text, style, anchor, tag) => {
                plain_only(*anchor, tag.is_some(), span)?;
                self.scalar(text, *style, span);
                Ok(())
            }
            Event::SequenceStart(anchor, tag) => {
                plain_only(*anchor, tag.is_some(), span)?;
                self.key_is_text(span)?;
                self.builder.open_list(span)
            }
            Event::MappingStart(anchor, tag) => {
                plain_only(*anchor, tag.is_some(), span)?;
                self.key_is_text(span)?;
                self.builder.open_map(span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let end = self.offsets.trimmed_end(self.builder.open().map_or(0, |(open, _)| open.start()), span.end());
                self.builder.close(Span::new(span.source(), end, end));
                Ok(())
            }
        }
    }

    fn key_is_text(&self, span: Span) -> Result<(), Box<Problem>> {
        let words = Words::new("名称应是文字", "a key should be words");
        if self.builder.wants_key() { Err(Box::new(malformed(span, words))) } else { Ok(()) }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) {
        if self.builder.wants_key() {
            self.builder.key(text.to_owned(), span);
            return;
        }
        let kind = if style == ScalarStyle::Plain { plain(text) } else { Kind::Text(text.to_owned()) };
        self.builder.value(Spanned { kind, span });
    }

    fn fault(&self, fault: &ScanError) -> Problem {
        let span = self.offsets.span(fault.marker().index(), fault.marker().index());
        if fault.info().contains("recursion limit") { too_deep(span) } else { malformed(span, explained(fault.info())) }
    }
}

/// What the parser's own words mean, for the faults people make most.
fn explained(info: &str) -> Words {
    let chinese = if info.contains("tab") {
        "缩进要用空格，不能用制表符"
    } else if info.contains("quoted scalar") {
        "引号没有收尾"
    } else if info.contains("simple key") || info.contains("block mapping") || info.contains("':'") {
        "这里应是「名称: 值」，冒号是半角的，后面有空格"
    } else if info.contains("flow") || info.contains("',' or") {
        "括号不成对，或缺少逗号"
    } else {
        "不合 YAML 的写法"
    };
    Words::new(chinese, info)
}

/// A value without quotes, by YAML's core rules; numbers keep their digits.
fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ if is_number(text) => Kind::Number(text.to_owned()),
        _ => Kind::Text(text.to_owned()),
    }
}

fn plain_only(anchor: usize, tagged: bool, span: Span) -> Result<(), Box<Problem>> {
    if anchor != 0 {
        return Err(Box::new(refused(span, "锚点（&）", "an anchor (&)")));
    }
    if tagged { Err(Box::new(refused(span, "标签（!）", "a tag (!)"))) } else { Ok(()) }
}

fn refused(span: Span, chinese: &str, english: &str) -> Problem {
    let words = Words::new(format!("不接受 YAML 的{chinese}"), format!("{english} of YAML is not accepted"));
    malformed(span, words).help(Words::new("把值直接写在这里", "write the value itself here"))
}

/// Bytes of characters: the parser counts characters, places count bytes.
struct Offsets<'a> {
    source: &'a Source,
    /// The byte of every 64th character.
    marks: Vec<usize>,
}

impl<'a> Offsets<'a> {
    const STEP: usize = 64;

    fn new(source: &'a Source) -> Self {
        let marks = source.text().char_indices().step_by(Self::STEP).map(|(byte, _)| byte).collect();
        Self { source, marks }
    }

    fn byte(&self, character: usize) -> usize {
        let whole = self.source.text().len();
        let Some(mark) = self.marks.get(character / Self::STEP) else { return whole };
        let rest = self.source.text().get(*mark..).unwrap_or_default();
        rest.char_indices().nth(character % Self::STEP).map_or(whole, |(byte, _)| mark + byte)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source.id(), self.byte(start), self.byte(end))
    }

    /// An end without the blanks and line breaks that a block leaves behind it.
    fn trimmed_end(&self, start: usize, end: usize) -> usize {
        start + self.source.text().get(start..end).unwrap_or_default().trim_end().len()
    }
}
