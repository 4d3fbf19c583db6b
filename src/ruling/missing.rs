//! Names for what is missing.

use std::collections::BTreeMap;

use crate::compile::Readings;
use crate::evaluate::{Case, Residual, Walker, Want, attestation, fact_text, member_text};
use crate::ruling::result::{Missing, MissingKind, Verdict};
use crate::ruling::standing::Standing;
use crate::ruling::text::Text;
use crate::ruling::wording::Wording;

/// What is wanted, each with the clauses that want it.
pub(super) type Wants = BTreeMap<Want, Vec<usize>>;

/// Adds what would make these variables known.
pub(super) fn add_wants(case: &Case<'_>, wants: &mut Wants, clause: usize, variables: impl IntoIterator<Item = u32>) {
    for variable in variables {
        for want in case.wants(variable) {
            let clauses = wants.entry(want).or_default();
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
    }
}

/// The list for people and programs.
pub(super) fn missing(case: &Case<'_>, wording: &Wording, wants: &Wants) -> Vec<Missing> {
    wants.iter().map(|(want, clauses)| one(case, wording, want, clauses)).collect()
}

fn one(case: &Case<'_>, wording: &Wording, want: &Want, clauses: &[usize]) -> Missing {
    let model = case.model;
    // A genus where a species is asked for is stated, and still leaves the fact open.
    let given = match want {
        Want::Field(field) => case.facts.get(*field).map(|fact| Text::from(fact_text(model, *field, &fact.value))),
        _ => None,
    };
    let same = |text: Text| (text.clone(), text);
    let ((fact, label), kind) = match want {
        Want::Field(field) => (wording.field(*field), MissingKind::Fact),
        Want::Feature(field, feature) => {
            let (key, label) = wording.field(*field);
            let label = format!("{label} {}", member_text(model, *field, *feature));
            ((key, Text::from(label)), MissingKind::Fact)
        }
        Want::Document(field, document) => (same(member_text(model, *field, *document).into()), MissingKind::Document),
        Want::Attestation(number) => (same(attestation(model, *number).into()), MissingKind::Attestation),
        Want::Parameter(name) => (same(Text::from(name)), MissingKind::Parameter),
        Want::Conversion(conversion) => {
            let key = conversion.key();
            let label = model.vocabulary.field_named(key).map(|field| wording.field(field).1);
            let label = label.map(|label| Text::from(format!("{label}（写明来源）")));
            ((Text::always(key), label.unwrap_or(Text::always(key))), MissingKind::Conversion)
        }
    };
    Missing { fact, label, kind, given, clauses: wording.ids(clauses.iter().copied()) }
}

/// What the clauses still want whose best outcome is open.
pub(super) fn still_wanted(
    case: &Case<'_>,
    wording: &Wording,
    readings: &Readings,
    standings: &[Standing],
) -> Vec<Missing> {
    let mut wants = Wants::new();
    let mut walker = Walker::new(case.program, case.states);
    let mut residual = Residual::default();
    for standing in standings {
        let open = standing.decides() && standing.effect() == Some(Verdict::Incomplete);
        if let Some(diagram) = case.program.diagram(standing.clause, readings).filter(|_| open) {
            let variables = residual.depends_on(&mut walker, case.program, diagram);
            add_wants(case, &mut wants, standing.clause, variables);
        }
    }
    missing(case, wording, &wants)
}
