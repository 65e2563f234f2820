//! The seam to the FHIR reader: stands in for it until it is merged.

use serde_json::Value;

use crate::{
    formats::{FormatError, FormatId, Reading},
    record::{Body, Coding, Concept, Event, Fact, Standing, Subject, Vaccination},
    terms::Kind,
};

pub(super) fn read(bundle: &Value) -> Result<Reading, FormatError> {
    let mut subject = Subject::default();
    let mut events = Vec::new();
    for (index, entry) in bundle.get("entry").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let Some(resource) = entry.get("resource") else { continue };
        let text = |name: &str| resource.get(name).and_then(Value::as_str);
        match text("resourceType") {
            Some("Patient") => {
                let family = resource.pointer("/name/0/family").and_then(Value::as_str).unwrap_or_default();
                let given = resource.pointer("/name/0/given/0").and_then(Value::as_str).unwrap_or_default();
                subject.names.push(format!("{family} {given}"));
                subject.born = text("birthDate").and_then(|date| date.parse().ok());
            }
            Some("Immunization") => {
                let coding = resource.pointer("/vaccineCode/coding/0");
                let member = |name: &str| coding.and_then(|coding| coding.get(name)).and_then(Value::as_str).unwrap_or_default();
                let code = Coding::new(member("system"), member("code"));
                events.push(Event {
                    kind: Kind::Vaccination,
                    day: text("occurrenceDateTime").and_then(|date| date.parse().ok()),
                    title: code.code.clone(),
                    place: None,
                    signature: None,
                    facts: vec![Fact {
                        kind: Kind::Vaccination,
                        title: code.code.clone(),
                        concept: Concept::of(code),
                        when: None,
                        body: Body::Vaccination(Vaccination {
                            given: true,
                            lot: text("lotNumber").map(str::to_owned),
                            ..Vaccination::default()
                        }),
                        at: format!("entry[{index}]"),
                        said_by: None,
                        standing: Standing::Understood,
                    }],
                });
            }
            _ => {}
        }
    }
    Ok(Reading { format: FormatId::Fhir, parser: 1, subject, source: None, events, refused: Vec::new() })
}
