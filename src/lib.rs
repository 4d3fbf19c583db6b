//! Adit (矿规): admission rules as code.
pub mod ast;
pub mod check;
pub mod date;
pub mod diagnostic;
pub mod facts;
pub mod model;
pub mod parse;
pub mod quantity;
pub mod ruling;
pub mod source;
pub mod span;
pub use quantity::{Number, NumberError};
