//! The same items in the layout of オンライン資格確認: `XmlMsg` with one `SpecificHealthCheckupInfo` a checkup. Known from a
//! program that reads it, not from its specification: read by local names, and tolerantly.

use std::ops::Range;

use roxmltree::Node;

use super::{
    PARSER,
    observation::item_coding,
    oid,
    standing::{kind, standing},
    time::read_time,
    value::{coded, parse_number, read_unit, said},
};
use crate::{
    base::{PartialDate, limits},
    formats::{
        Fault, FormatError, FormatId, Reading, Refusal,
        qualification::{self, union},
        xml::{child, words},
    },
    record::{AbsentReason, Body, Coding, Concept, Event, Fact, Observation, Standing, Value},
    terms::{Item, Kind, ValueType, answer, item, program},
};

/// The element of one checkup.
pub(crate) const CHECKUP: &str = "SpecificHealthCheckupInfo";
const ITEM: &str = "HealthCheckupResultAndQuestionInfo";

/// Whether a document is of this layout.
pub(super) fn is_layout(root: Node<'_, '_>) -> bool {
    elements(root, CHECKUP).next().is_some()
}

/// Reads every checkup of the message.
pub(super) fn read(root: Node<'_, '_>) -> Result<Reading, FormatError> {
    let mut refused = Vec::new();
    let subject = union(&qualification::subjects(root, &mut refused))?;
    let events = checkups(root, &mut refused)?.into_iter().map(|(event, _)| event).collect();
    Ok(Reading { format: FormatId::Tokutei, parser: PARSER, subject, source: None, events, refused })
}

/// Every checkup of a message with where it stands in the text.
pub(in crate::formats) fn checkups(root: Node<'_, '_>, refused: &mut Vec<Refusal>) -> Result<Vec<(Event, Range<usize>)>, FormatError> {
    let mut found = Vec::new();
    let mut facts_so_far = 0;
    for (index, checkup) in elements(root, CHECKUP).enumerate() {
        let at = format!("{CHECKUP}[{}]", index + 1);
        let day = day(checkup, &at, refused);
        let mut facts = Vec::new();
        for (index, entry) in elements(checkup, ITEM).enumerate() {
            facts.push(fact(entry, format!("{at}/{ITEM}[{}]", index + 1), refused));
        }
        facts_so_far += facts.len();
        if facts_so_far > limits::FACTS {
            return Err(FormatError::Limit { what: "records", place: at });
        }
        let title = program("010").unwrap_or("特定健康診査").to_owned();
        found.push((Event { kind: Kind::Checkup, day, title, place: None, signature: None, facts }, checkup.range()));
    }
    Ok(found)
}

fn elements<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.descendants().filter(move |node| node.tag_name().name() == name)
}

fn day(checkup: Node<'_, '_>, at: &str, refused: &mut Vec<Refusal>) -> Option<PartialDate> {
    let written = child(checkup, "EffectiveTime").and_then(words)?;
    let day = read_time(&written).map(|(day, _)| day);
    if day.is_none() {
        refuse(refused, format!("{at}/EffectiveTime"), Fault::Date);
    }
    day
}

fn fact(entry: Node<'_, '_>, at: String, refused: &mut Vec<Refusal>) -> Fact {
    let said = |name: &str| child(entry, name).and_then(words);
    let row = ItemRow {
        code: said("ItemCode"),
        name: said("ItemName"),
        data_type: said("DataType"),
        value: said("DataValue"),
        display: said("DataValueName"),
        unit: said("Unit"),
        table: said("Oid"),
    };
    let place = format!("{at}/DataValue");
    let (fact, fault) = item_row(row, at);
    if let Some(fault) = fault {
        refuse(refused, place, fault);
    }
    fact
}

/// One item of a checkup as a row of words.
#[derive(Default)]
struct ItemRow {
    code: Option<String>,
    name: Option<String>,
    data_type: Option<String>,
    value: Option<String>,
    display: Option<String>,
    unit: Option<String>,
    table: Option<String>,
}

/// Whether a text has the form of an item's code, 17 digits and letters of JLAC10.
pub(in crate::formats) fn is_item(code: &str) -> bool {
    code.len() == 17 && code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// An item of a checkup as a table has it, with a value that its own master decodes. A code both masters have is kept
/// without a meaning of its answer: their tables say the opposite of each other.
pub(in crate::formats) fn item_fact(code: &str, name: Option<&str>, value: String, unit: Option<&str>, at: String) -> Fact {
    let (tokutei, municipal) = (item(Some(oid::ITEM), code), item(Some(MUNICIPAL_ITEM), code));
    let is_of_both = tokutei.zip(municipal).is_some_and(|(one, other)| one.table != other.table);
    let known = tokutei.or(municipal).filter(|_| !is_of_both);
    let table = known.and_then(|known| known.table).filter(|table| answer(table, &value).is_some()).map(str::to_owned);
    let is_word = known.is_some_and(|known| known.table.is_some()) && table.is_none();
    let mut row = ItemRow {
        code: Some(code.to_owned()),
        name: name.map(str::to_owned),
        value: Some(value),
        unit: unit.map(str::to_owned),
        table,
        ..ItemRow::default()
    };
    if is_word {
        // The words of an answer in the place of its code.
        row.data_type = Some("ST".to_owned());
    }
    item_row(row, at).0
}

/// 自治体検診項目コード
const MUNICIPAL_ITEM: &str = "1.2.392.100495.100.1051";

fn item_row(row: ItemRow, at: String) -> (Fact, Option<Fault>) {
    let ItemRow { code, name, data_type, value: written, display, unit, table } = row;
    // The layout gives one OID; where it names the item table it says nothing about the answer.
    let table = table.filter(|table| table != oid::ITEM);
    let tokutei = code.as_deref().and_then(|code| item(Some(oid::ITEM), code));
    let municipal = || code.as_deref().and_then(|code| item(Some(MUNICIPAL_ITEM), code));
    let (system, known) = match tokutei {
        Some(known) => (None, Some(known)),
        None => municipal().map_or((None, None), |known| (Some(MUNICIPAL_ITEM), Some(known))),
    };
    let concept = match &code {
        Some(code) => Concept::of(item_coding(system, code, name.as_deref())),
        None => Concept { codings: Vec::new(), text: name.clone() },
    };
    let unit = unit.and_then(|unit| read_unit(&unit, known));
    let (value, fault) = value(data_type.as_deref(), written, display, table, known);
    let standing = match fault {
        Some(_) => Standing::NotUnderstood,
        None => standing(known, name.as_deref(), &value),
    };
    let kind = kind(known, &value);
    let title = known.map(|item| item.name).or_else(|| concept.label()).unwrap_or("名称のない項目").to_owned();
    let mut observation = Observation::new(value);
    observation.unit = unit.filter(|_| matches!(observation.value, Value::Number { .. } | Value::Between { .. }));
    (Fact { kind, title, concept, when: None, body: Body::Observation(observation), at, said_by: None, standing }, fault)
}

fn value(
    data_type: Option<&str>,
    written: Option<String>,
    display: Option<String>,
    table: Option<String>,
    known: Option<&Item>,
) -> (Value, Option<Fault>) {
    let Some(written) = written.or_else(|| display.clone()) else {
        return (Value::Absent { reason: AbsentReason::Unknown, detail: None }, None);
    };
    let shape = match data_type.map(|kind| kind.trim().to_ascii_uppercase()).as_deref() {
        Some("PQ" | "INT" | "REAL") => ValueType::Quantity,
        Some("CD" | "CO") => ValueType::Coded,
        Some("ST") => ValueType::Text,
        _ => known.map_or(ValueType::Text, |item| item.value_type),
    };
    match shape {
        ValueType::Quantity => match parse_number(&written) {
            Some(number) => (number, None),
            None => (Value::Text(written), Some(Fault::Number)),
        },
        ValueType::Coded | ValueType::Ordinal => (coded(vec![Coding { system: table, code: written, display }], None), None),
        ValueType::Text => (said(Some(written)), None),
    }
}

fn refuse(refused: &mut Vec<Refusal>, place: String, fault: Fault) {
    refused.push(Refusal { reason: FormatError::Malformed { place: place.clone(), fault }, place });
}
