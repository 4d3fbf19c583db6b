//! Distances, findings and conversions: facts that are lists and maps.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Problem, Words};
use crate::facts::amounts::too_many_digits;
use crate::facts::expected;
use crate::facts::fact::FactValue;
use crate::facts::read::{Place, Reading, answer, position};
use crate::facts::tree::{Entry, Kind, Spanned, twice};
use crate::model::{Domain, EnumerationId, MemberId, fold};
use crate::quantity::{BasisId, Number};
use crate::span::Span;

/// The keys of a conversion.
const CONVERSION: [(&str, [&str; 3]); 4] = [
    ("from", ["from", "自", "从"]),
    ("to", ["to", "至", "到"]),
    ("factor", ["factor", "系数", "折算系数"]),
    ("source", ["source", "来源", "出处"]),
];

impl<'a> Reading<'a> {
    /// A length for each feature; `null` is "not known".
    pub(super) fn distances(
        &mut self,
        place: &Place<'_>,
        enumeration: EnumerationId,
        value: &Spanned,
    ) -> Option<FactValue> {
        let Kind::Map(entries) = &value.kind else {
            self.wrong_type(place, value);
            return None;
        };
        let length: Vec<_> = expected::length(self.model).into_iter().collect();
        let mut lengths = BTreeMap::new();
        for (member, entry) in self.keyed(place, enumeration, entries) {
            let one = Place { id: place.id, field: place.field, key: &entry.key };
            let quantity = match &entry.value.kind {
                Kind::Null => continue,
                Kind::Text(text) | Kind::Number(text) => self.amount_text(&one, &length, text, &entry.value),
                Kind::Bool(_) | Kind::List(_) | Kind::Map(_) => {
                    self.should_be(
                        &one,
                        Words::new("带单位的长度，如 \"3千米\"", "a length such as \"3km\""),
                        &entry.value,
                    );
                    None
                }
            };
            let quantity = quantity.and_then(|quantity| self.within(&one, &length, quantity, &entry.value));
            let domain = Some(Domain::NotNegative);
            if let Some(quantity) = quantity.and_then(|found| self.in_domain(&one, domain, found, &entry.value)) {
                lengths.insert(member, (quantity, Some(entry.value.span)));
            }
        }
        Some(FactValue::Distances(lengths))
    }

    /// The members that the keys of a map name, each once; unknown and repeated ones are problems.
    pub(super) fn keyed<'e>(
        &mut self,
        place: &Place<'_>,
        enumeration: EnumerationId,
        entries: &'e [Entry],
    ) -> Vec<(MemberId, &'e Entry)> {
        let mut found: Vec<(MemberId, &Entry)> = Vec::new();
        for entry in entries {
            let key = Spanned { kind: Kind::Text(entry.key.clone()), span: entry.key_span };
            let Some(member) = self.member(place.key, enumeration, &entry.key, &key, false) else { continue };
            match found.iter().find(|(known, _)| *known == member) {
                Some((_, first)) => self.report(twice(&entry.key, entry.key_span, first.key_span)),
                None => found.push((member, entry)),
            }
        }
        found
    }

    /// Findings: a map to yes or no, or the list of those that are so.
    pub(super) fn attestations(&mut self, place: &Place<'_>, value: &Spanned) -> Option<FactValue> {
        let mut found: BTreeMap<u16, (bool, Option<Span>)> = BTreeMap::new();
        let mut keys: BTreeMap<u16, Span> = BTreeMap::new();
        let listed: Vec<(&str, Span, Option<&Spanned>)> = match &value.kind {
            Kind::Map(entries) => {
                entries.iter().map(|entry| (entry.key.as_str(), entry.key_span, Some(&entry.value))).collect()
            }
            Kind::Text(name) => vec![(name, value.span, None)],
            Kind::List(items) => {
                let names = items.iter().filter_map(|item| match &item.kind {
                    Kind::Text(name) => Some((name.as_str(), item.span, None)),
                    _ => {
                        self.wrong_type(place, item);
                        None
                    }
                });
                names.collect()
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => {
                self.wrong_type(place, value);
                return None;
            }
        };
        for (name, span, answered) in listed {
            let Some(number) = self.attestation(name, span) else { continue };
            if let Some(first) = keys.insert(number, span) {
                self.report(twice(name, span, first));
                continue;
            }
            let Some(answered) = answered else {
                found.insert(number, (true, Some(span)));
                continue;
            };
            if answered.kind == Kind::Null {
                continue;
            }
            let key = name.to_owned();
            let known = answer(answered);
            match known {
                Some(known) => {
                    found.insert(number, (known, Some(span.to(answered.span))));
                }
                None => {
                    let problem = self.type_problem(&key, Words::new("「是」或「否」", "yes or no"), answered);
                    self.report(problem);
                }
            }
        }
        Some(FactValue::Attestations(found))
    }

    /// The number of a finding that the rules ask about; else `A0603` with the nearest one.
    fn attestation(&mut self, name: &str, span: Span) -> Option<u16> {
        let unasked = Words::new(
            "这些规则没有问到这项认定；删去它，或检查写法",
            "these rules ask for no such finding; remove it, or check the spelling",
        );
        self.asked_for(&self.model.attestations, name, span, unasked)
    }

    /// The number of a name that the rules ask about; else `A0603` with the nearest one, or with this help.
    pub(super) fn asked_for(&mut self, names: &[String], name: &str, span: Span, unasked: Words) -> Option<u16> {
        let plain = |text: &str| fold(text).trim().trim_matches(['「', '」', '“', '”', '"']).to_owned();
        let asked = plain(name);
        let position = names.iter().position(|known| known == name || plain(known) == asked);
        if position.is_none() {
            let near = self.guess(&asked, names.iter().map(String::as_str));
            let problem = self.unknown_key(Code::UnknownKey, name, span, near);
            self.report(if near.is_some() { problem } else { problem.help(unasked) });
        }
        position.and_then(|position| u16::try_from(position).ok())
    }

    /// Conversions between bases: a list of {from, to, factor, source}, or one of them.
    pub(super) fn conversions(&mut self, place: &Place<'_>, value: &Spanned) -> Option<FactValue> {
        let items = match &value.kind {
            Kind::List(items) => items.as_slice(),
            Kind::Map(_) => std::slice::from_ref(value),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {
                self.wrong_type(place, value);
                return None;
            }
        };
        let before = self.problems.len();
        let found: Vec<_> = items.iter().filter_map(|item| self.conversion(place, item)).collect();
        (self.problems.len() == before).then_some(FactValue::Conversions(found))
    }

    fn conversion(&mut self, place: &Place<'_>, item: &Spanned) -> Option<(BasisId, BasisId, Number, String)> {
        let Kind::Map(entries) = &item.kind else {
            self.wrong_type(place, item);
            return None;
        };
        let before = self.problems.len();
        let [from, to, factor, source] = self.parts(entries, &CONVERSION);
        if self.problems.len() > before {
            return None;
        }
        let missing = |name: &str| Words::new(format!("有「{name}」的"), format!("given with a `{name}`"));
        for (part, name) in [(from, "from"), (to, "to"), (factor, "factor"), (source, "source")] {
            if part.is_none_or(|part| part.kind == Kind::Null) {
                self.should_be(place, missing(name), item);
            }
        }
        let from = from.and_then(|from| self.basis(from));
        let to = to.and_then(|to| self.basis(to));
        let factor = factor.and_then(|factor| self.factor(place, factor));
        let source = source.and_then(|source| self.text_of(source, "source"));
        Some((from?, to?, factor?, source?))
    }

    fn basis(&mut self, value: &Spanned) -> Option<BasisId> {
        let name = self.text_of(value, "basis")?;
        let found = position(self.model.vocabulary.bases.iter(), &name);
        if found.is_none() {
            self.unknown_basis(&name, value);
        }
        found.and_then(|found| u16::try_from(found).ok()).map(BasisId)
    }

    fn factor(&mut self, place: &Place<'_>, value: &Spanned) -> Option<Number> {
        let (Kind::Text(text) | Kind::Number(text)) = &value.kind else {
            if value.kind != Kind::Null {
                self.should_be(place, Words::new("数，如 \"0.5\"", "a number such as \"0.5\""), value);
            }
            return None;
        };
        match fold(text).trim().parse::<Number>() {
            Ok(factor) if factor > 0 => Some(factor),
            Ok(_) => {
                let problem = Problem::error(Code::OutsideDomain, value.span).with("factor");
                self.report(problem.with_words(Words::new("大于 0", "above zero")));
                None
            }
            Err(crate::quantity::NumberError::TooManyDigits) => {
                self.report(too_many_digits("factor", text, value.span));
                None
            }
            Err(_) => {
                let help = Words::new("系数写成十进制数，如 \"0.5\"", "write the factor as a decimal such as \"0.5\"");
                self.report(Problem::error(Code::FactNotANumber, value.span).with(text).help(help));
                None
            }
        }
    }

    /// The parts of a small map by their names in either language; others are `A0603`.
    pub(super) fn parts<'e, const COUNT: usize>(
        &mut self,
        entries: &'e [Entry],
        names: &[(&str, [&str; 3]); COUNT],
    ) -> [Option<&'e Spanned>; COUNT] {
        let mut found: [Option<(&Entry, &Spanned)>; COUNT] = [None; COUNT];
        for entry in entries {
            let key = fold(&entry.key).trim().to_lowercase();
            let index = names.iter().position(|(_, spellings)| spellings.contains(&key.as_str()));
            match index.and_then(|index| found.get_mut(index)) {
                Some(Some((first, _))) => self.report(twice(&entry.key, entry.key_span, first.key_span)),
                Some(slot) => *slot = Some((entry, &entry.value)),
                None => {
                    let near = self.guess(&key, names.iter().flat_map(|(_, spellings)| spellings.iter().copied()));
                    let all: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
                    let mut problem = self.unknown_key(Code::UnknownKey, &entry.key, entry.key_span, near);
                    if near.is_none() {
                        let all = all.join("、");
                        problem =
                            problem.help(Words::new(format!("这里只有 {all}"), format!("there are only {all} here")));
                    }
                    self.report(problem);
                }
            }
        }
        found.map(|slot| slot.map(|(_, value)| value))
    }

    /// The words of a part; `null` is none, anything but words `A0605`.
    pub(super) fn text_of(&mut self, value: &Spanned, name: &str) -> Option<String> {
        match &value.kind {
            Kind::Null => None,
            Kind::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                let problem = self.type_problem(name, Words::new("文字", "words"), value);
                self.report(problem);
                None
            }
        }
    }
}
