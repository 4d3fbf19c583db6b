//! The one error of the library: everything that is wrong with rules or facts, with the texts it points into.

use std::fmt;
use std::sync::{Arc, OnceLock};

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::diagnostic::{Code, Language, Problem, Severity};
use crate::source::Source;
use crate::span::SourceId;

/// Why rules or facts cannot be used: one problem or many, each with its code and its places.
///
/// `Display` is one line in English, for a log. People read [`crate::report::problems`], to which an error lends the texts
/// it points into; a handler of [`miette`] draws the same places.
///
/// ```
/// use adit::report::{self, ReportOptions};
/// use adit::Rulebook;
///
/// let error = Rulebook::from_text("条款 甲 “标题”\n  新建 矿山 生产规模 不底于 100万吨/年\n").unwrap_err();
/// println!("{}", report::problems(error.problems(), &error, ReportOptions::default()));
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    problems: Vec<Problem>,
    texts: Texts,
    language: Language,
    drawn: OnceLock<Vec<Drawn>>,
}

/// The texts that places point into.
#[derive(Debug, Clone)]
struct Texts {
    rules: Arc<[Source]>,
    facts: Option<Arc<Source>>,
}

impl Texts {
    fn source(&self, id: SourceId) -> Option<&Source> {
        let facts = self.facts.as_deref().filter(|facts| facts.id() == id);
        let rules = self.rules.get(id.index()).filter(|rules| rules.id() == id);
        facts.or(rules)
    }
}

impl Error {
    /// The problems, in order of place, over the texts of the rules and of the facts.
    pub(crate) fn new(mut problems: Vec<Problem>, rules: Arc<[Source]>, facts: Option<Arc<Source>>) -> Self {
        problems.sort_by_key(|problem| (problem.severity(), problem.span(), problem.code()));
        let language = Language::English;
        let texts = Texts { rules, facts };
        Self(Box::new(Inner { problems, texts, language, drawn: OnceLock::new() }))
    }

    /// The code of the first problem.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        self.0.problems.first().map(Problem::code)
    }

    /// All problems: errors first, each kind in order of place. Warnings found in the same run are among them.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// The same error speaking another language through `Display` and [`miette::Diagnostic`].
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        self.0.language = language;
        self.0.drawn = OnceLock::new();
        self
    }

    /// The text of a number, where it was at hand.
    #[must_use]
    pub fn text_source(&self, id: SourceId) -> Option<&Source> {
        self.0.texts.source(id)
    }

    fn drawn(&self) -> &[Drawn] {
        self.0.drawn.get_or_init(|| {
            let mut drawn = Vec::new();
            for (index, problem) in self.0.problems.iter().enumerate() {
                let parts = Drawn::of(problem, &self.0.texts, self.0.language);
                // The first problem's own file is drawn by the error itself.
                drawn.extend(parts.into_iter().enumerate().filter(|(part, _)| index + part > 0).map(|(_, part)| part));
            }
            drawn
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(problem) = self.0.problems.first() else { return formatter.write_str("no problem") };
        formatter.write_str(&problem.title(self.0.language))?;
        if let Some(source) = self.text_source(problem.span().source()) {
            let position = source.position(problem.span().start());
            write!(formatter, " ({}:{}:{})", source.name(), position.line, position.column)?;
        }
        match (self.0.problems.len() - 1, self.0.language) {
            (0, _) => Ok(()),
            (more, Language::English) => write!(formatter, " and {more} more"),
            (more, Language::Chinese) => write!(formatter, "，另有 {more} 处"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = self.0.problems.iter();
        let lines = problems.map(|problem| (problem.code().entry().name(), problem.title(self.0.language)));
        formatter.debug_map().entries(lines).finish()
    }
}

impl std::error::Error for Error {}

impl miette::Diagnostic for Error {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code().map(|code| Box::new(code.entry().name()) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        self.0.problems.first().map(severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let problem = self.0.problems.first()?;
        Some(Box::new(problem.advice(self.0.language).to_owned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        let problem = self.0.problems.first()?;
        self.text_source(problem.span().source()).map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let problem = self.0.problems.first()?;
        Some(Box::new(labels_in(problem, problem.span().source(), self.0.language).into_iter()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let related = self.drawn();
        if related.is_empty() {
            return None;
        }
        Some(Box::new(related.iter().map(|drawn| drawn as &dyn miette::Diagnostic)))
    }
}

fn severity(problem: &Problem) -> miette::Severity {
    match problem.severity() {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
    }
}

/// The labels of a problem that stand in one text; the main one is marked.
fn labels_in(problem: &Problem, id: SourceId, language: Language) -> Vec<LabeledSpan> {
    let mut labels = Vec::new();
    for (index, label) in problem.labels().iter().enumerate().filter(|(_, label)| label.span.source() == id) {
        let words = Some(label.words.in_language(language).to_owned()).filter(|words| !words.is_empty());
        let span = SourceSpan::new(label.span.start().into(), label.span.len());
        labels.push(match index {
            0 => LabeledSpan::new_primary_with_span(words, span),
            _ => LabeledSpan::new_with_span(words, span),
        });
    }
    labels
}

/// One problem, or the part of one that stands in a further file.
#[derive(Debug, Clone)]
struct Drawn {
    title: String,
    help: Option<String>,
    code: &'static str,
    severity: miette::Severity,
    texts: Texts,
    file: SourceId,
    labels: Vec<LabeledSpan>,
}

impl Drawn {
    /// A problem file by file, its own first: a diagnostic's labels cannot span two files.
    fn of(problem: &Problem, texts: &Texts, language: Language) -> Vec<Self> {
        let mut files: Vec<SourceId> = Vec::new();
        for label in problem.labels() {
            if !files.contains(&label.span.source()) {
                files.push(label.span.source());
            }
        }
        let part = |(index, id): (usize, &SourceId)| Self {
            title: problem.title(language),
            help: Some(problem.advice(language).to_owned()).filter(|_| index == 0),
            code: problem.code().entry().name(),
            severity: if index == 0 { severity(problem) } else { miette::Severity::Advice },
            texts: texts.clone(),
            file: *id,
            labels: labels_in(problem, *id, language),
        };
        files.iter().enumerate().map(part).collect()
    }
}

impl fmt::Display for Drawn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.title)
    }
}

impl std::error::Error for Drawn {}

impl miette::Diagnostic for Drawn {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.texts.source(self.file).map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Source {
    /// Lines by the line table, columns in characters.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset().saturating_add(span.len());
        let first = self.position(span.offset());
        let last = self.position(end.saturating_sub(1).max(span.offset()));
        let top = first.line.saturating_sub(context_lines_before).max(1);
        let (from, column) = match context_lines_before {
            0 => (span.offset(), first.column.saturating_sub(1)),
            _ => (self.line(top).map_or(0, |(start, _)| start), 0),
        };
        let bottom = last.line.saturating_add(context_lines_after);
        let to = self.line(bottom).map_or(self.text().len(), |(start, line)| start + line.len()).max(end);
        let text = self.text().get(from..to).ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name().to_owned(),
            text.as_bytes(),
            (from, text.len()).into(),
            top - 1,
            column,
            bottom + 1 - top,
        )))
    }
}
