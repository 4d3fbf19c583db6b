//! Reviewing one case: from facts to the ruling.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::{Readings, period};
use crate::date::Date;
use crate::diagnostic::{Code, Problem};
use crate::evaluate::{Case, Graded, fact_text, member_text};
use crate::facts::{CaseFacts, FactOrigin, FactValue};
use crate::model::{Model, Subject};
use crate::program::{Outcome, Outcomes, Program};
use crate::ruling::finding::{Findings, Places};
use crate::ruling::missing::{field_names, registry};
use crate::ruling::remedy::{Advice, advise};
use crate::ruling::result::{Missing, Receipt, Ruling, Status, Verdict};
use crate::ruling::standing::{Standing, candidates, survey, verdict};
use crate::span::Span;

/// The version of the language that this engine speaks.
pub const LANGUAGE_VERSION: &str = "0.1";

/// How a case is reviewed.
#[derive(Debug, Clone, Default)]
pub struct ReviewOptions {
    /// Readings chosen: clause → name.
    pub readings: BTreeMap<String, String>,
    /// The day as of which is ruled, going before the facts'.
    pub as_of: Option<Date>,
    /// Leave out findings that are not applicable, unless an exception made them so.
    pub brief: bool,
}

/// Reviews one case.
///
/// # Errors
/// A reading or clause that does not exist, another region's case, facts that cannot stand together.
pub fn review(
    model: &Model,
    program: &Program,
    facts: &CaseFacts,
    options: &ReviewOptions,
    place: Places<'_>,
) -> Result<Ruling, Problem> {
    let readings = chosen(model, options)?;
    same_region(model, program, facts)?;
    let case = Case::new(model, program, facts, options.as_of)?;
    let set = candidates(program, &case);
    let standings = survey(&case, &readings, &set);
    let ruling = verdict(model, &standings, Standing::effect);
    let plan = model.plan.as_ref();
    let mut findings = Findings {
        case: &case,
        readings: &readings,
        plan: plan.map_or("", |plan| plan.id.as_str()),
        place,
        checks: Vec::new(),
        used: BTreeSet::new(),
    };
    let mut result = Ruling {
        plan: plan.map(|plan| plan.id.clone()).unwrap_or_default(),
        plan_title: plan.map(|plan| plan.title.clone()).unwrap_or_default(),
        ruling,
        findings: Vec::new(),
        missing: Vec::new(),
        needed: Vec::new(),
        remedy: None,
        later_duties: Vec::new(),
        authority_checks: Vec::new(),
        not_applicable: 0,
        quotas: Vec::new(),
        notes: notes(model, &case),
        headline: headline(model, &case),
        case: head(model, &case),
        receipt: Receipt::default(),
    };
    list(&mut findings, &standings, options.brief, &mut result);
    let effects: BTreeMap<&str, Verdict> = standings
        .iter()
        .filter_map(|standing| Some((model.clauses.get(standing.clause)?.id.as_str(), standing.effect()?)))
        .collect();
    if ruling == Verdict::Incomplete {
        result.missing = union(&result, &effects);
        result.needed = result.missing.clone();
    }
    if matches!(ruling, Verdict::Refused | Verdict::ForDecision) {
        let advice = Advice { case: &case, readings: &readings, set: &set, facts, as_of: options.as_of };
        advise(&advice, &standings, ruling, &mut result);
    }
    result.needed.extend(registry(model));
    result.authority_checks = std::mem::take(&mut findings.checks);
    result.receipt = receipt(&case, options, findings.used);
    Ok(result)
}

/// Puts every clause where it belongs: findings, later duties, the authority's business.
fn list(findings: &mut Findings<'_, '_>, standings: &[Standing], brief: bool, result: &mut Ruling) {
    let mut standings = standings.iter().peekable();
    let model = findings.case.model;
    let mut later = Vec::new();
    for (number, clause) in model.clauses.iter().enumerate().filter(|(_, clause)| clause.subject != Subject::Registry) {
        let Some(standing) = standings.next_if(|standing| standing.clause == number).copied() else {
            // By the index it cannot speak of the case, so no exception to it counts either.
            if !Findings::is_authority(clause) {
                let standing = Standing { clause: number, outcomes: Outcomes::one(Outcome::NotApplicable) };
                result.not_applicable += 1;
                result.findings.extend((!brief).then(|| findings.plain(&standing, clause)));
            }
            continue;
        };
        if Findings::is_authority(clause) {
            if standing.can_apply() {
                findings.duty(clause);
            }
            continue;
        }
        if standing.is_later() {
            later.push((clause.stage, findings.later(clause)));
            continue;
        }
        let not_applicable = standing.status() == Status::NotApplicable;
        result.not_applicable += usize::from(not_applicable);
        if brief && not_applicable && findings.silent(&standing) {
            continue;
        }
        let finding = if not_applicable && standing.outcomes.is_empty() { None } else { findings.finding(&standing) };
        let Some(finding) = finding else { continue };
        result.findings.push(finding);
    }
    later.sort_by_key(|(stage, _)| *stage);
    result.later_duties = later.into_iter().map(|(_, duty)| duty).collect();
}

/// What the clauses want that make a ruling incomplete.
fn union(result: &Ruling, effects: &BTreeMap<&str, Verdict>) -> Vec<Missing> {
    let mut all: Vec<Missing> = Vec::new();
    for finding in &result.findings {
        if effects.get(finding.clause.as_str()) != Some(&Verdict::Incomplete) {
            continue;
        }
        for one in &finding.missing {
            let same =
                |other: &&mut Missing| (&other.fact, other.kind, &other.label) == (&one.fact, one.kind, &one.label);
            match all.iter_mut().find(same) {
                Some(known) => known.clauses.extend(one.clauses.iter().cloned()),
                None => all.push(one.clone()),
            }
        }
    }
    all
}

/// The readings chosen, by number.
fn chosen(model: &Model, options: &ReviewOptions) -> Result<Readings, Problem> {
    let mut readings = Readings::new();
    for (id, name) in &options.readings {
        let Some((number, clause)) = model.clauses.iter().enumerate().find(|(_, clause)| clause.id == *id) else {
            return Err(Problem::error(Code::UnknownClause, Span::default()).with(id));
        };
        if clause.reading.as_ref().is_some_and(|reading| reading.name == *name) {
            continue;
        }
        match clause.other_readings.iter().position(|reading| reading.name == *name) {
            Some(index) => {
                readings.insert(number, index + 1);
            }
            None => return Err(Problem::error(Code::UnknownReading, clause.span).with(id).with(name)),
        }
    }
    Ok(readings)
}

/// Refuses the case of another region.
fn same_region(model: &Model, program: &Program, facts: &CaseFacts) -> Result<(), Problem> {
    let Some(governed) = model.plan.as_ref().and_then(|plan| plan.region.as_ref()) else { return Ok(()) };
    let Some(fact) = program.roles.region.and_then(|field| facts.get(field)) else { return Ok(()) };
    let FactValue::Texts(texts) = &fact.value else { return Ok(()) };
    let stray = texts.iter().find(|text| !same_place(text, governed));
    match stray {
        Some(text) => {
            let span = fact.span.or(model.plan.as_ref().map(|plan| plan.span)).unwrap_or_default();
            Err(Problem::error(Code::OtherRegion, span).with(text).with(governed))
        }
        None => Ok(()),
    }
}

/// Whether two regions are equal, or one is the other with the regions above it in front.
fn same_place(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    match long.strip_suffix(short) {
        Some("") => true,
        Some(above) => {
            short.chars().count() > 1 && above.trim_end().ends_with(['省', '市', '区', '县', '州', '盟', '旗'])
        }
        None => false,
    }
}

/// The notes for the head.
fn notes(model: &Model, case: &Case<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let as_of = case.program.roles.as_of.and_then(|field| case.facts.get(field)).map(|fact| &fact.value);
    match (as_of, period(model)) {
        (Some(FactValue::Day(day)), Some((_, last))) if *day > last => notes.push("plan-period-ended".to_owned()),
        (Some(_), _) => {}
        (None, _) => notes.push("as-of-unknown".to_owned()),
    }
    if !model.indicators.is_empty() || model.clauses.iter().any(|clause| clause.subject == Subject::Registry) {
        notes.push("quotas-not-checked".to_owned());
    }
    let unverified = |(grading, row): &(usize, usize)| {
        model.gradings.get(*grading).and_then(|found| found.rows.get(*row)).is_some_and(|row| row.unverified)
    };
    if case.graded.iter().any(|graded| graded.rows.iter().any(unverified)) {
        notes.push("row-unverified".to_owned());
    }
    let disagrees = case.derived.iter().any(|derived| derived.given.is_some())
        || case.graded.iter().any(|graded| graded.given.is_some());
    if disagrees {
        notes.push("derived-disagrees".to_owned());
    }
    notes
}

fn headline(model: &Model, case: &Case<'_>) -> Vec<String> {
    let in_head = |field| model.vocabulary.field(field).is_some_and(|known| known.headline);
    let stated = case.facts.iter().filter(|(field, _)| in_head(*field));
    stated.map(|(field, fact)| fact_text(model, field, &fact.value)).collect()
}

/// What the case says of itself.
fn head(model: &Model, case: &Case<'_>) -> Vec<(String, String)> {
    let stated = case.facts.iter().filter(|(_, fact)| matches!(fact.origin, FactOrigin::Given | FactOrigin::Argument));
    stated.map(|(field, fact)| (field_names(model, field).1, fact_text(model, field, &fact.value))).collect()
}

fn receipt(case: &Case<'_>, options: &ReviewOptions, used: BTreeSet<String>) -> Receipt {
    let model = case.model;
    let mut defaults: Vec<String> = case
        .facts
        .iter()
        .filter(|(_, fact)| fact.origin == FactOrigin::Default)
        .map(|(field, fact)| format!("{} = {}", field_names(model, field).1, fact_text(model, field, &fact.value)))
        .collect();
    for derived in &case.derived {
        let words = format!("{} = {}", field_names(model, derived.field).1, derived.value.text());
        defaults.push(match &derived.given {
            Some(given) => format!("{words} ≠ {}", given.text()),
            None => words,
        });
    }
    defaults.extend(case.graded.iter().map(|graded| class_words(model, graded)));
    defaults.extend(used);
    let day = case.program.roles.as_of.and_then(|field| case.facts.get(field)).map(|fact| &fact.value);
    Receipt {
        engine: concat!("adit ", env!("CARGO_PKG_VERSION")).to_owned(),
        language: LANGUAGE_VERSION.to_owned(),
        rules: BTreeMap::new(),
        facts: None,
        as_of: match day {
            Some(FactValue::Day(day)) => Some(day.to_string()),
            _ => None,
        },
        readings: options.readings.clone(),
        defaults,
    }
}

/// `规模级别 = 小型（最低开采规模，RQ-299）`.
fn class_words(model: &Model, graded: &Graded) -> String {
    let name = |member: &crate::model::MemberId| member_text(model, graded.field, *member);
    let classes: Vec<String> = graded.members.iter().map(name).collect();
    let rows: BTreeSet<String> = graded
        .rows
        .iter()
        .filter_map(|(grading, row)| {
            let grading = model.gradings.get(*grading)?;
            let row = grading.rows.get(*row)?;
            Some(row.id.as_ref().map_or(grading.title.clone(), |id| format!("{}，{id}", grading.title)))
        })
        .collect();
    let rows: Vec<String> = rows.into_iter().collect();
    let words = format!("{} = {}（{}）", field_names(model, graded.field).1, classes.join("、"), rows.join("；"));
    match &graded.given {
        Some(given) => format!("{words} ≠ {}", name(given)),
        None => words,
    }
}
