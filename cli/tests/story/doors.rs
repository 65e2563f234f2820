//! Opening a vault and failing to: each way has its own exit code, says where and what to do, and leaves every byte as
//! it was; with the right bytes back the vault opens.

use std::{fs, io::Write as _};

use crate::notebook::{FAMILY, Notebook, PASSPHRASE, copy, end, family_files, program, text};

fn flip(path: &std::path::Path, place: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[place] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// A vault with a little in it.
fn notebook() -> Notebook {
    let notebook = Notebook::of_the_family();
    let files = family_files("手帳 花子");
    notebook.run(&["import", text(&files[0]), text(&files[1]), "--person", "手帳 花子"]).ok();
    notebook
}

#[test]
fn a_wrong_passphrase_damage_and_a_rollback_are_three_codes_and_touch_nothing() {
    let notebook = notebook();
    let epoch = notebook.epoch();
    let older = fs::read(epoch.join("vault")).unwrap();
    notebook.run(&["import", text(&family_files("手帳 一郎")[0]), "--person", "手帳 一郎"]).ok();
    let before = notebook.bytes();
    let newer = fs::read(epoch.join("vault")).unwrap();
    assert!(older != newer);

    notebook.secret("other", "another passphrase");
    let refused = |code: i32, error: &str, arguments: &[&str]| {
        let bytes = notebook.bytes();
        for language in ["ja", "en"] {
            let said = notebook.run(&[arguments, &["--lang", language, "--json"]].concat()).ended(code);
            assert_eq!(said.error()["error"], error);
            assert!(said.out.is_empty() && said.err.contains("vault"), "the message names the directory: {}", said.err);
        }
        assert!(notebook.bytes() == bytes, "{error}: a failed open changed a file");
    };
    refused(13, "WRONG_PASSPHRASE", &["timeline", "--passphrase-file", "other"]);

    // At open, or by `verify` where nothing that is read at open has changed.
    for place in [40, newer.len() / 2, newer.len() - 40] {
        flip(&epoch.join("vault"), place);
        let bytes = notebook.bytes();
        let said = notebook.run(&["verify", "--json"]).ended(14);
        assert!(said.out.is_empty() || said.line()["problems"][0].as_str().unwrap().contains("page"), "{}", said.out);
        assert!(notebook.bytes() == bytes);
        fs::write(epoch.join("vault"), &newer).unwrap();
    }
    flip(&epoch.join("vault"), 40);
    refused(14, "DAMAGED", &["timeline"]);
    fs::write(epoch.join("vault"), &newer[..newer.len() - 4096]).unwrap();
    refused(14, "DAMAGED", &["verify"]);
    fs::write(epoch.join("vault"), b"").unwrap();
    refused(14, "DAMAGED", &["verify"]);

    fs::write(epoch.join("vault"), &older).unwrap();
    refused(15, "ROLLED_BACK", &["timeline"]);

    fs::write(epoch.join("vault"), &newer).unwrap();
    let anchor = fs::read(epoch.join("anchor")).unwrap();
    fs::remove_file(epoch.join("anchor")).unwrap();
    refused(17, "UNPROVEN", &["timeline"]);
    fs::write(epoch.join("anchor"), anchor).unwrap();

    assert!(notebook.bytes() == before, "everything is as it was");
    let verified = notebook.run(&["verify", "--json"]).ok().line();
    assert_eq!(verified["ok"], true);
}

#[test]
fn one_older_page_never_makes_an_answer_that_is_wrong_in_silence() {
    let notebook = Notebook::of_the_family();
    let files = family_files("手帳 花子");
    let import = |files: &[std::path::PathBuf]| {
        let mut arguments = vec!["import", "--person", "手帳 花子"];
        arguments.extend(files.iter().map(|file| text(file)));
        notebook.run(&arguments).ok();
    };
    import(&files[..7]);
    let vault = notebook.epoch().join("vault");
    let older = fs::read(&vault).unwrap();
    import(&files[7..]);
    let newer = fs::read(&vault).unwrap();
    let whole = notebook.run(&["timeline", "--json"]).ok().out;
    let pages: Vec<usize> = (0..older.len() / 4096).filter(|page| older[page * 4096..][..4096] != newer[page * 4096..][..4096]).collect();
    assert!(pages.len() > 10);
    for (turn, page) in pages.iter().enumerate() {
        let mut stale = newer.clone();
        stale[page * 4096..][..4096].copy_from_slice(&older[page * 4096..][..4096]);
        fs::write(&vault, &stale).unwrap();
        let said = notebook.run(&["timeline", "--json"]);
        assert!([14, 15].contains(&said.code) && said.out.is_empty(), "page {}: exit {} and {}", page + 1, said.code, said.out);
        if turn % 3 == 0 {
            // Page 2 says how far the vault had got; every other one is named.
            let verified = notebook.run(&["verify", "--json"]);
            let is_named = verified.out.contains(&format!("\"page {}: page-replaced\"", page + 1));
            assert!(verified.code == 15 || (verified.code == 14 && is_named), "page {}: {}", page + 1, verified.out);
        }
    }
    fs::write(&vault, &newer).unwrap();
    assert_eq!(notebook.run(&["timeline", "--json"]).ok().out, whole);
}

#[test]
fn a_damaged_vault_can_be_read_and_left_behind_by_name() {
    let notebook = notebook();
    let epoch = notebook.epoch();
    let events = notebook.run(&["timeline", "--json"]).ok().lines();
    let older = fs::read(epoch.join("vault")).unwrap();
    notebook.run(&["person", "add", "手帳 次郎", "--born", "2021-01-01", "--sex", "male"]).ok();
    fs::write(epoch.join("vault"), older).unwrap();

    notebook.run(&["timeline"]).ended(15);
    assert_eq!(notebook.run(&["--rescue", "timeline", "--json"]).ok().lines(), events);
    notebook.run(&["--rescue", "export", "--format", "techo", "--plain", "--out", "rescued.tar"]).ok();
    notebook.run(&["--rescue", "person", "add", "だれか", "--born", "2000-01-01", "--sex", "male"]).ended(27);

    notebook.run(&["accept-loss"]).ended(26);
    notebook.run(&["timeline"]).ended(15);
    assert_eq!(notebook.run(&["accept-loss", "--yes", "--json"]).ok().line()["done"], "accept-loss");
    assert_eq!(notebook.run(&["timeline", "--json"]).ok().lines(), events);
    assert_eq!(notebook.run(&["verify", "--json"]).ok().line()["ok"], true);
    assert!(fs::read_dir(notebook.path("vault/kept")).unwrap().count() == 1, "the damaged files are kept aside");
    // A sound vault has nothing to give up.
    notebook.run(&["accept-loss", "--yes"]).ended(9);

    notebook.run_on("empty", &["init", "--no-keystore"]).ok();
    notebook.run_on("empty", &["import", "rescued.tar"]).ok();
    assert_eq!(notebook.run_on("empty", &["timeline", "--json"]).ok().lines().len(), events.len());
}

#[test]
fn what_is_no_vault_is_called_so_and_nothing_is_made() {
    let notebook = Notebook::nowhere();
    let said = notebook.run(&["timeline", "--json"]).ended(10);
    assert_eq!(said.error()["error"], "VAULT_MISSING");
    fs::create_dir(notebook.path("vault")).unwrap();
    notebook.run(&["timeline"]).ended(10);
    assert!(notebook.bytes().is_empty(), "asking made something");
    notebook.run_on("passphrase", &["timeline"]).ended(21);
    notebook.run(&["init", "--no-keystore"]).ok();
    let before = notebook.bytes();
    notebook.run(&["init", "--no-keystore"]).ended(11);
    assert!(notebook.bytes() == before);
    // Without a place to look there is no vault, and no panic.
    let mut homeless = program(notebook.home.path());
    homeless.env_remove("HOME").args(["timeline", "--passphrase-file", "passphrase"]);
    assert_eq!(end(homeless).code, 10);
}

#[test]
fn a_passphrase_comes_from_a_file_or_the_environment_and_a_given_one_is_the_only_one_tried() {
    let notebook = Notebook::new();
    let from_environment = |passphrase: &str, more: &[&str]| {
        let mut command = program(notebook.home.path());
        command.env("TECHO_PASSPHRASE", passphrase).env("TECHO_VAULT", "vault").args(["person", "list"]).args(more);
        end(command).code
    };
    assert_eq!(from_environment(PASSPHRASE, &[]), 0);
    assert_eq!(from_environment("wrong", &[]), 13);
    assert_eq!(from_environment("wrong", &["--passphrase-file", "passphrase"]), 0);
    let mut unasked = program(notebook.home.path());
    unasked.args(["--vault", "vault", "person", "list", "--json"]);
    assert_eq!(end(unasked).ended(19).error()["error"], "KEY_UNAVAILABLE");
}

#[test]
fn a_new_passphrase_ends_the_old_one_and_the_paper_code_opens_what_nobody_remembers() {
    let notebook = Notebook::nowhere();
    let code = notebook.run(&["init", "--no-keystore", "--json"]).ok().line()["recovery_code"].as_str().unwrap().to_owned();
    notebook.secret("second", "the second one");
    notebook.secret("third", "the third one");
    notebook.run(&["passphrase", "--new-passphrase-file", "second"]).ok();
    notebook.run(&["person", "list"]).ended(13);
    notebook.run(&["person", "list", "--passphrase-file", "second"]).ok();

    // Typed as people type: small letters, spaces instead of dashes.
    let mut groups: Vec<String> = code.to_lowercase().split('-').map(str::to_owned).collect();
    notebook.secret("code", &groups.join(" "));
    let third = if groups[2].starts_with('x') { "y" } else { "x" };
    groups[2].replace_range(..1, third);
    notebook.secret("mistyped", &groups.join("-"));
    let recover = |code: &str| {
        let mut command = program(notebook.home.path());
        command.args(["--vault", "vault", "recover", "--code-file", code, "--new-passphrase-file", "third", "--lang", "en", "--json"]);
        end(command)
    };
    let said = recover("mistyped").ended(13);
    let message = said.error()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("group 3") && !message.contains(&groups[2]), "{message}");
    assert_eq!(recover("code").ok().line()["done"], "recover");
    notebook.run(&["person", "list", "--passphrase-file", "second"]).ended(13);
    notebook.run(&["person", "list", "--passphrase-file", "third"]).ok();
}

/// The other program is one of ours that waits for the rest of its document.
#[cfg(unix)]
#[test]
fn two_programs_are_never_let_in_together() {
    let notebook = Notebook::of_the_family();
    let pipe = notebook.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let first = notebook.command(&["import", "pipe", "--person", FAMILY[0].0, "--json"]).spawn().unwrap();
    // Opening the pipe for writing waits until the first program reads from it, and then it has the vault.
    let mut end_of_pipe = fs::File::options().write(true).open(&pipe).unwrap();
    let bytes = notebook.bytes();
    assert_eq!(notebook.run(&["timeline", "--json"]).ended(12).error()["error"], "VAULT_IN_USE");
    assert!(notebook.bytes() == bytes);
    end_of_pipe.write_all(&fs::read(&family_files(FAMILY[0].0)[0]).unwrap()).unwrap();
    drop(end_of_pipe);
    assert!(first.wait_with_output().unwrap().status.success());
    assert!(!notebook.run(&["timeline", "--json"]).ok().lines().is_empty());
}

#[test]
fn a_vault_that_was_copied_while_closed_is_the_same_vault() {
    let notebook = notebook();
    copy(&notebook.path("vault"), &notebook.path("copy"));
    let verified = notebook.run(&["verify", "--json"]).ok().line();
    assert_eq!(notebook.run_on("copy", &["verify", "--json"]).ok().line(), verified);
}
