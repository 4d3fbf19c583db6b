//! `adit cite`: every quote of the rules held against the plan's text, and a lock that says where each one stands.

mod lock;
mod nearest;
mod plain;
mod problems;
mod source;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use adit::diagnostic::{Code, Language, Problem, Severity, Words};
use adit::model::{Citation, Model};
use adit::report;
use adit::rulebook::Rulebook;
use adit::source::Source;
use adit::span::{SourceId, Span};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::arguments::{Arguments, Cite, Format};
use crate::cite::lock::{Lock, LockedDocument, LockedQuote};
use crate::cite::plain::Plain;
use crate::commands::{FOUND, GOOD, UNUSABLE, rulebook, tell, tell_file, with_warnings};
use crate::files::{FileProblem, shown};
use crate::output::Output;
use crate::words::Say;

/// The lock's name beside the rules.
const LOCK: &str = "cite.lock";

/// A quote of the rules.
struct Quoted<'a> {
    item: &'a str,
    section: &'a str,
    quote: &'a str,
    span: Span,
    plain: Plain,
}

impl Quoted<'_> {
    fn hash(&self) -> String {
        hash(self.plain.text.as_bytes())
    }
}

/// Every quote, in order of the items' ids.
fn quotes(model: &Model) -> Vec<Quoted<'_>> {
    let mut found = Vec::new();
    for (item, Citation { section, quote, span }) in model.citations() {
        let Some(quote) = quote.as_deref() else { continue };
        found.push(Quoted { item, section, quote, span: *span, plain: Plain::of(quote) });
    }
    found.sort_by(|one, other| (one.item, one.span).cmp(&(other.item, other.span)));
    found
}

/// Holds the quotes against the plan, or the lock against the rules.
pub(crate) fn cite(arguments: &Arguments, cite: &Cite, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    let path =
        cite.lock.clone().unwrap_or_else(|| beside(arguments.rules.first().map_or(Path::new("."), PathBuf::as_path)));
    let desk = Desk {
        rulebook: &rulebook,
        quotes: quotes(rulebook.model()),
        path,
        format: arguments.format,
        deny: arguments.deny_warnings,
    };
    let done = match &cite.source {
        Some(file) => desk.against_plan(file, cite.check, output),
        None => desk.against_lock(output),
    };
    match done {
        Ok(code) => with_warnings(code, &rulebook, arguments),
        Err(problem) => {
            tell_file(&problem, output);
            UNUSABLE
        }
    }
}

/// How many characters of the plan are cited, and how many it has, by the lock beside the rules; `None` where none can be
/// read.
pub(crate) fn locked_share(arguments: &Arguments) -> Option<(usize, usize)> {
    let path = beside(arguments.rules.first()?);
    let text = std::fs::read_to_string(&path).ok()?;
    let lock = Lock::read(&Source::new(SourceId::default(), shown(&path), text)).ok()?;
    Some((lock.document.cited, lock.document.characters))
}

fn beside(rules: &Path) -> PathBuf {
    if rules.is_dir() { rules.join(LOCK) } else { rules.parent().unwrap_or(Path::new("")).join(LOCK) }
}

struct Desk<'a> {
    rulebook: &'a Rulebook,
    quotes: Vec<Quoted<'a>>,
    path: PathBuf,
    format: Option<Format>,
    /// Whether warnings are findings.
    deny: bool,
}

/// What was found, for the summary.
struct Summary<'a> {
    document: &'a LockedDocument,
    places: &'a [LockedQuote],
    written: bool,
}

impl Desk<'_> {
    /// Finds every quote in the plan, and writes the lock or compares with it.
    fn against_plan(&self, file: &Path, check: bool, output: &mut Output) -> Result<u8, Box<FileProblem>> {
        let document = source::read(file)?;
        for note in &document.notes {
            let language = output.language();
            let colon = if language == Language::Chinese { "：" } else { ": " };
            output.complain(&format!("{}{colon}{}\n", Say::Note.text(language), note.in_language(language)));
        }
        let number = self.rulebook.sources().len();
        let text =
            Source::new(SourceId::new(u32::try_from(number).unwrap_or(u32::MAX)), shown(file), document.text.as_str());
        let plan = Plain::of(text.text());
        let (places, cited, mut problems) = self.places(&plan, &text);
        let whole = problems.is_empty();
        let title = self.rulebook.model().plan.as_ref().map(|plan| plan.title.clone()).unwrap_or_default();
        let locked = LockedDocument {
            title,
            file: document.file,
            sha256: hash(&document.bytes),
            bytes: document.bytes.len(),
            characters: plan.len(),
            cited,
        };
        let lock = Lock::new(locked, places);
        let mut sources = vec![text];
        if check {
            let (source, old) = self.read_lock(number + 1)?;
            problems.extend(self.differences(&old, &source));
            problems.extend(problems::of_document(&old, &lock, &source));
            sources.push(source);
        } else if whole {
            fs::write(&self.path, lock.text())
                .map_err(|fault| Box::new(FileProblem::unreadable(&self.path, &fault)))?;
        }
        let summary = Summary { document: &lock.document, places: &lock.citations, written: whole && !check };
        Ok(self.told(&problems, &sources, Some(&summary), output))
    }

    /// Whether the lock covers exactly the quotes of the rules.
    fn against_lock(&self, output: &mut Output) -> Result<u8, Box<FileProblem>> {
        let (source, lock) = self.read_lock(self.rulebook.sources().len())?;
        let problems = self.differences(&lock, &source);
        let summary = Summary { document: &lock.document, places: &lock.citations, written: false };
        Ok(self.told(&problems, &[source], Some(&summary), output))
    }

    fn read_lock(&self, number: usize) -> Result<(Source, Lock), Box<FileProblem>> {
        let text =
            fs::read_to_string(&self.path).map_err(|fault| Box::new(FileProblem::unreadable(&self.path, &fault)))?;
        let source = Source::new(SourceId::new(u32::try_from(number).unwrap_or(u32::MAX)), shown(&self.path), text);
        match Lock::read(&source) {
            Ok(lock) => Ok((source, lock)),
            Err(problem) => Err(Box::new(FileProblem { problem: *problem, sources: vec![source] })),
        }
    }

    /// Where each quote stands, how many characters are quoted, and which quotes stand nowhere.
    fn places(&self, plan: &Plain, text: &Source) -> (Vec<LockedQuote>, usize, Vec<Problem>) {
        let mut places = Vec::new();
        let mut problems = Vec::new();
        let mut cited: Vec<Range<usize>> = Vec::new();
        for quote in self.quotes.iter().filter(|quote| quote.plain.len() > 0) {
            let mut found = plan.places(&quote.plain);
            let mut place = LockedQuote {
                item: quote.item.to_owned(),
                section: quote.section.to_owned(),
                offset: None,
                line: None,
                times: None,
                quote: quote.hash(),
            };
            match found.next() {
                Some(first) => {
                    let times = 1 + found.count();
                    let (byte, offset) = plan.origin(first);
                    place.offset = Some(offset);
                    place.line = Some(text.position(byte).line);
                    place.times = (times > 1).then_some(times);
                    cited.push(first..first + quote.plain.len());
                }
                None => problems.push(problems::not_verbatim(quote, plan, text, self.rulebook)),
            }
            places.push(place);
        }
        (places, total(cited), problems)
    }

    /// Quotes that the lock does not have, and places of it that no quote has.
    fn differences(&self, lock: &Lock, source: &Source) -> Vec<Problem> {
        let mut left: Vec<&LockedQuote> = lock.citations.iter().collect();
        let mut problems = Vec::new();
        for quote in self.quotes.iter().filter(|quote| quote.plain.len() > 0) {
            let hash = quote.hash();
            let same = |locked: &&LockedQuote| {
                locked.item == quote.item && locked.section == quote.section && locked.quote == hash
            };
            match left.iter().position(same) {
                Some(index) => {
                    left.remove(index);
                }
                None => problems.push(
                    Problem::error(Code::QuoteNotLocked, problems::place(quote, self.rulebook))
                        .with(quote.item)
                        .with_words(Words::new("锁文件里没有", "the lock does not have it")),
                ),
            }
        }
        problems.extend(left.into_iter().map(|locked| {
            let of_item = |line: &str| line.contains(&locked.quote) && line.contains(&format!("{:?}", locked.item));
            Problem::error(Code::QuoteNotLocked, problems::line_of(source, of_item))
                .with(&locked.item)
                .with_words(Words::new("规则里没有", "the rules do not have it"))
        }));
        problems
    }

    fn told(&self, problems: &[Problem], sources: &[Source], summary: Option<&Summary<'_>>, output: &mut Output) -> u8 {
        let sources = sources.to_vec();
        let all = (self.rulebook, &sources);
        if self.format == Some(Format::Json) {
            let told = report::problems_json(problems, &all, output.language());
            let problems: serde_json::Value = serde_json::from_str(&told).unwrap_or_default();
            let plan = self.rulebook.model().plan.as_ref().map(|plan| plan.id.as_str());
            let document = summary.map(|summary| summary.document);
            let places = summary.map(|summary| summary.places);
            let written = summary.is_some_and(|summary| summary.written);
            let result = json!({
                "plan": plan, "document": document, "quotes": self.quotes.len(), "citations": places,
                "lock": shown(&self.path), "written": written, "problems": problems,
            });
            output.print(&format!("{result:#}\n"));
        } else {
            if !problems.is_empty() {
                tell(problems, &all, output);
            }
            if let Some(summary) = summary {
                let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error).count();
                let text = self.summary(summary, errors, output.language());
                output.print(&text);
            }
        }
        let found = |problem: &Problem| self.deny || problem.severity() == Severity::Error;
        if problems.iter().any(found) { FOUND } else { GOOD }
    }

    fn summary(&self, summary: &Summary<'_>, problems: usize, language: Language) -> String {
        let LockedDocument { file, characters, cited, .. } = summary.document;
        let share = share(*cited, *characters);
        let (all, lock) = (self.quotes.len(), shown(&self.path));
        let end = match (summary.written, problems, language) {
            (true, _, Language::Chinese) => format!("已写 {lock}\n"),
            (true, _, Language::English) => format!("{lock} is written\n"),
            (false, 0, Language::Chinese) => format!("与 {lock} 相符\n"),
            (false, 0, Language::English) => format!("as in {lock}\n"),
            (false, _, _) => String::new(),
        };
        match language {
            Language::Chinese => format!("{file}  {all} 条引文  引用 {cited}/{characters} 字（{share}）\n{end}"),
            Language::English => {
                format!("{file}  {all} quotes  {cited} of {characters} characters cited ({share})\n{end}")
            }
        }
    }
}

/// How many characters some ranges cover.
fn total(mut ranges: Vec<Range<usize>>) -> usize {
    ranges.sort_by_key(|range| (range.start, range.end));
    let (mut covered, mut end) = (0, 0);
    for range in ranges {
        covered += range.end.max(end) - range.start.max(end);
        end = end.max(range.end);
    }
    covered
}

/// A share in hundredths of a per cent, cut, so that only all is 100%.
pub(crate) fn share(part: usize, whole: usize) -> String {
    let hundredths = (part * 10_000).checked_div(whole).unwrap_or_default();
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
