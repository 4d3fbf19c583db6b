//! The nearest name to one that nobody declared.

/// The candidate nearest to `word`: fewest edits, then the longer common beginning, then the first. `None` where none is
/// near: an edit for every three characters, and one for a shorter word of two characters or more.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let allowed = if word.len() < 2 { 0 } else { word.len().div_ceil(3) };
    let mut best: Option<(usize, usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        if letters.len().abs_diff(word.len()) > allowed || letters.is_empty() {
            continue;
        }
        let edits = distance(&word, &letters);
        let common = word.iter().zip(&letters).take_while(|(left, right)| left == right).count();
        let nearer = best.is_none_or(|(least, longest, _)| edits < least || (edits == least && common > longest));
        if edits <= allowed && edits < letters.len().max(word.len()) && nearer {
            best = Some((edits, common, candidate));
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut left_before: Option<char> = None;
    for (row, mine) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut right_before: Option<char> = None;
        for (column, theirs) in right.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&last, column) + usize::from(mine != theirs);
            let mut least = replaced.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if right_before == Some(*mine) && left_before == Some(*theirs) {
                let swapped = column.checked_sub(1).map_or(usize::MAX / 2, |index| at(&before, index) + 1);
                least = least.min(swapped);
            }
            current.push(least);
            right_before = Some(*theirs);
        }
        before = std::mem::replace(&mut last, current);
        left_before = Some(*mine);
    }
    last.last().copied().unwrap_or_default()
}
