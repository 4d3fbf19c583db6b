//! `adit coverage` and `adit audit`: the plan accounted for, and its printed sums.

use adit::diagnostic::Language;
use adit::model::Citation;
use adit::report::{self, ReportOptions};
use serde_json::json;

use crate::arguments::{Arguments, Format};
use crate::commands::{FOUND, GOOD, UNUSABLE, rulebook, with_warnings};
use crate::output::Output;
use crate::words::Say;

/// `adit coverage`
pub(crate) fn coverage(arguments: &Arguments, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    let model = rulebook.model();
    let coverage = model.coverage();
    let figures: Vec<&str> = model.figures.iter().map(|figure| figure.id.as_str()).collect();
    let quoted = |citation: &Citation| citation.quote.as_ref().map_or(0, |quote| quote.chars().count());
    let cited: usize = model.citations().map(|(_, citation)| quoted(citation)).sum();
    let found = !coverage.missing.is_empty();
    let locked = crate::cite::locked_share(arguments);
    if arguments.format == Some(Format::Json) {
        let plan = model.plan.as_ref().map(|plan| plan.id.as_str());
        let advisory: Vec<&str> = coverage.advisory.iter().map(|(id, _)| id.as_str()).collect();
        let reasons: serde_json::Map<String, serde_json::Value> =
            coverage.advisory.iter().map(|(id, reason)| (id.clone(), json!(reason))).collect();
        let result = json!({
            "plan": plan, "encoded": coverage.encoded, "further": coverage.further, "advisory": advisory, "reasons": reasons, "figures": figures,
            "missing": coverage.missing, "cited_characters": cited,
            "share": locked.map(|(cited, characters)| json!({"cited": cited, "characters": characters})),
        });
        output.print(&format!("{result:#}\n"));
    } else {
        if let Some(plan) = &model.plan {
            output.print(&format!("{}\n\n", plan.title));
        }
        let language = output.language();
        listed(output, Say::Encoded.text(language), &coverage.encoded);
        output.print(&format!("{}  {}\n", Say::Advisory.text(language), coverage.advisory.len()));
        for (id, reason) in &coverage.advisory {
            output.print(&format!("  {id}  {reason}\n"));
        }
        listed(output, Say::Missing.text(language), &coverage.missing);
        if !coverage.further.is_empty() {
            listed(output, Say::FurtherItems.text(language), &coverage.further);
        }
        output.print(&match (locked, language) {
            (Some((cited, all)), Language::Chinese) => {
                format!("引用规划原文 {cited}/{all} 字（{}）\n", crate::cite::share(cited, all))
            }
            (Some((cited, all)), Language::English) => {
                format!("{cited} of {all} characters of the plan cited ({})\n", crate::cite::share(cited, all))
            }
            (None, Language::Chinese) => format!("引文 {cited} 字；用 adit cite 对过原文，才知道占原文多少\n"),
            (None, Language::English) => {
                format!("{cited} characters quoted; `adit cite` tells which share of the plan that is\n")
            }
        });
    }
    if found { FOUND } else { with_warnings(GOOD, &rulebook, arguments) }
}

fn listed(output: &mut Output, head: &str, ids: &[String]) {
    output.print(&format!("{head}  {}\n", ids.len()));
    if !ids.is_empty() {
        output.print(&format!("  {}\n", ids.join(" ")));
    }
}

/// `adit audit`
pub(crate) fn audit(arguments: &Arguments, all: bool, output: &mut Output) -> u8 {
    let Some(rulebook) = rulebook(arguments, output) else { return UNUSABLE };
    let text = match arguments.format {
        Some(Format::Json) => report::audit_json(rulebook.model()) + "\n",
        _ => report::audit(rulebook.model(), &rulebook, ReportOptions { all, ..output.options }),
    };
    output.print(&text);
    let fails = report::reckonings(rulebook.model()).any(|sum| !sum.holds);
    if fails { FOUND } else { with_warnings(GOOD, &rulebook, arguments) }
}
