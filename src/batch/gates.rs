//! What follows from what: which columns tell of which variables, by gates that each make one letter of several.

use std::collections::{BTreeMap, BTreeSet};

use crate::batch::alphabet::Subject;
use crate::evaluate::Steps;
use crate::model::{Derivation, FieldId, MemberId};
use crate::program::{ChannelBasis, Key};

/// Something that has a letter in every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Signal {
    /// A column.
    Column(usize),
    /// How the two fields of the comparison that a gate makes stand to each other.
    Order(usize),
    /// A gate.
    Gate(usize),
    /// As much of a gate as the constraints of another can tell.
    Sight(usize, usize),
}

/// What a gate works out.
#[derive(Debug)]
pub(super) enum Work {
    /// The basis of quantities where none is named, by the column of the field that gives it.
    Basis(usize),
    /// What tables leave of a field's classes.
    Classes(FieldId),
    /// The states of variables that the same signals tell of.
    Leaf(Vec<u32>),
    /// What constraints leave of variables that are not known, told by these leaves.
    Tie(Vec<u32>, Vec<usize>),
    /// A comparison of two fields.
    Pair(Pair),
}

/// A comparison of two fields.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) variable: u32,
    /// The columns of the left and of the right field, where they have one.
    pub(super) columns: [Option<usize>; 2],
    /// The ties that may narrow either side.
    pub(super) ties: Vec<usize>,
}

/// A gate and the signals of which it makes its letter. The gates among them come before it.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) work: Work,
    pub(super) signals: Vec<Signal>,
}

/// A rulebook wired to columns.
#[derive(Debug, Default)]
pub(super) struct Wiring {
    pub(super) gates: Vec<Gate>,
    /// Columns whose known values have a row ruled on by itself: what converts one amount into another.
    pub(super) apart: Vec<usize>,
    /// Pairs of columns that have a row ruled on by itself where both are known: a field is computed of them.
    pub(super) computed: Vec<[usize; 2]>,
    /// The gates that tell of each variable: its leaf or its comparison, and its tie.
    pub(super) told_by: Vec<[Option<usize>; 2]>,
}

struct Wirer<'a> {
    steps: Steps<'a>,
    subjects: &'a [Subject],
    wiring: Wiring,
    basis: Option<usize>,
    classes: BTreeMap<FieldId, usize>,
}

/// Wires a rulebook to columns.
pub(super) fn wire(steps: Steps<'_>, subjects: &[Subject]) -> Wiring {
    let mut wirer = Wirer { steps, subjects, wiring: Wiring::default(), basis: None, classes: BTreeMap::new() };
    let roles = &steps.program.roles;
    let apart = [roles.density, roles.conversion];
    wirer.wiring.apart = apart.iter().flatten().flat_map(|field| wirer.columns(*field)).collect();
    for field in &steps.model.vocabulary.fields {
        if let Some(Derivation::Quotient(above, below)) = field.derivation
            && let (Some(above), Some(below)) = (wirer.column(above), wirer.column(below))
        {
            wirer.wiring.computed.push([above, below]);
        }
    }
    wirer.wiring.told_by = vec![[None, None]; steps.program.variables.len()];
    if let Some(column) = wirer.basis_column() {
        wirer.basis = Some(wirer.add(Work::Basis(column), vec![Signal::Column(column)]));
    }
    wirer.classes();
    wirer.leaves();
    wirer.ties();
    wirer.pairs();
    wirer.wiring
}

impl Wirer<'_> {
    fn add(&mut self, work: Work, signals: Vec<Signal>) -> usize {
        self.wiring.gates.push(Gate { work, signals });
        self.wiring.gates.len() - 1
    }

    fn tells(&mut self, variable: u32, gate: usize, narrows: bool) {
        if let Some([own, tie]) = self.wiring.told_by.get_mut(variable as usize) {
            *(if narrows { tie } else { own }) = Some(gate);
        }
    }

    fn columns(&self, field: FieldId) -> impl Iterator<Item = usize> + '_ {
        self.subjects.iter().enumerate().filter(move |(_, subject)| subject.field == field).map(|(number, _)| number)
    }

    fn column(&self, field: FieldId) -> Option<usize> {
        self.columns(field).next()
    }

    fn basis_column(&self) -> Option<usize> {
        self.column(self.steps.program.roles.basis?)
    }

    /// The classes that tables derive, for each field that has some.
    fn classes(&mut self) {
        let mut all: BTreeMap<FieldId, BTreeSet<usize>> = BTreeMap::new();
        for grading in &self.steps.model.gradings {
            let keys = grading.rows.iter().flat_map(|row| row.keys.iter().map(|(field, _)| *field));
            let fields: BTreeSet<FieldId> = keys.chain([grading.measured]).collect();
            let own = all.entry(grading.field).or_default();
            own.extend(fields.into_iter().flat_map(|field| self.columns(field)));
            own.extend(self.basis_column());
        }
        let measured = |field: FieldId| {
            self.steps.model.gradings.iter().any(|it| it.field == field && self.column(it.measured).is_some())
        };
        // Rows may tell of a class without an amount, as a lowest class that begins at nothing.
        all.retain(|field, own| measured(*field) || !own.is_empty());
        for (field, columns) in all {
            let gate = self.add(Work::Classes(field), columns.into_iter().map(Signal::Column).collect());
            self.classes.insert(field, gate);
        }
    }

    fn leaves(&mut self) {
        let mut groups: BTreeMap<Vec<Signal>, Vec<u32>> = BTreeMap::new();
        for (number, variable) in (0u32..).zip(&self.steps.program.variables) {
            if !matches!(variable.key, Key::Compare(..)) {
                groups.entry(self.signals(&variable.key)).or_default().push(number);
            }
        }
        for (signals, variables) in groups {
            let gate = self.wiring.gates.len();
            variables.iter().for_each(|variable| self.tells(*variable, gate, false));
            self.add(Work::Leaf(variables), signals);
        }
    }

    fn signals(&self, key: &Key) -> Vec<Signal> {
        let roles = &self.steps.program.roles;
        let mut columns: BTreeSet<usize> = BTreeSet::new();
        let mut more = None;
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
                more = self.classes.get(field).copied();
            }
            Key::Amount(field, _, basis) => {
                columns.extend(self.columns(*field));
                let own = self.basis_column().is_some_and(|column| columns.contains(&column));
                if *basis != ChannelBasis::None && !columns.is_empty() && !own {
                    more = self.basis;
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
            Key::Compare(..) | Key::Parameter(_) => {}
        }
        columns.into_iter().map(Signal::Column).chain(more.map(Signal::Gate)).collect()
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

    fn ties(&mut self) {
        let mut groups: Vec<(BTreeSet<u32>, BTreeSet<u32>)> = Vec::new();
        for (number, constraint) in (0u32..).zip(&self.steps.program.constraints) {
            let mut constraints = BTreeSet::from([number]);
            let mut variables: BTreeSet<u32> = constraint.diagram.variables.iter().copied().collect();
            let (touched, apart): (Vec<_>, Vec<_>) =
                groups.into_iter().partition(|(_, own)| !own.is_disjoint(&variables));
            groups = apart;
            for (more, own) in touched {
                constraints.extend(more);
                variables.extend(own);
            }
            groups.push((constraints, variables));
        }
        for (constraints, variables) in groups {
            let gate = self.wiring.gates.len();
            let mut leaves = BTreeSet::new();
            for variable in variables {
                leaves.extend(self.wiring.told_by.get(variable as usize).and_then(|[own, _]| *own));
                self.tells(variable, gate, true);
            }
            // Leaves without signals have one letter: they change nothing from row to row.
            let varies = |leaf: &usize| self.wiring.gates.get(*leaf).is_some_and(|leaf| !leaf.signals.is_empty());
            let signals = leaves.iter().copied().filter(varies).map(|leaf| Signal::Sight(leaf, gate)).collect();
            self.add(Work::Tie(constraints.into_iter().collect(), leaves.into_iter().collect()), signals);
        }
    }

    fn pairs(&mut self) {
        for (number, variable) in (0u32..).zip(&self.steps.program.variables) {
            let Key::Compare(left, _, right, _) = variable.key else { continue };
            let narrowing = [left, right].into_iter().flat_map(|field| [Key::Day(field), Key::Presence(field)]);
            let ties = narrowing.filter_map(|key| {
                let variable = self.steps.program.variable(&key)?;
                self.wiring.told_by.get(variable as usize).and_then(|[_, tie]| *tie)
            });
            let ties: BTreeSet<usize> = ties.collect();
            let columns = [self.column(left), self.column(right)];
            let basis = self.basis_column();
            let own: BTreeSet<usize> = columns.into_iter().flatten().chain(basis).collect();
            let gate = self.wiring.gates.len();
            let ordered = (columns[0].is_some() && columns[1].is_some()).then_some(Signal::Order(gate));
            let signals = ordered
                .into_iter()
                .chain(own.into_iter().map(Signal::Column))
                .chain(ties.iter().copied().map(Signal::Gate))
                .collect();
            self.tells(number, gate, false);
            self.add(Work::Pair(Pair { variable: number, columns, ties: ties.into_iter().collect() }), signals);
        }
    }
}
