//! The simplest thing that could be right: a list of documents and, worked out from it each time anew, what is shown. Whatever
//! is done, the notebook shows the same.

use proptest::prelude::*;

use super::*;

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
