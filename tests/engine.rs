//! The engine against the naive reference, over generated rules and facts with unknowns.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by failing"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use adit::Number;
use adit::compile::compile;
use adit::date::Date;
use adit::diagnostic::Problem;
use adit::facts::{CaseFacts, DocumentFact, Fact, FactOrigin, FactValue};
use adit::model::{
    AttestationMode, Body, BoundBasis, Clause, Comparator, Condition, Derivation, DocumentQuestion, Domain,
    Enumeration, EnumerationId, Exception, Field, FieldId, FieldKind, Force, LeafSet, Member, MemberId, Model, Name,
    Operator, Part, Plan, Test, TestKind, Unit, Vocabulary,
};
use adit::program::Program;
use adit::quantity::{BaseDimension, BasisId, Dimension, Quantity};
use adit::ruling::{ReviewOptions, Rules, Ruling, StatedCase, Wording, review};
use adit::span::Span;
use support::reference;

const ACTIVITY: FieldId = FieldId(0);
const MINERAL: FieldId = FieldId(1);
const METHOD: FieldId = FieldId(2);
const SCALE: FieldId = FieldId(3);
const PRIOR: FieldId = FieldId(4);
const EXPIRY: FieldId = FieldId(5);
const AS_OF: FieldId = FieldId(6);
const ADDS: FieldId = FieldId(7);
const GREEN: FieldId = FieldId(8);
const AREAS: FieldId = FieldId(9);
const DISTANCE: FieldId = FieldId(10);
const DOCUMENTS: FieldId = FieldId(11);
const ATTESTATIONS: FieldId = FieldId(13);
const GRADE: FieldId = FieldId(14);
const LIFE: FieldId = FieldId(16);
const RESERVES: FieldId = FieldId(17);

/// A stream of numbers that is the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides.max(1) as u64).unwrap_or(0)
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

fn name(chinese: &str, english: &str) -> Name {
    Name { chinese: chinese.to_owned(), english: Some(english.to_owned()), ..Name::default() }
}

/// An enumeration from "member" or "member<parent" words.
fn enumeration(words: &[&str], open: bool) -> Enumeration {
    let split = |word: &str| {
        word.split_once('<').map_or((word.to_owned(), None), |(own, up)| (own.to_owned(), Some(up.to_owned())))
    };
    let all: Vec<(String, Option<String>)> = words.iter().map(|word| split(word)).collect();
    let mut members = Vec::new();
    let mut leaf = 0;
    for (own, _) in &all {
        let mut leaves = LeafSet::empty();
        if !all.iter().any(|(_, up)| up.as_ref() == Some(own)) {
            leaves.insert(leaf);
            leaf += 1;
        }
        members.push(Member { name: name(own, own), parents: Vec::new(), leaves });
    }
    for (index, (_, up)) in all.iter().enumerate() {
        let Some(parent) = all.iter().position(|(own, _)| Some(own) == up.as_ref()) else { continue };
        let below = members.get(index).map(|member| member.leaves.clone()).unwrap_or_default();
        if let Some(member) = members.get_mut(parent) {
            member.leaves.unite(&below);
            if open {
                member.leaves.insert(leaf);
                leaf += 1;
            }
        }
    }
    Enumeration { members, leaf_count: leaf, ..Enumeration::default() }
}

fn field(english: &str, kind: FieldKind) -> Field {
    Field {
        name: name(english, english),
        kind,
        optional: false,
        many: false,
        adjustable: false,
        domain: None,
        most: None,
        default: None,
        derivation: None,
        graded_by: None,
        named_only: false,
        headline: false,
    }
}

fn mass() -> Dimension {
    Dimension::base(BaseDimension(0))
}

fn years() -> Dimension {
    Dimension::base(BaseDimension(1))
}

fn length() -> Dimension {
    Dimension::base(BaseDimension(2))
}

fn per_year() -> Dimension {
    mass().per(years())
}

fn vocabulary() -> Vocabulary {
    let amount = |dimension| FieldKind::Quantity(vec![dimension]);
    let member = |number| FieldKind::Member(EnumerationId(number));
    let fields = vec![
        Field { many: true, ..field("activity", member(0)) },
        Field { many: true, ..field("mineral", member(1)) },
        field("method", member(2)),
        Field { adjustable: true, domain: Some(Domain::Positive), ..field("scale", amount(per_year())) },
        Field { optional: true, domain: Some(Domain::Positive), ..field("prior-scale", amount(per_year())) },
        Field { optional: true, ..field("expiry", FieldKind::Date) },
        field("as-of", FieldKind::Date),
        field("adds", FieldKind::YesNo),
        field("green", FieldKind::YesNo),
        field("located-in", FieldKind::Areas(EnumerationId(3))),
        field("distance", FieldKind::Distances(EnumerationId(4))),
        field("documents", FieldKind::Documents(EnumerationId(5))),
        field("documents-complete", FieldKind::YesNo),
        field("attestations", FieldKind::Attestations),
        field("grade", member(6)),
        field("conversion", FieldKind::Conversions),
        Field { derivation: Some(Derivation::Quotient(RESERVES, SCALE)), ..field("life", amount(years())) },
        Field { domain: Some(Domain::Positive), ..field("reserves", amount(mass())) },
        field("density", amount(mass().per(Dimension::base(BaseDimension(3))))),
    ];
    let mut activity = enumeration(&["new-right", "new<new-right", "expansion", "renewal", "addition"], false);
    activity.stages = vec![(MemberId(0), 0), (MemberId(2), 1), (MemberId(3), 2)];
    let mut mineral = enumeration(&["coal", "limestone", "cement<limestone", "stone<limestone", "sand"], true);
    mineral.default_basis = Some(BasisId(0));
    Vocabulary {
        dimensions: vec![name("质量", "mass"), name("时间", "time"), name("长度", "length"), name("体积", "volume")],
        units: vec![
            Unit { name: name("吨", "t"), dimension: mass(), factor: Number::ONE },
            Unit { name: name("年", "a"), dimension: years(), factor: Number::ONE },
            Unit { name: name("米", "m"), dimension: length(), factor: Number::ONE },
        ],
        bases: vec![name("矿石", "ore"), name("原煤", "raw-coal")],
        enumerations: vec![
            activity,
            mineral,
            enumeration(&["open", "underground"], false),
            enumeration(&["red-line", "farmland", "park"], false),
            enumeration(&["river", "road"], false),
            enumeration(&["plan", "pledge"], false),
            enumeration(&["low", "middle", "high"], false),
            enumeration(&["first", "second", "third"], false),
        ],
        fields,
        stages: Some(EnumerationId(7)),
        ..Vocabulary::default()
    }
}

fn test(kind: TestKind) -> Condition {
    Condition::Test(Box::new(Test { kind, span: Span::default(), words: "…".to_owned(), from: None }))
}

fn is(vocabulary: &Vocabulary, field: FieldId, members: &[u16]) -> Condition {
    let enumeration = match vocabulary.field(field).map(|field| &field.kind) {
        Some(FieldKind::Member(enumeration) | FieldKind::Areas(enumeration)) => *enumeration,
        _ => EnumerationId(0),
    };
    let mut leaves = LeafSet::empty();
    for member in members {
        if let Some(found) = vocabulary.member(enumeration, MemberId(*member)) {
            leaves.unite(&found.leaves);
        }
    }
    test(TestKind::Member { field, leaves, named: members.iter().copied().map(MemberId).collect() })
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn flag(field: FieldId) -> Condition {
    test(TestKind::Flag { field })
}

fn none(field: FieldId) -> Condition {
    test(TestKind::Absent { field })
}

fn constraints(vocabulary: &Vocabulary) -> Vec<(Condition, Condition, Span)> {
    let new = is(vocabulary, ACTIVITY, &[1]);
    let addition = is(vocabulary, ACTIVITY, &[4]);
    let high = is(vocabulary, GRADE, &[2]);
    let span = Span::default();
    vec![
        (new.clone(), none(EXPIRY), span),
        (new.clone(), none(PRIOR), span),
        (new, not(flag(ADDS)), span),
        (addition, flag(ADDS), span),
        (is(vocabulary, METHOD, &[0]), high.clone(), span),
        (high, flag(GREEN), span),
    ]
}

fn quantity(value: i64, dimension: Dimension) -> Quantity {
    Quantity {
        value: Number::from_integer(value),
        dimension,
        basis: None,
        unit_text: "u".to_owned(),
        unit_factor: Number::ONE,
    }
}

fn day(dice: &mut Dice) -> Date {
    let year = 2020 + i32::try_from(dice.roll(7)).unwrap_or(0);
    Date::new(year, 1, 1).or(Date::new(2020, 1, 1)).unwrap_or_else(|| unreachable!())
}

fn comparator(dice: &mut Dice) -> Comparator {
    let all = [
        Operator::AtLeast,
        Operator::AtMost,
        Operator::Above,
        Operator::Below,
        Operator::Equal,
        Operator::NotEqual,
        Operator::About,
    ];
    let operator = all.get(dice.roll(all.len())).copied().unwrap_or(Operator::AtLeast);
    Comparator { operator, words: operator.sign().to_owned() }
}

fn mode(dice: &mut Dice) -> AttestationMode {
    let all = [
        AttestationMode::Required,
        AttestationMode::Ground,
        AttestationMode::Applicant,
        AttestationMode::Authority,
        AttestationMode::PresumedNot,
    ];
    all.get(dice.roll(all.len())).copied().unwrap_or(AttestationMode::Required)
}

fn number(dice: &mut Dice, sides: usize) -> u16 {
    u16::try_from(dice.roll(sides)).unwrap_or(0)
}

fn any_test(dice: &mut Dice, vocabulary: &Vocabulary) -> Condition {
    let bound = |dice: &mut Dice| 10 * (1 + i64::try_from(dice.roll(4)).unwrap_or(0));
    match dice.roll(16) {
        0 | 1 => is(vocabulary, ACTIVITY, &[number(dice, 5)]),
        2 | 3 => is(vocabulary, MINERAL, &[number(dice, 5)]),
        4 => is(vocabulary, METHOD, &[number(dice, 2)]),
        5 => is(vocabulary, GRADE, &[number(dice, 3), number(dice, 3)]),
        6 | 7 => test(TestKind::Amount {
            field: SCALE,
            comparator: comparator(dice),
            bound: quantity(bound(dice), per_year()),
            basis: BoundBasis::OfCase,
        }),
        8 => test(TestKind::Day { field: EXPIRY, comparator: comparator(dice), bound: day(dice) }),
        9 => flag(if dice.one_in(2) { ADDS } else { GREEN }),
        10 => none(if dice.one_in(2) { EXPIRY } else { PRIOR }),
        11 => is(vocabulary, AREAS, &[number(dice, 3)]),
        12 => test(TestKind::Distance {
            field: DISTANCE,
            feature: MemberId(number(dice, 2)),
            comparator: comparator(dice),
            bound: quantity(bound(dice), length()),
        }),
        13 => {
            let mode = if dice.one_in(2) { AttestationMode::Required } else { AttestationMode::Ground };
            let about = DocumentQuestion::Presence;
            test(TestKind::Document { field: DOCUMENTS, document: MemberId(number(dice, 2)), about, mode })
        }
        14 => test(TestKind::Attestation { name: number(dice, 2), mode: mode(dice) }),
        _ => test(TestKind::Amount {
            field: LIFE,
            comparator: comparator(dice),
            bound: quantity(bound(dice) / 10, years()),
            basis: BoundBasis::None,
        }),
    }
}

fn condition(dice: &mut Dice, vocabulary: &Vocabulary, depth: usize) -> Condition {
    if depth == 0 || dice.one_in(3) {
        return match dice.roll(20) {
            0 => Condition::Always,
            1 => Condition::Never,
            _ => any_test(dice, vocabulary),
        };
    }
    let inner = |dice: &mut Dice| -> Vec<Condition> {
        (0..=dice.roll(2)).map(|_| condition(dice, vocabulary, depth - 1)).collect()
    };
    match dice.roll(5) {
        0 | 1 => Condition::All(inner(dice)),
        2 | 3 => Condition::Any(inner(dice)),
        _ => not(condition(dice, vocabulary, depth - 1)),
    }
}

fn clause(dice: &mut Dice, vocabulary: &Vocabulary, id: usize) -> Clause {
    let forces = [Force::Must, Force::MustNot, Force::Restricted, Force::InPrinciple, Force::Should];
    let force = forces.get(dice.roll(forces.len())).copied().unwrap_or(Force::Must);
    let parts = (0..=dice.roll(2)).map(|_| Part {
        selector: condition(dice, vocabulary, 1),
        requirement: condition(dice, vocabulary, 1),
        force,
        span: Span::default(),
        requirement_span: Span::default(),
    });
    let parts = parts.collect();
    let exceptions = (0..dice.roll(2)).map(|_| exception(dice, vocabulary, 1)).collect();
    let stage = dice.one_in(6).then(|| dice.roll(3));
    let mut applies = if dice.one_in(2) { Condition::Always } else { condition(dice, vocabulary, 1) };
    if stage.is_some() {
        // The reference ties what conditions ask, so the field that tells the stage is asked for.
        let asked = is(vocabulary, ACTIVITY, &[2]);
        applies = Condition::All(vec![applies, Condition::Any(vec![asked.clone(), not(asked)])]);
    }
    Clause {
        id: format!("T-{id}"),
        title: "…".to_owned(),
        citations: Vec::new(),
        duty_holder: None,
        general: dice.one_in(5),
        attribute: None,
        prevails_over: Vec::new(),
        way_through: None,
        body: Body { applies, parts, exceptions, stage, ..Body::nothing() },
        reading: None,
        other_readings: Vec::new(),
        quote_differs: None,
        reason: None,
        span: Span::default(),
    }
}

fn exception(dice: &mut Dice, vocabulary: &Vocabulary, depth: usize) -> Exception {
    let exceptions =
        if depth > 0 && dice.one_in(2) { vec![exception(dice, vocabulary, depth - 1)] } else { Vec::new() };
    Exception { name: "…".to_owned(), ground: condition(dice, vocabulary, 1), exceptions, span: Span::default() }
}

fn model(dice: &mut Dice) -> Model {
    let mut vocabulary = vocabulary();
    if !dice.one_in(3) {
        vocabulary.constraints = constraints(&vocabulary);
    }
    let clauses = (0..3).map(|id| clause(dice, &vocabulary, id)).collect();
    Model {
        vocabulary,
        plan: Some(Plan { id: "test".to_owned(), period: Some((2021, 2025)), ..Plan::default() }),
        clauses,
        attestations: vec!["甲".to_owned(), "乙".to_owned()],
        ..Model::default()
    }
}

fn facts(dice: &mut Dice) -> CaseFacts {
    let mut facts = CaseFacts::default();
    let mut set = |field: FieldId, value: FactValue| {
        facts.set(field, Fact { value, origin: FactOrigin::Given, span: None });
    };
    let members = |dice: &mut Dice, sides: usize, most: usize| -> FactValue {
        let all: BTreeSet<u16> = (0..=dice.roll(most)).map(|_| number(dice, sides)).collect();
        FactValue::Members(all.into_iter().map(MemberId).collect())
    };
    if dice.one_in(2) {
        set(ACTIVITY, members(dice, 5, 1));
    }
    if dice.one_in(2) {
        set(MINERAL, members(dice, 5, 2));
    }
    if dice.one_in(2) {
        set(METHOD, members(dice, 2, 1).first_only());
    }
    if dice.one_in(3) {
        set(GRADE, members(dice, 3, 1).first_only());
    }
    let amount = |dice: &mut Dice, dimension| {
        FactValue::Amount(quantity(5 * (1 + i64::try_from(dice.roll(10)).unwrap_or(0)), dimension))
    };
    if dice.one_in(2) {
        set(SCALE, amount(dice, per_year()));
    }
    if dice.one_in(3) {
        set(RESERVES, amount(dice, mass()));
    }
    if dice.one_in(3) {
        set(PRIOR, if dice.one_in(2) { FactValue::None } else { amount(dice, per_year()) });
    }
    if dice.one_in(2) {
        set(EXPIRY, if dice.one_in(2) { FactValue::None } else { FactValue::Day(day(dice)) });
    }
    if dice.one_in(3) {
        set(AS_OF, FactValue::Day(day(dice)));
    }
    for field in [ADDS, GREEN, FieldId(12)] {
        if dice.one_in(2) {
            set(field, FactValue::YesNo(dice.one_in(2)));
        }
    }
    if dice.one_in(2) {
        set(AREAS, if dice.one_in(2) { FactValue::Members(Vec::new()) } else { members(dice, 3, 2) });
    }
    if dice.one_in(2) {
        let lengths = (0..dice.roll(3)).map(|_| {
            let FactValue::Amount(quantity) = amount(dice, length()) else { unreachable!() };
            (MemberId(number(dice, 2)), (quantity, None))
        });
        let lengths = lengths.collect();
        set(DISTANCE, FactValue::Distances(lengths));
    }
    if dice.one_in(2) {
        let listed = (0..dice.roll(3)).map(|_| {
            let fact = DocumentFact { present: !dice.one_in(4), ..DocumentFact::default() };
            (MemberId(number(dice, 2)), fact)
        });
        let listed: BTreeMap<_, _> = listed.collect();
        set(DOCUMENTS, FactValue::Documents(listed));
    }
    if dice.one_in(2) {
        let found = (0..dice.roll(3)).map(|_| (number(dice, 2), (dice.one_in(2), None))).collect();
        set(ATTESTATIONS, FactValue::Attestations(found));
    }
    facts
}

trait FirstOnly {
    fn first_only(self) -> Self;
}

impl FirstOnly for FactValue {
    fn first_only(self) -> Self {
        match self {
            Self::Members(members) => Self::Members(members.into_iter().take(1).collect()),
            other => other,
        }
    }
}

/// The engine's ruling, with a finding for every clause.
fn ruled(model: &Model, program: &Program, facts: &CaseFacts) -> Result<Ruling, Problem> {
    let wording = Wording::new(model, program, &|_| None);
    let stated = StatedCase::new(model, program, &wording, facts, None)?;
    let rules = Rules { model, program, wording: &wording, place: &|_| None };
    review(&rules, facts, &stated, &ReviewOptions::default()).map(Ruling::unfolded)
}

/// What engine and reference say, or the first difference.
fn compare(model: &Model, facts: &CaseFacts) -> Result<usize, String> {
    let compiled = compile(model);
    if !compiled.problems.is_empty() {
        return Err(format!("{:?}", compiled.problems));
    }
    let ours = ruled(model, &compiled.program, facts);
    let theirs = reference::review(model, facts);
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Err(problem), Err(code)) if problem.code().entry().name() == code => return Ok(0),
        (ours, theirs) => return Err(format!("{:?} against {:?}", ours.map(|_| ()), theirs.map(|_| ()))),
    };
    for finding in &theirs.findings {
        let Some(own) = ours.findings.iter().find(|own| own.clause == finding.clause) else {
            return Err(format!("no finding for {}", finding.clause));
        };
        let missing: BTreeSet<_> = own.missing.iter().map(|missing| (missing.fact.to_string(), missing.kind)).collect();
        let possible: BTreeSet<_> =
            if own.possible.is_empty() { BTreeSet::from([own.status]) } else { own.possible.iter().copied().collect() };
        let mine = (own.status, possible, own.applies, missing);
        let other = (finding.status, finding.possible.clone(), finding.applies, finding.missing.clone());
        if mine != other {
            return Err(format!("{}: engine {mine:?}, reference {other:?}", finding.clause));
        }
    }
    let own: BTreeSet<_> = ours.missing.iter().map(|missing| (missing.fact.to_string(), missing.kind)).collect();
    if theirs.skipped.is_empty() && (ours.ruling, &own) != (theirs.ruling, &theirs.missing) {
        return Err(format!("{:?} {own:?}, reference {:?} {:?}", ours.ruling, theirs.ruling, theirs.missing));
    }
    Ok(theirs.findings.len())
}

#[test]
fn engine_agrees_with_the_reference() {
    let runs: u64 = std::env::var("ADIT_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(150);
    let first: u64 = std::env::var("ADIT_FIRST").ok().and_then(|first| first.parse().ok()).unwrap_or(0);
    let (mut compared, mut differences) = (0, Vec::new());
    for seed in first..first + runs {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995);
        dice.roll(2);
        let model = model(&mut dice);
        for _ in 0..3 {
            let facts = facts(&mut dice);
            match compare(&model, &facts) {
                Ok(count) => compared += count,
                Err(difference) => {
                    let (id, _) = difference.split_once(':').unwrap_or_default();
                    let clause = model
                        .clauses
                        .iter()
                        .find(|clause| clause.id == id)
                        .map(|clause| (clause.body.stage, &clause.body));
                    differences.push(format!("seed {seed}: {difference}\n  clause {clause:?}\n  facts {facts:?}"));
                }
            }
        }
    }
    let shown: Vec<&str> = differences.iter().take(8).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} differences of {compared}:\n{}", differences.len(), shown.join("\n"));
    assert!(compared as u64 > runs, "only {compared} findings were compared");
}

/// A clause over pairs of findings, of which one must hold whole; `apart` asks all the firsts before all the seconds.
fn pairs(count: u16, apart: bool) -> Model {
    let found = |name: u16| test(TestKind::Attestation { name, mode: AttestationMode::Required });
    let either = |name: u16| Condition::Any(vec![found(name), not(found(name))]);
    let any = (0..count).map(|name| Condition::All(vec![found(name), found(name + count)])).collect();
    let mut model = Model {
        vocabulary: vocabulary(),
        attestations: (0..2 * count).map(|name| format!("认定{name}")).collect(),
        ..Model::default()
    };
    let mut dice = Dice(1);
    let mut clause = clause(&mut dice, &model.vocabulary, 0);
    clause.body = Body {
        applies: if apart { Condition::All((0..2 * count).map(either).collect()) } else { Condition::Always },
        parts: vec![Part {
            selector: Condition::Always,
            requirement: Condition::Any(any),
            force: Force::Must,
            span: Span::default(),
            requirement_span: Span::default(),
        }],
        exceptions: Vec::new(),
        stage: None,
        ..Body::nothing()
    };
    model.clauses.push(clause);
    model
}

#[test]
fn a_clause_that_branches_too_much_is_told_by_its_fields() {
    let compiled = compile(&pairs(14, true));
    let [problem] = compiled.problems.as_slice() else { unreachable!("{:?}", compiled.problems) };
    assert_eq!(problem.code().entry().name(), "A0501");
    let title = problem.title(adit::diagnostic::Language::Chinese);
    assert!(title.contains("T-0") && title.contains("4096") && title.contains("认定3"), "{title}");
}

#[test]
fn what_stands_together_in_the_text_is_asked_together() {
    let model = pairs(300, false);
    let compiled = compile(&model);
    assert!(compiled.problems.is_empty(), "{:?}", compiled.problems);
    let ruling = ruled(&model, &compiled.program, &CaseFacts::default());
    let ruling = ruling.unwrap_or_else(|problem| unreachable!("{problem}"));
    assert_eq!(ruling.missing.len(), 600);
}
