//! Places underlined in their own text: one frame over any number of files.

use std::collections::BTreeMap;

use crate::report::layout::{Cell, cells, clean, width, wrapped};
use crate::report::paint::{Painter, Style};
use crate::report::sources::Sources;
use crate::source::{Position, Source};
use crate::span::Span;

/// The most lines of one mark that are shown.
const MOST_LINES: usize = 4;

/// A place to underline, and what is said of it.
pub(crate) struct Mark {
    /// The place.
    pub(crate) span: Span,
    /// What is said; may be empty.
    pub(crate) text: String,
    /// Its paint.
    pub(crate) style: Style,
}

/// Draws places in their texts.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// The texts.
    pub(crate) sources: &'a dyn Sources,
    /// The columns there are.
    pub(crate) width: usize,
    /// The paint.
    pub(crate) painter: Painter,
}

/// All marks of one file.
struct Section<'a> {
    source: &'a Source,
    place: Position,
    lines: BTreeMap<usize, Vec<Piece>>,
}

/// The part of a mark on one line, in bytes of the line.
struct Piece {
    start: usize,
    end: usize,
    text: String,
    style: Style,
}

/// The same in columns, as it will be shown.
struct Shown<'a> {
    start: usize,
    end: usize,
    pin: usize,
    text: &'a str,
    style: Style,
}

/// The part of a long line that is shown.
#[derive(Clone, Copy)]
struct Window {
    from: usize,
    to: usize,
    total: usize,
}

impl Frame<'_> {
    /// The lines of a frame, files in the order of their first mark, and what is said below them.
    pub(crate) fn draw(&self, marks: &[Mark], foot: &[String]) -> Vec<String> {
        let sections = self.sections(marks);
        let last = sections.iter().filter_map(|section| section.lines.keys().next_back()).max();
        let Some(gutter) = last.map(|line| line.to_string().len().max(2)) else {
            return foot.iter().flat_map(|text| wrapped(text, self.width.saturating_sub(3))).map(indented).collect();
        };
        let pad = " ".repeat(gutter);
        let mut drawn = Vec::new();
        for (index, section) in sections.iter().enumerate() {
            let corner = if index == 0 { "╭─" } else { "├─" };
            let Position { line, column } = section.place;
            // A file that could not be read at all has no text to point into.
            let place = if section.source.text().is_empty() { String::new() } else { format!(":{line}:{column}") };
            let head = format!("{corner}[{}{place}]", clean(section.source.name()));
            drawn.push(format!("{pad} {}", self.painter.paint(Style::Quiet, &head)));
            self.draw_section(section, gutter, &mut drawn);
        }
        drawn.extend(self.foot(foot, &pad));
        drawn
    }

    fn foot(&self, foot: &[String], pad: &str) -> Vec<String> {
        let room = self.width.saturating_sub(width(pad) + 4);
        let mut lines = foot.iter().flat_map(|text| wrapped(text, room));
        let corner = self.painter.paint(Style::Quiet, "╰─");
        let first = match lines.next() {
            Some(text) => format!("{pad} {corner} {text}"),
            None => format!("{pad} {corner}"),
        };
        std::iter::once(first).chain(lines.map(|text| format!("{pad}    {text}"))).collect()
    }

    fn sections(&self, marks: &[Mark]) -> Vec<Section<'_>> {
        let mut sections: Vec<Section<'_>> = Vec::new();
        for mark in marks {
            let Some(source) = self.sources.source(mark.span.source()) else { continue };
            let place = source.position(mark.span.start());
            let section = match sections.iter_mut().position(|section| section.source.id() == source.id()) {
                Some(found) => sections.get_mut(found),
                None => {
                    sections.push(Section { source, place, lines: BTreeMap::new() });
                    sections.last_mut()
                }
            };
            if let Some(section) = section {
                add_pieces(section, mark);
            }
        }
        sections
    }

    fn draw_section(&self, section: &Section<'_>, gutter: usize, drawn: &mut Vec<String>) {
        if section.source.text().is_empty() {
            return;
        }
        let mut previous = None;
        let pad = " ".repeat(gutter);
        for (number, pieces) in &section.lines {
            let Some((_, line)) = section.source.line(*number) else { continue };
            if previous.is_some_and(|before| before + 1 < *number) {
                drawn.push(format!("{pad} {}", self.painter.paint(Style::Quiet, "⋮")));
            }
            previous = Some(*number);
            let room = self.width.saturating_sub(gutter + 3).max(24);
            let cells = cells(line);
            let window = Window::of(&cells, pieces, room);
            let bar = self.painter.paint(Style::Quiet, "│");
            let number = self.painter.paint(Style::Quiet, &format!("{number:>gutter$}"));
            drawn.push(format!("{number} {bar} {}", window.text(&cells)).trim_end().to_owned());
            let dot = self.painter.paint(Style::Quiet, "·");
            for layer in layers(pieces, &cells, window) {
                let rows = std::iter::once(self.underline(&layer)).chain(self.label_rows(&layer, room));
                drawn.extend(rows.map(|row| format!("{pad} {dot} {row}")));
            }
        }
    }

    fn underline(&self, layer: &[Shown<'_>]) -> String {
        let segments = layer.iter().map(|shown| {
            let columns = shown.end - shown.start;
            let line: String = (shown.start..shown.end)
                .map(|column| if column == shown.pin && !shown.text.is_empty() { '┬' } else { '─' })
                .collect();
            (shown.start, self.painter.paint(shown.style, &line), columns)
        });
        composed(segments)
    }

    fn label_rows(&self, layer: &[Shown<'_>], room: usize) -> Vec<String> {
        let mut labelled: Vec<&Shown<'_>> = layer.iter().filter(|shown| !shown.text.is_empty()).collect();
        let mut rows = Vec::new();
        while let Some(last) = labelled.pop() {
            let bars: Vec<_> =
                labelled.iter().map(|shown| (shown.pin, self.painter.paint(shown.style, "│"), 1)).collect();
            for (column, text) in placed(last, room, labelled.is_empty()) {
                let painted = self.painter.paint(last.style, &text);
                let segment = (column, painted, width(&text));
                rows.push(composed(bars.iter().cloned().chain(std::iter::once(segment))));
            }
        }
        rows
    }
}

/// The lines of one label with the columns at which they start: right of its line, or left of it where there is no room.
fn placed(shown: &Shown<'_>, room: usize, left_is_free: bool) -> Vec<(usize, String)> {
    let right = room.saturating_sub(shown.pin + 4);
    let size = width(shown.text);
    if size > right && left_is_free && size + 4 <= shown.pin {
        return vec![(shown.pin - size - 3, format!("{} ──╯", shown.text))];
    }
    let mut lines = Vec::new();
    for (index, line) in wrapped(shown.text, right.max(8)).into_iter().enumerate() {
        if index == 0 {
            lines.push((shown.pin, format!("╰── {line}")));
        } else {
            lines.push((shown.pin + 4, line));
        }
    }
    lines
}

/// Texts at their columns, in one line.
fn composed(segments: impl Iterator<Item = (usize, String, usize)>) -> String {
    let mut line = String::new();
    let mut used = 0;
    for (column, text, columns) in segments {
        line.extend(std::iter::repeat_n(' ', column.saturating_sub(used)));
        line.push_str(&text);
        used = used.max(column) + columns;
    }
    line
}

/// Parts a mark into its lines; what is said of it stands under the last one.
fn add_pieces(section: &mut Section<'_>, mark: &Mark) {
    let first = section.source.position(mark.span.start()).line;
    let end = if mark.span.is_empty() { mark.span.start() } else { mark.span.end() - 1 };
    let last = section.source.position(end).line.min(first + MOST_LINES - 1);
    for number in first..=last {
        let Some((offset, line)) = section.source.line(number) else { continue };
        let margin = line.len() - line.trim_start().len();
        let start = if number == first { mark.span.start().saturating_sub(offset) } else { margin };
        let end = mark.span.end().saturating_sub(offset).min(line.trim_end().len());
        let text = if number == last { clean(&mark.text) } else { String::new() };
        let piece = Piece { start: start.min(line.len()), end: end.max(start), text, style: mark.style };
        section.lines.entry(number).or_default().push(piece);
    }
}

/// The marks of a line in as few underlines as keep them apart.
fn layers<'a>(pieces: &'a [Piece], cells: &[Cell], window: Window) -> Vec<Vec<Shown<'a>>> {
    let mut shown: Vec<Shown<'a>> = pieces.iter().map(|piece| window.shown(piece, cells)).collect();
    shown.sort_by_key(|shown| (shown.start, shown.end));
    let mut layers: Vec<Vec<Shown<'a>>> = Vec::new();
    for item in shown {
        let free = |layer: &&mut Vec<Shown<'a>>| layer.last().is_none_or(|last| last.end < item.start);
        match layers.iter_mut().find(free) {
            Some(layer) => layer.push(item),
            None => layers.push(vec![item]),
        }
    }
    layers
}

impl Window {
    /// The part of a line around its marks that fits.
    fn of(cells: &[Cell], pieces: &[Piece], room: usize) -> Self {
        let total = total(cells);
        if total <= room {
            return Self { from: 0, to: total, total };
        }
        let low = pieces.iter().map(|piece| column(cells, piece.start)).min().unwrap_or(0);
        let high = pieces.iter().map(|piece| column(cells, piece.end)).max().unwrap_or(0);
        let inner = room.saturating_sub(2);
        let from = high.saturating_add(8).min(total).saturating_sub(inner).min(low);
        let from = cells.iter().map(|cell| cell.column).find(|column| *column >= from).unwrap_or(0);
        Self { from, to: (from + inner).min(total), total }
    }

    /// What is shown of the line.
    fn text(self, cells: &[Cell]) -> String {
        let mut text = String::new();
        if self.from > 0 {
            text.push('…');
        }
        for cell in cells {
            if cell.column >= self.from && cell.column + cell.width <= self.to {
                text.push_str(&cell.text);
            }
        }
        if self.to < self.total {
            text.push('…');
        }
        text
    }

    /// A mark in columns of what is shown.
    fn shown<'a>(self, piece: &'a Piece, cells: &[Cell]) -> Shown<'a> {
        let shift = usize::from(self.from > 0);
        let place = |byte: usize| column(cells, byte).clamp(self.from, self.to.max(self.from)) - self.from + shift;
        let start = place(piece.start);
        let end = place(piece.end).max(start + 1);
        Shown { start, end, pin: start + (end - start) / 2, text: &piece.text, style: piece.style }
    }
}

fn total(cells: &[Cell]) -> usize {
    cells.last().map_or(0, |cell| cell.column + cell.width)
}

fn column(cells: &[Cell], byte: usize) -> usize {
    let next = cells.partition_point(|cell| cell.byte < byte);
    cells.get(next).map_or_else(|| total(cells), |cell| cell.column)
}

fn indented(text: String) -> String {
    format!("   {text}")
}
