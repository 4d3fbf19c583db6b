//! What a plan prints beside its sentences: zones, planning blocks, figures, and their values.

use crate::date::Date;
use crate::model::clause::Citation;
use crate::model::vocabulary::{FieldId, MemberId};
use crate::quantity::{Dimension, Number, Quantity};
use crate::span::Span;

/// A printed value under its label.
#[derive(Debug, Clone)]
pub struct Property {
    /// What it is called, in the author's words.
    pub label: String,
    /// The field of the vocabulary that has this name.
    pub field: Option<FieldId>,
    /// The value.
    pub value: PropertyValue,
    /// The value as the author wrote it.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// What a printed value is.
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyValue {
    /// Values of the field's enumeration.
    Members(Vec<MemberId>),
    /// An amount; a bare number has no unit.
    Amount(Quantity),
    /// A day.
    Day(Date),
    /// Yes or no.
    YesNo(bool),
    /// Anything else, as printed.
    Text,
}

impl PropertyValue {
    /// The number that a reckoning takes: the amount in its own unit.
    #[must_use]
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Amount(quantity) if quantity.unit_text == "%" => Some(quantity.value.clone()),
            Self::Amount(quantity) => Some(quantity.in_own_unit()),
            Self::Members(_) | Self::Day(_) | Self::YesNo(_) | Self::Text => None,
        }
    }
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A zone: several may lie over each other, and a case in several of them.
    Zone,
    /// A planning block: a case lies in one or none.
    Block,
}

impl PlaceKind {
    /// The word that opens an item of this kind; the enumeration of such places bears it as its name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Zone => crate::ast::ItemKind::Zone.chinese(),
            Self::Block => crate::ast::ItemKind::Block.chinese(),
        }
    }
}

/// A zone or a planning block of a plan.
#[derive(Debug, Clone)]
pub struct Place {
    /// What it is.
    pub kind: PlaceKind,
    /// Its printed id.
    pub id: Option<String>,
    /// Its name.
    pub title: String,
    /// The entries of the plan's register that it accounts for.
    pub entries: Vec<String>,
    /// Where the plan says it.
    pub citations: Vec<Citation>,
    /// Its number among the places of its kind.
    pub member: MemberId,
    /// The kinds of area it is, members of the enumeration of areas.
    pub kinds: Vec<(FieldId, MemberId)>,
    /// What is printed of it.
    pub properties: Vec<Property>,
    /// Where it stands.
    pub span: Span,
}

impl Place {
    /// The first printed value of a field.
    #[must_use]
    pub fn property(&self, field: FieldId) -> Option<&Property> {
        self.properties.iter().find(|property| property.field == Some(field))
    }
}

/// A table of the plan, as a whole.
#[derive(Debug, Clone)]
pub struct PrintedTable {
    /// Its id, empty where its rows carry all ids.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where the plan prints it.
    pub citations: Vec<Citation>,
    /// Where it stands.
    pub span: Span,
}

/// A printed statement as a cited figure.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where the plan says it.
    pub citations: Vec<Citation>,
    /// Its values; the first one stands for the figure.
    pub values: Vec<Property>,
    /// The year it is a statement of; `None` says the plan's base year.
    pub year: Option<i32>,
    /// The year by which it is to be reached, for a figure that is a target.
    pub target_year: Option<i32>,
    /// The sums that the text allows to check.
    pub reckonings: Vec<Reckoning>,
    /// Where it stands.
    pub span: Span,
}

/// A printed sum, worked out.
#[derive(Debug, Clone)]
pub struct Reckoning {
    /// The figure or place that it stands under.
    pub id: String,
    /// As its author wrote it.
    pub text: String,
    /// Both sides, the left one in the unit of the right one; none where a side adds what does not add.
    pub sides: Option<(Number, Number)>,
    /// What is measured, where that differs, so that it cannot be added or compared at all.
    pub unlike: Option<Unlike>,
    /// Whether they agree to the digits printed on the right.
    pub holds: bool,
    /// The figures it reads, each with its value.
    pub reads: Vec<(String, Number)>,
    /// Where it stands.
    pub span: Span,
}

/// Two numbers of one reckoning that measure different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unlike {
    /// What each of them measures.
    pub dimensions: [Dimension; 2],
    /// Whether both stand on one side, where they are added; else they are the two sides.
    pub added: bool,
}
