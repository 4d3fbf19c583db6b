//! What a clause still depends on: its diagram with the known facts fixed, reduced again.

use std::collections::BTreeMap;

use crate::evaluate::splits::{Rest, Splits};
use crate::evaluate::state::State;
use crate::evaluate::walk::Walker;
use crate::program::{Diagram, Level, Node, Outcome, Program, Question, Target};

/// How many questions one variable may be asked.
const RANKS: u32 = 128;

/// Finds what diagrams still depend on. Keeps its working space from clause to clause.
#[derive(Debug, Default)]
pub struct Residual {
    splits: Splits,
    rests: Vec<Rest>,
    met: Vec<bool>,
    merged: BTreeMap<(Rest, Rest), Option<Rest>>,
}

impl Residual {
    /// The variables on which the outcome of a diagram still depends, satisfied and not applicable being one; rising.
    pub fn depends_on(&mut self, walker: &mut Walker<'_>, program: &Program, diagram: &Diagram) -> Vec<u32> {
        let Some(root) = diagram.root.as_node() else { return Vec::new() };
        walker.prepare(diagram);
        self.splits.clear();
        self.rests.clear();
        self.merged.clear();
        for number in diagram.first..=root {
            let Some((node, level)) = program.pool.node(number) else { continue };
            let rest = self.rest_at(walker, program, diagram, (node, level));
            self.rests.push(rest);
        }
        let Some(rest) = self.rests.last().copied() else { return Vec::new() };
        let ranks = self.support(rest);
        let of_rank = |rank: u32| diagram.variables.get((rank / RANKS) as usize).copied();
        let mut variables: Vec<u32> = ranks.into_iter().filter_map(of_rank).collect();
        variables.sort_unstable();
        variables.dedup();
        variables
    }

    fn rest_at(
        &mut self,
        walker: &Walker<'_>,
        program: &Program,
        diagram: &Diagram,
        (node, level): (Node, &Level),
    ) -> Rest {
        if let Some(target) = walker.known(node, level) {
            return self.rest_of(diagram, target);
        }
        let start = self.splits.begin();
        let masks = walker.masks_of(level.variable);
        match (walker.state(level.variable), &level.question) {
            (Some(State::Cells(cells)), Question::Class(classes)) => {
                let last = cells.ends().map_or(0, |(_, last)| last);
                self.met.clear();
                self.met.resize(classes.count(), false);
                for (first, end, class) in classes.runs(last) {
                    if let Some(slot) = self.met.get_mut(class).filter(|_| cells.meets_range(first, end)) {
                        *slot = true;
                    }
                }
                for class in 0..classes.count() {
                    if self.met.get(class).copied().unwrap_or(false) {
                        self.answer(diagram, program.pool.edge(node, class));
                    }
                }
            }
            (Some(_), Question::Meets(_)) => match masks {
                Some(masks) => {
                    for mask in masks {
                        self.answer(diagram, walker.follow(diagram, node, level.variable, *mask));
                    }
                }
                None => (0..2).for_each(|class| self.answer(diagram, program.pool.edge(node, class))),
            },
            _ => {}
        }
        let place = diagram.variables.iter().position(|variable| *variable == level.variable).unwrap_or(0);
        let group = diagram.groups.iter().find(|group| group.variable == level.variable);
        let free = group.filter(|_| masks.is_none());
        let bit = free.and_then(|group| group.levels.iter().position(|number| *number == node.level)).unwrap_or(0);
        let rank = u32::try_from(place).unwrap_or(u32::MAX / RANKS).saturating_mul(RANKS);
        self.splits.make(rank.saturating_add(u32::try_from(bit).unwrap_or(0)), start)
    }

    fn answer(&mut self, diagram: &Diagram, target: Target) {
        let rest = self.rest_of(diagram, target);
        self.splits.answer(rest);
    }

    fn rest_of(&self, diagram: &Diagram, target: Target) -> Rest {
        match target.as_outcome() {
            Some(Outcome::Impossible) => Rest::IMPOSSIBLE,
            Some(Outcome::NotApplicable | Outcome::Satisfied | Outcome::Later) => Rest::end(Outcome::Satisfied),
            Some(outcome) => Rest::end(outcome),
            None => {
                let place = target.as_node().and_then(|number| number.checked_sub(diagram.first));
                place.and_then(|place| self.rests.get(place)).copied().unwrap_or(Rest::IMPOSSIBLE)
            }
        }
    }

    /// Whether all answers of a split agree wherever two are possible.
    fn agree(&mut self, split: usize) -> bool {
        let mut result = Rest::IMPOSSIBLE;
        for place in 0..self.splits.answers(split).len() {
            let Some(answer) = self.splits.answers(split).get(place).copied() else { continue };
            match self.merge(result, answer) {
                Some(merged) => result = merged,
                None => return false,
            }
        }
        true
    }

    /// Two places laid over each other; `None` where they differ.
    fn merge(&mut self, left: Rest, right: Rest) -> Option<Rest> {
        if left == right || right == Rest::IMPOSSIBLE {
            return Some(left);
        }
        if left == Rest::IMPOSSIBLE {
            return Some(right);
        }
        if left.split().is_none() && right.split().is_none() {
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
        let upper = self.splits.rank(left).min(self.splits.rank(right));
        let of = |splits: &Splits, rest: Rest| rest.split().filter(|_| splits.rank(rest) == upper);
        let (mine, theirs) = (of(&self.splits, left), of(&self.splits, right));
        let count = mine.or(theirs).map_or(0, |split| self.splits.answers(split).len());
        let mut merged = Vec::with_capacity(count);
        for place in 0..count {
            let at = |split: Option<usize>, whole: Rest| match split {
                Some(split) => self.splits.answers(split).get(place).copied(),
                None => Some(whole),
            };
            let (one, other) = (at(mine, left)?, at(theirs, right)?);
            merged.push(self.merge(one, other)?);
        }
        let start = self.splits.begin();
        merged.into_iter().for_each(|rest| self.splits.answer(rest));
        Some(self.splits.make(upper, start))
    }

    /// The ranks of the variables in which alone two completions of different outcome differ; where variables are so tied
    /// that there are none, of all on which anything depends.
    fn support(&mut self, root: Rest) -> Vec<u32> {
        let mut seen = vec![false; self.splits.len()];
        let mut stack: Vec<usize> = root.split().into_iter().collect();
        let (mut alone, mut all, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(split) = stack.pop() {
            let Some(slot) = seen.get_mut(split).filter(|slot| !**slot) else { continue };
            *slot = true;
            all.push(self.splits.rank_of(split));
            for answer in self.splits.answers(split) {
                match answer.split() {
                    Some(inner) => stack.push(inner),
                    None if *answer != Rest::IMPOSSIBLE && !ends.contains(answer) => ends.push(*answer),
                    None => {}
                }
            }
            if !self.agree(split) {
                alone.push(self.splits.rank_of(split));
            }
        }
        if alone.is_empty() && ends.len() > 1 { all } else { alone }
    }
}
