//! What a ruling says beyond statuses: reasons with both operands, exceptions, precedence, readings, remedies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use adit::report::{self, ReportOptions};
use adit::ruling::{Applies, Finding, Ruling, Status, Verdict};
use adit::{Language, ReviewOptions, Rulebook};

const HEAD: &str = "引用 矿业\n规划 test “测试规划”\n  地区：测试县\n  规划期：2021..2025\n";

fn book(rules: &str) -> Rulebook {
    Rulebook::from_text(&format!("{HEAD}{rules}")).unwrap_or_else(|error| unreachable!("{error:?}"))
}

fn rule(rules: &str, facts: &str) -> Ruling {
    book(rules).review_json(facts).unwrap_or_else(|error| unreachable!("{error:?}")).unfolded()
}

fn with(rules: &str, facts: &str, readings: &[(&str, &str)]) -> Ruling {
    let book = book(rules);
    let mut options = ReviewOptions::default();
    options.readings.extend(readings.iter().map(|(clause, name)| ((*clause).to_owned(), (*name).to_owned())));
    let facts = book.prepare_text("facts", facts).unwrap_or_else(|error| unreachable!("{error:?}"));
    book.review_prepared(&facts, &options).unwrap_or_else(|error| unreachable!("{error:?}")).unfolded()
}

fn finding<'a>(ruling: &'a Ruling, clause: &str) -> &'a Finding {
    ruling.findings.iter().find(|finding| finding.clause == clause).unwrap_or_else(|| unreachable!("no {clause}"))
}

/// Each condition in one line: fact, sign, whether it holds, given, bound, shortfall (`+` where more is wanted).
fn conditions(finding: &Finding) -> Vec<String> {
    let line = |condition: &adit::ruling::ConditionResult| {
        let text = |amount: &Option<adit::ruling::Amount>| {
            amount.as_ref().map_or("-".to_owned(), |amount| amount.text.to_string())
        };
        let short = condition
            .shortfall
            .as_ref()
            .map_or(String::new(), |short| format!(" short {}{}", short.text, if short.strict { "+" } else { "" }));
        let holds = condition.holds.map_or("?", |holds| if holds { "yes" } else { "no" });
        let (given, bound) = (text(&condition.given), text(&condition.bound));
        format!("{} {} {holds}: {given} | {bound}{short}", condition.fact, condition.operator)
    };
    finding.conditions.iter().map(line).collect()
}

fn changes(ruling: &Ruling) -> (Option<Verdict>, Vec<String>, Vec<String>) {
    let Some(remedy) = &ruling.remedy else { return (None, Vec::new(), Vec::new()) };
    let said = remedy.changes.iter().map(|change| format!("{} {} {}", change.fact, change.operator, change.value));
    (remedy.reaches, said.collect(), remedy.remaining.iter().map(ToString::to_string).collect())
}

#[test]
fn a_miss_shows_both_operands_and_the_exact_shortfall() {
    let rules =
        "条款 T-1 “甲”\n  新建 矿山 生产规模 不低于 100万吨/年\n条款 T-2 “乙”\n  新建 矿山 生产规模 高于 80万吨/年\n";
    let ruling = rule(rules, r#"{"activity": "新建", "mineral": "建筑石料用灰岩", "scale": "80万吨/年"}"#);
    let first = finding(&ruling, "T-1");
    assert_eq!(conditions(first), ["scale >= no: 80万吨/年 | 100万吨/年 short 20万吨/年"]);
    let given = first.conditions.first().and_then(|condition| condition.given.clone());
    let given = given.unwrap_or_else(|| unreachable!());
    assert_eq!(
        (given.value.as_str(), given.unit.as_deref(), given.basis.as_deref()),
        ("800000", Some("t/a"), Some("ore"))
    );
    assert_eq!(conditions(finding(&ruling, "T-2")), ["scale > no: 80万吨/年 | 80万吨/年 short 0万吨/年+"]);
    assert!(first.fact_span.is_some() && first.fact_place.is_some() && first.rule.is_some());
}

#[test]
fn a_ban_shows_what_the_requirement_would_be() {
    let rules = "条款 T-1 “甲”\n  禁止 新建 矿山 生产规模 低于 10万吨/年\n条款 T-2 “乙”\n  禁止 新建 煤 矿山\n";
    let ruling = rule(rules, r#"{"activity": "新建", "mineral": "煤", "scale": "9万吨/年"}"#);
    assert_eq!(conditions(finding(&ruling, "T-1")), ["scale >= no: 9万吨/年 | 10万吨/年 short 1万吨/年"]);
    let second = conditions(finding(&ruling, "T-2"));
    assert!(second.contains(&"mineral != no: 煤 | 煤".to_owned()), "{second:?}");
}

#[test]
fn an_exception_that_fires_is_named() {
    let rules = "条款 T-1 “甲”\n  禁止 新建 小型 矿山\n  除外 T-2：具备扩能条件\n";
    let ruling = rule(rules, r#"{"activity": "新建", "size-class": "小型", "can-expand": true}"#);
    let first = finding(&ruling, "T-1");
    assert_eq!((first.status, first.applies), (Status::NotApplicable, Applies::No));
    assert_eq!(first.exception.as_ref().map(|exception| exception.name.as_str()), Some("T-2"));
    assert_eq!(ruling.ruling, Verdict::NotCovered);
    // Where the clause does not speak of the case, no exception is told of.
    let ruling = rule(rules, r#"{"activity": "延续", "size-class": "小型", "can-expand": true}"#);
    assert!(finding(&ruling, "T-1").exception.is_none());
}

const PRECEDENCE: &str = "条款 T-1 “甲”\n  矿山 生产规模 不低于 100万吨/年\n条款 T-2 “乙”\n  整合 矿山 生产规模 不低于 50万吨/年\n  优先于 T-1\n";

#[test]
fn a_clause_that_prevails_silences_another() {
    let ruling = rule(PRECEDENCE, r#"{"activity": "整合", "scale": "60万吨/年"}"#);
    let first = finding(&ruling, "T-1");
    assert_eq!(first.status, Status::NotApplicable);
    assert_eq!(first.exception.as_ref().map(|exception| exception.name.as_str()), Some("T-2"));
    assert_eq!(finding(&ruling, "T-2").status, Status::Satisfied);
    assert_eq!(ruling.ruling, Verdict::Admissible);
    let ruling = rule(PRECEDENCE, r#"{"activity": "延续", "scale": "60万吨/年"}"#);
    assert_eq!(finding(&ruling, "T-1").status, Status::Violated);
}

#[test]
fn precedence_is_exact_over_unknowns() {
    let ruling = rule(PRECEDENCE, r#"{"scale": "60万吨/年"}"#);
    let first = finding(&ruling, "T-1");
    assert_eq!(first.possible, [Status::NotApplicable, Status::Violated]);
    assert_eq!(first.missing.iter().map(|missing| missing.fact.as_str()).collect::<Vec<_>>(), ["activity"]);
    // Whichever it is, neither clause is missed.
    let ruling = rule(PRECEDENCE, r#"{"scale": "120万吨/年"}"#);
    assert_eq!(ruling.ruling, Verdict::Admissible);
}

#[test]
fn another_reading_runs_with_what_it_replaces() {
    let rules = "条款 T-1 “甲”\n  适用 整合 或 新增划资源\n  矿山 生产规模 不低于 50万吨/年\n  口径 “其一”，理由 通常读法\n  另一口径 “二者”：\n    适用 整合 且 新增划资源\n条款 T-2 “乙”\n  矿山 生产规模 不低于 100万吨/年\n";
    let prevails = rules.replace("  口径 “其一”", "  优先于 T-2\n  口径 “其一”");
    let facts = r#"{"activity": "整合", "adds-resource": false, "scale": "60万吨/年"}"#;
    let first = with(&prevails, facts, &[]);
    assert_eq!(finding(&first, "T-1").reading.as_deref(), Some("其一"));
    assert_eq!(finding(&first, "T-2").status, Status::NotApplicable);
    // Read otherwise, the first clause does not apply, so it does not prevail either.
    let other = with(&prevails, facts, &[("T-1", "二者")]);
    assert_eq!(finding(&other, "T-1").status, Status::NotApplicable);
    assert_eq!(finding(&other, "T-2").status, Status::Violated);
    assert_eq!(other.receipt.readings.get("T-1").map(String::as_str), Some("二者"));
}

#[test]
fn the_smallest_adjustment_reaches_the_best_ruling() {
    let rules = "条款 T-1 “甲”\n  新建 矿山 生产规模 不低于 100万吨/年\n条款 T-2 “乙”\n  新建 矿山 须有 绿色矿山建设实施方案\n条款 T-3 “丙”\n  限制 新建 矿山 生产规模 高于 300万吨/年\n";
    let ruling = rule(rules, r#"{"activity": "新建", "scale": "80万吨/年"}"#);
    assert_eq!(ruling.ruling, Verdict::Refused);
    assert_eq!(changes(&ruling), (Some(Verdict::Admissible), vec!["scale >= 100万吨/年".to_owned()], vec![]));
    assert_eq!(ruling.needed.iter().map(|needed| needed.fact.as_str()).collect::<Vec<_>>(), ["绿色矿山建设实施方案"]);
    assert!(ruling.missing.is_empty());
    let ruling = rule(rules, r#"{"activity": "新建", "scale": "400万吨/年"}"#);
    assert_eq!(ruling.ruling, Verdict::Incomplete);
}

#[test]
fn an_open_end_is_more_than() {
    let rules =
        "条款 T-1 “甲”\n  新建 矿山 生产规模 高于 100万吨/年\n条款 T-2 “乙”\n  新建 矿山 生产规模 低于 200万吨/年\n";
    let ruling = rule(rules, r#"{"activity": "新建", "scale": "100万吨/年"}"#);
    assert_eq!(changes(&ruling), (Some(Verdict::Admissible), vec!["scale > 100万吨/年".to_owned()], vec![]));
    let ruling = rule(rules, r#"{"activity": "新建", "scale": "250万吨/年"}"#);
    assert_eq!(changes(&ruling), (Some(Verdict::Admissible), vec!["scale < 200万吨/年".to_owned()], vec![]));
}

#[test]
fn no_adjustment_helps_where_clauses_stand_in_each_others_way() {
    let rules =
        "条款 T-1 “甲”\n  新建 矿山 生产规模 不低于 100万吨/年\n条款 T-2 “乙”\n  新建 矿山 服务年限 不低于 20年\n";
    let facts = r#"{"activity": "新建", "mineral": "煤", "scale": "80万吨/年", "reserves": "1600万吨"}"#;
    let ruling = rule(rules, facts);
    assert_eq!(changes(&ruling), (None, vec![], vec!["T-1".to_owned(), "T-2".to_owned()]));
    // With more in the ground both can be met, and the bound of the life is reached through the scale.
    let more = r#"{"activity": "新建", "mineral": "煤", "scale": "200万吨/年", "reserves": "3000万吨"}"#;
    assert_eq!(
        changes(&rule(rules, more)),
        (Some(Verdict::Admissible), vec!["scale <= 150万吨/年".to_owned()], vec![])
    );
}

#[test]
fn a_remedy_goes_through_density() {
    let rules = "条款 T-1 “甲”\n  新建 矿山 生产规模 不低于 100万吨/年\n";
    let facts = r#"{"activity": "新建", "mineral": "建筑石料用灰岩", "scale": "30万立方米/年",
        "density": {"value": "2.5", "unit": "吨/立方米", "source": "储量核实报告"}}"#;
    let ruling = rule(rules, facts);
    assert_eq!(conditions(finding(&ruling, "T-1")), ["scale >= no: 30万立方米/年 | 100万吨/年 short 25万吨/年"]);
    assert_eq!(changes(&ruling), (Some(Verdict::Admissible), vec!["scale >= 40万立方米/年".to_owned()], vec![]));
    assert!(ruling.receipt.defaults.iter().any(|used| used.value.contains("2.5")), "{:?}", ruling.receipt.defaults);
}

#[test]
fn grounds_that_would_help_are_listed_and_others_not() {
    let rules = "条款 T-1 “甲”\n  禁止 新建 小型 矿山\n  除外 T-2：露天 且 经认定「符合有关规定」\n";
    let ruling = rule(rules, r#"{"activity": "新建", "size-class": "小型", "method": "露天"}"#);
    assert_eq!(finding(&ruling, "T-1").could_show, ["符合有关规定"]);
    let ruling = rule(rules, r#"{"activity": "新建", "size-class": "小型", "method": "地下"}"#);
    assert!(finding(&ruling, "T-1").could_show.is_empty());
}

#[test]
fn the_authority_is_asked_only_what_decides() {
    let rules = "条款 T-1 “甲”\n  禁止 新建 矿山 位于 生态保护红线 且 经认定「影响较大」（本部门核查）\n";
    let asked = |facts: &str| {
        let ruling = rule(rules, facts);
        ruling.authority_checks.into_iter().filter_map(|check| check.attestation).collect::<Vec<_>>()
    };
    assert_eq!(asked(r#"{"activity": "新建", "located-in": ["生态保护红线"]}"#), ["影响较大"]);
    assert!(asked(r#"{"activity": "新建", "located-in": []}"#).is_empty());
    assert!(asked(r#"{"activity": "延续", "located-in": ["生态保护红线"]}"#).is_empty());
}

#[test]
fn areas_are_tied_by_their_genera() {
    let rules = "条款 T-1 “甲”\n  新建 矿山 必须 非 （位于 国家公园） 或 位于 自然保护地\n";
    let ruling = rule(rules, r#"{"activity": "新建"}"#);
    assert_eq!(finding(&ruling, "T-1").status, Status::Satisfied);
}

#[test]
fn an_unknown_list_may_hold_several() {
    let rules = "条款 T-1 “甲”\n  适用 整合 且 办理事项 是 延续\n  矿山 生产规模 不低于 50万吨/年\n";
    let ruling = rule(rules, r#"{"scale": "40万吨/年"}"#);
    assert_eq!(finding(&ruling, "T-1").possible, [Status::NotApplicable, Status::Violated]);
    let ruling = rule(rules, r#"{"activity": ["整合", "延续"], "scale": "40万吨/年"}"#);
    assert_eq!(finding(&ruling, "T-1").status, Status::Violated);
}

#[test]
fn many_clauses_are_found_by_what_they_speak_of() {
    let minerals = ["煤", "地热", "建筑用砂", "砖瓦用粘土", "水泥用灰岩"];
    let activities = ["新建", "扩建", "延续", "整合"];
    let mut rules = String::new();
    for number in 0..200 {
        let mineral = minerals.get(number % minerals.len()).copied().unwrap_or_default();
        let activity = activities.get(number % activities.len()).copied().unwrap_or_default();
        rules.push_str(&format!(
            "条款 T-{number} “甲”\n  {activity} {mineral} 矿山 生产规模 不低于 {}万吨/年\n",
            number + 1
        ));
    }
    let facts = r#"{"activity": "新建", "mineral": ["煤", "地热"], "scale": "100万吨/年"}"#;
    let ruling = book(&rules).review_json(facts).unwrap();
    let speaking = ruling.findings.iter().filter(|finding| finding.status != Status::NotApplicable).count();
    assert_eq!((ruling.findings.len(), ruling.silent.len(), ruling.not_applicable), (20, 180, 180));
    assert_eq!((ruling.clone().unfolded().findings.len(), speaking), (200, 20));
    let violated = ruling.findings.iter().filter(|finding| finding.status == Status::Violated).count();
    assert_eq!(violated, 10);
}

const READINGS: &str = "条款 T-1 “甲”
  新建 矿山 生产规模 不低于 100万吨/年
  口径 “从严”，理由 略
  另一口径 “从宽处理”：新建 矿山 生产规模 不低于 50万吨/年
";

#[test]
fn a_mistyped_reading_is_told_with_the_nearest() {
    let told = |clause: &str, name: &str| {
        let book = book(READINGS);
        let mut options = ReviewOptions::default();
        options.readings.insert(clause.to_owned(), name.to_owned());
        let facts = book.prepare_text("facts", "{}").unwrap();
        let error = book.review_prepared(&facts, &options).unwrap_err();
        error.problems()[0].advice(adit::Language::Chinese).to_owned()
    };
    assert_eq!(told("T-1", "从宽处置"), "是不是「从宽处理」？可用的口径：从严、从宽处理");
    assert_eq!(told("T-1", "别的"), "可用的口径：从严、从宽处理");
    assert_eq!(told("T-11", "从严"), "是不是「T-1」？");
}

#[test]
fn the_whole_condition_is_told_where_all_is_asked_for() {
    let rules = "条款 T-1 “甲”\n  新建 煤 矿山 生产规模 不低于 100万吨/年\n  除外 T-9：经认定「可以」\n";
    let book = book(rules);
    let facts = book.prepare_text("facts", r#"{"activity": "延续", "mineral": "煤", "scale": "60万吨/年"}"#).unwrap();
    let ruling = book.review_prepared(&facts, &ReviewOptions { whole: true, ..ReviewOptions::default() }).unwrap();
    let tree = serde_json::to_value(&finding(&ruling, "T-1").tree).unwrap();
    assert_eq!(tree["parts"][0]["selector"]["holds"], false);
    assert_eq!(tree["parts"][0]["requirement"]["test"]["given"]["text"], "60万吨/年");
    assert_eq!(tree["exceptions"][0]["name"], "T-9");
    let plain = book.review_prepared(&facts, &ReviewOptions::default()).unwrap();
    assert!(plain.findings.is_empty() && plain.status_of("T-1") == Some(Status::NotApplicable));
}

#[test]
fn a_reading_that_alone_would_change_the_ruling_is_told() {
    let rules = "条款 T-1 “甲”\n  依据 一 「略」\n  适用 整合 或 新增划资源\n  矿山 须 绿色矿山\n  口径 “居其一”，理由 略\n  \
                 另一口径 “须同时”：\n    适用 整合 且 新增划资源\n\
                 条款 T-2 “乙”\n  依据 一 「略」\n  整合 煤 矿山 须 露天\n";
    let facts = r#"{"办理事项": "整合", "矿种": "煤", "开采方式": "露天", "新增划资源": false, "绿色矿山": false}"#;
    let ruling = rule(rules, facts);
    assert_eq!(ruling.ruling, Verdict::Refused);
    let other = &ruling.other_readings[0];
    assert_eq!((other.clause.as_str(), other.reading.as_str()), ("T-1", "须同时"));
    assert_eq!((other.status, other.ruling), (Status::NotApplicable, Verdict::Admissible));
    // Taken, it leaves the first one as the other.
    let ruling = with(rules, facts, &[("T-1", "须同时")]);
    assert_eq!((ruling.ruling, ruling.other_readings[0].ruling), (Verdict::Admissible, Verdict::Refused));
    // Where both lead to the same ruling there is nothing to tell.
    let green = facts.replace("\"绿色矿山\": false", "\"绿色矿山\": true");
    assert_eq!(rule(rules, &green).other_readings.len(), 0);
}

/// In English the vocabulary's words have their English names, the receipt's sentences among them; JSON stays as it is.
#[test]
fn english_reports_use_english_names() {
    let rules = "条款 T-1 “材料”\n  新建 矿山 须有 矿山地质环境保护与土地复垦方案\n\
                 条款 T-2 “露天”\n  新建 矿山 不得 露天开采\n\
                 条款 T-3 “规模”\n  新建 矿山 生产规模 不低于 100万吨/年\n";
    let facts = r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "开采方式": "露天", "生产规模": "100万吨/年"}"#;
    let ruling = rule(rules, facts);
    let text = report::text(&ruling, &book(rules), ReportOptions::new(Language::English));
    for said in ["new, building limestone", "method open pit", "reclamation plan", "scale = 100万吨/年 ore"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let named = ["土地复垦方案", "矿石", "采矿权"];
    // What is cited or underlined stays as its author wrote it.
    let own = text.lines().filter(|line| !line.contains(['│', '「', '“']));
    let left: Vec<&str> = own.filter(|line| named.iter().any(|word| line.contains(word))).collect();
    assert_eq!(left, Vec::<&str>::new());
    let written: Vec<String> = ruling.receipt.defaults.iter().map(ToString::to_string).collect();
    assert!(written.contains(&"生产规模 = 100万吨/年 矿石".to_owned()), "{written:?}");
}

/// Days are no names: in English they stand as they are written.
#[test]
fn days_stay_as_they_are_written_in_english() {
    let rules = "条款 T-1 “有效”\n  延续 矿山 采矿许可证到期日 不早于 2026-01-01\n";
    let facts = r#"{"办理事项": "延续", "矿种": "煤", "采矿许可证到期日": "2025-06-30"}"#;
    let text = report::text(&rule(rules, facts), &book(rules), ReportOptions::new(Language::English));
    assert!(text.contains("licence expiry 2025-06-30, must be") && text.contains("2026-01-01"), "{text}");
}

/// A bracket behind an amount may say what it measures: it is no source to be put aside.
#[test]
fn a_bracket_behind_an_amount_is_not_passed_over() {
    let rules = "条款 T-1 “规模”\n  新建 矿山 生产规模 不低于 10万吨/年\n";
    let facts = r#"{"办理事项": "新建", "矿种": "铁", "生产规模": "20万吨/年（金属）"}"#;
    let error = book(rules).review_json(facts).unwrap_err();
    assert_eq!(error.code().map(|code| code.entry().name()), Some("A0607"), "{error:?}");
}

/// Loses nothing: a clause that an exception keeps from applying is listed, and names it.
#[test]
fn an_excepted_clause_stays_visible() {
    let rules = "条款 T-1 “规模”\n  新建 煤 矿山 生产规模 不低于 100万吨/年\n  除外 T-2 “整合”：整合\n";
    let facts = r#"{"办理事项": ["新建", "整合"], "矿种": "煤", "生产规模": "5 原煤万吨/年"}"#;
    let ruling = book(rules).review_json(facts).unwrap();
    let written: serde_json::Value = serde_json::from_str(&report::json(&ruling, false)).unwrap();
    assert_eq!(written["findings"].as_array().unwrap().len(), 0);
    assert_eq!(written["excepted"][0]["exception"]["name"], "T-2");
    let sources = book(rules);
    let text = report::text(&ruling, &sources, ReportOptions::new(Language::Chinese));
    assert!(text.contains("○ T-1") && text.contains("除外已成立：T-2"), "{text}");
    let markdown = report::markdown(&ruling, &sources, ReportOptions::new(Language::Chinese));
    assert!(markdown.contains("除外已成立：T-2"), "{markdown}");
}

/// A class that a table derives is mended by the amount that it is derived from.
#[test]
fn a_remedy_raises_the_amount_behind_a_class() {
    let rules = "引用 规模分级\n条款 T-1 “小型”\n  禁止 新建 小型 矿山\n";
    let rulebook = Rulebook::from_text(&format!("引用 矿业\n{rules}")).unwrap();
    let facts = r#"{"办理事项": "新建", "矿种": "煤", "开采方式": "地下", "生产规模": "10 原煤万吨/年"}"#;
    let ruling = rulebook.review_json(facts).unwrap();
    let remedy = ruling.remedy.unwrap();
    assert_eq!(remedy.reaches, Some(Verdict::NotCovered), "the ban speaks of it no more, and nothing else does");
    let change = &remedy.changes[0];
    assert_eq!((change.fact.as_str(), change.operator, change.value.as_str()), ("scale", ">=", "45原煤万吨/年"));
    let finding = ruling.findings.iter().find(|finding| finding.clause == "T-1").unwrap();
    assert!(finding.fact_span.is_some(), "the scale is underlined");
}

/// A genus where a species is asked for is stated, and still leaves the fact open.
#[test]
fn a_genus_is_asked_further_about() {
    let rules = "条款 T-1 “灰岩”\n  新建 建筑石料用灰岩 矿山 须有 矿山设计\n";
    let ruling =
        book(rules).review_json(r#"{"办理事项": "新建", "矿种": "石灰岩", "材料": [], "材料齐全": "是"}"#).unwrap();
    let missing = ruling.missing.iter().find(|missing| missing.fact == "mineral").unwrap();
    assert_eq!(missing.given.as_deref(), Some("石灰岩"));
    let text = report::text(&ruling, &book(rules), ReportOptions::new(Language::Chinese));
    assert!(text.contains("矿种（是石灰岩中的哪一种）"), "{text}");
}

/// Codes are English: whom a clause speaks of, and when a duty falls due; the receipt holds the readings that are used.
#[test]
fn codes_are_english_and_readings_are_receipted() {
    let rules = "条款 T-1 “设计”\n  所及 矿山\n  新建 矿山 须有 矿山设计\n  口径 “每座”，理由 没有说谁\n  另一口径 “只及探矿权”：\n    所及 探矿权\n\
                 条款 T-2 “账户”\n  环节 生产\n  新建 矿山 须有 矿山地质环境治理恢复基金账户\n";
    let facts = r#"{"办理事项": "新建", "矿种": "煤", "截至日": "2019-01-01", "材料": [], "材料齐全": "是"}"#;
    let ruling = rule(rules, facts);
    assert_eq!(finding(&ruling, "T-1").subject, "mine");
    assert_eq!(with(rules, facts, &[("T-1", "只及探矿权")]).findings[0].subject, "exploration-right");
    assert_eq!((ruling.later_duties[0].stage.as_str(), ruling.later_duties[0].label.as_str()), ("production", "生产"));
    assert_eq!(ruling.receipt.readings.get("T-1").map(String::as_str), Some("每座"));
    assert!(ruling.notes.contains(&"plan-period-not-begun"), "{:?}", ruling.notes);
}
