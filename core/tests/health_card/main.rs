//! SMART Health Cards: signatures that fit and that do not, cards in every wrapping, and bytes that are no card.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod any_input;

use std::{io::Write as _, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use techo_core::{
    formats::{
        Contents, Fault, FormatError, FormatId, Part, Reading, Unread,
        health_card::{self, Added, KeySet},
    },
    record::SignatureCheck,
    terms::Kind,
};

/// 2026-11-01 in seconds since 1970.
const NOW: i64 = 1_793_491_200;
const ISSUER: &str = "https://issuer.example/made-for-this-test";

/// An issuer whose key lives as long as the test.
struct Issuer {
    key: EcdsaKeyPair,
    random: SystemRandom,
}

impl Issuer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self { key: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap(), random }
    }

    fn coordinates(&self) -> (String, String) {
        let point = self.key.public_key().as_ref();
        (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]))
    }

    fn id(&self) -> String {
        let (x, y) = self.coordinates();
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, canonical.as_bytes()))
    }

    fn jwks(&self) -> String {
        let (x, y) = self.coordinates();
        json!({"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id(), "x": x, "y": y}]}).to_string()
    }

    fn keys(&self) -> KeySet {
        let mut keys = KeySet::new(NOW);
        assert_eq!(keys.add(&self.jwks(), None), Ok(Added { usable: 1, skipped: 0 }));
        keys
    }

    fn sign(&self, payload: &Value) -> String {
        self.sign_with(&json!({"zip": "DEF", "alg": "ES256", "kid": self.id()}), &deflated(payload.to_string().as_bytes()))
    }

    fn sign_with(&self, header: &Value, packed: &[u8]) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(packed));
        let signature = self.key.sign(&self.random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn payload_of(given: &str, lot: &str) -> Value {
    json!({
        "iss": ISSUER, "nbf": 1_600_000_000.5, "vc": {
            "type": ["https://smarthealth.cards#health-card"],
            "credentialSubject": {"fhirVersion": "4.0.1", "fhirBundle": {"resourceType": "Bundle", "type": "collection", "entry": [
                {"fullUrl": "resource:0", "resource": {"resourceType": "Patient", "name": [{"family": "手帳", "given": [given]}], "gender": "male", "birthDate": "2019-06-20"}},
                {"fullUrl": "resource:1", "resource": {"resourceType": "Immunization", "status": "completed",
                    "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "04"}]},
                    "patient": {"reference": "resource:0"}, "occurrenceDateTime": "2020-06-29", "lotNumber": lot}}
            ]}}
        }
    })
}

fn payload() -> Value {
    payload_of("太郎", "LOT1")
}

fn file_of(cards: &[&str]) -> String {
    json!({ "verifiableCredential": cards }).to_string()
}

fn digits(text: &str) -> String {
    text.bytes().map(|byte| format!("{:02}", byte - 45)).collect::<Vec<_>>().concat()
}

fn chunks_of(jws: &str, count: usize) -> Vec<String> {
    let size = jws.len().div_ceil(count);
    let pieces = jws.as_bytes().chunks(size).map(|piece| digits(std::str::from_utf8(piece).unwrap()));
    (1..).zip(pieces).map(|(number, piece): (usize, String)| format!("shc:/{number}/{count}/{piece}")).collect()
}

fn document(bytes: &[u8], keys: &KeySet) -> Reading {
    match health_card::read(bytes, keys).expect("a card") {
        Contents::Document(reading) => *reading,
        other => panic!("not a document: {other:?}"),
    }
}

fn refusal(text: &str, keys: &KeySet) -> FormatError {
    health_card::read(text.as_bytes(), keys).expect_err("a refusal")
}

fn checks(reading: &Reading) -> Vec<SignatureCheck> {
    reading.events.iter().map(|event| event.signature.clone().expect("a check in every event")).collect()
}

fn shared(name: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let shared = std::env::var_os("TECHO_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = shared.join("samples/shc-shl").join(name);
    if !path.exists() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "sample {name} is missing");
        std::io::stderr().write_all(format!("SKIPPED: no sample {name}\n").as_bytes()).unwrap();
        return None;
    }
    Some(std::fs::read_to_string(path).unwrap())
}

fn fixture(name: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/");
    std::fs::read_to_string(PathBuf::from(root).join(name)).unwrap()
}

fn family_keys() -> KeySet {
    let mut keys = KeySet::new(NOW);
    keys.add(&fixture("family/issuer-jwks.json"), Some("https://issuer.example/techo-sample")).unwrap();
    keys
}

#[test]
fn the_published_examples_check_against_their_issuers_keys_in_every_wrapping() {
    let Some(jwks) = shared("issuer-jwks.json") else { return };
    let mut keys = KeySet::new(NOW);
    let added = keys.add(&jwks, None).unwrap();
    assert_eq!((added.skipped, keys.len()), (0, added.usable));
    for example in ["00", "01"] {
        let text = |name: &str| shared(&format!("example-{example}-{name}")).unwrap();
        let file = document(text("e-file.smart-health-card").as_bytes(), &keys);
        assert_eq!(file.format, FormatId::HealthCard);
        assert_eq!(file.source.as_deref(), Some("https://spec.smarthealth.cards/examples/issuer"));
        let bundle: Value = serde_json::from_str(&text("a-fhirBundle.json")).unwrap();
        let doses = bundle["entry"].as_array().unwrap().iter().filter(|entry| entry["resource"]["resourceType"] == "Immunization").count();
        let facts = file.events.iter().flat_map(|event| &event.facts).collect::<Vec<_>>();
        assert_eq!(facts.iter().filter(|fact| fact.kind == Kind::Vaccination).count(), doses);
        assert!(facts.iter().all(|fact| fact.concept.leading().unwrap().system.as_deref() == Some("http://hl7.org/fhir/sid/cvx")));
        assert!(checks(&file).iter().all(|check| matches!(check, SignatureCheck::Valid { .. })));
        assert_eq!(document(text("d-jws.txt").as_bytes(), &keys), file);
        assert_eq!(document(text("f-qr-code-numeric-value-0.txt").as_bytes(), &keys), file);
        let unknown = document(text("d-jws.txt").as_bytes(), &KeySet::new(NOW));
        assert!(checks(&unknown).iter().all(|check| matches!(check, SignatureCheck::UnknownKey { .. })));
    }
}

#[test]
fn what_lies_beside_the_examples_is_no_card_and_says_what_it_is() {
    let keys = KeySet::new(NOW);
    for (name, expected) in [
        ("shl-payload-1.json", FormatError::NotRead(Unread::HealthLink)),
        ("shl-manifest-1.json", FormatError::NotRead(Unread::HealthLink)),
        ("issuer-jwks.json", FormatError::NotRead(Unread::OtherJson)),
        ("example-00-a-fhirBundle.json", FormatError::NotRead(Unread::OtherJson)),
        ("example-00-g-qr-code-0.svg", FormatError::NotRead(Unread::OtherText)),
    ] {
        let Some(text) = shared(name) else { return };
        assert_eq!(refusal(&text, &keys), expected, "{name}");
    }
    for name in ["00-b-jws-payload-expanded", "00-c-jws-payload-minified", "01-b-jws-payload-expanded", "01-c-jws-payload-minified"] {
        let Some(text) = shared(&format!("example-{name}.json")) else { return };
        let refusal = refusal(&text, &keys);
        assert!(refusal == FormatError::NotRead(Unread::UnsignedCard), "{name}: {refusal}");
    }
}

#[test]
fn the_familys_card_is_valid_for_its_own_issuer_only() {
    let card = fixture("family/taro-vaccination.smart-health-card");
    let reading = document(card.as_bytes(), &family_keys());
    assert_eq!(reading.subject.born.unwrap().to_string(), "2019-06-20");
    let days: Vec<_> = reading.events.iter().map(|event| event.day.unwrap().to_string()).collect();
    assert_eq!(days, ["2020-06-29", "2022-07-04", "2025-05-12"]);
    assert!(checks(&reading).iter().all(|check| matches!(check, SignatureCheck::Valid { .. })));
    let mut others = KeySet::new(NOW);
    others.add(&fixture("family/issuer-jwks.json"), Some("https://somebody.example/else")).unwrap();
    let reading = document(card.as_bytes(), &others);
    assert!(checks(&reading).iter().all(|check| matches!(check, SignatureCheck::UnknownKey { .. })));
    let bad = fixture("health-card/broken-signature.smart-health-card");
    assert_eq!(refusal(&bad, &family_keys()), FormatError::BadSignature { place: "verifiableCredential[0]".to_owned() });
}

#[test]
fn qr_codes_whole_or_in_chunks_are_the_card_itself() {
    let keys = family_keys();
    let file = document(fixture("family/taro-vaccination.smart-health-card").as_bytes(), &keys);
    assert_eq!(document(fixture("health-card/qr.txt").as_bytes(), &keys), file);
    assert_eq!(document(fixture("health-card/qr-chunks.txt").as_bytes(), &keys), file);
    let chunks: Vec<String> = (1..=3).map(|number| fixture(&format!("health-card/qr-chunk-{number}.txt"))).collect();
    match health_card::read(chunks[1].as_bytes(), &keys).unwrap() {
        Contents::Part(part) => assert_eq!(part, Part { format: FormatId::HealthCard, set: "shc-3".to_owned(), number: 2, of: 3 }),
        other => panic!("{other:?}"),
    }
    let in_order = |order: &[usize]| health_card::assemble(&order.iter().map(|index| chunks[*index].as_bytes()).collect::<Vec<_>>(), &keys);
    for order in [&[0, 1, 2][..], &[2, 0, 1], &[1, 1, 2, 0]] {
        assert_eq!(in_order(order).unwrap(), file);
    }
    let missing = FormatError::Malformed { place: "the set of 3 QR codes".to_owned(), fault: Fault::Missing };
    assert_eq!(in_order(&[0]).unwrap_err(), missing);
    assert_eq!(in_order(&[0, 2]).unwrap_err(), missing);
    assert_eq!(in_order(&[]).unwrap_err(), FormatError::Empty);
    let detected: Vec<_> = chunks.iter().map(|chunk| techo_core::formats::detect(chunk.as_bytes())).collect();
    assert_eq!(detected, [techo_core::formats::Detected::Document(FormatId::HealthCard); 3]);
}

#[test]
fn chunks_of_two_cards_never_make_one() {
    let issuer = Issuer::new();
    let (one, two) = (issuer.sign(&payload()), issuer.sign(&payload_of("太郎", "LOT2")));
    let (one, two) = (chunks_of(&one, 2), chunks_of(&two, 2));
    let mixed = health_card::assemble(&[one[0].as_bytes(), two[1].as_bytes()], &issuer.keys()).unwrap_err();
    assert!(matches!(mixed, FormatError::BadSignature { .. } | FormatError::Malformed { .. }), "{mixed}");
    let same_number = health_card::assemble(&[one[1].as_bytes(), two[1].as_bytes()], &issuer.keys()).unwrap_err();
    assert!(matches!(same_number, FormatError::Malformed { fault: Fault::Mixed, .. }), "{same_number}");
    let other_count = refusal(&format!("{}\n{}", one[0], one[0].replace("shc:/1/2", "shc:/1/3")), &issuer.keys());
    assert!(matches!(other_count, FormatError::Malformed { fault: Fault::Mixed, .. }), "{other_count}");
}

#[test]
fn a_card_link_holds_the_card() {
    let issuer = Issuer::new();
    let jws = issuer.sign(&payload());
    let inside = file_of(&[&jws]).replace('{', "%7B").replace('}', "%7d").replace('"', "%22");
    let link = format!("https://viewer.example/SMARTHealthCard/#{inside}");
    assert_eq!(document(link.as_bytes(), &issuer.keys()).events, document(file_of(&[&jws]).as_bytes(), &issuer.keys()).events);
    assert_eq!(refusal("https://viewer.example/#shlink:/eyJ1cmwiOiJ4In0", &issuer.keys()), FormatError::NotRead(Unread::HealthLink));
}

#[test]
fn several_cards_are_several_events_each_with_its_own_check() {
    let (known, unknown) = (Issuer::new(), Issuer::new());
    let cards = [known.sign(&payload()), unknown.sign(&payload_of("太郎", "LOT2"))];
    let reading = document(file_of(&[&cards[0], &cards[1], &cards[0]]).as_bytes(), &known.keys());
    let expected = [
        SignatureCheck::Valid { issuer: ISSUER.to_owned(), key: known.id() },
        SignatureCheck::UnknownKey { issuer: ISSUER.to_owned(), key: unknown.id() },
    ];
    assert_eq!(checks(&reading), expected);
    assert!(reading.events[1].facts[0].at.starts_with("verifiableCredential[1]/"), "{}", reading.events[1].facts[0].at);
    let other_child = unknown.sign(&payload_of("次郎", "LOT3"));
    let mixed = refusal(&file_of(&[&cards[0], &other_child]), &known.keys());
    assert_eq!(mixed, FormatError::Malformed { place: "verifiableCredential[1]".to_owned(), fault: Fault::Mixed });
}

#[test]
fn a_card_out_of_force_says_so() {
    let issuer = Issuer::new();
    for (name, at) in [("exp", NOW - 1), ("nbf", NOW + 1)] {
        let mut payload = payload();
        payload[name] = json!(at);
        let reading = document(issuer.sign(&payload).as_bytes(), &issuer.keys());
        assert_eq!(checks(&reading), [SignatureCheck::NotInForce { issuer: ISSUER.to_owned(), key: issuer.id() }], "{name}");
        payload[name] = json!(NOW);
        let reading = document(issuer.sign(&payload).as_bytes(), &issuer.keys());
        assert!(matches!(checks(&reading)[0], SignatureCheck::Valid { .. }), "{name}");
    }
}

#[test]
fn no_flipped_character_is_ever_valid() {
    let issuer = Issuer::new();
    let keys = issuer.keys();
    let jws = issuer.sign(&payload());
    for at in 0..jws.len() {
        for flip in ["A", "B", "_", "."] {
            let mut flipped = jws.clone();
            flipped.replace_range(at..=at, flip);
            if flipped == jws {
                continue;
            }
            match health_card::read(flipped.as_bytes(), &keys) {
                Ok(Contents::Document(reading)) => {
                    assert!(checks(&reading).iter().all(|check| matches!(check, SignatureCheck::UnknownKey { .. })), "character {at}");
                }
                Ok(other) => panic!("{other:?}"),
                Err(_) => {}
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_signed_card_is_named() {
    let issuer = Issuer::new();
    let keys = issuer.keys();
    let malformed = |place: &str, fault| FormatError::Malformed { place: format!("line 1, {place}"), fault };
    let packed = deflated(payload().to_string().as_bytes());
    for (header, expected) in [
        (json!({"zip": "DEF", "alg": "none", "kid": issuer.id()}), malformed("header alg", Fault::Code)),
        (json!({"zip": "DEF", "alg": "ES384", "kid": issuer.id()}), malformed("header alg", Fault::Code)),
        (json!({"alg": "ES256", "kid": issuer.id()}), malformed("header zip", Fault::Missing)),
        (json!({"zip": "GZ", "alg": "ES256", "kid": issuer.id()}), malformed("header zip", Fault::Code)),
        (json!({"zip": "DEF", "alg": "ES256"}), malformed("header kid", Fault::Missing)),
    ] {
        assert_eq!(refusal(&issuer.sign_with(&header, &packed), &keys), expected);
    }
    let header = json!({"zip": "DEF", "alg": "ES256", "kid": issuer.id()});
    let wrapped = [&b"\x78\xDA"[..], &packed].concat();
    assert!(matches!(refusal(&issuer.sign_with(&header, &wrapped), &keys), FormatError::Malformed { .. }), "zlib is not raw DEFLATE");
    let bomb = deflated(&vec![b' '; 30_000_000]);
    assert!(matches!(refusal(&issuer.sign_with(&header, &bomb), &keys), FormatError::Limit { .. }));
    let without = |pointer: &str, name: &str| {
        let mut payload = payload();
        payload.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
        refusal(&issuer.sign(&payload), &keys)
    };
    assert_eq!(without("", "iss"), malformed("iss", Fault::Missing));
    assert_eq!(without("", "nbf"), malformed("nbf", Fault::Missing));
    assert_eq!(without("/vc", "type"), malformed("vc.type", Fault::Missing));
    assert_eq!(without("/vc/credentialSubject", "fhirBundle"), malformed("fhirBundle", Fault::Missing));
    let changed = |pointer: &str, value: Value| {
        let mut payload = payload();
        *payload.pointer_mut(pointer).unwrap() = value;
        refusal(&issuer.sign(&payload), &keys)
    };
    assert_eq!(changed("/iss", json!("http://issuer.example")), malformed("iss", Fault::Type));
    assert_eq!(changed("/vc/type", json!(["https://smarthealth.cards#covid19"])), malformed("vc.type", Fault::Code));
    assert_eq!(changed("/vc/credentialSubject/fhirVersion", json!("5.0.0")), FormatError::NotRead(Unread::OtherFhir));
}

#[test]
fn bytes_that_are_no_card_are_refused_with_the_reason() {
    let keys = KeySet::new(NOW);
    let malformed = |place: &str, fault| FormatError::Malformed { place: place.to_owned(), fault };
    for (text, expected) in [
        ("", FormatError::Empty),
        (" \r\n", FormatError::Empty),
        ("hello", FormatError::NotRead(Unread::OtherText)),
        ("{}", FormatError::NotRead(Unread::OtherJson)),
        (r#"{"verifiableCredential":[]}"#, malformed("verifiableCredential", Fault::Missing)),
        (r#"{"verifiableCredential":"x"}"#, malformed("verifiableCredential", Fault::Type)),
        (r#"{"verifiableCredential":[7]}"#, malformed("verifiableCredential[0]", Fault::Type)),
        (r#"{"verifiableCredential":["#, malformed("the file, line 1", Fault::Truncated)),
        ("shc:/", malformed("line 1", Fault::Missing)),
        ("shc:/123", malformed("line 1", Fault::Truncated)),
        ("shc:/12a4", malformed("line 1", Fault::Syntax)),
        ("shc:/0/2/1234", malformed("line 1", Fault::Number)),
        ("shc:/3/2/1234", malformed("line 1", Fault::Number)),
        ("shc:/1/99999/1234", malformed("line 1", Fault::Number)),
        ("shc:/1/2/3/1234", malformed("line 1", Fault::Syntax)),
    ] {
        assert_eq!(refusal(text, &keys), expected, "{text}");
    }
    assert_eq!(health_card::read(&[0xFF, 0xFE, 0x00], &keys).unwrap_err(), FormatError::NotRead(Unread::Unknown));
    let deep = format!("{{\"verifiableCredential\":{}", "[".repeat(100_000));
    assert!(matches!(refusal(&deep, &keys), FormatError::Limit { what: "nesting", .. }));
}
