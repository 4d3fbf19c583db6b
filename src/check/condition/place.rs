//! What is printed of the place a case lies in, and numbers that stand elsewhere: `所在区块 的 矿种`, `从「…」`.

use crate::check::condition::{ConditionReader, all, any};
use crate::check::lexicon::{Comparison, Meaning};
use crate::check::pieces::Piece;
use crate::check::upper;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{
    Comparator, Condition, FieldId, FieldKind, LeafSet, Operator, Place, PlaceKind, PropertyValue, TestKind,
};

/// A property of the place that a field names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlaceProperty {
    /// The field that says which place.
    holder: FieldId,
    kind: PlaceKind,
    /// What is asked of the place.
    property: FieldId,
}

impl ConditionReader<'_> {
    /// The property that stands here as `所在区块 的 矿种`.
    pub(super) fn place_property(&self) -> Option<PlaceProperty> {
        let holder = self.field_at(0)?;
        let kind = self.place_kind(holder)?;
        if !self.has(1, |meaning| *meaning == Meaning::Filler) {
            return None;
        }
        Some(PlaceProperty { holder, kind, property: self.field_at(2)? })
    }

    /// The kind of place that a field names.
    pub(super) fn place_kind(&self, holder: FieldId) -> Option<PlaceKind> {
        let enumeration = self.scope.kind(holder)?.enumeration()?;
        let name = &self.scope.enumeration(enumeration)?.name.chinese;
        [PlaceKind::Zone, PlaceKind::Block].into_iter().find(|kind| kind.word() == name.as_str())
    }

    pub(super) fn field_at(&self, ahead: usize) -> Option<FieldId> {
        self.peek(ahead)?.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Field(field) => Some(*field),
            _ => None,
        })
    }

    /// A field against the same property of the place the case lies in: for each place, "lies in it, and …". A place of
    /// which it is not printed leaves the number missing.
    pub(super) fn compare_place(
        &mut self,
        field: FieldId,
        comparison: Option<(Operator, String)>,
        own: PlaceProperty,
        start: usize,
    ) -> Option<Condition> {
        self.at += 3;
        let span = self.span_since(start);
        self.scope.unquoted.insert(span);
        let places: Vec<Place> =
            self.scope.model.places.iter().filter(|place| place.kind == own.kind).cloned().collect();
        let mut cases = Vec::new();
        let mut silent = LeafSet::empty();
        let mut unprinted = Vec::new();
        for place in &places {
            let leaves = self.place_leaves(own.holder, place);
            match place.property(own.property).map(|property| property.value.clone()) {
                Some(value) => {
                    let named = vec![place.member];
                    let inside = self.test(TestKind::Member { field: own.holder, leaves, named }, start);
                    let holds = self.against(field, comparison.as_ref(), &value, start);
                    let Some(holds) = holds else {
                        let (one, other) = (self.scope.field_name(field), self.scope.field_name(own.property));
                        return self.fail(Problem::error(Code::WrongType, span).with_words(Words::new(
                            format!("「{one}」与「{}」的「{other}」不能比较", place.title),
                            format!("`{one}` and `{other}` of `{}` cannot be compared", place.title),
                        )));
                    };
                    cases.push(all(vec![inside, holds]));
                }
                None => {
                    silent.unite(&leaves);
                    unprinted.push(place.member);
                }
            }
        }
        if !unprinted.is_empty() {
            let inside = self.test(TestKind::Member { field: own.holder, leaves: silent, named: unprinted }, start);
            let name = format!("{} 的 {}", self.scope.field_name(own.holder), self.scope.field_name(own.property));
            cases.push(all(vec![inside, self.test(TestKind::Parameter { name, of: Some(field) }, start)]));
        }
        Some(any(cases))
    }

    fn place_leaves(&self, holder: FieldId, place: &Place) -> LeafSet {
        let enumeration = self.scope.kind(holder).and_then(FieldKind::enumeration);
        enumeration.map(|enumeration| self.scope.leaves(enumeration, place.member)).unwrap_or_default()
    }

    fn against(
        &self,
        field: FieldId,
        comparison: Option<&(Operator, String)>,
        value: &PropertyValue,
        start: usize,
    ) -> Option<Condition> {
        match value {
            PropertyValue::Members(members) => {
                let enumeration = self.scope.kind(field)?.enumeration()?;
                let mut leaves = LeafSet::empty();
                members.iter().for_each(|member| leaves.unite(&self.scope.leaves(enumeration, *member)));
                Some(self.test(TestKind::Member { field, leaves, named: members.clone() }, start))
            }
            PropertyValue::Amount(quantity) => {
                let (operator, words) = comparison.cloned().unwrap_or((Operator::Equal, "是".to_owned()));
                let FieldKind::Quantity(dimensions) = self.scope.kind(field)? else { return None };
                if !dimensions.contains(&quantity.dimension) {
                    return None;
                }
                let basis = self.scope.bound_basis(quantity);
                let comparator = Comparator { operator, words };
                Some(self.test(TestKind::Amount { field, comparator, bound: quantity.clone(), basis }, start))
            }
            PropertyValue::Day(day) => {
                let (operator, words) = comparison.cloned().unwrap_or((Operator::Equal, "是".to_owned()));
                let comparator = Comparator { operator, words };
                Some(self.test(TestKind::Day { field, comparator, bound: *day }, start))
            }
            PropertyValue::YesNo(_) | PropertyValue::Text => None,
        }
    }

    /// `生产规模 不低于 从「重庆市最低开采规模」`: a number of a plan above, missing until that is loaded.
    pub(super) fn parameter(
        &mut self,
        field: FieldId,
        front: Option<(Comparison, String)>,
        start: usize,
    ) -> Option<Condition> {
        self.advance();
        let Some(Piece::Quote(name, place)) = self.peek(0) else {
            return self.incomplete("「从」后面应有「…」", "a quote is wanted behind `defers to`");
        };
        let (name, place) = (name.clone(), *place);
        self.advance();
        let comparator = self.comparator(front, place)?;
        let Condition::Test(missing) = self.test(TestKind::Parameter { name, of: Some(field) }, start) else {
            return None;
        };
        // No quote of this plan holds the number.
        self.scope.unquoted.insert(missing.span);
        match upper::number(self.scope, *missing, &comparator, place) {
            Ok(condition) => Some(condition),
            Err(problem) => self.fail(*problem),
        }
    }
}
