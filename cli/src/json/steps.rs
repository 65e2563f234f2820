//! The JSON lines of `fetch`: one for each step, told by its first field.

use serde::Serialize;

use super::{RefusedLine, WishLine};

/// What is asked for, before anything is answered.
#[derive(Debug, Serialize)]
pub(crate) struct RequestStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) person: &'a str,
    pub(crate) basis: &'a str,
    pub(crate) actor: Option<&'a str>,
    pub(crate) purpose: &'a str,
    pub(crate) items: Vec<WishLine<'a>>,
    pub(crate) operator: &'a str,
    pub(crate) contact: &'a str,
    pub(crate) services: &'a [String],
    /// Items that come back beyond the choice, and are cut.
    pub(crate) surplus: Vec<&'a str>,
    /// Seconds the relay may keep the answer, sealed.
    pub(crate) relay_seconds: u32,
}

/// What was answered.
#[derive(Debug, Serialize)]
pub(crate) struct AnswerStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) granted: Vec<&'a str>,
    pub(crate) declined: Vec<&'a str>,
    pub(crate) services: &'a [String],
    pub(crate) surplus: Vec<&'a str>,
}

/// The consent is spent: the fetch has begun, or goes on.
#[derive(Debug, Serialize)]
pub(crate) struct BegunStep<'a> {
    /// `started` or `resumed`.
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) rounds: u16,
    pub(crate) expires: String,
}

/// A fetch that was left unfinished.
#[derive(Debug, Serialize)]
pub(crate) struct UnfinishedStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) person: &'a str,
    pub(crate) begun: String,
    pub(crate) expires: String,
}

/// How far it is.
#[derive(Debug, Serialize)]
pub(crate) struct AtStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) round: u16,
    pub(crate) rounds: u16,
    /// `beginning`, `identity`, `comparing`, `authorization`, `waiting`, `taking` or `filing`.
    pub(crate) at: &'a str,
}

/// An address to open in the browser.
#[derive(Debug, Serialize)]
pub(crate) struct BrowseStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) round: u16,
    pub(crate) rounds: u16,
    /// `identity` or `authorization`.
    pub(crate) leg: &'a str,
    pub(crate) url: &'a str,
}

/// An address came back that is not the one the fetch waits for; it waits on.
#[derive(Debug, Serialize)]
pub(crate) struct ForeignStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
}

/// A question to the person.
#[derive(Debug, Serialize)]
pub(crate) struct QuestionStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    /// What `--answers` calls it: `person` or `digits`.
    pub(crate) asked: &'a str,
    pub(crate) text: &'a str,
}

/// A pause.
#[derive(Debug, Serialize)]
pub(crate) struct WaitStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) seconds: u32,
    /// `no_answer` or `busy`.
    pub(crate) why: &'a str,
}

/// What the fetch came to.
#[derive(Debug, Serialize)]
pub(crate) struct DoneStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) documents: Vec<String>,
    pub(crate) known_documents: Vec<String>,
    pub(crate) new: u32,
    pub(crate) already_here: u32,
    pub(crate) changed: Vec<ChangedLine>,
    pub(crate) refused: Vec<RefusedLine>,
    pub(crate) groups: Vec<GroupLine<'a>>,
    pub(crate) missing: Option<MissingLine<'a>>,
}

/// A value that the source states otherwise now.
#[derive(Debug, Serialize)]
pub(crate) struct ChangedLine {
    pub(crate) title: String,
    pub(crate) date: Option<String>,
    pub(crate) new: String,
    pub(crate) new_value: Option<String>,
    pub(crate) old: String,
    pub(crate) old_value: Option<String>,
}

/// A group of the answer.
#[derive(Debug, Serialize)]
pub(crate) struct GroupLine<'a> {
    pub(crate) name: &'a str,
    pub(crate) item: &'a str,
    pub(crate) returned: u32,
    pub(crate) kept: u32,
}

/// What was consented to and did not come.
#[derive(Debug, Serialize)]
pub(crate) struct MissingLine<'a> {
    pub(crate) items: Vec<&'a str>,
    pub(crate) reason: &'a str,
}

/// The fetch ended, and nothing was taken in.
#[derive(Debug, Serialize)]
pub(crate) struct EndedStep<'a> {
    pub(crate) step: &'a str,
    pub(crate) consent: String,
    pub(crate) reason: &'a str,
    pub(crate) code: Option<&'a str>,
}
