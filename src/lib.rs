//! Adit (矿规): admission rules as code.
//!
//! A county's mineral-resource plan says who may mine. Adit states each sentence of it as a clause, rules on an
//! application, and says why: which sentence, which fact, by how much, and what is missing.
//!
//! # From a sentence to a ruling
//!
//! A clause carries its id, its title, the sentence it encodes, and what that sentence requires. The words of mining
//! (units, minerals, activities) come from a vocabulary; `矿业`, in English `mining`, is built in.
//!
//! ```
//! use adit::{Rulebook, Status, Verdict};
//!
//! let rules = "
//! 引用 矿业
//! 条款 YC-097 “灰岩新建规模”
//!   依据 四（二）3 「新建矿山生产规模不低于100万吨/年」
//!   新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年
//! ";
//! let rulebook = Rulebook::from_text(rules)?;
//!
//! let facts = r#"{"办理事项": "新建", "矿种": "建筑石料用灰岩", "生产规模": "80万吨/年"}"#;
//! let ruling = rulebook.review_json(facts)?;
//! assert_eq!(ruling.ruling, Verdict::Refused);
//!
//! let finding = &ruling.findings[0];
//! assert_eq!((finding.clause.as_str(), finding.status), ("YC-097", Status::Violated));
//! let shortfall = finding.conditions[0].shortfall.as_ref().expect("an amount misses by an amount");
//! assert_eq!(shortfall.text, "20万吨/年");
//! # Ok::<(), adit::Error>(())
//! ```
//!
//! # What is missing
//!
//! A fact that is not given is unknown: not false, not zero, not a pass. The ruling names the facts that could still
//! change it, and only those.
//!
//! ```
//! # use adit::{Rulebook, Verdict};
//! # let rulebook = Rulebook::from_text("引用 矿业\n条款 YC-097 “甲”\n  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年")?;
//! let ruling = rulebook.review_json(r#"{"activity": "new", "mineral": "building-limestone"}"#)?;
//! assert_eq!(ruling.ruling, Verdict::Incomplete);
//! assert_eq!(ruling.missing[0].fact, "scale");
//! # Ok::<(), adit::Error>(())
//! ```
//!
//! # From your own types
//!
//! Anything that serialises can be reviewed; facts are named in Chinese or English, quantities are text with a unit.
//!
//! ```
//! # use adit::{Rulebook, Verdict};
//! # let rulebook = Rulebook::from_text("引用 矿业\n条款 YC-097 “甲”\n  新建 建筑石料用灰岩 矿山 生产规模 不低于 100万吨/年")?;
//! #[derive(serde::Serialize)]
//! struct Application {
//!     activity: &'static str,
//!     mineral: &'static str,
//!     scale: String,
//! }
//!
//! let application = Application { activity: "new", mineral: "building-limestone", scale: "100万吨/年".into() };
//! assert_eq!(rulebook.review(&application)?.ruling, Verdict::Admissible);
//! # Ok::<(), adit::Error>(())
//! ```
//!
//! # When something is wrong
//!
//! Every problem of rules or facts has a stable code, a place in its author's text and a help; all of them come at once
//! in one [`Error`], which is a `miette::Diagnostic` too.
//!
//! ```
//! # use adit::Rulebook;
//! let error = Rulebook::from_text("引用 矿业\n条款 甲-1 “甲”\n  新建 矿山 生产规模 不底于 100万吨/年").unwrap_err();
//! assert_eq!(error.problems()[0].code().entry().name(), "A0201");
//! assert_eq!(error.problems()[0].mended_text(), Some("不低于"));
//! # Ok::<(), adit::Error>(())
//! ```
//!
//! The modules are the phases of the language, lowest first: [`span`], [`source`], [`quantity`], [`date`];
//! [`diagnostic`], [`ast`]; [`parse`], [`model`], [`program`]; [`check`], [`compile`], [`facts`]; [`evaluate`];
//! [`ruling`]; [`report`]; [`rulebook`]. They are open to tools and may change with any minor version; what stands at the
//! root is what an embedding program builds on.

pub mod ast;
pub mod batch;
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
pub mod registry;
pub mod report;
pub mod rulebook;
pub mod ruling;
pub mod source;
pub mod span;

pub use diagnostic::{Code, Language, Problem, Severity};
pub use error::Error;
pub use quantity::{Number, NumberError};
pub use rulebook::{
    AssessOptions, BatchCensus, BatchReviewer, BuiltIn, Census, FieldDescription, FieldType, PreparedFacts, Resolver,
    RuleFile, Rulebook, RulebookBuilder,
};
pub use ruling::{Finding, ReviewOptions, Ruling, Status, Verdict};
