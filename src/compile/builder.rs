//! Builds one reduced diagram: equal nodes are one node, a node whose edges all lead to one place is that place.

use std::collections::BTreeMap;

use crate::program::{CellSet, Classes, Level, Outcome, Question, Target, Variable};

use super::formula::{Formula, Tests};

/// How many nodes one diagram may have.
pub const NODE_LIMIT: usize = 4096;

/// How many nodes may be built on the way.
const WORK_LIMIT: usize = 256 * NODE_LIMIT;

/// How many sets a clause may ask of one list.
const GROUP_LIMIT: usize = 128;

/// The diagram grew past its bound, to so many nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge(pub(super) usize);

/// How two diagrams are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Join {
    /// Both conditions hold.
    And,
    /// One of the conditions holds.
    Or,
    /// The first condition does not hold.
    Not,
    /// Where the first applies, the second must hold; a miss is this outcome, judgement that one.
    Part { missed: Outcome, judged: Outcome },
    /// The worse of two states.
    Worst,
    /// The second, where the first says that the stage has come.
    Stage,
    /// The second, where the first says that the facts may stand.
    Constrain,
}

/// Levels and nodes of one clause under construction.
#[derive(Debug, Default)]
pub(super) struct Builder {
    /// The levels in the order of variables.
    pub(super) levels: Vec<Level>,
    nodes: Vec<(usize, Vec<Target>)>,
    unique: BTreeMap<(usize, Vec<Target>), Target>,
    memo: BTreeMap<(Join, Target, Target), Target>,
    start: usize,
}

impl Builder {
    /// A builder over the variables that these tests ask, in this order.
    pub(super) fn new(tests: &Tests, order: &[u32], variables: &[Variable]) -> Result<Self, TooLarge> {
        let mut builder = Self::default();
        for number in order {
            let (Some(tests), Some(variable)) = (tests.get(number), variables.get(*number as usize)) else { continue };
            if !variable.is_list() {
                let pairs = tests.iter().map(|(yes, judged)| (yes, judged));
                let question = Question::Class(Classes::of(pairs, variable.none));
                builder.levels.push(Level { variable: *number, question });
                continue;
            }
            if tests.len() > GROUP_LIMIT {
                return Err(TooLarge(NODE_LIMIT + 1));
            }
            for (yes, _) in tests {
                builder.levels.push(Level { variable: *number, question: Question::Meets(yes.to_leaves()) });
            }
        }
        Ok(builder)
    }

    /// The diagram of a formula.
    pub(super) fn formula(&mut self, formula: &Formula) -> Result<Target, TooLarge> {
        match formula {
            Formula::Constant(outcome) => Ok(Target::outcome(*outcome)),
            Formula::Atom { variable, yes, judged } => Ok(self.atom(*variable, yes, judged)),
            Formula::Not(inner) => {
                let inner = self.formula(inner)?;
                self.join(Join::Not, inner, Target::outcome(Outcome::False))
            }
            Formula::All(inner) => self.fold(Join::And, inner, Outcome::True),
            Formula::Any(inner) => self.fold(Join::Or, inner, Outcome::False),
        }
    }

    /// Joins from the last to the first: the order of levels is mostly that of the phrases.
    fn fold(&mut self, join: Join, formulas: &[Formula], start: Outcome) -> Result<Target, TooLarge> {
        let mut result = Target::outcome(start);
        for formula in formulas.iter().rev() {
            let next = self.formula(formula)?;
            result = self.join(join, next, result)?;
        }
        Ok(result)
    }

    fn atom(&mut self, variable: u32, yes: &CellSet, judged: &CellSet) -> Target {
        let found = self.levels.iter().enumerate().find_map(|(index, level)| {
            if level.variable != variable {
                return None;
            }
            let edges = match &level.question {
                Question::Class(classes) => {
                    classes.samples().into_iter().map(|cell| truth(cell, yes, judged)).collect()
                }
                Question::Meets(leaves) if *leaves == yes.to_leaves() => {
                    vec![Target::outcome(Outcome::False), Target::outcome(Outcome::True)]
                }
                Question::Meets(_) => return None,
            };
            Some((index, edges))
        });
        found.map_or(Target::outcome(Outcome::False), |(level, edges)| self.make(level, edges))
    }

    fn make(&mut self, level: usize, edges: Vec<Target>) -> Target {
        if let [first, rest @ ..] = edges.as_slice()
            && rest.iter().all(|edge| edge == first)
        {
            return *first;
        }
        let key = (level, edges);
        if let Some(found) = self.unique.get(&key) {
            return *found;
        }
        let target = Target::node(self.nodes.len());
        self.nodes.push(key.clone());
        self.unique.insert(key, target);
        target
    }

    /// The level and edges of a node.
    pub(super) fn node(&self, target: Target) -> Option<(usize, &[Target])> {
        let (level, edges) = self.nodes.get(target.as_node()?)?;
        Some((*level, edges))
    }

    /// Joins two diagrams, without recursion.
    pub(super) fn join(&mut self, join: Join, left: Target, right: Target) -> Result<Target, TooLarge> {
        self.start = self.nodes.len();
        let mut stack = vec![(left, right)];
        while let Some((left, right)) = stack.last().copied() {
            if self.known(join, left, right).is_some() {
                stack.pop();
                continue;
            }
            let (level, pairs) = self.split(left, right);
            let mut edges = Vec::with_capacity(pairs.len());
            let mut waiting = false;
            for pair in pairs {
                match self.known(join, pair.0, pair.1) {
                    Some(target) => edges.push(target),
                    None => {
                        waiting = true;
                        stack.push(pair);
                    }
                }
            }
            if waiting {
                continue;
            }
            stack.pop();
            let target = self.make(level, edges);
            self.memo.insert((join, left, right), target);
            let built = self.nodes.len() - self.start;
            if built > NODE_LIMIT || self.nodes.len() > WORK_LIMIT {
                return Err(TooLarge(built));
            }
        }
        Ok(self.known(join, left, right).unwrap_or(left))
    }

    fn known(&self, join: Join, left: Target, right: Target) -> Option<Target> {
        outright(join, left, right).or_else(|| self.memo.get(&(join, left, right)).copied())
    }

    /// The upper level of two diagrams, and the pairs of diagrams below it.
    fn split(&self, left: Target, right: Target) -> (usize, Vec<(Target, Target)>) {
        let below = |target: Target| self.node(target).map_or(usize::MAX, |(level, _)| level);
        let level = below(left).min(below(right));
        let arity = self.levels.get(level).map_or(0, Level::arity);
        let edge = |target: Target, class: usize| match self.node(target) {
            Some((own, edges)) if own == level => edges.get(class).copied().unwrap_or(target),
            _ => target,
        };
        (level, (0..arity).map(|class| (edge(left, class), edge(right, class))).collect())
    }

    /// What is true for some class of the levels that `gone` names.
    pub(super) fn forget(&mut self, root: Target, gone: impl Fn(u32) -> bool) -> Result<Target, TooLarge> {
        let Some(last) = root.as_node() else { return Ok(root) };
        let mut images: BTreeMap<Target, Target> = BTreeMap::new();
        for number in 0..=last {
            let Some((level, edges)) = self.nodes.get(number).cloned() else { continue };
            let image = |target: &Target| images.get(target).copied().unwrap_or(*target);
            let edges: Vec<Target> = edges.iter().map(image).collect();
            let target = if self.levels.get(level).is_some_and(|level| gone(level.variable)) {
                let mut any = Target::outcome(Outcome::False);
                for edge in edges {
                    any = self.join(Join::Or, edge, any)?;
                }
                any
            } else {
                self.make(level, edges)
            };
            images.insert(Target::node(number), target);
        }
        Ok(images.get(&root).copied().unwrap_or(root))
    }

    /// Whether the diagram comes to nothing but `False` where a level takes one class.
    pub(super) fn false_where(&self, root: Target, level: usize, class: usize) -> bool {
        let Some(last) = root.as_node() else { return root == Target::outcome(Outcome::False) };
        let mut open = vec![false; last + 1];
        let is_open = |open: &[bool], target: &Target| match target.as_node() {
            Some(number) => open.get(number).copied().unwrap_or(true),
            None => *target != Target::outcome(Outcome::False),
        };
        for number in 0..=last {
            let Some((own, edges)) = self.nodes.get(number) else { continue };
            let value = if *own == level {
                edges.get(class).is_some_and(|edge| is_open(&open, edge))
            } else {
                edges.iter().any(|edge| is_open(&open, edge))
            };
            if let Some(slot) = open.get_mut(number) {
                *slot = value;
            }
        }
        !is_open(&open, &root)
    }

    /// The nodes that a root reaches, children first.
    pub(super) fn reached(&self, root: Target) -> Vec<usize> {
        let mut seen = vec![false; self.nodes.len()];
        let mut stack = vec![root];
        while let Some(target) = stack.pop() {
            let Some(slot) = target.as_node().and_then(|number| seen.get_mut(number)).filter(|slot| !**slot) else {
                continue;
            };
            *slot = true;
            if let Some((_, edges)) = self.node(target) {
                stack.extend_from_slice(edges);
            }
        }
        seen.iter().enumerate().filter(|(_, seen)| **seen).map(|(number, _)| number).collect()
    }
}

fn truth(cell: u32, yes: &CellSet, judged: &CellSet) -> Target {
    Target::outcome(if yes.contains(cell) {
        Outcome::True
    } else if judged.contains(cell) {
        Outcome::Judgement
    } else {
        Outcome::False
    })
}

/// The result where no node need be looked at.
fn outright(join: Join, left: Target, right: Target) -> Option<Target> {
    let (first, second) = (left.as_outcome(), right.as_outcome());
    match join {
        Join::And => match (first, second) {
            (Some(Outcome::False), _) | (_, Some(Outcome::True)) => Some(left),
            (_, Some(Outcome::False)) | (Some(Outcome::True), _) => Some(right),
            (Some(_), Some(_)) => Some(left.min(right)),
            _ => (left == right).then_some(left),
        },
        Join::Or => match (first, second) {
            (Some(Outcome::True), _) | (_, Some(Outcome::False)) => Some(left),
            (_, Some(Outcome::True)) | (Some(Outcome::False), _) => Some(right),
            (Some(_), Some(_)) => Some(left.max(right)),
            _ => (left == right).then_some(left),
        },
        Join::Not => first.map(|outcome| Target::outcome(denied(outcome))),
        Join::Part { missed, judged } => match (first, second) {
            (Some(Outcome::False), _) => Some(Target::outcome(Outcome::NotApplicable)),
            (Some(applies), Some(holds)) => Some(Target::outcome(part(applies, holds, missed, judged))),
            _ => None,
        },
        Join::Worst => match (first, second) {
            (Some(Outcome::NotApplicable), _) | (_, Some(Outcome::Violated)) => Some(right),
            (_, Some(Outcome::NotApplicable)) | (Some(Outcome::Violated), _) => Some(left),
            (Some(_), Some(_)) => Some(left.max(right)),
            _ => (left == right).then_some(left),
        },
        Join::Stage => match (first, second) {
            (_, Some(Outcome::NotApplicable)) | (Some(Outcome::True | Outcome::Judgement), _) => Some(right),
            (Some(_), Some(_)) => Some(Target::outcome(Outcome::Later)),
            _ => None,
        },
        Join::Constrain => match first {
            Some(Outcome::False) => Some(Target::outcome(Outcome::Impossible)),
            Some(_) => Some(right),
            None => None,
        },
    }
}

const fn denied(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::False => Outcome::True,
        Outcome::True => Outcome::False,
        other => other,
    }
}

const fn part(applies: Outcome, holds: Outcome, missed: Outcome, judged: Outcome) -> Outcome {
    match (applies, holds) {
        (_, Outcome::True) => Outcome::Satisfied,
        (Outcome::True, Outcome::False) => missed,
        _ => judged,
    }
}
