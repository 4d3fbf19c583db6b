//! What a set of mines adds up to.

use serde::{Deserialize, Serialize};

use crate::registry::tally::{Entry, Tally};

/// The most mines that a count read from bytes may claim, so that sums of such counts stay in bounds.
const MOST_MINES: usize = 1 << 40;

/// What a set of mines adds up to. No more is kept of a mine than what it adds, and of the first that lack a fact the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub(super) tallies: Vec<Tally>,
    pub(super) mines: usize,
}

impl Counted {
    /// No mine yet, of so many indicators.
    #[must_use]
    pub fn new(indicators: usize) -> Self {
        Self { tallies: vec![Tally::default(); indicators], mines: 0 }
    }

    /// How many mines.
    #[must_use]
    pub const fn mines(&self) -> usize {
        self.mines
    }

    /// Adds to what an indicator counts.
    pub(crate) fn add(&mut self, indicator: usize, entry: Entry) {
        if let Some(tally) = self.tallies.get_mut(indicator) {
            tally.add(entry);
        }
    }

    /// Notes that so many more mines were counted.
    pub(crate) const fn add_mines(&mut self, mines: usize) {
        self.mines += mines;
    }

    /// The same with the mines of another set behind these.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        let first = self.mines;
        self.joined(other, first)
    }

    /// The same with the mines of another set, whose places in the list are counted on from `first`.
    #[must_use]
    pub fn joined(mut self, other: Self, first: usize) -> Self {
        let pairs = self.tallies.into_iter().zip(other.tallies);
        self.tallies = pairs.map(|(own, more)| own.merged(more, first)).collect();
        self.mines += other.mines;
        self
    }

    /// Whether some mines can have come to this, of so many indicators. What was read from bytes may not.
    #[must_use]
    pub fn is_sound(&self, indicators: usize) -> bool {
        let tallied = self.tallies.iter().all(|tally| tally.is_of(self.mines));
        self.mines <= MOST_MINES && self.tallies.len() == indicators && tallied
    }
}
