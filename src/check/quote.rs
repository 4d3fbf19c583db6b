//! The clause's numbers against its quotes: each must be printed there, with a comparator of equal meaning.

use crate::check::condition::turned;
use crate::check::lexicon::{Meaning, power_of_ten};
use crate::check::scope::Scope;
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{Clause, Comparator, Condition, Operator, Part, Test, TestKind};
use crate::quantity::{Dimension, Number, Quantity};

/// Words that a numeral counts things with, beside the vocabulary's units.
const MEASURE_WORDS: [char; 12] = ['个', '处', '家', '座', '宗', '项', '条', '种', '类', '份', '套', '名'];

/// A number printed in a quote.
#[derive(Debug, Clone)]
struct Printed {
    value: Number,
    dimension: Dimension,
    has_unit: bool,
    comparison: Option<(Operator, String)>,
    /// Whether a ban stands before it in its part of the sentence: 禁止…以下 requires what is not 以下.
    banned: bool,
}

impl Printed {
    /// What the quote requires of the number.
    fn required(&self) -> Option<Operator> {
        let (operator, _) = self.comparison.as_ref()?;
        if self.banned { operator.negated() } else { Some(*operator) }
    }
}

pub(super) fn check_clause(scope: &mut Scope, clause: &Clause) {
    let quotes: Vec<&str> = clause.citations.iter().filter_map(|citation| citation.quote.as_deref()).collect();
    if quotes.is_empty() || clause.quote_differs.is_some() {
        return;
    }
    let printed: Vec<Printed> = quotes.iter().flat_map(|quote| printed_numbers(scope, quote)).collect();
    let bodies = std::iter::once(&clause.body);
    for part in bodies.flat_map(|body| &body.parts) {
        check_part(scope, clause, part, &printed);
    }
}

fn check_part(scope: &mut Scope, clause: &Clause, part: &Part, printed: &[Printed]) {
    let mut selecting = Vec::new();
    collect(&part.selector, false, &mut selecting);
    let selecting_count = selecting.len();
    let mut bounds = selecting;
    collect(&part.requirement, false, &mut bounds);
    for (index, (test, comparator, quantity, negated)) in bounds.into_iter().enumerate() {
        if scope.unquoted.contains(&test.span) {
            continue;
        }
        let equal: Vec<&Printed> = printed
            .iter()
            .filter(|number| number.dimension == quantity.dimension || !number.has_unit)
            .filter(|number| {
                number.value == quantity.value || !number.has_unit && number.value == quantity.in_own_unit()
            })
            .collect();
        let citation = clause.citations.first().map(|citation| citation.span).unwrap_or(clause.span);
        if equal.is_empty() {
            let number = scope.numbers.get(&test.span).copied().unwrap_or(test.span);
            let problem = Problem::error(Code::QuoteNumber, number)
                .with(quantity.text())
                .also(citation, Words::new("引文", "the quote"));
            scope.problems.push(problem);
            continue;
        }
        let required = if negated { comparator.operator.negated() } else { Some(comparator.operator) };
        // What selects is quoted as it stands; so is a ban whose word stands elsewhere in the plan.
        let as_written = |number: &Printed| {
            let quoted = number.comparison.as_ref().map(|(operator, _)| *operator);
            (index < selecting_count || negated && !number.banned) && quoted == Some(comparator.operator)
        };
        let fits =
            |number: &&Printed| number.comparison.is_none() || number.required() == required || as_written(number);
        if !equal.iter().any(fits)
            && let Some((_, words)) = equal.first().and_then(|number| number.comparison.as_ref())
        {
            let problem = Problem::error(Code::QuoteComparator, test.span)
                .with(comparator.words.clone())
                .with(words.clone())
                .also(citation, Words::new("引文", "the quote"));
            scope.problems.push(problem);
        }
    }
}

type Bound<'a> = (&'a Test, &'a Comparator, &'a Quantity, bool);

fn collect<'a>(condition: &'a Condition, negated: bool, bounds: &mut Vec<Bound<'a>>) {
    match condition {
        Condition::Test(test) => match &test.kind {
            TestKind::Amount { comparator, bound, .. }
            | TestKind::Distance { comparator, bound, .. }
            | TestKind::Count { comparator, bound, .. } => {
                bounds.push((test, comparator, bound, negated));
            }
            _ => {}
        },
        Condition::All(list) | Condition::Any(list) => {
            for inner in list {
                collect(inner, negated, bounds);
            }
        }
        Condition::Not(inner) => collect(inner, !negated, bounds),
        Condition::Always | Condition::Never => {}
    }
}

/// Every number of a quote with its unit and the comparator beside it.
fn printed_numbers(scope: &Scope, quote: &str) -> Vec<Printed> {
    let folded: Vec<char> = quote.chars().map(crate::ast::fold).collect();
    let mut numbers = Vec::new();
    let mut at = 0;
    while let Some(character) = folded.get(at) {
        let start = at;
        if let Some((number, mut end)) = number_word(scope, &folded, at) {
            let (value, dimension, has_unit, behind) = unit_behind(scope, &folded, at + 1, number);
            end = end.max(behind);
            numbers.push(printed(scope, &folded, (start, end), (value, dimension, has_unit)));
            at = end;
            continue;
        }
        if !character.is_ascii_digit() {
            at += 1;
            continue;
        }
        while folded.get(at).is_some_and(|next| next.is_ascii_digit() || *next == '.') {
            at += 1;
        }
        let text: String = folded.get(start..at).unwrap_or_default().iter().collect();
        let Ok(number) = text.trim_end_matches('.').parse::<Number>() else { continue };
        let (value, dimension, has_unit, end) = unit_behind(scope, &folded, at, number);
        numbers.push(printed(scope, &folded, (start, end), (value, dimension, has_unit)));
        at = end;
    }
    numbers
}

/// A number with what stands around it.
fn printed(
    scope: &Scope,
    text: &[char],
    (start, end): (usize, usize),
    (value, dimension, has_unit): (Number, Dimension, bool),
) -> Printed {
    let comparison = comparison_before(scope, text, start).or_else(|| comparison_behind(scope, text, end));
    let banned = is_banned(scope, text.get(..start).unwrap_or_default());
    Printed { value, dimension, has_unit, comparison, banned }
}

/// `一个`, `两处`, `三家`, `满一年`: a plain numeral that counts, and the end of its measure word. Ordinals and compounds
/// are none, so that 第一类 and 十四个 are not taken for a one and a four.
fn number_word(scope: &Scope, text: &[char], at: usize) -> Option<(Number, usize)> {
    let value = numeral(*text.get(at)?)?;
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    let is_part = |character: &char| numeral(*character).is_some() || matches!(character, '百' | '千' | '万' | '亿');
    if before.is_some_and(|before| is_part(before) || before.is_ascii_digit() || *before == '第') {
        return None;
    }
    let next = text.get(at + 1)?;
    if is_part(next) {
        return None;
    }
    let number = Number::from_integer(value);
    let (_, _, has_unit, _) = unit_behind(scope, text, at + 1, number.clone());
    match has_unit {
        true => Some((number, at + 1)),
        false => MEASURE_WORDS.contains(next).then_some((number, at + 2)),
    }
}

/// The value of 一 to 十, and of 两.
fn numeral(character: char) -> Option<i64> {
    let place = "一二三四五六七八九十".chars().position(|numeral| numeral == character);
    match place {
        Some(place) => i64::try_from(place + 1).ok(),
        None => (character == '两').then_some(2),
    }
}

fn unit_behind(scope: &Scope, text: &[char], start: usize, number: Number) -> (Number, Dimension, bool, usize) {
    let (mut at, mut value, mut dimension) = (start, number, Dimension::NONE);
    let (mut has_unit, mut dividing) = (false, false);
    if text.get(at) == Some(&'%') {
        let share = value.divide(&Number::from_integer(100)).unwrap_or(value);
        return (share, Dimension::NONE, true, at + 1);
    }
    while let Some((length, meaning)) = longest(scope, text, at, &|meaning| {
        matches!(meaning, Meaning::Unit(_) | Meaning::Magnitude(_) | Meaning::Per | Meaning::Basis(_))
    }) {
        match meaning {
            Meaning::Magnitude(power) if !has_unit => value = value.times(&power_of_ten(power)),
            Meaning::Per if has_unit => dividing = true,
            Meaning::Basis(_) => {}
            Meaning::Unit(index) if !has_unit || dividing => {
                let Some(unit) = scope.model.vocabulary.units.get(index as usize) else { break };
                if dividing {
                    dimension = dimension.per(unit.dimension);
                    value = value.divide(&unit.factor).unwrap_or(value);
                } else {
                    dimension = unit.dimension;
                    value = value.times(&unit.factor);
                }
                dividing = false;
                has_unit = true;
            }
            _ => break,
        }
        at += length;
    }
    (value, dimension, has_unit, at)
}

fn longest(scope: &Scope, text: &[char], at: usize, wanted: &dyn Fn(&Meaning) -> bool) -> Option<(usize, Meaning)> {
    let first = *text.get(at)?;
    let mut best: Option<(usize, Meaning)> = None;
    for (_, entry) in scope.lexicon.beginning_with(first) {
        let length = entry.characters.len();
        let stands = text.get(at..at + length).is_some_and(|slice| slice == entry.characters.as_slice());
        if !stands || best.as_ref().is_some_and(|(known, _)| *known >= length) {
            continue;
        }
        if let Some(meaning) = entry.meanings.iter().find(|meaning| wanted(meaning)) {
            best = Some((length, meaning.clone()));
        }
    }
    best
}

/// The comparison that ends right before a number: of the words that do, the longest. One that leaves its direction open
/// says nothing.
fn comparison_before(scope: &Scope, text: &[char], number: usize) -> Option<(Operator, String)> {
    for length in (1..=6).rev() {
        let Some(start) = number.checked_sub(length) else { continue };
        let word: String = text.get(start..number)?.iter().collect();
        let found = scope.meanings_of(&word).into_iter().find_map(|meaning| match meaning {
            Meaning::Comparison(comparison) if !comparison.behind => Some(comparison),
            _ => None,
        });
        match found {
            Some(comparison) if comparison.needs_direction => return None,
            Some(comparison) => return Some((comparison.operator, word)),
            None => {}
        }
    }
    None
}

fn comparison_behind(scope: &Scope, text: &[char], end: usize) -> Option<(Operator, String)> {
    let (early, start) = inclusion_at(text, end);
    let wanted = |meaning: &Meaning| matches!(meaning, Meaning::Comparison(comparison) if comparison.behind);
    let (length, meaning) = longest(scope, text, start, &wanted)?;
    let Meaning::Comparison(comparison) = meaning else { return None };
    let (late, after) = inclusion_at(text, start + length);
    let operator = early.or(late).map_or(comparison.operator, |inclusive| turned(comparison.operator, inclusive));
    Some((operator, text.get(end..after)?.iter().collect()))
}

/// （含） or （不含） at a place of a quote, and where the text goes on.
fn inclusion_at(text: &[char], at: usize) -> (Option<bool>, usize) {
    for (words, inclusive) in [("(含)", true), ("(不含)", false)] {
        let characters: Vec<char> = words.chars().collect();
        if text.get(at..at + characters.len()) == Some(characters.as_slice()) {
            return (Some(inclusive), at + characters.len());
        }
    }
    (None, at)
}

/// Whether a ban stands in this part of a sentence.
fn is_banned(scope: &Scope, before: &[char]) -> bool {
    let part = before.rsplit(|character| matches!(character, ',' | ';' | '。')).next().unwrap_or_default();
    let bans = |meaning: &Meaning| matches!(meaning, Meaning::Modal { bans: true, .. });
    (0..part.len()).any(|at| longest(scope, part, at, &bans).is_some())
}
