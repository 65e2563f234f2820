//! A fetch while it runs: the grant that pays for it, the state of the conversation, one-time keys, and sealed answers.
//! Everything lies in the vault before the relay is told to forget it, keys never leave this room, and when the fetch
//! ends all of it goes in the transaction that files what it brought.

use std::fmt;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use techo_protocol::{
    GrantDigest, PublicKey, SessionId,
    message::LARGEST_ANSWER,
    seal::{self, Binding, Leg, PrivateKey},
};
use zeroize::Zeroizing;

use super::{
    Act, Filed, Filing, Vault, VaultError, codec,
    codec_detail::{self, About, Said},
    consents, fetch_rows, filing, ledger,
    people::{self, instant},
};
use crate::{
    base::{PersonId, make_random},
    consent::{ConsentGrant, ConsentId, Permitted},
};

/// A fetch that has not ended.
pub struct Fetch {
    /// The consent that pays for it, and its name.
    pub id: ConsentId,
    /// What is permitted.
    pub permitted: Permitted,
    /// What the relay knows of the consent.
    pub grant: GrantDigest,
    /// How far it is, as it was kept; means nothing to the vault.
    pub state: Zeroizing<Vec<u8>>,
    /// When it began.
    pub begun: DateTime<Utc>,
    /// When the relay will have forgotten it.
    pub expires: DateTime<Utc>,
    /// Sealed answers that are here: round and leg.
    pub kept: Vec<(u16, Leg)>,
}

impl fmt::Debug for Fetch {
    // The state holds secrets of the session.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch").field("id", &self.id).field("expires", &self.expires).field("kept", &self.kept).finish_non_exhaustive()
    }
}

/// Where a sealed answer belongs.
const fn number_of(leg: Leg) -> u8 {
    match leg {
        Leg::Identity => 1,
        Leg::Result => 2,
    }
}

impl Vault {
    /// Begins the one fetch that a grant pays for: the line in the ledger and the row in one transaction. Gives what the
    /// relay may know of the consent: its digest under a salt that stays here. The one-time keys are not made here but for each
    /// round when it begins ([`Vault::fetch_key`]); without its key a round has told the relay nothing yet.
    ///
    /// The grant is gone whatever comes of it. Ask [`Vault::require_presence`] before the person answers.
    ///
    /// # Errors
    /// `PresenceNeeded`; `GrantExpired`; `ConsentNeeded` unless question and answer are in the ledger just so;
    /// `ConsentSpent` when a fetch of this name began before or the consent was withdrawn; `FetchRunning` when another one
    /// for this person has not ended. Nothing is written then.
    ///
    /// ```compile_fail,E0382
    /// # use techo_core::{consent::ConsentGrant, vault::Vault};
    /// fn twice(vault: &Vault, grant: ConsentGrant, now: chrono::DateTime<chrono::Utc>) {
    ///     vault.begin_fetch(grant, b"", now, now).ok();
    ///     vault.begin_fetch(grant, b"", now, now).ok();
    /// }
    /// ```
    pub fn begin_fetch(
        &self,
        grant: ConsentGrant,
        state: &[u8],
        expires: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<GrantDigest, VaultError> {
        self.require_presence(now)?;
        if !grant.holds(now) {
            return Err(VaultError::GrantExpired);
        }
        let permitted = grant.spend();
        let bytes = codec::encode(&permitted)?;
        let salt = make_random::<32>()?;
        let digest = GrantDigest::of(&salt, &bytes);
        self.write(|tx| {
            let request = &permitted.request;
            let person = people::row_of(tx, request.subject)?;
            let record = consents::told(tx, request.id)?.ok_or(VaultError::ConsentNeeded)?;
            if record.begun.is_some() || record.withdrawn.is_some() {
                return Err(VaultError::ConsentSpent);
            }
            if record.request.as_ref() != Some(request) || record.receipt.as_ref() != Some(&permitted.receipt) {
                return Err(VaultError::ConsentNeeded);
            }
            let is_running: bool = tx.query_row("SELECT EXISTS (SELECT 1 FROM fetches WHERE person = ?1)", [person], |row| row.get(0))?;
            if is_running {
                return Err(VaultError::FetchRunning);
            }
            tx.execute(
                "INSERT INTO fetches (consent, person, permitted, salt, begun, expires, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![request.id.as_bytes(), person, bytes, salt, instant(now), instant(expires), state],
            )?;
            let about = About { consent: request.id, person: request.subject };
            let detail = codec_detail::write(about, &Said::Started { grant: digest, expires })?;
            ledger::append(tx, now, Act::FetchStarted, Some(&detail)).map(drop)
        })?;
        Ok(digest)
    }

    /// The public half of a round's one-time key, which is made and kept when it is first asked for.
    ///
    /// # Errors
    /// `NotFound` when there is no such fetch (any more).
    pub fn fetch_key(&self, id: ConsentId, round: u16) -> Result<PublicKey, VaultError> {
        let known = self.read(|connection| {
            subject(connection, id)?;
            key(connection, id, round)
        })?;
        let private = match known {
            Some(private) => private,
            None => self.write(|tx| {
                subject(tx, id)?;
                let made = PrivateKey::make().map_err(|_| VaultError::NoRandomness)?;
                let mut add = tx.prepare_cached("INSERT INTO fetch_keys (consent, round, private) VALUES (?1, ?2, ?3)")?;
                add.execute(params![id.as_bytes(), round, made.as_bytes()])?;
                Ok(made)
            })?,
        };
        private.public().map_err(|_| VaultError::Codec)
    }

    /// One fetch that has not ended.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn fetch(&self, id: ConsentId) -> Result<Fetch, VaultError> {
        self.read(|connection| load(connection, id))
    }

    /// The fetches that have not ended, in the order they began.
    ///
    /// # Errors
    /// `Locked`.
    pub fn fetches(&self) -> Result<Vec<Fetch>, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT consent FROM fetches ORDER BY id")?;
            let ids = statement.query_map([], |row| Ok(ConsentId::from_bytes(row.get(0)?)))?.collect::<Result<Vec<_>, _>>()?;
            ids.into_iter().map(|id| load(connection, id)).collect()
        })
    }

    /// Keeps how far a fetch is, with a line in the ledger where there is something to say: the detail is a JSON object,
    /// to which the names of consent and person are added.
    ///
    /// # Errors
    /// `NotFound`; `Codec` when the detail is no JSON object.
    pub fn keep_fetch_state(&self, id: ConsentId, state: &[u8], note: Option<(Act, &str, DateTime<Utc>)>) -> Result<(), VaultError> {
        self.write(|tx| {
            let person = subject(tx, id)?;
            keep_state(tx, id, state)?;
            let Some((act, detail, now)) = note else { return Ok(()) };
            let detail = codec_detail::write_of(About { consent: id, person }, detail)?;
            ledger::append(tx, now, act, Some(&detail)).map(drop)
        })
    }

    /// Keeps a sealed answer and how far the fetch is with it, in one transaction. Only then may the relay be told that
    /// it was taken. The same leg again replaces the one before.
    ///
    /// # Errors
    /// `NotFound`; `SealForged` when it is larger than any answer can be.
    pub fn keep_sealed(&self, id: ConsentId, round: u16, leg: Leg, sealed: &[u8], state: &[u8]) -> Result<(), VaultError> {
        if sealed.len() > seal::sealed_length(LARGEST_ANSWER) {
            return Err(VaultError::SealForged);
        }
        self.write(|tx| {
            subject(tx, id)?;
            tx.prepare_cached("INSERT OR REPLACE INTO fetch_sealed (consent, round, leg, sealed) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![id.as_bytes(), round, number_of(leg), sealed])?;
            keep_state(tx, id, state)
        })
    }

    /// Opens a sealed answer with the round's key, as bound to `session`, to this fetch's consent and to `relay`.
    ///
    /// # Errors
    /// `NotFound` when the fetch, the key or the answer is not here; `SealForged`.
    pub fn open_sealed(
        &self,
        id: ConsentId,
        round: u16,
        leg: Leg,
        session: SessionId,
        relay: &PublicKey,
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (grant, private, sealed) = self.read(|connection| {
            let grant = load(connection, id)?.grant;
            let private = key(connection, id, round)?.ok_or(VaultError::NotFound)?;
            let mut statement =
                connection.prepare_cached("SELECT sealed FROM fetch_sealed WHERE consent = ?1 AND round = ?2 AND leg = ?3")?;
            let found = statement.query_row(params![id.as_bytes(), round, number_of(leg)], |row| row.get::<_, Vec<u8>>(0)).optional()?;
            Ok((grant, private, found.ok_or(VaultError::NotFound)?))
        })?;
        // Without the mutex: a large answer takes its time.
        seal::open(&Binding { session, grant, leg }, &private, relay, &sealed).map_err(|_| VaultError::SealForged)
    }

    /// Ends a fetch, everything or nothing: files the documents with their lines, writes the one receipt, and lets keys,
    /// sealed answers and state go. The receipt is a JSON object, to which the names of consent and person are added; it
    /// should name no document, because erasing a document does not reach into it.
    ///
    /// # Errors
    /// `NotFound` when there is no such fetch (any more); whatever filing answers. The fetch is then as it was.
    pub fn end_fetch(
        &self,
        id: ConsentId,
        (act, detail): (Act, &str),
        filings: &[Filing],
        now: DateTime<Utc>,
    ) -> Result<Vec<Filed>, VaultError> {
        let filed = self.file_fetched(id, (act, detail), filings, now)?;
        self.forget_log();
        Ok(filed)
    }

    /// The one transaction of [`Vault::end_fetch`].
    pub(super) fn file_fetched(
        &self,
        id: ConsentId,
        (act, detail): (Act, &str),
        filings: &[Filing],
        now: DateTime<Utc>,
    ) -> Result<Vec<Filed>, VaultError> {
        let is_receipt = match act {
            Act::Fetched => true,
            Act::FetchEnded => filings.is_empty(),
            _ => false,
        };
        if !is_receipt {
            return Err(VaultError::Internal(21));
        }
        self.write_cached(|tx, cache| {
            let person = subject(tx, id)?;
            let mut filed = Vec::with_capacity(filings.len());
            for filing in filings {
                // Whose it is and by which consent it came is not for the caller to choose.
                if filing.person != person || filing.about.consent != Some(id) {
                    return Err(VaultError::Internal(22));
                }
                filed.push(filing::file(tx, cache, filing)?);
            }
            let detail = codec_detail::write_of(About { consent: id, person }, detail)?;
            ledger::append(tx, now, act, Some(&detail))?;
            fetch_rows::remove(tx, id)?;
            Ok(filed)
        })
    }

    /// Moves the log into the vault, so that what was just let go is not in the log any more either. The change is
    /// acknowledged already; a checkpoint that finds no room comes with the next change or with the lock.
    pub(super) fn forget_log(&self) {
        self.checkpoint().ok();
    }
}

/// Whose data a fetch is about; `NotFound` when it has ended.
fn subject(connection: &Connection, id: ConsentId) -> Result<PersonId, VaultError> {
    let mut statement = connection
        .prepare_cached("SELECT people.person FROM fetches JOIN people ON people.id = fetches.person WHERE fetches.consent = ?1")?;
    statement.query_row([id.as_bytes()], |row| Ok(PersonId::from_bytes(row.get(0)?))).optional()?.ok_or(VaultError::NotFound)
}

fn keep_state(tx: &Connection, id: ConsentId, state: &[u8]) -> Result<(), VaultError> {
    tx.prepare_cached("UPDATE fetches SET state = ?2 WHERE consent = ?1")?.execute(params![id.as_bytes(), state])?;
    Ok(())
}

fn key(connection: &Connection, id: ConsentId, round: u16) -> Result<Option<PrivateKey>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT private FROM fetch_keys WHERE consent = ?1 AND round = ?2")?;
    let found = statement.query_row(params![id.as_bytes(), round], |row| row.get(0).map(Zeroizing::<[u8; 32]>::new)).optional()?;
    Ok(found.map(|bytes| PrivateKey::from_bytes(*bytes)))
}

/// A fetch with what is kept of it.
pub(super) fn load(connection: &Connection, id: ConsentId) -> Result<Fetch, VaultError> {
    let mut statement = connection.prepare_cached("SELECT permitted, salt, state, begun, expires FROM fetches WHERE consent = ?1")?;
    let found = statement
        .query_row([id.as_bytes()], |row| {
            Ok((
                row.get::<_, Vec<u8>>(0)?,
                row.get::<_, [u8; 32]>(1)?,
                row.get(2).map(Zeroizing::<Vec<u8>>::new)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })
        .optional()?;
    let (permitted, salt, state, begun, expires): (_, _, _, String, String) = found.ok_or(VaultError::NotFound)?;
    let time = |text: &str| DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(|_| VaultError::Codec);
    let mut statement = connection.prepare_cached("SELECT round, leg FROM fetch_sealed WHERE consent = ?1 ORDER BY round, leg")?;
    let kept = statement.query_map([id.as_bytes()], |row| Ok((row.get::<_, u16>(0)?, row.get::<_, u8>(1)?)))?;
    let kept = kept
        .map(|row| match row? {
            (round, 1) => Ok((round, Leg::Identity)),
            (round, 2) => Ok((round, Leg::Result)),
            _ => Err(VaultError::Codec),
        })
        .collect::<Result<_, _>>()?;
    Ok(Fetch {
        id,
        grant: GrantDigest::of(&salt, &permitted),
        permitted: codec::decode(&permitted)?,
        state,
        begun: time(&begun)?,
        expires: time(&expires)?,
        kept,
    })
}
