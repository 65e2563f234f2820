//! Whether two records name the same vaccine: by an equal code of one system, by an equal name, or by the diseases that the
//! names say it protects from. The names are data (`data/vaccine-names.tsv`).

use std::{collections::BTreeSet, sync::LazyLock};

use super::table::rows;
use crate::{
    base::fold,
    record::{Concept, Fact, Vaccination},
    terms::vaccine_name,
};

const NAMES: &str = include_str!("data/vaccine-names.tsv");

/// What two vaccines are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vaccines {
    /// One code or one name.
    Same,
    /// Names that mean the same diseases and do not contradict.
    Alike,
    /// At least one name says nothing we know.
    Unknown,
    /// Other diseases, or another of several vaccines against one.
    Different,
}

struct Row {
    holds: String,
    is_word: bool,
    antigens: Vec<&'static str>,
    which: Option<&'static str>,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut table: Vec<Row> = rows::<4>(NAMES)
        .map(|[holds, antigens, which, _source]| Row {
            holds: fold(holds),
            is_word: holds.is_ascii(),
            antigens: antigens.split(' ').filter(|antigen| !antigen.is_empty()).collect(),
            which: (!which.is_empty()).then_some(which),
        })
        .collect();
    table.sort_by(|one, other| other.holds.chars().count().cmp(&one.holds.chars().count()).then_with(|| one.holds.cmp(&other.holds)));
    table
});

/// What a record says about which vaccine it was.
struct Vaccine {
    codes: BTreeSet<(String, String)>,
    names: BTreeSet<String>,
    antigens: BTreeSet<&'static str>,
    which: BTreeSet<String>,
}

/// Compares the vaccines of two doses.
pub(super) fn vaccines(one: (&Fact, &Vaccination), other: (&Fact, &Vaccination)) -> Vaccines {
    let (one, other) = (Vaccine::of(one), Vaccine::of(other));
    let contradict = !one.antigens.is_empty() && !other.antigens.is_empty() && one.antigens != other.antigens;
    let another = !one.which.is_empty() && !other.which.is_empty() && one.which != other.which;
    if contradict || another {
        Vaccines::Different
    } else if !one.codes.is_disjoint(&other.codes) || !one.names.is_disjoint(&other.names) {
        Vaccines::Same
    } else if one.antigens.is_empty() || other.antigens.is_empty() {
        Vaccines::Unknown
    } else {
        Vaccines::Alike
    }
}

impl Vaccine {
    fn of((fact, dose): (&Fact, &Vaccination)) -> Self {
        let mut vaccine = Self { codes: BTreeSet::new(), names: BTreeSet::new(), antigens: BTreeSet::new(), which: BTreeSet::new() };
        vaccine.read(&fact.title);
        vaccine.concept(&fact.concept);
        if vaccine.antigens.is_empty() {
            // A name that says nothing, and beside it the diseases.
            for target in &dose.targets {
                target.label().into_iter().for_each(|label| vaccine.understand(label));
            }
        }
        vaccine
    }

    fn concept(&mut self, concept: &Concept) {
        concept.text.as_deref().into_iter().for_each(|text| self.read(text));
        for coding in &concept.codings {
            coding.display.as_deref().into_iter().for_each(|display| self.read(display));
            if let Some(system) = coding.canonical_system() {
                if let Some((japanese, _)) = vaccine_name(&system, &coding.code) {
                    self.understand(japanese);
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
        self.understand(name);
    }

    fn understand(&mut self, name: &str) {
        let mut rest = fold(name);
        if let Some(valency) = valency(&rest) {
            self.which.insert(valency);
        }
        for row in TABLE.iter() {
            let Some((before, after)) = find(&rest, row) else { continue };
            self.antigens.extend(&row.antigens);
            self.which.extend(row.which.map(str::to_owned));
            rest = format!("{before} {after}");
        }
    }
}

/// The number before 価: 13価, 9価.
fn valency(folded: &str) -> Option<String> {
    let before = folded.split('価').next().filter(|before| before.len() < folded.len())?;
    let digits: Vec<char> = before.chars().rev().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| digits.into_iter().rev().collect())
}

/// What stands before and behind the row's words in a folded name.
fn find<'a>(name: &'a str, row: &Row) -> Option<(&'a str, &'a str)> {
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    name.match_indices(row.holds.as_str()).find_map(|(at, found)| {
        let (before, rest) = name.split_at_checked(at)?;
        let after = rest.strip_prefix(found)?;
        let is_whole = !before.ends_with(is_letter) && !after.starts_with(is_letter);
        (!row.is_word || is_whole).then_some((before, after))
    })
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
        assert_eq!(row_count(NAMES), TABLE.len());
        assert!(rows::<4>(NAMES).all(|row| matches!(row[3], "S" | "R")));
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
