//! Out of one family's notebook into another: a slice for the other parent's phone, and the hand-over of a grown child's
//! records to a notebook of their own.

use std::path::Path;

use techo_core::{
    base::PartialDate,
    present::{self, Marked},
    transfer::{self, Choice, Missing},
    vault::{SliceMark, StoredDay, StoredEvent},
};

use crate::{ArchiveDone, ArchivePerson, Erased, ExportDone, TechoError, Vault, clinic::today, redacted::redacted, room::now};

/// What to share of one person's records.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SliceWish {
    /// Whose, by id.
    pub person: String,
    /// Only weight, height, head circumference and BMI.
    pub growth_only: bool,
    /// Whether what is sensitive goes along.
    pub sensitive: bool,
    /// Whether what the person keeps hidden goes along.
    pub hidden: bool,
    /// Who shares it, as they write it.
    pub from: String,
    /// What day it is where the person is, `2026-04-01`.
    pub today: String,
}

/// What must be asked before somebody's records are handed over.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HandOverQuestion {
    /// The question where the person is younger than the age the family chose; none where they are not.
    pub age_text: Option<String>,
    /// The question before the access ends, to be asked when the file is there.
    pub end_text: String,
}

redacted!(SliceWish, HandOverQuestion);

#[uniffi::export]
impl Vault {
    /// *Long.* Writes a slice, sealed, to the file `out`, and reads it back. Needs presence. `import_archive` or `import_slice`
    /// takes it in elsewhere.
    ///
    /// `WishInvalid` (`records`) where there is nothing of what was chosen.
    pub fn share_slice(&self, wish: SliceWish, passphrase: String, out: String) -> Result<ExportDone, TechoError> {
        let (vault, language) = (&self.room.vault, self.room.language());
        let person = wish.person.parse()?;
        let marked = Marked::of(vault, person)?;
        let is_withheld = |stored: &StoredEvent, place: usize| marked.reason(stored, place).is_some();
        let is_day_withheld = |day: &StoredDay| Marked::day_reason(day).is_some();
        let choice = Choice {
            person: Some(person),
            withhold: (!wish.sensitive).then_some(&is_withheld),
            withhold_day: (!wish.sensitive).then_some(&is_day_withheld),
            with_hidden: wish.hidden,
            ..Choice::default()
        };
        let only = wish.growth_only.then(|| "growth".to_owned());
        let mark = SliceMark { from: wish.from, on: PartialDate::Day(today(&wish.today)?), only };
        let seal = crate::keys::passphrase(passphrase)?;
        let done = transfer::export_slice(vault, &choice, &mark, Path::new(&out), &seal, now(), &mut |_| {})?;
        let written = present::export_text(done.people.len(), done.records(), language);
        let missing = |one: &Missing| present::not_carried_text(one.kind, one.reason, one.records, language);
        let lines: Vec<String> =
            [written, present::slice_text(&mark, language)].into_iter().chain(done.not_carried.iter().map(missing)).collect();
        Ok(ExportDone { text: lines.join("\n") })
    }

    /// *Long.* Takes a slice in for a person of this notebook, where it could not be told whose it is or the name there is another.
    /// It adds what is new and replaces nothing. For any other archive it is `import_archive`.
    ///
    /// `NotThisPerson` (`born`) where the person was born on another day; `PassphraseNeeded` where none was given.
    pub fn import_slice(&self, path: String, passphrase: Option<String>, person: String) -> Result<ArchiveDone, TechoError> {
        self.take_archive(path, passphrase, Some(person.parse()?))
    }

    /// *Quick.* What must be asked before a hand-over, by the age the family chose.
    pub fn hand_over_text(&self, person: String, today: String, age: u32) -> Result<HandOverQuestion, TechoError> {
        let (vault, language) = (&self.room.vault, self.room.language());
        let person = vault.person(person.parse()?)?;
        let years = transfer::years_on(person.born, crate::clinic::today(&today)?);
        let records = vault.record_counts()?.into_iter().find(|(id, _)| *id == person.id).map_or(0, |(_, records)| records);
        Ok(HandOverQuestion {
            age_text: present::hand_over_question(&person.name, years, age, language),
            end_text: present::end_access_question(&person.name, records, language),
        })
    }

    /// *Long.* Writes everything about one person, sealed, to the file `out`, and reads it back: there is a file only where its root is
    /// this notebook's. Nothing is erased; where the records are not to stay (`keeps` false), ask and call `end_access`. Needs presence.
    pub fn hand_over(
        &self,
        person: String,
        from: String,
        today: String,
        keeps: bool,
        passphrase: String,
        out: String,
    ) -> Result<ArchiveDone, TechoError> {
        let (vault, language) = (&self.room.vault, self.room.language());
        let person = vault.person(person.parse()?)?;
        let seal = crate::keys::passphrase(passphrase)?;
        let of = transfer::HandOver { person: person.id, from: &from, on: crate::clinic::today(&today)?, keeps };
        let content = transfer::hand_over(vault, of, Path::new(&out), &seal, now(), &mut |_| {})?;
        let records = content.people.iter().map(|root| root.records).sum();
        let people = vec![ArchivePerson { name: person.name.clone(), records, is_whole: true }];
        Ok(ArchiveDone { people, documents: content.documents, text: present::handed_over_text(&person.name, records, true, language) })
    }

    /// *Long.* Erases a person who was handed over, for good. The file is read once more and must hold everything that is here now.
    /// Needs presence. The sealed card of the locked screen is the shell's to erase, as after any erasure.
    ///
    /// `Changed` where the file lacks anything; `WrongKey`, `ArchiveDamaged` and the like where it cannot be read. Nothing is
    /// erased then.
    pub fn end_access(&self, person: String, archive: String, passphrase: String) -> Result<Erased, TechoError> {
        let (vault, language) = (&self.room.vault, self.room.language());
        let person = vault.person(person.parse()?)?;
        let seal = crate::keys::passphrase(passphrase)?;
        // Asked before: afterwards the ledger no longer says whose exports they were.
        let elsewhere = present::copies_elsewhere(vault, |_| true, language)?;
        let erased = transfer::end_access(vault, person.id, Path::new(&archive), &seal, now(), &mut |_| {})?;
        let told = present::handed_over_text(&person.name, erased.records, false, language);
        let lines: Vec<String> = [told, present::out_of_reach_title(language).to_owned()].into_iter().chain(elsewhere).collect();
        Ok(Erased { text: lines.join("\n"), records: erased.records, documents: erased.documents })
    }

    /// *Quick.* Writes down that the records of somebody who was handed over stay here after all.
    pub fn keep_access(&self, person: String) -> Result<(), TechoError> {
        Ok(transfer::keep_access(&self.room.vault, person.parse()?, now())?)
    }
}
