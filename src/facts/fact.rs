//! What a case states, field by field.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::model::{FieldId, MemberId};
use crate::quantity::{BasisId, Number, Quantity};
use crate::span::Span;

/// Where a fact came from. Geometry and other sources join this list later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactOrigin {
    /// The facts given.
    Given,
    /// The vocabulary's default.
    Default,
    /// Follows from other facts.
    Derived,
    /// The call's own `--as-of`.
    Argument,
    /// Set by a remedy that is being tried.
    Remedy,
}

/// A value with where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The value.
    pub value: FactValue,
    /// Where it came from.
    pub origin: FactOrigin,
    /// The place of the value in the author's file, where there is one.
    pub span: Option<Span>,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum FactValue {
    /// "There is none."
    None,
    /// One or several members of the field's enumeration, the main one first; for areas, `[]` says "in none".
    Members(Vec<MemberId>),
    /// Yes or no.
    YesNo(bool),
    /// A day.
    Day(Date),
    /// Words, or a list of words.
    Texts(Vec<String>),
    /// An amount.
    Amount(Quantity),
    /// A length for each feature that is known.
    Distances(BTreeMap<MemberId, (Quantity, Option<Span>)>),
    /// Documents that are listed.
    Documents(BTreeMap<MemberId, DocumentFact>),
    /// Findings by their number in [`crate::model::Model::attestations`].
    Attestations(BTreeMap<u16, (bool, Option<Span>)>),
    /// Conversion facts: from basis, to basis, factor, source.
    Conversions(Vec<(BasisId, BasisId, Number, String)>),
}

/// One listed document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DocumentFact {
    /// Whether it is there.
    pub present: bool,
    /// Its state, a member of the vocabulary's states of documents.
    pub state: Option<MemberId>,
    /// Its day.
    pub day: Option<Date>,
    /// What it says, by number in [`crate::model::Model::contents`]; what is not among it, it does not say.
    pub contents: Option<BTreeSet<u16>>,
    /// Its place in the author's file.
    pub span: Option<Span>,
}

/// The facts of one case, typed against a vocabulary.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CaseFacts {
    facts: BTreeMap<FieldId, Fact>,
    sources: BTreeMap<FieldId, String>,
}

impl CaseFacts {
    /// The fact of a field; `None` is "not known".
    #[must_use]
    pub fn get(&self, field: FieldId) -> Option<&Fact> {
        self.facts.get(&field)
    }

    /// Sets a fact.
    pub fn set(&mut self, field: FieldId, fact: Fact) {
        self.facts.insert(field, fact);
    }

    /// Makes a fact unknown.
    pub fn clear(&mut self, field: FieldId) {
        self.facts.remove(&field);
        self.sources.remove(&field);
    }

    /// The document that the author names as the source of a fact (`{value, unit, source}`), where he names one.
    #[must_use]
    pub fn source(&self, field: FieldId) -> Option<&str> {
        self.sources.get(&field).map(String::as_str)
    }

    /// Notes the document that a fact is taken from.
    pub fn set_source(&mut self, field: FieldId, source: impl Into<String>) {
        self.sources.insert(field, source.into());
    }

    /// All known facts in order of the vocabulary.
    pub fn iter(&self) -> impl Iterator<Item = (FieldId, &Fact)> {
        self.facts.iter().map(|(field, fact)| (*field, fact))
    }
}
