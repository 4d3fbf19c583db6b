//! Walking a diagram: the outcomes over all completions of what is unknown.

use crate::evaluate::state::State;
use crate::model::LeafSet;
use crate::program::{CellSet, Diagram, Group, Level, Node, Outcome, Outcomes, Program, Question, Target};

/// How many answers of an open list are looked at one by one.
const LISTS: usize = 1024;

/// Walks the diagrams of a program for one case. Keeps its working space from clause to clause.
#[derive(Debug)]
pub struct Walker<'a> {
    program: &'a Program,
    states: &'a [State],
    instead: Vec<(u32, State)>,
    sets: Vec<Outcomes>,
    masks: Vec<(u32, Option<Vec<u128>>)>,
}

impl<'a> Walker<'a> {
    /// A walker over the states of a case's variables.
    #[must_use]
    pub const fn new(program: &'a Program, states: &'a [State]) -> Self {
        Self { program, states, instead: Vec::new(), sets: Vec::new(), masks: Vec::new() }
    }

    /// Takes other states for some variables.
    pub fn instead(&mut self, states: Vec<(u32, State)>) {
        self.instead = states;
    }

    /// The state of a variable.
    #[must_use]
    pub fn state(&self, variable: u32) -> Option<&State> {
        if let Some((_, state)) = self.instead.iter().find(|(other, _)| *other == variable) {
            return Some(state);
        }
        self.states.get(variable as usize)
    }

    /// The outcomes over all completions; impossible ones are left out.
    pub fn outcomes(&mut self, diagram: &Diagram) -> Outcomes {
        let mut at = diagram.root;
        while let Some(number) = at.as_node() {
            let Some((node, level)) = self.program.pool.node(number) else { break };
            match self.known(node, level) {
                Some(next) => at = next,
                None => return self.all(diagram, number),
            }
        }
        at.as_outcome().map_or(Outcomes::EMPTY, Outcomes::one).without(Outcome::Impossible)
    }

    /// The edge that a node takes, where what is known decides it.
    pub(super) fn known(&self, node: Node, level: &Level) -> Option<Target> {
        let class = match (self.state(level.variable)?, &level.question) {
            (State::Cell(cell), Question::Class(classes)) => classes.class(*cell),
            (State::Members(leaves), Question::Meets(set)) => usize::from(leaves.meets(set)),
            (state, Question::Meets(set)) => usize::from(state.meets(set)?),
            _ => return None,
        };
        Some(self.program.pool.edge(node, class))
    }

    /// The outcomes from a node on: those of its children first, as the nodes are numbered.
    fn all(&mut self, diagram: &Diagram, root: usize) -> Outcomes {
        self.prepare(diagram);
        self.sets.clear();
        for number in diagram.first..=root {
            let Some((node, level)) = self.program.pool.node(number) else { continue };
            let set = self.outcomes_at(diagram, node, level);
            self.sets.push(set);
        }
        self.sets.last().copied().unwrap_or_default()
    }

    fn outcomes_at(&self, diagram: &Diagram, node: Node, level: &Level) -> Outcomes {
        if let Some(target) = self.known(node, level) {
            return self.of(diagram, target);
        }
        let mut set = Outcomes::EMPTY;
        match (self.state(level.variable), &level.question) {
            (Some(State::Cells(cells)), Question::Class(classes)) => {
                let last = cells.ends().map_or(0, |(_, last)| last);
                for (first, end, class) in classes.runs(last) {
                    if cells.meets_range(first, end) {
                        set = set.union(self.of(diagram, self.program.pool.edge(node, class)));
                    }
                }
            }
            (Some(_), Question::Meets(_)) => match self.masks_of(level.variable) {
                Some(masks) => {
                    for mask in masks {
                        set = set.union(self.of(diagram, self.follow(diagram, node, level.variable, *mask)));
                    }
                }
                None => {
                    for class in 0..2 {
                        set = set.union(self.of(diagram, self.program.pool.edge(node, class)));
                    }
                }
            },
            _ => {}
        }
        set
    }

    fn of(&self, diagram: &Diagram, target: Target) -> Outcomes {
        match (target.as_outcome(), target.as_node()) {
            (Some(Outcome::Impossible), _) => Outcomes::EMPTY,
            (Some(outcome), _) => Outcomes::one(outcome),
            (None, Some(number)) => {
                let place = number.checked_sub(diagram.first);
                place.and_then(|place| self.sets.get(place)).copied().unwrap_or_default()
            }
            (None, None) => Outcomes::EMPTY,
        }
    }

    /// Works out which answers each open list can give to the clause's questions.
    pub(super) fn prepare(&mut self, diagram: &Diagram) {
        self.masks.clear();
        for group in &diagram.groups {
            let masks = match self.state(group.variable) {
                Some(State::Open { fixed, picks }) => Some(self.picked(group, fixed, picks)),
                Some(State::Any { allowed, must, may_be_empty }) => self.any(group, allowed, must, *may_be_empty),
                _ => continue,
            };
            self.masks.push((group.variable, masks));
        }
    }

    /// The answers of the fixed cells with one of each set of picks.
    fn picked(&self, group: &Group, fixed: &LeafSet, picks: &[CellSet]) -> Vec<u128> {
        let mut masks = vec![self.mask(group, |set| fixed.meets(set))];
        for pick in picks {
            let mut answers: Vec<u128> =
                pick.cells().map(|cell| self.mask(group, |set| set.contains(cell as usize))).collect();
            answers.sort_unstable();
            answers.dedup();
            masks = masks.iter().flat_map(|mask| answers.iter().map(move |answer| mask | answer)).collect();
            masks.sort_unstable();
            masks.dedup();
        }
        masks
    }

    /// The answers of every list of allowed cells; `None` where there are too many to look at one by one: the diagram then
    /// ties the questions itself.
    fn any(&self, group: &Group, allowed: &CellSet, must: &[LeafSet], may_be_empty: bool) -> Option<Vec<u128>> {
        let asked = group.levels.len();
        let must = must.get(..128usize.saturating_sub(asked).min(must.len())).unwrap_or_default();
        let wanted = (0..must.len()).fold(0u128, |bits, place| bits | 1 << (asked + place));
        let none = self.program.variables.get(group.variable as usize).map_or(u32::MAX, |variable| variable.none);
        let answer = |cell: u32| {
            let held = must.iter().enumerate().filter(|(_, set)| set.contains(cell as usize));
            let held = held.fold(0u128, |bits, (place, _)| bits | 1 << (asked + place));
            self.mask(group, |set| set.contains(cell as usize)) | held
        };
        let mut single: Vec<u128> = allowed.cells().filter(|cell| *cell != none).map(answer).collect();
        single.sort_unstable();
        single.dedup();
        let mut lists: Vec<u128> = if may_be_empty { vec![0] } else { Vec::new() };
        for answer in single {
            let longer: Vec<u128> = lists.iter().map(|list| list | answer).collect();
            lists.push(answer);
            lists.extend(longer);
            lists.sort_unstable();
            lists.dedup();
            if lists.len() > LISTS {
                return None;
            }
        }
        lists.extend(allowed.contains(none).then(|| answer(none)));
        lists.retain(|list| list & wanted == wanted);
        lists.iter_mut().for_each(|list| *list &= !wanted);
        Some(lists)
    }

    fn mask(&self, group: &Group, holds: impl Fn(&LeafSet) -> bool) -> u128 {
        let mut mask = 0;
        for (bit, level) in group.levels.iter().enumerate().take(128) {
            if let Some(Level { question: Question::Meets(set), .. }) = self.program.pool.levels.get(*level as usize)
                && holds(set)
            {
                mask |= 1 << bit;
            }
        }
        mask
    }

    /// The answers that an open list can give, each a bit for each level of its group; `None` where each answer is free.
    pub(super) fn masks_of(&self, variable: u32) -> Option<&[u128]> {
        self.masks.iter().find(|(other, _)| *other == variable).and_then(|(_, masks)| masks.as_deref())
    }

    /// Where a list's answers lead from one of its nodes: the first place past its group.
    pub(super) fn follow(&self, diagram: &Diagram, node: Node, variable: u32, mask: u128) -> Target {
        let Some(group) = diagram.groups.iter().find(|group| group.variable == variable) else {
            return Target::outcome(Outcome::Impossible);
        };
        let mut node = node;
        loop {
            let bit = group.levels.iter().position(|level| *level == node.level).unwrap_or(0);
            let target = self.program.pool.edge(node, usize::from(mask & (1 << bit) != 0));
            match target.as_node().and_then(|number| self.program.pool.node(number)) {
                Some((next, level)) if level.variable == variable => node = next,
                _ => return target,
            }
        }
    }
}
