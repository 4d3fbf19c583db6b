//! A sentence that can be read two ways: one reading is taken with its reason, the other can be run on the same case.
//!
//! `cargo run -q --example other_reading`

use adit::{ReviewOptions, Rulebook, Status};

const RULES: &str = "引用 矿业
条款 YC-098 “灰岩整合与增划规模”
  依据 四（二）3 「整合及采矿证到期后新增划资源的矿山生产规模不低于50万吨/年」
  适用 整合 或 （采矿许可证 已到期 且 新增划资源）
  水泥用灰岩、建筑石料用灰岩 矿山 生产规模 不低于 50万吨/年
  口径 “二者居其一”，理由 「及」连接两类办理事项
  另一口径 “须同时具备”：
    适用 整合 且 采矿许可证 已到期 且 新增划资源
";

const FACTS: &str = r#"{"办理事项": "整合", "矿种": "水泥用灰岩", "生产规模": "40万吨/年",
 "采矿许可证到期日": "2026-06-30", "截至日": "2025-01-01"}"#;

fn main() -> Result<(), adit::Error> {
    let rulebook = Rulebook::from_text(RULES)?;
    let facts = rulebook.prepare_text("facts.json", FACTS)?;
    let mut statuses = Vec::new();
    for reading in ["二者居其一", "须同时具备"] {
        let mut options = ReviewOptions::default();
        options.readings.insert("YC-098".to_owned(), reading.to_owned());
        let ruling = rulebook.review_prepared(&facts, &options)?;
        let status = ruling.findings.first().map(|finding| finding.status);
        println!("{reading}: {} → {}", status.map_or("", Status::code), ruling.ruling.code());
        statuses.extend(status);
    }
    assert_eq!(statuses, [Status::Violated, Status::NotApplicable]);
    Ok(())
}
