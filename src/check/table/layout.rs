//! How a table stands on the page: its head, its rows, and what its author says of each column.

use crate::ast::{Content, Entry, Item, Node, Role, Sign, Token, TokenKind};
use crate::check::names::{folded, split, words};
use crate::check::property::bare;
use crate::check::vocabulary::{entries_of, tokens_of};
use crate::diagnostic::{Code, Problem, Words};
use crate::source::Source;

/// A table before its cells are read.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// The item.
    pub item: &'a Item,
    /// Its text.
    pub source: &'a Source,
    /// The cells of the head.
    pub head: &'a [Node<String>],
    /// The rows below it, each as long as the head.
    pub rows: Vec<&'a [Node<String>]>,
    /// What is said of each column, beside the head.
    pub columns: Vec<Spoken<'a>>,
    /// What empty cells mean that no column says.
    pub marks: Vec<(String, Mark)>,
}

/// What is said of a column: the parts of `列 A、B：part，part`.
#[derive(Debug, Clone, Default)]
pub struct Spoken<'a> {
    /// The parts; none where nothing is said of the column.
    pub parts: Vec<&'a [Token]>,
}

/// What an empty cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// 不设该级: there may be no such class.
    NoClass,
    /// 未规定: there is a number, and the plan does not print it.
    Unspecified,
    /// 无要求: the row says nothing here.
    NoRequirement,
}

impl Mark {
    /// The mark of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "不设该级" | "no-class" => Some(Self::NoClass),
            "未规定" | "unspecified" => Some(Self::Unspecified),
            "无要求" | "no-requirement" => Some(Self::NoRequirement),
            _ => None,
        }
    }
}

const BLANK: [&str; 2] = ["空白", "blank"];
const MERGED: [&str; 2] = ["合并", "merged"];
const TAKEN_FROM: [&str; 2] = ["依", "from"];

impl<'a> Layout<'a> {
    /// The layout of a table; problems of its form are told, and rows at fault left out.
    pub fn read(
        item: &'a Item,
        source: &'a Source,
        entries: &[&'a Entry],
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let mut rows = item.entries.iter().filter_map(|entry| match &entry.content {
            Content::Row(cells) => Some((cells.as_slice(), entry.span)),
            _ => None,
        });
        let Some((head, head_span)) = rows.next() else {
            if !item.damaged {
                let words = Words::new("没有行", "it has no rows");
                problems
                    .push(Problem::error(Code::MalformedTable, item.head_span()).with(name(item)).with_words(words));
            }
            return None;
        };
        let mut kept = Vec::new();
        for (cells, span) in rows {
            if is_rule(cells) {
                continue;
            }
            if cells.len() != head.len() {
                let problem = Problem::error(Code::RaggedRow, span)
                    .with(cells.len().to_string())
                    .with(head.len().to_string())
                    .also(head_span, Words::new("表头", "the head"));
                problems.push(problem);
                continue;
            }
            kept.push(cells);
        }
        let mut layout =
            Self { item, source, head, rows: kept, columns: vec![Spoken::default(); head.len()], marks: Vec::new() };
        layout.read_columns(entries, problems);
        // A reading's marks stand behind the table's own and go before them.
        layout.marks = marks(&runs(entries, Role::Empty));
        layout.marks.reverse();
        Some(layout)
    }

    /// Whether a cell is printed in its row: a column may be taken from elsewhere, and a cell that is merged with the ones
    /// above it is printed once.
    pub fn is_printed(&self, row: usize, column: usize) -> bool {
        let said = |list: [&str; 2]| {
            let parts = self.columns.get(column).map(|spoken| spoken.parts.as_slice()).unwrap_or_default();
            parts.iter().skip(1).any(|part| words(part).first().is_some_and(|word| list.contains(&word.as_str())))
        };
        let cell = |row: usize| Some(bare(&self.rows.get(row)?.get(column)?.kind));
        let above = row.checked_sub(1).and_then(cell);
        let repeats = above.is_some() && above == cell(row);
        !(said(TAKEN_FROM) || repeats && said(MERGED))
    }

    fn read_columns(&mut self, entries: &[&'a Entry], problems: &mut Vec<Problem>) {
        for run in runs(entries, Role::Column) {
            let Some(tokens) = run.first().copied() else { continue };
            let place = tokens.first().map_or(self.item.head_span(), |token| token.span);
            let Some(colon) = tokens.iter().position(|token| token.kind == TokenKind::Sign(Sign::Colon)) else {
                let words = Words::new("「列」后面没有冒号", "a column wants a colon and its role");
                let problem = Problem::error(Code::MalformedTable, place).with(name(self.item)).with_words(words);
                problems.push(problem);
                continue;
            };
            let heads = split(tokens.get(..colon).unwrap_or_default(), Sign::Listing);
            let mut parts = vec![tokens.get(colon + 1..).unwrap_or_default()];
            parts.extend(run.iter().skip(1).copied());
            for head in heads {
                let text = match (head.first(), head.last()) {
                    (Some(first), Some(last)) => match &first.kind {
                        TokenKind::Quote(text) if head.len() == 1 => text.clone(),
                        _ => self.source.slice(first.span.to(last.span)).to_owned(),
                    },
                    _ => continue,
                };
                match self.head.iter().position(|cell| bare(&cell.kind) == bare(&text)) {
                    Some(column) => {
                        if let Some(slot) = self.columns.get_mut(column) {
                            *slot = Spoken { parts: parts.clone() };
                        }
                    }
                    None => {
                        let span = head.first().map_or(place, |token| token.span);
                        let words =
                            Words::new(format!("表头里没有「{text}」"), format!("the head has no column `{text}`"));
                        problems
                            .push(Problem::error(Code::MalformedTable, span).with(name(self.item)).with_words(words));
                    }
                }
            }
        }
    }

    /// The number of the column with this head.
    #[must_use]
    pub fn column(&self, heads: [&str; 2]) -> Option<usize> {
        self.head.iter().position(|cell| heads.contains(&bare(&cell.kind).as_str()))
    }

    /// Whether the lower end of a printed range belongs to it: so unless the table says 区间 含大端.
    #[must_use]
    pub fn low_end_belongs(&self) -> bool {
        let said = entries_of(self.item, Role::SharedEnd).next().and_then(tokens_of).unwrap_or_default();
        !said.iter().any(|token| matches!(&token.kind, TokenKind::Run(run) if matches!(folded(run).as_str(), "含大端" | "upper-end")))
    }

    /// What an empty cell of a column means; a column's own marks go before the table's.
    #[must_use]
    pub fn mark(&self, column: usize, cell: &str) -> Option<Mark> {
        let text = bare(cell);
        let own = self.columns.get(column).map(|spoken| marks(std::slice::from_ref(&spoken.parts))).unwrap_or_default();
        let found = own.iter().chain(&self.marks).find(|(written, _)| *written == text);
        found.map(|(_, mark)| *mark)
    }
}

/// What a table is called in problems.
pub fn name(item: &Item) -> String {
    let title = item.title.as_ref().map(|title| title.kind.clone());
    title.or_else(|| item.id.as_ref().map(|id| id.kind.clone())).unwrap_or_default()
}

/// A line of dashes under the head.
fn is_rule(cells: &[Node<String>]) -> bool {
    !cells.is_empty()
        && cells.iter().all(|cell| cell.kind.len() >= 3 && cell.kind.chars().all(|it| matches!(it, '-' | ':')))
}

/// The entries of a role, each with the phrases that follow it on its line.
fn runs<'a>(entries: &[&'a Entry], role: Role) -> Vec<Vec<&'a [Token]>> {
    let mut runs: Vec<Vec<&'a [Token]>> = Vec::new();
    let mut open = false;
    for entry in entries {
        let own = entry.role.as_ref().map(|found| found.kind);
        open = own == Some(role) || open && own.is_none() && !entry.starts_line;
        let Some(tokens) = tokens_of(entry).filter(|_| open) else { continue };
        match runs.last_mut().filter(|_| own.is_none()) {
            Some(run) => run.push(tokens),
            None => runs.push(vec![tokens]),
        }
    }
    runs
}

/// `「/」「-」 不设该级`, `空白 未规定`: marks and what they mean.
fn marks(runs: &[Vec<&[Token]>]) -> Vec<(String, Mark)> {
    let mut found = Vec::new();
    for part in runs.iter().flatten() {
        let mut written: Vec<String> = Vec::new();
        for token in *part {
            match &token.kind {
                TokenKind::Quote(text) => written.push(bare(text)),
                TokenKind::Run(run) if BLANK.contains(&folded(run).as_str()) => written.push(String::new()),
                TokenKind::Run(run) => {
                    if let Some(mark) = Mark::from_word(&folded(run)) {
                        found.extend(written.drain(..).map(|text| (text, mark)));
                    }
                }
                _ => {}
            }
        }
    }
    found
}
