//! What a file holds, before anything of it is taken in: looked at like the import itself, and only read. The person sees
//! whose it claims to be, what it says and what could not be read, and then takes it or leaves it.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::{
    Incoming, IntakeError, Outcome, Permissions,
    numbers::possible_my_number,
    take::{code_name, filed_with, format_of, take_in},
};
use crate::{
    base::{Fingerprint, PartialDate, PersonId, limits},
    formats::{self, Contents, Detected, FormatError, FormatId, Part, Reading, Refusal, Unread, health_card::KeySet},
    record::{Mismatch, Person, Subject},
    terms::Kind,
    vault::{DocumentId, Vault, VaultError},
};

/// A file that was looked at. It is filed by [`Draft::take`], and forgotten otherwise.
pub struct Draft {
    bytes: Zeroizing<Vec<u8>>,
    name: Option<String>,
    keys: KeySet,
    documents: Vec<DraftDocument>,
}

/// One document of a draft.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftDocument {
    /// Its name inside a container, or which QR code of a picture; none for the file itself.
    pub member: Option<String>,
    /// Its format; none where it is of no format with a reader.
    pub format: Option<FormatId>,
    /// Who wrote it, where it is something that somebody wrote by hand: it is not taken in, and told by its author.
    pub author: Option<String>,
    /// Whether it can be taken in.
    pub state: DraftState,
}

/// Whether a document can be taken in.
#[derive(Clone, PartialEq, Eq)]
pub enum DraftState {
    /// It was read.
    Ready(Box<DraftReading>),
    /// Parts of it are missing. What is here can be kept until they come.
    Waiting {
        /// The parts that are missing, counted from 1.
        missing: Vec<u32>,
        /// How many there are.
        of: u32,
    },
    /// It is an archive of ours: it comes in as a whole, with its people (`transfer::import_archive`).
    Archive,
    /// It cannot be read. Nothing of it can be taken in.
    Unreadable(FormatError),
}

/// What a document says.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftReading {
    /// Whom it claims to be about.
    pub subject: Subject,
    /// Who of the vault that is.
    pub fits: Fits,
    /// Who issued it, as received.
    pub source: Option<String>,
    /// The first and the last day it tells of; none where it gives no day.
    pub days: Option<(PartialDate, PartialDate)>,
    /// Records of each kind, in the order of the kinds.
    pub kinds: Vec<(Kind, u32)>,
    /// All records.
    pub records: u32,
    /// Entries that could not be read.
    pub refused: Vec<Refusal>,
    /// The same document, where it is here already, and whose it is there.
    pub here: Vec<(PersonId, DocumentId)>,
    /// Where twelve digits stand that could be a My Number: the person must say that they are none.
    pub digits: Option<String>,
}

/// Who of the vault a document is about, as far as can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fits {
    /// This person, and nobody else here.
    One(PersonId),
    /// Each of these.
    Several(Vec<PersonId>),
    /// Nobody here.
    Nobody,
    /// It does not say.
    Unstated,
}

impl DraftReading {
    /// In what it differs from this person: filed under them only when the person says so.
    pub fn differs(&self, person: &Person) -> Mismatch {
        self.subject.mismatch(person)
    }
}

impl Draft {
    /// Looks at a file. Nothing is written. *Long*: as long as reading it takes.
    ///
    /// # Errors
    /// `Locked`, and what else keeps the vault from being read. What is wrong with the file stands in the draft.
    pub fn look(vault: &Vault, bytes: Vec<u8>, name: Option<&str>, keys: &KeySet) -> Result<Self, VaultError> {
        let people = vault.people()?;
        let documents = Look { vault, people: &people, keys }.at(&bytes)?;
        Ok(Self { bytes: Zeroizing::new(bytes), name: name.map(str::to_owned), keys: keys.clone(), documents })
    }

    /// What it holds, in the order of the file.
    pub fn documents(&self) -> &[DraftDocument] {
        &self.documents
    }

    /// The file's name, where it had one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether it is an archive of ours, which is not taken in document by document.
    pub fn is_archive(&self) -> bool {
        self.documents.iter().any(|document| document.state == DraftState::Archive)
    }

    /// Whether there is anything that could be taken in: a document that is not here yet, or a part that waits for others.
    pub fn has_news(&self) -> bool {
        self.documents.iter().any(|document| match &document.state {
            DraftState::Ready(reading) => reading.here.is_empty(),
            DraftState::Waiting { .. } => true,
            DraftState::Archive | DraftState::Unreadable(_) => false,
        })
    }

    /// Takes it in for `person`, exactly as [`take_in`] does: each document whole or not at all, durable when it is handed
    /// to `done`. *Long*.
    pub fn take(&self, vault: &Vault, person: &Person, may: Permissions<'_>, now: DateTime<Utc>, done: &mut dyn FnMut(Outcome)) {
        let file = Incoming { bytes: &self.bytes, name: self.name.as_deref(), now };
        take_in(vault, person, file, &self.keys, may, done);
    }
}

/// What is looked with.
struct Look<'a> {
    vault: &'a Vault,
    people: &'a [Person],
    keys: &'a KeySet,
}

/// Parts of one split document that came together.
type Sets = Vec<(Part, BTreeMap<u32, Vec<u8>>)>;

impl Look<'_> {
    fn at(&self, bytes: &[u8]) -> Result<Vec<DraftDocument>, VaultError> {
        if formats::detect(bytes) == Detected::NotRead(Unread::TechoArchive) {
            return Ok(vec![DraftDocument { member: None, format: None, author: None, state: DraftState::Archive }]);
        }
        let mut documents = Vec::new();
        match formats::read(bytes, self.keys) {
            Ok(Contents::Document(reading)) => documents.push(self.ready(None, *reading, &[bytes])?),
            Ok(Contents::Container(members)) => {
                for member in members {
                    documents.push(match member.reading {
                        Ok(reading) => self.ready(Some(member.name), *reading, &[&member.bytes])?,
                        Err(error) => unreadable(Some(member.name), error, &member.bytes),
                    });
                }
            }
            Ok(Contents::Part(part)) => {
                let number = part.number;
                documents.push(self.set(None, &part, &BTreeMap::from([(number, bytes.to_vec())]))?);
            }
            Ok(Contents::Codes(codes)) => documents = self.codes(codes)?,
            Err(error) => documents.push(unreadable(None, error, bytes)),
        }
        Ok(documents)
    }

    /// The QR codes of a picture: parts of one document are one.
    fn codes(&self, codes: Vec<Vec<u8>>) -> Result<Vec<DraftDocument>, VaultError> {
        let several = codes.len() > 1;
        let (mut documents, mut sets) = (Vec::new(), Sets::new());
        for (number, code) in (1..).zip(codes) {
            let member = several.then(|| code_name(number));
            match formats::read_code(&code, self.keys) {
                Ok(Contents::Document(reading)) => documents.push(self.ready(member, *reading, &[&code])?),
                Ok(Contents::Part(part)) => match sets.iter_mut().find(|(known, _)| (known.format, &known.set) == (part.format, &part.set))
                {
                    Some((_, parts)) => {
                        parts.insert(part.number, code);
                    }
                    None => sets.push((part.clone(), BTreeMap::from([(part.number, code)]))),
                },
                Ok(Contents::Container(_) | Contents::Codes(_)) => {
                    documents.push(unreadable(member, FormatError::NotRead(Unread::Unknown), &code));
                }
                Err(error) => documents.push(unreadable(member, error, &code)),
            }
        }
        for (part, parts) in sets {
            documents.push(self.set(None, &part, &parts)?);
        }
        Ok(documents)
    }

    /// Parts of a split document, with those of somebody here that have been waiting for them.
    fn set(&self, member: Option<String>, part: &Part, came: &BTreeMap<u32, Vec<u8>>) -> Result<DraftDocument, VaultError> {
        let format = part.format.id();
        let mut best = came.clone();
        for person in self.people {
            let waiting = self.vault.waiting_parts(person.id, format, &part.set)?;
            let all: BTreeMap<u32, Vec<u8>> = waiting.into_iter().map(|part| (part.number, part.bytes)).chain(came.clone()).collect();
            if all.len() > best.len() {
                best = all;
            }
        }
        let missing: Vec<u32> = (1..=part.of).filter(|number| !best.contains_key(number)).collect();
        let here = self.parts_here(part, came)?;
        if !missing.is_empty() && here.is_empty() {
            return Ok(DraftDocument {
                member,
                format: Some(part.format),
                author: None,
                state: DraftState::Waiting { missing, of: part.of },
            });
        }
        // The whole as it was filed, where it is here already and only a part of it came again.
        let parts: Vec<Vec<u8>> = match here.first() {
            Some((_, document)) => self.vault.original(*document)?.iter().map(|part| part.to_vec()).collect(),
            None => best.into_values().collect(),
        };
        let slices: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        match formats::assemble(part.format, &slices, self.keys) {
            Ok(reading) => {
                let mut document = self.ready(member, reading, &slices)?;
                if let DraftState::Ready(reading) = &mut document.state
                    && reading.here.is_empty()
                {
                    reading.here = here;
                }
                Ok(document)
            }
            Err(error) => Ok(DraftDocument { member, format: Some(part.format), author: None, state: DraftState::Unreadable(error) }),
        }
    }

    /// The documents here that were made of all of these parts.
    fn parts_here(&self, part: &Part, came: &BTreeMap<u32, Vec<u8>>) -> Result<Vec<(PersonId, DocumentId)>, VaultError> {
        let mut here = Vec::new();
        for person in self.people {
            let found = came.values().map(|bytes| filed_with(self.vault, person.id, part.format.id(), bytes));
            let found = found.collect::<Result<Vec<Option<DocumentId>>, _>>()?;
            if let Some(document) = found.into_iter().collect::<Option<Vec<_>>>().as_deref().and_then(<[_]>::first) {
                here.push((person.id, *document));
            }
        }
        Ok(here)
    }

    fn ready(&self, member: Option<String>, reading: Reading, parts: &[&[u8]]) -> Result<DraftDocument, VaultError> {
        if reading.format == FormatId::Entry {
            let state = DraftState::Unreadable(FormatError::NotRead(Unread::TechoEntry));
            return Ok(DraftDocument { member, format: Some(FormatId::Entry), author: reading.source, state });
        }
        let fingerprint = Fingerprint::of_parts(parts.iter().copied());
        let mut here = Vec::new();
        for person in self.people {
            here.extend(self.vault.find_document(person.id, fingerprint)?.map(|document| (person.id, document)));
        }
        let format = Some(reading.format);
        let facts = || reading.events.iter().flat_map(|event| &event.facts);
        if facts().count() > limits::FACTS {
            let error = FormatError::Limit { what: "records", place: "document".to_owned() };
            return Ok(DraftDocument { member, format, author: None, state: DraftState::Unreadable(error) });
        }
        let mut kinds: BTreeMap<Kind, u32> = BTreeMap::new();
        for fact in facts() {
            *kinds.entry(fact.kind).or_default() += 1;
        }
        let days = || reading.events.iter().filter_map(|event| event.day);
        let state = DraftState::Ready(Box::new(DraftReading {
            fits: fits(&reading.subject, self.people),
            days: days().min_by_key(PartialDate::first_day).zip(days().max_by_key(PartialDate::last_day)),
            records: kinds.values().sum(),
            kinds: kinds.into_iter().collect(),
            digits: possible_my_number(&reading.events, &[]).map(str::to_owned),
            subject: reading.subject,
            source: reading.source,
            refused: reading.refused,
            here,
        }));
        Ok(DraftDocument { member, format, author: None, state })
    }
}

fn unreadable(member: Option<String>, error: FormatError, bytes: &[u8]) -> DraftDocument {
    DraftDocument { member, format: format_of(&error, bytes), author: None, state: DraftState::Unreadable(error) }
}

/// Who of these people a subject can be. A name that is one of a person's beats people whose name could not be compared; and
/// without a name, date of birth and sex are both needed to tell.
fn fits(subject: &Subject, people: &[Person]) -> Fits {
    let alike = || people.iter().filter(|person| subject.mismatch(person).is_none());
    let named: Vec<PersonId> = alike().filter(|person| subject.name_matches(person) == Some(true)).map(|person| person.id).collect();
    let tells = !named.is_empty() || (subject.born.is_some() && subject.sex.is_some());
    let found: Vec<PersonId> = if named.is_empty() { alike().map(|person| person.id).collect() } else { named };
    match found.as_slice() {
        [] if people.is_empty() && subject.names.is_empty() && !tells => Fits::Unstated,
        [] => Fits::Nobody,
        _ if !tells => Fits::Unstated,
        [one] => Fits::One(*one),
        _ => Fits::Several(found),
    }
}

impl DraftDocument {
    /// Why it would not be taken in for `person` as things are; none where it would.
    pub fn objection(&self, person: &Person, may: Permissions<'_>) -> Option<IntakeError> {
        match &self.state {
            DraftState::Unreadable(error) => Some(error.clone().into()),
            DraftState::Archive => Some(FormatError::NotRead(Unread::TechoArchive).into()),
            DraftState::Waiting { .. } => None,
            DraftState::Ready(reading) => {
                let differs = reading.differs(person);
                if !differs.is_none() && !may.anyway {
                    return Some(IntakeError::NotThisPerson(differs));
                }
                let place =
                    reading.digits.clone().filter(|place| !may.digits_checked && !may.digits_checked_at.contains(&place.as_str()))?;
                Some(IntakeError::PossibleMyNumber { place })
            }
        }
    }
}

// What was read is the person's; a log gets the counts.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("documents", &self.documents.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for DraftDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DraftDocument").field("format", &self.format).finish_non_exhaustive()
    }
}
