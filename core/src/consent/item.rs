//! What can be asked for: the closed list of items, each with the days it is about.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::base::closed_list;

closed_list! {
    /// A kind of information that a person can consent to fetching.
    pub enum Item {
        /// 特定健診・後期高齢者健診
        Checkup = "checkup", "健診（特定健診・後期高齢者健診）", "Health checkups";
        /// がん検診・肝炎・骨粗しょう症・歯周疾患
        CancerScreening = "cancer_screening", "がん検診など市町村の検診", "Municipal screenings (cancer and others)";
        /// 乳幼児健診
        InfantCheckup = "infant_checkup", "乳幼児健診", "Infant checkups";
        /// 妊婦健診
        Pregnancy = "pregnancy", "妊婦健診", "Pregnancy visits";
        /// 予防接種
        Vaccination = "vaccination", "予防接種", "Vaccinations";
        /// 薬剤情報
        Medication = "medication", "薬（受け取った薬の情報）", "Medicines received";
        /// 処方・調剤情報（電子処方箋）
        Prescription = "prescription", "処方・調剤（電子処方箋）", "Prescriptions and dispensing";
        /// 診療情報（手術・処置・透析など）
        Procedure = "procedure", "診療（手術・処置など）", "Procedures";
        /// 医療費通知情報
        Expense = "expense", "医療費", "Medical expenses";
        /// 介護情報
        Care = "care", "介護", "Care";
        /// その他
        Other = "other", "その他（どれにも当たらないもの）", "Other (none of these)";
    }
}

/// The text is no item's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the items that can be asked for")]
pub struct UnknownItem;

impl FromStr for Item {
    type Err = UnknownItem;

    fn from_str(id: &str) -> Result<Self, UnknownItem> {
        Self::ALL.iter().copied().find(|item| item.id() == id).ok_or(UnknownItem)
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Item {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Days, both ends included. An end that is not given is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl Period {
    /// Whether all days from `first` to `last` lie inside. Something of no known day lies in an open period only: what
    /// cannot be shown to be consented to is not.
    pub fn holds(self, days: Option<(NaiveDate, NaiveDate)>) -> bool {
        match days {
            None => self == Self::default(),
            Some((first, last)) => self.from.is_none_or(|from| from <= first) && self.until.is_none_or(|until| last <= until),
        }
    }

    /// Whether there is a day in it.
    pub fn is_possible(self) -> bool {
        !matches!((self.from, self.until), (Some(from), Some(until)) if until < from)
    }
}

/// One item for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wish {
    /// Which.
    pub item: Item,
    /// About which days.
    #[serde(default)]
    pub period: Period,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_item_reads_back() {
        for item in Item::ALL {
            assert_eq!(item.id().parse(), Ok(*item));
        }
        assert_eq!("Checkup".parse::<Item>(), Err(UnknownItem));
    }

    #[test]
    fn a_period_holds_its_own_ends_and_nothing_of_no_day() {
        let period = Period { from: Some(day("2024-04-01")), until: Some(day("2025-03-31")) };
        assert!(period.holds(Some((day("2024-04-01"), day("2025-03-31")))));
        assert!(!period.holds(Some((day("2024-03-31"), day("2024-04-01")))));
        assert!(!period.holds(Some((day("2025-03-31"), day("2025-04-01")))));
        assert!(!period.holds(None));
        assert!(Period::default().holds(None));
        assert!(!Period { from: period.until, until: period.from }.is_possible());
    }
}
