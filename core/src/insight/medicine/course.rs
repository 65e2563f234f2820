//! How a medicine is taken, and until when: from the form of use, the words of its usage and the days dispensed.

use chrono::{Days, NaiveDate};

use super::rules::apart_days;
use crate::{
    base::{PartialDate, fold},
    record::{Fact, Medication, MedicationStage},
};

/// How a medicine is taken on a day, and whether it still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Course {
    /// By the days that were dispensed, which are not over.
    Current,
    /// 頓服 when it is needed.
    AsNeeded,
    /// 外用 on the skin, in the eye …
    External,
    /// 要指導・一般用医薬品 bought without prescription.
    OverTheCounter,
    /// Nothing says until when.
    Unknown,
    /// The days are over.
    Finished,
    /// A document says that it was stopped.
    Stopped,
}

impl Course {
    /// Every course.
    pub const ALL: [Self; 7] =
        [Self::Current, Self::AsNeeded, Self::External, Self::OverTheCounter, Self::Unknown, Self::Finished, Self::Stopped];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::AsNeeded => "as_needed",
            Self::External => "external",
            Self::OverTheCounter => "over_the_counter",
            Self::Unknown => "unknown",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
        }
    }

    /// Whether it is not taken any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Stopped)
    }
}

/// A course with its days.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) course: Course,
    pub(super) from: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
}

/// Statuses that say it is not taken: FHIR's, and the word of Japanese systems.
const STOPPED: [&str; 7] = ["stopped", "cancelled", "not-taken", "declined", "entered-in-error", "on-hold", "中止"];
const AS_NEEDED: [&str; 5] = ["頓服", "屯服", "頓用", "必要時", "as needed"];
const EXTERNAL: [&str; 12] = ["外用", "塗布", "点眼", "点鼻", "点耳", "貼付", "貼る", "吸入", "うがい", "噴霧", "坐薬", "軟膏"];

/// The course of one record on a day.
pub(super) fn course(fact: &Fact, medicine: &Medication, day: Option<PartialDate>, on: NaiveDate) -> Span {
    let from = medicine.start.or_else(|| fact.when.as_ref().map(|when| when.day)).or(day).map(|day| day.first_day());
    let until = medicine.end.map(|day| day.last_day()).or_else(|| last_day(from?, days(medicine)?));
    let way = way(medicine);
    let is_stopped = medicine.status.as_deref().is_some_and(|status| STOPPED.contains(&fold(status).as_str()));
    let listed_until = || until.or_else(|| from?.checked_add_days(Days::new(apart_days())));
    let course = match way {
        _ if is_stopped => Course::Stopped,
        Course::Current if until.is_some_and(|until| until >= on) => Course::Current,
        Course::Current if until.is_some() => Course::Finished,
        // What is bought is listed until its end is said.
        Course::OverTheCounter if until.is_none_or(|until| until >= on) => Course::OverTheCounter,
        Course::OverTheCounter => Course::Finished,
        // An ointment is used until it is empty, whatever days were counted.
        Course::AsNeeded | Course::External if from.and_then(|from| from.checked_add_days(Days::new(apart_days()))) >= Some(on) => way,
        Course::AsNeeded | Course::External => Course::Finished,
        _ if listed_until() >= Some(on) => Course::Unknown,
        _ => Course::Finished,
    };
    Span { course, from, until }
}

fn way(medicine: &Medication) -> Course {
    if medicine.stage == MedicationStage::OverTheCounter {
        return Course::OverTheCounter;
    }
    let usage = medicine.usage.as_ref().and_then(|usage| usage.label()).map(fold).unwrap_or_default();
    let form = medicine.form.as_deref().map(fold).unwrap_or_default();
    let unit = medicine.quantity_unit.as_deref().map(fold).unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| usage.contains(&fold(word)) || form.contains(&fold(word)));
    if says(&EXTERNAL) {
        Course::External
    } else if says(&AS_NEEDED) || unit == "回分" {
        Course::AsNeeded
    } else {
        Course::Current
    }
}

/// The days that were dispensed.
fn days(medicine: &Medication) -> Option<u64> {
    let unit = fold(medicine.quantity_unit.as_deref()?);
    let is_days = matches!(unit.as_str(), "日" | "日分" | "日間" | "d" | "day" | "days");
    let quantity = fold(medicine.quantity.as_deref()?);
    is_days.then(|| quantity.parse::<u64>().ok()).flatten().filter(|days| (1..=3_650).contains(days))
}

fn last_day(from: NaiveDate, days: u64) -> Option<NaiveDate> {
    from.checked_add_days(Days::new(days - 1))
}
