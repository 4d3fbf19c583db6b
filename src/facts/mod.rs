//! The facts of a case: read with their places, typed against the vocabulary.

mod fact;

pub use fact::{CaseFacts, DocumentFact, Fact, FactOrigin, FactValue};
