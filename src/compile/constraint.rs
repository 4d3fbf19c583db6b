//! What cannot stand together: the vocabulary's constraints and what follows from the form of facts.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DocumentQuestion, FieldId, Model};
use crate::program::{CellSet, JUDGED, Key, Variable, YES};
use crate::span::Span;

use super::formula::{Formula, Tests, Translator, absent_cells};

/// A rule that ties variables.
#[derive(Debug)]
pub(super) struct Rule {
    /// What holds of all facts that may stand.
    pub(super) formula: Formula,
    /// Its variables.
    pub(super) variables: BTreeSet<u32>,
    /// Where the vocabulary says so.
    pub(super) span: Option<Span>,
}

impl Rule {
    fn new(formula: Formula, span: Option<Span>) -> Self {
        let mut tests = Tests::new();
        formula.tests(&mut tests);
        Self { formula, variables: tests.into_keys().collect(), span }
    }
}

/// Every rule of a model.
pub(super) fn rules(model: &Model, translator: &Translator<'_>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for (premise, conclusion, span) in &model.vocabulary.constraints {
        let formula = Formula::implies(translator.condition(premise), translator.condition(conclusion));
        rules.push(Rule::new(formula, Some(*span)));
    }
    rules.extend(translator.program.by_key.iter().flat_map(|(key, number)| forms(translator, key, *number)));
    rules
}

/// What follows from the form of one variable: "none" is one value of a field, and a comparison with none is false.
fn forms(translator: &Translator<'_>, key: &Key, number: u32) -> Vec<Rule> {
    match key {
        Key::Compare(left, _, right, _) => {
            let mut holds = CellSet::one(YES);
            holds.push(JUDGED, JUDGED);
            let present = |field: &FieldId| {
                let absent = translator.absent(*field)?;
                let holds = Formula::atom(number, holds.clone());
                Some(Rule::new(Formula::implies(holds, Formula::Not(Box::new(absent))), None))
            };
            [left, right].into_iter().filter_map(present).collect()
        }
        Key::Amount(field, _, _) => {
            let Some(variable) = translator.program.variables.get(number as usize) else { return Vec::new() };
            let Some(absent) = translator.absent(*field) else { return Vec::new() };
            let none = Formula::atom(number, absent_cells(variable));
            vec![
                Rule::new(Formula::implies(none.clone(), absent.clone()), None),
                Rule::new(Formula::implies(absent, none), None),
            ]
        }
        Key::Document(field, document, about, mode) => {
            let own = (number, about);
            let others = translator.program.by_key.iter().filter_map(|(key, number)| match key {
                Key::Document(other, same, asked, how) if (other, same, how) == (field, document, mode) => {
                    Some((*number, asked))
                }
                _ => None,
            });
            others.filter_map(|other| of_document(own, other)).collect()
        }
        Key::Member(_)
        | Key::Members(_)
        | Key::YesNo(_)
        | Key::Day(_)
        | Key::Presence(_)
        | Key::Count(_)
        | Key::Distance(_, _)
        | Key::Attestation(_, _)
        | Key::Parameter(_) => Vec::new(),
    }
}

/// What ties two questions about one document: what it says only while it is there, states and days among themselves.
fn of_document(one: (u32, &DocumentQuestion), other: (u32, &DocumentQuestion)) -> Option<Rule> {
    let says = |number| Formula::atom(number, CellSet::one(YES));
    if one.0 == other.0 {
        return None;
    }
    if one.1.implies(other.1) {
        return Some(Rule::new(Formula::implies(says(one.0), says(other.0)), None));
    }
    // Both orders of the pair come by; one is enough of a rule that reads the same both ways.
    let apart = one.0 < other.0 && one.1.excludes(other.1);
    apart.then(|| Rule::new(Formula::implies(says(one.0), Formula::Not(Box::new(says(other.0)))), None))
}

/// The rules that tie variables of a clause, directly or through others.
pub(super) fn relevant<'a>(rules: &'a [Rule], own: &Tests) -> Vec<&'a Rule> {
    let mut active: Vec<&Rule> = rules.iter().collect();
    loop {
        let mut degrees: BTreeMap<u32, usize> = BTreeMap::new();
        for rule in &active {
            for variable in &rule.variables {
                *degrees.entry(*variable).or_default() += 1;
            }
        }
        let before = active.len();
        let hangs = |variable: &u32| !own.contains_key(variable) && degrees.get(variable) == Some(&1);
        active.retain(|rule| !rule.variables.iter().any(hangs) && rule.variables.len() > 1);
        if active.len() == before {
            return connected(active, own);
        }
    }
}

/// Leaves out rules that no variable of the clause leads to.
fn connected<'a>(active: Vec<&'a Rule>, own: &Tests) -> Vec<&'a Rule> {
    let mut known: BTreeSet<u32> = own.keys().copied().collect();
    let mut taken = vec![false; active.len()];
    let mut grown = true;
    while grown {
        grown = false;
        for (rule, taken) in active.iter().zip(&mut taken) {
            if !*taken && rule.variables.iter().any(|variable| known.contains(variable)) {
                known.extend(&rule.variables);
                *taken = true;
                grown = true;
            }
        }
    }
    active.into_iter().zip(taken).filter(|(_, taken)| *taken).map(|(rule, _)| rule).collect()
}

/// How many sorts of cells of an open list a review looks at one by one; past that the sets are tied here.
const SORTS: usize = 10;

/// What ties the sets that a clause asks of one list: a list in one set is in every set that all of its cells are in.
pub(super) fn sets(tests: &Tests, variables: &[Variable]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (number, asked) in tests {
        let Some(variable) = variables.get(*number as usize).filter(|variable| variable.is_list()) else { continue };
        let sort = |cell: u32| -> BTreeSet<usize> {
            asked.iter().enumerate().filter(|(_, (yes, _))| yes.contains(cell)).map(|(place, _)| place).collect()
        };
        let sorts: BTreeSet<BTreeSet<usize>> = variable.domain.cells().map(sort).collect();
        if sorts.len() <= SORTS {
            continue;
        }
        let atom = |place: &usize| {
            let yes = asked.get(*place).map(|(yes, _)| yes.clone()).unwrap_or_default();
            Formula::atom(*number, yes)
        };
        let mut all: Vec<Formula> = Vec::new();
        for place in 0..asked.len() {
            let with = sorts.iter().filter(|sort| sort.contains(&place));
            let any = with.map(|sort| Formula::All(sort.iter().map(atom).collect())).collect();
            all.push(Formula::implies(atom(&place), Formula::Any(any)));
        }
        if !variable.may_be_empty && !sorts.contains(&BTreeSet::new()) {
            all.push(Formula::Any((0..asked.len()).map(|place| atom(&place)).collect()));
        }
        rules.push(Rule::new(Formula::All(all), None));
    }
    rules
}
