//! 自己情報: what Mynaportal answers, `{ municipality: { 特定個人情報名: content } }`. The content is nested items with
//! Japanese names, or a text that is itself a document. Reads it, says whom it speaks of, and cuts out what nobody agreed to.
//!
//! Names are data (`terms/data/self-information-*.tsv`). What is read and how it is cut: `docs/formats/self-information.md`.

mod document;
mod dose;
pub(in crate::formats) mod draft;
mod here;
mod leaf;
mod made;
mod making;
mod members;
mod my_number;
mod survey;
mod trim;
pub(in crate::formats) mod value;

use zeroize::Zeroizing;

use super::{FormatError, FormatId, Reading, qualification};
use crate::{base::PartialDate, record::Subject, terms::Kind};
pub(in crate::formats) use members::sex;
use survey::Survey;

/// Version of the reader; raised whenever the same bytes would give other records, also by another edition of the names.
pub const PARSER: u32 = 2;

/// How many municipalities the source names before it says ほか.
const SOURCES: usize = 3;

/// One 特定個人情報 of one municipality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where it stands.
    pub place: String,
    /// Who answered, as written.
    pub municipality: String,
    /// 特定個人情報名, as written.
    pub name: String,
    /// What its name stands for; [`Kind::Other`] where no table knows it.
    pub kind: Kind,
    /// How many entries it has.
    pub entries: u32,
    /// The first and the last day that its entries name.
    pub days: Option<(PartialDate, PartialDate)>,
}

/// The smallest unit that can be kept or cut: a dated element of a list, one checkup or one day of medicines inside a
/// document, or all that a group says outside of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Who answered.
    pub municipality: &'a str,
    /// 特定個人情報名
    pub group: &'a str,
    /// What is asked for under this kind; medicines handed out on an electronic prescription come with
    /// [`Kind::Prescription`].
    pub kind: Kind,
    /// The first day it names.
    pub first_day: Option<PartialDate>,
    /// The last day it names.
    pub last_day: Option<PartialDate>,
    /// It could not be read: nobody knows what it says or about which days.
    pub is_unread: bool,
}

/// How many entries of one group and kind were cut, or kept. A group that has none is counted with zero entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Who answered.
    pub municipality: String,
    /// 特定個人情報名
    pub group: String,
    /// What was asked for.
    pub kind: Kind,
    /// How many entries.
    pub entries: u32,
}

/// What is left of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trimmed {
    /// The answer without what was cut; the very same bytes where nothing was, and `{}` where nothing is left.
    pub bytes: Zeroizing<Vec<u8>>,
    /// What was cut.
    pub cut: Vec<Cut>,
    /// What was kept.
    pub kept: Vec<Cut>,
}

/// Reads an answer. A group that cannot be read is refused with its place and the rest is taken; two people in one
/// answer, or a labelled 個人番号, stop the whole.
pub fn read(bytes: &[u8]) -> Result<Reading, FormatError> {
    let survey = Survey::of(bytes)?;
    let subject = qualification::union(&survey.subjects)?;
    let source = source(&survey);
    let events = survey.entries.into_iter().flat_map(|entry| entry.events).collect();
    Ok(Reading { format: FormatId::SelfInformation, parser: PARSER, subject, source, events, refused: survey.refused })
}

/// Everybody whom an answer says it is about, one statement a place, so that each can be compared with the person. Also
/// for an answer that is a bare document.
pub fn subjects(bytes: &[u8]) -> Result<Vec<(String, Subject)>, FormatError> {
    Survey::of(bytes).map(|survey| survey.subjects)
}

/// The groups of an answer, in its order. An answer that is a bare document is one group without a name.
pub fn groups(bytes: &[u8]) -> Result<Vec<Group>, FormatError> {
    let survey = Survey::of(bytes)?;
    Ok(survey
        .groups
        .iter()
        .enumerate()
        .map(|(index, group)| {
            let entries = || survey.entries.iter().filter(|entry| entry.group == index && !entry.events.is_empty());
            Group {
                place: group.place.clone(),
                municipality: group.municipality.clone(),
                name: group.name.clone(),
                kind: group.kind.unwrap_or(Kind::Other),
                entries: u32::try_from(entries().count()).unwrap_or(u32::MAX),
                days: members::span_of(entries().flat_map(|entry| &entry.events)),
            }
        })
        .collect())
}

/// Cuts out every entry that `keep` does not want. What is kept stays byte for byte as it was written and reads to the
/// same records; only a text with a document inside is written anew where a part of that document was cut.
pub fn trim(bytes: &[u8], keep: &mut dyn FnMut(&Entry<'_>) -> bool) -> Result<Trimmed, FormatError> {
    trim::trim(bytes, keep)
}

fn source(survey: &Survey) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for group in &survey.groups {
        let name = group.municipality.trim();
        if !name.is_empty() && !names.contains(&name) {
            if names.len() == SOURCES {
                return Some(format!("{} ほか", names.join("、")));
            }
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join("、"))
}
