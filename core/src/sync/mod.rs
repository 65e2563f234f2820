//! Floor 5: one fetch. Spends a grant, drives the conversation round by round, keeps what is sealed in the vault before
//! the relay is told to forget it, cuts what nobody consented to, files the rest through intake in one transaction, and
//! writes the one receipt. Knows no HTTP: what is to be sent is a value, and somebody else carries it.
//!
//! Being put to sleep in the middle is the usual case: after every call the vault holds all that is needed to go on.

mod error;
mod filing;
mod judge;
mod session;
mod start;
mod step;
mod trim;

pub use error::SyncError;
pub use session::SyncSession;
pub use start::{Unfinished, farewell, resume_sync, start_sync, unfinished};
pub use step::SyncStep;

pub use crate::{
    intake::{Changed, Digest, GroupCount, Missing},
    portal::{Delay, Doubt, End, Exchange, Leg, Method, Milestone, Profile, Question, Reply, Return, Trouble},
};
pub use techo_protocol::message::LOOPBACK_PATH;
