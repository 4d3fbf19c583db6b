//! Tables that derive a class from an amount.

use crate::model::clause::Citation;
use crate::model::condition::Operator;
use crate::model::vocabulary::{FieldId, LeafSet, MemberId};
use crate::quantity::Quantity;
use crate::span::Span;

/// A table that tells the class of a case from its mineral, method and scale.
#[derive(Debug, Clone)]
pub struct Grading {
    /// Its id, empty for a table of the vocabulary.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The class it derives.
    pub field: FieldId,
    /// The amount it derives it from.
    pub measured: FieldId,
    /// Its rows; the first whose keys fit a case speaks of it.
    pub rows: Vec<GradingRow>,
    /// Where it stands.
    pub span: Span,
}

impl Grading {
    /// Whether it is a plan's own: such a table, or each of its rows, has an id.
    #[must_use]
    pub fn is_of_plan(&self) -> bool {
        !self.id.is_empty() || self.rows.first().is_some_and(|row| row.id.is_some())
    }
}

/// One row of it.
#[derive(Debug, Clone)]
pub struct GradingRow {
    /// The entry of the register.
    pub id: Option<String>,
    /// The values of each field that it speaks of.
    pub keys: Vec<(FieldId, LeafSet)>,
    /// What each class begins at, from the largest to the smallest; a class that there may not be is left out.
    pub thresholds: Vec<(MemberId, Threshold)>,
    /// The row as it is printed.
    pub citation: Citation,
    /// Whether nobody has confirmed its numbers against the norm's own text.
    pub unverified: bool,
}

/// What a class begins at.
#[derive(Debug, Clone, PartialEq)]
pub enum Threshold {
    /// This amount: [`Operator::AtLeast`] with it, [`Operator::Above`] past it.
    From(Quantity, Operator),
    /// Nothing: whatever is smaller than the class above.
    Lowest,
    /// A number that is not printed.
    Unknown,
}
