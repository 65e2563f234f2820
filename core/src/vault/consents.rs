//! Consents: what was asked, answered, fetched and withdrawn. The ledger is the only truth of it; here it is folded.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::{
    Act, DocumentId, Vault, VaultError,
    codec_detail::{self, About, Said},
    ledger, migrate, people,
};
use crate::{
    base::PersonId,
    consent::{ConsentId, ConsentRequest, Receipt},
};

/// All that is told of one consent. What was erased from the ledger is missing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Its name, and that of its fetch.
    pub id: ConsentId,
    /// Whose data.
    pub subject: Option<PersonId>,
    /// When it was asked.
    pub asked: Option<DateTime<Utc>>,
    /// The question. None where its words were erased.
    pub request: Option<ConsentRequest>,
    /// When it was answered.
    pub answered: Option<DateTime<Utc>>,
    /// The answer.
    pub receipt: Option<Receipt>,
    /// When it was spent: its fetch began.
    pub begun: Option<DateTime<Utc>>,
    /// Its fetch is not over.
    pub is_running: bool,
    /// How its fetch ended.
    pub ended: Option<FetchEnd>,
    /// That it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
    /// The documents that came by it and are here, also after a withdrawal that left them.
    pub documents: Vec<DocumentId>,
}

/// How a fetch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchEnd {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether there was an answer ([`Act::Fetched`], else [`Act::FetchEnded`]).
    pub has_answer: bool,
    /// The receipt, as JSON.
    pub detail: String,
}

/// A withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether what came by the consent was erased with it.
    pub erased: bool,
}

/// Where a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentStanding {
    /// Asked, and not answered.
    Asked,
    /// Answered with no to everything.
    Declined,
    /// Answered with yes, and not spent; the yes expires.
    Granted,
    /// Its fetch is running.
    Fetching,
    /// Its fetch brought an answer.
    Fetched,
    /// Its fetch ended without one.
    Ended,
    /// Its fetch began and is nowhere any more: this vault was restored from a backup that was made meanwhile.
    LeftOpen,
    /// Withdrawn.
    Withdrawn,
}

impl ConsentRecord {
    /// Where it stands.
    pub fn standing(&self) -> ConsentStanding {
        if self.withdrawn.is_some() {
            return ConsentStanding::Withdrawn;
        }
        match (&self.ended, self.is_running, self.begun, &self.receipt) {
            (Some(end), ..) if end.has_answer => ConsentStanding::Fetched,
            (Some(_), ..) => ConsentStanding::Ended,
            (None, true, ..) => ConsentStanding::Fetching,
            (None, false, Some(_), _) => ConsentStanding::LeftOpen,
            (None, false, None, Some(receipt)) if receipt.granted.is_empty() => ConsentStanding::Declined,
            (None, false, None, Some(_)) => ConsentStanding::Granted,
            (None, false, None, None) => ConsentStanding::Asked,
        }
    }

    fn new(id: ConsentId) -> Self {
        Self {
            id,
            subject: None,
            asked: None,
            request: None,
            answered: None,
            receipt: None,
            begun: None,
            is_running: false,
            ended: None,
            withdrawn: None,
            documents: Vec::new(),
        }
    }

    fn learn(&mut self, at: DateTime<Utc>, act: &str, detail: String) {
        let said = codec_detail::read(&detail);
        self.subject = self.subject.or(said.person);
        if act == Act::ConsentAsked.id() {
            (self.asked, self.request) = (Some(at), said.request);
        } else if act == Act::ConsentAnswered.id() {
            (self.answered, self.receipt) = (Some(at), said.receipt);
        } else if act == Act::FetchStarted.id() {
            self.begun = Some(at);
        } else if act == Act::Fetched.id() || act == Act::FetchEnded.id() {
            self.ended = Some(FetchEnd { at, has_answer: act == Act::Fetched.id(), detail });
        } else if act == Act::ConsentWithdrawn.id() {
            let erased = said.erased || self.withdrawn.is_some_and(|before| before.erased);
            // A second line tells of an erasure that came later; it was withdrawn with the first.
            self.withdrawn = Some(Withdrawal { at: self.withdrawn.map_or(at, |before| before.at), erased });
        }
    }
}

impl Vault {
    /// Writes down that a consent is being asked for. The same question again changes nothing.
    ///
    /// # Errors
    /// `NotFound` when the subject is not in the vault; `ConsentSpent` when another question had this name.
    pub fn note_consent_asked(&self, request: &ConsentRequest, now: DateTime<Utc>) -> Result<(), VaultError> {
        self.write(|tx| {
            people::row_of(tx, request.subject)?;
            match told(tx, request.id)? {
                None => {}
                Some(record) if record.request.as_ref() == Some(request) => return Ok(()),
                Some(_) => return Err(VaultError::ConsentSpent),
            }
            let detail = codec_detail::write(About { consent: request.id, person: request.subject }, &Said::Asked { request })?;
            ledger::append(tx, now, Act::ConsentAsked, Some(&detail)).map(drop)
        })
    }

    /// Writes down what was answered. The same answer again changes nothing.
    ///
    /// # Errors
    /// `ConsentNeeded` when the question is not in the ledger; `ConsentSpent` when it was answered otherwise or withdrawn.
    pub fn note_consent_answered(&self, receipt: &Receipt, now: DateTime<Utc>) -> Result<(), VaultError> {
        self.write(|tx| {
            let record = told(tx, receipt.id)?.ok_or(VaultError::ConsentNeeded)?;
            let person = record.subject.ok_or(VaultError::ConsentNeeded)?;
            if record.receipt.as_ref() == Some(receipt) {
                return Ok(());
            }
            if record.answered.is_some() || record.withdrawn.is_some() {
                return Err(VaultError::ConsentSpent);
            }
            let detail = codec_detail::write(About { consent: receipt.id, person }, &Said::Answered { receipt })?;
            ledger::append(tx, now, Act::ConsentAnswered, Some(&detail)).map(drop)
        })
    }

    /// Every consent that the ledger tells of, the newest first. *Quick*: imports are not walked.
    ///
    /// # Errors
    /// `Locked`; `Codec` for an entry that no version wrote.
    pub fn consents(&self) -> Result<Vec<ConsentRecord>, VaultError> {
        self.read(|connection| fold(connection, None))
    }

    /// One consent.
    ///
    /// # Errors
    /// `NotFound` when the ledger does not tell of it, or not any more.
    pub fn consent(&self, id: ConsentId) -> Result<ConsentRecord, VaultError> {
        self.read(|connection| told(connection, id)?.ok_or(VaultError::NotFound))
    }
}

/// What the ledger tells of one consent.
pub(super) fn told(connection: &Connection, id: ConsentId) -> Result<Option<ConsentRecord>, VaultError> {
    Ok(fold(connection, Some(id))?.pop())
}

/// The acts here are those of the index, word for word; without the index the statement does not run.
pub(super) const LINES: &str = "SELECT at, act, detail FROM ledger INDEXED BY ledger_consents WHERE act IN
    ('consent_asked', 'consent_answered', 'consent_withdrawn', 'identity_checked', 'fetch_started', 'fetched', 'fetch_ended')
    AND detail IS NOT NULL AND (?1 IS NULL OR instr(detail, ?1)) ORDER BY id";

fn fold(connection: &Connection, only: Option<ConsentId>) -> Result<Vec<ConsentRecord>, VaultError> {
    // A vault that was opened to rescue its content may be older than consents are.
    if migrate::version(connection, migrate::MIGRATIONS.len())? < 2 {
        return Ok(Vec::new());
    }
    let mut places: BTreeMap<ConsentId, usize> = BTreeMap::new();
    let mut records: Vec<ConsentRecord> = Vec::new();
    let mut statement = connection.prepare_cached(LINES)?;
    let mut rows = statement.query([only.map(|id| id.to_string())])?;
    while let Some(row) = rows.next()? {
        let (at, act, detail): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(id) = codec_detail::consent_of(&detail).filter(|id| only.is_none_or(|only| only == *id)) else { continue };
        let at = DateTime::parse_from_rfc3339(&at).map_err(|_| VaultError::Codec)?.to_utc();
        let place = *places.entry(id).or_insert_with(|| {
            records.push(ConsentRecord::new(id));
            records.len() - 1
        });
        if let Some(record) = records.get_mut(place) {
            record.learn(at, &act, detail);
        }
    }
    let mut running = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM fetches WHERE consent = ?1)")?;
    let mut documents = connection.prepare_cached("SELECT id FROM documents WHERE consent = ?1 ORDER BY id")?;
    for record in &mut records {
        record.is_running = running.query_row([record.id.as_bytes()], |row| row.get(0))?;
        record.documents = documents.query_map([record.id.as_bytes()], |row| Ok(DocumentId(row.get(0)?)))?.collect::<Result<_, _>>()?;
    }
    records.reverse();
    Ok(records)
}
