//! Classes that tables derive: which one, or which ones, a case of this mineral, method and scale can be of.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::amount::{Measure, Measured};
use crate::evaluate::state::State;
use crate::evaluate::want::Want;
use crate::facts::{CaseFacts, Fact, FactOrigin, FactValue};
use crate::model::{FieldId, Grading, GradingRow, LeafSet, MemberId, Model, Operator, Threshold};
use crate::program::{CellSet, ChannelBasis, Key, Program, Roles};
use crate::quantity::Quantity;

/// What the tables tell of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graded {
    /// The class.
    pub field: FieldId,
    /// The classes the case can be of; one where the facts tell.
    pub members: Vec<MemberId>,
    /// The rows that tell so, by grading and row.
    pub rows: Vec<(usize, usize)>,
    /// The class that was given and is not among them.
    pub given: Option<MemberId>,
}

/// Whether a row speaks of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Yes,
    Perhaps,
    No,
}

/// Works out every class that tables derive; a class that is then known becomes a fact.
pub(super) fn grade(model: &Model, roles: &Roles, facts: &mut CaseFacts) -> Vec<Graded> {
    let fields: BTreeSet<FieldId> = model.gradings.iter().map(|grading| grading.field).collect();
    let mut all = Vec::new();
    for field in fields {
        let graded = classes_of(&Measure { model, roles, facts }, field);
        all.extend(graded.and_then(|graded| settle(facts, graded)));
    }
    all
}

/// Takes the one class that tables leave as a fact; nothing where there is none to derive.
pub(super) fn settle(facts: &mut CaseFacts, mut graded: Graded) -> Option<Graded> {
    let (given, span) = match facts.get(graded.field) {
        Some(Fact { value: FactValue::Members(members), span, .. }) => (members.first().copied(), *span),
        // There is none: nothing is derived of what is not there.
        Some(Fact { value: FactValue::None, .. }) => return None,
        _ => (None, None),
    };
    graded.given = given.filter(|given| !graded.members.contains(given));
    if let ([only], true) = (graded.members.as_slice(), given.is_none() || graded.given.is_some()) {
        let value = FactValue::Members(vec![*only]);
        facts.set(graded.field, Fact { value, origin: FactOrigin::Derived, span });
    }
    Some(graded)
}

/// The classes a field can have; `None` where the tables do not tell.
pub(super) fn classes_of(measure: &Measure<'_>, field: FieldId) -> Option<Graded> {
    let gradings = || measure.model.gradings.iter().enumerate().filter(|(_, grading)| grading.field == field);
    // A plan's own table goes before the norm's.
    let own = gradings().filter(|(_, grading)| grading.is_of_plan());
    let norm = gradings().filter(|(_, grading)| !grading.is_of_plan());
    let rows = || {
        own.clone().chain(norm.clone()).flat_map(|(number, grading)| {
            grading.rows.iter().enumerate().map(move |(place, row)| (number, place, grading, row))
        })
    };
    let mut graded = Graded { field, members: Vec::new(), rows: Vec::new(), given: None };
    let mut open: Option<Open> = None;
    for (number, place, grading, row) in rows() {
        let speaks = speaks(measure, row);
        let reached = match (speaks, &mut open) {
            (Speaks::No, _) => false,
            (Speaks::Yes, None) => true,
            (_, Some(open)) => open.take(row),
            (Speaks::Perhaps, None) => open.insert(Open::before(measure, rows().map(|(.., row)| row))?).take(row),
        };
        if reached {
            for member in classes(measure, grading, row) {
                if !graded.members.contains(&member) {
                    graded.members.push(member);
                }
            }
            graded.rows.push((number, place));
        }
        if speaks == Speaks::Yes || open.as_ref().is_some_and(|open| open.left.is_empty()) {
            return (!graded.members.is_empty()).then_some(graded);
        }
    }
    // What no row speaks of can be of any class.
    None
}

/// The cases that the facts leave possible and no row has spoken of yet, as boxes of key values.
struct Open {
    left: Vec<BTreeMap<FieldId, LeafSet>>,
}

impl Open {
    /// All that the facts leave possible; `None` where a key can have a value that none of the rows has.
    fn before<'a>(measure: &Measure<'_>, rows: impl Iterator<Item = &'a GradingRow>) -> Option<Self> {
        let rows: Vec<&GradingRow> = rows.filter(|row| speaks(measure, row) != Speaks::No).collect();
        let keys: BTreeSet<FieldId> = rows.iter().flat_map(|row| row.keys.iter().map(|(field, _)| *field)).collect();
        let mut all = BTreeMap::new();
        for key in keys {
            let mut beyond = key_leaves(measure, key)?;
            all.insert(key, beyond.clone());
            for row in &rows {
                match row.keys.iter().find(|(field, _)| *field == key) {
                    Some((_, leaves)) => beyond = beyond.without(leaves),
                    None => beyond = LeafSet::empty(),
                }
            }
            if !beyond.is_empty() {
                return None;
            }
        }
        Some(Self { left: vec![all] })
    }

    /// Takes out what a row speaks of; whether there was any.
    fn take(&mut self, row: &GradingRow) -> bool {
        let mut rest = Vec::new();
        let mut taken = false;
        for mut inside in std::mem::take(&mut self.left) {
            let meets = |(field, leaves): &(FieldId, LeafSet)| inside.get(field).is_some_and(|own| own.meets(leaves));
            if !row.keys.iter().all(meets) {
                rest.push(inside);
                continue;
            }
            taken = true;
            for (field, leaves) in &row.keys {
                let Some(own) = inside.get(field).cloned() else { continue };
                let outside = own.without(leaves);
                if !outside.is_empty() {
                    let mut piece = inside.clone();
                    piece.insert(*field, outside);
                    rest.push(piece);
                }
                inside.insert(*field, own.intersection(leaves));
            }
        }
        self.left = rest;
        taken
    }
}

/// The leaves a key can have, its main one where it has several; one beyond all of them where there may be none.
fn key_leaves(measure: &Measure<'_>, key: FieldId) -> Option<LeafSet> {
    let field = measure.model.vocabulary.field(key)?;
    let enumeration = field.kind.enumeration()?;
    let count = measure.model.vocabulary.enumeration(enumeration)?.leaf_count;
    match measure.facts.get(key).map(|fact| &fact.value) {
        Some(FactValue::Members(members)) => {
            Some(measure.model.vocabulary.member(enumeration, *members.first()?)?.leaves.clone())
        }
        Some(_) => Some(LeafSet::single(count)),
        None => {
            let mut leaves = LeafSet::all(count);
            if field.optional {
                leaves.insert(count);
            }
            Some(leaves)
        }
    }
}

fn speaks(measure: &Measure<'_>, row: &GradingRow) -> Speaks {
    let mut surely = Speaks::Yes;
    for (field, leaves) in &row.keys {
        match key_speaks(measure, *field, leaves) {
            Speaks::No => return Speaks::No,
            Speaks::Perhaps => surely = Speaks::Perhaps,
            Speaks::Yes => {}
        }
    }
    surely
}

/// The first of several values is the one whose class the case has.
fn key_speaks(measure: &Measure<'_>, field: FieldId, leaves: &LeafSet) -> Speaks {
    let Some(FactValue::Members(members)) = measure.facts.get(field).map(|fact| &fact.value) else {
        return match measure.facts.get(field) {
            Some(_) => Speaks::No,
            None => Speaks::Perhaps,
        };
    };
    let enumeration = measure.model.vocabulary.field(field).and_then(|known| known.kind.enumeration());
    let own = members.first().and_then(|main| measure.model.vocabulary.member(enumeration?, *main));
    match own {
        Some(own) if own.leaves.within(leaves) => Speaks::Yes,
        Some(own) if own.leaves.meets(leaves) => Speaks::Perhaps,
        _ => Speaks::No,
    }
}

/// The classes that a row leaves possible.
fn classes(measure: &Measure<'_>, grading: &Grading, row: &GradingRow) -> Vec<MemberId> {
    let mut possible = Vec::new();
    for (member, threshold) in &row.thresholds {
        let reached = match threshold {
            Threshold::Lowest => Some(true),
            Threshold::Unknown => None,
            Threshold::From(quantity, operator) => reaches(measure, grading.measured, quantity, *operator),
        };
        match reached {
            Some(true) => {
                possible.push(*member);
                return possible;
            }
            Some(false) => {}
            None => possible.push(*member),
        }
    }
    // Below the smallest class that the row names are those that it does not name; where there are none, still the smallest.
    if let Some((last, _)) = row.thresholds.last() {
        let smaller = measure.model.vocabulary.smaller(grading.field, *last);
        if smaller.is_empty() && !possible.contains(last) {
            possible.push(*last);
        }
        possible.extend(smaller);
    }
    possible
}

fn reaches(measure: &Measure<'_>, field: FieldId, bound: &Quantity, operator: Operator) -> Option<bool> {
    let basis = bound.basis.map_or(ChannelBasis::OfCase, ChannelBasis::Of);
    match measure.field(field, bound.dimension, basis) {
        Measured::Known(converted) => Some(operator.holds(converted.value.cmp(&bound.value))),
        Measured::None | Measured::Wanting(_) => None,
    }
}

/// Narrows the states of derived classes to what the tables leave possible.
pub(super) fn narrow_to(model: &Model, program: &Program, graded: &[Graded], states: &mut [State]) {
    for found in graded.iter().filter(|found| found.members.len() > 1) {
        let Some(number) = program.by_key.get(&Key::Member(found.field)) else { continue };
        let Some(state @ State::Cells(_)) = states.get_mut(*number as usize) else { continue };
        let enumeration = model.vocabulary.field(found.field).and_then(|field| field.kind.enumeration());
        let mut leaves = LeafSet::empty();
        for member in &found.members {
            let known = enumeration.and_then(|enumeration| model.vocabulary.member(enumeration, *member));
            known.iter().for_each(|member| leaves.unite(&member.leaves));
        }
        // "None" stays possible: a table tells of which class, not whether there is one.
        if let Some(variable) = program.variables.get(*number as usize) {
            leaves.insert(variable.none as usize);
        }
        let left = state.cells().intersection(&CellSet::of_leaves(&leaves));
        if !left.is_empty() {
            *state = State::of(left);
        }
    }
}

/// What would tell a class: the unknown facts that it follows from, and what brings a known amount to a table's terms; none
/// where no table speaks of the case.
pub(super) fn inputs(measure: &Measure<'_>, field: FieldId) -> BTreeSet<Want> {
    let (mut wanted, mut converting) = (BTreeSet::new(), BTreeSet::new());
    for grading in measure.model.gradings.iter().filter(|grading| grading.field == field) {
        for row in grading.rows.iter().filter(|row| speaks(measure, row) != Speaks::No) {
            let keys = row.keys.iter().map(|(field, _)| *field);
            let unknown = |field: &FieldId| measure.facts.get(*field).is_none();
            wanted.extend(keys.chain(std::iter::once(grading.measured)).filter(unknown).map(Want::Field));
            for (_, threshold) in &row.thresholds {
                let Threshold::From(quantity, _) = threshold else { continue };
                let basis = quantity.basis.map_or(ChannelBasis::None, ChannelBasis::Of);
                if let Measured::Wanting(wants) = measure.field(grading.measured, quantity.dimension, basis) {
                    converting.extend(wants.into_iter().filter(|want| matches!(want, Want::Conversion(_))));
                }
            }
        }
    }
    // Which row speaks comes first: only then is it known what an amount is to be brought to.
    if wanted.is_empty() { converting } else { wanted }
}
