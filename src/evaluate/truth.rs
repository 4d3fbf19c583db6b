//! Conditions read as people read them, for explanations: true, false, unknown or a matter of judgement.
//!
//! The status of a clause never comes from here: it comes from its diagram.

use std::collections::BTreeSet;

use crate::compile::{Readings, body_of, cells_of, key_of};
use crate::evaluate::case::Case;
use crate::evaluate::state::State;
use crate::model::{Condition, Exception, Test};

/// The truth of a condition of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// A matter of judgement.
    Judgement,
    /// It depends on unknown facts.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Judgement, _) | (_, Self::Judgement) => Self::Judgement,
            (Self::True, Self::True) => Self::True,
        }
    }

    /// The contrary.
    #[must_use]
    pub const fn denied(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            other => other,
        }
    }

    /// One of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.denied().and(other.denied()).denied()
    }

    /// `Some` where it is plain.
    #[must_use]
    pub const fn plain(self) -> Option<bool> {
        match self {
            Self::False => Some(false),
            Self::True => Some(true),
            Self::Judgement | Self::Unknown => None,
        }
    }
}

/// An exception that fires.
#[derive(Debug, Clone, Copy)]
pub enum Fired<'m> {
    /// One of the clause's own.
    Exception(&'m Exception),
    /// The clause of this number prevails.
    Clause(usize),
}

impl<'a> Case<'a> {
    /// The truth of a condition.
    #[must_use]
    pub fn truth(&self, condition: &Condition) -> Truth {
        match condition {
            Condition::Always => Truth::True,
            Condition::Never => Truth::False,
            Condition::Test(test) => self.test(test),
            Condition::All(inner) => inner.iter().fold(Truth::True, |truth, part| truth.and(self.truth(part))),
            Condition::Any(inner) => inner.iter().fold(Truth::False, |truth, part| truth.or(self.truth(part))),
            Condition::Not(inner) => self.truth(inner).denied(),
        }
    }

    /// The number of the variable that a test asks.
    #[must_use]
    pub fn asked(&self, test: &Test) -> Option<u32> {
        self.program.variable(&key_of(&self.model.vocabulary, &test.kind))
    }

    /// The truth of one test.
    #[must_use]
    pub fn test(&self, test: &Test) -> Truth {
        let Some(number) = self.asked(test) else { return Truth::Unknown };
        let (Some(variable), Some(state)) = (self.program.variables.get(number as usize), self.state(number)) else {
            return Truth::Unknown;
        };
        let (yes, judged) = cells_of(variable, &test.kind);
        match state {
            State::Open { .. } | State::Any { .. } | State::Members(_) => match state.meets(&yes.to_leaves()) {
                Some(true) => Truth::True,
                Some(false) => Truth::False,
                None => Truth::Unknown,
            },
            State::Cell(cell) if yes.contains(*cell) => Truth::True,
            State::Cell(cell) if judged.contains(*cell) => Truth::Judgement,
            State::Cell(_) => Truth::False,
            State::Cells(cells) => {
                if cells.within(&yes) {
                    Truth::True
                } else if cells.within(&judged) {
                    Truth::Judgement
                } else if cells.meets(&yes) || cells.meets(&judged) {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
        }
    }

    /// Whether an exception fires.
    #[must_use]
    pub fn fires(&self, exception: &Exception) -> Truth {
        let inner = exception.exceptions.iter().fold(Truth::False, |truth, inner| truth.or(self.fires(inner)));
        self.truth(&exception.ground).and(inner.denied())
    }

    /// Whether some part of a clause speaks of the case, exceptions aside.
    #[must_use]
    pub fn reaches(&self, clause: usize, readings: &Readings) -> Truth {
        let Some(found) = self.model.clauses.get(clause) else { return Truth::False };
        let body = body_of(found, clause, readings);
        let parts = body.parts.iter().fold(Truth::False, |truth, part| truth.or(self.truth(&part.selector)));
        self.truth(&body.applies).and(parts)
    }

    /// The exception that makes a clause not applicable.
    #[must_use]
    pub fn fired(&self, clause: usize, readings: &Readings) -> Option<Fired<'a>> {
        let model: &'a crate::model::Model = self.model;
        let body = body_of(model.clauses.get(clause)?, clause, readings);
        let own = body.exceptions.iter().find(|exception| self.fires(exception) == Truth::True);
        own.map(Fired::Exception).or_else(|| {
            let above = self.program.clauses.get(clause)?.prevailed_by.iter().copied();
            let prevails = |other: &usize| self.applies(*other, readings, &mut BTreeSet::from([clause])) == Truth::True;
            above.into_iter().find(prevails).map(Fired::Clause)
        })
    }

    fn applies(&self, clause: usize, readings: &Readings, above: &mut BTreeSet<usize>) -> Truth {
        if !above.insert(clause) {
            return Truth::False;
        }
        let mut truth = self.reaches(clause, readings);
        if let Some(found) = self.model.clauses.get(clause) {
            for exception in &body_of(found, clause, readings).exceptions {
                truth = truth.and(self.fires(exception).denied());
            }
        }
        let prevailing = self.program.clauses.get(clause).map(|found| found.prevailed_by.clone()).unwrap_or_default();
        for other in prevailing {
            truth = truth.and(self.applies(other, readings, above).denied());
        }
        above.remove(&clause);
        truth
    }
}
