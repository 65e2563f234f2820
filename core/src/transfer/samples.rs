//! Self-measured samples on their way out: as rows of a table, and as observations a day or a sample each.

use super::{
    TransferError,
    choice::{Choice, Count},
};
use crate::{
    base::{Decimal, PartialDate, PersonId},
    formats::NotCarried,
    record::{Body, Coding, Concept, DaySum, Event, Fact, Observation, Sample, Standing, Unit, Value, When},
    terms::{DayRule, Kind, QUANTITY_SYSTEM, Quantity, day_shape, loinc_of, quantity, shown_unit},
    vault::{DayId, DayLine, DaySource, DocumentId, StoredDay, Vault},
};

/// How finely samples leave as FHIR. In the archive and in the table every sample stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SampleDetail {
    /// One observation a day.
    #[default]
    Days,
    /// One observation a sample.
    Each,
}

/// Days read from the vault at a time.
const DAYS: u32 = 400;

/// Hands every chosen day of a person to `visit`, the newest first, with all its samples; counts what is withheld.
pub(super) fn each_chosen_day(
    vault: &Vault,
    choice: &Choice<'_>,
    person: PersonId,
    count: &mut Count,
    mut visit: impl FnMut(StoredDay, &mut Count) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    each_line(vault, choice, person, |line| {
        let day = whole(vault, line.id)?;
        if choice.withhold_day.is_some_and(|withhold| withhold(&day)) {
            count.miss_many(Kind::Measurement, NotCarried::Withheld, day.samples.len() as u64);
            return Ok(());
        }
        visit(day, count)
    })
}

/// Hands every chosen day to `visit` as an event with the first document that states any of it, and counts what is in it.
pub(super) fn each_event(
    vault: &Vault,
    choice: &Choice<'_>,
    person: PersonId,
    detail: SampleDetail,
    count: &mut Count,
    mut visit: impl FnMut(DocumentId, &Event) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    each_chosen_day(vault, choice, person, count, |day, count| {
        let samples = day.samples.len() as u64;
        let Some((first, event)) = event_of(&day, detail) else {
            count.miss_many(Kind::Measurement, NotCarried::NoCode, samples);
            return Ok(());
        };
        count.write(person, event.facts.len());
        if detail == SampleDetail::Days && samples > 1 {
            count.miss_many(Kind::Measurement, NotCarried::DayOnly, samples);
        }
        visit(first, &event)
    })
}

/// Counts every chosen sample as not carried.
pub(super) fn none_of(
    vault: &Vault,
    choice: &Choice<'_>,
    person: PersonId,
    reason: NotCarried,
    count: &mut Count,
) -> Result<(), TransferError> {
    each_line(vault, choice, person, |line| {
        count.miss_many(Kind::Measurement, reason, line.sum.count.into());
        Ok(())
    })
}

/// Hands the lines of the chosen days to `visit`. A sample is a measurement, of its day and of no event.
fn each_line(
    vault: &Vault,
    choice: &Choice<'_>,
    person: PersonId,
    mut visit: impl FnMut(&DayLine) -> Result<(), TransferError>,
) -> Result<(), TransferError> {
    let is_of_kind = choice.kinds.is_empty() || choice.names(Kind::Measurement);
    let is_wanted = choice.records.is_empty() || choice.records.contains(&Kind::Measurement);
    if !(is_of_kind && is_wanted) || (choice.is_by_name() && choice.days.is_empty()) {
        return Ok(());
    }
    let is_chosen =
        |line: &DayLine| (!choice.is_by_name() || choice.days.contains(&line.id)) && choice.is_within(Some(PartialDate::Day(line.day)));
    for line in vault.sample_lines(person)? {
        let mut after = None;
        loop {
            let days = vault.sample_days(&line, None, None, after, DAYS)?;
            let Some(last) = days.last().map(|day: &DayLine| day.day) else { break };
            after = Some(last);
            days.iter().filter(|day| is_chosen(day)).try_for_each(&mut visit)?;
        }
    }
    Ok(())
}

/// A day with all its samples.
fn whole(vault: &Vault, id: DayId) -> Result<StoredDay, TransferError> {
    let mut day = vault.sample_day(id, 0)?;
    while u32::try_from(day.samples.len()).is_ok_and(|read| read < day.line.sum.count) {
        let skip = u32::try_from(day.samples.len()).unwrap_or(u32::MAX);
        let more = vault.sample_day(id, skip)?.samples;
        if more.is_empty() {
            break;
        }
        day.samples.extend(more);
    }
    Ok(day)
}

/// The day as an event with the first document that states any of it.
fn event_of(day: &StoredDay, detail: SampleDetail) -> Option<(DocumentId, Event)> {
    let known = quantity(&day.quantity)?;
    let first = day.samples.first()?.document;
    let date = PartialDate::Day(day.line.day);
    let facts = match detail {
        SampleDetail::Days => vec![fact(known, &day.unit, mean(known, &day.line.sum)?, when(date, None), Vec::new())],
        SampleDetail::Each => day.samples.iter().map(|one| of_sample(known, &day.unit, date, one)).collect(),
    };
    let title = format!("自己測定（{}）", known.japanese);
    Some((first, Event { kind: Kind::Measurement, day: Some(date), title, place: None, signature: None, facts }))
}

fn of_sample(known: &Quantity, unit: &str, date: PartialDate, one: &DaySource) -> Fact {
    let notes = [one.sample.written.clone(), (!one.source.is_empty()).then(|| one.source.clone())].into_iter().flatten().collect();
    fact(known, unit, one.sample.value.clone(), when(date, Some(&one.sample)), notes)
}

fn when(day: PartialDate, sample: Option<&Sample>) -> When {
    When { day, time: sample.and_then(|sample| sample.time).map(|time| time.to_string()), until: None }
}

fn fact(known: &Quantity, unit: &str, value: Decimal, when: When, notes: Vec<String>) -> Fact {
    let mut codings: Vec<Coding> = loinc_of(known.id).map(|code| Coding::new("http://loinc.org", code)).into_iter().collect();
    codings.push(Coding::new(QUANTITY_SYSTEM, known.id).with_display(known.japanese));
    let observation = Observation {
        unit: Some(Unit { shown: shown_unit(unit).to_owned(), ucum: (!unit.is_empty()).then(|| unit.to_owned()) }),
        method: Some(Concept::text("家庭での測定")),
        notes,
        ..Observation::new(Value::Number { comparator: None, decimal: value })
    };
    Fact {
        kind: Kind::Measurement,
        title: known.japanese.to_owned(),
        concept: Concept { codings, text: Some(known.japanese.to_owned()) },
        when: when.time.is_some().then_some(when),
        body: Body::Observation(observation),
        at: format!("samples/{}", known.id),
        said_by: None,
        standing: Standing::Understood,
    }
}

/// What a day comes to, by the rule of its quantity.
fn mean(known: &Quantity, sum: &DaySum) -> Option<Decimal> {
    let shape = day_shape(known.id);
    Some(match shape.rule {
        DayRule::Total => sum.most.clone(),
        DayRule::Last => sum.last.clone(),
        DayRule::High => sum.high.clone(),
        DayRule::Mean if sum.count == 1 => sum.last.clone(),
        DayRule::Mean => {
            let mean = sum.sum.number().checked_div(rust_decimal::Decimal::from(sum.count))?;
            mean.round_dp_with_strategy(shape.decimals, rust_decimal::RoundingStrategy::MidpointAwayFromZero).to_string().parse().ok()?
        }
    })
}
