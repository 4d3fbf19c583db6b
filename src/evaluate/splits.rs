//! Splits of a residual diagram, each once, in flat pools.

use crate::program::Outcome;

/// A place in a residual diagram: an outcome, nothing at all, or a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rest(u32);

/// How many places are kept for outcomes.
const ENDS: u32 = 16;

impl Rest {
    /// No completion leads here.
    pub(super) const IMPOSSIBLE: Self = Self(0);

    /// An outcome.
    pub(super) const fn end(outcome: Outcome) -> Self {
        Self(1 + outcome as u32)
    }

    /// The number of the split, where it is one.
    pub(super) const fn split(self) -> Option<usize> {
        match self.0.checked_sub(ENDS) {
            Some(number) => Some(number as usize),
            None => None,
        }
    }
}

/// The rank of a split, and where its answers stand.
#[derive(Debug, Clone, Copy)]
struct Split {
    rank: u32,
    start: u32,
    end: u32,
}

/// Splits, each once: a rank and where its answers lead.
#[derive(Debug, Default)]
pub(super) struct Splits {
    splits: Vec<Split>,
    answers: Vec<Rest>,
    /// Numbers of splits by hash, from 1; open addressing over a power of two.
    table: Vec<u32>,
}

impl Splits {
    /// Forgets all, and keeps the space.
    pub(super) fn clear(&mut self) {
        self.splits.clear();
        self.answers.clear();
        self.table.fill(0);
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.splits.len()
    }

    /// The rank of a split.
    pub(super) fn rank_of(&self, split: usize) -> u32 {
        self.splits.get(split).map_or(u32::MAX, |split| split.rank)
    }

    /// The rank of a place; past all others where it is no split.
    pub(super) fn rank(&self, rest: Rest) -> u32 {
        rest.split().map_or(u32::MAX, |split| self.rank_of(split))
    }

    /// The answers of a split.
    pub(super) fn answers(&self, split: usize) -> &[Rest] {
        let found = self.splits.get(split);
        found.and_then(|split| self.answers.get(split.start as usize..split.end as usize)).unwrap_or_default()
    }

    /// Where the answers of the next split begin.
    pub(super) const fn begin(&self) -> usize {
        self.answers.len()
    }

    /// Adds an answer to the next split.
    pub(super) fn answer(&mut self, rest: Rest) {
        self.answers.push(rest);
    }

    /// The split of the answers added since `start`, or where they all lead if that is one place.
    pub(super) fn make(&mut self, rank: u32, start: usize) -> Rest {
        let answers = self.answers.get(start..).unwrap_or_default();
        let Some(first) = answers.first().copied() else { return Rest::IMPOSSIBLE };
        if answers.iter().all(|answer| *answer == first) {
            self.answers.truncate(start);
            return first;
        }
        if (self.splits.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let answers = self.answers.get(start..).unwrap_or_default();
        let mut slot = self.slot(hash(rank, answers));
        while let Some(number) = self.table.get(slot).copied().and_then(|number| number.checked_sub(1)) {
            if self.rank_of(number as usize) == rank && self.answers(number as usize) == answers {
                self.answers.truncate(start);
                return Rest(ENDS.saturating_add(number));
            }
            slot = self.slot(slot + 1);
        }
        let number = u32::try_from(self.splits.len()).unwrap_or(u32::MAX - ENDS);
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        self.splits.push(Split { rank, start: place(start), end: place(self.answers.len()) });
        if let Some(slot) = self.table.get_mut(slot) {
            *slot = number.saturating_add(1);
        }
        Rest(ENDS.saturating_add(number))
    }

    const fn slot(&self, hash: usize) -> usize {
        hash & self.table.len().saturating_sub(1)
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(64);
        self.table.clear();
        self.table.resize(size, 0);
        for number in 0..self.splits.len() {
            let mut slot = self.slot(hash(self.rank_of(number), self.answers(number)));
            while self.table.get(slot).is_some_and(|taken| *taken != 0) {
                slot = self.slot(slot + 1);
            }
            if let Some(slot) = self.table.get_mut(slot) {
                *slot = u32::try_from(number + 1).unwrap_or(u32::MAX);
            }
        }
    }
}

fn hash(rank: u32, answers: &[Rest]) -> usize {
    let mix = |hash: u64, next: u32| (hash.rotate_left(5) ^ u64::from(next)).wrapping_mul(0x517c_c1b7_2722_0a95);
    let hash = answers.iter().fold(mix(0, rank), |hash, answer| mix(hash, answer.0));
    (hash >> 32) as usize
}
