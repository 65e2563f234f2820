//! What a person writes by hand: forms, records added and put right, removals, undoing, and the list of changes. What is
//! wrong with a field, or has to be asked, is an answer and no error: the form stays open.

use techo_core::{
    intake::{
        self, Filled, IntakeError, Pen, PenError, Permissions, WrittenDown, add_by_hand, correct_by_hand, last_change, remove_event,
        remove_record, undo_entry,
    },
    present,
    record::{Author, Relation},
    terms::Kind,
    vault::{ChangesOf, DocumentId, EventId, FactId},
};

use crate::{TechoError, Vault, redacted::redacted, room::now};

/// One thing that is asked for.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FormField {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub label: String,
    /// What goes into it: `date`, `any_date`, `time`, `text`, `long`, `number`, `choice`, `vaccine`, `medicine`, `jan`, `quantity`, `measured`, `unit`.
    pub shape: String,
    /// The unit of a number, where the form knows it.
    pub unit: Option<String>,
    /// Answers to choose from; empty where words or a number are typed.
    pub choices: Vec<FormChoice>,
    /// Whether it cannot be left empty.
    pub is_required: bool,
}

/// An answer to choose.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FormChoice {
    /// Its id, which is what is handed back.
    pub id: String,
    /// What a person reads.
    pub label: String,
}

/// What was typed into a field.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FieldValue {
    /// The field's id.
    pub field: String,
    /// What was typed, as it was typed.
    pub text: String,
}

/// Who writes, why, and which questions were answered with yes.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Writer {
    /// Who; the person themselves when none.
    pub author: Option<String>,
    /// What the author is to the person: `self`, `parent`, `proxy`, `other`.
    pub relation: String,
    /// Why.
    pub reason: Option<String>,
    /// Fields whose question was answered with yes.
    pub confirmed: Vec<String>,
    /// Places at which twelve digits are no My Number.
    pub digits_checked: Vec<String>,
    /// What day it is where the person is, `2026-04-01`.
    pub today: String,
}

/// What became of what was written.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct EntryDone {
    /// The entry; none where nothing was written.
    pub entry: Option<String>,
    /// The records it brought.
    pub records: Vec<String>,
    /// What is wrong, or has to be asked; none where it was written.
    pub troubles: Vec<FieldTrouble>,
}

/// What is wrong with a field, or has to be asked.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FieldTrouble {
    /// The field's id, or the place in what was written.
    pub field: String,
    /// The sentence, with the field's name.
    pub text: String,
    /// Whether it is a question: answered with yes by calling again with the field in `confirmed`, or, for twelve digits, the
    /// place in `digits_checked`.
    pub is_question: bool,
    /// Whether the question is about twelve digits.
    pub is_digits: bool,
}

/// One change, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChangeRow {
    /// The entry: what `undo` takes.
    pub entry: String,
    /// The person's id.
    pub person: String,
    /// When: UTC, RFC 3339.
    pub at: String,
    /// Who, for the screen.
    pub author_text: String,
    /// What it did, for the screen.
    pub text: String,
    /// Why.
    pub reason: Option<String>,
    /// The kind of change: `add`, `correct`, `remove`, `undo` …
    pub kind: String,
    /// The record it is about.
    pub record: Option<String>,
    /// The event it is about.
    pub event: Option<String>,
    /// The records it brought.
    pub records: Vec<String>,
    /// Whether it counts.
    pub counts: bool,
    /// What to say where it does not, or waits.
    pub standing_text: Option<String>,
}

/// A page of changes.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChangesPage {
    /// The newest first.
    pub rows: Vec<ChangeRow>,
    /// Where to go on; none when that was all.
    pub next: Option<String>,
}

redacted!(FormField, FormChoice, FieldValue, Writer, EntryDone, FieldTrouble, ChangeRow, ChangesPage);

#[uniffi::export]
impl Vault {
    /// *Instant.* What is asked for to write down a record of this kind. What is no kind is `NotFound`.
    pub fn form(&self, kind: String) -> Result<Vec<FormField>, TechoError> {
        let kind: Kind = kind.parse().map_err(|_| TechoError::NotFound)?;
        Ok(present::form(kind, self.room.language()).into_iter().map(FormField::from).collect())
    }

    /// *Quick.* What of a record can be put right with `correct`. What is left empty stays as it is, so nothing is required.
    pub fn form_of(&self, record: String) -> Result<Vec<FormField>, TechoError> {
        let (_, fields) = techo_core::insight::form_of_record(&self.room.vault.fact(record.parse()?)?.fact);
        let fields = fields.into_iter().map(|field| FormField::from(present::field_view(field, self.room.language())));
        Ok(fields.map(|field| FormField { is_required: false, ..field }).collect())
    }

    /// *Quick.* Writes a record down. Nothing is written while `troubles` is not empty.
    pub fn add_entry(&self, person: String, kind: String, values: Vec<FieldValue>, writer: Writer) -> Result<EntryDone, TechoError> {
        let kind: Kind = kind.parse().map_err(|_| TechoError::NotFound)?;
        let person = self.room.vault.person(person.parse()?)?;
        self.write(kind, &values, &writer, &person.name, |filled, pen| add_by_hand(&self.room.vault, &person, filled, pen))
    }

    /// *Quick.* Puts a record right: what was typed stands in its place, and the original stays.
    pub fn correct(&self, record: String, values: Vec<FieldValue>, writer: Writer) -> Result<EntryDone, TechoError> {
        let record: FactId = record.parse()?;
        let stored = self.room.vault.fact(record)?;
        let person = self.room.vault.person(stored.event.person)?;
        let (kind, _) = techo_core::insight::form_of_record(&stored.fact);
        self.write(kind, &values, &writer, &person.name, |filled, pen| correct_by_hand(&self.room.vault, record, filled, pen))
    }

    /// *Quick.* Takes a record or an event out of every list. It can be undone.
    pub fn remove(&self, id: String, writer: Writer) -> Result<EntryDone, TechoError> {
        let vault = &self.room.vault;
        let (record, event) = (id.parse::<FactId>().ok(), id.parse::<EventId>().ok());
        let person = match (record, event) {
            (Some(record), _) => vault.fact(record)?.event.person,
            (None, Some(event)) => vault.event(event)?.person,
            (None, None) => return Err(TechoError::NotFound),
        };
        let name = vault.person(person)?.name;
        self.write(Kind::Other, &[], &writer, &name, |_, pen| match (record, event) {
            (Some(record), _) => remove_record(vault, record, pen),
            (None, Some(event)) => remove_event(vault, event, pen),
            (None, None) => Err(PenError::NothingToUndo),
        })
    }

    /// *Quick.* Undoes an entry; the newest that counts in the person's notebook when none is named. `NotFound` where there is none.
    pub fn undo(&self, person: String, entry: Option<String>, writer: Writer) -> Result<EntryDone, TechoError> {
        let vault = &self.room.vault;
        let person = vault.person(person.parse()?)?;
        let entry = match entry {
            Some(entry) => entry.parse::<DocumentId>()?,
            None => last_change(vault, &person)?.ok_or(TechoError::NotFound)?,
        };
        self.write(Kind::Other, &[], &writer, &person.name, |_, pen| undo_entry(vault, entry, pen))
    }

    /// *Quick.* What was written by hand and changed: of a record or an event by its id, or of a person by theirs; the newest first.
    pub fn changes(&self, of: String, after: Option<String>) -> Result<ChangesPage, TechoError> {
        let scope = match (of.parse::<FactId>(), of.parse::<EventId>()) {
            (Ok(record), _) => ChangesOf::Record(record),
            (_, Ok(event)) => ChangesOf::Event(event),
            _ => ChangesOf::Person(of.parse()?),
        };
        let after = after.map(|after| after.parse::<DocumentId>()).transpose()?;
        let view = present::changes(&self.room.vault, scope, after, self.room.language())?;
        Ok(ChangesPage { rows: view.rows.into_iter().map(ChangeRow::from).collect(), next: view.next.map(|next| next.to_string()) })
    }
}

impl Vault {
    pub(crate) fn write(
        &self,
        kind: Kind,
        values: &[FieldValue],
        writer: &Writer,
        person: &str,
        write: impl FnOnce(Filled<'_>, Pen<'_>) -> Result<WrittenDown, PenError>,
    ) -> Result<EntryDone, TechoError> {
        let relation = Relation::of_id(&writer.relation).ok_or_else(|| TechoError::PersonInvalid { field: "relation".to_owned() })?;
        let author = Author { name: writer.author.clone().unwrap_or_else(|| person.to_owned()), relation };
        let today = writer.today.parse().map_err(|_| TechoError::PersonInvalid { field: "today".to_owned() })?;
        let values: Vec<(String, String)> = values.iter().map(|value| (value.field.clone(), value.text.clone())).collect();
        let checked: Vec<&str> = writer.digits_checked.iter().map(String::as_str).collect();
        let may = Permissions { digits_checked_at: &checked, ..Permissions::default() };
        let pen = Pen { author: &author, now: now(), today, reason: writer.reason.as_deref(), may };
        let language = self.room.language();
        let trouble = |field: String, text: String, is_question, is_digits| FieldTrouble { field, text, is_question, is_digits };
        let troubles = match write(Filled { kind, values: &values, confirmed: &writer.confirmed }, pen) {
            Ok(written) => {
                let change = present::change(&self.room.vault, written.document, language)?;
                let records = change.records.iter().map(ToString::to_string).collect();
                return Ok(EntryDone { entry: Some(written.document.to_string()), records, troubles: Vec::new() });
            }
            Err(PenError::Form(found)) => found
                .iter()
                .map(|found| {
                    let text = present::field_trouble_text(kind, found, language);
                    trouble(found.field.clone(), text, found.trouble.is_question(), false)
                })
                .collect(),
            Err(PenError::Intake(error @ IntakeError::PossibleMyNumber { .. })) => {
                let place = if let intake::IntakeError::PossibleMyNumber { place } = &error { place.clone() } else { String::new() };
                vec![trouble(place, present::Trouble::of_intake(&error, language).text(language), true, true)]
            }
            Err(PenError::Intake(error @ (IntakeError::Format(_) | IntakeError::InsurerNumber { .. }))) => {
                vec![trouble(String::new(), present::Trouble::of_intake(&error, language).text(language), false, false)]
            }
            Err(PenError::Intake(error)) => return Err(error.into()),
            Err(PenError::NothingToUndo) => return Err(TechoError::NotFound),
        };
        Ok(EntryDone { entry: None, records: Vec::new(), troubles })
    }
}

impl From<present::FieldView> for FormField {
    fn from(view: present::FieldView) -> Self {
        let choices = view.choices.into_iter().map(|(id, label)| FormChoice { id: id.to_owned(), label: label.to_owned() }).collect();
        Self {
            id: view.id.to_owned(),
            label: view.label.to_owned(),
            shape: view.shape.to_owned(),
            unit: view.unit,
            choices,
            is_required: view.is_required,
        }
    }
}

impl From<present::ChangeView> for ChangeRow {
    fn from(view: present::ChangeView) -> Self {
        Self {
            entry: view.change.entry.to_string(),
            person: view.change.person.to_string(),
            at: view.at,
            author_text: view.author_text,
            text: view.text,
            reason: view.reason,
            kind: view.change.kind.id().to_owned(),
            record: view.record.map(|record| record.to_string()),
            event: view.target.map(|event| event.to_string()),
            records: view.records.iter().map(ToString::to_string).collect(),
            counts: view.change.undone_by.is_none(),
            standing_text: view.standing_text.map(str::to_owned),
        }
    }
}
