//! Which clauses can speak of a case at all.

use crate::program::cells::CellSet;

/// A set of clauses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClauseSet {
    words: Vec<u64>,
}

impl ClauseSet {
    /// All clauses below `count`.
    #[must_use]
    pub fn all(count: usize) -> Self {
        let mut set = Self { words: vec![u64::MAX; count.div_ceil(64)] };
        if let Some(last) = set.words.last_mut().filter(|_| !count.is_multiple_of(64)) {
            *last = (1 << (count % 64)) - 1;
        }
        set
    }

    /// None of `count` clauses.
    #[must_use]
    pub fn none(count: usize) -> Self {
        Self { words: vec![0; count.div_ceil(64)] }
    }

    /// Adds a clause.
    pub fn insert(&mut self, clause: usize) {
        if let Some(word) = self.words.get_mut(clause / 64) {
            *word |= 1 << (clause % 64);
        }
    }

    /// Whether a clause is in it.
    #[must_use]
    pub fn contains(&self, clause: usize) -> bool {
        self.words.get(clause / 64).is_some_and(|word| word & (1 << (clause % 64)) != 0)
    }

    /// Takes a clause out.
    pub fn remove(&mut self, clause: usize) {
        if let Some(word) = self.words.get_mut(clause / 64) {
            *word &= !(1 << (clause % 64));
        }
    }

    /// Takes all of another out.
    pub fn subtract(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= !theirs;
        }
    }

    /// How many clauses are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Adds all of another.
    pub fn unite(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    /// Keeps what is in another too.
    pub fn keep(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= theirs;
        }
    }

    /// Its clauses in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }
}

/// The clauses by the cells of one enumerated variable: a clause that speaks only of some cells stands under those.
#[derive(Debug, Clone)]
pub struct IndexedVariable {
    /// The variable.
    pub variable: u32,
    /// For each cell the clauses that may speak of a case which holds it.
    pub by_cell: Vec<ClauseSet>,
    /// The clauses that may speak of a case of which nothing is known here.
    pub anywhere: ClauseSet,
    /// The clauses that speak whatever it holds.
    pub always: ClauseSet,
}

impl IndexedVariable {
    /// The clauses that may speak of a case whose variable holds cells of this set.
    #[must_use]
    pub fn of_cells(&self, cells: &CellSet) -> ClauseSet {
        let mut set = self.always.clone();
        for cell in cells.cells() {
            if let Some(clauses) = self.by_cell.get(cell as usize) {
                set.unite(clauses);
            }
        }
        set
    }
}
