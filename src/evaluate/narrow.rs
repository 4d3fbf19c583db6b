//! Known facts narrow unknown ones, through what the vocabulary says cannot stand together.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Language, Problem, Words};
use crate::evaluate::show::fact_words;
use crate::evaluate::state::State;
use crate::evaluate::walk::Walker;
use crate::facts::CaseFacts;
use crate::model::{FieldId, LeafSet, Model};
use crate::program::{CellSet, Classes, Constraint, Outcome, Program, Question};
use crate::span::Span;

/// The facts that narrowed a variable, for those that were.
type Roots = BTreeMap<u32, BTreeSet<FieldId>>;

/// Narrows the states by these constraints until nothing changes.
pub(super) fn narrow<'p>(
    model: &Model,
    program: &Program,
    constraints: impl Iterator<Item = &'p Constraint> + Clone,
    facts: &CaseFacts,
    states: &mut [State],
) -> Result<(), Problem> {
    let mut roots = Roots::new();
    loop {
        let mut changed = false;
        for constraint in constraints.clone() {
            if !Walker::new(program, states).outcomes(&constraint.diagram).contains(Outcome::True) {
                let fields = because(program, facts, &roots, &constraint.diagram.variables);
                return Err(contradiction(model, facts, constraint, &fields));
            }
            for variable in &constraint.diagram.variables {
                if states.get(*variable as usize).is_none_or(State::is_known) {
                    continue;
                }
                let Some(narrower) = narrowed(program, constraint, states, *variable) else { continue };
                let others = constraint.diagram.variables.iter().filter(|other| *other != variable);
                let others: Vec<u32> = others.copied().collect();
                let fields = because(program, facts, &roots, &others);
                roots.entry(*variable).or_default().extend(fields);
                if let Some(slot) = states.get_mut(*variable as usize) {
                    *slot = narrower;
                    changed = true;
                }
            }
        }
        if !changed {
            return Ok(());
        }
    }
}

/// The facts that tell of these variables.
fn because(program: &Program, facts: &CaseFacts, roots: &Roots, variables: &[u32]) -> BTreeSet<FieldId> {
    let mut fields = BTreeSet::new();
    for variable in variables {
        let own = program.variables.get(*variable as usize).and_then(|variable| variable.key.field());
        fields.extend(own.filter(|field| facts.get(*field).is_some()));
        fields.extend(roots.get(variable).into_iter().flatten());
    }
    fields
}

/// The state of an open variable without the cells that cannot stand, where there are some.
fn narrowed(program: &Program, constraint: &Constraint, states: &[State], variable: u32) -> Option<State> {
    let mut walker = Walker::new(program, states);
    let mut stands = |state: State| {
        walker.instead(vec![(variable, state)]);
        walker.outcomes(&constraint.diagram).contains(Outcome::True)
    };
    match states.get(variable as usize)? {
        State::Cells(cells) => {
            let mut left = CellSet::empty();
            let last = cells.ends().map_or(0, |(_, last)| last);
            for (first, end, _) in classes_of(program, constraint, variable)?.runs(last) {
                let run = CellSet::range(first, end).intersection(cells);
                if !run.is_empty() && stands(State::Cell(first)) {
                    run.ranges().iter().for_each(|(first, end)| left.push(*first, *end));
                }
            }
            (left != *cells).then(|| State::of(left))
        }
        State::Open { fixed, picks } => {
            let [pick] = picks.as_slice() else { return None };
            let mut left = CellSet::empty();
            for cell in pick.cells() {
                let mut leaves = fixed.clone();
                leaves.insert(cell as usize);
                if stands(State::Members(leaves)) {
                    left.push(cell, cell);
                }
            }
            (left != *pick).then(|| State::list(fixed.clone(), vec![left]))
        }
        State::Any { allowed, must, may_be_empty } => {
            let any = |allowed: &CellSet, must: &[LeafSet]| State::Any {
                allowed: allowed.clone(),
                must: must.to_vec(),
                may_be_empty: *may_be_empty,
            };
            let (mut left, mut held) = (allowed.clone(), must.clone());
            for set in sets_of(program, constraint, variable) {
                let cells = CellSet::of_leaves(set);
                if !cells.meets(&left) {
                    continue;
                }
                let with = [held.as_slice(), std::slice::from_ref(set)].concat();
                if !stands(any(&left, &with)) {
                    left = left.without(&cells);
                } else if !held.iter().any(|held| held.within(set)) && !stands(any(&left.without(&cells), &held)) {
                    held = with;
                }
            }
            (left != *allowed || held != *must).then(|| State::any(left, held, *may_be_empty))
        }
        State::Cell(_) | State::Members(_) => None,
    }
}

/// The sets that a constraint asks of a list.
fn sets_of<'a>(program: &'a Program, constraint: &'a Constraint, variable: u32) -> impl Iterator<Item = &'a LeafSet> {
    let groups = constraint.diagram.groups.iter().filter(move |group| group.variable == variable);
    groups.flat_map(|group| &group.levels).filter_map(|level| {
        match &program.pool.levels.get(*level as usize)?.question {
            Question::Meets(set) => Some(set),
            Question::Class(_) => None,
        }
    })
}

/// The classes into which a constraint parts a variable of one value.
fn classes_of<'a>(program: &'a Program, constraint: &Constraint, variable: u32) -> Option<&'a Classes> {
    let root = constraint.diagram.root.as_node()?;
    (constraint.diagram.first..=root).find_map(|number| {
        let (_, level) = program.pool.node(number)?;
        match &level.question {
            Question::Class(classes) if level.variable == variable => Some(classes),
            Question::Class(_) | Question::Meets(_) => None,
        }
    })
}

fn contradiction(model: &Model, facts: &CaseFacts, constraint: &Constraint, fields: &BTreeSet<FieldId>) -> Problem {
    let said = |field: &FieldId, language: Language| {
        let name = model.vocabulary.field(*field).map(|field| match language {
            Language::Chinese => field.name.chinese.as_str(),
            Language::English => field.name.key(),
        });
        let text = facts.get(*field).map(|fact| fact_words(model, *field, &fact.value, language)).unwrap_or_default();
        format!("{} {text}", name.unwrap_or_default())
    };
    let words = |field: &FieldId| Words::new(said(field, Language::Chinese), said(field, Language::English));
    let all = |language| fields.iter().map(|field| said(field, language)).collect::<Vec<_>>();
    let joined = Words::new(all(Language::Chinese).join("，"), all(Language::English).join(", "));
    let mut places: Vec<(Span, Words)> =
        fields.iter().filter_map(|field| Some((facts.get(*field)?.span?, words(field)))).collect();
    if let Some(span) = constraint.span {
        places.push((span, Words::new("不会同时成立", "these cannot stand together")));
    }
    let mut places = places.into_iter();
    let (first, said) = places.next().unwrap_or_default();
    let problem = Problem::error(Code::FactsContradict, first).with_words(joined).saying(said);
    places.fold(problem, |problem, (span, words)| problem.also(span, words))
}
