//! What the vocabulary's words are called in English, for reports in English.

use std::collections::BTreeMap;

use crate::evaluate::{NONE, yes_no};
use crate::model::{Model, Name};
use crate::ruling::text::Text;

/// Words by their Chinese names.
type Names = BTreeMap<Text, Text>;

/// English names of the words that rules and cases use. A word that the vocabulary gives no English name stays as its
/// author wrote it, and so does one that means different things in different fields where the field is not told.
#[derive(Debug, Clone, Default)]
pub struct Glossary {
    words: Names,
    fields: Names,
    /// The values of each field, by the field's Chinese name.
    values: BTreeMap<Text, Names>,
}

impl Glossary {
    /// The names of a vocabulary and of the plan's own words.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let vocabulary = &model.vocabulary;
        let values = vocabulary.fields.iter().filter_map(|field| {
            let listed = vocabulary.enumeration(field.kind.enumeration()?)?;
            Some((Text::from(&field.name.chinese), names_of(listed.members.iter().map(|it| &it.name))))
        });
        let members = vocabulary.enumerations.iter().flat_map(|listed| listed.members.iter().map(|it| &it.name));
        let fields = vocabulary.fields.iter().map(|field| &field.name);
        let mut words: BTreeMap<&str, Option<Text>> = [(yes_no(true), "yes"), (yes_no(false), "no"), (NONE, "none")]
            .map(|(chinese, english)| (chinese, Some(english.into())))
            .into();
        for name in members.chain(fields).chain(&vocabulary.bases) {
            let Some(english) = spoken(name) else { continue };
            words
                .entry(&name.chinese)
                .and_modify(|known| *known = known.take().filter(|known| *known == english))
                .or_insert(Some(english));
        }
        let words = words.into_iter().filter_map(|(chinese, english)| Some((chinese.into(), english?))).collect();
        let fields = vocabulary.fields.iter().map(|field| &field.name);
        Self { words, fields: names_of(fields), values: values.collect() }
    }

    /// A value of a field: a word, a list of words joined by 、, or words parted by spaces.
    #[must_use]
    pub fn value(&self, label: &str, text: &str) -> String {
        let own = self.values.get(label);
        self.said(text, |word| own.and_then(|names| names.get(word)).or_else(|| self.words.get(word)))
    }

    /// What a field is called.
    #[must_use]
    pub fn field(&self, label: &str) -> String {
        self.fields.get(label).map_or_else(|| self.words(label), ToString::to_string)
    }

    /// Words whose field is not told.
    #[must_use]
    pub fn words(&self, text: &str) -> String {
        self.said(text, |word| self.words.get(word))
    }

    fn said<'g>(&'g self, text: &str, find: impl Fn(&str) -> Option<&'g Text>) -> String {
        let parts = |item: &str| {
            let parts = item.split(' ').map(|word| find(word).map_or(word.to_owned(), ToString::to_string));
            parts.collect::<Vec<_>>().join(" ")
        };
        let item = |item: &str| find(item).map_or_else(|| parts(item), ToString::to_string);
        let all_known = text.split('、').all(|item| find(item).is_some());
        text.split('、').map(item).collect::<Vec<_>>().join(if all_known { ", " } else { "、" })
    }
}

fn names_of<'n>(names: impl Iterator<Item = &'n Name>) -> Names {
    names.filter_map(|name| Some((Text::from(&name.chinese), spoken(name)?))).collect()
}

/// An English name as it is said: `reclamation-plan` is a reclamation plan.
fn spoken(name: &Name) -> Option<Text> {
    Some(name.english.as_deref()?.replace('-', " ").into())
}
