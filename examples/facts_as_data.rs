//! Which facts a rulebook reads, as data: enough to build a form, or to check a data source against the rules.
//!
//! `cargo run -q --example facts_as_data`

use adit::Rulebook;
use adit::rulebook::FieldType;

const RULES: &str = "引用 矿业
条款 甲 “新建规模”
  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
条款 乙 “岸线与材料”
  禁止 新设 矿业权 距 长江干流岸线 不超过 5千米
  新建 矿山 须有 矿山设计
";

fn main() -> Result<(), adit::Error> {
    let fields = Rulebook::from_text(RULES)?.fields();
    for field in &fields {
        let asked: Vec<&str> =
            field.members.iter().filter(|member| member.asked).map(|member| member.label.as_str()).collect();
        let detail = if asked.is_empty() { field.units.join("、") } else { asked.join("、") };
        let (kind, clauses) = (format!("{:?}", field.kind), field.clauses.join("、"));
        println!("{} ({}) {kind} [{detail}] 条款 {clauses}", field.label, field.key);
    }
    let scale = fields.iter().find(|field| field.key == "scale");
    assert!(scale.is_some_and(|field| field.kind == FieldType::Quantity && field.clauses == ["甲"]));
    assert!(fields.iter().all(|field| field.key != "mining-recovery"), "no clause reads it");
    Ok(())
}
