//! Gathers measured samples while a file streams by: packed by day and quantity, some fourteen bytes a sample, so that
//! millions fit into the memory of a phone.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};

use super::{Fault, FormatError, FormatId, Refusal, months};
use crate::{
    base::{Decimal, PartialDate, limits},
    record::{Event, Sample, SampleDay, SampleTime, Subject},
    terms::Quantity,
};

/// Entries that could not be taken are listed up to this many; the others are counted.
const LISTED: usize = 200;

/// What a file of measurements says.
#[derive(Debug)]
pub struct SeriesReading {
    /// Its format.
    pub format: FormatId,
    /// Version of the reader.
    pub parser: u32,
    /// Whom it is about, as far as it says.
    pub subject: Subject,
    /// Where it is from, as received.
    pub source: Option<String>,
    /// A line a month, and what was not understood.
    pub events: Vec<Event>,
    /// Entries that were not taken.
    pub refused: Vec<Refusal>,
    /// Samples in all, as the file states them.
    pub samples: u64,
    /// The samples, a day at a time.
    pub days: SampleDays,
}

/// The samples of a reading by quantity and day, packed.
#[derive(Clone, Debug, Default)]
pub struct SampleDays {
    quantities: Vec<&'static Quantity>,
    sources: Vec<String>,
    packed: BTreeMap<(u16, i32), Vec<u8>>,
}

/// When a sample was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: NaiveDate,
    pub(super) time: Option<SampleTime>,
}

/// What is gathered.
#[derive(Default)]
pub(super) struct SeriesBuilder {
    days: SampleDays,
    by_quantity: HashMap<&'static str, u16>,
    by_source: HashMap<String, u16>,
    last_source: Option<(String, u16)>,
    samples: u64,
    refused: Vec<Refusal>,
    refused_more: u64,
    unknown: BTreeMap<String, u64>,
}

/// One sample to gather.
pub(super) struct Measured<'a> {
    pub(super) quantity: &'static Quantity,
    pub(super) at: Moment,
    pub(super) lasted: u32,
    pub(super) value: &'a Decimal,
    pub(super) source: &'a str,
    pub(super) written: Option<&'a str>,
}

impl SeriesBuilder {
    /// Takes a sample. A value that no living person can have is refused, never guessed into another unit.
    pub(super) fn add(&mut self, measured: &Measured<'_>) -> Result<(), FormatError> {
        let number = measured.value.number();
        let is_plausible = measured.quantity.plausible.is_none_or(|(low, high)| (low..=high).contains(&number));
        let mantissa = i64::try_from(number.mantissa()).ok().filter(|_| is_plausible);
        let Some(mantissa) = mantissa else {
            return Err(FormatError::Malformed { place: String::new(), fault: Fault::Number });
        };
        if self.samples >= limits::SAMPLES {
            return Err(FormatError::Limit { what: "records", place: "document".to_owned() });
        }
        let line = self.line(measured.quantity)?;
        let source = self.source(measured.source)?;
        let out = self.days.packed.entry((line, measured.at.day.num_days_from_ce())).or_default();
        match measured.at.time {
            Some(time) => {
                put(out, u64::from(time.second) + 1);
                put(out, time.offset.map_or(0, |offset| zigzag(i64::from(offset)) + 1));
            }
            None => put(out, 0),
        }
        put(out, u64::from(measured.lasted));
        put(out, zigzag(mantissa));
        put(out, u64::from(number.scale()));
        put(out, u64::from(source));
        let written = measured.written.unwrap_or_default();
        put(out, written.len() as u64);
        out.extend_from_slice(written.as_bytes());
        self.samples += 1;
        Ok(())
    }

    /// Counts an entry of a type that nobody here understands.
    pub(super) fn count_unknown(&mut self, name: &str) {
        if let Some(count) = self.unknown.get_mut(name) {
            *count += 1;
        } else if self.unknown.len() < LISTED {
            self.unknown.insert(name.to_owned(), 1);
        }
    }

    /// Lists an entry that was not taken.
    pub(super) fn refuse(&mut self, place: impl FnOnce() -> String, reason: FormatError) {
        if self.refused.len() >= LISTED {
            self.refused_more += 1;
            return;
        }
        let place = place();
        let reason = match reason {
            FormatError::Malformed { place: own, fault } if own.is_empty() => FormatError::Malformed { place: place.clone(), fault },
            other => other,
        };
        self.refused.push(Refusal { place, reason });
    }

    fn line(&mut self, quantity: &'static Quantity) -> Result<u16, FormatError> {
        if let Some(line) = self.by_quantity.get(quantity.id) {
            return Ok(*line);
        }
        let line = u16::try_from(self.days.quantities.len()).map_err(|_| too_many())?;
        self.days.quantities.push(quantity);
        self.by_quantity.insert(quantity.id, line);
        Ok(line)
    }

    fn source(&mut self, name: &str) -> Result<u16, FormatError> {
        if let Some((last, index)) = &self.last_source
            && last == name
        {
            return Ok(*index);
        }
        let index = if let Some(index) = self.by_source.get(name) {
            *index
        } else {
            let index = u16::try_from(self.days.sources.len()).map_err(|_| too_many())?;
            self.days.sources.push(name.to_owned());
            self.by_source.insert(name.to_owned(), index);
            index
        };
        self.last_source = Some((name.to_owned(), index));
        Ok(index)
    }

    /// The names of everything that measured.
    pub(super) fn sources(&self) -> &[String] {
        &self.days.sources
    }

    /// What was gathered, with its lines of the timeline. `exported` is the day of what was not understood.
    pub(super) fn finish(
        mut self,
        format: FormatId,
        parser: u32,
        subject: Subject,
        source: Option<String>,
        exported: Option<PartialDate>,
    ) -> SeriesReading {
        if self.refused_more > 0 {
            let place = format!("{} more", self.refused_more);
            self.refused.push(Refusal { place: place.clone(), reason: FormatError::Limit { what: "entries", place } });
        }
        let mut events = months::month_events(&self.days);
        events.extend(months::unknown_event(&self.unknown, exported));
        SeriesReading { format, parser, subject, source, events, refused: self.refused, samples: self.samples, days: self.days }
    }
}

fn too_many() -> FormatError {
    FormatError::Limit { what: "entries", place: "document".to_owned() }
}

impl SampleDays {
    /// The days in canonical form, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = SampleDay> {
        self.packed.iter().filter_map(|((line, day), bytes)| self.day(*line, *day, bytes))
    }

    /// The first and the last day.
    pub fn span(&self) -> Option<(NaiveDate, NaiveDate)> {
        let days = || self.packed.keys().map(|(_, day)| *day);
        NaiveDate::from_num_days_from_ce_opt(days().min()?).zip(NaiveDate::from_num_days_from_ce_opt(days().max()?))
    }

    fn day(&self, line: u16, day: i32, bytes: &[u8]) -> Option<SampleDay> {
        let quantity = self.quantities.get(usize::from(line))?;
        let mut sources: Vec<String> = Vec::new();
        let mut places: HashMap<u16, u16> = HashMap::new();
        let mut samples = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let mut sample = unpack(&mut rest)?;
            let next = u16::try_from(places.len()).ok()?;
            sample.source = *places.entry(sample.source).or_insert_with_key(|global| {
                sources.push(self.sources.get(usize::from(*global)).cloned().unwrap_or_default());
                next
            });
            samples.push(sample);
        }
        let (quantity, unit) = (quantity.id.to_owned(), quantity.ucum.unwrap_or_default().to_owned());
        Some(SampleDay { quantity, unit, day: NaiveDate::from_num_days_from_ce_opt(day)?, sources, samples }.canonical())
    }
}

fn unpack(rest: &mut &[u8]) -> Option<Sample> {
    let second = take(rest)?;
    let time = match second.checked_sub(1) {
        Some(second) => {
            let offset = take(rest)?.checked_sub(1).map(|offset| i16::try_from(unzigzag(offset))).transpose().ok()?;
            Some(SampleTime { second: u32::try_from(second).ok()?, offset })
        }
        None => None,
    };
    let lasted = u32::try_from(take(rest)?).ok()?;
    let mantissa = unzigzag(take(rest)?);
    let value = rust_decimal::Decimal::new(mantissa, u32::try_from(take(rest)?).ok()?).to_string().parse().ok()?;
    let source = u16::try_from(take(rest)?).ok()?;
    let length = usize::try_from(take(rest)?).ok()?;
    let (written, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    let written = (length > 0).then(|| String::from_utf8_lossy(written).into_owned());
    Some(Sample { time, lasted, value, source, written })
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7F).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn take(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, behind) = rest.split_first()?;
        *rest = behind;
        number |= u64::from(first & 0x7F) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

const fn zigzag(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn what_is_packed_comes_out_as_it_went_in() {
        let mut builder = SeriesBuilder::default();
        let weight = crate::terms::quantity("body-weight").unwrap();
        let time = |text: &str| Moment { day: "2026-05-03".parse().unwrap(), time: Some(text.parse().unwrap()) };
        for (at, value, source, written) in [
            (time("23:59:59-11:30"), "62.50", "体重計", None),
            (time("07:00:00+09:00"), "62.233", "scale", Some("137.2 lb")),
            (Moment { time: None, ..time("00:00:00") }, "61", "", None),
        ] {
            builder.add(&Measured { quantity: weight, at, lasted: 7, value: &value.parse().unwrap(), source, written }).unwrap();
        }
        let days: Vec<SampleDay> = builder.days.iter().collect();
        let values: Vec<_> = days[0]
            .samples
            .iter()
            .map(|sample| (sample.time.map(|time| time.to_string()), sample.value.as_str(), sample.written.as_deref()))
            .collect();
        assert_eq!(
            values,
            [
                (None, "61", None),
                (Some("07:00:00+09:00".to_owned()), "62.233", Some("137.2 lb")),
                (Some("23:59:59-11:30".to_owned()), "62.50", None)
            ]
        );
        assert_eq!((days.len(), days[0].sources.as_slice()), (1, &[String::new(), "scale".to_owned(), "体重計".to_owned()][..]));
        assert_eq!(unzigzag(zigzag(i64::MIN)), i64::MIN);
    }

    #[test]
    fn grams_called_kilograms_are_refused_and_not_guessed() {
        let mut builder = SeriesBuilder::default();
        let weight = crate::terms::quantity("body-weight").unwrap();
        let at = Moment { day: "2026-05-03".parse().unwrap(), time: None };
        let value = "62500".parse().unwrap();
        let refused = builder.add(&Measured { quantity: weight, at, lasted: 0, value: &value, source: "", written: None });
        assert!(matches!(refused, Err(FormatError::Malformed { fault: Fault::Number, .. })));
        assert_eq!(builder.samples, 0);
    }
}
