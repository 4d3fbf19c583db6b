//! `adit assess`

use std::io::Write;
use std::path::Path;

use adit::AssessOptions;
use adit::facts::FactValue;
use adit::registry::IndicatorStatus;
use adit::report;
use adit::rulebook::{PreparedFacts, Rulebook};
use adit::source::Source;
use adit::span::SourceId;
use adit::{Error, ReviewOptions, Verdict};
use adit_arrow::clause_readings;
use arrow_schema::ArrowError;

use crate::arguments::{Arguments, Assess, Format};
use crate::columnar::{self, Columns};
use crate::commands::{FOUND, GOOD, UNUSABLE, rulebook, tell, tell_file, with_warnings};
use crate::files::{FileProblem, shown};
use crate::output::Output;
use crate::registry::{Loaded, load};
use crate::words::Say;

/// Assesses a list of mines. What of it cannot be used is told by line, the rest is assessed, and the exit code says so.
pub(crate) fn assess(arguments: &Arguments, assess: &Assess, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    let Some((registry, columns)) = registry(&rulebook, &assess.registry, output) else { return UNUSABLE };
    let base = match assess.base.as_deref().map(|file| self::registry(&rulebook, file, output)) {
        None => None,
        Some(Some((base, _))) => Some(base),
        Some(None) => return UNUSABLE,
    };
    let options = AssessOptions {
        as_of: assess.as_of.or(registry.as_of),
        readings: assess.readings.clone(),
        reported: registry.reported.clone(),
    };
    if let Some(mine) = &assess.explain {
        return explain(arguments, &rulebook, &registry.mines, &review_options(&rulebook, &options), mine, output);
    }
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
    let review = review_options(&rulebook, &options);
    if let Some(file) = &assess.rulings
        && !written(&rulebook, &registry.mines, columns.as_ref(), &review, file, output)
    {
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

/// The mines of a file, and the file where it holds columns. `None` where it has been told why there are none.
fn registry(rulebook: &Rulebook, file: &Path, output: &mut Output) -> Option<(Loaded, Option<Columns>)> {
    let opened = if file.as_os_str() == "-" { Ok(None) } else { Columns::open(file) };
    let columns = match opened {
        Ok(Some(columns)) => columns,
        Ok(None) => return load(rulebook, file, output).map(|loaded| (loaded, None)),
        Err(fault) => {
            tell_file(&FileProblem::unreadable(file, &fault), output);
            return None;
        }
    };
    let mut loaded = Loaded::default();
    let mines = columnar::facts(rulebook, &columns, |error| {
        loaded.is_damaged = true;
        tell(error.problems(), error, output);
    });
    match mines {
        Ok(mines) => loaded.mines = mines,
        Err(error) => {
            tell_columns(file, &error, output);
            return None;
        }
    }
    Some((loaded, Some(columns)))
}

/// Writes the ruling of each mine, in columns where the file's name says so.
fn written(
    rulebook: &Rulebook,
    mines: &[PreparedFacts],
    columns: Option<&Columns>,
    options: &ReviewOptions,
    file: &Path,
    output: &Output,
) -> bool {
    let done = match (columnar::is_columnar(file), columns) {
        (true, Some(columns)) => columnar::write(rulebook, columns, options, file),
        (true, None) => columnar::write_rows(rulebook, mines, options, file),
        (false, _) => write_rulings(rulebook, mines, options, file)
            .map_err(|fault| adit_arrow::Error::Arrow(ArrowError::IoError(fault.to_string(), fault))),
    };
    done.inspect_err(|error| tell_columns(file, error, output)).is_ok()
}

fn tell_columns(file: &Path, error: &adit_arrow::Error, output: &Output) {
    match error {
        adit_arrow::Error::Columns(problems) => {
            let sources = vec![Source::new(SourceId::default(), shown(file), "")];
            tell(problems, &sources, output);
        }
        adit_arrow::Error::Rules(error) => tell(error.problems(), error, output),
        adit_arrow::Error::Arrow(ArrowError::IoError(_, fault)) => {
            tell_file(&FileProblem::unreadable(file, fault), output);
        }
        adit_arrow::Error::Arrow(fault) => {
            tell_file(&FileProblem::unreadable(file, &std::io::Error::other(fault.to_string())), output);
        }
    }
}

/// The whole ruling of one mine, as a review of its facts gives it.
fn explain(
    arguments: &Arguments,
    rulebook: &Rulebook,
    mines: &[PreparedFacts],
    options: &ReviewOptions,
    wanted: &str,
    output: &mut Output,
) -> u8 {
    let Some(facts) = mines.iter().find(|mine| is_called(rulebook, mine, wanted)) else {
        output.complain(&format!("{}\n", Say::NoSuchMine.text(output.language()).replace("{}", wanted)));
        return UNUSABLE;
    };
    match rulebook.review_prepared(facts, options) {
        Ok(ruling) => {
            let text = match arguments.format.unwrap_or(Format::Text) {
                Format::Text => report::text(&ruling, &(rulebook, facts), output.options),
                Format::Json => report::json(&ruling, false) + "\n",
                Format::Markdown => report::markdown(&ruling, &(rulebook, facts), output.options),
            };
            output.print(&text);
            if ruling.ruling == Verdict::Admissible { GOOD } else { FOUND }
        }
        Err(error) => {
            tell(error.problems(), &error, output);
            UNUSABLE
        }
    }
}

/// Whether a mine has this id or name.
fn is_called(rulebook: &Rulebook, mine: &PreparedFacts, wanted: &str) -> bool {
    ["id", "name"].iter().any(|key| {
        let field = rulebook.model().vocabulary.field_named(key);
        let fact = field.and_then(|field| mine.facts().get(field));
        matches!(fact.map(|fact| &fact.value), Some(FactValue::Texts(texts)) if texts.iter().any(|text| text == wanted))
    })
}

fn review_options(rulebook: &Rulebook, options: &AssessOptions) -> ReviewOptions {
    ReviewOptions {
        as_of: options.as_of,
        readings: clause_readings(rulebook, &options.readings),
        ..ReviewOptions::default()
    }
}

/// The ruling of each mine, one a line. The file appears when it is whole: an interrupted run leaves none behind.
fn write_rulings(
    rulebook: &Rulebook,
    mines: &[PreparedFacts],
    review: &ReviewOptions,
    file: &Path,
) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let partial = folder.map_or_else(Default::default, Path::to_path_buf).join(format!(".{name}.partial"));
    let mut out = std::io::BufWriter::new(std::fs::File::create(&partial)?);
    let written = mines.iter().try_for_each(|mine| {
        let line = match rulebook.review_prepared(mine, review) {
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

fn error_line(error: &Error) -> String {
    let code = error.code().map(|code| code.entry().name());
    serde_json::json!({"error": {"code": code, "message": error.to_string()}}).to_string()
}
