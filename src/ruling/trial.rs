//! Adjustments tried out: only the clauses that ask a changed field are walked again.

use std::collections::BTreeSet;

use crate::compile::Readings;
use crate::evaluate::{Case, Patch, Walker};
use crate::facts::CaseFacts;
use crate::model::FieldId;
use crate::quantity::Quantity;
use crate::ruling::result::Verdict;
use crate::ruling::standing::{Standing, Tally};

/// Everything that stays as it is while some fields take one amount after another.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    fields: Vec<FieldId>,
    patch: Patch<'a>,
    /// What the clauses come to that ask none of the fields.
    fixed: Tally,
    /// Those among them that hinder.
    hindering: Vec<usize>,
    /// The clauses that ask one of the fields.
    moving: Vec<Standing>,
}

impl<'a> Ground<'a> {
    /// The ground for these fields.
    pub(super) fn new(case: Case<'a>, given: &CaseFacts, fields: Vec<FieldId>, standings: &[Standing]) -> Self {
        let patch = Patch::new(case, given, &fields);
        let asked = patch.clauses();
        let (moving, fixed): (Vec<Standing>, Vec<Standing>) =
            standings.iter().partition(|standing| asked.contains(standing.clause));
        let mut tally = Tally::default();
        for standing in &fixed {
            tally.add(standing, standing.best_effect());
        }
        let hindering = fixed.iter().filter(|standing| hinders(standing));
        Self { fields, patch, fixed: tally, hindering: hindering.map(|standing| standing.clause).collect(), moving }
    }

    /// Whether it is the ground for these fields.
    pub(super) fn is_for(&self, fields: impl Iterator<Item = FieldId>) -> bool {
        self.fields.iter().copied().eq(fields)
    }

    /// The best ruling that any amounts could reach.
    pub(super) fn bound(&self) -> Verdict {
        self.fixed.bound()
    }

    /// The ruling that these amounts reach when what is unknown turns out best; `None` where they cannot be.
    pub(super) fn reached(
        &mut self,
        case: Case<'_>,
        readings: &Readings,
        amounts: impl Iterator<Item = (FieldId, Quantity)>,
    ) -> Option<Verdict> {
        if !self.patch.set(amounts) {
            return None;
        }
        let patched = self.patch.case();
        let mut walker = Walker::new(patched.program, patched.states);
        let mut tally = self.fixed;
        for standing in &mut self.moving {
            if let Some(diagram) = case.program.diagram(standing.clause, readings) {
                standing.outcomes = walker.outcomes(diagram);
                tally.add(standing, standing.best_effect());
            }
        }
        Some(tally.verdict())
    }

    /// The case with these amounts; `None` where they cannot be.
    pub(super) fn patched(&mut self, amounts: impl Iterator<Item = (FieldId, Quantity)>) -> Option<Case<'_>> {
        if self.patch.set(amounts) { Some(self.patch.case()) } else { None }
    }

    /// How many clauses stand in the way of the amounts last tried.
    pub(super) fn in_the_way(&self) -> usize {
        self.hindering.len() + self.moving.iter().filter(|standing| hinders(standing)).count()
    }

    /// The clauses that stand in the way of the amounts last tried.
    pub(super) fn hindering(&self) -> BTreeSet<usize> {
        let moving = self.moving.iter().filter(|standing| hinders(standing));
        moving.map(|standing| standing.clause).chain(self.hindering.iter().copied()).collect()
    }
}

/// Whether a clause stands in the way even when what is unknown turns out best.
pub(super) fn hinders(standing: &Standing) -> bool {
    standing.best_effect().is_some() && standing.decides()
}
