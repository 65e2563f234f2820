//! Element names of the layouts. The claims' names stand bare; the electronic prescription's carry `Cz` (調剤, handed out)
//! or `Sh` (処方, ordered) before the same name.

use roxmltree::Node;

/// Elements that no other document has.
pub(super) const TELL_TALES: [&str; 4] = ["MeTrMonthInf", "CzDiMonthInf", "ShPrMonthInf", "MeTrInfs"];
/// Roots of a message.
pub(super) const ROOTS: [&str; 2] = ["XmlMsg", "Message"];
/// How the request ended: `1` is well.
pub(super) const RESULT: &str = "ResultCode";
pub(super) const WELL: &str = "1";
/// What went wrong, in words that may hold anything.
pub(super) const WORDS: &str = "MessageContents";
pub(super) const BODY: &str = "MessageBody";

pub(super) const MEDICINE: &str = "DrugInf";
pub(super) const PROCEDURE: &str = "MeTrInf";

/// Where the information is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// レセプト
    Claim,
    /// 電子処方箋, 調剤
    HandedOut,
    /// 電子処方箋, 処方
    Ordered,
}

impl Origin {
    /// By the prefix of an element's name.
    pub(super) fn of(node: Node<'_, '_>) -> Self {
        match split(node.tag_name().name()).0 {
            "Cz" => Self::HandedOut,
            "Sh" => Self::Ordered,
            _ => Self::Claim,
        }
    }
}

/// An element's local name without `Cz` or `Sh`.
pub(super) fn plain<'a>(node: Node<'a, '_>) -> &'a str {
    split(node.tag_name().name()).1
}

fn split(name: &str) -> (&str, &str) {
    match name.split_at_checked(2) {
        Some((prefix @ ("Cz" | "Sh"), rest)) if rest.starts_with(|c: char| c.is_ascii_uppercase()) => (prefix, rest),
        _ => ("", name),
    }
}

/// A month of one institution.
pub(super) fn is_month(node: Node<'_, '_>) -> bool {
    node.tag_name().name().ends_with("MonthInf")
}

/// A day of such a month.
pub(super) fn is_day(node: Node<'_, '_>) -> bool {
    node.tag_name().name().ends_with("DateInf")
}

/// The lists around days, medicines and procedures.
const LISTS: [&str; 4] = ["DiDateInfs", "PrDateInfs", "DrugInfs", "MeTrInfs"];
pub(super) const MONTHS: [&str; 3] = ["MeTrMonth", "DiMonth", "PrMonth"];
pub(super) const INSTITUTIONS: [&str; 2] = ["MeTrDiHNm", "MedicalInstitutionName"];
pub(super) const PRESCRIBERS: [&str; 2] = ["PrlsHNm", "PrHNm"];
/// 入院・外来の区分, and what the electronic prescription has in its place.
pub(super) const CLASSES: [&str; 2] = ["InOut", "PrCl"];
pub(super) const HANDED_OUT: &str = "DiDate";
pub(super) const ORDERED: &str = "PrDate";
/// Codes of institutions and where a line comes from: they say nothing about the person's health.
pub(super) const ASIDE: [&str; 7] = ["MeTrDiHCd", "MedicalInstitutionCode", "PrlsHCd", "PrHCd", "DiOrg", "PrOrg", "PrIsOrg"];

/// Whether an element of a month or a day is understood, or holds what is.
pub(super) fn is_understood(node: Node<'_, '_>) -> bool {
    let name = plain(node);
    let lists: [&[&str]; 6] = [&LISTS, &MONTHS, &INSTITUTIONS, &PRESCRIBERS, &ASIDE, &[HANDED_OUT, ORDERED]];
    lists.iter().any(|list| list.contains(&name)) || is_day(node) || is_month(node) || matches!(name, MEDICINE | PROCEDURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_one_only_before_a_name() {
        assert_eq!(split("CzDrugInf"), ("Cz", "DrugInf"));
        assert_eq!(split("ShMeTrDiHNm"), ("Sh", "MeTrDiHNm"));
        assert_eq!(split("Shift"), ("", "Shift"));
        assert_eq!(split("DrugN"), ("", "DrugN"));
        assert_eq!(split("薬"), ("", "薬"));
    }
}
