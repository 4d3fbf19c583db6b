//! Conditions over cells: what the diagrams are built from.

use std::collections::BTreeMap;

use crate::model::{AttestationMode, Comparator, Condition, Operator, Test, TestKind, Vocabulary};
use crate::program::{CellSet, JUDGED, Key, Outcome, Program, Variable, YES};

use super::variables::{absence_key, key_of};

/// A condition whose questions name variables and cells.
#[derive(Debug, Clone)]
pub(super) enum Formula {
    /// The same whatever the case.
    Constant(Outcome),
    /// Holds in the cells `yes`, is a matter of judgement in `judged`.
    Atom { variable: u32, yes: CellSet, judged: CellSet },
    /// All hold.
    All(Vec<Formula>),
    /// At least one holds.
    Any(Vec<Formula>),
    /// The inner one does not hold.
    Not(Box<Formula>),
}

/// The tests that formulas put to one variable: where each holds, where it is judged.
pub(super) type Tests = BTreeMap<u32, Vec<(CellSet, CellSet)>>;

impl Formula {
    /// "Where the first holds, the second holds."
    pub(super) fn implies(premise: Self, conclusion: Self) -> Self {
        Self::Any(vec![Self::Not(Box::new(premise)), conclusion])
    }

    /// A question that is never left to judgement.
    pub(super) fn atom(variable: u32, yes: CellSet) -> Self {
        Self::Atom { variable, yes, judged: CellSet::empty() }
    }

    /// Adds its variables in the order in which they are first asked.
    pub(super) fn order(&self, order: &mut Vec<u32>) {
        match self {
            Self::Constant(_) => {}
            Self::Atom { variable, .. } if order.contains(variable) => {}
            Self::Atom { variable, .. } => order.push(*variable),
            Self::All(inner) | Self::Any(inner) => inner.iter().for_each(|formula| formula.order(order)),
            Self::Not(inner) => inner.order(order),
        }
    }

    /// Adds its tests.
    pub(super) fn tests(&self, tests: &mut Tests) {
        match self {
            Self::Constant(_) => {}
            Self::Atom { variable, yes, judged } => {
                let list = tests.entry(*variable).or_default();
                if !list.iter().any(|(other, others)| other == yes && others == judged) {
                    list.push((yes.clone(), judged.clone()));
                }
            }
            Self::All(inner) | Self::Any(inner) => inner.iter().for_each(|formula| formula.tests(tests)),
            Self::Not(inner) => inner.tests(tests),
        }
    }
}

/// Turns conditions into formulas.
pub(super) struct Translator<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) program: &'a Program,
}

impl Translator<'_> {
    /// The formula of a condition.
    pub(super) fn condition(&self, condition: &Condition) -> Formula {
        match condition {
            Condition::Always => Formula::Constant(Outcome::True),
            Condition::Never => Formula::Constant(Outcome::False),
            Condition::Test(test) => self.test(test),
            Condition::All(inner) => Formula::All(inner.iter().map(|part| self.condition(part)).collect()),
            Condition::Any(inner) => Formula::Any(inner.iter().map(|part| self.condition(part)).collect()),
            Condition::Not(inner) => Formula::Not(Box::new(self.condition(inner))),
        }
    }

    fn test(&self, test: &Test) -> Formula {
        let key = key_of(self.vocabulary, &test.kind);
        let Some((number, variable)) = self.variable(&key) else { return Formula::Constant(Outcome::False) };
        let (yes, judged) = cells_of(variable, &test.kind);
        Formula::Atom { variable: number, yes, judged }
    }

    /// A variable with its number.
    pub(super) fn variable(&self, key: &Key) -> Option<(u32, &Variable)> {
        let number = self.program.variable(key)?;
        Some((number, self.program.variables.get(number as usize)?))
    }

    /// "The field holds none", where something asks for it.
    pub(super) fn absent(&self, field: crate::model::FieldId) -> Option<Formula> {
        let (number, variable) = self.variable(&absence_key(self.vocabulary, field))?;
        Some(Formula::atom(number, absent_cells(variable)))
    }
}

/// The cells that say "there is none".
pub(crate) fn absent_cells(variable: &Variable) -> CellSet {
    if matches!(variable.key, Key::Presence(_)) { CellSet::one(YES) } else { CellSet::one(variable.none) }
}

/// The cells of a variable where a test holds, and those where it is a matter of judgement.
pub(crate) fn cells_of(variable: &Variable, kind: &TestKind) -> (CellSet, CellSet) {
    let plain = |cells| (cells, CellSet::empty());
    match kind {
        TestKind::Member { leaves, .. } => plain(CellSet::of_leaves(leaves)),
        TestKind::Amount { comparator, bound, .. }
        | TestKind::Distance { comparator, bound, .. }
        | TestKind::Count { comparator, bound, .. } => {
            variable.compared(comparator.operator, variable.cell_of_number(&bound.value))
        }
        TestKind::Day { comparator, bound, .. } => variable.compared(comparator.operator, variable.cell_of_day(*bound)),
        TestKind::Fields { comparator, .. } => (CellSet::one(YES), judged_if(about(comparator))),
        TestKind::Absent { .. } => plain(absent_cells(variable)),
        TestKind::Attestation { mode, .. } => (CellSet::one(YES), judged_if(*mode == AttestationMode::Authority)),
        TestKind::Flag { .. } | TestKind::Document { .. } | TestKind::Parameter { .. } => plain(CellSet::one(YES)),
    }
}

fn about(comparator: &Comparator) -> bool {
    comparator.operator == Operator::About
}

fn judged_if(judged: bool) -> CellSet {
    if judged { CellSet::one(JUDGED) } else { CellSet::empty() }
}
