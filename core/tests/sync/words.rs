//! What a person reads of a fetch.

use std::{fs, path::Path};

use techo_core::{
    consent::{Actor, Basis, ConsentId, ConsentRequest, Frame, Item, Keeping, Operator, Period, Purpose, Service, Wish},
    present::{Language, consent_request, digest, end_text, question_text},
    sync::{End, Question},
};

use crate::scene::{HANAKO, Scene, TARO, TWIN, checkup};

fn request(wishes: Vec<Wish>) -> ConsentRequest {
    let items = [Item::Vaccination, Item::InfantCheckup];
    let services = [Service { id: "ST0001".to_owned(), items: items.into_iter().collect() }];
    let frame = Frame {
        id: ConsentId::from_bytes([7; 16]),
        subject: TARO,
        actor: Actor { basis: Basis::ChildsCard, person: Some(HANAKO) },
        purpose: Purpose::Keep,
        operator: Operator {
            japanese: "見本の運営者".to_owned(),
            english: "A sample".to_owned(),
            contact: "contact@example.jp".to_owned(),
        },
        keeping: Keeping { relay_seconds: 600 },
    };
    ConsentRequest::new(frame, wishes, &services).unwrap()
}

#[test]
fn the_question_says_all_that_a_person_must_know() {
    let scene = Scene::new();
    let period = Period { from: Some("2025-04-01".parse().unwrap()), until: None };
    let request = request(vec![Wish { item: Item::Vaccination, period }]);
    let lines = consent_request(&scene.vault, &request, Language::Japanese).unwrap().lines(Language::Japanese).join("\n");
    for part in [
        "手帳 太郎",
        "法定代理人の手帳 花子さん（手帳 太郎さんのカードで）",
        "予防接種 — 2025-04-01 以後",
        "見本の運営者",
        "contact@example.jp",
        "長くて 10 分",
        "あなたが消すまで",
        "選んだもののほかに次も返します: 乳幼児健診",
        "1 回",
    ] {
        assert!(lines.contains(part), "{part} in {lines}");
    }
    let english = consent_request(&scene.vault, &request, Language::English).unwrap();
    assert_eq!(english.items[0].period, "from 2025-04-01");
    assert!(english.surplus.unwrap().contains("Infant checkups"));
}

#[test]
fn a_question_names_the_people_it_is_about() {
    let scene = Scene::new();
    scene.add_twin();
    let ask = |question: &Question| question_text(&scene.vault, TARO, question, Language::Japanese).unwrap();
    let login = ask(&Question::Login { others: vec![TWIN] });
    assert_eq!(login, "ログインした人は手帳 太郎さんとも手帳 次郎さんとも合います。手帳 太郎さんですか");
    assert!(ask(&Question::Unstated).contains("手帳 太郎さんのものですか"));
    let english = question_text(&scene.vault, TARO, &Question::Answer { others: vec![TWIN] }, Language::English).unwrap();
    assert!(english.contains("手帳 太郎") && english.contains("手帳 次郎"));
}

#[test]
fn the_digest_tells_what_changed_and_what_was_cut() {
    let mut scene = Scene::new();
    let wish = [Scene::own(Item::Checkup)];
    let mut first = scene.start_for(HANAKO, Basis::OwnCard, None, &wish);
    scene.run(&mut first).digest();
    let answer = checkup().replace("53.4", "54.3").replace(r#""健診情報""#, r#""なぞ":{"なぞの項目":"x"},"健診情報""#);
    scene.relay.plans.get_mut("ST0002").unwrap().answer = answer;
    let mut second = scene.start_for(HANAKO, Basis::OwnCard, None, &wish);
    let came = scene.run(&mut second).digest();
    let view = digest(&scene.vault, &came, Language::Japanese).unwrap();
    assert!(view.sum.contains("変わったもの 1 件") && view.sum.contains("切り取ったもの 1 件"), "{}", view.sum);
    let [changed] = view.changed.as_slice() else { panic!("{:?}", view.changed) };
    assert!(changed.contains("53.4") && changed.contains("→ 54.3") && changed.contains("前の値"), "{changed}");
    assert_eq!(view.cut, ["なぞ: 1 件は同意の外なので切り取りました"]);
}

#[test]
fn what_did_not_come_is_told_with_what_to_do() {
    let mut scene = Scene::new();
    for plan in scene.relay.plans.values_mut() {
        plan.browser[1] = Some("error=access_denied");
    }
    // The first round goes well, whichever service that is.
    let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &[Scene::own(Item::Checkup), Scene::own(Item::Vaccination)]);
    scene.relay.plans.get_mut("ST0001").unwrap().browser[1] = None;
    let came = scene.run(&mut session).digest();
    let missing = digest(&scene.vault, &came, Language::English).unwrap().missing.unwrap();
    assert!(missing.contains("Health checkups") && missing.contains("declined") && missing.contains("begin again"), "{missing}");
}

/// `docs/fetch.md` lists every end with its words, so that whoever reads a ledger finds them.
#[test]
fn the_document_of_fetches_lists_the_ends_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/fetch.md");
    let document = fs::read_to_string(path).unwrap();
    let written: Vec<&str> = document.lines().skip_while(|line| *line != "## Ends").filter(|line| line.starts_with("| `")).collect();
    let coded: Vec<String> = End::IDS
        .iter()
        .map(|id| {
            let end = End::read(id, None).unwrap();
            let (japanese, english) = (end_text(&end, Language::Japanese), end_text(&end, Language::English));
            format!("| `{id}` | {}。{}。 | {}. {}. |", japanese.what, japanese.todo, english.what, english.todo)
        })
        .collect();
    assert_eq!(written, coded, "\n{}\n", coded.join("\n"));
}
