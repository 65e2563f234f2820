//! The browser story: both legs in headless Chromium, from the app's address to its loopback port, and the answer opened.

use techo_protocol::{
    CodeVerifier, Nonce, SecretText,
    message::{AuthorizationCode, Identity, IdentityCode, Stage},
    seal::Leg as Sealed,
};
use tokio::net::TcpListener;

use super::town::{Phone, receive};
use crate::{Card, Chromium, Plan, StandInError, Town, Visit, is_browser_to_be_had, keep_picture};

#[tokio::test]
async fn a_real_browser_goes_from_the_first_page_to_the_app_and_the_answer_opens() {
    if !is_browser_to_be_had("a_real_browser_goes_from_the_first_page_to_the_app_and_the_answer_opens").unwrap() {
        return;
    }
    let town = Town::start(Plan::default()).await.unwrap();
    let browser = Chromium::start(&town.spki_digests()).await.unwrap();
    let phone = Phone::of(&town);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    phone.start("ZZ0105", listener.local_addr().unwrap().port()).await.unwrap();

    let (verifier, nonce) = (CodeVerifier::make().unwrap(), Nonce::make().unwrap());
    let address = phone.identity_address(&verifier.challenge(), &nonce.to_text());
    let visit = Visit::with(Card::Hanako).typing(&["0000", "1234"]);
    let mut pages = Vec::new();
    let (arrival, line) = tokio::join!(
        browser.visit(&address, &visit, |page, png| {
            keep_picture(&format!("identity-{}-{page}", pages.len()), &png);
            pages.push(page.to_owned());
        }),
        receive(&listener)
    );
    let arrival = arrival.unwrap();
    assert_eq!(pages, ["card", "pin", "pin", "consent", "end"]);
    assert!(line.contains(&arrival.code().unwrap()), "the app heard {line}");
    let secret = |name: &str| SecretText::new(arrival.parameter(name).unwrap());
    let code = IdentityCode { code: secret("code"), state: secret("state"), verifier, nonce };
    phone.bring("/identity", serde_json::to_vec(&code).unwrap()).await;
    phone.wait_until(Stage::IdentitySealed).await;
    let identity: Identity = serde_json::from_str(&phone.take(Sealed::Identity).await).unwrap();
    assert_eq!(identity.name.as_str(), "手帳 花子");

    let mut pages = Vec::new();
    let address = phone.portal_address("ZZ0105");
    let proxy = Visit::with(Card::Hanako).for_subject(Card::Ichiro);
    let (arrival, _) = tokio::join!(
        browser.visit(&address, &proxy, |page, png| {
            keep_picture(&format!("portal-{}-{page}", pages.len()), &png);
            pages.push(page.to_owned());
        }),
        receive(&listener)
    );
    let arrival = arrival.unwrap();
    assert_eq!(pages, ["card", "pin", "subject", "consent", "end"]);
    assert_eq!(arrival.items, ["checkup", "medication", "prescription", "procedure", "expense"]);
    let secret = |name: &str| SecretText::new(arrival.parameter(name).unwrap());
    let code = AuthorizationCode { code: secret("code"), state: secret("state") };
    phone.bring("/authorization", serde_json::to_vec(&code).unwrap()).await;
    phone.wait_until(Stage::ResultSealed).await;
    assert!(phone.take(Sealed::Result).await.contains("手帳 一郎"));
}

#[tokio::test]
async fn a_real_browser_accepts_no_certificate_but_the_ones_it_was_told_of() {
    if !is_browser_to_be_had("a_real_browser_accepts_no_certificate_but_the_ones_it_was_told_of").unwrap() {
        return;
    }
    let (told, other) = (Town::start(Plan::default()).await.unwrap(), Town::start(Plan::default()).await.unwrap());
    let browser = Chromium::start(&told.spki_digests()).await.unwrap();
    let page = |town: &Town| town.stand_in().addresses().app.join("/stand-in/style.css").unwrap().to_string();
    browser.open(&page(&told)).await.unwrap();
    let refused = browser.open(&page(&other)).await.unwrap_err();
    assert!(matches!(&refused, StandInError::Browser(why) if why == "net::ERR_CERT_AUTHORITY_INVALID"), "{refused}");
}

#[tokio::test]
async fn a_locked_card_and_a_refusal_lead_a_real_browser_back_to_the_app() {
    if !is_browser_to_be_had("a_locked_card_and_a_refusal_lead_a_real_browser_back_to_the_app").unwrap() {
        return;
    }
    let town = Town::start(Plan::default()).await.unwrap();
    let browser = Chromium::start(&town.spki_digests()).await.unwrap();
    for visit in [Visit::with(Card::Hanako).for_subject(Card::Hanako).refusing(), Visit::with(Card::Taro).typing(&["9999"])] {
        let phone = Phone::of(&town);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        phone.start("ZZ0900", listener.local_addr().unwrap().port()).await.unwrap();
        let name = if visit.agrees { "locked" } else { "refused" };
        let address = phone.portal_address("ZZ0900");
        let (arrival, line) =
            tokio::join!(browser.visit(&address, &visit, |page, png| keep_picture(&format!("{name}-{page}"), &png)), receive(&listener));
        assert_eq!(arrival.unwrap().error().as_deref(), Some("access_denied"));
        assert!(line.contains("error=access_denied"), "{line}");
    }
}
