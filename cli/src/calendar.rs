//! A calendar file (iCalendar, RFC 5545): whole days with a reminder. Lines end in CRLF and are folded at 75 octets, text is
//! escaped, and the same thing keeps its UID, so that a second file replaces the first. Time is a parameter.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use techo_core::base::Fingerprint;

/// Octets of a line, without its end.
const LINE: usize = 75;

/// One day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What it is for. It is not written: the UID is made of it.
    pub(crate) id: String,
    pub(crate) day: NaiveDate,
    pub(crate) text: String,
    /// Says nothing that an earlier entry of the same day does not say.
    pub(crate) merges: bool,
}

/// The file's text.
pub(crate) fn calendar(entries: &[Entry], stamp: DateTime<Utc>) -> String {
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Techo//Techo//JA", "CALSCALE:GREGORIAN"] {
        fold(&mut out, line);
    }
    for (at, entry) in entries.iter().enumerate() {
        let is_known = |other: &Entry| other.merges && other.day == entry.day && other.text == entry.text;
        if entry.merges && entries.iter().take(at).any(is_known) {
            continue;
        }
        let end = entry.day.succ_opt().unwrap_or(entry.day);
        let text = escaped(&entry.text);
        // The hash of the id tells nobody what it is for.
        let uid: String = Fingerprint::of(entry.id.as_bytes()).to_string().chars().take(32).collect();
        for line in [
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{uid}@techo.invalid"),
            format!("DTSTAMP:{}", stamp.format("%Y%m%dT%H%M%SZ")),
            format!("DTSTART;VALUE=DATE:{}", entry.day.format("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", end.format("%Y%m%d")),
            format!("SUMMARY:{text}"),
            "TRANSP:TRANSPARENT".to_owned(),
            "BEGIN:VALARM".to_owned(),
            "ACTION:DISPLAY".to_owned(),
            format!("DESCRIPTION:{text}"),
            "TRIGGER:PT9H".to_owned(),
            "END:VALARM".to_owned(),
            "END:VEVENT".to_owned(),
        ] {
            fold(&mut out, &line);
        }
    }
    fold(&mut out, "END:VCALENDAR");
    out
}

/// TEXT of RFC 5545 §3.3.11.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            _ if character.is_control() => {}
            _ => out.push(character),
        }
    }
    out
}

/// Adds a content line of RFC 5545 §3.1: no line is longer than 75 octets, and no character is cut in two.
fn fold(out: &mut String, line: &str) {
    let mut used = 0;
    for character in line.chars() {
        if used + character.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(character);
        used += character.len_utf8();
    }
    // Writing to a string cannot fail.
    let _ = write!(out, "\r\n");
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn entry(id: &str, day: &str, text: &str) -> Entry {
        Entry { id: id.to_owned(), day: day.parse().unwrap(), text: text.to_owned(), merges: true }
    }

    fn stamp() -> DateTime<Utc> {
        "2026-11-22T01:02:03Z".parse().unwrap()
    }

    #[test]
    fn every_line_ends_in_crlf_and_none_is_longer_than_75_octets() {
        let text = "手帳".repeat(60);
        let written = calendar(&[entry("a", "2026-12-31", &text)], stamp());
        assert!(written.ends_with("END:VCALENDAR\r\n") && !written.replace("\r\n", "").contains(['\r', '\n']));
        assert!(written.split("\r\n").all(|line| line.len() <= 75));
        assert!(written.replace("\r\n ", "").contains(&format!("SUMMARY:{text}\r\n")));
        assert!(
            written.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n")
                && written.contains("DTSTAMP:20261122T010203Z")
        );
    }

    #[test]
    fn text_is_escaped_and_a_thing_keeps_its_uid() {
        assert_eq!(escaped("a,b;c\\d\ne\u{7}"), "a\\,b\\;c\\\\d\\ne");
        let uid =
            |day: &str| calendar(&[entry("x 1", day, "t")], stamp()).lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
        assert_eq!(uid("2026-12-01"), uid("2026-12-08"));
        assert!(!uid("2026-12-01").contains("x 1"));
    }

    #[test]
    fn what_says_nothing_new_on_a_day_is_there_once() {
        let all = [entry("a", "2026-12-01", "t"), entry("b", "2026-12-01", "t"), entry("c", "2026-12-02", "t")];
        assert_eq!(calendar(&all, stamp()).matches("BEGIN:VEVENT").count(), 2);
        let told: Vec<Entry> = all.iter().map(|entry| Entry { merges: false, ..entry.clone() }).collect();
        assert_eq!(calendar(&told, stamp()).matches("BEGIN:VEVENT").count(), 3);
    }
}
