//! A plan below the plans that it implements: numbers taken from them, and bounds held against theirs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use std::fs;
use std::path::Path;

use adit::report::{self, ReportOptions};
use adit::rulebook::{CheckedRules, RuleFile, Rulebook};
use adit::{Language, ReviewOptions, Ruling};

fn input(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/layers").join(name)).unwrap()
}

/// The head of the plan below; the title of the plan above is printed with another line between the years.
const COUNTY: &str = "引用 矿业
规划 county “测试县矿产资源总体规划（2021—2025年）”
  地区：重庆市测试县
  规划期：2021..2025
  落实：“重庆市矿产资源总体规划（2021—2025年）”
";

/// A plan above with this body.
fn city(body: &str) -> String {
    format!("引用 矿业\n规划 city “重庆市矿产资源总体规划（2021～2025年）”\n{body}")
}

fn checked(county: &str, upper: &[&str]) -> CheckedRules {
    let mut builder = Rulebook::builder().source("county.adit", county);
    for (number, text) in upper.iter().enumerate() {
        builder = builder.upper([RuleFile::new(format!("upper-{number}.adit"), *text)]);
    }
    builder.check()
}

fn codes(checked: &CheckedRules) -> Vec<&'static str> {
    checked.problems().iter().map(|problem| problem.code().entry().name()).collect()
}

fn book(county: &str, upper: &[&str]) -> Rulebook {
    let checked = checked(county, upper);
    let shown = || report::problems(checked.problems(), &checked, ReportOptions::new(Language::Chinese));
    checked.rulebook().cloned().unwrap_or_else(|| panic!("{}", shown()))
}

fn ruled(book: &Rulebook, facts: &str) -> Ruling {
    let facts = format!("{{\"办理事项\": \"新建\", {facts}}}");
    book.review_json(&facts).unwrap_or_else(|error| panic!("{facts}: {error}"))
}

/// The status of a clause, and what it lacks.
fn status(ruling: &Ruling, clause: &str) -> (&'static str, Vec<String>) {
    let finding = ruling.findings.iter().find(|finding| finding.clause == clause);
    let missing = finding.map(|it| it.missing.iter().map(|one| one.fact.to_string()).collect()).unwrap_or_default();
    (finding.map_or("not-applicable", |finding| finding.status.code()), missing)
}

const UNPRINTED: &str = "重庆市最低开采规模（上位规划未载明）";

#[test]
fn a_number_comes_from_the_row_of_the_plan_above() {
    let book = book(&input("county.adit"), &[&input("upper.adit")]);
    let cases = [
        (r#""矿种": "建筑石料用灰岩", "生产规模": "100万吨/年""#, "satisfied", vec![]),
        (r#""矿种": "建筑石料用灰岩", "生产规模": "99.99万吨/年""#, "violated", vec![]),
        (r#""矿种": "水泥用灰岩", "生产规模": "100万吨/年""#, "violated", vec![]),
        (r#""矿种": "煤", "开采方式": "地下", "生产规模": "100万吨/年""#, "satisfied", vec![]),
        (r#""矿种": "煤", "开采方式": "露天", "生产规模": "100万吨/年""#, "violated", vec![]),
        // Exact over what is not known: below both numbers, between them, above both.
        (r#""矿种": "煤", "生产规模": "59万吨/年""#, "violated", vec![]),
        (r#""矿种": "煤", "生产规模": "100万吨/年""#, "undetermined", vec!["method"]),
        (r#""矿种": "煤", "生产规模": "300万吨/年""#, "satisfied", vec![]),
        (r#""矿种": "煤", "开采方式": "地下""#, "undetermined", vec!["scale"]),
        // 无要求, 未规定, and no row at all.
        (r#""矿种": "砖瓦用页岩", "生产规模": "1万吨/年""#, "satisfied", vec![]),
        (r#""矿种": "玻璃用砂岩", "生产规模": "1万吨/年""#, "undetermined", vec![UNPRINTED]),
        (r#""矿种": "铁", "生产规模": "1万吨/年""#, "undetermined", vec![UNPRINTED]),
    ];
    for (facts, wanted, missing) in cases {
        let found = status(&ruled(&book, facts), "CQ-001");
        assert_eq!(found, (wanted, missing.into_iter().map(str::to_owned).collect()), "{facts}");
    }
    // An unknown mineral is named.
    let (found, missing) = status(&ruled(&book, r#""生产规模": "50万吨/年""#), "CQ-001");
    assert_eq!(found, "undetermined");
    assert!(missing.contains(&"mineral".to_owned()), "{missing:?}");
}

#[test]
fn the_plan_above_decides_nothing_itself() {
    let book = book(&input("county.adit"), &[&input("upper.adit")]);
    let ruling = ruled(&book, r#""矿种": "建筑石料用灰岩", "生产规模": "100万吨/年", "服务年限": "6年""#);
    // Its table asks for ten years; the plan below takes only the five of the figure.
    assert_eq!(ruling.ruling.code(), "admissible");
    assert!(ruling.findings.iter().all(|finding| finding.plan == "test-county"));
}

#[test]
fn both_places_are_cited() {
    let book = book(&input("county.adit"), &[&input("upper.adit")]);
    let ruling = ruled(&book, r#""矿种": "建筑石料用灰岩", "生产规模": "80万吨/年", "服务年限": "12年""#);
    let finding = ruling.findings.iter().find(|finding| finding.clause == "CQ-001").unwrap();
    assert_eq!(finding.citation.as_ref().unwrap().section, "四");
    // One condition: what picks the row of the plan above is not told as if it were asked.
    let [condition] = finding.conditions.as_slice() else { panic!("{:?}", finding.conditions) };
    let from = condition.from.as_ref().unwrap();
    assert_eq!(
        (from.plan.as_str(), from.clause.as_str(), from.name.as_str()),
        ("chongqing", "CQ-001", "重庆市最低开采规模")
    );
    assert_eq!(from.citation.as_ref().unwrap().quote.as_ref().unwrap(), "建筑石料用灰岩 100 10");
    assert_eq!(from.rule.as_ref().unwrap().file, "upper-0.adit");
    let upper: Vec<_> = ruling.receipt.upper.iter().map(|plan| (plan.title.as_str(), plan.plan.as_deref())).collect();
    assert_eq!(upper, [("重庆市矿产资源总体规划（2021—2025年）", Some("chongqing"))]);
    assert!(ruling.receipt.rules.contains_key("upper-0.adit"));
}

#[test]
fn not_loaded_the_number_is_missing_and_the_receipt_says_so() {
    let book = book(&input("county.adit"), &[]);
    let ruling = ruled(&book, r#""矿种": "建筑石料用灰岩", "生产规模": "80万吨/年", "服务年限": "12年""#);
    assert_eq!(status(&ruling, "CQ-001"), ("undetermined", vec!["重庆市最低开采规模".to_owned()]));
    assert_eq!(ruling.receipt.upper.len(), 1);
    assert!(ruling.receipt.upper[0].plan.is_none());
}

#[test]
fn a_clause_and_a_figure_lend_their_number_too() {
    let clause = "条款 X-1 “规模”\n  依据 四 「略」\n  新建 矿山 生产规模 高于 从「最低规模」\n";
    let county = format!("{COUNTY}{clause}");
    let bans = city(
        "条款 C-1 “最低规模”\n  依据 二 「禁止新建30万吨/年以下的矿山」\n  禁止 新建 矿山 生产规模 30万吨/年以下\n",
    );
    let figure = city("数据 C-2 “规模数”\n  依据 二 「最低规模30万吨/年」\n  最低规模 是 30万吨/年\n");
    for upper in [bans, figure] {
        let book = book(&county, &[&upper]);
        for (scale, wanted) in [("30万吨/年", "violated"), ("31万吨/年", "satisfied")] {
            let ruling = ruled(&book, &format!(r#""矿种": "铁", "生产规模": "{scale}""#));
            assert_eq!(status(&ruling, "X-1").0, wanted, "{scale}: {upper}");
        }
    }
}

#[test]
fn what_cannot_be_taken_is_an_error() {
    let asks =
        |what: &str| format!("{COUNTY}条款 X-1 “规模”\n  依据 四 「略」\n  新建 矿山 生产规模 不低于 从「{what}」\n");
    let one = "数据 C-1 “最低开采规模”\n  依据 二 「30万吨/年」\n  最低开采规模 是 30万吨/年\n";
    let days = "数据 C-1 “最低开采规模”\n  依据 二 「30万吨/日」\n  最低开采规模 是 30万吨/日\n";
    let life = "条款 C-1 “最低开采规模”\n  依据 二 「服务年限不低于5年」\n  新建 矿山 服务年限 不低于 5年\n";
    let zone = "分区 CS01 “某区”\n  依据 二 「某区」\n条款 C-1 “最低开采规模”\n  依据 二 「某区不低于30万吨/年」\n  \
                适用 所在分区 是 CS01\n  新建 矿山 生产规模 不低于 30万吨/年\n";
    for (body, wanted) in [(one, vec![]), (days, vec!["A0312"]), (life, vec!["A0432"]), (zone, vec!["A0432"])] {
        assert_eq!(codes(&checked(&asks("最低开采规模"), &[&city(body)])), wanted, "{body}");
    }
    let misspelt = checked(&asks("最底开采规模"), &[&city(one)]);
    assert_eq!(codes(&misspelt), ["A0432"]);
    assert_eq!(misspelt.problems()[0].mended_text(), Some("最低开采规模"));
    // Not loaded, it may stand there.
    assert_eq!(codes(&checked(&asks("最底开采规模"), &[])), Vec::<&str>::new());
}

#[test]
fn only_plans_that_are_implemented_are_taken() {
    let county = format!("{COUNTY}条款 X-1 “煤”\n  依据 四 「禁止开采煤」\n  禁止 开采 煤\n");
    let other = "引用 矿业\n规划 other “贵州省矿产资源总体规划（2021—2025年）”\n数据 C-1 “甲”\n  依据 二 「略」\n";
    assert_eq!(codes(&checked(&county, &[other])), ["A0431"]);
    assert_eq!(codes(&checked(&county, &["引用 矿业\n数据 C-1 “甲”\n  依据 二 「略」\n"])), ["A0431"]);
    assert_eq!(codes(&checked(&county, &[&city(""), &city("")])), ["A0204"]);
    assert_eq!(codes(&checked(&county, &[&city("")])), Vec::<&str>::new());
}

/// A county floor of limestone in 万吨/年, and what is told of it below a floor of 100.
fn against_100(floor: &str) -> Vec<&'static str> {
    let quote = floor.split_once("生产规模").unwrap().1.replace(' ', "");
    let county = format!("{COUNTY}条款 X-1 “规模”\n  依据 四 「{quote}」\n  {floor}\n");
    let above = "条款 X-1 “规模”\n  依据 二 「石灰岩新建矿山不低于100万吨/年」\n  新建 石灰岩 矿山 生产规模 不低于 100万吨/年\n";
    codes(&checked(&county, &[&city(above)]))
}

#[test]
fn a_looser_floor_is_told() {
    let cases: [(&str, &[&str]); 8] = [
        ("新建 石灰岩 矿山 生产规模 不低于 99万吨/年", &["A0433"]),
        ("新建 石灰岩 矿山 生产规模 不低于 100万吨/年", &[]),
        ("新建 石灰岩 矿山 生产规模 不低于 120万吨/年", &[]),
        ("新建 石灰岩 矿山 生产规模 高于 99万吨/年", &["A0433"]),
        ("新建 水泥用灰岩 矿山 生产规模 不低于 50万吨/年", &["A0433"]),
        // Nothing that both speak of, nothing in one unit, nothing that refuses.
        ("扩建 石灰岩 矿山 生产规模 不低于 50万吨/年", &[]),
        ("新建 煤 矿山 生产规模 不低于 50万吨/年", &[]),
        ("新建 石灰岩 矿山 生产规模 不低于 5万立方米/年", &[]),
    ];
    for (floor, wanted) in cases {
        assert_eq!(against_100(floor), wanted, "{floor}");
    }
}

#[test]
fn another_floor_of_the_plan_may_make_up_for_it() {
    let above =
        city("条款 C-1 “规模”\n  依据 二 「新建不低于100万吨/年」\n  新建 石灰岩 矿山 生产规模 不低于 100万吨/年\n");
    let loose = "条款 X-1 “规模”\n  依据 四 「不低于50万吨/年」\n  石灰岩 矿山 生产规模 不低于 50万吨/年\n";
    let strict = "条款 X-2 “规模”\n  依据 四 「不低于100万吨/年」\n  新建 石灰岩 矿山 生产规模 不低于 100万吨/年\n";
    assert_eq!(codes(&checked(&format!("{COUNTY}{loose}"), &[&above])), ["A0433"]);
    assert_eq!(codes(&checked(&format!("{COUNTY}{loose}{strict}"), &[&above])), Vec::<&str>::new());
    // Taken from the plan above itself, it cannot be looser.
    let taken = "条款 X-3 “规模”\n  依据 四 「照市规划」\n  新建 石灰岩 矿山 生产规模 不低于 从「规模」\n";
    assert_eq!(codes(&checked(&format!("{COUNTY}{loose}{taken}"), &[&above])), Vec::<&str>::new());
    let allowed = loose.replace("  石灰岩", "  # adit: allow A0433 规划原文如此\n  石灰岩");
    assert_eq!(codes(&checked(&format!("{COUNTY}{allowed}"), &[&above])), Vec::<&str>::new());
}

#[test]
fn a_higher_cap_over_all_mines_is_told() {
    let county = |number: u32| {
        format!("{COUNTY}指标 X-1 “数量”\n  依据 四 「矿山{number}个以内」\n  矿山 数量 不超过 {number}个\n")
    };
    let above = city("指标 C-1 “数量”\n  依据 二 「矿山30个以内」\n  矿山 数量 不超过 30个\n");
    assert_eq!(codes(&checked(&county(38), &[&above])), ["A0433"]);
    assert_eq!(codes(&checked(&county(30), &[&above])), Vec::<&str>::new());
}

#[test]
fn reports_of_layers() {
    let loose = "条款 X-9 “规模”\n  依据 四 「灰岩矿山不低于50万吨/年」\n  水泥用灰岩 矿山 生产规模 不低于 50万吨/年\n";
    let county = format!("{}\n{loose}", input("county.adit"));
    let mut builder = Rulebook::builder().source("county.adit", county);
    builder = builder.upper([RuleFile::new("upper.adit", input("upper.adit"))]);
    let checked = builder.check();
    let book = checked.rulebook().unwrap();
    let text = "{\"办理事项\": \"新建\", \"矿种\": \"建筑石料用灰岩\",\n \"生产规模\": \"80万吨/年\"}\n";
    let facts = book.prepare_text("facts.json", text).unwrap();
    let ruling = book.review_prepared(&facts, &ReviewOptions::default()).unwrap();
    let mut shown = String::new();
    for language in [Language::Chinese, Language::English] {
        let options = ReportOptions { width: 100, ..ReportOptions::new(language) };
        shown.push_str(&report::problems(checked.problems(), &checked, options));
        shown.push_str(&report::text(&ruling, &(book, &facts), options));
        shown.push_str(&report::explain(book.model(), "CQ-001", book, options).unwrap());
        shown.push('\n');
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("layers", shown) });
}
