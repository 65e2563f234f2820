//! The emergency and disaster card, ready to show, to print and to seal: the fields that the person chose, in a fixed order,
//! with what the records say where the person wants that.

use chrono::NaiveDate;

use super::{
    Language,
    clinic::{ClinicSection, SectionId, clinic},
    sex_name,
};
use crate::{
    base::PersonId,
    insight::{
        card::{CardEntry, CardField, CardWords},
        clinic::Selection,
    },
    vault::{CardState, Vault, VaultError},
};

/// A card. All of it is words, because it lives on where the notebook cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardView {
    /// The name as the family writes it.
    pub name: String,
    /// The name in kana.
    pub kana: Option<String>,
    /// Date of birth.
    pub born: String,
    /// Sex, in the card's language.
    pub sex: String,
    /// The fields that were chosen.
    pub rows: Vec<CardRow>,
    /// The day it was made: what the records say is as of then.
    pub made_on: String,
    /// Said where the records hold more than the card shows.
    pub left_out: Option<String>,
    /// What the card is not.
    pub note: String,
    /// The language it is written in.
    pub language: Language,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRow {
    /// The field's id.
    pub field: String,
    /// The field's name.
    pub label: String,
    /// What it says, a line each.
    pub lines: Vec<String>,
}

/// The card of these fields on a day. Nothing sensitive comes out of the records: who wants it there writes it. *Quick.*
///
/// # Errors
/// `NotFound` for nobody of this vault; `Locked`.
pub fn card(vault: &Vault, person: PersonId, entries: &[CardEntry], on: NaiveDate, language: Language) -> Result<CardView, VaultError> {
    let who = vault.person(person)?;
    let mut rows = Vec::new();
    let mut is_short = false;
    for entry in entries {
        let field = entry.field;
        let lines = match &entry.words {
            CardWords::Own(text) => text.lines().map(str::to_owned).collect(),
            CardWords::FromRecords => {
                let (lines, short) = from_records(vault, person, field, on, language)?;
                is_short |= short;
                lines
            }
        };
        rows.push(CardRow { field: field.id().to_owned(), label: card_field_name(field, language).to_owned(), lines });
    }
    let left_out = language.pick("本人の選択により、書いていない記録があります", "Some records are left out by the person's choice");
    Ok(CardView {
        name: who.name.clone(),
        kana: who.kana.clone(),
        born: who.born.to_string(),
        sex: sex_name(who.sex, language).to_owned(),
        rows,
        made_on: on.to_string(),
        left_out: is_short.then(|| left_out.to_owned()),
        note: card_note(language).to_owned(),
        language,
    })
}

/// What the records say for a field, and whether something was left out of it.
fn from_records(
    vault: &Vault,
    person: PersonId,
    field: CardField,
    on: NaiveDate,
    language: Language,
) -> Result<(Vec<String>, bool), VaultError> {
    let (item, id) = match field {
        CardField::Allergies => ("allergies", SectionId::Allergies),
        CardField::Medicines => ("medicines", SectionId::MedicinesCurrent),
        CardField::Conditions => ("conditions", SectionId::Conditions),
        _ => return Ok((Vec::new(), false)),
    };
    let Ok(selection) = Selection::of_items(None, &[item.to_owned()]) else { return Ok((Vec::new(), false)) };
    let view = clinic(vault, person, &selection, on, language)?;
    let Some(section) = view.section(id) else { return Ok((Vec::new(), false)) };
    // That old medicines are not on a card is no choice of anybody.
    let is_short = section.reasons.hidden > 0 || section.reasons.sensitive > 0;
    Ok((lines(section), is_short))
}

fn lines(section: &ClinicSection) -> Vec<String> {
    if section.lines.is_empty() {
        return section.empty.iter().map(|text| (*text).to_owned()).collect();
    }
    let line = |title: &str, value: Option<&str>| value.map_or_else(|| title.to_owned(), |value| format!("{title}  {value}"));
    section.lines.iter().map(|one| line(&one.title, one.value.as_deref())).collect()
}

/// What a field is called.
pub const fn card_field_name(field: CardField, language: Language) -> &'static str {
    language.pick(field.japanese(), field.english())
}

/// What a card is called.
pub const fn card_title(language: Language) -> &'static str {
    language.pick("救急・災害カード", "Emergency and disaster card")
}

const fn card_note(language: Language) -> &'static str {
    language.pick(
        "本人が選んで書いたもので、すべてではありません。作った日のあとに変わったことがあります",
        "Chosen and written by the person; never all there is, and things may have changed since the day it was made",
    )
}

/// Who can read the card on this device.
pub const fn card_state_text(state: CardState, language: Language) -> &'static str {
    match state {
        CardState::Off => language.pick("使わない", "off"),
        CardState::AfterUnlock => language.pick("開いた手帳からだけ見せる", "shown after unlocking only"),
        CardState::WithoutUnlocking => language.pick("手帳を開かなくても見せる", "readable without unlocking"),
    }
}
