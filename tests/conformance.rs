//! The tables of the language: what each of its sentences means, put to every engine there is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

mod support;

use support::conformance::{Compiled, Engine, Reference, run, run_written};

/// The least number of answers a run must compare, so that a lost table is noticed.
const AT_LEAST: usize = 800;

fn agrees(engine: &dyn Engine) {
    let (compared, report) = run(engine);
    assert!(report.is_empty(), "{} disagrees:\n{report}", engine.name());
    assert!(compared >= AT_LEAST, "only {compared} answers were compared");
}

#[test]
fn the_engine_agrees_with_the_tables() {
    agrees(&Compiled);
}

#[test]
fn reference_agrees_with_the_tables() {
    agrees(&Reference);
}

#[test]
fn reference_agrees_with_the_cases_of_the_plans() {
    let (compared, report) = run_written("rules/plans/yongchuan");
    assert!(report.is_empty(), "the reference disagrees:\n{report}");
    assert!(compared >= 50, "only {compared} expectations were compared");
}
