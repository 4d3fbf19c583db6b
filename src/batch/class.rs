//! Mines that add the same to every indicator, their amounts and values aside.

use std::collections::HashMap;

use crate::batch::amounts::Summed;
use crate::batch::column::Batch;
use crate::batch::grouped::{self, Grouped};
use crate::model::FieldId;
use crate::quantity::Number;
use crate::registry::{Assessing, Counted, Entry, LISTED, Mine};

/// What the indicators look at besides the sets they count.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// The fields that are summed.
    pub(super) summed: Vec<FieldId>,
    /// The fields that are grouped by, alone or with another whose different values are counted.
    pub(super) grouped: Vec<(FieldId, Option<FieldId>)>,
    /// For each indicator the place of the field it sums, and of the fields it groups by.
    indicators: Vec<(Option<usize>, Option<usize>)>,
}

impl Shape {
    pub(super) fn new(assessing: &Assessing<'_>) -> Self {
        let mut shape = Self::default();
        for indicator in &assessing.model.indicators {
            let measure = &assessing.body(indicator).1.measure;
            let summed = measure.summed().map(|field| place_of(&mut shape.summed, field));
            let grouped = measure.grouped().map(|fields| place_of(&mut shape.grouped, fields));
            shape.indicators.push((summed, grouped));
        }
        shape
    }

    /// The fields whose values are looked at, each once.
    pub(super) fn grouped_fields(&self) -> impl Iterator<Item = FieldId> {
        let mut fields: Vec<FieldId> = Vec::new();
        for (field, of) in &self.grouped {
            place_of(&mut fields, *field);
            of.iter().for_each(|of| {
                place_of(&mut fields, *of);
            });
        }
        fields.into_iter()
    }
}

fn place_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

/// Some mines, and what they add.
#[derive(Debug)]
pub(super) struct Class {
    /// What the first of them adds to each indicator.
    entries: Vec<Option<Entry>>,
    /// Whether an amount of it is converted, so that each of them is counted alone.
    converted: bool,
    /// Whether something is wanting, so that its first mines are listed.
    wanting: bool,
    mines: Vec<Mine>,
    times: u64,
    /// The sums of the fields that are summed: on the scale of the batches at hand, and what was added on other scales.
    sums: Vec<(i128, Number)>,
    /// For each list of fields that are grouped by, how many have these values; empty where that tells nothing.
    groups: Vec<Option<HashMap<(u32, u32), u64>>>,
}

impl Class {
    /// The class of a row that adds this.
    pub(super) fn new(
        entries: Vec<Option<Entry>>,
        shape: &Shape,
        summed: &[Summed],
        batch: &Batch<'_>,
        row: usize,
    ) -> Self {
        let mut converted = false;
        let mut groups: Vec<Option<HashMap<(u32, u32), u64>>> = vec![None; shape.grouped.len()];
        for (entry, (sum, group)) in entries.iter().zip(&shape.indicators) {
            let Some(entry) = entry else { continue };
            if let (Some(Ok(Some(amount))), Some(summed)) = (&entry.amount, sum.and_then(|place| summed.get(place))) {
                let stated =
                    summed.number(batch, row).map(|number| Number::from_decimal(number, 0).times(&summed.scale()));
                converted |= entry.may_belong() && stated.as_ref() != Some(amount);
            }
            if let Some(slot) = group.and_then(|place| groups.get_mut(place))
                && entry.reads_values()
            {
                *slot = Some(HashMap::new());
            }
        }
        Self {
            wanting: entries.iter().flatten().any(Entry::is_wanting),
            entries,
            converted,
            mines: Vec::new(),
            times: 0,
            sums: vec![(0, Number::ZERO); shape.summed.len()],
            groups,
        }
    }

    /// Adds a mine; `false` where it must be counted alone.
    pub(super) fn takes(
        &mut self,
        summed: &[Summed],
        grouped: &[Grouped],
        shape: &Shape,
        batch: &Batch<'_>,
        row: usize,
    ) -> bool {
        if self.converted {
            return false;
        }
        let number = |field: FieldId| {
            let own = grouped.iter().find(|grouped| grouped.field() == field);
            own.map_or(grouped::UNKNOWN, |grouped| grouped.number(batch, row))
        };
        if self.groups.iter().zip(&shape.grouped).any(|(slot, (field, of))| {
            let derived = |field: FieldId| grouped.iter().any(|it| it.field() == field && it.is_derived());
            slot.is_some() && (derived(*field) || of.is_some_and(derived))
        }) {
            return false;
        }
        for (slot, (field, of)) in self.groups.iter_mut().zip(&shape.grouped) {
            if let Some(counts) = slot {
                *counts.entry((number(*field), of.map_or(grouped::UNKNOWN, number))).or_default() += 1;
            }
        }
        for ((sum, whole), summed) in self.sums.iter_mut().zip(summed) {
            let Some(number) = summed.number(batch, row) else { continue };
            match sum.checked_add(number) {
                Some(next) => *sum = next,
                None => {
                    *whole = whole.plus(&Number::from_decimal(*sum, 0).times(&summed.scale()));
                    *sum = number;
                }
            }
        }
        self.times += 1;
        true
    }

    /// Whether more of its mines are to be listed.
    pub(super) const fn lists_more(&self) -> bool {
        self.wanting && self.mines.len() < LISTED
    }

    /// Lists a mine.
    pub(super) fn list(&mut self, mine: Mine) {
        self.mines.push(mine);
    }

    /// Keeps what was summed on this scale, before another comes.
    pub(super) fn flush(&mut self, place: usize, scale: &Number) {
        if let Some((sum, whole)) = self.sums.get_mut(place) {
            *whole = whole.plus(&Number::from_decimal(*sum, 0).times(scale));
            *sum = 0;
        }
    }

    /// Adds its mines to what was counted.
    pub(super) fn add_to(&self, counted: &mut Counted, shape: &Shape, scales: &[Number], grouped: &[Grouped]) {
        if self.times == 0 {
            return;
        }
        for (indicator, (entry, (sum, group))) in self.entries.iter().zip(&shape.indicators).enumerate() {
            let Some(entry) = entry else { continue };
            let mut entry = entry.of_mines(self.times, self.mines.clone());
            if let (Some(Ok(Some(amount))), Some(place)) = (&mut entry.amount, sum)
                && let (Some((sum, whole)), Some(scale)) = (self.sums.get(*place), scales.get(*place))
            {
                *amount = whole.plus(&Number::from_decimal(*sum, 0).times(scale));
            }
            let own = group.and_then(|place| Some((shape.grouped.get(place)?, self.groups.get(place)?.as_ref()?)));
            let Some(((field, of), counts)) = own else {
                counted.add(indicator, entry);
                continue;
            };
            let list = |field: FieldId, number: u32| {
                let own = grouped.iter().find(|grouped| grouped.field() == field);
                (number != grouped::UNKNOWN).then(|| own.map_or(&[][..], |own| own.list(number)).to_vec())
            };
            for ((value, other), times) in counts {
                let lists = (list(*field, *value), of.and_then(|of| list(of, *other)));
                let mines = std::mem::take(&mut entry.mines);
                counted.add(indicator, entry.of_mines(*times, mines).with_values(lists.0, lists.1));
            }
        }
    }
}
