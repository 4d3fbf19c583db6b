//! Amounts in phrases: a number, magnitudes, a basis and units.

use crate::ast::Sign;
use crate::check::lexicon::{Meaning, power_of_ten};
use crate::check::pieces::Piece;
use crate::check::scope::Scope;
use crate::diagnostic::{Code, Problem};
use crate::quantity::{BasisId, Dimension, MAX_DIGITS, Number, NumberError, Quantity, digits_asked_for};
use crate::span::Span;

/// An amount at the beginning of the pieces, and how many pieces it takes. `None` where no number stands there.
pub fn read_amount(scope: &mut Scope, pieces: &[Piece]) -> Option<(Quantity, Span, usize)> {
    let (Some(Piece::Number(text, start)), mut used) = (pieces.first(), 1) else { return None };
    let number = match text.parse::<Number>() {
        Ok(number) => number,
        Err(fault) => {
            let problem = match fault {
                NumberError::TooManyDigits => {
                    let problem = Problem::error(Code::TooManyDigits, *start).with(digits_asked_for(text));
                    problem.with(MAX_DIGITS.to_string())
                }
                _ => Problem::error(Code::IncompletePhrase, *start).with(text.clone()),
            };
            scope.problems.push(problem);
            Number::ZERO
        }
    };
    let mut unit = UnitReader::default();
    let mut span = *start;
    if text.ends_with('%') {
        unit.text.push('%');
        unit.factor = Number::ONE.divide(&Number::from_integer(100))?;
        let quantity = unit.finish(number);
        return Some((quantity, span, used));
    }
    while let Some(piece) = pieces.get(used) {
        if !unit.take(scope, piece, pieces.get(used + 1)) {
            break;
        }
        span = span.to(piece.span());
        used += 1;
    }
    let value = number.times(&unit.factor);
    Some((unit.finish(value), span, used))
}

#[derive(Debug)]
struct UnitReader {
    factor: Number,
    dimension: Dimension,
    basis: Option<BasisId>,
    text: String,
    dividing: bool,
    has_unit: bool,
}

impl Default for UnitReader {
    fn default() -> Self {
        Self {
            factor: Number::ONE,
            dimension: Dimension::NONE,
            basis: None,
            text: String::new(),
            dividing: false,
            has_unit: false,
        }
    }
}

impl UnitReader {
    fn finish(self, value: Number) -> Quantity {
        Quantity { value, dimension: self.dimension, basis: self.basis, unit_text: self.text, unit_factor: self.factor }
    }

    /// Takes the next piece if it belongs to the unit.
    fn take(&mut self, scope: &Scope, piece: &Piece, next: Option<&Piece>) -> bool {
        let Piece::Term(term) = piece else {
            return match piece {
                Piece::Sign(Sign::Slash, _) if self.has_unit && next.is_some_and(is_unit) => {
                    self.dividing = true;
                    self.text.push('/');
                    true
                }
                _ => false,
            };
        };
        for meaning in &term.meanings {
            match meaning {
                Meaning::Magnitude(power) if !self.has_unit => {
                    self.factor = self.factor.times(&power_of_ten(*power));
                }
                Meaning::Basis(basis) if self.basis.is_none() => self.basis = Some(*basis),
                Meaning::Per if self.has_unit && next.is_some_and(is_unit) => self.dividing = true,
                Meaning::Unit(index) if !self.has_unit || self.dividing => {
                    let Some(unit) = scope.model.vocabulary.units.get(*index as usize) else { continue };
                    if self.dividing {
                        self.dimension = self.dimension.per(unit.dimension);
                        self.factor = self.factor.divide(&unit.factor).unwrap_or(Number::ONE);
                    } else {
                        self.dimension = unit.dimension;
                        self.factor = self.factor.times(&unit.factor);
                    }
                    self.dividing = false;
                    self.has_unit = true;
                }
                _ => continue,
            }
            self.text.push_str(&term.spelling);
            return true;
        }
        false
    }
}

fn is_unit(piece: &Piece) -> bool {
    piece.meanings().iter().any(|meaning| matches!(meaning, Meaning::Unit(_)))
}
