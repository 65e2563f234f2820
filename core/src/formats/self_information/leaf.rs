//! One item of an entry: its words, what its name means, and where it stands.

use super::{
    here::Here,
    value::{number, read_unit},
};
use crate::{
    formats::fhir::without_insurance_lines,
    record::{Body, Coding, Concept, Fact, Observation, Standing, Unit, Value, When},
    terms::{ITEM_SYSTEM, Kind, Meaning, OwnItem, own_item, self_information_item},
};

/// Between the names of what lies in each other.
const IN: &str = " / ";
pub(super) const NAMELESS: &str = "名称のない項目";

/// Whom and when an item is about, by what it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// The person, on the day of the record.
    Record,
    /// Something that changes what it means: a height under 妊娠前 is not that of the day.
    Apart,
    /// Somebody else.
    Somebody,
    /// The child at its birth.
    Birth,
}

/// One item.
#[derive(Clone)]
pub(in crate::formats) struct Leaf {
    pub(super) meaning: Option<Meaning>,
    /// The unit in brackets behind its name.
    pub(super) unit: Option<String>,
    /// Its name, behind the names of what it lies in where these matter.
    pub(super) label: String,
    pub(super) about: About,
    pub(super) words: String,
    /// Not in quotes: a number, `true` or `false`.
    pub(super) is_word: bool,
    pub(super) at: String,
    pub(super) when: Option<When>,
}

/// What a name says together with the only one around it, and the unit that it may be: 視力 around 右 is 視力（右）.
fn compound(name: &str, here: &Here<'_>) -> Option<(Meaning, Option<String>)> {
    let [around] = here.path.names.as_slice() else { return None };
    if here.is_birth || here.is_somebody {
        return None;
    }
    self_information_item(&format!("{around}（{name}）")).filter(|(meaning, _)| matches!(meaning, Meaning::Quantity(_)))
}

impl Leaf {
    pub(super) fn new(name: &str, words: &str, is_word: bool, here: &Here<'_>) -> Self {
        let (meaning, unit) = self_information_item(name).map_or((None, None), |(meaning, unit)| (Some(meaning), unit));
        let meaning = match meaning {
            Some(Meaning::Same | Meaning::Somebody | Meaning::Birth) => None,
            Some(Meaning::Sex) if here.is_birth => Some(Meaning::Finding(own_item("child-sex"))),
            Some(Meaning::Name | Meaning::Kana | Meaning::Born | Meaning::Sex) if here.is_somebody => None,
            other => other,
        };
        let together = if meaning.is_none() { compound(name, here) } else { None };
        let is_compound = together.is_some();
        let (meaning, unit) = together.map_or((meaning, unit), |(meaning, unit)| (Some(meaning), unit));
        let name = if name.is_empty() { NAMELESS } else { name };
        let label = if here.path.is_told { format!("{}{IN}{name}", here.path.names.join(IN)) } else { name.to_owned() };
        Self {
            meaning,
            unit,
            label,
            about: match (here.is_birth, here.is_somebody, here.path.is_apart) {
                (true, ..) => About::Birth,
                (false, true, _) => About::Somebody,
                (false, false, true) if !is_compound => About::Apart,
                (false, false, _) => About::Record,
            },
            words: words.to_owned(),
            is_word,
            at: here.place.clone(),
            when: here.when.clone(),
        }
    }

    /// An item of a row in a table.
    pub(in crate::formats) fn of_cell(name: &str, words: &str, at: String) -> Self {
        let (meaning, unit) = self_information_item(name).map_or((None, None), |(meaning, unit)| (Some(meaning), unit));
        let meaning = meaning.filter(|meaning| !matches!(meaning, Meaning::Same | Meaning::Somebody | Meaning::Birth));
        let label = if name.is_empty() { NAMELESS } else { name }.to_owned();
        let words = words.to_owned();
        Self { meaning, unit, label, about: About::Record, words, is_word: false, at, when: None }
    }

    /// Where the object or row begins that it stands in.
    pub(super) fn holder(&self) -> &str {
        self.at.rsplit_once('/').map_or("", |(holder, _)| holder)
    }

    /// The item whose name is around a bare value: `{"身長": {"値": "75.0", "単位": "cm"}}`.
    pub(super) fn within(self) -> (Self, Option<String>) {
        let mut names = self.label.rsplit(IN).skip(1);
        let name = names.next().filter(|name| self_information_item(name).is_some()).map(str::to_owned);
        // Nothing else is around it that could change what it means.
        let is_alone = name.is_some() && names.next().is_none() && self.about == About::Apart;
        let about = if is_alone { About::Record } else { self.about };
        (Self { about, ..self }, name)
    }

    /// The item that a row of a table names.
    pub(super) fn named(self, name: String, words: String, unit: Option<String>) -> Self {
        let found = self_information_item(&name);
        let meaning = found.as_ref().map(|(meaning, _)| *meaning);
        // A name of a part of a table is no item's.
        let meaning = meaning.filter(|meaning| !matches!(meaning, Meaning::Part(_) | Meaning::Same | Meaning::Somebody | Meaning::Birth));
        let unit = unit.or_else(|| found.and_then(|(_, unit)| unit));
        Self { meaning, unit, label: name, words, is_word: false, ..self }
    }

    /// Whether what it lies in changes what it means.
    pub(super) fn is_apart(&self) -> bool {
        self.about != About::Record
    }

    /// Bytes that are copied from around it.
    pub(super) fn copied(&self) -> usize {
        self.at.len() + self.label.len()
    }

    pub(super) fn is(&self, wanted: impl Fn(Meaning) -> bool) -> bool {
        self.meaning.is_some_and(wanted)
    }

    pub(super) fn fact(self, kind: Kind, body: Body, standing: Standing) -> Fact {
        let concept = Concept::text(self.label.clone());
        Fact { kind, title: self.label, concept, when: self.when, body, at: self.at, said_by: None, standing }
    }

    pub(super) fn observed(self, kind: Kind, value: Value, unit: Option<Unit>, standing: Standing) -> Fact {
        let mut observation = Observation::new(value);
        observation.unit = unit;
        self.fact(kind, Body::Observation(observation), standing)
    }

    /// Words, without a line that names an insurance number; nothing where nothing is left.
    pub(super) fn said(self, kind: Kind, standing: Standing) -> Option<Fact> {
        let words = without_insurance_lines(&self.words).trim().to_owned();
        (!words.is_empty()).then(|| self.observed(kind, Value::Text(words), None, standing))
    }

    /// With our own key, where it is not about somebody else. Its own name says what it is, whatever lies around it.
    pub(super) fn keyed(&self, item: Option<&'static OwnItem>) -> Option<Coding> {
        item.filter(|_| self.about != About::Somebody).map(|item| Coding::new(ITEM_SYSTEM, item.id))
    }

    pub(super) fn measured(&self, any_unit: bool) -> Option<(Value, Option<Unit>)> {
        let (value, unit) = number(&self.words, any_unit)?;
        Some((value, unit.or_else(|| self.unit.as_deref().map(read_unit))))
    }
}
