//! What an assessment says.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::model::Force;
use crate::quantity::Quantity;

/// How an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndicatorStatus {
    /// Every completion of what is unknown meets the bound.
    Met,
    /// None does.
    Missed,
    /// None does, and the year by which it is to be met has not come.
    NotDue,
    /// Some do.
    Unknown,
}

impl IndicatorStatus {
    /// The code in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::NotDue => "not-due",
            Self::Unknown => "unknown",
        }
    }
}

// Serde hands a reference to whatever it serialises with.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
fn code<S: Serializer>(force: &Force, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(force.code())
}

/// Numbers of the office's statistics that no list of mines can give, by name.
pub type Reported = BTreeMap<String, Quantity>;

/// The value of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndicatorValue {
    /// As people read it: `35`, `20/35 57.14%`, `1200万吨/年`; `12–15` where it is not known exactly.
    pub text: String,
    /// The least that it can be, exact.
    pub least: Option<String>,
    /// The greatest that it can be; absent where nothing bounds it.
    pub greatest: Option<String>,
}

/// A fact that some mines lack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingFact {
    /// The vocabulary's English name; for a statistic or a base year's registry, its name.
    pub fact: String,
    /// The name for people.
    pub label: String,
    /// How many mines lack it.
    pub count: u64,
    /// They, by name: the first hundred in the order of the registry.
    pub mines: Vec<String>,
}

/// One indicator of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its id.
    pub indicator: String,
    /// Its title.
    pub title: String,
    /// How it stands.
    pub status: IndicatorStatus,
    /// Its value; absent where nothing is known of it.
    pub value: Option<IndicatorValue>,
    /// The bound, as people read it: `≤ 38个`.
    pub target: String,
    /// The sign of the comparison.
    pub operator: &'static str,
    /// How far the value is from the bound: what is left, or what is short. Absent where the value is not known.
    pub distance: Option<String>,
    /// Whether the distance is room that is left, else what is short.
    pub room: bool,
    /// How strongly it speaks.
    #[serde(serialize_with = "code")]
    pub force: Force,
    /// 约束性, 预期性 or 未标注, as printed.
    pub attribute: Option<&'static str>,
    /// The year by which it is to be met.
    pub target_year: Option<i32>,
    /// Whether that year has come.
    pub due: bool,
    /// The reading taken.
    pub reading: Option<String>,
    /// What the mines that are open lack.
    pub missing: Vec<MissingFact>,
    /// Where most mines of one value are counted: the values.
    pub values: Vec<String>,
    /// Where the plan says it.
    pub section: String,
    /// The quote.
    pub quote: Option<String>,
}

/// What a plan's indicators come to over a registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// The plan's id.
    pub plan: String,
    /// Its title.
    pub plan_title: String,
    /// How many mines were assessed.
    pub mines: usize,
    /// How many records of the registry could not be used, so that they are not among the mines; the caller tells, who read
    /// them.
    pub left_out: u64,
    /// The day as of which, if one was given.
    pub as_of: Option<String>,
    /// The indicators, in the order of the rule files.
    pub indicators: Vec<Standing>,
}

/// What an application does to an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// The indicator's id.
    pub indicator: String,
    /// Its title.
    pub title: String,
    /// Its value before.
    pub before: Option<IndicatorValue>,
    /// Its value after.
    pub after: Option<IndicatorValue>,
    /// The bound.
    pub target: String,
    /// How it stands after, held as a gate for each application.
    pub status: IndicatorStatus,
    /// What is left after, or short.
    pub distance: Option<String>,
    /// Whether the distance is room that is left.
    pub room: bool,
    /// Whether a miss counts against the application: checked with each case, and not a mere expectation.
    pub gate: bool,
    /// How strongly it speaks: a gate in principle, or a restriction, is missed for decision.
    #[serde(serialize_with = "code")]
    pub force: Force,
    /// 约束性, 预期性 or 未标注.
    pub attribute: Option<&'static str>,
    /// What the mines lack that would tell.
    pub missing: Vec<MissingFact>,
    /// Where the plan says it.
    pub section: String,
    /// The quote.
    pub quote: Option<String>,
}
