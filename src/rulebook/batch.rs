//! Batches: many cases ruled on at once, from columns.

use std::sync::Arc;

use crate::batch::{Batch, BatchOptions, BatchRulings, ReviewerState};
use crate::diagnostic::{Code, Problem};
use crate::error::Error;
use crate::evaluate::Steps;
use crate::model::Clause;
use crate::rulebook::Rulebook;
use crate::ruling::{ReviewOptions, Ruling, Status, chosen};

/// Rules on batches of one form by one rulebook, and remembers what it has worked out: one for each thread, kept from batch
/// to batch.
#[derive(Debug)]
pub struct BatchReviewer {
    rulebook: Rulebook,
    options: ReviewOptions,
    state: ReviewerState,
}

impl Rulebook {
    /// A reviewer for batches with the columns of this one.
    ///
    /// ```
    /// use adit::batch::{Batch, Column, Integers, Keys, Values};
    /// use adit::{ReviewOptions, Rulebook, Verdict};
    ///
    /// let rulebook = Rulebook::from_text(
    ///     "引用 矿业\n条款 YC-097 “甲”\n  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年",
    /// )?;
    /// let minerals = [serde_json::json!("建筑石料用灰岩"), serde_json::json!("煤")];
    /// let activities = [serde_json::json!("新建")];
    /// let column = |field, unit, values| Column { field, inner: None, unit, values, known: None };
    /// let batch = Batch {
    ///     rows: 3,
    ///     columns: vec![
    ///         column("矿种", None, Values::Coded(Keys::I32(&[0, 0, 1]), &minerals)),
    ///         column("办理事项", None, Values::Coded(Keys::I32(&[0, 0, 0]), &activities)),
    ///         column("生产规模", Some("万吨/年"), Values::Decimals(Integers::I32(&[800, 1000, 800]), 1)),
    ///     ],
    /// };
    /// let mut reviewer = rulebook.batch_reviewer(&batch, &ReviewOptions::default())?;
    /// let rulings = reviewer.rule(&batch);
    /// let of = |row| rulings.end(row).map(|end| end.ruling);
    /// assert_eq!(of(0), Some(Verdict::Refused));
    /// assert_eq!(of(1), Some(Verdict::Admissible));
    /// assert_eq!(of(2), Some(Verdict::NotCovered));
    /// # Ok::<(), adit::Error>(())
    /// ```
    ///
    /// # Errors
    /// A column that names no fact, or one that another names too; a reading that is not there.
    pub fn batch_reviewer(&self, batch: &Batch<'_>, options: &ReviewOptions) -> Result<BatchReviewer, Error> {
        let mut options = options.clone();
        for (clause, reading) in &self.0.readings {
            options.readings.entry(clause.clone()).or_insert_with(|| reading.clone());
        }
        let wrong = |problems| Error::new(problems, self.shared_sources(), None);
        let readings = chosen(&self.rules(&|_| None), &options).map_err(|problem| wrong(vec![problem]))?;
        let batch_options = BatchOptions { as_of: options.as_of, readings };
        let state = ReviewerState::new(self.steps(), batch, batch_options).map_err(wrong)?;
        Ok(BatchReviewer { rulebook: self.clone(), options, state })
    }

    pub(super) fn steps(&self) -> Steps<'_> {
        Steps { model: &self.0.model, program: &self.0.program }
    }
}

impl BatchReviewer {
    /// Rules on every case of a batch that has the columns the reviewer was made for, in their order.
    pub fn rule(&mut self, batch: &Batch<'_>) -> BatchRulings {
        let mut rulings = self.state.rule(self.rulebook.steps(), batch);
        for fault in &mut rulings.faults {
            // Found for all cases that no rule tells apart, it shows the values of the first; each is told its own.
            if fault.problem.code() == Code::FactsContradict
                && let Some(problem) = self.own_problem(batch, fault.row)
            {
                fault.problem = Arc::new(problem);
            }
        }
        rulings
    }

    fn own_problem(&self, batch: &Batch<'_>, row: usize) -> Option<Problem> {
        let facts = self.rulebook.prepare(&batch.case(row));
        let error = facts.and_then(|facts| self.rulebook.decide(&facts, &self.options)).err()?;
        error.problems().first().cloned()
    }

    /// The whole ruling on one case of a batch, as [`Rulebook::review_prepared`] gives it.
    ///
    /// # Errors
    /// Anything wrong with the case's facts.
    pub fn review(&self, batch: &Batch<'_>, row: usize) -> Result<Ruling, Error> {
        self.rulebook.review_prepared(&self.rulebook.prepare(&batch.case(row))?, &self.options)
    }

    /// The clauses of a status that keep a row from being admissible.
    pub fn clauses<'a>(
        &'a self,
        rulings: &'a BatchRulings,
        row: usize,
        status: Status,
    ) -> impl Iterator<Item = &'a Clause> {
        let found = rulings.end(row).into_iter().flat_map(move |end| end.of_status(status));
        found.filter_map(|clause| self.rulebook.0.model.clauses.get(clause))
    }

    /// The rules.
    #[must_use]
    pub const fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    /// How many cases so far were ruled on one by one: their columns alone did not tell them apart exactly, as where an
    /// amount is converted by the case's own density.
    #[must_use]
    pub const fn ruled_apart(&self) -> u64 {
        self.state.ruled_apart()
    }
}
