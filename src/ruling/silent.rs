//! Clauses that do not speak of a case: kept as a set, so that they cost nothing until somebody wants to read them.

use std::sync::Arc;

use crate::compile::Readings;
use crate::program::ClauseSet;
use crate::ruling::head::Head;
use crate::ruling::result::{Applies, Finding, Ruling, Status};

/// The clauses that do not speak of a case, by number.
#[derive(Debug, Clone, Default)]
pub struct Silent {
    heads: Arc<[Arc<Head>]>,
    clauses: ClauseSet,
    readings: Readings,
}

impl Silent {
    pub(super) const fn new(heads: Arc<[Arc<Head>]>, clauses: ClauseSet, readings: Readings) -> Self {
        Self { heads, clauses, readings }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.clauses.len()
    }

    /// Whether every clause speaks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// What the rules say of them, in order of the rules.
    pub fn heads(&self) -> impl Iterator<Item = &Arc<Head>> {
        self.clauses.iter().filter_map(|number| self.heads.get(number))
    }

    /// A finding for each, in order of the rules.
    pub fn findings(&self) -> impl Iterator<Item = Finding> + '_ {
        self.heads().map(|head| Finding::silent(head, self.readings.get(&head.number).copied()))
    }
}

impl Ruling {
    /// The ruling with a finding for every clause: those that do not speak of the case are listed among the others.
    #[must_use]
    pub fn unfolded(mut self) -> Self {
        let silent = std::mem::take(&mut self.silent);
        self.findings.extend(silent.findings());
        self.findings.sort_by_key(|finding| finding.number);
        self
    }

    /// The status of a clause that a review decides; `None` where there is no such clause.
    #[must_use]
    pub fn status_of(&self, clause: &str) -> Option<Status> {
        let found = self.findings.iter().find(|finding| finding.clause == clause);
        let silent = || self.silent.heads().any(|head| head.clause == clause).then_some(Status::NotApplicable);
        found.map(|finding| finding.status).or_else(silent)
    }
}

impl Finding {
    /// The finding of a clause that does not speak of the case.
    fn silent(head: &Arc<Head>, reading: Option<usize>) -> Self {
        Self {
            subject: head.subject(reading),
            status: Status::NotApplicable,
            possible: Vec::new(),
            applies: Applies::No,
            force: head.force(None).code(),
            reading: head.reading(reading),
            exception: None,
            could_show: Vec::new(),
            conditions: Vec::new(),
            tree: None,
            missing: Vec::new(),
            rule: head.place.clone(),
            fact_place: None,
            rule_span: head.span,
            fact_span: None,
            head: Arc::clone(head),
        }
    }
}
