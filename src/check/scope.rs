//! What the checker knows while it reads clauses: vocabulary, lexicon, attestations, problems so far.

use std::collections::BTreeMap;

use crate::check::lexicon::{Lexicon, Meaning};
use crate::diagnostic::Problem;
use crate::model::{BoundBasis, Enumeration, EnumerationId, FieldId, FieldKind, LeafSet, MemberId, Model};
use crate::quantity::{Dimension, Quantity};
use crate::span::Span;

/// The state of one run of the checker.
#[derive(Debug, Default)]
pub struct Scope {
    /// The model as far as it is built.
    pub model: Model,
    /// All terms.
    pub lexicon: Lexicon,
    /// The problems found.
    pub problems: Vec<Problem>,
    /// Where the number of a comparison stands, by the place of the whole.
    pub numbers: BTreeMap<Span, Span>,
    /// The comparison words that the document's head gives a meaning of its own, and whether they include the number.
    pub boundaries: Vec<(String, bool)>,
    /// Clauses that others name, with the place where they do.
    pub referred: Vec<(String, Span)>,
    /// Where a clause has its number from a place it speaks of, or from 有 and 无, so that no quote can hold it.
    pub unquoted: std::collections::BTreeSet<Span>,
    /// The entity that each head noun names.
    pub heads: BTreeMap<String, usize>,
    /// The entity that each field is declared under, by field.
    pub entities: Vec<usize>,
}

impl Scope {
    /// The number of an attestation, which is new if nobody asked about it before.
    pub fn attestation(&mut self, name: &str) -> u16 {
        numbered(&mut self.model.attestations, name)
    }

    /// The number of something that documents may say, which is new if nobody asked about it before.
    pub fn content(&mut self, name: &str) -> u16 {
        numbered(&mut self.model.contents, name)
    }

    /// The field whose values this enumeration lists: one that holds members, areas, features or documents of it.
    #[must_use]
    pub fn fields_of(&self, enumeration: EnumerationId) -> Vec<FieldId> {
        let fields = self.model.vocabulary.fields.iter().enumerate();
        fields
            .filter(|(_, field)| field.kind.enumeration() == Some(enumeration))
            .filter_map(|(index, _)| u16::try_from(index).ok().map(FieldId))
            .collect()
    }

    /// Those of them whose values may stand without the field's name.
    #[must_use]
    pub fn bare_fields_of(&self, enumeration: EnumerationId) -> Vec<FieldId> {
        let named_only = |field: &FieldId| self.model.vocabulary.field(*field).is_some_and(|known| known.named_only);
        self.fields_of(enumeration).into_iter().filter(|field| !named_only(field)).collect()
    }

    /// The entity that a field is declared under.
    #[must_use]
    pub fn entity_of(&self, field: FieldId) -> Option<usize> {
        self.entities.get(field.0 as usize).copied()
    }

    /// What the field holds.
    #[must_use]
    pub fn kind(&self, field: FieldId) -> Option<&FieldKind> {
        self.model.vocabulary.field(field).map(|field| &field.kind)
    }

    /// The field's Chinese name.
    #[must_use]
    pub fn field_name(&self, field: FieldId) -> String {
        self.model.vocabulary.field(field).map(|field| field.name.chinese.clone()).unwrap_or_default()
    }

    /// The enumeration of a number.
    #[must_use]
    pub fn enumeration(&self, id: EnumerationId) -> Option<&Enumeration> {
        self.model.vocabulary.enumeration(id)
    }

    /// The leaves of a member.
    #[must_use]
    pub fn leaves(&self, enumeration: EnumerationId, member: MemberId) -> LeafSet {
        let found = self.model.vocabulary.member(enumeration, member);
        found.map(|member| member.leaves.clone()).unwrap_or_default()
    }

    /// What a bound measures: only amounts whose dimension a density converts can have a basis at all.
    #[must_use]
    pub fn bound_basis(&self, quantity: &Quantity) -> BoundBasis {
        if let Some(basis) = quantity.basis {
            return BoundBasis::Named(basis);
        }
        let vocabulary = &self.model.vocabulary;
        let density = vocabulary.field_named("density").and_then(|field| vocabulary.field(field));
        let Some(FieldKind::Quantity(dimensions)) = density.map(|field| &field.kind) else { return BoundBasis::None };
        let convertible = dimensions
            .iter()
            .flat_map(|dimension| dimension.powers())
            .any(|(base, _)| quantity.dimension.powers().any(|(other, power)| other == base && power > 0));
        if convertible { BoundBasis::OfCase } else { BoundBasis::None }
    }

    /// What distances are measured in.
    #[must_use]
    pub fn length_dimension(&self) -> Option<Dimension> {
        self.model.vocabulary.distance_dimension
    }

    /// A name that stands in no other role, found by its spelling.
    #[must_use]
    pub fn meanings_of(&self, spelling: &str) -> Vec<Meaning> {
        self.lexicon.get(spelling).map(|entry| entry.meanings.clone()).unwrap_or_default()
    }
}

/// The place of a name in a list, which gains it where it has it not.
fn numbered(names: &mut Vec<String>, name: &str) -> u16 {
    let index = names.iter().position(|other| other == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    });
    u16::try_from(index).unwrap_or(u16::MAX)
}
