//! Zones and planning blocks: items of their own, and rows of tables that declare them.

use std::collections::BTreeMap;

use crate::ast::{Entry, Item, ItemKind, Role, Sign, Token, TokenKind, fold};
use crate::check::clause::citations;
use crate::check::names::{folded, split, words};
use crate::check::plan::{id_of, malformed, title_of};
use crate::check::property::{bare, member_named, read_property};
use crate::check::scope::Scope;
use crate::check::table::{Declares, Layout, declares};
use crate::check::vocabulary::{Draft, entries_of, tokens_of};
use crate::check::{Input, items};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{
    Citation, Condition, FieldId, FieldKind, LeafSet, MemberId, Name, Place, PlaceKind, Test, TestKind,
};
use crate::source::Source;
use crate::span::Span;

const ID: [&str; 2] = ["编号", "id"];
const TITLE: [&str; 2] = ["名称", "name"];
/// The column that carries ids of the register.
pub(super) const ENTRIES: [&str; 2] = ["对应条目", "entries"];

/// A place as it stands in a file.
struct Found<'a> {
    kind: PlaceKind,
    id: Option<String>,
    title: String,
    span: Span,
    /// Where the name stands, where that is another place than the id's.
    title_span: Span,
    body: Stands<'a>,
}

impl Found<'_> {
    /// Where its id or its name is spelled so.
    fn place_of(&self, word: &str) -> Span {
        let is_id = self.id.as_ref().is_some_and(|id| id.chars().map(fold).eq(word.chars()));
        if is_id { self.span } else { self.title_span }
    }
}

/// Where a place stands.
enum Stands<'a> {
    /// In an item of its own.
    Item(&'a Item, &'a Source),
    /// In a row of a table.
    Row(Layout<'a>, usize),
}

/// Every zone and block of all files, in order.
fn all<'a>(inputs: &'a [Input<'_>]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for (kind, item_kind) in [(PlaceKind::Zone, ItemKind::Zone), (PlaceKind::Block, ItemKind::Block)] {
        for (item, source) in items(inputs, item_kind) {
            let id = Some(id_of(item)).filter(|id| !id.is_empty());
            let body = Stands::Item(item, source);
            let (title, span) = (title_of(item), item.head_span());
            found.push(Found { kind, id, title, span, title_span: span, body });
        }
    }
    for (item, source) in items(inputs, ItemKind::Table) {
        let Some(Declares::Places(kind, _)) = declares(item) else { continue };
        let entries: Vec<&Entry> = item.entries.iter().collect();
        // What is wrong with the form of the table is told when its places are read.
        let Some(layout) = Layout::read(item, source, &entries, &mut Vec::new()) else { continue };
        let (id, title) = (column(&layout, ID), column(&layout, TITLE));
        for row in 0..layout.rows.len() {
            let cell = |column: Option<usize>| layout.rows.get(row).and_then(|cells| cells.get(column?));
            let text = |column| cell(column).map(|cell| cell.kind.clone()).filter(|text| !text.is_empty());
            let span = cell(id).or_else(|| cell(title)).map_or(item.head_span(), |cell| cell.span);
            let title_span = cell(title).map_or(span, |cell| cell.span);
            let title = text(title).or_else(|| text(id)).unwrap_or_default();
            let body = Stands::Row(layout.clone(), row);
            found.push(Found { kind, id: text(id), title, span, title_span, body });
        }
    }
    found
}

/// The column whose role is this word.
fn column(layout: &Layout<'_>, role: [&str; 2]) -> Option<usize> {
    let spoken = layout.columns.iter().position(|spoken| {
        spoken.parts.first().is_some_and(|part| words(part).first().is_some_and(|word| role.contains(&word.as_str())))
    });
    spoken.or_else(|| layout.column(role))
}

/// The enumerations of zones and of blocks, before fields are declared: a field may take its values from them.
pub(super) fn declare_places(scope: &mut Scope, drafts: &mut Vec<Draft>, inputs: &[Input<'_>]) {
    let found = all(inputs);
    for (kind, item_kind) in [(PlaceKind::Zone, ItemKind::Zone), (PlaceKind::Block, ItemKind::Block)] {
        let mut names: Vec<(Name, &Found<'_>)> = Vec::new();
        for place in found.iter().filter(|place| place.kind == kind) {
            let name = name_of(place);
            let taken = names.iter().find_map(|(other, first)| {
                let word = name.spellings().find(|own| other.spellings().any(|word| word == *own))?;
                Some((word.to_owned(), *first))
            });
            if let Some((word, first)) = taken {
                let problem = Problem::error(Code::DuplicatePlace, place.place_of(&word));
                let here = Words::new("先在这里", "first here");
                scope.problems.push(problem.with(&word).also(first.place_of(&word), here));
                continue;
            }
            names.push((name, place));
        }
        if !names.is_empty() {
            let names = names.into_iter().map(|(name, _)| name).collect();
            drafts.push(Draft::of_names(item_kind.chinese(), item_kind.english(), names));
        }
    }
}

fn name_of(place: &Found<'_>) -> Name {
    let folded = |text: &str| text.chars().map(fold).collect::<String>();
    let (chinese, english) = (folded(&place.title), place.id.as_deref().map(folded));
    let english = english.filter(|id| *id != chinese);
    Name { chinese, english, aliases: Vec::new(), span: place.span }
}

/// Reads what is printed of each zone and block, and what lying in it implies.
pub(super) fn read_places(scope: &mut Scope, inputs: &[Input<'_>]) {
    let mut kinds = Kinds::new();
    for found in all(inputs) {
        let Some((field, member)) = member_of(scope, &found) else { continue };
        let mut place = match &found.body {
            Stands::Item(item, source) => from_item(scope, item, source),
            Stands::Row(layout, row) => from_row(scope, layout, *row),
        };
        (place.kind, place.member, place.span) = (found.kind, member, found.span);
        (place.id, place.title) = (found.id, found.title);
        for id in &place.entries {
            scope.model.entries.push((id.clone(), place.span));
        }
        if let Some(field) = field {
            let leaves = scope.kind(field).and_then(FieldKind::enumeration).map(|id| scope.leaves(id, member));
            for (area, kind) in &place.kinds {
                let known = kinds.entry((field, *area, *kind)).or_insert((LeafSet::empty(), Vec::new(), place.span));
                known.0.unite(&leaves.clone().unwrap_or_default());
                known.1.push(member);
            }
        }
        scope.model.places.push(place);
    }
    imply(scope, kinds);
}

/// The field whose values are places of this kind, and the place's number there.
fn member_of(scope: &Scope, place: &Found<'_>) -> Option<(Option<FieldId>, MemberId)> {
    let kind = match place.kind {
        PlaceKind::Zone => ItemKind::Zone,
        PlaceKind::Block => ItemKind::Block,
    };
    let enumerations = &scope.model.vocabulary.enumerations;
    let index = enumerations.iter().position(|found| found.name.chinese == kind.chinese())?;
    let enumeration = crate::model::EnumerationId(u16::try_from(index).ok()?);
    let member = member_named(scope, enumeration, place.id.as_deref().unwrap_or(&place.title))?;
    Some((scope.fields_of(enumeration).first().copied(), member))
}

fn blank() -> Place {
    Place {
        kind: PlaceKind::Zone,
        id: None,
        title: String::new(),
        entries: Vec::new(),
        citations: Vec::new(),
        member: MemberId(0),
        kinds: Vec::new(),
        properties: Vec::new(),
        span: Span::default(),
    }
}

fn from_item(scope: &mut Scope, item: &Item, source: &Source) -> Place {
    let mut place = Place { citations: citations(item), entries: entry_ids(item), ..blank() };
    for entry in &item.entries {
        match entry.role.as_ref().map(|role| role.kind) {
            None => match read_property(scope, entry, source) {
                Some(property) => place.properties.push(property),
                None => malformed(scope, entry),
            },
            Some(Role::KindOf) => {
                let kinds = area_kinds(scope, tokens_of(entry).unwrap_or_default());
                place.kinds.extend(kinds);
            }
            Some(_) => {}
        }
    }
    if place.citations.is_empty() {
        let name = if id_of(item).is_empty() { title_of(item) } else { id_of(item) };
        scope.problems.push(Problem::warning(Code::MissingCitation, item.head_span()).with(name));
    }
    place
}

fn from_row(scope: &mut Scope, layout: &Layout<'_>, row: usize) -> Place {
    let mut place = Place { citations: row_citations(layout, row), ..blank() };
    if let Some(Declares::Places(_, kinds)) = declares(layout.item) {
        place.kinds = area_kinds(scope, kinds);
    }
    let cells = layout.rows.get(row).copied().unwrap_or_default();
    for (number, cell) in cells.iter().enumerate() {
        if layout.column(ENTRIES) == Some(number) {
            place.entries = ids_in(&cell.kind);
            continue;
        }
        place.properties.extend(crate::check::table::cell_property(scope, layout, number, cell));
    }
    place
}

/// The citations of a table, each row being a quote of its own.
pub(super) fn row_citations(layout: &Layout<'_>, row: usize) -> Vec<Citation> {
    let cells = layout.rows.get(row).copied().unwrap_or_default();
    let own = layout.columns.len();
    let entries = layout.column(ENTRIES);
    let printed =
        cells.iter().enumerate().take(own).filter(|(number, cell)| {
            Some(*number) != entries && !cell.kind.is_empty() && layout.is_printed(row, *number)
        });
    let quote: Vec<&str> = printed.map(|(_, cell)| cell.kind.as_str()).collect();
    let span = match (cells.first(), cells.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => layout.item.head_span(),
    };
    let section = citations(layout.item).first().map(|citation| citation.section.clone()).unwrap_or_default();
    vec![Citation { section, quote: Some(quote.join(" ")), span }]
}

/// The ids of the register that an item accounts for.
pub(super) fn entry_ids(item: &Item) -> Vec<String> {
    let mut ids = Vec::new();
    for entry in entries_of(item, Role::Entries) {
        for part in split(tokens_of(entry).unwrap_or_default(), Sign::Listing) {
            ids.extend(words(part));
        }
    }
    ids
}

/// The ids that a cell lists.
pub(super) fn ids_in(cell: &str) -> Vec<String> {
    let parts = cell.split(['、', ',', '，', ' ', '\u{3000}']);
    parts.map(bare).filter(|id| !id.is_empty()).collect()
}

/// The kinds of area that tokens name.
fn area_kinds(scope: &mut Scope, tokens: &[Token]) -> Vec<(FieldId, MemberId)> {
    let mut kinds = Vec::new();
    let fields: Vec<(FieldId, crate::model::EnumerationId)> = (0u16..)
        .zip(&scope.model.vocabulary.fields)
        .filter_map(|(number, field)| match field.kind {
            FieldKind::Areas(enumeration) => Some((FieldId(number), enumeration)),
            _ => None,
        })
        .collect();
    for token in tokens {
        let TokenKind::Run(run) = &token.kind else { continue };
        let word = folded(run);
        let found =
            fields.iter().find_map(|(field, enumeration)| Some((*field, member_named(scope, *enumeration, &word)?)));
        match found {
            Some(kind) => kinds.push(kind),
            None => scope.problems.push(Problem::error(Code::UnknownWord, token.span).with(word)),
        }
    }
    kinds
}

/// For each field of places, field of areas and kind of area: the places of that kind, as leaves and as members.
type Kinds = BTreeMap<(FieldId, FieldId, MemberId), (LeafSet, Vec<MemberId>, Span)>;

/// Whoever lies in a place lies in an area of its kinds: one constraint for each kind, over all its places.
fn imply(scope: &mut Scope, kinds: Kinds) {
    for ((field, area, kind), (leaves, named, span)) in kinds {
        let enumeration = scope.kind(area).and_then(FieldKind::enumeration);
        let of_kind = enumeration.map(|enumeration| scope.leaves(enumeration, kind)).unwrap_or_default();
        let premise = membership(field, leaves, named, span);
        let conclusion = membership(area, of_kind, vec![kind], span);
        scope.model.vocabulary.constraints.push((premise, conclusion, span));
    }
}

fn membership(field: FieldId, leaves: LeafSet, named: Vec<MemberId>, span: Span) -> Condition {
    let kind = TestKind::Member { field, leaves, named };
    Condition::Test(Box::new(Test { kind, span, words: String::new(), from: None }))
}
