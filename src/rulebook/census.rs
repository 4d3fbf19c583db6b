//! A count of mines, in parts that merge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Problem, Words};
use crate::error::Error;
use crate::registry::{Assessment, Counted, Reported, assess};
use crate::rulebook::prepare::hash;
use crate::rulebook::{AssessOptions, PreparedFacts, Rulebook};
use crate::span::Span;

/// The form of the bytes. Another number is another form, which this engine does not read.
const FORM: u32 = 1;

/// What the mines of a registry add up to so far. Of a mine no more is kept than what it adds, and of the first that lack a
/// fact the name.
///
/// Counts of parts of a registry merge in any order, wherever they were made: a part goes as bytes. Each part has a number
/// ([`Census::of_part`]); in lists of mines, parts stand by their numbers.
///
/// ```
/// use adit::{AssessOptions, Rulebook};
///
/// let rulebook = Rulebook::from_text(
///     "引用 矿业\n\
///      指标 T-1 “矿山数量”\n  依据 四 「矿山数控制2个以内」\n  矿山 数量 控制在 2个以内（上限）\n",
/// )?;
/// let options = AssessOptions::default();
/// let count = |part: u64, name: &str| -> Result<_, adit::Error> {
///     let mut census = rulebook.census(&options)?.of_part(part);
///     census.add(&rulebook.prepare_text(name, r#"{"矿种": "煤"}"#)?);
///     Ok(census.to_bytes())
/// };
/// let [one, other] = [count(0, "甲")?, count(1, "乙")?];
/// let read = |bytes: &[u8]| rulebook.census_from_bytes(&options, bytes);
/// let whole = read(&one)?.merged(read(&other)?);
/// assert_eq!(whole.assessment(None).mines, 2);
/// assert_eq!(whole.to_bytes(), read(&other)?.merged(read(&one)?).to_bytes());
/// # Ok::<(), adit::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Census {
    rulebook: Rulebook,
    options: AssessOptions,
    part: u64,
    parts: BTreeMap<u64, Counted>,
    left_out: u64,
}

/// A census as bytes.
#[derive(Serialize, Deserialize)]
struct Written {
    census: u32,
    rules: String,
    left_out: u64,
    parts: Vec<(u64, Counted)>,
}

/// What tells a census of another form from what is none.
#[derive(Deserialize)]
struct Form {
    census: u32,
}

impl Census {
    pub(super) fn new(rulebook: &Rulebook, options: &AssessOptions) -> Self {
        let (rulebook, options) = (rulebook.clone(), options.clone());
        Self { rulebook, options, part: 0, parts: BTreeMap::new(), left_out: 0 }
    }

    /// The same count, where the mines that are added from now on belong to the part of this number.
    ///
    /// Mines without a name are called by their place in the whole, and lists name mines in the order of the whole. Parts
    /// that merge as they happen to come, as those of a cluster do, keep that order by their numbers.
    #[must_use]
    pub const fn of_part(mut self, number: u64) -> Self {
        self.part = number;
        self
    }

    /// Counts one more mine.
    pub fn add(&mut self, mine: &PreparedFacts) {
        let indicators = self.rulebook.model().indicators.len();
        let counted = self.parts.entry(self.part).or_insert_with(|| Counted::new(indicators));
        self.rulebook.assessing(&self.options).count(counted, mine.facts());
    }

    /// Counts one record that could not be used, so that it is not passed over in silence.
    pub const fn leave_out(&mut self) {
        self.left_out = self.left_out.saturating_add(1);
    }

    /// How many records could not be used.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// How many mines were counted.
    #[must_use]
    pub fn mines(&self) -> usize {
        self.parts.values().map(Counted::mines).sum()
    }

    /// The same with the mines of another part of the registry; within one part, the other's stand behind.
    #[must_use]
    pub fn merged(mut self, other: Self) -> Self {
        for (part, more) in other.parts {
            let counted = match self.parts.remove(&part) {
                Some(own) => own.merged(more),
                None => more,
            };
            self.parts.insert(part, counted);
        }
        self.left_out = self.left_out.saturating_add(other.left_out);
        self
    }

    /// The same with the mines of another part of the registry, where both were counted with their places in the whole
    /// ([`BatchCensus::add`](crate::rulebook::BatchCensus::add)).
    #[must_use]
    pub fn joined(mut self, other: Self) -> Self {
        for (part, more) in other.parts {
            let counted = match self.parts.remove(&part) {
                Some(own) => own.joined(more, 0),
                None => more,
            };
            self.parts.insert(part, counted);
        }
        self.left_out = self.left_out.saturating_add(other.left_out);
        self
    }

    /// What was counted in batches.
    pub(super) fn of(rulebook: &Rulebook, options: &AssessOptions, counted: Counted) -> Self {
        Self { parts: BTreeMap::from([(0, counted)]), ..Self::new(rulebook, options) }
    }

    /// The same count with other statistics of the office, which bear on what it is assessed as, not on what was counted.
    #[must_use]
    pub fn with_reported(mut self, reported: Reported) -> Self {
        self.options.reported = reported;
        self
    }

    /// The indicators over all mines that were counted; `base` counts the registry of an earlier year, for changes against
    /// it.
    #[must_use]
    pub fn assessment(&self, base: Option<&Self>) -> Assessment {
        let base = base.map(Self::whole);
        let assessed = assess(&self.rulebook.assessing(&self.options), &self.whole(), base.as_ref());
        Assessment { left_out: self.left_out, ..assessed }
    }

    fn whole(&self) -> Counted {
        let none = Counted::new(self.rulebook.model().indicators.len());
        self.parts.values().cloned().fold(none, Counted::merged)
    }

    /// The count as bytes, for [`Rulebook::census_from_bytes`]. Equal counts have equal bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = self.parts.iter().map(|(part, counted)| (*part, counted.clone())).collect();
        let written = Written { census: FORM, rules: self.key(), left_out: self.left_out, parts };
        serde_json::to_vec(&written).unwrap_or_default()
    }

    /// What two counts share that may merge: the rules, the day and the readings.
    #[must_use]
    pub fn key(&self) -> String {
        let day = self.options.as_of.map(|day| day.to_string()).unwrap_or_default();
        let readings = self.options.readings.iter().map(|(indicator, name)| format!("{indicator}={name}"));
        hash(&[self.rulebook.fingerprint(), day].into_iter().chain(readings).collect::<Vec<_>>().join("\n"))
    }
}

impl Rulebook {
    /// A count from its bytes. What the office's statistics say, and so `options.reported`, bears on no count.
    ///
    /// # Errors
    /// [`Code::UnusableCensus`]: bytes that are no count, or one by other rules, as of another day or in other readings;
    /// a reading that no clause or indicator has.
    pub fn census_from_bytes(&self, options: &AssessOptions, bytes: &[u8]) -> Result<Census, Error> {
        let census = self.census(options)?;
        let unusable = |words| {
            let problem = Problem::error(Code::UnusableCensus, Span::default()).with_words(words);
            Error::new(vec![problem], self.shared_sources(), None)
        };
        let Ok(Form { census: form }) = serde_json::from_slice(bytes) else {
            return Err(unusable(Words::new("不是计数", "it is none")));
        };
        if form != FORM {
            return Err(unusable(Words::new(format!("是第 {form} 种格式"), format!("it is of form {form}"))));
        }
        let read: Option<Written> = serde_json::from_slice(bytes).ok();
        let indicators = self.model().indicators.len();
        let sound = read.filter(|read| read.parts.iter().all(|(_, counted)| counted.is_sound(indicators)));
        let Some(written) = sound else {
            return Err(unusable(Words::new("不完整或已损坏", "it is cut short or damaged")));
        };
        if written.rules != census.key() {
            let words = Words::new(
                "是按别的规则、别的截至日或别的口径数的",
                "it was made by other rules, as of another day or in other readings",
            );
            return Err(unusable(words));
        }
        let parts = written.parts.into_iter().collect();
        Ok(Census { parts, left_out: written.left_out, ..census })
    }
}
