//! `portal-stand-in`: relay and stand-in of Mynaportal on this computer, for trying out a fetch without a card and without
//! anybody's data.

use std::{path::Path, sync::mpsc};

use techo_portal_standin::{Card, PIN, Plan, Sex, StandInError, TownThread};

use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    json,
    terminal::{Page, Side, Table, plain},
    words::{Word, say},
    write_new,
};

pub(super) fn portal_stand_in(session: &Session, arguments: &args::PortalStandIn) -> Result<Exit, Failure> {
    if arguments.cards {
        return cards(session);
    }
    let town = start(Plan::default())?;
    // A directory of its own where no file was named; it goes with the stand-in, whose keys are new each time.
    let own =
        tempfile::Builder::new().prefix("techo-stand-in-").tempdir().map_err(|error| file_failure(Path::new("techo-stand-in"), &error))?;
    let path = arguments.profile_out.clone().unwrap_or_else(|| own.path().join("relay.toml"));
    let profile = town.profile_text().map_err(|error| failure(&error))?;
    write_new(&path, profile.as_bytes()).map_err(|error| file_failure(&path, &error))?;
    let (stop, stopped) = mpsc::channel();
    let handler = move || {
        // Whoever waited has gone already.
        let _ = stop.send(());
    };
    ctrlc::set_handler(handler).map_err(|_| Failure::from(Exit::Internal))?;
    let told = tell(session, &town, &path);
    if told.is_ok() {
        // The handler holds the other end as long as the program runs.
        let _ = stopped.recv();
    }
    // A profile without its stand-in leads nowhere.
    drop(std::fs::remove_file(&path));
    told.map(|()| Exit::Done)
}

/// Starts relay and stand-in.
pub(super) fn start(plan: Plan) -> Result<TownThread, Failure> {
    TownThread::start(plan).map_err(|error| failure(&error))
}

/// A failure of the stand-in, which is a mistake of ours or a lack of ports.
pub(super) fn failure(error: &StandInError) -> Failure {
    Failure::new(Exit::Internal, error.to_string())
}

fn tell(session: &Session, town: &TownThread, path: &Path) -> Result<(), Failure> {
    let digests = town.town().map_err(|error| failure(&error))?.spki_digests().join(",");
    let path = plain(&path.display().to_string());
    if session.json {
        return session.print(&json::line(&json::StandInLine { profile: &path, spki_digests: &digests, pin: PIN }));
    }
    let language = session.language;
    let person = Card::Hanako.person();
    for line in [
        say(Word::StandInRuns, language, &[("path", &path)]),
        Word::StandInUse.text(language).to_owned(),
        format!("    techo person add '{}' --kana '{}' --born {} --sex female", person.name, person.kana, day(person.birth)),
        format!("    techo fetch --relay {path} --person '{}' --items checkup,medication", person.name),
        say(Word::StandInPin, language, &[("pin", PIN)]),
        Word::StandInBrowser.text(language).to_owned(),
        format!("    BROWSER='chromium --user-data-dir=techo-chromium --ignore-certificate-errors-spki-list={digests}' techo fetch …"),
        Word::StandInStop.text(language).to_owned(),
    ] {
        session.print(&line)?;
    }
    Ok(())
}

/// `19720415` as `1972-04-15`.
fn day(digits: &str) -> String {
    chrono::NaiveDate::parse_from_str(digits, "%Y%m%d").map_or_else(|_| digits.to_owned(), |day| day.to_string())
}

fn cards(session: &Session) -> Result<Exit, Failure> {
    let mut page = Page::open(session.surface);
    let headings = [Word::ColumnId, Word::ColumnPerson, Word::ColumnKana, Word::ColumnBorn, Word::ColumnSex, Word::ColumnProxyFor]
        .map(|word| (word.text(session.language), Side::Left));
    let mut table = Table::new(&headings);
    for card in Card::ALL {
        let person = card.person();
        let proxy_for: Vec<&str> = card.proxy_for().iter().map(|other| other.person().name).collect();
        if session.json {
            let sex = if person.sex == Sex::Male { "male" } else { "female" };
            let line =
                json::CardLine { id: card.id(), name: person.name, kana: person.kana, born: day(person.birth), sex, pin: PIN, proxy_for };
            session.line(&mut page, &json::line(&line))?;
            continue;
        }
        let sex = if person.sex == Sex::Male { Word::Male } else { Word::Female };
        table.row([card.id(), person.name, person.kana, &day(person.birth), sex.text(session.language), &proxy_for.join("、")]);
    }
    if !session.json {
        session.lines(&mut page, &table.lines(session.surface.columns))?;
        session.line(&mut page, &say(Word::StandInPin, session.language, &[("pin", PIN)]))?;
    }
    session.finish(page)?;
    Ok(Exit::Done)
}
