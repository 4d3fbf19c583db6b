//! From the model to the program: one reduced decision diagram for each clause, counted while it is built.
//!
//! Compiling fails only on the stated bounds of [`NODE_LIMIT`] nodes a clause and 256 combinations of readings; such a
//! clause is left out of the program and reported.

mod builder;
mod clause;
mod constraint;
mod formula;
mod spoken;
mod variables;

use std::collections::{BTreeMap, BTreeSet};

pub use builder::NODE_LIMIT;
pub(crate) use clause::{Readings, body_of};
pub(crate) use variables::period;

use crate::diagnostic::{Code, Problem};
use crate::model::{Clause, FieldId, FieldKind, Model, Subject, Vocabulary};
use crate::program::{
    CellSet, ClauseSet, CompiledClause, Constraint, Diagram, IndexedVariable, Key, Outcome, Program, Roles, Target,
    Ties, Variable, Variant,
};

use builder::{Builder, TooLarge};
use clause::{Assembler, Clausal, Pools, guard, prevailing};
use constraint::{Rule, relevant, rules, sets};
use formula::{Tests, Translator};
use spoken::Resolver;
use variables::{stage_field, variables};

/// A program and what could not be compiled.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The program, without the clauses that problems name.
    pub program: Program,
    /// Clauses that branch too much.
    pub problems: Vec<Problem>,
}

/// How many choices of readings one clause may have.
const READINGS_LIMIT: usize = 256;

/// How many variables the index uses.
const INDEXED: usize = 4;

/// Compiles a model.
#[must_use]
pub fn compile(model: &Model) -> Compiled {
    let mut program = variables(model);
    let prevailed_by = prevailing(model);
    let translator = Translator { vocabulary: &model.vocabulary, program: &program };
    let rules = rules(model, &translator);
    let assembler = Assembler { model, prevailed_by: &prevailed_by, translator };
    let mut run = Run {
        assembler,
        rules,
        variables: &program.variables,
        pools: Pools::default(),
        guards: Guards::new(&program.variables),
        problems: Vec::new(),
    };
    let mut clauses: Vec<CompiledClause> = (0..model.clauses.len()).map(|number| run.clause(number)).collect();
    let mut resolver = Resolver::new(&run.assembler.translator);
    for (compiled, clause) in clauses.iter_mut().zip(&model.clauses) {
        compiled.spoken = resolver.clause(clause);
    }
    let tests = resolver.tests;
    let constraints = run.constraints();
    let index = run.guards.index(model.clauses.len(), &program.variables);
    let (pool, problems) = (run.pools.pool, run.problems);
    program.pool = pool;
    program.ties = ties(&clauses, &constraints, program.variables.len());
    program.tests = tests;
    program.reviewed = reviewed(&clauses);
    program.clauses = clauses;
    program.constraints = constraints;
    program.index = index;
    program.roles = roles(&model.vocabulary);
    Compiled { program, problems }
}

/// The clauses that a review looks at.
fn reviewed(clauses: &[CompiledClause]) -> ClauseSet {
    let mut set = ClauseSet::none(clauses.len());
    let reviewed = clauses
        .iter()
        .enumerate()
        .filter(|(_, clause)| clause.variants.iter().any(|it| it.subject != Subject::Registry));
    reviewed.for_each(|(number, _)| set.insert(number));
    set
}

/// What hangs on each variable.
fn ties(clauses: &[CompiledClause], constraints: &[Constraint], count: usize) -> Vec<Ties> {
    let mut ties = vec![Ties::default(); count];
    let mut note = |diagram: &Diagram, number: usize, list: fn(&mut Ties) -> &mut Vec<u32>| {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        for variable in &diagram.variables {
            if let Some(list) = ties.get_mut(*variable as usize).map(list).filter(|list| list.last() != Some(&number)) {
                list.push(number);
            }
        }
    };
    for (number, clause) in clauses.iter().enumerate() {
        clause.variants.iter().for_each(|variant| note(&variant.diagram, number, |ties| &mut ties.clauses));
    }
    for (number, constraint) in constraints.iter().enumerate() {
        note(&constraint.diagram, number, |ties| &mut ties.constraints);
    }
    ties
}

fn roles(vocabulary: &Vocabulary) -> Roles {
    let basis = |kind: &FieldKind| match kind {
        FieldKind::Member(enumeration) => vocabulary
            .enumeration(*enumeration)
            .is_some_and(|found| found.default_basis.is_some() || !found.default_bases.is_empty()),
        _ => false,
    };
    let first = |wanted: &dyn Fn(&FieldKind) -> bool| {
        let position = vocabulary.fields.iter().position(|field| wanted(&field.kind))?;
        u16::try_from(position).ok().map(FieldId)
    };
    Roles {
        density: vocabulary.field_named("density"),
        conversion: vocabulary.field_named("conversion"),
        as_of: vocabulary.field_named("as-of"),
        decided: vocabulary.field_named("decided"),
        documents_complete: vocabulary.field_named("documents-complete"),
        region: vocabulary.field_named("region"),
        attestations: first(&|kind| matches!(kind, FieldKind::Attestations)),
        basis: first(&basis),
        stage: stage_field(vocabulary).map(|(field, _)| field),
    }
}

/// A compilation under way.
struct Run<'a> {
    assembler: Assembler<'a>,
    rules: Vec<Rule>,
    variables: &'a [Variable],
    pools: Pools,
    guards: Guards,
    problems: Vec<Problem>,
}

impl Run<'_> {
    fn clause(&mut self, number: usize) -> CompiledClause {
        let clause = self.assembler.model.clauses.get(number);
        let mut compiled = CompiledClause {
            variants: Vec::new(),
            spoken: Vec::new(),
            prevailed_by: self.assembler.prevailed_by.get(number).cloned().unwrap_or_default(),
        };
        let Some(clause) = clause else { return compiled };
        let Some(choices) = self.choices(number) else {
            let limit = READINGS_LIMIT.to_string();
            self.problems.push(Problem::error(Code::TooManyReadings, clause.span).with(&clause.id).with(limit));
            self.guards.always(number);
            return compiled;
        };
        for readings in choices {
            let Some(clausal) = self.assembler.clause(number, &readings) else { continue };
            let mut own = Tests::new();
            clausal.tests(&mut own);
            match self.variant(number, &clausal, &own) {
                Ok(diagram) => {
                    let body = clause.body_in(readings.get(&number).copied().unwrap_or_default());
                    let covers = !clause.general && body.force().decides();
                    let readings = readings.into_iter().collect();
                    compiled.variants.push(Variant { readings, diagram, subject: body.subject, covers });
                }
                Err(TooLarge(nodes)) => {
                    self.problems.push(too_large(self.assembler.model, clause, nodes, &own, self.variables));
                    self.guards.always(number);
                    compiled.variants.clear();
                    break;
                }
            }
        }
        compiled
    }

    fn variant(&mut self, number: usize, clausal: &Clausal, own: &Tests) -> Result<Diagram, TooLarge> {
        let tied = relevant(&self.rules, own);
        let mut tests = own.clone();
        tied.iter().for_each(|rule| rule.formula.tests(&mut tests));
        let sets = sets(&tests, self.variables);
        let tied: Vec<&Rule> = tied.into_iter().chain(&sets).collect();
        let mut order = Vec::new();
        clausal.order(&mut order);
        tied.iter().for_each(|rule| rule.formula.order(&mut order));
        let mut builder = Builder::new(&tests, &order, self.variables)?;
        let (root, constrained) = clausal.build(&mut builder, &tied, own)?;
        let diagram = self.pools.add(&builder, root, constrained, self.variables);
        let reach = builder.formula(&clausal.reach)?;
        self.guards.clause(number, &builder, reach, self.variables);
        Ok(diagram)
    }

    /// Every choice of readings that changes what a clause says; `None` past the limit.
    fn choices(&self, number: usize) -> Option<Vec<Readings>> {
        let mut cluster = BTreeSet::from([number]);
        let mut open = vec![number];
        while let Some(next) = open.pop() {
            let above = self.assembler.prevailed_by.get(next).into_iter().flatten();
            open.extend(above.filter(|other| cluster.insert(**other)));
        }
        let mut choices = vec![Readings::new()];
        for member in cluster {
            let others = self.assembler.model.clauses.get(member).map_or(0, |clause| clause.other_readings.len());
            if others == 0 {
                continue;
            }
            if choices.len() * (others + 1) > READINGS_LIMIT {
                return None;
            }
            let with = |reading: usize| {
                move |choice: &Readings| {
                    let mut choice = choice.clone();
                    choice.insert(member, reading);
                    choice
                }
            };
            choices = (0..=others).flat_map(|reading| choices.iter().map(with(reading)).collect::<Vec<_>>()).collect();
        }
        Some(choices)
    }

    fn constraints(&mut self) -> Vec<Constraint> {
        let mut constraints = Vec::with_capacity(self.rules.len());
        for rule in &self.rules {
            let mut tests = Tests::new();
            rule.formula.tests(&mut tests);
            let mut order = Vec::new();
            rule.formula.order(&mut order);
            let built = Builder::new(&tests, &order, self.variables)
                .and_then(|mut builder| builder.formula(&rule.formula).map(|root| (builder, root)));
            if let Ok((builder, root)) = built
                && root != Target::outcome(Outcome::True)
            {
                let diagram = self.pools.add(&builder, root, false, self.variables);
                constraints.push(Constraint { diagram, span: rule.span });
            }
        }
        constraints
    }
}

/// How many names a problem lists.
const NAMES: usize = 12;

fn too_large(model: &Model, clause: &Clause, nodes: usize, own: &Tests, variables: &[Variable]) -> Problem {
    let mut names: Vec<&str> = Vec::new();
    for variable in own.keys() {
        let name = match variables.get(*variable as usize).map(|variable| &variable.key) {
            Some(Key::Attestation(number, _)) => model.attestations.get(*number as usize).map(String::as_str),
            Some(Key::Parameter(name)) => Some(name.as_str()),
            Some(key) => {
                let field = key.field().and_then(|field| model.vocabulary.field(field));
                field.map(|field| field.name.chinese.as_str())
            }
            None => None,
        };
        names.extend(name.filter(|name| !names.contains(name)));
    }
    let more = if names.len() > NAMES { "、…" } else { "" };
    names.truncate(NAMES);
    Problem::error(Code::DiagramTooLarge, clause.span)
        .with(&clause.id)
        .with(nodes.to_string())
        .with(NODE_LIMIT.to_string())
        .with(format!("{}{more}", names.join("、")))
}

/// For each enumerated variable and clause the cells that the clause needs.
struct Guards {
    variables: BTreeMap<u32, BTreeMap<usize, Option<CellSet>>>,
    cells: BTreeMap<u32, u32>,
}

impl Guards {
    fn new(variables: &[Variable]) -> Self {
        let mut guards = Self { variables: BTreeMap::new(), cells: BTreeMap::new() };
        for (number, variable) in (0u32..).zip(variables) {
            if matches!(variable.key, Key::Member(_) | Key::Members(_)) {
                guards.variables.insert(number, BTreeMap::new());
                guards.cells.insert(number, variable.none);
            }
        }
        guards
    }

    /// A clause that must always be looked at.
    fn always(&mut self, clause: usize) {
        for clauses in self.variables.values_mut() {
            clauses.insert(clause, None);
        }
    }

    /// The cells that a clause needs in one more choice of readings.
    fn clause(&mut self, clause: usize, builder: &Builder, reach: Target, variables: &[Variable]) {
        for (number, clauses) in &mut self.variables {
            let last = variables.get(*number as usize).map_or(0, |variable| variable.none);
            let cells = guard(builder, reach, *number, last);
            let joined = match (clauses.remove(&clause), cells) {
                (None, cells) => cells,
                (Some(Some(old)), Some(new)) => Some(union(&old, &new)),
                _ => None,
            };
            clauses.insert(clause, joined);
        }
    }

    fn index(&self, count: usize, variables: &[Variable]) -> Vec<IndexedVariable> {
        let guarded = |clauses: &BTreeMap<usize, Option<CellSet>>| clauses.values().flatten().count();
        let mut best: Vec<_> =
            self.variables.iter().map(|(number, clauses)| (guarded(clauses), *number, clauses)).collect();
        best.retain(|(guarded, _, _)| *guarded > 0);
        best.sort_by_key(|(guarded, number, _)| (std::cmp::Reverse(*guarded), *number));
        best.truncate(INDEXED);
        best.into_iter()
            .map(|(_, number, clauses)| {
                let mut indexed = self.indexed(number, clauses, count);
                if let Some(variable) = variables.get(number as usize) {
                    indexed.anywhere = indexed.of_cells(&variable.domain);
                }
                indexed
            })
            .collect()
    }

    fn indexed(&self, variable: u32, clauses: &BTreeMap<usize, Option<CellSet>>, count: usize) -> IndexedVariable {
        let cells = self.cells.get(&variable).map_or(0, |last| *last as usize + 1);
        let none = ClauseSet::none(count);
        let mut indexed =
            IndexedVariable { variable, by_cell: vec![none.clone(); cells], anywhere: none.clone(), always: none };
        for clause in 0..count {
            match clauses.get(&clause) {
                Some(Some(guard)) => {
                    for cell in guard.cells() {
                        if let Some(set) = indexed.by_cell.get_mut(cell as usize) {
                            set.insert(clause);
                        }
                    }
                }
                _ => indexed.always.insert(clause),
            }
        }
        indexed.by_cell.iter_mut().for_each(|set| set.unite(&indexed.always));
        indexed
    }
}

fn union(left: &CellSet, right: &CellSet) -> CellSet {
    let mut cells: Vec<u32> = left.cells().chain(right.cells()).collect();
    cells.sort_unstable();
    let mut set = CellSet::empty();
    cells.into_iter().for_each(|cell| set.push(cell, cell));
    set
}
