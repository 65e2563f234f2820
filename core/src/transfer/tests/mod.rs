//! Tests of the whole room, each on vaults of its own in a temporary directory.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use super::{Progress, TransferError};
use crate::{
    base::{DeviceSecret, Fingerprint, Passphrase, PersonId},
    insight,
    record::{Event, Person, Sex},
    vault::{DocumentBody, EventToFile, Filing, LedgerEntry, NewSlots, Unlock, Vault},
};

mod archive;
mod consents;
mod damage;
mod files;
mod handing;
mod random;
mod samples;
mod vaults;

const SECRET: [u8; 32] = [5; 32];
const HANAKO: PersonId = PersonId::from_bytes([7; 16]);
const TARO: PersonId = PersonId::from_bytes([8; 16]);

/// A temporary directory with vaults and files in it.
struct Scene {
    home: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A new vault without anybody, unlocked by a device secret, which costs no time.
    fn empty(&self, name: &str) -> Vault {
        let secret = DeviceSecret::from_bytes(SECRET);
        let vault = Vault::create(&self.path(name), &slots(&secret)).unwrap();
        vault.confirm_presence(Unlock::Device(&secret), at(0)).unwrap();
        vault
    }

    /// A vault of two people with documents of every kind.
    fn family(&self, name: &str) -> Vault {
        let vault = self.empty(name);
        vault.add_person(&person(HANAKO, "手帳 花子", "1980-05-03"), at(0)).unwrap();
        vault.add_person(&person(TARO, "手帳 太郎", "2019-01-02"), at(1)).unwrap();
        for (number, events) in (10..).zip(samples::documents()) {
            file(&vault, HANAKO, number, events);
        }
        // The same record again in a later document, and a document of the other person.
        file(&vault, HANAKO, 90, samples::documents().remove(0));
        file(&vault, TARO, 91, samples::documents().remove(1));
        vault
    }

    /// Names of everything in the scene's directory.
    fn names(&self) -> BTreeSet<String> {
        fs::read_dir(self.home.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn slots(secret: &DeviceSecret) -> NewSlots<'_> {
    NewSlots { device: Some(secret), ..NewSlots::default() }
}

fn open(dir: &Path) -> Vault {
    let secret = DeviceSecret::from_bytes(SECRET);
    let vault = Vault::open(dir, Unlock::Device(&secret)).unwrap();
    vault.confirm_presence(Unlock::Device(&secret), at(0)).unwrap();
    vault
}

/// Within five minutes of the start: whoever opened a vault is still present.
fn at(second: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(1_750_000_000 + i64::from(second), 0).unwrap()
}

fn person(id: PersonId, name: &str, born: &str) -> Person {
    let mut person = Person::new(id, name, born.parse().unwrap(), Sex::Female).unwrap();
    person.kana = Some("テチョウ".to_owned());
    person.former_names.push("旧姓".to_owned());
    person
}

fn passphrase() -> Passphrase {
    Passphrase::new("春の手帳").unwrap()
}

fn file(vault: &Vault, person: PersonId, number: u32, events: Vec<Event>) -> Fingerprint {
    file_parts(vault, person, number, vec![format!("original {number}").into_bytes()], events)
}

fn file_parts(vault: &Vault, person: PersonId, number: u32, parts: Vec<Vec<u8>>, events: Vec<Event>) -> Fingerprint {
    let filing = filing(person, number, parts, events);
    vault.file(&filing).unwrap();
    filing.fingerprint
}

fn filing(person: PersonId, number: u32, parts: Vec<Vec<u8>>, events: Vec<Event>) -> Filing {
    let fingerprint = Fingerprint::of_parts(parts.iter().map(Vec::as_slice));
    let about = DocumentBody {
        format: "fhir-r4".to_owned(),
        parser: 1,
        source: Some("手帳クリニック".to_owned()),
        name: Some(format!("../結果 {number}.json")),
        refused: Vec::new(),
        claimed: number.is_multiple_of(2),
        original_erased: false,
        consent: None,
        trimmed: None,
        mapping: None,
        given: None,
        slice: None,
    };
    let prepared = insight::prepare(&events);
    let events = events
        .into_iter()
        .zip(prepared)
        .map(|(event, prepared)| EventToFile {
            event,
            identities: prepared.identities,
            series: prepared.series.into_iter().map(|series| series.map(|series| (series.key, series.code, series.label))).collect(),
        })
        .collect();
    Filing { person, fingerprint, parts, received: at(number), about, events, change: None }
}

fn ledger(vault: &Vault) -> Vec<LedgerEntry> {
    vault.ledger(0, 10_000).unwrap()
}

/// Takes no notice of progress.
fn quiet(_: Progress) {}

/// Everything a vault's person holds, as the lists show it: which record states first is part of it.
fn shown(vault: &Vault) -> Vec<String> {
    let mut out = Vec::new();
    for person in vault.people().unwrap() {
        out.push(format!("{person:?}"));
        for id in vault.document_ids(person.id).unwrap() {
            let document = vault.document(id).unwrap();
            out.push(format!("{} {} {:?}", document.fingerprint, document.received, document.about));
            out.push(format!("{:?}", vault.original(id).unwrap()));
            vault
                .each_event_of(id, |stored| {
                    let again: Vec<bool> = stored.ids.iter().map(|(_, first)| first.is_some()).collect();
                    out.push(format!("{} {:?} {again:?}", stored.position, stored.event));
                    Ok::<_, TransferError>(())
                })
                .unwrap();
        }
        out.push(format!("{:?}", vault.parts_in_waiting(person.id).unwrap()));
    }
    out
}
