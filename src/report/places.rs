//! Places on their own, each with a word on it.

use crate::report::ReportOptions;
use crate::report::frame::{Frame, Mark};
use crate::report::paint::{Painter, Style};
use crate::report::sources::Sources;
use crate::span::Span;

/// Places underlined in their texts, with what is said of each.
#[must_use]
pub fn places(places: &[(Span, String)], sources: &dyn Sources, options: ReportOptions) -> String {
    let painter = Painter { colour: options.colour };
    let mark = |(span, text): &(Span, String)| Mark { span: *span, text: text.clone(), style: Style::Bad };
    let marks: Vec<Mark> = places.iter().map(mark).collect();
    let lines = Frame { sources, width: options.width, painter }.draw(&marks, &[]);
    lines.into_iter().map(|line| line + "\n").collect()
}
