//! Indicators over a set of mines.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::evaluate::{Case, Measured, Ready, Want, attestation, fact_text, member_text};
use crate::facts::{CaseFacts, FactValue};
use crate::model::{
    Bound, FieldId, FieldKind, Group, Indicator, IndicatorBody, Limit, Measure, MemberId, Model, Operator,
};
use crate::program::{ChannelBasis, Outcome, Program};
use crate::quantity::{Number, Quantity};
use crate::registry::counted::Counted;
use crate::registry::members::{Records, name_of};
use crate::registry::probe::{belongs, bodies, first_probe, meeting};
use crate::registry::result::{Assessment, IndicatorStatus, IndicatorValue, MissingFact, Reported, Standing};
use crate::registry::tally::{Entry, Hull, Mine, Tally};

/// What is assessed, and how.
pub struct Assessing<'a> {
    /// The rules.
    pub model: &'a Model,
    /// The rules, compiled with the probes of their indicators.
    pub program: &'a Program,
    /// The day as of which; not given, the mines' own days count and nothing is due.
    pub as_of: Option<Date>,
    /// Readings chosen: indicator → name.
    pub readings: &'a BTreeMap<String, String>,
    /// The office's statistics.
    pub reported: &'a Reported,
}

/// Assesses a set of mines; `base` is that of an earlier year, for changes against it.
#[must_use]
pub fn assess(assessing: &Assessing<'_>, counted: &Counted, base: Option<&Counted>) -> Assessment {
    let model = assessing.model;
    let indicators = model.indicators.iter().enumerate().map(|(number, indicator)| {
        let body = assessing.body(indicator).1;
        let tally = counted.tallies.get(number);
        let earlier = base.and_then(|base| base.tallies.get(number));
        assessing.standing(indicator, body, tally, earlier)
    });
    let plan = model.plan.as_ref();
    Assessment {
        plan: plan.map(|plan| plan.id.clone()).unwrap_or_default(),
        plan_title: plan.map(|plan| plan.title.clone()).unwrap_or_default(),
        mines: counted.mines,
        left_out: 0,
        as_of: assessing.as_of.map(|day| day.to_string()),
        indicators: indicators.collect(),
    }
}

/// A value with what is said of it.
#[derive(Default)]
pub(super) struct Valued {
    pub(super) hull: Option<Hull>,
    pub(super) value: Option<IndicatorValue>,
    /// Part and whole of a share that is exactly known.
    pub(super) share: Option<[u64; 2]>,
    pub(super) missing: Vec<MissingFact>,
    pub(super) values: Vec<String>,
    /// What is counted of each place, where places have bounds of their own: its number among the values of the field.
    pub(super) places: BTreeMap<MemberId, Hull>,
}

impl Assessing<'_> {
    /// The reading of an indicator that is taken: its number, and what the indicator says in it.
    pub(crate) fn body<'i>(&self, indicator: &'i Indicator) -> (usize, &'i IndicatorBody) {
        let chosen = self.readings.get(&indicator.id);
        let other = chosen.and_then(|name| indicator.other_readings.iter().position(|other| other.name == *name));
        let number = other.map_or(0, |number| number + 1);
        (number, bodies(indicator).nth(number).unwrap_or(&indicator.body))
    }

    /// What each indicator counts.
    pub(super) fn tallies(&self, records: &Records<'_>) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.model.indicators.len()];
        for (place, record) in records.iter().enumerate() {
            self.add(&mut tallies, Mine { place, name: Some(record.name.clone()) }, &record.facts);
        }
        tallies
    }

    /// Counts one more mine.
    pub fn count(&self, counted: &mut Counted, facts: &CaseFacts) {
        self.count_at(counted, counted.mines, facts);
    }

    /// Counts a mine at this place of the registry.
    pub(crate) fn count_at(&self, counted: &mut Counted, place: usize, facts: &CaseFacts) {
        counted.mines += 1;
        self.add(&mut counted.tallies, Mine { place, name: self.name(facts) }, facts);
    }

    /// What a mine calls itself.
    pub(crate) fn name(&self, facts: &CaseFacts) -> Option<String> {
        name_of(self.model, facts)
    }

    /// The clauses that tell which mines belong to the sets that are counted, each with the outcome by which it does.
    pub(crate) fn asked(&self) -> Vec<(usize, Outcome)> {
        let mut asked = BTreeSet::new();
        for (number, indicator) in self.model.indicators.iter().enumerate() {
            let (reading, body) = self.body(indicator);
            let first = first_probe(self.model, number, reading);
            for (place, group) in body.measure.groups().enumerate() {
                asked.insert((first + place, Outcome::Violated));
                asked.extend(meeting(self.model, group).map(|clause| (clause, Outcome::Satisfied)));
            }
        }
        asked.into_iter().collect()
    }

    fn add(&self, tallies: &mut [Tally], mine: Mine, facts: &CaseFacts) {
        for (tally, entry) in tallies.iter_mut().zip(self.entries(facts)) {
            if let Some(entry) = entry {
                tally.add(entry.of_mines(1, vec![mine.clone()]));
            }
        }
    }

    /// What a mine with these facts adds to each indicator.
    pub(crate) fn entries(&self, facts: &CaseFacts) -> Vec<Option<Entry>> {
        // Facts that cannot stand together are told where they are read; such a mine counts as one of which nothing
        // but its being there is known.
        let empty = CaseFacts::default();
        let ready = Ready::new(self.model, self.program, facts, self.as_of)
            .or_else(|_| Ready::new(self.model, self.program, &empty, self.as_of));
        let Ok(ready) = ready else { return Vec::new() };
        let case = Case::new(self.model, self.program, &ready);
        let entries = self.model.indicators.iter().enumerate().map(|(number, indicator)| {
            let (reading, body) = self.body(indicator);
            entry(&case, body, first_probe(self.model, number, reading))
        });
        entries.collect()
    }

    fn standing(
        &self,
        indicator: &Indicator,
        body: &IndicatorBody,
        tally: Option<&Tally>,
        base: Option<&Tally>,
    ) -> Standing {
        let valued = self.valued(body, tally, base);
        let due = self.is_due(body);
        let status = match stands(body, &valued) {
            Some(true) => IndicatorStatus::Met,
            Some(false) if due => IndicatorStatus::Missed,
            Some(false) => IndicatorStatus::NotDue,
            None => IndicatorStatus::Unknown,
        };
        let (distance, room) = distance(body, &valued);
        let cited = indicator.citations.first();
        let chosen = self.readings.get(&indicator.id).cloned();
        Standing {
            indicator: indicator.id.clone(),
            title: indicator.title.clone(),
            status,
            value: valued.value,
            target: target(body),
            operator: body.limits.first().map_or("", |limit| limit.comparator.operator.sign()),
            distance,
            room,
            force: body.force,
            attribute: body.attribute.map(crate::model::Attribute::code),
            target_year: body.target_year,
            due,
            reading: chosen.or_else(|| indicator.reading.as_ref().map(|reading| reading.name.clone())),
            missing: if status == IndicatorStatus::Unknown { valued.missing } else { Vec::new() },
            values: valued.values,
            section: cited.map(|citation| citation.section.clone()).unwrap_or_default(),
            quote: cited.and_then(|citation| citation.quote.clone()),
        }
    }

    /// Whether the year by which an indicator is to be met has come; a bound without one is always due.
    fn is_due(&self, body: &IndicatorBody) -> bool {
        match (body.target_year, self.as_of) {
            (None, _) => true,
            (Some(year), Some(day)) => day.year() >= year,
            (Some(_), None) => false,
        }
    }

    /// The value of an indicator in a body.
    pub(super) fn valued(&self, body: &IndicatorBody, tally: Option<&Tally>, base: Option<&Tally>) -> Valued {
        let mut valued = Valued::default();
        let Some(tally) = tally else { return valued };
        valued.missing = self.missing(tally);
        match &body.measure {
            Measure::Count(_) => valued.hull = Some(tally.counted()),
            Measure::Sum(_, _) => valued.hull = Some(tally.summed()),
            Measure::Share { .. } => {
                let share = tally.share();
                valued.share = share.as_ref().map(|(_, counts)| *counts);
                valued.hull = share.map(|(hull, _)| hull);
            }
            Measure::SumShare { .. } => valued.hull = tally.sum_share(),
            Measure::Different(_, field) => {
                let several = self.model.vocabulary.field(*field).is_some_and(|field| field.many);
                valued.hull = Some(tally.different(several));
            }
            Measure::MostPer { field, .. } => {
                let (hull, values) = tally.most();
                (valued.hull, valued.values) = (Some(hull), values);
                self.by_place(body, *field, tally, &mut valued);
            }
            Measure::Change { year, grows, .. } => match base {
                Some(base) => valued.hull = change(&tally.counted(), &base.counted(), *grows),
                None => {
                    let label = format!("{year}年登记册");
                    valued.missing.push(MissingFact {
                        fact: format!("registry-{year}"),
                        label,
                        count: 0,
                        mines: Vec::new(),
                    });
                }
            },
            Measure::Reported(name) => match self.reported.get(name) {
                Some(quantity) if body.quantities().all(|bound| bound.dimension == quantity.dimension) => {
                    let value = quantity.value.clone();
                    valued.hull = Some(Hull { least: value.clone(), greatest: Some(value) });
                }
                _ => valued.missing.push(MissingFact {
                    fact: name.clone(),
                    label: name.clone(),
                    count: 0,
                    mines: Vec::new(),
                }),
            },
        }
        for name in body.limits.iter().filter_map(|limit| match &limit.bound {
            Bound::Elsewhere { name, found: None } => Some(name),
            Bound::Elsewhere { .. } | Bound::Printed(_) | Bound::OfPlace { .. } => None,
        }) {
            valued.missing.push(MissingFact { fact: name.clone(), label: name.clone(), count: 0, mines: Vec::new() });
        }
        valued.value = valued.hull.as_ref().map(|hull| shown(body, hull, valued.share));
        valued
    }

    /// What is counted of each place that has a bound of its own, and which of them miss it.
    fn by_place(&self, body: &IndicatorBody, field: FieldId, tally: &Tally, valued: &mut Valued) {
        let count = tally.per_value();
        for limit in &body.limits {
            let Bound::OfPlace { values, words } = &limit.bound else { continue };
            valued.values.clear();
            for (place, bound) in values {
                let name = member_text(self.model, field, *place);
                let hull = count(&name);
                match bound {
                    Some(bound) if holds(limit.comparator.operator, &hull, &bound.value) == Some(false) => {
                        valued.values.push(format!(
                            "{name} {}，{} {}",
                            bound.render(&hull.least),
                            limit.comparator.operator.symbol(),
                            bound.text()
                        ));
                    }
                    Some(_) => {}
                    None if hull.greatest.as_ref().is_some_and(Number::is_zero) => continue,
                    None => {
                        let label = format!("{name}：{words}");
                        valued.missing.push(MissingFact { fact: label.clone(), label, count: 0, mines: Vec::new() });
                    }
                }
                valued.places.insert(*place, hull);
            }
        }
    }

    fn missing(&self, tally: &Tally) -> Vec<MissingFact> {
        let named = tally.wanting().iter().map(|(want, lacking)| {
            let (fact, label) = want_names(self.model, want);
            MissingFact { fact, label, count: lacking.count, mines: lacking.names().collect() }
        });
        named.collect()
    }
}

/// Key and label of what is wanted.
fn want_names(model: &Model, want: &Want) -> (String, String) {
    let field = |field: &FieldId| {
        let found = model.vocabulary.field(*field);
        found.map(|field| (field.name.key().to_owned(), field.name.chinese.clone())).unwrap_or_default()
    };
    let same = |name: String| (name.clone(), name);
    match want {
        Want::Field(id) => field(id),
        Want::Feature(id, member) => {
            let (key, label) = field(id);
            (key, format!("{label} {}", member_text(model, *id, *member)))
        }
        Want::Document(id, member) => same(member_text(model, *id, *member)),
        Want::Attestation(number) => same(attestation(model, *number)),
        Want::Parameter(name) => same(name.clone()),
        Want::Conversion(conversion) => match model.vocabulary.field_named(conversion.key()) {
            Some(id) => field(&id),
            None => same(conversion.key().to_owned()),
        },
    }
}

/// What one mine adds to what an indicator counts.
fn entry(case: &Case<'_>, body: &IndicatorBody, probe: usize) -> Option<Entry> {
    let part = |group: &Group| Some(belongs(case, group, probe));
    let mut entry = Entry::default();
    match &body.measure {
        Measure::Count(group) | Measure::Change { group, .. } => entry.part = part(group),
        Measure::Sum(group, field) => {
            entry.part = part(group);
            entry.amount = Some(match body.quantities().next() {
                Some(bound) => amount(case, *field, bound),
                None => any_amount(case, *field),
            });
        }
        Measure::Different(group, field) => {
            entry.part = part(group);
            entry.different = Some(values(case, *field));
        }
        Measure::Share { part: of, whole } => {
            (entry.part, entry.whole) = (part(of), Some(belongs(case, whole, probe + 1)));
        }
        Measure::SumShare { part: of, whole, field } => {
            (entry.part, entry.whole) = (part(of), Some(belongs(case, whole, probe + 1)));
            entry.amount = Some(any_amount(case, *field));
        }
        Measure::MostPer { field, of, group } => {
            entry.part = part(group);
            entry.values = Some(values(case, *field));
            entry.of = of.map(|of| values(case, of));
        }
        Measure::Reported(_) => return None,
    }
    Some(entry)
}

fn amount(case: &Case<'_>, field: FieldId, bound: &Quantity) -> Result<Option<Number>, Vec<Want>> {
    let basis = bound.basis.map_or(ChannelBasis::None, ChannelBasis::Of);
    match case.measure().field(field, bound.dimension, basis) {
        Measured::None => Ok(None),
        Measured::Known(converted) => Ok(Some(converted.value)),
        Measured::Wanting(wants) => Err(wants),
    }
}

/// An amount in the first dimension of its field.
fn any_amount(case: &Case<'_>, field: FieldId) -> Result<Option<Number>, Vec<Want>> {
    let kind = case.model.vocabulary.field(field).map(|known| &known.kind);
    let Some(FieldKind::Quantity(dimensions)) = kind else { return Err(vec![Want::Field(field)]) };
    let Some(dimension) = dimensions.first() else { return Err(vec![Want::Field(field)]) };
    match case.measure().field(field, *dimension, ChannelBasis::None) {
        Measured::None => Ok(None),
        Measured::Known(converted) => Ok(Some(converted.value)),
        Measured::Wanting(wants) => Err(wants),
    }
}

fn values(case: &Case<'_>, field: FieldId) -> Result<Vec<String>, Vec<Want>> {
    values_in(case.model, case.facts, field)
}

/// The values of a field, in words; none where there is none.
///
/// # Errors
/// They are not known.
pub(crate) fn values_in(model: &Model, facts: &CaseFacts, field: FieldId) -> Result<Vec<String>, Vec<Want>> {
    match facts.get(field).map(|fact| &fact.value) {
        None => Err(vec![Want::Field(field)]),
        Some(FactValue::None) => Ok(Vec::new()),
        Some(FactValue::Members(members)) => {
            Ok(members.iter().map(|member| member_text(model, field, *member)).collect())
        }
        Some(FactValue::Texts(texts)) => Ok(texts.clone()),
        Some(value) => Ok(vec![fact_text(model, field, value)]),
    }
}

/// By how much of itself a count has grown or shrunk.
fn change(now: &Hull, before: &Hull, grows: bool) -> Option<Hull> {
    let by = |now: &Number, before: &Number| {
        let by = now.minus(before).divide(before)?;
        Some(if grows { by } else { Number::ZERO.minus(&by) })
    };
    let ends = [
        by(&now.least, &before.least)?,
        by(&now.least, before.greatest.as_ref()?)?,
        by(now.greatest.as_ref()?, &before.least)?,
        by(now.greatest.as_ref()?, before.greatest.as_ref()?)?,
    ];
    Some(Hull { least: ends.iter().min()?.clone(), greatest: ends.iter().max().cloned() })
}

/// Whether every value of a hull holds against a bound, none does, or some do. Exact for hulls of which every value in
/// between can be, and never surer than that for others.
pub(super) fn holds(operator: Operator, hull: &Hull, bound: &Number) -> Option<bool> {
    let least = hull.least.cmp(bound);
    let greatest = hull.greatest.as_ref().map(|greatest| greatest.cmp(bound));
    match operator {
        Operator::AtLeast | Operator::Above if operator.holds(least) => Some(true),
        Operator::AtLeast | Operator::Above => greatest.filter(|end| !operator.holds(*end)).map(|_| false),
        Operator::AtMost | Operator::Below if !operator.holds(least) => Some(false),
        Operator::AtMost | Operator::Below => greatest.filter(|end| operator.holds(*end)).map(|_| true),
        // About: the very number is met, anything else is for a person to judge.
        Operator::About => (hull.greatest.as_ref() == Some(&hull.least) && least.is_eq()).then_some(true),
        Operator::Equal | Operator::NotEqual => {
            let known = hull.greatest.as_ref() == Some(&hull.least);
            let apart = least.is_gt() || greatest.is_some_and(std::cmp::Ordering::is_lt);
            if known { Some(operator.holds(least)) } else { apart.then_some(operator == Operator::NotEqual) }
        }
    }
}

/// Whether every completion meets all bounds, none does, or some do.
pub(super) fn stands(body: &IndicatorBody, valued: &Valued) -> Option<bool> {
    let each = body.limits.iter().map(|limit| limit_stands(limit, valued));
    each.fold(Some(true), both)
}

const fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn limit_stands(limit: &Limit, valued: &Valued) -> Option<bool> {
    let operator = limit.comparator.operator;
    match &limit.bound {
        Bound::OfPlace { values, .. } => {
            let each = values.iter().filter_map(|(place, bound)| Some((valued.places.get(place)?, bound)));
            each.map(|(hull, bound)| holds(operator, hull, &bound.as_ref()?.value)).fold(Some(true), both)
        }
        bound => holds(operator, valued.hull.as_ref()?, &bound.quantity()?.value),
    }
}

/// `≤ 38个`.
pub(super) fn target(body: &IndicatorBody) -> String {
    let one = |limit: &Limit| format!("{} {}", limit.comparator.operator.symbol(), limit.bound.text());
    body.limits.iter().map(one).collect::<Vec<_>>().join("，")
}

fn is_share(body: &IndicatorBody) -> bool {
    matches!(body.measure, Measure::Share { .. } | Measure::SumShare { .. } | Measure::Change { .. })
}

/// A number as its indicator shows it.
fn number_text(body: &IndicatorBody, number: &Number) -> String {
    if is_share(body) {
        let exact = number.times(&Number::from_integer(100)).to_string();
        let text = if exact.contains('/') { number.times(&Number::from_integer(100)).rounded(2) } else { exact };
        return format!("{text}%");
    }
    let sample = body.limits.iter().find_map(|limit| limit.bound.sample());
    let Some(bound) = sample else { return number.to_string() };
    let shown = bound.render(number);
    if shown.contains('/') && number.divide(&bound.unit_factor).is_some_and(|it| it.to_string().contains('/')) {
        let own = number.divide(&bound.unit_factor).map(|own| own.rounded(2)).unwrap_or_default();
        return format!("{own}{}", bound.unit_text);
    }
    shown
}

pub(super) fn shown(body: &IndicatorBody, hull: &Hull, share: Option<[u64; 2]>) -> IndicatorValue {
    let least = number_text(body, &hull.least);
    let exact = hull.greatest.as_ref() == Some(&hull.least);
    let text = match (&hull.greatest, share) {
        (Some(_), Some([part, whole])) if exact => format!("{part}/{whole} {least}"),
        (Some(_), _) if exact => least,
        (Some(greatest), _) => format!("{least}–{}", number_text(body, greatest)),
        (None, _) if hull.least.is_zero() => "?".to_owned(),
        (None, _) => format!("≥ {least}"),
    };
    IndicatorValue {
        text,
        least: Some(hull.least.to_string()),
        greatest: hull.greatest.as_ref().map(ToString::to_string),
    }
}

/// How far a known value is from its bound, and whether that is room left. A share is told in mines.
pub(super) fn distance(body: &IndicatorBody, valued: &Valued) -> (Option<String>, bool) {
    let Some(hull) = valued.hull.as_ref().filter(|hull| hull.greatest.as_ref() == Some(&hull.least)) else {
        return (None, false);
    };
    let apart = |limit: &'_ Limit| {
        let bound = limit.bound.quantity()?;
        let apart = hull.least.minus(&bound.value);
        let apart = if apart.is_negative() { Number::ZERO.minus(&apart) } else { apart };
        Some((limit.comparator.operator.holds(hull.least.cmp(&bound.value)), apart))
    };
    // Of several bounds the one that is missed, else the nearest.
    let all = body.limits.iter().filter_map(|limit| Some((apart(limit)?, limit)));
    let Some(((met, apart), limit)) = all.min_by(|(one, _), (other, _)| one.cmp(other)) else { return (None, false) };
    if let (Some([part, whole]), false) = (valued.share, met) {
        return (Some(mines_short(limit, part, whole)), false);
    }
    if apart.is_zero() && !met {
        // On a bound that does not belong to it: short by less than can be told.
        return (None, false);
    }
    (Some(number_text(body, &apart)), met)
}

/// How many mines of the whole must change over for a share to be met.
fn mines_short(limit: &Limit, part: u64, whole: u64) -> String {
    let of = |count: u64| Number::from_integer(i64::try_from(count).unwrap_or(i64::MAX));
    let operator = limit.comparator.operator;
    let rising = matches!(operator, Operator::AtLeast | Operator::Above);
    let meets = |count: u64| {
        let share = of(count).divide(&of(whole)).zip(limit.bound.quantity());
        share.is_some_and(|(share, bound)| operator.holds(share.cmp(&bound.value)))
    };
    let needed =
        if rising { (part..=whole).find(|count| meets(*count)) } else { (0..=part).rev().find(|count| meets(*count)) };
    needed.map_or_else(String::new, |needed| format!("{}个", needed.abs_diff(part)))
}
