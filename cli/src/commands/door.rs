//! Opening the vault: with the passphrase that was given and nothing else, or with the keystore, or by asking.

use techo_core::vault::{SlotKind, Unlock, Vault, VaultError};

use crate::{
    Session,
    exit::Failure,
    keystore::{self, Recalled},
    secret,
    terminal::plain,
    words::{Word, say},
};

/// Opens the vault, once it adds up to its anchor: a command ends before a check in the background could speak up. With
/// `--rescue` a vault that cannot be proven is opened for reading.
pub(super) fn open(session: &Session) -> Result<Vault, Failure> {
    with_key(session, |unlock| {
        let opened = Vault::open(&session.vault, unlock).and_then(|vault| vault.await_check().map(|()| vault));
        match opened {
            Err(error) if session.rescue && is_unproven(&error) => Err(Step::Rescue),
            other => other.map_err(Step::Failed),
        }
    })
}

/// Opens the vault for a purpose of its own (`accept-loss`), by the same keys.
pub(super) fn open_by<T>(session: &Session, open: impl Fn(Unlock<'_>) -> Result<T, VaultError>) -> Result<T, Failure> {
    let file = session.passphrase_file.as_deref();
    if let Some(passphrase) = secret::given(file, session.language)? {
        return Ok(open(Unlock::Passphrase(&passphrase))?);
    }
    let has_device_slot = Vault::slot_kinds(&session.vault)?.contains(&SlotKind::Device);
    if has_device_slot && let Recalled::Secret(device) = keystore::recall(&keystore_name(session)) {
        match open(Unlock::Device(&device)) {
            // A vault restored in the place of another has another secret; then the passphrase decides.
            Err(VaultError::WrongKey) => {}
            other => return Ok(other?),
        }
    }
    let passphrase = secret::asked(Word::AskPassphrase, session.language)?;
    Ok(open(Unlock::Passphrase(&passphrase))?)
}

enum Step {
    Rescue,
    Failed(VaultError),
}

fn with_key(session: &Session, open: impl Fn(Unlock<'_>) -> Result<Vault, Step>) -> Result<Vault, Failure> {
    let rescue = std::cell::Cell::new(false);
    let opened = open_by(session, |unlock| match open(unlock) {
        Ok(vault) => Ok(vault),
        Err(Step::Failed(error)) => Err(error),
        Err(Step::Rescue) => {
            rescue.set(true);
            Err(VaultError::VaultUnproven)
        }
    });
    if !rescue.get() {
        return opened;
    }
    let vault = open_by(session, |unlock| Vault::open_for_rescue(&session.vault, unlock))?;
    if !session.json {
        crate::note(&say(Word::RescueNote, session.language, &[]));
    }
    Ok(vault)
}

const fn is_unproven(error: &VaultError) -> bool {
    matches!(error, VaultError::VaultDamaged | VaultError::VaultRolledBack { .. } | VaultError::VaultForked | VaultError::VaultUnproven)
}

/// What the keystore knows this vault by: the directory's canonical path, where it exists already.
pub(super) fn keystore_name(session: &Session) -> String {
    session.vault.canonicalize().unwrap_or_else(|_| session.vault.clone()).display().to_string()
}

/// Says which secret files other users can read.
pub(super) fn warn_open_files<'a>(session: &Session, files: impl IntoIterator<Item = Option<&'a std::path::PathBuf>>) {
    for file in secret::readable_by_others(files) {
        crate::note(&say(Word::FileIsOpenToOthers, session.language, &[("file", &plain(&file.display().to_string()))]));
    }
}
