//! Registries: a set of mines assessed, and what one application does to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::date::Date;
use crate::diagnostic::{Code, Problem};
use crate::error::Error;
use crate::model::{Force, RegistryEffect, fold, parse_unit};
use crate::quantity::{Dimension, Number, Quantity};
use crate::registry::{Assessing, Assessment, IndicatorStatus, Quota, Records, RegistryFault, Reported, quotas};
use crate::rulebook::{Census, PreparedFacts, Rulebook, unknown_readings};
use crate::ruling::{MissingKind, ReviewOptions, Ruling, Verdict};

/// How a registry is assessed.
#[derive(Debug, Clone, Default)]
pub struct AssessOptions {
    /// The day as of which; not given, nothing is due.
    pub as_of: Option<Date>,
    /// Readings chosen: indicator → name.
    pub readings: BTreeMap<String, String>,
    /// The office's statistics, by the name that the rules give them.
    pub reported: Reported,
}

impl Rulebook {
    /// Assesses a set of mines: every indicator with value, target, distance, whether it is due, and the facts that are
    /// missing. `base` is the registry of an earlier year, for changes against it.
    ///
    /// ```
    /// use adit::{AssessOptions, Rulebook};
    ///
    /// let rulebook = Rulebook::from_text(
    ///     "引用 矿业\n\
    ///      指标 T-1 “矿山数量”\n  依据 四 「矿山数控制2个以内」\n  矿山 数量 控制在 2个以内（上限）\n",
    /// )?;
    /// let mine = rulebook.prepare_text("甲", r#"{"名称": "甲", "矿种": "煤"}"#)?;
    /// let assessment = rulebook.assess(&[mine], None, &AssessOptions::default())?;
    /// assert_eq!(assessment.indicators[0].status.code(), "met");
    /// # Ok::<(), adit::Error>(())
    /// ```
    ///
    /// # Errors
    /// A reading that no clause or indicator has.
    pub fn assess(
        &self,
        mines: &[PreparedFacts],
        base: Option<&[PreparedFacts]>,
        options: &AssessOptions,
    ) -> Result<Assessment, Error> {
        let census = |mines: &[PreparedFacts]| -> Result<Census, Error> {
            let mut census = self.census(options)?;
            mines.iter().for_each(|mine| census.add(mine));
            Ok(census)
        };
        let base = base.map(census).transpose()?;
        Ok(census(mines)?.assessment(base.as_ref()))
    }

    /// A count of mines that come one by one, for registries that are larger than memory.
    ///
    /// # Errors
    /// A reading that no clause or indicator has.
    pub fn census(&self, options: &AssessOptions) -> Result<Census, Error> {
        self.known_readings(options)?;
        Ok(Census::new(self, options))
    }

    pub(super) fn known_readings(&self, options: &AssessOptions) -> Result<(), Error> {
        let unknown = unknown_readings(self.model(), &options.readings);
        if unknown.is_empty() { Ok(()) } else { Err(Error::new(unknown, Arc::clone(&self.0.sources), None)) }
    }

    /// Reviews a case with the registry that it stands in or enters: its ruling also counts the indicators that are checked
    /// with each case, before and after it.
    ///
    /// # Errors
    /// Anything wrong with the facts, and a case that does not fit the registry: a new mine that is there already, any
    /// other that is not.
    pub fn review_with_registry(
        &self,
        facts: &PreparedFacts,
        mines: &[PreparedFacts],
        options: &ReviewOptions,
        reported: &Reported,
    ) -> Result<Ruling, Error> {
        let mut ruling = self.review_prepared(facts, options)?;
        let records = Records::new(self.model(), mines.iter().map(PreparedFacts::facts));
        let how =
            AssessOptions { as_of: options.as_of, readings: options.readings.clone(), reported: reported.clone() };
        let moved = quotas(&self.assessing(&how), &records, facts.facts())
            .map_err(|fault| self.error(vec![self.misfit(&fault, facts)], facts))?;
        ruling.notes.retain(|note| *note != "quotas-not-checked");
        ruling.needed.retain(|missing| missing.kind != MissingKind::Registry);
        ruling.ruling = with_quotas(ruling.ruling, &moved);
        ruling.quotas = moved;
        Ok(ruling)
    }

    /// An amount in words, such as a number of the office's statistics: `3000万吨`, `35个`, `57%`; a bare number has no unit.
    #[must_use]
    pub fn amount(&self, text: &str) -> Option<Quantity> {
        let text: String = fold(text).chars().filter(|character| !matches!(character, ',' | ' ')).collect();
        let end = text.find(|character: char| !character.is_ascii_digit() && !matches!(character, '.' | '-'));
        let (number, unit) = text.split_at_checked(end.unwrap_or(text.len()))?;
        let number: Number = number.parse().ok()?;
        if unit.is_empty() {
            let (dimension, unit_text, unit_factor) = (Dimension::NONE, String::new(), Number::ONE);
            return Some(Quantity { value: number, dimension, basis: None, unit_text, unit_factor });
        }
        let (dimension, unit_factor, basis) = parse_unit(&self.model().vocabulary, unit)?;
        let value = number.times(&unit_factor);
        Some(Quantity { value, dimension, basis, unit_text: unit.to_owned(), unit_factor })
    }

    pub(super) fn assessing<'a>(&'a self, options: &'a AssessOptions) -> Assessing<'a> {
        Assessing {
            model: self.model(),
            program: &self.0.program,
            as_of: options.as_of,
            readings: &options.readings,
            reported: &options.reported,
        }
    }

    /// The problem of a case that does not fit a registry, at what names the case or says what it does.
    fn misfit(&self, fault: &RegistryFault, facts: &PreparedFacts) -> Problem {
        let vocabulary = &self.model().vocabulary;
        let place = |key: &str| facts.facts().get(vocabulary.field_named(key)?)?.span;
        let activity = (0u16..).zip(&vocabulary.fields).find_map(|(number, field)| {
            let enumeration = vocabulary.enumeration(field.kind.enumeration()?)?;
            let tells = enumeration.registry_effects.iter().any(|(_, effect)| *effect == RegistryEffect::Adds);
            facts.facts().get(crate::model::FieldId(number)).filter(|_| tells)?.span
        });
        let named = place("id").or_else(|| place("name")).or(activity).unwrap_or_default();
        match fault {
            RegistryFault::AlreadyThere(name) => Problem::error(Code::AlreadyInRegistry, named).with(name),
            RegistryFault::NotThere(name) => Problem::error(Code::NotInRegistry, named).with(name),
            RegistryFault::Several(name) => Problem::error(Code::SeveralInRegistry, named).with(name),
            RegistryFault::Nameless => Problem::error(Code::NamelessCase, named),
            RegistryFault::NoActivity => Problem::error(Code::NoActivity, named),
        }
    }
}

/// A ruling with the gates among the indicators: a miss refuses, or by a lighter force is for decision; an open one leaves
/// the case incomplete.
fn with_quotas(ruling: Verdict, moved: &[Quota]) -> Verdict {
    let gates = moved.iter().filter(|quota| quota.gate);
    let worst = gates.filter_map(|quota| match quota.status {
        IndicatorStatus::Missed if matches!(quota.force, Force::InPrinciple | Force::Restricted) => {
            Some(Verdict::ForDecision)
        }
        IndicatorStatus::Missed => Some(Verdict::Refused),
        IndicatorStatus::Unknown => Some(Verdict::Incomplete),
        IndicatorStatus::Met | IndicatorStatus::NotDue => None,
    });
    worst.fold(ruling, Verdict::max)
}
