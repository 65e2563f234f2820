//! The verbs of what a person writes, decides and looks at beside the lists: hand entry, changes, links, days, medicines,
//! marks and attached documents. Each is one command of the program.

use crate::{
    program::Seen,
    reading::Step,
    shell::{Shell, fixture},
};

pub(crate) fn act(shell: &mut Shell, step: &Step) -> Seen {
    let pen = pen(step);
    let run = |shell: &Shell, command: &[&str]| {
        let pen = pen.iter().map(String::as_str);
        shell.run(&command.iter().copied().chain(pen).collect::<Vec<_>>())
    };
    match step.verb.as_str() {
        "add_entry" => {
            let flags = flags(step);
            let mut command = vec!["add", step.needed("kind"), "--person", step.needed("person")];
            command.extend(flags.iter().map(String::as_str));
            command.extend(step.is("confirmed").then_some("--yes"));
            run(shell, &command)
        }
        "edit" => {
            let (id, flags) = (id(shell, step), flags(step));
            let mut command = vec!["edit", &id];
            command.extend(flags.iter().map(String::as_str));
            run(shell, &command)
        }
        "remove" => run(shell, &["remove", &id(shell, step)]),
        "hide" => run(shell, &["hide", &id(shell, step)]),
        "mark_sensitive" => run(shell, &["sensitive", &id(shell, step)]),
        "undo" => run(shell, &["undo", "--person", step.needed("person")]),
        "changes" => shell.run(&["changes", "--person", step.needed("person")]),
        "links" => shell.run(&["links", &id(shell, step)]),
        "unlink" => run(shell, &["unlink", &id(shell, step)]),
        "medicines" => {
            let mut command = vec!["medicines", "--person", step.needed("person"), "--on", step.needed("on")];
            command.extend(step.is("hidden").then_some("--hidden"));
            shell.run(&command)
        }
        "attach" => {
            let file = fixture(step.needed("file"));
            run(shell, &["attach", &id(shell, step), &file, "--title", step.needed("document_title")])
        }
        "open_day" => {
            let points = shell.run(&["history", step.needed("asked"), "--person", step.needed("person"), "--json"]).json();
            let is_day = |point: &&serde_json::Value| point["date"] == step.needed("date");
            let day = points.iter().find(is_day).unwrap_or_else(|| panic!("no {} in {points:?}", step.needed("date")));
            shell.run(&["show", day["id"].as_str().unwrap()])
        }
        other => panic!("not of the pen: {other}"),
    }
}

pub(crate) fn id(shell: &Shell, step: &Step) -> String {
    let row = shell.row(step.needed("title"), step.nth());
    row["id"].as_str().unwrap().to_owned()
}

/// Who writes and why, as flags.
fn pen(step: &Step) -> Vec<String> {
    let pen = [("--by", "author"), ("--as", "relation"), ("--reason", "reason")];
    pen.into_iter().filter_map(|(flag, name)| Some([flag.to_owned(), step.text(name)?.to_owned()])).flatten().collect()
}

/// What is typed into a form, as flags.
fn flags(step: &Step) -> Vec<String> {
    let flag = |(id, text): (&str, &str)| [format!("--{}", id.replace('_', "-")), text.to_owned()];
    step.fields().into_iter().flat_map(flag).collect()
}
