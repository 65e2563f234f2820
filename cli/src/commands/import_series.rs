//! `import` of measurements: Apple Health as a stream, and tables whose columns the person confirms.

use std::{fs::File, io::Cursor, path::Path};

use techo_core::{
    formats::{
        self, Detected, FormatId, Unread, apple_health,
        measurements::{self, DateOrder, Mapping, Proposal, Question},
    },
    intake::{Outcome, Permissions, SeriesKind, saved_mapping, take_series},
    present::{column_text, order_text, row_text},
    record::Person,
    vault::Vault,
};

use super::now;
use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    terminal::{ask, can_ask, plain},
    words::{Word, say},
};

/// Whether a file is an export that is read as a stream, however large it is.
pub(super) fn is_stream(file: &Path) -> bool {
    let is_file = std::fs::metadata(file).is_ok_and(|about| about.is_file());
    is_file && File::open(file).is_ok_and(|mut open| apple_health::holds_export(&mut open))
}

/// Takes an export in.
pub(super) fn stream(vault: &Vault, person: &Person, file: &Path, arguments: &args::Import) -> Result<Outcome, Failure> {
    let mut open = File::open(file).map_err(|error| file_failure(file, &error))?;
    let kind = SeriesKind::AppleHealth;
    let result = take_series(vault, person, &mut open, name(file), kind, permissions(arguments), now());
    Ok(Outcome { member: None, format: Some(kind.format()), result })
}

/// Takes a table in by a mapping.
pub(super) fn table(vault: &Vault, person: &Person, file: &Path, bytes: &[u8], mapping: &Mapping, arguments: &args::Import) -> Outcome {
    let kind = SeriesKind::Table(mapping);
    let result = take_series(vault, person, &mut Cursor::new(bytes), name(file), kind, permissions(arguments), now());
    Outcome { member: None, format: Some(kind.format()), result }
}

fn permissions(arguments: &args::Import) -> Permissions<'static> {
    Permissions { anyway: arguments.anyway, digits_checked: arguments.consent.yes, ..Permissions::default() }
}

fn name(file: &Path) -> Option<&str> {
    file.file_name().and_then(|name| name.to_str())
}

/// The mapping a table is read by: the one that was given, the one that was confirmed before, or the one that is confirmed
/// now. None where the file is no such table.
pub(super) fn mapping(
    session: &Session,
    vault: &Vault,
    file: &Path,
    bytes: &[u8],
    arguments: &args::Import,
) -> Result<Option<Mapping>, Failure> {
    let detected = formats::detect(bytes);
    let is_table = detected == Detected::Document(FormatId::Measurements);
    if let Some(given) = &arguments.mapping {
        let could_be = is_table || matches!(detected, Detected::Document(FormatId::Table) | Detected::NotRead(Unread::OtherText));
        if !could_be {
            return Ok(None);
        }
        let mapping = given_mapping(session, given)?;
        let read =
            measurements::with_mapping(bytes, &mapping).map_err(|error| Failure::refused(&error.into(), session.language).of_file(file))?;
        refuse_open(session, &read)?;
        keep(vault, bytes, &read, &mapping)?;
        return Ok(Some(mapping));
    }
    if !is_table {
        return Ok(None);
    }
    if let Some(saved) = saved_mapping(vault, bytes) {
        return Ok(Some(saved));
    }
    let proposal = measurements::propose(bytes).map_err(|error| Failure::refused(&error.into(), session.language).of_file(file))?;
    if session.json || !can_ask() {
        let told = proposal.mapping.to_string().lines().map(|line| line.replace('"', "").replace(" = ", "=")).collect::<Vec<_>>().join(",");
        return Err(Failure::new(Exit::NotReadable, say(Word::MappingNeeded, session.language, &[("mapping", &plain(&told))])));
    }
    let mapping = confirmed(session, file, bytes, proposal)?;
    vault.keep_mapping(mapping.1, &mapping.0.to_string())?;
    Ok(Some(mapping.0))
}

fn given_mapping(session: &Session, given: &str) -> Result<Mapping, Failure> {
    let path = Path::new(given);
    let text =
        if given.contains('=') { given.to_owned() } else { std::fs::read_to_string(path).map_err(|error| file_failure(path, &error))? };
    text.parse::<Mapping>().map_err(|bad| Failure::new(Exit::Usage, say(Word::MappingBad, session.language, &[("entry", &plain(&bad.0))])))
}

fn keep(vault: &Vault, bytes: &[u8], read: &Proposal, mapping: &Mapping) -> Result<(), Failure> {
    vault.keep_mapping(read.key, &mapping.to_string())?;
    // Where the headings are also found without the mapping, the next file is recognised by them.
    if let Ok(proposal) = measurements::propose(bytes) {
        vault.keep_mapping(proposal.key, &mapping.to_string())?;
    }
    Ok(())
}

/// Shows how the table would be read and asks what only the person knows.
fn confirmed(
    session: &Session,
    file: &Path,
    bytes: &[u8],
    mut proposal: Proposal,
) -> Result<(Mapping, techo_core::base::Fingerprint), Failure> {
    let key = proposal.key;
    if let Some(Question::DateOrder { example }) = proposal.questions.iter().find(|one| matches!(one, Question::DateOrder { .. })) {
        let is_day_first = ask(&plain(&order_text(example, session.language)), session.language).unwrap_or(false);
        let mut mapping = proposal.mapping.clone();
        mapping.order = Some(if is_day_first { DateOrder::DayMonth } else { DateOrder::MonthDay });
        proposal = measurements::with_mapping(bytes, &mapping).map_err(|error| Failure::refused(&error.into(), session.language))?;
    }
    refuse_open(session, &proposal)?;
    crate::note(&say(Word::MappingShown, session.language, &[("file", &plain(&file.display().to_string()))]));
    for heading in &proposal.header {
        let column = proposal.mapping.columns.iter().find(|(_, own)| own == heading).map(|(column, _)| column);
        let meaning = column_text(column, session.language);
        crate::note(&say(Word::MappingColumn, session.language, &[("heading", &plain(heading)), ("meaning", &plain(&meaning))]));
    }
    for row in &proposal.rows {
        crate::note(&plain(&format!("  {}", row_text(row, session.language))));
    }
    if ask(Word::AskMapping.text(session.language), session.language).unwrap_or(false) {
        Ok((proposal.mapping, key))
    } else {
        Err(Failure::from(Exit::Cancelled))
    }
}

/// What is still open is told, not guessed.
fn refuse_open(session: &Session, read: &Proposal) -> Result<(), Failure> {
    let Some(question) = read.questions.first() else { return Ok(()) };
    let text = match question {
        Question::DateOrder { example } => say(Word::MappingOrderNeeded, session.language, &[("example", &plain(example))]),
        Question::Unit { heading, quantity, unit, example } => say(
            Word::UnitStrange,
            session.language,
            &[("heading", &plain(heading)), ("example", &plain(example)), ("unit", unit), ("word", quantity.id)],
        ),
    };
    Err(Failure::new(Exit::NotReadable, text))
}
