//! The form of a problem: a code, where it stands, what helps. Knows no phase.

mod catalogue;
mod suggest;

pub use catalogue::{Code, Entry};
pub use suggest::{distance, nearest};

use std::fmt;

use crate::span::{SourceId, Span};

/// A language that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Chinese, as an office writes it.
    #[default]
    Chinese,
    /// English.
    English,
}

/// One text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// The Chinese text.
    pub chinese: String,
    /// The English text.
    pub english: String,
}

impl Words {
    /// A text in both languages.
    #[must_use]
    pub fn new(chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { chinese: chinese.into(), english: english.into() }
    }

    /// A text that is the same in both, such as an author's own words.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { chinese: text.clone(), english: text }
    }

    /// The text in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }
}

/// Whether a problem keeps the input from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// The input can be used; its author should look at it.
    Warning,
}

/// A place that a problem points at, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there; may be empty.
    pub words: Words,
}

/// A problem of an author's input.
///
/// Its words come from the catalogue by its code; the arguments fill the catalogue's `{0}`, `{1}` ….
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(Box<Details>);

/// Boxed, so that a `Result` with a problem stays small.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Details {
    code: Code,
    severity: Severity,
    arguments: Vec<Words>,
    labels: Vec<Label>,
    help: Option<Words>,
    mended: Option<String>,
}

impl Problem {
    /// An error with its code at a place.
    #[must_use]
    pub fn error(code: Code, span: Span) -> Self {
        Self::new(code, Severity::Error, span)
    }

    /// A warning with its code at a place.
    #[must_use]
    pub fn warning(code: Code, span: Span) -> Self {
        Self::new(code, Severity::Warning, span)
    }

    fn new(code: Code, severity: Severity, span: Span) -> Self {
        Self(Box::new(Details {
            code,
            severity,
            arguments: Vec::new(),
            labels: vec![Label { span, words: Words::default() }],
            help: None,
            mended: None,
        }))
    }

    /// Fills the next `{n}` of the title with an author's word.
    #[must_use]
    pub fn with(mut self, argument: impl Into<String>) -> Self {
        self.0.arguments.push(Words::same(argument));
        self
    }

    /// Fills the next `{n}` of the title with a text in both languages.
    #[must_use]
    pub fn with_words(mut self, argument: Words) -> Self {
        self.0.arguments.push(argument);
        self
    }

    /// Says what stands at the first place.
    #[must_use]
    pub fn saying(mut self, words: Words) -> Self {
        if let Some(first) = self.0.labels.first_mut() {
            first.words = words;
        }
        self
    }

    /// Points at a further place.
    #[must_use]
    pub fn also(mut self, span: Span, words: Words) -> Self {
        self.0.labels.push(Label { span, words });
        self
    }

    /// Replaces the catalogue's advice by a more exact one.
    #[must_use]
    pub fn help(mut self, help: Words) -> Self {
        self.0.help = Some(help);
        self
    }

    /// Moves the first place.
    #[must_use]
    pub fn placed(mut self, span: Span) -> Self {
        if let Some(label) = self.0.labels.first_mut() {
            label.span = span;
        }
        self
    }

    /// Asks whether this word was meant.
    #[must_use]
    pub fn meant(self, near: &str) -> Self {
        self.help(Words::new(format!("是不是「{near}」？"), format!("did you mean `{near}`?"))).mended(near)
    }

    /// Gives the text that would stand right at the first place (or the whole mended line).
    #[must_use]
    pub fn mended(mut self, text: impl Into<String>) -> Self {
        self.0.mended = Some(text.into());
        self
    }

    /// The same problem in a piece of its text that begins at byte `start` and is the source `id`.
    #[must_use]
    pub fn moved(mut self, id: SourceId, start: usize) -> Self {
        for label in &mut self.0.labels {
            let at = |offset: usize| offset.saturating_sub(start);
            label.span = Span::new(id, at(label.span.start()), at(label.span.end()));
        }
        self
    }

    /// One of its arguments, as its author wrote it.
    #[must_use]
    pub fn argument(&self, number: usize) -> Option<&str> {
        self.0.arguments.get(number).map(|words| words.in_language(Language::Chinese))
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.0.code
    }

    /// Whether it is an error or a warning.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.0.severity
    }

    /// The places, the main one first.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.0.labels
    }

    /// The main place.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0.labels.first().map(|label| label.span).unwrap_or_default()
    }

    /// One line that states the fault.
    #[must_use]
    pub fn title(&self, language: Language) -> String {
        let mut title = self.0.code.entry().title(language).to_owned();
        for (index, argument) in self.0.arguments.iter().enumerate() {
            title = title.replace(&format!("{{{index}}}"), argument.in_language(language));
        }
        title
    }

    /// What helps: the exact advice where there is one, else the catalogue's.
    #[must_use]
    pub fn advice(&self, language: Language) -> &str {
        match &self.0.help {
            Some(words) => words.in_language(language),
            None => self.0.code.entry().help(language),
        }
    }

    /// The text that would stand right.
    #[must_use]
    pub fn mended_text(&self) -> Option<&str> {
        self.0.mended.as_deref()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.title(Language::English))
    }
}
