//! What a clause still depends on: its diagram with the known facts fixed, reduced again.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::state::State;
use crate::evaluate::walk::Walker;
use crate::program::{Diagram, Level, Node, Outcome, Program, Question, Target};

/// How many questions one variable may be asked.
const RANKS: usize = 128;

/// A place in a residual diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rest {
    /// Met or not applicable (they count as one), or one of the other outcomes.
    End(Outcome),
    /// No completion leads here.
    Impossible,
    /// A split.
    Split(usize),
}

/// Splits, each once: the rank of the variable (or of its question, where its answers are free) and where its answers lead.
#[derive(Debug, Default)]
struct Splits {
    splits: Vec<(usize, Vec<Rest>)>,
    unique: BTreeMap<(usize, Vec<Rest>), usize>,
    merged: BTreeMap<(Rest, Rest), Option<Rest>>,
}

/// The variables on which the outcome of a diagram still depends, satisfied and not applicable being one.
pub fn depends_on(walker: &mut Walker<'_>, program: &Program, diagram: &Diagram) -> BTreeSet<u32> {
    walker.prepare(diagram);
    let mut splits = Splits::default();
    let mut rests: Vec<Rest> = Vec::new();
    let Some(root) = diagram.root.as_node() else { return BTreeSet::new() };
    for number in diagram.first..=root {
        let Some((node, level)) = program.pool.node(number) else { continue };
        let rest = rest_at(walker, program, diagram, &mut splits, &rests, (node, level));
        rests.push(rest);
    }
    let ranks = rests.last().map(|rest| splits.support(*rest)).unwrap_or_default();
    ranks.into_iter().filter_map(|rank| diagram.variables.get(rank / RANKS).copied()).collect()
}

fn rest_at(
    walker: &Walker<'_>,
    program: &Program,
    diagram: &Diagram,
    splits: &mut Splits,
    rests: &[Rest],
    (node, level): (Node, &Level),
) -> Rest {
    let of = |target: Target| rest_of(diagram, rests, target);
    if let Some(target) = walker.known(node, level) {
        return of(target);
    }
    let mut answers: Vec<Rest> = Vec::new();
    match (walker.state(level.variable), &level.question) {
        (Some(State::Cells(cells)), Question::Class(classes)) => {
            let last = cells.ends().map_or(0, |(_, last)| last);
            let mut met = vec![false; classes.count()];
            for (first, end, class) in classes.runs(last) {
                if let Some(slot) = met.get_mut(class).filter(|_| cells.meets_range(first, end)) {
                    *slot = true;
                }
            }
            let classes = met.iter().enumerate().filter(|(_, met)| **met);
            answers.extend(classes.map(|(class, _)| of(program.pool.edge(node, class))));
        }
        (Some(_), Question::Meets(_)) => match walker.masks_of(level.variable) {
            Some(masks) => {
                answers.extend(masks.iter().map(|mask| of(walker.follow(diagram, node, level.variable, *mask))));
            }
            None => answers.extend((0..2).map(|class| of(program.pool.edge(node, class)))),
        },
        _ => {}
    }
    let place = diagram.variables.iter().position(|variable| *variable == level.variable).unwrap_or(0);
    let group = diagram.groups.iter().find(|group| group.variable == level.variable);
    let free = group.filter(|_| walker.masks_of(level.variable).is_none());
    let bit = free.and_then(|group| group.levels.iter().position(|number| *number == node.level)).unwrap_or(0);
    let rank = place * RANKS + bit;
    splits.make(rank, answers)
}

fn rest_of(diagram: &Diagram, rests: &[Rest], target: Target) -> Rest {
    match target.as_outcome() {
        Some(Outcome::Impossible) => Rest::Impossible,
        Some(Outcome::NotApplicable | Outcome::Satisfied | Outcome::Later) => Rest::End(Outcome::Satisfied),
        Some(outcome) => Rest::End(outcome),
        None => {
            let place = target.as_node().and_then(|number| number.checked_sub(diagram.first));
            place.and_then(|place| rests.get(place)).copied().unwrap_or(Rest::Impossible)
        }
    }
}

impl Splits {
    /// A split, or where all its answers lead if that is one place.
    fn make(&mut self, rank: usize, answers: Vec<Rest>) -> Rest {
        let Some(first) = answers.first().copied() else { return Rest::Impossible };
        if answers.iter().all(|answer| *answer == first) {
            return first;
        }
        let key = (rank, answers);
        if let Some(found) = self.unique.get(&key) {
            return Rest::Split(*found);
        }
        let number = self.splits.len();
        self.splits.push(key.clone());
        self.unique.insert(key, number);
        Rest::Split(number)
    }

    /// All answers laid over each other, where they agree wherever both are possible.
    fn overlay(&mut self, answers: &[Rest]) -> Option<Rest> {
        let mut result = Rest::Impossible;
        for answer in answers {
            result = self.merge(result, *answer)?;
        }
        Some(result)
    }

    fn merge(&mut self, left: Rest, right: Rest) -> Option<Rest> {
        if left == right || right == Rest::Impossible {
            return Some(left);
        }
        if left == Rest::Impossible {
            return Some(right);
        }
        if matches!((left, right), (Rest::End(_), Rest::End(_))) {
            return None;
        }
        let key = if left < right { (left, right) } else { (right, left) };
        if let Some(known) = self.merged.get(&key) {
            return *known;
        }
        let merged = self.merge_splits(left, right);
        self.merged.insert(key, merged);
        merged
    }

    fn merge_splits(&mut self, left: Rest, right: Rest) -> Option<Rest> {
        let rank = |rest: Rest| match rest {
            Rest::Split(number) => self.splits.get(number).map_or(usize::MAX, |(rank, _)| *rank),
            Rest::End(_) | Rest::Impossible => usize::MAX,
        };
        let upper = rank(left).min(rank(right));
        let answers = |rest: Rest| match rest {
            Rest::Split(number) => {
                self.splits.get(number).filter(|(rank, _)| *rank == upper).map(|(_, all)| all.clone())
            }
            Rest::End(_) | Rest::Impossible => None,
        };
        let (mine, theirs) = (answers(left), answers(right));
        let count = mine.as_ref().or(theirs.as_ref()).map_or(0, Vec::len);
        let mut merged = Vec::with_capacity(count);
        for place in 0..count {
            let one = mine.as_ref().map_or(Some(left), |all| all.get(place).copied())?;
            let other = theirs.as_ref().map_or(Some(right), |all| all.get(place).copied())?;
            merged.push(self.merge(one, other)?);
        }
        Some(self.make(upper, merged))
    }

    /// The ranks of the variables in which alone two completions of different outcome differ; where variables are so tied
    /// that there are none, of all on which anything depends.
    fn support(&mut self, root: Rest) -> BTreeSet<usize> {
        let (mut alone, mut all) = (BTreeSet::new(), BTreeSet::new());
        let mut seen: BTreeSet<Rest> = BTreeSet::new();
        let mut stack = vec![root];
        while let Some(rest) = stack.pop() {
            let Rest::Split(number) = rest else { continue };
            if !seen.insert(rest) {
                continue;
            }
            let Some((rank, answers)) = self.splits.get(number).cloned() else { continue };
            all.insert(rank);
            if self.overlay(&answers).is_none() {
                alone.insert(rank);
            }
            stack.extend(answers);
        }
        if alone.is_empty() && self.ends(&seen).len() > 1 { all } else { alone }
    }

    /// The outcomes that these splits lead to.
    fn ends(&self, splits: &BTreeSet<Rest>) -> BTreeSet<Outcome> {
        let answers = splits.iter().filter_map(|rest| match rest {
            Rest::Split(number) => self.splits.get(*number).map(|(_, answers)| answers),
            Rest::End(_) | Rest::Impossible => None,
        });
        let ends = answers.flatten().filter_map(|answer| match answer {
            Rest::End(outcome) => Some(*outcome),
            Rest::Split(_) | Rest::Impossible => None,
        });
        ends.collect()
    }
}
