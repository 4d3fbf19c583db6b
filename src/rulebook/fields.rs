//! Which facts a rulebook reads, as data: for a form, a reference page, a check of a data source.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::{
    Body, Condition, Derivation, Exception, FieldId, FieldKind, MemberId, Model, Name, Test, TestKind, Threshold,
};

/// One fact that some clause reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldDescription {
    /// Its English key, as in JSON.
    pub key: String,
    /// Its Chinese name.
    pub label: String,
    /// What it may hold.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Units that the rules measure it in, as their authors wrote them.
    pub units: Vec<String>,
    /// The values it may have, or the names it may list.
    pub members: Vec<MemberDescription>,
    /// Whether a list may be given.
    pub many: bool,
    /// Whether "there is none" is a value.
    pub optional: bool,
    /// The clauses that read it.
    pub clauses: Vec<String>,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberDescription {
    /// Its English key.
    pub key: String,
    /// Its Chinese name.
    pub label: String,
    /// Whether some clause asks about it by name.
    pub asked: bool,
}

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// A value of a list.
    Enum,
    /// Yes or no.
    YesNo,
    /// A day.
    Date,
    /// Words.
    Text,
    /// A number with its unit.
    Quantity,
    /// A list of areas.
    Areas,
    /// A length for each feature.
    Distances,
    /// A list of documents.
    Documents,
    /// Somebody's findings, yes or no each.
    Attestations,
    /// Factors between bases.
    Conversions,
}

#[derive(Default)]
struct Read {
    clauses: Vec<String>,
    units: Vec<String>,
    members: BTreeSet<MemberId>,
    names: Vec<String>,
}

/// The facts that the clauses of a model read, in order of the vocabulary.
pub(super) fn describe(model: &Model) -> Vec<FieldDescription> {
    let attestations = (0u16..).zip(&model.vocabulary.fields).find(|(_, field)| field.kind == FieldKind::Attestations);
    let mut reader = Reader { model, attestations: attestations.map(|(id, _)| FieldId(id)), read: BTreeMap::new() };
    for clause in &model.clauses {
        reader.body(&clause.id, &clause.body);
        clause.other_readings.iter().for_each(|other| reader.body(&clause.id, &other.body));
    }
    reader.inputs();
    let read = reader.read;
    read.into_iter().filter_map(|(id, read)| described(model, id, read)).collect()
}

struct Reader<'a> {
    model: &'a Model,
    attestations: Option<FieldId>,
    read: BTreeMap<FieldId, Read>,
}

impl Reader<'_> {
    /// What the fields that are read follow from, where they are not given: what tables tell classes by, the parts of a
    /// computed amount, a density between mass and volume.
    fn inputs(&mut self) {
        let model = self.model;
        let mut open: Vec<FieldId> = self.read.keys().copied().collect();
        while let Some(field) = open.pop() {
            for input in inputs_of(model, field) {
                let clauses = self.read.get(&field).map(|read| read.clauses.clone()).unwrap_or_default();
                if !self.read.contains_key(&input) {
                    open.push(input);
                }
                let read = self.read.entry(input).or_default();
                read.clauses.extend(clauses);
                read.clauses.sort();
                read.clauses.dedup();
                for unit in units_of(model, field, input) {
                    if !read.units.contains(&unit) {
                        read.units.push(unit);
                    }
                }
            }
        }
    }

    fn body(&mut self, clause: &str, body: &Body) {
        self.condition(clause, &body.applies);
        for part in &body.parts {
            self.condition(clause, &part.selector);
            self.condition(clause, &part.requirement);
        }
        let mut exceptions: Vec<&Exception> = body.exceptions.iter().collect();
        while let Some(exception) = exceptions.pop() {
            self.condition(clause, &exception.ground);
            exceptions.extend(&exception.exceptions);
        }
    }

    fn condition(&mut self, clause: &str, condition: &Condition) {
        let mut open = vec![condition];
        while let Some(condition) = open.pop() {
            match condition {
                Condition::Always | Condition::Never => {}
                Condition::Test(test) => self.test(clause, test),
                Condition::All(inner) | Condition::Any(inner) => open.extend(inner),
                Condition::Not(inner) => open.push(inner),
            }
        }
    }

    fn test(&mut self, clause: &str, test: &Test) {
        match &test.kind {
            TestKind::Member { field, named, .. } => {
                self.note(clause, *field).members.extend(named);
            }
            TestKind::Amount { field, bound, .. } => {
                let read = self.note(clause, *field);
                if !read.units.contains(&bound.unit_text) {
                    read.units.push(bound.unit_text.clone());
                }
            }
            TestKind::Day { field, .. }
            | TestKind::Flag { field }
            | TestKind::Absent { field }
            | TestKind::Count { field, .. } => {
                self.note(clause, *field);
            }
            TestKind::Fields { left, right, .. } => {
                self.note(clause, *left);
                self.note(clause, *right);
            }
            TestKind::Distance { field, feature, bound, .. } => {
                let read = self.note(clause, *field);
                read.members.insert(*feature);
                if !read.units.contains(&bound.unit_text) {
                    read.units.push(bound.unit_text.clone());
                }
            }
            TestKind::Document { field, document, .. } => {
                self.note(clause, *field).members.insert(*document);
            }
            TestKind::Attestation { name, .. } => {
                let name = self.model.attestations.get(usize::from(*name)).cloned();
                if let (Some(field), Some(name)) = (self.attestations, name) {
                    let read = self.note(clause, field);
                    if !read.names.contains(&name) {
                        read.names.push(name);
                    }
                }
            }
            TestKind::Parameter { .. } => {}
        }
    }

    fn note(&mut self, clause: &str, field: FieldId) -> &mut Read {
        let read = self.read.entry(field).or_default();
        if read.clauses.last().is_none_or(|last| last != clause) {
            read.clauses.push(clause.to_owned());
        }
        read
    }
}

/// The fields that one follows from.
fn inputs_of(model: &Model, field: FieldId) -> Vec<FieldId> {
    let vocabulary = &model.vocabulary;
    let mut inputs = BTreeSet::new();
    for grading in model.gradings.iter().filter(|grading| grading.field == field) {
        inputs.insert(grading.measured);
        inputs.extend(grading.rows.iter().flat_map(|row| row.keys.iter().map(|(key, _)| *key)));
    }
    let Some(known) = vocabulary.field(field) else { return Vec::new() };
    if let Some(Derivation::Quotient(above, below)) = known.derivation {
        inputs.extend([above, below]);
    }
    if let FieldKind::Quantity(dimensions) = &known.kind
        && let Some(density) = vocabulary.field_named("density")
        && let Some(FieldKind::Quantity(by)) = vocabulary.field(density).map(|field| &field.kind)
        && by.iter().any(|by| dimensions.iter().any(|from| dimensions.contains(&from.times(*by))))
    {
        inputs.insert(density);
    }
    inputs.remove(&field);
    inputs.into_iter().collect()
}

/// The units in which a field asks for what it follows from.
fn units_of(model: &Model, field: FieldId, input: FieldId) -> Vec<String> {
    let own = model.gradings.iter().filter(|grading| grading.field == field && grading.measured == input);
    let thresholds = own.flat_map(|grading| grading.rows.iter().flat_map(|row| &row.thresholds));
    let units = thresholds.filter_map(|(_, threshold)| match threshold {
        Threshold::From(quantity, _) => Some(quantity.unit_text.clone()),
        _ => None,
    });
    let units: BTreeSet<String> = units.collect();
    units.into_iter().collect()
}

fn described(model: &Model, id: FieldId, read: Read) -> Option<FieldDescription> {
    let field = model.vocabulary.field(id)?;
    let (kind, enumeration, only_asked) = match &field.kind {
        FieldKind::Member(enumeration) => (FieldType::Enum, Some(*enumeration), false),
        FieldKind::YesNo => (FieldType::YesNo, None, false),
        FieldKind::Date => (FieldType::Date, None, false),
        FieldKind::Text => (FieldType::Text, None, false),
        FieldKind::Quantity(_) => (FieldType::Quantity, None, false),
        FieldKind::Areas(enumeration) => (FieldType::Areas, Some(*enumeration), true),
        FieldKind::Distances(enumeration) => (FieldType::Distances, Some(*enumeration), true),
        FieldKind::Documents(enumeration) => (FieldType::Documents, Some(*enumeration), true),
        FieldKind::Attestations => (FieldType::Attestations, None, true),
        FieldKind::Conversions => (FieldType::Conversions, None, false),
    };
    let members = enumeration.and_then(|id| model.vocabulary.enumeration(id)).map(|found| found.members.as_slice());
    let mut described: Vec<MemberDescription> = (0u16..)
        .zip(members.unwrap_or_default())
        .map(|(number, member)| member_of(&member.name, read.members.contains(&MemberId(number))))
        .filter(|member| member.asked || !only_asked)
        .collect();
    let named = read.names.into_iter();
    described.extend(named.map(|name| MemberDescription { key: name.clone(), label: name, asked: true }));
    Some(FieldDescription {
        key: field.name.key().to_owned(),
        label: field.name.chinese.clone(),
        kind,
        units: read.units,
        members: described,
        many: field.many,
        optional: field.optional,
        clauses: read.clauses,
    })
}

fn member_of(name: &Name, asked: bool) -> MemberDescription {
    MemberDescription { key: name.key().to_owned(), label: name.chinese.clone(), asked }
}
