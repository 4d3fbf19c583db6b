//! A ruling on a terminal.

use std::borrow::Cow;

use crate::report::ReportOptions;
use crate::report::assessment::quota_text;
use crate::report::frame::{Frame, Mark};
use crate::report::layout::{clean, padded, width, wrapped};
use crate::report::paint::{Painter, Style};
use crate::report::problems::one;
use crate::report::sources::Sources;
use crate::report::speech::{Speech, decides, of_applicant};
use crate::report::words::{Word, sign};
use crate::ruling::{Finding, Missing, Ruling, Status, UpperBound, Verdict};

/// How many undetermined clauses are listed before the rest is only counted.
const MOST_UNDETERMINED: usize = 12;

/// The widest column of clause titles.
const TITLE_COLUMNS: usize = 34;

/// A ruling for a terminal: what was ruled, what decides it with both places underlined, what is wanted and of whom.
///
/// `sources` are the texts of the rules and, where they were read from a file, of the facts.
#[must_use]
pub fn text(ruling: &Ruling, sources: &dyn Sources, options: ReportOptions) -> String {
    let ruling = whole(ruling, options.all);
    let page = Page {
        ruling: ruling.as_ref(),
        speech: Speech { language: options.language, sources, glossary: &ruling.glossary },
        painter: Painter { colour: options.colour },
        options,
    };
    let mut lines = page.head();
    let (warnings, findings) = (page.warnings(), page.findings());
    for block in [warnings, findings, page.counts(), page.rows()] {
        if !block.is_empty() {
            lines.push(String::new());
            lines.extend(block);
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

struct Page<'a> {
    ruling: &'a Ruling,
    speech: Speech<'a>,
    painter: Painter,
    options: ReportOptions,
}

impl Page<'_> {
    fn head(&self) -> Vec<String> {
        let ruling = self.ruling;
        let verdict = self.speech.word(Word::of_verdict(ruling.ruling));
        let style = match ruling.ruling {
            Verdict::Admissible => Style::Good,
            Verdict::Refused => Style::Bad,
            Verdict::NotCovered | Verdict::ForDecision | Verdict::Incomplete => Style::Care,
        };
        let title = if ruling.plan_title.is_empty() { &ruling.plan } else { &ruling.plan_title };
        let case: Vec<String> = self.speech.identity(ruling).iter().map(|value| clean(value)).collect();
        let as_of = ruling.receipt.as_of.as_ref().map(|day| format!("{}{day}", self.speech.word(Word::AsOf)));
        let parts = [Some(clean(title)), Some(case.join(" · ")), as_of];
        let mut lines = vec![self.painter.paint(style, verdict)];
        let mut used = width(verdict);
        for part in parts.into_iter().flatten().filter(|part| !part.is_empty()) {
            let fits = used + 3 + width(&part) <= self.options.width;
            match lines.last_mut().filter(|_| fits) {
                Some(line) => line.push_str(&format!("   {part}")),
                None => lines.push(format!("   {part}")),
            }
            used = if fits { used } else { 0 } + 3 + width(&part);
        }
        lines.push(String::new());
        lines.extend(wrapped(&clean(&self.speech.conclusion(ruling)), self.options.width));
        let notes: Vec<String> = ruling.notes.iter().map(|code| self.speech.note(code, ruling)).collect();
        if !notes.is_empty() {
            let separator = self.speech.choose("；", "; ");
            let colon = self.speech.choose("：", ": ");
            let note = format!("{}{colon}{}", self.speech.word(Word::Note), notes.join(separator));
            lines.extend(wrapped(&clean(&note), self.options.width));
        }
        lines
    }

    /// Facts that disagree with each other, as problems are shown.
    fn warnings(&self) -> Vec<String> {
        let warnings = self.ruling.fact_warnings.iter();
        warnings.flat_map(|warning| one(&warning.problem, self.speech.sources, self.options)).collect()
    }

    /// The findings that decide, worst first, and all others where they are asked for.
    fn findings(&self) -> Vec<String> {
        let of = |status: Status| {
            self.ruling
                .findings
                .iter()
                .filter(move |finding| finding.status == status && (self.options.all || decides(finding.force)))
        };
        let violated: Vec<&Finding> = of(Status::Violated).collect();
        let discretion: Vec<&Finding> = of(Status::Discretion).collect();
        let mut undetermined: Vec<&Finding> = of(Status::Undetermined).collect();
        let more = if self.options.all { 0 } else { undetermined.len().saturating_sub(MOST_UNDETERMINED) };
        undetermined.truncate(undetermined.len() - more);
        let mut rest: Vec<&Finding> = Vec::new();
        if self.options.all {
            rest.extend(of(Status::Satisfied));
            rest.extend(of(Status::NotApplicable));
        } else {
            rest.extend(excepted(self.ruling));
        }
        let lists = [&violated, &discretion, &undetermined, &rest];
        let titles = lists.iter().copied().flatten().map(|finding| width(&title(finding)));
        let column = titles.filter(|columns| *columns <= TITLE_COLUMNS).max().unwrap_or(0);
        let mut lines = Vec::new();
        for finding in &violated {
            lines.extend(self.line(finding, column));
            lines.extend(self.frame(finding));
            lines.push(String::new());
        }
        for finding in discretion.iter().chain(&undetermined) {
            lines.extend(self.line(finding, column));
        }
        if more > 0 {
            lines.push(match self.options.language {
                crate::diagnostic::Language::Chinese => format!("? 另有 {more} 条未定"),
                crate::diagnostic::Language::English => format!("? {more} more undetermined"),
            });
        }
        if !rest.is_empty() && lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
        rest.iter().for_each(|finding| lines.extend(self.line(finding, column)));
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }

    fn line(&self, finding: &Finding, column: usize) -> Vec<String> {
        let style = match finding.status {
            Status::Violated => Style::Bad,
            Status::Discretion | Status::Undetermined => Style::Care,
            Status::Satisfied => Style::Good,
            Status::NotApplicable => Style::Quiet,
        };
        let sign = self.painter.paint(style, sign(finding.status));
        let title = title(finding);
        let detail = clean(&self.speech.finding(finding, self.ruling));
        let indent = column.max(width(&title)) + 4;
        let room = self.options.width.saturating_sub(indent);
        let strong = if finding.status == Status::Violated { Style::Strong } else { Style::Second };
        let name = format!("{sign} {}", self.painted_title(&title, strong));
        if detail.is_empty() {
            return vec![name];
        }
        let mut lines = Vec::new();
        if room < 30 {
            lines.push(name);
            lines.extend(
                wrapped(&detail, self.options.width.saturating_sub(4)).into_iter().map(|text| format!("    {text}")),
            );
            return lines;
        }
        let gap = " ".repeat(indent - 2 - width(&title));
        for (index, text) in wrapped(&detail, room).into_iter().enumerate() {
            let lead = if index == 0 { format!("{name}{gap}") } else { " ".repeat(indent) };
            lines.push(format!("{lead}{text}"));
        }
        lines
    }

    fn painted_title(&self, title: &str, style: Style) -> String {
        match title.split_once(' ') {
            Some((id, rest)) => format!("{} {rest}", self.painter.paint(style, id)),
            None => self.painter.paint(style, title),
        }
    }

    /// The fact in its own file and the requirement in the rules, in one frame.
    fn frame(&self, finding: &Finding) -> Vec<String> {
        let frame = Frame { sources: self.speech.sources, width: self.options.width, painter: self.painter };
        let mut marks: Vec<Mark> = Vec::new();
        for condition in &finding.conditions {
            let Some(span) = condition.fact_span else { continue };
            if marks.iter().any(|mark| mark.span == span) {
                continue;
            }
            let name = self.speech.fact_noun(condition);
            marks.push(Mark {
                span,
                text: self
                    .speech
                    .choose(format!("申请的{name}").as_str(), format!("{name} in the application").as_str())
                    .to_owned(),
                style: Style::Bad,
            });
        }
        if let Some(span) = finding.fact_span.filter(|_| marks.is_empty()) {
            let text = self.speech.choose("申请所载", "in the application").to_owned();
            marks.push(Mark { span, text, style: Style::Bad });
        }
        let first = finding.conditions.first().map(|condition| condition.rule_span);
        let rule = Some(finding.rule_span).filter(|span| !span.is_empty()).or(first);
        if let Some(span) = rule {
            let text = self.speech.word(Word::of_requirement(finding.force)).to_owned();
            marks.push(Mark { span, text, style: Style::Second });
        }
        let mut foot: Vec<String> = Vec::new();
        for citation in finding.citation.iter().chain(&finding.further_citations) {
            let quote = citation.quote.as_ref().map(|quote| format!(" 「{}」", clean(quote))).unwrap_or_default();
            foot.push(format!("{} {}{quote}", self.speech.word(Word::Basis), clean(&citation.section)));
        }
        for bound in upper_bounds(finding) {
            let text = self.speech.word(Word::UpperNumber).to_owned();
            marks.push(Mark { span: bound.span, text, style: Style::Second });
            foot.push(clean(&self.speech.upper_bound(bound)));
        }
        frame.draw(&marks, &foot)
    }

    fn counts(&self) -> Vec<String> {
        let of = |status: Status| self.ruling.findings.iter().filter(|finding| finding.status == status).count();
        let satisfied = format!("✓ {}{}", of(Status::Satisfied), self.speech.word(Word::CountSatisfied));
        let not_applicable = format!("○ {}{}", self.ruling.not_applicable, self.speech.word(Word::CountNotApplicable));
        let mut parts = vec![self.painter.paint(Style::Good, &satisfied), not_applicable];
        let undecisive = self
            .ruling
            .findings
            .iter()
            .filter(|finding| finding.status == Status::Undetermined && !decides(finding.force))
            .count();
        if undecisive > 0 && !self.options.all {
            parts.push(match self.options.language {
                crate::diagnostic::Language::Chinese => format!("? {undecisive} 条提倡性条文未定"),
                crate::diagnostic::Language::English => format!("? {undecisive} advisory undetermined"),
            });
        }
        if !self.options.all {
            parts.push(self.painter.paint(Style::Quiet, self.speech.word(Word::AllLists)));
        }
        vec![parts.join("    ")]
    }

    /// The rows below the findings: a head, and what stands under it.
    fn rows(&self) -> Vec<String> {
        let rows = self.row_contents();
        let column = rows.iter().map(|(head, _)| width(head)).max().unwrap_or(0) + 4;
        let beside = self.options.width >= column + 24;
        let indent = if beside { column } else { 4 };
        let room = self.options.width.saturating_sub(indent);
        let mut lines = Vec::new();
        for (head, items) in rows {
            let painted = self.painter.paint(Style::Strong, &head);
            let mut lead =
                if beside { format!("{painted}{}", " ".repeat(column - width(&head))) } else { padded("", indent) };
            if !beside {
                lines.push(painted);
            }
            for text in items.iter().flat_map(|item| wrapped(&clean(item), room)) {
                lines.push(format!("{lead}{text}"));
                lead = padded("", indent);
            }
        }
        lines
    }

    fn row_contents(&self) -> Vec<(String, Vec<String>)> {
        let ruling = self.ruling;
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        let mut add = |head: &str, items: Vec<String>| {
            if !items.is_empty() {
                rows.push((head.to_owned(), items));
            }
        };
        let speech = &self.speech;
        let remedy = ruling.remedy.iter().map(|remedy| speech.remedy(remedy, &ruling.needed)).collect();
        add(speech.word(Word::BestReachable), remedy);
        let quotas = ruling.quotas.iter().map(|quota| quota_text(quota, self.options.language)).collect();
        add(speech.word(Word::Quotas), quotas);
        let (applicant, office): (Vec<&Missing>, Vec<&Missing>) =
            wanted(ruling).into_iter().partition(|item| of_applicant(item.kind));
        add(speech.word(Word::ApplicantList), speech.wanted_lines(&applicant));
        let checks = ruling.authority_checks.iter().filter(|check| check.attestation.is_some());
        let mut checks: Vec<String> =
            checks.map(|check| format!("{}{}", check.text, speech.bracketed(&check.clause))).collect();
        checks.extend(office.into_iter().map(|item| speech.wanted(item)));
        add(speech.word(Word::AuthorityList), checks);
        let duties = ruling.authority_checks.iter().filter(|check| check.attestation.is_none());
        let duties: Vec<String> = duties.map(|check| format!("{} {}", check.clause, check.text)).collect();
        add(speech.word(Word::AuthorityDuties), duties);
        for (stage, key) in stages(ruling) {
            let of_stage = ruling.later_duties.iter().filter(|duty| duty.stage == key);
            let items = of_stage.map(|duty| format!("{} {}", duty.clause, duty.text)).collect();
            let stage = speech.choose(format!("{stage}阶段").as_str(), key).to_owned();
            add(&format!("{}{}", speech.word(Word::LaterDuties), speech.bracketed(&stage)), items);
        }
        // Nothing is taken from plans that are not loaded: what that leaves open is listed where it matters.
        if ruling.receipt.upper.iter().any(|plan| plan.plan.is_some()) {
            let plans = ruling.receipt.upper.iter().map(|plan| speech.upper_plan(plan)).collect();
            add(speech.word(Word::UpperPlan), plans);
        }
        add(speech.word(Word::Readings), readings(ruling, self.options.all));
        add(speech.word(Word::OtherReadings), other_readings(ruling, speech));
        add(speech.word(Word::CouldShow), self.could_show());
        add(speech.word(Word::Warning), self.advice());
        add(speech.word(Word::Defaults), ruling.receipt.defaults.iter().map(|used| speech.used(used)).collect());
        rows
    }

    fn could_show(&self) -> Vec<String> {
        let mut items = Vec::new();
        for finding in &self.ruling.findings {
            if matches!(finding.status, Status::Violated | Status::Discretion) && !finding.could_show.is_empty() {
                let grounds = self.speech.list(&finding.could_show);
                items.push(format!("{grounds}{}", self.speech.bracketed(&finding.clause)));
            }
        }
        items
    }

    /// What the plan only advises, and the case does not follow.
    fn advice(&self) -> Vec<String> {
        let findings = self.ruling.findings.iter();
        let missed = findings.filter(|finding| {
            matches!(finding.status, Status::Violated | Status::Discretion)
                && !decides(finding.force)
                && !self.options.all
        });
        missed
            .map(|finding| {
                let detail = self.speech.finding(finding, self.ruling);
                let colon = if detail.is_empty() { "" } else { self.speech.choose("：", ": ") };
                format!("{} {}{colon}{detail}", finding.clause, finding.title)
            })
            .collect()
    }
}

/// The bounds of a finding that are taken from plans above, each once.
pub(crate) fn upper_bounds(finding: &Finding) -> Vec<&UpperBound> {
    let mut bounds: Vec<&UpperBound> = Vec::new();
    for bound in finding.conditions.iter().filter_map(|condition| condition.from.as_deref()) {
        if !bounds.contains(&bound) {
            bounds.push(bound);
        }
    }
    bounds
}

fn title(finding: &Finding) -> String {
    clean(&format!("{} {}", finding.clause, finding.title))
}

/// What is wanted now and once the remedy is done, each once.
pub(crate) fn wanted(ruling: &Ruling) -> Vec<&Missing> {
    let mut wanted: Vec<&Missing> = Vec::new();
    for item in ruling.missing.iter().chain(&ruling.needed) {
        if !wanted.iter().any(|known| known.kind == item.kind && known.fact == item.fact) {
            wanted.push(item);
        }
    }
    wanted
}

/// The clauses that an exception keeps from applying: they stay visible, and name it.
pub(crate) fn excepted(ruling: &Ruling) -> impl Iterator<Item = &Finding> {
    ruling.findings.iter().filter(|finding| finding.exception.is_some())
}

/// The stages of later duties in the order they come, with their English keys.
pub(crate) fn stages(ruling: &Ruling) -> Vec<(&str, &str)> {
    let mut stages: Vec<(&str, &str)> = Vec::new();
    for duty in &ruling.later_duties {
        if !stages.iter().any(|(_, key)| *key == duty.stage.as_str()) {
            stages.push((&duty.label, &duty.stage));
        }
    }
    stages
}

/// The ruling with all that a report lists.
pub(crate) fn whole(ruling: &Ruling, all: bool) -> Cow<'_, Ruling> {
    if all { Cow::Owned(ruling.clone().unfolded()) } else { Cow::Borrowed(ruling) }
}

/// The readings that findings rest on, and those the caller chose.
pub(crate) fn readings(ruling: &Ruling, all: bool) -> Vec<String> {
    let chosen = |clause: &str| ruling.receipt.chosen.contains_key(clause);
    let mut readings: Vec<(usize, String)> = Vec::new();
    let mut add = |finding: &Finding| {
        if let Some(reading) = &finding.reading {
            readings.push((finding.number, format!("{} {reading}", finding.clause)));
        }
    };
    let found = ruling.findings.iter();
    found
        .filter(|finding| all || chosen(&finding.clause) || finding.status != Status::NotApplicable)
        .for_each(&mut add);
    if !ruling.receipt.chosen.is_empty() {
        ruling.silent.findings().filter(|finding| chosen(&finding.clause)).for_each(|finding| add(&finding));
    }
    // Stable: in order of the rules.
    readings.sort_by_key(|(number, _)| *number);
    readings.into_iter().map(|(_, reading)| reading).collect()
}

/// What a reading that was not taken would change: `YC-098 「须同时具备」：不适用，符合规划`.
pub(crate) fn other_readings(ruling: &Ruling, speech: &Speech<'_>) -> Vec<String> {
    let said = ruling.other_readings.iter().map(|other| {
        let (colon, comma) = speech.choose(("：", "，"), (": ", ", "));
        let status = if other.later { Word::LaterDuties } else { Word::of_status(other.status) };
        let status = speech.word(status);
        let verdict = speech.word(Word::of_verdict(other.ruling));
        format!("{} 「{}」{colon}{status}{comma}{verdict}", other.clause, other.reading)
    });
    said.collect()
}
