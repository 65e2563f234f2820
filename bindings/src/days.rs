//! What was measured at home, by days: a page of days, and the samples of one.

use chrono::NaiveDate;
use techo_core::{present, vault::DayId};

use crate::{TechoError, Vault, redacted::redacted};

/// A page of days, the newest first.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DaysPage {
    /// The quantity's name, marked as measured at home.
    pub name: String,
    /// The days, at most 100.
    pub days: Vec<DayLine>,
    /// What to ask for the next page with; none at the end.
    pub next: Option<String>,
}

/// One day.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DayLine {
    /// Its id, for `day`.
    pub id: String,
    /// `2026-05-03`.
    pub date: String,
    /// What it comes to.
    pub value: String,
    /// Its unit.
    pub unit: Option<String>,
    /// How the value was worked out.
    pub text: Option<String>,
}

/// A day with a page of its samples.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DayView {
    /// The day.
    pub day: DayLine,
    /// The quantity's name.
    pub name: String,
    /// Samples in all.
    pub count: u32,
    /// At most 100 of them.
    pub samples: Vec<SampleLine>,
}

/// One sample.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SampleLine {
    /// The time of day and its offset, where known.
    pub time: Option<String>,
    /// How long it lasted, in seconds.
    pub seconds: u32,
    /// The value, in the unit of the day.
    pub value: String,
    /// As it was written, where that was another unit or a stage of sleep.
    pub written: Option<String>,
    /// The device or program.
    pub source: String,
    /// The id of the first document that states it.
    pub document: String,
}

redacted!(DaysPage, DayLine, DayView, SampleLine);

#[uniffi::export]
impl Vault {
    /// *Quick.* The days of a quantity that was measured at home: a key of `quantities` that begins with `home|`, or the quantity's id. From
    /// and until as `2026-05-03`; `after` is `next` of the page before. None where nothing of it was measured.
    pub fn days(
        &self,
        person: String,
        quantity: String,
        from: Option<String>,
        until: Option<String>,
        after: Option<String>,
    ) -> Result<Option<DaysPage>, TechoError> {
        let span = (day_of(from)?, day_of(until)?);
        let page = present::days(&self.room.vault, person.parse()?, &quantity, span, day_of(after)?, self.room.language())?;
        Ok(page.map(|page| DaysPage {
            name: page.name,
            days: page.days.into_iter().map(line).collect(),
            next: page.next.map(|day| day.to_string()),
        }))
    }

    /// *Quick.* A day with at most 100 of its samples, from behind the first `skip`.
    pub fn day(&self, id: String, skip: u32) -> Result<DayView, TechoError> {
        let day = present::day(&self.room.vault, id.parse::<DayId>()?, skip, self.room.language())?;
        let samples = day.samples.into_iter().map(|sample| SampleLine {
            time: sample.time,
            seconds: sample.seconds,
            value: sample.value,
            written: sample.written,
            source: sample.source,
            document: sample.document.to_string(),
        });
        let line =
            DayLine { id: day.id.to_string(), date: day.date.to_string(), value: day.value, unit: Some(day.unit), text: Some(day.text) };
        Ok(DayView { day: line, name: day.name, count: day.count, samples: samples.collect() })
    }
}

fn line(point: present::PointView) -> DayLine {
    DayLine { id: point.record.to_string(), date: point.date.unwrap_or_default(), value: point.value, unit: point.unit, text: point.method }
}

fn day_of(text: Option<String>) -> Result<Option<NaiveDate>, TechoError> {
    let read = |text: String| text.parse::<techo_core::base::PartialDate>().map(|date| date.first_day());
    Ok(text.map(read).transpose()?)
}
