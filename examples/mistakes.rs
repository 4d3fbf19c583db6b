//! Every mistake of a text in one run: codes for programs, places and help for people, a `miette::Diagnostic` for tools.
//!
//! `cargo run -q --example mistakes`

use adit::Rulebook;
use adit::report::{self, ReportOptions};
use miette::Diagnostic;

const RULES: &str = "引用 矿业
条款 甲 “错字”
  新建 建筑石料用灰岩 矿山 生产规模 不底于 100万吨/年
条款 乙 “量不同”
  新建 矿山 生产规模 不低于 100千米
";

fn main() {
    let Err(error) = Rulebook::from_text(RULES) else { unreachable!("the rules are wrong on purpose") };
    print!("{}", report::problems(error.problems(), &error, ReportOptions::default()));

    let codes: Vec<&str> = error.problems().iter().map(|problem| problem.code().entry().name()).collect();
    println!("codes: {}", codes.join(" "));
    assert!(codes.contains(&"A0312"), "a length is no rate");

    // The same through miette, for whoever collects diagnostics of many tools.
    println!("miette: {error}");
    for label in error.labels().into_iter().flatten() {
        println!("  bytes {}..{}", label.offset(), label.offset() + label.len());
    }
    assert!(error.code().is_some() && error.source_code().is_some());
}
