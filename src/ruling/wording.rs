//! What rulings say of rules whatever the case, made once for a rulebook.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::compile::period;
use crate::date::Date;
use crate::evaluate::{NONE, attestation, base_unit, member_key, member_text};
use crate::model::{
    Borrowed, BoundBasis, Condition, DocumentQuestion, Exception, FieldId, MemberId, Model, Operator, Subject, Test,
    TestKind,
};
use crate::program::{Ask, ClauseSet, Program, Spoken, SpokenException};
use crate::quantity::{BasisId, Dimension, Quantity};
use crate::ruling::glossary::Glossary;
use crate::ruling::head::{CitationResult, Head, Place};
use crate::ruling::result::{Amount, ConditionResult, Missing, MissingKind, UpperBound};
use crate::ruling::text::Text;
use crate::span::Span;

/// Finds the place of a span in its file.
pub type Places<'p> = &'p dyn Fn(Span) -> Option<Place>;

/// What rulings say of rules whatever the case.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    /// The plan's id and title.
    pub(super) plan: (Text, Text),
    /// First and last day of the plan's period.
    pub(super) period: Option<(Date, Date)>,
    /// What is said of each clause.
    pub(super) heads: Arc<[Arc<Head>]>,
    /// Clauses by id.
    pub(super) ids: BTreeMap<Text, usize>,
    /// The clauses that a review of an application decides.
    pub(super) own: ClauseSet,
    /// The registry, where clauses speak of it.
    pub(super) registry: Option<Missing>,
    /// English names.
    pub(super) glossary: Arc<Glossary>,
    /// Whether a plan that the plan implements is not loaded.
    pub(super) upper_wanting: bool,
    /// Key and label of each field.
    fields: Vec<(Text, Text)>,
    units: BTreeMap<Dimension, Option<Text>>,
    bases: Vec<Text>,
    patterns: Vec<Pattern>,
    /// Where bounds are taken from plans above.
    borrowing: BTreeSet<Span>,
}

/// What is said of a question whatever the case.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// What is asked.
    pub(super) kind: TestKind,
    /// The sign of the comparison, and that of its contrary.
    pub(super) signs: [&'static str; 2],
    /// What it says of every case.
    pub(super) result: ConditionResult,
}

impl Wording {
    /// Makes the words of a model.
    #[must_use]
    pub fn new(model: &Model, program: &Program, place: Places<'_>) -> Self {
        let vocabulary = &model.vocabulary;
        let plan = model.plan.as_ref();
        let plan = plan.map(|plan| (Text::from(&plan.id), Text::from(&plan.title))).unwrap_or_default();
        let heads = model.clauses.iter().enumerate();
        let heads: Arc<[Arc<Head>]> = heads
            .map(|(number, clause)| Arc::new(Head::new(number, clause, vocabulary, &plan.0, place(clause.span))))
            .collect();
        let mut own = ClauseSet::none(model.clauses.len());
        let decided = model.clauses.iter().enumerate().filter(|(_, clause)| clause.subject() == Subject::Application);
        decided.for_each(|(number, _)| own.insert(number));
        let mut wording = Self {
            plan,
            period: period(model),
            ids: heads.iter().map(|head| (head.clause.clone(), head.number)).collect(),
            registry: registry(model, &heads),
            glossary: Arc::new(Glossary::new(model)),
            upper_wanting: model.implemented().any(|(_, loaded)| loaded.is_none()),
            heads,
            own,
            fields: vocabulary
                .fields
                .iter()
                .map(|field| (Text::from(field.name.key()), Text::from(&field.name.chinese)))
                .collect(),
            units: BTreeMap::new(),
            bases: vocabulary.bases.iter().map(|name| Text::from(name.key())).collect(),
            patterns: Vec::with_capacity(program.tests as usize),
            borrowing: BTreeSet::new(),
        };
        for (clause, compiled) in model.clauses.iter().zip(&program.clauses) {
            let others = clause.other_readings.iter().map(|reading| &reading.body);
            for (body, spoken) in std::iter::once(&clause.body).chain(others).zip(&compiled.spoken) {
                wording.body(model, body, spoken);
            }
        }
        wording.place_bounds(place);
        wording
    }

    /// Looks up where the bounds taken from plans above stand.
    fn place_bounds(&mut self, place: Places<'_>) {
        for from in self.patterns.iter_mut().filter_map(|pattern| pattern.result.from.as_mut()) {
            if let Some(bound) = Arc::get_mut(from) {
                bound.rule = place(bound.span);
            }
        }
        let borrowed = self.patterns.iter().map(|pattern| &pattern.result).filter(|result| result.from.is_some());
        self.borrowing = borrowed.map(|result| result.rule_span).collect();
    }

    /// Whether a condition only picks the row of a plan above that a number is taken from: its author did not ask it.
    pub(super) fn picks_a_row(&self, condition: &ConditionResult) -> bool {
        condition.from.is_none() && condition.holds.is_some() && self.borrowing.contains(&condition.rule_span)
    }

    /// Key and label of a field.
    pub(super) fn field(&self, field: FieldId) -> (Text, Text) {
        self.fields.get(field.0 as usize).cloned().unwrap_or_default()
    }

    /// What is said of a question.
    pub(super) fn pattern(&self, test: u32) -> Option<&Pattern> {
        self.patterns.get(test as usize)
    }

    /// The base unit of a dimension.
    pub(super) fn unit(&self, model: &Model, dimension: Dimension) -> Option<Text> {
        match self.units.get(&dimension) {
            Some(unit) => unit.clone(),
            None => base_unit(model, dimension).map(Text::from),
        }
    }

    /// The key of a basis.
    pub(super) fn basis(&self, basis: Option<BasisId>) -> Option<Text> {
        self.bases.get(basis?.0 as usize).cloned()
    }

    /// The head of a clause.
    pub(super) fn head(&self, clause: usize) -> Option<&Arc<Head>> {
        self.heads.get(clause)
    }

    /// The ids of clauses.
    pub(super) fn ids(&self, clauses: impl Iterator<Item = usize>) -> Vec<Text> {
        clauses.filter_map(|number| self.head(number)).map(|head| head.clause.clone()).collect()
    }

    /// An amount that a rule or case states, in base units.
    pub(super) fn amount(&self, model: &Model, quantity: &Quantity, basis: Option<BasisId>) -> Amount {
        Amount {
            text: quantity.text().into(),
            value: quantity.value.to_string().into(),
            unit: self.unit(model, quantity.dimension),
            basis: self.basis(basis),
        }
    }

    // Patterns are pushed in the order in which the questions were numbered: that of the program's own tree.

    fn body(&mut self, model: &Model, body: &crate::model::Body, spoken: &Spoken) {
        self.condition(model, &body.applies, &spoken.applies);
        for (part, spoken) in body.parts.iter().zip(&spoken.parts) {
            self.condition(model, &part.selector, &spoken.selector);
            self.condition(model, &part.requirement, &spoken.requirement);
        }
        self.exceptions(model, &body.exceptions, &spoken.exceptions);
    }

    fn exceptions(&mut self, model: &Model, exceptions: &[Exception], spoken: &[SpokenException]) {
        for (exception, spoken) in exceptions.iter().zip(spoken) {
            self.condition(model, &exception.ground, &spoken.ground);
            self.exceptions(model, &exception.exceptions, &spoken.exceptions);
        }
    }

    fn condition(&mut self, model: &Model, condition: &Condition, ask: &Ask) {
        match (condition, ask) {
            (Condition::Test(test), Ask::Test(_)) => {
                let pattern = self.made(model, test);
                self.patterns.push(pattern);
            }
            (Condition::All(inner), Ask::All(asks)) | (Condition::Any(inner), Ask::Any(asks)) => {
                inner.iter().zip(asks).for_each(|(inner, ask)| self.condition(model, inner, ask));
            }
            (Condition::Not(inner), Ask::Not(ask)) => self.condition(model, inner, ask),
            _ => {}
        }
    }

    fn made(&mut self, model: &Model, test: &Test) -> Pattern {
        let (fact, label) = self.names(model, &test.kind);
        let comparator = match &test.kind {
            TestKind::Amount { comparator, .. }
            | TestKind::Day { comparator, .. }
            | TestKind::Fields { comparator, .. }
            | TestKind::Distance { comparator, .. } => &comparator.words,
            _ => &test.words,
        };
        let result = ConditionResult {
            fact,
            label,
            operator: "",
            comparator: Text::from(comparator),
            holds: None,
            given: None,
            bound: self.bound(model, &test.kind),
            shortfall: None,
            from: test.from.as_deref().map(|from| Arc::new(upper_bound(from))),
            rule_span: test.span,
            fact_span: None,
        };
        Pattern { kind: test.kind.clone(), signs: signs(&test.kind), result }
    }

    fn names(&self, model: &Model, kind: &TestKind) -> (Text, Text) {
        let same = |text: Text| (text.clone(), text);
        let with_empty_label = |(fact, label): (Text, Text)| {
            if label.is_empty() { same(fact) } else { (fact, label) }
        };
        with_empty_label(match kind {
            TestKind::Member { field, .. }
            | TestKind::Amount { field, .. }
            | TestKind::Day { field, .. }
            | TestKind::Fields { left: field, .. }
            | TestKind::Flag { field }
            | TestKind::Absent { field } => self.field(*field),
            TestKind::Count { field, .. } => {
                let (key, label) = self.field(*field);
                if kind.existence().is_some() { (key, label) } else { (key, Text::from(format!("{label} 数量"))) }
            }
            TestKind::Distance { field, feature, .. } => {
                let (key, label) = self.field(*field);
                (key, Text::from(format!("{label} {}", member_text(model, *field, *feature))))
            }
            TestKind::Document { field, document, about: DocumentQuestion::Contents(number), .. } => {
                let name = member_text(model, *field, *document);
                let said = model.contents.get(usize::from(*number)).map(String::as_str).unwrap_or_default();
                let label = Text::from(format!("{name} 载明「{said}」"));
                (name.into(), label)
            }
            TestKind::Document { field, document, .. } => same(member_text(model, *field, *document).into()),
            TestKind::Attestation { name, .. } => same(attestation(model, *name).into()),
            TestKind::Parameter { name, .. } => same(Text::from(name)),
        })
    }

    fn bound(&mut self, model: &Model, kind: &TestKind) -> Option<Amount> {
        match kind {
            TestKind::Member { field, named, .. } => {
                let listed = |text: fn(&Model, FieldId, MemberId) -> String, with: &str| {
                    named.iter().map(|member| text(model, *field, *member)).collect::<Vec<_>>().join(with)
                };
                Some(plain(listed(member_text, "、"), listed(member_key, ", ")))
            }
            TestKind::Day { bound, .. } | TestKind::Document { about: DocumentQuestion::Day(_, bound), .. } => {
                Some(plain(bound.to_string(), bound.to_string()))
            }
            TestKind::Document { about: DocumentQuestion::State(_, named), .. } => Some(state_words(model, named)),
            TestKind::Absent { .. } => Some(none()),
            TestKind::Amount { bound, basis, .. } => {
                let basis = match basis {
                    BoundBasis::None | BoundBasis::OfCase => None,
                    BoundBasis::Named(basis) | BoundBasis::Default(basis) => Some(*basis),
                };
                self.measures(model, bound.dimension);
                Some(self.amount(model, bound, basis))
            }
            TestKind::Count { bound, .. } => Some(plain(bound.text(), bound.value.to_string())),
            TestKind::Distance { bound, .. } => {
                self.measures(model, bound.dimension);
                Some(self.amount(model, bound, None))
            }
            TestKind::Fields { .. }
            | TestKind::Flag { .. }
            | TestKind::Document { .. }
            | TestKind::Attestation { .. }
            | TestKind::Parameter { .. } => None,
        }
    }

    fn measures(&mut self, model: &Model, dimension: Dimension) {
        self.units.entry(dimension).or_insert_with(|| base_unit(model, dimension).map(Text::from));
    }
}

/// Where a bound taken from a plan above stands; its place is looked up later.
fn upper_bound(from: &Borrowed) -> UpperBound {
    UpperBound {
        name: Text::from(&from.name),
        plan: Text::from(&from.plan),
        plan_title: Text::from(&from.plan_title),
        clause: Text::from(&from.clause),
        title: Text::from(&from.title),
        citation: from.citation.as_ref().map(|citation| CitationResult {
            section: Text::from(&citation.section),
            quote: citation.quote.as_ref().map(Text::from),
        }),
        rule: None,
        span: from.span,
    }
}

/// The sign of a question, and that of its contrary.
fn signs(kind: &TestKind) -> [&'static str; 2] {
    let both = |operator: Operator| [operator.sign(), operator.negated().unwrap_or(operator).sign()];
    match kind {
        TestKind::Count { .. } if kind.existence().is_some() => ["has", "has"],
        TestKind::Member { named, .. } => [if named.len() == 1 { "=" } else { "in" }, "!="],
        TestKind::Amount { comparator, .. }
        | TestKind::Day { comparator, .. }
        | TestKind::Fields { comparator, .. }
        | TestKind::Distance { comparator, .. }
        | TestKind::Count { comparator, .. } => both(comparator.operator),
        TestKind::Absent { .. } => ["=", "!="],
        TestKind::Flag { .. } | TestKind::Attestation { .. } | TestKind::Parameter { .. } => ["is", "is"],
        TestKind::Document { about, .. } => match about {
            DocumentQuestion::Presence => ["has", "has"],
            DocumentQuestion::State(_, named) => [if named.len() == 1 { "=" } else { "in" }, "!="],
            DocumentQuestion::Contents(_) => ["states", "states"],
            DocumentQuestion::Day(operator, _) => both(*operator),
        },
    }
}

/// An operand that is not an amount.
pub(super) fn plain(text: impl Into<Text>, value: impl Into<Text>) -> Amount {
    Amount { text: text.into(), value: value.into(), unit: None, basis: None }
}

/// States of documents as an operand.
pub(super) fn state_words(model: &Model, states: &[MemberId]) -> Amount {
    let known = model.vocabulary.document_states.as_ref().map(|known| known.enumeration);
    let name = |state: &MemberId| model.vocabulary.member(known?, *state).map(|member| &member.name);
    let names = || states.iter().filter_map(name);
    let text: Vec<&str> = names().map(|name| name.chinese.as_str()).collect();
    let value: Vec<&str> = names().map(|name| name.key()).collect();
    plain(text.join("、"), value.join(", "))
}

/// "There is none" as an operand.
pub(super) fn none() -> Amount {
    plain(Text::always(NONE), Text::always("none"))
}

/// Yes or no as an operand.
pub(super) fn answer(yes: bool) -> Amount {
    let key = Text::always(if yes { "true" } else { "false" });
    plain(key.clone(), key)
}

/// The registry, where clauses speak of it.
fn registry(model: &Model, heads: &[Arc<Head>]) -> Option<Missing> {
    let about = model.clauses.iter().zip(heads).filter(|(clause, _)| clause.subject() == Subject::Registry);
    let indicators = model.indicators.iter().map(|indicator| Text::from(&indicator.id));
    let clauses: Vec<Text> = about.map(|(_, head)| head.clause.clone()).chain(indicators).collect();
    if clauses.is_empty() {
        return None;
    }
    Some(Missing {
        fact: Text::always("registry"),
        label: Text::always("登记册"),
        kind: MissingKind::Registry,
        given: None,
        clauses,
    })
}
