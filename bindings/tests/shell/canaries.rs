//! Nothing of a person's data and no secret is printed: not by a record, an object's method or an error.

use std::{
    collections::BTreeSet,
    fmt::{Debug, Display},
    fs,
    path::Path,
};

use techo_bindings::{
    ActsAs, ConsentAnswered, ConsentItem, ConsentView, DigestView, Erasure, FetchState, FetchStep, FetchWish, Key, Language, NewKeys,
    NewPerson, Position, Sex, TimelineQuery, Vault,
};

use crate::scene::{Notebook, PASSPHRASE, add_hanako, fixture};

const CANARY: &str = "canary-7f3a";

/// Printed in every way there is.
fn printed(value: &(impl Debug + Display)) -> String {
    format!("{value} {value:?} {value:#?}")
}

/// The types that print their name and nothing else, as the sources say.
fn redacted() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for list in text.split("redacted!(").skip(1) {
            names.extend(list.split(')').next().unwrap().split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
        }
    }
    names
}

fn sources(directory: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { texts.extend(sources(&path)) } else { texts.push(fs::read_to_string(path).unwrap()) }
    }
    texts
}

#[test]
fn every_record_that_can_hold_a_persons_data_prints_its_name_only() {
    // Words of errors: they are made to be read, and hold a place at most.
    let open = ["Trouble"];
    let redacted = redacted();
    let list = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("surface.txt")).unwrap();
    let mut records = 0;
    for line in list.lines() {
        let (Some(name), true) = (line.split_whitespace().nth(1), line.starts_with("record ")) else { continue };
        records += 1;
        assert!(redacted.contains(name) || open.contains(&name), "{name} prints what it holds");
    }
    assert!(records > 30, "{records}");
    for name in ["Key", "Erasure", "FetchStep"] {
        assert!(redacted.contains(name), "{name}");
    }
    for text in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for head in text.split("uniffi::Record)]").skip(1) {
            let is_printed_by_us = head.trim_start().starts_with("#[uniffi::export(Debug, Display)]");
            assert!(
                is_printed_by_us || head.contains("pub struct Trouble"),
                "Kotlin and Swift would print: {}",
                head.lines().nth(1).unwrap_or_default()
            );
        }
    }
}

#[test]
fn what_goes_in_is_not_printed() {
    let text = || CANARY.to_owned();
    let values = [
        printed(&Key::Passphrase { text: text() }),
        printed(&Key::Recovery { code: text() }),
        printed(&Key::Device { secret: vec![201; 32] }),
        printed(&NewKeys { device: Some(vec![201; 32]), passphrase: Some(text()) }),
        printed(&Position { bytes: vec![201; 40] }),
        printed(&NewPerson { name: text(), kana: Some(text()), former_names: vec![text()], born: text(), sex: Sex::Male, gestation: None }),
        printed(&Erasure::Person { id: text() }),
        printed(&FetchWish {
            person: text(),
            acts_as: ActsAs::Proxy,
            actor: Some(text()),
            for_showing: false,
            items: vec![text()],
            from: Some(text()),
            until: None,
        }),
        printed(&ConsentView {
            subject: text(),
            actor: text(),
            purpose: text(),
            items: vec![ConsentItem { id: text(), name: text(), period: text() }],
            obtained_by: text(),
            kept: vec![text()],
            surplus: Some(text()),
            card: text(),
            lines: vec![text()],
        }),
        printed(&ConsentAnswered { granted: vec![text()], declined: vec![text()], text: text() }),
        printed(&FetchStep::Browse { url: text(), text: text() }),
        printed(&FetchState {
            round: 1,
            rounds: 1,
            round_text: Some(text()),
            milestone_text: text(),
            expires: text(),
            step: FetchStep::Done {
                digest: DigestView { sum: text(), changed: vec![text()], cut: vec![text()], refused: vec![text()], missing: Some(text()) },
            },
        }),
    ];
    for value in values {
        assert!(!value.contains(CANARY) && !value.contains("201") && value.contains("(..)"), "{value}");
    }
}

#[test]
fn what_comes_out_is_not_printed() {
    let notebook = Notebook::nowhere();
    let vault = Vault::sample(notebook.dir(), Language::Japanese).unwrap();
    let hanako = vault.people().unwrap()[0].clone();
    let all = TimelineQuery { person: None, kind: None, from: None, until: None, after: None, limit: 10 };
    let page = vault.timeline(all).unwrap();
    let event = vault.event(page.rows[0].id.clone()).unwrap();
    let record = event.records[0].clone();
    let chart = vault.history(hanako.id.clone(), "収縮期血圧".to_owned()).unwrap().remove(0);
    let kit = vault.make_recovery_kit().unwrap();
    let draft = vault.look(fixture("family/hanako-ecs.json"), Some(CANARY.to_owned())).unwrap().view();
    let printed = [
        printed(&hanako),
        printed(&page),
        printed(&page.rows[0]),
        printed(&event),
        printed(&record),
        printed(&record.details.first().cloned().unwrap_or(techo_bindings::Detail { label: CANARY.to_owned(), text: CANARY.to_owned() })),
        printed(&vault.search("血圧".to_owned(), None, None, 10).unwrap()),
        printed(&vault.original(record.document.clone()).unwrap()),
        printed(&chart),
        printed(&chart.lines[0]),
        printed(&chart.lines[0].points[0]),
        printed(&chart.rows[0]),
        printed(&vault.quantities(hanako.id.clone()).unwrap()[0]),
        printed(&kit),
        printed(&vault.ledger(None, 10).unwrap()),
        printed(&vault.ledger(None, 10).unwrap().lines[0]),
        printed(&vault.verify().unwrap()),
        printed(&vault.backup(notebook.path("copy.techo"), PASSPHRASE.to_owned()).unwrap()),
        printed(&draft),
        printed(&draft.documents[0]),
        printed(&vault.settings().unwrap()),
    ];
    let secrets = [CANARY, "手帳", "花子", "1972", kit.code.as_str(), record.title.as_str(), chart.title.as_str()];
    for line in printed {
        for secret in secrets {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
    }
}

#[test]
fn an_error_says_nothing_about_a_person() {
    let (_notebook, vault) = Notebook::made();
    let hanako = add_hanako(&vault);
    let again = NewPerson {
        name: "手帳 花子".to_owned(),
        kana: None,
        former_names: Vec::new(),
        born: "1972-04-15".to_owned(),
        sex: Sex::Female,
        gestation: None,
    };
    let bad = NewPerson { born: CANARY.to_owned(), ..again.clone() };
    let somebody_elses = vault.look(fixture("family/ichiro-echeckup-2024.json"), Some(CANARY.to_owned())).unwrap();
    let errors = [
        vault.add_person(again).err(),
        vault.add_person(bad).err(),
        somebody_elses.take(hanako.id, false, false).err(),
        vault.record(CANARY.to_owned()).err(),
        vault
            .ask_consent(
                CANARY.to_owned(),
                FetchWish {
                    person: CANARY.to_owned(),
                    acts_as: ActsAs::Oneself,
                    actor: None,
                    for_showing: false,
                    items: vec![CANARY.to_owned()],
                    from: None,
                    until: None,
                },
            )
            .err(),
        vault.look(format!("/{CANARY}/x.json"), None).err(),
        Vault::open(format!("/{CANARY}"), Key::Passphrase { text: CANARY.to_owned() }, None, Language::Japanese).err(),
        Vault::open(format!("/{CANARY}"), Key::Recovery { code: CANARY.to_owned() }, None, Language::Japanese).err(),
    ];
    for error in errors {
        let error = error.unwrap();
        let text = techo_bindings::error_text(error.clone(), Language::Japanese);
        let said = format!("{} {text:?}", printed(&error));
        for secret in [CANARY, "花子", "一郎", "1972", "1970"] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
    }
}
