//! What a doctor is shown, and the report for a visit. The shell shows it as it is: large, high in contrast, behind its guard
//! against peeping, and ended by time, by turning the phone or by leaving the app.

use std::path::Path;

use chrono::NaiveDate;
use techo_core::{
    base::PersonId,
    insight::clinic::{self, Selection, UnknownItem},
    present::{self, ClinicLine, ClinicSection, ClinicView},
    transfer::{self, ReportOf},
    vault::Showing,
};

use crate::{ChartView, ExportDone, Language, TechoError, Vault, redacted::redacted, room::now, words::instant};

/// An occasion, or a part that can be chosen by itself.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClinicName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What is to be shown.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClinicChoice {
    /// Whose, by id.
    pub person: String,
    /// The occasion's id; none where the items say it all.
    pub occasion: Option<String>,
    /// Parts and quantities in the place of the occasion's; none of them means what the occasion shows.
    pub items: Vec<String>,
    /// Only from this day.
    pub from: Option<String>,
    /// Only until this day.
    pub until: Option<String>,
    /// Whether what is sensitive is shown.
    pub sensitive: bool,
    /// The language for who is shown it.
    pub language: Language,
    /// What day it is where the person is, `2026-04-01`.
    pub today: String,
}

/// The screen for a doctor.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClinicScreen {
    /// The name.
    pub name: String,
    /// The name in kana.
    pub kana: Option<String>,
    /// Date of birth.
    pub born: String,
    /// Sex.
    pub sex: String,
    /// What the screen is called.
    pub title: String,
    /// The sections in their order.
    pub sections: Vec<ClinicPart>,
    /// When records came in last, and that they may lag.
    pub fetched: String,
    /// Said where anything was left out.
    pub left_out: Option<String>,
    /// What the screen is not.
    pub note: String,
    /// Whether the QR codes of the medicine notebook belong beside it: `clinic_codes` makes them.
    pub code: bool,
}

/// One section.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClinicPart {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its lines.
    pub rows: Vec<ClinicRow>,
    /// What else to say, a line each: that nothing is on record, that there is more, that something was left out.
    pub notes: Vec<String>,
}

/// One line.
#[derive(Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClinicRow {
    /// What it is about.
    pub title: String,
    /// What is said.
    pub value: Option<String>,
    /// The day.
    pub date: Option<String>,
    /// Who says so.
    pub source: Option<String>,
    /// How its values went, where there are several.
    pub chart: Option<ChartView>,
}

redacted!(ClinicName, ClinicChoice, ClinicScreen, ClinicPart, ClinicRow);

/// *Instant.* Every occasion, in its order.
#[uniffi::export]
pub fn clinic_occasions(language: Language) -> Vec<ClinicName> {
    let name = |id: &str| ClinicName { id: id.to_owned(), name: present::occasion_name(id, language.into()).to_owned() };
    clinic::occasions().iter().map(|occasion| name(occasion.id)).collect()
}

/// *Instant.* Every part that can be chosen by itself, in its order.
#[uniffi::export]
pub fn clinic_parts(language: Language) -> Vec<ClinicName> {
    let name = |part: clinic::Part| ClinicName { id: part.id().to_owned(), name: present::part_name(part, language.into()).to_owned() };
    clinic::Part::ALL.into_iter().map(name).collect()
}

#[uniffi::export]
impl Vault {
    /// *Quick.* What would be shown. The person's own look is no showing; before anybody else sees it, call `begin_showing`.
    pub fn clinic(&self, choice: ClinicChoice) -> Result<ClinicScreen, TechoError> {
        let view = self.clinic_view(&choice)?;
        Ok(ClinicScreen::of(&view))
    }

    /// *Quick.* Writes down that it is shown from now on, and gives since when, for `end_showing`. Needs presence.
    pub fn begin_showing(&self, choice: ClinicChoice) -> Result<String, TechoError> {
        let view = self.clinic_view(&choice)?;
        Ok(instant(self.room.vault.begin_showing(&view.to_show(), now())?.begun()))
    }

    /// *Quick.* Writes down that a showing is over: `begun` as `begin_showing` gave it.
    pub fn end_showing(&self, person: String, begun: String) -> Result<(), TechoError> {
        let begun = begun.parse().map_err(|_| TechoError::NotFound)?;
        Ok(self.room.vault.end_showing(Showing::of(person.parse()?, begun), now())?)
    }

    /// *Quick.* Writes the report for a visit, one HTML, to the file `out`. Needs presence.
    pub fn report(&self, choice: ClinicChoice, out: String) -> Result<ExportDone, TechoError> {
        let (person, selection, on) = choice.read()?;
        let of = ReportOf { person, selection: &selection, on, language: choice.language.into() };
        let done = transfer::export_report(&self.room.vault, of, Path::new(&out), now())?;
        Ok(ExportDone { text: present::export_text(done.people.len(), done.records(), self.room.language()) })
    }
}

impl Vault {
    fn clinic_view(&self, choice: &ClinicChoice) -> Result<ClinicView, TechoError> {
        let (person, selection, on) = choice.read()?;
        Ok(present::clinic(&self.room.vault, person, &selection, on, choice.language.into())?)
    }
}

/// The day where the person is.
pub(crate) fn today(text: &str) -> Result<NaiveDate, TechoError> {
    text.parse().map_err(|_| TechoError::PersonInvalid { field: "today".to_owned() })
}

impl ClinicChoice {
    /// Whose, what and on which day.
    pub(crate) fn read(&self) -> Result<(PersonId, Selection, NaiveDate), TechoError> {
        let at = self.occasion.as_deref().map(|id| clinic::occasion(id).ok_or(TechoError::NotFound)).transpose()?;
        let wrong = |UnknownItem(_)| TechoError::WishInvalid { field: "items".to_owned() };
        let mut selection = match at {
            Some(at) if self.items.is_empty() => Selection::of(at),
            at => Selection::of_items(at, &self.items).map_err(wrong)?,
        };
        let day = |text: &Option<String>| text.as_deref().map(str::parse).transpose();
        selection.from = day(&self.from)?;
        selection.until = day(&self.until)?;
        selection.sensitive = self.sensitive;
        Ok((self.person.parse()?, selection, today(&self.today)?))
    }
}

impl ClinicScreen {
    fn of(view: &ClinicView) -> Self {
        Self {
            name: view.name.clone(),
            kana: view.kana.clone(),
            born: view.born.clone(),
            sex: view.sex.to_owned(),
            title: view.title.to_owned(),
            sections: view.sections.iter().map(|section| ClinicPart::of(section, view.language)).collect(),
            fetched: view.fetched.clone(),
            left_out: view.left_out.map(str::to_owned),
            note: view.note.to_owned(),
            code: view.code,
        }
    }
}

impl ClinicPart {
    fn of(section: &ClinicSection, language: present::Language) -> Self {
        let row = |line: &ClinicLine| ClinicRow {
            title: line.title.clone(),
            value: line.value.clone(),
            date: line.date.clone(),
            source: line.source.clone(),
            chart: line.chart(language).map(|chart| ChartView::of(&chart, &[], language)),
        };
        let notes = section.empty.into_iter().chain(section.more).chain(section.left_out);
        Self {
            id: section.id.id().to_owned(),
            title: section.title.to_owned(),
            rows: section.lines.iter().map(row).collect(),
            notes: notes.map(str::to_owned).collect(),
        }
    }
}
