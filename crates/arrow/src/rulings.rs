//! Rulings as a record batch.

use std::sync::Arc;

use adit::batch::BatchRulings;
use adit::diagnostic::{Language, Problem};
use adit::model::{Clause, Subject};
use adit::ruling::{Decision, Standing};
use adit::{Rulebook, Status, Verdict};
use arrow_array::builder::{ListBuilder, StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int8Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

/// The lists of clauses, by the status that they have.
const LISTS: [(&str, Status); 3] =
    [("violated", Status::Violated), ("undetermined", Status::Undetermined), ("discretion", Status::Discretion)];

/// The schema of rulings.
pub(crate) fn schema() -> SchemaRef {
    let item = Arc::new(Field::new_list_field(DataType::Utf8, true));
    let code = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    let mut fields = vec![Field::new("ruling", code, true)];
    fields.extend(LISTS.iter().map(|(name, _)| Field::new(*name, DataType::List(Arc::clone(&item)), true)));
    fields.push(Field::new("problem", DataType::Utf8, true));
    Arc::new(Schema::new(fields))
}

/// Rulings in the making.
struct Builder<'a> {
    clauses: &'a [Clause],
    codes: StringDictionaryBuilder<Int8Type>,
    lists: [ListBuilder<StringBuilder>; 3],
    problems: StringBuilder,
}

impl<'a> Builder<'a> {
    fn new(rulebook: &'a Rulebook) -> Self {
        Self {
            clauses: &rulebook.model().clauses,
            codes: StringDictionaryBuilder::new(),
            lists: LISTS.map(|_| ListBuilder::new(StringBuilder::new())),
            problems: StringBuilder::new(),
        }
    }

    fn ruling(&mut self, ruling: Verdict, standings: &[Standing]) -> Result<(), ArrowError> {
        self.codes.append(ruling.code())?;
        for (list, (_, status)) in self.lists.iter_mut().zip(LISTS) {
            for standing in standings.iter().filter(|standing| standing.status() == status) {
                list.values().append_option(self.clauses.get(standing.clause).map(|clause| clause.id.as_str()));
            }
            list.append(true);
        }
        self.problems.append_null();
        Ok(())
    }

    fn problem(&mut self, problem: Option<&Problem>) {
        self.codes.append_null();
        self.lists.iter_mut().for_each(|list| list.append(false));
        let told = problem.map(|it| format!("{} {}", it.code().entry().name(), it.title(Language::Chinese)));
        self.problems.append_option(told);
    }

    fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.codes.finish())];
        columns.extend(self.lists.iter_mut().map(|list| Arc::new(list.finish()) as ArrayRef));
        columns.push(Arc::new(self.problems.finish()));
        RecordBatch::try_new(schema(), columns)
    }
}

/// The rulings on the rows of a batch. A row whose facts cannot be used has none, and its problem.
pub(crate) fn of(rulebook: &Rulebook, rulings: &BatchRulings) -> Result<RecordBatch, ArrowError> {
    let mut builder = Builder::new(rulebook);
    let mut faults = rulings.faults.iter().peekable();
    for (row, end) in rulings.rows.iter().enumerate() {
        if let Some(fault) = faults.next_if(|fault| fault.row == row) {
            builder.problem(Some(&fault.problem));
            continue;
        }
        let end = rulings.ends.get(*end as usize);
        builder.ruling(end.map_or(Verdict::NotCovered, |end| end.ruling), end.map_or(&[], |end| &end.standings))?;
    }
    builder.finish()
}

/// The same rulings of cases that were decided one by one.
///
/// # Errors
/// Nothing that decisions could bring about.
pub fn of_decisions(
    rulebook: &Rulebook,
    decisions: impl IntoIterator<Item = Result<Decision, adit::Error>>,
) -> Result<RecordBatch, ArrowError> {
    let mut builder = Builder::new(rulebook);
    let deciding = |standing: &Standing| standing.subject == Subject::Application && standing.effect().is_some();
    for decision in decisions {
        match decision {
            Ok(decision) => {
                let standings: Vec<Standing> = decision.standings.into_iter().filter(deciding).collect();
                builder.ruling(decision.ruling, &standings)?;
            }
            Err(error) => builder.problem(error.problems().first()),
        }
    }
    builder.finish()
}
