//! Ruling on batches: what is worked out for one case serves every case that no rule tells from it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::batch::alphabet::{Alphabet, Subject, UNKNOWN};
use crate::batch::column::{Batch, Values, written};
use crate::batch::fold::Fold;
use crate::batch::machine::{Machine, Mover, TooLarge};
use crate::batch::result::{BatchRulings, End, RowFault};
use crate::batch::wiring::{PairWiring, Signal, TieWiring, Wiring, wire};
use crate::compile::Readings;
use crate::date::Date;
use crate::diagnostic::{Code, Problem};
use crate::evaluate::{Case, Graded, Ready, State, Steps};
use crate::facts::CaseFacts;
use crate::model::{FieldId, FieldKind, MemberId, parse_unit};
use crate::program::{Diagram, Key, Level, Program, Question};
use crate::quantity::Number;
use crate::ruling::{Standing, decide_case, other_region};
use crate::span::Span;

/// What the rules of a batch are, and how they are read.
#[derive(Debug, Clone)]
pub struct BatchOptions {
    /// The day as of which is ruled, going before the facts'.
    pub as_of: Option<Date>,
    /// The clauses read otherwise than the plan's reading taken.
    pub readings: Readings,
}

/// What a letter tells.
type ToldStates = Vec<(u32, State)>;

/// Variables that the same signals tell of, letter by letter.
#[derive(Debug)]
struct Leaf {
    fold: Fold,
    letters: Vec<LeafLetter>,
}

#[derive(Debug, Default)]
struct LeafLetter {
    states: ToldStates,
    /// What the machine learns of it: what is known, or tied to nothing.
    told: ToldStates,
}

/// Tied variables, letter by letter.
#[derive(Debug, Default)]
struct Tie {
    fold: Fold,
    sights: Vec<Sights>,
    letters: Vec<Result<ToldStates, Arc<Problem>>>,
}

/// What a tie can tell of a leaf's letters: letters that no constraint tells apart have one number.
#[derive(Debug, Default)]
struct Sights {
    numbers: Vec<u32>,
    by_sight: HashMap<String, u32>,
    /// A letter of each number.
    samples: Vec<u32>,
}

impl Sights {
    fn read(&mut self, sighted: &Sighted<'_>, known: &[LeafLetter], letters: &[u32]) -> Vec<u32> {
        while let Some(letter) = known.get(self.numbers.len()) {
            let next = u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
            let number = *self.by_sight.entry(sighted.sight(&letter.states)).or_insert(next);
            if number == next {
                self.samples.push(u32::try_from(self.numbers.len()).unwrap_or(0));
            }
            self.numbers.push(number);
        }
        letters.iter().map(|letter| self.numbers.get(*letter as usize).copied().unwrap_or(0)).collect()
    }
}

/// A comparison of two fields, letter by letter.
#[derive(Debug)]
struct Pair {
    fold: Fold,
    letters: Vec<ToldStates>,
}

/// The classes that tables leave, letter by letter.
#[derive(Debug)]
struct Classes {
    fold: Fold,
    letters: Vec<u32>,
    members: Vec<Option<Vec<MemberId>>>,
}

/// Rules on batches of one form, and remembers what it has worked out. One for each thread.
#[derive(Debug)]
pub struct ReviewerState {
    options: BatchOptions,
    subjects: Vec<Subject>,
    /// The place in a batch of each column that is read.
    places: Vec<usize>,
    alphabets: Vec<Alphabet>,
    faults: Vec<Vec<Option<Arc<Problem>>>>,
    wiring: Wiring,
    nothing: CaseFacts,
    base: Vec<State>,
    bases: Vec<u32>,
    classes: BTreeMap<FieldId, Classes>,
    leaves: Vec<Leaf>,
    ties: Vec<Tie>,
    pairs: Vec<Pair>,
    machines: Vec<Machine>,
    ends: Vec<Arc<End>>,
    by_end: HashMap<Vec<u32>, u32>,
    by_standings: HashMap<Vec<(usize, crate::program::Outcomes)>, u32>,
    apart: u64,
}

/// What letters of one step tell.
enum Teller<'a> {
    Leaf(&'a Leaf),
    Tie(&'a Tie),
    Pair(&'a Pair),
}

impl Teller<'_> {
    fn told(&self, letter: u32) -> &[(u32, State)] {
        let place = letter as usize;
        let told = match self {
            Self::Leaf(leaf) => leaf.letters.get(place).map(|known| &known.told),
            Self::Tie(tie) => tie.letters.get(place).and_then(|known| known.as_ref().ok()),
            Self::Pair(pair) => pair.letters.get(place),
        };
        told.map_or(&[], Vec::as_slice)
    }
}

/// The signals of a batch's rows.
struct Rows {
    count: usize,
    columns: Vec<Vec<u32>>,
    leaves: Vec<Vec<u32>>,
    ties: Vec<Vec<u32>>,
}

impl ReviewerState {
    /// A reviewer for batches that have these columns.
    ///
    /// # Errors
    /// A column that names no fact of the vocabulary, or one named twice.
    pub fn new(steps: Steps<'_>, batch: &Batch<'_>, options: BatchOptions) -> Result<Self, Vec<Problem>> {
        let (subjects, places) = subjects(steps, batch)?;
        let wiring = wire(steps, &subjects);
        let nothing = steps.filled(&CaseFacts::default(), options.as_of);
        let numbers = 0..u32::try_from(steps.program.variables.len()).unwrap_or(u32::MAX);
        let base = numbers.filter_map(|number| steps.state(&nothing, number)).collect();
        let alphabets: Vec<Alphabet> = subjects.iter().map(|subject| Alphabet::new(steps, subject.clone())).collect();
        let leaves = wiring.leaves.iter().map(|leaf| Leaf { fold: Fold::new(leaf.signals.len()), letters: Vec::new() });
        // Leaves without signals are not folded: their one letter changes nothing.
        let varying = |tie: &&TieWiring| {
            let varies = |leaf: &&usize| wiring.leaves.get(**leaf).is_some_and(|leaf| !leaf.signals.is_empty());
            tie.leaves.iter().filter(varies).count()
        };
        let ties = wiring.ties.iter().map(|tie| Tie {
            fold: Fold::new(varying(&tie)),
            sights: tie.leaves.iter().map(|_| Sights::default()).collect(),
            letters: Vec::new(),
        });
        let ties: Vec<Tie> = ties.collect();
        let pairs = wiring.pairs.iter().map(|pair| Pair { fold: Fold::new(pair_signals(pair)), letters: Vec::new() });
        let classes = wiring.classes.iter().map(|(field, columns)| {
            (*field, Classes { fold: Fold::new(columns.len()), letters: Vec::new(), members: Vec::new() })
        });
        let mut reviewer = Self {
            faults: vec![vec![None]; alphabets.len()],
            leaves: leaves.collect(),
            ties,
            pairs: pairs.collect(),
            classes: classes.collect(),
            options,
            subjects,
            places,
            alphabets,
            wiring,
            nothing,
            base,
            bases: Vec::new(),
            machines: Vec::new(),
            ends: Vec::new(),
            by_end: HashMap::new(),
            by_standings: HashMap::new(),
            apart: 0,
        };
        reviewer.constants(steps);
        let reviewed = steps.program.reviewed.iter().collect();
        reviewer.restart(steps, vec![reviewed]);
        Ok(reviewer)
    }

    /// How many rows so far were ruled on one by one, because columns alone do not tell them apart exactly.
    #[must_use]
    pub const fn ruled_apart(&self) -> u64 {
        self.apart
    }

    /// Rules on every case of a batch.
    pub fn rule(&mut self, steps: Steps<'_>, batch: &Batch<'_>) -> BatchRulings {
        let mut rows = self.read(steps, batch);
        let mut faults = self.faults_of(&rows);
        self.sight(steps, &mut rows, &mut faults);
        let letters = self.letters(steps, batch, &rows);
        let mut ends = loop {
            match self.run(steps, &letters, rows.count) {
                Ok(ends) => break ends,
                Err((machine, TooLarge)) => self.split(steps, machine),
            }
        };
        let fault_rows: std::collections::BTreeSet<usize> = faults.iter().map(|fault| fault.row).collect();
        for row in self.apart_rows(batch, &rows) {
            if fault_rows.contains(&row) {
                continue;
            }
            self.apart += 1;
            match self.alone(steps, batch, row) {
                Ok(end) => {
                    if let Some(slot) = ends.get_mut(row) {
                        *slot = end;
                    }
                }
                Err(problem) => faults.push(RowFault { row, problem: Arc::new(problem) }),
            }
        }
        faults.sort_by_key(|fault| fault.row);
        faults.dedup_by_key(|fault| fault.row);
        BatchRulings { rows: ends, ends: self.ends.clone(), faults }
    }

    // ── From columns to letters ──

    fn read(&mut self, steps: Steps<'_>, batch: &Batch<'_>) -> Rows {
        let mut columns = Vec::with_capacity(self.places.len());
        for (number, place) in self.places.iter().enumerate() {
            let mut letters = Vec::new();
            if let (Some(alphabet), Some(column)) = (self.alphabets.get_mut(number), batch.columns.get(*place)) {
                alphabet.read(steps, column, batch.rows, &mut letters);
            }
            letters.resize(batch.rows, UNKNOWN);
            columns.push(letters);
        }
        for (alphabet, faults) in self.alphabets.iter().zip(&mut self.faults) {
            while let Some(witness) = alphabet.witnesses.get(faults.len()) {
                faults.push(fault(steps, &alphabet.subject, witness).map(Arc::new));
            }
        }
        Rows { count: batch.rows, columns, leaves: Vec::new(), ties: Vec::new() }
    }

    fn faults_of(&self, rows: &Rows) -> Vec<RowFault> {
        let mut found = Vec::new();
        for (letters, faults) in rows.columns.iter().zip(&self.faults) {
            if faults.iter().all(Option::is_none) {
                continue;
            }
            for (row, letter) in letters.iter().enumerate() {
                if let Some(Some(problem)) = faults.get(*letter as usize) {
                    found.push(RowFault { row, problem: Arc::clone(problem) });
                }
            }
        }
        found
    }

    /// Works out the letters of leaves and ties.
    fn sight(&mut self, steps: Steps<'_>, rows: &mut Rows, faults: &mut Vec<RowFault>) {
        let bases = self.bases_of(steps, rows);
        let classes = self.classes_of(steps, rows);
        for place in 0..self.leaves.len() {
            let Some(wired) = self.wiring.leaves.get(place) else { continue };
            let signals = wired.signals.iter().filter_map(|signal| match signal {
                Signal::Column(column) => rows.columns.get(*column).map(Vec::as_slice),
                Signal::Basis(_) => Some(bases.as_slice()),
                Signal::Classes(field) => classes.get(field).map(Vec::as_slice),
            });
            let signals: Vec<&[u32]> = signals.collect();
            let letters = match (signals.as_slice(), self.leaves.get_mut(place)) {
                ([], _) | (_, None) => Vec::new(),
                (signals, Some(leaf)) => leaf.fold.fold(signals, rows.count),
            };
            let highest = letters.iter().copied().max();
            self.leaf_letters(steps, place, highest);
            rows.leaves.push(letters);
        }
        for place in 0..self.ties.len() {
            let letters = self.tie_letters(steps, place, rows);
            if let Some(tie) = self.ties.get(place)
                && tie.letters.iter().any(Result::is_err)
            {
                let wrong = letters.iter().enumerate().filter_map(|(row, letter)| {
                    let problem = tie.letters.get(*letter as usize)?.as_ref().err()?;
                    Some(RowFault { row, problem: Arc::clone(problem) })
                });
                faults.extend(wrong);
            }
            rows.ties.push(letters);
        }
    }

    fn bases_of(&mut self, steps: Steps<'_>, rows: &Rows) -> Vec<u32> {
        let column = self.wiring.leaves.iter().flat_map(|leaf| &leaf.signals).find_map(|signal| match signal {
            Signal::Basis(column) => Some(*column),
            Signal::Column(_) | Signal::Classes(_) => None,
        });
        let Some(column) = column else { return Vec::new() };
        let Some(alphabet) = self.alphabets.get(column) else { return Vec::new() };
        while let Some(witness) = alphabet.witnesses.get(self.bases.len()) {
            let facts = typed(steps, &alphabet.subject, witness).unwrap_or_default();
            let basis = steps.case_basis(&facts).map_or(0, |basis| u32::from(basis.0) + 1);
            self.bases.push(basis);
        }
        let letters = rows.columns.get(column).map_or(&[][..], Vec::as_slice);
        letters.iter().map(|letter| self.bases.get(*letter as usize).copied().unwrap_or(0)).collect()
    }

    fn classes_of(&mut self, steps: Steps<'_>, rows: &Rows) -> BTreeMap<FieldId, Vec<u32>> {
        let mut all = BTreeMap::new();
        for (field, columns) in &self.wiring.classes {
            let Some(classes) = self.classes.get_mut(field) else { continue };
            let signals: Vec<&[u32]> =
                columns.iter().filter_map(|column| rows.columns.get(*column).map(Vec::as_slice)).collect();
            let folded = classes.fold.fold(&signals, rows.count);
            let count = folded.iter().copied().max().map_or(0, |highest| highest as usize + 1);
            while classes.letters.len() < count {
                let parts = classes.fold.parts(u32::try_from(classes.letters.len()).unwrap_or(u32::MAX));
                let witnesses = columns.iter().copied().zip(parts);
                let facts = facts_of(steps, &self.alphabets, witnesses, self.options.as_of, &self.nothing);
                let members = steps.classes(&facts, *field);
                let place = classes.members.iter().position(|known| *known == members).unwrap_or_else(|| {
                    classes.members.push(members);
                    classes.members.len() - 1
                });
                classes.letters.push(u32::try_from(place).unwrap_or(0));
            }
            let letter = |folded: &u32| classes.letters.get(*folded as usize).copied().unwrap_or(0);
            all.insert(*field, folded.iter().map(letter).collect());
        }
        all
    }

    /// Works out what the letters of a leaf tell, up to the highest.
    fn leaf_letters(&mut self, steps: Steps<'_>, place: usize, highest: Option<u32>) {
        let (Some(wired), Some(leaf)) = (self.wiring.leaves.get(place), self.leaves.get_mut(place)) else { return };
        let count = highest.map_or(1, |highest| highest as usize + 1);
        while leaf.letters.len() < count {
            let letter = u32::try_from(leaf.letters.len()).unwrap_or(u32::MAX);
            let parts = if wired.signals.is_empty() { Vec::new() } else { leaf.fold.parts(letter) };
            let mut columns = Vec::new();
            let mut classed = Vec::new();
            for (signal, part) in wired.signals.iter().zip(parts) {
                match signal {
                    Signal::Column(column) => columns.push((*column, part)),
                    Signal::Basis(column) => {
                        let sample = self.bases.iter().position(|basis| *basis == part).unwrap_or(0);
                        columns.push((*column, u32::try_from(sample).unwrap_or(UNKNOWN)));
                    }
                    Signal::Classes(field) => {
                        let members = self.classes.get(field).and_then(|known| known.members.get(part as usize));
                        classed.extend(members.cloned().flatten().map(|members| (*field, members)));
                    }
                }
            }
            let mut facts = facts_of(steps, &self.alphabets, columns.into_iter(), self.options.as_of, &self.nothing);
            let graded = classed.into_iter().filter_map(|(field, members)| steps.settled(&mut facts, field, members));
            let graded: Vec<Graded> = graded.collect();
            let mut states = self.base.clone();
            for variable in &wired.variables {
                if let (Some(slot), Some(state)) = (states.get_mut(*variable as usize), steps.state(&facts, *variable))
                {
                    *slot = state;
                }
            }
            steps.narrow_classes(&graded, &mut states);
            let states = wired
                .variables
                .iter()
                .filter_map(|variable| Some((*variable, states.get(*variable as usize)?.clone())));
            let states: ToldStates = states.collect();
            let tied = |variable: &u32| self.wiring.tie_of.get(*variable as usize).copied().flatten().is_some();
            let told = states.iter().filter(|(variable, state)| state.is_known() || !tied(variable));
            leaf.letters.push(LeafLetter { told: told.cloned().collect(), states });
        }
    }

    fn tie_letters(&mut self, steps: Steps<'_>, place: usize, rows: &Rows) -> Vec<u32> {
        let (Some(wired), Some(slot)) = (self.wiring.ties.get(place), self.ties.get_mut(place)) else {
            return Vec::new();
        };
        let mut tie = std::mem::take(slot);
        let sighted = Sighted { steps, constraints: &wired.constraints };
        let mut signals: Vec<Vec<u32>> = Vec::with_capacity(wired.leaves.len());
        for (number, leaf) in wired.leaves.iter().enumerate() {
            let known = self.leaves.get(*leaf).map_or(&[][..], |leaf| &leaf.letters);
            let letters = rows.leaves.get(*leaf).map_or(&[][..], Vec::as_slice);
            signals.push(tie.sights.get_mut(number).map(|own| own.read(&sighted, known, letters)).unwrap_or_default());
        }
        // Leaves without columns have one letter; they change nothing from row to row.
        let varying: Vec<&[u32]> = signals.iter().map(Vec::as_slice).filter(|signal| !signal.is_empty()).collect();
        let letters = tie.fold.fold(&varying, rows.count);
        let count = letters.iter().copied().max().map_or(1, |highest| highest as usize + 1);
        for letter in tie.letters.len()..count {
            let letter = u32::try_from(letter).unwrap_or(u32::MAX);
            let mut parts = if varying.is_empty() { Vec::new() } else { tie.fold.parts(letter) }.into_iter();
            let samples = tie.sights.iter().zip(&signals).map(|(sights, signal)| {
                let sight = if signal.is_empty() { 0 } else { parts.next().unwrap_or(0) };
                sights.samples.get(sight as usize).copied().unwrap_or(0)
            });
            let samples: Vec<u32> = samples.collect();
            tie.letters.push(self.narrowed(steps, place, &samples));
        }
        if let Some(slot) = self.ties.get_mut(place) {
            *slot = tie;
        }
        letters
    }

    /// What a tie leaves of the variables that are not known, where its leaves have these letters.
    fn narrowed(&self, steps: Steps<'_>, place: usize, letters: &[u32]) -> Result<ToldStates, Arc<Problem>> {
        let Some(wired) = self.wiring.ties.get(place) else { return Ok(Vec::new()) };
        let mut states = self.base.clone();
        let mut columns = Vec::new();
        let mut open = Vec::new();
        for (number, letter) in wired.leaves.iter().zip(letters) {
            let (Some(leaf), Some(own)) = (self.leaves.get(*number), self.wiring.leaves.get(*number)) else { continue };
            for (variable, state) in leaf.letters.get(*letter as usize).into_iter().flat_map(|known| &known.states) {
                if let Some(slot) = states.get_mut(*variable as usize) {
                    *slot = state.clone();
                }
                let tied = self.wiring.tie_of.get(*variable as usize).copied().flatten() == Some(place);
                open.extend((tied && !state.is_known()).then_some(*variable));
            }
            if !own.signals.is_empty() {
                columns.extend(own.signals.iter().zip(leaf.fold.parts(*letter)).filter_map(
                    |(signal, part)| match signal {
                        Signal::Column(column) => Some((*column, part)),
                        Signal::Basis(_) | Signal::Classes(_) => None,
                    },
                ));
            }
        }
        let facts = facts_of(steps, &self.alphabets, columns.into_iter(), self.options.as_of, &self.nothing);
        steps.narrow(&wired.constraints, &facts, &mut states).map_err(Arc::new)?;
        Ok(open.into_iter().filter_map(|variable| Some((variable, states.get(variable as usize)?.clone()))).collect())
    }

    /// The letters that the machines read, step by step.
    fn letters(&mut self, steps: Steps<'_>, batch: &Batch<'_>, rows: &Rows) -> Vec<Vec<u32>> {
        let mut all: Vec<Vec<u32>> = rows.leaves.iter().filter(|letters| !letters.is_empty()).cloned().collect();
        all.extend(rows.ties.iter().cloned());
        for place in 0..self.pairs.len() {
            all.push(self.pair_letters(steps, batch, place, rows));
        }
        all
    }

    fn pair_letters(&mut self, steps: Steps<'_>, batch: &Batch<'_>, place: usize, rows: &Rows) -> Vec<u32> {
        let Some(wired) = self.wiring.pairs.get(place) else { return Vec::new() };
        let ordered = self.ordered(steps, batch, wired, rows);
        let columns = wired.columns.iter().flatten().filter_map(|column| rows.columns.get(*column)).map(Vec::as_slice);
        let basis = wired.basis.and_then(|column| rows.columns.get(column)).map(Vec::as_slice);
        let ties = wired.ties.iter().filter_map(|tie| rows.ties.get(*tie)).map(Vec::as_slice);
        let signals: Vec<&[u32]> =
            std::iter::once(ordered.as_slice()).chain(columns).chain(basis).chain(ties).collect();
        let Some(pair) = self.pairs.get_mut(place) else { return Vec::new() };
        let letters = pair.fold.fold(&signals, rows.count);
        let count = letters.iter().copied().max().map_or(0, |highest| highest as usize + 1);
        let mut known = std::mem::take(&mut pair.letters);
        for number in known.len()..count {
            let parts = pair_parts(self.pairs.get(place), number);
            known.push(self.compared(steps, place, &parts));
        }
        if let Some(pair) = self.pairs.get_mut(place) {
            pair.letters = known;
        }
        letters
    }

    /// How the two fields of a comparison stand in each row: 0 where either is not known, else one more than the order.
    fn ordered(&self, steps: Steps<'_>, batch: &Batch<'_>, wired: &PairWiring, rows: &Rows) -> Vec<u32> {
        let [Some(left), Some(right)] = wired.columns else { return vec![0; rows.count] };
        let column = |number: usize| batch.columns.get(*self.places.get(number)?);
        let (Some(mine), Some(theirs)) = (column(left), column(right)) else { return vec![0; rows.count] };
        let months = match steps.program.variables.get(wired.variable as usize).map(|variable| &variable.key) {
            Some(Key::Compare(_, _, _, months)) => *months,
            _ => 0,
        };
        let order = |row: usize| {
            if !mine.is_known(row) || !theirs.is_known(row) {
                return None;
            }
            let ordering = match (&mine.values, &theirs.values) {
                (Values::Days(mine), Values::Days(theirs)) => {
                    let later = Date::of_days(*theirs.get(row)?)?.plus_months(months)?;
                    Date::of_days(*mine.get(row)?)?.cmp(&later)
                }
                (Values::Decimals(own, places), Values::Decimals(other, others)) => {
                    let factor = |unit: Option<&str>| {
                        unit.and_then(|unit| parse_unit(&steps.model.vocabulary, unit)).map_or(Number::ONE, |it| it.1)
                    };
                    let own = Number::from_decimal(own.get(row)?, *places).times(&factor(mine.unit));
                    let other = Number::from_decimal(other.get(row)?, *others).times(&factor(theirs.unit));
                    own.cmp(&other)
                }
                _ => return None,
            };
            Some(match ordering {
                std::cmp::Ordering::Less => 1,
                std::cmp::Ordering::Equal => 2,
                std::cmp::Ordering::Greater => 3,
            })
        };
        (0..rows.count).map(|row| order(row).unwrap_or(0)).collect()
    }

    fn compared(&self, steps: Steps<'_>, place: usize, parts: &[u32]) -> ToldStates {
        let Some(wired) = self.wiring.pairs.get(place) else { return Vec::new() };
        let mut parts = parts.iter().copied();
        let order = parts.next().unwrap_or(0);
        if let Some(Key::Compare(_, operator, _, _)) =
            steps.program.variables.get(wired.variable as usize).map(|variable| &variable.key)
            && let Some(ordering) = match order {
                1 => Some(std::cmp::Ordering::Less),
                2 => Some(std::cmp::Ordering::Equal),
                3 => Some(std::cmp::Ordering::Greater),
                _ => None,
            }
        {
            return vec![(wired.variable, State::Cell(crate::evaluate::answer_of(*operator, ordering)))];
        }
        let columns: Vec<(usize, u32)> = wired
            .columns
            .iter()
            .flatten()
            .chain(wired.basis.iter())
            .map(|column| (*column, parts.next().unwrap_or(0)))
            .collect();
        let facts = facts_of(steps, &self.alphabets, columns.into_iter(), self.options.as_of, &self.nothing);
        let mut states = self.base.clone();
        for number in 0..u32::try_from(states.len()).unwrap_or(u32::MAX) {
            let own = steps.program.variables.get(number as usize).and_then(|variable| variable.key.field());
            let side = own.is_some_and(|field| {
                wired
                    .columns
                    .iter()
                    .flatten()
                    .any(|column| self.subjects.get(*column).is_some_and(|subject| subject.field == field))
            });
            if let (true, Some(state), Some(slot)) =
                (side, steps.state(&facts, number), states.get_mut(number as usize))
            {
                *slot = state;
            }
        }
        for tie in &wired.ties {
            let letter = parts.next().unwrap_or(0);
            let narrowed = self.ties.get(*tie).and_then(|tie| tie.letters.get(letter as usize));
            for (variable, state) in narrowed.into_iter().flatten().flatten() {
                if let Some(slot) = states.get_mut(*variable as usize) {
                    *slot = state.clone();
                }
            }
        }
        steps.compare(&facts, wired.variable, &mut states);
        states.get(wired.variable as usize).map(|state| vec![(wired.variable, state.clone())]).unwrap_or_default()
    }

    // ── Machines ──

    /// Works out the leaves that no column tells of.
    fn constants(&mut self, steps: Steps<'_>) {
        for place in 0..self.wiring.leaves.len() {
            if self.wiring.leaves.get(place).is_some_and(|leaf| leaf.signals.is_empty()) {
                self.leaf_letters(steps, place, None);
            }
        }
    }

    fn restart(&mut self, steps: Steps<'_>, parts: Vec<Vec<usize>>) {
        let readings = self.options.readings.clone();
        let diagrams = diagrams(steps.program, &readings);
        let mover = Mover { steps, diagrams: &diagrams };
        let constant = self.wiring.leaves.iter().zip(&self.leaves).filter(|(wired, _)| wired.signals.is_empty());
        let told = constant.filter_map(|(_, leaf)| leaf.letters.first()).flat_map(|letter| letter.told.iter().cloned());
        let told: ToldStates = told.collect();
        let steps_count = self.wiring.leaves.iter().filter(|leaf| !leaf.signals.is_empty()).count()
            + self.wiring.ties.len()
            + self.wiring.pairs.len();
        self.machines = parts.into_iter().map(|clauses| Machine::new(&mover, clauses, &told, steps_count)).collect();
        self.by_end.clear();
    }

    fn split(&mut self, steps: Steps<'_>, machine: usize) {
        let mut parts: Vec<Vec<usize>> = Vec::new();
        for (number, known) in self.machines.iter().enumerate() {
            if number == machine {
                let (first, second) = known.clauses.split_at(known.clauses.len() / 2);
                parts.extend([first.to_vec(), second.to_vec()]);
            } else {
                parts.push(known.clauses.clone());
            }
        }
        self.restart(steps, parts);
    }

    fn run(&mut self, steps: Steps<'_>, letters: &[Vec<u32>], rows: usize) -> Result<Vec<u32>, (usize, TooLarge)> {
        let readings = self.options.readings.clone();
        let diagrams = diagrams(steps.program, &readings);
        let mover = Mover { steps, diagrams: &diagrams };
        let mut all: Vec<Vec<u32>> = Vec::with_capacity(self.machines.len());
        let leaves = self.wiring.leaves.iter().zip(&self.leaves).filter(|(wired, _)| !wired.signals.is_empty());
        let leaves = leaves.map(|(_, leaf)| Teller::Leaf(leaf));
        let ties = self.ties.iter().map(Teller::Tie);
        let tellers: Vec<Teller<'_>> = leaves.chain(ties).chain(self.pairs.iter().map(Teller::Pair)).collect();
        for (number, machine) in self.machines.iter_mut().enumerate() {
            let mut states = vec![0; rows];
            for (step, (teller, letters)) in tellers.iter().zip(letters).enumerate() {
                let moved = machine.step(&mover, step, letters, &mut states, &|letter| teller.told(letter));
                moved.map_err(|fault| (number, fault))?;
            }
            all.push(states);
        }
        Ok(self.ends_of(steps, &all, rows))
    }

    fn ends_of(&mut self, steps: Steps<'_>, states: &[Vec<u32>], rows: usize) -> Vec<u32> {
        if let [only] = states {
            let count = self.machines.first().map_or(0, Machine::ends);
            let mut map: Vec<Option<u32>> = vec![None; count];
            return only
                .iter()
                .map(|state| {
                    if let Some(Some(known)) = map.get(*state as usize) {
                        return *known;
                    }
                    let end = self.end(steps, &[*state]);
                    if let Some(slot) = map.get_mut(*state as usize) {
                        *slot = Some(end);
                    }
                    end
                })
                .collect();
        }
        (0..rows)
            .map(|row| {
                let key: Vec<u32> = states.iter().filter_map(|states| states.get(row).copied()).collect();
                self.end(steps, &key)
            })
            .collect()
    }

    fn end(&mut self, steps: Steps<'_>, states: &[u32]) -> u32 {
        if let Some(known) = self.by_end.get(states) {
            return *known;
        }
        let mut standings: Vec<Standing> = Vec::new();
        for (machine, state) in self.machines.iter().zip(states) {
            for (clause, outcomes) in machine.outcomes(*state) {
                let variant = steps.program.variant(clause, &self.options.readings);
                let covers = variant.is_some_and(|variant| variant.covers);
                standings.push(Standing { clause, outcomes, covers });
            }
        }
        standings.sort_by_key(|standing| standing.clause);
        let end = self.met(steps, standings);
        self.by_end.insert(states.to_vec(), end);
        end
    }

    fn met(&mut self, steps: Steps<'_>, standings: Vec<Standing>) -> u32 {
        let end = End::new(steps.program, standings);
        let key: Vec<_> = end.standings.iter().map(|standing| (standing.clause, standing.outcomes)).collect();
        if let Some(known) = self.by_standings.get(&key) {
            return *known;
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.ends.push(Arc::new(end));
        self.by_standings.insert(key, number);
        number
    }

    // ── Rows by themselves ──

    /// The rows whose facts columns alone do not tell apart exactly.
    fn apart_rows(&self, batch: &Batch<'_>, rows: &Rows) -> Vec<usize> {
        let known = |column: usize, row: usize| {
            rows.columns.get(column).and_then(|letters| letters.get(row)).is_some_and(|letter| *letter != UNKNOWN)
        };
        let unordered: Vec<[usize; 2]> = self
            .wiring
            .pairs
            .iter()
            .filter_map(|pair| {
                let [Some(left), Some(right)] = pair.columns else { return None };
                let column = |number: usize| batch.columns.get(*self.places.get(number)?);
                let plain = matches!(
                    (column(left).map(|column| &column.values), column(right).map(|column| &column.values)),
                    (Some(Values::Days(_)), Some(Values::Days(_)))
                        | (Some(Values::Decimals(_, _)), Some(Values::Decimals(_, _)))
                );
                (!plain).then_some([left, right])
            })
            .collect();
        if self.wiring.apart.is_empty() && self.wiring.computed.is_empty() && unordered.is_empty() {
            return Vec::new();
        }
        let both =
            |pairs: &[[usize; 2]], row| pairs.iter().any(|[left, right]| known(*left, row) && known(*right, row));
        (0..rows.count)
            .filter(|row| {
                self.wiring.apart.iter().any(|column| known(*column, *row))
                    || both(&self.wiring.computed, *row)
                    || both(&unordered, *row)
            })
            .collect()
    }

    fn alone(&mut self, steps: Steps<'_>, batch: &Batch<'_>, row: usize) -> Result<u32, Problem> {
        let facts = super::read(steps.model, &batch.case(row))?;
        let ready = Ready::new(steps.model, steps.program, &facts, self.options.as_of)?;
        let case = Case::new(steps.model, steps.program, &ready);
        let standings = decide_case(&case, &self.options.readings);
        Ok(self.met(steps, standings))
    }
}

/// What a tie can tell of the states of a leaf's letter.
struct Sighted<'a> {
    steps: Steps<'a>,
    constraints: &'a [u32],
}

impl Sighted<'_> {
    /// The same for two letters where no constraint tells them apart; what is not known is told in full.
    fn sight(&self, states: &ToldStates) -> String {
        let program = self.steps.program;
        let mut sight = String::new();
        for (variable, state) in states {
            for number in self.constraints {
                let Some(constraint) = program.constraints.get(*number as usize) else { continue };
                if !constraint.diagram.variables.contains(variable) {
                    continue;
                }
                if !state.is_known() {
                    sight.push_str(&format!("{variable}:{state:?};"));
                    break;
                }
                let answers =
                    levels(program, &constraint.diagram, *variable).map(|level| match (&level.question, state) {
                        (Question::Class(classes), State::Cell(cell)) => classes.class(*cell),
                        (Question::Meets(set), state) => usize::from(state.meets(set).unwrap_or(false)),
                        (Question::Class(_), _) => usize::MAX,
                    });
                sight.push_str(&format!("{variable}/{number}:{:?};", answers.collect::<Vec<_>>()));
            }
        }
        sight
    }
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

fn diagrams<'a>(program: &'a Program, readings: &Readings) -> Vec<Option<&'a Diagram>> {
    (0..program.clauses.len()).map(|clause| program.diagram(clause, readings)).collect()
}

fn pair_signals(pair: &PairWiring) -> usize {
    1 + pair.columns.iter().flatten().count() + usize::from(pair.basis.is_some()) + pair.ties.len()
}

fn pair_parts(pair: Option<&Pair>, letter: usize) -> Vec<u32> {
    pair.map(|pair| pair.fold.parts(u32::try_from(letter).unwrap_or(u32::MAX))).unwrap_or_default()
}

/// The facts that these letters of columns stand for, filled.
fn facts_of(
    steps: Steps<'_>,
    alphabets: &[Alphabet],
    letters: impl Iterator<Item = (usize, u32)>,
    as_of: Option<Date>,
    nothing: &CaseFacts,
) -> CaseFacts {
    let witnesses = letters.filter_map(|(column, letter)| {
        let alphabet = alphabets.get(column)?;
        let witness = alphabet.witnesses.get(letter as usize)?.clone();
        Some((alphabet.subject.name.as_str(), alphabet.subject.inner.as_deref(), witness))
    });
    let facts = written(witnesses);
    if facts.as_object().is_some_and(serde_json::Map::is_empty) {
        return nothing.clone();
    }
    // What is wrong with a value is told of its rows; such a value tells nothing.
    let typed = super::read(steps.model, &facts).unwrap_or_default();
    steps.filled(&typed, as_of)
}

fn typed(steps: Steps<'_>, subject: &Subject, witness: &serde_json::Value) -> Result<CaseFacts, Problem> {
    let entry = (subject.name.as_str(), subject.inner.as_deref(), witness.clone());
    super::read(steps.model, &written(std::iter::once(entry)))
}

/// What is wrong with a value of a column, if anything.
fn fault(steps: Steps<'_>, subject: &Subject, witness: &serde_json::Value) -> Option<Problem> {
    match typed(steps, subject, witness) {
        Err(problem) => Some(problem),
        Ok(facts) => other_region(steps.model, steps.program, &facts).err(),
    }
}

/// What the columns of a batch say, and the places of those that rules or the checks of facts look at.
fn subjects(steps: Steps<'_>, batch: &Batch<'_>) -> Result<(Vec<Subject>, Vec<usize>), Vec<Problem>> {
    let (mut subjects, mut places, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen: BTreeMap<(FieldId, Option<&str>), usize> = BTreeMap::new();
    let model = steps.model;
    for (place, column) in batch.columns.iter().enumerate() {
        let Some(field) = model.vocabulary.field_named(column.field) else {
            problems.push(Problem::error(Code::UnknownKey, Span::default()).with(column.field));
            continue;
        };
        if seen.insert((field, column.inner), place).is_some() {
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
