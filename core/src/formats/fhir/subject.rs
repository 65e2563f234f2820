//! Whom a document is about: names in kanji, kana and Latin letters, date of birth, sex. Never an identifier: insurer
//! numbers live among them.

use std::collections::{HashMap, HashSet};

use super::{
    datatypes::{composed_name, moment_of},
    library::Library,
};
use crate::{
    base::fold_name,
    formats::json::Node,
    record::{Sex, Subject},
};

/// The patients of a document; one of them is whom it is about.
pub(super) struct Subjects {
    main: Option<usize>,
    of: HashMap<usize, Subject>,
    /// Patients that are somebody else than the main one.
    others: HashSet<usize>,
    named: Subject,
}

impl Subjects {
    pub(super) fn of(library: &Library<'_>) -> Self {
        let of: HashMap<usize, Subject> = library
            .resources
            .iter()
            .enumerate()
            .filter(|(_, resource)| resource.kind == "Patient")
            .map(|(index, resource)| (index, subject(resource.node)))
            .collect();
        let of_document = library
            .resources
            .iter()
            .enumerate()
            .filter(|(_, resource)| resource.kind == "Composition")
            .find_map(|(index, resource)| library.resolve(index, resource.node.get("subject")))
            .filter(|index| of.contains_key(index));
        let main = of_document.or_else(|| of.keys().copied().min());
        let named = if main.is_some() { Subject::default() } else { named_only(library) };
        let others = match main.and_then(|index| of.get(&index)) {
            Some(main) => of.iter().filter(|(_, subject)| differ(subject, main)).map(|(index, _)| *index).collect(),
            None => HashSet::new(),
        };
        Self { main, of, others, named }
    }

    /// Whom the document is about.
    pub(super) fn main(&self) -> &Subject {
        self.main.and_then(|index| self.of.get(&index)).unwrap_or(&self.named)
    }

    /// Whether a resource says that it is about somebody or something else than the document.
    pub(super) fn is_somebody_else(&self, library: &Library<'_>, index: usize) -> bool {
        let Some(resource) = library.get(index) else { return false };
        let reference = resource.node.get("subject").or_else(|| resource.node.get("patient"));
        let Some(target) = library.resolve(index, reference) else { return false };
        let is_no_person =
            || library.get(target).is_some_and(|target| matches!(target.kind, "RelatedPerson" | "Group" | "Device" | "Location"));
        self.others.contains(&target) || is_no_person()
    }
}

/// A `Patient`.
fn subject(patient: &Node<'_>) -> Subject {
    let (mut names, mut met) = (Vec::new(), HashSet::new());
    for name in patient.list("name") {
        let composed = composed_name(name, true);
        // A name in Latin letters is written in either order.
        let turned = composed.as_deref().filter(|name| name.is_ascii()).and_then(|_| composed_name(name, false));
        for candidate in [name.text("text").map(str::to_owned), composed, turned].into_iter().flatten() {
            if met.insert(fold_name(&candidate)) {
                names.push(candidate);
            }
        }
    }
    let sex = match patient.text("gender") {
        Some("male") => Some(Sex::Male),
        Some("female") => Some(Sex::Female),
        _ => None,
    };
    Subject { names, born: moment_of(patient, "birthDate").ok().flatten().map(|when| when.day), sex }
}

/// Without a Patient, the words beside the first reference to one.
fn named_only(library: &Library<'_>) -> Subject {
    let reference = |node: &Node<'_>| {
        let reference = node.get("subject").or_else(|| node.get("patient"))?;
        reference.text("display").map(str::to_owned)
    };
    Subject { names: library.resources.iter().find_map(|resource| reference(resource.node)).into_iter().collect(), born: None, sex: None }
}

fn differ(one: &Subject, other: &Subject) -> bool {
    let born = one.born.zip(other.born).is_some_and(|(one, other)| !one.is_compatible(&other));
    let sex = one.sex.zip(other.sex).is_some_and(|(one, other)| one != other);
    let names: HashSet<String> = one.names.iter().map(|name| fold_name(name)).collect();
    let other_name = !names.is_empty() && !other.names.is_empty() && !other.names.iter().any(|name| names.contains(&fold_name(name)));
    born || sex || other_name
}
