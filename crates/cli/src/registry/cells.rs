//! What a cell says, as the reader of facts takes it.

use adit::date::Date;
use adit::diagnostic::Words;
use adit::model::{Field, FieldKind, Vocabulary, fold};
use adit::quantity::Dimension;
use serde_json::Value;

use crate::registry::columns::Target;
use crate::registry::table::Cell;

/// What keeps a cell from being read, or its value; `None` where it is blank, which is "not known".
pub(super) fn value(
    cell: &Cell,
    target: &Target,
    field: &Field,
    vocabulary: &Vocabulary,
) -> Result<Option<Value>, Words> {
    if let Some(inner) = &target.inner {
        let value = entry(cell, field, target.unit.as_deref())?;
        let name = vocabulary.field(target.id).and_then(|_| (!inner.is_empty()).then(|| inner.clone()));
        return Ok(value.zip(name).map(|(value, name)| Value::Object([(name, value)].into_iter().collect())));
    }
    match cell {
        Cell::Blank => Ok(None),
        Cell::Fault(fault) => Err(Words::new(format!("单元格出错：{fault}"), format!("the cell is in error: {fault}"))),
        Cell::Bool(answer) => Ok(Some(Value::Bool(*answer))),
        Cell::Number(number) => number_value(number, target.unit.as_deref(), field).map(Some),
        Cell::Text(text) => Ok(Some(text_value(text, target.unit.as_deref(), field))),
    }
}

/// The entry of a map: a distance, or whether there is a document or finding.
fn entry(cell: &Cell, field: &Field, unit: Option<&str>) -> Result<Option<Value>, Words> {
    let measured = matches!(field.kind, FieldKind::Distances(_));
    Ok(match cell {
        Cell::Blank => None,
        Cell::Fault(fault) => {
            return Err(Words::new(format!("单元格出错：{fault}"), format!("the cell is in error: {fault}")));
        }
        Cell::Bool(answer) => Some(Value::Bool(*answer)),
        Cell::Number(text) | Cell::Text(text) if measured => Some(Value::String(amount(text, unit))),
        Cell::Number(text) | Cell::Text(text) => Some(match text.as_str() {
            "有" | "√" => Value::Bool(true),
            "无" | "没有" | "×" => Value::Bool(false),
            text => Value::String(text.to_owned()),
        }),
    })
}

/// A number of a workbook, which may not be what is seen there: a percentage is kept as a fraction, and of a long number
/// only fifteen digits are kept.
fn number_value(number: &str, unit: Option<&str>, field: &Field) -> Result<Value, Words> {
    match &field.kind {
        FieldKind::Quantity(dimensions) => {
            let fraction =
                number == "1" || (number.starts_with("0.") && number.contains(|digit| ('1'..='9').contains(&digit)));
            if dimensions.contains(&Dimension::NONE) && unit == Some("%") && fraction {
                return Err(Words::new(
                    format!("{number} 是 {number}%，还是按百分比格式显示的数"),
                    format!("{number} may be {number}%, or a number shown as a percentage"),
                ));
            }
            Ok(Value::String(amount(number, unit)))
        }
        FieldKind::Text if number.chars().filter(char::is_ascii_digit).count() > 15 => Err(Words::new(
            "按数存的，第 15 位以后的数字已经丢失",
            "it is kept as a number, whose digits past the fifteenth are lost",
        )),
        FieldKind::Date => Ok(Value::String(day(number))),
        _ => Ok(Value::String(number.to_owned())),
    }
}

fn text_value(text: &str, unit: Option<&str>, field: &Field) -> Value {
    let none = matches!(fold(text).to_lowercase().as_str(), "无" | "none");
    let list = field.many || matches!(field.kind, FieldKind::Areas(_) | FieldKind::Documents(_));
    match &field.kind {
        FieldKind::Quantity(_) if !none => Value::String(amount(text, unit)),
        FieldKind::Date if !none => Value::String(day(text)),
        FieldKind::Areas(_) | FieldKind::Documents(_) if none => Value::Array(Vec::new()),
        FieldKind::Text if none && list && !field.optional => Value::Array(Vec::new()),
        _ if list && !none => members(text),
        _ => Value::String(text.to_owned()),
    }
}

/// `煤、铁` as a list, `煤` as it stands.
fn members(text: &str) -> Value {
    let parts: Vec<Value> = text
        .split(['、', ';', '；', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| Value::String(part.to_owned()))
        .collect();
    match <[Value; 1]>::try_from(parts) {
        Ok([one]) => one,
        Err(parts) => Value::Array(parts),
    }
}

/// The amount, a bare number with the unit of its column.
fn amount(text: &str, unit: Option<&str>) -> String {
    let folded = fold(text);
    let folded = folded.trim();
    let bare = folded.contains(|sign: char| sign.is_ascii_digit())
        && folded.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ',' | '-' | '+'));
    let plain = if bare && is_grouped(folded) { folded.replace(',', "") } else { folded.to_owned() };
    let folded = plain.as_str();
    match unit.filter(|_| bare) {
        Some(unit) => format!("{folded}{unit}"),
        None => folded.to_owned(),
    }
}

/// `1,200` or `1,200.5`: commas that part thousands, and nothing else.
fn is_grouped(number: &str) -> bool {
    let whole = number.trim_start_matches(['-', '+']).split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default().len();
    whole.contains(',') && (1..=3).contains(&first) && groups.all(|group| group.len() == 3)
}

/// A day as ISO writes it, where the text is one: `2025年3月1日`, `2025/3/1`, `2025.3.1`, `20250301`.
fn day(text: &str) -> String {
    let folded = fold(text);
    let plain = folded.trim();
    let parts: Vec<&str> = plain.trim_end_matches('日').split(['年', '月', '/', '.', '-']).map(str::trim).collect();
    let date = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => Some(format!("{year}-{month:0>2}-{day:0>2}")),
        [digits] if digits.len() == 8 && digits.is_ascii() => {
            let (year, rest) = digits.split_at_checked(4).unwrap_or_default();
            let (month, day) = rest.split_at_checked(2).unwrap_or_default();
            Some(format!("{year}-{month}-{day}"))
        }
        _ => None,
    };
    date.filter(|date| date.parse::<Date>().is_ok()).unwrap_or_else(|| plain.to_owned())
}
