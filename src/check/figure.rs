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
use crate::diagnostic::{Code, Problem};
use crate::model::{Figure, Operator, PropertyValue, Reckoning, Vocabulary, parse_unit};
use crate::quantity::{Dimension, Number};
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
    let year = |role| entries_of(item, role).next().and_then(|entry| year_of(entry, source));
    Figure {
        id: id_of(item),
        title: title_of(item),
        citations: citations(item),
        values,
        year: year(Role::BaseYear),
        target_year: year(Role::TargetYear),
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

/// Works out the sums of figures, zones, blocks and tables.
pub(super) fn read_reckonings(scope: &mut Scope, inputs: &[Input<'_>]) {
    let kinds = [ItemKind::Figure, ItemKind::Indicator, ItemKind::Table, ItemKind::Zone, ItemKind::Block];
    let known: BTreeMap<String, usize> =
        scope.model.figures.iter().enumerate().map(|(number, figure)| (figure.id.clone(), number)).collect();
    for kind in kinds {
        for (item, source) in items(inputs, kind) {
            for entry in entries_of(item, Role::Reckon) {
                reckon(scope, item, entry, source, &known);
            }
        }
    }
}

fn reckon(scope: &mut Scope, item: &Item, entry: &Entry, source: &Source, known: &BTreeMap<String, usize>) {
    let tokens = tokens_of(entry).unwrap_or_default();
    let Some((left, operator, right)) = sides(tokens) else { return malformed(scope, entry) };
    let mut reads = Vec::new();
    let mut side = |tokens: &[Token]| {
        let vocabulary = &scope.model.vocabulary;
        let mut reader = Reader { figures: &scope.model.figures, vocabulary, known, tokens, at: 0, reads: &mut reads };
        let value = reader.sum();
        if reader.at < tokens.len() && value.is_ok() { Err(Fault::Malformed) } else { value }
    };
    let sums = side(left).and_then(|first| Ok((first, side(right)?)));
    let ((first, first_unit), (second, second_unit)) = match sums {
        Ok(sums) => sums,
        Err(Fault::Malformed) => return malformed(scope, entry),
        Err(Fault::Unknown(id, span)) => {
            scope.problems.push(Problem::error(Code::UnknownFigure, span).with(id));
            return;
        }
    };
    let unlike = first_unit.zip(second_unit).filter(|(one, other)| one != other);
    let holds = unlike.is_none()
        && match printed_places(right).filter(|_| operator == Operator::Equal) {
            Some(places) => first.rounded(places) == second.rounded(places),
            None => operator.holds(first.cmp(&second)),
        };
    let text = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => source.slice(first.span.to(last.span)).trim().to_owned(),
        _ => String::new(),
    };
    if !holds {
        let shown = match unlike {
            Some((one, other)) => {
                let text = |dimension| scope.model.vocabulary.dimension_text(dimension, true);
                format!("{}与{}", text(one), text(other))
            }
            None => shown(&first, printed_places(right), right),
        };
        let mut problem = Problem::warning(Code::ReckoningFails, entry.span).with(text.clone()).with(shown);
        for (id, _) in &reads {
            let Some(figure) = known.get(id).and_then(|number| scope.model.figures.get(*number)) else { continue };
            problem = problem.also(figure.span, crate::diagnostic::Words::new("印在这里", "printed here"));
        }
        scope.problems.push(problem);
    }
    let id = if id_of(item).is_empty() { title_of(item) } else { id_of(item) };
    let reckoning = Reckoning { id: id.clone(), text, sides: (first, second), unlike, holds, reads, span: entry.span };
    match known.get(&id).and_then(|number| scope.model.figures.get_mut(*number)) {
        Some(figure) => figure.reckonings.push(reckoning),
        None => scope.model.reckonings.push(reckoning),
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

/// A number with what it measures, where that is said.
type Measured = (Number, Option<Dimension>);

/// What a sum of two measures.
fn both(one: Option<Dimension>, other: Option<Dimension>) -> Option<Dimension> {
    one.or(other)
}

enum Fault {
    Malformed,
    Unknown(String, Span),
}

/// Reads `a + b × (c − d)` over numbers and figures; units behind numbers say nothing.
struct Reader<'a> {
    figures: &'a [Figure],
    vocabulary: &'a Vocabulary,
    known: &'a BTreeMap<String, usize>,
    tokens: &'a [Token],
    at: usize,
    reads: &'a mut Vec<(String, Number)>,
}

impl Reader<'_> {
    fn sum(&mut self) -> Result<Measured, Fault> {
        let (mut total, mut unit) = self.product()?;
        loop {
            let minus = self.takes(Sign::Minus);
            if !minus && !self.takes(Sign::Plus) {
                return Ok((total, unit));
            }
            let (next, own) = self.product()?;
            total = if minus { total.minus(&next) } else { total.plus(&next) };
            unit = both(unit, own);
        }
    }

    fn product(&mut self) -> Result<Measured, Fault> {
        let (mut total, mut unit) = self.atom()?;
        loop {
            if self.takes(Sign::Times) {
                total = total.times(&self.atom()?.0);
            } else if let Some((id, span)) = self.over_figure() {
                self.at += 1;
                total = total.divide(&self.figure(&id, span)?.0).ok_or(Fault::Malformed)?;
            } else if self.takes(Sign::Slash) {
                total = total.divide(&self.atom()?.0).ok_or(Fault::Malformed)?;
            } else {
                return Ok((total, unit));
            }
            // A product measures something else, and what does not matter here.
            unit = None;
        }
    }

    fn atom(&mut self) -> Result<Measured, Fault> {
        let token = self.tokens.get(self.at).ok_or(Fault::Malformed)?;
        self.at += 1;
        let (value, mut unit) = match &token.kind {
            TokenKind::Number(text) => (text.parse().map_err(|_| Fault::Malformed)?, None),
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
            let found = parse_unit(self.vocabulary, run).map(|(dimension, _, _)| dimension);
            unit = both(unit, found.filter(|dimension| *dimension != Dimension::NONE));
            self.at += 1;
        }
        Ok((value, unit))
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
        let figure = self.known.get(id).and_then(|number| self.figures.get(*number)).ok_or_else(unknown)?;
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
            PropertyValue::Amount(quantity) => Some(quantity.dimension).filter(|found| *found != Dimension::NONE),
            _ => None,
        });
        Ok((number, unit))
    }

    fn takes(&mut self, sign: Sign) -> bool {
        let stands = self.tokens.get(self.at).is_some_and(|token| token.kind == TokenKind::Sign(sign));
        self.at += usize::from(stands);
        stands
    }
}
