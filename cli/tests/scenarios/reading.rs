//! Reads the scenario files. Strict: what a step says beside its verb must be what that verb takes, so that no expectation
//! is lost by a slip of the pen.

use std::{fs, path::PathBuf};

use serde::Deserialize;
use techo_core::present::{Language, TroubleKind};
use toml::Table;

/// The verbs and what each takes; a `?` where it can be left out.
const VERBS: &[(&str, &[&str])] = &[
    ("start", &["passphrase"]),
    ("unlock", &["passphrase"]),
    ("lock", &[]),
    ("recover", &["new_passphrase"]),
    ("make_kit", &[]),
    ("people", &[]),
    ("add_person", &["name", "kana?", "born", "sex"]),
    ("look", &["file"]),
    ("import", &["file", "person", "anyway?", "digits_checked?", "confirm_table?", "document_title?", "on?"]),
    ("timeline", &["person?", "kind?"]),
    ("open_record", &["title", "nth?"]),
    ("history", &["person", "asked"]),
    ("search", &["words", "person?"]),
    ("add_entry", &["person", "kind", "fields", "author?", "relation?", "confirmed?"]),
    ("edit", &["title", "nth?", "fields", "reason?"]),
    ("remove", &["title", "nth?", "reason?"]),
    ("undo", &["person"]),
    ("changes", &["person"]),
    ("links", &["title", "nth?"]),
    ("unlink", &["title", "nth?", "reason?"]),
    ("open_day", &["person", "asked", "date"]),
    ("medicines", &["person", "on", "hidden?"]),
    ("hide", &["title", "nth?", "reason?"]),
    ("mark_sensitive", &["title", "nth?", "reason?"]),
    ("attach", &["title", "nth?", "file", "document_title"]),
    ("vaccines", &["person", "on"]),
    ("due", &["person", "on"]),
    ("growth", &["person", "reference?", "uncorrected?"]),
    ("explain", &["title", "nth?"]),
    ("forgets", &["person?", "on"]),
    ("board", &["on"]),
    ("clinic", &["person", "occasion?", "items?", "sensitive?", "doctor?", "on"]),
    ("report", &["person", "occasion?", "items?", "sensitive?", "doctor?", "on"]),
    ("write_card", &["person", "fields"]),
    ("card", &["person"]),
    ("set_card", &["person", "state"]),
    ("codes", &["person", "as"]),
    ("export", &["format", "person?", "passphrase?"]),
    ("backup", &["passphrase"]),
    ("restore", &["passphrase"]),
    ("erase", &["title?", "document_of?", "person?"]),
    ("ledger", &[]),
    ("consents", &[]),
    ("withdraw", &["erase?"]),
    ("settings", &[]),
    ("set", &["setting", "on"]),
    ("fetch", &["person", "items", "acts_as?", "actor?", "grant?", "citizen"]),
    ("damage", &["how"]),
    ("accept_loss", &["passphrase"]),
    ("verify", &[]),
];

/// A story.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// The file's name without its ending.
    pub(crate) name: String,
    /// What it tells, in Japanese.
    ja: String,
    /// And in English.
    en: String,
    language: Spoken,
    /// `town`: relay and stand-in.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    #[serde(rename = "step")]
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Copy, Deserialize)]
enum Spoken {
    #[serde(rename = "ja")]
    Japanese,
    #[serde(rename = "en")]
    English,
}

/// What a person does, and what they see then.
#[derive(Deserialize)]
pub(crate) struct Step {
    /// The verb.
    #[serde(rename = "do")]
    pub(crate) verb: String,
    /// Each stands in one of the lines that are seen.
    #[serde(default)]
    pub(crate) sees: Vec<String>,
    /// None of these stands in any.
    #[serde(default)]
    pub(crate) sees_not: Vec<String>,
    /// The id of the trouble that it ends with.
    pub(crate) fails: Option<String>,
    #[serde(flatten)]
    arguments: Table,
}

impl Scenario {
    pub(crate) const fn language(&self) -> Language {
        match self.language {
            Spoken::Japanese => Language::Japanese,
            Spoken::English => Language::English,
        }
    }
}

impl Step {
    /// An argument that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.arguments.get(name).map(|value| value.as_str().unwrap_or_else(|| panic!("{name} of {} is no text", self.verb)))
    }

    /// An argument that must be there.
    pub(crate) fn needed(&self, name: &str) -> &str {
        self.text(name).unwrap_or_else(|| panic!("{} without {name}", self.verb))
    }

    /// A switch; off where it is not there.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.arguments.get(name).is_some_and(|value| value.as_bool().unwrap_or_else(|| panic!("{name} of {} is no yes or no", self.verb)))
    }

    /// A number, counted from 1; 1 where it is not there.
    pub(crate) fn nth(&self) -> usize {
        self.arguments.get("nth").map_or(1, |value| value.as_integer().and_then(|nth| nth.try_into().ok()).expect("nth is a number"))
    }

    /// Fields of a form with what is typed into them.
    pub(crate) fn fields(&self) -> Vec<(&str, &str)> {
        let fields =
            self.arguments.get("fields").and_then(|value| value.as_table()).unwrap_or_else(|| panic!("{} without fields", self.verb));
        fields.iter().map(|(id, text)| (id.as_str(), text.as_str().expect("a text"))).collect()
    }

    /// A list of texts.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<&str>> {
        let list = self.arguments.get(name)?.as_array().unwrap_or_else(|| panic!("{name} of {} is no list", self.verb));
        Some(list.iter().map(|value| value.as_str().expect("a text")).collect())
    }

    fn check(&self) {
        let (_, takes) = VERBS.iter().find(|(verb, _)| *verb == self.verb).unwrap_or_else(|| panic!("no such verb: {}", self.verb));
        for name in self.arguments.keys() {
            let is_taken = takes.iter().any(|taken| taken.trim_end_matches('?') == name);
            assert!(is_taken, "{} takes no {name}", self.verb);
        }
        for name in takes.iter().filter(|name| !name.ends_with('?')) {
            assert!(self.arguments.contains_key(*name), "{} without {name}", self.verb);
        }
        if let Some(id) = &self.fails {
            assert!(TroubleKind::ALL.iter().any(|kind| kind.id() == id), "no such trouble: {id}");
        }
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios")
}

/// The scenario of this name.
pub(crate) fn scenario(name: &str) -> Scenario {
    let file = folder().join(name).with_extension("toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let scenario: Scenario = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert_eq!(scenario.name, name, "a scenario is named as its file is");
    assert!(!scenario.ja.is_empty() && !scenario.en.is_empty(), "{name} does not say what it tells");
    assert!(scenario.needs.iter().all(|need| need == "town"), "{name} needs something nobody has");
    scenario.steps.iter().for_each(Step::check);
    let expects = |step: &Step| !step.sees.is_empty() || !step.sees_not.is_empty() || step.fails.is_some();
    assert!(scenario.steps.iter().any(expects), "{name} expects nothing");
    scenario
}

/// The names of all scenarios, in order of the alphabet.
pub(crate) fn names() -> Vec<String> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|ending| ending == "toml"));
    let mut names: Vec<String> = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort_by_key(|name| name.replace('-', "_"));
    names
}
