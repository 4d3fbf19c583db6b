//! How findings make a ruling.

use super::*;

pub(super) fn compose(model: &Model, outcome: &mut Outcome) {
    let clause_of = |finding: &Finding| model.clauses.iter().find(|clause| clause.id == finding.clause);
    let (mut refused, mut incomplete, mut decision, mut covered) = (false, false, false, false);
    let mut missing = BTreeSet::new();
    for finding in &outcome.findings {
        let Some(clause) = clause_of(finding) else { continue };
        let force = clause.force();
        if !force.decides() {
            continue;
        }
        match finding.status {
            Status::Violated if matches!(force, Force::Must | Force::MustNot) => refused = true,
            Status::Violated | Status::Discretion => decision = true,
            Status::Undetermined => {
                incomplete = true;
                missing.extend(finding.missing.iter().cloned());
            }
            Status::NotApplicable | Status::Satisfied => {}
        }
        covered |= finding.status != Status::NotApplicable && !clause.general;
    }
    outcome.ruling = match () {
        () if refused => Verdict::Refused,
        () if incomplete => Verdict::Incomplete,
        () if decision => Verdict::ForDecision,
        () if !covered => Verdict::NotCovered,
        () => Verdict::Admissible,
    };
    if outcome.ruling == Verdict::Incomplete {
        outcome.missing = missing;
    }
}

pub(super) fn same_region(model: &Model, facts: &CaseFacts) -> bool {
    let plan = model.plan.as_ref().and_then(|plan| plan.region.as_deref());
    let field = model.vocabulary.field_named("region");
    let case = field.and_then(|field| facts.get(field)).and_then(|fact| match &fact.value {
        FactValue::Texts(texts) => texts.first().cloned(),
        _ => None,
    });
    let (Some(plan), Some(case)) = (plan, case) else { return true };
    let (plan, case) = (plan.trim(), case.trim());
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short)
            .is_some_and(|above| above.is_empty() || above.ends_with(['省', '市', '区', '县', '州', '盟', '旗']))
    };
    ends(plan, case) || ends(case, plan)
}
