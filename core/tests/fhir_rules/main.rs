//! The rules of the FHIR reader one by one, on small documents of our own.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod any_input;
#[path = "../fhir_support/mod.rs"]
mod fhir_support;

use serde_json::{Value as Json, json};
use techo_core::{
    formats::{Fault, FormatError, Reading, Unread, fhir},
    record::{AbsentReason, Body, Fact, MedicationStage, Observation, Reason, Standing, Value},
    terms::Kind,
};

const CHECKUP: &str = "urn:oid:1.2.392.200119.6.1005";

fn read(json: &Json) -> Reading {
    fhir::read(json.to_string().as_bytes()).unwrap()
}

fn refused(json: &Json) -> FormatError {
    fhir::read(json.to_string().as_bytes()).unwrap_err()
}

fn only(json: &Json) -> Fact {
    let reading = read(json);
    assert_eq!(reading.refused, []);
    let mut facts: Vec<Fact> = reading.events.into_iter().flat_map(|event| event.facts).collect();
    assert_eq!(facts.len(), 1, "{facts:?}");
    facts.remove(0)
}

fn observation_of(fact: &Fact) -> &Observation {
    match &fact.body {
        Body::Observation(observation) => observation,
        other => panic!("{other:?}"),
    }
}

/// An observation of an item in words, with more members.
#[expect(clippy::needless_pass_by_value, reason = "called with json! literals")]
fn observation(more: Json) -> Json {
    let mut json = json!({"resourceType": "Observation", "status": "final", "code": {"text": "所見"}, "effectiveDateTime": "2024-05-03"});
    json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json
}

fn bundle(resources: &[Json]) -> Json {
    let entries: Vec<Json> = resources.iter().map(|resource| json!({"resource": resource})).collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}

#[test]
fn numbers_are_those_of_the_file_to_the_last_zero() {
    for written in ["5.60", "1e1", "0.0", "1E-2", "-3"] {
        let text = format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"valueQuantity":{{"value":{written},"unit":"mg"}}}}"#
        );
        let reading = fhir::read(text.as_bytes()).unwrap();
        let Value::Number { decimal, .. } = &observation_of(&reading.events[0].facts[0]).value else { panic!("a number") };
        assert_eq!(decimal.as_str(), written);
    }
}

#[test]
fn a_quantity_that_is_no_number_is_kept_in_words_and_quarantined() {
    for quantity in [json!({"value": "5.6", "unit": "mg/dL"}), json!({"value": 5.6, "comparator": "~", "unit": "mg/dL"})] {
        let fact = only(&observation(json!({"valueQuantity": quantity})));
        assert_eq!(fact.standing, Standing::Quarantined(Reason::Type));
        assert!(matches!(&observation_of(&fact).value, Value::Text(words) if words.contains("5.6")));
    }
}

#[test]
fn a_missing_value_says_why() {
    let of = |reason: Json| observation_of(&only(&observation(json!({"dataAbsentReason": reason})))).value.clone();
    let absent = |reason, detail: Option<&str>| Value::Absent { reason, detail: detail.map(str::to_owned) };
    assert_eq!(of(json!({"coding": [{"code": "not-performed"}]})), absent(AbsentReason::NotPerformed, None));
    assert_eq!(of(json!({"coding": [{"code": "error"}], "text": "測定不能"})), absent(AbsentReason::NotMeasurable, Some("測定不能")));
    assert_eq!(of(json!({"coding": [{"code": "masked"}]})), absent(AbsentReason::Unknown, Some("masked")));
}

#[test]
fn ranges_ratios_truths_and_periods_are_kept() {
    let value = |more: Json| observation_of(&only(&observation(more))).value.clone();
    assert!(
        matches!(value(json!({"valueRange": {"low": {"value": 1.0, "unit": "g"}, "high": {"value": 2, "unit": "g"}}})), Value::Between { low: Some(low), .. } if low.as_str() == "1.0")
    );
    assert_eq!(value(json!({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 64}}})), Value::Text("1 : 64".to_owned()));
    assert!(matches!(value(json!({"valueBoolean": false})), Value::Coded { meaning: Some(meaning), .. } if meaning == "いいえ"));
    let samples = only(&observation(json!({"valueSampledData": {"origin": {"value": 0}, "period": 1, "dimensions": 1, "data": "1 2 3"}})));
    assert_eq!(samples.standing, Standing::NotUnderstood);
}

#[test]
fn a_range_in_another_unit_is_kept_in_words_only() {
    let fact = only(&observation(json!({
        "valueQuantity": {"value": 5.6, "unit": "mmol/L"},
        "referenceRange": [{"low": {"value": 70, "unit": "mg/dL"}, "high": {"value": 109, "unit": "mg/dL"}}]
    })));
    let range = &observation_of(&fact).reference[0];
    assert_eq!((range.low.as_ref(), range.high.as_ref(), range.text.as_deref()), (None, None, Some("70 mg/dL – 109 mg/dL")));
}

#[test]
fn an_item_shown_by_another_items_name_is_quarantined() {
    let height = |display: &str| {
        only(&observation(json!({
            "code": {"coding": [{"system": CHECKUP, "code": "9N001000000000001", "display": display}]},
            "valueQuantity": {"value": 170.5, "unit": "cm"}
        })))
    };
    let wrong = height("収縮期血圧（１回目）");
    assert_eq!((wrong.standing, wrong.title.as_str()), (Standing::Quarantined(Reason::Name), "収縮期血圧（１回目）"));
    assert_eq!(height("身長").standing, Standing::Understood);
    assert_eq!((height("背の高さ").standing, height("背の高さ").title.as_str()), (Standing::Understood, "身長"));
}

#[test]
fn an_answer_no_table_has_is_not_understood() {
    let answer = |code: &str| {
        only(&observation(json!({
            "code": {"coding": [{"system": CHECKUP, "code": "9N736000000000011"}]},
            "valueCodeableConcept": {"coding": [{"system": "urn:oid:1.2.392.200119.6.24060", "code": code}]}
        })))
    };
    assert_eq!(answer("3").standing, Standing::Understood);
    assert_eq!(answer("7").standing, Standing::NotUnderstood);
}

#[test]
fn a_code_alone_is_understood_only_from_a_public_vocabulary() {
    let coded =
        |system: &str| only(&observation(json!({"code": {"coding": [{"system": system, "code": "X-1"}]}, "valueString": "a"}))).standing;
    assert_eq!(coded("http://loinc.org"), Standing::Understood);
    assert_eq!(coded("http://example.org/local"), Standing::NotUnderstood);
}

#[test]
fn what_is_withdrawn_is_quarantined_and_what_is_preliminary_says_so() {
    let of = |status: &str| only(&observation(json!({"status": status, "valueString": "a"})));
    assert_eq!(of("entered-in-error").standing, Standing::Quarantined(Reason::Withdrawn));
    assert_eq!(observation_of(&of("preliminary")).status.as_deref(), Some("preliminary"));
    let allergy = only(&json!({"resourceType": "AllergyIntolerance", "code": {"text": "さば"}, "patient": {},
        "verificationStatus": {"coding": [{"code": "entered-in-error"}]}}));
    assert_eq!(allergy.standing, Standing::Quarantined(Reason::Withdrawn));
}

#[test]
fn an_extension_that_changes_the_meaning_is_not_overlooked() {
    let url = json!([{"url": "http://example.org/not", "valueBoolean": true}]);
    assert_eq!(only(&observation(json!({"valueString": "a", "modifierExtension": url}))).standing, Standing::NotUnderstood);
    assert_eq!(only(&observation(json!({"valueString": "a", "extension": url}))).standing, Standing::Understood);
    assert_eq!(only(&observation(json!({"valueString": "a", "focus": [{"display": "胎児"}]}))).standing, Standing::NotUnderstood);
}

#[test]
fn a_vaccination_that_was_not_given_says_so() {
    let dose = only(&json!({"resourceType": "Immunization", "status": "not-done", "statusReason": {"text": "発熱"},
        "vaccineCode": {"text": "MR"}, "patient": {}, "occurrenceString": "1歳の春",
        "protocolApplied": [{"doseNumberPositiveInt": 2, "series": "第2期", "seriesDosesPositiveInt": 2, "targetDisease": [{"text": "麻しん"}, {"text": "風しん"}]}]}));
    let Body::Vaccination(vaccination) = &dose.body else { panic!("a dose") };
    assert!(!vaccination.given);
    assert_eq!((vaccination.dose_number.as_deref(), vaccination.targets.len()), (Some("2"), 2));
    assert_eq!(vaccination.notes, ["発熱", "1歳の春", "全2回"]);
}

#[test]
fn each_dose_is_an_event_of_its_own() {
    let dose = |day: &str| json!({"resourceType": "Immunization", "status": "completed", "vaccineCode": {"text": "MR"}, "occurrenceDateTime": day});
    let reading = read(&bundle(&[dose("2024-05-03"), dose("2024-05-03")]));
    assert_eq!(reading.events.iter().map(|event| (event.kind, event.title.as_str())).collect::<Vec<_>>(), [(Kind::Vaccination, "MR"); 2]);
}

#[test]
fn a_medicine_is_found_contained_referred_to_and_mixed() {
    let contained = only(&json!({"resourceType": "MedicationStatement", "status": "stopped", "medicationReference": {"reference": "#m"},
        "contained": [{"resourceType": "Medication", "id": "m", "ingredient": [{"itemCodeableConcept": {"text": "甘草"}}, {"itemCodeableConcept": {"text": "芍薬"}}]}]}));
    let Body::Medication(medicine) = &contained.body else { panic!("a medicine") };
    assert_eq!(
        (contained.title.as_str(), medicine.stage, medicine.status.as_deref()),
        ("甘草、芍薬", MedicationStage::Taken, Some("stopped"))
    );
    let forbidden = only(&json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "doNotPerform": true,
        "medicationCodeableConcept": {"text": "アスピリン"}}));
    assert!(matches!(&forbidden.body, Body::Medication(medicine) if medicine.status.as_deref() == Some("do-not-perform")));
}

#[test]
fn references_are_followed_by_url_id_and_end_of_address_and_a_cycle_ends() {
    let member = |id: &str, more: Json| {
        let mut json = observation(more);
        json["id"] = json!(id);
        json
    };
    let cycle = bundle(&[
        member("a", json!({"code": {"text": "A"}, "valueString": "1", "hasMember": [{"reference": "Observation/b"}]})),
        member(
            "b",
            json!({"code": {"text": "B"}, "valueString": "2", "hasMember": [{"reference": "https://example.org/fhir/Observation/a/_history/2"}]}),
        ),
    ]);
    let reading = read(&cycle);
    let groups: Vec<_> = reading.events[0].facts.iter().map(|fact| observation_of(fact).group.clone().unwrap()).collect();
    assert_eq!(groups, ["B", "A"]);
    let chain: Vec<Json> =
        (0..2000).map(|n| member(&n.to_string(), json!({"hasMember": [{"reference": format!("Observation/{}", n + 1)}]}))).collect();
    assert_eq!(read(&bundle(&chain)).refused, []);
}

#[test]
fn the_results_of_a_report_are_one_event_under_its_name() {
    let reading = read(&bundle(&[
        json!({"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "血液検査"}, "effectiveDateTime": "2024-05-03", "conclusion": "異常なし",
            "result": [{"reference": "Observation/1"}]}),
        json!({"resourceType": "Observation", "id": "1", "status": "final", "code": {"text": "白血球"}, "valueQuantity": {"value": 5600, "unit": "/μL"}}),
    ]));
    let [event] = reading.events.as_slice() else { panic!("one event") };
    assert_eq!((event.kind, event.title.as_str(), event.facts.len()), (Kind::Laboratory, "血液検査", 2));
    assert_eq!(observation_of(&event.facts[0]).group.as_deref(), Some("血液検査"));
}

#[test]
fn what_is_about_somebody_else_is_not_filed() {
    let patient =
        |id: &str, name: &str, born: &str| json!({"resourceType": "Patient", "id": id, "name": [{"text": name}], "birthDate": born});
    let about = |id: &str| observation(json!({"valueString": "a", "subject": {"reference": format!("Patient/{id}")}}));
    let reading = read(&bundle(&[
        patient("1", "手帳 花子", "1980-05-03"),
        patient("2", "手帳 太郎", "2010-01-01"),
        patient("3", "手帳花子", "1980-05-03"),
        about("1"),
        about("2"),
        about("3"),
    ]));
    assert_eq!(reading.events.iter().map(|event| event.facts.len()).sum::<usize>(), 2);
    assert_eq!(reading.refused[0].place, "Bundle.entry[4].Observation.subject");
    assert!(matches!(reading.refused[0].reason, FormatError::Malformed { fault: Fault::Mixed, .. }));
}

#[test]
fn one_broken_entry_does_not_take_the_others_with_it() {
    let reading = read(&bundle(&[
        observation(json!({"valueString": "a"})),
        observation(json!({"valueString": "b", "effectiveDateTime": "2024-13-01"})),
        json!({"resourceType": "Observation", "status": "final", "valueString": "c"}),
        json!({"id": "no type"}),
    ]));
    assert_eq!(reading.events[0].facts.len(), 1);
    let mut places: Vec<&str> = reading.refused.iter().map(|refusal| refusal.place.as_str()).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        ["Bundle.entry[1].Observation.effectiveDateTime", "Bundle.entry[2].Observation.code", "Bundle.entry[3].resource.resourceType"]
    );
}

#[test]
fn a_resource_nobody_understands_is_kept_whole_but_for_insurance() {
    let goal = json!({"resourceType": "Goal", "id": "g", "description": {"text": "減量"}, "startDate": "2024-05-03",
        "subject": {"identifier": {"system": "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID", "value": "00012345:あ:１:05"}}});
    let fact = only(&goal);
    assert_eq!((fact.kind, fact.standing, fact.title.as_str()), (Kind::Other, Standing::NotUnderstood, "Goal"));
    assert_eq!(
        fact.body,
        Body::Raw(r#"{"description":{"text":"減量"},"id":"g","resourceType":"Goal","startDate":"2024-05-03"}"#.to_owned())
    );
    for carrier in ["Coverage", "Patient", "Organization", "Specimen", "CoverageEligibilityResponse"] {
        assert!(read(&json!({"resourceType": carrier, "subscriberId": "1"})).events.is_empty(), "{carrier}");
    }
}

#[test]
fn a_labelled_individual_number_refuses_the_document_and_names_the_place_only() {
    let number = "1234 5678 9018";
    for (resource, place) in [
        (json!({"resourceType": "Patient", "identifier": [{"type": {"text": "個人番号"}, "value": "123456789018"}]}), ".identifier[0]"),
        (json!({"resourceType": "Patient", "identifier": [{"system": "http://example.org/id/my-number", "value": "1"}]}), ".identifier[0]"),
        (json!({"resourceType": "Patient", "extension": [{"url": "http://example.org/MyNumber", "valueString": "x"}]}), ".extension[0]"),
        (observation(json!({"code": {"text": "マイナンバー"}, "valueString": "123456789018"})), ""),
        (observation(json!({"valueString": format!("個人番号：{number}")})), ".valueString"),
        (observation(json!({"valueString": "a", "myNumber": "123456789018"})), ".(labelled member)"),
        (
            json!({"resourceType": "QuestionnaireResponse", "item": [{"text": "マイナンバー", "answer": [{"valueString": number}]}]}),
            ".item[0]",
        ),
    ] {
        let kind = resource["resourceType"].as_str().unwrap().to_owned();
        let error = refused(&bundle(&[resource]));
        assert_eq!(error, FormatError::MyNumber { place: format!("Bundle.entry[0].{kind}{place}") });
        assert!(!error.to_string().contains("9018"));
    }
    // Ids, times and numbers without the name are left alone.
    assert_eq!(
        only(&observation(json!({"valueString": "202405031015 / 123456789018", "id": "123456789018"}))).standing,
        Standing::Understood
    );
}

#[test]
fn a_request_to_delete_a_report_is_no_checkup() {
    for (system, code) in [("urn:oid:2.16.840.1.113883.2.2.1.6.1001", "19"), ("1.2.392.200119.6.1001", "49")] {
        let composition = json!({"resourceType": "Composition", "status": "final", "title": "取消", "date": "2024-05-03",
            "category": [{"coding": [{"system": system, "code": code}]}]});
        assert_eq!(
            refused(&bundle(&[composition, observation(json!({"valueString": "a"}))])),
            FormatError::DeletionRequest { code: code.to_owned() }
        );
    }
}

#[test]
fn another_release_and_other_json_are_told_apart() {
    let other = FormatError::NotRead(Unread::OtherFhir);
    assert_eq!(refused(&json!({"resourceType": "Condition", "code": {"text": "a"}, "clinicalStatus": "active"})), other);
    assert_eq!(refused(&json!({"resourceType": "MedicationOrder"})), other);
    assert_eq!(refused(&json!({"resourceType": "MedicationRequest", "medication": {"concept": {"text": "a"}}})), other);
    assert_eq!(refused(&json!({"hello": "world"})), FormatError::NotRead(Unread::OtherJson));
    assert_eq!(refused(&json!([1, 2])), FormatError::NotRead(Unread::OtherJson));
    assert_eq!(refused(&json!({"resourceType": "Bundle", "type": "collection"})), FormatError::Empty);
    // One such entry among others is refused alone.
    let mixed = read(&bundle(&[json!({"resourceType": "MedicationOrder"}), observation(json!({"valueString": "a"}))]));
    assert_eq!((mixed.events.len(), &mixed.refused[0].reason), (1, &other));
}

#[test]
fn encodings_and_depth_are_refused_and_a_bom_is_not() {
    let text = observation(json!({"valueString": "a"})).to_string();
    assert!(fhir::read(format!("\u{feff}{text}").as_bytes()).is_ok());
    let shift_jis = b"{\"resourceType\":\"Observation\",\"code\":{\"text\":\"\x8c\x92\x90f\"}}";
    assert!(matches!(fhir::read(shift_jis), Err(FormatError::Malformed { fault: Fault::Encoding, .. })));
    let deep = format!(r#"{{"resourceType":"Observation","code":{}"#, "{\"a\":".repeat(100_000));
    assert!(matches!(fhir::read(deep.as_bytes()), Err(FormatError::Limit { what: "nesting", .. })));
    let twice = br#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"a","valueString":"b"}"#;
    assert!(matches!(&observation_of(&fhir::read(twice).unwrap().events[0].facts[0]).value, Value::Text(words) if words == "b"));
    assert_eq!(fhir::read(b" \n"), Err(FormatError::Empty));
}

#[test]
fn one_resource_a_line_is_read_with_its_line_as_place() {
    let lines = format!("{}\n\n{}\n", observation(json!({"valueString": "a"})), observation(json!({"valueString": "b"})));
    let reading = fhir::read(lines.as_bytes()).unwrap();
    assert_eq!(
        reading.events[0].facts.iter().map(|fact| fact.at.as_str()).collect::<Vec<_>>(),
        ["line 1.Observation", "line 3.Observation"]
    );
}

#[test]
fn a_parsed_bundle_reads_as_its_text_does() {
    let json = bundle(&[observation(json!({"valueQuantity": {"value": 5.25, "unit": "mg"}}))]);
    assert_eq!(fhir::read_value(&json).unwrap(), read(&json));
    let Some(bytes) = fhir_support::sample("ips/Bundle-IPS-examples-Bundle-01.json") else { return };
    let parsed: Json = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(fhir::read_value(&parsed).unwrap(), fhir::read(&bytes).unwrap());
}

#[test]
fn an_insurer_is_never_named() {
    let insurer = json!({"resourceType": "Organization", "id": "i", "name": "見本健康保険組合",
        "identifier": [{"system": "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber", "value": "06123456"}]});
    let by = |id: &str| observation(json!({"valueString": "a", "performer": [{"reference": format!("Organization/{id}")}]}));
    let reading = read(&bundle(&[insurer, by("i")]));
    assert_eq!((reading.source.as_deref(), reading.events[0].place.as_deref(), &reading.events[0].facts[0].said_by), (None, None, &None));
    let facility = json!({"resourceType": "Organization", "id": "f", "name": "見本診療所"});
    assert_eq!(read(&bundle(&[facility, by("f")])).events[0].place.as_deref(), Some("見本診療所"));
}

#[test]
fn what_many_facts_share_does_not_make_a_small_file_large() {
    let long = "検".repeat(100_000);
    let components: Vec<Json> = (0..2000).map(|_| json!({"code": {"text": "項目"}, "valueString": "a"})).collect();
    let panel = observation(json!({"code": {"text": long}, "status": long, "performer": [{"display": long}], "bodySite": {"text": long},
        "specimen": {"display": long}, "component": components}));
    let facts: usize = read(&panel).events.iter().flat_map(|event| &event.facts).map(|fact| format!("{fact:?}").len()).sum();
    assert!(facts < 2000 * 16_000, "{facts}");
    let names: Vec<Json> = (0..20_000).map(|n| json!({"text": format!("名{n}")})).collect();
    let targets: Vec<Json> = (0..20_000).map(|n| json!({"text": format!("病{n}")})).collect();
    let dose = json!({"resourceType": "Immunization", "status": "completed", "vaccineCode": {"text": "MR"},
        "performer": names.iter().map(|name| json!({"actor": {"display": name["text"]}})).collect::<Vec<_>>(), "protocolApplied": [{"targetDisease": targets}]});
    let reading = read(&bundle(&[json!({"resourceType": "Patient", "name": names}), dose]));
    assert_eq!((reading.subject.names.len(), reading.events.len()), (20_000, 1));
}

#[test]
fn scripts_in_a_narrative_never_reach_a_record() {
    let composition = json!({"resourceType": "Composition", "status": "final", "title": "紹介状", "date": "2024-05-03", "section": [{"title": "経過",
        "text": {"status": "additional", "div": "<div><script>alert(1)</script><p onclick=\"x()\">良好</p></div>"}}]});
    let fact = only(&composition);
    assert!(matches!(&fact.body, Body::Narrative(narrative) if narrative.text == "良好"));
    assert_eq!((fact.kind, fact.title.as_str()), (Kind::Document, "経過"));
}
