//! What a plan asks of the whole set of mines: counts, sums, shares, against a bound.

use crate::model::clause::{Attribute, Citation, Force, Reading};
use crate::model::condition::{Comparator, Condition};
use crate::model::vocabulary::{FieldId, MemberId};
use crate::quantity::Quantity;
use crate::span::Span;

/// An indicator: one number of a set of mines, and the bound it is held against.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where the plan says it.
    pub citations: Vec<Citation>,
    /// What it says, in the reading taken.
    pub body: IndicatorBody,
    /// The reading taken, where the text leaves one open.
    pub reading: Option<Reading>,
    /// The other readings.
    pub other_readings: Vec<OtherIndicator>,
    /// The author's statement that the quote's number differs, with its reason.
    pub quote_differs: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl Indicator {
    /// Whether it has a reading of this name, the one taken among them.
    #[must_use]
    pub fn has_reading(&self, name: &str) -> bool {
        self.reading.as_ref().is_some_and(|reading| reading.name == name)
            || self.other_readings.iter().any(|other| other.name == name)
    }
}

/// What an indicator says in one reading.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorBody {
    /// What is measured.
    pub measure: Measure,
    /// What it is held against: one bound as a rule, all of them where there are several.
    pub limits: Vec<Limit>,
    /// How strongly it speaks: what a miss leads to where it is held at each case.
    pub force: Force,
    /// 约束性, 预期性 or 未标注, as printed.
    pub attribute: Option<Attribute>,
    /// When it is checked.
    pub checked: Checked,
    /// The year by which the bound is to be met; before it a miss is not due.
    pub target_year: Option<i32>,
    /// The phrase.
    pub span: Span,
}

impl IndicatorBody {
    /// The bounds that are known numbers.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        self.limits.iter().filter_map(|limit| limit.bound.quantity())
    }
}

/// A bound, and how a number is to stand to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// How it is to stand to the bound.
    pub comparator: Comparator,
    /// The bound.
    pub bound: Bound,
}

/// What the number of an indicator is held against.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// A number that the plan prints.
    Printed(Quantity),
    /// 从「…」: a number of a plan above.
    Elsewhere {
        /// What this plan calls it.
        name: String,
        /// The number, where the plan above is loaded.
        found: Option<Quantity>,
    },
    /// 所在分区 的「…」: for each place the number that is printed of it.
    OfPlace {
        /// The bound in the author's words.
        words: String,
        /// The places, each with its number, where one is printed.
        values: Vec<(MemberId, Option<Quantity>)>,
    },
}

impl Bound {
    /// The number, where it is one and known.
    #[must_use]
    pub const fn quantity(&self) -> Option<&Quantity> {
        match self {
            Self::Printed(quantity) | Self::Elsewhere { found: Some(quantity), .. } => Some(quantity),
            Self::Elsewhere { found: None, .. } | Self::OfPlace { .. } => None,
        }
    }

    /// An amount in the unit of the bound, where that has one.
    #[must_use]
    pub fn sample(&self) -> Option<&Quantity> {
        match self {
            Self::OfPlace { values, .. } => values.iter().find_map(|(_, value)| value.as_ref()),
            Self::Printed(_) | Self::Elsewhere { .. } => self.quantity(),
        }
    }

    /// The bound as people read it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Printed(quantity) => quantity.text(),
            Self::Elsewhere { name, found: Some(quantity) } => format!("{}（从「{name}」）", quantity.text()),
            Self::Elsewhere { name, found: None } => format!("从「{name}」"),
            Self::OfPlace { words, .. } => words.clone(),
        }
    }
}

/// Another reading of an indicator.
#[derive(Debug, Clone)]
pub struct OtherIndicator {
    /// Its name.
    pub name: String,
    /// What the indicator says in it.
    pub body: IndicatorBody,
    /// Where it stands.
    pub span: Span,
}

/// When an indicator is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checked {
    /// 逐宗控制: a gate for each application.
    EachCase,
    /// 期末考核: the state at its target year.
    EndOfTerm,
}

/// A set of mines.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Those that this holds of.
    pub selector: Condition,
    /// Of them, those that meet this clause.
    pub meets: Option<String>,
    /// The selector in the author's words.
    pub words: String,
}

/// What an indicator measures.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// How many mines.
    Count(Group),
    /// The sum of a field over them.
    Sum(Group, FieldId),
    /// How many different values of a field they have.
    Different(Group, FieldId),
    /// How many of one set to how many of another.
    Share {
        /// The part.
        part: Group,
        /// The whole.
        whole: Group,
    },
    /// The sum over one set to the sum over another.
    SumShare {
        /// The part.
        part: Group,
        /// The whole.
        whole: Group,
        /// What is summed.
        field: FieldId,
    },
    /// The most mines that share one value of a field, or the most different values of another field that they have.
    MostPer {
        /// The field.
        field: FieldId,
        /// What is counted of the mines that share a value; not said, the mines themselves.
        of: Option<FieldId>,
        /// The mines.
        group: Group,
    },
    /// By how much of itself a count has grown, or shrunk, against an earlier year.
    Change {
        /// The mines.
        group: Group,
        /// The year it is held against.
        year: i32,
        /// Whether growth is measured, else shrinking.
        grows: bool,
    },
    /// A number of the office's statistics that no list of mines can give.
    Reported(String),
}

impl Measure {
    /// The field that is summed.
    #[must_use]
    pub const fn summed(&self) -> Option<FieldId> {
        match self {
            Self::Sum(_, field) | Self::SumShare { field, .. } => Some(*field),
            _ => None,
        }
    }

    /// The field whose values mines share or whose different values are counted, and the one that is counted of those who
    /// share them.
    #[must_use]
    pub const fn grouped(&self) -> Option<(FieldId, Option<FieldId>)> {
        match self {
            Self::Different(_, field) => Some((*field, None)),
            Self::MostPer { field, of, .. } => Some((*field, *of)),
            _ => None,
        }
    }

    /// The sets of mines it asks about.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        let (first, second) = match self {
            Self::Count(group)
            | Self::Sum(group, _)
            | Self::Different(group, _)
            | Self::MostPer { group, .. }
            | Self::Change { group, .. } => (Some(group), None),
            Self::Share { part, whole } | Self::SumShare { part, whole, .. } => (Some(part), Some(whole)),
            Self::Reported(_) => (None, None),
        };
        first.into_iter().chain(second)
    }
}
