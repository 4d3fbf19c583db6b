//! Many clauses at once: a machine that reads a case letter by letter and knows, at each, what is left of every clause.
//!
//! Its states and moves are made when a case first needs them, by fixing diagrams; a case whose letters were met before costs
//! a look in a table for each. Cases that differ only in what no clause asks any more share a state, which is what
//! keeps the tables small. Where they still grow too large the clauses are split between two machines.

use std::collections::HashMap;

use crate::batch::rest::{Answers, Arena, Rests};
use crate::evaluate::{State, Steps};
use crate::program::{Diagram, Outcomes, Question};

/// How many moves one step of a machine may have before its clauses are split.
const MOVES: usize = 1 << 22;

/// How many states one step may have.
const STATES: usize = 1 << 16;

const UNSEEN: u32 = u32::MAX;

/// The tables of a machine grew too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// What a letter tells: the states of some variables.
pub(super) type Told = [(u32, State)];

/// The moves of one step: for each state and letter the next state.
#[derive(Debug, Default)]
struct Moves {
    table: Vec<u32>,
    letters: usize,
    states: Vec<Box<[Rests]>>,
    by_state: HashMap<Box<[Rests]>, u32>,
}

/// A machine for some clauses.
#[derive(Debug)]
pub(super) struct Machine {
    /// The clauses, rising.
    pub(super) clauses: Vec<usize>,
    arena: Arena,
    steps: Vec<Moves>,
}

/// What a machine needs to make a move.
pub(super) struct Mover<'a> {
    /// The rules.
    pub(super) steps: Steps<'a>,
    /// The diagrams of all clauses.
    pub(super) diagrams: &'a [Option<&'a Diagram>],
}

impl<'a> Mover<'a> {
    fn diagram(&self, clause: usize) -> Option<&'a Diagram> {
        self.diagrams.get(clause).copied().flatten()
    }
}

impl Machine {
    /// A machine at its start, where `told` is known of every case, that reads so many letters.
    pub(super) fn new(mover: &Mover<'_>, clauses: Vec<usize>, told: &Told, letters: usize) -> Self {
        let mut arena = Arena::default();
        let mut start: Vec<Rests> = Vec::with_capacity(clauses.len());
        for clause in &clauses {
            let Some(diagram) = mover.diagram(*clause) else { continue };
            let mut rests = arena.whole(&mover.steps.program.pool, diagram);
            for (variable, state) in told {
                rests = fixed(&mut arena, mover, diagram, rests, *variable, state);
            }
            start.push(rests);
        }
        let mut machine = Self { clauses, arena, steps: (0..=letters).map(|_| Moves::default()).collect() };
        if let Some(first) = machine.steps.first_mut() {
            first.state(start.into());
        }
        machine
    }

    /// Moves every case by one letter of it. `told` says what a letter tells.
    pub(super) fn step<'t>(
        &mut self,
        mover: &Mover<'_>,
        step: usize,
        letters: &[u32],
        states: &mut [u32],
        told: &dyn Fn(u32) -> &'t Told,
    ) -> Result<(), TooLarge> {
        let highest = letters.iter().copied().max().unwrap_or(0) as usize + 1;
        if let Some(moves) = self.steps.get_mut(step) {
            moves.fit(highest)?;
        }
        for (state, letter) in states.iter_mut().zip(letters) {
            let next = self.steps.get(step).map_or(UNSEEN, |moves| moves.next(*state, *letter));
            *state = if next == UNSEEN { self.make(mover, step, *state, *letter, told(*letter))? } else { next };
        }
        Ok(())
    }

    #[cold]
    fn make(&mut self, mover: &Mover<'_>, step: usize, state: u32, letter: u32, told: &Told) -> Result<u32, TooLarge> {
        let Some(from) = self.steps.get(step).and_then(|moves| moves.states.get(state as usize)).cloned() else {
            return Ok(0);
        };
        let mut to = from.into_vec();
        for (variable, known) in told {
            for (rests, clause) in to.iter_mut().zip(&self.clauses) {
                if self.arena.is_decided(*rests) {
                    continue;
                }
                let Some(diagram) = mover.diagram(*clause).filter(|found| found.variables.contains(variable)) else {
                    continue;
                };
                *rests = fixed(&mut self.arena, mover, diagram, *rests, *variable, known);
            }
        }
        let next = self.steps.get_mut(step + 1).map_or(0, |moves| moves.state(to.into()));
        if next as usize >= STATES {
            return Err(TooLarge);
        }
        if let Some(moves) = self.steps.get_mut(step) {
            moves.set(state, letter, next)?;
        }
        Ok(next)
    }

    /// The outcomes of each clause in a last state.
    pub(super) fn outcomes(&self, state: u32) -> Vec<(usize, Outcomes)> {
        let rests = self.steps.last().and_then(|moves| moves.states.get(state as usize));
        let rests = rests.map_or(&[][..], AsRef::as_ref);
        self.clauses.iter().zip(rests).map(|(clause, rests)| (*clause, self.arena.outcomes(*rests))).collect()
    }

    /// How many last states were met.
    pub(super) fn ends(&self) -> usize {
        self.steps.last().map_or(0, |moves| moves.states.len())
    }
}

impl Moves {
    fn state(&mut self, rests: Box<[Rests]>) -> u32 {
        if let Some(known) = self.by_state.get(&rests) {
            return *known;
        }
        let number = u32::try_from(self.states.len()).unwrap_or(UNSEEN - 1);
        self.states.push(rests.clone());
        self.by_state.insert(rests, number);
        number
    }

    /// Makes room for letters up to this many.
    fn fit(&mut self, letters: usize) -> Result<(), TooLarge> {
        if letters <= self.letters {
            return Ok(());
        }
        let wider = letters.next_power_of_two();
        let rows = self.table.len().checked_div(self.letters).unwrap_or(0);
        if rows * wider > MOVES {
            return Err(TooLarge);
        }
        let mut table = vec![UNSEEN; rows * wider];
        if self.letters > 0 {
            for (old, new) in self.table.chunks(self.letters).zip(table.chunks_mut(wider)) {
                new.iter_mut().zip(old).for_each(|(new, old)| *new = *old);
            }
        }
        (self.table, self.letters) = (table, wider);
        Ok(())
    }

    #[inline]
    fn next(&self, state: u32, letter: u32) -> u32 {
        self.table.get(state as usize * self.letters + letter as usize).copied().unwrap_or(UNSEEN)
    }

    fn set(&mut self, state: u32, letter: u32, next: u32) -> Result<(), TooLarge> {
        let place = state as usize * self.letters + letter as usize;
        if place >= self.table.len() {
            let rows = (state as usize + 1).next_power_of_two();
            if rows * self.letters > MOVES {
                return Err(TooLarge);
            }
            self.table.resize(rows * self.letters, UNSEEN);
        }
        if let Some(slot) = self.table.get_mut(place) {
            *slot = next;
        }
        Ok(())
    }
}

/// What is left of a clause where a variable is in a state.
fn fixed(arena: &mut Arena, mover: &Mover<'_>, diagram: &Diagram, rests: Rests, variable: u32, state: &State) -> Rests {
    let pool = &mover.steps.program.pool;
    let own = |level: &u32| pool.levels.get(*level as usize).filter(|found| found.variable == variable);
    if let Some(group) = diagram.groups.iter().find(|group| group.variable == variable) {
        let of_mask = |mask: u128| -> Answers {
            let answers = group.levels.iter().enumerate();
            answers.map(|(bit, level)| (*level, usize::from(mask >> bit.min(127) & 1 == 1))).collect()
        };
        let plain = group.levels.iter().map(|level| match &own(level)?.question {
            Question::Meets(set) => Some((*level, usize::from(state.meets(set)?))),
            Question::Class(_) => None,
        });
        if let Some(answers) = plain.collect::<Option<Answers>>() {
            return arena.fixed(rests, &[answers]);
        }
        return match mover.steps.masks(diagram, variable, state) {
            Some(masks) => arena.fixed(rests, &masks.into_iter().map(of_mask).collect::<Vec<_>>()),
            None => arena.freed(rests, &group.levels, pool),
        };
    }
    let choices = diagram_levels(diagram, pool).filter_map(|level| {
        let Question::Class(classes) = &own(&level)?.question else { return None };
        let mut found: Vec<usize> = match state {
            State::Cell(cell) => vec![classes.class(*cell)],
            other => {
                let cells = other.cells();
                let last = cells.ends().map_or(0, |(_, last)| last);
                let runs = classes.runs(last).filter(|(first, end, _)| cells.meets_range(*first, *end));
                runs.map(|(_, _, class)| class).collect()
            }
        };
        found.sort_unstable();
        found.dedup();
        Some(found.into_iter().map(|class| vec![(level, class)]).collect::<Vec<Answers>>())
    });
    let choices: Vec<Vec<Answers>> = choices.collect();
    choices.iter().fold(rests, |rests, choices| arena.fixed(rests, choices))
}

/// The levels of a diagram, each once.
fn diagram_levels(diagram: &Diagram, pool: &crate::program::Pool) -> impl Iterator<Item = u32> {
    let nodes = diagram.root.as_node().map_or(0..0, |root| diagram.first..root + 1);
    let mut levels: Vec<u32> = nodes.filter_map(|number| Some(pool.nodes.get(number)?.level)).collect();
    levels.sort_unstable();
    levels.dedup();
    levels.into_iter()
}
