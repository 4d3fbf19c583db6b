//! One lexicon for the words of the language and of the vocabulary.

use std::collections::{BTreeMap, HashMap};

use crate::model::{EnumerationId, FieldId, Force, MemberId, Operator};
use crate::quantity::{BasisId, Number};

/// What a term can mean. One spelling may have several meanings; the phrase around it decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// A comparison.
    Comparison(Comparison),
    /// 且
    And,
    /// 或
    Or,
    /// 非
    Not,
    /// 是
    Is,
    /// 有
    Has,
    /// 无
    None,
    /// 位于
    Located,
    /// 距
    Distance,
    /// 经认定
    Attested,
    /// 等
    OpenList,
    /// 及 between the members of a list
    Listing,
    /// 否
    No,
    /// A note in brackets behind something.
    Note(Note),
    /// 的
    Filler,
    /// `/` between units
    Per,
    /// A modal word with its force; whether it bans; whether it says that something must be there (须有).
    Modal {
        /// The force.
        force: Force,
        /// Whether what follows is what must not be.
        bans: bool,
        /// Whether documents follow.
        has: bool,
    },
    /// A power of ten.
    Magnitude(u32),
    /// A unit.
    Unit(u16),
    /// A basis.
    Basis(BasisId),
    /// A field.
    Field(FieldId),
    /// A member of an enumeration.
    Member(EnumerationId, MemberId),
    /// A noun that ends a selector.
    HeadNoun,
    /// A phrase of the vocabulary.
    Phrase(u16),
    /// A word that measures a set of mines.
    Measure(Measuring),
    /// 从
    DefersTo,
    /// 其余
    Otherwise,
    /// 载明, of a document
    States,
    /// 日期, of a document
    DateOf,
    /// 以严者为准
    Stricter,
}

/// A word that measures a set of mines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measuring {
    /// 数量
    Count,
    /// 合计
    Sum,
    /// 比例
    Share,
    /// 占
    Of,
    /// 全部
    Whole,
    /// 每个
    Each,
    /// 统计值
    Reported,
    /// 较
    Against,
    /// 增加
    Increase,
    /// 减少
    Decrease,
}

/// What a note in brackets says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// （含）
    Inclusive,
    /// （不含）
    Exclusive,
    /// （上限）
    Cap,
    /// （下限）
    Floor,
    /// （上下限）
    Both,
    /// （申请人举证）
    Applicant,
    /// （本部门核查）
    Authority,
    /// （推定不属于）
    PresumedNot,
    /// （列举已尽）
    Complete,
}

/// A comparison word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comparison {
    /// What it means.
    pub operator: Operator,
    /// Whether it stands behind its value.
    pub behind: bool,
    /// Whether it leaves open which way it points (提高到).
    pub needs_direction: bool,
}

/// One spelling with all its meanings.
#[derive(Debug, Clone)]
pub struct LexiconEntry {
    /// The folded spelling, words parted by one space.
    pub spelling: String,
    /// Its characters.
    pub characters: Vec<char>,
    /// Its meanings in a fixed order.
    pub meanings: Vec<Meaning>,
}

/// The lexicon.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: Vec<LexiconEntry>,
    by_spelling: BTreeMap<String, usize>,
    by_first: HashMap<char, Vec<usize>>,
}

impl Lexicon {
    /// The words of the language itself.
    #[must_use]
    pub fn of_the_language() -> Self {
        let mut lexicon = Self::default();
        for (words, meaning) in super::words::reserved() {
            for word in words.split('|') {
                lexicon.add(word, meaning.clone());
            }
        }
        lexicon
    }

    /// Whether the language itself uses this spelling.
    #[must_use]
    pub fn is_reserved(spelling: &str) -> bool {
        super::words::reserved().iter().any(|(words, _)| words.split('|').any(|word| word == spelling))
    }

    /// Adds a meaning to a spelling.
    pub fn add(&mut self, spelling: &str, meaning: Meaning) {
        let folded: String = spelling.chars().map(crate::ast::fold).collect();
        if folded.trim().is_empty() {
            return;
        }
        if let Some(entry) = self.by_spelling.get(&folded).and_then(|index| self.entries.get_mut(*index)) {
            if !entry.meanings.contains(&meaning) {
                entry.meanings.push(meaning);
                entry.meanings.sort();
            }
            return;
        }
        let index = self.entries.len();
        let characters: Vec<char> = folded.chars().collect();
        if let Some(first) = characters.first() {
            self.by_first.entry(*first).or_default().push(index);
        }
        self.by_spelling.insert(folded.clone(), index);
        self.entries.push(LexiconEntry { spelling: folded, characters, meanings: vec![meaning] });
    }

    /// Changes what a comparison word means; whether there is such a word.
    pub fn change(&mut self, spelling: &str, change: impl Fn(&mut Comparison)) -> bool {
        let index = self.by_spelling.get(spelling).copied();
        let Some(entry) = index.and_then(|index| self.entries.get_mut(index)) else { return false };
        let mut changed = false;
        for meaning in &mut entry.meanings {
            if let Meaning::Comparison(comparison) = meaning
                && !comparison.needs_direction
            {
                change(comparison);
                changed = true;
            }
        }
        entry.meanings.sort();
        changed
    }

    /// The entry of an exact spelling.
    #[must_use]
    pub fn get(&self, spelling: &str) -> Option<&LexiconEntry> {
        self.by_spelling.get(spelling).and_then(|index| self.entries.get(*index))
    }

    /// Every entry that begins with this character.
    pub fn beginning_with(&self, first: char) -> impl Iterator<Item = (usize, &LexiconEntry)> {
        let indices = self.by_first.get(&first).map(Vec::as_slice).unwrap_or_default();
        indices.iter().filter_map(|index| Some((*index, self.entries.get(*index)?)))
    }

    /// The entry of a number.
    #[must_use]
    pub fn entry(&self, index: usize) -> Option<&LexiconEntry> {
        self.entries.get(index)
    }

    /// Every spelling in alphabetical order.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        self.by_spelling.keys().map(String::as_str)
    }
}

/// Ten to a power.
#[must_use]
pub fn power_of_ten(power: u32) -> Number {
    let mut number = Number::ONE;
    for _ in 0..power {
        number = number.times(&Number::from_integer(10));
    }
    number
}
