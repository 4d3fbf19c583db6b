//! Values of unknowns, compared and picked.

use super::*;

/// Visits every choice of one value for each slot until one visit answers yes.
pub(super) fn each_world(
    options: &[(Slot, Vec<Value>)],
    world: &mut World,
    visit: &mut impl FnMut(&World) -> bool,
) -> bool {
    let Some(((slot, values), rest)) = options.split_first() else { return visit(world) };
    for value in values {
        world.insert(slot.clone(), value.clone());
        if each_world(rest, world, visit) {
            world.remove(slot);
            return true;
        }
    }
    world.remove(slot);
    false
}

pub(super) fn yes_no(known: Option<bool>) -> Vec<Value> {
    match known {
        Some(answer) => vec![Value::Yes(answer)],
        None => vec![Value::Yes(false), Value::Yes(true)],
    }
}

pub(super) fn with_leaf(list: &Value, leaf: usize) -> Value {
    let Value::Leaves(first, leaves) = list else { return list.clone() };
    let mut leaves = leaves.clone();
    leaves.insert(leaf);
    Value::Leaves(first.or(Some(leaf)), leaves)
}

pub(super) fn compared(comparator: &Comparator, ordering: Ordering) -> Truth {
    match comparator.operator {
        Operator::About if ordering.is_ne() => Truth::Judgement,
        operator => Truth::of(operator.holds(ordering)),
    }
}

/// Each cut and `inner` numbers in every gap between cuts and at both ends, within the domain.
pub(super) fn points(cuts: &BTreeSet<Number>, domain: Option<Domain>, inner: i64) -> Vec<Number> {
    let mut cuts: BTreeSet<Number> = match domain {
        Some(Domain::Positive) => cuts.iter().filter(|cut| **cut > 0).cloned().collect(),
        Some(Domain::NotNegative) => cuts.iter().filter(|cut| **cut >= 0).cloned().collect(),
        None => cuts.clone(),
    };
    if domain == Some(Domain::NotNegative) {
        cuts.insert(Number::ZERO);
    }
    if cuts.is_empty() {
        return (1..=inner).map(Number::from_integer).collect();
    }
    let between = |low: &Number, high: &Number| -> Vec<Number> {
        let width = high.minus(low);
        (1..=inner)
            .filter_map(|step| {
                let share = Number::from_integer(step).divide(&Number::from_integer(inner + 1))?;
                Some(low.plus(&width.times(&share)))
            })
            .collect()
    };
    let mut found = Vec::new();
    let mut last: Option<Number> = match domain {
        Some(Domain::Positive) => Some(Number::ZERO),
        _ => None,
    };
    if let (None, Some(first)) = (domain, cuts.first()) {
        found.extend((1..=inner).map(|step| first.minus(&Number::from_integer(step))));
    }
    for cut in &cuts {
        if let Some(last) = &last {
            found.extend(between(last, cut));
        }
        found.push(cut.clone());
        last = Some(cut.clone());
    }
    if let Some(last) = cuts.last() {
        found.extend((1..=inner).map(|step| last.plus(&Number::from_integer(step))));
    }
    found
}

/// The day of a number, so many months later.
pub(super) fn later(number: i64, months: i32) -> i64 {
    static DAYS: OnceLock<HashMap<i64, Date>> = OnceLock::new();
    if months == 0 {
        return number;
    }
    let days = DAYS.get_or_init(|| {
        let days = (1900..2200).flat_map(|year| {
            (1..=12).flat_map(move |month| (1..=31).filter_map(move |day| Date::new(year, month, day)))
        });
        days.map(|day| (day_number(day), day)).collect()
    });
    days.get(&number).and_then(|day| day.plus_months(months)).map_or(number, day_number)
}

/// Days counted from the first of March of year 0.
pub(super) fn day_number(date: Date) -> i64 {
    let text = date.to_string();
    let mut parts = text.split('-').filter_map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next().unwrap_or_default(), parts.next().unwrap_or(1), parts.next().unwrap_or(1));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (month * 153 + 2) / 5 + day
}
