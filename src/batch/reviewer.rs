//! Ruling on batches: what is worked out for one case serves every case that no rule tells from it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::batch::alphabet::{Alphabet, Subject, UNKNOWN};
use crate::batch::column::Batch;
use crate::batch::fold::Pairs;
use crate::batch::gates::{Signal, Wiring, Work, wire};
use crate::batch::machine::{Last, Machine, Mover, TooLarge};
use crate::batch::order::Order;
use crate::batch::result::{BatchRulings, End, RowFault};
use crate::batch::told::{Ground, Tellings};
use crate::compile::Readings;
use crate::date::Date;
use crate::diagnostic::{Code, Problem};
use crate::evaluate::{Case, Ready, Steps};
use crate::model::{FieldId, FieldKind, Subject as Whom};
use crate::program::{Key, Outcomes};
use crate::ruling::decide_case;
use crate::span::Span;

/// How many rows are read at once: few enough that their letters stay near the processor.
const CHUNK: usize = 2048;

/// What the rules of a batch are, and how they are read.
#[derive(Debug, Clone)]
pub struct BatchOptions {
    /// The day as of which is ruled, going before the facts'.
    pub as_of: Option<Date>,
    /// The clauses read otherwise than the plan's reading taken.
    pub readings: Readings,
}

/// Rules on batches of one form, and remembers what it has worked out. One for each thread.
#[derive(Debug)]
pub struct ReviewerState {
    options: BatchOptions,
    /// The place in a batch of each column that is read.
    places: Vec<usize>,
    alphabets: Vec<Alphabet>,
    wiring: Wiring,
    tellings: Tellings,
    machines: Vec<Machine>,
    /// The states of all machines, folded into one number.
    folds: Vec<Pairs>,
    /// The end of each such number.
    ends_of: Vec<u32>,
    ends: Arc<Vec<Arc<End>>>,
    by_standings: HashMap<(bool, Vec<(usize, Outcomes)>), u32>,
    /// What is wrong where facts cannot stand together, numbered from [`FAULTY`].
    faults: Vec<Arc<Problem>>,
    apart: u64,
}

/// No end is known yet.
const UNMET: u32 = u32::MAX;

/// The ends of cases whose facts cannot stand together begin here.
const FAULTY: u32 = 1 << 31;

impl ReviewerState {
    /// A reviewer for batches that have these columns.
    ///
    /// # Errors
    /// A column that names no fact of the vocabulary, or one named twice.
    pub fn new(steps: Steps<'_>, batch: &Batch<'_>, options: BatchOptions) -> Result<Self, Vec<Problem>> {
        let (subjects, places) = subjects(steps, batch)?;
        let wiring = wire(steps, &subjects);
        let tellings = Tellings::new(steps, &wiring, options.as_of);
        let mut reviewer = Self {
            options,
            places,
            alphabets: subjects.into_iter().map(|subject| Alphabet::new(steps, subject)).collect(),
            wiring,
            tellings,
            machines: Vec::new(),
            folds: Vec::new(),
            ends_of: Vec::new(),
            ends: Arc::default(),
            by_standings: HashMap::new(),
            faults: Vec::new(),
            apart: 0,
        };
        let own = |clause: &usize| {
            let variant = steps.program.variant(*clause, &reviewer.options.readings);
            variant.is_some_and(|variant| variant.subject == Whom::Application)
        };
        let deciding: Vec<usize> = steps.program.reviewed.iter().filter(own).collect();
        let first = reviewer.machine(steps, &deciding, true);
        reviewer.machines.push(first);
        Ok(reviewer)
    }

    /// How many rows so far were ruled on one by one, because columns alone do not tell them apart exactly.
    #[must_use]
    pub const fn ruled_apart(&self) -> u64 {
        self.apart
    }

    /// Rules on every case of a batch.
    pub fn rule(&mut self, steps: Steps<'_>, batch: &Batch<'_>) -> BatchRulings {
        for (alphabet, place) in self.alphabets.iter_mut().zip(&self.places) {
            if let Some(column) = batch.columns.get(*place) {
                alphabet.begin(steps, column);
            }
        }
        let orders = self.orders(steps, batch);
        let mut rows = Vec::with_capacity(batch.rows);
        let mut faults = Vec::new();
        let mut letters = vec![UNKNOWN; CHUNK * self.alphabets.len()];
        let mut start = 0;
        while start < batch.rows {
            let count = CHUNK.min(batch.rows - start);
            self.read(batch, start, count, &mut letters);
            self.faulty_letters(start, count, &letters, &mut faults);
            let ends = self.chunk(steps, &orders, start, count, &letters);
            self.alone(steps, batch, start, &letters, (ends, &mut rows), &mut faults);
            start += count;
        }
        faults.sort_by_key(|fault| fault.row);
        faults.dedup_by_key(|fault| fault.row);
        BatchRulings { rows, ends: Arc::clone(&self.ends), faults }
    }

    fn read(&self, batch: &Batch<'_>, start: usize, count: usize, letters: &mut [u32]) {
        let columns = self.alphabets.iter().zip(&self.places).zip(letters.chunks_mut(CHUNK));
        for ((alphabet, place), letters) in columns {
            if let (Some(column), Some(letters)) = (batch.columns.get(*place), letters.get_mut(..count)) {
                alphabet.read(column, start, letters);
            }
        }
    }

    fn faulty_letters(&self, start: usize, count: usize, letters: &[u32], faults: &mut Vec<RowFault>) {
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

    fn orders<'b>(&self, steps: Steps<'_>, batch: &'b Batch<'b>) -> HashMap<usize, Order<'b>> {
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

    // ── Machines ──

    fn machine(&mut self, steps: Steps<'_>, clauses: &[usize], first: bool) -> Machine {
        let ground = Ground { steps, wiring: &self.wiring, alphabets: &self.alphabets };
        let mut mover = Mover { ground, readings: &self.options.readings, tellings: &mut self.tellings };
        Machine::new(&mut mover, clauses, first)
    }

    /// The end of each row of a chunk, or that its facts cannot stand together.
    fn chunk(
        &mut self,
        steps: Steps<'_>,
        orders: &HashMap<usize, Order<'_>>,
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
        for slot in &mut folded {
            let known = self.ends_of.get(*slot as usize).copied().unwrap_or(UNMET);
            *slot = if known == UNMET { self.end(*slot) } else { known };
        }
        Some(folded)
    }

    fn run(
        &mut self,
        steps: Steps<'_>,
        number: usize,
        orders: &HashMap<usize, Order<'_>>,
        (start, count): (usize, usize),
        letters: &[u32],
    ) -> Result<Vec<u32>, TooLarge> {
        let ground = Ground { steps, wiring: &self.wiring, alphabets: &self.alphabets };
        let mut mover = Mover { ground, readings: &self.options.readings, tellings: &mut self.tellings };
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
        let mut clauses: Vec<usize> = machine.clauses().collect();
        if clauses.len() < 2 {
            return None;
        }
        // Clauses that ask the same columns stay together.
        let variables = |clause: &usize| steps.program.variant(*clause, &self.options.readings);
        clauses.sort_by_cached_key(|clause| {
            let told = variables(clause).into_iter().flat_map(|it| &it.diagram.variables);
            let gates = told.filter_map(|it| self.wiring.told_by.get(*it as usize)).flatten().flatten();
            (gates.copied().collect::<BTreeSet<usize>>(), *clause)
        });
        let (left, right) = clauses.split_at(clauses.len() / 2);
        let (left, right) = (self.machine(steps, left, number == 0), self.machine(steps, right, false));
        self.machines.splice(number..=number, [left, right]);
        self.folds = (1..self.machines.len()).map(|_| Pairs::default()).collect();
        self.ends_of.clear();
        Some(())
    }

    #[cold]
    fn end(&mut self, folded: u32) -> u32 {
        let mut left = folded;
        let mut states: Vec<u32> = Vec::with_capacity(self.machines.len());
        for fold in self.folds.iter().rev() {
            let (before, right) = fold.parts(left);
            states.push(right);
            left = before;
        }
        states.push(left);
        let (mut covered, mut standings, mut fault) = (false, Vec::new(), None);
        for (machine, state) in self.machines.iter().zip(states.into_iter().rev()) {
            match machine.last(state) {
                Last::Fault(problem) => fault = Some(Arc::clone(problem)),
                Last::Standings(covers, own) => {
                    covered |= covers;
                    standings.extend(own);
                }
            }
        }
        let end = match fault {
            Some(problem) => {
                self.faults.push(problem);
                FAULTY | u32::try_from(self.faults.len() - 1).unwrap_or(0)
            }
            None => self.met(End::new(covered, standings)),
        };
        let place = folded as usize;
        if place >= self.ends_of.len() {
            self.ends_of.resize((place + 1).next_power_of_two(), UNMET);
        }
        if let Some(slot) = self.ends_of.get_mut(place) {
            *slot = end;
        }
        end
    }

    fn met(&mut self, end: End) -> u32 {
        let key = (end.covered, end.standings.iter().map(|it| (it.clause, it.outcomes)).collect::<Vec<_>>());
        if let Some(known) = self.by_standings.get(&key) {
            return *known;
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        Arc::make_mut(&mut self.ends).push(Arc::new(end));
        self.by_standings.insert(key, number);
        number
    }

    // ── Rows by themselves ──

    /// Puts a chunk's ends behind the others; rows that columns alone do not tell apart exactly are ruled on one by one.
    fn alone(
        &mut self,
        steps: Steps<'_>,
        batch: &Batch<'_>,
        start: usize,
        letters: &[u32],
        (ends, rows): (Option<Vec<u32>>, &mut Vec<u32>),
        faults: &mut Vec<RowFault>,
    ) {
        let count = CHUNK.min(batch.rows - start);
        let all = ends.is_none();
        let ends = ends.unwrap_or_else(|| vec![0; count]);
        if !self.faults.is_empty() {
            let faulty = ends.iter().enumerate().filter_map(|(row, end)| {
                let problem = self.faults.get(end.checked_sub(FAULTY)? as usize)?;
                Some(RowFault { row: start + row, problem: Arc::clone(problem) })
            });
            faults.extend(faulty);
        }
        rows.extend(ends);
        let unordered = self.unordered(batch);
        if !all && self.wiring.apart.is_empty() && self.wiring.computed.is_empty() && unordered.is_empty() {
            return;
        }
        let known = |column: usize, row: usize| {
            let letter = letters.get(column * CHUNK + row);
            letter.is_some_and(|letter| *letter != UNKNOWN)
        };
        let both =
            |pairs: &[[usize; 2]], row| pairs.iter().any(|[left, right]| known(*left, row) && known(*right, row));
        let apart = (0..count).filter(|row| {
            all || self.wiring.apart.iter().any(|column| known(*column, *row))
                || both(&self.wiring.computed, *row)
                || both(&unordered, *row)
        });
        let apart: Vec<usize> = apart.map(|row| start + row).collect();
        let wrong: BTreeSet<usize> = faults.iter().map(|fault| fault.row).collect();
        for row in apart.into_iter().filter(|row| !wrong.contains(row)) {
            self.apart += 1;
            match self.one(steps, batch, row) {
                Ok(end) => rows.get_mut(row).into_iter().for_each(|slot| *slot = end),
                Err(problem) => faults.push(RowFault { row, problem: Arc::new(problem) }),
            }
        }
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

    fn one(&mut self, steps: Steps<'_>, batch: &Batch<'_>, row: usize) -> Result<u32, Problem> {
        let facts = super::read(steps.model, &batch.case(row))?;
        let ready = Ready::new(steps.model, steps.program, &facts, self.options.as_of)?;
        let case = Case::new(steps.model, steps.program, &ready);
        let standings = decide_case(&case, &self.options.readings);
        Ok(self.met(End::new(false, standings)))
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
