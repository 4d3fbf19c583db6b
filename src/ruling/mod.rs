//! What a review finds: typed results that serialise to the contract.

mod result;

pub use result::{
    Amount, AppliedException, Applies, AuthorityCheck, CitationResult, ConditionResult, Finding, LaterDuty, Missing,
    MissingKind, Place, Receipt, Remedy, RemedyChange, Ruling, Shortfall, Status, Verdict,
};
