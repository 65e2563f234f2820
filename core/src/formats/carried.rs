//! Why a record, or a part of one, is not in a file that was written. The ids are public: they stand in the JSON lines.

use crate::base::closed_list;

closed_list! {
    /// Why a format does not carry a record as it is.
    pub enum NotCarried {
        /// The format has no place for such a record.
        NoPlace = "no_place", "この形式に入れる場所がありません", "the format has no place for it";
        /// It bears no code that the format knows.
        NoCode = "no_code", "この形式のコードがありません", "it has no code of the format";
        /// It contradicts itself or was withdrawn, and nobody should act on it.
        Doubtful = "doubtful", "内容に矛盾があるか、取り消された記録です", "it contradicts itself or was withdrawn";
        /// It is there, without some of its details.
        Detail = "detail", "書き出しましたが、一部の項目は入りません", "written, without some of its details";
        /// It is there, without the end of a text that is too long.
        Cut = "cut", "書き出しましたが、長い文字列の終わりが入りません", "written, without the end of a long text";
        /// It is there, with characters replaced that the format's encoding lacks.
        Characters = "characters", "書き出しましたが、使えない文字を〓に置き換えました", "written, with characters that the encoding lacks shown as 〓";
        /// It did not come from Mynaportal.
        NotFromPortal = "not_from_portal", "マイナポータルから届いた記録ではありません", "it did not come from Mynaportal";
        /// The original it came in is gone, or cannot be cut to what was chosen.
        NoOriginal = "no_original", "原本がないか、選んだ分だけに切り分けられません", "its original is gone or cannot be cut to what was chosen";
        /// Another source tells the same event better and leaves; what only this one says stays behind.
        OtherSource = "other_source", "同じ出来事を伝える別の情報源にだけある内容です", "only another source of the same event says so";
        /// It is there as a value a day, without its single samples.
        DayOnly = "day_only", "一日ごとの値にまとめました。ひとつひとつの測定は入りません", "written as one value a day, without the single samples";
        /// It is left out of what is handed over unless the person chooses it.
        Withheld = "withheld", "機微な記録なので、選ばれたときだけ書き出します", "it is sensitive and goes only when chosen";
    }
}
