//! Where the numbers of a column part: pieces between the numbers and days that rules hold them against.

use std::collections::BTreeSet;

use crate::batch::alphabet::UNKNOWN;
use crate::date::Date;
use crate::evaluate::Steps;
use crate::model::{FieldId, FieldKind, Threshold, parse_unit};
use crate::program::{Key, Scale};
use crate::quantity::{Dimension, Number};

/// How wide a span of whole numbers may be for each of them to have its letter in a table.
const TABLE: i128 = 1 << 16;

/// Whole numbers in pieces: a number belongs to the piece of the last edge not above it.
#[derive(Debug)]
pub(super) struct Ruler {
    edges: Vec<i128>,
    /// The letter of each piece.
    pieces: Vec<u32>,
    /// The letters of the numbers from `first` on, where the edges lie close together.
    table: Vec<u32>,
    first: i64,
}

impl Ruler {
    /// The ruler of amounts in a unit, with so many decimal places.
    pub(super) fn of_amounts(
        steps: Steps<'_>,
        cuts: &[(Dimension, Vec<Number>)],
        unit: Option<&str>,
        places: u8,
    ) -> Self {
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
        Self::of(edges.into_iter().collect())
    }

    /// The ruler of days that part at these.
    pub(super) fn of_days(days: &[i32]) -> Self {
        let limits = [Date::FIRST.days(), Date::LAST.days().saturating_add(1)];
        let edges: BTreeSet<i128> = days.iter().chain(&limits).map(|day| i128::from(*day)).collect();
        Self::of(edges.into_iter().collect())
    }

    const fn of(edges: Vec<i128>) -> Self {
        Self { edges, pieces: Vec::new(), table: Vec::new(), first: 0 }
    }

    /// Gives every piece the letter of a number in it.
    pub(super) fn name(&mut self, mut letter: impl FnMut(i128) -> u32) {
        let first = self.edges.first().map_or(0, |edge| edge.saturating_sub(1));
        self.pieces = std::iter::once(first).chain(self.edges.iter().copied()).map(&mut letter).collect();
        let span = self.edges.last().map_or(0, |last| last.saturating_sub(first));
        if let (Ok(start), true) = (i64::try_from(first), span < TABLE) {
            self.first = start;
            let mut number = first;
            while number <= first + span {
                self.table.push(self.letter(number));
                number += 1;
            }
        }
    }

    fn letter(&self, number: i128) -> u32 {
        let piece = self.edges.partition_point(|edge| *edge <= number);
        self.pieces.get(piece).copied().unwrap_or(UNKNOWN)
    }

    /// The letters of these numbers.
    #[inline]
    pub(super) fn letters(&self, numbers: impl Iterator<Item = i64>, letters: &mut [u32]) {
        match self.table.len().checked_sub(1).and_then(|last| i64::try_from(last).ok()) {
            Some(last) => {
                for (slot, number) in letters.iter_mut().zip(numbers) {
                    let place = number.saturating_sub(self.first).clamp(0, last);
                    *slot = usize::try_from(place).ok().and_then(|it| self.table.get(it)).copied().unwrap_or(UNKNOWN);
                }
            }
            None => letters.iter_mut().zip(numbers).for_each(|(slot, number)| *slot = self.letter(i128::from(number))),
        }
    }

    /// The same of numbers of 128 bits.
    pub(super) fn wide(&self, numbers: &[i128], letters: &mut [u32]) {
        if self.table.is_empty() {
            letters.iter_mut().zip(numbers).for_each(|(slot, number)| *slot = self.letter(*number));
        } else {
            // Past 64 bits a number lies past every edge of the table.
            let narrow =
                |number: &i128| i64::try_from(*number).unwrap_or(if *number < 0 { i64::MIN } else { i64::MAX });
            self.letters(numbers.iter().map(narrow), letters);
        }
    }
}

/// Every number that a rule may hold the amounts of a column against, by dimension.
pub(super) fn cuts(steps: Steps<'_>, field: FieldId) -> Vec<(Dimension, Vec<Number>)> {
    let kind = steps.model.vocabulary.field(field).map(|field| &field.kind);
    let most = steps.model.vocabulary.field(field).and_then(|field| field.most.as_ref());
    let mut all: Vec<(Dimension, BTreeSet<Number>)> = Vec::new();
    let mut add = |dimension: Dimension, numbers: &mut dyn Iterator<Item = Number>| {
        let place = all.iter().position(|(other, _)| *other == dimension).unwrap_or_else(|| {
            // Above zero, zero and above, or past the most there can be: the reader of facts tells them apart.
            let ends = std::iter::once(Number::ZERO).chain(most.cloned());
            all.push((dimension, ends.collect()));
            all.len() - 1
        });
        if let Some((_, known)) = all.get_mut(place) {
            known.extend(numbers);
        }
    };
    match kind {
        Some(FieldKind::Quantity(dimensions)) => {
            dimensions.iter().for_each(|dimension| add(*dimension, &mut std::iter::empty()));
        }
        Some(FieldKind::Distances(_)) => {}
        _ => return Vec::new(),
    }
    for variable in &steps.program.variables {
        let Scale::Numbers(cuts) = &variable.scale else { continue };
        match &variable.key {
            Key::Amount(own, dimension, _) if *own == field => add(*dimension, &mut cuts.iter().cloned()),
            Key::Distance(own, _) if *own == field => {
                let length = crate::facts::length(steps.model);
                length.into_iter().for_each(|dimension| add(dimension, &mut cuts.iter().cloned()));
            }
            _ => {}
        }
    }
    for grading in steps.model.gradings.iter().filter(|grading| grading.measured == field) {
        for (_, threshold) in grading.rows.iter().flat_map(|row| &row.thresholds) {
            if let Threshold::From(quantity, _) = threshold {
                add(quantity.dimension, &mut std::iter::once(quantity.value.clone()));
            }
        }
    }
    all.into_iter().map(|(dimension, numbers)| (dimension, numbers.into_iter().collect())).collect()
}

/// Every day at which something changes for the days of a field: a day of a piece of its own begins two pieces.
pub(super) fn day_edges(steps: Steps<'_>, field: FieldId) -> Vec<i32> {
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
