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
            Self::Cells(cells) => cells.clone(),
            Self::Members(leaves) => CellSet::of_leaves(leaves),
            Self::Open { fixed, picks } => {
                let mut leaves = fixed.clone();
                picks.iter().for_each(|pick| leaves.unite(&pick.to_leaves()));
                CellSet::of_leaves(&leaves)
            }
        }
    }
}
