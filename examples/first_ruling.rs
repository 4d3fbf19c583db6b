//! A rule in a plan's own words, an application, a ruling with its reasons.
//!
//! `cargo run -q --example first_ruling`

use adit::report::{self, ReportOptions};
use adit::{ReviewOptions, Rulebook, Verdict};

const RULES: &str = "引用 矿业
条款 YC-097 “灰岩新建规模”
  依据 四（二）3 「水泥用、建筑石料用灰岩：新建矿山生产规模不低于100万吨/年」
  新建 水泥用灰岩、建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
";

const FACTS: &str = r#"{"名称": "三教灰岩矿", "办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年"}"#;

fn main() -> Result<(), adit::Error> {
    let rulebook = Rulebook::from_text(RULES)?;
    // Facts that are kept lend their text to the report; `review_json` does the same in one step.
    let facts = rulebook.prepare_text("三教灰岩矿.json", FACTS)?;
    let ruling = rulebook.review_prepared(&facts, &ReviewOptions::default())?;
    assert_eq!(ruling.ruling, Verdict::Refused);
    print!("{}", report::text(&ruling, &(&rulebook, &facts), ReportOptions::default()));
    Ok(())
}
