//! What the tests share: a naive evaluator to compare the engine with, and the runner of the conformance tables.
#![allow(dead_code)]

pub mod conformance;
pub mod reference;
