//! The JSON lines of the command line, field for field as `docs/formats/README.md` promises. A measured value is a
//! string, because a number would lose its last zero.

mod fetch;
mod links;
mod steps;

use serde::Serialize;

#[cfg(feature = "stand-in")]
pub(crate) use fetch::{CardLine, StandInLine};
pub(crate) use fetch::{ConsentLine, LedgerCheckLine, LedgerLine, LegalLine, SettingLine, WishLine, WithdrawLine};
pub(crate) use links::{DecisionLine, LinkLine, RelatedLine, SourceLine};
pub(crate) use steps::{
    AnswerStep, AtStep, BegunStep, BrowseStep, ChangedLine, DoneStep, EndedStep, ForeignStep, GroupLine, MissingLine, QuestionStep,
    RequestStep, UnfinishedStep, WaitStep,
};

/// A document that was taken in, refused, or waits for its other parts.
#[derive(Debug, Serialize)]
pub(crate) struct ImportLine<'a> {
    pub(crate) file: &'a str,
    pub(crate) format: Option<&'a str>,
    pub(crate) document: Option<String>,
    pub(crate) already_here: bool,
    pub(crate) ready: u64,
    /// Of the ready ones, records that another document had stated.
    pub(crate) known: u64,
    pub(crate) refused: Vec<RefusedLine>,
    pub(crate) pending: bool,
}

/// A document that was only looked at: `import --look`.
#[derive(Debug, Serialize)]
pub(crate) struct LookLine<'a> {
    pub(crate) file: &'a str,
    pub(crate) format: Option<&'a str>,
    /// Who of the notebook it is about, where that is one person.
    pub(crate) person: Option<&'a str>,
    /// `one`, `several`, `nobody` or `unstated`.
    pub(crate) fits: Option<&'static str>,
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) kinds: std::collections::BTreeMap<&'static str, u32>,
    pub(crate) records: u32,
    pub(crate) refused: Vec<RefusedLine>,
    pub(crate) already_here: bool,
    /// Where twelve digits stand that could be a My Number.
    pub(crate) digits: Option<&'a str>,
    /// The parts that are missing of a split document.
    pub(crate) missing: &'a [u32],
    pub(crate) archive: bool,
}

/// Something that was not taken, without any value in it.
#[derive(Debug, Serialize)]
pub(crate) struct RefusedLine {
    pub(crate) place: String,
    pub(crate) reason: String,
}

/// An event.
#[derive(Debug, Serialize)]
pub(crate) struct TimelineLine<'a> {
    pub(crate) id: String,
    pub(crate) person: &'a str,
    pub(crate) date: Option<&'a str>,
    pub(crate) kind: &'a str,
    pub(crate) title: &'a str,
    pub(crate) records: u64,
    pub(crate) source: Option<&'a str>,
    pub(crate) document: String,
    /// How many other tellings of it stand behind it.
    pub(crate) linked: u32,
}

/// A record: `show` and `search`.
#[derive(Debug, Serialize)]
pub(crate) struct RecordLine<'a> {
    pub(crate) id: String,
    pub(crate) person: &'a str,
    pub(crate) date: Option<&'a str>,
    pub(crate) kind: &'a str,
    pub(crate) title: &'a str,
    pub(crate) value: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) system: Option<&'a str>,
    pub(crate) source: Option<&'a str>,
    pub(crate) document: String,
    /// Where it stands in the original.
    pub(crate) place: Option<&'a str>,
    /// `understood`, `not_understood` or `quarantined`.
    pub(crate) standing: &'a str,
}

/// A value of a history.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryLine<'a> {
    pub(crate) date: Option<&'a str>,
    pub(crate) value: &'a str,
    pub(crate) unit: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) method: Option<&'a str>,
    pub(crate) document: String,
    /// Values of one series can be compared with each other and with no other's.
    pub(crate) series: &'a str,
}

/// A person's records and their root.
#[derive(Debug, Serialize)]
pub(crate) struct RootLine {
    pub(crate) person: String,
    pub(crate) records: u64,
    pub(crate) root: String,
}

/// What `verify` found.
#[derive(Debug, Serialize)]
pub(crate) struct VerifyLine {
    pub(crate) ok: bool,
    pub(crate) people: Vec<RootLine>,
    pub(crate) problems: Vec<String>,
}

/// A file that was written: `export` and `backup`.
#[derive(Debug, Serialize)]
pub(crate) struct ExportLine<'a> {
    pub(crate) format: &'a str,
    pub(crate) path: String,
    pub(crate) people: Vec<RootLine>,
}

/// A vault that was made: `init`. The recovery code is told once and never again.
#[derive(Debug, Serialize)]
pub(crate) struct InitLine<'a> {
    pub(crate) vault: String,
    pub(crate) recovery_code: &'a str,
    pub(crate) keystore: bool,
}

/// A recovery kit that was made: `kit`. The code is told once and never again.
#[derive(Debug, Serialize)]
pub(crate) struct KitLine<'a> {
    pub(crate) recovery_code: &'a str,
}

/// A person: `person add` and `person list`.
#[derive(Debug, Serialize)]
pub(crate) struct PersonLine<'a> {
    pub(crate) id: String,
    pub(crate) name: &'a str,
    pub(crate) kana: Option<&'a str>,
    pub(crate) former_names: &'a [String],
    pub(crate) born: String,
    pub(crate) sex: &'a str,
}

/// A vault that was made from a backup, or people that came with an archive: `restore`, and `import` of an archive.
#[derive(Debug, Serialize)]
pub(crate) struct RestoreLine {
    pub(crate) file: String,
    pub(crate) roots_equal: bool,
    pub(crate) people: Vec<RootLine>,
}

/// What was erased, and where copies remain that Techo cannot reach: `erase`.
#[derive(Debug, Serialize)]
pub(crate) struct EraseLine<'a> {
    pub(crate) erased: &'a str,
    pub(crate) id: &'a str,
    pub(crate) records: u64,
    pub(crate) cannot_reach: Vec<String>,
}

/// Done, with nothing more to say: `passphrase`, `recover`, `accept-loss`.
#[derive(Debug, Serialize)]
pub(crate) struct DoneLine<'a> {
    pub(crate) done: &'a str,
}

/// An error, on standard error.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorLine<'a> {
    pub(crate) error: &'a str,
    pub(crate) exit: u8,
    pub(crate) message: &'a str,
}

/// The line, without its end.
pub(crate) fn line<T: Serialize>(value: &T) -> String {
    // These structures hold text, numbers and lists of them, which always have a JSON form.
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// The fields that the document lists under a heading, in its order.
    fn documented(heading: &str) -> Vec<String> {
        let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formats/README.md")).unwrap();
        let section = document.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with('#'));
        section.filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned())).collect()
    }

    /// The fields as written, in the order of the text.
    fn written(line: &str) -> Vec<String> {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut fields: Vec<(usize, String)> =
            value.as_object().unwrap().keys().map(|key| (line.find(&format!("\"{key}\":")).unwrap(), key.clone())).collect();
        fields.sort();
        fields.into_iter().map(|(_, key)| key).collect()
    }

    fn root() -> RootLine {
        RootLine { person: String::new(), records: 0, root: String::new() }
    }

    fn consent() -> ConsentLine<'static> {
        ConsentLine {
            id: String::new(),
            person: None,
            standing: "",
            basis: None,
            actor: None,
            purpose: None,
            operator: None,
            items: vec![],
            granted: vec![],
            declined: vec![],
            asked: None,
            answered: None,
            begun: None,
            ended: None,
            withdrawn: None,
            documents: vec![],
        }
    }

    #[test]
    fn every_step_of_a_fetch_has_the_documented_fields_in_their_order() {
        let consent = String::new;
        let lines = [
            (
                "#### `unfinished`",
                line(&UnfinishedStep { step: "", consent: consent(), person: "", begun: String::new(), expires: String::new() }),
            ),
            (
                "#### `request`",
                line(&RequestStep {
                    step: "",
                    consent: consent(),
                    person: "",
                    basis: "",
                    actor: None,
                    purpose: "",
                    items: vec![],
                    operator: "",
                    contact: "",
                    services: &[],
                    surplus: vec![],
                    relay_seconds: 0,
                }),
            ),
            (
                "#### `answer`",
                line(&AnswerStep { step: "", consent: consent(), granted: vec![], declined: vec![], services: &[], surplus: vec![] }),
            ),
            ("#### `started` and `resumed`", line(&BegunStep { step: "", consent: consent(), rounds: 1, expires: String::new() })),
            ("#### `at`", line(&AtStep { step: "", consent: consent(), round: 1, rounds: 1, at: "" })),
            ("#### `browse`", line(&BrowseStep { step: "", consent: consent(), round: 1, rounds: 1, leg: "", url: "" })),
            ("#### `foreign`", line(&ForeignStep { step: "", consent: consent() })),
            ("#### `question`", line(&QuestionStep { step: "", consent: consent(), asked: "", text: "" })),
            ("#### `wait`", line(&WaitStep { step: "", consent: consent(), seconds: 1, why: "" })),
            (
                "#### `done`",
                line(&DoneStep {
                    step: "",
                    consent: consent(),
                    documents: vec![],
                    known_documents: vec![],
                    new: 0,
                    already_here: 0,
                    changed: vec![],
                    refused: vec![],
                    groups: vec![],
                    missing: None,
                }),
            ),
            ("#### `ended`", line(&EndedStep { step: "", consent: consent(), reason: "", code: None })),
        ];
        for (heading, line) in lines {
            assert_eq!(documented(heading), written(&line), "{heading}");
        }
        let changed =
            ChangedLine { title: String::new(), date: None, new: String::new(), new_value: None, old: String::new(), old_value: None };
        assert_eq!(written(&line(&changed)), ["title", "date", "new", "new_value", "old", "old_value"]);
        assert_eq!(written(&line(&GroupLine { name: "", item: "", returned: 0, kept: 0 })), ["name", "item", "returned", "kept"]);
        assert_eq!(written(&line(&MissingLine { items: vec![], reason: "" })), ["items", "reason"]);
        assert_eq!(written(&line(&WishLine { item: "", from: None, until: None })), ["item", "from", "until"]);
    }

    #[test]
    fn every_line_has_the_documented_fields_in_their_order() {
        let import =
            ImportLine { file: "", format: None, document: None, already_here: false, ready: 0, known: 0, refused: vec![], pending: false };
        let timeline = TimelineLine {
            id: String::new(),
            person: "",
            date: None,
            kind: "",
            title: "",
            records: 0,
            source: None,
            document: String::new(),
            linked: 0,
        };
        let record = RecordLine {
            id: String::new(),
            person: "",
            date: None,
            kind: "",
            title: "",
            value: None,
            unit: None,
            code: None,
            system: None,
            source: None,
            document: String::new(),
            place: None,
            standing: "",
        };
        let history = HistoryLine { date: None, value: "", unit: None, code: None, method: None, document: String::new(), series: "" };
        let source = SourceLine {
            event: String::new(),
            leads: true,
            date: None,
            title: "",
            source: None,
            format: "",
            standing: "",
            rule: None,
            edition: None,
            via: None,
            why: None,
            differences: vec![],
        };
        let init = InitLine { vault: String::new(), recovery_code: "", keystore: false };
        let person = PersonLine { id: String::new(), name: "", kana: None, former_names: &[], born: String::new(), sex: "" };
        let lines = [
            (
                "### `import --look`",
                line(&LookLine {
                    file: "",
                    format: None,
                    person: None,
                    fits: None,
                    from: None,
                    until: None,
                    kinds: std::collections::BTreeMap::new(),
                    records: 0,
                    refused: vec![],
                    already_here: false,
                    digits: None,
                    missing: &[],
                    archive: false,
                }),
            ),
            ("### `import`", line(&import)),
            ("### `timeline`", line(&timeline)),
            ("### `show` and `search`", line(&record)),
            ("### `history`", line(&history)),
            ("### `verify`", line(&VerifyLine { ok: true, people: vec![], problems: vec![] })),
            ("### `export` and `backup`", line(&ExportLine { format: "", path: String::new(), people: vec![] })),
            ("### `init`", line(&init)),
            ("### `kit`", line(&KitLine { recovery_code: "" })),
            ("### `person add` and `person list`", line(&person)),
            (
                "### `restore`, and `import` of an archive",
                line(&RestoreLine { file: String::new(), roots_equal: true, people: vec![root()] }),
            ),
            ("### `links`", line(&LinkLine { person: "", class: "", lead: "", event: "", rule: "", edition: 1, via: None, why: "" })),
            ("### `links EVENT`", line(&source)),
            (
                "#### `perhaps` and `story`",
                line(&RelatedLine { event: String::new(), class: "", date: "", title: "", source: None, rule: "", edition: 1, why: "" }),
            ),
            ("### `unlink` and `link`", line(&DecisionLine { done: "", entries: vec![] })),
            ("### `erase`", line(&EraseLine { erased: "", id: "", records: 0, cannot_reach: vec![] })),
            ("### `ledger`", line(&LedgerLine { number: 1, at: "", act: "", people: vec![], words: "", detail: None })),
            ("### `ledger --verify`", line(&LedgerCheckLine { ok: true, entries: 0, head: None, broken: None })),
            ("### `consents`", line(&consent())),
            (
                "### `withdraw`",
                line(&WithdrawLine {
                    id: "",
                    was_already: false,
                    documents: 0,
                    records: 0,
                    erased: false,
                    running_fetch_ended: false,
                    relay_told: None,
                    cannot_reach: vec![],
                }),
            ),
            ("### `settings`", line(&SettingLine { setting: "", on: None, value: None, at: None })),
            ("### `legal`", line(&LegalLine { text: "", version: 1, title: "", paragraphs: vec![] })),
            #[cfg(feature = "stand-in")]
            ("### `portal-stand-in`", line(&StandInLine { profile: "", spki_digests: "", pin: "" })),
            #[cfg(feature = "stand-in")]
            (
                "### `portal-stand-in --cards`",
                line(&CardLine { id: "", name: "", kana: "", born: String::new(), sex: "", pin: "", proxy_for: vec![] }),
            ),
            ("### `passphrase`, `recover`, `accept-loss`", line(&DoneLine { done: "" })),
        ];
        for (heading, line) in lines {
            assert_eq!(documented(heading), written(&line), "{heading}");
        }
        let refused = line(&RefusedLine { place: String::new(), reason: String::new() });
        assert_eq!(written(&refused), ["place", "reason"]);
        assert_eq!(written(&line(&root())), ["person", "records", "root"]);
        assert_eq!(written(&line(&ErrorLine { error: "", exit: 0, message: "" })), ["error", "exit", "message"]);
    }

    #[test]
    fn a_measured_value_stays_as_it_was_written_and_a_missing_one_is_null() {
        let history = HistoryLine {
            date: Some("2024-05"),
            value: "5.60",
            unit: None,
            code: None,
            method: None,
            document: "1".to_owned(),
            series: "uric-acid",
        };
        assert_eq!(
            line(&history),
            r#"{"date":"2024-05","value":"5.60","unit":null,"code":null,"method":null,"document":"1","series":"uric-acid"}"#
        );
    }
}
