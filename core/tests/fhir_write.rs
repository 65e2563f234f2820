//! The FHIR export reads back as what was written: for every sample and for generated facts of every kind.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod fhir_support;

use proptest::prelude::*;
use techo_core::{
    base::{Fingerprint, PersonId},
    formats::fhir::{self, Origin},
    record::{
        AbsentReason, Allergy, Attachment, Body, Coding, Comparator, Concept, Condition, Event, Fact, Medication, MedicationStage,
        Narrative, Observation, Person, Procedure, Reason, ReferenceRange, Sex, Standing, Unit, Vaccination, Value, When,
    },
    terms::Kind,
};

fn person() -> Person {
    let mut person = Person::new(PersonId::from_bytes([7; 16]), "手帳 花子", "1980-05-03".parse().unwrap(), Sex::Female).unwrap();
    person.kana = Some("テチョウ ハナコ".to_owned());
    person.former_names.push("旧姓 花子".to_owned());
    person
}

fn origin() -> Origin {
    Origin {
        document: Fingerprint::of(b"document"),
        received: "2026-11-21T12:00:00Z".parse().unwrap(),
        source: Some("みなと診療所".to_owned()),
        others: Vec::new(),
    }
}

fn written(events: &[Event]) -> Vec<u8> {
    let (mut out, origin) = (Vec::new(), origin());
    fhir::write_collection(&person(), events.iter().map(|event| (event, &origin)), &mut out).unwrap();
    out
}

/// An event without what an export cannot carry: the place in the document it came from.
fn comparable(events: &[Event]) -> Vec<(String, Vec<Fact>)> {
    let mut all: Vec<(String, Vec<Fact>)> = events
        .iter()
        .map(|event| {
            let head = format!("{} {:?} {} {:?}", event.kind, event.day.map(|day| day.to_string()), event.title, event.place);
            let mut facts = event.facts.clone();
            for fact in &mut facts {
                fact.at.clear();
            }
            facts.sort_by_key(|fact| serde_json::to_string(fact).unwrap());
            (head, facts)
        })
        .filter(|(_, facts)| !facts.is_empty())
        .collect();
    all.sort_by_key(|(head, facts)| (head.clone(), serde_json::to_string(facts).unwrap()));
    all
}

/// The same, all facts of equal headings in one list: two events alike in everything are one when read again.
fn merged(events: &[Event]) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut all = std::collections::BTreeMap::<String, Vec<String>>::new();
    for (head, facts) in comparable(events) {
        all.entry(head).or_default().extend(facts.iter().map(|fact| serde_json::to_string_pretty(fact).unwrap()));
    }
    for facts in all.values_mut() {
        facts.sort();
    }
    all
}

#[test]
fn every_sample_reads_back_the_same_after_writing() {
    for (name, bytes) in fhir_support::samples() {
        let read = fhir::read(&bytes).unwrap();
        let out = written(&read.events);
        let again = fhir::read(&out).unwrap();
        assert_eq!(again.refused, [], "{name}");
        // A resource that nobody understands goes as it came, without the event it was gathered into; statuses without a
        // code system get the one R4 binds them to.
        let is_whole = |event: &Event| event.kind != Kind::Other;
        let before: Vec<Event> = read.events.iter().filter(|event| is_whole(event)).cloned().collect();
        let after: Vec<Event> = again.events.iter().filter(|event| is_whole(event)).cloned().collect();
        let strip = |json: std::collections::BTreeMap<String, Vec<String>>| format!("{json:#?}");
        assert_eq!(strip(merged(&before)), strip(merged(&after)), "{name}");
        let raw = |events: &[Event]| {
            let mut all: Vec<String> = events
                .iter()
                .flat_map(|event| &event.facts)
                .filter_map(|fact| match &fact.body {
                    Body::Raw(text) => Some(text.clone()),
                    _ => None,
                })
                .collect();
            all.sort();
            all
        };
        assert_eq!(raw(&read.events), raw(&again.events), "{name}");
        assert_eq!(out, written(&read.events), "{name}: the same records give the same bytes");
    }
}

#[test]
fn what_an_infant_checkup_measures_leaves_with_its_public_code_and_reads_back_as_it_was() {
    let bytes = include_bytes!("../../tests/fixtures/kinds/infant-checkups.json");
    let keys = techo_core::formats::health_card::KeySet::new(0);
    let Ok(techo_core::formats::Contents::Document(reading)) = techo_core::formats::read(bytes, &keys) else { unreachable!() };
    let out = written(&reading.events);
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let mut coded = std::collections::BTreeMap::<String, Vec<String>>::new();
    for observation in json["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]) {
        let codings = observation["code"]["coding"].as_array().into_iter().flatten();
        for coding in codings.filter(|coding| coding["system"] == "http://loinc.org") {
            assert_eq!(observation["category"][0]["coding"][0]["code"], "vital-signs");
            coded.entry(coding["code"].to_string()).or_default().push(observation["valueQuantity"]["code"].to_string());
        }
    }
    // Seven checkups with height and weight. What was measured at birth is not of that day, and bears a key of ours alone.
    let of = |unit: &str| vec![format!("\"{unit}\""); 7];
    assert_eq!(coded.into_iter().collect::<Vec<_>>(), [("\"29463-7\"".to_owned(), of("kg")), ("\"8302-2\"".to_owned(), of("cm"))]);
    let again = fhir::read(&out).unwrap();
    assert_eq!(again.refused, []);
    assert_eq!(merged(&again.events), merged(&reading.events));
}

#[test]
fn decimals_leave_as_they_were_measured() {
    let mut fact = observed(Value::Number { comparator: Some(Comparator::Less), decimal: "5.60".parse().unwrap() });
    fact.concept = Concept::of(Coding::new("1.2.392.200119.6.1005", "3D046000001906202").with_display("HbA1c"));
    let out = String::from_utf8(written(&[event(vec![fact])])).unwrap();
    assert!(out.contains(r#""valueQuantity":{"value":5.60,"comparator":"<"}"#), "{out}");
    assert!(out.contains(r#""system":"urn:oid:1.2.392.200119.6.1005","code":"3D046000001906202""#), "{out}");
}

#[test]
fn the_export_names_its_sources_and_no_insurance_number() {
    let Some(sample) = fhir_support::sample("echeckup/Bundle-Bundle-eCheckupReport-Sample-01.json") else { return };
    let read = fhir::read(&sample).unwrap();
    let out = String::from_utf8(written(&read.events)).unwrap();
    for number in ["00012345", "３８７４７６", "１２３４５", "６７８９０", "06123456", "24100000123", "34567\"", "サンプル健康保険組合"]
    {
        assert!(!out.contains(number), "{number}");
    }
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let resources: Vec<&serde_json::Value> = json["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]).collect();
    let provenance: Vec<_> = resources.iter().filter(|resource| resource["resourceType"] == "Provenance").collect();
    assert_eq!(provenance.len(), 1);
    let facts = read.events.iter().map(|event| event.facts.len()).sum::<usize>();
    assert_eq!(provenance[0]["target"].as_array().unwrap().len(), facts + read.events.len());
    assert_eq!(provenance[0]["entity"][0]["what"]["identifier"]["value"], Fingerprint::of(b"document").to_string());
    assert_eq!(resources[0]["resourceType"], "Patient");
    assert!(resources[0].get("identifier").is_none());
    let urls: std::collections::HashSet<&str> =
        json["entry"].as_array().unwrap().iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), resources.len(), "every entry has an id of its own");
}

#[test]
fn two_equal_facts_of_one_document_have_two_ids() {
    let fact = observed(Value::Text("所見なし".to_owned()));
    let out = written(&[event(vec![fact.clone(), fact])]);
    assert_eq!(fhir::read(&out).unwrap().events[0].facts.len(), 2);
}

#[test]
fn what_is_no_resource_is_kept_in_a_basic() {
    let mut fact = observed(Value::Text(String::new()));
    fact.kind = Kind::Other;
    fact.body = Body::Raw("999,知らないレコード,1".to_owned());
    fact.standing = Standing::NotUnderstood;
    let again = fhir::read(&written(&[event(vec![fact.clone()])])).unwrap();
    assert_eq!(again.events[0].facts[0].body, fact.body);
    assert_eq!(again.events[0].facts[0].standing, Standing::NotUnderstood);
}

#[test]
fn a_resource_kept_as_it_came_leaves_as_it_came_and_claims_no_profile() {
    let kept = r#"{"resourceType":"Goal","id":"g","meta":{"versionId":"1","profile":["http://example.org/p"],"tag":[]},"target":[{"detailQuantity":{"value":60.0}}]}"#;
    let mut fact = observed(Value::Text(String::new()));
    fact.body = Body::Raw(kept.to_owned());
    let out = String::from_utf8(written(&[event(vec![fact])])).unwrap();
    assert!(
        out.contains(r#""resource":{"resourceType":"Goal","id":"g","meta":{"versionId":"1","extension":["#)
            && !out.contains(r#""profile":"#),
        "{out}"
    );
    let again = fhir::read(out.as_bytes()).unwrap();
    assert_eq!(again.events[0].facts[0].body, Body::Raw(kept.to_owned()));
}

#[test]
fn an_allergy_without_a_status_gets_none_by_leaving_and_coming_back() {
    let mut fact = observed(Value::Text(String::new()));
    fact.body = Body::Allergy(Allergy::default());
    let out = String::from_utf8(written(&[event(vec![fact.clone()])])).unwrap();
    assert!(out.contains(r#""clinicalStatus":{"coding":[{"#), "{out}");
    assert_eq!(fhir::read(out.as_bytes()).unwrap().events[0].facts[0].body, fact.body);
}

#[test]
fn what_is_withdrawn_leaves_as_withdrawn() {
    let bodies = [
        Body::Observation(Observation { status: Some("entered-in-error".to_owned()), ..Observation::new(Value::Text("a".to_owned())) }),
        Body::Condition(Condition {
            verification: Some(Concept::of(Coding::new("http://terminology.hl7.org/CodeSystem/condition-ver-status", "entered-in-error"))),
            ..Condition::default()
        }),
        Body::Procedure(Procedure { status: Some("entered-in-error".to_owned()), ..Procedure::default() }),
    ];
    for body in bodies {
        let mut fact = observed(Value::Text(String::new()));
        fact.body = body;
        fact.standing = Standing::Quarantined(Reason::Withdrawn);
        let again = fhir::read(&written(&[event(vec![fact.clone()])])).unwrap();
        assert_eq!(again.events[0].facts[0], Fact { at: again.events[0].facts[0].at.clone(), ..fact });
    }
}

fn observed(value: Value) -> Fact {
    Fact {
        kind: Kind::Finding,
        title: "所見".to_owned(),
        concept: Concept::text("所見"),
        when: None,
        body: Body::Observation(Observation::new(value)),
        at: String::new(),
        said_by: None,
        standing: Standing::Understood,
    }
}

fn event(facts: Vec<Fact>) -> Event {
    Event { kind: Kind::Checkup, day: Some("2024-05-03".parse().unwrap()), title: "健診".to_owned(), place: None, signature: None, facts }
}

prop_compose! {
    fn words()(text in "[a-zA-Z0-9あ-ん漢字血圧<>&\"\\\\ 、]{0,10}[a-z亜-熙]") -> String { text.trim().to_owned() }
}

prop_compose! {
    fn coding()(
        system in prop::option::of(prop_oneof![Just("http://loinc.org"), Just("urn:oid:1.2.392.200119.6.1005"), Just("http://example.org/codes"), Just("urn:oid:1.2.392.200119.6.99999")]),
        code in "[A-Z0-9]{1,8}",
        display in prop::option::of(words()),
    ) -> Coding { Coding { system: system.map(str::to_owned), code, display } }
}

prop_compose! {
    fn concept()(codings in prop::collection::vec(coding(), 0..3), text in words(), with_text in any::<bool>()) -> Concept {
        let text = (with_text || codings.is_empty()).then_some(text);
        Concept { codings, text }
    }
}

fn date() -> impl Strategy<Value = techo_core::base::PartialDate> {
    (1900_i32..2100, 1_u32..13, 1_u32..29, 0..3).prop_map(|(year, month, day, precision)| {
        let text = match precision {
            0 => format!("{year}"),
            1 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        };
        text.parse().unwrap()
    })
}

fn decimal() -> impl Strategy<Value = techo_core::base::Decimal> {
    "-?(0|[1-9][0-9]{0,6})(\\.[0-9]{1,4})?".prop_map(|text| text.parse().unwrap())
}

fn optional_words() -> impl Strategy<Value = Option<String>> {
    prop::option::of(words())
}

fn value() -> impl Strategy<Value = Value> {
    let sign = prop::option::of(prop_oneof![
        Just(Comparator::Less),
        Just(Comparator::LessOrEqual),
        Just(Comparator::Greater),
        Just(Comparator::GreaterOrEqual)
    ]);
    prop_oneof![
        (sign, decimal()).prop_map(|(comparator, decimal)| Value::Number { comparator, decimal }),
        (decimal(), prop::option::of(decimal()))
            .prop_map(|(low, high)| Value::Between { high: high.filter(|high| high.number() >= low.number()), low: Some(low) }),
        words().prop_map(Value::Text),
        concept().prop_map(|choice| Value::Coded { choice, meaning: None, rank: None }),
        (prop_oneof![Just(AbsentReason::NotPerformed), Just(AbsentReason::NotMeasurable), Just(AbsentReason::Unknown)], optional_words())
            .prop_map(|(reason, detail)| Value::Absent { reason, detail }),
    ]
}

fn observation() -> impl Strategy<Value = Body> {
    let unit = prop::option::of(
        (words(), prop::option::of(prop_oneof![Just("mg/dL"), Just("mm[Hg]"), Just("10*4/mm3"), Just("{h`b}/min")]))
            .prop_map(|(shown, ucum)| Unit { shown, ucum: ucum.map(str::to_owned) }),
    );
    let range = (prop::option::of(decimal()), prop::option::of(decimal()), words()).prop_map(|(low, high, text)| ReferenceRange {
        low,
        high,
        text: Some(text),
    });
    (
        (value(), unit, prop::option::of(concept()), prop::option::of(concept()), prop::collection::vec(range, 0..2)),
        (optional_words(), prop::option::of(concept()), prop::option::of(concept()), prop::collection::vec(words(), 0..2)),
        prop::option::of(prop_oneof![Just("preliminary"), Just("registered"), Just("完了")]),
    )
        .prop_map(|((value, unit, method, interpretation, reference), (group, body_site, specimen, notes), status)| {
            let mut observation = Observation::new(value);
            let is_number = matches!(observation.value, Value::Number { .. } | Value::Between { .. });
            let is_absent = matches!(observation.value, Value::Absent { .. } | Value::Coded { .. });
            observation.unit = unit.filter(|_| !is_absent).map(|unit| Unit { ucum: unit.ucum.filter(|_| is_number), ..unit });
            observation.reference = reference;
            observation.method = method;
            observation.interpretation = interpretation;
            observation.group = group;
            observation.body_site = body_site;
            observation.specimen = specimen;
            observation.notes = notes;
            observation.status = status.map(str::to_owned);
            Body::Observation(observation)
        })
}

fn medication() -> impl Strategy<Value = Body> {
    let stage = prop_oneof![
        Just(MedicationStage::Prescribed),
        Just(MedicationStage::Dispensed),
        Just(MedicationStage::Taken),
        Just(MedicationStage::OverTheCounter)
    ];
    let amount = prop_oneof!["[1-9][0-9]{0,2}(\\.[0-9])?", words()];
    let unit = prop_oneof![Just("日分".to_owned()), Just("回分".to_owned()), Just("錠".to_owned())];
    (
        (stage, prop::option::of("[0-9]{1,3}"), prop::option::of(amount.clone()), prop::option::of(concept())),
        (prop::option::of((amount, unit)), optional_words(), prop::collection::vec(concept(), 0..2), prop::option::of(date())),
        (optional_words(), prop::collection::vec(words(), 0..2), prop::option::of(prop_oneof![Just("stopped"), Just("?")])),
    )
        .prop_map(|((stage, group, dose, usage), (quantity, form, ingredients, start), (prescriber, notes, status))| {
            let (quantity, quantity_unit) = quantity.map_or((None, None), |(quantity, unit)| (Some(quantity), Some(unit)));
            Body::Medication(Medication {
                stage,
                group,
                dose_unit: dose.as_ref().map(|_| "錠".to_owned()),
                dose,
                usage,
                quantity,
                quantity_unit,
                form,
                generic: None,
                ingredients,
                start,
                end: None,
                prescriber,
                notes,
                status: status.map(str::to_owned),
            })
        })
}

fn vaccination() -> impl Strategy<Value = Body> {
    (
        (optional_words(), prop::option::of(prop_oneof![Just("1".to_owned()), Just("1期追加".to_owned())]), optional_words()),
        (prop::collection::vec(concept(), 0..2), optional_words(), prop::option::of((decimal(), words()))),
        (
            prop::option::of(concept()),
            prop::option::of(concept()),
            prop::option::of(date()),
            any::<bool>(),
            prop::collection::vec(words(), 0..2),
        ),
    )
        .prop_map(|((lot, dose_number, series), (targets, manufacturer, amount), (site, route, expires, given, notes))| {
            let status = (!given).then(|| "not-done".to_owned());
            let mut unique = Vec::new();
            for target in targets {
                if !unique.contains(&target) {
                    unique.push(target);
                }
            }
            Body::Vaccination(Vaccination {
                lot,
                dose_number,
                series,
                targets: unique,
                manufacturer,
                amount,
                site,
                route,
                expires,
                given,
                notes,
                status,
            })
        })
}

fn clinical() -> impl Strategy<Value = Body> {
    let onset = prop::option::of(prop_oneof![date().prop_map(|date| date.to_string()), words()]);
    let status = prop::option::of(prop_oneof![
        concept(),
        Just(Concept::of(Coding::new("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"))),
        Just(Concept::of(Coding::new("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "resolved"))),
        Just(Concept::of(Coding::new("http://terminology.hl7.org/CodeSystem/condition-clinical", "resolved"))),
    ]);
    prop_oneof![
        (
            status.clone(),
            onset.clone(),
            onset.clone(),
            prop::option::of(concept()),
            prop::option::of(concept()),
            prop::collection::vec(words(), 0..2)
        )
            .prop_map(|(clinical_status, onset, abated, severity, body_site, notes)| Body::Condition(Condition {
                clinical_status,
                verification: None,
                onset,
                abated,
                severity,
                body_site,
                notes
            })),
        (status, onset, prop::collection::vec(words(), 0..2), prop::collection::vec(words(), 0..2)).prop_map(
            |(clinical_status, onset, reactions, notes)| {
                Body::Allergy(Allergy {
                    nature: Some("allergy".to_owned()),
                    categories: vec!["food".to_owned()],
                    criticality: Some("low".to_owned()),
                    clinical_status,
                    verification: None,
                    reactions,
                    onset,
                    notes,
                })
            }
        ),
        (
            prop::option::of(Just("not-done".to_owned())),
            prop::collection::vec(concept(), 0..2),
            prop::collection::vec(concept(), 0..2),
            prop::collection::vec(words(), 0..2)
        )
            .prop_map(|(status, body_sites, reasons, notes)| Body::Procedure(Procedure { status, body_sites, reasons, notes })),
        (words(), prop::collection::vec(words(), 0..2)).prop_map(|(text, titles)| {
            let attachments = titles
                .into_iter()
                .map(|title| Attachment {
                    content_type: Some("application/pdf".to_owned()),
                    fingerprint: Some(Fingerprint::of(title.as_bytes())),
                    title: Some(title),
                    url: None,
                    bytes: Some(12),
                })
                .collect();
            Body::Narrative(Narrative { text, attachments, status: None })
        }),
        words().prop_map(Body::Note),
        words().prop_map(Body::Raw),
    ]
}

prop_compose! {
    fn fact()(
        body in prop_oneof![observation(), medication(), vaccination(), clinical()],
        concept in concept(),
        title in words(),
        said_by in optional_words(),
        time in prop::option::of(prop_oneof![Just("09:30:00+09:00"), Just("09:30"), Just("朝")]),
        day in date(),
        standing in prop_oneof![Just(Standing::Quarantined(Reason::Unit)), Just(Standing::Quarantined(Reason::Type)), Just(Standing::Quarantined(Reason::Range))],
        kind in prop_oneof![Just(Kind::Measurement), Just(Kind::Finding), Just(Kind::Infection), Just(Kind::Other)],
    ) -> Fact {
        let when = time.map(|time| When { day, time: Some(time.to_owned()), until: None });
        let when = when.filter(|_| !matches!(body, Body::Raw(_) | Body::Condition(_) | Body::Allergy(_)));
        let said_by = said_by.filter(|_| !matches!(body, Body::Raw(_)));
        let said_by = match &body {
            Body::Medication(medication) => said_by.filter(|name| Some(name) != medication.prescriber.as_ref()),
            _ => said_by,
        };
        Fact { kind, title, concept, when, body, at: String::new(), said_by, standing }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn generated_facts_of_every_kind_read_back_the_same(
        facts in prop::collection::vec(fact(), 1..4),
        kind in prop_oneof![Just(Kind::Checkup), Just(Kind::Medication), Just(Kind::Laboratory)],
        title in words(),
        place in optional_words(),
        day in prop::option::of(date()),
    ) {
        let event = Event { kind, day, title, place: place.map(|place| format!("{place} 病院")), signature: None, facts };
        let out = written(std::slice::from_ref(&event));
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
        let again = fhir::read(&out).unwrap();
        prop_assert_eq!(&again.refused, &[]);
        prop_assert_eq!(merged(&again.events), merged(&[event]));
    }

    #[test]
    fn generated_facts_of_every_kind_read_back_the_same_from_a_phr_file(
        facts in prop::collection::vec(fact(), 1..4),
        title in words(),
        day in prop::option::of(date()),
    ) {
        let event = Event { kind: Kind::Checkup, day, title, place: None, signature: None, facts };
        let (mut lines, origin) = (Vec::new(), origin());
        let mut writer = fhir::PhrWriter::begin(&person(), &mut lines);
        writer.write(&event, &origin).unwrap();
        let head = writer.finish("2026-11-21T12:00:00Z".parse().unwrap()).unwrap();
        let again = fhir::read(&[head.as_bytes(), &lines].concat()).unwrap();
        prop_assert_eq!(&again.refused, &[]);
        // The cover and the table of contents are documents of the file's own.
        let own = |fact: &Fact| fact.at.contains("Composition") || fact.at.contains("DocumentManifest");
        let events: Vec<Event> = again.events.into_iter().map(|mut event| { event.facts.retain(|fact| !own(fact)); event }).collect();
        prop_assert_eq!(merged(&events), merged(&[event]));
    }

    #[test]
    fn generated_facts_that_a_summary_carries_read_back_the_same(
        facts in prop::collection::vec(fact(), 1..4),
        title in words(),
        day in prop::option::of(date()),
    ) {
        let event = Event { kind: Kind::Checkup, day, title, place: None, signature: None, facts };
        let mut entries = Vec::new();
        let mut writer = fhir::SummaryWriter::begin(&person(), &mut entries);
        let left_out = writer.write(&event, Fingerprint::of(b"document")).unwrap();
        let head = writer.finish("2026-11-21T12:00:00Z".parse().unwrap()).unwrap();
        let again = fhir::read(&[head.as_bytes(), &entries, fhir::SummaryWriter::<Vec<u8>>::END.as_bytes()].concat()).unwrap();
        prop_assert_eq!(&again.refused, &[]);
        let said = |fact: &Fact| format!("{} {} {:?} {:?} {:?}", fact.kind, fact.title, fact.concept, fact.body, fact.standing);
        let mut before: Vec<String> = event.facts.iter().enumerate().filter(|(at, _)| left_out.iter().all(|(left, _)| left != at)).map(|(_, fact)| said(fact)).collect();
        let own = |fact: &&Fact| !fact.at.contains("Composition") && !fact.at.contains("entry[0]");
        let mut after: Vec<String> = again.events.iter().flat_map(|event| &event.facts).filter(own).map(said).collect();
        before.sort();
        after.sort();
        prop_assert_eq!(before, after);
    }
}
