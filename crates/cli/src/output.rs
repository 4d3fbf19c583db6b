//! Writing: to a terminal, a file, or a pipe that somebody has closed.

use std::io::{self, IsTerminal, Write};

use adit::diagnostic::Language;
use adit::report::ReportOptions;

use crate::arguments::Colour;
use crate::words::Say;

/// Where results go. A pipe that was closed swallows the rest in silence.
pub(crate) struct Output {
    closed: bool,
    /// Why a result could not be written, where that is not because nobody reads any more.
    lost: Option<io::Error>,
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
            lost: None,
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
        if !self.closed {
            let written = io::stdout().lock().write_all(text.as_bytes());
            self.wrote(written);
        }
    }

    fn wrote(&mut self, written: io::Result<()>) {
        if let Err(fault) = written {
            self.closed = true;
            if fault.kind() != io::ErrorKind::BrokenPipe {
                self.lost = Some(fault);
            }
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

    /// Sends everything on its way. `false` where results were lost, which is then told.
    pub(crate) fn finish(&mut self) -> bool {
        if !self.closed {
            let flushed = io::stdout().lock().flush();
            self.wrote(flushed);
        }
        let Some(fault) = &self.lost else { return true };
        self.complain(&format!("{}{fault}\n", Say::OutputLost.text(self.language())));
        false
    }
}
