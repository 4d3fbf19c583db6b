//! What a review finds: typed results that serialise to the contract.
//!
//! [`decide`] comes to the ruling in numbers; [`review`] puts it into words. What does not depend on the case is put into
//! words once for the rules ([`Wording`]), what does not depend on the clause once for the case ([`StatedCase`]).

mod explain;
mod finding;
mod head;
mod missing;
mod remedy;
mod result;
mod review;
mod silent;
mod standing;
mod stated;
mod text;
mod trial;
mod wording;

pub use head::{CitationResult, Head, Place};
pub use result::{
    Amount, AppliedException, Applies, AuthorityCheck, ConditionResult, Finding, LaterDuty, Missing, MissingKind,
    Receipt, Remedy, RemedyChange, Ruling, Shortfall, Status, Verdict,
};
pub use review::{Decision, LANGUAGE_VERSION, ReviewOptions, Rules, decide, review};
pub use silent::Silent;
pub use standing::Standing;
pub use stated::StatedCase;
pub use text::Text;
pub use wording::{Places, Wording};
