//! Makes a document ready to be filed, and files nothing: matched against the person, checked for a My Number, bounded,
//! its records prepared. Who files it may file several together.

use chrono::{DateTime, Utc};

use super::{Incoming, IntakeError, Permissions, numbers::possible_my_number};
use crate::{
    base::{Fingerprint, limits},
    consent::ConsentId,
    formats::{self, Contents, Fault, FormatError, FormatId, Reading, Refusal, Unread, document::is_kept, health_card::KeySet, my_number},
    insight::{prepare as prepare_events, standing},
    record::{Change, Entry, Event, Person},
    vault::{DocumentBody, EventToFile, Filing, Given, RefusedEntry, Trimmed},
};

/// What is filed with a document besides what it says itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin {
    /// The consent it came by; none where it came in as a file.
    pub consent: Option<ConsentId>,
    /// What it was cut from; none where it is whole.
    pub trimmed: Option<Trimmed>,
}

/// A document ready to be filed.
#[derive(Debug)]
pub struct Prepared {
    /// The format it was read as.
    pub format: FormatId,
    /// What to file.
    pub filing: Filing,
    /// Entries that were not taken.
    pub refused: Vec<Refusal>,
}

/// When, under which name and whence a document came in.
pub(super) struct Arrival<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
    pub(super) origin: Origin,
}

/// Reads a file that is one document and makes it ready to be filed for `person`.
///
/// # Errors
/// As of [`super::take_in`]; a container, a picture or a part of a split document is `Malformed` here.
pub fn prepare(person: &Person, file: Incoming<'_>, keys: &KeySet, may: Permissions<'_>, origin: Origin) -> Result<Prepared, IntakeError> {
    match read(file.bytes, keys, origin.consent.is_some())? {
        Contents::Document(reading) => {
            ready(*reading, vec![file.bytes.to_vec()], person, &Arrival { name: file.name, now: file.now, origin }, may)
        }
        Contents::Container(_) | Contents::Part(_) | Contents::Codes(_) => {
            Err(FormatError::Malformed { place: "document".to_owned(), fault: Fault::Type }.into())
        }
    }
}

/// Reads bytes. What was fetched is what was asked for, also where its names are none that are known.
pub(super) fn read(bytes: &[u8], keys: &KeySet, is_fetched: bool) -> Result<Contents, FormatError> {
    match formats::read(bytes, keys) {
        Err(FormatError::NotRead(_)) if is_fetched => Ok(Contents::Document(Box::new(formats::self_information::read(bytes)?))),
        read => read,
    }
}

/// Longest title of a document, in characters.
const TITLE: usize = 200;

/// Gives a document that is kept without being read its title and day: what the person said, else the file's name.
pub(super) fn name_kept(reading: &mut Reading, name: Option<&str>, given: Option<&Given>) {
    if !is_kept(reading.format) {
        return;
    }
    let stem = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or(name).rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let said = given.and_then(|given| given.title.clone()).or_else(|| name.map(stem));
    let said = said.map(|said| said.chars().filter(|c| !c.is_control()).take(TITLE).collect::<String>());
    let day = given.and_then(|given| given.day);
    for event in &mut reading.events {
        event.day = day;
        if let Some(title) = said.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
            title.clone_into(&mut event.title);
            event.facts.iter_mut().for_each(|fact| title.clone_into(&mut fact.title));
        }
    }
}

/// A title is written by hand, and what must not be kept is not kept there either.
fn title_guarded(reading: &Reading, may: Permissions<'_>) -> Result<(), IntakeError> {
    let place = || "title".to_owned();
    for event in reading.events.iter().filter(|_| is_kept(reading.format)) {
        if my_number::is_labelled_in(&event.title) {
            return Err(FormatError::MyNumber { place: place() }.into());
        }
        let is_checked = may.digits_checked || may.digits_checked_at.contains(&"title");
        if !is_checked && !my_number::standalone_runs(&event.title).is_empty() {
            return Err(IntakeError::PossibleMyNumber { place: place() });
        }
    }
    Ok(())
}

/// Matches and checks one reading and makes it ready to be filed. What somebody wrote by hand comes in with the archive of
/// its notebook only: by itself it would stand here as if this notebook's people had written it.
pub(super) fn ready(
    mut reading: Reading,
    parts: Vec<Vec<u8>>,
    person: &Person,
    arrival: &Arrival<'_>,
    may: Permissions<'_>,
) -> Result<Prepared, IntakeError> {
    if reading.format == FormatId::Entry {
        return Err(FormatError::NotRead(Unread::TechoEntry).into());
    }
    name_kept(&mut reading, arrival.name, may.document);
    title_guarded(&reading, may)?;
    let differs = reading.subject.mismatch(person);
    if !differs.is_none() && !may.anyway {
        return Err(IntakeError::NotThisPerson(differs));
    }
    if !may.digits_checked
        && let Some(place) = possible_my_number(&reading.events, may.digits_checked_at)
    {
        return Err(IntakeError::PossibleMyNumber { place: place.to_owned() });
    }
    let given = may.document.filter(|given| is_kept(reading.format) && **given != Given::default()).cloned();
    let mut prepared = prepared(reading, parts, person, arrival, !differs.is_none(), None)?;
    prepared.filing.about.given = given;
    Ok(prepared)
}

/// Makes an entry that was written here ready to be filed.
pub(super) fn own(entry: &Entry, bytes: Vec<u8>, person: &Person, arrival: &Arrival<'_>) -> Result<Prepared, IntakeError> {
    let reading = formats::entry::read(&bytes)?;
    prepared(reading, vec![bytes], person, arrival, false, Some(entry.act.change()))
}

fn prepared(
    reading: Reading,
    parts: Vec<Vec<u8>>,
    person: &Person,
    arrival: &Arrival<'_>,
    claimed: bool,
    change: Option<Change>,
) -> Result<Prepared, IntakeError> {
    let fingerprint = Fingerprint::of_parts(parts.iter().map(Vec::as_slice));
    if reading.events.iter().map(|event| event.facts.len()).sum::<usize>() > limits::FACTS {
        return Err(FormatError::Limit { what: "records", place: "document".to_owned() }.into());
    }
    let refused: Vec<RefusedEntry> =
        reading.refused.iter().map(|refusal| RefusedEntry { place: refusal.place.clone(), reason: refusal.reason.to_string() }).collect();
    let about = DocumentBody {
        format: reading.format.id().to_owned(),
        parser: reading.parser,
        source: reading.source,
        name: arrival.name.map(str::to_owned),
        refused,
        claimed,
        original_erased: false,
        consent: arrival.origin.consent,
        trimmed: arrival.origin.trimmed,
        mapping: None,
        given: None,
        slice: None,
    };
    let events = events_to_file(reading.events);
    let filing = Filing { person: person.id, fingerprint, parts, received: arrival.now, about, events, change };
    Ok(Prepared { format: reading.format, filing, refused: reading.refused })
}

/// Rows of a document's records as today's reader makes them.
pub(super) fn events_to_file(mut events: Vec<Event>) -> Vec<EventToFile> {
    for fact in events.iter_mut().flat_map(|event| &mut event.facts) {
        fact.standing = standing(fact);
    }
    let prepared = prepare_events(&events);
    events
        .into_iter()
        .zip(prepared)
        .map(|(event, prepared)| EventToFile {
            event,
            identities: prepared.identities,
            series: prepared.series.into_iter().map(|series| series.map(|series| (series.key, series.code, series.label))).collect(),
        })
        .collect()
}
