//! What one clause comes to over all completions.

use super::*;

pub(super) fn finding(model: &Model, facts: &CaseFacts, clause: &Clause) -> Reached {
    let mut own = Vec::new();
    tests_of_clause(model, clause, &mut Vec::new(), &mut own);
    let own_slots: BTreeSet<Slot> = own.iter().flat_map(|test| slots(facts, model, test)).collect();
    let (tied, tests) = tie(model, facts, own.clone());
    let mut read = own_slots;
    let staged = clause.body.stage.and_then(|_| stage_field(&model.vocabulary));
    read.extend(staged.map(Slot::Field));
    let mut reached: Vec<(World, Option<Status>)> = Vec::new();
    let mut missing_names: BTreeMap<Slot, BTreeSet<(String, MissingKind)>> = BTreeMap::new();
    let mut by_basis: BTreeSet<BTreeSet<Status>> = BTreeSet::new();
    for case_basis in case_bases(model, facts, &tests) {
        let mut ground = Ground {
            model,
            facts,
            tests: tests.clone(),
            constraints: tied.clone(),
            case_basis,
            stage: staged.is_some(),
            groups: Vec::new(),
            tables: tables(model, facts, &tests),
        };
        ground.groups = ground.channel_groups();
        if case_basis.is_some() {
            read.extend(mineral_field(&model.vocabulary).map(|(field, _)| Slot::Field(field)));
        }
        let Some(worlds) = ground.worlds(&read) else { return Reached::TooMany };
        let mut here = BTreeSet::new();
        for world in worlds {
            let status = ground.clause_status(clause, &world);
            here.insert(merged(status.unwrap_or(Status::NotApplicable)));
            reached.push((world, status));
        }
        by_basis.insert(here);
        for slot in &read {
            missing_names.entry(slot.clone()).or_default().extend(ground.names(slot));
        }
    }
    let (later, now): (Vec<_>, Vec<_>) = reached.iter().partition(|(_, status)| status.is_none());
    if !later.is_empty() && now.iter().all(|(_, status)| *status == Some(Status::NotApplicable)) {
        return Reached::LaterDuty;
    }
    let statuses: Vec<(World, Status)> =
        reached.into_iter().map(|(world, status)| (world, status.unwrap_or(Status::NotApplicable))).collect();
    let mut finding = settle(clause, &statuses, &missing_names);
    // Amounts of two default bases are not the same unknown, so the mineral that tells the basis is looked at as a whole.
    if finding.status == Status::Undetermined && by_basis.len() > 1 {
        let mineral = mineral_field(&model.vocabulary).and_then(|(field, _)| model.vocabulary.field(field));
        finding.missing.extend(mineral.map(|field| (field.name.key().to_owned(), MissingKind::Fact)));
    }
    Reached::Finding(finding)
}

/// For what is missing, satisfied and not applicable are one.
pub(super) fn merged(status: Status) -> Status {
    if status == Status::NotApplicable { Status::Satisfied } else { status }
}

/// Section 8: from the statuses of all completions to the clause's.
pub(super) fn settle(
    clause: &Clause,
    reached: &[(World, Status)],
    names: &BTreeMap<Slot, BTreeSet<(String, MissingKind)>>,
) -> Finding {
    let possible: BTreeSet<Status> = reached.iter().map(|(_, status)| *status).collect();
    let only = if possible.len() == 1 { possible.first().copied() } else { None };
    let harmless = possible.iter().all(|status| matches!(status, Status::NotApplicable | Status::Satisfied));
    let status = match only {
        Some(status) => status,
        None if harmless => Status::Satisfied,
        None => Status::Undetermined,
    };
    let applies = match possible.contains(&Status::NotApplicable) {
        true if only.is_some() => Applies::No,
        true => Applies::Unknown,
        false => Applies::Yes,
    };
    let missing = match status {
        Status::Undetermined => {
            let slots = deciding(reached);
            slots.iter().flat_map(|slot| names.get(slot).cloned().unwrap_or_default()).collect()
        }
        _ => BTreeSet::new(),
    };
    Finding { clause: clause.id.clone(), status, possible, applies, missing }
}

/// The slots in which alone two completions of different status differ; where no two differ in one alone, those of the
/// pairs that differ in fewest.
pub(super) fn deciding(reached: &[(World, Status)]) -> BTreeSet<Slot> {
    let Some((first, _)) = reached.first() else { return BTreeSet::new() };
    let slots: Vec<&Slot> = first.keys().collect();
    // Values by number, so that completions are compared cheaply.
    let mut numbers: Vec<HashMap<String, usize>> = vec![HashMap::new(); slots.len()];
    let mut rows: Vec<(Vec<usize>, Status)> = Vec::with_capacity(reached.len());
    for (world, status) in reached {
        let of_slot = slots.iter().zip(&mut numbers).map(|(slot, seen)| {
            let next = seen.len();
            *seen.entry(format!("{:?}", world.get(*slot))).or_insert(next)
        });
        rows.push((of_slot.collect(), merged(*status)));
    }
    for size in 1..=slots.len() {
        let mut found = BTreeSet::new();
        for aside in choices(slots.len(), size) {
            let mut seen: HashMap<Vec<usize>, Status> = HashMap::new();
            let rest = |row: &[usize]| -> Vec<usize> {
                row.iter().enumerate().filter(|(index, _)| !aside.contains(index)).map(|(_, value)| *value).collect()
            };
            if rows.iter().any(|(row, status)| *seen.entry(rest(row)).or_insert(*status) != *status) {
                found.extend(aside.iter().filter_map(|index| slots.get(*index)).map(|slot| (*slot).clone()));
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    BTreeSet::new()
}

/// Every choice of so many of the first numbers.
pub(super) fn choices(count: usize, size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let shorter = choices(count, size - 1).into_iter();
    shorter
        .flat_map(|choice| {
            let next = choice.last().map_or(0, |last| last + 1);
            (next..count).map(move |number| choice.iter().copied().chain([number]).collect())
        })
        .collect()
}

/// The constraints that touch what the tests read, and so on, with their tests added.
pub(super) fn tie<'a>(
    model: &'a Model,
    facts: &CaseFacts,
    mut tests: Vec<&'a TestKind>,
) -> (Vec<(&'a Condition, &'a Condition)>, Vec<&'a TestKind>) {
    let mut tied: Vec<usize> = Vec::new();
    loop {
        let read: BTreeSet<Slot> = tests.iter().flat_map(|test| slots(facts, model, test)).collect();
        let before = tied.len();
        for (index, (when, then, _)) in model.vocabulary.constraints.iter().enumerate() {
            let mut asked = Vec::new();
            tests_of(when, &mut asked);
            tests_of(then, &mut asked);
            let touches = asked.iter().flat_map(|test| slots(facts, model, test)).any(|slot| read.contains(&slot));
            if touches && !tied.contains(&index) {
                tied.push(index);
                tests.extend(asked);
            }
        }
        if tied.len() == before {
            break;
        }
    }
    let all = &model.vocabulary.constraints;
    let tied = tied.iter().filter_map(|index| all.get(*index)).map(|(when, then, _)| (when, then)).collect();
    (tied, tests)
}

/// Whether no completion at all keeps a constraint and those tied to it.
pub(super) fn contradicts(model: &Model, facts: &CaseFacts, number: usize) -> bool {
    let Some((when, then, _)) = model.vocabulary.constraints.get(number) else { return false };
    let mut tests = Vec::new();
    tests_of(when, &mut tests);
    tests_of(then, &mut tests);
    let (constraints, tests) = tie(model, facts, tests);
    let tables = Vec::new();
    let mut ground =
        Ground { model, facts, tests, constraints, case_basis: None, stage: false, groups: Vec::new(), tables };
    ground.groups = ground.channel_groups();
    ground.worlds(&BTreeSet::new()).is_some_and(|worlds| worlds.is_empty())
}

/// The tests of a clause, and of those that prevail over it: where one of them applies, this one does not.
pub(super) fn tests_of_clause<'a>(
    model: &'a Model,
    clause: &'a Clause,
    above: &mut Vec<&'a str>,
    found: &mut Vec<&'a TestKind>,
) {
    if above.contains(&clause.id.as_str()) {
        return;
    }
    above.push(&clause.id);
    tests_of_body(&clause.body, found);
    for other in prevailing(model, clause) {
        tests_of_clause(model, other, above, found);
    }
    above.pop();
}

/// The clauses that prevail over one.
pub(super) fn prevailing<'a>(model: &'a Model, clause: &Clause) -> Vec<&'a Clause> {
    let above = model.clauses.iter().filter(|other| other.subject() != Subject::Registry);
    above.filter(|other| other.prevails_over.contains(&clause.id)).collect()
}

pub(super) fn tests_of_body<'a>(body: &'a Body, found: &mut Vec<&'a TestKind>) {
    tests_of(&body.applies, found);
    for part in &body.parts {
        tests_of(&part.selector, found);
        tests_of(&part.requirement, found);
    }
    tests_of_exceptions(&body.exceptions, found);
}

pub(super) fn tests_of_exceptions<'a>(exceptions: &'a [Exception], found: &mut Vec<&'a TestKind>) {
    for exception in exceptions {
        tests_of(&exception.ground, found);
        tests_of_exceptions(&exception.exceptions, found);
    }
}

pub(super) fn tests_of<'a>(condition: &'a Condition, found: &mut Vec<&'a TestKind>) {
    match condition {
        Condition::Always | Condition::Never => {}
        Condition::Test(test) => found.push(&test.kind),
        Condition::All(list) | Condition::Any(list) => list.iter().for_each(|inner| tests_of(inner, found)),
        Condition::Not(inner) => tests_of(inner, found),
    }
}

/// What a test reads. A finding or document that is not known and read by rule reads nothing.
pub(super) fn slots(facts: &CaseFacts, model: &Model, test: &TestKind) -> Vec<Slot> {
    match test {
        TestKind::Member { field, .. }
        | TestKind::Amount { field, .. }
        | TestKind::Day { field, .. }
        | TestKind::Flag { field }
        | TestKind::Absent { field } => vec![Slot::Field(*field)],
        TestKind::Fields { left, right, .. } => vec![Slot::Field(*left), Slot::Field(*right)],
        TestKind::Count { field, .. } => vec![Slot::Count(*field)],
        TestKind::Distance { field, feature, .. } => vec![Slot::Distance(*field, *feature)],
        TestKind::Document { field, document, about, mode } => {
            match document_says(model, facts, (*field, *document), about) {
                None if *mode != AttestationMode::Required => Vec::new(),
                _ => vec![Slot::Document(*field, *document)],
            }
        }
        TestKind::Attestation { name, mode } => match attestation_known(model, facts, *name) {
            None if !matches!(mode, AttestationMode::Required | AttestationMode::Applicant) => Vec::new(),
            _ => vec![Slot::Attestation(*name)],
        },
        TestKind::Parameter { name, .. } => vec![Slot::Parameter(name.clone())],
    }
}
