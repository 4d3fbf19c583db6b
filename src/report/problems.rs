//! Problems of authors' input, as a compiler shows them.

use serde::Serialize;

use crate::diagnostic::{Language, Problem, Severity};
use crate::report::ReportOptions;
use crate::report::frame::{Frame, Mark};
use crate::report::layout::{clean, width, wrapped};
use crate::report::paint::{Painter, Style};
use crate::report::sources::Sources;
use crate::report::words::Word;
use crate::source::Source;
use crate::span::Span;

/// How many problems are drawn before the rest is only counted.
const MOST_PROBLEMS: usize = 50;

/// The longest line, in columns, that is written out mended.
const LONGEST_LINE: usize = 240;

/// Problems with the places they point at, in order of place, what helps, and a line that counts them.
///
/// Past fifty the rest is counted only.
#[must_use]
pub fn problems(problems: &[Problem], sources: &dyn Sources, options: ReportOptions) -> String {
    let painter = Painter { colour: options.colour };
    let mut text = String::new();
    for problem in sorted(problems).into_iter().take(MOST_PROBLEMS) {
        for line in one(problem, sources, options) {
            text.push_str(&line);
            text.push('\n');
        }
        text.push('\n');
    }
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    if more > 0 {
        let line = match options.language {
            Language::Chinese => format!("另有 {more} 处\n"),
            Language::English => format!("{more} more\n"),
        };
        text.push_str(&painter.paint(Style::Quiet, &line));
    }
    text.push_str(&summary(problems, options.language));
    text.push('\n');
    text
}

/// Problems as a JSON list, in order of place. Titles, help and labels are in the language given; codes are the same in all.
#[must_use]
pub fn problems_json(problems: &[Problem], sources: &dyn Sources, language: Language) -> String {
    let list: Vec<Written<'_>> =
        sorted(problems).into_iter().map(|problem| Written::new(problem, sources, language)).collect();
    serde_json::to_string_pretty(&list).unwrap_or_default()
}

fn sorted(problems: &[Problem]) -> Vec<&Problem> {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| (problem.span().source(), problem.span().start(), problem.code()));
    sorted
}

fn summary(problems: &[Problem], language: Language) -> String {
    let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error).count();
    let warnings = problems.len() - errors;
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (errors, warnings, language) {
        (0, 0, _) => Word::NoProblems.text(language).to_owned(),
        (_, 0, Language::Chinese) => format!("{errors} 处错误"),
        (0, _, Language::Chinese) => format!("{warnings} 处警告"),
        (_, _, Language::Chinese) => format!("{errors} 处错误，{warnings} 处警告"),
        (_, 0, Language::English) => plural(errors, "error"),
        (0, _, Language::English) => plural(warnings, "warning"),
        (_, _, Language::English) => format!("{}, {}", plural(errors, "error"), plural(warnings, "warning")),
    }
}

/// One problem: what is wrong, where, what helps.
pub(crate) fn one(problem: &Problem, sources: &dyn Sources, options: ReportOptions) -> Vec<String> {
    let language = options.language;
    let painter = Painter { colour: options.colour };
    let (word, style) = match problem.severity() {
        Severity::Error => (Word::Fault, Style::Bad),
        Severity::Warning => (Word::Caution, Style::Care),
    };
    let head = format!("{} {}  ", word.text(language), problem.code().entry().name());
    let room = options.width.saturating_sub(width(&head));
    let mut lines = Vec::new();
    for (index, text) in wrapped(&clean(&problem.title(language)), room).into_iter().enumerate() {
        let lead = if index == 0 { painter.paint(style, &head) } else { " ".repeat(width(&head)) };
        lines.push(format!("{lead}{}", painter.paint(Style::Strong, &text)));
    }
    let marks: Vec<Mark> = problem
        .labels()
        .iter()
        .enumerate()
        .map(|(index, label)| Mark {
            span: label.span,
            text: label.words.in_language(language).to_owned(),
            style: if index == 0 { style } else { Style::Second },
        })
        .collect();
    lines.extend(Frame { sources, width: options.width, painter }.draw(&marks, &[]));
    let advice = problem.advice(language);
    if !advice.is_empty() {
        lines.extend(said(Word::Help, advice, options));
    }
    for (index, line) in mended_line(problem, sources).iter().flat_map(|text| text.lines()).enumerate() {
        let word = Word::Mended.text(language);
        let lead = if index == 0 { painter.paint(Style::Good, word) } else { " ".repeat(width(word)) };
        lines.push(format!("   {lead}{}", clean(line)));
    }
    lines
}

fn said(word: Word, text: &str, options: ReportOptions) -> Vec<String> {
    let word = word.text(options.language);
    let room = options.width.saturating_sub(3 + width(word));
    let painter = Painter { colour: options.colour };
    let lines = wrapped(&clean(text), room).into_iter().enumerate();
    lines
        .map(|(index, text)| {
            let lead = if index == 0 { painter.paint(Style::Good, word) } else { " ".repeat(width(word)) };
            format!("   {lead}{text}")
        })
        .collect()
}

/// The whole line as it would stand right. A problem gives either that line or what stands in place of its first span.
fn mended_line(problem: &Problem, sources: &dyn Sources) -> Option<String> {
    let mended = problem.mended_text()?;
    let Some(source) = sources.source(problem.span().source()) else { return Some(mended.to_owned()) };
    let position = source.position(problem.span().start());
    let Some((offset, line)) = source.line(position.line) else { return Some(mended.to_owned()) };
    let before = line.get(..problem.span().start().saturating_sub(offset)).unwrap_or_default().trim_start();
    let after = line.get(problem.span().end().saturating_sub(offset)..).unwrap_or_default().trim_end();
    let whole = mended.trim();
    let (mended_columns, marked, all) = (width(whole), width(source.slice(problem.span())), width(line.trim()));
    // Most of a line in place of a small part of it is the line itself.
    let is_line = mended_columns * 2 > all && marked * 2 < all;
    let too_long = all > LONGEST_LINE;
    if mended.contains('\n') || is_line || too_long || (whole.starts_with(before) && whole.ends_with(after)) {
        return Some(whole.to_owned());
    }
    Some(format!("{before}{mended}{after}"))
}

#[derive(Serialize)]
struct Written<'a> {
    code: &'static str,
    severity: &'static str,
    title: String,
    help: &'a str,
    mended: Option<&'a str>,
    labels: Vec<WrittenLabel<'a>>,
}

#[derive(Serialize)]
struct WrittenLabel<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
}

impl<'a> Written<'a> {
    fn new(problem: &'a Problem, sources: &'a dyn Sources, language: Language) -> Self {
        let labels = problem.labels().iter().filter_map(|label| {
            let source = sources.source(label.span.source())?;
            Some(WrittenLabel::new(label.span, label.words.in_language(language), source))
        });
        Self {
            code: problem.code().entry().name(),
            severity: match problem.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            title: problem.title(language),
            help: problem.advice(language),
            mended: problem.mended_text(),
            labels: labels.collect(),
        }
    }
}

impl<'a> WrittenLabel<'a> {
    fn new(span: Span, text: &'a str, source: &'a Source) -> Self {
        let start = source.position(span.start());
        let end = source.position(span.end());
        Self {
            file: source.name(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            text,
        }
    }
}
