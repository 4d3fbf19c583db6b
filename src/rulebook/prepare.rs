//! Facts read once: typed against the vocabulary, with their text, so that places can be shown.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::date::Date;
use crate::diagnostic::{Problem, Severity};
use crate::error::Error;
use crate::facts::{self, CaseFacts, CaseTexts, tree};
use crate::report::Sources;
use crate::rulebook::Rulebook;
use crate::ruling::{Place, StatedCase, Text};
use crate::source::Source;
use crate::span::{SourceId, Span};

/// The facts of one case, ready for any number of reviews. It lends its text to reports.
#[derive(Debug, Clone)]
pub struct PreparedFacts {
    facts: CaseFacts,
    stated: Result<Arc<StatedCase>, Problem>,
    source: Arc<Source>,
    range: Range<usize>,
    /// The facts as JSON, where the source is no text that they could be read from again.
    record: Option<Box<str>>,
    rules: Arc<[Source]>,
    hash: Text,
}

/// One case of a text that may hold many.
#[derive(Debug)]
pub struct PreparedCase {
    /// The line at which it begins.
    pub line: usize,
    /// Its facts, or what is wrong with them.
    pub facts: Result<PreparedFacts, Error>,
}

impl PreparedFacts {
    /// The typed facts.
    #[must_use]
    pub const fn facts(&self) -> &CaseFacts {
        &self.facts
    }

    /// The text that they were read from.
    #[must_use]
    pub fn text_source(&self) -> &Source {
        &self.source
    }

    /// The SHA-256 of the facts as given.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    pub(super) fn hash_text(&self) -> Text {
        self.hash.clone()
    }

    /// The case ready for the rules it was typed against, as of the day that the facts give.
    ///
    /// # Errors
    /// Facts that cannot stand together.
    pub(super) fn stated(&self) -> Result<&StatedCase, Problem> {
        self.stated.as_deref().map_err(Problem::clone)
    }

    pub(super) fn shared_source(&self) -> Arc<Source> {
        Arc::clone(&self.source)
    }

    pub(super) fn belongs_to(&self, rules: &Arc<[Source]>) -> bool {
        Arc::ptr_eq(&self.rules, rules)
    }
}

impl Sources for PreparedFacts {
    fn source(&self, id: SourceId) -> Option<&Source> {
        Some(self.source.as_ref()).filter(|source| source.id() == id)
    }
}

impl Rulebook {
    /// Reads and types the facts of one case, JSON or YAML, under the name that their places are shown with.
    ///
    /// # Errors
    /// Anything wrong with the facts; all of it is told.
    pub fn prepare_text(&self, name: &str, text: &str) -> Result<PreparedFacts, Error> {
        let source = Arc::new(Source::new(self.facts_id(), name, text));
        let range = 0..source.text().len();
        let (tree, problems) = tree::read(&source);
        self.typed(source, range, tree, problems)
    }

    /// Reads and types one record of a longer file: JSON, whose first line is this line of the file.
    ///
    /// # Errors
    /// Anything wrong with the facts; all of it is told.
    pub fn prepare_record(&self, name: &str, line: usize, text: &str) -> Result<PreparedFacts, Error> {
        let source = Arc::new(Source::excerpt(self.facts_id(), name, text, line));
        let range = 0..source.text().len();
        let (tree, problems) = tree::json(&source, range.clone());
        self.typed(source, range, tree, problems)
    }

    /// Types a record whose values stand in a line of their own, such as the cells of a row of a table: each with the
    /// name of its fact and its bytes in the line, so that problems and rulings point at the cell.
    ///
    /// ```
    /// use adit::Rulebook;
    ///
    /// let rulebook = Rulebook::from_text("引用 矿业\n条款 T-1 “甲”\n  依据 一 「禁止开采煤」\n  禁止 开采 煤\n")?;
    /// let cells = [("矿种".to_owned(), "煤碳".into(), 5..11)];
    /// let error = rulebook.prepare_row("名册.csv", 7, "C1 | 煤碳", &cells).unwrap_err();
    /// assert_eq!(error.problems()[0].span().start(), 5);
    /// # Ok::<(), adit::Error>(())
    /// ```
    ///
    /// # Errors
    /// Anything wrong with the facts; all of it is told.
    pub fn prepare_row(
        &self,
        name: &str,
        line: usize,
        text: &str,
        cells: &[(String, Value, Range<usize>)],
    ) -> Result<PreparedFacts, Error> {
        let source = Arc::new(Source::excerpt(self.facts_id(), name, text, line));
        let tree = tree::row(&source, cells);
        let record = tree.to_json();
        let mut prepared = self.typed(Arc::clone(&source), 0..text.len(), Some(tree), Vec::new())?;
        prepared.hash = hash(&record).into();
        prepared.record = Some(record.into());
        Ok(prepared)
    }

    /// Types any value that serialises to the facts of a case.
    ///
    /// # Errors
    /// Anything wrong with the facts; all of it is told.
    pub fn prepare(&self, facts: &impl Serialize) -> Result<PreparedFacts, Error> {
        match tree::written(facts, self.facts_id(), "facts.json") {
            Ok(source) => self.prepare_text("facts.json", source.text()),
            Err(problem) => {
                let empty = Arc::new(Source::new(self.facts_id(), "facts.json", ""));
                Err(Error::new(vec![*problem], self.shared_sources(), Some(empty)))
            }
        }
    }

    /// The cases of a text: one, or one a line of JSON Lines (then the second value is true). A bad line stands for itself.
    pub fn prepare_cases(&self, name: &str, text: &str) -> (impl Iterator<Item = PreparedCase>, bool) {
        let source = Arc::new(Source::new(self.facts_id(), name, text));
        let (ranges, lines) = match facts::cases(&source) {
            CaseTexts::One(range) => (vec![range], false),
            CaseTexts::Lines(ranges) => (ranges, true),
        };
        let prepared = ranges.into_iter().map(move |range| {
            let line = source.position(range.start).line;
            let (tree, problems) = if lines { tree::json(&source, range.clone()) } else { tree::read(&source) };
            PreparedCase { line, facts: self.typed(Arc::clone(&source), range, tree, problems) }
        });
        (prepared, lines)
    }

    /// The same facts typed against these rules.
    pub(super) fn prepare_again(&self, facts: &PreparedFacts) -> Result<PreparedFacts, Error> {
        let written = || facts.source.text().get(facts.range.clone()).unwrap_or_default();
        let text = facts.record.as_deref().unwrap_or_else(written);
        self.prepare_text(facts.source.name(), text)
    }

    fn typed(
        &self,
        source: Arc<Source>,
        range: Range<usize>,
        tree: Option<tree::Spanned>,
        mut problems: Vec<Problem>,
    ) -> Result<PreparedFacts, Error> {
        let mut read = CaseFacts::default();
        if let Some(tree) = &tree {
            let (facts, typing) = facts::read(tree, self.model(), &source);
            read = facts;
            problems.extend(typing);
        }
        if tree.is_none() || problems.iter().any(|problem| problem.severity() == Severity::Error) {
            return Err(Error::new(problems, self.shared_sources(), Some(source)));
        }
        let hash = hash(source.text().get(range.clone()).unwrap_or_default()).into();
        let stated = self.state(&read, None).map(Arc::new);
        Ok(PreparedFacts { facts: read, stated, source, range, record: None, rules: self.shared_sources(), hash })
    }

    /// Makes a case ready.
    pub(super) fn state(&self, facts: &CaseFacts, as_of: Option<Date>) -> Result<StatedCase, Problem> {
        let inner = &self.0;
        StatedCase::new(&inner.model, &inner.program, &inner.wording, facts, as_of)
    }

    fn facts_id(&self) -> SourceId {
        SourceId::new(u32::try_from(self.sources().len()).unwrap_or(u32::MAX))
    }

    pub(super) fn shared_sources(&self) -> Arc<[Source]> {
        Arc::clone(&self.0.sources)
    }
}

/// The SHA-256 of a text, in hexadecimal digits.
pub(super) fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where a span stands, for people.
pub(super) fn place(sources: &dyn Sources, span: Span) -> Option<Place> {
    let source = sources.source(span.source())?;
    let position = source.position(span.start());
    Some(Place { file: source.name().into(), line: position.line, column: position.column })
}
