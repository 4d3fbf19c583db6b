//! The smallest adjustment that reaches the best ruling.

use std::collections::BTreeSet;

use crate::compile::{Readings, body_of};
use crate::evaluate::{Case, Measured};
use crate::facts::{CaseFacts, FactValue};
use crate::model::{Condition, Derivation, FieldId, TestKind, Threshold};
use crate::program::{ChannelBasis, ClauseSet, Diagram, Key, Question, Scale};
use crate::quantity::{Number, Quantity};
use crate::ruling::missing::still_wanted;
use crate::ruling::result::{Remedy, RemedyChange, Ruling, Verdict};
use crate::ruling::standing::{Standing, survey, verdict};
use crate::ruling::trial::{Ground, hinders};
use crate::ruling::wording::Wording;

/// How many fields a remedy may change.
const FIELDS: usize = 3;

/// How many adjustments are tried.
const TRIALS: usize = 4096;

/// What a remedy starts from.
#[derive(Clone, Copy)]
pub(super) struct Advice<'a> {
    pub(super) case: Case<'a>,
    pub(super) wording: &'a Wording,
    pub(super) readings: &'a Readings,
    pub(super) set: &'a ClauseSet,
    pub(super) facts: &'a CaseFacts,
}

/// A value to try: a cut, or a point beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// How far it lies from the given value, relative to that.
    change: Number,
    /// Whether the cut itself is left out.
    open: bool,
    /// The cut, in base units of the fact.
    cut: Number,
    /// The value tried.
    value: Number,
    /// Whether it is more than the given value.
    more: bool,
}

/// An adjustable field with what may be tried.
struct Adjustable<'a> {
    field: FieldId,
    given: &'a Quantity,
    candidates: Vec<Candidate>,
}

/// An adjustment to try: fields with candidates, by number.
type Trial = Vec<(usize, usize)>;

/// The best trial so far: what it reaches and how much it changes.
struct Best {
    reached: Verdict,
    change: Number,
    trial: Trial,
}

/// What a search finds: the best trial, or else the clauses that stand in the way of the one that comes nearest; and the
/// grounds that it was made on.
struct Search<'a> {
    best: Option<Best>,
    nearest: BTreeSet<usize>,
    grounds: Vec<Ground<'a>>,
}

/// Fills remedy and needed facts of a ruling that is refused or for decision.
pub(super) fn advise(advice: &Advice<'_>, standings: &[Standing], ruling: Verdict, result: &mut Ruling) {
    let fields = adjustable(advice, standings);
    let still =
        |case: &Case<'_>, standings: &[Standing]| still_wanted(case, advice.wording, advice.readings, standings);
    let Some(trials) = trials(&fields) else {
        result.notes.push("remedy-too-many-candidates");
        result.needed = still(&advice.case, standings);
        return;
    };
    let search = advice.search(&fields, trials, standings, ruling);
    let Search { best, nearest, mut grounds } = search;
    let best = best.and_then(|best| {
        let ground = advice.ground(&mut grounds, &fields, &best.trial, standings)?;
        Some((ground.patched(amounts(&fields, &best.trial))?, best))
    });
    if let Some((case, best)) = best {
        let after = survey(&case, advice.readings, advice.set);
        result.needed = still(&case, &after);
        let changes = best.trial.iter().filter_map(|(field, candidate)| advice.change(&fields, *field, *candidate));
        result.remedy = Some(Remedy {
            reaches: Some(best.reached),
            changes: changes.collect(),
            remaining: advice.wording.ids(advice.hindering(&after).into_iter()),
        });
    } else {
        result.needed = still(&advice.case, standings);
        let hindering: BTreeSet<usize> = advice.hindering(standings).into_iter().chain(nearest).collect();
        let remaining = advice.wording.ids(hindering.into_iter());
        result.remedy = Some(Remedy { reaches: None, changes: Vec::new(), remaining });
    }
}

/// Every choice of at most three fields and a candidate for each, fewest fields first; `None` where there are too many.
fn trials(fields: &[Adjustable<'_>]) -> Option<Vec<Trial>> {
    let mut all: Vec<Trial> = Vec::new();
    let mut last: Vec<Trial> = vec![Vec::new()];
    for _ in 0..FIELDS {
        let mut next: Vec<Trial> = Vec::new();
        for trial in &last {
            let from = trial.last().map_or(0, |(field, _)| field + 1);
            for (number, field) in fields.iter().enumerate().skip(from) {
                for candidate in 0..field.candidates.len() {
                    let mut longer = trial.clone();
                    longer.push((number, candidate));
                    next.push(longer);
                }
                if all.len() + next.len() > TRIALS {
                    return None;
                }
            }
        }
        all.extend(next.iter().cloned());
        last = next;
    }
    Some(all)
}

fn total(fields: &[Adjustable<'_>], trial: &Trial) -> Number {
    trial.iter().fold(Number::ZERO, |sum, (field, candidate)| {
        let change = fields.get(*field).and_then(|field| field.candidates.get(*candidate));
        change.map_or(sum.clone(), |candidate| sum.plus(&candidate.change))
    })
}

impl<'a> Advice<'a> {
    /// The clauses that stand in the way even when what is unknown turns out best.
    fn hindering(&self, standings: &[Standing]) -> BTreeSet<usize> {
        let hinder = standings.iter().filter(|standing| hinders(standing));
        hinder.map(|standing| standing.clause).collect()
    }

    /// Tries all, fewest fields first.
    fn search(
        &self,
        fields: &[Adjustable<'_>],
        trials: Vec<Trial>,
        standings: &[Standing],
        ruling: Verdict,
    ) -> Search<'a> {
        let case = self.case;
        let at_first = self.hindering(standings);
        let baseline = verdict(standings, Standing::best_effect).min(ruling);
        let mut best: Option<Best> = None;
        let mut nearest: Option<(usize, Number, BTreeSet<usize>)> = None;
        let mut grounds: Vec<Ground<'a>> = Vec::new();
        for trial in trials {
            let Some(ground) = self.ground(&mut grounds, fields, &trial, standings) else { continue };
            let change = total(fields, &trial);
            let beats = |reached: Verdict| match &best {
                None => reached < baseline,
                Some(best) => (reached, trial.len(), &change) < (best.reached, best.trial.len(), &best.change),
            };
            if best.is_some() && !beats(ground.bound()) {
                continue;
            }
            let Some(reached) = ground.reached(case, self.readings, amounts(fields, &trial)) else { continue };
            if beats(reached) {
                best = Some(Best { reached, change, trial });
            } else if best.is_none() {
                let count = ground.in_the_way();
                if nearest.as_ref().is_none_or(|(fewest, least, _)| (count, &change) < (*fewest, least)) {
                    let now = ground.hindering();
                    if !at_first.is_subset(&now) {
                        nearest = Some((count, change, now));
                    }
                }
            }
        }
        Search { best, nearest: nearest.map(|(_, _, now)| now).unwrap_or_default(), grounds }
    }

    /// The ground for the fields of a trial, made when it is first wanted.
    fn ground<'g>(
        &self,
        grounds: &'g mut Vec<Ground<'a>>,
        fields: &[Adjustable<'_>],
        trial: &Trial,
        standings: &[Standing],
    ) -> Option<&'g mut Ground<'a>> {
        let own = || trial.iter().filter_map(|(field, _)| fields.get(*field)).map(|field| field.field);
        let place = grounds.iter().position(|ground| ground.is_for(own())).unwrap_or(grounds.len());
        if place == grounds.len() {
            grounds.push(Ground::new(self.case, self.facts, own().collect(), standings));
        }
        grounds.get_mut(place)
    }

    fn change(&self, fields: &[Adjustable<'_>], field: usize, candidate: usize) -> Option<RemedyChange> {
        let field = fields.get(field)?;
        let candidate = field.candidates.get(candidate)?;
        let (fact, label) = self.wording.field(field.field);
        let operator = match (candidate.more, candidate.open) {
            (true, false) => ">=",
            (true, true) => ">",
            (false, false) => "<=",
            (false, true) => "<",
        };
        let value = self.bound_text(field, &candidate.cut).unwrap_or_else(|| field.given.render(&candidate.cut));
        Some(RemedyChange { fact, label, operator, value: value.into() })
    }

    /// The bound as a clause of the case writes it.
    fn bound_text(&self, field: &Adjustable<'_>, cut: &Number) -> Option<String> {
        self.set.iter().find_map(|number| {
            let clause = self.case.model.clauses.get(number)?;
            let body = body_of(clause, number, self.readings);
            let conditions = body.parts.iter().flat_map(|part| [&part.requirement, &part.selector]);
            conditions.chain(std::iter::once(&body.applies)).find_map(|condition| bound_in(condition, field, cut))
        })
    }
}

/// The amounts of a trial.
fn amounts(fields: &[Adjustable<'_>], trial: &Trial) -> impl Iterator<Item = (FieldId, Quantity)> {
    trial.iter().filter_map(|(field, candidate)| {
        let field = fields.get(*field)?;
        let value = field.candidates.get(*candidate)?.value.clone();
        Some((field.field, Quantity { value, ..field.given.clone() }))
    })
}

fn bound_in(condition: &Condition, field: &Adjustable<'_>, cut: &Number) -> Option<String> {
    match condition {
        Condition::Always | Condition::Never => None,
        Condition::Test(test) => match &test.kind {
            TestKind::Amount { field: own, bound, .. }
                if *own == field.field && bound.value == *cut && bound.dimension == field.given.dimension =>
            {
                Some(bound.text())
            }
            _ => None,
        },
        Condition::All(inner) | Condition::Any(inner) => inner.iter().find_map(|part| bound_in(part, field, cut)),
        Condition::Not(inner) => bound_in(inner, field, cut),
    }
}

/// The adjustable fields that are known and matter, with what may be tried.
fn adjustable<'a>(advice: &Advice<'a>, standings: &[Standing]) -> Vec<Adjustable<'a>> {
    let mut all = Vec::new();
    let case = &advice.case;
    for (field, fact) in advice.facts.iter() {
        if !case.model.vocabulary.field(field).is_some_and(|found| found.adjustable) {
            continue;
        }
        let FactValue::Amount(given) = &fact.value else { continue };
        let mut cuts: BTreeSet<Number> = BTreeSet::new();
        for standing in standings.iter().filter(|standing| standing.can_apply()) {
            if let Some(diagram) = case.program.diagram(standing.clause, advice.readings) {
                cuts.extend(cuts_of(case, diagram, field, given));
            }
        }
        let candidates = candidates(&cuts, &given.value);
        if !candidates.is_empty() {
            all.push(Adjustable { field, given, candidates });
        }
    }
    all
}

/// The values of a field at which something about a clause changes, in base units of the fact.
fn cuts_of(case: &Case<'_>, diagram: &Diagram, field: FieldId, given: &Quantity) -> Vec<Number> {
    let mut cuts = Vec::new();
    for variable in &diagram.variables {
        let Some(found) = case.program.variables.get(*variable as usize) else { continue };
        match found.key {
            Key::Amount(own, dimension, basis) if own == field => {
                if let Measured::Known(converted) = case.measure().field(field, dimension, basis) {
                    let own = bounds(case, diagram, *variable);
                    cuts.extend(own.iter().filter_map(|bound| bound.divide(&converted.factor)));
                }
            }
            Key::Member(class) | Key::Presence(class) => cuts.extend(class_cuts(case, class, field)),
            Key::Amount(other, _, _) => {
                let bounds = || bounds(case, diagram, *variable);
                cuts.extend(derived_cuts(case, other, field, bounds));
            }
            Key::Compare(left, _, right, _) if left == field || right == field => {
                let other = if left == field { right } else { left };
                let basis = given.basis.or(case.measure().case_basis()).map_or(ChannelBasis::None, ChannelBasis::Of);
                if let Measured::Known(converted) = case.measure().field(other, given.dimension, basis) {
                    cuts.push(converted.value);
                }
            }
            _ => {}
        }
    }
    cuts
}

/// The bounds that a clause puts to a variable.
fn bounds(case: &Case<'_>, diagram: &Diagram, variable: u32) -> Vec<Number> {
    let Some(Scale::Numbers(cuts)) = case.program.variables.get(variable as usize).map(|found| &found.scale) else {
        return Vec::new();
    };
    let Some(root) = diagram.root.as_node() else { return Vec::new() };
    for number in diagram.first..=root {
        let Some((_, level)) = case.program.pool.node(number) else { continue };
        if let Question::Class(classes) = &level.question
            && level.variable == variable
        {
            let starts = classes.runs(0).map(|(start, _, _)| start).filter(|start| *start > 0);
            let mut places: Vec<usize> = starts.map(|start| ((start - 1) / 2) as usize).collect();
            places.dedup();
            return places.into_iter().filter_map(|place| cuts.get(place).cloned()).collect();
        }
    }
    Vec::new()
}

/// Where a class that tables derive from this amount begins, by the rows that speak of the case.
fn class_cuts(case: &Case<'_>, class: FieldId, field: FieldId) -> Vec<Number> {
    let told = case.graded.iter().filter(|graded| graded.field == class).flat_map(|graded| &graded.rows);
    let gradings = told.filter_map(|(grading, row)| Some((case.model.gradings.get(*grading)?, *row)));
    let rows = gradings.filter(|(grading, _)| grading.measured == field);
    let thresholds = rows.filter_map(|(grading, row)| grading.rows.get(row)).flat_map(|row| &row.thresholds);
    let cut = |threshold: &Threshold| {
        let Threshold::From(quantity, _) = threshold else { return None };
        let basis = quantity.basis.map_or(ChannelBasis::None, ChannelBasis::Of);
        match case.measure().field(field, quantity.dimension, basis) {
            Measured::Known(converted) => quantity.value.divide(&converted.factor),
            Measured::None | Measured::Wanting(_) => None,
        }
    };
    thresholds.filter_map(|(_, threshold)| cut(threshold)).collect()
}

/// Where a field that is computed from this one meets its bounds.
fn derived_cuts(case: &Case<'_>, computed: FieldId, field: FieldId, bounds: impl Fn() -> Vec<Number>) -> Vec<Number> {
    let derivation = case.model.vocabulary.field(computed).and_then(|found| found.derivation);
    let Some(Derivation::Quotient(above, below)) = derivation else { return Vec::new() };
    let amount = |field| match case.facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Amount(quantity)) => Some(quantity.value.clone()),
        _ => None,
    };
    let computed_here = case.derived.iter().any(|derived| derived.field == computed);
    if !computed_here || (field != above && field != below) {
        return Vec::new();
    }
    let other = if field == below { amount(above) } else { amount(below) };
    let Some(other) = other else { return Vec::new() };
    let solve = |bound: &Number| if field == below { other.divide(bound) } else { Some(other.times(bound)) };
    bounds().iter().filter_map(solve).collect()
}

/// Each cut, and a point on either side of it, nearest first.
fn candidates(cuts: &BTreeSet<Number>, given: &Number) -> Vec<Candidate> {
    let cuts: Vec<&Number> = cuts.iter().filter(|cut| !cut.is_negative()).collect();
    let half = |one: &Number, other: &Number| one.plus(other).divide(&Number::from_integer(2));
    let mut all = Vec::new();
    for (place, cut) in cuts.iter().enumerate() {
        let after = match cuts.get(place + 1) {
            Some(next) => half(cut, next),
            None if cut.is_zero() => Some(Number::ONE),
            None => Some(cut.plus(cut)),
        };
        let before = match place.checked_sub(1).and_then(|before| cuts.get(before)) {
            Some(previous) => half(previous, cut),
            None => half(&Number::ZERO, cut),
        };
        let tried = [(Some((*cut).clone()), false), (after, true), (before, true)];
        for (value, open) in tried {
            let Some(value) = value.filter(|value| value > &Number::ZERO && value != given) else { continue };
            let more = value > *given;
            // A point beside a cut stands for "more than" when it is above the cut, so both must look the same way.
            if open && more != (value > **cut) {
                continue;
            }
            let difference = if **cut > *given { cut.minus(given) } else { given.minus(cut) };
            let change = difference.divide(given).unwrap_or(difference);
            all.push(Candidate { change, open, cut: (*cut).clone(), value, more });
        }
    }
    all.sort();
    all
}
