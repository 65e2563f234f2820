//! Fetching from Mynaportal: asking for consent item by item, then one fetch in steps that the shell drives.
//!
//! The shell loops on a thread of its own and stops by not calling; the vault holds what is needed to go on, also after the
//! process has ended in the middle.

mod ask;
mod session;
mod state;

pub use ask::{ActsAs, ConsentAnswered, ConsentItem, ConsentQuestion, ConsentView, FetchWish, ReturnTo};
pub use session::SyncSession;
pub use state::{DigestView, FetchState, FetchStep};

use std::sync::Arc;

use techo_core::{
    consent::{ConsentId, Item},
    present,
    sync::{Profile, Return, Unfinished, resume_sync, unfinished},
};

use crate::{
    Language, TechoError, Vault,
    redacted::redacted,
    room::now,
    words::{instant, time_text},
};

/// Something that can be asked for.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ItemName {
    /// The public id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A fetch that has not ended.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct UnfinishedFetch {
    /// The id of its consent.
    pub id: String,
    /// Whose data.
    pub person_name: String,
    /// When it began, for the screen.
    pub begun_text: String,
    /// Until when the browser and the relay can go on with it: UTC, RFC 3339.
    pub expires: String,
    /// In one sentence.
    pub text: String,
}

redacted!(ItemName, UnfinishedFetch);

/// *Instant.* Everything that can be asked for, in the order in which it is shown.
#[uniffi::export]
pub fn fetch_items(language: Language) -> Vec<ItemName> {
    let language: present::Language = language.into();
    let name = |item: &Item| ItemName { id: item.id().to_owned(), name: language.pick(item.japanese(), item.english()).to_owned() };
    Item::ALL.iter().map(name).collect()
}

#[uniffi::export]
impl Vault {
    /// *Quick.* The fetches that have not ended: the process was ended in the middle of them, or the person stopped.
    pub fn unfinished(&self) -> Result<Vec<UnfinishedFetch>, TechoError> {
        let names = self.room.names()?;
        let told = |left: Unfinished| {
            let (person_name, begun_text) = (names.name(left.subject), time_text(left.begun));
            UnfinishedFetch {
                id: left.id.to_string(),
                text: present::unfinished_text(&person_name, &begun_text, self.room.language()),
                person_name,
                begun_text,
                expires: instant(left.expires),
            }
        };
        Ok(unfinished(&self.room.vault)?.into_iter().map(told).collect())
    }

    /// *Quick.* Goes on with a fetch where it was left; a browser that is out comes back to where it was told. `profile` is the TOML of
    /// the relay it began with.
    ///
    /// `NotFound` where it has ended; `OtherRelay`.
    pub fn resume_fetch(&self, profile: String, id: String) -> Result<Arc<SyncSession>, TechoError> {
        let (profile, id): (Profile, ConsentId) = (read_profile(&profile)?, id.parse()?);
        let left = unfinished(&self.room.vault)?.into_iter().find(|left| left.id == id).ok_or(TechoError::NotFound)?;
        let session = resume_sync(&self.room.vault, id, &profile, left.back.unwrap_or(Return::AppLink), now())?;
        SyncSession::of(&self.room, session, &profile)
    }
}

/// The profile of a relay. Of what is wrong with it only the field is told.
pub(crate) fn read_profile(text: &str) -> Result<Profile, TechoError> {
    Profile::read(text).map_err(|bad| {
        let bad = bad.to_string();
        TechoError::BadProfile { field: bad.split_once(':').map_or("profile", |(field, _)| field).to_owned() }
    })
}
