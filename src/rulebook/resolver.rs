//! Where vocabularies come from.

use std::borrow::Cow;

use crate::rulebook::load::stem;

/// A rule or vocabulary file: the name it is shown under, and its bytes as they stand on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFile {
    /// The name; a relative path, as a rule.
    pub name: String,
    /// The bytes. What is no UTF-8 is told as a problem.
    pub bytes: Cow<'static, [u8]>,
}

impl RuleFile {
    /// A file with its bytes.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: Cow::Owned(bytes.into()) }
    }

    const fn built_in(name: String, text: &'static str) -> Self {
        Self { name, bytes: Cow::Borrowed(text.as_bytes()) }
    }
}

/// Finds the vocabularies that rule files use with `引用`/`use`.
///
/// Files given beside the rules go before any resolver, what is built in comes last. The library itself touches no disk:
/// a caller that has one writes a resolver over it.
///
/// ```
/// use adit::rulebook::{Resolver, RuleFile, Rulebook};
///
/// struct Memory;
/// impl Resolver for Memory {
///     fn vocabulary(&self, name: &str) -> Vec<RuleFile> {
///         if name != "颜色" { return Vec::new(); }
///         vec![RuleFile::new("颜色.adit", "词汇 颜色\n枚举 颜色 colour：红 red、绿 green\n")]
///     }
/// }
/// let problems = Rulebook::builder().source("a.adit", "引用 颜色\n").resolver(Memory).check().problems().to_vec();
/// assert!(problems.iter().all(|problem| problem.code().entry().name() != "A0205"));
/// ```
pub trait Resolver {
    /// Files that may hold the vocabulary of this name, likeliest first; the first one that declares it is taken.
    fn vocabulary(&self, name: &str) -> Vec<RuleFile>;
}

/// The vocabularies that come with the library.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

const FILES: [(&str, &str); 3] = [
    ("矿业.adit", include_str!("../../rules/vocabulary/矿业.adit")),
    ("矿种.adit", include_str!("../../rules/vocabulary/矿种.adit")),
    ("规模分级.adit", include_str!("../../rules/vocabulary/规模分级.adit")),
];

impl Resolver for BuiltIn {
    fn vocabulary(&self, name: &str) -> Vec<RuleFile> {
        let mut files: Vec<(&str, &'static str)> = FILES.to_vec();
        files.sort_by_key(|(file, _)| stem(file) != name);
        files.into_iter().map(|(file, text)| RuleFile::built_in(format!("vocabulary/{file}"), text)).collect()
    }
}
