//! Batches come to what single cases come to: over generated rows with unknown, wrong and odd values, by all five plans.

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
use std::path::Path;

use adit::batch::{Batch, BatchRulings, Bits, Column, Integers, Keys, Values};
use adit::model::Subject;
use adit::registry::Assessment;
use adit::{AssessOptions, BatchCensus, BatchReviewer, ReviewOptions, Rulebook};
use serde_json::{Value, json};

/// The columns of one field, owned.
enum Kept {
    Coded(Vec<u32>, Vec<Value>),
    Numbers(Vec<i64>, u8),
    Wide(Vec<i128>, u8),
    Days(Vec<i32>),
    YesNo(Vec<u8>),
}

struct KeptColumn {
    field: &'static str,
    inner: Option<&'static str>,
    unit: Option<&'static str>,
    kept: Kept,
    known: Vec<u8>,
}

impl KeptColumn {
    fn lent(&self) -> Column<'_> {
        let values = match &self.kept {
            Kept::Coded(keys, values) => Values::Coded(Keys::U32(keys), values),
            Kept::Numbers(numbers, places) => Values::Decimals(Integers::I64(numbers), *places),
            Kept::Wide(numbers, places) => Values::Decimals(Integers::I128(numbers), *places),
            Kept::Days(days) => Values::Days(days),
            Kept::YesNo(bits) => Values::YesNo(Bits::new(bits, 0)),
        };
        Column { field: self.field, inner: self.inner, unit: self.unit, values, known: Some(Bits::new(&self.known, 0)) }
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

fn bits(rows: usize, random: &mut Random, of_ten: u64) -> Vec<u8> {
    let mut bytes = vec![0u8; rows.div_ceil(8)];
    for row in 0..rows {
        if random.below(10) < of_ten {
            bytes[row / 8] |= 1 << (row % 8);
        }
    }
    bytes
}

fn coded(rows: usize, random: &mut Random, values: Vec<Value>) -> Kept {
    let count = values.len() as u64;
    Kept::Coded((0..rows).map(|_| random.below(count) as u32).collect(), values)
}

fn numbers(rows: usize, random: &mut Random, of: &[i64], places: u8) -> Kept {
    Kept::Numbers((0..rows).map(|_| of[random.below(of.len() as u64) as usize]).collect(), places)
}

/// Rows of mines as registries and offices' tables have them, with values unknown, wrong or odd among them.
fn columns(rows: usize, seed: u64) -> Vec<KeptColumn> {
    let random = &mut Random(seed);
    let mut all = Vec::new();
    let mut add = |field, inner, unit, kept, known| all.push(KeptColumn { field, inner, unit, kept, known });
    let minerals = [
        "建筑石料用灰岩",
        "水泥用灰岩",
        "煤",
        "砖瓦用粘土",
        "石灰岩",
        "铁",
        "金",
        "石棉",
        "建筑用凝灰岩",
        "玻璃用砂岩",
        "地热",
        "无此矿种",
        "砂石土",
    ];
    let mut minerals: Vec<Value> = minerals.iter().map(|name| json!(name)).collect();
    minerals.push(json!(["铅锌", "铜"]));
    let kept = coded(rows, random, minerals);
    add("矿种", None, None, kept, bits(rows, random, 9));
    let activities = ["新建", "扩建", "延续", "整合", "生产", "闭坑", "新设", "变更"];
    let mut activities: Vec<Value> = activities.iter().map(|name| json!(name)).collect();
    activities.push(json!(["扩建", "延续"]));
    let kept = coded(rows, random, activities);
    add("activity", None, None, kept, bits(rows, random, 9));
    let kept = coded(rows, random, vec![json!("露天"), json!("地下")]);
    add("开采方式", None, None, kept, bits(rows, random, 8));
    let kept = coded(rows, random, vec![json!("采矿权"), json!("采矿权"), json!("采矿权"), json!("探矿权")]);
    add("权利", None, None, kept, bits(rows, random, 5));
    let scales =
        [-50, 0, 50, 99, 100, 101, 200, 299, 300, 500, 599, 600, 999, 1000, 1001, 3000, 4000, 9_000_000_000_000];
    let kept = numbers(rows, random, &scales, 1);
    add("生产规模", None, Some("万吨/年"), kept, bits(rows, random, 8));
    let kept = coded(rows, random, vec![json!("大型"), json!("中型"), json!("小型"), json!("无")]);
    add("规模级别", None, None, kept, bits(rows, random, 3));
    let kept = numbers(rows, random, &[1, 3, 5, 8, 10, 15, 20], 0);
    add("服务年限", None, Some("年"), kept, bits(rows, random, 6));
    let kept = Kept::Wide((0..rows).map(|_| i128::from(random.below(60)) * 100).collect(), 3);
    add("距离", Some("长江干流岸线"), Some("千米"), kept, bits(rows, random, 6));
    let kept = coded(rows, random, vec![json!([]), json!(["生态保护红线"]), json!(["永久基本农田", "城镇开发边界"])]);
    add("位于", None, None, kept, bits(rows, random, 7));
    let kept = Kept::YesNo(bits(rows, random, 5));
    add("材料", Some("矿产资源开发利用方案"), None, kept, bits(rows, random, 7));
    let kept = Kept::YesNo(bits(rows, random, 5));
    add("材料齐全", None, None, kept, bits(rows, random, 3));
    let kept = Kept::YesNo(bits(rows, random, 5));
    add("认定", Some("符合有关规定"), None, kept, bits(rows, random, 4));
    let kept = Kept::Days((0..rows).map(|_| 18_900 + random.below(2_200) as i32).collect());
    add("采矿许可证到期日", None, None, kept, bits(rows, random, 5));
    let kept =
        coded(rows, random, vec![json!("2023-01-01"), json!("2025-06-01"), json!("2025-12-31"), json!("2027-02-03")]);
    add("截至日", None, None, kept, bits(rows, random, 6));
    let kept = numbers(rows, random, &[700, 720, 850, 900, 1010], 1);
    add("开采回采率", None, Some("%"), kept, bits(rows, random, 5));
    let kept = coded(
        rows,
        random,
        vec![
            json!({"value": "2.65", "unit": "吨/立方米", "source": "报告"}),
            json!("2.6吨/立方米（报告）"),
            json!("3吨/立方米"),
        ],
    );
    add("体重", None, None, kept, bits(rows, random, 1));
    let kept = coded(rows, random, (0..50).map(|number| json!(format!("矿{number}"))).collect());
    add("名称", None, None, kept, bits(rows, random, 10));
    // What indicators sum, group by and count the different ones of. The second batch has amounts in words.
    let kept = if seed % 2 == 1 {
        numbers(rows, random, &[0, 5, 120, 3300, 9_000_000_000_000], 2)
    } else {
        let written = ["12.5万吨/年", "3万立方米/年", "80000吨/年", "无", "1/3吨/年", "5 矿石万吨/年"];
        coded(rows, random, written.iter().map(|text| json!(text)).collect())
    };
    let unit = matches!(kept, Kept::Numbers(..)).then_some("万吨/年");
    add("年开采量", None, unit, kept, bits(rows, random, 8));
    let kept = coded(rows, random, (0..20).map(|number| json!(format!("业主{number}"))).collect());
    add("矿业权人", None, None, kept, bits(rows, random, 8));
    let blocks: Vec<Value> = (0..6).map(|number| json!(format!("区块{number}"))).chain([json!("无")]).collect();
    let kept = coded(rows, random, blocks);
    add("所在区块", None, None, kept, bits(rows, random, 7));
    all
}

fn plan(name: &str) -> Rulebook {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/plans").join(name);
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "adit") {
            texts.insert(path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap());
        }
    }
    let builder = texts.iter().fold(Rulebook::builder(), |builder, (name, text)| builder.source(name, text));
    builder.build().unwrap()
}

/// What is known of a row as a single case: its ruling and the clauses by status, or the code of what is wrong.
fn single(reviewer: &BatchReviewer, batch: &Batch<'_>, row: usize) -> Result<(String, Vec<(String, String)>), String> {
    let rulebook = reviewer.rulebook();
    let code = |error: adit::Error| error.problems()[0].code().entry().name().to_owned();
    let facts = rulebook.prepare(&batch.case(row)).map_err(code)?;
    let decision = rulebook.decide(&facts, &ReviewOptions::default()).map_err(code)?;
    let of_application = |clause: usize| rulebook.model().clauses[clause].subject() == Subject::Application;
    let clauses = decision.standings.iter();
    let clauses = clauses.filter(|standing| standing.effect().is_some() && of_application(standing.clause));
    let name = |clause: usize| rulebook.model().clauses[clause].id.clone();
    let clauses = clauses.map(|standing| (name(standing.clause), standing.status().code().to_owned())).collect();
    Ok((decision.ruling.code().to_owned(), clauses))
}

fn of_batch(
    reviewer: &BatchReviewer,
    rulings: &BatchRulings,
    row: usize,
) -> Result<(String, Vec<(String, String)>), String> {
    if let Some(fault) = rulings.faults.iter().find(|fault| fault.row == row) {
        return Err(fault.problem.code().entry().name().to_owned());
    }
    let end = rulings.end(row).unwrap();
    let clauses = end.standings.iter();
    let name = |clause: usize| reviewer.rulebook().model().clauses[clause].id.clone();
    let clauses = clauses.map(|standing| (name(standing.clause), standing.status().code().to_owned())).collect();
    Ok((end.ruling.code().to_owned(), clauses))
}

/// How many rows came to each ruling, or could not be used, by code.
fn agree(rulebook: &Rulebook, name: &str, rows: usize) -> BTreeMap<String, u32> {
    let kept = columns(rows, 7);
    let mut reviewer: Option<BatchReviewer> = None;
    let mut met = BTreeMap::new();
    let mut apart = 0;
    for seed in [7, 8] {
        let kept = if seed == 7 { &kept } else { &columns(rows / 3, seed) };
        let columns: Vec<Column<'_>> = kept.iter().map(KeptColumn::lent).collect();
        let batch = Batch { rows: if seed == 7 { rows } else { rows / 3 }, columns };
        let reviewer =
            reviewer.get_or_insert_with(|| rulebook.batch_reviewer(&batch, &ReviewOptions::default()).unwrap());
        let rulings = reviewer.rule(&batch);
        for row in 0..batch.rows {
            let (one, many) = (single(reviewer, &batch, row), of_batch(reviewer, &rulings, row));
            let kind = one.as_ref().map_or_else(|code| code.clone(), |(ruling, _)| ruling.clone());
            *met.entry(kind).or_insert(0) += 1;
            match (&one, &many) {
                (Err(_), Err(_)) => {}
                _ => assert_eq!(one, many, "{name}, row {row}: {}", batch.case(row)),
            }
        }
        apart = reviewer.ruled_apart();
    }
    assert!(apart > 0, "{name}: no row was ruled on apart");
    println!("{name}: {met:?}, {apart} apart");
    assert!(met.len() >= 4, "{name}: only {met:?}");
    met
}

#[test]
fn batches_agree_with_single_cases_by_the_plans() {
    for name in ["yongchuan", "huining", "taonan", "shanting", "ruoqiang"] {
        agree(&plan(name), name, 600);
    }
}

/// The assessment of the mines of both batches, one by one and in batches of threads that join what they counted.
fn assessed(rulebook: &Rulebook, rows: usize) -> (Assessment, Assessment, u64) {
    let options = AssessOptions::default();
    let mut one_by_one = rulebook.census(&options).unwrap();
    let mut counts: Vec<BatchCensus> = Vec::new();
    let mut first = 0;
    for seed in [7, 8, 9] {
        let rows = if seed == 8 { rows / 3 } else { rows };
        let kept = columns(rows, seed);
        let batch = Batch { rows, columns: kept.iter().map(KeptColumn::lent).collect() };
        if seed != 9 {
            counts.push(rulebook.batch_census(&batch, &options).unwrap());
        }
        // The third batch goes to the thread of the first, the second to another.
        let counter = if seed == 8 { 1 } else { 0 };
        let faults = counts[counter].add(&batch, first);
        for row in 0..rows {
            match rulebook.prepare(&batch.case(row)) {
                Ok(mine) => {
                    one_by_one.add(&mine);
                    assert!(faults.iter().all(|fault| fault.row != row), "row {row} was left out");
                }
                Err(_) => assert!(faults.iter().any(|fault| fault.row == row), "row {row} was counted"),
            }
        }
        first += rows;
    }
    let apart = counts.iter().map(BatchCensus::counted_apart).sum();
    let joined = counts.iter().map(BatchCensus::finish).reduce(|one, other| other.joined(one)).unwrap();
    (one_by_one.assessment(None), joined.assessment(None), apart)
}

/// Mines without a name are called by their place, which rows left out shift for those counted one by one.
fn without_names(assessment: &mut Assessment) {
    assessment.indicators.iter_mut().flat_map(|standing| &mut standing.missing).for_each(|fact| fact.mines.clear());
}

#[test]
fn batches_are_counted_as_mines_one_by_one_are() {
    for name in ["yongchuan", "huining", "taonan", "shanting", "ruoqiang"] {
        let (mut one_by_one, mut batches, apart) = assessed(&plan(name), 600);
        let named = |assessment: &Assessment| {
            let facts = assessment.indicators.iter().flat_map(|standing| &standing.missing);
            facts.map(|fact| fact.mines.len()).sum::<usize>()
        };
        assert_eq!(named(&one_by_one), named(&batches), "{name}");
        assert!(apart > 0 && apart < 1000, "{name}: {apart} apart");
        without_names(&mut one_by_one);
        without_names(&mut batches);
        assert_eq!(one_by_one.mines, batches.mines, "{name}");
        for (one, many) in one_by_one.indicators.iter().zip(&batches.indicators) {
            assert_eq!(one, many, "{name}");
        }
        println!("{name}: {apart} apart");
    }
}

/// Every way to measure a set, with what is not known among it.
#[test]
fn every_measure_is_counted_in_batches() {
    let rules = "引用 矿业
指标 T-1 “数量”
  依据 一
  建筑石料用灰岩 矿山 数量 控制在 10个以内
指标 T-2 “总量”
  依据 二
  煤 矿山 年开采量 合计 不超过 100万吨/年
指标 T-3 “比例”
  依据 三
  大型、中型 矿山 占全部 矿山 比例 不低于 30%
指标 T-4 “一个区块一座”
  依据 四
  每个 所在区块 矿山 数量 不超过 1个
指标 T-5 “主体”
  依据 五
  铁 矿山 矿业权人 数量 不超过 3个
指标 T-6 “一个区块一个主体”
  依据 六
  每个 所在区块 矿业权人 数量 不超过 1个
指标 T-7 “产量比例”
  依据 七
  大型 矿山 年开采量 合计 占全部 矿山 比例 不低于 30%
";
    let (mut one_by_one, mut batches, _) = assessed(&Rulebook::from_text(rules).unwrap(), 500);
    without_names(&mut one_by_one);
    without_names(&mut batches);
    for (one, many) in one_by_one.indicators.iter().zip(&batches.indicators) {
        assert_eq!(one, many);
    }
    assert_eq!(one_by_one.mines, batches.mines);
    let counted = batches.indicators.iter().filter(|standing| standing.value.is_some()).count();
    assert_eq!(counted, batches.indicators.len());
}

/// Rules so few that every ruling is met, the best ones too: whether a case is covered shows only there.
#[test]
fn batches_agree_where_little_is_said() {
    let rules = "引用 矿业
条款 T-1 “规模”
  依据 一
  新建 建筑石料用灰岩 矿山 生产规模 不低于 30万吨/年
条款 T-2 “煤”
  依据 二
  严格控制 煤 矿山
条款 T-3 “铁”
  依据 三
  鼓励 铁 矿山
条款 T-4 “石棉”
  依据 四
  禁止 石棉 矿山
";
    let met = agree(&Rulebook::from_text(rules).unwrap(), "little", 600);
    for ruling in ["admissible", "for-decision", "incomplete", "not-covered", "refused"] {
        assert!(met.get(ruling).is_some_and(|rows| *rows > 0), "{ruling}: {met:?}");
    }
}
