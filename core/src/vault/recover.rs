//! Going on after a loss, when the person has said so: what is readable moves into a new epoch, rows that lost their
//! neighbours are given stand-ins so that nothing readable is dropped, and the ledger says what happened.

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    Salvaged, Unlock, Vault, VaultError,
    cache::Cache,
    changes::{self, NewDocument},
    clinical,
    codec::{self, canonical_event},
    codec_detail::{self, About, Said},
    documents, erase, fetch_rows,
    filing::{self, DocumentBody, EventToFile, Place},
    ids::{DocumentId, EventId, fact_range},
    ledger::{self, Act},
    links,
    lists::load_event,
    migrate::{self, MIGRATIONS},
    people::{self, instant},
    salvage, samples, words,
};
use crate::{
    base::{Fingerprint, PersonId},
    consent::ConsentId,
    record::{Person, Sex},
    terms::Kind,
};

impl Vault {
    /// Accepts that changes are lost: the damaged files are kept aside, a new epoch begins from what is readable, one ledger line says so. *Long.*
    ///
    /// # Errors
    /// `NothingLost` when the vault is sound; `WrongKey`; `VaultDamaged` when not even the first page can be read.
    pub fn accept_loss(dir: &Path, unlock: Unlock<'_>, now: DateTime<Utc>) -> Result<(Self, Salvaged), VaultError> {
        Self::accept_loss_with(dir, unlock, |tx, salvaged| {
            mend(tx, now)?;
            let tables: Vec<String> = salvaged.incomplete.iter().map(|table| format!("\"{table}\"")).collect();
            let detail = format!(r#"{{"rows":{},"incomplete":[{}]}}"#, salvaged.rows, tables.join(","));
            ledger::append(tx, now, Act::LossAccepted, Some(&detail)).map(drop)
        })
    }
}

impl Vault {
    /// How many facts of a document are filed.
    pub fn stated(&self, document: DocumentId) -> Result<u64, VaultError> {
        self.read(|connection| documents::stated(connection, document))
    }

    /// Files the records of a document that is here already anew, in the place of those it has.
    pub fn refile(&self, document: DocumentId, events: &[EventToFile]) -> Result<(), VaultError> {
        self.write_cached(|tx, cache| file_events_anew(tx, cache, document, events))
    }
}

/// Files events anew in the place of everything the document states.
pub(super) fn file_events_anew(tx: &Connection, cache: &mut Cache, document: DocumentId, events: &[EventToFile]) -> Result<(), VaultError> {
    let found = documents::by_id(tx, document)?;
    let person = people::row_of(tx, found.person)?;
    changes::let_go(tx, person, found.fingerprint)?;
    erase::remove_records(tx, cache, document, person)?;
    let salt = changes::salt(&found.about, found.fingerprint);
    for (position, event) in (0..).zip(events) {
        let place = Place { person, document, fingerprint: found.fingerprint, position, salt };
        filing::insert_event(tx, cache, place, event)?;
    }
    changes::apply(tx, cache, NewDocument { person, id: document, fingerprint: found.fingerprint, about: &found.about }, None)
}

/// What is readable of a vault of an older schema, in memory and in today's, for a rescue: its files stay as they are.
pub(super) fn in_todays_schema(reopen: impl Fn() -> Result<Connection, VaultError>) -> Result<Connection, VaultError> {
    let mut copy = Connection::open_in_memory()?;
    migrate::migrate(&mut copy, MIGRATIONS)?;
    salvage::copy_readable(&mut copy, reopen)?;
    copy.execute(clinical::FILL, [])?;
    let mut cache = Cache::default();
    let events =
        copy.prepare("SELECT id FROM events ORDER BY id")?.query_map([], |row| Ok(EventId(row.get(0)?)))?.collect::<Result<Vec<_>, _>>()?;
    for id in events {
        // An event that cannot be read is not found by a search, and every other is.
        if let Ok(stored) = load_event(&copy, &mut cache, id) {
            words::add(&copy, id, people::row_of(&copy, stored.person)?, &stored.event)?;
        }
    }
    copy.execute_batch("PRAGMA query_only = ON")?;
    Ok(copy)
}

/// Brings rows that were saved one by one into a whole again, and fills the search index.
fn mend(tx: &Connection, now: DateTime<Utc>) -> Result<(), VaultError> {
    // Without its shape a fact has neither name nor code; its original still has it.
    tx.execute("DELETE FROM facts WHERE shape NOT IN (SELECT id FROM shapes)", [])?;
    // Rows of an older vault came without their kind.
    tx.execute(clinical::FILL, [])?;
    tx.execute("UPDATE facts SET series = NULL WHERE series NOT IN (SELECT id FROM series)", [])?;
    tx.execute("UPDATE OR IGNORE facts SET same_as = NULL WHERE same_as NOT IN (SELECT id FROM facts)", [])?;
    stand_in_events(tx)?;
    stand_in_people(tx)?;
    stand_in_documents(tx, now)?;
    drop_fetches(tx, now)?;
    samples::mend(tx)?;
    let mut cache = Cache::default();
    let mut statement = tx.prepare("SELECT id FROM events ORDER BY id")?;
    let events = statement.query_map([], |row| Ok(EventId(row.get(0)?)))?.collect::<Result<Vec<_>, _>>()?;
    for id in events {
        let stored = load_event(tx, &mut cache, id)?;
        if stored.event.facts.is_empty() {
            tx.execute("DELETE FROM events WHERE id = ?1", [id.0])?;
            continue;
        }
        let fingerprint = documents::by_id(tx, stored.document)?.fingerprint;
        let digest = Fingerprint::of(&canonical_event(fingerprint, stored.position, &stored.event)?);
        let shown = stored.ids.iter().filter(|(_, same_as)| same_as.is_none()).count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        tx.prepare_cached("UPDATE events SET digest = ?2, stated = ?3, records = ?4 WHERE id = ?1")?.execute(params![
            id.0,
            digest.as_bytes(),
            count(stored.ids.len()),
            count(shown)
        ])?;
        words::add(tx, id, people::row_of(tx, stored.person)?, &stored.event)?;
    }
    changes::settle_all(tx, &mut cache)?;
    links::forget_all(tx)
}

/// A fetch that was running cannot go on: what the relay was told, and what was kept, may be among what is lost.
fn drop_fetches(tx: &Connection, now: DateTime<Utc>) -> Result<(), VaultError> {
    let mut statement = tx.prepare("SELECT fetches.consent, people.person FROM fetches JOIN people ON people.id = fetches.person")?;
    let lost = statement
        .query_map([], |row| Ok(About { consent: ConsentId::from_bytes(row.get(0)?), person: PersonId::from_bytes(row.get(1)?) }))?
        .collect::<Result<Vec<_>, _>>()?;
    for about in lost {
        ledger::append(tx, now, Act::FetchEnded, Some(&codec_detail::write(about, &Said::Ended { reason: "loss" })?))?;
    }
    fetch_rows::remove_all(tx)
}

/// Facts whose event's row is lost get one that says so.
fn stand_in_events(tx: &Connection) -> Result<(), VaultError> {
    let mut statement =
        tx.prepare("SELECT DISTINCT id >> 16, person, day, document FROM facts WHERE id >> 16 NOT IN (SELECT id FROM events)")?;
    let lost = statement
        .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for (event, person, day, document) in lost {
        let position: i64 =
            tx.query_row("SELECT coalesce(max(position) + 1, 0) FROM events WHERE document = ?1", [document], |row| row.get(0))?;
        let (first, next) = fact_range(EventId(event));
        tx.execute(
            "INSERT INTO events (id, person, day, kind, title, place, records, stated, document, position, digest, signature)
             SELECT ?1, ?2, ?3, ?4, '見出しが失われた記録', NULL, count(*), count(*), ?5, ?6, x'', NULL FROM facts WHERE id >= ?7 AND id < ?8",
            params![event, person, day, Kind::Other.id(), document, position, first, next],
        )?;
    }
    Ok(())
}

fn stand_in_people(tx: &Connection) -> Result<(), VaultError> {
    let mut statement = tx.prepare("SELECT DISTINCT person FROM events WHERE person NOT IN (SELECT id FROM people)")?;
    let lost = statement.query_map([], |row| row.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()?;
    for row in lost {
        let id = PersonId::from_bytes(crate::base::make_random()?);
        let born = "1900-01-01".parse().map_err(|_| VaultError::Codec)?;
        let person = Person::new(id, "名前が失われた人", born, Sex::Female).map_err(|_| VaultError::Codec)?;
        tx.execute("INSERT INTO people (id, person, body) VALUES (?1, ?2, ?3)", params![row, id.as_bytes(), codec::encode(&person)?])?;
    }
    Ok(())
}

fn stand_in_documents(tx: &Connection, now: DateTime<Utc>) -> Result<(), VaultError> {
    let mut statement = tx.prepare("SELECT DISTINCT document, person FROM events WHERE document NOT IN (SELECT id FROM documents)")?;
    let lost = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?.collect::<Result<Vec<_>, _>>()?;
    for (document, person) in lost {
        let held: Option<i64> = tx.query_row("SELECT 1 FROM originals WHERE document = ?1", [document], |row| row.get(0)).optional()?;
        let about = DocumentBody {
            format: "lost".to_owned(),
            parser: 0,
            source: None,
            name: None,
            refused: Vec::new(),
            claimed: false,
            original_erased: held.is_none(),
            consent: None,
            trimmed: None,
            mapping: None,
            given: None,
            slice: None,
        };
        // Its true fingerprint is lost with the row; this one only keeps it apart from every other document.
        let fingerprint = Fingerprint::of(format!("lost document {document}").as_bytes());
        tx.execute(
            "INSERT INTO documents (id, person, fingerprint, received, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![document, person, fingerprint.as_bytes(), instant(now), codec::encode(&about)?],
        )?;
    }
    Ok(())
}
