//! What a device or a person measured at home, sample by sample. One [`SampleDay`] is what one document states of one
//! quantity on one day; the same sample from two devices or two files is one sample.

use std::{collections::HashSet, fmt};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::Decimal;

/// Offset taken for a time of day without one: Japan's, in minutes. Meters write no offset, and Japan has one.
const JAPAN: i16 = 9 * 60;

/// One measured value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When on its day; none where only the day is known.
    pub time: Option<SampleTime>,
    /// How long it lasted, in seconds; 0 for an instant.
    pub lasted: u32,
    /// The value in the unit of the line.
    pub value: Decimal,
    /// Which of the day's sources measured it.
    pub source: u16,
    /// As it was written, where that was another unit, or the stage of a sleep: `"137.2 lb"`, `"AsleepREM"`.
    pub written: Option<String>,
}

/// A time of day as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SampleTime {
    /// Seconds since midnight on the clock it was written by.
    pub second: u32,
    /// That clock's offset from UTC in minutes, where it is written.
    pub offset: Option<i16>,
}

/// What one document states of one quantity on one day, in canonical form: sources in the order of their names, samples in
/// the order of their times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleDay {
    /// The quantity's id, for example `"steps"`.
    pub quantity: String,
    /// The unit of every value, as the table of quantities spells it.
    pub unit: String,
    /// The day on the clock the samples were written by.
    pub day: NaiveDate,
    /// The devices and programs that measured, by the names the document gives them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// The samples.
    pub samples: Vec<Sample>,
}

/// What a day comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySum {
    /// Samples, each once however many documents and devices state it.
    pub count: u32,
    /// The smallest value.
    pub low: Decimal,
    /// The largest value.
    pub high: Decimal,
    /// The sum of all values, for a mean.
    pub sum: Decimal,
    /// The largest sum of one source: what a day came to where several devices counted the same steps.
    pub most: Decimal,
    /// The last value of the day.
    pub last: Decimal,
}

/// One day put together from several documents.
#[derive(Clone, Debug)]
pub struct MergedDay {
    /// The samples in the order of their times, each with the name of its source and the place of its document in what was merged.
    pub samples: Vec<(Sample, String, usize)>,
    /// What they come to.
    pub sum: DaySum,
    /// For each document, samples that an earlier one had stated.
    pub known: Vec<u32>,
}

impl SampleTime {
    /// Seconds since midnight in UTC; negative before it.
    fn instant(self) -> i64 {
        i64::from(self.second) - i64::from(self.offset.unwrap_or(JAPAN)) * 60
    }
}

impl Sample {
    /// What makes it the same sample elsewhere: the same instant and the same value.
    fn identity(&self) -> (Option<i64>, rust_decimal::Decimal) {
        (self.time.map(SampleTime::instant), self.value.number().normalize())
    }

    fn order(&self) -> (Option<i64>, u32, rust_decimal::Decimal, u16, Option<&str>) {
        (self.time.map(SampleTime::instant), self.lasted, self.value.number(), self.source, self.written.as_deref())
    }
}

impl SampleDay {
    /// Brings it into canonical form: sources and samples in order, what is stated twice once.
    #[must_use]
    pub fn canonical(mut self) -> Self {
        let mut order: Vec<u16> = (0..u16::try_from(self.sources.len()).unwrap_or(u16::MAX)).collect();
        let name = |index: u16| self.sources.get(usize::from(index)).map_or("", String::as_str);
        order.sort_by(|one, other| name(*one).cmp(name(*other)));
        let mut place = vec![0_u16; order.len()];
        for (new, old) in (0_u16..).zip(&order) {
            if let Some(slot) = place.get_mut(usize::from(*old)) {
                *slot = new;
            }
        }
        let sources = order.iter().map(|index| name(*index).to_owned()).collect();
        self.sources = sources;
        for sample in &mut self.samples {
            sample.source = place.get(usize::from(sample.source)).copied().unwrap_or(0);
        }
        self.samples.sort_by(|one, other| one.order().cmp(&other.order()));
        let mut seen = HashSet::with_capacity(self.samples.len());
        self.samples.retain(|sample| seen.insert(sample.identity()));
        self
    }

    /// Puts one day together from what documents state of it, in the order they were filed. None where there is no sample.
    pub fn merge(days: &[Self]) -> Option<MergedDay> {
        let mut seen = HashSet::new();
        let (mut samples, mut known) = (Vec::new(), Vec::with_capacity(days.len()));
        for (document, day) in days.iter().enumerate() {
            let mut again = 0;
            for sample in &day.samples {
                if seen.insert(sample.identity()) {
                    let source = day.sources.get(usize::from(sample.source)).cloned().unwrap_or_default();
                    samples.push((sample.clone(), source, document));
                } else {
                    again += 1;
                }
            }
            known.push(again);
        }
        samples
            .sort_by(|(one, source, ..), (other, other_source, ..)| one.order().cmp(&other.order()).then_with(|| source.cmp(other_source)));
        let sum = sum_of(&samples)?;
        Some(MergedDay { samples, sum, known })
    }
}

fn sum_of(samples: &[(Sample, String, usize)]) -> Option<DaySum> {
    let (first, last) = samples.first().zip(samples.last())?;
    let (mut low, mut high) = (&first.0.value, &first.0.value);
    let mut sums: Vec<(&str, rust_decimal::Decimal)> = Vec::new();
    let mut all = rust_decimal::Decimal::ZERO;
    for (sample, source, _) in samples {
        let number = sample.value.number();
        if number < low.number() {
            low = &sample.value;
        }
        if number > high.number() {
            high = &sample.value;
        }
        // A sum beyond 28 digits cannot come from a body; it stays where it is instead of failing.
        all = all.checked_add(number).unwrap_or(all);
        match sums.iter_mut().find(|(name, _)| name == source) {
            Some((_, own)) => *own = own.checked_add(number).unwrap_or(*own),
            None => sums.push((source, number)),
        }
    }
    let most = sums.iter().map(|(_, own)| *own).max().unwrap_or(all);
    let text = |number: rust_decimal::Decimal| number.to_string().parse::<Decimal>().ok();
    Some(DaySum {
        count: u32::try_from(samples.len()).unwrap_or(u32::MAX),
        low: low.clone(),
        high: high.clone(),
        sum: text(all)?,
        most: text(most)?,
        last: last.0.value.clone(),
    })
}

/// `07:12:33+09:00`, `07:12:33`.
impl fmt::Display for SampleTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.second / 3600, self.second / 60 % 60, self.second % 60)?;
        match self.offset {
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", offset.unsigned_abs() / 60, offset.unsigned_abs() % 60)
            }
            None => Ok(()),
        }
    }
}

/// The text is no time of day in canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time of day")]
pub struct BadTime;

impl std::str::FromStr for SampleTime {
    type Err = BadTime;

    fn from_str(text: &str) -> Result<Self, BadTime> {
        let number = |range: std::ops::Range<usize>| -> Result<u32, BadTime> {
            let digits = text.get(range).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())).ok_or(BadTime)?;
            digits.parse().map_err(|_| BadTime)
        };
        let second = number(0..2)? * 3600 + number(3..5)? * 60 + number(6..8)?;
        let offset = match text.get(8..9) {
            None | Some("") => None,
            Some(sign) => {
                let minutes = i16::try_from(number(9..11)? * 60 + number(12..14)?).map_err(|_| BadTime)?;
                Some(if sign == "-" { -minutes } else { minutes })
            }
        };
        let read = Self { second, offset };
        // One spelling only: what is filed is what was checked.
        if second < 86_400 && read.to_string() == text { Ok(read) } else { Err(BadTime) }
    }
}

/// A sample is a short list: time, seconds, value, source, as written.
impl Serialize for Sample {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = self.time.map(|time| time.to_string());
        (time, self.lasted, &self.value, self.source, &self.written).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (time, lasted, value, source, written) = <(Option<String>, u32, Decimal, u16, Option<String>)>::deserialize(deserializer)?;
        let time = time.map(|time| time.parse()).transpose().map_err(serde::de::Error::custom)?;
        Ok(Self { time, lasted, value, source, written })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn sample(time: &str, value: &str, source: u16) -> Sample {
        Sample { time: Some(time.parse().unwrap()), lasted: 0, value: value.parse().unwrap(), source, written: None }
    }

    fn day(sources: &[&str], samples: Vec<Sample>) -> SampleDay {
        SampleDay {
            quantity: "steps".to_owned(),
            unit: "{steps}".to_owned(),
            day: "2026-05-03".parse().unwrap(),
            sources: sources.iter().map(|name| (*name).to_owned()).collect(),
            samples,
        }
        .canonical()
    }

    #[test]
    fn two_devices_that_state_the_same_sample_count_once() {
        let day = day(&["時計", "電話"], vec![sample("07:12:33+09:00", "62.50", 1), sample("07:12:33+09:00", "62.5", 0)]);
        assert_eq!(day.samples.len(), 1);
        let sum = SampleDay::merge(&[day.clone(), day]).unwrap();
        assert_eq!((sum.sum.count, sum.known), (1, vec![0, 1]));
    }

    #[test]
    fn the_same_instant_on_two_clocks_is_one_and_no_offset_is_japan() {
        let one = day(&["x"], vec![sample("07:12:33+09:00", "60", 0)]);
        let other = day(&["y"], vec![sample("07:12:33", "60", 0), sample("06:12:33+08:00", "60", 0), sample("07:12:33+08:00", "60", 0)]);
        let merged = SampleDay::merge(&[one, other]).unwrap();
        assert_eq!((merged.sum.count, merged.known), (2, vec![0, 1]));
    }

    #[test]
    fn steps_of_two_devices_are_never_added_up() {
        let walked = day(
            &["時計", "電話"],
            vec![sample("07:00:00+09:00", "900", 0), sample("07:01:00+09:00", "1000", 1), sample("08:00:00+09:00", "50", 0)],
        );
        let sum = SampleDay::merge(&[walked]).unwrap().sum;
        assert_eq!(
            (sum.most.as_str(), sum.sum.as_str(), sum.low.as_str(), sum.high.as_str(), sum.last.as_str()),
            ("1000", "1950", "50", "1000", "50")
        );
    }

    #[test]
    fn the_canonical_form_does_not_depend_on_the_order_of_the_file_and_reads_back() {
        let (one, two) = (sample("07:00:00+09:00", "1", 0), sample("06:00:00-03:30", "2", 1));
        let forth = day(&["a", "b"], vec![one.clone(), two.clone()]);
        let back = day(&["b", "a"], vec![Sample { source: 0, ..two }, Sample { source: 1, ..one }]);
        assert_eq!(forth, back);
        let text = serde_json::to_string(&forth).unwrap();
        assert_eq!(
            text,
            r#"{"quantity":"steps","unit":"{steps}","day":"2026-05-03","sources":["a","b"],"samples":[["07:00:00+09:00",0,"1",0,null],["06:00:00-03:30",0,"2",1,null]]}"#
        );
        assert_eq!(serde_json::from_str::<SampleDay>(&text).unwrap(), forth);
        assert_eq!(forth.samples[0].value.as_str(), "1");
        for bad in ["7:12:33", "07:12:33+9:00", "25:00:00", "07:12:33-00:00", "", "07:12:33 09:00"] {
            assert_eq!(bad.parse::<SampleTime>(), Err(BadTime), "{bad}");
        }
    }
}
