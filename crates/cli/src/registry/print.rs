//! `adit facts --registry`: the records of a list of mines as JSON Lines, each one typed against the rules.

use std::path::Path;

use adit::Error;
use adit::diagnostic::{Language, Severity, Words};
use adit::report;
use adit::rulebook::Rulebook;
use serde_json::json;

use crate::commands::{GOOD, UNUSABLE};
use crate::files::{FileProblem, shown};
use crate::output::Output;
use crate::registry::{Entry, Input, Row, read};
use crate::words::Say;

/// How many problems are drawn before the rest is only counted.
const MOST_DRAWN: usize = 50;

/// Prints the records in order; one that cannot be used stands as `{"error": …}` in its place.
pub(crate) fn print(rulebook: &Rulebook, file: Option<&Path>, output: &mut Output) -> u8 {
    let input = match Input::of(file) {
        Ok(input) => input,
        Err(fault) => {
            let problem = FileProblem::unreadable(file.unwrap_or(Path::new("-")), &fault);
            crate::commands::tell_file(&problem, output);
            return UNUSABLE;
        }
    };
    let name = file.map_or_else(|| "-".to_owned(), shown);
    let mut told = Told { teller: Teller::new(output), rows: 0, bad: 0 };
    for entry in read(&input, &rulebook.model().vocabulary) {
        if told.teller.output.is_closed() {
            break;
        }
        match entry {
            Entry::Row(row) => told.row(rulebook, &name, &row),
            Entry::Problem(problem) => told.teller.file_problem(&problem),
            Entry::Note(words) => told.teller.note(&words),
            Entry::AsOf(value) => told.head(&json!({"as-of": value})),
            Entry::Reported(value) => told.head(&json!({"reported": value})),
        }
    }
    told.end()
}

/// Tells what is wrong with a list, and what was done with it.
pub(super) struct Teller<'a> {
    output: &'a mut Output,
    problems: usize,
}

impl<'a> Teller<'a> {
    pub(super) fn new(output: &'a mut Output) -> Self {
        Self { output, problems: 0 }
    }

    /// How many problems there were.
    pub(super) fn problems(&self) -> usize {
        self.problems
    }

    pub(super) fn file_problem(&mut self, problem: &FileProblem) {
        let one = std::slice::from_ref(&problem.problem);
        self.draw(1, |options| report::problems(one, &problem.sources, options));
    }

    pub(super) fn draw(&mut self, count: usize, drawn: impl FnOnce(report::ReportOptions) -> String) {
        if self.problems < MOST_DRAWN {
            let text = drawn(self.output.error_options);
            // Each report counts its own; here they are counted at the end.
            let end = text.trim_end().rfind('\n').map_or(text.len(), |end| end + 1);
            self.output.complain(text.get(..end).unwrap_or(&text));
        }
        self.problems += count;
    }

    pub(super) fn note(&mut self, words: &Words) {
        let language = self.output.language();
        let colon = if language == Language::Chinese { "：" } else { ": " };
        self.output.complain(&format!("{}{colon}{}\n", Say::Note.text(language), words.in_language(language)));
    }

    /// Says how many problems there were.
    pub(super) fn more(&mut self) {
        if self.problems > 0 {
            self.output.complain(&match self.output.language() {
                Language::Chinese => format!("{} 处错误\n", self.problems),
                Language::English => format!("{} errors\n", self.problems),
            });
        }
    }
}

struct Told<'a> {
    teller: Teller<'a>,
    rows: usize,
    bad: usize,
}

impl Told<'_> {
    fn row(&mut self, rulebook: &Rulebook, name: &str, row: &Row) {
        self.rows += 1;
        match row.prepared(rulebook, name) {
            Ok(_) => self.teller.output.print(&format!("{}\n", row.line_text())),
            Err((problems, error)) => {
                self.bad += 1;
                let language = self.teller.output.language();
                let line = json!({"error": {
                    "code": error.code().map(|code| code.entry().name()),
                    "line": row.line,
                    "message": message(&error, language),
                }});
                self.teller.output.print(&format!("{line}\n"));
                self.teller.draw(problems.len(), |options| report::problems(&problems, &error, options));
            }
        }
    }

    fn head(&mut self, value: &serde_json::Value) {
        let (chinese, english) = (format!("名册另有 {value}"), format!("the list also says {value}"));
        self.teller.note(&Words::new(chinese, english));
    }

    fn end(self) -> u8 {
        let good = self.rows - self.bad;
        let text = match (self.teller.output.language(), self.teller.problems) {
            (Language::Chinese, 0) => format!("{good} 条记录\n"),
            (Language::Chinese, problems) => format!("{good} 条记录可用，{problems} 处错误\n"),
            (Language::English, 0) => format!("{good} records\n"),
            (Language::English, problems) => format!("{good} records can be used, {problems} errors\n"),
        };
        self.teller.output.complain(&text);
        if self.teller.problems > 0 { UNUSABLE } else { GOOD }
    }
}

fn message(error: &Error, language: Language) -> String {
    let errors = error.problems().iter().filter(|problem| problem.severity() == Severity::Error);
    let titles: Vec<String> = errors.map(|problem| problem.title(language)).collect();
    titles.join(if language == Language::Chinese { "；" } else { "; " })
}
