//! Tables of bounds: each row's numbers become clauses under the ids of the row.

use crate::ast::{Entry, Role, Token, TokenKind};
use crate::check::clause::{self, NamedEntries, effective_entries};
use crate::check::condition::{all, any};
use crate::check::place::row_citations;
use crate::check::plan::title_of;
use crate::check::scope::Scope;
use crate::check::table::Layout;
use crate::check::table::cells::{Value, fitting, unit_of, values};
use crate::check::table::columns::{Class, Column, Columns, says_nothing};
use crate::check::table::grade;
use crate::check::table::keys::{RowKeys, row_keys};
use crate::check::table::layout::Mark;
use crate::check::table::ranges;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{
    Body, Clause, Comparator, Condition, Exception, FieldId, FieldKind, Force, LeafSet, Operator, OtherReading, Part,
    Test, TestKind, Unasked,
};
use crate::span::Span;

/// What a table's clauses have in common.
struct Common {
    template: Clause,
    applies: Condition,
    exceptions: Vec<Exception>,
    force: Force,
}

/// What one row says under one id.
struct Said {
    /// The number of the id behind the row's own.
    offset: Option<usize>,
    parts: Vec<Part>,
}

/// Expands a table of bounds.
pub(super) fn read(scope: &mut Scope, layout: &Layout<'_>, base: &[&Entry], others: &[NamedEntries<'_>]) {
    let columns = Columns::read(scope, layout);
    let bounds = columns.iter().any(|(_, column)| matches!(column, Column::Bound { .. } | Column::Grade(_)));
    if !bounds {
        scope.problems.push(says_nothing(layout));
        return;
    }
    if idle_amounts(scope, layout, &columns) {
        return;
    }
    for row in 0..layout.rows.len() {
        ranges::meet(scope, layout, &columns, row);
    }
    let before = scope.problems.len();
    let Some(common) = common(scope, layout, base) else { return };
    let keys = row_keys(scope, layout, &columns);
    grade::read(scope, layout, &columns, &keys);
    let first = scope.model.clauses.len();
    for (row, keys) in keys.iter().enumerate() {
        let Some(keys) = keys else { continue };
        let said = says(scope, layout, &columns, row, keys, &common);
        add(scope, layout, row, said, &common);
    }
    readings(scope, (base, others), layout, &keys, first, &common.template);
    if scope.problems.len() == before && scope.model.clauses.len() == first && scope.model.gradings.is_empty() {
        scope.problems.push(says_nothing(layout));
    }
}

/// Complains of columns of amounts that are no bound: they would tell no row from another.
fn idle_amounts(scope: &mut Scope, layout: &Layout<'_>, columns: &Columns) -> bool {
    let before = scope.problems.len();
    for (number, column) in columns.iter() {
        let Column::Value { field: Some(field) } = column else { continue };
        if !matches!(scope.kind(*field), Some(FieldKind::Quantity(_))) {
            continue;
        }
        let name = scope.field_name(*field);
        let place = layout.head.get(number).map_or(layout.item.head_span(), |cell| cell.span);
        let words = Words::new(
            format!("「{name}」是数，不能用来分行"),
            format!("`{name}` is an amount and cannot tell rows apart"),
        );
        let help = Words::new(
            format!(
                "是上下限的，写「列 …：{name} 下限」；只照印的，写「不计」；按数分档的，一档写一条，用「适用 {name} …」"
            ),
            format!(
                "a bound is `{name} floor`; a column that says nothing is `ignored`; for each range write a clause with \
                 `applies {name} …`"
            ),
        );
        let problem = Problem::error(Code::MalformedTable, place).with(crate::check::table::layout::name(layout.item));
        scope.problems.push(problem.with_words(words).help(help));
    }
    scope.problems.len() > before
}

/// The other readings: the table with their columns, as other readings of the same clauses.
fn readings(
    scope: &mut Scope,
    (base, others): (&[&Entry], &[NamedEntries<'_>]),
    layout: &Layout<'_>,
    keys: &[Option<RowKeys>],
    first: usize,
    taken: &Clause,
) {
    for (name, span, entries) in others {
        clause::fixed(scope, entries, &[Role::Column, Role::Empty]);
        let effective = with_columns(base, entries);
        let Some(other) = Layout::read(layout.item, layout.source, &effective, &mut scope.problems) else { continue };
        let Some(common) = common(scope, &other, &effective) else { continue };
        if common.template.subject() != taken.subject() {
            scope.problems.push(Problem::error(Code::FixedInReadings, *span).with(Role::Subject.chinese()));
            continue;
        }
        let columns = Columns::read(scope, &other);
        for (row, keys) in keys.iter().enumerate() {
            let Some(keys) = keys else { continue };
            for said in says(scope, &other, &columns, row, keys, &common) {
                let Some(id) = id_of(&other, row, said.offset) else { continue };
                let body = common.body(said.parts);
                let reading = OtherReading { name: name.clone(), body, span: *span };
                let clause = scope.model.clauses.iter_mut().skip(first).find(|clause| clause.id == id);
                if let Some(clause) = clause {
                    clause.other_readings.push(reading);
                }
            }
        }
    }
}

/// The base entries, a reading's columns in place of the same ones.
pub(super) fn with_columns<'a>(base: &[&'a Entry], reading: &[&'a Entry]) -> Vec<&'a Entry> {
    let of_columns = |entry: &&Entry| match entry.role.as_ref().map(|role| role.kind) {
        Some(role) => role == Role::Column || role == Role::Empty,
        // What goes on behind a column on its line.
        None => !entry.starts_line,
    };
    let (columns, others): (Vec<&Entry>, Vec<&Entry>) = reading.iter().copied().partition(of_columns);
    let (base_columns, base_others): (Vec<&Entry>, Vec<&Entry>) = base.iter().copied().partition(of_columns);
    // A later statement about a column goes before an earlier one.
    effective_entries(&base_others, &others).into_iter().chain(base_columns).chain(columns).collect()
}

fn common(scope: &mut Scope, layout: &Layout<'_>, base: &[&Entry]) -> Option<Common> {
    let mut template = clause::blank(layout.item);
    for entry in base {
        if entry.role.as_ref().is_some_and(|role| clause::describes(role.kind)) {
            clause::describe(scope, &mut template, entry, layout.source);
        }
    }
    clause::readings(scope, &mut template, layout.item, layout.source);
    let subject = clause::subject_condition(scope, &template);
    let force = clause::forced(scope, &template, base, layout.source).unwrap_or(Force::Must);
    let before = scope.problems.len();
    let mut applies = vec![subject];
    for entry in base {
        if entry.role.as_ref().is_some_and(|role| role.kind == Role::Applies)
            && let Some(tokens) = crate::check::vocabulary::tokens_of(entry)
        {
            applies.extend(clause::read_tokens(scope, tokens, &template.id, None));
        }
    }
    applies.retain(|condition| *condition != Condition::Always);
    let mut exceptions = Vec::new();
    for entry in base.iter().filter(|entry| entry.role.as_ref().is_some_and(|role| role.kind == Role::Except)) {
        if let Some(tokens) = crate::check::vocabulary::tokens_of(entry) {
            exceptions.extend(clause::read_exception(scope, tokens, &template.id, 1));
        }
    }
    (scope.problems.len() == before).then(|| Common { template, applies: all(applies), exceptions, force })
}

impl Common {
    fn body(&self, parts: Vec<Part>) -> Body {
        let (applies, exceptions) = (self.applies.clone(), self.exceptions.clone());
        Body { applies, parts, exceptions, ..self.template.body.clone() }
    }
}

/// What a row says: one entry for the class columns together, one for each other bound.
fn says(
    scope: &mut Scope,
    layout: &Layout<'_>,
    columns: &Columns,
    row: usize,
    keys: &RowKeys,
    common: &Common,
) -> Vec<Said> {
    let mut said = Vec::new();
    let mut classes: Vec<(usize, FieldId, Operator, Class)> = Vec::new();
    for (number, column) in columns.iter() {
        match column {
            Column::Bound { field, operator, class: Some(class) } => classes.push((number, *field, *operator, *class)),
            Column::Bound { field, operator, class: None } => {
                let parts = single(scope, layout, columns, (row, number), keys, (*field, *operator), common);
                said.push(Said { offset: offset(layout, scope, *field, false), parts });
            }
            _ => {}
        }
    }
    if let Some((_, field, _, _)) = classes.first().copied() {
        let parts = by_class(scope, layout, columns, row, keys, &classes, common);
        said.insert(0, Said { offset: offset(layout, scope, field, true), parts });
    }
    said
}

/// The number behind the row's id that its 对应条目 column gives to a role: `规模下限 +0，服务年限 +2`.
fn offset(layout: &Layout<'_>, scope: &Scope, field: FieldId, by_class: bool) -> Option<usize> {
    let column = layout.column(crate::check::place::ENTRIES)?;
    let parts = &layout.columns.get(column)?.parts;
    if parts.iter().all(|part| part.is_empty()) {
        return Some(0);
    }
    let spelled = |name: &str| {
        let names = scope.model.vocabulary.field(field).map(|known| known.name.spellings().any(|own| own == name));
        names.unwrap_or(false)
    };
    parts.iter().find_map(|part| {
        let name: String = crate::check::names::words(part).concat();
        let bare = name.trim_end_matches("下限").trim_end_matches("上限");
        // The class columns are named by their role, 规模下限; any other bound by its field.
        let meant = if by_class { name != bare || spelled(&name) } else { spelled(bare) };
        meant.then(|| offset_number(part)).flatten()
    })
}

/// `+2`.
pub(super) fn offset_number(part: &[Token]) -> Option<usize> {
    part.iter().find_map(|token| match &token.kind {
        TokenKind::Number(text) => text.parse().ok(),
        _ => None,
    })
}

/// The id of a row, counted on.
pub(super) fn id_of(layout: &Layout<'_>, row: usize, offset: Option<usize>) -> Option<String> {
    let column = layout.column(crate::check::place::ENTRIES)?;
    let cell = layout.rows.get(row)?.get(column)?;
    let id = crate::check::place::ids_in(&cell.kind).into_iter().next()?;
    counted(&id, offset?)
}

/// `RQ-295` and 2 make `RQ-297`.
pub(super) fn counted(id: &str, offset: usize) -> Option<String> {
    if offset == 0 {
        return Some(id.to_owned());
    }
    let digits = id.chars().rev().take_while(char::is_ascii_digit).count();
    let (stem, number) = id.split_at_checked(id.len() - digits)?;
    let next = number.parse::<usize>().ok()? + offset;
    Some(format!("{stem}{next:0digits$}"))
}

fn single(
    scope: &mut Scope,
    layout: &Layout<'_>,
    columns: &Columns,
    place: (usize, usize),
    keys: &RowKeys,
    bound: (FieldId, Operator),
    common: &Common,
) -> Vec<Part> {
    let unit = unit_of(layout, columns, place.1, place.0);
    let Some(found) = values(scope, layout, place, keys.parts(), unit.as_deref()) else { return Vec::new() };
    let (field, operator) = bound;
    let span = cell_span(layout, place);
    let Some(found) = fitting(scope, field, found, span) else { return Vec::new() };
    let mut parts = Vec::new();
    for (number, value) in found.iter().enumerate() {
        let requirement = match value {
            Value::From(quantity, _) => amount(scope, field, operator, quantity, span),
            Value::Empty(Mark::Unspecified) => parameter(scope, layout, place, field, span),
            Value::Empty(Mark::NoRequirement) => {
                unasked(scope, layout, field, vec![common.applies.clone(), keys.selector(number)]);
                continue;
            }
            Value::Empty(Mark::NoClass) | Value::Lowest => continue,
        };
        parts.push(part(keys.selector(number), requirement, common.force, layout, place.0, span));
    }
    parts
}

/// Keeps the cases of which a cell asks nothing, for plans below that take their number from it.
fn unasked(scope: &mut Scope, layout: &Layout<'_>, field: FieldId, mut cases: Vec<Condition>) {
    cases.retain(|condition| *condition != Condition::Always);
    scope.model.unasked.push(Unasked { table: title_of(layout.item), field, cases: all(cases) });
}

fn by_class(
    scope: &mut Scope,
    layout: &Layout<'_>,
    columns: &Columns,
    row: usize,
    keys: &RowKeys,
    classes: &[(usize, FieldId, Operator, Class)],
    common: &Common,
) -> Vec<Part> {
    let mut cells: Vec<Vec<Value>> = Vec::new();
    for (column, field, _, _) in classes {
        let unit = unit_of(layout, columns, *column, row);
        let found = values(scope, layout, (row, *column), keys.parts(), unit.as_deref());
        let span = cell_span(layout, (row, *column));
        match found.and_then(|found| fitting(scope, *field, found, span)) {
            Some(found) => cells.push(found),
            None => return Vec::new(),
        }
    }
    let mut parts = Vec::new();
    for number in 0..keys.parts() {
        let falling: Vec<Option<&Value>> = cells.iter().map(|cell| cell.get(number)).collect();
        rises(scope, layout, row, classes, &falling);
        if classes.iter().any(|(_, _, _, class)| class.chosen) {
            parts.extend(chosen(scope, layout, row, keys.selector(number), classes, &falling, common.force));
        } else if let Some((requirement, span)) = least(scope, layout, row, classes, &falling) {
            parts.push(part(keys.selector(number), requirement, common.force, layout, row, span));
        } else if let (Some((_, field, _, _)), Some(Some(Value::Empty(Mark::NoRequirement)))) =
            (classes.last(), falling.last())
        {
            unasked(scope, layout, *field, vec![common.applies.clone(), keys.selector(number)]);
        }
    }
    parts
}

/// Columns that fall must fall.
fn rises(
    scope: &mut Scope,
    layout: &Layout<'_>,
    row: usize,
    classes: &[(usize, FieldId, Operator, Class)],
    cells: &[Option<&Value>],
) {
    let mut last: Option<&crate::quantity::Quantity> = None;
    for ((column, _, _, _), value) in classes.iter().zip(cells) {
        let Some(Value::From(quantity, _)) = value else { continue };
        if let Some(left) = last.filter(|left| left.value < quantity.value) {
            let problem = Problem::error(Code::RowsRise, cell_span(layout, (row, *column)))
                .with(quantity.text())
                .with(left.text());
            scope.problems.push(problem);
        }
        last = Some(quantity);
    }
}

/// The floor of the lowest class that exists; where its number is not printed, whatever meets its printed neighbour does.
fn least(
    scope: &mut Scope,
    layout: &Layout<'_>,
    row: usize,
    classes: &[(usize, FieldId, Operator, Class)],
    cells: &[Option<&Value>],
) -> Option<(Condition, Span)> {
    let mut open: Option<(Condition, Span)> = None;
    for ((column, field, operator, _), value) in classes.iter().zip(cells).rev() {
        let span = cell_span(layout, (row, *column));
        match value {
            Some(Value::From(quantity, _)) => {
                let printed = amount(scope, *field, *operator, quantity, span);
                return Some(match open {
                    Some((parameter, _)) => (any(vec![printed, parameter]), span),
                    None => (printed, span),
                });
            }
            Some(Value::Empty(Mark::Unspecified)) if open.is_none() => {
                open = Some((parameter(scope, layout, (row, *column), *field, span), span));
            }
            Some(Value::Empty(Mark::NoRequirement)) => return open,
            _ => {}
        }
    }
    open
}

/// The floor of the class that the case itself is of.
fn chosen(
    scope: &mut Scope,
    layout: &Layout<'_>,
    row: usize,
    selector: Condition,
    classes: &[(usize, FieldId, Operator, Class)],
    cells: &[Option<&Value>],
    force: Force,
) -> Vec<Part> {
    let mut parts = Vec::new();
    for ((column, field, operator, class), value) in classes.iter().zip(cells) {
        let span = cell_span(layout, (row, *column));
        let requirement = match value {
            Some(Value::From(quantity, _)) => amount(scope, *field, *operator, quantity, span),
            Some(Value::Empty(Mark::Unspecified)) => parameter(scope, layout, (row, *column), *field, span),
            _ => continue,
        };
        let enumeration = scope.kind(class.field).and_then(|kind| kind.enumeration());
        let leaves: LeafSet = enumeration.map(|id| scope.leaves(id, class.member)).unwrap_or_default();
        let kind = TestKind::Member { field: class.field, leaves, named: vec![class.member] };
        let words = layout.head.get(*column).map(|cell| cell.kind.clone()).unwrap_or_default();
        let of_class = Condition::Test(Box::new(Test { kind, span, words, from: None }));
        let selector = all(vec![selector.clone(), of_class]);
        parts.push(part(selector, requirement, force, layout, row, span));
    }
    parts
}

fn part(
    selector: Condition,
    requirement: Condition,
    force: Force,
    layout: &Layout<'_>,
    row: usize,
    span: Span,
) -> Part {
    let cells = layout.rows.get(row).copied().unwrap_or_default();
    let whole = match (cells.first(), cells.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => span,
    };
    Part { selector, requirement, force, span: whole, requirement_span: span }
}

/// `生产规模 不低于 10矿石万吨/年`, standing at its cell.
fn amount(
    scope: &Scope,
    field: FieldId,
    operator: Operator,
    quantity: &crate::quantity::Quantity,
    span: Span,
) -> Condition {
    let words = if operator == Operator::AtMost { "不超过" } else { "不低于" };
    let basis = scope.bound_basis(quantity);
    let kind = TestKind::Amount {
        field,
        comparator: Comparator { operator, words: words.to_owned() },
        bound: quantity.clone(),
        basis,
    };
    let words = format!("{} {words} {}", scope.field_name(field), quantity.text());
    Condition::Test(Box::new(Test { kind, span, words, from: None }))
}

/// A number that the plan does not print.
fn parameter(scope: &Scope, layout: &Layout<'_>, place: (usize, usize), field: FieldId, span: Span) -> Condition {
    let (row, column) = place;
    let head = layout.head.get(column).map(|cell| cell.kind.as_str()).unwrap_or_default();
    let id = id_of(layout, row, Some(0)).unwrap_or_else(|| title_of(layout.item));
    let name = format!("{id} {head}{}", scope.field_name(field));
    let kind = TestKind::Parameter { name, of: Some(field) };
    Condition::Test(Box::new(Test { kind, span, words: head.to_owned(), from: None }))
}

fn cell_span(layout: &Layout<'_>, place: (usize, usize)) -> Span {
    let cell = layout.rows.get(place.0).and_then(|cells| cells.get(place.1));
    cell.map_or(layout.item.head_span(), |cell| cell.span)
}

/// Adds what a row says to the model: under the row's ids, or all rows as parts of the table's own clause.
fn add(scope: &mut Scope, layout: &Layout<'_>, row: usize, said: Vec<Said>, common: &Common) {
    for said in said {
        if said.parts.is_empty() {
            continue;
        }
        let by_row = layout.column(crate::check::place::ENTRIES).is_some();
        let id = if by_row { id_of(layout, row, said.offset) } else { Some(common.template.id.clone()) };
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            let span = layout.rows.get(row).and_then(|cells| cells.first()).map_or(common.template.span, |it| it.span);
            let words = crate::diagnostic::Words::new("这一行没有条目编号", "a row has no id of an entry");
            let problem = Problem::error(Code::MalformedTable, span).with(title_of(layout.item)).with_words(words);
            scope.problems.push(problem);
            continue;
        };
        if !by_row && let Some(clause) = scope.model.clauses.iter_mut().find(|clause| clause.id == id) {
            clause.body.parts.extend(said.parts);
            clause.citations.extend(row_citations(layout, row));
            continue;
        }
        let mut clause = common.template.clone();
        let key = layout.rows.get(row).and_then(|cells| cells.get(key_column(layout)));
        // Under the table's own id stand all its rows: the clause is the table.
        if by_row {
            clause.title = format!("{}：{}", title_of(layout.item), key.map_or("", |cell| cell.kind.as_str()));
            clause.span = key.map_or(clause.span, |cell| cell.span);
        }
        clause.id = id;
        clause.citations = row_citations(layout, row);
        clause.body = common.body(said.parts);
        crate::check::quote::check_clause(scope, &clause);
        scope.model.clauses.push(clause);
    }
}

fn key_column(layout: &Layout<'_>) -> usize {
    let entries = layout.column(crate::check::place::ENTRIES);
    let counts = layout.column(["序号", "number"]);
    (0..layout.head.len()).find(|column| Some(*column) != entries && Some(*column) != counts).unwrap_or(0)
}
