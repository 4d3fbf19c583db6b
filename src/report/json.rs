//! A ruling for programs. Keys and codes are English in every language.

use serde::Serialize;

use crate::registry::Quota;
use crate::report::text::{excepted, whole};
use crate::ruling::{
    Alternative, AuthorityCheck, Disagreement, Finding, LaterDuty, Missing, Receipt, Remedy, Ruling, Status, Verdict,
};

/// A ruling as it is written: findings that do not apply are left out unless asked for.
#[derive(Serialize)]
struct Written<'a> {
    plan: &'a str,
    plan_title: &'a str,
    ruling: Verdict,
    findings: Vec<&'a Finding>,
    /// Those that an exception keeps from applying, where they are not among the findings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    excepted: Vec<&'a Finding>,
    missing: &'a [Missing],
    needed: &'a [Missing],
    remedy: Option<&'a Remedy>,
    later_duties: &'a [LaterDuty],
    authority_checks: &'a [AuthorityCheck],
    not_applicable: usize,
    other_readings: &'a [Alternative],
    quotas: &'a [Quota],
    notes: &'a [&'static str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    fact_warnings: &'a [Disagreement],
    case: Vec<CaseEntry<'a>>,
    receipt: &'a Receipt,
}

#[derive(Serialize)]
struct CaseEntry<'a> {
    label: &'a str,
    value: &'a str,
}

impl<'a> Written<'a> {
    fn new(whole: &'a Ruling, all: bool) -> Self {
        // Taken apart by name, so that nothing a ruling gains later is forgotten here.
        let Ruling {
            plan,
            plan_title,
            ruling,
            findings,
            silent: _,
            missing,
            needed,
            remedy,
            later_duties,
            authority_checks,
            not_applicable,
            other_readings,
            quotas,
            notes,
            fact_warnings,
            headline: _,
            case,
            receipt,
            glossary: _,
        } = whole;
        let shown = findings.iter().filter(|finding| all || finding.status != Status::NotApplicable);
        Self {
            plan,
            plan_title,
            ruling: *ruling,
            findings: shown.collect(),
            excepted: if all { Vec::new() } else { excepted(whole).collect() },
            missing,
            needed,
            remedy: remedy.as_ref(),
            later_duties,
            authority_checks,
            not_applicable: *not_applicable,
            other_readings,
            quotas,
            notes,
            fact_warnings,
            case: case.iter().map(|(label, value)| CaseEntry { label, value }).collect(),
            receipt,
        }
    }
}

/// A ruling as JSON on several lines; findings that do not apply are left out unless `all`.
#[must_use]
pub fn json(ruling: &Ruling, all: bool) -> String {
    serde_json::to_string_pretty(&Written::new(&whole(ruling, all), all)).unwrap_or_default()
}

/// A ruling as JSON on one line.
#[must_use]
pub fn json_line(ruling: &Ruling, all: bool) -> String {
    serde_json::to_string(&Written::new(&whole(ruling, all), all)).unwrap_or_default()
}
