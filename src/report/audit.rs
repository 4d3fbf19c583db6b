//! The plan's printed sums, worked out again.

use serde::Serialize;

use crate::diagnostic::Language;
use crate::model::{Model, Reckoning};
use crate::quantity::Number;
use crate::report::paint::{Painter, Style};
use crate::report::places::places;
use crate::report::sources::Sources;
use crate::report::words::Word;
use crate::report::{ReportOptions, layout::clean};

/// One sum as programs read it.
#[derive(Serialize)]
struct Written<'a> {
    id: &'a str,
    text: &'a str,
    left: Option<String>,
    right: Option<String>,
    /// What is measured, where that cannot be compared, or on one side not added.
    #[serde(skip_serializing_if = "Option::is_none")]
    unlike: Option<[String; 2]>,
    holds: bool,
    reads: Vec<(&'a str, String)>,
}

/// Every sum that the rules work out, in the order of the files.
pub fn reckonings(model: &Model) -> impl Iterator<Item = &Reckoning> {
    model.figures.iter().flat_map(|figure| &figure.reckonings).chain(&model.reckonings)
}

/// The sums of a plan for a terminal: those that do not come out with the arithmetic and every place they read, then how
/// many there are. With `all` also those that do.
#[must_use]
pub fn audit(model: &Model, sources: &dyn Sources, options: ReportOptions) -> String {
    let painter = Painter { colour: options.colour };
    let mut sums: Vec<&Reckoning> = reckonings(model).collect();
    sums.sort_by_key(|sum| (sum.holds, sum.span));
    let mut text = String::new();
    if let Some(plan) = &model.plan {
        text.push_str(&format!("{}\n\n", clean(&plan.title)));
    }
    for sum in sums.iter().filter(|sum| options.all || !sum.holds) {
        let (sign, style) = if sum.holds { ("✓", Style::Good) } else { ("×", Style::Bad) };
        let worked = if sum.holds { String::new() } else { worked(model, sum, options.language) };
        text.push_str(&format!("{} {} {}{worked}\n", painter.paint(style, sign), sum.id, clean(&sum.text)));
        if !sum.holds {
            let mut marks = vec![(sum.span, Word::ReckonedHere.text(options.language).to_owned())];
            for (id, value) in &sum.reads {
                if let Some(span) = model.item_span(id) {
                    let mark = (span, format!("{} {}", Word::PrintedHere.text(options.language), shown(value)));
                    if !marks.contains(&mark) {
                        marks.push(mark);
                    }
                }
            }
            text.push_str(&places(&marks, sources, options));
            text.push('\n');
        }
    }
    let failing = sums.iter().filter(|sum| !sum.holds).count();
    text.push_str(&match options.language {
        Language::Chinese => format!("核对 {} 处，相符 {} 处，不符 {failing} 处\n", sums.len(), sums.len() - failing),
        Language::English => {
            format!("{} sums checked, {} come out, {failing} do not\n", sums.len(), sums.len() - failing)
        }
    });
    text
}

/// The sums of a plan as JSON.
#[must_use]
pub fn audit_json(model: &Model) -> String {
    let sums: Vec<Written<'_>> = reckonings(model)
        .map(|sum| Written {
            id: &sum.id,
            text: &sum.text,
            left: sum.sides.as_ref().map(|(left, _)| left.to_string()),
            right: sum.sides.as_ref().map(|(_, right)| right.to_string()),
            unlike: sum
                .unlike
                .map(|unlike| unlike.dimensions.map(|measured| model.vocabulary.dimension_text(measured, false))),
            holds: sum.holds,
            reads: sum.reads.iter().map(|(id, value)| (id.as_str(), value.to_string())).collect(),
        })
        .collect();
    let plan = model.plan.as_ref().map(|plan| plan.id.as_str());
    serde_json::to_string_pretty(&serde_json::json!({"plan": plan, "reckonings": sums})).unwrap_or_default()
}

/// What each side comes to, and by how much they differ; of unlike units there is no difference to tell.
fn worked(model: &Model, sum: &Reckoning, language: Language) -> String {
    let text = |measured| model.vocabulary.dimension_text(measured, language == Language::Chinese);
    let Some((left, right)) = &sum.sides else {
        let [one, other] = sum.unlike.map(|unlike| unlike.dimensions.map(text)).unwrap_or_default();
        return match language {
            Language::Chinese => format!("：{one}与{other}，不能相加"),
            Language::English => format!(": {one} and {other} do not add"),
        };
    };
    if let Some([one, other]) = sum.unlike.map(|unlike| unlike.dimensions.map(text)) {
        let (left, right) = (shown(left), shown(right));
        return match language {
            Language::Chinese => format!("：左边 {left}（{one}），右边 {right}（{other}），量不同，不能比"),
            Language::English => {
                format!(": {left} ({one}) against {right} ({other}), unlike units that do not compare")
            }
        };
    }
    let apart = left.minus(right);
    let apart = if apart.is_negative() { Number::ZERO.minus(&apart) } else { apart };
    match language {
        Language::Chinese => format!("：左边 {}，右边 {}，相差 {}", shown(left), shown(right), shown(&apart)),
        Language::English => format!(": {} against {}, apart by {}", shown(left), shown(right), shown(&apart)),
    }
}

fn shown(number: &Number) -> String {
    let exact = number.to_string();
    if exact.contains('/') { format!("≈{}", number.rounded(4)) } else { exact }
}
