//! Text to tree: lines, items, quotes, brackets, numbers, rows of tables, runs of words. Resolves no names.
//!
//! The only home of pest. A line at fault is left out of the tree and told; every problem of a file comes in one run,
//! in the order of the text.
//!
//! ```
//! use adit::parse::{Limits, parse};
//! use adit::source::Source;
//! use adit::span::SourceId;
//!
//! let text = "条款 YC-097 “灰岩新建规模”\n  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年\n";
//! let parsed = parse(&Source::new(SourceId::new(0), "yongchuan.adit", text), &Limits::default());
//! assert!(parsed.problems.is_empty());
//! assert_eq!(parsed.file.items.len(), 1);
//! ```

mod assemble;
mod decode;
mod entries;
mod faults;
mod header;
mod lexer;
mod line;
mod tokens;

pub use decode::decode;

use crate::ast::{File, Token};
use crate::diagnostic::Problem;
use crate::source::Source;
use crate::span::Span;

/// What a text may cost. Past a limit there is a problem, never a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file: 4 MiB.
    pub file_bytes: usize,
    /// Characters of a line: 4,096.
    pub line_columns: usize,
    /// Brackets inside brackets: 64.
    pub nesting: usize,
    /// Digits of a number: 40.
    pub digits: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 4 * 1024 * 1024, line_columns: 4096, nesting: 64, digits: 40 }
    }
}

/// The tree of a text and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The tree of all that is sound.
    pub file: File,
    /// The problems by place; past a thousand of them the rest is left out.
    pub problems: Vec<Problem>,
}

/// Parses a text. Never panics; a text with problems still gives the tree of its sound lines.
#[must_use]
pub fn parse(source: &Source, limits: &Limits) -> Parsed {
    assemble::file(source, limits)
}

/// The tokens of a part of one line, such as the cell of a table.
///
/// # Errors
/// What is wrong with it, at its place.
pub fn tokens_at(source: &Source, span: Span, limits: &Limits) -> Result<Vec<Token>, Vec<Problem>> {
    let mut faults = faults::Faults::default();
    let line = line::Line::new(source.id(), span.start(), source.slice(span), &mut faults);
    let lexed = lexer::lex(line.text());
    let tokens = tokens::tokens(&line, &lexed.lexemes, limits, &mut faults);
    tokens.ok_or_else(|| faults.by_place())
}
