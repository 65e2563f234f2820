//! Which events are one and the same: what was worked out, kept; and what is needed to work it out. The rules are elsewhere
//! (`insight`); here is only what they said, in rows.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};

use super::{
    Vault, VaultError, documents,
    ids::{DocumentId, EventId, FactId, day_start, fact_range},
    lists::{StoredEvent, load_event},
    people,
};
use crate::{
    base::{Fingerprint, PersonId},
    terms::Kind,
};

/// One link, as a rule or the person made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The one that stands behind, or the other of the two.
    pub event: EventId,
    /// The one that is shown; of a story the earlier.
    pub lead: EventId,
    /// `same`, `perhaps` or `story`.
    pub class: String,
    /// Id of the rule.
    pub rule: String,
    /// The rule's edition.
    pub edition: u32,
    /// The event it was recognised by, where that is not the leading one.
    pub via: Option<EventId>,
    /// Of those behind one event the next to lead has 1.
    pub place: u32,
}

/// What was worked out about some events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linking {
    /// The events it was worked out for: what was known about them before is forgotten.
    pub of: Vec<EventId>,
    /// Their links.
    pub links: Vec<Link>,
    /// For a record that stands behind the one that is drawn in its place.
    pub drawn: Vec<(FactId, FactId)>,
}

/// An event with where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldEvent {
    /// The event.
    pub stored: StoredEvent,
    /// Its document.
    pub fingerprint: Fingerprint,
    /// Format id of the document.
    pub format: String,
}

/// Something a person decided about two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkDecision {
    /// The entry that says so.
    pub entry: DocumentId,
    /// The one.
    pub one: EventId,
    /// The other.
    pub other: EventId,
    /// They are one event, or they are two.
    pub joined: bool,
}

/// A moment of the vault: what was read at one is written only while nothing else was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(i64);

impl Vault {
    /// Events whose links are to be worked out anew, and the moment. *Quick.*
    pub fn links_due(&self) -> Result<(Moment, Vec<EventId>), VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT event FROM links_due ORDER BY event")?;
            let rows = statement.query_map([], |row| Ok(EventId(row.get(0)?)))?;
            Ok((moment(connection)?, rows.collect::<Result<_, _>>()?))
        })
    }

    /// Events of a person and a kind that a day between the two (both included) can belong to. *Quick.*
    pub fn events_near(&self, person: PersonId, kind: Kind, from: NaiveDate, until: NaiveDate) -> Result<Vec<EventId>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id FROM events INDEXED BY events_near
                 WHERE person = ?1 AND kind = ?2 AND day BETWEEN ?3 AND ?4 AND hidden IS NULL ORDER BY id",
            )?;
            let person = people::row_of(connection, person)?;
            let rows =
                statement.query_map(params![person, kind.id(), day_start(from), day_start(until) + 3], |row| Ok(EventId(row.get(0)?)))?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// An event with where it is from.
    pub fn told(&self, id: EventId) -> Result<ToldEvent, VaultError> {
        self.read_cached(|connection, cache| {
            let stored = load_event(connection, cache, id)?;
            let document = documents::by_id(connection, stored.document)?;
            Ok(ToldEvent { stored, fingerprint: document.fingerprint, format: document.about.format })
        })
    }

    /// What the person decided about two events that are both here, the oldest first; what was undone does not count.
    pub fn link_decisions(&self, person: PersonId) -> Result<Vec<LinkDecision>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT one.entry, one.event, other.event, one.act = 'join' FROM changes AS one
                     JOIN changes AS other ON other.entry = one.entry AND other.number = 1
                     JOIN documents ON documents.id = one.entry
                 WHERE one.person = ?1 AND one.number = 0 AND one.act IN ('join', 'keep_apart') AND one.undone = 0
                     AND one.event IS NOT NULL AND other.event IS NOT NULL
                 ORDER BY documents.received, documents.id",
            )?;
            let rows = statement.query_map([people::row_of(connection, person)?], |row| {
                let (entry, one, other) = (DocumentId(row.get(0)?), EventId(row.get(1)?), EventId(row.get(2)?));
                Ok(LinkDecision { entry, one, other, joined: row.get(3)? })
            })?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// Keeps what was worked out, unless something was written since `moment`. Whether it was kept.
    pub fn keep_links(&self, since: Moment, linking: &Linking) -> Result<bool, VaultError> {
        if self.read(moment)? != since {
            return Ok(false);
        }
        self.write(|tx| {
            // Between the two the vault was not held; inside the transaction nobody else writes.
            if moment(tx)? != since {
                return Ok(false);
            }
            for event in &linking.of {
                forget(tx, *event)?;
            }
            let mut add = tx.prepare_cached(
                "INSERT OR REPLACE INTO links (event, lead, class, rule, edition, via, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for link in &linking.links {
                let via = link.via.map(|via| via.0);
                add.execute(params![link.event.0, link.lead.0, link.class, link.rule, link.edition, via, link.place])?;
                if link.class == SAME {
                    tx.prepare_cached("UPDATE events SET behind = ?2 WHERE id = ?1")?.execute((link.event.0, link.lead.0))?;
                    tx.prepare_cached("UPDATE events SET linked = linked + 1 WHERE id = ?1")?.execute([link.lead.0])?;
                }
            }
            for (record, drawn) in &linking.drawn {
                stand_behind(tx, *record, *drawn)?;
            }
            // Also those that went before anybody looked at them.
            tx.execute("DELETE FROM links_due WHERE event NOT IN (SELECT id FROM events)", [])?;
            Ok(true)
        })
    }

    /// Every link of an event: to the others of its group, whichever of them it is, and to events it only has to do with.
    /// *Quick.*
    pub fn links_of(&self, id: EventId) -> Result<Vec<Link>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT event, lead, class, rule, edition, via, place FROM links
                 WHERE lead = ?1 OR event = ?1 OR (class = 'same' AND lead = (SELECT behind FROM events WHERE id = ?1))
                 ORDER BY class <> 'same', class, lead, place, event",
            )?;
            let rows = statement.query_map([id.0], link)?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }

    /// All links of one person or of everybody, the newest day first, at most `limit` behind `after`: the link of the page
    /// before. *Quick.*
    pub fn links(&self, person: Option<PersonId>, after: Option<&Link>, limit: u32) -> Result<Vec<Link>, VaultError> {
        self.read(|connection| {
            let row = person.map(|person| people::row_of(connection, person)).transpose()?;
            let (lead, event) = after.map_or((i64::MAX, i64::MAX), |after| (after.lead.0, after.event.0));
            let mut statement = connection.prepare_cached(
                "SELECT links.event, lead, class, rule, edition, via, links.place FROM links JOIN events ON events.id = lead
                 WHERE (?1 IS NULL OR events.person = ?1) AND (lead, links.event) < (?2, ?3)
                 ORDER BY lead DESC, links.event DESC LIMIT ?4",
            )?;
            let rows = statement.query_map(params![row, lead, event, limit.clamp(1, super::PAGE)], link)?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }
}

/// The class that puts one event behind another.
const SAME: &str = "same";

fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        event: EventId(row.get(0)?),
        lead: EventId(row.get(1)?),
        class: row.get(2)?,
        rule: row.get(3)?,
        edition: row.get(4)?,
        via: row.get::<_, Option<i64>>(5)?.map(EventId),
        place: row.get(6)?,
    })
}

fn moment(connection: &Connection) -> Result<Moment, VaultError> {
    let mut statement = connection.prepare_cached("SELECT generation FROM meta WHERE only_row = 1")?;
    Ok(Moment(statement.query_row([], |row| row.get(0))?))
}

/// Forgets what was worked out about an event. It is not due any more.
fn forget(tx: &Connection, event: EventId) -> Result<(), VaultError> {
    tx.prepare_cached("DELETE FROM links_due WHERE event = ?1")?.execute([event.0])?;
    tx.prepare_cached("DELETE FROM links WHERE event = ?1 OR lead = ?1")?.execute([event.0])?;
    let mut show = tx.prepare_cached("UPDATE events SET behind = NULL, linked = 0 WHERE id = ?1 AND (behind IS NOT NULL OR linked > 0)")?;
    if show.execute([event.0])? > 0 {
        let (first, next) = fact_range(event);
        tx.prepare_cached("UPDATE facts SET behind = NULL WHERE behind >= ?1 AND behind < ?2")?.execute((first, next))?;
        tx.prepare_cached("UPDATE facts SET behind = NULL WHERE behind IS NOT NULL AND id >= ?1 AND id < ?2")?.execute((first, next))?;
    }
    Ok(())
}

/// Draws `drawn` in the place of `record`, unless `record` is what stands for the leading event's own value: the same value
/// that an earlier document had stated first.
fn stand_behind(tx: &Connection, record: FactId, drawn: FactId) -> Result<(), VaultError> {
    let (first, next) = fact_range(drawn.event());
    tx.prepare_cached(
        "UPDATE facts SET behind = ?2 WHERE id = ?1 AND same_as IS NULL AND NOT EXISTS (SELECT 1 FROM facts WHERE id >= ?3 AND id < ?4 AND same_as = ?1)",
    )?
    .execute((record.0, drawn.0, first, next))?;
    Ok(())
}

/// Forgets all links, after a loss: they are worked out anew.
pub(super) fn forget_all(tx: &Connection) -> Result<(), VaultError> {
    tx.execute("DELETE FROM links", [])?;
    tx.execute("UPDATE facts SET behind = NULL WHERE behind IS NOT NULL", [])?;
    tx.execute("UPDATE events SET behind = NULL, linked = 0 WHERE behind IS NOT NULL OR linked > 0", [])?;
    tx.execute("INSERT OR IGNORE INTO links_due SELECT id FROM events", [])?;
    Ok(())
}

/// What cannot be, in words without content.
pub(super) fn problems(connection: &Connection, problems: &mut Vec<String>) -> Result<(), VaultError> {
    let mut statement = connection.prepare(
        "SELECT id FROM events WHERE behind IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM links JOIN events AS shown ON shown.id = links.lead
             WHERE links.event = events.id AND links.lead = events.behind AND links.class = 'same'
                 AND shown.behind IS NULL AND shown.hidden IS NULL AND shown.person = events.person) ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| Ok(EventId(row.get(0)?)))?;
    for row in rows {
        problems.push(format!("event {}: it stands behind one that is not shown", row?));
    }
    Ok(())
}
