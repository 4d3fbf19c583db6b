//! The plan accounted for: which entries of its register the rules encode, which decide nothing, which are missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::clause::{Citation, Exception};
use crate::model::{Clause, Model};
use crate::span::Span;

/// What became of each entry of a plan's register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Encoded by a clause, an exception, an indicator, a table, a zone, a block or a figure.
    pub encoded: Vec<String>,
    /// Items of the rules under ids of their own, which are no entries of the register.
    pub further: Vec<String>,
    /// Decides nothing, with the reason.
    pub advisory: Vec<(String, String)>,
    /// Stands in no item.
    pub missing: Vec<String>,
}

impl Model {
    /// What became of each entry. The register is the one the plan names (`条目：YC-001..YC-199`); not named, its ids run
    /// from 1 to the greatest number that some item has.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let advisory: BTreeMap<&str, &str> =
            self.advisories.iter().map(|advisory| (advisory.id.as_str(), advisory.reason.as_str())).collect();
        let all = self.encoded_ids();
        let in_order = |ids: BTreeSet<&str>| {
            let mut ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
            ids.sort_by_key(|id| (parted(id).map(|(stem, number)| (stem.to_owned(), number)), id.clone()));
            ids
        };
        let (first, last, stem, digits) = match self.range(&all, advisory.keys().copied()) {
            Some(range) => range,
            None => return Coverage { encoded: in_order(all), ..Coverage::default() },
        };
        let ids = (first..=last).map(|number| format!("{stem}{number:0digits$}"));
        let missing = ids.filter(|id| !all.contains(id.as_str()) && !advisory.contains_key(id.as_str())).collect();
        let mut listed: Vec<(String, String)> =
            advisory.into_iter().map(|(id, reason)| (id.to_owned(), reason.to_owned())).collect();
        listed.sort_by_key(|(id, _)| parted(id).map(|(_, number)| number));
        let (entries, further): (BTreeSet<&str>, BTreeSet<&str>) =
            all.into_iter().partition(|id| parted(id).is_some_and(|(own, _)| own == stem));
        Coverage { encoded: in_order(entries), further: in_order(further), advisory: listed, missing }
    }

    /// Where the entry of an id stands.
    #[must_use]
    pub fn item_span(&self, id: &str) -> Option<Span> {
        let clauses = self.clauses.iter().map(|it| (it.id.as_str(), it.span));
        let indicators = self.indicators.iter().map(|it| (it.id.as_str(), it.span));
        let figures = self.figures.iter().map(|it| (it.id.as_str(), it.span));
        let advisories = self.advisories.iter().map(|it| (it.id.as_str(), it.span));
        let tables = self.tables.iter().map(|it| (it.id.as_str(), it.span));
        let places = self.places.iter().map(|it| (it.id.as_deref().unwrap_or(&it.title), it.span));
        let entries = self.entries.iter().map(|(id, span)| (id.as_str(), *span));
        let rows = self.gradings.iter().flat_map(|grading| &grading.rows);
        let rows = rows.filter_map(|row| Some((row.id.as_deref()?, row.citation.span)));
        let items = clauses.chain(indicators).chain(figures).chain(advisories).chain(tables).chain(places);
        items.chain(entries).chain(rows).find(|(own, _)| *own == id).map(|(_, span)| span)
    }

    fn encoded_ids(&self) -> BTreeSet<&str> {
        let mut ids: BTreeSet<&str> = BTreeSet::new();
        ids.extend(self.clauses.iter().map(|clause| clause.id.as_str()));
        ids.extend(self.indicators.iter().map(|indicator| indicator.id.as_str()));
        ids.extend(self.figures.iter().map(|figure| figure.id.as_str()));
        ids.extend(self.tables.iter().map(|table| table.id.as_str()));
        ids.extend(self.entries.iter().map(|(id, _)| id.as_str()));
        ids.extend(self.gradings.iter().flat_map(|grading| &grading.rows).filter_map(|row| row.id.as_deref()));
        let stems: BTreeSet<String> = ids.iter().filter_map(|id| parted(id)).map(|(stem, _)| stem.to_owned()).collect();
        let excepted = self.clauses.iter().flat_map(exceptions).filter(|name| {
            // An exception is named by an entry of the register, or in words.
            parted(name).is_some_and(|(stem, _)| stems.contains(stem))
        });
        ids.extend(excepted);
        ids.remove("");
        ids
    }

    /// First and last number of the register, what stands before the numbers, and how many digits they have.
    fn range<'a>(
        &'a self,
        encoded: &BTreeSet<&'a str>,
        advisory: impl Iterator<Item = &'a str>,
    ) -> Option<(usize, usize, String, usize)> {
        let digits = |id: &str| id.chars().rev().take_while(char::is_ascii_digit).count();
        if let Some((first, last)) = self.plan.as_ref().and_then(|plan| plan.register.as_ref()) {
            let ((stem, from), (_, to)) = (parted(first)?, parted(last)?);
            return Some((from, to, stem.to_owned(), digits(first)));
        }
        let ids: Vec<&str> = encoded.iter().copied().chain(advisory).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (stem, _) in ids.iter().filter_map(|id| parted(id)) {
            *counts.entry(stem).or_default() += 1;
        }
        let (stem, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        let own = || ids.iter().filter(|id| parted(id).is_some_and(|(other, _)| other == stem));
        let last = own().filter_map(|id| parted(id)).map(|(_, number)| number).max()?;
        Some((1, last, stem.to_owned(), own().map(|id| digits(id)).max()?))
    }

    /// Every citation of the plan with the id or title of what it stands under, in the order of the files.
    pub fn citations(&self) -> impl Iterator<Item = (&str, &Citation)> {
        let clauses = self.clauses.iter().map(|it| (it.id.as_str(), it.citations.as_slice()));
        let indicators = self.indicators.iter().map(|it| (it.id.as_str(), it.citations.as_slice()));
        let figures = self.figures.iter().map(|it| (it.id.as_str(), it.citations.as_slice()));
        let advisories = self.advisories.iter().map(|it| (it.id.as_str(), it.citations.as_slice()));
        let tables = self
            .tables
            .iter()
            .map(|it| (if it.id.is_empty() { it.title.as_str() } else { it.id.as_str() }, it.citations.as_slice()));
        let places = self.places.iter().map(|it| (it.id.as_deref().unwrap_or(&it.title), it.citations.as_slice()));
        let all = clauses.chain(indicators).chain(figures).chain(advisories).chain(tables).chain(places);
        all.flat_map(|(id, citations)| citations.iter().map(move |citation| (id, citation)))
    }
}

/// `RQ-295` in `RQ-` and 295.
fn parted(id: &str) -> Option<(&str, usize)> {
    let digits = id.chars().rev().take_while(char::is_ascii_digit).count();
    let (stem, number) = id.split_at_checked(id.len() - digits)?;
    Some((stem, number.parse().ok()?))
}

fn exceptions(clause: &Clause) -> Vec<&str> {
    fn names<'a>(exceptions: &'a [Exception], found: &mut Vec<&'a str>) {
        for exception in exceptions {
            found.push(&exception.name);
            names(&exception.exceptions, found);
        }
    }
    let mut found = Vec::new();
    let bodies = std::iter::once(&clause.body).chain(clause.other_readings.iter().map(|reading| &reading.body));
    bodies.for_each(|body| names(&body.exceptions, &mut found));
    found
}
