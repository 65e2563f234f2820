//! QR codes to be shown one after the other: a medicine notebook for a pharmacy, a summary for a clinic. As squares, which a
//! shell draws without a library. What leaves is decided, counted and written down as for a file.

use techo_core::{
    formats::qr::{QUIET, Squares},
    present::{self, Marked},
    transfer::{self, Choice, Codes, Missing},
    vault::{StoredDay, StoredEvent},
};

use crate::{ClinicChoice, TechoError, Vault, redacted::redacted, room::now};

/// What QR codes hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum CodesForm {
    /// お薬手帳 for a pharmacy (JAHIS).
    Jahis,
    /// An International Patient Summary for a clinic, packed.
    Ips,
}

/// One QR code.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct CodeSquares {
    /// Which of them it is, in words.
    pub text: String,
    /// Squares on one side, with the empty border that a code needs.
    pub side: u32,
    /// Row by row from the top, each from the left, one byte a square: 1 is dark, 0 is light. Draw them sharp, dark on light
    /// also where the rest of the screen is dark.
    pub squares: Vec<u8>,
}

/// The codes, to be shown in turn.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct CodesView {
    /// What stands above them.
    pub title: String,
    /// In order.
    pub codes: Vec<CodeSquares>,
    /// How many codes and records, in words.
    pub text: String,
    /// What could not be in them, or was held back, a line each: for the person, before they are shown, and not beside them.
    pub left_out: Vec<String>,
    /// That they are not all there is: always said, beside the codes.
    pub note: String,
    /// For the person: who sees the codes can read them.
    pub warning: String,
}

redacted!(CodeSquares, CodesView);

#[uniffi::export]
impl Vault {
    /// *Long.* Makes the codes of one person's records, and writes down that they were shown. Needs presence. What is sensitive
    /// is in them only where it was chosen.
    ///
    /// `WishInvalid`: `records` where there is nothing for such codes, `codes` where it is too much for them.
    pub fn codes(
        &self,
        person: String,
        form: CodesForm,
        from: Option<String>,
        until: Option<String>,
        sensitive: bool,
    ) -> Result<CodesView, TechoError> {
        let vault = &self.room.vault;
        let person = person.parse()?;
        let marked = Marked::of(vault, person)?;
        let is_withheld = |stored: &StoredEvent, place: usize| marked.reason(stored, place).is_some();
        let is_day_withheld = |day: &StoredDay| Marked::day_reason(day).is_some();
        let day = |text: &Option<String>| text.as_deref().map(str::parse).transpose();
        let choice = Choice {
            person: Some(person),
            from: day(&from)?,
            until: day(&until)?,
            withhold: (!sensitive).then_some(&is_withheld),
            withhold_day: (!sensitive).then_some(&is_day_withheld),
            ..Choice::default()
        };
        let made = transfer::show_codes(vault, &choice, form.into(), now())?;
        let language = self.room.language();
        Ok(CodesView::of(&made, form, (language, language)))
    }

    /// *Long.* Makes the codes of the medicine notebook that belong beside the screen of a choice whose `code` is true, with
    /// what that screen shows and nothing else. Needs presence; call it between `begin_showing` and `end_showing`.
    ///
    /// `WishInvalid` as of `codes`.
    pub fn clinic_codes(&self, choice: ClinicChoice) -> Result<CodesView, TechoError> {
        let (person, selection, on) = choice.read()?;
        let made = transfer::show_clinic_codes(&self.room.vault, person, &selection, on, now())?;
        Ok(CodesView::of(&made, CodesForm::Jahis, (choice.language.into(), self.room.language())))
    }
}

impl From<CodesForm> for transfer::CodesForm {
    fn from(form: CodesForm) -> Self {
        match form {
            CodesForm::Jahis => Self::Notebook,
            CodesForm::Ips => Self::Summary,
        }
    }
}

impl CodesView {
    /// In the language of who is shown the codes, and in the person's.
    fn of(made: &Codes, form: CodesForm, (shown, own): (present::Language, present::Language)) -> Self {
        let count = made.codes.len();
        let code = |(number, squares): (usize, &Squares)| CodeSquares::of(squares, present::code_place_text(number, count, shown));
        let missing = |one: &Missing| present::not_carried_text(one.kind, one.reason, one.records, own);
        let lacking = present::lacking_text(&made.exported.characters, own);
        let title = match form {
            CodesForm::Jahis => present::notebook_codes_title(shown),
            CodesForm::Ips => present::summary_codes_title(shown),
        };
        Self {
            title: title.to_owned(),
            codes: (1..).zip(&made.codes).map(code).collect(),
            text: present::codes_text(count, made.exported.records(), shown),
            left_out: made.exported.not_carried.iter().map(missing).chain(lacking).collect(),
            note: present::shown_note(shown).to_owned(),
            warning: present::codes_warning(own).to_owned(),
        }
    }
}

impl CodeSquares {
    fn of(squares: &Squares, text: String) -> Self {
        let side = squares.side() + 2 * QUIET;
        let empty_rows = || std::iter::repeat_n(0_u8, side * QUIET);
        let border = || std::iter::repeat_n(0_u8, QUIET);
        let row = |row: &[bool]| border().chain(row.iter().map(|dark| u8::from(*dark))).chain(border()).collect::<Vec<_>>();
        let squares = empty_rows().chain(squares.rows().flat_map(row)).chain(empty_rows()).collect();
        Self { text, side: u32::try_from(side).unwrap_or(u32::MAX), squares }
    }
}
