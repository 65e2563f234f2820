//! Every resource of a document with its place, and the references between them: by `fullUrl`, by `Type/id`, by
//! `#contained`, by the end of an absolute address. Indexed once; a cycle of references harms nobody, because a
//! reference is only ever followed a fixed number of steps.

use std::collections::{HashMap, HashSet};

use super::datatypes::{concept, human_name, shared};
use crate::formats::{Fault, FormatError, Refusal, json::Node};

/// One resource, wherever it stands.
pub(super) struct Resource<'a> {
    pub(super) node: &'a Node<'a>,
    /// Its type, for example `"Observation"`.
    pub(super) kind: &'a str,
    /// Where it stands: `Bundle.entry[5].Observation`.
    pub(super) place: String,
    /// The bundle it stands in, counted in the order met; 0 outside any.
    pub(super) bundle: usize,
    /// The resource it is contained in.
    pub(super) holder: Option<usize>,
    full_url: Option<&'a str>,
}

/// The resources of a document.
#[derive(Default)]
pub(super) struct Library<'a> {
    pub(super) resources: Vec<Resource<'a>>,
    /// Entries that hold no resource where one belongs.
    pub(super) refused: Vec<Refusal>,
    by_url: HashMap<&'a str, usize>,
    by_id: HashMap<(&'a str, &'a str), usize>,
    contained: HashMap<(usize, &'a str), usize>,
    bundles: usize,
}

impl<'a> Library<'a> {
    /// Adds a resource with all it contains, or a bundle with all its entries.
    pub(super) fn add(&mut self, node: &'a Node<'a>, place: &str) {
        let Some(kind) = node.text("resourceType") else {
            return self.refuse(format!("{place}.resourceType"), Fault::Missing);
        };
        let joined = |place: &str| if place.is_empty() { kind.to_owned() } else { format!("{place}.{kind}") };
        if kind == "Bundle" {
            self.add_bundle(node, &joined(place));
        } else {
            self.add_resource(node, kind, joined(place), None, None);
        }
    }

    fn add_bundle(&mut self, bundle: &'a Node<'a>, place: &str) {
        let outer = self.bundles;
        self.bundles = self.resources.len() + 1;
        let newest_only = bundle.text("type") == Some("history");
        let mut met = HashSet::new();
        for (position, entry) in bundle.list("entry").iter().enumerate() {
            let here = format!("{place}.entry[{position}]");
            let Some(resource) = entry.get("resource") else {
                // An answer of a server or a deletion carries none.
                if !entry.has("response") {
                    self.refuse(here, Fault::Missing);
                }
                continue;
            };
            let identity = resource.text("resourceType").zip(resource.text("id"));
            if newest_only && identity.is_some_and(|identity| !met.insert(identity)) {
                self.refuse(here, Fault::Order);
                continue;
            }
            match resource.text("resourceType") {
                None => self.refuse(format!("{here}.resource.resourceType"), Fault::Missing),
                Some("Bundle") => self.add_bundle(resource, &format!("{here}.Bundle")),
                Some(kind) => self.add_resource(resource, kind, format!("{here}.{kind}"), entry.text("fullUrl"), None),
            }
        }
        self.bundles = outer;
    }

    fn add_resource(&mut self, node: &'a Node<'a>, kind: &'a str, place: String, full_url: Option<&'a str>, holder: Option<usize>) {
        let index = self.resources.len();
        if let Some(url) = full_url {
            self.by_url.entry(url).or_insert(index);
        }
        if let Some(id) = node.text("id") {
            match holder {
                Some(holder) => self.contained.entry((holder, id)).or_insert(index),
                None => self.by_id.entry((kind, id)).or_insert(index),
            };
        }
        self.resources.push(Resource { node, kind, place, bundle: self.bundles, holder, full_url });
        for (position, contained) in node.list("contained").iter().enumerate() {
            let here = self.resources.get(index).map(|owner| format!("{}.contained[{position}]", owner.place)).unwrap_or_default();
            match contained.text("resourceType") {
                Some(kind) => self.add_resource(contained, kind, format!("{here}.{kind}"), None, Some(index)),
                None => self.refuse(format!("{here}.resourceType"), Fault::Missing),
            }
        }
    }

    fn refuse(&mut self, place: String, fault: Fault) {
        self.refused.push(Refusal { place: place.clone(), reason: FormatError::Malformed { place, fault } });
    }

    /// The resource a `Reference` of resource `from` points to, if it is in the document.
    pub(super) fn resolve(&self, from: usize, reference: Option<&Node<'_>>) -> Option<usize> {
        let target = reference?.text("reference")?;
        if let Some(id) = target.strip_prefix('#') {
            // What is contained may refer to its holder (`#`) and to its neighbours.
            let holder = self.resources.get(from)?.holder.unwrap_or(from);
            if id.is_empty() {
                return Some(holder);
            }
            return self.contained.get(&(holder, id)).copied();
        }
        if let Some(index) = self.by_url.get(target) {
            return Some(*index);
        }
        let unversioned = target.split("/_history/").next()?;
        let (front, id) = unversioned.rsplit_once('/')?;
        let (base, kind) = front.rsplit_once('/').map_or(("", front), |(base, kind)| (base, kind));
        let index = *self.by_id.get(&(kind, id))?;
        let known = self.resources.get(index)?.full_url;
        // The same type and id on another server is another resource.
        let elsewhere = !base.is_empty() && known.is_some_and(|url| url.starts_with("http") && url != unversioned);
        (!elsewhere).then_some(index)
    }

    /// The resource at an index.
    pub(super) fn get(&self, index: usize) -> Option<&Resource<'a>> {
        self.resources.get(index)
    }

    /// The resource a reference points to, if it is of this type.
    pub(super) fn resolve_as(&self, from: usize, reference: Option<&Node<'_>>, kind: &str) -> Option<&Resource<'a>> {
        self.resolve(from, reference).and_then(|index| self.get(index)).filter(|resource| resource.kind == kind)
    }

    /// The name of the institution behind a reference: an Organization, the one of a PractitionerRole or Encounter, a
    /// Location. Never an insurer. A reference that leads nowhere counts by its words where it says that it means one.
    pub(super) fn institution(&self, from: usize, reference: Option<&Node<'_>>) -> Option<String> {
        let reference = reference?;
        match self.resolve(from, Some(reference)) {
            Some(found) => self.institution_behind(found, 3),
            None => reference.text("display").filter(|_| says_institution(reference)).map(shared),
        }
    }

    /// The same for a member that can only mean an institution: its words count in any case.
    pub(super) fn keeper(&self, from: usize, reference: Option<&Node<'_>>) -> Option<String> {
        self.institution(from, reference).or_else(|| {
            let reference = reference?;
            let is_known = self.resolve(from, Some(reference)).is_some();
            reference.text("display").filter(|_| !is_known).map(shared)
        })
    }

    fn institution_behind(&self, index: usize, steps: u8) -> Option<String> {
        let resource = self.get(index)?;
        let next = |reference: Option<&Node<'_>>| {
            let reference = reference?;
            match self.resolve(index, Some(reference)) {
                Some(found) => self.institution_behind(found, steps.checked_sub(1)?),
                None => reference.text("display").map(shared),
            }
        };
        match resource.kind {
            "Organization" if !is_insurer(resource.node) => resource.node.text("name").map(shared),
            "PractitionerRole" => next(resource.node.get("organization")),
            "Encounter" => next(resource.node.get("serviceProvider"))
                .or_else(|| next(resource.node.first("location").and_then(|location| location.get("location")))),
            "Location" => next(resource.node.get("managingOrganization")).or_else(|| resource.node.text("name").map(shared)),
            _ => None,
        }
    }

    /// The name of the person behind a reference, or of the institution where it is one.
    pub(super) fn speaker(&self, from: usize, reference: Option<&Node<'_>>) -> Option<String> {
        let reference = reference?;
        let resource = self.resolve(from, Some(reference)).and_then(|index| self.get(index).map(|resource| (index, resource)));
        let named = resource.and_then(|(index, resource)| match resource.kind {
            "Practitioner" | "RelatedPerson" => resource.node.list("name").iter().find_map(human_name).as_deref().map(shared),
            "PractitionerRole" => self
                .resolve_as(index, resource.node.get("practitioner"), "Practitioner")
                .and_then(|person| person.node.list("name").iter().find_map(human_name))
                .as_deref()
                .map(shared)
                .or_else(|| resource.node.get("practitioner").and_then(|person| person.text("display")).map(shared)),
            "Organization" if !is_insurer(resource.node) => resource.node.text("name").map(shared),
            _ => None,
        });
        named.or_else(|| match resource {
            Some((_, found)) if matches!(found.kind, "Patient" | "Organization") => None,
            _ => reference.text("display").map(shared),
        })
    }
}

/// Whether a reference that leads nowhere still says that it means an institution.
fn says_institution(reference: &Node<'_>) -> bool {
    let by_type = reference.text("type").is_some_and(|kind| matches!(kind, "Organization" | "Location"));
    by_type || reference.text("reference").is_some_and(|target| target.contains("Organization/") || target.contains("Location/"))
}

/// Whether an Organization is an insurer; those are never named in a record.
pub(super) fn is_insurer(organization: &Node<'_>) -> bool {
    let by_type = organization
        .list("type")
        .iter()
        .any(|kind| concept(kind).codings.iter().any(|coding| matches!(coding.code.as_str(), "ins" | "pay" | "insurer")));
    by_type
        || organization
            .list("identifier")
            .iter()
            .any(|identifier| identifier.text("system").is_some_and(super::insurance::is_insurance_system))
}
