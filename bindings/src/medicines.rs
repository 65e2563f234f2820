//! The medicines of a day: what is taken, one ingredient twice worded for asking a pharmacist, what is left over.

use techo_core::present;

use crate::{TechoError, Vault, redacted::redacted};

/// The medicines of a day, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct MedicinesView {
    /// The medicines, those that are taken first.
    pub rows: Vec<MedicineRow>,
    /// What to ask a pharmacist: one ingredient twice, and what could not be compared. A sentence each.
    pub questions: Vec<String>,
    /// What a pharmacist wrote about left-over medicines.
    pub left_over: Vec<LeftOver>,
    /// How many medicines the person keeps hidden; they are among the rows only on demand.
    pub hidden: u32,
    /// The rules' source and edition, and what they are not.
    pub note: String,
}

/// One medicine.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct MedicineRow {
    /// The leading record that tells of it.
    pub record: String,
    /// Whether and how it is taken, in words.
    pub course_text: String,
    /// The product as received.
    pub title: String,
    /// Dose with its unit, as received.
    pub dose: Option<String>,
    /// How to take it, as received.
    pub usage: Option<String>,
    /// From when: `2026-05-01`.
    pub from: Option<String>,
    /// The last day, where it can be told.
    pub until: Option<String>,
    /// Who told of it, as received.
    pub places: Vec<String>,
    /// The person keeps it hidden.
    pub hidden: bool,
}

/// A remark on left-over medicines.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct LeftOver {
    /// The record.
    pub record: String,
    /// Its day for the screen.
    pub date_text: String,
    /// The remark as received.
    pub text: String,
}

redacted!(MedicinesView, MedicineRow, LeftOver);

#[uniffi::export]
impl Vault {
    /// *Quick.* The medicines of a day, `2026-05-03`; with those that the person keeps hidden only where asked for.
    pub fn medicines(&self, person: String, on: String, with_hidden: bool) -> Result<MedicinesView, TechoError> {
        let on = on.parse().map_err(|_| TechoError::NotFound)?;
        let view = present::medicines(&self.room.vault, person.parse()?, on, with_hidden, self.room.language())?;
        let left_over = |left: present::LeftOver| LeftOver { record: left.record.to_string(), date_text: left.date_text, text: left.text };
        Ok(MedicinesView {
            rows: view.rows.into_iter().filter_map(MedicineRow::of).collect(),
            questions: view.same.into_iter().map(|same| same.text).chain(view.unchecked_text).collect(),
            left_over: view.left_over.into_iter().map(left_over).collect(),
            hidden: view.hidden,
            note: view.note,
        })
    }
}

impl MedicineRow {
    fn of(row: present::MedicineRow) -> Option<Self> {
        Some(Self {
            record: row.sources.first()?.record.to_string(),
            course_text: row.course_text.to_owned(),
            title: row.title,
            dose: row.dose,
            usage: row.usage,
            from: row.from,
            until: row.until,
            places: row.sources.into_iter().filter_map(|source| source.place).collect(),
            hidden: row.hidden,
        })
    }
}
