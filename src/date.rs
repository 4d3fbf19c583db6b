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

    /// The first day that can be written.
    pub const FIRST: Self = Self { year: 1, month: 1, day: 1 };

    /// The last day that can be written.
    pub const LAST: Self = Self { year: 9999, month: 12, day: 31 };

    /// The day so many days after 1970-01-01.
    #[must_use]
    pub fn of_days(days: i32) -> Option<Self> {
        // Years are counted from March, so that the leap day ends one.
        let shifted = i64::from(days) + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// How many days it lies after 1970-01-01.
    #[must_use]
    pub fn days(self) -> i32 {
        let (year, month) = (self.year - i32::from(self.month <= 2), i32::from(self.month));
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let from_march = if month > 2 { month - 3 } else { month + 9 };
        let of_year = (153 * from_march + 2) / 5 + i32::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(day("1970-01-01").days(), 0);
        assert_eq!(day("2000-03-01").days(), 11_017);
        assert_eq!(day("1969-12-31").days(), -1);
        for days in (-800_000..2_900_000).step_by(37) {
            if let Some(day) = Date::of_days(days) {
                assert_eq!(day.days(), days, "{day}");
            }
        }
    }
}
