//! Rulings of many cases: for each its number in a list of what cases came to.

use std::sync::Arc;

use crate::diagnostic::Problem;
use crate::ruling::{Standing, Status, Verdict};

/// What some cases come to, clause by clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The ruling.
    pub ruling: Verdict,
    /// Whether a clause covers the case.
    pub covered: bool,
    /// The clauses that keep the case from being admissible, in order of the rules.
    pub standings: Vec<Standing>,
}

impl End {
    /// What these clauses come to where some other clause, or none, covers the case.
    pub(super) fn new(covered: bool, mut standings: Vec<Standing>) -> Self {
        standings.retain(|standing| standing.decides());
        let speaks = |standing: &Standing| standing.covers && standing.status() != Status::NotApplicable;
        let covered = covered || standings.iter().any(speaks);
        standings.retain(|standing| standing.effect().is_some());
        standings.sort_by_key(|standing| standing.clause);
        let ruling = match standings.iter().filter_map(Standing::effect).max() {
            Some(worst) => worst,
            None if covered => Verdict::Admissible,
            None => Verdict::NotCovered,
        };
        Self { ruling, covered, standings }
    }

    /// The clauses of a status, by number.
    pub fn of_status(&self, status: Status) -> impl Iterator<Item = usize> + '_ {
        self.standings.iter().filter(move |standing| standing.status() == status).map(|standing| standing.clause)
    }
}

/// A row whose facts cannot be used.
#[derive(Debug, Clone)]
pub struct RowFault {
    /// The row.
    pub row: usize,
    /// What is wrong.
    pub problem: Arc<Problem>,
}

/// What the cases of a batch come to.
#[derive(Debug, Clone)]
pub struct BatchRulings {
    /// For each row the number of its end. Of rows that are among the faults it says nothing.
    pub rows: Vec<u32>,
    /// What cases came to, in this batch and the ones before.
    pub ends: Arc<Vec<Arc<End>>>,
    /// Rows that could not be ruled on, rising.
    pub faults: Vec<RowFault>,
}

impl BatchRulings {
    /// What a row came to; `None` where its facts cannot be used.
    #[must_use]
    pub fn end(&self, row: usize) -> Option<&End> {
        if self.faults.binary_search_by_key(&row, |fault| fault.row).is_ok() {
            return None;
        }
        self.ends.get(*self.rows.get(row)? as usize).map(AsRef::as_ref)
    }
}
