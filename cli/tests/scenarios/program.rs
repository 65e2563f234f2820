//! The program as it is run here: with nothing of the machine around it, and told of by what it ended with and every line
//! that a person read.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

/// What a person saw, and how it ended.
pub(crate) struct Seen {
    pub(crate) code: i32,
    pub(crate) lines: Vec<String>,
}

impl Seen {
    /// Nothing happened that is to be seen.
    pub(crate) const fn nothing() -> Self {
        Self { code: 0, lines: Vec::new() }
    }

    /// The lines as one text, to be read where an expectation is not met.
    pub(crate) fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// The lines as JSON, each.
    pub(crate) fn json(&self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}", self.text());
        self.lines.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect()
    }
}

/// The program in this home.
pub(crate) fn techo(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_techo"));
    command.env_clear().env("HOME", home).env("LANG", "ja_JP.UTF-8").current_dir(home);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end; each line of its output is shown to `each` when it appears.
pub(crate) fn run(mut command: Command, mut each: impl FnMut(&str)) -> Seen {
    let mut child = command.spawn().unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        each(&line);
        lines.push(line);
    }
    let mut rest = String::new();
    child.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
    lines.extend(rest.lines().map(str::to_owned));
    Seen { code: child.wait().unwrap().code().expect("the program ended by itself"), lines }
}

/// The id of an exit code in small letters, as troubles have it: from the table of `docs/errors.md`.
pub(crate) fn trouble_of(code: i32) -> String {
    static TABLE: OnceLock<BTreeMap<i32, String>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors.md")).unwrap();
        let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
        let rows = rows.filter_map(|(code, rest)| Some((code.parse().ok()?, rest.split('`').nth(1)?.to_lowercase())));
        rows.collect()
    });
    table.get(&code).unwrap_or_else(|| panic!("no exit code {code} in docs/errors.md")).clone()
}
