//! `init`, `verify`, `accept-loss`, `recover` and `passphrase`: the keys and the soundness of the vault.

use techo_core::{
    base::{DeviceSecret, RecoveryCode},
    formats::health_card::KeySet,
    intake::reread,
    present,
    vault::{NewSlots, PersonRoot, Unlock, Vault, VaultError},
};

use super::{Names, door, now};
use crate::{
    Session, args,
    exit::{Exit, Failure},
    json, keystore, secret,
    terminal::{Mark, Page, ask, plain},
    words::{Word, say},
};

pub(super) fn init(session: &Session, arguments: &args::Init) -> Result<Exit, Failure> {
    door::warn_open_files(session, [session.passphrase_file.as_ref()]);
    let passphrase = secret::chosen(session.passphrase_file.as_deref(), true, session.language)?;
    let code = RecoveryCode::make().map_err(VaultError::from)?;
    let vault = Vault::create(&session.vault, &NewSlots { passphrase: Some(&passphrase), recovery: Some(&code), device: None })?;
    let keystore = use_keystore(session, &vault, arguments.no_keystore)?;
    if !session.json {
        session.print(&say(Word::VaultMade, session.language, &[("path", &plain(&session.vault.display().to_string()))]))?;
    }
    tell_new(session, &code, keystore)?;
    Ok(Exit::Done)
}

/// Lets the desktop's keystore open the vault, where there is one.
pub(super) fn use_keystore(session: &Session, vault: &Vault, unwanted: bool) -> Result<bool, Failure> {
    if unwanted {
        return Ok(false);
    }
    let device = DeviceSecret::make().map_err(VaultError::from)?;
    let name = door::keystore_name(session);
    if !keystore::remember(&name, &device) {
        return Ok(false);
    }
    if let Err(error) = vault.put_device_secret(&device) {
        keystore::forget(&name);
        return Err(error.into());
    }
    Ok(true)
}

/// Tells a new vault's recovery code, once.
pub(super) fn tell_new(session: &Session, code: &RecoveryCode, keystore: bool) -> Result<(), Failure> {
    let path = session.vault.display().to_string();
    let text = code.text();
    if session.json {
        return session.print(&json::line(&json::InitLine { vault: path, recovery_code: &text, keystore }));
    }
    session.print(Word::RecoveryCodeIs.text(session.language))?;
    session.print(&format!("\n    {}\n", &*text))?;
    session.print(if keystore { Word::KeystoreUsed } else { Word::KeystoreMissing }.text(session.language))
}

pub(super) fn verify(session: &Session) -> Result<Exit, Failure> {
    // Opened without waiting for the check in the background, which would say *that* something is wrong and not where.
    let vault = door::open_by(session, |unlock| Vault::open(&session.vault, unlock))?;
    let pages = vault.verify()?;
    let mut problems: Vec<String> = pages
        .problems
        .iter()
        .map(|problem| problem.page.map_or_else(|| problem.kind.id().to_owned(), |page| format!("page {page}: {}", problem.kind.id())))
        .collect();
    let (names, roots) = if pages.ok {
        problems.extend(vault.check_records()?);
        (Names::of(&vault)?, vault.roots()?)
    } else {
        // What a vault with such pages says of its records is worth nothing.
        (Names(Vec::new()), Vec::new())
    };
    let ok = problems.is_empty();
    let mut page = Page::open(session.surface);
    if session.json {
        let people = roots.iter().map(|root| names.root_line(root)).collect();
        session.line(&mut page, &json::line(&json::VerifyLine { ok, people, problems }))?;
    } else {
        let (mark, word) = if ok { (Mark::Good, Word::VerifyOk) } else { (Mark::Bad, Word::VerifyBad) };
        session.line(&mut page, &format!("{} {}", mark.shown(session.surface), word.text(session.language)))?;
        for root in &roots {
            session.line(&mut page, &root_text(session, &names, root))?;
        }
        for problem in &problems {
            session.line(&mut page, &format!("  {problem}"))?;
        }
    }
    session.finish(page)?;
    if !ok
        && !session.json
        && let Some(advice) = Exit::Damaged.advice(session.language)
    {
        crate::note(advice);
    }
    Ok(if ok { Exit::Done } else { Exit::Damaged })
}

/// A person's records and root in words.
pub(super) fn root_text(session: &Session, names: &Names, root: &PersonRoot) -> String {
    let places = [("name", plain(names.name(root.person))), ("records", root.records.to_string()), ("root", root.root.to_string())];
    let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    say(Word::RootOf, session.language, &places)
}

pub(super) fn accept_loss(session: &Session, arguments: &args::AcceptLoss) -> Result<Exit, Failure> {
    let kept = session.vault.display().to_string();
    let question = say(Word::AskAcceptLoss, session.language, &[("path", &plain(&kept))]);
    if !arguments.consent.yes && !ask(&question, session.language).unwrap_or(false) {
        return Err(Exit::Declined.into());
    }
    // A sound vault is no failure of ours, and there is nothing to do.
    let accepted = door::open_by(session, |unlock| match Vault::accept_loss(&session.vault, unlock, now()) {
        Err(VaultError::NothingLost) => Ok(None),
        other => other.map(Some),
    })?;
    let Some((vault, salvaged)) = accepted else {
        return Err(Failure::new(Exit::NothingFound, Word::NothingLost.text(session.language)));
    };
    // The originals are the truth: what they still say comes back from them.
    let again = reread(&vault, &KeySet::new(now().timestamp()))?;
    if !salvaged.incomplete.is_empty() && !session.json {
        crate::note(Word::SomewhatLost.text(session.language));
    }
    if session.json {
        session.print(&json::line(&json::DoneLine { done: "accept-loss" }))?;
    } else {
        session.print(&say(Word::LossAccepted, session.language, &[("rows", &salvaged.rows.to_string())]))?;
        if again.documents > 0 {
            let (documents, records) = (again.documents.to_string(), again.records.to_string());
            session.print(&say(Word::ReadAgain, session.language, &[("documents", &documents), ("records", &records)]))?;
        }
        let names = Names::of(&vault)?;
        for root in vault.roots()? {
            session.print(&root_text(session, &names, &root))?;
        }
    }
    Ok(Exit::Done)
}

pub(super) fn recover(session: &Session, arguments: &args::Recover) -> Result<Exit, Failure> {
    door::warn_open_files(session, [arguments.code_file.as_ref(), arguments.new_passphrase_file.as_ref()]);
    let code = secret::recovery_code(arguments.code_file.as_deref(), session.language)?;
    let vault = Vault::open(&session.vault, Unlock::Recovery(&code))?;
    let passphrase = secret::chosen(arguments.new_passphrase_file.as_deref(), true, session.language)?;
    vault.put_passphrase(&passphrase)?;
    done(session, "recover", Word::Recovered)
}

/// Makes a new kit; an earlier one opens nothing any more.
pub(super) fn kit(session: &Session) -> Result<Exit, Failure> {
    // Whoever the keystore let in could otherwise leave with a key of their own.
    let vault = door::open_present(session)?;
    let code = RecoveryCode::make().map_err(VaultError::from)?;
    vault.put_recovery_code(&code)?;
    let text = code.text();
    if session.json {
        session.print(&json::line(&json::KitLine { recovery_code: &text }))?;
        return Ok(Exit::Done);
    }
    let words = present::recovery_kit(session.language);
    session.print(words.title)?;
    session.print(&format!("\n    {}\n", &*text))?;
    words.lines.iter().try_for_each(|line| session.print(line))?;
    Ok(Exit::Done)
}

pub(super) fn passphrase(session: &Session, arguments: &args::Passphrase) -> Result<Exit, Failure> {
    door::warn_open_files(session, [session.passphrase_file.as_ref(), arguments.new_passphrase_file.as_ref()]);
    // Whoever the keystore let in could otherwise set a passphrase of their own and be present by it.
    let vault = door::open_present(session)?;
    let passphrase = secret::chosen(arguments.new_passphrase_file.as_deref(), false, session.language)?;
    vault.put_passphrase(&passphrase)?;
    done(session, "passphrase", Word::PassphraseChanged)
}

fn done(session: &Session, what: &str, word: Word) -> Result<Exit, Failure> {
    if session.json {
        session.print(&json::line(&json::DoneLine { done: what }))?;
    } else {
        session.print(word.text(session.language))?;
    }
    Ok(Exit::Done)
}
