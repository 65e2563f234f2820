//! What the program says: the fields of its JSON lines, nothing but them on standard output, errors on standard error,
//! help in both languages.

use std::{fs, io::Read as _};

use serde_json::Value;

use crate::notebook::{FAMILY, Notebook, end, family_files, fields, fixture, program, text};

#[test]
fn every_command_writes_the_documented_fields_and_nothing_else() {
    let notebook = Notebook::nowhere();
    let sorted = |names: &str| {
        let mut names: Vec<String> = names.split(' ').map(str::to_owned).collect();
        names.sort();
        names
    };
    let check = |arguments: &[&str], names: &str| -> Value {
        let said = notebook.run(&[arguments, &["--json"]].concat()).ok();
        assert!(said.err.is_empty(), "{arguments:?}: {}", said.err);
        let lines = said.lines();
        assert!(!lines.is_empty(), "{arguments:?}");
        for line in &lines {
            assert_eq!(fields(line), sorted(names), "{arguments:?}");
        }
        lines[0].clone()
    };
    let people = "person records root";
    check(&["init", "--no-keystore"], "vault recovery_code keystore");
    let person =
        check(&["person", "add", FAMILY[0].0, "--born", FAMILY[0].2, "--sex", FAMILY[0].3], "id name kana former_names born sex gestation");
    check(&["person", "list"], "id name kana former_names born sex gestation");
    let checkup = fixture("family/hanako-tokutei-2024.xml");
    let import = "file format document already_here ready known refused pending items scan";
    let looked = check(
        &["import", "--look", text(&checkup)],
        "file format person fits from until kinds records refused already_here digits missing archive",
    );
    assert_eq!((&looked["fits"], &looked["person"], &looked["already_here"]), (&"one".into(), &FAMILY[0].0.into(), &false.into()));
    let document = check(&["import", text(&checkup), "--person", FAMILY[0].0], import);
    assert_eq!(document["ready"], looked["records"], "looking tells what the import does");
    check(&["import", text(&checkup), "--person", FAMILY[0].0], import);
    let event = check(&["timeline"], "id person date kind title records source document linked");
    let record = "id person date kind title value unit code system source document place standing level sensitive attached";
    let id = check(&["show", event["id"].as_str().unwrap()], record)["id"].as_str().unwrap().to_owned();
    check(&["show", &id], record);
    check(&["search", "血圧"], record);
    let value = check(&["history", "体重"], "date value unit code method document series id home");
    assert!(value["value"].is_string(), "a measured value is a string");
    let verified = check(&["verify"], "ok people problems");
    assert_eq!(fields(&verified["people"][0]), sorted(people));
    let exported = check(&["export", "--format", "csv", "--out", "a.csv"], "format path people not_carried characters");
    assert_eq!(fields(&exported["people"][0]), sorted(people));
    check(&["backup", "--out", "a.age"], "format path people not_carried characters");
    check(&["erase", "record", &id, "--yes"], "erased id records cannot_reach");
    check(&["erase", "document", document["document"].as_str().unwrap(), "--yes"], "erased id records cannot_reach");
    check(&["erase", "person", person["id"].as_str().unwrap(), "--yes"], "erased id records cannot_reach");
    check(&["import", "a.age"], "file roots_equal people");
    check(&["ledger"], "number at act people words detail");
    check(&["ledger", "--verify"], "ok entries head broken");
    check(&["ledger", "--export", "a.jsonl"], "format path people not_carried characters");
    check(&["settings"], "setting on value at");
    check(&["legal"], "text version title paragraphs");
    #[cfg(feature = "stand-in")]
    check(&["portal-stand-in", "--cards"], "id name kana born sex pin proxy_for");
    check(&["passphrase", "--new-passphrase-file", "passphrase"], "done");
}

#[test]
fn a_photo_of_a_code_is_looked_at_and_taken_in_and_one_without_a_code_is_told_as_such() {
    let notebook = Notebook::of_the_family();
    let photo = fixture("jahis/photo.png");
    let looked = notebook.run(&["import", "--look", text(&photo)]).ok();
    assert!(looked.out.contains("電子版お薬手帳") && looked.out.contains(FAMILY[0].0), "{}", looked.out);
    assert!(notebook.run(&["timeline", "--json"]).ok().out.is_empty(), "nothing was taken in");
    let taken = notebook.run(&["import", text(&photo), "--person", FAMILY[0].0, "--json"]).ok();
    assert_eq!((&taken.line()["format"], &taken.line()["pending"]), (&"jahis-tc".into(), &false.into()));
    let blank = fixture("jahis/photo-without-code.png");
    for arguments in [vec!["import", "--look", text(&blank)], vec!["import", text(&blank), "--person", FAMILY[0].0]] {
        let said = notebook.run(&arguments).ended(4);
        assert!(format!("{}{}", said.out, said.err).contains("QRコード"), "{}{}", said.out, said.err);
    }
}

#[test]
fn json_never_pages_and_errors_are_json_on_standard_error() {
    let notebook = Notebook::of_the_family();
    notebook.import_family();
    let mut paged = notebook.command(&["timeline", "--json"]);
    paged.env("PAGER", "false");
    assert!(!end(paged).ok().lines().is_empty());
    for (arguments, code) in [
        (vec!["show", "r9zzzz"], 9),
        (vec!["show", "nonsense"], 9),
        (vec!["history", "存在しない項目", "--person", FAMILY[0].0], 9),
        (vec!["history", "体重"], 2),
        (vec!["timeline", "--person", "だれでもない"], 9),
        (vec!["timeline", "--kind", "nonsense"], 2),
        (vec!["person", "add", FAMILY[0].0, "--born", FAMILY[0].2, "--sex", FAMILY[0].3], 28),
        (vec!["import", text(&family_files(FAMILY[0].0)[0])], 2),
        (vec!["export", "--format", "csv", "--out", "no/such/folder.csv"], 21),
        (vec!["erase", "record", "r9zzzz", "--yes"], 9),
        (vec!["frobnicate"], 2),
    ] {
        let said = notebook.run(&[arguments.as_slice(), &["--json"]].concat()).ended(code);
        if arguments[0] == "import" {
            assert_eq!(said.line()["ready"], 0, "a refused file has its line");
        } else {
            assert!(said.out.is_empty(), "{arguments:?}: {}", said.out);
            assert!(said.error()["message"].as_str().unwrap().len() > 3);
        }
    }
}

#[test]
fn a_reader_that_goes_away_early_is_no_error() {
    let notebook = Notebook::of_the_family();
    notebook.import_family();
    for arguments in [vec!["timeline"], vec!["timeline", "--json"], vec!["search", "見本"], vec!["person", "list"]] {
        let mut child = notebook.command(&arguments).spawn().unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn help_mentions_every_command_in_both_languages() {
    let home = Notebook::nowhere();
    let commands = [
        "init",
        "person",
        "import",
        "fetch",
        "timeline",
        "show",
        "history",
        "search",
        "add",
        "edit",
        "remove",
        "undo",
        "changes",
        "links",
        "unlink",
        "link",
        "medicines",
        "hide",
        "unhide",
        "sensitive",
        "attach",
        "export",
        "backup",
        "restore",
        "erase",
        "ledger",
        "consents",
        "withdraw",
        "settings",
        "legal",
        "verify",
        "accept-loss",
        "recover",
        "passphrase",
        "demo",
        #[cfg(feature = "stand-in")]
        "portal-stand-in",
    ];
    let help = |arguments: &[&str]| {
        let mut command = program(home.home.path());
        command.args(arguments);
        end(command).ok().out
    };
    let (japanese, english) = (help(&["--help"]), help(&["--help", "--lang", "en"]));
    for command in commands {
        let listed = |text: &str| text.lines().any(|line| line.trim_start().starts_with(&format!("{command} ")));
        assert!(listed(&japanese) && listed(&english), "{command}");
        let (japanese, english) = (help(&[command, "--help"]), help(&[command, "--help", "--lang", "en"]));
        assert!(japanese.contains("使い方") && !english.chars().any(|c| matches!(c, 'ぁ'..='ヿ' | '一'..='龥')), "{command}: {english}");
    }
    // A locale is enough.
    let mut command = program(home.home.path());
    command.env("LANG", "en_GB.UTF-8").arg("--help");
    assert_eq!(end(command).ok().out, english);
    // The vault may stand before or after the command, and a mistake is explained in the language.
    let mut mistake = program(home.home.path());
    mistake.args(["timelin"]);
    assert!(end(mistake).ended(2).err.contains("timeline"));
    assert!(fs::read_dir(home.home.path()).unwrap().count() == 1, "help makes nothing");
}

#[test]
fn settings_are_shown_and_changed_and_the_texts_are_agreed_to_by_version() {
    let notebook = Notebook::of_the_family();
    let line = |name: &str| -> Value {
        let lines = notebook.run(&["settings", "--json"]).ok().lines();
        lines.into_iter().find(|line| line["setting"] == name).unwrap()
    };
    for name in ["hide_values", "secure_screen", "notifications"] {
        assert_eq!(line(name)["on"], true, "{name}");
        notebook.run(&["settings", &name.replace('_', "-"), "off"]).ok();
        assert_eq!(line(name)["on"], false, "{name}");
    }
    assert_eq!(line("lock_after")["value"], 5);
    notebook.run(&["settings", "lock-after", "15"]).ok();
    notebook.run(&["settings", "lock-after", "7"]).ended(2);
    assert_eq!(line("lock_after")["value"], 15);
    assert_eq!((&line("agreed_terms")["on"], &line("agreed_terms")["at"]), (&false.into(), &Value::Null));
    let terms = notebook.run(&["legal", "terms", "--json"]).ok().line();
    assert!(notebook.run(&["settings", "agree", "terms"]).ok().out.contains("同意しました"));
    assert_eq!((&line("agreed_terms")["value"], &line("agreed_terms")["on"]), (&terms["version"], &true.into()));
    let told = notebook.run(&["ledger"]).ok().out;
    for part in ["値をぼかし、触れたときだけ見せる」を「切」", "15 分さわらなければ閉じる", "利用規約（第 1 版）に同意しました"]
    {
        assert!(told.contains(part), "{told}");
    }
}
