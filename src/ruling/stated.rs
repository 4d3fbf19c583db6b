//! A case made ready with its words: what rulings say of it whatever the clause.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::diagnostic::{Code, Problem, Words};
use crate::evaluate::{
    Case, Converted, Derived, Graded, Measured, Ready, State, Step, basis, enumeration_of, fact_text, member_key,
    member_text, yes_no,
};
use crate::facts::{CaseFacts, Fact, FactOrigin, FactValue};
use crate::model::{Derivation, FieldId, Grading, GradingRow, Model};
use crate::program::{CellSet, ChannelBasis, Key, Program};
use crate::quantity::{Number, Quantity};
use crate::ruling::result::{Amount, Disagreement};
use crate::ruling::text::Text;
use crate::ruling::used::Used;
use crate::ruling::wording::{Wording, answer, none, plain};
use crate::span::Span;

/// A case ready to be ruled on any number of times.
#[derive(Debug, Clone)]
pub struct StatedCase {
    /// Its facts, ready.
    pub(super) ready: Ready,
    /// What tells it from another.
    pub(super) headline: Vec<Text>,
    /// What it says of itself.
    pub(super) lines: Vec<(Text, Text)>,
    /// Defaults and computed values.
    pub(super) defaults: Vec<Used>,
    /// Given values that disagree with computed ones; their places are not looked up yet.
    pub(super) disagreements: Vec<Disagreement>,
    /// The rows that a class was derived from whose numbers nobody has confirmed.
    pub(super) unverified: Vec<Text>,
    /// The day as of which is ruled.
    pub(super) as_of: Option<Date>,
    /// The operand that each field makes.
    pub(super) given: BTreeMap<FieldId, Amount>,
    /// Amounts as bounds meet them, by variable.
    pub(super) channels: BTreeMap<u32, Channel>,
}

/// An amount as the bounds of one variable meet it.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    /// The operand.
    pub(super) given: Amount,
    /// In the bounds' dimension and basis.
    pub(super) value: Number,
    /// The defaults and conversions that it took.
    pub(super) notes: Vec<Used>,
}

impl StatedCase {
    /// Makes a case ready.
    ///
    /// # Errors
    /// Facts that cannot stand together.
    pub fn new(
        model: &Model,
        program: &Program,
        wording: &Wording,
        facts: &CaseFacts,
        as_of: Option<Date>,
    ) -> Result<Self, Problem> {
        let ready = Ready::new(model, program, facts, as_of)?;
        let case = Case::new(model, program, &ready);
        let words = Teller { case, wording };
        let day = program.roles.as_of.and_then(|field| ready.facts.get(field)).map(|fact| &fact.value);
        let as_of = match day {
            Some(FactValue::Day(day)) => Some(*day),
            _ => None,
        };
        let given: BTreeMap<FieldId, Amount> =
            ready.facts.iter().map(|(field, fact)| (field, words.given(field, fact))).collect();
        let channels = words.channels(&given);
        let (headline, lines, defaults) = (words.headline(), words.lines(), words.defaults());
        let disagreements = words.disagreements();
        let unverified = words.unverified();
        Ok(Self { headline, lines, defaults, disagreements, unverified, as_of, given, channels, ready })
    }
}

#[derive(Clone, Copy)]
struct Teller<'a> {
    case: Case<'a>,
    wording: &'a Wording,
}

impl Teller<'_> {
    fn given(&self, field: FieldId, fact: &Fact) -> Amount {
        let model = self.case.model;
        let text = || Text::from(fact_text(model, field, &fact.value));
        match &fact.value {
            FactValue::None => none(),
            FactValue::YesNo(yes) => answer(*yes),
            FactValue::Members(members) if enumeration_of(model, field).is_some() => {
                let keys: Vec<String> = members.iter().map(|member| member_key(model, field, *member)).collect();
                plain(text(), keys.join(", "))
            }
            FactValue::Amount(quantity) => self.wording.amount(model, quantity, quantity.basis),
            FactValue::Members(_)
            | FactValue::Day(_)
            | FactValue::Texts(_)
            | FactValue::Distances(_)
            | FactValue::Documents(_)
            | FactValue::Attestations(_)
            | FactValue::Conversions(_) => {
                let text = text();
                plain(text.clone(), text)
            }
        }
    }

    fn channels(&self, given: &BTreeMap<FieldId, Amount>) -> BTreeMap<u32, Channel> {
        let case = self.case;
        let measure = case.measure();
        let mut channels = BTreeMap::new();
        for (number, variable) in (0u32..).zip(&case.program.variables) {
            let Key::Amount(field, dimension, channel) = variable.key else { continue };
            let Some(FactValue::Amount(stated)) = case.facts.get(field).map(|fact| &fact.value) else { continue };
            let Measured::Known(converted) = measure.field(field, dimension, channel) else { continue };
            let Some(mut given) = given.get(&field).cloned() else { continue };
            if converted.value != stated.value {
                given.value = converted.value.to_string().into();
            }
            given.unit = self.wording.unit(case.model, dimension);
            given.basis = match channel {
                ChannelBasis::None => None,
                ChannelBasis::Of(_) | ChannelBasis::OfCase => self.wording.basis(converted.basis),
            };
            let notes = self.notes(field, stated, &converted);
            channels.insert(number, Channel { given, value: converted.value, notes });
        }
        channels
    }

    /// The default bases and conversions behind an amount.
    fn notes(&self, field: FieldId, stated: &Quantity, converted: &Converted) -> Vec<Used> {
        let (model, facts) = (self.case.model, self.case.facts);
        let (fact, label) = self.wording.field(field);
        let note = |step: &Step| match step {
            Step::DefaultBasis(default) => {
                let value = format!("{} {}", stated.text(), basis(model, *default));
                Used::new(label.clone(), fact.clone(), value)
            }
            Step::Density(quantity) => {
                let field = self.case.program.roles.density;
                let density = field.map(|field| self.wording.field(field).1).unwrap_or_default();
                let from = field.and_then(|field| facts.source(field)).unwrap_or_default();
                let value = format!("{density} {}", quantity.text());
                converting(Used::new(label.clone(), fact.clone(), value), from)
            }
            Step::Basis(from, to, factor, source) => {
                let value = format!("{} × {factor} = {}", basis(model, *from), basis(model, *to));
                converting(Used::new(label.clone(), fact.clone(), value), source)
            }
        };
        converted.steps.iter().map(note).collect()
    }

    fn headline(&self) -> Vec<Text> {
        let in_head = |field| self.case.model.vocabulary.field(field).is_some_and(|known| known.headline);
        let stated = self.case.facts.iter().filter(|(field, _)| in_head(*field));
        stated.map(|(field, fact)| self.text(field, fact)).collect()
    }

    fn lines(&self) -> Vec<(Text, Text)> {
        let own = |fact: &Fact| matches!(fact.origin, FactOrigin::Given | FactOrigin::Argument);
        let stated = self.case.facts.iter().filter(|(_, fact)| own(fact));
        stated.map(|(field, fact)| (self.wording.field(field).1, self.text(field, fact))).collect()
    }

    fn defaults(&self) -> Vec<Used> {
        let used = |field: FieldId, value: Text| {
            let (fact, label) = self.wording.field(field);
            Used::new(label, fact, value)
        };
        let by_default = self.case.facts.iter().filter(|(_, fact)| fact.origin == FactOrigin::Default);
        let mut defaults: Vec<Used> = by_default.map(|(field, fact)| used(field, self.text(field, fact))).collect();
        defaults.extend(self.case.derived.iter().map(|derived| Used {
            given: derived.given.as_ref().map(|given| given.text().into()),
            ..used(derived.field, derived.value.text().into())
        }));
        let told = self.case.graded.iter().filter(|graded| self.may_be(graded));
        defaults.extend(told.map(|graded| self.class(graded)));
        defaults
    }

    /// Whether the case may be of one of these classes: the constraints may say that it has none, an exploration right say.
    fn may_be(&self, graded: &Graded) -> bool {
        let Some(number) = self.case.program.variable(&Key::Member(graded.field)) else { return true };
        let none = self.case.program.variables.get(number as usize).map(|variable| variable.none);
        let cells = self.case.state(number).map(State::cells);
        !matches!((cells, none), (Some(cells), Some(none)) if cells == CellSet::range(none, none))
    }

    /// `规模级别 = 小型（最低开采规模，RQ-299）`.
    fn class(&self, graded: &Graded) -> Used {
        let model = self.case.model;
        let classes: Vec<String> =
            graded.members.iter().map(|member| member_text(model, graded.field, *member)).collect();
        let rows: BTreeSet<String> = self
            .rows(graded)
            .map(|(grading, row)| {
                row.id.as_ref().map_or(grading.title.clone(), |id| format!("{}，{id}", grading.title))
            })
            .collect();
        let rows: Vec<String> = rows.into_iter().collect();
        let (fact, label) = self.wording.field(graded.field);
        Used {
            source: rows.join("；").into(),
            given: graded.given.as_ref().map(|given| member_text(model, graded.field, *given).into()),
            ..Used::new(label, fact, classes.join("、"))
        }
    }

    /// The rows of tables that a class follows from.
    fn rows<'g>(&'g self, graded: &'g Graded) -> impl Iterator<Item = (&'g Grading, &'g GradingRow)> {
        let gradings = &self.case.model.gradings;
        graded.rows.iter().filter_map(move |(grading, row)| {
            let grading = gradings.get(*grading)?;
            Some((grading, grading.rows.get(*row)?))
        })
    }

    /// Of a case whose size is not known no row has told anything yet.
    fn unverified(&self) -> Vec<Text> {
        let told = |grading: &Grading| self.case.facts.get(grading.measured).is_some();
        let rows = self.case.graded.iter().flat_map(|graded| self.rows(graded));
        let rows = rows.filter(|(grading, row)| row.unverified && told(grading));
        let printed = |row: &GradingRow| row.citation.quote.clone().unwrap_or_else(|| row.citation.section.clone());
        let named: BTreeSet<String> =
            rows.map(|(grading, row)| format!("{}「{}」", grading.title, printed(row))).collect();
        named.into_iter().map(Text::from).collect()
    }

    /// A class that was given and is none of those that tables derive.
    fn other_class(&self, graded: &Graded) -> Option<Disagreement> {
        let given = graded.given.as_ref()?;
        let model = self.case.model;
        let (fact, label) = self.wording.field(graded.field);
        let span = self.case.facts.get(graded.field).and_then(|fact| fact.span).unwrap_or_default();
        let given = member_text(model, graded.field, *given);
        let derived: Vec<String> =
            graded.members.iter().map(|member| member_text(model, graded.field, *member)).collect();
        let derived = derived.join("、");
        let problem = Problem::warning(Code::DerivedDisagrees, span)
            .with_words(Words::new(label.as_str(), fact.as_str()))
            .with(given.as_str())
            .with(derived.as_str());
        let code = Code::DerivedDisagrees.entry().name();
        Some(Disagreement { code, fact, label, given: given.into(), derived: derived.into(), place: None, problem })
    }

    fn disagreements(&self) -> Vec<Disagreement> {
        let disagree = |derived: &Derived| {
            let given = derived.given.as_ref()?;
            let (fact, label) = self.wording.field(derived.field);
            let span = self.case.facts.get(derived.field).and_then(|fact| fact.span).unwrap_or_default();
            let words = Words::new(label.as_str(), fact.as_str());
            let mut problem = Problem::warning(Code::DerivedDisagrees, span)
                .with_words(words)
                .with(given.text())
                .with(derived.value.text());
            for (field, span) in self.parts(derived.field) {
                let (key, label) = self.wording.field(field);
                problem = problem.also(span, Words::new(label.as_str(), key.as_str()));
            }
            let (given, derived) = (Text::from(given.text()), Text::from(derived.value.text()));
            let code = Code::DerivedDisagrees.entry().name();
            Some(Disagreement { code, fact, label, given, derived, place: None, problem })
        };
        let classes = self.case.graded.iter().filter_map(|graded| self.other_class(graded));
        self.case.derived.iter().filter_map(disagree).chain(classes).collect()
    }

    /// The facts that a field is computed from, with their places.
    fn parts(&self, field: FieldId) -> Vec<(FieldId, Span)> {
        let Some(Derivation::Quotient(above, below)) =
            self.case.model.vocabulary.field(field).and_then(|field| field.derivation)
        else {
            return Vec::new();
        };
        let place = |field: FieldId| Some((field, self.case.facts.get(field)?.span?));
        [above, below].into_iter().filter_map(place).collect()
    }

    fn text(&self, field: FieldId, fact: &Fact) -> Text {
        fact_text(self.case.model, field, &fact.value).into()
    }
}

/// What is presumed of something.
pub(super) fn presumed(name: &str) -> Used {
    let name = Text::from(format!("「{name}」"));
    Used::new(name.clone(), name, yes_no(false))
}

/// A conversion with the document that it is taken from.
fn converting(used: Used, source: &str) -> Used {
    Used { converts: true, source: source.into(), ..used }
}
