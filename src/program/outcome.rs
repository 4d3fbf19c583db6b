//! The leaves of decision diagrams.

/// Where a diagram ends: a truth while conditions are built, the state of a clause in the end.
///
/// The states rise from best to worst, so that the worst of several parts is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The condition does not hold.
    False,
    /// It is a matter of judgement.
    Judgement,
    /// It holds.
    True,
    /// The clause does not speak of the case.
    NotApplicable,
    /// It is met.
    Satisfied,
    /// A clause that cannot decide leaves it to judgement.
    WeakDiscretion,
    /// A clause that cannot decide is missed.
    WeakViolated,
    /// It is left to judgement.
    Discretion,
    /// A clause in principle is missed.
    PrincipleViolated,
    /// A must or must-not is missed.
    Violated,
    /// The clause speaks of a later stage of the case.
    Later,
    /// Facts that cannot stand together.
    Impossible,
}

impl Outcome {
    /// Every outcome, in order.
    pub const ALL: [Self; 12] = [
        Self::False,
        Self::Judgement,
        Self::True,
        Self::NotApplicable,
        Self::Satisfied,
        Self::WeakDiscretion,
        Self::WeakViolated,
        Self::Discretion,
        Self::PrincipleViolated,
        Self::Violated,
        Self::Later,
        Self::Impossible,
    ];
}

/// A set of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Outcomes(u16);

impl Outcomes {
    /// The set of nothing.
    pub const EMPTY: Self = Self(0);

    /// One outcome.
    #[must_use]
    pub const fn one(outcome: Outcome) -> Self {
        Self(1 << outcome as u16)
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Without one outcome.
    #[must_use]
    pub const fn without(self, outcome: Outcome) -> Self {
        Self(self.0 & !(1 << outcome as u16))
    }

    /// All of these.
    #[must_use]
    pub const fn of(outcomes: &[Outcome]) -> Self {
        let mut set = Self::EMPTY;
        let mut rest = outcomes;
        while let [first, more @ ..] = rest {
            set = set.union(Self::one(*first));
            rest = more;
        }
        set
    }

    /// Whether the two share an outcome.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The least outcome in it.
    #[must_use]
    pub fn least(self) -> Option<Outcome> {
        Outcome::ALL.get(self.0.trailing_zeros() as usize).copied()
    }

    /// The greatest outcome in it.
    #[must_use]
    pub fn greatest(self) -> Option<Outcome> {
        Outcome::ALL.get(self.0.checked_ilog2()? as usize).copied()
    }

    /// Whether an outcome is in it.
    #[must_use]
    pub const fn contains(self, outcome: Outcome) -> bool {
        self.0 & (1 << outcome as u16) != 0
    }

    /// Whether it is the set of nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its outcomes in order.
    pub fn iter(self) -> impl Iterator<Item = Outcome> {
        Outcome::ALL.into_iter().filter(move |outcome| self.contains(*outcome))
    }

    /// Whether it holds exactly this one.
    #[must_use]
    pub const fn is_only(self, outcome: Outcome) -> bool {
        self.0 == 1 << outcome as u16
    }
}
