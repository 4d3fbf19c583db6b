//! Letters of letters: rows that agree in several signals get one number.

use std::collections::HashMap;

/// How many pairs a table may hold before pairs are looked up by hashing.
const DENSE: usize = 1 << 22;

const UNSEEN: u32 = u32::MAX;

/// Numbers pairs of letters in the order in which they are met.
#[derive(Debug, Default)]
struct Pairs {
    table: Vec<u32>,
    width: usize,
    hashed: HashMap<(u32, u32), u32>,
    met: Vec<(u32, u32)>,
}

impl Pairs {
    fn fit(&mut self, width: usize) {
        if width <= self.width || self.width == usize::MAX {
            return;
        }
        self.width = width.next_power_of_two();
        self.table.clear();
        for number in 0..self.met.len() {
            if let Some((left, right)) = self.met.get(number).copied() {
                self.put(left, right, u32::try_from(number).unwrap_or(UNSEEN));
            }
        }
    }

    #[inline]
    fn of(&mut self, left: u32, right: u32) -> u32 {
        if self.width != usize::MAX {
            match self.table.get(left as usize * self.width + right as usize) {
                Some(number) if *number != UNSEEN => return *number,
                _ => {}
            }
        }
        self.make(left, right)
    }

    #[cold]
    fn make(&mut self, left: u32, right: u32) -> u32 {
        if self.width == usize::MAX
            && let Some(known) = self.hashed.get(&(left, right))
        {
            return *known;
        }
        let number = u32::try_from(self.met.len()).unwrap_or(UNSEEN - 1);
        self.met.push((left, right));
        self.put(left, right, number);
        number
    }

    fn put(&mut self, left: u32, right: u32, number: u32) {
        if self.width != usize::MAX {
            let place = left as usize * self.width + right as usize;
            if place < DENSE {
                if place >= self.table.len() {
                    let rows = (left as usize + 1).next_power_of_two();
                    self.table.resize((rows * self.width).min(DENSE), UNSEEN);
                }
                if let Some(slot) = self.table.get_mut(place) {
                    *slot = number;
                }
                return;
            }
            // Past the bound every pair is hashed.
            self.width = usize::MAX;
            self.table = Vec::new();
            let met = (0u32..).zip(&self.met).map(|(number, pair)| (*pair, number));
            self.hashed = met.collect();
        }
        self.hashed.insert((left, right), number);
    }
}

/// Folds the letters of several signals into one.
#[derive(Debug, Default)]
pub(super) struct Fold {
    pairs: Vec<Pairs>,
}

impl Fold {
    /// A fold of so many signals.
    pub(super) fn new(signals: usize) -> Self {
        Self { pairs: (1..signals).map(|_| Pairs::default()).collect() }
    }

    /// The letters of rows that agree in every signal; of none at all, zero for each of so many rows.
    pub(super) fn fold(&mut self, signals: &[&[u32]], rows: usize) -> Vec<u32> {
        let Some((first, others)) = signals.split_first() else { return vec![0; rows] };
        let mut letters = first.to_vec();
        for (pairs, signal) in self.pairs.iter_mut().zip(others) {
            pairs.fit(signal.iter().copied().max().unwrap_or(0) as usize + 1);
            for (letter, right) in letters.iter_mut().zip(*signal) {
                *letter = pairs.of(*letter, *right);
            }
        }
        letters
    }

    /// The letters of each signal behind a folded one.
    pub(super) fn parts(&self, letter: u32) -> Vec<u32> {
        let mut parts = Vec::with_capacity(self.pairs.len() + 1);
        let mut left = letter;
        for pairs in self.pairs.iter().rev() {
            let (before, right) = pairs.met.get(left as usize).copied().unwrap_or_default();
            parts.push(right);
            left = before;
        }
        parts.push(left);
        parts.reverse();
        parts
    }
}
