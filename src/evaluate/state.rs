//! What is known of one variable.

use crate::model::LeafSet;
use crate::program::CellSet;

/// What a case tells of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is in this cell.
    Cell(u32),
    /// It is in one of these cells.
    Cells(CellSet),
    /// It holds exactly these cells.
    Members(LeafSet),
    /// It holds any of these cells, as a list of which nothing is known.
    Any {
        /// The cells it may hold.
        allowed: CellSet,
        /// Sets of each of which it holds a cell.
        must: Vec<LeafSet>,
        /// Whether it may hold none at all.
        may_be_empty: bool,
    },
    /// It holds the fixed cells and one of each set of picks.
    Open {
        /// The cells it holds.
        fixed: LeafSet,
        /// The cells one of which it holds, for each value that is not fully known.
        picks: Vec<CellSet>,
    },
}

impl State {
    /// One of these cells; known where there is only one.
    #[must_use]
    pub fn of(cells: CellSet) -> Self {
        cells.only().map_or_else(|| Self::Cells(cells), Self::Cell)
    }

    /// The list of the fixed cells and one of each set; known where no choice is left.
    #[must_use]
    pub fn list(mut fixed: LeafSet, picks: Vec<CellSet>) -> Self {
        let mut open = Vec::with_capacity(picks.len());
        for pick in picks {
            match pick.only() {
                Some(cell) => fixed.insert(cell as usize),
                None => open.push(pick),
            }
        }
        if open.is_empty() { Self::Members(fixed) } else { Self::Open { fixed, picks: open } }
    }

    /// Any of these cells; known where there is only one and it must be.
    #[must_use]
    pub fn any(allowed: CellSet, must: Vec<LeafSet>, may_be_empty: bool) -> Self {
        match allowed.only().filter(|_| !may_be_empty) {
            Some(cell) => Self::Members(LeafSet::single(cell as usize)),
            None if allowed.is_empty() && may_be_empty => Self::Members(LeafSet::empty()),
            None => Self::Any { allowed, must, may_be_empty },
        }
    }

    /// Whether it holds a cell of a set, where that is plain.
    #[must_use]
    pub fn meets(&self, set: &LeafSet) -> Option<bool> {
        let inside = |cells: &CellSet| cells.cells().all(|cell| set.contains(cell as usize));
        let apart = |cells: &CellSet| cells.cells().all(|cell| !set.contains(cell as usize));
        match self {
            Self::Members(leaves) => Some(leaves.meets(set)),
            Self::Cell(cell) => Some(set.contains(*cell as usize)),
            Self::Cells(cells) if inside(cells) => Some(true),
            Self::Cells(cells) => apart(cells).then_some(false),
            Self::Any { allowed, .. } if apart(allowed) => Some(false),
            Self::Any { allowed, must, may_be_empty } => {
                let sure = !may_be_empty && inside(allowed) || must.iter().any(|must| must.within(set));
                sure.then_some(true)
            }
            Self::Open { fixed, picks } if fixed.meets(set) || picks.iter().any(inside) => Some(true),
            Self::Open { picks, .. } => picks.iter().all(apart).then_some(false),
        }
    }

    /// Whether nothing about it is open.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Cell(_) | Self::Members(_))
    }

    /// Every cell that it may hold.
    #[must_use]
    pub fn cells(&self) -> CellSet {
        match self {
            Self::Cell(cell) => CellSet::one(*cell),
            Self::Cells(cells) | Self::Any { allowed: cells, .. } => cells.clone(),
            Self::Members(leaves) => CellSet::of_leaves(leaves),
            Self::Open { fixed, picks } => {
                let mut leaves = fixed.clone();
                picks.iter().for_each(|pick| leaves.unite(&pick.to_leaves()));
                CellSet::of_leaves(&leaves)
            }
        }
    }
}
