//! Clauses, their exceptions and readings, and the cases written beside them.

use crate::model::condition::Condition;
use crate::span::Span;

/// Where the plan says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The section: `四（二）3`.
    pub section: String,
    /// The verbatim quote.
    pub quote: Option<String>,
    /// Where the citation stands in the rule file.
    pub span: Span,
}

/// Whom a clause speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The application or its mine, right, block or zone: it decides a review.
    Application,
    /// The set of mines: it decides only with a registry.
    Registry,
    /// The authority: listed as its own business, never a ground to refuse.
    Authority,
}

/// What 所及 may say whatever the vocabulary, in both languages.
pub const SUBJECTS: [[&str; 2]; 5] =
    [["申请", "application"], ["登记册", "registry"], ["主管部门", "authority"], ["区块", "block"], ["分区", "zone"]];

/// How strongly a clause speaks; a review's ruling depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Force {
    /// 必须
    Must,
    /// 不得
    MustNot,
    /// 限制
    Restricted,
    /// 原则上
    InPrinciple,
    /// 宜
    Should,
    /// 预期性
    Expected,
    /// 鼓励
    Encouraged,
    /// 可
    Permitted,
}

impl Force {
    /// The code in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::MustNot => "must-not",
            Self::Restricted => "restricted",
            Self::InPrinciple => "in-principle",
            Self::Should => "should",
            Self::Expected => "expected",
            Self::Encouraged => "encouraged",
            Self::Permitted => "permitted",
        }
    }

    /// Whether a clause of this force can keep a case from being admissible.
    #[must_use]
    pub const fn decides(self) -> bool {
        matches!(self, Self::Must | Self::MustNot | Self::Restricted | Self::InPrinciple)
    }
}

/// What the plan's table of indicators prints beside a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// 约束性
    Binding,
    /// 预期性
    Expected,
    /// 未标注
    Unmarked,
}

impl Attribute {
    /// The attribute of a printed word, in either language.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "约束性" | "binding" => Some(Self::Binding),
            "预期性" | "expected" => Some(Self::Expected),
            "未标注" | "unmarked" => Some(Self::Unmarked),
            _ => None,
        }
    }

    /// The code in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Binding => "binding",
            Self::Expected => "expected",
            Self::Unmarked => "unmarked",
        }
    }
}

/// A clause.
#[derive(Debug, Clone)]
pub struct Clause {
    /// Its id within the plan.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where the plan says it.
    pub citations: Vec<Citation>,
    /// Who bears the duty, in the author's words.
    pub duty_holder: Option<String>,
    /// Whether it speaks of every case without making one covered.
    pub general: bool,
    /// What is printed beside its number.
    pub attribute: Option<Attribute>,
    /// The clauses it prevails over.
    pub prevails_over: Vec<String>,
    /// How a restriction or principle may be got through, in the author's words.
    pub way_through: Option<String>,
    /// What it says, in the reading taken.
    pub body: Body,
    /// The reading taken, where the text leaves one open.
    pub reading: Option<Reading>,
    /// The other readings with what the clause says in them.
    pub other_readings: Vec<OtherReading>,
    /// The author's statement that the quote's number differs, with its reason.
    pub quote_differs: Option<String>,
    /// The reason of a force other than the words'.
    pub reason: Option<String>,
    /// Where it stands: keyword, id and title.
    pub span: Span,
}

impl Clause {
    /// A clause that says nothing yet.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            citations: Vec::new(),
            duty_holder: None,
            general: false,
            attribute: None,
            prevails_over: Vec::new(),
            way_through: None,
            body: Body::nothing(),
            reading: None,
            other_readings: Vec::new(),
            quote_differs: None,
            reason: None,
            span: Span::default(),
        }
    }

    /// Its strongest force: the one of its first part, as a rule of all.
    #[must_use]
    pub fn force(&self) -> Force {
        self.body.force()
    }

    /// Whom it speaks of.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        self.body.subject
    }

    /// What it says in every reading, the one taken first.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        std::iter::once(&self.body).chain(self.other_readings.iter().map(|reading| &reading.body))
    }

    /// What it says in a reading: 0 for the one taken, else the number of the other one from 1.
    #[must_use]
    pub fn body_in(&self, reading: usize) -> &Body {
        let other = reading.checked_sub(1).and_then(|other| self.other_readings.get(other));
        other.map_or(&self.body, |other| &other.body)
    }
}

/// What a clause says in one reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Whom it speaks of.
    pub subject: Subject,
    /// Its subject in the author's words; `None` for the default.
    pub subject_words: Option<String>,
    /// 适用: the whole clause speaks only of these cases.
    pub applies: Condition,
    /// Its phrases.
    pub parts: Vec<Part>,
    /// Its exceptions.
    pub exceptions: Vec<Exception>,
    /// The stage of its duty, an index into the stages' enumeration.
    pub stage: Option<usize>,
}

impl Body {
    /// Its strongest force.
    #[must_use]
    pub fn force(&self) -> Force {
        self.parts.iter().map(|part| part.force).min().unwrap_or(Force::Must)
    }

    /// A body that says nothing yet.
    #[must_use]
    pub const fn nothing() -> Self {
        Self {
            subject: Subject::Application,
            subject_words: None,
            applies: Condition::Always,
            parts: Vec::new(),
            exceptions: Vec::new(),
            stage: None,
        }
    }
}

/// One phrase of a clause: of every case that the selector picks, the requirement must hold.
#[derive(Debug, Clone)]
pub struct Part {
    /// The cases it speaks of.
    pub selector: Condition,
    /// What must hold of them. A ban holds the negation of what it bans, a ban without condition holds `Never`.
    pub requirement: Condition,
    /// How strongly it speaks: a miss of `Restricted` is discretion, of every other violated.
    pub force: Force,
    /// The phrase.
    pub span: Span,
    /// The requirement's own words (what is underlined as 本条要求).
    pub requirement_span: Span,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.selector == other.selector && self.requirement == other.requirement && self.force == other.force
    }
}

impl Eq for Part {}

/// An exception: where it fires, the clause does not apply.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Its name or id.
    pub name: String,
    /// Where it fires. Grounds in it already carry the mode that its depth gives them.
    pub ground: Condition,
    /// Exceptions to it.
    pub exceptions: Vec<Exception>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Exception {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.ground == other.ground && self.exceptions == other.exceptions
    }
}

impl Eq for Exception {}

/// The reading taken of an ambiguous text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// Why it was taken.
    pub reason: String,
    /// Where it stands.
    pub span: Span,
}

/// Another reading, runnable.
#[derive(Debug, Clone)]
pub struct OtherReading {
    /// Its name.
    pub name: String,
    /// What the clause says in it.
    pub body: Body,
    /// Where it stands.
    pub span: Span,
}

/// A case written in a rule file.
#[derive(Debug, Clone)]
pub struct WrittenCase {
    /// Its name.
    pub name: String,
    /// Its facts: key, value as fact files write it, place.
    pub given: Vec<(String, serde_json::Value, Span)>,
    /// Readings it is run under: clause → name.
    pub readings: Vec<(String, String)>,
    /// What is expected.
    pub expectations: Vec<(Expectation, Span)>,
    /// Where it stands.
    pub span: Span,
}

/// One thing a written case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// This clause has this status, by the English code.
    Status(String, String),
    /// The ruling is this one, by the English code.
    Ruling(String),
}
