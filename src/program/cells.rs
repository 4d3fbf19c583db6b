//! Sets of cells: the pieces into which a variable's domain is cut.

use crate::model::LeafSet;

/// A set of cells as disjoint ranges in rising order, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CellSet {
    ranges: Vec<(u32, u32)>,
}

impl CellSet {
    /// The set of nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self { ranges: Vec::new() }
    }

    /// The cells from `first` to `last`, both included; nothing where `last` is lower.
    #[must_use]
    pub fn range(first: u32, last: u32) -> Self {
        let mut set = Self::empty();
        set.push(first, last);
        set
    }

    /// One cell.
    #[must_use]
    pub fn one(cell: u32) -> Self {
        Self::range(cell, cell)
    }

    /// The leaves of an enumeration as cells.
    #[must_use]
    pub fn of_leaves(leaves: &LeafSet) -> Self {
        let mut set = Self::empty();
        for leaf in leaves.iter() {
            let cell = u32::try_from(leaf).unwrap_or(u32::MAX);
            set.push(cell, cell);
        }
        set
    }

    /// Adds a range that starts after all that is in it.
    pub fn push(&mut self, first: u32, last: u32) {
        if last < first {
            return;
        }
        match self.ranges.last_mut() {
            Some(end) if end.1.saturating_add(1) >= first => end.1 = end.1.max(last),
            _ => self.ranges.push((first, last)),
        }
    }

    /// The ranges, rising.
    #[must_use]
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// Whether a cell is in it.
    #[must_use]
    pub fn contains(&self, cell: u32) -> bool {
        let position = self.ranges.partition_point(|(_, last)| *last < cell);
        self.ranges.get(position).is_some_and(|(first, _)| *first <= cell)
    }

    /// Whether it is the set of nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The one cell in it, where there is exactly one.
    #[must_use]
    pub fn only(&self) -> Option<u32> {
        match self.ranges.as_slice() {
            [(first, last)] if first == last => Some(*first),
            _ => None,
        }
    }

    /// The lowest and the highest cell.
    #[must_use]
    pub fn ends(&self) -> Option<(u32, u32)> {
        Some((self.ranges.first()?.0, self.ranges.last()?.1))
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut result = Self::empty();
        let (mut mine, mut theirs) = (self.ranges.iter().peekable(), other.ranges.iter().peekable());
        while let (Some(left), Some(right)) = (mine.peek(), theirs.peek()) {
            result.push(left.0.max(right.0), left.1.min(right.1));
            if left.1 < right.1 {
                mine.next()
            } else {
                theirs.next()
            };
        }
        result
    }

    /// What is in it but not in the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut result = Self::empty();
        for (first, last) in &self.ranges {
            let mut from = *first;
            for (start, end) in &other.ranges {
                if *end < from || *start > *last {
                    continue;
                }
                if let Some(before) = start.checked_sub(1).filter(|before| *before >= from) {
                    result.push(from, before);
                }
                from = end.saturating_add(1);
            }
            result.push(from, *last);
        }
        result
    }

    /// Whether the two share a cell.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.meets_any(&other.ranges)
    }

    fn meets_any(&self, ranges: &[(u32, u32)]) -> bool {
        ranges.iter().any(|(first, last)| self.meets_range(*first, *last))
    }

    /// Whether a cell from `first` to `last` is in it.
    #[must_use]
    pub fn meets_range(&self, first: u32, last: u32) -> bool {
        let position = self.ranges.partition_point(|(_, end)| *end < first);
        self.ranges.get(position).is_some_and(|(start, _)| *start <= last)
    }

    /// Whether all of it is in the other.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        // Ranges never touch, so each of these must lie in one of those.
        self.ranges.iter().all(|(first, last)| {
            let position = other.ranges.partition_point(|(_, end)| end < first);
            other.ranges.get(position).is_some_and(|(start, end)| start <= first && last <= end)
        })
    }

    /// Its cells, rising.
    pub fn cells(&self) -> impl Iterator<Item = u32> + '_ {
        self.ranges.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// As a set of leaves; only for cells that are leaves.
    #[must_use]
    pub fn to_leaves(&self) -> LeafSet {
        let mut leaves = LeafSet::empty();
        for cell in self.cells() {
            leaves.insert(cell as usize);
        }
        leaves
    }
}
