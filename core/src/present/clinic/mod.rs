//! What a doctor is shown: the sections of an occasion or of the person's own choice, in a fixed order, each line with who
//! says so and when. It never claims to be whole: what the person left out is said where it was, and never what it is.

mod gather;
mod medicines;
mod results;
mod statements;
mod vaccinations;
mod words;

use chrono::NaiveDate;

pub use words::{note as shown_note, occasion_name, part_name, shown_for_text, unknown_item_text};

use super::{Chart, Language, Mark, PointId, PointView, SeriesView, series_chart, sex_name};
use crate::{
    base::PersonId,
    insight::clinic::{Part, Selection},
    vault::{FactId, ToShow, Vault, VaultError},
};
use gather::Reading;

/// Values of a quantity on a screen.
const SHOWN: usize = 6;

/// A screen for a doctor, ready to show.
#[derive(Clone, Debug, PartialEq)]
pub struct ClinicView {
    /// Whose.
    pub person: PersonId,
    /// The name as the family writes it.
    pub name: String,
    /// The name in kana.
    pub kana: Option<String>,
    /// Date of birth.
    pub born: String,
    /// Sex, in the language of the screen.
    pub sex: &'static str,
    /// The occasion's id; none for a choice of one's own.
    pub occasion: Option<&'static str>,
    /// What the screen is called.
    pub title: &'static str,
    /// The day it is shown.
    pub on: NaiveDate,
    /// The language it is written in, which need not be the app's.
    pub language: Language,
    /// The sections, in the order they are shown. A chosen one without a line is there and says so.
    pub sections: Vec<ClinicSection>,
    /// When the records came in, and that they may lag.
    pub fetched: String,
    /// Said where anything at all was left out.
    pub left_out: Option<&'static str>,
    /// What the screen is not; always said.
    pub note: &'static str,
    /// Whether the QR code of the medicine notebook belongs beside it.
    pub code: bool,
    /// Whether what is sensitive was chosen to be shown.
    pub sensitive: bool,
    /// What is shown, by the ids of parts and quantities: for the ledger.
    pub items: Vec<String>,
}

/// The sections. The ids are public and never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionId {
    /// What must not be given.
    Allergies,
    /// Medicines that are taken, or may be.
    MedicinesCurrent,
    /// eGFR, beside the medicines.
    Kidney,
    /// Medicines whose days are over or that were stopped.
    MedicinesStopped,
    /// Conditions and infections.
    Conditions,
    /// Operations and procedures.
    Procedures,
    /// Values with how they went.
    Results,
    /// Doses.
    Vaccinations,
    /// Doses that are not recorded, from the vaccination planner.
    MissingDoses,
}

impl SectionId {
    /// Every section, in the order it is shown.
    pub const ALL: [Self; 9] = [
        Self::Allergies,
        Self::MedicinesCurrent,
        Self::Kidney,
        Self::MedicinesStopped,
        Self::Conditions,
        Self::Procedures,
        Self::Results,
        Self::Vaccinations,
        Self::MissingDoses,
    ];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Allergies => "allergies",
            Self::MedicinesCurrent => "medicines_current",
            Self::Kidney => "kidney",
            Self::MedicinesStopped => "medicines_stopped",
            Self::Conditions => "conditions",
            Self::Procedures => "procedures",
            Self::Results => "results",
            Self::Vaccinations => "vaccinations",
            Self::MissingDoses => "missing_doses",
        }
    }
}

/// One section.
#[derive(Clone, Debug, PartialEq)]
pub struct ClinicSection {
    /// Which.
    pub id: SectionId,
    /// Its heading.
    pub title: &'static str,
    /// Its lines; what must not be missed comes first.
    pub lines: Vec<ClinicLine>,
    /// Said where there is no line: that none is on record, which is not that there is none.
    pub empty: Option<&'static str>,
    /// Said where records of this section were left out by the person's choice; never which or why.
    pub left_out: Option<&'static str>,
    /// Why, for the person before showing, never for the screen.
    pub reasons: LeftOutReasons,
    /// Said where there are more records than lines, although nobody left them out.
    pub more: Option<&'static str>,
}

/// Why records are not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOutReasons {
    /// Records that the person keeps hidden.
    pub hidden: u32,
    /// What is sensitive and was not chosen: lines that would be there.
    pub sensitive: u32,
    /// Some lie outside of the days that are shown.
    pub outside: bool,
}

impl LeftOutReasons {
    /// Whether anything was left out.
    pub const fn is_any(self) -> bool {
        self.hidden > 0 || self.sensitive > 0 || self.outside
    }
}

/// One line of a section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClinicLine {
    /// The substance, the product, the condition, the quantity or the vaccine, as received.
    pub title: String,
    /// What is said about it; a number exactly as measured.
    pub value: Option<String>,
    /// The day as `2024-05-03`, `2024-05` or `2024`.
    pub date: Option<String>,
    /// Who says so: an institution, or that the person wrote it.
    pub source: Option<String>,
    /// General name of a medicine.
    pub generic: Option<String>,
    /// A dose's own fields, for a sheet.
    pub dose: Option<DoseLine>,
    /// How a value went, the earliest first, the newest last.
    pub trend: Vec<PointView>,
    /// What the sender said about a value.
    pub mark: Option<Mark>,
    /// What is sensitive is only here because it was chosen.
    pub sensitive: bool,
    /// The records behind it.
    pub records: Vec<PointId>,
}

/// What a vaccination sheet has columns for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoseLine {
    /// Which dose, as received.
    pub number: Option<String>,
    /// The product, where it is not the vaccine's name.
    pub product: Option<String>,
    /// The lot.
    pub lot: Option<String>,
    /// Where it was given.
    pub place: Option<String>,
}

impl ClinicView {
    /// What the ledger is told before it is shown.
    pub fn to_show(&self) -> ToShow {
        ToShow {
            person: self.person,
            occasion: self.occasion.map(str::to_owned),
            items: self.items.clone(),
            sensitive: self.sensitive,
            minutes: None,
        }
    }

    /// The section of an id; none where it is not shown.
    pub fn section(&self, id: SectionId) -> Option<&ClinicSection> {
        self.sections.iter().find(|section| section.id == id)
    }
}

/// What is shown on this day. Reads only;
/// before it is shown to anybody else, [`Vault::begin_showing`] must have returned. *Quick.*
///
/// # Errors
/// `NotFound` for nobody of this vault; `Locked`.
pub fn clinic(vault: &Vault, person: PersonId, selection: &Selection, on: NaiveDate, language: Language) -> Result<ClinicView, VaultError> {
    clinic_in_depth(vault, person, selection, SHOWN, on, language)
}

/// The same with up to `values` of each quantity: for a report with charts.
///
/// # Errors
/// As of [`clinic`].
pub fn clinic_in_depth(
    vault: &Vault,
    person: PersonId,
    selection: &Selection,
    values: usize,
    on: NaiveDate,
    language: Language,
) -> Result<ClinicView, VaultError> {
    let who = vault.person(person)?;
    let mut reading = Reading::new(vault, person, selection, values, (on, language))?;
    let mut sections = Vec::new();
    for chosen in &selection.parts {
        match chosen.part {
            Part::Allergies => sections.push(statements::allergies(&mut reading)?),
            Part::Medicines => sections.extend(medicines::medicines(&mut reading)?),
            Part::Conditions => sections.push(statements::conditions(&mut reading)?),
            Part::Procedures => sections.push(statements::procedures(&mut reading)?),
            Part::Results => sections.push(results::results(&mut reading)?),
            Part::Vaccinations => {
                sections.push(vaccinations::vaccinations(&mut reading)?);
                if selection.sheet {
                    sections.push(vaccinations::missing(vault, person, on, language)?);
                }
            }
        }
    }
    // eGFR stands beside the medicines, and with them before everything else but the allergies.
    sections.sort_by_key(|section| section.id);
    let is_short = sections.iter().any(|section| section.reasons.is_any()) || reading.has_unchosen()?;
    Ok(ClinicView {
        person,
        name: who.name.clone(),
        kana: who.kana.clone(),
        born: who.born.to_string(),
        sex: sex_name(who.sex, language),
        occasion: selection.occasion,
        title: words::title(selection.occasion, language),
        on,
        language,
        sections,
        fetched: words::fetched(&vault.arrivals(person)?, language),
        left_out: is_short.then(|| words::left_out(language)),
        note: words::note(language),
        code: selection.code,
        sensitive: selection.sensitive,
        items: selection.items(),
    })
}

impl ClinicSection {
    fn new(id: SectionId, lines: Vec<ClinicLine>, reasons: LeftOutReasons, more: bool, language: Language) -> Self {
        Self {
            id,
            title: words::heading(id, language),
            empty: lines.is_empty().then(|| words::empty(language)),
            lines,
            left_out: reasons.is_any().then(|| words::left_out_here(language)),
            reasons,
            more: more.then(|| words::more(language)),
        }
    }
}

impl ClinicLine {
    /// The chart of its values; none of a single one, and of values that cannot be drawn. *Instant.*
    pub fn chart(&self, language: Language) -> Option<Chart> {
        let unit = self.trend.iter().rev().find_map(|point| point.unit.clone());
        let series = SeriesView { key: String::new(), name: self.title.clone(), home: false, unit, points: self.trend.clone() };
        let chart = series_chart(&series, language);
        (chart.points().count() > 1 && chart.axes.is_some()).then_some(chart)
    }
}

fn points(records: impl IntoIterator<Item = FactId>) -> Vec<PointId> {
    records.into_iter().map(PointId::Record).collect()
}
