//! The pages a person sees at the stand-in: well-formed HTML without script, Japanese first. Every page says that it is
//! a stand-in, in colours unlike the real ones.

use std::fmt::Write as _;

use crate::{card::Card, journal::Leg, service::Group};

/// The style sheet.
pub(crate) const STYLE: &str = include_str!("../data/style.css");

/// Text for an element or an attribute in double quotes.
pub(crate) fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
        out
    })
}

const fn host_name(leg: Leg) -> (&'static str, &'static str) {
    match leg {
        Leg::Identity => ("見本デジタル認証", "Stand-in for the identity app"),
        Leg::Authorization => ("見本ポータル", "Stand-in for the portal"),
    }
}

fn page(leg: Leg, title: (&str, &str), body: &str) -> String {
    let (host, host_en) = host_name(leg);
    let class = match leg {
        Leg::Identity => "identity",
        Leg::Authorization => "portal",
    };
    format!(
        r#"<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="robots" content="noindex"/>
<title>{title}｜{host}（練習用の見本）</title>
<link rel="stylesheet" href="/stand-in/style.css"/>
</head>
<body class="{class}">
<p class="banner"><strong>見本</strong>これは練習用の見本です。本物のサイトではありません。<span lang="en">A stand-in for practice, not the real site.</span></p>
<header><p class="host">{host}<span lang="en">{host_en}</span></p></header>
<main>
<h1>{title}<span lang="en">{english}</span></h1>
{body}
</main>
<footer><p>ここに出てくる人と番号はすべて架空です。本物のカードや暗証番号を入れないでください。<span lang="en">Everybody here is invented. Never enter a real card's PIN.</span></p></footer>
</body>
</html>
"#,
        title = escape(title.0),
        english = escape(title.1),
    )
}

fn form(leg: Leg, step: &str, ticket: &str, inside: &str) -> String {
    let leg = leg_path(leg);
    format!(
        r#"<form id="{step}" method="post" action="/stand-in/{leg}/{step}">
<input type="hidden" name="ticket" value="{}"/>
{inside}
</form>
"#,
        escape(ticket)
    )
}

pub(crate) const fn leg_path(leg: Leg) -> &'static str {
    match leg {
        Leg::Identity => "identity",
        Leg::Authorization => "authorization",
    }
}

fn way_out(leg: Leg, ticket: &str) -> String {
    form(leg, "cancel", ticket, r#"<button class="quiet" type="submit">やめる<span lang="en">Stop</span></button>"#)
}

fn only_way_out(leg: Leg, ticket: &str) -> String {
    form(leg, "cancel", ticket, r#"<button type="submit">アプリに戻る<span lang="en">Back to the app</span></button>"#)
}

fn birth(card: Card) -> String {
    let birth = card.person().birth;
    let part = |range: std::ops::Range<usize>| birth.get(range).unwrap_or_default().trim_start_matches('0').to_owned();
    format!("{}年{}月{}日", part(0..4), part(4..6), part(6..8))
}

/// Which card is held to the reader.
pub(crate) fn choose_card(leg: Leg, ticket: &str) -> String {
    let buttons = Card::ALL.iter().fold(String::new(), |mut out, card| {
        let person = card.person();
        let _ = writeln!(
            out,
            r#"<button class="card" type="submit" name="card" value="{}"><span class="name">{}</span><span class="detail">{} {}・{}生まれ</span></button>"#,
            card.id(),
            person.name,
            person.kana,
            person.sex.japanese(),
            birth(*card)
        );
        out
    });
    let text = "<p>読み取るカードを選んでください。本物ではスマートフォンでカードを読み取ります。<span lang=\"en\">Choose the card to be read. The real site reads it with a phone.</span></p>\n";
    page(
        leg,
        ("見本カードを選ぶ", "Choose a sample card"),
        &format!("{text}{}{}", form(leg, "card", ticket, &buttons), way_out(leg, ticket)),
    )
}

/// The 4 digits. `left` is how many more tries there are, after a wrong one.
pub(crate) fn ask_pin(leg: Leg, ticket: &str, card: Card, left: Option<u8>) -> String {
    let wrong = left.map_or_else(String::new, |left| {
        format!(
            "<p class=\"alert\" role=\"alert\" id=\"wrong\">暗証番号が違います。あと{left}回まちがえるとロックされます。<span lang=\"en\">Wrong PIN. {left} more and the card is locked.</span></p>\n"
        )
    });
    let described = if left.is_some() { "hint wrong" } else { "hint" };
    let inside = format!(
        r#"{wrong}<p class="who">{name}さんの見本カード</p>
<label for="pin">利用者証明用の暗証番号（数字4桁）<span lang="en">PIN, 4 digits</span></label>
<input id="pin" name="pin" type="password" inputmode="numeric" pattern="[0-9]{{4}}" minlength="4" maxlength="4" autocomplete="off" required="required" autofocus="autofocus" aria-describedby="{described}"/>
<p class="hint" id="hint">見本カードの暗証番号は、どれも {pin} です。<span lang="en">Every sample card's PIN is {pin}.</span></p>
<button type="submit">次へ<span lang="en">Next</span></button>"#,
        name = card.person().name,
        pin = crate::card::PIN,
    );
    page(leg, ("暗証番号を入れる", "Enter the PIN"), &format!("{}{}", form(leg, "pin", ticket, &inside), way_out(leg, ticket)))
}

/// For whom: the person, or somebody whose registered proxy they are.
pub(crate) fn choose_subject(leg: Leg, ticket: &str, card: Card) -> String {
    let own = std::iter::once((card, "ご本人の情報", "your own"));
    let others = card.proxy_for().iter().map(|other| (*other, "代理人として", "as a registered proxy"));
    let buttons = own.chain(others).fold(String::new(), |mut out, (subject, basis, english)| {
        let _ = writeln!(
            out,
            r#"<button class="card" type="submit" name="subject" value="{}"><span class="name">{}</span><span class="detail">{basis}<span lang="en">{english}</span></span></button>"#,
            subject.id(),
            subject.person().name
        );
        out
    });
    let text = "<p>どなたの情報を取りますか。<span lang=\"en\">Whose information is it about?</span></p>\n";
    page(leg, ("対象の人を選ぶ", "Choose the person"), &format!("{text}{}{}", form(leg, "subject", ticket, &buttons), way_out(leg, ticket)))
}

/// What an operator is to obtain about whom.
pub(crate) struct Obtaining<'a> {
    pub(crate) operator: &'a str,
    pub(crate) card: Card,
    pub(crate) subject: Card,
    pub(crate) groups: &'a [Group],
}

/// The portal's consent screen.
pub(crate) fn ask_consent(leg: Leg, ticket: &str, what: &Obtaining<'_>) -> String {
    let list = match leg {
        Leg::Identity => {
            ["氏名", "生年月日", "性別"].iter().fold(String::new(), |out, name| out + &format!("<li data-claim=\"{name}\">{name}</li>\n"))
        }
        Leg::Authorization => what.groups.iter().fold(String::new(), |mut out, group| {
            let _ = writeln!(
                out,
                "<li data-item=\"{}\">{}<span class=\"detail\">{}</span></li>",
                group.item,
                escape(group.name),
                group.keeper.name()
            );
            out
        }),
    };
    let acting = if what.card == what.subject {
        String::new()
    } else {
        format!("<p>手続きをする人：{}さん（代理人）<span lang=\"en\">Acting as a registered proxy.</span></p>\n", what.card.person().name)
    };
    let body = format!(
        r#"<p>次の事業者が、<strong>{subject}</strong>さんの下の情報を取得します。今回の1回だけです。<span lang="en">This operator will obtain the items below, this once.</span></p>
{acting}<dl><dt>取得する事業者<span lang="en">Who obtains it</span></dt><dd id="operator">{operator}</dd></dl>
<h2>提供する情報<span lang="en">Items</span></h2>
<ul id="items">
{list}</ul>
"#,
        subject = what.subject.person().name,
        operator = escape(what.operator),
    );
    let buttons = r#"<button type="submit" name="answer" value="yes">同意する<span lang="en">I agree</span></button>
<button class="quiet" type="submit" name="answer" value="no">同意しない<span lang="en">I do not agree</span></button>"#;
    page(leg, ("情報の提供に同意しますか", "Do you agree?"), &format!("{body}{}", form(leg, "consent", ticket, buttons)))
}

/// The card is locked. The only way on is out.
pub(crate) fn locked(leg: Leg, ticket: &str) -> String {
    let body = format!(
        "<p class=\"alert\" role=\"alert\">暗証番号を3回まちがえたため、この見本カードはロックされました。本物のカードでは、市区町村の窓口で初期化します。<span lang=\"en\">Three wrong PINs locked this card. A real one is reset at the municipal office.</span></p>\n{}",
        only_way_out(leg, ticket)
    );
    page(leg, ("カードがロックされました", "The card is locked"), &body)
}

/// The certificate on the card has expired. The only way on is out.
pub(crate) fn expired(leg: Leg, ticket: &str) -> String {
    let body = format!(
        "<p class=\"alert\" role=\"alert\">このカードの電子証明書は有効期限が切れています。市区町村の窓口で更新してください。<span lang=\"en\">The certificate on this card has expired. It is renewed at the municipal office.</span></p>\n{}",
        only_way_out(leg, ticket)
    );
    page(leg, ("電子証明書の期限切れ", "The certificate has expired"), &body)
}

/// The end: nothing to press.
pub(crate) fn refused(leg: Leg, reason: &str) -> String {
    let body = format!(
        "<p class=\"alert\" role=\"alert\">このアドレスからは手続きを始められません。アプリに戻ってやり直してください。<span lang=\"en\">Nothing can be begun from this address. Go back to the app and try again.</span></p>\n<p class=\"detail\">理由 <code id=\"reason\">{}</code></p>\n",
        escape(reason)
    );
    page(leg, ("受け付けられません", "Not accepted"), &body)
}

/// Closed for maintenance.
pub(crate) fn maintenance(leg: Leg) -> String {
    let body = "<p class=\"alert\" role=\"alert\">ただいまメンテナンス中です。時間をおいてやり直してください。<span lang=\"en\">Closed for maintenance. Try again later.</span></p>\n";
    page(leg, ("メンテナンス中", "Maintenance"), body)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::service::GROUPS;

    #[test]
    fn every_page_is_well_formed_and_says_that_it_is_a_stand_in() {
        for leg in [Leg::Identity, Leg::Authorization] {
            let what = Obtaining { operator: "見本 <運営者> & \"co\"", card: Card::Hanako, subject: Card::Ichiro, groups: GROUPS };
            let pages = [
                choose_card(leg, "t"),
                ask_pin(leg, "t", Card::Taro, None),
                ask_pin(leg, "t", Card::Taro, Some(2)),
                choose_subject(leg, "t", Card::Hanako),
                ask_consent(leg, "t", &what),
                locked(leg, "t"),
                expired(leg, "t"),
                refused(leg, "<script>"),
                maintenance(leg),
            ];
            for page in pages {
                let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
                let tree = roxmltree::Document::parse_with_options(&page, options).unwrap();
                let has = |name: &str| tree.descendants().any(|node| node.has_tag_name(name));
                assert!(page.contains("本物のサイトではありません") && has("h1") && !has("script") && !has("style"));
                let labelled = |id: &str| tree.descendants().any(|node| node.has_tag_name("label") && node.attribute("for") == Some(id));
                let inputs = tree.descendants().filter(|node| node.has_tag_name("input") && node.attribute("type") != Some("hidden"));
                for input in inputs {
                    assert!(labelled(input.attribute("id").unwrap()));
                }
            }
        }
    }
}
