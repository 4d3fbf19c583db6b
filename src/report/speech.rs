//! Findings as sentences, the same in every form of report.

use crate::date::Date;
use crate::diagnostic::Language;
use crate::quantity::Number;
use crate::report::sources::Sources;
use crate::report::words::{Word, listed};
use crate::ruling::{
    Amount, Applies, ConditionResult, Finding, Glossary, Missing, MissingKind, Remedy, Ruling, Shortfall, Status, Text,
    Used,
};

/// Says things in one language.
#[derive(Clone, Copy)]
pub(crate) struct Speech<'a> {
    /// The language.
    pub(crate) language: Language,
    /// The texts, to see how an author ordered his words.
    pub(crate) sources: &'a dyn Sources,
    /// What the vocabulary's words are called in English.
    pub(crate) glossary: &'a Glossary,
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
                let feature = label.split_once(' ').map(|(_, feature)| format!(" from {}", self.term(feature)));
                format!("{}{}", key.replace('-', " "), feature.unwrap_or_default())
            }
            _ => self.term(key),
        }
    }

    /// A word of the vocabulary, such as a document's name.
    pub(crate) fn term(&self, word: &str) -> String {
        match self.language {
            Language::Chinese => word.to_owned(),
            Language::English => self.glossary.words(word),
        }
    }

    /// What a fact is called whose key is not told.
    pub(crate) fn field(&self, label: &str) -> String {
        match self.language {
            Language::Chinese => label.to_owned(),
            Language::English => self.glossary.field(label),
        }
    }

    /// What a case says of a fact.
    pub(crate) fn said(&self, label: &str, value: &str) -> String {
        match self.language {
            Language::Chinese => value.to_owned(),
            Language::English => self.glossary.value(label, value),
        }
    }

    /// What tells one case from another.
    pub(crate) fn identity(&self, ruling: &Ruling) -> Vec<String> {
        let label = |value: &Text| ruling.case.iter().find(|(_, said)| said == value).map(|(label, _)| label.as_str());
        ruling.headline.iter().map(|value| self.said(label(value).unwrap_or_default(), value)).collect()
    }

    /// A default or conversion that a ruling rests on.
    pub(crate) fn used(&self, used: &Used) -> String {
        match self.language {
            Language::Chinese => used.to_string(),
            Language::English => used.english(self.glossary),
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
        format!("{}{}{said}", self.term(document), self.word(words))
    }

    /// What is underlined in the facts: a list, not how many it has, a document, not what it states.
    pub(crate) fn fact_noun(&self, condition: &ConditionResult) -> String {
        let label = condition.label.split([' ']).next().unwrap_or_default();
        match condition.label.strip_prefix(label).map(str::trim_start) {
            Some("数量") => self.fact_name(&condition.fact, label),
            _ if condition.operator == "states" => self.term(&condition.fact),
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
                format!("{}{}{said}", self.term(document), self.word(if yes { Word::States } else { Word::StatesNot }))
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
            text if amount.value == text => self.term(text),
            // What is no amount has the vocabulary's keys for its value.
            _ if amount.unit.is_none() && self.language == Language::English => {
                let keys = amount
                    .value
                    .split(", ")
                    .map(|key| if key.is_ascii() { key.replace('-', " ") } else { self.term(key) });
                keys.collect::<Vec<_>>().join(", ")
            }
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
            let names: Vec<String> =
                missing.iter().filter(|item| item.kind == kind).map(|item| self.open(item)).collect();
            if !names.is_empty() {
                parts.push(format!("{}{}", self.word(word), self.list(&names)));
            }
        }
        if missing.iter().any(|item| item.kind == MissingKind::Registry) {
            parts.push(self.word(Word::UnstatedRegistry).to_owned());
        }
        parts.join(self.choose("；", "; "))
    }

    /// What is open: a fact, or of one that was stated too broadly, which of what was stated it is.
    fn open(&self, missing: &Missing) -> String {
        let name = self.fact_name(&missing.fact, &missing.label);
        let Some(given) = &missing.given else { return name };
        let given = self.said(&missing.label, given);
        match self.language {
            Language::Chinese => format!("{name}（是{given}中的哪一种）"),
            Language::English => format!("{name} (which {given})"),
        }
    }

    /// One thing on a list of what is wanted.
    pub(crate) fn wanted(&self, missing: &Missing) -> String {
        let name = self.open(missing);
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
            let word = if remedy.remaining.len() > 1 { Word::InTheWay } else { Word::NotMetBy };
            let clauses = self.list(&remedy.remaining);
            return format!("{text}{}{}{clauses}", self.choose("；", "; "), self.word(word));
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
}

/// Whether an item is wanted from the applicant, not from the authority.
pub(crate) const fn of_applicant(kind: MissingKind) -> bool {
    match kind {
        MissingKind::Fact | MissingKind::Document | MissingKind::Attestation | MissingKind::Conversion => true,
        MissingKind::Parameter | MissingKind::Registry => false,
    }
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
