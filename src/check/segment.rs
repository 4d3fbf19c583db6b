//! Cutting runs of words into terms: fewest terms, then fewest one-character terms.
//!
//! Chinese has no blank between words, so a run is cut by dynamic programming over the lexicon. A blank forces a cut,
//! except inside a term that has one. Latin words are never cut.

use crate::ast::fold;
use crate::check::lexicon::{Lexicon, LexiconEntry, Meaning};
use crate::diagnostic::{Code, Problem, Words, distance, nearest};
use crate::span::{SourceId, Span};

/// One term as it was cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Its spelling in the lexicon.
    pub spelling: String,
    /// Its meanings.
    pub meanings: Vec<Meaning>,
    /// Where it stands.
    pub span: Span,
}

/// A character of a stretch of runs.
#[derive(Debug, Clone, Copy)]
struct Character {
    folded: char,
    start: usize,
    end: usize,
    spaced: bool,
}

/// Runs that follow one another with nothing but blanks between them.
#[derive(Debug, Default)]
pub struct Stretch {
    source: SourceId,
    characters: Vec<Character>,
}

const UNKNOWN_COST: u32 = 1 << 20;
const TERM_COST: u32 = 1 << 10;

/// How far a misspelt word may reach into its neighbours that happen to be words.
const WINDOW: usize = 6;

#[derive(Debug, Clone, Copy)]
struct Step {
    cost: u32,
    from: usize,
    entry: Option<usize>,
    tied: Option<(usize, usize)>,
}

impl Stretch {
    /// Adds a run in the author's characters, with its place and whether a blank stands before it.
    pub fn push(&mut self, run: &str, span: Span, spaced: bool) {
        self.source = span.source();
        for (index, (offset, character)) in run.char_indices().enumerate() {
            let start = span.start() + offset;
            self.characters.push(Character {
                folded: fold(character),
                start,
                end: start + character.len_utf8(),
                spaced: spaced && index == 0 && !self.characters.is_empty(),
            });
        }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// The terms of the best cut; unknown words and cuts that tie are problems.
    pub fn cut(&self, lexicon: &Lexicon, problems: &mut Vec<Problem>) -> Vec<Term> {
        let steps = self.best_steps(lexicon);
        let mut path = Vec::new();
        let mut at = self.characters.len();
        while at > 0 {
            let Some(Some(step)) = steps.get(at) else { break };
            path.push((step.from, at, step.entry));
            if let Some((from, entry)) = step.tied {
                let ends = [(step.from, step.entry), (from, Some(entry))];
                self.report_tie(lexicon, &steps, ends, at, problems);
            }
            at = step.from;
        }
        path.reverse();
        self.terms(&path, lexicon, problems)
    }

    fn best_steps(&self, lexicon: &Lexicon) -> Vec<Option<Step>> {
        let count = self.characters.len();
        let mut steps: Vec<Option<Step>> = vec![None; count + 1];
        if let Some(first) = steps.first_mut() {
            *first = Some(Step { cost: 0, from: 0, entry: None, tied: None });
        }
        for at in 0..count {
            let Some(Some(here)) = steps.get(at).copied() else { continue };
            if self.is_boundary(at)
                && let Some(first) = self.characters.get(at)
            {
                for (index, entry) in lexicon.beginning_with(first.folded) {
                    if let Some(end) = self.match_at(at, entry) {
                        let single = u32::from(entry.characters.len() == 1);
                        offer(&mut steps, end, here.cost + TERM_COST + single, at, Some(index));
                    }
                }
            }
            offer(&mut steps, at + 1, here.cost + UNKNOWN_COST, at, None);
        }
        steps
    }

    /// A cut may stand before this character: not inside a Latin word.
    fn is_boundary(&self, at: usize) -> bool {
        let spaced = self.characters.get(at).is_none_or(|character| character.spaced);
        at == 0 || spaced || !(self.latin(at - 1) && self.latin(at))
    }

    fn match_at(&self, start: usize, entry: &LexiconEntry) -> Option<usize> {
        let mut at = start;
        let mut blank_allowed = false;
        for wanted in &entry.characters {
            if *wanted == ' ' {
                let here = self.characters.get(at)?;
                let before = self.characters.get(at.checked_sub(1)?)?;
                if !here.spaced && (here.folded.is_ascii() || before.folded.is_ascii()) {
                    return None;
                }
                blank_allowed = true;
                continue;
            }
            let here = self.characters.get(at)?;
            let forced_cut = here.spaced && at > start && !blank_allowed;
            if here.folded != *wanted || forced_cut {
                return None;
            }
            blank_allowed = false;
            at += 1;
        }
        self.is_boundary(at).then_some(at)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        let start = self.characters.get(from).map_or(0, |character| character.start);
        let end = to.checked_sub(1).and_then(|last| self.characters.get(last)).map_or(start, |character| character.end);
        Span::new(self.source, start, end)
    }

    /// The folded characters, with a blank where the author has one.
    fn text(&self, from: usize, to: usize) -> String {
        let mut text = String::new();
        for character in self.characters.iter().take(to).skip(from) {
            if character.spaced && !text.is_empty() {
                text.push(' ');
            }
            text.push(character.folded);
        }
        text
    }

    fn latin(&self, at: usize) -> bool {
        self.characters
            .get(at)
            .is_some_and(|character| character.folded.is_ascii_alphanumeric() || matches!(character.folded, '-' | '_'))
    }

    fn terms(
        &self,
        path: &[(usize, usize, Option<usize>)],
        lexicon: &Lexicon,
        problems: &mut Vec<Problem>,
    ) -> Vec<Term> {
        let mut terms = Vec::new();
        let mut unknown: Option<(usize, usize)> = None;
        for (from, to, entry) in path {
            let spaced = self.characters.get(*from).is_some_and(|character| character.spaced);
            match entry.and_then(|index| lexicon.entry(index)) {
                Some(entry) => {
                    self.flush_unknown(unknown.take(), lexicon, problems);
                    terms.push(Term {
                        spelling: entry.spelling.clone(),
                        meanings: entry.meanings.clone(),
                        span: self.span(*from, *to),
                    });
                }
                None => {
                    let latin = self.latin(*from) && from.checked_sub(1).is_some_and(|before| self.latin(before));
                    unknown = match unknown {
                        Some((start, end)) if end == *from && (!spaced || latin) => Some((start, *to)),
                        other => {
                            self.flush_unknown(other, lexicon, problems);
                            Some((*from, *to))
                        }
                    };
                }
            }
        }
        self.flush_unknown(unknown, lexicon, problems);
        terms
    }

    fn flush_unknown(&self, stretch: Option<(usize, usize)>, lexicon: &Lexicon, problems: &mut Vec<Problem>) {
        let Some((from, to)) = stretch else { return };
        let near = self.nearest_term(from, to, lexicon);
        let blank = (from + 1..to).find(|at| self.characters.get(*at).is_some_and(|character| character.spaced));
        if let (None, Some(blank)) = (&near, blank) {
            self.flush_unknown(Some((from, blank)), lexicon, problems);
            return self.flush_unknown(Some((blank, to)), lexicon, problems);
        }
        let mut problem = Problem::error(Code::UnknownWord, self.span(from, to)).with(self.text(from, to));
        if let Some((near, start, end)) = near {
            let written = self.text(start, end);
            problem = Problem::error(Code::UnknownWord, self.span(start, end)).with(written).meant(&near);
        }
        problems.push(problem);
    }

    /// The nearest term to an unknown stretch, its neighbours included: the part that is unknown may be shorter than
    /// the word that was meant (不底于 leaves 底 where 不 and 于 are words).
    fn nearest_term(&self, from: usize, to: usize, lexicon: &Lexicon) -> Option<(String, usize, usize)> {
        if let Some(near) = nearest(&self.text(from, to), lexicon.spellings()) {
            return Some((near.to_owned(), from, to));
        }
        let mut best: Option<(usize, usize, String, usize, usize)> = None;
        for start in from.saturating_sub(WINDOW)..=from {
            for end in to..=(to + WINDOW).min(self.characters.len()) {
                let crosses = (start + 1..end).any(|at| self.characters.get(at).is_some_and(|here| here.spaced));
                if crosses || !self.is_boundary(start) || !self.is_boundary(end) {
                    continue;
                }
                let text = self.text(start, end);
                let Some(near) = nearest(&text, lexicon.spellings()) else { continue };
                let candidate = (distance(&text, near), end - start, near.to_owned(), start, end);
                let better =
                    |known: &(usize, usize, String, usize, usize)| (candidate.0, known.1) < (known.0, candidate.1);
                if best.as_ref().is_none_or(better) {
                    best = Some(candidate);
                }
            }
        }
        best.map(|(_, _, near, start, end)| (near, start, end))
    }

    /// Two cuts of equal cost that end at one place: both are shown from where they part.
    fn report_tie(
        &self,
        lexicon: &Lexicon,
        steps: &[Option<Step>],
        ends: [(usize, Option<usize>); 2],
        to: usize,
        problems: &mut Vec<Problem>,
    ) {
        let [first, second] = ends.map(|(from, entry)| self.cut_up_to(lexicon, steps, from, entry, to));
        let shared = first.iter().zip(&second).take_while(|(one, other)| one == other).count();
        let start = first.get(shared).map_or(to, |(start, _)| *start);
        let shown = |cut: &[(usize, String)]| {
            let terms: Vec<&str> = cut.iter().skip(shared).map(|(_, term)| term.as_str()).collect();
            terms.join(" ")
        };
        let (first, second) = (shown(&first), shown(&second));
        problems.push(Problem::error(Code::AmbiguousCut, self.span(start, to)).with(self.text(start, to)).help(
            Words::new(
                format!("用空格断开：「{first}」或「{second}」"),
                format!("force the cut with a space: `{first}` or `{second}`"),
            ),
        ));
    }

    /// The terms of the cut whose last term is this one, each with where it starts.
    fn cut_up_to(
        &self,
        lexicon: &Lexicon,
        steps: &[Option<Step>],
        from: usize,
        entry: Option<usize>,
        to: usize,
    ) -> Vec<(usize, String)> {
        let mut terms = Vec::new();
        let (mut from, mut entry, mut to) = (from, entry, to);
        loop {
            let spelled = entry.and_then(|index| lexicon.entry(index)).map(|found| found.spelling.clone());
            terms.push((from, spelled.unwrap_or_else(|| self.text(from, to))));
            let Some(Some(step)) = steps.get(from).filter(|_| from > 0) else { break };
            (to, from, entry) = (from, step.from, step.entry);
        }
        terms.reverse();
        terms
    }
}

fn offer(steps: &mut [Option<Step>], end: usize, cost: u32, from: usize, entry: Option<usize>) {
    let Some(slot) = steps.get_mut(end) else { return };
    match slot {
        Some(known) if known.cost < cost => {}
        Some(known) if known.cost == cost => {
            if let (Some(entry), true) = (entry, known.entry != entry) {
                known.tied = Some((from, entry));
            }
        }
        _ => *slot = Some(Step { cost, from, entry, tied: None }),
    }
}
