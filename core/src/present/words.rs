//! The words of the views, Japanese first.

use crate::{
    base::PartialDate,
    formats::FormatError,
    record::{AbsentReason, Reason, Standing},
    terms::Kind,
};

/// The person's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 日本語
    #[default]
    Japanese,
    /// English
    English,
}

impl Language {
    /// One of two texts.
    pub const fn pick<'a>(self, japanese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Japanese => japanese,
            Self::English => english,
        }
    }
}

/// A kind's name.
pub const fn kind_name(kind: Kind, language: Language) -> &'static str {
    match language {
        Language::Japanese => kind.japanese(),
        Language::English => kind.english(),
    }
}

/// A date as written in the list: `2024-05-03`, or a word where none is known.
pub fn date_text(day: Option<PartialDate>, language: Language) -> String {
    day.map_or_else(|| language.pick("日付なし", "no date").to_owned(), |day| day.to_string())
}

/// What to say about a record that is not simply understood.
pub const fn standing_text(standing: Standing, language: Language) -> Option<&'static str> {
    let (japanese, english) = match standing {
        Standing::Understood => return None,
        Standing::NotUnderstood => ("内容を解釈できません。受け取ったまま保存しています", "Not understood; kept as received"),
        Standing::Quarantined(Reason::Unit) => {
            ("単位が項目と合いません。グラフには使いません", "The unit does not belong to this item; not charted")
        }
        Standing::Quarantined(Reason::Range) => {
            ("ありえない値です。グラフには使いません", "The value is beyond what is possible; not charted")
        }
        Standing::Quarantined(Reason::Name) => {
            ("項目名とコードが食い違っています。グラフには使いません", "Name and code belong to different items; not charted")
        }
        Standing::Quarantined(Reason::Withdrawn) => ("発行者が取り消した記録です", "Withdrawn by its issuer"),
        Standing::Quarantined(Reason::Type) => {
            ("値の型が項目と合いません。グラフには使いません", "The value is not of the item's type; not charted")
        }
    };
    Some(match language {
        Language::Japanese => japanese,
        Language::English => english,
    })
}

/// Why there is no result.
pub(super) const fn absent_text(reason: AbsentReason, language: Language) -> &'static str {
    match (reason, language) {
        (AbsentReason::NotPerformed, Language::Japanese) => "未実施",
        (AbsentReason::NotPerformed, Language::English) => "not performed",
        (AbsentReason::NotMeasurable, Language::Japanese) => "測定不能",
        (AbsentReason::NotMeasurable, Language::English) => "could not be measured",
        (AbsentReason::Unknown, Language::Japanese) => "結果なし",
        (AbsentReason::Unknown, Language::English) => "no result",
    }
}

/// Why a document or an entry was not taken, in the person's language.
pub fn refusal_text(error: &FormatError, language: Language) -> String {
    if language == Language::English {
        return error.to_string();
    }
    let place = error.place().map(japanese_place).unwrap_or_default();
    match error {
        FormatError::Empty => "ファイルが空です".to_owned(),
        FormatError::Limit { what, .. } => format!("{place}: 上限を超えています({})", limit_name(what)),
        FormatError::NotRead(unread) => unread.japanese().to_owned(),
        FormatError::Malformed { fault, .. } => format!("{place}: {}", fault.japanese()),
        FormatError::MyNumber { .. } => {
            format!("{place}: 個人番号(マイナンバー)が書かれています。取り込みません。発行元で消してもらってください")
        }
        FormatError::DeletionRequest { code } => format!("以前の報告の削除依頼(報告区分 {code})です。健診結果ではありません"),
        FormatError::NoAnswer { code } => {
            format!("データのない回答です(結果コード {})", code.as_deref().unwrap_or("なし"))
        }
        FormatError::BadSignature { .. } => format!("{place}: 署名が内容と合いません。改変されたか、別の鍵です"),
    }
}

/// A place in a document as people say it.
pub fn place_text(place: &str, language: Language) -> String {
    if language == Language::English { place.to_owned() } else { japanese_place(place) }
}

/// The place as people say it: lines and the whole document in words, a path as it is.
fn japanese_place(place: &str) -> String {
    if let Some((part, rest)) = place.strip_prefix("part ").and_then(|behind| behind.split_once(", ")) {
        return format!("{part} 枚目の {}", japanese_place(rest));
    }
    match place.strip_prefix("line ").map(|line| line.split_once(':').unwrap_or((line, ""))) {
        Some((line, "")) => format!("{line} 行目"),
        Some((line, column)) => format!("{line} 行目 {column} 文字目"),
        None if place == "document" => "書類全体".to_owned(),
        None => place.to_owned(),
    }
}

fn limit_name(what: &str) -> &str {
    match what {
        "size" => "大きさ",
        "nesting" => "入れ子の深さ",
        "entries" => "項目数",
        "ratio" => "圧縮率",
        "nodes" => "要素数",
        "records" => "記録数",
        "pixels" => "画素数",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Fault;

    #[test]
    fn a_place_is_said_in_the_persons_language() {
        for (place, said) in [
            ("line 4", "4 行目: 途中で切れています"),
            ("line 77:16", "77 行目 16 文字目: 途中で切れています"),
            ("part 2, line 5", "2 枚目の 5 行目: 途中で切れています"),
            ("document", "書類全体: 途中で切れています"),
            ("Bundle.entry[1]", "Bundle.entry[1]: 途中で切れています"),
        ] {
            let error = FormatError::Malformed { place: place.to_owned(), fault: Fault::Truncated };
            assert_eq!(refusal_text(&error, Language::Japanese), said);
        }
    }
}
