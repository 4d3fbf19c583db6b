//! Conditions over the facts of one case.

use std::sync::Arc;

use crate::date::Date;
use crate::model::clause::Citation;
use crate::model::document::DocumentQuestion;
use crate::model::vocabulary::{FieldId, LeafSet, MemberId};
use crate::quantity::{BasisId, Quantity};
use crate::span::Span;

/// A condition: true, false, unknown or a matter of judgement of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Holds of every case.
    Always,
    /// Holds of no case.
    Never,
    /// One question about the facts.
    Test(Box<Test>),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// The inner one does not hold.
    Not(Box<Condition>),
}

/// One question about the facts, with its place. Equality ignores place and words.
#[derive(Debug, Clone)]
pub struct Test {
    /// What is asked.
    pub kind: TestKind,
    /// Where the author asked it.
    pub span: Span,
    /// The author's words for it.
    pub words: String,
    /// Where its number stands, if it is taken from a plan above.
    pub from: Option<Arc<Borrowed>>,
}

/// Where a number taken from a plan above stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borrowed {
    /// What the lower plan calls it.
    pub name: String,
    /// The id of the plan above.
    pub plan: String,
    /// Its title.
    pub plan_title: String,
    /// The id of its clause or figure.
    pub clause: String,
    /// The title of that.
    pub title: String,
    /// Where the plan above prints it.
    pub citation: Option<Citation>,
    /// Where it stands in the rules of the plan above.
    pub span: Span,
}

impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Test {}

/// What a test asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestKind {
    /// The value (any of the values) is one of these leaves of the field's enumeration. Used for enumerations, ordered
    /// comparisons of them, and area kinds; a field that holds "none" answers no.
    Member {
        /// The field.
        field: FieldId,
        /// Every leaf that answers yes.
        leaves: LeafSet,
        /// The members as the author named them.
        named: Vec<MemberId>,
    },
    /// The amount stands so to a bound.
    Amount {
        /// The field.
        field: FieldId,
        /// The comparison.
        comparator: Comparator,
        /// The bound.
        bound: Quantity,
        /// What both measure.
        basis: BoundBasis,
    },
    /// The day stands so to a day: [`Operator::AtLeast`] is "on or after".
    Day {
        /// The field.
        field: FieldId,
        /// The comparison.
        comparator: Comparator,
        /// The bound.
        bound: Date,
    },
    /// One field stands so to another of the same kind (both days or both amounts).
    Fields {
        /// The left field.
        left: FieldId,
        /// The comparison.
        comparator: Comparator,
        /// The right field.
        right: FieldId,
        /// How many months later than the right day the comparison is with: 满一年 is twelve. None of amounts.
        months: i32,
    },
    /// The yes/no field says yes.
    Flag {
        /// The field.
        field: FieldId,
    },
    /// The optional field says that there is none.
    Absent {
        /// The field.
        field: FieldId,
    },
    /// The number of values that the field lists stands so to a number.
    Count {
        /// The field.
        field: FieldId,
        /// The comparison.
        comparator: Comparator,
        /// The bound.
        bound: Quantity,
    },
    /// The distance to a feature stands so to a length.
    Distance {
        /// The field of distances.
        field: FieldId,
        /// The feature, a member of the field's enumeration.
        feature: MemberId,
        /// The comparison.
        comparator: Comparator,
        /// The bound.
        bound: Quantity,
    },
    /// The document is there, or stands as it should.
    Document {
        /// The field of documents.
        field: FieldId,
        /// The document, a member of the field's enumeration.
        document: MemberId,
        /// What is asked of it.
        about: DocumentQuestion,
        /// How it is read when it is not known: only `Required` and `Ground` occur.
        mode: AttestationMode,
    },
    /// Somebody has found so.
    Attestation {
        /// A number into [`crate::model::Model::attestations`].
        name: u16,
        /// How it is read when it is not known.
        mode: AttestationMode,
    },
    /// A number that stands elsewhere and is not loaded; never known.
    Parameter {
        /// What the author calls it.
        name: String,
        /// The field that it bounds, where that is told.
        of: Option<FieldId>,
    },
}

/// How a finding or document is read when the facts do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttestationMode {
    /// The clause demands it: it stays unknown.
    Required,
    /// A ground of an exception at odd depth: not shown, so no; listed as `could_show`.
    Ground,
    /// The applicant shows it: it stays unknown.
    Applicant,
    /// The authority checks it: a matter of judgement.
    Authority,
    /// Presumed not: no, and noted.
    PresumedNot,
}

/// What a bound and the fact beside it measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoundBasis {
    /// Nothing to choose: the dimension carries no basis (time, length, a ratio).
    None,
    /// The author named it.
    Named(BasisId),
    /// The author named none; the minerals of the clause have this default.
    Default(BasisId),
    /// The author named none and no mineral: the default of the case's mineral.
    OfCase,
}

/// A comparison with the words it was written in.
#[derive(Debug, Clone)]
pub struct Comparator {
    /// Its meaning.
    pub operator: Operator,
    /// The author's words: `不低于`, `>=`, `以上`.
    pub words: String,
}

impl TestKind {
    /// Whether it asks if a list holds any (`有`) or none (`无`); nothing where it asks something else.
    #[must_use]
    pub fn existence(&self) -> Option<bool> {
        match self {
            Self::Count { comparator, .. } => match comparator.words.as_str() {
                "有" => Some(true),
                "无" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

impl PartialEq for Comparator {
    fn eq(&self, other: &Self) -> bool {
        self.operator == other.operator
    }
}

impl Eq for Comparator {}

/// The meaning of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// The number or more.
    AtLeast,
    /// The number or less.
    AtMost,
    /// More than the number.
    Above,
    /// Less than the number.
    Below,
    /// The number itself.
    Equal,
    /// Any other number.
    NotEqual,
    /// The number itself is met, anything else is a matter of judgement (左右, 约 without a stated tolerance).
    About,
}

impl Operator {
    /// The sign, as in JSON.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::Below => "<",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::About => "~",
        }
    }

    /// The sign, as people read it.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::AtLeast => "≥",
            Self::AtMost => "≤",
            Self::Above => "＞",
            Self::Below => "＜",
            Self::Equal => "=",
            Self::NotEqual => "≠",
            Self::About => "≈",
        }
    }

    /// The comparison that holds exactly where this one does not; `About` has none.
    #[must_use]
    pub const fn negated(self) -> Option<Self> {
        match self {
            Self::AtLeast => Some(Self::Below),
            Self::AtMost => Some(Self::Above),
            Self::Above => Some(Self::AtMost),
            Self::Below => Some(Self::AtLeast),
            Self::Equal => Some(Self::NotEqual),
            Self::NotEqual => Some(Self::Equal),
            Self::About => None,
        }
    }

    /// Whether `ordering` of fact to bound satisfies it; `About` is met only by the number itself.
    #[must_use]
    pub const fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::AtLeast => ordering.is_ge(),
            Self::AtMost => ordering.is_le(),
            Self::Above => ordering.is_gt(),
            Self::Below => ordering.is_lt(),
            Self::Equal | Self::About => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
        }
    }
}
