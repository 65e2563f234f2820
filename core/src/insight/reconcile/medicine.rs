//! Whether two records name one medicine: by a code of one system, by the beginning of the price-list code, by the general
//! name's code, or by the folded name.

use crate::{
    base::fold,
    record::{Coding, Concept, Fact, Medication},
};

/// 薬価基準収載医薬品コード and YJコード: twelve characters whose first nine are substance, form and strength, and first seven
/// the substance. The two differ in the brand only.
const PRICE_LIST: [&str; 2] = ["urn:oid:1.2.392.100495.20.1.72", "urn:oid:1.2.392.100495.20.2.73"];
/// HOT codes of 7, 9 and 13 digits: the longer begin with the shorter.
const HOT: [&str; 3] = ["urn:oid:1.2.392.200119.4.403.2", "urn:oid:1.2.392.200119.4.403.1", "urn:oid:1.2.392.200119.4.402.1"];

/// How far two medicines are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Medicines {
    /// Nothing says so.
    Different,
    /// The same substance; brand or strength differ or are not known.
    Substance,
    /// The same product, of which one of the two leaves the brand out.
    Product,
    /// The same by code or by name.
    Same,
}

/// Compares two medicines.
pub(super) fn medicines(one: (&Fact, &Medication), other: (&Fact, &Medication)) -> Medicines {
    let by_code = by_code(&one.0.concept, &other.0.concept);
    let by_name = by_name(&name_of(one.0), &name_of(other.0));
    let by_substance = if has_one_substance(one.1, other.1) { Medicines::Substance } else { Medicines::Different };
    let best = by_name.max(by_substance);
    match by_code {
        // Codes of one system that differ: whatever the names say, it is not surely the same product.
        Some(found) if found < Medicines::Same => found.max(best.min(Medicines::Substance)),
        Some(found) => found,
        None => best,
    }
}

/// By codes that can be compared; none where there are none.
fn by_code(one: &Concept, other: &Concept) -> Option<Medicines> {
    let pairs = one.codings.iter().flat_map(|own| other.codings.iter().map(move |other| (own, other)));
    pairs.filter_map(|(own, other)| compare_codes(own, other)).max()
}

fn compare_codes(one: &Coding, other: &Coding) -> Option<Medicines> {
    let (system, other_system) = (one.canonical_system()?, other.canonical_system()?);
    let (code, other_code) = (one.code.trim(), other.code.trim());
    let among = |systems: &[&str]| systems.contains(&system.as_str()) && systems.contains(&other_system.as_str());
    if among(&PRICE_LIST) {
        let alike = |length: usize| code.get(..length).is_some_and(|start| other_code.get(..length) == Some(start));
        return Some(match () {
            () if code == other_code => Medicines::Same,
            () if alike(7) => Medicines::Substance,
            () => Medicines::Different,
        });
    }
    if among(&HOT) {
        let is_same = !code.is_empty() && (code.starts_with(other_code) || other_code.starts_with(code)) && other_code.len() >= 7;
        return Some(if is_same { Medicines::Same } else { Medicines::Different });
    }
    (system == other_system).then(|| if code == other_code { Medicines::Same } else { Medicines::Different })
}

/// A medicine's name, folded: what it is, and the brand in 「」 where it is named.
struct Name {
    product: String,
    brand: Option<String>,
}

fn name_of(fact: &Fact) -> Name {
    let words = fold(fact.concept.text.as_deref().unwrap_or(&fact.title));
    let compact = |words: &str| words.chars().filter(|c| !matches!(c, ' ' | '・' | '_' | '＿' | '-')).collect::<String>();
    match words.split_once('「') {
        Some((before, rest)) => {
            let (brand, after) = rest.split_once('」').unwrap_or((rest, ""));
            Name { product: compact(&format!("{before}{after}")), brand: Some(compact(brand)) }
        }
        None => Name { product: compact(&words), brand: None },
    }
}

fn by_name(one: &Name, other: &Name) -> Medicines {
    let marked = |name: &str| name.trim_start_matches("【般】").trim_start_matches("[般]").to_owned();
    if marked(&one.product) != marked(&other.product) || one.product.is_empty() {
        return Medicines::Different;
    }
    match (&one.brand, &other.brand) {
        (one, other) if one == other => Medicines::Same,
        (Some(_), Some(_)) => Medicines::Substance,
        _ => Medicines::Product,
    }
}

/// One general name by its code, or one ingredient by name.
fn has_one_substance(one: &Medication, other: &Medication) -> bool {
    let code = |medicine: &Medication| {
        let coding = medicine.generic.as_ref().and_then(Concept::leading)?;
        Some((coding.canonical_system()?, coding.code.trim().to_owned()))
    };
    if let (Some(one), Some(other)) = (code(one), code(other)) {
        return one == other;
    }
    let named = |medicine: &Medication| {
        let all = medicine.ingredients.iter().chain(&medicine.generic).filter_map(Concept::label).map(fold);
        all.map(|name| name.trim_start_matches("【般】").to_owned()).filter(|name| !name.is_empty()).collect::<Vec<_>>()
    };
    let others = named(other);
    named(one).iter().any(|name| others.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::{Body, Standing},
        terms::Kind,
    };

    fn medicine(name: &str, code: Option<(&str, &str)>) -> Fact {
        let codings = code.map(|(system, code)| Coding::new(system, code)).into_iter().collect();
        let concept = Concept { codings, text: Some(name.to_owned()) };
        let body = Body::Medication(Medication::default());
        let title = name.to_owned();
        Fact { kind: Kind::Medication, title, concept, when: None, body, at: String::new(), said_by: None, standing: Standing::Understood }
    }

    fn both(one: &Fact, other: &Fact) -> Medicines {
        let said = Medication::default();
        assert_eq!(medicines((one, &said), (other, &said)), medicines((other, &said), (one, &said)));
        medicines((one, &said), (other, &said))
    }

    #[test]
    fn a_name_is_the_same_in_any_width_and_a_brand_tells_products_apart() {
        let named = |name| medicine(name, None);
        assert_eq!(both(&named("アムロジピン錠５ｍｇ「みほん」"), &named("ｱﾑﾛｼﾞﾋﾟﾝ錠5mg「みほん」")), Medicines::Same);
        assert_eq!(both(&named("アムロジピン錠5mg"), &named("アムロジピン錠5mg「みほん」")), Medicines::Product);
        assert_eq!(both(&named("アムロジピン錠5mg「ほかの」"), &named("アムロジピン錠5mg「みほん」")), Medicines::Substance);
        assert_eq!(both(&named("アムロジピン錠2.5mg"), &named("アムロジピン錠5mg")), Medicines::Different);
    }

    #[test]
    fn price_list_codes_are_compared_by_their_beginning() {
        let coded = |code| medicine("みほん", Some(("1.2.392.100495.20.2.73", code)));
        assert_eq!(both(&coded("2171022F1029"), &coded("2171022F1029")), Medicines::Same);
        assert_eq!(both(&coded("2171022F1029"), &coded("2171022F1037")), Medicines::Substance, "the same name does not help");
        let other = medicine("ほかの", Some(("1.2.392.100495.20.1.72", "2149039F1031")));
        assert_eq!(both(&coded("2171022F1029"), &other), Medicines::Different);
    }

    #[test]
    fn a_longer_hot_code_begins_with_the_shorter() {
        let seven = medicine("一", Some(("1.2.392.200119.4.403.2", "1038354")));
        let nine = medicine("二", Some(("1.2.392.200119.4.403.1", "103835401")));
        assert_eq!(both(&seven, &nine), Medicines::Same);
    }
}
