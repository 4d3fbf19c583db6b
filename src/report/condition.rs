//! Conditions in words of either language, from what they mean, not from how their author spelled them.

use crate::diagnostic::Language;
use crate::model::{
    AttestationMode, Condition, DocumentQuestion, FieldId, FieldKind, MemberId, Model, Name, Operator, Test, TestKind,
};
use crate::report::words::{Word, listed};

/// Says conditions of a model.
#[derive(Clone, Copy)]
pub(crate) struct Conditions<'a> {
    /// The model.
    pub(crate) model: &'a Model,
    /// The language.
    pub(crate) language: Language,
}

/// What a condition stands in. The language lets 且 and 或 meet only over brackets, and so do its reports.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Nothing,
    Any,
    All,
    Not,
}

impl Conditions<'_> {
    /// A condition in words.
    pub(crate) fn say(&self, condition: &Condition) -> String {
        self.at(condition, Within::Nothing)
    }

    fn choose(&self, chinese: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    fn at(&self, condition: &Condition, outer: Within) -> String {
        let joined = |inner: &[Condition], own: Within, word: &str| {
            let said: Vec<String> = inner.iter().map(|condition| self.at(condition, own)).collect();
            let text = said.join(word);
            if outer != Within::Nothing && outer != own && inner.len() > 1 {
                format!("{}{text}{}", self.choose("（", "("), self.choose("）", ")"))
            } else {
                text
            }
        };
        match condition {
            Condition::Always => self.choose("任何情形", "always").to_owned(),
            Condition::Never => self.choose("无一情形", "never").to_owned(),
            Condition::Test(test) => self.test(test),
            Condition::All(inner) => joined(inner, Within::All, self.choose(" 且 ", " and ")),
            Condition::Any(inner) if borrows(inner) => self.row(inner),
            Condition::Any(inner) => joined(inner, Within::Any, self.choose(" 或 ", " or ")),
            Condition::Not(inner) => format!("{}{}", self.choose("非 ", "not "), self.at(inner, Within::Not)),
        }
    }

    /// A row of a plan above that a number is taken from: its cases, then the number.
    fn row(&self, inner: &[Condition]) -> String {
        let [Condition::Not(cases), number] = inner else { return String::new() };
        let (cases, number) = (self.at(cases, Within::Nothing), self.at(number, Within::All));
        match self.language {
            Language::Chinese => format!("（{cases} 的，{number}）"),
            Language::English => format!("(where {cases}: {number})"),
        }
    }

    fn test(&self, test: &Test) -> String {
        match &test.kind {
            TestKind::Member { field, named, .. } => self.member(*field, named),
            TestKind::Amount { field, comparator, bound, .. } => {
                format!("{} {} {}", self.field(*field), self.operator(comparator.operator), bound.text())
            }
            TestKind::Day { field, comparator, bound } => {
                format!("{} {} {bound}", self.field(*field), self.day_operator(comparator.operator))
            }
            TestKind::Fields { left, comparator, right, months } => {
                let day = self.model.vocabulary.field(*left).is_some_and(|field| field.kind == FieldKind::Date);
                let operator = comparator.operator;
                let operator = if day { self.day_operator(operator) } else { self.operator(operator) };
                let later = match (*months, self.choose("zh", "en")) {
                    (0, _) => String::new(),
                    (months, "zh") => format!(" 之后 {months} 个月"),
                    (months, _) => format!(" and {months} months"),
                };
                format!("{} {operator} {}{later}", self.field(*left), self.field(*right))
            }
            TestKind::Flag { field } => self.field(*field),
            TestKind::Absent { field } => format!("{}{}", self.choose("没有 ", "no "), self.field(*field)),
            TestKind::Count { field, .. } if test.kind.existence() == Some(true) => {
                format!("{}{}", self.choose("有 ", "has "), self.field(*field))
            }
            TestKind::Count { field, .. } if test.kind.existence() == Some(false) => {
                format!("{}{}", self.choose("没有 ", "no "), self.field(*field))
            }
            TestKind::Count { field, comparator, bound } => {
                let (field, operator) = (self.field(*field), self.operator(comparator.operator));
                match self.language {
                    Language::Chinese => format!("{field} 数量 {operator} {}", bound.text()),
                    Language::English => format!("number of {field} {operator} {}", bound.value),
                }
            }
            TestKind::Distance { field, feature, comparator, bound } => {
                let feature = self.member_name(*field, *feature);
                let distance = self.choose("距 ", "distance to ");
                format!("{distance}{feature} {} {}", self.operator(comparator.operator), bound.text())
            }
            TestKind::Document { field, document, about, .. } => {
                self.document(&self.member_name(*field, *document), about)
            }
            TestKind::Attestation { name, mode } => self.attestation(*name, *mode),
            TestKind::Parameter { name, .. } => format!("{}{name}", Word::Parameter.text(self.language)),
        }
    }

    fn document(&self, name: &str, about: &DocumentQuestion) -> String {
        match about {
            DocumentQuestion::Presence => format!("{}{name}", self.choose("有 ", "has ")),
            DocumentQuestion::State(_, named) => {
                let known = self.model.vocabulary.document_states.as_ref().map(|states| states.enumeration);
                let state = |state: &MemberId| self.model.vocabulary.member(known?, *state);
                let states: Vec<String> =
                    named.iter().filter_map(state).map(|member| self.name(&member.name)).collect();
                let states = states.join(self.choose("、", " / "));
                match self.language {
                    Language::Chinese => format!("有 {name}（{states}）"),
                    Language::English => format!("has {name} ({states})"),
                }
            }
            DocumentQuestion::Contents(number) => {
                let said = self.model.contents.get(usize::from(*number)).map(String::as_str).unwrap_or_default();
                match self.language {
                    Language::Chinese => format!("{name} 载明「{said}」"),
                    Language::English => format!("{name} stating “{said}”"),
                }
            }
            DocumentQuestion::Day(operator, bound) => {
                format!("{name}{}{} {bound}", self.choose(" 的 日期 ", " dated "), self.day_operator(*operator))
            }
        }
    }

    fn member(&self, field: FieldId, named: &[MemberId]) -> String {
        let names: Vec<String> = named.iter().map(|member| self.member_name(field, *member)).collect();
        let names = match self.language {
            Language::Chinese => listed(self.language, &names),
            Language::English => names.join(" / "),
        };
        let verb =
            if names.contains(['、', '/']) { self.choose("属于", "is one of") } else { self.choose("是", "is") };
        format!("{} {verb} {names}", self.field(field))
    }

    fn attestation(&self, name: u16, mode: AttestationMode) -> String {
        let words = self.model.attestations.get(usize::from(name)).map(String::as_str).unwrap_or_default();
        let mode = match mode {
            AttestationMode::Required | AttestationMode::Ground => "",
            AttestationMode::Applicant => self.choose("（申请人举证）", " (shown by the applicant)"),
            AttestationMode::Authority => self.choose("（本部门核查）", " (checked by the authority)"),
            AttestationMode::PresumedNot => self.choose("（推定不属于）", " (presumed not)"),
        };
        match self.language {
            Language::Chinese => format!("经认定「{words}」{mode}"),
            Language::English => format!("found to be “{words}”{mode}"),
        }
    }

    fn operator(&self, operator: Operator) -> &'static str {
        Word::of_operator(operator.sign()).text(self.language)
    }

    fn day_operator(&self, operator: Operator) -> &'static str {
        Word::of_day_operator(operator.sign()).text(self.language)
    }

    fn name(&self, name: &Name) -> String {
        match self.language {
            Language::Chinese => name.chinese.clone(),
            Language::English => name.english.as_ref().unwrap_or(&name.chinese).replace('-', " "),
        }
    }

    /// What a field is called.
    pub(crate) fn field(&self, field: FieldId) -> String {
        self.model.vocabulary.field(field).map(|field| self.name(&field.name)).unwrap_or_default()
    }

    fn member_name(&self, field: FieldId, member: MemberId) -> String {
        let Some(field) = self.model.vocabulary.field(field) else { return String::new() };
        match field.kind {
            FieldKind::Member(enumeration)
            | FieldKind::Areas(enumeration)
            | FieldKind::Distances(enumeration)
            | FieldKind::Documents(enumeration) => {
                let member = self.model.vocabulary.member(enumeration, member);
                member.map(|member| self.name(&member.name)).unwrap_or_default()
            }
            FieldKind::YesNo
            | FieldKind::Date
            | FieldKind::Text
            | FieldKind::Quantity(_)
            | FieldKind::Attestations
            | FieldKind::Conversions => String::new(),
        }
    }
}

/// Whether these alternatives are a row of a plan above: not its cases, or its number.
fn borrows(inner: &[Condition]) -> bool {
    matches!(inner, [Condition::Not(_), Condition::Test(test)] if test.from.is_some())
}
