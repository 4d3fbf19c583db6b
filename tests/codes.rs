//! Every code has a page, and an input that raises it. How each is raised is the table below: a code without a line fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use adit::registry::Reported;
use adit::report::{self, ReportOptions};
use adit::rulebook::{RuleFile, Rulebook};
use adit::{Code, Error, Language, Problem, ReviewOptions, Ruling};

/// How a code is raised.
enum How {
    /// By a rule file: a path under `tests/inputs`.
    Rules(&'static str),
    /// By the fact files in `tests/inputs/facts` whose names begin with the code.
    Facts,
    /// By rules made here.
    MadeRules(fn() -> Vec<Problem>),
    /// By facts made here.
    MadeFacts(fn() -> String),
    /// By the command line: a test in `crates/cli/tests` speaks of it.
    CommandLine,
}

use How::{CommandLine, Facts, MadeFacts, MadeRules, Rules};

const HOW: &[(&str, How)] = &[
    ("A0101", Rules("parse/bad/gbk.adit")),
    ("A0102", Rules("parse/bad/hidden.adit")),
    ("A0103", Rules("parse/bad/quotes.adit")),
    ("A0104", Rules("parse/bad/brackets.adit")),
    ("A0105", MadeRules(|| in_clause(&format!("禁止 {}煤{}", "（".repeat(10_000), "）".repeat(10_000))))),
    ("A0106", MadeRules(|| in_clause(&format!("禁止 {}", "煤".repeat(5_000))))),
    ("A0107", MadeRules(|| of_text(&"# 很长的注释\n".repeat(300_000)))),
    ("A0108", Rules("parse/bad/stray.adit")),
    ("A0109", Rules("parse/bad/headers.adit")),
    ("A0110", MadeRules(|| in_clause("禁止 开采 煤 \\ 铁"))),
    ("A0111", MadeRules(|| in_clause(&format!("新建 矿山 生产规模 不低于 {}吨/年", "1".repeat(41))))),
    ("A0112", Rules("parse/bad/empty.adit")),
    ("A0113", Rules("parse/bad/binary.adit")),
    ("A0201", Rules("check/bad/A0201-unknown-word.adit")),
    ("A0202", Rules("check/bad/A0202-two-cuts.adit")),
    ("A0203", Rules("check/bad/A0203-two-fields.adit")),
    ("A0204", Rules("check/bad/A0204-duplicate-id.adit")),
    ("A0205", MadeRules(|| of_text("引用 没有这部词汇\n"))),
    ("A0206", MadeRules(circle)),
    ("A0207", Rules("check/bad/A0207-name-twice.adit")),
    ("A0208", Rules("check/bad/A0208-reserved-word.adit")),
    ("A0209", Rules("check/bad/A0209-unknown-clause.adit")),
    ("A0210", Rules("check/bad/A0210-genus-circle.adit")),
    ("A0301", Rules("check/bad/A0301-and-or-mixed.adit")),
    ("A0302", Rules("check/bad/A0302-incomplete-phrase.adit")),
    ("A0303", Rules("check/bad/A0303-requires-nothing.adit")),
    ("A0304", Rules("check/bad/A0304-malformed-entry.adit")),
    ("A0305", Rules("check/bad/A0305-unread-lines.adit")),
    ("A0306", Rules("check/bad/A0306-written-twice.adit")),
    ("A0307", Rules("check/bad/A0307-nothing-written.adit")),
    ("A0311", Rules("check/bad/A0311-wrong-type.adit")),
    ("A0312", Rules("check/bad/A0312-dimension-clash.adit")),
    ("A0313", Rules("check/bad/A0313-unknown-basis.adit")),
    ("A0314", Rules("check/bad/A0314-missing-unit.adit")),
    ("A0315", Rules("check/bad/A0315-no-such-date.adit")),
    ("A0316", Rules("check/bad/A0316-direction-needed.adit")),
    ("A0317", Rules("check/bad/A0317-no-order.adit")),
    ("A0318", Rules("check/bad/A0318-never-both.adit")),
    ("A0319", Rules("check/bad/A0319-more-than-all.adit")),
    ("A0401", Rules("check/bad/A0401-empty-clause.adit")),
    ("A0402", Rules("check/bad/A0402-whose-finding.adit")),
    ("A0403", Rules("check/bad/A0403-quote-number.adit")),
    ("A0404", Rules("check/bad/A0404-missing-citation.adit")),
    ("A0405", Rules("check/bad/A0405-unreasoned-should.adit")),
    ("A0406", Rules("check/bad/A0406-open-list.adit")),
    ("A0407", Rules("check/bad/A0407-unreasoned-reading.adit")),
    ("A0408", Rules("check/bad/A0408-precedence-circle.adit")),
    ("A0409", Rules("check/bad/A0409-quote-comparator.adit")),
    ("A0410", Rules("check/bad/A0410-unreasoned-advisory.adit")),
    ("A0411", Rules("check/bad/A0411-mixed-forces.adit")),
    ("A0412", Rules("check/bad/A0412-reckoning.adit")),
    ("A0413", Rules("check/bad/A0413-unknown-figure.adit")),
    ("A0414", Rules("check/bad/A0414-fixed-in-readings.adit")),
    ("A0415", Rules("check/bad/A0415-case-without-result.adit")),
    ("A0421", Rules("check/bad/A0421-table.adit")),
    ("A0422", Rules("check/bad/A0422-merged-cell.adit")),
    ("A0423", Rules("check/bad/A0423-unknown-cell.adit")),
    ("A0424", Rules("check/bad/A0424-empty-cell.adit")),
    ("A0425", Rules("check/bad/A0425-rows-overlap.adit")),
    ("A0426", Rules("check/bad/A0426-cell-count.adit")),
    ("A0427", Rules("check/bad/A0427-rows-rise.adit")),
    ("A0428", Rules("check/bad/A0428-place-twice.adit")),
    ("A0429", Rules("check/bad/A0429-classes-apart.adit")),
    ("A0431", MadeRules(|| below("规划 city “某省规划”\n"))),
    (
        "A0432",
        MadeRules(|| {
            below("规划 city “某市规划”\n条款 C-2 “最底规模”\n  依据 一 「略」\n  新建 矿山 生产规模 不低于 3万吨/年\n")
        }),
    ),
    ("A0433", MadeRules(|| below(&format!("规划 city “某市规划”\n{RATES}").replace("80%", "85%")))),
    ("A0501", MadeRules(|| of_text(&matching(16)))),
    ("A0502", MadeRules(|| of_text(&"条款 N-0 “多”\n".repeat(100_001)))),
    ("A0503", MadeRules(many_readings)),
    ("A0601", Facts),
    ("A0602", Facts),
    ("A0603", Facts),
    ("A0604", Facts),
    ("A0605", Facts),
    ("A0606", Facts),
    ("A0607", Facts),
    ("A0608", Facts),
    ("A0609", Facts),
    ("A0610", Facts),
    ("A0611", Facts),
    ("A0612", Facts),
    ("A0613", Facts),
    ("A0614", MadeFacts(|| "[".repeat(100_000))),
    ("A0615", MadeFacts(|| format!("{{\"名称\": \"{}\"}}", "a".repeat(16 * 1024 * 1024)))),
    ("A0616", Facts),
    ("A0617", Facts),
    ("A0618", Facts),
    ("A0621", MadeRules(|| registered(r#"{"办理事项": "新建", "名称": "甲矿", "矿种": "铁"}"#))),
    ("A0622", MadeRules(|| registered(r#"{"办理事项": "扩建", "名称": "丙矿", "矿种": "铁"}"#))),
    ("A0623", MadeRules(|| registered(r#"{"办理事项": "扩建", "名称": "乙矿", "矿种": "铁"}"#))),
    ("A0624", MadeRules(|| registered(r#"{"办理事项": "扩建", "矿种": "铁"}"#))),
    ("A0625", MadeRules(|| registered(r#"{"名称": "甲矿", "矿种": "铁"}"#))),
    ("A0701", CommandLine),
    ("A0702", CommandLine),
    ("A0704", MadeRules(unknown_reading)),
    ("A0801", CommandLine),
    ("A0802", CommandLine),
    ("A0803", CommandLine),
    ("A0804", CommandLine),
    ("A0805", CommandLine),
    ("A0806", CommandLine),
    ("A0807", CommandLine),
    ("A0808", CommandLine),
    ("A0809", CommandLine),
    ("A0810", CommandLine),
    ("A0811", CommandLine),
    ("A0812", MadeRules(census)),
    ("A0821", CommandLine),
    ("A0901", CommandLine),
    ("A0902", CommandLine),
    ("A0903", CommandLine),
    ("A0904", CommandLine),
    ("A0905", CommandLine),
];

const RULES: &str = "引用 矿业
规划 test “测试规划”
  地区：测试县
  规划期：2021..2025

条款 T-1 “规模”
  依据 一 「新建矿山生产规模不低于100万吨/年」
  新建 矿山 生产规模 不低于 100万吨/年

条款 T-2 “煤”
  依据 二 「禁止开采煤」
  禁止 开采 煤
";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn of_text(text: &str) -> Vec<Problem> {
    Rulebook::builder().source("rules.adit", text).check().problems().to_vec()
}

fn in_clause(phrase: &str) -> Vec<Problem> {
    of_text(&format!("引用 矿业\n条款 T-1 “甲”\n  {phrase}\n"))
}

fn of_file(path: &str) -> Vec<Problem> {
    let path = root().join("tests/inputs").join(path);
    let file = |path: &Path| RuleFile::new(name_of(path), fs::read(path).unwrap());
    let mut builder = Rulebook::builder().file(file(&path));
    let beside = path.with_extension("vocabulary.adit");
    if beside.exists() {
        builder = builder.file(file(&beside));
    }
    builder.check().problems().to_vec()
}

const RATES: &str = "条款 X-1 “回采率”\n  依据 一 「不低于80%」\n  矿山 开采回采率 不低于 80%\n";

/// What is wrong with a plan below this one.
fn below(upper: &str) -> Vec<Problem> {
    let taken = "条款 X-2 “规模”\n  依据 一 「略」\n  新建 矿山 生产规模 不低于 从「最低规模」\n";
    let county = format!("引用 矿业\n规划 county “某县规划”\n  落实：“某市规划”\n{RATES}{taken}");
    let upper = RuleFile::new("upper.adit", format!("引用 矿业\n{upper}"));
    Rulebook::builder().source("rules.adit", county).upper([upper]).check().problems().to_vec()
}

fn circle() -> Vec<Problem> {
    let builder = Rulebook::builder()
        .source("甲.adit", "词汇 甲\n引用 乙\n枚举 色 colour：红 red、绿 green\n")
        .source("乙.adit", "词汇 乙\n引用 甲\n枚举 味 taste：酸 sour、甜 sweet\n");
    builder.check().problems().to_vec()
}

fn census() -> Vec<Problem> {
    let rulebook = Rulebook::from_text(RULES).unwrap();
    let options = adit::AssessOptions::default();
    let error = rulebook.census_from_bytes(&options, br#"{"census": 1, "rules": "#).unwrap_err();
    error.problems().to_vec()
}

fn unknown_reading() -> Vec<Problem> {
    Rulebook::builder().source("rules.adit", RULES).reading("T-1", "从宽").check().problems().to_vec()
}

/// What is wrong with an application that a registry of three mines is given with.
fn registered(facts: &str) -> Vec<Problem> {
    let rulebook = Rulebook::from_text(RULES).unwrap();
    let prepared = |text: &str| rulebook.prepare_text("facts.json", text).unwrap();
    let mines =
        [r#"{"编号": "1", "名称": "甲矿"}"#, r#"{"编号": "2", "名称": "乙矿"}"#, r#"{"编号": "3", "名称": "乙矿"}"#];
    let mines: Vec<_> = mines.into_iter().map(prepared).collect();
    let reviewed = rulebook.review_with_registry(&prepared(facts), &mines, &ReviewOptions::default(), &Reported::new());
    reviewed.map_or_else(|error| error.problems().to_vec(), |_| Vec::new())
}

/// Nine clauses with two readings each prevail over one.
fn many_readings() -> Vec<Problem> {
    let mut text = "引用 矿业\n条款 T-0 “甲”\n  禁止 开采 煤\n".to_owned();
    for number in 1..10 {
        let _ = write!(
            text,
            "条款 T-{number} “乙”\n  新建 矿山 生产规模 不低于 {number}万吨/年\n  优先于 T-0\n  口径 “宽”，理由 略\n  \
             另一口径 “严”：新建 矿山 生产规模 不低于 {number}0万吨/年\n"
        );
    }
    of_text(&text)
}

/// Every row and every column of a square of yes/no fields has a yes: no order of the fields keeps its diagram small.
fn matching(size: usize) -> String {
    let rows = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸', '子', '丑', '寅', '卯', '辰', '巳'];
    let letter = |number: usize| char::from(b'a' + u8::try_from(number).unwrap());
    let name = |row: usize, column: usize| format!("格{}{}", rows[row], rows[column]);
    let mut text = String::from("词汇 方阵\n\n对象 矿山 mine，词头\n");
    for row in 0..size {
        for column in 0..size {
            let _ = writeln!(text, "  {} cell-{}{}：是否", name(row, column), letter(row), letter(column));
        }
    }
    text.push_str("\n条款 T-1 “方阵”\n  依据 一 「略」\n  适用 ");
    for one in 0..size {
        let row: Vec<String> = (0..size).map(|other| name(one, other)).collect();
        let column: Vec<String> = (0..size).map(|other| name(other, one)).collect();
        let _ = write!(text, "（{}） 且\n    （{}）", row.join(" 或 "), column.join(" 或 "));
        text.push_str(if one + 1 < size { " 且\n    " } else { "\n" });
    }
    text.push_str("  禁止 矿山 格甲甲\n");
    text
}

fn ruled(name: &str, text: &str) -> Result<Ruling, Error> {
    let rulebook = Rulebook::builder().source("rules.adit", RULES).build()?;
    let facts = rulebook.prepare_text(name, text)?;
    rulebook.review_prepared(&facts, &ReviewOptions::default())
}

fn has(problems: &[Problem], code: &str) -> bool {
    problems.iter().any(|problem| problem.code().entry().name() == code)
}

fn command_line_tests() -> String {
    let folder = fs::read_dir(root().join("crates/cli/tests")).unwrap();
    let paths =
        folder.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    paths.map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn fact_inputs() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("tests/inputs/facts")).unwrap();
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Every page says what the catalogue says: heads, helps and the table of all pages are made from it. What a page tells
/// besides is written by hand. `UPDATE_DOCS=1 cargo test --test codes` writes them anew.
#[test]
fn every_code_has_a_page() {
    let pages = root().join("docs/errors");
    for code in Code::ALL {
        let entry = code.entry();
        let path = pages.join(format!("{}.md", entry.name()));
        let [chinese, english] = [Language::Chinese, Language::English];
        let title = format!("# {} {}", entry.name(), shown(entry.title(chinese)));
        let translated = format!("*{}*", shown(entry.title(english)));
        let help = format!("帮助 · Help: {} · {}", shown(entry.help(chinese)), shown(entry.help(english)));
        let made = |line: &str, number: usize| match (number, line) {
            (0, _) => title.clone(),
            (2, _) => translated.clone(),
            (_, line) if line.starts_with("帮助 · Help: ") => help.clone(),
            (_, line) => line.to_owned(),
        };
        kept_as_made(&path, made);
    }
    let row = |line: &str, _: usize| {
        let name = line.strip_prefix("| [").and_then(|rest| rest.split(']').next());
        let entry = Code::ALL.iter().map(|code| code.entry()).find(|entry| Some(entry.name()) == name);
        entry.map_or_else(
            || line.to_owned(),
            |entry| {
                let [chinese, english] = [Language::Chinese, Language::English].map(|it| shown(entry.title(it)));
                format!("| [{0}]({0}.md) | {chinese} | {english} |", entry.name())
            },
        )
    };
    kept_as_made(&pages.join("README.md"), row);
    let table = fs::read_to_string(pages.join("README.md")).unwrap();
    let absent = |code: &&Code| !table.contains(&format!("| [{0}]({0}.md) |", code.entry().name()));
    assert_eq!(Code::ALL.iter().filter(absent).count(), 0, "a code is not in docs/errors/README.md");
}

/// A title without what is filled in.
fn shown(text: &str) -> String {
    (0..5).fold(text.to_owned(), |text, number| text.replace(&format!("{{{number}}}"), "…"))
}

/// Compares the lines of a file with what they are made from, or writes them.
fn kept_as_made(path: &Path, made: impl Fn(&str, usize) -> String) {
    let written = fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let wanted: String = written.lines().enumerate().map(|(number, line)| made(line, number) + "\n").collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &wanted).unwrap();
    } else {
        assert_eq!(written, wanted, "{}: UPDATE_DOCS=1 writes it anew", path.display());
    }
}

#[test]
fn every_code_has_an_input() {
    let listed: Vec<&str> = HOW.iter().map(|(code, _)| *code).collect();
    for code in Code::ALL {
        let name = code.entry().name();
        assert_eq!(listed.iter().filter(|listed| **listed == name).count(), 1, "{name}");
    }
    assert_eq!(listed.len(), Code::ALL.len());
}

#[test]
fn every_input_raises_its_code() {
    let mut silent: Vec<String> = Vec::new();
    for (code, how) in HOW {
        let raised = match how {
            Rules(path) => has(&of_file(path), code),
            MadeRules(make) => has(&make(), code),
            MadeFacts(make) => ruled("facts.json", &make()).is_err_and(|error| has(error.problems(), code)),
            Facts => fact_inputs().iter().any(|path| name_of(path).starts_with(code)),
            CommandLine => command_line_tests().contains(&format!("\"{code}\"")),
        };
        if !raised {
            silent.push((*code).to_owned());
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn fact_inputs_have_the_fault_in_their_names() {
    let mut silent = Vec::new();
    for path in fact_inputs() {
        let name = name_of(&path);
        let code = name.split('-').next().unwrap();
        match ruled(&name, &fs::read_to_string(&path).unwrap()) {
            Err(error) if has(error.problems(), code) => {}
            Err(error) => silent.push(format!("{name}: {error}")),
            Ok(ruling) if ruling.fact_warnings.iter().any(|warning| warning.code == code) => {}
            Ok(ruling) => silent.push(format!("{name}: ruled {}", ruling.ruling.code())),
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

/// What is told of facts that are ruled on with a warning.
fn told(name: &str, text: &str, ruling: &Ruling) -> String {
    assert!(!ruling.fact_warnings.is_empty(), "{name}: {}", ruling.ruling.code());
    let rulebook = Rulebook::builder().source("rules.adit", RULES).build().unwrap();
    let facts = rulebook.prepare_text(name, text).unwrap();
    let shown = |language| report::text(ruling, &(&rulebook, &facts), ReportOptions::new(language));
    let json: serde_json::Value = serde_json::from_str(&report::json(ruling, false)).unwrap();
    format!("{}\n{}\n{:#}", shown(Language::Chinese), shown(Language::English), json["fact_warnings"])
}

#[test]
fn fact_inputs_are_told_in_both_languages() {
    insta::glob!("inputs/facts/*", |path| {
        let text = fs::read_to_string(path).unwrap();
        let shown = match ruled(&name_of(path), &text) {
            Ok(ruling) => told(&name_of(path), &text, &ruling),
            Err(error) => {
                let shown = |language| report::problems(error.problems(), &error, ReportOptions::new(language));
                format!("{}\n{}", shown(Language::Chinese), shown(Language::English))
            }
        };
        insta::with_settings!({ description => text, omit_expression => true }, {
            insta::assert_snapshot!("facts", shown);
        });
    });
}
