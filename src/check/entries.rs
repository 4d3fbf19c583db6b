//! Which entries each kind of item reads. What nobody would read is told here and goes no further, so that no line of an
//! author is passed over in silence.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::ast::{Content, Entry, File, Item, ItemKind, Role, Sign, Token, TokenKind};
use crate::check::names::folded;
use crate::diagnostic::{Code, Problem, Words, nearest};
use crate::span::Span;

/// The file with the entries that are read; all others become problems.
pub(super) fn sift<'a>(file: &'a File, problems: &mut Vec<Problem>) -> Cow<'a, File> {
    let mut sifted = Cow::Borrowed(file);
    for (number, item) in file.items.iter().enumerate() {
        let mut sieve = Sieve { item, problems: Vec::new(), seen: BTreeMap::new(), opened: None, behind: None };
        let kept: Vec<bool> = (0..item.entries.len()).map(|entry| sieve.keeps(entry)).collect();
        sieve.close();
        if sieve.problems.iter().any(|problem| problem.severity() == crate::diagnostic::Severity::Error)
            && let Some(own) = sifted.to_mut().items.get_mut(number)
        {
            let mut keep = kept.into_iter();
            own.entries.retain(|_| keep.next().unwrap_or(true));
            own.damaged = true;
        }
        problems.append(&mut sieve.problems);
    }
    sifted
}

/// The roles that an item reads, as they are spelled; what a misspelt word of it may have been.
pub(super) fn spellings(kind: ItemKind) -> impl Iterator<Item = &'static str> {
    let taken = Role::ALL.iter().copied().filter(move |role| takes(kind, *role));
    taken.flat_map(|role| [role.chinese(), role.english()])
}

/// Whether an item of this kind reads entries of this role.
const fn takes(kind: ItemKind, role: Role) -> bool {
    match kind {
        ItemKind::Plan => of_plan(role),
        ItemKind::Clause => describes(role) || matches!(role, Role::Except | Role::TargetYear | Role::Entries),
        ItemKind::Indicator => {
            describes(role)
                || matches!(role, Role::TargetYear | Role::Checked | Role::BaseYear | Role::Reckon | Role::Entries)
        }
        ItemKind::Table => {
            let of_tables = matches!(
                role,
                Role::Column | Role::Empty | Role::EachRow | Role::SharedEnd | Role::RowOf | Role::Except
            );
            let of_rows =
                matches!(role, Role::TargetYear | Role::Checked | Role::BaseYear | Role::Reckon | Role::Entries);
            describes(role) || of_tables || of_rows
        }
        ItemKind::Zone | ItemKind::Block => {
            matches!(role, Role::KindOf | Role::Reason | Role::Attribute | Role::TargetYear) || records(role)
        }
        ItemKind::Figure => {
            matches!(role, Role::BaseYear | Role::TargetYear | Role::Reason | Role::Attribute) || records(role)
        }
        ItemKind::Case => matches!(role, Role::Given | Role::Expect | Role::Reading),
        ItemKind::Advisory => matches!(role, Role::Cite | Role::Reason | Role::Entries),
        ItemKind::Enumeration | ItemKind::Taxonomy => {
            matches!(role, Role::Stage | Role::RegistryEffect | Role::DefaultBasis) || explains(role)
        }
        ItemKind::Unit
        | ItemKind::Basis
        | ItemKind::HeadNoun
        | ItemKind::Phrase
        | ItemKind::Constraint
        | ItemKind::Vocabulary => explains(role),
        ItemKind::Use | ItemKind::Entity => false,
    }
}

const fn of_plan(role: Role) -> bool {
    matches!(
        role,
        Role::Region
            | Role::Instrument
            | Role::Issued
            | Role::BaseYear
            | Role::Outlook
            | Role::Period
            | Role::Register
            | Role::Boundary
            | Role::Implements
    )
}

/// What is said of clauses, indicators and tables alike.
const fn describes(role: Role) -> bool {
    crate::check::clause::describes(role)
        || matches!(role, Role::Cite | Role::Applies | Role::Force | Role::Reading | Role::OtherReading)
}

const fn records(role: Role) -> bool {
    matches!(role, Role::Cite | Role::Entries | Role::Reckon)
}

/// Where a word of the vocabulary is taken from, and why.
const fn explains(role: Role) -> bool {
    matches!(role, Role::Cite | Role::Reason)
}

/// Whether an item reads lines without a role.
const fn takes_phrases(kind: ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Clause
            | ItemKind::Indicator
            | ItemKind::Zone
            | ItemKind::Block
            | ItemKind::Figure
            | ItemKind::Basis
            | ItemKind::HeadNoun
            | ItemKind::Enumeration
            | ItemKind::Taxonomy
            | ItemKind::Entity
    )
}

/// Whether what follows an entry of this role without a role of its own still belongs to it, and to the next line too.
const fn goes_on(kind: ItemKind, role: Role) -> Option<bool> {
    match (kind, role) {
        (ItemKind::Table, Role::Column | Role::Empty) => Some(false),
        (ItemKind::Case, _) => Some(true),
        _ => None,
    }
}

/// Whether a second entry of this role says anew what the first one said.
const fn once(kind: ItemKind, role: Role) -> bool {
    let of_vocabulary = matches!(kind, ItemKind::Enumeration | ItemKind::Taxonomy);
    !of_vocabulary
        && !matches!(
            role,
            Role::Cite
                | Role::Applies
                | Role::Except
                | Role::Reason
                | Role::Column
                | Role::Empty
                | Role::Reckon
                | Role::Given
                | Role::Expect
                | Role::PrevailsOver
                | Role::Entries
                | Role::KindOf
                | Role::RowOf
                | Role::Implements
                | Role::Boundary
                | Role::OtherReading
        )
}

/// Reads the entries of one item in order.
struct Sieve<'a> {
    item: &'a Item,
    problems: Vec<Problem>,
    /// The roles since the item or its last other reading began; names of readings stand under their own role.
    seen: BTreeMap<(Role, String), Span>,
    /// The other reading that is open, and whether anything has stood in it.
    opened: Option<(&'a Entry, bool)>,
    /// The last role.
    behind: Option<Role>,
}

impl<'a> Sieve<'a> {
    /// Whether an entry is read; if not, its problem is told.
    fn keeps(&mut self, number: usize) -> bool {
        let Some(entry) = self.item.entries.get(number) else { return false };
        let kind = self.item.kind.kind;
        let role = entry.role.as_ref().map(|role| role.kind);
        if let Some((_, filled)) = &mut self.opened
            && role != Some(Role::OtherReading)
        {
            *filled = true;
        }
        let Some(role) = role else { return self.keeps_phrase(entry) };
        self.behind = Some(role);
        if !takes(kind, role) {
            return self.unread(entry);
        }
        let next = self.item.entries.get(number + 1).filter(|next| next.role.is_none());
        let goes_on = next.is_some() && goes_on(kind, role) == Some(true);
        self.has_content(entry, role, goes_on) && self.is_first(entry, role)
    }

    fn keeps_phrase(&mut self, entry: &Entry) -> bool {
        let kind = self.item.kind.kind;
        if let Content::Row(_) = entry.content {
            return kind == ItemKind::Table || self.unread(entry);
        }
        let goes_on = self.behind.and_then(|role| goes_on(kind, role));
        let belongs = goes_on.is_some_and(|on_next_line| on_next_line || !entry.starts_line);
        takes_phrases(kind) || belongs || self.unread(entry)
    }

    fn unread(&mut self, entry: &Entry) -> bool {
        let kind = self.item.kind.kind;
        let (word, place) = first_word(entry);
        let problem = Problem::error(Code::UnreadEntry, entry.span)
            .with_words(Words::new(kind.chinese(), kind.english()))
            .with_words(word.clone());
        let keywords = ItemKind::ALL.iter().flat_map(|kind| [kind.chinese(), kind.english()]);
        let own = (entry.role.is_none()).then(|| nearest(&word.chinese, spellings(kind)));
        let near = own.and_then(|near| near.or_else(|| nearest(&word.chinese, keywords)));
        self.problems.push(match near {
            Some(near) => problem.placed(place).meant(near),
            None => problem.help(readable(kind)),
        });
        false
    }

    /// Whether an entry says what its role wants.
    fn has_content(&mut self, entry: &Entry, role: Role, goes_on: bool) -> bool {
        let empty = match &entry.content {
            Content::Tokens(tokens) => tokens.is_empty(),
            Content::Text(text) => text.kind.trim().is_empty(),
            Content::Row(_) => false,
        };
        let tokens = match &entry.content {
            Content::Tokens(tokens) => tokens.as_slice(),
            _ => &[],
        };
        let wanted = match role {
            Role::General if empty => return true,
            Role::General => {
                let help = Words::new("「通则」后面什么也不写", "nothing stands behind `general`");
                let word = Words::new(role.chinese(), role.english());
                self.problems.push(Problem::error(Code::MalformedEntry, entry.span).with_words(word).help(help));
                return false;
            }
            _ if empty && goes_on => return true,
            Role::QuoteDiffers if empty => Words::new("理由", "a reason"),
            Role::Reading | Role::OtherReading if self.item.kind.kind != ItemKind::Case && !names_something(tokens) => {
                Words::new("带引号的名称", "a quoted name")
            }
            Role::Cite => return self.cites(entry, tokens),
            _ if empty => Words::new("内容", "anything"),
            _ => return true,
        };
        self.problems.push(wanting(entry, role, wanted));
        false
    }

    /// A citation is a section and a quote; a table cites its section only, its rows being the quotes.
    fn cites(&mut self, entry: &Entry, tokens: &[Token]) -> bool {
        let quotes = || {
            tokens.iter().filter_map(|token| match &token.kind {
                TokenKind::Quote(text) => Some(text.trim()),
                _ => None,
            })
        };
        let section = tokens.iter().any(|token| matches!(&token.kind, TokenKind::Run(text) if !text.trim().is_empty()));
        let is_table = self.item.kind.kind == ItemKind::Table;
        let quote = Words::new("原文，如「…」", "a verbatim quote");
        if quotes().any(str::is_empty) || (!section && quotes().next().is_none()) {
            self.problems.push(wanting(entry, Role::Cite, quote));
            return false;
        }
        let lacks = match () {
            () if !section => Words::new("章节", "a section"),
            () if quotes().next().is_none() && !is_table => quote,
            () => return true,
        };
        let word = Words::new(Role::Cite.chinese(), Role::Cite.english());
        let problem = Problem::warning(Code::EmptyEntry, entry.span).with_words(word).with_words(lacks);
        self.problems.push(problem.help(Words::new("写成：依据 章节 「原文」", "write it as: cite section \"quote\"")));
        true
    }

    /// Whether the role has not been said before in this part of the item.
    fn is_first(&mut self, entry: &'a Entry, role: Role) -> bool {
        let mut key = (role, String::new());
        if role == Role::OtherReading {
            self.close();
            self.opened = Some((entry, false));
            self.seen.retain(|(other, _), _| *other == Role::OtherReading);
            key.1 = name_of(entry);
        }
        let names_readings = role == Role::OtherReading;
        if self.item.kind.kind == ItemKind::Case || !(once(self.item.kind.kind, role) || names_readings) {
            return true;
        }
        let Some(first) = self.seen.insert(key.clone(), entry.span) else { return true };
        let shown = |word: &str| if key.1.is_empty() { word.to_owned() } else { format!("{word} “{}”", key.1) };
        let words = Words::new(shown(role.chinese()), shown(role.english()));
        let problem = Problem::error(Code::EntryTwice, entry.span).with_words(words);
        self.problems.push(problem.also(first, Words::new("先在这里", "first here")));
        self.seen.insert(key, first);
        false
    }

    /// Ends the other reading that is open: one in which nothing stands changes nothing.
    fn close(&mut self) {
        if let Some((entry, false)) = self.opened.take() {
            let words = Words::new("这种口径下不同的行", "the lines that differ in it");
            self.problems.push(wanting(entry, Role::OtherReading, words));
        }
    }
}

fn wanting(entry: &Entry, role: Role, wanted: Words) -> Problem {
    let word = Words::new(role.chinese(), role.english());
    Problem::error(Code::EmptyEntry, entry.span).with_words(word).with_words(wanted)
}

/// What an item can hold, for an author whose line it does not.
fn readable(kind: ItemKind) -> Words {
    let roles = || Role::ALL.iter().copied().filter(move |role| takes(kind, *role));
    if roles().next().is_none() && !takes_phrases(kind) {
        return Words::new(
            format!("「{}」只有一行", kind.chinese()),
            format!("`{}` is a line of its own", kind.english()),
        );
    }
    let listed = |spelled: fn(Role) -> &'static str, sign: &str| roles().map(spelled).collect::<Vec<_>>().join(sign);
    Words::new(
        format!("「{}」里可以写：{}", kind.chinese(), listed(Role::chinese, "、")),
        format!("`{}` takes: {}", kind.english(), listed(Role::english, ", ")),
    )
}

fn names_something(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| matches!(&token.kind, TokenKind::Quote(text) if !text.trim().is_empty()))
}

fn name_of(entry: &Entry) -> String {
    let Content::Tokens(tokens) = &entry.content else { return String::new() };
    let quotes = tokens.iter().find_map(|token| match &token.kind {
        TokenKind::Quote(text) => Some(text.clone()),
        _ => None,
    });
    quotes.unwrap_or_default()
}

/// The word that an entry begins with, and its place.
fn first_word(entry: &Entry) -> (Words, Span) {
    if let Some(role) = &entry.role {
        return (Words::new(role.kind.chinese(), role.kind.english()), role.span);
    }
    let Content::Tokens(tokens) = &entry.content else {
        return (Words::new("表的一行", "a row of a table"), entry.span);
    };
    match tokens.first() {
        Some(Token { kind: TokenKind::Run(run), span, .. }) => (Words::same(folded(run)), *span),
        Some(Token { kind: TokenKind::Number(text) | TokenKind::Date(text), span, .. }) => {
            (Words::same(text.clone()), *span)
        }
        Some(Token { kind: TokenKind::Quote(text), span, .. }) => (Words::same(text.clone()), *span),
        Some(Token { kind: TokenKind::Sign(Sign::Listing), span, .. }) => (Words::same("、"), *span),
        _ => (Words::new("这一行", "this line"), entry.span),
    }
}
