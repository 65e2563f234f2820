//! What the redirect page sees: a browser that brings a code for a session. Nothing is sent on here; but whose code it is
//! becomes known, so that whoever stole it from the browser's address cannot bring it for a session of their own.

use techo_protocol::{Digest, message::Return};

use super::{Seen, Service, tag};
use crate::{
    config::delta,
    store::{Change, SeenFor, Session, StoreError},
};

/// Codes of one session that are remembered: two legs, and each may be logged into again.
const CODES: usize = 6;

impl Service {
    /// Where the browser goes back to, by its state. The code it brings becomes the session's; none of it is consumed. None
    /// where there is no such session, and where the code is another session's.
    pub(crate) async fn back(&self, state: &str, code: Option<&str>) -> Result<Option<Return>, StoreError> {
        let digest = Digest::of(state.as_bytes());
        let Some(id) = self.asked(self.store.by_state(&digest)).await? else { return Ok(None) };
        let Some(seen) = self.live(id).await? else { return Ok(None) };
        let back = seen.session.start.back;
        let is_good = match code {
            Some(code) => self.note(seen, Digest::of(code.as_bytes())).await?,
            None => true,
        };
        Ok(is_good.then_some(back))
    }

    /// Writes down that a browser brought this code for this session. False where it may not count for it.
    async fn note(&self, mut seen: Seen, code: Digest) -> Result<bool, StoreError> {
        let id = seen.id;
        loop {
            if seen.session.codes.contains(&code) {
                return Ok(true);
            }
            if seen.session.codes.len() >= CODES {
                return Ok(false);
            }
            let now = self.now();
            // It may be stolen after its session has ended without spending it.
            let until = seen.session.expires.max(now + delta(self.limits.life));
            let most = self.limits.sessions.saturating_mul(CODES);
            if self.asked(self.store.see(&code, &id, until, now, most)).await? != Some(SeenFor::One(id)) {
                tracing::warn!(session = tag(&id), "a code of another session, or too many codes");
                return Ok(false);
            }
            let codes = seen.session.codes.iter().copied().chain([code]).collect();
            if self.replace(&seen, Change::of(Session { codes, ..seen.session.clone() })).await? {
                return Ok(true);
            }
            let Some(again) = self.live(id).await? else { return Ok(false) };
            seen = again;
        }
    }

    /// Whether a code may be brought for this session. No browser may have brought it for another one. Where the browser
    /// must have come through the redirect page to reach the app, the page must have seen it.
    pub(super) async fn is_own(&self, seen: &Seen, code: &str) -> Result<bool, StoreError> {
        let code = Digest::of(code.as_bytes());
        let is_elsewhere = match self.asked(self.store.by_code(&code)).await? {
            Some(SeenFor::One(id)) => id != seen.id,
            Some(SeenFor::Several) => true,
            None => false,
        };
        let is_seen = match seen.session.start.back {
            Return::Loopback { .. } => seen.session.codes.contains(&code),
            Return::AppLink => true,
        };
        Ok(is_seen && !is_elsewhere)
    }
}
