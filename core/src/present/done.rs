//! What was done, in words: an archive that came or went, a recovery kit, an answered consent. Ready to be shown.

use chrono::{DateTime, FixedOffset, Utc};

use super::Language;
use crate::{
    consent::{Item, Receipt},
    formats::NotCarried,
    record::Sex,
    terms::Kind,
    vault::SliceMark,
};

/// The words around a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KitText {
    /// The kit's heading.
    pub title: &'static str,
    /// What a person must know about it, a line each.
    pub lines: [&'static str; 4],
}

/// The words around a recovery code, for paper.
pub const fn recovery_kit(language: Language) -> KitText {
    match language {
        Language::Japanese => KitText {
            title: "手帳の復旧キット",
            lines: [
                "合言葉を忘れ、端末の鍵も使えなくなったとき、手帳を開けるのはこの復旧コードだけです",
                "紙に書くか印刷して、端末とは別の場所に保管してください",
                "このコードを知る人は、手帳の写しを開けます。写真に撮ったり送ったりしないでください",
                "新しいキットを作ると、前のキットは使えなくなります",
            ],
        },
        Language::English => KitText {
            title: "Recovery kit of the notebook",
            lines: [
                "When the passphrase is forgotten and the key of the device is gone, only this recovery code opens the notebook",
                "Write it down or print it, and keep it apart from the device",
                "Whoever knows the code can open a copy of the notebook: take no photograph of it, and do not send it",
                "A new kit takes the place of this one",
            ],
        },
    }
}

/// A sex, as a person reads it.
pub const fn sex_name(sex: Sex, language: Language) -> &'static str {
    match sex {
        Sex::Male => language.pick("男", "male"),
        Sex::Female => language.pick("女", "female"),
    }
}

/// An instant as a person reads it, at this distance from UTC: `2026-11-21 18:04`.
pub fn time_text(at: DateTime<Utc>, offset: FixedOffset) -> String {
    at.with_timezone(&offset).format("%Y-%m-%d %H:%M").to_string()
}

/// What a file that was written holds.
pub fn export_text(people: usize, records: u64, language: Language) -> String {
    match language {
        Language::Japanese => format!("書き出しました（{people} 人、記録 {records} 件）"),
        Language::English => format!("Exported ({people} people, {records} records)"),
    }
}

/// What a file that was written does not hold, or not as it is here: a line each, for example
/// `"薬 2 件: 書き出しましたが、一部の項目は入りません"`.
pub fn not_carried_text(kind: Kind, reason: NotCarried, records: u64, language: Language) -> String {
    match language {
        Language::Japanese => format!("{} {records} 件: {}", kind.japanese(), reason.japanese()),
        Language::English => format!("{}, {records}: {}", kind.english(), reason.english()),
    }
}

/// How many QR codes are shown, and what they hold.
pub fn codes_text(codes: usize, records: u64, language: Language) -> String {
    match language {
        Language::Japanese => format!("QRコード {codes} 個（記録 {records} 件）"),
        Language::English => format!("QR codes: {codes} ({records} records)"),
    }
}

/// Which of several codes one is.
pub fn code_place_text(number: usize, of: usize, language: Language) -> String {
    match language {
        Language::Japanese => format!("{of} 個のうち {number} 番目"),
        Language::English => format!("{number} of {of}"),
    }
}

/// What the person must know before codes are on a screen.
pub const fn codes_warning(language: Language) -> &'static str {
    language.pick("QRコードを見た人や写した人は、だれでも中身を読めます", "Whoever sees or films the codes can read what is in them")
}

/// What stands above the codes of a medicine notebook.
pub const fn notebook_codes_title(language: Language) -> &'static str {
    language.pick("お薬手帳のQRコード", "QR codes of the medicine notebook")
}

/// What stands above the codes of a summary.
pub const fn summary_codes_title(language: Language) -> &'static str {
    language.pick("サマリー（IPS）のQRコード", "QR codes of the summary (IPS)")
}

/// The characters that a form's encoding lacks; none where there are none.
pub fn lacking_text(characters: &[char], language: Language) -> Option<String> {
    let characters: Vec<String> = characters.iter().map(char::to_string).collect();
    let list = characters.join(" ");
    (!characters.is_empty()).then(|| match language {
        Language::Japanese => format!("使えない文字: {list}"),
        Language::English => format!("Characters it lacks: {list}"),
    })
}

/// What a backup holds.
pub fn backup_text(people: usize, records: u64, language: Language) -> String {
    match language {
        Language::Japanese => format!("控えを取り、読み返して確かめました（{people} 人、記録 {records} 件）"),
        Language::English => format!("The backup was written and read back ({people} people, {records} records)"),
    }
}

/// What a new vault that came from a backup holds.
pub fn archive_text(people: usize, records: u64, is_whole: bool, language: Language) -> String {
    match (language, is_whole) {
        (Language::Japanese, true) => format!("控えから戻しました（{people} 人、記録 {records} 件）。根が一致しました"),
        (Language::Japanese, false) => format!("控えから戻しました（{people} 人、記録 {records} 件）。根が一致しません"),
        (Language::English, true) => format!("Restored ({people} people, {records} records), every root equal"),
        (Language::English, false) => format!("Restored ({people} people, {records} records), A ROOT DIFFERS"),
    }
}

/// What a slice is: a part, from whom, of which day: `"手帳 花子 さんから、2026-11-22、成長の記録だけ"`.
pub fn slice_text(slice: &SliceMark, language: Language) -> String {
    let (from, on) = (&slice.from, slice.on);
    match (language, slice.only.is_some()) {
        (Language::Japanese, true) => format!("{from} さんから、{on}、成長の記録だけ"),
        (Language::Japanese, false) => format!("{from} さんから、{on}、選ばれた記録だけ"),
        (Language::English, true) => format!("from {from}, {on}, growth only"),
        (Language::English, false) => format!("from {from}, {on}, what they chose"),
    }
}

/// What a slice added to a vault.
pub fn sliced_text(slice: &SliceMark, documents: u64, already_here: u64, language: Language) -> String {
    let told = slice_text(slice, language);
    match language {
        Language::Japanese => {
            format!(
                "共有された一部（{told}）から、新しい {documents} 件を取り込みました（すでにあったもの {already_here} 件）。すべてではありません"
            )
        }
        Language::English => {
            format!("{documents} documents came from a shared part ({told}; {already_here} were here before). It is not all there is")
        }
    }
}

/// What must be said before somebody's records are handed over: the question where the person is younger than the family chose.
pub fn hand_over_question(name: &str, years: Option<u32>, chosen: u32, language: Language) -> Option<String> {
    let years = years.filter(|years| *years < chosen)?;
    Some(match language {
        Language::Japanese => format!("{name} さんはまだ {years} 歳です（渡す年齢は {chosen} 歳）。いま渡しますか"),
        Language::English => format!("{name} is {years} years old, and you chose {chosen}. Hand over all the same"),
    })
}

/// What ending the access means, as the question before it.
pub fn end_access_question(name: &str, records: u64, language: Language) -> String {
    match language {
        Language::Japanese => {
            format!(
                "ファイルを読み返し、根が一致しました（記録 {records} 件）。{name} さんのすべてを、この手帳から消します。元に戻せません。よろしいですか"
            )
        }
        Language::English => format!(
            "The file was read back and its root is equal ({records} records). Everything about {name} will be erased from this notebook, for good. Are you sure"
        ),
    }
}

/// What was handed over: `kept` where the records stay here as well.
pub fn handed_over_text(name: &str, records: u64, kept: bool, language: Language) -> String {
    match (language, kept) {
        (Language::Japanese, true) => {
            format!("{name} さんの記録 {records} 件をファイルにし、読み返して確かめました。この手帳にも残っています")
        }
        (Language::Japanese, false) => format!("{name} さんの記録 {records} 件をファイルで渡し、この手帳から消しました"),
        (Language::English, true) => {
            format!("The {records} records of {name} are in the file, which was read back. They stay here as well")
        }
        (Language::English, false) => format!("The {records} records of {name} are in the file, and were erased from this notebook"),
    }
}

/// What an archive added to a vault.
pub fn merged_text(documents: u64, already_here: u64, is_whole: bool, language: Language) -> String {
    match (language, is_whole) {
        (Language::Japanese, true) => format!("アーカイブから書類 {documents} 件を取り込みました（すでにあったもの {already_here} 件）"),
        (Language::Japanese, false) => {
            format!("アーカイブから書類 {documents} 件を取り込みましたが、根が一致しません（すでにあったもの {already_here} 件）")
        }
        (Language::English, true) => format!("{documents} documents came from the archive ({already_here} were here before)"),
        (Language::English, false) => {
            format!("{documents} documents came from the archive ({already_here} were here before), but A ROOT DIFFERS")
        }
    }
}

/// What was answered to the question of consent.
pub fn answered_text(receipt: &Receipt, language: Language) -> String {
    let list = |items: &mut dyn Iterator<Item = Item>| -> String {
        let names: Vec<&str> = items.map(|item| language.pick(item.japanese(), item.english())).collect();
        if names.is_empty() { language.pick("なし", "nothing").to_owned() } else { names.join(language.pick("、", ", ")) }
    };
    let granted = list(&mut receipt.granted.iter().map(|wish| wish.item));
    let declined = list(&mut receipt.declined.iter().copied());
    match language {
        Language::Japanese => format!("はい：{granted}　いいえ：{declined}"),
        Language::English => format!("yes: {granted}; no: {declined}"),
    }
}

/// That a fetch was left unfinished.
pub fn unfinished_text(name: &str, begun: &str, language: Language) -> String {
    match language {
        Language::Japanese => format!("{name}さんの取得が途中です（{begun} にはじめたもの）"),
        Language::English => format!("A fetch for {name} is unfinished (begun {begun})"),
    }
}
