//! The words of the domain: units, bases, enumerations, fields. The engine itself knows none of them.

use serde::{Deserialize, Serialize};

use crate::model::condition::Condition;
use crate::model::document::DocumentStates;
use crate::quantity::{BasisId, Dimension, Number};
use crate::span::Span;

/// A number into [`Vocabulary::fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FieldId(pub u16);

/// A number into [`Vocabulary::enumerations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumerationId(pub u16);

/// A number into [`Enumeration::members`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MemberId(pub u16);

/// What something is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// The Chinese name; the author's word where there is no Chinese one.
    pub chinese: String,
    /// The English name, hyphenated.
    pub english: Option<String>,
    /// Further spellings of either language.
    pub aliases: Vec<String>,
    /// Where it is declared.
    pub span: Span,
}

impl Name {
    /// The key in JSON: the English name, else the author's word.
    #[must_use]
    pub fn key(&self) -> &str {
        self.english.as_deref().unwrap_or(&self.chinese)
    }

    /// Every spelling, the Chinese name first.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.chinese.as_str())
            .chain(self.english.as_deref())
            .chain(self.aliases.iter().map(String::as_str))
    }
}

/// A unit of measure.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its names.
    pub name: Name,
    /// What it measures.
    pub dimension: Dimension,
    /// How many base units it is.
    pub factor: Number,
}

/// Which way an enumeration is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// From low to high.
    Rising,
    /// From high to low.
    Falling,
}

/// A closed list of values, flat or an order with several parents.
#[derive(Debug, Clone, Default)]
pub struct Enumeration {
    /// Its names.
    pub name: Name,
    /// Its members, genera among them.
    pub members: Vec<Member>,
    /// Whether and how it is ordered.
    pub order: Option<Order>,
    /// How many leaves there are: the values a single unknown can take, one implicit "other" for each open genus among them.
    pub leaf_count: usize,
    /// The stage that a member puts a case at: member and index into the stages' enumeration.
    pub stages: Vec<(MemberId, usize)>,
    /// What a member does to a registry of mines.
    pub registry_effects: Vec<(MemberId, RegistryEffect)>,
    /// The basis of quantities of a member's cases; genera speak for their species, the most special one first.
    pub default_bases: Vec<(MemberId, BasisId)>,
    /// The basis of everything else.
    pub default_basis: Option<BasisId>,
}

/// What an application of some activity does to a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegistryEffect {
    /// 增加: it adds a mine that is not there yet.
    Adds,
    /// 更新: it changes the record of its own mine.
    Updates,
    /// 合并: it takes the place of the mines it replaces.
    Merges,
    /// 移除: its own mine is no longer there.
    Removes,
}

impl RegistryEffect {
    /// The effect of a word, in either language.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "增加" | "adds" => Some(Self::Adds),
            "更新" | "updates" => Some(Self::Updates),
            "合并" | "merges" => Some(Self::Merges),
            "移除" | "removes" => Some(Self::Removes),
            _ => None,
        }
    }
}

/// One value of an enumeration.
#[derive(Debug, Clone, Default)]
pub struct Member {
    /// Its names.
    pub name: Name,
    /// Its genera.
    pub parents: Vec<MemberId>,
    /// Its leaves: itself where it has no species, else all leaves below it.
    pub leaves: LeafSet,
}

/// A set of leaves of one enumeration.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct LeafSet {
    words: Vec<u64>,
}

impl LeafSet {
    /// The set of nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self { words: Vec::new() }
    }

    /// All leaves below `count`.
    #[must_use]
    pub fn all(count: usize) -> Self {
        let mut set = Self::empty();
        for leaf in 0..count {
            set.insert(leaf);
        }
        set
    }

    /// The set of one leaf.
    #[must_use]
    pub fn single(leaf: usize) -> Self {
        let mut set = Self::empty();
        set.insert(leaf);
        set
    }

    /// Adds a leaf.
    pub fn insert(&mut self, leaf: usize) {
        let word = leaf / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            *bits |= 1 << (leaf % 64);
        }
    }

    /// Whether a leaf is in it.
    #[must_use]
    pub fn contains(&self, leaf: usize) -> bool {
        self.words.get(leaf / 64).is_some_and(|bits| bits & (1 << (leaf % 64)) != 0)
    }

    /// Adds all of another.
    pub fn unite(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut words: Vec<u64> = self.words.iter().zip(&other.words).map(|(mine, theirs)| mine & theirs).collect();
        while words.last() == Some(&0) {
            words.pop();
        }
        Self { words }
    }

    /// What is in this one only.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let theirs = other.words.iter().copied().chain(std::iter::repeat(0));
        let mut words: Vec<u64> = self.words.iter().zip(theirs).map(|(mine, theirs)| mine & !theirs).collect();
        while words.last() == Some(&0) {
            words.pop();
        }
        Self { words }
    }

    /// Whether the two share a leaf.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(mine, theirs)| mine & theirs != 0)
    }

    /// Whether all of it is in the other.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        self.iter().all(|leaf| other.contains(leaf))
    }

    /// Whether it is the set of nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|bits| *bits == 0)
    }

    /// How many leaves it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// The one leaf in it, where there is exactly one.
    #[must_use]
    pub fn only(&self) -> Option<usize> {
        let mut found = None;
        for (word, bits) in self.words.iter().enumerate().filter(|(_, bits)| **bits != 0) {
            if found.is_some() || !bits.is_power_of_two() {
                return None;
            }
            found = Some(word * 64 + bits.trailing_zeros() as usize);
        }
        found
    }

    /// Its leaves in rising order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words
            .iter()
            .enumerate()
            .flat_map(|(word, bits)| (0..64).filter(move |bit| bits & (1 << bit) != 0).map(move |bit| word * 64 + bit))
    }
}

/// What a field may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A value of an enumeration.
    Member(EnumerationId),
    /// Yes or no.
    YesNo,
    /// A day.
    Date,
    /// Words that no rule reads, or only for equality.
    Text,
    /// An amount of one of these dimensions; a ratio has [`Dimension::NONE`].
    Quantity(Vec<Dimension>),
    /// A list of areas of these kinds.
    Areas(EnumerationId),
    /// A length for each of these features.
    Distances(EnumerationId),
    /// Documents of these names.
    Documents(EnumerationId),
    /// Findings under any name that the rules ask about.
    Attestations,
    /// Conversion facts between bases.
    Conversions,
}

impl FieldKind {
    /// The enumeration that its values, areas, features or documents are members of.
    #[must_use]
    pub const fn enumeration(&self) -> Option<EnumerationId> {
        match self {
            Self::Member(id) | Self::Areas(id) | Self::Distances(id) | Self::Documents(id) => Some(*id),
            Self::YesNo | Self::Date | Self::Text | Self::Quantity(_) | Self::Attestations | Self::Conversions => None,
        }
    }
}

/// Bounds of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domain {
    /// Above zero.
    Positive,
    /// Zero or above.
    NotNegative,
}

/// How a field follows from others when it is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// The quotient of two quantities that stand in one unit of amount.
    Quotient(FieldId, FieldId),
}

/// One fact that a case may state.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its names.
    pub name: Name,
    /// What it may hold.
    pub kind: FieldKind,
    /// Whether "there is none" is a value.
    pub optional: bool,
    /// Whether a list of values may be given.
    pub many: bool,
    /// Whether a remedy may change it.
    pub adjustable: bool,
    /// Whether its values count only behind its name (`登记事项 是 延续`), because the bare words mean something else.
    pub named_only: bool,
    /// Whether it stands in the head of a report: what tells one case from another.
    pub headline: bool,
    /// Bounds of its values.
    pub domain: Option<Domain>,
    /// The most that it can be, as the part of a whole is at most 100%. Facts and bounds past it are mistakes.
    pub most: Option<Number>,
    /// The value taken when it is not given.
    pub default: Option<MemberId>,
    /// How it follows from others.
    pub derivation: Option<Derivation>,
    /// The amount that tables derive its value from.
    pub graded_by: Option<FieldId>,
}

/// All words of the domain.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Base dimensions, by [`crate::quantity::BaseDimension`].
    pub dimensions: Vec<Name>,
    /// Units.
    pub units: Vec<Unit>,
    /// Bases, by [`BasisId`].
    pub bases: Vec<Name>,
    /// Enumerations, by [`EnumerationId`].
    pub enumerations: Vec<Enumeration>,
    /// Fields, by [`FieldId`].
    pub fields: Vec<Field>,
    /// Nouns that end a selector and test nothing.
    pub head_nouns: Vec<Name>,
    /// Phrases with the condition they stand for.
    pub phrases: Vec<(Name, Condition)>,
    /// "Where the first holds, the second holds", with its place.
    pub constraints: Vec<(Condition, Condition, Span)>,
    /// The enumeration of stages, in order of time.
    pub stages: Option<EnumerationId>,
    /// The states of documents.
    pub document_states: Option<DocumentStates>,
    /// What distances are measured in.
    pub distance_dimension: Option<Dimension>,
}

impl Vocabulary {
    /// The field of a number.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.get(id.0 as usize)
    }

    /// The enumeration of a number.
    #[must_use]
    pub fn enumeration(&self, id: EnumerationId) -> Option<&Enumeration> {
        self.enumerations.get(id.0 as usize)
    }

    /// A member of an enumeration.
    #[must_use]
    pub fn member(&self, enumeration: EnumerationId, member: MemberId) -> Option<&Member> {
        self.enumeration(enumeration)?.members.get(member.0 as usize)
    }

    /// The field with this name in either language, hyphen and underscore being one.
    #[must_use]
    pub fn field_named(&self, word: &str) -> Option<FieldId> {
        let hyphenated = word.replace('_', "-");
        let position = self.fields.iter().position(|field| field.name.spellings().any(|name| name == hyphenated))?;
        u16::try_from(position).ok().map(FieldId)
    }

    /// The single values of an ordered field that are smaller than one of its values.
    #[must_use]
    pub fn smaller(&self, field: FieldId, member: MemberId) -> Vec<MemberId> {
        let enumeration = self.field(field).and_then(|field| self.enumeration(field.kind.enumeration()?));
        let Some((known, order)) = enumeration.and_then(|known| Some((known, known.order?))) else { return Vec::new() };
        let is_smaller = |number: u16| match order {
            Order::Rising => number < member.0,
            Order::Falling => number > member.0,
        };
        let single = (0u16..).zip(&known.members).filter(|(_, other)| other.leaves.only().is_some());
        single.filter(|(number, _)| is_smaller(*number)).map(|(number, _)| MemberId(number)).collect()
    }

    /// A dimension in words: `质量/年`.
    #[must_use]
    pub fn dimension_text(&self, dimension: Dimension, chinese: bool) -> String {
        let word = |base: u8| {
            let name = self.dimensions.get(base as usize);
            name.map_or_else(String::new, |name| if chinese { name.chinese.clone() } else { name.key().to_owned() })
        };
        let mut above = Vec::new();
        let mut below = Vec::new();
        for (base, power) in dimension.powers() {
            let list = if power > 0 { &mut above } else { &mut below };
            for _ in 0..power.unsigned_abs() {
                list.push(word(base.0));
            }
        }
        match (above.is_empty(), below.is_empty()) {
            (true, true) => if chinese { "比率" } else { "a ratio" }.to_owned(),
            (false, true) => above.join("·"),
            (true, false) => format!("1/{}", below.join("/")),
            (false, false) => format!("{}/{}", above.join("·"), below.join("/")),
        }
    }

    /// The basis that quantities of a leaf's cases have when none is named.
    #[must_use]
    pub fn default_basis(&self, enumeration: EnumerationId, leaf: usize) -> Option<BasisId> {
        let enumeration = self.enumeration(enumeration)?;
        let mut best: Option<(usize, BasisId)> = None;
        for (member, basis) in &enumeration.default_bases {
            let leaves = &enumeration.members.get(member.0 as usize)?.leaves;
            if leaves.contains(leaf) && best.is_none_or(|(size, _)| leaves.len() < size) {
                best = Some((leaves.len(), *basis));
            }
        }
        best.map(|(_, basis)| basis).or(enumeration.default_basis)
    }
}
