//! Writing: to a terminal, a file, or a pipe that somebody has closed.

use std::io::{self, IsTerminal, Write};

use adit::diagnostic::Language;
use adit::report::ReportOptions;

use crate::arguments::Colour;

/// Where results go. A pipe that was closed swallows the rest in silence.
pub(crate) struct Output {
    closed: bool,
    /// How results are written.
    pub(crate) options: ReportOptions,
    /// How problems are written that go to standard error.
    pub(crate) error_options: ReportOptions,
}

impl Output {
    /// Looks at the terminal.
    pub(crate) fn new(language: Language, colour: Colour, environment: impl Fn(&str) -> Option<String>) -> Self {
        let width = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
        let columns = environment("COLUMNS").and_then(|text| text.parse().ok());
        let width = width.or(columns).filter(|width| *width > 0).unwrap_or(100).clamp(40, 160);
        let plain = environment("NO_COLOR").is_some_and(|value| !value.is_empty())
            || environment("TERM").is_some_and(|terminal| terminal == "dumb");
        let coloured = |terminal: bool| match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !plain,
        };
        let base = ReportOptions { language, width, all: false, colour: false };
        Self {
            closed: false,
            options: ReportOptions { colour: coloured(io::stdout().is_terminal()), ..base },
            error_options: ReportOptions { colour: coloured(io::stderr().is_terminal()), ..base },
        }
    }

    /// The language.
    pub(crate) const fn language(&self) -> Language {
        self.options.language
    }

    /// Writes a result.
    pub(crate) fn print(&mut self, text: &str) {
        if !self.closed && io::stdout().lock().write_all(text.as_bytes()).is_err() {
            self.closed = true;
        }
    }

    /// Whether nobody reads any more.
    pub(crate) const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Writes what went wrong.
    pub(crate) fn complain(&self, text: &str) {
        // Where this fails, too, there is nobody left to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Sends everything on its way.
    pub(crate) fn finish(&mut self) {
        if io::stdout().lock().flush().is_err() {
            self.closed = true;
        }
    }
}
