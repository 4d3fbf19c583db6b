//! Bases, channels and what converts between them; derived amounts.

use super::*;

/// The field whose first value says what an amount without a basis measures.
pub(super) fn mineral_field(vocabulary: &Vocabulary) -> Option<(FieldId, EnumerationId)> {
    let found = vocabulary.fields.iter().enumerate().find_map(|(index, field)| match field.kind {
        FieldKind::Member(id) => {
            let found = vocabulary.enumeration(id)?;
            (found.default_basis.is_some() || !found.default_bases.is_empty()).then_some((index, id))
        }
        _ => None,
    });
    found.and_then(|(index, id)| u16::try_from(index).ok().map(|index| (FieldId(index), id)))
}

/// The leaves that the first mineral of the case may have.
pub(super) fn main_leaves(model: &Model, facts: &CaseFacts) -> Vec<usize> {
    let Some((field, enumeration)) = mineral_field(&model.vocabulary) else { return Vec::new() };
    let given = match facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Members(members)) => members.first().copied(),
        _ => None,
    };
    match given {
        Some(member) => {
            let leaves = model.vocabulary.member(enumeration, member).map(|found| found.leaves.iter().collect());
            leaves.unwrap_or_default()
        }
        None => (0..model.vocabulary.enumeration(enumeration).map_or(0, |found| found.leaf_count)).collect(),
    }
}

pub(super) fn default_basis_of(model: &Model, leaf: usize) -> Basis {
    let Some((_, enumeration)) = mineral_field(&model.vocabulary) else { return Basis::None };
    model.vocabulary.default_basis(enumeration, leaf).map_or(Basis::None, Basis::Named)
}

/// The bases that "the default of the case's mineral" may stand for; one `None` where nothing turns on that.
pub(super) fn case_bases(model: &Model, facts: &CaseFacts, tests: &[&TestKind]) -> Vec<Option<Basis>> {
    let mut bases: BTreeSet<Basis> = BTreeSet::new();
    for test in tests {
        let fields: &[FieldId] = match test {
            TestKind::Amount { field, basis, .. } => {
                bases.insert(bound_basis(*basis));
                &[*field]
            }
            TestKind::Fields { left, right, .. } => &[*left, *right],
            _ => &[],
        };
        for field in fields {
            if let Some(FactValue::Amount(quantity)) = facts.get(*field).map(|fact| &fact.value) {
                bases.insert(fact_channel(model, quantity).basis);
            }
        }
    }
    for (grading, row) in tables(model, facts, tests) {
        if let Some(FactValue::Amount(quantity)) = facts.get(grading.measured).map(|fact| &fact.value) {
            bases.insert(fact_channel(model, quantity).basis);
            bases.extend(row.thresholds.iter().filter_map(|(_, threshold)| match threshold {
                Threshold::From(bound, _) => Some(fact_channel(model, bound).basis),
                Threshold::Lowest | Threshold::Unknown => None,
            }));
        }
    }
    let named = bases.iter().any(|basis| matches!(basis, Basis::Named(_)));
    if !(named && bases.contains(&Basis::OfCase)) {
        return vec![None];
    }
    let leaves = main_leaves(model, facts);
    let possible: BTreeSet<Basis> = leaves.iter().map(|leaf| default_basis_of(model, *leaf)).collect();
    if possible.is_empty() { vec![Some(Basis::None)] } else { possible.into_iter().map(Some).collect() }
}

pub(super) const fn bound_basis(basis: BoundBasis) -> Basis {
    match basis {
        BoundBasis::None => Basis::None,
        BoundBasis::Named(basis) | BoundBasis::Default(basis) => Basis::Named(basis),
        BoundBasis::OfCase => Basis::OfCase,
    }
}

/// What a given amount is measured as: one of mass or volume without a basis has the default of the case's mineral.
pub(super) fn fact_channel(model: &Model, quantity: &Quantity) -> Channel {
    let basis = match quantity.basis {
        Some(basis) => Basis::Named(basis),
        None if bears_basis(model, quantity.dimension) => Basis::OfCase,
        None => Basis::None,
    };
    Channel { dimension: quantity.dimension, basis }
}

pub(super) fn density_field(model: &Model) -> Option<(FieldId, Dimension)> {
    let field = model.vocabulary.field_named("density")?;
    match &model.vocabulary.field(field)?.kind {
        FieldKind::Quantity(dimensions) => dimensions.first().map(|dimension| (field, *dimension)),
        _ => None,
    }
}

pub(super) fn bears_basis(model: &Model, dimension: Dimension) -> bool {
    let Some((_, density)) = density_field(model) else { return false };
    dimension.powers().any(|(base, power)| power > 0 && density.powers().any(|(other, _)| other == base))
}

/// The factor that turns an amount of one channel into one of another, where the facts tell.
pub(super) fn factor(model: &Model, facts: &CaseFacts, from: Channel, to: Channel) -> Option<Number> {
    let by_dimension = if from.dimension == to.dimension {
        Number::ONE
    } else {
        let (field, dimension) = density_field(model)?;
        let FactValue::Amount(density) = &facts.get(field)?.value else { return None };
        facts.source(field)?;
        match () {
            () if to.dimension.per(from.dimension) == dimension => density.value.clone(),
            () if from.dimension.per(to.dimension) == dimension => Number::ONE.divide(&density.value)?,
            () => return None,
        }
    };
    Some(by_dimension.times(&basis_factor(model, facts, from.basis, to.basis)?))
}

pub(super) fn basis_factor(model: &Model, facts: &CaseFacts, from: Basis, to: Basis) -> Option<Number> {
    if from == to {
        return Some(Number::ONE);
    }
    let (Basis::Named(from), Basis::Named(to)) = (from, to) else { return None };
    let position = model.vocabulary.fields.iter().position(|field| field.kind == FieldKind::Conversions)?;
    let FactValue::Conversions(given) = &facts.get(FieldId(u16::try_from(position).ok()?))?.value else { return None };
    let mut reached: Vec<(BasisId, Number)> = vec![(from, Number::ONE)];
    let mut at = 0;
    while let Some((basis, so_far)) = reached.get(at).cloned() {
        if basis == to {
            return Some(so_far);
        }
        for (one, other, factor, _) in given {
            let step = match () {
                () if *one == basis => Some((*other, so_far.times(factor))),
                () if *other == basis => so_far.divide(factor).map(|number| (*one, number)),
                () => None,
            };
            reached.extend(step.filter(|(basis, _)| reached.iter().all(|(known, _)| known != basis)));
        }
        at += 1;
    }
    None
}

pub(super) enum Derived {
    /// It is no derived field.
    No,
    Known(Number),
    /// Its parts are given but do not stand in one unit of amount: what would convert them.
    Unconverted(BTreeSet<(String, MissingKind)>),
    /// The parts that are not known.
    Wanting(Vec<FieldId>),
}

pub(super) fn derived(model: &Model, facts: &CaseFacts, field: FieldId) -> Derived {
    let Some(known) = model.vocabulary.field(field) else { return Derived::No };
    let Some(Derivation::Quotient(above, below)) = known.derivation else { return Derived::No };
    let amount = |field: FieldId| match facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Amount(quantity)) => Some(quantity.clone()),
        _ => None,
    };
    let (Some(upper), Some(lower)) = (amount(above), amount(below)) else {
        return Derived::Wanting([above, below].into_iter().filter(|field| amount(*field).is_none()).collect());
    };
    let FieldKind::Quantity(dimensions) = &known.kind else { return Derived::No };
    let (from, mut to) = (fact_channel(model, &upper), fact_channel(model, &lower));
    let Some(dimension) = dimensions.first() else { return Derived::No };
    to.dimension = to.dimension.times(*dimension);
    let possible: BTreeSet<Basis> =
        main_leaves(model, facts).iter().map(|leaf| default_basis_of(model, *leaf)).collect();
    let resolve = |channel: Channel| match (channel.basis, possible.len(), possible.first()) {
        (Basis::OfCase, 1, Some(basis)) => Channel { basis: *basis, ..channel },
        _ => channel,
    };
    let converted = factor(model, facts, from, to).or_else(|| factor(model, facts, resolve(from), resolve(to)));
    match converted.and_then(|factor| upper.value.times(&factor).divide(&lower.value)) {
        Some(value) => Derived::Known(value),
        None => Derived::Unconverted(wanting(model, facts, resolve(from), resolve(to))),
    }
}

/// The facts without the given values that disagree with what follows from other facts: what follows decides.
pub(super) fn derived_decide(model: &Model, facts: &CaseFacts) -> CaseFacts {
    let mut left = facts.clone();
    for (field, fact) in facts.iter() {
        if let (FactValue::Amount(given), Derived::Known(value)) = (&fact.value, derived(model, facts, field))
            && given.value != value
        {
            left.clear(field);
        }
    }
    left
}
