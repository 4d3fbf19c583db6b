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

use adit::Rulebook;
use support::conformance::{Compiled, Engine, Reference, files_in, run, run_generated, run_written};

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

fn rulebook(plan: &str) -> Rulebook {
    let files = files_in(&format!("rules/plans/{plan}"), ".adit");
    let builder = files.iter().fold(Rulebook::builder(), |builder, file| builder.source(&file.name, &file.text));
    builder.build().unwrap()
}

/// The written cases of a plan, and those made from its rules.
fn agrees_with_the_cases_of(plan: &str) {
    let rulebook = rulebook(plan);
    let (compared, report) = run_written(rulebook.model());
    assert!(report.is_empty(), "{plan}: the reference disagrees:\n{report}");
    assert!(compared >= 40, "{plan}: only {compared} expectations were compared");
    let compared = run_generated(&rulebook);
    assert!(compared.report.is_empty(), "{plan}: the reference disagrees:\n{}", compared.report);
    assert_eq!(compared.cases.len(), 5, "{plan}: {:?}", compared.cases);
    assert!(compared.statuses > 1_000, "{plan}: only {} statuses were compared", compared.statuses);
}

#[test]
fn reference_agrees_with_the_cases_of_yongchuan() {
    agrees_with_the_cases_of("yongchuan");
}

#[test]
fn reference_agrees_with_the_cases_of_huining() {
    agrees_with_the_cases_of("huining");
}

#[test]
fn reference_agrees_with_the_cases_of_taonan() {
    agrees_with_the_cases_of("taonan");
}

#[test]
fn reference_agrees_with_the_cases_of_ruoqiang() {
    agrees_with_the_cases_of("ruoqiang");
}

#[test]
fn reference_agrees_with_the_cases_of_shanting() {
    agrees_with_the_cases_of("shanting");
}
