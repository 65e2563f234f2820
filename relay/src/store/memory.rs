//! Sessions in this process: nothing is left of them when it ends. Several relays of one process can share it, as tests do.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use techo_protocol::{Digest, SessionId, seal::Leg};
use tokio::sync::broadcast;

use super::{Begun, Change, Pending, Revision, SeenFor, Session, Store, Wake};

/// Wakes that a relay may be behind before it is told to look at everything.
const WAKES: usize = 4096;

/// A [`Store`] in memory.
pub struct MemoryStore {
    held: Mutex<Held>,
    wakes: broadcast::Sender<Wake>,
}

#[derive(Default)]
struct Held {
    sessions: HashMap<SessionId, Kept>,
    states: HashMap<Digest, SessionId>,
    processes: HashMap<Digest, SessionId>,
    /// What expires when, so that a sweep touches only what it drops.
    expiries: BTreeSet<(DateTime<Utc>, SessionId)>,
    codes: HashMap<Digest, SeenFor>,
    code_expiries: BTreeSet<(DateTime<Utc>, Digest)>,
    writings: u64,
}

struct Kept {
    session: Session,
    revision: Revision,
    sealed: HashMap<Leg, Bytes>,
    process: Option<Digest>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty one.
    pub fn new() -> Self {
        Self { held: Mutex::default(), wakes: broadcast::channel(WAKES).0 }
    }

    /// All bytes it holds, as they would lie on a disk: for tests that search them.
    pub fn dump(&self) -> Vec<u8> {
        let held = self.held();
        let mut all = Vec::new();
        for (id, kept) in &held.sessions {
            all.extend_from_slice(id.as_bytes());
            all.extend(serde_json::to_vec(&kept.session).unwrap_or_default());
            all.extend(kept.sealed.values().flatten());
        }
        for digest in held.states.keys().chain(held.processes.keys()).chain(held.codes.keys()) {
            all.extend_from_slice(digest.as_bytes());
        }
        all
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Nothing in here panics half-way through a change.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self, id: &SessionId) {
        // An error says that nobody listens.
        let _ = self.wakes.send(Wake::Session(*id));
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("sessions", &self.held().sessions.len()).finish_non_exhaustive()
    }
}

impl Held {
    fn revision(&mut self) -> Revision {
        self.writings += 1;
        Revision(self.writings)
    }

    fn sweep(&mut self, now: DateTime<Utc>) {
        while let Some(&(expires, id)) = self.expiries.first()
            && expires <= now
        {
            self.forget(&id);
        }
        while let Some(&(until, code)) = self.code_expiries.first()
            && until <= now
        {
            self.code_expiries.pop_first();
            self.codes.remove(&code);
        }
    }

    fn see(&mut self, code: &Digest, id: &SessionId, until: DateTime<Utc>, now: DateTime<Utc>, most: usize) -> Option<SeenFor> {
        self.sweep(now);
        if let Some(seen) = self.codes.get_mut(code) {
            if *seen != SeenFor::One(*id) {
                *seen = SeenFor::Several;
            }
            return Some(*seen);
        }
        if self.codes.len() >= most {
            return None;
        }
        self.codes.insert(*code, SeenFor::One(*id));
        self.code_expiries.insert((until, *code));
        Some(SeenFor::One(*id))
    }

    fn forget(&mut self, id: &SessionId) -> bool {
        let Some(kept) = self.sessions.remove(id) else { return false };
        self.expiries.remove(&(kept.session.expires, *id));
        self.states.remove(&kept.session.start.identity_state);
        self.states.remove(&kept.session.start.authorization_state);
        if let Some(process) = kept.process {
            self.processes.remove(&process);
        }
        true
    }

    fn begin(&mut self, id: &SessionId, session: &Session, now: DateTime<Utc>, most: usize) -> Begun {
        self.sweep(now);
        if let Some(kept) = self.sessions.get(id) {
            return Begun::There(kept.session.clone());
        }
        let states = [session.start.identity_state, session.start.authorization_state];
        if states.iter().any(|state| self.states.contains_key(state)) {
            return Begun::Clash;
        }
        if self.sessions.len() >= most {
            return Begun::Full;
        }
        let revision = self.revision();
        self.states.extend(states.map(|state| (state, *id)));
        self.expiries.insert((session.expires, *id));
        self.sessions.insert(*id, Kept { session: session.clone(), revision, sealed: HashMap::new(), process: None });
        Begun::New
    }

    fn replace(&mut self, id: &SessionId, seen: Revision, change: Change) -> bool {
        let revision = self.revision();
        let Some(kept) = self.sessions.get_mut(id).filter(|kept| kept.revision == seen) else { return false };
        self.expiries.remove(&(kept.session.expires, *id));
        self.expiries.insert((change.session.expires, *id));
        kept.session = change.session;
        kept.revision = revision;
        if let Some(leg) = change.unseal {
            kept.sealed.remove(&leg);
        }
        kept.sealed.extend(change.seal);
        if let Some(process) = change.process {
            self.processes.insert(process, *id);
            if let Some(before) = kept.process.replace(process).filter(|before| *before != process) {
                self.processes.remove(&before);
            }
        }
        true
    }
}

impl Store for MemoryStore {
    fn begin<'a>(&'a self, id: &'a SessionId, session: &'a Session, now: DateTime<Utc>, most: usize) -> Pending<'a, Begun> {
        Box::pin(ready(Ok(self.held().begin(id, session, now, most))))
    }

    fn session<'a>(&'a self, id: &'a SessionId) -> Pending<'a, Option<(Session, Revision)>> {
        Box::pin(ready(Ok(self.held().sessions.get(id).map(|kept| (kept.session.clone(), kept.revision)))))
    }

    fn replace<'a>(&'a self, id: &'a SessionId, seen: Revision, change: Change, _now: DateTime<Utc>) -> Pending<'a, bool> {
        let is_written = self.held().replace(id, seen, change);
        if is_written {
            self.wake(id);
        }
        Box::pin(ready(Ok(is_written)))
    }

    fn sealed<'a>(&'a self, id: &'a SessionId, leg: Leg) -> Pending<'a, Option<Bytes>> {
        Box::pin(ready(Ok(self.held().sessions.get(id).and_then(|kept| kept.sealed.get(&leg).cloned()))))
    }

    fn by_state<'a>(&'a self, state: &'a Digest) -> Pending<'a, Option<SessionId>> {
        Box::pin(ready(Ok(self.held().states.get(state).copied())))
    }

    fn by_process<'a>(&'a self, process: &'a Digest) -> Pending<'a, Option<SessionId>> {
        Box::pin(ready(Ok(self.held().processes.get(process).copied())))
    }

    fn see<'a>(
        &'a self,
        code: &'a Digest,
        id: &'a SessionId,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
        most: usize,
    ) -> Pending<'a, Option<SeenFor>> {
        Box::pin(ready(Ok(self.held().see(code, id, until, now, most))))
    }

    fn by_code<'a>(&'a self, code: &'a Digest) -> Pending<'a, Option<SeenFor>> {
        Box::pin(ready(Ok(self.held().codes.get(code).copied())))
    }

    fn forget<'a>(&'a self, id: &'a SessionId) -> Pending<'a, ()> {
        if self.held().forget(id) {
            self.wake(id);
        }
        Box::pin(ready(Ok(())))
    }

    fn sweep(&self, now: DateTime<Utc>) -> Pending<'_, usize> {
        let mut held = self.held();
        held.sweep(now);
        Box::pin(ready(Ok(held.sessions.len())))
    }

    fn wakes(&self) -> broadcast::Receiver<Wake> {
        self.wakes.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::conformance, *};

    #[tokio::test]
    async fn the_memory_store_does_what_every_store_must() {
        conformance::check(|| async { MemoryStore::new() }).await;
    }
}
