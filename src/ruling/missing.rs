//! Names for what is missing.

use std::collections::BTreeMap;

use crate::compile::Readings;
use crate::evaluate::{Case, Walker, Want, attestation, depends_on, member_text};
use crate::model::{FieldId, Model, Subject};
use crate::ruling::result::{Missing, MissingKind, Verdict};
use crate::ruling::standing::{Standing, decides};

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
pub(super) fn missing(model: &Model, wants: &Wants) -> Vec<Missing> {
    wants.iter().map(|(want, clauses)| one(model, want, clauses)).collect()
}

fn one(model: &Model, want: &Want, clauses: &[usize]) -> Missing {
    let ids = clauses.iter().filter_map(|clause| model.clauses.get(*clause)).map(|clause| clause.id.clone()).collect();
    let (fact, label, kind) = match want {
        Want::Field(field) => {
            let (key, label) = field_names(model, *field);
            (key, label, MissingKind::Fact)
        }
        Want::Feature(field, feature) => {
            let (key, label) = field_names(model, *field);
            (key, format!("{label} {}", member_text(model, *field, *feature)), MissingKind::Fact)
        }
        Want::Document(field, document) => {
            let name = member_text(model, *field, *document);
            (name.clone(), name, MissingKind::Document)
        }
        Want::Attestation(number) => {
            let name = attestation(model, *number);
            (name.clone(), name, MissingKind::Attestation)
        }
        Want::Parameter(name) => (name.clone(), name.clone(), MissingKind::Parameter),
        Want::Conversion(key) => {
            let label = model.vocabulary.field_named(key).map(|field| field_names(model, field).1);
            ((*key).to_owned(), label.unwrap_or_else(|| (*key).to_owned()), MissingKind::Conversion)
        }
    };
    Missing { fact, label, kind, clauses: ids }
}

/// Key and label of a field.
pub(super) fn field_names(model: &Model, field: FieldId) -> (String, String) {
    let found = model.vocabulary.field(field);
    found.map(|field| (field.name.key().to_owned(), field.name.chinese.clone())).unwrap_or_default()
}

/// The registry, where clauses speak of it.
pub(super) fn registry(model: &Model) -> Option<Missing> {
    let about = model.clauses.iter().filter(|clause| clause.subject == Subject::Registry);
    let indicators = model.indicators.iter().map(|indicator| indicator.id.clone());
    let clauses: Vec<String> = about.map(|clause| clause.id.clone()).chain(indicators).collect();
    if clauses.is_empty() {
        return None;
    }
    Some(Missing { fact: "registry".to_owned(), label: "登记册".to_owned(), kind: MissingKind::Registry, clauses })
}

/// What the clauses still want whose best outcome is open.
pub(super) fn still_wanted(case: &Case<'_>, readings: &Readings, standings: &[Standing]) -> Vec<Missing> {
    let mut wants = Wants::new();
    let mut walker = Walker::new(case.program, &case.states);
    for standing in standings {
        let open = decides(case.model, standing) && standing.effect() == Some(Verdict::Incomplete);
        if let Some(diagram) = case.program.diagram(standing.clause, readings).filter(|_| open) {
            let variables = depends_on(&mut walker, case.program, diagram);
            add_wants(case, &mut wants, standing.clause, variables);
        }
    }
    missing(case.model, &wants)
}
