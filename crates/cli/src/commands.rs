//! What the commands do, `review` aside.

use std::path::Path;

use adit::diagnostic::{Language, Problem, Severity};
use adit::report::{self, Sources, status_words, verdict_words};
use adit::rulebook::{CaseReport, Difference, Generated, GeneratedFailure, GeneratedKind, Rulebook};
use adit::ruling::{Status, Verdict};
use serde_json::json;

use crate::arguments::{Arguments, Format};
use crate::files::{self, FileProblem};
use crate::form;
use crate::output::Output;
use crate::registry;
use crate::words::Say;

/// Admissible, or nothing found.
pub(crate) const GOOD: u8 = 0;
/// A finding.
pub(crate) const FOUND: u8 = 1;
/// Rules, facts or arguments cannot be used.
pub(crate) const UNUSABLE: u8 = 2;

/// The rulebook, or `None` when it has been told why there is none.
pub(crate) fn rulebook(arguments: &Arguments, output: &Output) -> Option<Rulebook> {
    let builder = match files::builder(&arguments.rules, &arguments.upper) {
        Ok(builder) => builder,
        Err(problem) => {
            tell_file(&problem, output);
            return None;
        }
    };
    let checked = builder.check();
    let warnings = arguments.deny_warnings && !checked.problems().is_empty();
    if checked.rulebook().is_none() || warnings {
        tell(checked.problems(), &checked, output);
    }
    checked.rulebook().cloned()
}

/// The exit code that warnings make of another.
pub(crate) fn with_warnings(code: u8, rulebook: &Rulebook, arguments: &Arguments) -> u8 {
    if code == GOOD && arguments.deny_warnings && !rulebook.warnings().is_empty() { FOUND } else { code }
}

/// Problems on standard error.
pub(crate) fn tell(problems: &[Problem], sources: &dyn Sources, output: &Output) {
    output.complain(&report::problems(problems, sources, output.error_options));
}

/// A problem of a file on standard error.
pub(crate) fn tell_file(problem: &FileProblem, output: &Output) {
    tell(std::slice::from_ref(&problem.problem), &problem.sources, output);
}

/// `adit check`
pub(crate) fn check(arguments: &Arguments, output: &mut Output) -> u8 {
    let builder = match files::builder(&arguments.rules, &arguments.upper) {
        Ok(builder) => builder,
        Err(problem) => {
            tell_file(&problem, output);
            return UNUSABLE;
        }
    };
    let checked = builder.check();
    let text = match arguments.format {
        Some(Format::Json) => report::problems_json(checked.problems(), &checked, output.language()) + "\n",
        _ => report::problems(checked.problems(), &checked, output.options),
    };
    output.print(&text);
    let errors = checked.problems().iter().any(|problem| problem.severity() == Severity::Error);
    match (errors, checked.problems().is_empty()) {
        (true, _) => UNUSABLE,
        (false, false) if arguments.deny_warnings => FOUND,
        (false, _) => GOOD,
    }
}

/// `adit explain`
pub(crate) fn explain(arguments: &Arguments, clause: &str, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    match report::explain(rulebook.model(), clause, &rulebook, output.options) {
        Some(text) => {
            output.print(&text);
            with_warnings(GOOD, &rulebook, arguments)
        }
        None => {
            let colon = if output.language() == Language::Chinese { "：" } else { ": " };
            output.complain(&format!("{}{colon}{clause}\n", Say::NoSuchClause.text(output.language())));
            UNUSABLE
        }
    }
}

/// `adit facts`
pub(crate) fn facts(arguments: &Arguments, registry: Option<&Path>, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    if let Some(path) = registry {
        let file = Some(path).filter(|path| path.as_os_str() != "-");
        return with_warnings(registry::print(&rulebook, file, output), &rulebook, arguments);
    }
    let fields = rulebook.fields();
    let text = match arguments.format {
        Some(Format::Json) => serde_json::to_string_pretty(&fields).unwrap_or_default() + "\n",
        _ => form::empty(&fields, output.language()),
    };
    output.print(&text);
    with_warnings(GOOD, &rulebook, arguments)
}

/// `adit test`
pub(crate) fn test(arguments: &Arguments, all: bool, generate: bool, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    let cases = rulebook.run_cases();
    let failed = cases.iter().filter(|case| !case.passed).count();
    let clauses: Vec<&str> = rulebook.model().clauses.iter().map(|clause| clause.id.as_str()).collect();
    let made = if generate { rulebook.generate_cases() } else { Generated::default() };
    let contrary = rulebook.run_generated(&made);
    let untested: Vec<&str> = clauses.iter().copied().filter(|clause| !is_tested(&cases, clause)).collect();
    if arguments.format == Some(Format::Json) {
        let told = |case: &CaseReport| {
            let problems = report::problems_json(&case.problems, &rulebook, output.language());
            let mut told = json!(case);
            if let (Some(told), Ok(problems)) = (told.as_object_mut(), serde_json::from_str(&problems)) {
                told.insert("problems".to_owned(), problems);
            }
            told
        };
        let cases_told: Vec<serde_json::Value> = cases.iter().map(told).collect();
        let result = json!({
            "cases": cases_told, "passed": cases.len() - failed, "failed": failed,
            "clauses": clauses.len(), "untested": untested,
            "generated": {"cases": made.cases.len(), "failed": contrary, "unreached": made.unreached},
        });
        output.print(&format!("{result:#}\n"));
    } else {
        for case in cases.iter().filter(|case| all || !case.passed) {
            let text = case_text(case, &rulebook, output);
            output.print(&text);
        }
        let tested = clauses.len() - untested.len();
        output.print(&match output.language() {
            Language::Chinese => format!(
                "{} 个试算，{} 个相符，{failed} 个不符；{} 条条款中 {tested} 条有试算\n",
                cases.len(),
                cases.len() - failed,
                clauses.len()
            ),
            Language::English => format!(
                "{} cases, {} passed, {failed} failed; {tested} of {} clauses have a case\n",
                cases.len(),
                cases.len() - failed,
                clauses.len()
            ),
        });
        if !untested.is_empty() {
            let head = Say::Untested.text(output.language());
            output.print(&format!("{head}  {}\n", untested.join(" ")));
        }
    }
    if generate && arguments.format != Some(Format::Json) {
        let text = generated_text(&made, &contrary, output.language());
        output.print(&text);
    }
    if failed > 0 || !contrary.is_empty() { FOUND } else { with_warnings(GOOD, &rulebook, arguments) }
}

/// How many cases were made of each kind, those that came out otherwise, and the bounds of which none could be made.
fn generated_text(made: &Generated, contrary: &[GeneratedFailure], language: Language) -> String {
    let kinds = [
        (GeneratedKind::OnTheBound, "恰好", "on the bound"),
        (GeneratedKind::RightBelow, "略低", "right below"),
        (GeneratedKind::RightAbove, "略高", "right above"),
        (GeneratedKind::Missing, "缺项", "missing"),
        (GeneratedKind::WrongUnit, "错单位", "wrong unit"),
    ];
    let count = |kind| made.cases.iter().filter(|case| case.kind == kind).count();
    let counts: Vec<String> = kinds
        .into_iter()
        .map(|(kind, chinese, english)| {
            let word = if language == Language::Chinese { chinese } else { english };
            format!("{word} {}", count(kind))
        })
        .collect();
    let mut text = String::new();
    for failure in contrary {
        let case = &failure.case;
        let facts = serde_json::to_string(&case.facts).unwrap_or_default();
        text.push_str(&format!(
            "× {} {}{}{}{}  {facts}\n",
            case.clause,
            Say::Expected.text(language),
            code_words(case.expected, false, language),
            if language == Language::Chinese { "，" } else { ", " },
            format_args!("{}{}", Say::Found.text(language), code_words(&failure.found, false, language)),
        ));
    }
    text.push_str(&match language {
        Language::Chinese => format!(
            "生成 {} 个（{}），{} 个不符；{} 处数不能单独试\n",
            made.cases.len(),
            counts.join("，"),
            contrary.len(),
            made.unreached.len()
        ),
        Language::English => format!(
            "{} cases made ({}), {} failed; {} bounds could not be tried alone\n",
            made.cases.len(),
            counts.join(", "),
            contrary.len(),
            made.unreached.len()
        ),
    });
    for (clause, words) in &made.unreached {
        text.push_str(&format!("  {clause} {words}\n"));
    }
    text
}

fn is_tested(cases: &[CaseReport], clause: &str) -> bool {
    cases.iter().any(|case| case.clauses.iter().any(|tested| tested == clause))
}

fn case_text(case: &CaseReport, rulebook: &Rulebook, output: &Output) -> String {
    let sign = if case.passed { "✓" } else { "×" };
    let mut text = format!("{sign} {}\n", case.name);
    if !case.problems.is_empty() {
        text.push_str(&report::problems(&case.problems, rulebook, output.options));
    }
    let marks: Vec<_> = case
        .differences
        .iter()
        .map(|difference| (difference.span, difference_text(difference, output.language())))
        .collect();
    if !marks.is_empty() {
        text.push_str(&report::places(&marks, rulebook, output.options));
        text.push('\n');
    }
    text
}

fn difference_text(difference: &Difference, language: Language) -> String {
    let found = match &difference.found {
        None => Say::NoSuchClause.text(language).to_owned(),
        Some(code) => code_words(code, difference.clause.is_none(), language),
    };
    let colon = if language == Language::Chinese { "：" } else { ": " };
    let subject = difference.clause.as_ref().map(|clause| format!("{clause}{colon}")).unwrap_or_default();
    let expected = code_words(&difference.expected, difference.clause.is_none(), language);
    let comma = if language == Language::Chinese { "，" } else { ", " };
    format!("{subject}{}{expected}{comma}{}{found}", Say::Expected.text(language), Say::Found.text(language))
}

fn code_words(code: &str, ruling: bool, language: Language) -> String {
    let statuses =
        [Status::NotApplicable, Status::Satisfied, Status::Discretion, Status::Undetermined, Status::Violated];
    let verdicts =
        [Verdict::Admissible, Verdict::NotCovered, Verdict::ForDecision, Verdict::Incomplete, Verdict::Refused];
    let status = statuses.into_iter().find(|status| status.code() == code).filter(|_| !ruling);
    let verdict = verdicts.into_iter().find(|verdict| verdict.code() == code).filter(|_| ruling);
    let words = status
        .map(|status| status_words(status, language))
        .or_else(|| verdict.map(|verdict| verdict_words(verdict, language)));
    let listed = match code {
        "later-duty" => Some(Say::LaterDuty),
        "authority-duty" => Some(Say::AuthorityDuty),
        _ => None,
    };
    words.or_else(|| listed.map(|word| word.text(language))).unwrap_or(code).to_owned()
}
