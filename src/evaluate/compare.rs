//! Comparisons of two fields, decided by intervals where they can be.

use std::cmp::Ordering;

use crate::date::Date;
use crate::evaluate::amount::Measure;
use crate::evaluate::state::State;
use crate::facts::FactValue;
use crate::model::{FieldId, Operator};
use crate::program::{CellSet, JUDGED, Key, NO, Program, Scale, Variable, YES};

/// One side of a comparison of days: from, to, and whether it may be none.
#[derive(Debug, Clone, Copy)]
struct Side {
    first: Option<(Date, bool)>,
    last: Option<(Date, bool)>,
    none: bool,
    some: bool,
}

impl Side {
    /// The same so many months later. Months are not all of one length, so that an open end stays where it may lie.
    fn later(self, months: i32) -> Self {
        if months == 0 {
            return self;
        }
        let moved = |edge: Option<(Date, bool)>| edge.and_then(|(day, own)| Some((day.plus_months(months)?, own)));
        Self { first: moved(self.first), last: moved(self.last), ..self }
    }
}

/// The cell of a comparison whose sides stand so to each other.
#[must_use]
pub const fn answer_of(operator: Operator, ordering: Ordering) -> u32 {
    match (operator.holds(ordering), operator) {
        (true, _) => YES,
        (false, Operator::About) => JUDGED,
        (false, _) => NO,
    }
}

/// Decides comparisons of one case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison<'a> {
    pub(super) measure: Measure<'a>,
    pub(super) program: &'a Program,
    pub(super) period: Option<(Date, Date)>,
}

impl Comparison<'_> {
    /// The cells that a comparison may have.
    pub(super) fn state(
        &self,
        (left, operator, right): (FieldId, Operator, FieldId),
        months: i32,
        states: &[State],
    ) -> State {
        let cell = |ordering: Option<Ordering>| ordering.map_or(NO, |ordering| answer_of(operator, ordering));
        if let Ok(ordering) = self.measure.compare(left, right, months) {
            return State::Cell(cell(ordering));
        }
        let (mine, theirs) = (self.side(left, states), self.side(right, states).later(months));
        let mut cells = vec![];
        if mine.none || theirs.none {
            cells.push(NO);
        }
        if mine.some && theirs.some {
            cells.extend(orderings(mine, theirs).into_iter().map(|ordering| cell(Some(ordering))));
        }
        cells.sort_unstable();
        let mut set = CellSet::empty();
        cells.into_iter().for_each(|cell| set.push(cell, cell));
        State::of(set)
    }

    fn side(&self, field: FieldId, states: &[State]) -> Side {
        match self.measure.facts.get(field).map(|fact| &fact.value) {
            Some(FactValue::Day(day)) => {
                return Side { first: Some((*day, true)), last: Some((*day, true)), none: false, some: true };
            }
            Some(FactValue::None) => return Side { first: None, last: None, none: true, some: false },
            Some(_) => return Side { first: None, last: None, none: false, some: true },
            None => {}
        }
        let optional = self.measure.model.vocabulary.field(field).is_some_and(|field| field.optional);
        let mut side = Side { first: None, last: None, none: optional, some: true };
        if self.measure.roles.as_of == Some(field)
            && let Some((first, last)) = self.period
        {
            side.first = Some((first, true));
            side.last = Some((last, true));
        }
        self.narrowed(field, side, states)
    }

    /// The side as the states of the field's own variables narrow it.
    fn narrowed(&self, field: FieldId, mut side: Side, states: &[State]) -> Side {
        let state = |key: &Key| {
            let number = self.program.variable(key)? as usize;
            Some((self.program.variables.get(number)?, states.get(number)?))
        };
        if let Some((_, state)) = state(&Key::Presence(field)) {
            let cells = state.cells();
            side.none = side.none && cells.contains(YES);
            side.some = cells.contains(NO);
        }
        if let Some((variable, state)) = state(&Key::Day(field)) {
            let cells = state.cells();
            side.none = side.none && cells.contains(variable.none);
            let days = cells.without(&CellSet::one(variable.none));
            side.some = !days.is_empty();
            if let Some((first, last)) = days.ends() {
                side.first = edge(variable, first, false).or(side.first);
                side.last = edge(variable, last, true).or(side.last);
            }
        }
        side
    }
}

/// The day at the lower or upper end of a cell, and whether it belongs to it.
fn edge(variable: &Variable, cell: u32, upper: bool) -> Option<(Date, bool)> {
    let Scale::Days(days) = &variable.scale else { return None };
    let index = (cell / 2) as usize;
    if cell % 2 == 1 {
        return days.get(index).map(|day| (*day, true));
    }
    let index = if upper { Some(index) } else { index.checked_sub(1) };
    index.and_then(|index| days.get(index)).map(|day| (*day, false))
}

/// How two sides may stand to each other.
fn orderings(left: Side, right: Side) -> Vec<Ordering> {
    let before = |lower: Option<(Date, bool)>, upper: Option<(Date, bool)>| match (lower, upper) {
        (Some((lower, _)), Some((upper, _))) => lower < upper,
        _ => true,
    };
    let touch = |lower: Option<(Date, bool)>, upper: Option<(Date, bool)>| match (lower, upper) {
        (Some((lower, mine)), Some((upper, theirs))) => lower < upper || (lower == upper && mine && theirs),
        _ => true,
    };
    let mut orderings = Vec::new();
    if before(left.first, right.last) {
        orderings.push(Ordering::Less);
    }
    if touch(left.first, right.last) && touch(right.first, left.last) {
        orderings.push(Ordering::Equal);
    }
    if before(right.first, left.last) {
        orderings.push(Ordering::Greater);
    }
    orderings
}
