//! Rules as they are meant: every name resolved, every number in base units. Two spellings of one rule give one model.

mod amount;
mod clause;
mod condition;
mod coverage;
mod document;
mod grading;
mod indicator;
mod place;
mod vocabulary;

pub use amount::{fold, parse_unit};
pub use clause::{
    Attribute, Body, Citation, Clause, Exception, Expectation, Force, OtherReading, Part, Reading, SUBJECTS, Subject,
    WrittenCase,
};
pub use condition::{AttestationMode, Borrowed, BoundBasis, Comparator, Condition, Operator, Test, TestKind};
pub use coverage::Coverage;
pub use document::{DocumentQuestion, DocumentStates};
pub use grading::{Grading, GradingRow, Threshold};
pub use indicator::{Bound, Checked, Group, Indicator, IndicatorBody, Limit, Measure, OtherIndicator};
pub use place::{Figure, Place, PlaceKind, PrintedTable, Property, PropertyValue, Reckoning, Unlike};
pub use vocabulary::{
    Derivation, Domain, Enumeration, EnumerationId, Field, FieldId, FieldKind, LeafSet, Member, MemberId, Name, Order,
    RegistryEffect, Unit, Vocabulary,
};

use std::sync::Arc;

use crate::span::Span;

/// What a set of rule files means.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// The words of the domain.
    pub vocabulary: Vocabulary,
    /// The plan the clauses belong to.
    pub plan: Option<Plan>,
    /// The clauses in the order of their files.
    pub clauses: Vec<Clause>,
    /// What decides nothing, and why.
    pub advisories: Vec<Advisory>,
    /// Printed statements with their citations.
    pub figures: Vec<Figure>,
    /// Sums that stand under no figure, worked out.
    pub reckonings: Vec<Reckoning>,
    /// Tables that derive a class; one of a plan goes before one of the vocabulary.
    pub gradings: Vec<Grading>,
    /// The tables of the plan, whatever their rows are.
    pub tables: Vec<PrintedTable>,
    /// The cases of which a cell of a table says that it asks nothing.
    pub unasked: Vec<Unasked>,
    /// Zones and planning blocks.
    pub places: Vec<Place>,
    /// What is asked of the whole set of mines.
    pub indicators: Vec<Indicator>,
    /// Entries of the register that an item of another id accounts for, with the place of that item.
    pub entries: Vec<(String, Span)>,
    /// Cases written in the rule files.
    pub cases: Vec<WrittenCase>,
    /// Every attestation that some clause asks about, once, in the order met. Tests number them by this list.
    pub attestations: Vec<String>,
    /// Everything that some clause asks whether a document says it, once, in the order met.
    pub contents: Vec<String>,
    /// The plans above that are loaded. Their clauses decide nothing here: they lend numbers and are compared with.
    pub upper: Vec<Arc<Self>>,
}

impl Model {
    /// The plans that the plan implements, in its order, each with the loaded plan of that title.
    pub fn implemented(&self) -> impl Iterator<Item = (&str, Option<&Plan>)> {
        let titles = self.plan.iter().flat_map(|plan| &plan.implements);
        titles.map(|title| {
            let loaded = self.upper.iter().filter_map(|upper| upper.plan.as_ref());
            (title.as_str(), loaded.into_iter().find(|plan| plan.is_titled(title)))
        })
    }
}

/// Cases of which a cell of a table says that it asks nothing: 无要求.
#[derive(Debug, Clone)]
pub struct Unasked {
    /// The title of the table.
    pub table: String,
    /// What it asks nothing of.
    pub field: FieldId,
    /// The cases.
    pub cases: Condition,
}

/// The head of a plan.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Its id: `yongchuan`.
    pub id: String,
    /// Its title as printed.
    pub title: String,
    /// The region it governs.
    pub region: Option<String>,
    /// The number of the instrument that issued it.
    pub instrument: Option<String>,
    /// The day of issue, as days of the proleptic Gregorian calendar (see [`crate::date::Date`]).
    pub issued: Option<crate::date::Date>,
    /// The base year.
    pub base_year: Option<i32>,
    /// First and last year of its period.
    pub period: Option<(i32, i32)>,
    /// The outlook year.
    pub outlook: Option<i32>,
    /// Titles of the plans it implements.
    pub implements: Vec<String>,
    /// The first and the last entry of its register, whose ids run on without a gap.
    pub register: Option<(String, String)>,
    /// Where it stands.
    pub span: Span,
}

impl Plan {
    /// Whether this is its title. The line in （2021—2025年） is printed in many ways, and blanks do not count.
    #[must_use]
    pub fn is_titled(&self, title: &str) -> bool {
        let plain = |title: &str| -> String {
            let characters = title.chars().map(crate::ast::fold).filter(|character| !character.is_whitespace());
            characters.map(|one| if "—–－～~―‐−".contains(one) { '-' } else { one }).collect()
        };
        plain(&self.title) == plain(title)
    }
}

/// An entry that decides nothing.
#[derive(Debug, Clone)]
pub struct Advisory {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where the plan says it.
    pub citations: Vec<Citation>,
    /// Why it decides nothing.
    pub reason: String,
    /// Where it stands.
    pub span: Span,
}
