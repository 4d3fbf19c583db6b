//! A list of mines, one after the other, or all of it in memory for a review with a registry.

use std::path::Path;

use adit::date::Date;
use adit::registry::Reported;
use adit::report;
use adit::rulebook::{PreparedFacts, Rulebook};
use serde_json::Value;

use crate::commands::tell_file;
use crate::files::{FileProblem, shown};
use crate::output::Output;
use crate::registry::print::Teller;
use crate::registry::{Entry, Input, read};

/// A list of mines in memory.
#[derive(Default)]
pub(crate) struct Loaded {
    /// The mines that can be used, in order.
    pub(crate) mines: Vec<PreparedFacts>,
    /// What stands around them.
    pub(crate) around: Around,
}

/// What stands around the mines of a list.
#[derive(Default)]
pub(crate) struct Around {
    /// The day of the list, where it says one.
    pub(crate) as_of: Option<Date>,
    /// The office's statistics, where it says some.
    pub(crate) reported: Reported,
    /// Whether something in it could not be used; it has been told.
    pub(crate) is_damaged: bool,
    /// How many records could not be used.
    pub(crate) left_out: u64,
}

/// Loads a list of mines; every problem is told with its line, and the rest is used. `None` where there is nothing to use.
pub(crate) fn load(rulebook: &Rulebook, file: &Path, output: &mut Output) -> Option<Loaded> {
    let mut mines = Vec::new();
    let around = each(rulebook, file, output, |facts, _| mines.push(facts))?;
    Some(Loaded { mines, around })
}

/// Hands on the mines of a list one by one, each with what stands around the list; every problem is told with its line.
/// `None` where there is nothing to use.
pub(crate) fn each(
    rulebook: &Rulebook,
    file: &Path,
    output: &mut Output,
    mut hand: impl FnMut(PreparedFacts, &Around),
) -> Option<Around> {
    let path = Some(file).filter(|path| path.as_os_str() != "-");
    let input = match Input::of(path) {
        Ok(input) => input,
        Err(fault) => {
            tell_file(&FileProblem::unreadable(file, &fault), output);
            return None;
        }
    };
    let name = path.map_or_else(|| "-".to_owned(), shown);
    let mut teller = Teller::new(output);
    let (mut around, mut any) = (Around::default(), false);
    for entry in read(&input, &rulebook.model().vocabulary) {
        match entry {
            Entry::Row(row) => match row.prepared(rulebook, &name) {
                Ok(facts) => {
                    any = true;
                    hand(facts, &around);
                }
                Err((problems, error)) => {
                    around.left_out += 1;
                    teller.draw(problems.len(), |options| report::problems(&problems, &error, options));
                }
            },
            Entry::Problem(problem) => teller.file_problem(&problem),
            Entry::Note(words) => teller.note(&words),
            Entry::AsOf(value) => around.as_of = value.as_str().and_then(|text| text.parse().ok()),
            Entry::Reported(value) => around.reported.extend(reported(rulebook, &value)),
        }
    }
    around.is_damaged = teller.problems() > 0;
    teller.more();
    (any || !around.is_damaged).then_some(around)
}

/// The office's statistics: amounts by name.
fn reported(rulebook: &Rulebook, value: &Value) -> Reported {
    let entries = value.as_object().into_iter().flatten();
    entries
        .filter_map(|(name, amount)| {
            let text = amount.as_str().map_or_else(|| amount.to_string(), str::to_owned);
            Some((name.clone(), rulebook.amount(&text)?))
        })
        .collect()
}
