//! Which product a name speaks of, where the rules differ by product. What is not said is not guessed.

use chrono::NaiveDate;

use super::{
    calendar::{Age, Gap},
    rules::places,
    told::Dose,
};
use crate::base::fold;

/// 乾燥組換え帯状疱疹ワクチン
pub(super) const RECOMBINANT: &str = "recombinant";
/// 乾燥弱毒生水痘ワクチン
pub(super) const LIVE: &str = "live";

const HPV_TWO_BEFORE: Age = Age::Months(180);
const HPV_TWO_APART: Gap = Gap::Months(5);

fn holds(name: &str, words: &[&str]) -> bool {
    let folded = fold(name);
    words.iter().any(|word| folded.contains(&fold(word)))
}

/// `1` or `5`, by the number of types.
pub(super) fn rotavirus(name: &str) -> Option<&'static str> {
    match (holds(name, &["ロタリックス", "Rotarix", "1価"]), holds(name, &["ロタテック", "RotaTeq", "5価"])) {
        (true, false) => Some("1"),
        (false, true) => Some("5"),
        _ => None,
    }
}

/// [`RECOMBINANT`] or [`LIVE`].
pub(super) fn zoster(name: &str) -> Option<&'static str> {
    match (
        holds(name, &["シングリックス", "Shingrix", "組換え", "recombinant"]),
        holds(name, &["ビケン", "BIKEN", "生ワクチン", "弱毒生", "live"]),
    ) {
        (true, false) => Some(RECOMBINANT),
        (false, true) => Some(LIVE),
        _ => None,
    }
}

/// 23価 or 20価; none where it is not said.
pub(super) fn is_ppsv23(name: &str) -> bool {
    holds(name, &["ニューモバックス", "PPSV23", "23価"])
}

/// Whether it was the 9-valent vaccine; none where it is not known. From April 2026 there is no other.
fn is_nine_valent(dose: &Dose<'_>) -> Option<bool> {
    let name = dose.given.product.as_str();
    if holds(name, &["シルガード", "Silgard", "9価", "HPV9", "ガーダシル9", "Gardasil 9"]) {
        return Some(true);
    }
    if holds(name, &["サーバリックス", "Cervarix", "ガーダシル", "Gardasil", "2価", "4価"]) {
        return Some(false);
    }
    let only_nine = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or(NaiveDate::MAX);
    dose.first.is_some_and(|day| day >= only_nine).then_some(true)
}

/// Whether a dose leaves open which course it began.
pub(super) fn hpv_unknown(dose: &Dose<'_>) -> bool {
    is_nine_valent(dose).is_none()
}

/// Whether two doses of HPV are enough: begun with the 9-valent vaccine before 15 years, and no second within five months.
pub(super) fn hpv_in_two(born: NaiveDate, on: NaiveDate, doses: &[&Dose<'_>]) -> bool {
    let Some(first) = doses.first() else {
        let opens = places("hpv").next().map_or(on, |place| place.window.days(born).0);
        return on.max(opens) <= HPV_TWO_BEFORE.day(born);
    };
    let Some(begun) = first.latest else { return false };
    let is_apart = |second: &&Dose<'_>| second.latest.is_some_and(|day| day >= HPV_TWO_APART.after(begun));
    begun <= HPV_TWO_BEFORE.day(born) && doses.iter().all(|dose| is_nine_valent(dose) == Some(true)) && doses.get(1).is_none_or(is_apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_told_by_its_name_and_not_guessed() {
        assert_eq!(
            (rotavirus("ロタリックス内用液"), rotavirus("5価経口弱毒生ロタウイルス"), rotavirus("ロタウイルス")),
            (Some("1"), Some("5"), None)
        );
        assert_eq!(
            (zoster("シングリックス筋注用"), zoster("乾燥弱毒生水痘ワクチン「ビケン」"), zoster("帯状疱疹")),
            (Some(RECOMBINANT), Some(LIVE), None)
        );
        assert!(is_ppsv23("ニューモバックスNP") && !is_ppsv23("プレベナー20"));
    }
}
