//! From a decision to the event or record it is about: by document and place, and by a digest that tells whether what stands
//! there is still what was decided about.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    base::Fingerprint,
    record::{Event, Fact, Standing, Target, TargetDigest},
    vault::{
        Vault, VaultError,
        cache::Cache,
        codec, documents,
        ids::{DocumentId, EventId, FactId, fact_range},
        lists::{StoredEvent, load_event},
        people::PersonRow,
    },
};

impl Vault {
    /// How a decision about an event names it.
    pub fn target_of_event(&self, id: EventId) -> Result<Target, VaultError> {
        self.read_cached(|connection, cache| {
            let stored = load_event(connection, cache, id)?;
            let document = documents::by_id(connection, stored.document)?.fingerprint;
            Ok(Target { document, position: stored.position, fact: None, digest: event_digest(&stored.event)? })
        })
    }

    /// How a decision about a record names it. Where several documents state it, by the one that is shown.
    pub fn target_of_record(&self, id: FactId) -> Result<Target, VaultError> {
        self.read_cached(|connection, cache| {
            let mut statement = connection.prepare_cached("SELECT coalesce(same_as, id) FROM facts WHERE id = ?1")?;
            let shown = FactId(statement.query_row([id.0], |row| row.get(0)).optional()?.ok_or(VaultError::NotFound)?);
            let stored = load_event(connection, cache, shown.event())?;
            let document = documents::by_id(connection, stored.document)?.fingerprint;
            let place = stored.ids.iter().position(|(fact, _)| *fact == shown).ok_or(VaultError::NotFound)?;
            let fact = stored.event.facts.get(place).ok_or(VaultError::NotFound)?;
            Ok(Target { document, position: stored.position, fact: Some(number_of(shown)), digest: fact_digest(fact)? })
        })
    }
}

/// The record's number in its event.
fn number_of(fact: FactId) -> u32 {
    u32::try_from(fact.0 - fact_range(fact.event()).0).unwrap_or(u32::MAX)
}

fn event_digest(event: &Event) -> Result<TargetDigest, VaultError> {
    let head = Event {
        kind: event.kind,
        day: event.day,
        title: event.title.clone(),
        place: event.place.clone(),
        signature: None,
        facts: Vec::new(),
    };
    Ok(TargetDigest::of(&codec::encode(&head)?))
}

fn fact_digest(fact: &Fact) -> Result<TargetDigest, VaultError> {
    let said = Fact { at: String::new(), standing: Standing::Understood, ..fact.clone() };
    Ok(TargetDigest::of(&codec::encode(&said)?))
}

/// Looks for what the targets of an entry are about.
pub(super) fn look_for_targets(tx: &Connection, cache: &mut Cache, entry: DocumentId) -> Result<(), VaultError> {
    let mut statement = tx.prepare_cached("SELECT id FROM changes WHERE entry = ?1 AND digest IS NOT NULL")?;
    let rows = statement.query_map([entry.0], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    rows.into_iter().try_for_each(|row| look(tx, cache, row))
}

/// Looks again for what has waited for a document, and settles what was found.
pub(super) fn look_again(tx: &Connection, cache: &mut Cache, person: PersonRow, document: Fingerprint) -> Result<(), VaultError> {
    let mut statement =
        tx.prepare_cached("SELECT id FROM changes WHERE target = ?1 AND person = ?2 AND digest IS NOT NULL AND event IS NULL")?;
    let rows = statement.query_map(params![document.as_bytes(), person], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for row in rows {
        look(tx, cache, row)?;
        super::settle::settle_target(tx, row)?;
    }
    Ok(())
}

/// Looks for what one row is about, and writes what it found.
fn look(tx: &Connection, cache: &mut Cache, row: i64) -> Result<(), VaultError> {
    let mut statement = tx.prepare_cached("SELECT person, target, position, fact, digest FROM changes WHERE id = ?1")?;
    let (person, target) = statement.query_row([row], |row| {
        let (document, digest) = (Fingerprint::from_bytes(row.get(1)?), TargetDigest::from_bytes(row.get(4)?));
        Ok((row.get(0)?, Target { document, position: row.get(2)?, fact: row.get(3)?, digest }))
    })?;
    let (event, record) = match found(tx, cache, person, &target)? {
        Some((event, record)) => (Some(event.0), record.map(|record| record.0)),
        None => (None, None),
    };
    tx.prepare_cached("UPDATE changes SET event = ?2, record = ?3 WHERE id = ?1")?.execute((row, event, record))?;
    Ok(())
}

fn found(tx: &Connection, cache: &mut Cache, person: PersonRow, target: &Target) -> Result<Option<(EventId, Option<FactId>)>, VaultError> {
    let Some(document) = documents::find(tx, person, target.document)? else { return Ok(None) };
    let mut statement = tx.prepare_cached("SELECT id FROM events WHERE document = ?1 AND position = ?2")?;
    let event = statement.query_row((document.0, target.position), |row| row.get(0)).optional()?.map(EventId);
    let Some(event) = event else { return Ok(None) };
    let stored = load_event(tx, cache, event)?;
    let Some(number) = target.fact else {
        return Ok((event_digest(&stored.event)? == target.digest).then_some((event, None)));
    };
    Ok(fact_like(&stored, number, target.digest)?.map(|fact| (event, Some(fact))))
}

/// The record of this number, if it is the one meant; else the only other one that can be: where a neighbour was erased,
/// an archive counts anew.
fn fact_like(stored: &StoredEvent, number: u32, digest: TargetDigest) -> Result<Option<FactId>, VaultError> {
    let mut same = Vec::new();
    for ((id, _), fact) in stored.ids.iter().zip(&stored.event.facts) {
        if fact_digest(fact)? == digest {
            if number_of(*id) == number {
                return Ok(Some(*id));
            }
            same.push(*id);
        }
    }
    Ok(if let [only] = same.as_slice() { Some(*only) } else { None })
}
