//! Who acts, and for whom: a child's card, a registered proxy, twins who can hardly be told apart.

use serde_json::Value;
use techo_portal_standin::{Card, Fault, Visit};

use super::{HANAKO, Scene};
use crate::notebook::{FAMILY, count};

const ICHIRO: &str = FAMILY[1].0;
const TARO: &str = FAMILY[2].0;

#[test]
fn a_parent_fetches_with_the_childs_card() {
    let Some(mut scene) = Scene::new() else { return };
    let arguments = ["--person", TARO, "--items", "vaccination,infant_checkup", "--as", "parent", "--actor", HANAKO, "--yes"];
    let running = scene.start(&arguments);
    let fetched = scene.play(running, &Visit::with(Card::Taro)).ended(0);
    let request = fetched.step("request");
    assert_eq!((&request["basis"], &request["actor"]), (&Value::from("childs_card"), &Value::from(HANAKO)));
    let new = count(&fetched.step("done"), "new");
    assert!(new > 5);
    let events = scene.notebook.run(&["timeline", "--person", TARO, "--json"]).ok().lines();
    assert!(events.iter().any(|event| event["kind"] == "vaccination"));
    assert!(scene.notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().lines().is_empty());
    let told = scene.notebook.run(&["ledger", "--person", TARO]).ok().out;
    assert!(told.contains("子のカード"), "{told}");
    scene.ends_well(new);
}

#[test]
fn a_registered_proxy_fetches_with_the_proxys_own_card_and_nobody_elses_is_taken() {
    let Some(mut scene) = Scene::new() else { return };
    let arguments = ["--person", ICHIRO, "--items", "checkup,care", "--as", "proxy", "--actor", HANAKO, "--yes"];
    let running = scene.start(&arguments);
    let fetched = scene.play(running, &Visit::with(Card::Hanako).for_subject(Card::Ichiro)).ended(0);
    let new = count(&fetched.step("done"), "new");
    assert!(new > 5 && scene.notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().lines().is_empty());
    let checked: Vec<Value> =
        scene.ledger().iter().filter(|line| line["act"] == "identity_checked").map(|line| line["detail"]["outcome"].clone()).collect();
    assert_eq!(checked, ["actor", "actor"], "two services: two rounds with the card");
    // The proxy forgets to choose whom she acts for: her own answer is not his.
    let running = scene.start(&arguments);
    scene.play(running, &Visit::with(Card::Hanako)).ended(33);
    // A stranger acts.
    let running = scene.start(&arguments);
    scene.play(running, &Visit::with(Card::Jiro)).ended(33);
    scene.ends_well(new);
}

#[test]
fn twins_are_told_apart_by_name_and_where_there_is_none_the_person_is_asked() {
    let Some(mut scene) = Scene::new() else { return };
    for (name, kana) in [("手帳 双葉", "テチョウ フタバ"), ("手帳 若葉", "テチョウ ワカバ")] {
        scene.notebook.run(&["person", "add", name, "--kana", kana, "--born", "2021-05-05", "--sex", "female"]).ok();
    }
    let futaba = ["--person", "手帳 双葉", "--items", "vaccination", "--as", "parent", "--actor", HANAKO, "--yes"];
    // The wrong twin's card.
    let running = scene.start(&futaba);
    scene.play(running, &Visit::with(Card::Wakaba)).ended(33);

    // Nobody says a name: it could be either of them, and a script that cannot say leaves the question open.
    scene.orders().once(Fault::IdentityWithoutName).once(Fault::AnswerWithoutName);
    let running = scene.start(&futaba);
    let fetched = scene.play(running, &Visit::with(Card::Futaba)).ended(43);
    let question = fetched.step("question");
    assert_eq!(question["asked"], "person");
    assert!(question["text"].as_str().unwrap().contains("若葉"), "{question}");
    assert!(fetched.said.err.contains("--answers person=yes"));
    assert!(scene.notebook.run(&["timeline", "--json"]).ok().lines().is_empty(), "nothing is filed while it is open");

    let running = scene.start(&["--resume", "--answers", "person=yes"]);
    let fetched = scene.play(running, &Visit::with(Card::Futaba)).ended(0);
    let new = count(&fetched.step("done"), "new");
    assert!(!scene.notebook.run(&["search", "MIHON-F-HIB1", "--json"]).ok().lines().is_empty());
    scene.notebook.run(&["search", "MIHON-W-HIB1"]).ended(9);

    // Asked again, and the answer is no.
    scene.orders().once(Fault::IdentityWithoutName).once(Fault::AnswerWithoutName);
    let running = scene.start(&[&futaba[..], &["--answers", "person=no"]].concat());
    let fetched = scene.play(running, &Visit::with(Card::Wakaba)).ended(33);
    assert_eq!(fetched.step("ended")["reason"], "not_confirmed");
    scene.ends_well(new);
}
