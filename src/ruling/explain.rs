//! The deciding conditions of a clause, with both operands and the exact shortfall.

use crate::compile::{Readings, body_of};
use crate::evaluate::{
    Case, Measured, NONE, Truth, attestation, base_unit, enumeration_of, fact_text, member_key, member_text,
};
use crate::facts::{Fact, FactValue};
use crate::model::{BoundBasis, Condition, FieldId, MemberId, Model, Operator, Part, Test, TestKind};
use crate::program::ChannelBasis;
use crate::quantity::{BasisId, Number, Quantity};
use crate::ruling::missing::field_names;
use crate::ruling::result::{Amount, ConditionResult, Shortfall, Status};
use crate::span::Span;

/// A deciding test, and whether the requirement asks for its contrary.
#[derive(Debug, Clone, Copy)]
struct Deciding<'m> {
    test: &'m Test,
    denied: bool,
}

/// What decided a clause: the conditions, and the part that they belong to.
#[derive(Debug, Default)]
pub(super) struct Explanation<'m> {
    /// The deciding conditions.
    pub(super) conditions: Vec<ConditionResult>,
    /// The phrase that decided.
    pub(super) part: Option<&'m Part>,
}

/// Explains the status of a clause.
pub(super) fn explain<'a>(case: &Case<'a>, clause: usize, readings: &Readings, status: Status) -> Explanation<'a> {
    let model: &'a Model = case.model;
    let Some(found) = model.clauses.get(clause) else { return Explanation::default() };
    let body = body_of(found, clause, readings);
    let reach = |part: &Part| case.truth(&body.applies).and(case.truth(&part.selector));
    let fits = |part: &Part| {
        let holds = case.truth(&part.requirement);
        match status {
            Status::Satisfied => holds == Truth::True,
            Status::Violated => holds == Truth::False,
            Status::Discretion | Status::Undetermined | Status::NotApplicable => holds != Truth::True,
        }
    };
    let speaking: Vec<&'a Part> = body.parts.iter().filter(|part| reach(part) != Truth::False).collect();
    let mut chosen: Vec<&'a Part> = speaking.iter().copied().filter(|part| fits(part)).collect();
    if chosen.is_empty() {
        chosen = speaking;
    }
    let mut deciding = Vec::new();
    for part in &chosen {
        requirement(case, part, &mut deciding);
        if matches!(case.truth(&body.applies).and(case.truth(&part.selector)), Truth::Unknown | Truth::Judgement)
            && matches!(status, Status::Undetermined | Status::Discretion)
        {
            collect(case, &body.applies, false, &mut deciding);
            collect(case, &part.selector, false, &mut deciding);
        }
        let banned = matches!(part.requirement, Condition::Never);
        if banned && deciding.is_empty() {
            collect(case, &part.selector, true, &mut deciding);
            collect(case, &body.applies, true, &mut deciding);
        }
    }
    let mut conditions: Vec<ConditionResult> = Vec::new();
    for one in deciding {
        let condition = result(case, one);
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    Explanation { conditions, part: chosen.first().copied() }
}

fn requirement<'a>(case: &Case<'a>, part: &'a Part, deciding: &mut Vec<Deciding<'a>>) {
    collect(case, &part.requirement, false, deciding);
}

/// The tests on which the truth of a condition rests.
fn collect<'m>(case: &Case<'_>, condition: &'m Condition, denied: bool, deciding: &mut Vec<Deciding<'m>>) {
    match condition {
        Condition::Always | Condition::Never => {}
        Condition::Test(test) => deciding.push(Deciding { test, denied }),
        Condition::Not(inner) => collect(case, inner, !denied, deciding),
        Condition::All(inner) | Condition::Any(inner) => {
            let truth = case.truth(condition);
            for part in inner {
                if case.truth(part) == truth {
                    collect(case, part, denied, deciding);
                }
            }
        }
    }
}

fn result(case: &Case<'_>, one: Deciding<'_>) -> ConditionResult {
    let truth = case.test(one.test);
    let truth = if one.denied { truth.denied() } else { truth };
    let mut result = ConditionResult {
        fact: String::new(),
        label: String::new(),
        operator: String::new(),
        comparator: one.test.words.clone(),
        holds: truth.plain(),
        given: None,
        bound: None,
        shortfall: None,
        rule_span: one.test.span,
        fact_span: None,
    };
    describe(case, one, &mut result);
    if result.holds != Some(false) {
        result.shortfall = None;
    }
    result
}

fn describe(case: &Case<'_>, one: Deciding<'_>, result: &mut ConditionResult) {
    let model = case.model;
    match &one.test.kind {
        TestKind::Member { field, named, .. } => {
            name(case, *field, result);
            result.operator = if one.denied {
                "!="
            } else if named.len() == 1 {
                "="
            } else {
                "in"
            }
            .to_owned();
            let listed = |text: fn(&Model, FieldId, MemberId) -> String, with: &str| {
                named.iter().map(|member| text(model, *field, *member)).collect::<Vec<_>>().join(with)
            };
            result.bound = Some(plain(listed(member_text, "、"), listed(member_key, ", ")));
        }
        TestKind::Amount { field, comparator, bound, basis } => {
            name(case, *field, result);
            result.comparator.clone_from(&comparator.words);
            amount(case, *field, operator(comparator.operator, one.denied), (bound, *basis), result);
        }
        TestKind::Day { field, comparator, bound } => {
            name(case, *field, result);
            result.comparator.clone_from(&comparator.words);
            result.operator = sign(comparator.operator, one.denied);
            result.bound = Some(plain(bound.to_string(), bound.to_string()));
        }
        TestKind::Fields { left, comparator, right } => {
            name(case, *left, result);
            result.comparator.clone_from(&comparator.words);
            fields(case, (*left, *right), operator(comparator.operator, one.denied), result);
        }
        TestKind::Flag { field } => {
            name(case, *field, result);
            yes(one.denied, "is", result);
        }
        TestKind::Absent { field } => {
            name(case, *field, result);
            result.operator = if one.denied { "!=" } else { "=" }.to_owned();
            result.bound = Some(plain(NONE.to_owned(), "none".to_owned()));
        }
        TestKind::Distance { field, feature, comparator, bound } => {
            result.comparator.clone_from(&comparator.words);
            distance(case, (*field, *feature), operator(comparator.operator, one.denied), bound, result);
        }
        TestKind::Document { .. } | TestKind::Attestation { .. } | TestKind::Parameter { .. } => {
            shown(case, one, result);
        }
    }
    if result.label.is_empty() {
        result.label.clone_from(&result.fact);
    }
}

/// What has to be shown: a document, a finding, a number that stands elsewhere.
fn shown(case: &Case<'_>, one: Deciding<'_>, result: &mut ConditionResult) {
    match &one.test.kind {
        TestKind::Document { field, document, .. } => {
            result.fact = member_text(case.model, *field, *document);
            document_given(case, *field, *document, result);
            yes(one.denied, "has", result);
        }
        TestKind::Attestation { name, .. } => {
            result.fact = attestation(case.model, *name);
            attestation_given(case, *name, result);
            yes(one.denied, "is", result);
        }
        TestKind::Parameter { name } => {
            result.fact.clone_from(name);
            "is".clone_into(&mut result.operator);
        }
        _ => {}
    }
}

/// The field's names, and what the case states of it.
fn name(case: &Case<'_>, field: FieldId, result: &mut ConditionResult) {
    (result.fact, result.label) = field_names(case.model, field);
    let Some(fact) = case.facts.get(field) else { return };
    result.fact_span = fact.span;
    result.given = Some(given(case, field, fact));
}

fn given(case: &Case<'_>, field: FieldId, fact: &Fact) -> Amount {
    let text = fact_text(case.model, field, &fact.value);
    let value = match &fact.value {
        FactValue::None => "none".to_owned(),
        FactValue::YesNo(yes) => return answer(*yes),
        FactValue::Members(members) if enumeration_of(case.model, field).is_some() => {
            members.iter().map(|member| member_key(case.model, field, *member)).collect::<Vec<_>>().join(", ")
        }
        FactValue::Amount(quantity) => return measured(case.model, quantity, &quantity.value, quantity.basis),
        FactValue::Members(_)
        | FactValue::Day(_)
        | FactValue::Texts(_)
        | FactValue::Distances(_)
        | FactValue::Documents(_)
        | FactValue::Attestations(_)
        | FactValue::Conversions(_) => text.clone(),
    };
    plain(text, value)
}

const fn yes_key(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

fn plain(text: String, value: String) -> Amount {
    Amount { text, value, unit: None, basis: None }
}

/// A quantity with a value in base units that may differ from its own by conversion.
fn measured(model: &Model, quantity: &Quantity, value: &Number, basis: Option<BasisId>) -> Amount {
    Amount {
        text: quantity.text(),
        value: value.to_string(),
        unit: base_unit(model, quantity.dimension),
        basis: basis_key(model, basis),
    }
}

fn basis_key(model: &Model, basis: Option<BasisId>) -> Option<String> {
    model.vocabulary.bases.get(basis?.0 as usize).map(|name| name.key().to_owned())
}

/// The comparison that the requirement asks for.
fn operator(operator: Operator, denied: bool) -> Operator {
    if denied { operator.negated().unwrap_or(operator) } else { operator }
}

fn sign(plain: Operator, denied: bool) -> String {
    operator(plain, denied).sign().to_owned()
}

fn yes(denied: bool, operator: &str, result: &mut ConditionResult) {
    operator.clone_into(&mut result.operator);
    result.bound = Some(answer(!denied));
}

fn amount(
    case: &Case<'_>,
    field: FieldId,
    operator: Operator,
    (bound, basis): (&Quantity, BoundBasis),
    result: &mut ConditionResult,
) {
    operator.sign().clone_into(&mut result.operator);
    let (channel, shown) = match basis {
        BoundBasis::None => (ChannelBasis::None, None),
        BoundBasis::Named(basis) | BoundBasis::Default(basis) => (ChannelBasis::Of(basis), Some(basis)),
        BoundBasis::OfCase => (ChannelBasis::OfCase, case.measure().case_basis()),
    };
    result.bound = Some(measured(case.model, bound, &bound.value, shown));
    if let Measured::Known(converted) = case.measure().field(field, bound.dimension, channel) {
        if let Some(given) = &mut result.given {
            given.value = converted.value.to_string();
            given.unit = base_unit(case.model, bound.dimension);
            given.basis = if channel == ChannelBasis::None { None } else { basis_key(case.model, converted.basis) };
        }
        result.shortfall = shortfall(case.model, operator, &converted.value, bound);
    }
}

fn shortfall(model: &Model, operator: Operator, given: &Number, bound: &Quantity) -> Option<Shortfall> {
    let difference = match operator {
        Operator::AtLeast | Operator::Above => bound.value.minus(given),
        Operator::AtMost | Operator::Below => given.minus(&bound.value),
        Operator::Equal | Operator::About => {
            let difference = bound.value.minus(given);
            if difference.is_negative() { given.minus(&bound.value) } else { difference }
        }
        Operator::NotEqual => return None,
    };
    Some(Shortfall {
        text: bound.render(&difference),
        value: difference.to_string(),
        unit: base_unit(model, bound.dimension),
        strict: matches!(operator, Operator::Above | Operator::Below),
    })
}

fn fields(case: &Case<'_>, (left, right): (FieldId, FieldId), operator: Operator, result: &mut ConditionResult) {
    operator.sign().clone_into(&mut result.operator);
    let value = |field| case.facts.get(field).map(|fact| &fact.value);
    result.bound = match case.facts.get(right) {
        Some(fact) => Some(given(case, right, fact)),
        None => Some(plain(field_names(case.model, right).1, field_names(case.model, right).0)),
    };
    let (Some(FactValue::Amount(mine)), Some(FactValue::Amount(theirs))) = (value(left), value(right)) else { return };
    let basis = mine.basis.or(case.measure().case_basis()).map_or(ChannelBasis::None, ChannelBasis::Of);
    if let Measured::Known(converted) = case.measure().quantity(right, theirs, mine.dimension, basis) {
        let bound = Quantity { value: converted.value, dimension: mine.dimension, ..theirs.clone() };
        let bound =
            if theirs.dimension == mine.dimension { bound } else { Quantity { value: bound.value, ..mine.clone() } };
        result.bound = Some(measured(case.model, &bound, &bound.value, theirs.basis));
        result.shortfall = shortfall(case.model, operator, &mine.value, &bound);
    }
}

fn distance(
    case: &Case<'_>,
    (field, feature): (FieldId, MemberId),
    operator: Operator,
    bound: &Quantity,
    result: &mut ConditionResult,
) {
    let (key, label) = field_names(case.model, field);
    result.fact = key;
    result.label = format!("{label} {}", member_text(case.model, field, feature));
    operator.sign().clone_into(&mut result.operator);
    result.bound = Some(measured(case.model, bound, &bound.value, None));
    match case.facts.get(field).map(|fact| &fact.value) {
        Some(FactValue::Distances(distances)) => {
            let Some((length, span)) = distances.get(&feature) else { return };
            result.fact_span = *span;
            result.given = Some(measured(case.model, length, &length.value, None));
            result.shortfall = shortfall(case.model, operator, &length.value, bound);
        }
        Some(FactValue::None) => result.given = Some(plain(NONE.to_owned(), "none".to_owned())),
        _ => {}
    }
}

fn document_given(case: &Case<'_>, field: FieldId, document: MemberId, result: &mut ConditionResult) {
    let Some(fact) = case.facts.get(field) else { return };
    result.fact_span = fact.span;
    let FactValue::Documents(listed) = &fact.value else { return };
    let Some(found) = listed.get(&document) else { return };
    result.fact_span = found.span.or(fact.span);
    result.given = Some(answer(found.present));
}

fn attestation_given(case: &Case<'_>, number: u16, result: &mut ConditionResult) {
    let Some(fact) = case.program.roles.attestations.and_then(|field| case.facts.get(field)) else { return };
    let FactValue::Attestations(found) = &fact.value else { return };
    let Some((yes, span)) = found.get(&number) else { return };
    let span: Option<Span> = *span;
    result.fact_span = span.or(fact.span);
    result.given = Some(answer(*yes));
}

fn answer(yes: bool) -> Amount {
    plain(yes_key(yes).to_owned(), yes_key(yes).to_owned())
}
