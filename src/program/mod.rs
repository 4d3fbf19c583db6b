//! Rules in compiled form: flat, immutable, shared. Each clause is one reduced decision diagram over the variables of the
//! rulebook; its leaves are the states of the clause.

mod cells;
mod diagram;
mod index;
mod outcome;
mod spoken;
mod variable;

use std::collections::BTreeMap;

pub use cells::CellSet;
pub use diagram::{Classes, Diagram, Group, Level, Node, Pool, Question, Target};
pub use index::{ClauseSet, IndexedVariable};
pub use outcome::{Outcome, Outcomes};
pub use spoken::{Ask, Asked, Spoken, SpokenException, SpokenPart};
pub use variable::{ChannelBasis, JUDGED, Key, NEITHER, NO, Scale, Variable, YES};

use crate::model::{FieldId, Subject};
use crate::span::Span;

/// The fields that the contract of facts gives a part of their own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Roles {
    /// Mass per volume.
    pub density: Option<FieldId>,
    /// Factors between bases.
    pub conversion: Option<FieldId>,
    /// The day as of which is ruled.
    pub as_of: Option<FieldId>,
    /// The day of the decision, taken where no other day is given.
    pub decided: Option<FieldId>,
    /// Whether every document is listed.
    pub documents_complete: Option<FieldId>,
    /// Where the case lies.
    pub region: Option<FieldId>,
    /// Findings by name.
    pub attestations: Option<FieldId>,
    /// The field whose main value gives quantities their basis.
    pub basis: Option<FieldId>,
    /// The field whose values put a case at a stage.
    pub stage: Option<FieldId>,
}

/// A set of compiled rules. Clauses have the numbers that they have in the model.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Everything that the rules ask about a case.
    pub variables: Vec<Variable>,
    /// Variables by what they ask.
    pub by_key: BTreeMap<Key, u32>,
    /// Levels, nodes and edges of all diagrams.
    pub pool: Pool,
    /// The clauses.
    pub clauses: Vec<CompiledClause>,
    /// What the vocabulary says cannot stand together.
    pub constraints: Vec<Constraint>,
    /// Which clauses can speak of a case at all.
    pub index: Vec<IndexedVariable>,
    /// The clauses that a review looks at: all but those about the registry.
    pub reviewed: ClauseSet,
    /// What hangs on each variable.
    pub ties: Vec<Ties>,
    /// How many questions the clauses put; they are numbered below this.
    pub tests: u32,
    /// Fields with a part of their own.
    pub roles: Roles,
}

/// What hangs on one variable.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    /// The clauses that ask it, in any reading, rising.
    pub clauses: Vec<u32>,
    /// The constraints that ask it, rising.
    pub constraints: Vec<u32>,
}

/// A compiled clause.
#[derive(Debug, Clone)]
pub struct CompiledClause {
    /// A diagram for each choice of readings; none where it grew too large.
    pub variants: Vec<Variant>,
    /// What it says in each reading, the one taken first.
    pub spoken: Vec<Spoken>,
    /// The clauses that prevail over it.
    pub prevailed_by: Vec<usize>,
}

/// A clause in one choice of readings, its own and those of the clauses that prevail over it.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The clauses read otherwise than the plan's reading taken, with the number of that other reading.
    pub readings: Vec<(usize, usize)>,
    /// What it says.
    pub diagram: Diagram,
    /// Whom it speaks of.
    pub subject: Subject,
    /// Whether a case of which it speaks is covered.
    pub covers: bool,
}

/// Something that cannot stand together.
#[derive(Debug, Clone)]
pub struct Constraint {
    /// True where the facts may stand, false where not.
    pub diagram: Diagram,
    /// Where the vocabulary says so; `None` where it follows from the form of the facts.
    pub span: Option<Span>,
}

impl Program {
    /// The number of the variable that asks this.
    #[must_use]
    pub fn variable(&self, key: &Key) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// What a clause says where these clauses are read otherwise.
    #[must_use]
    pub fn spoken(&self, clause: usize, readings: &BTreeMap<usize, usize>) -> Option<&Spoken> {
        let spoken = &self.clauses.get(clause)?.spoken;
        spoken.get(readings.get(&clause).copied().unwrap_or(0)).or_else(|| spoken.first())
    }

    /// The clause's diagram where these clauses are read otherwise.
    #[must_use]
    pub fn diagram(&self, clause: usize, readings: &BTreeMap<usize, usize>) -> Option<&Diagram> {
        self.variant(clause, readings).map(|variant| &variant.diagram)
    }

    /// The clause where these clauses are read otherwise.
    #[must_use]
    pub fn variant(&self, clause: usize, readings: &BTreeMap<usize, usize>) -> Option<&Variant> {
        let variants = &self.clauses.get(clause)?.variants;
        let [only] = variants.as_slice() else {
            let relevant = |variant: &&Variant| {
                variant.readings.iter().all(|(clause, reading)| readings.get(clause).copied().unwrap_or(0) == *reading)
            };
            return variants.iter().find(relevant);
        };
        Some(only)
    }
}
