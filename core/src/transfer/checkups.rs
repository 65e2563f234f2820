//! Checkups as 特定健診 XML (V08), one document a checkup, in a ZIP laid out as institutions do it; and the お薬手帳 of a
//! person. Both are written by `formats`; here is what goes in and what is counted as not carried.

use std::{cell::Cell, collections::BTreeMap, io::Write as _, path::Path};

use chrono::{DateTime, Utc};

use super::{
    Progress, TransferError,
    choice::{self, Choice, Count, Exported, each_chosen},
    leave::Leaving,
    parcel::Parcel,
    samples,
};
use crate::{
    formats::{NotCarried, jahis, tokutei},
    record::{Body, Event, Person, Standing, Subject},
    terms::Kind,
    vault::Vault,
};

/// Kinds of events that the checkup form is for.
const CHECKUPS: [Kind; 5] = [Kind::Checkup, Kind::CancerScreening, Kind::InfantCheckup, Kind::Pregnancy, Kind::SchoolCheckup];

/// Writes the chosen checkups as a ZIP of V08 documents, as far as the form has items for what they say. They carry no
/// identifier of an insurer or a facility, because no record has one, and are no report to be handed in. *Long.*
pub fn export_checkups(
    vault: &Vault,
    choice: &Choice<'_>,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    Leaving { vault, choice, out, now, format: "kenshin" }.write(|file, roots, count| {
        let failed = Cell::new(None);
        let mut parcel = Parcel::begin(file, &failed);
        let mut number = 0_u32;
        for root in roots {
            let subject = subject_of(&vault.person(root.person)?);
            each_chosen(vault, choice, root.person, count, progress, &mut |chosen, count| {
                let mut event = chosen.event;
                let kind = event.kind;
                choice::keep(&mut event, count, |fact| why_not(kind, fact));
                if event.facts.is_empty() {
                    return Ok(());
                }
                let written = tokutei::write(&subject, &event, chosen.document.about.source.as_deref());
                for fact in written.left_out.iter().filter_map(|position| event.facts.get(*position)) {
                    count.miss(fact.kind, NotCarried::NoCode);
                }
                let within = event.facts.len().saturating_sub(written.left_out.len());
                if within == 0 {
                    return Ok(());
                }
                count.write(root.person, within);
                number += 1;
                parcel.put(&name_of(&event, number), &written.bytes)
            })?;
            samples::none_of(vault, choice, root.person, NotCarried::NoPlace, count)?;
        }
        count.refuse_nothing()?;
        parcel.finish()
    })
}

/// Why a fact of an event is not in the form; `None` where it may be.
fn why_not(kind: Kind, fact: &crate::record::Fact) -> Option<NotCarried> {
    match &fact.body {
        _ if !CHECKUPS.contains(&kind) => Some(NotCarried::NoPlace),
        _ if matches!(fact.standing, Standing::Quarantined(_)) => Some(NotCarried::Doubtful),
        Body::Observation(_) if tokutei::has_item(fact) => None,
        Body::Observation(_) => Some(NotCarried::NoCode),
        Body::Narrative(words) if words.attachments.is_empty() => None,
        _ => Some(NotCarried::NoPlace),
    }
}

/// `DATA/h…` is what readers look for; the number of a facility, which belongs in the name, no record has.
fn name_of(event: &Event, number: u32) -> String {
    let day = event.day.map(|day| format!("-{day}")).unwrap_or_default();
    format!("techo-kenshin/DATA/h{day}-{number:04}.xml")
}

/// Writes the chosen medicines, allergies, illnesses and notes of one person as a notebook for pharmacies: JAHISTC08, 出力区分
/// 2, Shift_JIS with CR LF. The format wants the newest dispensing first, so what goes in is gathered before it is written;
/// nothing else is. *Long.*
pub fn export_notebook(
    vault: &Vault,
    choice: &Choice<'_>,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    Leaving { vault, choice, out, now, format: "jahis" }.write(|file, roots, count| {
        let person = vault.person(choice::only_person(roots)?)?;
        let mut events: Vec<Event> = Vec::new();
        each_chosen(vault, choice, person.id, count, progress, &mut |chosen, count| {
            let mut event = chosen.event;
            let kind = event.kind;
            choice::keep(&mut event, count, |fact| match &fact.body {
                _ if matches!(fact.standing, Standing::Quarantined(_)) => Some(NotCarried::Doubtful),
                Body::Medication(_) | Body::Allergy(_) | Body::Condition(_) | Body::Note(_) => None,
                // Blood group and weight stand in the patient's own record.
                Body::Observation(_) if matches!(kind, Kind::Medication | Kind::Other) => None,
                _ => Some(NotCarried::NoPlace),
            });
            if !event.facts.is_empty() {
                events.push(event);
            }
            Ok(())
        })?;
        samples::none_of(vault, choice, person.id, NotCarried::NoPlace, count)?;
        let written = jahis::write(&subject_of(&person), &events).map_err(|_| TransferError::Internal(16))?;
        let lost = losses(&events, &written.losses, count);
        let facts: usize = events.iter().map(|event| event.facts.len()).sum();
        count.write(person.id, facts.saturating_sub(lost));
        count.characters = written.lacking;
        count.refuse_nothing()?;
        Ok(file.write_all(&written.bytes)?)
    })
}

/// Counts what the notebook lacks, each fact and reason once; gives how many facts are not in it at all.
fn losses(events: &[Event], losses: &[jahis::Loss], count: &mut Count) -> usize {
    let mut seen: BTreeMap<(&str, NotCarried), Kind> = BTreeMap::new();
    for loss in losses {
        let reason = match loss.what {
            jahis::Lost::Fact => NotCarried::NoPlace,
            jahis::Lost::Detail => NotCarried::Detail,
            jahis::Lost::End => NotCarried::Cut,
            jahis::Lost::Characters(_) => NotCarried::Characters,
        };
        let kind = loss.fact().and_then(|(event, fact)| Some(events.get(event)?.facts.get(fact)?.kind));
        seen.insert((&loss.place, reason), kind.unwrap_or(Kind::Other));
    }
    for ((_, reason), kind) in &seen {
        count.miss(*kind, *reason);
    }
    seen.keys().filter(|(_, reason)| *reason == NotCarried::NoPlace).count()
}

/// The person as a document's subject: the name first, then the kana.
fn subject_of(person: &Person) -> Subject {
    let names = std::iter::once(&person.name).chain(&person.kana).cloned().collect();
    Subject { names, born: Some(person.born), sex: Some(person.sex) }
}
