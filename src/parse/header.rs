//! Whether a line opens an item, and with what.

use crate::ast::{ItemKind, Node, Role, fold};
use crate::diagnostic::{Code, Problem, Words, nearest};
use crate::parse::lexer::{Kind, Lexeme};
use crate::parse::line::Line;
use crate::parse::tokens;

/// A line that opens an item.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) kind: Node<ItemKind>,
    pub(super) id: Option<Node<String>>,
    pub(super) title: Option<Node<String>>,
    /// How many lexemes keyword, id and title take.
    pub(super) taken: usize,
    /// What is wrong with it; it opens its item all the same.
    pub(super) fault: Option<Problem>,
}

/// The header that a line is. A line that only begins with a keyword's characters (`规划区块…`, `分区 面积 …`) is none.
pub(super) fn header(line: &Line<'_>, lexemes: &[Lexeme]) -> Option<Header> {
    let first = lexemes.first().filter(|lexeme| lexeme.kind == Kind::Run)?;
    let word: String = line.slice(first.start, first.end).chars().map(fold).collect();
    let Some(kind) = ItemKind::from_word(&word) else {
        return glued(line, lexemes, first).or_else(|| misspelt(line, lexemes, first, &word));
    };
    let keyword = Keyword { kind, start: first.start, end: first.end };
    let Some(second) = lexemes.get(1) else { return Some(keyword.alone(line)) };
    if !(second.spaced || matches!(second.kind, Kind::Quote | Kind::Unclosed)) {
        return None;
    }
    if !kind.has_title() {
        return Some(keyword.header(line, 1));
    }
    let id_end = if kind.has_id() { id_end(line, second.start) } else { second.start };
    let titled = keyword.titled(line, lexemes, second.start, id_end);
    titled.or_else(|| keyword.untitled(line, lexemes, second, id_end))
}

/// `条款YC-097 “…”`: no blank behind the keyword, but an id and a title, so that it can be nothing else.
fn glued(line: &Line<'_>, lexemes: &[Lexeme], first: &Lexeme) -> Option<Header> {
    let text = line.slice(first.start, first.end);
    let kind = ItemKind::ALL.iter().copied().find(|kind| kind.has_id() && text.starts_with(kind.chinese()))?;
    let start = first.start + kind.chinese().len();
    let end = id_end(line, start);
    let begins_foreign = line.slice(start, end).chars().next().is_some_and(|it| fold(it).is_ascii_alphanumeric());
    if !begins_foreign {
        return None;
    }
    Keyword { kind, start: first.start, end: start }.titled(line, lexemes, start, end)
}

/// `条欵 X-2 “…”`: an id and a title and nothing else, behind a word that is nearly a keyword. It opens the item that
/// was meant: read as a line of the item before it, it would take its own lines along.
fn misspelt(line: &Line<'_>, lexemes: &[Lexeme], first: &Lexeme, word: &str) -> Option<Header> {
    if Role::from_word(word).is_some() {
        return None;
    }
    let kinds = || ItemKind::ALL.iter().copied().filter(|kind| kind.has_title());
    let chinese = nearest(word, kinds().map(ItemKind::chinese));
    let near = chinese.or_else(|| nearest(word, kinds().map(ItemKind::english)))?;
    let kind = ItemKind::from_word(near)?;
    let second = lexemes.get(1)?;
    let id_end = if kind.has_id() { id_end(line, second.start) } else { second.start };
    let has_id = line.slice(second.start, id_end).chars().any(|it| fold(it).is_ascii_alphanumeric());
    let keyword = Keyword { kind, start: first.start, end: first.end };
    let mut header = keyword.titled(line, lexemes, second.start, id_end)?;
    let rest = lexemes.get(header.taken..).unwrap_or_default();
    let ends = rest.iter().all(|lexeme| matches!(lexeme.kind, Kind::BraceOpen | Kind::BraceClose));
    // `规模 “…”` may be a line of any item: only an id, or a kind that has none, makes it a header.
    if !ends || header.title.is_none() || (kind.has_id() && !has_id) {
        return None;
    }
    let place = line.span(first.start, first.end);
    header.fault = Some(Problem::error(Code::StrayText, place).meant(near));
    Some(header)
}

/// A keyword at the start of a line.
struct Keyword {
    kind: ItemKind,
    start: usize,
    end: usize,
}

impl Keyword {
    fn header(&self, line: &Line<'_>, taken: usize) -> Header {
        let kind = Node::new(self.kind, line.span(self.start, self.end));
        Header { kind, id: None, title: None, taken, fault: None }
    }

    /// Nothing follows: what it wants is missing.
    fn alone(&self, line: &Line<'_>) -> Header {
        let mut header = self.header(line, 1);
        let wanted = match self.kind {
            kind if kind.has_id() => Words::new("编号和带引号的标题", "an id and a quoted title"),
            ItemKind::Case => Words::new("带引号的标题", "a quoted title"),
            ItemKind::Use => Words::new("词汇的名称", "the names of vocabularies"),
            _ => Words::new("名称", "a name"),
        };
        header.fault = Some(self.malformed(line, wanted));
        header
    }

    /// An id, or none, and a quoted title.
    fn titled(&self, line: &Line<'_>, lexemes: &[Lexeme], id_start: usize, id_end: usize) -> Option<Header> {
        let index = lexemes.iter().position(|lexeme| lexeme.start >= id_end)?;
        let quote = lexemes.get(index)?;
        let mut header = self.header(line, index + 1);
        match quote.kind {
            Kind::Quote => {
                let text = tokens::inside(line.slice(quote.start, quote.end)).trim();
                header.title = Some(Node::new(text.to_owned(), line.span(quote.start, quote.end)));
            }
            Kind::Unclosed => header.fault = Some(tokens::unclosed(line, quote)),
            _ => return None,
        }
        if id_start < id_end {
            header.id = Some(id(line, id_start, id_end));
        } else if wants_id(self.kind) && header.fault.is_none() {
            header.fault = Some(self.malformed(line, Words::new("编号", "an id")));
        }
        Some(header)
    }

    /// No title follows: a header at fault, or a phrase that happens to begin with the keyword's word.
    fn untitled(&self, line: &Line<'_>, lexemes: &[Lexeme], second: &Lexeme, id_end: usize) -> Option<Header> {
        let id_text = line.slice(second.start, id_end);
        let letter = id_text.chars().any(|it| fold(it).is_ascii_alphabetic());
        let digit = id_text.chars().any(|it| fold(it).is_ascii_digit());
        let opens = match self.kind {
            ItemKind::Clause | ItemKind::Advisory | ItemKind::Case => true,
            // `分区 面积 …`, `block area …`, `区块 3 个` are phrases; `QK-01` is an id.
            ItemKind::Zone | ItemKind::Block => letter && digit,
            _ => letter || digit,
        };
        if !opens {
            return None;
        }
        let has_id = letter || digit;
        let taken = if has_id { lexemes.iter().take_while(|lexeme| lexeme.start < id_end).count() } else { 1 };
        let mut header = self.header(line, taken);
        header.id = has_id.then(|| id(line, second.start, id_end));
        let wanted = match (has_id, self.kind) {
            (false, kind) if kind.has_id() => Words::new("编号和带引号的标题", "an id and a quoted title"),
            _ => Words::new("带引号的标题", "a quoted title"),
        };
        header.fault = Some(self.malformed(line, wanted));
        Some(header)
    }

    fn malformed(&self, line: &Line<'_>, wanted: Words) -> Problem {
        let span = line.span(self.start, self.end);
        let keyword = Words::new(self.kind.chinese(), self.kind.english());
        let problem = Problem::error(Code::MalformedHeader, span).with_words(keyword).with_words(wanted);
        let [chinese, english] = [self.kind.chinese(), self.kind.english()];
        if self.kind.has_id() {
            problem.help(Words::new(
                format!("写成：{chinese} 编号 “标题”"),
                format!("write it as: {english} ID \"title\""),
            ))
        } else if self.kind.has_title() {
            problem.help(Words::new(format!("写成：{chinese} “标题”"), format!("write it as: {english} \"title\"")))
        } else {
            problem.help(Words::new(format!("写成：{chinese} 名称"), format!("write it as: {english} name")))
        }
    }
}

/// A plan may take its folder's name, a table the ids of its rows, a place its title; all else is cited by its id.
const fn wants_id(kind: ItemKind) -> bool {
    matches!(kind, ItemKind::Clause | ItemKind::Indicator | ItemKind::Figure | ItemKind::Advisory)
}

fn id(line: &Line<'_>, start: usize, end: usize) -> Node<String> {
    Node::new(line.slice(start, end).chars().map(fold).collect(), line.span(start, end))
}

/// Where the id ends that begins at `start`; `start` itself where none does.
fn id_end(line: &Line<'_>, start: usize) -> usize {
    let rest = line.slice(start, line.text().len());
    for (offset, character) in rest.char_indices() {
        match fold(character) {
            '-' | '_' | '.' => {}
            '"' | '“' | '「' | '『' | '{' | '#' => return start + offset,
            folded if folded.is_ascii_digit() || folded.is_alphabetic() => {}
            blank if blank.is_whitespace() => return start + offset,
            _ => return start,
        }
    }
    start + rest.len()
}
