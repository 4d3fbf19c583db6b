//! What a review finds: typed results that serialise to the contract.
//!
//! [`decide`] comes to the ruling in numbers; [`review`] puts it into words. What does not depend on the case is put into
//! words once for the rules ([`Wording`]), what does not depend on the clause once for the case ([`StatedCase`]).

mod alternatives;
mod explain;
mod finding;
mod glossary;
mod head;
mod missing;
mod remedy;
mod result;
mod review;
mod silent;
mod standing;
mod stated;
mod text;
mod tree;
mod trial;
mod used;
mod wording;

pub use glossary::Glossary;
pub use head::{CitationResult, Head, Place};
pub use result::{
    Alternative, Amount, AppliedException, Applies, AuthorityCheck, ConditionResult, Disagreement, Finding, LaterDuty,
    Missing, MissingKind, Receipt, Remedy, RemedyChange, Ruling, Shortfall, Status, UpperBound, UpperPlan, Verdict,
};
pub use review::{
    Decision, LANGUAGE_VERSION, ReviewOptions, Rules, decide, review, unknown_clause, unknown_indicator_reading,
    unknown_reading,
};
pub(crate) use review::{chosen, other_region};
pub use silent::Silent;
pub use standing::Standing;
pub(crate) use standing::decide_case;
pub use stated::StatedCase;
pub use text::Text;
pub use tree::{ClauseTree, ExceptionTree, PartTree, Tree, TreeKind};
pub use used::Used;
pub use wording::{Places, Wording};
