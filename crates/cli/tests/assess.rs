//! `adit assess`, `audit`, `coverage`, `test --generate` and `review --registry`, as they are run.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test says what is wrong by failing")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of its own, gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("adit-assess-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing hangs on it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn adit(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_adit")).current_dir(root()).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(arguments: &[&str]) -> Value {
    let (_, out, err) = adit(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&out).unwrap_or_else(|fault| panic!("{fault}: {out}{err}"))
}

const PLAN: &str = "rules/plans/yongchuan";
const REGISTRY: &str = "rules/plans/yongchuan/registry-2020.csv";

fn indicator<'a>(assessed: &'a Value, id: &str) -> &'a Value {
    assessed["indicators"].as_array().unwrap().iter().find(|it| it["indicator"] == id).unwrap()
}

/// What the plan of 永川 prints of 2020: 35 mines, 20 of them large or medium.
#[test]
fn published_counts_and_shares_come_out() {
    let assessed = json(&["assess", PLAN, "--registry", REGISTRY, "--as-of", "2020-12-31"]);
    assert_eq!(assessed["mines"], 35);
    let count = indicator(&assessed, "YC-103");
    assert_eq!(
        (&count["status"], &count["value"]["text"], &count["distance"]),
        (&"met".into(), &"35个".into(), &"3个".into())
    );
    let share = indicator(&assessed, "YC-104");
    assert_eq!(
        (&share["status"], &share["value"]["text"], &share["distance"]),
        (&"not-due".into(), &"20/35 57.14%".into(), &"1个".into())
    );
    let output = indicator(&assessed, "YC-089");
    assert_eq!(output["status"], "unknown");
    assert_eq!(output["missing"][0]["mines"].as_array().unwrap().len(), 10);
    let (code, text, _) = adit(&["assess", PLAN, "--registry", REGISTRY, "--as-of", "2020-12-31"]);
    assert_eq!(code, 0);
    assert!(text.contains("20/35 57.14%"));
}

/// The other plans' published counts.
#[test]
fn published_counts_of_every_plan() {
    for (plan, mines) in [("huining", 27), ("taonan", 11), ("ruoqiang", 53), ("shanting", 6)] {
        let (rules, registry) = (format!("rules/plans/{plan}"), format!("rules/plans/{plan}/registry-2020.csv"));
        let assessed = json(&["assess", &rules, "--registry", &registry, "--as-of", "2020-12-31"]);
        assert_eq!(assessed["mines"], mines, "{plan}");
    }
    let assessed = json(&["assess", "rules/plans/taonan", "--registry", "rules/plans/taonan/registry-2020.csv"]);
    assert_eq!(indicator(&assessed, "TN-053")["value"]["text"], "8/11 72.73%");
    let assessed = json(&["assess", "rules/plans/ruoqiang", "--registry", "rules/plans/ruoqiang/registry-2020.csv"]);
    assert_eq!(indicator(&assessed, "RQ-141")["value"]["text"], "18/53 33.96%");
}

#[test]
fn a_bad_row_is_named_and_the_rest_assessed() {
    let folder = Folder::new("bad");
    let file = folder.0.join("矿山.csv");
    std::fs::write(&file, "编号,矿种,规模级别,年开采量\n1,煤,大型,3万吨/年\n2,煤,大型,3万米\n3,煤,小型,\n").unwrap();
    let file = file.to_string_lossy().into_owned();
    let (code, out, err) = adit(&["assess", PLAN, "--registry", &file, "--lang", "zh"]);
    assert_eq!(code, 2);
    assert!(out.contains("2 个矿山") && out.contains("1/2 50%"), "{out}");
    assert!(err.contains("A0607") && err.contains("没有计入"), "{err}");
}

#[test]
fn rulings_of_each_mine_are_written_whole() {
    let folder = Folder::new("rulings");
    let out = folder.0.join("rulings.jsonl");
    let path = out.to_string_lossy().into_owned();
    let (code, _, err) = adit(&["assess", PLAN, "--registry", REGISTRY, "--rulings", &path]);
    assert_eq!(code, 0, "{err}");
    let written = std::fs::read_to_string(&out).unwrap();
    let rulings: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rulings.len(), 35);
    assert!(rulings.iter().all(|ruling| ruling["plan"] == "yongchuan"));
    let nowhere = folder.0.join("没有/rulings.jsonl").to_string_lossy().into_owned();
    assert_eq!(adit(&["assess", PLAN, "--registry", REGISTRY, "--rulings", &nowhere]).0, 2);
}

#[test]
fn an_application_is_held_against_the_registry() {
    let folder = Folder::new("application");
    let facts = folder.0.join("申请.json");
    std::fs::write(&facts, r#"{"办理事项": "新建", "名称": "新矿", "矿种": "建筑用砂岩", "规模级别": "中型"}"#)
        .unwrap();
    let facts = facts.to_string_lossy().into_owned();
    let ruling = json(&["review", PLAN, "--facts", &facts, "--registry", REGISTRY]);
    let quota = ruling["quotas"].as_array().unwrap().iter().find(|quota| quota["indicator"] == "YC-103").unwrap();
    assert_eq!((&quota["before"]["text"], &quota["after"]["text"]), (&"35个".into(), &"36个".into()));
    assert!(!ruling["notes"].as_array().unwrap().contains(&"quotas-not-checked".into()));
    // An expansion must be of a mine on the registry.
    std::fs::write(&facts, r#"{"办理事项": "扩建", "名称": "没有的矿"}"#).unwrap();
    let (code, _, err) = adit(&["review", PLAN, "--facts", &facts, "--registry", REGISTRY]);
    assert_eq!(code, 2);
    assert!(err.contains("A0622"), "{err}");
}

#[test]
fn sums_entries_and_bounds_are_told() {
    let sums = json(&["audit", PLAN]);
    let failing = sums["reckonings"].as_array().unwrap().iter().filter(|sum| sum["holds"] == false).count();
    assert!(failing >= 2);
    assert_eq!(adit(&["audit", PLAN]).0, 1);
    let coverage = json(&["coverage", PLAN]);
    assert_eq!(coverage["missing"].as_array().unwrap().len(), 0);
    assert_eq!(coverage["advisory"].as_array().unwrap().len(), 70);
    let (encoded, share) = (coverage["encoded"].as_array().unwrap(), &coverage["share"]);
    assert_eq!(encoded.len() + 70, 199, "the register has 199 entries, whatever ids the rules have besides");
    assert!(share["cited"].as_u64().unwrap() * 2 > share["characters"].as_u64().unwrap(), "{share}");
    assert!(adit(&["coverage", PLAN, "--lang", "zh"]).1.contains("引用规划原文"));
    assert_eq!(adit(&["coverage", PLAN]).0, 0);
    let tested = json(&["test", PLAN, "--generate"]);
    assert!(tested["generated"]["cases"].as_u64().unwrap() >= 20);
    assert_eq!(tested["generated"]["failed"].as_array().unwrap().len(), 0);
}

/// A record that cannot be used is missing from the counts, and the assessment itself says so.
#[test]
fn an_assessment_tells_what_it_leaves_out() {
    let folder = Folder::new("left-out");
    let file = folder.0.join("mines.csv");
    std::fs::write(&file, "名称,矿种,生产规模\n甲,煤,30万吨/年\n乙,煤,120千米\n丙,煤,\n").unwrap();
    let file = file.to_str().unwrap();
    let (code, out, _) = adit(&["assess", PLAN, "--registry", file, "--lang", "zh"]);
    assert_eq!(code, 2);
    assert!(out.contains("2 个矿山   另有 1 条记录用不了，未计入"), "{out}");
    let assessed = json(&["assess", PLAN, "--registry", file]);
    assert_eq!((&assessed["mines"], &assessed["left_out"]), (&2.into(), &1.into()));
    let case = folder.0.join("case.json");
    std::fs::write(&case, r#"{"名称": "丁", "办理事项": "新建", "矿种": "煤"}"#).unwrap();
    let ruling = json(&["review", PLAN, "--facts", case.to_str().unwrap(), "--registry", file]);
    assert!(ruling["notes"].as_array().unwrap().contains(&"registry-incomplete".into()), "{}", ruling["notes"]);
}

#[test]
fn every_entry_can_be_explained() {
    for (id, wanted) in
        [("YC-103", "控制在 38个以内"), ("YC-089", "1000"), ("YC-199", "理由"), ("YC-097", "100万吨/年")]
    {
        let (code, out, _) = adit(&["explain", PLAN, id]);
        assert_eq!(code, 0, "{id}");
        assert!(out.contains(wanted), "{id}: {out}");
    }
}
