//! `demo`: the whole way on a throw-away vault with a family nobody belongs to — documents in, a fetch from a stand-in of
//! Mynaportal, timeline, history, search, archive out, archive in, roots equal.

use std::path::{Path, PathBuf};

use techo_core::{
    base::{DeviceSecret, Passphrase, PersonId, make_random},
    formats::health_card::KeySet,
    intake::{Incoming, Permissions, take_in},
    present::taken_text,
    record::{Person, Sex},
    transfer,
    vault::{NewSlots, Unlock, Vault, VaultError},
};

use super::{Names, history, keep, now, views};
use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    terminal::Page,
    words::{Word, say},
};

macro_rules! fixture {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../tests/fixtures/family/", $name)).as_slice())
    };
}

type File = (&'static str, &'static [u8]);

const HANAKO: &[File] = &[
    fixture!("hanako-tokutei-2020.xml"),
    fixture!("hanako-tokutei-2021.xml"),
    fixture!("hanako-tokutei-2022.xml"),
    fixture!("hanako-tokutei-2023.xml"),
    fixture!("hanako-tokutei-2024.xml"),
    fixture!("hanako-tokutei-2025.xml"),
    fixture!("hanako-okusuri-1.txt"),
    fixture!("hanako-okusuri-2-part2.txt"),
    fixture!("hanako-okusuri-2-part1.txt"),
    fixture!("hanako-ecs.json"),
];
const ICHIRO: &[File] = &[fixture!("ichiro-echeckup-2024.json")];
const TARO: &[File] = &[fixture!("taro-vaccination.smart-health-card")];
const ISSUER_KEYS: &str = include_str!("../../../tests/fixtures/family/issuer-jwks.json");

/// Name, kana, date of birth, sex and documents.
const FAMILY: &[(&str, &str, &str, Sex, &[File])] = &[
    ("手帳 花子", "テチョウ ハナコ", "1972-04-15", Sex::Female, HANAKO),
    ("手帳 一郎", "テチョウ イチロウ", "1970-11-02", Sex::Male, ICHIRO),
    ("手帳 太郎", "テチョウ タロウ", "2019-06-20", Sex::Male, TARO),
];

pub(super) fn demo(session: &Session, arguments: &args::Demo) -> Result<Exit, Failure> {
    let home = tempfile::Builder::new().prefix("techo-demo-").tempdir().map_err(|error| file_failure(Path::new("techo-demo"), &error))?;
    let mut page = Page::open(session.surface);
    let played = play(session, home.path(), &mut page);
    session.finish(page)?;
    let equal = played?;
    if arguments.keep {
        let path = home.keep();
        session.print(&say(Word::DemoKept, session.language, &[("path", &path.display().to_string())]))?;
    }
    Ok(if equal { Exit::Done } else { Exit::RootsDiffer })
}

fn play(session: &Session, home: &Path, page: &mut Page) -> Result<bool, Failure> {
    let heading = |page: &mut Page, word: Word| -> Result<(), Failure> {
        session.line(page, "")?;
        session.line(page, &format!("── {} ──", word.text(session.language)))
    };
    session.line(page, Word::DemoWelcome.text(session.language))?;
    let passphrase = Passphrase::new("見本の合言葉").map_err(|_| Failure::from(Exit::Internal))?;
    let device = DeviceSecret::make().map_err(VaultError::from)?;
    let vault = Vault::create(&home.join("vault"), &NewSlots { passphrase: Some(&passphrase), device: Some(&device), recovery: None })?;
    vault.confirm_presence(Unlock::Device(&device), now())?;

    heading(page, Word::DemoImport)?;
    let mut keys = KeySet::new(now().timestamp());
    keys.add(ISSUER_KEYS, None).map_err(|_| Failure::from(Exit::Internal))?;
    for (name, kana, born, sex, files) in FAMILY {
        let person = add(&vault, (name, kana, born, *sex))?;
        for (file, bytes) in *files {
            take(session, page, &vault, &person, (file, bytes), &keys)?;
        }
    }
    #[cfg(feature = "stand-in")]
    {
        heading(page, Word::DemoFetch)?;
        super::demo_fetch::fetch(session, page, &vault)?;
    }
    let names = Names::of(&vault)?;
    let hanako = vault.people()?.into_iter().next().ok_or(Exit::Internal)?;

    heading(page, Word::DemoTimeline)?;
    views::timeline_page(
        session,
        page,
        &vault,
        &names,
        &args::Timeline { person: None, kind: None, from: None, until: None, limit: None },
    )?;
    heading(page, Word::DemoHistory)?;
    history::history_page(session, page, &vault, &hanako, "LDL")?;
    history::history_page(session, page, &vault, &hanako, "ALP")?;
    heading(page, Word::DemoSearch)?;
    for words in ["尿酸", "ｽﾀﾁﾝ", "アレルギー"] {
        session.line(page, &say(Word::DemoSearched, session.language, &[("words", words)]))?;
        views::search_page(session, page, &vault, &names, words, None)?;
    }

    heading(page, Word::DemoExport)?;
    let archive: PathBuf = home.join("family.techo");
    let before = vault.roots()?;
    transfer::backup(&vault, &archive, &passphrase, now(), &mut |_| {})?;
    for root in &before {
        session.line(page, &keep::root_text(session, &names, root))?;
    }
    vault.lock();
    let again = home.join("again");
    let slots = NewSlots { passphrase: None, device: Some(&device), recovery: None };
    let restored = transfer::restore(&again, &slots, &archive, Some(&passphrase), now(), &mut |_| {})?;
    let mut equal = restored.people.len() == before.len();
    for (person, root) in restored.people.iter().zip(&before) {
        let same = person.root_equal && person.root == root.root;
        equal &= same;
        let word = if same { Word::RootsEqual } else { Word::RootsDiffer };
        let (found, stated) = (person.records.to_string(), root.records.to_string());
        session.line(page, &format!("{}: {}", person.name, say(word, session.language, &[("found", &found), ("stated", &stated)])))?;
    }
    heading(page, Word::DemoNext)?;
    session.line(page, Word::DemoNextSteps.text(session.language))?;
    Ok(equal)
}

fn add(vault: &Vault, (name, kana, born, sex): (&str, &str, &str, Sex)) -> Result<Person, Failure> {
    let id = PersonId::from_bytes(make_random().map_err(VaultError::from)?);
    let born = born.parse().map_err(|_| Failure::from(Exit::Internal))?;
    let mut person = Person::new(id, name, born, sex).map_err(|_| Failure::from(Exit::Internal))?;
    person.kana = Some(kana.to_owned());
    vault.add_person(&person, now())?;
    Ok(person)
}

fn take(session: &Session, page: &mut Page, vault: &Vault, person: &Person, (name, bytes): File, keys: &KeySet) -> Result<(), Failure> {
    let mut result = Ok(());
    let incoming = Incoming { bytes, name: Some(name), now: now() };
    take_in(vault, person, incoming, keys, Permissions::default(), &mut |outcome| {
        if result.is_err() {
            return;
        }
        result = match outcome.result {
            Ok(taken) if taken.pending => session.line(page, &format!("{name}: {}", taken_text(&taken, session.language))),
            Ok(taken) => session.line(page, &format!("{}  {name}: {}", person.name, taken_text(&taken, session.language))),
            Err(error) => Err(Failure::refused(&error, session.language)),
        };
    });
    result
}
