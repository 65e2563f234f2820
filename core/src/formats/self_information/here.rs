//! Where a value of an answer stands and whose it is: what the walk hands down, and the marks it leaves for the cutting.

use std::{collections::HashMap, ops::Range};

use super::document::Wrapping;
use crate::{
    record::When,
    terms::{Meaning, self_information_item},
};

/// How much of a name is told in a place.
const SHORT: usize = 40;
/// How many names around an item are told with it.
const AROUND: usize = 3;
/// How long a place grows, in bytes. What lies deeper is told as being in there.
const PLACE: usize = 480;
const DEEPER: &str = "/…";

/// Marks by where the value begins.
pub(super) type Marks = HashMap<usize, Mark>;

/// Whose a value is.
pub(super) enum Mark {
    /// The entry's of this number.
    Entry(usize),
    /// A text that is JSON, with its own marks.
    Json(Marks),
    /// A document, with where its parts stand and the number of each.
    Document(Wrapping, Vec<PartMark>),
}

/// One part of a document.
pub(super) struct PartMark {
    pub(super) entry: usize,
    pub(super) spans: Vec<Range<usize>>,
    pub(super) around: Vec<Range<usize>>,
}

/// The names of the objects around an item, below its entry.
#[derive(Clone, Default)]
pub(super) struct Path {
    /// The closest ones.
    pub(super) names: Vec<String>,
    /// Whether any of them says more than that what follows belongs together.
    pub(super) is_told: bool,
    /// Whether one of them changes what an item means: a height under 出生時 is not that of the day. What states a day of
    /// its own is of that day.
    pub(super) is_apart: bool,
}

impl Path {
    pub(super) fn push(&mut self, name: &str) {
        // 薬剤 around a medicine and ワクチン around a dose say no more than the kind does.
        let says_more = !matches!(
            self_information_item(name),
            Some((Meaning::Same | Meaning::Vaccine | Meaning::Pressure | Meaning::Stage | Meaning::Part(_), _))
        );
        self.is_told |= says_more;
        self.is_apart |= says_more;
        if self.names.len() == AROUND {
            self.names.remove(0);
        }
        self.names.push(short(name));
    }
}

/// Where a value stands.
#[derive(Clone)]
pub(super) struct Here<'a> {
    /// The text it is cut from.
    pub(super) text: &'a str,
    pub(super) group: usize,
    pub(super) entry: usize,
    pub(super) place: String,
    /// The names of the objects around it, below its entry.
    pub(super) path: Path,
    /// Inside an entry that carries a date.
    pub(super) is_dated: bool,
    /// Inside something about somebody else.
    pub(super) is_somebody: bool,
    /// Inside something about the child at its birth.
    pub(super) is_birth: bool,
    /// The day of an object inside the entry, where it is another one.
    pub(super) when: Option<When>,
    pub(super) wrapped: usize,
}

/// A name as it stands in a place: no longer than a name is, and without control characters.
pub(super) fn short(name: &str) -> String {
    let plain = |character: char| if character.is_control() { '\u{FFFD}' } else { character };
    let mut out: String = name.chars().take(SHORT).map(plain).collect();
    if name.chars().nth(SHORT).is_some() {
        out.push('…');
    }
    out
}

/// A place inside another.
pub(super) fn inside(place: &str, step: &str) -> String {
    match place.len() {
        0..PLACE => format!("{place}{step}"),
        _ if place.ends_with(DEEPER) => place.to_owned(),
        _ => format!("{place}{DEEPER}"),
    }
}
