//! Reviewing one case: from facts to the ruling.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compile::Readings;
use crate::date::Date;
use crate::diagnostic::{Code, Problem, Words, nearest};
use crate::evaluate::{Case, Residual};
use crate::facts::{CaseFacts, FactValue};
use crate::model::{Clause, Indicator, Model, Subject};
use crate::program::{ClauseSet, Program};
use crate::ruling::alternatives::alternatives;
use crate::ruling::explain::Explainer;
use crate::ruling::finding::Findings;
use crate::ruling::remedy::{Advice, advise};
use crate::ruling::result::{Disagreement, Missing, Receipt, Ruling, Status, Verdict};
use crate::ruling::silent::Silent;
use crate::ruling::standing::{Standing, candidates, survey, verdict};
use crate::ruling::stated::StatedCase;
use crate::ruling::used::Used;
use crate::ruling::wording::{Places, Wording};
use crate::span::{SourceId, Span};

/// The version of the language that this engine speaks.
pub const LANGUAGE_VERSION: &str = "0.2";

/// How a case is reviewed.
#[derive(Debug, Clone, Default)]
pub struct ReviewOptions {
    /// Readings chosen: clause → name.
    pub readings: BTreeMap<String, String>,
    /// The day as of which is ruled, going before the facts'.
    pub as_of: Option<Date>,
    /// Every clause with its whole condition, those that do not speak of the case among them.
    pub whole: bool,
}

/// The rules that a case is reviewed by.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// What they mean.
    pub model: &'a Model,
    /// The same, compiled.
    pub program: &'a Program,
    /// The same in words.
    pub wording: &'a Wording,
    /// Finds places in files.
    pub place: Places<'a>,
}

/// What a case comes to, in numbers: the ruling, and each clause that can speak of the case by the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The ruling.
    pub ruling: Verdict,
    /// Clauses by number, in order of the rules; every other clause is not applicable.
    pub standings: Vec<Standing>,
}

/// Decides one case: no words, no reasons.
///
/// # Errors
/// A reading or clause that does not exist, another region's case.
pub fn decide(
    rules: &Rules<'_>,
    facts: &CaseFacts,
    stated: &StatedCase,
    options: &ReviewOptions,
) -> Result<Decision, Problem> {
    let readings = chosen(rules, options)?;
    other_region(rules.model, rules.program, facts)?;
    let case = Case::new(rules.model, rules.program, &stated.ready);
    let standings = survey(&case, &readings, &candidates(&case));
    Ok(Decision { ruling: verdict(&standings, Standing::effect), standings })
}

/// Reviews one case.
///
/// # Errors
/// A reading or clause that does not exist, another region's case.
pub fn review(
    rules: &Rules<'_>,
    facts: &CaseFacts,
    stated: &StatedCase,
    options: &ReviewOptions,
) -> Result<Ruling, Problem> {
    let readings = chosen(rules, options)?;
    other_region(rules.model, rules.program, facts)?;
    let Rules { model, program, wording, place } = *rules;
    let case = Case::new(model, program, &stated.ready);
    let set = candidates(&case);
    let standings = survey(&case, &readings, &set);
    let ruling = verdict(&standings, Standing::effect);
    let mut findings = Findings {
        explainer: Explainer { case, stated, wording },
        readings: &readings,
        place,
        checks: Vec::new(),
        used: Vec::new(),
        noted: Vec::new(),
        residual: Residual::default(),
    };
    let mut result = blank(rules, stated, ruling);
    result.other_readings = alternatives(&case, &readings, &set, &standings, ruling);
    list(&mut findings, &standings, &set, &mut result);
    if ruling == Verdict::Incomplete {
        result.missing = union(&result, &standings);
        result.needed = result.missing.clone();
    }
    if matches!(ruling, Verdict::Refused | Verdict::ForDecision) {
        let advice = Advice { case, wording, readings: &readings, set: &set, facts };
        advise(&advice, &standings, ruling, &mut result);
    }
    result.needed.extend(wording.registry.clone());
    result.authority_checks = findings.checks;
    result.receipt = receipt(stated, options, findings.used);
    let taken = result.findings.iter().filter_map(|finding| Some((finding, finding.reading.as_ref()?)));
    let taken = taken.map(|(finding, reading)| (finding.clause.to_string(), reading.to_string()));
    result.receipt.readings.extend(taken.collect::<Vec<_>>());
    if options.whole {
        result = result.unfolded();
        for finding in &mut result.findings {
            finding.tree = findings.explainer.tree(finding.head.number, &readings).map(Box::new);
        }
    }
    Ok(result)
}

/// A ruling that says nothing of any clause yet.
fn blank(rules: &Rules<'_>, stated: &StatedCase, ruling: Verdict) -> Ruling {
    Ruling {
        plan: rules.wording.plan.0.clone(),
        plan_title: rules.wording.plan.1.clone(),
        ruling,
        findings: Vec::new(),
        silent: Silent::default(),
        missing: Vec::new(),
        needed: Vec::new(),
        remedy: None,
        later_duties: Vec::new(),
        authority_checks: Vec::new(),
        not_applicable: 0,
        other_readings: Vec::new(),
        quotas: Vec::new(),
        notes: notes(rules.wording, stated),
        fact_warnings: warnings(stated, rules.place),
        headline: stated.headline.clone(),
        case: stated.lines.clone(),
        receipt: Receipt::default(),
        glossary: Arc::clone(&rules.wording.glossary),
    }
}

/// Puts every clause where it belongs: findings, later duties, the authority's business, those that do not speak.
fn list(findings: &mut Findings<'_>, standings: &[Standing], set: &ClauseSet, result: &mut Ruling) {
    let wording = findings.explainer.wording;
    // By the index these cannot speak of the case, so no exception to them counts either.
    let mut silent = wording.own.clone();
    for (clause, reading) in findings.readings {
        let body = findings.explainer.case.model.clauses.get(*clause).map(|clause| clause.body_in(*reading));
        match body.map(|body| body.subject) {
            Some(Subject::Application) => silent.insert(*clause),
            _ => silent.remove(*clause),
        }
    }
    silent.subtract(set);
    let mut not_applicable = silent.len();
    let mut later = Vec::new();
    for standing in standings {
        let Some(head) = wording.head(standing.clause) else { continue };
        if standing.subject == Subject::Authority {
            if standing.can_apply() {
                findings.duty(head);
            }
            continue;
        }
        if standing.is_later() {
            later.push(findings.later(standing, head));
            continue;
        }
        let finding = if standing.status() == Status::NotApplicable {
            not_applicable += 1;
            if standing.outcomes.is_empty() {
                continue;
            }
            let excepted = findings.excepted(standing, head);
            if excepted.is_none() {
                silent.insert(standing.clause);
            }
            excepted
        } else {
            findings.finding(standing, head)
        };
        result.findings.extend(finding);
    }
    later.sort_by_key(|(stage, _)| *stage);
    result.later_duties = later.into_iter().map(|(_, duty)| duty).collect();
    result.not_applicable = not_applicable;
    result.silent = Silent::new(Arc::clone(&wording.heads), silent, findings.readings.clone());
}

/// What the clauses want that make a ruling incomplete.
fn union(result: &Ruling, standings: &[Standing]) -> Vec<Missing> {
    let incomplete = |clause: usize| {
        let found = standings.binary_search_by_key(&clause, |standing| standing.clause).ok();
        let standing = found.and_then(|place| standings.get(place));
        standing.and_then(Standing::effect) == Some(Verdict::Incomplete)
    };
    let mut all: Vec<Missing> = Vec::new();
    for one in result.findings.iter().filter(|finding| incomplete(finding.number)).flat_map(|found| &found.missing) {
        let same = |other: &&mut Missing| (&other.fact, other.kind, &other.label) == (&one.fact, one.kind, &one.label);
        match all.iter_mut().find(same) {
            Some(known) => known.clauses.extend(one.clauses.iter().cloned()),
            None => all.push(one.clone()),
        }
    }
    all
}

/// The readings chosen, by number.
pub(crate) fn chosen(rules: &Rules<'_>, options: &ReviewOptions) -> Result<Readings, Problem> {
    let mut readings = Readings::new();
    for (id, name) in &options.readings {
        let number = rules.wording.ids.get(id.as_str()).copied();
        let Some((number, clause)) = number.and_then(|number| Some((number, rules.model.clauses.get(number)?))) else {
            match rules.model.indicators.iter().find(|known| known.id == *id) {
                Some(known) if known.has_reading(name) => continue,
                Some(known) => return Err(unknown_indicator_reading(known, name)),
                None => return Err(unknown_clause(rules.model, id)),
            }
        };
        if clause.reading.as_ref().is_some_and(|reading| reading.name == *name) {
            continue;
        }
        match clause.other_readings.iter().position(|reading| reading.name == *name) {
            Some(index) => {
                readings.insert(number, index + 1);
            }
            None => return Err(unknown_reading(clause, name)),
        }
    }
    Ok(readings)
}

/// No clause has this id.
#[must_use]
pub fn unknown_clause(model: &Model, id: &str) -> Problem {
    let problem = Problem::error(Code::UnknownClause, Span::new(SourceId::nowhere(), 0, 0)).with(id);
    let clauses = model.clauses.iter().map(|clause| clause.id.as_str());
    let indicators = model.indicators.iter().map(|indicator| indicator.id.as_str());
    match nearest(id, clauses.chain(indicators)) {
        Some(near) => problem.help(Words::new(format!("是不是「{near}」？"), format!("did you mean `{near}`?"))),
        None => problem,
    }
}

/// A clause has no reading of this name.
#[must_use]
pub fn unknown_reading(clause: &Clause, name: &str) -> Problem {
    let taken = clause.reading.iter().map(|reading| reading.name.as_str());
    let others = clause.other_readings.iter().map(|reading| reading.name.as_str());
    no_such_reading(&clause.id, clause.span, &taken.chain(others).collect::<Vec<_>>(), name)
}

/// An indicator has no reading of this name.
#[must_use]
pub fn unknown_indicator_reading(indicator: &Indicator, name: &str) -> Problem {
    let taken = indicator.reading.iter().map(|reading| reading.name.as_str());
    let others = indicator.other_readings.iter().map(|reading| reading.name.as_str());
    no_such_reading(&indicator.id, indicator.span, &taken.chain(others).collect::<Vec<_>>(), name)
}

fn no_such_reading(id: &str, span: Span, names: &[&str], name: &str) -> Problem {
    let problem = Problem::error(Code::UnknownReading, span).with(id).with(name);
    let (chinese, english) = (names.join("、"), names.join(", "));
    match (nearest(name, names.iter().copied()), names.is_empty()) {
        (Some(near), _) => problem.help(Words::new(
            format!("是不是「{near}」？可用的口径：{chinese}"),
            format!("did you mean `{near}`? the readings there are: {english}"),
        )),
        (None, false) => {
            problem.help(Words::new(format!("可用的口径：{chinese}"), format!("the readings there are: {english}")))
        }
        (None, true) => problem.help(Words::new("这一条没有口径可选", "this clause has no readings to choose from")),
    }
}

/// Refuses the case of another region.
pub(crate) fn other_region(model: &Model, program: &Program, facts: &CaseFacts) -> Result<(), Problem> {
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
fn notes(wording: &Wording, stated: &StatedCase) -> Vec<&'static str> {
    let mut notes = Vec::new();
    match (stated.as_of, wording.period) {
        (Some(day), Some((_, last))) if day > last => notes.push("plan-period-ended"),
        (Some(day), Some((first, _))) if day < first => notes.push("plan-period-not-begun"),
        (None, _) => notes.push("as-of-unknown"),
        (Some(_), _) => {}
    }
    if wording.registry.is_some() {
        notes.push("quotas-not-checked");
    }
    if wording.upper_wanting {
        notes.push("upper-not-loaded");
    }
    if !stated.unverified.is_empty() {
        notes.push("row-unverified");
    }
    notes
}

/// Given values that disagree with computed ones, with their places.
fn warnings(stated: &StatedCase, place: Places<'_>) -> Vec<Disagreement> {
    let placed = |warning: &Disagreement| Disagreement { place: place(warning.problem.span()), ..warning.clone() };
    stated.disagreements.iter().map(placed).collect()
}

fn receipt(stated: &StatedCase, options: &ReviewOptions, mut used: Vec<Used>) -> Receipt {
    used.sort_unstable();
    used.dedup();
    let mut defaults = stated.defaults.clone();
    defaults.append(&mut used);
    Receipt {
        engine: concat!("adit ", env!("CARGO_PKG_VERSION")),
        language: LANGUAGE_VERSION,
        rules: Arc::default(),
        facts: None,
        as_of: stated.as_of.map(|day| day.to_string().into()),
        readings: options.readings.clone(),
        chosen: options.readings.clone(),
        defaults,
        unverified: stated.unverified.clone(),
        upper: Arc::default(),
    }
}
