//! Institutions by name: folded, without the forms of incorporation that one source writes and another leaves out.

use crate::base::fold_name;

/// Forms of incorporation that stand before a name.
const FORMS: [&str; 19] = [
    "社会医療法人",
    "特定医療法人",
    "医療法人社団",
    "医療法人財団",
    "医療法人",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "社会福祉法人",
    "地方独立行政法人",
    "独立行政法人",
    "国立研究開発法人",
    "国立大学法人",
    "学校法人",
    "株式会社",
    "有限会社",
    "合同会社",
    "(株)",
];
/// Shorter names are too general to be found at the end of another.
const SHORTEST: usize = 4;

/// What two names of institutions say about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Places {
    /// One institution.
    Same,
    /// At least one is not named.
    Unnamed,
    /// One name is the beginning of the other: a branch, or a longer name.
    Unsure,
    /// Two institutions, or one that was renamed.
    Different,
}

impl Places {
    /// Whether nothing speaks against one institution.
    pub(super) const fn may_be_one(self) -> bool {
        matches!(self, Self::Same | Self::Unnamed)
    }
}

/// Compares two names of institutions as received.
pub(super) fn places(one: Option<&str>, other: Option<&str>) -> Places {
    let (Some((one, one_has_form)), Some((other, other_has_form))) = (one.and_then(bare), other.and_then(bare)) else {
        return Places::Unnamed;
    };
    if one == other {
        return Places::Same;
    }
    let (longer, shorter, longer_has_form) =
        if one.len() >= other.len() { (&one, &other, one_has_form) } else { (&other, &one, other_has_form) };
    if shorter.chars().count() < SHORTEST {
        return Places::Different;
    }
    // 医療法人社団〇〇会さくら内科 is さくら内科: behind the form stands the corporation's own name.
    if longer_has_form && longer.ends_with(shorter.as_str()) {
        return Places::Same;
    }
    if longer.starts_with(shorter.as_str()) { Places::Unsure } else { Places::Different }
}

/// The name without forms of incorporation, and whether it had one; none where nothing is left.
fn bare(name: &str) -> Option<(String, bool)> {
    let folded = fold_name(name);
    let mut rest = folded.as_str();
    let mut has_form = false;
    while let Some(shorter) = FORMS.iter().find_map(|form| rest.strip_prefix(form)) {
        rest = shorter;
        has_form = true;
    }
    (!rest.is_empty()).then(|| (rest.to_owned(), has_form))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(one: &str, other: &str) -> Places {
        assert_eq!(places(Some(one), Some(other)), places(Some(other), Some(one)));
        places(Some(one), Some(other))
    }

    #[test]
    fn a_name_is_the_same_with_and_without_its_corporation() {
        assert_eq!(both("医療法人社団見本会 みほん内科クリニック", "みほん内科ｸﾘﾆｯｸ"), Places::Same);
        assert_eq!(both("㈱みほん薬局", "みほん薬局"), Places::Same);
        assert_eq!(both("北みほん病院", "みほん病院"), Places::Different);
    }

    #[test]
    fn a_branch_is_not_surely_its_chain_and_surely_not_another_branch() {
        assert_eq!(both("みほん薬局", "みほん薬局 駅前店"), Places::Unsure);
        assert_eq!(both("みほん薬局 本町店", "みほん薬局 駅前店"), Places::Different);
        assert_eq!(places(None, Some("みほん薬局")), Places::Unnamed);
        assert_eq!(places(Some(" "), Some("みほん薬局")), Places::Unnamed);
    }
}
