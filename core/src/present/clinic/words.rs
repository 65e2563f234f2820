//! The words of the screen that a doctor is shown, Japanese and English side by side.

use chrono::{DateTime, TimeDelta, Utc};

use super::SectionId;
use crate::{
    insight::clinic::{Part, occasion},
    present::Language,
    vault::Arrivals,
};

/// What an occasion is called; an id that is none, as it is.
pub fn occasion_name(id: &str, language: Language) -> &str {
    occasion(id).map_or(id, |occasion| language.pick(occasion.japanese, occasion.english))
}

/// What a part is called.
pub const fn part_name(part: Part, language: Language) -> &'static str {
    language.pick(part.japanese(), part.english())
}

/// That something was chosen that cannot be shown.
pub fn unknown_item_text(item: &str, language: Language) -> String {
    let parts: Vec<String> = Part::ALL.iter().map(|part| format!("{} {}", part.id(), part_name(*part, language))).collect();
    let parts = parts.join(language.pick("、", ", "));
    match language {
        Language::Japanese => format!("「{item}」という項目はありません（{parts}、または検査の名前）"),
        Language::English => format!("There is no item {item} ({parts}, or the name of a quantity)"),
    }
}

/// How long it was shown.
pub fn shown_for_text(seconds: i64, language: Language) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (language, minutes) {
        (Language::Japanese, 0) => format!("{rest} 秒間見せました。台帳に書きました"),
        (Language::Japanese, _) => format!("{minutes} 分 {rest} 秒間見せました。台帳に書きました"),
        (Language::English, 0) => format!("Shown for {rest} s; the ledger has it"),
        (Language::English, _) => format!("Shown for {minutes} min {rest} s; the ledger has it"),
    }
}

pub(super) fn title(id: Option<&'static str>, language: Language) -> &'static str {
    id.map_or_else(|| language.pick("選んだ項目", "Chosen items"), |id| occasion_name(id, language))
}

pub(super) const fn heading(id: SectionId, language: Language) -> &'static str {
    match id {
        SectionId::Allergies => language.pick("アレルギー・副作用・禁忌", "Allergies, reactions, contraindications"),
        SectionId::MedicinesCurrent => language.pick("薬：いま使っているもの", "Medicines: current"),
        SectionId::Kidney => language.pick("腎機能（eGFR）", "Kidney function (eGFR)"),
        SectionId::MedicinesStopped => language.pick("薬：日数を過ぎたもの・中止したもの", "Medicines: ended or stopped"),
        SectionId::Conditions => language.pick("病名・既往歴・感染症", "Conditions and infections"),
        SectionId::Procedures => language.pick("手術・処置", "Operations and procedures"),
        SectionId::Results => language.pick("検査・測定の値", "Results"),
        SectionId::Vaccinations => language.pick("予防接種", "Vaccinations"),
        SectionId::MissingDoses => language.pick("記録のない予防接種（計画から）", "Doses without a record (from the plan)"),
    }
}

/// That nothing is on record. It must not read as if there were nothing.
pub(super) const fn empty(language: Language) -> &'static str {
    language.pick("記録はありません（ないとは限りません）", "None on record (which does not mean there is none)")
}

/// That records of a section were left out. It says neither which nor why: the reason is often the secret itself.
pub(super) const fn left_out_here(language: Language) -> &'static str {
    language.pick("本人の選択により、ここに出していない記録があります", "Some records are left out here by the person's choice")
}

pub(super) const fn left_out(language: Language) -> &'static str {
    language.pick("本人の選択により、ここに示していない記録がほかにもあります", "Some other records are left out by the person's choice")
}

pub(super) const fn more(language: Language) -> &'static str {
    language.pick("古い記録がほかにもあります", "There are older records besides")
}

/// What nothing that is shown to somebody else goes without: that it is chosen, and never all.
pub const fn note(language: Language) -> &'static str {
    language.pick(
        "本人が選んだ記録の写しで、すべてではありません。大切なことは本人に確かめてください",
        "Chosen by the person, and never all there is. Please confirm with the person what matters",
    )
}

pub(super) fn fetched(arrivals: &Arrivals, language: Language) -> String {
    let fetched = arrivals.fetched.as_deref().map(day);
    let taken_in = arrivals.taken_in.as_deref().map(day).filter(|day| fetched.as_ref() != Some(day));
    match (fetched, taken_in, language) {
        (Some(fetched), None, Language::Japanese) => {
            format!("マイナポータルから {fetched} に取得。内容は 1 か月ほど遅れることがあります")
        }
        (Some(fetched), None, Language::English) => format!("Fetched from Mynaportal on {fetched}; it may lag behind by a month"),
        (Some(fetched), Some(taken_in), Language::Japanese) => {
            format!("マイナポータルから {fetched} に取得、最後の取り込みは {taken_in}。内容は 1 か月ほど遅れることがあります")
        }
        (Some(fetched), Some(taken_in), Language::English) => {
            format!("Fetched from Mynaportal on {fetched}, last import on {taken_in}; it may lag behind by a month")
        }
        (None, Some(taken_in), Language::Japanese) => format!("最後の取り込みは {taken_in}。内容は 1 か月ほど遅れることがあります"),
        (None, Some(taken_in), Language::English) => format!("Last import on {taken_in}; it may lag behind by a month"),
        (None, None, Language::Japanese) => "取得・取り込みをした書類はありません。手で書いた記録だけです".to_owned(),
        (None, None, Language::English) => "Nothing was fetched or imported; only what was written by hand".to_owned(),
    }
}

/// The day of an instant where the records are from: in Japan, which has had no summer time since 1951.
fn day(instant: &str) -> String {
    let japan = TimeDelta::hours(9);
    let parsed = instant.parse::<DateTime<Utc>>().ok().and_then(|at| at.checked_add_signed(japan));
    parsed.map_or_else(|| instant.get(..10).unwrap_or(instant).to_owned(), |at| at.date_naive().to_string())
}

/// Who says so: the institution, or the person's own hand.
pub(super) fn source(place: Option<&str>, said_by: Option<&str>, by_hand: bool, language: Language) -> String {
    let whose = |who: &str| match language {
        Language::Japanese => format!("（記入：{who}）"),
        Language::English => format!(" (stated by {who})"),
    };
    let said_by = said_by.filter(|who| !who.is_empty());
    if by_hand {
        let mut text = language.pick("本人・家族が手で書いた記録", "Written by hand by the person or family").to_owned();
        text.push_str(&said_by.map(whose).unwrap_or_default());
        if let Some(place) = place {
            text.extend([language.pick("、", ", "), place]);
        }
        return text;
    }
    let mut text = place.unwrap_or(language.pick("医療機関の記載なし", "no institution stated")).to_owned();
    text.push_str(&said_by.map(whose).unwrap_or_default());
    text
}

/// Values before the newest, the newest of them first.
pub(super) fn before(values: &[String], language: Language) -> String {
    match language {
        Language::Japanese => format!("（前：{}）", values.join("、")),
        Language::English => format!(" (before: {})", values.join(", ")),
    }
}

/// Something with what it is: `一般名 ロキソプロフェン`.
pub(super) fn labelled(japanese: &str, english: &str, text: &str, language: Language) -> String {
    match language {
        Language::Japanese => format!("{japanese} {text}"),
        Language::English => format!("{english} {text}"),
    }
}

/// The codes that FHIR documents carry instead of words, in words; anything else as received.
pub(super) fn word(text: String, language: Language) -> String {
    let known = [
        ("active", "続いている"),
        ("recurrence", "再発"),
        ("relapse", "再燃"),
        ("inactive", "いまは起きていない"),
        ("remission", "寛解"),
        ("resolved", "治った"),
        ("confirmed", "確定"),
        ("unconfirmed", "未確定"),
        ("provisional", "疑い"),
        ("differential", "鑑別中"),
        ("refuted", "否定された"),
        ("allergy", "アレルギー"),
        ("intolerance", "不耐性"),
        ("high", "高い"),
        ("low", "低い"),
        ("unable-to-assess", "評価できない"),
    ];
    let found = known.iter().find(|(code, _)| *code == text).filter(|_| language == Language::Japanese);
    found.map_or(text, |(_, japanese)| (*japanese).to_owned())
}

/// Parts of a line behind each other; none where there is none.
pub(super) fn joined(parts: impl IntoIterator<Item = Option<String>>, language: Language) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(language.pick("・", "; ")))
}
