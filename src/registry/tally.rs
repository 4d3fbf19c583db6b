//! What is counted over a registry, mine by mine.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::evaluate::Want;
use crate::quantity::Number;
use crate::registry::members::called;
use crate::registry::probe::Belongs;

/// The counts and sums of one indicator over some mines. Tallies of parts of a registry merge in any order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// How many mines stand so to the part and to the whole: `[part][whole]`, each yes, no, perhaps.
    counts: [[u64; 3]; 3],
    /// The sum over the mines that surely belong to the part, and to the whole.
    sums: [Number; 2],
    /// What those that may belong would add at most.
    possible: [Number; 2],
    /// How many of either have an amount that is not known.
    unknown: [u64; 2],
    /// For each value of a field, how many surely have it.
    values: BTreeMap<String, u64>,
    /// For each value of a field, the different values of another one that those have who surely have it.
    different: BTreeMap<String, BTreeSet<String>>,
    /// The different values of a field of those that surely belong, and of those that may.
    all_different: [BTreeSet<String>; 2],
    /// Which mines want which fact.
    #[serde(with = "pairs")]
    wanting: BTreeMap<Want, Lacking>,
}

/// How many mines that lack a fact are called by name; the others are counted.
pub(crate) const LISTED: usize = 100;

/// A mine of a registry: its place in the list, from 0, and what it calls itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mine {
    pub(crate) place: usize,
    pub(crate) name: Option<String>,
}

/// The mines that lack a fact: how many there are, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Lacking {
    pub(super) count: u64,
    #[serde(with = "pairs")]
    first: BTreeMap<usize, Option<String>>,
}

impl Lacking {
    fn add(&mut self, times: u64, mines: &[Mine]) {
        self.count += times;
        for mine in mines {
            self.list(mine.place, || mine.name.clone());
        }
    }

    fn list(&mut self, place: usize, name: impl FnOnce() -> Option<String>) {
        let last = self.first.last_key_value().map(|(last, _)| *last);
        if self.first.len() < LISTED {
            self.first.insert(place, name());
        } else if last.is_some_and(|last| place < last) {
            self.first.insert(place, name());
            self.first.pop_last();
        }
    }

    /// What the first of them are called, in the order of the registry.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.first.iter().map(|(place, name)| called(name.clone(), *place))
    }
}

/// What some mines add to a tally that differ in nothing that it counts but their amounts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    /// How many mines they are.
    pub(crate) times: u64,
    /// The first of them.
    pub(crate) mines: Vec<Mine>,
    pub(super) part: Option<Belongs>,
    pub(super) whole: Option<Belongs>,
    /// Their amounts together, where a field is summed: `Err` tells what would make them known, `None` that there are none.
    pub(crate) amount: Option<Result<Option<Number>, Vec<Want>>>,
    /// The values of each, where a field is grouped by: `Err` tells what would make them known.
    pub(super) values: Option<Result<Vec<String>, Vec<Want>>>,
    /// The values of each, where the different values of a field over all mines are counted.
    pub(super) different: Option<Result<Vec<String>, Vec<Want>>>,
    /// The values of each of the field whose different values are counted in each group, where one is.
    pub(super) of: Option<Result<Vec<String>, Vec<Want>>>,
}

impl Entry {
    /// The same of so many mines, of which these are the first.
    pub(crate) fn of_mines(&self, times: u64, mines: Vec<Mine>) -> Self {
        Self { times, mines, ..self.clone() }
    }

    /// Whether some fact of them is wanting.
    pub(crate) fn is_wanting(&self) -> bool {
        let open = |belongs: &Option<Belongs>| matches!(belongs, Some(Belongs::Perhaps(_)));
        let values = [&self.values, &self.different, &self.of];
        open(&self.part)
            || open(&self.whole)
            || matches!(self.amount, Some(Err(_)))
            || values.into_iter().any(|values| matches!(values, Some(Err(_))))
    }

    /// Whether they may belong to some set.
    pub(crate) fn may_belong(&self) -> bool {
        self.part != Some(Belongs::No) || self.whole.as_ref().is_some_and(|whole| *whole != Belongs::No)
    }

    /// Whether the values of each matter: they may belong, and what is grouped by is known.
    pub(crate) fn reads_values(&self) -> bool {
        let known = |values: &Option<Result<Vec<String>, Vec<Want>>>| matches!(values, Some(Ok(_)));
        self.part != Some(Belongs::No) && (known(&self.values) || known(&self.different))
    }

    /// The same of mines with these values, where they have any of their own.
    pub(crate) fn with_values(mut self, values: Option<Vec<String>>, of: Option<Vec<String>>) -> Self {
        let put = |slot: &mut Option<Result<Vec<String>, Vec<Want>>>, list: &Option<Vec<String>>| {
            if let (Some(Ok(own)), Some(list)) = (slot, list) {
                own.clone_from(list);
            }
        };
        put(&mut self.values, &values);
        put(&mut self.different, &values);
        put(&mut self.of, &of);
        self
    }
}

/// The least and the greatest that a value can be; no greatest says that nothing bounds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hull {
    pub(super) least: Number,
    pub(super) greatest: Option<Number>,
}

impl Hull {
    fn of(number: Number) -> Self {
        Self { least: number.clone(), greatest: Some(number) }
    }

    /// Whichever of two is larger, end by end.
    pub(super) fn larger(self, other: Self) -> Self {
        let greatest = self.greatest.zip(other.greatest).map(|(one, other)| one.max(other));
        Self { least: self.least.max(other.least), greatest }
    }

    fn from(least: u64, greatest: u64) -> Self {
        Self { least: whole(least), greatest: Some(whole(greatest)) }
    }
}

/// How often one mine may count as unknown on one side of an indicator.
const MOST_UNKNOWN: u64 = 3;

const YES: usize = 0;
const NO: usize = 1;
const PERHAPS: usize = 2;

const fn place(belongs: Option<&Belongs>) -> usize {
    match belongs {
        Some(Belongs::Yes) | None => YES,
        Some(Belongs::No) => NO,
        Some(Belongs::Perhaps(_)) => PERHAPS,
    }
}

fn whole(count: u64) -> Number {
    Number::from_integer(i64::try_from(count).unwrap_or(i64::MAX))
}

impl Tally {
    /// Adds what some mines add.
    pub(super) fn add(&mut self, entry: Entry) {
        let times = entry.times;
        let (part, whole) = (place(entry.part.as_ref()), place(entry.whole.as_ref()));
        if let Some(count) = self.counts.get_mut(part).and_then(|row| row.get_mut(whole)) {
            *count += times;
        }
        let inside = part != NO && whole != NO;
        let mut wants: Vec<Want> = Vec::new();
        if whole != NO {
            wants.extend(wants_of(entry.part.as_ref()));
        }
        if part != NO || entry.amount.is_some() || entry.whole.is_some() {
            wants.extend(wants_of(entry.whole.as_ref()));
        }
        if let Some(amount) = &entry.amount {
            wants.extend(self.add_amount(amount, times, if inside { part } else { NO }, 0));
            if entry.whole.is_some() {
                wants.extend(self.add_amount(amount, times, whole, 1));
            }
        }
        match entry.values {
            Some(Ok(values)) if part == YES => match entry.of {
                None => {
                    for value in values {
                        *self.values.entry(value).or_default() += times;
                    }
                }
                Some(Ok(own)) => {
                    for value in values {
                        self.different.entry(value).or_default().extend(own.iter().cloned());
                    }
                }
                Some(Err(more)) => {
                    self.unknown = add(self.unknown, [if values.is_empty() { 0 } else { times }, 0]);
                    wants.extend(more);
                }
            },
            Some(Ok(_)) if part == PERHAPS => self.unknown = add(self.unknown, [times, 0]),
            Some(Err(more)) if part != NO => {
                self.unknown = add(self.unknown, [times, 0]);
                wants.extend(more);
            }
            _ => {}
        }
        let [sure, possible] = &mut self.all_different;
        match entry.different {
            Some(Ok(values)) if part == YES => sure.extend(values),
            Some(Ok(values)) if part == PERHAPS => possible.extend(values),
            Some(Err(more)) if part != NO => {
                self.unknown = add(self.unknown, [times, 0]);
                wants.extend(more);
            }
            _ => {}
        }
        wants.sort_unstable();
        wants.dedup();
        for want in wants {
            self.wanting.entry(want).or_default().add(times, &entry.mines);
        }
    }

    fn add_amount(
        &mut self,
        amount: &Result<Option<Number>, Vec<Want>>,
        times: u64,
        belongs: usize,
        side: usize,
    ) -> Vec<Want> {
        if belongs == NO {
            return Vec::new();
        }
        match amount {
            Ok(Some(number)) => {
                let sums = if belongs == YES { &mut self.sums } else { &mut self.possible };
                if let Some(sum) = sums.get_mut(side) {
                    *sum = sum.plus(number);
                }
                Vec::new()
            }
            Ok(None) => Vec::new(),
            Err(wants) => {
                if let Some(count) = self.unknown.get_mut(side) {
                    *count += times;
                }
                wants.clone()
            }
        }
    }

    /// The tally of both parts together. The mines of the other are counted on from `first`.
    #[must_use]
    pub fn merged(mut self, other: Self, first: usize) -> Self {
        for (row, more) in self.counts.iter_mut().zip(other.counts) {
            for (count, more) in row.iter_mut().zip(more) {
                *count += more;
            }
        }
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            *sum = sum.plus(more);
        }
        for (sum, more) in self.possible.iter_mut().zip(&other.possible) {
            *sum = sum.plus(more);
        }
        self.unknown = add(self.unknown, other.unknown);
        for (value, count) in other.values {
            let own = self.values.entry(value).or_default();
            *own = own.saturating_add(count);
        }
        for (value, own) in other.different {
            self.different.entry(value).or_default().extend(own);
        }
        for (own, more) in self.all_different.iter_mut().zip(other.all_different) {
            own.extend(more);
        }
        for (want, mines) in other.wanting {
            let own = self.wanting.entry(want).or_default();
            own.count += mines.count;
            mines.first.into_iter().for_each(|(place, name)| own.list(place + first, || name));
        }
        self
    }

    /// Whether so many mines can have come to this. What was read from bytes may not.
    pub(super) fn is_of(&self, mines: usize) -> bool {
        let most = u64::try_from(mines).unwrap_or(u64::MAX);
        let counted = self.counts.as_flattened().iter().try_fold(0_u64, |sum, count| sum.checked_add(*count));
        let unknown = self.unknown.iter().all(|count| *count <= most.saturating_mul(MOST_UNKNOWN));
        let fits = |lacking: &Lacking| {
            let listed = lacking.first.len();
            lacking.count <= most && listed <= LISTED && u64::try_from(listed).is_ok_and(|it| it <= lacking.count)
        };
        let wanting = self.wanting.values().all(fits);
        counted.is_some_and(|counted| counted <= most) && unknown && wanting
    }

    fn count(&self, part: usize, whole: usize) -> u64 {
        self.counts.get(part).and_then(|row| row.get(whole)).copied().unwrap_or(0)
    }

    /// How many surely belong, and how many may.
    pub(super) fn counted(&self) -> Hull {
        let sure = self.count(YES, YES);
        Hull::from(sure, sure + self.count(PERHAPS, YES))
    }

    /// The sum over the part. Amounts are not below zero, so that an unknown one leaves only the top open.
    pub(super) fn summed(&self) -> Hull {
        let [sure, _] = &self.sums;
        let [possible, _] = &self.possible;
        let [unknown, _] = self.unknown;
        Hull { least: sure.clone(), greatest: (unknown == 0).then(|| sure.plus(possible)) }
    }

    /// How many of the part there are to how many of the whole, at least and at most; `None` where there may be no whole.
    pub(super) fn share(&self) -> Option<(Hull, [u64; 2])> {
        let sure_part = self.count(YES, YES);
        let sure_whole = sure_part + self.count(NO, YES) + self.count(PERHAPS, YES);
        // Which completions raise the share: in both. Which lower it: in the whole alone.
        let raising = self.count(YES, PERHAPS) + self.count(PERHAPS, PERHAPS);
        let lowering = self.count(NO, PERHAPS) + self.count(PERHAPS, PERHAPS);
        let ratio = |part: u64, of: u64| whole(part).divide(&whole(of));
        let most_part = sure_part + self.count(PERHAPS, YES);
        let greatest = ratio(most_part + raising, sure_whole + raising)?;
        let least = ratio(sure_part, sure_whole + lowering)?;
        Some((Hull { least, greatest: Some(greatest) }, [sure_part, sure_whole]))
    }

    /// The sum over the part to the sum over the whole.
    pub(super) fn sum_share(&self) -> Option<Hull> {
        let ([part, all], [more, more_all]) = (&self.sums, &self.possible);
        let known = self.unknown == [0, 0];
        let open = !more.is_zero() || !more_all.is_zero();
        if known && !open {
            return part.divide(all).map(Hull::of);
        }
        let least = known.then(|| part.divide(&all.plus(more_all))).flatten().unwrap_or(Number::ZERO);
        Some(Hull { least, greatest: Some(Number::ONE) })
    }

    /// The most mines that share one value.
    pub(super) fn most(&self) -> (Hull, Vec<String>) {
        let mut counts: BTreeMap<&str, u64> =
            self.values.iter().map(|(value, count)| (value.as_str(), *count)).collect();
        let different = self.different.iter();
        counts.extend(different.map(|(value, own)| (value.as_str(), u64::try_from(own.len()).unwrap_or(u64::MAX))));
        let most = counts.values().copied().max().unwrap_or(0);
        let [unknown, _] = self.unknown;
        let which = counts.iter().filter(|(_, count)| **count == most).map(|(value, _)| (*value).to_owned());
        (Hull::from(most, most + unknown), which.collect())
    }

    /// How many different values there are; of a field of several values, each unknown may be any number of them.
    pub(super) fn different(&self, several: bool) -> Hull {
        let [sure, possible] = &self.all_different;
        let [unknown, _] = self.unknown;
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let hull = Hull::from(count(sure.len()), count(sure.union(possible).count()) + unknown);
        if several && unknown > 0 { Hull { greatest: None, ..hull } } else { hull }
    }

    /// What is counted of those that share a value of a field, value by value.
    pub(super) fn per_value(&self) -> impl Fn(&str) -> Hull {
        let counted = |value: &str| {
            let different = self.different.get(value).map_or(0, |own| u64::try_from(own.len()).unwrap_or(u64::MAX));
            self.values.get(value).copied().unwrap_or(0).max(different)
        };
        let [unknown, _] = self.unknown;
        move |value| Hull::from(counted(value), counted(value) + unknown)
    }

    /// Which mines want which fact.
    pub(super) const fn wanting(&self) -> &BTreeMap<Want, Lacking> {
        &self.wanting
    }
}

fn wants_of(belongs: Option<&Belongs>) -> Vec<Want> {
    match belongs {
        Some(Belongs::Perhaps(wants)) => wants.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

const fn add(left: [u64; 2], right: [u64; 2]) -> [u64; 2] {
    let ([one, two], [more, most]) = (left, right);
    [one + more, two + most]
}

/// A map as a list of pairs: JSON knows no keys but texts.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Vec::<(K, V)>::deserialize(deserializer).map(|pairs| pairs.into_iter().collect())
    }
}
