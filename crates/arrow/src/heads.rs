//! Which fact each column gives.

use std::collections::BTreeSet;

use adit::diagnostic::{Code, Problem, Words};
use adit::facts::nearest;
use adit::model::{FieldId, FieldKind, Vocabulary, parse_unit};
use adit::span::Span;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray, make_array};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema};

use crate::columns::is_readable;

/// Columns for people only.
const FOR_PEOPLE: [&str; 12] =
    ["序号", "行号", "备注", "附注", "remarks", "remark", "notes", "note", "no", "no.", "#", "s/n"];

/// Whether a column or key of this name is for people only, and is not read.
#[must_use]
pub fn is_for_people(name: &str) -> bool {
    FOR_PEOPLE.contains(&name.trim().to_lowercase().as_str())
}

/// The fact that a column, or a field of a struct, gives.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The column's name.
    column: String,
    /// The field of a struct.
    part: Option<String>,
    /// The fact.
    pub(crate) field: String,
    /// The entry of a map.
    pub(crate) inner: Option<String>,
    /// The unit of its numbers.
    pub(crate) unit: Option<String>,
}

impl Head {
    /// The column in a batch; rows of a struct that are null have no values.
    pub(crate) fn array(&self, batch: &RecordBatch) -> Option<ArrayRef> {
        let column = batch.column_by_name(&self.column)?;
        let Some(part) = &self.part else { return Some(column.clone()) };
        let whole: &StructArray = column.as_struct_opt()?;
        let own = whole.column_by_name(part)?;
        let nulls = NullBuffer::union(whole.nulls(), own.nulls());
        let data = own.to_data().into_builder().nulls(nulls).build().ok()?;
        Some(make_array(data))
    }

    fn key(&self, vocabulary: &Vocabulary) -> (Option<FieldId>, Option<String>) {
        (vocabulary.field_named(&self.field), self.inner.clone())
    }
}

/// A batch that lacks a column of the schema.
pub(crate) fn lacking(head: &Head) -> Problem {
    Problem::error(Code::UnknownColumn, Span::default()).with(&head.column)
}

/// The facts that the columns of a schema give.
pub(crate) fn heads(vocabulary: &Vocabulary, schema: &Schema) -> Result<Vec<Head>, Vec<Problem>> {
    let (mut heads, mut problems): (Vec<Head>, Vec<Problem>) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for field in schema.fields() {
        let name = field.name();
        if is_for_people(name) {
            continue;
        }
        let found = match field.data_type() {
            DataType::Struct(parts) => parts
                .iter()
                .map(|part| {
                    let label = format!("{name}·{}", part.name());
                    let read = read(vocabulary, &label, part.metadata().get("unit"), part.data_type())?;
                    Ok(Head { column: name.clone(), part: Some(part.name().clone()), ..read })
                })
                .collect(),
            other => vec![read(vocabulary, name, field.metadata().get("unit"), other)],
        };
        for head in found {
            match head {
                Ok(head) if !seen.insert(head.key(vocabulary)) => {
                    problems.push(Problem::error(Code::ColumnTwice, Span::default()).with(&head.column));
                }
                Ok(head) => heads.push(head),
                Err(problem) => problems.push(*problem),
            }
        }
    }
    if problems.is_empty() { Ok(heads) } else { Err(problems) }
}

/// Whether a column is called as some fact is.
pub(crate) fn names_a_fact(vocabulary: &Vocabulary, field: &Field) -> bool {
    match heads(vocabulary, &Schema::new(vec![field.clone()])) {
        Ok(heads) => !heads.is_empty(),
        Err(problems) => problems.iter().all(|problem| problem.code() != Code::UnknownColumn),
    }
}

/// Reads a name such as `生产规模（万吨/年）` or `距离·长江干流岸线`.
fn read(
    vocabulary: &Vocabulary,
    label: &str,
    unit: Option<&String>,
    data_type: &DataType,
) -> Result<Head, Box<Problem>> {
    let (name, bracketed) = without_unit(vocabulary, label.trim());
    let unit = unit.cloned().or(bracketed);
    let head = |field: &str, inner: Option<&str>| {
        let (column, field) = (label.to_owned(), field.to_owned());
        Head { column, part: None, field, inner: inner.map(str::to_owned), unit: unit.clone() }
    };
    let map = |field: &str| {
        let kind = vocabulary.field_named(field).and_then(|field| vocabulary.field(field)).map(|field| &field.kind);
        matches!(kind, Some(FieldKind::Distances(_) | FieldKind::Documents(_) | FieldKind::Attestations))
    };
    let found = if vocabulary.field_named(&name).is_some() {
        head(&name, None)
    } else if let Some((field, inner)) = name.split_once(['·', '.', '：', ':']).filter(|(field, _)| map(field)) {
        head(field, Some(inner))
    } else {
        let spellings = vocabulary.fields.iter().flat_map(|field| field.name.spellings());
        let problem = Problem::error(Code::UnknownColumn, Span::default()).with(label);
        return Err(Box::new(match nearest(&name, spellings) {
            Some(near) => problem.help(Words::new(format!("是不是「{near}」？"), format!("did you mean `{near}`?"))),
            None => problem,
        }));
    };
    if is_readable(data_type) {
        Ok(found)
    } else {
        let problem = Problem::error(Code::ColumnType, Span::default()).with(label).with(data_type.to_string());
        Err(Box::new(problem))
    }
}

/// The name without the bracket that gives its unit, and the unit.
fn without_unit(vocabulary: &Vocabulary, label: &str) -> (String, Option<String>) {
    let closed = label.strip_suffix(['）', ')', ']']);
    if let Some((name, unit)) = closed.and_then(|open| open.rsplit_once(['（', '(', '[']))
        && parse_unit(vocabulary, unit.trim()).is_some()
    {
        return (name.trim().to_owned(), Some(unit.trim().to_owned()));
    }
    (label.to_owned(), None)
}
