//! QR codes that a person shows instead of handing over a file: a medicine notebook for a pharmacy, a summary for a clinic. No
//! server and no network; nothing is written to the disk. What leaves is decided and counted as for a file.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    TransferError,
    checkups::notebook,
    choice::{self, Choice, Exported},
    fhir::summarised,
    leave::Leaving,
};
use crate::{
    base::{PersonId, fold},
    formats::{
        codes,
        fhir::SummaryWriter,
        jahis,
        qr::{self, Squares},
    },
    insight::clinic::{Part, Selection},
    present::{Language, Marked, PointId, clinic},
    terms::Kind,
    vault::{FactId, StoredDay, StoredEvent, Vault},
};

/// Bytes of a notebook in one code: 81 by 81 squares, which the readers of pharmacies and phones take from a screen. The
/// standard's own figure was not found; the choice is ours.
const PART: usize = 450;
/// Most bytes one code of level M holds (ISO/IEC 18004, version 40).
const MOST: usize = 2_331;

/// What the codes hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodesForm {
    /// A notebook: JAHISTC08, 出力区分 2, split by record 911.
    Notebook,
    /// A patient summary: IPS 2.0.0, packed (`docs/formats/hand-over-codes.md`).
    Summary,
}

impl CodesForm {
    /// The public id, which is the format's.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Notebook => "jahis",
            Self::Summary => "ips",
        }
    }
}

/// The codes of one person, to be shown in turn or side by side.
#[derive(Clone, Debug)]
pub struct Codes {
    /// In order.
    pub codes: Vec<Squares>,
    /// What is in them, and what they could not carry.
    pub exported: Exported,
}

/// Makes the codes of what one person chose. One line of the ledger says what was shown. *Long.*
///
/// # Errors
/// `PersonNeeded`; `NothingToWrite`; `TooMuchForCodes` where it would be more than [`codes::CODES`] codes.
pub fn show_codes(vault: &Vault, choice: &Choice<'_>, form: CodesForm, now: DateTime<Utc>) -> Result<Codes, TransferError> {
    let (codes, exported) = Leaving::show(vault, choice, now, form.id(), |roots, count| {
        let person = choice::only_person(roots)?;
        let contents = match form {
            CodesForm::Notebook => {
                let whole = notebook(vault, choice, person, count, &mut |_| {})?;
                jahis::split(&whole, PART, MOST)
            }
            CodesForm::Summary => {
                let mut entries = Vec::new();
                let head = summarised(vault, choice, person, now, &mut entries, count, &mut |_| {})?;
                count.refuse_nothing()?;
                let document = [head.as_bytes(), &entries, SummaryWriter::<Vec<u8>>::END.as_bytes()].concat();
                codes::write(&document).map(|texts| texts.into_iter().map(String::into_bytes).collect())
            }
        };
        let contents = contents.filter(|contents| contents.len() <= codes::CODES).ok_or(TransferError::TooMuchForCodes)?;
        contents.iter().map(|content| qr::squares(content).ok_or(TransferError::TooMuchForCodes)).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(Codes { codes, exported })
}

/// Parts of a screen for a pharmacist that a notebook has a place for.
const IN_NOTEBOOK: [Part; 3] = [Part::Allergies, Part::Medicines, Part::Conditions];

/// Makes the notebook's codes that belong beside what a pharmacist is shown: the same parts and days, and nothing that is
/// sensitive unless that was chosen. One line of the ledger says what was shown, besides the lines of the showing. *Long.*
///
/// # Errors
/// As of [`show_codes`]; `NothingToWrite` too where no code belongs to the choice.
pub fn show_clinic_codes(
    vault: &Vault,
    person: PersonId,
    selection: &Selection,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Codes, TransferError> {
    let parts: Vec<Part> = IN_NOTEBOOK.into_iter().filter(|part| selection.has(*part)).collect();
    if !selection.code || parts.is_empty() {
        return Err(TransferError::NothingToWrite { not_carried: Vec::new() });
    }
    let kinds_of = |part: &Part| part.kinds().iter().copied();
    let records: Vec<Kind> = parts.iter().flat_map(kinds_of).collect();
    // Medicines go back a year; an allergy of 2010 is not over.
    let uncut = parts.iter().filter(|part| selection.period(**part, on) == (None, None));
    let always: Vec<Kind> = uncut.flat_map(kinds_of).collect();
    let (from, until) = selection.period(Part::Medicines, on);
    let guarded = Guarded::of(vault, person, selection, on)?;
    let is_withheld = |stored: &StoredEvent, place: usize| guarded.has(stored, place);
    let is_day_withheld = |day: &StoredDay| Marked::day_reason(day).is_some();
    let choice = Choice {
        person: Some(person),
        records: &records,
        always: &always,
        from,
        until,
        withhold: (!selection.sensitive).then_some(&is_withheld),
        withhold_day: (!selection.sensitive).then_some(&is_day_withheld),
        ..Choice::default()
    };
    show_codes(vault, &choice, CodesForm::Notebook, now)
}

/// What is sensitive on a screen for a pharmacist. There one sensitive telling of a medicine makes all of them so, as the same
/// name would give it away; and what the screen does not show, no code beside it may hold.
struct Guarded {
    marked: Marked,
    records: HashSet<FactId>,
    names: HashSet<String>,
}

impl Guarded {
    fn of(vault: &Vault, person: PersonId, selection: &Selection, on: NaiveDate) -> Result<Self, TransferError> {
        let mut all = Selection { sensitive: true, sheet: false, quantities: Vec::new(), ..selection.clone() };
        all.parts.retain(|chosen| IN_NOTEBOOK.contains(&chosen.part));
        let view = clinic(vault, person, &all, on, Language::Japanese)?;
        let mut guarded = Self { marked: Marked::of(vault, person)?, records: HashSet::new(), names: HashSet::new() };
        for line in view.sections.iter().flat_map(|section| &section.lines).filter(|line| line.sensitive) {
            guarded.names.extend([Some(&line.title), line.generic.as_ref()].into_iter().flatten().map(|name| fold(name)));
            guarded.records.extend(line.records.iter().filter_map(|point| match point {
                PointId::Record(record) => Some(*record),
                PointId::Day(_) => None,
            }));
        }
        Ok(guarded)
    }

    fn has(&self, stored: &StoredEvent, place: usize) -> bool {
        let is_known = |(id, first): &(FactId, Option<FactId>)| self.records.contains(&first.unwrap_or(*id)) || self.records.contains(id);
        self.marked.reason(stored, place).is_some()
            || stored.ids.get(place).is_some_and(is_known)
            || stored.event.facts.get(place).is_some_and(|fact| self.names.contains(&fold(&fact.title)))
    }
}
