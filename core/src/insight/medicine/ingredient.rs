//! What tells the ingredient of a medicine: codes whose beginning does, and names.

use super::{SameBy, rules::price_code_digits};
use crate::{
    base::fold,
    insight::sensitivity::PRICE_SYSTEMS,
    record::{Coding, Concept, Fact, Medication},
};

/// Code systems of general names (一般名処方マスタ), whose codes begin like the price list's.
const GENERAL_SYSTEMS: [&str; 3] = [
    "urn:oid:1.2.392.100495.20.2.81",
    "urn:oid:1.2.392.100495.20.1.81",
    "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationGeneralOrderCode",
];
/// Forms that stand behind the name of an ingredient, the longer ones first.
const FORMS: [&str; 22] = [
    "口腔内崩壊錠",
    "腸溶錠",
    "徐放錠",
    "チュアブル錠",
    "徐放カプセル",
    "腸溶カプセル",
    "カプセル",
    "ドライシロップ",
    "シロップ",
    "OD錠",
    "錠",
    "細粒",
    "顆粒",
    "散",
    "内用液",
    "テープ",
    "パップ",
    "ゲル",
    "軟膏",
    "クリーム",
    "点眼液",
    "坐剤",
];

/// What tells an ingredient. Two that are equal are one ingredient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ingredient {
    Code(String),
    Name(String),
}

impl Ingredient {
    pub(super) const fn by(&self) -> SameBy {
        match self {
            Self::Code(_) => SameBy::Code,
            Self::Name(_) => SameBy::Name,
        }
    }
}

/// Everything that tells the ingredients of a medicine.
pub(super) fn ingredients(fact: &Fact, medicine: &Medication) -> Vec<Ingredient> {
    let coded = fact.concept.codings.iter().filter(|coding| is_of(coding, &PRICE_SYSTEMS));
    let general = medicine.generic.iter().flat_map(|generic| &generic.codings).chain(&fact.concept.codings);
    let general = general.filter(|coding| is_of(coding, &GENERAL_SYSTEMS));
    let mut all: Vec<Ingredient> = coded.chain(general).filter_map(|coding| beginning(&coding.code)).map(Ingredient::Code).collect();
    let named = medicine.generic.iter().chain(&medicine.ingredients).filter_map(Concept::label);
    // A product that is prescribed by its general name is called so.
    let called = [fact.title.as_str()].into_iter().filter(|title| title.contains("【般】"));
    all.extend(named.chain(called).map(name).filter(|name| !name.is_empty()).map(Ingredient::Name));
    all
}

fn is_of(coding: &Coding, systems: &[&str]) -> bool {
    coding.canonical_system().is_some_and(|system| systems.contains(&system.as_str()))
}

/// The digits that tell the ingredient, of a code that has the shape of one.
fn beginning(code: &str) -> Option<String> {
    let folded = fold(code);
    let digits = folded.get(..price_code_digits())?;
    (folded.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.to_owned())
}

/// The ingredient in a general name: 【般】ロキソプロフェンNa錠60mg is ロキソプロフェンNa.
fn name(label: &str) -> String {
    let folded = fold(&label.replace("【般】", ""));
    let bare = folded.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default().trim();
    let without = FORMS.iter().find_map(|form| bare.strip_suffix(fold(form).as_str()));
    without.unwrap_or(bare).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether two records are of one product: by a code of one system, else by name.
pub(super) fn is_same_product(one: &Fact, other: &Fact) -> bool {
    let same_code = |own: &Coding, theirs: &Coding| own.canonical_system() == theirs.canonical_system() && own.code == theirs.code;
    let shared = one.concept.codings.iter().any(|own| other.concept.codings.iter().any(|theirs| same_code(own, theirs)));
    shared || fold(&one.title) == fold(&other.title)
}
