//! Lexemes to the tokens of the tree: brackets paired, numbers folded, faults named.

use crate::ast::{Token, TokenKind, fold};
use crate::diagnostic::{Code, Problem, Words};
use crate::parse::Limits;
use crate::parse::faults::{Faults, MOST_PER_LINE};
use crate::parse::lexer::{Kind, Lexeme};
use crate::parse::line::Line;
use crate::span::Span;

/// The tokens of some lexemes of one line; `None` where one of them is at fault (the faults are then named).
pub(super) fn tokens(line: &Line<'_>, lexemes: &[Lexeme], limits: &Limits, faults: &mut Faults) -> Option<Vec<Token>> {
    let mut builder = Builder { line, limits, faults, levels: vec![Level::default()], sound: true, odd: 0 };
    for lexeme in lexemes {
        if !builder.take(lexeme) {
            return None;
        }
    }
    builder.finish()
}

/// The tokens inside one pair of brackets, or of the whole.
#[derive(Default)]
struct Level {
    tokens: Vec<Token>,
    open: Option<Lexeme>,
}

struct Builder<'line, 'text> {
    line: &'line Line<'text>,
    limits: &'line Limits,
    faults: &'line mut Faults,
    levels: Vec<Level>,
    sound: bool,
    odd: usize,
}

impl Builder<'_, '_> {
    /// Takes one lexeme; `false` where it makes no sense to go on in this line.
    fn take(&mut self, lexeme: &Lexeme) -> bool {
        let text = self.line.slice(lexeme.start, lexeme.end);
        let kind = match lexeme.kind {
            Kind::Run => TokenKind::Run(text.to_owned()),
            Kind::Date => TokenKind::Date(text.chars().map(fold).collect()),
            Kind::Number => return self.number(lexeme),
            Kind::Quote => TokenKind::Quote(inside(text).to_owned()),
            Kind::Sign(sign) => TokenKind::Sign(sign),
            Kind::Open => return self.open(lexeme),
            Kind::Close => return self.close(lexeme),
            Kind::Unclosed => {
                self.fault(unclosed(self.line, lexeme));
                return false;
            }
            Kind::Odd | Kind::BraceOpen | Kind::BraceClose => return self.odd(lexeme),
        };
        self.add(kind, self.span(lexeme), lexeme.spaced);
        true
    }

    fn number(&mut self, lexeme: &Lexeme) -> bool {
        let text = self.line.slice(lexeme.start, lexeme.end);
        // A comma inside a number parts thousands and says nothing.
        let folded: String = text.chars().map(fold).filter(|character| *character != ',').collect();
        let digits = folded.chars().filter(char::is_ascii_digit).count();
        if digits > self.limits.digits {
            let problem = Problem::error(Code::TooManyDigits, self.span(lexeme));
            self.fault(problem.with(digits.to_string()).with(self.limits.digits.to_string()));
        }
        self.add(TokenKind::Number(folded), self.span(lexeme), lexeme.spaced);
        true
    }

    fn open(&mut self, lexeme: &Lexeme) -> bool {
        if self.levels.len() > self.limits.nesting {
            self.fault(too_deep(self.span(lexeme), self.limits));
            return false;
        }
        self.levels.push(Level { tokens: Vec::new(), open: Some(*lexeme) });
        true
    }

    fn close(&mut self, lexeme: &Lexeme) -> bool {
        let level = match self.levels.last() {
            Some(Level { open: Some(_), .. }) => self.levels.pop().unwrap_or_default(),
            _ => {
                self.fault(Problem::error(Code::UnbalancedBracket, self.span(lexeme)));
                return true;
            }
        };
        if let Some(open) = level.open {
            let span = self.line.span(open.start, lexeme.end);
            self.add(TokenKind::Bracket(level.tokens), span, open.spaced);
        }
        true
    }

    fn odd(&mut self, lexeme: &Lexeme) -> bool {
        self.odd += 1;
        self.sound = false;
        if self.odd <= MOST_PER_LINE {
            let text = self.line.slice(lexeme.start, lexeme.end);
            self.faults.push(Problem::error(Code::UnexpectedCharacter, self.span(lexeme)).with(text));
        }
        true
    }

    fn finish(mut self) -> Option<Vec<Token>> {
        while self.levels.len() > 1 {
            if let Some(open) = self.levels.pop().and_then(|level| level.open) {
                self.fault(Problem::error(Code::UnbalancedBracket, self.span(&open)));
            }
        }
        if self.sound { self.levels.pop().map(|level| level.tokens) } else { None }
    }

    fn add(&mut self, kind: TokenKind, span: Span, spaced: bool) {
        if let Some(level) = self.levels.last_mut() {
            level.tokens.push(Token { kind, span, spaced });
        }
    }

    fn fault(&mut self, problem: Problem) {
        self.sound = false;
        self.faults.push(problem);
    }

    fn span(&self, lexeme: &Lexeme) -> Span {
        self.line.span(lexeme.start, lexeme.end)
    }
}

/// Brackets nest deeper than the limit; the span is the first that does.
pub(super) fn too_deep(span: Span, limits: &Limits) -> Problem {
    let limit = limits.nesting;
    Problem::error(Code::NestingTooDeep, span).with((limit + 1).to_string()).with(limit.to_string())
}

/// A quote that is not closed, at its opening sign.
pub(super) fn unclosed(line: &Line<'_>, lexeme: &Lexeme) -> Problem {
    let sign = line.slice(lexeme.start, lexeme.end).chars().next().unwrap_or('"');
    let partner = match sign {
        '“' => '”',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '〈' => '〉',
        other => other,
    };
    let span = line.span(lexeme.start, lexeme.start + sign.len_utf8());
    Problem::error(Code::UnterminatedQuote, span).help(Words::new(
        format!("在本行内补上「{sign}」的另一半「{partner}」"),
        format!("close `{sign}` with `{partner}` on the same line"),
    ))
}

/// The inside of a quote.
pub(super) fn inside(quoted: &str) -> &str {
    let mut characters = quoted.chars();
    characters.next();
    characters.next_back();
    characters.as_str()
}
