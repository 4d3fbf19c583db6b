//! The smallest adjustment that reaches the best ruling.

use std::collections::BTreeSet;

use crate::compile::{Readings, body_of};
use crate::date::Date;
use crate::evaluate::{Case, Measured};
use crate::facts::{CaseFacts, Fact, FactOrigin, FactValue};
use crate::model::{Condition, Derivation, FieldId, TestKind};
use crate::program::{ChannelBasis, ClauseSet, Diagram, Key, Question, Scale};
use crate::quantity::{Number, Quantity};
use crate::ruling::missing::{field_names, still_wanted};
use crate::ruling::result::{Remedy, RemedyChange, Ruling, Verdict};
use crate::ruling::standing::{Standing, decides, survey, verdict};

/// How many fields a remedy may change.
const FIELDS: usize = 3;

/// How many adjustments are tried.
const TRIALS: usize = 4096;

/// What a remedy starts from.
pub(super) struct Advice<'a, 'c> {
    pub(super) case: &'c Case<'a>,
    pub(super) readings: &'c Readings,
    pub(super) set: &'c ClauseSet,
    pub(super) facts: &'c CaseFacts,
    pub(super) as_of: Option<Date>,
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

/// The best trial so far: what it reaches, how many fields and how much it changes, and the case it makes.
type Best<'a> = (Verdict, usize, Number, Trial, (Case<'a>, Vec<Standing>));

/// An adjustment that was tried: fields with candidates, by number.
type Trial = Vec<(usize, usize)>;

/// Fills remedy and needed facts of a ruling that is refused or for decision.
pub(super) fn advise(advice: &Advice<'_, '_>, standings: &[Standing], ruling: Verdict, result: &mut Ruling) {
    let model = advice.case.model;
    let fields = adjustable(advice, standings);
    let baseline = verdict(model, standings, Standing::best_effect).min(ruling);
    let trials = trials(&fields);
    let Some(trials) = trials else {
        result.notes.push("remedy-too-many-candidates".to_owned());
        result.needed = still_wanted(advice.case, advice.readings, standings);
        return;
    };
    let mut best: Option<Best<'_>> = None;
    let at_first = hindering(advice, standings);
    let mut nearest: Option<(usize, Number, BTreeSet<usize>)> = None;
    for trial in trials {
        let Some(tried) = advice.try_one(&fields, &trial) else { continue };
        let reached = verdict(model, &tried.1, Standing::best_effect);
        let change = total(&fields, &trial);
        let better = match &best {
            None => reached < baseline,
            Some((verdict, count, least, _, _)) => (reached, trial.len(), &change) < (*verdict, *count, least),
        };
        if best.is_none() && !better {
            let now = hindering(advice, &tried.1);
            let nearer = nearest.as_ref().is_none_or(|(count, least, _)| (now.len(), &change) < (*count, least));
            if nearer && !at_first.is_subset(&now) {
                nearest = Some((now.len(), change, now));
            }
        } else if better {
            best = Some((reached, trial.len(), change, trial, tried));
        }
    }
    match best {
        Some((reached, _, _, trial, (case, after))) => {
            result.needed = still_wanted(&case, advice.readings, &after);
            result.remedy = Some(Remedy {
                reaches: Some(reached),
                changes: trial
                    .iter()
                    .filter_map(|(field, candidate)| advice.change(&fields, *field, *candidate))
                    .collect(),
                remaining: ids(advice, &hindering(advice, &after)),
            });
        }
        None => {
            result.needed = still_wanted(advice.case, advice.readings, standings);
            let mut hindering = at_first;
            hindering.extend(nearest.into_iter().flat_map(|(_, _, now)| now));
            result.remedy = Some(Remedy { reaches: None, changes: Vec::new(), remaining: ids(advice, &hindering) });
        }
    }
}

/// The clauses that stand in the way even when what is unknown turns out best.
fn hindering(advice: &Advice<'_, '_>, standings: &[Standing]) -> BTreeSet<usize> {
    let model = advice.case.model;
    let hinder = standings.iter().filter(|standing| decides(model, standing) && standing.best_effect().is_some());
    hinder.map(|standing| standing.clause).collect()
}

fn ids(advice: &Advice<'_, '_>, clauses: &BTreeSet<usize>) -> Vec<String> {
    let found = clauses.iter().filter_map(|number| advice.case.model.clauses.get(*number));
    found.map(|clause| clause.id.clone()).collect()
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

impl<'a> Advice<'a, '_> {
    /// The case with an adjustment, and what its clauses come to.
    fn try_one(&self, fields: &[Adjustable<'_>], trial: &Trial) -> Option<(Case<'a>, Vec<Standing>)> {
        let mut facts = self.facts.clone();
        for (field, candidate) in trial {
            let field = fields.get(*field)?;
            let value = field.candidates.get(*candidate)?.value.clone();
            let quantity = Quantity { value, ..field.given.clone() };
            let fact = Fact { value: FactValue::Amount(quantity), origin: FactOrigin::Remedy, span: None };
            facts.set(field.field, fact);
        }
        let case = Case::new(self.case.model, self.case.program, &facts, self.as_of).ok()?;
        let standings = survey(&case, self.readings, self.set);
        Some((case, standings))
    }

    fn change(&self, fields: &[Adjustable<'_>], field: usize, candidate: usize) -> Option<RemedyChange> {
        let field = fields.get(field)?;
        let candidate = field.candidates.get(candidate)?;
        let (fact, label) = field_names(self.case.model, field.field);
        let operator = match (candidate.more, candidate.open) {
            (true, false) => ">=",
            (true, true) => ">",
            (false, false) => "<=",
            (false, true) => "<",
        };
        let value = self.bound_text(field, &candidate.cut).unwrap_or_else(|| field.given.render(&candidate.cut));
        Some(RemedyChange { fact, label, operator, value })
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
fn adjustable<'c>(advice: &Advice<'_, 'c>, standings: &[Standing]) -> Vec<Adjustable<'c>> {
    let mut all = Vec::new();
    let case: &'c Case<'_> = advice.case;
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
            Key::Amount(other, _, _) => {
                let bounds = || bounds(case, diagram, *variable);
                cuts.extend(derived_cuts(case, other, field, bounds));
            }
            Key::Compare(left, _, right) if left == field || right == field => {
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
