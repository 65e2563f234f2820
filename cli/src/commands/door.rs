//! Opening the vault: with the passphrase that was given and nothing else, or with the keystore, or by asking.

use techo_core::{
    base::Passphrase,
    intake,
    vault::{SlotKind, Unlock, Vault, VaultError},
};

use super::now;
use crate::{
    Session,
    exit::{Exit, Failure},
    keystore::{self, Recalled},
    secret,
    terminal::plain,
    words::{Word, say},
};

/// Opens the vault, once it adds up to its anchor: a command ends before a check in the background could speak up. With
/// `--rescue` a vault that cannot be proven is opened for reading.
pub(super) fn open(session: &Session) -> Result<Vault, Failure> {
    open_then(session, |_, _| Ok(()))
}

/// Opens the vault for what asks for the person's presence: whoever gave the passphrase is here. The keystore opens the
/// vault for anybody at this desk, so that after it the passphrase is asked for.
pub(super) fn open_present(session: &Session) -> Result<Vault, Failure> {
    let vault = open_then(session, |vault, passphrase| match passphrase {
        Some(passphrase) if is_absent(vault)? => vault.confirm_presence(Unlock::Passphrase(passphrase), now()),
        _ => Ok(()),
    })?;
    still_present(session, &vault)?;
    Ok(vault)
}

/// Asks for the passphrase where the person's presence was not confirmed, or too long ago.
pub(super) fn still_present(session: &Session, vault: &Vault) -> Result<(), Failure> {
    if is_absent(vault)? {
        let passphrase = secret::asked(Word::AskPresence, session.language).map_err(|_| Exit::PresenceNeeded)?;
        vault.confirm_presence(Unlock::Passphrase(&passphrase), now())?;
    }
    Ok(())
}

fn is_absent(vault: &Vault) -> Result<bool, VaultError> {
    match vault.require_presence(now()) {
        Err(VaultError::PresenceNeeded) => Ok(true),
        other => other.map(|()| false),
    }
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

/// Opens the vault and does `then`, with the passphrase where it was one that opened.
fn open_then(session: &Session, then: impl Fn(&Vault, Option<&Passphrase>) -> Result<(), VaultError>) -> Result<Vault, Failure> {
    let rescue = std::cell::Cell::new(false);
    let opened = open_by(session, |unlock| {
        let passphrase = passphrase_of(&unlock);
        let opened = Vault::open(&session.vault, unlock).and_then(|vault| vault.await_check().map(|()| vault));
        if let Ok(vault) = &opened {
            // What an older program or a command that was stopped left to be worked out. It opens without it, too.
            intake::reconcile(vault).ok();
        }
        rescue.set(session.rescue && opened.as_ref().is_err_and(is_unproven));
        opened.and_then(|vault| then(&vault, passphrase).map(|()| vault))
    });
    if !rescue.get() {
        return opened;
    }
    let vault = open_by(session, |unlock| {
        let passphrase = passphrase_of(&unlock);
        Vault::open_for_rescue(&session.vault, unlock).and_then(|vault| then(&vault, passphrase).map(|()| vault))
    })?;
    if !session.json {
        crate::note(&say(Word::RescueNote, session.language, &[]));
    }
    Ok(vault)
}

const fn passphrase_of<'a>(unlock: &Unlock<'a>) -> Option<&'a Passphrase> {
    if let Unlock::Passphrase(passphrase) = unlock { Some(*passphrase) } else { None }
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
