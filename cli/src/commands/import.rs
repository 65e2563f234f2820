//! `import`: documents in, one by one; a Techo archive as a whole.

use std::path::Path;

use techo_core::{
    formats::{self, Detected, FormatError, FormatId, Unread, health_card::KeySet},
    intake::{Incoming, IntakeError, Outcome, Permissions, TakenIn, take_in},
    present::{self, refusal_text},
    record::Person,
    transfer::{IncomingFile, read_incoming},
    vault::{DocumentId, Given, Vault},
};

use super::{door, export, find_person, import_series, look, now, scan::Gate};
use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    json,
    progress::Progress,
    scanner::Verdict,
    terminal::{ask, plain},
    words::{Word, say},
};

/// The archive's format id.
const ARCHIVE: &str = "techo-archive";

/// What became of everything so far.
#[derive(Default)]
struct Sum {
    documents: u64,
    records: u64,
    refused_entries: u64,
    failures: Vec<Failure>,
    /// The last file of each split document that is not complete, told at the end: the next file may complete it.
    waiting: Vec<(String, TakenIn)>,
    /// Split documents that were told of: their other parts are the same document.
    told: Vec<DocumentId>,
    /// What the scanner of malware said about the file that is being taken in.
    scan: Option<&'static str>,
}

pub(super) fn import(session: &Session, arguments: &args::Import) -> Result<Exit, Failure> {
    if arguments.look {
        return look::look(session, arguments);
    }
    let keys = keys(session, arguments)?;
    door::warn_open_files(session, [arguments.archive.archive_passphrase_file.as_ref()]);
    let gate = Gate::of(session, &arguments.scan)?;
    let vault = door::open(session)?;
    let person = arguments.person.as_deref().map(|name| find_person(&vault, name, session)).transpose()?;
    let progress = Progress::new(Word::Reading.text(session.language), u64::try_from(arguments.files.len()).unwrap_or(0), !session.json);
    let mut sum = Sum::default();
    let went = arguments.files.iter().try_for_each(|file| {
        sum.scan = None;
        let done = one_file(session, &vault, person.as_ref(), file, &keys, arguments, &gate, &mut sum, &progress)
            // What went wrong with one file does not stop the next.
            .or_else(|failure| refuse(session, &file.display().to_string(), None, failure, &mut sum, &progress));
        progress.step();
        done
    });
    for (name, taken) in &sum.waiting {
        taken_lines(session, name, taken, sum.scan, &progress)?;
    }
    drop(progress);
    went?;
    if !session.json && arguments.files.len() > 1 {
        let refused = sum.refused_entries + u64::try_from(sum.failures.len()).unwrap_or(0);
        session.print(&present::import_sum_text(sum.documents, sum.records, refused, session.language))?;
    }
    Ok(exit_of(&sum))
}

impl Sum {
    /// Goes on with a file that the scanner lets through.
    fn pass(&mut self, looked: Result<Verdict, Failure>) -> Result<(), Failure> {
        self.scan = match &looked {
            Ok(verdict) => Some(verdict.id()),
            Err(failure) if failure.exit == Exit::Malware => Some("found"),
            Err(_) => None,
        };
        looked.map(drop)
    }
}

/// 0 when everything was taken in; a refusal's own code when nothing was and all are of one sort; else the code for "some".
fn exit_of(sum: &Sum) -> Exit {
    let first = sum.failures.first().map(|failure| failure.exit);
    match first {
        None if sum.refused_entries == 0 => Exit::Done,
        Some(exit) if sum.documents == 0 && sum.failures.iter().all(|failure| failure.exit == exit) => exit,
        _ => Exit::SomeRefused,
    }
}

/// Failures of the vault itself, after which going on makes no sense.
const fn stops(exit: Exit) -> bool {
    !matches!(
        exit,
        Exit::NotReadable
            | Exit::NotThisPerson
            | Exit::MyNumber
            | Exit::DeletionRequest
            | Exit::BadSignature
            | Exit::File
            | Exit::ArchiveDamaged
            | Exit::ArchiveTruncated
            | Exit::Malware
            | Exit::NotScanned
            | Exit::Usage
    )
}

pub(super) fn keys(session: &Session, arguments: &args::Import) -> Result<KeySet, Failure> {
    let mut keys = KeySet::new(now().timestamp());
    for file in &arguments.keys {
        let text = std::fs::read_to_string(file).map_err(|error| file_failure(file, &error))?;
        let no_keys = || Failure::new(Exit::Usage, say(Word::NoKeys, session.language, &[("file", &plain(&file.display().to_string()))]));
        keys.add(&text, None).map_err(|_| no_keys())?;
    }
    Ok(keys)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one import, each borrowed from another owner")]
fn one_file(
    session: &Session,
    vault: &Vault,
    person: Option<&Person>,
    file: &Path,
    keys: &KeySet,
    arguments: &args::Import,
    gate: &Gate<'_>,
    sum: &mut Sum,
    progress: &Progress,
) -> Result<(), Failure> {
    if import_series::is_stream(file) {
        sum.pass(gate.pass_file(file))?;
        let person = person.ok_or_else(|| Failure::new(Exit::Usage, Word::PersonNeeded.text(session.language)))?;
        let outcome = import_series::stream(vault, person, file, arguments)?;
        return report(session, file, &outcome, sum, progress);
    }
    let bytes = read_incoming(file).map_err(export::of_file(file))?;
    if formats::detect(bytes.start()) == Detected::NotRead(Unread::TechoArchive) {
        sum.pass(gate.pass_file(file))?;
        return match export::import_archive(session, vault, file, &arguments.archive, arguments.person.as_deref(), progress) {
            Ok(arrived) => {
                sum.documents += arrived.documents;
                sum.records += arrived.records;
                Ok(())
            }
            Err(failure) => refuse(session, &file.display().to_string(), Some(ARCHIVE), failure, sum, progress),
        };
    }
    let bytes = whole(bytes, file)?;
    // The very bytes that are taken in: the file could change meanwhile.
    sum.pass(gate.pass(file, &mut bytes.as_slice()))?;
    let person = person.ok_or_else(|| Failure::new(Exit::Usage, Word::PersonNeeded.text(session.language)))?;
    if let Some(mapping) = import_series::mapping(session, vault, file, &bytes, arguments)? {
        let outcome = import_series::table(vault, person, file, &bytes, &mapping, arguments);
        return report(session, file, &outcome, sum, progress);
    }
    let given = Given { title: arguments.title.clone(), day: arguments.on };
    let is_document = arguments.taken_as.is_some() || given != Given::default();
    let mut may = Permissions {
        anyway: arguments.anyway,
        digits_checked: arguments.consent.yes,
        document: is_document.then_some(&given),
        ..Permissions::default()
    };
    loop {
        let mut question = None;
        let mut is_picture = false;
        let mut told: Result<(), Failure> = Ok(());
        let incoming = Incoming { bytes: &bytes, name: file.file_name().and_then(|name| name.to_str()), now: now() };
        take_in(vault, person, incoming, keys, may, &mut |outcome| {
            if let Err(IntakeError::PossibleMyNumber { place }) = &outcome.result {
                question.get_or_insert_with(|| place.clone());
            }
            let no_code = Err(IntakeError::Format(FormatError::NotRead(Unread::NoQr)));
            is_picture |= outcome.member.is_none() && outcome.result == no_code;
            let line = report(session, file, &outcome, sum, progress);
            if told.is_ok() {
                told = line;
            }
        });
        told?;
        // A picture can be kept as it is; a script says --as document.
        if is_picture && !session.json && ask(Word::AskKeepPicture.text(session.language), session.language).unwrap_or(false) {
            may.document = Some(&given);
            sum.failures.retain(|failure| failure.exit != Exit::NotReadable);
            continue;
        }
        // The person can look and answer; a script has to say so beforehand.
        let Some(place) = question else { return Ok(()) };
        let asked = say(Word::AskDigits, session.language, &[("place", &plain(&place))]);
        if may.digits_checked || session.json || !ask(&asked, session.language).unwrap_or(false) {
            return Ok(());
        }
        may.digits_checked = true;
        // The refusal that led to the question is answered now; documents of a container that went in are here already.
        sum.failures.retain(|failure| failure.exit != Exit::MyNumber);
    }
}

/// The bytes of a file that is not too large.
pub(super) fn whole(bytes: IncomingFile, file: &Path) -> Result<Vec<u8>, Failure> {
    match bytes {
        IncomingFile::Whole(bytes) => Ok(bytes),
        IncomingFile::TooLarge(_) => Err(Failure::from(Exit::NotReadable).of_file(file)),
    }
}

/// Tells what became of one document; it is durable already.
fn report(session: &Session, file: &Path, outcome: &Outcome, sum: &mut Sum, progress: &Progress) -> Result<(), Failure> {
    let name = outcome.member.as_ref().map_or_else(|| file.display().to_string(), |member| format!("{}!{member}", file.display()));
    match &outcome.result {
        Ok(taken) => {
            if let (Some(document), true) = (taken.document, taken.set.is_some()) {
                if taken.already_here && sum.told.contains(&document) {
                    return Ok(());
                }
                sum.told.push(document);
            }
            sum.documents += u64::from(!taken.pending);
            sum.records += u64::from(taken.ready);
            sum.refused_entries += u64::try_from(taken.refused.len()).unwrap_or(0);
            sum.waiting.retain(|(_, waiting)| taken.set.is_none() || waiting.set != taken.set || waiting.format != taken.format);
            if taken.pending {
                sum.waiting.push((name, taken.clone()));
                return Ok(());
            }
            taken_lines(session, &name, taken, sum.scan, progress)
        }
        Err(error) => {
            let failure = Failure::refused(error, session.language);
            refuse(session, &name, outcome.format.map(FormatId::id), failure, sum, progress)
        }
    }
}

fn taken_lines(session: &Session, name: &str, taken: &TakenIn, scan: Option<&'static str>, progress: &Progress) -> Result<(), Failure> {
    let reasons: Vec<json::RefusedLine> = taken
        .refused
        .iter()
        .map(|refusal| json::RefusedLine { place: refusal.place.clone(), reason: refusal_text(&refusal.reason, session.language) })
        .collect();
    let lines = if session.json {
        vec![json::line(&json::ImportLine {
            file: name,
            format: Some(taken.format.id()),
            document: taken.document.map(|document| document.to_string()),
            already_here: taken.already_here,
            ready: taken.ready.into(),
            known: taken.known.into(),
            items: json::ItemsLine::of(taken.ready.into(), taken.kept.into(), u64::try_from(reasons.len()).unwrap_or(u64::MAX)),
            refused: reasons,
            pending: taken.pending,
            scan,
        })]
    } else {
        let mut lines = vec![plain(&present::taken_text(name, taken, session.language))];
        lines.extend(reasons.iter().map(|line| format!("  {}", plain(&line.reason))));
        lines
    };
    let mut written = Ok(());
    progress.above(|| written = lines.iter().try_for_each(|line| session.print(line)));
    written
}

/// Reports what was not taken in and goes on, unless it is the vault that gave way.
fn refuse(
    session: &Session,
    name: &str,
    format: Option<&str>,
    failure: Failure,
    sum: &mut Sum,
    progress: &Progress,
) -> Result<(), Failure> {
    if stops(failure.exit) {
        return Err(failure);
    }
    report_failure(session, name, format, &failure, sum.scan, progress)?;
    sum.failures.push(failure);
    Ok(())
}

/// A document that was not taken in: a line of its own on standard output with `--json`, else a sentence on standard error.
fn report_failure(
    session: &Session,
    name: &str,
    format: Option<&str>,
    failure: &Failure,
    scan: Option<&'static str>,
    progress: &Progress,
) -> Result<(), Failure> {
    let reason = failure.text(session.language);
    let mut written = Ok(());
    progress.above(|| {
        if session.json {
            let place = failure.place.clone().unwrap_or_else(|| "document".to_owned());
            let refused = vec![json::RefusedLine { place, reason }];
            let items = json::ItemsLine::of(0, 0, 1);
            let (document, already_here, ready, known, pending) = (None, false, 0, 0, false);
            let line = json::ImportLine { file: name, format, document, already_here, ready, known, refused, pending, items, scan };
            written = session.print(&json::line(&line));
        } else {
            crate::note(&plain(&present::not_taken_text(name, &reason, session.language)));
        }
    });
    written
}
