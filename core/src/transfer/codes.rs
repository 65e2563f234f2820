//! QR codes that a person shows instead of handing over a file: a medicine notebook for a pharmacy, a summary for a clinic. No
//! server and no network; nothing is written to the disk. What leaves is decided and counted as for a file.

use chrono::{DateTime, Utc};

use super::{
    TransferError,
    checkups::notebook,
    choice::{self, Choice, Exported},
    fhir::summarised,
    leave::Leaving,
};
use crate::{
    formats::{
        codes,
        fhir::SummaryWriter,
        jahis,
        qr::{self, Squares},
    },
    vault::Vault,
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
