//! What a clause says in one completion.

use super::*;

impl Ground<'_> {
    pub(super) fn truth(&self, condition: &Condition, world: &World) -> Truth {
        match condition {
            Condition::Always => Truth::Yes,
            Condition::Never => Truth::No,
            Condition::Test(test) => self.answer(&test.kind, world),
            Condition::All(list) => list.iter().fold(Truth::Yes, |so_far, inner| so_far.and(self.truth(inner, world))),
            Condition::Any(list) => list.iter().fold(Truth::No, |so_far, inner| so_far.or(self.truth(inner, world))),
            Condition::Not(inner) => self.truth(inner, world).not(),
        }
    }

    pub(super) fn answer(&self, test: &TestKind, world: &World) -> Truth {
        let value = |slot: Slot| world.get(&slot);
        match test {
            TestKind::Member { field, leaves, .. } => match value(Slot::Field(*field)) {
                Some(Value::Leaves(_, found)) => Truth::of(found.iter().any(|leaf| leaves.contains(*leaf))),
                _ => Truth::No,
            },
            TestKind::Amount { field, comparator, bound, basis } => {
                let place = self.place(self.bound_channel(bound, *basis));
                let (Some(Value::Amount(amounts)), Some((group, factor))) = (value(Slot::Field(*field)), place) else {
                    return Truth::No;
                };
                amounts
                    .get(group)
                    .map_or(Truth::No, |amount| compared(comparator, amount.cmp(&bound.value.times(&factor))))
            }
            TestKind::Day { field, comparator, bound } => match value(Slot::Field(*field)) {
                Some(Value::Day(day)) => compared(comparator, day.cmp(&day_number(*bound))),
                _ => Truth::No,
            },
            TestKind::Fields { left, comparator, right, months } => {
                match (value(Slot::Field(*left)), value(Slot::Field(*right))) {
                    (Some(Value::Day(left)), Some(Value::Day(right))) => {
                        compared(comparator, left.cmp(&later(*right, *months)))
                    }
                    (Some(Value::Amount(one)), Some(Value::Amount(other))) => {
                        let group = self.common_group(*left, *right);
                        match (one.get(group), other.get(group)) {
                            (Some(one), Some(other)) => compared(comparator, one.cmp(other)),
                            _ => Truth::No,
                        }
                    }
                    _ => Truth::No,
                }
            }
            TestKind::Flag { field } => Truth::of(value(Slot::Field(*field)) == Some(&Value::Yes(true))),
            TestKind::Absent { field } => Truth::of(value(Slot::Field(*field)) == Some(&Value::None)),
            TestKind::Count { field, comparator, bound } => match value(Slot::Count(*field)) {
                Some(Value::Length(count)) => compared(comparator, count.cmp(&bound.value)),
                _ => Truth::No,
            },
            TestKind::Distance { field, feature, comparator, bound } => match value(Slot::Distance(*field, *feature)) {
                Some(Value::Length(length)) => compared(comparator, length.cmp(&bound.value)),
                _ => Truth::No,
            },
            TestKind::Document { field, document, about, mode } => {
                let known = document_says(self.model, self.facts, (*field, *document), about);
                match (known, value(Slot::Document(*field, *document))) {
                    (None, _) if *mode != AttestationMode::Required => Truth::No,
                    (_, Some(Value::Document(state, day, said))) => Truth::of(match about {
                        DocumentQuestion::Presence => true,
                        DocumentQuestion::State(leaves, _) => state.is_some_and(|leaf| leaves.contains(leaf)),
                        DocumentQuestion::Contents(number) => said.contains(number),
                        DocumentQuestion::Day(operator, bound) => operator.holds(day.cmp(&day_number(*bound))),
                    }),
                    _ => Truth::No,
                }
            }
            TestKind::Attestation { name, mode } => match (attestation_known(self.model, self.facts, *name), mode) {
                (None, AttestationMode::Authority) => Truth::Judgement,
                (None, AttestationMode::Ground | AttestationMode::PresumedNot) => Truth::No,
                _ => Truth::of(value(Slot::Attestation(*name)) == Some(&Value::Yes(true))),
            },
            TestKind::Parameter { name, .. } => {
                Truth::of(value(Slot::Parameter(name.clone())) == Some(&Value::Yes(true)))
            }
        }
    }

    /// The group in which two fields are compared: the one in which either is known, else their first.
    pub(super) fn common_group(&self, left: FieldId, right: FieldId) -> usize {
        let home = |field: FieldId| self.known_amount(field).and_then(|(channel, _)| self.place(channel));
        let dimension = match self.field(left).map(|field| &field.kind) {
            Some(FieldKind::Quantity(dimensions)) => dimensions.first().copied(),
            _ => None,
        };
        let first = dimension.and_then(|dimension| {
            let basis = if bears_basis(self.model, dimension) { Basis::OfCase } else { Basis::None };
            self.place(self.resolved(Channel { dimension, basis }))
        });
        home(right).or_else(|| home(left)).or(first).map_or(0, |(group, _)| group)
    }

    // ── statuses ──

    /// The status in one completion; `None` where it speaks of the case, but as a duty of a later stage.
    pub(super) fn clause_status(&self, clause: &Clause, world: &World) -> Option<Status> {
        let status = self.body_status(clause, world);
        let later = matches!((clause.body.stage, self.case_stage(world)), (Some(due), Some(now)) if due > now);
        if later && status != Status::NotApplicable { None } else { Some(status) }
    }

    pub(super) fn body_status(&self, clause: &Clause, world: &World) -> Status {
        let body = &clause.body;
        let silenced = self.fires(&body.exceptions, world).or(self.prevailed(clause, world, &mut Vec::new()));
        let speaks = self.truth(&body.applies, world).and(silenced.not());
        let statuses = body.parts.iter().map(|part| {
            let applies = speaks.and(self.truth(&part.selector, world));
            let missed = applies.and(self.truth(&part.requirement, world).not());
            match (applies, missed) {
                (Truth::No, _) => Status::NotApplicable,
                (_, Truth::Yes) if part.force == Force::Restricted => Status::Discretion,
                (_, Truth::Yes) => Status::Violated,
                (_, Truth::Judgement) => Status::Discretion,
                (_, Truth::No) => Status::Satisfied,
            }
        });
        let rank = |status: &Status| match status {
            Status::NotApplicable => 0,
            Status::Satisfied => 1,
            Status::Discretion => 2,
            Status::Undetermined => 3,
            Status::Violated => 4,
        };
        statuses.max_by_key(rank).unwrap_or(Status::NotApplicable)
    }

    pub(super) fn fires(&self, exceptions: &[Exception], world: &World) -> Truth {
        exceptions.iter().fold(Truth::No, |so_far, exception| {
            let inner = self.fires(&exception.exceptions, world);
            so_far.or(self.truth(&exception.ground, world).and(inner.not()))
        })
    }

    /// Whether a clause applies that prevails over this one.
    pub(super) fn prevailed<'c>(&'c self, clause: &'c Clause, world: &World, above: &mut Vec<&'c str>) -> Truth {
        if above.contains(&clause.id.as_str()) {
            return Truth::No;
        }
        above.push(&clause.id);
        let applies = prevailing(self.model, clause).into_iter().map(|other| {
            let body = &other.body;
            let picked = body.parts.iter().fold(Truth::No, |any, part| any.or(self.truth(&part.selector, world)));
            let silenced = self.fires(&body.exceptions, world).or(self.prevailed(other, world, above));
            self.truth(&body.applies, world).and(picked).and(silenced.not())
        });
        let any = applies.fold(Truth::No, Truth::or);
        above.pop();
        any
    }

    /// The latest stage that what the case does puts it at.
    pub(super) fn case_stage(&self, world: &World) -> Option<usize> {
        let field = stage_field(&self.model.vocabulary)?;
        match world.get(&Slot::Field(field)) {
            Some(Value::Leaves(_, leaves)) => {
                leaves.iter().filter_map(|leaf| stage_of(&self.model.vocabulary, field, *leaf)).max()
            }
            _ => None,
        }
    }

    // ── names of what is missing ──

    /// The facts that a class follows from and that are not known.
    pub(super) fn unknown_of_tables(&self, class: FieldId) -> BTreeSet<FieldId> {
        let rows = self.tables.iter().filter(|(grading, _)| grading.field == class);
        let read = rows.flat_map(|(grading, row)| row.keys.iter().map(|(key, _)| *key).chain([grading.measured]));
        read.filter(|field| self.given(*field).is_none()).collect()
    }

    /// What would bring known amounts to the terms of the tables that tell a class.
    fn unconverted_of_tables(&self, class: FieldId) -> BTreeSet<(String, MissingKind)> {
        let mut names = BTreeSet::new();
        for (grading, row) in self.tables.iter().filter(|(grading, _)| grading.field == class) {
            let Some((own, _)) = self.known_amount(grading.measured) else { continue };
            for (_, threshold) in &row.thresholds {
                if let Threshold::From(bound, _) = threshold {
                    let channel = self.resolved(fact_channel(self.model, bound));
                    names.extend(wanting(self.model, self.facts, own, channel));
                }
            }
        }
        names
    }

    pub(super) fn names(&self, slot: &Slot) -> BTreeSet<(String, MissingKind)> {
        let key = |field: FieldId| self.field(field).map(|field| field.name.key().to_owned()).unwrap_or_default();
        let fact = |field: FieldId| BTreeSet::from([(key(field), MissingKind::Fact)]);
        match slot {
            Slot::Field(field) => {
                if let Some((channel, _)) = self.known_amount(*field) {
                    let Some(FieldKind::Quantity(dimensions)) = self.field(*field).map(|field| &field.kind) else {
                        return BTreeSet::new();
                    };
                    let others = self.groups.iter().filter_map(|group| group.first());
                    let measurable = others.filter(|other| dimensions.contains(&other.dimension));
                    return measurable.flat_map(|other| wanting(self.model, self.facts, channel, *other)).collect();
                }
                let mut wanted: BTreeSet<(String, MissingKind)> =
                    self.unknown_of_tables(*field).into_iter().flat_map(fact).collect();
                if wanted.is_empty() {
                    wanted = self.unconverted_of_tables(*field);
                }
                if !wanted.is_empty() {
                    return wanted;
                }
                match derived(self.model, self.facts, *field) {
                    Derived::Wanting(parts) => parts.into_iter().flat_map(fact).collect(),
                    Derived::Unconverted(names) => names,
                    Derived::No | Derived::Known(_) => fact(*field),
                }
            }
            Slot::Distance(field, _) | Slot::Count(field) => fact(*field),
            Slot::Document(field, document) => {
                let enumeration = match self.field(*field).map(|field| &field.kind) {
                    Some(FieldKind::Documents(enumeration)) => Some(*enumeration),
                    _ => None,
                };
                let member = enumeration.and_then(|id| self.model.vocabulary.member(id, *document));
                BTreeSet::from([(
                    member.map(|member| member.name.chinese.clone()).unwrap_or_default(),
                    MissingKind::Document,
                )])
            }
            Slot::Attestation(name) => {
                let name = self.model.attestations.get(usize::from(*name)).cloned().unwrap_or_default();
                BTreeSet::from([(name, MissingKind::Attestation)])
            }
            Slot::Parameter(name) => BTreeSet::from([(name.clone(), MissingKind::Parameter)]),
        }
    }
}
