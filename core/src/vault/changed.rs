//! What a document states differently from an earlier one: the source has corrected itself, or somebody measured again.
//! Both values stay; the person is told.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::{DocumentId, FactId, Vault, VaultError, cache::Cache, codec, documents, ids::fact_range, lists::event_line, people};
use crate::{
    base::fold,
    record::{Body, Coding, Concept, Fact, Value},
};

/// One value in its place.
struct Told {
    id: FactId,
    day: i64,
    series: i64,
    fact: Fact,
    /// Institution, folded.
    place: Option<String>,
}

impl Vault {
    /// The values that a document states differently from the documents that were here before it: pairs of its own
    /// record and the older one. Of the same person, day, time and item; what institutions of two names state, and an
    /// older value that the document states as well, is not a change. *Quick.*
    ///
    /// # Errors
    /// `NotFound` when there is no such document.
    pub fn changed_by(&self, document: DocumentId) -> Result<Vec<(FactId, FactId)>, VaultError> {
        self.read_cached(|connection, cache| {
            let person = people::row_of(connection, documents::by_id(connection, document)?.person)?;
            let (own, restated) = own_values(connection, cache, document)?;
            let mut taken: HashSet<FactId> = restated;
            let mut changed = Vec::new();
            let mut older = connection.prepare_cached(
                "SELECT id, shape, value FROM facts INDEXED BY facts_history
                 WHERE person = ?1 AND series = ?2 AND day = ?3 AND same_as IS NULL AND hidden IS NULL AND behind IS NULL AND document < ?4 ORDER BY document DESC, id",
            )?;
            for value in own {
                let rows = older.query_map(params![person, value.series, value.day, document.0], |row| {
                    Ok((FactId(row.get(0)?), row.get::<_, i64>(1)?, row.get::<_, Option<String>>(2)?))
                })?;
                for row in rows {
                    let (id, shape, text) = row?;
                    if taken.contains(&id) {
                        continue;
                    }
                    let fact = codec::join(cache.shape(connection, shape)?.fact.clone(), text, moment(connection, id)?.as_deref())?;
                    let place = event_line(connection, id.event())?.place.map(|place| fold(&place));
                    if value.is_changed_from(&fact, place.as_deref()) {
                        taken.insert(id);
                        changed.push((value.id, id));
                        break;
                    }
                }
            }
            Ok(changed)
        })
    }
}

/// The values that the document is the first to state, in its order; and the older records that it states as well.
fn own_values(connection: &Connection, cache: &mut Cache, document: DocumentId) -> Result<(Vec<Told>, HashSet<FactId>), VaultError> {
    let mut statement = connection.prepare_cached("SELECT id, day, place FROM events WHERE document = ?1 ORDER BY position")?;
    let events = statement
        .query_map([document.0], |row| Ok((super::EventId(row.get(0)?), row.get::<_, i64>(1)?, row.get::<_, Option<String>>(2)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    let (mut own, mut restated) = (Vec::new(), HashSet::new());
    let mut facts =
        connection.prepare_cached("SELECT id, same_as, series, shape, value, moment FROM facts WHERE id >= ?1 AND id < ?2 ORDER BY id")?;
    // Of what has no day nobody can say that it is of the same day.
    for (event, day, place) in events.into_iter().filter(|(_, day, _)| *day != 0) {
        let place = place.map(|place| fold(&place));
        let mut rows = facts.query(fact_range(event))?;
        while let Some(row) = rows.next()? {
            let (id, same_as, series): (i64, Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if let Some(first) = same_as {
                restated.insert(FactId(first));
                continue;
            }
            let Some(series) = series else { continue };
            let (value, moment): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
            let fact = codec::join(cache.shape(connection, row.get(3)?)?.fact.clone(), value, moment.as_deref())?;
            own.push(Told { id: FactId(id), day, series, fact, place: place.clone() });
        }
    }
    Ok((own, restated))
}

fn moment(connection: &Connection, id: FactId) -> Result<Option<String>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT moment FROM facts WHERE id = ?1")?;
    Ok(statement.query_row([id.0], |row| row.get(0))?)
}

impl Told {
    fn is_changed_from(&self, older: &Fact, place: Option<&str>) -> bool {
        let one_place = self.place.as_deref().is_none_or(|own| place.is_none_or(|other| own == other));
        one_place && self.fact.when == older.when && is_one_item(&self.fact.concept, &older.concept) && differs(&self.fact, older)
    }
}

/// One quantity can have several codes in one table: the first and the second blood pressure are two items. Codes of
/// two tables cannot be compared, and then the quantity decides.
fn is_one_item(one: &Concept, other: &Concept) -> bool {
    let (Some(one), Some(other)) = (one.leading(), other.leading()) else { return true };
    one.canonical_system() != other.canonical_system() || one.code.trim() == other.code.trim()
}

/// Whether two values of one item are of one kind and not the same.
fn differs(one: &Fact, other: &Fact) -> bool {
    let (Body::Observation(one), Body::Observation(other)) = (&one.body, &other.body) else { return false };
    match (&one.value, &other.value) {
        (Value::Number { comparator: sign, decimal }, Value::Number { comparator: other_sign, decimal: other }) => {
            // 5.6 and 5.60 are one result written by two systems.
            sign != other_sign || decimal.number() != other.number()
        }
        (Value::Between { .. }, Value::Between { .. }) => one.value != other.value,
        (Value::Coded { choice, .. }, Value::Coded { choice: other, .. }) => choice_of(choice) != choice_of(other),
        (Value::Text(words), Value::Text(other)) => fold(words) != fold(other),
        _ => false,
    }
}

fn choice_of(choice: &Concept) -> String {
    choice.leading().map_or_else(|| fold(choice.label().unwrap_or_default()), |coding: &Coding| coding.code.trim().to_owned())
}
