//! Vocabulary files: units, bases, enumerations, taxonomies, entities. Phrases and constraints come later, when all
//! terms are known.

mod declare;
mod fields;
mod taxonomy;

use crate::ast::{Content, Entry, Item, ItemKind, Role, Sign, Token};
use crate::check::lexicon::Meaning;
use crate::check::names::{read_name, split};
use crate::check::scope::Scope;
use crate::diagnostic::{Code, Problem};
use crate::model::Name;
use crate::quantity::BasisId;

pub use fields::{declare_fields, settle};
pub use taxonomy::{Draft, finish_enumerations};

/// Declares the units, bases, enumerations and head nouns of one item. Enumerations stay drafts until all files are read.
pub fn declare(scope: &mut Scope, drafts: &mut Vec<Draft>, item: &Item) {
    match item.kind.kind {
        ItemKind::Unit => declare::unit(scope, item),
        ItemKind::Basis => bases(scope, item),
        ItemKind::HeadNoun => head_nouns(scope, item),
        ItemKind::Enumeration | ItemKind::Taxonomy => taxonomy::draft(scope, drafts, item),
        _ => {}
    }
}

/// The token lines of an item: its header and each entry without a role.
pub(crate) fn token_lines(item: &Item) -> impl Iterator<Item = &[Token]> {
    let header = std::iter::once(item.header.as_slice());
    let entries = item.entries.iter().filter(|entry| entry.role.is_none()).filter_map(tokens_of);
    header.chain(entries)
}

/// The tokens of an entry.
pub(crate) fn tokens_of(entry: &Entry) -> Option<&[Token]> {
    match &entry.content {
        Content::Tokens(tokens) => Some(tokens),
        _ => None,
    }
}

/// The entries of one role.
pub(crate) fn entries_of(item: &Item, role: Role) -> impl Iterator<Item = &Entry> {
    item.entries.iter().filter(move |entry| entry.role.as_ref().is_some_and(|found| found.kind == role))
}

fn bases(scope: &mut Scope, item: &Item) {
    for line in token_lines(item) {
        for part in split(line, Sign::Listing) {
            let Some(declared) = read_name(part, false) else { continue };
            let Ok(number) = u16::try_from(scope.model.vocabulary.bases.len()) else { continue };
            add_name(scope, &declared.name, &Meaning::Basis(BasisId(number)));
            scope.model.vocabulary.bases.push(declared.name);
        }
    }
}

fn head_nouns(scope: &mut Scope, item: &Item) {
    for line in token_lines(item) {
        for part in split(line, Sign::Listing) {
            let Some(declared) = read_name(part, false) else { continue };
            add_name(scope, &declared.name, &Meaning::HeadNoun);
            scope.model.vocabulary.head_nouns.push(declared.name);
        }
    }
}

/// Puts every spelling of a name into the lexicon. A spelling may have several meanings, of different kinds; the phrase
/// around it decides. The language's own words are not free.
pub(crate) fn add_name(scope: &mut Scope, name: &Name, meaning: &Meaning) {
    for spelling in name.spellings() {
        let reserved = crate::check::lexicon::Lexicon::is_reserved(spelling);
        let field_of_same_name = matches!(meaning, Meaning::Field(_));
        if reserved && !field_of_same_name {
            scope.problems.push(Problem::error(Code::ReservedWord, name.span).with(spelling));
            continue;
        }
        scope.lexicon.add(spelling, meaning.clone());
    }
}
