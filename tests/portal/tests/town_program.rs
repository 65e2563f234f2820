//! `techo-town` as a program that is not Rust sees it: over its pipes, with a phone that fetches through it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use chrono::Utc;
use serde_json::{Value, json};
use techo_core::{
    base::{DeviceSecret, PersonId},
    consent::{Actor, Answer, Answered, Basis, ConsentId, ConsentRequest, Frame, Item, Keeping, Operator, Period, Purpose, Service, Wish},
    courier::Courier,
    record::{Person, Sex},
    sync::{End, Profile, Return, SyncStep, start_sync},
    vault::{NewSlots, Unlock, Vault},
};

struct TownProgram {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl TownProgram {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_techo-town")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (orders, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, orders, answers }
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("not one JSON object: {line}"))
    }

    fn ask(&mut self, order: &str) -> Value {
        writeln!(self.orders, "{order}").unwrap();
        self.answer()
    }

    fn visit(&mut self, address: &str, citizen: &str) -> Value {
        self.ask(&json!({ "visit": address, "citizen": citizen }).to_string())
    }

    /// Its input ends.
    fn end(mut self) -> bool {
        drop(self.orders);
        self.child.wait().unwrap().success()
    }
}

/// A vault with one person in it, and the consent to fetch their vaccinations.
fn begin(dir: &Path, profile: &Profile, child: bool) -> (Vault, techo_core::sync::SyncSession) {
    let device = DeviceSecret::make().unwrap();
    let vault = Vault::create(dir, &NewSlots { passphrase: None, recovery: None, device: Some(&device) }).unwrap();
    let (name, born, sex) = if child { ("手帳 太郎", "2019-06-20", Sex::Male) } else { ("手帳 花子", "1972-04-15", Sex::Female) };
    let person = Person::new(PersonId::from_bytes([1; 16]), name, born.parse().unwrap(), sex).unwrap();
    vault.add_person(&person, Utc::now()).unwrap();
    vault.confirm_presence(Unlock::Device(&device), Utc::now()).unwrap();
    let services: Vec<Service> = profile
        .services
        .iter()
        .map(|service| Service {
            id: service.id.clone(),
            items: service.items.iter().map(|id| id.parse().unwrap()).collect::<BTreeSet<Item>>(),
        })
        .collect();
    let operator = &profile.operator;
    let frame = Frame {
        id: ConsentId::from_bytes([2; 16]),
        subject: person.id,
        actor: if child {
            Actor { basis: Basis::ChildsCard, person: None }
        } else {
            Actor { basis: Basis::OwnCard, person: Some(person.id) }
        },
        purpose: Purpose::Keep,
        operator: Operator { japanese: operator.ja.clone(), english: operator.en.clone(), contact: operator.contact.clone() },
        keeping: Keeping { relay_seconds: profile.keeping_seconds },
    };
    let wish = Wish { item: Item::Vaccination, period: Period::default() };
    let request = ConsentRequest::new(frame, vec![wish], &services).unwrap();
    vault.note_consent_asked(&request, Utc::now()).unwrap();
    let answer = Answer { item: Item::Vaccination, granted: true };
    let Answered::Granted(grant) = request.answer(&[answer], &services, Utc::now()).unwrap() else { panic!("granted") };
    vault.note_consent_answered(&grant.permitted().receipt, Utc::now()).unwrap();
    let sync = start_sync(&vault, grant, profile, Return::AppLink, Utc::now()).unwrap();
    (vault, sync)
}

/// Fetches with this citizen's card: how many records there are then, or why it ended.
fn fetch(town: &mut TownProgram, profile: &Profile, citizen: &str, child: bool) -> Result<u64, End> {
    let folder = tempfile::tempdir().unwrap();
    let (vault, mut sync) = begin(&folder.path().join("vault"), profile, child);
    let courier = Courier::new(profile).unwrap();
    loop {
        match sync.step() {
            SyncStep::Exchange(_) => courier.advance(&vault, &mut sync, Utc::now).unwrap(),
            SyncStep::Browse { url, .. } => {
                let answer = town.visit(url.as_str(), citizen);
                let back = answer["back"].as_str().unwrap_or_else(|| panic!("{answer}"));
                sync.redirect(&vault, back, Utc::now()).unwrap();
            }
            SyncStep::Done(_) => return Ok(vault.roots().unwrap().iter().map(|root| root.records).sum()),
            SyncStep::Ended(end) => return Err(end.clone()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_phone_fetches_through_the_program_and_a_strangers_card_is_a_stranger() {
    let mut town = TownProgram::start();
    let profile = std::fs::read_to_string(town.answer()["profile"].as_str().unwrap()).unwrap();
    let profile = Profile::read(&profile).unwrap();
    assert!(fetch(&mut town, &profile, "hanako", false).unwrap() > 0);
    assert!(fetch(&mut town, &profile, "taro", true).unwrap() > 0);
    assert!(matches!(fetch(&mut town, &profile, "jiro", false), Err(End::NotYou { .. })));
    assert!(town.end());
}

#[test]
fn what_it_cannot_do_is_answered_and_it_goes_on() {
    let mut town = TownProgram::start();
    let profile = town.answer()["profile"].as_str().unwrap().to_owned();
    for order in [
        "nonsense",
        "{}",
        r#"{"visit":"https://127.0.0.1:1/","citizen":"nobody"}"#,
        r#"{"visit":"https://127.0.0.1:1/","citizen":"hanako"}"#,
        r#"{"visit":"not an address","citizen":"hanako"}"#,
    ] {
        let answer = town.ask(order);
        assert!(answer["error"].as_str().is_some_and(|reason| !reason.is_empty()), "{order}: {answer}");
        assert!(answer.get("back").is_none());
    }
    assert!(Path::new(&profile).exists());
    assert!(town.end());
    assert!(!Path::new(&profile).exists(), "nothing is left behind");
}
