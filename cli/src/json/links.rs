//! The JSON lines of `links`, `unlink` and `link`.

use serde::Serialize;
use techo_core::present;

/// A link: `links`.
#[derive(Debug, Serialize)]
pub(crate) struct LinkLine<'a> {
    pub(crate) person: &'a str,
    /// `same`, `perhaps` or `story`.
    pub(crate) class: &'a str,
    pub(crate) lead: &'a str,
    pub(crate) event: &'a str,
    pub(crate) rule: &'a str,
    pub(crate) edition: u32,
    pub(crate) via: Option<String>,
    pub(crate) why: &'a str,
}

impl<'a> LinkLine<'a> {
    pub(crate) fn of(person: &'a str, class: &'a str, lead: &'a str, event: &'a str, link: &'a present::LinkText) -> Self {
        let via = link.via.map(|via| via.to_string());
        Self { person, class, lead, event, rule: &link.rule, edition: link.edition, via, why: &link.why }
    }
}

/// One source of an event: `links EVENT`.
#[derive(Debug, Serialize)]
pub(crate) struct SourceLine<'a> {
    pub(crate) event: String,
    pub(crate) leads: bool,
    pub(crate) date: Option<&'a str>,
    pub(crate) title: &'a str,
    pub(crate) source: Option<&'a str>,
    pub(crate) format: &'a str,
    pub(crate) standing: &'a str,
    pub(crate) rule: Option<&'a str>,
    pub(crate) edition: Option<u32>,
    pub(crate) via: Option<String>,
    pub(crate) why: Option<&'a str>,
    pub(crate) differences: Vec<DifferenceLine<'a>>,
}

/// What two sources say differently.
#[derive(Debug, Serialize)]
pub(crate) struct DifferenceLine<'a> {
    pub(crate) item: &'a str,
    pub(crate) lead: Option<&'a str>,
    pub(crate) other: Option<&'a str>,
}

impl<'a> SourceLine<'a> {
    pub(crate) fn of(source: &'a present::SourceLine) -> Self {
        let link = source.link.as_ref();
        let differences = source.differences.iter();
        Self {
            event: source.event.to_string(),
            leads: source.leads,
            date: source.date.as_deref(),
            title: &source.title,
            source: source.place.as_deref(),
            format: &source.format,
            standing: &source.standing,
            rule: link.map(|link| link.rule.as_str()),
            edition: link.map(|link| link.edition),
            via: link.and_then(|link| link.via).map(|via| via.to_string()),
            why: link.map(|link| link.why.as_str()),
            differences: differences
                .map(|one| DifferenceLine { item: &one.item, lead: one.lead.as_deref(), other: one.other.as_deref() })
                .collect(),
        }
    }
}

/// An event that may be the same, or is of one story: `links EVENT`.
#[derive(Debug, Serialize)]
pub(crate) struct RelatedLine<'a> {
    pub(crate) event: String,
    /// `perhaps` or `story`.
    pub(crate) class: &'a str,
    pub(crate) date: &'a str,
    pub(crate) title: &'a str,
    pub(crate) source: Option<&'a str>,
    pub(crate) rule: &'a str,
    pub(crate) edition: u32,
    pub(crate) why: &'a str,
}

impl<'a> RelatedLine<'a> {
    pub(crate) fn of(class: &'a str, line: &'a present::RelatedLine) -> Self {
        Self {
            event: line.event.to_string(),
            class,
            date: &line.date_text,
            title: &line.title,
            source: line.place.as_deref(),
            rule: &line.link.rule,
            edition: line.link.edition,
            why: &line.link.why,
        }
    }
}

/// What the person decided: `unlink` and `link`.
#[derive(Debug, Serialize)]
pub(crate) struct DecisionLine<'a> {
    /// `unlink` or `link`.
    pub(crate) done: &'a str,
    /// Fingerprints of the entries that say so; `undo` takes them back.
    pub(crate) entries: Vec<String>,
}
