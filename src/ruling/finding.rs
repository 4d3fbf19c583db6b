//! One clause's finding.

use std::collections::BTreeSet;

use crate::compile::Readings;
use crate::evaluate::{Case, Fired, Measured, State, Step, Walker, attestation, basis, depends_on, member_text};
use crate::facts::FactValue;
use crate::model::{AttestationMode, Clause, Subject};
use crate::program::{Diagram, Key};
use crate::ruling::explain::{Explanation, explain};
use crate::ruling::missing::{Wants, add_wants, field_names, missing};
use crate::ruling::result::{AppliedException, AuthorityCheck, CitationResult, Finding, LaterDuty, Place, Status};
use crate::ruling::standing::Standing;
use crate::span::Span;

/// Finds the place of a span in its file.
pub type Places<'p> = &'p dyn Fn(Span) -> Option<Place>;

/// Makes findings of one case.
pub(super) struct Findings<'a, 'c> {
    pub(super) case: &'c Case<'a>,
    pub(super) readings: &'c Readings,
    pub(super) plan: &'c str,
    pub(super) place: Places<'c>,
    /// What the authority must check or do.
    pub(super) checks: Vec<AuthorityCheck>,
    /// Defaults, conversions and presumptions used.
    pub(super) used: BTreeSet<String>,
}

impl<'a> Findings<'a, '_> {
    /// The finding of a clause that decides.
    pub(super) fn finding(&mut self, standing: &Standing) -> Option<Finding> {
        let case = self.case;
        let clause = case.model.clauses.get(standing.clause)?;
        let status = standing.status();
        let mut finding = self.plain(standing, clause);
        let diagram = case.program.diagram(standing.clause, self.readings)?;
        if status == Status::NotApplicable {
            finding.exception = self.exception(standing.clause);
        } else {
            self.explained(standing, &mut finding, diagram);
        }
        self.read(clause, standing, &mut finding, diagram);
        Some(finding)
    }

    /// Whether a clause that does not apply has no exception to tell of; what was presumed is noted as in a finding.
    pub(super) fn silent(&mut self, standing: &Standing) -> bool {
        if self.exception(standing.clause).is_some() {
            return false;
        }
        if let Some(diagram) = self.case.program.diagram(standing.clause, self.readings) {
            self.presumed(standing, diagram);
        }
        true
    }

    /// A finding without its reasons.
    pub(super) fn plain(&self, standing: &Standing, clause: &Clause) -> Finding {
        let possible = standing.possible();
        let mut citations = clause
            .citations
            .iter()
            .map(|citation| CitationResult { section: citation.section.clone(), quote: citation.quote.clone() });
        Finding {
            plan: self.plan.to_owned(),
            clause: clause.id.clone(),
            title: clause.title.clone(),
            subject: clause.subject_words.clone().unwrap_or_else(|| "application".to_owned()),
            status: standing.status(),
            possible: if possible.len() > 1 { possible } else { Vec::new() },
            applies: standing.applies(),
            force: standing.force(clause).code(),
            attribute: clause.attribute.map(|attribute| attribute.code()),
            citation: citations.next(),
            further_citations: citations.collect(),
            reading: self.reading(standing.clause, clause),
            exception: None,
            could_show: Vec::new(),
            way_through: clause.way_through.clone(),
            conditions: Vec::new(),
            missing: Vec::new(),
            rule: (self.place)(clause.span),
            fact_place: None,
            rule_span: clause.span,
            fact_span: None,
            general: clause.general,
        }
    }

    fn reading(&self, number: usize, clause: &Clause) -> Option<String> {
        let other = self.readings.get(&number).and_then(|reading| reading.checked_sub(1));
        match other.and_then(|index| clause.other_readings.get(index)) {
            Some(reading) => Some(reading.name.clone()),
            None => clause.reading.as_ref().map(|reading| reading.name.clone()),
        }
    }

    fn exception(&self, clause: usize) -> Option<AppliedException> {
        let compiled = self.case.program.clauses.get(clause)?;
        let own = &self.case.model.clauses.get(clause)?.body.exceptions;
        let other = self.readings.contains_key(&clause);
        if (own.is_empty() && !other && compiled.prevailed_by.is_empty())
            || self.case.reaches(clause, self.readings) != crate::evaluate::Truth::True
        {
            return None;
        }
        let (name, span) = match self.case.fired(clause, self.readings)? {
            Fired::Exception(exception) => (exception.name.clone(), exception.span),
            Fired::Clause(other) => {
                let other = self.case.model.clauses.get(other)?;
                (other.id.clone(), other.span)
            }
        };
        Some(AppliedException { name, rule: (self.place)(span) })
    }

    fn explained(&mut self, standing: &Standing, finding: &mut Finding, diagram: &Diagram) {
        let case = self.case;
        let Explanation { conditions, part } = explain(case, standing.clause, self.readings, finding.status);
        finding.conditions = conditions;
        if let Some(part) = part {
            finding.rule = (self.place)(part.span).or(finding.rule.take());
            finding.rule_span = part.requirement_span;
        }
        finding.fact_span = finding.conditions.iter().find_map(|condition| condition.fact_span);
        finding.fact_place = finding.fact_span.and_then(self.place);
        if finding.status == Status::Undetermined {
            let mut walker = Walker::new(case.program, &case.states);
            let mut wants = Wants::new();
            add_wants(case, &mut wants, standing.clause, depends_on(&mut walker, case.program, diagram));
            finding.missing = missing(case.model, &wants);
        }
        self.measured(diagram);
    }

    /// Notes the default bases and conversions behind a clause's amounts.
    fn measured(&mut self, diagram: &Diagram) {
        let case = self.case;
        for variable in &diagram.variables {
            let Some(Key::Amount(field, dimension, channel)) =
                case.program.variables.get(*variable as usize).map(|variable| &variable.key)
            else {
                continue;
            };
            let Measured::Known(converted) = case.measure().field(*field, *dimension, *channel) else { continue };
            let Some(FactValue::Amount(stated)) = case.facts.get(*field).map(|fact| &fact.value) else { continue };
            let (_, label) = field_names(case.model, *field);
            let field = case.program.roles.density;
            let density = field.map(|field| field_names(case.model, field).1).unwrap_or_default();
            let from = field.and_then(|field| case.facts.source(field)).unwrap_or_default();
            let steps = converted.steps.iter().map(|step| match step {
                Step::DefaultBasis(default) => format!("{label} = {} {}", stated.text(), basis(case.model, *default)),
                Step::Density(quantity) => sourced(format!("{label}：{density} {}", quantity.text()), from),
                Step::Basis(from, to, factor, source) => {
                    let (from, to) = (basis(case.model, *from), basis(case.model, *to));
                    sourced(format!("{label}：{from} × {factor} = {to}"), source)
                }
            });
            self.used.extend(steps);
        }
    }

    /// Lists what is read by rule for want of a fact, where it makes a difference.
    fn read(&mut self, clause: &Clause, standing: &Standing, finding: &mut Finding, diagram: &Diagram) {
        let speaks = finding.status != Status::NotApplicable;
        let open = matches!(finding.status, Status::Violated | Status::Discretion | Status::Undetermined);
        if open {
            let shown = self.differing(diagram, AttestationMode::Ground);
            finding.could_show = shown.iter().map(|variable| self.words(*variable)).collect();
        }
        if speaks {
            for variable in self.differing(diagram, AttestationMode::Authority) {
                let name = self.words(variable);
                let check = AuthorityCheck { clause: clause.id.clone(), attestation: Some(name.clone()), text: name };
                if !self.checks.contains(&check) {
                    self.checks.push(check);
                }
            }
        }
        self.presumed(standing, diagram);
    }

    /// Notes what is presumed not to be so, where it makes a difference.
    fn presumed(&mut self, standing: &Standing, diagram: &Diagram) {
        if standing.outcomes.is_empty() {
            return;
        }
        for variable in self.differing(diagram, AttestationMode::PresumedNot) {
            let words = format!("「{}」 = {}", self.words(variable), crate::evaluate::yes_no(false));
            self.used.insert(words);
        }
    }

    /// The variables that are read by this rule and would make a difference if they were known.
    fn differing(&self, diagram: &Diagram, mode: AttestationMode) -> Vec<u32> {
        let case = self.case;
        let mut open: Vec<(u32, State)> = Vec::new();
        for number in &diagram.read {
            let read = case.read.get(*number as usize).copied().unwrap_or(false);
            if let Some(variable) = case.program.variables.get(*number as usize).filter(|_| read)
                && variable.key.mode() == Some(mode)
            {
                open.push((*number, State::Cells(variable.domain.clone())));
            }
        }
        if open.is_empty() {
            return Vec::new();
        }
        let numbers: Vec<u32> = open.iter().map(|(number, _)| *number).collect();
        let mut walker = Walker::new(case.program, &case.states);
        walker.instead(open);
        let support = depends_on(&mut walker, case.program, diagram);
        numbers.into_iter().filter(|number| support.contains(number)).collect()
    }

    /// The name of a document or finding.
    fn words(&self, variable: u32) -> String {
        match self.case.program.variables.get(variable as usize).map(|variable| &variable.key) {
            Some(Key::Document(field, document, _)) => member_text(self.case.model, *field, *document),
            Some(Key::Attestation(number, _)) => attestation(self.case.model, *number),
            _ => String::new(),
        }
    }

    /// A duty of the authority itself.
    pub(super) fn duty(&mut self, clause: &Clause) {
        self.checks.push(AuthorityCheck { clause: clause.id.clone(), attestation: None, text: clause.title.clone() });
    }

    /// A duty of a later stage.
    pub(super) fn later(&self, clause: &Clause) -> LaterDuty {
        let vocabulary = &self.case.model.vocabulary;
        let stage = clause.stage.and_then(|stage| vocabulary.enumeration(vocabulary.stages?)?.members.get(stage));
        LaterDuty {
            clause: clause.id.clone(),
            stage: stage.map(|member| member.name.chinese.clone()).unwrap_or_default(),
            text: clause.title.clone(),
            citation: clause
                .citations
                .first()
                .map(|citation| CitationResult { section: citation.section.clone(), quote: citation.quote.clone() }),
        }
    }

    /// Whether a clause is the authority's own business.
    pub(super) fn is_authority(clause: &Clause) -> bool {
        clause.subject == Subject::Authority
    }
}

/// A conversion with the document that it is taken from.
fn sourced(words: String, source: &str) -> String {
    if source.is_empty() { words } else { format!("{words}（{source}）") }
}
