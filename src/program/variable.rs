//! What a clause may ask a case: variables, each with its domain cut into cells.

use crate::date::Date;
use crate::model::{AttestationMode, DocumentQuestion, FieldId, MemberId, Operator};
use crate::program::cells::CellSet;
use crate::quantity::{BasisId, Dimension, Number};

/// What an amount is measured on before it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelBasis {
    /// The dimension carries no basis.
    None,
    /// This basis, named or a default of the clause's minerals.
    Of(BasisId),
    /// The default of the case's mineral.
    OfCase,
}

/// One thing asked about a case. Everything that a review can leave open is one of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The one value of an enumerated field.
    Member(FieldId),
    /// The values of an enumerated field that may hold several, or of a list of areas.
    Members(FieldId),
    /// Yes or no.
    YesNo(FieldId),
    /// A day.
    Day(FieldId),
    /// An amount in one dimension, on one basis.
    Amount(FieldId, Dimension, ChannelBasis),
    /// Whether an amount is "none".
    Presence(FieldId),
    /// How many values a list holds.
    Count(FieldId),
    /// The distance to a feature.
    Distance(FieldId, MemberId),
    /// Whether one field stands so to another.
    Compare(FieldId, Operator, FieldId, i32),
    /// Whether a document is there, or stands as it should.
    Document(FieldId, MemberId, DocumentQuestion, AttestationMode),
    /// Whether somebody has found so.
    Attestation(u16, AttestationMode),
    /// A number that is not loaded.
    Parameter(String),
}

/// The cut points of a variable's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scale {
    /// Cells are numbered outright: leaves; or no, yes, a matter of judgement.
    Plain,
    /// Cell `2i + 1` is the cut `i`, cell `2i` lies between it and the one before.
    Numbers(Vec<Number>),
    /// As numbers, for days.
    Days(Vec<Date>),
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// What it asks.
    pub key: Key,
    /// How its domain is cut.
    pub scale: Scale,
    /// The cell of "none", past all others.
    pub none: u32,
    /// The cells it may have when nothing is known.
    pub domain: CellSet,
    /// Whether it may hold no cell at all (a list of areas: in none).
    pub may_be_empty: bool,
}

/// The cell of "no".
pub const NO: u32 = 0;
/// The cell of "yes".
pub const YES: u32 = 1;
/// The cell of "a matter of judgement".
pub const JUDGED: u32 = 2;
/// The cell of "none" of yes/no variables.
pub const NEITHER: u32 = 3;

impl Variable {
    /// The cell of a number.
    #[must_use]
    pub fn cell_of_number(&self, number: &Number) -> u32 {
        match &self.scale {
            Scale::Numbers(cuts) => cell(cuts.binary_search(number)),
            Scale::Plain | Scale::Days(_) => self.none,
        }
    }

    /// The cell of a day.
    #[must_use]
    pub fn cell_of_day(&self, day: Date) -> u32 {
        match &self.scale {
            Scale::Days(cuts) => cell(cuts.binary_search(&day)),
            Scale::Plain | Scale::Numbers(_) => self.none,
        }
    }

    /// The cells of a comparison with a cut: those where it holds, and those where it is a matter of judgement.
    #[must_use]
    pub fn compared(&self, operator: Operator, cut: u32) -> (CellSet, CellSet) {
        let last = self.none.saturating_sub(1);
        let below = || cut.checked_sub(1).map_or_else(CellSet::empty, |before| CellSet::range(0, before));
        let others = || {
            let mut set = below();
            set.push(cut.saturating_add(1), last);
            set
        };
        let yes = match operator {
            Operator::AtLeast => CellSet::range(cut, last),
            Operator::Above => CellSet::range(cut.saturating_add(1), last),
            Operator::AtMost => CellSet::range(0, cut),
            Operator::Below => below(),
            Operator::Equal | Operator::About => CellSet::one(cut),
            Operator::NotEqual => others(),
        };
        let judged = if operator == Operator::About { others() } else { CellSet::empty() };
        (yes, judged)
    }

    /// Whether several of its cells may hold at once.
    #[must_use]
    pub const fn is_list(&self) -> bool {
        matches!(self.key, Key::Members(_))
    }
}

fn cell(position: Result<usize, usize>) -> u32 {
    let (index, hit) = match position {
        Ok(index) => (index, 1),
        Err(index) => (index, 0),
    };
    u32::try_from(index).unwrap_or(u32::MAX / 4).saturating_mul(2).saturating_add(hit)
}

impl Key {
    /// The field it reads, where it reads one; the left one of a comparison.
    #[must_use]
    pub const fn field(&self) -> Option<FieldId> {
        match self {
            Self::Member(field)
            | Self::Members(field)
            | Self::YesNo(field)
            | Self::Day(field)
            | Self::Amount(field, _, _)
            | Self::Presence(field)
            | Self::Count(field)
            | Self::Distance(field, _)
            | Self::Compare(field, _, _, _)
            | Self::Document(field, _, _, _) => Some(*field),
            Self::Attestation(_, _) | Self::Parameter(_) => None,
        }
    }

    /// How it is read when nothing is known, where a rule says so.
    #[must_use]
    pub const fn mode(&self) -> Option<AttestationMode> {
        match self {
            Self::Document(_, _, _, mode) | Self::Attestation(_, mode) => Some(*mode),
            Self::Member(_)
            | Self::Members(_)
            | Self::YesNo(_)
            | Self::Day(_)
            | Self::Amount(_, _, _)
            | Self::Presence(_)
            | Self::Count(_)
            | Self::Distance(_, _)
            | Self::Compare(_, _, _, _)
            | Self::Parameter(_) => None,
        }
    }
}
