//! Ranges that the class cells of one row print: each number belongs to one class.

use crate::check::property::bare;
use crate::check::scope::Scope;
use crate::check::table::Layout;
use crate::check::table::cells::unit_of;
use crate::check::table::columns::{Column, Columns};
use crate::diagnostic::{Code, Problem, Words};
use crate::quantity::Number;
use crate::span::Span;

/// An end of a range: its number, and whether the number belongs to it. An end of `10~50` is shared by convention, and
/// then it is never said which of two classes has it.
#[derive(Debug, Clone, PartialEq)]
struct End {
    number: Number,
    belongs: Option<bool>,
}

/// What one cell prints.
#[derive(Debug, Clone)]
struct Range {
    low: Option<End>,
    high: Option<End>,
    span: Span,
    unit: String,
}

/// Complains of numbers between two classes of a row, or in both.
pub(super) fn meet(scope: &mut Scope, layout: &Layout<'_>, columns: &Columns, row: usize) {
    let is_class = |column: &Column| matches!(column, Column::Grade(_) | Column::Bound { class: Some(_), .. });
    let classes: Vec<usize> = columns.iter().filter(|(_, column)| is_class(column)).map(|(number, _)| number).collect();
    let cell = |column: usize| layout.rows.get(row).and_then(|cells| cells.get(column));
    let texts: Vec<(usize, String)> =
        classes.iter().filter_map(|column| Some((*column, bare(&cell(*column)?.kind)))).collect();
    let parts = texts.iter().map(|(_, text)| text.split('/').count()).max().unwrap_or(1);
    for part in 0..parts {
        let ranges = texts.iter().filter_map(|(column, text)| {
            let own = if text.contains('/') { text.split('/').nth(part)? } else { text.as_str() };
            let unit = unit_of(layout, columns, *column, row).unwrap_or_default();
            if layout.mark(*column, own).is_some() { None } else { range(own, cell(*column)?.span, unit) }
        });
        let ranges: Vec<Range> = ranges.collect();
        for pair in ranges.windows(2) {
            let [left, right] = pair else { continue };
            let left_is_upper = left.low.as_ref().map(|end| &end.number) >= right.low.as_ref().map(|end| &end.number);
            let (upper, lower) = if left_is_upper { (left, right) } else { (right, left) };
            if let Some(problem) = apart(upper, lower, right.span, left.span) {
                scope.problems.push(problem);
                return;
            }
        }
    }
}

/// What is wrong between two classes, with a number that shows it.
fn apart(upper: &Range, lower: &Range, place: Span, other: Span) -> Option<Problem> {
    let (Some(floor), Some(end)) = (&upper.low, &lower.high) else { return None };
    let middle = || floor.number.plus(&end.number).divide(&Number::from_integer(2)).unwrap_or(Number::ZERO);
    let (example, none) = match end.number.cmp(&floor.number) {
        std::cmp::Ordering::Less if end.belongs == Some(true) => (middle(), true),
        std::cmp::Ordering::Less => (end.number.clone(), true),
        std::cmp::Ordering::Greater => (middle(), false),
        std::cmp::Ordering::Equal => match (end.belongs, floor.belongs) {
            (Some(false), Some(false)) => (floor.number.clone(), true),
            (Some(true), Some(true)) => (floor.number.clone(), false),
            _ => return None,
        },
    };
    let shown = format!("{example}{}", upper.unit);
    let words = if none {
        Words::new(format!("{shown} 不属于任何一级"), format!("{shown} belongs to no class"))
    } else {
        Words::new(format!("{shown} 属于两级"), format!("{shown} belongs to two classes"))
    };
    let problem = Problem::error(Code::ClassesApart, place).with_words(words);
    Some(problem.also(other, Words::new("相邻的一级", "the class beside it")))
}

/// `≥120`, `45~120`, `<45`; a number alone is where a class begins.
fn range(text: &str, span: Span, unit: String) -> Option<Range> {
    let end = |text: &str, belongs| Some(End { number: text.parse().ok()?, belongs });
    let signs = [(">=", true, true), ("≥", true, true), (">", true, false)];
    let caps = [("<=", false, true), ("≤", false, true), ("<", false, false)];
    for (sign, begins, belongs) in signs.into_iter().chain(caps) {
        if let Some(rest) = text.strip_prefix(sign) {
            let end = end(rest, Some(belongs))?;
            let (low, high) = if begins { (Some(end), None) } else { (None, Some(end)) };
            return Some(Range { low, high, span, unit });
        }
    }
    if let Some(low) = end(text, Some(true)) {
        return Some(Range { low: Some(low), high: None, span, unit });
    }
    let (one, other) = text.split_once(['~', '～', '-', '–', '—'])?;
    let (one, other) = (end(one, None)?, end(other, None)?);
    let (low, high) = if one.number <= other.number { (one, other) } else { (other, one) };
    Some(Range { low: Some(low), high: Some(high), span, unit })
}
