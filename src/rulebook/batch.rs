//! Batches: many cases ruled on at once, from columns.

use std::sync::Arc;

use crate::batch::{Batch, BatchOptions, BatchRulings, CounterState, ReviewerState, RowFault};
use crate::diagnostic::{Code, Problem};
use crate::error::Error;
use crate::evaluate::Steps;
use crate::model::Clause;
use crate::rulebook::{AssessOptions, Census, Rulebook};
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

/// Counts the mines of batches of one form for the indicators of one rulebook: one for each thread. What threads counted is
/// put together by [`Census::joined`].
///
/// ```
/// use adit::batch::{Batch, Column, Keys, Values};
/// use adit::{AssessOptions, Rulebook};
///
/// let rulebook = Rulebook::from_text(
///     "引用 矿业\n\
///      指标 T-1 “煤矿数量”\n  依据 四 「煤矿控制在2个以内」\n  煤 矿山 数量 控制在 2个以内（上限）\n",
/// )?;
/// let minerals = [serde_json::json!("煤"), serde_json::json!("铁")];
/// let values = Values::Coded(Keys::I32(&[0, 1, 0, 0]), &minerals);
/// let batch =
///     Batch { rows: 4, columns: vec![Column { field: "矿种", inner: None, unit: None, values, known: None }] };
/// let mut counter = rulebook.batch_census(&batch, &AssessOptions::default())?;
/// assert!(counter.add(&batch, 0).is_empty());
/// let assessment = counter.finish().assessment(None);
/// assert_eq!(assessment.mines, 4);
/// assert_eq!(assessment.indicators[0].value.as_ref().map(|value| value.text.as_str()), Some("3个"));
/// # Ok::<(), adit::Error>(())
/// ```
#[derive(Debug)]
pub struct BatchCensus {
    rulebook: Rulebook,
    options: AssessOptions,
    state: CounterState,
}

impl Rulebook {
    /// A count of mines that come in batches with the columns of this one.
    ///
    /// # Errors
    /// A column that names no fact, or one that another names too; a reading that is not there.
    pub fn batch_census(&self, batch: &Batch<'_>, options: &AssessOptions) -> Result<BatchCensus, Error> {
        self.known_readings(options)?;
        let state = CounterState::new(self.steps(), batch, &self.assessing(options))
            .map_err(|problems| Error::new(problems, self.shared_sources(), None))?;
        Ok(BatchCensus { rulebook: self.clone(), options: options.clone(), state })
    }
}

impl BatchCensus {
    /// Counts every mine of a batch; `first` is the place in the registry, from 0, of its first row. Rows whose values
    /// cannot be used are not counted and handed back with what is wrong.
    pub fn add(&mut self, batch: &Batch<'_>, first: usize) -> Vec<RowFault> {
        self.state.count(self.rulebook.steps(), &self.rulebook.assessing(&self.options), batch, first)
    }

    /// What was counted so far.
    #[must_use]
    pub fn finish(&self) -> Census {
        let counted = self.state.finish(self.rulebook.model().indicators.len());
        Census::of(&self.rulebook, &self.options, counted)
    }

    /// How many mines so far were counted one by one: their columns alone did not tell them apart exactly.
    #[must_use]
    pub const fn counted_apart(&self) -> u64 {
        self.state.counted_apart()
    }
}
