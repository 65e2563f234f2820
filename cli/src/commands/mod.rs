//! The commands, a file for each group. They ask, call the core, and show what it says.

mod card;
mod clinic;
mod consents;
mod decide;
mod demo;
#[cfg(feature = "stand-in")]
mod demo_fetch;
mod door;
mod due;
mod erase;
mod export;
mod family;
mod fetch;
mod growth;
mod hand_over;
mod history;
mod import;
mod import_series;
mod keep;
mod ledger;
mod links;
mod look;
mod medicines;
mod pen;
mod people;
mod qr;
mod report;
mod scan;
mod settings;
#[cfg(feature = "stand-in")]
mod stand_in;
mod vaccines;
mod views;

use techo_core::{
    base::{PersonId, fold_name},
    record::Person,
    vault::Vault,
};

use crate::{
    Session,
    args::{Command, PersonCommand},
    exit::{Exit, Failure},
    json,
    words::{Word, say},
};

/// Runs one command.
pub(crate) fn dispatch(session: &Session, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Init(arguments) => keep::init(session, &arguments),
        Command::Person(PersonCommand::Add(arguments)) => people::add(session, &arguments),
        Command::Person(PersonCommand::List) => people::list(session),
        Command::Import(arguments) => import::import(session, &arguments),
        Command::Add(arguments) => pen::add(session, &arguments),
        Command::Edit(arguments) => pen::edit(session, &arguments),
        Command::Remove(arguments) => pen::remove(session, &arguments),
        Command::Attach(arguments) => decide::attach(session, &arguments),
        Command::Hide(arguments) => decide::hide(session, &arguments),
        Command::Unhide(arguments) => decide::unhide(session, &arguments),
        Command::Sensitive(arguments) => decide::sensitive(session, &arguments),
        Command::Medicines(arguments) => medicines::medicines(session, &arguments),
        Command::Vaccines(arguments) => vaccines::vaccines(session, &arguments),
        Command::Due(arguments) => due::due(session, &arguments),
        Command::Growth(arguments) => growth::growth(session, &arguments),
        Command::Forgets(arguments) => family::forgets(session, &arguments),
        Command::Explain(arguments) => family::explain(session, &arguments),
        Command::Board(arguments) => family::board(session, &arguments),
        Command::Clinic(arguments) => clinic::clinic(session, &arguments),
        Command::Card(arguments) => card::card(session, &arguments),
        Command::Report(arguments) => report::report(session, &arguments),
        Command::Undo(arguments) => pen::undo(session, &arguments),
        Command::Changes(arguments) => pen::changes(session, &arguments),
        Command::Timeline(arguments) => views::timeline(session, &arguments),
        Command::Show(arguments) => views::show(session, &arguments),
        Command::History(arguments) => history::history(session, &arguments),
        Command::Search(arguments) => views::search(session, &arguments),
        Command::Links(arguments) => links::links(session, &arguments),
        Command::Unlink(arguments) => links::unlink(session, &arguments),
        Command::Link(arguments) => links::link(session, &arguments),
        Command::Export(arguments) => export::export(session, &arguments),
        Command::Qr(arguments) => qr::qr(session, &arguments),
        Command::Slice(arguments) => hand_over::slice(session, &arguments),
        Command::HandOver(arguments) => hand_over::hand_over(session, &arguments),
        Command::Backup(arguments) => export::backup(session, &arguments),
        Command::Restore(arguments) => export::restore(session, &arguments),
        Command::Erase(what) => erase::erase(session, &what),
        Command::Ledger(arguments) => ledger::ledger(session, &arguments),
        Command::Consents => consents::consents(session),
        Command::Withdraw(arguments) => consents::withdraw(session, &arguments),
        Command::Settings(arguments) => settings::settings(session, &arguments),
        Command::Legal(arguments) => settings::legal(session, &arguments),
        Command::Fetch(arguments) => fetch::fetch(session, &arguments),
        #[cfg(feature = "stand-in")]
        Command::PortalStandIn(arguments) => stand_in::portal_stand_in(session, &arguments),
        Command::Verify => keep::verify(session),
        Command::AcceptLoss(arguments) => keep::accept_loss(session, &arguments),
        Command::Recover(arguments) => keep::recover(session, &arguments),
        Command::Kit => keep::kit(session),
        Command::Passphrase(arguments) => keep::passphrase(session, &arguments),
        Command::Demo(arguments) => demo::demo(session, &arguments),
    }
}

/// The one person a name (or an id) means. Width, kana and spaces do not matter.
fn find_person(vault: &Vault, name: &str, session: &Session) -> Result<Person, Failure> {
    let wanted = fold_name(name);
    let people = vault.people()?;
    let by_id = name.parse::<PersonId>().ok().and_then(|id| people.iter().find(|person| person.id == id));
    let mut by_name = people.iter().filter(|person| person.names().any(|own| fold_name(own) == wanted));
    let found = match (by_id, by_name.next(), by_name.next()) {
        (Some(person), ..) | (None, Some(person), None) => person,
        (None, Some(_), Some(_)) => return Err(Failure::new(Exit::Usage, say(Word::SeveralPeople, session.language, &[("name", name)]))),
        (None, None, _) => return Err(Failure::new(Exit::NothingFound, say(Word::NoSuchPerson, session.language, &[("name", name)]))),
    };
    Ok(found.clone())
}

/// The person asked for, or the only one there is.
fn one_person(vault: &Vault, name: Option<&str>, session: &Session) -> Result<Person, Failure> {
    if let Some(name) = name {
        return find_person(vault, name, session);
    }
    let mut people = vault.people()?.into_iter();
    match (people.next(), people.next()) {
        (Some(person), None) => Ok(person),
        (None, _) => Err(Failure::new(Exit::NothingFound, say(Word::NoPeople, session.language, &[]))),
        (Some(_), Some(_)) => Err(Failure::new(Exit::Usage, say(Word::WhichPerson, session.language, &[]))),
    }
}

/// The names of the people by id, for the lists.
struct Names(Vec<Person>);

impl Names {
    fn of(vault: &Vault) -> Result<Self, Failure> {
        Ok(Self(vault.people()?))
    }

    fn name(&self, id: PersonId) -> &str {
        self.0.iter().find(|person| person.id == id).map_or("", |person| person.name.as_str())
    }

    fn root_line(&self, root: &techo_core::vault::PersonRoot) -> json::RootLine {
        json::RootLine { person: self.name(root.person).to_owned(), records: root.records, root: root.root.to_string() }
    }
}

/// An instant for programs: UTC, RFC 3339.
fn instant(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}
