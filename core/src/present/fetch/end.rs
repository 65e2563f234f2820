//! How a fetch ended without an answer: what happened, and what the person can do.

use crate::{
    portal::{Doubt, End, Leg},
    present::Language,
};

/// An end in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndText {
    /// What happened. One sentence.
    pub what: String,
    /// What to do. One sentence or two.
    pub todo: &'static str,
}

/// The words of an end. Nothing was taken in with any of them, and the person's notebook is as it was.
pub fn end_text(end: &End, language: Language) -> EndText {
    let (japanese, english) = what(end);
    let (todo_japanese, todo_english) = todo(end);
    let text = language.pick(japanese, english);
    let what = match (end, language) {
        (End::NotYou { differs, .. }, Language::Japanese) if !differs.is_none() => format!("{text}（{}が違います）", differs.japanese()),
        (End::NotYou { differs, .. }, Language::English) if !differs.is_none() => format!("{text} ({} differ)", differs.english()),
        (End::PortalRefused { code } | End::BrowserFailed { code }, Language::Japanese) if !code.is_empty() => {
            format!("{text}（コード {code}）")
        }
        (End::PortalRefused { code } | End::BrowserFailed { code }, Language::English) if !code.is_empty() => {
            format!("{text} (code {code})")
        }
        _ => text.to_owned(),
    };
    EndText { what, todo: language.pick(todo_japanese, todo_english) }
}

const fn what(end: &End) -> (&'static str, &'static str) {
    match end {
        End::Refused => ("ブラウザーの画面で取りやめたか、同意しませんでした", "It was declined or given up in the browser"),
        End::CardExpired => ("マイナンバーカードの電子証明書の有効期限が切れています", "The certificate on the My Number Card has expired"),
        End::Cancelled => ("取りやめました", "Stopped"),
        End::Withdrawn => ("同意を撤回したので終わりました", "The consent was withdrawn"),
        End::Erased => ("記録を消したので終わりました", "The records were erased"),
        End::NotConfirmed => {
            ("本人のものと確認できなかったので取り込みませんでした", "It was not confirmed whose it is, so nothing was taken in")
        }
        End::NotYou { leg: Leg::Identity, .. } => {
            ("ログインした人が、取得する人と違います", "Who logged in is not whom the request is for")
        }
        End::NotYou { leg: Leg::Result, .. } => ("届いた情報は別の人のものです", "What came is about somebody else"),
        End::Forged => (
            "届いた情報は、このリレーがこの取得のために封をしたものではありません",
            "What came was not sealed by this relay for this request",
        ),
        End::NotTheRelay(Doubt::UnknownRoot | Doubt::OtherHost | Doubt::Handshake) => {
            ("通信の相手がリレーであると確かめられません", "Whoever answered could not prove to be the relay")
        }
        End::NotTheRelay(Doubt::Expired) => ("リレーの証明書の期限が切れています", "The relay's certificate has expired"),
        End::NotTheRelay(Doubt::NotYet) => ("リレーの証明書がまだ有効になっていません", "The relay's certificate is not valid yet"),
        End::Expired => ("時間切れになりました", "The time is over"),
        End::Forgotten => (
            "リレーがこの取得を覚えていません（再起動したか、時間切れです）",
            "The relay no longer knows this request: it was restarted, or the time was over",
        ),
        End::CodeRefused => ("ブラウザーの確認が古いか、すでに使われています", "The browser's confirmation was too old or already used"),
        End::Late => ("マイナポータルの回答が時間内に届きませんでした", "Mynaportal did not answer in time"),
        End::BrowserFailed { .. } => ("ブラウザーの手続きがエラーで終わりました", "The browser came back with an error"),
        End::IdentityRefused => ("本人確認の結果を検証できませんでした", "The proof of who logged in could not be verified"),
        End::Maintenance => ("マイナポータルはメンテナンス中です", "Mynaportal is closed for maintenance"),
        End::PortalRefused { .. } => ("マイナポータルがエラーを返しました", "Mynaportal answered with an error"),
        End::PortalUnreachable => ("リレーからマイナポータルにつながりませんでした", "The relay could not reach Mynaportal"),
        End::TooLarge => ("回答が大きすぎます", "The answer is too large"),
        End::Malformed => ("回答が読める形ではありません", "The answer is not in a form that can be read"),
        End::MyNumber => (
            "回答に個人番号（マイナンバー）があるか、その疑いがあります",
            "There is, or may be, an Individual Number (My Number) in the answer",
        ),
        End::Taken => ("回答はすでに引き渡されています", "The answer was handed over before"),
        End::OtherVersion => ("リレーとアプリの版が合いません", "The relay and this program are of different versions"),
        End::NotOffered => ("このリレーは、同意した項目を扱っていません", "This relay does not offer what was agreed to"),
        End::RelayFault => ("リレーの応答が正しくありません", "The relay's answer makes no sense"),
        End::StateUnreadable => ("途中の記録を、この版では読めません", "What was kept of the request cannot be read by this version"),
    }
}

const AGAIN: (&str, &str) = ("もう一度、同意から始めてください", "Begin again with the consent");
const LATER: (&str, &str) = ("時間をおいて、もう一度同意から始めてください", "Begin again with the consent, some time later");
const OPERATOR: (&str, &str) =
    ("繰り返すときは、リレーの運営者に問い合わせてください", "If it happens again, turn to the relay's operator");

const fn todo(end: &End) -> (&'static str, &'static str) {
    match end {
        End::Refused => ("取得するときは、もう一度同意から始めてください", "To fetch it all the same, begin again with the consent"),
        End::CardExpired => (
            "市区町村の窓口で電子証明書を更新してください。手帳はそのまま使えます",
            "Have the certificate renewed at your municipality; the notebook can be used as before",
        ),
        End::Cancelled | End::Withdrawn | End::Erased => ("することはありません", "There is nothing to do"),
        End::NotConfirmed => {
            ("誰の情報かを確かめてから、もう一度同意から始めてください", "Find out whose it is, then begin again with the consent")
        }
        End::NotYou { leg: Leg::Identity, .. } => (
            "取得する人のカードを使ってください。手帳の氏名・生年月日・性別も確かめてください",
            "Use the card of the person the request is for, and check name, date of birth and sex in the notebook",
        ),
        End::NotYou { leg: Leg::Result, .. } => (
            "2回のログインで同じ人のカードを使ったか確かめて、もう一度同意から始めてください",
            "Check that both logins were with the same person's card, then begin again with the consent",
        ),
        End::Forged | End::Taken => (
            "ほかの人がこの取得に関わった疑いがあります。リレーの運営者に知らせてください",
            "Somebody else may have interfered; tell the relay's operator",
        ),
        End::NotTheRelay(Doubt::NotYet) => ("端末の時計を確かめて、もう一度始めてください", "Check this device's clock, then begin again"),
        End::NotTheRelay(_) => (
            "何も送っていません。別の通信（自宅や携帯回線）で試し、続くときは運営者に問い合わせてください",
            "Nothing was sent. Try another network, and if it goes on, turn to the relay's operator",
        ),
        End::Expired | End::Forgotten | End::CodeRefused | End::StateUnreadable => AGAIN,
        End::Late | End::Maintenance | End::PortalUnreachable => LATER,
        End::BrowserFailed { .. } | End::PortalRefused { .. } => (
            "もう一度試し、続くときはコードを添えてリレーの運営者に問い合わせてください",
            "Try again; if it goes on, turn to the relay's operator and name the code",
        ),
        End::IdentityRefused | End::RelayFault => OPERATOR,
        End::TooLarge => ("項目を減らして、もう一度同意から始めてください", "Begin again with fewer items"),
        End::Malformed => (
            "時間をおいてもう一度試し、続くときはリレーの運営者に知らせてください",
            "Try again some time later; if it goes on, tell the relay's operator",
        ),
        End::MyNumber => (
            "何も保存していません。リレーの運営者と回答した市区町村に知らせてください",
            "Nothing was kept. Tell the relay's operator and the municipality that answered",
        ),
        End::OtherVersion => ("アプリを新しい版に更新してください", "Update this program"),
        End::NotOffered => (
            "運営者の設定ファイルを新しいものにして、もう一度同意から始めてください",
            "Get the operator's current profile, then begin again with the consent",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Mismatch;

    #[test]
    fn an_end_says_what_happened_and_what_to_do() {
        let differs = Mismatch { name: true, born: true, sex: false };
        let text = end_text(&End::NotYou { leg: Leg::Identity, differs }, Language::Japanese);
        assert_eq!(text.what, "ログインした人が、取得する人と違います（氏名・生年月日が違います）");
        let text = end_text(&End::PortalRefused { code: "E01".to_owned() }, Language::English);
        assert_eq!(text.what, "Mynaportal answered with an error (code E01)");
        assert!(text.todo.contains("code"));
    }

    #[test]
    fn every_end_that_stands_in_a_ledger_has_words_in_both_languages() {
        for id in End::IDS {
            let Some(end) = End::read(id, None) else { unreachable!("{id}") };
            let (japanese, english) = (end_text(&end, Language::Japanese), end_text(&end, Language::English));
            assert!(!japanese.what.is_ascii() && !japanese.todo.is_ascii(), "{id}");
            assert!(english.what.is_ascii() && english.todo.is_ascii() && !english.todo.is_empty(), "{id}");
        }
    }
}
