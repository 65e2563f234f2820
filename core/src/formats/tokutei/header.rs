//! The head of the document: whom it is about, when and where the checkup was, what kind of report it is. Insurer number,
//! symbol, number and branch are looked at for one purpose only: so that they can be struck out wherever they turn up again.

use roxmltree::Node;
use unicode_normalization::UnicodeNormalization;

use super::time::read_time;
use crate::{
    base::PartialDate,
    formats::{
        Fault, FormatError, Unread,
        xml::{attribute, child, children, descend, words},
    },
    record::{Sex, Subject},
    terms::{Kind, program, report_kind},
};

/// What stands in place of an insurer's identifier.
const STRUCK: &str = "［保険の番号は原本のみ］";
/// Shorter ones (枝番 01) would strike out half the text. A caption finds them in narratives.
const SHORTEST: usize = 5;
/// A person has six. More are looked for in vain, and in every text.
const MOST: usize = 32;

/// The head of a document.
pub(super) struct Header {
    pub(super) subject: Subject,
    pub(super) kind: Kind,
    pub(super) title: String,
    pub(super) day: Option<PartialDate>,
    /// Where the checkup was.
    pub(super) facility: Option<String>,
    /// Who wrote the document.
    pub(super) author: Option<String>,
    /// Whether the head says what kind of report it is in words of our tables.
    pub(super) says_kind: bool,
    /// 検診区分: 一次検診, 精密検査 or both, where the head of a town's screening says so.
    pub(super) stage: Option<&'static str>,
    /// Places of what could not be read, with the words that stood there.
    pub(super) unread: Vec<(&'static str, Fault, String)>,
}

/// The person's identifiers at the insurer. They stay in the original.
#[derive(Default)]
pub(super) struct Identifiers(Vec<String>);

impl Identifiers {
    /// Those in a document's head.
    pub(super) fn of(root: Node<'_, '_>) -> Self {
        let of_patient = children(root, "recordTarget").filter_map(|target| child(target, "patientRole"));
        let of_ticket = children(root, "participant").filter_map(|participant| child(participant, "associatedEntity"));
        let all = of_patient.chain(of_ticket).flat_map(|role| children(role, "id"));
        let values = all.filter_map(|id| attribute(id, "extension")).map(|value| value.nfkc().collect::<String>());
        Self(values.filter(|value| value.chars().count() >= SHORTEST).take(MOST).collect())
    }

    /// Strikes them out of words.
    pub(super) fn strike(&self, words: &mut String) {
        if self.0.is_empty() || words.len() < SHORTEST {
            return;
        }
        let folded: String = words.nfkc().collect();
        if self.0.iter().any(|value| folded.contains(value.as_str())) {
            *words = self.0.iter().fold(folded, |words, value| words.replace(value.as_str(), STRUCK));
        }
    }

    /// Whether one of them stands in the words.
    pub(super) fn is_in(&self, words: &str) -> bool {
        let folded: String = words.nfkc().collect();
        self.0.iter().any(|value| folded.contains(value.as_str()))
    }
}

impl Header {
    /// Reads the head; refuses deletion requests, guidance reports and documents about several people.
    pub(super) fn read(root: Node<'_, '_>) -> Result<Self, FormatError> {
        let report = child(root, "code").and_then(|code| attribute(code, "code"));
        match report {
            Some(code @ ("19" | "49" | "69" | "79" | "89")) => {
                return Err(FormatError::DeletionRequest { code: code.to_owned() });
            }
            Some("21" | "22" | "23" | "24" | "25") => return Err(FormatError::NotRead(Unread::CheckupClaims)),
            _ => {}
        }
        let mut unread = Vec::new();
        let subject = subject(root, &mut unread)?;
        let services: Vec<Node<'_, '_>> =
            children(root, "documentationOf").filter_map(|documentation| child(documentation, "serviceEvent")).collect();
        let code = services.iter().find_map(|service| child(*service, "code").filter(|code| attribute(*code, "code").is_some()));
        let program_code = code.and_then(|code| attribute(code, "code"));
        let facility = services.iter().find_map(|service| child(*service, "performer").and_then(organization));
        let author = child(root, "author").and_then(organization);
        Ok(Self {
            subject,
            kind: kind_of(report, program_code),
            title: title(report, program_code, code.and_then(|code| attribute(code, "displayName"))),
            day: day(root, &services, &mut unread),
            facility: facility.or_else(|| author.clone()),
            author,
            unread,
            says_kind: report.is_some_and(|report| report_kind(report).is_some()) || program_code.and_then(program).is_some(),
            stage: children(root, "documentationOf").chain([root]).find_map(stage_of),
        })
    }
}

/// 検診区分 by the end of its code system's name (spec §2.2; no OID of it is known for CDA), or by the words beside a code.
fn stage_of(holder: Node<'_, '_>) -> Option<&'static str> {
    const STAGES: [(&str, &str); 3] = [("1", "一次検診"), ("2", "精密検査"), ("3", "一次検診と精密検査")];
    let codes = holder.descendants().filter(|node| matches!(node.tag_name().name(), "code" | "qualifier" | "value")).take(MOST);
    codes.into_iter().find_map(|code| {
        let system = attribute(code, "codeSystem").unwrap_or_default();
        let named = attribute(code, "displayName").unwrap_or_default();
        let is_table = system.ends_with("checkup-type-code") || attribute(code, "codeSystemName") == Some("検診区分");
        STAGES
            .iter()
            .find(|(value, name)| (is_table && attribute(code, "code") == Some(value)) || (!system.is_empty() && named == *name))
            .map(|(_, name)| *name)
    })
}

fn subject(root: Node<'_, '_>, unread: &mut Vec<(&'static str, Fault, String)>) -> Result<Subject, FormatError> {
    let mut found: Option<Subject> = None;
    for (index, target) in children(root, "recordTarget").enumerate() {
        let Some(patient) = descend(target, &["patientRole", "patient"]) else { continue };
        let born = child(patient, "birthTime").and_then(|time| attribute(time, "value"));
        let parsed = born.and_then(read_time).map(|(day, _)| day);
        if let (Some(born), None) = (born, parsed) {
            unread.push(("recordTarget/patientRole/patient/birthTime", Fault::Date, born.to_owned()));
        }
        let sex = child(patient, "administrativeGenderCode").and_then(|code| attribute(code, "code"));
        let subject = Subject {
            names: children(patient, "name").filter_map(words).collect(),
            born: parsed,
            sex: match sex {
                Some("1" | "M") => Some(Sex::Male),
                Some("2" | "F") => Some(Sex::Female),
                _ => None,
            },
        };
        match &found {
            Some(first) if *first != subject => {
                return Err(FormatError::Malformed { place: format!("recordTarget[{}]", index + 1), fault: Fault::Mixed });
            }
            _ => found = Some(subject),
        }
    }
    Ok(found.unwrap_or_default())
}

/// The day of the examination; the document's own date only where no other is given.
fn day(root: Node<'_, '_>, services: &[Node<'_, '_>], unread: &mut Vec<(&'static str, Fault, String)>) -> Option<PartialDate> {
    let of_time = |time: Node<'_, '_>| {
        let bound = |name| child(time, name).and_then(|bound| attribute(bound, "value"));
        attribute(time, "value").or_else(|| bound("low")).or_else(|| bound("high")).map(str::to_owned)
    };
    let examined = services.iter().find_map(|service| child(*service, "effectiveTime").and_then(of_time));
    let (place, written) = match examined {
        Some(written) => ("documentationOf/serviceEvent/effectiveTime", written),
        None => ("effectiveTime", child(root, "effectiveTime").and_then(of_time)?),
    };
    let day = read_time(&written).map(|(day, _)| day);
    if day.is_none() {
        unread.push((place, Fault::Date, written));
    }
    day
}

pub(super) fn kind_of(report: Option<&str>, program: Option<&str>) -> Kind {
    match (report, program) {
        (_, Some("040")) => Kind::SchoolCheckup,
        (Some("42" | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58"), _) | (_, Some("060" | "090")) => Kind::CancerScreening,
        (Some("43"), _) => Kind::InfantCheckup,
        (Some("44"), _) => Kind::Pregnancy,
        _ => Kind::Checkup,
    }
}

/// The program's name; for "unknown" (000) and "other" (990) the words beside the code say more.
fn title(report: Option<&str>, code: Option<&str>, display: Option<&str>) -> String {
    let named = code.filter(|code| !matches!(*code, "000" | "990")).and_then(program);
    let general = || code.and_then(program).filter(|_| code != Some("000"));
    named.or(display).or_else(general).or_else(|| report.and_then(report_kind)).unwrap_or("健康診査").to_owned()
}

/// The name of the organization in a `performer` or an `author`.
fn organization(node: Node<'_, '_>) -> Option<String> {
    let role = child(node, "assignedEntity").or_else(|| child(node, "assignedAuthor"))?;
    child(role, "representedOrganization").and_then(|organization| child(organization, "name")).and_then(words)
}
