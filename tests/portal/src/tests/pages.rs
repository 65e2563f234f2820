//! The pages: what a person sees and can do, and what a browser is told.

use super::operator::{Operator, encoded};
use crate::{Card, Citizen, Door, Leg, Outcome, Visit, service::groups_of};

#[tokio::test]
async fn who_does_not_agree_goes_back_with_access_denied_and_no_code() {
    let operator = Operator::begin().await;
    let query = Operator::portal_query("ZZ0001");
    let arrival = operator.visit_portal(&query, &Visit::with(Card::Hanako).refusing()).await;
    assert_eq!((arrival.error().as_deref(), arrival.code()), (Some("access_denied"), None));
    assert_eq!(arrival.parameter("state"), query.get("state").cloned());
    let arrival = operator.visit_identity(&Operator::identity_query(), &Visit::with(Card::Hanako).refusing()).await;
    assert_eq!((arrival.error().as_deref(), arrival.code()), (Some("access_denied"), None));
}

#[tokio::test]
async fn three_wrong_pins_lock_the_card_for_both_legs_until_the_office_unlocks_it() {
    let operator = Operator::begin().await;
    let sometimes_wrong = Visit::with(Card::Taro).typing(&["0000", "12345", "1234"]);
    assert!(operator.visit_portal(&Operator::portal_query("ZZ0003"), &sometimes_wrong).await.code().is_some());
    let always_wrong = Visit::with(Card::Taro).typing(&["0000"]);
    let arrival = operator.visit_portal(&Operator::portal_query("ZZ0003"), &always_wrong).await;
    assert_eq!(arrival.error().as_deref(), Some("access_denied"));
    let journal = operator.stand_in.journal();
    assert_eq!(journal.count(Door::Pages(Leg::Authorization), Outcome::Refused("wrong PIN")), 4);
    assert_eq!(journal.count(Door::Pages(Leg::Authorization), Outcome::Refused("card locked")), 1);
    assert!(operator.stand_in.is_locked(Card::Taro));
    let arrival = operator.visit_identity(&Operator::identity_query(), &Visit::with(Card::Taro)).await;
    assert_eq!(arrival.error().as_deref(), Some("access_denied"), "the right PIN opens no locked card");
    operator.stand_in.unlock(Card::Taro);
    assert!(operator.visit_identity(&Operator::identity_query(), &Visit::with(Card::Taro)).await.code().is_some());
}

#[tokio::test]
async fn the_consent_screen_names_the_operator_and_every_item_of_the_service() {
    let operator = Operator::begin().await;
    let arrival = operator.visit_portal(&Operator::portal_query("ZZ0900"), &Visit::with(Card::Hanako)).await;
    let all = crate::service::items_of("ZZ0900").unwrap();
    assert_eq!(arrival.operator.as_deref(), Some("見本の運営者"));
    assert!(all.iter().all(|item| arrival.items.iter().any(|shown| shown == item)), "{:?}", arrival.items);
    assert!(groups_of(all).iter().all(|group| arrival.page.contains(group.name)));
}

#[tokio::test]
async fn another_browser_cannot_go_on_with_a_login() {
    let operator = Operator::begin().await;
    let (mine, yours): (Citizen, Citizen) = (operator.citizen(), operator.citizen());
    let page = mine.open(&operator.portal_address(&Operator::portal_query("ZZ0001")).parse().unwrap()).await.unwrap().text().await.unwrap();
    let ticket = page.split_once("name=\"ticket\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    // Whoever read the page over a shoulder has the ticket and not the cookie.
    let address = operator.stand_in.addresses().app.join("/stand-in/authorization/card").unwrap();
    let form = encoded(&super::operator::Fields::from([("ticket", ticket), ("card", "hanako".to_owned())]));
    let request = operator.http.post(address).header("content-type", "application/x-www-form-urlencoded").body(form);
    let answered = request.send().await.unwrap();
    assert_eq!(answered.status(), 400);
    assert!(answered.text().await.unwrap().contains("another browser"));
    drop(yours);
}

#[tokio::test]
async fn steps_cannot_be_skipped() {
    let operator = Operator::begin().await;
    let response = operator.http.get(operator.portal_address(&Operator::portal_query("ZZ0001"))).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = response.text().await.unwrap();
    let ticket = page.split_once("name=\"ticket\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    for (step, name, value) in [("pin", "pin", "1234"), ("consent", "answer", "yes"), ("subject", "subject", "hanako"), ("fly", "a", "b")] {
        let address = operator.stand_in.addresses().app.join(&format!("/stand-in/authorization/{step}")).unwrap();
        let form = encoded(&super::operator::Fields::from([("ticket", ticket.clone()), (name, value.to_owned())]));
        let request = operator.http.post(address).header("cookie", &cookie).header("content-type", "application/x-www-form-urlencoded");
        assert!(request.body(form).send().await.unwrap().text().await.unwrap().contains("not at this step"), "{step}");
    }
    operator.stand_in.clock().forward(chrono::TimeDelta::minutes(11));
    let address = operator.stand_in.addresses().app.join("/stand-in/authorization/card").unwrap();
    let form = encoded(&super::operator::Fields::from([("ticket", ticket), ("card", "hanako".to_owned())]));
    let request = operator.http.post(address).header("cookie", &cookie).header("content-type", "application/x-www-form-urlencoded");
    assert!(request.body(form).send().await.unwrap().text().await.unwrap().contains("the page waited too long"));
}

#[tokio::test]
async fn pages_are_kept_nowhere_run_nothing_and_stand_in_no_frame() {
    let operator = Operator::begin().await;
    for address in [operator.portal_address(&Operator::portal_query("ZZ0001")), operator.identity_address(&Operator::identity_query())] {
        let response = operator.http.get(address).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("referrer-policy"), "no-referrer");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("script"), "{policy}");
        let cookie = header("set-cookie");
        assert!(cookie.starts_with("__Host-") && ["Secure", "HttpOnly", "SameSite=Strict"].iter().all(|word| cookie.contains(word)));
    }
    let style = operator.http.get(operator.stand_in.addresses().app.join("/stand-in/style.css").unwrap()).send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
}
