//! The checking phase: every bad input has the fault that its name says, told as an official would write it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use std::fs;
use std::path::{Path, PathBuf};

use adit::model::Body;
use adit::report::{self, ReportOptions};
use adit::rulebook::{CheckedRules, RuleFile, Rulebook};
use adit::{Language, Problem, Severity};

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// A rule file checked with the vocabulary that stands beside it, if there is one.
fn checked(path: &Path) -> CheckedRules {
    let file = |path: &Path| RuleFile::new(name_of(path), fs::read(path).unwrap());
    let mut builder = Rulebook::builder().file(file(path));
    let beside = path.with_extension("vocabulary.adit");
    if beside.exists() {
        builder = builder.file(file(&beside));
    }
    builder.check()
}

fn codes(checked: &CheckedRules, severity: Severity) -> Vec<&'static str> {
    let of_it = checked.problems().iter().filter(|problem| problem.severity() == severity);
    of_it.map(|problem| problem.code().entry().name()).collect()
}

/// The problems as they are shown, in both languages.
fn shown(checked: &CheckedRules) -> String {
    let in_language = |language| {
        report::problems(checked.problems(), checked, ReportOptions { width: 100, ..ReportOptions::new(language) })
    };
    format!("{}\n{}", in_language(Language::Chinese), in_language(Language::English))
}

fn inputs(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/check").join(kind);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        let name = name_of(path);
        name.ends_with(".adit") && !name.ends_with(".vocabulary.adit")
    });
    paths.sort();
    paths
}

#[test]
fn bad_inputs_have_the_fault_in_their_names() {
    let mut silent = Vec::new();
    for path in inputs("bad") {
        let name = name_of(&path);
        let Some(code) = name.split('-').next().filter(|code| code.starts_with('A')) else { continue };
        let checked = checked(&path);
        if !checked.problems().iter().any(|problem| problem.code().entry().name() == code) {
            silent.push(format!("{name}: {:?}", codes(&checked, Severity::Error)));
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn bad_inputs_have_no_other_fault() {
    let mut others = Vec::new();
    for path in inputs("bad") {
        let name = name_of(&path);
        let Some(code) = name.split('-').next().filter(|code| code.starts_with('A')) else { continue };
        let checked = checked(&path);
        let found: Vec<&str> = checked.problems().iter().map(|problem| problem.code().entry().name()).collect();
        if found.iter().any(|found| *found != code) {
            others.push(format!("{name}: {found:?}"));
        }
    }
    assert_eq!(others, Vec::<String>::new());
}

#[test]
fn bad_inputs_are_told_in_both_languages() {
    insta::glob!("inputs/check/bad/*.adit", |path| {
        if !name_of(path).ends_with(".vocabulary.adit") {
            let text = fs::read_to_string(path).unwrap();
            insta::with_settings!({ description => text, omit_expression => true }, {
                insta::assert_snapshot!("bad", shown(&checked(path)));
            });
        }
    });
}

#[test]
fn ten_mistakes_are_ten_errors_in_one_run() {
    let common = ["A0201", "A0201", "A0312", "A0314", "A0204", "A0301", "A0402", "A0403", "A0401", "A0303"];
    for (file, further) in [("ten-mistakes.adit", &["A0103"][..]), ("ten-mistakes-english.adit", &[])] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/check/bad").join(file);
        let checked = checked(&path);
        let mut found = codes(&checked, Severity::Error);
        let mut expected: Vec<&str> = common.iter().chain(further).copied().collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert!(found.len() >= 10);
        assert_eq!(found, expected, "{file}");
    }
}

/// The characters underlined first, with the mended words.
fn underlined<'a>(checked: &'a CheckedRules, problem: &'a Problem) -> (&'a str, Option<&'a str>) {
    let source = &checked.sources()[problem.span().source().index()];
    (source.slice(problem.span()), problem.mended_text())
}

#[test]
fn exactly_the_wrong_characters_are_underlined_and_mended() {
    let expected: [(&str, &str, &str, Option<&str>); 14] = [
        ("A0201-unknown-word.adit", "A0201", "不底于", Some("不低于")),
        ("A0201-unknown-word.adit", "A0201", "建筑石料用灰沿", Some("建筑石料用灰岩")),
        ("A0201-unknown-word.adit", "A0201", "building-limeston", Some("building-limestone")),
        ("A0203-two-fields.adit", "A0203", "大型", None),
        ("A0312-dimension-clash.adit", "A0312", "30万立方米", None),
        ("A0314-missing-unit.adit", "A0314", "100", None),
        ("A0315-no-such-date.adit", "A0315", "2023-02-30", None),
        ("A0201-unknown-word.adit", "A0201", "建没", Some("建设")),
        ("A0202-two-cuts.adit", "A0202", "甲乙丙", None),
        ("A0209-unknown-clause.adit", "A0209", "T-9", None),
        ("A0316-direction-needed.adit", "A0316", "控制在", None),
        ("A0403-quote-number.adit", "A0403", "100万吨/年", None),
        ("A0208-reserved-word.adit", "A0208", "不低于", None),
        ("A0208-reserved-word.adit", "A0208", "floor", None),
    ];
    let mut wrong = Vec::new();
    for (file, code, words, mended) in expected {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/check/bad").join(file);
        let checked = checked(&path);
        let found: Vec<_> = checked
            .problems()
            .iter()
            .filter(|problem| problem.code().entry().name() == code)
            .map(|problem| underlined(&checked, problem))
            .collect();
        let same = |(text, mend): &(&str, Option<&str>)| *text == words && (mended.is_none() || *mend == mended);
        if !found.iter().any(same) {
            wrong.push(format!("{file}: {words} {mended:?} is not among {found:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn good_inputs_have_no_error() {
    for path in inputs("good") {
        let checked = checked(&path);
        assert_eq!(codes(&checked, Severity::Error), Vec::<&str>::new(), "{}: {}", path.display(), shown(&checked));
    }
}

fn bodies(file: &str) -> Vec<(String, Body)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/check/good").join(file);
    let checked = checked(&path);
    let rulebook = checked.rulebook().unwrap_or_else(|| panic!("{}", shown(&checked)));
    let clauses = rulebook.model().clauses.iter();
    clauses.map(|clause| (clause.id.clone(), clause.body.clone())).collect()
}

#[test]
fn spellings_of_one_clause_are_one_model() {
    for path in inputs("good") {
        let name = name_of(&path);
        if !name.starts_with("same-") && name != "limestone.adit" {
            continue;
        }
        let bodies = bodies(&name);
        let (first, model) = bodies.first().unwrap();
        assert!(bodies.len() > 1);
        for (id, body) in &bodies {
            assert_eq!(body, model, "{name}: {id} against {first}");
        }
    }
}

#[test]
fn a_clause_without_a_citation_is_a_warning_each() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/check/good/limestone.adit");
    assert_eq!(codes(&checked(&path), Severity::Warning), ["A0404"; 4]);
}

#[test]
fn wrong_values_of_a_written_case_are_told_by_the_check() {
    let text = "引用 矿业\n条款 T-1 “煤”\n  依据 一 「禁止开采煤」\n  禁止 开采 煤\n\n\
                试算 “媒”\n  情形 矿种：媒，生产规模：100\n  结论 T-1 不符合\n";
    let checked = Rulebook::builder().source("rules.adit", text).check();
    assert_eq!(codes(&checked, Severity::Error), ["A0610", "A0604"]);
    let places: Vec<&str> = checked.problems().iter().map(|problem| underlined(&checked, problem).0).collect();
    assert_eq!(places, ["媒", "100"]);
    // Whoever asks for a ruling needs no written case.
    assert!(checked.rulebook().is_some());
}
