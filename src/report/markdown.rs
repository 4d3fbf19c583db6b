//! The written opinion: 规划审查意见.

use crate::report::ReportOptions;
use crate::report::assessment::quota_row;
use crate::report::layout::clean;
use crate::report::sources::Sources;
use crate::report::speech::{Speech, is_ban, is_ordered, of_applicant};
use crate::report::text::{other_readings, readings, stages, upper_bounds, wanted, whole};
use crate::report::words::Word;
use crate::ruling::{ConditionResult, Finding, Place, Ruling, Status, Text, Verdict};

/// A ruling as a written opinion in Markdown, ready to be printed and signed.
#[must_use]
pub fn markdown(ruling: &Ruling, sources: &dyn Sources, options: ReportOptions) -> String {
    let ruling = whole(ruling, options.all);
    let ruling = ruling.as_ref();
    let speech = Speech { language: options.language, sources, glossary: &ruling.glossary };
    let opinion = Opinion { ruling, speech, all: options.all };
    let sections = [
        (Word::CaseSection, opinion.case()),
        (Word::GroundsSection, opinion.grounds()),
        (Word::ConclusionSection, opinion.conclusion()),
        (Word::ViolatedSection, opinion.violated()),
        (Word::ClauseSection, opinion.clauses()),
        (Word::RemedySection, opinion.remedy()),
        (Word::ApplicantSection, opinion.applicant()),
        (Word::AuthoritySection, opinion.authority()),
        (Word::AuthorityDutySection, opinion.authority_duties()),
        (Word::DecisionSection, opinion.decisions()),
        (Word::QuotaSection, opinion.quotas()),
        (Word::DutySection, opinion.duties()),
        (Word::ReadingSection, bullets(readings(ruling, options.all))),
        (Word::OtherReadings, bullets(other_readings(ruling, &speech))),
        (Word::ReceiptSection, opinion.receipt()),
        (Word::SignatureSection, opinion.signatures()),
    ];
    let mut text = format!("# {}\n", speech.word(Word::Opinion));
    let present = sections.into_iter().filter(|(_, content)| !content.is_empty());
    for (index, (title, content)) in present.enumerate() {
        let number = section_number(&speech, index + 1);
        text.push_str(&format!("\n## {number}{}\n\n{content}", speech.word(title)));
    }
    text
}

struct Opinion<'a> {
    ruling: &'a Ruling,
    speech: Speech<'a>,
    all: bool,
}

impl Opinion<'_> {
    fn case(&self) -> String {
        let mut rows: Vec<[String; 2]> = Vec::new();
        for (label, value) in &self.ruling.case {
            rows.push([self.speech.field(label), self.speech.said(label, value)]);
        }
        let as_of = &self.ruling.receipt.as_of;
        let stated = as_of.as_ref().is_some_and(|day| self.ruling.case.iter().any(|(_, value)| value == day));
        if !stated {
            let day = as_of.as_deref().unwrap_or_else(|| self.speech.word(Word::NoDate));
            rows.push([self.speech.word(Word::AsOfRow).to_owned(), day.to_owned()]);
        }
        table([self.speech.word(Word::Item), self.speech.word(Word::Content)], &rows)
    }

    fn grounds(&self) -> String {
        let mut items = vec![escaped(&self.speech.plan_title(self.ruling))];
        for finding in &self.ruling.findings {
            if !matches!(finding.status, Status::Violated | Status::Discretion) {
                continue;
            }
            for citation in finding.citation.iter().chain(&finding.further_citations) {
                let item = match &citation.quote {
                    Some(quote) => format!("{} 「{}」", escaped(&citation.section), escaped(quote)),
                    None => escaped(&citation.section),
                };
                if !items.contains(&item) {
                    items.push(item);
                }
            }
            for bound in upper_bounds(finding) {
                let item = escaped(&self.speech.upper_bound(bound));
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        bullets(items)
    }

    fn conclusion(&self) -> String {
        let verdict = self.speech.word(Word::of_verdict(self.ruling.ruling));
        let stop = self.speech.choose("。", ". ");
        let mut text = format!("**{verdict}**{stop}{}\n", escaped(&self.speech.conclusion(self.ruling)));
        for code in &self.ruling.notes {
            let note = self.speech.note(code, self.ruling);
            let colon = self.speech.choose("：", ": ");
            text.push_str(&format!("\n{}{colon}{}\n", self.speech.word(Word::Note), escaped(&note)));
        }
        for warning in &self.ruling.fact_warnings {
            let place = warning.place.as_ref().map(|place| self.speech.bracketed(&place_text(place)));
            let title = warning.problem.title(self.speech.language);
            let said = format!("{} {title}{}", warning.code, place.unwrap_or_default());
            let colon = self.speech.choose("：", ": ");
            text.push_str(&format!("\n{}{colon}{}\n", self.speech.word(Word::Warning), escaped(&said)));
        }
        text
    }

    fn violated(&self) -> String {
        let mut text = String::new();
        for finding in self.with_status(Status::Violated) {
            if !text.is_empty() {
                text.push('\n');
            }
            let detail = escaped(&self.speech.finding(finding, self.ruling));
            let heading = format!("{} {}", escaped(&finding.clause), escaped(&finding.title));
            text.push_str(&format!("### {heading}\n\n{detail}\n"));
            for citation in finding.citation.iter().chain(&finding.further_citations) {
                let quote = citation.quote.as_ref().map(|quote| format!("「{}」", escaped(quote))).unwrap_or_default();
                text.push_str(&format!("\n> {} {quote}\n", escaped(&citation.section)));
            }
            for bound in upper_bounds(finding) {
                text.push_str(&format!("\n> {}\n", escaped(&self.speech.upper_bound(bound))));
            }
            let places = [(Word::FactAt, &finding.fact_place), (Word::RuleAt, &finding.rule)];
            let places: Vec<String> = places
                .into_iter()
                .filter_map(|(word, place)| Some((word, place.as_ref()?)))
                .map(|(word, place)| format!("{} `{}`", self.speech.word(word), place_text(place)))
                .collect();
            if !places.is_empty() {
                text.push_str(&format!("\n{}\n", places.join(self.speech.choose("，", ", "))));
            }
            if !finding.could_show.is_empty() {
                let grounds = escaped(&self.speech.list(&finding.could_show));
                let colon = self.speech.choose("：", ": ");
                text.push_str(&format!("\n{}{colon}{grounds}\n", self.speech.word(Word::CouldShow)));
            }
        }
        text
    }

    fn clauses(&self) -> String {
        let is_shown =
            |finding: &&Finding| self.all || finding.status != Status::NotApplicable || finding.exception.is_some();
        let shown: Vec<&Finding> = self.ruling.findings.iter().filter(is_shown).collect();
        if shown.is_empty() {
            return String::new();
        }
        let heads = [
            Word::ClauseColumn,
            Word::CitationColumn,
            Word::RequirementColumn,
            Word::GivenColumn,
            Word::StatusColumn,
            Word::ShortfallColumn,
        ];
        let rows: Vec<[String; 6]> = shown.iter().map(|finding| self.clause_row(finding)).collect();
        table(heads.map(|word| self.speech.word(word)), &rows)
    }

    fn clause_row(&self, finding: &Finding) -> [String; 6] {
        let section = finding.citation.as_ref().map(|citation| citation.section.clone()).unwrap_or_default();
        let join = |items: Vec<String>| items.join(self.speech.choose("；", "; "));
        // A number says it shortest; what a clause bans or leaves open is best said in the plan's own words.
        let telling = |condition: &&ConditionResult| {
            let decided = !matches!(finding.status, Status::Undetermined | Status::NotApplicable);
            decided && (is_ordered(condition.operator) || !is_ban(finding.force))
        };
        let required =
            finding.conditions.iter().filter(telling).filter_map(|condition| self.speech.required(condition));
        let given = finding.conditions.iter().map(|condition| self.speech.given(condition));
        let shortfalls = finding.conditions.iter().filter_map(|condition| {
            let shortfall = condition.shortfall.as_ref()?;
            Some(self.speech.shortfall(shortfall, condition.operator))
        });
        let given = match finding.status {
            Status::Undetermined => self.speech.undetermined(&finding.missing),
            Status::NotApplicable => self.speech.finding(finding, self.ruling),
            Status::Discretion if self.is_to_be_checked(finding) => self.speech.finding(finding, self.ruling),
            Status::Satisfied | Status::Discretion | Status::Violated => join(given.collect()),
        };
        let mut status = self.speech.word(Word::of_status(finding.status)).to_owned();
        if finding.possible.len() > 1 {
            let possible: Vec<&str> =
                finding.possible.iter().map(|status| self.speech.word(Word::of_status(*status))).collect();
            let possible = format!("{}{}", self.speech.word(Word::Possible), self.speech.list(&possible));
            status.push_str(&self.speech.bracketed(&possible));
        }
        let name = format!("{} {}", finding.clause, finding.title);
        let mut required = join(required.collect());
        if required.is_empty() {
            required = finding.citation.as_ref().and_then(|citation| citation.quote.clone()).unwrap_or_default().into();
        }
        [name, section.into(), required, given, status, join(shortfalls.collect())]
    }

    fn remedy(&self) -> String {
        let Some(remedy) = &self.ruling.remedy else { return String::new() };
        let text = self.speech.remedy(remedy, &self.ruling.needed);
        let colon = self.speech.choose("：", ": ");
        format!("{}{colon}{}\n", self.speech.word(Word::BestReachable), escaped(&text))
    }

    fn applicant(&self) -> String {
        let items = wanted(self.ruling).into_iter().filter(|item| of_applicant(item.kind));
        checkboxes(items.map(|item| (self.speech.wanted(item), item.clauses.clone())), &self.speech)
    }

    fn authority(&self) -> String {
        let office = wanted(self.ruling).into_iter().filter(|item| !of_applicant(item.kind));
        let checks = self.ruling.authority_checks.iter().filter(|check| check.attestation.is_some());
        let checks = checks.map(|check| (check.text.to_string(), vec![check.clause.clone()]));
        checkboxes(checks.chain(office.map(|item| (self.speech.wanted(item), item.clauses.clone()))), &self.speech)
    }

    /// The authority's own business, which no application is kept waiting for.
    fn authority_duties(&self) -> String {
        let duties = self.ruling.authority_checks.iter().filter(|check| check.attestation.is_none());
        bullets(duties.map(|duty| escaped(&format!("{} {}", duty.clause, duty.text))).collect())
    }

    fn decisions(&self) -> String {
        if self.ruling.ruling == Verdict::Admissible {
            return String::new();
        }
        let items = self.with_status(Status::Discretion).map(|finding| {
            let detail = self.speech.finding(finding, self.ruling);
            format!("{} {}{}{detail}", finding.clause, finding.title, self.speech.choose("：", ": "))
        });
        bullets(items.map(|item| escaped(&item)).collect())
    }

    fn quotas(&self) -> String {
        let rows: Vec<[String; 6]> =
            self.ruling.quotas.iter().map(|quota| quota_row(quota, self.speech.language)).collect();
        if rows.is_empty() {
            return String::new();
        }
        let heads = [
            Word::IndicatorColumn,
            Word::BeforeColumn,
            Word::AfterColumn,
            Word::TargetColumn,
            Word::DistanceColumn,
            Word::StandingColumn,
        ];
        table(heads.map(|word| self.speech.word(word)), &rows)
    }

    fn duties(&self) -> String {
        let mut rows: Vec<[String; 4]> = Vec::new();
        for (stage, key) in stages(self.ruling) {
            for duty in self.ruling.later_duties.iter().filter(|duty| duty.stage == key) {
                let section = duty.citation.as_ref().map(|citation| citation.section.clone()).unwrap_or_default();
                rows.push([
                    self.speech.choose(stage, key).to_owned(),
                    duty.clause.to_string(),
                    duty.text.to_string(),
                    section.into(),
                ]);
            }
        }
        if rows.is_empty() {
            return String::new();
        }
        let heads = [Word::StageColumn, Word::ClauseColumn, Word::Content, Word::CitationColumn];
        table(heads.map(|word| self.speech.word(word)), &rows)
    }

    fn receipt(&self) -> String {
        let receipt = &self.ruling.receipt;
        let word = |word: Word| self.speech.word(word).to_owned();
        let mut rows = vec![
            [word(Word::EngineRow), receipt.engine.to_owned()],
            [word(Word::LanguageRow), receipt.language.to_owned()],
        ];
        let as_of = receipt.as_of.as_ref().map(ToString::to_string);
        rows.push([word(Word::AsOfRow), as_of.unwrap_or_else(|| word(Word::NoDate))]);
        if let Some(facts) = &receipt.facts {
            rows.push([word(Word::FactsRow), format!("`{facts}`")]);
        }
        for (clause, reading) in &receipt.chosen {
            rows.push([word(Word::ChosenReadings), format!("{clause} {reading}")]);
        }
        for used in &receipt.defaults {
            rows.push([word(Word::Defaults), self.speech.used(used)]);
        }
        for plan in receipt.upper.iter() {
            rows.push([word(Word::UpperPlan), self.speech.upper_plan(plan)]);
        }
        for (path, hash) in receipt.rules.as_ref() {
            rows.push([word(Word::RulesRow), format!("{path} `{hash}`")]);
        }
        table([self.speech.word(Word::Item), self.speech.word(Word::Content)], &rows)
    }

    fn signatures(&self) -> String {
        let heads = [Word::Reviewer, Word::Checker, Word::Head, Word::Date].map(|word| self.speech.word(word));
        table(heads, &[[const { String::new() }; 4]])
    }

    /// Whether a finding waits for what the authority has to look at.
    fn is_to_be_checked(&self, finding: &Finding) -> bool {
        let mut checks = self.ruling.authority_checks.iter();
        checks.any(|check| check.clause == finding.clause && check.attestation.is_some())
    }

    fn with_status(&self, status: Status) -> impl Iterator<Item = &Finding> {
        self.ruling.findings.iter().filter(move |finding| finding.status == status)
    }
}

fn section_number(speech: &Speech<'_>, number: usize) -> String {
    const DIGITS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let digit = |number: usize| DIGITS.get(number.wrapping_sub(1)).copied().unwrap_or_default();
    let chinese = if number <= 10 { digit(number).to_owned() } else { format!("十{}", digit(number - 10)) };
    speech.choose(format!("{chinese}、").as_str(), format!("{number}. ").as_str()).to_owned()
}

fn place_text(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(heads.iter().map(|head| (*head).to_owned()).collect());
    text.push_str(&line(vec!["---".to_owned(); N]));
    for row in rows {
        text.push_str(&line(row.iter().map(|cell| escaped(cell)).collect()));
    }
    text
}

fn bullets(items: Vec<String>) -> String {
    items.iter().map(|item| format!("- {item}\n")).collect()
}

fn checkboxes(items: impl Iterator<Item = (String, Vec<Text>)>, speech: &Speech<'_>) -> String {
    let line = |(text, clauses): (String, Vec<Text>)| {
        let clauses = if clauses.is_empty() { String::new() } else { speech.bracketed(&speech.list(&clauses)) };
        format!("- [ ] {}{}\n", escaped(&text), escaped(&clauses))
    };
    items.map(line).collect()
}

/// A text that Markdown shows as it stands.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in clean(text).chars() {
        if matches!(character, '|' | '\\' | '*' | '_' | '<' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
