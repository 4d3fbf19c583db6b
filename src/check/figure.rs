//! Figures: printed values and the sums that can be checked.

use std::collections::BTreeMap;

use crate::ast::{Entry, Item, ItemKind, Role, Sign, Token, TokenKind};
use crate::check::clause::{citations, text_of};
use crate::check::names::folded;
use crate::check::plan::{id_of, malformed, title_of};
use crate::check::property::read_property;
use crate::check::scope::Scope;
use crate::check::vocabulary::{entries_of, tokens_of};
use crate::check::{Input, items};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{
    Figure, Indicator, Model, Operator, Property, PropertyValue, Reckoning, Unlike, Vocabulary, parse_unit,
};
use crate::quantity::{Dimension, Number, Quantity};
use crate::source::Source;
use crate::span::Span;

/// Reads the figures of all files; their sums come when all are read.
pub(super) fn read_figures(scope: &mut Scope, inputs: &[Input<'_>]) {
    for (item, source) in items(inputs, ItemKind::Figure) {
        let figure = read_figure(scope, item, source);
        scope.model.figures.push(figure);
    }
}

fn read_figure(scope: &mut Scope, item: &Item, source: &Source) -> Figure {
    let mut values = Vec::new();
    for entry in item.entries.iter().filter(|entry| entry.role.is_none()) {
        match read_property(scope, entry, source) {
            Some(value) => values.push(value),
            None => malformed(scope, entry),
        }
    }
    let mut year = |role| entries_of(item, role).next().and_then(|entry| year_told(scope, entry, source));
    let (year, target_year) = (year(Role::BaseYear), year(Role::TargetYear));
    Figure {
        id: id_of(item),
        title: title_of(item),
        citations: citations(item),
        values,
        year,
        target_year,
        reckonings: Vec::new(),
        span: item.head_span(),
    }
}

/// The year that an entry names.
pub(super) fn year_of(entry: &Entry, source: &Source) -> Option<i32> {
    let text = text_of(entry, source);
    let digits: String = text.chars().map(crate::ast::fold).take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The year that an entry names; a problem where it names none.
pub(super) fn year_told(scope: &mut Scope, entry: &Entry, source: &Source) -> Option<i32> {
    let year = year_of(entry, source);
    if year.is_none() {
        let word = entry.role.as_ref().map(|role| Words::new(role.kind.chinese(), role.kind.english()));
        let problem = Problem::error(Code::MalformedEntry, entry.span).with_words(word.unwrap_or_default());
        scope.problems.push(problem.help(Words::new("年份写成 2025", "write the year as 2025")));
    }
    year
}

/// What a reckoning can name: printed values under an id, and where they stand.
struct Printed {
    values: Vec<Property>,
    span: Span,
}

/// The figures, and the bounds that indicators print.
fn printed(model: &Model) -> BTreeMap<String, Printed> {
    let of_figure = |figure: &Figure| Printed { values: figure.values.clone(), span: figure.span };
    let bound = |indicator: &Indicator, quantity: &Quantity| Property {
        label: indicator.title.clone(),
        field: None,
        value: PropertyValue::Amount(quantity.clone()),
        text: quantity.text(),
        span: indicator.span,
    };
    let of_indicator = |indicator: &Indicator| Printed {
        values: indicator.body.quantities().map(|quantity| bound(indicator, quantity)).collect(),
        span: indicator.span,
    };
    let indicators = model.indicators.iter().map(|indicator| (indicator.id.clone(), of_indicator(indicator)));
    indicators.chain(model.figures.iter().map(|figure| (figure.id.clone(), of_figure(figure)))).collect()
}

/// Works out the sums of figures, indicators, zones, blocks and tables.
pub(super) fn read_reckonings(scope: &mut Scope, inputs: &[Input<'_>]) {
    let kinds = [ItemKind::Figure, ItemKind::Indicator, ItemKind::Table, ItemKind::Zone, ItemKind::Block];
    let known = printed(&scope.model);
    for kind in kinds {
        for (item, source) in items(inputs, kind) {
            for entry in entries_of(item, Role::Reckon) {
                reckon(scope, item, entry, source, &known);
            }
        }
    }
}

/// What a reckoning comes to.
struct Worked {
    sides: Option<(Number, Number)>,
    unlike: Option<Unlike>,
    holds: bool,
}

fn reckon(scope: &mut Scope, item: &Item, entry: &Entry, source: &Source, known: &BTreeMap<String, Printed>) {
    let tokens = tokens_of(entry).unwrap_or_default();
    let Some((left, operator, right)) = sides(tokens) else { return malformed(scope, entry) };
    let mut reads = Vec::new();
    let mut side = |tokens: &[Token]| {
        let mut reader = Reader { vocabulary: &scope.model.vocabulary, known, tokens, at: 0, reads: &mut reads };
        let value = reader.sum();
        if reader.at < tokens.len() && value.is_ok() { Err(Fault::Malformed) } else { value }
    };
    let worked = match side(left).and_then(|first| Ok((first, side(right)?))) {
        Ok((first, second)) => compared(first, second, operator, printed_places(right)),
        Err(Fault::Unlike(dimensions)) => {
            Worked { sides: None, unlike: Some(Unlike { dimensions, added: true }), holds: false }
        }
        Err(Fault::Malformed) => return malformed(scope, entry),
        Err(Fault::Unknown(id, span)) => {
            scope.problems.push(Problem::error(Code::UnknownFigure, span).with(id));
            return;
        }
    };
    let text = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => source.slice(first.span.to(last.span)).trim().to_owned(),
        _ => String::new(),
    };
    if !worked.holds {
        let shown = said(scope, &worked, right);
        let mut problem = Problem::warning(Code::ReckoningFails, entry.span).with(text.clone()).with_words(shown);
        for printed in reads.iter().filter_map(|(id, _)| known.get(id)) {
            problem = problem.also(printed.span, Words::new("印在这里", "printed here"));
        }
        scope.problems.push(problem);
    }
    let id = if id_of(item).is_empty() { title_of(item) } else { id_of(item) };
    let Worked { sides, unlike, holds } = worked;
    let reckoning = Reckoning { id: id.clone(), text, sides, unlike, holds, reads, span: entry.span };
    match scope.model.figures.iter_mut().find(|figure| figure.id == id) {
        Some(figure) => figure.reckonings.push(reckoning),
        None => scope.model.reckonings.push(reckoning),
    }
}

fn compared(first: Measured, second: Measured, operator: Operator, places: Option<u32>) -> Worked {
    match first.clone().like(&second) {
        Err(dimensions) => {
            let unlike = Some(Unlike { dimensions, added: false });
            Worked { sides: Some((first.value, second.value)), unlike, holds: false }
        }
        Ok(first) => {
            let (first, second) = (first.value, second.value);
            let holds = match places.filter(|_| operator == Operator::Equal) {
                Some(places) => first.rounded(places) == second.rounded(places),
                None => operator.holds(first.cmp(&second)),
            };
            Worked { sides: Some((first, second)), unlike: None, holds }
        }
    }
}

/// What is wrong with it.
fn said(scope: &Scope, worked: &Worked, right: &[Token]) -> Words {
    let vocabulary = &scope.model.vocabulary;
    match (&worked.unlike, &worked.sides) {
        (Some(Unlike { dimensions: [one, other], added }), _) => {
            let text = |dimension: &Dimension, chinese| vocabulary.dimension_text(*dimension, chinese);
            let (chinese, english) = if *added { ("相加", "add") } else { ("比", "compare") };
            Words::new(
                format!("{}与{}不能{chinese}", text(one, true), text(other, true)),
                format!("has {} and {}, which do not {english}", text(one, false), text(other, false)),
            )
        }
        (None, Some((first, _))) => {
            let shown = shown(first, printed_places(right), right);
            Words::new(format!("算出来是 {shown}"), format!("comes out as {shown}"))
        }
        (None, None) => Words::default(),
    }
}

/// The sides of `a = b`, or of another comparison.
fn sides(tokens: &[Token]) -> Option<(&[Token], Operator, &[Token])> {
    let operator = |token: &Token| match token.kind {
        TokenKind::Sign(Sign::Equal) => Some(Operator::Equal),
        TokenKind::Sign(Sign::NotEqual) => Some(Operator::NotEqual),
        TokenKind::Sign(Sign::AtLeast) => Some(Operator::AtLeast),
        TokenKind::Sign(Sign::AtMost) => Some(Operator::AtMost),
        TokenKind::Sign(Sign::Above) => Some(Operator::Above),
        TokenKind::Sign(Sign::Below) => Some(Operator::Below),
        _ => None,
    };
    let at = tokens.iter().position(|token| operator(token).is_some())?;
    let right = tokens.get(at + 1..)?;
    if right.iter().any(|token| operator(token).is_some()) {
        return None;
    }
    Some((tokens.get(..at)?, operator(tokens.get(at)?)?, right))
}

/// The left side as the right one is printed.
fn shown(value: &Number, places: Option<u32>, right: &[Token]) -> String {
    let percent = right.iter().any(|token| matches!(&token.kind, TokenKind::Number(text) if text.ends_with('%')));
    match places {
        Some(places) if percent => {
            format!("{}%", value.times(&Number::from_integer(100)).rounded(places.saturating_sub(2).max(2)))
        }
        _ if value.to_string().contains('/') => value.rounded(4),
        _ => value.to_string(),
    }
}

/// How many places after the point a single printed number has; a percentage has two more.
fn printed_places(tokens: &[Token]) -> Option<u32> {
    let numbers = || {
        tokens.iter().filter_map(|token| match &token.kind {
            TokenKind::Number(text) => Some(text),
            _ => None,
        })
    };
    let only_number = numbers().count() == 1
        && tokens.iter().all(|token| matches!(token.kind, TokenKind::Number(_) | TokenKind::Run(_)))
        && matches!(tokens.first().map(|token| &token.kind), Some(TokenKind::Number(_)));
    if !only_number {
        return None;
    }
    let text = numbers().next()?;
    let bare = text.trim_end_matches('%');
    let places = bare.split_once('.').map_or(0, |(_, fraction)| fraction.chars().count());
    let percent = if text.ends_with('%') { 2 } else { 0 };
    u32::try_from(places + percent).ok()
}

/// A number in the unit that it is written in. One that is written bare, or counts, has none and takes the unit of what
/// it is added to or compared with.
#[derive(Clone)]
struct Measured {
    value: Number,
    unit: Option<Unit>,
}

#[derive(Clone)]
struct Unit {
    dimension: Dimension,
    /// How many base units it is.
    factor: Number,
}

impl Unit {
    /// A unit that is not that of a plain number.
    fn told(dimension: Dimension, factor: Number) -> Option<Self> {
        (dimension != Dimension::NONE || factor != Number::ONE).then_some(Self { dimension, factor })
    }
}

impl Measured {
    /// The same in the unit of another number; what both measure where that differs.
    fn like(self, other: &Self) -> Result<Self, [Dimension; 2]> {
        match (&self.unit, &other.unit) {
            (Some(own), Some(theirs)) if own.dimension != theirs.dimension => Err([own.dimension, theirs.dimension]),
            (Some(own), Some(theirs)) => {
                let value = self.value.times(&own.factor).divide(&theirs.factor).unwrap_or(self.value);
                Ok(Self { value, unit: other.unit.clone() })
            }
            (None, _) => Ok(Self { unit: other.unit.clone(), ..self }),
            (Some(_), None) => Ok(self),
        }
    }

    fn times(self, other: Self) -> Self {
        let unit = match (self.unit, other.unit) {
            (Some(one), Some(two)) => {
                Some(Unit { dimension: one.dimension.times(two.dimension), factor: one.factor.times(&two.factor) })
            }
            (one, two) => one.or(two),
        };
        Self { value: self.value.times(&other.value), unit }.reduced()
    }

    fn over(self, other: Self) -> Option<Self> {
        let one = self.unit.unwrap_or(Unit { dimension: Dimension::NONE, factor: Number::ONE });
        let two = other.unit.unwrap_or(Unit { dimension: Dimension::NONE, factor: Number::ONE });
        let unit = Unit { dimension: one.dimension.per(two.dimension), factor: one.factor.divide(&two.factor)? };
        Some(Self { value: self.value.divide(&other.value)?, unit: Some(unit) }.reduced())
    }

    /// A ratio of like amounts is a plain number, whatever their units.
    fn reduced(self) -> Self {
        match self.unit {
            Some(Unit { dimension: Dimension::NONE, factor }) => Self { value: self.value.times(&factor), unit: None },
            unit => Self { unit, ..self },
        }
    }
}

enum Fault {
    Malformed,
    Unknown(String, Span),
    /// Amounts that do not add.
    Unlike([Dimension; 2]),
}

/// Reads `a + b × (c − d)` over numbers, figures and bounds of indicators.
struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    known: &'a BTreeMap<String, Printed>,
    tokens: &'a [Token],
    at: usize,
    reads: &'a mut Vec<(String, Number)>,
}

impl Reader<'_> {
    fn sum(&mut self) -> Result<Measured, Fault> {
        let mut total = self.product()?;
        loop {
            let minus = self.takes(Sign::Minus);
            if !minus && !self.takes(Sign::Plus) {
                return Ok(total);
            }
            let next = self.product()?.like(&total).map_err(|[own, first]| Fault::Unlike([first, own]))?;
            let value = if minus { total.value.minus(&next.value) } else { total.value.plus(&next.value) };
            total = Measured { value, unit: next.unit };
        }
    }

    fn product(&mut self) -> Result<Measured, Fault> {
        let mut total = self.atom()?;
        loop {
            total = if self.takes(Sign::Times) {
                total.times(self.atom()?)
            } else if let Some((id, span)) = self.over_figure() {
                self.at += 1;
                total.over(self.figure(&id, span)?).ok_or(Fault::Malformed)?
            } else if self.takes(Sign::Slash) {
                total.over(self.atom()?).ok_or(Fault::Malformed)?
            } else {
                return Ok(total);
            };
        }
    }

    fn atom(&mut self) -> Result<Measured, Fault> {
        let token = self.tokens.get(self.at).ok_or(Fault::Malformed)?;
        self.at += 1;
        let mut value = match &token.kind {
            TokenKind::Number(text) => Measured { value: text.parse().map_err(|_| Fault::Malformed)?, unit: None },
            TokenKind::Bracket(inner) => {
                let mut reader = Reader { tokens: inner, at: 0, reads: self.reads, ..*self };
                let value = reader.sum()?;
                if reader.at < inner.len() {
                    return Err(Fault::Malformed);
                }
                value
            }
            TokenKind::Run(run) => return self.figure(&folded(run), token.span),
            _ => return Err(Fault::Malformed),
        };
        // A unit behind a number: `45个`, `71.17平方千米`.
        while let Some(TokenKind::Run(run)) = self.tokens.get(self.at).map(|next| &next.kind)
            && !self.known.contains_key(&folded(run))
            && self.over_figure().is_none()
        {
            let found =
                parse_unit(self.vocabulary, run).and_then(|(dimension, factor, _)| Unit::told(dimension, factor));
            value.unit = value.unit.or(found);
            self.at += 1;
        }
        Ok(value)
    }

    /// The figure of `/YC-033`, which is one run where no blank parts it.
    fn over_figure(&self) -> Option<(String, Span)> {
        let token = self.tokens.get(self.at)?;
        let TokenKind::Run(run) = &token.kind else { return None };
        let id = folded(run).strip_prefix('/')?.to_owned();
        self.known.contains_key(&id).then_some((id, token.span))
    }

    /// `YC-077`, or `YC-077 的 面积`.
    fn figure(&mut self, id: &str, span: Span) -> Result<Measured, Fault> {
        let unknown = || Fault::Unknown(id.to_owned(), span);
        let figure = self.known.get(id).ok_or_else(unknown)?;
        let next = |ahead: usize| match self.tokens.get(self.at + ahead).map(|token| &token.kind) {
            Some(TokenKind::Run(run)) => Some(folded(run)),
            Some(TokenKind::Quote(text)) => Some(text.clone()),
            _ => None,
        };
        let label = match next(0) {
            Some(word) if word == "的" || word == "of" => {
                let label = next(1);
                self.at += 2;
                label
            }
            Some(word) if word.starts_with('的') => {
                self.at += 1;
                Some(word.trim_start_matches('的').to_owned())
            }
            _ => None,
        };
        let value = match &label {
            Some(label) => figure.values.iter().find(|value| value.label == *label),
            None => figure.values.iter().find(|value| value.value.number().is_some()),
        };
        let number = value.and_then(|value| value.value.number()).ok_or_else(unknown)?;
        self.reads.push((id.to_owned(), number.clone()));
        let unit = value.and_then(|value| match &value.value {
            PropertyValue::Amount(quantity) if quantity.unit_text != "%" => {
                Unit::told(quantity.dimension, quantity.unit_factor.clone())
            }
            _ => None,
        });
        Ok(Measured { value: number, unit })
    }

    fn takes(&mut self, sign: Sign) -> bool {
        let stands = self.tokens.get(self.at).is_some_and(|token| token.kind == TokenKind::Sign(sign));
        self.at += usize::from(stands);
        stands
    }
}
