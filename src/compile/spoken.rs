//! Conditions with their questions resolved once, so that an explanation looks nothing up.

use crate::model::{Body, Clause, Condition, Exception, LeafSet, Test};
use crate::program::{Ask, Asked, CellSet, Spoken, SpokenException, SpokenPart};

use super::formula::{Translator, cells_of};
use super::variables::key_of;

/// Resolves the questions of clauses and numbers them.
pub(super) struct Resolver<'a> {
    translator: &'a Translator<'a>,
    /// How many questions there are so far.
    pub(super) tests: u32,
}

impl<'a> Resolver<'a> {
    /// A resolver that starts counting.
    pub(super) const fn new(translator: &'a Translator<'a>) -> Self {
        Self { translator, tests: 0 }
    }

    /// What a clause says: the reading taken first, then the others.
    pub(super) fn clause(&mut self, clause: &Clause) -> Vec<Spoken> {
        let others = clause.other_readings.iter().map(|reading| &reading.body);
        std::iter::once(&clause.body).chain(others).map(|body| self.body(body)).collect()
    }

    fn body(&mut self, body: &Body) -> Spoken {
        Spoken {
            applies: self.condition(&body.applies),
            parts: body
                .parts
                .iter()
                .map(|part| SpokenPart {
                    selector: self.condition(&part.selector),
                    requirement: self.condition(&part.requirement),
                })
                .collect(),
            exceptions: self.exceptions(&body.exceptions),
        }
    }

    fn exceptions(&mut self, exceptions: &[Exception]) -> Vec<SpokenException> {
        let one = |exception: &Exception| SpokenException {
            ground: self.condition(&exception.ground),
            exceptions: self.exceptions(&exception.exceptions),
        };
        exceptions.iter().map(one).collect()
    }

    fn condition(&mut self, condition: &Condition) -> Ask {
        match condition {
            Condition::Always => Ask::Always,
            Condition::Never => Ask::Never,
            Condition::Test(test) => Ask::Test(self.test(test)),
            Condition::All(inner) => Ask::All(inner.iter().map(|part| self.condition(part)).collect()),
            Condition::Any(inner) => Ask::Any(inner.iter().map(|part| self.condition(part)).collect()),
            Condition::Not(inner) => Ask::Not(Box::new(self.condition(inner))),
        }
    }

    fn test(&mut self, test: &Test) -> Asked {
        let number = self.tests;
        self.tests = self.tests.saturating_add(1);
        let key = key_of(self.translator.vocabulary, &test.kind);
        match self.translator.variable(&key) {
            Some((variable, found)) => {
                let (yes, judged) = cells_of(found, &test.kind);
                let leaves = if found.is_list() { yes.to_leaves() } else { LeafSet::empty() };
                Asked { test: number, variable, yes, judged, leaves }
            }
            // Every question has a variable; were there one without, nothing would be known of it.
            None => Asked {
                test: number,
                variable: u32::MAX,
                yes: CellSet::empty(),
                judged: CellSet::empty(),
                leaves: LeafSet::empty(),
            },
        }
    }
}
