//! An assessment of a registry, and what one case does to its indicators.

use crate::diagnostic::Language;
use crate::registry::{Assessment, IndicatorStatus, IndicatorValue, MissingFact, Quota, Standing};
use crate::report::ReportOptions;
use crate::report::layout::{clean, padded, width, wrapped};
use crate::report::paint::{Painter, Style};
use crate::report::words::Word;

/// How many mines are named before the rest is only counted.
const MOST_NAMED: usize = 3;

/// The widest that a column is made.
const WIDEST: usize = 44;

/// The columns of an assessment.
const COLUMNS: usize = 5;

/// An assessment for a terminal: a row an indicator, aligned under Han characters.
#[must_use]
pub fn assessment(assessed: &Assessment, options: ReportOptions) -> String {
    let painter = Painter { colour: options.colour };
    let language = options.language;
    let mut text = head(assessed, language);
    text.push_str("\n\n");
    let heads =
        [Word::IndicatorColumn, Word::ValueColumn, Word::TargetColumn, Word::DistanceColumn, Word::StandingColumn];
    let rows: Vec<[String; COLUMNS]> = assessed.indicators.iter().map(|standing| row(standing, language)).collect();
    let mut widths = heads.map(|word| width(word.text(language)));
    for row in &rows {
        for (cell, most) in row.iter().zip(widths.iter_mut()) {
            *most = (*most).max(width(cell).min(WIDEST));
        }
    }
    let line = |cells: &[String]| {
        let parts: Vec<String> = cells.iter().zip(widths).map(|(cell, columns)| padded(cell, columns)).collect();
        parts.join("  ").trim_end().to_owned()
    };
    text.push_str(&painter.paint(Style::Second, &line(&heads.map(|word| word.text(language).to_owned()))));
    text.push('\n');
    for (standing, row) in assessed.indicators.iter().zip(&rows) {
        let style = match standing.status {
            IndicatorStatus::Met => Style::Good,
            IndicatorStatus::Missed => Style::Bad,
            IndicatorStatus::NotDue | IndicatorStatus::Unknown => Style::Care,
        };
        let written = line(row);
        let status = row.last().cloned().unwrap_or_default();
        let lead = written.strip_suffix(status.as_str()).unwrap_or(&written).to_owned();
        text.push_str(&lead);
        text.push_str(&painter.paint(style, &status));
        text.push('\n');
        for missing in missing_lines(standing, language) {
            for part in wrapped(&clean(&missing), options.width.saturating_sub(4)) {
                text.push_str(&format!("    {part}\n"));
            }
        }
    }
    text.push('\n');
    text.push_str(&counts(assessed, language));
    text.push('\n');
    text
}

/// An assessment as a table in Markdown.
#[must_use]
pub fn assessment_markdown(assessed: &Assessment, language: Language) -> String {
    let heads = [
        Word::IndicatorColumn,
        Word::ValueColumn,
        Word::TargetColumn,
        Word::DistanceColumn,
        Word::StandingColumn,
        Word::CitationColumn,
    ];
    let mut text = format!("# {}\n\n", head(assessed, language));
    text.push_str(&format!("| {} |\n", heads.map(|word| word.text(language)).join(" | ")));
    text.push_str(&format!("| {} |\n", heads.map(|_| "---").join(" | ")));
    for standing in &assessed.indicators {
        let cells = row(standing, language);
        let quote = standing.quote.as_ref().map(|quote| format!(" 「{quote}」")).unwrap_or_default();
        let cited = format!("{}{quote}", standing.section);
        let all: Vec<String> =
            cells.iter().chain(std::iter::once(&cited)).map(|cell| cell.replace('|', "\\|")).collect();
        text.push_str(&format!("| {} |\n", all.join(" | ")));
    }
    text.push_str(&format!("\n{}\n", counts(assessed, language)));
    text
}

/// An assessment as JSON.
#[must_use]
pub fn assessment_json(assessed: &Assessment) -> String {
    serde_json::to_string_pretty(assessed).unwrap_or_default()
}

fn head(assessed: &Assessment, language: Language) -> String {
    let title = if assessed.plan_title.is_empty() { &assessed.plan } else { &assessed.plan_title };
    let mines = match language {
        Language::Chinese => format!("{} 个矿山", assessed.mines),
        Language::English => format!("{} mines", assessed.mines),
    };
    let as_of = assessed.as_of.as_ref().map(|day| format!("{}{day}", Word::AsOf.text(language)));
    let left_out = (assessed.left_out > 0).then(|| match language {
        Language::Chinese => format!("另有 {} 条记录用不了，未计入", assessed.left_out),
        Language::English => format!("{} more records could not be used and are not counted", assessed.left_out),
    });
    let parts = [Some(clean(title)), Some(mines), left_out, as_of];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("   ")
}

fn row(standing: &Standing, language: Language) -> [String; COLUMNS] {
    let status = status_words(standing.status, language);
    let attribute = standing.attribute.and_then(Word::of_attribute).map(|word| word.text(language));
    let year = standing.target_year.map(|year| year.to_string());
    let notes: Vec<String> = attribute.map(str::to_owned).into_iter().chain(year).collect();
    let noted = match (notes.is_empty(), language) {
        (true, _) => status.to_owned(),
        (false, Language::Chinese) => format!("{status}（{}）", notes.join("，")),
        (false, Language::English) => format!("{status} ({})", notes.join(", ")),
    };
    [
        clean(&format!("{} {}", standing.indicator, standing.title)),
        value(standing.value.as_ref(), language),
        clean(&standing.target),
        distance(standing.distance.as_deref(), standing.room, language),
        noted,
    ]
}

fn value(value: Option<&IndicatorValue>, language: Language) -> String {
    match value {
        Some(value) if value.text != "?" => clean(&value.text),
        _ => Word::NotKnown.text(language).to_owned(),
    }
}

fn distance(distance: Option<&str>, room: bool, language: Language) -> String {
    let Some(distance) = distance.filter(|text| !text.is_empty()) else { return String::new() };
    let word = if room { Word::Left } else { Word::Short };
    format!("{}{}", word.text(language), clean(distance))
}

fn status_words(status: IndicatorStatus, language: Language) -> &'static str {
    let word = match status {
        IndicatorStatus::Met => Word::Met,
        IndicatorStatus::Missed => Word::Missed,
        IndicatorStatus::NotDue => Word::NotDue,
        IndicatorStatus::Unknown => Word::NotKnown,
    };
    word.text(language)
}

fn missing_lines(standing: &Standing, language: Language) -> Vec<String> {
    let mut lines: Vec<String> = standing.missing.iter().map(|missing| missing_text(missing, language)).collect();
    if !standing.values.is_empty() && standing.status == IndicatorStatus::Missed {
        lines.push(standing.values.join("、"));
    }
    lines
}

/// `缺 年开采量 10 个矿山：甲、乙、丙 等`.
fn missing_text(missing: &MissingFact, language: Language) -> String {
    let named: Vec<&str> = missing.mines.iter().take(MOST_NAMED).map(String::as_str).collect();
    let count = missing.count;
    let all = usize::try_from(count).is_ok_and(|count| count <= missing.mines.len().min(MOST_NAMED));
    let label = if language == Language::Chinese { &missing.label } else { &missing.fact };
    match (count, language) {
        (0, Language::Chinese) => format!("缺 {label}"),
        (0, Language::English) => format!("wanted: {label}"),
        (_, Language::Chinese) => {
            let more = if all { "" } else { " 等" };
            format!("缺 {label} {count} 个矿山：{}{more}", named.join("、"))
        }
        (_, Language::English) => {
            let more = if all { "" } else { ", …" };
            format!("wanted: {label} of {count} mines: {}{more}", named.join(", "))
        }
    }
}

fn counts(assessed: &Assessment, language: Language) -> String {
    let statuses = [IndicatorStatus::Met, IndicatorStatus::Missed, IndicatorStatus::NotDue, IndicatorStatus::Unknown];
    let parts: Vec<String> = statuses
        .into_iter()
        .map(|status| {
            let count = assessed.indicators.iter().filter(|standing| standing.status == status).count();
            format!("{} {count}", status_words(status, language))
        })
        .collect();
    parts.join("    ")
}

/// What a case does to one indicator: `YC-103 矿山数量：35 → 36，≤ 38个，余 2个`.
pub(crate) fn quota_text(quota: &Quota, language: Language) -> String {
    let (colon, comma) = if language == Language::Chinese { ("：", "，") } else { (": ", ", ") };
    let moves = format!("{} → {}", value(quota.before.as_ref(), language), value(quota.after.as_ref(), language));
    let mut parts = vec![moves, quota.target.clone()];
    let apart = distance(quota.distance.as_deref(), quota.room, language);
    if !apart.is_empty() {
        parts.push(apart);
    }
    if quota.status == IndicatorStatus::Unknown {
        parts.extend(quota.missing.iter().map(|missing| missing_text(missing, language)));
    }
    format!("{} {}{colon}{}", quota.indicator, quota.title, parts.join(comma))
}

/// The rows of the table of quotas in an opinion: id, title, before, after, bound, what is left or short.
pub(crate) fn quota_row(quota: &Quota, language: Language) -> [String; 6] {
    [
        format!("{} {}", quota.indicator, quota.title),
        value(quota.before.as_ref(), language),
        value(quota.after.as_ref(), language),
        quota.target.clone(),
        distance(quota.distance.as_deref(), quota.room, language),
        status_words(quota.status, language).to_owned(),
    ]
}
