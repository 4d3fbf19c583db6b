//! Amounts: numbers with their units, as people write them.

use crate::diagnostic::{Code, Problem, Words};
use crate::facts::expected;
use crate::facts::fact::FactValue;
use crate::facts::read::{Place, Reading, words_of};
use crate::facts::tree::{Entry, Kind, Spanned};
use crate::model::{Domain, Vocabulary, fold, parse_unit};
use crate::quantity::{Dimension, MAX_DIGITS, Number, NumberError, Quantity, digits_asked_for};
use crate::span::Span;

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuantityFault {
    /// It does not begin with a number.
    Number(NumberError),
    /// What follows the number is no unit of the vocabulary.
    Unit(String),
}

impl std::fmt::Display for QuantityFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(fault) => write!(formatter, "{fault}"),
            Self::Unit(unit) => write!(formatter, "`{unit}` is no unit"),
        }
    }
}

impl std::error::Error for QuantityFault {}

/// Reads an amount: `80万吨/年`, `3 矿石万吨/年`, `6万立方米/年`, `２．１９亿元`, `90%`, `1/3`, `0.5`.
///
/// A magnitude belongs to its unit as written: of `80万吨/年`, [`Quantity::unit_text`] is `万吨/年`. A number alone has
/// the dimension of a ratio and an empty unit.
///
/// # Errors
/// [`QuantityFault::Number`] where it does not begin with a number of at most 40 digits, [`QuantityFault::Unit`] where
/// the vocabulary does not know the unit.
pub fn quantity_text(text: &str, vocabulary: &Vocabulary) -> Result<Quantity, QuantityFault> {
    let folded = fold(text);
    let (number, unit) = split(folded.trim());
    let number: Number = number.parse().map_err(QuantityFault::Number)?;
    amount(&number, unit, vocabulary).ok_or_else(|| QuantityFault::Unit(unit.to_owned()))
}

fn amount(number: &Number, unit: &str, vocabulary: &Vocabulary) -> Option<Quantity> {
    let (dimension, factor, basis) =
        if unit.is_empty() { (Dimension::NONE, Number::ONE, None) } else { parse_unit(vocabulary, unit)? };
    let value = number.times(&factor);
    Some(Quantity { value, dimension, basis, unit_text: unit.to_owned(), unit_factor: factor })
}

/// The number that a folded text begins with, and the unit after it.
fn split(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let digits = |mut at: usize, more: &[u8]| {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_digit() || more.contains(byte)) {
            at += 1;
        }
        at
    };
    let mut at = usize::from(text.starts_with(['-', '+']));
    at = digits(at, b".,");
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(sign, b"");
        at = if end > sign { end } else { at };
    }
    if bytes.get(at) == Some(&b'/') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at = digits(at + 1, b".");
    }
    let (number, unit) = text.split_at_checked(at).unwrap_or((text, ""));
    (number, unit.trim())
}

/// The keys of a quantity written as a map.
const PARTS: [(&str, [&str; 3]); 4] = [
    ("value", ["value", "数值", "值"]),
    ("unit", ["unit", "单位", "计量单位"]),
    ("basis", ["basis", "计量基准", "基准"]),
    ("source", ["source", "来源", "出处"]),
];

impl<'a> Reading<'a> {
    /// A quantity of one of these dimensions, from text or from a map; the source that the map names is noted.
    pub(super) fn quantity(
        &mut self,
        place: &Place<'_>,
        dimensions: &[Dimension],
        value: &Spanned,
    ) -> Option<FactValue> {
        let quantity = match &value.kind {
            Kind::Text(text) => self.amount_text(place, dimensions, text, value),
            Kind::Number(text) => self.bare(place, dimensions, text, value),
            Kind::Map(entries) => self.amount_map(place, dimensions, entries, value),
            Kind::List(_) => {
                self.one_only(place, value);
                None
            }
            Kind::Null | Kind::Bool(_) => {
                self.wrong_type(place, value);
                None
            }
        }?;
        let quantity = self.within(place, dimensions, quantity, value)?;
        self.in_domain(place, place.field.domain, quantity, value).map(FactValue::Amount)
    }

    /// An amount in text; a problem where it is none. A bare number passes only as a ratio of at most one.
    pub(super) fn amount_text(
        &mut self,
        place: &Place<'_>,
        dimensions: &[Dimension],
        text: &str,
        value: &Spanned,
    ) -> Option<Quantity> {
        // Only a density is worth what vouches for it; behind any other amount a bracket may say what it measures, and is
        // not to be passed over.
        let is_density = self.model.vocabulary.field_named("density") == Some(place.id);
        let (text, source) = if is_density { with_source(text) } else { (text, None) };
        if let Some(source) = source {
            self.facts.set_source(place.id, source);
        }
        match quantity_text(text, &self.model.vocabulary) {
            Ok(quantity) if quantity.unit_text.is_empty() => self.bare(place, dimensions, text, value),
            Ok(quantity)
                if quantity.dimension == Dimension::NONE
                    && !dimensions.contains(&Dimension::NONE)
                    && !quantity.unit_text.contains('%') =>
            {
                self.no_unit(place, dimensions, text, value);
                None
            }
            Ok(quantity) => Some(quantity),
            Err(QuantityFault::Number(fault)) => {
                self.not_a_number(place, dimensions, text, fault, value);
                None
            }
            Err(QuantityFault::Unit(unit)) => {
                self.unknown_unit(place, dimensions, &unit, value);
                None
            }
        }
    }

    /// A number without a unit: a ratio of at most one is meant, everything else wants its unit.
    fn bare(&mut self, place: &Place<'_>, dimensions: &[Dimension], text: &str, value: &Spanned) -> Option<Quantity> {
        match quantity_text(text, &self.model.vocabulary) {
            Ok(quantity) if dimensions.contains(&Dimension::NONE) && quantity.value <= 1 => Some(quantity),
            Ok(_) => {
                self.no_unit(place, dimensions, text, value);
                None
            }
            Err(QuantityFault::Number(fault)) => {
                self.not_a_number(place, dimensions, text, fault, value);
                None
            }
            Err(QuantityFault::Unit(unit)) => {
                self.unknown_unit(place, dimensions, &unit, value);
                None
            }
        }
    }

    fn amount_map(
        &mut self,
        place: &Place<'_>,
        dimensions: &[Dimension],
        entries: &[Entry],
        value: &Spanned,
    ) -> Option<Quantity> {
        let before = self.problems.len();
        let [number, unit, basis, source] = self.parts(entries, &PARTS);
        if self.problems.len() > before {
            return None;
        }
        if let Some(source) = source.and_then(|source| self.text_of(source, "source")) {
            self.facts.set_source(place.id, source);
        }
        let number = match number {
            Some(Spanned { kind: Kind::Null, .. }) => return None,
            Some(number) => number,
            None => {
                let words = Words::new("有「value」的", "given with a `value`");
                self.should_be(place, words, value);
                return None;
            }
        };
        let (Kind::Text(digits) | Kind::Number(digits)) = &number.kind else {
            self.should_be(place, Words::new("数，如 \"80\"", "a number such as \"80\""), number);
            return None;
        };
        let unit = unit.and_then(|unit| self.text_of(unit, "unit")).unwrap_or_default();
        let basis = basis.and_then(|basis| self.text_of(basis, "basis")).unwrap_or_default();
        let space = if basis.is_empty() { "" } else { " " };
        let unit_place = if unit.is_empty() { value } else { number };
        let whole = format!("{digits}{space}{basis}{unit}");
        if !basis.is_empty() && parse_unit(&self.model.vocabulary, &format!("{basis}亿")).is_none() {
            self.unknown_basis(&basis, value);
            return None;
        }
        self.amount_text(place, dimensions, &whole, unit_place)
    }

    /// The quantity, where it has one of the dimensions; else `A0607`.
    pub(super) fn within(
        &mut self,
        place: &Place<'_>,
        dimensions: &[Dimension],
        quantity: Quantity,
        value: &Spanned,
    ) -> Option<Quantity> {
        if dimensions.is_empty() || dimensions.contains(&quantity.dimension) {
            return Some(quantity);
        }
        let vocabulary = &self.model.vocabulary;
        let per = vocabulary
            .units
            .iter()
            .find(|unit| unit.factor == Number::ONE && dimensions.contains(&quantity.dimension.per(unit.dimension)));
        let mended = per.map(|unit| format!("{}/{}", quantity.text(), unit.name.chinese));
        self.wrong_unit(place, dimensions, &quantity.unit_text, mended, value);
        None
    }

    pub(super) fn in_domain(
        &mut self,
        place: &Place<'_>,
        domain: Option<Domain>,
        quantity: Quantity,
        value: &Spanned,
    ) -> Option<Quantity> {
        let most = place.field.most.as_ref().filter(|most| quantity.value > **most);
        let (holds, words) = match domain {
            _ if most.is_some() => {
                let percent = most.map(|most| most.times(&Number::from_integer(100)).to_string()).unwrap_or_default();
                (false, Words::new(format!("不大于 {percent}%"), format!("at most {percent}%")))
            }
            None => (true, Words::default()),
            Some(Domain::Positive) => (quantity.value > Number::ZERO, Words::new("大于 0", "above zero")),
            Some(Domain::NotNegative) => (!quantity.value.is_negative(), Words::new("不小于 0", "zero or above")),
        };
        if holds {
            return Some(quantity);
        }
        let text = quantity.text();
        let problem = Problem::error(Code::OutsideDomain, value.span)
            .with(place.key)
            .with_words(words)
            .saying(Words::new(format!("写的是 {text}"), format!("the facts say {text}")));
        self.report(problem);
        None
    }

    fn no_unit(&mut self, place: &Place<'_>, dimensions: &[Dimension], text: &str, value: &Spanned) {
        let folded = fold(text);
        let digits = folded.trim();
        let unit = expected::unit(self.model, place.id, dimensions);
        let (number, magnitude) = split(digits);
        let mended = match magnitude.is_empty() {
            true => format!("{number}{unit}"),
            false => {
                let plain = dimensions.first().map(|first| expected::base_unit(&self.model.vocabulary, *first));
                format!("{number}{magnitude}{}", plain.unwrap_or_default())
            }
        };
        let help = Words::new(
            format!("写成带单位的文字，单位应为 {unit}，如 \"{mended}\""),
            format!("write it as text with its unit, {unit}, e.g. \"{mended}\""),
        );
        let problem = Problem::error(Code::BareNumber, value.span)
            .with(place.key)
            .saying(Words::new(format!("只写了 {digits}"), format!("only {digits}")));
        let problem = match value.kind {
            Kind::Map(_) => problem.help(Words::new(
                format!("补上单位：\"unit\": \"{unit}\""),
                format!("add its unit: \"unit\": \"{unit}\""),
            )),
            _ => problem.help(help).mended(self.quoted(value, &mended)),
        };
        self.report(problem);
    }

    fn not_a_number(
        &mut self,
        place: &Place<'_>,
        dimensions: &[Dimension],
        text: &str,
        fault: NumberError,
        value: &Spanned,
    ) {
        if fault == NumberError::TooManyDigits {
            let problem = too_many_digits(place.key, text, value.span);
            self.report(problem.saying(Words::new("位数太多", "too many digits")));
            return;
        }
        let unit = expected::unit(self.model, place.id, dimensions);
        let help = Words::new(
            format!("写成十进制数字加单位，如 \"100{unit}\""),
            format!("write a decimal number with its unit, e.g. \"100{unit}\""),
        );
        let mut problem = Problem::error(Code::FactNotANumber, value.span)
            .with(text)
            .saying(Words::new("这里应是数", "a number should stand here"))
            .help(help);
        let plain = text.replace([',', '，'], "");
        if plain != text && quantity_text(&plain, &self.model.vocabulary).is_ok() {
            let words = Words::new("数字里不写逗号", "write numbers without commas");
            problem = problem.help(words).mended(self.quoted(value, &plain));
        }
        self.report(problem);
    }

    fn unknown_unit(&mut self, place: &Place<'_>, dimensions: &[Dimension], unit: &str, value: &Spanned) {
        let names = || self.model.vocabulary.units.iter().flat_map(|known| known.name.spellings());
        let found = unit.split('/').find_map(|part| {
            let bare = part.trim().trim_start_matches(['十', '百', '千', '万', '亿']);
            // A unit of another length, or an abbreviation, is as likely another magnitude: no guess is better.
            let same_length = |name: &&str| name.chars().count() == bare.chars().count() && bare.chars().count() > 1;
            let near = self.guess(bare, names()).filter(|name| *name != bare).filter(same_length);
            near.filter(|_| !bare.is_ascii()).map(|name| (bare.to_owned(), name))
        });
        let mended = found.and_then(|(bare, name)| {
            let Kind::Text(text) = &value.kind else { return None };
            let mended = fold(text).replace(&bare, name);
            quantity_text(&mended, &self.model.vocabulary).is_ok().then_some(mended)
        });
        self.wrong_unit(place, dimensions, unit, mended, value);
    }

    /// `A0607` with the units that fit.
    fn wrong_unit(
        &mut self,
        place: &Place<'_>,
        dimensions: &[Dimension],
        unit: &str,
        mended: Option<String>,
        value: &Spanned,
    ) {
        let mut units: Vec<String> =
            dimensions.iter().map(|one| expected::unit(self.model, place.id, &[*one])).collect();
        units.dedup();
        let wanted = Words::new(units.join(" 或 "), units.join(" or "));
        let mut problem = Problem::error(Code::FactDimension, value.span)
            .with(place.key)
            .with_words(wanted.clone())
            .with(unit)
            .saying(Words::new(format!("单位是 {unit}"), format!("measured in {unit}")))
            .help(Words::new(format!("改用 {}", wanted.chinese), format!("use {}", wanted.english)));
        if let Some(mended) = mended {
            let help = Words::new(
                format!("单位应为 {}，如 \"{mended}\"", wanted.chinese),
                format!("use {}, e.g. \"{mended}\"", wanted.english),
            );
            problem = problem.help(help).mended(self.quoted(value, &mended));
        }
        self.report(problem);
    }

    pub(super) fn unknown_basis(&mut self, basis: &str, value: &Spanned) {
        let names = self.model.vocabulary.bases.iter().flat_map(|name| name.spellings());
        let near = self.guess(basis, names);
        let all: Vec<Words> = self.model.vocabulary.bases.iter().map(words_of).collect();
        let problem = self.unknown_member(&Words::new("计量基准", "basis"), basis, near, &all, value);
        self.report(problem);
    }
}

/// A density and the document in brackets behind it that it is taken from: `2.65吨/立方米（储量核实报告）`.
fn with_source(text: &str) -> (&str, Option<&str>) {
    let trimmed = text.trim_end();
    let inner = trimmed.strip_suffix(['）', ')']);
    let parts = inner.and_then(|inner| inner.split_once(['（', '(']));
    match parts {
        Some((amount, source)) if !amount.trim().is_empty() && !source.trim().is_empty() => {
            (amount.trim_end(), Some(source.trim()))
        }
        _ => (text, None),
    }
}

/// `A0618` with how many digits there are.
pub(super) fn too_many_digits(name: &str, text: &str, span: Span) -> Problem {
    let problem = Problem::error(Code::FactDigits, span).with(name);
    problem.with(digits_asked_for(&fold(text))).with(MAX_DIGITS.to_string())
}
