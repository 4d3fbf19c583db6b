//! Amounts brought to the dimension and basis of a bound, by sourced facts only.

use std::cmp::Ordering;

use crate::facts::{CaseFacts, FactValue};
use crate::model::{FieldId, FieldKind, Model};
use crate::program::{ChannelBasis, Roles};
use crate::quantity::{BasisId, Dimension, Number, Quantity};

use super::want::{Conversion, Want};

/// A fact as a bound meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    /// There is none.
    None,
    /// The amount.
    Known(Converted),
    /// Not known; these facts would tell.
    Wanting(Vec<Want>),
}

/// An amount in the bound's dimension and basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The amount in base units.
    pub value: Number,
    /// How many units of the result one unit of the fact makes.
    pub factor: Number,
    /// The basis it is on, where that is known.
    pub basis: Option<BasisId>,
    /// What it took.
    pub steps: Vec<Step>,
}

/// A step between an amount as stated and as compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The mineral's default basis was taken.
    DefaultBasis(BasisId),
    /// Times or by a density.
    Density(Quantity),
    /// From one basis to another, by a factor, from a source.
    Basis(BasisId, BasisId, Number, String),
}

/// Reads amounts of one case.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// The rules.
    pub model: &'a Model,
    /// Fields with a part of their own.
    pub roles: &'a Roles,
    /// The facts.
    pub facts: &'a CaseFacts,
}

impl Measure<'_> {
    /// The basis of quantities of this case when none is named; `None` where its mineral does not tell.
    #[must_use]
    pub fn case_basis(&self) -> Option<BasisId> {
        let field = self.roles.basis?;
        let vocabulary = &self.model.vocabulary;
        let FieldKind::Member(enumeration) = vocabulary.field(field)?.kind else { return None };
        let FactValue::Members(members) = &self.facts.get(field)?.value else { return None };
        let main = vocabulary.member(enumeration, *members.first()?)?;
        let mut bases = main.leaves.iter().map(|leaf| vocabulary.default_basis(enumeration, leaf));
        let first = bases.next()??;
        bases.all(|basis| basis == Some(first)).then_some(first)
    }

    /// A field as a bound of this dimension and basis meets it.
    #[must_use]
    pub fn field(&self, field: FieldId, dimension: Dimension, basis: ChannelBasis) -> Measured {
        match self.facts.get(field).map(|fact| &fact.value) {
            Some(FactValue::Amount(quantity)) => self.quantity(field, quantity, dimension, basis),
            Some(FactValue::None) => Measured::None,
            _ => Measured::Wanting(vec![Want::Field(field)]),
        }
    }

    /// A quantity as a bound of this dimension and basis meets it.
    #[must_use]
    pub fn quantity(&self, field: FieldId, quantity: &Quantity, dimension: Dimension, basis: ChannelBasis) -> Measured {
        let mut steps = Vec::new();
        let mut wanting = Vec::new();
        let mut factor = Number::ONE;
        let case_basis = self.case_basis();
        let target = match basis {
            ChannelBasis::None => None,
            ChannelBasis::Of(basis) => Some(basis),
            ChannelBasis::OfCase => case_basis,
        };
        if quantity.basis.is_none() && basis != ChannelBasis::None {
            steps.extend(case_basis.map(Step::DefaultBasis));
        }
        if quantity.dimension != dimension {
            match self.density(quantity.dimension, dimension) {
                Some(Ok((by, density))) => {
                    factor = factor.times(&by);
                    steps.push(Step::Density(density));
                }
                Some(Err(())) => wanting.push(Want::Conversion(Conversion::Density)),
                None => return Measured::Wanting(vec![Want::Field(field)]),
            }
        }
        let source = quantity.basis.or(case_basis);
        if let (Some(from), Some(to)) = (source, target)
            && from != to
        {
            match self.conversion(from, to) {
                Some((by, words)) => {
                    factor = factor.times(&by);
                    steps.push(Step::Basis(from, to, by, words));
                }
                None => wanting.push(Want::Conversion(Conversion::Factor)),
            }
        }
        if !wanting.is_empty() {
            return Measured::Wanting(wanting);
        }
        let value = quantity.value.times(&factor);
        Measured::Known(Converted { value, factor, basis: target.or(source), steps })
    }

    /// The factor from one dimension to another by density: `None` where density does not lead there, an error where it is
    /// not known.
    fn density(&self, from: Dimension, to: Dimension) -> Option<Result<(Number, Quantity), ()>> {
        let field = self.roles.density?;
        let FieldKind::Quantity(dimensions) = &self.model.vocabulary.field(field)?.kind else { return None };
        let times = dimensions.iter().any(|density| from.times(*density) == to);
        let over = dimensions.iter().any(|density| from.per(*density) == to);
        if !times && !over {
            return None;
        }
        // A density that nobody vouches for converts nothing.
        let sourced = self.facts.source(field).is_some_and(|source| !source.trim().is_empty());
        let Some(FactValue::Amount(density)) = self.facts.get(field).map(|fact| &fact.value).filter(|_| sourced) else {
            return Some(Err(()));
        };
        let factor = if from.times(density.dimension) == to {
            Some(density.value.clone())
        } else {
            Number::ONE.divide(&density.value)
        };
        Some(factor.map(|factor| (factor, density.clone())).ok_or(()))
    }

    /// The factor from one basis to another, with its source.
    fn conversion(&self, from: BasisId, to: BasisId) -> Option<(Number, String)> {
        let FactValue::Conversions(list) = &self.facts.get(self.roles.conversion?)?.value else { return None };
        let straight = list.iter().find(|(start, end, _, _)| *start == from && *end == to);
        if let Some((_, _, factor, source)) = straight {
            return Some((factor.clone(), source.clone()));
        }
        let (_, _, factor, source) = list.iter().find(|(start, end, _, _)| *start == to && *end == from)?;
        Some((Number::ONE.divide(factor)?, source.clone()))
    }

    /// How the left of two fields stands to the right one (a day so many months later), brought to the left one's terms; `None` says that one is none.
    pub fn compare(&self, left: FieldId, right: FieldId, months: i32) -> Result<Option<Ordering>, Vec<Want>> {
        let value = |field| self.facts.get(field).map(|fact| &fact.value);
        match (value(left), value(right)) {
            (Some(FactValue::None), _) | (_, Some(FactValue::None)) => Ok(None),
            (Some(FactValue::Amount(mine)), Some(FactValue::Amount(theirs))) => {
                let basis = mine.basis.or(self.case_basis()).map_or(ChannelBasis::None, ChannelBasis::Of);
                match self.quantity(right, theirs, mine.dimension, basis) {
                    Measured::Known(converted) => Ok(Some(mine.value.cmp(&converted.value))),
                    Measured::None => Ok(None),
                    Measured::Wanting(wants) => Err(wants),
                }
            }
            (Some(FactValue::Day(mine)), Some(FactValue::Day(theirs))) => {
                Ok(theirs.plus_months(months).map(|theirs| mine.cmp(&theirs)))
            }
            _ => {
                let unknown = |field: &FieldId| self.facts.get(*field).is_none();
                Err([left, right].into_iter().filter(unknown).map(Want::Field).collect())
            }
        }
    }
}
