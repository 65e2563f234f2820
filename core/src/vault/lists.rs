//! What a screen reads: the timeline, one event, one record, the history of a quantity. Lists come from covering
//! indexes alone; only a single event or record touches the facts.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    Vault, VaultError,
    cache::{Cache, Shape},
    codec,
    ids::{DocumentId, EventId, FactId, day_of, day_start, event_range, fact_range},
    people::{self, PersonRow},
};
use crate::{
    base::{PartialDate, PersonId},
    record::{Event, Fact},
    terms::Kind,
};

/// Most rows one call gives.
pub const PAGE: u32 = 100;

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// The event.
    pub id: EventId,
    /// Whose it is.
    pub person: PersonId,
    /// When.
    pub day: Option<PartialDate>,
    /// What.
    pub kind: Kind,
    /// Its name.
    pub title: String,
    /// The institution.
    pub place: Option<String>,
    /// Records that no earlier document had stated and that are shown; of an event that leads others all that it states.
    pub records: u32,
    /// The document that tells it.
    pub document: DocumentId,
    /// The entry that hides it: a correction, a removal, an undoing; none where it is shown.
    pub hidden: Option<DocumentId>,
    /// The event it is shown behind: the same one, told by a better source. None where it leads.
    pub behind: Option<EventId>,
    /// How many other tellings of it stand behind it.
    pub linked: u32,
}

/// Which part of the timeline.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimelinePage {
    /// Whose; everybody's when none.
    pub person: Option<PersonId>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only this day and later.
    pub from: Option<PartialDate>,
    /// Only this day and earlier.
    pub until: Option<PartialDate>,
    /// Go on behind this event: the last one of the page before.
    pub after: Option<EventId>,
    /// Rows wanted, at most [`PAGE`].
    pub limit: u32,
}

/// An event with its facts and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// The event's id.
    pub id: EventId,
    /// Whose it is.
    pub person: PersonId,
    /// The document that tells it.
    pub document: DocumentId,
    /// Its place among the document's events.
    pub position: u32,
    /// The event.
    pub event: Event,
    /// The ids of its facts, and for each the record of an earlier document that states the same.
    pub ids: Vec<(FactId, Option<FactId>)>,
    /// The entry that hides the event as a whole.
    pub hidden: Option<DocumentId>,
    /// For each fact the entry that hides it, also where it is shown with another document.
    pub hidden_facts: Vec<Option<DocumentId>>,
    /// The event it is shown behind.
    pub behind: Option<EventId>,
    /// How many stand behind it.
    pub linked: u32,
}

/// A record with where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFact {
    /// The record's id.
    pub id: FactId,
    /// Its event, without the other facts.
    pub event: EventLine,
    /// The record.
    pub fact: Fact,
    /// Other records that state the same, in other documents.
    pub stated_again: Vec<(FactId, DocumentId)>,
    /// The entry that hides it; none where it is shown.
    pub hidden: Option<DocumentId>,
}

/// One line that may be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesLine {
    /// Row of the series.
    pub(super) row: i64,
    /// A quantity's id, or `system|code|unit`.
    pub key: String,
    /// The code it was first met with.
    pub code: String,
    /// What to call it.
    pub label: String,
}

/// One point of a history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryPoint {
    /// The record.
    pub id: FactId,
    /// When.
    pub day: Option<PartialDate>,
    /// The record itself.
    pub fact: Fact,
    /// The document.
    pub document: DocumentId,
}

impl Vault {
    /// A page of the timeline, the newest day first.
    pub fn timeline(&self, page: &TimelinePage) -> Result<Vec<EventLine>, VaultError> {
        self.read(|connection| {
            let person = page.person.map(|person| people::row_of(connection, person)).transpose()?;
            let from = page.from.map_or(i64::MIN, |day| day_start(day.first_day()));
            // One upper bound, worked out here: of two, SQLite would seek by one and walk up to the other.
            let until = page.until.map_or((i64::MAX, i64::MAX), |day| (day_start(day.last_day()) | 3, i64::MAX));
            let (day, id) = page.after.map_or(until, |after| until.min((after.0 >> 20, after.0)));
            let kind = page.kind.map(Kind::id);
            let limit = page.limit.clamp(1, PAGE);
            // Two statements, so that each is a plain walk along one index.
            let sql = if person.is_some() {
                "SELECT id, person, day, kind, title, place, CASE WHEN linked > 0 THEN stated ELSE records - concealed END, document, hidden, behind, linked
                 FROM events
                 WHERE person = ?1 AND (day, id) < (?2, ?3) AND day >= ?4 AND (?5 IS NULL OR kind = ?5) AND (records > concealed OR linked > 0)
                     AND hidden IS NULL AND behind IS NULL
                 ORDER BY day DESC, id DESC LIMIT ?6"
            } else {
                "SELECT id, person, day, kind, title, place, CASE WHEN linked > 0 THEN stated ELSE records - concealed END, document, hidden, behind, linked
                 FROM events
                 WHERE ?1 IS NULL AND ?2 IS NOT NULL AND id < ?3 AND day >= ?4 AND (?5 IS NULL OR kind = ?5) AND (records > concealed OR linked > 0)
                     AND hidden IS NULL AND behind IS NULL
                 ORDER BY id DESC LIMIT ?6"
            };
            // Ids are in the order of days: behind the last id of a day comes the first of the next.
            let id = if person.is_none() && id == i64::MAX && day < i64::MAX { event_range(day).1 } else { id };
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![person, day, id, from, kind, limit], line_columns)?;
            let mut people = PeopleSeen::default();
            rows.map(|row| line(connection, &mut people, row?)).collect()
        })
    }

    /// One event with all its facts.
    pub fn event(&self, id: EventId) -> Result<StoredEvent, VaultError> {
        self.read_cached(|connection, cache| load_event(connection, cache, id))
    }

    /// An event without its facts. *Quick.*
    pub fn event_line(&self, id: EventId) -> Result<EventLine, VaultError> {
        self.read(|connection| event_line(connection, id))
    }

    /// One record.
    pub fn fact(&self, id: FactId) -> Result<StoredFact, VaultError> {
        self.read_cached(|connection, cache| {
            let mut statement = connection.prepare_cached("SELECT same_as, shape, value, moment FROM facts WHERE id = ?1")?;
            let (same_as, shape, value, moment): (Option<i64>, i64, Option<String>, Option<String>) = statement
                .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()?
                .ok_or(VaultError::NotFound)?;
            let fact = codec::join(cache.shape(connection, shape)?.fact.clone(), value, moment.as_deref())?;
            let event = event_line(connection, id.event())?;
            let first = same_as.unwrap_or(id.0);
            let mut again =
                connection.prepare_cached("SELECT id, document FROM facts WHERE (id = ?1 OR same_as = ?1) AND id <> ?2 ORDER BY id")?;
            let rows = again.query_map((first, id.0), |row| Ok((FactId(row.get(0)?), DocumentId(row.get(1)?))))?;
            let stated_again = rows.collect::<Result<_, _>>()?;
            let hidden = hidden_by(connection, FactId(first))?;
            Ok(StoredFact { id, event, fact, stated_again, hidden })
        })
    }

    /// The series with this key (a quantity's id), with this code, or with exactly this folded label.
    pub fn find_series(&self, keys: &[&str], code: &str, folded_label: &str) -> Result<Vec<SeriesLine>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id, key, code, label FROM series ORDER BY id")?;
            let rows = statement
                .query_map([], |row| Ok(SeriesLine { row: row.get(0)?, key: row.get(1)?, code: row.get(2)?, label: row.get(3)? }))?;
            let all = rows.collect::<Result<Vec<_>, _>>()?;
            let has_code = |line: &SeriesLine| line.code == code || line.key.split('|').nth(1) == Some(code);
            let fits =
                |line: &SeriesLine| keys.contains(&line.key.as_str()) || has_code(line) || crate::base::fold(&line.label) == folded_label;
            Ok(all.into_iter().filter(fits).collect())
        })
    }

    /// Every series of which one person has values, with how many: the one with most values first. *Quick*: from the history's
    /// index alone.
    pub fn series_of(&self, person: PersonId) -> Result<Vec<(SeriesLine, u32)>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT series.id, key, code, label, points FROM series JOIN
                   (SELECT series, count(*) AS points FROM facts INDEXED BY facts_history
                    WHERE person = ?1 AND series IS NOT NULL AND same_as IS NULL AND hidden IS NULL AND behind IS NULL GROUP BY series) ON series = series.id
                 ORDER BY points DESC, series.id",
            )?;
            let rows = statement.query_map([people::row_of(connection, person)?], |row| {
                Ok((SeriesLine { row: row.get(0)?, key: row.get(1)?, code: row.get(2)?, label: row.get(3)? }, row.get(4)?))
            })?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// The values of one series of one person, the newest first, from behind `after` (the last record of the page before).
    pub fn history(
        &self,
        person: PersonId,
        series: &SeriesLine,
        after: Option<FactId>,
        limit: u32,
    ) -> Result<Vec<HistoryPoint>, VaultError> {
        self.read_cached(|connection, cache| {
            let row = people::row_of(connection, person)?;
            let (day, id) = after.map_or((i64::MAX, i64::MAX), |after| (after.0 >> 36, after.0));
            let mut statement = connection.prepare_cached(
                "SELECT id, day, value, shape, document FROM facts INDEXED BY facts_history
                 WHERE person = ?1 AND series = ?2 AND (day, id) < (?3, ?4) AND same_as IS NULL AND hidden IS NULL AND behind IS NULL
                 ORDER BY day DESC, id DESC LIMIT ?5",
            )?;
            let rows = statement.query_map(params![row, series.row, day, id, limit.clamp(1, PAGE)], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, Option<String>>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, i64>(4)?,
                ))
            })?;
            rows.map(|row| {
                let (id, day, value, shape, document) = row?;
                let fact = codec::join(cache.shape(connection, shape)?.fact.clone(), value, None)?;
                Ok(HistoryPoint { id: FactId(id), day: day_of(day), fact, document: DocumentId(document) })
            })
            .collect()
        })
    }
}

/// The people met while reading a page; a page has few.
#[derive(Default)]
pub(super) struct PeopleSeen(Vec<(PersonRow, PersonId)>);

impl PeopleSeen {
    pub(super) fn id(&mut self, connection: &Connection, row: PersonRow) -> Result<PersonId, VaultError> {
        if let Some((_, id)) = self.0.iter().find(|(seen, _)| *seen == row) {
            return Ok(*id);
        }
        let mut statement = connection.prepare_cached("SELECT person FROM people WHERE id = ?1")?;
        let id = PersonId::from_bytes(statement.query_row([row], |row| row.get(0))?);
        self.0.push((row, id));
        Ok(id)
    }
}

pub(super) type LineColumns = (i64, i64, i64, String, String, Option<String>, u32, i64, Option<i64>, Option<i64>, u32);

pub(super) fn line_columns(row: &Row<'_>) -> rusqlite::Result<LineColumns> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
        row.get(9)?,
        row.get(10)?,
    ))
}

pub(super) fn line(connection: &Connection, people: &mut PeopleSeen, columns: LineColumns) -> Result<EventLine, VaultError> {
    let (id, person, day, kind, title, place, records, document, hidden, behind, linked) = columns;
    Ok(EventLine {
        id: EventId(id),
        person: people.id(connection, person)?,
        day: day_of(day),
        kind: kind.parse().map_err(|_| VaultError::Codec)?,
        title,
        place,
        records,
        document: DocumentId(document),
        hidden: hidden.map(DocumentId),
        behind: behind.map(EventId),
        linked,
    })
}

pub(super) fn event_line(connection: &Connection, id: EventId) -> Result<EventLine, VaultError> {
    let mut statement = connection
        .prepare_cached(
        "SELECT id, person, day, kind, title, place, CASE WHEN linked > 0 THEN stated ELSE records - concealed END, document, hidden, behind, linked
         FROM events WHERE id = ?1",
    )?;
    let columns = statement.query_row([id.0], line_columns).optional()?.ok_or(VaultError::NotFound)?;
    line(connection, &mut PeopleSeen::default(), columns)
}

/// The entry that hides a record that is shown for a group of equal ones.
fn hidden_by(connection: &Connection, shown: FactId) -> Result<Option<DocumentId>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT hidden FROM facts WHERE id = ?1")?;
    let hidden: Option<Option<i64>> = statement.query_row([shown.0], |row| row.get(0)).optional()?;
    Ok(hidden.flatten().map(DocumentId))
}

/// A fact's row, its shape looked up.
pub(super) struct FactRow {
    pub(super) id: FactId,
    pub(super) same_as: Option<FactId>,
    pub(super) shape: Arc<Shape>,
    pub(super) value: Option<String>,
    pub(super) moment: Option<String>,
    /// The entry that hides it, where it is shown with this event.
    pub(super) hidden: Option<DocumentId>,
}

/// The facts of an event in their order.
pub(super) fn fact_rows(connection: &Connection, cache: &mut Cache, event: EventId) -> Result<Vec<FactRow>, VaultError> {
    let mut statement =
        connection.prepare_cached("SELECT id, same_as, shape, value, moment, hidden FROM facts WHERE id >= ?1 AND id < ?2 ORDER BY id")?;
    let mut rows = statement.query(fact_range(event))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(FactRow {
            id: FactId(row.get(0)?),
            same_as: row.get::<_, Option<i64>>(1)?.map(FactId),
            shape: cache.shape(connection, row.get(2)?)?,
            value: row.get(3)?,
            moment: row.get(4)?,
            hidden: row.get::<_, Option<i64>>(5)?.map(DocumentId),
        });
    }
    Ok(out)
}

/// An event with all its facts.
pub(super) fn load_event(connection: &Connection, cache: &mut Cache, id: EventId) -> Result<StoredEvent, VaultError> {
    let line = event_line(connection, id)?;
    let mut statement = connection.prepare_cached("SELECT position, signature FROM events WHERE id = ?1")?;
    let (position, signature): (u32, Option<Vec<u8>>) = statement.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut ids = Vec::new();
    let (mut facts, mut hidden_facts) = (Vec::new(), Vec::new());
    for row in fact_rows(connection, cache, id)? {
        ids.push((row.id, row.same_as));
        hidden_facts.push(match row.same_as {
            Some(first) => hidden_by(connection, first)?,
            None => row.hidden,
        });
        facts.push(codec::join(row.shape.fact.clone(), row.value, row.moment.as_deref())?);
    }
    let signature = signature.as_deref().map(codec::decode).transpose()?;
    let event = Event { kind: line.kind, day: line.day, title: line.title, place: line.place, signature, facts };
    let EventLine { person, document, hidden, behind, linked, .. } = line;
    Ok(StoredEvent { id, person, document, position, event, ids, hidden, hidden_facts, behind, linked })
}
