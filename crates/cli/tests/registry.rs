//! Lists of mines as offices keep them, and as they should not: every record or its problem comes out, with its line.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use serde_json::{Value, json};
use support::{Folder, Run};

const RULES: &str = "引用 矿业\n条款 T-1 “甲”\n  依据 一 「禁止开采煤」\n  禁止 开采 煤\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.put("rules.adit", RULES);
    folder
}

fn read(folder: &Folder, file: &str) -> Run {
    folder.run(&["facts", "rules.adit", "--registry", file])
}

fn inputs(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs/registry").join(kind);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// What each good file gives stands beside it: records, then notes.
#[test]
fn good_files_give_their_records() {
    let mut differences = Vec::new();
    for path in inputs("good").iter().filter(|path| path.extension().unwrap() != "golden") {
        let folder = folder();
        let name = name_of(path);
        folder.put(&name, fs::read(path).unwrap());
        let run = read(&folder, &name);
        let found = format!("{}{}", run.is(0).out, run.err);
        let golden = path.with_file_name(format!("{name}.golden"));
        if std::env::var_os("ADIT_UPDATE").is_some() {
            fs::write(&golden, &found).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if found != expected {
            differences.push(format!("{name}\n{found}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The fault of each bad file is in its name; it is told in both languages, and the rest goes on.
#[test]
fn bad_files_are_told() {
    for path in inputs("bad") {
        let folder = folder();
        let name = name_of(&path);
        let code = name.split('-').next().unwrap();
        folder.put(&name, fs::read(&path).unwrap());
        let run = read(&folder, &name);
        assert!(run.is(2).err.contains(code), "{name}: {}", run.err);
        let english = folder.run(&["facts", "rules.adit", "--registry", &name, "--lang", "en"]);
        assert!(english.is(2).err.contains(code), "{name}: {}", english.err);
    }
}

#[test]
fn a_bad_row_is_named_with_its_line_and_the_rest_goes_on() {
    let folder = folder();
    let cases = [
        ("A0805-多一格.csv", vec!["C2"], "csv:2:"),
        ("A0807-编号重复.csv", vec!["C1", "C2"], "csv:4:"),
        ("A0807-编号重复.json", vec!["C1", "C2"], "json:3:"),
        ("A0809-读不出.csv", vec!["C1", "C3"], "csv:3:"),
        ("A0602-键重复.jsonl", vec!["C1", "C4"], "jsonl:2:"),
        ("A0605-不是记录.json", vec!["C1", "C3"], "json:1:16"),
        ("A0601-断在中间.json", vec!["C1"], "json:2:"),
        ("A0810-引号没有收尾.csv", vec![], "csv:2:"),
    ];
    for (name, ids, place) in cases {
        let path = inputs("bad").into_iter().find(|path| name_of(path) == name).unwrap();
        folder.put(name, fs::read(path).unwrap());
        let run = read(&folder, name);
        let found: Vec<Value> = run.lines().iter().map(|line| line["编号"].clone()).collect();
        assert_eq!(found, ids, "{name}");
        assert!(run.err.contains(place), "{name}: {}", run.err);
    }
    folder.put("a.csv", "编号,生产规模\nC1,80\nC2,80万吨/年\n\nC3,80立方米\n");
    let lines = read(&folder, "a.csv").is(2).lines();
    assert_eq!((&lines[0]["error"]["code"], &lines[0]["error"]["line"]), (&json!("A0604"), &json!(2)));
    assert_eq!(lines[1]["编号"], "C2");
    assert_eq!((&lines[2]["error"]["code"], &lines[2]["error"]["line"]), (&json!("A0607"), &json!(5)));
}

/// UTF-8 with a mark, UTF-16, GBK, and every kind of line end give the same records.
#[test]
fn encodings_and_line_ends() {
    let folder = folder();
    let text = "编号,名称,矿种\nC1,甲矿,煤、铁\n\nC2,\"乙\n矿\",煤\nC3,丙矿,煤,多\n";
    let utf_16 = |big: bool| {
        let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>()
    };
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("plain", text.into(), ""),
        ("mark", format!("\u{feff}{text}").into_bytes(), ""),
        ("little", utf_16(false), "UTF-16LE"),
        ("big", utf_16(true), "UTF-16BE"),
        ("gbk", gbk, "GBK"),
        ("crlf", text.replace('\n', "\r\n").into_bytes(), ""),
        ("cr", text.replace('\n', "\r").into_bytes(), ""),
    ];
    for (name, bytes, note) in cases {
        folder.put("list.csv", &bytes);
        let run = read(&folder, "list.csv");
        let lines = run.is(2).lines();
        assert_eq!(lines[0], json!({"编号": "C1", "名称": "甲矿", "矿种": ["煤", "铁"]}), "{name}");
        assert_eq!(lines[1]["编号"], "C2", "{name}");
        assert!(run.err.contains("list.csv:6:") && run.err.contains(note), "{name}: {}", run.err);
        assert_eq!(run.err.contains("编码"), !note.is_empty(), "{name}: {}", run.err);
        let piped = folder.run_with(&["facts", "rules.adit", "--registry", "-"], &[], &bytes);
        assert_eq!(piped.is(2).out, run.out, "{name}");
    }
}

#[test]
fn files_that_are_not_there() {
    read(&folder(), "none.csv").is(2).says("A0702");
    folder().run_with(&["facts", "rules.adit", "--registry", "-"], &[], "").is(2).says("A0801");
}

fn saved(folder: &Folder, name: &str, fill: impl Fn(&mut Worksheet)) {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    folder.put(name, book.save_to_buffer().unwrap());
}

fn write(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        sheet.write_string(row, u16::try_from(column).unwrap(), *text).unwrap();
    }
}

/// Title rows, a header of two levels with merged cells, units in it, full-width digits, dates, a row of sums.
#[test]
fn a_workbook_as_an_office_keeps_it() {
    let folder = folder();
    saved(&folder, "名册.xlsx", |sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 7, "永川区矿山名册", &plain).unwrap();
        write(sheet, 1, &["填报单位：某局"]);
        for (column, head) in [(0, "序号"), (1, "编 号"), (2, "矿山\n名称"), (3, "生产规模（万吨/年）")]
        {
            sheet.merge_range(2, column, 3, column, head, &plain).unwrap();
        }
        sheet.merge_range(2, 4, 2, 5, "距离（千米）", &plain).unwrap();
        sheet.merge_range(2, 6, 2, 7, "许可证与地区", &plain).unwrap();
        write(sheet, 3, &["", "", "", "", "长江干流岸线", "铁路", "采矿许可证到期日", "地区"]);
        let date = Format::new().set_num_format("yyyy/m/d");
        for (row, id, scale) in [(4, "C1", 80.5), (5, "C2", 0.1 + 0.2)] {
            sheet.write_number(row, 0, f64::from(row)).unwrap();
            write(sheet, row, &["", id, "甲矿"]);
            sheet.write_number(row, 3, scale).unwrap();
            sheet.write_number(row, 4, 3).unwrap();
            let day = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
            sheet.write_datetime_with_format(row, 6, &day, &date).unwrap();
        }
        sheet.merge_range(4, 7, 5, 7, "永川区", &plain).unwrap();
        write(sheet, 7, &["3", "C3", "丙矿", "１２０", "", "０．５", "无"]);
        write(sheet, 8, &["合 计", "", "", "200"]);
        write(sheet, 9, &["注：截至2020年底"]);
    });
    let run = read(&folder, "名册.xlsx");
    let lines = run.is(0).lines();
    let first = json!({
        "编号": "C1", "名称": "甲矿", "生产规模": "80.5万吨/年", "距离": {"长江干流岸线": "3千米"},
        "采矿许可证到期日": "2026-03-01", "地区": "永川区",
    });
    assert_eq!(lines[0], first);
    assert_eq!((&lines[1]["生产规模"], &lines[1]["地区"]), (&json!("0.3万吨/年"), &json!("永川区")));
    let third = json!({"编号": "C3", "名称": "丙矿", "生产规模": "120万吨/年", "距离": {"铁路": "0.5千米"}, "采矿许可证到期日": "无"});
    assert_eq!(lines[2], third);
    assert_eq!(lines.len(), 3);
    for words in ["永川区矿山名册", "填报单位", "9「合 计」", "10「注：截至2020年底」", "空行 1 行不读：7", "序号"]
    {
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
}

#[test]
fn cells_of_a_workbook_that_are_not_clear() {
    let folder = folder();
    saved(&folder, "a.xlsx", |sheet| {
        write(sheet, 0, &["编号", "开采回采率（%）", "许可证号", "生产规模"]);
        write(sheet, 1, &["C1", "", "", "80万吨/年"]);
        sheet.write_number(1, 1, 0.95).unwrap();
        write(sheet, 2, &["C2"]);
        sheet.write_number(2, 2, 5_001_182_009_057_120_014_735.0_f64).unwrap();
        write(sheet, 3, &["C3"]);
        sheet.write_formula(3, 3, rust_xlsxwriter::Formula::new("1/0").set_result("#DIV/0!")).unwrap();
        write(sheet, 4, &["C4"]);
        sheet.write_number(4, 1, 95).unwrap();
        sheet.write_number(4, 2, 5001).unwrap();
    });
    let run = read(&folder, "a.xlsx");
    assert_eq!(run.is(2).err.matches("A0811").count(), 3, "{}", run.err);
    for words in ["a.xlsx「Sheet1」:2:", "a.xlsx「Sheet1」:3:", "a.xlsx「Sheet1」:4:", "95%", "#DIV/0!"] {
        assert!(run.err.contains(words) || run.out.contains(words), "{words}: {}", run.err);
    }
    assert_eq!(run.lines(), [json!({"编号": "C4", "开采回采率": "95%", "许可证号": "5001"})]);
}

/// A problem shows the row as the table has it: file, sheet, line, the cell, the head of its column.
#[test]
fn a_problem_shows_the_row_and_its_column() {
    let folder = folder();
    folder.put(
        "a.csv",
        "编号,矿种,生产规模（万吨/年）,距离（千米）·铁路\nC1,煤；铁矾,80,3\nC2,煤,80立方米,3\nC3,煤;铁,１２０,0.5\n",
    );
    let run = read(&folder, "a.csv");
    run.is(2).says("[a.csv:2:").says("C1 | 煤；铁矾 | 80 | 3").says("「矿种」一列");
    run.says("[a.csv:3:").says("C2 | 煤 | 80立方米 | 3").says("「生产规模（万吨/年）」一列：单位是 立方米");
    assert!(!run.err.contains("{\""), "{}", run.err);
    let third = json!({"编号": "C3", "矿种": ["煤", "铁"], "生产规模": "120万吨/年", "距离": {"铁路": "0.5千米"}});
    assert_eq!(run.lines()[2], third);
    folder.run(&["facts", "rules.adit", "--registry", "a.csv", "--lang", "en"]).is(2).says("column `矿种`");
    saved(&folder, "b.xlsx", |sheet| {
        sheet.set_name("名册").unwrap();
        write(sheet, 0, &["编号", "生产规模"]);
        write(sheet, 1, &["C1", "80"]);
    });
    read(&folder, "b.xlsx").is(2).says("[b.xlsx「名册」:2:").says("「生产规模」一列");
}

#[test]
fn other_sheets_are_named() {
    let folder = folder();
    let mut book = Workbook::new();
    book.add_worksheet().set_name("空").unwrap();
    write(book.add_worksheet().set_name("名册").unwrap(), 0, &["编号", "名称"]);
    write(book.worksheet_from_name("名册").unwrap(), 1, &["C1", "甲矿"]);
    write(book.add_worksheet().set_name("说明").unwrap(), 0, &["说明"]);
    let bytes = book.save_to_buffer().unwrap();
    folder.put("a.csv", &bytes);
    let run = read(&folder, "a.csv");
    assert_eq!(run.is(0).lines().len(), 1);
    run.says("只读工作表「名册」，未读：说明").says("内容是 XLSX");

    // Cut off at any length it is told, as damaged or as no table.
    for part in [30, 300, bytes.len() / 2, bytes.len() - 30] {
        folder.put("cut.xlsx", &bytes[..part]);
        read(&folder, "cut.xlsx").is(2).says("A0806");
    }
    folder.put("empty.xlsx", Workbook::new().save_to_buffer().unwrap());
    read(&folder, "empty.xlsx").is(2).says("A080");
}

/// A container of OLE, as Excel wraps a workbook under a password.
#[test]
fn a_workbook_under_a_password() {
    let folder = folder();
    folder.put("a.xlsx", under_password());
    assert!(read(&folder, "a.xlsx").is(2).err.contains("A0802"));
    folder.put("a.xls", &under_password()[..700]);
    read(&folder, "a.xls").is(2).says("A0806");
}

/// The least compound file with the two streams of an encrypted workbook.
fn under_password() -> Vec<u8> {
    const FREE: u32 = 0xFFFF_FFFF;
    const END: u32 = 0xFFFF_FFFE;
    let mut file = vec![0_u8; 512];
    file[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    file[24..34].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    let mut put = |at: usize, value: u32| file[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(44, 1); // one sector of the table
    put(48, 1); // the directory is sector 1
    put(56, 4096);
    put(60, END);
    put(68, END);
    put(76, 0);
    (80..512).step_by(4).for_each(|at| put(at, FREE));
    let mut table = vec![0xFFFF_FFFD, END];
    table.resize(128, FREE);
    file.extend(table.iter().flat_map(|entry| entry.to_le_bytes()));
    for (name, kind, child, right) in [
        ("Root Entry", 5, 1, FREE),
        ("EncryptionInfo", 2, FREE, 2),
        ("EncryptedPackage", 2, FREE, FREE),
        ("", 0, FREE, FREE),
    ] {
        let mut entry = vec![0_u8; 128];
        for (index, unit) in name.encode_utf16().enumerate() {
            entry[index * 2..index * 2 + 2].copy_from_slice(&unit.to_le_bytes());
        }
        let length = if name.is_empty() { 0 } else { u8::try_from(name.len() * 2 + 2).unwrap() };
        entry[64] = length;
        entry[66] = kind;
        for (at, value) in [(68, FREE), (72, right), (76, child), (116, END)] {
            entry[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
        }
        file.extend(entry);
    }
    file
}

/// More than one piece is read at a time; the lines stay right.
#[test]
fn a_long_list() {
    let folder = folder();
    let rows: String = (0..20_000).map(|number| format!("C{number},第{number}矿\r\n")).collect();
    folder.put("long.csv", format!("编号,名称\r\n{rows}C7,重复\r\n"));
    let run = read(&folder, "long.csv");
    assert_eq!(run.is(2).lines().len(), 20_000);
    run.says("long.csv:20002:").says("先在第 9 行");
}

/// The codes of lists of mines, each raised above: the list is read by the test of codes.
#[test]
fn codes_are_raised() {
    let named = ["A0801", "A0803", "A0804", "A0805", "A0807", "A0808", "A0809", "A0810"];
    let names: Vec<String> = inputs("bad").iter().map(|path| name_of(path)).collect();
    for code in named {
        assert!(names.iter().any(|name| name.starts_with(code)), "{code}");
    }
}
