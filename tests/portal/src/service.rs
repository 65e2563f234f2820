//! The services that the sample operator registered, and the groups (特定個人情報名) of an answer. None of the ids and
//! codes can be real: no service begins with `ZZ`, no code with `TM99`.

use techo_protocol::profile;

/// Who keeps a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The health insurance.
    Insurer,
    /// The municipality.
    City,
}

impl Keeper {
    /// The name that stands at the top of an answer.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Insurer => "見本健康保険組合",
            Self::City => "見本県見本市",
        }
    }
}

/// A group of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// 特定個人情報名, as it stands in the answer. The names are ours where no official one is known.
    pub name: &'static str,
    /// 特定個人情報名コード, which cannot be real.
    pub code: &'static str,
    /// The consent item it belongs to.
    pub item: &'static str,
    /// Who keeps it.
    pub keeper: Keeper,
}

macro_rules! groups {
    ($($name:literal, $code:literal, $item:literal, $keeper:ident;)*) => {
        /// Every group there is.
        pub const GROUPS: &[Group] = &[$(Group { name: $name, code: $code, item: $item, keeper: Keeper::$keeper }),*];
    };
}

groups! {
    "特定健診情報", "TM99000000000001", "checkup", Insurer;
    "薬剤情報", "TM99000000000002", "medication", Insurer;
    "処方情報", "TM99000000000003", "prescription", Insurer;
    "調剤情報", "TM99000000000004", "prescription", Insurer;
    "診療情報", "TM99000000000005", "procedure", Insurer;
    "医療費通知情報", "TM99000000000006", "expense", Insurer;
    "予防接種情報", "TM99000000000007", "vaccination", City;
    "乳幼児健診情報", "TM99000000000008", "infant_checkup", City;
    "妊婦健診情報", "TM99000000000009", "pregnancy", City;
    "がん検診等情報", "TM99000000000010", "cancer_screening", City;
    "介護情報", "TM99000000000011", "care", City;
    "住民票関係情報", "TM99000000000012", "other", City;
    // No item of a consent names these (none of them is known to be among the portal's), so they come with the last one.
    "学校健康診断情報", "TM99000000000013", "other", City;
    "傷病名情報", "TM99000000000014", "other", Insurer;
    "薬剤アレルギー等情報", "TM99000000000015", "other", Insurer;
    "感染症情報", "TM99000000000016", "other", Insurer;
    "検体検査情報", "TM99000000000017", "other", Insurer;
}

/// A service id and its items.
pub type Service = (&'static str, &'static [&'static str]);

/// What the sample operator registered: one service for nearly each item, bundles that share items, and one with all.
/// `procedure` comes with `expense` only, so that something comes back beyond the choice.
pub const SERVICES: &[Service] = &[
    ("ZZ0001", &["checkup"]),
    ("ZZ0002", &["medication"]),
    ("ZZ0003", &["vaccination"]),
    ("ZZ0004", &["infant_checkup"]),
    ("ZZ0005", &["pregnancy"]),
    ("ZZ0006", &["cancer_screening"]),
    ("ZZ0007", &["prescription"]),
    ("ZZ0008", &["expense"]),
    ("ZZ0009", &["care"]),
    ("ZZ0010", &["other"]),
    ("ZZ0101", &["checkup", "medication"]),
    ("ZZ0102", &["vaccination", "infant_checkup", "pregnancy"]),
    ("ZZ0103", &["medication", "prescription"]),
    ("ZZ0104", &["procedure", "expense"]),
    ("ZZ0105", &["checkup", "medication", "prescription", "procedure", "expense"]),
    (
        "ZZ0900",
        &[
            "checkup",
            "cancer_screening",
            "infant_checkup",
            "pregnancy",
            "vaccination",
            "medication",
            "prescription",
            "procedure",
            "expense",
            "care",
            "other",
        ],
    ),
];

/// The items of a service, or `None` where it is not registered.
pub fn items_of(service: &str) -> Option<&'static [&'static str]> {
    SERVICES.iter().find(|(id, _)| *id == service).map(|(_, items)| *items)
}

/// The groups of a service's items.
pub fn groups_of(items: &[&str]) -> Vec<Group> {
    GROUPS.iter().filter(|group| items.contains(&group.item)).copied().collect()
}

/// The services as a phone's profile has them.
pub fn profile_services() -> Vec<profile::Service> {
    let owned = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    SERVICES.iter().map(|(id, items)| profile::Service { id: (*id).to_owned(), items: owned(items) }).collect()
}

/// The groups as a phone's profile has them.
pub fn profile_groups() -> Vec<profile::Group> {
    GROUPS
        .iter()
        .map(|group| profile::Group {
            name: group.name.to_owned(),
            code: Some(group.code.to_owned()),
            item: group.item.to_owned(),
            source: "the stand-in".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_of_a_service_has_a_group_and_no_code_can_be_real() {
        for (id, items) in SERVICES {
            assert!(id.starts_with("ZZ") && id.len() == 6, "{id}");
            for item in *items {
                assert!(GROUPS.iter().any(|group| group.item == *item), "{item}");
            }
        }
        assert!(GROUPS.iter().all(|group| group.code.starts_with("TM99") && group.code.len() == 16));
        assert_eq!(groups_of(&["prescription"]).len(), 2);
    }
}
