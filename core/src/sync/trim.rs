//! Cuts what nobody consented to, before anything is filed: item by item, day by day. The portal returns what was
//! registered for a service, not what one person chose.

use crate::{
    base::fold,
    consent::{Item, Wish},
    formats::{
        FormatError,
        self_information::{self, Cut, Entry, Trimmed},
    },
    portal::{Profile, receipt},
    terms::Kind,
};

use super::GroupCount;

/// An answer with what is left of it.
pub(super) struct Left {
    /// What is left, and what was cut.
    pub(super) trimmed: Trimmed,
    /// Counts by group and item.
    pub(super) groups: Vec<GroupCount>,
}

/// Cuts everything outside the granted items and their periods out of an answer.
pub(super) fn cut(answer: &[u8], granted: &[Wish], profile: &Profile) -> Result<Left, FormatError> {
    let trimmed = self_information::trim(answer, &mut |entry| is_granted(entry, granted, profile))?;
    let mut groups: Vec<GroupCount> = Vec::new();
    for (sum, is_kept) in trimmed.kept.iter().map(|sum| (sum, true)).chain(trimmed.cut.iter().map(|sum| (sum, false))) {
        count(&mut groups, sum, is_kept, profile);
    }
    Ok(Left { trimmed, groups })
}

fn count(groups: &mut Vec<GroupCount>, sum: &Cut, is_kept: bool, profile: &Profile) {
    let (name, item) = (receipt::word(&sum.group), item_of(&sum.group, sum.kind, profile));
    let kept = if is_kept { sum.entries } else { 0 };
    match groups.iter_mut().find(|group| group.name == name && group.item == item) {
        Some(group) => {
            group.returned = group.returned.saturating_add(sum.entries);
            group.kept = group.kept.saturating_add(kept);
        }
        None => groups.push(GroupCount { name, item, returned: sum.entries, kept }),
    }
}

fn is_granted(entry: &Entry<'_>, granted: &[Wish], profile: &Profile) -> bool {
    let item = item_of(entry.group, entry.kind, profile);
    let days = entry.first_day.zip(entry.last_day).map(|(first, last)| (first.first_day(), last.last_day()));
    granted.iter().any(|wish| wish.item == item && wish.period.holds(days))
}

/// The item an entry of a group counts as: what the operator's profile says of the group, else what the group's name or the
/// document inside says of itself, else `other`.
fn item_of(group: &str, kind: Kind, profile: &Profile) -> Item {
    let name = fold(group);
    let listed = profile.groups.iter().find(|known| fold(&known.name) == name).and_then(|known| known.item.parse().ok());
    match (listed, of_kind(kind)) {
        // Health insurance answers with one document for all of these: each entry says better than the group which it is.
        (Some(group), Some(entry)) if is_of_insurance(group) && is_of_insurance(entry) => entry,
        (Some(group), _) => group,
        (None, entry) => entry.unwrap_or(Item::Other),
    }
}

const fn is_of_insurance(item: Item) -> bool {
    matches!(item, Item::Medication | Item::Prescription | Item::Procedure | Item::Expense)
}

const fn of_kind(kind: Kind) -> Option<Item> {
    Some(match kind {
        Kind::Checkup => Item::Checkup,
        Kind::CancerScreening => Item::CancerScreening,
        Kind::InfantCheckup => Item::InfantCheckup,
        Kind::Pregnancy => Item::Pregnancy,
        Kind::Vaccination => Item::Vaccination,
        Kind::Medication => Item::Medication,
        Kind::Prescription => Item::Prescription,
        Kind::Procedure => Item::Procedure,
        Kind::Expense => Item::Expense,
        Kind::Care => Item::Care,
        Kind::SchoolCheckup
        | Kind::Condition
        | Kind::Allergy
        | Kind::Infection
        | Kind::Laboratory
        | Kind::Measurement
        | Kind::Finding
        | Kind::Document
        | Kind::Note
        | Kind::Other => return None,
    })
}
