//! The verbs of families and clinics: the plan, what is due, growth, what a checkup means, what the State forgets, the board;
//! what a doctor is shown, the card, the report and the codes. Each is one command of the program.

use crate::{pen::id, program::Seen, reading::Step, shell::Shell};

pub(crate) fn act(shell: &mut Shell, step: &Step) -> Seen {
    let person = || ["--person", step.needed("person")];
    match step.verb.as_str() {
        "vaccines" | "due" => shell.run(&[&[step.verb.as_str()], person().as_slice(), &["--on", step.needed("on")]].concat()),
        "growth" => {
            let mut command = vec!["growth"];
            command.extend(person());
            command.extend(step.text("reference").into_iter().flat_map(|reference| ["--reference", reference]));
            command.extend(step.is("uncorrected").then_some("--uncorrected"));
            shell.run(&command)
        }
        "explain" => {
            let id = id(shell, step);
            shell.run(&["explain", &id])
        }
        "forgets" => {
            let mut command = vec!["forgets", "--on", step.needed("on")];
            command.extend(step.text("person").into_iter().flat_map(|person| ["--person", person]));
            shell.run(&command)
        }
        "board" => shell.run(&["board", "--on", step.needed("on")]),
        "clinic" => shell.run(&shown(step)),
        "report" => {
            let out = shell.name(".html");
            shell.run(&[shown(step).as_slice(), &["--out", &out]].concat())
        }
        "write_card" => {
            let fields: Vec<String> = step.fields().into_iter().map(|(field, text)| format!("{field}={text}")).collect();
            let mut command = vec!["card"];
            command.extend(person());
            command.extend(fields.iter().flat_map(|field| ["--set", field.as_str()]));
            shell.run(&command)
        }
        "card" => shell.run(&[&["card", "--show"], person().as_slice()].concat()),
        "set_card" => {
            let state = match step.needed("state") {
                "off" => "--off",
                "after_unlock" => "--only-unlocked",
                other => panic!("a terminal has a keystore only where there is one: {other}"),
            };
            shell.run(&[&["card", state], person().as_slice()].concat())
        }
        "codes" => {
            let out = shell.name(".codes");
            shell.run(&[&["qr", "--as", step.needed("as"), "--out", &out], person().as_slice()].concat())
        }
        other => panic!("not of families and clinics: {other}"),
    }
}

/// What is shown to whom, as the command line puts it.
fn shown(step: &Step) -> Vec<&str> {
    let mut command = vec![step.verb.as_str(), "--person", step.needed("person"), "--on", step.needed("on")];
    command.extend(step.text("occasion").into_iter().flat_map(|occasion| ["--occasion", occasion]));
    command.extend(step.list("items").unwrap_or_default().into_iter().flat_map(|item| ["--items", item]));
    command.extend(step.is("sensitive").then_some("--include-sensitive"));
    command.extend(step.text("doctor").into_iter().flat_map(|language| ["--lang-for-doctor", language]));
    command
}
