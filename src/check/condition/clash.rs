//! Conditions that stand together and never hold together: bounds that leave no number, two values of one field.

use crate::check::condition::ConditionReader;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Condition, FieldId, FieldKind, LeafSet, Operator, Test, TestKind};
use crate::span::Span;

impl ConditionReader<'_> {
    /// Complains of the first pair of a group that never holds together. `joined` says that the author wrote 且 between
    /// the conditions: two values of a field that can have several are then both meant.
    pub fn never_both(&mut self, group: &[Condition], joined: bool) {
        let tests: Vec<&Test> = group
            .iter()
            .filter_map(|condition| match condition {
                Condition::Test(test) => Some(test.as_ref()),
                _ => None,
            })
            .collect();
        for (index, later) in tests.iter().enumerate() {
            let earlier = tests.get(..index).unwrap_or_default();
            if let Some(problem) = earlier.iter().find_map(|earlier| self.pair(earlier, later, joined)) {
                if problem.severity() == crate::diagnostic::Severity::Error {
                    self.fail::<()>(problem);
                } else {
                    self.scope.problems.push(problem);
                }
                return;
            }
        }
    }

    fn pair(&self, earlier: &Test, later: &Test, joined: bool) -> Option<Problem> {
        match (&earlier.kind, &later.kind) {
            (
                TestKind::Amount { field, comparator, bound, basis },
                TestKind::Amount { field: same, comparator: other, bound: second, basis: of },
            ) if field == same && basis == of && bound.dimension == second.dimension => {
                let apart = leave_nothing((comparator.operator, &bound.value), (other.operator, &second.value));
                let place = self.scope.numbers.get(&later.span).copied().unwrap_or(later.span);
                apart.then(|| problem(earlier, later, place))
            }
            (
                TestKind::Day { field, comparator, bound },
                TestKind::Day { field: same, comparator: other, bound: second },
            ) if field == same => {
                let apart = leave_nothing((comparator.operator, bound), (other.operator, second));
                apart.then(|| problem(earlier, later, later.span))
            }
            (TestKind::Member { field, leaves, .. }, TestKind::Member { field: same, leaves: others, .. })
                if field == same && !leaves.meets(others) =>
            {
                self.values(*field, earlier, later, (leaves, others), joined)
            }
            _ => None,
        }
    }

    /// Two values of one field side by side. Where the field can have several, both are asked for: hardly what is meant.
    fn values(
        &self,
        field: FieldId,
        earlier: &Test,
        later: &Test,
        (leaves, others): (&LeafSet, &LeafSet),
        joined: bool,
    ) -> Option<Problem> {
        if !matches!(self.scope.kind(field)?, FieldKind::Member(_)) || leaves.is_empty() || others.is_empty() {
            return None;
        }
        let many = self.scope.model.vocabulary.field(field)?.many;
        if many && joined {
            return None;
        }
        let both = format!("{}、{}", earlier.words, later.words);
        let name = self.scope.field_name(field);
        let help = Words::new(
            format!("二者居其一的，写成「{both}」；「{name}」两样都要的，写明「且」"),
            format!("where either is enough, write `{both}`; where {name} is to have both, write `and`"),
        );
        let single = Words::new(
            format!("「{name}」只有一个值；二者居其一的，写成「{both}」"),
            format!("{name} has one value; where either is enough, write `{both}`"),
        );
        Some(if many {
            let words = Words::new(format!("要「{}」又要「{}」", earlier.words, later.words), both.clone());
            Problem::warning(Code::NeverBoth, later.span).with_words(words).help(help)
        } else {
            problem(earlier, later, later.span).help(single)
        })
    }
}

fn problem(earlier: &Test, later: &Test, place: Span) -> Problem {
    let words = Words::new(
        format!("「{}」「{}」", earlier.words, later.words),
        format!("`{}`, `{}`", earlier.words, later.words),
    );
    Problem::error(Code::NeverBoth, place).with_words(words).also(earlier.span, Words::new("先在这里", "first here"))
}

/// Whether no value stands so to both bounds.
pub(in crate::check) fn leave_nothing<T: Ord>(one: (Operator, &T), other: (Operator, &T)) -> bool {
    floor_passes_cap(one, other) || floor_passes_cap(other, one)
}

fn floor_passes_cap<T: Ord>(floor: (Operator, &T), cap: (Operator, &T)) -> bool {
    let closed_floor = match floor.0 {
        Operator::AtLeast | Operator::Equal => true,
        Operator::Above => false,
        _ => return false,
    };
    let closed_cap = match cap.0 {
        Operator::AtMost | Operator::Equal => true,
        Operator::Below => false,
        _ => return false,
    };
    floor.1 > cap.1 || (floor.1 == cap.1 && !(closed_floor && closed_cap))
}
