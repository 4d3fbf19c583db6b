//! Ruling on batches: what is worked out for one case serves every case that no rule tells from it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::batch::column::Batch;
use crate::batch::machine::{Last, Watched};
use crate::batch::machines::{CHUNK, Machines};
use crate::batch::result::{BatchRulings, End, RowFault};
use crate::compile::Readings;
use crate::date::Date;
use crate::diagnostic::Problem;
use crate::evaluate::{Case, Ready, Steps};
use crate::model::Subject;
use crate::program::Outcomes;
use crate::ruling::decide_case;

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
    machines: Machines,
    /// How often the machines had been split when the ends were numbered.
    splits: usize,
    /// The end of each number that rows come to.
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
        let watched = steps.program.reviewed.iter().filter_map(|clause| {
            let variant = steps.program.variant(clause, &options.readings)?;
            (variant.subject == Subject::Application).then(|| Watched::ruled(clause, variant))
        });
        let watched = watched.collect();
        let machines = Machines::new(steps, batch, options.as_of, options.readings.clone(), watched)?;
        Ok(Self {
            options,
            machines,
            splits: 0,
            ends_of: Vec::new(),
            ends: Arc::default(),
            by_standings: HashMap::new(),
            faults: Vec::new(),
            apart: 0,
        })
    }

    /// How many rows so far were ruled on one by one, because columns alone do not tell them apart exactly.
    #[must_use]
    pub const fn ruled_apart(&self) -> u64 {
        self.apart
    }

    /// Rules on every case of a batch.
    pub fn rule(&mut self, steps: Steps<'_>, batch: &Batch<'_>) -> BatchRulings {
        self.machines.begin(steps, batch);
        let orders = self.machines.orders(steps, batch);
        let mut rows = Vec::with_capacity(batch.rows);
        let mut faults = Vec::new();
        let mut letters = self.machines.letters();
        let mut start = 0;
        while start < batch.rows {
            let count = CHUNK.min(batch.rows - start);
            self.machines.read(batch, start, count, &mut letters);
            self.machines.faulty_letters(start, count, &letters, &mut faults);
            let folded = self.machines.chunk(steps, &orders, start, count, &letters);
            let apart = match folded {
                Some(folded) => {
                    self.ends(start, folded, &mut rows, &mut faults);
                    self.machines.apart(batch, count, &letters)
                }
                None => {
                    rows.resize(start + count, 0);
                    (0..count).collect()
                }
            };
            self.alone(steps, batch, apart.into_iter().map(|row| start + row), &mut rows, &mut faults);
            start += count;
        }
        faults.sort_by_key(|fault| fault.row);
        faults.dedup_by_key(|fault| fault.row);
        BatchRulings { rows, ends: Arc::clone(&self.ends), faults }
    }

    /// Puts the ends of a chunk's rows behind the others.
    fn ends(&mut self, start: usize, folded: Vec<u32>, rows: &mut Vec<u32>, faults: &mut Vec<RowFault>) {
        if self.splits != self.machines.splits {
            self.splits = self.machines.splits;
            self.ends_of.clear();
        }
        for number in folded {
            let known = self.ends_of.get(number as usize).copied().unwrap_or(UNMET);
            rows.push(if known == UNMET { self.end(number) } else { known });
        }
        if !self.faults.is_empty() {
            let faulty = rows.iter().enumerate().skip(start).filter_map(|(row, end)| {
                let problem = self.faults.get(end.checked_sub(FAULTY)? as usize)?;
                Some(RowFault { row, problem: Arc::clone(problem) })
            });
            faults.extend(faulty);
        }
    }

    #[cold]
    fn end(&mut self, folded: u32) -> u32 {
        let (mut covered, mut standings, mut fault) = (false, Vec::new(), None);
        for last in self.machines.lasts(folded) {
            match last {
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

    /// Rules one by one on rows that columns alone do not tell apart exactly.
    fn alone(
        &mut self,
        steps: Steps<'_>,
        batch: &Batch<'_>,
        apart: impl Iterator<Item = usize>,
        rows: &mut [u32],
        faults: &mut Vec<RowFault>,
    ) {
        let wrong: BTreeSet<usize> = faults.iter().map(|fault| fault.row).collect();
        for row in apart.filter(|row| !wrong.contains(row)) {
            self.apart += 1;
            match self.one(steps, batch, row) {
                Ok(end) => rows.get_mut(row).into_iter().for_each(|slot| *slot = end),
                Err(problem) => faults.push(RowFault { row, problem: Arc::new(problem) }),
            }
        }
    }

    fn one(&mut self, steps: Steps<'_>, batch: &Batch<'_>, row: usize) -> Result<u32, Problem> {
        let facts = super::read(steps.model, &batch.case(row))?;
        let ready = Ready::new(steps.model, steps.program, &facts, self.options.as_of)?;
        let case = Case::new(steps.model, steps.program, &ready);
        let standings = decide_case(&case, &self.options.readings);
        Ok(self.met(End::new(false, standings)))
    }
}
