//! The facts reader over a small vocabulary of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

use adit::Number;
use adit::diagnostic::{Code, Language, Problem};
use adit::facts::{self, CaseFacts, CaseTexts, FactValue, tree};
use adit::model::{
    Comparator, Condition, DocumentStates, Domain, Enumeration, EnumerationId, Field, FieldKind, LeafSet, Member,
    MemberId, Model, Name, Operator, TestKind, Unit, Vocabulary,
};
use adit::quantity::{BaseDimension, BasisId, Dimension, Quantity};
use adit::source::Source;
use adit::span::{SourceId, Span};

fn name(chinese: &str, english: &str) -> Name {
    let mut english = english.split('|');
    Name {
        chinese: chinese.to_owned(),
        english: english.next().filter(|word| !word.is_empty()).map(str::to_owned),
        aliases: english.map(str::to_owned).collect(),
        span: Span::default(),
    }
}

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

fn base(number: u8) -> Dimension {
    Dimension::base(BaseDimension(number))
}

fn mass() -> Dimension {
    base(0)
}
fn volume() -> Dimension {
    base(1)
}
fn time() -> Dimension {
    base(2)
}
fn length() -> Dimension {
    base(3)
}

fn unit(chinese: &str, english: &str, dimension: Dimension, factor: &str) -> Unit {
    Unit { name: name(chinese, english), dimension, factor: factor.parse().unwrap() }
}

fn enumeration(names: &[(&str, &str)]) -> Enumeration {
    let members = names.iter().enumerate().map(|(leaf, (chinese, english))| Member {
        name: name(chinese, english),
        parents: Vec::new(),
        leaves: LeafSet::single(leaf),
    });
    Enumeration { members: members.collect(), leaf_count: names.len(), ..Enumeration::default() }
}

fn field(chinese: &str, english: &str, kind: FieldKind) -> Field {
    Field {
        name: name(chinese, english),
        kind,
        optional: false,
        many: false,
        adjustable: false,
        named_only: false,
        headline: false,
        domain: None,
        most: None,
        default: None,
        derivation: None,
        graded_by: None,
    }
}

fn fields() -> Vec<Field> {
    let per_year = vec![mass().per(time()), volume().per(time())];
    vec![
        field("名称", "name", FieldKind::Text),
        Field { many: true, ..field("办理事项", "activity", FieldKind::Member(EnumerationId(0))) },
        Field { many: true, ..field("矿种", "mineral", FieldKind::Member(EnumerationId(1))) },
        field("开采方式", "method", FieldKind::Member(EnumerationId(2))),
        Field {
            domain: Some(Domain::Positive), ..field("生产规模", "scale", FieldKind::Quantity(per_year.clone()))
        },
        Field { optional: true, ..field("原生产规模", "prior-scale", FieldKind::Quantity(per_year)) },
        field("服务年限", "service-life", FieldKind::Quantity(vec![time()])),
        field("体重", "density", FieldKind::Quantity(vec![mass().per(volume())])),
        Field { optional: true, ..field("采矿许可证到期日", "licence-expiry", FieldKind::Date) },
        field("新增划资源", "adds-resource", FieldKind::YesNo),
        Field { many: true, ..field("所在分区", "zones", FieldKind::Text) },
        field("位于", "located-in", FieldKind::Areas(EnumerationId(3))),
        field("距离", "distance", FieldKind::Distances(EnumerationId(4))),
        field("材料", "documents", FieldKind::Documents(EnumerationId(5))),
        field("认定", "attestations", FieldKind::Attestations),
        Field {
            domain: Some(Domain::NotNegative),
            ..field("开采回采率", "mining-recovery", FieldKind::Quantity(vec![Dimension::NONE]))
        },
        field("折算", "conversion", FieldKind::Conversions),
    ]
}

fn model() -> Model {
    let per_km = "1000";
    let vocabulary = Vocabulary {
        dimensions: vec![name("质量", "mass"), name("体积", "volume"), name("时间", "time"), name("长度", "length")],
        units: vec![
            unit("吨", "t|公吨", mass(), "1"),
            unit("克", "g", mass(), "1/1000000"),
            unit("千克", "kg", mass(), "1/1000"),
            unit("立方米", "m³|m3", volume(), "1"),
            unit("年", "a|years", time(), "1"),
            unit("月", "month|个月", time(), "1/12"),
            unit("米", "m", length(), "1"),
            unit("千米", "km|公里", length(), per_km),
        ],
        bases: vec![name("矿石", "ore"), name("矿物", "mineral-content"), name("WO3", "")],
        enumerations: vec![
            enumeration(&[("新建", "new"), ("扩建", "expansion"), ("延续", "renewal")]),
            enumeration(&[("煤", "coal"), ("石灰岩", "limestone|灰岩"), ("铅", "lead"), ("锌", "zinc")]),
            enumeration(&[("露天", "open-pit"), ("地下", "underground")]),
            enumeration(&[("生态保护红线", "ecological-red-line"), ("第一山脊可视范围", "first-ridge-view")]),
            enumeration(&[("长江干流岸线", "yangtze-shoreline")]),
            enumeration(&[("矿产资源开发利用方案", "development-plan"), ("出让合同", "award-contract")]),
            enumeration(&[("批准", "approved"), ("未编制", "not-prepared")]),
        ],
        document_states: Some(DocumentStates { enumeration: EnumerationId(6), wanting: Some(MemberId(1)) }),
        fields: fields(),
        distance_dimension: Some(length()),
        ..Vocabulary::default()
    };
    Model { vocabulary, attestations: vec!["符合有关规定".into(), "T-1 等".into()], ..Model::default() }
}

/// The same with one rule whose bound is in 万吨/年.
fn model_with_bound() -> Model {
    let mut model = model();
    let field = model.vocabulary.field_named("scale").unwrap();
    let bound = facts::quantity_text("100万吨/年", &model.vocabulary).unwrap();
    let test = adit::model::Test {
        kind: TestKind::Amount {
            field,
            comparator: Comparator { operator: Operator::AtLeast, words: "不低于".into() },
            bound,
            basis: adit::model::BoundBasis::OfCase,
        },
        span: Span::default(),
        words: String::new(),
        from: None,
    };
    model.vocabulary.constraints = Vec::new();
    model.clauses.push(adit::model::Clause {
        id: "T-1".into(),
        title: String::new(),
        citations: Vec::new(),
        duty_holder: None,
        general: false,
        attribute: None,
        prevails_over: Vec::new(),
        way_through: None,
        body: adit::model::Body {
            applies: Condition::Not(Box::new(Condition::Test(Box::new(test)))),
            ..adit::model::Body::nothing()
        },
        reading: None,
        other_readings: Vec::new(),
        quote_differs: None,
        reason: None,
        span: Span::default(),
    });
    model
}

fn source(name: &str, text: &str) -> Source {
    Source::new(SourceId::new(0), name, text)
}

fn read_with(model: &Model, source: &Source) -> (CaseFacts, Vec<Problem>) {
    let (tree, mut problems) = tree::read(source);
    let Some(tree) = tree else { return (CaseFacts::default(), problems) };
    let (facts, more) = facts::read(&tree, model, source);
    problems.extend(more);
    (facts, problems)
}

fn read(text: &str) -> (CaseFacts, Vec<Problem>) {
    read_with(&model(), &source("facts.json", text))
}

fn good(text: &str) -> CaseFacts {
    let (facts, problems) = read(text);
    assert!(problems.is_empty(), "{text}: {problems:#?}");
    facts
}

/// Each problem as its code and the text that its main place underlines.
fn faults(text: &str) -> Vec<(&'static str, String)> {
    let from = source("facts.json", text);
    let (_, problems) = read_with(&model(), &from);
    problems.iter().map(|problem| (problem.code().entry().name(), from.slice(problem.span()).to_owned())).collect()
}

fn only(text: &str) -> Problem {
    let (_, mut problems) = read(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
    problems.remove(0)
}

fn value(facts: &CaseFacts, key: &str) -> Option<FactValue> {
    facts.get(model().vocabulary.field_named(key).unwrap()).map(|fact| fact.value.clone())
}

fn amount(text: &str) -> Quantity {
    facts::quantity_text(text, &model().vocabulary).unwrap()
}

#[test]
fn amounts_as_people_write_them() {
    let year = mass().per(time());
    for (text, value, dimension, basis, unit, own) in [
        ("80万吨/年", "800000", year, None, "万吨/年", "80"),
        ("８０万吨／年", "800000", year, None, "万吨/年", "80"),
        ("3 矿石万吨/年", "30000", year, Some(0), "矿石万吨/年", "3"),
        ("1 矿石 万吨/年", "10000", year, Some(0), "矿石 万吨/年", "1"),
        ("1万吨矿石/年", "10000", year, Some(0), "万吨矿石/年", "1"),
        ("65WO3吨", "65", mass(), Some(2), "WO3吨", "65"),
        ("6万立方米/年", "60000", volume().per(time()), None, "万立方米/年", "6"),
        ("80 万 t/a", "800000", year, None, "万 t/a", "80"),
        ("5千米", "5000", length(), None, "千米", "5"),
        ("5千吨", "5000", mass(), None, "千吨", "5"),
        ("2十万千克", "200", mass(), None, "十万千克", "2"),
        ("2.19亿吨", "219000000", mass(), None, "亿吨", "2.19"),
        ("1/3万吨", "10000/3", mass(), None, "万吨", "1/3"),
        ("6个月", "0.5", time(), None, "个月", "6"),
        ("90%", "0.9", Dimension::NONE, None, "%", "90"),
        ("９０％", "0.9", Dimension::NONE, None, "%", "90"),
        ("0.9", "0.9", Dimension::NONE, None, "", "0.9"),
        ("1e3吨", "1000", mass(), None, "吨", "1000"),
        ("2.65吨/立方米", "2.65", mass().per(volume()), None, "吨/立方米", "2.65"),
        ("-5米", "-5", length(), None, "米", "-5"),
    ] {
        let quantity = amount(text);
        assert_eq!(quantity.value.to_string(), value.parse::<Number>().unwrap().to_string(), "{text}");
        assert_eq!(quantity.dimension, dimension, "{text}");
        assert_eq!(quantity.basis, basis.map(BasisId), "{text}");
        assert_eq!(quantity.unit_text, unit, "{text}");
        assert_eq!(quantity.in_own_unit().to_string(), own, "{text}");
    }
}

#[test]
fn texts_that_are_no_amount() {
    for text in [
        "",
        "许多",
        "许多万吨/年",
        "吨",
        "1,000吨",
        "1..2吨",
        "80万盾/年",
        "80万吨//年",
        "80万吨/",
        "1/0吨",
        "80吨年",
        "80万吨/年以上",
    ] {
        assert!(facts::quantity_text(text, &model().vocabulary).is_err(), "{text}");
    }
}

#[test]
fn a_case_in_both_languages() {
    let text = r#"{"名称": "甲矿", "activity": "新建", "矿种": ["铅", "zinc"], "method": "Open_Pit",
        "生产规模": "80万吨/年", "prior_scale": "无", "licence-expiry": "none", "service-life": null,
        "density": {"value": "2.65", "unit": "吨/立方米", "source": "储量核实报告"}, "adds_resource": "否",
        "zones": ["CS01", "CS02"], "located-in": [], "距离": {"长江干流岸线": "3千米"},
        "documents": {"矿产资源开发利用方案": {"state": "批准", "date": "2024-05-01", "number": "1号"}, "出让合同": false},
        "认定": {"符合有关规定": true, "T-1 等": "否"}, "mining-recovery": "90%",
        "conversion": [{"from": "矿石", "to": "mineral-content", "factor": "0.5", "source": "报告"}]}"#;
    let facts = good(text);
    assert_eq!(value(&facts, "name"), Some(FactValue::Texts(vec!["甲矿".into()])));
    assert_eq!(value(&facts, "activity"), Some(FactValue::Members(vec![MemberId(0)])));
    assert_eq!(value(&facts, "mineral"), Some(FactValue::Members(vec![MemberId(2), MemberId(3)])));
    assert_eq!(value(&facts, "method"), Some(FactValue::Members(vec![MemberId(0)])));
    assert_eq!(value(&facts, "scale"), Some(FactValue::Amount(amount("80万吨/年"))));
    assert_eq!(value(&facts, "prior-scale"), Some(FactValue::None));
    assert_eq!(value(&facts, "licence-expiry"), Some(FactValue::None));
    assert_eq!(value(&facts, "service-life"), None);
    assert_eq!(value(&facts, "adds-resource"), Some(FactValue::YesNo(false)));
    assert_eq!(value(&facts, "located-in"), Some(FactValue::Members(Vec::new())));
    let density = model().vocabulary.field_named("density").unwrap();
    assert_eq!(facts.source(density), Some("储量核实报告"));
    let Some(FactValue::Documents(documents)) = value(&facts, "documents") else { panic!("documents") };
    let present: Vec<bool> = documents.values().map(|document| document.present).collect();
    assert_eq!(present, [true, false]);
    let Some(FactValue::Attestations(found)) = value(&facts, "attestations") else { panic!("attestations") };
    assert_eq!(found.values().map(|(answer, _)| *answer).collect::<Vec<_>>(), [true, false]);
    let Some(FactValue::Conversions(conversions)) = value(&facts, "conversion") else { panic!("conversion") };
    assert_eq!(conversions, [(BasisId(0), BasisId(1), "0.5".parse().unwrap(), "报告".to_owned())]);
}

#[test]
fn places_are_those_of_the_values_with_their_quotes() {
    let text = r#"{"生产规模": "80万吨/年", "距离": {"长江干流岸线": "3千米"}}"#;
    let from = source("facts.json", text);
    let (facts, _) = read_with(&model(), &from);
    let scale = facts.get(model().vocabulary.field_named("scale").unwrap()).unwrap();
    assert_eq!(from.slice(scale.span.unwrap()), "\"80万吨/年\"");
    let distance = facts.get(model().vocabulary.field_named("distance").unwrap()).unwrap();
    let FactValue::Distances(lengths) = &distance.value else { panic!("distances") };
    assert_eq!(from.slice(lengths.values().next().unwrap().1.unwrap()), "\"3千米\"");
}

#[test]
fn each_fault_has_its_code_and_its_place() {
    for (text, code, place) in [
        (r#"{"scael": "80万吨/年"}"#, "A0603", r#""scael""#),
        (r#"{"scale": "80万吨/年", "scale": "1吨/年"}"#, "A0602", r#""scale""#),
        (r#"{"scale": "80万吨/年", "生产规模": "1吨/年"}"#, "A0602", r#""生产规模""#),
        (r#"{"scale": 100}"#, "A0604", "100"),
        (r#"{"scale": 100.5}"#, "A0604", "100.5"),
        (r#"{"scale": "100"}"#, "A0604", r#""100""#),
        (r#"{"scale": "100万"}"#, "A0604", r#""100万""#),
        (r#"{"scale": {"value": "80"}}"#, "A0604", r#"{"value": "80"}"#),
        (r#"{"service-life": 10}"#, "A0604", "10"),
        (r#"{"mining-recovery": 90}"#, "A0604", "90"),
        (r#"{"mining-recovery": "90"}"#, "A0604", r#""90""#),
        (r#"{"distance": {"长江干流岸线": 3}}"#, "A0604", "3"),
        (r#"{"scale": true}"#, "A0605", "true"),
        (r#"{"adds-resource": "也许"}"#, "A0605", r#""也许""#),
        (r#"{"adds-resource": 1}"#, "A0605", "1"),
        (r#"{"名称": "无"}"#, "A0605", r#""无""#),
        (r#"{"scale": "none"}"#, "A0605", r#""none""#),
        (r#"{"名称": true}"#, "A0605", "true"),
        (r#"{"distance": "3千米"}"#, "A0605", r#""3千米""#),
        (r#"{"scale": "许多万吨/年"}"#, "A0606", r#""许多万吨/年""#),
        (r#"{"scale": {"value": "许多", "unit": "万吨/年"}}"#, "A0606", r#""许多""#),
        (r#"{"scale": "1,000吨/年"}"#, "A0606", r#""1,000吨/年""#),
        (r#"{"scale": "100万吨"}"#, "A0607", r#""100万吨""#),
        (r#"{"scale": "100千米"}"#, "A0607", r#""100千米""#),
        (r#"{"scale": "100年"}"#, "A0607", r#""100年""#),
        (r#"{"scale": "90%"}"#, "A0607", r#""90%""#),
        (r#"{"scale": "100盾/年"}"#, "A0607", r#""100盾/年""#),
        (r#"{"distance": {"长江干流岸线": "3吨"}}"#, "A0607", r#""3吨""#),
        (r#"{"scale": "0万吨/年"}"#, "A0608", r#""0万吨/年""#),
        (r#"{"scale": "-5万吨/年"}"#, "A0608", r#""-5万吨/年""#),
        (r#"{"mining-recovery": "-1%"}"#, "A0608", r#""-1%""#),
        (r#"{"licence-expiry": "2023-02-30"}"#, "A0609", r#""2023-02-30""#),
        (r#"{"licence-expiry": "明天"}"#, "A0609", r#""明天""#),
        (r#"{"licence-expiry": 20250101}"#, "A0609", "20250101"),
        (r#"{"activity": "新建建"}"#, "A0610", r#""新建建""#),
        (r#"{"mineral": ["煤", "石灰石头"]}"#, "A0610", r#""石灰石头""#),
        (r#"{"located-in": ["月球"]}"#, "A0610", r#""月球""#),
        (r#"{"documents": ["开发方案"]}"#, "A0610", r#""开发方案""#),
        (r#"{"documents": {"出让合同": {"state": "送审"}}}"#, "A0610", r#""送审""#),
        (r#"{"distance": {"黄河": "3千米"}}"#, "A0610", r#""黄河""#),
        (r#"{"scale": ["1吨/年"]}"#, "A0611", r#"["1吨/年"]"#),
        (r#"{"method": ["露天"]}"#, "A0611", r#"["露天"]"#),
        (r#"{"attestations": {"符合有关规矩": true}}"#, "A0603", r#""符合有关规矩""#),
        (r#"{"scale": {"value": "80", "units": "吨/年"}}"#, "A0603", r#""units""#),
        (r#"{"mining-recovery": "72.777777777777777777777777777777777777777%"}"#, "A0618", ""),
        (r#"{"conversion": [{"from": "矿石", "to": "矿物", "factor": "0.5"}]}"#, "A0605", ""),
        (r#"[{"scale": "1吨/年"}]"#, "A0617", "["),
        ("3", "A0605", "3"),
    ] {
        let found = faults(text);
        let (first, slice) = found.first().unwrap_or_else(|| panic!("{text}: no problem"));
        assert_eq!((*first, found.len().min(2)), (code, found.len().min(2)), "{text}: {found:?}");
        if !place.is_empty() {
            assert_eq!(slice, place, "{text}");
        }
    }
}

#[test]
fn all_problems_in_one_run_by_place() {
    let text = r#"{"scael": 1, "scale": 100, "licence-expiry": "2023-02-30", "mineral": "煤矸石", "name": []}"#;
    let codes: Vec<&str> = faults(text).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["A0603", "A0604", "A0609", "A0610", "A0611"]);
}

#[test]
fn advice_shows_what_would_stand_right() {
    for (text, mended) in [
        (r#"{"scael": "1吨/年"}"#, r#""scale""#),
        (r#"{"生产规摸": "1吨/年"}"#, r#""生产规模""#),
        (r#"{"scale": 100}"#, r#""100吨/年""#),
        (r#"{"mining-recovery": 90}"#, r#""90%""#),
        (r#"{"scale": "100万吨"}"#, r#""100万吨/年""#),
        (r#"{"scale": "100万立方迷/年"}"#, r#""100万立方米/年""#),
        (r#"{"scale": "1,000吨/年"}"#, r#""1000吨/年""#),
        (r#"{"licence-expiry": 20250131}"#, r#""2025-01-31""#),
        (r#"{"activity": "新建、扩建"}"#, r#"["新建", "扩建"]"#),
        (r#"{"method": "露天开"}"#, r#""露天""#),
        (r#"{"method": ["露天"]}"#, r#""露天""#),
        (r#"{"scale": 80万吨/年}"#, r#""80万吨/年""#),
        (
            r#"[{"scale": "1吨/年"},
            {"scale": "2吨/年"}]"#,
            "{\"scale\": \"1吨/年\"}\n{\"scale\": \"2吨/年\"}",
        ),
    ] {
        assert_eq!(only(text).mended_text(), Some(mended), "{text}");
    }
    let from = source("facts.json", r#"{"scale": 100}"#);
    let (_, problems) = read_with(&model_with_bound(), &from);
    assert_eq!(problems[0].mended_text(), Some("\"100万吨/年\""));
    assert!(problems[0].advice(Language::English).contains("万吨/年"));
}

#[test]
fn words_have_no_holes() {
    let text = r#"{"scael": 1, "scale": "1盾", "名称": {}, "licence-expiry": "x", "mineral": "煤矸石", "method": [], "mining-recovery": "-1%"}"#;
    let (_, problems) = read(text);
    assert_eq!(problems.len(), 7);
    for problem in problems {
        for language in [Language::Chinese, Language::English] {
            let words = format!("{} / {}", problem.title(language), problem.advice(language));
            assert!(!words.contains('{'), "{words}");
        }
    }
}

#[test]
fn ratios_of_at_most_one_need_no_unit() {
    for text in [r#"{"mining-recovery": 0.9}"#, r#"{"mining-recovery": "0.9"}"#, r#"{"mining-recovery": "９０％"}"#]
    {
        let Some(FactValue::Amount(quantity)) = value(&good(text), "mining-recovery") else { panic!("{text}") };
        assert_eq!(quantity.value, number("0.9"), "{text}");
    }
}

#[test]
fn documents_as_lists_maps_and_words() {
    for (text, present) in [
        (r#"["矿产资源开发利用方案"]"#, Some(true)),
        (r#""development-plan""#, Some(true)),
        (r#"{"development-plan": true}"#, Some(true)),
        (r#"{"development_plan": "有"}"#, Some(true)),
        (r#"{"development-plan": {"date": "2024-05-01"}}"#, Some(true)),
        (r#"{"development-plan": "无"}"#, Some(false)),
        (r#"{"development-plan": {"state": false}}"#, Some(false)),
        (r#"{"development-plan": null}"#, None),
        (r#"[]"#, None),
    ] {
        let facts = good(&format!(r#"{{"documents": {text}}}"#));
        let Some(FactValue::Documents(documents)) = value(&facts, "documents") else { panic!("{text}") };
        assert_eq!(documents.get(&MemberId(0)).map(|document| document.present), present, "{text}");
    }
}

#[test]
fn malformed_json_is_named_at_its_place() {
    for (text, place) in [
        (r#"{"a": 1"#, ""),
        (r#"{"a": 1,"#, ""),
        (r#"{"a": "#, ""),
        (r#"{"a": ["#, ""),
        (r#"{"a": "x"#, "\"x"),
        ("{\"a\": \"x\ny\"}", "\"x"),
        (r#"{"a": NaN}"#, "NaN"),
        (r#"{"a": -Infinity}"#, "-Infinity"),
        (r#"{"a": 01}"#, "01"),
        (r#"{"a": 1.}"#, "1."),
        (r#"{"a": .5}"#, ".5"),
        (r#"{"a": +5}"#, "+5"),
        (r#"{"a": 0x10}"#, "0x10"),
        (r#"{"a": 1,}"#, ","),
        (r#"{"a": [1,]}"#, ","),
        (r#"{"a" 1}"#, "1"),
        (r#"{"a": 1 "b": 2}"#, "\""),
        (r#"{'a': 1}"#, "'a'"),
        (r#"{a: 1}"#, "a"),
        (r#"{"a"：1}"#, "："),
        (r#"{"a": 1，"b": 2}"#, "，"),
        (r#"{"a": “x”}"#, "“x”"),
        (r#"{"a": "\x"}"#, "\\x"),
        (r#"{"a": "\ud800"}"#, "\\ud800"),
        (r#"{"a": 1}}"#, "}"),
        (r#"{"a": 1} x"#, "x"),
        (r#"{"a": 1] "#, "]"),
        ("// comment\n{}", "//"),
        ("", ""),
    ] {
        assert_eq!(faults(text), [("A0601", place.to_owned())], "{text}");
    }
}

#[test]
fn strings_are_decoded() {
    let from = source("facts.json", r#"{"name": "\u7532\n\"\\\/\ud83d\ude00"}"#);
    let (tree, problems) = tree::read(&from);
    assert!(problems.is_empty());
    let tree::Kind::Map(entries) = tree.unwrap().kind else { panic!("map") };
    assert_eq!(entries[0].value.kind, tree::Kind::Text("甲\n\"\\/😀".into()));
}

#[test]
fn a_duplicate_key_shows_both_places() {
    let text = r#"{"scale": "1吨/年", "scale": "2吨/年"}"#;
    let problem = only(text);
    assert_eq!(problem.labels().len(), 2);
    assert_eq!(problem.labels()[1].span.start(), 1);
}

#[test]
fn deep_and_large_texts_are_quick_errors() {
    for text in
        ["[".repeat(100_000), "{\"a\":".repeat(100_000), format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))]
    {
        assert_eq!(faults(&text).first().map(|(code, _)| *code), Some("A0614"));
        let _ = facts::cases(&source("facts.json", &text));
        let (_, problems) = tree::read(&source("facts.yaml", &text));
        assert_eq!(problems[0].code(), Code::FactsTooDeep);
    }
    let nested = |depth: usize| format!("{{\"名称\": {}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert_ne!(faults(&nested(64))[0].0, "A0614");
    assert_eq!(faults(&nested(65))[0].0, "A0614");
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(16 * 1024 * 1024));
    assert_eq!(faults(&large)[0].0, "A0615");
}

#[test]
fn one_case_or_lines() {
    let split = |text: &str| match facts::cases(&source("-", text)) {
        CaseTexts::One(_) => vec!["ONE".to_owned()],
        CaseTexts::Lines(ranges) => ranges.into_iter().map(|range| text[range].to_owned()).collect(),
    };
    let one = |text: &str| assert_eq!(split(text), ["ONE"], "{text}");
    one("{\"a\": 1}");
    one("{\n  \"a\": 1\n}\n");
    one("{\"a\": 1}\n}");
    one("{\n  \"a\": ,\n  \"b\": 2\n}\n");
    one("{\n  \"a\": [\n{\"b\": 2}\n");
    one("[\n{\"b\": 2},\n{\"b\": 2}\n");
    one("名称: 甲\n");
    one("");
    assert_eq!(split("{\"a\": 1}\n{\"b\": 2}\n"), ["{\"a\": 1}", "{\"b\": 2}"]);
    assert_eq!(split("{\"a\": 1}\r\n\r\n{\"b\": 2}"), ["{\"a\": 1}", "{\"b\": 2}"]);
    assert_eq!(split("{\"a\": 1}\n{\"b\": \n{\"c\": 2}\n"), ["{\"a\": 1}", "{\"b\":", "{\"c\": 2}"]);
    assert_eq!(split("{\"a\": \n{\"c\": 2}\n{\"d\": 3}\n"), ["{\"a\":", "{\"c\": 2}", "{\"d\": 3}"]);
    assert_eq!(split("{\"a\": 1}\nxx\n{\"c\": 2}"), ["{\"a\": 1}", "xx", "{\"c\": 2}"]);
    assert_eq!(split("{\"a\": }\nxx\n{\"c\": 2}"), ["{\"a\": }", "xx", "{\"c\": 2}"]);
    assert_eq!(split("{\"a\": 1} x\n{\"c\": 2}"), ["{\"a\": 1} x", "{\"c\": 2}"]);
    let text = "{\"a\": 1}\n{\"scale\": 5}";
    let from = source("facts.jsonl", text);
    let (tree, _) = tree::json(&from, 9..text.len());
    let (_, problems) = facts::read(&tree.unwrap(), &model(), &from);
    assert_eq!(from.position(problems[0].span().start()).line, 2);
}

#[test]
fn values_from_rust_are_written_down_first() {
    let value = serde_json::json!({"scale": "80万吨/年", "mining-recovery": 0.1});
    let from = tree::written(&value, SourceId::new(0), "facts").unwrap();
    let (facts, problems) = read_with(&model(), &from);
    assert!(problems.is_empty());
    let Some(FactValue::Amount(quantity)) = self::value(&facts, "mining-recovery") else { panic!("amount") };
    assert_eq!(quantity.value, number("0.1"));
}

#[cfg(feature = "yaml")]
mod yaml {
    use super::*;

    fn read_yaml(text: &str) -> (Source, CaseFacts, Vec<Problem>) {
        let from = source("facts.yaml", text);
        let (facts, problems) = read_with(&model(), &from);
        (from, facts, problems)
    }

    #[test]
    fn a_case_in_yaml_keeps_its_places() {
        let text = "# 甲矿\n名称: 甲矿\n生产规模: 80万吨/年\n矿种:\n  - 铅\n  - \"锌\"\n新增划资源: 否\nlicence-expiry: 2024-05-01\n距离: {长江干流岸线: '3千米'}\ndensity:\n  value: 2.65\n  unit: 吨/立方米\n\nlocated-in: []\n体积: 5\n";
        let (from, facts, problems) = read_yaml(text);
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert_eq!(from.slice(problems[0].span()), "体积");
        let model = model();
        let place =
            |key: &str| from.slice(facts.get(model.vocabulary.field_named(key).unwrap()).unwrap().span.unwrap());
        assert_eq!(place("scale"), "80万吨/年");
        assert_eq!(place("licence-expiry"), "2024-05-01");
        assert_eq!(place("distance"), "{长江干流岸线: '3千米'}");
        assert_eq!(place("density"), "value: 2.65\n  unit: 吨/立方米");
        assert_eq!(place("mineral"), "- 铅\n  - \"锌\"");
        assert_eq!(place("located-in"), "[]");
        assert_eq!(value(&facts, "adds-resource"), Some(FactValue::YesNo(false)));
    }

    #[test]
    fn yaml_faults() {
        for (text, code, place) in [
            ("scale: 1吨/年\nscale: 2吨/年\n", "A0602", "scale"),
            ("scale: 100\n", "A0604", "100"),
            ("scale: \"100\n", "A0601", ""),
            ("scale: &x 100吨/年\n", "A0601", "&x 100吨/年"),
            ("scale: *x\n", "A0601", ""),
            ("name: !!str 5\n", "A0601", ""),
            ("a: 1\n---\nb: 2\n", "A0601", ""),
            ("- scale: 1吨/年\n", "A0617", ""),
            ("scale: [1吨/年\n", "A0601", ""),
            ("? [a]\n: b\n", "A0601", ""),
            ("scale: .nan\n", "A0606", ".nan"),
            ("", "A0601", ""),
            ("name: 甲: 乙\n", "A0601", ""),
        ] {
            let (from, _, problems) = read_yaml(text);
            assert_eq!(
                problems.first().map(|problem| problem.code().entry().name()),
                Some(code),
                "{text}: {problems:?}"
            );
            if !place.is_empty() {
                assert_eq!(from.slice(problems[0].span()), place, "{text}");
            }
        }
    }

    #[test]
    fn plain_values_by_the_core_rules() {
        let (_, facts, problems) =
            read_yaml("name: '80'\nadds-resource: yes\nservice-life: ~\nzones: [1, \"02\", 03]\n");
        assert!(problems.is_empty(), "{problems:#?}");
        assert_eq!(value(&facts, "zones"), Some(FactValue::Texts(vec!["1".into(), "02".into(), "03".into()])));
        assert_eq!(value(&facts, "adds-resource"), Some(FactValue::YesNo(true)));
        assert_eq!(value(&facts, "service-life"), None);
    }
}

#[test]
fn a_flood_of_faults_stays_quick() {
    let keys: Vec<String> = (0..200_000).map(|number| format!("\"生产规摸{number}\": {number}")).collect();
    assert_eq!(faults(&format!("{{{}}}", keys.join(","))).len(), 1000);
    let same = vec!["\"scale\": \"1吨/年\""; 200_000];
    assert_eq!(faults(&format!("{{{}}}", same.join(","))).len(), 1000);
    let lines = "{\"scale\": \"1吨/年\"}\n{\"scale\": \n".repeat(50_000);
    let CaseTexts::Lines(ranges) = facts::cases(&source("-", &lines)) else { panic!("lines") };
    assert_eq!(ranges.len(), 100_000);
}
