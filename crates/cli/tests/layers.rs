//! `--upper`: a plan with the plans that it implements.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

mod support;

use std::fs;
use std::path::Path;

use support::Folder;

fn folder() -> Folder {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs/layers");
    let folder = Folder::new();
    // The plan above is a folder of its own.
    folder.put("city/规划.adit", fs::read(inputs.join("upper.adit")).unwrap());
    folder.put("county/规划.adit", fs::read(inputs.join("county.adit")).unwrap());
    folder.put(
        "case.json",
        r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年", "服务年限": "12年"}"#,
    );
    folder
}

#[test]
fn a_case_is_reviewed_with_the_plan_above() {
    let folder = folder();
    folder.run(&["review", "county", "--facts", "case.json"]).is(1).says("未载入的数：重庆市最低开采规模");
    let review = ["review", "county", "--upper", "city", "--facts", "case.json"];
    folder.run(&review).is(1).says("应不低于 100万吨/年，差 20万吨/年").says("city/规划.adit:");
    let json = folder.run(&[&review[..], &["--format", "json"]].concat());
    let json = json.is(1).json();
    assert_eq!(json["ruling"], "refused");
    assert_eq!(json["findings"][0]["conditions"][0]["from"]["plan"], "chongqing");
    assert_eq!(json["receipt"]["upper"][0]["plan"], "chongqing");
    let markdown = folder.run(&[&review[..], &["--format", "markdown", "--lang", "en"]].concat());
    markdown.is(1).says("from “重庆市最低开采规模”").says("(loaded)");
}

#[test]
fn every_command_takes_it() {
    let folder = folder();
    folder.run(&["check", "county", "--upper", "city"]).is(0);
    folder.run(&["explain", "--upper", "city", "county", "CQ-001"]).is(0).says("60万吨/年");
    folder.run(&["explain", "county", "--upper", "city", "CQ-001"]).is(0).says("60万吨/年");
    folder.run(&["explain", "county"]).is(2);
    folder.run(&["test", "county", "--upper", "city"]).is(0);
    folder.run(&["facts", "county", "--upper", "city"]).is(0).says("开采方式");
    folder.put("mines.csv", "编号,名称,矿种\n1,甲矿,铁\n");
    folder.run(&["assess", "county", "--upper", "city", "--registry", "mines.csv"]).is(0);
}

#[test]
fn a_plan_that_is_not_implemented_is_refused() {
    let folder = folder();
    folder.run(&["check", "city", "--upper", "county"]).is(2).says("A0431");
    folder.run(&["check", "county", "--upper", "nowhere"]).is(2).says("A0702");
}
