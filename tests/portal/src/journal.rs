//! What happened at the stand-in, in order: which door was used, for which session, and what came of it. Tests read it
//! to see that something happened once, or was refused for the reason they expect. It holds no data and no token.

use std::sync::{Arc, Mutex, PoisonError};

/// A leg of a fetch in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leg {
    /// デジタル認証アプリ: who it is.
    Identity,
    /// マイナポータル: the consent to the items.
    Authorization,
}

/// Where somebody came to the stand-in, or the stand-in went to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Door {
    /// The pages of a leg.
    Pages(Leg),
    /// The token endpoint of a leg.
    Token(Leg),
    /// `userinfo` of デジタル認証アプリ.
    Userinfo,
    /// `certs` of デジタル認証アプリ.
    Certs,
    /// `request` of the portal.
    Request,
    /// The portal's call-back to the relay.
    Callback,
    /// `result` of the portal.
    Result,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused by the rules, for this reason.
    Refused(&'static str),
    /// It went wrong because a test ordered it.
    Ordered(&'static str),
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where.
    pub door: Door,
    /// The session's `state`, where it is known.
    pub session: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
}

/// All lines. A copy is the same journal.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Line>>>);

impl Journal {
    pub(crate) fn note(&self, door: Door, session: Option<&str>, outcome: Outcome) {
        let line = Line { door, session: session.map(str::to_owned), outcome };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Everything so far.
    pub fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often this happened at this door.
    pub fn count(&self, door: Door, outcome: Outcome) -> usize {
        self.lines().iter().filter(|line| line.door == door && line.outcome == outcome).count()
    }
}
