//! The steps by which a case is made ready, one by one: for an evaluator that takes each of them once for many cases.

use crate::date::Date;
use crate::diagnostic::Problem;
use crate::evaluate::amount::Measure;
use crate::evaluate::case::{compare, fill};
use crate::evaluate::grade::{Graded, classes_of, narrow_to, settle};
use crate::evaluate::narrow::narrow;
use crate::evaluate::resolve::resolve;
use crate::evaluate::state::State;
use crate::evaluate::walk::Walker;
use crate::facts::CaseFacts;
use crate::model::{FieldId, MemberId, Model};
use crate::program::{Diagram, Program};
use crate::quantity::BasisId;

/// The rules whose cases are made ready.
#[derive(Debug, Clone, Copy)]
pub struct Steps<'a> {
    /// What the rules mean.
    pub model: &'a Model,
    /// The same, compiled.
    pub program: &'a Program,
}

impl<'a> Steps<'a> {
    /// First: the facts with the day of ruling, defaults and computed values.
    #[must_use]
    pub fn filled(&self, facts: &CaseFacts, as_of: Option<Date>) -> CaseFacts {
        fill(self.model, self.program, facts, as_of).0
    }

    /// The basis of the case's quantities where none is named.
    #[must_use]
    pub fn case_basis(&self, facts: &CaseFacts) -> Option<BasisId> {
        self.measure(facts).case_basis()
    }

    /// Second: the classes that tables leave a field, by the facts that they derive them from.
    #[must_use]
    pub fn classes(&self, facts: &CaseFacts, field: FieldId) -> Option<Vec<MemberId>> {
        classes_of(&self.measure(facts), field).map(|graded| graded.members)
    }

    /// Puts the classes of a field where they decide it.
    #[must_use]
    pub fn settled(&self, facts: &mut CaseFacts, field: FieldId, members: Vec<MemberId>) -> Option<Graded> {
        settle(facts, Graded { field, members, rows: Vec::new(), given: None })
    }

    /// Third: the state of a variable by its own facts.
    #[must_use]
    pub fn state(&self, facts: &CaseFacts, variable: u32) -> Option<State> {
        let variable = self.program.variables.get(variable as usize)?;
        Some(resolve(&self.measure(facts), variable).0)
    }

    /// Fourth: what the classes leave possible.
    pub fn narrow_classes(&self, graded: &[Graded], states: &mut [State]) {
        narrow_to(self.model, self.program, graded, states);
    }

    /// Fifth: what cannot stand together narrows what is not known.
    ///
    /// # Errors
    /// Facts that cannot stand together.
    pub fn narrow(&self, constraints: &[u32], facts: &CaseFacts, states: &mut [State]) -> Result<(), Problem> {
        let constraints = constraints.iter().filter_map(|number| self.program.constraints.get(*number as usize));
        narrow(self.model, self.program, constraints, facts, states)
    }

    /// Last: how two fields stand to each other.
    pub fn compare(&self, facts: &CaseFacts, variable: u32, states: &mut [State]) {
        compare(self.measure(facts), self.program, std::iter::once(variable as usize), states);
    }

    /// The answers that an open list can give to a diagram's questions about it, each a bit for each level of its group;
    /// `None` where each answer is free.
    #[must_use]
    pub fn masks(&self, diagram: &Diagram, variable: u32, state: &State) -> Option<Vec<u128>> {
        let mut walker = Walker::new(self.program, &[]);
        walker.instead(vec![(variable, state.clone())]);
        walker.prepare(diagram);
        walker.masks_of(variable).map(<[u128]>::to_vec)
    }

    const fn measure<'f>(&self, facts: &'f CaseFacts) -> Measure<'f>
    where
        'a: 'f,
    {
        Measure { model: self.model, roles: &self.program.roles, facts }
    }
}
