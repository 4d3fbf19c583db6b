//! How two columns stand to each other, row by row.

use std::cmp::Ordering;

use crate::batch::column::{Column, Values};
use crate::batch::told::order_letter;
use crate::date::Date;
use crate::evaluate::Steps;
use crate::model::parse_unit;
use crate::quantity::Number;

/// Two columns whose fields are compared.
pub(super) struct Order<'a> {
    left: &'a Column<'a>,
    right: &'a Column<'a>,
    /// How many months later the right side is taken.
    months: i32,
    /// What the whole numbers of each side count for, as numbers and, where they are small, as whole numbers.
    factors: [Number; 2],
    whole: Option<[i128; 2]>,
}

impl<'a> Order<'a> {
    pub(super) fn new(steps: Steps<'_>, left: &'a Column<'a>, right: &'a Column<'a>, months: i32) -> Self {
        let factor = |column: &Column<'_>| {
            let unit = column.unit.and_then(|unit| parse_unit(&steps.model.vocabulary, unit));
            let places = if let Values::Decimals(_, places) = column.values { places } else { 0 };
            Number::from_decimal(1, places).times(&unit.map_or(Number::ONE, |unit| unit.1))
        };
        let factors = [factor(left), factor(right)];
        let whole = whole_ratio(&factors[0], &factors[1]);
        Self { left, right, months, factors, whole }
    }

    /// Whether the values of two columns can be put in order as they stand.
    pub(super) const fn can_be_taken(left: &Values<'_>, right: &Values<'_>) -> bool {
        matches!((left, right), (Values::Days(_), Values::Days(_)) | (Values::Decimals(..), Values::Decimals(..)))
    }

    /// The letter of a row's order.
    pub(super) fn letter(&self, row: usize) -> u32 {
        self.ordering(row).map_or(0, order_letter)
    }

    fn ordering(&self, row: usize) -> Option<Ordering> {
        if !self.left.is_known(row) || !self.right.is_known(row) {
            return None;
        }
        match (&self.left.values, &self.right.values) {
            (Values::Days(left), Values::Days(right)) => {
                let (left, right) = (*left.get(row)?, *right.get(row)?);
                if self.months == 0 {
                    return Some(left.cmp(&right));
                }
                Some(Date::of_days(left)?.cmp(&Date::of_days(right)?.plus_months(self.months)?))
            }
            (Values::Decimals(left, _), Values::Decimals(right, _)) => {
                let (left, right) = (left.get(row)?, right.get(row)?);
                let products =
                    self.whole.and_then(|[mine, theirs]| Some((left.checked_mul(mine)?, right.checked_mul(theirs)?)));
                Some(match products {
                    Some((left, right)) => left.cmp(&right),
                    None => {
                        let [mine, theirs] = &self.factors;
                        let of = |number, factor: &Number| Number::from_decimal(number, 0).times(factor);
                        of(left, mine).cmp(&of(right, theirs))
                    }
                })
            }
            _ => None,
        }
    }
}

/// Two whole numbers that stand to each other as these do.
fn whole_ratio(left: &Number, right: &Number) -> Option<[i128; 2]> {
    let ratio = left.divide(right)?;
    let mut below: i128 = 1;
    for _ in 0..40 {
        if let Some((above, true)) = ratio.times(&Number::from_decimal(below, 0)).floor() {
            return Some([above, below]);
        }
        below = below.checked_mul(10)?;
    }
    None
}
