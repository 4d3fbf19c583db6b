//! What a clause says, its questions resolved to variables and cells: read when a finding is explained.

use crate::model::LeafSet;
use crate::program::cells::CellSet;

/// One question of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its number among the questions of the program.
    pub test: u32,
    /// The variable that it asks.
    pub variable: u32,
    /// The cells where it holds.
    pub yes: CellSet,
    /// The cells where it is a matter of judgement.
    pub judged: CellSet,
    /// The cells where it holds, of a variable that may hold several.
    pub leaves: LeafSet,
}

/// A condition, of the same form as the model's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Holds of every case.
    Always,
    /// Holds of no case.
    Never,
    /// One question.
    Test(Asked),
    /// All hold.
    All(Vec<Ask>),
    /// At least one holds.
    Any(Vec<Ask>),
    /// The inner one does not hold.
    Not(Box<Ask>),
}

/// One phrase of a clause.
#[derive(Debug, Clone)]
pub struct SpokenPart {
    /// The cases it speaks of.
    pub selector: Ask,
    /// What must hold of them.
    pub requirement: Ask,
}

/// An exception of a clause.
#[derive(Debug, Clone)]
pub struct SpokenException {
    /// Where it fires.
    pub ground: Ask,
    /// Exceptions to it.
    pub exceptions: Vec<SpokenException>,
}

/// What a clause says in one reading; parts and exceptions are those of the model, in order.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// The cases that the whole clause speaks of.
    pub applies: Ask,
    /// Its phrases.
    pub parts: Vec<SpokenPart>,
    /// Its exceptions.
    pub exceptions: Vec<SpokenException>,
}
