//! What indicators are held against: printed numbers, numbers of plans above, numbers that are printed of each place.

use crate::ast::Sign;
use crate::check::condition::ConditionReader;
use crate::check::lexicon::Meaning;
use crate::check::pieces::Piece;
use crate::check::upper;
use crate::model::{Bound, Limit, MemberId, Place, PlaceKind, PropertyValue};
use crate::quantity::Quantity;
use crate::span::Span;

impl ConditionReader<'_> {
    /// One bound, or several that all hold: `不低于 10个 且 不超过 20个`.
    pub fn limits(&mut self) -> Option<Vec<(Limit, Span)>> {
        let mut limits = vec![self.limit()?];
        while self.peek(0).is_some() {
            if self.has(0, |meaning| *meaning == Meaning::And) || self.is_sign(0, Sign::Comma) {
                self.advance();
            }
            limits.push(self.limit()?);
        }
        Some(limits)
    }

    fn limit(&mut self) -> Option<(Limit, Span)> {
        let start = self.at;
        let front = self.comparison_here();
        if front.is_some() {
            self.advance();
        }
        let (bound, span) = if self.has(0, |meaning| *meaning == Meaning::DefersTo) {
            self.elsewhere()?
        } else if let Some((kind, label)) = self.of_place() {
            self.of_each_place(kind, &label)
        } else {
            self.at = start;
            let (comparator, bound, span) = self.bound()?;
            return Some((Limit { comparator, bound: Bound::Printed(bound) }, span));
        };
        let comparator = self.comparator(front, span)?;
        Some((Limit { comparator, bound }, span))
    }

    /// `从「…」`.
    fn elsewhere(&mut self) -> Option<(Bound, Span)> {
        self.advance();
        let Some(Piece::Quote(name, place)) = self.peek(0) else {
            return self.incomplete("「从」后面应有「…」", "a quote is wanted behind `defers to`");
        };
        let (name, place) = (name.clone(), *place);
        self.advance();
        match upper::only_number(self.scope, &name, place) {
            Ok(found) => Some((Bound::Elsewhere { name, found }, place)),
            Err(problem) => self.fail(*problem),
        }
    }

    /// `所在分区 的 面积`, `所在分区 的「矿山数上限」`: which places, and under which label it is printed of them.
    fn of_place(&self) -> Option<(PlaceKind, String)> {
        let kind = self.place_kind(self.field_at(0)?)?;
        if !self.has(1, |meaning| *meaning == Meaning::Filler) {
            return None;
        }
        let label = match self.peek(2)? {
            Piece::Quote(label, _) => label.clone(),
            _ => self.scope.field_name(self.field_at(2)?),
        };
        Some((kind, label))
    }

    fn of_each_place(&mut self, kind: PlaceKind, label: &str) -> (Bound, Span) {
        let start = self.at;
        self.at += 3;
        let number = |place: &Place| -> Option<Quantity> {
            let property = place.properties.iter().find(|property| property.label == label)?;
            match &property.value {
                PropertyValue::Amount(quantity) => Some(quantity.clone()),
                PropertyValue::Members(_) | PropertyValue::Day(_) | PropertyValue::YesNo(_) | PropertyValue::Text => {
                    None
                }
            }
        };
        let places = self.scope.model.places.iter().filter(|place| place.kind == kind);
        let values: Vec<(MemberId, Option<Quantity>)> = places.map(|place| (place.member, number(place))).collect();
        let words = format!("各{}的{label}", kind.word());
        (Bound::OfPlace { words, values }, self.span_since(start))
    }
}
