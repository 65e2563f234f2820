//! Records of Health Connect as JSON. An official file form of them is NOT FOUND: what is documented are the names of
//! record types and fields, so a list of such records is read tolerantly and everything else is refused.
//! `docs/formats/health-connect.md` describes it.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Timelike};

use super::{
    Fault, FormatError, FormatId, SeriesReading, Unread,
    json::{self, Node},
    my_number,
    series::{Measured, Moment, SeriesBuilder},
};
use crate::{
    base::Decimal,
    record::{SampleTime, Subject},
    terms::{ConnectType, connect_type, in_own_unit},
};

/// Raised whenever the same bytes would give other records.
pub const PARSER: u32 = 1;

/// Whether the beginning of a JSON text names records as Health Connect does.
pub(super) fn looks_like(head: &str) -> bool {
    head.contains("\"recordType\"") && (head.contains("\"startTime\"") || head.contains("\"time\""))
}

/// Reads a list of records, or an object with such a list under `records`.
pub fn read(bytes: &[u8]) -> Result<SeriesReading, FormatError> {
    let documents = json::documents(bytes)?;
    let mut builder = SeriesBuilder::default();
    let mut records = Vec::new();
    for (_, document) in &documents {
        match document {
            Node::List(items) => records.extend(items),
            Node::Object(_) if document.has("records") => records.extend(document.list("records")),
            other => records.push(other),
        }
    }
    if !records.iter().any(|record| record.has("recordType")) {
        return Err(FormatError::NotRead(Unread::OtherJson));
    }
    for (number, record) in (1_u64..).zip(records) {
        let place = || format!("records[{number}]");
        match one(record, &mut builder) {
            Err(error @ FormatError::Limit { .. }) => return Err(error),
            Err(error) => builder.refuse(place, error),
            Ok(()) => {}
        }
    }
    if builder.sources().iter().any(|name| my_number::is_labelled_in(name)) {
        return Err(FormatError::MyNumber { place: "records/dataOrigin".to_owned() });
    }
    Ok(builder.finish(FormatId::HealthConnect, PARSER, Subject::default(), Some("Health Connect".to_owned()), None))
}

fn one(record: &Node<'_>, builder: &mut SeriesBuilder) -> Result<(), FormatError> {
    let kind = record.text("recordType").ok_or_else(|| malformed(Fault::Missing))?;
    let meaning = connect_type(kind);
    if meaning.is_empty() {
        builder.count_unknown(kind);
        return Ok(());
    }
    let source = source(record);
    let (start, end) = span(record)?;
    let mut found = false;
    for way in meaning {
        found |= values(record, way, (start, end), source, builder)?;
    }
    if found { Ok(()) } else { Err(malformed(Fault::Missing)) }
}

/// Takes what a record says of one quantity; whether it said anything.
fn values(
    record: &Node<'_>,
    way: &ConnectType,
    (start, end): (DateTime<FixedOffset>, DateTime<FixedOffset>),
    source: &str,
    builder: &mut SeriesBuilder,
) -> Result<bool, FormatError> {
    let lasted = u32::try_from((end - start).num_seconds()).map_err(|_| malformed(Fault::Order))?;
    for path in &way.paths {
        if *path == "*" {
            let minutes: Decimal = (lasted / 60).to_string().parse().map_err(|_| malformed(Fault::Number))?;
            // A night belongs to the day on which one wakes.
            builder.add(&Measured { quantity: way.quantity, at: at(&end), lasted, value: &minutes, source, written: None })?;
            return Ok(true);
        }
        if let Some((list, field)) = path.split_once("[].") {
            for sample in record.list(list) {
                let time = sample.text("time").map(instant).transpose()?.unwrap_or(start);
                let value = sample.get(field).and_then(Node::as_words).ok_or_else(|| malformed(Fault::Missing))?;
                add(way, value, &time, 0, source, builder)?;
            }
            return Ok(record.has(list));
        }
        let steps: Vec<&str> = path.split('.').collect();
        if let Some(value) = record.at(&steps).and_then(Node::as_words) {
            add(way, value, &start, lasted, source, builder)?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn add(
    way: &ConnectType,
    value: &str,
    time: &DateTime<FixedOffset>,
    lasted: u32,
    source: &str,
    builder: &mut SeriesBuilder,
) -> Result<(), FormatError> {
    let value: Decimal = value.parse().map_err(|_| malformed(Fault::Number))?;
    let own = in_own_unit(way.quantity, way.unit, &value).ok_or_else(|| malformed(Fault::Type))?;
    let written = own.converted.then(|| format!("{value} {}", way.unit));
    builder.add(&Measured { quantity: way.quantity, at: at(time), lasted, value: &own.value, source, written: written.as_deref() })
}

/// When it was, by its own offset where the record names one beside an instant in UTC.
fn span(record: &Node<'_>) -> Result<(DateTime<FixedOffset>, DateTime<FixedOffset>), FormatError> {
    let read = |name: &str, offset: &str| -> Result<Option<DateTime<FixedOffset>>, FormatError> {
        let Some(text) = record.text(name) else { return Ok(None) };
        let read = instant(text)?;
        let zone = record.text(offset).or_else(|| record.text("zoneOffset"));
        Ok(Some(zone.and_then(zone_of).map_or(read, |zone| read.with_timezone(&zone))))
    };
    let time = read("time", "zoneOffset")?;
    let start = read("startTime", "startZoneOffset")?.or(time).ok_or_else(|| malformed(Fault::Missing))?;
    Ok((start, read("endTime", "endZoneOffset")?.unwrap_or(start)))
}

fn instant(text: &str) -> Result<DateTime<FixedOffset>, FormatError> {
    DateTime::parse_from_rfc3339(text.trim()).map_err(|_| malformed(Fault::Date))
}

/// `+09:00`.
fn zone_of(text: &str) -> Option<FixedOffset> {
    let (sign, rest) = text.strip_prefix('+').map(|rest| (1, rest)).or_else(|| text.strip_prefix('-').map(|rest| (-1, rest)))?;
    let (hours, minutes) = rest.split_once(':')?;
    FixedOffset::east_opt(sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60))
}

fn at(time: &DateTime<FixedOffset>) -> Moment {
    let day: NaiveDate = time.date_naive();
    let offset = i16::try_from(time.offset().fix().local_minus_utc() / 60).ok();
    Moment { day, time: Some(SampleTime { second: time.num_seconds_from_midnight(), offset }) }
}

fn source<'a>(record: &'a Node<'_>) -> &'a str {
    let paths: [&[&str]; 4] =
        [&["metadata", "dataOrigin", "packageName"], &["metadata", "dataOrigin"], &["dataOrigin", "packageName"], &["dataOrigin"]];
    paths.iter().find_map(|path| record.at(path).and_then(Node::as_text)).unwrap_or_default()
}

const fn malformed(fault: Fault) -> FormatError {
    FormatError::Malformed { place: String::new(), fault }
}
