//! A list of mines, all of it in memory: what an assessment and a review with a registry take.

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

/// What a list of mines holds.
#[derive(Default)]
pub(crate) struct Loaded {
    /// The mines that can be used, in order.
    pub(crate) mines: Vec<PreparedFacts>,
    /// The day of the list, where it says one.
    pub(crate) as_of: Option<Date>,
    /// The office's statistics, where it says some.
    pub(crate) reported: Reported,
    /// Whether something in it could not be used; it has been told.
    pub(crate) is_damaged: bool,
}

/// Loads a list of mines; every problem is told with its line, and the rest is used. `None` where there is nothing to use.
pub(crate) fn load(rulebook: &Rulebook, file: &Path, output: &mut Output) -> Option<Loaded> {
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
    let mut loaded = Loaded::default();
    for entry in read(&input, &rulebook.model().vocabulary) {
        match entry {
            Entry::Row(row) => match row.prepared(rulebook, &name) {
                Ok(facts) => loaded.mines.push(facts),
                Err((problems, error)) => {
                    teller.draw(problems.len(), |options| report::problems(&problems, &error, options));
                }
            },
            Entry::Problem(problem) => teller.file_problem(&problem),
            Entry::Note(words) => teller.note(&words),
            Entry::AsOf(value) => loaded.as_of = value.as_str().and_then(|text| text.parse().ok()),
            Entry::Reported(value) => loaded.reported.extend(reported(rulebook, &value)),
        }
    }
    loaded.is_damaged = teller.problems() > 0;
    teller.more();
    (!loaded.mines.is_empty() || !loaded.is_damaged).then_some(loaded)
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
