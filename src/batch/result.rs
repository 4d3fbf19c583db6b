//! Rulings of many cases: for each its number in a list of what cases came to.

use std::sync::Arc;

use crate::diagnostic::Problem;
use crate::program::Program;
use crate::ruling::{Standing, Status, Verdict, ruling_of};

/// What some cases come to, clause by clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The ruling.
    pub ruling: Verdict,
    /// The clauses that speak of the case, or may, in order of the rules.
    pub standings: Vec<Standing>,
}

impl End {
    pub(super) fn new(program: &Program, mut standings: Vec<Standing>) -> Self {
        let ruling = ruling_of(program, &standings);
        standings.retain(Standing::can_apply);
        Self { ruling, standings }
    }

    /// The clauses of a status that decide the review at hand, by number.
    pub fn of_status<'a>(&'a self, program: &'a Program, status: Status) -> impl Iterator<Item = usize> + 'a {
        let decide = self.standings.iter().filter(move |standing| standing.decides(program));
        decide.filter(move |standing| standing.status() == status).map(|standing| standing.clause)
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
    pub ends: Vec<Arc<End>>,
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
