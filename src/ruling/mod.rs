//! What a review finds: typed results that serialise to the contract.

mod explain;
mod finding;
mod missing;
mod remedy;
mod result;
mod review;
mod standing;

pub use finding::Places;
pub use result::{
    Amount, AppliedException, Applies, AuthorityCheck, CitationResult, ConditionResult, Finding, LaterDuty, Missing,
    MissingKind, Place, Receipt, Remedy, RemedyChange, Ruling, Shortfall, Status, Verdict,
};
pub use review::{LANGUAGE_VERSION, ReviewOptions, review};
