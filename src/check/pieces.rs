//! Tokens with their runs cut into terms: what the phrase grammar reads.

use crate::ast::{Sign, Token, TokenKind};
use crate::check::lexicon::{Lexicon, Meaning};
use crate::check::segment::{Stretch, Term};
use crate::diagnostic::Problem;
use crate::span::Span;

/// One piece of a phrase.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// A term of the lexicon.
    Term(Term),
    /// A number as folded text.
    Number(String, Span),
    /// A date as folded text.
    Date(String, Span),
    /// The inside of a quote.
    Quote(String, Span),
    /// The inside of a pair of brackets.
    Bracket(Vec<Piece>, Span),
    /// A sign.
    Sign(Sign, Span),
}

impl Piece {
    /// Where it stands.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Term(term) => term.span,
            Self::Number(_, span)
            | Self::Date(_, span)
            | Self::Quote(_, span)
            | Self::Bracket(_, span)
            | Self::Sign(_, span) => *span,
        }
    }

    /// Its meanings, where it is a term.
    #[must_use]
    pub fn meanings(&self) -> &[Meaning] {
        match self {
            Self::Term(term) => &term.meanings,
            _ => &[],
        }
    }
}

/// Cuts the runs of an entry and keeps the rest as it is.
pub fn pieces(tokens: &[Token], lexicon: &Lexicon, problems: &mut Vec<Problem>) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut stretch = Stretch::default();
    for token in tokens {
        if let TokenKind::Run(run) = &token.kind {
            stretch.push(run, token.span, token.spaced);
            continue;
        }
        flush(&mut stretch, lexicon, &mut out, problems);
        out.push(match &token.kind {
            TokenKind::Number(text) => Piece::Number(text.clone(), token.span),
            TokenKind::Date(text) => Piece::Date(text.clone(), token.span),
            TokenKind::Quote(text) => Piece::Quote(text.clone(), token.span),
            TokenKind::Bracket(inner) => Piece::Bracket(pieces(inner, lexicon, problems), token.span),
            TokenKind::Sign(sign) => Piece::Sign(*sign, token.span),
            TokenKind::Run(_) => continue,
        });
    }
    flush(&mut stretch, lexicon, &mut out, problems);
    out
}

fn flush(stretch: &mut Stretch, lexicon: &Lexicon, out: &mut Vec<Piece>, problems: &mut Vec<Problem>) {
    if !stretch.is_empty() {
        let cut = std::mem::take(stretch);
        out.extend(cut.cut(lexicon, problems).into_iter().map(Piece::Term));
    }
}

/// The place of several pieces together.
#[must_use]
pub fn span_of(pieces: &[Piece]) -> Option<Span> {
    let first = pieces.first()?.span();
    let last = pieces.last()?.span();
    Some(first.to(last))
}
