//! Sessions in Valkey or Redis, shared by every relay behind a balancer. One script is one step, a writing names the one
//! it saw, every key has a time to live, and a message tells all relays of each writing.
//!
//! Whoever can write there could put another phone's key into a session and would be sent the answer; so what a session
//! says is sealed under the key ring with its id and its writing, like the ticket in it. Sealed results carry the relay's HPKE seal.
//!
//! All keys are in one slot (`{techo}`), so that a cluster takes the scripts as well.

use std::{fmt, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use redis::{Script, Value, from_redis_value};
use ring::rand::{SecureRandom as _, SystemRandom};
use techo_protocol::{Digest, SessionId, seal::Leg};
use tokio::{sync::broadcast, task::JoinHandle};

use super::{Begun, Change, Pending, Revision, SeenFor, Session, Store, StoreError, Wake};
use crate::key_ring::{KeyRing, Kind};

mod address;
mod link;
mod listen;
#[cfg(test)]
mod tests;

pub use address::{BadAddress, ValkeyAddress};
use link::Link;

/// Before every key.
const PREFIX: &str = "{techo}:";
/// Sessions by the time they expire at.
const EXPIRIES: &str = "{techo}:expiries";
/// Codes that browsers brought, by the time they are forgotten at.
const CODES: &str = "{techo}:codes";
/// Where writings are told of: the id of the session.
const WAKES: &str = "{techo}:wakes";
/// Wakes that a relay may be behind before it is told to look at everything.
const WAKES_KEPT: usize = 4096;
/// How long the answer to something small may take.
const SMALL: Duration = Duration::from_secs(2);
/// And to sealed bytes.
const BULK: Duration = Duration::from_secs(10);
/// Sessions dropped by one step of a sweep: the server does nothing else meanwhile.
const SWEPT: usize = 500;

/// A [`Store`] in Valkey or Redis.
pub struct ValkeyStore {
    /// For what is small and waited for.
    link: Link,
    /// For sealed bytes: up to 16 MiB, which would hold up everything behind them.
    bulk: Link,
    key_ring: KeyRing,
    wakes: broadcast::Sender<Wake>,
    listener: JoinHandle<()>,
    scripts: Scripts,
}

struct Scripts {
    begin: Script,
    replace: Script,
    see: Script,
    forget: Script,
    sweep: Script,
}

impl ValkeyStore {
    /// A store at this address. It need not be there yet; until it is, every operation says that it is away. Must be called
    /// inside a runtime of tokio.
    pub fn new(address: &ValkeyAddress, key_ring: KeyRing) -> Self {
        Self::with(address, key_ring, [SMALL, BULK])
    }

    fn with(address: &ValkeyAddress, key_ring: KeyRing, patience: [Duration; 2]) -> Self {
        let wakes = broadcast::channel(WAKES_KEPT).0;
        let listener = tokio::spawn(listen::listen(address.client().clone(), wakes.clone()));
        let script = |text: &str| Script::new(&format!("{}\n{text}", include_str!("valkey/common.lua")));
        let scripts = Scripts {
            begin: script(include_str!("valkey/begin.lua")),
            replace: script(include_str!("valkey/replace.lua")),
            see: script(include_str!("valkey/see.lua")),
            forget: script(include_str!("valkey/forget.lua")),
            sweep: script(include_str!("valkey/sweep.lua")),
        };
        let [link, bulk] = patience.map(|patience| Link::new(address.client().clone(), patience));
        Self { link, bulk, key_ring, wakes, listener, scripts }
    }

    fn seal(&self, id: &SessionId, revision: Revision, session: &Session) -> Result<String, StoreError> {
        let plain = serde_json::to_vec(session).map_err(|_| StoreError::Unreadable)?;
        self.key_ring.seal(id, Kind::Record(revision.0), &plain).map_err(|_| StoreError::Unreadable)
    }

    fn open(&self, id: &SessionId, revision: Revision, sealed: &str) -> Result<Session, StoreError> {
        let plain = self.key_ring.open(id, Kind::Record(revision.0), sealed).map_err(|_| StoreError::Unreadable)?;
        serde_json::from_slice(&plain).map_err(|_| StoreError::Unreadable)
    }

    async fn begin(&self, id: &SessionId, session: &Session, now: DateTime<Utc>, most: usize) -> Result<Begun, StoreError> {
        self.begin_as(revision()?, id, session, now, most).await
    }

    async fn begin_as(
        &self,
        new: Revision,
        id: &SessionId,
        session: &Session,
        now: DateTime<Utc>,
        most: usize,
    ) -> Result<Begun, StoreError> {
        let (identity, authorization) = (session.start.identity_state, session.start.authorization_state);
        let mut call = self.scripts.begin.prepare_invoke();
        call.key(session_key(id)).key(state_key(&identity)).key(state_key(&authorization)).key(EXPIRIES);
        call.arg(PREFIX).arg(id.to_string()).arg(now.timestamp_millis()).arg(new.0).arg(self.seal(id, new, session)?);
        call.arg(identity.to_string()).arg(authorization.to_string());
        call.arg(session.expires.timestamp_millis()).arg(life(session.expires, now)).arg(most);
        let answer: Vec<Value> = self.link.run(&call.into()).await?;
        let mut answer = answer.into_iter();
        match (number(answer.next())?, answer.next(), answer.next()) {
            (1, None, None) => Ok(Begun::New),
            (2, Some(record), Some(revision)) => {
                let revision = Revision(read(revision)?);
                Ok(Begun::There(self.open(id, revision, &read::<String>(record)?)?))
            }
            (3, None, None) => Ok(Begun::Clash),
            (4, None, None) => Ok(Begun::Full),
            _ => Err(StoreError::Unreadable),
        }
    }

    async fn read_session(&self, id: &SessionId) -> Result<Option<(Session, Revision)>, StoreError> {
        let mut command = redis::cmd("HMGET");
        command.arg(session_key(id)).arg("record").arg("revision");
        let (record, revision): (Option<String>, Option<u64>) = self.link.run(&command.into()).await?;
        let Some((record, revision)) = record.zip(revision) else { return Ok(None) };
        let revision = Revision(revision);
        Ok(Some((self.open(id, revision, &record)?, revision)))
    }

    async fn replace(&self, id: &SessionId, seen: Revision, change: Change, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.replace_as(revision()?, id, seen, change, now).await
    }

    async fn replace_as(
        &self,
        new: Revision,
        id: &SessionId,
        seen: Revision,
        change: Change,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let Change { session, seal, unseal, process } = change;
        let link = if seal.is_some() { &self.bulk } else { &self.link };
        let mut call = self.scripts.replace.prepare_invoke();
        call.key(session_key(id)).key(EXPIRIES).key(WAKES);
        call.arg(PREFIX).arg(id.to_string()).arg(seen.0).arg(new.0).arg(self.seal(id, new, &session)?);
        call.arg(session.expires.timestamp_millis()).arg(life(session.expires, now));
        let (leg, bytes) = seal.map_or(("", Bytes::new()), |(leg, bytes)| (leg_field(leg), bytes));
        call.arg(leg).arg(&bytes[..]).arg(unseal.map_or("", leg_field));
        call.arg(process.map(|process| process.to_string()).unwrap_or_default());
        let is_written: i64 = link.run(&call.into()).await?;
        Ok(is_written == 1)
    }

    async fn read_sealed(&self, id: &SessionId, leg: Leg) -> Result<Option<Bytes>, StoreError> {
        let mut command = redis::cmd("HGET");
        command.arg(session_key(id)).arg(leg_field(leg));
        let bytes: Option<Vec<u8>> = self.bulk.run(&command.into()).await?;
        Ok(bytes.map(Bytes::from))
    }

    async fn look_up(&self, key: String) -> Result<Option<SessionId>, StoreError> {
        let mut command = redis::cmd("GET");
        command.arg(key);
        let id: Option<String> = self.link.run(&command.into()).await?;
        id.map(|id| id.parse().map_err(|_| StoreError::Unreadable)).transpose()
    }

    async fn see_code(
        &self,
        code: &Digest,
        id: &SessionId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
        most: usize,
    ) -> Result<Option<SeenFor>, StoreError> {
        let mut call = self.scripts.see.prepare_invoke();
        call.key(code_key(code)).key(CODES);
        call.arg(code.to_string()).arg(id.to_string()).arg(now.timestamp_millis());
        call.arg(until.timestamp_millis()).arg(life(until, now)).arg(most);
        let seen: Option<String> = self.link.run(&call.into()).await?;
        seen.map(|seen| seen_for(&seen)).transpose()
    }

    async fn look_up_code(&self, code: &Digest) -> Result<Option<SeenFor>, StoreError> {
        let mut command = redis::cmd("GET");
        command.arg(code_key(code));
        let seen: Option<String> = self.link.run(&command.into()).await?;
        seen.map(|seen| seen_for(&seen)).transpose()
    }

    async fn drop_session(&self, id: &SessionId) -> Result<(), StoreError> {
        let mut call = self.scripts.forget.prepare_invoke();
        call.key(EXPIRIES).key(WAKES).arg(PREFIX).arg(id.to_string());
        self.link.run(&call.into()).await
    }

    async fn sweep_all(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        loop {
            let mut call = self.scripts.sweep.prepare_invoke();
            call.key(EXPIRIES).arg(PREFIX).arg(now.timestamp_millis()).arg(SWEPT);
            let (dropped, count): (usize, usize) = self.link.run(&call.into()).await?;
            if dropped < SWEPT {
                return Ok(count);
            }
        }
    }
}

fn session_key(id: &SessionId) -> String {
    format!("{PREFIX}s:{id}")
}

fn state_key(state: &Digest) -> String {
    format!("{PREFIX}t:{state}")
}

fn process_key(process: &Digest) -> String {
    format!("{PREFIX}p:{process}")
}

fn code_key(code: &Digest) -> String {
    format!("{PREFIX}c:{code}")
}

fn seen_for(text: &str) -> Result<SeenFor, StoreError> {
    if text == "several" {
        return Ok(SeenFor::Several);
    }
    text.parse().map(SeenFor::One).map_err(|_| StoreError::Unreadable)
}

fn leg_field(leg: Leg) -> &'static str {
    match leg {
        Leg::Identity => "identity",
        Leg::Result => "result",
    }
}

/// By chance, not counted: a server that lost its last writings would count the same numbers again.
fn revision() -> Result<Revision, StoreError> {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).map_err(|_| StoreError::Unreadable)?;
    Ok(Revision(u64::from_be_bytes(bytes)))
}

/// Milliseconds to live, as the relay's clock counts: the server's may be another. At least one, as the server wants it.
fn life(expires: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (expires - now).num_milliseconds().max(1)
}

fn read<T: redis::FromRedisValue>(value: Value) -> Result<T, StoreError> {
    from_redis_value(value).map_err(|_| StoreError::Unreadable)
}

fn number(value: Option<Value>) -> Result<i64, StoreError> {
    value.map_or(Err(StoreError::Unreadable), read)
}

impl fmt::Debug for ValkeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValkeyStore").finish_non_exhaustive()
    }
}

impl Drop for ValkeyStore {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Store for ValkeyStore {
    fn begin<'a>(&'a self, id: &'a SessionId, session: &'a Session, now: DateTime<Utc>, most: usize) -> Pending<'a, Begun> {
        Box::pin(self.begin(id, session, now, most))
    }

    fn session<'a>(&'a self, id: &'a SessionId) -> Pending<'a, Option<(Session, Revision)>> {
        Box::pin(self.read_session(id))
    }

    fn replace<'a>(&'a self, id: &'a SessionId, seen: Revision, change: Change, now: DateTime<Utc>) -> Pending<'a, bool> {
        Box::pin(self.replace(id, seen, change, now))
    }

    fn sealed<'a>(&'a self, id: &'a SessionId, leg: Leg) -> Pending<'a, Option<Bytes>> {
        Box::pin(self.read_sealed(id, leg))
    }

    fn by_state<'a>(&'a self, state: &'a Digest) -> Pending<'a, Option<SessionId>> {
        Box::pin(self.look_up(state_key(state)))
    }

    fn by_process<'a>(&'a self, process: &'a Digest) -> Pending<'a, Option<SessionId>> {
        Box::pin(self.look_up(process_key(process)))
    }

    fn see<'a>(
        &'a self,
        code: &'a Digest,
        id: &'a SessionId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
        most: usize,
    ) -> Pending<'a, Option<SeenFor>> {
        Box::pin(self.see_code(code, id, until, now, most))
    }

    fn by_code<'a>(&'a self, code: &'a Digest) -> Pending<'a, Option<SeenFor>> {
        Box::pin(self.look_up_code(code))
    }

    fn forget<'a>(&'a self, id: &'a SessionId) -> Pending<'a, ()> {
        Box::pin(self.drop_session(id))
    }

    fn sweep(&self, now: DateTime<Utc>) -> Pending<'_, usize> {
        Box::pin(self.sweep_all(now))
    }

    fn wakes(&self) -> broadcast::Receiver<Wake> {
        self.wakes.subscribe()
    }
}
