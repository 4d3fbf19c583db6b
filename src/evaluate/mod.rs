//! Evaluating a program on the facts of one case.
//!
//! [`Case`] makes the facts ready; [`Walker`] walks the clauses' diagrams, one path where all is known, all completions
//! where it is not; [`Residual`] tells what a clause still depends on.

mod amount;
mod case;
mod compare;
mod grade;
mod narrow;
mod patch;
mod residual;
mod resolve;
mod show;
mod splits;
mod state;
mod steps;
mod truth;
mod walk;
mod want;

pub use amount::{Converted, Measure, Measured, Step};
pub use case::{Case, Derived, Ready};
pub use compare::answer_of;
pub use grade::Graded;
pub use patch::Patch;
pub use residual::Residual;
pub use show::{NONE, attestation, base_unit, basis, enumeration_of, fact_text, member_key, member_text, yes_no};
pub use state::State;
pub use steps::Steps;
pub use truth::{Fired, Truth};
pub use walk::Walker;
pub use want::{Conversion, Want};
