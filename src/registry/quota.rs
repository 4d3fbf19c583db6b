//! What one application does to each indicator.

use crate::facts::CaseFacts;
use crate::model::{Attribute, Checked};
use crate::registry::assess::{Assessing, distance, stands, target};
use crate::registry::members::{Records, RegistryFault, after};
use crate::registry::result::{IndicatorStatus, Quota};

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
        let (was, is) = (assessing.valued(body, old, None), assessing.valued(body, new, None));
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
