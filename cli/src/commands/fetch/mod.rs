//! `fetch`: one consent, one fetch from Mynaportal. Here is how it begins and how it goes on; `ask` puts the question,
//! `run` drives the conversation, `told` says what came of it.

mod ask;
mod run;
mod told;
mod voice;

use std::{env, fs, path::PathBuf, sync::mpsc};

use techo_core::{
    base::PersonId,
    consent::ConsentId,
    courier::Courier,
    sync::{Exchange, Profile, Reply, Return, Unfinished, farewell, resume_sync, start_sync, unfinished},
    vault::Vault,
};

use super::{Names, door, find_person, now, one_person};
use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    json,
    loopback::Loopback,
    terminal::plain,
    words::{Word, say},
};
use run::Run;
pub(super) use run::Stops;
pub(super) use voice::Voice;

/// Names the profile where no argument does.
const PROFILE_VARIABLE: &str = "TECHO_RELAY";
/// Longest profile that is read, in bytes.
const LONGEST_PROFILE: u64 = 256 * 1024;

pub(super) fn fetch(session: &Session, arguments: &args::Fetch) -> Result<Exit, Failure> {
    let profile = profile(arguments.relay.as_ref())?;
    let vault = door::open_present(session)?;
    let out = |text: &str| session.print(text);
    let voice = Voice::of_terminal(session, &out, arguments.no_browser);
    match &arguments.resume {
        Some(id) => resume(&voice, &vault, &profile, arguments, id.as_deref()),
        None => begin(&voice, &vault, &profile, arguments, Stops::AtCtrlC),
    }
}

/// Makes the relay forget a fetch that is about to be withdrawn. What is needed for it goes with the withdrawal, so it is
/// taken before; told is the relay afterwards, once. Without the relay's profile nobody is told anything.
pub(super) struct Farewell(Option<(Courier, Exchange)>);

impl Farewell {
    /// To the relay of the profile that the environment names, where the fetch began with it.
    pub(super) fn take(vault: &Vault, id: ConsentId) -> Self {
        let taken = || {
            let profile = profile(None).ok()?;
            let exchange = farewell(vault, id, &profile).ok()??;
            Some((Courier::new(&profile).ok()?, exchange))
        };
        Self(taken())
    }

    /// Whether the relay said that it has forgotten the session, or never knew it.
    pub(super) fn tell(self) -> bool {
        let Some((courier, exchange)) = self.0 else { return false };
        matches!(courier.carry(&exchange), Reply::Answered { status: 200..300 | 404, .. })
    }
}

fn profile(named: Option<&PathBuf>) -> Result<Profile, Failure> {
    let named = named.cloned().or_else(|| env::var_os(PROFILE_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from));
    let path = named.ok_or(Exit::BadProfile)?;
    let length = fs::metadata(&path).map_err(|error| file_failure(&path, &error))?.len();
    if length > LONGEST_PROFILE {
        return Err(Failure::from(Exit::BadProfile).of_file(&path));
    }
    let text = fs::read_to_string(&path).map_err(|error| file_failure(&path, &error))?;
    Profile::read(&text).map_err(|bad| {
        // Of the library's words only the field's name, which is the same in every language.
        let bad = bad.to_string();
        let field = bad.split_once(':').map(|(field, _)| format!(": {field}")).unwrap_or_default();
        Failure::new(Exit::BadProfile, format!("{}{field}", path.display()))
    })
}

/// A new fetch, from the question to its end.
pub(super) fn begin(voice: &Voice<'_>, vault: &Vault, profile: &Profile, arguments: &args::Fetch, stops: Stops) -> Result<Exit, Failure> {
    let person = one_person(vault, arguments.person.as_deref(), voice.session)?;
    announce(voice, vault, profile, arguments, person.id)?;
    let Some(grant) = ask::ask(voice, vault, profile, arguments, &person)? else {
        return Err(Failure::told(Exit::Declined, Word::NothingPermitted.text(voice.language).to_owned()));
    };
    door::still_present(voice.session, vault)?;
    let (events, heard) = mpsc::channel();
    let ear = listen(None, &events)?;
    let sync = start_sync(vault, grant, profile, Return::Loopback { port: ear.port() }, now()).map_err(voice.failed())?;
    Run::new(voice, vault, courier(profile)?, arguments, (ear, events, heard), stops)?.drive(sync, "started")
}

/// Tells of fetches that were left unfinished. One of the same person must be brought to its end first; where its time is
/// over, that is done here: nothing is needed from the person for it.
fn announce(voice: &Voice<'_>, vault: &Vault, profile: &Profile, arguments: &args::Fetch, person: PersonId) -> Result<(), Failure> {
    for left in unfinished(vault).map_err(voice.failed())? {
        if left.subject == person && left.expires <= now() {
            let ended = go_on(voice, vault, profile, arguments, &left, Stops::Never);
            // Whatever its end was, the person wants a new one now; with JSON its line has told it.
            if let Err(failure) = ended
                && !voice.json
            {
                crate::note(&plain(&failure.text(voice.language)));
            }
        } else {
            tell_unfinished(voice, &Names::of(vault)?, &left)?;
        }
    }
    let is_running = unfinished(vault).map_err(voice.failed())?.iter().any(|left| left.subject == person);
    if is_running { Err(Exit::FetchRunning.into()) } else { Ok(()) }
}

fn tell_unfinished(voice: &Voice<'_>, names: &Names, left: &Unfinished) -> Result<(), Failure> {
    let (id, name) = (left.id.to_string(), names.name(left.subject));
    if voice.json {
        let line = json::UnfinishedStep {
            step: "unfinished",
            consent: id,
            person: name,
            begun: super::instant(left.begun),
            expires: super::instant(left.expires),
        };
        return voice.print(&json::line(&line));
    }
    let (begun, name) = (super::ledger::local(&super::instant(left.begun)), plain(name));
    voice.print(&say(Word::UnfinishedFetch, voice.language, &[("id", &id), ("name", &name), ("begun", &begun)]))
}

fn resume(voice: &Voice<'_>, vault: &Vault, profile: &Profile, arguments: &args::Fetch, id: Option<&str>) -> Result<Exit, Failure> {
    let person = arguments.person.as_deref().map(|name| find_person(vault, name, voice.session)).transpose()?.map(|person| person.id);
    let wanted = id.map(|id| id.parse::<ConsentId>().map_err(|_| Failure::new(Exit::NothingFound, id))).transpose()?;
    let left: Vec<Unfinished> = unfinished(vault)
        .map_err(voice.failed())?
        .into_iter()
        .filter(|left| wanted.is_none_or(|id| id == left.id) && person.is_none_or(|person| person == left.subject))
        .collect();
    match left.as_slice() {
        [] => Err(Failure::new(Exit::NothingFound, Word::NothingUnfinished.text(voice.language))),
        [one] => go_on(voice, vault, profile, arguments, one, Stops::AtCtrlC),
        _ => {
            let names = Names::of(vault)?;
            left.iter().try_for_each(|one| tell_unfinished(voice, &names, one))?;
            Err(Failure::new(Exit::Usage, Word::WhichUnfinished.text(voice.language)))
        }
    }
}

fn go_on(
    voice: &Voice<'_>,
    vault: &Vault,
    profile: &Profile,
    arguments: &args::Fetch,
    left: &Unfinished,
    stops: Stops,
) -> Result<Exit, Failure> {
    let (events, heard) = mpsc::channel();
    // A browser that is out comes back to where it was told.
    let port = match left.back {
        Some(Return::Loopback { port }) => Some(port),
        Some(Return::AppLink) | None => None,
    };
    let ear = match listen(port, &events) {
        Err(_) if port.is_some() => listen(None, &events),
        other => other,
    }?;
    let sync = resume_sync(vault, left.id, profile, Return::Loopback { port: ear.port() }, now()).map_err(voice.failed())?;
    Run::new(voice, vault, courier(profile)?, arguments, (ear, events, heard), stops)?.drive(sync, "resumed")
}

fn listen(port: Option<u16>, events: &mpsc::Sender<run::Event>) -> Result<Loopback, Failure> {
    let opened = Loopback::open(port, events.clone());
    opened.map_err(|error| Failure::io(Exit::File, "127.0.0.1".as_ref(), error.kind()))
}

fn courier(profile: &Profile) -> Result<Courier, Failure> {
    Courier::new(profile).map_err(|error| Failure::new(Exit::BadProfile, error.to_string()))
}
