//! Lines to items. A line at fault is left out, with the lines that continue it; all else of its item is kept.

use crate::ast::{Content, Entry, File, Item, ItemKind, Node, Role, Sign, fold};
use crate::diagnostic::{Code, Problem};
use crate::parse::entries::Reader;
use crate::parse::faults::Faults;
use crate::parse::header::{self, Header};
use crate::parse::lexer::{self, Kind, Lexeme};
use crate::parse::line::Line;
use crate::parse::{Limits, Parsed, tokens};
use crate::source::Source;
use crate::span::Span;

/// Parses a whole text.
pub(super) fn file(source: &Source, limits: &Limits) -> Parsed {
    let mut assembler = Assembler {
        limits,
        file: File::default(),
        faults: Faults::default(),
        current: Current::Nowhere { told: false },
        last: Last::Whole,
    };
    let mut number = 1;
    while let Some((start, text)) = source.line(number) {
        assembler.line(source, start, text);
        number += 1;
    }
    assembler.finish(source)
}

/// Where the next line belongs.
enum Current {
    /// To no item; whether the author has been told so.
    Nowhere { told: bool },
    /// To an item.
    Item(Box<Open>),
    /// To an item whose header cannot be used: its lines are read for their faults only.
    Lost(ItemKind),
}

/// An item that is being read.
struct Open {
    item: Item,
    brace: Option<Span>,
}

/// How the last line ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// It is whole.
    Whole,
    /// It ends in 、 且 或: the next one goes on.
    GoesOn,
    /// It was left out, and whether it went on.
    LeftOut { goes_on: bool },
}

struct Assembler<'limits> {
    limits: &'limits Limits,
    file: File,
    faults: Faults,
    current: Current,
    last: Last,
}

impl Assembler<'_> {
    fn line(&mut self, source: &Source, start: usize, written: &str) {
        // Bytes bound characters from above, so that short lines are not counted.
        if written.len() > self.limits.line_columns && written.chars().count() > self.limits.line_columns {
            return self.too_long(source, start, written);
        }
        let line = Line::new(source.id(), start, written, &mut self.faults);
        if line.text().trim_start().starts_with(['|', '｜']) || self.is_copied_row(&line) {
            return self.row(&line);
        }
        let lexed = lexer::lex(line.text());
        if let Some((from, to)) = lexed.comment {
            let text = line.slice(from, to).trim_end();
            self.file.comments.push(Node::new(text.to_owned(), line.span(from, from + text.len())));
        }
        let Some(first) = lexed.lexemes.first() else { return };
        if let Some(header) = header::header(&line, &lexed.lexemes) {
            return self.open(&line, &lexed.lexemes, header);
        }
        if lexed.lexemes.len() == 1 && first.kind == Kind::BraceClose {
            return self.close(line.span(first.start, first.end));
        }
        self.body(&line, &lexed.lexemes);
    }

    /// Whether a line of a table is a row copied from a document, its cells parted by tabs.
    fn is_copied_row(&self, line: &Line<'_>) -> bool {
        let in_table = match &self.current {
            Current::Item(open) => open.item.kind.kind == ItemKind::Table,
            Current::Lost(kind) => *kind == ItemKind::Table,
            Current::Nowhere { .. } => false,
        };
        let text = line.text().trim_matches([' ', '\u{3000}']);
        in_table && text.trim_start_matches('\t').contains('\t') && !text.trim_start().starts_with('#')
    }

    fn too_long(&mut self, source: &Source, start: usize, written: &str) {
        let span = Span::new(source.id(), start, start + written.len());
        let limit = self.limits.line_columns.to_string();
        let problem = match self.too_deep(written) {
            Some((from, to)) => tokens::too_deep(Span::new(source.id(), start + from, start + to), self.limits),
            None => {
                let characters = written.chars().count().to_string();
                Problem::error(Code::LineTooLong, span).with(characters).with(limit)
            }
        };
        self.faults.push(problem);
        self.last = Last::LeftOut { goes_on: written.trim_end().ends_with(['、', '且', '或']) };
        // The lines behind a lost header are not the lines of the item before it.
        let word: String = written.trim_start().chars().take_while(|it| it.is_alphabetic() || *it == '-').collect();
        if let Some(kind) = ItemKind::from_word(&word) {
            self.leave();
            self.current = Current::Lost(kind);
        }
    }

    /// Where brackets of an over-long line nest too deep: a better reason than its length.
    fn too_deep(&self, written: &str) -> Option<(usize, usize)> {
        let mut depth = 0_usize;
        for (offset, character) in written.char_indices() {
            match character {
                '(' | '（' => depth += 1,
                ')' | '）' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > self.limits.nesting {
                return Some((offset, offset + character.len_utf8()));
            }
        }
        None
    }

    fn row(&mut self, line: &Line<'_>) {
        self.last = Last::Whole;
        let row = Reader { line, limits: self.limits, faults: &mut self.faults }.row();
        let end = line.text().trim_end().len();
        let span = row.as_ref().map_or_else(|| line.span(0, end), |row| row.span);
        match (&mut self.current, row) {
            (Current::Item(open), Some(row)) if open.item.kind.kind != ItemKind::Use => open.item.entries.push(row),
            (Current::Lost(_), _) => {}
            _ => self.stray(span),
        }
    }

    fn open(&mut self, line: &Line<'_>, lexemes: &[Lexeme], header: Header) {
        self.leave();
        if let Some(fault) = header.fault {
            self.faults.push(fault);
        }
        let Braced { body, brace, closed } = braced(line, lexemes.get(header.taken..).unwrap_or_default());
        let kind = header.kind.kind;
        let (id, title) = (header.id, header.title);
        let mut item = Item { kind: header.kind, id, title, header: Vec::new(), entries: Vec::new(), damaged: false };
        let mut reader = Reader { line, limits: self.limits, faults: &mut self.faults };
        let sound = if kind.has_title() {
            reader.entries(kind, body, false).map(|entries| item.entries = entries)
        } else {
            tokens::tokens(line, body, self.limits, &mut self.faults).map(|tokens| item.header = tokens)
        };
        self.last = Last::of(line, body, sound.is_some());
        // Without its declaration an item of a vocabulary is nothing; a clause keeps its id and its other lines.
        self.current = match sound {
            None if !kind.has_title() => Current::Lost(kind),
            _ => Current::Item(Box::new(Open { item, brace: brace.filter(|_| !closed) })),
        };
        if closed {
            self.leave();
        }
    }

    fn close(&mut self, brace: Span) {
        match &mut self.current {
            Current::Item(open) => match open.brace.take() {
                Some(_) => self.leave(),
                None => self.faults.push(Problem::error(Code::UnbalancedBracket, brace)),
            },
            Current::Lost(_) => self.leave(),
            Current::Nowhere { .. } => self.stray(brace),
        }
    }

    /// A line of an item.
    fn body(&mut self, line: &Line<'_>, lexemes: &[Lexeme]) {
        let (kind, braced) = match &self.current {
            Current::Item(open) => (open.item.kind.kind, open.brace.is_some()),
            Current::Lost(kind) => (*kind, false),
            Current::Nowhere { .. } => return self.stray(whole(line, lexemes)),
        };
        // `region: 永川区 }` closes as a brace on a line of its own does.
        let closing = lexemes.last().filter(|last| braced && last.kind == Kind::BraceClose);
        let content = if closing.is_some() { lexemes.split_last().map_or(lexemes, |it| it.1) } else { lexemes };
        let join = self.join(begins_connected(line, content));
        let entries = Reader { line, limits: self.limits, faults: &mut self.faults }.entries(kind, content, true);
        let kept = entries.is_some_and(|entries| self.place(entries, join, whole(line, content)));
        self.last = Last::of(line, content, kept);
        if let Some(closing) = closing {
            self.close(line.span(closing.start, closing.end));
        }
    }

    fn join(&self, begins_connected: bool) -> Join {
        match self.last {
            Last::Whole if begins_connected => Join::Onto,
            Last::Whole => Join::Apart,
            Last::GoesOn => Join::Onto,
            Last::LeftOut { goes_on } if goes_on || begins_connected => Join::LeftOut,
            Last::LeftOut { .. } => Join::Apart,
        }
    }

    /// Puts the entries of a line into the item. `false` where they only go on from a line that was left out.
    fn place(&mut self, mut entries: Vec<Entry>, join: Join, line: Span) -> bool {
        let Current::Item(open) = &mut self.current else { return true };
        let item = &mut open.item;
        // A role word opens an entry of its own, whatever stood before it.
        let is_phrase = entries.first().is_some_and(|entry| entry.role.is_none());
        match join {
            Join::LeftOut if is_phrase => {
                entries.remove(0);
                let alone = entries.is_empty();
                item.entries.extend(entries);
                return !alone;
            }
            Join::Onto if is_phrase && can_go_on(item) => append(item, entries.remove(0)),
            Join::LeftOut | Join::Onto | Join::Apart => {}
        }
        if item.kind.kind == ItemKind::Use && !entries.is_empty() {
            self.leave();
            self.stray(line);
        } else {
            item.entries.extend(entries);
        }
        true
    }

    /// Text outside every item: told once, up to the next item.
    fn stray(&mut self, span: Span) {
        if let Current::Item(_) = self.current {
            self.leave();
        }
        if !matches!(self.current, Current::Nowhere { told: true }) {
            self.faults.push(Problem::error(Code::StrayText, span));
        }
        self.current = Current::Nowhere { told: true };
        self.last = Last::Whole;
    }

    /// Ends the item that is being read.
    fn leave(&mut self) {
        let current = std::mem::replace(&mut self.current, Current::Nowhere { told: false });
        self.last = Last::Whole;
        if let Current::Item(open) = current {
            if let Some(brace) = open.brace {
                self.faults.push(Problem::error(Code::UnbalancedBracket, brace));
            }
            self.file.items.push(open.item);
        }
    }

    fn finish(mut self, source: &Source) -> Parsed {
        self.leave();
        if self.file.items.is_empty() && self.faults.is_empty() {
            self.faults.push(Problem::error(Code::NothingInFile, Span::new(source.id(), 0, 0)));
        }
        let problems = self.faults.by_place();
        mark_damaged(&mut self.file.items, &problems);
        Parsed { file: self.file, problems }
    }
}

/// How a line stands to the one before it.
#[derive(Clone, Copy)]
enum Join {
    Apart,
    Onto,
    /// It goes on from a line that was left out.
    LeftOut,
}

impl Last {
    fn of(line: &Line<'_>, lexemes: &[Lexeme], kept: bool) -> Self {
        let goes_on = ends_connected(line, lexemes);
        match (kept, goes_on) {
            (true, true) => Self::GoesOn,
            (true, false) => Self::Whole,
            (false, goes_on) => Self::LeftOut { goes_on },
        }
    }
}

fn begins_connected(line: &Line<'_>, lexemes: &[Lexeme]) -> bool {
    lexemes.first().is_some_and(|first| match first.kind {
        Kind::Sign(Sign::Listing) => true,
        Kind::Run => {
            let text = line.slice(first.start, first.end);
            text.starts_with(['且', '或', '但']) || is_english_connective(text)
        }
        _ => false,
    })
}

fn ends_connected(line: &Line<'_>, lexemes: &[Lexeme]) -> bool {
    lexemes.last().is_some_and(|last| match last.kind {
        Kind::Sign(Sign::Listing) => true,
        Kind::Run => {
            let text = line.slice(last.start, last.end);
            text.ends_with(['且', '或']) || is_english_connective(text)
        }
        _ => false,
    })
}

fn is_english_connective(text: &str) -> bool {
    let word: String = text.chars().map(fold).collect();
    word == "and" || word == "or"
}

/// Whether a further line can go on from the end of an item.
fn can_go_on(item: &Item) -> bool {
    match item.entries.last() {
        Some(entry) => {
            let is_cite = entry.role.as_ref().is_some_and(|role| role.kind == Role::Cite);
            !is_cite && matches!(entry.content, Content::Tokens(_))
        }
        None => !item.header.is_empty(),
    }
}

/// Lets an entry go on from the end of an item.
fn append(item: &mut Item, entry: Entry) {
    let Content::Tokens(mut more) = entry.content else { return };
    if let Some(first) = more.first_mut() {
        // The line break parts words as a blank does.
        first.spaced = true;
    }
    match item.entries.last_mut() {
        Some(last) => {
            last.span = last.span.to(entry.span);
            if let Content::Tokens(tokens) = &mut last.content {
                tokens.extend(more);
            }
        }
        None => item.header.extend(more),
    }
}

fn whole(line: &Line<'_>, lexemes: &[Lexeme]) -> Span {
    let start = lexemes.first().map_or(0, |first| first.start);
    let end = lexemes.last().map_or(start, |last| last.end);
    line.span(start, end)
}

/// What follows a header: its body, and the brace that opens the item.
struct Braced<'lexemes> {
    body: &'lexemes [Lexeme],
    brace: Option<Span>,
    /// Whether the brace closes on the same line.
    closed: bool,
}

fn braced<'lexemes>(line: &Line<'_>, lexemes: &'lexemes [Lexeme]) -> Braced<'lexemes> {
    let place = |lexeme: &Lexeme| Some(line.span(lexeme.start, lexeme.end));
    match lexemes {
        [open, body @ .., close] if open.kind == Kind::BraceOpen && close.kind == Kind::BraceClose => {
            Braced { body, brace: place(open), closed: true }
        }
        [open, body @ ..] if open.kind == Kind::BraceOpen => Braced { body, brace: place(open), closed: false },
        [body @ .., open] if open.kind == Kind::BraceOpen => Braced { body, brace: place(open), closed: false },
        body => Braced { body, brace: None, closed: false },
    }
}

/// Marks the items that a fault lies in: from an item's first character up to the next item's.
fn mark_damaged(items: &mut [Item], faults: &[Problem]) {
    let mut end = usize::MAX;
    for item in items.iter_mut().rev() {
        let start = item.kind.span.start();
        let first = faults.partition_point(|fault| fault.span().start() < start);
        item.damaged = faults.get(first).is_some_and(|fault| fault.span().start() < end);
        end = start;
    }
}
