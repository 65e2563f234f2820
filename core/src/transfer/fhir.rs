//! A FHIR R4 collection of the records, for other programs. The resources are written by `formats`; here is what goes in.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{
    Progress, SampleDetail, Step, TransferError, act, output,
    samples,
};
use crate::{
    base::PersonId,
    formats::fhir::{CollectionWriter, Origin},
    vault::{Act, DocumentId, PersonRoot, Vault},
};

/// Writes the records of one person or of everybody as one FHIR R4 `Bundle` of type `collection` with a Provenance per
/// document. Each record is in it once, under the first document that states it. *Long.*
pub fn export_fhir(
    vault: &Vault,
    person: Option<PersonId>,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<PersonRoot>, TransferError> {
    export_fhir_in_detail(vault, person, SampleDetail::default(), out, now, progress)
}

/// [`export_fhir`] with as much of what was measured at home as is wished. *Long.*
pub fn export_fhir_in_detail(
    vault: &Vault,
    person: Option<PersonId>,
    detail: SampleDetail,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<PersonRoot>, TransferError> {
    vault.require_presence(now)?;
    let roots = act::roots(vault, person)?;
    let documents = roots.iter().map(|root| vault.document_ids(root.person)).collect::<Result<Vec<_>, _>>()?;
    let of = documents.iter().map(|ids| ids.len() as u64).sum();
    output::write_whole(
        out,
        |file| {
            let mut done = 0;
            let mut writer: Option<CollectionWriter<'_, _>> = None;
            let mut file = Some(file);
            for (root, ids) in roots.iter().zip(documents) {
                let person = vault.person(root.person)?;
                let writer = match (&mut writer, file.take()) {
                    (Some(writer), _) => {
                        writer.next_person(&person)?;
                        writer
                    }
                    (none, Some(file)) => none.insert(CollectionWriter::begin(&person, file)?),
                    (None, None) => return Err(TransferError::Internal(14)),
                };
                for id in ids {
                    document(vault, id, writer)?;
                    done += 1;
                    progress(Progress { step: Step::Writing, done, of });
                }
                samples::each_day::<TransferError>(vault, root.person, |day| {
                    let Some((first, event)) = samples::events_of(&day, detail) else { return Ok(()) };
                    Ok(writer.write(&event, &origin(vault, first)?)?)
                })?;
            }
            match (writer, file) {
                (Some(writer), _) => Ok(writer.finish()?),
                // FHIR forbids an empty list of entries.
                (None, Some(file)) => Ok(std::io::Write::write_all(file, b"{\"resourceType\":\"Bundle\",\"type\":\"collection\"}\n")?),
                (None, None) => Ok(()),
            }
        },
        |_, ()| act::note(vault, now, Act::Exported, "fhir", &roots),
    )?;
    Ok(roots)
}

fn document<W: std::io::Write>(vault: &Vault, id: DocumentId, writer: &mut CollectionWriter<'_, W>) -> Result<(), TransferError> {
    let origin = origin(vault, id)?;
    vault.each_event_of(id, |mut stored| {
        let mut shown = stored.ids.iter().zip(&stored.hidden_facts).map(|((_, first), hidden)| first.is_none() && hidden.is_none());
        stored.event.facts.retain(|_| shown.next() == Some(true));
        if stored.event.facts.is_empty() { Ok(()) } else { writer.write(&stored.event, &origin).map_err(TransferError::from) }
    })
}

fn origin(vault: &Vault, id: DocumentId) -> Result<Origin, TransferError> {
    let document = vault.document(id)?;
    let received = DateTime::parse_from_rfc3339(&document.received).map_err(|_| TransferError::Internal(15))?.to_utc();
    Ok(Origin { document: document.fingerprint, received, source: document.about.source })
}
