//! Whatever a record says, within what records are: it reads back the same.

use proptest::prelude::*;

use super::*;

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
