//! A row of a table as one line of text, so that problems can point into it.

use adit::span::{SourceId, Span};

/// The line, and where each cell stands in it.
pub(super) struct Outline {
    /// The cells with a bar between them.
    pub(super) text: String,
    /// Where each of them stands.
    pub(super) spans: Vec<Span>,
}

impl Outline {
    /// The outline of cells.
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut outline = Self { text: String::new(), spans: Vec::new() };
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                outline.text.push_str(" | ");
            }
            let start = outline.text.len();
            outline.text.extend(cell.chars().map(|sign| if sign.is_control() { ' ' } else { sign }));
            outline.spans.push(Span::new(SourceId::default(), start, outline.text.len()));
        }
        outline
    }
}
