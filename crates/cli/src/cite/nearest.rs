//! The passage of a text that is nearest to a quote, exactly: fewest insertions, deletions and replacements.
//!
//! Myers' bit vectors find where the nearest passage ends, 64 characters of the quote at a time; a table over that passage
//! alone then says where it begins and what differs.

use std::collections::HashMap;
use std::ops::Range;

/// The nearest passage.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Nearest {
    /// Its characters.
    pub(super) passage: Range<usize>,
    /// What differs: characters of the quote, and those of the text in their place. Either may be empty.
    pub(super) differences: Vec<(Range<usize>, Range<usize>)>,
}

/// The first of the nearest passages, of those that end as the quote does if there are such; `None` where half of the quote or more would have to change.
pub(super) fn nearest(quote: &[char], text: &[char]) -> Option<Nearest> {
    let (end, edits) = best_end(quote, text)?;
    if edits * 2 >= quote.len() {
        return None;
    }
    let from = end.saturating_sub(quote.len() + edits);
    Some(aligned(quote, text.get(from..end)?, from))
}

/// Where the nearest passage ends, and how many edits away it is.
fn best_end(quote: &[char], text: &[char]) -> Option<(usize, usize)> {
    let blocks = quote.len().div_ceil(64);
    let last_bit = 1_u64 << ((quote.len().checked_sub(1)?) % 64);
    let mut masks: HashMap<char, Vec<u64>> = HashMap::new();
    for (index, sign) in quote.iter().enumerate() {
        let mask = masks.entry(*sign).or_insert_with(|| vec![0; blocks]);
        if let Some(word) = mask.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }
    let none = vec![0; blocks];
    // One more than the character above (plus), one less (minus).
    let mut columns: Vec<(u64, u64)> = vec![(u64::MAX, 0); blocks];
    let mut edits = quote.len();
    let (mut best, mut best_alike) = ((0, edits), false);
    for (index, sign) in text.iter().enumerate() {
        let mask = masks.get(sign).unwrap_or(&none);
        let mut carry = Carry::Same;
        for (block, (column, equal)) in columns.iter_mut().zip(mask).enumerate() {
            let top = if block + 1 == blocks { last_bit } else { 1 << 63 };
            carry = step(column, *equal, carry, top);
        }
        match carry {
            Carry::More => edits += 1,
            Carry::Less => edits -= 1,
            Carry::Same => {}
        }
        // Of passages that are equally near, one that ends as the quote does reads best.
        let alike = quote.last() == Some(sign);
        if edits < best.1 || (edits == best.1 && alike && !best_alike) {
            best = (index + 1, edits);
            best_alike = alike;
        }
    }
    Some(best)
}

/// The difference between two neighbours of a row.
#[derive(Clone, Copy, PartialEq)]
enum Carry {
    More,
    Same,
    Less,
}

fn step(column: &mut (u64, u64), equal: u64, carry: Carry, top: u64) -> Carry {
    let (plus, minus) = *column;
    let diagonal = equal | minus;
    let equal = equal | u64::from(carry == Carry::Less);
    let across = ((equal & plus).wrapping_add(plus) ^ plus) | equal;
    let more = minus | !(across | plus);
    let less = plus & across;
    let out = match (more & top != 0, less & top != 0) {
        (true, _) => Carry::More,
        (_, true) => Carry::Less,
        _ => Carry::Same,
    };
    let more = (more << 1) | u64::from(carry == Carry::More);
    let less = (less << 1) | u64::from(carry == Carry::Less);
    *column = (less | !(diagonal | more), more & diagonal);
    out
}

/// The quote against a window whose end is the passage's end; the passage begins where that is cheapest.
fn aligned(quote: &[char], window: &[char], from: usize) -> Nearest {
    let width = window.len() + 1;
    // Row by row; a passage may begin anywhere, so the first row is free.
    let mut table: Vec<u32> = vec![0; width];
    for (row, sign) in quote.iter().enumerate() {
        let above = row * width;
        let mut left = u32::try_from(row + 1).unwrap_or(u32::MAX);
        table.push(left);
        for (column, other) in window.iter().enumerate() {
            let corner = at(&table, above + column) + u32::from(sign != other);
            left = corner.min(at(&table, above + column + 1) + 1).min(left + 1);
            table.push(left);
        }
    }
    let (mut row, mut column) = (quote.len(), window.len());
    let mut differences: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    while row > 0 {
        let here = at(&table, row * width + column);
        let same = column > 0 && quote.get(row - 1) == window.get(column - 1);
        let corner = column.checked_sub(1).map(|left| at(&table, (row - 1) * width + left));
        let (up, left) = if corner.is_some_and(|corner| corner + u32::from(!same) == here) {
            (1, 1)
        } else if at(&table, (row - 1) * width + column) + 1 == here {
            (1, 0)
        } else {
            (0, 1)
        };
        if !(same && (up, left) == (1, 1)) {
            let changed = (row - up..row, from + column - left..from + column);
            match differences.last_mut() {
                Some((of_quote, of_text)) if of_quote.start == row && of_text.start == from + column => {
                    of_quote.start = changed.0.start;
                    of_text.start = changed.1.start;
                }
                _ => differences.push(changed),
            }
        }
        row -= up;
        column -= left;
    }
    differences.reverse();
    Nearest { passage: from + column..from + window.len(), differences }
}

fn at(table: &[u32], index: usize) -> u32 {
    table.get(index).copied().unwrap_or(u32::MAX / 2)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics is a test that fails")]
mod tests {
    use super::{best_end, nearest};

    fn signs(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    /// The first of the best ends by the plain table.
    fn plainly(quote: &[char], text: &[char]) -> (usize, usize) {
        let mut column: Vec<usize> = (0..=quote.len()).collect();
        let (mut best, mut best_alike) = ((0, quote.len()), false);
        for (index, other) in text.iter().enumerate() {
            let mut corner = 0;
            for row in 1..column.len() {
                let replaced = corner + usize::from(quote[row - 1] != *other);
                corner = column[row];
                column[row] = replaced.min(column[row - 1] + 1).min(corner + 1);
            }
            let (edits, alike) = (column[quote.len()], quote.last() == Some(other));
            if edits < best.1 || (edits == best.1 && alike && !best_alike) {
                (best, best_alike) = ((index + 1, edits), alike);
            }
        }
        best
    }

    #[test]
    fn bit_vectors_find_what_the_table_finds() {
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for length in [1, 2, 5, 63, 64, 65, 128, 130, 200] {
            for _ in 0..40 {
                let alphabet = 2 + random(4);
                let mut text: Vec<char> = (0..400).map(|_| char::from(b'a' + random(alphabet) as u8)).collect();
                let quote: Vec<char> = (0..length).map(|_| char::from(b'a' + random(alphabet) as u8)).collect();
                let place = random(200) as usize;
                for (index, sign) in quote.iter().enumerate().filter(|(index, _)| index % 9 != 4) {
                    text[place + index] = *sign;
                }
                assert_eq!(best_end(&quote, &text), Some(plainly(&quote, &text)), "{quote:?} {text:?}");
            }
        }
    }

    #[test]
    fn differences_are_marked() {
        let text = signs("甲乙丙。新建矿山生产规模不低于100万吨/年。其余");
        let found = |quote: &str| {
            let found = nearest(&signs(quote), &text).unwrap();
            let differences =
                found.differences.iter().map(|(quote, text)| (quote.clone(), text.clone())).collect::<Vec<_>>();
            (text[found.passage].iter().collect::<String>(), differences)
        };
        let passage = "新建矿山生产规模不低于100万吨/年".to_owned();
        assert_eq!(found("新建矿山生产规模不底于100万吨/年"), (passage.clone(), vec![(9..10, 13..14)]));
        assert_eq!(found("新建矿山生产规模不低于10万吨/年"), (passage.clone(), vec![(12..12, 16..17)]));
        assert_eq!(found("新建矿山的生产规模不低于100万吨/年"), (passage, vec![(4..5, 8..8)]));
        assert_eq!(nearest(&signs("完全不同的一句话"), &text), None);
    }
}
