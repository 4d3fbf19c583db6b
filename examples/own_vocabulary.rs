//! The engine knows no mining: parking rules, over a vocabulary held in memory.
//!
//! `cargo run -q --example own_vocabulary`

use adit::Rulebook;
use adit::rulebook::{Resolver, RuleFile};

const PARKING: &str = "词汇 停车 parking
单位 小时 hour（亦作 hours）：时间
单位 分钟 minute（亦作 minutes）：时间，1/60 小时
单位 米 m：长度
枚举 车型 vehicle
  机动车 motor-vehicle > 小客车 car、货车 lorry
  自行车 bicycle
枚举 材料 documents：居民证 resident-card、残疾人证 disability-card
对象 停放 stay（亦作 车辆），词头
  车型
  时长 duration：时间，大于 0，可变更
  车长 vehicle-length：长度，大于 0
  充电 charging：是否
  材料 documents：材料
  材料齐全 documents-complete：是否
";

const RULES: &str = "引用 停车
条款 P-1 “限时”
  机动车 车辆 时长 不超过 2小时
  除外 居民：有 居民证
条款 P-2 “车长”
  禁止 货车 车辆 车长 超过 6米
条款 P-3 “充电”
  宜 充电
";

struct Memory;

impl Resolver for Memory {
    fn vocabulary(&self, name: &str) -> Vec<RuleFile> {
        let file = || RuleFile::new("停车.adit", PARKING);
        if name == "停车" { vec![file()] } else { Vec::new() }
    }
}

fn main() -> Result<(), adit::Error> {
    let rulebook = Rulebook::builder().source("停车规则.adit", RULES).resolver(Memory).build()?;
    let cases = [
        (r#"{"车型": "小客车", "时长": "90分钟", "充电": true}"#, "admissible"),
        (r#"{"vehicle": "car", "duration": "150 minutes", "documents-complete": true}"#, "refused"),
        (r#"{"车型": "小客车", "时长": "5小时", "充电": true, "材料": ["居民证"]}"#, "not-covered"),
        (r#"{"车型": "自行车", "时长": "5小时", "充电": false}"#, "not-covered"),
    ];
    for (facts, expected) in cases {
        let ruling = rulebook.review_json(facts)?;
        println!("{facts}\n  {}", ruling.ruling.code());
        if let Some(remedy) = &ruling.remedy {
            for change in &remedy.changes {
                println!("  {} {} {}", change.label, change.operator, change.value);
            }
        }
        assert_eq!(ruling.ruling.code(), expected);
    }
    Ok(())
}
