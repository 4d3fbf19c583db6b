//! All machines of a set of clauses over the columns of batches: what each row comes to, as a number.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::batch::alphabet::{Alphabet, Subject, UNKNOWN};
use crate::batch::column::Batch;
use crate::batch::fold::Pairs;
use crate::batch::gates::{Signal, Wiring, Work, wire};
use crate::batch::machine::{Last, Machine, Mover, TooLarge, Watched};
use crate::batch::order::Order;
use crate::batch::result::RowFault;
use crate::batch::route::raw_signals;
use crate::batch::told::{Ground, Tellings};
use crate::compile::Readings;
use crate::date::Date;
use crate::diagnostic::{Code, Problem};
use crate::evaluate::Steps;
use crate::model::{FieldId, FieldKind};
use crate::program::Key;
use crate::span::Span;

/// How many rows are read at once: few enough that their letters stay near the processor.
pub(super) const CHUNK: usize = 2048;

/// Orders of pairs of columns, by the gate that compares them.
pub(super) type Orders<'b> = HashMap<usize, Order<'b>>;

/// Machines for some clauses, the columns they read, and all that was worked out for them.
#[derive(Debug)]
pub(super) struct Machines {
    readings: Readings,
    /// The place in a batch of each column that is read.
    pub(super) places: Vec<usize>,
    pub(super) alphabets: Vec<Alphabet>,
    pub(super) wiring: Wiring,
    tellings: Tellings,
    machines: Vec<Machine>,
    /// The states of all machines, folded into one number.
    folds: Vec<Pairs>,
    /// How often a machine was split: what rows came to before has other numbers after.
    pub(super) splits: usize,
}

impl Machines {
    /// Machines for these clauses, over batches that have these columns.
    ///
    /// # Errors
    /// A column that names no fact of the vocabulary, or one named twice.
    pub(super) fn new(
        steps: Steps<'_>,
        batch: &Batch<'_>,
        as_of: Option<Date>,
        readings: Readings,
        clauses: Vec<Watched>,
    ) -> Result<Self, Vec<Problem>> {
        let (subjects, places) = subjects(steps, batch)?;
        let wiring = wire(steps, &subjects);
        let tellings = Tellings::new(steps, &wiring, as_of);
        let mut made = Self {
            readings,
            places,
            alphabets: subjects.into_iter().map(|subject| Alphabet::new(steps, subject)).collect(),
            wiring,
            tellings,
            machines: Vec::new(),
            folds: Vec::new(),
            splits: 0,
        };
        let first = made.machine(steps, clauses, true);
        made.machines.push(first);
        Ok(made)
    }

    /// Makes ready for a batch.
    pub(super) fn begin(&mut self, steps: Steps<'_>, batch: &Batch<'_>) {
        for (alphabet, place) in self.alphabets.iter_mut().zip(&self.places) {
            if let Some(column) = batch.columns.get(*place) {
                alphabet.begin(steps, column);
            }
        }
    }

    /// Room for the letters of a chunk, column after column.
    pub(super) fn letters(&self) -> Vec<u32> {
        vec![UNKNOWN; CHUNK * self.alphabets.len()]
    }

    /// The letters of some rows.
    pub(super) fn read(&self, batch: &Batch<'_>, start: usize, count: usize, letters: &mut [u32]) {
        let columns = self.alphabets.iter().zip(&self.places).zip(letters.chunks_mut(CHUNK));
        for ((alphabet, place), letters) in columns {
            if let (Some(column), Some(letters)) = (batch.columns.get(*place), letters.get_mut(..count)) {
                alphabet.read(column, start, letters);
            }
        }
    }

    /// Notes the rows that have a letter which cannot be used.
    pub(super) fn faulty_letters(&self, start: usize, count: usize, letters: &[u32], faults: &mut Vec<RowFault>) {
        for (alphabet, letters) in self.alphabets.iter().zip(letters.chunks(CHUNK)) {
            if !alphabet.has_faults() {
                continue;
            }
            for (row, letter) in letters.iter().take(count).enumerate() {
                if let Some(problem) = alphabet.fault(*letter) {
                    faults.push(RowFault { row: start + row, problem: Arc::clone(problem) });
                }
            }
        }
    }

    /// How the columns of a batch that rules compare stand to each other.
    pub(super) fn orders<'b>(&self, steps: Steps<'_>, batch: &'b Batch<'b>) -> Orders<'b> {
        let gates = self.wiring.gates.iter().enumerate();
        let orders = gates.filter_map(|(number, gate)| {
            let Work::Pair(pair) = &gate.work else { return None };
            let [Some(left), Some(right)] = pair.columns else { return None };
            let column = |number: usize| batch.columns.get(*self.places.get(number)?);
            let months = match steps.program.variables.get(pair.variable as usize).map(|variable| &variable.key) {
                Some(Key::Compare(_, _, _, months)) => *months,
                _ => 0,
            };
            Some((number, Order::new(steps, column(left)?, column(right)?, months)))
        });
        orders.collect()
    }

    fn machine(&mut self, steps: Steps<'_>, clauses: Vec<Watched>, first: bool) -> Machine {
        let ground = Ground { steps, wiring: &self.wiring, alphabets: &self.alphabets };
        let mut mover = Mover { ground, readings: &self.readings, tellings: &mut self.tellings };
        Machine::new(&mut mover, clauses, first)
    }

    /// What each row of a chunk comes to, as a number; `None` where no table is large enough.
    pub(super) fn chunk(
        &mut self,
        steps: Steps<'_>,
        orders: &Orders<'_>,
        start: usize,
        count: usize,
        letters: &[u32],
    ) -> Option<Vec<u32>> {
        let mut all: Vec<Vec<u32>> = Vec::with_capacity(self.machines.len());
        while let Some(number) = (all.len() < self.machines.len()).then_some(all.len()) {
            match self.run(steps, number, orders, (start, count), letters) {
                Ok(states) => all.push(states),
                Err(TooLarge) => self.split(steps, number)?,
            }
        }
        let mut states = all.into_iter();
        let mut folded = states.next().unwrap_or_else(|| vec![0; count]);
        for (fold, own) in self.folds.iter_mut().zip(states) {
            fold.fit(own.iter().copied().max().unwrap_or(0) as usize + 1);
            folded.iter_mut().zip(own).for_each(|(left, right)| *left = fold.of(*left, right));
        }
        Some(folded)
    }

    /// What a number stands for, machine by machine.
    pub(super) fn lasts(&self, folded: u32) -> Vec<Last<'_>> {
        let mut left = folded;
        let mut states: Vec<u32> = Vec::with_capacity(self.machines.len());
        for fold in self.folds.iter().rev() {
            let (before, right) = fold.parts(left);
            states.push(right);
            left = before;
        }
        states.push(left);
        self.machines.iter().zip(states.into_iter().rev()).map(|(machine, state)| machine.last(state)).collect()
    }

    fn run(
        &mut self,
        steps: Steps<'_>,
        number: usize,
        orders: &Orders<'_>,
        (start, count): (usize, usize),
        letters: &[u32],
    ) -> Result<Vec<u32>, TooLarge> {
        let ground = Ground { steps, wiring: &self.wiring, alphabets: &self.alphabets };
        let mut mover = Mover { ground, readings: &self.readings, tellings: &mut self.tellings };
        let mut states = vec![0; count];
        let Some(machine) = self.machines.get_mut(number) else { return Ok(states) };
        let mut ordered = Vec::new();
        for stop in 1..machine.route.stops.len() {
            let reads = machine.route.stops.get(stop).and_then(|stop| stop.reads);
            let own = match reads {
                Some(Signal::Order(pair)) => {
                    ordered.clear();
                    let order = orders.get(&pair);
                    ordered.extend((start..start + count).map(|row| order.map_or(0, |order| order.letter(row))));
                    Some(ordered.as_slice())
                }
                Some(Signal::Column(column)) => {
                    letters.chunks(CHUNK).nth(column).and_then(|letters| letters.get(..count))
                }
                _ => None,
            };
            machine.step(&mut mover, stop, own.unwrap_or_default(), &mut states)?;
        }
        Ok(states)
    }

    /// Two machines in place of one; `None` where its clauses cannot be split.
    fn split(&mut self, steps: Steps<'_>, number: usize) -> Option<()> {
        let machine = self.machines.get(number)?;
        let mut clauses = machine.clauses().to_vec();
        if clauses.len() < 2 {
            return None;
        }
        // Clauses that ask the same columns stay together.
        let variables = |watched: &Watched| steps.program.variant(watched.clause(), &self.readings);
        clauses.sort_by_cached_key(|clause| {
            let told = variables(clause).into_iter().flat_map(|it| &it.diagram.variables);
            let gates = told.filter_map(|it| self.wiring.told_by.get(*it as usize)).flatten().flatten();
            (gates.copied().collect::<BTreeSet<usize>>(), clause.clause())
        });
        let right = clauses.split_off(clauses.len() / 2);
        let (left, right) = (self.machine(steps, clauses, number == 0), self.machine(steps, right, false));
        self.machines.splice(number..=number, [left, right]);
        self.folds = (1..self.machines.len()).map(|_| Pairs::default()).collect();
        self.splits += 1;
        Some(())
    }

    /// The columns and orders that a clause's variables hang on.
    pub(super) fn signals_of(&self, steps: Steps<'_>, clause: usize) -> Vec<Signal> {
        let variables = steps.program.variant(clause, &self.readings).map(|variant| &variant.diagram.variables);
        let told = variables.into_iter().flatten().filter_map(|it| self.wiring.told_by.get(*it as usize));
        raw_signals(&self.wiring, &told.flatten().flatten().copied().collect()).into_iter().collect()
    }

    /// The letter of the basis on which the amounts of a row stand where none is named.
    pub(super) fn basis(&mut self, steps: Steps<'_>, row: usize, letters: &[u32]) -> u32 {
        let found = self.wiring.gates.iter().enumerate().find_map(|(gate, known)| match known.work {
            Work::Basis(column) => Some((gate, column)),
            _ => None,
        });
        let Some((gate, column)) = found else { return 0 };
        let letter = letters.get(column * CHUNK + row).copied().unwrap_or(UNKNOWN);
        let ground = Ground { steps, wiring: &self.wiring, alphabets: &self.alphabets };
        self.tellings.letter(ground, gate, &[letter])
    }

    /// Which rows of a chunk columns alone do not tell apart exactly: an amount is converted, or a field computed, by what
    /// the row itself says.
    pub(super) fn apart(&self, batch: &Batch<'_>, count: usize, letters: &[u32]) -> Vec<usize> {
        let unordered = self.unordered(batch);
        let Wiring { apart, computed, .. } = &self.wiring;
        if apart.is_empty() && computed.is_empty() && unordered.is_empty() {
            return Vec::new();
        }
        let known =
            |column: &usize, row: usize| letters.get(column * CHUNK + row).is_some_and(|letter| *letter != UNKNOWN);
        let both = |pairs: &[[usize; 2]], row| pairs.iter().any(|[left, right]| known(left, row) && known(right, row));
        let own = |row: &usize| {
            apart.iter().any(|column| known(column, *row)) || both(computed, *row) || both(&unordered, *row)
        };
        (0..count).filter(own).collect()
    }

    /// Pairs of columns whose fields are compared, and whose values no order is taken of.
    fn unordered(&self, batch: &Batch<'_>) -> Vec<[usize; 2]> {
        let pairs = self.wiring.gates.iter().filter_map(|gate| {
            let Work::Pair(pair) = &gate.work else { return None };
            let [Some(left), Some(right)] = pair.columns else { return None };
            let values = |number: usize| self.places.get(number).and_then(|place| batch.columns.get(*place));
            let plain = Order::can_be_taken(&values(left)?.values, &values(right)?.values);
            (!plain).then_some([left, right])
        });
        pairs.collect()
    }
}

/// What the columns of a batch say, and the places of those that rules or the checks of facts look at.
fn subjects(steps: Steps<'_>, batch: &Batch<'_>) -> Result<(Vec<Subject>, Vec<usize>), Vec<Problem>> {
    let (mut subjects, mut places, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen: BTreeSet<(FieldId, Option<&str>)> = BTreeSet::new();
    let model = steps.model;
    for (place, column) in batch.columns.iter().enumerate() {
        let Some(field) = model.vocabulary.field_named(column.field) else {
            problems.push(Problem::error(Code::UnknownKey, Span::default()).with(column.field));
            continue;
        };
        if !seen.insert((field, column.inner)) {
            problems.push(Problem::error(Code::DuplicateKey, Span::default()).with(column.field));
            continue;
        }
        let plain = matches!(model.vocabulary.field(field).map(|field| &field.kind), Some(FieldKind::Text));
        let asked = steps.program.variable(&Key::Presence(field)).is_some();
        if !plain || asked || steps.program.roles.region == Some(field) {
            let (name, inner) = (column.field.to_owned(), column.inner.map(str::to_owned));
            subjects.push(Subject { name, inner, field });
            places.push(place);
        }
    }
    if problems.is_empty() { Ok((subjects, places)) } else { Err(problems) }
}
