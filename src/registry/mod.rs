//! The set of mines: what a plan asks of all of them together.
//!
//! Each set that an indicator counts is compiled into the program as a clause of its own, so that whether a mine belongs
//! to it is decided by the same diagrams as everything else. Mines of which too little is known may or may not belong: a
//! value is the hull over their completions, mine by mine. [`Tally`] holds what is counted; tallies of parts of a registry
//! merge in any order.

mod assess;
mod counted;
mod members;
mod probe;
mod quota;
mod result;
mod tally;

pub(crate) use assess::values_in;
pub use assess::{Assessing, assess};
pub use counted::Counted;
pub use members::{Record, Records, RegistryFault, after};
pub use probe::probes;
pub use quota::quotas;
pub use result::{Assessment, IndicatorStatus, IndicatorValue, MissingFact, Quota, Reported, Standing};
pub use tally::Tally;
pub(crate) use tally::{Entry, LISTED, Mine};
