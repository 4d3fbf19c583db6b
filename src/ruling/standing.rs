//! From the outcomes of clauses to statuses and the ruling.

use crate::compile::Readings;
use crate::evaluate::{Case, Walker};
use crate::model::{Clause, Force, Model, Subject};
use crate::program::{ClauseSet, Outcome, Outcomes, Program};
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

/// What one clause comes to for one case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Its number in the model.
    pub(super) clause: usize,
    /// Its outcomes over all completions.
    pub(super) outcomes: Outcomes,
}

impl Standing {
    /// Every status that it may have, from best to worst.
    pub(super) fn possible(&self) -> Vec<Status> {
        let mut all: Vec<Status> = self.outcomes.iter().map(status_of).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Its status: the only one, satisfied where only satisfied and not applicable are open, else undetermined.
    pub(super) fn status(&self) -> Status {
        let mut all = self.outcomes.iter().map(status_of);
        let Some(first) = all.next() else { return Status::NotApplicable };
        all.fold(first, |status, next| match (status, next) {
            (one, other) if one == other => one,
            (Status::NotApplicable | Status::Satisfied, Status::NotApplicable | Status::Satisfied) => Status::Satisfied,
            _ => Status::Undetermined,
        })
    }

    /// Whether it speaks of the case.
    pub(super) fn applies(&self) -> Applies {
        let speaks = |outcome| status_of(outcome) != Status::NotApplicable;
        match (self.outcomes.iter().any(speaks), self.outcomes.iter().all(speaks)) {
            (false, _) => Applies::No,
            (true, false) => Applies::Unknown,
            (true, true) => Applies::Yes,
        }
    }

    /// Whether it may speak of the case, now or at a later stage.
    pub(super) fn can_apply(&self) -> bool {
        !self.outcomes.is_empty() && !self.outcomes.is_only(Outcome::NotApplicable)
    }

    /// Whether it can only speak of a later stage of the case.
    pub(super) fn is_later(&self) -> bool {
        let rest = self.outcomes.without(Outcome::Later).without(Outcome::NotApplicable);
        self.outcomes.contains(Outcome::Later) && rest.is_empty()
    }

    /// The best that it can come to.
    fn best(&self) -> Outcome {
        self.outcomes.without(Outcome::Later).iter().min().unwrap_or(Outcome::NotApplicable)
    }

    /// The ruling that it makes by itself, if any.
    pub(super) fn effect(&self) -> Option<Verdict> {
        match self.status() {
            Status::Undetermined => self.outcomes.iter().any(Outcome::decides).then_some(Verdict::Incomplete),
            _ => self.outcomes.iter().max().and_then(effect_of),
        }
    }

    /// The ruling that it makes by itself when what is unknown turns out best.
    pub(super) fn best_effect(&self) -> Option<Verdict> {
        effect_of(self.best())
    }

    /// The force with which it came to its status; that of its strongest part as a rule.
    pub(super) fn force(&self, clause: &Clause) -> Force {
        let worst = self.outcomes.without(Outcome::Later).iter().max();
        let among = |fits: &dyn Fn(Force) -> bool| {
            clause.body.parts.iter().map(|part| part.force).filter(|force| fits(*force)).min()
        };
        let fitting = match worst {
            Some(Outcome::WeakDiscretion | Outcome::WeakViolated) => among(&|force| !force.decides()),
            Some(Outcome::PrincipleViolated) => among(&|force| force == Force::InPrinciple),
            _ => None,
        };
        fitting.unwrap_or_else(|| clause.force())
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
pub(super) fn candidates(program: &Program, case: &Case<'_>) -> ClauseSet {
    let mut set = ClauseSet::all(program.clauses.len());
    for indexed in &program.index {
        if let Some(state) = case.state(indexed.variable) {
            set.keep(&indexed.of_cells(&state.cells()));
        }
    }
    set
}

/// What each of these clauses comes to.
pub(super) fn survey(case: &Case<'_>, readings: &Readings, clauses: &ClauseSet) -> Vec<Standing> {
    let mut walker = Walker::new(case.program, &case.states);
    let mut standings = Vec::new();
    for clause in clauses.iter() {
        let registry = case.model.clauses.get(clause).is_none_or(|clause| clause.subject == Subject::Registry);
        if registry {
            continue;
        }
        if let Some(diagram) = case.program.diagram(clause, readings) {
            standings.push(Standing { clause, outcomes: walker.outcomes(diagram) });
        }
    }
    standings
}

/// Whether a clause decides the review at hand, and is not of the authority or of a later stage.
pub(super) fn decides(model: &Model, standing: &Standing) -> bool {
    let own = model.clauses.get(standing.clause).is_some_and(|clause| clause.subject == Subject::Application);
    own && !standing.is_later()
}

/// The ruling over all clauses, each contributing by `effect`.
pub(super) fn verdict(model: &Model, standings: &[Standing], effect: impl Fn(&Standing) -> Option<Verdict>) -> Verdict {
    let mut worst: Option<Verdict> = None;
    let mut covered = false;
    for standing in standings.iter().filter(|standing| decides(model, standing)) {
        worst = worst.max(effect(standing));
        covered |= standing.status() != Status::NotApplicable
            && model.clauses.get(standing.clause).is_some_and(|clause| !clause.general && clause.force().decides());
    }
    match worst {
        Some(worst) => worst,
        None if covered => Verdict::Admissible,
        None => Verdict::NotCovered,
    }
}
