//! What would make something known.

use serde::{Deserialize, Serialize};

use crate::model::{FieldId, MemberId};

/// Something that a case does not state. Ordered as reports list them: facts as the vocabulary does, then the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// What converts an amount.
    Conversion(Conversion),
}

/// What converts amounts from one dimension or basis to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Conversion {
    /// A factor between bases.
    Factor,
    /// A density.
    Density,
}

impl Conversion {
    /// Its key in the contract of facts.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Factor => "conversion",
            Self::Density => "density",
        }
    }
}
