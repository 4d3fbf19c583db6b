//! The house keeps its shape: modules import downward only, and what is fenced in stays fenced in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The ladder inside `src/`. A module may import only modules of a lower rung.
const LADDER: &[&[&str]] = &[
    &["span"],
    &["source", "quantity", "date"],
    &["diagnostic", "ast"],
    &["parse", "model"],
    &["program"],
    &["check", "compile", "facts"],
    &["evaluate"],
    &["registry"],
    &["ruling"],
    &["batch", "report"],
    &["error"],
    &["rulebook"],
    &["lib"],
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    rust_files(&root)
        .into_iter()
        .map(|path| {
            let relative = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            let module = relative.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
            (module, relative, fs::read_to_string(&path).expect("UTF-8"))
        })
        .collect()
}

/// The source without comments: what is left is code and string literals.
fn code(text: &str) -> String {
    let lines = text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_import_downward_only() {
    let rung: BTreeMap<&str, usize> =
        LADDER.iter().enumerate().flat_map(|(rung, names)| names.iter().map(move |name| (*name, rung))).collect();
    let mut faults = Vec::new();
    for (module, file, text) in sources() {
        let Some(here) = rung.get(module.as_str()) else {
            faults.push(format!("{file}: module `{module}` stands on no rung"));
            continue;
        };
        for (index, line) in code(&text).lines().enumerate() {
            for part in line.split("crate::").skip(1) {
                let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let allowed = name == module || rung.get(name.as_str()).is_some_and(|there| there < here);
                if !allowed && module != "lib" {
                    faults.push(format!("{file}:{}: `{module}` imports `{name}`", index + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn fences_hold() {
    let mut faults = Vec::new();
    for (module, file, text) in sources() {
        let code = code(&text);
        let mut fence = |word: &str, allowed: bool| {
            if !allowed && code.contains(word) {
                faults.push(format!("{file}: `{word}` has no place here"));
            }
        };
        fence("pest::", module == "parse");
        fence("pest_derive", module == "parse");
        fence("miette::", module == "error" || module == "diagnostic");
        for outside in ["std::fs", "std::env", "std::net", "std::time", "std::process", "f64", "f32"] {
            fence(outside, false);
        }
        fence("unsafe ", false);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_stay_short_enough_to_read() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|(_, _, text)| text.lines().count() > 600)
        .map(|(_, file, text)| format!("{file}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// The files that spell the language itself.
const LANGUAGE: &[&str] = &[
    "ast/keyword.rs",
    "check/words.rs",
    "check/names.rs",
    "check/vocabulary/fields.rs",
    "check/vocabulary/taxonomy.rs",
];

/// Words that are both the language's and a vocabulary's: types of fields, and the keys that the contract of facts fixes.
const SHARED: &[&str] = &[
    "材料",
    "认定",
    "距离",
    "位于",
    "区块",
    "分区",
    "申请",
    "登记册",
    "折算",
    "截至日",
    "地区",
    "环节",
    "项目",
    "编号",
    "名称",
    "日期",
    "规划审查意见",
    "办理事项",
    "documents",
    "distance",
    "attestations",
    "conversion",
    "density",
    "as-of",
    "region",
    "documents-complete",
    "block",
    "id",
    "name",
    "new",
    "stage",
    "status",
    "method",
    "change",
    "production",
    "design",
    "items",
    "area",
    "metal",
    "ore",
    "right",
    "holder",
    "transfer",
    "lead",
    "gold",
    "tin",
    "days",
    "year",
    "years",
    "day",
    "month",
    "months",
    "mine",
    "project",
];

#[test]
fn the_engine_knows_no_mining() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut terms: Vec<String> = Vec::new();
    for file in ["矿业.adit", "矿种.adit"] {
        let text = fs::read_to_string(root.join("rules/vocabulary").join(file)).expect("a vocabulary file");
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let words = line.split(|c: char| !(c.is_alphanumeric() || c == '-'));
            terms.extend(words.filter(|word| word.chars().count() > 1).map(str::to_owned));
        }
    }
    terms.sort();
    terms.dedup();
    let language: Vec<String> = sources()
        .into_iter()
        .filter(|(_, file, _)| LANGUAGE.contains(&file.as_str()))
        .map(|(_, _, text)| text)
        .collect();
    let domain: Vec<&String> = terms
        .iter()
        .filter(|term| !SHARED.contains(&term.as_str()))
        .filter(|term| !language.iter().any(|text| text.contains(term.as_str())))
        .filter(|term| term.chars().all(|c| !c.is_ascii()) || term.contains('-'))
        .collect();
    assert!(domain.len() > 300, "the vocabulary was read: {} terms", domain.len());
    let mut faults = Vec::new();
    for (_, file, text) in sources() {
        let code = code(&text);
        let literals: Vec<&str> = code.split('"').skip(1).step_by(2).collect();
        for term in &domain {
            if literals.iter().any(|literal| {
                *literal == term.as_str() || (term.chars().count() > 2 && literal.contains(term.as_str()))
            }) {
                faults.push(format!("{file}: `{term}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
