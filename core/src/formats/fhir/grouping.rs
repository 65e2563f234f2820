//! Which resources belong together: the report a document is, the results of a diagnostic report, the members of a
//! panel, and the events of our own export.

use std::collections::{HashMap, HashSet};

use super::{
    datatypes::{concept, label_of, period_of, shared},
    library::Library,
    own,
};
use crate::formats::json::Node;
use crate::{base::PartialDate, formats::FormatError, terms, terms::Kind};

/// The document or report a fact belongs to; the number is the resource's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// None: it stands for itself.
    None,
    /// A checkup report (Composition).
    Checkup(usize),
    /// A DiagnosticReport.
    Report(usize),
    /// An event of our own export (Encounter).
    Own(usize),
}

/// What an event is called.
pub(super) struct Heading {
    pub(super) kind: Kind,
    pub(super) title: String,
    pub(super) place: Option<String>,
    /// The day the report itself gives.
    pub(super) day: Option<PartialDate>,
}

/// Who belongs to whom in one document.
#[derive(Default)]
pub(super) struct Groups {
    /// The first Composition of each bundle.
    pub(super) compositions: HashMap<usize, usize>,
    /// The panel an observation is a member of.
    pub(super) parents: HashMap<usize, usize>,
    /// The diagnostic report an observation is a result of.
    reports: HashMap<usize, usize>,
    headings: HashMap<Scope, Heading>,
    swallowed: HashSet<usize>,
}

/// 報告区分: 特定健診 spells its table by two OIDs, 自治体検診 has a table of its own.
const REPORT_KINDS: [&str; 3] =
    ["2.16.840.1.113883.2.2.1.6.1001", "1.2.392.200119.6.1001", "http://jpfhir.jp/fhir/eCheckup/CodeSystem/checkup-report-category"];
/// 健診プログラムサービス
const PROGRAMS: &str = "1.2.392.200119.6.1002";
/// 報告区分 that ask to delete an earlier report.
const DELETIONS: [&str; 5] = ["19", "49", "69", "79", "89"];
/// 検診・健診報告書, as the type of the document.
const CHECKUP_DOCUMENT: &str = "53576-5";

impl Groups {
    /// Looks through the document once. Fails where it asks to delete an earlier report.
    pub(super) fn of(library: &Library<'_>) -> Result<Self, FormatError> {
        let mut groups = Self::default();
        for (index, resource) in library.resources.iter().enumerate() {
            match resource.kind {
                "Composition" => groups.add_composition(library, index)?,
                "DiagnosticReport" => groups.add_report(library, index),
                "Encounter" => {
                    if let Some(heading) = own::event(resource.node) {
                        groups.headings.insert(Scope::Own(index), heading);
                    }
                }
                "Observation" => {
                    for member in resource.node.list("hasMember") {
                        let found = library.resolve(index, Some(member)).filter(|found| *found != index);
                        if let Some(found) = found.filter(|found| library.get(*found).is_some_and(|r| r.kind == "Observation")) {
                            groups.parents.entry(found).or_insert(index);
                        }
                    }
                }
                _ => {}
            }
            // What stands inside a resource that is kept as it came is kept with it.
            if resource.holder.is_some_and(|holder| library.get(holder).is_some_and(|holder| super::raw::is_kept_raw(holder.kind))) {
                groups.swallowed.insert(index);
            }
        }
        Ok(groups)
    }

    fn add_composition(&mut self, library: &Library<'_>, index: usize) -> Result<(), FormatError> {
        let Some(resource) = library.get(index) else { return Ok(()) };
        if self.compositions.contains_key(&resource.bundle) {
            return Ok(());
        }
        self.compositions.insert(resource.bundle, index);
        if let Some(heading) = checkup_heading(library, index, resource.node)? {
            self.headings.insert(Scope::Checkup(index), heading);
        }
        Ok(())
    }

    fn add_report(&mut self, library: &Library<'_>, index: usize) {
        let Some(resource) = library.get(index) else { return };
        for result in resource.node.list("result") {
            if let Some(found) = library.resolve(index, Some(result)) {
                self.reports.entry(found).or_insert(index);
            }
        }
        if let Some(title) = label_of(resource.node, "code") {
            let place = resource.node.list("performer").iter().find_map(|performer| library.institution(index, Some(performer)));
            self.headings.insert(Scope::Report(index), Heading { kind: Kind::Laboratory, title: shared(&title), place, day: None });
        }
    }

    /// The document or report a resource belongs to.
    pub(super) fn scope_of(&self, library: &Library<'_>, index: usize, encounter: Option<usize>) -> Scope {
        if let Some(scope) = encounter.map(Scope::Own).filter(|scope| self.headings.contains_key(scope)) {
            return scope;
        }
        let bundle = library.get(index).map_or(0, |resource| resource.bundle);
        if let Some(scope) = self.compositions.get(&bundle).map(|composition| Scope::Checkup(*composition))
            && self.headings.contains_key(&scope)
        {
            return scope;
        }
        self.report_of(index).map(Scope::Report).filter(|scope| self.headings.contains_key(scope)).unwrap_or(Scope::None)
    }

    /// The diagnostic report that has the resource, or a panel around it, as a result.
    pub(super) fn report_of(&self, index: usize) -> Option<usize> {
        self.upwards(index).find_map(|index| self.reports.get(&index).copied())
    }

    /// The resource itself, the panel it is a member of, that panel's panel … At most eight, so that a cycle ends.
    pub(super) fn upwards(&self, index: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(index), |index| self.parents.get(index).copied()).take(8)
    }

    /// What events of a scope are called.
    pub(super) fn heading(&self, scope: Scope) -> Option<&Heading> {
        self.headings.get(&scope)
    }

    /// The event of our own export that an Encounter stands for.
    pub(super) fn own_event(&self, encounter: usize) -> Option<&Heading> {
        self.headings.get(&Scope::Own(encounter))
    }

    /// Whether the resource stands inside another that is kept whole.
    pub(super) fn is_swallowed(&self, index: usize) -> bool {
        self.swallowed.contains(&index)
    }
}

/// What a checkup report is called; `None` for a document of another kind.
fn checkup_heading(library: &Library<'_>, index: usize, node: &Node<'_>) -> Result<Option<Heading>, FormatError> {
    let categories: Vec<_> = node.list("category").iter().flat_map(|category| concept(category).codings).collect();
    let report = categories.iter().find(|coding| coding.system.as_deref().is_some_and(|system| REPORT_KINDS.contains(&bare(system))));
    if let Some(report) = report.filter(|report| DELETIONS.contains(&report.code.as_str())) {
        return Err(FormatError::DeletionRequest { code: report.code.clone() });
    }
    let is_checkup = node.get("type").map(concept).unwrap_or_default().codings.iter().any(|coding| coding.code == CHECKUP_DOCUMENT);
    if report.is_none() && !is_checkup {
        return Ok(None);
    }
    let program = node
        .list("event")
        .iter()
        .flat_map(|event| event.list("code"))
        .flat_map(|code| concept(code).codings)
        .find(|coding| coding.system.as_deref().map(bare) == Some(PROGRAMS))
        .map(|coding| coding.code);
    let code = report.map(|report| report.code.as_str()).unwrap_or_default();
    let own_title = || node.text("title").unwrap_or(Kind::Checkup.japanese()).to_owned();
    let title = match report {
        Some(report) if is_screening(code) => {
            let name = report.display.clone().unwrap_or_else(own_title);
            stage_of(node).map_or(name.clone(), |stage| format!("{name}（{stage}）"))
        }
        _ => program
            .as_deref()
            .filter(|program| !matches!(*program, "000" | "990"))
            .and_then(terms::program)
            .or_else(|| terms::report_kind(code))
            .map_or_else(own_title, str::to_owned),
    };
    let day = node.list("event").iter().find_map(|event| period_of(event, "period").ok().flatten()).map(|when| when.day);
    let place = library
        .institution(index, node.get("encounter"))
        .or_else(|| library.keeper(index, node.get("custodian")))
        .or_else(|| node.list("author").iter().find_map(|author| library.institution(index, Some(author))));
    Ok(Some(Heading { kind: checkup_kind(code, program.as_deref()), title: shared(&title), place, day }))
}

/// 検診区分: 一次検診, 精密検査 or both. The two are told apart in the event's name.
fn stage_of(node: &Node<'_>) -> Option<String> {
    let codes = node.list("event").iter().flat_map(|event| event.list("code")).flat_map(|code| concept(code).codings);
    let stage = codes.into_iter().find(|coding| coding.system.as_deref().is_some_and(|system| system.ends_with(SCREENING_STAGES)))?;
    stage.display.or_else(|| terms::answer(stage.system.as_deref()?, &stage.code).map(|answer| answer.meaning.to_owned())).or_else(|| {
        let known = [("1", "一次検診"), ("2", "精密検査"), ("3", "一次検診と精密検査")];
        known.iter().find(|(code, _)| *code == stage.code).map(|(_, name)| (*name).to_owned())
    })
}

/// How the code system of 検診区分 ends, in every edition of the guide (spec §2.2).
const SCREENING_STAGES: &str = "checkup-type-code";

fn bare(system: &str) -> &str {
    system.trim().trim_start_matches("urn:oid:")
}

/// 51 肺がん … 58 歯周疾患
fn is_screening(report: &str) -> bool {
    matches!(report, "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58")
}

fn checkup_kind(report: &str, program: Option<&str>) -> Kind {
    match (report, program) {
        (code, _) if is_screening(code) || code == "42" => Kind::CancerScreening,
        ("43", _) => Kind::InfantCheckup,
        ("44", _) => Kind::Pregnancy,
        (_, Some("040")) => Kind::SchoolCheckup,
        (_, Some("060" | "090")) => Kind::CancerScreening,
        _ => Kind::Checkup,
    }
}
