//! Clauses that do not speak of a case cost no allocation: a review of ten times as many allocates as often.
//!
//! The allocator counts for the whole process, so this file holds one test only.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use std::alloc::System;
use std::fmt::Write as _;

use adit::{PreparedFacts, ReviewOptions, Rulebook};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Everything that the speaking clauses ask is known, and one of them is missed.
const CASE: &str =
    r#"{"办理事项":"新建","矿种":"建筑石料用灰岩","生产规模":"120万吨/年","开采回采率":"84%","截至日":"2025-01-01"}"#;

/// Twenty clauses that speak of the case and `silent` that do not: half of them by their mineral, which the index knows,
/// half by an amount, so that they are walked.
fn rules(silent: usize) -> String {
    let mut text = "引用 矿业\n".to_owned();
    for number in 0..20 {
        let bound = 80 + number % 10;
        writeln!(text, "条款 S-{number} “甲”\n  建筑石料用灰岩 矿山 开采回采率 不低于 {bound}%").expect("a string");
    }
    for number in 0..silent {
        let body = if number % 2 == 0 {
            "新建 煤 矿山 生产规模 不低于 30万吨/年"
        } else {
            "适用 生产规模 低于 3万吨/年\n  新建 矿山 开采回采率 不低于 85%"
        };
        writeln!(text, "条款 N-{number} “乙”\n  {body}").expect("a string");
    }
    text
}

/// How often a call allocates: the least of several, as the test's own thread may do so too.
fn allocations<T>(call: impl Fn() -> T) -> usize {
    let once = || {
        let region = Region::new(ALLOCATOR);
        let result = call();
        let count = region.change().allocations + region.change().reallocations;
        drop(result);
        count
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}

/// How often deciding and reviewing allocate beside so many silent clauses.
fn measured(silent: usize) -> (usize, usize) {
    let rulebook = Rulebook::from_text(&rules(silent)).expect("rules");
    let facts: PreparedFacts = rulebook.prepare_text("case.json", CASE).expect("facts");
    let options = ReviewOptions::default();
    let ruling = rulebook.review_prepared(&facts, &options).expect("a ruling");
    assert_eq!((ruling.findings.len(), ruling.silent.len()), (20, silent));
    let decided = allocations(|| rulebook.decide(&facts, &options).expect("a decision"));
    let reviewed = allocations(|| rulebook.review_prepared(&facts, &options).expect("a ruling"));
    (decided, reviewed)
}

#[test]
fn clauses_that_do_not_speak_cost_no_allocation() {
    let (few, many) = (measured(200), measured(2_000));
    assert_eq!(few, many, "decided and reviewed beside 200 and 2,000 silent clauses");
    assert!(few.0 <= 4, "{} allocations for a decision", few.0);
}
