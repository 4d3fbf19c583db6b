//! From the outcomes of clauses to statuses and the ruling.

use crate::compile::Readings;
use crate::evaluate::{Case, State, Walker};
use crate::model::Subject;
use crate::program::{ClauseSet, Outcome, Outcomes, Variant};
use crate::ruling::result::{Applies, Status, Verdict};

/// The status of a clause that an outcome stands for.
pub(super) const fn status_of(outcome: Outcome) -> Status {
    match outcome {
        Outcome::Satisfied => Status::Satisfied,
        Outcome::WeakDiscretion | Outcome::Discretion => Status::Discretion,
        Outcome::WeakViolated | Outcome::PrincipleViolated | Outcome::Violated => Status::Violated,
        Outcome::False
        | Outcome::Judgement
        | Outcome::True
        | Outcome::NotApplicable
        | Outcome::Later
        | Outcome::Impossible => Status::NotApplicable,
    }
}

/// Outcomes of clauses that do not speak of the case.
const SILENT: Outcomes = Outcomes::of(&[
    Outcome::False,
    Outcome::Judgement,
    Outcome::True,
    Outcome::NotApplicable,
    Outcome::Later,
    Outcome::Impossible,
]);

/// Outcomes that are left to judgement.
const JUDGED: Outcomes = Outcomes::of(&[Outcome::WeakDiscretion, Outcome::Discretion]);

/// Outcomes that miss.
const MISSED: Outcomes = Outcomes::of(&[Outcome::WeakViolated, Outcome::PrincipleViolated, Outcome::Violated]);

/// Outcomes that neither miss nor are left to judgement.
const GOOD: Outcomes = SILENT.union(Outcomes::one(Outcome::Satisfied));

/// Outcomes of clauses that speak of the case.
const SPEAKING: Outcomes = Outcomes::one(Outcome::Satisfied).union(JUDGED).union(MISSED);

/// Outcomes that can keep a case from being admissible.
const DECIDING: Outcomes = Outcomes::of(&[Outcome::Discretion, Outcome::PrincipleViolated, Outcome::Violated]);

/// What one clause comes to for one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its number in the model.
    pub clause: usize,
    /// Its outcomes over all completions.
    pub outcomes: Outcomes,
    /// Whom it speaks of.
    pub subject: Subject,
    /// Whether a case of which it speaks is covered.
    pub covers: bool,
}

impl Standing {
    /// What a clause comes to in the readings of this variant.
    pub(crate) const fn new(clause: usize, variant: &Variant, outcomes: Outcomes) -> Self {
        Self { clause, outcomes, subject: variant.subject, covers: variant.covers }
    }

    /// Every status that it may have, from best to worst.
    pub(super) fn possible(&self) -> Vec<Status> {
        let mut all: Vec<Status> = self.outcomes.iter().map(status_of).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Its status: the only one, satisfied where only satisfied and not applicable are open, else undetermined.
    #[must_use]
    pub fn status(&self) -> Status {
        let good = self.outcomes.meets(GOOD);
        match (good, self.outcomes.meets(JUDGED), self.outcomes.meets(MISSED)) {
            (_, false, false) if self.outcomes.contains(Outcome::Satisfied) => Status::Satisfied,
            (_, false, false) => Status::NotApplicable,
            (false, true, false) => Status::Discretion,
            (false, false, true) => Status::Violated,
            _ => Status::Undetermined,
        }
    }

    /// Whether it speaks of the case.
    pub(super) fn applies(&self) -> Applies {
        match (self.outcomes.meets(SPEAKING), self.outcomes.meets(SILENT)) {
            (false, _) => Applies::No,
            (true, true) => Applies::Unknown,
            (true, false) => Applies::Yes,
        }
    }

    /// Whether it may speak of the case, now or at a later stage.
    pub(crate) fn can_apply(&self) -> bool {
        !self.outcomes.is_empty() && !self.outcomes.is_only(Outcome::NotApplicable)
    }

    /// Whether it can only speak of a later stage of the case.
    pub(super) fn is_later(&self) -> bool {
        let rest = self.outcomes.without(Outcome::Later).without(Outcome::NotApplicable);
        self.outcomes.contains(Outcome::Later) && rest.is_empty()
    }

    /// Whether it decides the review at hand: it is neither the authority's business nor due at a later stage.
    pub(crate) fn decides(&self) -> bool {
        self.subject == Subject::Application && !self.is_later()
    }

    /// The best that it can come to.
    fn best(&self) -> Outcome {
        self.outcomes.without(Outcome::Later).least().unwrap_or(Outcome::NotApplicable)
    }

    /// The ruling that it makes by itself, if any.
    #[must_use]
    pub fn effect(&self) -> Option<Verdict> {
        match self.status() {
            Status::Undetermined => self.outcomes.meets(DECIDING).then_some(Verdict::Incomplete),
            _ => self.outcomes.greatest().and_then(effect_of),
        }
    }

    /// The ruling that it makes by itself when what is unknown turns out best.
    pub(super) fn best_effect(&self) -> Option<Verdict> {
        effect_of(self.best())
    }

    /// The worst that it can come to.
    pub(super) fn worst(&self) -> Option<Outcome> {
        self.outcomes.without(Outcome::Later).greatest()
    }
}

const fn effect_of(outcome: Outcome) -> Option<Verdict> {
    match outcome {
        Outcome::Violated => Some(Verdict::Refused),
        Outcome::PrincipleViolated | Outcome::Discretion => Some(Verdict::ForDecision),
        Outcome::False
        | Outcome::Judgement
        | Outcome::True
        | Outcome::NotApplicable
        | Outcome::Satisfied
        | Outcome::WeakDiscretion
        | Outcome::WeakViolated
        | Outcome::Later
        | Outcome::Impossible => None,
    }
}

/// The clauses that can speak of a case, by the index.
pub(super) fn candidates(case: &Case<'_>) -> ClauseSet {
    let program = case.program;
    let mut set = program.reviewed.clone();
    for indexed in &program.index {
        let Some(state) = case.state(indexed.variable) else { continue };
        match state {
            State::Cell(cell) => match indexed.by_cell.get(*cell as usize) {
                Some(clauses) => set.keep(clauses),
                None => set.keep(&indexed.always),
            },
            State::Cells(cells) | State::Any { allowed: cells, .. } => {
                let domain = program.variables.get(indexed.variable as usize).map(|variable| &variable.domain);
                if domain == Some(cells) {
                    set.keep(&indexed.anywhere);
                } else {
                    set.keep(&indexed.of_cells(cells));
                }
            }
            State::Members(leaves) => match leaves.only().and_then(|leaf| indexed.by_cell.get(leaf)) {
                Some(clauses) => set.keep(clauses),
                None => set.keep(&indexed.of_cells(&state.cells())),
            },
            State::Open { .. } => set.keep(&indexed.of_cells(&state.cells())),
        }
    }
    set
}

/// What each of these clauses comes to.
pub(super) fn survey(case: &Case<'_>, readings: &Readings, clauses: &ClauseSet) -> Vec<Standing> {
    let mut walker = Walker::new(case.program, case.states);
    let mut standings = Vec::with_capacity(clauses.len());
    for clause in clauses.iter() {
        if let Some(variant) = case.program.variant(clause, readings) {
            let outcomes = walker.outcomes(&variant.diagram);
            standings.push(Standing::new(clause, variant, outcomes));
        }
    }
    standings
}

/// What every clause that can speak of a case comes to.
pub(crate) fn decide_case(case: &Case<'_>, readings: &Readings) -> Vec<Standing> {
    survey(case, readings, &candidates(case))
}

/// A ruling in the making: the worst of the clauses so far, and whether one of them covers the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    worst: Option<Verdict>,
    covered: bool,
}

impl Tally {
    /// Adds a clause that contributes an effect.
    pub(super) fn add(&mut self, standing: &Standing, effect: Option<Verdict>) {
        if standing.decides() && !standing.outcomes.is_only(Outcome::NotApplicable) {
            self.worst = self.worst.max(effect);
            self.covered |= standing.covers && standing.status() != Status::NotApplicable;
        }
    }

    /// The best that further clauses can leave of it.
    pub(super) fn bound(self) -> Verdict {
        self.worst.unwrap_or(Verdict::Admissible)
    }

    /// The ruling.
    pub(super) const fn verdict(self) -> Verdict {
        match (self.worst, self.covered) {
            (Some(worst), _) => worst,
            (None, true) => Verdict::Admissible,
            (None, false) => Verdict::NotCovered,
        }
    }
}

/// The ruling over all clauses, each contributing by `effect`.
pub(super) fn verdict(standings: &[Standing], effect: impl Fn(&Standing) -> Option<Verdict>) -> Verdict {
    let mut tally = Tally::default();
    standings.iter().for_each(|standing| tally.add(standing, effect(standing)));
    tally.verdict()
}
