//! That records were shown to somebody: a line in the ledger before anything is on the screen, and one behind it with how
//! long. Both say which kinds of records, and never a value.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Act, Vault, VaultError, codec, ledger};
use crate::base::PersonId;

/// What is going to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToShow {
    /// Whose records.
    pub person: PersonId,
    /// For which occasion, by its id; none for a choice of one's own.
    pub occasion: Option<String>,
    /// Which kinds of records, by id: sections and quantities. Never a value.
    pub items: Vec<String>,
    /// Whether what is sensitive is shown too.
    pub sensitive: bool,
    /// After how many minutes it is to end, where that was chosen.
    pub minutes: Option<u32>,
}

/// One showing that has begun. Given back to [`Vault::end_showing`]; it cannot be copied, so that none ends twice.
#[derive(Debug, PartialEq, Eq)]
pub struct Showing {
    person: PersonId,
    begun: DateTime<Utc>,
}

impl Showing {
    /// Since when.
    pub const fn begun(&self) -> DateTime<Utc> {
        self.begun
    }

    /// The showing that a shell noted the beginning of, where it could not keep the value itself.
    pub const fn of(person: PersonId, begun: DateTime<Utc>) -> Self {
        Self { person, begun }
    }
}

#[derive(Serialize)]
struct Begun<'a> {
    person: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    occasion: Option<&'a str>,
    items: &'a [String],
    sensitive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<u32>,
}

#[derive(Serialize)]
struct Ended {
    person: String,
    seconds: i64,
}

impl Vault {
    /// Writes down that records are shown from now on. Nothing is shown to anybody before this has returned: a program that
    /// is killed while it shows has left this line.
    ///
    /// # Errors
    /// `PresenceNeeded`; `NotFound` for nobody of this vault; `Locked`; `NoSpace`. A vault that was opened to rescue its content
    /// takes no line, and what can be read may be shown.
    pub fn begin_showing(&self, what: &ToShow, now: DateTime<Utc>) -> Result<Showing, VaultError> {
        self.require_presence(now)?;
        self.person(what.person)?;
        let detail = Begun {
            person: what.person.to_string(),
            occasion: what.occasion.as_deref(),
            items: &what.items,
            sensitive: what.sensitive,
            minutes: what.minutes,
        };
        self.note_showing(Act::Shown, &detail, now)?;
        Ok(Showing { person: what.person, begun: now })
    }

    /// Writes down that a showing is over, and how many seconds it was.
    ///
    /// # Errors
    /// `Locked`; `NoSpace`.
    #[expect(clippy::needless_pass_by_value, reason = "a showing that is over cannot be ended again")]
    pub fn end_showing(&self, showing: Showing, now: DateTime<Utc>) -> Result<(), VaultError> {
        let Showing { person, begun } = showing;
        let seconds = now.signed_duration_since(begun).num_seconds().max(0);
        self.note_showing(Act::ShowingEnded, &Ended { person: person.to_string(), seconds }, now)
    }

    fn note_showing(&self, act: Act, detail: &impl Serialize, now: DateTime<Utc>) -> Result<(), VaultError> {
        let detail = String::from_utf8(codec::encode(detail)?).map_err(|_| VaultError::Codec)?;
        match self.write(|tx| ledger::append(tx, now, act, Some(&detail)).map(drop)) {
            Err(VaultError::ReadOnly) => Ok(()),
            result => result,
        }
    }
}
