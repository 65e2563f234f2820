//! Every command and argument is explained, in both languages, and mistakes are too.
#![expect(clippy::unwrap_used, reason = "tests")]
use std::collections::BTreeSet;

use super::*;
use crate::{args::fields, exit::Exit};

/// Every key the command line asks the table for.
fn asked(command: &Command, path: &str, keys: &mut BTreeSet<String>) {
    keys.insert(path.to_owned());
    for arg in command.get_arguments() {
        let own = format!("{path}.{}", arg.get_id());
        let common = format!("*.{}", arg.get_id());
        // The forms of the core explain their own fields.
        let is_field = ![&own, &common].iter().any(|key| text(key, Language::English).is_some())
            && fields().iter().any(|(field, _)| field.id == arg.get_id().as_str());
        if !is_field {
            keys.insert(if text(&own, Language::English).is_some() { own } else { common });
        }
    }
    for sub in command.get_subcommands() {
        let below = if path == "techo" { sub.get_name().to_owned() } else { format!("{path} {}", sub.get_name()) };
        asked(sub, &below, keys);
    }
}

#[test]
fn every_command_and_argument_is_explained_in_both_languages_and_nothing_else_is() {
    let mut keys = BTreeSet::new();
    asked(&command(Language::Japanese), "techo", &mut keys);
    let written: BTreeSet<String> = TEXTS.iter().map(|(key, ..)| (*key).to_owned()).collect();
    assert_eq!(keys, written);
    assert_eq!(written.len(), TEXTS.len(), "a key stands twice");
    for (key, japanese, english) in TEXTS {
        assert!(!japanese.is_empty() && !japanese.is_ascii(), "{key}");
        assert!(!english.is_empty() && !english.chars().any(|c| matches!(c, 'ぁ'..='ヿ' | '一'..='龥')), "{key}");
    }
}

#[test]
fn the_shape_is_sound() {
    command(Language::English).debug_assert();
    command(Language::Japanese).debug_assert();
}

fn told(line: &str, language: Language) -> (Exit, String) {
    let error = command(language).try_get_matches_from(line.split(' ')).unwrap_err();
    explain(&error, language)
}

#[test]
fn mistakes_are_explained_in_japanese() {
    for (line, part) in [
        ("techo timelin", "「timelin」というコマンドはありません（「timeline」のことですか）"),
        ("techo verify --jsn", "「--jsn」というオプションはありません（「--json」のことですか）"),
        ("techo backup", "足りないものがあります: --out <FILE>"),
        ("techo export --format pdf --out x", "「pdf」は --format"),
        ("techo person add 花子 --born 1980-02-31 --sex female", "「1980-02-31」は --born"),
        ("techo backup --out a --out b", "一度だけ"),
        ("techo backup --out", "値が要ります"),
    ] {
        let (exit, text) = told(line, Language::Japanese);
        assert_eq!(exit, Exit::Usage);
        assert!(text.contains(part), "{line}: {text}");
    }
    assert!(told("techo timelin", Language::English).1.contains("unrecognized subcommand"));
}

#[test]
fn help_is_no_failure_and_is_in_the_language() {
    let (exit, japanese) = told("techo import --help", Language::Japanese);
    assert_eq!(exit, Exit::Done);
    for part in ["受け取ったファイルを取り込む", "使い方:", "入力:", "オプション:", "どのコマンドでも:", "--person <NAME>", "だれの書類か"]
    {
        assert!(japanese.contains(part), "{part} in {japanese}");
    }
    let (_, english) = told("techo --help", Language::English);
    assert!(english.contains("Commands:") && english.contains("Take in files") && !english.contains('手'), "{english}");
}

#[test]
fn the_vault_may_stand_before_or_after_the_command() {
    for line in ["techo --vault x timeline", "techo timeline --vault x", "techo --vault=x timeline"] {
        let matches = command(Language::English).try_get_matches_from(line.split(' ')).unwrap();
        let cli = <Cli as clap::FromArgMatches>::from_arg_matches(&matches).unwrap();
        assert_eq!(cli.global.vault.as_deref(), Some(std::path::Path::new("x")), "{line}");
    }
}
