//! A family's vault, a consent, and the hand that drives a fetch.

use std::{fs, path::Path, sync::OnceLock};

use chrono::{DateTime, TimeDelta, Utc};
use techo_core::{
    base::{DeviceSecret, PersonId, make_random},
    consent::{
        Actor, Answer, Answered, Basis, ConsentGrant, ConsentId, ConsentRequest, Frame, Item, Keeping, Operator, Period, Purpose, Service,
        Wish,
    },
    record::{Person, Sex},
    sync::{self, Digest, End, Profile, Question, Return, SyncError, SyncSession, SyncStep},
    vault::{Act, LedgerEntry, NewSlots, Unlock, Vault},
};

use crate::relay::{Plan, Relay};

pub(crate) const HANAKO: PersonId = PersonId::from_bytes([1; 16]);
pub(crate) const ICHIRO: PersonId = PersonId::from_bytes([2; 16]);
pub(crate) const TARO: PersonId = PersonId::from_bytes([3; 16]);
pub(crate) const TWIN: PersonId = PersonId::from_bytes([4; 16]);

pub(crate) const AS_HANAKO: [&str; 3] = ["手帳　花子", "19720415", "2"];
pub(crate) const AS_ICHIRO: [&str; 3] = ["手帳　一郎", "19701102", "1"];
pub(crate) const AS_TARO: [&str; 3] = ["手帳　太郎", "20190620", "1"];

pub(crate) struct Scene {
    home: tempfile::TempDir,
    pub(crate) vault: Vault,
    pub(crate) now: DateTime<Utc>,
    pub(crate) relay: Relay,
    pub(crate) profile: Profile,
    /// What the person answers to questions.
    pub(crate) says: bool,
    pub(crate) asked: Vec<Question>,
    /// What the person waited for.
    pub(crate) waits: u32,
}

fn beginning() -> DateTime<Utc> {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

/// The family's vault, made once.
fn family() -> &'static tempfile::TempDir {
    static FAMILY: OnceLock<tempfile::TempDir> = OnceLock::new();
    FAMILY.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let device = secret();
        let vault = Vault::create(&home.path().join("0"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
        for person in [
            person(HANAKO, "手帳 花子", "1972-04-15", Sex::Female),
            person(ICHIRO, "手帳 一郎", "1970-11-02", Sex::Male),
            person(TARO, "手帳 太郎", "2019-06-20", Sex::Male),
        ] {
            vault.add_person(&person, beginning()).unwrap();
        }
        vault.lock();
        home
    })
}

fn secret() -> DeviceSecret {
    DeviceSecret::from_bytes([5; 32])
}

fn person(id: PersonId, name: &str, born: &str, sex: Sex) -> Person {
    Person::new(id, name, born.parse().unwrap(), sex).unwrap()
}

fn profile(relay: &Relay) -> Profile {
    let text = format!(
        r#"
api = "https://api.example.jp"
redirect = "https://www.example.jp/redirect"
seal = "{}"
roots = ["-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"]
keeping_seconds = 600
identity_client = "RP00000001"
provider = "SP99999999"
[environment.stand-in]
issuer = "http://127.0.0.1:8081/api/realms/main"
app = "http://127.0.0.1:8080"
[operator]
ja = "見本の運営者"
en = "A sample operator"
contact = "contact@example.jp"
[[service]]
id = "ST0001"
items = ["vaccination", "infant_checkup"]
[[service]]
id = "ST0002"
items = ["checkup"]
[[service]]
id = "ST0003"
items = ["other"]
[[group]]
name = "予防接種情報"
item = "vaccination"
source = "ours"
[[group]]
name = "健診情報"
item = "checkup"
source = "ours"
"#,
        relay.key.public().unwrap()
    );
    Profile::read(&text).unwrap()
}

/// Doses on these days, of whoever is stated.
pub(crate) fn doses(who: &str, days: &[&str]) -> String {
    let list: Vec<String> =
        days.iter().map(|day| format!(r#"{{"接種年月日":"{day}","ワクチン名":"インフルエンザ（架空）","ロット番号":"L{day}"}}"#)).collect();
    format!(r#"{{"見本県見本市":{{"予防接種情報":{{{who}"接種履歴":[{}]}}}}}}"#, list.join(","))
}

pub(crate) const OF_HANAKO: &str = r#""氏名":"手帳　花子","生年月日":"19720415","性別":"2","#;
pub(crate) const OF_ICHIRO: &str = r#""氏名":"手帳　一郎","生年月日":"19701102","性別":"1","#;
pub(crate) const OF_TARO: &str = r#""氏名":"手帳　太郎","生年月日":"20190620","性別":"1","#;
pub(crate) const OF_A_BOY: &str = r#""生年月日":"20190620","性別":"1","#;

pub(crate) fn checkup() -> String {
    format!(r#"{{"見本県見本市":{{"健診情報":{{{OF_HANAKO}"健診受診日":"20250601","身長":"158.2","体重":"53.4"}}}}}}"#)
}

/// How a fetch came out.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    Done(Digest),
    Ended(End),
}

impl Outcome {
    pub(crate) fn digest(self) -> Digest {
        match self {
            Self::Done(digest) => digest,
            Self::Ended(end) => panic!("ended: {end:?}"),
        }
    }

    pub(crate) fn end(self) -> End {
        match self {
            Self::Ended(end) => end,
            Self::Done(digest) => panic!("done: {digest:?}"),
        }
    }
}

impl Scene {
    /// The family, a relay whose portal has vaccinations of 花子 for the first service and a checkup for the second.
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        // Making a vault costs more than copying one, and there are hundreds of scenes.
        copy(&family().path().join("0"), &home.path().join("0"));
        let vault = Vault::open(&home.path().join("0"), Unlock::Device(&secret())).unwrap();
        let now = beginning();
        let mut relay = Relay::new();
        relay.plans.insert("ST0001".to_owned(), Plan::of(AS_HANAKO, &doses(OF_HANAKO, &["20240401", "20250401"])));
        relay.plans.insert("ST0002".to_owned(), Plan::of(AS_HANAKO, &checkup()));
        let profile = profile(&relay);
        Self { home, vault, now, relay, profile, says: true, asked: Vec::new(), waits: 0 }
    }

    pub(crate) fn add_twin(&self) {
        self.vault.add_person(&person(TWIN, "手帳 次郎", "2019-06-20", Sex::Male), self.now).unwrap();
    }

    pub(crate) fn plan(&mut self) -> &mut Plan {
        self.relay.plans.get_mut("ST0001").unwrap()
    }

    pub(crate) fn own(item: Item) -> Wish {
        Wish { item, period: Period::default() }
    }

    /// Asks, answers with yes to everything, and writes both down.
    pub(crate) fn consent(&self, subject: PersonId, basis: Basis, actor: Option<PersonId>, wishes: &[Wish]) -> ConsentGrant {
        let services: Vec<Service> = self
            .profile
            .services
            .iter()
            .map(|known| Service { id: known.id.clone(), items: known.items.iter().map(|item| item.parse().unwrap()).collect() })
            .collect();
        let operator = &self.profile.operator;
        let frame = Frame {
            id: ConsentId::from_bytes(make_random().unwrap()),
            subject,
            actor: Actor { basis, person: actor },
            purpose: Purpose::Keep,
            operator: Operator { japanese: operator.ja.clone(), english: operator.en.clone(), contact: operator.contact.clone() },
            keeping: Keeping { relay_seconds: 600 },
        };
        let request = ConsentRequest::new(frame, wishes.to_vec(), &services).unwrap();
        self.vault.note_consent_asked(&request, self.now).unwrap();
        let answers: Vec<Answer> = wishes.iter().map(|wish| Answer { item: wish.item, granted: true }).collect();
        let Answered::Granted(grant) = request.answer(&answers, &services, self.now).unwrap() else { panic!("not granted") };
        self.vault.note_consent_answered(&grant.permitted().receipt, self.now).unwrap();
        self.vault.confirm_presence(Unlock::Device(&secret()), self.now).unwrap();
        grant
    }

    pub(crate) fn try_start(&self, grant: ConsentGrant) -> Result<SyncSession, SyncError> {
        sync::start_sync(&self.vault, grant, &self.profile, Return::AppLink, self.now)
    }

    /// 花子 fetches her own vaccinations.
    pub(crate) fn start(&self) -> SyncSession {
        self.start_for(HANAKO, Basis::OwnCard, None, &[Self::own(Item::Vaccination)])
    }

    pub(crate) fn start_for(&self, subject: PersonId, basis: Basis, actor: Option<PersonId>, wishes: &[Wish]) -> SyncSession {
        self.try_start(self.consent(subject, basis, actor, wishes)).unwrap()
    }

    pub(crate) fn resume(&self, id: ConsentId) -> Result<SyncSession, SyncError> {
        sync::resume_sync(&self.vault, id, &self.profile, Return::AppLink, self.now)
    }

    /// One call: whatever the step asks for.
    pub(crate) fn advance(&mut self, session: &mut SyncSession) {
        match session.step() {
            SyncStep::Exchange(exchange) => {
                let reply = self.relay.carry(exchange);
                session.answer(&self.vault, reply, self.now).unwrap();
            }
            SyncStep::Browse { url, .. } => {
                let address = self.relay.browse(url);
                session.redirect(&self.vault, &address, self.now).unwrap();
            }
            SyncStep::Confirm(question) => {
                self.asked.push(question.clone());
                session.decide(&self.vault, self.says, self.now).unwrap();
            }
            SyncStep::Wait { seconds, .. } => {
                self.waits += 1;
                self.now += TimeDelta::seconds(i64::from(*seconds));
                session.tick(&self.vault, self.now).unwrap();
            }
            SyncStep::Done(_) | SyncStep::Ended(_) => panic!("it is over"),
        }
    }

    pub(crate) fn run(&mut self, session: &mut SyncSession) -> Outcome {
        for _ in 0..1000 {
            match session.step() {
                SyncStep::Done(digest) => return Outcome::Done(digest.clone()),
                SyncStep::Ended(end) => return Outcome::Ended(end.clone()),
                _ => self.advance(session),
            }
        }
        panic!("no end");
    }

    pub(crate) fn ledger(&self) -> Vec<LedgerEntry> {
        self.vault.ledger(0, 10_000).unwrap()
    }

    pub(crate) fn receipts(&self) -> Vec<LedgerEntry> {
        self.ledger().into_iter().filter(|entry| [Act::Fetched.id(), Act::FetchEnded.id()].contains(&entry.act.as_str())).collect()
    }

    pub(crate) fn documents(&self) -> usize {
        self.vault.documents(None).unwrap().len()
    }

    /// One receipt, nothing left of the fetch, and the ledger adds up.
    pub(crate) fn is_over_with_one_receipt(&self) -> LedgerEntry {
        let mut receipts = self.receipts();
        assert_eq!(receipts.len(), 1, "{receipts:?}");
        assert_eq!(sync::unfinished(&self.vault).unwrap(), []);
        let ledger = self.ledger();
        let mut before = None;
        for entry in &ledger {
            assert!(entry.follows(before), "{entry:?}");
            before = Some(&entry.chain);
        }
        receipts.remove(0)
    }

    /// The process dies: what is on the disk at this moment is all there is, and a new one opens it.
    pub(crate) fn die(&mut self) {
        let number = fs::read_dir(self.home.path()).unwrap().count();
        let (old, new) = (self.home.path().join((number - 1).to_string()), self.home.path().join(number.to_string()));
        copy(&old, &new);
        self.vault = Vault::open(&new, Unlock::Device(&secret())).unwrap();
        // An empty directory keeps the count.
        fs::remove_dir_all(&old).unwrap();
        fs::create_dir(&old).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
