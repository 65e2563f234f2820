//! Rules about the repository as a whole: every source file says what it is for, only the shells print, no file names
//! the machine it was written on, and the documents list what the code has.
#![expect(clippy::unwrap_used, reason = "tests")]

mod source;

use std::{fs, path::Path};

use source::{files, is_rust, tokens, workspace};
use techo_core::{formats::FormatId, terms::Kind};

/// Who prints: the shell, the task runner, the benchmark, and tests that say what they skip.
const PRINTERS: &[&str] = &["cli/", "xtask/", "tests/src/bin/", "tests/benches/"];

/// Parts of absolute paths of somebody's machine, and hosts a build would have to reach by name. Written in two halves,
/// so that this list does not find itself.
const FOREIGN: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/Us", "ers/"),
    ("C:\\Us", "ers"),
    ("/tmp/ba", "sh"),
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("deb.deb", "ian.org"),
    ("pypi", ".org"),
    ("registry.np", "mjs.org"),
    ("proxy.gol", "ang.org"),
];

/// The files of the repository: what git has, or, in a copy without git, everything outside `target`.
fn repository() -> Vec<String> {
    let root = workspace();
    let listed = std::process::Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output();
    let from_git: Vec<String> = match listed {
        Ok(output) if output.status.success() => {
            let names = String::from_utf8_lossy(&output.stdout).into_owned();
            names.split('\0').filter(|name| !name.is_empty() && root.join(name).is_file()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    let names = if from_git.is_empty() {
        files(&root, &|_| true).iter().map(|path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned()).collect()
    } else {
        from_git
    };
    assert!(names.len() > 30, "only {} files found", names.len());
    names
}

fn text_of(name: &str) -> Option<String> {
    fs::read(workspace().join(name)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

#[test]
fn no_file_names_the_machine_it_was_written_on_or_a_package_host() {
    let culprits: Vec<String> =
        repository().iter().filter_map(|name| Some((name, text_of(name)?))).flat_map(|(name, text)| foreign(name, &text)).collect();
    assert!(culprits.is_empty(), "foreign places:\n{}", culprits.join("\n"));
}

fn foreign(name: &str, text: &str) -> Vec<String> {
    let hit = |line: &str| FOREIGN.iter().any(|(head, tail)| line.contains(&format!("{head}{tail}")));
    text.lines().enumerate().filter(|(_, line)| hit(line)).map(|(index, line)| format!("{name}:{}: {}", index + 1, line.trim())).collect()
}

#[test]
fn every_locked_dependency_comes_from_the_public_index() {
    let lock = text_of("Cargo.lock").unwrap();
    let sources: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
    assert!(sources.len() > 100, "{} sources", sources.len());
    assert!(sources.iter().all(|source| *source == "\"registry+https://github.com/rust-lang/crates.io-index\""));
}

#[test]
fn every_source_file_says_what_it_is_for_and_only_the_shells_print() {
    let mut culprits = Vec::new();
    for name in repository().iter().filter(|name| is_rust(Path::new(name))) {
        culprits.extend(complaints(name, &text_of(name).unwrap()));
    }
    assert!(culprits.is_empty(), "{}", culprits.join("\n"));
}

fn complaints(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.starts_with("//! ") {
        found.push(format!("{name}:1: no `//!` line saying what the file is for"));
    }
    // Integration tests talk about what they skip; a crate's own sources do not.
    let is_test = name.split('/').any(|part| part == "tests" || part == "tests.rs") && !name.starts_with("tests/src/");
    if is_test || PRINTERS.iter().any(|printer| name.starts_with(printer)) {
        return found;
    }
    let tokens = match tokens(text) {
        Ok(tokens) => tokens,
        Err(error) => {
            found.push(format!("{name}: {error}"));
            return found;
        }
    };
    for pair in tokens.windows(2) {
        if let [name_token, bang] = pair
            && ["print", "println", "eprint", "eprintln", "dbg"].contains(&name_token.text.as_str())
            && bang.text == "!"
            && !name_token.is_literal
            && !name_token.in_test
        {
            found.push(format!("{name}:{}: `{}!` outside the shells", name_token.line, name_token.text));
        }
    }
    found
}

#[test]
fn these_rules_can_be_broken() {
    assert_eq!(complaints("core/src/x.rs", "//! For x.\nfn x() {}"), Vec::<String>::new());
    assert_eq!(complaints("core/src/x.rs", "fn x() { println!() }").len(), 2);
    assert_eq!(complaints("tests/src/story.rs", "//! S.\nfn x() { eprintln!() }").len(), 1);
    assert_eq!(complaints("cli/src/x.rs", "//! For x.\nfn x() { println!() }"), Vec::<String>::new());
    assert_eq!(complaints("core/tests/x.rs", "//! For x.\nfn x() { println!() }"), Vec::<String>::new());
    let path = ["see /ro", "ot/.cargo"].concat();
    assert_eq!(foreign("README.md", &format!("fine\n{path}")), [format!("README.md:2: {path}")]);
}

/// First cells of the rows of the table under the heading.
fn table(document: &str, heading: &str) -> Vec<Vec<String>> {
    let text = text_of(document).unwrap_or_default();
    text.lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('#'))
        .filter(|line| line.starts_with("| `"))
        .map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect())
        .collect()
}

#[test]
fn the_document_of_formats_lists_exactly_the_kinds_of_the_code() {
    let written = table("docs/formats/README.md", "## Kinds");
    let coded: Vec<Vec<String>> =
        Kind::ALL.iter().map(|kind| [kind.id(), kind.japanese(), kind.english()].map(str::to_owned).to_vec()).collect();
    assert_eq!(written, coded);
}

#[test]
fn the_document_of_formats_lists_the_formats_of_the_code() {
    let written: Vec<String> = table("docs/formats/README.md", "## Formats").into_iter().filter_map(|row| row.into_iter().next()).collect();
    // No `_` arm: a new format must be listed here, and then in the document, before this compiles and passes.
    let listed = |format: FormatId| match format {
        FormatId::Tokutei
        | FormatId::JahisTc
        | FormatId::Fhir
        | FormatId::HealthCard
        | FormatId::SelfInformation
        | FormatId::InsuranceXml
        | FormatId::Entry
        | FormatId::Table
        | FormatId::AppleHealth
        | FormatId::HealthConnect
        | FormatId::Measurements
        | FormatId::HandOverCodes
        | FormatId::Pdf
        | FormatId::PictureDocument => format.id().to_owned(),
    };
    let coded: Vec<String> = FormatId::ALL.iter().copied().map(listed).collect();
    assert!(coded.iter().all(|format| written.contains(format)), "written {written:?}, coded {coded:?}");
}
