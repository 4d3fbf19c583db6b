//! What a ruling takes for granted and says so: defaults, computed values, conversions, presumptions.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::ruling::glossary::Glossary;
use crate::ruling::text::Text;

/// A default, a computed value, a conversion or a presumption. In JSON, and by `Display`, it is one sentence in the
/// vocabulary's words: `规模级别 = 中型（矿山生产建设规模分级）`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Used {
    /// What it is said of: the fact in Chinese, or the name of a finding in 「」.
    pub label: Text,
    /// The fact's English key; the same as the label for a finding.
    pub fact: Text,
    /// Whether `value` is how the fact was converted, not what it is.
    pub converts: bool,
    /// The value, or the conversion.
    pub value: Text,
    /// Where that is taken from: the title of a table, a document.
    pub source: Text,
    /// What the case gives instead, where that disagrees.
    pub given: Option<Text>,
}

impl Used {
    pub(super) fn new(label: Text, fact: Text, value: impl Into<Text>) -> Self {
        Self { label, fact, value: value.into(), ..Self::default() }
    }

    /// The sentence in English, as far as the vocabulary has English names.
    #[must_use]
    pub fn english(&self, glossary: &Glossary) -> String {
        let fact = if self.fact.is_ascii() { self.fact.replace('-', " ") } else { self.label.to_string() };
        let value = |text: &str| glossary.value(&self.label, text);
        let joint = if self.converts { ": " } else { " = " };
        let mut said = format!("{fact}{joint}{}", value(&self.value));
        if !self.source.is_empty() {
            said.push_str(&format!(" ({})", self.source));
        }
        if let Some(given) = &self.given {
            said.push_str(&format!(" ≠ {}", value(given)));
        }
        said
    }
}

impl fmt::Display for Used {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joint = if self.converts { "：" } else { " = " };
        write!(formatter, "{}{joint}{}", self.label, self.value)?;
        if !self.source.is_empty() {
            write!(formatter, "（{}）", self.source)?;
        }
        match &self.given {
            Some(given) => write!(formatter, " ≠ {given}"),
            None => Ok(()),
        }
    }
}

impl Serialize for Used {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
