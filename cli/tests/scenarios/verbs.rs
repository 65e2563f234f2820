//! What each verb is on a terminal: one command of the program, or two. And what is expected after it.

use std::fs;

use techo_core::{base::RecoveryCode, present::TroubleKind};
use techo_portal_standin::{Card, Visit};

use crate::{
    family, pen,
    program::{self, Seen, trouble_of},
    reading::{Scenario, Step},
    shell::{Shell, fixture},
};

/// Plays a scenario to its end.
pub(crate) fn play(scenario: &Scenario) {
    let mut shell = Shell::new(scenario.language(), !scenario.needs.is_empty());
    for (number, step) in (1..).zip(&scenario.steps) {
        let seen = act(&mut shell, step);
        let place = format!("step {number}, {}", step.verb);
        match &step.fails {
            None => assert!(is_well(step, &seen), "{place}: exit {}\n{}", seen.code, seen.text()),
            Some(id) => {
                assert!(seen.code != 0, "{place} did not fail\n{}", seen.text());
                let kind = TroubleKind::ALL.iter().find(|kind| kind.id() == id).unwrap();
                // Several kinds share an exit code, and then the sentence tells them apart; the end of a fetch has its own.
                let is_said = seen.lines.iter().any(|line| line.contains(kind.what(scenario.language())));
                assert!(is_said || &trouble_of(seen.code) == id, "{place}: not {id}, but exit {}\n{}", seen.code, seen.text());
            }
        }
        for text in &step.sees {
            assert!(seen.lines.iter().any(|line| line.contains(text)), "{place}: 「{text}」 is not seen in\n{}", seen.text());
        }
        for text in &step.sees_not {
            assert!(!seen.lines.iter().any(|line| line.contains(text)), "{place}: 「{text}」 is seen in\n{}", seen.text());
        }
    }
}

/// Whether a command did what it should: it ended well, took in what could be taken, or looked and found nothing.
fn is_well(step: &Step, seen: &Seen) -> bool {
    match (step.verb.as_str(), seen.code) {
        (_, 0) | ("import", 3) => true,
        ("search", code) => trouble_of(code) == "nothing_found",
        // With nothing granted there is nothing to fetch, and that is no trouble.
        ("fetch", code) => step.list("grant").is_some_and(|granted| granted.is_empty()) && trouble_of(code) == "declined",
        _ => false,
    }
}

fn act(shell: &mut Shell, step: &Step) -> Seen {
    match step.verb.as_str() {
        "start" => start(shell, step.needed("passphrase")),
        "unlock" => shell.unlock(step.needed("passphrase")),
        "lock" => {
            shell.lock();
            Seen::nothing()
        }
        "recover" => recover(shell, step.needed("new_passphrase")),
        "make_kit" => make_kit(shell),
        "people" => shell.run(&["person", "list"]),
        "add_person" => {
            let mut arguments = vec!["person", "add", step.needed("name"), "--born", step.needed("born"), "--sex", step.needed("sex")];
            arguments.extend(step.text("kana").into_iter().flat_map(|kana| ["--kana", kana]));
            shell.run(&arguments)
        }
        "look" => shell.run(&["import", "--look", &fixture(step.needed("file"))]),
        "import" => import(shell, step),
        "timeline" => {
            let mut arguments = vec!["timeline"];
            arguments.extend(step.text("person").into_iter().flat_map(|person| ["--person", person]));
            arguments.extend(step.text("kind").into_iter().flat_map(|kind| ["--kind", kind]));
            shell.list(&arguments)
        }
        "open_record" => {
            let row = shell.row(step.needed("title"), step.nth());
            shell.list(&["show", row["id"].as_str().unwrap()])
        }
        "history" => shell.run(&["history", step.needed("asked"), "--person", step.needed("person")]),
        "search" => {
            let mut arguments = vec!["search", step.needed("words")];
            arguments.extend(step.text("person").into_iter().flat_map(|person| ["--person", person]));
            shell.list(&arguments)
        }
        "add_entry" | "edit" | "remove" | "undo" | "changes" | "links" | "unlink" | "open_day" | "medicines" | "hide"
        | "mark_sensitive" | "attach" => pen::act(shell, step),
        "vaccines" | "due" | "growth" | "explain" | "forgets" | "board" | "clinic" | "report" | "write_card" | "card" | "set_card"
        | "codes" => family::act(shell, step),
        "export" => export(shell, step),
        "backup" => {
            let (secret, out) = (shell.secret(step.needed("passphrase")), shell.name(".techo"));
            let seen = shell.run(&["backup", "--out", &out, "--archive-passphrase-file", &secret]);
            shell.backup = Some(out);
            seen
        }
        "restore" => restore(shell, step.needed("passphrase")),
        "erase" => erase(shell, step),
        "ledger" => shell.run(&["ledger"]),
        "consents" => shell.run(&["consents"]),
        "withdraw" => withdraw(shell, step),
        "settings" => shell.run(&["settings"]),
        "set" => {
            assert_eq!(step.needed("setting"), "reauthenticate", "a terminal has no other setting");
            shell.run(&["settings", "reauthentication", if step.is("on") { "on" } else { "off" }])
        }
        "fetch" => fetch(shell, step),
        "damage" => {
            damage(shell, step.needed("how"));
            Seen::nothing()
        }
        "accept_loss" => {
            let secret = shell.secret(step.needed("passphrase"));
            let mut seen = shell.run(&["accept-loss", "--yes", "--passphrase-file", &secret]);
            if seen.code == 0 {
                seen.lines.extend(shell.unlock_with(secret).lines);
            }
            seen
        }
        "verify" => shell.run(&["verify"]),
        other => panic!("a terminal has no {other}"),
    }
}

fn start(shell: &mut Shell, passphrase: &str) -> Seen {
    let secret = shell.secret(passphrase);
    let mut seen = shell.run(&["init", "--no-keystore", "--passphrase-file", &secret]);
    if seen.code == 0 {
        seen.lines.extend(shell.unlock_with(secret).lines);
    }
    seen
}

/// The code is what a person would write down: the one line that is a recovery code.
fn make_kit(shell: &mut Shell) -> Seen {
    let seen = shell.run(&["kit"]);
    shell.kit = seen.lines.iter().map(|line| line.trim()).find(|line| RecoveryCode::read(line).is_ok()).map(str::to_owned);
    assert!(seen.code != 0 || shell.kit.is_some(), "no code in\n{}", seen.text());
    seen
}

fn recover(shell: &mut Shell, passphrase: &str) -> Seen {
    let code = shell.kit.clone().expect("a kit was made before");
    let (code, secret) = (shell.secret(&code), shell.secret(passphrase));
    let mut seen = shell.run(&["recover", "--code-file", &code, "--new-passphrase-file", &secret]);
    if seen.code == 0 {
        seen.lines.extend(shell.unlock_with(secret).lines);
    }
    seen
}

fn import(shell: &Shell, step: &Step) -> Seen {
    let file = fixture(step.needed("file"));
    let mut arguments = vec!["import", &file, "--person", step.needed("person")];
    arguments.extend(step.is("anyway").then_some("--anyway"));
    arguments.extend(step.is("digits_checked").then_some("--yes"));
    if let Some(title) = step.text("document_title") {
        arguments.extend(["--as", "document", "--title", title]);
        arguments.extend(step.text("on").into_iter().flat_map(|day| ["--on", day]));
    }
    let seen = shell.run(&arguments);
    if !step.is("confirm_table") {
        return seen;
    }
    // What nobody confirms is not taken in; the terminal says how it would be read, and that is said back.
    assert!(seen.code != 0, "a table was taken in that nobody had confirmed\n{}", seen.text());
    let text = seen.text();
    let proposed = text.split('\'').nth(1).unwrap_or_else(|| panic!("no mapping is proposed in\n{text}"));
    shell.run(&[arguments.as_slice(), &["--mapping", proposed]].concat())
}

fn export(shell: &mut Shell, step: &Step) -> Seen {
    let format = step.needed("format");
    let (out, secret) = (shell.name(".export"), step.text("passphrase").map(|passphrase| shell.secret(passphrase)));
    let mut arguments = vec!["export", "--format", format, "--out", &out, "--yes"];
    arguments.extend(step.text("person").into_iter().flat_map(|person| ["--person", person]));
    match &secret {
        Some(secret) => arguments.extend(["--archive-passphrase-file", secret]),
        None => arguments.extend((format == "techo").then_some("--plain")),
    }
    let seen = shell.run(&arguments);
    let is_written = shell.home.path().join(&out).exists();
    assert_eq!(is_written, seen.code == 0, "a file is there where it says so, and only there\n{}", seen.text());
    seen
}

fn restore(shell: &mut Shell, passphrase: &str) -> Seen {
    let backup = shell.backup.clone().expect("a backup was taken before");
    shell.notebook = shell.name(".notebook");
    let secret = shell.secret(passphrase);
    let mut seen = shell.run(&["restore", &backup, "--no-keystore", "--archive-passphrase-file", &secret, "--passphrase-file", &secret]);
    if seen.code == 0 {
        seen.lines.extend(shell.unlock_with(secret).lines);
    }
    seen
}

fn erase(shell: &Shell, step: &Step) -> Seen {
    let (what, id) = match (step.text("title"), step.text("document_of"), step.text("person")) {
        (Some(title), None, None) => ("record", shell.row(title, 1)["id"].clone()),
        (None, Some(title), None) => ("document", shell.row(title, 1)["document"].clone()),
        (None, None, Some(person)) => ("person", person.into()),
        _ => panic!("erase one thing"),
    };
    shell.run(&["erase", what, id.as_str().unwrap(), "--yes"])
}

/// The newest consent is withdrawn.
fn withdraw(shell: &Shell, step: &Step) -> Seen {
    let consents = shell.run(&["consents", "--json"]).json();
    let id = consents[0]["id"].as_str().unwrap().to_owned();
    let mut arguments = vec!["withdraw", &id];
    if step.is("erase") {
        arguments.extend(["--erase", "--yes"]);
    }
    shell.run(&arguments)
}

/// Every item is answered by itself; what comes back beyond the choice is agreed to be cut.
fn fetch(shell: &Shell, step: &Step) -> Seen {
    let items = step.list("items").expect("items");
    let granted = step.list("grant").unwrap_or_else(|| items.clone());
    assert!(granted.iter().all(|item| items.contains(item)), "granted, and never asked for");
    let answer = |item: &&str| format!("{item}={}", if granted.contains(item) { "yes" } else { "no" });
    let answers: Vec<String> = items.iter().map(answer).chain(["surplus=yes".to_owned()]).collect();
    let (items, answers) = (items.join(","), answers.join(","));
    let mut arguments = vec!["fetch", "--relay", "relay.toml", "--no-browser", "--person", step.needed("person")];
    arguments.extend(["--items", &items, "--answers", &answers, "--as", step.text("acts_as").unwrap_or("self")]);
    arguments.extend(step.text("actor").into_iter().flat_map(|actor| ["--actor", actor]));
    let town = shell.town.as_ref().expect("the scenario needs a town");
    let visit = Visit::with(Card::of_id(step.needed("citizen")).expect("a citizen of the town"));
    program::run(shell.command(&arguments), |line| {
        if line.trim().starts_with("https://") {
            let arrival = town.visit(line.trim(), &visit).unwrap();
            assert!(arrival.address().is_some(), "the browser came to nowhere");
        }
    })
}

/// Hurts the files of a locked notebook.
fn damage(shell: &Shell, how: &str) {
    assert!(!shell.is_open(), "only a locked notebook is hurt");
    let records = shell.file("vault");
    match how {
        "page" => {
            let mut bytes = fs::read(&records).unwrap();
            bytes[40] ^= 1;
            fs::write(records, bytes).unwrap();
        }
        "lost_wal" => {
            fs::write(records, shell.records_before()).unwrap();
            // Mostly there is none: it is emptied into the records' file as soon as the anchor is durable.
            if let Err(error) = fs::remove_file(shell.file("vault-wal")) {
                assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
            }
        }
        "empty" => fs::write(records, b"").unwrap(),
        "anchor" => fs::remove_file(shell.file("anchor")).unwrap(),
        other => panic!("no such damage: {other}"),
    }
}
