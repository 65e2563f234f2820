//! What came of one document that was taken in, in words.

use super::Language;
use crate::intake::TakenIn;

/// What came of one document: how many records, that it was here already, or that it waits for its other parts.
pub fn taken_text(taken: &TakenIn, language: Language) -> String {
    let (records, known) = (taken.ready, taken.known);
    match (taken.pending, taken.already_here, language) {
        (true, _, _) => {
            language.pick("分割された書類の一部です。残りを待っています", "part of a split document; waiting for the others").to_owned()
        }
        (_, true, _) => language.pick("前に取り込んだ書類です。何も加えていません", "was here already; nothing was added").to_owned(),
        (.., Language::Japanese) if known > 0 => {
            format!("{records} 件を取り込みました（うち {known} 件は別の書類にもある記録）")
        }
        (.., Language::English) if known > 0 => format!("{records} records taken in, {known} of them known from another document"),
        (.., Language::Japanese) => format!("{records} 件を取り込みました"),
        (.., Language::English) => format!("{records} records taken in"),
    }
}
