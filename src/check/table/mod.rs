//! Tables as plans print them: floors by class and method, sentences for each row, zones, blocks and figures.
//!
//! A table is expanded here, row by row, into the same clauses, indicators, places and figures that its author could have
//! written one by one; nothing behind the checker knows of tables, except that a derived field is worked out from one.

mod cells;
mod columns;
mod floors;
mod grade;
mod keys;
mod layout;
mod ranges;
mod sentence;

pub(super) use layout::Layout;
pub(super) use sentence::Said;

use crate::ast::{Entry, Item, ItemKind, Node, Role, Token, TokenKind};
use crate::check::clause::{self, split_readings};
use crate::check::figure::year_told;
use crate::check::names::folded;
use crate::check::place::{ENTRIES, ids_in, row_citations};
use crate::check::plan::{id_of, title_of};
use crate::check::property::property;
use crate::check::scope::Scope;
use crate::check::vocabulary::{entries_of, tokens_of};
use crate::check::{Input, items};
use crate::diagnostic::{Code, Problem};
use crate::model::{Figure, PlaceKind, PrintedTable, Property};

use columns::{Column, Columns};

const ZONE: [&str; 2] = ["分区", "zone"];
const BLOCK: [&str; 2] = ["区块", "block"];
const FIGURE: [&str; 2] = ["数据", "figure"];

/// What each row of a table is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Declares<'a> {
    /// A zone or block, of the kinds of area named behind 属于.
    Places(PlaceKind, &'a [Token]),
    /// A figure.
    Figures,
    /// A clause or an indicator, from a sentence in which the heads of columns stand for the row's cells.
    Sentence(&'a Entry),
}

/// What each row of a table is said to be; `None` says that its columns tell.
pub(super) fn declares(item: &Item) -> Option<Declares<'_>> {
    let entry = entries_of(item, Role::EachRow).next()?;
    let tokens = tokens_of(entry)?;
    let word = match tokens.first().map(|token| &token.kind) {
        Some(TokenKind::Run(run)) => folded(run),
        _ => String::new(),
    };
    let is = |list: [&str; 2]| list.contains(&word.as_str());
    let alone = tokens.len() == 1
        || matches!(tokens.get(1).map(|token| &token.kind), Some(TokenKind::Run(run)) if matches!(folded(run).as_str(), "属于" | "kind-of"));
    let kinds = tokens.get(2..).unwrap_or_default();
    Some(match () {
        () if alone && is(ZONE) => Declares::Places(PlaceKind::Zone, kinds),
        () if alone && is(BLOCK) => Declares::Places(PlaceKind::Block, kinds),
        () if alone && is(FIGURE) => Declares::Figures,
        () => Declares::Sentence(entry),
    })
}

/// Reads the figures that tables print, before sums are worked out.
pub(super) fn read_figures(scope: &mut Scope, inputs: &[Input<'_>]) {
    for (item, source) in items(inputs, ItemKind::Table) {
        if !matches!(declares(item), Some(Declares::Figures)) {
            continue;
        }
        let entries: Vec<&Entry> = item.entries.iter().collect();
        let Some(layout) = Layout::read(item, source, &entries, &mut scope.problems) else { continue };
        for row in 0..layout.rows.len() {
            figures(scope, &layout, row);
        }
    }
}

/// A row whose id column lists several ids gives each of them one of its values, in order of columns.
fn figures(scope: &mut Scope, layout: &Layout<'_>, row: usize) {
    let cells = layout.rows.get(row).copied().unwrap_or_default();
    let entries = layout.column(ENTRIES);
    let ids = entries.and_then(|column| cells.get(column)).map(|cell| ids_in(&cell.kind)).unwrap_or_default();
    let values: Vec<Property> = cells
        .iter()
        .enumerate()
        .filter(|(column, _)| Some(*column) != entries)
        .filter_map(|(column, cell)| cell_property(scope, layout, column, cell))
        .collect();
    let citations = row_citations(layout, row);
    let span = citations.first().map_or(layout.item.head_span(), |citation| citation.span);
    let mut year = |role| entries_of(layout.item, role).next().and_then(|it| year_told(scope, it, layout.source));
    let (year, target_year) = (year(Role::BaseYear), year(Role::TargetYear));
    let key = cells.iter().enumerate().find(|(column, _)| Some(*column) != entries);
    let title = format!("{}：{}", title_of(layout.item), key.map_or("", |(_, cell)| cell.kind.as_str()));
    let (reckonings, count) = (Vec::new(), ids.len());
    for (index, id) in ids.into_iter().enumerate() {
        // Several ids part the numbers among them; one id has them all.
        let own: Vec<Property> = if count > 1 {
            let numbers = values.iter().filter(|value| value.value.number().is_some());
            numbers.skip(index).take(1).cloned().collect()
        } else {
            values.clone()
        };
        scope.model.figures.push(Figure {
            id,
            title: title.clone(),
            citations: citations.clone(),
            values: own,
            year,
            target_year,
            reckonings: reckonings.clone(),
            span,
        });
    }
}

/// A cell as a printed value under its column's field or head; `None` for what is no value, or says nothing.
pub(super) fn cell_property(
    scope: &mut Scope,
    layout: &Layout<'_>,
    column: usize,
    cell: &Node<String>,
) -> Option<Property> {
    let columns = Columns::read(scope, layout);
    let label = match columns.get(column) {
        Column::Ignored | Column::Entries | Column::Unit | Column::Attribute | Column::Name | Column::Confirmed => {
            return None;
        }
        Column::Key { field, .. } | Column::Value { field: Some(field), .. } => scope.field_name(*field),
        _ => columns.label(layout, column),
    };
    if cells::is_empty(&cell.kind) || layout.mark(column, &cell.kind).is_some() {
        return None;
    }
    let tokens = cells::with_unit(layout, &columns, column, cell)?;
    property(scope, &label, &tokens, cell.span, layout.source)
}

/// Reads the tables that make clauses, indicators or derived values.
pub(super) fn read_tables(scope: &mut Scope, inputs: &[Input<'_>]) {
    for (item, source) in items(inputs, ItemKind::Table) {
        let (base, others) = split_readings(&item.entries);
        let (id, citations) = (id_of(item), clause::citations(item));
        scope.model.tables.push(PrintedTable { id, title: title_of(item), citations, span: item.head_span() });
        let Some(layout) = Layout::read(item, source, &base, &mut scope.problems) else { continue };
        match declares(item) {
            Some(Declares::Places(..) | Declares::Figures) => {}
            Some(Declares::Sentence(each)) => sentence::read(scope, &layout, each, &base),
            None => floors::read(scope, &layout, &base, &others),
        }
        if clause::citations(item).is_empty() && !item.damaged {
            let name = layout::name(item);
            scope.problems.push(Problem::warning(Code::MissingCitation, item.head_span()).with(name));
        }
    }
}
