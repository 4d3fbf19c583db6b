//! Findings as sentences, the same in every form of report.

use crate::date::Date;
use crate::diagnostic::Language;
use crate::model::Force;
use crate::quantity::Number;
use crate::registry::{IndicatorStatus, Quota};
use crate::report::assessment::quota_text;
use crate::report::sources::Sources;
use crate::report::words::{Word, listed};
use crate::ruling::{
    Amount, Applies, ConditionResult, Finding, Missing, MissingKind, Remedy, Ruling, Shortfall, Status, Text,
    UpperBound, UpperPlan, Verdict,
};

/// Says things in one language.
#[derive(Clone, Copy)]
pub(crate) struct Speech<'a> {
    /// The language.
    pub(crate) language: Language,
    /// The texts, to see how an author ordered his words.
    pub(crate) sources: &'a dyn Sources,
}

/// What tells one case from another.
pub(crate) fn identity(ruling: &Ruling) -> impl Iterator<Item = &str> {
    ruling.headline.iter().map(Text::as_str)
}

/// Whether a clause of this force can keep a case from being admissible.
pub(crate) fn decides(force: &str) -> bool {
    matches!(force, "must" | "must-not" | "restricted" | "in-principle")
}

impl Speech<'_> {
    /// A word in the language.
    pub(crate) const fn word(&self, word: Word) -> &'static str {
        word.text(self.language)
    }

    /// One of two forms.
    pub(crate) const fn choose<T: Copy>(&self, chinese: T, english: T) -> T {
        match self.language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// A list as the language writes it.
    pub(crate) fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        listed(self.language, items)
    }

    /// Parts of a sentence.
    pub(crate) fn clauses(&self, parts: &[String]) -> String {
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        parts.join(self.choose("，", ", "))
    }

    /// A remark in brackets.
    pub(crate) fn bracketed(&self, text: &str) -> String {
        let (open, close) = self.choose(("（", "）"), (" (", ")"));
        format!("{open}{text}{close}")
    }

    /// What a fact is called.
    pub(crate) fn fact_name(&self, key: &str, label: &str) -> String {
        match self.language {
            Language::Chinese if !label.is_empty() => label.to_owned(),
            Language::English if key.is_ascii() => {
                if let Some((_, "数量")) = label.split_once(' ') {
                    return format!("number of {}", key.replace('-', " "));
                }
                // A length has the feature that it is measured to behind the field's name.
                let feature = label.split_once(' ').map(|(_, feature)| format!(" {feature}")).unwrap_or_default();
                format!("{}{feature}", key.replace('-', " "))
            }
            _ => key.to_owned(),
        }
    }

    /// A deciding condition with both operands: what is, what ought to be, by how much it misses. Of a ban the words say
    /// what it bans, of a demand what it demands.
    pub(crate) fn condition(&self, condition: &ConditionResult, ban: bool) -> String {
        let is = self.given(condition);
        if says_yes_or_no(condition) {
            return is;
        }
        let shortfall = condition.shortfall.as_ref().map(|short| self.shortfall(short, condition.operator));
        let shortfall = shortfall.unwrap_or_default();
        match condition.holds {
            Some(false) if ban && !is_ordered(condition.operator) => is,
            Some(false) if ban => {
                let bound = self.bound_with(contrary(condition.operator), condition);
                // "More than 2 km short" helps nobody where the ban itself names the number.
                let strict = condition.shortfall.as_ref().is_some_and(|short| short.strict);
                self.clauses(&[is, bound.unwrap_or_default(), if strict { String::new() } else { shortfall }])
            }
            Some(true) if !is_ordered(condition.operator) => is,
            Some(true) => self.clauses(&[is, self.bound(condition).unwrap_or_default()]),
            Some(false) | None => {
                let ought = self.bound(condition).map(|bound| format!("{}{bound}", self.word(Word::Ought)));
                self.clauses(&[is, ought.unwrap_or_default(), shortfall])
            }
        }
    }

    /// What the case states: `生产规模 80万吨/年`, `缺 方案`.
    pub(crate) fn given(&self, condition: &ConditionResult) -> String {
        let name = self.fact_name(&condition.fact, &condition.label);
        let given = condition.given.as_ref().filter(|given| !given.text.is_empty());
        if condition.operator == "states" {
            return self.contents(condition);
        }
        if condition.operator == "has" {
            let word = match given.map(|given| given.value.as_str()) {
                Some("true") => Word::Has,
                Some(_) => Word::HasNot,
                None if condition.holds == Some(false) => Word::HasNot,
                None => Word::UnstatedDocument,
            };
            return format!("{}{name}", self.word(word));
        }
        match given {
            Some(given) if says_yes_or_no(condition) => {
                format!("{name}{}{}", self.choose("：", ": "), self.amount(given))
            }
            Some(given) => format!("{name} {}", self.amount(given)),
            None if condition.holds == Some(false) => {
                format!("{name}{}{}", self.choose("：", ": "), self.word(Word::NotMet))
            }
            None => format!("{name} {}", self.word(Word::NotGiven)),
        }
    }

    /// Whether a document states what it ought to: `出让合同 未载明「…」`.
    fn contents(&self, condition: &ConditionResult) -> String {
        let (document, said) = document_and_contents(condition);
        let words = match condition.given.as_ref().map(|given| given.value.as_str()) {
            Some("true") => Word::States,
            Some(_) => Word::StatesNot,
            None if condition.holds == Some(false) => Word::StatesNot,
            None => Word::UnstatedContents,
        };
        format!("{document}{}{said}", self.word(words))
    }

    /// What is underlined in the facts: a list, not how many it has, a document, not what it states.
    pub(crate) fn fact_noun(&self, condition: &ConditionResult) -> String {
        let label = condition.label.split([' ']).next().unwrap_or_default();
        match condition.label.strip_prefix(label).map(str::trim_start) {
            Some("数量") => self.fact_name(&condition.fact, label),
            _ if condition.operator == "states" => condition.fact.to_string(),
            _ => self.fact_name(&condition.fact, &condition.label),
        }
    }

    /// What the rule compares it with: `不低于 100万吨/年`.
    pub(crate) fn bound(&self, condition: &ConditionResult) -> Option<String> {
        self.bound_with(condition.operator, condition)
    }

    fn bound_with(&self, operator: &str, condition: &ConditionResult) -> Option<String> {
        let bound = condition.bound.as_ref().filter(|bound| !bound.text.is_empty())?;
        if (operator, bound.value.as_str()) == ("!=", "none") {
            return Some(self.word(Word::Given).to_owned());
        }
        let word = if bound.text.parse::<Date>().is_ok() {
            Word::of_day_operator(operator)
        } else {
            Word::of_operator(operator)
        };
        Some(format!("{} {}", self.word(word), self.amount(bound)))
    }

    /// What a clause demands in this condition, for a table.
    pub(crate) fn required(&self, condition: &ConditionResult) -> Option<String> {
        let name = self.fact_name(&condition.fact, &condition.label);
        if !says_yes_or_no(condition) {
            return Some(format!("{name} {}", self.bound(condition)?));
        }
        let yes = condition.bound.as_ref().is_none_or(|bound| bound.value == "true");
        Some(match (condition.operator, yes) {
            ("has", true) => format!("{}{name}", self.word(Word::Has)),
            ("has", false) => format!("{}{name}", self.word(Word::HasNone)),
            ("states", yes) => {
                let (document, said) = document_and_contents(condition);
                format!("{document}{}{said}", self.word(if yes { Word::States } else { Word::StatesNot }))
            }
            (_, true) => name,
            (_, false) => format!("{}{name}", self.word(Word::Not)),
        })
    }

    fn amount(&self, amount: &Amount) -> String {
        match amount.text.as_str() {
            "true" => self.word(Word::Yes).to_owned(),
            "false" => self.word(Word::No).to_owned(),
            _ if amount.value.as_str() == "none" => self.word(Word::ThereIsNone).to_owned(),
            text => text.to_owned(),
        }
    }

    /// By how much a fact misses.
    pub(crate) fn shortfall(&self, shortfall: &Shortfall, operator: &str) -> String {
        let nothing = shortfall.value.parse::<Number>().is_ok_and(|value| value.is_zero());
        if shortfall.strict && nothing {
            return self.word(Word::OnTheBound).to_owned();
        }
        let word = match (operator.starts_with('<'), shortfall.strict) {
            (false, false) => Word::Short,
            (false, true) => Word::ShortMore,
            (true, false) => Word::Over,
            (true, true) => Word::OverMore,
        };
        format!("{}{}", self.word(word), shortfall.text)
    }

    /// The line of a finding behind its title.
    pub(crate) fn finding(&self, finding: &Finding, ruling: &Ruling) -> String {
        match finding.status {
            Status::Violated => self.violated(finding),
            Status::Discretion => self.discretion(finding, ruling),
            Status::Undetermined => self.undetermined(&finding.missing),
            Status::Satisfied if finding.applies == Applies::Unknown => {
                self.word(Word::ApplicabilityUnknown).to_owned()
            }
            Status::Satisfied => self.conditions(finding),
            Status::NotApplicable => match &finding.exception {
                Some(exception) => format!("{}{}", self.word(Word::ExceptionFired), exception.name),
                None => String::new(),
            },
        }
    }

    fn conditions(&self, finding: &Finding) -> String {
        let ban = is_ban(finding.force);
        let conditions: Vec<String> = finding
            .conditions
            .iter()
            .map(|condition| self.condition(condition, ban))
            .filter(|text| !text.is_empty())
            .collect();
        conditions.join(self.choose("；", "; "))
    }

    fn violated(&self, finding: &Finding) -> String {
        let force = Word::of_force(finding.force);
        self.with_way_through(self.with_force(self.conditions(finding), force), finding)
    }

    fn discretion(&self, finding: &Finding, ruling: &Ruling) -> String {
        let checks: Vec<&str> = ruling
            .authority_checks
            .iter()
            .filter(|check| check.clause == finding.clause && check.attestation.is_some())
            .map(|check| check.text.as_str())
            .collect();
        let text = if checks.is_empty() {
            let said = self.with_force(self.conditions(finding), Word::of_force(finding.force));
            self.clauses(&[said, self.word(Word::Discretion).to_owned()])
        } else {
            format!("{}{}", self.word(Word::AuthorityChecks), self.list(&checks))
        };
        self.with_way_through(text, finding)
    }

    fn with_force(&self, text: String, force: Option<Word>) -> String {
        match force {
            Some(force) if text.is_empty() => self.word(force).to_owned(),
            Some(force) if text.contains(self.choose("：", ": ")) => {
                self.clauses(&[text, self.word(force).to_owned()])
            }
            Some(force) => format!("{text}{}{}", self.choose("：", ": "), self.word(force)),
            None => text,
        }
    }

    fn with_way_through(&self, text: String, finding: &Finding) -> String {
        match &finding.way_through {
            Some(way) => format!("{text}{}", self.bracketed(&format!("{}{way}", self.word(Word::WayThrough)))),
            None => text,
        }
    }

    /// What is not known, by kind.
    pub(crate) fn undetermined(&self, missing: &[Missing]) -> String {
        let kinds = [
            (MissingKind::Fact, Word::Unstated),
            (MissingKind::Document, Word::UnstatedDocument),
            (MissingKind::Attestation, Word::UnstatedFinding),
            (MissingKind::Parameter, Word::UnstatedParameter),
            (MissingKind::Conversion, Word::UnstatedConversion),
        ];
        let mut parts: Vec<String> = Vec::new();
        for (kind, word) in kinds {
            let names: Vec<String> = missing
                .iter()
                .filter(|item| item.kind == kind)
                .map(|item| self.fact_name(&item.fact, &item.label))
                .collect();
            if !names.is_empty() {
                parts.push(format!("{}{}", self.word(word), self.list(&names)));
            }
        }
        if missing.iter().any(|item| item.kind == MissingKind::Registry) {
            parts.push(self.word(Word::UnstatedRegistry).to_owned());
        }
        parts.join(self.choose("；", "; "))
    }

    /// One thing on a list of what is wanted.
    pub(crate) fn wanted(&self, missing: &Missing) -> String {
        let name = self.fact_name(&missing.fact, &missing.label);
        match missing.kind {
            MissingKind::Fact | MissingKind::Document | MissingKind::Attestation => name,
            MissingKind::Parameter => format!("{}{name}", self.word(Word::Parameter)),
            MissingKind::Conversion => format!("{}{name}", self.word(Word::Conversion)),
            MissingKind::Registry => self.word(Word::Registry).to_owned(),
        }
    }

    /// What is wanted from one side: in one line where it is little, else by kind.
    pub(crate) fn wanted_lines(&self, wanted: &[&Missing]) -> Vec<String> {
        let names = |kind: Option<MissingKind>| -> Vec<String> {
            let of_kind = wanted.iter().filter(|item| kind.is_none_or(|kind| item.kind == kind));
            of_kind.map(|item| self.wanted(item)).collect()
        };
        if wanted.len() <= 3 {
            return if wanted.is_empty() { Vec::new() } else { vec![self.list(&names(None))] };
        }
        let kinds = [
            (MissingKind::Fact, Word::Facts),
            (MissingKind::Document, Word::Documents),
            (MissingKind::Attestation, Word::Findings),
            (MissingKind::Conversion, Word::Nothing),
            (MissingKind::Parameter, Word::Nothing),
            (MissingKind::Registry, Word::Nothing),
        ];
        let lines = kinds.into_iter().map(|(kind, head)| (self.word(head), names(Some(kind))));
        lines
            .filter(|(_, names)| !names.is_empty())
            .map(|(head, names)| format!("{head}{}", self.list(&names)))
            .collect()
    }

    /// The best ruling that can be reached, and how.
    pub(crate) fn remedy(&self, remedy: &Remedy, needed: &[Missing]) -> String {
        let Some(reaches) = remedy.reaches else {
            let text = self.word(Word::NoRemedy).to_owned();
            if remedy.remaining.is_empty() {
                return text;
            }
            let clauses = self.list(&remedy.remaining);
            return format!("{text}{}{}{clauses}", self.choose("；", "; "), self.word(Word::InTheWay));
        };
        let mut steps: Vec<String> = Vec::new();
        for change in &remedy.changes {
            let way = match change.operator {
                ">=" => Word::RaiseTo,
                "<=" => Word::LowerTo,
                ">" => Word::RaiseAbove,
                "<" => Word::LowerBelow,
                _ => Word::ChangeTo,
            };
            steps.push(format!("{} {} {}", self.fact_name(&change.fact, &change.label), self.word(way), change.value));
        }
        let supplied: Vec<String> =
            needed.iter().filter(|item| of_applicant(item.kind)).map(|item| self.wanted(item)).collect();
        // The list of what is wanted stands right below; a long one is not said twice.
        if supplied.len() > 3 {
            steps.push(self.word(Word::SupplyBelow).to_owned());
        } else if !supplied.is_empty() {
            steps.push(format!("{}{}", self.word(Word::Supply), self.list(&supplied)));
        }
        let mut text = self.word(Word::of_verdict_short(reaches)).to_owned();
        if !steps.is_empty() {
            text = format!("{text}{}{}", self.choose("：", ": "), self.clauses(&steps));
        }
        if remedy.remaining.is_empty() {
            return text;
        }
        let remaining = self.list(&remedy.remaining);
        format!("{text}{}{remaining}{}", self.choose("；", "; "), self.word(Word::StillForDecision))
    }

    /// The case in few words.
    pub(crate) fn case_title(&self, ruling: &Ruling) -> String {
        let values: Vec<&str> = identity(ruling).collect();
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

/// Whether an item is wanted from the applicant, not from the authority.
pub(crate) const fn of_applicant(kind: MissingKind) -> bool {
    match kind {
        MissingKind::Fact | MissingKind::Document | MissingKind::Attestation | MissingKind::Conversion => true,
        MissingKind::Parameter | MissingKind::Registry => false,
    }
}

/// A sentence's first word.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Whether a clause of this force bans or restricts, so that its conditions say what may not be.
pub(crate) fn is_ban(force: &str) -> bool {
    matches!(force, "must-not" | "restricted")
}

/// A document's name and what it is asked to state.
fn document_and_contents(condition: &ConditionResult) -> (&str, &str) {
    let said = condition.label.strip_prefix(condition.fact.as_str()).unwrap_or_default();
    (condition.fact.as_str(), said.trim_start().trim_start_matches("载明"))
}

/// Whether a condition asks for yes or no.
fn says_yes_or_no(condition: &ConditionResult) -> bool {
    matches!(condition.operator, "is" | "has" | "states")
}

/// Whether an operator compares amounts or days.
pub(crate) fn is_ordered(operator: &str) -> bool {
    matches!(operator, ">=" | "<=" | ">" | "<" | "~")
}

/// The comparison that holds exactly where this one does not.
fn contrary(operator: &str) -> &str {
    match operator {
        ">=" => "<",
        "<=" => ">",
        ">" => "<=",
        "<" => ">=",
        "=" => "!=",
        "!=" => "=",
        other => other,
    }
}
