//! Writes a `.phr` file: one resource a line, a Composition as its cover, a DocumentManifest as its table of contents.
//!
//! After HL7's "Personal Health Records" implementation guide (1.0.0-ballot2), as far as its sample shows the form. A ballot
//! may change; the sample's own Composition is no valid R4, and here it is.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};

use super::{
    build::{Object, owned, reference, word},
    write::{Names, Origin, encounter_resource, fact_resource, patient_resource, provenance},
};
use crate::{
    formats::json::Node,
    record::{Event, Person},
};

/// Writes the records of one person line by line. The lines before them name all of them and are therefore made last: they
/// come from [`Self::finish`] and belong in front.
pub struct PhrWriter<'o, W: Write> {
    lines: &'o mut W,
    names: Names,
    patient: String,
    /// The Patient, written when the file begins.
    head: String,
    /// What the cover lists, as `Type/id`.
    listed: Vec<String>,
    run: Option<(Origin, Vec<String>)>,
}

impl<'o, W: Write> PhrWriter<'o, W> {
    /// Begins a file about this person; what is written goes to `lines`.
    pub fn begin(person: &Person, lines: &'o mut W) -> Self {
        let names = Names::of(person);
        let patient = format!("Patient/{}", bare(&names.patient));
        let head = line(&names.patient, patient_resource(person));
        Self { lines, names, patient, head, listed: Vec::new(), run: None }
    }

    /// Writes an event and its facts. Events of one document should come one behind the other: each run of them has one
    /// Provenance.
    pub fn write(&mut self, event: &Event, origin: &Origin) -> io::Result<()> {
        if self.run.as_ref().is_none_or(|(run, _)| run != origin) {
            self.end_run()?;
            self.names.of_document(origin.document);
            self.run = Some((origin.clone(), Vec::new()));
        }
        let (encounter, ids) = self.names.claim_event(event)?;
        let (patient, encounter_reference) = (self.patient.clone(), format!("Encounter/{}", bare(&encounter)));
        let mut targets = vec![self.put(&encounter, encounter_resource(event, &patient))?];
        for (fact, id) in event.facts.iter().zip(&ids) {
            targets.push(self.put(id, fact_resource(fact, event, &patient, &encounter_reference))?);
        }
        self.listed.extend(targets.iter().cloned());
        if let Some((_, of_run)) = &mut self.run {
            of_run.extend(targets);
        }
        Ok(())
    }

    /// Ends the lines and gives those that go in front of them.
    pub fn finish(mut self, now: DateTime<Utc>) -> io::Result<String> {
        self.end_run()?;
        self.lines.flush()?;
        let written = now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (cover, contents) =
            (self.names.derive(&[b"phr-cover", written.as_bytes()]), self.names.derive(&[b"phr-contents", written.as_bytes()]));
        let listed = || std::iter::once(&self.patient).chain(&self.listed).map(|target| reference(target));
        let author = || Object::new().with("display", word("Techo")).done();
        let kind = Object::new().with("text", word("個人健康記録 (Personal health record)")).done();
        let section = Object::new().with("title", word("内容")).list("entry", listed()).done();
        let composition = Object::resource("Composition")
            .with("status", word("final"))
            .with("type", kind)
            .with("subject", reference(&self.patient))
            .with("date", owned(written.clone()))
            .list("author", [author()])
            .with("title", word("個人健康記録"))
            .list("section", [section])
            .done();
        let manifest = Object::resource("DocumentManifest")
            .with("status", word("current"))
            .with("subject", reference(&self.patient))
            .with("created", owned(written.clone()))
            .list("author", [author()])
            .with("description", word("このファイルの目次"))
            .list("content", listed())
            .done();
        let mut head = line(&cover, composition);
        head.push_str(&line(&contents, manifest));
        head.push_str(&self.head);
        Ok(head)
    }

    fn end_run(&mut self) -> io::Result<()> {
        let Some((origin, targets)) = self.run.take().filter(|(_, targets)| !targets.is_empty()) else { return Ok(()) };
        let first = targets.first().map(String::as_str).unwrap_or_default();
        let id = self.names.derive(&[origin.document.as_bytes(), b"provenance", first.as_bytes()]);
        let target = self.put(&id, provenance(&origin, targets.iter().map(String::as_str)))?;
        self.listed.push(target);
        Ok(())
    }

    /// Writes a resource; gives its address.
    fn put(&mut self, id: &str, resource: Node<'_>) -> io::Result<String> {
        let kind = resource.text("resourceType").unwrap_or_default().to_owned();
        let own = resource.text("id").map_or_else(|| bare(id).to_owned(), str::to_owned);
        self.lines.write_all(line(id, resource).as_bytes())?;
        Ok(format!("{kind}/{own}"))
    }
}

/// A resource as a line. One that came with an id keeps it: others may refer to it.
fn line(id: &str, resource: Node<'_>) -> String {
    let mut text = String::with_capacity(512);
    with_id(id, resource).write_json(&mut text);
    text.push('\n');
    text
}

fn with_id<'a>(id: &str, resource: Node<'a>) -> Node<'a> {
    match resource {
        Node::Object(mut members) if !members.iter().any(|(name, _)| name == "id") => {
            members.insert(members.len().min(1), ("id".into(), owned(bare(id).to_owned())));
            Node::Object(members)
        }
        other => other,
    }
}

fn bare(urn: &str) -> &str {
    urn.strip_prefix("urn:uuid:").unwrap_or(urn)
}
