//! FHIR R4 for other programs: a collection of the records, a patient summary (IPS), a PHR file. The resources are written by
//! `formats`; here is what goes in.

use std::{
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write as _},
    path::Path,
};

use chrono::{DateTime, Utc};

use super::{
    Progress, TransferError,
    choice::{self, Choice, Chosen, Exported, each_chosen},
    leave::Leaving,
    output,
    samples::{self, SampleDetail},
};
use crate::{
    base::Fingerprint,
    formats::{
        NotCarried,
        fhir::{CollectionWriter, Origin, PhrWriter, SummaryWriter},
    },
    terms::Kind,
    vault::{Document, Vault},
};

/// Writes the chosen records as one FHIR R4 `Bundle` of type `collection` with a Provenance per document. Each record is in
/// it once, under the first document that states it; of several tellings of one event the leading one, whose Provenance
/// names the originals of the others. *Long.*
pub fn export_fhir(
    vault: &Vault,
    choice: &Choice<'_>,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    export_fhir_in_detail(vault, choice, SampleDetail::default(), out, now, progress)
}

/// [`export_fhir`] with as much of what was measured at home as is wished. *Long.*
pub fn export_fhir_in_detail(
    vault: &Vault,
    choice: &Choice<'_>,
    detail: SampleDetail,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    Leaving { vault, choice, out, now, format: "fhir" }.write(|file, roots, count| {
        let mut writer: Option<CollectionWriter<'_, _>> = None;
        let mut file = Some(file);
        for root in roots {
            let person = vault.person(root.person)?;
            let writer = match (&mut writer, file.take()) {
                (Some(writer), _) => {
                    writer.next_person(&person)?;
                    writer
                }
                (none, Some(file)) => none.insert(CollectionWriter::begin(&person, file)?),
                (None, None) => return Err(TransferError::Internal(14)),
            };
            each_chosen(vault, choice, root.person, count, progress, &mut |chosen, count| {
                chosen.event.facts.iter().for_each(|fact| choice::note_attachments(fact, count));
                count.write(root.person, chosen.event.facts.len());
                Ok(writer.write(&chosen.event, &origin(chosen.document, chosen.others)?)?)
            })?;
            samples::each_event(vault, choice, root.person, detail, count, |first, event| {
                Ok(writer.write(event, &origin(&vault.document(first)?, Vec::new())?)?)
            })?;
        }
        match (writer, file) {
            (Some(writer), _) => writer.finish()?,
            // FHIR forbids an empty list of entries.
            (None, Some(file)) => io::Write::write_all(file, b"{\"resourceType\":\"Bundle\",\"type\":\"collection\"}\n")?,
            (None, None) => {}
        }
        Ok(())
    })
}

/// Writes the chosen records of one person as an IPS document: what a doctor abroad looks for, in sections with words.
/// Records of a pregnancy go only where that kind is chosen by name. *Long.*
pub fn export_summary(
    vault: &Vault,
    choice: &Choice<'_>,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    Leaving { vault, choice, out, now, format: "ips" }.write(|file, roots, count| {
        let person = vault.person(choice::only_person(roots)?)?;
        let mut entries = Aside::beside(out)?;
        let mut writer = SummaryWriter::begin(&person, &mut entries.out);
        each_chosen(vault, choice, person.id, count, progress, &mut |Chosen { mut event, document, .. }, count| {
            let is_chosen = choice.names(Kind::Pregnancy);
            let of_pregnancy = event.kind == Kind::Pregnancy;
            choice::keep(&mut event, count, |fact| {
                (!is_chosen && (of_pregnancy || fact.kind == Kind::Pregnancy)).then_some(NotCarried::Withheld)
            });
            let left_out = writer.write(&event, document.fingerprint)?;
            count.write(person.id, event.facts.len().saturating_sub(left_out.len()));
            for (position, reason) in left_out {
                count.miss(event.facts.get(position).map_or(event.kind, |fact| fact.kind), reason);
            }
            Ok(())
        })?;
        samples::none_of(vault, choice, person.id, NotCarried::NoPlace, count)?;
        let head = writer.finish(now)?;
        file.write_all(head.as_bytes())?;
        entries.pour(file)?;
        Ok(file.write_all(SummaryWriter::<File>::END.as_bytes())?)
    })
}

/// Writes the chosen records of one person as a PHR file: one resource a line, with a cover and a table of contents. *Long.*
pub fn export_phr(
    vault: &Vault,
    choice: &Choice<'_>,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    Leaving { vault, choice, out, now, format: "phr" }.write(|file, roots, count| {
        let person = vault.person(choice::only_person(roots)?)?;
        let mut lines = Aside::beside(out)?;
        let mut writer = PhrWriter::begin(&person, &mut lines.out);
        each_chosen(vault, choice, person.id, count, progress, &mut |chosen, count| {
            chosen.event.facts.iter().for_each(|fact| choice::note_attachments(fact, count));
            count.write(person.id, chosen.event.facts.len());
            Ok(writer.write(&chosen.event, &origin(chosen.document, chosen.others)?)?)
        })?;
        samples::each_event(vault, choice, person.id, SampleDetail::Days, count, |first, event| {
            Ok(writer.write(event, &origin(&vault.document(first)?, Vec::new())?)?)
        })?;
        let head = writer.finish(now)?;
        file.write_all(head.as_bytes())?;
        lines.pour(file)
    })
}

fn origin(document: &Document, others: Vec<Fingerprint>) -> Result<Origin, TransferError> {
    let received = DateTime::parse_from_rfc3339(&document.received).map_err(|_| TransferError::Internal(15))?.to_utc();
    Ok(Origin { document: document.fingerprint, received, source: document.about.source.clone(), others })
}

/// What must stand behind something that is only known at the end. It has no name in the directory and is gone when it is
/// dropped, whatever happens.
struct Aside {
    out: BufWriter<File>,
}

impl Aside {
    /// On the same disk as the file it becomes a part of.
    fn beside(path: &Path) -> Result<Self, TransferError> {
        Ok(Self { out: BufWriter::with_capacity(128 * 1024, tempfile::tempfile_in(output::directory_of(path))?) })
    }

    fn pour(self, file: &mut impl io::Write) -> Result<(), TransferError> {
        let mut content = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        content.seek(SeekFrom::Start(0))?;
        io::copy(&mut content, file)?;
        Ok(())
    }
}
