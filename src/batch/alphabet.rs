//! From values to letters: two values of a column are one letter where no rule can tell them apart.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::batch::column::{Column, Integers, Keys, Values, amount_text, written};
use crate::batch::ruler::{Ruler, cuts, day_edges};
use crate::date::Date;
use crate::diagnostic::Problem;
use crate::evaluate::Steps;
use crate::facts::{CaseFacts, FactValue};
use crate::model::{FieldId, FieldKind};
use crate::quantity::{Dimension, Number};
use crate::ruling::other_region;

/// The letter of a value that is not known.
pub(super) const UNKNOWN: u32 = 0;

/// How many written amounts, days and words are remembered.
const KEPT: usize = 1 << 16;

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
    /// What is wrong with each letter, if anything.
    faults: Vec<Option<Arc<Problem>>>,
    any_fault: bool,
    by_text: HashMap<String, u32>,
    /// The letters of a batch's written values.
    written: Vec<u32>,
    ruler: Option<(Option<String>, u8, Ruler)>,
    cuts: Vec<(Dimension, Vec<Number>)>,
    days: Vec<i32>,
    /// Whether it holds words for people.
    words: bool,
}

impl Alphabet {
    pub(super) fn new(steps: Steps<'_>, subject: Subject) -> Self {
        let kind = steps.model.vocabulary.field(subject.field).map(|field| &field.kind);
        Self {
            words: matches!(kind, Some(FieldKind::Text)) && steps.program.roles.region != Some(subject.field),
            cuts: cuts(steps, subject.field),
            days: day_edges(steps, subject.field),
            subject,
            witnesses: vec![Value::Null],
            faults: vec![None],
            any_fault: false,
            by_text: HashMap::new(),
            written: Vec::new(),
            ruler: None,
        }
    }

    /// What is wrong with the value of a letter.
    pub(super) fn fault(&self, letter: u32) -> Option<&Arc<Problem>> {
        self.faults.get(letter as usize).and_then(Option::as_ref)
    }

    /// Whether some letter cannot be used.
    pub(super) const fn has_faults(&self) -> bool {
        self.any_fault
    }

    /// Makes ready for a batch's column.
    pub(super) fn begin(&mut self, steps: Steps<'_>, column: &Column<'_>) {
        match &column.values {
            Values::Coded(_, values) => {
                self.written = values.iter().map(|value| self.of_written(steps, value)).collect();
            }
            Values::YesNo(_) => {
                self.written = [false, true].map(|answer| self.of_written(steps, &Value::Bool(answer))).to_vec();
            }
            Values::Decimals(_, places) => {
                let unit = column.unit;
                if !self.ruler.as_ref().is_some_and(|(own, known, _)| own.as_deref() == unit && known == places) {
                    let mut ruler = Ruler::of_amounts(steps, &self.cuts, unit, *places);
                    ruler.name(|number| self.of_written(steps, &Value::String(amount_text(number, *places, unit))));
                    self.ruler = Some((unit.map(str::to_owned), *places, ruler));
                }
            }
            Values::Days(_) => {
                if self.ruler.is_none() {
                    let mut ruler = Ruler::of_days(&self.days);
                    ruler.name(|number| {
                        let day = i32::try_from(number).ok().and_then(Date::of_days);
                        self.of_written(
                            steps,
                            &Value::String(day.map_or_else(|| number.to_string(), |it| it.to_string())),
                        )
                    });
                    self.ruler = Some((None, 0, ruler));
                }
            }
        }
    }

    /// The letters of some rows, from `start` on.
    pub(super) fn read(&self, column: &Column<'_>, start: usize, letters: &mut [u32]) {
        match (&column.values, &self.ruler) {
            (Values::Coded(keys, _), _) => coded(keys, &self.written, start, letters),
            (Values::YesNo(bits), _) => {
                let [no, yes] = [0, 1].map(|place| self.written.get(place).copied().unwrap_or(UNKNOWN));
                bits.each(start, letters, |letter, bit| *letter = if bit { yes } else { no });
            }
            (Values::Decimals(Integers::I32(values), _) | Values::Days(values), Some((_, _, ruler))) => {
                let values = values.get(start..).unwrap_or_default();
                ruler.letters(values.iter().map(|value| i64::from(*value)), letters);
            }
            (Values::Decimals(Integers::I64(values), _), Some((_, _, ruler))) => {
                ruler.letters(values.get(start..).unwrap_or_default().iter().copied(), letters);
            }
            (Values::Decimals(Integers::I128(values), _), Some((_, _, ruler))) => {
                ruler.wide(values.get(start..).unwrap_or_default(), letters);
            }
            (Values::Decimals(..) | Values::Days(_), None) => letters.fill(UNKNOWN),
        }
        if let Some(known) = column.known {
            known.each(start, letters, |letter, known| *letter = if known { *letter } else { UNKNOWN });
        }
    }

    /// The letter of a value as a file of facts writes it. Amounts and days that no rule can tell apart are one letter.
    fn of_written(&mut self, steps: Steps<'_>, value: &Value) -> u32 {
        if value.is_null() {
            return UNKNOWN;
        }
        let key = value.to_string();
        if let Some(known) = self.by_text.get(&key) {
            return *known;
        }
        let read = typed(steps, &self.subject, value);
        let (alike, fault) = match read {
            Ok(facts) => (self.alike(&facts), other_region(steps.model, steps.program, &facts).err()),
            Err(problem) => (None, Some(problem)),
        };
        let known = alike.as_ref().and_then(|alike| self.by_text.get(alike)).copied().filter(|_| fault.is_none());
        let letter = known.unwrap_or_else(|| {
            self.any_fault |= fault.is_some();
            self.witnesses.push(value.clone());
            self.faults.push(fault.map(Arc::new));
            u32::try_from(self.witnesses.len() - 1).unwrap_or(UNKNOWN)
        });
        if let Some(alike) = alike {
            self.by_text.entry(alike).or_insert(letter);
        }
        // Amounts, days and words are without end: past a bound only what stands for many of them is kept.
        if self.by_text.len() < KEPT || !(self.words || !self.cuts.is_empty() || !self.days.is_empty()) {
            self.by_text.insert(key, letter);
        }
        letter
    }

    /// What all values that no rule can tell from this one have in common.
    fn alike(&self, facts: &CaseFacts) -> Option<String> {
        match &facts.get(self.subject.field)?.value {
            FactValue::Amount(quantity) => {
                let piece = self.piece(quantity.dimension, &quantity.value);
                Some(format!("amount {:?} {:?} {piece:?}", quantity.dimension, quantity.basis))
            }
            FactValue::Distances(lengths) => {
                let (length, _) = lengths.values().next().filter(|_| lengths.len() == 1)?;
                Some(format!("length {:?}", self.piece(length.dimension, &length.value)))
            }
            // No rule asks which words, only whether there are some.
            FactValue::Texts(_) if self.words => Some("words".to_owned()),
            FactValue::Day(day) => Some(format!("day {}", self.days.partition_point(|edge| *edge <= day.days()))),
            _ => None,
        }
    }

    fn piece(&self, dimension: Dimension, value: &Number) -> Result<usize, usize> {
        let cuts = self.cuts.iter().find(|(other, _)| *other == dimension);
        cuts.map_or(Ok(0), |(_, cuts)| cuts.binary_search(value))
    }
}

fn coded(keys: &Keys<'_>, map: &[u32], start: usize, letters: &mut [u32]) {
    let of = |place: Option<usize>| place.and_then(|place| map.get(place)).copied().unwrap_or(UNKNOWN);
    match keys {
        Keys::I8(keys) => each(keys, start, letters, |key| of(usize::try_from(key).ok())),
        Keys::I16(keys) => each(keys, start, letters, |key| of(usize::try_from(key).ok())),
        Keys::I32(keys) => each(keys, start, letters, |key| of(usize::try_from(key).ok())),
        Keys::U32(keys) => each(keys, start, letters, |key| of(usize::try_from(key).ok())),
    }
}

#[inline]
fn each<T: Copy>(keys: &[T], start: usize, letters: &mut [u32], letter: impl Fn(T) -> u32) {
    let keys = keys.get(start..).unwrap_or_default();
    letters.iter_mut().zip(keys).for_each(|(slot, key)| *slot = letter(*key));
    if let Some(rest) = letters.get_mut(keys.len()..) {
        rest.fill(UNKNOWN);
    }
}

/// One value of a column as typed facts, or what is wrong with it.
pub(super) fn typed(steps: Steps<'_>, subject: &Subject, value: &Value) -> Result<CaseFacts, Problem> {
    let entry = (subject.name.as_str(), subject.inner.as_deref(), value.clone());
    super::read(steps.model, &written(std::iter::once(entry)))
}
