//! Where a fetch is, in words.

use techo_core::{
    present,
    sync::{self, End, Question, SyncStep},
};

use crate::{TechoError, redacted::redacted, room::Room, words::instant};

/// Where a fetch is.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FetchState {
    /// Which round, counted from 1.
    pub round: u16,
    /// How many there are; each needs the card.
    pub rounds: u16,
    /// Which of how many, where there are several.
    pub round_text: Option<String>,
    /// How far it is, in one line.
    pub milestone_text: String,
    /// Until when the browser and the relay can go on with it: UTC, RFC 3339.
    pub expires: String,
    /// What is needed next.
    pub step: FetchStep,
}

/// What is needed next.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum FetchStep {
    /// Call `advance`.
    Exchange,
    /// Open this in the system's browser, and give the address it comes back with to `came_back`.
    Browse {
        /// The address, for the browser only: it holds this leg's secret.
        url: String,
        /// What the person does there.
        text: String,
    },
    /// Ask the person, and give the answer to `decide`.
    Confirm {
        /// `digits` or `person`.
        question_id: String,
        /// The question.
        text: String,
    },
    /// Wait so long, then call `advance`.
    Wait {
        /// Seconds.
        seconds: u32,
        /// Why.
        text: String,
    },
    /// What was consented to is filed.
    Done {
        /// What it came to.
        digest: DigestView,
    },
    /// Nothing was filed.
    Ended {
        /// The public id of how it ended, for example `not_you`.
        kind: String,
        /// What happened.
        what: String,
        /// What to do.
        todo: String,
        /// It was the person who stopped it.
        was_cancelled: bool,
    },
}

/// What a fetch came to.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct DigestView {
    /// The sum, in one line.
    pub sum: String,
    /// Values that the source states otherwise now; the old ones are kept. At most 100.
    pub changed: Vec<String>,
    /// What was cut before anything was filed.
    pub cut: Vec<String>,
    /// What could not be taken, each with its place. At most 100.
    pub refused: Vec<String>,
    /// What did not come, why, and what to do.
    pub missing: Option<String>,
}

redacted!(FetchState, FetchStep, DigestView);

impl FetchState {
    /// The state of a session in words.
    pub(crate) fn of(room: &Room, session: &sync::SyncSession) -> Result<Self, TechoError> {
        let language = room.language();
        let (round, rounds) = session.rounds();
        Ok(Self {
            round,
            rounds,
            round_text: present::round_text(round, rounds, language),
            milestone_text: present::milestone_text(session.milestone(), language).to_owned(),
            expires: instant(session.expires()),
            step: FetchStep::of(room, session)?,
        })
    }
}

impl FetchStep {
    fn of(room: &Room, session: &sync::SyncSession) -> Result<Self, TechoError> {
        let language = room.language();
        Ok(match session.step() {
            SyncStep::Exchange(_) => Self::Exchange,
            SyncStep::Browse { leg, url, .. } => {
                Self::Browse { url: url.to_string(), text: present::browse_text(*leg, language).to_owned() }
            }
            SyncStep::Confirm(question) => {
                let subject = room.vault.fetch(session.id())?.permitted.request.subject;
                Self::Confirm {
                    question_id: question_id(question).to_owned(),
                    text: present::question_text(&room.vault, subject, question, language)?,
                }
            }
            SyncStep::Wait { seconds, why } => Self::Wait { seconds: *seconds, text: present::delay_text(*why, *seconds, language) },
            SyncStep::Done(digest) => {
                let view = present::digest(&room.vault, digest, language)?;
                let page = |mut lines: Vec<String>| {
                    lines.truncate(100);
                    lines
                };
                let digest = DigestView {
                    sum: view.sum,
                    changed: page(view.changed),
                    cut: page(view.cut),
                    refused: page(view.refused),
                    missing: view.missing,
                };
                Self::Done { digest }
            }
            SyncStep::Ended(end) => {
                let text = present::end_text(end, language);
                Self::Ended {
                    kind: end.id().to_owned(),
                    what: text.what,
                    todo: text.todo.to_owned(),
                    was_cancelled: matches!(end, End::Cancelled),
                }
            }
        })
    }
}

const fn question_id(question: &Question) -> &'static str {
    match question {
        Question::Digits { .. } => "digits",
        Question::Login { .. } | Question::Answer { .. } | Question::Unstated => "person",
    }
}
