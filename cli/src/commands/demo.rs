//! `demo`: the whole way on a throw-away vault with a family nobody belongs to — documents in, a fetch from a stand-in of
//! Mynaportal, timeline, history, search, archive out, archive in, roots equal.

use std::path::{Path, PathBuf};

use techo_core::{
    base::{DeviceSecret, Passphrase},
    intake::Outcome,
    present,
    record::Person,
    transfer,
    vault::{NewSlots, Unlock, Vault, VaultError},
};
use techo_sample::{Document, SampleError};

use super::{Names, history, keep, links, now, views};
use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    terminal::Page,
    words::{Word, say},
};

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
    let mut told = Ok(());
    let people = techo_sample::fill_and_tell(&vault, now(), &mut |person, document, outcome| {
        if told.is_ok() {
            told = tell(session, page, person, document, outcome);
        }
    })?;
    // One document of each kind that the family's own do not have.
    techo_sample::fill_more(&vault, &people, now(), &mut |person, document, outcome| {
        if told.is_ok() {
            told = tell(session, page, person, document, outcome);
        }
    })?;
    told?;
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
    heading(page, Word::DemoLinks)?;
    links::all(session, page, &vault, &args::Links { event: None, person: None })?;
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

fn tell(session: &Session, page: &mut Page, person: &Person, document: &Document, outcome: &Outcome) -> Result<(), Failure> {
    match &outcome.result {
        Ok(taken) => {
            let said = present::taken_text(document.name, taken, session.language);
            session.line(page, &if taken.pending { said } else { format!("{}  {said}", person.name) })
        }
        Err(error) => Err(Failure::refused(error, session.language)),
    }
}

impl From<SampleError> for Failure {
    fn from(error: SampleError) -> Self {
        match error {
            SampleError::Vault(error) => error.into(),
            SampleError::Document(_) | SampleError::Unsound => Self::new(Exit::Internal, error.to_string()),
        }
    }
}
