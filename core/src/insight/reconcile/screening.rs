//! Municipal screenings: one screening from two sources, and a screening with the detailed examination that followed it.

use super::{
    Match, Rule, Told,
    place::places,
    reach::STORY_DAYS,
    results::{evidence_of_one_day, judge},
};
use crate::{
    base::fold,
    record::{AbsentReason, Body, Event, Value},
};

/// Results that must agree; most of a screening are graded, not measured.
const ENOUGH: usize = 3;
/// What is examined, by a word of the name. 子宮 before the others would not matter: no name holds two.
const ORGANS: [&str; 8] = ["肺", "乳", "胃", "子宮", "大腸", "肝炎", "骨粗", "歯周"];
/// What a detailed examination states and a first one does not.
const DETAILED: [&str; 4] = ["精密検査結果", "精密検査所見", "精密検査その他所見", "精密検査による"];

pub(super) fn compare(one: &Told<'_>, other: &Told<'_>) -> Option<Match> {
    let organ = organ(one.event)?;
    if organ != self::organ(other.event)? {
        return None;
    }
    if let Some(evidence) = evidence_of_one_day(one, other) {
        let agreeing = evidence.numbers + evidence.answers;
        return judge(Rule::Screening, agreeing, ENOUGH, evidence, places(one.event.place.as_deref(), other.event.place.as_deref()));
    }
    let (first, then) = if one.event.day <= other.event.day { (one, other) } else { (other, one) };
    let days = (then.event.day?.known_day()? - first.event.day?.known_day()?).num_days();
    let follows = days > 0 && u64::try_from(days).is_ok_and(|days| days <= STORY_DAYS);
    (follows && !is_detailed(first.event) && is_detailed(then.event) && !says_not_needed(first.event))
        .then_some(Match::story(Rule::ScreeningStory))
}

/// What is examined; none where the names say nothing or several things.
fn organ(event: &Event) -> Option<&'static str> {
    let title = fold(&event.title);
    let of_title = ORGANS.iter().filter(|organ| title.contains(*organ));
    let of_items = || {
        ORGANS
            .iter()
            .filter(|organ| event.facts.iter().any(|fact| fold(&fact.title).strip_prefix(*organ).is_some_and(|rest| rest.contains("検診"))))
    };
    let found: Vec<&&'static str> = of_title.collect();
    let found = if found.is_empty() { of_items().collect() } else { found };
    match found.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

fn is_detailed(event: &Event) -> bool {
    event.facts.iter().any(|fact| {
        let Body::Observation(observation) = &fact.body else { return false };
        let is_stated = !matches!(&observation.value, Value::Absent { reason: AbsentReason::NotPerformed | AbsentReason::Unknown, .. });
        let title = fold(&fact.title);
        is_stated && DETAILED.iter().any(|words| title.contains(words))
    })
}

/// Whether the screening says that no detailed examination is needed.
fn says_not_needed(event: &Event) -> bool {
    event.facts.iter().any(|fact| match &fact.body {
        Body::Observation(observation) => match &observation.value {
            Value::Coded { choice, meaning, .. } => {
                meaning.as_deref().or(choice.label()).is_some_and(|words| words.contains("精密検査不要") || words.contains("精検不要"))
            }
            Value::Text(words) => words.contains("精密検査不要") || words.contains("精検不要"),
            _ => false,
        },
        _ => false,
    })
}
