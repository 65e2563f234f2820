//! From a document to the entry it is, and to what the entry says.

use chrono::{DateTime, Utc};
use serde_json::error::Category;

use super::{
    wire::{Head, VERSION, Wire},
    write::bytes_of,
};
use crate::{
    formats::{Fault, FormatError, FormatId, Reading},
    record::{Entry, EntryAct, Subject},
};

/// Version of the reader.
pub const PARSER: u32 = 1;

/// Largest document, in bytes; a person writes a few hundred.
const BYTES: usize = 1024 * 1024;
/// Most records of one entry.
const RECORDS: usize = 1000;
/// Longest name of an author, in characters.
const NAME: usize = 200;
/// Longest reason, in characters.
const REASON: usize = 4000;

/// What an entry says, as records.
///
/// # Errors
/// As of [`parse`].
pub fn read(bytes: &[u8]) -> Result<Reading, FormatError> {
    let entry = parse(bytes)?;
    Ok(Reading {
        format: FormatId::Entry,
        parser: PARSER,
        subject: Subject::default(),
        source: Some(entry.author.name),
        events: entry.act.event().cloned().into_iter().collect(),
        refused: Vec::new(),
    })
}

/// The entry that a document is.
///
/// # Errors
/// `Limit`; `Malformed` for what is no entry, of a version that we do not know, or written in any other way than ours.
pub fn parse(bytes: &[u8]) -> Result<Entry, FormatError> {
    if bytes.is_empty() {
        return Err(FormatError::Empty);
    }
    if bytes.len() > BYTES {
        return Err(FormatError::Limit { what: "size", place: "document".to_owned() });
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    if head.techo_entry != VERSION {
        return Err(fault("techo_entry", Fault::Code));
    }
    let wire: Wire = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    let at: DateTime<Utc> = DateTime::parse_from_rfc3339(&wire.at).map_err(|_| fault("at", Fault::Date))?.to_utc();
    let entry = Entry { at, author: wire.author, reason: wire.reason, act: wire.act };
    check(&entry)?;
    let ours = bytes_of(&entry)?;
    if ours != bytes {
        let same = ours.iter().zip(bytes).take_while(|(one, other)| one == other).count();
        return Err(fault(&format!("byte {}", same + 1), Fault::Syntax));
    }
    Ok(entry)
}

/// What holds for every entry, read or about to be written.
pub(super) fn check(entry: &Entry) -> Result<(), FormatError> {
    if entry.author.name.trim().is_empty() {
        return Err(fault("author/name", Fault::Missing));
    }
    for (text, longest, place) in [(Some(entry.author.name.as_str()), NAME, "author/name"), (entry.reason.as_deref(), REASON, "reason")] {
        if text.is_some_and(|text| text.chars().count() > longest) {
            return Err(FormatError::Limit { what: "length", place: place.to_owned() });
        }
    }
    if let Some(event) = entry.act.event() {
        if event.facts.is_empty() {
            return Err(fault("act/event/facts", Fault::Missing));
        }
        if event.facts.len() > RECORDS {
            return Err(FormatError::Limit { what: "records", place: "act/event/facts".to_owned() });
        }
        // Nobody signs with a pen here: a signature belongs to the document it was checked on.
        if event.signature.is_some() {
            return Err(fault("act/event/signature", Fault::Order));
        }
    }
    if let EntryAct::Join { events: [one, other] } | EntryAct::KeepApart { events: [one, other] } = &entry.act
        && one == other
    {
        return Err(fault("act/events", Fault::Mixed));
    }
    Ok(())
}

fn fault(place: &str, fault: Fault) -> FormatError {
    FormatError::Malformed { place: place.to_owned(), fault }
}

/// Only where it broke: the words of the parser can quote the document.
fn malformed(error: &serde_json::Error) -> FormatError {
    let kind = match error.classify() {
        Category::Eof => Fault::Truncated,
        Category::Data => Fault::Type,
        Category::Syntax | Category::Io => Fault::Syntax,
    };
    fault(&format!("line {} column {}", error.line(), error.column()), kind)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]
    use super::*;
    use crate::{
        base::Fingerprint,
        formats::entry::write,
        record::{Author, Relation, Target, TargetDigest},
    };

    fn removal() -> Entry {
        let target = Target { document: Fingerprint::of(b"x"), position: 2, fact: Some(1), digest: TargetDigest::of(b"y") };
        Entry {
            at: "2026-04-01T09:00:00Z".parse().unwrap(),
            author: Author { name: "手帳 花子".to_owned(), relation: Relation::Myself },
            reason: Some("書き間違い".to_owned()),
            act: EntryAct::Remove { target },
        }
    }

    #[test]
    fn an_entry_is_written_in_one_way_and_read_back() {
        let bytes = write(&removal()).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(
            text.starts_with(r#"{"techo_entry":1,"at":"2026-04-01T09:00:00.000Z","author":{"name":"手帳 花子","relation":"self"},"#),
            "{text}"
        );
        assert!(
            text.contains(r#""act":{"remove":{"target":{"document":""#) && text.contains(r#""position":2,"fact":1,"digest":""#),
            "{text}"
        );
        assert_eq!(parse(&bytes).unwrap(), removal());
        assert!(read(&bytes).unwrap().events.is_empty());
    }

    proptest::proptest! {
        /// Whatever the bytes are, they are refused or are exactly what we would write.
        #[test]
        fn any_bytes_are_refused_or_are_ours(place in 0_usize..400, byte: u8, cut in 0_usize..400, noise: Vec<u8>) {
            let mut bytes = write(&removal()).unwrap();
            if let Some(one) = bytes.get_mut(place) {
                *one = byte;
            }
            let short = bytes.get(..cut).unwrap_or(&bytes);
            for bytes in [short, noise.as_slice(), bytes.as_slice()] {
                if let Ok(entry) = parse(bytes) {
                    proptest::prop_assert_eq!(write(&entry).unwrap(), bytes);
                }
            }
        }
    }

    #[test]
    fn what_is_written_otherwise_is_refused_with_its_place() {
        let text = String::from_utf8(write(&removal()).unwrap()).unwrap();
        let broken = [
            (text[..60].to_owned(), Fault::Truncated),
            (text.replace("\"position\":2", "\"position\":\"2\""), Fault::Type),
            (text.replace("\"position\":2", "\"position\": 2"), Fault::Syntax),
            (text.replace("\"techo_entry\":1", "\"techo_entry\":2"), Fault::Code),
            (text.replace("2026-04-01T09", "2026-04-01X09"), Fault::Date),
            (text.replace("09:00:00.000Z", "18:00:00.000+09:00"), Fault::Syntax),
            (text.replace("手帳 花子", " "), Fault::Missing),
            (text.replace("\"remove\"", "\"destroy\""), Fault::Type),
            (text.replace("\"relation\":\"self\"", "\"relation\":\"self\",\"more\":1"), Fault::Type),
        ];
        for (text, expected) in broken {
            match parse(text.as_bytes()) {
                Err(FormatError::Malformed { place, fault }) => {
                    assert!(fault == expected && !place.is_empty(), "{text}: {fault:?} at {place}");
                }
                other => unreachable!("{text}: {other:?}"),
            }
        }
        assert_eq!(parse(b""), Err(FormatError::Empty));
        let long = Entry { reason: Some("あ".repeat(REASON + 1)), ..removal() };
        assert_eq!(write(&long), Err(FormatError::Limit { what: "length", place: "reason".to_owned() }));
    }
}
