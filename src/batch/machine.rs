//! Many clauses at once: a machine that reads a case letter by letter and knows, at each, what is left of every clause.
//!
//! Its states and moves are made when a case first needs them, by fixing diagrams; a case whose letters were met before costs
//! a look in a table for each. Cases that differ only in what no clause asks any more, or in clauses that came to nothing,
//! share a state, which is what keeps the tables small. Where they still grow too large the clauses are split between two
//! machines.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::batch::gates::{Signal, Work};
use crate::batch::rest::{Answers, Arena, Rests};
use crate::batch::route::{Route, Stop};
use crate::batch::told::{Ground, Tellings};
use crate::compile::Readings;
use crate::diagnostic::Problem;
use crate::evaluate::{State, Steps};
use crate::model::Subject;
use crate::program::{Diagram, Outcome, Question, Variant};
use crate::ruling::{Standing, Status};

/// How many moves one step of a machine may have before its clauses are split.
const MOVES: usize = 1 << 18;

/// How many states one step may have.
const STATES: usize = 1 << 13;

/// How many moves and states a machine of one clause may have.
const LAST_MOVES: usize = 1 << 24;

const UNSEEN: u32 = u32::MAX;

/// What stands in a state for a clause that comes to nothing.
const NOTHING: u32 = u32::MAX;

/// The tables of a machine grew too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// A state: whether the case is covered, or what is wrong with it; the rests of the clauses; what is kept in mind.
type Contents = Box<[u32]>;

/// Nothing covers the case so far.
const OPEN: u32 = 0;

/// Some clause covers the case.
const COVERED: u32 = 1;

/// The number of a fault begins here.
const FAULT: u32 = 2;

/// The moves of one step: for each state and letter the next state.
#[derive(Debug, Default)]
struct Moves {
    table: Vec<u32>,
    letters: usize,
    states: Vec<Contents>,
    by_state: HashMap<Contents, u32>,
}

/// A clause that a machine watches.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    clause: usize,
    /// Whom it speaks of.
    subject: Subject,
    /// Whether a case of which it speaks is covered.
    covers: bool,
    /// The only outcome that matters, where a set of cases is told by it; else it matters what the clause does to a ruling.
    counts: Option<Outcome>,
}

impl Watched {
    /// A clause that decides a ruling.
    pub(super) const fn ruled(clause: usize, variant: &Variant) -> Self {
        Self { clause, subject: variant.subject, covers: variant.covers, counts: None }
    }

    /// A clause by whose outcome cases are counted.
    pub(super) const fn counted(clause: usize, variant: &Variant, outcome: Outcome) -> Self {
        Self { clause, subject: variant.subject, covers: false, counts: Some(outcome) }
    }

    /// Its number in the program.
    pub(super) const fn clause(&self) -> usize {
        self.clause
    }

    /// Whether a clause that came to this leaves nothing to remember.
    fn is_nothing(&self, standing: &Standing) -> bool {
        match self.counts {
            Some(outcome) => !standing.outcomes.contains(outcome),
            None => standing.effect().is_none() || !standing.decides(),
        }
    }
}

/// A machine for some clauses.
#[derive(Debug)]
pub(super) struct Machine {
    clauses: Vec<Watched>,
    /// The place of each clause among them.
    places: HashMap<u32, usize>,
    pub(super) route: Route,
    arena: Arena,
    steps: Vec<Moves>,
    fixed: HashMap<(u32, u32, u32, u32), Rests>,
    faults: Vec<Arc<Problem>>,
}

/// What a machine needs to make a move.
pub(super) struct Mover<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) readings: &'a Readings,
    pub(super) tellings: &'a mut Tellings,
}

/// What a last state stands for.
pub(super) enum Last<'a> {
    /// Facts that cannot stand together.
    Fault(&'a Arc<Problem>),
    /// Whether a clause that came to nothing covers the case, and the others.
    Standings(bool, Vec<Standing>),
}

impl Machine {
    /// A machine at its start. The first of a rulebook's machines also sees which facts cannot stand together.
    pub(super) fn new(mover: &mut Mover<'_>, clauses: Vec<Watched>, first: bool) -> Self {
        let steps = mover.ground.steps;
        let mut arena = Arena::default();
        let mut start: Vec<Rests> = Vec::with_capacity(clauses.len());
        let mut wanted: BTreeSet<usize> = BTreeSet::new();
        let mut own = Vec::new();
        for watched in clauses {
            let Some(variant) = steps.program.variant(watched.clause, mover.readings) else { continue };
            start.push(arena.whole(&steps.program.pool, &variant.diagram));
            own.push(watched);
            let told = variant.diagram.variables.iter();
            wanted.extend(told.filter_map(|it| mover.ground.wiring.told_by.get(*it as usize)).flatten().flatten());
        }
        let gates = mover.ground.wiring.gates.iter().enumerate();
        wanted.extend(gates.filter(|(_, gate)| first && matches!(gate.work, Work::Tie(..))).map(|(number, _)| number));
        let route = Route::new(mover.ground.wiring, &wanted);
        let places = own.iter().enumerate();
        let places = places.filter_map(|(place, known)| Some((u32::try_from(known.clause).ok()?, place))).collect();
        let mut machine = Self {
            steps: route.stops.iter().map(|_| Moves::default()).collect(),
            clauses: own,
            places,
            route,
            arena,
            fixed: HashMap::new(),
            faults: Vec::new(),
        };
        let start: Vec<u32> = std::iter::once(OPEN).chain(start.into_iter().map(Rests::number)).collect();
        let contents = machine.after(mover, 0, &start, Vec::new());
        if let Some(first) = machine.steps.first_mut() {
            first.state(contents);
        }
        machine
    }

    /// The clauses that it is for.
    pub(super) fn clauses(&self) -> &[Watched] {
        &self.clauses
    }

    /// Moves every case by one letter of it, the one read at this stop.
    pub(super) fn step(
        &mut self,
        mover: &mut Mover<'_>,
        stop: usize,
        letters: &[u32],
        states: &mut [u32],
    ) -> Result<(), TooLarge> {
        let highest = letters.iter().copied().max().unwrap_or(0) as usize + 1;
        let bound = self.bound();
        let from = stop.saturating_sub(1);
        if let Some(moves) = self.steps.get_mut(from) {
            moves.fit(highest, bound)?;
        }
        let mut left = states.iter_mut().zip(letters);
        // Made moves put others in the table: it is borrowed anew after each.
        loop {
            let Some(moves) = self.steps.get(from) else { return Ok(()) };
            let unseen = left.by_ref().find_map(|(state, letter)| {
                let next = moves.next(*state, *letter);
                if next == UNSEEN {
                    return Some((state, *letter));
                }
                *state = next;
                None
            });
            let Some((state, letter)) = unseen else { return Ok(()) };
            *state = self.make(mover, stop, *state, letter)?;
        }
    }

    fn bound(&self) -> (usize, usize) {
        if self.clauses.len() > 1 { (MOVES, STATES) } else { (LAST_MOVES, LAST_MOVES) }
    }

    #[cold]
    fn make(&mut self, mover: &mut Mover<'_>, stop: usize, state: u32, letter: u32) -> Result<u32, TooLarge> {
        let before = stop.saturating_sub(1);
        let from = self.steps.get(before).and_then(|moves| moves.states.get(state as usize)).cloned();
        let (Some(from), Some(now)) = (from, self.route.stops.get(stop)) else { return Ok(0) };
        let read = now.reads.map(|signal| (signal, letter));
        let kept = self.route.stops.get(before).map_or(&[][..], |stop| &stop.kept);
        let (own, held) = from.split_at_checked(1 + self.clauses.len()).unwrap_or((&from, &[]));
        let known: Vec<(Signal, u32)> = kept.iter().copied().zip(held.iter().copied()).chain(read).collect();
        let contents = self.after(mover, stop, own, known);
        let (most_moves, most_states) = self.bound();
        let next = self.steps.get_mut(stop).map_or(0, |moves| moves.state(contents));
        if next as usize >= most_states {
            return Err(TooLarge);
        }
        if let Some(moves) = self.steps.get_mut(before) {
            moves.set(state, letter, next, most_moves)?;
        }
        Ok(next)
    }

    /// What a state becomes where these signals are known.
    fn after(&mut self, mover: &mut Mover<'_>, stop: usize, own: &[u32], mut known: Vec<(Signal, u32)>) -> Contents {
        let mut contents: Vec<u32> = own.to_vec();
        if own.first().is_some_and(|first| *first >= FAULT) {
            return own.into();
        }
        let ready = self.route.stops.get(stop).map_or_else(Vec::new, |stop| stop.ready.clone());
        for gate in ready {
            let Some(wired) = mover.ground.wiring.gates.get(gate) else { continue };
            let of = |signal: &Signal| known.iter().find(|(other, _)| other == signal).map_or(0, |(_, letter)| *letter);
            let signals: Vec<u32> = wired.signals.iter().map(of).collect();
            let letter = mover.tellings.letter(mover.ground, gate, &signals);
            if let Some(problem) = mover.tellings.fault(gate, letter) {
                self.faults.push(Arc::clone(problem));
                let number = u32::try_from(self.faults.len() - 1).unwrap_or(0);
                return Box::new([FAULT + number]);
            }
            known.push((Signal::Gate(gate), letter));
            if matches!(wired.work, Work::Leaf(_)) {
                self.seen(mover, gate, letter, &mut known);
            }
            self.tell(mover, gate, letter, &mut contents);
        }
        self.settle(&mut contents);
        let kept = self.route.stops.get(stop).map_or(&[][..], |Stop { kept, .. }| kept);
        let of = |signal: &Signal| known.iter().find(|(other, _)| other == signal).map_or(0, |(_, letter)| *letter);
        contents.extend(kept.iter().map(of));
        contents.into()
    }

    /// What ties still to come, or now to be worked out, see of a leaf.
    fn seen(&self, mover: &mut Mover<'_>, leaf: usize, letter: u32, known: &mut Vec<(Signal, u32)>) {
        let ground = mover.ground;
        for (tie, gate) in ground.wiring.gates.iter().enumerate() {
            if matches!(gate.work, Work::Tie(..)) && gate.signals.contains(&Signal::Sight(leaf, tie)) {
                known.push((Signal::Sight(leaf, tie), mover.tellings.sight(ground, leaf, tie, letter)));
            }
        }
    }

    fn tell(&mut self, mover: &Mover<'_>, gate: usize, letter: u32, contents: &mut [u32]) {
        let program = mover.ground.steps.program;
        let number = u32::try_from(gate).unwrap_or(u32::MAX);
        for (variable, state) in mover.tellings.told(gate, letter) {
            for clause in program.ties.get(*variable as usize).map_or(&[][..], |ties| &ties.clauses) {
                let Some(place) = self.places.get(clause).copied() else { continue };
                let Some(slot) = contents.get_mut(place + 1).filter(|slot| **slot != NOTHING) else { continue };
                let rests = Rests::of_number(*slot);
                if self.arena.is_decided(rests) {
                    continue;
                }
                let variant = program.variant(*clause as usize, mover.readings);
                let Some(diagram) = variant.map(|it| &it.diagram).filter(|it| it.variables.contains(variable)) else {
                    continue;
                };
                let key = (*slot, number, letter, *variable);
                let next = match self.fixed.get(&key) {
                    Some(known) => *known,
                    None => {
                        let made = fixed(&mut self.arena, mover.ground.steps, diagram, rests, *variable, state);
                        self.fixed.insert(key, made);
                        made
                    }
                };
                *slot = next.number();
            }
        }
    }

    /// Clauses that came to nothing leave no more than whether they cover the case.
    fn settle(&self, contents: &mut [u32]) {
        let Some((covered, rests)) = contents.split_first_mut() else { return };
        for (slot, known) in rests.iter_mut().zip(&self.clauses) {
            if *slot == NOTHING || !self.arena.is_decided(Rests::of_number(*slot)) {
                continue;
            }
            let standing = self.standing(known, *slot);
            if known.is_nothing(&standing) {
                let speaks = standing.decides() && standing.status() != Status::NotApplicable;
                *covered |= if known.covers && speaks { COVERED } else { OPEN };
                *slot = NOTHING;
            }
        }
    }

    fn standing(&self, known: &Watched, rests: u32) -> Standing {
        let outcomes = self.arena.outcomes(Rests::of_number(rests));
        Standing { clause: known.clause, outcomes, subject: known.subject, covers: known.covers }
    }

    /// What a last state stands for.
    pub(super) fn last(&self, state: u32) -> Last<'_> {
        let contents = self.steps.last().and_then(|moves| moves.states.get(state as usize));
        let (covered, rests) = contents.and_then(|contents| contents.split_first()).unwrap_or((&OPEN, &[]));
        if let Some(fault) = covered.checked_sub(FAULT).and_then(|number| self.faults.get(number as usize)) {
            return Last::Fault(fault);
        }
        let speaking = rests.iter().zip(&self.clauses).filter(|(slot, _)| **slot != NOTHING);
        Last::Standings(*covered == COVERED, speaking.map(|(slot, known)| self.standing(known, *slot)).collect())
    }
}

impl Moves {
    fn state(&mut self, contents: Contents) -> u32 {
        if let Some(known) = self.by_state.get(&contents) {
            return *known;
        }
        let number = u32::try_from(self.states.len()).unwrap_or(UNSEEN - 1);
        self.states.push(contents.clone());
        self.by_state.insert(contents, number);
        number
    }

    /// Makes room for letters up to this many.
    fn fit(&mut self, letters: usize, bound: (usize, usize)) -> Result<(), TooLarge> {
        if letters <= self.letters {
            return Ok(());
        }
        let wider = letters.next_power_of_two();
        let rows = self.table.len().checked_div(self.letters).unwrap_or(0);
        if rows * wider > bound.0 {
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

    fn set(&mut self, state: u32, letter: u32, next: u32, most: usize) -> Result<(), TooLarge> {
        let place = state as usize * self.letters + letter as usize;
        if place >= self.table.len() {
            let rows = (state as usize + 1).next_power_of_two();
            if rows * self.letters > most {
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
fn fixed(arena: &mut Arena, steps: Steps<'_>, diagram: &Diagram, rests: Rests, variable: u32, state: &State) -> Rests {
    let pool = &steps.program.pool;
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
        return match steps.masks(diagram, variable, state) {
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
