//! The question before a fetch, in plain words: whose, who acts, what for, item by item, who obtains it, how long it is kept,
//! and what the portal returns beyond the choice.

use std::collections::BTreeSet;

use crate::{
    consent::{Basis, ConsentRequest, Item, Period, Purpose},
    present::Language,
    vault::{Vault, VaultError},
};

/// A consent request, ready to be shown and answered item by item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentView {
    /// Whose data.
    pub subject: String,
    /// Who acts, and by what right.
    pub actor: String,
    /// What for.
    pub purpose: &'static str,
    /// What is asked for; each is answered by itself.
    pub items: Vec<ItemLine>,
    /// Who obtains it, and what they see.
    pub obtained_by: String,
    /// How long it is kept: at the relay, and in the notebook.
    pub kept: [String; 2],
    /// What the portal returns beyond the choice, and what becomes of it.
    pub surplus: Option<String>,
    /// How often the card is needed.
    pub card: String,
}

/// One item that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemLine {
    /// Which.
    pub item: Item,
    /// Its name in the person's language.
    pub name: &'static str,
    /// About which days.
    pub period: String,
}

/// A request in words. *Quick.*
///
/// # Errors
/// `NotFound` where the vault does not know the subject or the actor.
pub fn consent_request(vault: &Vault, request: &ConsentRequest, language: Language) -> Result<ConsentView, VaultError> {
    let subject = vault.person(request.subject)?.name;
    let actor = request.actor.person.map(|actor| vault.person(actor)).transpose()?.map(|actor| actor.name);
    let cards = request.cover.services.len();
    let surplus = surplus_text(&request.cover.surplus, language);
    Ok(ConsentView {
        actor: actor_text(request.actor.basis, actor, &subject, language),
        subject,
        purpose: purpose_text(request.purpose, language),
        items: request
            .wishes
            .iter()
            .map(|wish| ItemLine { item: wish.item, name: item_name(wish.item, language), period: period_text(wish.period, language) })
            .collect(),
        obtained_by: obtained_text(request, language),
        kept: kept_texts(request.keeping.relay_seconds, language),
        surplus,
        card: match language {
            Language::Japanese => format!("カードの読み取りが {cards} 回必要です（それぞれ本人確認とマイナポータルへのログイン）"),
            Language::English => {
                format!("The card is needed in {cards} round(s), each for showing who you are and for logging in to Mynaportal")
            }
        },
    })
}

const fn item_name(item: Item, language: Language) -> &'static str {
    language.pick(item.japanese(), item.english())
}

/// Who acts, and by what right; `name` is the actor's, where somebody of the vault acts for `subject`.
pub(in crate::present) fn actor_text(basis: Basis, name: Option<String>, subject: &str, language: Language) -> String {
    match (basis, language, name) {
        (Basis::OwnCard, Language::Japanese, _) => format!("{subject}さん本人（自分のカードで）"),
        (Basis::OwnCard, Language::English, _) => format!("{subject}, with their own card"),
        (Basis::ChildsCard, Language::Japanese, Some(name)) => format!("法定代理人の{name}さん（{subject}さんのカードで）"),
        (Basis::ChildsCard, Language::Japanese, None) => format!("法定代理人（{subject}さんのカードで）"),
        (Basis::ChildsCard, Language::English, Some(name)) => format!("{name}, parent or guardian, with {subject}'s card"),
        (Basis::ChildsCard, Language::English, None) => format!("A parent or guardian, with {subject}'s card"),
        (Basis::RegisteredProxy, Language::Japanese, Some(name)) => {
            format!("マイナポータルに登録された代理人の{name}さん（代理人自身のカードで）")
        }
        (Basis::RegisteredProxy, Language::Japanese, None) => "マイナポータルに登録された代理人（代理人自身のカードで）".to_owned(),
        (Basis::RegisteredProxy, Language::English, Some(name)) => {
            format!("{name}, a proxy registered at Mynaportal, with the proxy's own card")
        }
        (Basis::RegisteredProxy, Language::English, None) => "A proxy registered at Mynaportal, with the proxy's own card".to_owned(),
    }
}

/// What it is for.
pub(in crate::present) const fn purpose_text(purpose: Purpose, language: Language) -> &'static str {
    match purpose {
        Purpose::Keep => language.pick("この手帳に保存するため", "To keep it in this notebook"),
        Purpose::Show => {
            language.pick("この手帳に保存し、医療機関に見せるため", "To keep it in this notebook and show it at a medical institution")
        }
    }
}

fn obtained_text(request: &ConsentRequest, language: Language) -> String {
    let operator = &request.operator;
    match language {
        Language::Japanese => format!(
            "取得するのはリレー（中継）の運営者「{}」です（連絡先: {}）。回答は一瞬だけ運営者のサーバーのメモリーを通り、この端末だけが開けるように封をされます",
            operator.japanese, operator.contact
        ),
        Language::English => format!(
            "It is obtained by the relay's operator, {} (contact: {}). The answer passes through the memory of their server for a moment and is sealed so that only this device can open it",
            operator.english, operator.contact
        ),
    }
}

fn kept_texts(seconds: u32, language: Language) -> [String; 2] {
    let minutes = seconds.div_ceil(60);
    match language {
        Language::Japanese => [
            format!("リレー: 封をしたまま、受け取るまで。長くて {minutes} 分"),
            "この手帳: あなたが消すまで。同意の撤回と一緒に消すこともできます".to_owned(),
        ],
        Language::English => [
            format!("At the relay: sealed, until it is taken, {minutes} minutes at most"),
            "In this notebook: until you erase it, which you can also do by withdrawing the consent".to_owned(),
        ],
    }
}

/// What the portal returns beyond the choice, and what becomes of it; none where there is nothing.
pub fn surplus_text(surplus: &BTreeSet<Item>, language: Language) -> Option<String> {
    let names: Vec<&str> = surplus.iter().map(|item| item_name(*item, language)).collect();
    (!names.is_empty()).then(|| match language {
        Language::Japanese => {
            format!("マイナポータルは、選んだもののほかに次も返します: {}。保存する前に切り取り、手帳には残しません", names.join("、"))
        }
        Language::English => format!(
            "Mynaportal also returns, beyond your choice: {}. It is cut out before anything is kept and does not stay in the notebook",
            names.join(", ")
        ),
    })
}

fn period_text(period: Period, language: Language) -> String {
    match (period.from, period.until, language) {
        (None, None, Language::Japanese) => "すべての期間".to_owned(),
        (None, None, Language::English) => "of any time".to_owned(),
        (Some(from), None, Language::Japanese) => format!("{from} 以後"),
        (Some(from), None, Language::English) => format!("from {from}"),
        (None, Some(until), Language::Japanese) => format!("{until} 以前"),
        (None, Some(until), Language::English) => format!("until {until}"),
        (Some(from), Some(until), Language::Japanese) => format!("{from} から {until} まで"),
        (Some(from), Some(until), Language::English) => format!("from {from} until {until}"),
    }
}

impl ConsentView {
    /// All of it, a line each, in the order in which it is read out.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let labelled = |japanese: &str, english: &str, text: &str| format!("{}: {text}", language.pick(japanese, english));
        let mut lines = vec![
            labelled("誰の情報", "Whose", &self.subject),
            labelled("手続きする人", "Who acts", &self.actor),
            labelled("目的", "Purpose", self.purpose),
        ];
        lines.extend(self.items.iter().map(|item| labelled("項目", "Item", &format!("{} — {}", item.name, item.period))));
        lines.push(labelled("取得者", "Obtained by", &self.obtained_by));
        lines.extend(self.kept.iter().map(|kept| labelled("保存", "Kept", kept)));
        lines.extend(self.surplus.iter().map(|surplus| labelled("余分に返るもの", "Beyond your choice", surplus)));
        lines.push(labelled("カード", "Card", &self.card));
        lines
    }
}
