//! What the objects of the surface share: the open vault and the language it speaks.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};
use techo_core::{base::PersonId, present, record::Person, vault};
use tempfile::TempDir;

use crate::{TechoError, words::Language};

/// An open vault and how it speaks.
pub(crate) struct Room {
    pub(crate) vault: vault::Vault,
    language: Mutex<present::Language>,
    is_locked: AtomicBool,
    /// Where a throw-away vault lies: gone with the lock.
    throw_away: Mutex<Option<TempDir>>,
}

impl Room {
    pub(crate) fn new(vault: vault::Vault, language: Language) -> Self {
        Self { vault, language: Mutex::new(language.into()), is_locked: AtomicBool::new(false), throw_away: Mutex::default() }
    }

    /// A vault that nobody opens again. Its directory goes when it is locked.
    pub(crate) fn of_throw_away(vault: vault::Vault, directory: TempDir, language: Language) -> Self {
        Self { throw_away: Mutex::new(Some(directory)), ..Self::new(vault, language) }
    }

    pub(crate) fn language(&self) -> present::Language {
        *self.language.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn speak(&self, language: Language) {
        *self.language.lock().unwrap_or_else(PoisonError::into_inner) = language.into();
    }

    /// Known beside the vault, whose own mutex may be held by long work.
    pub(crate) fn is_locked(&self) -> bool {
        self.is_locked.load(Ordering::SeqCst)
    }

    pub(crate) fn lock(&self) {
        self.is_locked.store(true, Ordering::SeqCst);
        self.vault.lock();
        let throw_away = self.throw_away.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(directory) = throw_away {
            // What is left of it can be read by nobody: its key is gone.
            directory.close().ok();
        }
    }

    /// Everybody's names, for the lists.
    pub(crate) fn names(&self) -> Result<Names, TechoError> {
        Ok(Names(self.vault.people()?))
    }
}

/// The people of the vault by id.
pub(crate) struct Names(Vec<Person>);

impl Names {
    /// The name; empty where the person was erased.
    pub(crate) fn name(&self, id: PersonId) -> String {
        self.0.iter().find(|person| person.id == id).map(|person| person.name.clone()).unwrap_or_default()
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}
