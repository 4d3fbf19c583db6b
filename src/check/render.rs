//! Pieces back to words, for labels and fixes.

use crate::ast::Sign;
use crate::check::lexicon::Meaning;
use crate::check::pieces::Piece;

/// The pieces in words, one blank between terms, none between a number and its unit.
#[must_use]
pub fn render(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut glued = true;
    for piece in pieces {
        let (text, unit) = match piece {
            Piece::Term(term) => (term.spelling.clone(), is_part_of_amount(piece)),
            Piece::Number(text, _) | Piece::Date(text, _) => (text.clone(), false),
            Piece::Quote(text, _) => (format!("「{text}」"), true),
            Piece::Bracket(inner, _) => (format!("（{}）", render(inner)), true),
            Piece::Sign(sign, _) => (sign_text(*sign).to_owned(), *sign == Sign::Listing),
        };
        if !glued && !unit {
            out.push(' ');
        }
        out.push_str(&text);
        glued = matches!(piece, Piece::Sign(Sign::Listing, _));
    }
    out
}

fn is_part_of_amount(piece: &Piece) -> bool {
    piece
        .meanings()
        .iter()
        .any(|meaning| matches!(meaning, Meaning::Unit(_) | Meaning::Magnitude(_) | Meaning::Per | Meaning::Basis(_)))
}

/// A sign as it is written.
#[must_use]
pub const fn sign_text(sign: Sign) -> &'static str {
    match sign {
        Sign::AtLeast => ">=",
        Sign::AtMost => "<=",
        Sign::Above => ">",
        Sign::Below => "<",
        Sign::Equal => "=",
        Sign::NotEqual => "!=",
        Sign::Listing => "、",
        Sign::Comma => "，",
        Sign::Semicolon => "；",
        Sign::Colon => "：",
        Sign::Range => "..",
        Sign::Tilde => "~",
        Sign::Plus => "+",
        Sign::Minus => "-",
        Sign::Times => "×",
        Sign::Slash => "/",
        Sign::Percent => "%",
    }
}

/// The two ways to bracket a phrase that mixes 且 and 或: 且 first, and 或 first.
#[must_use]
pub fn bracketings(pieces: &[Piece]) -> (String, String) {
    (bracketed(pieces, &Meaning::Or, "或"), bracketed(pieces, &Meaning::And, "且"))
}

fn bracketed(pieces: &[Piece], splitter: &Meaning, word: &str) -> String {
    let own = pieces.iter().find_map(|piece| match piece {
        Piece::Term(term) if term.meanings.contains(splitter) => Some(term.spelling.as_str()),
        _ => None,
    });
    let word = own.unwrap_or(word);
    let joins = |piece: &Piece| piece.meanings().contains(&Meaning::And) || piece.meanings().contains(&Meaning::Or);
    let parts: Vec<String> = pieces
        .split(|piece| piece.meanings().contains(splitter))
        .map(|part| match (part.iter().any(joins), word.is_ascii()) {
            (true, true) => format!("({})", render(part)),
            (true, false) => format!("（{}）", render(part)),
            (false, _) => render(part),
        })
        .collect();
    parts.join(&format!(" {word} "))
}
