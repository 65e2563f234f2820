//! What a person writes by hand, against the simplest thing that could be right: a list of documents and, worked out from
//! it each time anew, what is shown.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;
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

/// The model: documents in their order, each with what it still states.
#[derive(Clone, Debug)]
struct Paper {
    fingerprint: Fingerprint,
    /// By the event's place: words of its records.
    events: BTreeMap<u32, Vec<String>>,
    /// What an entry does; none for a clinic's paper.
    does: Option<Does>,
}

#[derive(Clone, Debug, PartialEq)]
enum Does {
    Nothing,
    Hide { document: Fingerprint, position: u32, words: Option<String> },
    Undo(Fingerprint),
}

#[derive(Clone, Debug, Default)]
struct Model(Vec<Paper>);

impl Model {
    fn counts(&self, paper: &Paper) -> bool {
        !self.0.iter().any(|other| other.does == Some(Does::Undo(paper.fingerprint)) && self.counts(other))
    }

    fn is_hidden(&self, hidden: &Paper, position: u32, words: Option<&str>) -> bool {
        self.0.iter().filter(|paper| self.counts(paper)).any(|paper| {
            paper.does.as_ref().is_some_and(|does| {
                matches!(does, Does::Hide { document, position: at, words: of }
                if *document == hidden.fingerprint && *at == position && of.as_deref() == words)
            })
        })
    }

    fn shown(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut first: BTreeMap<&str, (&Paper, u32)> = BTreeMap::new();
        let mut hidden: BTreeMap<&str, bool> = BTreeMap::new();
        for paper in &self.0 {
            for (position, records) in &paper.events {
                for words in records {
                    if paper.does.is_some() {
                        let is_hidden = self.is_hidden(paper, *position, None) || self.is_hidden(paper, *position, Some(words));
                        if self.counts(paper) && !is_hidden {
                            out.push(words.clone());
                        }
                        continue;
                    }
                    first.entry(words).or_insert((paper, *position));
                    *hidden.entry(words).or_default() |= self.is_hidden(paper, *position, Some(words));
                }
            }
        }
        for (words, (paper, position)) in first {
            if !hidden[words] && !self.is_hidden(paper, position, None) {
                out.push(words.to_owned());
            }
        }
        out.sort();
        out
    }

    /// Decisions about something that goes, go; the records of a correction stay, and are all that is left of it.
    fn forget(&mut self, is_about_it: impl Fn(&Does) -> bool) {
        let mut gone = Vec::new();
        for paper in &mut self.0 {
            if paper.does.as_ref().is_some_and(&is_about_it) {
                if paper.events.values().all(Vec::is_empty) {
                    gone.push(paper.fingerprint);
                } else {
                    paper.does = Some(Does::Nothing);
                }
            }
        }
        for fingerprint in gone {
            self.erase(fingerprint);
        }
    }

    fn erase(&mut self, gone: Fingerprint) {
        self.0.retain(|paper| paper.fingerprint != gone);
        self.forget(|does| match does {
            Does::Hide { document, .. } => *document == gone,
            Does::Undo(entry) => *entry == gone,
            Does::Nothing => false,
        });
    }

    fn erase_record(&mut self, owner: Fingerprint, gone: &str) {
        let is_entry = self.0.iter().any(|paper| paper.fingerprint == owner && paper.does.is_some());
        let fits = |paper: &Paper| if is_entry { paper.fingerprint == owner } else { paper.does.is_none() };
        let mut lost = Vec::new();
        for paper in self.0.iter_mut().filter(|paper| fits(paper)) {
            for (position, records) in &mut paper.events {
                if records.iter().any(|words| words == gone) {
                    records.retain(|words| words != gone);
                    lost.push((paper.fingerprint, *position, Some(gone.to_owned())));
                    if records.is_empty() {
                        lost.push((paper.fingerprint, *position, None));
                    }
                    if paper.does.is_some() {
                        paper.does = Some(Does::Nothing);
                    }
                }
            }
        }
        self.forget(|does| match does {
            Does::Hide { document, position, words } => lost.contains(&(*document, *position, words.clone())),
            Does::Undo(_) | Does::Nothing => false,
        });
    }
}

#[derive(Clone, Debug)]
enum Step {
    File(u8),
    Add(u8),
    Correct(u8, u8),
    CorrectEvent(u8, u8),
    Remove(u8),
    RemoveEvent(u8),
    RemoveUnseen(u8),
    Undo(u8),
    EraseDocument(u8),
    EraseRecord(u8),
    LockAndOpen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0_u8..6).prop_map(Step::File),
        2 => any::<u8>().prop_map(Step::Add),
        3 => any::<(u8, u8)>().prop_map(|(pick, value)| Step::Correct(pick, value)),
        1 => any::<(u8, u8)>().prop_map(|(pick, value)| Step::CorrectEvent(pick, value)),
        3 => any::<u8>().prop_map(Step::Remove),
        2 => any::<u8>().prop_map(Step::RemoveEvent),
        1 => (0_u8..6).prop_map(Step::RemoveUnseen),
        6 => any::<u8>().prop_map(Step::Undo),
        2 => any::<u8>().prop_map(Step::EraseDocument),
        2 => any::<u8>().prop_map(Step::EraseRecord),
        1 => Just(Step::LockAndOpen),
    ];
    proptest::collection::vec(step, 1..24)
}

fn clinic_paper(number: u8) -> Paper {
    let events = clinic(number).into_iter().map(|event| event.facts.iter().map(|fact| words(event.day.unwrap(), fact)).collect());
    Paper { fingerprint: Fingerprint::of(&[number; 40]), events: (0..).zip(events).collect(), does: None }
}

/// How the first record of a clinic's document is named, also in a notebook that does not have it yet.
fn unseen(number: u8) -> Target {
    let scratch = Notebook::new();
    scratch.clinic(number);
    scratch.target_of(&clinic_paper(number).events[&0][1])
}

fn picked<T: Clone>(all: &[T], pick: u8) -> Option<T> {
    all.get(usize::from(pick) % all.len().max(1)).cloned()
}

impl Notebook {
    /// Where a shown record stands: its document and place.
    fn place(&self, id: FactId) -> (Fingerprint, u32) {
        let stored = self.vault.event(id.event()).unwrap();
        (self.vault.document(stored.document).unwrap().fingerprint, stored.position)
    }

    fn step(&mut self, model: &mut Model, step: &Step) {
        let shown = self.shown_ids();
        match step {
            Step::File(number) => {
                self.clinic(*number);
                let paper = clinic_paper(*number);
                if !model.0.iter().any(|other| other.fingerprint == paper.fingerprint) {
                    model.0.push(paper);
                }
            }
            Step::Add(value) => {
                let fingerprint = self.add(&value.to_string());
                let said = vec![format!("2024-05-03 項目9 {value}")];
                model.0.push(Paper { fingerprint, events: BTreeMap::from([(0, said)]), does: Some(Does::Nothing) });
            }
            Step::Correct(pick, value) => {
                let Some((record, id)) = picked(&shown, *pick) else { return };
                let (document, position) = self.place(id);
                let target = self.vault.target_of_record(id).unwrap();
                let fingerprint = self.write(EntryAct::Correct { target, event: event(4, vec![fact(8, &value.to_string())]) });
                let events = BTreeMap::from([(0, vec![format!("2024-05-04 項目8 {value}")])]);
                model.0.push(Paper { fingerprint, events, does: Some(Does::Hide { document, position, words: Some(record) }) });
            }
            Step::CorrectEvent(pick, value) => {
                let Some((_, id)) = picked(&shown, *pick) else { return };
                let (document, position) = self.place(id);
                let target = self.vault.target_of_event(id.event()).unwrap();
                let facts = vec![fact(8, &value.to_string()), fact(7, "1")];
                let fingerprint = self.write(EntryAct::Correct { target, event: event(5, facts) });
                let events = BTreeMap::from([(0, vec![format!("2024-05-05 項目8 {value}"), "2024-05-05 項目7 1".to_owned()])]);
                model.0.push(Paper { fingerprint, events, does: Some(Does::Hide { document, position, words: None }) });
            }
            Step::Remove(pick) => {
                let Some((record, id)) = picked(&shown, *pick) else { return };
                let (document, position) = self.place(id);
                let fingerprint = self.write(EntryAct::Remove { target: self.vault.target_of_record(id).unwrap() });
                let does = Some(Does::Hide { document, position, words: Some(record) });
                model.0.push(Paper { fingerprint, events: BTreeMap::new(), does });
            }
            Step::RemoveEvent(pick) => {
                let Some((_, id)) = picked(&shown, *pick) else { return };
                let (document, position) = self.place(id);
                let fingerprint = self.write(EntryAct::Remove { target: self.vault.target_of_event(id.event()).unwrap() });
                model.0.push(Paper { fingerprint, events: BTreeMap::new(), does: Some(Does::Hide { document, position, words: None }) });
            }
            Step::RemoveUnseen(number) => {
                let target = unseen(*number);
                let fingerprint = self.write(EntryAct::Remove { target });
                let words = Some(clinic_paper(*number).events[&0][1].clone());
                let does = Some(Does::Hide { document: target.document, position: 0, words });
                model.0.push(Paper { fingerprint, events: BTreeMap::new(), does });
            }
            Step::Undo(pick) => {
                let entries: Vec<Paper> = model.0.iter().filter(|paper| paper.does.is_some()).cloned().collect();
                let Some(undone) = picked(&entries, *pick) else { return };
                let fingerprint = self.write(EntryAct::Undo { entry: undone.fingerprint });
                model.0.push(Paper { fingerprint, events: BTreeMap::new(), does: Some(Does::Undo(undone.fingerprint)) });
            }
            Step::EraseDocument(pick) => {
                let Some(paper) = picked(&model.0, *pick) else { return };
                self.vault.erase(Erasure::Document(self.document(paper.fingerprint).unwrap()), now()).unwrap();
                model.erase(paper.fingerprint);
            }
            Step::EraseRecord(pick) => {
                let Some((record, id)) = picked(&shown, *pick) else { return };
                let (owner, _) = self.place(id);
                self.vault.erase(Erasure::Record(id), now()).unwrap();
                model.erase_record(owner, &record);
            }
            Step::LockAndOpen => {
                self.vault.lock();
                self.vault = Vault::open(&self.home.path().join("vault"), Unlock::Device(&secret())).unwrap();
                self.vault.confirm_presence(Unlock::Device(&secret()), now()).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn what_is_shown_is_what_the_documents_say_in_any_order_of_changes(steps in steps()) {
        let mut notebook = Notebook::new();
        let mut model = Model::default();
        for step in steps {
            notebook.step(&mut model, &step);
            prop_assert_eq!(notebook.shown(), model.shown(), "after {:?}", step);
        }
        notebook.is_shown_alike();
        let here: Vec<Fingerprint> = notebook.vault.documents(None).unwrap().iter().map(|document| document.fingerprint).collect();
        prop_assert_eq!(here, model.0.iter().map(|paper| paper.fingerprint).collect::<Vec<_>>());
        let restored = notebook.restored("copy");
        prop_assert_eq!(restored.shown(), model.shown(), "out of the archive");
        restored.is_shown_alike();
    }
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
