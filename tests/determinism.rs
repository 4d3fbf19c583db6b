//! Same input, same bytes; order says nothing; a small stack is enough; a rulebook goes to any thread.

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
use serde_json::Value;

const fn can_be_shared<T: Send + Sync + Clone>() {}
const _: () = can_be_shared::<Rulebook>();

type Files = Vec<(String, String)>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/plans/yongchuan")
}

fn texts(folder: &Path, ending: &str) -> Files {
    let mut files: Files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn built(files: &Files) -> Rulebook {
    let mut builder = Rulebook::builder();
    for (name, text) in files {
        builder = builder.source(name, text);
    }
    builder.build().unwrap_or_else(|error| panic!("{error:?}"))
}

fn yongchuan() -> &'static Rulebook {
    static RULEBOOK: OnceLock<Rulebook> = OnceLock::new();
    RULEBOOK.get_or_init(|| built(&texts(&folder(), "adit")))
}

fn cases() -> Files {
    texts(&folder().join("cases"), "json")
}

fn ruled(rulebook: &Rulebook, name: &str, text: &str) -> String {
    let facts = rulebook.prepare_text(name, text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let ruling = rulebook.review_prepared(&facts, &ReviewOptions::default());
    report::json(&ruling.unwrap_or_else(|error| panic!("{name}: {error:?}")), true)
}

/// A fixed shuffle: no chance in a test either.
fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for index in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(index, usize::try_from(seed >> 33).unwrap() % (index + 1));
    }
}

/// A file with its items in another order; what heads the file stays in front.
fn shuffled(text: &str, seed: u64) -> String {
    let mut items: Vec<String> = vec![String::new()];
    let mut heads: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with(|first: char| !first.is_whitespace() && first != '#' && first != '}') {
            items.push(String::new());
        }
        let item = items.last_mut().unwrap();
        item.push_str(line);
        item.push('\n');
    }
    items.retain(|item| {
        let is_head =
            ["引用", "规划", "use", "plan"].iter().any(|word| item.starts_with(word)) || item.starts_with('#');
        if is_head {
            heads.push(item.clone());
        }
        !is_head
    });
    shuffle(&mut items, seed);
    heads.concat() + &items.concat()
}

/// Takes out what stands for places and texts, and puts lists in order that follow the order of clauses.
fn without_order(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.shift_remove("rule");
            map.shift_remove("fact_place");
            map.shift_remove("rules");
            map.shift_remove("facts");
            for (key, value) in map.iter_mut() {
                without_order(value);
                let of_clauses = [
                    "findings",
                    "missing",
                    "needed",
                    "later_duties",
                    "authority_checks",
                    "clauses",
                    "remaining",
                    "other_readings",
                ];
                if let (Value::Array(items), true) = (value, of_clauses.contains(&key.as_str())) {
                    items.sort_by_key(ToString::to_string);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_order),
        _ => {}
    }
}

fn normal(json: &str) -> String {
    let mut value: Value = serde_json::from_str(json).unwrap();
    without_order(&mut value);
    format!("{value:#}")
}

/// The lines in which two texts differ.
fn differences(one: &str, two: &str) -> Vec<String> {
    let pairs = one.lines().zip(two.lines()).filter(|(one, two)| one != two);
    let mut found: Vec<String> = pairs.map(|(one, two)| format!("{} | {}", one.trim(), two.trim())).collect();
    if one.lines().count() != two.lines().count() {
        found.push(format!("{} lines, {} lines", one.lines().count(), two.lines().count()));
    }
    found
}

#[test]
fn two_runs_are_equal_in_every_byte() {
    let again = built(&texts(&folder(), "adit"));
    for (name, text) in cases() {
        let first = ruled(yongchuan(), &name, &text);
        assert_eq!(first, ruled(yongchuan(), &name, &text));
        assert_eq!(first, ruled(&again, &name, &text));
    }
}

#[test]
fn the_order_of_clauses_and_files_changes_no_ruling() {
    for seed in [1, 7, 2_021] {
        let mut files = texts(&folder(), "adit");
        for (_, text) in &mut files {
            *text = shuffled(text, seed);
        }
        shuffle(&mut files, seed);
        let other = built(&files);
        assert_eq!(other.model().clauses.len(), yongchuan().model().clauses.len());
        for (name, text) in cases() {
            let (one, two) = (ruled(yongchuan(), &name, &text), ruled(&other, &name, &text));
            assert_eq!(differences(&normal(&one), &normal(&two)), Vec::<String>::new(), "{name} with seed {seed}");
        }
    }
}

#[test]
fn the_order_of_facts_changes_no_ruling() {
    for (name, text) in cases() {
        let one = ruled(yongchuan(), &name, &text);
        let Value::Object(map) = serde_json::from_str(&text).unwrap() else { panic!("{name}") };
        for seed in [1, 7, 2_021] {
            let mut entries: Vec<(String, Value)> = map.clone().into_iter().collect();
            shuffle(&mut entries, seed);
            for (_, value) in &mut entries {
                if let Value::Object(inner) = value {
                    let mut inner_entries: Vec<(String, Value)> = inner.clone().into_iter().collect();
                    shuffle(&mut inner_entries, seed);
                    *value = Value::Object(inner_entries.into_iter().collect());
                }
            }
            let text = Value::Object(entries.into_iter().collect()).to_string();
            let two = ruled(yongchuan(), &name, &text);
            assert_eq!(normal(&one), normal(&two), "{name} with seed {seed}");
        }
    }
}

#[test]
fn chinese_and_english_names_of_facts_are_one() {
    let chinese = r#"{"权利": "采矿权", "办理事项": "新建", "矿种": "建筑石料用灰岩", "开采方式": "露天", "生产规模": "80万吨/年"}"#;
    let english = r#"{"right": "mining-right", "activity": "new", "mineral": "building-limestone", "method": "open_pit", "scale": "80万吨/年"}"#;
    let ruling = |text: &str| {
        let mut value: Value = serde_json::from_str(&ruled(yongchuan(), "facts.json", text)).unwrap();
        without_order(&mut value);
        (value["ruling"].clone(), value["missing"].clone(), value["remedy"].clone())
    };
    assert_eq!(ruling(chinese), ruling(english));
}

#[test]
fn a_small_stack_is_enough() {
    let rulebook = yongchuan().clone();
    let cases = cases();
    assert!(!cases.is_empty());
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    let thread =
        small.spawn(move || cases.iter().map(|(name, text)| ruled(&rulebook, name, text).len()).sum::<usize>());
    assert!(thread.unwrap().join().unwrap() > 0);
}

#[test]
fn threads_share_one_rulebook() {
    let cases = cases();
    let alone: Vec<String> = cases.iter().map(|(name, text)| ruled(yongchuan(), name, text)).collect();
    std::thread::scope(|scope| {
        let run = || cases.iter().map(|(name, text)| ruled(yongchuan(), name, text)).collect::<Vec<String>>();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}
