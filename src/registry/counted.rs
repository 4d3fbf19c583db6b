//! What a set of mines adds up to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::registry::tally::Tally;

/// The most mines that a count read from bytes may claim, so that sums of such counts stay in bounds.
const MOST_MINES: usize = 1 << 40;

/// What a set of mines adds up to: no more is kept of a mine than what it adds, and its name where facts of it are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub(super) tallies: Vec<Tally>,
    pub(super) mines: usize,
    /// What mines call themselves, by their place. One without a name is called by its place, which only the whole list
    /// has.
    pub(super) names: BTreeMap<usize, String>,
}

impl Counted {
    /// No mine yet, of so many indicators.
    #[must_use]
    pub fn new(indicators: usize) -> Self {
        Self { tallies: vec![Tally::default(); indicators], mines: 0, names: BTreeMap::new() }
    }

    /// How many mines.
    #[must_use]
    pub const fn mines(&self) -> usize {
        self.mines
    }

    /// The same with the mines of another set behind these.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        let first = self.mines;
        let pairs = self.tallies.into_iter().zip(other.tallies);
        self.tallies = pairs.map(|(own, more)| own.merged(more, first)).collect();
        self.names.extend(other.names.into_iter().map(|(mine, name)| (mine + first, name)));
        self.mines += other.mines;
        self
    }

    /// Whether some mines can have come to this, of so many indicators. What was read from bytes may not.
    #[must_use]
    pub fn is_sound(&self, indicators: usize) -> bool {
        let named = self.names.keys().all(|mine| *mine < self.mines);
        let tallied = self.tallies.iter().all(|tally| tally.is_of(self.mines));
        self.mines <= MOST_MINES && self.tallies.len() == indicators && named && tallied
    }
}
