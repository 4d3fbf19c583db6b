//! The deciding conditions of a clause, with both operands and the exact shortfall.

use crate::compile::Readings;
use crate::evaluate::{Case, Measured, Truth};
use crate::facts::FactValue;
use crate::model::{BoundBasis, DocumentQuestion, FieldId, MemberId, Operator, TestKind};
use crate::program::{Ask, Asked, ChannelBasis, Spoken, SpokenPart};
use crate::quantity::{Number, Quantity};
use crate::ruling::result::{ConditionResult, Shortfall, Status};
use crate::ruling::stated::StatedCase;
use crate::ruling::wording::{Pattern, Wording, answer, none, plain, state_words};

/// A deciding question, and whether the requirement asks for its contrary.
#[derive(Debug, Clone, Copy)]
struct Deciding<'s> {
    asked: &'s Asked,
    denied: bool,
}

/// What decided a clause: the conditions, and the number of the part that they belong to.
#[derive(Debug, Default)]
pub(super) struct Explanation {
    /// The deciding conditions.
    pub(super) conditions: Vec<ConditionResult>,
    /// The phrase that decided.
    pub(super) part: Option<usize>,
}

/// Explains one case.
#[derive(Clone, Copy)]
pub(super) struct Explainer<'a> {
    pub(super) case: Case<'a>,
    pub(super) stated: &'a StatedCase,
    pub(super) wording: &'a Wording,
}

impl<'a> Explainer<'a> {
    /// Explains the status of a clause.
    pub(super) fn explain(&self, clause: usize, readings: &Readings, status: Status) -> Explanation {
        let Some(spoken) = self.case.program.spoken(clause, readings) else { return Explanation::default() };
        let applies = self.case.truth(&spoken.applies);
        let speaks = |part: &SpokenPart| applies.and(self.case.truth(&part.selector)) != Truth::False;
        let fits = |part: &SpokenPart| {
            let holds = self.case.truth(&part.requirement);
            match status {
                Status::Satisfied => holds == Truth::True,
                Status::Violated => holds == Truth::False,
                Status::Discretion | Status::Undetermined | Status::NotApplicable => holds != Truth::True,
            }
        };
        let some_fits = spoken.parts.iter().any(|part| speaks(part) && fits(part));
        let mut deciding = Vec::new();
        let mut first = None;
        for (number, part) in spoken.parts.iter().enumerate() {
            if speaks(part) && (!some_fits || fits(part)) {
                first = first.or(Some(number));
                self.part(spoken, applies, part, status, &mut deciding);
            }
        }
        let mut conditions: Vec<ConditionResult> = Vec::with_capacity(deciding.len());
        for one in deciding {
            let Some(condition) = self.result(one) else { continue };
            if !self.wording.picks_a_row(&condition) && !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        Explanation { conditions, part: first }
    }

    fn part(
        &self,
        spoken: &'a Spoken,
        applies: Truth,
        part: &'a SpokenPart,
        status: Status,
        deciding: &mut Vec<Deciding<'a>>,
    ) {
        self.collect(&part.requirement, false, deciding);
        if matches!(status, Status::Undetermined | Status::Discretion)
            && matches!(applies.and(self.case.truth(&part.selector)), Truth::Unknown | Truth::Judgement)
        {
            self.collect(&spoken.applies, false, deciding);
            self.collect(&part.selector, false, deciding);
        }
        if matches!(part.requirement, Ask::Never) && deciding.is_empty() {
            self.collect(&part.selector, true, deciding);
            self.collect(&spoken.applies, true, deciding);
        }
    }

    /// The questions on which the truth of a condition rests.
    fn collect(&self, condition: &'a Ask, denied: bool, deciding: &mut Vec<Deciding<'a>>) {
        match condition {
            Ask::Always | Ask::Never => {}
            Ask::Test(asked) => deciding.push(Deciding { asked, denied }),
            Ask::Not(inner) => self.collect(inner, !denied, deciding),
            Ask::All(inner) | Ask::Any(inner) => {
                let truth = self.case.truth(condition);
                for part in inner {
                    if self.case.truth(part) == truth {
                        self.collect(part, denied, deciding);
                    }
                }
            }
        }
    }

    /// One question with both operands, or its contrary.
    pub(super) fn asked(&self, asked: &Asked, denied: bool) -> Option<ConditionResult> {
        self.result(Deciding { asked, denied })
    }

    fn result(&self, one: Deciding<'_>) -> Option<ConditionResult> {
        let pattern = self.wording.pattern(one.asked.test)?;
        let truth = self.case.test(one.asked);
        let truth = if one.denied { truth.denied() } else { truth };
        let [sign, contrary] = pattern.signs;
        let mut result = ConditionResult {
            operator: if one.denied { contrary } else { sign },
            holds: truth.plain(),
            ..pattern.result.clone()
        };
        self.describe(one, pattern, &mut result);
        Some(result)
    }

    fn describe(&self, one: Deciding<'_>, pattern: &Pattern, result: &mut ConditionResult) {
        match &pattern.kind {
            TestKind::Member { field, .. } | TestKind::Day { field, .. } | TestKind::Absent { field } => {
                self.given(*field, result);
            }
            TestKind::Count { field, comparator, bound } => {
                self.count(*field, pattern.kind.existence(), bound, result);
                match pattern.kind.existence() {
                    Some(wanted) => result.bound = Some(answer(wanted != one.denied)),
                    None => {
                        let count = result.given.as_ref().and_then(|given| given.value.parse::<Number>().ok());
                        if let Some(count) = count {
                            self.shortfall(operator(comparator.operator, one.denied), &count, bound, result);
                        }
                    }
                }
            }
            TestKind::Amount { field, comparator, bound, basis } => {
                self.given(*field, result);
                self.amount(one.asked, operator(comparator.operator, one.denied), (bound, *basis), result);
            }
            TestKind::Fields { left, comparator, right, .. } => {
                self.given(*left, result);
                self.fields((*left, *right), operator(comparator.operator, one.denied), result);
            }
            TestKind::Flag { field } => {
                self.given(*field, result);
                result.bound = Some(answer(!one.denied));
            }
            TestKind::Distance { field, feature, comparator, bound } => {
                self.distance((*field, *feature), operator(comparator.operator, one.denied), bound, result);
            }
            TestKind::Document { field, document, about, .. } => {
                self.document(*field, *document, about, result);
                if matches!(about, DocumentQuestion::Presence | DocumentQuestion::Contents(_)) {
                    result.bound = Some(answer(!one.denied));
                }
            }
            TestKind::Attestation { name, .. } => {
                self.attestation(*name, result);
                result.bound = Some(answer(!one.denied));
            }
            TestKind::Parameter { .. } => {}
        }
    }

    /// What the case states of a field.
    fn given(&self, field: FieldId, result: &mut ConditionResult) {
        let span = |field: FieldId| self.case.facts.get(field).and_then(|fact| fact.span);
        // A class that a table derives stands nowhere in the facts; what it is derived from does.
        let graded = self.case.graded.iter().find(|graded| graded.field == field);
        let rows = graded.into_iter().flat_map(|graded| &graded.rows);
        let measured = rows.filter_map(|(grading, _)| self.case.model.gradings.get(*grading)).map(|it| it.measured);
        result.fact_span = span(field).or_else(|| measured.filter_map(span).next());
        result.given = self.stated.given.get(&field).cloned();
    }

    /// How many values a list has, or whether it has any.
    fn count(&self, field: FieldId, existence: Option<bool>, bound: &Quantity, result: &mut ConditionResult) {
        let Some(fact) = self.case.facts.get(field) else { return };
        result.fact_span = fact.span;
        let count = match &fact.value {
            FactValue::Members(members) => members.len(),
            FactValue::Texts(texts) => texts.len(),
            FactValue::None => 0,
            _ => return,
        };
        result.given = Some(match existence {
            Some(_) => answer(count > 0),
            None => plain(format!("{count}{}", bound.unit_text), count.to_string()),
        });
    }

    fn amount(
        &self,
        asked: &Asked,
        operator: Operator,
        (bound, basis): (&Quantity, BoundBasis),
        result: &mut ConditionResult,
    ) {
        if let (BoundBasis::OfCase, Some(shown)) = (basis, &mut result.bound) {
            shown.basis = self.wording.basis(self.case.measure().case_basis());
        }
        let Some(channel) = self.stated.channels.get(&asked.variable) else { return };
        result.given = Some(channel.given.clone());
        self.shortfall(operator, &channel.value, bound, result);
    }

    /// By how much a condition that does not hold misses.
    fn shortfall(&self, operator: Operator, given: &Number, bound: &Quantity, result: &mut ConditionResult) {
        if result.holds != Some(false) {
            return;
        }
        let difference = match operator {
            Operator::AtLeast | Operator::Above => bound.value.minus(given),
            Operator::AtMost | Operator::Below => given.minus(&bound.value),
            Operator::Equal | Operator::About => {
                let difference = bound.value.minus(given);
                if difference.is_negative() { given.minus(&bound.value) } else { difference }
            }
            Operator::NotEqual => return,
        };
        result.shortfall = Some(Shortfall {
            text: bound.render(&difference).into(),
            value: difference.to_string().into(),
            unit: self.wording.unit(self.case.model, bound.dimension),
            strict: matches!(operator, Operator::Above | Operator::Below),
        });
    }

    fn fields(&self, (left, right): (FieldId, FieldId), operator: Operator, result: &mut ConditionResult) {
        let value = |field| self.case.facts.get(field).map(|fact| &fact.value);
        result.bound = self.stated.given.get(&right).cloned().or_else(|| {
            let (key, label) = self.wording.field(right);
            Some(plain(label, key))
        });
        let (Some(FactValue::Amount(mine)), Some(FactValue::Amount(theirs))) = (value(left), value(right)) else {
            return;
        };
        let measure = self.case.measure();
        let basis = mine.basis.or(measure.case_basis()).map_or(ChannelBasis::None, ChannelBasis::Of);
        if let Measured::Known(converted) = measure.quantity(right, theirs, mine.dimension, basis) {
            let shown = if theirs.dimension == mine.dimension { theirs } else { mine };
            let bound = Quantity { value: converted.value, dimension: mine.dimension, ..shown.clone() };
            result.bound = Some(self.wording.amount(self.case.model, &bound, theirs.basis));
            self.shortfall(operator, &mine.value, &bound, result);
        }
    }

    fn distance(
        &self,
        (field, feature): (FieldId, MemberId),
        operator: Operator,
        bound: &Quantity,
        result: &mut ConditionResult,
    ) {
        match self.case.facts.get(field).map(|fact| &fact.value) {
            Some(FactValue::Distances(distances)) => {
                let Some((length, span)) = distances.get(&feature) else { return };
                result.fact_span = *span;
                result.given = Some(self.wording.amount(self.case.model, length, None));
                self.shortfall(operator, &length.value, bound, result);
            }
            Some(FactValue::None) => result.given = Some(none()),
            _ => {}
        }
    }

    fn document(&self, field: FieldId, document: MemberId, about: &DocumentQuestion, result: &mut ConditionResult) {
        let Some(fact) = self.case.facts.get(field) else { return };
        result.fact_span = fact.span;
        let FactValue::Documents(listed) = &fact.value else { return };
        let Some(found) = listed.get(&document) else { return };
        result.fact_span = found.span.or(fact.span);
        result.given = match about {
            _ if !found.present => Some(answer(false)),
            DocumentQuestion::Presence => Some(answer(true)),
            DocumentQuestion::State(..) => found.state.map(|state| state_words(self.case.model, &[state])),
            DocumentQuestion::Contents(number) => found.contents.as_ref().map(|said| answer(said.contains(number))),
            DocumentQuestion::Day(..) => found.day.map(|day| plain(day.to_string(), day.to_string())),
        };
    }

    fn attestation(&self, number: u16, result: &mut ConditionResult) {
        let Some(fact) = self.case.program.roles.attestations.and_then(|field| self.case.facts.get(field)) else {
            return;
        };
        let FactValue::Attestations(found) = &fact.value else { return };
        let Some((yes, span)) = found.get(&number) else { return };
        result.fact_span = span.or(fact.span);
        result.given = Some(answer(*yes));
    }
}

/// The comparison that the requirement asks for.
fn operator(operator: Operator, denied: bool) -> Operator {
    if denied { operator.negated().unwrap_or(operator) } else { operator }
}
