//! Where the texts of a report's places come from.

use std::sync::Arc;

use crate::source::Source;
use crate::span::SourceId;

/// Texts by their numbers: those of the rules and of the facts.
///
/// Slices and vectors of [`Source`] are such; so is a pair of two.
pub trait Sources {
    /// The text of a number, where it is at hand.
    fn source(&self, id: SourceId) -> Option<&Source>;
}

impl Sources for [Source] {
    fn source(&self, id: SourceId) -> Option<&Source> {
        self.get(id.index()).filter(|source| source.id() == id).or_else(|| self.iter().find(|source| source.id() == id))
    }
}

impl Sources for Vec<Source> {
    fn source(&self, id: SourceId) -> Option<&Source> {
        self.as_slice().source(id)
    }
}

impl Sources for Arc<[Source]> {
    fn source(&self, id: SourceId) -> Option<&Source> {
        self.as_ref().source(id)
    }
}

impl<A: Sources + ?Sized, B: Sources + ?Sized> Sources for (&A, &B) {
    fn source(&self, id: SourceId) -> Option<&Source> {
        self.0.source(id).or_else(|| self.1.source(id))
    }
}
