//! Registries and rulings in columns: Parquet and Arrow files.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test says what is wrong by failing")]

mod support;

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int8Type;
use arrow_array::{Array, ArrayRef, BinaryArray, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use support::Folder;

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/plans/yongchuan");

fn mines() -> RecordBatch {
    let texts = |texts: Vec<&str>| Arc::new(StringArray::from(texts)) as ArrayRef;
    let scales = Decimal128Array::from(vec![Some(8000), Some(10000), None, Some(-100), Some(600)]);
    RecordBatch::try_from_iter_with_nullable([
        ("编号", Arc::new(Int64Array::from(vec![1, 2, 3, 4, 5])) as ArrayRef, true),
        ("名称", texts(vec!["甲矿", "乙矿", "丙矿", "丁矿", "戊矿"]), true),
        ("矿种", texts(vec!["建筑石料用灰岩", "建筑石料用灰岩", "水泥用灰岩", "水泥用灰岩", "砖瓦用页岩"]), true),
        ("办理事项", texts(vec!["新建", "新建", "新建", "新建", "延续"]), true),
        ("生产规模（万吨/年）", Arc::new(scales.with_precision_and_scale(18, 2).unwrap()), true),
    ])
    .unwrap()
}

fn parquet(folder: &Folder, name: &str, batch: &RecordBatch) {
    let mut writer = ArrowWriter::try_new(File::create(folder.0.join(name)).unwrap(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn read(path: &Path) -> RecordBatch {
    let file = File::open(path).unwrap();
    if path.extension().is_some_and(|ending| ending == "arrow") {
        return FileReader::try_new(file, None).unwrap().next().unwrap().unwrap();
    }
    ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap().next().unwrap().unwrap()
}

/// What each mine is ruled, with the clauses that it misses; `None` of one that cannot be used.
fn rulings(batch: &RecordBatch) -> Vec<Option<(String, Vec<String>)>> {
    let column = |name: &str| batch.column_by_name(name).unwrap().clone();
    let (ruling, violated) = (column("ruling"), column("violated"));
    let codes = ruling.as_dictionary::<Int8Type>();
    let names = codes.values().as_string::<i32>();
    (0..batch.num_rows())
        .map(|row| {
            let place = codes.is_valid(row).then(|| usize::try_from(codes.keys().value(row)).unwrap())?;
            let items = violated.as_list::<i32>().value(row);
            let clauses = items.as_string::<i32>().iter().flatten().map(str::to_owned).collect();
            Some((names.value(place).to_owned(), clauses))
        })
        .collect()
}

fn left_behind(folder: &Folder) -> Vec<String> {
    let names = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains("partial")).collect()
}

#[test]
fn parquet_to_parquet_and_arrow() {
    let folder = Folder::new();
    parquet(&folder, "mines.parquet", &mines());
    let run = folder.run(&["assess", PLAN, "--registry", "mines.parquet", "--rulings", "out.parquet"]);
    // The scale of 丁矿 is below zero: told, left out, and said by the exit code.
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("生产规模"), "{}", run.err);
    let rows = rulings(&read(&folder.0.join("out.parquet")));
    assert_eq!(rows[0].as_ref().unwrap().0, "refused");
    assert!(rows[0].as_ref().unwrap().1.contains(&"YC-097".to_owned()), "{rows:?}");
    assert!(!rows[1].as_ref().unwrap().1.contains(&"YC-097".to_owned()), "{rows:?}");
    assert_eq!(rows[2].as_ref().unwrap().0, "incomplete");
    assert_eq!(rows[3], None);
    let mut writer =
        FileWriter::try_new(File::create(folder.0.join("mines.arrow")).unwrap(), &mines().schema()).unwrap();
    writer.write(&mines()).unwrap();
    writer.finish().unwrap();
    folder.run(&["assess", PLAN, "--registry", "mines.arrow", "--rulings", "out.arrow"]);
    let batch = read(&folder.0.join("out.arrow"));
    assert_eq!(rulings(&batch), rows);
    assert_eq!(batch.schema().field(0).name(), "编号");
    assert_eq!(left_behind(&folder), Vec::<String>::new());
}

#[test]
fn a_text_registry_may_have_its_rulings_in_columns() {
    let folder = Folder::new();
    folder.put(
        "mines.csv",
        "编号,名称,矿种,办理事项,生产规模（万吨/年）\n1,甲矿,建筑石料用灰岩,新建,80\n2,乙矿,建筑石料用灰岩,新建,100\n",
    );
    let run = folder.run(&["assess", PLAN, "--registry", "mines.csv", "--rulings", "out.parquet"]);
    assert_ne!(run.code, Some(2), "{}", run.err);
    let of_text = rulings(&read(&folder.0.join("out.parquet")));
    parquet(&folder, "mines.parquet", &mines().slice(0, 2));
    folder.run(&["assess", PLAN, "--registry", "mines.parquet", "--rulings", "again.parquet"]);
    assert_eq!(rulings(&read(&folder.0.join("again.parquet"))), of_text);
}

#[test]
fn one_mine_is_explained_as_a_review_rules() {
    let folder = Folder::new();
    parquet(&folder, "mines.parquet", &mines());
    let one = folder.run(&["assess", PLAN, "--registry", "mines.parquet", "--explain", "甲矿", "--format", "json"]);
    assert_eq!(one.code, Some(1), "{}", one.err);
    folder.put(
        "甲.json",
        r#"{"编号": "1", "名称": "甲矿", "矿种": "建筑石料用灰岩", "办理事项": "新建", "生产规模": "80万吨/年"}"#,
    );
    let two = folder.run(&["review", PLAN, "--facts", "甲.json", "--format", "json"]);
    let parsed = |text: &str| -> Value {
        let mut ruling: Value = serde_json::from_str(text).unwrap();
        // The receipt tells which bytes were read, the findings where in them a fact stands.
        ruling.as_object_mut().unwrap().remove("receipt");
        ruling["findings"].as_array_mut().unwrap().iter_mut().for_each(|finding| {
            finding.as_object_mut().unwrap().remove("fact_place");
        });
        ruling
    };
    assert_eq!(parsed(&one.out), parsed(&two.out));
    let nobody = folder.run(&["assess", PLAN, "--registry", "mines.parquet", "--explain", "无此矿"]);
    assert_eq!(nobody.code, Some(2));
    assert!(nobody.err.contains("无此矿"), "{}", nobody.err);
}

#[test]
fn what_cannot_be_read_or_written_is_told_and_leaves_nothing_behind() {
    let folder = Folder::new();
    parquet(&folder, "mines.parquet", &mines());
    let whole = fs::read(folder.0.join("mines.parquet")).unwrap();
    folder.put("cut.parquet", &whole[..whole.len() - 40]);
    let cut = folder.run(&["assess", PLAN, "--registry", "cut.parquet", "--rulings", "out.parquet"]);
    assert_eq!(cut.code, Some(2));
    assert!(cut.err.contains("A0702") && cut.err.contains("cut.parquet"), "{}", cut.err);
    let mut broken = whole.clone();
    broken[8..120].fill(0xAB);
    folder.put("broken.parquet", broken);
    let broken = folder.run(&["assess", PLAN, "--registry", "broken.parquet", "--rulings", "out.parquet"]);
    assert_eq!(broken.code, Some(2), "{}", broken.err);
    let bytes = BinaryArray::from(vec![b"x".as_slice(); 5]);
    let typed = RecordBatch::try_from_iter([("矿种", Arc::new(bytes) as ArrayRef)]).unwrap();
    parquet(&folder, "typed.parquet", &typed);
    let typed = folder.run(&["assess", PLAN, "--registry", "typed.parquet"]);
    assert_eq!(typed.code, Some(2));
    assert!(typed.err.contains("A0821"), "{}", typed.err);
    let nowhere = folder.run(&["assess", PLAN, "--registry", "mines.parquet", "--rulings", "没有/out.parquet"]);
    assert_eq!(nowhere.code, Some(2));
    if Path::new("/dev/full").exists() {
        fs::create_dir(folder.0.join("full")).unwrap();
        std::os::unix::fs::symlink("/dev/full", folder.0.join("full/.out.parquet.partial")).unwrap();
        let full = folder.run(&["assess", PLAN, "--registry", "mines.parquet", "--rulings", "full/out.parquet"]);
        assert_eq!(full.code, Some(2), "{}", full.err);
        assert!(!folder.0.join("full/out.parquet").exists());
    }
    assert!(!folder.0.join("out.parquet").exists());
    assert_eq!(left_behind(&folder), Vec::<String>::new());
}
