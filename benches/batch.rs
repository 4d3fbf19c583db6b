//! How long a batch takes, against hand-written Rust over the same columns: `cargo bench --bench batch`.
//!
//! First a gate: engine and hand-written function must agree on every verdict of 10,000 generated mines. Then a table: one
//! thread and two, 10⁴ to 10⁶ rows. No time is asserted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    reason = "a bench is no library"
)]

use std::hint::black_box;
use std::time::Instant;

use adit::batch::{Batch, Bits, Column, Integers, Keys, Values};
use adit::{ReviewOptions, Rulebook, Status};
use serde_json::{Value, json};

const MINERALS: [&str; 40] = [
    "水泥用灰岩",
    "建筑石料用灰岩",
    "砖瓦用粘土",
    "砂金",
    "砂铁",
    "煤",
    "石棉",
    "钨",
    "稀土",
    "铁",
    "锰",
    "铜",
    "铅锌",
    "铝土矿",
    "金",
    "银",
    "锡",
    "锑",
    "钼",
    "镍",
    "磷",
    "硫铁矿",
    "萤石",
    "重晶石",
    "石膏",
    "岩盐",
    "高岭土",
    "膨润土",
    "硅灰石",
    "滑石",
    "石墨",
    "石英岩",
    "玻璃用砂岩",
    "饰面用花岗岩",
    "饰面用大理石",
    "建筑用花岗岩",
    "白云岩",
    "陶瓷土",
    "地热",
    "矿泉水",
];
const BY_METHOD: [usize; 5] = [5, 9, 11, 14, 20];
const NO_ROW: [usize; 5] = [2, 3, 4, 38, 39];
const ACTIVITIES: [&str; 4] = ["新建", "扩建", "整合", "延续"];
const METHODS: [&str; 2] = ["露天", "地下"];
const BATCH: usize = 8192;

/// The least scale in hundredths and the least life of each mineral and method.
fn floors() -> [[(i64, i64); 2]; 40] {
    let scales = [300, 500, 450, 600, 1000, 150, 2000, 3000, 250, 5000];
    let lives = [3, 5, 8, 10, 15];
    let mut all = [[(i64::MIN, i64::MIN); 2]; 40];
    for (mineral, row) in all.iter_mut().enumerate().filter(|(mineral, _)| !NO_ROW.contains(mineral)) {
        let (scale, life) = (scales[(mineral * 7 + 3) % 10], lives[(mineral * 3 + 1) % 5]);
        *row = [(scale, life); 2];
        if BY_METHOD.contains(&mineral) {
            row[0] = (scale * 2, life + 2);
        }
    }
    all
}

/// The vocabulary and the twelve clauses, with the table of forty rows.
fn rules() -> String {
    let hundredths = |number: i64| format!("{}.{:02}", number / 100, number % 100);
    let mut rows = String::new();
    for (mineral, row) in floors().iter().enumerate().filter(|(mineral, _)| !NO_ROW.contains(mineral)) {
        let name = MINERALS[mineral];
        if BY_METHOD.contains(&mineral) {
            for (place, (scale, life)) in row.iter().enumerate() {
                let (id, method) = (format!("T{mineral:02}-{}", 10 + 2 * place), METHODS[place]);
                rows += &format!("  | {id} | {name} | {method} | {} | {life} |\n", hundredths(*scale));
            }
        } else {
            rows +=
                &format!("  | T{mineral:02}-10 | {name} | 露天、地下 | {} | {} |\n", hundredths(row[0].0), row[0].1);
        }
    }
    format!(
        "词汇 台账 ledger
单位 吨 t：质量 mass
单位 年 a：时间 time
单位 千米 km：长度 length
枚举 活动 activity：新建 new、扩建 expansion、整合 consolidation、延续 renewal
枚举 方式 method：露天 open-pit、地下 underground
枚举 矿产 mineral：{names}
枚举 河距 rivers：大河 river
枚举 文件 papers：绿色方案 green-plan、复垦方案 reclamation-plan
对象 矿山 mine，词头
  地区 region：文本
  矿产
  活动
  方式
  规模 scale：质量/年，大于 0
  年限 life：时间
  红线内 in-redline：是否
  河距 rivers：距离，长度
  文件 papers：材料
  回采率 recovery：比率
  区 zone：文本，可无
规划 twelve “十二条”
条款 C-01 “甲”
  新建 水泥用灰岩、建筑石料用灰岩 矿山 规模 不低于 100万吨/年
条款 C-02 “乙”
  整合、延续 水泥用灰岩、建筑石料用灰岩 矿山 规模 不低于 50万吨/年
条款 C-03 “丙”
  禁止 砖瓦用粘土、砂金、砂铁 矿山
条款 C-04 “丁”
  禁止 新建 煤、石棉、钨、稀土 矿山
条款 C-05 “戊”
  禁止 红线内 矿山
条款 C-06 “己”
  禁止 新建 矿山 距 大河 低于 5千米
条款 C-07 “庚”
  新建 矿山 须有 绿色方案
条款 C-08 “辛”
  新建 矿山 须有 复垦方案
表 “下限”
  适用 新建 矿山
  效力 必须
  列 对应条目：规模 +0，年限 +1
  列 下限：规模 下限，单位 万吨/年
  列 最低年限：年限 下限，单位 年
  空白单元格 空白 无要求
  | 对应条目 | 矿产 | 方式 | 下限 | 最低年限 |
{rows}条款 C-11 “壬”
  矿山 回采率 不低于 85%
条款 C-12 “癸”
  适用 非 （区 无）
  矿山 规模 不低于 30万吨/年
",
        names = MINERALS.join("、"),
    )
}

struct Mines {
    minerals: Vec<i32>,
    activities: Vec<i32>,
    methods: Vec<i32>,
    scales: Vec<i128>,
    lives: Vec<i32>,
    red_line: Vec<u8>,
    rivers: Vec<i128>,
    green: Vec<u8>,
    reclamation: Vec<u8>,
    recovery: Vec<i128>,
    zones: Vec<i32>,
    in_zone: Vec<u8>,
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
        ((self.next() >> 32) * end) >> 32
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl Mines {
    /// So many mines, an eighth of the scales right on a floor.
    fn generated(random: &mut Random, rows: usize) -> Self {
        let bytes = rows.div_ceil(8);
        let bits = || vec![0u8; bytes];
        let mut mines = Self {
            minerals: vec![],
            activities: vec![],
            methods: vec![],
            scales: vec![],
            lives: vec![],
            red_line: bits(),
            rivers: vec![],
            green: bits(),
            reclamation: bits(),
            recovery: vec![],
            zones: vec![],
            in_zone: bits(),
        };
        for row in 0..rows {
            let put = |bytes: &mut Vec<u8>, yes: bool| bytes[row / 8] |= u8::from(yes) << (row % 8);
            let activity = random.share();
            mines.minerals.push(random.below(40) as i32);
            mines.activities.push(if activity < 0.4 {
                0
            } else if activity < 0.6 {
                1
            } else if activity < 0.75 {
                2
            } else {
                3
            });
            mines.methods.push(i32::from(random.share() >= 0.55));
            mines.scales.push(if random.share() < 0.08 {
                [10_000, 5_000, 3_000, 300, 500, 1_000, 450, 2_000][random.below(8) as usize]
            } else {
                (50.0f64.ln() + random.share() * (30_000.0f64.ln() - 50.0f64.ln())).exp().round() as i128
            });
            mines.lives.push(1 + random.below(40) as i32);
            put(&mut mines.red_line, random.share() < 0.05);
            mines.rivers.push(if random.share() < 0.02 { 500 } else { 50 + i128::from(random.below(6_000)) });
            put(&mut mines.green, random.share() >= 0.12);
            put(&mut mines.reclamation, random.share() >= 0.10);
            mines.recovery.push(if random.share() < 0.03 { 850 } else { 780 + i128::from(random.below(210)) });
            let zoned = random.share() < 0.35;
            mines.zones.push(if zoned { random.below(6) as i32 } else { 6 });
            put(&mut mines.in_zone, zoned);
        }
        mines
    }

    fn rows(&self) -> usize {
        self.minerals.len()
    }

    fn batch<'a>(&'a self, names: &'a Names) -> Batch<'a> {
        let column = |field, values| Column { field, inner: None, unit: None, values, known: None };
        let paper = |inner, bits| Column { inner: Some(inner), ..column("文件", Values::YesNo(Bits::new(bits, 0))) };
        let decimals = |numbers, places| Values::Decimals(Integers::I128(numbers), places);
        Batch {
            rows: self.rows(),
            columns: vec![
                column("矿产", Values::Coded(Keys::I32(&self.minerals), &names.minerals)),
                column("活动", Values::Coded(Keys::I32(&self.activities), &names.activities)),
                column("方式", Values::Coded(Keys::I32(&self.methods), &names.methods)),
                Column { unit: Some("万吨/年"), ..column("规模", decimals(&self.scales, 2)) },
                Column { unit: Some("年"), ..column("年限", Values::Decimals(Integers::I32(&self.lives), 0)) },
                column("红线内", Values::YesNo(Bits::new(&self.red_line, 0))),
                Column { inner: Some("大河"), unit: Some("千米"), ..column("河距", decimals(&self.rivers, 2)) },
                paper("绿色方案", &self.green),
                paper("复垦方案", &self.reclamation),
                Column { unit: Some("%"), ..column("回采率", decimals(&self.recovery, 1)) },
                column("区", Values::Coded(Keys::I32(&self.zones), &names.zones)),
            ],
        }
    }

    /// By hand: a bit for each of the twelve clauses that a mine misses.
    fn by_hand(&self, floors: &[[(i64, i64); 2]; 40], masks: &mut Vec<u16>) {
        masks.clear();
        let bit = |bytes: &[u8], row: usize| bytes[row / 8] >> (row % 8) & 1 == 1;
        masks.extend((0..self.rows()).map(|row| {
            let mineral = self.minerals[row];
            let (activity, method) = (self.activities[row], self.methods[row]);
            let (new, limestone) = (activity == 0, mineral < 2);
            let scale = self.scales[row] as i64;
            let (floor, life) = floors[mineral as usize][method as usize];
            let flag = |missed: bool, clause: u32| u16::from(missed) << clause;
            flag(new & limestone & (scale < 10_000), 0)
                | flag((activity >= 2) & limestone & (scale < 5_000), 1)
                | flag((2..=4).contains(&mineral), 2)
                | flag(new & (5..=8).contains(&mineral), 3)
                | flag(bit(&self.red_line, row), 4)
                | flag(new & ((self.rivers[row] as i64) < 500), 5)
                | flag(new & !bit(&self.green, row), 6)
                | flag(new & !bit(&self.reclamation, row), 7)
                | flag(new & (scale < floor), 8)
                | flag(new & (i64::from(self.lives[row]) < life), 9)
                | flag((self.recovery[row] as i64) < 850, 10)
                | flag(bit(&self.in_zone, row) & (scale < 3_000), 11)
        }));
    }
}

struct Names {
    minerals: Vec<Value>,
    activities: Vec<Value>,
    methods: Vec<Value>,
    zones: Vec<Value>,
}

fn names() -> Names {
    let all = |names: &[&str]| names.iter().map(|name| json!(name)).collect();
    let zones = all(&["KC-001", "KC-002", "KC-003", "KC-004", "KC-005", "KC-006", "无"]);
    Names { minerals: all(&MINERALS), activities: all(&ACTIVITIES), methods: all(&METHODS), zones }
}

/// The bit of a clause by hand: rows of the table are clauses 9 and 10.
fn place(id: &str) -> u32 {
    match id.strip_prefix("C-") {
        Some(number) => number.parse::<u32>().expect("a number") - 1,
        None => 8 + id.rsplit('-').next().expect("an id").parse::<u32>().expect("a number") % 2,
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// The median nanoseconds that a pass takes for each row.
fn per_row(rows: usize, mut pass: impl FnMut()) -> f64 {
    pass();
    let time = |_| {
        let start = Instant::now();
        pass();
        start.elapsed().as_nanos() as f64 / rows as f64
    };
    median((0..9).map(time).collect())
}

fn main() {
    // `cargo test --benches` wants to see that it runs, not how fast.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let text = rules();
    let rulebook = Rulebook::from_text(&text).unwrap_or_else(|error| {
        panic!(
            "{:?}",
            error
                .problems()
                .iter()
                .filter(|it| it.severity() == adit::Severity::Error)
                .map(|it| (it.title(adit::Language::English), it.span()))
                .collect::<Vec<_>>()
        )
    });
    let (names, floors) = (names(), floors());
    let batches = |rows: usize| -> Vec<Mines> {
        let random = &mut Random(20_260_101);
        (0..rows.div_ceil(BATCH)).map(|number| Mines::generated(random, BATCH.min(rows - number * BATCH))).collect()
    };
    let first = &batches(10_000);
    let mut reviewer = rulebook.batch_reviewer(&first[0].batch(&names), &ReviewOptions::default()).expect("columns");
    let mut masks = Vec::new();
    for mines in first {
        mines.by_hand(&floors, &mut masks);
        let rulings = reviewer.rule(&mines.batch(&names));
        assert!(rulings.faults.is_empty(), "{:?}", rulings.faults[0]);
        for (row, mask) in masks.iter().enumerate() {
            let found = reviewer.clauses(&rulings, row, Status::Violated);
            let found = found.fold(0u16, |bits, clause| bits | 1 << place(&clause.id));
            assert_eq!(found, *mask, "row {row}");
        }
    }
    println!("gate: engine and hand-written Rust agree on {} mines\n", first.iter().map(Mines::rows).sum::<usize>());
    if quick {
        return;
    }
    println!(
        "{:>10} {:>12} {:>12} {:>7} {:>12} {:>7}",
        "rows", "hand ns/row", "adit ns/row", "ratio", "2 threads", "gain"
    );
    for rows in [10_000, 100_000, 1_000_000] {
        let batches = batches(rows);
        let hand = per_row(rows, || {
            for mines in &batches {
                mines.by_hand(&floors, &mut masks);
                black_box(&masks);
            }
        });
        let own = per_row(rows, || {
            for mines in &batches {
                black_box(reviewer.rule(&mines.batch(&names)));
            }
        });
        let (left, right) = batches.split_at(batches.len() / 2);
        let mut second =
            rulebook.batch_reviewer(&batches[0].batch(&names), &ReviewOptions::default()).expect("columns");
        let both = per_row(rows, || {
            std::thread::scope(|scope| {
                scope.spawn(|| left.iter().for_each(|mines| drop(black_box(second.rule(&mines.batch(&names))))));
                right.iter().for_each(|mines| drop(black_box(reviewer.rule(&mines.batch(&names)))));
            });
        });
        println!("{rows:>10} {hand:>12.1} {own:>12.1} {:>7.2} {both:>12.1} {:>7.2}", own / hand, own / both);
    }
}
