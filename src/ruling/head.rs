//! What the rules say of a clause whatever the case: shared by all its findings.

use serde::Serialize;

use crate::model::{Body, Clause, Force, SUBJECTS, Vocabulary};
use crate::program::Outcome;
use crate::ruling::text::Text;
use crate::span::Span;

/// What the rules say of a clause whatever the case.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Its number in the model.
    pub number: usize,
    /// The plan's id.
    pub plan: Text,
    /// The clause's id.
    pub clause: Text,
    /// Its title.
    pub title: Text,
    /// Its subject in each reading, the one taken first: `application`, `mine`, `block`; the author's word where it has no
    /// English name.
    pub subjects: Vec<Text>,
    /// What is printed beside its number.
    pub attribute: Option<&'static str>,
    /// The first citation.
    pub citation: Option<CitationResult>,
    /// Further citations.
    pub further_citations: Vec<CitationResult>,
    /// How it may be got through, in the plan's words.
    pub way_through: Option<Text>,
    /// Whether it is a 通则.
    pub general: bool,
    /// The reading taken, where the text leaves one open.
    pub reading_taken: Option<Text>,
    /// The other readings.
    pub other_readings: Vec<Text>,
    /// Where it stands.
    pub place: Option<Place>,
    /// Where it stands in its source.
    pub span: Span,
    /// The strongest force of its parts; of those that cannot decide; of those in principle.
    pub forces: [Option<Force>; 3],
}

impl Head {
    pub(super) fn new(
        number: usize,
        clause: &Clause,
        vocabulary: &Vocabulary,
        plan: &Text,
        place: Option<Place>,
    ) -> Self {
        let cited = clause.citations.iter().map(|citation| CitationResult {
            section: Text::from(&citation.section),
            quote: citation.quote.as_ref().map(Text::from),
        });
        let mut citations = cited;
        let among = |fits: fn(Force) -> bool| {
            clause.body.parts.iter().map(|part| part.force).filter(|force| fits(*force)).min()
        };
        Self {
            number,
            plan: plan.clone(),
            clause: Text::from(&clause.id),
            title: Text::from(&clause.title),
            subjects: clause.bodies().map(|body| subject(vocabulary, body)).collect(),
            attribute: clause.attribute.map(|attribute| attribute.code()),
            citation: citations.next(),
            further_citations: citations.collect(),
            way_through: clause.way_through.as_ref().map(Text::from),
            general: clause.general,
            reading_taken: clause.reading.as_ref().map(|reading| Text::from(&reading.name)),
            other_readings: clause.other_readings.iter().map(|reading| Text::from(&reading.name)).collect(),
            place,
            span: clause.span,
            forces: [Some(clause.force()), among(|force| !force.decides()), among(|force| force == Force::InPrinciple)],
        }
    }

    /// The force with which the clause came to its worst outcome; that of its strongest part as a rule.
    pub(super) fn force(&self, worst: Option<Outcome>) -> Force {
        let [strongest, weak, principle] = self.forces;
        let fitting = match worst {
            Some(Outcome::WeakDiscretion | Outcome::WeakViolated) => weak,
            Some(Outcome::PrincipleViolated) => principle,
            _ => None,
        };
        fitting.or(strongest).unwrap_or(Force::Must)
    }

    /// Whom it speaks of in a reading.
    pub(super) fn subject(&self, number: Option<usize>) -> Text {
        self.subjects.get(number.unwrap_or_default()).cloned().unwrap_or_default()
    }

    /// The name of the reading that a clause is taken in.
    pub(super) fn reading(&self, number: Option<usize>) -> Option<Text> {
        let other = number.and_then(|reading| reading.checked_sub(1));
        other.and_then(|index| self.other_readings.get(index)).or(self.reading_taken.as_ref()).cloned()
    }
}

fn subject(vocabulary: &Vocabulary, body: &Body) -> Text {
    let Some(word) = &body.subject_words else { return Text::always("application") };
    if let Some([_, key]) = SUBJECTS.iter().find(|words| words.contains(&word.as_str())) {
        return Text::always(key);
    }
    let members = vocabulary.enumerations.iter().flat_map(|listed| listed.members.iter().map(|it| &it.name));
    let named = vocabulary.head_nouns.iter().chain(members).find(|name| name.spellings().any(|own| own == word));
    named.map_or_else(|| Text::from(word), |name| Text::from(name.key()))
}

/// A quote with its section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CitationResult {
    /// The section.
    pub section: Text,
    /// The verbatim quote.
    pub quote: Option<Text>,
}

/// A place in a file, from 1, in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file's name as loaded.
    pub file: Text,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}
