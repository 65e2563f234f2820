//! `ledger`: what was done, in sentences; the check of its chain; and a copy that anybody can check without us.

use std::path::Path;

use techo_core::{
    base::{Fingerprint, PersonId},
    present,
    vault::{Act, LedgerEntry, Vault},
};

use super::{door, find_person, now};
use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    json,
    terminal::{Mark, Page, plain},
    words::{Word, say},
    write_new,
};

/// Entries read from the vault at a time.
const SOME: u32 = 500;

pub(super) fn ledger(session: &Session, arguments: &args::Ledger) -> Result<Exit, Failure> {
    let vault = if arguments.export.is_some() { door::open_present(session)? } else { door::open(session)? };
    if arguments.verify {
        return verify(session, &vault);
    }
    if let Some(out) = &arguments.export {
        return export(session, &vault, out);
    }
    let person = arguments.person.as_deref().map(|name| find_person(&vault, name, session)).transpose()?.map(|person| person.id);
    let mut page = Page::open(session.surface);
    let shown = show(session, &mut page, &vault, person);
    session.finish(page)?;
    if !shown? && !session.json {
        session.print(Word::LedgerEmpty.text(session.language))?;
    }
    Ok(Exit::Done)
}

/// Writes the entries, the earliest first; whether there are any.
fn show(session: &Session, page: &mut Page, vault: &Vault, person: Option<PersonId>) -> Result<bool, Failure> {
    let people = vault.people()?;
    let mut any = false;
    each(vault, |number, entry| {
        let told = present::ledger_line(&people, number, &entry, session.language);
        if person.is_some_and(|person| !told.people.contains(&person)) {
            return Ok(());
        }
        any = true;
        let line = if session.json {
            let detail = entry.detail.as_deref().and_then(|detail| serde_json::from_str(detail).ok());
            let people = told.names.iter().map(String::as_str).collect();
            json::line(&json::LedgerLine { number, at: &entry.at, act: &entry.act, people, words: &told.text, detail })
        } else {
            format!("{number:>4}  {}  {}", local(&entry.at), plain(&told.text))
        };
        session.line(page, &line)
    })?;
    Ok(any)
}

/// Every entry with its number, counted from 1.
fn each(vault: &Vault, mut see: impl FnMut(u64, LedgerEntry) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut from = 0;
    loop {
        let entries = vault.ledger(from, SOME)?;
        let count = u32::try_from(entries.len()).unwrap_or(SOME);
        for (number, entry) in (u64::from(from) + 1..).zip(entries) {
            see(number, entry)?;
        }
        if count < SOME {
            return Ok(());
        }
        from += count;
    }
}

/// The instant on the wall clock where the program runs.
pub(super) fn local(at: &str) -> String {
    let instant = chrono::DateTime::parse_from_rfc3339(at);
    instant.map_or_else(|_| plain(at), |at| at.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M").to_string())
}

/// The chain so far.
#[derive(Default)]
struct Chain {
    entries: u64,
    head: Option<Fingerprint>,
    /// Number of the first entry that does not follow.
    broken: Option<u64>,
}

impl Chain {
    fn add(&mut self, entry: &LedgerEntry) {
        self.entries += 1;
        if !entry.follows(self.head.as_ref()) {
            self.broken.get_or_insert(self.entries);
        } else if entry.act == Act::LossAccepted.id() {
            // A gap before a loss that the person has accepted is part of that loss.
            self.broken = None;
        }
        self.head = Some(entry.chain);
    }
}

fn verify(session: &Session, vault: &Vault) -> Result<Exit, Failure> {
    let mut chain = Chain::default();
    each(vault, |_, entry| {
        chain.add(&entry);
        Ok(())
    })?;
    let head = chain.head.map(|head| head.to_string());
    if session.json {
        let line = json::LedgerCheckLine { ok: chain.broken.is_none(), entries: chain.entries, head, broken: chain.broken };
        session.print(&json::line(&line))?;
    } else {
        let text = match chain.broken {
            None => {
                let (entries, head) = (chain.entries.to_string(), head.unwrap_or_default());
                say(Word::LedgerWhole, session.language, &[("entries", &entries), ("head", &head)])
            }
            Some(number) => say(Word::LedgerBroken, session.language, &[("number", &number.to_string())]),
        };
        let mark = if chain.broken.is_none() { Mark::Good } else { Mark::Bad };
        session.print(&format!("{} {text}", mark.shown(session.surface)))?;
    }
    Ok(if chain.broken.is_none() { Exit::Done } else { Exit::Damaged })
}

fn export(session: &Session, vault: &Vault, out: &Path) -> Result<Exit, Failure> {
    let mut lines = String::new();
    let mut entries: u64 = 0;
    each(vault, |_, entry| {
        lines.push_str(&json::line(&entry));
        lines.push('\n');
        entries += 1;
        Ok(())
    })?;
    write_new(out, lines.as_bytes()).map_err(|error| file_failure(out, &error))?;
    vault.note_act(now(), Act::Exported, Some(r#"{"format":"ledger","people":[]}"#))?;
    let path = out.display().to_string();
    if session.json {
        session.print(&json::line(&json::ExportLine {
            format: "ledger",
            path: Some(path),
            people: Vec::new(),
            not_carried: Vec::new(),
            characters: Vec::new(),
        }))?;
    } else {
        let places = [("entries", entries.to_string()), ("path", plain(&path))];
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        session.print(&say(Word::LedgerExported, session.language, &places))?;
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// A chain of three, made by the rule that is documented.
    fn entries() -> Vec<LedgerEntry> {
        let mut previous = [0; 32];
        let entry = |(act, detail): (&str, &str)| {
            let at = "2026-11-21T01:02:03.000Z".to_owned();
            let salt = "00112233445566778899aabbccddeeff".to_owned();
            let detail_hash = Fingerprint::of_parts([salt.as_bytes(), detail.as_bytes()]);
            let chain = Fingerprint::of_parts([&previous[..], at.as_bytes(), b"\n", act.as_bytes(), b"\n", &detail_hash.as_bytes()[..]]);
            previous = *chain.as_bytes();
            LedgerEntry { at, act: act.to_owned(), detail: Some(detail.to_owned()), salt, detail_hash, chain }
        };
        [("person_added", "{}"), ("imported", "{}"), ("exported", "{}")].into_iter().map(entry).collect()
    }

    fn broken(entries: &[LedgerEntry]) -> Option<u64> {
        let mut chain = Chain::default();
        for entry in entries {
            chain.add(entry);
        }
        chain.broken
    }

    #[test]
    fn the_first_break_is_named_whatever_was_done_to_the_chain() {
        let whole = entries();
        assert_eq!(broken(&whole), None);
        let with = |change: &dyn Fn(&mut Vec<LedgerEntry>)| {
            let mut entries = whole.clone();
            change(&mut entries);
            broken(&entries)
        };
        assert_eq!(with(&|entries| entries.get_mut(1).unwrap().detail = Some("{ }".to_owned())), Some(2));
        assert_eq!(with(&|entries| entries.get_mut(1).unwrap().at.push(' ')), Some(2));
        assert_eq!(with(&|entries| entries.get_mut(0).unwrap().act = "erased".to_owned()), Some(1));
        assert_eq!(with(&|entries| drop(entries.remove(1))), Some(2));
        assert_eq!(with(&|entries| drop(entries.remove(0))), Some(1));
        assert_eq!(with(&|entries| entries.swap(1, 2)), Some(2));
        // Words that were erased leave the chain whole.
        assert_eq!(with(&|entries| entries.get_mut(1).unwrap().detail = None), None);
    }

    #[test]
    fn an_instant_is_shown_to_the_minute_and_nonsense_as_it_is() {
        assert_eq!(local("2026-11-21T01:02:03.000Z").len(), "2026-11-21 10:02".len());
        assert_eq!(local("\u{1b}[2J"), "\u{FFFD}[2J");
    }
}
