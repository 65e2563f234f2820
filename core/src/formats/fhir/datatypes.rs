//! The data types that FHIR resources are made of: codes, quantities, dates, names, notes and narrative.

use std::fmt::Write as _;

use super::insurance::without_insurance_lines;
use crate::{
    base::{Decimal, PartialDate},
    formats::{Fault, json::Node},
    record::{Coding, Concept, Unit, When},
};

pub(super) const UCUM: &str = "http://unitsofmeasure.org";

/// A `CodeableConcept`. A coding of words alone keeps an empty code.
pub(super) fn concept(node: &Node<'_>) -> Concept {
    Concept { codings: node.list("coding").iter().filter_map(coding).collect(), text: node.text("text").map(str::to_owned) }
}

/// A `Coding`.
pub(super) fn coding(node: &Node<'_>) -> Option<Coding> {
    let code = node.get("code").and_then(Node::as_words);
    let display = node.text("display").map(str::to_owned);
    if code.is_none() && display.is_none() {
        return None;
    }
    Some(Coding { system: node.text("system").map(str::to_owned), code: code.unwrap_or_default().to_owned(), display })
}

/// A concept member that says anything.
pub(super) fn concept_of(node: &Node<'_>, name: &str) -> Option<Concept> {
    match node.get(name)? {
        // A bare word where a concept belongs.
        Node::Text(text) if !text.trim().is_empty() => Some(Concept::text(text.as_ref())),
        other => Some(concept(other)).filter(|concept| !concept.is_empty()),
    }
}

/// The concepts of a list member.
pub(super) fn concepts_of(node: &Node<'_>, name: &str) -> Vec<Concept> {
    node.list(name).iter().map(concept).filter(|concept| !concept.is_empty()).collect()
}

/// The words of a concept member.
pub(super) fn label_of(node: &Node<'_>, name: &str) -> Option<String> {
    concept_of(node, name).and_then(|concept| concept.label().map(str::to_owned))
}

/// The unit of a quantity: what a person reads, and the UCUM code where it is one.
pub(super) fn unit(quantity: &Node<'_>) -> Option<Unit> {
    let code = quantity.text("code");
    let shown = quantity.text("unit").or(code)?.to_owned();
    let ucum = code.filter(|_| quantity.text("system") == Some(UCUM)).map(str::to_owned);
    Some(Unit { shown, ucum })
}

/// The number of a quantity.
pub(super) fn decimal(quantity: &Node<'_>) -> Option<Decimal> {
    quantity.get("value")?.as_number()?.parse().ok()
}

/// A quantity in words: `<5.60 mg/dL`. An age in years is written 歳.
pub(super) fn quantity_words(quantity: &Node<'_>) -> Option<String> {
    let value = quantity.get("value")?.as_words()?;
    let shown = match (quantity.text("unit"), quantity.text("code")) {
        (Some(unit), _) => unit,
        (None, Some("a")) => "歳",
        (None, code) => code.unwrap_or_default(),
    };
    let space = if shown.is_empty() || shown.chars().next().is_some_and(|c| !c.is_ascii()) { "" } else { " " };
    Some(format!("{}{value}{space}{shown}", quantity.text("comparator").unwrap_or_default()))
}

/// A `date`, `dateTime` or `instant`: the day as written, and the time behind the `T` as written.
pub(super) fn moment(text: &str) -> Result<When, Fault> {
    let (day, time) = text.trim().split_once(['T', ' ']).map_or((text.trim(), None), |(day, time)| (day, Some(time)));
    let day: PartialDate = day.parse().map_err(|_| Fault::Date)?;
    Ok(When { day, time: time.filter(|time| !time.is_empty()).map(str::to_owned), until: None })
}

/// A member that is a moment. A member of another type is a fault, since a date must not get lost in silence.
pub(super) fn moment_of(node: &Node<'_>, name: &str) -> Result<Option<When>, Fault> {
    match node.get(name) {
        None => Ok(None),
        Some(Node::Text(text)) if text.trim().is_empty() => Ok(None),
        Some(Node::Text(text)) => moment(text).map(Some),
        Some(_) => Err(Fault::Date),
    }
}

/// A `Period` member: from its start, else its end.
pub(super) fn period_of(node: &Node<'_>, name: &str) -> Result<Option<When>, Fault> {
    let Some(period) = node.get(name) else { return Ok(None) };
    let (start, end) = (moment_of(period, "start")?, moment_of(period, "end")?);
    Ok(match (start, end) {
        (Some(start), Some(end)) => Some(When { until: (end.day != start.day).then_some(end.day), ..start }),
        (Some(only), None) | (None, Some(only)) => Some(only),
        (None, None) => None,
    })
}

/// A choice of dates: `effectiveDateTime`, `effectivePeriod`, `effectiveInstant`, `effectiveTiming`.
pub(super) fn choice_of_dates(node: &Node<'_>, prefix: &str) -> Result<Option<When>, (String, Fault)> {
    for suffix in ["DateTime", "Instant", "Date"] {
        let name = format!("{prefix}{suffix}");
        if let Some(when) = moment_of(node, &name).map_err(|fault| (name.clone(), fault))? {
            return Ok(Some(when));
        }
    }
    let name = format!("{prefix}Period");
    if let Some(when) = period_of(node, &name).map_err(|fault| (name, fault))? {
        return Ok(Some(when));
    }
    let timing = node.get(&format!("{prefix}Timing"));
    match timing.and_then(|timing| timing.first("event")).and_then(Node::as_text) {
        Some(first) => moment(first).map(Some).map_err(|fault| (format!("{prefix}Timing.event"), fault)),
        None => Ok(None),
    }
}

/// A choice that is a date or words (`onset[x]`, `abatement[x]`), as it was written.
pub(super) fn date_or_words(node: &Node<'_>, prefix: &str) -> Option<String> {
    let member = |suffix: &str| node.get(&format!("{prefix}{suffix}"));
    if let Some(text) = member("DateTime").or_else(|| member("String")).and_then(Node::as_text) {
        return Some(text.to_owned());
    }
    if let Some(age) = member("Age").or_else(|| member("Quantity")) {
        return quantity_words(age);
    }
    if let Some(period) = member("Period") {
        return match (period.text("start"), period.text("end")) {
            (Some(start), Some(end)) => Some(format!("{start} – {end}")),
            (start, end) => start.or(end).map(str::to_owned),
        };
    }
    if let Some(range) = member("Range") {
        let end = |name: &str| range.get(name).and_then(quantity_words).unwrap_or_default();
        return Some(format!("{} – {}", end("low"), end("high")));
    }
    member("Boolean").and_then(Node::as_words).map(str::to_owned)
}

/// A name as a person writes it: its text, else family and given names.
pub(super) fn human_name(name: &Node<'_>) -> Option<String> {
    name.text("text").map(str::to_owned).or_else(|| composed_name(name, true))
}

/// Family and given names, the family name first or last.
pub(super) fn composed_name(name: &Node<'_>, family_first: bool) -> Option<String> {
    let given: Vec<&str> = name.list("given").iter().filter_map(Node::as_text).collect();
    let mut parts: Vec<&str> = given;
    if let Some(family) = name.text("family") {
        parts.insert(if family_first { 0 } else { parts.len() }, family);
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The words of a list of annotations.
pub(super) fn notes(node: &Node<'_>) -> Vec<String> {
    node.list("note")
        .iter()
        .filter_map(|note| note.text("text").or_else(|| note.as_text()))
        .map(|text| without_insurance_lines(text).into_owned())
        .filter(|text| !text.trim().is_empty())
        .collect()
}

/// Words that many facts share (a group, a place, a name), cut where no real ones are that long: one long text in a file
/// must not become a long text in each of its facts.
pub(super) fn shared(words: &str) -> String {
    words.chars().take(SHARED_CHARS).collect()
}

/// A concept that many facts share, cut in the same way.
pub(super) fn shared_concept(concept: Concept) -> Concept {
    let coding = |coding: Coding| Coding {
        system: coding.system.as_deref().map(shared),
        code: shared(&coding.code),
        display: coding.display.as_deref().map(shared),
    };
    Concept { codings: concept.codings.into_iter().take(SHARED_CODINGS).map(coding).collect(), text: concept.text.as_deref().map(shared) }
}

const SHARED_CHARS: usize = 300;
const SHARED_CODINGS: usize = 8;

/// A status that is not the ordinary one.
pub(super) fn status_beyond(node: &Node<'_>, ordinary: &[&str]) -> Option<String> {
    node.text("status").filter(|status| !ordinary.contains(status)).map(shared)
}

/// XHTML as plain text: tags, scripts and styles gone, one line for each block, entities resolved.
pub(super) fn plain_text(xhtml: &str) -> String {
    let mut out = String::with_capacity(xhtml.len() / 2);
    let mut rest = xhtml;
    while let Some((before, from)) = rest.split_once('<') {
        push_words(&mut out, before);
        let comment = from.strip_prefix("!--");
        let (tag, after) = match comment {
            Some(comment) => ("", comment.split_once("-->").map_or("", |(_, after)| after)),
            None => from.split_once('>').unwrap_or((from, "")),
        };
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        rest = match name.as_str() {
            "script" | "style" if !tag.starts_with('/') && !tag.ends_with('/') => behind_closing(after, &name),
            _ => after,
        };
        match name.as_str() {
            "br" | "p" | "div" | "li" | "ul" | "ol" | "tr" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "dd" | "hr"
            | "blockquote" | "pre" | "caption" => end_line(&mut out),
            "td" | "th" => push_space(&mut out),
            _ => {}
        }
    }
    push_words(&mut out, rest);
    without_insurance_lines(out.trim()).into_owned()
}

fn behind_closing<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some((_, from)) = rest.split_once("</") {
        if from.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return from.split_once('>').map_or("", |(_, after)| after);
        }
        rest = from;
    }
    ""
}

fn end_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn push_space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

fn push_words(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('&') {
        push_collapsed(out, before);
        // Looked for nearby only: a text of nothing but ampersands must not be searched to its end for each.
        let end = from.bytes().take(9).position(|byte| byte == b';');
        let (entity, after) = end.and_then(|end| from.get(..end).zip(from.get(end + 1..))).unwrap_or(("", from));
        match character(entity) {
            Some(c) if c.is_whitespace() => push_space(out),
            Some(c) => out.push(c),
            None if entity.is_empty() => out.push('&'),
            None => {
                // Writing to a String cannot fail.
                let _ = write!(out, "&{entity};");
            }
        }
        rest = after;
    }
    push_collapsed(out, rest);
}

fn push_collapsed(out: &mut String, text: &str) {
    for c in text.chars() {
        // The ideographic space is a space people write; only markup's own white space is collapsed.
        if matches!(c, ' ' | '\t' | '\r' | '\n') { push_space(out) } else { out.push(c) }
    }
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let digits = entity.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace())
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::formats::json::value;

    #[test]
    fn narrative_loses_its_markup_and_keeps_its_words() {
        let xhtml = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul><li>身長 162.3&#160;cm</li><li>体重 &lt; 70 &amp; 65.5 kg</li></ul><SCRIPT>alert('<b>')</SCRIPT><!-- <p>x</p> --><table><tr><td>A</td><td>B</td></tr></table>&unknown; 5 & 6</div>";
        assert_eq!(plain_text(xhtml), "身長 162.3 cm\n体重 < 70 & 65.5 kg\nA B\n&unknown; 5 & 6");
        assert_eq!(plain_text("<script>never ends"), "");
        assert_eq!(plain_text("a < b"), "a");
    }

    #[test]
    fn the_time_and_its_offset_are_kept_as_written() {
        let when = moment("2021-07-05T11:19:41+09:00").unwrap();
        assert_eq!((when.day.to_string().as_str(), when.time.as_deref()), ("2021-07-05", Some("11:19:41+09:00")));
        assert_eq!(moment("2015-03").unwrap().day.to_string(), "2015-03");
        assert_eq!(moment("2021-02-30"), Err(Fault::Date));
    }

    #[test]
    fn an_age_and_a_range_are_kept_in_words() {
        let node =
            value(r#"{"onsetAge":{"value":30,"code":"a"},"abatementRange":{"low":{"value":1,"unit":"y"},"high":{"value":2,"unit":"y"}}}"#)
                .unwrap();
        assert_eq!(date_or_words(&node, "onset").as_deref(), Some("30歳"));
        assert_eq!(date_or_words(&node, "abatement").as_deref(), Some("1 y – 2 y"));
    }
}
