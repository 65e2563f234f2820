//! Search: the index finds the events, the words of each fact decide which records are shown.

use rusqlite::{Connection, params};

use super::{
    Vault, VaultError,
    cache::Cache,
    codec,
    ids::{EventId, FactId},
    lists::{EventLine, PAGE, PeopleSeen, event_line, fact_rows, line, line_columns},
    people,
    words::{Query, folded_event},
};
use crate::{
    base::{PersonId, fold},
    record::Fact,
};

/// One thing found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The event.
    pub event: EventLine,
    /// The record; none when only the event itself (its title or institution) has the words.
    pub record: Option<(FactId, Fact)>,
}

/// Events looked at in one call at most, so that a word that stands in every event but in no visible record ends.
const EVENTS_PER_CALL: u32 = 400;

/// A page of hits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// The hits, the newest day first.
    pub hits: Vec<Hit>,
    /// Where to go on; none when that was all.
    pub next: Option<EventId>,
}

impl Vault {
    /// What holds every word of `text`, the newest first, in one person's records or everybody's. Gives the hits of
    /// whole events until there are at least `limit` (at most [`PAGE`] are asked for); `after` is the page before's `next`.
    pub fn search(&self, text: &str, person: Option<PersonId>, after: Option<EventId>, limit: u32) -> Result<Hits, VaultError> {
        self.read_cached(|connection, cache| {
            let row = person.map(|person| people::row_of(connection, person)).transpose()?;
            let Some(query) = Query::new(text, row) else { return Ok(Hits { hits: Vec::new(), next: None }) };
            let limit = usize::try_from(limit.clamp(1, PAGE)).unwrap_or(usize::MAX);
            let mut statement = connection.prepare_cached(
                "SELECT events.id, person, day, kind, title, place, CASE WHEN linked > 0 THEN stated ELSE records - concealed END, document, hidden, behind, linked
                 FROM event_words JOIN events ON events.id = event_words.rowid
                 WHERE event_words MATCH ?1 AND event_words.rowid < ?2 AND hidden IS NULL ORDER BY event_words.rowid DESC LIMIT ?3",
            )?;
            let mut rows = statement.query(params![query.expression(), after.map_or(i64::MAX, |after| after.0), EVENTS_PER_CALL])?;
            let mut people = PeopleSeen::default();
            let (mut hits, mut looked_at) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let event = line(connection, &mut people, line_columns(row)?)?;
                looked_at += 1;
                let id = event.id;
                match event.behind {
                    Some(lead) if !hits_of(connection, cache, &query, &event)?.is_empty() => {
                        // It is shown with the one that leads; where that has the words itself, it is found by itself.
                        let event = event_line(connection, lead)?;
                        let is_told = hits.iter().any(|hit: &Hit| hit.event.id == lead);
                        if !is_told && hits_of(connection, cache, &query, &event)?.is_empty() {
                            hits.push(Hit { event, record: None });
                        }
                    }
                    Some(_) => {}
                    None => hits.extend(hits_of(connection, cache, &query, &event)?),
                }
                if hits.len() >= limit || looked_at == EVENTS_PER_CALL {
                    return Ok(Hits { hits, next: Some(id) });
                }
            }
            Ok(Hits { hits, next: None })
        })
    }
}

/// What of one event holds the words.
fn hits_of(connection: &Connection, cache: &mut Cache, query: &Query, event: &EventLine) -> Result<Vec<Hit>, VaultError> {
    let own_words = folded_event(&event.title, event.place.as_deref());
    let missing: Vec<&String> = query.words.iter().filter(|word| !own_words.contains(word.as_str())).collect();
    let mut hits = Vec::new();
    // Named by its institution alone: the event is what was meant, and its records say nothing of it.
    let title = fold(&event.title);
    let by_place_alone = missing.is_empty() && !query.words.iter().any(|word| title.contains(word.as_str()));
    let rows = if by_place_alone { Vec::new() } else { fact_rows(connection, cache, event.id)? };
    for fact in rows {
        let value = fact.value.as_deref().map(fold).unwrap_or_default();
        let has = |word: &str| fact.shape.folded().contains(word) || value.contains(word);
        let fits = if missing.is_empty() { query.words.iter().any(|word| has(word)) } else { missing.iter().all(|word| has(word)) };
        // The event that leads states a record for those behind it, also where one of them had stated it first.
        let is_shown = fact.same_as.is_none() || event.linked > 0 || event.behind.is_some();
        if is_shown && fact.hidden.is_none() && fits {
            let whole = codec::join(fact.shape.fact.clone(), fact.value, fact.moment.as_deref())?;
            hits.push(Hit { event: event.clone(), record: Some((fact.id, whole)) });
        }
    }
    // No single record has the words: they are the event's own, or stand apart in several records.
    let is_the_event = missing.is_empty() || query.words.len() > 1;
    if hits.is_empty() && (event.records > 0 || event.behind.is_some()) && is_the_event {
        hits.push(Hit { event: event.clone(), record: None });
    }
    Ok(hits)
}
