//! `add`, `edit`, `remove`, `undo`, `changes`: what a person writes by hand. What is wrong with a field is told with its
//! name; what has to be asked is asked on a terminal and answered with --yes elsewhere.

use techo_core::{
    insight::{FieldTrouble, form_of_record},
    intake::{
        Filled, IntakeError, Pen, PenError, Permissions, WrittenDown, add_by_hand, correct_by_hand, last_change, remove_event,
        remove_record, undo_entry,
    },
    present::{self, ChangeView, field_trouble_text},
    record::{Author, Person, Relation},
    terms::{Kind, form},
    vault::{ChangesOf, DocumentId, EventId, FactId, Vault},
};

use super::{Names, door, find_person, now, one_person};
use crate::{
    Session,
    args::{Add, Changes, Edit, PenArgs, Remove, Undo},
    exit::{Exit, Failure},
    json,
    terminal::{Page, ask, ask_for, can_ask, plain},
    words::{Word, say},
};

pub(super) fn add(session: &Session, arguments: &Add) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let person = one_person(&vault, arguments.person.as_deref(), session)?;
    let desk = Desk { session, vault: &vault, person: &person, pen: &arguments.pen };
    let mut values = arguments.fields.0.clone();
    let missing = form(arguments.kind).iter().filter(|field| field.is_required && !values.iter().any(|(id, _)| id == field.id));
    let missing: Vec<_> = missing.collect();
    for field in missing {
        if let Some(text) = desk.asked_for(present::field_view(field, session.language).label)? {
            values.push((field.id.to_owned(), text));
        }
    }
    desk.written(arguments.kind, &values, |filled, pen| add_by_hand(&vault, &person, filled, pen))
}

pub(super) fn edit(session: &Session, arguments: &Edit) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let record: FactId = arguments.id.parse().map_err(|_| Failure::new(Exit::NothingFound, arguments.id.clone()))?;
    let stored = vault.fact(record)?;
    let person = vault.person(stored.event.person)?;
    let (kind, _) = form_of_record(&stored.fact);
    let desk = Desk { session, vault: &vault, person: &person, pen: &arguments.pen };
    if arguments.fields.0.is_empty() {
        return Err(Failure::new(Exit::Usage, say(Word::NothingToEdit, session.language, &[])));
    }
    desk.written(kind, &arguments.fields.0, |filled, pen| correct_by_hand(&vault, record, filled, pen))
}

pub(super) fn remove(session: &Session, arguments: &Remove) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let unknown = || Failure::new(Exit::NothingFound, arguments.id.clone());
    let (record, event) = (arguments.id.parse::<FactId>().ok(), arguments.id.parse::<EventId>().ok());
    let person = match (record, event) {
        (Some(record), _) => vault.fact(record)?.event.person,
        (None, Some(event)) => vault.event(event)?.person,
        (None, None) => return Err(unknown()),
    };
    let person = vault.person(person)?;
    let desk = Desk { session, vault: &vault, person: &person, pen: &arguments.pen };
    desk.written(Kind::Other, &[], |_, pen| match (record, event) {
        (Some(record), _) => remove_record(&vault, record, pen),
        (None, Some(event)) => remove_event(&vault, event, pen),
        (None, None) => Err(PenError::NothingToUndo),
    })
}

pub(super) fn undo(session: &Session, arguments: &Undo) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let (person, entry) = if let Some(id) = &arguments.entry {
        let entry: DocumentId = id.parse().map_err(|_| Failure::new(Exit::NothingFound, id.clone()))?;
        (vault.person(vault.document(entry)?.person)?, entry)
    } else {
        let person = one_person(&vault, arguments.person.as_deref(), session)?;
        let last = last_change(&vault, &person)?;
        (person, last.ok_or_else(|| nothing_to_undo(session))?)
    };
    let desk = Desk { session, vault: &vault, person: &person, pen: &arguments.pen };
    desk.written(Kind::Other, &[], |_, pen| undo_entry(&vault, entry, pen))
}

pub(super) fn changes(session: &Session, arguments: &Changes) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let names = Names::of(&vault)?;
    let of: Vec<ChangesOf> = match &arguments.id {
        Some(id) => vec![match (id.parse::<FactId>(), id.parse::<EventId>(), id.parse::<DocumentId>()) {
            (Ok(record), ..) => ChangesOf::Record(vault.fact(record)?.id),
            (_, Ok(event), _) => ChangesOf::Event(vault.event(event)?.id),
            (_, _, Ok(entry)) => ChangesOf::Entry(entry),
            _ => return Err(Failure::new(Exit::NothingFound, id.clone())),
        }],
        None => match &arguments.person {
            Some(name) => vec![ChangesOf::Person(find_person(&vault, name, session)?.id)],
            None => vault.people()?.iter().map(|person| ChangesOf::Person(person.id)).collect(),
        },
    };
    let mut page = Page::open(session.surface);
    let mut count = 0;
    for of in of {
        let mut after = None;
        loop {
            let view = present::changes(&vault, of, after, session.language)?;
            for row in &view.rows {
                count += 1;
                tell(session, &mut page, row, &names)?;
            }
            after = view.next;
            if after.is_none() {
                break;
            }
        }
    }
    if count == 0 && !session.json {
        session.line(&mut page, Word::NoChanges.text(session.language))?;
    }
    session.finish(page)?;
    Ok(Exit::Done)
}

/// Where somebody writes.
pub(super) struct Desk<'a> {
    pub(super) session: &'a Session,
    pub(super) vault: &'a Vault,
    pub(super) person: &'a Person,
    pub(super) pen: &'a PenArgs,
}

impl Desk<'_> {
    fn author(&self) -> Result<Author, Failure> {
        let is_self = |name: &str| self.person.names().any(|own| techo_core::base::fold_name(own) == techo_core::base::fold_name(name));
        match (&self.pen.by, self.pen.writes_as) {
            (None, None | Some(crate::args::RelationWord::Oneself)) => {
                Ok(Author { name: self.person.name.clone(), relation: Relation::Myself })
            }
            // Whose words these are is not for us to guess.
            (None, Some(_)) => Err(Failure::new(Exit::Usage, say(Word::WhoWrites, self.session.language, &[]))),
            (Some(name), Some(relation)) => Ok(Author { name: name.clone(), relation: relation.into() }),
            (Some(name), None) => {
                let relation = if is_self(name) { Relation::Myself } else { Relation::Other };
                Ok(Author { name: name.clone(), relation })
            }
        }
    }

    /// A line typed in on a terminal; none elsewhere, or where nothing was typed.
    fn asked_for(&self, label: &str) -> Result<Option<String>, Failure> {
        if self.session.json || !can_ask() {
            return Ok(None);
        }
        let text = ask_for(&plain(label)).map_err(|error| crate::exit::file_failure(std::path::Path::new("-"), &error))?;
        Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    /// Writes until there is no question left, and tells what was written.
    pub(super) fn written(
        &self,
        kind: Kind,
        values: &[(String, String)],
        write: impl Fn(Filled<'_>, Pen<'_>) -> Result<WrittenDown, PenError>,
    ) -> Result<Exit, Failure> {
        let author = self.author()?;
        let (mut confirmed, mut digits): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let written = loop {
            let checked: Vec<&str> = digits.iter().map(String::as_str).collect();
            let may = Permissions { digits_checked_at: &checked, ..Permissions::default() };
            let moment = now();
            let today = moment.with_timezone(&chrono::Local).date_naive();
            let pen = Pen { author: &author, now: moment, today, reason: self.pen.reason.as_deref(), may };
            match write(Filled { kind, values, confirmed: &confirmed }, pen) {
                Ok(written) => break written,
                Err(PenError::Form(found)) => confirmed.extend(self.answered(kind, &found)?),
                Err(PenError::Intake(IntakeError::PossibleMyNumber { place })) if !digits.contains(&place) => {
                    let question = say(Word::AskDigits, self.session.language, &[("place", &place)]);
                    if !self.says_yes(&question) {
                        return Err(Failure::refused(&IntakeError::PossibleMyNumber { place }, self.session.language));
                    }
                    digits.push(place);
                }
                Err(PenError::Intake(IntakeError::Vault(error))) => return Err(error.into()),
                // It shares an exit code with a My Number, and is not one.
                Err(PenError::Intake(error @ IntakeError::InsurerNumber { .. })) => {
                    let language = self.session.language;
                    return Err(Failure::told(Exit::MyNumber, present::Trouble::of_intake(&error, language).text(language)));
                }
                Err(PenError::Intake(error)) => return Err(Failure::refused(&error, self.session.language)),
                Err(PenError::NothingToUndo) => return Err(nothing_to_undo(self.session)),
            }
        };
        let names = Names::of(self.vault)?;
        let mut page = Page::open(self.session.surface);
        tell(self.session, &mut page, &present::change(self.vault, written.document, self.session.language)?, &names)?;
        self.session.finish(page)?;
        Ok(Exit::Done)
    }

    fn says_yes(&self, question: &str) -> bool {
        self.pen.consent.yes || (!self.session.json && ask(question, self.session.language).unwrap_or(false))
    }

    /// The fields whose questions are answered with yes. A mistake is no question.
    fn answered(&self, kind: Kind, found: &[FieldTrouble]) -> Result<Vec<String>, Failure> {
        let language = self.session.language;
        let text = |trouble: &FieldTrouble| field_trouble_text(kind, trouble, language);
        let mistakes: Vec<String> = found.iter().filter(|trouble| !trouble.trouble.is_question()).map(text).collect();
        if !mistakes.is_empty() {
            return Err(Failure::new(Exit::Usage, mistakes.join(language.pick("。", "; "))));
        }
        for trouble in found {
            if !self.says_yes(&text(trouble)) {
                return Err(Failure::new(Exit::Declined, format!("{} (--yes)", text(trouble))));
            }
        }
        Ok(found.iter().map(|trouble| trouble.field.clone()).collect())
    }
}

fn nothing_to_undo(session: &Session) -> Failure {
    Failure::new(Exit::NothingFound, say(Word::NothingToUndo, session.language, &[]))
}

/// One change, as a line of JSON or in words.
fn tell(session: &Session, page: &mut Page, row: &ChangeView, names: &Names) -> Result<(), Failure> {
    let name = names.name(row.change.person);
    if session.json {
        let line = json::ChangeLine {
            entry: row.change.entry.to_string(),
            fingerprint: row.change.fingerprint.to_string(),
            person: name,
            at: &row.at,
            author: &row.author,
            relation: row.relation,
            change: row.change.kind.id(),
            reason: row.reason.as_deref(),
            event: row.change.event.map(|event| event.to_string()),
            records: row.records.iter().map(ToString::to_string).collect(),
            target: row.record.map(|record| record.to_string()).or_else(|| row.target.map(|event| event.to_string())),
            undoes: row.change.undoes.map(|entry| entry.to_string()),
            undone_by: row.change.undone_by.map(|entry| entry.to_string()),
            waits: row.change.waits(),
        };
        return session.line(page, &json::line(&line));
    }
    let ids: Vec<String> = row.records.iter().map(ToString::to_string).collect();
    let about = row.record.map(|record| record.to_string()).or_else(|| row.target.map(|event| event.to_string())).unwrap_or_default();
    let mut words = vec![row.at.get(..10).unwrap_or_default().to_owned(), row.text.clone(), about, ids.join(" ")];
    words.extend([row.author_text.clone(), name.to_owned(), row.change.entry.to_string()]);
    words.extend(row.standing_text.map(str::to_owned));
    words.retain(|word| !word.is_empty());
    session.line(page, &plain(&words.join("  ")))?;
    match &row.reason {
        Some(reason) => session.line(page, &format!("  {}", plain(reason))),
        None => Ok(()),
    }
}
