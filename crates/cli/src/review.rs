//! `adit review`

use adit::Error;
use adit::diagnostic::Language;
use adit::report::{self, ReportOptions};
use adit::rulebook::{PreparedCase, PreparedFacts, Rulebook};
use adit::ruling::{ReviewOptions, Ruling, Verdict};
use serde_json::json;

use crate::arguments::{Arguments, Format, Review};
use crate::ask;
use crate::commands::{FOUND, GOOD, UNUSABLE, rulebook, tell, tell_file, with_warnings};
use crate::files;
use crate::output::Output;
use crate::registry::{Loaded, load};
use crate::words::Say;

/// Rules on one case, or on one a line.
pub(crate) fn review(arguments: &Arguments, review: &Review, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    if review.ask && !ask::is_possible(review.facts.is_some()) {
        output.complain(&format!("{}\n", Say::NoTerminal.text(output.language())));
        return UNUSABLE;
    }
    let (name, text) = match files::facts(review.facts.as_deref()) {
        Ok(facts) => facts,
        Err(problem) => {
            tell_file(&problem, output);
            return UNUSABLE;
        }
    };
    let registry = match review.registry.as_deref().map(|file| load(&rulebook, file, output)) {
        None => None,
        Some(Some(loaded)) => Some(loaded),
        Some(None) => return UNUSABLE,
    };
    let options = ReviewOptions {
        as_of: review.as_of,
        readings: review.readings.clone(),
        whole: review.all && arguments.format == Some(Format::Json),
    };
    let desk = Desk { rulebook: &rulebook, registry, options, format: arguments.format, all: review.all };
    let (mut cases, lines) = rulebook.prepare_cases(&name, &text);
    let code = if lines {
        desk.lines(cases, output)
    } else {
        match cases.next() {
            Some(case) => desk.one(case, review.ask, output),
            None => UNUSABLE,
        }
    };
    // What could not be used of the registry has been told, and is not passed over in the exit code either.
    let code = if desk.registry.as_ref().is_some_and(|registry| registry.around.is_damaged) { UNUSABLE } else { code };
    with_warnings(code, &rulebook, arguments)
}

struct Desk<'a> {
    rulebook: &'a Rulebook,
    registry: Option<Loaded>,
    options: ReviewOptions,
    format: Option<Format>,
    all: bool,
}

impl Desk<'_> {
    fn ruled(&self, facts: &PreparedFacts) -> Result<Ruling, Error> {
        match &self.registry {
            Some(registry) => {
                let around = &registry.around;
                let ruling =
                    self.rulebook.review_with_registry(facts, &registry.mines, &self.options, &around.reported);
                ruling.map(|mut ruling| {
                    ruling.notes.extend(around.is_damaged.then_some("registry-incomplete"));
                    ruling
                })
            }
            None => self.rulebook.review_prepared(facts, &self.options),
        }
    }

    fn one(&self, case: PreparedCase, ask: bool, output: &mut Output) -> u8 {
        let line = case.line;
        let reviewed = case.facts.and_then(|facts| {
            let facts = if ask { ask::complete(self.rulebook, facts, &self.options, output)? } else { facts };
            let ruling = self.ruled(&facts)?;
            Ok((facts, ruling))
        });
        match reviewed {
            Ok((facts, ruling)) => {
                let text = self.written(&facts, &ruling, output.options);
                output.print(&text);
                code_of(&ruling)
            }
            Err(error) => {
                if self.format == Some(Format::Json) {
                    output.print(&format!("{:#}\n", error_json(&error, line, output.language())));
                }
                tell(error.problems(), &error, output);
                UNUSABLE
            }
        }
    }

    fn written(&self, facts: &PreparedFacts, ruling: &Ruling, options: ReportOptions) -> String {
        let options = ReportOptions { all: self.all, ..options };
        match self.format.unwrap_or(Format::Text) {
            Format::Text => report::text(ruling, &(self.rulebook, facts), options),
            Format::Json => report::json(ruling, self.all) + "\n",
            Format::Markdown => report::markdown(ruling, &(self.rulebook, facts), options),
        }
    }

    /// One line a case, in order; JSON unless something else was asked for.
    fn lines(&self, cases: impl Iterator<Item = PreparedCase>, output: &mut Output) -> u8 {
        let mut worst = GOOD;
        for (index, case) in cases.enumerate() {
            if output.is_closed() {
                break;
            }
            let line = case.line;
            let reviewed = case.facts.and_then(|facts| {
                let ruling = self.ruled(&facts)?;
                Ok((facts, ruling))
            });
            let (text, code) = match reviewed {
                Ok((facts, ruling)) => (self.line(index, line, &facts, &ruling, output.options), code_of(&ruling)),
                Err(error) => (self.bad_line(&error, line, output.language()), UNUSABLE),
            };
            output.print(&text);
            worst = worst.max(code);
        }
        worst
    }

    fn line(
        &self,
        index: usize,
        line: usize,
        facts: &PreparedFacts,
        ruling: &Ruling,
        options: ReportOptions,
    ) -> String {
        match self.format {
            Some(Format::Text) => {
                let number = Say::Line.text(options.language).replace("{}", &line.to_string());
                let verdict = report::verdict_words(ruling.ruling, options.language);
                let case: Vec<&str> = ruling.case.iter().map(|(_, value)| value.as_str()).collect();
                format!("{number}  {verdict}  {}\n", case.join(" · "))
            }
            Some(Format::Markdown) => {
                let rule = if index == 0 { "" } else { "\n---\n\n" };
                format!("{rule}{}", self.written(facts, ruling, options))
            }
            Some(Format::Json) | None => report::json_line(ruling, self.all) + "\n",
        }
    }

    fn bad_line(&self, error: &Error, line: usize, language: Language) -> String {
        match self.format {
            Some(Format::Text | Format::Markdown) => {
                let number = Say::Line.text(language).replace("{}", &line.to_string());
                let code = error.code().map(|code| code.entry().name()).unwrap_or_default();
                format!("{number}  {code}  {}\n", message(error, language))
            }
            Some(Format::Json) | None => format!("{}\n", error_json(error, line, language)),
        }
    }
}

fn message(error: &Error, language: Language) -> String {
    let titles: Vec<String> = error.problems().iter().map(|problem| problem.title(language)).collect();
    titles.join(if language == Language::Chinese { "；" } else { "; " })
}

fn error_json(error: &Error, line: usize, language: Language) -> serde_json::Value {
    let code = error.code().map(|code| code.entry().name());
    json!({"error": {"code": code, "line": line, "message": message(error, language)}})
}

fn code_of(ruling: &Ruling) -> u8 {
    if ruling.ruling == Verdict::Admissible { GOOD } else { FOUND }
}
