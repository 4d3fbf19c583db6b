//! Adit (矿规): admission rules as code.
//!
//! A county's mineral-resource plan says who may mine. Adit states each sentence of it as a clause, rules on an
//! application, and says why: which sentence, which fact, by how much, and what is missing.
//!
//! ```
//! use adit::Rulebook;
//!
//! let rulebook = Rulebook::from_text(
//!     "引用 矿业
//!      条款 YC-097 “灰岩新建规模”
//!        依据 四（二）3 「新建矿山生产规模不低于100万吨/年」
//!        新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年",
//! )?;
//! let ruling = rulebook.review_json(r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年"}"#)?;
//! assert_eq!(ruling.ruling.code(), "refused");
//! # Ok::<(), adit::Error>(())
//! ```

pub mod ast;
pub mod check;
pub mod compile;
pub mod date;
pub mod diagnostic;
mod error;
pub mod evaluate;
pub mod facts;
pub mod model;
pub mod parse;
pub mod program;
pub mod quantity;
pub mod report;
pub mod rulebook;
pub mod ruling;
pub mod source;
pub mod span;

pub use error::Error;
pub use quantity::{Number, NumberError};
pub use rulebook::Rulebook;
pub use ruling::{ReviewOptions, Ruling, Status, Verdict};
