//! Letters of letters: rows that agree in two signals get one number.

use std::collections::HashMap;

/// How many pairs a table may hold before pairs are looked up by hashing.
const DENSE: usize = 1 << 20;

const UNSEEN: u32 = u32::MAX;

/// Numbers pairs of letters in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    table: Vec<u32>,
    width: usize,
    hashed: HashMap<(u32, u32), u32>,
    met: Vec<(u32, u32)>,
}

impl Pairs {
    /// Makes room for right letters below this.
    pub(super) fn fit(&mut self, width: usize) {
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

    /// The number of a pair.
    #[inline]
    pub(super) fn of(&mut self, left: u32, right: u32) -> u32 {
        if self.width != usize::MAX {
            match self.table.get(left as usize * self.width + right as usize) {
                Some(number) if *number != UNSEEN => return *number,
                _ => {}
            }
        }
        self.make(left, right)
    }

    /// The pair behind a number.
    pub(super) fn parts(&self, number: u32) -> (u32, u32) {
        self.met.get(number as usize).copied().unwrap_or_default()
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
