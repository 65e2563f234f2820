//! The last row of `cargo xtask bench relay`: what Techo itself adds to a fetch. A whole fetch of everything that the
//! stand-in has about one person, through relay and stand-in, with a robot for a browser; from its time that of the network
//! steps is taken away (exchanges with the relay, pauses it asks for, visits of the browser). The median of several.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints a table")]

use std::{
    collections::BTreeSet,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use chrono::Utc;
use clap::Parser;
use techo_core::{
    base::DeviceSecret,
    consent::{Actor, Answer, Answered, Basis, ConsentId, ConsentRequest, Frame, Item, Keeping, Operator, Period, Purpose, Service, Wish},
    courier::Courier,
    present::{self, Language},
    sync::{Profile, Return, SyncStep, start_sync},
    vault::{NewSlots, Unlock, Vault},
};
use techo_portal_standin::{Card, Plan, TownThread, Visit};
use techo_tests::synthetic;

/// Most that we may add, in milliseconds.
const BAR: f64 = 100.0;

#[derive(Parser)]
struct Arguments {
    /// Three fetches instead of eleven.
    #[arg(long)]
    quick: bool,
}

type Failure = Box<dyn std::error::Error>;

/// Where the time of one fetch went.
struct Spent {
    whole: Duration,
    exchanges: Duration,
    browser: Duration,
    records: u64,
}

impl Spent {
    fn ours(&self) -> Duration {
        self.whole.saturating_sub(self.exchanges).saturating_sub(self.browser)
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let town = TownThread::start(Plan::default())?;
    let profile = town.profile()?;
    let mut fetches = Vec::new();
    for _ in 0..if arguments.quick { 3 } else { 11 } {
        fetches.push(fetch(&town, &profile)?);
    }
    let middle = |part: &dyn Fn(&Spent) -> Duration| {
        let mut values: Vec<f64> = fetches.iter().map(|spent| part(spent).as_secs_f64() * 1000.0).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let records = fetches.first().map_or(0, |spent| spent.records);
    let ours = middle(&Spent::ours);
    println!("{:<72} {:>10} {:<10} {:>8}", "", "", "", "at most");
    let row = |name: &str, value: f64, bar: &str| println!("{name:<72} {value:>10.2} {:<10} {bar:>8}", "ms");
    row(
        &format!("a fetch of {records} records, our own time beyond the network steps"),
        ours,
        &format!("{BAR}{}", if ours <= BAR { "" } else { "  MISSED" }),
    );
    row("the same, whole, with a robot for a browser", middle(&|spent| spent.whole), "");
    row("the same, in exchanges with the relay", middle(&|spent| spent.exchanges), "");
    Ok(())
}

/// One fetch into a new vault, from the question to the digest in words.
fn fetch(town: &TownThread, profile: &Profile) -> Result<Spent, Failure> {
    let folder = tempfile::tempdir()?;
    let device = DeviceSecret::make()?;
    let slots = NewSlots { passphrase: None, recovery: None, device: Some(&device) };
    let vault = Vault::create(&folder.path().join("vault"), &slots)?;
    let person = synthetic::person();
    vault.add_person(&person, Utc::now())?;
    vault.confirm_presence(Unlock::Device(&device), Utc::now())?;
    let courier = Courier::new(profile)?;

    let begun = Instant::now();
    let (mut exchanges, mut browser) = (Duration::ZERO, Duration::ZERO);
    let items_of = |ids: &[String]| ids.iter().map(|id| id.parse().ok()).collect::<Option<BTreeSet<Item>>>();
    let known = profile.services.iter().filter_map(|service| Some((service.id.clone(), items_of(&service.items)?)));
    let services: Vec<Service> = known.map(|(id, items)| Service { id, items }).collect();
    let items: BTreeSet<Item> = services.iter().flat_map(|service| service.items.iter().copied()).collect();
    let frame = Frame {
        id: ConsentId::from_bytes([7; 16]),
        subject: person.id,
        actor: Actor { basis: Basis::OwnCard, person: Some(person.id) },
        purpose: Purpose::Keep,
        operator: Operator {
            japanese: profile.operator.ja.clone(),
            english: profile.operator.en.clone(),
            contact: profile.operator.contact.clone(),
        },
        keeping: Keeping { relay_seconds: profile.keeping_seconds },
    };
    let wishes = items.iter().map(|item| Wish { item: *item, period: Period::default() }).collect();
    let request = ConsentRequest::new(frame, wishes, &services)?;
    vault.note_consent_asked(&request, Utc::now())?;
    let answers: Vec<Answer> = items.iter().map(|item| Answer { item: *item, granted: true }).collect();
    let Answered::Granted(grant) = request.answer(&answers, &services, Utc::now())? else { return Err("nothing was granted".into()) };
    vault.note_consent_answered(&grant.permitted().receipt, Utc::now())?;
    let mut sync = start_sync(&vault, grant, profile, Return::AppLink, Utc::now())?;
    // The operating system hands the app the address before any browser opens it.
    let visit = Visit::with(Card::Hanako).stopping_before_delivery();
    let digest = loop {
        let away = Instant::now();
        match sync.step() {
            SyncStep::Exchange(exchange) => {
                let reply = courier.carry(exchange);
                exchanges += away.elapsed();
                sync.answer(&vault, reply, Utc::now())?;
            }
            SyncStep::Browse { url, .. } => {
                let arrival = town.visit(url.as_str(), &visit)?;
                let back = arrival.address().ok_or("the browser came to nowhere")?;
                browser += away.elapsed();
                sync.redirect(&vault, back.as_str(), Utc::now())?;
            }
            SyncStep::Wait { seconds, .. } => {
                thread::sleep(Duration::from_secs((*seconds).into()));
                exchanges += away.elapsed();
                sync.tick(&vault, Utc::now())?;
            }
            SyncStep::Confirm(_) => sync.decide(&vault, true, Utc::now())?,
            SyncStep::Done(digest) => break digest,
            SyncStep::Ended(end) => return Err(format!("it ended: {end:?}").into()),
        }
    };
    let words = present::digest(&vault, digest, Language::Japanese)?;
    let whole = begun.elapsed();
    // What is measured is a fetch: what came is here.
    let records = vault.roots()?.iter().map(|root| root.records).sum();
    if records == 0 || words.sum.is_empty() {
        return Err("nothing came".into());
    }
    Ok(Spent { whole, exchanges, browser, records })
}
