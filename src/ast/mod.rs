//! The tree of a rule file: items, lines, tokens. It keeps the author's words; names are resolved later.
//!
//! Equality ignores spans, so that two spellings of one layout compare equal.

mod keyword;

pub use keyword::{ItemKind, Role};

use crate::span::Span;

/// Something with the place where it stands. Equality ignores the place.
#[derive(Debug, Clone)]
pub struct Node<T> {
    /// What stands there.
    pub kind: T,
    /// Where it stands.
    pub span: Span,
}

impl<T: PartialEq> PartialEq for Node<T> {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl<T> Node<T> {
    /// A node at a place.
    pub const fn new(kind: T, span: Span) -> Self {
        Self { kind, span }
    }
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// Its items in order.
    pub items: Vec<Item>,
    /// Its comments in order, beside the tree: `# …`, sign included.
    pub comments: Vec<Node<String>>,
}

/// One item: `条款 YC-097 “…”` with all its entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Which kind of item.
    pub kind: Node<ItemKind>,
    /// The id: `YC-097`, `yongchuan`. Only for kinds that carry one ([`ItemKind::has_id`]).
    pub id: Option<Node<String>>,
    /// The quoted title, without its quotes.
    pub title: Option<Node<String>>,
    /// What follows the keyword, id and title: the names of `引用`, the declaration of `单位`, or nothing.
    /// For kinds with a title the body never stands here: a phrase on the header's line is the first entry.
    pub header: Vec<Token>,
    /// The entries in order.
    pub entries: Vec<Entry>,
    /// Whether a line of it could not be read and is left out, so that what it lacks may stand there.
    pub damaged: bool,
}

impl Item {
    /// The place of keyword, id and title.
    #[must_use]
    pub fn head_span(&self) -> Span {
        let mut span = self.kind.span;
        for part in [&self.id, &self.title].into_iter().flatten() {
            span = span.to(part.span);
        }
        span
    }
}

/// One entry of an item: a role with its content, a table row, or a phrase.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The role word that opens it; `None` for a phrase or a row.
    pub role: Option<Node<Role>>,
    /// Its content.
    pub content: Content,
    /// Whether it is the first entry of its line.
    pub starts_line: bool,
    /// The place of the whole entry.
    pub span: Span,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (&self.role, &self.content, self.starts_line) == (&other.role, &other.content, other.starts_line)
    }
}

/// What an entry holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Words, numbers, signs, quotes and brackets.
    Tokens(Vec<Token>),
    /// The rest of the line, as it stands (`理由 …`, `文号：…`, trimmed, without a trailing comment).
    Text(Node<String>),
    /// The cells of a row, trimmed; `\|` is unescaped.
    Row(Vec<Node<String>>),
}

/// One token of an entry.
#[derive(Debug, Clone)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
    /// Whether white space stands before it.
    pub spaced: bool,
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The kinds of token. Full-width forms are folded, except inside runs and quotes, which keep the author's characters.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// A run of words: Han and Latin letters, digits behind a Latin letter, inner hyphens of Latin words, `/`, `²`, `³`.
    /// The author's characters; [`fold`] gives the form that is compared.
    Run(String),
    /// `100`, `1.5`, `1/3`, `90%`, `2023-04-01` is a [`TokenKind::Date`]. Folded.
    Number(String),
    /// `2025-01-31`, as written, folded; not yet known to exist.
    Date(String),
    /// The inside of a quote.
    Quote(String),
    /// The inside of a pair of brackets `（ ）`.
    Bracket(Vec<Token>),
    /// A sign.
    Sign(Sign),
}

/// The signs of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// `>=` `≥`
    AtLeast,
    /// `<=` `≤`
    AtMost,
    /// `>` `＞`, also the sign between a genus and its species.
    Above,
    /// `<` `＜`
    Below,
    /// `=` `＝`
    Equal,
    /// `≠` `!=`
    NotEqual,
    /// `、`
    Listing,
    /// `，` `,` — inside brackets only, or where a text of tokens keeps them; between entries it parts.
    Comma,
    /// `；` `;` — as for the comma.
    Semicolon,
    /// `：` `:`
    Colon,
    /// `..`
    Range,
    /// `~`
    Tilde,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*` `×`
    Times,
    /// `/` between numbers or quotes with spaces around
    Slash,
    /// `%` on its own
    Percent,
}

/// The form in which words are compared: full-width letters, digits and signs become ASCII, Latin capitals stay.
/// One character in, one character out, so that places hold.
#[must_use]
pub const fn fold(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => match char::from_u32(character as u32 - 0xFEE0) {
            Some(ascii) => ascii,
            None => character,
        },
        '\u{3000}' => ' ',
        _ => character,
    }
}
