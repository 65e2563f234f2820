//! Every line has the fields that `docs/formats/README.md` promises, in its order, and values stay as they were written.
#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;

/// The fields that the document lists under a heading, in its order.
fn documented(heading: &str) -> Vec<String> {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formats/README.md")).unwrap();
    let section = document.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with('#'));
    // The first table; another one explains the ids of a field.
    let section = section.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
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
#[expect(clippy::too_many_lines, reason = "one table of all lines")]
fn every_line_has_the_documented_fields_in_their_order() {
    let import = ImportLine {
        file: "",
        format: None,
        document: None,
        already_here: false,
        ready: 0,
        known: 0,
        refused: vec![],
        pending: false,
        items: ItemsLine::default(),
        scan: None,
    };
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
        level: 0,
        sensitive: None,
        attached: vec![],
    };
    let medicine = MedicineLine {
        id: None,
        person: "",
        course: "",
        title: "",
        dose: None,
        usage: None,
        from: None,
        until: None,
        sources: vec![],
        same: vec![],
        unchecked: false,
        hidden: false,
    };
    let history = HistoryLine {
        date: None,
        value: "",
        unit: None,
        code: None,
        method: None,
        document: None,
        series: "",
        id: String::new(),
        home: false,
    };
    let sample = SampleLine {
        id: String::new(),
        person: "",
        date: String::new(),
        quantity: "",
        time: None,
        seconds: 0,
        value: "",
        unit: "",
        written: None,
        source: "",
        document: String::new(),
    };
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
    let person = PersonLine { id: String::new(), name: "", kana: None, former_names: &[], born: String::new(), sex: "", gestation: None };
    let change = ChangeLine {
        entry: String::new(),
        fingerprint: String::new(),
        person: "",
        at: "",
        author: "",
        relation: None,
        change: "",
        reason: None,
        event: None,
        records: vec![],
        target: None,
        undoes: None,
        undone_by: None,
        waits: false,
    };
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
        ("### `show` of a day of measurements (`m…`)", line(&sample)),
        ("### `history`", line(&history)),
        ("### `medicines`", line(&medicine)),
        ("### `verify`", line(&VerifyLine { ok: true, people: vec![], problems: vec![] })),
        (
            "### `export` and `backup`",
            line(&ExportLine { format: "", path: None, people: vec![], not_carried: vec![], characters: vec![] }),
        ),
        ("### `init`", line(&init)),
        ("### `kit`", line(&KitLine { recovery_code: "" })),
        ("### `person add` and `person list`", line(&person)),
        ("### `restore`, and `import` of an archive", line(&RestoreLine { file: String::new(), roots_equal: true, people: vec![root()] })),
        ("### `links`", line(&LinkLine { person: "", class: "", lead: "", event: "", rule: "", edition: 1, via: None, why: "" })),
        ("### `links EVENT`", line(&source)),
        (
            "#### `perhaps` and `story`",
            line(&RelatedLine { event: String::new(), class: "", date: "", title: "", source: None, rule: "", edition: 1, why: "" }),
        ),
        ("### `unlink` and `link`", line(&DecisionLine { done: "", entries: vec![] })),
        ("### `add`, `edit`, `remove`, `undo` and `changes`", line(&change)),
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
    let difference = line(&DifferenceLine { item: "", lead: None, other: None });
    assert_eq!(written(&difference), ["item", "lead", "other"]);
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
        document: Some("1".to_owned()),
        series: "uric-acid",
        id: "r1".to_owned(),
        home: false,
    };
    assert_eq!(
        line(&history),
        r#"{"date":"2024-05","value":"5.60","unit":null,"code":null,"method":null,"document":"1","series":"uric-acid","id":"r1","home":false}"#
    );
}
