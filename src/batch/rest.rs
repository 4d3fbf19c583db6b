//! What is left of clauses when some variables are known: diagrams with those variables fixed, reduced again.
//!
//! Diagrams of one clause keep one order of levels, so equal rests are one number; that is what lets cases that differ in
//! facts no longer asked about go on together.

use std::collections::HashMap;

use crate::program::{Diagram, Level, Outcome, Outcomes, Pool, Target};

/// The rest of a clause over one completion of what is known: an outcome, or a node of the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rest(u32);

/// The rests of a clause over all completions of what is known so far, each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rests(u32);

/// The answers to the levels of one variable.
pub(super) type Answers = Vec<(u32, usize)>;

const OUTCOMES: u32 = 16;

impl Rests {
    /// Its number; equal rests have equal numbers.
    pub(super) const fn number(self) -> u32 {
        self.0
    }

    /// The rests of a number.
    pub(super) const fn of_number(number: u32) -> Self {
        Self(number)
    }
}

impl Rest {
    fn outcome(self) -> Option<Outcome> {
        Outcome::ALL.get(self.0 as usize).copied()
    }

    const fn node(self) -> Option<usize> {
        match self.0.checked_sub(OUTCOMES) {
            Some(number) => Some(number as usize),
            None => None,
        }
    }

    fn of_node(number: usize) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX - OUTCOMES).saturating_add(OUTCOMES))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Node {
    level: u32,
    edges: Box<[Rest]>,
}

/// All rests met so far.
#[derive(Debug, Default)]
pub(super) struct Arena {
    nodes: Vec<Node>,
    by_node: HashMap<Node, Rest>,
    sets: Vec<Box<[Rest]>>,
    by_set: HashMap<Box<[Rest]>, Rests>,
    done: HashMap<Rest, Rest>,
}

impl Arena {
    /// The whole of a clause.
    pub(super) fn whole(&mut self, pool: &Pool, diagram: &Diagram) -> Rests {
        let rest = match (diagram.root.as_outcome(), diagram.root.as_node()) {
            (Some(outcome), _) => Rest(outcome as u32),
            (None, Some(root)) => self.copied(pool, diagram, root),
            (None, None) => Rest(Outcome::Impossible as u32),
        };
        self.set(vec![rest])
    }

    fn copied(&mut self, pool: &Pool, diagram: &Diagram, root: usize) -> Rest {
        let mut copies: Vec<Rest> = Vec::new();
        for number in diagram.first..=root {
            let Some((node, level)) = pool.node(number) else { continue };
            let copy = |target: Target| match (target.as_outcome(), target.as_node()) {
                (Some(outcome), _) => Rest(outcome as u32),
                (None, node) => {
                    let place = node.and_then(|node| node.checked_sub(diagram.first));
                    place.and_then(|place| copies.get(place)).copied().unwrap_or(Rest(Outcome::Impossible as u32))
                }
            };
            let edges: Vec<Rest> = (0..level.arity()).map(|class| copy(pool.edge(node, class))).collect();
            copies.push(self.made(node.level, edges));
        }
        copies.last().copied().unwrap_or(Rest(Outcome::Impossible as u32))
    }

    fn made(&mut self, level: u32, edges: Vec<Rest>) -> Rest {
        if let [first, rest @ ..] = edges.as_slice()
            && rest.iter().all(|edge| edge == first)
        {
            return *first;
        }
        let node = Node { level, edges: edges.into() };
        if let Some(known) = self.by_node.get(&node) {
            return *known;
        }
        let rest = Rest::of_node(self.nodes.len());
        self.nodes.push(node.clone());
        self.by_node.insert(node, rest);
        rest
    }

    fn set(&mut self, mut rests: Vec<Rest>) -> Rests {
        rests.sort_unstable();
        rests.dedup();
        let rests: Box<[Rest]> = rests.into();
        if let Some(known) = self.by_set.get(&rests) {
            return *known;
        }
        let number = Rests(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        self.sets.push(rests.clone());
        self.by_set.insert(rests, number);
        number
    }

    fn members(&self, rests: Rests) -> &[Rest] {
        self.sets.get(rests.0 as usize).map_or(&[], AsRef::as_ref)
    }

    /// Whether nothing is left to ask.
    pub(super) fn is_decided(&self, rests: Rests) -> bool {
        self.members(rests).iter().all(|rest| rest.node().is_none())
    }

    /// The outcomes where every variable is fixed; impossible ones are left out.
    pub(super) fn outcomes(&self, rests: Rests) -> Outcomes {
        let outcomes = self.members(rests).iter().filter_map(|rest| rest.outcome());
        let all = outcomes.fold(Outcomes::EMPTY, |set, outcome| set.union(Outcomes::one(outcome)));
        all.without(Outcome::Impossible)
    }

    /// What is left where a variable gives one of these lists of answers.
    pub(super) fn fixed(&mut self, rests: Rests, choices: &[Answers]) -> Rests {
        let members = self.members(rests).to_vec();
        let mut left = Vec::with_capacity(members.len() * choices.len());
        for answers in choices {
            self.done.clear();
            for rest in &members {
                left.push(self.fix(*rest, answers));
            }
        }
        self.set(left)
    }

    /// A rest with some levels answered, children before parents and without recursion.
    fn fix(&mut self, rest: Rest, answers: &Answers) -> Rest {
        let mut stack = vec![rest];
        while let Some(top) = stack.last().copied() {
            if self.fixed_already(top).is_some() {
                stack.pop();
                continue;
            }
            let Some(node) = top.node().and_then(|number| self.nodes.get(number)) else {
                stack.pop();
                continue;
            };
            let level = node.level;
            let answer = answers.iter().find(|(own, _)| *own == level).map(|(_, class)| *class);
            let edges: Vec<Rest> = match answer {
                Some(class) => node.edges.get(class).copied().into_iter().collect(),
                None => node.edges.to_vec(),
            };
            let open = edges.iter().copied().filter(|edge| self.fixed_already(*edge).is_none());
            let open: Vec<Rest> = open.collect();
            if !open.is_empty() {
                stack.extend(open);
                continue;
            }
            stack.pop();
            let below: Vec<Rest> = edges.iter().filter_map(|edge| self.fixed_already(*edge)).collect();
            let made = match answer {
                Some(_) => below.first().copied().unwrap_or(Rest(Outcome::Impossible as u32)),
                None => self.made(level, below),
            };
            self.done.insert(top, made);
        }
        self.fixed_already(rest).unwrap_or(rest)
    }

    fn fixed_already(&self, rest: Rest) -> Option<Rest> {
        if rest.outcome().is_some() { Some(rest) } else { self.done.get(&rest).copied() }
    }

    /// What is left where each of these levels may be answered in any way.
    pub(super) fn freed(&mut self, rests: Rests, levels: &[u32], pool: &Pool) -> Rests {
        let arity = |level: &u32| pool.levels.get(*level as usize).map_or(0, Level::arity);
        levels.iter().fold(rests, |rests, level| {
            let choices: Vec<Answers> = (0..arity(level)).map(|class| vec![(*level, class)]).collect();
            self.fixed(rests, &choices)
        })
    }
}
