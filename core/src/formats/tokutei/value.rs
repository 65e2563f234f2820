//! The value of an observation: numbers as written, choices with the meaning their own table gives them, words, and every
//! way of saying that there is no result.

use roxmltree::Node;
use unicode_normalization::UnicodeNormalization;

use crate::{
    base::Decimal,
    formats::{
        Fault,
        xml::{attribute, child, children, words},
    },
    record::{AbsentReason, Coding, Comparator, Concept, Unit, Value},
    terms::{Item, answer, same_unit},
};

/// The nullFlavor that says no more than the reason itself.
pub(super) const PLAIN_FLAVOR: &str = "NI";

/// One value as read.
pub(super) struct Measured {
    pub(super) value: Value,
    pub(super) unit: Option<Unit>,
    /// What was wrong with it; the value then holds the raw words.
    pub(super) fault: Option<Fault>,
}

impl Measured {
    const fn plain(value: Value) -> Self {
        Self { value, unit: None, fault: None }
    }
}

/// The type a value is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Number,
    Interval,
    Choice,
    Words,
    Strange,
}

/// Reads a `value` element.
pub(super) fn read_value(node: Node<'_, '_>, item: Option<&Item>, is_negated: bool) -> Measured {
    let flavor = attribute(node, "nullFlavor");
    if is_negated || flavor.is_some() {
        let reason = if is_negated { AbsentReason::NotPerformed } else { reason_of(flavor) };
        return Measured::plain(Value::Absent { reason, detail: detail(node, flavor) });
    }
    match shape(node) {
        Shape::Number => number(node, item),
        Shape::Interval => interval(node, item),
        Shape::Choice => Measured::plain(choice(node)),
        Shape::Words => Measured::plain(said(words(node).or_else(|| attribute(node, "value").map(str::to_owned)))),
        Shape::Strange => Measured { value: said(all_words(node)), unit: None, fault: Some(Fault::Type) },
    }
}

/// A choice from its code, its system and the words beside it; the meaning is looked up by (system, code).
pub(super) fn coded(codings: Vec<Coding>, text: Option<String>) -> Value {
    let known = codings.iter().find_map(|coding| answer(coding.system.as_deref()?, &coding.code));
    Value::Coded {
        choice: Concept { codings, text },
        meaning: known.map(|answer| answer.meaning.to_owned()),
        rank: known.and_then(|answer| answer.rank),
    }
}

/// A number as written, also with a sign of comparison before it or in full width; none when it is no number.
pub(in crate::formats) fn parse_number(text: &str) -> Option<Value> {
    let folded: String;
    let plain = if text.is_ascii() {
        text.trim()
    } else {
        folded = text.nfkc().collect();
        folded.trim()
    };
    let signs = [
        ("<=", Comparator::LessOrEqual),
        (">=", Comparator::GreaterOrEqual),
        ("≤", Comparator::LessOrEqual),
        ("≦", Comparator::LessOrEqual),
        ("≥", Comparator::GreaterOrEqual),
        ("≧", Comparator::GreaterOrEqual),
        ("<", Comparator::Less),
        (">", Comparator::Greater),
    ];
    let found = signs.into_iter().find_map(|(sign, comparator)| Some((comparator, plain.strip_prefix(sign)?)));
    let (comparator, rest) = found.map_or((None, plain), |(comparator, rest)| (Some(comparator), rest));
    Some(Value::Number { comparator, decimal: rest.parse().ok()? })
}

/// The unit as received; shown as the item master prints it where the code says the same.
pub(super) fn read_unit(received: &str, item: Option<&Item>) -> Option<Unit> {
    // UCUM writes "1" for a number without a unit.
    if received == "1" {
        return None;
    }
    let Some(item) = item else {
        let ucum = received.is_ascii().then(|| received.to_owned());
        return Some(Unit { shown: received.to_owned(), ucum });
    };
    let (shown, ucum) = (item.shown_unit.unwrap_or_default(), item.ucum.unwrap_or_default());
    if received == ucum {
        let shown = if shown.is_empty() { received } else { shown };
        return Some(Unit { shown: shown.to_owned(), ucum: Some(ucum.to_owned()) });
    }
    let ucum = if same_unit(received, ucum) || same_unit(received, shown) { ucum } else { received };
    Some(Unit { shown: received.to_owned(), ucum: Some(ucum.to_owned()).filter(|ucum| ucum.is_ascii()) })
}

/// A code element as one coding; none without a code. `default_system` is what the schema gives where nothing is written.
pub(super) fn coding(node: Node<'_, '_>, default_system: Option<&str>) -> Option<Coding> {
    let code = attribute(node, "code")?;
    // A system that is no OID cannot stand in codeSystem; our writer puts it beside.
    let system = attribute(node, "codeSystem").or_else(|| attribute(node, "codeSystemName").filter(|name| name.contains(':')));
    Some(Coding {
        system: system.or(default_system).map(str::to_owned),
        code: code.to_owned(),
        display: attribute(node, "displayName").map(str::to_owned),
    })
}

/// A code element with its translations and original text.
pub(super) fn concept(node: Node<'_, '_>, default_system: Option<&str>) -> Concept {
    let translated = children(node, "translation").filter_map(|translation| coding(translation, None));
    let codings: Vec<Coding> = coding(node, default_system).into_iter().chain(translated).collect();
    let original = child(node, "originalText").and_then(words);
    let text = original.or_else(|| if codings.is_empty() { attribute(node, "displayName").map(str::to_owned) } else { None });
    Concept { codings, text }
}

/// Words and the values of the telling attributes below an element, in their order: what is kept of something unknown.
/// Ids, addresses and telephone numbers are left out.
pub(super) fn all_words(node: Node<'_, '_>) -> Option<String> {
    let mut out = String::new();
    gather(node, &mut out);
    Some(out).filter(|words| !words.is_empty())
}

fn gather(node: Node<'_, '_>, out: &mut String) {
    if node.is_text() {
        push_word(out, node.text().unwrap_or_default());
        return;
    }
    if matches!(node.tag_name().name(), "id" | "addr" | "telecom" | "templateId" | "typeId") {
        return;
    }
    for attribute in node.attributes() {
        if matches!(attribute.name(), "displayName" | "value" | "unit" | "nullFlavor") {
            push_word(out, attribute.value());
        }
    }
    if attribute(node, "displayName").is_none()
        && let Some(code) = attribute(node, "code")
    {
        push_word(out, code);
    }
    for child in node.children() {
        gather(child, out);
    }
}

fn shape(node: Node<'_, '_>) -> Shape {
    let kind = node.attributes().find(|attribute| attribute.name() == "type").map(|attribute| attribute.value().trim());
    match kind.map(|kind| kind.rsplit(':').next().unwrap_or(kind)) {
        Some("PQ" | "INT" | "REAL") => Shape::Number,
        Some("IVL_PQ" | "IVL_INT" | "IVL_REAL") => Shape::Interval,
        Some("CD" | "CE" | "CV" | "CO" | "CS") => Shape::Choice,
        Some("ST" | "ED" | "SC" | "TS" | "BL") => Shape::Words,
        Some(_) => Shape::Strange,
        None if attribute(node, "code").is_some() || attribute(node, "displayName").is_some() => Shape::Choice,
        None if attribute(node, "value").is_some() => Shape::Number,
        None if child(node, "low").is_some() || child(node, "high").is_some() => Shape::Interval,
        None => Shape::Words,
    }
}

fn number(node: Node<'_, '_>, item: Option<&Item>) -> Measured {
    let unit = attribute(node, "unit").and_then(|unit| read_unit(unit, item));
    let written = attribute(node, "value").map(str::to_owned).or_else(|| words(node));
    let Some(written) = written else {
        return Measured { value: said(None), unit, fault: None };
    };
    match parse_number(&written) {
        Some(value) => Measured { value, unit, fault: None },
        None => Measured { value: Value::Text(written), unit, fault: Some(Fault::Number) },
    }
}

fn interval(node: Node<'_, '_>, item: Option<&Item>) -> Measured {
    let bound = |name| child(node, name).filter(|bound| attribute(*bound, "value").is_some());
    let (low, high) = (bound("low"), bound("high"));
    let unit = [low, high, Some(node)].into_iter().flatten().find_map(|bound| attribute(bound, "unit"));
    let unit = unit.and_then(|unit| read_unit(unit, item));
    let decimal = |bound: Option<Node<'_, '_>>| -> Result<Option<Decimal>, ()> {
        bound.and_then(|bound| attribute(bound, "value")).map(|value| value.parse().map_err(|_| ())).transpose()
    };
    let is_open = |bound: Option<Node<'_, '_>>| bound.and_then(|bound| attribute(bound, "inclusive")) == Some("false");
    let value = match (decimal(low), decimal(high)) {
        (Ok(Some(decimal)), Ok(None)) => {
            let comparator = if is_open(low) { Comparator::Greater } else { Comparator::GreaterOrEqual };
            Value::Number { comparator: Some(comparator), decimal }
        }
        (Ok(None), Ok(Some(decimal))) => {
            let comparator = if is_open(high) { Comparator::Less } else { Comparator::LessOrEqual };
            Value::Number { comparator: Some(comparator), decimal }
        }
        (Ok(Some(low)), Ok(Some(high))) => Value::Between { low: Some(low), high: Some(high) },
        (Ok(None), Ok(None)) => return Measured { unit: None, ..number(node, item) },
        _ => return Measured { value: said(all_words(node)), unit, fault: Some(Fault::Number) },
    };
    Measured { value, unit, fault: None }
}

fn choice(node: Node<'_, '_>) -> Value {
    let Concept { codings, text } = concept(node, None);
    let text = text.or_else(|| if codings.is_empty() { words(node) } else { None });
    if codings.is_empty() && text.is_none() { said(None) } else { coded(codings, text) }
}

/// Words, or that nothing was said.
pub(super) fn said(words: Option<String>) -> Value {
    words.map_or(Value::Absent { reason: AbsentReason::Unknown, detail: None }, Value::Text)
}

fn reason_of(flavor: Option<&str>) -> AbsentReason {
    match flavor {
        // NI stands for 測定不能; PINF and NINF for a result beyond what the method can measure.
        Some("NI" | "UNK" | "NASK" | "NAV" | "INV" | "PINF" | "NINF" | "QS" | "TRC") => AbsentReason::NotMeasurable,
        _ => AbsentReason::Unknown,
    }
}

/// The words that came with a missing value, and its nullFlavor where that says more.
fn detail(node: Node<'_, '_>, flavor: Option<&str>) -> Option<String> {
    let flavor = flavor.filter(|flavor| *flavor != PLAIN_FLAVOR).map(str::to_owned);
    let said = {
        let mut out = String::new();
        for attribute in node.attributes().filter(|attribute| matches!(attribute.name(), "value" | "unit" | "displayName")) {
            push_word(&mut out, attribute.value());
        }
        for child in node.children() {
            gather(child, &mut out);
        }
        Some(out).filter(|words| !words.is_empty())
    };
    match (flavor, said) {
        (Some(flavor), Some(said)) => Some(format!("{flavor} {said}")),
        (flavor, said) => flavor.or(said),
    }
}

fn push_word(out: &mut String, piece: &str) {
    let piece = piece.trim();
    if !piece.is_empty() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_as_written_with_its_sign() {
        let read = |text: &str| match parse_number(text) {
            Some(Value::Number { comparator, decimal }) => format!("{}{decimal}", comparator.map_or("", Comparator::sign)),
            _ => "none".to_owned(),
        };
        for (written, expected) in
            [("62.50", "62.50"), ("<0.1", "<0.1"), ("≧ 5", ">=5"), ("６２．５", "62.5"), ("測定不能", "none"), ("1,2", "none")]
        {
            assert_eq!(read(written), expected);
        }
    }

    #[test]
    fn a_unit_is_shown_as_printed_and_coded_where_it_is_the_items() {
        let item = crate::terms::item(None, "9A751000000000001");
        let unit = |received: &str| read_unit(received, item).map(|unit| (unit.shown, unit.ucum.unwrap_or_default()));
        assert_eq!(unit("mm[Hg]"), Some(("mmHg".to_owned(), "mm[Hg]".to_owned())));
        assert_eq!(unit("ｍｍＨｇ"), Some(("ｍｍＨｇ".to_owned(), "mm[Hg]".to_owned())));
        assert_eq!(unit("kPa"), Some(("kPa".to_owned(), "kPa".to_owned())));
        assert_eq!(unit("1"), None);
    }
}
