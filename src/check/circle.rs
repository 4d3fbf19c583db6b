//! Things that come back to themselves: genera, precedence.

/// Each circle once, by the smallest number on it: the way from that number back to itself, both ends included.
#[must_use]
pub fn circles(count: usize, next: impl Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut told = vec![false; count];
    for start in 0..count {
        if told.get(start).copied().unwrap_or(true) {
            continue;
        }
        let Some(way) = way_back(count, start, &next) else { continue };
        for number in &way {
            if let Some(slot) = told.get_mut(*number) {
                *slot = true;
            }
        }
        found.push(way);
    }
    found
}

/// The shortest way from a number back to itself.
fn way_back(count: usize, start: usize, next: &impl Fn(usize) -> Vec<usize>) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<usize>> = vec![None; count];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        for there in next(here) {
            if there == start {
                let mut way = vec![start];
                let mut at = here;
                while at != start {
                    way.push(at);
                    at = came_from.get(at).copied().flatten()?;
                }
                way.push(start);
                way.reverse();
                return Some(way);
            }
            if let Some(slot) = came_from.get_mut(there).filter(|slot| slot.is_none()) {
                *slot = Some(here);
                queue.push_back(there);
            }
        }
    }
    None
}
