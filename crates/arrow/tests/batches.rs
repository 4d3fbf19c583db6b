//! Record batches come to what single cases come to, whatever the types of their columns.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::float_arithmetic,
    reason = "a test says what is wrong by failing"
)]

use std::sync::Arc;

use adit::{ReviewOptions, Rulebook};
use adit_arrow::{Error, RecordBatchReviewer};
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal64Array, Decimal128Array, DictionaryArray,
    Float64Array, Int32Array, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray, StructArray,
    UInt16Array,
};
use arrow_schema::{DataType, Field, Fields, Schema};

const RULES: &str = "引用 矿业
条款 T-1 “规模”
  依据 一
  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
条款 T-2 “距离”
  依据 二
  矿山 距 长江干流岸线 不低于 1千米
条款 T-3 “红线”
  依据 三
  禁止 位于 生态保护红线 新建 矿山
条款 T-4 “年限”
  依据 四
  新建 矿山 服务年限 不低于 10年
条款 T-5 “到期”
  依据 五
  采矿许可证到期日 早于 2025-01-01 矿山 须 绿色矿山
";

fn rulebook() -> Rulebook {
    Rulebook::from_text(RULES).unwrap()
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

/// The ruling and the lists of clauses; of a row that cannot be used the code.
type Row = Result<(String, Vec<Vec<String>>), String>;

/// What each row came to.
fn of_rulings(rulings: &RecordBatch) -> Vec<Row> {
    let codes = rulings.column_by_name("ruling").unwrap().as_dictionary::<Int8Type>();
    let names = codes.values().as_string::<i32>();
    let problems = rulings.column_by_name("problem").unwrap().as_string::<i32>();
    let list = |name: &str, row: usize| -> Vec<String> {
        let items = rulings.column_by_name(name).unwrap().as_list::<i32>().value(row);
        items.as_string::<i32>().iter().flatten().map(str::to_owned).collect()
    };
    (0..rulings.num_rows())
        .map(|row| {
            if problems.is_valid(row) {
                assert!(codes.is_null(row));
                return Err(problems.value(row)[..5].to_owned());
            }
            let code = names.value(codes.keys().value(row) as usize).to_owned();
            Ok((code, ["violated", "undetermined", "discretion"].map(|name| list(name, row)).to_vec()))
        })
        .collect()
}

fn agree(batch: &RecordBatch) -> Vec<Row> {
    let rulebook = rulebook();
    let options = ReviewOptions::default();
    let mut reviewer = RecordBatchReviewer::new(&rulebook, &batch.schema(), &options).unwrap();
    let whole = of_rulings(&reviewer.rule(batch).unwrap());
    let cases = reviewer.cases(batch).unwrap();
    let decided = cases.iter().map(|case| rulebook.decide(&rulebook.prepare(case)?, &options));
    let one_by_one = of_rulings(&adit_arrow::of_decisions(&rulebook, decided).unwrap());
    assert_eq!(whole, one_by_one, "{cases:#?}");
    // Sliced, the rows keep their rulings.
    let (first, last) = (batch.slice(0, 3), batch.slice(3, batch.num_rows() - 3));
    let parts = [&first, &last].map(|part| of_rulings(&reviewer.rule(part).unwrap()));
    assert_eq!(whole, parts.concat());
    whole
}

#[test]
fn every_type_of_column_is_read() {
    let minerals = ["建筑石料用灰岩", "煤", "建筑石料用灰岩", "建筑石料用灰岩", "煤", "无此矿种"];
    let mineral = || Arc::new(StringArray::from(minerals.to_vec())) as ArrayRef;
    let activity = || {
        let values = Arc::new(StringArray::from(vec!["新建", "延续"]));
        let keys = arrow_array::PrimitiveArray::<UInt8Type>::from(vec![0, 0, 0, 1, 1, 0]);
        Arc::new(DictionaryArray::<UInt8Type>::new(keys, values)) as ArrayRef
    };
    let mut met = Vec::new();
    for scale in [
        Arc::new(Int32Array::from(vec![Some(80), Some(90), Some(100), None, Some(-1), Some(5)])) as ArrayRef,
        Arc::new(Int64Array::from(vec![80, 90, 100, 20, -1, 5])),
        Arc::new(UInt16Array::from(vec![80, 90, 100, 20, 1, 5])),
        Arc::new(Float64Array::from(vec![99.99, 90.0, 100.0, f64::NAN, 0.1 + 0.2, 5.0])),
        Arc::new(Decimal128Array::from(vec![9999, 9000, 10000, 20, -1, 5]).with_precision_and_scale(18, 2).unwrap()),
        Arc::new(Decimal64Array::from(vec![9999, 9000, 10000, 20, -1, 5]).with_precision_and_scale(18, 2).unwrap()),
        Arc::new(StringArray::from(vec!["80万吨/年", "1000000吨/年", "100", "40万立方米/年", "无", "5万吨"])),
    ] {
        let distances = StructArray::new(
            Fields::from(vec![Field::new("长江干流岸线", DataType::Utf8, true)]),
            vec![Arc::new(StringArray::from(vec![Some("999米"), None, Some("1千米"), Some("1"), None, None]))],
            Some(vec![true, true, true, true, false, true].into()),
        );
        let mut zones = ListBuilder::new(StringBuilder::new());
        for row in 0..6 {
            if row % 2 == 0 {
                zones.values().append_value("生态保护红线");
            }
            zones.append(row != 5);
        }
        let days = Date32Array::from(vec![None, None, None, Some(20_088), Some(20_089), Some(i32::MAX)]);
        let batch = batch(vec![
            ("编号", Arc::new(Int64Array::from(vec![1, 2, 3, 4, 5, 6]))),
            ("矿种", mineral()),
            ("办理事项", activity()),
            ("生产规模（万吨/年）", scale),
            ("距离", Arc::new(distances)),
            ("位于", Arc::new(zones.finish())),
            ("service-life (年)", Arc::new(Int32Array::from(vec![9, 10, 11, 10, 3, 1]))),
            ("采矿许可证到期日", Arc::new(days)),
            ("绿色矿山", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, Some(false), None, None]))),
            ("备注", Arc::new(BinaryArray::from(vec![b"x".as_slice(); 6]))),
        ]);
        met.extend(agree(&batch));
    }
    let refused = met.iter().filter(|it| it.as_ref().is_ok_and(|(ruling, _)| ruling == "refused")).count();
    let wrong = met.iter().filter(|it| it.is_err()).count();
    assert!(refused > 5 && wrong > 5, "{refused} refused, {wrong} wrong: {met:#?}");
}

#[test]
fn texts_and_dictionaries_of_every_width() {
    let texts = vec![Some("建筑石料用灰岩"), Some("煤"), None, Some("石灰岩"), Some("煤")];
    let dictionary: StringArray = vec![Some("建筑石料用灰岩"), None, Some("煤")].into();
    let dictionary = Arc::new(dictionary);
    let keys = [Some(0), Some(2), None, Some(1), Some(2)];
    let narrow = keys.iter().map(|key| key.map(|key: i64| key as i8)).collect();
    let short = keys.iter().map(|key| key.map(|key| key as i16)).collect();
    let plain = keys.iter().map(|key| key.map(|key| key as i32)).collect();
    let long = keys.iter().copied().collect();
    for mineral in [
        Arc::new(LargeStringArray::from(texts.clone())) as ArrayRef,
        Arc::new(StringViewArray::from(texts.clone())),
        Arc::new(DictionaryArray::<Int8Type>::new(narrow, dictionary.clone())),
        Arc::new(DictionaryArray::<Int16Type>::new(short, dictionary.clone())),
        Arc::new(DictionaryArray::<Int32Type>::new(plain, dictionary.clone())),
        Arc::new(DictionaryArray::<Int64Type>::new(long, dictionary.clone())),
    ] {
        let found = agree(&batch(vec![
            ("mineral", mineral),
            ("activity", Arc::new(StringArray::from(vec!["新建"; 5]))),
            ("生产规模 [万吨/年]", Arc::new(Int64Array::from(vec![99; 5]))),
        ]));
        assert_eq!(found[0].as_ref().unwrap().0, "refused");
        assert_eq!(found[2].as_ref().unwrap().0, "incomplete");
    }
}

#[test]
fn columns_that_give_no_fact_are_named() {
    let schema = Schema::new(vec![
        Field::new("生产规摸（万吨/年）", DataType::Int64, true),
        Field::new("矿种", DataType::Binary, true),
        Field::new("名称", DataType::Utf8, true),
        Field::new("name", DataType::Utf8, true),
    ]);
    let refused = RecordBatchReviewer::new(&rulebook(), &schema, &ReviewOptions::default());
    let Err(Error::Columns(problems)) = refused else { panic!("columns were taken") };
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code().entry().name()).collect();
    assert_eq!(codes, ["A0803", "A0821", "A0808"]);
}

#[test]
fn binary_numbers_and_dictionaries_of_numbers_take_the_unit_of_their_column() {
    let limestone = || Arc::new(StringArray::from(vec!["建筑石料用灰岩"; 2])) as ArrayRef;
    let activity = || Arc::new(StringArray::from(vec!["新建"; 2])) as ArrayRef;
    let scales: [ArrayRef; 3] = [
        Arc::new(Int64Array::from(vec![80, 100])),
        Arc::new(Float64Array::from(vec![80.0, 100.0])),
        Arc::new(DictionaryArray::<Int8Type>::new(vec![1, 0].into(), Arc::new(Int32Array::from(vec![100, 80])))),
    ];
    let ruled = scales.map(|scale| {
        let batch = batch(vec![("矿种", limestone()), ("办理事项", activity()), ("生产规模（万吨/年）", scale)]);
        let mut reviewer = RecordBatchReviewer::new(&rulebook(), &batch.schema(), &ReviewOptions::default()).unwrap();
        of_rulings(&reviewer.rule(&batch).unwrap())
    });
    assert!(ruled[0].iter().all(Result::is_ok), "{:?}", ruled[0]);
    assert_eq!((&ruled[0], &ruled[0]), (&ruled[1], &ruled[2]));
}

#[test]
fn a_row_that_contradicts_itself_is_told_its_own_values() {
    let rulebook = Rulebook::from_text(RULES).unwrap();
    let days = Date32Array::from(vec![20_000, 21_000]);
    let batch = batch(vec![
        ("矿种", Arc::new(StringArray::from(vec!["煤", "煤"])) as ArrayRef),
        ("办理事项", Arc::new(StringArray::from(vec!["新建", "新建"]))),
        ("采矿许可证到期日", Arc::new(days)),
    ]);
    let mut reviewer = RecordBatchReviewer::new(&rulebook, &batch.schema(), &ReviewOptions::default()).unwrap();
    let rulings = reviewer.rule(&batch).unwrap();
    let problems = rulings.column_by_name("problem").unwrap().as_string::<i32>();
    assert!(problems.value(0).contains("2024-10-04"), "{}", problems.value(0));
    assert!(problems.value(1).contains("2027-07-01"), "{}", problems.value(1));
}
