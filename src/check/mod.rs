//! Tree to model: names, phrases, types, dimensions, quotes against numbers. All problems are collected, none stops the run.

mod amount;
mod case;
mod circle;
mod clause;
mod condition;
mod entries;
mod figure;
mod indicator;
mod lexicon;
mod looser;
mod names;
mod phrase;
mod pieces;
mod place;
mod plan;
mod property;
mod quote;
mod render;
mod scope;
mod segment;
mod table;
mod upper;
mod vocabulary;
mod words;

use std::borrow::Cow;
use std::sync::Arc;

use crate::ast::{File, Item, ItemKind};
use crate::check::lexicon::{Lexicon, Meaning};
use crate::check::scope::Scope;
use crate::diagnostic::{Code, Problem, Severity, Words};
use crate::model::Model;
use crate::source::Source;
use crate::span::Span;

/// One parsed file with its text.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Its tree.
    pub file: &'a File,
    /// Its text.
    pub source: &'a Source,
}

/// What the checker made of all files.
#[derive(Debug, Default)]
pub struct Checked {
    /// The model of everything that could be understood.
    pub model: Model,
    /// All problems, by place.
    pub problems: Vec<Problem>,
}

impl Checked {
    /// Whether nothing but warnings was found.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity() == Severity::Warning)
    }
}

/// The names that a file uses with `引用`, each with its place.
#[must_use]
pub fn uses(file: &File) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for item in file.items.iter().filter(|item| item.kind.kind == ItemKind::Use) {
        for line in vocabulary::token_lines(item) {
            for part in names::split(line, crate::ast::Sign::Listing) {
                let span = part.first().map(|token| token.span);
                let word = names::words(part).join(" ");
                if let (Some(span), false) = (span, word.is_empty()) {
                    found.push((word, span));
                }
            }
        }
    }
    found
}

/// The names that a vocabulary file can be used under; empty for any other file.
#[must_use]
pub fn vocabulary_names(file: &File) -> Vec<String> {
    let headers = file.items.iter().filter(|item| item.kind.kind == ItemKind::Vocabulary);
    headers.flat_map(|item| names::words(&item.header)).collect()
}

/// Checks files together: vocabulary files first, in the order in which they are used, then plan files.
#[must_use]
pub fn check(inputs: &[Input<'_>]) -> Checked {
    check_below(inputs, Vec::new())
}

/// Checks the files of a plan below plans that are checked already. Each plan is to be checked with the [`declarations`]
/// of all the others, so that a word that one of them declares has the same number in all.
#[must_use]
pub fn check_below(inputs: &[Input<'_>], upper: Vec<Arc<Model>>) -> Checked {
    let mut scope = Scope { lexicon: Lexicon::of_the_language(), ..Scope::default() };
    scope.model.upper = upper;
    let sifted: Vec<Cow<'_, File>> =
        inputs.iter().map(|input| entries::sift(input.file, &mut scope.problems)).collect();
    let inputs: Vec<Input<'_>> =
        inputs.iter().zip(&sifted).map(|(input, file)| Input { file, source: input.source }).collect();
    let inputs = inputs.as_slice();
    declare_vocabulary(&mut scope, inputs);
    plan::read_plans(&mut scope, inputs);
    upper::settle(&mut scope);
    let (vocabularies, own): (Vec<Input<'_>>, Vec<Input<'_>>) =
        inputs.iter().copied().partition(|input| !vocabulary_names(input.file).is_empty());
    declare_phrases(&mut scope, &vocabularies);
    plan::settle_boundaries(&mut scope);
    declare_phrases(&mut scope, &own);
    place::read_places(&mut scope, inputs);
    figure::read_figures(&mut scope, inputs);
    table::read_figures(&mut scope, inputs);
    clause::read_clauses(&mut scope, inputs);
    figure::read_reckonings(&mut scope, inputs);
    in_order_of_the_text(&mut scope.model);
    looser::compare(&mut scope);
    case::read_cases(&mut scope, inputs);
    let mut problems: Vec<Problem> = scope.problems.into_iter().map(|problem| at_its_word(problem, inputs)).collect();
    problems.sort_by_key(|problem| (problem.span(), problem.code()));
    problems.dedup();
    Checked { model: scope.model, problems }
}

/// A file with nothing but the words that it declares.
#[must_use]
pub fn declarations(file: &File) -> File {
    let declares = |item: &&Item| {
        matches!(
            item.kind.kind,
            ItemKind::Use
                | ItemKind::Unit
                | ItemKind::Basis
                | ItemKind::HeadNoun
                | ItemKind::Enumeration
                | ItemKind::Taxonomy
                | ItemKind::Entity
        )
    };
    File { items: file.items.iter().filter(declares).cloned().collect(), comments: Vec::new() }
}

/// What rows of tables make stands where the tables do.
fn in_order_of_the_text(model: &mut Model) {
    model.clauses.sort_by_key(|clause| clause.span);
    model.indicators.sort_by_key(|indicator| indicator.span);
    model.figures.sort_by_key(|figure| figure.span);
    model.places.sort_by_key(|place| place.span);
}

/// A name keeps one place for all its spellings; a clash points at the spelling that clashes. An unknown word at the
/// beginning of a line may be a misspelt role.
fn at_its_word(problem: Problem, inputs: &[Input<'_>]) -> Problem {
    let span = problem.span();
    if problem.code() == Code::UnknownWord && problem.mended_text().is_none() {
        return match misspelt_role(span, inputs) {
            Some((place, near)) => problem.placed(place).meant(near),
            None => problem,
        };
    }
    let source = inputs.iter().map(|input| input.source).find(|source| source.id() == span.source());
    let (Code::ReservedWord, Some(source), Some(word)) = (problem.code(), source, problem.argument(0)) else {
        return problem;
    };
    match source.slice(span).find(word) {
        Some(at) => {
            let start = span.start() + at;
            let place = Span::new(span.source(), start, start + word.len());
            problem.placed(place)
        }
        None => problem,
    }
}

/// The role that the first word of a line may have been, and the place of that word.
fn misspelt_role(span: Span, inputs: &[Input<'_>]) -> Option<(Span, &'static str)> {
    let input = inputs.iter().find(|input| input.source.id() == span.source())?;
    let item = input.file.items.iter().rev().find(|item| item.kind.span.start() <= span.start())?;
    let entry = item.entries.iter().find(|entry| entry.role.is_none() && entry.span.start() == span.start())?;
    let crate::ast::Token { kind: crate::ast::TokenKind::Run(word), span: place, .. } =
        vocabulary::tokens_of(entry)?.first()?
    else {
        return None;
    };
    Some((*place, crate::diagnostic::nearest(&names::folded(word), entries::spellings(item.kind.kind))?))
}

fn items<'a>(inputs: &'a [Input<'_>], kind: ItemKind) -> impl Iterator<Item = (&'a Item, &'a Source)> {
    inputs
        .iter()
        .flat_map(|input| input.file.items.iter().map(move |item| (item, input.source)))
        .filter(move |(item, _)| item.kind.kind == kind)
}

fn declare_vocabulary(scope: &mut Scope, inputs: &[Input<'_>]) {
    let mut drafts = Vec::new();
    let all = || inputs.iter().flat_map(|input| input.file.items.iter());
    for kind in [ItemKind::Unit, ItemKind::Basis, ItemKind::HeadNoun, ItemKind::Enumeration, ItemKind::Taxonomy] {
        for item in all().filter(|item| item.kind.kind == kind) {
            vocabulary::declare(scope, &mut drafts, item);
        }
    }
    place::declare_places(scope, &mut drafts, inputs);
    let mut later = Vec::new();
    for item in all().filter(|item| item.kind.kind == ItemKind::Entity) {
        later.extend(vocabulary::declare_fields(scope, &mut drafts, item));
    }
    let valued: Vec<String> = valued_enumerations(scope, &drafts);
    vocabulary::finish_enumerations(scope, drafts, |name| valued.iter().any(|known| known == name));
    vocabulary::settle(scope, later);
}

/// The enumerations that some field takes its values from.
fn valued_enumerations(scope: &Scope, drafts: &[vocabulary::Draft]) -> Vec<String> {
    (0u16..)
        .zip(drafts)
        .filter(|(index, _)| {
            let id = crate::model::EnumerationId(*index);
            let of_documents = scope.model.vocabulary.document_states.as_ref();
            !scope.fields_of(id).is_empty() || of_documents.is_some_and(|states| states.enumeration == id)
        })
        .map(|(_, draft)| draft.enumeration.name.chinese.clone())
        .collect()
}

fn declare_phrases(scope: &mut Scope, inputs: &[Input<'_>]) {
    for (item, _) in items(inputs, ItemKind::Phrase) {
        let split = names::split_once(&item.header, crate::ast::Sign::Equal);
        let Some((name, body)) = split.and_then(|(name, body)| Some((names::read_name(name, true)?.name, body))) else {
            scope.problems.push(Problem::error(Code::MalformedEntry, item.kind.span).with(item.kind.kind.chinese()));
            continue;
        };
        let is_phrase = |meaning: &Meaning| matches!(meaning, Meaning::Phrase(_));
        if scope.meanings_of(&name.chinese).iter().any(is_phrase) {
            scope.problems.push(Problem::error(Code::DuplicateName, name.span).with(name.chinese));
            continue;
        }
        if body.is_empty() {
            let word = Words::new(item.kind.kind.chinese(), item.kind.kind.english());
            scope.problems.push(Problem::error(Code::MalformedEntry, item.kind.span).with_words(word));
            continue;
        }
        let cut = pieces::pieces(body, &scope.lexicon, &mut scope.problems);
        let mode = Some(crate::model::AttestationMode::Required);
        let Some(condition) = phrase::read_condition(scope, &cut, &name.chinese, mode) else { continue };
        let Ok(number) = u16::try_from(scope.model.vocabulary.phrases.len()) else { continue };
        vocabulary::add_name(scope, &name, &Meaning::Phrase(number));
        scope.model.vocabulary.phrases.push((name, condition));
    }
    for (item, _) in items(inputs, ItemKind::Constraint) {
        constraint(scope, item);
    }
}

/// `事实约束 <condition> 则 <condition>`.
fn constraint(scope: &mut Scope, item: &Item) {
    let then = |token: &crate::ast::Token| matches!(&token.kind, crate::ast::TokenKind::Run(run) if matches!(run.as_str(), "则" | "then"));
    let Some(at) = item.header.iter().position(then) else {
        scope.problems.push(
            Problem::error(Code::MalformedEntry, item.kind.span)
                .with(item.kind.kind.chinese())
                .help(Words::new("写成：事实约束 甲 则 乙", "write it as: constraint A then B")),
        );
        return;
    };
    let (when, rest) = item.header.split_at_checked(at).unwrap_or_default();
    let then = rest.get(1..).unwrap_or_default();
    if when.is_empty() || then.is_empty() {
        let word = Words::new(item.kind.kind.chinese(), item.kind.kind.english());
        scope.problems.push(Problem::error(Code::MalformedEntry, item.kind.span).with_words(word));
        return;
    }
    let mode = Some(crate::model::AttestationMode::Required);
    let mut read = |tokens: &[crate::ast::Token]| {
        let cut = pieces::pieces(tokens, &scope.lexicon, &mut scope.problems);
        phrase::read_condition(scope, &cut, "", mode)
    };
    if let (Some(when), Some(then)) = (read(when), read(then)) {
        scope.model.vocabulary.constraints.push((when, then, item.kind.span));
    }
}
