//! What is not stated is unknown: the ruling waits, says what it waits for, and changes once that is supplied.
//!
//! `cargo run -q --example what_is_missing`

use adit::diagnostic::Language;
use adit::{Rulebook, Verdict, report};

const RULES: &str = "引用 矿业
条款 甲 “新建规模”
  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
条款 乙 “长江岸线”
  禁止 新设 矿业权 距 长江干流岸线 不超过 5千米
条款 丙 “整合规模”
  整合 矿山 生产规模 不低于 50万吨/年
";

const STEPS: [&str; 3] = [
    r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩"}"#,
    r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "120万吨/年"}"#,
    r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "120万吨/年", "距离": {"长江干流岸线": "18千米"}}"#,
];

fn main() -> Result<(), adit::Error> {
    let rulebook = Rulebook::from_text(RULES)?;
    let mut told = Vec::new();
    for facts in STEPS {
        let ruling = rulebook.review_json(facts)?;
        let missing: Vec<String> = ruling.missing.iter().map(|missing| missing.label.to_string()).collect();
        let words = report::verdict_words(ruling.ruling, Language::Chinese);
        println!("{facts}\n  {words}；缺：{}\n", if missing.is_empty() { "无".to_owned() } else { missing.join("、") });
        told.push((ruling.ruling, missing.len()));
    }
    // The clause about mergers wants nothing: it cannot speak of a new mine.
    assert_eq!(told, [(Verdict::Incomplete, 2), (Verdict::Incomplete, 1), (Verdict::Admissible, 0)]);
    Ok(())
}
