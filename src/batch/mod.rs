//! Ruling on many cases at once, from columns.
//!
//! The same program that rules on one case rules on a batch. Values become letters, two values being one letter where no
//! rule can tell them apart; variables that columns tell of together are worked out once for each combination of letters
//! that occurs, by the steps that make a single case ready; and a machine of all clauses' diagrams reads the letters of a
//! case and ends where its ruling stands. What was worked out once is looked up ever after, so a case costs a few looks in
//! tables, whatever the number of clauses.

mod alphabet;
mod amounts;
mod class;
mod column;
mod counter;
mod fold;
mod gates;
mod grouped;
mod machine;
mod machines;
mod order;
mod rest;
mod result;
mod reviewer;
mod route;
mod ruler;
mod told;

pub use column::{Batch, Bits, Column, Integers, Keys, Values};
pub use counter::CounterState;
pub use result::{BatchRulings, End, RowFault};
pub use reviewer::{BatchOptions, ReviewerState};

use crate::diagnostic::{Problem, Severity};
use crate::facts::{self, CaseFacts, tree};
use crate::model::Model;
use crate::source::Source;
use crate::span::{SourceId, Span};

/// Types the facts of one case; the first thing that is wrong where they cannot be used.
fn read(model: &Model, written: &serde_json::Value) -> Result<CaseFacts, Problem> {
    let entries = written.as_object().into_iter().flatten();
    let entries: Vec<_> = entries.map(|(key, value)| (key.clone(), value.clone(), Span::default())).collect();
    let source = Source::new(SourceId::new(u32::MAX), "", "");
    let (facts, problems) = facts::read(&tree::given(&entries), model, &source);
    match problems.into_iter().find(|problem| problem.severity() == Severity::Error) {
        Some(problem) => Err(problem),
        None => Ok(facts),
    }
}
