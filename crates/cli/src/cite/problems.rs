//! What is said of quotes that do not stand in the plan, and of plans that are not the one of the lock.

use std::ops::Range;

use adit::diagnostic::{Code, Problem, Words};
use adit::report::Sources;
use adit::rulebook::Rulebook;
use adit::source::Source;
use adit::span::Span;

use crate::cite::Quoted;
use crate::cite::lock::Lock;
use crate::cite::nearest::nearest;
use crate::cite::plain::Plain;

/// How many differences of one quote are pointed at.
const MOST_MARKED: usize = 5;

/// Where a quote stands in its rule file, quotation marks aside.
pub(super) fn place(quote: &Quoted<'_>, rulebook: &Rulebook) -> Span {
    let Some(source) = rulebook.source(quote.span.source()) else { return quote.span };
    let Some(at) = source.slice(quote.span).rfind(quote.quote) else { return quote.span };
    let start = quote.span.start() + at;
    Span::new(quote.span.source(), start, start + quote.quote.len())
}

/// Whether a quote is the row of a table and not in quotation marks.
pub(super) fn is_row(quote: &Quoted<'_>, rulebook: &Rulebook) -> bool {
    let source = rulebook.source(quote.span.source());
    source.is_some_and(|source| !source.slice(quote.span).contains(quote.quote))
}

/// A quote that does not stand in the plan: where it differs from the nearest passage, and the passage.
pub(super) fn not_verbatim(quote: &Quoted<'_>, plan: &Plain, text: &Source, rulebook: &Rulebook) -> Problem {
    let whole = place(quote, rulebook);
    // A row says of its columns what is not printed in it, so that the rest is held like any other quote.
    let problem = |span: Span| Problem::error(Code::NotVerbatim, span).with(quote.item);
    let Some(found) = nearest(&quote.plain.signs, &plan.signs) else {
        return problem(whole).help(Words::new("原文里没有相近的一段", "no passage of the plan is near to it"));
    };
    // The cells of a row stand apart in the rules, so that only the whole of it has a place.
    let row = is_row(quote, rulebook);
    let in_rules = |signs: &Range<usize>| {
        if row {
            return whole;
        }
        // Where something is missing, the character before it is marked.
        let shown = if signs.is_empty() { signs.start.saturating_sub(1)..signs.start.max(1) } else { signs.clone() };
        let bytes = quote.plain.bytes(&shown);
        Span::new(whole.source(), whole.start() + bytes.start, whole.start() + bytes.end)
    };
    let mut marks =
        found.differences.iter().take(if row { 1 } else { MOST_MARKED }).map(|(mine, theirs)| {
            (in_rules(mine), said(&quote.plain.slice(mine), &plan.slice(theirs), mine.start == 0))
        });
    let (first, words) = marks.next().unwrap_or((whole, Words::default()));
    let mut problem = problem(first).saying(words);
    for (span, words) in marks {
        problem = problem.also(span, words);
    }
    let bytes = plan.bytes(&found.passage);
    let passage = marked(plan, &found.passage, &found.differences);
    problem
        .also(Span::new(text.id(), bytes.start, bytes.end), Words::new("最近的一段", "the nearest passage"))
        .help(Words::new(format!("原文是「{passage}」"), format!("the plan says 「{passage}」")))
}

fn said(mine: &str, theirs: &str, at_start: bool) -> Words {
    match (mine.is_empty(), theirs.is_empty()) {
        (true, _) if at_start => {
            Words::new(format!("这之前少了「{theirs}」"), format!("`{theirs}` is missing before this"))
        }
        (true, _) => Words::new(format!("这之后少了「{theirs}」"), format!("`{theirs}` is missing after this")),
        (_, true) => Words::new("原文没有", "not in the plan"),
        _ => Words::new(format!("原文是「{theirs}」"), format!("the plan has `{theirs}`")),
    }
}

/// The passage, with what differs in brackets of its own.
fn marked(plan: &Plain, passage: &Range<usize>, differences: &[(Range<usize>, Range<usize>)]) -> String {
    let mut text = String::new();
    let mut at = passage.start;
    for (_, theirs) in differences {
        text.push_str(&plan.slice(&(at..theirs.start)));
        if !theirs.is_empty() {
            text.push_str(&format!("【{}】", plan.slice(theirs)));
        }
        at = theirs.end;
    }
    text.push_str(&plan.slice(&(at..passage.end)));
    text
}

/// A text that is another one than the lock's, or in which quotes stand elsewhere.
pub(super) fn of_document(old: &Lock, new: &Lock, source: &Source) -> Vec<Problem> {
    let differs = |key: &str, words: Words| {
        let span = line_of(source, |line| line.trim_start().starts_with(key));
        Problem::error(Code::PlanDiffers, span).with_words(words)
    };
    let (was, is) = (&old.document, &new.document);
    if was.sha256 != is.sha256 {
        let words = Words::new(
            format!("文件是 {}，{} 字节", is.file, is.bytes),
            format!("the file is {}, {} bytes", is.file, is.bytes),
        );
        return vec![differs("document.sha256", words)];
    }
    if was.title != is.title {
        let words = Words::new(format!("规划的标题是「{}」", is.title), format!("the plan's title is `{}`", is.title));
        return vec![differs("document.title", words)];
    }
    if (was.bytes, was.characters) != (is.bytes, is.characters) {
        let words = Words::new(
            format!("{} 字节，{} 字", is.bytes, is.characters),
            format!("{} bytes, {} characters", is.bytes, is.characters),
        );
        return vec![differs("document.characters", words)];
    }
    let key =
        |quote: &&crate::cite::lock::LockedQuote| (quote.item.clone(), quote.section.clone(), quote.quote.clone());
    let mut problems = Vec::new();
    for quote in &new.citations {
        let known = old.citations.iter().filter(|other| key(other) == key(&quote));
        let places: Vec<_> = known.map(|other| (other.offset, other.line, other.times)).collect();
        if !places.is_empty() && !places.contains(&(quote.offset, quote.line, quote.times)) {
            let of_item = |line: &str| line.contains(&quote.quote) && line.contains(&format!("{:?}", quote.item));
            let line = quote.line.unwrap_or_default();
            let words = Words::new(
                format!("{} 的引文在第 {line} 行", quote.item),
                format!("the quote of {} stands in line {line}", quote.item),
            );
            problems.push(Problem::error(Code::PlanDiffers, line_of(source, of_item)).with_words(words));
        }
    }
    if problems.is_empty() && was.cited != is.cited && old.citations == new.citations {
        let words = Words::new(format!("引用 {} 字", is.cited), format!("{} characters are cited", is.cited));
        problems.push(differs("document.cited", words));
    }
    problems
}

/// The first line that is meant; the beginning where none is.
pub(super) fn line_of(source: &Source, is_meant: impl Fn(&str) -> bool) -> Span {
    let lines = (1..).map_while(|number| source.line(number));
    let found = lines.into_iter().find(|(_, line)| is_meant(line));
    let (start, line) = found.unwrap_or_default();
    Span::new(source.id(), start, start + line.len())
}
