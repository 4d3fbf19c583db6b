//! Facts that settle conditions one way or the other.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::date::Date;
use crate::model::{Condition, DocumentQuestion, FieldId, FieldKind, LeafSet, MemberId, Model, Operator, TestKind};
use crate::quantity::{Number, Quantity};

/// A bound of an amount, and whether the amount is to stand so to it.
type Asked = (Operator, Quantity, bool);

/// The facts of a case that is being made.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    model: &'a Model,
    /// For each field of members the leaves that its value may be among.
    allowed: BTreeMap<FieldId, LeafSet>,
    /// For each field of areas the sets of which it must hold one, and the leaves that it must not hold.
    areas: BTreeMap<FieldId, (Vec<LeafSet>, LeafSet)>,
    flags: BTreeMap<FieldId, bool>,
    absent: BTreeMap<FieldId, bool>,
    amounts: BTreeMap<(FieldId, Option<MemberId>), Vec<Asked>>,
    days: BTreeMap<FieldId, Date>,
    documents: BTreeMap<(FieldId, MemberId), bool>,
    attestations: BTreeMap<u16, bool>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self {
            model,
            allowed: BTreeMap::new(),
            areas: BTreeMap::new(),
            flags: BTreeMap::new(),
            absent: BTreeMap::new(),
            amounts: BTreeMap::new(),
            days: BTreeMap::new(),
            documents: BTreeMap::new(),
            attestations: BTreeMap::new(),
        }
    }

    /// Whether an amount is settled already.
    pub(super) fn asks(&self, field: FieldId, feature: Option<MemberId>) -> bool {
        self.amounts.contains_key(&(field, feature))
    }

    /// Adds what makes a condition hold, or not hold. `None` where the facts so far do not allow it.
    pub(super) fn settle(&mut self, condition: &Condition, holds: bool) -> Option<()> {
        match condition {
            Condition::Always => holds.then_some(()),
            Condition::Never => (!holds).then_some(()),
            Condition::Not(inner) => self.settle(inner, !holds),
            Condition::All(list) if holds => list.iter().try_for_each(|inner| self.settle(inner, true)),
            Condition::Any(list) if !holds => list.iter().try_for_each(|inner| self.settle(inner, false)),
            Condition::All(list) | Condition::Any(list) => list.iter().find_map(|inner| {
                let mut trial = self.clone();
                trial.settle(inner, holds)?;
                *self = trial;
                Some(())
            }),
            Condition::Test(test) => self.test(&test.kind, holds),
        }
    }

    fn test(&mut self, kind: &TestKind, holds: bool) -> Option<()> {
        match kind {
            TestKind::Member { field, leaves, .. } => self.member(*field, leaves, holds),
            TestKind::Flag { field } => put(&mut self.flags, *field, holds),
            TestKind::Absent { field } => put(&mut self.absent, *field, holds),
            TestKind::Document { field, document, about: DocumentQuestion::Presence, .. } => {
                put(&mut self.documents, (*field, *document), holds)
            }
            TestKind::Document { .. } | TestKind::Count { .. } => None,
            TestKind::Attestation { name, .. } => put(&mut self.attestations, *name, holds),
            TestKind::Amount { field, comparator, bound, .. } => {
                self.amount((*field, None), comparator.operator, bound, holds)
            }
            TestKind::Distance { field, feature, comparator, bound } => {
                self.amount((*field, Some(*feature)), comparator.operator, bound, holds)
            }
            TestKind::Day { field, comparator, bound } => self.day(*field, comparator.operator, *bound, holds),
            TestKind::Fields { months, .. } if *months != 0 => None,
            TestKind::Fields { left, comparator, right, .. } => self.days_of(*left, comparator.operator, *right, holds),
            TestKind::Parameter { .. } => None,
        }
    }

    fn member(&mut self, field: FieldId, leaves: &LeafSet, holds: bool) -> Option<()> {
        let known = self.model.vocabulary.field(field)?;
        // A class that tables derive follows from other facts, which would have to fit.
        if known.graded_by.is_some() && self.model.gradings.iter().any(|grading| grading.field == field) {
            return None;
        }
        if let FieldKind::Areas(_) = known.kind {
            let (wanted, shunned) = self.areas.entry(field).or_default();
            if holds {
                wanted.push(leaves.clone())
            } else {
                shunned.unite(leaves)
            }
            let (wanted, shunned) = (wanted.clone(), shunned.clone());
            return wanted.iter().all(|set| self.pick(field, &minus(set, &shunned)).is_some()).then_some(());
        }
        let enumeration = self.model.vocabulary.enumeration(known.kind.enumeration()?)?;
        let allowed = self.allowed.entry(field).or_insert_with(|| LeafSet::all(enumeration.leaf_count));
        *allowed = if holds { allowed.intersection(leaves) } else { minus(allowed, leaves) };
        let left = allowed.clone();
        self.pick(field, &left).map(|_| ())
    }

    /// A member whose leaves all lie in a set: the most special one, the first of several.
    fn pick(&self, field: FieldId, allowed: &LeafSet) -> Option<MemberId> {
        let enumeration = self.model.vocabulary.enumeration(self.model.vocabulary.field(field)?.kind.enumeration()?)?;
        let fits = enumeration
            .members
            .iter()
            .enumerate()
            .filter(|(_, member)| !member.leaves.is_empty() && member.leaves.within(allowed));
        let (index, _) = fits.min_by_key(|(index, member)| (member.leaves.len(), *index))?;
        u16::try_from(index).ok().map(MemberId)
    }

    fn amount(
        &mut self,
        key: (FieldId, Option<MemberId>),
        operator: Operator,
        bound: &Quantity,
        holds: bool,
    ) -> Option<()> {
        self.amounts.entry(key).or_default().push((operator, bound.clone(), holds));
        self.amount_text(key).map(|_| ())
    }

    /// An amount that meets everything asked of it: one of the bounds, or a little off one of them.
    fn amount_text(&self, key: (FieldId, Option<MemberId>)) -> Option<String> {
        let asked = self.amounts.get(&key)?;
        let (_, first, _) = asked.first()?;
        if asked.iter().any(|(_, bound, _)| bound.dimension != first.dimension || bound.basis != first.basis) {
            return None;
        }
        let off = first.unit_factor.clone();
        let near = asked.iter().flat_map(|(_, bound, _)| {
            [
                bound.value.clone(),
                bound.value.plus(&off),
                bound.value.minus(&off),
                bound.value.times(&Number::from_integer(2)),
            ]
        });
        let meets = |value: &Number| {
            let positive = !value.is_negative() && !value.is_zero();
            positive && asked.iter().all(|(operator, bound, holds)| operator.holds(value.cmp(&bound.value)) == *holds)
        };
        near.into_iter().find(meets).map(|value| first.render(&value))
    }

    fn day(&mut self, field: FieldId, operator: Operator, bound: Date, holds: bool) -> Option<()> {
        let early = Date::new(bound.year() - 1, 1, 1)?;
        let late = Date::new(bound.year() + 1, 1, 1)?;
        let known = self.days.get(&field).copied();
        let candidates = known.map_or_else(|| vec![early, bound, late], |day| vec![day]);
        let day = candidates.into_iter().find(|day| operator.holds(day.cmp(&bound)) == holds)?;
        self.days.insert(field, day);
        Some(())
    }

    /// Two days, a year apart in the middle of the plan's period.
    fn days_of(&mut self, left: FieldId, operator: Operator, right: FieldId, holds: bool) -> Option<()> {
        let is_day = |field: FieldId| {
            self.model.vocabulary.field(field).is_some_and(|known| matches!(known.kind, FieldKind::Date))
        };
        if !is_day(left) || !is_day(right) {
            return None;
        }
        let year = self
            .model
            .plan
            .as_ref()
            .and_then(|plan| plan.period)
            .map_or(2023, |(first, last)| i32::midpoint(first, last));
        let right_day = *self.days.entry(right).or_insert(Date::new(year, 6, 30)?);
        self.day(left, operator, right_day, holds)
    }

    /// The facts with this amount; `None` leaves it out. Nothing where something else is not settled yet.
    pub(super) fn with(&self, field: FieldId, feature: Option<MemberId>, amount: Option<String>) -> Option<Value> {
        let mut facts = Map::new();
        for (field, allowed) in &self.allowed {
            if self.absent.get(field) == Some(&true) {
                return None;
            }
            facts.insert(self.key(*field)?, Value::String(self.member_name(*field, self.pick(*field, allowed)?)?));
        }
        for (field, (wanted, shunned)) in &self.areas {
            let picked: Option<Vec<Value>> = wanted
                .iter()
                .map(|set| {
                    let member = self.pick(*field, &minus(set, shunned))?;
                    self.member_name(*field, member).map(Value::String)
                })
                .collect();
            facts.insert(self.key(*field)?, Value::Array(picked?));
        }
        for (field, says) in &self.flags {
            facts.insert(self.key(*field)?, Value::Bool(*says));
        }
        for (field, none) in &self.absent {
            if *none {
                facts.insert(self.key(*field)?, json!("无"));
            } else if !facts.contains_key(&self.key(*field)?) {
                return None;
            }
        }
        for (field, day) in &self.days {
            facts.insert(self.key(*field)?, Value::String(day.to_string()));
        }
        for ((field, document), there) in &self.documents {
            self.entry(&mut facts, *field, self.member_name(*field, *document)?, Value::Bool(*there))?;
        }
        let attestations = (0u16..).zip(&self.model.vocabulary.fields);
        let attestations = attestations
            .filter(|(_, known)| matches!(known.kind, FieldKind::Attestations))
            .map(|(number, _)| FieldId(number))
            .next();
        for (name, says) in &self.attestations {
            let name = self.model.attestations.get(*name as usize)?.clone();
            self.entry(&mut facts, attestations?, name, Value::Bool(*says))?;
        }
        for key in self.amounts.keys() {
            self.put_amount(&mut facts, *key, self.amount_text(*key)?)?;
        }
        if let Some(text) = amount {
            self.put_amount(&mut facts, (field, feature), text)?;
        }
        Some(Value::Object(facts))
    }

    fn put_amount(&self, facts: &mut Map<String, Value>, key: (FieldId, Option<MemberId>), text: String) -> Option<()> {
        match key {
            (field, None) => {
                facts.insert(self.key(field)?, Value::String(text));
                Some(())
            }
            (field, Some(feature)) => self.entry(facts, field, self.member_name(field, feature)?, Value::String(text)),
        }
    }

    /// Adds an entry to a map of the facts.
    fn entry(&self, facts: &mut Map<String, Value>, field: FieldId, name: String, value: Value) -> Option<()> {
        let slot = facts.entry(self.key(field)?).or_insert_with(|| Value::Object(Map::new()));
        slot.as_object_mut()?.insert(name, value);
        Some(())
    }

    fn key(&self, field: FieldId) -> Option<String> {
        self.model.vocabulary.field(field).map(|known| known.name.chinese.clone())
    }

    fn member_name(&self, field: FieldId, member: MemberId) -> Option<String> {
        let enumeration = self.model.vocabulary.field(field)?.kind.enumeration()?;
        self.model.vocabulary.member(enumeration, member).map(|member| member.name.chinese.clone())
    }
}

/// Settles a yes or no once.
fn put<K: Ord>(map: &mut BTreeMap<K, bool>, key: K, says: bool) -> Option<()> {
    match map.insert(key, says) {
        Some(before) if before != says => None,
        _ => Some(()),
    }
}

fn minus(set: &LeafSet, other: &LeafSet) -> LeafSet {
    let mut left = LeafSet::empty();
    set.iter().filter(|leaf| !other.contains(*leaf)).for_each(|leaf| left.insert(leaf));
    left
}
