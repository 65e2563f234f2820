//! `export`, `backup`, `restore`, and the import of an archive: whole notebooks in and out, with the roots that prove it.

use std::path::Path;

use techo_core::{
    base::{Passphrase, PersonId, RecoveryCode},
    present::{self, Language, Marked, TroubleKind},
    transfer::{self, ArchiveForm, ArchiveImport, Choice, Exported, Missing, SampleDetail, TransferError},
    vault::{NewSlots, PersonRoot, StoredDay, StoredEvent, Unlock, Vault, VaultError},
};

use super::{Names, door, find_person, keep, now};
use crate::{
    Session,
    args::{self, ArchivePassphrase, ExportFormat, NamedId, Samples},
    exit::{Exit, Failure, file_failure},
    json,
    progress::Progress,
    secret,
    terminal::{ask, plain},
    words::{Word, say},
};

pub(super) fn export(session: &Session, arguments: &args::Export) -> Result<Exit, Failure> {
    let vault = door::open_present(session)?;
    let person = arguments.what.person.as_deref().map(|name| find_person(&vault, name, session)).transpose()?.map(|person| person.id);
    refuse_existing(&arguments.out)?;
    let is_narrowed =
        !arguments.what.kind.is_empty() || !arguments.event.is_empty() || arguments.what.from.is_some() || arguments.what.until.is_some();
    let (mut events, mut days) = (Vec::new(), Vec::new());
    for named in &arguments.event {
        match named {
            NamedId::Event(event) => events.push(*event),
            NamedId::Day(day) => days.push(*day),
        }
    }
    if arguments.format.is_whole() && is_narrowed {
        return Err(Failure::new(Exit::Usage, Word::WholeOnly.text(session.language)));
    }
    if arguments.samples.is_some() && arguments.format != ExportFormat::Fhir {
        return Err(Failure::new(Exit::Usage, Word::SamplesAreFhir.text(session.language)));
    }
    let detail = if arguments.samples == Some(Samples::Each) { SampleDetail::Each } else { SampleDetail::Days };
    if arguments.format.has_originals()
        && !arguments.consent.yes
        && !ask(Word::OriginalsWarning.text(session.language), session.language).unwrap_or(false)
    {
        return Err(Failure::new(Exit::Declined, Word::OriginalsNeedYes.text(session.language)));
    }
    let progress = Progress::new(Word::Writing.text(session.language), 1, !session.json);
    let mut tell = |at: transfer::Progress| progress.at(at.done, at.of);
    let out = arguments.out.as_path();
    let sensitive = Sensitive::of(&vault, person)?;
    let is_withheld = |stored: &StoredEvent, place: usize| sensitive.has(stored, place);
    let is_day_withheld = |day: &StoredDay| Marked::day_reason(day).is_some();
    let is_careful = arguments.format.is_hand_over() && !arguments.what.include_sensitive;
    let choice = Choice {
        person,
        kinds: &arguments.what.kind,
        from: arguments.what.from,
        until: arguments.what.until,
        events: &events,
        days: &days,
        withhold: is_careful.then_some(&is_withheld),
        withhold_day: is_careful.then_some(&is_day_withheld),
        with_hidden: arguments.with_hidden,
        ..Choice::default()
    };
    let done = match arguments.format {
        ExportFormat::Techo => {
            let passphrase =
                if arguments.plain { None } else { Some(archive_passphrase(session, &arguments.archive, Word::AskNewArchivePassphrase)?) };
            transfer::export_archive(&vault, person, out, passphrase.as_ref(), now(), &mut tell).map(|content| whole(content.people))
        }
        ExportFormat::Originals => transfer::export_originals(&vault, person, out, now(), &mut tell).map(whole),
        ExportFormat::Fhir => transfer::export_fhir_in_detail(&vault, &choice, detail, out, now(), &mut tell),
        ExportFormat::Csv => transfer::export_csv(&vault, &choice, out, session.language, now(), &mut tell),
        ExportFormat::Ips => transfer::export_summary(&vault, &choice, out, now(), &mut tell),
        ExportFormat::Phr => transfer::export_phr(&vault, &choice, out, now(), &mut tell),
        ExportFormat::Jahis => transfer::export_notebook(&vault, &choice, out, now(), &mut tell),
        ExportFormat::Kenshin => transfer::export_checkups(&vault, &choice, out, now(), &mut tell),
        ExportFormat::Portal => transfer::export_portal(&vault, &choice, out, now(), &mut tell),
    };
    drop(progress);
    let done = match done {
        Err(TransferError::NothingToWrite { not_carried }) => return nothing_written(session, arguments.format.id(), &not_carried),
        done => done.map_err(of_file(out))?,
    };
    tell_written(session, &vault, &done, arguments.format.id(), out, present::export_text)?;
    if !session.json {
        match (arguments.format, arguments.plain) {
            (ExportFormat::Techo, false) => {}
            (ExportFormat::Techo, true) => crate::note(Word::PlainArchiveWarning.text(session.language)),
            _ => crate::note(Word::PlainWarning.text(session.language)),
        }
    }
    Ok(Exit::Done)
}

pub(super) fn backup(session: &Session, arguments: &args::Backup) -> Result<Exit, Failure> {
    let vault = door::open_present(session)?;
    refuse_existing(&arguments.out)?;
    let passphrase = archive_passphrase(session, &arguments.archive, Word::AskNewArchivePassphrase)?;
    let progress = Progress::new(Word::Writing.text(session.language), 1, !session.json);
    let done = transfer::backup(&vault, &arguments.out, &passphrase, now(), &mut |at| progress.at(at.done, at.of))
        .map_err(of_file(&arguments.out))?;
    drop(progress);
    tell_written(session, &vault, &whole(done.people), "techo", &arguments.out, present::backup_text)?;
    Ok(Exit::Done)
}

pub(super) fn restore(session: &Session, arguments: &args::Restore) -> Result<Exit, Failure> {
    let sealed = if transfer::archive_form_at(&arguments.file).map_err(of_file(&arguments.file))? == ArchiveForm::Sealed {
        Some(archive_passphrase(session, &arguments.archive, Word::AskArchivePassphrase)?)
    } else {
        None
    };
    let passphrase = secret::chosen(session.passphrase_file.as_deref(), true, session.language)?;
    let code = RecoveryCode::make().map_err(VaultError::from)?;
    let slots = NewSlots { passphrase: Some(&passphrase), recovery: Some(&code), device: None };
    let progress = Progress::new(Word::Reading.text(session.language), 1, !session.json);
    let done = transfer::restore(&session.vault, &slots, &arguments.file, sealed.as_ref(), now(), &mut |at| progress.at(at.done, at.of))
        .map_err(of_file(&arguments.file))?;
    drop(progress);
    let vault = Vault::open(&session.vault, Unlock::Passphrase(&passphrase))?;
    let keystore = keep::use_keystore(session, &vault, arguments.no_keystore)?;
    if !session.json {
        let records = done.people.iter().map(|person| person.records).sum();
        let told = present::archive_text(done.people.len(), records, is_whole(&done), session.language);
        session.print(&format!("{told}: {}", plain(&session.vault.display().to_string())))?;
    }
    let equal = tell_arrived(session, &arguments.file, &done)?;
    keep::tell_new(session, &code, keystore)?;
    Ok(if equal { Exit::Done } else { Exit::RootsDiffer })
}

/// What the people of an export marked, and what the rules call sensitive.
pub(super) struct Sensitive(Vec<Marked>);

impl Sensitive {
    pub(super) fn of(vault: &Vault, person: Option<PersonId>) -> Result<Self, Failure> {
        let people = match person {
            Some(person) => vec![person],
            None => vault.people()?.iter().map(|person| person.id).collect(),
        };
        Ok(Self(people.into_iter().map(|person| Marked::of(vault, person)).collect::<Result<_, _>>()?))
    }

    pub(super) fn has(&self, stored: &StoredEvent, place: usize) -> bool {
        self.0.iter().any(|marked| marked.reason(stored, place).is_some())
    }
}

/// What an archive brought.
pub(super) struct Arrived {
    pub(super) documents: u64,
    pub(super) records: u64,
}

/// Takes a Techo archive into the open vault.
pub(super) fn import_archive(
    session: &Session,
    vault: &Vault,
    file: &Path,
    arguments: &ArchivePassphrase,
    person: Option<&str>,
    progress: &Progress,
) -> Result<Arrived, Failure> {
    let sealed = if transfer::archive_form_at(file).map_err(of_file(file))? == ArchiveForm::Sealed {
        Some(archive_passphrase(session, arguments, Word::AskArchivePassphrase)?)
    } else {
        None
    };
    let before: u64 = vault.roots()?.iter().map(|root| root.records).sum();
    let into = person.map(|name| find_person(vault, name, session)).transpose()?.map(|person| person.id);
    let done = transfer::import_archive_into(vault, file, sealed.as_ref(), into, now(), &mut |_| {}).map_err(of_file(file))?;
    let mut equal = Ok(true);
    progress.above(|| equal = tell_arrived(session, file, &done));
    if !equal? {
        return Err(Failure::from(Exit::RootsDiffer).of_file(file));
    }
    let after: u64 = vault.roots()?.iter().map(|root| root.records).sum();
    Ok(Arrived { documents: done.documents_new, records: after.saturating_sub(before) })
}

/// Whether every root is the one the archive states. Somebody who was here before may have more than it knows of.
fn is_whole(done: &ArchiveImport) -> bool {
    done.people.iter().all(|person| person.root_equal || !person.is_new)
}

/// Tells whose records came and whether each root is the one the archive states.
fn tell_arrived(session: &Session, file: &Path, done: &ArchiveImport) -> Result<bool, Failure> {
    let equal = is_whole(done);
    if let Some(slice) = &done.slice
        && !session.json
    {
        let told = present::sliced_text(slice, done.documents_new, done.already_here, session.language);
        session.print(&plain(&told))?;
        return Ok(equal);
    }
    if session.json {
        let people = done
            .people
            .iter()
            .map(|person| json::RootLine { person: person.name.clone(), records: person.records, root: person.root.to_string() })
            .collect();
        session.print(&json::line(&json::RestoreLine { file: file.display().to_string(), roots_equal: equal, people }))?;
        return Ok(equal);
    }
    for person in &done.people {
        let word = match (person.root_equal, person.is_new) {
            (true, _) => Word::RootsEqual,
            (false, false) => Word::Merged,
            (false, true) => Word::RootsDiffer,
        };
        let (found, stated) = (person.records.to_string(), person.expected.to_string());
        let line = say(word, session.language, &[("found", &found), ("stated", &stated)]);
        session.print(&format!("{}: {line}  {}", plain(&person.name), person.root))?;
        if person.namesake.is_some() {
            session.print(&say(Word::Namesake, session.language, &[("name", &plain(&person.name))]))?;
        }
    }
    Ok(equal)
}

/// What was written, in words: how many people and records.
pub(super) type Written = fn(usize, u64, Language) -> String;

/// The report of a format that carries everything.
fn whole(people: Vec<PersonRoot>) -> Exported {
    Exported { people, ..Exported::default() }
}

/// Tells what was written, with the roots of those whose records went, and what the format did not carry.
pub(super) fn tell_written(
    session: &Session,
    vault: &Vault,
    done: &Exported,
    format: &str,
    out: &Path,
    written: Written,
) -> Result<(), Failure> {
    let names = Names::of(vault)?;
    let path = out.display().to_string();
    if session.json {
        let people = done.people.iter().map(|root| names.root_line(root)).collect();
        return session.print(&json::line(&export_line(format, Some(path), people, done)));
    }
    let told = written(done.people.len(), done.records(), session.language);
    session.print(&format!("{told}: {}", plain(&path)))?;
    for root in &done.people {
        session.print(&keep::root_text(session, &names, root))?;
    }
    tell_lacking(session, done)
}

/// Tells what is not in what was written, or not as it is.
pub(super) fn tell_lacking(session: &Session, done: &Exported) -> Result<(), Failure> {
    tell_missing(session, &done.not_carried)?;
    if let Some(text) = present::lacking_text(&done.characters, session.language) {
        session.print(&plain(&text))?;
    }
    Ok(())
}

pub(super) fn export_line<'a>(format: &'a str, path: Option<String>, people: Vec<json::RootLine>, done: &Exported) -> json::ExportLine<'a> {
    let missing = |one: &Missing| json::NotCarriedLine { kind: one.kind.id(), reason: one.reason.id(), records: one.records };
    let not_carried = done.not_carried.iter().map(missing).collect();
    json::ExportLine { format, path, people, not_carried, characters: done.characters.clone() }
}

fn tell_missing(session: &Session, missing: &[Missing]) -> Result<(), Failure> {
    if !missing.is_empty() {
        session.print(Word::NotCarriedHead.text(session.language))?;
    }
    for one in missing {
        session.print(&format!("  {}", present::not_carried_text(one.kind, one.reason, one.records, session.language)))?;
    }
    Ok(())
}

/// Tells that there was nothing to write, and why not.
pub(super) fn nothing_written(session: &Session, format: &str, not_carried: &[Missing]) -> Result<Exit, Failure> {
    if session.json {
        let done = Exported { not_carried: not_carried.to_vec(), ..Exported::default() };
        session.print(&json::line(&export_line(format, None, Vec::new(), &done)))?;
    } else {
        tell_missing(session, not_carried)?;
    }
    let (kind, language) = (TroubleKind::NothingToWrite, session.language);
    let told = format!("{}{}{}", kind.what(language), language.pick("。", ". "), kind.todo(language));
    Err(Failure::told(Exit::NothingFound, told))
}

/// The archive's own passphrase: its file, else the vault's file or environment, else asked for.
pub(super) fn archive_passphrase(session: &Session, arguments: &ArchivePassphrase, prompt: Word) -> Result<Passphrase, Failure> {
    let file = arguments.archive_passphrase_file.as_deref().or(session.passphrase_file.as_deref());
    match secret::given(file, session.language)? {
        Some(passphrase) => Ok(passphrase),
        None if matches!(prompt, Word::AskNewArchivePassphrase) => secret::asked_twice(prompt, session.language),
        None => secret::asked(prompt, session.language),
    }
}

/// Nothing is written over; asked before the work instead of after it.
pub(super) fn refuse_existing(out: &Path) -> Result<(), Failure> {
    if out.symlink_metadata().is_ok() { Err(file_failure(out, &std::io::ErrorKind::AlreadyExists.into())) } else { Ok(()) }
}

/// The failure with the name of the file it is about.
pub(super) fn of_file(file: &Path) -> impl Fn(TransferError) -> Failure {
    move |error| match error {
        TransferError::Io(kind) => Failure::io(Exit::File, file, kind),
        TransferError::FileMissing => Failure::io(Exit::File, file, std::io::ErrorKind::NotFound),
        error => Failure::from(error).of_file(file),
    }
}

impl From<TransferError> for Failure {
    fn from(error: TransferError) -> Self {
        let kind = TroubleKind::from(&error);
        let exit = match (&error, kind) {
            (TransferError::Vault(error), _) => return Self::from(error.clone()),
            (_, TroubleKind::VaultExists) => return VaultError::VaultExists.into(),
            (_, TroubleKind::Changed | TroubleKind::Internal) => return Self::new(Exit::Internal, error.to_string()),
            (_, kind) => Exit::from(kind),
        };
        Self::from(exit)
    }
}
