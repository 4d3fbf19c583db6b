//! The completions of one ground.

use super::*;

impl Ground<'_> {
    pub(super) fn field(&self, field: FieldId) -> Option<&Field> {
        self.model.vocabulary.field(field)
    }

    pub(super) fn given(&self, field: FieldId) -> Option<&FactValue> {
        self.facts.get(field).map(|fact| &fact.value)
    }

    /// Every completion of what is read that some completion of the rest keeps within the constraints.
    pub(super) fn worlds(&self, read: &BTreeSet<Slot>) -> Option<Vec<World>> {
        let mut all: BTreeSet<Slot> = self.tests.iter().flat_map(|test| slots(self.facts, self.model, test)).collect();
        all.extend(read.iter().cloned());
        let options = |slots: Vec<Slot>| -> Vec<(Slot, Vec<Value>)> {
            slots.into_iter().map(|slot| (slot.clone(), self.options(&slot))).collect()
        };
        let outer = options(read.iter().cloned().collect());
        let inner = options(all.difference(read).cloned().collect());
        let mut count = 1usize;
        for (_, values) in &outer {
            count = count.saturating_mul(values.len());
        }
        if count > LIMIT {
            return None;
        }
        let bonds = self.bonds(&inner);
        let mut kept: Vec<HashMap<String, bool>> = vec![HashMap::new(); bonds.len()];
        let mut found = Vec::new();
        each_world(&outer, &mut World::new(), &mut |world| {
            let keeps = bonds.iter().zip(&mut kept).all(|(bond, kept)| {
                if bond.inner.is_empty() {
                    return self.keeps(bond, world);
                }
                let asked: Vec<_> = world.iter().filter(|(slot, _)| bond.slots.contains(slot)).collect();
                *kept.entry(format!("{asked:?}")).or_insert_with(|| {
                    each_world(&bond.inner, &mut world.clone(), &mut |whole| self.keeps(bond, whole))
                })
            });
            if keeps {
                found.push(world.clone());
            }
            false
        });
        Some(found)
    }

    /// What binds the values of slots to one another, in groups that share no inner slot: whether a completion has a rest
    /// that keeps one group is nothing to the other groups.
    pub(super) fn bonds(&self, inner: &[(Slot, Vec<Value>)]) -> Vec<Bond> {
        let mut bonds: Vec<Bond> = Vec::new();
        for (number, (when, then)) in self.constraints.iter().enumerate() {
            let mut tests = Vec::new();
            tests_of(when, &mut tests);
            tests_of(then, &mut tests);
            let slots = tests.iter().flat_map(|test| slots(self.facts, self.model, test)).collect();
            bonds.push(Bond { slots, constraints: vec![number], tables: false, inner: Vec::new() });
        }
        let rows = self.tables.iter().flat_map(|(grading, row)| {
            let keys = row.keys.iter().map(|(key, _)| *key);
            keys.chain([grading.field, grading.measured]).map(Slot::Field)
        });
        bonds.push(Bond { slots: rows.collect(), constraints: Vec::new(), tables: true, inner: Vec::new() });
        let is_inner = |slot: &&Slot| inner.iter().any(|(known, _)| known == *slot);
        let mut groups: Vec<Bond> = Vec::new();
        for mut bond in bonds {
            let (with, apart): (Vec<Bond>, Vec<Bond>) =
                groups.into_iter().partition(|group| group.slots.intersection(&bond.slots).any(|slot| is_inner(&slot)));
            for group in with {
                bond.slots.extend(group.slots);
                bond.constraints.extend(group.constraints);
                bond.tables |= group.tables;
            }
            groups = apart;
            groups.push(bond);
        }
        for group in &mut groups {
            group.inner = inner.iter().filter(|(slot, _)| group.slots.contains(slot)).cloned().collect();
        }
        groups
    }

    pub(super) fn keeps(&self, bond: &Bond, world: &World) -> bool {
        let kept = bond.constraints.iter().filter_map(|number| self.constraints.get(*number)).all(|(when, then)| {
            let broken = self.truth(when, world) == Truth::Yes && self.truth(then, world) == Truth::No;
            !broken
        });
        kept && (!bond.tables || self.keeps_classes(world))
    }

    /// Every value that a slot may have, of each kind of value one.
    pub(super) fn options(&self, slot: &Slot) -> Vec<Value> {
        match slot {
            Slot::Field(field) => self.field_options(*field),
            Slot::Count(field) => self.count_options(*field),
            Slot::Distance(field, feature) => self.length_options(*field, *feature),
            Slot::Document(field, document) => self.document_options(*field, *document),
            Slot::Attestation(name) => yes_no(attestation_known(self.model, self.facts, *name)),
            Slot::Parameter(_) => yes_no(None),
        }
    }
}
