//! Exact numbers, dimensions, units. Knows no syntax; its errors have no place, the caller adds it.

mod number;
mod unit;

pub use number::{MAX_DIGITS, Number, NumberError, digits_asked_for};
pub use unit::{BaseDimension, BasisId, Dimension, Quantity};
