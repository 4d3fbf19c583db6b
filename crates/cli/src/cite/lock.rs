//! The lock: which text the quotes were held against, and where each one stands in it.

use adit::diagnostic::{Code, Problem};
use adit::source::Source;
use adit::span::Span;
use serde::{Deserialize, Serialize};

/// The form of the file.
const VERSION: u32 = 1;

const HEAD: &str = "# 引文在规划原文里的位置，由 adit cite 写成，不用手改。\n# Where the quotes stand in the plan; written by `adit cite`, not by hand.\n";

/// A lock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lock {
    version: u32,
    /// The text.
    pub(super) document: LockedDocument,
    /// The quotes, in order of their items.
    #[serde(default)]
    pub(super) citations: Vec<LockedQuote>,
}

/// The text that the quotes were held against.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockedDocument {
    /// The plan's title.
    pub(super) title: String,
    /// The name of the file.
    pub(super) file: String,
    /// The hash of the file.
    pub(super) sha256: String,
    /// The length of the file.
    pub(super) bytes: usize,
    /// Characters of its text, white space and marks aside.
    pub(super) characters: usize,
    /// How many of them are quoted.
    pub(super) cited: usize,
}

/// A quote's place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockedQuote {
    /// The clause, figure or advisory item.
    pub(super) item: String,
    /// The section as cited.
    pub(super) section: String,
    /// How many characters of the text stand before it; locks of earlier versions have none for some rows of tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) offset: Option<usize>,
    /// The line of the text where it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<usize>,
    /// How often it stands in the text, where that is more than once. The first place is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<usize>,
    /// The hash of the quote without white space.
    pub(super) quote: String,
}

impl Lock {
    pub(super) fn new(document: LockedDocument, mut citations: Vec<LockedQuote>) -> Self {
        citations.sort();
        Self { version: VERSION, document, citations }
    }

    /// The file: one quote a line.
    pub(super) fn text(&self) -> String {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let document = &self.document;
        let mut text = format!(
            "{HEAD}version = {}\ndocument.title = {}\ndocument.file = {}\ndocument.sha256 = {}\ndocument.bytes = {}\n\
             document.characters = {}\ndocument.cited = {}\ncitations = [\n",
            self.version,
            quoted(&document.title),
            quoted(&document.file),
            quoted(&document.sha256),
            document.bytes,
            document.characters,
            document.cited,
        );
        for quote in &self.citations {
            let numbers = [("offset", quote.offset), ("line", quote.line), ("times", quote.times)];
            let numbers = numbers.into_iter().filter_map(|(key, number)| Some(format!("{key} = {}, ", number?)));
            text.push_str(&format!(
                "  {{ item = {}, section = {}, {}quote = {} }},\n",
                quoted(&quote.item),
                quoted(&quote.section),
                numbers.collect::<String>(),
                quoted(&quote.quote),
            ));
        }
        text.push_str("]\n");
        text
    }

    /// Reads a file.
    pub(super) fn read(source: &Source) -> Result<Self, Box<Problem>> {
        let problem = |span: Span, fault: &str| Box::new(Problem::error(Code::LockUnreadable, span).with(fault));
        let lock: Self = toml::from_str(source.text()).map_err(|fault| {
            let range = fault.span().unwrap_or_default();
            problem(Span::new(source.id(), range.start, range.end), fault.message())
        })?;
        if lock.version != VERSION {
            let fault = format!("version {}", lock.version);
            return Err(problem(Span::new(source.id(), 0, 0), &fault));
        }
        Ok(lock)
    }
}
