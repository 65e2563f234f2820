//! What the columns of a table are, by their names.

use crate::{
    base::PartialDate,
    formats::self_information::value,
    terms::{Kind, Meaning, Part, infant_stage, pmh_kind, self_information_item, self_information_kind},
};

/// What the name of a column means.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    self_information_item(name).map(|(meaning, _)| meaning)
}

/// Whether a name is of an item and not only of whom it is about.
pub(super) fn is_of_health(meaning: Meaning) -> bool {
    !matches!(
        meaning,
        Meaning::Name
            | Meaning::Kana
            | Meaning::Born
            | Meaning::Sex
            | Meaning::Withheld
            | Meaning::Same
            | Meaning::Somebody
            | Meaning::Birth
    )
}

pub(super) fn kind_named(title: &str) -> Option<Kind> {
    pmh_kind(title).or_else(|| self_information_kind(title)).or_else(|| infant_stage(title).map(|_| Kind::InfantCheckup))
}

/// What a table is about by its columns; none where they are just days and measurements.
pub(super) fn kind_of(columns: &[String]) -> Option<Kind> {
    let meanings: Vec<(&String, Meaning)> = columns.iter().filter_map(|column| Some((column, meaning(column)?))).collect();
    let has = |wanted: &dyn Fn(&Meaning) -> bool| meanings.iter().any(|(_, meaning)| wanted(meaning));
    let has_part = |wanted: &[Part]| has(&|meaning| matches!(meaning, Meaning::Part(part) if wanted.contains(part)));
    let own = |wanted: Kind| {
        has(
            &|meaning| matches!(meaning, Meaning::Measured(Some(item)) | Meaning::Finding(Some(item)) if item.kinds.first() == Some(&wanted) && item.kinds.len() == 1),
        )
    };
    let names = |part: &str| columns.iter().any(|column| column.contains(part));
    if has_part(&[Part::OwnShare, Part::Total, Part::Points]) {
        return Some(Kind::Expense);
    }
    if has(&|meaning| matches!(meaning, Meaning::Vaccine | Meaning::Lot)) {
        return Some(Kind::Vaccination);
    }
    if has_part(&[Part::Medicine]) {
        return Some(Kind::Medication);
    }
    if has_part(&[Part::ItemValue]) && has_part(&[Part::ItemName, Part::ItemCode]) {
        return Some(if names("健診") || names("健康診") { Kind::Checkup } else { Kind::Laboratory });
    }
    if own(Kind::Pregnancy) {
        return Some(Kind::Pregnancy);
    }
    if has(&|meaning| matches!(meaning, Meaning::Stage)) || own(Kind::InfantCheckup) {
        return Some(Kind::InfantCheckup);
    }
    for (part, kind) in [(Part::Procedure, Kind::Procedure), (Part::Condition, Kind::Condition), (Part::Allergy, Kind::Allergy)] {
        if has_part(&[part]) {
            return Some(kind);
        }
    }
    if own(Kind::SchoolCheckup) {
        return Some(Kind::SchoolCheckup);
    }
    let is_checkup = names("健診") || names("健康診") || names("検診");
    is_checkup.then_some(Kind::Checkup)
}

/// The day of a row: of the column whose name ranks first.
pub(super) fn day_of(pairs: &[(&str, &str)]) -> Option<PartialDate> {
    let days = pairs.iter().filter_map(|(name, words)| match meaning(name)? {
        Meaning::Day { rank } => Some((rank, value::date(words)?.0)),
        _ => None,
    });
    days.min_by_key(|(rank, _)| *rank).map(|(_, day)| day)
}
