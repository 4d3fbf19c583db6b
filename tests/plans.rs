//! The five plans: their rules, cases, sums and registries, each held to what its plan prints.
//!
//! Whole rulings are snapshots; the verdicts stand in plain code beside them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test says what is wrong by failing")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use adit::model::{Condition, Model, Operator, PropertyValue, TestKind, Threshold};
use adit::report::{self, ReportOptions};
use adit::rulebook::{RuleFile, Rulebook};
use adit::{Language, ReviewOptions};

const PLANS: [&str; 5] = ["yongchuan", "huining", "taonan", "ruoqiang", "shanting"];

/// Plan, entries of its register, sums checked, sums that do not come out.
const ENTRIES: [(&str, usize); 5] =
    [("yongchuan", 199), ("huining", 240), ("taonan", 200), ("ruoqiang", 582), ("shanting", 237)];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn folder(plan: &str) -> PathBuf {
    root().join("rules/plans").join(plan)
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found.to_string_lossy() == ending)).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn rulebook(plan: &str) -> Rulebook {
    let mut builder = Rulebook::builder();
    for file in files(&folder(plan), "adit") {
        builder = builder.file(RuleFile::new(format!("{plan}/{}", name(&file)), fs::read(&file).unwrap()));
    }
    let checked = builder.check();
    let told = report::problems(checked.problems(), &checked, ReportOptions::new(Language::Chinese));
    assert!(checked.problems().is_empty(), "{plan}\n{told}");
    checked.rulebook().unwrap().clone()
}

#[test]
fn plans_are_clean_and_their_written_cases_agree() {
    for plan in PLANS {
        let reports = rulebook(plan).run_cases();
        let failed: Vec<String> = reports
            .iter()
            .filter(|report| !report.passed)
            .map(|report| format!("{plan} {}: {:?} {:?}", report.name, report.differences, report.problems))
            .collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        assert!(reports.len() >= 25, "{plan} has {} written cases", reports.len());
    }
}

#[test]
fn every_entry_is_accounted_for() {
    for (plan, entries) in ENTRIES {
        let rulebook = rulebook(plan);
        let coverage = rulebook.model().coverage();
        assert_eq!(coverage.missing, Vec::<String>::new(), "{plan}");
        let stem = coverage.encoded[0].split('-').next().unwrap().to_owned();
        let own = |id: &&String| id.starts_with(&format!("{stem}-"));
        let count = coverage.encoded.iter().filter(own).count() + coverage.advisory.len();
        assert_eq!(count, entries, "{plan}");
        assert!(coverage.advisory.iter().all(|(_, reason)| reason.chars().count() > 3), "{plan}");
    }
}

/// What each plan's own register calls checkable is encoded, and nothing else: only where the registers are at hand.
#[test]
fn what_a_register_calls_checkable_is_encoded() {
    for plan in PLANS {
        let Ok(register) = fs::read_to_string(root().join(format!("../shared/clauses/{plan}.yaml"))) else { continue };
        let coverage = rulebook(plan).model().coverage();
        let advisory: Vec<&str> = coverage.advisory.iter().map(|(id, _)| id.as_str()).collect();
        let (mut id, mut wrong) = ("", Vec::new());
        for line in register.lines() {
            if let Some(found) = line.trim().strip_prefix("- id: ") {
                id = found.trim();
            }
            if let Some(checkable) = line.trim().strip_prefix("checkable: ") {
                let decides_nothing = checkable.contains("no");
                if decides_nothing != advisory.contains(&id) {
                    wrong.push(id.to_owned());
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new(), "{plan}");
    }
}

/// The case files of all plans with their rulings.
fn rulings() -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    for plan in PLANS {
        let rulebook = rulebook(plan);
        for file in files(&folder(plan).join("cases"), "json") {
            let facts = rulebook.prepare_text(&name(&file), &fs::read_to_string(&file).unwrap());
            let facts = facts.unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
            let ruling = rulebook.review_prepared(&facts, &ReviewOptions::default());
            let ruling = ruling.unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
            let key = format!("{plan}/{}", name(&file).trim_end_matches(".json"));
            found.insert(key.clone(), ruling.ruling.code());
            let text = report::text(&ruling, &(&rulebook, &facts), ReportOptions::new(Language::Chinese));
            insta::with_settings!({ omit_expression => true, snapshot_path => "snapshots/plans", prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(key.replace('/', "-"), text);
            });
        }
    }
    found
}

#[test]
fn rulings_of_realistic_applications() {
    let found = rulings();
    let expected: BTreeMap<String, &str> = include_str!("inputs/plans/rulings.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(' ').unwrap())
        .map(|(case, ruling)| (case.to_owned(), ruling.trim()))
        .collect();
    assert_eq!(found, expected);
    for plan in PLANS {
        let own: Vec<&&str> =
            found.iter().filter(|(case, _)| case.starts_with(plan)).map(|(_, ruling)| ruling).collect();
        assert!(own.len() >= 8, "{plan}");
    }
}

#[test]
fn sums_that_do_not_come_out_are_the_plans_own() {
    for plan in PLANS {
        let rulebook = rulebook(plan);
        let text = report::audit(rulebook.model(), &rulebook, ReportOptions::new(Language::Chinese));
        insta::with_settings!({ omit_expression => true, snapshot_path => "snapshots/plans", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("{plan}-audit"), text);
        });
        assert!(report::reckonings(rulebook.model()).any(|sum| !sum.holds), "{plan}: every plan has one");
        assert!(report::reckonings(rulebook.model()).filter(|sum| sum.holds).count() >= 10, "{plan}");
    }
}

/// Cases made of every bound come out as the comparison and the force say; tests/conformance.rs puts the reference to them.
#[test]
fn every_bound_holds_on_both_of_its_sides() {
    let mut made = 0;
    for plan in PLANS {
        let rulebook = rulebook(plan);
        let generated = rulebook.generate_cases();
        let contrary = rulebook.run_generated(&generated);
        assert!(contrary.is_empty(), "{plan}: {contrary:?}");
        made += generated.cases.len();
    }
    assert!(made > 500, "{made}");
}

// ── a second reading of the numbers ──

/// A number of a plan, typed a second time from its text by somebody who had not seen the rules.
#[derive(Debug, serde::Deserialize)]
struct SecondReading {
    number: Vec<TypedNumber>,
}

#[derive(Debug, serde::Deserialize)]
struct TypedNumber {
    id: String,
    kind: String,
    value: String,
    unit: String,
    comparator: String,
}

/// What the rules hold a number to be: its value in base units, and the sign of what they require of it.
type Held = (adit::Number, Option<&'static str>);

/// Every number that an entry holds, in all of its readings.
fn held(model: &Model, id: &str) -> Vec<Held> {
    let mut found: Vec<Held> = Vec::new();
    for clause in model.clauses.iter().filter(|clause| clause.id == id) {
        let bodies = std::iter::once(&clause.body).chain(clause.other_readings.iter().map(|reading| &reading.body));
        for body in bodies {
            bounds(&body.applies, false, &mut found);
            for part in &body.parts {
                bounds(&part.selector, false, &mut found);
                bounds(&part.requirement, false, &mut found);
            }
        }
    }
    // An indicator of its own id may account for the entry: 对应条目.
    let accounts = |span| model.entries.iter().any(|(entry, at)| entry == id && *at == span);
    for indicator in model.indicators.iter().filter(|indicator| indicator.id == id || accounts(indicator.span)) {
        let others = indicator.other_readings.iter().map(|other| &other.body);
        for body in std::iter::once(&indicator.body).chain(others) {
            found.extend(body.limits.iter().filter_map(|limit| {
                Some((limit.bound.quantity()?.value.clone(), Some(limit.comparator.operator.sign())))
            }));
        }
    }
    for row in model.gradings.iter().flat_map(|grading| &grading.rows).filter(|row| row.id.as_deref() == Some(id)) {
        for (_, threshold) in &row.thresholds {
            if let Threshold::From(quantity, operator) = threshold {
                found.push((quantity.value.clone(), Some(operator.sign())));
            }
        }
    }
    let printed = model.figures.iter().filter(|figure| figure.id == id).flat_map(|figure| &figure.values);
    let places = model.places.iter().filter(|place| place.entries.iter().any(|entry| entry == id));
    for value in printed.chain(places.flat_map(|place| &place.properties)) {
        if let PropertyValue::Amount(quantity) = &value.value {
            found.push((quantity.value.clone(), None));
        }
    }
    found
}

fn bounds(condition: &Condition, negated: bool, found: &mut Vec<Held>) {
    match condition {
        Condition::Test(test) => {
            if let TestKind::Amount { comparator, bound, .. } | TestKind::Distance { comparator, bound, .. } =
                &test.kind
            {
                let operator = if negated { comparator.operator.negated() } else { Some(comparator.operator) };
                found.push((bound.value.clone(), operator.map(Operator::sign)));
            }
        }
        Condition::All(list) | Condition::Any(list) => list.iter().for_each(|inner| bounds(inner, negated, found)),
        Condition::Not(inner) => bounds(inner, !negated, found),
        Condition::Always | Condition::Never => {}
    }
}

/// The numbers of a second reading stand in the rules, and are required in the same sense. The few that differ are listed
/// with the reason in `tests/second-reading/differences.txt`.
#[test]
fn a_second_reading_of_the_numbers_agrees() {
    let known = include_str!("second-reading/differences.txt");
    let known: Vec<&str> = known.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let mut differing = Vec::new();
    let mut compared = 0;
    for plan in PLANS {
        let rulebook = rulebook(plan);
        let text = fs::read_to_string(root().join(format!("tests/second-reading/{plan}.toml"))).unwrap();
        let typed: SecondReading = toml::from_str(&text).unwrap();
        // A statement is held to its quote by the checker; what requires something is held to the second reading.
        for number in typed.number.iter().filter(|number| number.kind != "figure") {
            compared += 1;
            let amount = rulebook.amount(&format!("{}{}", number.value, number.unit));
            let Some(amount) = amount else {
                differing.push(format!("{} {}{} unit", number.id, number.value, number.unit));
                continue;
            };
            let held = held(rulebook.model(), &number.id);
            let same: Vec<&Held> = held.iter().filter(|(value, _)| *value == amount.value).collect();
            let agrees = same
                .iter()
                .any(|(_, sign)| sign.is_none_or(|sign| sign == number.comparator) || number.comparator.is_empty());
            if !agrees {
                let what = if same.is_empty() { "number" } else { "comparison" };
                differing.push(format!(
                    "{} {}{}{} {what} ({})",
                    number.id, number.comparator, number.value, number.unit, number.kind
                ));
            }
        }
    }
    let stale = |line: &&&str| !differing.iter().any(|found| line.starts_with(found.as_str()));
    let stale: Vec<&&str> = known.iter().filter(stale).collect();
    assert!(stale.is_empty(), "differs no longer:\n{stale:#?}");
    let unknown: Vec<&String> =
        differing.iter().filter(|line| !known.iter().any(|known| known.starts_with(line.as_str()))).collect();
    assert!(
        unknown.is_empty(),
        "{} of {compared}:\n{}",
        unknown.len(),
        unknown.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n")
    );
    assert!(compared > 300, "{compared}");
}
