//! What is asked of a document beyond its being there: its state, what it says, its day.

use std::cmp::Ordering;

use crate::date::Date;
use crate::model::condition::Operator;
use crate::model::vocabulary::{EnumerationId, LeafSet, MemberId};

/// The states that the vocabulary knows of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentStates {
    /// Their enumeration.
    pub enumeration: EnumerationId,
    /// The genus of the states in which a document is not there, where the vocabulary has one.
    pub wanting: Option<MemberId>,
}

/// A question about a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentQuestion {
    /// Is it there?
    Presence,
    /// Is it in one of these states: leaves of [`DocumentStates::enumeration`], and the members as the author named them?
    State(LeafSet, Vec<MemberId>),
    /// Does it say this: a number into [`crate::model::Model::contents`]?
    Contents(u16),
    /// Does its day stand so to a day?
    Day(Operator, Date),
}

impl DocumentQuestion {
    /// Whether a document of which this holds is one of which the other holds.
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Presence, Self::Presence) => true,
            (_, Self::Presence) => true,
            (Self::State(one, _), Self::State(more, _)) => one.within(more),
            (Self::Contents(one), Self::Contents(more)) => one == more,
            (Self::Day(one, day), Self::Day(more, bound)) => {
                places(*day, *bound).iter().all(|(to_day, to_bound)| !one.holds(*to_day) || more.holds(*to_bound))
            }
            _ => false,
        }
    }

    /// Whether no document can be one of which both hold.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::State(one, _), Self::State(more, _)) => !one.meets(more),
            (Self::Day(one, day), Self::Day(more, bound)) => {
                places(*day, *bound).iter().all(|(to_day, to_bound)| !one.holds(*to_day) || !more.holds(*to_bound))
            }
            _ => false,
        }
    }
}

/// How a day can stand to two others.
fn places(one: Date, other: Date) -> Vec<(Ordering, Ordering)> {
    use Ordering::{Equal, Greater, Less};
    match one.cmp(&other) {
        Equal => vec![(Less, Less), (Equal, Equal), (Greater, Greater)],
        Less => vec![(Less, Less), (Equal, Less), (Greater, Less), (Greater, Equal), (Greater, Greater)],
        Greater => vec![(Less, Less), (Less, Equal), (Less, Greater), (Equal, Greater), (Greater, Greater)],
    }
}
