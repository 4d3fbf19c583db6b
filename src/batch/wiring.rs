//! Which columns tell of which variables: the variables of a rulebook in groups that can be worked out apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::batch::alphabet::Subject;
use crate::evaluate::Steps;
use crate::model::{Derivation, FieldId, MemberId};
use crate::program::{ChannelBasis, Key};

/// A signal that a group of variables is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Signal {
    /// A column.
    Column(usize),
    /// The basis of quantities where none is named, by the column of the field that gives it.
    Basis(usize),
    /// What tables leave of a field's classes.
    Classes(FieldId),
}

/// Variables that the same signals tell of.
#[derive(Debug)]
pub(super) struct LeafWiring {
    pub(super) signals: Vec<Signal>,
    pub(super) variables: Vec<u32>,
}

/// Variables tied by what cannot stand together.
#[derive(Debug)]
pub(super) struct TieWiring {
    pub(super) constraints: Vec<u32>,
    pub(super) leaves: Vec<usize>,
}

/// A comparison of two fields.
#[derive(Debug)]
pub(super) struct PairWiring {
    pub(super) variable: u32,
    /// The columns of the left and of the right field, where they have one.
    pub(super) columns: [Option<usize>; 2],
    pub(super) basis: Option<usize>,
    /// The ties that may narrow either side.
    pub(super) ties: Vec<usize>,
}

/// A rulebook wired to columns.
#[derive(Debug, Default)]
pub(super) struct Wiring {
    pub(super) leaves: Vec<LeafWiring>,
    pub(super) ties: Vec<TieWiring>,
    pub(super) pairs: Vec<PairWiring>,
    /// The columns by which each field is classed.
    pub(super) classes: BTreeMap<FieldId, Vec<usize>>,
    /// Columns whose known values have a row ruled on by itself: what converts one amount into another.
    pub(super) apart: Vec<usize>,
    /// Pairs of columns that have a row ruled on by itself where both are known: a field is computed of them.
    pub(super) computed: Vec<[usize; 2]>,
    /// The tie of each variable, and its leaf.
    pub(super) tie_of: Vec<Option<usize>>,
    pub(super) leaf_of: Vec<Option<usize>>,
}

struct Wirer<'a> {
    steps: Steps<'a>,
    subjects: &'a [Subject],
}

/// Wires a rulebook to columns.
pub(super) fn wire(steps: Steps<'_>, subjects: &[Subject]) -> Wiring {
    let wirer = Wirer { steps, subjects };
    let roles = &steps.program.roles;
    let mut wiring = Wiring { classes: wirer.classes(), ..Wiring::default() };
    let apart = [roles.density, roles.conversion];
    wiring.apart = apart.iter().flatten().flat_map(|field| wirer.columns(*field)).collect();
    for field in &steps.model.vocabulary.fields {
        if let Some(Derivation::Quotient(above, below)) = field.derivation
            && let (Some(above), Some(below)) = (wirer.column(above), wirer.column(below))
        {
            wiring.computed.push([above, below]);
        }
    }
    wirer.leaves(&mut wiring);
    wirer.ties(&mut wiring);
    wirer.pairs(&mut wiring);
    wiring
}

impl Wirer<'_> {
    fn columns(&self, field: FieldId) -> impl Iterator<Item = usize> + '_ {
        self.subjects.iter().enumerate().filter(move |(_, subject)| subject.field == field).map(|(number, _)| number)
    }

    fn column(&self, field: FieldId) -> Option<usize> {
        self.columns(field).next()
    }

    fn basis_column(&self) -> Option<usize> {
        self.column(self.steps.program.roles.basis?)
    }

    /// The columns that tables derive classes from, for each field that has some.
    fn classes(&self) -> BTreeMap<FieldId, Vec<usize>> {
        let mut all: BTreeMap<FieldId, BTreeSet<usize>> = BTreeMap::new();
        for grading in &self.steps.model.gradings {
            let keys = grading.rows.iter().flat_map(|row| row.keys.iter().map(|(field, _)| *field));
            let own = all.entry(grading.field).or_default();
            own.extend(
                keys.chain([grading.measured]).collect::<BTreeSet<_>>().into_iter().flat_map(|it| self.columns(it)),
            );
            own.extend(self.basis_column());
        }
        let measured = |field: &FieldId| {
            self.steps.model.gradings.iter().any(|it| it.field == *field && self.column(it.measured).is_some())
        };
        // Rows may tell of a class without an amount, as a lowest class that begins at nothing.
        all.into_iter()
            .filter(|(field, own)| measured(field) || !own.is_empty())
            .map(|(field, own)| (field, own.into_iter().collect()))
            .collect()
    }

    fn leaves(&self, wiring: &mut Wiring) {
        let mut groups: BTreeMap<Vec<Signal>, Vec<u32>> = BTreeMap::new();
        for (number, variable) in (0u32..).zip(&self.steps.program.variables) {
            if !matches!(variable.key, Key::Compare(_, _, _, _)) {
                groups.entry(self.signals(&variable.key, wiring)).or_default().push(number);
            }
        }
        wiring.leaf_of = vec![None; self.steps.program.variables.len()];
        for (place, (signals, variables)) in groups.into_iter().enumerate() {
            for variable in &variables {
                if let Some(slot) = wiring.leaf_of.get_mut(*variable as usize) {
                    *slot = Some(place);
                }
            }
            wiring.leaves.push(LeafWiring { signals, variables });
        }
    }

    fn signals(&self, key: &Key, wiring: &Wiring) -> Vec<Signal> {
        let roles = &self.steps.program.roles;
        let mut columns: BTreeSet<usize> = BTreeSet::new();
        let mut more = Vec::new();
        match key {
            Key::Member(field)
            | Key::Members(field)
            | Key::Count(field)
            | Key::YesNo(field)
            | Key::Day(field)
            | Key::Presence(field) => {
                columns.extend(self.columns(*field));
                if roles.as_of == Some(*field) {
                    columns.extend(roles.decided.into_iter().flat_map(|field| self.columns(field)));
                }
                more.extend(wiring.classes.contains_key(field).then_some(Signal::Classes(*field)));
            }
            Key::Amount(field, _, basis) => {
                columns.extend(self.columns(*field));
                if *basis != ChannelBasis::None && !columns.is_empty() {
                    more.extend(self.basis_column().map(Signal::Basis));
                }
            }
            Key::Distance(field, feature) => {
                columns.extend(self.columns(*field).filter(|column| self.may_be(*column, *field, *feature)));
            }
            Key::Document(field, document, ..) => {
                columns.extend(self.columns(*field).filter(|column| self.may_tell(*column, *field, *document)));
                columns.extend(roles.documents_complete.into_iter().flat_map(|field| self.columns(field)));
            }
            Key::Attestation(number, _) => {
                let name = self.steps.model.attestations.get(usize::from(*number));
                let own = roles.attestations.into_iter().flat_map(|field| self.columns(field));
                columns.extend(own.filter(|column| {
                    let inner = self.subjects.get(*column).and_then(|subject| subject.inner.as_ref());
                    inner.is_none()
                        || inner == name
                        || !self.steps.model.attestations.iter().any(|it| Some(it) == inner)
                }));
            }
            Key::Compare(_, _, _, _) | Key::Parameter(_) => {}
        }
        let mut signals: Vec<Signal> = columns.into_iter().map(Signal::Column).collect();
        more.retain(|signal| !matches!(signal, Signal::Basis(column) if signals.contains(&Signal::Column(*column))));
        signals.extend(more);
        signals
    }

    /// Whether a column may give the entry of a map that this member is.
    fn may_be(&self, column: usize, field: FieldId, member: MemberId) -> bool {
        self.entry(column, field).is_none_or(|found| found == member)
    }

    /// Whether a column tells whether a document is there: itself, or a kind of it.
    fn may_tell(&self, column: usize, field: FieldId, document: MemberId) -> bool {
        let vocabulary = &self.steps.model.vocabulary;
        let enumeration = vocabulary.field(field).and_then(|field| field.kind.enumeration());
        let leaves = |member| Some(&vocabulary.member(enumeration?, member)?.leaves);
        self.entry(column, field).is_none_or(|found| {
            found == document || leaves(found).zip(leaves(document)).is_none_or(|(own, asked)| own.within(asked))
        })
    }

    /// The member that names a column's entry; `None` where it has none, or is named otherwise than the vocabulary does.
    fn entry(&self, column: usize, field: FieldId) -> Option<MemberId> {
        let inner = self.subjects.get(column)?.inner.as_deref()?;
        let vocabulary = &self.steps.model.vocabulary;
        let members = &vocabulary.enumeration(vocabulary.field(field)?.kind.enumeration()?)?.members;
        let place = members.iter().position(|member| member.name.spellings().any(|name| name == inner))?;
        u16::try_from(place).ok().map(MemberId)
    }

    fn ties(&self, wiring: &mut Wiring) {
        let program = self.steps.program;
        wiring.tie_of = vec![None; program.variables.len()];
        let mut groups: Vec<(BTreeSet<u32>, BTreeSet<u32>)> = Vec::new();
        for (number, constraint) in (0u32..).zip(&program.constraints) {
            let mut constraints = BTreeSet::from([number]);
            let mut variables: BTreeSet<u32> = constraint.diagram.variables.iter().copied().collect();
            let (touched, apart) = groups.into_iter().partition(|(_, own)| !own.is_disjoint(&variables));
            groups = apart;
            let touched: Vec<(BTreeSet<u32>, BTreeSet<u32>)> = touched;
            for (more, own) in touched {
                constraints.extend(more);
                variables.extend(own);
            }
            groups.push((constraints, variables));
        }
        for (place, (constraints, variables)) in groups.into_iter().enumerate() {
            let mut leaves = BTreeSet::new();
            for variable in variables {
                if let Some(slot) = wiring.tie_of.get_mut(variable as usize) {
                    *slot = Some(place);
                }
                leaves.extend(wiring.leaf_of.get(variable as usize).copied().flatten());
            }
            let (constraints, leaves) = (constraints.into_iter().collect(), leaves.into_iter().collect());
            wiring.ties.push(TieWiring { constraints, leaves });
        }
    }

    fn pairs(&self, wiring: &mut Wiring) {
        for (number, variable) in (0u32..).zip(&self.steps.program.variables) {
            let Key::Compare(left, _, right, _) = variable.key else { continue };
            let narrowing = [left, right].into_iter().flat_map(|field| [Key::Day(field), Key::Presence(field)]);
            let ties = narrowing.filter_map(|key| {
                let variable = self.steps.program.variable(&key)?;
                wiring.tie_of.get(variable as usize).copied().flatten()
            });
            let ties: BTreeSet<usize> = ties.collect();
            wiring.pairs.push(PairWiring {
                variable: number,
                columns: [self.column(left), self.column(right)],
                basis: self.basis_column(),
                ties: ties.into_iter().collect(),
            });
        }
    }
}
