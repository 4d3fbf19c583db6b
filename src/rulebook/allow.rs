//! `# adit: allow A0xxx 理由`: one warning that its author has looked at.

use crate::ast::File;
use crate::diagnostic::{Problem, Severity};
use crate::source::Source;
use crate::span::SourceId;

/// A comment that lets a warning pass, on its own line and on the next line that is not a comment.
struct Allowance<'a> {
    source: SourceId,
    line: usize,
    next: usize,
    code: &'a str,
}

/// The problems without the warnings that a comment with a reason allows. Errors are never allowed.
pub(super) fn without_allowed(problems: Vec<Problem>, files: &[File], sources: &[Source]) -> Vec<Problem> {
    let allowances: Vec<Allowance<'_>> =
        files.iter().zip(sources).flat_map(|(file, source)| allowances_of(file, source)).collect();
    if allowances.is_empty() {
        return problems;
    }
    let allowed = |problem: &Problem| {
        let span = problem.span();
        let line = sources.get(span.source().index()).map(|source| source.position(span.start()).line);
        problem.severity() == Severity::Warning
            && allowances.iter().any(|allowance| {
                allowance.source == span.source()
                    && allowance.code == problem.code().entry().name()
                    && line.is_some_and(|line| line == allowance.line || line == allowance.next)
            })
    };
    problems.into_iter().filter(|problem| !allowed(problem)).collect()
}

fn allowances_of<'a>(file: &'a File, source: &'a Source) -> impl Iterator<Item = Allowance<'a>> {
    file.comments.iter().filter_map(|comment| {
        let words = comment.kind.trim_start_matches(['#', '＃']).trim_start().strip_prefix("adit:")?;
        let (code, reason) = words.trim_start().strip_prefix("allow ")?.trim_start().split_once(char::is_whitespace)?;
        if reason.trim().is_empty() {
            return None;
        }
        let line = source.position(comment.span.start()).line;
        let blank = |number: usize| {
            source.line(number).is_some_and(|(_, text)| {
                let text = text.trim_start();
                text.is_empty() || text.starts_with(['#', '＃'])
            })
        };
        let next = (line + 1..).find(|number| !blank(*number)).unwrap_or(line);
        Some(Allowance { source: source.id(), line, next, code })
    })
}
