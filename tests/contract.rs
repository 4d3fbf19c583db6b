//! The JSON of a ruling keeps to the committed schema, and the schema leaves no key unsaid.

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
use std::sync::OnceLock;

use adit::report;
use adit::{ReviewOptions, Rulebook};
use serde_json::{Map, Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path: &PathBuf| path.extension().is_some_and(|found| found == ending))
        .map(|path: PathBuf| {
            let name = Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn yongchuan() -> &'static Rulebook {
    static RULEBOOK: OnceLock<Rulebook> = OnceLock::new();
    RULEBOOK.get_or_init(|| {
        let mut builder = Rulebook::builder();
        for (name, text) in files("rules/plans/yongchuan", "adit") {
            builder = builder.source(name, text);
        }
        builder.build().unwrap()
    })
}

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("docs/schema/ruling.schema.json")).unwrap()).unwrap()
}

/// The schema with every object closed whose keys it lists.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            if map.get("type") == Some(&json!("object")) && map.contains_key("properties") {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
            for value in map.values_mut() {
                *value = closed(value.take());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = closed(item.take())),
        _ => {}
    }
    schema
}

/// Rulings of every kind: all cases of the plan, combinations of the facts that decide most, and a few of other rules.
fn rulings() -> Vec<(String, Value)> {
    let mut texts: Vec<(String, String)> = files("rules/plans/yongchuan/cases", "json");
    assert!(texts.len() >= 5);
    let activities = ["新建", "扩建", "延续", "整合", "闭坑", "变更"];
    let minerals = [json!("煤"), json!("建筑石料用灰岩"), json!(["铅", "锌"]), json!("石灰岩"), Value::Null];
    let scales = [json!("80万吨/年"), json!("6万立方米/年"), json!("100.5 矿石万吨/年"), Value::Null];
    for (number, activity) in activities.iter().enumerate() {
        for (other, mineral) in minerals.iter().enumerate() {
            let facts = json!({
                "办理事项": activity, "矿种": mineral, "生产规模": scales[(number + other) % scales.len()],
                "位于": if other % 2 == 0 { json!([]) } else { json!(["生态保护红线"]) },
                "材料": ["矿产资源开发利用方案"], "材料齐全": number % 2 == 0,
            });
            texts.push((format!("{activity}-{other}.json"), facts.to_string()));
        }
    }
    texts.push(("nothing.json".to_owned(), "{}".to_owned()));
    texts.push(("探矿权.json".to_owned(), r#"{"权利": "探矿权", "矿种": "锶"}"#.to_owned()));
    let mut rulings = Vec::new();
    for (name, text) in texts {
        for as_of in [None, "2024-05-01".parse().ok()] {
            let facts = yongchuan().prepare_text(&name, &text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            for all in [false, true] {
                let options = ReviewOptions { as_of, whole: all, ..ReviewOptions::default() };
                let Ok(ruling) = yongchuan().review_prepared(&facts, &options) else { continue };
                rulings.push((name.clone(), serde_json::from_str(&report::json(&ruling, all)).unwrap()));
            }
        }
    }
    rulings.extend(of_small_rules());
    rulings.extend(of_layers());
    rulings
}

/// A number taken from a plan above.
fn of_layers() -> Vec<(String, Value)> {
    let text = |name: &str| fs::read_to_string(root().join("tests/inputs/layers").join(name)).unwrap();
    let upper = [adit::rulebook::RuleFile::new("upper.adit", text("upper.adit"))];
    let rulebook = Rulebook::builder().source("county.adit", text("county.adit")).upper(upper).build().unwrap();
    let facts = r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年", "服务年限": "12年"}"#;
    let facts = rulebook.prepare_text("facts.json", facts).unwrap();
    let options = ReviewOptions { whole: true, ..ReviewOptions::default() };
    let ruling = rulebook.review_prepared(&facts, &options).unwrap();
    vec![("layers".to_owned(), serde_json::from_str(&report::json(&ruling, true)).unwrap())]
}

fn of_small_rules() -> Vec<(String, Value)> {
    let rules = "引用 矿业
条款 T-1 “规模”
  依据 一
  依据 二
  属性 约束性
  新建 矿山 生产规模 高于 100万吨/年
  除外 “深部”：经认定「深部开采」
  口径 “从宽”，理由 原文未写计量基准
  另一口径 “从严”：
    新建 矿山 生产规模 高于 200万吨/年
条款 T-2 “限制”
  依据 一 「略」
  可突破：经市局论证同意
  限制 开采 煤
条款 T-3 “核查”
  依据 一 「略」
  禁止 开采 铁 经认定「破坏生态环境」（本部门核查）
条款 T-4 “第三分之一”
  依据 一
  宜 开采回采率 不低于 1/3
";
    let rulebook = Rulebook::from_text(rules).unwrap_or_else(|error| panic!("{error:?}"));
    let cases = [
        r#"{"办理事项": "新建", "矿种": "煤", "生产规模": "100万吨/年"}"#,
        r#"{"办理事项": "新建", "矿种": "铁", "生产规模": "5万立方米/年", "体重": {"value": "2.65", "unit": "吨/立方米", "source": "储量核实报告"}}"#,
        r#"{"办理事项": "新建", "矿种": "铁", "开采回采率": "20%"}"#,
        r#"{"办理事项": "新建", "矿种": "煤", "认定": {"深部开采": true}}"#,
    ];
    let mut rulings = Vec::new();
    for text in cases {
        let facts = rulebook.prepare_text("facts.json", text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        for reading in ["从宽", "从严"] {
            let mut options = ReviewOptions::default();
            options.readings.insert("T-1".to_owned(), reading.to_owned());
            let ruling = rulebook.review_prepared(&facts, &options).unwrap();
            let line = report::json_line(&ruling, true);
            assert!(!line.contains('\n'));
            rulings.push((text.to_owned(), serde_json::from_str(&line).unwrap()));
        }
    }
    rulings
}

/// Checks values against a schema. It knows the words that our schema uses and stops at any other, so that nothing the
/// schema says goes unread.
struct Checker<'a> {
    schema: &'a Value,
    faults: Vec<String>,
}

impl Checker<'_> {
    fn agrees(&self, value: &Value, schema: &Value) -> bool {
        let mut checker = Checker { schema: self.schema, faults: Vec::new() };
        checker.check(value, schema, "");
        checker.faults.is_empty()
    }

    fn check(&mut self, value: &Value, schema: &Value, path: &str) {
        let words = schema.as_object().unwrap();
        for (word, said) in words {
            let holds = match word.as_str() {
                "$schema" | "$id" | "title" | "description" | "$defs" => true,
                "$ref" => {
                    let name = said.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                    self.check(value, &self.schema["$defs"][name], path);
                    true
                }
                "type" => match said {
                    Value::String(name) => is_of(value, name),
                    names => names.as_array().unwrap().iter().any(|name| is_of(value, name.as_str().unwrap())),
                },
                "enum" => said.as_array().unwrap().contains(value),
                "const" => said == value,
                "oneOf" => said.as_array().unwrap().iter().filter(|one| self.agrees(value, one)).count() == 1,
                "allOf" => {
                    said.as_array().unwrap().iter().for_each(|one| self.check(value, one, path));
                    true
                }
                "if" => {
                    if self.agrees(value, said) {
                        self.check(value, &words["then"], path);
                    }
                    true
                }
                "then" => words.contains_key("if"),
                "required" | "properties" | "additionalProperties" | "minProperties" => {
                    value.as_object().is_none_or(|map| self.object(map, word, said, schema, path))
                }
                "items" | "minItems" | "uniqueItems" => {
                    value.as_array().is_none_or(|items| self.list(items, word, said, path))
                }
                "minLength" => value.as_str().is_none_or(|text| text.chars().count() >= count(said)),
                "pattern" => value.as_str().is_none_or(|text| has_pattern(text, said.as_str().unwrap())),
                "minimum" => value.as_i64().is_none_or(|number| number >= said.as_i64().unwrap()),
                other => panic!("the schema says `{other}`, which this check does not know"),
            };
            if !holds {
                let shown: String = value.to_string().chars().take(80).collect();
                self.faults.push(format!("{path}: {shown} against {word} {said}"));
            }
        }
    }

    fn object(&mut self, map: &Map<String, Value>, word: &str, said: &Value, schema: &Value, path: &str) -> bool {
        match word {
            "required" => said.as_array().unwrap().iter().all(|key| map.contains_key(key.as_str().unwrap())),
            "minProperties" => map.len() >= count(said),
            "properties" => {
                for (key, schema) in said.as_object().unwrap() {
                    if let Some(value) = map.get(key) {
                        self.check(value, schema, &format!("{path}/{key}"));
                    }
                }
                true
            }
            _ => {
                let others = map.iter().filter(|(key, _)| schema["properties"].get(key.as_str()).is_none());
                if *said == json!(false) {
                    return others.count() == 0;
                }
                others.for_each(|(key, value)| self.check(value, said, &format!("{path}/{key}")));
                true
            }
        }
    }

    fn list(&mut self, items: &[Value], word: &str, said: &Value, path: &str) -> bool {
        match word {
            "minItems" => items.len() >= count(said),
            "uniqueItems" => items.iter().enumerate().all(|(index, item)| !items[..index].contains(item)),
            _ => {
                items.iter().enumerate().for_each(|(index, item)| self.check(item, said, &format!("{path}/{index}")));
                true
            }
        }
    }
}

fn count(said: &Value) -> usize {
    usize::try_from(said.as_u64().unwrap()).unwrap()
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    }
}

/// The three patterns of the schema, without a crate for them.
fn has_pattern(text: &str, pattern: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match pattern {
        "^[0-9a-f]{64}$" => text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => {
            let parts: Vec<&str> = text.split('-').collect();
            parts.iter().map(|part| part.len()).eq([4, 2, 2]) && parts.iter().all(|part| digits(part))
        }
        r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$" => {
            let text = text.strip_prefix('-').unwrap_or(text);
            let parts = text.split_once('.').or_else(|| text.split_once('/'));
            parts.map_or_else(|| digits(text), |(one, two)| digits(one) && digits(two))
        }
        other => panic!("the schema has the pattern {other}, which this check does not know"),
    }
}

fn faults(schema: &Value, rulings: &[(String, Value)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, ruling) in rulings {
        let mut checker = Checker { schema, faults: Vec::new() };
        checker.check(ruling, schema, "");
        faults.extend(checker.faults.iter().map(|fault| format!("{name}: {fault}")));
    }
    faults.sort();
    faults.dedup();
    faults.truncate(20);
    faults
}

#[test]
fn rulings_keep_to_the_schema() {
    let rulings = rulings();
    assert_eq!(faults(&schema(), &rulings), Vec::<String>::new());
    assert_eq!(faults(&closed(schema()), &rulings), Vec::<String>::new(), "keys that the schema does not know");
}

#[test]
fn the_rulings_are_of_many_kinds() {
    let rulings = rulings();
    for verdict in ["refused", "incomplete", "for-decision", "admissible"] {
        assert!(rulings.iter().any(|(_, ruling)| ruling["ruling"] == verdict), "none is {verdict}");
    }
    for status in ["violated", "satisfied", "discretion", "undetermined", "not-applicable"] {
        let has = |ruling: &Value| ruling["findings"].as_array().unwrap().iter().any(|one| one["status"] == status);
        assert!(rulings.iter().any(|(_, ruling)| has(ruling)), "none finds {status}");
    }
}

/// The schema is no mere formality: what breaks the contract is found.
#[test]
fn the_schema_finds_what_breaks_it() {
    let (_, good) = rulings().into_iter().find(|(_, ruling)| ruling["ruling"] == "refused").unwrap();
    let breaks: [fn(&mut Value); 6] = [
        |ruling| ruling["ruling"] = json!("denied"),
        |ruling| ruling["findings"][0]["status"] = json!("failed"),
        |ruling| ruling["findings"][0]["clause"] = json!(97),
        |ruling| ruling["receipt"]["facts"] = json!("abc"),
        |ruling| ruling["missing"] = json!([{"fact": "scale", "kind": "thing", "clauses": ["A"]}]),
        |ruling| {
            ruling.as_object_mut().unwrap().shift_remove("findings");
        },
    ];
    for (number, break_it) in breaks.iter().enumerate() {
        let mut bad = good.clone();
        break_it(&mut bad);
        assert!(!faults(&schema(), &[(String::new(), bad)]).is_empty(), "break {number} is not found");
    }
}

/// Findings that do not apply are left out unless all are asked for; nothing else differs.
#[test]
fn all_adds_findings_only() {
    for (name, text) in files("rules/plans/yongchuan/cases", "json") {
        let facts = yongchuan().prepare_text(&name, &text).unwrap();
        let ruling = yongchuan().review_prepared(&facts, &ReviewOptions::default()).unwrap();
        let read = |all| serde_json::from_str::<Value>(&report::json(&ruling, all)).unwrap();
        let (brief, all) = (read(false), read(true));
        let applies = |ruling: &Value| {
            let findings = ruling["findings"].as_array().unwrap().iter();
            findings.filter(|one| one["status"] != "not-applicable").cloned().collect::<Vec<Value>>()
        };
        assert_eq!(brief["findings"].as_array().unwrap(), &applies(&all));
        for key in
            ["ruling", "missing", "needed", "remedy", "later_duties", "authority_checks", "receipt", "not_applicable"]
        {
            assert_eq!(brief[key], all[key], "{name}: {key}");
        }
    }
}
