//! What an object of an answer is, by the names and values in it, and the days that events name.

use super::value::date;
use crate::{
    base::{PartialDate, fold},
    formats::json::{Content, Spanned},
    record::{Event, Sex},
    terms::{Meaning, Part, self_information_item},
};

pub(super) type Members<'a> = [(std::borrow::Cow<'a, str>, Spanned<'a>)];

/// The day that the items of an object state: the one of the name that ranks first, and with `deep` of the objects in it
/// where it states none itself.
pub(super) fn day_of(members: &Members<'_>, deep: bool) -> Option<PartialDate> {
    let stated = members.iter().filter_map(|(name, value)| match (&value.content, self_information_item(name)) {
        (Content::Text(words) | Content::Word(words), Some((Meaning::Day { rank }, _))) => Some((rank, date(words)?.0)),
        _ => None,
    });
    let inside = || {
        members.iter().find_map(|(name, value)| match &value.content {
            Content::Object(inner) if !matches!(self_information_item(name), Some((Meaning::Somebody | Meaning::Birth, _))) => {
                day_of(inner, true)
            }
            _ => None,
        })
    };
    stated.min_by_key(|(rank, _)| *rank).map(|(_, day)| day).or_else(|| if deep { inside() } else { None })
}

/// Whether an object is one value of a table: `{"項目名": "身長", "値": "75.0"}`.
pub(super) fn is_pair(members: &Members<'_>) -> bool {
    let has = |wanted: &[Part]| {
        members.iter().any(|(name, value)| {
            matches!(value.content, Content::Text(_) | Content::Word(_))
                && matches!(self_information_item(name), Some((Meaning::Part(part), _)) if wanted.contains(&part))
        })
    };
    has(&[Part::ItemValue]) && has(&[Part::ItemName, Part::ItemCode]) && day_of(members, true).is_none()
}

/// Whether an object is a record itself and no answer by municipality: it says values beside names.
pub(super) fn is_record(members: &Members<'_>) -> bool {
    let says = |(name, value): &(std::borrow::Cow<'_, str>, Spanned<'_>)| {
        matches!(value.content, Content::Text(_) | Content::Word(_)) && self_information_item(name).is_some()
    };
    members.iter().filter(|member| says(member)).count() > 1
}

pub(super) fn is_fhir(value: &Spanned<'_>) -> bool {
    matches!(&value.content, Content::Object(members) if members.iter().any(|(name, value)| name == "resourceType" && matches!(value.content, Content::Text(_))))
}

/// 性別 in every way it is written.
pub(in crate::formats) fn sex(words: &str) -> Option<Sex> {
    match fold(words).as_str() {
        "1" | "男" | "男性" | "male" | "m" => Some(Sex::Male),
        "2" | "女" | "女性" | "female" | "f" => Some(Sex::Female),
        _ => None,
    }
}

/// The first and the last day that events name; none where one of them names none, since it may be of any day.
pub(super) fn days_of(events: &[Event]) -> Option<(PartialDate, PartialDate)> {
    if events.iter().any(|event| event.day.is_none()) { None } else { span_of(events.iter()) }
}

/// The first and the last day that events name.
pub(super) fn span_of<'a>(events: impl Iterator<Item = &'a Event>) -> Option<(PartialDate, PartialDate)> {
    let mut days: Option<(PartialDate, PartialDate)> = None;
    for event in events {
        let facts = event.facts.iter().filter_map(|fact| fact.when.as_ref()).flat_map(|when| [Some(when.day), when.until]);
        for day in facts.chain([event.day]).flatten() {
            let (first, last) = days.unwrap_or((day, day));
            days = Some((first.min(day), if day.last_day() > last.last_day() { day } else { last }));
        }
    }
    days
}
