//! The five plans: their rules, cases, sums and registries, each held to what its plan prints.
//!
//! Whole rulings are snapshots; the verdicts stand in plain code beside them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test says what is wrong by failing")]

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "support/reference.rs"]
mod reference;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use adit::report::{self, ReportOptions};
use adit::rulebook::{GeneratedKind, RuleFile, Rulebook};
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

/// Cases made of every bound come out as the comparison and the force say, in the engine and in the naive reference.
#[test]
fn every_bound_holds_on_both_of_its_sides() {
    let mut made = 0;
    for plan in PLANS {
        let rulebook = rulebook(plan);
        let generated = rulebook.generate_cases();
        let contrary = rulebook.run_generated(&generated);
        assert!(contrary.is_empty(), "{plan}: {contrary:?}");
        made += generated.cases.len();
        for case in generated.cases.iter().filter(|case| case.kind != GeneratedKind::WrongUnit) {
            let facts = rulebook.prepare(&case.facts).unwrap();
            let found = reference::status_of(rulebook.model(), facts.facts(), &case.clause).unwrap();
            if let Some(status) = found {
                assert_eq!(status.code(), case.expected, "{plan} {}: {}", case.clause, case.facts);
            }
        }
    }
    assert!(made > 500, "{made}");
}
