//! What gates come to: for each combination of signals that is met, by the steps that make a single case ready.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::batch::alphabet::{Alphabet, typed};
use crate::batch::column::written;
use crate::batch::gates::{Pair, Signal, Wiring, Work};
use crate::date::Date;
use crate::diagnostic::Problem;
use crate::evaluate::{Graded, State, Steps, answer_of};
use crate::facts::CaseFacts;
use crate::model::MemberId;
use crate::program::{Diagram, Key, Level, Program, Question};

/// What a letter tells: the states of some variables.
pub(super) type Told = Vec<(u32, State)>;

/// What one letter of a gate stands for.
#[derive(Debug, Default)]
struct Letter {
    /// The letters of its signals, in one case of it.
    sample: Box<[u32]>,
    /// The states of a leaf's variables.
    states: Told,
    /// What clauses learn of it: what is known, or tied to nothing.
    told: Told,
    /// The classes that tables leave.
    classes: Option<Vec<MemberId>>,
    fault: Option<Arc<Problem>>,
}

/// The letters of one gate.
#[derive(Debug, Default)]
struct Letters {
    by_signals: HashMap<Box<[u32]>, u32>,
    by_content: HashMap<String, u32>,
    letters: Vec<Letter>,
}

/// What a tie can see of a leaf's letters: letters that no constraint tells apart have one number.
#[derive(Debug, Default)]
struct Sights {
    numbers: HashMap<u32, u32>,
    by_sight: HashMap<String, u32>,
    /// A letter of each number.
    samples: Vec<u32>,
}

/// What all gates have come to so far.
#[derive(Debug)]
pub(super) struct Tellings {
    gates: Vec<Letters>,
    sights: HashMap<(usize, usize), Sights>,
    nothing: CaseFacts,
    base: Vec<State>,
    as_of: Option<Date>,
}

/// What gates are made of.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) steps: Steps<'a>,
    pub(super) wiring: &'a Wiring,
    pub(super) alphabets: &'a [Alphabet],
}

impl Tellings {
    pub(super) fn new(steps: Steps<'_>, wiring: &Wiring, as_of: Option<Date>) -> Self {
        let nothing = steps.filled(&CaseFacts::default(), as_of);
        let numbers = 0..u32::try_from(steps.program.variables.len()).unwrap_or(u32::MAX);
        let base = numbers.filter_map(|number| steps.state(&nothing, number)).collect();
        let gates = wiring.gates.iter().map(|_| Letters::default()).collect();
        Self { gates, sights: HashMap::new(), nothing, base, as_of }
    }

    /// The letter of a gate whose signals have these.
    pub(super) fn letter(&mut self, ground: Ground<'_>, gate: usize, signals: &[u32]) -> u32 {
        if let Some(known) = self.gates.get(gate).and_then(|own| own.by_signals.get(signals)) {
            return *known;
        }
        let made = ground.wiring.gates.get(gate).map(|known| match &known.work {
            Work::Basis(column) => self.basis(ground, *column, signals),
            Work::Classes(field) => {
                let facts = self.facts(ground, columns(&known.signals, signals));
                Letter { classes: ground.steps.classes(&facts, *field), ..Letter::default() }
            }
            Work::Leaf(variables) => self.leaf(ground, variables, &known.signals, signals),
            Work::Tie(constraints, leaves) => self.tie(ground, gate, constraints, leaves, signals),
            Work::Pair(pair) => self.pair(ground, pair, &known.signals, signals),
        });
        let mut made = made.unwrap_or_default();
        made.sample = signals.into();
        let Some(own) = self.gates.get_mut(gate) else { return 0 };
        // Letters that tell the same are one: cases that differ in nothing else go on together.
        let content = format!("{:?}{:?}{:?}{:?}", made.states, made.told, made.classes, made.fault.as_deref());
        let next = u32::try_from(own.letters.len()).unwrap_or(u32::MAX);
        let letter = *own.by_content.entry(content).or_insert(next);
        if letter == next {
            own.letters.push(made);
        }
        own.by_signals.insert(signals.into(), letter);
        letter
    }

    /// What clauses learn of a gate's letter.
    pub(super) fn told(&self, gate: usize, letter: u32) -> &[(u32, State)] {
        self.of(gate, letter).map_or(&[], |letter| &letter.told)
    }

    /// What is wrong where a gate has this letter.
    pub(super) fn fault(&self, gate: usize, letter: u32) -> Option<&Arc<Problem>> {
        self.of(gate, letter)?.fault.as_ref()
    }

    fn of(&self, gate: usize, letter: u32) -> Option<&Letter> {
        self.gates.get(gate)?.letters.get(letter as usize)
    }

    /// The number of what a tie sees of a leaf's letter.
    pub(super) fn sight(&mut self, ground: Ground<'_>, leaf: usize, tie: usize, letter: u32) -> u32 {
        let known = self.sights.get(&(leaf, tie)).and_then(|own| own.numbers.get(&letter));
        if let Some(known) = known {
            return *known;
        }
        let constraints = ground.wiring.gates.get(tie).map_or(&[][..], |gate| match &gate.work {
            Work::Tie(constraints, _) => constraints,
            _ => &[],
        });
        let states = self.of(leaf, letter).map_or(&[][..], |known| &known.states);
        let seen = seen(ground.steps.program, constraints, states);
        let own = self.sights.entry((leaf, tie)).or_default();
        let next = u32::try_from(own.samples.len()).unwrap_or(u32::MAX);
        let number = *own.by_sight.entry(seen).or_insert(next);
        if number == next {
            own.samples.push(letter);
        }
        own.numbers.insert(letter, number);
        number
    }

    /// The facts that these letters of columns stand for, filled.
    fn facts(&self, ground: Ground<'_>, letters: impl Iterator<Item = (usize, u32)>) -> CaseFacts {
        let witnesses = letters.filter_map(|(column, letter)| {
            let alphabet = ground.alphabets.get(column)?;
            let witness = alphabet.witnesses.get(letter as usize)?.clone();
            Some((alphabet.subject.name.as_str(), alphabet.subject.inner.as_deref(), witness))
        });
        let facts = written(witnesses);
        if facts.as_object().is_some_and(serde_json::Map::is_empty) {
            return self.nothing.clone();
        }
        // What is wrong with a value is told of its rows; such a value tells nothing.
        let typed = super::read(ground.steps.model, &facts).unwrap_or_default();
        ground.steps.filled(&typed, self.as_of)
    }

    fn basis(&self, ground: Ground<'_>, column: usize, signals: &[u32]) -> Letter {
        let alphabet = ground.alphabets.get(column);
        let witness = alphabet.zip(signals.first()).and_then(|(known, letter)| {
            let witness: &Value = known.witnesses.get(*letter as usize)?;
            Some((known, witness))
        });
        let facts = witness.and_then(|(known, witness)| typed(ground.steps, &known.subject, witness).ok());
        let basis = ground.steps.case_basis(&facts.unwrap_or_default());
        // The basis has no variable of its own; its number keeps letters apart.
        let classes = basis.map(|basis| vec![MemberId(basis.0)]);
        Letter { classes, ..Letter::default() }
    }

    fn leaf(&self, ground: Ground<'_>, variables: &[u32], signals: &[Signal], letters: &[u32]) -> Letter {
        let Ground { steps, wiring, .. } = ground;
        let mut own: Vec<(usize, u32)> = columns(signals, letters).collect();
        let mut classed = Vec::new();
        for (signal, letter) in signals.iter().zip(letters) {
            let Signal::Gate(gate) = signal else { continue };
            match wiring.gates.get(*gate).map(|gate| &gate.work) {
                Some(Work::Basis(column)) => {
                    let sample = self.of(*gate, *letter).and_then(|known| known.sample.first());
                    own.extend(sample.map(|letter| (*column, *letter)));
                }
                Some(Work::Classes(field)) => {
                    let classes = self.of(*gate, *letter).and_then(|known| known.classes.clone());
                    classed.extend(classes.map(|classes| (*field, classes)));
                }
                _ => {}
            }
        }
        let mut facts = self.facts(ground, own.into_iter());
        let graded = classed.into_iter().filter_map(|(field, members)| steps.settled(&mut facts, field, members));
        let graded: Vec<Graded> = graded.collect();
        let mut states = self.base.clone();
        for variable in variables {
            put(&mut states, *variable, steps.state(&facts, *variable));
        }
        steps.narrow_classes(&graded, &mut states);
        let states = variables.iter().filter_map(|number| Some((*number, states.get(*number as usize)?.clone())));
        let states: Told = states.collect();
        let tied = |variable: u32| wiring.told_by.get(variable as usize).is_some_and(|[_, tie]| tie.is_some());
        let told = states.iter().filter(|(variable, state)| state.is_known() || !tied(*variable));
        Letter { told: told.cloned().collect(), states, ..Letter::default() }
    }

    /// What a tie leaves of the variables that are not known.
    fn tie(&self, ground: Ground<'_>, gate: usize, constraints: &[u32], leaves: &[usize], signals: &[u32]) -> Letter {
        let mut states = self.base.clone();
        let (mut own, mut open) = (Vec::new(), Vec::new());
        let mut sights = signals.iter();
        for leaf in leaves {
            let Some(wired) = ground.wiring.gates.get(*leaf) else { continue };
            let letter = if wired.signals.is_empty() {
                0
            } else {
                let known = self.sights.get(&(*leaf, gate)).zip(sights.next());
                known.and_then(|(sights, sight)| sights.samples.get(*sight as usize)).copied().unwrap_or(0)
            };
            let Some(known) = self.of(*leaf, letter) else { continue };
            for (variable, state) in &known.states {
                put(&mut states, *variable, Some(state.clone()));
                let tie = ground.wiring.told_by.get(*variable as usize).and_then(|[_, tie]| *tie);
                open.extend((tie == Some(gate) && !state.is_known()).then_some(*variable));
            }
            own.extend(columns(&wired.signals, &known.sample));
        }
        let facts = self.facts(ground, own.into_iter());
        match ground.steps.narrow(constraints, &facts, &mut states) {
            Ok(()) => {
                let told = open.into_iter().filter_map(|number| Some((number, states.get(number as usize)?.clone())));
                Letter { told: told.collect(), ..Letter::default() }
            }
            Err(problem) => Letter { fault: Some(Arc::new(problem)), ..Letter::default() },
        }
    }

    fn pair(&self, ground: Ground<'_>, pair: &Pair, signals: &[Signal], letters: &[u32]) -> Letter {
        let steps = ground.steps;
        let variable = steps.program.variables.get(pair.variable as usize);
        let order = signals.iter().zip(letters).find_map(|(signal, letter)| match signal {
            Signal::Order(_) => order_of(*letter),
            _ => None,
        });
        if let (Some(order), Some(Key::Compare(_, operator, _, _))) = (order, variable.map(|variable| &variable.key)) {
            let told = vec![(pair.variable, State::Cell(answer_of(*operator, order)))];
            return Letter { told, ..Letter::default() };
        }
        let facts = self.facts(ground, columns(signals, letters));
        let mut states = self.base.clone();
        let fields = pair.columns.iter().flatten().filter_map(|column| ground.alphabets.get(*column));
        let fields: Vec<_> = fields.map(|alphabet| alphabet.subject.field).collect();
        for (number, variable) in (0u32..).zip(&steps.program.variables) {
            if variable.key.field().is_some_and(|field| fields.contains(&field)) {
                put(&mut states, number, steps.state(&facts, number));
            }
        }
        for (signal, letter) in signals.iter().zip(letters) {
            if let Signal::Gate(tie) = signal
                && pair.ties.contains(tie)
            {
                for (variable, state) in self.told(*tie, *letter) {
                    put(&mut states, *variable, Some(state.clone()));
                }
            }
        }
        steps.compare(&facts, pair.variable, &mut states);
        let told = states.get(pair.variable as usize).map(|state| vec![(pair.variable, state.clone())]);
        Letter { told: told.unwrap_or_default(), ..Letter::default() }
    }
}

fn put(states: &mut [State], variable: u32, state: Option<State>) {
    if let (Some(slot), Some(state)) = (states.get_mut(variable as usize), state) {
        *slot = state;
    }
}

/// The columns among signals, with their letters.
fn columns<'s>(signals: &'s [Signal], letters: &'s [u32]) -> impl Iterator<Item = (usize, u32)> + 's {
    signals.iter().zip(letters).filter_map(|(signal, letter)| match signal {
        Signal::Column(column) => Some((*column, *letter)),
        _ => None,
    })
}

/// The letter of an order: 0 where either side is not known.
pub(super) const fn order_letter(order: Ordering) -> u32 {
    match order {
        Ordering::Less => 1,
        Ordering::Equal => 2,
        Ordering::Greater => 3,
    }
}

const fn order_of(letter: u32) -> Option<Ordering> {
    match letter {
        1 => Some(Ordering::Less),
        2 => Some(Ordering::Equal),
        3 => Some(Ordering::Greater),
        _ => None,
    }
}

/// The same for two letters where no constraint tells them apart; what is not known is told in full.
fn seen(program: &Program, constraints: &[u32], states: &[(u32, State)]) -> String {
    let mut seen = String::new();
    for (variable, state) in states {
        for number in constraints {
            let Some(constraint) = program.constraints.get(*number as usize) else { continue };
            if !constraint.diagram.variables.contains(variable) {
                continue;
            }
            if !state.is_known() {
                seen.push_str(&format!("{variable}:{state:?};"));
                break;
            }
            let answers = levels(program, &constraint.diagram, *variable).map(|level| match (&level.question, state) {
                (Question::Class(classes), State::Cell(cell)) => classes.class(*cell),
                (Question::Meets(set), state) => usize::from(state.meets(set).unwrap_or(false)),
                (Question::Class(_), _) => usize::MAX,
            });
            seen.push_str(&format!("{variable}/{number}:{:?};", answers.collect::<Vec<_>>()));
        }
    }
    seen
}

/// The levels of a diagram that ask a variable.
fn levels<'a>(program: &'a Program, diagram: &'a Diagram, variable: u32) -> impl Iterator<Item = &'a Level> {
    let nodes = diagram.root.as_node().map_or(0..0, |root| diagram.first..root + 1);
    let mut numbers: Vec<u32> = nodes.filter_map(|number| Some(program.pool.nodes.get(number)?.level)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let own = numbers.into_iter().filter_map(|number| program.pool.levels.get(number as usize));
    own.filter(move |level| level.variable == variable)
}
