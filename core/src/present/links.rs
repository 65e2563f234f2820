//! 同じ出来事 the same event from several sources: who tells it, why they are linked, why one leads, and what they say
//! differently, side by side.

use super::{Language, date_text, draft::format_name, record::value_and_unit};
use crate::{
    base::PersonId,
    formats::FormatId,
    insight::reconcile::{Class, Difference, Item, Rule, Source, Told, differences, source_of},
    record::Event,
    vault::{EventId, Link, ToldEvent, Vault, VaultError},
};

/// All that is known of one event from all its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameEvent {
    /// Who tells it; the leading one first.
    pub sources: Vec<SourceLine>,
    /// Events that may be the same: questions to the person.
    pub questions: Vec<RelatedLine>,
    /// Events of the same story.
    pub stories: Vec<RelatedLine>,
}

/// One telling of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// The event.
    pub event: EventId,
    /// Its name as received.
    pub title: String,
    /// The institution as received.
    pub place: Option<String>,
    /// The day as written.
    pub date: Option<String>,
    /// Id of its document's format.
    pub format: String,
    /// The format's name in the person's language.
    pub format_name: String,
    /// Whether it leads.
    pub leads: bool,
    /// What kind of source it is, and why it stands where it stands.
    pub standing: String,
    /// Why it is the same event as the leading one; none of the leading one itself.
    pub link: Option<LinkText>,
    /// What it says differently from the leading one.
    pub differences: Vec<DifferenceLine>,
}

/// Why two events have to do with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkText {
    /// Id of the rule.
    pub rule: String,
    /// Its edition.
    pub edition: u32,
    /// The rule's reason in the person's language.
    pub why: String,
    /// The event it was recognised by, where that is not the leading one.
    pub via: Option<EventId>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceLine {
    /// What differs, in the person's language: a record's name and what of it.
    pub item: String,
    /// What the leading one says; none for nothing.
    pub lead: Option<String>,
    /// What the other says.
    pub other: Option<String>,
}

/// An event that has to do with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedLine {
    /// The event.
    pub event: EventId,
    /// Its name.
    pub title: String,
    /// Its day in words for the screen.
    pub date_text: String,
    /// The institution.
    pub place: Option<String>,
    /// Why.
    pub link: LinkText,
}

/// One link of the list of all links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkLine {
    /// Whose.
    pub person: PersonId,
    /// `same`, `perhaps` or `story`.
    pub class: String,
    /// The class in the person's language.
    pub class_name: &'static str,
    /// The one that is shown; of a story the earlier.
    pub lead: EventId,
    /// The other.
    pub event: EventId,
    /// The leading one's day in words for the screen.
    pub date_text: String,
    /// The leading one's name.
    pub title: String,
    /// Why.
    pub link: LinkText,
}

/// What is told of this event by all sources, whichever of them it is. *Quick.*
pub fn same_event(vault: &Vault, id: EventId, language: Language) -> Result<SameEvent, VaultError> {
    let links = vault.links_of(id)?;
    let same: Vec<&Link> = links.iter().filter(|link| link.class == Class::Same.id()).collect();
    let lead_id = same.first().map_or(id, |link| link.lead);
    let lead = vault.told(lead_id)?;
    let mut sources = vec![source_line(&lead, None, Vec::new(), language)];
    for link in &same {
        let other = vault.told(link.event)?;
        let differs = differences(&lead.stored.event, &other.stored.event);
        let lines = differs.iter().map(|one| difference_line(one, &lead.stored.event, &other.stored.event, language)).collect();
        sources.push(source_line(&other, Some(text(link, language)), lines, language));
    }
    let related = |class: Class| -> Result<Vec<RelatedLine>, VaultError> {
        let of_class = links.iter().filter(|link| link.class == class.id());
        of_class.map(|link| related_line(vault, if link.event == id { link.lead } else { link.event }, link, language)).collect()
    };
    Ok(SameEvent { sources, questions: related(Class::Perhaps)?, stories: related(Class::Story)? })
}

/// A page of all links, at most `limit` behind `after`, and where to go on. *Quick.*
pub fn links(
    vault: &Vault,
    person: Option<PersonId>,
    after: Option<&Link>,
    limit: u32,
    language: Language,
) -> Result<(Vec<LinkLine>, Option<Link>), VaultError> {
    let page = vault.links(person, after, limit)?;
    let is_full = u32::try_from(page.len()).is_ok_and(|count| count >= limit);
    let next = page.last().filter(|_| is_full).cloned();
    let lines = page.iter().map(|link| {
        let lead = vault.event(link.lead)?;
        Ok(LinkLine {
            person: lead.person,
            class: link.class.clone(),
            class_name: class_name(&link.class, language),
            lead: link.lead,
            event: link.event,
            date_text: date_text(lead.event.day, language),
            title: lead.event.title,
            link: text(link, language),
        })
    });
    Ok((lines.collect::<Result<_, VaultError>>()?, next))
}

/// What stands on the timeline beside an event that others stand behind; none where nothing does.
pub fn sources_text(linked: u32, language: Language) -> Option<String> {
    (linked > 0).then(|| match language {
        Language::Japanese => format!("ほか{linked}件の出どころ"),
        Language::English => format!("and {linked} more source{}", if linked == 1 { "" } else { "s" }),
    })
}

/// The class of a link in the person's language.
pub fn class_name(class: &str, language: Language) -> &'static str {
    match Class::of_id(class) {
        Some(Class::Same) => language.pick("同じ出来事", "the same event"),
        Some(Class::Perhaps) => language.pick("同じ出来事でしょうか？", "the same event?"),
        Some(Class::Story) | None => language.pick("ひとつづき", "one story"),
    }
}

fn text(link: &Link, language: Language) -> LinkText {
    let why = Rule::of_id(&link.rule).map_or("", |rule| language.pick(rule.japanese(), rule.english()));
    LinkText { rule: link.rule.clone(), edition: link.edition, why: why.to_owned(), via: link.via }
}

fn told(event: &ToldEvent) -> Told<'_> {
    Told { event: &event.stored.event, format: &event.format, document: event.fingerprint, position: event.stored.position }
}

fn source_line(event: &ToldEvent, link: Option<LinkText>, differences: Vec<DifferenceLine>, language: Language) -> SourceLine {
    let Source { japanese, english, .. } = source_of(&told(event));
    let name = FormatId::ALL.iter().copied().find(|format| format.id() == event.format).map(|format| format_name(format, language));
    let said = &event.stored.event;
    SourceLine {
        event: event.stored.id,
        title: said.title.clone(),
        place: said.place.clone(),
        date: said.day.map(|day| day.to_string()),
        format: event.format.clone(),
        format_name: name.map_or_else(|| event.format.clone(), str::to_owned),
        leads: link.is_none(),
        standing: language.pick(japanese, english).to_owned(),
        link,
        differences,
    }
}

fn related_line(vault: &Vault, id: EventId, link: &Link, language: Language) -> Result<RelatedLine, VaultError> {
    let stored = vault.event(id)?;
    Ok(RelatedLine {
        event: id,
        title: stored.event.title,
        date_text: date_text(stored.event.day, language),
        place: stored.event.place,
        link: text(link, language),
    })
}

fn difference_line(one: &Difference, lead: &Event, other: &Event, language: Language) -> DifferenceLine {
    let record = |event: &Event, index: Option<usize>| index.and_then(|index| event.facts.get(index)).cloned();
    let (own, others) = (record(lead, one.lead_record), record(other, one.other_record));
    let shown = |fact: &crate::record::Fact| {
        let (value, unit) = value_and_unit(fact, language);
        let words = format!("{} {}", value.unwrap_or_default(), unit.unwrap_or_default()).trim().to_owned();
        // A record without a result is told by its name.
        if words.is_empty() { fact.title.clone() } else { words }
    };
    let name = own.as_ref().or(others.as_ref()).map(|fact| fact.title.clone());
    let what = match one.item {
        Item::Day => language.pick("日付", "Day"),
        Item::Title => language.pick("名前", "Name"),
        Item::Place => language.pick("医療機関", "Institution"),
        Item::Name => language.pick("呼び名", "Called"),
        Item::Lot => language.pick("製造番号", "Lot"),
        Item::DoseNumber => language.pick("回数", "Dose"),
        Item::Manufacturer => language.pick("製造会社", "Manufacturer"),
        Item::Dose => language.pick("用量", "Dose"),
        Item::Quantity => language.pick("日数・回数", "Days or times"),
        Item::Usage => language.pick("用法", "How to take"),
        Item::Value | Item::Record => "",
    };
    let item = match (name, what) {
        (Some(name), "") => name,
        (Some(name), what) => format!("{name} / {what}"),
        (None, what) => what.to_owned(),
    };
    let is_result = matches!(one.item, Item::Value | Item::Record);
    let said =
        |words: &Option<String>, fact: &Option<crate::record::Fact>| if is_result { fact.as_ref().map(shown) } else { words.clone() };
    DifferenceLine { item, lead: said(&one.lead, &own), other: said(&one.other, &others) }
}
