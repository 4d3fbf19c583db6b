//! Workbooks as offices keep them.

use std::io::Cursor;

use adit::diagnostic::{Code, Problem, Words};
use adit::span::Span;
use calamine::{Data, Dimensions, ExcelDateTime, Range, Reader, SheetVisible, Xls, XlsError, Xlsx, XlsxError};

use crate::files::FileProblem;
use crate::registry::table::{Cell, RawRow};
use crate::registry::whole;

/// The first sheet that holds something.
#[derive(Default)]
pub(super) struct Sheet {
    /// Its name; empty where no sheet holds anything.
    pub(super) name: String,
    pub(super) rows: Vec<RawRow>,
    /// Regions of merged cells, rows counted as lines, columns from 0.
    pub(super) merged: Vec<Merged>,
    pub(super) notes: Vec<Words>,
}

/// Cells that were made one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merged {
    pub(super) first_line: usize,
    pub(super) last_line: usize,
    pub(super) first_column: usize,
    pub(super) last_column: usize,
}

/// Reads an XLSX or XLS.
pub(super) fn read(name: &str, bytes: Vec<u8>) -> Result<Sheet, Box<FileProblem>> {
    let told = |code: Code| Problem::error(code, Span::default()).with(name);
    let damaged = |fault: String| Box::new(whole(name, told(Code::DamagedWorkbook).with(fault)));
    let password = || Box::new(whole(name, told(Code::WorkbookPassword)));
    if bytes.starts_with(b"PK") {
        if let Some(what) = other_archive(&bytes) {
            return Err(Box::new(whole(name, told(Code::NotATable).with_words(what))));
        }
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|fault| damaged(fault.to_string()))?;
        let sheets = visible(book.sheets_metadata().iter().map(|sheet| (sheet.name.as_str(), sheet.visible)));
        return pick(&sheets, |sheet| {
            let range = book.worksheet_range(sheet).map_err(|fault| damaged(fault.to_string()))?;
            let merged = book.merge_cells_by_sheet_name(sheet).unwrap_or_default();
            Ok((range, merged))
        });
    }
    // An XLSX under a password is wrapped like an XLS.
    if let Err(XlsxError::Password) = Xlsx::new(Cursor::new(bytes.as_slice())) {
        return Err(password());
    }
    let mut book = match Xls::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(XlsError::Password) => return Err(password()),
        Err(fault) => return Err(damaged(fault.to_string())),
    };
    let sheets = visible(book.sheets_metadata().iter().map(|sheet| (sheet.name.as_str(), sheet.visible)));
    pick(&sheets, |sheet| {
        let range = book.worksheet_range(sheet).map_err(|fault| damaged(fault.to_string()))?;
        Ok((range, book.merge_cells_by_sheet_name(sheet).unwrap_or_default()))
    })
}

fn visible<'a>(sheets: impl Iterator<Item = (&'a str, SheetVisible)>) -> Vec<(String, bool)> {
    sheets.map(|(name, visible)| (name.to_owned(), visible == SheetVisible::Visible)).collect()
}

/// What a ZIP archive is that holds no workbook; `None` where it holds one, or is cut.
fn other_archive(bytes: &[u8]) -> Option<Words> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let has = |start: &str| archive.file_names().flatten().any(|file| file.starts_with(start));
    if has("xl/") {
        return None;
    }
    Some(if has("word/") {
        Words::new("是 Word 文档", "it is a Word document")
    } else if has("ppt/") {
        Words::new("是演示文稿", "it is a presentation")
    } else {
        Words::new("是压缩包", "it is an archive")
    })
}

type Picked = Result<(Range<Data>, Vec<Dimensions>), Box<FileProblem>>;

/// The first visible sheet with content; the others are named.
fn pick(sheets: &[(String, bool)], mut range_of: impl FnMut(&str) -> Picked) -> Result<Sheet, Box<FileProblem>> {
    let mut picked: Option<(String, Range<Data>, Vec<Dimensions>)> = None;
    let mut left_out: Vec<String> = Vec::new();
    for (name, is_visible) in sheets {
        let (range, merged) = range_of(name)?;
        if range.is_empty() {
            continue;
        }
        if *is_visible && picked.is_none() {
            picked = Some((name.clone(), range, merged));
        } else {
            left_out.push(name.clone());
        }
    }
    let mut notes = Vec::new();
    let Some((name, range, merged)) = picked else { return Ok(Sheet::default()) };
    if !left_out.is_empty() {
        notes.push(Words::new(
            format!("只读工作表「{name}」，未读：{}", left_out.join("、")),
            format!("only sheet `{name}` is read, not: {}", left_out.join(", ")),
        ));
    }
    let merged: Vec<Merged> = merged.iter().map(region).collect();
    let mut rows = rows_of(&range);
    fill_down(&mut rows, &merged);
    Ok(Sheet { name, rows, merged, notes })
}

fn region(cells: &Dimensions) -> Merged {
    Merged {
        first_line: cells.start.0 as usize + 1,
        last_line: cells.end.0 as usize + 1,
        first_column: cells.start.1 as usize,
        last_column: cells.end.1 as usize,
    }
}

fn rows_of(range: &Range<Data>) -> Vec<RawRow> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let lead = first_column as usize;
    let rows = range.rows().enumerate().map(|(index, cells)| RawRow {
        line: first_row as usize + index + 1,
        cells: std::iter::repeat_n(Cell::Blank, lead).chain(cells.iter().map(cell)).collect(),
    });
    rows.collect()
}

/// What stands in a cell that was merged over several rows holds of each of them.
fn fill_down(rows: &mut [RawRow], merged: &[Merged]) {
    let first = rows.first().map_or(1, |row| row.line);
    for region in merged.iter().filter(|region| region.first_column == region.last_column) {
        let cell = region.first_line.checked_sub(first).and_then(|index| rows.get(index));
        let Some(cell) = cell.and_then(|row| row.cells.get(region.first_column)).cloned() else { continue };
        for row in rows.iter_mut().filter(|row| row.line > region.first_line && row.line <= region.last_line) {
            if let Some(below) = row.cells.get_mut(region.first_column) {
                *below = cell.clone();
            }
        }
    }
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Blank,
        Data::String(text) if text.trim().is_empty() => Cell::Blank,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(text.trim().to_owned()),
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => number_text(*number).map_or_else(|| Cell::Fault("#NUM!".to_owned()), Cell::Number),
        Data::Bool(answer) => Cell::Bool(*answer),
        Data::DateTime(moment) => moment_text(moment),
        Data::Error(fault) => Cell::Fault(fault.to_string()),
    }
}

/// A number in the digits that the office sees: at most 15 of them.
fn number_text(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let plain = number.to_string();
    let digits = plain.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits.trim_start_matches('0').trim_end_matches('0').len() <= 15 {
        return Some(plain);
    }
    let rounded = format!("{number:.14e}");
    let (mantissa, exponent) = rounded.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let point = usize::try_from(exponent.max(-1) + 1).ok()?;
    let text = if exponent < 0 {
        format!("0.{}{digits}", "0".repeat(usize::try_from(-exponent - 1).ok()?))
    } else if digits.len() <= point {
        format!("{digits}{}", "0".repeat(point - digits.len()))
    } else {
        let (whole, fraction) = digits.split_at_checked(point)?;
        format!("{whole}.{fraction}")
    };
    Some(format!("{sign}{text}"))
}

fn moment_text(moment: &ExcelDateTime) -> Cell {
    if !moment.is_datetime() {
        return number_text(moment.as_f64()).map_or(Cell::Blank, Cell::Number);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return Cell::Text(date);
    }
    Cell::Text(format!("{date}T{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics is a test that fails")]
mod tests {
    use super::number_text;

    #[test]
    fn numbers_have_the_digits_that_are_seen() {
        let cases = [
            (0.300_000_000_000_000_04, "0.3"),
            (80.0, "80"),
            (72.73, "72.73"),
            (-2594.69, "-2594.69"),
            (1e-7, "0.0000001"),
            (123_456_789_012_345_680.0, "123456789012346000"),
            (0.0, "0"),
            (0.333_333_333_333_333_3, "0.333333333333333"),
        ];
        for (number, text) in cases {
            assert_eq!(number_text(number).as_deref(), Some(text));
        }
        assert_eq!(number_text(f64::NAN), None);
    }
}
