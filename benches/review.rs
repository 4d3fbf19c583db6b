//! How long a review takes, against hand-written Rust: `cargo bench --bench review`.
//!
//! First a gate: the engine and the hand-written function must agree on 4,096 generated mines. Then a table of medians.
//! No time is asserted: the figures depend on the machine and on what else runs on it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::float_arithmetic)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use adit::parse::{self, Limits};
use adit::report::{self, ReportOptions};
use adit::rulebook::PreparedFacts;
use adit::{ReviewOptions, Rulebook, Ruling, Status, Verdict};

const MINES: usize = 4096;
const SEED: u64 = 0x5DEE_CE66_D1CE_4E5B;
const BATCHES: usize = 15;
const BATCH: Duration = Duration::from_millis(4);

/// The twelve kinds of clause that plans have most of.
const TWELVE: &str = "引用 矿业
条款 H-01 “新建下限”
  新建 水泥用灰岩、建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
条款 H-02 “整合下限”
  整合 水泥用灰岩、建筑石料用灰岩 矿山 生产规模 不低于 50万吨/年
条款 H-03 “禁止的矿种”
  禁止 开采 砖瓦用粘土
条款 H-04 “限制的矿种”
  限制 新建 煤 矿山
条款 H-05 “地带”
  禁止 新设 矿业权 位于 生态保护红线
条款 H-06 “距离”
  从严控制 新设 矿业权 距 长江干流岸线 不超过 5千米
条款 H-07 “材料”
  新建 矿山 须有 矿山地质环境保护与土地复垦方案
条款 H-08 “比率”
  矿山 开采回采率 不低于 85%
条款 H-09 “除外”
  限制 新设 小型 矿山
  除外 H-91：经认定「符合有关规定」
条款 H-10 “到期”
  禁止 生产 矿山 采矿许可证 已到期
条款 H-11 “两个事实”
  矿业权 勘查资金 不低于 勘查预算
条款 H-12 “认定”
  矿山 须 经认定「规模与资源储量相匹配」
";

const LIMESTONE: &str = "引用 矿业
条款 YC-097 “灰岩新建规模”
  新建 水泥用灰岩、建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
条款 YC-098 “灰岩整合与增划规模”
  适用 整合 或 （采矿许可证 已到期 且 新增划资源）
  水泥用灰岩、建筑石料用灰岩 矿山 生产规模 不低于 50万吨/年
条款 YC-099 “严控建筑石料用灰岩新建规模”
  严格控制 新建 建筑石料用灰岩 矿山 生产规模 低于 100万吨/年
条款 YC-100 “小型矿山”
  限制 新设 小型 矿山
  除外 YC-101：经认定「符合有关规定」
条款 YC-108 “长江岸线”
  从严控制 新设 矿业权 距 长江干流岸线 不超过 5千米 或 位于 第一山脊可视范围
";

/// The case that the rulebooks other than the twelve are asked about: it meets all that it is asked.
const CASE: &str = r#"{"名称":"三教灰岩矿","权利":"采矿权","办理事项":"新建","矿种":"建筑石料用灰岩","开采方式":"露天",
"生产规模":"120万吨/年","规模级别":"大型","开采回采率":"92%","位于":[],"距离":{"长江干流岸线":"18千米"},"截至日":"2025-01-01"}"#;

fn main() {
    // `cargo test --benches` wants to see that it runs, not how fast.
    let quick = !std::env::args().any(|argument| argument == "--bench");
    let mines = generated(if quick { 64 } else { MINES });
    let twelve = Rulebook::from_text(TWELVE).expect("the twelve clauses");
    gate(&twelve, &mines);
    println!("gate: engine and hand-written Rust agree on {} mines\n", mines.len());
    if quick {
        return;
    }
    let hand = by_hand(&mines);
    println!("hand-written Rust, 12 clauses, struct to findings: {}\n", time(hand));
    println!(
        "{:<22} {:>7} {:>9} | {:>18} {:>18} {:>18} {:>18} {:>18}",
        "rulebook", "clauses", "findings", "cold", "warm", "decided", "from JSON text", "with text report"
    );
    let texts: Vec<String> = mines.iter().map(Mine::json).collect();
    row("the twelve, 4096 mines", &|| Rulebook::from_text(TWELVE).expect("twelve"), &texts, hand);
    let one = [CASE.to_owned()];
    row("limestone", &|| Rulebook::from_text(LIMESTONE).expect("limestone"), &one, hand);
    let (refused, admitted) = (case("三教灰岩矿.json"), case("红炉灰岩矿.json"));
    row("永川, refused", &yongchuan, &[refused], hand);
    row("永川, admitted", &yongchuan, &[admitted], hand);
    for count in [10, 100, 1_000, 10_000] {
        let text = many(count);
        row(&format!("generated {count}"), &|| Rulebook::from_text(&text).expect("generated"), &one, hand);
    }
    println!("\n{:<22} {:>9} {:>12} {:>12} {:>12} {:>7}", "loading", "KB", "load", "load/KB", "pest/KB", "ratio");
    load("limestone", &|| Rulebook::from_text(LIMESTONE).expect("limestone"));
    load("永川", &yongchuan);
    for count in [10, 100, 1_000, 10_000] {
        let text = many(count);
        load(&format!("generated {count}"), &|| Rulebook::from_text(&text).expect("generated"));
    }
}

// ── Measuring ──

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// The median over batches of the nanoseconds that one call takes.
fn measured(mut call: impl FnMut()) -> f64 {
    let first = Instant::now();
    call();
    let once = first.elapsed().max(Duration::from_nanos(20));
    let calls = (BATCH.as_nanos() / once.as_nanos()).clamp(1, 20_000) as u32;
    let batch = |_| {
        let start = Instant::now();
        (0..calls).for_each(|_| call());
        start.elapsed().as_nanos() as f64 / f64::from(calls)
    };
    median((0..BATCHES).map(batch).collect())
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        small if small < 10_000.0 => format!("{small:.0} ns"),
        middle if middle < 10_000_000.0 => format!("{:.1} µs", middle / 1e3),
        large => format!("{:.1} ms", large / 1e6),
    }
}

fn row(name: &str, build: &dyn Fn() -> Rulebook, texts: &[String], hand: f64) {
    let rulebook = build();
    let prepare = |text: &String| rulebook.prepare_text("case.json", text).expect("facts");
    let facts: Vec<PreparedFacts> = texts.iter().map(prepare).collect();
    let whole = ReviewOptions::default();
    let review = |facts: &PreparedFacts, options: &ReviewOptions| rulebook.review_prepared(facts, options).expect("ok");
    let clauses = rulebook.model().clauses.len();
    let cold = (0..if clauses > 2_000 { 3 } else { 9 }).map(|_| {
        let fresh = build();
        let facts = fresh.prepare_text("case.json", &texts[0]).expect("facts");
        let start = Instant::now();
        black_box(fresh.review_prepared(black_box(&facts), &whole).expect("ok"));
        start.elapsed().as_nanos() as f64
    });
    let cold = median(cold.collect());
    let mut turn = 0;
    let mut next = |count: usize| {
        turn = (turn + 1) % count;
        turn
    };
    let warm = measured(|| drop(black_box(review(black_box(&facts[next(facts.len())]), &whole))));
    let decide = |facts: &PreparedFacts| rulebook.decide(facts, &whole).expect("ok");
    let decided = measured(|| drop(black_box(decide(black_box(&facts[next(facts.len())])))));
    let json =
        measured(|| drop(black_box(rulebook.review_json(black_box(&texts[next(texts.len())])).expect("a ruling"))));
    let text = measured(|| {
        let facts = &facts[next(facts.len())];
        let ruling = review(black_box(facts), &whole);
        drop(black_box(report::text(&ruling, &(&rulebook, facts), ReportOptions::default())));
    });
    let findings = review(&facts[0], &whole).findings.len();
    let cell = |figure: f64| format!("{:>10} {:>6.0}×", time(figure), figure / hand);
    println!(
        "{name:<22} {clauses:>7} {findings:>9} | {} {} {} {} {}",
        cell(cold),
        cell(warm),
        cell(decided),
        cell(json),
        cell(text)
    );
}

fn load(name: &str, build: &dyn Fn() -> Rulebook) {
    let rulebook = build();
    let bytes: usize = rulebook.sources().iter().map(|source| source.text().len()).sum();
    let kilobytes = bytes as f64 / 1024.0;
    let times = if bytes > 300_000 { 3 } else { 9 };
    let timed = |call: &dyn Fn()| {
        let start = Instant::now();
        call();
        start.elapsed().as_nanos() as f64
    };
    let whole = median((0..times).map(|_| timed(&|| drop(black_box(build())))).collect());
    let parse =
        || rulebook.sources().iter().for_each(|source| drop(black_box(parse::parse(source, &Limits::default()))));
    let alone = median((0..times).map(|_| timed(&parse)).collect());
    println!(
        "{name:<22} {kilobytes:>9.0} {:>12} {:>12} {:>12} {:>6.1}×",
        time(whole),
        time(whole / kilobytes),
        time(alone / kilobytes),
        whole / alone
    );
}

// ── Rulebooks ──

fn plan() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/plans/yongchuan")
}

fn yongchuan() -> Rulebook {
    let entries = std::fs::read_dir(plan()).expect("the plan's folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|found| found == "adit")).collect();
    files.sort();
    let add = |builder: adit::rulebook::RulebookBuilder<'static>, path: &std::path::PathBuf| {
        builder.source(path.to_string_lossy(), std::fs::read_to_string(path).expect("a rule file"))
    };
    files.iter().fold(Rulebook::builder(), add).build().expect("永川's rules")
}

fn case(name: &str) -> String {
    std::fs::read_to_string(plan().join("cases").join(name)).expect("a case")
}

/// Clauses of which at most fifty speak of the case.
fn many(count: usize) -> String {
    let others = ["玻璃用砂岩", "建筑用砂岩", "煤", "铁", "铜", "锶", "萤石", "石膏", "重晶石", "磷矿"];
    let mut text = "引用 矿业\n".to_owned();
    for number in 0..count {
        let ours = number < 50;
        let mineral = if ours { "建筑石料用灰岩" } else { others[number % others.len()] };
        let bound = 3 + number % 97;
        let body = match number % 4 {
            0 => format!("新建 {mineral} 矿山 生产规模 不低于 {bound}万吨/年"),
            1 => format!("禁止 新设 {mineral} 矿业权 距 长江干流岸线 不超过 {}千米", bound % 15 + 1),
            2 => format!("{mineral} 矿山 开采回采率 不低于 {}%", bound % 90),
            _ => format!("禁止 新设 {mineral} 矿业权 位于 生态保护红线"),
        };
        write!(text, "条款 G-{number} “第{number}条”\n  {body}\n").expect("a string");
    }
    text
}

// ── The same in Rust by hand ──

#[derive(Clone, Copy, PartialEq, Eq)]
enum Activity {
    New,
    Consolidation,
    Renewal,
    Operating,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mineral {
    Cement,
    Building,
    BrickClay,
    Coal,
    Sandstone,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    Large,
    Medium,
    Small,
}

/// An application in exact integers; what is not stated is `None`.
struct Mine {
    activity: Activity,
    mineral: Mineral,
    /// Tonnes a year.
    scale: Option<i64>,
    size: Option<Size>,
    red_line: Option<bool>,
    /// Metres.
    shore: Option<i64>,
    plan: Option<bool>,
    /// Thousandths.
    recovery: Option<i64>,
    ground: Option<bool>,
    /// Year, month and day as one number.
    expiry: Option<i64>,
    /// Yuan.
    funds: Option<i64>,
    budget: Option<i64>,
    matched: Option<bool>,
}

const AS_OF: i64 = 20_250_101;

/// What one clause says of a mine.
struct Found {
    clause: &'static str,
    status: Status,
    given: Option<i64>,
    bound: Option<i64>,
    shortfall: Option<i64>,
    missing: Vec<&'static str>,
}

impl Found {
    const fn of(clause: &'static str, status: Status) -> Self {
        Self { clause, status, given: None, bound: None, shortfall: None, missing: Vec::new() }
    }

    fn open(clause: &'static str, missing: &[&'static str]) -> Self {
        Self { missing: missing.to_vec(), ..Self::of(clause, Status::Undetermined) }
    }

    /// A lower bound.
    fn at_least(clause: &'static str, fact: &'static str, given: Option<i64>, bound: i64) -> Self {
        let Some(value) = given else { return Self::open(clause, &[fact]) };
        let missed = value < bound;
        let status = if missed { Status::Violated } else { Status::Satisfied };
        let shortfall = missed.then(|| bound - value);
        Self { given, bound: Some(bound), shortfall, ..Self::of(clause, status) }
    }

    /// Something that must be (or must not).
    fn holds(clause: &'static str, fact: &'static str, holds: Option<bool>, otherwise: Status) -> Self {
        match holds {
            None => Self::open(clause, &[fact]),
            Some(true) => Self::of(clause, Status::Satisfied),
            Some(false) => Self::of(clause, otherwise),
        }
    }
}

fn hand(mine: &Mine) -> (Verdict, Vec<Found>) {
    use Status::{Discretion, NotApplicable, Satisfied, Undetermined, Violated};
    let new = mine.activity == Activity::New;
    let limestone = matches!(mine.mineral, Mineral::Cement | Mineral::Building);
    let none = |clause| Found::of(clause, NotApplicable);
    let findings = vec![
        if new && limestone { Found::at_least("H-01", "scale", mine.scale, 1_000_000) } else { none("H-01") },
        if mine.activity == Activity::Consolidation && limestone {
            Found::at_least("H-02", "scale", mine.scale, 500_000)
        } else {
            none("H-02")
        },
        Found::of("H-03", if mine.mineral == Mineral::BrickClay { Violated } else { NotApplicable }),
        Found::of("H-04", if new && mine.mineral == Mineral::Coal { Discretion } else { NotApplicable }),
        if new {
            Found::holds("H-05", "located-in", mine.red_line.map(|inside| !inside), Violated)
        } else {
            none("H-05")
        },
        if new {
            let far = mine.shore.map(|metres| metres > 5_000);
            let bound = mine.shore.map(|_| 5_000);
            Found { given: mine.shore, bound, ..Found::holds("H-06", "distance", far, Discretion) }
        } else {
            none("H-06")
        },
        if new {
            Found::holds("H-07", "矿山地质环境保护与土地复垦方案", mine.plan, Violated)
        } else {
            none("H-07")
        },
        Found::at_least("H-08", "mining-recovery", mine.recovery, 850),
        match (new, mine.ground, mine.size) {
            (true, Some(true), _) | (false, ..) => none("H-09"),
            (true, _, None) => Found::open("H-09", &["size-class"]),
            (true, _, Some(Size::Small)) => Found::of("H-09", Discretion),
            (true, _, Some(_)) => none("H-09"),
        },
        if mine.activity == Activity::Operating {
            Found::holds("H-10", "licence-expiry", mine.expiry.map(|day| day >= AS_OF), Violated)
        } else {
            none("H-10")
        },
        match (mine.funds, mine.budget) {
            (funds, Some(budget)) if funds.is_some() => Found::at_least("H-11", "exploration-funds", funds, budget),
            (Some(_), _) => Found::open("H-11", &["exploration-budget"]),
            (None, Some(_)) => Found::open("H-11", &["exploration-funds"]),
            (None, None) => Found::open("H-11", &["exploration-funds", "exploration-budget"]),
        },
        Found::holds("H-12", "规模与资源储量相匹配", mine.matched, Violated),
    ];
    let verdict = findings.iter().map(|found| match found.status {
        Violated => Verdict::Refused,
        Undetermined => Verdict::Incomplete,
        Discretion => Verdict::ForDecision,
        NotApplicable | Satisfied => Verdict::Admissible,
    });
    (verdict.max().unwrap_or(Verdict::NotCovered), findings)
}

fn by_hand(mines: &[Mine]) -> f64 {
    measured(|| mines.iter().for_each(|mine| drop(black_box(hand(black_box(mine)))))) / mines.len() as f64
}

// ── The gate ──

fn gate(rulebook: &Rulebook, mines: &[Mine]) {
    for mine in mines {
        let text = mine.json();
        let ruling = rulebook.review_json(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).unfolded();
        let (verdict, findings) = hand(mine);
        assert_eq!(ruling.findings.len(), findings.len(), "{text}");
        for (ours, theirs) in ruling.findings.iter().zip(&findings) {
            let clause = theirs.clause;
            assert_eq!((ours.clause.as_str(), ours.status), (clause, theirs.status), "{text}");
            let missing: Vec<&str> = ours.missing.iter().map(|missing| missing.fact.as_str()).collect();
            assert_eq!(missing, theirs.missing, "{clause} {text}");
            amounts(ours, theirs, &text);
        }
        assert_eq!(ruling.ruling, verdict, "{text}");
        same_missing(&ruling, &findings, &text);
    }
}

/// Where the hand-written function has operands, they are the engine's.
fn amounts(ours: &adit::ruling::Finding, theirs: &Found, text: &str) {
    if !matches!(theirs.clause, "H-01" | "H-02" | "H-06" | "H-11") || ours.status == Status::NotApplicable {
        return;
    }
    let Some(condition) = ours.conditions.first().filter(|_| theirs.given.is_some()) else { return };
    let number = |amount: &Option<adit::ruling::Amount>| amount.as_ref().map(|amount| amount.value.clone());
    let expected = |value: Option<i64>| value.map(|value| value.to_string().into());
    assert_eq!(number(&condition.given), expected(theirs.given), "{} {text}", theirs.clause);
    assert_eq!(number(&condition.bound), expected(theirs.bound), "{} {text}", theirs.clause);
    if theirs.clause != "H-06" {
        let shortfall = condition.shortfall.as_ref().map(|shortfall| shortfall.value.clone());
        assert_eq!(shortfall, expected(theirs.shortfall), "{} {text}", theirs.clause);
    }
}

/// An incomplete ruling wants what its open clauses want.
fn same_missing(ruling: &Ruling, findings: &[Found], text: &str) {
    if ruling.ruling != Verdict::Incomplete {
        return;
    }
    let mut wanted: Vec<&str> = findings.iter().flat_map(|found| found.missing.iter().copied()).collect();
    let mut missing: Vec<&str> = ruling.missing.iter().map(|missing| missing.fact.as_str()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    missing.sort_unstable();
    assert_eq!(missing, wanted, "{text}");
}

// ── Mines ──

struct Xorshift(u64);

impl Xorshift {
    const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    const fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    /// Stated seven times of eight.
    fn stated<T>(&mut self, value: T) -> Option<T> {
        (self.below(8) != 0).then_some(value)
    }

    /// A number of steps around a bound, now and then the bound itself.
    fn around(&mut self, bound: i64, step: i64) -> i64 {
        bound + (self.below(41) as i64 - 20) * step
    }
}

fn generated(count: usize) -> Vec<Mine> {
    let mut random = Xorshift(SEED);
    let mine = |_| {
        let random = &mut random;
        let activity = random.pick(&[Activity::New, Activity::Consolidation, Activity::Renewal, Activity::Operating]);
        let all = [Mineral::Cement, Mineral::Building, Mineral::BrickClay, Mineral::Coal, Mineral::Sandstone];
        let mineral = random.pick(&all);
        let (bound, yes) = (random.pick(&[500_000, 1_000_000]), [true, false]);
        let (scale, shore, recovery) = (random.around(bound, 10_000), random.around(5_000, 100), random.around(850, 5));
        let (funds, budget) = (random.around(3_000_000, 10_000), random.around(3_000_000, 10_000));
        let (size, expiry) = (random.pick(&[Size::Large, Size::Medium, Size::Small]), random.pick(&[0, 1, 2]));
        let expiry = [20_241_231, 20_250_101, 20_250_630][expiry];
        let mut flag = || {
            let value = random.pick(&yes);
            random.stated(value)
        };
        let (red_line, plan, ground, matched) = (flag(), flag(), flag(), flag());
        Mine {
            activity,
            mineral,
            scale: random.stated(scale),
            size: random.stated(size),
            red_line,
            shore: random.stated(shore),
            plan,
            recovery: random.stated(recovery),
            ground,
            expiry: if activity == Activity::New { None } else { random.stated(expiry) },
            funds: random.stated(funds),
            budget: random.stated(budget),
            matched,
        }
    };
    (0..count).map(mine).collect()
}

impl Mine {
    /// The same as a fact file.
    fn json(&self) -> String {
        let activity = match self.activity {
            Activity::New => "新建",
            Activity::Consolidation => "整合",
            Activity::Renewal => "延续",
            Activity::Operating => "生产",
        };
        let mineral = match self.mineral {
            Mineral::Cement => "水泥用灰岩",
            Mineral::Building => "建筑石料用灰岩",
            Mineral::BrickClay => "砖瓦用粘土",
            Mineral::Coal => "煤",
            Mineral::Sandstone => "建筑用砂岩",
        };
        let mut text = format!(r#"{{"办理事项":"{activity}","矿种":"{mineral}","截至日":"2025-01-01""#);
        let mut add = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                write!(text, ",\"{key}\":{value}").expect("a string");
            }
        };
        add("生产规模", self.scale.map(|tonnes| format!("\"{tonnes}吨/年\"")));
        let size = self.size.map(|size| match size {
            Size::Large => "\"大型\"",
            Size::Medium => "\"中型\"",
            Size::Small => "\"小型\"",
        });
        add("规模级别", size.map(str::to_owned));
        add("位于", self.red_line.map(|inside| if inside { r#"["生态保护红线"]"# } else { "[]" }.to_owned()));
        add("距离", self.shore.map(|metres| format!("{{\"长江干流岸线\":\"{metres}米\"}}")));
        add("材料", self.plan.map(|has| if has { r#"["矿山地质环境保护与土地复垦方案"]"# } else { "[]" }.to_owned()));
        add("材料齐全", self.plan.filter(|has| !has).map(|_| "true".to_owned()));
        add("开采回采率", self.recovery.map(|share| format!("\"{}.{}%\"", share / 10, share % 10)));
        let attested = [("符合有关规定", self.ground), ("规模与资源储量相匹配", self.matched)];
        let attested: Vec<String> =
            attested.iter().filter_map(|(name, value)| Some(format!("\"{name}\":{}", (*value)?))).collect();
        add("认定", Some(format!("{{{}}}", attested.join(","))));
        let day = |day: i64| format!("\"{}-{:02}-{:02}\"", day / 10_000, day / 100 % 100, day % 100);
        add("采矿许可证到期日", self.expiry.map(day));
        add("勘查资金", self.funds.map(|yuan| format!("\"{yuan}元\"")));
        add("勘查预算", self.budget.map(|yuan| format!("\"{yuan}元\"")));
        text.push('}');
        text
    }
}
