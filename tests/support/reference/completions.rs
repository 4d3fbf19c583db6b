//! What is not known, what it may be, and what is told of it.

use super::*;

/// One thing that can be known or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Field(FieldId),
    /// How many values a list has; apart from which.
    Count(FieldId),
    Distance(FieldId, MemberId),
    Document(FieldId, MemberId),
    Attestation(u16),
    Parameter(String),
}

/// A value of a slot.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// There is none.
    None,
    /// There is one; nobody asks what it is.
    Something,
    /// The leaves of a list, and the first one's.
    Leaves(Option<usize>, BTreeSet<usize>),
    Yes(bool),
    Day(i64),
    /// A document that is there: the leaf of its state, its day, what it says.
    Document(Option<usize>, i64, BTreeSet<u16>),
    /// The amount in each group of channels that convert into one another, in its first channel.
    Amount(Vec<Number>),
    Length(Number),
}

pub(super) type World = BTreeMap<Slot, Value>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    No,
    Judgement,
    Yes,
}

impl Truth {
    pub(super) const fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    pub(super) const fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Judgement => Self::Judgement,
            Self::Yes => Self::No,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Judgement,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

/// What an amount is measured as: `OfCase` is the default of the case's mineral, whichever that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Basis {
    None,
    Named(BasisId),
    OfCase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Channel {
    pub(super) dimension: Dimension,
    pub(super) basis: Basis,
}

/// The situation of one clause (or one set of constraints) under one default basis of the case.
pub(super) struct Ground<'a> {
    pub(super) model: &'a Model,
    pub(super) facts: &'a CaseFacts,
    /// The tests that somebody asks: the clause's, then those of the constraints tied to it.
    pub(super) tests: Vec<&'a TestKind>,
    pub(super) constraints: Vec<(&'a Condition, &'a Condition)>,
    /// The basis that `OfCase` stands for, where that matters.
    pub(super) case_basis: Option<Basis>,
    /// Whether the case's stage matters.
    pub(super) stage: bool,
    /// Groups of channels that convert into one another.
    pub(super) groups: Vec<Vec<Channel>>,
    /// The tables that the classes asked about follow from: those rows that can speak of the case.
    pub(super) tables: Vec<(&'a Grading, &'a GradingRow)>,
}

/// Constraints and tables that ask about the same slots.
pub(super) struct Bond {
    pub(super) slots: BTreeSet<Slot>,
    pub(super) constraints: Vec<usize>,
    pub(super) tables: bool,
    /// Those of its slots that no clause reads, with their values.
    pub(super) inner: Vec<(Slot, Vec<Value>)>,
}

#[derive(Debug, Clone)]
pub(super) enum Reached {
    Finding(Finding),
    LaterDuty,
    TooMany,
}
