//! Two things a draft can want from the person before it is taken in: what a picture or a PDF is called and of which day it
//! is, and whether a table of measurements is read the right way.

use std::sync::Arc;

use techo_core::{
    formats::{
        self, Detected, FormatId,
        measurements::{self, DateOrder, Proposal},
    },
    intake::{Permissions, saved_mapping},
    present,
    vault::{Given, Vault},
};

use crate::{ImportDone, ImportDraft, TechoError, import::Sum, redacted::redacted, room::now};

/// How a table of measurements would be read: the person confirms it before anything is taken in.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TableReading {
    /// Every heading, and what its column would be read as.
    pub columns: Vec<TableColumn>,
    /// The first rows as they would be read.
    pub rows: Vec<String>,
    /// Dates can be two days: whether they are day/month/year has to be answered with yes or no.
    pub order_question: Option<String>,
    /// Why it cannot be read like this.
    pub obstacle: Option<String>,
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TableColumn {
    /// What stands over it.
    pub heading: String,
    /// What it would be read as.
    pub meaning: String,
}

redacted!(TableReading, TableColumn);

#[uniffi::export]
impl ImportDraft {
    /// *Long.* Keeps a PDF or a picture as a document of `person`, by a title and of a day (`2024-05-03`, `2024-05`, `2024`) where they are
    /// given; a picture also where it shows a QR code. `OutOfTurn` where it is neither; `PersonInvalid` of `day` where that is none.
    pub fn keep(&self, person: String, title: Option<String>, day: Option<String>, digits_checked: bool) -> Result<ImportDone, TechoError> {
        if !self.view().can_keep {
            return Err(TechoError::OutOfTurn);
        }
        let person = self.room.vault.person(person.parse()?)?;
        let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let day = given(day).map(|day| day.parse()).transpose();
        let day = day.map_err(|_| TechoError::PersonInvalid { field: "day".to_owned() })?;
        let given = Given { title: given(title), day };
        let may = Permissions { digits_checked, document: Some(&given), ..Permissions::default() };
        let (mut sum, mut refused) = (Sum::of(&self.room, &self.draft), None);
        self.draft.take(&self.room.vault, &person, may, now(), &mut |outcome| match &outcome.result {
            // It is one document: what keeps it out is asked about, or told of, as a whole.
            Err(error) => drop(refused.get_or_insert_with(|| TechoError::from(error.clone()))),
            Ok(_) => sum.add(&outcome),
        });
        refused.map_or_else(|| sum.done(), Err)
    }

    /// *Long.* The person says that the table is read the right way; `day_first` where its dates can be two days. That is remembered for
    /// the next table with these headings. Gives what is in the file then. `OutOfTurn` where something is still open.
    pub fn confirm_table(&self, day_first: Option<bool>) -> Result<Arc<Self>, TechoError> {
        let table = self.table.as_ref().ok_or(TechoError::OutOfTurn)?;
        let mut mapping = table.proposal.mapping.clone();
        mapping.order = day_first.map(|first| if first { DateOrder::DayMonth } else { DateOrder::MonthDay }).or(mapping.order);
        let read = measurements::with_mapping(&table.bytes, &mapping).map_err(techo_core::intake::IntakeError::from)?;
        if !read.questions.is_empty() {
            return Err(TechoError::OutOfTurn);
        }
        self.room.vault.keep_mapping(table.proposal.key, &mapping.to_string())?;
        Self::look(&self.room, table.bytes.clone(), self.draft.name())
    }
}

/// A table that nobody has confirmed yet.
pub(crate) struct Table {
    bytes: Vec<u8>,
    proposal: Proposal,
}

impl Table {
    /// None where it is no table of measurements, or one whose reading is known.
    pub(crate) fn of(vault: &Vault, bytes: &[u8]) -> Option<Self> {
        let is_open = formats::detect(bytes) == Detected::Document(FormatId::Measurements) && saved_mapping(vault, bytes).is_none();
        let proposal = if is_open { measurements::propose(bytes).ok()? } else { return None };
        Some(Self { bytes: bytes.to_vec(), proposal })
    }

    pub(crate) fn reading(&self, language: present::Language) -> TableReading {
        let view = present::mapping(&self.proposal, language);
        TableReading {
            columns: view.columns.into_iter().map(|(heading, meaning)| TableColumn { heading, meaning }).collect(),
            rows: view.rows,
            order_question: view.order_question,
            obstacle: view.obstacle,
        }
    }
}

/// Whether bytes can be kept as a document that nobody reads.
pub(crate) fn can_keep(bytes: &[u8]) -> bool {
    matches!(formats::detect(bytes), Detected::Picture | Detected::Document(FormatId::Pdf | FormatId::PictureDocument))
}
