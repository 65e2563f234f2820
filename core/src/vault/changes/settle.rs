//! Works out what is hidden. Every function here brings a row in line with all entries that count, whatever it said before,
//! so that it does not matter in which order things happened.

use rusqlite::{Connection, OptionalExtension, params};

use super::kind;
use crate::{
    base::Fingerprint,
    vault::{
        VaultError,
        cache::Cache,
        documents,
        ids::{DocumentId, EventId, FactId, fact_range},
        people::PersonRow,
    },
};

/// Which entry hides something; none where it is shown.
pub(in crate::vault) type Settled = Option<i64>;

/// An entry was filed or has come to count or not: brings it, its records, its target and the entries it undoes in line.
pub(super) fn settle_entry(tx: &Connection, person: PersonRow, entry: DocumentId, fingerprint: Fingerprint) -> Result<(), VaultError> {
    let (mut entry, mut fingerprint) = (entry, fingerprint);
    let mut is_first = true;
    loop {
        let was: bool = tx.prepare_cached("SELECT max(undone) FROM changes WHERE entry = ?1")?.query_row([entry.0], |row| row.get(0))?;
        let is = undone_by(tx, person, fingerprint)?.is_some();
        // Who undoes it may have changed although it is undone as before.
        tx.prepare_cached("UPDATE changes SET undone = ?2 WHERE entry = ?1")?.execute((entry.0, is))?;
        let mut own = tx.prepare_cached("SELECT id FROM events WHERE document = ?1")?;
        let own = own.query_map([entry.0], |row| Ok(EventId(row.get(0)?)))?.collect::<Result<Vec<_>, _>>()?;
        own.into_iter().try_for_each(|event| settle_event(tx, event))?;
        let rows = tx
            .prepare_cached("SELECT id FROM changes WHERE entry = ?1")?
            .query_map([entry.0], |row| row.get(0))?
            .collect::<Result<Vec<i64>, _>>()?;
        rows.into_iter().try_for_each(|row| settle_target(tx, row))?;
        if was == is && !is_first {
            return Ok(());
        }
        is_first = false;
        let Some((next, target)) = undoes(tx, person, entry)? else { return Ok(()) };
        (entry, fingerprint) = (next, target);
    }
}

/// The entry that an entry undoes, where it undoes one that is here.
pub(super) fn undoes(tx: &Connection, person: PersonRow, entry: DocumentId) -> Result<Option<(DocumentId, Fingerprint)>, VaultError> {
    let mut statement = tx.prepare_cached("SELECT target FROM changes WHERE entry = ?1 AND act = 'undo'")?;
    let Some(target) = statement.query_row([entry.0], |row| row.get(0)).optional()?.map(Fingerprint::from_bytes) else { return Ok(None) };
    let Some(document) = documents::find(tx, person, target)? else { return Ok(None) };
    let mut is_entry = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM changes WHERE entry = ?1)")?;
    Ok(is_entry.query_row([document.0], |row| row.get(0)).map(|is: bool| is.then_some((document, target)))?)
}

/// The newest entry that counts and undoes the one with this fingerprint.
pub(super) fn undone_by(tx: &Connection, person: PersonRow, fingerprint: Fingerprint) -> Result<Settled, VaultError> {
    let mut statement =
        tx.prepare_cached("SELECT max(entry) FROM changes WHERE target = ?1 AND person = ?2 AND act = 'undo' AND undone = 0")?;
    Ok(statement.query_row(params![fingerprint.as_bytes(), person], |row| row.get(0))?)
}

/// Brings what a row is about in line, where it has found it.
pub(super) fn settle_target(tx: &Connection, row: i64) -> Result<(), VaultError> {
    let mut statement = tx.prepare_cached("SELECT act, event, record FROM changes WHERE id = ?1")?;
    let (act, event, record): (String, Option<i64>, Option<i64>) =
        statement.query_row([row], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    match (kind(&act)?.hides(), event, record) {
        (true, Some(_), Some(record)) => settle_record(tx, FactId(record)),
        (true, Some(event), None) => settle_event(tx, EventId(event)),
        _ => Ok(()),
    }
}

/// Brings an event and its records in line.
pub(super) fn settle_event(tx: &Connection, event: EventId) -> Result<(), VaultError> {
    let Some(hidden) = event_hidden(tx, event)? else { return Ok(()) };
    tx.prepare_cached("UPDATE events SET hidden = ?2 WHERE id = ?1")?.execute((event.0, hidden))?;
    let mut shown = tx.prepare_cached("SELECT id FROM facts WHERE id >= ?1 AND id < ?2 AND same_as IS NULL")?;
    let shown = shown.query_map(fact_range(event), |row| Ok(FactId(row.get(0)?)))?.collect::<Result<Vec<_>, _>>()?;
    for fact in shown {
        let hidden = fact_hidden(tx, fact)?;
        tx.prepare_cached("UPDATE facts SET hidden = ?2 WHERE id = ?1 AND hidden IS NOT ?2")?.execute((fact.0, hidden))?;
    }
    count_concealed(tx, event)
}

/// Brings a record in line, and the one that is shown for it where another document states the same.
pub(in crate::vault) fn settle_record(tx: &Connection, record: FactId) -> Result<(), VaultError> {
    let mut statement = tx.prepare_cached("SELECT coalesce(same_as, id) FROM facts WHERE id = ?1")?;
    let Some(shown) = statement.query_row([record.0], |row| Ok(FactId(row.get(0)?))).optional()? else { return Ok(()) };
    let hidden = fact_hidden(tx, shown)?;
    tx.prepare_cached("UPDATE facts SET hidden = ?2 WHERE id = ?1")?.execute((shown.0, hidden))?;
    tx.prepare_cached("UPDATE facts SET hidden = NULL WHERE same_as = ?1 AND hidden IS NOT NULL")?.execute([shown.0])?;
    count_concealed(tx, shown.event())
}

fn count_concealed(tx: &Connection, event: EventId) -> Result<(), VaultError> {
    let (first, next) = fact_range(event);
    tx.prepare_cached(
        "UPDATE events SET concealed = (SELECT count(*) FROM facts WHERE id >= ?2 AND id < ?3 AND same_as IS NULL AND hidden IS NOT NULL) WHERE id = ?1",
    )?
    .execute((event.0, first, next))?;
    Ok(())
}

/// Which entry hides an event: one that undoes the entry it came with, else the newest that is about it. The outer none:
/// there is no such event.
fn event_hidden(tx: &Connection, event: EventId) -> Result<Option<Settled>, VaultError> {
    let mut statement = tx.prepare_cached(
        "SELECT events.person, fingerprint, EXISTS (SELECT 1 FROM changes WHERE entry = documents.id)
         FROM events JOIN documents ON documents.id = events.document WHERE events.id = ?1",
    )?;
    let found = statement.query_row([event.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((person, fingerprint, is_entry)) = found else { return Ok(None) };
    if is_entry && let Some(undo) = undone_by(tx, person, Fingerprint::from_bytes(fingerprint))? {
        return Ok(Some(Some(undo)));
    }
    let mut statement = tx.prepare_cached(
        "SELECT max(entry) FROM changes WHERE event = ?1 AND record IS NULL AND act IN ('correct', 'remove', 'keep_hidden') AND undone = 0",
    )?;
    Ok(Some(statement.query_row([event.0], |row| row.get(0))?))
}

/// Which entry hides the record that is shown for a group of equal ones: the one that hides its event, else the newest that
/// is about a record of the group.
fn fact_hidden(tx: &Connection, shown: FactId) -> Result<Settled, VaultError> {
    let mut statement = tx.prepare_cached("SELECT hidden FROM events WHERE id = ?1")?;
    let with_event: Settled = statement.query_row([shown.event().0], |row| row.get(0)).optional()?.flatten();
    if with_event.is_some() {
        return Ok(with_event);
    }
    let mut statement = tx.prepare_cached(
        "SELECT max(entry) FROM changes WHERE record IN (SELECT ?1 UNION ALL SELECT id FROM facts WHERE same_as = ?1)
         AND act IN ('correct', 'remove', 'keep_hidden') AND undone = 0",
    )?;
    Ok(statement.query_row([shown.0], |row| row.get(0))?)
}

/// Works everything out anew: after a loss, rows may have come back one by one.
pub(in crate::vault) fn settle_all(tx: &Connection, cache: &mut Cache) -> Result<(), VaultError> {
    tx.execute("DELETE FROM changes WHERE entry NOT IN (SELECT id FROM documents)", [])?;
    tx.execute("UPDATE changes SET event = NULL, record = NULL, undone = 0", [])?;
    tx.execute("UPDATE facts SET hidden = NULL WHERE hidden IS NOT NULL", [])?;
    tx.execute("UPDATE events SET hidden = NULL, concealed = 0 WHERE hidden IS NOT NULL OR concealed > 0", [])?;
    let mut statement = tx.prepare(
        "SELECT DISTINCT changes.entry, changes.person, documents.fingerprint FROM changes JOIN documents ON documents.id = changes.entry ORDER BY 1",
    )?;
    let entries = statement
        .query_map([], |row| Ok((DocumentId(row.get(0)?), row.get::<_, i64>(1)?, Fingerprint::from_bytes(row.get(2)?))))?
        .collect::<Result<Vec<_>, _>>()?;
    for (entry, ..) in &entries {
        super::found::look_for_targets(tx, cache, *entry)?;
    }
    // An entry that undoes is younger than what it undoes: the newest are settled first, and each is right when it is.
    for (entry, person, fingerprint) in entries.into_iter().rev() {
        settle_entry(tx, person, entry, fingerprint)?;
    }
    Ok(())
}

/// What is not as the entries say, in words without content.
pub(in crate::vault) fn problems(connection: &Connection) -> Result<Vec<String>, VaultError> {
    let mut problems = Vec::new();
    let mut events = connection.prepare(
        "SELECT id, hidden, concealed FROM events WHERE hidden IS NOT NULL OR concealed > 0 OR id IN (SELECT event FROM changes WHERE event IS NOT NULL)
         OR document IN (SELECT entry FROM changes)",
    )?;
    let rows = events.query_map([], |row| Ok((EventId(row.get(0)?), row.get::<_, Settled>(1)?, row.get::<_, i64>(2)?)))?;
    for row in rows {
        let (id, hidden, concealed) = row?;
        let (first, next) = fact_range(id);
        let expected: i64 = connection.query_row(
            "SELECT count(*) FROM facts WHERE id >= ?1 AND id < ?2 AND same_as IS NULL AND hidden IS NOT NULL",
            (first, next),
            |row| row.get(0),
        )?;
        if event_hidden(connection, id)? != Some(hidden) || concealed != expected {
            problems.push(format!("event {id}: what hides it is not what was written"));
        }
    }
    let mut facts = connection.prepare(
        "SELECT id, same_as, hidden FROM facts WHERE hidden IS NOT NULL OR id IN (SELECT record FROM changes WHERE record IS NOT NULL)",
    )?;
    let rows = facts.query_map([], |row| Ok((FactId(row.get(0)?), row.get::<_, Option<i64>>(1)?, row.get::<_, Settled>(2)?)))?;
    for row in rows {
        let (id, same_as, hidden) = row?;
        let expected = if same_as.is_some() { None } else { fact_hidden(connection, id)? };
        if hidden != expected {
            problems.push(format!("record {id}: what hides it is not what was written"));
        }
    }
    let stray: bool =
        connection
            .query_row("SELECT EXISTS (SELECT 1 FROM changes WHERE entry NOT IN (SELECT id FROM documents))", [], |row| row.get(0))?;
    if stray {
        problems.push("changes: one that belongs to no entry".to_owned());
    }
    Ok(problems)
}
