//! Classes that a table derives: what a mine of this mineral and scale is called. It never decides.

use crate::check::place::row_citations;
use crate::check::plan::{id_of, title_of};
use crate::check::scope::Scope;
use crate::check::table::Layout;
use crate::check::table::cells::{Value, fitting, unit_of, values};
use crate::check::table::columns::{Class, Column, Columns};
use crate::check::table::floors;
use crate::check::table::keys::RowKeys;
use crate::check::table::layout::Mark;
use crate::model::{FieldId, Grading, GradingRow, LeafSet, Threshold};

/// What the classes of a table begin at.
struct Graded {
    field: FieldId,
    measured: FieldId,
    columns: Vec<(usize, Class)>,
}

/// Adds the grading that a table makes, if its columns are classes of a field that is derived from a table.
pub(super) fn read(scope: &mut Scope, layout: &Layout<'_>, columns: &Columns, keys: &[Option<RowKeys>]) {
    let Some(graded) = graded(scope, layout, columns) else { return };
    let mut rows = Vec::new();
    for (row, keys) in keys.iter().enumerate() {
        let Some(keys) = keys else { continue };
        for part in 0..keys.parts() {
            rows.extend(read_row(scope, layout, columns, row, keys, part, &graded));
        }
    }
    let item = layout.item;
    scope.model.gradings.push(Grading {
        id: id_of(item),
        title: title_of(item),
        field: graded.field,
        measured: graded.measured,
        rows,
        span: item.head_span(),
    });
}

/// The class columns, where their field is declared as derived by a table from an amount.
fn graded(scope: &Scope, layout: &Layout<'_>, columns: &Columns) -> Option<Graded> {
    let mut found: Option<Graded> = None;
    for (number, column) in columns.iter() {
        let (class, measured) = match column {
            Column::Grade(class) => (*class, None),
            Column::Bound { field, class: Some(class), .. } if !class.chosen => (*class, Some(*field)),
            _ => continue,
        };
        let graded = scope.model.vocabulary.field(class.field)?.graded_by?;
        if measured.is_some_and(|measured| measured != graded) {
            return None;
        }
        let known = found.get_or_insert(Graded { field: class.field, measured: graded, columns: Vec::new() });
        if known.field == class.field {
            known.columns.push((number, class));
        }
    }
    // A table of floors derives classes only where it says so, by an id of its own for them.
    let says_so = layout.column(crate::check::place::ENTRIES).is_none_or(|column| {
        let parts = layout.columns.get(column).map(|spoken| spoken.parts.clone()).unwrap_or_default();
        let name = |part: &[crate::ast::Token]| crate::check::names::words(part).concat();
        let class = found.as_ref().map(|found| scope.field_name(found.field)).unwrap_or_default();
        parts.iter().any(|part| name(part) == class)
            || columns.iter().any(|(_, column)| matches!(column, Column::Grade(_)))
    });
    found.filter(|found| says_so && found.columns.len() > 1)
}

fn read_row(
    scope: &mut Scope,
    layout: &Layout<'_>,
    columns: &Columns,
    row: usize,
    keys: &RowKeys,
    part: usize,
    graded: &Graded,
) -> Option<GradingRow> {
    let before = scope.problems.len();
    let mut thresholds = Vec::new();
    for (column, class) in &graded.columns {
        let unit = unit_of(layout, columns, *column, row);
        let found = values(scope, layout, (row, *column), keys.parts(), unit.as_deref());
        let span = layout.rows.get(row).and_then(|cells| cells.get(*column)).map(|cell| cell.span);
        let found = found.and_then(|found| fitting(scope, graded.measured, found, span?));
        let value = found.and_then(|found| found.into_iter().nth(part));
        let begins = match value {
            Some(Value::From(quantity, operator)) => Threshold::From(quantity, operator),
            Some(Value::Lowest) => Threshold::Lowest,
            Some(Value::Empty(Mark::Unspecified)) => Threshold::Unknown,
            Some(Value::Empty(Mark::NoClass | Mark::NoRequirement)) => continue,
            None => {
                // The floors of the same cells tell the problem; classes that are no floors have nobody else to tell it.
                if columns.iter().all(|(_, column)| !matches!(column, Column::Grade(_))) {
                    scope.problems.truncate(before);
                }
                return None;
            }
        };
        thresholds.push((class.member, begins));
    }
    let citation = row_citations(layout, row).into_iter().next()?;
    let keys_of = keys.keys.iter().map(|key| (key.field, key.leaves.clone()));
    let bracket = keys.bracket.as_ref().and_then(|(field, members)| {
        let (_, leaves) = members.get(part)?;
        Some((*field, leaves.clone()))
    });
    let keys: Vec<(FieldId, LeafSet)> = keys_of.chain(bracket).collect();
    let offset = layout.column(crate::check::place::ENTRIES).and_then(|column| {
        let class = scope.field_name(graded.field);
        let parts = &layout.columns.get(column)?.parts;
        let own = parts.iter().find(|part| crate::check::names::words(part).concat() == class)?;
        floors::offset_number(own)
    });
    let unverified = unverified(layout, columns, row);
    Some(GradingRow { id: floors::id_of(layout, row, offset), keys, thresholds, citation, unverified })
}

/// Whether the row says that its numbers were read in no copy of the norm.
fn unverified(layout: &Layout<'_>, columns: &Columns, row: usize) -> bool {
    let column = columns.iter().find(|(_, column)| **column == Column::Confirmed).map(|(number, _)| number);
    let cell = column.and_then(|column| layout.rows.get(row)?.get(column));
    cell.is_some_and(|cell| cell.kind.trim() == "0")
}
