//! Each form of export, chosen and whole, read back by our own readers: what was chosen is in it, what is not is counted.

use std::{collections::BTreeMap, fs, io::Read as _, path::Path};

use techo_core::{
    base::PersonId,
    formats::{self, Contents, NotCarried, Reading, fhir, health_card::KeySet},
    record::{Body, Fact},
    terms::Kind,
    transfer::{self, Choice, Exported, TransferError},
    vault::{StoredEvent, TimelinePage, Vault},
};

use crate::family::{self, now, people, quiet};

const HANAKO: PersonId = PersonId::from_bytes([1; 16]);

fn unzipped(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|number| {
            let mut entry = zip.by_index(number).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn missing(done: &Exported, reason: NotCarried) -> u64 {
    done.not_carried.iter().filter(|one| one.reason == reason).map(|one| one.records).sum()
}

/// The records of a person that leave, each once, and of an event that several sources tell those of the leading one.
fn facts(vault: &Vault, person: PersonId) -> Vec<(Kind, Fact)> {
    let (mut all, mut seen) = (Vec::new(), std::collections::HashSet::new());
    for id in vault.document_ids(person).unwrap() {
        vault
            .each_event_of(id, |stored: StoredEvent| {
                let leads = stored.behind.is_none();
                let shown =
                    stored.event.facts.iter().zip(&stored.ids).filter(|(_, (id, first))| leads && seen.insert(first.unwrap_or(*id)));
                all.extend(shown.map(|(fact, _)| (stored.event.kind, fact.clone())));
                Ok::<_, techo_core::vault::VaultError>(())
            })
            .unwrap();
    }
    all
}

/// What the facts say. Words that R4 has no code for go into its notes (`docs/formats/fhir-r4.md`), so of allergies only the
/// name is compared; the generated facts of `fhir_write.rs` are compared whole.
fn bodies<'f>(facts: impl Iterator<Item = &'f Fact>) -> Vec<String> {
    let said = |fact: &Fact| match &fact.body {
        Body::Allergy(_) => String::new(),
        // A bare OID leaves as an address.
        body => format!("{body:?}").replace("urn:oid:", ""),
    };
    let mut all: Vec<String> = facts.map(|fact| format!("{} {} {}", fact.kind, fact.title, said(fact))).collect();
    all.sort();
    all
}

#[test]
fn a_phr_file_reads_back_to_every_record_and_begins_with_its_cover() {
    let home = tempfile::tempdir().unwrap();
    let (vault, out) = (family::vault(home.path()), home.path().join("hanako.phr"));
    let done = transfer::export_phr(&vault, &Choice::of(Some(HANAKO)), &out, now(), &mut quiet).unwrap();
    let bytes = fs::read(&out).unwrap();
    let lines: Vec<serde_json::Value> =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| serde_json::from_slice(line).unwrap()).collect();
    assert_eq!((lines[0]["resourceType"].as_str(), lines[1]["resourceType"].as_str()), (Some("Composition"), Some("DocumentManifest")));
    assert_eq!(lines[0]["section"][0]["entry"].as_array().unwrap().len(), lines.len() - 2, "everything else is listed");
    let reading = fhir::read(&bytes).unwrap();
    assert_eq!(reading.refused, []);
    let ours = facts(&vault, HANAKO);
    assert_eq!(done.records(), ours.len() as u64);
    let is_ours = |fact: &&Fact| !fact.at.contains("Composition") && !fact.at.contains("DocumentManifest");
    let again = reading.events.iter().flat_map(|event| &event.facts).filter(is_ours);
    // A resource that nobody understands goes as it came, and is titled anew.
    let told = |fact: &&Fact| !matches!(&fact.body, Body::Raw(_));
    let (after, before) = (bodies(again.filter(told)), bodies(ours.iter().map(|(_, fact)| fact).filter(told)));
    let differs: Vec<_> = after.iter().zip(&before).filter(|(after, before)| after != before).collect();
    assert!(after.len() == before.len() && differs.is_empty(), "{} and {}: {differs:#?}", after.len(), before.len());
}

#[test]
fn a_summary_reads_back_to_what_it_says_it_carries() {
    let home = tempfile::tempdir().unwrap();
    let (vault, out) = (family::vault(home.path()), home.path().join("hanako.json"));
    let done = transfer::export_summary(&vault, &Choice::of(Some(HANAKO)), &out, now(), &mut quiet).unwrap();
    let bytes = fs::read(&out).unwrap();
    let reading = fhir::read(&bytes).unwrap();
    assert_eq!(reading.refused, []);
    let all = facts(&vault, HANAKO);
    assert_eq!(
        done.records() + missing(&done, NotCarried::NoPlace) + missing(&done, NotCarried::Doubtful) + missing(&done, NotCarried::Withheld),
        all.len() as u64
    );
    let has_place = |fact: &&Fact| {
        matches!(fact.body, Body::Medication(_) | Body::Allergy(_) | Body::Condition(_) | Body::Vaccination(_) | Body::Procedure(_))
    };
    let again = reading.events.iter().flat_map(|event| &event.facts);
    assert_eq!(bodies(again.filter(has_place)), bodies(all.iter().map(|(_, fact)| fact).filter(has_place)));
    // A vital sign has the code of everywhere in front, and keeps the Japanese one.
    let height = r#""code":{"coding":[{"system":"http://loinc.org","code":"8302-2"},{"system":"urn:oid:1.2.392.200119.6.1005","code":"9N001000000000001""#;
    assert!(String::from_utf8(bytes).unwrap().contains(height));
}

#[test]
fn checkups_of_any_shape_become_documents_of_the_form() {
    let home = tempfile::tempdir().unwrap();
    let (vault, out) = (family::vault(home.path()), home.path().join("kenshin.zip"));
    let done = transfer::export_checkups(&vault, &Choice::default(), &out, now(), &mut quiet).unwrap();
    let Contents::Container(members) = formats::read(&fs::read(&out).unwrap(), &KeySet::new(now().timestamp())).unwrap() else {
        panic!("no container")
    };
    let readings: Vec<&Reading> = members.iter().map(|member| &**member.reading.as_ref().unwrap()).collect();
    assert!(readings.iter().all(|reading| reading.refused.is_empty()));
    let written: usize = readings.iter().flat_map(|reading| &reading.events).map(|event| event.facts.len()).sum();
    assert_eq!(written as u64, done.records());
    // 一郎's came as FHIR.
    let (ichiro, _) = people().into_iter().nth(2).unwrap();
    let his: Vec<String> =
        facts(&vault, ichiro.id).iter().filter(|(kind, _)| *kind == Kind::Checkup).map(|(_, fact)| fact.title.clone()).collect();
    let found: Vec<&str> = readings
        .iter()
        .filter(|reading| reading.subject.names == ["テチョウ イチロウ"])
        .flat_map(|reading| &reading.events)
        .flat_map(|event| &event.facts)
        .map(|fact| fact.title.as_str())
        .collect();
    assert!(found.len() > 20 && his.iter().filter(|title| found.contains(&title.as_str())).count() > 20, "{found:?}");
    assert!(missing(&done, NotCarried::NoPlace) > 0);
}

#[test]
fn what_came_from_mynaportal_leaves_as_it_came_and_cut_to_what_was_chosen() {
    let home = tempfile::tempdir().unwrap();
    let vault = family::vault(home.path());
    let original = fs::read(family::fixtures().join("self-information/hanako.json")).unwrap();
    let (all, some) = (home.path().join("all.zip"), home.path().join("some.zip"));
    let done = transfer::export_portal(&vault, &Choice::of(Some(HANAKO)), &all, now(), &mut quiet).unwrap();
    let entries = unzipped(&all);
    assert!(entries.iter().any(|(name, bytes)| name.ends_with("hanako.json") && *bytes == original), "{:?}", entries.keys());
    assert!(missing(&done, NotCarried::NotFromPortal) > 0 && done.records() > 0);

    let kinds = [Kind::Vaccination];
    let narrow = Choice { person: Some(HANAKO), kinds: &kinds, ..Choice::default() };
    transfer::export_portal(&vault, &narrow, &some, now(), &mut quiet).unwrap();
    let cut: Vec<Vec<u8>> = unzipped(&some).into_iter().filter(|(name, _)| !name.starts_with("index.")).map(|(_, bytes)| bytes).collect();
    for bytes in &cut {
        let Contents::Document(reading) = formats::read(bytes, &KeySet::new(now().timestamp())).unwrap() else { panic!("no document") };
        assert!(
            reading.events.iter().all(|event| event.kind == Kind::Vaccination),
            "{:?}",
            reading.events.iter().map(|event| event.kind).collect::<Vec<_>>()
        );
    }
    assert!(!cut.is_empty() && cut.iter().all(|bytes| bytes.len() < original.len()));
}

#[test]
fn a_choice_is_kept_in_every_form_and_what_is_withheld_is_counted() {
    let home = tempfile::tempdir().unwrap();
    let vault = family::vault(home.path());
    let out = home.path().join("out");
    let lines = vault.timeline(&TimelinePage { person: Some(HANAKO), limit: 100, ..TimelinePage::default() }).unwrap();
    let dispensing = lines.iter().find(|line| line.kind == Kind::Medication).unwrap();
    let one = [dispensing.id];
    let of_one = transfer::export_fhir(&vault, &Choice { events: &one, ..Choice::of(Some(HANAKO)) }, &out, now(), &mut quiet).unwrap();
    assert_eq!(of_one.records(), vault.event(dispensing.id).unwrap().event.facts.len() as u64);

    let (from, until) = ("2024-01-01".parse().ok(), "2024-12-31".parse().ok());
    let year = transfer::export_csv(
        &vault,
        &Choice { from, until, ..Choice::of(Some(HANAKO)) },
        &out,
        techo_core::present::Language::Japanese,
        now(),
        &mut quiet,
    )
    .unwrap();
    let all =
        transfer::export_csv(&vault, &Choice::of(Some(HANAKO)), &out, techo_core::present::Language::Japanese, now(), &mut quiet).unwrap();
    assert!(year.records() > 0 && year.records() < all.records());
    let table = fs::read_to_string(&out).unwrap();
    assert!(table.lines().count() > 1);

    let hidden = |stored: &StoredEvent, position: usize| stored.event.facts[position].kind == Kind::Allergy;
    let withheld =
        transfer::export_summary(&vault, &Choice { withhold: Some(&hidden), ..Choice::of(Some(HANAKO)) }, &out, now(), &mut quiet).unwrap();
    assert!(missing(&withheld, NotCarried::Withheld) > 0);
    assert!(!fs::read_to_string(&out).unwrap().contains("AllergyIntolerance"));
}

#[test]
fn a_form_of_one_person_asks_whose_and_a_failure_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let vault = family::vault(home.path());
    let names = || fs::read_dir(home.path()).unwrap().count();
    let (before, out) = (names(), home.path().join("out"));
    for write in [transfer::export_summary, transfer::export_phr, transfer::export_notebook] {
        assert_eq!(write(&vault, &Choice::default(), &out, now(), &mut quiet), Err(TransferError::PersonNeeded));
        let nowhere = home.path().join("missing/out");
        assert_eq!(write(&vault, &Choice::of(Some(HANAKO)), &nowhere, now(), &mut quiet), Err(TransferError::FileMissing));
    }
    assert_eq!(names(), before);
}
