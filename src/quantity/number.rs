//! An exact rational number. Small values live on the stack, large ones fall back to big integers.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How many digits a number may have, point aside.
pub const MAX_DIGITS: usize = 40;

/// An exact rational number.
///
/// ```
/// use adit::Number;
/// let share: Number = "8/11".parse()?;
/// assert!(share < "72.73%".parse::<Number>()?);
/// assert!(share > "72.72%".parse::<Number>()?);
/// assert_eq!("0.10".parse::<Number>()?.to_string(), "0.1");
/// # Ok::<(), adit::NumberError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(RBig);

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberError {
    /// Not digits with at most one point, nor a fraction, nor a percentage.
    Malformed,
    /// More than 40 digits, or an exponent that would need more.
    TooManyDigits,
    /// A fraction over zero.
    DivisionByZero,
}

impl fmt::Display for NumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "not a number",
            Self::TooManyDigits => "more than 40 digits",
            Self::DivisionByZero => "a fraction over zero",
        })
    }
}

impl std::error::Error for NumberError {}

impl Default for Number {
    /// Zero.
    fn default() -> Self {
        Self::ZERO
    }
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(RBig::ZERO);
    /// One.
    pub const ONE: Self = Self(RBig::ONE);

    /// A whole number.
    #[must_use]
    pub fn from_integer(value: i64) -> Self {
        Self(RBig::from(IBig::from(value)))
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// The difference.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0)
    }

    /// The quotient; `None` over zero.
    #[must_use]
    pub fn divide(&self, other: &Self) -> Option<Self> {
        if other.is_zero() { None } else { Some(Self(&self.0 / &other.0)) }
    }

    /// The greatest whole number not above it, and whether it is that number; `None` outside 128 bits.
    #[must_use]
    pub fn floor(&self) -> Option<(i128, bool)> {
        let floor = i128::try_from(self.0.floor()).ok()?;
        Some((floor, self.0.denominator() == &UBig::ONE))
    }

    /// A decimal: the integer divided by ten as often as there are places.
    #[must_use]
    pub fn from_decimal(integer: i128, places: u8) -> Self {
        Self(RBig::from_parts(IBig::from(integer), UBig::from(10u8).pow(usize::from(places))))
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.numerator() == &IBig::ZERO
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.0.numerator() < &IBig::ZERO
    }

    /// The nearest decimal of `places` digits after the point, half away from zero; for display only, marked by the caller.
    #[must_use]
    pub fn rounded(&self, places: u32) -> String {
        let scale = UBig::from(10u8).pow(places as usize);
        let numerator = self.0.numerator() * IBig::from(scale.clone()) * IBig::from(2);
        let denominator = IBig::from(self.0.denominator().clone());
        let sign = if self.is_negative() { IBig::from(-1) } else { IBig::ONE };
        let doubled = (numerator * &sign + &denominator) / (denominator * IBig::from(2));
        let rounded = Self(RBig::from_parts(doubled * sign, scale));
        rounded.to_string()
    }

    fn decimal(text: &str) -> Result<Self, NumberError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| exponent_fault(exponent))?),
            None => (digits, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let point_without_digits = mantissa.contains('.') && fraction.is_empty();
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || point_without_digits || !all_digits {
            return Err(NumberError::Malformed);
        }
        let significant = format!("{whole}{fraction}");
        if significant.len() > MAX_DIGITS || exponent.unsigned_abs() as usize > MAX_DIGITS {
            return Err(NumberError::TooManyDigits);
        }
        let unsigned = UBig::from_str(&significant).map_err(|_| NumberError::Malformed)?;
        let ten = UBig::from(10u8);
        let places = i32::try_from(fraction.len()).map_err(|_| NumberError::TooManyDigits)? - exponent;
        let power = ten.pow(places.unsigned_abs() as usize);
        let sign = if negative { IBig::from(-1) } else { IBig::ONE };
        let value = if places >= 0 {
            RBig::from_parts(IBig::from(unsigned) * sign, power)
        } else {
            RBig::from(IBig::from(unsigned * power) * sign)
        };
        Ok(Self(value))
    }
}

/// How many digits the number at the beginning of a text asks for: those written, and those of its exponent.
#[must_use]
pub fn digits_asked_for(text: &str) -> String {
    let is_digit = |character: &char| character.is_ascii_digit();
    let number = text.trim_start_matches(['-', '+']);
    let mantissa = number.chars().take_while(|character| is_digit(character) || matches!(character, '.' | ','));
    let (written, marks) = mantissa.fold((0_u64, 0), |(digits, marks), character| match character {
        '.' | ',' => (digits, marks + 1),
        _ => (digits + 1, marks),
    });
    let behind = number.chars().skip(usize::try_from(written).unwrap_or(usize::MAX).saturating_add(marks));
    let exponent = behind.skip_while(|character| matches!(character, 'e' | 'E' | '-' | '+'));
    let exponent: String = exponent.take_while(is_digit).skip_while(|digit| *digit == '0').collect();
    match exponent.parse::<u64>() {
        Ok(more) => more.saturating_add(written).to_string(),
        Err(_) if exponent.is_empty() => written.to_string(),
        Err(_) => format!("10^{}", exponent.len() - 1),
    }
}

fn exponent_fault(exponent: &str) -> NumberError {
    let digits = exponent.trim_start_matches(['-', '+']);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        NumberError::TooManyDigits
    } else {
        NumberError::Malformed
    }
}

impl FromStr for Number {
    type Err = NumberError;

    /// Reads `100`, `-1.5`, `1e3`, `1/3`, `90%`.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        if let Some(percent) = text.strip_suffix('%') {
            let hundred = Self::from_integer(100);
            return Self::from_str(percent)?.divide(&hundred).ok_or(NumberError::DivisionByZero);
        }
        match text.split_once('/') {
            Some((above, below)) => {
                let below = Self::decimal(below)?;
                Self::decimal(above)?.divide(&below).ok_or(NumberError::DivisionByZero)
            }
            None => Self::decimal(text),
        }
    }
}

impl fmt::Display for Number {
    /// The exact decimal where there is one of at most 60 places, else the fraction in lowest terms.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.denominator().clone();
        let (two, five, ten) = (UBig::from(2u8), UBig::from(5u8), UBig::from(10u8));
        let (mut twos, mut fives) = (0usize, 0usize);
        while &rest % &two == UBig::ZERO {
            rest /= &two;
            twos += 1;
        }
        while &rest % &five == UBig::ZERO {
            rest /= &five;
            fives += 1;
        }
        let places = twos.max(fives);
        if rest != UBig::ONE || places > 60 {
            return write!(formatter, "{}/{}", self.0.numerator(), self.0.denominator());
        }
        let scaled = self.0.numerator() * IBig::from(ten.pow(places)) / IBig::from(self.0.denominator().clone());
        let negative = scaled < IBig::ZERO;
        let digits = scaled.to_string();
        let digits = digits.trim_start_matches('-');
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at_checked(padded.len() - places).unwrap_or((&padded, ""));
        let fraction = fraction.trim_end_matches('0');
        let sign = if negative { "-" } else { "" };
        if fraction.is_empty() {
            write!(formatter, "{sign}{whole}")
        } else {
            write!(formatter, "{sign}{whole}.{fraction}")
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A fraction in lowest terms, as text, whatever its length: sums of many numbers outgrow what an author may write.
impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}/{}", self.0.numerator(), self.0.denominator()))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split_once('/').and_then(|(above, below)| {
            let below = UBig::from_str(below).ok().filter(|below| below != &UBig::ZERO)?;
            Some(RBig::from_parts(IBig::from_str(above).ok()?, below))
        });
        parts.map(Self).ok_or_else(|| de::Error::custom(NumberError::Malformed))
    }
}

impl PartialOrd<i64> for Number {
    fn partial_cmp(&self, other: &i64) -> Option<Ordering> {
        self.partial_cmp(&Self::from_integer(*other))
    }
}

impl PartialEq<i64> for Number {
    fn eq(&self, other: &i64) -> bool {
        self == &Self::from_integer(*other)
    }
}
