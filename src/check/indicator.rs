//! Indicators: `矿山 数量 控制在 38个以内（上限）`, `大型、中型 矿山 占全部 矿山 比例 不低于 60%`.

use crate::ast::{Content, Entry, Item, ItemKind, Role, Token, TokenKind};
use crate::check::clause::{NamedEntries, blank, describe, effective_entries, read_tokens, readings};
use crate::check::clause::{describes, fixed, forced, split_readings};
use crate::check::condition::{ConditionReader, all, leave_nothing};
use crate::check::figure::year_told;
use crate::check::lexicon::{Meaning, Measuring};
use crate::check::names::folded;
use crate::check::phrase::Modality;
use crate::check::pieces::{Piece, pieces, span_of};
use crate::check::plan::malformed;
use crate::check::render::render;
use crate::check::scope::Scope;
use crate::check::table::Said;
use crate::check::vocabulary::tokens_of;
use crate::check::{Input, items, quote};
use crate::diagnostic::{Code, Problem, Words};
use crate::model::{
    AttestationMode, Attribute, Body, Bound, BoundBasis, Checked, Clause, Comparator, Condition, FieldId, FieldKind,
    Force, Group, Indicator, IndicatorBody, Limit, Measure, OtherIndicator, Part, Test, TestKind,
};
use crate::quantity::{Dimension, Number, Quantity};
use crate::source::Source;
use crate::span::Span;

/// Reads the indicators of all files.
pub(super) fn read_indicators(scope: &mut Scope, inputs: &[Input<'_>]) {
    for (item, source) in items(inputs, ItemKind::Indicator) {
        let made = read_indicator(scope, item, source);
        if let Some(indicator) = made {
            check_quotes(scope, &indicator);
            scope.model.indicators.push(indicator);
        }
    }
}

fn read_indicator(scope: &mut Scope, item: &Item, source: &Source) -> Option<Indicator> {
    let mut described = blank(item);
    let (base, others) = split_readings(&item.entries);
    for entry in &base {
        if entry.role.as_ref().is_some_and(|role| describes(role.kind)) {
            describe(scope, &mut described, entry, source);
        }
    }
    readings(scope, &mut described, item, source);
    if described.citations.is_empty() {
        let problem = Problem::warning(Code::MissingCitation, described.span).with(described.id.clone());
        scope.problems.push(problem);
    }
    let before = scope.problems.len();
    let Some(body) = read_body(scope, &base, &described, source) else {
        if scope.problems.len() == before && !item.damaged {
            let problem = Problem::error(Code::EmptyClause, described.span).with(described.id.clone());
            scope.problems.push(problem);
        }
        return None;
    };
    let other_readings = other_readings(scope, &base, &others, &described, source);
    Some(made(described, body, other_readings))
}

fn made(described: Clause, body: IndicatorBody, other_readings: Vec<OtherIndicator>) -> Indicator {
    Indicator {
        id: described.id,
        title: described.title,
        citations: described.citations,
        body,
        reading: described.reading,
        other_readings,
        quote_differs: described.quote_differs,
        span: described.span,
    }
}

fn other_readings(
    scope: &mut Scope,
    base: &[&Entry],
    others: &[NamedEntries<'_>],
    described: &Clause,
    source: &Source,
) -> Vec<OtherIndicator> {
    let mut found = Vec::new();
    for (name, span, entries) in others {
        fixed(scope, entries, &[Role::Attribute, Role::Checked, Role::TargetYear]);
        let effective = effective_entries(base, entries);
        if let Some(body) = read_body(scope, &effective, described, source) {
            found.push(OtherIndicator { name: name.clone(), body, span: *span });
        }
    }
    found
}

/// The indicator that a row of a table makes.
pub(super) fn of_row(scope: &mut Scope, source: &Source, described: Clause, said: &Said<'_>) -> Option<Indicator> {
    let of = |scope: &mut Scope, tokens: &[Token], entries: &[&Entry], attribute: Option<Attribute>| {
        let terms = Terms { attribute, ..terms(scope, entries, &described, source) };
        let applies = applies(scope, entries, &described.id);
        phrase(scope, tokens, &described.id, &applies, terms)
    };
    let body = of(scope, &said.tokens, &said.entries, described.attribute)?;
    let mut others = Vec::new();
    for reading in &said.readings {
        if let Some(body) = of(scope, &reading.tokens, &reading.entries, reading.attribute) {
            others.push(OtherIndicator { name: reading.name.clone(), body, span: reading.span });
        }
    }
    let indicator = made(described, body, others);
    check_quotes(scope, &indicator);
    Some(indicator)
}

fn role_of(entry: &Entry) -> Option<Role> {
    entry.role.as_ref().map(|role| role.kind)
}

fn read_body(scope: &mut Scope, entries: &[&Entry], described: &Clause, source: &Source) -> Option<IndicatorBody> {
    let terms = terms(scope, entries, described, source);
    let applies = applies(scope, entries, &described.id);
    let mut body = None;
    for entry in entries.iter().filter(|entry| entry.role.is_none()) {
        let Content::Tokens(tokens) = &entry.content else { continue };
        if body.is_some() {
            // One number: a second sentence is an indicator of its own.
            malformed(scope, entry);
            return None;
        }
        body = Some(phrase(scope, tokens, &described.id, &applies, terms)?);
    }
    body
}

fn applies(scope: &mut Scope, entries: &[&Entry], id: &str) -> Condition {
    let mut conditions = Vec::new();
    for entry in entries.iter().filter(|entry| role_of(entry) == Some(Role::Applies)) {
        conditions.extend(tokens_of(entry).and_then(|tokens| read_tokens(scope, tokens, id, None)));
    }
    all(conditions)
}

/// What is said of an indicator beside its sentence.
#[derive(Clone, Copy)]
struct Terms {
    /// 效力; not said, the words of the sentence tell.
    force: Option<Force>,
    attribute: Option<Attribute>,
    checked: Checked,
    target_year: Option<i32>,
}

fn terms(scope: &mut Scope, entries: &[&Entry], described: &Clause, source: &Source) -> Terms {
    let (checked, target_year) = when(scope, entries, source);
    let last = entries.iter().rev().find(|entry| role_of(entry) == Some(Role::Attribute));
    let attribute = last.map(|entry| Attribute::from_word(&crate::check::clause::text_of(entry, source)));
    let force = forced(scope, described, entries, source);
    Terms { force, attribute: attribute.unwrap_or(described.attribute), checked, target_year }
}

/// 考核方式 and 目标年; the first not said, a bound with a target year is checked at its end, any other with each case.
fn when(scope: &mut Scope, entries: &[&Entry], source: &Source) -> (Checked, Option<i32>) {
    let last = |role| entries.iter().rev().find(move |entry| role_of(entry) == Some(role));
    let target_year = last(Role::TargetYear).and_then(|entry| year_told(scope, entry, source));
    let checked = match last(Role::Checked).map(|entry| (crate::check::clause::text_of(entry, source), entry)) {
        Some((word, _)) if matches!(word.as_str(), "逐宗控制" | "each-case") => Checked::EachCase,
        Some((word, _)) if matches!(word.as_str(), "期末考核" | "end-of-term") => Checked::EndOfTerm,
        Some((_, entry)) => {
            malformed(scope, entry);
            Checked::EndOfTerm
        }
        None if target_year.is_some() => Checked::EndOfTerm,
        None => Checked::EachCase,
    };
    (checked, target_year)
}

/// Whether a sentence measures a set of mines rather than one of them.
pub(super) fn measures(scope: &Scope, tokens: &[Token]) -> bool {
    let cut = pieces(tokens, &scope.lexicon, &mut Vec::new());
    cut.iter().any(|piece| {
        let words = [Measuring::Count, Measuring::Sum, Measuring::Share, Measuring::Reported];
        measuring(piece).is_some_and(|word| words.contains(&word))
    })
}

fn measuring(piece: &Piece) -> Option<Measuring> {
    piece.meanings().iter().find_map(|meaning| match meaning {
        Meaning::Measure(word) => Some(*word),
        _ => None,
    })
}

/// `符合 RQ-123 的`: the clause that the mines counted must meet, and the tokens without it.
fn meeting(scope: &mut Scope, tokens: &[Token]) -> (Option<String>, Vec<Token>) {
    let is = |token: &Token, words: [&str; 2]| match &token.kind {
        TokenKind::Run(run) => words.contains(&folded(run).as_str()),
        _ => false,
    };
    let Some(at) = tokens.iter().position(|token| is(token, ["符合", "meeting"])) else {
        return (None, tokens.to_vec());
    };
    let Some(Token { kind: TokenKind::Run(id), span, .. }) = tokens.get(at + 1) else { return (None, tokens.to_vec()) };
    scope.referred.push((folded(id), *span));
    let mut rest: Vec<Token> = tokens.get(..at).unwrap_or_default().to_vec();
    let after = tokens.get(at + 2..).unwrap_or_default();
    let skip = usize::from(after.first().is_some_and(|token| is(token, ["的", "of"])));
    rest.extend(after.iter().skip(skip).cloned());
    (Some(folded(id)), rest)
}

fn phrase(scope: &mut Scope, tokens: &[Token], id: &str, applies: &Condition, terms: Terms) -> Option<IndicatorBody> {
    let before = scope.problems.len();
    let (meets, tokens) = meeting(scope, tokens);
    let cut = pieces(&tokens, &scope.lexicon, &mut scope.problems);
    if scope.problems.len() > before {
        return None;
    }
    let span = span_of(&cut)?;
    let (leading, inner) = (Modality::default(), Modality::default());
    let mut reader = PhraseReader { scope, pieces: &cut, at: 0, id, applies, meets, leading, inner };
    let measure = reader.measure()?;
    let (force, bans) = (reader.leading.force_with(reader.inner), reader.leading.bans || reader.inner.bans);
    let rest = cut.get(reader.at..).unwrap_or_default();
    let mut bounds = ConditionReader::new(scope, rest, id);
    let read = bounds.limits()?;
    if bounds.failed() {
        return None;
    }
    let mut limits = Vec::new();
    for (limit, bound_span) in read {
        fits(scope, &measure, &limit.bound, bound_span)?;
        let comparator = if bans { banned(scope, limit.comparator, bound_span)? } else { limit.comparator };
        let limit = Limit { comparator, ..limit };
        no_number_left(scope, &limits, &limit, bound_span)?;
        limits.push(limit);
    }
    let Terms { attribute, checked, target_year, .. } = terms;
    let force = terms.force.unwrap_or(force);
    Some(IndicatorBody { measure, limits, force, attribute, checked, target_year, span })
}

/// Complains of a bound that leaves no number beside one before it.
fn no_number_left(scope: &mut Scope, before: &[Limit], limit: &Limit, span: Span) -> Option<()> {
    let Bound::Printed(bound) = &limit.bound else { return Some(()) };
    let clash = before.iter().find(|other| match &other.bound {
        Bound::Printed(first) => {
            leave_nothing((other.comparator.operator, &first.value), (limit.comparator.operator, &bound.value))
        }
        _ => false,
    });
    let Some(other) = clash else { return Some(()) };
    let shown = |limit: &Limit| format!("{} {}", limit.comparator.words, limit.bound.text());
    let (one, two) = (shown(other), shown(limit));
    let words = Words::new(format!("「{one}」「{two}」"), format!("`{one}`, `{two}`"));
    scope.problems.push(Problem::error(Code::NeverBoth, span).with_words(words));
    None
}

/// What must hold where this is banned: 不得 超过 is 不超过.
fn banned(scope: &mut Scope, comparator: Comparator, span: Span) -> Option<Comparator> {
    if let Some(operator) = comparator.operator.negated() {
        return Some(Comparator { operator, ..comparator });
    }
    let words = Words::new(
        format!("不能禁止「{}」一个数", comparator.words),
        format!("`{}` a number cannot be banned", comparator.words),
    );
    scope.problems.push(Problem::error(Code::WrongType, span).with_words(words));
    None
}

/// Whether the bound is of what is measured.
fn fits(scope: &mut Scope, measure: &Measure, bound: &Bound, span: Span) -> Option<()> {
    let of_place = |field: FieldId| scope.kind(field).and_then(FieldKind::enumeration);
    let fits = match (bound, measure) {
        (Bound::OfPlace { values, .. }, Measure::MostPer { field, .. }) if of_place(*field).is_some() => {
            values.iter().filter_map(|(_, value)| value.as_ref()).all(|value| fits_number(scope, measure, value))
        }
        (Bound::OfPlace { .. }, _) => false,
        (Bound::Printed(_) | Bound::Elsewhere { .. }, _) => {
            bound.quantity().is_none_or(|bound| fits_number(scope, measure, bound))
        }
    };
    if fits {
        let share = matches!(measure, Measure::Share { .. } | Measure::SumShare { .. });
        if let Some(bound) = bound.quantity().filter(|bound| share && bound.value > Number::ONE) {
            let words = Words::new("比例在 0 和 100% 之间", "a share lies between 0 and 100%");
            let problem = Problem::error(Code::OutsideWhole, span).with_words(Words::new("比例", "share"));
            scope.problems.push(problem.with(bound.text()).with_words(words));
            return None;
        }
        return Some(());
    }
    let words = Words::new(
        format!("「{}」不是所量的数", bound.text()),
        format!("`{}` does not measure what is counted", bound.text()),
    );
    scope.problems.push(Problem::error(Code::WrongType, span).with_words(words));
    None
}

fn fits_number(scope: &Scope, measure: &Measure, bound: &Quantity) -> bool {
    let plain = bound.dimension == Dimension::NONE;
    match measure {
        // What is counted has units of its own: 个, 家, 处.
        Measure::Count(_) | Measure::Different(..) | Measure::MostPer { .. } => bound.unit_text != "%",
        Measure::Sum(_, field) => match scope.kind(*field) {
            Some(FieldKind::Quantity(dimensions)) => dimensions.contains(&bound.dimension),
            _ => false,
        },
        Measure::Share { .. } | Measure::SumShare { .. } | Measure::Change { .. } => plain,
        Measure::Reported(_) => true,
    }
}

/// Reads what is measured, up to its bound.
struct PhraseReader<'a> {
    scope: &'a mut Scope,
    pieces: &'a [Piece],
    at: usize,
    id: &'a str,
    applies: &'a Condition,
    meets: Option<String>,
    /// The modal words before what is measured, and those behind.
    leading: Modality,
    inner: Modality,
}

impl PhraseReader<'_> {
    fn word(&self, ahead: usize) -> Option<Measuring> {
        measuring(self.pieces.get(self.at + ahead)?)
    }

    fn takes(&mut self, word: Measuring) -> bool {
        let stands = self.word(0) == Some(word);
        self.at += usize::from(stands);
        stands
    }

    fn incomplete<T>(&mut self, chinese: &str, english: &str) -> Option<T> {
        let here = self.pieces.get(self.at).or_else(|| self.pieces.last()).map(Piece::span).unwrap_or_default();
        let problem = Problem::error(Code::IncompletePhrase, here).with_words(Words::new(chinese, english));
        self.scope.problems.push(problem);
        None
    }

    fn measure(&mut self) -> Option<Measure> {
        self.leading = self.modality();
        if self.takes(Measuring::Reported) {
            let Some(Piece::Quote(name, _)) = self.pieces.get(self.at) else {
                return self.incomplete("「统计值」后面应有「…」", "a quote is wanted behind `reported`");
            };
            self.at += 1;
            self.inner = self.modality();
            return Some(Measure::Reported(name.clone()));
        }
        if self.takes(Measuring::Each) {
            let Some(field) = self.field(0) else {
                return self.incomplete("「每个」后面应有字段", "a field is wanted behind `each`");
            };
            self.at += 1;
            let group = self.group()?;
            let of = self.field(0).filter(|_| self.word(1) == Some(Measuring::Count));
            self.at += usize::from(of.is_some());
            if !self.takes(Measuring::Count) {
                return self.incomplete("后面应有「数量」", "`count` is wanted here");
            }
            self.inner = self.modality();
            return Some(Measure::MostPer { field, of, group });
        }
        let group = self.group()?;
        self.inner = self.modality();
        let measure = self.measure_of(group)?;
        let behind = self.modality();
        if self.inner == Modality::default() {
            self.inner = behind;
        }
        Some(measure)
    }

    fn measure_of(&mut self, part: Group) -> Option<Measure> {
        if self.takes(Measuring::Count) {
            return if self.takes(Measuring::Against) { self.change(part) } else { Some(Measure::Count(part)) };
        }
        if let (Some(field), Some(Measuring::Count)) = (self.field(0), self.word(1)) {
            self.at += 2;
            return Some(Measure::Different(part, field));
        }
        if let (Some(field), Some(Measuring::Sum)) = (self.field(0), self.word(1)) {
            self.at += 2;
            if !self.takes(Measuring::Of) {
                return Some(Measure::Sum(part, field));
            }
            let whole = self.whole()?;
            return self.share_end(Measure::SumShare { part, whole, field });
        }
        if self.takes(Measuring::Of) {
            let whole = self.whole()?;
            let field = self.field(0).filter(|_| self.word(1) == Some(Measuring::Sum));
            if let Some(field) = field {
                self.at += 2;
                return self.share_end(Measure::SumShare { part, whole, field });
            }
            return self.share_end(Measure::Share { part, whole });
        }
        self.incomplete("后面应有 数量、合计 或 占…比例", "`count`, `sum` or a share is wanted here")
    }

    fn whole(&mut self) -> Option<Group> {
        self.takes(Measuring::Whole);
        let meets = self.meets.take();
        let whole = self.group();
        self.meets = meets;
        whole
    }

    fn share_end(&mut self, measure: Measure) -> Option<Measure> {
        self.takes(Measuring::Count);
        if self.takes(Measuring::Share) {
            return Some(measure);
        }
        self.incomplete("后面应有「比例」", "`share` is wanted here")
    }

    /// `较 2020年 减少`.
    fn change(&mut self, group: Group) -> Option<Measure> {
        let year = match self.pieces.get(self.at) {
            Some(Piece::Number(text, _)) => text.parse().ok(),
            _ => None,
        };
        let Some(year) = year else {
            return self.incomplete("「较」后面应有年份", "a year is wanted behind `against`");
        };
        self.at += 1;
        while self
            .pieces
            .get(self.at)
            .is_some_and(|piece| piece.meanings().iter().any(|it| matches!(it, Meaning::Unit(_))))
        {
            self.at += 1;
        }
        match self.word(0) {
            Some(word @ (Measuring::Increase | Measuring::Decrease)) => {
                self.at += 1;
                Some(Measure::Change { group, year, grows: word == Measuring::Increase })
            }
            _ => self.incomplete("后面应有「增加」或「减少」", "`increase` or `decrease` is wanted here"),
        }
    }

    fn modality(&mut self) -> Modality {
        let mut modality = Modality::default();
        while let Some(word) = self.pieces.get(self.at).and_then(crate::check::phrase::modal_of) {
            modality.take(word);
            self.at += 1;
        }
        modality
    }

    fn field(&self, ahead: usize) -> Option<FieldId> {
        self.pieces.get(self.at + ahead)?.meanings().iter().find_map(|meaning| match meaning {
            Meaning::Field(field) => Some(*field),
            _ => None,
        })
    }

    /// The mines selected by what stands before the next measuring word.
    fn group(&mut self) -> Option<Group> {
        let start = self.at;
        let ends = |index: usize| {
            let piece = self.pieces.get(index);
            let next = self.pieces.get(index + 1).and_then(measuring);
            let sums = matches!(next, Some(Measuring::Sum | Measuring::Count));
            piece.is_none_or(|piece| {
                measuring(piece).is_some_and(|word| word != Measuring::Whole)
                    || sums && piece.meanings().iter().any(|meaning| matches!(meaning, Meaning::Field(_)))
                    || crate::check::phrase::modal_of(piece).is_some()
            })
        };
        let end = (start..=self.pieces.len()).find(|index| ends(*index)).unwrap_or(self.pieces.len());
        let whole = self.pieces.get(start..end).unwrap_or_default();
        let is_head = |piece: &Piece| piece.meanings().contains(&Meaning::HeadNoun);
        let kept = whole.len() - whole.iter().rev().take_while(|piece| is_head(piece)).count();
        let own = whole.get(..kept).unwrap_or_default();
        self.at = end;
        let own: Vec<Piece> = own.iter().filter(|piece| measuring(piece) != Some(Measuring::Whole)).cloned().collect();
        let mut conditions = match self.applies {
            Condition::Always => Vec::new(),
            other => vec![other.clone()],
        };
        if !own.is_empty() {
            let mut reader = ConditionReader::new(self.scope, &own, self.id);
            reader.set_mode(Some(AttestationMode::Required));
            let condition = reader.condition();
            reader.skip_head_nouns();
            reader.expect_end();
            if reader.failed() {
                return None;
            }
            conditions.push(condition?);
        }
        Some(Group { selector: all(conditions), meets: self.meets.clone(), words: render(&own) })
    }
}

/// Holds the bound against the quotes, as a clause's numbers are.
fn check_quotes(scope: &mut Scope, indicator: &Indicator) {
    let printed = indicator.body.limits.iter().filter_map(|limit| match &limit.bound {
        Bound::Printed(bound) => Some((limit.comparator.clone(), bound.clone())),
        Bound::Elsewhere { .. } | Bound::OfPlace { .. } => None,
    });
    let tests = printed.map(|(comparator, bound)| {
        let words = bound.text();
        let kind = TestKind::Amount { field: FieldId(0), comparator, bound, basis: BoundBasis::None };
        Condition::Test(Box::new(Test { kind, span: indicator.body.span, words, from: None }))
    });
    let part = Part {
        selector: Condition::Always,
        requirement: all(tests.collect()),
        force: indicator.body.force,
        span: indicator.body.span,
        requirement_span: indicator.body.span,
    };
    let mut stand_in = Clause {
        id: indicator.id.clone(),
        citations: indicator.citations.clone(),
        quote_differs: indicator.quote_differs.clone(),
        span: indicator.span,
        ..Clause::nothing()
    };
    stand_in.body = Body { parts: vec![part], ..Body::nothing() };
    quote::check_clause(scope, &stand_in);
}
