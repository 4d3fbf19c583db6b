//! Reports of a ruling and of problems, built by hand, in both languages: look, alignment, contract.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a test says what is wrong by failing"
)]

use std::sync::Arc;

use adit::diagnostic::{Code, Language, Problem, Words};
use adit::report::{self, ReportOptions};
use adit::ruling::{
    Amount, AppliedException, Applies, AuthorityCheck, CitationResult, ConditionResult, Finding, Head, LaterDuty,
    Missing, MissingKind, Place, Receipt, Remedy, RemedyChange, Ruling, Shortfall, Silent, Status, Used, Verdict,
};
use adit::source::Source;
use adit::span::{SourceId, Span};
use unicode_width::UnicodeWidthStr;

const RULES: &str = "\
# 开采规模
引用 矿业

条款 YC-097 “灰岩新建规模”
  依据 四（二）3 「水泥用、建筑石料用灰岩：新建矿山生产规模不低于100万吨/年」
  新建 水泥用灰岩、建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
";

const FACTS: &str = "{
  \"名称\": \"三教灰岩矿\",
  \"办理事项\": \"新建\",
  \"生产规模\": \"80万吨/年\"
}
";

fn sources() -> Vec<Source> {
    vec![
        Source::new(SourceId::new(0), "rules/plans/yongchuan/开采规模.adit", RULES),
        Source::new(SourceId::new(1), "申请.json", FACTS),
    ]
}

fn span(sources: &[Source], number: usize, words: &str) -> Span {
    let source = &sources[number];
    let start = source.text().find(words).unwrap();
    Span::new(source.id(), start, start + words.len())
}

fn amount(text: &str, value: &str) -> Option<Amount> {
    Some(Amount { text: text.into(), value: value.into(), unit: Some("t/a".into()), basis: Some("ore".into()) })
}

fn head(clause: &str, title: &str, citation: CitationResult) -> Arc<Head> {
    Arc::new(Head {
        plan: "yongchuan".into(),
        clause: clause.into(),
        title: title.into(),
        subjects: vec!["application".into()],
        citation: Some(citation),
        ..Head::default()
    })
}

fn finding(clause: &str, title: &str, status: Status, force: &'static str) -> Finding {
    Finding {
        subject: "application".into(),
        head: head(clause, title, CitationResult { section: "四（三）1".into(), quote: None }),
        status,
        possible: vec![],
        applies: Applies::Yes,
        force,
        reading: None,
        exception: None,
        could_show: vec![],
        conditions: vec![],
        tree: None,
        missing: vec![],
        rule: None,
        fact_place: None,
        rule_span: Span::default(),
        fact_span: None,
    }
}

fn scale(sources: &[Source]) -> Finding {
    let fact = span(sources, 1, "\"80万吨/年\"");
    let rule = span(sources, 0, "生产规模 不低于 100万吨/年");
    let quote = "水泥用、建筑石料用灰岩：新建矿山生产规模不低于100万吨/年";
    let citation = CitationResult { section: "四（二）3".into(), quote: Some(quote.into()) };
    Finding {
        head: head("YC-097", "灰岩新建规模", citation),
        conditions: vec![ConditionResult {
            fact: "scale".into(),
            label: "生产规模".into(),
            operator: ">=",
            comparator: "不低于".into(),
            holds: Some(false),
            given: amount("80万吨/年", "800000"),
            bound: amount("100万吨/年", "1000000"),
            shortfall: Some(Shortfall {
                text: "20万吨/年".into(),
                value: "200000".into(),
                unit: Some("t/a".into()),
                strict: false,
            }),
            from: None,
            rule_span: rule,
            fact_span: Some(fact),
        }],
        rule: Some(Place { file: "rules/plans/yongchuan/开采规模.adit".into(), line: 6, column: 3 }),
        fact_place: Some(Place { file: "申请.json".into(), line: 4, column: 11 }),
        rule_span: rule,
        fact_span: Some(fact),
        ..finding("YC-097", "灰岩新建规模", Status::Violated, "must")
    }
}

fn shoreline() -> Finding {
    let length = |text: &str, value: &str| {
        Some(Amount { text: text.into(), value: value.into(), unit: Some("m".into()), basis: None })
    };
    Finding {
        conditions: vec![ConditionResult {
            fact: "distance".into(),
            label: "距长江干流岸线".into(),
            operator: "<=",
            comparator: "不超过".into(),
            holds: Some(true),
            given: length("3千米", "3000"),
            bound: length("5千米", "5000"),
            shortfall: None,
            from: None,
            rule_span: Span::default(),
            fact_span: None,
        }],
        could_show: vec!["环保搬迁".into()],
        ..finding("YC-108", "长江岸线", Status::Discretion, "restricted")
    }
}

fn missing(fact: &str, label: &str, kind: MissingKind, clause: &str) -> Missing {
    Missing { fact: fact.into(), label: label.into(), kind, given: None, clauses: vec![clause.into()] }
}

fn ruling(sources: &[Source]) -> Ruling {
    let plan = "绿色矿山建设实施方案";
    let question = "是否对生态环境可能产生严重破坏且难以恢复";
    let green = missing(plan, plan, MissingKind::Document, "YC-127");
    Ruling {
        plan: "yongchuan".into(),
        plan_title: "永川区矿产资源总体规划（2021—2025年）".into(),
        ruling: Verdict::Refused,
        findings: vec![
            scale(sources),
            Finding {
                reading: Some("二者居其一".into()),
                ..finding("YC-098", "灰岩整合与增划规模", Status::Satisfied, "must")
            },
            Finding {
                exception: Some(AppliedException { name: "YC-101".into(), rule: None }),
                applies: Applies::No,
                ..finding("YC-100", "小型矿山", Status::NotApplicable, "restricted")
            },
            shoreline(),
            finding("YC-074", "其他破坏性矿产", Status::Discretion, "must-not"),
            Finding {
                missing: vec![green.clone()],
                possible: vec![Status::Satisfied, Status::Violated],
                ..finding("YC-127", "绿色矿山", Status::Undetermined, "must")
            },
        ],
        missing: vec![],
        needed: vec![green],
        remedy: Some(Remedy {
            reaches: Some(Verdict::ForDecision),
            changes: vec![RemedyChange {
                fact: "scale".into(),
                label: "生产规模".into(),
                operator: ">=",
                value: "100万吨/年".into(),
            }],
            remaining: vec!["YC-108".into(), "YC-074".into()],
        }),
        later_duties: vec![LaterDuty {
            clause: "YC-121".into(),
            stage: "construction".into(),
            label: "建设".into(),
            text: "建立矿山地质环境治理恢复基金账户".into(),
            citation: None,
        }],
        authority_checks: vec![AuthorityCheck {
            clause: "YC-074".into(),
            attestation: Some(question.into()),
            text: question.into(),
        }],
        silent: Silent::default(),
        not_applicable: 52,
        other_readings: Vec::new(),
        quotas: Vec::new(),
        notes: vec!["quotas-not-checked"],
        fact_warnings: vec![],
        headline: vec!["三教灰岩矿".into(), "新建".into(), "建筑石料用灰岩".into()],
        case: vec![
            ("名称".into(), "三教灰岩矿".into()),
            ("办理事项".into(), "新建".into()),
            ("矿种".into(), "建筑石料用灰岩".into()),
        ],
        receipt: Receipt {
            engine: "adit 0.1.0",
            language: "0.1",
            rules: Arc::new([("rules/a|b.adit".to_owned(), "00ff".to_owned())].into()),
            facts: Some("ff00".into()),
            as_of: Some("2025-01-01".into()),
            readings: [].into(),
            chosen: [].into(),
            unverified: Vec::new(),
            defaults: vec![Used {
                label: "权利".into(),
                fact: "right".into(),
                value: "采矿权".into(),
                ..Used::default()
            }],
            upper: Arc::default(),
        },
        glossary: Arc::default(),
    }
}

fn options(language: Language) -> ReportOptions {
    ReportOptions::new(language)
}

#[test]
fn a_ruling_on_a_terminal() {
    let sources = sources();
    let ruling = ruling(&sources);
    insta::assert_snapshot!("text_zh", report::text(&ruling, &sources, options(Language::Chinese)));
    insta::assert_snapshot!("text_en", report::text(&ruling, &sources, options(Language::English)));
    let all = ReportOptions { all: true, ..options(Language::Chinese) };
    insta::assert_snapshot!("text_zh_all", report::text(&ruling, &sources, all));
    let narrow = ReportOptions { width: 60, ..options(Language::Chinese) };
    insta::assert_snapshot!("text_zh_narrow", report::text(&ruling, &sources, narrow));
}

#[test]
fn a_written_opinion() {
    let sources = sources();
    let ruling = ruling(&sources);
    insta::assert_snapshot!("markdown_zh", report::markdown(&ruling, &sources, options(Language::Chinese)));
    insta::assert_snapshot!("markdown_en", report::markdown(&ruling, &sources, options(Language::English)));
}

#[test]
fn json_for_programs() {
    let sources = sources();
    let ruling = ruling(&sources);
    let text = report::json(&ruling, false);
    insta::assert_snapshot!("json", text);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["ruling"], "refused");
    assert_eq!(value["findings"].as_array().unwrap().len(), 5);
    assert_eq!(value["findings"][0]["conditions"][0]["shortfall"]["text"], "20万吨/年");
    let all: serde_json::Value = serde_json::from_str(&report::json_line(&ruling, true)).unwrap();
    assert_eq!(all["findings"].as_array().unwrap().len(), 6);
    assert!(!report::json_line(&ruling, true).contains('\n'));
}

/// The columns at which `mark` starts in its line, as a terminal counts.
fn column_of(line: &str, mark: &str) -> usize {
    line.get(..line.find(mark).unwrap()).unwrap().width()
}

#[test]
fn underlines_stand_exactly_under_what_they_mark() {
    let sources = sources();
    let text = report::text(&ruling(&sources), &sources, options(Language::Chinese));
    let lines: Vec<&str> = text.lines().collect();
    for marked in ["\"80万吨/年\"", "生产规模 不低于 100万吨/年"] {
        let row = lines.iter().position(|line| line.contains('│') && line.contains(marked)).unwrap();
        let under = lines[row + 1];
        assert_eq!(column_of(under, "─"), column_of(lines[row], marked), "{marked}");
        assert_eq!(under.chars().filter(|sign| "─┬".contains(*sign)).count(), marked.width(), "{marked}");
        assert_eq!(column_of(lines[row + 2], "╰"), column_of(under, "┬"), "{marked}");
    }
}

#[test]
fn details_of_all_clauses_start_in_one_column() {
    let sources = sources();
    let text = report::text(&ruling(&sources), &sources, options(Language::Chinese));
    let starts =
        [("× YC-097", "生产规模 80"), ("! YC-108", "距长江"), ("! YC-074", "待本部门"), ("? YC-127", "未说明")];
    let columns: Vec<usize> = starts
        .iter()
        .map(|(line, detail)| column_of(text.lines().find(|text| text.starts_with(line)).unwrap(), detail))
        .collect();
    assert!(columns.iter().all(|column| *column == columns[0]), "{columns:?}");
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    let sources = sources();
    for width in [40, 60, 80, 100, 140] {
        for language in [Language::Chinese, Language::English] {
            let options = ReportOptions { width, language, all: true, colour: false };
            let text = report::text(&ruling(&sources), &sources, options);
            for line in text.lines().filter(|line| !line.contains("╭─[") && !line.contains("├─[")) {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn colour_adds_no_meaning() {
    let sources = sources();
    let plain = report::text(&ruling(&sources), &sources, options(Language::Chinese));
    let coloured = ReportOptions { colour: true, ..options(Language::Chinese) };
    let painted = report::text(&ruling(&sources), &sources, coloured);
    assert_ne!(plain, painted);
    let mut stripped = String::new();
    for (index, part) in painted.split("\u{1b}[").enumerate() {
        stripped.push_str(if index == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_eq!(plain, stripped);
    assert!(!plain.contains('\u{1b}'));
}

const ADMISSION: &str = "\
引用 矿业
条款 A-1 “规模”
\t新建 建筑石料用灰岩 矿山 生产规模 不低于 30万立方米/年
  新建 矿山 生产规模 不底于 100万吨/年
  条款 未完 （
";

fn rule_problems(sources: &[Source]) -> Vec<Problem> {
    vec![
        Problem::error(Code::UnknownWord, span(sources, 0, "不底于"))
            .with("不底于")
            .saying(Words::new("最近的是「不低于」", "the nearest is `不低于`"))
            .mended("不低于"),
        Problem::error(Code::DimensionClash, span(sources, 0, "30万立方米/年"))
            .with_words(Words::new("体积/年", "volume/time"))
            .with_words(Words::new("质量/年", "mass/time"))
            .saying(Words::new("体积/年（立方米/年）", "volume/time (m³/a)"))
            .also(span(sources, 0, "生产规模"), Words::new("质量/年（吨/年）", "mass/time (t/a)"))
            .also(span(sources, 1, "生产规模 scale"), Words::new("在此声明", "declared here")),
        Problem::error(Code::UnbalancedBracket, span(sources, 0, "（\n").to(span(sources, 0, "（"))),
        Problem::warning(Code::UnknownClause, Span::new(SourceId::new(0), ADMISSION.len(), ADMISSION.len()))
            .with("A-2"),
    ]
}

fn rule_sources() -> Vec<Source> {
    vec![
        Source::new(SourceId::new(0), "准入.adit", ADMISSION),
        Source::new(SourceId::new(1), "矿业.adit", "词汇 矿业\n对象 矿山\n  生产规模 scale：数量 质量/年\n"),
    ]
}

#[test]
fn mistakes_in_a_rule_file() {
    let sources = rule_sources();
    let problems = rule_problems(&sources);
    insta::assert_snapshot!("problems_zh", report::problems(&problems, &sources, options(Language::Chinese)));
    insta::assert_snapshot!("problems_en", report::problems(&problems, &sources, options(Language::English)));
    let narrow = ReportOptions { width: 44, ..options(Language::Chinese) };
    insta::assert_snapshot!("problems_zh_narrow", report::problems(&problems, &sources, narrow));
    insta::assert_snapshot!("problems_json", report::problems_json(&problems, &sources, Language::Chinese));
}

#[test]
fn fifty_are_drawn_and_the_rest_counted() {
    let sources = rule_sources();
    let one = rule_problems(&sources).remove(0);
    let text = report::problems(&vec![one; 63], &sources, options(Language::Chinese));
    assert_eq!(text.matches("A0201").count(), 50);
    assert!(text.contains("另有 13 处"));
    assert!(text.trim_end().ends_with("63 处错误"));
}

#[test]
fn long_lines_are_clipped_around_what_is_marked() {
    let long = format!("条款 {} 目标 {}", "甲".repeat(300), "乙".repeat(300));
    let sources = vec![Source::new(SourceId::new(0), "长.adit", long.as_str())];
    let problem = Problem::error(Code::UnknownWord, span(&sources, 0, "目标")).with("目标").saying(Words::same("在此"));
    let text = report::problems(&[problem], &sources, ReportOptions { width: 60, ..options(Language::Chinese) });
    let lines: Vec<&str> = text.lines().collect();
    let row = lines.iter().position(|line| line.contains("目标") && line.contains('│')).unwrap();
    assert!(lines[row].width() <= 60 && lines[row].contains('…'));
    assert_eq!(column_of(lines[row + 1], "─"), column_of(lines[row], "目标"));
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let sources = vec![Source::new(SourceId::new(0), "a\u{1b}[31m.adit", "词 \u{1b}[2J\u{202E}坏")];
    let problem =
        Problem::error(Code::UnknownWord, span(&sources, 0, "坏")).with("坏\u{7}").saying(Words::same("\u{1b}x"));
    let text = report::problems(&[problem], &sources, options(Language::Chinese));
    assert!(text.chars().all(|sign| sign == '\n' || !sign.is_control()), "{text:?}");
    assert!(!text.contains('\u{202E}'));
}

const CLAUSES: &str = "\
引用 矿业
规划 demo “某规划”
条款 A-1 “岸线”
  依据 四（三） 「从严控制长江干流岸线两侧向外5公里」
  从严控制 新建 矿山 距长江干流岸线 不超过 5千米
  除外 甲：经认定「符合有关规定」
  口径 “两侧各五公里”，理由 「两侧」即每侧
条款 A-2 “规模”
  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年 且 开采方式 是 露天
";

#[test]
fn a_clause_explained() {
    let rulebook = adit::Rulebook::from_text(CLAUSES).unwrap();
    let model = rulebook.model();
    let explain = |clause, language| report::explain(model, clause, &rulebook, options(language)).unwrap();
    insta::assert_snapshot!("explain_zh", explain("A-1", Language::Chinese) + &explain("A-2", Language::Chinese));
    insta::assert_snapshot!("explain_en", explain("A-1", Language::English) + &explain("A-2", Language::English));
    assert!(report::explain(model, "A-9", &rulebook, options(Language::Chinese)).is_none());
}

#[test]
fn a_comment_with_a_reason_lets_a_warning_pass() {
    let warnings = |text: &str| adit::Rulebook::from_text(text).unwrap().warnings().len();
    assert_eq!(warnings(CLAUSES), 1);
    assert_eq!(warnings(&CLAUSES.replace("条款 A-2", "# adit: allow A0404 试写\n条款 A-2")), 0);
    assert_eq!(warnings(&CLAUSES.replace("条款 A-2", "# adit: allow A0404\n条款 A-2")), 1);
    assert_eq!(warnings(&CLAUSES.replace("条款 A-2", "# adit: allow A0401 试写\n条款 A-2")), 1);
}

#[test]
fn an_error_is_one_line_for_a_log_and_a_diagnostic_for_a_handler() {
    let error = adit::Rulebook::from_text(ADMISSION).unwrap_err();
    let line = error.to_string();
    assert!(line.contains("rules.adit:") && !line.contains('\n'), "{line}");
    assert_eq!(error.code(), error.problems().first().map(Problem::code));
    assert!(std::error::Error::source(&error).is_none());

    use miette::Diagnostic;
    let label = error.labels().unwrap().next().unwrap();
    let source = error.source_code().unwrap();
    let place = source.read_span(label.inner(), 0, 0).unwrap();
    let problem = &error.problems()[0];
    let texts: &dyn report::Sources = &error;
    let position = texts.source(problem.span().source()).unwrap().position(problem.span().start());
    // Columns in characters, not in bytes; miette counts from 0.
    assert_eq!((place.line() + 1, place.column() + 1), (position.line, position.column));
    let lines = source.read_span(label.inner(), 1, 1).unwrap();
    assert!(std::str::from_utf8(lines.data()).unwrap().lines().count() >= 2);
    assert_eq!(error.related().map_or(0, Iterator::count) + 1, error.problems().len());
}

#[test]
fn a_rulebook_goes_anywhere() {
    fn anywhere<T: Send + Sync + Clone + 'static>() {}
    anywhere::<adit::Rulebook>();
    anywhere::<adit::Error>();
    anywhere::<adit::rulebook::PreparedFacts>();
}
