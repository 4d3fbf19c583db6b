//! Counting the mines of batches: mines that add the same to every indicator, their amounts and values aside, are one
//! class. What a class adds is worked out for its first mine, by the same steps as for a mine alone; after that a mine
//! costs a few looks in tables.

use std::collections::HashMap;
use std::sync::Arc;

use crate::batch::amounts::Summed;
use crate::batch::class::{Class, Shape};
use crate::batch::column::Batch;
use crate::batch::fold::Pairs;
use crate::batch::gates::Signal;
use crate::batch::grouped::Grouped;
use crate::batch::machine::{Last, Watched};
use crate::batch::machines::{CHUNK, Machines, Orders};
use crate::batch::result::RowFault;
use crate::compile::Readings;
use crate::diagnostic::Problem;
use crate::evaluate::Steps;
use crate::facts::CaseFacts;
use crate::program::Outcome;
use crate::registry::{Assessing, Counted, Mine};

/// No class is known yet.
const UNMET: u32 = u32::MAX;

/// Counts the mines of batches of one form. One for each thread; what they counted is put together at the end.
#[derive(Debug)]
pub struct CounterState {
    machines: Machines,
    /// How often the machines had been split when the classes were numbered.
    splits: usize,
    shape: Shape,
    summed: Vec<Summed>,
    grouped: Vec<Grouped>,
    /// The outcome by which each clause tells a set, and the signals that tell what is wanting where it is open.
    asked: HashMap<usize, (Outcome, Vec<Signal>)>,
    /// What further tells classes apart among the rows that come to each number.
    further: HashMap<u32, Arc<[Signal]>>,
    folds: Vec<Pairs>,
    /// By how many signals were folded, and into what: the class.
    classed: Vec<Vec<u32>>,
    classes: Vec<Class>,
    /// The mines that were counted one by one.
    alone: Counted,
    /// How many mines came, and of them how many were counted one by one.
    mines: u64,
    apart: u64,
}

impl CounterState {
    /// A counter for batches that have these columns.
    ///
    /// # Errors
    /// A column that names no fact of the vocabulary, or one named twice.
    pub fn new(steps: Steps<'_>, batch: &Batch<'_>, assessing: &Assessing<'_>) -> Result<Self, Vec<Problem>> {
        let asked = assessing.asked();
        let watched = asked.iter().filter_map(|(clause, outcome)| {
            let variant = steps.program.variant(*clause, &Readings::new())?;
            Some(Watched::counted(*clause, variant, *outcome))
        });
        let watched = watched.collect();
        let machines = Machines::new(steps, batch, assessing.as_of, Readings::new(), watched)?;
        let shape = Shape::new(assessing);
        let asked = asked.into_iter().map(|(clause, outcome)| {
            let signals = machines.signals_of(steps, clause);
            (clause, (outcome, signals))
        });
        Ok(Self {
            asked: asked.collect(),
            summed: shape.summed.iter().map(|field| Summed::new(steps, *field, batch)).collect(),
            grouped: shape.grouped_fields().map(|field| Grouped::new(steps, field, batch)).collect(),
            machines,
            splits: 0,
            shape,
            further: HashMap::new(),
            folds: Vec::new(),
            classed: Vec::new(),
            classes: Vec::new(),
            alone: Counted::new(assessing.model.indicators.len()),
            mines: 0,
            apart: 0,
        })
    }

    /// How many mines so far were counted one by one, because columns alone do not tell them apart exactly.
    #[must_use]
    pub const fn counted_apart(&self) -> u64 {
        self.apart
    }

    /// Counts every mine of a batch whose first has this place in the registry. Rows whose values cannot be used are not
    /// counted; they are handed back with what is wrong.
    pub fn count(
        &mut self,
        steps: Steps<'_>,
        assessing: &Assessing<'_>,
        batch: &Batch<'_>,
        first: usize,
    ) -> Vec<RowFault> {
        self.machines.begin(steps, batch);
        self.begin(steps, batch);
        let orders = self.machines.orders(steps, batch);
        let mut letters = self.machines.letters();
        let mut faults = Vec::new();
        let mut start = 0;
        while start < batch.rows {
            let count = CHUNK.min(batch.rows - start);
            self.machines.read(batch, start, count, &mut letters);
            let faulty = faults.len();
            self.machines.faulty_letters(start, count, &letters, &mut faults);
            let mut left = vec![false; count];
            for fault in faults.iter().skip(faulty) {
                left.get_mut(fault.row - start).into_iter().for_each(|slot| *slot = true);
            }
            let rows = Rows { steps, assessing, batch, first, start };
            match self.machines.chunk(steps, &orders, start, count, &letters) {
                Some(folded) => {
                    for row in self.machines.apart(batch, count, &letters) {
                        if left.get(row) == Some(&false) {
                            self.count_alone(rows, start + row);
                        }
                        left.get_mut(row).into_iter().for_each(|slot| *slot = true);
                    }
                    self.chunk(rows, &orders, &folded, &letters, &left);
                }
                None => {
                    let whole = (0..count).filter(|row| left.get(*row) == Some(&false));
                    whole.for_each(|row| self.count_alone(rows, start + row));
                }
            }
            start += count;
        }
        faults.sort_by_key(|fault| fault.row);
        faults.dedup_by_key(|fault| fault.row);
        faults
    }

    fn begin(&mut self, steps: Steps<'_>, batch: &Batch<'_>) {
        for (place, summed) in self.summed.iter_mut().enumerate() {
            if let Some(scale) = summed.begin(steps, batch) {
                self.classes.iter_mut().for_each(|class| class.flush(place, &scale));
            }
        }
        self.grouped.iter_mut().for_each(|grouped| grouped.begin(steps, batch));
    }

    fn chunk(&mut self, rows: Rows<'_>, orders: &Orders<'_>, folded: &[u32], letters: &[u32], left: &[bool]) {
        if self.splits != self.machines.splits {
            self.splits = self.machines.splits;
            self.further.clear();
            self.folds.clear();
            self.classed.clear();
        }
        for (row, number) in folded.iter().enumerate() {
            if left.get(row) != Some(&false) {
                continue;
            }
            let whole = rows.start + row;
            let (depth, class) = self.fold(rows, orders, *number, row, letters);
            let known = self.classed.get(depth).and_then(|own| own.get(class as usize)).copied().unwrap_or(UNMET);
            let class = if known == UNMET { self.met(rows, whole, depth, class) } else { known };
            let Some(class) = self.classes.get_mut(class as usize) else { continue };
            let fits = class.takes(&self.summed, &self.grouped, &self.shape, rows.batch, whole);
            if !fits {
                self.count_alone(rows, whole);
                continue;
            }
            self.mines += 1;
            if class.lists_more() {
                class.list(rows.mine(whole));
            }
        }
    }

    /// What tells the class of a row: what its sets come to, of what kind its amounts and values are, on what basis, and,
    /// where a set is open, what that hangs on.
    fn fold(&mut self, rows: Rows<'_>, orders: &Orders<'_>, number: u32, row: usize, letters: &[u32]) -> (usize, u32) {
        let whole = rows.start + row;
        let mut folded = number;
        let mut depth = 0;
        let mut fold = |folds: &mut Vec<Pairs>, folded: &mut u32, letter: u32| {
            if folds.len() <= depth {
                folds.push(Pairs::default());
            }
            if let Some(pairs) = folds.get_mut(depth) {
                pairs.fit(letter as usize + 1);
                *folded = pairs.of(*folded, letter);
            }
            depth += 1;
        };
        for summed in &self.summed {
            fold(&mut self.folds, &mut folded, summed.kind(rows.batch, whole));
        }
        for grouped in &self.grouped {
            fold(&mut self.folds, &mut folded, grouped.kind(rows.batch, whole));
        }
        if !self.summed.is_empty() {
            fold(&mut self.folds, &mut folded, self.machines.basis(rows.steps, row, letters));
        }
        let further = match self.further.get(&number) {
            Some(known) => Arc::clone(known),
            None => {
                let made = self.open_signals(number);
                self.further.insert(number, Arc::clone(&made));
                made
            }
        };
        for signal in further.iter() {
            let letter = match signal {
                Signal::Column(column) => letters.get(column * CHUNK + row).copied().unwrap_or(0),
                Signal::Order(pair) => orders.get(pair).map_or(0, |order| order.letter(whole)),
                Signal::Gate(_) | Signal::Sight(..) => 0,
            };
            fold(&mut self.folds, &mut folded, letter);
        }
        (depth, folded)
    }

    /// What the open sets among those that a number stands for hang on.
    fn open_signals(&self, number: u32) -> Arc<[Signal]> {
        let mut signals: Vec<Signal> = Vec::new();
        for last in self.machines.lasts(number) {
            let Last::Standings(_, standings) = last else { continue };
            for standing in standings {
                let Some((outcome, own)) = self.asked.get(&standing.clause) else { continue };
                if standing.outcomes.contains(*outcome) && !standing.outcomes.is_only(*outcome) {
                    signals.extend(own);
                }
            }
        }
        signals.sort_unstable();
        signals.dedup();
        signals.into()
    }

    #[cold]
    fn met(&mut self, rows: Rows<'_>, row: usize, depth: usize, folded: u32) -> u32 {
        let entries = rows.assessing.entries(&rows.facts(row));
        let class = Class::new(entries, &self.shape, &self.summed, rows.batch, row);
        let number = u32::try_from(self.classes.len()).unwrap_or(UNMET - 1);
        self.classes.push(class);
        if self.classed.len() <= depth {
            self.classed.resize(depth + 1, Vec::new());
        }
        if let Some(own) = self.classed.get_mut(depth) {
            let place = folded as usize;
            if own.len() <= place {
                own.resize((place + 1).next_power_of_two(), UNMET);
            }
            own.get_mut(place).into_iter().for_each(|slot| *slot = number);
        }
        number
    }

    #[cold]
    fn count_alone(&mut self, rows: Rows<'_>, row: usize) {
        self.apart += 1;
        rows.assessing.count_at(&mut self.alone, rows.first + row, &rows.facts(row));
    }

    /// All that was counted.
    #[must_use]
    pub fn finish(&self, indicators: usize) -> Counted {
        let mut counted = Counted::new(indicators);
        let scales: Vec<_> = self.summed.iter().map(Summed::scale).collect();
        for class in &self.classes {
            class.add_to(&mut counted, &self.shape, &scales, &self.grouped);
        }
        counted.add_mines(usize::try_from(self.mines).unwrap_or(usize::MAX));
        counted.joined(self.alone.clone(), 0)
    }
}

/// The rows of a chunk, and what they are counted by.
#[derive(Clone, Copy)]
struct Rows<'a> {
    steps: Steps<'a>,
    assessing: &'a Assessing<'a>,
    batch: &'a Batch<'a>,
    /// The place in the registry of the batch's first row.
    first: usize,
    /// The chunk's first row in the batch.
    start: usize,
}

impl Rows<'_> {
    /// The facts of a row; nothing where they cannot be used, which is told elsewhere.
    fn facts(&self, row: usize) -> CaseFacts {
        super::read(self.steps.model, &self.batch.case(row)).unwrap_or_default()
    }

    fn mine(&self, row: usize) -> Mine {
        Mine { place: self.first + row, name: self.assessing.name(&self.facts(row)) }
    }
}
