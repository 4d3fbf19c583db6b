//! Cases made from the rules: for each bound the case on it, right below it, right above it, without the fact, and with a
//! unit of another kind. They are run and counted, not written out.
//!
//! A case is made so that everything else that the clause says is settled and its status hangs on the one bound. What is
//! expected follows from the comparison and the force alone, without the engine's diagrams.

mod draft;

use serde::Serialize;
use serde_json::Value;

use crate::model::{
    Body, Clause, Comparator, Condition, Exception, FieldId, FieldKind, Force, MemberId, Operator, Part, Subject,
    TestKind,
};
use crate::quantity::{Number, Quantity};
use crate::rulebook::Rulebook;
use crate::ruling::{ReviewOptions, Status};

use draft::Draft;

/// What is tried of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GeneratedKind {
    /// The number itself.
    OnTheBound,
    /// A thousandth of a unit less.
    RightBelow,
    /// A thousandth of a unit more.
    RightAbove,
    /// The fact left out.
    Missing,
    /// A unit of another kind.
    WrongUnit,
}

/// A case made from the rules.
#[derive(Debug, Clone, Serialize)]
pub struct GeneratedCase {
    /// The clause it is about.
    pub clause: String,
    /// What it tries.
    pub kind: GeneratedKind,
    /// Its facts.
    pub facts: Value,
    /// The status expected of the clause, or the code of the problem expected of the facts.
    pub expected: &'static str,
}

/// The cases made from a set of rules.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Generated {
    /// The cases.
    pub cases: Vec<GeneratedCase>,
    /// Bounds of which no case could be made: the clause's id, and the bound in its author's words.
    pub unreached: Vec<(String, String)>,
}

/// A case made from the rules that came out otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct GeneratedFailure {
    /// The case.
    pub case: GeneratedCase,
    /// What came out.
    pub found: String,
}

/// One bound of a part, with what must hold beside it for the requirement to hang on it alone.
struct Hinge<'a> {
    test: &'a crate::model::Test,
    /// Whether the requirement holds where the test does.
    straight: bool,
    beside: Vec<(&'a Condition, bool)>,
}

impl Rulebook {
    /// Makes cases of every bound that a clause about one application requires.
    #[must_use]
    pub fn generate_cases(&self) -> Generated {
        let mut generated = Generated::default();
        let over: Vec<&String> = self.model().clauses.iter().flat_map(|clause| &clause.prevails_over).collect();
        for clause in &self.model().clauses {
            // A clause that another prevails over may be silent where it would speak by itself.
            if clause.subject() != Subject::Application || over.contains(&&clause.id) {
                continue;
            }
            for (number, part) in clause.body.parts.iter().enumerate() {
                for hinge in hinges(&part.requirement) {
                    self.cases_of(clause, number, part, &hinge, &mut generated);
                }
            }
        }
        generated
    }

    fn cases_of(&self, clause: &Clause, number: usize, part: &Part, hinge: &Hinge<'_>, generated: &mut Generated) {
        let Some(bound) = Bound::of(&hinge.test.kind) else { return };
        let mut draft = Draft::new(self.model());
        let settled = settle(&mut draft, &clause.body, number, hinge).is_some();
        if !settled || draft.asks(bound.field, bound.feature) {
            generated.unreached.push((clause.id.clone(), hinge.test.words.clone()));
            return;
        }
        let unit = bound.quantity.unit_factor.divide(&Number::from_integer(1000)).unwrap_or(Number::ONE);
        let at = |value: Number| bound.quantity.render(&value);
        let points = [
            (GeneratedKind::OnTheBound, bound.quantity.value.clone()),
            (GeneratedKind::RightBelow, bound.quantity.value.minus(&unit)),
            (GeneratedKind::RightAbove, bound.quantity.value.plus(&unit)),
        ];
        let mut made = Vec::new();
        for (kind, value) in points {
            if value.is_negative() || value.is_zero() {
                continue;
            }
            let meets = bound.comparator.operator.holds(value.cmp(&bound.quantity.value)) == hinge.straight;
            let Some(facts) = draft.with(bound.field, bound.feature, Some(at(value))) else { continue };
            made.push((kind, facts, if meets { Status::Satisfied.code() } else { missed(part.force).code() }));
        }
        // Every amount is at or above nothing.
        let bounds_nothing = bound.quantity.value.is_zero();
        if let Some(facts) = draft.with(bound.field, bound.feature, None).filter(|_| !bounds_nothing) {
            made.push((GeneratedKind::Missing, facts, Status::Undetermined.code()));
        }
        if let Some(facts) = self.other_unit(&bound).and_then(|text| draft.with(bound.field, bound.feature, Some(text)))
        {
            made.push((GeneratedKind::WrongUnit, facts, "A0607"));
        }
        if made.is_empty() {
            generated.unreached.push((clause.id.clone(), hinge.test.words.clone()));
        }
        generated.cases.extend(made.into_iter().map(|(kind, facts, expected)| GeneratedCase {
            clause: clause.id.clone(),
            kind,
            facts,
            expected,
        }));
    }

    /// An amount of a unit that the field does not take.
    fn other_unit(&self, bound: &Bound<'_>) -> Option<String> {
        let vocabulary = &self.model().vocabulary;
        let taken = match &vocabulary.field(bound.field)?.kind {
            FieldKind::Quantity(dimensions) => dimensions.clone(),
            _ => vec![bound.quantity.dimension],
        };
        let other = vocabulary.units.iter().find(|unit| !taken.contains(&unit.dimension))?;
        Some(format!("1{}", other.name.chinese))
    }

    /// Runs cases made from the rules, and tells those that came out otherwise.
    #[must_use]
    pub fn run_generated(&self, generated: &Generated) -> Vec<GeneratedFailure> {
        let mut failures = Vec::new();
        for case in &generated.cases {
            let found = self.outcome(case);
            if found != case.expected {
                failures.push(GeneratedFailure { case: case.clone(), found });
            }
        }
        failures
    }

    fn outcome(&self, case: &GeneratedCase) -> String {
        let code = |error: &crate::error::Error| {
            error.code().map_or_else(|| error.to_string(), |code| code.entry().name().to_owned())
        };
        let facts = match self.prepare(&case.facts) {
            Ok(facts) => facts,
            Err(error) => return code(&error),
        };
        match self.review_prepared(&facts, &ReviewOptions::default()) {
            Ok(ruling) => ruling.status_of(&case.clause).map_or("-", Status::code).to_owned(),
            Err(error) => code(&error),
        }
    }
}

/// What a miss of this force is.
const fn missed(force: Force) -> Status {
    match force {
        Force::Restricted => Status::Discretion,
        Force::Must
        | Force::MustNot
        | Force::InPrinciple
        | Force::Should
        | Force::Expected
        | Force::Encouraged
        | Force::Permitted => Status::Violated,
    }
}

/// The amount that a test holds a field against.
struct Bound<'a> {
    field: FieldId,
    feature: Option<MemberId>,
    comparator: &'a Comparator,
    quantity: &'a Quantity,
}

impl<'a> Bound<'a> {
    fn of(kind: &'a TestKind) -> Option<Self> {
        let (field, feature, comparator, quantity) = match kind {
            TestKind::Amount { field, comparator, bound, .. } => (*field, None, comparator, bound),
            TestKind::Distance { field, feature, comparator, bound } => (*field, Some(*feature), comparator, bound),
            _ => return None,
        };
        // 左右 is met by the number itself; all else is a matter of judgement.
        (comparator.operator != Operator::About).then_some(Self { field, feature, comparator, quantity })
    }
}

/// Every bound of a requirement with what must hold beside it.
fn hinges(condition: &Condition) -> Vec<Hinge<'_>> {
    match condition {
        Condition::Always | Condition::Never => Vec::new(),
        Condition::Test(test) => match Bound::of(&test.kind) {
            Some(_) => vec![Hinge { test, straight: true, beside: Vec::new() }],
            None => Vec::new(),
        },
        Condition::Not(inner) => {
            let turned = hinges(inner).into_iter().map(|hinge| Hinge { straight: !hinge.straight, ..hinge });
            turned.collect()
        }
        Condition::All(list) | Condition::Any(list) => {
            let others_hold = matches!(condition, Condition::All(_));
            let mut found = Vec::new();
            for (index, inner) in list.iter().enumerate() {
                for mut hinge in hinges(inner) {
                    let others = list.iter().enumerate().filter(|(other, _)| *other != index);
                    hinge.beside.extend(others.map(|(_, other)| (other, others_hold)));
                    found.push(hinge);
                }
            }
            found
        }
    }
}

/// Settles everything that a clause says but one bound of one part.
fn settle(draft: &mut Draft<'_>, body: &Body, number: usize, hinge: &Hinge<'_>) -> Option<()> {
    draft.settle(&body.applies, true)?;
    let part = body.parts.get(number)?;
    draft.settle(&part.selector, true)?;
    for (condition, holds) in &hinge.beside {
        draft.settle(condition, *holds)?;
    }
    for exception in &body.exceptions {
        silence(draft, exception)?;
    }
    for (_, part) in body.parts.iter().enumerate().filter(|(other, _)| *other != number) {
        let quiet = draft.clone().settle(&part.selector, false).is_some();
        if quiet {
            draft.settle(&part.selector, false)?;
        } else {
            draft.settle(&part.requirement, true)?;
        }
    }
    Some(())
}

fn silence(draft: &mut Draft<'_>, exception: &Exception) -> Option<()> {
    draft.settle(&exception.ground, false)
}
