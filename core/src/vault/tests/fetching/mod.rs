//! Consents, fetches, presence: a vault of a family, and the consents of its people.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{SECRET, Scene};
use crate::{
    base::{DeviceSecret, Fingerprint, PersonId},
    consent::{
        Actor, Answer, Answered, Basis, ConsentGrant, ConsentId, ConsentRequest, Frame, Item, Keeping, Operator, Period, Purpose, Receipt,
        Service, Wish,
    },
    record::{Body, Coding, Concept, Event, Fact, Observation, Person, Sex, Standing, Value},
    terms::Kind,
    vault::{DocumentBody, EventToFile, Filing, LedgerEntry, Unlock, Vault},
};

mod bytes;
mod changed;
mod consents;
mod ending;
mod faults;
mod fetches;
mod migration;
mod presence;
mod settings;
mod withdrawal;

const HANAKO: PersonId = PersonId::from_bytes([1; 16]);
const TARO: PersonId = PersonId::from_bytes([2; 16]);

/// Seconds after the family opened its vault. Within five minutes they are still present.
fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + second, 0).unwrap()
}

fn secret() -> DeviceSecret {
    DeviceSecret::from_bytes(SECRET)
}

/// A vault with 花子 and 太郎, who are present.
fn family() -> (Scene, Vault) {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    for (id, name, born, sex) in [(HANAKO, "手帳 花子", "1972-04-15", Sex::Female), (TARO, "手帳 太郎", "2019-06-20", Sex::Male)] {
        vault.add_person(&Person::new(id, name, born.parse().unwrap(), sex).unwrap(), at(0)).unwrap();
    }
    vault.confirm_presence(Unlock::Device(&secret()), at(0)).unwrap();
    (scene, vault)
}

fn reopened(scene: &Scene, vault: Vault) -> Vault {
    drop(vault);
    let vault = scene.open().unwrap();
    vault.confirm_presence(Unlock::Device(&secret()), at(0)).unwrap();
    vault
}

fn id(number: u8) -> ConsentId {
    // Never the bytes of a person: erasing looks for those.
    let mut bytes = [number; 16];
    bytes[0] = 0xcc;
    ConsentId::from_bytes(bytes)
}

fn services() -> Vec<Service> {
    vec![Service { id: "ZZ0001".to_owned(), items: BTreeSet::from([Item::Checkup, Item::Medication]) }]
}

fn request(number: u8, subject: PersonId) -> ConsentRequest {
    let basis = if subject == HANAKO { Basis::OwnCard } else { Basis::ChildsCard };
    let frame = Frame {
        id: id(number),
        subject,
        actor: Actor { basis, person: Some(HANAKO) },
        purpose: Purpose::Keep,
        operator: Operator { japanese: "見本".to_owned(), english: "Sample".to_owned(), contact: "none".to_owned() },
        keeping: Keeping { relay_seconds: 600 },
    };
    let wishes = [Item::Checkup, Item::Medication].map(|item| Wish { item, period: Period::default() });
    ConsentRequest::new(frame, wishes.to_vec(), &services()).unwrap()
}

/// Yes to the checkups, no to the medicines.
fn yes(request: ConsentRequest, now: DateTime<Utc>) -> ConsentGrant {
    let answers = [Answer { item: Item::Checkup, granted: true }, Answer { item: Item::Medication, granted: false }];
    match request.answer(&answers, &services(), now).unwrap() {
        Answered::Granted(grant) => grant,
        Answered::Declined(_) => unreachable!("a yes was given"),
    }
}

fn no(request: ConsentRequest) -> Receipt {
    match request.answer(&[], &services(), at(1)).unwrap() {
        Answered::Declined(receipt) => receipt,
        Answered::Granted(_) => unreachable!("no yes was given"),
    }
}

/// Asked and answered, with both lines in the ledger.
fn granted(vault: &Vault, number: u8, subject: PersonId) -> ConsentGrant {
    let request = request(number, subject);
    vault.note_consent_asked(&request, at(1)).unwrap();
    let grant = yes(request, at(2));
    vault.note_consent_answered(&grant.permitted().receipt, at(2)).unwrap();
    grant
}

/// A fetch that has just begun.
fn begun(vault: &Vault, number: u8, subject: PersonId) -> techo_protocol::GrantDigest {
    vault.begin_fetch(granted(vault, number, subject), b"state 1", at(600), at(3)).unwrap()
}

/// A value in a document.
#[derive(Clone, Copy)]
struct Measured {
    day: &'static str,
    code: &'static str,
    value: &'static str,
    place: Option<&'static str>,
}

/// Weight at one institution, on one day.
fn weight(value: &'static str) -> Measured {
    Measured { day: "2024-05-03", code: "9N006000000000001", value, place: Some("見本クリニック") }
}

fn event(measured: Measured, repeat: usize) -> EventToFile {
    let Measured { day, code, value, place } = measured;
    let fact = Fact {
        kind: Kind::Measurement,
        title: "体重".to_owned(),
        concept: Concept::of(Coding::new("urn:oid:1.2.392.200119.6.1005", code)),
        when: None,
        body: Body::Observation(Observation::new(Value::Number { comparator: None, decimal: value.parse().unwrap() })),
        at: "entry[1]".to_owned(),
        said_by: None,
        standing: Standing::Understood,
    };
    let event = Event {
        kind: Kind::Checkup,
        day: day.parse().ok(),
        title: "特定健診".to_owned(),
        place: place.map(str::to_owned),
        signature: None,
        facts: vec![fact],
    };
    let what = format!("{day} {code} {value} {repeat}");
    let series = Some(("body-weight".to_owned(), code.to_owned(), "体重".to_owned()));
    EventToFile { event, identities: vec![Fingerprint::of(what.as_bytes()).short()], series: vec![series] }
}

/// A document of the person with these values, come by a consent or as a file.
fn document(person: PersonId, name: &str, values: &[Measured], consent: Option<ConsentId>) -> Filing {
    let bytes = format!("{name} of {person}").into_bytes();
    Filing {
        person,
        fingerprint: Fingerprint::of(&bytes),
        parts: vec![bytes],
        received: at(9),
        about: DocumentBody {
            format: "synthetic".to_owned(),
            parser: 1,
            source: None,
            name: Some(name.to_owned()),
            refused: vec![],
            claimed: false,
            original_erased: false,
            consent,
            trimmed: None,
            mapping: None,
            given: None,
            slice: None,
        },
        events: values.iter().enumerate().map(|(repeat, value)| event(*value, repeat)).collect(),
        change: None,
    }
}

fn ledger(vault: &Vault) -> Vec<LedgerEntry> {
    vault.ledger(0, 10_000).unwrap()
}

fn acts(vault: &Vault) -> Vec<String> {
    ledger(vault).into_iter().map(|entry| entry.act).collect()
}

/// Rows of the three tables of running fetches.
fn rows(vault: &Vault) -> [i64; 3] {
    let count = |sql: &str| vault.read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?)).unwrap();
    [count("SELECT count(*) FROM fetches"), count("SELECT count(*) FROM fetch_keys"), count("SELECT count(*) FROM fetch_sealed")]
}

fn is_sound(vault: &Vault) -> bool {
    vault.check_records().unwrap().is_empty() && vault.verify().unwrap().ok
}
