//! Tables as text: comma, tab or semicolon.

use std::io::{Cursor, Read as _};
use std::path::Path;

use adit::diagnostic::{Code, Problem};
use adit::span::{SourceId, Span};
use csv::{ReaderBuilder, StringRecord};

use crate::files::FileProblem;
use crate::registry::at_line;
use crate::registry::decode::Decoded;
use crate::registry::table::{Cell, RawRow};

/// How many lines one cell may have before its quote is thought to be open.
const MOST_LINES: usize = 20;

/// Put below the last line: where a cell holds it, the quote of that cell was never closed.
const END: &str = "\u{3}";
const END_LINE: &str = "\u{3}\n";

/// How many lines of the beginning decide on the separator.
const SAMPLE_LINES: usize = 20;

/// The rows of a text.
pub(super) fn read<'a>(
    name: &str,
    text: Decoded<'a>,
    sample: &str,
) -> impl Iterator<Item = Result<RawRow, FileProblem>> + use<'a> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(sample))
        .from_reader(text.chain(Cursor::new(END_LINE)));
    let name = name.to_owned();
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let mut record = StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) if record.len() == 1 && record.get(0) == Some(END) => None,
            // Every line ends in a line break here, so the next record begins a line below the end of this one.
            Ok(true) => Some(row(&name, &record, reader.position().line().try_into().unwrap_or(usize::MAX))),
            Err(fault) => {
                ended = true;
                let fault = std::io::Error::other(fault.to_string());
                Some(Err(FileProblem::unreadable(Path::new(&name), &fault)))
            }
        }
    })
}

fn row(name: &str, record: &StringRecord, next_line: usize) -> Result<RawRow, FileProblem> {
    let breaks = |cell: &str| cell.matches('\n').count();
    let lines: usize = record.iter().map(breaks).sum();
    let open = record.iter().next_back().is_some_and(|cell| cell.ends_with(END_LINE));
    let line = next_line.saturating_sub(lines + usize::from(!open)).max(1);
    let text = || record.iter().collect::<Vec<_>>().join(",");
    let whole = |text: &str| Span::new(SourceId::default(), 0, text.lines().next().unwrap_or_default().len());
    let most = record.iter().map(breaks).max().unwrap_or_default();
    if open || most > MOST_LINES {
        let start: String = text().chars().take(200).collect();
        let span = whole(&start);
        let problem = || Problem::error(Code::CellOverLines, span).with((most + usize::from(!open)).to_string());
        return Err(at_line(name, line, start, problem));
    }
    if record.iter().any(|cell| cell.contains('\u{FFFD}')) {
        let span = whole(&text());
        return Err(at_line(name, line, text(), || Problem::error(Code::UnreadableCharacters, span)));
    }
    let cells = record.iter().map(|cell| match cell.trim() {
        "" => Cell::Blank,
        text => Cell::Text(text.to_owned()),
    });
    Ok(RawRow { line, cells: cells.collect() })
}

/// The separator that most lines have, and of those the most frequent one; a comma where none has any.
fn separator(sample: &str) -> u8 {
    let mut best = (b',', (0, 0));
    for candidate in [b',', b'\t', b';'] {
        let counts = sample.lines().take(SAMPLE_LINES).map(|line| outside_quotes(line, candidate));
        let counts: Vec<usize> = counts.filter(|count| *count > 0).collect();
        let weight = (counts.len(), counts.iter().sum());
        if weight > best.1 {
            best = (candidate, weight);
        }
    }
    best.0
}

fn outside_quotes(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        count += usize::from(byte == separator && !quoted);
    }
    count
}
