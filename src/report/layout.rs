//! Columns as a terminal counts them: a Han character takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// A text that cannot disturb a terminal: control characters become visible, line breaks become spaces.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => cleaned.push(' '),
            _ => push_visible(&mut cleaned, character),
        }
    }
    cleaned
}

/// One character of a source line as it is shown, with the columns it takes.
pub(crate) struct Cell {
    /// The byte at which it starts in the line.
    pub(crate) byte: usize,
    /// What is shown.
    pub(crate) text: String,
    /// The column at which it starts, from 0.
    pub(crate) column: usize,
    /// The columns it takes.
    pub(crate) width: usize,
}

/// A source line in cells. A tab goes to the next multiple of four.
pub(crate) fn cells(line: &str) -> Vec<Cell> {
    let mut column = 0;
    let mut cells = Vec::new();
    for (byte, character) in line.char_indices() {
        let mut text = String::new();
        if character == '\t' {
            text = " ".repeat(4 - column % 4);
        } else {
            push_visible(&mut text, character);
        }
        let width = width(&text);
        cells.push(Cell { byte, text, column, width });
        column += width;
    }
    cells
}

fn push_visible(text: &mut String, character: char) {
    let hidden = matches!(character,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{80}'..='\u{9F}');
    match character {
        '\0'..='\u{1F}' => text.push(char::from_u32(0x2400 + character as u32).unwrap_or('\u{FFFD}')),
        '\u{7F}' => text.push('\u{2421}'),
        _ if hidden => text.push_str(&format!("<U+{:04X}>", character as u32)),
        _ => text.push(character),
    }
}

/// The text with spaces behind it up to a width.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', columns.saturating_sub(width(text))));
    padded
}

/// The text in lines of at most `columns`. Han text breaks anywhere but before closing and behind opening signs; a
/// number stays with its unit, a word in one piece.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let size = width(piece);
        if used + width(piece.trim_end()) > columns && !line.is_empty() {
            lines.push(line.trim_end().to_owned());
            line.clear();
            used = 0;
        }
        let piece = if line.is_empty() { piece.trim_start() } else { piece };
        line.push_str(piece);
        used += if piece.is_empty() { 0 } else { size };
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Cuts a text where a line may end.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    let mut in_amount = false;
    for (byte, character) in text.char_indices() {
        if let Some(before) = previous
            && may_break(before, character, in_amount)
        {
            pieces.push(text.get(start..byte).unwrap_or_default());
            start = byte;
        }
        in_amount = continues_amount(in_amount, character);
        previous = Some(character);
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

fn continues_amount(in_amount: bool, character: char) -> bool {
    character.is_ascii_digit() || (in_amount && (character.is_alphanumeric() || matches!(character, '.' | '/' | '%')))
}

fn may_break(before: char, after: char, in_amount: bool) -> bool {
    if before == ' ' {
        return after != ' ';
    }
    if after == ' ' || closes(after) || opens(before) || in_amount && continues_amount(true, after) {
        return false;
    }
    wide(before) || wide(after)
}

fn wide(character: char) -> bool {
    character.width().is_some_and(|columns| columns > 1)
}

fn closes(character: char) -> bool {
    matches!(
        character,
        '，' | '。' | '、' | '：' | '；' | '！' | '？' | '）' | '」' | '』' | '》' | '”' | '’' | '】' | ')'
    )
}

fn opens(character: char) -> bool {
    matches!(character, '（' | '「' | '『' | '《' | '“' | '‘' | '【' | '(' | '〔')
}
