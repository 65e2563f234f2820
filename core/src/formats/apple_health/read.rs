//! What the tags of the export say: records, whom they are about, and what nobody here understands.

use chrono::NaiveDate;

use super::scan::{Scanner, attributes, name, words};
use crate::{
    base::{Decimal, PartialDate},
    formats::{
        Fault, FormatError, FormatId, SeriesReading, Unread, my_number,
        series::{Measured, Moment, SeriesBuilder},
    },
    record::{SampleTime, Sex, Subject},
    terms::{AppleType, Quantity, apple_type, in_own_unit},
};

/// Raised whenever the same bytes would give other records.
pub const PARSER: u32 = 1;

pub(super) struct Reader {
    scanner: Scanner,
    state: State,
}

#[derive(Default)]
struct State {
    builder: SeriesBuilder,
    subject: Subject,
    exported: Option<PartialDate>,
    has_root: bool,
    is_ended: bool,
    records: u64,
    memory: Memory,
}

/// What was found out about the record before: types and units come in long runs.
#[derive(Default)]
struct Memory {
    kind: Vec<u8>,
    meaning: &'static [AppleType],
    unit: Vec<u8>,
    is_own_unit: bool,
}

/// The attributes of a record, raw.
#[derive(Default)]
struct Record<'a> {
    kind: &'a [u8],
    unit: &'a [u8],
    source: &'a [u8],
    start: &'a [u8],
    end: &'a [u8],
    value: &'a [u8],
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { scanner: Scanner::new(), state: State::default() }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), FormatError> {
        let state = &mut self.state;
        self.scanner.feed(bytes, &mut |tag| state.tag(tag))
    }

    pub(super) fn finish(self) -> Result<SeriesReading, FormatError> {
        let Self { scanner, mut state } = self;
        if !state.has_root {
            return Err(FormatError::NotRead(Unread::OtherXml));
        }
        if !state.is_ended || !scanner.is_at_rest() {
            let records = state.records;
            state.builder.refuse(|| format!("Record {}", records + 1), malformed(Fault::Truncated));
        }
        if state.builder.sources().iter().any(|name| my_number::is_labelled_in(name)) {
            return Err(FormatError::MyNumber { place: "Record/@sourceName".to_owned() });
        }
        Ok(state.builder.finish(FormatId::AppleHealth, PARSER, state.subject, Some("Apple Health".to_owned()), state.exported))
    }
}

impl State {
    fn tag(&mut self, tag: &[u8]) -> Result<(), FormatError> {
        let name = name(tag);
        if !self.has_root {
            if name != b"HealthData" {
                return Err(FormatError::NotRead(Unread::OtherXml));
            }
            self.has_root = true;
            return Ok(());
        }
        refuse_my_number(tag)?;
        match name {
            b"Record" => self.record(tag),
            b"/HealthData" => {
                self.is_ended = true;
                Ok(())
            }
            b"Me" => {
                self.me(tag);
                Ok(())
            }
            b"ExportDate" => {
                attributes(tag, |key, value| {
                    if key == b"value" {
                        self.exported = moment(value).map(|(day, _)| PartialDate::Day(day));
                    }
                });
                Ok(())
            }
            b"Workout" => {
                self.unknown(tag, "Workout", b"workoutActivityType");
                Ok(())
            }
            b"ClinicalRecord" => {
                self.unknown(tag, "ClinicalRecord", b"type");
                Ok(())
            }
            b"Audiogram" | b"VisionPrescription" | b"ActivitySummary" => {
                self.builder.count_unknown(&String::from_utf8_lossy(name));
                Ok(())
            }
            // Parts of entries, end tags and frames; nothing in them is an entry of its own.
            _ => Ok(()),
        }
    }

    fn unknown(&mut self, tag: &[u8], element: &str, attribute: &[u8]) {
        let mut kind = String::new();
        attributes(tag, |key, value| {
            if key == attribute {
                kind = String::from_utf8_lossy(value).into_owned();
            }
        });
        self.builder.count_unknown(&if kind.is_empty() { element.to_owned() } else { format!("{element} {kind}") });
    }

    /// Whom it is about: used to tell whether it is this person's, and kept nowhere else.
    fn me(&mut self, tag: &[u8]) {
        attributes(tag, |key, value| {
            let value = std::str::from_utf8(value).unwrap_or_default();
            match key {
                b"HKCharacteristicTypeIdentifierDateOfBirth" => self.subject.born = value.parse().ok(),
                b"HKCharacteristicTypeIdentifierBiologicalSex" => {
                    self.subject.sex = match value {
                        "HKBiologicalSexFemale" => Some(Sex::Female),
                        "HKBiologicalSexMale" => Some(Sex::Male),
                        _ => None,
                    };
                }
                _ => {}
            }
        });
    }

    fn record(&mut self, tag: &[u8]) -> Result<(), FormatError> {
        self.records += 1;
        let mut record = Record::default();
        attributes(tag, |key, value| match key {
            b"type" => record.kind = value,
            b"unit" => record.unit = value,
            b"sourceName" => record.source = value,
            b"startDate" => record.start = value,
            b"endDate" => record.end = value,
            b"value" => record.value = value,
            _ => {}
        });
        if self.memory.kind != record.kind {
            let kind = String::from_utf8_lossy(record.kind);
            self.memory = Memory { kind: record.kind.to_vec(), meaning: apple_type(&kind), unit: Vec::new(), is_own_unit: false };
        }
        let meaning = self.memory.meaning;
        if meaning.is_empty() {
            let kind = String::from_utf8_lossy(record.kind);
            self.builder.count_unknown(if kind.is_empty() { "Record" } else { &kind });
            return Ok(());
        }
        match self.measured(&record, meaning) {
            Err(error @ (FormatError::Malformed { .. } | FormatError::NotRead(_))) => {
                let number = self.records;
                self.builder.refuse(|| format!("Record {number}"), error);
                Ok(())
            }
            other => other,
        }
    }

    fn measured(&mut self, record: &Record<'_>, meaning: &'static [AppleType]) -> Result<(), FormatError> {
        let (start, end) = moment(record.start).zip(moment(record.end)).ok_or_else(|| malformed(Fault::Date))?;
        let source = words(record.source)?;
        let lasted = seconds(&end) - seconds(&start);
        let lasted = u32::try_from(lasted).map_err(|_| malformed(Fault::Order))?;
        for kind in meaning {
            if !kind.values.is_empty() {
                let value = std::str::from_utf8(record.value).unwrap_or_default();
                if !kind.values.contains(&value) {
                    continue;
                }
                // A night belongs to the day on which one wakes.
                let minutes =
                    rust_decimal::Decimal::new(i64::from(lasted), 0).checked_div(rust_decimal::Decimal::new(60, 0)).unwrap_or_default();
                let minutes: Decimal = minutes.round_dp(2).normalize().to_string().parse().map_err(|_| malformed(Fault::Number))?;
                let stage = value.strip_prefix("HKCategoryValueSleepAnalysis").unwrap_or(value);
                let at = Moment { day: end.0, time: Some(end.1) };
                return self.builder.add(&Measured {
                    quantity: kind.quantity,
                    at,
                    lasted,
                    value: &minutes,
                    source: &source,
                    written: Some(stage),
                });
            }
            let text = std::str::from_utf8(record.value).map_err(|_| malformed(Fault::Number))?;
            let value: Decimal = text.parse().map_err(|_| malformed(Fault::Number))?;
            let (value, written) = self.in_unit(kind, record.unit, value)?;
            let at = Moment { day: start.0, time: Some(start.1) };
            let measured = Measured { quantity: kind.quantity, at, lasted, value: &value, source: &source, written: written.as_deref() };
            return self.builder.add(&measured);
        }
        // A category with a value that is none of these (awake).
        self.builder.count_unknown(&format!("{} {}", String::from_utf8_lossy(record.kind), String::from_utf8_lossy(record.value)));
        Ok(())
    }

    fn in_unit(&mut self, kind: &AppleType, unit: &[u8], value: Decimal) -> Result<(Decimal, Option<String>), FormatError> {
        let scaled = |value: &Decimal| -> Option<Decimal> {
            let times = rust_decimal::Decimal::from(kind.times);
            value.number().checked_mul(times)?.normalize().to_string().parse().ok()
        };
        if self.memory.is_own_unit && self.memory.unit == unit {
            return Ok((value, None));
        }
        let shown = words(unit)?;
        let quantity: &Quantity = kind.quantity;
        if kind.times != 1 {
            let own = scaled(&value).ok_or_else(|| malformed(Fault::Number))?;
            return Ok((own, Some(format!("{value} {shown}"))));
        }
        let own = in_own_unit(quantity, &shown, &value).ok_or_else(|| malformed(Fault::Type))?;
        if !own.converted {
            self.memory.is_own_unit = true;
            self.memory.unit = unit.to_vec();
            return Ok((own.value, None));
        }
        let written = format!("{value} {shown}");
        Ok((own.value, Some(written)))
    }
}

const fn malformed(fault: Fault) -> FormatError {
    FormatError::Malformed { place: String::new(), fault }
}

/// The guard of the spine. Twelve digits in a row stand nowhere in an honest record, so that the look costs little.
fn refuse_my_number(tag: &[u8]) -> Result<(), FormatError> {
    let mut run = 0_u32;
    let is_suspicious = tag.iter().any(|byte| {
        // Digits of either width; separators may stand between the groups.
        run = if byte.is_ascii_digit() || *byte == 0xEF {
            run + 1
        } else if matches!(byte, b' ' | b'-' | 0xBC | 0x90..=0x99) {
            run
        } else {
            0
        };
        run >= 12
    });
    if is_suspicious
        && let Ok(text) = words(tag)
        && my_number::is_labelled_in(&text)
    {
        return Err(FormatError::MyNumber { place: "an attribute".to_owned() });
    }
    Ok(())
}

/// `2026-05-03 07:12:33 +0900`.
fn moment(raw: &[u8]) -> Option<(NaiveDate, SampleTime)> {
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        raw.get(range)?.iter().try_fold(0_u32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':'), (19, b' ')];
    if raw.len() != 25 || marks.iter().any(|(at, mark)| raw.get(*at) != Some(mark)) {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)?;
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let minutes = i16::try_from(number(21..23)? * 60 + number(23..25)?).ok()?;
    let offset = match raw.get(20)? {
        b'+' => minutes,
        b'-' => -minutes,
        _ => return None,
    };
    let is_time = hour < 24 && minute < 60 && second < 60 && minutes < 24 * 60;
    is_time.then_some((day, SampleTime { second: hour * 3600 + minute * 60 + second, offset: Some(offset) }))
}

fn seconds((day, time): &(NaiveDate, SampleTime)) -> i64 {
    use chrono::Datelike as _;
    i64::from(day.num_days_from_ce()) * 86_400 + i64::from(time.second) - i64::from(time.offset.unwrap_or(0)) * 60
}
