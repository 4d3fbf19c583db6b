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
    let mut told = Told { output, rows: 0, bad: 0, problems: 0 };
    for entry in read(&input, &rulebook.model().vocabulary) {
        if told.output.is_closed() {
            break;
        }
        match entry {
            Entry::Row(row) => told.row(rulebook, &name, &row),
            Entry::Problem(problem) => told.file_problem(&problem),
            Entry::Note(words) => told.note(&words),
            Entry::AsOf(value) => told.head(&json!({"as-of": value})),
            Entry::Reported(value) => told.head(&json!({"reported": value})),
        }
    }
    told.end()
}

struct Told<'a> {
    output: &'a mut Output,
    rows: usize,
    bad: usize,
    problems: usize,
}

impl Told<'_> {
    fn row(&mut self, rulebook: &Rulebook, name: &str, row: &Row) {
        self.rows += 1;
        match rulebook.prepare_record(name, row.line, &row.text()) {
            Ok(_) => self.output.print(&format!("{}\n", row.line_text())),
            Err(error) => {
                self.bad += 1;
                let language = self.output.language();
                let line = json!({"error": {
                    "code": error.code().map(|code| code.entry().name()),
                    "line": row.line,
                    "message": message(&error, language),
                }});
                self.output.print(&format!("{line}\n"));
                self.draw(error.problems().len(), |options| report::problems(error.problems(), &error, options));
            }
        }
    }

    fn file_problem(&mut self, problem: &FileProblem) {
        let one = std::slice::from_ref(&problem.problem);
        self.draw(1, |options| report::problems(one, &problem.sources, options));
    }

    fn draw(&mut self, count: usize, drawn: impl FnOnce(report::ReportOptions) -> String) {
        if self.problems < MOST_DRAWN {
            let text = drawn(self.output.error_options);
            // Each report counts its own; here they are counted at the end.
            let end = text.trim_end().rfind('\n').map_or(text.len(), |end| end + 1);
            self.output.complain(text.get(..end).unwrap_or(&text));
        }
        self.problems += count;
    }

    fn note(&self, words: &Words) {
        let language = self.output.language();
        let colon = if language == Language::Chinese { "：" } else { ": " };
        self.output.complain(&format!("{}{colon}{}\n", Say::Note.text(language), words.in_language(language)));
    }

    fn head(&self, value: &serde_json::Value) {
        let (chinese, english) = (format!("名册另有 {value}"), format!("the list also says {value}"));
        self.note(&Words::new(chinese, english));
    }

    fn end(self) -> u8 {
        let good = self.rows - self.bad;
        let text = match (self.output.language(), self.problems) {
            (Language::Chinese, 0) => format!("{good} 条记录\n"),
            (Language::Chinese, problems) => format!("{good} 条记录可用，{problems} 处错误\n"),
            (Language::English, 0) => format!("{good} records\n"),
            (Language::English, problems) => format!("{good} records can be used, {problems} errors\n"),
        };
        self.output.complain(&text);
        if self.problems > 0 { UNUSABLE } else { GOOD }
    }
}

fn message(error: &Error, language: Language) -> String {
    let errors = error.problems().iter().filter(|problem| problem.severity() == Severity::Error);
    let titles: Vec<String> = errors.map(|problem| problem.title(language)).collect();
    titles.join(if language == Language::Chinese { "；" } else { "; " })
}
