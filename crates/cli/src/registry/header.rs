//! Where the header of a table is, and which columns it names.

use adit::diagnostic::{Code, Problem, Words};
use adit::model::{FieldId, Vocabulary};
use adit::span::Span;

use crate::files::FileProblem;
use crate::registry::at_line;
use crate::registry::columns::{self, Column, Holds};
use crate::registry::outline::Outline;
use crate::registry::table::{Cell, RawRow};
use crate::registry::workbook::Merged;

/// How many rows may stand above the table.
pub(super) const MOST_ABOVE: usize = 30;

/// How many rows a header may have below its first one.
const MOST_BELOW: usize = 2;

/// The header that was found.
pub(super) struct Header {
    /// The columns from the left.
    pub(super) columns: Vec<Column>,
    /// How many rows it and the titles above it fill.
    pub(super) rows: usize,
    /// What is wrong with it.
    pub(super) problems: Vec<FileProblem>,
    /// What was done with it.
    pub(super) notes: Vec<Words>,
}

/// Finds the header among the first rows.
pub(super) fn find(vocabulary: &Vocabulary, name: &str, rows: &[RawRow], merged: &[Merged]) -> Option<Header> {
    let first = rows.iter().position(|row| names_columns(vocabulary, row))?;
    let top = rows.get(..first)?.iter().next_back().filter(|row| groups(row, merged)).map_or(first, |_| first - 1);
    let mut last = first;
    while last < first + MOST_BELOW
        && rows.get(last + 1).is_some_and(|below| goes_on(vocabulary, rows, (top, last), below, merged))
    {
        last += 1;
    }
    let levels = rows.get(top..=last)?;
    let columns = columns_of(vocabulary, levels, merged);
    let mut header = Header { columns, rows: last + 1, problems: Vec::new(), notes: Vec::new() };
    note_titles(&mut header, rows.get(..top)?);
    judge(&mut header, name, rows.get(last)?.line, vocabulary);
    Some(header)
}

fn text_of(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) | Cell::Number(text) => text,
        Cell::Blank | Cell::Bool(_) | Cell::Fault(_) => "",
    }
}

fn filled(row: &RawRow) -> impl Iterator<Item = (usize, &str)> {
    row.cells.iter().map(text_of).enumerate().filter(|(_, text)| !text.is_empty())
}

/// Two columns that are facts, or one of a table that has hardly more.
fn names_columns(vocabulary: &Vocabulary, row: &RawRow) -> bool {
    let all = filled(row).count();
    let facts = filled(row).filter(|(_, text)| matches!(columns::read(vocabulary, &[text]).holds, Holds::Fact(_)));
    let facts = facts.count();
    facts >= 2 || (facts == 1 && all <= 2)
}

/// A row of group names above the names: several cells, or one that is merged over some columns but not all.
fn groups(row: &RawRow, merged: &[Merged]) -> bool {
    let wide = |region: &&Merged| region.first_line == row.line && region.last_column > region.first_column;
    let cells = filled(row).count();
    cells >= 2 && (merged.is_empty() || merged.iter().any(|region| wide(&region)))
}

/// Whether a row below belongs to the header.
fn goes_on(
    vocabulary: &Vocabulary,
    rows: &[RawRow],
    (top, last): (usize, usize),
    below: &RawRow,
    merged: &[Merged],
) -> bool {
    let Some(above) = rows.get(last) else { return false };
    let covers = |region: &Merged| {
        let wide = region.first_line == above.line
            && region.last_line == above.line
            && region.last_column > region.first_column;
        let tall = region.first_line <= above.line && region.last_line >= below.line;
        wide || tall
    };
    let header_lines = above.line..=below.line;
    if merged.iter().any(|region| header_lines.contains(&region.first_line) && covers(region)) {
        return true;
    }
    let Some(levels) = rows.get(top..=last) else { return false };
    let mut both: Vec<RawRow> = levels.to_vec();
    both.push(below.clone());
    let columns = columns_of(vocabulary, &both, merged);
    let known = |(index, text): (usize, &str)| {
        let alone = columns::read(vocabulary, &[text]).holds;
        // The name of an entry below the name of its map is any word; elsewhere only names and units go on a header.
        let entry = matches!(columns.get(index).map(|column| &column.holds), Some(Holds::Fact(target)) if target.inner.is_some());
        entry || matches!(alone, Holds::Fact(_) | Holds::Unit | Holds::Nothing)
    };
    filled(below).count() > 0 && filled(below).all(known)
}

fn columns_of(vocabulary: &Vocabulary, levels: &[RawRow], merged: &[Merged]) -> Vec<Column> {
    let width = levels.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let column = |index: usize| {
        let mut heads: Vec<&str> = Vec::new();
        for (depth, row) in levels.iter().enumerate() {
            let own = row.cells.get(index).map(text_of).unwrap_or_default();
            let below = levels
                .iter()
                .skip(depth + 1)
                .any(|row| row.cells.get(index).is_some_and(|cell| !text_of(cell).is_empty()));
            heads.push(if own.is_empty() && below { spread(row, index, merged) } else { own });
        }
        columns::read(vocabulary, &heads)
    };
    (0..width).map(column).collect()
}

/// The group name that reaches over a column from the left.
fn spread<'a>(row: &'a RawRow, index: usize, merged: &[Merged]) -> &'a str {
    let left = row.cells.iter().take(index).enumerate().rev().find(|(_, cell)| !text_of(cell).is_empty());
    let Some((from, cell)) = left else { return "" };
    let reaches = |region: &Merged| {
        (region.first_line..=region.last_line).contains(&row.line)
            && region.first_column == from
            && region.last_column >= index
    };
    // Text files know no merged cells: there, a name reaches as far as the blanks beside it.
    if merged.is_empty() || merged.iter().any(reaches) { text_of(cell) } else { "" }
}

fn note_titles(header: &mut Header, above: &[RawRow]) {
    let titles: Vec<String> =
        above.iter().filter_map(|row| filled(row).next().map(|(_, text)| format!("「{text}」"))).collect();
    if !titles.is_empty() {
        let titles = titles.join("、");
        header
            .notes
            .push(Words::new(format!("表头上方的文字不读：{titles}"), format!("not read, above the header: {titles}")));
    }
}

/// Unknown columns, columns that stand twice, and what was passed over.
fn judge(header: &mut Header, name: &str, line: usize, vocabulary: &Vocabulary) {
    let outline = Outline::of(header.columns.iter().map(|column| &*column.label));
    let told = |problem: Problem| at_line(name, line, outline.text.clone(), || problem);
    let mut seen: Vec<((FieldId, Option<String>), Span)> = Vec::new();
    let mut for_people: Vec<&str> = Vec::new();
    let mut twice: Vec<usize> = Vec::new();
    for (index, (column, span)) in header.columns.iter().zip(&outline.spans).enumerate() {
        match &column.holds {
            Holds::Fact(target) => {
                let key = (target.id, target.inner.clone());
                if let Some((_, first)) = seen.iter().find(|(known, _)| *known == key) {
                    let label = vocabulary.field(target.id).map_or(&*column.label, |field| field.name.chinese.as_str());
                    let problem = Problem::error(Code::ColumnTwice, *span).with(label);
                    let first_here = Words::new("先有这一列，用的是它", "the first one, which is used");
                    header
                        .problems
                        .push(told(problem.saying(Words::new("又有一列", "again")).also(*first, first_here)));
                    twice.push(index);
                } else {
                    seen.push((key, *span));
                }
                if target.passed_over {
                    let field =
                        vocabulary.field(target.id).map(|field| field.name.chinese.as_str()).unwrap_or_default();
                    header.notes.push(Words::new(
                        format!("「{}」这一列按「{field}」读", column.label),
                        format!("column `{}` is read as `{field}`", column.label),
                    ));
                }
            }
            Holds::Unknown(near) => {
                let problem = Problem::error(Code::UnknownColumn, *span).with(&*column.label);
                header.problems.push(told(match near {
                    Some(near) => {
                        problem.help(Words::new(format!("是不是「{near}」？"), format!("did you mean `{near}`?")))
                    }
                    None => problem,
                }));
            }
            Holds::Nothing => for_people.push(&column.label),
            Holds::Unit | Holds::NoHead => {}
        }
    }
    if !for_people.is_empty() {
        header.notes.push(Words::new(
            format!("这些列不读：{}", for_people.join("、")),
            format!("columns not read: {}", for_people.join(", ")),
        ));
    }
    for index in twice {
        if let Some(column) = header.columns.get_mut(index) {
            column.holds = Holds::Nothing;
        }
    }
}
