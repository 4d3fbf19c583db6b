//! `adit assess`

use std::io::Write;
use std::path::Path;

use adit::AssessOptions;
use adit::registry::IndicatorStatus;
use adit::report;
use adit::rulebook::{PreparedFacts, Rulebook};
use adit::{Error, ReviewOptions};

use crate::arguments::{Arguments, Assess, Format};
use crate::commands::{FOUND, GOOD, UNUSABLE, rulebook, tell, tell_file, with_warnings};
use crate::files::FileProblem;
use crate::output::Output;
use crate::registry::load;
use crate::words::Say;

/// Assesses a list of mines. What of it cannot be used is told by line, the rest is assessed, and the exit code says so.
pub(crate) fn assess(arguments: &Arguments, assess: &Assess, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    let Some(registry) = load(&rulebook, &assess.registry, output) else { return UNUSABLE };
    let base = match assess.base.as_deref().map(|file| load(&rulebook, file, output)) {
        None => None,
        Some(Some(base)) => Some(base),
        Some(None) => return UNUSABLE,
    };
    let options = AssessOptions {
        as_of: assess.as_of.or(registry.as_of),
        readings: assess.readings.clone(),
        reported: registry.reported.clone(),
    };
    let base_mines = base.as_ref().map(|base| base.mines.as_slice());
    let assessed = match rulebook.assess(&registry.mines, base_mines, &options) {
        Ok(assessed) => assessed,
        Err(error) => {
            tell(error.problems(), &error, output);
            return UNUSABLE;
        }
    };
    let text = match arguments.format.unwrap_or(Format::Text) {
        Format::Text => report::assessment(&assessed, output.options),
        Format::Json => report::assessment_json(&assessed) + "\n",
        Format::Markdown => report::assessment_markdown(&assessed, output.language()),
    };
    output.print(&text);
    if registry.is_damaged {
        output.complain(&format!("{}\n", Say::RowsLeftOut.text(output.language())));
    }
    if let Some(file) = &assess.rulings
        && let Err(fault) = write_rulings(&rulebook, &registry.mines, &options, file)
    {
        tell_file(&FileProblem::unreadable(file, &fault), output);
        return UNUSABLE;
    }
    let missed = assessed.indicators.iter().any(|standing| standing.status == IndicatorStatus::Missed);
    let damaged = registry.is_damaged || base.is_some_and(|base| base.is_damaged);
    match (damaged, missed) {
        (true, _) => UNUSABLE,
        (false, true) => FOUND,
        (false, false) => with_warnings(GOOD, &rulebook, arguments),
    }
}

/// The ruling of each mine, one a line. The file appears when it is whole: an interrupted run leaves none behind.
fn write_rulings(
    rulebook: &Rulebook,
    mines: &[PreparedFacts],
    options: &AssessOptions,
    file: &Path,
) -> std::io::Result<()> {
    let review = ReviewOptions {
        as_of: options.as_of,
        readings: clause_readings(rulebook, options),
        ..ReviewOptions::default()
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let partial = folder.map_or_else(Default::default, Path::to_path_buf).join(format!(".{name}.partial"));
    let mut out = std::io::BufWriter::new(std::fs::File::create(&partial)?);
    let written = mines.iter().try_for_each(|mine| {
        let line = match rulebook.review_prepared(mine, &review) {
            Ok(ruling) => report::json_line(&ruling, false),
            Err(error) => error_line(&error),
        };
        writeln!(out, "{line}")
    });
    let finished = written.and_then(|()| out.flush()).and_then(|()| std::fs::rename(&partial, file));
    if finished.is_err() {
        // Best effort: what could not be written is told by the error that is returned.
        let _ = std::fs::remove_file(&partial);
    }
    finished
}

/// The readings chosen of clauses, those of indicators aside.
fn clause_readings(rulebook: &Rulebook, options: &AssessOptions) -> std::collections::BTreeMap<String, String> {
    let is_clause = |id: &String| rulebook.model().clauses.iter().any(|clause| clause.id == *id);
    options.readings.iter().filter(|(id, _)| is_clause(id)).map(|(id, name)| (id.clone(), name.clone())).collect()
}

fn error_line(error: &Error) -> String {
    let code = error.code().map(|code| code.entry().name());
    serde_json::json!({"error": {"code": code, "message": error.to_string()}}).to_string()
}
