//! Builds the JSON of the export: members that say nothing are left out, text is made what FHIR calls a string, and
//! dates and numbers are only written where they are of FHIR's form.

use std::{borrow::Cow, fmt::Write as _};

use super::datatypes::UCUM;
use crate::{
    base::{Decimal, PartialDate},
    formats::json::Node,
    record::{Coding, Concept, Unit, When},
};

/// An object being built.
#[derive(Default)]
pub(super) struct Object<'a>(Vec<(Cow<'a, str>, Node<'a>)>);

impl<'a> Object<'a> {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A resource of this type.
    pub(super) fn resource(kind: &'static str) -> Self {
        Self::new().with("resourceType", word(kind))
    }

    pub(super) fn with(mut self, name: &'static str, node: Node<'a>) -> Self {
        self.0.push((Cow::Borrowed(name), node));
        self
    }

    pub(super) fn maybe(self, name: &'static str, node: Option<Node<'a>>) -> Self {
        match node {
            Some(node) => self.with(name, node),
            None => self,
        }
    }

    /// A text that is not blank.
    pub(super) fn text(self, name: &'static str, words: Option<&'a str>) -> Self {
        self.maybe(name, words.and_then(text))
    }

    /// A list that is not empty.
    pub(super) fn list(self, name: &'static str, items: impl IntoIterator<Item = Node<'a>>) -> Self {
        let items: Vec<Node<'a>> = items.into_iter().collect();
        if items.is_empty() { self } else { self.with(name, Node::List(items)) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn done(self) -> Node<'a> {
        Node::Object(self.0)
    }

    /// The object, if anything is in it.
    pub(super) fn filled(self) -> Option<Node<'a>> {
        (!self.is_empty()).then(|| self.done())
    }
}

/// A word of our own.
pub(super) fn word(text: &'static str) -> Node<'static> {
    Node::Text(Cow::Borrowed(text))
}

/// Words as a FHIR string: not blank, no control characters but tab and line ends.
pub(super) fn text(words: &str) -> Option<Node<'_>> {
    let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    let clean = if words.contains(forbidden) { Cow::Owned(words.replace(forbidden, " ")) } else { Cow::Borrowed(words) };
    (!clean.trim().is_empty()).then_some(Node::Text(clean))
}

/// Words that are made here.
pub(super) fn owned<'a>(words: String) -> Node<'a> {
    Node::Text(Cow::Owned(words))
}

/// A code: no white space at its ends, one space within.
fn code(code: &str) -> Option<Node<'_>> {
    let is_plain = !code.is_empty() && !code.contains(|c: char| c.is_whitespace() || c.is_control());
    if is_plain {
        return Some(Node::Text(Cow::Borrowed(code)));
    }
    let joined = code.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, "");
    (!joined.is_empty()).then(|| owned(joined))
}

/// A code system as an absolute address: OIDs as `urn:oid:`, a name that is no address below an address of ours.
fn system(system: &str) -> Option<Node<'_>> {
    let canonical = crate::record::canonical_system(system);
    if canonical.is_empty() {
        return None;
    }
    let is_address = canonical.contains(':') && !canonical.contains(|c: char| c.is_whitespace() || c.is_control());
    let address = if is_address {
        canonical
    } else {
        let mut address = "urn:techo:system:".to_owned();
        for byte in canonical.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
                address.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(address, "%{byte:02X}");
            }
        }
        address
    };
    Some(owned(address))
}

pub(super) fn coding(coding: &Coding) -> Option<Node<'_>> {
    Object::new()
        .maybe("system", coding.system.as_deref().and_then(system))
        .maybe("code", code(&coding.code))
        .text("display", coding.display.as_deref())
        .filled()
}

/// A code of a table of FHIR's own.
pub(super) fn coded<'a>(system: &'static str, code: &'a str) -> Node<'a> {
    let coding = Object::new().with("system", word(system)).text("code", Some(code)).done();
    Object::new().list("coding", [coding]).done()
}

/// A `CodeableConcept`, if it says anything.
pub(super) fn concept(concept: &Concept) -> Option<Node<'_>> {
    Object::new().list("coding", concept.codings.iter().filter_map(coding)).text("text", concept.text.as_deref()).filled()
}

/// A number as it was written, where that is a JSON number; else without what JSON forbids (`+5`, `.5`, `007`).
pub(super) fn number(decimal: &Decimal) -> Node<'_> {
    digits(decimal.as_str())
}

fn digits(written: &str) -> Node<'_> {
    let unsigned = written.trim_start_matches('+');
    let (sign, rest) = unsigned.strip_prefix('-').map_or(("", unsigned), |rest| ("-", rest));
    let (mantissa, exponent) = rest.find(['e', 'E']).and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let trimmed = whole.trim_start_matches('0');
    let is_json = (whole == "0" || (!whole.is_empty() && trimmed.len() == whole.len())) && !(mantissa.contains('.') && fraction.is_empty());
    if is_json && unsigned.len() == written.len() {
        return Node::Number(Cow::Borrowed(written));
    }
    let whole = if trimmed.is_empty() { "0" } else { trimmed };
    let point = if fraction.is_empty() { "" } else { "." };
    Node::Number(Cow::Owned(format!("{sign}{whole}{point}{fraction}{exponent}")))
}

/// A `Quantity` or `SimpleQuantity`.
pub(super) fn quantity<'a>(value: Node<'a>, unit: Option<&'a Unit>) -> Object<'a> {
    let ucum = unit.and_then(|unit| unit.ucum.as_deref()).filter(|unit| is_ucum(unit)).and_then(code);
    Object::new()
        .with("value", value)
        .text("unit", unit.map(|unit| unit.shown.as_str()))
        .maybe("system", ucum.is_some().then(|| word(UCUM)))
        .maybe("code", ucum)
}

/// Whether a unit code has the form of UCUM. The item tables of 特定健診 have two that do not (`ml/min/1.73m2`, `mg/g*CR`);
/// those are written as words, and reading them finds the table's code again.
fn is_ucum(code: &str) -> bool {
    let mut plain = String::with_capacity(code.len());
    let mut depth = 0_u8;
    for c in code.chars() {
        match c {
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let is_component = |part: &str| {
        let unit = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = unit.len() < part.len();
        part.bytes().all(|byte| (0x21..0x7F).contains(&byte))
            && (!is_number || unit.is_empty() || unit.starts_with(['*', '^']))
            && (is_number || !unit.contains(['*', '^']))
    };
    depth == 0 && !code.is_empty() && !code.ends_with(['.', '/']) && plain.split(['.', '/']).all(is_component)
}

/// The system of a unit's code: ours where it has not UCUM's form.
pub(super) fn unit_system(code: &str) -> &'static str {
    if is_ucum(code) { UCUM } else { super::own::UNIT }
}

/// A quantity whose number and unit are both words; `None` where the number is none.
pub(super) fn loose_quantity<'a>(value: &'a str, unit: Option<&'a str>) -> Option<Object<'a>> {
    let decimal: Decimal = value.parse().ok()?;
    // The number is written from the words themselves; parsing only proves that they are one.
    let written = if decimal.as_str() == value { digits(value) } else { return None };
    Some(Object::new().with("value", written).text("unit", unit))
}

/// Days as an hour-less FHIR date.
pub(super) fn date<'a>(day: &PartialDate) -> Node<'a> {
    owned(day.to_string())
}

/// Whether a time of day can stand in a FHIR dateTime: seconds and an offset are required.
pub(super) fn is_full_time(time: &str) -> bool {
    let Some((clock, rest)) = time.split_at_checked(8) else { return false };
    let shape = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted })
    };
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let is_zoned = offset == "Z" || shape(offset, "+00:00") || shape(offset, "-00:00");
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
    let in_range = number(clock.get(0..2)).is_some_and(|hour| hour < 24)
        && number(clock.get(3..5)).is_some_and(|minute| minute < 60)
        && number(clock.get(6..8)).is_some_and(|second| second < 60);
    let offset_in_range = offset == "Z"
        || number(offset.get(1..3)).is_some_and(|hour| hour < 14) && number(offset.get(4..6)).is_some_and(|minute| minute < 60);
    shape(clock, "00:00:00") && !rest.starts_with(".Z") && is_zoned && in_range && offset_in_range
}

/// The moment as a FHIR dateTime; a time that FHIR does not allow is left out.
pub(super) fn date_time<'a>(when: &When) -> Node<'a> {
    match when.time.as_deref().filter(|time| is_full_time(time) && when.day.known_day().is_some()) {
        Some(time) => owned(format!("{}T{time}", when.day)),
        None => date(&when.day),
    }
}

/// The moment as a member of a choice: `…DateTime`, or `…Period` for what lasted.
pub(super) fn moment<'a>(object: Object<'a>, date_time_name: &'static str, period_name: &'static str, when: Option<&When>) -> Object<'a> {
    match when {
        None => object,
        Some(when) => match &when.until {
            Some(until) if *until >= when.day => object.with(period_name, period(Some(when), Some(until))),
            _ => object.with(date_time_name, date_time(when)),
        },
    }
}

/// A `Period`.
pub(super) fn period<'a>(start: Option<&When>, end: Option<&PartialDate>) -> Node<'a> {
    Object::new().maybe("start", start.map(date_time)).maybe("end", end.map(date)).done()
}

/// `{"reference": "urn:uuid:…"}`
pub(super) fn reference(target: &str) -> Node<'_> {
    Object::new().text("reference", Some(target)).done()
}

/// A reference of words alone.
pub(super) fn named(name: &str) -> Option<Node<'_>> {
    Object::new().text("display", Some(name)).filled()
}

/// An extension with words.
pub(super) fn extension<'a>(url: &'static str, words: &'a str) -> Option<Node<'a>> {
    text(words).map(|words| Object::new().with("url", word(url)).with("valueString", words).done())
}

/// The words of annotations.
pub(super) fn notes(notes: &[String]) -> impl Iterator<Item = Node<'_>> {
    notes.iter().filter_map(|note| Object::new().text("text", Some(note)).filled())
}

/// A member whose value is not known, said so.
pub(super) fn unknown<'a>() -> Node<'a> {
    unknown_beside(Object::new())
}

/// A value that is only there because one must be: beside it stands that it is not known.
pub(super) fn unknown_beside(object: Object<'_>) -> Node<'_> {
    let reason = Object::new().with("url", word(super::own::ABSENT)).with("valueCode", word("unknown"));
    object.list("extension", [reason.done()]).done()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_number_is_written_as_it_was_unless_json_forbids_it() {
        for (written, expected) in [
            ("5.60", "5.60"),
            ("1e1", "1e1"),
            ("-0.30", "-0.30"),
            ("0", "0"),
            ("+5", "5"),
            (".5", "0.5"),
            ("007.5", "7.5"),
            ("5.", "5"),
            ("-.5E+1", "-0.5E+1"),
            ("00", "0"),
        ] {
            let json = number(&written.parse().unwrap()).to_json();
            assert_eq!(json, expected);
            assert!(serde_json::from_str::<serde_json::Number>(&json).is_ok());
        }
    }

    #[test]
    fn only_a_full_time_stands_in_a_date_time() {
        for time in ["09:30:00+09:00", "09:30:00Z", "09:30:00.123-01:30"] {
            assert!(is_full_time(time), "{time}");
        }
        for time in ["09:30", "09:30:00", "25:00:00Z", "09:30:00.Z", "", "09:30:00+9:00", "朝", "９:30:00Z"] {
            assert!(!is_full_time(time), "{time}");
        }
    }

    #[test]
    fn a_unit_of_the_tables_that_is_no_ucum_is_written_in_words() {
        for code in ["mm[Hg]", "10*4/mm3", "{%YAM}", "/mm3", "{h`b}/min", "kg/m2", "%", "mL/min/{1.73_m2}"] {
            assert!(is_ucum(code), "{code}");
        }
        for code in ["ml/min/1.73m2", "mg/g*CR", "", "mg/", "錠", "{"] {
            assert!(!is_ucum(code), "{code}");
        }
    }

    #[test]
    fn a_system_that_is_no_address_becomes_one() {
        assert_eq!(system("1.2.392.200119.6.1005").unwrap().to_json(), "\"urn:oid:1.2.392.200119.6.1005\"");
        assert_eq!(system("レセ 電").unwrap().to_json(), "\"urn:techo:system:%E3%83%AC%E3%82%BB%20%E9%9B%BB\"");
        assert_eq!(code(" a  b\u{1} ").unwrap().to_json(), "\"a b\"");
    }
}
