//! The emergency card: its words, its state, and the sealed bytes that can be read without unlocking. The shell keeps those
//! bytes and their key, seals anew when the app comes to the front and after an erasure, and erases before it switches off.

use std::path::Path;

use techo_core::{
    insight::card::{CardEntry, CardField, CardWords},
    intake::{self, PenError},
    present::{self, CardView},
    terms::Kind,
    transfer, vault,
};

use crate::{EntryDone, Language, TechoError, Vault, Writer, clinic::today, keys::device, redacted::redacted, room::now};

/// Who can read the card on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum CardState {
    /// Nobody.
    Off,
    /// Whoever opens the notebook.
    AfterUnlock,
    /// Whoever holds the device.
    WithoutUnlocking,
}

/// A field with its words.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct CardWord {
    /// The field's id.
    pub field: String,
    /// The field's name; not read when the card is written.
    pub label: String,
    /// The person's own words; none in them takes the field out.
    pub text: String,
    /// What the records say stands in the place of own words.
    pub from_records: bool,
    /// Whether the records can fill it; not read when the card is written.
    pub has_records: bool,
}

/// A card, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct CardSheet {
    /// The name.
    pub name: String,
    /// The name in kana.
    pub kana: Option<String>,
    /// Date of birth.
    pub born: String,
    /// Sex.
    pub sex: String,
    /// The fields, with what they say, a line each.
    pub rows: Vec<CardRow>,
    /// The day it was made.
    pub made_on: String,
    /// What else to say, a line each.
    pub notes: Vec<String>,
}

/// One field of a card.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct CardRow {
    /// Its name.
    pub label: String,
    /// What it says.
    pub lines: Vec<String>,
}

redacted!(CardWord, CardSheet, CardRow);

/// *Instant.* The card in sealed bytes, under the 32 bytes of the card's own key. Needs no vault.
///
/// `ArchiveDamaged` for other bytes or another key.
#[uniffi::export]
pub fn open_card(sealed: Vec<u8>, secret: Vec<u8>) -> Result<CardSheet, TechoError> {
    Ok(transfer::open_card(&sealed, &device(secret)?)?.into())
}

/// *Quick.* Overwrites and removes the file of a sealed card; where there is none, that is fine.
#[uniffi::export]
pub fn erase_card(path: String) -> Result<(), TechoError> {
    Ok(transfer::erase_card(Path::new(&path))?)
}

#[uniffi::export]
impl Vault {
    /// *Quick.* Every field that a card can have, with its words; an empty text where it is not on the card.
    pub fn card_words(&self, person: String) -> Result<Vec<CardWord>, TechoError> {
        let (vault, language) = (&self.room.vault, self.room.language());
        let entries = intake::card_of(vault, &vault.person(person.parse()?)?)?.map(|(_, entries)| entries).unwrap_or_default();
        let word = |field: &CardField| {
            let words = entries.iter().find(|entry| entry.field == *field).map(|entry| &entry.words);
            CardWord {
                field: field.id().to_owned(),
                label: present::card_field_name(*field, language).to_owned(),
                text: if let Some(CardWords::Own(text)) = words { text.clone() } else { String::new() },
                from_records: words == Some(&CardWords::FromRecords),
                has_records: field.has_records(),
            }
        };
        Ok(CardField::ALL.iter().map(word).collect())
    }

    /// *Quick.* Writes the card down: these fields and no others.
    pub fn write_card(&self, person: String, words: Vec<CardWord>, writer: Writer) -> Result<EntryDone, TechoError> {
        let vault = &self.room.vault;
        let person = vault.person(person.parse()?)?;
        let mut entries = Vec::new();
        for word in words {
            let field = CardField::read(&word.field).ok_or(TechoError::NotFound)?;
            let words = match (word.from_records && field.has_records(), word.text.trim()) {
                (true, _) => CardWords::FromRecords,
                (false, "") => continue,
                (false, own) => CardWords::Own(own.to_owned()),
            };
            entries.push(CardEntry { field, words });
        }
        self.write(Kind::Note, &[], &writer, &person.name, |_, pen| {
            intake::write_card(vault, &person, &entries, pen)?.ok_or(PenError::NothingToUndo)
        })
    }

    /// *Quick.* The card of today; `NotFound` where nothing is on it.
    pub fn card(&self, person: String, today: String, language: Language) -> Result<CardSheet, TechoError> {
        Ok(self.made(&person, &today, language)?.into())
    }

    /// *Quick.* The card of today as one A6 page of HTML, or as a picture (SVG) for the lock screen.
    pub fn card_file(&self, person: String, today: String, language: Language, picture: bool) -> Result<String, TechoError> {
        let view = self.made(&person, &today, language)?;
        Ok(if picture { transfer::card_picture(&view) } else { transfer::card_page(&view) })
    }

    /// *Quick.* The card of today, sealed under the 32 bytes of the card's own key. Needs presence.
    pub fn seal_card(&self, person: String, today: String, language: Language, secret: Vec<u8>) -> Result<Vec<u8>, TechoError> {
        self.room.vault.require_presence(now())?;
        Ok(transfer::seal_card(&self.made(&person, &today, language)?, &device(secret)?)?)
    }

    /// *Quick.* Who can read the card on this device.
    pub fn card_state(&self, person: String) -> Result<CardState, TechoError> {
        Ok(self.room.vault.card_state(person.parse()?)?.into())
    }

    /// *Quick.* Switches the card, with a line in the ledger. Without unlocking needs presence.
    pub fn set_card_state(&self, person: String, state: CardState) -> Result<(), TechoError> {
        Ok(self.room.vault.set_card_state(person.parse()?, state.into(), now())?)
    }
}

impl Vault {
    fn made(&self, person: &str, on: &str, language: Language) -> Result<CardView, TechoError> {
        let vault = &self.room.vault;
        let person = vault.person(person.parse()?)?;
        let (_, entries) = intake::card_of(vault, &person)?.ok_or(TechoError::NotFound)?;
        Ok(present::card(vault, person.id, &entries, today(on)?, language.into())?)
    }
}

impl From<vault::CardState> for CardState {
    fn from(state: vault::CardState) -> Self {
        match state {
            vault::CardState::Off => Self::Off,
            vault::CardState::AfterUnlock => Self::AfterUnlock,
            vault::CardState::WithoutUnlocking => Self::WithoutUnlocking,
        }
    }
}

impl From<CardState> for vault::CardState {
    fn from(state: CardState) -> Self {
        match state {
            CardState::Off => Self::Off,
            CardState::AfterUnlock => Self::AfterUnlock,
            CardState::WithoutUnlocking => Self::WithoutUnlocking,
        }
    }
}

impl From<CardView> for CardSheet {
    fn from(view: CardView) -> Self {
        let row = |row: present::CardRow| CardRow { label: row.label, lines: row.lines };
        let notes = view.left_out.into_iter().chain([view.note]).collect();
        Self {
            name: view.name,
            kana: view.kana,
            born: view.born,
            sex: view.sex,
            rows: view.rows.into_iter().map(row).collect(),
            made_on: view.made_on,
            notes,
        }
    }
}
