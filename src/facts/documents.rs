//! Documents: those that are there, and what is known of each: state, day, number, contents.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::diagnostic::Words;
use crate::facts::fact::{DocumentFact, FactValue};
use crate::facts::read::{Place, Reading, answer, position, words_of};
use crate::facts::tree::{Entry, Kind, Spanned};
use crate::model::{EnumerationId, MemberId, fold};

/// The keys of a document written as a map.
const KEYS: [(&str, [&str; 3]); 4] = [
    ("state", ["state", "状态", "状况"]),
    ("date", ["date", "日期", "批准日期"]),
    ("number", ["number", "文号", "编号"]),
    ("states", ["states", "载明", "内容"]),
];

/// What says in the language itself that there is one, or none; the states are the vocabulary's.
const THERE: [&str; 3] = ["有", "已有", "present"];
const NOT_THERE: [&str; 3] = ["无", "没有", "none"];

impl Reading<'_> {
    /// Documents: a list of those that are there, or a map that says more of each.
    pub(super) fn documents(
        &mut self,
        place: &Place<'_>,
        enumeration: EnumerationId,
        value: &Spanned,
    ) -> Option<FactValue> {
        let mut documents = BTreeMap::new();
        let there = |span| DocumentFact { present: true, span: Some(span), ..DocumentFact::default() };
        match &value.kind {
            Kind::Map(entries) => {
                for (member, entry) in self.keyed(place, enumeration, entries) {
                    if let Some(document) = self.document(place, entry) {
                        documents.insert(member, document);
                    }
                }
            }
            Kind::List(items) => {
                for item in items {
                    for member in self.named(place, enumeration, item).unwrap_or_default() {
                        documents.entry(member).or_insert(there(item.span));
                    }
                }
            }
            _ => {
                for member in self.named(place, enumeration, value)? {
                    documents.insert(member, there(value.span));
                }
            }
        }
        Some(FactValue::Documents(documents))
    }

    /// One document; `None` where it is not known whether it is there.
    fn document(&mut self, place: &Place<'_>, entry: &Entry) -> Option<DocumentFact> {
        let span = Some(entry.key_span.to(entry.value.span));
        let Kind::Map(parts) = &entry.value.kind else {
            let (present, state) = self.state(place, &entry.key, &entry.value)?;
            return Some(DocumentFact { present, state, span, ..DocumentFact::default() });
        };
        let [state, date, number, contents] = self.parts(parts, &KEYS);
        if let Some(number) = number.filter(|number| !matches!(number.kind, Kind::Number(_))) {
            self.text_of(number, "number");
        }
        let day = date.and_then(|date| self.document_day(place, date));
        let contents = contents.and_then(|contents| self.contents(place, contents));
        let (present, state) = match state {
            None => (true, None),
            Some(state) => self.state(place, &entry.key, state)?,
        };
        Some(DocumentFact { present, state, day, contents, span })
    }

    /// Whether a document in this state is there, and the state where the vocabulary has it.
    fn state(&mut self, place: &Place<'_>, document: &str, value: &Spanned) -> Option<(bool, Option<MemberId>)> {
        if let Some(answer) = answer(value) {
            return Some((answer, None));
        }
        match &value.kind {
            Kind::Null => None,
            Kind::Text(word) => self.named_state(document, word, value),
            Kind::Bool(_) | Kind::Number(_) | Kind::List(_) | Kind::Map(_) => {
                self.should_be(place, Words::new("「是」「否」或状态", "yes, no or a state"), value);
                None
            }
        }
    }

    fn named_state(&mut self, document: &str, word: &str, value: &Spanned) -> Option<(bool, Option<MemberId>)> {
        let folded = fold(word).trim().to_lowercase();
        if THERE.contains(&folded.as_str()) {
            return Some((true, None));
        }
        if NOT_THERE.contains(&folded.as_str()) {
            return Some((false, None));
        }
        let states = self.model.vocabulary.document_states.as_ref();
        let members = states.and_then(|states| self.model.vocabulary.enumeration(states.enumeration));
        let members = members.map_or(&[][..], |found| &found.members);
        let Some(found) = position(members.iter().map(|member| &member.name), word) else {
            let near = self.guess(&folded, members.iter().flat_map(|member| member.name.spellings()));
            let all: Vec<Words> = members.iter().map(|member| words_of(&member.name)).collect();
            let problem = self.unknown_member(&Words::same(document), word, near, &all, value);
            let help = Words::new(
                "具备写 true，不具备写 false，或者写词汇里的状态",
                "write true where it is there, else false, or a state of the vocabulary",
            );
            self.report(if all.is_empty() { problem.help(help) } else { problem });
            return None;
        };
        let leaves = members.get(found).map(|member| member.leaves.clone()).unwrap_or_default();
        let wanting = states.and_then(|states| states.wanting).and_then(|genus| members.get(genus.0 as usize));
        let present = !wanting.is_some_and(|genus| leaves.within(&genus.leaves));
        Some((present, u16::try_from(found).ok().map(MemberId)))
    }

    fn document_day(&mut self, place: &Place<'_>, value: &Spanned) -> Option<Date> {
        match &value.kind {
            Kind::Null => None,
            Kind::Text(text) | Kind::Number(text) => self.day_text(text, value),
            Kind::Bool(_) | Kind::List(_) | Kind::Map(_) => {
                self.should_be(place, Words::new("日期，如 2025-12-31", "a date such as 2025-12-31"), value);
                None
            }
        }
    }

    /// What a document says: names that the rules ask for. What is listed is all of it.
    fn contents(&mut self, place: &Place<'_>, value: &Spanned) -> Option<BTreeSet<u16>> {
        let items = match &value.kind {
            Kind::Null => return None,
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let before = self.problems.len();
        let mut said = BTreeSet::new();
        for item in items {
            let Kind::Text(name) = &item.kind else {
                self.should_be(place, Words::new("列表，列出载明的事项", "a list of what it states"), item);
                continue;
            };
            let unasked = Words::new(
                "这些规则没有问到材料载明此事；删去它，或检查写法",
                "these rules do not ask whether a document states this; remove it, or check the spelling",
            );
            said.extend(self.asked_for(&self.model.contents, name, item.span, unasked));
        }
        (self.problems.len() == before).then_some(said)
    }
}
