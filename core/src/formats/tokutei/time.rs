//! Times as HL7 writes them (`20240503`, `20240503093000+0900`), and as other systems write them into the same place.

use roxmltree::Node;

use crate::{
    base::PartialDate,
    formats::xml::{attribute, child},
    record::When,
};

/// A time stamp: its day and, where given, the time on its clock, for example `"09:30:00+09:00"`.
pub(in crate::formats) fn read_time(text: &str) -> Option<(PartialDate, Option<String>)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.len() > 8 {
        let (day, clock) = digits.split_at_checked(8)?;
        return Some((day.parse().ok()?, Some(clock_time(clock, rest)?)));
    }
    if matches!(digits.len(), 4 | 6 | 8) && (rest.is_empty() || zone(rest).is_some()) {
        return Some((digits.parse().ok()?, None));
    }
    match text.split_once(['T', ' ']) {
        Some((day, time)) => Some((day.parse().ok()?, Some(time.trim().to_owned()).filter(|time| !time.is_empty()))),
        None => Some((text.parse().ok()?, None)),
    }
}

/// An interval or a point in time (`effectiveTime`). `Err` with the text when it is no time; `Ok(None)` when nothing is said.
pub(super) fn read_when(node: Node<'_, '_>) -> Result<Option<When>, String> {
    let value = |name: &str| child(node, name).and_then(|bound| attribute(bound, "value"));
    let Some(start) = attribute(node, "value").or_else(|| value("low")).or_else(|| value("center")).or_else(|| value("high")) else {
        return Ok(None);
    };
    let (day, time) = read_time(start).ok_or_else(|| start.to_owned())?;
    let until = match value("high") {
        Some(end) => Some(read_time(end).ok_or_else(|| end.to_owned())?.0).filter(|until| *until != day),
        None => None,
    };
    Ok(Some(When { day, time, until }))
}

/// A time stamp in HL7's form.
pub(super) fn write_time(day: &PartialDate, time: Option<&str>) -> String {
    let mut out: String = day.to_string().chars().filter(char::is_ascii_digit).collect();
    out.extend(time.unwrap_or_default().chars().filter(|c| *c != ':'));
    out
}

/// `"0930"` and `"+0900"` as `"09:30+09:00"`.
fn clock_time(clock: &str, rest: &str) -> Option<String> {
    if !matches!(clock.len(), 2 | 4 | 6) {
        return None;
    }
    let mut out = String::with_capacity(16);
    for (index, digit) in clock.chars().enumerate() {
        if index > 0 && index % 2 == 0 {
            out.push(':');
        }
        out.push(digit);
    }
    let end = rest.find(['+', '-']).unwrap_or(rest.len());
    let (fraction, offset) = rest.split_at_checked(end)?;
    let is_fraction = fraction.is_empty() || fraction.strip_prefix('.').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    if !is_fraction {
        return None;
    }
    out.push_str(fraction);
    if !offset.is_empty() {
        out.push_str(&zone(offset)?);
    }
    Some(out)
}

/// `"+0900"` as `"+09:00"`.
fn zone(offset: &str) -> Option<String> {
    let (sign, digits) = offset.split_at_checked(1)?;
    let plain = matches!(sign, "+" | "-") && (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !plain {
        return None;
    }
    Some(match digits.split_at_checked(2) {
        Some((hours, minutes)) if minutes.len() == 2 => format!("{sign}{hours}:{minutes}"),
        _ => offset.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        read_time(text).map(|(day, time)| format!("{day} {}", time.unwrap_or_default()).trim_end().to_owned())
    }

    #[test]
    fn every_precision_and_spelling_is_read() {
        for (written, read_as) in [
            ("20240503", "2024-05-03"),
            ("202405", "2024-05"),
            ("2024", "2024"),
            ("20240503+0900", "2024-05-03"),
            ("202405030930", "2024-05-03 09:30"),
            ("20240503093015.5+0900", "2024-05-03 09:30:15.5+09:00"),
            ("2024-05-03T09:30:00+09:00", "2024-05-03 09:30:00+09:00"),
            ("2024/05/03", "2024-05-03"),
            ("R060503", "2024-05-03"),
        ] {
            assert_eq!(read(written).as_deref(), Some(read_as), "{written}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "20240231", "2024050", "202405031", "20240503x", "不明", "00000000", "20240503093015?"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_written_as_it_was_read() {
        for text in ["20240503", "202405", "20240503093000+0900", "202405030930"] {
            let (day, time) = read_time(text).unwrap_or((PartialDate::Year(0), None));
            assert_eq!(write_time(&day, time.as_deref()), text);
        }
    }
}
