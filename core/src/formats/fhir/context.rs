//! Where a resource stands: its scope, its place, the day of its visit, and who says so.

use super::{
    datatypes::period_of,
    gather::Draft,
    grouping::{Groups, Scope},
    library::Library,
    own,
};
use crate::{
    base::PartialDate,
    formats::json::Node,
    record::{Body, Concept, Fact, Standing, When},
    terms::Kind,
};

/// What the surroundings of a resource say about it.
pub(super) struct Context {
    pub(super) scope: Scope,
    /// The institution.
    pub(super) place: Option<String>,
    /// The day of the visit, for a resource that gives none itself.
    pub(super) day: Option<PartialDate>,
}

impl Context {
    pub(super) fn of(library: &Library<'_>, groups: &Groups, index: usize) -> Self {
        let Some(resource) = library.get(index) else { return Self { scope: Scope::None, place: None, day: None } };
        let visit = groups.upwards(index).find_map(|index| {
            let node = library.get(index)?.node;
            let reference = encounter_of(node)?;
            Some((index, reference))
        });
        let encounter = visit.and_then(|(from, reference)| library.resolve(from, Some(reference)));
        let scope = groups.scope_of(library, index, encounter);
        let performer = || {
            groups.upwards(index).find_map(|index| {
                let node = library.get(index)?.node;
                performers(node).find_map(|performer| library.institution(index, Some(performer)))
            })
        };
        let place = visit
            .and_then(|(from, reference)| library.institution(from, Some(reference)))
            .or_else(|| library.keeper(index, resource.node.get("location")))
            .or_else(performer);
        let day_of_visit = || encounter.and_then(|encounter| library.get(encounter)).and_then(|encounter| start(encounter.node));
        let day = groups.heading(scope).and_then(|heading| heading.day).or_else(day_of_visit);
        Self { scope, place, day }
    }

    /// A fact of this resource as a draft. The day is the fact's own, else the visit's.
    pub(super) fn draft(&self, kind: Kind, when: Option<&When>, fact: Fact) -> Draft {
        Draft {
            fact,
            day: when.map(|when| when.day).or(self.day),
            kind,
            place: self.place.clone(),
            scope: self.scope,
            alone: false,
            follows: false,
        }
    }
}

/// A fact with the usual fields.
pub(super) fn fact(kind: Kind, concept: Concept, when: Option<When>, body: Body, at: String) -> Fact {
    let title = concept.label().unwrap_or(kind.japanese()).to_owned();
    Fact { kind, title, concept, when, body, at, said_by: None, standing: Standing::Understood }
}

fn encounter_of<'n>(node: &'n Node<'n>) -> Option<&'n Node<'n>> {
    node.get("encounter")
        .or_else(|| node.get("context").filter(|context| context.has("reference")))
        .or_else(|| node.get("context").and_then(|context| context.first("encounter")))
        .or_else(|| node.extension(own::ENCOUNTER).and_then(|extension| extension.get("valueReference")))
}

/// So many are looked at. Real reports name two or three.
const SPEAKERS: usize = 16;

/// `performer` as a reference, or as a part with an `actor`.
pub(super) fn performers<'n>(node: &'n Node<'n>) -> impl Iterator<Item = &'n Node<'n>> {
    node.list("performer").iter().take(SPEAKERS).map(|performer| performer.get("actor").unwrap_or(performer))
}

fn start(encounter: &Node<'_>) -> Option<PartialDate> {
    period_of(encounter, "period").ok().flatten().map(|when| when.day)
}

/// The persons who performed or assert what a resource says. An institution that is the event's place is not repeated.
pub(super) fn speakers<'n>(
    library: &Library<'_>,
    index: usize,
    references: impl Iterator<Item = &'n Node<'n>>,
    place: Option<&str>,
) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for name in references.take(SPEAKERS).filter_map(|reference| library.speaker(index, Some(reference))) {
        if Some(name.as_str()) != place && !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join("、"))
}

/// Who issued the document: the keeper or author of its Composition, else the first institution that is no insurer.
pub(super) fn issuer(library: &Library<'_>, groups: &Groups) -> Option<String> {
    let composition = groups.compositions.values().min().and_then(|index| Some((*index, library.get(*index)?.node)));
    let named = composition.and_then(|(index, node)| {
        library
            .institution(index, node.get("custodian"))
            .or_else(|| node.list("author").iter().find_map(|author| library.institution(index, Some(author))))
            .or_else(|| node.list("author").iter().find_map(|author| library.speaker(index, Some(author))))
    });
    named.or_else(|| {
        let organizations = library.resources.iter().filter(|resource| resource.kind == "Organization");
        organizations
            .filter(|resource| !super::library::is_insurer(resource.node))
            .find_map(|resource| resource.node.text("name").map(str::to_owned))
    })
}
