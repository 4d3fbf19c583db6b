//! Classes that tables tell.

use super::*;

/// The rows, in the order in which they go before one another, that can speak of a case and of whose class somebody asks.
pub(super) fn tables<'a>(
    model: &'a Model,
    facts: &CaseFacts,
    tests: &[&TestKind],
) -> Vec<(&'a Grading, &'a GradingRow)> {
    let asked: BTreeSet<FieldId> = tests
        .iter()
        .filter_map(|test| match test {
            TestKind::Member { field, .. } if facts.get(*field).is_none() => Some(*field),
            _ => None,
        })
        .collect();
    asked.into_iter().flat_map(|field| rows_of(model, facts, field)).collect()
}

/// The rows that a class may follow from: a plan's own table goes before the norm's.
pub(super) fn rows_of<'a>(model: &'a Model, facts: &CaseFacts, class: FieldId) -> Vec<(&'a Grading, &'a GradingRow)> {
    let (own, norm): (Vec<_>, Vec<_>) = model
        .gradings
        .iter()
        .filter(|grading| grading.field == class)
        .partition(|grading| !grading.id.is_empty() || grading.rows.iter().all(|row| row.id.is_some()));
    let rows = own.into_iter().chain(norm).flat_map(|grading| grading.rows.iter().map(move |row| (grading, row)));
    let can_speak = |row: &GradingRow| {
        row.keys.iter().all(|(field, set)| first_leaves(model, facts, *field).iter().any(|leaf| set.contains(*leaf)))
    };
    rows.filter(|(_, row)| can_speak(row)).collect()
}

/// The leaves that the first value of a field may be: a case of several minerals has the class of the first.
pub(super) fn first_leaves(model: &Model, facts: &CaseFacts, field: FieldId) -> Vec<usize> {
    let Some(known) = model.vocabulary.field(field) else { return Vec::new() };
    let Some(enumeration) = known.kind.enumeration() else { return Vec::new() };
    let first = match facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Members(members)) => members.first().copied(),
        Some(_) => return Vec::new(),
        None => known.default,
    };
    match first {
        Some(member) => {
            let found = model.vocabulary.member(enumeration, member);
            found.map(|found| found.leaves.iter().collect()).unwrap_or_default()
        }
        None => (0..model.vocabulary.enumeration(enumeration).map_or(0, |found| found.leaf_count)).collect(),
    }
}

/// The facts with every class that tables tell; a given class that disagrees with the only one that can be gives way.
pub(super) fn graded_decide(model: &Model, facts: &CaseFacts) -> CaseFacts {
    let mut left = facts.clone();
    let fields: BTreeSet<FieldId> = model.gradings.iter().map(|grading| grading.field).collect();
    for field in fields {
        let given = facts.get(field).cloned();
        if given.as_ref().is_some_and(|fact| fact.value == FactValue::None) {
            continue;
        }
        left.clear(field);
        let class = only_class(model, &left, field);
        match (class, given) {
            (Some(class), _) => {
                let value = FactValue::Members(vec![class]);
                left.set(field, Fact { value, origin: FactOrigin::Derived, span: None });
            }
            (None, Some(given)) => left.set(field, given),
            (None, None) => {}
        }
    }
    left
}

/// The class of a case, where every completion of what the tables read has the same.
pub(super) fn only_class(model: &Model, facts: &CaseFacts, field: FieldId) -> Option<MemberId> {
    let enumeration = model.vocabulary.field(field)?.kind.enumeration()?;
    let members = &model.vocabulary.enumeration(enumeration)?.members;
    let asked = TestKind::Member { field, leaves: LeafSet::empty(), named: Vec::new() };
    let tests = vec![&asked];
    let mut possible = BTreeSet::new();
    for case_basis in case_bases(model, facts, &tests) {
        let tables = tables(model, facts, &tests);
        let constraints = Vec::new();
        let tests = tests.clone();
        let ground = Ground { model, facts, tests, constraints, case_basis, stage: false, groups: Vec::new(), tables };
        for (number, member) in (0u16..).zip(members) {
            let fits = |leaf| ground.class_fits(field, leaf, &World::new());
            if member.leaves.only().is_some_and(fits) {
                possible.insert(MemberId(number));
            }
        }
    }
    if possible.len() == 1 { possible.first().copied() } else { None }
}

impl Ground<'_> {
    /// Whether the classes of a completion are those that some completion of what the tables read leads to.
    pub(super) fn keeps_classes(&self, world: &World) -> bool {
        world.iter().all(|(slot, value)| match (slot, value) {
            (Slot::Field(field), Value::Leaves(Some(leaf), _)) => self.class_fits(*field, *leaf, world),
            _ => true,
        })
    }

    pub(super) fn class_fits(&self, class: FieldId, leaf: usize, world: &World) -> bool {
        let rows: Vec<_> = self.tables.iter().filter(|(grading, _)| grading.field == class).copied().collect();
        if rows.is_empty() {
            return true;
        }
        let keys: BTreeSet<FieldId> =
            rows.iter().flat_map(|(_, row)| row.keys.iter().map(|(field, _)| *field)).collect();
        let mut cases: Vec<BTreeMap<FieldId, usize>> = vec![BTreeMap::new()];
        for key in keys {
            let leaves = self.key_leaves(key, world);
            cases = cases
                .iter()
                .flat_map(|case| {
                    leaves.iter().map(|leaf| case.iter().map(|(k, v)| (*k, *v)).chain([(key, *leaf)]).collect())
                })
                .collect();
        }
        cases.iter().any(|case| {
            let speaks = |row: &GradingRow| {
                row.keys.iter().all(|(field, set)| case.get(field).is_some_and(|leaf| set.contains(*leaf)))
            };
            match rows.iter().find(|(_, row)| speaks(row)) {
                Some((grading, row)) => self.classes_of_row(grading, row, world).contains(&leaf),
                None => true,
            }
        })
    }

    /// The first value that a field has in a completion, or may have where the completion does not tell.
    pub(super) fn key_leaves(&self, key: FieldId, world: &World) -> Vec<usize> {
        match world.get(&Slot::Field(key)) {
            Some(Value::Leaves(Some(first), _)) => return vec![*first],
            // A leaf that no set holds: no row speaks of a case without a value.
            Some(_) => return vec![usize::MAX],
            None => {}
        }
        let main = mineral_field(&self.model.vocabulary).is_some_and(|(field, _)| field == key);
        let fits = |leaf: &usize| match self.case_basis {
            Some(basis) if main => default_basis_of(self.model, *leaf) == basis,
            _ => true,
        };
        let mut leaves: Vec<usize> = first_leaves(self.model, self.facts, key).into_iter().filter(fits).collect();
        let optional = self.field(key).is_some_and(|field| field.optional);
        match self.given(key) {
            Some(FactValue::Members(_)) => {}
            Some(_) => leaves = vec![usize::MAX],
            None if optional => leaves.push(usize::MAX),
            None => {}
        }
        leaves
    }

    /// The leaves of the classes that a row leaves open, from the largest down to the one that is surely reached.
    pub(super) fn classes_of_row(&self, grading: &Grading, row: &GradingRow, world: &World) -> BTreeSet<usize> {
        let enumeration = self.field(grading.field).and_then(|field| field.kind.enumeration());
        let leaf_of = |member: MemberId| {
            let found = enumeration.and_then(|enumeration| self.model.vocabulary.member(enumeration, member));
            found.and_then(|member| member.leaves.only())
        };
        let mut open = BTreeSet::new();
        let mut surely = false;
        for (member, threshold) in &row.thresholds {
            let reached = match threshold {
                Threshold::Lowest => Some(true),
                Threshold::Unknown => None,
                Threshold::From(bound, operator) => self.stands(grading.measured, bound, *operator, world),
            };
            if reached != Some(false) {
                open.extend(leaf_of(*member));
            }
            if reached == Some(true) {
                surely = true;
                break;
            }
        }
        // Below every class that the row names are the smaller ones that it does not name, else still the smallest.
        if let (false, Some((last, _))) = (surely, row.thresholds.last()) {
            let order = enumeration.and_then(|enumeration| self.model.vocabulary.enumeration(enumeration)?.order);
            let count = u16::try_from(
                enumeration.map_or(0, |it| self.model.vocabulary.enumeration(it).map_or(0, |it| it.members.len())),
            );
            let all = (0..count.unwrap_or(0)).map(MemberId);
            let smaller: Vec<MemberId> = match order {
                Some(Order::Falling) => all.filter(|member| member.0 > last.0).collect(),
                Some(Order::Rising) => all.filter(|member| member.0 < last.0).collect(),
                None => Vec::new(),
            };
            if smaller.is_empty() {
                open.extend(leaf_of(*last));
            }
            open.extend(smaller.into_iter().filter_map(leaf_of));
        }
        open
    }

    /// How an amount stands to a threshold, where the completion or the facts tell.
    pub(super) fn stands(
        &self,
        measured: FieldId,
        bound: &Quantity,
        operator: Operator,
        world: &World,
    ) -> Option<bool> {
        let channel = self.resolved(fact_channel(self.model, bound));
        if let Some(Value::Amount(amounts)) = world.get(&Slot::Field(measured)) {
            let (group, factor) = self.place(channel)?;
            return amounts.get(group).map(|amount| operator.holds(amount.cmp(&bound.value.times(&factor))));
        }
        let (own, value) = self.known_amount(measured)?;
        let factor = self.factor(own, channel)?;
        Some(operator.holds(value.times(&factor).cmp(&bound.value)))
    }
}

/// What would turn an amount of one channel into another.
pub(super) fn wanting(model: &Model, facts: &CaseFacts, from: Channel, to: Channel) -> BTreeSet<(String, MissingKind)> {
    let mut names = BTreeSet::new();
    if from.dimension != to.dimension && factor(model, facts, from, Channel { basis: from.basis, ..to }).is_none() {
        names.insert(("density".to_owned(), MissingKind::Conversion));
    }
    if basis_factor(model, facts, from.basis, to.basis).is_none() {
        names.insert(("conversion".to_owned(), MissingKind::Conversion));
    }
    names
}
