//! What each column of a table is.

use crate::ast::{Token, TokenKind};
use crate::check::names::{folded, words};
use crate::check::property::{bare, member_named};
use crate::check::scope::Scope;
use crate::check::table::Layout;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{EnumerationId, FieldId, FieldKind, MemberId, Operator};

/// What a column is.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Says nothing.
    Ignored,
    /// Carries the ids of the register.
    Entries,
    /// Names what the row declares.
    Name,
    /// The unit of the numbers of its row.
    Unit,
    /// 约束性 or 预期性.
    Attribute,
    /// In how many copies of the norm the numbers of the row were read; 0 says that nobody has.
    Confirmed,
    /// Values of a field that the row speaks of, with those of a second one in brackets behind them.
    Key {
        /// The field.
        field: FieldId,
        /// Its enumeration.
        enumeration: EnumerationId,
        /// The field of the brackets.
        bracket: Option<(FieldId, EnumerationId)>,
    },
    /// A bound of a field.
    Bound {
        /// The field.
        field: FieldId,
        /// How the field is to stand to it.
        operator: Operator,
        /// A class that the bound is of, and whether the case's own value of that class chooses the column.
        class: Option<Class>,
    },
    /// What a class of an enumeration begins at.
    Grade(Class),
    /// A printed value.
    Value {
        /// The field it is of, where the column has the name of one.
        field: Option<FieldId>,
    },
}

/// A class that a column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// The field whose value the class is.
    pub field: FieldId,
    /// The class.
    pub member: MemberId,
    /// Whether the bound is of this class alone (按 …), not the least of all classes.
    pub chosen: bool,
}

/// The columns of a table.
#[derive(Debug, Clone)]
pub struct Columns {
    columns: Vec<Column>,
}

const ENTRIES: [&str; 2] = crate::check::place::ENTRIES;
const IGNORED: [&str; 2] = ["不计", "ignored"];
const UNIT: [&str; 2] = ["计量单位", "unit-of-row"];
const ATTRIBUTE: [&str; 2] = ["属性", "attribute"];
const NAMES: [&str; 4] = ["编号", "id", "名称", "name"];
const CONFIRMED: [&str; 2] = ["核实份数", "confirmed"];
const VALUE: [&str; 2] = ["数值", "value"];
const FLOOR: [&str; 2] = ["下限", "floor"];
const CAP: [&str; 2] = ["上限", "cap"];
const BRACKET: [&str; 2] = ["末尾括号为", "bracket"];
const BY: [&str; 2] = ["按", "by"];

impl Columns {
    /// The columns of a layout.
    pub fn read(scope: &Scope, layout: &Layout<'_>) -> Self {
        let columns = (0..layout.head.len()).map(|column| read_column(scope, layout, column)).collect();
        Self { columns }
    }

    /// What a column is.
    #[must_use]
    pub fn get(&self, column: usize) -> &Column {
        self.columns.get(column).unwrap_or(&Column::Ignored)
    }

    /// The columns in order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate()
    }

    /// The column of the units of its rows.
    #[must_use]
    pub fn unit(&self) -> Option<usize> {
        self.columns.iter().position(|column| *column == Column::Unit)
    }

    /// What a value of the column is called: the word of its role, or its head.
    #[must_use]
    pub fn label(&self, layout: &Layout<'_>, column: usize) -> String {
        let spoken = layout.columns.get(column).and_then(|spoken| spoken.parts.first());
        let own = spoken.map(|part| words(part).concat()).filter(|word| !VALUE.contains(&word.as_str()));
        own.filter(|word| !word.is_empty())
            .unwrap_or_else(|| layout.head.get(column).map(|cell| bare(&cell.kind)).unwrap_or_default())
    }
}

fn read_column(scope: &Scope, layout: &Layout<'_>, column: usize) -> Column {
    let head = layout.head.get(column).map(|cell| bare(&cell.kind)).unwrap_or_default();
    let spoken = layout.columns.get(column).cloned().unwrap_or_default();
    if ENTRIES.contains(&head.as_str()) {
        return Column::Entries;
    }
    let role = spoken.parts.first().map(|part| words(part)).unwrap_or_default();
    let Some(first) = role.first() else {
        return match scope.model.vocabulary.field_named(&head) {
            Some(field) => by_field(scope, field, &spoken.parts),
            None => Column::Value { field: None },
        };
    };
    let is = |list: &[&str]| list.contains(&first.as_str());
    match () {
        () if is(&IGNORED) => Column::Ignored,
        () if is(&UNIT) => Column::Unit,
        () if is(&ATTRIBUTE) => Column::Attribute,
        () if is(&NAMES) => Column::Name,
        () if is(&CONFIRMED) => Column::Confirmed,
        () if is(&VALUE) => Column::Value { field: None },
        () if is(&BY) => bound(scope, &role, &head, true),
        () => match bound(scope, &role, &head, false) {
            Column::Value { field: None } => match scope.model.vocabulary.field_named(first) {
                Some(field) => graded(scope, field, &head).unwrap_or_else(|| by_field(scope, field, &spoken.parts)),
                None => Column::Value { field: None },
            },
            found => found,
        },
    }
}

/// `生产规模 下限`, `规模下限`, `按 矿床规模 的规模下限`; else a value.
fn bound(scope: &Scope, role: &[String], head: &str, chosen: bool) -> Column {
    let joined: Vec<&str> = role.iter().map(String::as_str).filter(|word| !matches!(*word, "的" | "of")).collect();
    let (by, rest) = match joined.as_slice() {
        [_, by, rest @ ..] if chosen => (scope.model.vocabulary.field_named(by), rest),
        rest => (None, rest),
    };
    let text = rest.concat();
    let text = text.trim_start_matches('的');
    let ends = |list: [&str; 2]| list.iter().find_map(|word| text.strip_suffix(word));
    let (name, operator) = match (ends(FLOOR), ends(CAP)) {
        (Some(name), _) => (name, Operator::AtLeast),
        (None, Some(name)) => (name, Operator::AtMost),
        (None, None) => return Column::Value { field: None },
    };
    let Some(field) = scope.model.vocabulary.field_named(name) else { return Column::Value { field: None } };
    let classes = class_of(scope, by, head);
    Column::Bound { field, operator, class: classes.map(|(field, member)| Class { field, member, chosen }) }
}

/// The class that a head names: of the given field, or of the one ordered field whose bare values include it.
fn class_of(scope: &Scope, field: Option<FieldId>, head: &str) -> Option<(FieldId, MemberId)> {
    let asked = field.is_some();
    let fields: Vec<FieldId> = match field {
        Some(field) => vec![field],
        None => (0..scope.model.vocabulary.fields.len())
            .filter_map(|number| u16::try_from(number).ok().map(FieldId))
            .collect(),
    };
    fields.into_iter().find_map(|field| {
        let known = scope.model.vocabulary.field(field)?;
        let FieldKind::Member(enumeration) = known.kind else { return None };
        let ordered = scope.enumeration(enumeration)?.order.is_some();
        let member = member_named(scope, enumeration, head)?;
        (ordered && (asked || !known.named_only)).then_some((field, member))
    })
}

/// A column under the name of the class field itself: what each class begins at, deciding nothing.
fn graded(scope: &Scope, field: FieldId, head: &str) -> Option<Column> {
    let FieldKind::Member(enumeration) = scope.kind(field)? else { return None };
    let member = member_named(scope, *enumeration, head)?;
    Some(Column::Grade(Class { field, member, chosen: false }))
}

fn by_field(scope: &Scope, field: FieldId, parts: &[&[Token]]) -> Column {
    let Some(FieldKind::Member(enumeration) | FieldKind::Areas(enumeration)) = scope.kind(field) else {
        return Column::Value { field: Some(field) };
    };
    let bracket = parts.iter().find_map(|part| {
        let spelled = words(part);
        let own = spelled.first().filter(|word| BRACKET.contains(&word.as_str()));
        let name = own.and_then(|_| spelled.get(1))?;
        let other = scope.model.vocabulary.field_named(name)?;
        let Some(FieldKind::Member(kind)) = scope.kind(other) else { return None };
        Some((other, *kind))
    });
    Column::Key { field, enumeration: *enumeration, bracket }
}

/// The unit that a column states for its own cells: `单位 年`.
pub fn own_unit<'a>(layout: &Layout<'a>, column: usize) -> Option<&'a [Token]> {
    let spoken = layout.columns.get(column)?;
    spoken.parts.iter().find_map(|part| {
        let (first, rest) = part.split_first()?;
        let TokenKind::Run(run) = &first.kind else { return None };
        matches!(folded(run).as_str(), "单位" | "unit").then_some(rest)
    })
}

/// A table whose columns make nothing.
pub fn says_nothing(layout: &Layout<'_>) -> Problem {
    Problem::error(Code::MalformedTable, layout.item.head_span()).with(super::layout::name(layout.item)).with_words(
        Words::new("各列的作用都不成要求，也没有「每行」", "no column is a bound, and there is no `each-row`"),
    )
}
