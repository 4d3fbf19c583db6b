//! What stands in a cell: terms with brackets behind them, numbers, ranges, marks of emptiness.

use crate::ast::{Node, Token, TokenKind};
use crate::check::property::{bare, member_named, unknown_member};
use crate::check::scope::Scope;
use crate::check::table::Layout;
use crate::check::table::columns::{Column, Columns, own_unit};
use crate::check::table::layout::Mark;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{EnumerationId, FieldId, FieldKind, MemberId, Operator, parse_unit};
use crate::parse;
use crate::quantity::{Number, Quantity};
use crate::span::Span;

/// Whether a cell holds nothing but blanks.
pub fn is_empty(cell: &str) -> bool {
    cell.chars().all(char::is_whitespace)
}

/// The members a cell names, and those in the brackets behind them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// The members.
    pub members: Vec<MemberId>,
    /// The members of the bracket's field, in order; none where there is no such bracket.
    pub bracket: Vec<MemberId>,
}

/// Reads a cell of terms: whole; else with the trailing bracket taken off whose parts are all values of its field; else
/// split at 、.
pub fn terms(scope: &Scope, enumeration: EnumerationId, bracket: Option<EnumerationId>, cell: &str) -> Option<Terms> {
    if let Some(members) = listed(scope, enumeration, cell) {
        return Some(Terms { members, bracket: Vec::new() });
    }
    let folded = bare(cell);
    let (name, inner) = folded.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))?;
    let methods: Option<Vec<MemberId>> =
        inner.split(['/', '、']).map(|part| member_named(scope, bracket?, part)).collect();
    let members = listed(scope, enumeration, name)?;
    Some(Terms { members, bracket: methods? })
}

/// A term, or several parted by 、.
fn listed(scope: &Scope, enumeration: EnumerationId, text: &str) -> Option<Vec<MemberId>> {
    if let Some(member) = member_named(scope, enumeration, text) {
        return Some(vec![member]);
    }
    text.split(['、', '，', ',', ';', '；']).map(|part| member_named(scope, enumeration, part)).collect()
}

/// The terms of a key cell, or its problem.
pub fn key_terms(
    scope: &mut Scope,
    field: FieldId,
    enumeration: EnumerationId,
    bracket: Option<EnumerationId>,
    cell: &Node<String>,
) -> Option<Terms> {
    let found = terms(scope, enumeration, bracket, &cell.kind);
    if found.is_none() {
        let problem = unknown_member(scope, field, enumeration, &cell.kind, cell.span);
        scope.problems.push(problem);
    }
    found
}

/// One part of a cell of numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number: what it begins at, and whether it is part of it.
    From(Quantity, Operator),
    /// A range that begins at nothing: `<45`.
    Lowest,
    /// A mark of emptiness.
    Empty(Mark),
}

/// How the cells of a row are measured: `原煤万吨` in a column headed 单位/年.
pub fn row_unit(layout: &Layout<'_>, columns: &Columns, row: usize) -> Option<String> {
    let column = columns.unit()?;
    let cell = layout.rows.get(row)?.get(column)?;
    let mut unit: String = bare(&cell.kind);
    let head = layout.head.get(column).map(|cell| bare(&cell.kind)).unwrap_or_default();
    if let (Some((_, per)), false) = (head.split_once('/'), unit.contains('/')) {
        unit = format!("{unit}/{per}");
    }
    (!unit.is_empty()).then_some(unit)
}

/// The unit of one number cell: its column's own, else its row's.
pub fn unit_of(layout: &Layout<'_>, columns: &Columns, column: usize, row: usize) -> Option<String> {
    match own_unit(layout, column) {
        Some(tokens) => {
            let (first, last) = (tokens.first()?, tokens.last()?);
            Some(bare(layout.source.slice(first.span.to(last.span))))
        }
        None => row_unit(layout, columns, row),
    }
}

/// Reads a cell of numbers into as many parts as the row's bracket has; an unsplit cell holds for all.
pub fn values(
    scope: &mut Scope,
    layout: &Layout<'_>,
    place: (usize, usize),
    parts: usize,
    unit: Option<&str>,
) -> Option<Vec<Value>> {
    let (row, column) = place;
    let cell = layout.rows.get(row)?.get(column)?;
    let text = bare(&cell.kind);
    if text.is_empty() {
        return match layout.mark(column, "") {
            Some(mark) => Some(vec![Value::Empty(mark); parts]),
            None => undeclared(scope, "", cell.span),
        };
    }
    if let Some(mark) = layout.mark(column, &text) {
        return Some(vec![Value::Empty(mark); parts]);
    }
    if text.chars().all(|character| matches!(character, '/' | '-' | '—' | '－' | '–')) {
        return undeclared(scope, &text, cell.span);
    }
    if let Some(value) = with_own_unit(scope, &text) {
        return Some(vec![value; parts]);
    }
    let pieces: Vec<&str> = text.split('/').collect();
    if pieces.len() == 1 {
        let value = value(scope, layout, column, &text, cell.span, unit)?;
        return Some(vec![value; parts]);
    }
    // `100斤/年` is no pair of numbers: what stands behind the slash is a unit that nobody declared.
    let is_unit =
        |piece: &&str| piece.chars().any(char::is_alphabetic) && !piece.contains(|it: char| it.is_ascii_digit());
    if pieces.iter().skip(1).any(is_unit) {
        let words = Words::new("有单位的数（单位不认识或没有写）", "number with a known unit");
        scope.problems.push(Problem::error(Code::UnknownCell, cell.span).with(text).with_words(words));
        return None;
    }
    if pieces.len() != parts {
        let problem = Problem::error(Code::CellCount, cell.span)
            .with(text.clone())
            .with(pieces.len().to_string())
            .with(parts.to_string());
        scope.problems.push(problem);
        return None;
    }
    pieces.into_iter().map(|piece| value(scope, layout, column, piece, cell.span, unit)).collect()
}

/// The values of a cell, where they measure what the field does; else their problem.
pub fn fitting(scope: &mut Scope, field: FieldId, found: Vec<Value>, span: Span) -> Option<Vec<Value>> {
    let Some(FieldKind::Quantity(dimensions)) = scope.kind(field).cloned() else { return Some(found) };
    let other = found.iter().find_map(|value| match value {
        Value::From(quantity, _) if !dimensions.contains(&quantity.dimension) => Some(quantity.dimension),
        _ => None,
    });
    let Some(other) = other else { return Some(found) };
    let vocabulary = &scope.model.vocabulary;
    let wanted = |chinese| {
        let all = dimensions.iter().map(|dimension| vocabulary.dimension_text(*dimension, chinese));
        all.collect::<Vec<_>>().join(if chinese { " 或 " } else { " or " })
    };
    let problem = Problem::error(Code::DimensionClash, span)
        .with_words(Words::new(vocabulary.dimension_text(other, true), vocabulary.dimension_text(other, false)))
        .with_words(Words::new(wanted(true), wanted(false)));
    scope.problems.push(problem);
    None
}

/// A cell that says its own unit: `6万立方米/年`.
fn with_own_unit(scope: &Scope, text: &str) -> Option<Value> {
    let end = text.find(|character: char| !character.is_ascii_digit() && character != '.')?;
    let (number, unit) = text.split_at_checked(end)?;
    let number: Number = number.parse().ok()?;
    let (dimension, factor, basis) = parse_unit(&scope.model.vocabulary, unit)?;
    let quantity =
        Quantity { value: number.times(&factor), dimension, basis, unit_text: unit.to_owned(), unit_factor: factor };
    Some(Value::From(quantity, Operator::AtLeast))
}

fn value(
    scope: &mut Scope,
    layout: &Layout<'_>,
    column: usize,
    text: &str,
    span: Span,
    unit: Option<&str>,
) -> Option<Value> {
    if let Some(mark) = layout.mark(column, text) {
        return Some(Value::Empty(mark));
    }
    if matches!(text, "-" | "—" | "——" | "/") || text.is_empty() {
        return undeclared(scope, text, span);
    }
    let Some((number, operator)) = begins_at(text, layout.low_end_belongs()) else {
        let words = crate::diagnostic::Words::new("一个数", "number");
        scope.problems.push(Problem::error(Code::UnknownCell, span).with(text).with_words(words));
        return None;
    };
    let Some(number) = number else { return Some(Value::Lowest) };
    let Some((dimension, factor, basis)) = unit.and_then(|unit| parse_unit(&scope.model.vocabulary, unit)) else {
        let words = crate::diagnostic::Words::new("有单位的数（单位不认识或没有写）", "number with a known unit");
        let text = format!("{text}{}", unit.unwrap_or_default());
        scope.problems.push(Problem::error(Code::UnknownCell, span).with(text).with_words(words));
        return None;
    };
    let quantity = Quantity {
        value: number.times(&factor),
        dimension,
        basis,
        unit_text: unit.unwrap_or_default().to_owned(),
        unit_factor: factor,
    };
    Some(Value::From(quantity, operator))
}

fn undeclared<T>(scope: &mut Scope, text: &str, span: Span) -> Option<T> {
    let shown = if text.is_empty() { "空白" } else { text };
    scope.problems.push(Problem::error(Code::UndeclaredEmpty, span).with(shown));
    None
}

/// What a printed number or range begins at: `50`, `≥50`, `10~50`, `120-45` (either end first), `<10` (nothing).
fn begins_at(text: &str, low_end_belongs: bool) -> Option<(Option<Number>, Operator)> {
    let open = if low_end_belongs { Operator::AtLeast } else { Operator::Above };
    for (sign, operator) in [("≥", Operator::AtLeast), (">=", Operator::AtLeast), (">", Operator::Above)] {
        if let Some(rest) = text.strip_prefix(sign) {
            return Some((Some(rest.parse().ok()?), operator));
        }
    }
    for sign in ["<", "≤", "<="] {
        if let Some(rest) = text.strip_prefix(sign) {
            rest.trim_start_matches('=').parse::<Number>().ok()?;
            return Some((None, open));
        }
    }
    if let Ok(number) = text.parse::<Number>() {
        return Some((Some(number), Operator::AtLeast));
    }
    let (one, other) = text.split_once(['~', '～', '-', '–', '—'])?;
    let (one, other) = (one.parse::<Number>().ok()?, other.parse::<Number>().ok()?);
    Some((Some(one.min(other)), open))
}

/// The tokens of a cell, its unit behind them where it is a bare number.
pub fn with_unit(layout: &Layout<'_>, columns: &Columns, column: usize, cell: &Node<String>) -> Option<Vec<Token>> {
    let mut tokens = match parse::tokens_at(layout.source, cell.span, &parse::Limits::default()) {
        Ok(tokens) => tokens,
        // Plans print what is no word of the language: such a cell is a text.
        Err(_) => vec![Token { kind: TokenKind::Quote(cell.kind.clone()), span: cell.span, spaced: false }],
    };
    let only_number =
        matches!(tokens.as_slice(), [Token { kind: TokenKind::Number(text), .. }] if !text.ends_with('%'));
    if only_number && !matches!(columns.get(column), Column::Key { .. }) {
        if let Some(own) = own_unit(layout, column) {
            tokens.extend(own.iter().cloned());
        } else if let Some(unit) = columns.unit() {
            let row = layout.rows.iter().position(|cells| cells.iter().any(|other| other.span == cell.span))?;
            let (cell, written) = (layout.rows.get(row)?.get(unit)?, row_unit(layout, columns, row)?);
            if let Ok(more) = parse::tokens_at(layout.source, cell.span, &parse::Limits::default()) {
                tokens.extend(more);
            }
            // What the head adds: 单位/年 makes 万吨 万吨/年.
            if let Some(per) = written.strip_prefix(bare(&cell.kind).as_str()).filter(|per| !per.is_empty()) {
                tokens.push(Token { kind: TokenKind::Run(per.to_owned()), span: cell.span, spaced: false });
            }
        }
    }
    Some(tokens)
}
