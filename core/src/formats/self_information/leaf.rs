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

/// One item.
#[derive(Clone)]
pub(in crate::formats) struct Leaf {
    pub(super) meaning: Option<Meaning>,
    /// The unit in brackets behind its name.
    pub(super) unit: Option<String>,
    /// Its name, behind the names of what it lies in where these matter.
    pub(super) label: String,
    /// Whether what it lies in changes what it means.
    pub(super) is_apart: bool,
    pub(super) is_somebody: bool,
    /// Whether it is about the child at its birth.
    pub(super) is_birth: bool,
    pub(super) words: String,
    /// Not in quotes: a number, `true` or `false`.
    pub(super) is_word: bool,
    pub(super) at: String,
    pub(super) when: Option<When>,
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
        let name = if name.is_empty() { NAMELESS } else { name };
        let label = if here.path.is_told { format!("{}{IN}{name}", here.path.names.join(IN)) } else { name.to_owned() };
        Self {
            meaning,
            unit,
            label,
            is_apart: here.path.is_apart || here.is_somebody,
            is_somebody: here.is_somebody,
            is_birth: here.is_birth,
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
        Self { meaning, unit, label, is_apart: false, is_somebody: false, is_birth: false, words, is_word: false, at, when: None }
    }

    /// Where the object or row begins that it stands in.
    pub(super) fn holder(&self) -> &str {
        self.at.rsplit_once('/').map_or("", |(holder, _)| holder)
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
        item.filter(|_| !self.is_somebody || self.is_birth).map(|item| Coding::new(ITEM_SYSTEM, item.id))
    }

    pub(super) fn measured(&self, any_unit: bool) -> Option<(Value, Option<Unit>)> {
        let (value, unit) = number(&self.words, any_unit)?;
        Some((value, unit.or_else(|| self.unit.as_deref().map(read_unit))))
    }
}
