//! What a doctor is shown, found by what it is and not by the event it stands in: an index of its own holds the few records
//! that are allergies, conditions, medicines, doses and procedures. And whether there is anything besides.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    PAGE, SeriesLine, Vault, VaultError, codec,
    ids::{DocumentId, EventId, FactId, day_start, fact_range},
    lists::{EventLine, event_line},
    people,
};
use crate::{
    base::{PartialDate, PersonId},
    record::Fact,
    terms::Kind,
};

/// The kinds that are found by themselves.
pub const CLINICAL_KINDS: [Kind; 7] =
    [Kind::Allergy, Kind::Condition, Kind::Infection, Kind::Medication, Kind::Prescription, Kind::Procedure, Kind::Vaccination];

/// What an older vault lacks: the kind of each such record.
pub(super) const FILL: &str =
    "UPDATE facts SET clinical = (SELECT CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT), '$.kind') END FROM shapes WHERE shapes.id = facts.shape)
     WHERE clinical IS NULL AND shape IN (
         SELECT id FROM shapes WHERE CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT), '$.kind') END
             IN ('allergy', 'condition', 'infection', 'medication', 'prescription', 'procedure', 'vaccination'))";

/// The kind as it is kept with a record; none for what is found otherwise.
pub(super) fn clinical_kind(fact: &Fact) -> Option<&'static str> {
    CLINICAL_KINDS.contains(&fact.kind).then_some(fact.kind.id())
}

/// A record that was found by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicalRecord {
    /// The record's id.
    pub id: FactId,
    /// Its event, without the other facts.
    pub event: EventLine,
    /// The record.
    pub fact: Fact,
}

/// When something last arrived for somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// The last fetch from Mynaportal that brought a document: UTC, RFC 3339.
    pub fetched: Option<String>,
    /// The last document taken in that nobody wrote by hand, fetched ones among them.
    pub taken_in: Option<String>,
}

impl Vault {
    /// A page of one person's records of one of [`CLINICAL_KINDS`], the newest first, at most [`PAGE`] behind `after`; each
    /// once however many documents state it, what is hidden not at all. The days are those of the events: what has none is
    /// told only where neither end is given. *Quick*: from an index of its own.
    pub fn clinical(
        &self,
        person: PersonId,
        kind: Kind,
        (from, until): (Option<PartialDate>, Option<PartialDate>),
        after: Option<FactId>,
        limit: u32,
    ) -> Result<Vec<ClinicalRecord>, VaultError> {
        self.read_cached(|connection, cache| {
            let row = people::row_of(connection, person)?;
            let least = match (from, until) {
                (Some(from), _) => day_start(from.first_day()),
                (None, Some(_)) => 1,
                (None, None) => i64::MIN,
            };
            let until = until.map_or((i64::MAX, i64::MAX), |day| (day_start(day.last_day()) | 3, i64::MAX));
            let (day, id) = after.map_or(until, |after| until.min((after.0 >> 36, after.0)));
            let mut statement = connection.prepare_cached(
                "SELECT id, shape, value, moment FROM facts INDEXED BY facts_clinical
                 WHERE person = ?1 AND clinical = ?2 AND (day, id) < (?3, ?4) AND day >= ?5 AND same_as IS NULL AND hidden IS NULL
                 ORDER BY day DESC, id DESC LIMIT ?6",
            )?;
            let rows = statement.query_map(params![row, kind.id(), day, id, least, limit.clamp(1, PAGE)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<String>>(2)?, row.get::<_, Option<String>>(3)?))
            })?;
            rows.map(|row| {
                let (id, shape, value, moment) = row?;
                let fact = codec::join(cache.shape(connection, shape)?.fact.clone(), value, moment.as_deref())?;
                let id = FactId(id);
                Ok(ClinicalRecord { id, event: event_line(connection, id.event())?, fact })
            })
            .collect()
        })
    }

    /// Whether one person has a shown record of one of [`CLINICAL_KINDS`] outside of these days, or without a day.
    pub fn has_clinical_outside(
        &self,
        person: PersonId,
        kind: Kind,
        (from, until): (Option<PartialDate>, Option<PartialDate>),
    ) -> Result<bool, VaultError> {
        self.read(|connection| {
            let row = people::row_of(connection, person)?;
            let from = from.map_or(1, |from| day_start(from.first_day()));
            let until = until.map_or(i64::MAX, |day| day_start(day.last_day()) | 3);
            // Two walks along the index, each ending at the first that counts.
            let mut statement = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM facts INDEXED BY facts_clinical JOIN events ON events.id = facts.id >> 16
                     WHERE facts.person = ?1 AND clinical = ?2 AND facts.day < ?3 AND same_as IS NULL AND facts.hidden IS NULL AND events.behind IS NULL)
                 OR EXISTS (SELECT 1 FROM facts INDEXED BY facts_clinical JOIN events ON events.id = facts.id >> 16
                     WHERE facts.person = ?1 AND clinical = ?2 AND facts.day > ?4 AND same_as IS NULL AND facts.hidden IS NULL AND events.behind IS NULL)",
            )?;
            Ok(statement.query_row(params![row, kind.id(), from, until], |row| row.get(0))?)
        })
    }

    /// The events that stand behind one, as other tellings of it.
    pub fn tellings_behind(&self, lead: EventId) -> Result<Vec<EventId>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT event FROM links WHERE lead = ?1 AND class = 'same' ORDER BY event")?;
            let rows = statement.query_map([lead.0], |row| Ok(EventId(row.get(0)?)))?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// Whether an event has a shown record of a kind of [`CLINICAL_KINDS`].
    pub fn tells_of(&self, event: EventId, kind: Kind) -> Result<bool, VaultError> {
        self.read(|connection| {
            let (first, next) = fact_range(event);
            let mut statement = connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM facts WHERE id >= ?1 AND id < ?2 AND clinical = ?3 AND hidden IS NULL)")?;
            Ok(statement.query_row(params![first, next, kind.id()], |row| row.get(0))?)
        })
    }

    /// Whether one person has a shown record that is neither of [`CLINICAL_KINDS`] nor a value of one of these series.
    pub fn has_others_than(&self, person: PersonId, series: &[SeriesLine]) -> Result<bool, VaultError> {
        self.read(|connection| {
            let row = people::row_of(connection, person)?;
            let mut of_series = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM facts INDEXED BY facts_history
                 WHERE person = ?1 AND series = ?2 AND same_as IS NULL AND hidden IS NULL AND behind IS NULL)",
            )?;
            let mut all = connection.prepare_cached("SELECT id FROM series ORDER BY id")?;
            for other in all.query_map([], |row| row.get::<_, i64>(0))? {
                let other = other?;
                if !series.iter().any(|line| line.row == other) && of_series.query_row((row, other), |row| row.get(0))? {
                    return Ok(true);
                }
            }
            let mut unmeasured = connection.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM facts INDEXED BY facts_identity
                 WHERE person = ?1 AND same_as IS NULL AND series IS NULL AND clinical IS NULL AND hidden IS NULL)",
            )?;
            Ok(unmeasured.query_row([row], |row| row.get(0))?)
        })
    }

    /// When something last arrived for one person.
    pub fn arrivals(&self, person: PersonId) -> Result<Arrivals, VaultError> {
        self.read(|connection| {
            let row = people::row_of(connection, person)?;
            let mut fetched = connection
                .prepare_cached("SELECT received FROM documents WHERE person = ?1 AND consent IS NOT NULL ORDER BY id DESC LIMIT 1")?;
            let fetched = fetched.query_row([row], |row| row.get(0)).optional()?;
            let mut taken_in = connection.prepare_cached(
                "SELECT received FROM documents WHERE person = ?1 AND NOT EXISTS (SELECT 1 FROM changes WHERE entry = documents.id)
                 ORDER BY id DESC LIMIT 1",
            )?;
            let taken_in = taken_in.query_row([row], |row| row.get(0)).optional()?;
            Ok(Arrivals { fetched, taken_in })
        })
    }

    /// Which of these documents were written by hand.
    pub fn is_by_hand(&self, document: DocumentId) -> Result<bool, VaultError> {
        self.read(|connection| by_hand(connection, document))
    }
}

fn by_hand(connection: &Connection, document: DocumentId) -> Result<bool, VaultError> {
    let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM changes WHERE entry = ?1)")?;
    Ok(statement.query_row([document.0], |row| row.get(0))?)
}
