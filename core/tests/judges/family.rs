//! A vault with the sample family in it, of every kind that the fixtures have.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use techo_core::{
    base::{DeviceSecret, PersonId},
    formats::health_card::KeySet,
    intake::{Incoming, Permissions, take_in},
    record::{Person, Sex},
    transfer::Progress,
    vault::{NewSlots, Unlock, Vault},
};

/// Takes no notice of progress.
pub(crate) fn quiet(_: Progress) {}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures")
}

/// The people, by what the names of their files begin with.
pub(crate) fn people() -> [(Person, &'static str); 3] {
    let person = |id: u8, name: &str, kana: &str, born: &str, sex| {
        let mut person = Person::new(PersonId::from_bytes([id; 16]), name, born.parse().unwrap(), sex).unwrap();
        person.kana = Some(kana.to_owned());
        person
    };
    [
        (person(1, "手帳 花子", "テチョウ ハナコ", "1972-04-15", Sex::Female), "hanako"),
        (person(2, "手帳 太郎", "テチョウ タロウ", "2019-06-20", Sex::Male), "taro"),
        (person(3, "手帳 一郎", "テチョウ イチロウ", "1970-11-02", Sex::Male), "ichiro"),
    ]
}

/// The family's documents, and of the other fixtures those that are about one of them.
pub(crate) fn vault(home: &Path) -> Vault {
    let device = DeviceSecret::from_bytes([5; 32]);
    let vault = Vault::create(&home.join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
    vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
    let folders = ["family", "self-information", "insurance", "tokutei", "fhir", "jahis"];
    for (person, prefix) in people() {
        vault.add_person(&person, now()).unwrap();
        for folder in folders {
            let mut files: Vec<PathBuf> = std::fs::read_dir(fixtures().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
            files.sort();
            for file in files {
                let name = file.file_name().unwrap().to_str().unwrap().to_owned();
                if folder == "family" && !name.starts_with(prefix) {
                    continue;
                }
                let bytes = std::fs::read(&file).unwrap();
                let incoming = Incoming { bytes: &bytes, name: Some(&name), now: now() };
                // Documents about somebody else and broken ones are refused, and that is right.
                take_in(&vault, &person, incoming, &KeySet::new(now().timestamp()), Permissions::default(), &mut |outcome| {
                    drop(outcome.result)
                });
            }
        }
    }
    vault
}
