//! Conditions read as people read them, for explanations: true, false, unknown or a matter of judgement.
//!
//! The status of a clause never comes from here: it comes from its diagram.

use crate::compile::Readings;
use crate::evaluate::case::Case;
use crate::evaluate::state::State;
use crate::program::{Ask, Asked, SpokenException};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fired {
    /// The clause's own exception of this number.
    Exception(usize),
    /// The clause of this number prevails.
    Clause(usize),
}

impl Case<'_> {
    /// The truth of a condition.
    #[must_use]
    pub fn truth(&self, condition: &Ask) -> Truth {
        match condition {
            Ask::Always => Truth::True,
            Ask::Never => Truth::False,
            Ask::Test(asked) => self.test(asked),
            Ask::All(inner) => self.all(inner),
            Ask::Any(inner) => self.any(inner.iter()),
            Ask::Not(inner) => self.truth(inner).denied(),
        }
    }

    fn all(&self, inner: &[Ask]) -> Truth {
        let mut truth = Truth::True;
        for part in inner {
            truth = truth.and(self.truth(part));
            if truth == Truth::False {
                break;
            }
        }
        truth
    }

    fn any<'s>(&self, inner: impl Iterator<Item = &'s Ask>) -> Truth {
        let mut truth = Truth::False;
        for part in inner {
            truth = truth.or(self.truth(part));
            if truth == Truth::True {
                break;
            }
        }
        truth
    }

    /// The truth of one question.
    #[must_use]
    pub fn test(&self, asked: &Asked) -> Truth {
        let Some(state) = self.state(asked.variable) else { return Truth::Unknown };
        let Asked { yes, judged, leaves, .. } = asked;
        match state {
            State::Open { .. } | State::Any { .. } | State::Members(_) => match state.meets(leaves) {
                Some(true) => Truth::True,
                Some(false) => Truth::False,
                None => Truth::Unknown,
            },
            State::Cell(cell) if yes.contains(*cell) => Truth::True,
            State::Cell(cell) if judged.contains(*cell) => Truth::Judgement,
            State::Cell(_) => Truth::False,
            State::Cells(cells) => {
                if cells.within(yes) {
                    Truth::True
                } else if cells.within(judged) {
                    Truth::Judgement
                } else if cells.meets(yes) || cells.meets(judged) {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
        }
    }

    /// Whether an exception fires.
    #[must_use]
    pub fn fires(&self, exception: &SpokenException) -> Truth {
        let inner = exception.exceptions.iter().fold(Truth::False, |truth, inner| truth.or(self.fires(inner)));
        self.truth(&exception.ground).and(inner.denied())
    }

    /// Whether some part of a clause speaks of the case, exceptions aside.
    #[must_use]
    pub fn reaches(&self, clause: usize, readings: &Readings) -> Truth {
        let Some(spoken) = self.program.spoken(clause, readings) else { return Truth::False };
        let parts = self.any(spoken.parts.iter().map(|part| &part.selector));
        self.truth(&spoken.applies).and(parts)
    }

    /// The exception that makes a clause not applicable.
    #[must_use]
    pub fn fired(&self, clause: usize, readings: &Readings) -> Option<Fired> {
        let spoken = self.program.spoken(clause, readings)?;
        let own = spoken.exceptions.iter().position(|exception| self.fires(exception) == Truth::True);
        own.map(Fired::Exception).or_else(|| {
            let above = self.program.clauses.get(clause)?.prevailed_by.iter().copied();
            let prevails = |other: &usize| self.applies(*other, readings, &mut vec![clause]) == Truth::True;
            above.into_iter().find(prevails).map(Fired::Clause)
        })
    }

    fn applies(&self, clause: usize, readings: &Readings, above: &mut Vec<usize>) -> Truth {
        if above.contains(&clause) {
            return Truth::False;
        }
        above.push(clause);
        let mut truth = self.reaches(clause, readings);
        for exception in self.program.spoken(clause, readings).into_iter().flat_map(|spoken| &spoken.exceptions) {
            truth = truth.and(self.fires(exception).denied());
        }
        for other in self.program.clauses.get(clause).into_iter().flat_map(|found| &found.prevailed_by) {
            truth = truth.and(self.applies(*other, readings, above).denied());
        }
        above.pop();
        truth
    }
}
