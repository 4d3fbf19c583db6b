//! What one application does to each indicator.

use crate::facts::CaseFacts;
use crate::model::{Attribute, Checked, FieldId, Measure, Model};
use crate::registry::assess::{Assessing, distance, shown, stands, target, values_in};
use crate::registry::members::{Records, RegistryFault, after, record_of};
use crate::registry::result::{IndicatorStatus, Quota};
use crate::registry::tally::{Hull, Tally};

/// The values of a field that the mine of an application has after it; `None` where they are not known.
fn own_values(model: &Model, then: &Records<'_>, application: &CaseFacts, field: FieldId) -> Option<Vec<String>> {
    let own = record_of(model, then, application)?;
    values_in(model, own, field).ok()
}

/// The most that are counted of those that share one of these values.
fn most_of(tally: Option<&Tally>, values: &[String]) -> Option<Hull> {
    let count = tally?.per_value();
    values.iter().map(|value| count(value)).reduce(Hull::larger)
}

/// The indicators that an application moves, before and after it.
///
/// # Errors
/// The application does not fit the registry.
pub fn quotas(
    assessing: &Assessing<'_>,
    registry: &Records<'_>,
    application: &CaseFacts,
) -> Result<Vec<Quota>, RegistryFault> {
    let model = assessing.model;
    let then = after(model, registry, application)?;
    let (before, afterwards) = (assessing.tallies(registry), assessing.tallies(&then));
    let mut moved = Vec::new();
    for (number, indicator) in model.indicators.iter().enumerate() {
        let body = assessing.body(indicator).1;
        let (old, new) = (before.get(number), afterwards.get(number));
        if old == new {
            continue;
        }
        // Another mine outside the sets that an indicator counts does not move it.
        let (mut was, mut is) = (assessing.valued(body, old, None), assessing.valued(body, new, None));
        if let (Measure::MostPer { field, .. }, Checked::EachCase) = (&body.measure, body.checked)
            && let Some(own) = own_values(model, &then, application, *field)
        {
            // A gate for each case looks at the groups that the case is in, not at all others.
            for (valued, tally) in [(&mut was, old), (&mut is, new)] {
                valued.hull = most_of(tally, &own);
                valued.value = valued.hull.as_ref().map(|hull| shown(body, hull, None));
            }
        }
        if was.hull == is.hull && was.places == is.places {
            continue;
        }
        let status = match stands(body, &is) {
            Some(true) => IndicatorStatus::Met,
            Some(false) if body.checked == Checked::EachCase => IndicatorStatus::Missed,
            Some(false) => IndicatorStatus::NotDue,
            None => IndicatorStatus::Unknown,
        };
        let (distance, room) = distance(body, &is);
        let cited = indicator.citations.first();
        moved.push(Quota {
            indicator: indicator.id.clone(),
            title: indicator.title.clone(),
            before: was.value,
            after: is.value,
            target: target(body),
            status,
            distance,
            room,
            gate: body.checked == Checked::EachCase
                && body.attribute != Some(Attribute::Expected)
                && body.force.decides(),
            force: body.force,
            attribute: body.attribute.map(Attribute::code),
            missing: if status == IndicatorStatus::Unknown { is.missing } else { Vec::new() },
            section: cited.map(|citation| citation.section.clone()).unwrap_or_default(),
            quote: cited.and_then(|citation| citation.quote.clone()),
        });
    }
    Ok(moved)
}
