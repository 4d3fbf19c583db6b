//! The set of mines: indicators, their hulls over what is unknown, and what an application does to them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

use adit::registry::{Assessment, IndicatorStatus, Reported, Standing};
use adit::rulebook::{PreparedFacts, RuleFile, Rulebook};
use adit::{AssessOptions, ReviewOptions, Verdict};

const RULES: &str = "引用 矿业
规划 test “测试规划”
  规划期：2021..2025

指标 T-1 “矿山数量”
  依据 一 「规划矿山数控制38个以内」
  矿山 数量 控制在 38个以内（上限）
  属性 约束性，目标年 2025，考核方式 逐宗控制
  口径 “逐宗控制”，理由 约束性指标，审批不得使其突破
  另一口径 “期末考核”：
    考核方式 期末考核

指标 T-2 “大中型矿山比例”
  依据 一 「大中型矿山比例不低于60%」
  大型、中型 矿山 占全部 矿山 比例 不低于 60%
  属性 未标注，目标年 2025

表 “开采总量”
  依据 一 专栏3
  列 总量调控矿种：矿种
  列 计量单位：计量单位
  列 属性：属性，依 专栏2
  | 对应条目 | 总量调控矿种   | 计量单位     | 开采总量 | 属性   |
  | T-3      | 建筑石料用灰岩 | 矿石 万吨/年 | 1000     | 约束性 |
  | T-4      | 建筑用砂岩     | 矿石 万吨/年 | 800      | 预期性 |
  每行：总量调控矿种 矿山 年开采量 合计 不超过 开采总量

指标 T-5 “一个区块一个主体”
  依据 一 「一个区块一个主体」
  每个 所在区块 矿业权人 数量 不超过 1个
  引文差异 原文写的是一个

指标 T-6 “新增资源量”
  依据 一 「新增资源量3000万吨」
  统计值「新增资源量」 不低于 3000万吨

指标 T-7 “小型矿山减少”
  依据 一 「小型矿山减少10%」
  小型 矿山 数量 较 2020年 减少 不低于 10%
";

fn rulebook() -> Rulebook {
    Rulebook::from_text(RULES).unwrap()
}

/// So many mines of this class, each named after its place.
fn mines(rulebook: &Rulebook, large: usize, medium: usize, small: usize) -> Vec<PreparedFacts> {
    let class = |index: usize| match index {
        index if index < large => "大型",
        index if index < large + medium => "中型",
        _ => "小型",
    };
    (0..large + medium + small)
        .map(|index| mine(rulebook, &format!(r#""名称": "M{index}", "规模级别": "{}""#, class(index))))
        .collect()
}

fn mine(rulebook: &Rulebook, facts: &str) -> PreparedFacts {
    rulebook.prepare_text("mine", &format!("{{{facts}}}")).unwrap()
}

fn at(year: i32) -> AssessOptions {
    AssessOptions { as_of: adit::date::Date::new(year, 12, 31), ..AssessOptions::default() }
}

fn of<'a>(assessment: &'a Assessment, id: &str) -> &'a Standing {
    assessment.indicators.iter().find(|standing| standing.indicator == id).unwrap()
}

fn text(standing: &Standing) -> &str {
    standing.value.as_ref().map_or("", |value| value.text.as_str())
}

#[test]
fn counts_and_shares_are_told_in_mines() {
    let rulebook = rulebook();
    let assessment = rulebook.assess(&mines(&rulebook, 2, 18, 15), None, &at(2020)).unwrap();
    let (count, share) = (of(&assessment, "T-1"), of(&assessment, "T-2"));
    assert_eq!(
        (count.status, text(count), count.distance.as_deref(), count.room),
        (IndicatorStatus::Met, "35个", Some("3个"), true)
    );
    assert_eq!(
        (share.status, text(share), share.distance.as_deref()),
        (IndicatorStatus::NotDue, "20/35 57.14%", Some("1个"))
    );
}

#[test]
fn a_share_is_due_in_its_year() {
    let rulebook = rulebook();
    for (large, status) in [(23, IndicatorStatus::Met), (22, IndicatorStatus::Missed)] {
        let assessment = rulebook.assess(&mines(&rulebook, large, 0, 38 - large), None, &at(2025)).unwrap();
        assert_eq!(of(&assessment, "T-2").status, status, "{large} of 38");
    }
}

#[test]
fn unknown_output_leaves_a_total_open_and_names_the_mines() {
    let rulebook = rulebook();
    let stone = r#""矿种": "建筑石料用灰岩""#;
    let known = [mine(&rulebook, &format!(r#"{stone}, "名称": "甲", "年开采量": "600万吨/年""#))];
    let unknown = ["乙", "丙", "丁"].map(|name| mine(&rulebook, &format!(r#"{stone}, "名称": "{name}""#)));
    let all: Vec<PreparedFacts> = known.iter().cloned().chain(unknown).collect();
    let standing = of(&rulebook.assess(&all, None, &at(2025)).unwrap(), "T-3").clone();
    assert_eq!(standing.status, IndicatorStatus::Unknown);
    assert_eq!(standing.missing[0].fact, "output");
    assert_eq!(standing.missing[0].mines, ["乙", "丙", "丁"]);
    // Past the cap already, whatever the others dig.
    let past: Vec<PreparedFacts> =
        all.into_iter().chain([mine(&rulebook, &format!(r#"{stone}, "年开采量": "401万吨/年""#))]).collect();
    assert_eq!(of(&rulebook.assess(&past, None, &at(2025)).unwrap(), "T-3").status, IndicatorStatus::Missed);
}

#[test]
fn a_share_over_unknown_members_is_a_hull() {
    let rulebook = rulebook();
    let mut all = mines(&rulebook, 6, 0, 3);
    all.push(mine(&rulebook, r#""名称": "未知""#));
    let standing = of(&rulebook.assess(&all, None, &at(2025)).unwrap(), "T-2").clone();
    // 6/10 at least, 7/10 at most.
    assert_eq!((standing.status, text(&standing)), (IndicatorStatus::Met, "60%–70%"));
    let mut fewer = mines(&rulebook, 5, 0, 4);
    fewer.push(mine(&rulebook, r#""名称": "未知""#));
    let standing = of(&rulebook.assess(&fewer, None, &at(2025)).unwrap(), "T-2").clone();
    assert_eq!((standing.status, standing.missing[0].mines.len()), (IndicatorStatus::Unknown, 1));
}

#[test]
fn different_holders_of_a_block_are_counted() {
    let rulebook = Rulebook::from_text(&format!("{RULES}\n区块 K1 “甲区块”\n  依据 一 「甲区块」\n")).unwrap();
    let in_block = |holder: &str| mine(&rulebook, &format!(r#""所在区块": "K1", "矿业权人": "{holder}""#));
    let status = |all: &[PreparedFacts]| of(&rulebook.assess(all, None, &at(2025)).unwrap(), "T-5").status;
    assert_eq!(status(&[in_block("张三"), in_block("张三")]), IndicatorStatus::Met);
    assert_eq!(status(&[in_block("张三"), in_block("李四")]), IndicatorStatus::Missed);
    assert_eq!(status(&[in_block("张三"), mine(&rulebook, r#""所在区块": "K1""#)]), IndicatorStatus::Unknown);
    assert_eq!(status(&[in_block("张三"), mine(&rulebook, r#""所在区块": "无""#)]), IndicatorStatus::Met);
}

#[test]
fn statistics_and_base_years_come_from_outside() {
    let rulebook = rulebook();
    let now = mines(&rulebook, 0, 0, 9);
    let assessment = rulebook.assess(&now, None, &at(2025)).unwrap();
    assert_eq!(of(&assessment, "T-6").missing[0].fact, "新增资源量");
    assert_eq!(of(&assessment, "T-7").missing[0].fact, "registry-2020");
    let mut options = at(2025);
    options.reported.insert("新增资源量".to_owned(), rulebook.amount("2999.99万吨").unwrap());
    let before = mines(&rulebook, 0, 0, 10);
    let assessment = rulebook.assess(&now, Some(&before), &options).unwrap();
    assert_eq!(of(&assessment, "T-6").status, IndicatorStatus::Missed);
    assert_eq!(of(&assessment, "T-6").distance.as_deref(), Some("0.01万吨"));
    assert_eq!((of(&assessment, "T-7").status, text(of(&assessment, "T-7"))), (IndicatorStatus::Met, "10%"));
}

#[test]
fn an_application_past_the_cap_is_refused() {
    let rulebook = rulebook();
    let full = mines(&rulebook, 20, 18, 0);
    let new = mine(&rulebook, r#""办理事项": "新建", "名称": "新矿", "规模级别": "大型""#);
    let reviewed =
        |options: &ReviewOptions| rulebook.review_with_registry(&new, &full, options, &Reported::new()).unwrap();
    let ruling = reviewed(&ReviewOptions::default());
    let quota = ruling.quotas.iter().find(|quota| quota.indicator == "T-1").unwrap();
    assert_eq!((quota.status, quota.gate), (IndicatorStatus::Missed, true));
    assert_eq!(quota.before.as_ref().unwrap().text, "38个");
    assert_eq!(quota.after.as_ref().unwrap().text, "39个");
    assert_eq!(ruling.ruling, Verdict::Refused);
    assert!(!ruling.notes.contains(&"quotas-not-checked"));
    // In the other reading the number counts at the end of the term only.
    let readings = [("T-1".to_owned(), "期末考核".to_owned())].into();
    let ruling = reviewed(&ReviewOptions { readings, ..ReviewOptions::default() });
    assert_ne!(ruling.ruling, Verdict::Refused);
}

#[test]
fn every_activity_does_its_own_to_the_registry() {
    let rulebook = rulebook();
    let all = mines(&rulebook, 0, 0, 5);
    let count = |facts: &str| {
        let application = mine(&rulebook, facts);
        let ruling = rulebook
            .review_with_registry(&application, &all, &ReviewOptions::default(), &Reported::new())
            .unwrap_or_else(|error| panic!("{facts}: {error}"));
        let quota = ruling.quotas.into_iter().find(|quota| quota.indicator == "T-1");
        quota.map(|quota| quota.after.unwrap().text)
    };
    assert_eq!(count(r#""办理事项": "新建", "名称": "新矿""#).as_deref(), Some("6个"));
    assert_eq!(count(r#""办理事项": "闭坑", "名称": "M1""#).as_deref(), Some("4个"));
    assert_eq!(count(r#""办理事项": "整合", "名称": "M0", "替代": ["M1", "M2"]"#).as_deref(), Some("3个"));
    // An expansion moves no count.
    assert_eq!(count(r#""办理事项": "扩建", "名称": "M1""#), None);
}

fn plan(name: &str) -> Rulebook {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/plans").join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut builder = Rulebook::builder();
    for file in files.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "adit")) {
        builder = builder.file(RuleFile::new(file.to_string_lossy(), std::fs::read(&file).unwrap()));
    }
    builder.build().unwrap()
}

/// The order of mines, and of files, changes no number.
#[test]
fn tallies_do_not_hang_on_order() {
    let rulebook = plan("yongchuan");
    let mut all = mines(&rulebook, 3, 4, 5);
    let first = rulebook.assess(&all, None, &at(2025)).unwrap();
    all.reverse();
    let second = rulebook.assess(&all, None, &at(2025)).unwrap();
    let numbers = |assessment: &Assessment| -> Vec<(String, IndicatorStatus, String)> {
        assessment.indicators.iter().map(|it| (it.indicator.clone(), it.status, text(it).to_owned())).collect()
    };
    assert_eq!(numbers(&first), numbers(&second));
}

/// Parts of a registry counted apart, and with an empty part among them, come to what the whole comes to.
#[test]
fn parts_of_a_registry_merge() {
    let rulebook = rulebook();
    let mut all = mines(&rulebook, 2, 3, 4);
    all.push(mine(&rulebook, r#""矿种": "建筑用砂岩", "年开采量": "30万吨/年""#));
    all.push(mine(&rulebook, r#""名称": "未知", "矿种": "建筑用砂岩""#));
    let whole = rulebook.assess(&all, None, &at(2025)).unwrap();
    assert!(of(&whole, "T-4").missing.iter().any(|fact| fact.mines.iter().any(|mine| mine == "未知")));
    for cut in [0, 1, 6, all.len()] {
        let (first, last) = all.split_at(cut);
        let count = |mines: &[PreparedFacts]| {
            let mut census = rulebook.census(&at(2025)).unwrap();
            mines.iter().for_each(|mine| census.add(mine));
            census
        };
        assert_eq!(count(first).merged(count(last)).assessment(None), whole, "cut at {cut}");
    }
}

/// A case with one more mine than each of these indicators allows, and the words that tell it.
fn one_too_many(sentence: &str, entries: &str) -> (Verdict, adit::registry::Quota) {
    let rules = format!(
        "引用 矿业\n规划 test “测试规划”\n指标 T-1 “矿山数量”\n  依据 一 「矿山数量2个」\n  {sentence}\n{entries}\
         \n条款 T-2 “通过”\n  新建 矿山 须 生产规模 大于 0吨/年\n"
    );
    let rulebook = Rulebook::from_text(&rules).unwrap_or_else(|error| panic!("{sentence}: {error}"));
    let new = mine(&rulebook, r#""办理事项": "新建", "名称": "新矿", "生产规模": "1万吨/年""#);
    let full = mines(&rulebook, 0, 0, 2);
    let ruling = rulebook.review_with_registry(&new, &full, &ReviewOptions::default(), &Reported::new()).unwrap();
    (ruling.ruling, ruling.quotas.into_iter().next().unwrap())
}

#[test]
fn an_indicator_speaks_with_the_force_of_its_words() {
    let differs = "  引文差异 略";
    let ruled = |sentence: &str| one_too_many(sentence, differs).0;
    assert_eq!(ruled("矿山 数量 不超过 2个"), Verdict::Refused);
    assert_eq!(ruled("矿山 数量 须 不超过 2个"), Verdict::Refused);
    assert_eq!(ruled("矿山 数量 不得 超过 2个"), Verdict::Refused);
    assert_eq!(ruled("原则上 矿山 数量 不超过 2个"), Verdict::ForDecision);
    assert_eq!(ruled("矿山 数量 原则上 不超过 2个"), Verdict::ForDecision);
    assert_eq!(ruled("矿山 数量 原则上 不得 超过 2个"), Verdict::ForDecision);
    assert_eq!(ruled("严格控制 矿山 数量 超过 2个"), Verdict::ForDecision);
    assert_eq!(ruled("矿山 数量 宜 不超过 2个"), Verdict::Admissible);
    assert_eq!(one_too_many("矿山 数量 不超过 2个", "  效力 原则上\n  引文差异 略").0, Verdict::ForDecision);

    let (_, quota) = one_too_many("原则上 矿山 数量 不得 超过 2个", differs);
    assert_eq!((quota.gate, quota.force.code(), quota.target.as_str()), (true, "in-principle", "≤ 2个"));
    assert!(serde_json::to_string(&quota).unwrap().contains("\"force\":\"in-principle\""));
    let (_, quota) = one_too_many("矿山 数量 力争 不超过 2个", differs);
    assert_eq!((quota.gate, quota.status), (false, IndicatorStatus::Missed));
}

#[test]
fn a_ruling_for_decision_names_the_principle_that_is_missed() {
    let rules = "引用 矿业\n规划 test “测试规划”\n指标 T-1 “一个区块一个主体”\n  依据 六 「原则上一个区块不超过1个主体」\n  \
                 原则上 每个 所在区块 矿业权人 数量 不超过 1个\n区块 KQ01 “甲区块”\n  依据 六 「甲区块」\n";
    let rulebook = Rulebook::from_text(rules).unwrap();
    let there = [mine(&rulebook, r#""名称": "甲矿", "所在区块": "KQ01", "矿业权人": "甲公司""#)];
    let new = mine(&rulebook, r#""办理事项": "新建", "名称": "乙矿", "所在区块": "KQ01", "矿业权人": "乙公司""#);
    let ruling = rulebook.review_with_registry(&new, &there, &ReviewOptions::default(), &Reported::new()).unwrap();
    assert_eq!(ruling.ruling, Verdict::ForDecision);
    let told = adit::report::text(&ruling, &rulebook, adit::report::ReportOptions::default());
    assert!(told.contains("T-1 一个区块一个主体：1个 → 2个"), "{told}");
}

/// A gate for each case looks at the groups that the case is in, not at what other groups miss already.
#[test]
fn a_gate_of_each_group_is_that_of_the_case() {
    let rules = "引用 矿业\n规划 test “测试规划”\n指标 T-1 “一个区块一个主体”\n  依据 六 「原则上一个区块不超过1个主体」\n  \
                 原则上 每个 所在区块 矿业权人 数量 不超过 1个\n区块 KQ01 “甲区块”\n  依据 六 「甲区块」\n\
                 区块 KQ02 “乙区块”\n  依据 六 「乙区块」\n";
    let rulebook = Rulebook::from_text(rules).unwrap();
    let there = [
        mine(&rulebook, r#""名称": "甲矿", "所在区块": "KQ01", "矿业权人": "甲公司""#),
        mine(&rulebook, r#""名称": "丙矿", "所在区块": "KQ02", "矿业权人": "丙公司""#),
        mine(&rulebook, r#""名称": "丁矿", "所在区块": "KQ02", "矿业权人": "丁公司""#),
    ];
    let quota = |block: &str, holder: &str| {
        let facts = format!(r#""办理事项": "新建", "名称": "乙矿", "所在区块": "{block}", "矿业权人": "{holder}""#);
        let new = mine(&rulebook, &facts);
        let ruling = rulebook.review_with_registry(&new, &there, &ReviewOptions::default(), &Reported::new()).unwrap();
        ruling.quotas.into_iter().find(|quota| quota.indicator == "T-1").map(|quota| quota.status)
    };
    assert_eq!(quota("KQ01", "甲公司"), None, "one holder before and after");
    assert_eq!(quota("KQ01", "乙公司"), Some(IndicatorStatus::Missed));
    assert_eq!(quota("KQ02", "戊公司"), Some(IndicatorStatus::Missed));
    assert_eq!(quota("无", "乙公司"), None, "it is in no block");
}

/// About a number: that number is met, any other is for a person to judge.
#[test]
fn about_a_number_is_judged_by_people() {
    let rules = "引用 矿业\n指标 T-1 “约”\n  依据 一 「约2个」\n  矿山 数量 约 2个\n";
    let rulebook = Rulebook::from_text(rules).unwrap();
    let status = |count: usize| {
        let mines: Vec<_> = (0..count).map(|_| mine(&rulebook, r#""矿种": "煤""#)).collect();
        rulebook.assess(&mines, None, &AssessOptions::default()).unwrap().indicators[0].status
    };
    assert_eq!([1, 2, 3].map(status), [IndicatorStatus::Unknown, IndicatorStatus::Met, IndicatorStatus::Unknown]);
}

#[test]
fn a_table_is_read_otherwise_in_columns_and_attributes() {
    let readings = "  口径 “照专栏2的属性”，理由 专栏3没有属性一栏
  另一口径 “专栏3没有属性”：列 属性：不计
  另一口径 “未标注”：属性 未标注
  另一口径 “期末考核”：考核方式 期末考核
";
    let sentence = "  每行：总量调控矿种 矿山 年开采量 合计 不超过 开采总量\n";
    let rulebook = Rulebook::from_text(&RULES.replace(sentence, &format!("{sentence}{readings}"))).unwrap();
    let sand = r#""矿种": "建筑用砂岩", "年开采量": "#;
    let all = [mine(&rulebook, &format!(r#""名称": "甲", {sand}"800万吨/年""#))];
    let new = mine(&rulebook, &format!(r#""办理事项": "新建", "名称": "乙", {sand}"1万吨/年""#));
    let quota = |reading: Option<&str>| {
        let readings = reading.map(|name| ("T-4".to_owned(), name.to_owned())).into_iter().collect();
        let options = ReviewOptions { readings, ..ReviewOptions::default() };
        let ruling = rulebook.review_with_registry(&new, &all, &options, &Reported::new()).unwrap();
        let quota = ruling.quotas.into_iter().find(|quota| quota.indicator == "T-4").unwrap();
        (quota.attribute, quota.gate, ruling.ruling == Verdict::Refused)
    };
    assert_eq!(quota(None), (Some("expected"), false, false));
    assert_eq!(quota(Some("专栏3没有属性")), (None, true, true));
    assert_eq!(quota(Some("未标注")), (Some("unmarked"), true, true));
    assert_eq!(quota(Some("期末考核")), (Some("expected"), false, false));
}

#[test]
fn a_reading_that_nothing_has_is_an_error_of_the_assessment() {
    let rulebook = rulebook();
    let unknown = |id: &str, name: &str| {
        let options = AssessOptions { readings: [(id.to_owned(), name.to_owned())].into(), ..at(2025) };
        rulebook.assess(&[], None, &options).map_err(|error| error.code().unwrap().entry().name())
    };
    assert_eq!(unknown("T-1", "没有的口径"), Err("A0704"));
    assert_eq!(unknown("T-2", "没有的口径"), Err("A0704"));
    assert_eq!(unknown("T-9", "期末考核"), Err("A0209"));
    assert!(unknown("T-1", "期末考核").is_ok());
}

/// What indicators can say beyond one number and one bound.
const WIDER: &str = "引用 矿业
规划 county “测试县规划”
  落实：“测试市规划”

分区 “甲区”
  依据 一 「甲区」
  矿山数上限 是 1个
分区 “乙区”
  依据 一 「乙区」
  矿山数上限 是 2个

指标 T-1 “矿业权人”
  依据 一 「矿业权人不超过2个」
  矿山 矿业权人 数量 不超过 2个

指标 T-2 “两个界限”
  依据 一 「矿山4到6个」
  引文差异 原文没有比较词
  矿山 数量 不低于 4个 且 不超过 6个

指标 T-3 “各区上限”
  依据 一 「各区矿山数不超过上限」
  每个 所在分区 矿山 数量 不超过 所在分区 的「矿山数上限」

指标 T-4 “不突破市规划”
  依据 一 「矿山数量不得突破市规划」
  矿山 数量 不超过 从「矿山数量上限」
";

const ABOVE: &str = "引用 矿业
规划 city “测试市规划”
指标 C-1 “矿山数量上限”
  依据 一 「矿山数量控制在5个以内」
  矿山 数量 控制在 5个以内（上限）
";

/// One mine a pair: holder and zone.
fn held(rulebook: &Rulebook, mines: &[(&str, &str)]) -> Vec<PreparedFacts> {
    let facts = |number: usize, (holder, zone): &(&str, &str)| {
        let holder = if holder.is_empty() { String::new() } else { format!(r#", "矿业权人": "{holder}""#) };
        let zone = if zone.is_empty() { String::new() } else { format!(r#", "所在分区": ["{zone}"]"#) };
        mine(rulebook, &format!(r#""名称": "M{number}"{holder}{zone}"#))
    };
    mines.iter().enumerate().map(|(number, one)| facts(number, one)).collect()
}

#[test]
fn several_bounds_bounds_of_places_and_bounds_of_plans_above() {
    let alone = Rulebook::from_text(WIDER).unwrap();
    let upper = [RuleFile::new("city.adit", ABOVE)];
    let below = Rulebook::builder().source("county.adit", WIDER).upper(upper).build().unwrap();
    let assessed = |rulebook: &Rulebook, mines: &[(&str, &str)]| {
        let options = AssessOptions::default();
        rulebook.assess(&held(rulebook, mines), None, &options).unwrap()
    };
    let (a, b) = ("甲区", "乙区");
    type Mines<'m> = &'m [(&'m str, &'m str)];
    let cases: [(Mines<'_>, [IndicatorStatus; 4]); 4] = {
        use IndicatorStatus::{Met, Missed, Unknown};
        [
            (&[("x", a), ("y", b), ("x", b)], [Met, Missed, Met, Met]),
            (&[("x", a), ("y", a), ("x", b), ("z", b)], [Missed, Met, Missed, Met]),
            // An unknown holder may be one of the known, an unknown zone either.
            (&[("x", a), ("y", b), ("", b), ("x", "")], [Unknown, Met, Unknown, Met]),
            (
                &[("x", a), ("x", ""), ("x", ""), ("x", ""), ("x", ""), ("x", ""), ("x", "")],
                [Met, Missed, Unknown, Missed],
            ),
        ]
    };
    for (mines, expected) in cases {
        let found = assessed(&below, mines);
        let statuses: Vec<IndicatorStatus> = found.indicators.iter().map(|standing| standing.status).collect();
        assert_eq!(statuses, expected, "{mines:?}");
    }
    let found = assessed(&alone, &[("x", a), ("y", a), ("z", b)]);
    let open = of(&found, "T-4");
    assert_eq!((open.status, open.missing[0].label.as_str()), (IndicatorStatus::Unknown, "矿山数量上限"));
    assert_eq!(of(&found, "T-3").values, ["甲区 2个，≤ 1个"]);
    assert_eq!(of(&found, "T-2").target, "≥ 4个，≤ 6个");
    assert_eq!((of(&found, "T-2").distance.as_deref(), of(&found, "T-2").room), (Some("1个"), false));
    let loaded = assessed(&below, &[("x", a)]);
    assert_eq!(of(&loaded, "T-4").target, "≤ 5个（从「矿山数量上限」）");
}

#[test]
fn bounds_that_do_not_fit_are_told() {
    let codes = |body: &str, upper: Option<&str>| {
        let head = WIDER.split("指标").next().unwrap();
        let text = format!("{head}指标 T-9 “例”\n  依据 一 「例」\n  引文差异 例\n  {body}\n");
        let mut builder = Rulebook::builder().source("county.adit", text);
        if let Some(upper) = upper {
            builder = builder.upper([RuleFile::new("city.adit", upper)]);
        }
        let checked = builder.check();
        checked.problems().iter().map(|problem| problem.code().entry().name()).collect::<Vec<_>>()
    };
    assert_eq!(codes("矿山 数量 不超过 所在分区 的「矿山数上限」", None), ["A0311"]);
    assert_eq!(codes("矿山 矿业权人 数量 不超过 5%", None), ["A0311"]);
    assert_eq!(codes("矿山 数量 不低于 1个 且", None), ["A0302"]);
    assert_eq!(codes("矿山 数量 不超过 从「矿山数量上线」", Some(ABOVE)), ["A0432"]);
    assert_eq!(codes("矿山 数量 不超过 从「国家规定的个数」", Some(ABOVE)), Vec::<&str>::new());
    assert_eq!(codes("矿山 年开采量 合计 不超过 从「矿山数量上限」", Some(ABOVE)), ["A0311"]);
}

fn with_blocks() -> Rulebook {
    let blocks = "区块 K1 “甲区块”\n  依据 一 「甲区块」\n区块 K2 “乙区块”\n  依据 一 「乙区块」\n";
    Rulebook::from_text(&format!("{RULES}\n{blocks}")).unwrap()
}

/// Mines of every kind: named or not, counted surely or perhaps, with amounts that are known or unknown.
fn assorted(rulebook: &Rulebook) -> Vec<PreparedFacts> {
    let classes = [r#""规模级别": "大型","#, r#""规模级别": "小型","#, ""];
    let amounts = [r#""年开采量": "1.33万吨/年","#, r#""年开采量": "0.07万吨/年","#, "", r#""年开采量": "20万吨/年","#];
    let blocks =
        [r#""所在区块": "K1", "矿业权人": "一","#, r#""所在区块": "K2", "矿业权人": "二","#, r#""矿业权人": "三","#];
    let minerals = ["建筑石料用灰岩", "建筑用砂岩", "煤"];
    let facts = (0..36).map(|index| {
        let name = if index % 4 == 0 { String::new() } else { format!(r#""名称": "M{index}","#) };
        let (class, amount, block) = (classes[index % 3], amounts[index % 4], blocks[index / 4 % 3]);
        format!(r#"{name} {class} {amount} {block} "矿种": "{}""#, minerals[index / 2 % 3])
    });
    facts.map(|facts| mine(rulebook, &facts)).collect()
}

#[test]
fn parts_merge_in_any_order_to_the_bytes_of_one_pass() {
    let rulebook = with_blocks();
    let options = at(2025);
    let mines = assorted(&rulebook);
    let mut once = rulebook.census(&options).unwrap();
    mines.iter().for_each(|mine| once.add(mine));
    let expected = once.assessment(None);
    let parts: Vec<Vec<u8>> = (0u64..)
        .zip(mines.chunks(7))
        .map(|(number, chunk)| {
            let mut part = rulebook.census(&options).unwrap().of_part(number);
            chunk.iter().for_each(|mine| part.add(mine));
            part.to_bytes()
        })
        .collect();
    let read = |bytes: &Vec<u8>| rulebook.census_from_bytes(&options, bytes).unwrap();
    let none = || rulebook.census(&options).unwrap();
    let mut seen: Vec<Vec<u8>> = Vec::new();
    for turn in 0..parts.len() {
        let forward = parts[turn..].iter().chain(&parts[..turn]);
        let backward = forward.clone().rev();
        // One after another, and as a tree: what stands beside what makes no difference either.
        let left = forward.map(read).fold(none(), adit::Census::merged);
        let right = backward.map(read).fold(none(), |all, part| part.merged(all));
        for whole in [left, right] {
            assert_eq!(whole.assessment(None), expected);
            assert_eq!(whole.mines(), mines.len());
            seen.push(whole.to_bytes());
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 1);
    assert_eq!(read(&seen[0]).to_bytes(), seen[0]);
}

#[test]
fn bytes_of_a_count_are_held_against_the_rules() {
    let rulebook = with_blocks();
    let mut census = rulebook.census(&at(2025)).unwrap();
    assorted(&rulebook).iter().for_each(|mine| census.add(mine));
    census.leave_out();
    let bytes = census.to_bytes();
    assert_eq!(rulebook.census_from_bytes(&at(2025), &bytes).unwrap().left_out(), 1);

    let told = |rulebook: &Rulebook, options: &AssessOptions, bytes: &[u8]| {
        let error = rulebook.census_from_bytes(options, bytes).unwrap_err();
        error.problems()[0].title(adit::Language::English)
    };
    assert!(told(&rulebook, &at(2024), &bytes).contains("as of another day"));
    let other = Rulebook::from_text(&RULES.replace("38个", "39个")).unwrap();
    assert!(told(&other, &at(2025), &bytes).contains("other rules"));
    assert!(told(&rulebook, &at(2025), &bytes[..bytes.len() / 2]).contains("it is none"));
    assert!(told(&rulebook, &at(2025), br#"{"census": 2}"#).contains("form 2"));
    // Counts that no mines can have come to are not taken: they could overflow where they are added up.
    let text = String::from_utf8(bytes).unwrap();
    let swollen = text.replacen("\"counts\":[[", "\"counts\":[[18446744073709551615", 1);
    assert_ne!(swollen, text);
    assert!(told(&rulebook, &at(2025), swollen.as_bytes()).contains("damaged"));
}
