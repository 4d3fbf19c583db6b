//! One case made ready: defaults and derivations filled in, every variable's state worked out and narrowed.

use crate::compile::period;
use crate::date::Date;
use crate::diagnostic::Problem;
use crate::evaluate::amount::{Measure, Measured};
use crate::evaluate::compare::Comparison;
use crate::evaluate::grade::{Graded, grade, inputs, narrow_to};
use crate::evaluate::narrow::narrow;
use crate::evaluate::resolve::resolve;
use crate::evaluate::state::State;
use crate::evaluate::want::Want;
use crate::facts::{CaseFacts, Fact, FactOrigin, FactValue};
use crate::model::{Derivation, FieldId, FieldKind, Model};
use crate::program::{ChannelBasis, Key, Program, Roles};
use crate::quantity::{Dimension, Number, Quantity};

/// A field computed from two others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The field.
    pub field: FieldId,
    /// Its value.
    pub value: Quantity,
    /// The value that was given and differs.
    pub given: Option<Quantity>,
}

/// The facts of a case made ready for the rules they were typed against: every variable in its cell.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The facts with defaults and derived values.
    pub facts: CaseFacts,
    /// The state of each variable.
    pub states: Vec<State>,
    /// Whether each variable's state is a rule's reading of a fact that is not known.
    pub read: Vec<bool>,
    /// The fields that were computed.
    pub derived: Vec<Derived>,
    /// The classes that tables tell.
    pub graded: Vec<Graded>,
}

impl Ready {
    /// Makes a case ready.
    ///
    /// # Errors
    /// Facts that cannot stand together.
    pub fn new(model: &Model, program: &Program, facts: &CaseFacts, as_of: Option<Date>) -> Result<Self, Problem> {
        let (mut facts, derived) = fill(model, program, facts, as_of);
        let graded = grade(model, &program.roles, &mut facts);
        let measure = Measure { model, roles: &program.roles, facts: &facts };
        let (mut states, read): (Vec<State>, Vec<bool>) =
            program.variables.iter().map(|variable| resolve(&measure, variable)).unzip();
        narrow_to(model, program, &graded, &mut states);
        narrow(model, program, program.constraints.iter(), &facts, &mut states)?;
        compare(measure, program, 0..program.variables.len(), &mut states);
        Ok(Self { facts, states, read, derived, graded })
    }
}

/// Decides the comparisons of two fields among these variables.
pub(super) fn compare(
    measure: Measure<'_>,
    program: &Program,
    variables: impl Iterator<Item = usize>,
    states: &mut [State],
) {
    let comparison = Comparison { measure, program, period: period(measure.model) };
    for number in variables {
        let Some(Key::Compare(left, operator, right, months)) =
            program.variables.get(number).map(|variable| &variable.key)
        else {
            continue;
        };
        let state = comparison.state((*left, *operator, *right), *months, states);
        if let Some(slot) = states.get_mut(number) {
            *slot = state;
        }
    }
}

/// A case with the rules that it is reviewed by.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The rules.
    pub model: &'a Model,
    /// The rules, compiled.
    pub program: &'a Program,
    /// The facts with defaults and derived values.
    pub facts: &'a CaseFacts,
    /// The state of each variable.
    pub states: &'a [State],
    /// Whether each variable's state is a rule's reading of a fact that is not known.
    pub read: &'a [bool],
    /// The fields that were computed.
    pub derived: &'a [Derived],
    /// The classes that tables tell.
    pub graded: &'a [Graded],
}

impl<'a> Case<'a> {
    /// A case that is ready.
    #[must_use]
    pub fn new(model: &'a Model, program: &'a Program, ready: &'a Ready) -> Self {
        let Ready { facts, states, read, derived, graded } = ready;
        Self { model, program, facts, states, read, derived, graded }
    }

    /// Reads its amounts.
    #[must_use]
    pub fn measure(&self) -> Measure<'a> {
        Measure { model: self.model, roles: &self.program.roles, facts: self.facts }
    }

    /// The state of a variable.
    #[must_use]
    pub fn state(&self, variable: u32) -> Option<&'a State> {
        self.states.get(variable as usize)
    }

    /// What would make a variable known.
    #[must_use]
    pub fn wants(&self, variable: u32) -> Vec<Want> {
        let Some(variable) = self.program.variables.get(variable as usize) else { return Vec::new() };
        match &variable.key {
            Key::Member(field) => {
                let inputs = inputs(&self.measure(), *field);
                let of_class = inputs.is_empty().then_some(Want::Field(*field));
                of_class.into_iter().chain(inputs).collect()
            }
            Key::Members(field) | Key::YesNo(field) | Key::Day(field) | Key::Presence(field) | Key::Count(field) => {
                vec![Want::Field(*field)]
            }
            Key::Amount(field, dimension, basis) => match self.measure().field(*field, *dimension, *basis) {
                Measured::Wanting(wants) => self.inputs(*field).unwrap_or(wants),
                Measured::None | Measured::Known(_) => Vec::new(),
            },
            Key::Distance(field, feature) => vec![Want::Feature(*field, *feature)],
            Key::Compare(left, _, right, months) => {
                self.measure().compare(*left, *right, *months).err().unwrap_or_default()
            }
            Key::Document(field, document, _, _) => vec![Want::Document(*field, *document)],
            Key::Attestation(name, _) => vec![Want::Attestation(*name)],
            Key::Parameter(name) => vec![Want::Parameter(name.clone())],
        }
    }
}

impl Case<'_> {
    /// What a computed field still wants: its unknown parts, or what would bring them into one unit.
    fn inputs(&self, field: FieldId) -> Option<Vec<Want>> {
        let Some(Derivation::Quotient(above, below)) = self.model.vocabulary.field(field)?.derivation else {
            return None;
        };
        if self.facts.get(field).is_some() {
            return None;
        }
        quotient(&self.measure(), field, above, below).err().filter(|wants| !wants.is_empty())
    }
}

/// The facts with the day of ruling, defaults and derived values.
pub(super) fn fill(
    model: &Model,
    program: &Program,
    given: &CaseFacts,
    as_of: Option<Date>,
) -> (CaseFacts, Vec<Derived>) {
    let mut facts = given.clone();
    if let Some(field) = program.roles.as_of {
        match as_of {
            Some(day) => {
                facts.set(field, Fact { value: FactValue::Day(day), origin: FactOrigin::Argument, span: None });
            }
            None if facts.get(field).is_none() => {
                let decided = program.roles.decided.and_then(|field| facts.get(field)).cloned();
                if let Some(Fact { value: FactValue::Day(day), span, .. }) = decided {
                    facts.set(field, Fact { value: FactValue::Day(day), origin: FactOrigin::Derived, span });
                }
            }
            None => {}
        }
    }
    for (number, field) in (0u16..).zip(&model.vocabulary.fields) {
        let id = FieldId(number);
        if let (Some(member), None) = (field.default, facts.get(id)) {
            let value = match field.kind {
                FieldKind::YesNo => FactValue::YesNo(member.0 != 0),
                _ => FactValue::Members(vec![member]),
            };
            facts.set(id, Fact { value, origin: FactOrigin::Default, span: None });
        }
    }
    let derived = derive(model, &program.roles, &mut facts);
    (facts, derived)
}

/// Computes the fields that follow from two others.
pub(super) fn derive(model: &Model, roles: &Roles, facts: &mut CaseFacts) -> Vec<Derived> {
    let mut all = Vec::new();
    for (number, field) in (0u16..).zip(&model.vocabulary.fields) {
        let id = FieldId(number);
        let Some(Derivation::Quotient(above, below)) = field.derivation else { continue };
        let measure = Measure { model, roles, facts };
        let Ok(value) = quotient(&measure, id, above, below) else { continue };
        let value = shown(model, value);
        let old = match facts.get(id).map(|fact| &fact.value) {
            Some(FactValue::Amount(quantity)) => Some(quantity.clone()),
            _ => None,
        };
        let span = facts.get(id).and_then(|fact| fact.span);
        facts.set(id, Fact { value: FactValue::Amount(value.clone()), origin: FactOrigin::Derived, span });
        let given = old.filter(|old| old.value != value.value);
        all.push(Derived { field: id, value, given });
    }
    all
}

/// The quotient of two fields in a dimension of a third, or what would make it known.
fn quotient(
    measure: &Measure<'_>,
    field: FieldId,
    above: FieldId,
    below: FieldId,
) -> Result<(Number, Dimension), Vec<Want>> {
    let amount = |field| match measure.facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Amount(quantity)) => Some(quantity),
        _ => None,
    };
    let (Some(upper), Some(lower)) = (amount(above), amount(below)) else {
        let unknown = |field: &FieldId| measure.facts.get(*field).is_none();
        return Err([above, below].into_iter().filter(unknown).map(Want::Field).collect());
    };
    let Some(FieldKind::Quantity(dimensions)) = measure.model.vocabulary.field(field).map(|field| &field.kind) else {
        return Err(vec![Want::Field(field)]);
    };
    let basis = lower.basis.or(measure.case_basis()).map_or(ChannelBasis::None, ChannelBasis::Of);
    let mut wants = Vec::new();
    for dimension in dimensions {
        match measure.quantity(field, upper, lower.dimension.times(*dimension), basis) {
            Measured::Known(converted) => {
                if let Some(value) = converted.value.divide(&lower.value) {
                    return Ok((value, *dimension));
                }
            }
            Measured::Wanting(more) => wants.extend(more),
            Measured::None => {}
        }
    }
    Err(wants)
}

/// A computed amount in the vocabulary's base unit.
fn shown(model: &Model, (value, dimension): (Number, Dimension)) -> Quantity {
    let base = model.vocabulary.units.iter().find(|unit| unit.dimension == dimension && unit.factor == Number::ONE);
    let unit_text = base.map_or_else(String::new, |unit| unit.name.chinese.clone());
    Quantity { value, dimension, basis: None, unit_text, unit_factor: Number::ONE }
}
