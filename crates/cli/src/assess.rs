//! `adit assess`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use adit::facts::FactValue;
use adit::registry::IndicatorStatus;
use adit::report;
use adit::rulebook::{PreparedFacts, Rulebook};
use adit::source::Source;
use adit::span::SourceId;
use adit::{AssessOptions, Census, Error, ReviewOptions, Verdict};
use adit_arrow::clause_readings;
use arrow_schema::ArrowError;

use crate::arguments::{Arguments, Assess, Format};
use crate::columnar::{self, Columns};
use crate::commands::{FOUND, GOOD, UNUSABLE, rulebook, tell, tell_file, with_warnings};
use crate::files::{FileProblem, shown};
use crate::output::Output;
use crate::registry::{Around, each};
use crate::whole::Whole;
use crate::words::Say;

/// Assesses a list of mines. What of it cannot be used is told by line, the rest is assessed, and the exit code says so.
pub(crate) fn assess(arguments: &Arguments, assess: &Assess, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    let wanted = match (&assess.explain, &assess.rulings) {
        (Some(mine), _) => Wanted::Mine(mine),
        (None, Some(file)) => Wanted::Rulings(file),
        (None, None) => Wanted::Nothing,
    };
    let mut desk = Desk::new(&rulebook, assess, wanted);
    let Some((around, columns)) = desk.count(&assess.registry, output) else { return UNUSABLE };
    if let Some(mine) = &assess.explain {
        return explained(arguments, &rulebook, &desk, mine, output);
    }
    let mut base = Desk::new(&rulebook, assess, Wanted::Nothing);
    let base_around = match assess.base.as_deref().map(|file| base.count(file, output)) {
        None => None,
        Some(Some((around, _))) => Some(around),
        Some(None) => return UNUSABLE,
    };
    let (census, earlier) = match (desk.census(&around), base_around.as_ref().map(|around| base.census(around))) {
        (Ok(census), None) => (census, None),
        (Ok(census), Some(Ok(earlier))) => (census, Some(earlier)),
        (Err(error), _) | (_, Some(Err(error))) => {
            tell(error.problems(), &error, output);
            return UNUSABLE;
        }
    };
    let mut assessed = census.assessment(earlier.as_ref());
    assessed.left_out = around.left_out;
    let text = match arguments.format.unwrap_or(Format::Text) {
        Format::Text => report::assessment(&assessed, output.options),
        Format::Json => report::assessment_json(&assessed) + "\n",
        Format::Markdown => report::assessment_markdown(&assessed, output.language()),
    };
    output.print(&text);
    if around.is_damaged {
        output.complain(&format!("{}\n", Say::RowsLeftOut.text(output.language())));
    }
    let finished = desk.finish(&around, columns.as_ref());
    if let (Some(file), Err(error)) = (&assess.rulings, finished) {
        tell_columns(file, &error, output);
        return UNUSABLE;
    }
    let missed = assessed.indicators.iter().any(|standing| standing.status == IndicatorStatus::Missed);
    let damaged = around.is_damaged || base_around.is_some_and(|base| base.is_damaged);
    match (damaged, missed) {
        (true, _) => UNUSABLE,
        (false, true) => FOUND,
        (false, false) => with_warnings(GOOD, &rulebook, arguments),
    }
}

/// What is wanted of single mines.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Nothing,
    /// The whole ruling of one.
    Mine(&'a str),
    /// The ruling of each, in a file.
    Rulings(&'a Path),
}

/// Rulings on their way into a file.
enum Rulings {
    /// One a line.
    Lines(Lines),
    /// In columns.
    Rows(columnar::Rows),
}

/// Counts the mines of a list as they come, and does with each what is wanted.
struct Desk<'a> {
    rulebook: &'a Rulebook,
    assess: &'a Assess,
    wanted: Wanted<'a>,
    census: Option<Result<Census, Error>>,
    review: ReviewOptions,
    rulings: Option<Result<Rulings, adit_arrow::Error>>,
    found: Option<PreparedFacts>,
}

impl<'a> Desk<'a> {
    fn new(rulebook: &'a Rulebook, assess: &'a Assess, wanted: Wanted<'a>) -> Self {
        let review = ReviewOptions::default();
        Self { rulebook, assess, wanted, census: None, review, rulings: None, found: None }
    }

    fn options(&self, around: &Around) -> AssessOptions {
        AssessOptions {
            as_of: self.assess.as_of.or(around.as_of),
            readings: self.assess.readings.clone(),
            reported: around.reported.clone(),
        }
    }

    /// The count, begun where no mine has come yet.
    fn census(&mut self, around: &Around) -> Result<Census, Error> {
        self.census.take().unwrap_or_else(|| self.rulebook.census(&self.options(around)))
    }

    /// Counts a list; what stands around it, and the file where it holds columns. `None` where it has been told why there
    /// is nothing to count.
    fn count(&mut self, file: &Path, output: &mut Output) -> Option<(Around, Option<Columns>)> {
        let opened = if file.as_os_str() == "-" { Ok(None) } else { Columns::open(file) };
        let columns = match opened {
            Ok(Some(columns)) => columns,
            Ok(None) => {
                let around = each(self.rulebook, file, output, |mine, around| self.take(mine, around))?;
                return Some((around, None));
            }
            Err(fault) => {
                tell_file(&FileProblem::unreadable(file, &fault), output);
                return None;
            }
        };
        let mut around = Around::default();
        let options = self.options(&around);
        self.review = ReviewOptions {
            as_of: options.as_of,
            readings: clause_readings(self.rulebook, &options.readings),
            ..ReviewOptions::default()
        };
        let counted = match self.wanted {
            Wanted::Mine(_) => columnar::each(self.rulebook, &columns, |mine| {
                self.single(mine);
                if self.found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }),
            Wanted::Nothing | Wanted::Rulings(_) => {
                let told = |error: Error| {
                    around.is_damaged = true;
                    around.left_out += 1;
                    tell(error.problems(), &error, output);
                };
                columnar::count(self.rulebook, &columns, &options, told).map(|census| self.census = Some(Ok(census)))
            }
        };
        // Rulings in columns are made of columns, in batches, once all is counted.
        let counted = counted.and_then(|()| match self.wanted {
            Wanted::Rulings(file) if !columnar::is_columnar(file) => columnar::each(self.rulebook, &columns, |mine| {
                self.single(mine);
                ControlFlow::Continue(())
            }),
            Wanted::Rulings(_) | Wanted::Mine(_) | Wanted::Nothing => Ok(()),
        });
        if let Err(error) = counted {
            tell_columns(file, &error, output);
            return None;
        }
        Some((around, Some(columns)))
    }

    fn take(&mut self, mine: PreparedFacts, around: &Around) {
        if self.census.is_none() {
            let options = self.options(around);
            self.review = ReviewOptions {
                as_of: options.as_of,
                readings: clause_readings(self.rulebook, &options.readings),
                ..ReviewOptions::default()
            };
            self.census = Some(self.rulebook.census(&options));
        }
        if let Some(Ok(census)) = &mut self.census {
            census.add(&mine);
        }
        self.single(mine);
    }

    /// Does with one mine what is wanted of single ones.
    fn single(&mut self, mine: PreparedFacts) {
        match self.wanted {
            Wanted::Nothing => {}
            Wanted::Mine(wanted) => {
                if self.found.is_none() && is_called(self.rulebook, &mine, wanted) {
                    self.found = Some(mine);
                }
            }
            Wanted::Rulings(file) => {
                let rulings = self.rulings.get_or_insert_with(|| Rulings::new(file));
                if let Ok(open) = rulings
                    && let Err(error) = open.add(self.rulebook, &mine, &self.review)
                {
                    *rulings = Err(error);
                }
            }
        }
    }

    /// Ends the file of rulings.
    fn finish(self, around: &Around, columns: Option<&Columns>) -> Result<(), adit_arrow::Error> {
        let Wanted::Rulings(file) = self.wanted else { return Ok(()) };
        if let (Some(columns), true) = (columns, columnar::is_columnar(file)) {
            let options = ReviewOptions {
                as_of: self.assess.as_of.or(around.as_of),
                readings: clause_readings(self.rulebook, &self.assess.readings),
                ..ReviewOptions::default()
            };
            return columnar::write(self.rulebook, columns, &options, file);
        }
        self.rulings.unwrap_or_else(|| Rulings::new(file))?.finish(self.rulebook)
    }
}

impl Rulings {
    fn new(file: &Path) -> Result<Self, adit_arrow::Error> {
        if columnar::is_columnar(file) {
            return columnar::Rows::new(file).map(Self::Rows);
        }
        Lines::new(file).map(Self::Lines).map_err(columnar::fault)
    }

    fn add(
        &mut self,
        rulebook: &Rulebook,
        mine: &PreparedFacts,
        options: &ReviewOptions,
    ) -> Result<(), adit_arrow::Error> {
        match self {
            Self::Lines(lines) => lines.add(rulebook, mine, options).map_err(columnar::fault),
            Self::Rows(rows) => rows.add(rulebook, mine, options),
        }
    }

    fn finish(self, rulebook: &Rulebook) -> Result<(), adit_arrow::Error> {
        match self {
            Self::Lines(lines) => lines.finish().map_err(columnar::fault),
            Self::Rows(rows) => rows.finish(rulebook),
        }
    }
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
fn explained(arguments: &Arguments, rulebook: &Rulebook, desk: &Desk<'_>, wanted: &str, output: &mut Output) -> u8 {
    let Some(facts) = &desk.found else {
        output.complain(&format!("{}\n", Say::NoSuchMine.text(output.language()).replace("{}", wanted)));
        return UNUSABLE;
    };
    match rulebook.review_prepared(facts, &desk.review) {
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

/// The ruling of each mine, one a line.
struct Lines {
    out: BufWriter<File>,
    whole: Whole,
}

impl Lines {
    fn new(file: &Path) -> io::Result<Self> {
        Whole::begin(file).map(|(whole, out)| Self { out, whole })
    }

    fn add(&mut self, rulebook: &Rulebook, mine: &PreparedFacts, options: &ReviewOptions) -> io::Result<()> {
        let line = match rulebook.review_prepared(mine, options) {
            Ok(ruling) => report::json_line(&ruling, false),
            Err(error) => error_line(&error),
        };
        writeln!(self.out, "{line}")
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.whole.finish()
    }
}

fn error_line(error: &Error) -> String {
    let code = error.code().map(|code| code.entry().name());
    serde_json::json!({"error": {"code": code, "message": error.to_string()}}).to_string()
}
