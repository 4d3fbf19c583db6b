//! Texts to trees: the rule files given, and every vocabulary they use, wherever it is found.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::ast::File;
use crate::check;
use crate::diagnostic::{Code, Problem, Words};
use crate::parse::{self, Limits};
use crate::rulebook::resolver::{BuiltIn, Resolver, RuleFile};
use crate::source::Source;
use crate::span::{SourceId, Span};

/// Everything that was loaded. `files` stand beside `sources`.
#[derive(Default)]
pub(super) struct Loaded {
    /// The texts; a file that could not be read has an empty one.
    pub(super) sources: Vec<Source>,
    /// Their trees.
    pub(super) files: Vec<File>,
    /// The plan that each file belongs to: 0 is the plan itself, the others are the plans above it; `None` is a
    /// vocabulary, which belongs to all.
    pub(super) plans: Vec<Option<usize>>,
    /// The order in which to check them: a vocabulary before what uses it.
    pub(super) order: Vec<usize>,
    /// What is wrong with the texts.
    pub(super) problems: Vec<Problem>,
}

impl Loaded {
    /// What one plan is checked with: its own files, the vocabularies, and of the other plans the words they declare.
    pub(super) fn seen_by(&self, plan: usize) -> Vec<(Cow<'_, File>, &Source)> {
        let seen = |index: &usize| {
            let (file, source) = (self.files.get(*index)?, self.sources.get(*index)?);
            let own = self.plans.get(*index).copied().flatten().is_none_or(|other| other == plan);
            Some((if own { Cow::Borrowed(file) } else { Cow::Owned(check::declarations(file)) }, source))
        };
        self.order.iter().filter_map(seen).collect()
    }
}

/// Loads the rule files of each plan and what they use.
pub(super) fn load(given: &[&[RuleFile]], resolvers: &[&dyn Resolver]) -> Loaded {
    let mut loader = Loader { loaded: Loaded::default(), named: BTreeMap::new(), edges: Vec::new(), resolvers };
    for (plan, files) in given.iter().enumerate() {
        for file in *files {
            loader.add(file, Some(plan));
        }
    }
    let mut next = 0;
    while next < loader.loaded.files.len() {
        loader.resolve_uses_of(next);
        next += 1;
    }
    loader.settle_order();
    loader.loaded
}

struct Loader<'a> {
    loaded: Loaded,
    /// Vocabularies by their names.
    named: BTreeMap<String, usize>,
    /// For each file, the files it uses with the place where it says so.
    edges: Vec<Vec<(usize, Span)>>,
    resolvers: &'a [&'a dyn Resolver],
}

impl Loader<'_> {
    fn add(&mut self, file: &RuleFile, plan: Option<usize>) -> usize {
        let index = self.loaded.sources.len();
        let id = SourceId::new(u32::try_from(index).unwrap_or(u32::MAX));
        let limits = Limits::default();
        let (source, tree) = match parse::decode(id, &file.name, &file.bytes, &limits) {
            Ok(text) => {
                let source = Source::new(id, file.name.as_str(), text);
                let parsed = parse::parse(&source, &limits);
                self.loaded.problems.extend(parsed.problems);
                (source, parsed.file)
            }
            Err(problem) => {
                self.loaded.problems.push(problem);
                (Source::new(id, file.name.as_str(), ""), File::default())
            }
        };
        let names = check::vocabulary_names(&tree);
        self.loaded.plans.push(plan.filter(|_| names.is_empty()));
        for name in names {
            self.named.entry(name).or_insert(index);
        }
        self.loaded.sources.push(source);
        self.loaded.files.push(tree);
        self.edges.push(Vec::new());
        index
    }

    fn resolve_uses_of(&mut self, index: usize) {
        let uses = self.loaded.files.get(index).map(check::uses).unwrap_or_default();
        for (name, span) in uses {
            match self.vocabulary(&name) {
                Some(found) => {
                    if let Some(edges) = self.edges.get_mut(index) {
                        edges.push((found, span));
                    }
                }
                None => self.loaded.problems.push(Problem::error(Code::VocabularyNotFound, span).with(name)),
            }
        }
    }

    /// The vocabulary of a name: among the files loaded, else from the first resolver that has it.
    fn vocabulary(&mut self, name: &str) -> Option<usize> {
        if let Some(found) = self.named.get(name) {
            return Some(*found);
        }
        let resolvers = self.resolvers.iter().copied().chain(std::iter::once(&BuiltIn as &dyn Resolver));
        let file = resolvers.flat_map(|resolver| resolver.vocabulary(name)).find(|file| declares(file, name))?;
        Some(self.add(&file, None))
    }

    /// Vocabularies before what uses them; a circle is a problem at the use that closes it.
    fn settle_order(&mut self) {
        let mut done: BTreeSet<usize> = BTreeSet::new();
        for start in 0..self.loaded.files.len() {
            // The files on the way down, each with the next of its uses to follow.
            let mut way: Vec<(usize, usize)> = vec![(start, 0)];
            while let Some((index, next)) = way.pop() {
                if done.contains(&index) {
                    continue;
                }
                let Some((used, span)) = self.edges.get(index).and_then(|edges| edges.get(next)).copied() else {
                    done.insert(index);
                    self.loaded.order.push(index);
                    continue;
                };
                way.push((index, next + 1));
                if let Some(from) = way.iter().position(|(on_way, _)| *on_way == used) {
                    let circle = way.iter().skip(from).map(|(index, _)| *index).chain(std::iter::once(used));
                    let problem = self.circle(circle, span);
                    self.loaded.problems.push(problem);
                } else {
                    way.push((used, 0));
                }
            }
        }
    }

    fn circle(&self, files: impl Iterator<Item = usize>, span: Span) -> Problem {
        let names: Vec<String> = files
            .filter_map(|index| self.loaded.files.get(index))
            .filter_map(|file| check::vocabulary_names(file).into_iter().next())
            .collect();
        let words = Words::new("回到了自己", "leads back to itself");
        Problem::error(Code::CircularUse, span).with(names.join(" → ")).saying(words)
    }
}

/// Whether a file declares the vocabulary of a name.
fn declares(file: &RuleFile, name: &str) -> bool {
    let id = SourceId::default();
    let limits = Limits::default();
    let Ok(text) = parse::decode(id, &file.name, &file.bytes, &limits) else {
        // It goes by that name, so it is loaded, and what is wrong with it is told.
        return stem(&file.name) == name;
    };
    let parsed = parse::parse(&Source::new(id, file.name.as_str(), text), &limits);
    check::vocabulary_names(&parsed.file).iter().any(|declared| declared == name)
}

/// The name of a file without its folders and its ending.
pub(super) fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".adit").unwrap_or(file)
}
