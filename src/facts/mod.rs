//! The facts of a case: read with their places, typed against the vocabulary.
//!
//! Three steps: [`cases`] tells one case from JSON Lines, [`tree::read`] (or [`tree::json`], one case of a line) turns a
//! text into a tree of values with their places, and [`read`] types the tree against a model and names every problem.

mod amounts;
mod documents;
mod expected;
mod fact;
mod json;
mod lists;
mod nearest;
mod read;
pub mod tree;
#[cfg(feature = "yaml")]
mod yaml;

pub use amounts::{QuantityFault, quantity_text};
pub(crate) use expected::length;
pub use fact::{CaseFacts, DocumentFact, Fact, FactOrigin, FactValue};
pub use json::{CaseTexts, cases};
pub use nearest::nearest;
pub use read::read;
