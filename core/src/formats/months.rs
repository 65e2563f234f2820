//! What a person sees of samples in the timeline: a line a month, with a record for each quantity, and a list of the types that
//! nobody here understands.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::SampleDays;
use crate::{
    base::{Decimal, PartialDate},
    record::{Body, Concept, Event, Fact, Observation, SampleDay, Standing, Unit, Value},
    terms::{DayRule, Kind, Quantity, day_shape, shown_unit},
};

/// What a month holds of one quantity.
struct Month {
    quantity: &'static Quantity,
    days: u32,
    samples: u64,
    low: Decimal,
    high: Decimal,
}

/// A line a month: a person who walks every day wants twelve lines a year, not a third of a million.
pub(super) fn month_events(days: &SampleDays) -> Vec<Event> {
    let mut months: BTreeMap<(i32, u32), Vec<Month>> = BTreeMap::new();
    for day in days.iter() {
        let Some(quantity) = crate::terms::quantity(&day.quantity) else { continue };
        let (year, month) = (day.day.year(), day.day.month());
        let Some(sum) = SampleDay::merge(std::slice::from_ref(&day)).map(|merged| merged.sum) else { continue };
        let (low, high) = match day_shape(quantity.id).rule {
            DayRule::Total => (sum.most.clone(), sum.most),
            DayRule::Mean | DayRule::Last | DayRule::High => (sum.low, sum.high),
        };
        let months = months.entry((year, month)).or_default();
        match months.iter_mut().find(|month| month.quantity.id == quantity.id) {
            Some(month) => {
                month.days += 1;
                month.samples += u64::from(sum.count);
                if low.number() < month.low.number() {
                    month.low = low;
                }
                if high.number() > month.high.number() {
                    month.high = high;
                }
            }
            None => months.push(Month { quantity, days: 1, samples: u64::from(sum.count), low, high }),
        }
    }
    months.into_iter().filter_map(|((year, month), parts)| month_event(PartialDate::month(year, month).ok()?, parts)).collect()
}

fn month_event(day: PartialDate, mut parts: Vec<Month>) -> Option<Event> {
    let order = |month: &Month| crate::terms::quantities().iter().position(|quantity| quantity.id == month.quantity.id);
    parts.sort_by_key(order);
    let names: Vec<&str> = parts.iter().map(|month| month.quantity.japanese).collect();
    let title = match names.as_slice() {
        [] => return None,
        [one, two, three, _, _, ..] => format!("自己測定（{one}・{two}・{three} ほか）"),
        few => format!("自己測定（{}）", few.join("・")),
    };
    Some(Event {
        kind: Kind::Measurement,
        day: Some(day),
        title,
        place: None,
        signature: None,
        facts: parts.into_iter().map(month_fact).collect(),
    })
}

fn month_fact(month: Month) -> Fact {
    let own = month.quantity.ucum.unwrap_or_default();
    let is_total = day_shape(month.quantity.id).rule == DayRule::Total;
    let shown = if is_total { format!("{}/日", shown_unit(own)) } else { shown_unit(own).to_owned() };
    let value = Value::Between { low: Some(month.low), high: Some(month.high) };
    let observation = Observation {
        unit: Some(Unit { shown, ucum: None }),
        method: Some(Concept::text("家庭での測定")),
        notes: vec![format!("{}日 {}件", month.days, month.samples)],
        ..Observation::new(value)
    };
    Fact {
        kind: Kind::Measurement,
        title: month.quantity.japanese.to_owned(),
        // Without a code: the days stand in the chart by themselves, and a range is no value of it.
        concept: Concept::default(),
        when: None,
        body: Body::Observation(observation),
        at: format!("samples/{}", month.quantity.id),
        said_by: None,
        standing: Standing::Understood,
    }
}

/// What nobody here understands, a line for each type with its number: the records themselves are in the original.
pub(super) fn unknown_event(unknown: &BTreeMap<String, u64>, day: Option<PartialDate>) -> Option<Event> {
    let facts: Vec<Fact> = unknown
        .iter()
        .map(|(name, count)| Fact {
            kind: Kind::Other,
            title: name.clone(),
            concept: Concept::default(),
            when: None,
            body: Body::Raw(format!("{name}: {count}")),
            at: format!("types/{name}"),
            said_by: None,
            standing: Standing::NotUnderstood,
        })
        .collect();
    (!facts.is_empty()).then(|| Event {
        kind: Kind::Other,
        day,
        title: "読み取れない種類の測定".to_owned(),
        place: None,
        signature: None,
        facts,
    })
}
