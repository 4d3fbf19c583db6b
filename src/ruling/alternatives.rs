//! Readings that were not taken and alone would change the ruling.

use crate::compile::Readings;
use crate::evaluate::{Case, Walker};
use crate::model::Clause;
use crate::program::ClauseSet;
use crate::ruling::result::{Alternative, Verdict};
use crate::ruling::standing::{Standing, survey, verdict};
use crate::ruling::text::Text;

/// Every other reading of one clause under which the ruling would be another one, all else being read as it is.
pub(super) fn alternatives(
    case: &Case<'_>,
    readings: &Readings,
    set: &ClauseSet,
    standings: &[Standing],
    ruling: Verdict,
) -> Vec<Alternative> {
    let mut found = Vec::new();
    for (place, standing) in standings.iter().enumerate() {
        let Some(clause) = case.model.clauses.get(standing.clause) else { continue };
        if clause.other_readings.is_empty() {
            continue;
        }
        let taken = readings.get(&standing.clause).copied().unwrap_or(0);
        for reading in (0..=clause.other_readings.len()).filter(|reading| *reading != taken) {
            let mut with = readings.clone();
            with.insert(standing.clause, reading);
            let Some(name) = name_of(clause, reading) else { continue };
            let Some((standing, other)) = ruled(case, clause, &with, set, standings, place) else { continue };
            if other != ruling {
                let (clause, later) = (Text::from(&clause.id), standing.is_later());
                let status = standing.status();
                found.push(Alternative { clause, reading: name, status, later, ruling: other });
            }
        }
    }
    found
}

fn name_of(clause: &Clause, reading: usize) -> Option<Text> {
    match reading.checked_sub(1) {
        None => clause.reading.as_ref().map(|reading| Text::from(&reading.name)),
        Some(index) => clause.other_readings.get(index).map(|reading| Text::from(&reading.name)),
    }
}

/// What the clause and the ruling come to in these readings.
fn ruled(
    case: &Case<'_>,
    clause: &Clause,
    readings: &Readings,
    set: &ClauseSet,
    standings: &[Standing],
    place: usize,
) -> Option<(Standing, Verdict)> {
    // A clause that prevails over others takes them along.
    if !clause.prevails_over.is_empty() {
        let all = survey(case, readings, set);
        let own = all.get(place).copied()?;
        return Some((own, verdict(&all, Standing::effect)));
    }
    let number = standings.get(place)?.clause;
    let variant = case.program.variant(number, readings)?;
    let outcomes = Walker::new(case.program, case.states).outcomes(&variant.diagram);
    let own = Standing::new(number, variant, outcomes);
    let taken = standings.get(place)?;
    let weighs = |standing: &Standing| (standing.effect(), standing.status(), standing.subject, standing.covers);
    if weighs(&own) == weighs(taken) {
        return None;
    }
    let mut all = standings.to_vec();
    if let Some(slot) = all.get_mut(place) {
        *slot = own;
    }
    Some((own, verdict(&all, Standing::effect)))
}
