//! What a person writes by hand, against the simplest thing that could be right: a list of documents and, worked out from
//! it each time anew, what is shown.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod model;

use std::collections::BTreeMap;

use techo_core::{
    base::{DeviceSecret, Fingerprint, PersonId},
    insight::prepare,
    intake::{Permissions, write_down},
    record::{Author, Body, Coding, Concept, Entry, EntryAct, Event, Fact, Observation, Person, Relation, Sex, Standing, Target, Value},
    terms::Kind,
    transfer,
    vault::{
        ChangesOf, DocumentBody, DocumentId, Erasure, EventToFile, FactId, Filed, Filing, NewSlots, Setting, TimelinePage, Unlock, Vault,
    },
};

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-04-01T09:00:00Z".parse().unwrap()
}

fn fact(item: u8, value: &str) -> Fact {
    Fact {
        kind: Kind::Measurement,
        title: format!("項目{item}"),
        concept: Concept::of(Coding::new("urn:oid:1.2.392.200119.6.1005", format!("item-{item}"))),
        when: None,
        body: Body::Observation(Observation::new(Value::Number { comparator: None, decimal: value.parse().unwrap() })),
        at: format!("entry[{item}]"),
        said_by: None,
        standing: Standing::Understood,
    }
}

fn event(day: u8, facts: Vec<Fact>) -> Event {
    Event {
        kind: Kind::Checkup,
        day: Some(format!("2024-05-{day:02}").parse().unwrap()),
        title: "健診".to_owned(),
        place: None,
        signature: None,
        facts,
    }
}

/// Document `number` of a clinic: two events of two records. Neighbours state the same record of item 1.
fn clinic(number: u8) -> Vec<Event> {
    vec![
        event(1, vec![fact(1, &format!("{}", number / 2)), fact(2, &format!("{number}.5"))]),
        event(2, vec![fact(3, &format!("{number}.25")), fact(1, "7")]),
    ]
}

fn filing(person: PersonId, number: u8) -> Filing {
    let events = clinic(number);
    let prepared = prepare(&events);
    let events = events.into_iter().zip(prepared).map(|(event, prepared)| EventToFile {
        event,
        identities: prepared.identities,
        series: prepared.series.into_iter().map(|line| line.map(|line| (line.key, line.code, line.label))).collect(),
    });
    let bytes = vec![number; 40];
    Filing {
        person,
        fingerprint: Fingerprint::of(&bytes),
        parts: vec![bytes],
        received: now(),
        about: DocumentBody {
            format: "synthetic".to_owned(),
            parser: 1,
            source: None,
            name: None,
            refused: vec![],
            claimed: false,
            original_erased: false,
            consent: None,
            trimmed: None,
            mapping: None,
            given: None,
            slice: None,
        },
        events: events.collect(),
        change: None,
    }
}

struct Notebook {
    home: tempfile::TempDir,
    vault: Vault,
    person: Person,
}

fn secret() -> DeviceSecret {
    DeviceSecret::from_bytes([3; 32])
}

impl Notebook {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&secret()), ..NewSlots::default() }).unwrap();
        let person = Person::new(PersonId::from_bytes([9; 16]), "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap();
        vault.confirm_presence(Unlock::Device(&secret()), now()).unwrap();
        vault.set_setting(Setting::Reauthenticate, false, now()).unwrap();
        vault.add_person(&person, now()).unwrap();
        Self { home, vault, person }
    }

    fn clinic(&self, number: u8) -> DocumentId {
        match self.vault.file(&filing(self.person.id, number)).unwrap() {
            Filed::New { document, .. } | Filed::AlreadyHere { document } => document,
        }
    }

    fn write(&self, act: EntryAct) -> Fingerprint {
        let author = Author { name: "手帳 花子".to_owned(), relation: Relation::Myself };
        let entry = Entry { at: now(), author, reason: Some("確かめた".to_owned()), act };
        write_down(&self.vault, &self.person, entry, Permissions::default()).unwrap().fingerprint
    }

    fn add(&self, value: &str) -> Fingerprint {
        self.write(EntryAct::Add { event: event(3, vec![fact(9, value)]) })
    }

    fn document(&self, fingerprint: Fingerprint) -> Option<DocumentId> {
        self.vault.find_document(self.person.id, fingerprint).unwrap()
    }

    /// Every record that the lists show: day, title, value.
    fn shown(&self) -> Vec<String> {
        let mut out: Vec<String> = self.shown_ids().into_iter().map(|(words, _)| words).collect();
        out.sort();
        out
    }

    fn shown_ids(&self) -> Vec<(String, FactId)> {
        let mut out = Vec::new();
        let mut page = TimelinePage { limit: 100, person: Some(self.person.id), ..TimelinePage::default() };
        loop {
            let lines = self.vault.timeline(&page).unwrap();
            for line in &lines {
                let stored = self.vault.event(line.id).unwrap();
                let mut count = 0;
                for ((fact, (id, same_as)), hidden) in stored.event.facts.iter().zip(&stored.ids).zip(&stored.hidden_facts) {
                    if same_as.is_none() && hidden.is_none() {
                        out.push((words(line.day.unwrap(), fact), *id));
                        count += 1;
                    }
                }
                assert_eq!((count, line.hidden), (line.records, None));
            }
            let Some(last) = lines.last() else { return out };
            page.after = Some(last.id);
        }
    }

    /// The same by search and by history: no list may show what another hides.
    fn is_shown_alike(&self) {
        let shown = self.shown();
        let mut searched: Vec<String> = self
            .vault
            .search("項目", Some(self.person.id), None, 100)
            .unwrap()
            .hits
            .into_iter()
            .filter_map(|hit| hit.record.map(|(_, fact)| words(hit.event.day.unwrap(), &fact)))
            .collect();
        searched.sort();
        assert_eq!(searched, shown, "search");
        let mut charted = Vec::new();
        for (series, points) in self.vault.series_of(self.person.id).unwrap() {
            let history = self.vault.history(self.person.id, &series, None, 100).unwrap();
            assert_eq!(history.len(), usize::try_from(points).unwrap());
            charted.extend(history.into_iter().map(|point| words(point.day.unwrap(), &point.fact)));
        }
        charted.sort();
        assert_eq!(charted, shown, "history");
        let counted = self.vault.record_counts().unwrap();
        assert_eq!(counted[0].1, shown.len() as u64, "counts");
        assert_eq!(self.vault.check_records().unwrap(), Vec::<String>::new());
    }

    fn target_of(&self, words: &str) -> Target {
        let (_, id) = self.shown_ids().into_iter().find(|(shown, _)| shown == words).unwrap();
        self.vault.target_of_record(id).unwrap()
    }

    /// The same notebook out of its own archive.
    fn restored(&self, name: &str) -> Self {
        let archive = self.home.path().join(name).with_extension("techo");
        transfer::export_archive(&self.vault, None, &archive, None, now(), &mut |_| {}).unwrap();
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("vault");
        let device = secret();
        let slots = NewSlots { device: Some(&device), ..NewSlots::default() };
        let told = transfer::restore(&directory, &slots, &archive, None, now(), &mut |_| {}).unwrap();
        assert!(told.people.iter().all(|person| person.root_equal));
        let vault = Vault::open(&directory, Unlock::Device(&device)).unwrap();
        vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
        Self { home, vault, person: self.person.clone() }
    }
}

fn words(day: techo_core::base::PartialDate, fact: &Fact) -> String {
    let Body::Observation(Observation { value: Value::Number { decimal, .. }, .. }) = &fact.body else { unreachable!("numbers alone") };
    format!("{day} {} {decimal}", fact.title)
}

#[test]
fn a_corrected_record_is_shown_in_the_place_of_the_clinics_and_undoing_brings_that_back() {
    let notebook = Notebook::new();
    notebook.clinic(1);
    let before = notebook.shown();
    let target = notebook.target_of("2024-05-01 項目2 1.5");
    let correction = notebook.write(EntryAct::Correct { target, event: event(1, vec![fact(2, "9.00")]) });
    assert!(
        notebook.shown().contains(&"2024-05-01 項目2 9.00".to_owned()) && !notebook.shown().contains(&"2024-05-01 項目2 1.5".to_owned())
    );
    notebook.is_shown_alike();
    let undo = notebook.write(EntryAct::Undo { entry: correction });
    assert_eq!(notebook.shown(), before);
    notebook.write(EntryAct::Undo { entry: undo });
    assert_ne!(notebook.shown(), before);
    let changes = notebook.vault.changes(ChangesOf::Person(notebook.person.id), None, 10).unwrap();
    let told: Vec<(&str, bool, bool)> =
        changes.iter().map(|change| (change.kind.id(), change.undone_by.is_some(), change.waits())).collect();
    assert_eq!(told, [("undo", false, false), ("undo", true, false), ("correct", false, false)]);
}

#[test]
fn a_removed_record_stays_removed_when_another_document_states_it_again() {
    let notebook = Notebook::new();
    notebook.clinic(2);
    let removal = notebook.write(EntryAct::Remove { target: notebook.target_of("2024-05-01 項目1 1") });
    notebook.clinic(3);
    assert!(!notebook.shown().contains(&"2024-05-01 項目1 1".to_owned()));
    notebook.is_shown_alike();
    notebook.write(EntryAct::Undo { entry: removal });
    assert!(notebook.shown().contains(&"2024-05-01 項目1 1".to_owned()));
}

#[test]
fn a_record_that_passes_to_a_removed_event_is_hidden_with_it() {
    let notebook = Notebook::new();
    let first = notebook.clinic(2);
    notebook.clinic(3);
    let (_, other) = notebook.shown_ids().into_iter().find(|(words, _)| words == "2024-05-01 項目2 3.5").unwrap();
    notebook.write(EntryAct::Remove { target: notebook.vault.target_of_event(other.event()).unwrap() });
    assert!(notebook.shown().contains(&"2024-05-01 項目1 1".to_owned()), "the first document states it");
    notebook.vault.erase(Erasure::Document(first), now()).unwrap();
    assert!(!notebook.shown().contains(&"2024-05-01 項目1 1".to_owned()));
    notebook.is_shown_alike();
}
