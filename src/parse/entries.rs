//! The entries of one line.

use crate::ast::{Content, Entry, ItemKind, Node, Role, Sign, Token, TokenKind, fold};
use crate::parse::Limits;
use crate::parse::faults::Faults;
use crate::parse::lexer::{self, Kind, Lexeme};
use crate::parse::line::Line;
use crate::parse::tokens;

/// Reads the entries of one line.
pub(super) struct Reader<'line, 'text> {
    pub(super) line: &'line Line<'text>,
    pub(super) limits: &'line Limits,
    pub(super) faults: &'line mut Faults,
}

/// Whether the lines of an item are declarations: left whole, with their commas, for `check` to read.
const fn declares(kind: ItemKind) -> bool {
    match kind {
        ItemKind::Vocabulary
        | ItemKind::Phrase
        | ItemKind::Constraint
        | ItemKind::Unit
        | ItemKind::Basis
        | ItemKind::Enumeration
        | ItemKind::Taxonomy
        | ItemKind::Entity
        | ItemKind::HeadNoun => true,
        ItemKind::Use
        | ItemKind::Plan
        | ItemKind::Clause
        | ItemKind::Indicator
        | ItemKind::Table
        | ItemKind::Zone
        | ItemKind::Block
        | ItemKind::Figure
        | ItemKind::Case
        | ItemKind::Advisory => false,
    }
}

/// The roles of a declaration: a field may be called 地区 or 属性, so the other role words are names there.
const fn declares_by(role: Role) -> bool {
    matches!(role, Role::Stage | Role::RegistryEffect | Role::DefaultBasis | Role::Cite | Role::Reason)
}

impl Reader<'_, '_> {
    /// The entries of a line of an item; `None` where something in it is at fault (the faults are then named).
    pub(super) fn entries(&mut self, kind: ItemKind, lexemes: &[Lexeme], starts_line: bool) -> Option<Vec<Entry>> {
        let mut entries = Vec::new();
        let mut sound = true;
        let mut rest = lexemes;
        while let Some(first) = rest.first() {
            if !declares(kind) && is_separator(first) {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let (entry, taken) = self.entry(kind, rest);
            match entry {
                Some(mut entry) => {
                    entry.starts_line = starts_line && entries.is_empty();
                    entries.push(entry);
                }
                None => sound = false,
            }
            rest = rest.get(taken.max(1)..).unwrap_or_default();
        }
        sound.then_some(entries)
    }

    /// The first entry of some lexemes, and how many it takes.
    fn entry(&mut self, kind: ItemKind, lexemes: &[Lexeme]) -> (Option<Entry>, usize) {
        let role = self.role(lexemes).filter(|(role, _)| !declares(kind) || declares_by(role.kind));
        let Some((role, skip)) = role else {
            let taken = if declares(kind) { lexemes.len() } else { segment(lexemes, 0) };
            return (self.token_entry(None, lexemes, 0, taken), taken);
        };
        match role.kind {
            Role::Cite => self.cite(role, lexemes, skip),
            text if text.is_text() => (self.text(role, lexemes, skip), lexemes.len()),
            Role::OtherReading => {
                // What follows the colon is the reading's first entry.
                let named = matches!(lexemes.get(skip).map(|it| it.kind), Some(Kind::Quote));
                let colon = named && lexemes.get(skip + 1).is_some_and(is_colon);
                let taken = if colon { skip + 2 } else { segment(lexemes, skip) };
                (self.token_entry(Some(role), lexemes, skip, taken), taken)
            }
            _ => {
                let taken = if declares(kind) { lexemes.len() } else { segment(lexemes, skip) };
                (self.token_entry(Some(role), lexemes, skip, taken), taken)
            }
        }
    }

    /// The role that opens some lexemes, and how many lexemes it takes with its colon.
    fn role(&self, lexemes: &[Lexeme]) -> Option<(Node<Role>, usize)> {
        let first = lexemes.first().filter(|lexeme| lexeme.kind == Kind::Run)?;
        let word: String = self.line.slice(first.start, first.end).chars().map(fold).collect();
        let role = Node::new(Role::from_word(&word)?, self.line.span(first.start, first.end));
        match lexemes.get(1) {
            Some(next) if is_colon(next) => Some((role, 2)),
            Some(next) if next.spaced || is_separator(next) => Some((role, 1)),
            Some(next) => matches!(next.kind, Kind::Quote | Kind::Unclosed).then_some((role, 1)),
            None => Some((role, 1)),
        }
    }

    fn token_entry(&mut self, role: Option<Node<Role>>, all: &[Lexeme], from: usize, to: usize) -> Option<Entry> {
        let tokens = tokens::tokens(self.line, all.get(from..to)?, self.limits, self.faults)?;
        self.wrap(role, all.get(..to)?, Content::Tokens(tokens))
    }

    fn wrap(&self, role: Option<Node<Role>>, all: &[Lexeme], content: Content) -> Option<Entry> {
        let span = self.line.span(all.first()?.start, all.last()?.end);
        Some(Entry { role, content, starts_line: false, span })
    }

    /// The rest of the line as it stands; quotes around the whole of it are left out.
    fn text(&mut self, role: Node<Role>, lexemes: &[Lexeme], skip: usize) -> Option<Entry> {
        let body = lexemes.get(skip..).unwrap_or_default();
        if let Some(open) = body.iter().find(|lexeme| lexeme.kind == Kind::Unclosed) {
            self.faults.push(tokens::unclosed(self.line, open));
            return None;
        }
        let after = lexemes.get(skip.saturating_sub(1)).map_or(0, |lexeme| lexeme.end);
        let (start, end) = match (body.first(), body.last()) {
            (Some(first), Some(last)) => (first.start, last.end),
            _ => (after, after),
        };
        let whole = self.line.slice(start, end);
        let text = match body {
            [only] if only.kind == Kind::Quote => tokens::inside(whole).trim(),
            _ => whole,
        };
        let text = Node::new(text.to_owned(), self.line.span(start, end));
        self.wrap(Some(role), lexemes, Content::Text(text))
    }

    /// A section, which may hold anything up to the first quote, and its quotes.
    fn cite(&mut self, role: Node<Role>, lexemes: &[Lexeme], skip: usize) -> (Option<Entry>, usize) {
        let section = self.section(lexemes, skip);
        let taken = segment(lexemes, quotes(lexemes, section));
        let parts = (lexemes.get(skip..section), lexemes.get(section..taken));
        let (Some(free), Some(quoted)) = parts else { return (None, taken) };
        let Some(mut found) = tokens::tokens(self.line, quoted, self.limits, self.faults) else {
            return (None, taken);
        };
        // A list sign or comma between two quotes says nothing.
        let is_parting = |token: &Token| {
            matches!(token.kind, TokenKind::Sign(Sign::Listing | Sign::Comma | Sign::Semicolon | Sign::Colon))
        };
        found.retain(|token| !is_parting(token));
        if let (Some(first), Some(last)) = (free.first(), free.last()) {
            let text = self.line.slice(first.start, last.end).trim_end_matches([':', '：', ',', '，']).trim_end();
            let span = self.line.span(first.start, first.start + text.len());
            found.insert(0, Token { kind: TokenKind::Run(text.to_owned()), span, spaced: first.spaced });
        }
        let entry = lexemes.get(..taken).and_then(|all| self.wrap(Some(role), all, Content::Tokens(found)));
        (entry, taken)
    }

    /// Where a section ends: at its first quote, or at a comma behind which another role begins.
    fn section(&self, lexemes: &[Lexeme], from: usize) -> usize {
        let mut index = from;
        while let Some(lexeme) = lexemes.get(index) {
            if matches!(lexeme.kind, Kind::Quote | Kind::Unclosed) {
                break;
            }
            if is_separator(lexeme) && self.role(lexemes.get(index + 1..).unwrap_or_default()).is_some() {
                break;
            }
            index += 1;
        }
        index
    }

    /// The cells of a table row, trimmed; what stands behind the last bar is a cell unless it is blank.
    pub(super) fn row(&self) -> Option<Entry> {
        let text = self.line.text();
        if !text.trim_start().starts_with(['|', '｜']) {
            return Some(self.copied_row(text));
        }
        let mut places = lexer::cells(text)?;
        let (first, last) = (places.first()?.0, places.last()?.1);
        if places.last().is_some_and(|(start, end)| self.line.slice(*start, *end).trim().is_empty()) {
            places.pop();
        }
        let cells = places.iter().map(|(start, end)| self.cell(*start, *end)).collect();
        let bar = self.line.slice(0, first).trim_start().len();
        let end = first + self.line.slice(first, last).trim_end().len();
        let span = self.line.span(first - bar, end);
        Some(Entry { role: None, content: Content::Row(cells), starts_line: true, span })
    }

    /// A row whose cells are parted by tabs; what indents the line is no cell.
    fn copied_row(&self, text: &str) -> Entry {
        let mut start = text.len() - text.trim_start_matches([' ', '\u{3000}']).len();
        let first = start;
        let mut cells = Vec::new();
        for cell in text.get(start..).unwrap_or_default().split('\t') {
            cells.push(self.cell(start, start + cell.len()));
            start += cell.len() + 1;
        }
        let span = self.line.span(first, text.trim_end().len().max(first));
        Entry { role: None, content: Content::Row(cells), starts_line: true, span }
    }

    fn cell(&self, start: usize, end: usize) -> Node<String> {
        let written = self.line.slice(start, end);
        let text = written.trim();
        // A blank cell is a place too: right behind its bar.
        let from = if text.is_empty() { start } else { start + written.len() - written.trim_start().len() };
        let span = self.line.span(from, from + text.len());
        Node::new(text.replace("\\|", "|").replace("\\｜", "｜"), span)
    }
}

/// Where the segment ends that goes on at `from`: at the next comma or semicolon outside brackets.
fn segment(lexemes: &[Lexeme], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut index = from;
    while let Some(lexeme) = lexemes.get(index) {
        match lexeme.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ if depth == 0 && is_separator(lexeme) => break,
            _ => {}
        }
        index += 1;
    }
    index
}

/// Where the quotes end that begin at `from`; signs between two quotes belong to them.
fn quotes(lexemes: &[Lexeme], from: usize) -> usize {
    let is_quote = |index: usize| lexemes.get(index).is_some_and(|lexeme| lexeme.kind == Kind::Quote);
    let mut index = from;
    while is_quote(index) {
        index += 1;
        let parted = lexemes.get(index).is_some_and(|it| is_separator(it) || it.kind == Kind::Sign(Sign::Listing));
        if parted && is_quote(index + 1) {
            index += 1;
        }
    }
    index
}

fn is_separator(lexeme: &Lexeme) -> bool {
    matches!(lexeme.kind, Kind::Sign(Sign::Comma | Sign::Semicolon))
}

fn is_colon(lexeme: &Lexeme) -> bool {
    lexeme.kind == Kind::Sign(Sign::Colon)
}
