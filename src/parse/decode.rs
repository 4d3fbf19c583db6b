//! Bytes to text, with a guess at what the bytes are where they are no UTF-8.

use crate::diagnostic::{Code, Problem, Words};
use crate::parse::Limits;
use crate::span::{SourceId, Span};

/// The text of a rule file. A UTF-8 mark of byte order is dropped.
///
/// # Errors
/// The file is too large, no UTF-8 (the problem guesses what it is instead), or no text at all.
/// The problem stands at the first byte and names the file, for there is no text to point into.
pub fn decode(id: SourceId, name: &str, bytes: &[u8], limits: &Limits) -> Result<String, Problem> {
    let problem = |code| Problem::error(code, Span::new(id, 0, 0)).saying(Words::same(name));
    if bytes.len() > limits.file_bytes {
        let large = problem(Code::FileTooLarge);
        return Err(large.with(bytes.len().to_string()).with(limits.file_bytes.to_string()));
    }
    if is_utf16(bytes) {
        return Err(problem(Code::NotUtf8).with_words(looks_like("UTF-16")));
    }
    if bytes.contains(&0) {
        return Err(problem(Code::BinaryFile));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) if is_gbk(bytes) => Err(problem(Code::NotUtf8).with_words(looks_like("GBK"))),
        Err(_) if is_binary(bytes) => Err(problem(Code::BinaryFile)),
        Err(_) => Err(problem(Code::NotUtf8).with("")),
    }
}

fn looks_like(encoding: &str) -> Words {
    Words::new(format!("（看来是 {encoding}）"), format!(" (it looks like {encoding})"))
}

/// By its mark of byte order, or by the zero in every ASCII character of it.
fn is_utf16(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return bytes.len().is_multiple_of(2);
    }
    let zeros = |first: usize| bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Line breaks and blanks alone make some; a picture has zeros at both.
    bytes.len().is_multiple_of(2) && even.min(odd) == 0 && even.max(odd) * 16 > bytes.len()
}

/// Whether all bytes outside ASCII pair up as GBK does, or make the fours of GB 18030.
fn is_gbk(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return !is_binary(bytes),
            [0..=0x7F, rest @ ..] => rest,
            [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, rest @ ..] => rest,
            [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, rest @ ..] => rest,
            _ => return false,
        };
    }
}

/// Whether more than one byte in thirty is a control that no text has.
fn is_binary(bytes: &[u8]) -> bool {
    let controls = bytes.iter().filter(|byte| matches!(byte, 0..=8 | 0x0E..=0x1F | 0x7F)).count();
    controls * 30 > bytes.len()
}
