//! `links`, `unlink` and `link`: what was recognised as one event and why, and the person's own word about it.

use techo_core::{
    intake::{self, Deciding},
    present::{self, LinkText, RelatedLine, SameEvent, SourceLine},
    record::{Author, Person, Relation},
    vault::{EventId, PAGE, Vault},
};

use super::{Names, door, find_person, now};
use crate::{
    Session, args,
    exit::{Exit, Failure},
    json,
    terminal::{Page, plain},
    words::{Word, say},
};

pub(super) fn links(session: &Session, arguments: &args::Links) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let mut page = Page::open(session.surface);
    let shown = match &arguments.event {
        Some(id) => one(session, &mut page, &vault, event_id(id)?),
        None => all(session, &mut page, &vault, arguments),
    };
    session.finish(page)?;
    shown.map(|()| Exit::Done)
}

pub(super) fn unlink(session: &Session, arguments: &args::Unlink) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let event = event_id(&arguments.event)?;
    let other = arguments.other.as_deref().map(event_id).transpose()?;
    let deciding = deciding(&vault, event, arguments.reason.as_deref())?;
    let entries = intake::keep_apart(&vault, event, other, &deciding).map_err(|error| Failure::refused(&error, session.language))?;
    if entries.is_empty() {
        return Err(Failure::new(Exit::NothingFound, Word::NoLinks.text(session.language).to_owned()));
    }
    told(session, "unlink", &entries, Word::Unlinked)
}

pub(super) fn link(session: &Session, arguments: &args::LinkTwo) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let (one, other) = (event_id(&arguments.one)?, event_id(&arguments.other)?);
    let deciding = deciding(&vault, one, arguments.reason.as_deref())?;
    let entry = intake::join(&vault, one, other, deciding).map_err(|error| Failure::refused(&error, session.language))?;
    told(session, "link", &[entry], Word::Linked)
}

fn told(session: &Session, done: &str, entries: &[techo_core::base::Fingerprint], word: Word) -> Result<Exit, Failure> {
    if session.json {
        let entries = entries.iter().map(ToString::to_string).collect();
        session.print(&json::line(&json::DecisionLine { done, entries }))?;
    } else {
        session.print(word.text(session.language))?;
    }
    Ok(Exit::Done)
}

fn event_id(text: &str) -> Result<EventId, Failure> {
    text.parse().map_err(|_| Failure::new(Exit::NothingFound, text.to_owned()))
}

/// Whoever sits at this desk speaks for the person whose event it is.
fn deciding(vault: &Vault, event: EventId, reason: Option<&str>) -> Result<Deciding, Failure> {
    let Person { name, .. } = vault.person(vault.event(event)?.person)?;
    Ok(Deciding { author: Author { name, relation: Relation::Myself }, reason: reason.map(str::to_owned), now: now() })
}

/// Every link, the newest day first.
pub(super) fn all(session: &Session, page: &mut Page, vault: &Vault, arguments: &args::Links) -> Result<(), Failure> {
    let names = Names::of(vault)?;
    let person = arguments.person.as_deref().map(|name| find_person(vault, name, session)).transpose()?;
    let headings =
        [Word::ColumnDate, Word::ColumnTitle, Word::ColumnPerson, Word::ColumnLink, Word::ColumnId, Word::ColumnOther, Word::ColumnWhy];
    let mut table = session.table(&headings, Word::ColumnId);
    let (mut after, mut shown) = (None, 0_usize);
    loop {
        let (lines, next) = present::links(vault, person.as_ref().map(|person| person.id), after.as_ref(), PAGE, session.language)?;
        shown += lines.len();
        for line in &lines {
            let (lead, event) = (line.lead.to_string(), line.event.to_string());
            if session.json {
                session.line(page, &json::line(&json::LinkLine::of(names.name(line.person), &line.class, &lead, &event, &line.link)))?;
            } else {
                table.row([line.date_text.as_str(), &line.title, names.name(line.person), line.class_name, &lead, &event, &line.link.why]);
            }
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    match shown {
        _ if session.json => Ok(()),
        0 => session.line(page, Word::NoLinks.text(session.language)),
        _ => session.lines(page, &table.lines(session.surface.columns)),
    }
}

/// One event with all its sources.
fn one(session: &Session, page: &mut Page, vault: &Vault, id: EventId) -> Result<(), Failure> {
    let same = present::same_event(vault, id, session.language)?;
    if session.json {
        for source in &same.sources {
            session.line(page, &json::line(&json::SourceLine::of(source)))?;
        }
        for (class, related) in [("perhaps", &same.questions), ("story", &same.stories)] {
            for line in related {
                session.line(page, &json::line(&json::RelatedLine::of(class, line)))?;
            }
        }
        return Ok(());
    }
    session.lines(page, &same_event_lines(session, &same))
}

/// The part "the same event" of an event's view; empty where there is nothing to say.
pub(super) fn same_event_lines(session: &Session, same: &SameEvent) -> Vec<String> {
    let mut lines = Vec::new();
    if same.sources.len() > 1 {
        lines.push(Word::SameEvent.text(session.language).to_owned());
        same.sources.iter().for_each(|source| lines.extend(source_lines(session, source)));
    }
    for (word, related) in [(Word::PerhapsSame, &same.questions), (Word::OneStory, &same.stories)] {
        if !related.is_empty() {
            lines.push(word.text(session.language).to_owned());
            lines.extend(related.iter().map(|line| related_line(session, line)));
        }
    }
    lines
}

fn source_lines(session: &Session, source: &SourceLine) -> Vec<String> {
    let place = source.place.as_deref().unwrap_or("");
    let parts = [source.event.to_string(), source.date.clone().unwrap_or_default(), source.title.clone(), place.to_owned()];
    let mut lines = vec![
        format!("  {}  [{}]", plain(parts.join("  ").trim_end()), plain(&source.format_name)),
        format!(
            "    {}",
            say(if source.leads { Word::Leads } else { Word::StandsBehind }, session.language, &[("why", &plain(&source.standing))])
        ),
    ];
    lines.extend(source.link.as_ref().map(|link| format!("    {}", why(session, link))));
    for one in &source.differences {
        let nothing = Word::SaysNothing.text(session.language);
        let (lead, other) = (one.lead.as_deref().unwrap_or(nothing), one.other.as_deref().unwrap_or(nothing));
        lines.push(format!("    {}: {} | {}", plain(&one.item), plain(lead), plain(other)));
    }
    lines
}

fn related_line(session: &Session, line: &RelatedLine) -> String {
    let place = line.place.as_deref().unwrap_or("");
    let parts = [line.event.to_string(), line.date_text.clone(), line.title.clone(), place.to_owned()];
    format!("  {}: {}", plain(parts.join("  ").trim_end()), why(session, &line.link))
}

fn why(session: &Session, link: &LinkText) -> String {
    let rule = format!("{} v{}", link.rule, link.edition);
    let by = link.via.map(|via| say(Word::ByWayOf, session.language, &[("event", &via.to_string())])).unwrap_or_default();
    format!("{}{by} ({rule})", plain(&link.why))
}
