//! The same event from several sources in a real vault: shown once, both kept, taken apart by the person and never put
//! together again against their word; whatever comes, goes, is read anew or travels in an archive.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use techo_core::{
    base::{DeviceSecret, Fingerprint, Passphrase, PersonId},
    formats::health_card::KeySet,
    insight::prepare,
    intake::{Deciding, Incoming, Permissions, join, keep_apart, reconcile, reread, take_in},
    present::{self, Language},
    record::{Author, Person, Relation, Sex},
    transfer,
    vault::{DocumentBody, DocumentId, Erasure, EventId, EventToFile, Filed, Filing, NewSlots, TimelinePage, Unlock, Vault, VaultError},
};

const JA: Language = Language::Japanese;

struct Notebook {
    home: tempfile::TempDir,
    vault: Vault,
    taro: Person,
}

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-04-01T09:00:00Z".parse().unwrap()
}

fn later(minutes: i64) -> chrono::DateTime<chrono::Utc> {
    now() + chrono::TimeDelta::minutes(minutes)
}

fn person(number: u8, name: &str) -> Person {
    Person::new(PersonId::from_bytes([number; 16]), name, "2019-06-20".parse().unwrap(), Sex::Male).unwrap()
}

fn deciding(minutes: i64) -> Deciding {
    let author = Author { name: "手帳 花子".to_owned(), relation: Relation::Parent };
    Deciding { author, reason: Some("母子手帳で確かめた".to_owned()), now: later(minutes) }
}

impl Notebook {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let device = DeviceSecret::from_bytes([5; 32]);
        let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
        vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
        let taro = person(3, "手帳 太郎");
        vault.add_person(&taro, now()).unwrap();
        Self { home, vault, taro }
    }

    /// Takes a file of the portal in as the person would.
    fn take(&self, bytes: &[u8]) -> DocumentId {
        let mut taken = None;
        let file = Incoming { bytes, name: Some("file"), now: now() };
        take_in(&self.vault, &self.taro, file, &KeySet::new(now().timestamp()), Permissions::default(), &mut |outcome| {
            taken = Some(outcome.result.unwrap().document.unwrap());
        });
        taken.unwrap()
    }

    /// The timeline: id, name and how many stand behind it.
    fn shown(&self) -> Vec<(EventId, String, u32)> {
        let page = TimelinePage { limit: 100, ..TimelinePage::default() };
        self.vault.timeline(&page).unwrap().into_iter().map(|line| (line.id, line.title, line.linked)).collect()
    }

    fn is_whole(&self) {
        let verification = self.vault.verify().unwrap();
        assert!(verification.ok, "{:?}", verification.problems);
        assert_eq!(self.vault.check_records().unwrap(), Vec::<String>::new());
        // Nothing is due, and working it out once more changes nothing.
        let before = self.vault.links(None, None, 100).unwrap();
        reconcile(&self.vault).unwrap();
        assert_eq!(self.vault.links(None, None, 100).unwrap(), before);
        assert!(self.vault.links_due().unwrap().1.is_empty());
    }
}

/// What a town tells of one dose.
fn town(vaccine: &str, day: &str, lot: &str, place: &str) -> Vec<u8> {
    let person = r#""氏名":"手帳　太郎","生年月日":"20190620","性別":"1""#;
    let dose =
        format!(r#"{{"接種年月日":"{day}","ワクチン名":"{vaccine}","ロット番号":"{lot}","接種回数":"1","実施医療機関名":"{place}"}}"#);
    format!(r#"{{"見本県見本市":{{"予防接種情報":{{{person},"接種履歴":[{dose}]}}}}}}"#).into_bytes()
}

/// The same as an institution's FHIR tells it.
fn clinic(vaccine: &str, day: &str, lot: &str) -> Vec<u8> {
    let patient =
        r#"{"resource":{"resourceType":"Patient","id":"p","name":[{"text":"手帳 太郎"}],"birthDate":"2019-06-20","gender":"male"}}"#;
    let dose = format!(
        r#"{{"resource":{{"resourceType":"Immunization","status":"completed","vaccineCode":{{"text":"{vaccine}"}},"patient":{{"reference":"Patient/p"}},"occurrenceDateTime":"{day}","lotNumber":"{lot}"}}}}"#
    );
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{patient},{dose}]}}"#).into_bytes()
}

const MR_TOWN: (&str, &str, &str, &str) = ("MR（麻しん・風しん）", "R020702", "MR05A", "みほん小児科");

fn mr_town() -> Vec<u8> {
    town(MR_TOWN.0, MR_TOWN.1, MR_TOWN.2, MR_TOWN.3)
}

fn mr_clinic() -> Vec<u8> {
    clinic("麻しん風しん混合ワクチン", "2020-07-02", "MR05A")
}

#[test]
fn the_same_dose_from_town_and_clinic_is_shown_once_with_both_a_tap_away() {
    for order in [[0, 1], [1, 0]] {
        let notebook = Notebook::new();
        let files = [mr_town(), mr_clinic()];
        let documents: Vec<DocumentId> = order.iter().map(|at| notebook.take(&files[*at])).collect();
        let shown = notebook.shown();
        assert_eq!((shown.len(), shown[0].1.as_str(), shown[0].2), (1, MR_TOWN.0, 1), "the town's record leads, whatever came first");
        let same = present::same_event(&notebook.vault, shown[0].0, JA).unwrap();
        assert_eq!((same.sources.len(), same.questions.len(), same.stories.len()), (2, 0, 0));
        let [lead, other] = &same.sources[..] else { unreachable!() };
        assert!(lead.leads && lead.standing.contains("市区町村") && lead.link.is_none());
        let link = other.link.as_ref().unwrap();
        assert_eq!((link.rule.as_str(), link.edition, link.via), ("dose", 1, None));
        assert!(link.why.contains("ロット"));
        let differs: Vec<(&str, Option<&str>, Option<&str>)> =
            other.differences.iter().map(|one| (one.item.as_str(), one.lead.as_deref(), one.other.as_deref())).collect();
        assert!(differs.contains(&("医療機関", Some("みほん小児科"), None)), "{differs:?}");
        assert!(differs.iter().any(|(item, lead, other)| item.ends_with("回数") && *lead == Some("1") && other.is_none()), "{differs:?}");
        // Seen from the other side it is the same.
        assert_eq!(present::same_event(&notebook.vault, other.event, JA).unwrap(), same);
        // Both originals are there.
        assert!(documents.iter().all(|document| !notebook.vault.original(*document).unwrap().is_empty()));
        // A word that only the one behind has leads to the one that is shown.
        let (hits, _) = present::search(&notebook.vault, "麻しん風しん混合ワクチン", None, None, 100, JA).unwrap();
        assert_eq!(hits.iter().map(|hit| hit.event).collect::<Vec<_>>(), [lead.event]);
        let (hits, _) = present::search(&notebook.vault, "MR05A", None, None, 100, JA).unwrap();
        assert_eq!(hits.len(), 1, "one dose, one hit");
        notebook.is_whole();
    }
}

#[test]
fn a_third_source_joins_and_twins_never_do() {
    let notebook = Notebook::new();
    notebook.take(&mr_town());
    notebook.take(&mr_clinic());
    let again = String::from_utf8(mr_clinic()).unwrap().replace("MR05A", "ＭＲ０５Ａ").replace("麻しん風しん混合ワクチン", "MR");
    notebook.take(again.as_bytes());
    assert_eq!(notebook.shown().iter().map(|line| line.2).collect::<Vec<_>>(), [2]);
    // The twin brother's dose of the same lot on the same day is another person's.
    let jiro = person(4, "手帳 次郎");
    notebook.vault.add_person(&jiro, now()).unwrap();
    let twin = String::from_utf8(mr_town()).unwrap().replace("太郎", "次郎");
    let file = Incoming { bytes: twin.as_bytes(), name: None, now: now() };
    take_in(&notebook.vault, &jiro, file, &KeySet::new(0), Permissions::default(), &mut |outcome| drop(outcome.result.unwrap()));
    assert_eq!(notebook.shown().len(), 2);
    let of = |id| notebook.vault.event(id).unwrap().person;
    for link in notebook.vault.links(None, None, 100).unwrap() {
        assert_eq!(of(link.event), of(link.lead));
    }
    notebook.is_whole();
}

#[test]
fn the_persons_word_holds_against_new_documents_rereading_and_an_archive() {
    let notebook = Notebook::new();
    let town = notebook.take(&mr_town());
    let clinic = notebook.take(&mr_clinic());
    let lead = notebook.shown()[0].0;
    let entries = keep_apart(&notebook.vault, lead, None, &deciding(1)).unwrap();
    assert_eq!(entries.len(), 1);
    let apart = |vault: &Vault| {
        let page = TimelinePage { limit: 100, ..TimelinePage::default() };
        let lines = vault.timeline(&page).unwrap();
        (lines.len(), lines.iter().map(|line| line.linked).sum::<u32>(), vault.links(None, None, 100).unwrap().len())
    };
    assert_eq!(apart(&notebook.vault), (2, 0, 0), "two events, no link, and nobody asks again");
    // A later document fits both: it cannot glue them, and whose it is the person is asked.
    let again = String::from_utf8(mr_clinic()).unwrap().replace("MR05A", "MR-05A");
    notebook.take(again.as_bytes());
    assert_eq!(apart(&notebook.vault), (3, 0, 2));
    let classes: Vec<String> = notebook.vault.links(None, None, 100).unwrap().into_iter().map(|link| link.class).collect();
    assert_eq!(classes, ["perhaps", "perhaps"]);
    notebook.is_whole();
    let documents = notebook.vault.documents(None).unwrap();
    for document in documents.iter().filter(|document| document.about.format == "fhir-r4") {
        // A better reader: the records of the document are filed anew.
        let stored: Vec<_> = {
            let mut events = Vec::new();
            notebook
                .vault
                .each_event_of::<VaultError>(document.id, |event| {
                    events.push(event.event);
                    Ok(())
                })
                .unwrap();
            events
        };
        notebook.vault.refile(document.id, &to_file(stored)).unwrap();
    }
    reread(&notebook.vault, &KeySet::new(0)).unwrap();
    reconcile(&notebook.vault).unwrap();
    assert_eq!(apart(&notebook.vault), (3, 0, 2));
    notebook.is_whole();
    // Into another vault, and back into a new one.
    let path = notebook.home.path().join("all.techo");
    let passphrase = Passphrase::new("みほんの合言葉 2026").unwrap();
    transfer::export_archive(&notebook.vault, None, &path, Some(&passphrase), now(), &mut |_| {}).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let device = DeviceSecret::from_bytes([6; 32]);
    let other = Vault::create(&elsewhere.path().join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
    transfer::import_archive(&other, &path, Some(&passphrase), now(), &mut |_| {}).unwrap();
    assert_eq!(apart(&other), (3, 0, 2));
    // And the person may change their mind: the later word counts.
    let page = TimelinePage { limit: 100, ..TimelinePage::default() };
    let of = |document| notebook.vault.timeline(&page).unwrap().iter().find(|line| line.document == document).unwrap().id;
    join(&notebook.vault, of(town), of(clinic), deciding(10)).unwrap();
    assert_eq!(apart(&notebook.vault).0, 1);
    let same = present::same_event(&notebook.vault, notebook.shown()[0].0, JA).unwrap();
    assert!(same.sources.iter().any(|source| source.link.as_ref().is_some_and(|link| link.rule == "person")), "{same:?}");
    notebook.is_whole();
}

fn to_file(events: Vec<techo_core::record::Event>) -> Vec<EventToFile> {
    let prepared = prepare(&events);
    let whole = events.into_iter().zip(prepared).map(|(event, prepared)| EventToFile {
        event,
        identities: prepared.identities,
        series: prepared.series.into_iter().map(|series| series.map(|series| (series.key, series.code, series.label))).collect(),
    });
    whole.collect()
}

#[test]
fn what_leads_goes_and_the_next_source_is_shown() {
    let notebook = Notebook::new();
    let town = notebook.take(&mr_town());
    notebook.take(&mr_clinic());
    let behind = notebook.vault.links(None, None, 100).unwrap()[0].event;
    notebook.vault.erase(Erasure::Document(town), now()).unwrap();
    // Nothing is hidden meanwhile, and then it leads.
    assert_eq!(notebook.shown().iter().map(|line| line.0).collect::<Vec<_>>(), [behind]);
    reconcile(&notebook.vault).unwrap();
    assert_eq!(notebook.shown().iter().map(|line| (line.0, line.2)).collect::<Vec<_>>(), [(behind, 0)]);
    notebook.is_whole();
    // The erased one comes again and leads again.
    notebook.take(&mr_town());
    assert_eq!(notebook.shown().iter().map(|line| (line.1.as_str(), line.2)).collect::<Vec<_>>(), [(MR_TOWN.0, 1)]);
    notebook.is_whole();
}

#[test]
fn a_value_of_two_sources_is_one_point_of_a_history() {
    let notebook = Notebook::new();
    for (number, (format, weight)) in [("fhir-r4", "18.52"), ("tokutei-xml", "18.5")].into_iter().enumerate() {
        let filed = notebook.vault.file(&checkup(&notebook.taro, format, number, weight)).unwrap();
        assert!(matches!(filed, Filed::New { .. }));
    }
    let points = |notebook: &Notebook| {
        let history = present::history(&notebook.vault, notebook.taro.id, "体重", JA).unwrap();
        history.series.iter().flat_map(|series| series.points.iter().map(|point| point.value.clone())).collect::<Vec<_>>()
    };
    assert_eq!(points(&notebook), ["18.52", "18.5"], "not worked out yet");
    let done = reconcile(&notebook.vault).unwrap();
    assert_eq!((done.linked, done.questions), (1, 0));
    assert_eq!(points(&notebook), ["18.5"], "the leading source's value is drawn");
    let heights = present::history(&notebook.vault, notebook.taro.id, "身長", JA).unwrap();
    assert_eq!(heights.series[0].points.len(), 1, "an equal value is drawn once, whoever stated it first");
    let waists = present::history(&notebook.vault, notebook.taro.id, "腹囲", JA).unwrap();
    assert_eq!(waists.series[0].points.len(), 1, "what only the other states is drawn from it");
    // Taken apart, both are drawn again.
    keep_apart(&notebook.vault, notebook.shown()[0].0, None, &deciding(1)).unwrap();
    assert_eq!(points(&notebook), ["18.52", "18.5"]);
    notebook.is_whole();
}

fn checkup(person: &Person, format: &str, number: usize, weight: &str) -> Filing {
    use techo_core::{
        record::{Body, Coding, Concept, Event, Fact, Observation, Standing, Unit, Value},
        terms::Kind,
    };
    let measured = |code: &str, value: &str, unit: &str| {
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
    };
    let mut facts = vec![
        measured("9N001000000000001", "112.3", "cm"),
        measured("9N006000000000001", weight, "kg"),
        measured("9A751000000000001", "98", "mm[Hg]"),
    ];
    if format == "fhir-r4" {
        facts.push(measured("9N016160100000001", "51.0", "cm"));
    }
    let event = Event {
        kind: Kind::Checkup,
        day: Some("2025-04-20".parse().unwrap()),
        title: "健診".to_owned(),
        place: Some("みほん小児科".to_owned()),
        signature: None,
        facts,
    };
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
    let original = format!("original {number}").into_bytes();
    Filing {
        person: person.id,
        fingerprint: Fingerprint::of(&original),
        parts: vec![original],
        received: now(),
        about,
        events: to_file(vec![event]),
        change: None,
    }
}

#[test]
fn the_three_origins_of_one_message_and_the_pharmacys_code_are_one_dispensing_with_its_prescription() {
    let notebook = Notebook::new();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/insurance/e-prescription.xml");
    let hanako = Person::new(PersonId::from_bytes([1; 16]), "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap();
    notebook.vault.add_person(&hanako, now()).unwrap();
    let file = Incoming { bytes: &std::fs::read(fixture).unwrap(), name: None, now: now() };
    take_in(&notebook.vault, &hanako, file, &KeySet::new(0), Permissions::default(), &mut |outcome| drop(outcome.result.unwrap()));
    let links = notebook.vault.links(None, None, 100).unwrap();
    assert_eq!(links.iter().map(|link| (link.class.as_str(), link.rule.as_str())).collect::<Vec<_>>(), [("story", "prescription-story")]);
    assert_eq!(notebook.shown().len(), 2, "an order and its dispensing are two events of one story");
    let same = present::same_event(&notebook.vault, links[0].event, JA).unwrap();
    assert_eq!((same.sources.len(), same.stories.len()), (1, 1));
    notebook.is_whole();
}

/// The vault marks an event as due only where another lies near. What the rules can reach must never be left out.
#[test]
fn whatever_a_rule_can_reach_is_due() {
    use techo_core::{insight::reconcile::reaches, terms::Kind};
    let notebook = Notebook::new();
    let mut tried = 0_u16;
    for (kind, day) in Kind::ALL.iter().flat_map(|kind| ["2025-04-20", "2025-04-30", "2025-04"].map(|day| (*kind, day))) {
        let day = day.parse().ok();
        let edges = reaches(kind, day).into_iter().flat_map(|reach| {
            // A claim that names a month only lies at the month's first day.
            let month = techo_core::base::PartialDate::Month(chrono::Datelike::year(&reach.from), chrono::Datelike::month(&reach.from));
            let days = [techo_core::base::PartialDate::Day(reach.from), techo_core::base::PartialDate::Day(reach.until), month];
            let fits = move |one: &techo_core::base::PartialDate| one.first_day() >= reach.from && one.first_day() <= reach.until;
            days.into_iter().filter(fits).map(move |day| (reach.kind, day)).collect::<Vec<_>>()
        });
        for (other_kind, other_day) in edges {
            for turned in [false, true] {
                let mut filings = [(kind, day), (other_kind, Some(other_day))];
                if turned {
                    filings.reverse();
                }
                // Each pair in a notebook of its own.
                let mut owner = person(9, "手帳 試");
                owner.id = PersonId::from_bytes([tried.to_be_bytes(); 8].concat().try_into().unwrap());
                notebook.vault.add_person(&owner, now()).unwrap();
                let before = notebook.vault.links_due().unwrap().1.len();
                for (number, (kind, day)) in filings.iter().enumerate() {
                    let mut filing = checkup(&owner, "tokutei-xml", number, "18.5");
                    filing.events.iter_mut().for_each(|one| (one.event.kind, one.event.day) = (*kind, *day));
                    notebook.vault.file(&filing).unwrap();
                }
                let due = notebook.vault.links_due().unwrap().1.len() - before;
                assert_eq!(due, 1, "{kind} {day:?} and {other_kind} {other_day}: the second is due");
                tried += 1;
            }
        }
    }
    assert!(tried > 40, "{tried} pairs");
}

#[test]
fn what_stands_alone_is_never_due() {
    let notebook = Notebook::new();
    notebook.vault.file(&checkup(&notebook.taro, "tokutei-xml", 0, "18.5")).unwrap();
    assert_eq!(notebook.vault.links_due().unwrap().1, []);
}
