//! One clause's finding.

use std::sync::Arc;

use crate::compile::{Readings, body_of};
use crate::evaluate::{Case, Fired, Residual, State, Truth, Walker, attestation, member_text};
use crate::model::AttestationMode;
use crate::program::{Diagram, Key};
use crate::ruling::explain::{Explainer, Explanation};
use crate::ruling::head::Head;
use crate::ruling::missing::{Wants, add_wants, missing};
use crate::ruling::result::{AppliedException, AuthorityCheck, Finding, LaterDuty, Status};
use crate::ruling::standing::Standing;
use crate::ruling::stated::presumed;
use crate::ruling::text::Text;
use crate::ruling::used::Used;
use crate::ruling::wording::Places;

/// Makes findings of one case.
pub(super) struct Findings<'a> {
    pub(super) explainer: Explainer<'a>,
    pub(super) readings: &'a Readings,
    pub(super) place: Places<'a>,
    /// What the authority must check or do.
    pub(super) checks: Vec<AuthorityCheck>,
    /// Conversions and presumptions used.
    pub(super) used: Vec<Used>,
    /// The variables whose conversions are noted.
    pub(super) noted: Vec<u32>,
    pub(super) residual: Residual,
}

impl<'a> Findings<'a> {
    fn case(&self) -> Case<'a> {
        self.explainer.case
    }

    /// The finding of a clause that decides.
    pub(super) fn finding(&mut self, standing: &Standing, head: &Arc<Head>) -> Option<Finding> {
        let diagram = self.case().program.diagram(standing.clause, self.readings)?;
        let mut finding = self.plain(standing, head);
        self.explained(standing, &mut finding, diagram);
        self.read(&mut finding, diagram);
        Some(finding)
    }

    /// The finding of a clause that does not apply, where an exception is to be told of.
    pub(super) fn excepted(&mut self, standing: &Standing, head: &Arc<Head>) -> Option<Finding> {
        if let Some(diagram) = self.case().program.diagram(standing.clause, self.readings) {
            self.presumed(diagram);
        }
        let exception = self.exception(standing.clause)?;
        Some(Finding { exception: Some(exception), ..self.plain(standing, head) })
    }

    /// A finding without its reasons.
    fn plain(&self, standing: &Standing, head: &Arc<Head>) -> Finding {
        let possible = standing.possible();
        let reading = self.readings.get(&standing.clause).copied();
        Finding {
            subject: head.subject(reading),
            status: standing.status(),
            possible: if possible.len() > 1 { possible } else { Vec::new() },
            applies: standing.applies(),
            force: head.force(standing.worst()).code(),
            reading: head.reading(reading),
            exception: None,
            could_show: Vec::new(),
            conditions: Vec::new(),
            tree: None,
            missing: Vec::new(),
            rule: head.place.clone(),
            fact_place: None,
            rule_span: head.span,
            fact_span: None,
            head: Arc::clone(head),
        }
    }

    fn exception(&self, clause: usize) -> Option<AppliedException> {
        let case = self.case();
        let compiled = case.program.clauses.get(clause)?;
        let own = &case.model.clauses.get(clause)?.body.exceptions;
        let other = self.readings.contains_key(&clause);
        if (own.is_empty() && !other && compiled.prevailed_by.is_empty())
            || case.reaches(clause, self.readings) != Truth::True
        {
            return None;
        }
        let (name, span) = match case.fired(clause, self.readings)? {
            Fired::Exception(number) => {
                let body = body_of(case.model.clauses.get(clause)?, clause, self.readings);
                let exception = body.exceptions.get(number)?;
                (Text::from(&exception.name), exception.span)
            }
            Fired::Clause(other) => {
                let head = self.explainer.wording.head(other)?;
                (head.clause.clone(), head.span)
            }
        };
        Some(AppliedException { name, rule: (self.place)(span) })
    }

    fn explained(&mut self, standing: &Standing, finding: &mut Finding, diagram: &Diagram) {
        let case = self.case();
        let Explanation { conditions, part } = self.explainer.explain(standing.clause, self.readings, finding.status);
        finding.conditions = conditions;
        let clause = case.model.clauses.get(standing.clause);
        let body = clause.map(|clause| body_of(clause, standing.clause, self.readings));
        if let Some(part) = part.and_then(|part| body?.parts.get(part)) {
            finding.rule = (self.place)(part.span).or(finding.rule.take());
            finding.rule_span = part.requirement_span;
        }
        finding.fact_span = finding.conditions.iter().find_map(|condition| condition.fact_span);
        finding.fact_place = finding.fact_span.and_then(self.place);
        if finding.status == Status::Undetermined {
            let mut walker = Walker::new(case.program, case.states);
            let mut wants = Wants::new();
            let variables = self.residual.depends_on(&mut walker, case.program, diagram);
            add_wants(&case, &mut wants, standing.clause, variables);
            finding.missing = missing(&case, self.explainer.wording, &wants);
        }
        self.measured(diagram);
    }

    /// Notes the default bases and conversions behind a clause's amounts.
    fn measured(&mut self, diagram: &Diagram) {
        for variable in &diagram.variables {
            let Some(channel) = self.explainer.stated.channels.get(variable) else { continue };
            if !channel.notes.is_empty() && !self.noted.contains(variable) {
                self.noted.push(*variable);
                self.used.extend(channel.notes.iter().cloned());
            }
        }
    }

    /// Lists what is read by rule for want of a fact, where it makes a difference.
    fn read(&mut self, finding: &mut Finding, diagram: &Diagram) {
        if diagram.read.is_empty() {
            return;
        }
        if matches!(finding.status, Status::Violated | Status::Discretion | Status::Undetermined) {
            let shown = self.differing(diagram, AttestationMode::Ground);
            finding.could_show = shown.iter().map(|variable| self.words(*variable)).collect();
        }
        for variable in self.differing(diagram, AttestationMode::Authority) {
            let name = self.words(variable);
            let clause = finding.head.clause.clone();
            let check = AuthorityCheck { clause, attestation: Some(name.clone()), text: name };
            if !self.checks.contains(&check) {
                self.checks.push(check);
            }
        }
        self.presumed(diagram);
    }

    /// Notes what is presumed not to be so, where it makes a difference.
    fn presumed(&mut self, diagram: &Diagram) {
        for variable in self.differing(diagram, AttestationMode::PresumedNot) {
            self.used.push(presumed(&self.words(variable)));
        }
    }

    /// The variables that are read by this rule and would make a difference if they were known.
    fn differing(&mut self, diagram: &Diagram, mode: AttestationMode) -> Vec<u32> {
        let case = self.case();
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
        let mut walker = Walker::new(case.program, case.states);
        walker.instead(open);
        let support = self.residual.depends_on(&mut walker, case.program, diagram);
        numbers.into_iter().filter(|number| support.contains(number)).collect()
    }

    /// The name of a document or finding.
    fn words(&self, variable: u32) -> Text {
        let case = self.case();
        match case.program.variables.get(variable as usize).map(|variable| &variable.key) {
            Some(Key::Document(field, document, _, _)) => member_text(case.model, *field, *document).into(),
            Some(Key::Attestation(number, _)) => attestation(case.model, *number).into(),
            _ => Text::default(),
        }
    }

    /// A duty of the authority itself.
    pub(super) fn duty(&mut self, head: &Head) {
        self.checks.push(AuthorityCheck { clause: head.clause.clone(), attestation: None, text: head.title.clone() });
    }

    /// A duty of a later stage, with the number of its stage.
    pub(super) fn later(&self, standing: &Standing, head: &Head) -> (Option<usize>, LaterDuty) {
        let model = self.case().model;
        let vocabulary = &model.vocabulary;
        let clause = model.clauses.get(standing.clause);
        let number = clause.and_then(|clause| body_of(clause, standing.clause, self.readings).stage);
        let stage = number.and_then(|stage| vocabulary.enumeration(vocabulary.stages?)?.members.get(stage));
        let duty = LaterDuty {
            clause: head.clause.clone(),
            stage: stage.map(|member| Text::from(member.name.key())).unwrap_or_default(),
            label: stage.map(|member| Text::from(&member.name.chinese)).unwrap_or_default(),
            text: head.title.clone(),
            citation: head.citation.clone(),
        };
        (number, duty)
    }
}
