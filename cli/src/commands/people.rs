//! `person add` and `person list`.

use techo_core::{
    base::{PersonId, make_random},
    record::{Person, Sex},
    vault::VaultError,
};

use super::{door, now};
use crate::{
    Session,
    args::PersonAdd,
    exit::{Exit, Failure},
    json,
    terminal::{Page, Side, Table},
    words::{Word, say},
};

pub(super) fn add(session: &Session, arguments: &PersonAdd) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let id = PersonId::from_bytes(make_random().map_err(VaultError::from)?);
    let today = now().with_timezone(&chrono::Local).date_naive();
    let refused = if arguments.born.known_day().is_none() {
        Some(Word::BornUnknown)
    } else {
        (arguments.born.first_day() > today).then_some(Word::BornInFuture)
    };
    if let Some(word) = refused {
        return Err(Failure::new(Exit::Usage, say(word, session.language, &[("born", &arguments.born.to_string())])));
    }
    let mut person = Person::new(id, &arguments.name, arguments.born, arguments.sex.into())
        .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    person.kana.clone_from(&arguments.kana);
    person.former_names.clone_from(&arguments.former_name);
    person.gestation = arguments.gestation;
    // The vault tells people apart by id only; two of the same name, born the same day, would be one typed in twice.
    if vault.people()?.iter().any(|known| person.is_namesake_of(known)) {
        return Err(Failure::new(Exit::PersonExists, person.name.clone()));
    }
    vault.add_person(&person, now())?;
    if session.json {
        session.print(&json::line(&person_line(&person)))?;
    } else {
        session.print(&say(Word::PersonAdded, session.language, &[("name", &person.name)]))?;
    }
    Ok(Exit::Done)
}

pub(super) fn list(session: &Session) -> Result<Exit, Failure> {
    let people = door::open(session)?.people()?;
    let mut page = Page::open(session.surface);
    if session.json {
        for person in &people {
            session.line(&mut page, &json::line(&person_line(person)))?;
        }
    } else if people.is_empty() {
        session.line(&mut page, Word::NoPeople.text(session.language))?;
    } else {
        let heading =
            [Word::ColumnPerson, Word::ColumnBorn, Word::ColumnSex, Word::ColumnId].map(|word| (word.text(session.language), Side::Left));
        let mut table = Table::new(&heading);
        for person in &people {
            let sex = match person.sex {
                Sex::Male => Word::Male,
                Sex::Female => Word::Female,
            };
            table.row([person.name.as_str(), &person.born.to_string(), sex.text(session.language), &person.id.to_string()]);
        }
        for line in table.lines(session.surface.columns) {
            session.line(&mut page, &line)?;
        }
    }
    session.finish(page)?;
    Ok(Exit::Done)
}

fn person_line(person: &Person) -> json::PersonLine<'_> {
    json::PersonLine {
        id: person.id.to_string(),
        name: &person.name,
        kana: person.kana.as_deref(),
        former_names: &person.former_names,
        born: person.born.to_string(),
        sex: match person.sex {
            Sex::Male => "male",
            Sex::Female => "female",
        },
        gestation: person.gestation.map(|gestation| gestation.to_string()),
    }
}
