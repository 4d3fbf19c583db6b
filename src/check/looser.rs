//! Bounds of a plan against those of the plans above it: one that admits what the plan above refuses is told of.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::scope::Scope;
use crate::check::upper::{translate, translated_field};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{
    Body, Condition, FieldId, IndicatorBody, LeafSet, Limit, Measure, Model, Operator, Part, Subject, Test, TestKind,
    Vocabulary,
};
use crate::quantity::Quantity;
use crate::span::Span;

/// The most regions that a condition is taken apart into; past that a bound is not compared.
const MOST_REGIONS: usize = 256;

/// Cases: a set of values for some fields, and questions that are answered so.
#[derive(Debug, Clone, Default)]
struct Region {
    members: BTreeMap<FieldId, LeafSet>,
    others: Vec<(Test, bool)>,
}

/// A floor over a region.
#[derive(Debug, Clone)]
struct Floor {
    region: Region,
    field: FieldId,
    strict: bool,
    bound: Quantity,
    clause: String,
    span: Span,
    /// Whether it is the upper plan's own number.
    borrowed: bool,
}

/// Compares every floor of the plan, and every cap of its indicators, with those of the plans above.
pub(super) fn compare(scope: &mut Scope) {
    if scope.model.upper.is_empty() {
        return;
    }
    // Findings that only the plans above ask about have numbers here while they are compared, and no longer.
    let asked = scope.model.attestations.len();
    let impossible = impossible(&scope.model.vocabulary);
    let own = floors(&scope.model.vocabulary, &scope.model.clauses.iter().filter_map(spoken).collect::<Vec<_>>());
    for upper in scope.model.upper.clone() {
        let theirs = upper_floors(scope, &upper);
        let mut told: Vec<(&str, &str)> = Vec::new();
        for floor in own.iter().filter(|floor| !floor.borrowed) {
            for above in theirs.iter().filter(|above| above.field == floor.field) {
                if told.contains(&(&floor.clause, &above.clause)) {
                    continue;
                }
                if let Some(case) = counterexample(&scope.model.vocabulary, (floor, above), &own, &impossible) {
                    told.push((&floor.clause, &above.clause));
                    scope.problems.push(problem(scope, &upper, floor, above, &case));
                }
            }
        }
        caps(scope, &upper);
    }
    scope.model.attestations.truncate(asked);
}

/// A clause that can refuse an application, as it is compared.
struct Spoken {
    id: String,
    body: Body,
}

fn spoken(clause: &crate::model::Clause) -> Option<Spoken> {
    let decides = clause.subject() == Subject::Application && clause.force().decides();
    decides.then(|| Spoken { id: clause.id.clone(), body: clause.body.clone() })
}

/// The floors of a plan above in the words of this plan; what this plan has no words for is left out.
fn upper_floors(scope: &mut Scope, upper: &Model) -> Vec<Floor> {
    let mut clauses = Vec::new();
    for clause in upper.clauses.iter().filter_map(spoken) {
        let Some(applies) = translate(scope, upper, &clause.body.applies) else { continue };
        let mut parts = Vec::new();
        for part in &clause.body.parts {
            let selector = translate(scope, upper, &part.selector);
            let requirement = translate(scope, upper, &part.requirement);
            if let (Some(selector), Some(requirement)) = (selector, requirement) {
                parts.push(Part { selector, requirement, ..part.clone() });
            }
        }
        clauses.push(Spoken {
            id: clause.id,
            body: Body { applies, parts, exceptions: Vec::new(), ..clause.body.clone() },
        });
    }
    floors(&scope.model.vocabulary, &clauses)
}

fn floors(vocabulary: &Vocabulary, clauses: &[Spoken]) -> Vec<Floor> {
    let mut found = Vec::new();
    for clause in clauses {
        for part in &clause.body.parts {
            let cases = Condition::All(vec![clause.body.applies.clone(), part.selector.clone()]);
            if let Some(regions) = regions(vocabulary, &cases, false) {
                Floors { vocabulary, clause: &clause.id, found: &mut found }.of(&part.requirement, false, &regions);
            }
        }
    }
    found
}

/// Gathers floors from a requirement.
struct Floors<'a> {
    vocabulary: &'a Vocabulary,
    clause: &'a str,
    found: &'a mut Vec<Floor>,
}

impl Floors<'_> {
    fn of(&mut self, requirement: &Condition, denied: bool, regions: &[Region]) {
        match (requirement, denied) {
            (Condition::Test(test), _) => self.test(test, denied, regions),
            (Condition::Not(inner), _) => self.of(inner, !denied, regions),
            (Condition::All(list), false) | (Condition::Any(list), true) => {
                list.iter().for_each(|inner| self.of(inner, denied, regions));
            }
            (Condition::Any(list), false) | (Condition::All(list), true) => {
                self.one_of(list, denied, regions);
            }
            (Condition::Always | Condition::Never, _) => {}
        }
    }

    /// Of alternatives, each is a bound where none of the others holds.
    fn one_of(&mut self, list: &[Condition], denied: bool, cases: &[Region]) {
        for (number, inner) in list.iter().enumerate() {
            let others = list.iter().enumerate().filter(|(other, _)| *other != number);
            let others: Vec<Condition> = others.map(|(_, other)| other.clone()).collect();
            let others = if denied { Condition::All(others) } else { Condition::Any(others) };
            let rest = regions(self.vocabulary, &others, !denied);
            if let Some(narrowed) = rest.and_then(|rest| product(cases, &rest)) {
                self.of(inner, denied, &narrowed);
            }
        }
    }

    fn test(&mut self, test: &Test, denied: bool, regions: &[Region]) {
        let TestKind::Amount { field, comparator, bound, .. } = &test.kind else { return };
        let operator = if denied { comparator.operator.negated() } else { Some(comparator.operator) };
        let strict = match operator {
            Some(Operator::AtLeast) => false,
            Some(Operator::Above) => true,
            _ => return,
        };
        for region in regions.iter().filter(|region| region.is_plain(*field)) {
            self.found.push(Floor {
                region: region.clone(),
                field: *field,
                strict,
                bound: bound.clone(),
                clause: self.clause.to_owned(),
                span: test.span,
                borrowed: test.from.is_some(),
            });
        }
    }
}

impl Region {
    /// Whether it asks nothing of the field itself, and no number that is not there.
    fn is_plain(&self, field: FieldId) -> bool {
        !self.others.iter().any(|(test, _)| match &test.kind {
            TestKind::Amount { field: other, .. } => *other == field,
            TestKind::Parameter { .. } => true,
            _ => false,
        })
    }

    /// The cases of both; `None` where there are none.
    fn meet(&self, other: &Self) -> Option<Self> {
        let mut both = self.clone();
        for (field, leaves) in &other.members {
            let mine = both.members.entry(*field).or_insert_with(|| leaves.clone());
            *mine = mine.intersection(leaves);
            if mine.is_empty() {
                return None;
            }
        }
        for (test, holds) in &other.others {
            match both.others.iter().find(|(mine, _)| mine == test) {
                Some((_, mine)) if mine != holds => return None,
                Some(_) => {}
                None => both.others.push((test.clone(), *holds)),
            }
        }
        Some(both)
    }

    /// Whether the question is answered so in all of these cases.
    fn answers(&self, asked: &Test, answer: bool) -> bool {
        self.others.iter().any(|(test, holds)| match (&asked.kind, &test.kind) {
            _ if test == asked => *holds == answer,
            // What a comparison holds of is there.
            (
                TestKind::Absent { field },
                TestKind::Amount { field: other, .. }
                | TestKind::Day { field: other, .. }
                | TestKind::Fields { left: other, .. },
            ) => *holds && !answer && field == other,
            _ => false,
        })
    }

    /// These cases without those of another that asks no more than they do.
    fn without(&self, other: &Self) -> Vec<Self> {
        if !other.others.iter().all(|(test, holds)| self.answers(test, *holds)) {
            return vec![self.clone()];
        }
        let (mut left, mut inside) = (Vec::new(), self.clone());
        for (field, leaves) in &other.members {
            // A field that these cases leave open: it may be a value the other does not speak of.
            let Some(mine) = inside.members.get(field).cloned() else { return vec![self.clone()] };
            let mut outside = LeafSet::empty();
            mine.iter().filter(|leaf| !leaves.contains(*leaf)).for_each(|leaf| outside.insert(leaf));
            if !outside.is_empty() {
                let mut piece = inside.clone();
                piece.members.insert(*field, outside);
                left.push(piece);
            }
            let both = mine.intersection(leaves);
            if both.is_empty() {
                return vec![self.clone()];
            }
            inside.members.insert(*field, both);
        }
        left
    }
}

/// The cases that the vocabulary says there are not.
fn impossible(vocabulary: &Vocabulary) -> Vec<Region> {
    let denied = |(when, then, _): &(Condition, Condition, Span)| {
        regions(vocabulary, &Condition::All(vec![when.clone(), Condition::Not(Box::new(then.clone()))]), false)
    };
    vocabulary.constraints.iter().filter_map(denied).flatten().collect()
}

/// The regions in which a condition holds, or does not; `None` for more than are looked at.
fn regions(vocabulary: &Vocabulary, condition: &Condition, denied: bool) -> Option<Vec<Region>> {
    match (condition, denied) {
        (Condition::Always, false) | (Condition::Never, true) => Some(vec![Region::default()]),
        (Condition::Always, true) | (Condition::Never, false) => Some(Vec::new()),
        (Condition::Not(inner), _) => regions(vocabulary, inner, !denied),
        (Condition::Test(test), _) => Some(vec![of_test(vocabulary, test, denied)]),
        (Condition::All(list), false) | (Condition::Any(list), true) => {
            let mut found = vec![Region::default()];
            for inner in list {
                found = product(&found, &regions(vocabulary, inner, denied)?)?;
            }
            Some(found)
        }
        (Condition::Any(list), false) | (Condition::All(list), true) => {
            let mut found = Vec::new();
            for inner in list {
                found.extend(regions(vocabulary, inner, denied)?);
            }
            (found.len() <= MOST_REGIONS).then_some(found)
        }
    }
}

fn of_test(vocabulary: &Vocabulary, test: &Test, denied: bool) -> Region {
    let TestKind::Member { field, leaves, .. } = &test.kind else {
        return Region { others: vec![(test.clone(), !denied)], ..Region::default() };
    };
    let leaves = if denied {
        let mut rest = LeafSet::empty();
        every_leaf(vocabulary, *field).iter().filter(|leaf| !leaves.contains(*leaf)).for_each(|leaf| rest.insert(leaf));
        rest
    } else {
        leaves.clone()
    };
    Region { members: BTreeMap::from([(*field, leaves)]), ..Region::default() }
}

fn every_leaf(vocabulary: &Vocabulary, field: FieldId) -> LeafSet {
    let enumeration = vocabulary.field(field).and_then(|field| field.kind.enumeration());
    let mut all = LeafSet::empty();
    let members = enumeration.and_then(|id| vocabulary.enumeration(id)).into_iter().flat_map(|found| &found.members);
    members.for_each(|member| all.unite(&member.leaves));
    all
}

fn product(one: &[Region], other: &[Region]) -> Option<Vec<Region>> {
    if one.len() * other.len() > MOST_REGIONS {
        return None;
    }
    Some(one.iter().flat_map(|mine| other.iter().filter_map(|theirs| mine.meet(theirs))).collect())
}

impl Floor {
    /// Whether it refuses whatever the other refuses, where both speak.
    fn is_at_least(&self, other: &Self) -> bool {
        self.is_like(other)
            && (self.bound.value > other.bound.value
                || self.bound.value == other.bound.value && (self.strict || !other.strict))
    }

    /// Whether both are in one unit of one thing; what only a density or factor makes comparable is not compared.
    fn is_like(&self, other: &Self) -> bool {
        self.field == other.field
            && self.bound.dimension == other.bound.dimension
            && self.bound.basis == other.bound.basis
    }
}

/// A case that the floor admits and the one above refuses, and that no other floor of the plan refuses.
fn counterexample(
    vocabulary: &Vocabulary,
    (floor, above): (&Floor, &Floor),
    own: &[Floor],
    impossible: &[Region],
) -> Option<Region> {
    if !floor.is_like(above) || floor.is_at_least(above) {
        return None;
    }
    let mut both = floor.region.meet(&above.region)?;
    // Fields that only another floor asks about are open: they are any of their values.
    for other in own.iter().filter(|other| other.is_at_least(above)) {
        for field in other.region.members.keys() {
            both.members.entry(*field).or_insert_with(|| every_leaf(vocabulary, *field));
        }
    }
    let mut left = vec![both];
    let stricter = own.iter().filter(|other| other.is_at_least(above)).map(|other| &other.region);
    for cases in stricter.chain(impossible) {
        left = left.iter().flat_map(|region| region.without(cases)).collect();
        if left.len() > MOST_REGIONS {
            return None;
        }
    }
    // Only what the two floors themselves speak of is worth telling.
    let told = |field: &FieldId| floor.region.members.contains_key(field) || above.region.members.contains_key(field);
    let mut case = left.into_iter().next()?;
    case.members.retain(|field, _| told(field));
    Some(case)
}

fn problem(scope: &Scope, upper: &Model, floor: &Floor, above: &Floor, case: &Region) -> Problem {
    let vocabulary = &scope.model.vocabulary;
    let mut said: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    let mut say = |chinese: String, english: String| {
        let [zh, en] = &mut said;
        zh.push(chinese);
        en.push(english);
    };
    for (field, leaves) in &case.members {
        let Some((zh, en)) = value_text(vocabulary, *field, leaves) else { continue };
        say(zh, en);
    }
    for (test, holds) in &case.others {
        let [no, not] = if *holds { ["", ""] } else { ["非 ", "not "] };
        say(format!("{no}{}", test.words), format!("{not}{}", test.words));
    }
    let (zh, en) = field_names(vocabulary, floor.field);
    let bound = floor.bound.text();
    let [more, above_it] = if floor.strict { ["略多于 ", "just above "] } else { ["", ""] };
    say(format!("{zh} {more}{bound}"), format!("{en} {above_it}{bound}"));
    let [zh, en] = said;
    let case = Words::new(
        format!("如 {}：本规划准入，上位规划不准", zh.join("、")),
        format!("such as {}: admitted here, refused above", en.join(", ")),
    );
    let sign = |floor: &Floor| if floor.strict { "＞ " } else { "≥ " };
    let plan = upper.plan.as_ref().map(|plan| plan.title.as_str()).unwrap_or_default();
    let place = Words::new(format!("{plan} {}", above.clause), format!("{plan} {}", above.clause));
    Problem::warning(Code::LooserThanUpper, floor.span)
        .with(format!("{}{}", sign(floor), floor.bound.text()))
        .with(format!("{}{}", sign(above), above.bound.text()))
        .saying(case)
        .also(above.span, place)
}

fn field_names(vocabulary: &Vocabulary, field: FieldId) -> (String, String) {
    let name = vocabulary.field(field).map(|field| &field.name);
    name.map(|name| (name.chinese.clone(), name.key().replace('-', " "))).unwrap_or_default()
}

/// A field with the most special of its values that stands for one of these leaves.
fn value_text(vocabulary: &Vocabulary, field: FieldId, leaves: &LeafSet) -> Option<(String, String)> {
    let enumeration = vocabulary.field(field)?.kind.enumeration()?;
    let members = &vocabulary.enumeration(enumeration)?.members;
    let fitting = members.iter().filter(|member| member.leaves.within(leaves) && !member.leaves.is_empty());
    let having = members.iter().filter(|member| member.leaves.meets(leaves));
    let member =
        fitting.min_by_key(|member| member.leaves.len()).or_else(|| having.min_by_key(|it| it.leaves.len()))?;
    let (zh, en) = field_names(vocabulary, field);
    Some((format!("{zh} {}", member.name.chinese), format!("{en} {}", member.name.key())))
}

/// A cap over the set of mines that is higher than the one over the larger set above.
fn caps(scope: &mut Scope, upper: &Arc<Model>) {
    let mut found = Vec::new();
    for above in &upper.indicators {
        let Some(measure) = translated(scope, upper, &above.body.measure) else { continue };
        for own in scope.model.indicators.iter().filter(|own| same(&own.body.measure, &measure)) {
            let (mine, theirs) = (&own.body, &above.body);
            let (Some(cap), Some(higher)) = (cap(mine), cap(theirs)) else { continue };
            if cap.dimension == higher.dimension && cap.value > higher.value {
                let plan = upper.plan.as_ref().map(|plan| plan.title.as_str()).unwrap_or_default();
                let problem = Problem::warning(Code::LooserThanUpper, mine.span)
                    .with(format!("≤ {}", cap.text()))
                    .with(format!("≤ {}", higher.text()))
                    .also(theirs.span, Words::same(format!("{plan} {}", above.id)));
                found.push(problem);
            }
        }
    }
    scope.problems.extend(found);
}

/// The cap among the bounds of an indicator.
fn cap(body: &IndicatorBody) -> Option<&Quantity> {
    let caps = |limit: &&Limit| matches!(limit.comparator.operator, Operator::AtMost | Operator::Below);
    body.limits.iter().find(caps)?.bound.quantity()
}

/// A count or sum of the plan above in the words of this plan.
fn translated(scope: &mut Scope, upper: &Model, measure: &Measure) -> Option<Measure> {
    match measure {
        Measure::Count(group) if group.meets.is_none() => {
            let selector = translate(scope, upper, &group.selector)?;
            Some(Measure::Count(crate::model::Group { selector, ..group.clone() }))
        }
        Measure::Sum(group, field) if group.meets.is_none() => {
            let selector = translate(scope, upper, &group.selector)?;
            let field = translated_field(scope, upper, *field)?;
            Some(Measure::Sum(crate::model::Group { selector, ..group.clone() }, field))
        }
        _ => None,
    }
}

/// Whether two plans measure the same, whatever their words for it.
fn same(one: &Measure, other: &Measure) -> bool {
    match (one, other) {
        (Measure::Count(one), Measure::Count(other)) => one.meets.is_none() && one.selector == other.selector,
        (Measure::Sum(one, field), Measure::Sum(other, same)) => {
            one.meets.is_none() && field == same && one.selector == other.selector
        }
        _ => false,
    }
}
