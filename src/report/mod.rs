//! Rulings and problems for people: text for a terminal, Markdown for a file, JSON for a program.
//!
//! A report says nothing of its own: every word but the authors' comes from one table in both languages, every number
//! and place from the ruling.

mod assessment;
mod audit;
mod conclusion;
mod condition;
mod explain;
mod frame;
mod json;
mod layout;
mod markdown;
mod paint;
mod places;
mod problems;
mod sources;
mod speech;
mod text;
mod words;

pub use assessment::{assessment, assessment_json, assessment_markdown};
pub use audit::{audit, audit_json, reckonings};
pub use explain::explain;
pub use json::{json, json_line};
pub use markdown::markdown;
pub use places::places;
pub use problems::{problems, problems_json};
pub use sources::Sources;
pub use text::text;

use crate::diagnostic::Language;
use crate::ruling::{Status, Verdict};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportOptions {
    /// The language of everything but the authors' words.
    pub language: Language,
    /// The columns of the terminal; a Han character takes two.
    pub width: usize,
    /// Whether to list what is satisfied and what does not apply.
    pub all: bool,
    /// Whether to colour. No meaning hangs on colour alone.
    pub colour: bool,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self { language: Language::Chinese, width: 100, all: false, colour: false }
    }
}

impl ReportOptions {
    /// A plain report of 100 columns in a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language, ..Self::default() }
    }
}

/// A ruling in words: `不符合规划`, `Refused`.
#[must_use]
pub fn verdict_words(verdict: Verdict, language: Language) -> &'static str {
    words::Word::of_verdict(verdict).text(language)
}

/// A status in words: `需论证`, `for decision`.
#[must_use]
pub fn status_words(status: Status, language: Language) -> &'static str {
    words::Word::of_status(status).text(language)
}
