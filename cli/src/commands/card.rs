//! `card`: the emergency and disaster card: written, shown, switched, printed; and read without unlocking, where the person
//! allowed it and this computer has a keystore for its key.

use std::path::PathBuf;

use techo_core::{
    base::{DeviceSecret, PersonId},
    insight::card::{CardEntry, CardField, CardWords},
    intake::{Pen, PenError, Permissions, card_of, write_card},
    present::{self, CardView},
    record::{Author, Person, Relation},
    transfer,
    vault::{CardState, Vault, VaultError},
};

use super::{door, export, now, one_person};
use crate::{
    Session,
    args::Card,
    exit::{Exit, Failure, file_failure},
    json,
    keystore::{self, Recalled},
    terminal::plain,
    words::{Word, say},
};

pub(super) fn card(session: &Session, arguments: &Card) -> Result<Exit, Failure> {
    if arguments.locked {
        return locked(session, arguments);
    }
    let vault = if arguments.allow_without_unlocking { door::open_present(session)? } else { door::open(session)? };
    let person = one_person(&vault, arguments.person.as_deref(), session)?;
    if !arguments.set.is_empty() {
        write(session, &vault, &person, &arguments.set)?;
    }
    if arguments.off {
        erase(session, person.id)?;
        vault.set_card_state(person.id, CardState::Off, now())?;
    } else if arguments.allow_without_unlocking {
        let kept = keep(session, &vault, &person)?;
        // Where its line cannot be written, the card must not lie there either.
        if let Err(error) = vault.set_card_state(person.id, CardState::WithoutUnlocking, now()) {
            transfer::erase_card(&kept).ok();
            return Err(error.into());
        }
    } else if arguments.only_unlocked {
        erase(session, person.id)?;
        vault.set_card_state(person.id, CardState::AfterUnlock, now())?;
    } else if vault.card_state(person.id)? == CardState::WithoutUnlocking {
        // What the records say may have changed since.
        keep(session, &vault, &person)?;
    }
    let state = vault.card_state(person.id)?;
    if let Some(out) = &arguments.out {
        let view = made(session, &vault, &person)?;
        return print(session, &view, out);
    }
    if state == CardState::Off {
        return tell_state(session, state);
    }
    let view = made(session, &vault, &person)?;
    show(session, &view, state)
}

/// The card of today.
fn made(session: &Session, vault: &Vault, person: &Person) -> Result<CardView, Failure> {
    let entries = card_of(vault, person)?.map(|(_, entries)| entries).unwrap_or_default();
    if entries.is_empty() {
        return Err(Failure::new(Exit::NothingFound, Word::NoCard.text(session.language)));
    }
    let today = now().with_timezone(&chrono::Local).date_naive();
    Ok(present::card(vault, person.id, &entries, today, session.language)?)
}

/// Writes what was set: a field of the card each, and nothing behind the sign takes the field out.
fn write(session: &Session, vault: &Vault, person: &Person, set: &[String]) -> Result<(), Failure> {
    let mut entries = card_of(vault, person)?.map(|(_, entries)| entries).unwrap_or_default();
    for one in set {
        let known: Vec<&str> = CardField::ALL.iter().map(|field| field.id()).collect();
        let wrong =
            || Failure::new(Exit::Usage, say(Word::CardFieldUnknown, session.language, &[("field", one), ("known", &known.join(" "))]));
        let (name, text) = one.split_once('=').ok_or_else(wrong)?;
        let field = CardField::read(name).ok_or_else(wrong)?;
        entries.retain(|entry| entry.field != field);
        let words = match text.trim() {
            "" => continue,
            "@records" if field.has_records() => CardWords::FromRecords,
            own => CardWords::Own(own.to_owned()),
        };
        entries.push(CardEntry { field, words });
    }
    entries.sort_by_key(|entry| entry.field);
    let author = Author { name: person.name.clone(), relation: Relation::Myself };
    let today = now().with_timezone(&chrono::Local).date_naive();
    let pen = Pen { author: &author, now: now(), today, reason: None, may: Permissions::default() };
    match write_card(vault, person, &entries, pen) {
        Ok(_) | Err(PenError::NothingToUndo) => {}
        Err(PenError::Intake(error)) => return Err(Failure::refused(&error, session.language)),
        // A card has no form that could be filled in wrongly.
        Err(PenError::Form(_)) => return Err(Exit::Usage.into()),
    }
    if !entries.is_empty() && vault.card_state(person.id)? == CardState::Off {
        vault.set_card_state(person.id, CardState::AfterUnlock, now())?;
    }
    Ok(())
}

/// Where sealed cards lie: beside the notebook, never in it.
fn folder(session: &Session) -> PathBuf {
    let mut name = session.vault.file_name().unwrap_or_default().to_os_string();
    name.push(".card");
    session.vault.with_file_name(name)
}

fn keystore_name(session: &Session) -> String {
    format!("{}#card", door::keystore_name(session))
}

/// Seals the card in its own file. Without a keystore there is no place for its key, and so no such card.
fn keep(session: &Session, vault: &Vault, person: &Person) -> Result<PathBuf, Failure> {
    let view = made(session, vault, person)?;
    let refused = || Failure::new(Exit::Usage, Word::CardNeedsKeystore.text(session.language));
    let name = keystore_name(session);
    let secret = match keystore::recall(&name) {
        Recalled::Secret(secret) => secret,
        Recalled::Nothing => {
            let secret = DeviceSecret::make().map_err(VaultError::from)?;
            if !keystore::remember(&name, &secret) {
                return Err(refused());
            }
            secret
        }
        Recalled::Unavailable => return Err(refused()),
    };
    let folder = folder(session);
    std::fs::create_dir_all(&folder).map_err(|error| file_failure(&folder, &error))?;
    let path = folder.join(person.id.to_string());
    let sealed = transfer::seal_card(&view, &secret)?;
    transfer::keep_card(&path, &sealed).map_err(export::of_file(&path))?;
    Ok(path)
}

/// Overwrites and removes somebody's sealed card; with the last one its key goes, too.
pub(super) fn erase(session: &Session, person: PersonId) -> Result<(), Failure> {
    let folder = folder(session);
    let path = folder.join(person.to_string());
    transfer::erase_card(&path).map_err(export::of_file(&path))?;
    // Fails while another person's card lies there.
    if std::fs::remove_dir(&folder).is_ok() {
        keystore::forget(&keystore_name(session));
    }
    Ok(())
}

/// Makes the sealed cards anew after an erasure, so that none keeps what is gone; one that cannot be made anew is removed.
pub(super) fn renew(session: &Session, vault: &Vault) -> Result<(), Failure> {
    for person in vault.people()? {
        if vault.card_state(person.id)? == CardState::WithoutUnlocking && keep(session, vault, &person).is_err() {
            erase(session, person.id)?;
            vault.set_card_state(person.id, CardState::AfterUnlock, now())?;
        }
    }
    Ok(())
}

/// The cards that can be read without unlocking, from their files alone.
fn locked(session: &Session, arguments: &Card) -> Result<Exit, Failure> {
    let none = || Failure::new(Exit::NothingFound, Word::NoCardWithoutUnlocking.text(session.language));
    let files = std::fs::read_dir(folder(session)).map_err(|_| none())?;
    let Recalled::Secret(secret) = keystore::recall(&keystore_name(session)) else { return Err(none()) };
    let mut found = Vec::new();
    for file in files.flatten() {
        let sealed = std::fs::read(file.path()).map_err(|error| file_failure(&file.path(), &error))?;
        found.extend(transfer::open_card(&sealed, &secret).ok());
    }
    let wanted = arguments.person.as_deref().map(techo_core::base::fold_name);
    found.retain(|card| wanted.as_ref().is_none_or(|name| techo_core::base::fold_name(&card.name) == *name));
    if found.is_empty() {
        return Err(none());
    }
    for card in &found {
        show(session, card, CardState::WithoutUnlocking)?;
    }
    Ok(Exit::Done)
}

fn print(session: &Session, view: &CardView, out: &std::path::Path) -> Result<Exit, Failure> {
    let is_picture = out.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("svg"));
    let page = if is_picture { transfer::card_picture(view) } else { transfer::card_page(view) };
    crate::write_new(out, page.as_bytes()).map_err(|error| file_failure(out, &error))?;
    if !session.json {
        crate::note(&say(Word::CardWritten, session.language, &[("path", &out.display().to_string())]));
        crate::note(Word::PlainWarning.text(session.language));
    }
    Ok(Exit::Done)
}

fn tell_state(session: &Session, state: CardState) -> Result<Exit, Failure> {
    if session.json {
        let line = json::EmergencyLine { field: "state", label: "", text: state.id() };
        session.print(&json::line(&line))?;
    } else {
        session.print(&format!("{}: {}", present::card_title(session.language), present::card_state_text(state, session.language)))?;
    }
    Ok(Exit::Done)
}

fn show(session: &Session, view: &CardView, state: CardState) -> Result<Exit, Failure> {
    if session.json {
        session.print(&json::line(&json::EmergencyLine { field: "name", label: "", text: &view.name }))?;
        session.print(&json::line(&json::EmergencyLine { field: "born", label: "", text: &view.born }))?;
        for row in &view.rows {
            for text in &row.lines {
                session.print(&json::line(&json::EmergencyLine { field: &row.field, label: &row.label, text }))?;
            }
        }
        session.print(&json::line(&json::EmergencyLine { field: "made_on", label: "", text: &view.made_on }))?;
        return tell_state(session, state);
    }
    session.print("")?;
    session.print(&format!("  {}  {}  {}", plain(&view.name), view.born, view.sex))?;
    for row in &view.rows {
        session.print("")?;
        session.print(&format!("■ {}", row.label))?;
        for line in &row.lines {
            session.print(&format!("  {}", plain(line)))?;
        }
    }
    session.print("")?;
    if let Some(text) = &view.left_out {
        session.print(text)?;
    }
    session.print(&format!("{}  {}", view.made_on, view.note))?;
    tell_state(session, state)
}
