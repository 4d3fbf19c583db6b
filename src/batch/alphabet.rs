//! From values to letters: two values of a column are one letter where no rule can tell them apart.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::batch::column::{Column, Integers, Keys, Values, amount_text};
use crate::date::Date;
use crate::evaluate::Steps;
use crate::facts::{CaseFacts, FactValue};
use crate::model::{FieldId, FieldKind, Threshold, parse_unit};
use crate::program::{Key, Scale};
use crate::quantity::{Dimension, Number};

/// The letter of a value that is not known.
pub(super) const UNKNOWN: u32 = 0;

/// What a column says, for the rules.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Subject {
    /// The field's name as the column gives it.
    pub(super) name: String,
    /// The entry of a map.
    pub(super) inner: Option<String>,
    /// The field.
    pub(super) field: FieldId,
}

/// The letters of one column, over all batches.
#[derive(Debug)]
pub(super) struct Alphabet {
    /// What it says.
    pub(super) subject: Subject,
    /// A value of each letter.
    pub(super) witnesses: Vec<Value>,
    by_text: HashMap<String, u32>,
    ruler: Option<Ruler>,
    cuts: Vec<(Dimension, Vec<Number>)>,
    days: Vec<i32>,
    /// Whether it holds words for people.
    words: bool,
}

/// Where the whole numbers of a column part, for its unit and places.
#[derive(Debug)]
struct Ruler {
    unit: Option<String>,
    places: u8,
    /// A number belongs to the piece of the last edge not above it.
    edges: Vec<i128>,
    narrow: Vec<i64>,
    letters: Vec<u32>,
}

impl Alphabet {
    pub(super) fn new(steps: Steps<'_>, subject: Subject) -> Self {
        let cuts = cuts(steps, &subject);
        let days = day_edges(steps, subject.field);
        let kind = steps.model.vocabulary.field(subject.field).map(|field| &field.kind);
        let words = matches!(kind, Some(FieldKind::Text)) && steps.program.roles.region != Some(subject.field);
        Self { words, subject, witnesses: vec![Value::Null], by_text: HashMap::new(), ruler: None, cuts, days }
    }

    /// The letters of a column's rows.
    pub(super) fn read(&mut self, steps: Steps<'_>, column: &Column<'_>, rows: usize, letters: &mut Vec<u32>) {
        letters.clear();
        letters.reserve(rows);
        match &column.values {
            Values::Coded(keys, values) => {
                let map: Vec<u32> = values.iter().map(|value| self.of_written(steps, value)).collect();
                coded(keys, &map, rows, letters);
            }
            Values::YesNo(bits) => {
                let [no, yes] = [false, true].map(|answer| self.of_written(steps, &Value::Bool(answer)));
                letters.extend((0..rows).map(|row| if bits.get(row) { yes } else { no }));
            }
            Values::Decimals(numbers, places) => self.measured(steps, column.unit, *numbers, *places, rows, letters),
            Values::Days(days) => self.dated(days, rows, letters),
        }
        letters.resize(rows, UNKNOWN);
        if column.known.is_some() {
            for (row, letter) in letters.iter_mut().enumerate() {
                if !column.is_known(row) {
                    *letter = UNKNOWN;
                }
            }
        }
    }

    fn letter(&mut self, key: String, witness: impl FnOnce() -> Value) -> u32 {
        if let Some(known) = self.by_text.get(&key) {
            return *known;
        }
        let letter = u32::try_from(self.witnesses.len()).unwrap_or(UNKNOWN);
        self.witnesses.push(witness());
        self.by_text.insert(key, letter);
        letter
    }

    /// The letter of a value as a file of facts writes it. Amounts and days that no rule can tell apart are one letter.
    fn of_written(&mut self, steps: Steps<'_>, value: &Value) -> u32 {
        if value.is_null() {
            return UNKNOWN;
        }
        let key = self.measured_key(steps, value).unwrap_or_else(|| value.to_string());
        self.letter(key, || value.clone())
    }

    fn measured_key(&self, steps: Steps<'_>, value: &Value) -> Option<String> {
        if self.cuts.is_empty() && self.days.is_empty() && !self.words {
            return None;
        }
        let facts = typed(steps, &self.subject, value)?;
        match &facts.get(self.subject.field)?.value {
            FactValue::Amount(quantity) => {
                let cuts = self.cuts.iter().find(|(dimension, _)| *dimension == quantity.dimension);
                let piece = cuts.map_or(Ok(0), |(_, cuts)| cuts.binary_search(&quantity.value));
                Some(format!("amount {:?} {:?} {piece:?}", quantity.dimension, quantity.basis))
            }
            // No rule asks which words, only whether there are some.
            FactValue::Texts(_) => Some("words".to_owned()),
            FactValue::Distances(lengths) => {
                let (length, _) = lengths.values().next().filter(|_| lengths.len() == 1)?;
                let cuts = self.cuts.iter().find(|(dimension, _)| *dimension == length.dimension);
                let piece = cuts.map_or(Ok(0), |(_, cuts)| cuts.binary_search(&length.value));
                Some(format!("length {piece:?}"))
            }
            FactValue::Day(day) => Some(format!("day {}", self.days.partition_point(|edge| *edge <= day.days()))),
            _ => None,
        }
    }

    fn measured(
        &mut self,
        steps: Steps<'_>,
        unit: Option<&str>,
        numbers: Integers<'_>,
        places: u8,
        rows: usize,
        letters: &mut Vec<u32>,
    ) {
        let fits = self.ruler.as_ref().is_some_and(|ruler| ruler.unit.as_deref() == unit && ruler.places == places);
        if !fits {
            self.ruler = Some(Ruler::new(steps, &self.cuts, unit, places));
        }
        let Some(mut ruler) = self.ruler.take() else { return };
        match numbers {
            Integers::I32(values) => ruler.pieces(values.iter().map(|value| i64::from(*value)), letters),
            Integers::I64(values) => ruler.pieces(values.iter().copied(), letters),
            Integers::I128(values) => ruler.wide(values, letters),
        }
        letters.truncate(rows);
        for (row, piece) in letters.iter_mut().enumerate() {
            let known = ruler.letters.get(*piece as usize).copied().filter(|letter| *letter != UNKNOWN);
            *piece = known.unwrap_or_else(|| {
                let value = Value::String(amount_text(numbers.get(row).unwrap_or_default(), places, unit));
                let letter = self.of_written(steps, &value);
                if let Some(slot) = ruler.letters.get_mut(*piece as usize) {
                    *slot = letter;
                }
                letter
            });
        }
        self.ruler = Some(ruler);
    }

    fn dated(&mut self, days: &[i32], rows: usize, letters: &mut Vec<u32>) {
        for day in days.iter().take(rows) {
            let piece = self.days.partition_point(|edge| edge <= day);
            let letter = match Date::of_days(*day) {
                Some(date) => self.letter(format!("day {piece}"), || Value::String(date.to_string())),
                None => self.letter(format!("no day {day}"), || Value::String(format!("{day}"))),
            };
            letters.push(letter);
        }
    }
}

fn coded(keys: &Keys<'_>, map: &[u32], rows: usize, letters: &mut Vec<u32>) {
    let of = |place: Option<usize>| place.and_then(|place| map.get(place)).copied().unwrap_or(UNKNOWN);
    match keys {
        Keys::I8(keys) => letters.extend(keys.iter().take(rows).map(|key| of(usize::try_from(*key).ok()))),
        Keys::I16(keys) => letters.extend(keys.iter().take(rows).map(|key| of(usize::try_from(*key).ok()))),
        Keys::I32(keys) => letters.extend(keys.iter().take(rows).map(|key| of(usize::try_from(*key).ok()))),
        Keys::U32(keys) => letters.extend(keys.iter().take(rows).map(|key| of(usize::try_from(*key).ok()))),
    }
}

/// Edges so few are counted rather than searched: the compiler makes that one pass over the rows for each.
const COUNTED: usize = 24;

impl Ruler {
    fn new(steps: Steps<'_>, cuts: &[(Dimension, Vec<Number>)], unit: Option<&str>, places: u8) -> Self {
        let mut edges = BTreeSet::new();
        let measure =
            unit.map_or(Some((Dimension::NONE, Number::ONE, None)), |unit| parse_unit(&steps.model.vocabulary, unit));
        if let Some((dimension, factor, _)) = measure {
            let own = cuts.iter().filter(|(other, _)| *other == dimension).flat_map(|(_, cuts)| cuts);
            let scale = Number::from_decimal(1, places).times(&factor);
            for cut in own.filter_map(|cut| cut.divide(&scale)) {
                // The number of a cut is a piece of its own where it can be met.
                if let Some((floor, exact)) = cut.floor() {
                    edges.extend(exact.then_some(floor));
                    edges.extend(floor.checked_add(1));
                }
            }
        }
        let edges: Vec<i128> = edges.into_iter().collect();
        let narrow =
            edges.iter().map(|edge| i64::try_from(*edge).unwrap_or(if *edge < 0 { i64::MIN } else { i64::MAX }));
        let letters = vec![UNKNOWN; edges.len() + 1];
        Self { unit: unit.map(str::to_owned), places, narrow: narrow.collect(), edges, letters }
    }

    fn pieces(&self, values: impl Iterator<Item = i64>, letters: &mut Vec<u32>) {
        // An edge past 64 bits lies above every value of 64 bits, but `MAX` itself would be met.
        let reached = self.edges.partition_point(|edge| i64::try_from(*edge).is_ok() || *edge < 0);
        let edges = self.narrow.get(..reached).unwrap_or_default();
        if edges.len() <= COUNTED {
            letters.extend(values.map(|value| edges.iter().map(|edge| u32::from(*edge <= value)).sum::<u32>()));
        } else {
            let piece = |value| u32::try_from(edges.partition_point(|edge| *edge <= value)).unwrap_or(0);
            letters.extend(values.map(piece));
        }
    }

    fn wide(&self, values: &[i128], letters: &mut Vec<u32>) {
        let narrow: Option<Vec<i64>> = values.iter().map(|value| i64::try_from(*value).ok()).collect();
        match narrow {
            Some(narrow) => self.pieces(narrow.into_iter(), letters),
            None => {
                let piece = |value: &i128| u32::try_from(self.edges.partition_point(|edge| edge <= value)).unwrap_or(0);
                letters.extend(values.iter().map(piece));
            }
        }
    }
}

/// One value of a column as typed facts; `None` where it cannot be used.
fn typed(steps: Steps<'_>, subject: &Subject, value: &Value) -> Option<CaseFacts> {
    let written =
        super::column::written(std::iter::once((subject.name.as_str(), subject.inner.as_deref(), value.clone())));
    super::read(steps.model, &written).ok()
}

/// Every number that a rule may hold the amounts of a column against, by dimension.
fn cuts(steps: Steps<'_>, subject: &Subject) -> Vec<(Dimension, Vec<Number>)> {
    let field = steps.model.vocabulary.field(subject.field);
    let mut all: Vec<(Dimension, BTreeSet<Number>)> = Vec::new();
    let mut add = |dimension: Dimension, numbers: &mut dyn Iterator<Item = Number>| {
        let place = all.iter().position(|(other, _)| *other == dimension).unwrap_or_else(|| {
            // Above zero, or zero and above: the reader of facts tells them apart.
            all.push((dimension, BTreeSet::from([Number::ZERO])));
            all.len() - 1
        });
        if let Some((_, known)) = all.get_mut(place) {
            known.extend(numbers);
        }
    };
    match field.map(|field| &field.kind) {
        Some(FieldKind::Quantity(dimensions)) => {
            dimensions.iter().for_each(|dimension| add(*dimension, &mut std::iter::empty()));
        }
        Some(FieldKind::Distances(_)) => {}
        _ => return Vec::new(),
    }
    for variable in &steps.program.variables {
        let Scale::Numbers(cuts) = &variable.scale else { continue };
        match &variable.key {
            Key::Amount(own, dimension, _) if *own == subject.field => add(*dimension, &mut cuts.iter().cloned()),
            Key::Distance(own, _) if *own == subject.field => {
                let length = crate::facts::length(steps.model);
                length.into_iter().for_each(|dimension| add(dimension, &mut cuts.iter().cloned()));
            }
            _ => {}
        }
    }
    for grading in steps.model.gradings.iter().filter(|grading| grading.measured == subject.field) {
        for (_, threshold) in grading.rows.iter().flat_map(|row| &row.thresholds) {
            if let Threshold::From(quantity, _) = threshold {
                add(quantity.dimension, &mut std::iter::once(quantity.value.clone()));
            }
        }
    }
    all.into_iter().map(|(dimension, numbers)| (dimension, numbers.into_iter().collect())).collect()
}

/// Every day at which something changes for the days of a field: a day of a piece of its own begins two pieces.
fn day_edges(steps: Steps<'_>, field: FieldId) -> Vec<i32> {
    if !matches!(steps.model.vocabulary.field(field).map(|field| &field.kind), Some(FieldKind::Date)) {
        return Vec::new();
    }
    let mut days: BTreeSet<Date> = BTreeSet::new();
    let period = crate::compile::period(steps.model);
    days.extend(period.into_iter().flat_map(|(first, last)| [first, last]));
    let mut moved = BTreeSet::from([0]);
    for variable in &steps.program.variables {
        if let Scale::Days(cuts) = &variable.scale {
            days.extend(cuts.iter().copied());
        }
        if let Key::Compare(left, _, right, months) = &variable.key
            && (*left == field || *right == field)
        {
            moved.extend([*months, -*months]);
        }
    }
    let mut edges = BTreeSet::new();
    for day in &days {
        for months in &moved {
            if let Some(day) = day.plus_months(*months) {
                // Months are not of one length: near the end of one, each day is told apart.
                let near = if *months == 0 { 0..=1 } else { -3..=4 };
                edges.extend(near.map(|by| day.days().saturating_add(by)));
            }
        }
    }
    edges.into_iter().collect()
}
