//! How a fetch begins, and how it goes on after the app was asleep.

use chrono::{DateTime, TimeDelta, Utc};

use super::{SyncError, SyncSession, error::of_running};
use crate::{
    base::PersonId,
    consent::{ConsentGrant, ConsentId},
    portal::{Conversation, Exchange, Milestone, Profile, Return, Round},
    vault::{Fetch, Vault},
};

/// Seconds of one round besides what the relay keeps: the browser, the card, and the portal's own time. Rather too
/// long: the relay, which has the clock that counts, ends a session by forgetting it.
const ROUND_SECONDS: i64 = 1200;
/// Longest keeping that is believed, in seconds.
const LONGEST_KEEPING: u32 = 3600;

/// A fetch that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// The consent that pays for it, and its name.
    pub id: ConsentId,
    /// Whose data.
    pub subject: PersonId,
    /// When it began.
    pub begun: DateTime<Utc>,
    /// Until when the browser and the relay can go on with it. What is here already is not lost with that.
    pub expires: DateTime<Utc>,
    /// How far it is; none where another version of this program wrote it.
    pub at: Option<Milestone>,
    /// Which round, counted from 1.
    pub round: u16,
    /// How many there are.
    pub rounds: u16,
    /// Where the browser comes back to, where one may be out: whoever resumes waits there.
    pub back: Option<Return>,
}

/// Begins the fetch that a grant pays for: spends it, with its line in the ledger. `back` is where the browser is to
/// come back to. The grant is gone whatever comes of it, so ask [`Vault::require_presence`] before the person answers.
/// *Quick.*
///
/// # Errors
/// `OtherRelay` when the profile is not that of the operator whom the person was told; otherwise as of
/// [`Vault::begin_fetch`]. Nothing is written then.
pub fn start_sync(
    vault: &Vault,
    grant: ConsentGrant,
    profile: &Profile,
    back: Return,
    now: DateTime<Utc>,
) -> Result<SyncSession, SyncError> {
    let permitted = grant.permitted();
    let request = &permitted.request;
    let services = permitted.receipt.cover.as_ref().map(|cover| cover.services.clone()).unwrap_or_default();
    let named = &request.operator;
    let is_named =
        named.japanese == profile.operator.ja && named.english == profile.operator.en && named.contact == profile.operator.contact;
    let offers_all = services.iter().all(|service| profile.services.iter().any(|known| known.id == *service));
    if services.is_empty() || !is_named || !offers_all {
        return Err(SyncError::OtherRelay);
    }
    let id = request.id;
    let seconds = ROUND_SECONDS + i64::from(request.keeping.relay_seconds.min(LONGEST_KEEPING));
    let expires = now + TimeDelta::seconds(seconds.saturating_mul(i64::from(count(services.len()))));
    let state = Conversation::new(services, profile).write();
    vault.begin_fetch(grant, &state, expires, now)?;
    resume_sync(vault, id, profile, back, now)
}

/// Goes on with a fetch where it was left. `back` is where a browser that is opened from now on comes back to; one that
/// is out already comes back to where it was told. *Quick.*
///
/// # Errors
/// `NoSuchFetch`; `OtherRelay` when the fetch began with another relay's profile.
pub fn resume_sync(vault: &Vault, id: ConsentId, profile: &Profile, back: Return, now: DateTime<Utc>) -> Result<SyncSession, SyncError> {
    SyncSession::load(vault, vault.fetch(id).map_err(of_running)?, profile, back, now)
}

/// What makes the relay forget the session of a fetch that is about to be withdrawn, or erased with its person: what is
/// needed to say so goes with its row, so it is taken before. To be carried afterwards, once; whatever comes of it, the relay
/// forgets by itself when its time is over. None where the relay has nothing. *Quick.*
///
/// # Errors
/// `NoSuchFetch`; `OtherRelay` when the fetch began with another relay's profile: its secret is not for anybody else.
pub fn farewell(vault: &Vault, id: ConsentId, profile: &Profile) -> Result<Option<Exchange>, SyncError> {
    let fetch = vault.fetch(id).map_err(of_running)?;
    let Some(kept) = Conversation::read(&fetch.state) else { return Ok(None) };
    if !kept.is_with(profile) {
        return Err(SyncError::OtherRelay);
    }
    Ok(kept.round.as_ref().and_then(Round::farewell))
}

/// The fetches that have not ended. *Quick.*
pub fn unfinished(vault: &Vault) -> Result<Vec<Unfinished>, SyncError> {
    Ok(vault.fetches()?.iter().map(of_fetch).collect())
}

fn of_fetch(fetch: &Fetch) -> Unfinished {
    let conversation = Conversation::read(&fetch.state);
    let round = conversation.as_ref().and_then(|kept| kept.round.as_ref());
    let over = conversation.as_ref().map_or(0, |kept| kept.over.len());
    let rounds = fetch.permitted.receipt.cover.as_ref().map_or(0, |cover| cover.services.len());
    Unfinished {
        id: fetch.id,
        subject: fetch.permitted.request.subject,
        begun: fetch.begun,
        expires: fetch.expires,
        at: conversation.as_ref().map(Conversation::milestone),
        round: count((over + 1).min(rounds)),
        rounds: count(rounds),
        back: round.map(|round| round.back),
    }
}

/// A number of rounds; there are as many at most as there are items.
pub(super) fn count(rounds: usize) -> u16 {
    u16::try_from(rounds).unwrap_or(u16::MAX)
}
