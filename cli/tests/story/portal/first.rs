//! The first fetch, from the question to the timeline; the second, which adds nothing; and the browser that is opened.

use serde_json::Value;
use techo_portal_standin::{Card, Visit};

use super::{HANAKO, Running, Scene, receipt};
use crate::notebook::{count, fields};

#[test]
fn a_first_fetch_brings_records_and_a_second_adds_nothing() {
    let Some(mut scene) = Scene::new() else { return };
    let first = scene.fetch("checkup,medication").ended(0);
    let request = first.step("request");
    assert_eq!((&request["person"], &request["basis"]), (&Value::from(HANAKO), &Value::from("own_card")));
    assert!(request["operator"].as_str().unwrap().contains("見本の運営者"));
    let legs: Vec<Value> = first.steps("browse").iter().map(|line| line["leg"].clone()).collect();
    assert_eq!(legs, ["identity", "authorization"]);
    for arrival in &first.arrivals {
        assert!(arrival.page.contains("戻ってください") && arrival.page.contains("go back to Techo"), "{}", arrival.page);
    }
    let done = first.step("done");
    let new = count(&done, "new");
    assert!(new > 50 && done["documents"].as_array().unwrap().len() == 1, "{done}");
    assert_eq!((count(&done, "already_here"), done["changed"].as_array().unwrap().len()), (0, 0));
    // What came is in the timeline, by what it is and where it came from.
    let events = scene.notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().lines();
    for kind in ["checkup", "medication"] {
        assert!(events.iter().any(|event| event["kind"] == kind), "no {kind}");
    }
    assert!(!scene.notebook.run(&["search", "ノルバスク", "--json"]).ok().lines().is_empty());

    let second = scene.fetch("checkup,medication").ended(0);
    let done = second.step("done");
    assert_eq!((count(&done, "new"), done["documents"].as_array().unwrap().len()), (0, 0), "{done}");
    assert_eq!(done["known_documents"].as_array().unwrap().len(), 1);
    assert_eq!(scene.notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().lines(), events);

    // The ledger tells it, the consents list it, and nothing is kept on the way.
    let ledger = scene.ledger();
    let acts: Vec<&str> = ledger.iter().skip(3).map(|line| line["act"].as_str().unwrap()).collect();
    let fetch = ["consent_asked", "consent_answered", "fetch_started", "identity_checked"];
    assert_eq!(acts, [&fetch[..], &["imported", "fetched"], &fetch[..], &["fetched"]].concat());
    assert!(receipt(&ledger)["words"].as_str().unwrap().contains(HANAKO));
    let consents = scene.notebook.run(&["consents", "--json"]).ok().lines();
    assert_eq!(consents.len(), 2);
    assert_eq!((&consents[1]["standing"], consents[1]["documents"].as_array().unwrap().len()), (&Value::from("fetched"), 1));
    assert!(fields(&consents[0]).contains(&"operator"));
    scene.ends_well(new);
}

#[test]
fn in_plain_words_the_question_the_steps_and_the_digest_are_told_in_both_languages() {
    let Some(scene) = Scene::new() else { return };
    for (language, words) in [
        ("ja", ["項目ごとに", "誰の情報: 手帳 花子", "取得者", "ブラウザーで本人確認", "回答を待っています", "新しい記録"]),
        ("en", ["item by item", "Whose: 手帳 花子", "Obtained by", "Show who you are", "Waiting for Mynaportal", "nothing was added"]),
    ] {
        let arguments =
            ["fetch", "--relay", "relay.toml", "--no-browser", "--person", HANAKO, "--items", "checkup", "--yes", "--lang", language];
        let mut command = scene.notebook.command(&arguments);
        let mut child = command.spawn().unwrap();
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
        let mut out = String::new();
        while let Some(Ok(line)) = lines.next() {
            if let Some(url) = line.trim().strip_prefix("https://") {
                let line = serde_json::json!({"url": format!("https://{url}")});
                scene.browse(&line, &Visit::with(Card::Hanako));
            }
            out.push_str(&line);
            out.push('\n');
        }
        assert!(child.wait().unwrap().success(), "{out}");
        for word in words {
            assert!(out.contains(word), "{word} in {out}");
        }
        assert!(!out.contains('{'), "a place was left open: {out}");
    }
}

/// `BROWSER` is what opens the address, and it is not given the passphrase along with it.
#[cfg(unix)]
#[test]
fn the_browser_of_the_person_is_opened_and_learns_nothing_but_the_address() {
    use std::{fs, os::unix::fs::PermissionsExt as _};
    let Some(scene) = Scene::new() else { return };
    let (script, opened) = (scene.notebook.path("browser"), scene.notebook.path("opened"));
    let text = format!("#!/bin/sh\n(echo \"$1\"; /usr/bin/env) > {0}.part && /bin/mv {0}.part {0}\n", opened.display());
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();

    let arguments = ["fetch", "--relay", "relay.toml", "--json", "--person", HANAKO, "--items", "vaccination", "--yes", "--vault", "vault"];
    let mut command = crate::notebook::program(scene.notebook.home.path());
    command.args(arguments).env("BROWSER", &script).env("TECHO_PASSPHRASE", crate::notebook::PASSPHRASE).env("PATH", "/usr/bin:/bin");
    let mut running = Running::of(command);
    let mut legs = 0;
    while let Some(line) = running.next() {
        if line["step"] != "browse" {
            continue;
        }
        legs += 1;
        // The program that was started writes the file whole; until then there is none.
        let told = loop {
            match fs::read_to_string(&opened) {
                Ok(told) => break told,
                Err(_) => std::thread::yield_now(),
            }
        };
        fs::remove_file(&opened).unwrap();
        assert_eq!(told.lines().next(), line["url"].as_str());
        assert!(told.contains("PATH=") && !told.contains("TECHO_PASSPHRASE") && !told.contains(crate::notebook::PASSPHRASE), "{told}");
        scene.browse(&line, &Visit::with(Card::Hanako));
    }
    let said = running.end().ok();
    let new = count(said.lines().last().unwrap(), "new");
    assert_eq!((legs, new > 0), (2, true));
    scene.ends_well(new);
}
