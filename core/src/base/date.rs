//! A date as precisely as it was written: a year, a month or a day; in the Western calendar or in Japanese eras.

use std::{cmp::Ordering, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};

/// `2024`, `2024-05` or `2024-05-03`. Orders by its first day; at the same first day the less precise comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// Only the year is known.
    Year(i32),
    /// Year and month are known.
    Month(i32, u32),
    /// The day is known.
    Day(NaiveDate),
}

/// The text is no date, or a day that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date (write 2024-05-03, 2024-05, 2024, 20240503 or R060503)")]
pub struct BadDate;

/// Era letter, kanji and first year. A date of an era past its end is still taken, because
/// forms printed in advance carry such dates (平成31年6月, 平成36年).
const ERAS: [(char, &str, i32); 5] =
    [('M', "明治", 1868), ('T', "大正", 1912), ('S', "昭和", 1926), ('H', "平成", 1989), ('R', "令和", 2019)];
/// Years a health record can be from. Beyond is a slip of the pen.
const YEARS: std::ops::RangeInclusive<i32> = 1868..=2200;

impl PartialDate {
    /// A day, where year, month and day exist.
    pub fn day(year: i32, month: u32, day: u32) -> Result<Self, BadDate> {
        let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(BadDate)?;
        YEARS.contains(&year).then_some(Self::Day(date)).ok_or(BadDate)
    }

    /// A month, where it exists.
    pub fn month(year: i32, month: u32) -> Result<Self, BadDate> {
        (YEARS.contains(&year) && (1..=12).contains(&month)).then_some(Self::Month(year, month)).ok_or(BadDate)
    }

    /// A year.
    pub fn year(year: i32) -> Result<Self, BadDate> {
        YEARS.contains(&year).then_some(Self::Year(year)).ok_or(BadDate)
    }

    /// The first day the date can mean; what lists are sorted by.
    pub fn first_day(&self) -> NaiveDate {
        let (year, month) = match *self {
            Self::Year(year) => (year, 1),
            Self::Month(year, month) => (year, month),
            Self::Day(date) => return date,
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// The last day the date can mean.
    pub fn last_day(&self) -> NaiveDate {
        let next = match *self {
            Self::Year(year) => NaiveDate::from_ymd_opt(year + 1, 1, 1),
            Self::Month(year, 12) => NaiveDate::from_ymd_opt(year + 1, 1, 1),
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month + 1, 1),
            Self::Day(date) => return date,
        };
        next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX)
    }

    /// Whether the two can mean the same day: `1980` and `1980-05-03` can, `1981` and `1980-05-03` cannot.
    pub fn is_compatible(&self, other: &Self) -> bool {
        let (year, month, day) = self.parts();
        let (other_year, other_month, other_day) = other.parts();
        let same = |a: Option<u32>, b: Option<u32>| a.is_none() || b.is_none() || a == b;
        year == other_year && same(month, other_month) && same(day, other_day)
    }

    /// The exact day, where it is known.
    pub const fn known_day(&self) -> Option<NaiveDate> {
        match self {
            Self::Day(date) => Some(*date),
            Self::Year(_) | Self::Month(..) => None,
        }
    }

    fn parts(&self) -> (i32, Option<u32>, Option<u32>) {
        match *self {
            Self::Year(year) => (year, None, None),
            Self::Month(year, month) => (year, Some(month), None),
            Self::Day(date) => (date.year(), Some(date.month()), Some(date.day())),
        }
    }

    fn precision(&self) -> u8 {
        match self {
            Self::Year(_) => 0,
            Self::Month(..) => 1,
            Self::Day(_) => 2,
        }
    }
}

impl Ord for PartialDate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.first_day().cmp(&other.first_day()).then(self.precision().cmp(&other.precision()))
    }
}

impl PartialOrd for PartialDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => write!(f, "{}", date.format("%Y-%m-%d")),
        }
    }
}

/// Reads `2024-05-03`, `2024-05`, `2024`, `20240503`, `202405`, `2024/5/3`, `R060503`, `令和6年5月3日`, `令和元年`, in full or
/// half width. A time of day behind a `T` is not part of a date: cut it off first.
impl FromStr for PartialDate {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        let folded: String = unicode_normalization::UnicodeNormalization::nfkc(text.trim()).collect();
        let (base, rest) = era(&folded).unwrap_or((0, &folded));
        let rest = rest.replacen('元', "1", 1);
        let digits_only = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
        let fields: Vec<&str> = match (digits_only, base, rest.len()) {
            (true, 0, 4) => vec![&rest],
            (true, 0, 6) => cut(&rest, &[4, 2])?,
            (true, 0, 8) => cut(&rest, &[4, 2, 2])?,
            (true, 1.., 2) => vec![&rest],
            (true, 1.., 4) => cut(&rest, &[2, 2])?,
            (true, 1.., 6) => cut(&rest, &[2, 2, 2])?,
            (true, ..) => return Err(BadDate),
            (false, ..) => rest.split(['-', '/', '.', '年', '月', '日']).map(str::trim).collect(),
        };
        let mut numbers = Vec::with_capacity(3);
        let last = fields.len().saturating_sub(1);
        for (position, field) in fields.iter().enumerate() {
            // "2024年5月" ends in an empty piece; anywhere else nothing may be missing.
            if field.is_empty() && position == last && position > 0 && rest.ends_with(['年', '月', '日']) {
                continue;
            }
            let plain = field.len() <= 4 && field.bytes().all(|b| b.is_ascii_digit());
            numbers.push(plain.then(|| field.parse::<u32>().ok()).flatten().ok_or(BadDate)?);
        }
        let year_of = |year: u32| {
            let year = i32::try_from(year).map_err(|_| BadDate)?;
            match base {
                0 if year >= 1000 => Ok(year),
                0 => Err(BadDate),
                base if (1..=99).contains(&year) => Ok(base + year - 1),
                _ => Err(BadDate),
            }
        };
        match *numbers {
            [year] => Self::year(year_of(year)?),
            [year, month] => Self::month(year_of(year)?, month),
            [year, month, day] => Self::day(year_of(year)?, month, day),
            _ => Err(BadDate),
        }
    }
}

/// First year of the era the text begins with, and what follows the era's name.
fn era(text: &str) -> Option<(i32, &str)> {
    ERAS.iter().find_map(|(letter, kanji, first)| {
        let rest =
            text.strip_prefix(kanji).or_else(|| text.strip_prefix(*letter)).or_else(|| text.strip_prefix(letter.to_ascii_lowercase()))?;
        Some((*first, rest.trim_start()))
    })
}

fn cut<'a>(text: &'a str, lengths: &[usize]) -> Result<Vec<&'a str>, BadDate> {
    let mut rest = text;
    lengths
        .iter()
        .map(|length| {
            let (head, tail) = rest.split_at_checked(*length).ok_or(BadDate)?;
            rest = tail;
            Ok(head)
        })
        .collect()
}

impl serde::Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PartialDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(text: &str) -> Option<String> {
        text.parse::<PartialDate>().ok().map(|date| date.to_string())
    }

    #[test]
    fn every_spelling_of_a_day_is_the_same_day() {
        for text in
            ["2024-05-03", "20240503", "2024/5/3", "R060503", "r060503", "令和6年5月3日", "２０２４年５月３日", "R6.5.3", "平成36年5月3日"]
        {
            assert_eq!(read(text).as_deref(), Some("2024-05-03"), "{text}");
        }
    }

    #[test]
    fn precision_is_kept() {
        assert_eq!(read("2024").as_deref(), Some("2024"));
        assert_eq!(read("202405").as_deref(), Some("2024-05"));
        assert_eq!(read("令和元年").as_deref(), Some("2019"));
        assert_eq!(read("S64年1月").as_deref(), Some("1989-01"));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "",
            "2023-02-29",
            "20240230",
            "R000101",
            "1",
            "2024-13",
            "2024-",
            "-2024",
            "abc",
            "2024年5月3日頃",
            "18670101",
            "20240503T10",
            "2024--3",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_comes_before_its_first_day_and_fits_every_day_in_it() {
        let (year, day, other): (PartialDate, PartialDate, PartialDate) =
            ("2024".parse().unwrap(), "2024-01-01".parse().unwrap(), "2025-01-01".parse().unwrap());
        assert!(year < day && day < other);
        assert!(year.is_compatible(&day) && !year.is_compatible(&other));
        assert_eq!(year.last_day().to_string(), "2024-12-31");
        assert_eq!("2024-02".parse::<PartialDate>().unwrap().last_day().to_string(), "2024-02-29");
    }
}
