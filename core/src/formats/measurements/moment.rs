//! Days and times as meters write them.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::DateOrder;
use crate::{base::PartialDate, record::SampleTime};

/// Why a day could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadMoment {
    /// It is no day or no time.
    Unreadable,
    /// 5/3/2026 can be two days, and nobody said which.
    Ambiguous,
}

/// The day and, where one stands behind it, the time.
pub(super) fn moment(text: &str, order: Option<DateOrder>) -> Result<(NaiveDate, Option<SampleTime>), BadMoment> {
    let folded: String = text.nfkc().collect();
    let folded = folded.trim();
    let cut = folded.find(['T', 't', ' ']).or_else(|| folded.find('日').map(|at| at + '日'.len_utf8()));
    // "Showa"-like era letters are no times: what stands before the cut must be a day.
    let (day, rest) = cut.and_then(|at| folded.split_at_checked(at)).unwrap_or((folded, ""));
    let day = date(day, order)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']).trim();
    if rest.is_empty() {
        return Ok((day, None));
    }
    time(rest).map(|time| (day, Some(time)))
}

/// The day.
pub(super) fn date(text: &str, order: Option<DateOrder>) -> Result<NaiveDate, BadMoment> {
    let folded: String = text.nfkc().collect();
    let pieces: Vec<&str> = folded.trim().split(['/', '-', '.']).map(str::trim).collect();
    if let [first, second, year] = pieces.as_slice()
        && year.len() == 4
        && first.len() <= 2
    {
        let number = |piece: &str| piece.parse::<u32>().map_err(|_| BadMoment::Unreadable);
        let (first, second) = (number(first)?, number(second)?);
        let (month, day) = match order {
            _ if first > 12 => (second, first),
            _ if second > 12 || first == second => (first, second),
            Some(DateOrder::DayMonth) => (second, first),
            Some(DateOrder::MonthDay) => (first, second),
            None => return Err(BadMoment::Ambiguous),
        };
        let year = year.parse().map_err(|_| BadMoment::Unreadable)?;
        return NaiveDate::from_ymd_opt(year, month, day).ok_or(BadMoment::Unreadable);
    }
    folded.trim().parse::<PartialDate>().ok().and_then(|date| date.known_day()).ok_or(BadMoment::Unreadable)
}

/// The time of day: `7:12`, `07:12:33+09:00`, `午後7時12分`, `7:12 PM`.
pub(super) fn time(text: &str) -> Result<SampleTime, BadMoment> {
    let bad = || BadMoment::Unreadable;
    let folded: String = text.nfkc().collect::<String>().to_lowercase();
    let mut rest = folded.trim();
    let mut afternoon = None;
    for (mark, is_afternoon) in [("午後", true), ("午前", false), ("pm", true), ("am", false)] {
        if let Some(cut) = rest.strip_prefix(mark).or_else(|| rest.strip_suffix(mark)) {
            (rest, afternoon) = (cut.trim(), Some(is_afternoon));
        }
    }
    let (clock, offset) = split_offset(rest)?;
    let clock = clock.replace(['時', '分'], ":").replace('秒', "");
    let clock = clock.trim_end_matches(':');
    let fields: Vec<&str> = clock.split(':').collect();
    let number = |field: &str| -> Result<u32, BadMoment> {
        let whole = field.trim().split('.').next().unwrap_or_default();
        let is_plain = (1..=2).contains(&whole.len()) && whole.bytes().all(|byte| byte.is_ascii_digit());
        if is_plain { whole.parse().map_err(|_| bad()) } else { Err(bad()) }
    };
    let (hour, minute, second) = match fields.as_slice() {
        [hour, minute] => (number(hour)?, number(minute)?, 0),
        [hour, minute, second] => (number(hour)?, number(minute)?, number(second)?),
        _ => return Err(bad()),
    };
    let hour = match afternoon {
        None => hour,
        Some(is_afternoon) if (1..=12).contains(&hour) => hour % 12 + if is_afternoon { 12 } else { 0 },
        Some(_) => return Err(bad()),
    };
    let is_time = hour < 24 && minute < 60 && second < 60;
    if is_time { Ok(SampleTime { second: hour * 3600 + minute * 60 + second, offset }) } else { Err(bad()) }
}

fn split_offset(text: &str) -> Result<(&str, Option<i16>), BadMoment> {
    if let Some(clock) = text.strip_suffix('z') {
        return Ok((clock.trim(), Some(0)));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Ok((text, None)) };
    let (clock, offset) = text.split_at_checked(at).ok_or(BadMoment::Unreadable)?;
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at_checked(2).ok_or(BadMoment::Unreadable)?;
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    let minutes: i16 = minutes.parse().map_err(|_| BadMoment::Unreadable)?;
    let total = hours.parse::<i16>().map_err(|_| BadMoment::Unreadable)? * 60 + minutes;
    if total >= 24 * 60 || minutes >= 60 {
        return Err(BadMoment::Unreadable);
    }
    Ok((clock.trim(), Some(if offset.starts_with('-') { -total } else { total })))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> Result<String, BadMoment> {
        moment(text, order).map(|(day, time)| format!("{day} {}", time.map(|time| time.to_string()).unwrap_or_default()).trim().to_owned())
    }

    #[test]
    fn the_usual_ways_to_write_a_day_and_a_time_are_read() {
        for (text, expected) in [
            ("2026/05/03 7:12", "2026-05-03 07:12:00"),
            ("2026-05-03T07:12+09:00", "2026-05-03 07:12:00+09:00"),
            ("2026-05-03T07:12:33Z", "2026-05-03 07:12:33+00:00"),
            ("2026-05-03 07:12:33 +0900", "2026-05-03 07:12:33+09:00"),
            ("令和8年5月3日", "2026-05-03"),
            ("令和8年5月3日 午後7時12分", "2026-05-03 19:12:00"),
            ("2026年5月3日7時12分", "2026-05-03 07:12:00"),
            ("２０２６／０５／０３　７：１２", "2026-05-03 07:12:00"),
            ("25/3/2026", "2026-03-25"),
            ("3/25/2026 12:05 AM", "2026-03-25 00:05:00"),
            ("20260503", "2026-05-03"),
        ] {
            assert_eq!(read(text, None).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_date_that_can_be_two_days_is_asked_about() {
        assert_eq!(read("5/3/2026", None), Err(BadMoment::Ambiguous));
        assert_eq!(read("5/3/2026", Some(DateOrder::DayMonth)).unwrap(), "2026-03-05");
        assert_eq!(read("5/3/2026", Some(DateOrder::MonthDay)).unwrap(), "2026-05-03");
        for bad in ["", "昨日", "2026-02-30", "2026-05", "2026-05-03 25:00", "2026-05-03 午後13:00", "2026-05-03 7", "13/13/2026"] {
            assert_eq!(read(bad, None), Err(BadMoment::Unreadable), "{bad}");
        }
    }
}
