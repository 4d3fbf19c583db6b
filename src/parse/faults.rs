//! The problems of one file, by place.

use crate::diagnostic::Problem;

/// How many faults of one kind a line may name; the author sees the pattern by then.
pub(super) const MOST_PER_LINE: usize = 8;

/// How many problems a file may name. A file of four million faults must not cost a gigabyte of problems.
const MOST_PER_FILE: usize = 1_000;

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    problems: Vec<Problem>,
}

impl Faults {
    /// Adds one. Past the bound it is left out: the file is refused all the same.
    pub(super) fn push(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PER_FILE {
            self.problems.push(problem);
        }
    }

    /// Whether nothing has been found.
    pub(super) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// All of them, in the order of the text.
    pub(super) fn by_place(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(Problem::span);
        self.problems
    }
}
