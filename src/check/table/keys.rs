//! Which cases a row of a table speaks of: its keys, less those of rows about their species.

use std::collections::BTreeMap;

use crate::ast::{Role, Sign, TokenKind};
use crate::check::condition::all;
use crate::check::names::{folded, split};
use crate::check::scope::Scope;
use crate::check::table::Layout;
use crate::check::table::cells::{Terms, key_terms};
use crate::check::table::columns::{Column, Columns};
use crate::check::vocabulary::{entries_of, tokens_of};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Condition, EnumerationId, FieldId, LeafSet, MemberId, Test, TestKind};
use crate::span::Span;

/// The values of one field that a row speaks of.
#[derive(Debug, Clone)]
pub struct Key {
    /// The field.
    pub field: FieldId,
    /// As the cell names them.
    pub named: Vec<MemberId>,
    /// Their leaves, less those that other rows speak of more closely.
    pub leaves: LeafSet,
    /// Their leaves as named.
    all: LeafSet,
    /// The cell.
    pub span: Span,
    /// Its text.
    pub words: String,
}

/// The keys of one row.
#[derive(Debug, Clone, Default)]
pub struct RowKeys {
    /// Of each key column.
    pub keys: Vec<Key>,
    /// The values of the bracket's field, in order, each a case of its own; empty without a bracket.
    pub bracket: Option<(FieldId, Vec<(MemberId, LeafSet)>)>,
}

/// The keys of all rows; `None` for a row whose keys have a problem.
pub fn row_keys(scope: &mut Scope, layout: &Layout<'_>, columns: &Columns) -> Vec<Option<RowKeys>> {
    let mut rows: Vec<Option<RowKeys>> =
        (0..layout.rows.len()).map(|row| read_row(scope, layout, columns, row)).collect();
    settle(scope, layout, &mut rows);
    rows
}

fn read_row(scope: &mut Scope, layout: &Layout<'_>, columns: &Columns, row: usize) -> Option<RowKeys> {
    let cells = layout.rows.get(row)?;
    let mut keys = RowKeys::default();
    for (number, column) in columns.iter() {
        let Column::Key { field, enumeration, bracket } = column else { continue };
        let cell = cells.get(number)?;
        let Terms { members, bracket: methods } =
            key_terms(scope, *field, *enumeration, bracket.map(|(_, kind)| kind), cell)?;
        let mut leaves = LeafSet::empty();
        members.iter().for_each(|member| leaves.unite(&scope.leaves(*enumeration, *member)));
        let words = cell.kind.clone();
        keys.keys.push(Key { field: *field, named: members, all: leaves.clone(), leaves, span: cell.span, words });
        if let (Some((field, kind)), false) = (bracket, methods.is_empty()) {
            let leaves = methods.into_iter().map(|member| (member, scope.leaves(*kind, member)));
            keys.bracket = Some((*field, leaves.collect()));
        }
    }
    Some(keys)
}

/// Takes from each row what rows about its species say, and reports rows that speak of the same cases.
fn settle(scope: &mut Scope, layout: &Layout<'_>, rows: &mut [Option<RowKeys>]) {
    let assigned = assigned(scope, layout);
    let before: Vec<Option<RowKeys>> = rows.to_vec();
    for (index, row) in rows.iter_mut().enumerate() {
        let Some(row) = row else { continue };
        for (other_index, other) in before.iter().enumerate() {
            let Some(other) = other.as_ref().filter(|_| other_index != index) else { continue };
            let Some(original) = before.get(index).and_then(Option::as_ref) else { continue };
            if !bracket_meets(original, other) || !others_meet(original, other) {
                continue;
            }
            narrow(scope, row, other, index > other_index, &assigned);
        }
    }
}

/// Whether the rows can speak of one value of the bracket's field.
fn bracket_meets(one: &RowKeys, other: &RowKeys) -> bool {
    match (&one.bracket, &other.bracket) {
        (Some((field, mine)), Some((same, theirs))) if field == same => mine.iter().any(|it| theirs.contains(it)),
        _ => true,
    }
}

/// Whether they meet in every key but the first.
fn others_meet(one: &RowKeys, other: &RowKeys) -> bool {
    one.keys.iter().zip(&other.keys).skip(1).all(|(mine, theirs)| mine.all.meets(&theirs.all))
}

/// Takes the leaves of a more special row from the first key of a row.
fn narrow(
    scope: &mut Scope,
    row: &mut RowKeys,
    other: &RowKeys,
    later: bool,
    assigned: &BTreeMap<usize, (LeafSet, String)>,
) {
    // A species row of one method leaves the other methods to its genus.
    let covers = match (&row.bracket, &other.bracket) {
        (_, None) => true,
        (Some((_, mine)), Some((_, theirs))) => mine.iter().all(|it| theirs.contains(it)),
        (None, Some(_)) => false,
    };
    let (Some(mine), Some(theirs)) = (row.keys.first_mut(), other.keys.first()) else { return };
    if mine.field != theirs.field {
        return;
    }
    let both = mine.all.intersection(&theirs.all);
    if both.is_empty() {
        return;
    }
    // A value named in both rows is no species of the other's genus.
    let named_twice = mine.named.iter().copied().find(|member| theirs.named.contains(member));
    if let Some(member) = named_twice {
        if later {
            let name = member_name(scope, mine.field, member);
            scope.problems.push(overlap(&name, mine.span, theirs.span));
        }
        return;
    }
    let special = theirs.all.within(&mine.all) && !mine.all.within(&theirs.all);
    let general = mine.all.within(&theirs.all) && !theirs.all.within(&mine.all);
    if special {
        if covers {
            mine.leaves = difference(&mine.leaves, &theirs.all);
        }
        return;
    }
    if general {
        return;
    }
    let mut open = Vec::new();
    for leaf in both.iter() {
        match assigned.get(&leaf) {
            Some((genus, _)) if mine.all.within(genus) || genus.within(&mine.all) => {}
            Some(_) => mine.leaves = difference(&mine.leaves, &LeafSet::single(leaf)),
            None => open.push(leaf),
        }
    }
    if let (Some(leaf), true) = (open.first(), later) {
        let example = leaf_name(scope, mine.field, *leaf);
        scope.problems.push(overlap(&example, mine.span, theirs.span));
    }
}

/// Two rows that speak of one value.
fn overlap(example: &str, later: Span, first: Span) -> Problem {
    let words = Words::new(format!("也管 {example}"), format!("speaks of {example} too"));
    Problem::error(Code::RowsOverlap, later).with(example).also(first, words)
}

fn member_name(scope: &Scope, field: FieldId, member: MemberId) -> String {
    let enumeration = scope.kind(field).and_then(|kind| kind.enumeration());
    let found = enumeration.and_then(|id| scope.model.vocabulary.member(id, member));
    found.map(|member| member.name.chinese.clone()).unwrap_or_default()
}

/// 归行 甲 按 乙: the leaves of 甲 belong to the row about 乙.
fn assigned(scope: &mut Scope, layout: &Layout<'_>) -> BTreeMap<usize, (LeafSet, String)> {
    let mut found = BTreeMap::new();
    for entry in entries_of(layout.item, Role::RowOf) {
        let tokens = tokens_of(entry).unwrap_or_default();
        let Some(by) = tokens.iter().position(
            |token| matches!(&token.kind, TokenKind::Run(run) if matches!(folded(run).as_str(), "按" | "by")),
        ) else {
            crate::check::plan::malformed(scope, entry);
            continue;
        };
        let (species, genus) = (tokens.get(..by).unwrap_or_default(), tokens.get(by + 1..).unwrap_or_default());
        let genus = crate::check::names::words(genus).concat();
        let Some((kind, genus_member)) = member_anywhere(scope, &genus) else {
            crate::check::plan::malformed(scope, entry);
            continue;
        };
        let leaves = scope.leaves(kind, genus_member);
        for part in split(species, Sign::Listing) {
            let word = crate::check::names::words(part).concat();
            match crate::check::property::member_named(scope, kind, &word) {
                Some(member) => {
                    for leaf in scope.leaves(kind, member).iter() {
                        found.insert(leaf, (leaves.clone(), genus.clone()));
                    }
                }
                None => scope.problems.push(Problem::error(Code::UnknownWord, entry.span).with(word)),
            }
        }
    }
    found
}

fn member_anywhere(scope: &Scope, word: &str) -> Option<(EnumerationId, MemberId)> {
    scope.meanings_of(word).into_iter().find_map(|meaning| match meaning {
        crate::check::lexicon::Meaning::Member(enumeration, member) => Some((enumeration, member)),
        _ => None,
    })
}

fn difference(set: &LeafSet, other: &LeafSet) -> LeafSet {
    let mut left = LeafSet::empty();
    set.iter().filter(|leaf| !other.contains(*leaf)).for_each(|leaf| left.insert(leaf));
    left
}

/// The most special member that has a leaf.
fn leaf_name(scope: &Scope, field: FieldId, leaf: usize) -> String {
    let members = scope.kind(field).and_then(|kind| kind.enumeration()).and_then(|id| scope.enumeration(id));
    let having = members.into_iter().flat_map(|found| &found.members).filter(|member| member.leaves.contains(leaf));
    having.min_by_key(|member| member.leaves.len()).map(|member| member.name.chinese.clone()).unwrap_or_default()
}

impl RowKeys {
    /// The cases of the row, of one value of its bracket.
    #[must_use]
    pub fn selector(&self, part: usize) -> Condition {
        let mut conditions: Vec<Condition> = self.keys.iter().map(member).collect();
        if let (Some((field, members)), Some(key)) = (&self.bracket, self.keys.first())
            && let Some((member, leaves)) = members.get(part)
        {
            let kind = TestKind::Member { field: *field, leaves: leaves.clone(), named: vec![*member] };
            conditions.push(Condition::Test(Box::new(Test {
                kind,
                span: key.span,
                words: key.words.clone(),
                from: None,
            })));
        }
        all(conditions)
    }

    /// How many cases the row tells apart: one for each value of its bracket.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.bracket.as_ref().map_or(1, |(_, members)| members.len())
    }
}

fn member(key: &Key) -> Condition {
    let kind = TestKind::Member { field: key.field, leaves: key.leaves.clone(), named: key.named.clone() };
    Condition::Test(Box::new(Test { kind, span: key.span, words: key.words.clone(), from: None }))
}
