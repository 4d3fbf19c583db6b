//! Names in vocabulary declarations: `建筑石料用灰岩 building-limestone（亦作 建筑石料用石灰岩）`.

use crate::ast::{Sign, Token, TokenKind, fold};
use crate::model::Name;

/// Words that open a list of further spellings.
const ALSO: [&str; 2] = ["亦作", "also"];

/// The folded words of a run.
#[must_use]
pub fn folded(run: &str) -> String {
    run.chars().map(fold).collect()
}

fn is_han(word: &str) -> bool {
    word.chars().any(|character| !character.is_ascii() && character.is_alphabetic() && !matches!(character, '²' | '³'))
}

/// A declared name, and what stood in brackets behind it that is no list of spellings.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// The name.
    pub name: Name,
    /// Notes in brackets.
    pub notes: Vec<String>,
    /// Words behind the name that are no part of it: more Chinese words than the first.
    pub rest: Vec<String>,
}

/// Reads a name from tokens that hold nothing else. Several Chinese words are one name only where `phrase` is set.
#[must_use]
pub fn read_name(tokens: &[Token], phrase: bool) -> Option<Declared> {
    let mut chinese: Vec<String> = Vec::new();
    let mut english: Vec<String> = Vec::new();
    let mut declared = Declared::default();
    for token in tokens {
        declared.name.span = match chinese.is_empty() && english.is_empty() {
            true => token.span,
            false => declared.name.span.to(token.span),
        };
        match &token.kind {
            TokenKind::Run(run) => {
                let word = folded(run);
                match (is_han(&word), chinese.is_empty() || phrase) {
                    (true, true) => chinese.push(word),
                    (true, false) => declared.rest.push(word),
                    (false, _) => english.push(word),
                }
            }
            TokenKind::Bracket(inner) => read_bracket(inner, &mut declared),
            _ => return None,
        }
    }
    let (chinese, english) = (chinese.join(" "), english.join(" "));
    if chinese.is_empty() && english.is_empty() {
        return None;
    }
    (declared.name.chinese, declared.name.english) = match (chinese.is_empty(), english.is_empty()) {
        (true, _) => (english, None),
        (false, true) => (chinese, None),
        (false, false) => (chinese, Some(english)),
    };
    Some(declared)
}

fn read_bracket(inner: &[Token], declared: &mut Declared) {
    let spelled = |part: &[Token]| -> String {
        let words: Vec<String> = part
            .iter()
            .filter_map(|token| match &token.kind {
                TokenKind::Run(run) => Some(folded(run)),
                TokenKind::Quote(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        words.join(" ")
    };
    let opens = matches!(inner.first().map(|token| &token.kind),
        Some(TokenKind::Run(run)) if ALSO.contains(&folded(run).as_str()));
    if !opens {
        declared.notes.push(spelled(inner));
        return;
    }
    let rest = inner.get(1..).unwrap_or_default();
    declared.name.aliases.extend(split(rest, Sign::Listing).into_iter().map(spelled).filter(|word| !word.is_empty()));
}

/// Tokens parted by a sign at the top level; empty parts are kept.
#[must_use]
pub fn split(tokens: &[Token], sign: Sign) -> Vec<&[Token]> {
    tokens.split(|token| token.kind == TokenKind::Sign(sign)).collect()
}

/// Tokens before and after the first of a sign.
#[must_use]
pub fn split_once(tokens: &[Token], sign: Sign) -> Option<(&[Token], &[Token])> {
    let at = tokens.iter().position(|token| token.kind == TokenKind::Sign(sign))?;
    Some((tokens.get(..at)?, tokens.get(at + 1..)?))
}

/// The runs of tokens as folded words, everything else left out.
#[must_use]
pub fn words(tokens: &[Token]) -> Vec<String> {
    tokens
        .iter()
        .filter_map(|token| match &token.kind {
            TokenKind::Run(run) => Some(folded(run)),
            _ => None,
        })
        .collect()
}
