//! Any bytes at all, and samples with one thing broken: an answer, and what was read can be written again.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = fhir::read(&bytes);
    }

    #[test]
    fn a_sample_with_any_change_is_read_or_refused_and_whatever_is_read_can_be_written(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 1..6),
    ) {
        let samples = fhir_support::samples();
        if samples.is_empty() {
            return Ok(());
        }
        let (name, mut bytes) = which.get(&samples).clone();
        for (at, byte, kind) in changes {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        written_again(&name, &bytes)?;
    }

    #[test]
    fn a_sample_with_any_member_of_another_type_is_read_or_refused(
        which in any::<prop::sample::Index>(),
        path in prop::collection::vec(any::<prop::sample::Index>(), 1..9),
        other in prop_oneof![Just(json!(null)), Just(json!(5.60)), Just(json!("2024-05-03")), Just(json!({})), Just(json!([[]])), Just(json!({"reference": "#"}))],
    ) {
        let samples = fhir_support::samples();
        if samples.is_empty() {
            return Ok(());
        }
        let (name, bytes) = which.get(&samples);
        let Ok(mut json) = serde_json::from_slice::<Json>(bytes) else { return Ok(()) };
        let mut node = &mut json;
        for step in path {
            if node.as_object().is_none_or(serde_json::Map::is_empty) && node.as_array().is_none_or(Vec::is_empty) {
                break;
            }
            node = if let Json::Object(members) = node {
                let position = step.index(members.len());
                members.values_mut().nth(position).unwrap()
            } else {
                let items = node.as_array_mut().unwrap();
                let position = step.index(items.len());
                &mut items[position]
            };
        }
        *node = other;
        written_again(name, json.to_string().as_bytes())?;
    }
}

/// Whatever can be read can be written, and is all there when read again.
fn written_again(name: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(reading) = fhir::read(bytes) else { return Ok(()) };
    let id = techo_core::base::PersonId::from_bytes([1; 16]);
    let person = techo_core::record::Person::new(id, "手帳", "1980-05-03".parse().unwrap(), techo_core::record::Sex::Male).unwrap();
    let origin = fhir::Origin {
        document: techo_core::base::Fingerprint::of(bytes),
        received: "2026-11-21T00:00:00Z".parse().unwrap(),
        source: None,
        others: Vec::new(),
    };
    let mut out = Vec::new();
    fhir::write_collection(&person, reading.events.iter().map(|event| (event, &origin)), &mut out).unwrap();
    let again = fhir::read(&out);
    prop_assert!(again.is_ok(), "{name}: {again:?}");
    let again = again.unwrap();
    prop_assert_eq!(&again.refused, &[], "{}", name);
    let count = |reading: &Reading| reading.events.iter().map(|event| event.facts.len()).sum::<usize>();
    prop_assert_eq!(count(&again), count(&reading), "{}", name);
    Ok(())
}
