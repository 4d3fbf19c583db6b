//! Texts and their line tables.

use crate::span::{SourceId, Span};

/// One text with the name it is shown under, and a table of its lines.
#[derive(Debug, Clone)]
pub struct Source {
    id: SourceId,
    name: String,
    text: String,
    line_starts: Vec<u32>,
    first_line: usize,
}

/// A line and a column as people count them: from 1, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters, not bytes.
    pub column: usize,
}

impl Source {
    /// A text under a name; the name is what problems and rulings show (a relative path, as a rule).
    #[must_use]
    pub fn new(id: SourceId, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::excerpt(id, name, text, 1)
    }

    /// A piece of a longer text, such as one record of a list of mines: its lines are counted from `first_line`.
    #[must_use]
    pub fn excerpt(id: SourceId, name: impl Into<String>, text: impl Into<String>, first_line: usize) -> Self {
        let text = text.into();
        let mut line_starts = vec![0];
        for (offset, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                line_starts.push(u32::try_from(offset + 1).unwrap_or(u32::MAX));
            }
        }
        Self { id, name: name.into(), text, line_starts, first_line }
    }

    /// Its number.
    #[must_use]
    pub const fn id(&self) -> SourceId {
        self.id
    }

    /// The name it is shown under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span does not lie in this source.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start()..span.end()).unwrap_or_default()
    }

    /// The line and column of a byte.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let index = self.line_starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let start = self.line_starts.get(index).map_or(0, |start| *start as usize);
        let column = self.text.get(start..offset).map_or(1, |before| before.chars().count() + 1);
        Position { line: index + self.first_line, column }
    }

    /// A line without its line break, counted from 1, with the byte at which it starts.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<(usize, &str)> {
        let index = number.checked_sub(self.first_line)?;
        let start = *self.line_starts.get(index)? as usize;
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        let line = self.text.get(start..end)?;
        Some((start, line.trim_end_matches(['\n', '\r'])))
    }
}
