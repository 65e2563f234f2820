//! The same in a real browser: headless Chromium goes through the pages as a person does, from the consent given in the
//! terminal to the timeline.

use techo_portal_standin::{Card, Visit, is_browser_to_be_had, keep_picture};

use super::{HANAKO, Scene};
use crate::notebook::count;

#[test]
fn from_consent_to_timeline_in_a_real_browser() {
    if !is_browser_to_be_had("from_consent_to_timeline_in_a_real_browser").unwrap() {
        return;
    }
    let Some(scene) = Scene::new() else { return };
    let browser = scene.town.browser().unwrap();
    let mut running = scene.start_hanako("checkup,medication,vaccination");
    let mut shown: Vec<String> = Vec::new();
    let mut agreed = Vec::new();
    while let Some(line) = running.next() {
        if line["step"] != "browse" {
            continue;
        }
        // She mistypes her PIN once.
        let visit = Visit::with(Card::Hanako).typing(&["4321", "1234"]);
        let arrival = browser
            .visit(line["url"].as_str().unwrap(), &visit, |page, png| {
                keep_picture(&format!("fetch-{}-{page}", shown.len()), &png);
                shown.push(page.to_owned());
            })
            .unwrap();
        assert!(arrival.page.contains("戻ってください"), "{}", arrival.page);
        assert!(arrival.address().unwrap().host_str() == Some("127.0.0.1") && arrival.code().is_some());
        agreed.extend(arrival.items);
    }
    let said = running.end();
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for page in ["card", "pin", "consent", "end"] {
        assert!(shown.iter().any(|name| name == page), "{page} in {shown:?}");
    }
    // The pages asked for nothing but what was consented to here.
    agreed.sort();
    agreed.dedup();
    assert_eq!(agreed, ["checkup", "medication", "vaccination"]);

    let done = said.lines().into_iter().find(|line| line["step"] == "done").unwrap();
    let events = scene.notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().lines();
    for kind in ["checkup", "medication", "vaccination"] {
        assert!(events.iter().any(|event| event["kind"] == kind), "no {kind}");
    }
    scene.ends_well(count(&done, "new"));
}
