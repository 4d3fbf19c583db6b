//! The whole condition of a clause with the truth of each part, for those who ask to see all.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::compile::Readings;
use crate::evaluate::Truth;
use crate::program::{Ask, SpokenException};
use crate::ruling::explain::Explainer;
use crate::ruling::result::ConditionResult;
use crate::ruling::text::Text;

/// What a clause says of the case, whole.
#[derive(Debug, Clone, Serialize)]
pub struct ClauseTree {
    /// The cases that the whole clause speaks of.
    pub applies: Tree,
    /// Its phrases.
    pub parts: Vec<PartTree>,
    /// Its exceptions.
    pub exceptions: Vec<ExceptionTree>,
}

/// One phrase.
#[derive(Debug, Clone, Serialize)]
pub struct PartTree {
    /// The cases it speaks of.
    pub selector: Tree,
    /// What must hold of them.
    pub requirement: Tree,
}

/// One exception.
#[derive(Debug, Clone, Serialize)]
pub struct ExceptionTree {
    /// Its name or id.
    pub name: Text,
    /// Where it fires.
    pub ground: Tree,
    /// Exceptions to it.
    pub exceptions: Vec<ExceptionTree>,
}

/// A condition with its truth. It is written `{"holds": …, "all": [ … ]}`, with `any`, `not`, `test` or `constant` for `all`.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Whether it holds; `None` where that is unknown or a matter of judgement.
    pub holds: Option<bool>,
    /// What it is.
    pub kind: TreeKind,
}

/// What a condition is.
#[derive(Debug, Clone)]
pub enum TreeKind {
    /// The same whatever the case.
    Constant(bool),
    /// One question.
    Test(Box<ConditionResult>),
    /// All hold.
    All(Vec<Tree>),
    /// At least one holds.
    Any(Vec<Tree>),
    /// The inner one does not hold.
    Not(Box<Tree>),
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("holds", &self.holds)?;
        match &self.kind {
            TreeKind::Constant(yes) => map.serialize_entry("constant", yes)?,
            TreeKind::Test(test) => map.serialize_entry("test", test)?,
            TreeKind::All(inner) => map.serialize_entry("all", inner)?,
            TreeKind::Any(inner) => map.serialize_entry("any", inner)?,
            TreeKind::Not(inner) => map.serialize_entry("not", inner)?,
        }
        map.end()
    }
}

impl Explainer<'_> {
    /// The whole of a clause.
    pub(super) fn tree(&self, clause: usize, readings: &Readings) -> Option<ClauseTree> {
        let spoken = self.case.program.spoken(clause, readings)?;
        let body = crate::compile::body_of(self.case.model.clauses.get(clause)?, clause, readings);
        let part = |part: &crate::program::SpokenPart| PartTree {
            selector: self.condition(&part.selector),
            requirement: self.condition(&part.requirement),
        };
        Some(ClauseTree {
            applies: self.condition(&spoken.applies),
            parts: spoken.parts.iter().map(part).collect(),
            exceptions: self.exceptions(&body.exceptions, &spoken.exceptions),
        })
    }

    fn exceptions(&self, named: &[crate::model::Exception], spoken: &[SpokenException]) -> Vec<ExceptionTree> {
        let one = |(named, spoken): (&crate::model::Exception, &SpokenException)| ExceptionTree {
            name: Text::from(&named.name),
            ground: self.condition(&spoken.ground),
            exceptions: self.exceptions(&named.exceptions, &spoken.exceptions),
        };
        named.iter().zip(spoken).map(one).collect()
    }

    fn condition(&self, ask: &Ask) -> Tree {
        let all = |inner: &[Ask]| inner.iter().map(|ask| self.condition(ask)).collect();
        let kind = match ask {
            Ask::Always => TreeKind::Constant(true),
            Ask::Never => TreeKind::Constant(false),
            Ask::Test(asked) => match self.asked(asked, false) {
                Some(result) => TreeKind::Test(Box::new(result)),
                None => TreeKind::Constant(self.case.test(asked) == Truth::True),
            },
            Ask::All(inner) => TreeKind::All(all(inner)),
            Ask::Any(inner) => TreeKind::Any(all(inner)),
            Ask::Not(inner) => TreeKind::Not(Box::new(self.condition(inner))),
        };
        Tree { holds: self.case.truth(ask).plain(), kind }
    }
}
