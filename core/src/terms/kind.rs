//! The closed list of kinds: what a record or an event is, in one word. The ids are public (JSON, archive, FFI) and are
//! listed in `docs/formats/README.md`; they are never renamed.

use std::{fmt, str::FromStr};

use crate::base::closed_list;

closed_list! {
    /// What a record or an event is.
    pub enum Kind {
        /// 健診 a health checkup as a whole (特定健診, 後期高齢者健診, 事業者健診).
        Checkup = "checkup", "健診", "Health checkup";
        /// がん検診など a municipal screening (cancer, hepatitis, bone density, gums).
        CancerScreening = "cancer_screening", "がん検診等", "Screening";
        /// 乳幼児健診 an infant's checkup.
        InfantCheckup = "infant_checkup", "乳幼児健診", "Infant checkup";
        /// 妊婦健診 a pregnancy visit.
        Pregnancy = "pregnancy", "妊婦健診", "Pregnancy visit";
        /// 学校健診 a school checkup.
        SchoolCheckup = "school_checkup", "学校健診", "School checkup";
        /// 予防接種 a vaccine dose.
        Vaccination = "vaccination", "予防接種", "Vaccination";
        /// 薬 a medicine dispensed or taken.
        Medication = "medication", "薬", "Medicine";
        /// 処方 a medicine ordered by a prescriber.
        Prescription = "prescription", "処方", "Prescription";
        /// 傷病名 a condition.
        Condition = "condition", "傷病名", "Condition";
        /// アレルギー・副作用 an allergy or an adverse reaction.
        Allergy = "allergy", "アレルギー・副作用", "Allergy or reaction";
        /// 感染症 an infection status.
        Infection = "infection", "感染症", "Infection";
        /// 手術・処置 a procedure.
        Procedure = "procedure", "手術・処置", "Procedure";
        /// 検査 a laboratory report or an examination outside a checkup.
        Laboratory = "laboratory", "検査", "Laboratory";
        /// 計測値・検査値 one measured or graded value.
        Measurement = "measurement", "計測・検査値", "Measurement";
        /// 所見・回答 a finding or an answer to a question.
        Finding = "finding", "所見・回答", "Finding or answer";
        /// 文書 a document kept as text or as an attachment.
        Document = "document", "文書", "Document";
        /// メモ a note by the person or a professional.
        Note = "note", "メモ", "Note";
        /// 医療費 an expense.
        Expense = "expense", "医療費", "Expense";
        /// 介護 care information.
        Care = "care", "介護", "Care";
        /// その他 kept, but not understood.
        Other = "other", "その他", "Other";
    }
}

/// The text is not in the list of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the kinds listed in docs/formats/README.md")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(id: &str) -> Result<Self, UnknownKind> {
        Self::ALL.iter().copied().find(|kind| kind.id() == id).ok_or(UnknownKind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> serde::Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_its_own_and_reads_back() {
        for kind in Kind::ALL {
            assert_eq!(kind.id().parse(), Ok(*kind));
        }
        assert_eq!("Checkup".parse::<Kind>(), Err(UnknownKind));
    }
}
