//! One line of a text, without the characters that nobody can see.

use std::borrow::Cow;

use crate::diagnostic::{Code, Problem};
use crate::parse::faults::{Faults, MOST_PER_LINE};
use crate::span::{SourceId, Span};

/// A line as it is parsed, and the way back to the bytes of the file.
#[derive(Debug)]
pub(super) struct Line<'text> {
    source: SourceId,
    start: usize,
    text: Cow<'text, str>,
    /// For each hidden character left out: where it would stand in `text`, and the bytes left out up to and with it.
    left_out: Vec<(usize, usize)>,
}

impl<'text> Line<'text> {
    /// The line that starts at byte `start`. Reports its hidden characters and leaves them out.
    pub(super) fn new(source: SourceId, start: usize, written: &'text str, faults: &mut Faults) -> Self {
        if !written.contains(is_hidden) {
            return Self { source, start, text: Cow::Borrowed(written), left_out: Vec::new() };
        }
        let mut text = String::with_capacity(written.len());
        let mut left_out = Vec::new();
        let mut bytes = 0;
        for (offset, character) in written.char_indices() {
            if !is_hidden(character) {
                text.push(character);
                continue;
            }
            bytes += character.len_utf8();
            left_out.push((text.len(), bytes));
            // A mark of byte order at the very start says only that the file is UTF-8.
            let at_start = character == '\u{FEFF}' && start == 0 && offset == 0;
            if left_out.len() <= MOST_PER_LINE && !at_start {
                let place = Span::new(source, start + offset, start + offset + character.len_utf8());
                let name = format!("U+{:04X}", u32::from(character));
                faults.push(Problem::error(Code::HiddenCharacter, place).with(name));
            }
        }
        Self { source, start, text: Cow::Owned(text), left_out }
    }

    /// The text that is parsed.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A part of the text that is parsed.
    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The place in the file of a part of the text that is parsed.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let before = |count: usize| count.checked_sub(1).and_then(|last| self.left_out.get(last)).map_or(0, |it| it.1);
        let from = before(self.left_out.partition_point(|it| it.0 <= start));
        // A hidden character right behind the part does not belong to it.
        let to = before(self.left_out.partition_point(|it| it.0 < end));
        Span::new(self.source, self.start + start + from, self.start + end + to)
    }
}

/// Characters that show nothing: controls, writing directions, zero widths, fillers, variation selectors.
const fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{0000}'..='\u{0008}'
            | '\u{000A}'..='\u{001F}'
            | '\u{007F}'..='\u{009F}'
            | '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}
