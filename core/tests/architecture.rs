//! The rule of the house: a room may look down, never sideways, never up. Each culprit is named with file and line.
//!
//! The table below is the house; `ARCHITECTURE.md` draws it. The tests at the foot show that the checker can fail.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod source;

use std::{fmt, fs, path::Path};

use source::{Token, files, is_rust, tokens, workspace};

/// Every room and the floor it is on. A room may use rooms of lower floors only.
const FLOORS: &[(&str, u8)] = &[
    ("base", 0),
    ("terms", 1),
    ("record", 2),
    ("consent", 2),
    ("formats", 3),
    ("portal", 3),
    ("vault", 3),
    ("insight", 3),
    ("intake", 4),
    ("sync", 5),
    ("present", 5),
    ("transfer", 6),
    ("courier", 6),
];

/// A name that may be used only below certain paths of `core/src`, and why.
struct Wall {
    names: &'static [&'static str],
    only_in: &'static [&'static str],
    why: &'static str,
    /// Whether unit tests may use it anywhere.
    open_to_tests: bool,
}

const WALLS: &[Wall] = &[
    Wall { names: &["rusqlite"], only_in: &["vault/"], why: "SQL is the vault's", open_to_tests: false },
    Wall {
        names: &["roxmltree", "serde_json"],
        only_in: &["formats/", "transfer/", "terms/", "vault/codec", "portal/wire", "insight/rules"],
        why: "XML and JSON are read and written at the border only",
        open_to_tests: true,
    },
    Wall {
        names: &["serde"],
        // ADR 0001: derives describe data, so rooms that hold data may carry them; the vault's are the rows it keeps.
        only_in: &["base/", "terms/", "record/", "consent/", "formats/", "vault/", "transfer/", "portal/wire", "insight/rules"],
        why: "only data carries serde's derives",
        open_to_tests: true,
    },
    Wall {
        names: &["reqwest", "tokio", "hyper", "TcpStream", "TcpListener", "UdpSocket", "UnixStream", "UnixListener", "UnixDatagram"],
        only_in: &["courier/"],
        why: "no sockets but the courier's",
        open_to_tests: false,
    },
];

/// Files that may ask what time it is, each with a reason. Everywhere else time is a parameter.
const CLOCKS: &[(&str, &str)] = &[];

/// Files that are allowed to be longer than [`LONGEST`], each with a reason.
const LONG: &[(&str, &str)] = &[];
const LONGEST: usize = 400;

#[derive(Debug, PartialEq, Eq)]
struct Culprit {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Culprit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "core/src/{}:{}: {}", self.file, self.line, self.what)
    }
}

#[test]
fn every_room_looks_down_only() {
    let root = workspace().join("core/src");
    let sources = files(&root, &is_rust);
    assert!(sources.len() > 10, "the walk over {} found {} files", root.display(), sources.len());
    let mut culprits = Vec::new();
    for path in sources {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        culprits.extend(check(&name, &fs::read_to_string(&path).unwrap()));
    }
    let listed: Vec<String> = culprits.iter().map(ToString::to_string).collect();
    assert!(listed.is_empty(), "the house is broken:\n{}", listed.join("\n"));
}

/// The run that counts (`cargo xtask test`) switches these on for this crate; nobody would notice if it failed to.
#[test]
fn the_run_that_counts_has_debug_assertions_on() {
    if std::env::var_os("TECHO_XTASK").is_some() {
        let no = std::hint::black_box(false);
        assert!(std::panic::catch_unwind(|| debug_assert!(no)).is_err(), "debug assertions are off");
    }
}

/// Everything wrong with one file, given its path below `core/src` and its text.
fn check(file: &str, text: &str) -> Vec<Culprit> {
    let culprit = |line: usize, what: String| Culprit { file: file.to_owned(), line, what };
    let mut culprits = Vec::new();
    let length = text.lines().count();
    if length > LONGEST && !LONG.iter().any(|(path, _)| *path == file) {
        culprits.push(culprit(LONGEST + 1, format!("{length} lines; a file has one concern and at most {LONGEST} lines")));
    }
    let tokens = match tokens(text) {
        Ok(tokens) => tokens,
        Err(error) => {
            culprits.push(culprit(1, error));
            return culprits;
        }
    };
    if file == "lib.rs" {
        culprits.extend(code_in_lib(&tokens).map(|(line, what)| culprit(line, what)));
        return culprits;
    }
    let room = room_of(file);
    let Some(floor) = floor_of(room) else {
        culprits.push(culprit(1, format!("`{room}` is on no floor; add it to the table in core/tests/architecture.rs")));
        return culprits;
    };
    let is_test_file = Path::new(file).components().any(|part| part.as_os_str() == "tests.rs" || part.as_os_str() == "tests");
    for at in 0..tokens.len() {
        let rest = &tokens[at..];
        let token = &tokens[at];
        let in_test = token.in_test || is_test_file;
        let mut found = Vec::new();
        found.extend(references(&tokens, at, depth_of(file)).into_iter().filter_map(|name| wrong_direction(room, floor, &name)));
        if starts_with(rest, &["super", ":", ":", "super"]) {
            found.push("`super::super`: name the room".to_owned());
        }
        found.extend(WALLS.iter().filter_map(|wall| {
            let here = wall.only_in.iter().any(|prefix| file.starts_with(prefix)) || (wall.open_to_tests && in_test);
            let named = !token.is_literal && wall.names.contains(&token.text.as_str());
            (named && !here).then(|| format!("`{}` here: {}", token.text, wall.why))
        }));
        if starts_with(rest, &["std", ":", ":", "net"]) {
            found.push("`std::net` here: no sockets but the courier's".to_owned());
        }
        let clock = ["SystemTime", "Utc", "Local"].iter().any(|clock| starts_with(rest, &[clock, ":", ":", "now"]));
        if clock && !in_test && !CLOCKS.iter().any(|(path, _)| *path == file) {
            found.push(format!("`{}::now` here: time is a parameter", token.text));
        }
        let prints = ["print", "println", "eprint", "eprintln", "dbg"].iter().any(|print| starts_with(rest, &[print, "!"]));
        if prints && !in_test {
            found.push(format!("`{}!` here: the core does not print", token.text));
        }
        if is_sql(token) && room != "vault" {
            found.push("SQL here: SQL is the vault's".to_owned());
        }
        culprits.extend(found.into_iter().map(|what| culprit(token.line, what)));
    }
    culprits
}

fn room_of(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

fn floor_of(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// How many modules the file's own code is inside of: `vault/mod.rs` and `vault.rs` 1, `vault/anchor.rs` 2.
fn depth_of(file: &str) -> usize {
    file.split('/').filter(|part| *part != "mod.rs").count()
}

/// The names in the crate's root that the tokens at this place refer to: `crate::name`, `crate::{name, name}`, and
/// `super::name` where `super` is the root.
fn references(tokens: &[Token], at: usize, depth: usize) -> Vec<String> {
    let rest = &tokens[at..];
    let after_path = at > 0 && tokens[at - 1].text == ":";
    let from_root =
        (rest[0].text == "crate" && !rest[0].is_literal) || (rest[0].text == "super" && !after_path && depth + rest[0].inline_modules == 1);
    if !from_root {
        return Vec::new();
    }
    if !starts_with(&rest[1..], &[":", ":"]) {
        // `pub(crate)` is no reference, and `$crate` is followed by `::` like any other.
        let is_visibility = at > 0 && tokens[at - 1].text == "(" && rest.get(1).is_some_and(|next| next.text == ")");
        return if is_visibility { Vec::new() } else { vec![rest[0].text.clone()] };
    }
    let Some(first) = rest.get(3) else { return Vec::new() };
    if first.text != "{" {
        return vec![first.text.clone()];
    }
    let mut names = Vec::new();
    let mut open = 0;
    let mut expects_name = false;
    for token in &rest[3..] {
        match token.text.as_str() {
            "{" => {
                open += 1;
                expects_name = open == 1;
            }
            "}" => open -= 1,
            "," => expects_name = open == 1,
            name if expects_name => {
                names.push(name.to_owned());
                expects_name = false;
            }
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    names
}

fn wrong_direction(room: &str, floor: u8, name: &str) -> Option<String> {
    match floor_of(name) {
        _ if name == room => None,
        None => Some(format!("`{name}` is no room of the house")),
        Some(other) if other < floor => None,
        Some(other) if other == floor => Some(format!("`{room}` looks sideways at `{name}` (both on floor {floor})")),
        Some(other) => Some(format!("`{room}` (floor {floor}) looks up at `{name}` (floor {other})")),
    }
}

fn code_in_lib(tokens: &[Token]) -> impl Iterator<Item = (usize, String)> {
    const CODE: &[&str] = &["fn", "impl", "struct", "enum", "union", "trait", "const", "static", "type", "macro_rules", "unsafe"];
    tokens
        .iter()
        .filter(|token| !token.is_literal && CODE.contains(&token.text.as_str()))
        .map(|token| (token.line, format!("`{}` in lib.rs, which names the rooms and holds no code", token.text)))
}

fn starts_with(tokens: &[Token], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| !token.is_literal && token.text == *word)
}

fn is_sql(token: &Token) -> bool {
    let inner = token.text.trim_start_matches(['r', 'b', '#', '"', '\\', 'n', ' ', '\n']);
    token.is_literal
        && ["SELECT ", "INSERT INTO ", "INSERT OR ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "]
            .iter()
            .any(|start| inner.starts_with(start))
}

mod the_checker_can_fail {
    use super::check;

    fn complaints(file: &str, text: &str) -> Vec<(usize, String)> {
        check(file, text).into_iter().map(|culprit| (culprit.line, culprit.what)).collect()
    }

    #[track_caller]
    fn one(file: &str, text: &str, line: usize, part: &str) {
        let complaints = complaints(file, text);
        assert!(matches!(&complaints[..], [(at, what)] if *at == line && what.contains(part)), "{part}: {complaints:?}");
    }

    #[test]
    fn looking_down_is_fine_however_it_is_written() {
        let text = "//! Vault.\nuse crate::{base::{PartialDate, Decimal}, record::Fact, terms};\npub(crate) fn x() -> crate::vault::Y { super::z() }\n";
        assert_eq!(complaints("vault/anchor.rs", text), []);
        assert_eq!(complaints("base/mod.rs", "//! Base.\n#[cfg(test)]\nmod tests { use super::*; }\n"), []);
    }

    #[test]
    fn looking_sideways_and_up_is_named() {
        one("formats/fhir/read.rs", "\n\nuse crate::vault::Vault;", 3, "sideways at `vault`");
        one("record/mod.rs", "use crate::{base::X,\n formats::Y};", 1, "looks up at `formats`");
        one("terms/kind.rs", "fn a() { some!(crate::intake::b()) }", 1, "looks up at `intake`");
        one("vault/mod.rs", "use super::formats::X;", 1, "sideways at `formats`");
        one("vault.rs", "use super::intake;", 1, "up at `intake`");
        one("base/date.rs", "/// See [`crate::vault`].\npub struct X;\nuse crate::record::Y;", 3, "up at `record`");
    }

    #[test]
    fn a_name_that_is_no_room_is_named() {
        one("vault/mod.rs", "use crate::helpers::X;", 1, "`helpers` is no room");
        one("vault/mod.rs", "use crate::*;", 1, "`*` is no room");
        one("vault/mod.rs", "use crate as techo;", 1, "`crate` is no room");
        one("helpers/mod.rs", "//! Nothing.", 1, "on no floor");
        one("misc.rs", "//! Nothing.", 1, "on no floor");
    }

    #[test]
    fn two_steps_up_are_named() {
        one("vault/slots/kit.rs", "use super::super::anchor;", 1, "super::super");
    }

    #[test]
    fn walls_stand() {
        one("present/mod.rs", "use rusqlite::Connection;", 1, "SQL is the vault's");
        one("present/mod.rs", "const X: &str = \"SELECT 1\";", 1, "SQL is the vault's");
        one("vault/anchor.rs", "fn x() { serde_json::to_vec(&1) }", 1, "border only");
        one("intake/mod.rs", "#[derive(serde::Serialize)] struct X;", 1, "derives");
        one("intake/mod.rs", "type X = roxmltree::Document;", 1, "border only");
        one("vault/mod.rs", "use std::net::IpAddr;", 1, "no sockets");
        one("sync/mod.rs", "use tokio::runtime;", 1, "no sockets");
        one("intake/mod.rs", "fn x() { chrono::Utc::now(); }", 1, "time is a parameter");
        one("intake/mod.rs", "fn x() { std::time::SystemTime::now(); }", 1, "time is a parameter");
        one("base/id.rs", "fn x() { println!(\"x\"); }", 1, "does not print");
        assert_eq!(complaints("vault/codec.rs", "use serde_json::Value;"), []);
    }

    #[test]
    fn only_what_is_compiled_for_tests_may_print_and_use_json() {
        let test = "#[cfg(test)]\nmod tests {\n fn x() { println!(\"SKIPPED: no files\"); serde_json::json!(1); }\n}\n";
        assert_eq!(complaints("record/fact.rs", test), []);
        assert_eq!(complaints("record/fact.rs", &test.replace("cfg(test)", "cfg(not(test))")).len(), 2);
        let behind = format!("{test}\nfn y() {{ println!() }}");
        one("record/fact.rs", &behind, 6, "does not print");
        one("record/fact.rs", "#[cfg(test)] mod tests { use rusqlite::Row; }", 1, "SQL is the vault's");
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        let text = "//! Not crate::vault, not println!.\n// use crate::vault;\nconst X: &str = \"rusqlite::Connection\";";
        assert_eq!(complaints("base/mod.rs", text), []);
    }

    #[test]
    fn lib_holds_no_code_and_no_file_is_endless() {
        assert_eq!(complaints("lib.rs", "//! House.\npub mod base;\npub use base::PartialDate;"), []);
        one("lib.rs", "pub mod base;\nfn x() {}", 2, "holds no code");
        one("base/mod.rs", &"// line\n".repeat(401), 401, "401 lines");
        assert_eq!(complaints("base/mod.rs", &"// line\n".repeat(400)), []);
    }
}
