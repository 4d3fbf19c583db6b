//! Whether a field has a value at all, and how many a list has: `共伴生矿产 有`, `许可证号 无`, `矿种 数量 不超过 2个`.

use crate::check::condition::ConditionReader;
use crate::check::lexicon::Meaning;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Comparator, Condition, FieldId, FieldKind, Operator, TestKind};
use crate::quantity::{Dimension, Number, Quantity};

impl ConditionReader<'_> {
    /// The field named here, where it is one that may hold none, or a list.
    pub(super) fn listing_field(&self, ahead: usize) -> Option<FieldId> {
        let found = self.peek(ahead)?.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Field(field) => Some(*field),
            _ => None,
        })?;
        (self.is_optional(found) || self.is_list(found)).then_some(found)
    }

    fn is_optional(&self, field: FieldId) -> bool {
        self.scope.model.vocabulary.field(field).is_some_and(|known| known.optional)
    }

    fn is_list(&self, field: FieldId) -> bool {
        let known = self.scope.model.vocabulary.field(field);
        known.is_some_and(|known| known.many || matches!(known.kind, FieldKind::Areas(_)))
    }

    /// `有 共伴生矿产`, the field standing here.
    pub(super) fn exists(&mut self, wanted: bool) -> Option<Condition> {
        let start = self.at.saturating_sub(1);
        let field = self.listing_field(0)?;
        self.advance();
        self.existence(field, wanted, start)
    }

    /// Whether the field has a value: of an optional field, that it is not "none"; of a list, that it holds any.
    pub(super) fn existence(&mut self, field: FieldId, wanted: bool, start: usize) -> Option<Condition> {
        if self.is_optional(field) {
            let none = self.test(TestKind::Absent { field }, start);
            return Some(if wanted { Condition::Not(Box::new(none)) } else { none });
        }
        if self.is_list(field) {
            let (operator, words, bound) =
                if wanted { (Operator::AtLeast, "有", Number::ONE) } else { (Operator::Equal, "无", Number::ZERO) };
            let comparator = Comparator { operator, words: words.to_owned() };
            let bound = Quantity {
                value: bound,
                dimension: Dimension::NONE,
                basis: None,
                unit_text: String::new(),
                unit_factor: Number::ONE,
            };
            // No quote prints the number that 有 and 无 stand for.
            self.scope.unquoted.insert(self.span_since(start));
            return Some(self.test(TestKind::Count { field, comparator, bound }, start));
        }
        let (span, name) = (self.span_since(start), self.scope.field_name(field));
        self.fail(
            Problem::error(Code::WrongType, span).with_words(Words::new(
                format!("「{name}」没有声明 可无"),
                format!("`{name}` is not declared optional"),
            )),
        )
    }

    /// `矿种 数量 不超过 2个`, the word 数量 standing here.
    pub(super) fn count(&mut self, field: FieldId, start: usize) -> Option<Condition> {
        self.advance();
        let (comparator, bound, span) = self.bound()?;
        let whole = bound.unit_text != "%" && bound.value.to_string().parse::<u32>().is_ok();
        if !self.is_list(field) || !whole {
            let name = self.scope.field_name(field);
            return self.fail(Problem::error(Code::WrongType, span).with_words(match whole {
                true => Words::new(
                    format!("「{name}」只有一个值，没有数量"),
                    format!("`{name}` holds one value and has no number"),
                ),
                false => Words::new("数量是整数，如 2个", "a number of things is whole, such as 2"),
            }));
        }
        self.scope.numbers.insert(self.span_since(start), span);
        Some(self.test(TestKind::Count { field, comparator, bound }, start))
    }
}
