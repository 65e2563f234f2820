//! Whether two records name the same vaccine: by an equal code of one system, by an equal name, or by what the list of
//! vaccines (`terms`) knows names and codes to stand for. Which of several products against one disease it was is told by its
//! number of types or by its name (`data/vaccine-products.tsv`).

use std::{collections::BTreeSet, sync::LazyLock};

use super::table::rows;
use crate::{
    base::fold,
    record::{Concept, Fact, Vaccination},
    terms::{Vaccine as Listed, vaccine_name, vaccines_coded, vaccines_named},
};

const PRODUCTS: &str = include_str!("data/vaccine-products.tsv");

/// Parts of folded names, and which product they tell.
static TABLE: LazyLock<Vec<(String, &'static str)>> =
    LazyLock::new(|| rows::<3>(PRODUCTS).map(|[holds, which, _source]| (fold(holds), which)).collect());

/// What two vaccines are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vaccines {
    /// One code or one name.
    Same,
    /// Names or codes that can stand for one vaccine, and do not contradict.
    Alike,
    /// At least one says nothing we know.
    Unknown,
    /// Other diseases, or another of several products against one.
    Different,
}

/// What a record says about which vaccine it was.
#[derive(Default)]
struct Vaccine {
    codes: BTreeSet<(String, String)>,
    names: BTreeSet<String>,
    /// What each name and code can stand for, by id of the list: what is left when all are heeded.
    can_be: Option<BTreeSet<&'static str>>,
    which: BTreeSet<String>,
}

/// Compares the vaccines of two doses.
pub(super) fn vaccines(one: (&Fact, &Vaccination), other: (&Fact, &Vaccination)) -> Vaccines {
    let (one, other) = (Vaccine::of(one), Vaccine::of(other));
    let (can_be, other_can_be) = (one.can_be.unwrap_or_default(), other.can_be.unwrap_or_default());
    let both_known = !can_be.is_empty() && !other_can_be.is_empty();
    let another = !one.which.is_empty() && !other.which.is_empty() && one.which.is_disjoint(&other.which);
    if (both_known && can_be.is_disjoint(&other_can_be)) || another {
        Vaccines::Different
    } else if !one.codes.is_disjoint(&other.codes) || !one.names.is_disjoint(&other.names) {
        Vaccines::Same
    } else if both_known {
        Vaccines::Alike
    } else {
        Vaccines::Unknown
    }
}

impl Vaccine {
    fn of((fact, dose): (&Fact, &Vaccination)) -> Self {
        let mut vaccine = Self::default();
        vaccine.read(&fact.title);
        vaccine.concept(&fact.concept);
        if vaccine.can_be.is_none() {
            // A name that says nothing, and beside it the diseases.
            for target in &dose.targets {
                target.label().into_iter().for_each(|label| vaccine.heed(&vaccines_named(label)));
            }
        }
        vaccine
    }

    fn concept(&mut self, concept: &Concept) {
        concept.text.as_deref().into_iter().for_each(|text| self.read(text));
        for coding in &concept.codings {
            coding.display.as_deref().into_iter().for_each(|display| self.read(display));
            if let Some(system) = coding.canonical_system() {
                self.heed(&vaccines_coded(&system, coding.code.trim()));
                if let Some((japanese, _)) = vaccine_name(&system, coding.code.trim()) {
                    self.tell_product(japanese);
                }
                let code = coding.code.trim().trim_start_matches('0').to_owned();
                self.codes.insert((system, code));
            }
        }
    }

    fn read(&mut self, name: &str) {
        let compact: String = fold(name).chars().filter(|c| c.is_alphanumeric() || *c == 'ー').collect();
        // 予防接種 is no name of a vaccine.
        if compact.is_empty() || compact == "予防接種" {
            return;
        }
        self.names.insert(compact);
        self.heed(&vaccines_named(name));
        self.tell_product(name);
    }

    /// Heeds what a name or a code can stand for. What contradicts what was said before it widens it instead: then the record
    /// itself is not clear, and no other is called different from it for that.
    fn heed(&mut self, listed: &[&'static Listed]) {
        let ids: BTreeSet<&'static str> = listed.iter().map(|vaccine| vaccine.id).filter(|id| *id != "other").collect();
        if ids.is_empty() {
            return;
        }
        self.can_be = Some(match self.can_be.take() {
            None => ids,
            Some(before) if before.is_disjoint(&ids) => before.union(&ids).copied().collect(),
            Some(before) => before.intersection(&ids).copied().collect(),
        });
    }

    fn tell_product(&mut self, name: &str) {
        let folded = fold(name);
        self.which.extend(valency(&folded));
        self.which.extend(TABLE.iter().filter(|(holds, _)| folded.contains(holds.as_str())).map(|(_, which)| (*which).to_owned()));
    }
}

/// The number before 価: 13価, 9価.
fn valency(folded: &str) -> Option<String> {
    let before = folded.split('価').next().filter(|before| before.len() < folded.len())?;
    let digits: Vec<char> = before.chars().rev().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| digits.into_iter().rev().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::reconcile::table::row_count,
        record::{Body, Coding, Standing},
        terms::Kind,
    };

    fn named(name: &str, code: Option<&str>) -> Fact {
        let codings = code.map(|code| Coding::new("http://hl7.org/fhir/sid/cvx", code)).into_iter().collect();
        let concept = Concept { codings, text: (!name.is_empty()).then(|| name.to_owned()) };
        let body = Body::Vaccination(Vaccination { given: true, ..Vaccination::default() });
        let title = name.to_owned();
        Fact { kind: Kind::Vaccination, title, concept, when: None, body, at: String::new(), said_by: None, standing: Standing::Understood }
    }

    fn said(one: &Fact, other: &Fact) -> Vaccines {
        let dose = Vaccination::default();
        assert_eq!(vaccines((one, &dose), (other, &dose)), vaccines((other, &dose), (one, &dose)));
        vaccines((one, &dose), (other, &dose))
    }

    fn both(one: &str, other: &str) -> Vaccines {
        said(&named(one, None), &named(other, None))
    }

    #[test]
    fn no_row_is_dropped_and_every_row_says_how_sure_it_is() {
        assert_eq!(row_count(PRODUCTS), TABLE.len());
        assert!(rows::<3>(PRODUCTS).all(|row| matches!(row.last(), Some(&"S" | &"R"))));
    }

    #[test]
    fn names_of_one_vaccine_are_alike() {
        assert_eq!(both("麻しん風しん混合", "MR"), Vaccines::Alike);
        assert_eq!(both("４種混合", "DPT-IPV"), Vaccines::Alike);
        assert_eq!(both("Ｈｉｂ", "アクトヒブ"), Vaccines::Alike);
        assert_eq!(both("BCG", "ＢＣＧ"), Vaccines::Same);
        assert_eq!(said(&named("", Some("04")), &named("麻しん風しん混合ワクチン", None)), Vaccines::Alike);
        assert_eq!(said(&named("", Some("3")), &named("", Some("03"))), Vaccines::Same);
    }

    #[test]
    fn other_vaccines_are_different_also_against_one_disease() {
        assert_eq!(both("MMR", "MR"), Vaccines::Different);
        assert_eq!(both("5種混合", "4種混合"), Vaccines::Different);
        assert_eq!(both("インフルエンザ菌b型", "インフルエンザHAワクチン"), Vaccines::Different);
        assert_eq!(both("プレベナー13", "肺炎球菌20価"), Vaccines::Different);
        assert_eq!(both("コミナティ", "スパイクバックス"), Vaccines::Different);
        assert_eq!(both("コミナティ", "新型コロナ"), Vaccines::Alike);
        assert_eq!(both("みほんワクチン", "BCG"), Vaccines::Unknown);
        assert_eq!(both("予防接種", "予防接種"), Vaccines::Unknown);
    }
}
