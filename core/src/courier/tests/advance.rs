//! A fetch and its courier together: one exchange a call, and the vault is free while the relay is waited for.

use std::thread;

use chrono::{DateTime, Utc};
use tempfile::TempDir;

use super::{Authority, Courier, ENDLESS, Play, Server, courier};
use crate::{
    base::{DeviceSecret, PersonId, make_random},
    consent::{Actor, Answer, Answered, Basis, ConsentId, ConsentRequest, Frame, Item, Keeping, Operator, Period, Purpose, Service, Wish},
    record::{Person, Sex},
    sync::{Profile, Return, SyncSession, SyncStep, start_sync, unfinished},
    vault::{NewSlots, Unlock, Vault},
};

fn now() -> DateTime<Utc> {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

fn profile(server: &Server, root: &Authority) -> Profile {
    let text = format!(
        r#"
api = "{}"
redirect = "https://www.example.jp/redirect"
seal = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
roots = ["""{}"""]
environment = "test"
keeping_seconds = 600
identity_client = "RP00000001"
provider = "SP99999999"
[operator]
ja = "見本の運営者"
en = "A sample operator"
contact = "contact@example.jp"
[[service]]
id = "ST0001"
items = ["vaccination"]
"#,
        server.url(),
        root.pem()
    );
    Profile::read(&text).unwrap()
}

/// 花子's vault and a fetch of hers that has just begun.
fn fetch(profile: &Profile) -> (TempDir, Vault, SyncSession) {
    let home = tempfile::tempdir().unwrap();
    let device = DeviceSecret::from_bytes([5; 32]);
    let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
    let subject = PersonId::from_bytes([1; 16]);
    vault.add_person(&Person::new(subject, "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap(), now()).unwrap();
    let services = [Service { id: "ST0001".to_owned(), items: [Item::Vaccination].into() }];
    let operator = &profile.operator;
    let frame = Frame {
        id: ConsentId::from_bytes(make_random().unwrap()),
        subject,
        actor: Actor { basis: Basis::OwnCard, person: None },
        purpose: Purpose::Keep,
        operator: Operator { japanese: operator.ja.clone(), english: operator.en.clone(), contact: operator.contact.clone() },
        keeping: Keeping { relay_seconds: 600 },
    };
    let request = ConsentRequest::new(frame, vec![Wish { item: Item::Vaccination, period: Period::default() }], &services).unwrap();
    vault.note_consent_asked(&request, now()).unwrap();
    let yes = [Answer { item: Item::Vaccination, granted: true }];
    let Answered::Granted(grant) = request.answer(&yes, &services, now()).unwrap() else { panic!("not granted") };
    vault.note_consent_answered(&grant.permitted().receipt, now()).unwrap();
    vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
    let session = start_sync(&vault, grant, profile, Return::AppLink, now()).unwrap();
    (home, vault, session)
}

#[test]
fn a_call_is_one_exchange_and_a_step_without_one_is_left_alone() {
    let root = Authority::new("root");
    let begun = r#"{"stage":"awaiting_identity","expires_in":600}"#;
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{begun}", begun.len());
    let server = Server::tls(root.server(), move |_| Play::Say(answer.clone().into_bytes()));
    let profile = profile(&server, &root);
    let (_home, vault, mut session) = fetch(&profile);
    let courier = Courier::new(&profile).unwrap();
    courier.advance(&vault, &mut session, now).unwrap();
    assert!(matches!(session.step(), SyncStep::Browse { round: 1, .. }), "{:?}", session.step());
    let requests = server.requests();
    assert!(matches!(&requests[..], [request] if request.starts_with("PUT /v1/sessions/")), "{requests:?}");
    courier.advance(&vault, &mut session, now).unwrap();
    assert!(matches!(session.step(), SyncStep::Browse { .. }));
    assert_eq!(server.connections(), 1);
}

#[test]
fn the_vault_is_free_while_the_relay_is_waited_for_and_a_stop_leaves_the_fetch_as_it_was() {
    let root = Authority::new("root");
    let server = Server::tls(root.server(), |_| Play::Stall(Vec::new()));
    let (_home, vault, mut session) = fetch(&profile(&server, &root));
    let courier = courier(&server, &[&root], ENDLESS);
    thread::scope(|scope| {
        let (vault, courier, session) = (&vault, &courier, &mut session);
        let advanced = scope.spawn(move || courier.advance(vault, session, now));
        server.wait_for_a_request();
        assert_eq!(unfinished(vault).unwrap().len(), 1);
        assert_eq!(vault.people().unwrap().len(), 1);
        assert!(!advanced.is_finished());
        courier.cancel();
        assert_eq!(advanced.join().unwrap(), Ok(()));
    });
    assert!(matches!(session.step(), SyncStep::Exchange(_)), "{:?}", session.step());
    assert_eq!(unfinished(&vault).unwrap().len(), 1);
}
