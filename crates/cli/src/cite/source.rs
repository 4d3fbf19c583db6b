//! The text of a plan: plain text, .docx, or a PDF with a text layer.

use std::io::{Cursor, Read};
use std::path::Path;

use adit::diagnostic::{Code, Problem, Words};
use adit::span::Span;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use crate::files::{FileProblem, shown};
use crate::registry::{Input, text_of};

/// How many bytes of text a .docx may hold; what is packed tighter is no plan.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// A plan's text.
pub(super) struct Document {
    /// The name of its file, without folders.
    pub(super) file: String,
    /// The file as it is.
    pub(super) bytes: Vec<u8>,
    /// Its text; each paragraph and each cell of a table ends a line.
    pub(super) text: String,
    /// What was done to read it.
    pub(super) notes: Vec<Words>,
}

/// Reads a plan.
pub(super) fn read(path: &Path) -> Result<Document, Box<FileProblem>> {
    let bytes = std::fs::read(path).map_err(|fault| Box::new(FileProblem::unreadable(path, &fault)))?;
    let name = shown(path);
    let unreadable = |words: Words| {
        let problem = Problem::error(Code::PlanUnreadable, Span::default()).with(name.as_str()).with_words(words);
        Box::new(FileProblem::new(&name, problem))
    };
    let (text, notes) = if bytes.starts_with(b"PK\x03\x04") {
        (docx(&bytes).map_err(unreadable)?, Vec::new())
    } else if bytes.starts_with(b"%PDF") {
        pdf(&bytes).map_err(unreadable)?
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(unreadable(Words::new("是旧的 .doc，另存为 .docx", "an old .doc; save it as .docx")));
    } else {
        let input = Input::Bytes(name.clone(), bytes.clone());
        match text_of(&input).map_err(|fault| Box::new(FileProblem::unreadable(path, &fault)))? {
            Some((text, note)) => (text, note.into_iter().collect()),
            None => return Err(unreadable(Words::new("不是文本", "it is no text"))),
        }
    };
    if text.trim().is_empty() {
        return Err(unreadable(Words::new("没有文字", "there are no words in it")));
    }
    let file = path.file_name().map_or_else(|| name.clone(), |name| name.to_string_lossy().into_owned());
    Ok(Document { file, bytes, text, notes })
}

/// The words of a Word document in order, then its footnotes.
fn docx(bytes: &[u8]) -> Result<String, Words> {
    let damaged = |fault: String| Words::new(format!("文件已损坏：{fault}"), format!("it is damaged: {fault}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|fault| damaged(fault.to_string()))?;
    let mut text = String::new();
    for (part, needed) in [("word/document.xml", true), ("word/footnotes.xml", false)] {
        let file = match archive.by_name(part) {
            Ok(file) => file,
            Err(_) if !needed => continue,
            Err(_) => return Err(Words::new("不是 Word 文档", "it is no Word document")),
        };
        let mut xml = String::new();
        file.take(MOST_BYTES).read_to_string(&mut xml).map_err(|fault| damaged(fault.to_string()))?;
        words_of(&xml, &mut text).map_err(|fault| damaged(fault.to_string()))?;
    }
    Ok(text)
}

fn words_of(xml: &str, text: &mut String) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    // Whether inside a run's text, and how deep inside the second form of what Word writes twice.
    let (mut inside, mut fallback) = (false, 0_usize);
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok(()),
            Event::Start(tag) => match tag.name().as_ref() {
                name if is(name, "mc:Fallback") => fallback += 1,
                name if is(name, "w:t") => inside = fallback == 0,
                _ => {}
            },
            Event::End(tag) => match tag.name().as_ref() {
                name if is(name, "mc:Fallback") => fallback = fallback.saturating_sub(1),
                name if is(name, "w:t") => inside = false,
                name if is(name, "w:p") => text.push('\n'),
                _ => {}
            },
            Event::Empty(tag) => match tag.name().as_ref() {
                name if is(name, "w:br") || is(name, "w:cr") || is(name, "w:p") => text.push('\n'),
                name if is(name, "w:tab") => text.push('\t'),
                name if is(name, "w:noBreakHyphen") => text.push('-'),
                _ => {}
            },
            Event::Text(words) if inside => text.push_str(&words.xml10_content()),
            Event::CData(words) if inside => text.push_str(&words.xml10_content()),
            Event::GeneralRef(name) if inside => match name.resolve_char_ref()? {
                Some(sign) => text.push(sign),
                None => text.push_str(resolve_predefined_entity(&name.xml10_content()).unwrap_or_default()),
            },
            _ => {}
        }
    }
}

/// Whether a tag has this name, however its type spells names.
fn is(name: &(impl AsRef<[u8]> + ?Sized), wanted: &str) -> bool {
    name.as_ref() == wanted.as_bytes()
}

/// The text layer of a PDF, page by page, without the numbers of its pages.
fn pdf(bytes: &[u8]) -> Result<(String, Vec<Words>), Words> {
    let damaged = |fault: lopdf::Error| Words::new(format!("文件已损坏：{fault}"), format!("it is damaged: {fault}"));
    let document = lopdf::Document::load_mem(bytes).map_err(damaged)?;
    if document.is_encrypted() {
        return Err(Words::new("加了密码", "it is protected by a password"));
    }
    let mut text = String::new();
    let mut unread: Vec<u32> = Vec::new();
    for page in document.get_pages().into_keys() {
        let mut words = String::new();
        for chunk in document.extract_text_chunks(&[page]) {
            match chunk {
                Ok(chunk) => words.push_str(&chunk),
                Err(_) if !unread.contains(&page) => unread.push(page),
                Err(_) => {}
            }
        }
        text.push_str(without_number(&words));
        text.push('\n');
    }
    if text.trim().is_empty() {
        return Err(Words::new("没有文字层，多半是扫描件", "there is no text layer; most likely it was scanned"));
    }
    let pages = unread.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
    let note = || {
        Words::new(format!("这些页有读不出的文字：{pages}"), format!("words of these pages cannot be read: {pages}"))
    };
    Ok((text, (!pages.is_empty()).then(note).into_iter().collect()))
}

/// A page without the line of its number, first or last.
fn without_number(page: &str) -> &str {
    let is_number = |line: &str| {
        let line = line.trim().trim_matches(['-', '—', '–', ' ', '·']);
        !line.is_empty() && line.len() <= 4 && line.bytes().all(|byte| byte.is_ascii_digit())
    };
    let page = page.trim();
    let page = match page.split_once('\n') {
        Some((first, rest)) if is_number(first) => rest,
        _ => page,
    };
    match page.rsplit_once('\n') {
        Some((rest, last)) if is_number(last) => rest,
        _ => page,
    }
}
