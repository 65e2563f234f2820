//! What leaves of an event that several sources tell, of what is kept hidden, and of what no format has a place for.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{fs, path::PathBuf};

use serde_json::Value as Json;
use techo_core::{
    base::{DeviceSecret, Fingerprint, PersonId},
    formats::{NotCarried, health_card::KeySet},
    insight::prepare,
    intake::{Incoming, Permissions, reconcile, take_in, write_down},
    present::Language,
    record::{Author, Body, Coding, Concept, Entry, EntryAct, Event, Fact, Observation, Person, Relation, Sex, Standing, Unit, Value},
    terms::Kind,
    transfer::{self, Choice, Exported, Progress, TransferError},
    vault::{DocumentBody, DocumentId, EventId, EventToFile, Filing, NewSlots, TimelinePage, Unlock, Vault},
};

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-04-01T09:00:00Z".parse().unwrap()
}

fn quiet(_: Progress) {}

struct Notebook {
    home: tempfile::TempDir,
    vault: Vault,
    taro: Person,
}

impl Notebook {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let device = DeviceSecret::from_bytes([5; 32]);
        let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
        vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
        let taro = Person::new(PersonId::from_bytes([3; 16]), "手帳 太郎", "2019-06-20".parse().unwrap(), Sex::Male).unwrap();
        vault.add_person(&taro, now()).unwrap();
        Self { home, vault, taro }
    }

    fn take(&self, text: &str) -> DocumentId {
        let mut taken = None;
        let file = Incoming { bytes: text.as_bytes(), name: Some("file"), now: now() };
        take_in(&self.vault, &self.taro, file, &KeySet::new(now().timestamp()), Permissions::default(), &mut |outcome| {
            taken = Some(outcome.result.unwrap().document.unwrap());
        });
        taken.unwrap()
    }

    /// Files events as a document of this format states them.
    fn file(&self, format: &str, events: Vec<Event>) -> DocumentId {
        let prepared = prepare(&events);
        let events = events.into_iter().zip(prepared).map(|(event, prepared)| EventToFile {
            event,
            identities: prepared.identities,
            series: prepared.series.into_iter().map(|line| line.map(|line| (line.key, line.code, line.label))).collect(),
        });
        let original = format!("original of {format}").into_bytes();
        let fingerprint = Fingerprint::of(&original);
        let about = DocumentBody {
            format: format.to_owned(),
            parser: 1,
            source: None,
            name: None,
            refused: Vec::new(),
            claimed: false,
            original_erased: false,
            consent: None,
            trimmed: None,
            mapping: None,
            given: None,
            slice: None,
        };
        let events = events.collect();
        let filing = Filing { person: self.taro.id, fingerprint, parts: vec![original], received: now(), about, events, change: None };
        self.vault.file(&filing).unwrap();
        self.vault.find_document(self.taro.id, fingerprint).unwrap().unwrap()
    }

    fn out(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn fhir(&self, choice: &Choice<'_>) -> (Exported, Vec<Json>) {
        let out = self.out("fhir.json");
        let done = transfer::export_fhir(&self.vault, choice, &out, now(), &mut quiet).unwrap();
        let bundle: Json = serde_json::from_slice(&fs::read(out).unwrap()).unwrap();
        let entries = bundle["entry"].as_array().into_iter().flatten();
        (done, entries.map(|entry| entry["resource"].clone()).collect())
    }

    fn csv(&self, choice: &Choice<'_>) -> (Exported, Vec<Vec<String>>) {
        let out = self.out("table.csv");
        let done = transfer::export_csv(&self.vault, choice, &out, Language::Japanese, now(), &mut quiet).unwrap();
        let mut rows = csv::Reader::from_path(out).unwrap();
        (done, rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect())
    }

    fn lead(&self) -> EventId {
        let lines = self.vault.timeline(&TimelinePage { limit: 100, ..TimelinePage::default() }).unwrap();
        assert_eq!(lines.len(), 1);
        lines[0].id
    }

    fn fingerprint(&self, document: DocumentId) -> String {
        self.vault.document(document).unwrap().fingerprint.to_string()
    }
}

fn of_type<'r>(resources: &'r [Json], kind: &str) -> Vec<&'r Json> {
    resources.iter().filter(|resource| resource["resourceType"] == kind).collect()
}

fn missing(done: &Exported, reason: NotCarried) -> u64 {
    done.not_carried.iter().filter(|one| one.reason == reason).map(|one| one.records).sum()
}

const TOWN: &str = r#"{"見本県見本市":{"予防接種情報":{"氏名":"手帳　太郎","生年月日":"20190620","性別":"1","接種履歴":[{"接種年月日":"R020702","ワクチン名":"MR（麻しん・風しん）","ロット番号":"MR05A","接種回数":"1","実施医療機関名":"みほん小児科"}]}}}"#;
const CLINIC: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"p","name":[{"text":"手帳 太郎"}],"birthDate":"2019-06-20","gender":"male"}},
    {"resource":{"resourceType":"Immunization","status":"completed","vaccineCode":{"text":"麻しん風しん混合ワクチン"},"patient":{"reference":"Patient/p"},"occurrenceDateTime":"2020-07-02","lotNumber":"MR05A"}}]}"#;

#[test]
fn an_event_of_two_sources_leaves_once_and_names_the_original_of_the_other() {
    for order in [[TOWN, CLINIC], [CLINIC, TOWN]] {
        let notebook = Notebook::new();
        let originals: Vec<String> = order.iter().map(|file| notebook.fingerprint(notebook.take(file))).collect();
        let (lead, all) = (notebook.lead(), Choice::of(Some(notebook.taro.id)));
        let behind = notebook.vault.links(None, None, 100).unwrap()[0].event;

        let (done, resources) = notebook.fhir(&all);
        let doses = of_type(&resources, "Immunization");
        assert_eq!((doses.len(), done.records()), (1, 1));
        assert_eq!(doses[0]["vaccineCode"]["text"], "MR（麻しん・風しん）", "the town leads");
        let provenance = of_type(&resources, "Provenance");
        assert_eq!(provenance.len(), 1);
        for original in &originals {
            assert!(provenance[0]["entity"].to_string().contains(original), "{original}");
        }
        assert_eq!(missing(&done, NotCarried::OtherSource), 1, "what the clinic says of it");

        let (done, rows) = notebook.csv(&all);
        assert_eq!((rows.len(), done.records(), missing(&done, NotCarried::OtherSource)), (1, 1, 1));
        assert!(originals.iter().all(|original| rows[0].join("\n").contains(original)), "{rows:?}");

        let out = notebook.out("phr");
        let done = transfer::export_phr(&notebook.vault, &all, &out, now(), &mut quiet).unwrap();
        let text = fs::read_to_string(out).unwrap();
        assert_eq!((done.records(), text.matches("\"resourceType\":\"Immunization\"").count()), (1, 1));
        assert!(originals.iter().all(|original| text.contains(original)));

        // Named alone it leaves alone; with the leading one it stays behind that.
        for (events, vaccine) in [(vec![behind], "麻しん風しん混合ワクチン"), (vec![lead, behind], "MR（麻しん・風しん）")]
        {
            let choice = Choice { events: &events, ..all };
            let (_, resources) = notebook.fhir(&choice);
            let doses = of_type(&resources, "Immunization");
            assert_eq!((doses.len(), &doses[0]["vaccineCode"]["text"]), (1, &Json::from(vaccine)));
            assert_eq!(notebook.csv(&choice).1.len(), 1);
        }
    }
}

fn measured(code: &str, value: &str, unit: &str) -> Fact {
    let mut body = Observation::new(Value::Number { comparator: None, decimal: value.parse().unwrap() });
    body.unit = Some(Unit { shown: unit.to_owned(), ucum: Some(unit.to_owned()) });
    Fact {
        kind: Kind::Measurement,
        title: code.to_owned(),
        concept: Concept::of(Coding::new("1.2.392.200119.6.1005", code)),
        when: None,
        body: Body::Observation(body),
        at: code.to_owned(),
        said_by: None,
        standing: Standing::Understood,
    }
}

fn checkup(facts: Vec<Fact>) -> Event {
    let (day, place) = (Some("2025-04-20".parse().unwrap()), Some("みほん小児科".to_owned()));
    Event { kind: Kind::Checkup, day, title: "健診".to_owned(), place, signature: None, facts }
}

#[test]
fn a_value_that_the_telling_behind_had_stated_first_leaves_with_the_leading_one() {
    let notebook = Notebook::new();
    let same = || vec![measured("9N001000000000001", "112.3", "cm"), measured("9A751000000000001", "98", "mm[Hg]")];
    let behind = [same(), vec![measured("9N006000000000001", "18.52", "kg"), measured("9N016160100000001", "51.0", "cm")]].concat();
    notebook.file("fhir-r4", vec![checkup(behind)]);
    notebook.file("tokutei-xml", vec![checkup([same(), vec![measured("9N006000000000001", "18.5", "kg")]].concat())]);
    assert_eq!(reconcile(&notebook.vault).unwrap().linked, 1);
    let everything = Choice::of(Some(notebook.taro.id));
    let (done, resources) = notebook.fhir(&everything);
    let mut values: Vec<String> = of_type(&resources, "Observation").iter().map(|one| one["valueQuantity"]["value"].to_string()).collect();
    values.sort();
    assert_eq!(values, ["112.3", "18.5", "98"]);
    // The other weight and the waist stay behind, and are counted; what both say is there.
    assert_eq!((done.records(), missing(&done, NotCarried::OtherSource)), (3, 2));
    assert_eq!(notebook.csv(&everything).1.len(), 3);
    // The archive carries all of it.
    let archive = notebook.out("family.techo");
    transfer::export_archive(&notebook.vault, None, &archive, None, now(), &mut quiet).unwrap();
    let device = DeviceSecret::from_bytes([5; 32]);
    let slots = NewSlots { device: Some(&device), ..NewSlots::default() };
    let restored = transfer::restore(&notebook.out("again"), &slots, &archive, None, now(), &mut quiet).unwrap();
    assert!(restored.people.iter().all(|person| person.root_equal && person.records == 5), "{restored:?}");
}

#[test]
fn what_is_kept_hidden_leaves_when_it_is_asked_for_and_what_was_removed_never_does() {
    let notebook = Notebook::new();
    notebook
        .file("fhir-r4", vec![checkup(vec![measured("9N001000000000001", "112.3", "cm"), measured("9N006000000000001", "18.5", "kg")])]);
    let second = Event { day: Some("2024-04-20".parse().unwrap()), ..checkup(vec![measured("9N001000000000001", "105.5", "cm")]) };
    let third = Event { day: Some("2023-04-20".parse().unwrap()), ..checkup(vec![measured("9N001000000000001", "98.5", "cm")]) };
    notebook.file("tokutei-xml", vec![second, third]);
    let lines = notebook.vault.timeline(&TimelinePage { limit: 100, ..TimelinePage::default() }).unwrap();
    let [first, second, third] = &lines[..] else { unreachable!() };
    let author = Author { name: "手帳 花子".to_owned(), relation: Relation::Parent };
    let hide = |act: EntryAct, minutes: i64| {
        let entry = Entry { at: now() + chrono::TimeDelta::minutes(minutes), author: author.clone(), reason: None, act };
        write_down(&notebook.vault, &notebook.taro, entry, Permissions::default()).unwrap()
    };
    let weight = notebook.vault.event(first.id).unwrap().ids[1].0;
    hide(EntryAct::KeepHidden { target: notebook.vault.target_of_record(weight).unwrap() }, 1);
    hide(EntryAct::KeepHidden { target: notebook.vault.target_of_event(second.id).unwrap() }, 2);
    hide(EntryAct::Remove { target: notebook.vault.target_of_event(third.id).unwrap() }, 3);
    let all = Choice::of(Some(notebook.taro.id));
    for (choice, written) in [(all, 1), (Choice { with_hidden: true, ..all }, 3)] {
        assert_eq!((notebook.fhir(&choice).0.records(), notebook.csv(&choice).0.records()), (written, written));
    }
    // The newest day first, also among what no list shows.
    let days: Vec<String> = notebook.csv(&Choice { with_hidden: true, ..all }).1.into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(days, ["2025-04-20", "2025-04-20", "2024-04-20"]);
}

#[test]
fn where_nothing_has_a_place_no_file_is_made_and_it_says_why() {
    let notebook = Notebook::new();
    notebook.take(TOWN);
    let all = Choice::of(Some(notebook.taro.id));
    let before = fs::read_dir(notebook.home.path()).unwrap().count();
    for write in [transfer::export_checkups, transfer::export_notebook] {
        let Err(TransferError::NothingToWrite { not_carried }) = write(&notebook.vault, &all, &notebook.out("nothing"), now(), &mut quiet)
        else {
            unreachable!("there was something to write")
        };
        assert_eq!(
            not_carried.iter().map(|one| (one.kind, one.reason, one.records)).collect::<Vec<_>>(),
            [(Kind::Vaccination, NotCarried::NoPlace, 1)]
        );
    }
    assert_eq!(fs::read_dir(notebook.home.path()).unwrap().count(), before);
}

#[test]
fn words_with_a_unit_keep_its_code_through_fhir_and_phr() {
    let notebook = Notebook::new();
    let mut words = measured("9N001000000000001", "1", "cm");
    for (value, ucum) in [("およそ 30", Some("mL/min")), ("30 くらい", Some("ml/min/1.73m2")), ("測れず", None)] {
        words.body = Body::Observation(Observation {
            unit: Some(Unit { shown: "mL/分".to_owned(), ucum: ucum.map(str::to_owned) }),
            ..Observation::new(Value::Text(value.to_owned()))
        });
        let mut bytes = Vec::new();
        let origin =
            techo_core::formats::fhir::Origin { document: Fingerprint::of(b"document"), received: now(), source: None, others: Vec::new() };
        let event = checkup(vec![words.clone()]);
        techo_core::formats::fhir::write_collection(&notebook.taro, [(&event, &origin)], &mut bytes).unwrap();
        let back = techo_core::formats::fhir::read(&bytes).unwrap();
        let (Body::Observation(came), Body::Observation(went)) = (&back.events[0].facts[0].body, &words.body) else { unreachable!() };
        assert_eq!((&came.unit, &came.value), (&went.unit, &went.value));
    }
}
