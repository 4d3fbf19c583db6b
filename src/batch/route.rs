//! In which order the columns of a case are read, and what is known, and must be kept in mind, after each.

use std::collections::BTreeSet;

use crate::batch::gates::{Signal, Wiring};

/// A reading of one signal.
#[derive(Debug)]
pub(super) struct Stop {
    /// The column or order that is read; `None` at the start, before anything is.
    pub(super) reads: Option<Signal>,
    /// The gates that can be worked out then, those that others wait for first.
    pub(super) ready: Vec<usize>,
    /// What gates still to come will look at.
    pub(super) kept: Vec<Signal>,
}

/// The stops on the way through a case.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) stops: Vec<Stop>,
}

impl Route {
    /// The way to these gates.
    pub(super) fn new(wiring: &Wiring, wanted: &BTreeSet<usize>) -> Self {
        let needed = needed(wiring, wanted);
        let mut left = raw_signals(wiring, wanted);
        let mut way = Way { wiring, needed: &needed, known: BTreeSet::new(), done: BTreeSet::new() };
        let mut stops = vec![way.stop(None)];
        while let Some(next) = left.iter().copied().min_by_key(|signal| way.cost(*signal)) {
            left.remove(&next);
            stops.push(way.stop(Some(next)));
        }
        Self { stops }
    }
}

/// The columns and orders that these gates rest on.
pub(super) fn raw_signals(wiring: &Wiring, wanted: &BTreeSet<usize>) -> BTreeSet<Signal> {
    let needed = needed(wiring, wanted);
    let all = needed.iter().flat_map(|gate| signals(wiring, *gate));
    all.filter(|signal| matches!(signal, Signal::Column(_) | Signal::Order(_))).copied().collect()
}

/// These gates and all that they rest on.
fn needed(wiring: &Wiring, wanted: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut needed = BTreeSet::new();
    let mut open: Vec<usize> = wanted.iter().copied().collect();
    while let Some(gate) = open.pop() {
        if needed.insert(gate) {
            open.extend(signals(wiring, gate).iter().filter_map(|signal| match signal {
                Signal::Gate(other) | Signal::Sight(other, _) => Some(*other),
                Signal::Column(_) | Signal::Order(_) => None,
            }));
            // A tie looks at its leaves even where they have one letter in every row.
            if let Some(crate::batch::gates::Work::Tie(_, leaves)) = wiring.gates.get(gate).map(|gate| &gate.work) {
                open.extend(leaves);
            }
        }
    }
    needed
}

fn signals(wiring: &Wiring, gate: usize) -> &[Signal] {
    wiring.gates.get(gate).map_or(&[], |gate| &gate.signals)
}

#[derive(Clone)]
struct Way<'a> {
    wiring: &'a Wiring,
    needed: &'a BTreeSet<usize>,
    known: BTreeSet<Signal>,
    done: BTreeSet<usize>,
}

impl Way<'_> {
    /// Goes on to where this signal is read.
    fn stop(&mut self, reads: Option<Signal>) -> Stop {
        self.known.extend(reads);
        let mut ready = Vec::new();
        // Gates stand behind those that they rest on.
        for gate in self.needed {
            let all = signals(self.wiring, *gate).iter().all(|signal| self.known.contains(signal));
            if all && self.done.insert(*gate) {
                ready.push(*gate);
                self.known.insert(Signal::Gate(*gate));
                let sights = self.needed.iter().map(|tie| Signal::Sight(*gate, *tie));
                self.known.extend(sights);
            }
        }
        let kept = self.kept().into_iter().collect();
        Stop { reads, ready, kept }
    }

    fn kept(&self) -> BTreeSet<Signal> {
        let waiting = self.needed.iter().filter(|gate| !self.done.contains(gate));
        let asked = waiting.flat_map(|gate| signals(self.wiring, *gate));
        asked.filter(|signal| self.known.contains(signal)).copied().collect()
    }

    /// How much must be kept in mind once this signal is read: of two that leave as much, the one that more gates ask.
    fn cost(&self, signal: Signal) -> (usize, std::cmp::Reverse<usize>) {
        let mut after = self.clone();
        after.stop(Some(signal));
        let asked = self.needed.iter().filter(|gate| signals(self.wiring, **gate).contains(&signal)).count();
        (after.kept().len(), std::cmp::Reverse(asked))
    }
}
