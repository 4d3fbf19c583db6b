//! The command line from outside: exit codes, formats, languages, and bad input of every kind. Nothing panics.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

const RULES: &str = "引用 矿业
规划 test “测试规划”
  地区：测试县
  规划期：2021..2025

条款 T-1 “规模”
  依据 一 「新建矿山生产规模不低于100万吨/年」
  新建 矿山 生产规模 不低于 100万吨/年
  口径 “从宽”，理由 原文未写计量基准
  另一口径 “从严”：
    新建 矿山 生产规模 不低于 200万吨/年

条款 T-2 “煤”
  依据 二 「禁止开采煤」
  禁止 开采 煤

条款 T-3 “到期”
  依据 三 「采矿许可证到期的不得延续」
  禁止 延续 矿山 采矿许可证到期日 早于 截至日
";
const GOOD: &str = r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "120万吨/年"}"#;
const BAD: &str = r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年"}"#;

/// A folder of its own, gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("adit-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with_rules() -> Self {
        let folder = Self::new();
        folder.put("rules/test.adit", RULES);
        folder.put("good.json", GOOD);
        folder.put("bad.json", BAD);
        folder
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[], "")
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Run {
        let mut command = adit(&self.0);
        command.args(arguments).envs(environment.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let feeder = std::thread::spawn(move || {
            let _ = stdin.write_all(input.as_bytes());
        });
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        let run = Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!run.err.contains("panicked"), "{arguments:?}: {}", run.err);
        run
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Run {
    /// The exit code with all that was said, for a message.
    fn is(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "out: {}\nerr: {}", self.out, self.err);
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}: {}\n{}", self.out, self.err))
    }

    fn lines(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|fault| panic!("{fault}: {line}")))
            .collect()
    }

    fn says(&self, words: &str) -> &Self {
        assert!(self.out.contains(words) || self.err.contains(words), "{words}: out: {}\nerr: {}", self.out, self.err);
        self
    }
}

fn adit(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adit"));
    command.current_dir(folder);
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "TERM", "COLUMNS", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

#[test]
fn exit_codes_of_a_review() {
    let folder = Folder::with_rules();
    folder.run(&["review", "rules", "--facts", "good.json"]).is(0).says("符合规划");
    folder.run(&["review", "rules", "--facts", "bad.json"]).is(1).says("不符合规划").says("20万吨/年");
    folder.run(&["review", "rules/test.adit", "--facts", "bad.json"]).is(1);
    folder.run(&["review", "rules", "--facts", "none.json"]).is(2).says("A0702");
    folder.run(&["review", "nowhere", "--facts", "good.json"]).is(2).says("A0702");
    folder.run(&["review", "rules"]).is(2).says("--facts");
    folder.run(&["review", "rules", "--facts", "good.json", "--unknown"]).is(2);
    folder.run(&["judge", "rules"]).is(2);
    folder.run(&[]).is(2);
    folder.run(&["--help"]).is(0).says("用法");
    folder.run(&["--version"]).is(0);
}

#[test]
fn exit_codes_of_a_check() {
    let folder = Folder::with_rules();
    folder.run(&["check", "rules"]).is(0);
    folder.put("warns/a.adit", "引用 矿业\n条款 T-1 “甲”\n  禁止 开采 煤\n");
    folder.run(&["check", "warns"]).is(0).says("A0404");
    folder.run(&["check", "warns", "--deny", "warnings"]).is(1).says("A0404");
    folder.run(&["review", "warns", "--facts", "good.json", "--deny", "warnings"]).is(1);
    folder.put("wrong/a.adit", "引用 矿业\n条款 T-1 “甲”\n  禁止 开采 没\n");
    folder.run(&["check", "wrong"]).is(2).says("A0201");
    folder.run(&["review", "wrong", "--facts", "good.json"]).is(2).says("A0201");
}

#[test]
fn files_that_are_not_there() {
    let folder = Folder::new();
    folder.put("empty/readme.txt", "没有规则");
    for command in ["check", "facts", "test", "coverage"] {
        assert!(folder.run(&[command, "empty"]).is(2).says("没有规则文件").err.contains("A0701"), "{command}");
        assert!(folder.run(&[command, "nowhere.adit"]).is(2).err.contains("A0702"), "{command}");
    }
}

#[test]
fn json_of_a_review() {
    let folder = Folder::with_rules();
    for language in ["zh", "en"] {
        let run = folder.run(&["review", "rules", "--facts", "bad.json", "--format", "json", "--lang", language]);
        let ruling = run.is(1).json();
        assert_eq!(ruling["ruling"], "refused");
        assert_eq!(ruling["findings"][0]["clause"], "T-1");
        assert_eq!(ruling["findings"][0]["conditions"][0]["shortfall"]["text"], "20万吨/年");
        assert_eq!(ruling["findings"][0]["fact_place"]["file"], "bad.json");
        assert_eq!(ruling["remedy"]["reaches"], "admissible");
    }
    let of = |arguments: &[&str]| {
        let base = ["review", "rules", "--facts", "good.json", "--format", "json"];
        folder.run(&[&base[..], arguments].concat()).json()
    };
    let count = |ruling: &Value| ruling["findings"].as_array().unwrap().len();
    assert!(count(&of(&["--all"])) > count(&of(&[])));
    assert_eq!(count(&of(&["--all"])), 3);
    assert_eq!(of(&["--as-of", "2024-05-01"])["receipt"]["as_of"], "2024-05-01");
    assert_eq!(of(&["--reading", "T-1=从严"])["ruling"], "refused");
    assert_eq!(of(&["--reading", "T-1=从宽"])["ruling"], "admissible");
}

#[test]
fn options_that_make_no_sense() {
    let folder = Folder::with_rules();
    let with = |arguments: &[&str]| folder.run(&[&["review", "rules", "--facts", "good.json"], arguments].concat());
    with(&["--as-of", "2023-02-30"]).is(2).says("--as-of");
    with(&["--as-of", "昨天"]).is(2).says("--as-of");
    with(&["--as-of", "today"]).is(0);
    with(&["--reading", "T-1"]).is(2).says("--reading");
    with(&["--reading", "T-1=没有"]).is(2).says("A0704");
    // What was asked for stands in no rule file, so that none is shown or mended.
    let unknown = with(&["--reading", "T-9=从严"]);
    unknown.is(2).says("A0209").says("是不是「T-1」");
    assert!(!unknown.err.contains(".adit") && !unknown.err.contains("改为"), "{}", unknown.err);
    with(&["--format", "xml"]).is(2).says("xml");
    with(&["--lang", "fr"]).is(2).says("fr");
    with(&["--ask"]).is(2).says("--ask");
}

#[test]
fn languages() {
    let folder = Folder::with_rules();
    let arguments = ["review", "rules", "--facts", "bad.json"];
    let with = |locale: &str| folder.run_with(&arguments, &[("LC_ALL", locale)], "").out;
    assert!(with("").contains("不符合规划"));
    assert!(with("C").contains("不符合规划"));
    assert!(with("zh_CN.UTF-8").contains("不符合规划"));
    assert!(with("en_GB.UTF-8").contains("Refused"));
    let given = [&arguments[..], &["--lang", "en"]].concat();
    let english = folder.run_with(&given, &[("LC_ALL", "zh_CN.UTF-8")], "").out;
    assert!(english.contains("Refused") && !english.contains("不符合规划"), "{english}");
    let in_front = [&["--lang", "en"], &arguments[..]].concat();
    folder.run(&in_front).is(1).says("Refused");
}

#[test]
fn formats() {
    let folder = Folder::with_rules();
    folder.run(&["review", "rules", "--facts", "bad.json", "--format", "markdown"]).is(1).says("# ");
    folder.run(&["check", "rules", "--format", "json"]).is(0);
    assert!(folder.run(&["facts", "rules", "--format", "json"]).is(0).json().is_array());
    assert_eq!(folder.run(&["coverage", "rules", "--format", "json"]).is(0).json()["encoded"][0], "T-1");
    folder.run(&["explain", "rules", "T-1"]).is(0).says("新建矿山生产规模不低于100万吨/年");
    folder.run(&["explain", "rules", "T-9"]).is(2).says("T-9");
    let brackets =
        "引用 矿业\n条款 B-1 “括号”\n  依据 一 「略」\n  适用 整合 或 （扩建 且 新增划资源）\n  禁止 开采 煤\n";
    folder.put("brackets.adit", brackets);
    folder.run(&["explain", "brackets.adit", "B-1"]).is(0).says("或 （办理事项 是 扩建 且 新增划资源）");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let folder = Folder::with_rules();
    let arguments = ["review", "rules", "--facts", "bad.json", "--color"];
    let with = |when: &str, environment: &[(&str, &str)]| {
        folder.run_with(&[&arguments[..], &[when]].concat(), environment, "").out.contains('\u{1b}')
    };
    assert!(with("always", &[]));
    assert!(!with("never", &[]));
    assert!(!with("auto", &[]));
    assert!(!with("auto", &[("NO_COLOR", "1")]));
}

#[test]
fn facts_from_standard_input() {
    let folder = Folder::with_rules();
    let arguments = ["review", "rules", "--facts", "-", "--format", "json"];
    assert_eq!(folder.run_with(&arguments, &[], BAD).is(1).json()["ruling"], "refused");
    let yaml = "办理事项: 新建\n矿种: 建筑石料用灰岩\n生产规模: 120万吨/年\n";
    assert_eq!(folder.run_with(&arguments, &[], yaml).is(0).json()["ruling"], "admissible");
    folder.run_with(&arguments, &[], "").is(2);
}

#[test]
fn one_case_a_line() {
    let folder = Folder::with_rules();
    folder.put("cases.jsonl", format!("{GOOD}\n{{\"生产规模\": 80}}\n\n{BAD}\n{{\"矿种\": \n{GOOD}\n"));
    let run = folder.run(&["review", "rules", "--facts", "cases.jsonl"]);
    let lines = run.is(2).lines();
    assert_eq!(lines.len(), 5);
    let rulings: Vec<Option<&str>> = lines.iter().map(|line| line["ruling"].as_str()).collect();
    assert_eq!(rulings, [Some("admissible"), None, Some("refused"), None, Some("admissible")]);
    assert_eq!((&lines[1]["error"]["code"], &lines[1]["error"]["line"]), (&"A0604".into(), &2.into()));
    assert_eq!((&lines[3]["error"]["code"], &lines[3]["error"]["line"]), (&"A0601".into(), &5.into()));
    assert!(lines[1]["error"]["message"].as_str().is_some_and(|message| message.contains("生产规模")));
    assert_eq!(lines[2]["findings"][0]["fact_place"]["line"], 4);

    folder.put("good.jsonl", format!("{GOOD}\n{GOOD}\n"));
    assert_eq!(folder.run(&["review", "rules", "--facts", "good.jsonl"]).is(0).lines().len(), 2);
    folder.put("mixed.jsonl", format!("{GOOD}\n{BAD}"));
    assert_eq!(folder.run(&["review", "rules", "--facts", "mixed.jsonl"]).is(1).lines().len(), 2);
    let english = folder.run(&["review", "rules", "--facts", "cases.jsonl", "--lang", "en"]).lines();
    assert!(english[1]["error"]["message"].as_str().unwrap().contains("no unit"), "{}", english[1]);
}

#[test]
fn a_list_at_the_top_is_refused_with_the_fix() {
    let folder = Folder::with_rules();
    folder.put("list.json", format!("[{GOOD}, {BAD}]"));
    folder.run(&["review", "rules", "--facts", "list.json"]).is(2).says("A0617").says("JSON Lines");
}

/// Facts that cannot be used: the code, and words that are said.
#[test]
fn bad_facts_get_a_clear_error() {
    let folder = Folder::with_rules();
    let deep = "[".repeat(100_000);
    let deep_inside = format!("{{\"矿种\": {deep}");
    let cases: &[(&str, &str, &str)] = &[
        (r#"{"矿种": "煤", "矿种": "铁"}"#, "A0602", "矿种"),
        (r#"{"矿钟": "煤"}"#, "A0603", "矿种"),
        (r#"{"生产规模": 80}"#, "A0604", "万吨/年"),
        (r#"{"生产规模": "-5万吨/年"}"#, "A0608", "大于"),
        (r#"{"生产规模": "100万吨"}"#, "A0607", "年"),
        (r#"{"采矿许可证到期日": "2023-02-30"}"#, "A0609", "2023-02-30"),
        (r#"{"矿种": "建筑石料用灰沿"}"#, "A0610", "建筑石料用灰岩"),
        (r#"{"开采方式": ["露天", "地下"]}"#, "A0611", "开采方式"),
        (r#"{"矿种": "煤", "生产"#, "A0601", "读不通"),
        (r#"{"生产规模": NaN}"#, "A0601", "NaN"),
        (&deep, "A0614", "64"),
        (&deep_inside, "A0614", "64"),
        (r#"{"地区": "别处县"}"#, "A0613", "别处县"),
        (r#"{"办理事项": "新建", "采矿许可证到期日": "2025-01-01"}"#, "A0612", "新建"),
        ("\u{0}\u{1}\u{2}", "A0113", "文本"),
        ("", "A0601", "没有内容"),
        ("｛“矿种”：“煤”｝", "A0601", "半角"),
        ("{\"矿种\": \"建筑石料\u{200b}用灰岩\"}", "A0610", "U+200B"),
    ];
    for (facts, code, words) in cases {
        folder.put("facts.json", facts);
        let run = folder.run(&["review", "rules", "--facts", "facts.json"]);
        assert_eq!(run.code, Some(2), "{code}: {}{}", run.out, run.err);
        assert!(run.err.contains(code) && run.err.contains(words), "{code} {words}: {}", run.err);
        assert!(run.err.len() < 10_000, "{code}: {} bytes", run.err.len());
    }
    folder.put("facts.json", r#"{"生产规模": 1e999999999}"#);
    folder.run(&["review", "rules", "--facts", "facts.json"]).is(2).says("生产规模");
    folder.put("facts.json", r#"{"生产规模": "1e999999999万吨/年"}"#);
    folder.run(&["review", "rules", "--facts", "facts.json"]).is(2).says("生产规模");
    folder.put("facts.json", b"{\"\xbf\xf3\xd6\xd6\": \"\xc3\xba\"}");
    folder.run(&["review", "rules", "--facts", "facts.json"]).is(2).says("A0101").says("GBK");
    folder.put("facts.json", "\u{feff}{\r\n  \"矿种\": \"煤\"\r\n}\r\n");
    folder.run(&["review", "rules", "--facts", "facts.json"]).is(1);
}

/// Rules that cannot be used: the code, and words that are said.
#[test]
fn bad_rules_get_a_clear_error() {
    let folder = Folder::new();
    let clause = |body: &str| format!("引用 矿业\n条款 T-1 “甲”\n  {body}\n").into_bytes();
    let cases: &[(Vec<u8>, &str, &str)] = &[
        (b"\xd2\xfd\xd3\xc3 \xbf\xf3\xd2\xb5\n".to_vec(), "A0101", "GBK"),
        (b"\xff\xfe\x15_(u".to_vec(), "A0101", "UTF-16"),
        (clause("禁止 开采\u{202e} 煤"), "A0102", "U+202E"),
        (clause("禁止 开采\u{200b}煤"), "A0102", "U+200B"),
        (Vec::new(), "A0112", "没有条目"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec(), "A0113", "文本"),
        (clause("禁止 开采 煤 经认定「破坏"), "A0103", "引号"),
        (clause("禁止 （开采 煤"), "A0104", "括号"),
        (clause("禁止 开采 煤）"), "A0104", "括号"),
        (clause(&format!("禁止 {}煤{}", "（".repeat(1_000), "）".repeat(1_000))), "A0105", "64"),
        (clause(&format!("禁止 {}煤{}", "(".repeat(10_000), ")".repeat(10_000))), "A01", ""),
        (clause(&"煤".repeat(100_000)), "A0106", "4096"),
        ("引用 没有的词汇\n".as_bytes().to_vec(), "A0205", "没有的词汇"),
    ];
    for (rules, code, words) in cases {
        folder.put("rules/test.adit", rules);
        let run = folder.run(&["check", "rules"]);
        assert_eq!(run.code, Some(2), "{code}: {}{}", run.out, run.err);
        assert!(run.out.contains(code) && run.out.contains(words), "{code} {words}: {}", run.out);
        assert!(run.out.len() < 20_000, "{code}: {} bytes", run.out.len());
    }
}

#[test]
fn files_that_use_each_other_in_a_circle() {
    let folder = Folder::new();
    folder.put("rules/甲.adit", "词汇 甲\n引用 乙\n枚举 色 colour：红 red、绿 green\n");
    folder.put("rules/乙.adit", "词汇 乙\n引用 甲\n枚举 味 taste：酸 sour、甜 sweet\n");
    folder.run(&["check", "rules"]).is(2).says("A0206").says("乙 → 甲 → 乙");
}

/// BOM, CRLF and full-width signs are no fault.
#[test]
fn other_ways_of_writing_are_read() {
    let folder = Folder::with_rules();
    let reviewed = |text: String| {
        folder.put("other/test.adit", text);
        folder.run(&["review", "other", "--facts", "bad.json", "--format", "json"]).is(1).json()["ruling"].clone()
    };
    assert_eq!(reviewed(format!("\u{feff}{RULES}")), "refused");
    assert_eq!(reviewed(RULES.replace('\n', "\r\n")), "refused");
    let wide =
        "引用　矿业\n条款　Ｔ－１　“甲”\n　依据　一　「略」\n　新建　矿山　生产规模　≥　２００万吨／年　＃　注释\n";
    let wide = wide.replace("　依据　一　「略」\n", "");
    assert_eq!(reviewed(wide), "refused");
}

#[test]
#[cfg(unix)]
fn a_closed_pipe_is_no_fault() {
    let folder = Folder::with_rules();
    folder.put("many.jsonl", format!("{BAD}\n").repeat(300));
    for format in ["json", "text", "markdown"] {
        let mut command = adit(&folder.0);
        command.args(["review", "rules", "--facts", "many.jsonl", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.is_empty(), "{err}");
        assert!(matches!(output.status.code(), Some(0..=2)), "{:?}", output.status);
    }
}

/// A ruling that nobody gets is no ruling, whatever it would have been.
#[test]
#[cfg(target_os = "linux")]
fn a_result_that_is_lost_is_told() {
    let folder = Folder::with_rules();
    for language in ["zh", "en"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = adit(&folder.0);
        command.args(["review", "rules", "--facts", "bad.json", "--lang", language]);
        let output = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let told = if language == "zh" { "结果没有写完" } else { "could not be written" };
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(told), "{err}");
    }
}

#[test]
fn written_cases_are_run() {
    let folder = Folder::with_rules();
    let case = "\n试算 “煤”\n  情形 生产，矿种：煤\n  结论 T-2 不符合\n";
    folder.put("tested/test.adit", format!("{RULES}{case}"));
    folder.run(&["test", "tested"]).is(0);
    folder.put("failing/test.adit", format!("{RULES}{}", case.replace("不符合", "符合")));
    folder.run(&["test", "failing"]).is(1).says("×");
}

/// Every status that a case can expect is told in the reader's language.
#[test]
fn what_a_case_wants_is_told_in_words() {
    let folder = Folder::with_rules();
    let duties = "
条款 T-4 “基金”
  依据 四 「建立基金账户」
  环节 建设
  新建 矿山 须有 矿山地质环境治理恢复基金账户

条款 T-5 “明确要求”
  依据 五 「出让时明确」
  所及 主管部门
  新建 矿山 须 经认定「出让时明确要求」

试算 “新建”
  情形 新建，矿种：煤，材料：无
  结论 T-4 附带义务，T-5 本部门办理事项

试算 “延续，本部门没有要办的”
  情形 办理事项：延续，矿种：煤
  结论 T-5 不适用
";
    folder.put("good/test.adit", format!("{RULES}{duties}"));
    folder.run(&["test", "good"]).is(0);
    let turned = duties.replace("T-4 附带义务，T-5 本部门办理事项", "T-4 本部门办理事项，T-5 附带义务，T-2 未定");
    folder.put("bad/test.adit", format!("{RULES}{turned}"));
    let run = folder.run(&["test", "bad"]);
    run.is(1).says("T-4：应为 本部门办理事项，得到 附带义务").says("T-5：应为 附带义务，得到 本部门办理事项");
    run.says("T-2：应为 未定，得到 不符合");
    let run = folder.run(&["test", "bad", "--lang", "en"]);
    run.is(1).says("T-4: expected duty of the authority, found later duty");
}

#[test]
fn an_audit_does_not_compare_unlike_units() {
    let folder = Folder::new();
    let rules = "引用 矿业\n规划 test “测试规划”\n数据 T-1 “限量”\n  依据 一 「总量100万吨」\n  总量 是 100万吨\n  \
                 核对 40万立方米+20万立方米 ≤ 100万吨\n";
    folder.put("rules/test.adit", rules);
    let run = folder.run(&["audit", "rules"]);
    run.is(1).says("左边 60（体积），右边 100（质量），量不同，不能比");
    assert!(!run.out.contains("相差"), "{}", run.out);
    folder.run(&["audit", "rules", "--lang", "en"]).is(1).says("60 (volume) against 100 (mass), unlike units");
    let sums = folder.run(&["audit", "rules", "--format", "json"]).json();
    assert_eq!(sums["reckonings"][0]["unlike"], serde_json::json!(["volume", "mass"]));
}

#[test]
fn an_audit_converts_units_and_reads_indicators() {
    let folder = Folder::new();
    let rules = "引用 矿业\n规划 test “测试规划”\n指标 T-1 “矿山数量”\n  依据 一 「矿山数控制在38个以内」\n  \
                 矿山 数量 控制在 38个以内（上限）\n数据 T-2 “例”\n  依据 一 「例」\n  核对 20+18 = T-1\n  \
                 核对 25.61万平方米 = 0.2561平方千米\n  核对 10万吨/年 × 5年 = 50万吨\n  \
                 核对 340万吨 / 500万吨 = 68%\n";
    folder.put("good/test.adit", rules);
    folder.run(&["audit", "good"]).is(0).says("核对 4 处，相符 4 处，不符 0 处");
    let wrong = "  核对 440万吨+5万立方米 = 445万吨\n  核对 10万吨/年 × 5年 = 50万吨/年\n  核对 20+17 = T-1\n";
    folder.put("bad/test.adit", format!("{rules}{wrong}"));
    let run = folder.run(&["audit", "bad"]);
    run.is(1).says("440万吨+5万立方米 = 445万吨：质量与体积，不能相加").says("左边 50（质量），右边 50（质量/时间）");
    run.says("左边 37，右边 38，相差 1").says("印在这里： 38");
    folder.run(&["check", "bad"]).is(0).says("质量与体积不能相加").says("质量与质量/时间不能比");
    let run = folder.run(&["check", "bad", "--lang", "en"]);
    run.is(0).says("has mass and volume,").says("which do not add");
    let sums = folder.run(&["audit", "bad", "--format", "json"]).json();
    let added = sums["reckonings"].as_array().unwrap().iter().find(|sum| sum["left"].is_null()).unwrap();
    assert_eq!(added["unlike"], serde_json::json!(["mass", "volume"]));
}

#[test]
fn explain_says_all_phrases_of_a_reading() {
    let folder = Folder::new();
    let rules = "引用 矿业\n条款 T-1 “例”\n  依据 一 「例」\n  引文差异 例\n  新建 煤 矿山 生产规模 不低于 50万吨/年\n  \
                 新建 铁 矿山 生产规模 不低于 60万吨/年\n  口径 “甲”，理由 乙\n  另一口径 “丙”：\n    \
                 新建 煤 矿山 生产规模 不低于 50万吨/年\n    新建 铁 矿山 生产规模 不低于 70万吨/年\n";
    folder.put("rules.adit", rules);
    let run = folder.run(&["explain", "rules.adit", "T-1"]);
    let reading = run.is(0).out.split("另一口径").nth(1).unwrap().to_owned();
    assert_eq!((reading.matches("不低于 50万吨/年").count(), reading.matches("对象").count()), (1, 2), "{}", run.out);
}

#[test]
fn an_exploration_right_is_given_no_class() {
    let folder = Folder::new();
    let rules = "引用 矿业、规模分级\n规划 test “测试规划”\n条款 T-1 “煤”\n  依据 一 「禁止勘查煤」\n  禁止 勘查 煤\n";
    folder.put("rules/test.adit", rules);
    folder.put("explored.json", r#"{"权利": "探矿权", "矿种": "水泥用灰岩"}"#);
    folder.put("mined.json", r#"{"权利": "采矿权", "矿种": "水泥用灰岩"}"#);
    let told =
        |facts: &str| folder.run(&["review", "rules", "--facts", facts, "--format", "json"]).out.contains("规模级别 =");
    assert!(told("mined.json") && !told("explored.json"));
}
