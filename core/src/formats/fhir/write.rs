//! Writes a person's records as an R4 `Bundle` of type `collection`, one entry at a time: a Patient without any
//! insurance identifier, an Encounter for each event, a resource for each fact, a Provenance for each document.
//!
//! Ids are derived from what is written, so the same records give the same bytes.

use std::{
    collections::HashSet,
    io::{self, Write},
};

use super::{
    build::{Object, date, extension, is_full_time, named, owned, period, reference, text, word},
    facts, own, vital_sign,
};
use crate::{
    base::Fingerprint,
    formats::json::Node,
    record::{Body, Event, Fact, Person, Sex, When},
};

/// Where an event came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The document's fingerprint.
    pub document: Fingerprint,
    /// When it was taken in.
    pub received: chrono::DateTime<chrono::Utc>,
    /// Who issued it, as received; for example the facility.
    pub source: Option<String>,
    /// Fingerprints of other documents that tell the same events, and whose telling is not written.
    pub others: Vec<Fingerprint>,
}

/// What a Provenance calls the original of another telling of the same event.
const OTHER_TELLING: &str = "同じ出来事を伝える別の原本（その内容は入っていません）";

/// Writes the events of a person as a FHIR R4 collection. Events of one document should come one behind the other: each
/// run of them gets one Provenance. Memory is bounded by the largest document.
///
/// # Examples
/// ```
/// # use techo_core::{base::PersonId, formats::fhir, record::{Person, Sex}};
/// let person = Person::new(PersonId::from_bytes([7; 16]), "手帳 花子", "1980-05-03".parse().unwrap(), Sex::Female).unwrap();
/// let mut out = Vec::new();
/// fhir::write_collection(&person, std::iter::empty(), &mut out).unwrap();
/// assert_eq!(fhir::read(&out).unwrap().subject.names, ["手帳 花子"]);
/// ```
pub fn write_collection<'e>(
    person: &Person,
    events: impl IntoIterator<Item = (&'e Event, &'e Origin)>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut writer = CollectionWriter::begin(person, out)?;
    for (event, origin) in events {
        writer.write(event, origin)?;
    }
    writer.finish()
}

/// Writes a collection event by event, for records that are read a page at a time.
pub struct CollectionWriter<'o, W: Write> {
    out: &'o mut W,
    names: Names,
    run: Option<Run>,
    line: String,
}

/// The document whose events are being written.
struct Run {
    origin: Origin,
    targets: Vec<String>,
}

/// The ids of what is written about one person, as `urn:uuid:…`: derived from what is said, so that the same records have
/// the same ids in every file.
pub(super) struct Names {
    person: Fingerprint,
    /// The person's own.
    pub(super) patient: String,
    document: Option<Fingerprint>,
    used: HashSet<String>,
}

impl Names {
    pub(super) fn of(person: &Person) -> Self {
        let seed = Fingerprint::of_parts([&b"techo-fhir-person"[..], person.id.as_bytes()]);
        let patient = urn(&seed);
        Self { person: seed, patient, document: None, used: HashSet::new() }
    }

    /// From here on it is this document that says it.
    pub(super) fn of_document(&mut self, document: Fingerprint) {
        if self.document != Some(document) {
            self.document = Some(document);
            // Ids of different documents differ by the document.
            self.used.clear();
        }
    }

    /// An id for what is said by these parts, unlike any other of the document.
    pub(super) fn claim(&mut self, parts: &[&str]) -> String {
        let document = self.document.as_ref().map_or(&[][..], |document| document.as_bytes());
        let mut number = 0_u32;
        loop {
            let counted = number.to_be_bytes();
            let head = [&self.person.as_bytes()[..], document, &counted];
            let id = urn(&Fingerprint::of_parts(head.into_iter().chain(parts.iter().flat_map(|part| [&b"\0"[..], part.as_bytes()]))));
            if self.used.insert(id.clone()) {
                return id;
            }
            number += 1;
        }
    }

    /// An id for something of ours about the person: the file itself, a Provenance.
    pub(super) fn derive(&self, parts: &[&[u8]]) -> String {
        urn(&Fingerprint::of_parts([&self.person.as_bytes()[..]].into_iter().chain(parts.iter().copied())))
    }

    /// The ids of an event and of its facts, in their order.
    pub(super) fn claim_event(&mut self, event: &Event) -> io::Result<(String, Vec<String>)> {
        let heading = format!("{}\n{:?}\n{}\n{:?}", event.kind, event.day.map(|day| day.to_string()), event.title, event.place);
        let encounter = self.claim(&["event", &heading]);
        let facts = event.facts.iter().map(|fact| {
            let content = serde_json::to_string(fact).map_err(io::Error::other)?;
            Ok(self.claim(&["fact", &heading, &content]))
        });
        Ok((encounter, facts.collect::<io::Result<_>>()?))
    }
}

impl<'o, W: Write> CollectionWriter<'o, W> {
    /// Begins the bundle with the person.
    pub fn begin(person: &Person, out: &'o mut W) -> io::Result<Self> {
        out.write_all(b"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n")?;
        let mut writer = Self { out, names: Names::of(person), run: None, line: String::new() };
        writer.line.push_str(&entry(&writer.names.patient, &patient_resource(person)));
        writer.flush_line()?;
        Ok(writer)
    }

    /// Goes on with another person; the events that follow are theirs.
    pub fn next_person(&mut self, person: &Person) -> io::Result<()> {
        self.end_run()?;
        self.names = Names::of(person);
        let patient = self.names.patient.clone();
        self.entry(&patient, &patient_resource(person))
    }

    /// Writes an event and its facts.
    pub fn write(&mut self, event: &Event, origin: &Origin) -> io::Result<()> {
        if self.run.as_ref().is_none_or(|run| run.origin != *origin) {
            self.end_run()?;
            self.run = Some(Run { origin: origin.clone(), targets: Vec::new() });
            self.names.of_document(origin.document);
        }
        let (encounter, ids) = self.names.claim_event(event)?;
        let patient = self.names.patient.clone();
        self.entry(&encounter, &encounter_resource(event, &patient))?;
        for (fact, id) in event.facts.iter().zip(&ids) {
            self.entry(id, &fact_resource(fact, event, &patient, &encounter))?;
        }
        if let Some(run) = &mut self.run {
            run.targets.push(encounter);
            run.targets.extend(ids);
        }
        Ok(())
    }

    /// Ends the bundle.
    pub fn finish(mut self) -> io::Result<()> {
        self.end_run()?;
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }

    fn end_run(&mut self) -> io::Result<()> {
        let Some(run) = self.run.take().filter(|run| !run.targets.is_empty()) else { return Ok(()) };
        let first = run.targets.first().map(String::as_str).unwrap_or_default();
        let id = self.names.derive(&[run.origin.document.as_bytes(), b"provenance", first.as_bytes()]);
        self.line.push_str(",\n");
        self.line.push_str(&entry(&id, &provenance(&run.origin, run.targets.iter().map(String::as_str))));
        self.flush_line()
    }

    fn entry(&mut self, id: &str, resource: &Node<'_>) -> io::Result<()> {
        self.line.push_str(",\n");
        self.line.push_str(&entry(id, resource));
        self.flush_line()
    }

    fn flush_line(&mut self) -> io::Result<()> {
        self.out.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }
}

/// The resource of a fact: what came as a resource goes as it came.
pub(super) fn fact_resource<'a>(fact: &'a Fact, event: &Event, patient: &'a str, encounter: &'a str) -> Node<'a> {
    let whole = match &fact.body {
        Body::Raw(raw) => facts::resource_as_it_came(raw),
        _ => None,
    };
    whole.unwrap_or_else(|| vital_sign::coded_too(facts::resource(fact, event.day, patient, Some(encounter)), event, fact))
}

/// A UUID of the first bytes of a fingerprint, as `urn:uuid:…`, marked as derived from a name.
fn urn(seed: &Fingerprint) -> String {
    let mut digits = seed.to_string();
    digits.truncate(32);
    let mut uuid = String::with_capacity(45);
    uuid.push_str("urn:uuid:");
    for (position, digit) in digits.chars().enumerate() {
        if matches!(position, 8 | 12 | 16 | 20) {
            uuid.push('-');
        }
        uuid.push(match position {
            12 => '8',
            16 => 'a',
            _ => digit,
        });
    }
    uuid
}

pub(super) fn entry(full_url: &str, resource: &Node<'_>) -> String {
    let mut line = String::with_capacity(512);
    line.push_str("{\"fullUrl\":\"");
    line.push_str(full_url);
    line.push_str("\",\"resource\":");
    resource.write_json(&mut line);
    line.push('}');
    line
}

pub(super) fn patient_resource(person: &Person) -> Node<'_> {
    let name = |words: &str, usage: &'static str, representation: Option<&'static str>| {
        let mark = representation.map(|code| {
            Object::new()
                .with("url", word("http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"))
                .with("valueCode", word(code))
                .done()
        });
        Object::new().list("extension", mark).with("use", word(usage)).maybe("text", text(words).map(|node| into_owned(&node))).done()
    };
    let names = std::iter::once(name(&person.name, "official", Some("IDE")))
        .chain(person.kana.as_deref().map(|kana| name(kana, "official", Some("SYL"))))
        .chain(person.former_names.iter().map(|former| name(former, "old", None)));
    let gender = match person.sex {
        Sex::Male => "male",
        Sex::Female => "female",
    };
    Object::resource("Patient").list("name", names).with("gender", word(gender)).with("birthDate", date(&person.born)).done()
}

fn into_owned<'a>(node: &Node<'_>) -> Node<'a> {
    owned(node.as_text().unwrap_or_default().to_owned())
}

/// An event is an Encounter: kind and title as its type, the day as its period, the institution as its provider.
pub(super) fn encounter_resource<'a>(event: &'a Event, patient: &'a str) -> Node<'a> {
    let class = Object::new().with("system", word("http://terminology.hl7.org/CodeSystem/v3-ActCode")).with("code", word("AMB")).done();
    let mark = Object::new()
        .with("system", word(own::KIND))
        .with("code", word(event.kind.id()))
        .with("display", word(event.kind.japanese()))
        .done();
    let kind = Object::new().list("coding", [mark]).text("text", Some(&event.title)).done();
    let when = event.day.map(|day| When { day, time: None, until: None });
    Object::resource("Encounter")
        .with("status", word("finished"))
        .with("class", class)
        .list("type", [kind])
        .with("subject", reference(patient))
        .maybe("period", when.as_ref().map(|when| period(Some(when), Some(&when.day))))
        .maybe("serviceProvider", event.place.as_deref().and_then(named))
        .done()
}

pub(super) fn provenance<'a>(origin: &'a Origin, targets: impl Iterator<Item = &'a str>) -> Node<'a> {
    let agent = |role: &'static str, who: Node<'static>| {
        let coding = Object::new()
            .with("system", word("http://terminology.hl7.org/CodeSystem/provenance-participant-type"))
            .with("code", word(role))
            .done();
        Object::new().with("type", Object::new().list("coding", [coding]).done()).with("who", who).done()
    };
    let source = origin.source.as_deref().and_then(named).map(|node| {
        let name = node.text("display").unwrap_or_default().to_owned();
        agent("author", Object::new().with("display", owned(name)).done())
    });
    let assembler = agent("assembler", Object::new().with("display", word("Techo")).done());
    let document = |fingerprint: &Fingerprint, name: Option<&'static str>| {
        let identifier = Object::new().with("system", word(own::SHA256)).with("value", owned(fingerprint.to_string())).done();
        let what = Object::new().with("identifier", identifier).maybe("display", name.map(word)).done();
        Object::new().with("role", word("source")).with("what", what).done()
    };
    let others = origin.others.iter().map(|other| document(other, Some(OTHER_TELLING)));
    Object::resource("Provenance")
        .list("target", targets.map(reference))
        .with("recorded", owned(origin.received.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)))
        .list("agent", source.into_iter().chain([assembler]))
        .list("entity", std::iter::once(document(&origin.document, None)).chain(others))
        .done()
}

/// The marks of a fact: how far it is trusted, its kind, and its title where it is not the concept's.
pub(super) fn marks<'a>(fact: &'a Fact, object: Object<'a>, more: impl IntoIterator<Item = Option<Node<'a>>>) -> Object<'a> {
    let tag = |system: &'static str, code: &'static str| Object::new().with("system", word(system)).with("code", word(code)).done();
    let standing = own::standing_code(fact.standing).map(|code| tag(own::STANDING, code));
    let tags = standing.into_iter().chain([tag(own::KIND, fact.kind.id())]);
    let title =
        Some(fact.title.as_str()).filter(|title| fact.concept.label() != Some(title)).and_then(|title| extension(own::TITLE, title));
    let time = fact
        .when
        .as_ref()
        .and_then(|when| when.time.as_deref().filter(|time| !(is_full_time(time) && when.day.known_day().is_some())))
        .and_then(|time| extension(own::TIME, time));
    object.with("meta", Object::new().list("tag", tags).done()).list("extension", [title, time].into_iter().chain(more).flatten())
}
