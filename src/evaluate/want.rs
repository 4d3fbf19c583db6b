//! What would make something known.

use crate::model::{FieldId, MemberId};

/// Something that a case does not state. Ordered as reports list them: facts as the vocabulary does, then the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// A field.
    Field(FieldId),
    /// The distance to a feature.
    Feature(FieldId, MemberId),
    /// A document.
    Document(FieldId, MemberId),
    /// Somebody's finding, by its number in the model.
    Attestation(u16),
    /// A number that stands elsewhere.
    Parameter(String),
    /// A density or a factor between bases, by its key in the contract.
    Conversion(&'static str),
}
