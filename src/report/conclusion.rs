//! What a whole ruling comes to, as a sentence that can stand in a letter.

use crate::diagnostic::Language;
use crate::model::Force;
use crate::registry::{IndicatorStatus, Quota};
use crate::report::assessment::quota_text;
use crate::report::speech::{Speech, decides};
use crate::report::words::{Word, listed};
use crate::ruling::{Finding, Missing, Ruling, Status, UpperBound, UpperPlan, Verdict};

impl Speech<'_> {
    /// The case in few words.
    pub(crate) fn case_title(&self, ruling: &Ruling) -> String {
        let values = self.identity(ruling);
        let case = self.choose("本申请", "the application");
        if values.is_empty() { case.to_owned() } else { format!("{case}{}", self.bracketed(&self.list(&values))) }
    }

    /// The plan as a title in a sentence.
    pub(crate) fn plan_title(&self, ruling: &Ruling) -> String {
        let title = if ruling.plan_title.is_empty() { &ruling.plan } else { &ruling.plan_title };
        match self.language {
            Language::Chinese if title.is_empty() => "规划".to_owned(),
            Language::English if title.is_empty() => "the plan".to_owned(),
            Language::Chinese if title.starts_with('《') => title.to_string(),
            Language::Chinese => format!("《{title}》"),
            Language::English => title.to_string(),
        }
    }

    /// The ruling as one sentence that can stand in a letter.
    pub(crate) fn conclusion(&self, ruling: &Ruling) -> String {
        let case = self.case_title(ruling);
        let plan = self.plan_title(ruling);
        let reasons = self.reasons(ruling);
        let satisfied = ruling.findings.iter().filter(|finding| finding.status == Status::Satisfied).count();
        match (ruling.ruling, self.language) {
            (Verdict::Refused, Language::Chinese) => format!("{case}不符合{plan}：{reasons}。"),
            (Verdict::Refused, Language::English) => {
                format!("{} does not conform to {plan}: {reasons}.", capital(&case))
            }
            (Verdict::Incomplete, Language::Chinese) => {
                format!("{case}暂不能认定是否符合{plan}，需补正：{reasons}。")
            }
            (Verdict::Incomplete, Language::English) => {
                format!("Whether {case} conforms to {plan} cannot be decided yet; wanted: {reasons}.")
            }
            (Verdict::ForDecision, Language::Chinese) => {
                format!("{case}是否符合{plan}需论证，提请集体研究：{reasons}。")
            }
            (Verdict::ForDecision, Language::English) => {
                format!("Whether {case} conforms to {plan} is for decision: {reasons}.")
            }
            (Verdict::NotCovered, Language::Chinese) => format!("{plan}对{case}未作规定。"),
            (Verdict::NotCovered, Language::English) => format!("{plan} does not speak of {case}."),
            (Verdict::Admissible, Language::Chinese) => format!("{case}符合{plan}，适用的 {satisfied} 条均符合。"),
            (Verdict::Admissible, Language::English) => {
                format!("{} conforms to {plan}; all {satisfied} clauses that apply are satisfied.", capital(&case))
            }
        }
    }

    /// What a ruling rests on, in a sentence's middle.
    fn reasons(&self, ruling: &Ruling) -> String {
        let status = match ruling.ruling {
            Verdict::Refused => Status::Violated,
            Verdict::ForDecision => Status::Discretion,
            Verdict::Incomplete => {
                let mut missing: Vec<&Missing> = ruling.missing.iter().collect();
                missing.sort_by_key(|item| item.kind);
                let mut wanted: Vec<String> = missing.into_iter().map(|item| self.wanted(item)).collect();
                wanted.extend(self.quotas(ruling, IndicatorStatus::Unknown));
                return self.shortened(&wanted, 8, self.choose("、", ", "));
            }
            Verdict::Admissible | Verdict::NotCovered => return String::new(),
        };
        let of_principle = |finding: &&Finding| {
            ruling.ruling == Verdict::ForDecision
                && finding.status == Status::Violated
                && finding.force == "in-principle"
        };
        let mut reasons: Vec<String> = ruling
            .findings
            .iter()
            .filter(|finding| finding.status == status && decides(finding.force) || of_principle(finding))
            .filter(|finding| ruling.ruling != Verdict::Refused || finding.force != "in-principle")
            .map(|finding| self.reason(finding, ruling))
            .collect();
        if matches!(ruling.ruling, Verdict::Refused | Verdict::ForDecision) {
            reasons.extend(self.missed(ruling));
        }
        self.shortened(&reasons, 3, self.choose("；", "; "))
    }

    /// The gates among the indicators whose miss makes this ruling.
    fn missed(&self, ruling: &Ruling) -> Vec<String> {
        let missed = |quota: &&Quota| {
            let lighter = matches!(quota.force, Force::InPrinciple | Force::Restricted);
            quota.gate && quota.status == IndicatorStatus::Missed && lighter == (ruling.ruling == Verdict::ForDecision)
        };
        ruling.quotas.iter().filter(missed).map(|quota| quota_text(quota, self.language)).collect()
    }

    /// The gates among the indicators that stand so after the case.
    fn quotas(&self, ruling: &Ruling, status: IndicatorStatus) -> Vec<String> {
        let gates = ruling.quotas.iter().filter(|quota| quota.gate && quota.status == status);
        gates.map(|quota| quota_text(quota, self.language)).collect()
    }

    /// Where a bound taken from a plan above stands, with its quote: `从「最低开采规模」：某市规划 C-1 二 「…」`.
    pub(crate) fn upper_bound(&self, bound: &UpperBound) -> String {
        let mut said = format!("{} {}", bound.plan_title, bound.clause);
        if let Some(citation) = &bound.citation {
            let quote = citation.quote.as_ref().map(|quote| format!(" 「{quote}」")).unwrap_or_default();
            said.push_str(&format!(" {}{quote}", citation.section));
        }
        match self.language {
            Language::Chinese => format!("从「{}」：{}", bound.name, said.trim()),
            Language::English => format!("from “{}”: {}", bound.name, said.trim()),
        }
    }

    /// A note for the head by its code; a code of a later version as it stands.
    pub(crate) fn note(&self, code: &str, ruling: &Ruling) -> String {
        let Some(word) = Word::of_note(code) else { return code.to_owned() };
        let said = self.word(word);
        if word == Word::RowUnverified {
            return format!("{said}{}{}", self.choose("：", ": "), ruling.receipt.unverified.join("；"));
        }
        if word != Word::UpperUnloaded {
            return said.to_owned();
        }
        let wanting = ruling.receipt.upper.iter().filter(|plan| plan.plan.is_none());
        let titles: Vec<String> =
            wanting.map(|plan| self.choose("《", "“").to_owned() + &plan.title + self.choose("》", "”")).collect();
        format!("{said}{}{}", self.choose("：", ": "), listed(self.language, &titles))
    }

    /// A plan above, and whether it is loaded.
    pub(crate) fn upper_plan(&self, plan: &UpperPlan) -> String {
        let state = if plan.plan.is_some() { Word::PlanLoaded } else { Word::PlanNotLoaded };
        format!("{}{}", plan.title, self.bracketed(self.word(state)))
    }

    fn reason(&self, finding: &Finding, ruling: &Ruling) -> String {
        let detail = self.finding(finding, ruling);
        let said = if detail.is_empty() { finding.title.to_string() } else { detail };
        let section = finding.citation.as_ref().map(|citation| citation.section.clone()).unwrap_or_default();
        let source = self.clauses(&[section.into(), finding.clause.to_string()]);
        format!("{said}{}", self.bracketed(&source))
    }

    fn shortened(&self, items: &[String], most: usize, separator: &str) -> String {
        let shown: Vec<&str> = items.iter().take(most).map(String::as_str).collect();
        let text = shown.join(separator);
        match (items.len().saturating_sub(most), self.language) {
            (0, _) => text,
            (more, Language::Chinese) => format!("{text}，另有 {more} 项"),
            (more, Language::English) => format!("{text}, and {more} more"),
        }
    }
}

/// A sentence's first word.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
