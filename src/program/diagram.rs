//! Reduced decision diagrams in flat pools.

use crate::model::LeafSet;
use crate::program::cells::CellSet;
use crate::program::outcome::Outcome;

/// Where an edge leads: to an outcome or to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target(u32);

/// How many targets are kept for outcomes.
const OUTCOMES: u32 = 16;

impl Target {
    /// An outcome.
    #[must_use]
    pub const fn outcome(outcome: Outcome) -> Self {
        Self(outcome as u32)
    }

    /// A node by its number.
    #[must_use]
    pub fn node(number: usize) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX - OUTCOMES).saturating_add(OUTCOMES))
    }

    /// The outcome, where it is one.
    #[must_use]
    pub fn as_outcome(self) -> Option<Outcome> {
        Outcome::ALL.get(self.0 as usize).copied()
    }

    /// The number of the node, where it is one.
    #[must_use]
    pub const fn as_node(self) -> Option<usize> {
        match self.0.checked_sub(OUTCOMES) {
            Some(number) => Some(number as usize),
            None => None,
        }
    }
}

/// The classes into which a clause's tests part the cells of a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Classes {
    starts: Vec<u32>,
    classes: Vec<u16>,
    count: u16,
}

impl Classes {
    /// The classes of cells that no test of `tests` tells apart, over cells up to `last`. Each test is a pair of the cells
    /// where it holds and those where it is judged. Class numbers rise with their first cell.
    #[must_use]
    pub fn of<'a>(tests: impl Iterator<Item = (&'a CellSet, &'a CellSet)> + Clone, last: u32) -> Self {
        let mut starts = vec![0];
        for (yes, judged) in tests.clone() {
            for (first, end) in yes.ranges().iter().chain(judged.ranges()) {
                starts.push(*first);
                starts.push(end.saturating_add(1));
            }
        }
        starts.sort_unstable();
        starts.dedup();
        starts.retain(|start| *start <= last);
        let mut signatures: std::collections::BTreeMap<Vec<(bool, bool)>, u16> = std::collections::BTreeMap::new();
        let mut classes = Vec::with_capacity(starts.len());
        for start in &starts {
            let signature =
                tests.clone().map(|(yes, judged)| (yes.contains(*start), judged.contains(*start))).collect();
            let next = u16::try_from(signatures.len()).unwrap_or(u16::MAX);
            classes.push(*signatures.entry(signature).or_insert(next));
        }
        let count = u16::try_from(signatures.len()).unwrap_or(u16::MAX);
        Self { starts, classes, count }
    }

    /// The class of a cell.
    #[must_use]
    pub fn class(&self, cell: u32) -> usize {
        let run = self.starts.partition_point(|start| *start <= cell).saturating_sub(1);
        self.classes.get(run).map_or(0, |class| *class as usize)
    }

    /// How many classes there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count as usize
    }

    /// A cell of each class, in order of the classes.
    #[must_use]
    pub fn samples(&self) -> Vec<u32> {
        let mut samples = vec![None; self.count()];
        for (start, class) in self.starts.iter().zip(&self.classes) {
            if let Some(slot) = samples.get_mut(*class as usize) {
                slot.get_or_insert(*start);
            }
        }
        samples.into_iter().flatten().collect()
    }

    /// Calls `found` with each run of cells and its class.
    pub fn runs(&self, last: u32) -> impl Iterator<Item = (u32, u32, usize)> + '_ {
        self.starts.iter().enumerate().zip(&self.classes).map(move |((index, start), class)| {
            let end = self.starts.get(index + 1).map_or(last, |next| next.saturating_sub(1));
            (*start, end, *class as usize)
        })
    }
}

/// What a node asks of its variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Which class its one cell is in; an edge for each class.
    Class(Classes),
    /// Whether any of its cells is in the set; edges for no and yes.
    Meets(LeafSet),
}

/// A question to a variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level {
    /// The variable.
    pub variable: u32,
    /// What is asked.
    pub question: Question,
}

impl Level {
    /// How many edges a node has.
    #[must_use]
    pub const fn arity(&self) -> usize {
        match &self.question {
            Question::Class(classes) => classes.count(),
            Question::Meets(_) => 2,
        }
    }
}

/// A node: its level and the first of its edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// A number into the levels.
    pub level: u32,
    /// A number into the edges.
    pub edges: u32,
}

/// The questions of one clause to one variable that may hold several cells; they stand together in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The variable.
    pub variable: u32,
    /// Its levels, at most 128.
    pub levels: Vec<u32>,
}

/// One diagram: a range of nodes, children before parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    /// Where it begins.
    pub root: Target,
    /// The first of its nodes.
    pub first: usize,
    /// Its variables in the order they are asked.
    pub variables: Vec<u32>,
    /// Its variables that a rule reads when nothing is known of them: grounds, what the authority checks, what is presumed.
    pub read: Vec<u32>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Whether some of its paths are impossible.
    pub constrained: bool,
}

/// The shared pools.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    /// Levels, each once.
    pub levels: Vec<Level>,
    /// Nodes of all diagrams.
    pub nodes: Vec<Node>,
    /// Edges of all nodes.
    pub edges: Vec<Target>,
}

impl Pool {
    /// A node with its level.
    #[must_use]
    pub fn node(&self, number: usize) -> Option<(Node, &Level)> {
        let node = *self.nodes.get(number)?;
        Some((node, self.levels.get(node.level as usize)?))
    }

    /// The edge of a node for a class.
    #[must_use]
    pub fn edge(&self, node: Node, class: usize) -> Target {
        self.edges.get(node.edges as usize + class).copied().unwrap_or(Target::outcome(Outcome::Impossible))
    }
}
