//! Units as people write them: a basis, magnitudes, a unit, and what it is per.

use crate::model::vocabulary::{Name, Vocabulary};
use crate::quantity::{BasisId, Dimension, Number};

/// The text with full-width letters, digits, signs and blanks as their ASCII forms, and squared unit signs spelt out.
///
/// Meant for one token or value, never for a whole file: it moves offsets.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{A0}' => folded.push(' '),
            '\u{2212}' => folded.push('-'),
            '㎡' => folded.push_str("m²"),
            '㎥' => folded.push_str("m³"),
            '㎢' => folded.push_str("km²"),
            '㎞' => folded.push_str("km"),
            '㎏' => folded.push_str("kg"),
            _ => folded.push(crate::ast::fold(character)),
        }
    }
    folded
}

/// What a unit text measures: its dimension, how many base units one is, and the basis it names.
///
/// Reads `万吨/年`, `矿石万吨/年`, `矿石 万吨/年`, `万吨矿石/年`, `元/万吨`, `t/a`, `%` and a lone magnitude such as `亿`;
/// units and bases by any of their spellings, the longest first. `None` where something in it is not declared.
#[must_use]
pub fn parse_unit(vocabulary: &Vocabulary, text: &str) -> Option<(Dimension, Number, Option<BasisId>)> {
    let folded = fold(text);
    if folded.trim() == "%" {
        return Number::ONE.divide(&Number::from_integer(100)).map(|factor| (Dimension::NONE, factor, None));
    }
    let mut reader =
        UnitReader { vocabulary, rest: &folded, dimension: Dimension::NONE, factor: Number::ONE, basis: None };
    reader.read()?;
    Some((reader.dimension, reader.factor, reader.basis))
}

struct UnitReader<'a> {
    vocabulary: &'a Vocabulary,
    rest: &'a str,
    dimension: Dimension,
    factor: Number,
    basis: Option<BasisId>,
}

impl UnitReader<'_> {
    fn read(&mut self) -> Option<()> {
        self.take_basis();
        let magnitude = self.take_magnitudes();
        self.take_basis();
        if self.blank_to_end() {
            self.factor = magnitude?;
            return Some(());
        }
        let (dimension, factor) = self.take_unit()?;
        self.dimension = dimension;
        self.factor = magnitude.map_or_else(|| factor.clone(), |magnitude| magnitude.times(&factor));
        self.take_basis();
        while !self.blank_to_end() {
            self.rest = self.rest.strip_prefix('/')?;
            let magnitude = self.take_magnitudes().unwrap_or(Number::ONE);
            let (dimension, factor) = self.take_unit()?;
            self.dimension = self.dimension.per(dimension);
            self.factor = self.factor.divide(&magnitude.times(&factor))?;
        }
        Some(())
    }

    fn blank_to_end(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        self.rest.is_empty()
    }

    fn take_basis(&mut self) {
        self.rest = self.rest.trim_start();
        if self.basis.is_some() {
            return;
        }
        if let Some((index, rest)) = longest(self.vocabulary.bases.iter(), self.rest) {
            self.basis = u16::try_from(index).ok().map(BasisId);
            self.rest = rest;
        }
    }

    fn take_unit(&mut self) -> Option<(Dimension, Number)> {
        self.rest = self.rest.trim_start();
        let (index, rest) = longest(self.vocabulary.units.iter().map(|unit| &unit.name), self.rest)?;
        let unit = self.vocabulary.units.get(index)?;
        self.rest = rest;
        Some((unit.dimension, unit.factor.clone()))
    }

    /// The product of the magnitudes that stand here; `None` where none does. 千米 is a unit, not a thousand of 米.
    fn take_magnitudes(&mut self) -> Option<Number> {
        let mut product = None;
        loop {
            self.rest = self.rest.trim_start();
            let unit_here = longest(self.vocabulary.units.iter().map(|unit| &unit.name), self.rest).is_some();
            let Some((value, length)) = magnitude_at(self.rest).filter(|_| !unit_here) else { return product };
            product = Some(product.unwrap_or(Number::ONE).times(&Number::from_integer(value)));
            self.rest = self.rest.get(length..).unwrap_or_default();
        }
    }
}

fn magnitude_at(text: &str) -> Option<(i64, usize)> {
    let character = text.chars().next()?;
    let value = match character {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    };
    Some((value, character.len_utf8()))
}

/// The name with the longest spelling that `text` begins with, and what follows it. A Latin spelling ends at a boundary.
fn longest<'a, 'n>(names: impl Iterator<Item = &'n Name>, text: &'a str) -> Option<(usize, &'a str)> {
    let mut best: Option<(usize, &str)> = None;
    for (index, name) in names.enumerate() {
        for spelling in name.spellings().filter(|spelling| !spelling.is_empty()) {
            let Some(rest) = text.strip_prefix(spelling) else { continue };
            let goes_on = spelling.ends_with(|last: char| last.is_ascii_alphabetic())
                && rest.starts_with(|next: char| next.is_ascii_alphanumeric());
            if !goes_on && best.is_none_or(|(_, shortest)| rest.len() < shortest.len()) {
                best = Some((index, rest));
            }
        }
    }
    best
}
