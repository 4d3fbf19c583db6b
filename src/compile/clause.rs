//! One clause, in one choice of readings, as a diagram.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AttestationMode, Body, Clause, Exception, FieldKind, Force, LeafSet, Model, Subject, Vocabulary};
use crate::program::{CellSet, Diagram, Group, Key, Level, Node, Outcome, Pool, Question, Target, Variable};

use super::builder::{Builder, Join, TooLarge};
use super::constraint::Rule;
use super::formula::{Formula, Tests, Translator};
use super::variables::stage_field;

/// Which other reading each clause is taken in; a clause that is not named is taken as the plan takes it.
pub(crate) type Readings = BTreeMap<usize, usize>;

/// What a clause says in a choice of readings.
#[must_use]
pub(crate) fn body_of<'a>(clause: &'a Clause, number: usize, readings: &Readings) -> &'a Body {
    let other = readings.get(&number).and_then(|reading| reading.checked_sub(1));
    other.and_then(|index| clause.other_readings.get(index)).map_or(&clause.body, |reading| &reading.body)
}

/// For each clause the clauses that prevail over it.
pub(super) fn prevailing(model: &Model) -> Vec<Vec<usize>> {
    let ids: BTreeMap<&str, usize> =
        model.clauses.iter().enumerate().map(|(number, clause)| (clause.id.as_str(), number)).collect();
    let mut over = vec![Vec::new(); model.clauses.len()];
    for (number, clause) in model.clauses.iter().enumerate().filter(|(_, clause)| clause.subject() != Subject::Registry)
    {
        for id in &clause.prevails_over {
            if let Some(list) = ids.get(id.as_str()).and_then(|below| over.get_mut(*below)) {
                list.push(number);
            }
        }
    }
    over
}

/// A clause as formulas.
pub(super) struct Clausal {
    /// The cases it speaks of, exceptions aside.
    pub(super) reach: Formula,
    /// Where an exception fires.
    fires: Formula,
    parts: Vec<(Formula, Formula, Force)>,
    stage: Option<Formula>,
}

/// Turns clauses into formulas.
pub(super) struct Assembler<'a> {
    pub(super) model: &'a Model,
    pub(super) prevailed_by: &'a [Vec<usize>],
    pub(super) translator: Translator<'a>,
}

impl Assembler<'_> {
    /// A clause in a choice of readings.
    pub(super) fn clause(&self, number: usize, readings: &Readings) -> Option<Clausal> {
        let clause = self.model.clauses.get(number)?;
        let body = body_of(clause, number, readings);
        let applies = self.translator.condition(&body.applies);
        let mut parts = Vec::with_capacity(body.parts.len());
        let mut selectors = Vec::with_capacity(body.parts.len());
        for part in &body.parts {
            let selector = self.translator.condition(&part.selector);
            selectors.push(selector.clone());
            let reach = Formula::All(vec![applies.clone(), selector]);
            parts.push((reach, self.translator.condition(&part.requirement), part.force));
        }
        Some(Clausal {
            reach: Formula::All(vec![applies, Formula::Any(selectors)]),
            fires: self.fires(number, readings, &mut BTreeSet::from([number])),
            parts,
            stage: body.stage.and_then(|stage| self.stage(stage)),
        })
    }

    /// Where an exception of a clause fires, or a clause that prevails over it applies.
    fn fires(&self, number: usize, readings: &Readings, above: &mut BTreeSet<usize>) -> Formula {
        let Some(clause) = self.model.clauses.get(number) else { return Formula::Constant(Outcome::False) };
        let body = body_of(clause, number, readings);
        let mut any: Vec<Formula> = body.exceptions.iter().map(|exception| self.exception(exception)).collect();
        for other in self.prevailed_by.get(number).into_iter().flatten() {
            let Some(prevailing) = self.model.clauses.get(*other) else { continue };
            if !above.insert(*other) {
                continue;
            }
            let body = body_of(prevailing, *other, readings);
            let selectors = body.parts.iter().map(|part| self.translator.condition(&part.selector)).collect();
            let applies = self.translator.condition(&body.applies);
            let silent = Formula::Not(Box::new(self.fires(*other, readings, above)));
            any.push(Formula::All(vec![applies, Formula::Any(selectors), silent]));
            above.remove(other);
        }
        Formula::Any(any)
    }

    fn exception(&self, exception: &Exception) -> Formula {
        let inner = exception.exceptions.iter().map(|inner| self.exception(inner)).collect();
        let ground = self.translator.condition(&exception.ground);
        Formula::All(vec![ground, Formula::Not(Box::new(Formula::Any(inner)))])
    }

    /// "The case has come to this stage"; a case whose stage nothing tells has come to every stage.
    fn stage(&self, stage: usize) -> Option<Formula> {
        let (field, many) = stage_field(self.translator.vocabulary)?;
        let key = if many { Key::Members(field) } else { Key::Member(field) };
        let (number, _) = self.translator.variable(&key)?;
        let leaves = leaves_from(self.translator.vocabulary, field, stage)?;
        Some(Formula::atom(number, CellSet::of_leaves(&leaves)))
    }
}

/// The leaves that put a case at a stage or past it.
pub(crate) fn leaves_from(vocabulary: &Vocabulary, field: crate::model::FieldId, stage: usize) -> Option<LeafSet> {
    let FieldKind::Member(enumeration) = vocabulary.field(field)?.kind else { return None };
    let enumeration = vocabulary.enumeration(enumeration)?;
    let mut leaves = LeafSet::empty();
    for leaf in 0..enumeration.leaf_count {
        let mut best: Option<(usize, usize)> = None;
        for (member, at) in &enumeration.stages {
            let Some(member) = enumeration.members.get(member.0 as usize) else { continue };
            let size = member.leaves.len();
            if member.leaves.contains(leaf) && best.is_none_or(|(smallest, _)| size < smallest) {
                best = Some((size, *at));
            }
        }
        if best.is_none_or(|(_, at)| at >= stage) {
            leaves.insert(leaf);
        }
    }
    Some(leaves)
}

impl Clausal {
    /// Adds its variables in the order in which its author asks them: what stands together in the text is best asked
    /// together.
    pub(super) fn order(&self, order: &mut Vec<u32>) {
        for (reach, requirement, _) in &self.parts {
            reach.order(order);
            requirement.order(order);
        }
        self.reach.order(order);
        self.fires.order(order);
        if let Some(stage) = &self.stage {
            stage.order(order);
        }
    }

    /// Adds the tests of all that it says.
    pub(super) fn tests(&self, tests: &mut Tests) {
        self.reach.tests(tests);
        for (_, requirement, _) in &self.parts {
            requirement.tests(tests);
        }
        self.fires.tests(tests);
        if let Some(stage) = &self.stage {
            stage.tests(tests);
        }
    }

    /// Its diagram, with the rules that tie its variables; true where some path of it is impossible.
    pub(super) fn build(
        &self,
        builder: &mut Builder,
        rules: &[&Rule],
        own: &Tests,
    ) -> Result<(Target, bool), TooLarge> {
        let fires = builder.formula(&self.fires)?;
        let silent = builder.join(Join::Not, fires, Target::outcome(Outcome::False))?;
        let mut total = Target::outcome(Outcome::NotApplicable);
        for (reach, requirement, force) in self.parts.iter().rev() {
            let reach = builder.formula(reach)?;
            let applies = builder.join(Join::And, reach, silent)?;
            let holds = builder.formula(requirement)?;
            let (missed, judged) = misses(*force);
            let part = builder.join(Join::Part { missed, judged }, applies, holds)?;
            total = builder.join(Join::Worst, part, total)?;
        }
        if let Some(stage) = &self.stage {
            let come = builder.formula(stage)?;
            total = builder.join(Join::Stage, come, total)?;
        }
        let mut may = Target::outcome(Outcome::True);
        for rule in rules {
            let stands = builder.formula(&rule.formula)?;
            may = builder.join(Join::And, stands, may)?;
        }
        may = builder.forget(may, |variable| !own.contains_key(&variable))?;
        Ok((builder.join(Join::Constrain, may, total)?, may != Target::outcome(Outcome::True)))
    }
}

/// What a miss of this force comes to, and what a matter of judgement.
const fn misses(force: Force) -> (Outcome, Outcome) {
    match force {
        Force::Must | Force::MustNot => (Outcome::Violated, Outcome::Discretion),
        Force::Restricted => (Outcome::Discretion, Outcome::Discretion),
        Force::InPrinciple => (Outcome::PrincipleViolated, Outcome::Discretion),
        Force::Should | Force::Expected | Force::Encouraged | Force::Permitted => {
            (Outcome::WeakViolated, Outcome::WeakDiscretion)
        }
    }
}

/// The pools while diagrams are added to them.
#[derive(Debug, Default)]
pub(super) struct Pools {
    pub(super) pool: Pool,
    levels: BTreeMap<Level, u32>,
}

impl Pools {
    /// Adds what a root reaches to the pools.
    pub(super) fn add(
        &mut self,
        builder: &Builder,
        root: Target,
        constrained: bool,
        variables: &[Variable],
    ) -> Diagram {
        let first = self.pool.nodes.len();
        let mut images: BTreeMap<Target, Target> = BTreeMap::new();
        let mut diagram =
            Diagram { root, first, variables: Vec::new(), read: Vec::new(), groups: Vec::new(), constrained };
        let reached = builder.reached(root);
        let mut asked: BTreeSet<usize> = BTreeSet::new();
        for number in reached {
            let target = Target::node(number);
            let Some((level, edges)) = builder.node(target) else { continue };
            let Some(found) = builder.levels.get(level) else { continue };
            asked.insert(level);
            let start = u32::try_from(self.pool.edges.len()).unwrap_or(u32::MAX);
            let image = |edge: &Target| images.get(edge).copied().unwrap_or(*edge);
            self.pool.edges.extend(edges.iter().map(image));
            let level = self.level(found);
            images.insert(target, Target::node(self.pool.nodes.len()));
            self.pool.nodes.push(Node { level, edges: start });
        }
        diagram.root = images.get(&root).copied().unwrap_or(root);
        for level in asked {
            let Some(found) = builder.levels.get(level) else { continue };
            self.ask(&mut diagram, found, variables);
        }
        diagram
    }

    fn ask(&mut self, diagram: &mut Diagram, level: &Level, variables: &[Variable]) {
        let number = self.level(level);
        let variable = variables.get(level.variable as usize);
        if diagram.variables.last() != Some(&level.variable) {
            diagram.variables.push(level.variable);
            let mode = variable.and_then(|variable| variable.key.mode());
            diagram.read.extend(mode.filter(|mode| *mode != AttestationMode::Required).map(|_| level.variable));
        }
        if !variables.get(level.variable as usize).is_some_and(Variable::is_list) {
            return;
        }
        match diagram.groups.last_mut().filter(|group| group.variable == level.variable) {
            Some(group) => group.levels.push(number),
            None => diagram.groups.push(Group { variable: level.variable, levels: vec![number] }),
        }
    }

    fn level(&mut self, level: &Level) -> u32 {
        if let Some(number) = self.levels.get(level) {
            return *number;
        }
        let number = u32::try_from(self.pool.levels.len()).unwrap_or(u32::MAX);
        self.levels.insert(level.clone(), number);
        self.pool.levels.push(level.clone());
        number
    }
}

/// The cells of an enumerated variable that a clause needs; `None` where it speaks whatever the variable holds.
pub(super) fn guard(builder: &Builder, reach: Target, variable: u32, last: u32) -> Option<CellSet> {
    let mut best: Option<CellSet> = None;
    let levels = builder.levels.iter().enumerate().filter(|(_, level)| level.variable == variable);
    for (index, level) in levels {
        let cells = match &level.question {
            Question::Meets(leaves) => {
                if !builder.false_where(reach, index, 0) {
                    continue;
                }
                CellSet::of_leaves(leaves)
            }
            Question::Class(classes) => {
                let shut: Vec<bool> =
                    (0..classes.count()).map(|class| builder.false_where(reach, index, class)).collect();
                if !shut.contains(&true) {
                    continue;
                }
                let mut cells = CellSet::empty();
                let open = |class: usize| !shut.get(class).copied().unwrap_or(false);
                let runs = classes.runs(last).filter(|(_, _, class)| open(*class));
                runs.for_each(|(first, last, _)| cells.push(first, last));
                cells
            }
        };
        if best.as_ref().is_none_or(|old| cells.cells().count() < old.cells().count()) {
            best = Some(cells);
        }
    }
    best
}
