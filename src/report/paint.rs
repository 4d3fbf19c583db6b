//! Colour for those who see it. No meaning hangs on it alone.

/// What a piece of text is painted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// A fault.
    Bad,
    /// Something to look at.
    Care,
    /// All is well.
    Good,
    /// Lines of a frame and side remarks.
    Quiet,
    /// A second place.
    Second,
    /// A head.
    Strong,
}

/// Paints, or leaves as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Painter {
    /// Whether to paint.
    pub(crate) colour: bool,
}

impl Painter {
    /// The text in a style.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let code = match style {
            Style::Bad => "1;31",
            Style::Care => "1;33",
            Style::Good => "32",
            Style::Quiet => "2",
            Style::Second => "36",
            Style::Strong => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
