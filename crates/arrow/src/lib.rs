//! Rulings of [Adit](adit) on Arrow record batches.
//!
//! A [`RecordBatchReviewer`] is made for a rulebook and a schema; it rules on every row of a batch and gives the rulings as
//! another batch, row by row. Columns that hold whole numbers, decimals, days, yes-no or dictionaries are read where they
//! lie, without a copy.
//!
//! ```
//! use std::sync::Arc;
//!
//! use adit::{ReviewOptions, Rulebook};
//! use adit_arrow::RecordBatchReviewer;
//! use arrow_array::{Int64Array, RecordBatch, StringArray, cast::AsArray};
//!
//! let rulebook = Rulebook::from_text(
//!     "引用 矿业\n条款 YC-097 “甲”\n  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年",
//! )?;
//! let batch = RecordBatch::try_from_iter([
//!     ("矿种", Arc::new(StringArray::from(vec!["建筑石料用灰岩", "煤"])) as _),
//!     ("办理事项", Arc::new(StringArray::from(vec!["新建", "新建"])) as _),
//!     ("生产规模（万吨/年）", Arc::new(Int64Array::from(vec![80, 120])) as _),
//! ])?;
//! let mut reviewer = RecordBatchReviewer::new(&rulebook, &batch.schema(), &ReviewOptions::default())?;
//! let rulings = reviewer.rule(&batch)?;
//! let ruling = rulings.column_by_name("ruling").expect("a column").as_dictionary::<arrow_array::types::Int8Type>();
//! let names = ruling.values().as_string::<i32>();
//! let of = |row: usize| names.value(ruling.keys().value(row) as usize);
//! assert_eq!((of(0), of(1)), ("refused", "not-covered"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod columns;
mod heads;
mod indicators;
mod rulings;

use std::collections::BTreeMap;
use std::fmt;

use adit::batch::{Batch, RowFault};
use adit::diagnostic::{Language, Problem};
use adit::{AssessOptions, BatchCensus, BatchReviewer, Census, ReviewOptions, Rulebook, Ruling};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};

use crate::columns::Kept;
use crate::heads::{Head, heads, lacking};

pub use crate::heads::is_for_people;
pub use crate::indicators::{indicators_schema, of_assessment};
pub use crate::rulings::of_decisions;

/// What keeps a batch from being ruled on.
#[derive(Debug)]
pub enum Error {
    /// Columns that give no fact, or cannot.
    Columns(Vec<Problem>),
    /// What the rulebook says: a reading that it does not have, facts that cannot be used.
    Rules(adit::Error),
    /// What Arrow says.
    Arrow(ArrowError),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns(problems) => {
                let titles = problems.iter().map(|problem| problem.title(Language::English));
                formatter.write_str(&titles.collect::<Vec<_>>().join("; "))
            }
            Self::Rules(error) => error.fmt(formatter),
            Self::Arrow(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Error {}

impl From<adit::Error> for Error {
    fn from(error: adit::Error) -> Self {
        Self::Rules(error)
    }
}

impl From<ArrowError> for Error {
    fn from(error: ArrowError) -> Self {
        Self::Arrow(error)
    }
}

/// Rules on record batches of one schema. One for each thread: it remembers what it has worked out.
#[derive(Debug)]
pub struct RecordBatchReviewer {
    rulebook: Rulebook,
    options: ReviewOptions,
    heads: Vec<Head>,
    reviewer: Option<BatchReviewer>,
}

impl RecordBatchReviewer {
    /// A reviewer for batches of this schema.
    ///
    /// A column is called as the fact is in a file of facts, in either language. Its unit stands behind the name in brackets,
    /// `生产规模（万吨/年）`, or in the field's metadata under `unit`. An entry of a map is a column `距离·长江干流岸线`, or a
    /// field of a struct. Columns for people (`备注`, `序号`) are not read.
    ///
    /// # Errors
    /// [`Error::Columns`]: a column that names no fact, names one twice, or is of a type that holds none.
    pub fn new(rulebook: &Rulebook, schema: &Schema, options: &ReviewOptions) -> Result<Self, Error> {
        let heads = heads(&rulebook.model().vocabulary, schema).map_err(Error::Columns)?;
        Ok(Self { rulebook: rulebook.clone(), options: options.clone(), heads, reviewer: None })
    }

    /// The schema of the rulings.
    #[must_use]
    pub fn rulings_schema() -> SchemaRef {
        rulings::schema()
    }

    /// Rules on every row: `ruling`, the clauses that are `violated`, `undetermined` and left to `discretion`, and the
    /// `problem` of a row whose facts cannot be used.
    ///
    /// # Errors
    /// [`Error::Columns`]: a batch that lacks a column of the schema.
    pub fn rule(&mut self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        let kept = kept(batch, &self.heads)?;
        let lent = lent(batch, &self.heads, &kept);
        let rulings = match &mut self.reviewer {
            Some(reviewer) => reviewer.rule(&lent),
            None => self.reviewer.insert(self.rulebook.batch_reviewer(&lent, &self.options)?).rule(&lent),
        };
        Ok(rulings::of(&self.rulebook, &rulings)?)
    }

    /// The whole ruling on one row, as a review of a file with its facts gives it.
    ///
    /// # Errors
    /// [`Error::Rules`]: anything wrong with its facts.
    pub fn review(&self, batch: &RecordBatch, row: usize) -> Result<Ruling, Error> {
        let kept = kept(batch, &self.heads)?;
        let facts = self.rulebook.prepare(&lent(batch, &self.heads, &kept).case(row))?;
        Ok(self.rulebook.review_prepared(&facts, &self.options)?)
    }

    /// The facts of every row, as a file of facts has them.
    ///
    /// # Errors
    /// [`Error::Columns`]: a batch that lacks a column of the schema.
    pub fn cases(&self, batch: &RecordBatch) -> Result<Vec<serde_json::Value>, Error> {
        let kept = kept(batch, &self.heads)?;
        let lent = lent(batch, &self.heads, &kept);
        Ok((0..batch.num_rows()).map(|row| lent.case(row)).collect())
    }

    /// How many rows so far were ruled on one by one: their columns alone did not tell them apart exactly, as where an
    /// amount is converted by the case's own density.
    #[must_use]
    pub fn ruled_apart(&self) -> u64 {
        self.reviewer.as_ref().map_or(0, BatchReviewer::ruled_apart)
    }
}

/// Counts the mines of record batches of one schema for the indicators of a rulebook. One for each thread; what they counted
/// is put together by [`Census::joined`].
///
/// ```
/// use std::sync::Arc;
///
/// use adit::{AssessOptions, Rulebook};
/// use adit_arrow::RecordBatchCensus;
/// use arrow_array::{RecordBatch, StringArray};
///
/// let rulebook = Rulebook::from_text(
///     "引用 矿业\n指标 T-1 “煤矿数量”\n  依据 四 「煤矿控制在2个以内」\n  煤 矿山 数量 控制在 2个以内（上限）\n",
/// )?;
/// let batch =
///     RecordBatch::try_from_iter([("矿种", Arc::new(StringArray::from(vec!["煤", "铁", "煤"])) as _)])?;
/// let mut count = RecordBatchCensus::new(&rulebook, &batch.schema(), &AssessOptions::default())?;
/// assert!(count.add(&batch, 0)?.is_empty());
/// let assessment = count.finish()?.assessment(None);
/// assert_eq!(assessment.indicators[0].status.code(), "met");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RecordBatchCensus {
    rulebook: Rulebook,
    options: AssessOptions,
    heads: Vec<Head>,
    census: Option<BatchCensus>,
}

impl RecordBatchCensus {
    /// A count of batches of this schema, whose columns are called as for a [`RecordBatchReviewer`].
    ///
    /// # Errors
    /// [`Error::Columns`]: a column that names no fact, names one twice, or is of a type that holds none.
    pub fn new(rulebook: &Rulebook, schema: &Schema, options: &AssessOptions) -> Result<Self, Error> {
        let heads = heads(&rulebook.model().vocabulary, schema).map_err(Error::Columns)?;
        Ok(Self { rulebook: rulebook.clone(), options: options.clone(), heads, census: None })
    }

    /// Counts every mine of a batch; `first` is the place in the registry, from 0, of its first row. Rows whose values cannot
    /// be used are not counted and handed back with what is wrong.
    ///
    /// # Errors
    /// [`Error::Columns`]: a batch that lacks a column of the schema. [`Error::Rules`]: a reading that is not there.
    pub fn add(&mut self, batch: &RecordBatch, first: usize) -> Result<Vec<RowFault>, Error> {
        let kept = kept(batch, &self.heads)?;
        let lent = lent(batch, &self.heads, &kept);
        let census = match &mut self.census {
            Some(census) => census,
            None => self.census.insert(self.rulebook.batch_census(&lent, &self.options)?),
        };
        Ok(census.add(&lent, first))
    }

    /// What was counted so far.
    ///
    /// # Errors
    /// [`Error::Rules`]: a reading that is not there.
    pub fn finish(&self) -> Result<Census, Error> {
        match &self.census {
            Some(census) => Ok(census.finish()),
            None => Ok(self.rulebook.census(&self.options)?),
        }
    }

    /// How many mines so far were counted one by one: their columns alone did not tell them apart exactly.
    #[must_use]
    pub fn counted_apart(&self) -> u64 {
        self.census.as_ref().map_or(0, BatchCensus::counted_apart)
    }
}

fn kept(batch: &RecordBatch, heads: &[Head]) -> Result<Vec<Kept>, Error> {
    let mut problems = Vec::new();
    let mut kept = Vec::with_capacity(heads.len());
    for head in heads {
        match head.array(batch).map(|array| Kept::of(&array, head.unit.as_deref())) {
            Some(Ok(column)) => kept.push(column),
            Some(Err(error)) => return Err(Error::Arrow(error)),
            None => problems.push(lacking(head)),
        }
    }
    if problems.is_empty() { Ok(kept) } else { Err(Error::Columns(problems)) }
}

fn lent<'a>(batch: &RecordBatch, heads: &'a [Head], kept: &'a [Kept]) -> Batch<'a> {
    let columns = heads.iter().zip(kept).map(|(head, kept)| kept.lent(head));
    Batch { rows: batch.num_rows(), columns: columns.collect() }
}

/// Whether a column is called as some fact is, so that a reviewer reads it. What only names a row, or goes along with it,
/// is for the caller to leave out of the schema.
#[must_use]
pub fn is_fact(rulebook: &Rulebook, column: &Field) -> bool {
    heads::names_a_fact(&rulebook.model().vocabulary, column)
}

/// The readings of a review by clause id: those of indicators have no bearing on single cases.
#[must_use]
pub fn clause_readings(rulebook: &Rulebook, readings: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let is_clause = |id: &String| rulebook.model().clauses.iter().any(|clause| clause.id == *id);
    readings.iter().filter(|(id, _)| is_clause(id)).map(|(id, name)| (id.clone(), name.clone())).collect()
}
