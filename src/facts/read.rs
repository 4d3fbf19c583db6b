//! Types a tree against the vocabulary: every problem in one run, each at its place.

use std::collections::BTreeMap;

use crate::date::Date;
use crate::diagnostic::{Code, Problem, Words};
use crate::facts::expected;
use crate::facts::fact::{CaseFacts, Fact, FactOrigin, FactValue};
use crate::facts::nearest::nearest;
use crate::facts::tree::{Entry, Kind, Spanned, twice};
use crate::model::{EnumerationId, Field, FieldId, FieldKind, MemberId, Model, Name, fold};
use crate::source::Source;
use crate::span::Span;

/// Types the facts of one case against a model. `source` is the text that the tree was read from.
///
/// Facts that have a problem are left out; so is what is `null`, which is "not known". Problems come by place:
/// `A0602` a field given twice (in both languages, too), `A0603` an unknown key or finding, `A0604` a number without its
/// unit, `A0605` another type, `A0606` no number, `A0607` another dimension or an unknown unit, `A0608` outside the
/// field's domain, `A0609` no such date, `A0610` an unknown member, `A0611` a list where one is meant, `A0617` a list at
/// the top, `A0618` too many digits.
#[must_use]
pub fn read(tree: &Spanned, model: &Model, source: &Source) -> (CaseFacts, Vec<Problem>) {
    let mut reading =
        Reading { model, source, facts: CaseFacts::default(), problems: Vec::new(), seen: BTreeMap::new() };
    match &tree.kind {
        Kind::Map(entries) => {
            for entry in entries {
                if reading.problems.len() >= MAX_PROBLEMS {
                    break;
                }
                reading.entry(entry);
            }
        }
        Kind::List(items) => {
            let problem = top_level_list(items, tree.span, source);
            reading.report(problem);
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {
            let words = Words::new("名称到值的对照，如 {\"名称\": \"值\"}", "a map of names to values");
            let problem = Problem::error(Code::WrongFactType, tree.span)
                .with_words(Words::new("事实文件", "the facts"))
                .with_words(words.clone())
                .saying(words);
            reading.report(problem);
        }
    }
    reading.problems.sort_by_key(|problem| (problem.span().start(), problem.span().end()));
    (reading.facts, reading.problems)
}

/// `A0617`; a short list is shown as the lines it should be.
fn top_level_list(items: &[Spanned], span: Span, source: &Source) -> Problem {
    let open = Span::new(span.source(), span.start(), span.start() + 1);
    let problem = Problem::error(Code::TopLevelArray, open)
        .saying(Words::new(format!("这里有 {} 案", items.len()), format!("{} cases in a list", items.len())));
    if span.len() > 4096 || items.is_empty() {
        return problem;
    }
    let lines: Vec<String> = items.iter().map(|item| on_one_line(source.slice(item.span))).collect();
    problem.mended(lines.join("\n"))
}

/// JSON without the blanks outside its strings that would break the line.
fn on_one_line(text: &str) -> String {
    let (mut line, mut quoted, mut escaped) = (String::with_capacity(text.len()), false, false);
    for character in text.chars() {
        if quoted || !character.is_whitespace() {
            line.push(character);
        } else if line.ends_with([':', ',']) {
            line.push(' ');
        }
        quoted ^= character == '"' && !escaped;
        escaped = quoted && character == '\\' && !escaped;
    }
    line
}

/// The names of something, for people.
pub(super) fn words_of(name: &Name) -> Words {
    Words::new(name.chinese.clone(), name.key())
}

/// How many problems of one case are reported.
const MAX_PROBLEMS: usize = 1000;

/// How many of them come with the nearest name.
const MAX_GUESSES: usize = 100;

/// The one reading of one case.
pub(super) struct Reading<'a> {
    pub(super) model: &'a Model,
    pub(super) source: &'a Source,
    pub(super) facts: CaseFacts,
    pub(super) problems: Vec<Problem>,
    seen: BTreeMap<FieldId, Span>,
}

/// The field that a value is read for.
pub(super) struct Place<'a> {
    pub(super) id: FieldId,
    pub(super) field: &'a Field,
    /// What its author calls it.
    pub(super) key: &'a str,
}

impl<'a> Reading<'a> {
    fn entry(&mut self, entry: &'a Entry) {
        let Some((id, field)) = self.field(&entry.key) else {
            let names = self.model.vocabulary.fields.iter().flat_map(|field| field.name.spellings());
            let near = self.guess(&hyphenated(&entry.key), names);
            let problem = self.unknown_key(Code::UnknownKey, &entry.key, entry.key_span, near);
            self.report(problem);
            return;
        };
        if let Some(first) = self.seen.get(&id) {
            self.report(twice(&entry.key, entry.key_span, *first));
            return;
        }
        self.seen.insert(id, entry.key_span);
        let place = Place { id, field, key: &entry.key };
        if entry.value.kind == Kind::Null {
            return;
        }
        if let Some(value) = self.value(&place, &entry.value) {
            self.facts.set(id, Fact { value, origin: FactOrigin::Given, span: Some(entry.value.span) });
        }
    }

    /// Takes a problem; past a thousand of them the rest is left out.
    pub(super) fn report(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// The nearest name, as long as there are few problems: whoever has a hundred is not helped by guesses.
    pub(super) fn guess<'n>(&self, word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        if self.problems.len() < MAX_GUESSES { nearest(word, names) } else { None }
    }

    fn field(&self, key: &str) -> Option<(FieldId, &'a Field)> {
        let vocabulary = &self.model.vocabulary;
        let id = vocabulary.field_named(key).or_else(|| vocabulary.field_named(&hyphenated(key)))?;
        Some((id, vocabulary.field(id)?))
    }

    fn value(&mut self, place: &Place<'_>, value: &Spanned) -> Option<FactValue> {
        if says_none(value) && !self.none_is_a_member(place.field) {
            return self.none(place, value);
        }
        match &place.field.kind {
            FieldKind::Member(enumeration) => self.members(place, *enumeration, value),
            FieldKind::YesNo => self.yes_no(place, value).map(FactValue::YesNo),
            FieldKind::Date => self.day(place, value).map(FactValue::Day),
            FieldKind::Text => self.texts(place, value),
            FieldKind::Quantity(dimensions) => self.quantity(place, dimensions, value),
            FieldKind::Areas(enumeration) => self.areas(place, *enumeration, value),
            FieldKind::Distances(enumeration) => self.distances(place, *enumeration, value),
            FieldKind::Documents(enumeration) => self.documents(place, *enumeration, value),
            FieldKind::Attestations => self.attestations(place, value),
            FieldKind::Conversions => self.conversions(place, value),
        }
    }

    fn none_is_a_member(&self, field: &Field) -> bool {
        let FieldKind::Member(enumeration) = field.kind else { return false };
        let members = self.model.vocabulary.enumeration(enumeration).map(|found| found.members.as_slice());
        members
            .unwrap_or_default()
            .iter()
            .any(|member| member.name.spellings().any(|name| matches!(name, "无" | "none")))
    }

    /// "There is none": a value of optional fields, and of lists of areas the empty list.
    fn none(&mut self, place: &Place<'_>, value: &Spanned) -> Option<FactValue> {
        if place.field.optional {
            return Some(FactValue::None);
        }
        if let FieldKind::Areas(_) = place.field.kind {
            return Some(FactValue::Members(Vec::new()));
        }
        let words = expected::words(self.model, place.id, place.field);
        let mut problem = self.type_problem(place.key, words, value);
        if place.field.kind == FieldKind::YesNo {
            problem = problem.mended(self.quoted(value, "否"));
        } else if place.field.many {
            problem = problem.mended("[]");
        } else {
            let help = Words::new(
                "这一项总是有的，不能写「无」；不知道的写 null",
                "there always is one; write null for what is not known",
            );
            problem = problem.help(help);
        }
        self.report(problem);
        None
    }

    fn members(&mut self, place: &Place<'_>, enumeration: EnumerationId, value: &Spanned) -> Option<FactValue> {
        if let (Kind::List(_), false) = (&value.kind, place.field.many) {
            self.one_only(place, value);
            return None;
        }
        let found = self.named(place, enumeration, value)?;
        if found.is_empty() {
            self.wrong_type(place, value);
            return None;
        }
        Some(FactValue::Members(found))
    }

    fn areas(&mut self, place: &Place<'_>, enumeration: EnumerationId, value: &Spanned) -> Option<FactValue> {
        self.named(place, enumeration, value).map(FactValue::Members)
    }

    /// The members that a text or a list of texts names; `None` where one of them is unknown.
    pub(super) fn named(
        &mut self,
        place: &Place<'_>,
        enumeration: EnumerationId,
        value: &Spanned,
    ) -> Option<Vec<MemberId>> {
        let items = match &value.kind {
            Kind::Text(_) => std::slice::from_ref(value),
            Kind::List(items) => items.as_slice(),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Map(_) => {
                self.wrong_type(place, value);
                return None;
            }
        };
        let mut found = Vec::new();
        let mut whole = true;
        for item in items {
            match self.member_value(place, enumeration, item) {
                Some(member) if !found.contains(&member) => found.push(member),
                Some(_) => {}
                None => whole = false,
            }
        }
        whole.then_some(found)
    }

    fn member_value(&mut self, place: &Place<'_>, enumeration: EnumerationId, item: &Spanned) -> Option<MemberId> {
        let Kind::Text(word) = &item.kind else {
            self.wrong_type(place, item);
            return None;
        };
        self.member(place.key, enumeration, word, item, place.field.many)
    }

    /// The member with this name; else `A0610` with the nearest one.
    pub(super) fn member(
        &mut self,
        key: &str,
        enumeration: EnumerationId,
        word: &str,
        item: &Spanned,
        many: bool,
    ) -> Option<MemberId> {
        let members = self.model.vocabulary.enumeration(enumeration).map_or(&[][..], |found| &found.members);
        if let Some(found) = position(members.iter().map(|member| &member.name), word) {
            return u16::try_from(found).ok().map(MemberId);
        }
        let parts: Vec<&str> = word.split(['、', ',', '，']).map(str::trim).collect();
        let known = |part: &&str| position(members.iter().map(|member| &member.name), part).is_some();
        let near = self.guess(&hyphenated(word), members.iter().flat_map(|member| member.name.spellings()));
        let few = if members.len() <= 12 { members } else { &[] };
        let all: Vec<Words> = few.iter().map(|member| words_of(&member.name)).collect();
        let mut problem = self.unknown_member(&Words::same(key), word, near, &all, item);
        if many && parts.len() > 1 && parts.iter().all(known) {
            let list: Vec<String> = parts.iter().map(|part| format!("\"{part}\"")).collect();
            let help = Words::new("几个值写成列表", "write several values as a list");
            problem = problem.help(help).mended(format!("[{}]", list.join(", ")));
        }
        self.report(problem);
        None
    }

    pub(super) fn yes_no(&mut self, place: &Place<'_>, value: &Spanned) -> Option<bool> {
        let answer = answer(value);
        if answer.is_none() {
            match value.kind {
                Kind::List(_) => self.one_only(place, value),
                _ => self.should_be(place, Words::new("「是」或「否」", "yes or no"), value),
            }
        }
        answer
    }

    fn day(&mut self, place: &Place<'_>, value: &Spanned) -> Option<Date> {
        match &value.kind {
            Kind::Text(text) => self.day_text(text, value),
            Kind::Number(text) => self.day_text(text, value),
            Kind::List(_) => {
                self.one_only(place, value);
                None
            }
            Kind::Null | Kind::Bool(_) | Kind::Map(_) => {
                self.wrong_type(place, value);
                None
            }
        }
    }

    /// A day in text; else `A0609`.
    pub(super) fn day_text(&mut self, text: &str, value: &Spanned) -> Option<Date> {
        let folded = fold(text);
        let numeric = matches!(value.kind, Kind::Number(_));
        if let (Ok(day), false) = (folded.parse::<Date>(), numeric) {
            return Some(day);
        }
        let mut problem = Problem::error(Code::FactDate, value.span)
            .with(text)
            .saying(Words::new("日历上没有", "not in the calendar"));
        if let Some(day) = intended_day(&folded) {
            let help = Words::new(format!("日期写成 {day}"), format!("write the date as {day}"));
            problem = problem.saying(help.clone()).help(help).mended(self.quoted(value, &day.to_string()));
        }
        self.report(problem);
        None
    }

    fn texts(&mut self, place: &Place<'_>, value: &Spanned) -> Option<FactValue> {
        let items = match &value.kind {
            Kind::List(_) if !place.field.many => {
                self.one_only(place, value);
                return None;
            }
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let mut texts = Vec::new();
        for item in items {
            match text(item, place.field.many) {
                Some(text) => texts.push(text),
                None => self.wrong_type(place, item),
            }
        }
        (texts.len() == items.len()).then_some(FactValue::Texts(texts))
    }

    /// `A0605` with the field's own type.
    pub(super) fn wrong_type(&mut self, place: &Place<'_>, value: &Spanned) {
        let words = expected::words(self.model, place.id, place.field);
        self.should_be(place, words, value);
    }

    /// `A0605`: what it should be.
    pub(super) fn should_be(&mut self, place: &Place<'_>, words: Words, value: &Spanned) {
        let problem = self.type_problem(place.key, words, value);
        self.report(problem);
    }

    pub(super) fn type_problem(&self, key: &str, words: Words, value: &Spanned) -> Problem {
        let found = kind_words(&value.kind);
        let help = Words::new(format!("写{}", words.chinese), format!("write {}", words.english));
        Problem::error(Code::WrongFactType, value.span)
            .with(key)
            .with_words(words)
            .saying(Words::new(format!("这是{}", found.chinese), format!("this is {}", found.english)))
            .help(help)
    }

    /// `A0611`; a list of one is shown without its brackets.
    pub(super) fn one_only(&mut self, place: &Place<'_>, value: &Spanned) {
        let Kind::List(items) = &value.kind else { return };
        let count = items.len();
        let mut problem = Problem::error(Code::ListForOne, value.span)
            .with(place.key)
            .saying(Words::new(format!("列了 {count} 个"), format!("a list of {count}")));
        if let [only] = items.as_slice() {
            problem = problem.mended(self.source.slice(only.span));
        }
        self.report(problem);
    }

    /// A name that nobody declared, with the nearest one.
    pub(super) fn unknown_key(&self, code: Code, key: &str, span: Span, near: Option<&str>) -> Problem {
        let problem = Problem::error(code, span).with(key);
        match near {
            Some(near) => {
                let mended =
                    if self.source.slice(span).starts_with('"') { format!("\"{near}\"") } else { near.to_owned() };
                problem
                    .saying(Words::new(format!("是不是「{near}」"), format!("did you mean `{near}`?")))
                    .help(Words::new(format!("改为「{near}」"), format!("write `{near}`")))
                    .mended(mended)
            }
            None => problem
                .saying(Words::new("词汇里没有声明", "not declared in the vocabulary"))
                .help(Words::new("可用的名称见 adit facts", "see `adit facts` for the names there are")),
        }
    }

    /// `A0610` with the nearest name, or with all of them where they are few.
    pub(super) fn unknown_member(
        &self,
        of: &Words,
        word: &str,
        near: Option<&str>,
        all: &[Words],
        value: &Spanned,
    ) -> Problem {
        let problem = Problem::error(Code::UnknownMember, value.span).with_words(of.clone()).with(word);
        match near {
            Some(near) => problem
                .saying(Words::new(format!("是不是「{near}」"), format!("did you mean `{near}`?")))
                .help(Words::new(format!("改为「{near}」"), format!("write `{near}`")))
                .mended(self.quoted(value, near)),
            None if (1..=12).contains(&all.len()) => {
                let chinese: Vec<&str> = all.iter().map(|words| words.chinese.as_str()).collect();
                let english: Vec<&str> = all.iter().map(|words| words.english.as_str()).collect();
                problem.saying(Words::new("词汇里没有声明", "not declared in the vocabulary")).help(Words::new(
                    format!("可用的有：{}", chinese.join("、")),
                    format!("there are: {}", english.join(", ")),
                ))
            }
            None => problem.saying(Words::new("词汇里没有声明", "not declared in the vocabulary")),
        }
    }

    /// A text as it should stand in place of a value: in quotes, save where its author wrote none around words.
    pub(super) fn quoted(&self, value: &Spanned, text: &str) -> String {
        let bare = matches!(value.kind, Kind::Text(_)) && !self.source.slice(value.span).starts_with(['"', '\'']);
        if bare { text.to_owned() } else { format!("\"{text}\"") }
    }
}

/// A key in the form that vocabularies declare: folded, in small letters, with hyphens.
pub(super) fn hyphenated(word: &str) -> String {
    fold(word).trim().to_lowercase().replace('_', "-")
}

/// The name that a word spells, exactly or after folding.
pub(super) fn position<'n>(names: impl Iterator<Item = &'n Name> + Clone, word: &str) -> Option<usize> {
    let exact = names.clone().position(|name| name.spellings().any(|spelling| spelling == word));
    exact.or_else(|| {
        let word = hyphenated(word);
        names.clone().position(|name| name.spellings().any(|spelling| hyphenated(spelling) == word))
    })
}

/// Whether it says that there is none.
fn says_none(value: &Spanned) -> bool {
    matches!(&value.kind, Kind::Text(text) if matches!(text.trim(), "无" | "none" | "None" | "NONE"))
}

/// What a value answers to a yes/no question.
pub(super) fn answer(value: &Spanned) -> Option<bool> {
    match &value.kind {
        Kind::Bool(answer) => Some(*answer),
        Kind::Text(text) => match fold(text).trim().to_lowercase().as_str() {
            "是" | "yes" | "true" => Some(true),
            "否" | "no" | "false" => Some(false),
            _ => None,
        },
        Kind::Null | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => None,
    }
}

/// Words, also where they are digits; in lists also a point given as a list of numbers.
fn text(value: &Spanned, many: bool) -> Option<String> {
    match &value.kind {
        Kind::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Kind::Number(text) => Some(text.clone()),
        Kind::List(items) if many && !items.is_empty() => {
            let numbers = items.iter().map(|item| match &item.kind {
                Kind::Number(text) => Some(text.as_str()),
                _ => None,
            });
            numbers.collect::<Option<Vec<&str>>>().map(|numbers| numbers.join(","))
        }
        Kind::Text(_) | Kind::Null | Kind::Bool(_) | Kind::List(_) | Kind::Map(_) => None,
    }
}

/// The day that somebody meant who wrote `20250131` or `2025-01-31T00:00:00`.
fn intended_day(text: &str) -> Option<Date> {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
    if digits.len() == 8 {
        let parts = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?);
        return format!("{}-{}-{}", parts.0, parts.1, parts.2).parse().ok();
    }
    let day = text.trim().split(['T', ' ']).next().filter(|day| day.len() < text.trim().len())?;
    day.parse().ok()
}

fn kind_words(kind: &Kind) -> Words {
    match kind {
        Kind::Null => Words::new("空值", "null"),
        Kind::Bool(true) => Words::new("「是」", "yes"),
        Kind::Bool(false) => Words::new("「否」", "no"),
        Kind::Number(_) => Words::new("数", "a number"),
        Kind::Text(_) => Words::new("文字", "words"),
        Kind::List(_) => Words::new("列表", "a list"),
        Kind::Map(_) => Words::new("对照", "a map"),
    }
}
