//! A day of the proleptic Gregorian calendar.

use std::fmt;
use std::str::FromStr;

/// A day. Ordered as days are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

/// A text that names no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchDate;

impl fmt::Display for NoSuchDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no such date")
    }
}

impl std::error::Error for NoSuchDate {}

impl Date {
    /// The day, where the calendar has it.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// The day so many months later; a day that the month does not have is its last one.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Option<Self> {
        let all = self.year.checked_mul(12)?.checked_add(i32::from(self.month) - 1)?.checked_add(months)?;
        let (year, month) = (all.div_euclid(12), u8::try_from(all.rem_euclid(12) + 1).ok()?);
        (0..4).find_map(|back| Self::new(year, month, self.day.checked_sub(back)?))
    }

    /// Its year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }
}

impl FromStr for Date {
    type Err = NoSuchDate;

    /// Reads `2025-12-31`, `2025/12/31`, `2025年12月31日`.
    fn from_str(text: &str) -> Result<Self, NoSuchDate> {
        let plain = text.trim().trim_end_matches('日').replace(['年', '月', '/', '.'], "-");
        let mut parts = plain.split('-');
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoSuchDate);
        };
        let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else { return Err(NoSuchDate) };
        if !(1..=9999).contains(&year) {
            return Err(NoSuchDate);
        }
        Self::new(year, month, day).ok_or(NoSuchDate)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
