//! What the Japanese names of a Mynaportal answer mean. No official list is public, so the names are data with a source
//! mark a row, and everything else is kept without being understood.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    Kind, OwnItem, own_item,
    quantity::{Quantity, quantity},
    table::{filled, rows},
    unit::known_unit,
};
use crate::base::fold;

const GROUPS: &str = include_str!("data/self-information-groups.tsv");
const ITEMS: &str = include_str!("data/self-information-items.tsv");
const PMH: &str = include_str!("data/pmh-groups.tsv");

/// What an item or a group of items says.
#[derive(Clone, Copy, Debug)]
pub enum Meaning {
    /// The day of a record; of several the lowest rank counts.
    Day {
        /// Place in the order of trust.
        rank: usize,
    },
    /// 氏名 of the person it is about.
    Name,
    /// The name in kana.
    Kana,
    /// 生年月日
    Born,
    /// 性別
    Sex,
    /// Where it was done.
    Facility,
    /// A value of a quantity that is drawn as a line.
    Quantity(&'static Quantity),
    /// A number that belongs to no line, under a key of ours where it has one.
    Measured(Option<&'static OwnItem>),
    /// An answer or a finding, under a key of ours where it has one.
    Finding(Option<&'static OwnItem>),
    /// Both blood pressures in one: `112/70mmHg`.
    Pressure,
    /// Which infant checkup it is.
    Stage,
    /// A part of a record that a table of rows and columns has too.
    Part(Part),
    /// The vaccine's name.
    Vaccine,
    /// Its lot number.
    Lot,
    /// Which dose.
    Dose,
    /// The series, or how it was ordered (定期, 任意).
    Series,
    /// Who made it.
    Maker,
    /// How much was given.
    Amount,
    /// Where on the body.
    Site,
    /// Until when the lot may be used.
    Expires,
    /// Whether it was given.
    Given,
    /// An identifier or address that no record needs.
    Withheld,
    /// A group of items whose name changes no meaning.
    Same,
    /// A group of items about somebody else.
    Somebody,
    /// A group of items about the child at its birth: facts of the mother's delivery, or of the child's own beginning.
    Birth,
}

/// A part of a medicine, a procedure, a condition, an allergy, an expense, or of one value in a table of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is told in the data file")]
pub enum Part {
    Medicine,
    MedicineCode,
    MedicineDose,
    Unit,
    Usage,
    Quantity,
    QuantityUnit,
    Form,
    Generic,
    Ingredient,
    Prescriber,
    Procedure,
    ProcedureCode,
    Condition,
    Allergy,
    Reaction,
    Status,
    OwnShare,
    Total,
    Points,
    Days,
    Class,
    ItemCode,
    ItemName,
    ItemValue,
    Method,
    Reference,
    Interpretation,
}

impl Part {
    fn of(role: &str) -> Option<Self> {
        Some(match role {
            "medicine" => Self::Medicine,
            "medicine_code" => Self::MedicineCode,
            "medicine_dose" => Self::MedicineDose,
            "unit" => Self::Unit,
            "usage" => Self::Usage,
            "quantity_of" => Self::Quantity,
            "quantity_unit" => Self::QuantityUnit,
            "form" => Self::Form,
            "generic" => Self::Generic,
            "ingredient" => Self::Ingredient,
            "prescriber" => Self::Prescriber,
            "procedure" => Self::Procedure,
            "procedure_code" => Self::ProcedureCode,
            "condition" => Self::Condition,
            "allergy" => Self::Allergy,
            "reaction" => Self::Reaction,
            "status" => Self::Status,
            "own_share" => Self::OwnShare,
            "total" => Self::Total,
            "points" => Self::Points,
            "days_of" => Self::Days,
            "class" => Self::Class,
            "item_code" => Self::ItemCode,
            "item_name" => Self::ItemName,
            "item_value" => Self::ItemValue,
            "method" => Self::Method,
            "reference" => Self::Reference,
            "interpretation" => Self::Interpretation,
            _ => return None,
        })
    }
}

struct Names {
    /// As the table writes them.
    written: HashMap<&'static str, Meaning>,
    whole: HashMap<String, Meaning>,
    parts: Vec<(String, Meaning)>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { written: HashMap::new(), whole: HashMap::new(), parts: Vec::new() };
    for (rank, [name, fits, role, meaning, _source]) in rows::<5>(ITEMS).enumerate() {
        let Some(meaning) = meaning_of(role, filled(meaning), rank) else { continue };
        if fits == "has" {
            names.parts.push((key(name), meaning));
        } else {
            names.written.insert(name, meaning);
            names.whole.insert(key(name), meaning);
        }
    }
    names
});

static KINDS: LazyLock<Vec<(String, Kind)>> =
    LazyLock::new(|| rows::<3>(GROUPS).filter_map(|[holds, kind, _source]| Some((key(holds), kind.parse().ok()?))).collect());

static PMH_KINDS: LazyLock<Vec<(String, Kind)>> =
    LazyLock::new(|| rows::<3>(PMH).filter_map(|[holds, kind, _source]| Some((key(holds), kind.parse().ok()?))).collect());

/// The kind that a part of a PMH answer stands for; none where its table has nothing for it. The format is not public: this
/// is the seam.
pub fn pmh_kind(name: &str) -> Option<Kind> {
    let key = key(name);
    PMH_KINDS.iter().find(|(part, _)| key.contains(part.as_str())).map(|(_, kind)| *kind)
}

fn meaning_of(role: &str, meaning: Option<&str>, rank: usize) -> Option<Meaning> {
    Some(match role {
        "day" => Meaning::Day { rank },
        "name" => Meaning::Name,
        "kana" => Meaning::Kana,
        "born" => Meaning::Born,
        "sex" => Meaning::Sex,
        "facility" => Meaning::Facility,
        "quantity" => Meaning::Quantity(quantity(meaning?)?),
        "measured" => Meaning::Measured(meaning.and_then(own_item)),
        "finding" => Meaning::Finding(meaning.and_then(own_item)),
        "pressure" => Meaning::Pressure,
        "stage" => Meaning::Stage,
        "birth" => Meaning::Birth,
        "vaccine" => Meaning::Vaccine,
        "lot" => Meaning::Lot,
        "dose" => Meaning::Dose,
        "series" => Meaning::Series,
        "maker" => Meaning::Maker,
        "amount" => Meaning::Amount,
        "site" => Meaning::Site,
        "expires" => Meaning::Expires,
        "given" => Meaning::Given,
        "withheld" => Meaning::Withheld,
        "same" => Meaning::Same,
        "somebody" => Meaning::Somebody,
        other => Meaning::Part(Part::of(other)?),
    })
}

/// What amounts, points and visits are counted in, behind the name of a column.
const COUNTED: [&str; 5] = ["円", "点", "日", "回", "枚"];

/// The kind that a 特定個人情報名 stands for; none where the table has nothing for it.
pub fn self_information_kind(group: &str) -> Option<Kind> {
    let key = key(group);
    KINDS.iter().find(|(part, _)| key.contains(part.as_str())).map(|(_, kind)| *kind)
}

/// What an item's name means and the unit that stands in brackets behind it (`体重(kg)`); none where the table has
/// nothing for it.
pub fn self_information_item(name: &str) -> Option<(Meaning, Option<String>)> {
    let names = &*NAMES;
    // Nearly every name that is known is written as the table has it, and folding costs more than looking.
    if let Some(meaning) = names.written.get(name) {
        return Some((*meaning, None));
    }
    let key = key(name);
    let whole = |key: &str| names.whole.get(key).copied();
    if let Some(meaning) = whole(&key) {
        return Some((meaning, None));
    }
    let in_brackets = key.strip_suffix(')').and_then(|open| open.rsplit_once('('));
    if let Some((base, unit)) = in_brackets
        && (known_unit(unit).is_some() || COUNTED.contains(&unit))
        && let Some(meaning) = whole(base)
    {
        return Some((meaning, Some(unit.to_owned())));
    }
    names.parts.iter().find(|(part, _)| key.contains(part.as_str())).map(|(_, meaning)| (*meaning, None))
}

fn key(name: &str) -> String {
    let mut key = fold(name);
    key.retain(|character| character != ' ');
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::table::row_count;

    #[test]
    fn no_row_is_dropped_and_no_name_stands_twice() {
        assert_eq!(row_count(ITEMS), NAMES.whole.len() + NAMES.parts.len());
        assert_eq!(row_count(GROUPS), KINDS.len());
        assert_eq!(row_count(PMH), PMH_KINDS.len());
        for [name, _, role, meaning, _] in rows::<5>(ITEMS).filter(|row| !row[3].is_empty()) {
            let is_known = if role == "quantity" { quantity(meaning).is_some() } else { own_item(meaning).is_some() };
            assert!(is_known, "{name}: {meaning} is in no table");
        }
        let marks = rows::<5>(ITEMS).map(|row| row[4]).chain(rows::<3>(GROUPS).map(|row| row[2]));
        assert!(marks.into_iter().all(|mark| matches!(mark, "S" | "R")), "every row says how sure it is");
    }

    #[test]
    fn a_name_is_known_in_any_width_and_with_its_unit() {
        for name in ["身長", "身長（ｃｍ）", "身長(cm)", " 身長 "] {
            let found = self_information_item(name);
            assert!(matches!(&found, Some((Meaning::Quantity(quantity), _)) if quantity.id == "body-height"), "{name}: {found:?}");
        }
        assert_eq!(self_information_item("体重(kg)").and_then(|(_, unit)| unit).as_deref(), Some("kg"));
        assert!(self_information_item("身長(立位)").is_none(), "what stands in the brackets is no unit");
        let birth = self_information_item("出生時身長").map(|(meaning, _)| meaning);
        assert!(matches!(birth, Some(Meaning::Measured(Some(item))) if item.id == "birth-height"), "{birth:?}");
        assert!(matches!(self_information_item("被保険者証等記号"), Some((Meaning::Withheld, None))));
    }

    #[test]
    fn the_closer_name_of_a_group_wins() {
        assert_eq!(self_information_kind("乳幼児健診情報"), Some(Kind::InfantCheckup));
        assert_eq!(self_information_kind("３歳児健康診査"), Some(Kind::InfantCheckup));
        assert_eq!(self_information_kind("特定健診情報"), Some(Kind::Checkup));
        assert_eq!(self_information_kind("医療費助成情報"), Some(Kind::Document));
        assert_eq!(self_information_kind("医療費通知情報"), Some(Kind::Expense));
        assert_eq!(self_information_kind("移植情報"), Some(Kind::Procedure));
        assert_eq!(self_information_kind("薬剤アレルギー等情報"), Some(Kind::Allergy));
        assert_eq!(self_information_kind("地方税関係情報"), None);
    }
}
