//! Cases written in rule files, run.

use serde::Serialize;
use serde_json::Value;

use crate::diagnostic::{Problem, Severity};
use crate::facts::tree::{Entry, Kind, Spanned};
use crate::facts::{self, CaseFacts};
use crate::model::{Expectation, Subject, WrittenCase};
use crate::rulebook::Rulebook;
use crate::rulebook::prepare::place;
use crate::ruling::{Place, ReviewOptions, Ruling, StatedCase, Status};
use crate::source::Source;
use crate::span::Span;

/// How one written case came out.
#[derive(Debug, Clone, Serialize)]
pub struct CaseReport {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Option<Place>,
    /// Whether all came out as expected.
    pub passed: bool,
    /// What came out otherwise.
    pub differences: Vec<Difference>,
    /// Why it could not be reviewed at all.
    #[serde(skip)]
    pub problems: Vec<Problem>,
    /// The clauses that it expects something of.
    pub clauses: Vec<String>,
}

/// One expectation that was not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The clause; `None` where the ruling itself differs.
    pub clause: Option<String>,
    /// The code expected.
    pub expected: String,
    /// The code that came out; `None` where the rules hold no such clause.
    pub found: Option<String>,
    /// Where it is expected.
    #[serde(skip)]
    pub span: Span,
}

impl Rulebook {
    /// Runs the cases written in the rule files, in order.
    #[must_use]
    pub fn run_cases(&self) -> Vec<CaseReport> {
        self.model().cases.iter().map(|case| self.run_case(case)).collect()
    }

    fn run_case(&self, case: &WrittenCase) -> CaseReport {
        let clauses = case.expectations.iter().filter_map(|(expectation, _)| match expectation {
            Expectation::Status(clause, _) => Some(clause.clone()),
            Expectation::Ruling(_) => None,
        });
        let mut report = CaseReport {
            name: case.name.clone(),
            place: place(self, case.span),
            passed: false,
            differences: Vec::new(),
            problems: Vec::new(),
            clauses: clauses.collect(),
        };
        match self.review_case(case) {
            Ok(ruling) => {
                report.differences = case
                    .expectations
                    .iter()
                    .filter_map(|(expectation, span)| self.difference(expectation, *span, &ruling))
                    .collect();
                report.passed = report.differences.is_empty();
            }
            Err(problems) => report.problems = problems,
        }
        report
    }

    fn review_case(&self, case: &WrittenCase) -> Result<Ruling, Vec<Problem>> {
        let (facts, stated) = self.prepare_case(case)?;
        let mut options = ReviewOptions::default();
        options.readings.extend(case.readings.iter().cloned());
        let place = |span| place(self, span);
        crate::ruling::review(&self.rules(&place), &facts, &stated, &options).map_err(|problem| vec![problem])
    }

    /// What is wrong with the facts of the written cases: whoever checks the rules is told, not only who runs them.
    pub(super) fn case_problems(&self) -> Vec<Problem> {
        self.model().cases.iter().filter_map(|case| self.prepare_case(case).err()).flatten().collect()
    }

    fn prepare_case(&self, case: &WrittenCase) -> Result<(CaseFacts, StatedCase), Vec<Problem>> {
        let Some(source) = self.sources().get(case.span.source().index()) else { return Err(Vec::new()) };
        let entries = case.given.iter().map(|(key, value, span)| {
            let (key_span, value_span) = parted(source, *span);
            Entry { key: key.clone(), key_span, value: spanned(value, value_span) }
        });
        let tree = Spanned { kind: Kind::Map(entries.collect()), span: case.span };
        let (mut facts, problems) = facts::read(&tree, self.model(), source);
        // A written case vouches for what it supposes.
        for field in facts.iter().map(|(field, _)| field).collect::<Vec<_>>() {
            if facts.source(field).is_none() {
                facts.set_source(field, &case.name);
            }
        }
        if problems.iter().any(|problem| problem.severity() == Severity::Error) {
            return Err(problems);
        }
        let stated = self.state(&facts, None).map_err(|problem| vec![problem])?;
        Ok((facts, stated))
    }

    fn difference(&self, expectation: &Expectation, span: Span, ruling: &Ruling) -> Option<Difference> {
        let (clause, expected, found) = match expectation {
            Expectation::Ruling(expected) => (None, expected, Some(ruling.ruling.code())),
            Expectation::Status(clause, expected) => {
                let found = ruling.status_of(clause).map(Status::code);
                let found = found.or_else(|| listed(clause, ruling)).or_else(|| self.idle(clause));
                (Some(clause.clone()), expected, found)
            }
        };
        (found != Some(expected.as_str())).then(|| Difference {
            clause,
            expected: expected.clone(),
            found: found.map(str::to_owned),
            span,
        })
    }

    /// A clause about the authority that is listed nowhere, or about the registry, has nothing to say of a case alone.
    fn idle(&self, clause: &str) -> Option<&'static str> {
        let found = self.model().clauses.iter().find(|known| known.id == clause)?;
        (found.subject() != Subject::Application).then_some(Status::NotApplicable.code())
    }
}

/// Where a clause is listed that decides nothing in this ruling.
fn listed(clause: &str, ruling: &Ruling) -> Option<&'static str> {
    if ruling.later_duties.iter().any(|duty| duty.clause == clause) {
        return Some("later-duty");
    }
    ruling.authority_checks.iter().any(|check| check.clause == clause).then_some("authority-duty")
}

/// `矿种：煤` in key and value; a value alone is both.
fn parted(source: &Source, span: Span) -> (Span, Span) {
    let text = source.slice(span);
    let Some((key, value)) = text.split_once(['：', ':']) else { return (span, span) };
    let lead = text.len() - value.len() + (value.len() - value.trim_start().len());
    (
        Span::new(span.source(), span.start(), span.start() + key.trim_end().len()),
        Span::new(span.source(), span.start() + lead, span.end()),
    )
}

/// A value written in a rule file, every part of it at the place of the whole.
fn spanned(value: &Value, span: Span) -> Spanned {
    let kind = match value {
        Value::Null => Kind::Null,
        Value::Bool(flag) => Kind::Bool(*flag),
        Value::Number(number) => Kind::Number(number.to_string()),
        Value::String(text) => Kind::Text(text.clone()),
        Value::Array(items) => Kind::List(items.iter().map(|item| spanned(item, span)).collect()),
        Value::Object(entries) => Kind::Map(
            entries
                .iter()
                .map(|(key, value)| Entry { key: key.clone(), key_span: span, value: spanned(value, span) })
                .collect(),
        ),
    };
    Spanned { kind, span }
}
