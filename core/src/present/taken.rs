//! What an import did, in words: a line for each document, and the sum.

use super::{Language, Trouble};
use crate::intake::{Outcome, TakenIn};

/// What became of one document, in one line. `name` is what the person calls the file.
pub fn taken_text(name: &str, taken: &TakenIn, language: Language) -> String {
    let (records, known) = (taken.ready, taken.known);
    match (taken, language) {
        (TakenIn { pending: true, .. }, Language::Japanese) => format!("{name}: 分割された書類の一部です。残りを待っています"),
        (TakenIn { pending: true, .. }, Language::English) => format!("{name}: part of a split document; waiting for the others"),
        (TakenIn { already_here: true, .. }, Language::Japanese) => format!("{name}: 前に取り込んだ書類です。何も加えていません"),
        (TakenIn { already_here: true, .. }, Language::English) => format!("{name}: was here already; nothing was added"),
        (TakenIn { known: 1.., .. }, Language::Japanese) => {
            format!("{name}: {records} 件を取り込みました（うち {known} 件は別の書類にもある記録）")
        }
        (TakenIn { known: 1.., .. }, Language::English) => {
            format!("{name}: {records} records taken in, {known} of them known from another document")
        }
        (_, Language::Japanese) => format!("{name}: {records} 件を取り込みました"),
        (_, Language::English) => format!("{name}: {records} records taken in"),
    }
}

/// The same of a document that may have been refused: then with the reason, and what to do.
pub fn outcome_text(file: &str, outcome: &Outcome, language: Language) -> String {
    let name = outcome.member.as_ref().map_or_else(|| file.to_owned(), |member| format!("{file}: {member}"));
    match &outcome.result {
        Ok(taken) => taken_text(&name, taken, language),
        Err(error) => not_taken_text(&name, &Trouble::of_intake(error, language).text(language), language),
    }
}

/// That a document was not taken in, and why.
pub fn not_taken_text(name: &str, reason: &str, language: Language) -> String {
    match language {
        Language::Japanese => format!("{name}: 取り込みませんでした。{reason}"),
        Language::English => format!("{name}: not taken in: {reason}"),
    }
}

/// What came of several documents. `refused` counts documents and entries.
pub fn import_sum_text(documents: u64, records: u64, refused: u64, language: Language) -> String {
    match language {
        Language::Japanese => format!("書類 {documents} 件、記録 {records} 件、受け取れなかったもの {refused} 件"),
        Language::English => format!("{documents} documents, {records} records, {refused} refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        formats::{FormatError, FormatId},
        intake::IntakeError,
    };

    #[test]
    fn each_outcome_is_told_apart() {
        let taken = |already_here, ready, known, pending| TakenIn {
            format: FormatId::Fhir,
            document: None,
            already_here,
            ready,
            known,
            kept: 0,
            refused: Vec::new(),
            pending,
            set: None,
        };
        let told = |taken: &TakenIn| taken_text("a.json", taken, Language::Japanese);
        assert!(told(&taken(false, 4, 0, false)).ends_with("4 件を取り込みました"));
        assert!(told(&taken(false, 4, 1, false)).contains("うち 1 件は別の書類にもある"));
        assert!(told(&taken(true, 0, 0, false)).contains("何も加えていません"));
        assert!(told(&taken(false, 0, 0, true)).contains("残りを待っています"));
        let refused =
            Outcome { member: Some("DATA/h1.xml".to_owned()), format: None, result: Err(IntakeError::Format(FormatError::Empty)) };
        let text = outcome_text("a.zip", &refused, Language::English);
        assert!(text.starts_with("a.zip: DATA/h1.xml: not taken in: ") && text.contains("empty"), "{text}");
    }
}
