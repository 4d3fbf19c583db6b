//! JSON, read strictly and without recursion, with the exact place of everything in it.

use std::ops::Range;

use crate::diagnostic::{Problem, Words};
use crate::facts::tree::{self, Builder, Kind, Spanned, malformed};
use crate::source::Source;
use crate::span::Span;

/// How the cases of a JSON text stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseTexts {
    /// One case: the bytes it fills.
    One(Range<usize>),
    /// JSON Lines: the bytes of each case, bad ones too, in order. Blank lines are left out.
    Lines(Vec<Range<usize>>),
}

/// Tells one case from JSON Lines: these are when a second value follows the first one on a new line, or the name ends in
/// `.jsonl` or `.ndjson`. A bad line stands for itself, the lines after it are cases again.
#[must_use]
pub fn cases(source: &Source) -> CaseTexts {
    let whole = 0..source.text().len();
    if tree::format_of(source) != tree::Format::Json {
        return CaseTexts::One(whole);
    }
    let by_name = [".jsonl", ".ndjson"].iter().any(|ending| source.name().ends_with(ending));
    let pieces = pieces(source);
    let begins = |piece: &Piece, with: &[char]| {
        source.text().get(piece.range.clone()).is_some_and(|text| text.starts_with(with))
    };
    let lines = match pieces.as_slice() {
        [] | [_] => by_name,
        [first, second, rest @ ..] => {
            let later_map = begins(second, &['{']) || rest.iter().any(|piece| begins(piece, &['{']));
            let line_of_its_own = source.text().get(first.range.clone()).is_some_and(|text| text.ends_with('}'));
            by_name
                || (first.good && (second.good || later_map))
                || (!first.good && begins(first, &['{']) && (begins(second, &['{']) || (line_of_its_own && later_map)))
        }
    };
    if lines { CaseTexts::Lines(pieces.into_iter().map(|piece| piece.range).collect()) } else { CaseTexts::One(whole) }
}

struct Piece {
    range: Range<usize>,
    good: bool,
}

/// Every value that fills whole lines; where none can be read, the line itself.
fn pieces(source: &Source) -> Vec<Piece> {
    let text = source.text();
    let mut pieces = Vec::new();
    let mut at = 0;
    loop {
        let mut reader = Reader::new(source, at..text.len());
        reader.blanks();
        let start = reader.at;
        let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) else { return pieces };
        let read = reader.value().is_ok();
        let end = reader.at;
        let after = text.get(end..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
        let good = read && (after.is_empty() || after.starts_with('\n'));
        let end = if good { end } else { start + rest.find('\n').unwrap_or(rest.len()) };
        pieces.push(Piece { range: start..start + text.get(start..end).unwrap_or_default().trim_end().len(), good });
        at = end.max(start + 1);
    }
}

/// The tree of the one value in a range, and its problems.
pub(super) fn parse(source: &Source, range: Range<usize>) -> (Option<Spanned>, Vec<Problem>) {
    let mut reader = Reader::new(source, range);
    reader.blanks();
    if reader.peek().is_none() {
        let words = Words::new("里面没有内容", "there is nothing in it");
        return (None, vec![malformed(reader.span(reader.at, reader.at), words)]);
    }
    if let Err(problem) = reader.value() {
        reader.builder.problems.push(*problem);
        return (None, reader.builder.problems);
    }
    reader.blanks();
    if reader.peek().is_some() {
        let words = Words::new("结尾之后还有内容", "something follows its end");
        let problem = malformed(reader.here(), words);
        reader.builder.problems.push(problem);
        return (None, reader.builder.problems);
    }
    reader.builder.finish()
}

struct Reader<'a> {
    source: &'a Source,
    text: &'a str,
    at: usize,
    builder: Builder,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source, range: Range<usize>) -> Self {
        let text = source.text().get(..range.end).unwrap_or_default();
        Self { source, text, at: range.start, builder: Builder::new() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source.id(), start, end)
    }

    /// The place of the character that comes next, empty at the end.
    fn here(&self) -> Span {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.span(self.at, self.at + length)
    }

    fn blanks(&mut self) {
        if self.at == 0 && self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
        }
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Reads one whole value into the builder.
    fn value(&mut self) -> Result<(), Box<Problem>> {
        loop {
            self.blanks();
            let opened = match self.peek() {
                Some(b'{') => self.open_map()?,
                Some(b'[') => self.open_list()?,
                _ => {
                    self.scalar()?;
                    false
                }
            };
            if !opened && self.after_value()? {
                return Ok(());
            }
        }
    }

    /// Whether a value has to come next: not after `{}`.
    fn open_map(&mut self) -> Result<bool, Box<Problem>> {
        let span = self.here();
        self.builder.open_map(span)?;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.close();
            return Ok(false);
        }
        self.key()?;
        Ok(true)
    }

    fn open_list(&mut self) -> Result<bool, Box<Problem>> {
        let span = self.here();
        self.builder.open_list(span)?;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b']') {
            self.close();
            return Ok(false);
        }
        Ok(true)
    }

    fn close(&mut self) {
        let last = self.here();
        self.at += 1;
        self.builder.close(last);
    }

    /// Goes on to the place where the next value begins; true where there is none, because the whole is read.
    fn after_value(&mut self) -> Result<bool, Box<Problem>> {
        loop {
            let Some((_, map)) = self.builder.open() else { return Ok(true) };
            self.blanks();
            match (self.peek(), map) {
                (Some(b'}'), true) | (Some(b']'), false) => self.close(),
                (Some(b','), _) => {
                    self.comma(map)?;
                    return Ok(false);
                }
                _ => return Err(Box::new(self.expected_separator(map))),
            }
        }
    }

    fn comma(&mut self, map: bool) -> Result<(), Box<Problem>> {
        let comma = self.here();
        self.at += 1;
        self.blanks();
        if matches!((self.peek(), map), (Some(b'}'), true) | (Some(b']'), false)) {
            let words = Words::new("最后一项之后多了逗号", "a comma after the last entry");
            return Err(Box::new(
                malformed(comma, words).help(Words::new("删去这个逗号", "remove this comma")).mended(""),
            ));
        }
        if map { self.key() } else { Ok(()) }
    }

    fn expected_separator(&self, map: bool) -> Problem {
        let Some(character) = self.rest().chars().next() else { return self.cut() };
        let mended = match character {
            '，' | '、' | '；' | ';' => Some(","),
            '｝' => Some("}"),
            '］' | '】' => Some("]"),
            _ => None,
        };
        let words = match map {
            true => Words::new("这里应是「,」或「}」", "`,` or `}` should stand here"),
            false => Words::new("这里应是「,」或「]」", "`,` or `]` should stand here"),
        };
        let problem = malformed(self.here(), words);
        match mended {
            Some(mended) => {
                let help = Words::new(format!("换成半角的「{mended}」"), format!("use the ASCII `{mended}`"));
                problem.help(help).mended(mended)
            }
            None => problem,
        }
    }

    /// The text ends in the middle of a list or map.
    fn cut(&self) -> Problem {
        let problem = malformed(self.span(self.at, self.at), Words::new("没有写完就结束了", "it ends in the middle"));
        let problem =
            problem.help(Words::new("补上缺的部分，检查括号是否成对", "add what is missing, check that brackets pair"));
        match self.builder.open() {
            Some((open, _)) => problem.also(open, Words::new("这个括号没有收尾", "this bracket is not closed")),
            None => problem,
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<(), Box<Problem>> {
        self.blanks();
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(Box::new(self.not_a_key()));
        }
        let text = self.string()?;
        let span = self.span(start, self.at);
        self.builder.key(text, span);
        self.blanks();
        match self.rest().chars().next() {
            Some(':') => {
                self.at += 1;
                Ok(())
            }
            Some('：') => {
                let words = Words::new("这里应是半角的「:」", "an ASCII `:` should stand here");
                Err(Box::new(malformed(self.here(), words.clone()).help(words).mended(":")))
            }
            None => Err(Box::new(self.cut())),
            Some(_) => Err(Box::new(malformed(self.here(), Words::new("这里应是「:」", "`:` should stand here")))),
        }
    }

    fn not_a_key(&self) -> Problem {
        match self.rest().chars().next() {
            None => self.cut(),
            Some('}') => self.stray("多了一个括号", "a bracket too many"),
            Some(_) => self.in_quotes("这里应是引号里的名称", "a name in quotes should stand here"),
        }
    }

    fn stray(&self, chinese: &str, english: &str) -> Problem {
        malformed(self.here(), Words::new(chinese, english))
    }

    fn scalar(&mut self) -> Result<(), Box<Problem>> {
        let start = self.at;
        let kind = match self.peek() {
            None => return Err(Box::new(self.cut())),
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(_) => self.word()?,
        };
        let span = self.span(start, self.at);
        self.builder.value(Spanned { kind, span });
        Ok(())
    }

    /// The length of what stands here up to the next sign of JSON or blank.
    fn bare_length(&self) -> usize {
        let ends = |character: char| {
            matches!(character, ',' | ':' | '{' | '}' | '[' | ']' | '，' | '：' | '"') || character.is_whitespace()
        };
        self.rest().find(ends).unwrap_or(self.rest().len())
    }

    fn word(&mut self) -> Result<Kind, Box<Problem>> {
        let length = self.bare_length();
        let kind = match self.rest().get(..length) {
            Some("null") => Kind::Null,
            Some("true") => Kind::Bool(true),
            Some("false") => Kind::Bool(false),
            Some("") => return Err(Box::new(self.stray("这里应有一个值", "a value should stand here"))),
            _ => return Err(Box::new(self.in_quotes("这不是 JSON 的值", "this is not a value of JSON"))),
        };
        self.at += length;
        Ok(kind)
    }

    /// Words without quotes, or in quotes that JSON does not know: the same in ASCII quotes is the cure.
    fn in_quotes(&self, chinese: &str, english: &str) -> Problem {
        let length = self.bare_length().max(self.here().len());
        let bare = self.rest().get(..length).unwrap_or_default();
        let span = self.span(self.at, self.at + length);
        let problem = malformed(span, Words::new(chinese, english));
        let inner = bare.trim_matches(['\'', '“', '”', '‘', '’', '「', '」', '＂']);
        if inner.is_empty() || bare.starts_with('/') || matches!(inner, "NaN" | "Infinity" | "nan" | "undefined") {
            return problem.help(Words::new(
                "不知道的写 null，文字写在半角引号里",
                "write null for what is not known, words in ASCII quotes",
            ));
        }
        if inner.contains(['｛', '｝', '［', '］', '“', '”']) {
            return problem.help(Words::new(
                "JSON 的括号、引号、冒号和逗号都用半角",
                "brackets, quotes, colons and commas of JSON are ASCII",
            ));
        }
        let help = Words::new("文字写在半角的双引号里", "put words in ASCII double quotes");
        problem.help(help).mended(format!("\"{inner}\""))
    }

    fn number(&mut self) -> Result<String, Box<Problem>> {
        let length = self.bare_length();
        let text = self.rest().get(..length).unwrap_or_default();
        if is_number(text) {
            self.at += length;
            return Ok(text.to_owned());
        }
        let begins = text.find(|character: char| !matches!(character, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'));
        match begins {
            Some(begins) if begins > 0 && !text.starts_with("-I") => Err(Box::new(
                self.in_quotes("带单位的数是文字，要有引号", "a number with a unit is text and wants quotes"),
            )),
            Some(_) => Err(Box::new(self.in_quotes("这不是 JSON 的值", "this is not a value of JSON"))),
            None => Err(Box::new(
                malformed(
                    self.span(self.at, self.at + length),
                    Words::new("这不是 JSON 的数", "this is not a number of JSON"),
                )
                .help(Words::new("写成十进制数，如 0.5", "write a decimal number such as 0.5")),
            )),
        }
    }

    /// Reads a string from its opening to its closing quote.
    fn string(&mut self) -> Result<String, Box<Problem>> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let plain =
                rest.find(|character: char| matches!(character, '"' | '\\') || character < ' ').unwrap_or(rest.len());
            text.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(b'\t') => {
                    return Err(Box::new(self.stray("引号里的制表符要写成 \\t", "write a tab in quotes as \\t")));
                }
                Some(_) | None => {
                    let words = Words::new("引号没有收尾", "a quote is not closed");
                    let help = Words::new("在本行内补上收尾的引号", "close the quote on the same line");
                    return Err(Box::new(malformed(self.span(start, self.at), words).help(help)));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Box<Problem>> {
        let start = self.at;
        self.at += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(start),
            _ => {
                let span = self.span(start, self.here().end());
                return Err(Box::new(malformed(span, Words::new("JSON 没有这个转义", "JSON has no such escape"))));
            }
        };
        self.at += 1;
        Ok(character)
    }

    fn code_point(&mut self, start: usize) -> Result<char, Box<Problem>> {
        let unit = |reader: &mut Self| {
            let digits = reader.text.get(reader.at + 1..reader.at + 5)?;
            let whole = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            reader.at += 5;
            if whole { u32::from_str_radix(digits, 16).ok() } else { None }
        };
        let mut code = unit(self);
        if let Some(high @ 0xD800..=0xDBFF) = code {
            code = None;
            if self.rest().starts_with("\\u") {
                self.at += 1;
                if let Some(low @ 0xDC00..=0xDFFF) = unit(self) {
                    code = Some(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                }
            }
        }
        code.and_then(char::from_u32).ok_or_else(|| {
            let words = Words::new("\\u 之后应是四位十六进制数", "\\u wants four hexadecimal digits");
            Box::new(malformed(self.span(start, self.at.min(self.text.len())), words))
        })
    }
}

/// Whether a text is a number as JSON writes them.
pub(super) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
