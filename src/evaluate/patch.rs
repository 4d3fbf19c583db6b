//! A case with other amounts in a few fields: only what hangs on them is worked out anew.

use std::collections::BTreeSet;

use crate::evaluate::amount::Measure;
use crate::evaluate::case::{Case, compare, derive};
use crate::evaluate::grade::{grade, narrow_to};
use crate::evaluate::narrow::narrow;
use crate::evaluate::resolve::resolve;
use crate::evaluate::state::State;
use crate::facts::{CaseFacts, Fact, FactOrigin, FactValue};
use crate::model::{Derivation, FieldId};
use crate::program::{ClauseSet, Constraint, Key, Program, Ties};
use crate::quantity::Quantity;

/// A case in which some fields take one amount after another.
#[derive(Debug)]
pub struct Patch<'a> {
    case: Case<'a>,
    facts: CaseFacts,
    /// The computed fields that follow from those that change, with what was given for them.
    computed: Vec<(FieldId, Option<Fact>)>,
    variables: BTreeSet<u32>,
    compared: Vec<usize>,
    constraints: Vec<&'a Constraint>,
    states: Vec<State>,
}

impl<'a> Patch<'a> {
    /// A patch of these fields; `given` are the facts before anything was filled in.
    #[must_use]
    pub fn new(case: Case<'a>, given: &CaseFacts, fields: &[FieldId]) -> Self {
        let mut changing: BTreeSet<FieldId> = fields.iter().copied().collect();
        let density = case.program.roles.density.is_some_and(|density| changing.contains(&density));
        let mut computed = Vec::new();
        for (number, field) in (0u16..).zip(&case.model.vocabulary.fields) {
            let Some(Derivation::Quotient(above, below)) = field.derivation else { continue };
            if density || changing.contains(&above) || changing.contains(&below) {
                changing.insert(FieldId(number));
                computed.push((FieldId(number), given.get(FieldId(number)).cloned()));
            }
        }
        // Classes that tables derive follow the amounts they are derived from.
        for grading in &case.model.gradings {
            let follows = density || changing.contains(&grading.measured);
            if follows && changing.insert(grading.field) {
                computed.push((grading.field, given.get(grading.field).cloned()));
            }
        }
        let direct = |key: &Key| match key {
            Key::Compare(left, _, right, _) => density || changing.contains(left) || changing.contains(right),
            Key::Amount(field, _, _) => density || changing.contains(field),
            other => other.field().is_some_and(|field| changing.contains(&field)),
        };
        let numbered = (0u32..).zip(&case.program.variables);
        let first = numbered.filter(|(_, variable)| direct(&variable.key)).map(|(number, _)| number);
        let (variables, constraints) = tied(case.program, first.collect());
        let compared = compared(case.program, &variables);
        let constraints = constraints.into_iter().filter_map(|number| case.program.constraints.get(number as usize));
        Self {
            facts: case.facts.clone(),
            computed,
            compared,
            constraints: constraints.collect(),
            variables,
            states: case.states.to_vec(),
            case,
        }
    }

    /// The clauses that may come out otherwise.
    #[must_use]
    pub fn clauses(&self) -> ClauseSet {
        let mut set = ClauseSet::none(self.case.program.clauses.len());
        let compared = self.compared.iter().copied();
        for variable in self.variables.iter().map(|variable| *variable as usize).chain(compared) {
            let clauses = self.case.program.ties.get(variable).map(|ties| ties.clauses.as_slice());
            clauses.unwrap_or_default().iter().for_each(|clause| set.insert(*clause as usize));
        }
        set
    }

    /// Takes other amounts; false where the facts cannot stand together then.
    #[must_use]
    pub fn set(&mut self, amounts: impl Iterator<Item = (FieldId, Quantity)>) -> bool {
        for (field, quantity) in amounts {
            let fact = Fact { value: FactValue::Amount(quantity), origin: FactOrigin::Remedy, span: None };
            self.facts.set(field, fact);
        }
        for (field, given) in &self.computed {
            match given {
                Some(fact) => self.facts.set(*field, fact.clone()),
                None => self.facts.clear(*field),
            }
        }
        let Case { model, program, .. } = self.case;
        if !self.computed.is_empty() {
            derive(model, &program.roles, &mut self.facts);
        }
        let graded = if self.computed.is_empty() { Vec::new() } else { grade(model, &program.roles, &mut self.facts) };
        let measure = Measure { model, roles: &program.roles, facts: &self.facts };
        for number in &self.variables {
            let place = *number as usize;
            if let (Some(variable), Some(slot)) = (program.variables.get(place), self.states.get_mut(place)) {
                *slot = resolve(&measure, variable).0;
            }
        }
        narrow_to(model, program, &graded, &mut self.states);
        let constraints = self.constraints.iter().copied();
        if narrow(model, program, constraints, &self.facts, &mut self.states).is_err() {
            return false;
        }
        compare(measure, program, self.compared.iter().copied(), &mut self.states);
        true
    }

    /// The case as patched. What a rule reads for want of a fact does not hang on amounts.
    #[must_use]
    pub fn case(&self) -> Case<'_> {
        Case { facts: &self.facts, states: &self.states, ..self.case }
    }
}

/// These variables with all that constraints tie to them, and those constraints in order.
fn tied(program: &Program, first: BTreeSet<u32>) -> (BTreeSet<u32>, BTreeSet<u32>) {
    let mut open: Vec<u32> = first.iter().copied().collect();
    let (mut variables, mut constraints) = (first, BTreeSet::new());
    while let Some(variable) = open.pop() {
        for number in program.ties.get(variable as usize).into_iter().flat_map(|ties: &Ties| &ties.constraints) {
            let Some(constraint) = program.constraints.get(*number as usize) else { continue };
            if constraints.insert(*number) {
                open.extend(constraint.diagram.variables.iter().filter(|other| variables.insert(**other)));
            }
        }
    }
    (variables, constraints)
}

/// The comparisons among these variables, and those whose sides are narrowed by one of them.
fn compared(program: &Program, variables: &BTreeSet<u32>) -> Vec<usize> {
    let moved = |field: FieldId| {
        let keys = [Key::Day(field), Key::Presence(field)];
        keys.iter().filter_map(|key| program.variable(key)).any(|number| variables.contains(&number))
    };
    let numbered = (0u32..).zip(&program.variables);
    let hit = numbered.filter(|(number, variable)| match variable.key {
        Key::Compare(left, _, right, _) => variables.contains(number) || moved(left) || moved(right),
        _ => false,
    });
    hit.map(|(number, _)| number as usize).collect()
}
