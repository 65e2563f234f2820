//! What came from Mynaportal, in the items and the shape it came in: the originals, cut to what was chosen where that can
//! be done without writing anything anew. No envelope is made up around them.

use std::{cell::Cell, path::Path};

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::{
    Progress, Step, TransferError,
    choice::{Choice, Chooser, Chosen, Count, Exported, Tellings, each_chosen_of},
    leave::Leaving,
    originals::Bundle,
    parcel::Parcel,
    samples,
};
use crate::{
    base::PartialDate,
    formats::{FormatId, NotCarried, self_information},
    terms::Kind,
    vault::{Document, Vault},
};

/// What the chosen records of a document are: how to know their entries in the answer.
#[derive(Default)]
struct Wanted {
    records: usize,
    days: Vec<(Kind, Option<PartialDate>)>,
    kinds: Vec<Kind>,
}

/// Writes the answers of Mynaportal as a ZIP with a list, each as it was received. An answer of which only a part was chosen
/// is cut to it, entry by entry; what cannot be cut stays out. Originals hold what records never do (the numbers of an
/// insurance card): whoever calls this asks the person first. *Long.*
pub fn export_portal(
    vault: &Vault,
    choice: &Choice<'_>,
    out: &Path,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    Leaving { vault, choice, out, now, format: "portal" }.write(|file, roots, count| {
        let failed = Cell::new(None);
        let mut bundle = Bundle { parcel: Parcel::begin(file, &failed), entries: Vec::new(), number: 0 };
        for root in roots {
            let person = vault.person(root.person)?;
            let chooser = Chooser::of(vault, choice, person.id)?;
            let ids = vault.document_ids(root.person)?;
            let of = ids.len() as u64;
            for (done, id) in (1..).zip(ids) {
                let document = vault.document(id)?;
                let is_ours = is_from_portal(&document);
                let mut wanted = Wanted::default();
                // An answer leaves whole: also what another document had stated before, and what another source tells better.
                let tellings = if is_ours { Tellings::Every } else { Tellings::LeadingAlone };
                each_chosen_of(&chooser, id, tellings, count, &mut |chosen, count| {
                    if is_ours {
                        wanted.add(&chosen);
                    } else {
                        not_ours(&chosen, count);
                    }
                    Ok(())
                })?;
                progress(Progress { step: Step::Writing, done, of });
                if wanted.records == 0 {
                    continue;
                }
                match original(vault, choice, &document, &wanted)? {
                    Some(parts) => {
                        bundle.document(&person, &document, &parts)?;
                        count.write(root.person, wanted.records);
                    }
                    None => wanted.kinds.iter().for_each(|kind| count.miss(*kind, NotCarried::NoOriginal)),
                }
            }
            samples::none_of(vault, choice, root.person, NotCarried::NotFromPortal, count)?;
        }
        count.refuse_nothing()?;
        bundle.finish()
    })
}

/// Whether a document is an answer of Mynaportal: fetched with a consent, or of one of the shapes that only it hands out.
fn is_from_portal(document: &Document) -> bool {
    let format = FormatId::of_id(&document.about.format);
    document.about.consent.is_some() || matches!(format, Some(FormatId::SelfInformation | FormatId::InsuranceXml))
}

fn not_ours(chosen: &Chosen<'_>, count: &mut Count) {
    chosen.event.facts.iter().for_each(|fact| count.miss(fact.kind, NotCarried::NotFromPortal));
}

impl Wanted {
    fn add(&mut self, chosen: &Chosen<'_>) {
        self.records += chosen.event.facts.len();
        self.days.push((chosen.event.kind, chosen.event.day));
        self.kinds.extend(chosen.event.facts.iter().map(|fact| fact.kind));
    }

    /// Whether an entry of the answer tells of a chosen event.
    fn has(&self, entry: &self_information::Entry<'_>) -> bool {
        let is_in = |day: Option<PartialDate>| match (day, entry.first_day, entry.last_day) {
            (Some(day), Some(first), Some(last)) => first.first_day() <= day.last_day() && day.first_day() <= last.last_day(),
            (None, None, None) => true,
            _ => false,
        };
        !entry.is_unread && self.days.iter().any(|(_, day)| is_in(*day))
    }
}

/// The original, or what is left of it; none where it is gone or cannot be cut.
fn original(
    vault: &Vault,
    choice: &Choice<'_>,
    document: &Document,
    wanted: &Wanted,
) -> Result<Option<Vec<Zeroizing<Vec<u8>>>>, TransferError> {
    let parts = vault.original(document.id)?;
    if parts.is_empty() || choice.is_everything() {
        return Ok(Some(parts).filter(|parts| !parts.is_empty()));
    }
    let [whole] = parts.as_slice() else { return Ok(None) };
    let mut kinds_fit = |entry: &self_information::Entry<'_>| {
        let asked = entry.kind;
        (choice.kinds.is_empty() || choice.kinds.contains(&asked) || wanted.days.iter().any(|(kind, _)| *kind == asked))
            && wanted.has(entry)
    };
    match self_information::trim(whole, &mut kinds_fit) {
        Ok(trimmed) if trimmed.kept.is_empty() => Ok(None),
        Ok(trimmed) => Ok(Some(vec![trimmed.bytes])),
        // Another shape: whole, where the whole of it was chosen, and else not at all.
        Err(_) => Ok(None),
    }
}
