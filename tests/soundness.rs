//! What checks without an error never fails at review with anything but an error of the facts, and nothing ever panics.

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
use std::sync::OnceLock;

use adit::report::{self, ReportOptions};
use adit::{Error, Language, ReviewOptions, Rulebook, Status, Verdict};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

fn yongchuan() -> &'static Rulebook {
    static RULEBOOK: OnceLock<Rulebook> = OnceLock::new();
    RULEBOOK.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/plans/yongchuan");
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "adit"));
        paths.sort();
        let mut builder = Rulebook::builder();
        for path in paths {
            builder = builder.source(path.to_string_lossy(), fs::read_to_string(&path).unwrap());
        }
        builder.build().unwrap()
    })
}

const SELECTORS: &[&str] = &[
    "",
    "新建 矿山",
    "煤 矿山",
    "露天 矿山",
    "小型 矿山",
    "新建、扩建 煤、铁 矿山",
    "新设 矿业权",
    "生产 矿山",
    "延续 矿山",
    "新建 建筑石料用灰岩 矿山",
    "大型 矿床 矿山",
    "不底于 矿山",
];
const MODES: &[&str] = &["", "", "须有", "禁止", "限制", "原则上", "宜", "鼓励", "可", "不得"];
const CONDITIONS: &[&str] = &[
    "生产规模 不低于 10万吨/年",
    "生产规模 高于 3万立方米/年",
    "生产规模 5万吨/年以上",
    "生产规模 不低于 5 矿石万吨/年",
    "服务年限 不少于 5年",
    "开采方式 是 露天",
    "新增划资源",
    "采矿许可证到期日 早于 截至日",
    "采矿许可证到期日 无",
    "采矿许可证到期日 早于 2024-06-30",
    "位于 生态保护红线、永久基本农田",
    "距 长江干流岸线 不超过 5千米",
    "有 绿色矿山建设实施方案",
    "无 矿产资源开发利用方案",
    "绿色矿山建设实施方案",
    "经认定「影响环境」（本部门核查）",
    "经认定「影响环境」（推定不属于）",
    "经认定「符合条件」（申请人举证）",
    "中型以上",
    "小型以下",
    "生产规模 不低于 原生产规模",
    "开采回采率 不低于 1/3",
    "开采回采率 不低于 90%",
    "矿种 是 煤",
    "生产规模 不低于 10年",
    "开采",
    "勘查程度 不低于 详查",
];

fn condition() -> impl Strategy<Value = String> {
    let leaf = select(CONDITIONS).prop_map(str::to_owned);
    leaf.prop_recursive(2, 5, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("（{one} 且 {two}）")),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("（{one} 或 {two}）")),
            inner.prop_map(|one| format!("非 （{one}）")),
        ]
    })
}

fn clause() -> impl Strategy<Value = String> {
    let exception = proptest::option::weighted(0.3, condition());
    let applies = proptest::option::weighted(0.3, condition());
    (select(SELECTORS), select(MODES), condition(), applies, exception, any::<bool>()).prop_map(
        |(selector, mode, condition, applies, exception, mode_first)| {
            let mut text = String::new();
            if let Some(applies) = applies {
                text += &format!("  适用 {applies}\n");
            }
            text += &match mode_first {
                true => format!("  {mode} {selector} {condition}\n"),
                false => format!("  {selector} {mode} {condition}\n"),
            };
            if let Some(ground) = exception {
                text += &format!("  除外 “例外”：{ground}\n");
            }
            text
        },
    )
}

fn rules() -> impl Strategy<Value = String> {
    proptest::collection::vec(clause(), 1..4).prop_map(|clauses| {
        let mut text = "引用 矿业\n规划 test “测试规划”\n  地区：测试县\n  规划期：2021..2025\n".to_owned();
        for (number, clause) in clauses.iter().enumerate() {
            text += &format!("条款 T-{number} “甲”\n{clause}");
        }
        text
    })
}

fn amount(units: &'static [&'static str]) -> impl Strategy<Value = Value> {
    (0u32..12, select(units)).prop_map(|(number, unit)| json!(format!("{number}{unit}")))
}

fn words(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    select(words).prop_map(|word| json!(word))
}

fn list(members: &'static [&'static str]) -> impl Strategy<Value = Value> {
    proptest::sample::subsequence(members, 0..=members.len()).prop_map(|members| json!(members))
}

fn fact() -> impl Strategy<Value = (&'static str, Value)> {
    let yes_no = || any::<bool>().prop_map(Value::Bool);
    let days = &["2023-01-01", "2024-06-30", "2025-12-31", "2030-01-01", "无"];
    prop_oneof![
        words(&["采矿权", "探矿权"]).prop_map(|value| ("权利", value)),
        words(&["新建", "扩建", "延续", "整合", "生产", "变更", "闭坑", "新设"]).prop_map(|value| ("办理事项", value)),
        list(&["扩建", "整合", "延续"]).prop_map(|value| ("办理事项", value)),
        words(&["煤", "铁", "石灰岩", "建筑石料用灰岩", "锶"]).prop_map(|value| ("矿种", value)),
        list(&["铅", "锌", "煤"]).prop_map(|value| ("矿种", value)),
        words(&["露天", "地下"]).prop_map(|value| ("开采方式", value)),
        amount(&["万吨/年", "万立方米/年", " 矿石万吨/年", " 原煤万吨/年"]).prop_map(|value| ("生产规模", value)),
        amount(&["万吨/年"]).prop_map(|value| ("原生产规模", value)),
        amount(&["万吨", "万立方米"]).prop_map(|value| ("资源储量", value)),
        amount(&["年", "个月"]).prop_map(|value| ("服务年限", value)),
        amount(&["吨/立方米"]).prop_map(|value| ("体重", value)),
        amount(&["0%", "%"]).prop_map(|value| ("开采回采率", value)),
        words(&["大型", "中型", "小型"]).prop_map(|value| ("规模级别", value)),
        words(&["预查", "普查", "详查", "勘探"]).prop_map(|value| ("勘查程度", value)),
        words(days).prop_map(|value| ("采矿许可证到期日", value)),
        words(&["2023-01-01", "2025-01-01", "2027-01-01"]).prop_map(|value| ("截至日", value)),
        yes_no().prop_map(|value| ("新增划资源", value)),
        yes_no().prop_map(|value| ("扩大范围", value)),
        yes_no().prop_map(|value| ("材料齐全", value)),
        list(&["生态保护红线", "永久基本农田"]).prop_map(|value| ("位于", value)),
        list(&["绿色矿山建设实施方案", "矿产资源开发利用方案"]).prop_map(|value| ("材料", value)),
        amount(&["千米", "米"]).prop_map(|value| ("距离", json!({"长江干流岸线": value}))),
    ]
}

fn facts() -> impl Strategy<Value = Value> {
    proptest::collection::vec(fact(), 0..9).prop_map(|facts| {
        Value::Object(facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<String, Value>>())
    })
}

/// Every problem is one of the facts, points into a text, and can be shown.
fn only_of_facts(error: &Error) -> Result<(), TestCaseError> {
    for problem in error.problems() {
        let code = problem.code().entry().name();
        prop_assert!(code.starts_with("A06"), "{}", error);
    }
    for language in [Language::Chinese, Language::English] {
        prop_assert!(!report::problems(error.problems(), error, ReportOptions::new(language)).is_empty());
    }
    Ok(())
}

/// What holds of every ruling.
fn holds_together(rulebook: &Rulebook, facts: &Value) -> Result<(), TestCaseError> {
    let prepared = match rulebook.prepare(facts) {
        Ok(prepared) => prepared,
        Err(error) => return only_of_facts(&error),
    };
    let ruling = match rulebook.review_prepared(&prepared, &ReviewOptions::default()) {
        Ok(ruling) => ruling,
        Err(error) => return only_of_facts(&error),
    };
    for finding in &ruling.findings {
        if finding.status == Status::Undetermined {
            prop_assert!(finding.possible.len() > 1, "{} is open between {:?}", finding.clause, finding.possible);
            prop_assert!(!finding.missing.is_empty(), "{} is open and wants nothing", finding.clause);
        }
    }
    prop_assert_eq!(ruling.missing.is_empty(), ruling.ruling != Verdict::Incomplete, "{:?}", ruling.ruling);
    for language in [Language::Chinese, Language::English] {
        let options = ReportOptions { all: true, ..ReportOptions::new(language) };
        prop_assert!(!report::text(&ruling, &(rulebook, &prepared), options).is_empty());
        prop_assert!(!report::markdown(&ruling, &(rulebook, &prepared), options).is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn checked_rules_fail_on_nothing_but_facts(
        text in rules(),
        cases in proptest::collection::vec(facts(), 6),
    ) {
        let checked = Rulebook::builder().source("rules.adit", text).check();
        for language in [Language::Chinese, Language::English] {
            let shown = report::problems(checked.problems(), &checked, ReportOptions::new(language));
            prop_assert!(!shown.is_empty());
        }
        if let Some(rulebook) = checked.rulebook() {
            for facts in &cases {
                holds_together(rulebook, facts)?;
            }
        }
    }

    #[test]
    fn a_plan_rules_on_whatever_facts_can_be_read(cases in proptest::collection::vec(facts(), 4)) {
        for facts in &cases {
            holds_together(yongchuan(), facts)?;
        }
    }
}

/// The generator is of use: a good share of what it makes checks, and a good share of the facts can be read.
#[test]
fn generated_rules_and_facts_are_mostly_sound() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let sound = (0..30).filter(|_| {
        let text = rules().new_tree(&mut runner).unwrap().current();
        Rulebook::builder().source("rules.adit", text).check().rulebook().is_some()
    });
    let sound = sound.count();
    let read = (0..60).filter(|_| {
        let facts = facts().new_tree(&mut runner).unwrap().current();
        yongchuan().review(&facts).is_ok()
    });
    let read = read.count();
    assert!(sound >= 6, "{sound} of 30 rule files check");
    assert!(read >= 15, "{read} of 60 cases can be read");
}
