//! The sets of mines that indicators count, as clauses that a mine violates where it belongs to the set.

use crate::compile::Readings;
use crate::evaluate::{Case, Residual, Walker, Want};
use crate::model::{Body, Clause, Condition, Force, Group, Indicator, IndicatorBody, Model, Part, Subject};
use crate::program::{Diagram, Outcome};
use std::collections::BTreeSet;

/// Whether a mine belongs to a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Belongs {
    Yes,
    No,
    /// It may; these facts would tell.
    Perhaps(BTreeSet<Want>),
}

/// What an indicator says in each of its readings, the one taken first.
pub(super) fn bodies(indicator: &Indicator) -> impl Iterator<Item = &IndicatorBody> {
    std::iter::once(&indicator.body).chain(indicator.other_readings.iter().map(|other| &other.body))
}

/// One clause for each set of mines that some indicator counts, in order. They stand behind the model's own clauses in
/// the program, and in no report.
#[must_use]
pub fn probes(model: &Model) -> Vec<Clause> {
    let mut found = Vec::new();
    for indicator in &model.indicators {
        for group in bodies(indicator).flat_map(|body| body.measure.groups()) {
            let part = Part {
                selector: Condition::Always,
                requirement: Condition::Never,
                force: Force::Must,
                span: indicator.span,
                requirement_span: indicator.span,
            };
            found.push(Clause {
                id: indicator.id.clone(),
                title: indicator.title.clone(),
                body: Body {
                    subject: Subject::Registry,
                    applies: group.selector.clone(),
                    parts: vec![part],
                    ..Body::nothing()
                },
                span: indicator.span,
                ..Clause::nothing()
            });
        }
    }
    found
}

/// The number in the program of the first probe of an indicator in a reading.
pub(super) fn first_probe(model: &Model, indicator: usize, reading: usize) -> usize {
    let count = |indicator: &Indicator, readings: usize| -> usize {
        bodies(indicator).take(readings).map(|body| body.measure.groups().count()).sum()
    };
    let before: usize = model.indicators.iter().take(indicator).map(|it| count(it, usize::MAX)).sum();
    let own = model.indicators.get(indicator).map_or(0, |it| count(it, reading));
    model.clauses.len() + before + own
}

/// Whether a mine belongs to the set of a probe.
pub(super) fn belongs(case: &Case<'_>, group: &Group, probe: usize) -> Belongs {
    let selected = asked(case, probe, |outcome| outcome == Outcome::Violated);
    if group.meets.is_none() {
        return selected;
    }
    let meets = meeting(case.model, group)
        .map_or(Belongs::No, |number| asked(case, number, |outcome| outcome == Outcome::Satisfied));
    match (selected, meets) {
        (Belongs::No, _) | (_, Belongs::No) => Belongs::No,
        (Belongs::Yes, other) | (other, Belongs::Yes) => other,
        (Belongs::Perhaps(mut wants), Belongs::Perhaps(more)) => {
            wants.extend(more);
            Belongs::Perhaps(wants)
        }
    }
}

/// The clause that the mines of a set are to meet, by number.
pub(super) fn meeting(model: &Model, group: &Group) -> Option<usize> {
    let clause = group.meets.as_ref()?;
    model.clauses.iter().position(|known| known.id == *clause)
}

/// Whether the outcome of a clause is one of these, over all completions.
fn asked(case: &Case<'_>, clause: usize, wanted: impl Fn(Outcome) -> bool) -> Belongs {
    let Some(diagram) = case.program.diagram(clause, &Readings::new()) else { return Belongs::No };
    let mut walker = Walker::new(case.program, case.states);
    let outcomes = walker.outcomes(diagram);
    let (any, all) = (outcomes.iter().any(&wanted), outcomes.iter().all(&wanted));
    match (any, all) {
        (false, _) => Belongs::No,
        (true, true) => Belongs::Yes,
        (true, false) => Belongs::Perhaps(wants(case, &mut walker, diagram)),
    }
}

fn wants(case: &Case<'_>, walker: &mut Walker<'_>, diagram: &Diagram) -> BTreeSet<Want> {
    let variables = Residual::default().depends_on(walker, case.program, diagram);
    variables.into_iter().flat_map(|variable| case.wants(variable)).collect()
}
