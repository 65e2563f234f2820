//! The ledger: what was done with the records, hash-chained. Each entry's words are hashed with a salt of their own, so
//! that erasing the words leaves a chain that still proves nothing was cut out or put in.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Vault, VaultError, people::instant};
use crate::base::{Fingerprint, make_random};

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        /// What was done. The ids are public and never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act { $($(#[$doc])* $name,)* }

        impl Act {
            /// Every act there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The public id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
        }
    };
}

acts! {
    /// A person was added.
    PersonAdded = "person_added";
    /// A document was taken in.
    Imported = "imported";
    /// Records left the vault as a file.
    Exported = "exported";
    /// A backup was written.
    BackedUp = "backed_up";
    /// The vault was made from a backup or archive.
    Restored = "restored";
    /// One person's records were handed over to a vault of their own: whether they stay here as well, or were erased.
    HandedOver = "handed_over";
    /// One person's records came by a hand-over.
    TakenOver = "taken_over";
    /// A record, a document or a person was erased. Says that, and nothing of what it was.
    Erased = "erased";
    /// The person accepted the loss of damaged or missing changes.
    LossAccepted = "loss_accepted";
    /// A consent was asked for.
    ConsentAsked = "consent_asked";
    /// The person answered, item by item.
    ConsentAnswered = "consent_answered";
    /// The person withdrew a consent.
    ConsentWithdrawn = "consent_withdrawn";
    /// Who logged in was compared with the person.
    IdentityChecked = "identity_checked";
    /// A consent was spent: a fetch began.
    FetchStarted = "fetch_started";
    /// A fetch ended with an answer: what was returned, cut and kept.
    Fetched = "fetched";
    /// A fetch ended and nothing was filed; says why.
    FetchEnded = "fetch_ended";
    /// Records are shown to somebody from now on: which kinds of them. Looking at one's own records is none.
    Shown = "shown";
    /// A showing is over: how long it was.
    ShowingEnded = "showing_ended";
    /// The emergency card was switched: off, after unlocking, or without unlocking.
    CardSwitched = "card_switched";
    /// A setting was changed.
    SettingChanged = "setting_changed";
    /// The person agreed to a version of the terms or of the privacy policy.
    Agreed = "agreed";
}

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LedgerEntry {
    /// When, UTC, RFC 3339.
    pub at: String,
    /// What was done: an [`Act`]'s id.
    pub act: String,
    /// The details as JSON; none once erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The entry's own salt, 32 hexadecimal digits.
    pub salt: String,
    /// SHA-256 of salt and detail.
    pub detail_hash: Fingerprint,
    /// SHA-256 of the previous chain value, instant, act and detail hash.
    pub chain: Fingerprint,
}

impl LedgerEntry {
    /// Whether the entry follows `previous` (none for the first) and its words, where still there, are the ones hashed.
    pub fn follows(&self, previous: Option<&Fingerprint>) -> bool {
        let words_fit = self.detail.as_deref().is_none_or(|detail| hash_detail(&self.salt, detail) == self.detail_hash);
        words_fit && self.chain == chain(previous, &self.at, &self.act, &self.detail_hash)
    }
}

fn hash_detail(salt: &str, detail: &str) -> Fingerprint {
    Fingerprint::of_parts([salt.as_bytes(), detail.as_bytes()])
}

fn chain(previous: Option<&Fingerprint>, at: &str, act: &str, detail: &Fingerprint) -> Fingerprint {
    let start = [0; 32];
    let before = previous.map_or(&start, Fingerprint::as_bytes);
    Fingerprint::of_parts([&before[..], at.as_bytes(), b"\n", act.as_bytes(), b"\n", detail.as_bytes()])
}

impl Vault {
    /// Writes one line into the ledger.
    pub fn note_act(&self, now: DateTime<Utc>, act: Act, detail: Option<&str>) -> Result<(), VaultError> {
        self.write(|tx| append(tx, now, act, detail).map(drop))
    }

    /// How many entries there are.
    pub fn ledger_length(&self) -> Result<u64, VaultError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT count(*) FROM ledger")?;
            let count: i64 = statement.query_row([], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or_default())
        })
    }

    /// The entries from number `from` (counted from 0), at most `limit`.
    pub fn ledger(&self, from: u32, limit: u32) -> Result<Vec<LedgerEntry>, VaultError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT at, act, salt, detail, detail_hash, chain FROM ledger ORDER BY id LIMIT ?1 OFFSET ?2")?;
            let rows = statement.query_map([limit, from], entry)?;
            rows.map(|row| row.map_err(VaultError::from)).collect()
        })
    }
}

/// Appends an entry and gives its id.
pub(super) fn append(connection: &Connection, now: DateTime<Utc>, act: Act, detail: Option<&str>) -> Result<i64, VaultError> {
    let previous = last(connection)?;
    let salt = data_encoding::HEXLOWER.encode(&make_random::<16>()?);
    let detail_hash = hash_detail(&salt, detail.unwrap_or(""));
    let at = instant(now);
    let link = chain(previous.as_ref(), &at, act.id(), &detail_hash);
    let entry = LedgerEntry { at, act: act.id().to_owned(), detail: detail.map(str::to_owned), salt, detail_hash, chain: link };
    insert(connection, &entry)
}

/// Inserts an entry as it is; used by restore.
pub(super) fn insert(connection: &Connection, entry: &LedgerEntry) -> Result<i64, VaultError> {
    let mut statement =
        connection.prepare_cached("INSERT INTO ledger (at, act, salt, detail, detail_hash, chain) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    statement
        .insert(params![entry.at, entry.act, entry.salt, entry.detail, entry.detail_hash.as_bytes(), entry.chain.as_bytes()])
        .map_err(VaultError::from)
}

/// The chain value of the last entry.
pub(super) fn last(connection: &Connection) -> Result<Option<Fingerprint>, VaultError> {
    let found: Option<[u8; 32]> =
        connection.query_row("SELECT chain FROM ledger ORDER BY id DESC LIMIT 1", [], |row| row.get(0)).optional()?;
    Ok(found.map(Fingerprint::from_bytes))
}

/// Checks the whole chain; the number of the first entry that does not fit. A gap before a loss that the person has
/// accepted is part of that loss.
pub(super) fn first_break(connection: &Connection) -> Result<Option<u64>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT at, act, salt, detail, detail_hash, chain FROM ledger ORDER BY id")?;
    let (mut previous, mut found) = (None, None);
    for (number, row) in (0..).zip(statement.query_map([], entry)?) {
        let row = row?;
        if row.follows(previous.as_ref()) {
            if row.act == Act::LossAccepted.id() {
                found = None;
            }
        } else if found.is_none() {
            found = Some(number);
        }
        previous = Some(row.chain);
    }
    Ok(found)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<LedgerEntry> {
    Ok(LedgerEntry {
        at: row.get(0)?,
        act: row.get(1)?,
        salt: row.get(2)?,
        detail: row.get(3)?,
        detail_hash: Fingerprint::from_bytes(row.get(4)?),
        chain: Fingerprint::from_bytes(row.get(5)?),
    })
}
