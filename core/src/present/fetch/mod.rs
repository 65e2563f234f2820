//! A fetch in words: the question before it, each step of it, what came of it, and, where nothing did, what to do.
//! Japanese first; ready to be shown as it is.

mod consent;
mod digest;
mod end;

pub use consent::{ConsentView, ItemLine, consent_request, surplus_text};
pub(super) use consent::{actor_text, purpose_text};
pub use digest::{DigestView, digest};
pub use end::{EndText, end_text};

use super::Language;
use crate::{
    base::PersonId,
    portal::{Delay, Leg, Milestone, Question},
    vault::{Vault, VaultError},
};

/// What the person does in the browser, in one line.
pub const fn browse_text(leg: Leg, language: Language) -> &'static str {
    let (japanese, english) = match leg {
        Leg::Identity => {
            ("ブラウザーで本人確認をしてください（デジタル認証アプリ）", "Show who you are in the browser (Digital Authentication App)")
        }
        Leg::Result => (
            "ブラウザーでマイナポータルにログインし、取得に同意してください",
            "Log in to Mynaportal in the browser and agree to the request",
        ),
    };
    language.pick(japanese, english)
}

/// Which round of how many; none where there is only one.
pub fn round_text(round: u16, rounds: u16, language: Language) -> Option<String> {
    (rounds > 1).then(|| match language {
        Language::Japanese => format!("{rounds} 回のうち {round} 回目"),
        Language::English => format!("round {round} of {rounds}"),
    })
}

/// How far a fetch is, in one line.
pub const fn milestone_text(at: Milestone, language: Language) -> &'static str {
    let (japanese, english) = match at {
        Milestone::Beginning => ("リレー（中継）につないでいます", "Connecting to the relay"),
        Milestone::Identity => ("本人確認を待っています", "Waiting for you to show who you are"),
        Milestone::Comparing => ("本人かどうかを確かめています", "Checking who logged in"),
        Milestone::Authorization => ("マイナポータルでの同意を待っています", "Waiting for you to agree at Mynaportal"),
        Milestone::Waiting => ("マイナポータルの回答を待っています", "Waiting for Mynaportal's answer"),
        Milestone::Taking => ("回答を受け取っています", "Taking the answer"),
        Milestone::Filing => ("回答を読み取っています", "Reading the answer"),
    };
    language.pick(japanese, english)
}

/// Why there is a pause, and for how long.
pub fn delay_text(why: Delay, seconds: u32, language: Language) -> String {
    let reason = match why {
        Delay::Offline => {
            language.pick("リレーにつながりません。通信を確かめてください", "The relay cannot be reached; check your connection")
        }
        Delay::NoAnswer => language.pick("リレーから応答がありません", "The relay does not answer"),
        Delay::Busy => language.pick("リレーが混み合っています", "The relay is busy"),
    };
    match language {
        Language::Japanese => format!("{reason}。{seconds} 秒後にもう一度試します"),
        Language::English => format!("{reason}. Trying again in {seconds} seconds"),
    }
}

/// A question as the person reads it. *Quick.*
pub fn question_text(vault: &Vault, subject: PersonId, question: &Question, language: Language) -> Result<String, VaultError> {
    let name = vault.person(subject)?.name;
    let others = |others: &[PersonId]| -> Result<String, VaultError> {
        let names = others.iter().map(|other| vault.person(*other).map(|person| person.name));
        Ok(names.collect::<Result<Vec<_>, _>>()?.join(language.pick("、", ", ")))
    };
    Ok(match (question, language) {
        (Question::Login { others: shared }, Language::Japanese) if shared.is_empty() => {
            format!("ログインした人の氏名・生年月日・性別を十分に比べられませんでした。{name}さんですか")
        }
        (Question::Login { others: shared }, Language::English) if shared.is_empty() => {
            format!("Too little was said about who logged in. Is it {name}?")
        }
        (Question::Login { others: shared }, Language::Japanese) => {
            format!("ログインした人は{name}さんとも{}さんとも合います。{name}さんですか", others(shared)?)
        }
        (Question::Login { others: shared }, Language::English) => {
            format!("Who logged in could be {name} and also {}. Is it {name}?", others(shared)?)
        }
        (Question::Answer { others: shared }, Language::Japanese) => {
            format!("届いた情報は{name}さんとも{}さんとも合います。{name}さんのものですか", others(shared)?)
        }
        (Question::Answer { others: shared }, Language::English) => {
            format!("What came could be about {name} and also about {}. Is it {name}'s?", others(shared)?)
        }
        (Question::Unstated, Language::Japanese) => format!("届いた情報には誰のものか書かれていません。{name}さんのものですか"),
        (Question::Unstated, Language::English) => format!("What came does not say whose it is. Is it {name}'s?"),
        (Question::Digits { place }, Language::Japanese) => {
            format!("12桁の数字があります（{place}）。マイナンバーではありませんか。違うときだけ取り込みます。違いますか")
        }
        (Question::Digits { place }, Language::English) => {
            format!(
                "There are twelve digits at {place}. They are taken in only if they are no Individual Number (My Number). Are they none?"
            )
        }
    })
}
