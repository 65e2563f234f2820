//! What is sensitive about a record, and of what level it is for an information bank: the rules of `terms`, asked with
//! everything that the record and its event say.

use crate::{
    record::{Body, Coding, Concept, Event, Fact},
    terms::{Asked, SensitiveGroup, information_level, sensitive_group},
};

/// Code systems of YJ and price-list codes (specification 5.1), in their canonical spelling.
pub(super) const PRICE_SYSTEMS: [&str; 5] = [
    "urn:oid:1.2.392.100495.20.2.73",
    "urn:oid:1.2.392.100495.20.1.73",
    "urn:oid:1.2.392.100495.20.1.72",
    "urn:oid:1.2.392.100495.20.2.72",
    "http://capstandard.jp/iyaku.info/CodeSystem/YJ-code",
];

/// Why a record is sensitive by its kind, its codes or its names; none where no rule says so. What the person marked is
/// sensitive besides.
pub fn sensitivity(event: &Event, fact: &Fact) -> Option<SensitiveGroup> {
    let codings: Vec<&Coding> = concepts(fact).into_iter().flat_map(|concept| &concept.codings).collect();
    let mut names: Vec<&str> = vec![&event.title, &fact.title];
    names.extend(event.place.as_deref());
    names.extend(concepts(fact).into_iter().filter_map(|concept| concept.text.as_deref()));
    names.extend(codings.iter().filter_map(|coding| coding.display.as_deref()));
    if let Body::Medication(medicine) = &fact.body {
        names.extend(medicine.prescriber.as_deref());
    }
    let of = |is_wanted: &dyn Fn(&str) -> bool| -> Vec<&str> {
        let wanted = codings.iter().filter(|coding| coding.canonical_system().is_some_and(|system| is_wanted(&system)));
        wanted.map(|coding| coding.code.as_str()).collect()
    };
    let icd10 = of(&|system| system.to_ascii_lowercase().contains("icd-10") || system == "urn:oid:2.16.840.1.113883.6.3");
    let price_codes = of(&|system| PRICE_SYSTEMS.contains(&system));
    sensitive_group(&Asked { event: event.kind, record: fact.kind, names: &names, icd10: &icd10, price_codes: &price_codes })
}

/// The level of a record for an information bank, 1 to 3. `is_own`: it was written by hand or measured by the person.
pub fn level(event: &Event, fact: &Fact, is_own: bool) -> u8 {
    information_level(event.kind, is_own, &[&event.title, &fact.title])
}

/// What a record is, is said to hold and protects from.
fn concepts(fact: &Fact) -> Vec<&Concept> {
    let mut all = vec![&fact.concept];
    match &fact.body {
        Body::Medication(medicine) => {
            all.extend(&medicine.generic);
            all.extend(&medicine.ingredients);
        }
        Body::Procedure(procedure) => all.extend(&procedure.reasons),
        Body::Observation(_)
        | Body::Vaccination(_)
        | Body::Condition(_)
        | Body::Allergy(_)
        | Body::Expense(_)
        | Body::Narrative(_)
        | Body::Note(_)
        | Body::Raw(_) => {}
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::{Condition, Medication, Standing},
        terms::Kind,
    };

    fn told(kind: Kind, concept: Concept, body: Body) -> (Event, Fact) {
        let fact = Fact {
            kind,
            title: "ある記録".to_owned(),
            concept,
            when: None,
            body,
            at: String::new(),
            said_by: None,
            standing: Standing::Understood,
        };
        (Event { kind, day: None, title: "受診".to_owned(), place: None, signature: None, facts: vec![fact.clone()] }, fact)
    }

    #[test]
    fn codes_names_places_and_prescribers_are_all_asked() {
        let coded = Concept::of(Coding::new("http://hl7.org/fhir/sid/icd-10", "F32.9"));
        let (event, fact) = told(Kind::Condition, coded, Body::Condition(Condition::default()));
        assert_eq!(sensitivity(&event, &fact), Some(SensitiveGroup::Mental));
        let yj = Concept::of(Coding::new("1.2.392.100495.20.2.73", "1179042F1022"));
        let (event, fact) = told(Kind::Medication, yj, Body::Medication(Medication::default()));
        assert_eq!(sensitivity(&event, &fact), Some(SensitiveGroup::Mental));
        let by = Medication { prescriber: Some("見本病院 / 精神科 / 見本医師".to_owned()), ..Medication::default() };
        let (event, fact) = told(Kind::Medication, Concept::default(), Body::Medication(by));
        assert_eq!(sensitivity(&event, &fact), Some(SensitiveGroup::Mental));
        let (mut event, fact) = told(Kind::Medication, Concept::default(), Body::Medication(Medication::default()));
        assert_eq!(sensitivity(&event, &fact), None);
        event.place = Some("見本産婦人科".to_owned());
        assert_eq!(sensitivity(&event, &fact), Some(SensitiveGroup::Pregnancy));
        assert_eq!((level(&event, &fact, true), level(&event, &fact, false)), (2, 2));
    }
}
