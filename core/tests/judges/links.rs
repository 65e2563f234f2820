//! `kill-the-clipboard`, a published library for SMART Health Cards and Links: it opens what we seal, and says of the sample
//! cards what we say of them.

use std::{fs, path::Path, process::Command};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use techo_core::formats::{
    FormatError,
    health_card::{self, KeySet},
    health_link::{Link, LinkedFile, seal},
};

use crate::{family::now, judge, samples};

/// What the library says, one answer for each question.
fn answers(judges: &Path, home: &Path, questions: &Value) -> Vec<Value> {
    let (script, asked) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/judges/shl/judge.mjs"), home.join("questions.json"));
    fs::write(&asked, questions.to_string()).unwrap();
    // Modules are looked for beside the script: it runs where the library is.
    let beside = judges.join("npm/judge.mjs");
    fs::copy(script, &beside).unwrap();
    let version = Command::new("node").arg("--version").output().expect("node starts");
    let mut node = Command::new("node");
    if String::from_utf8_lossy(&version.stdout).starts_with("v18.") {
        // Node 18 has the cryptography of browsers only when told.
        node.arg("--experimental-global-webcrypto");
    }
    let output = node.arg(&beside).arg(&asked).output().expect("node starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

const NPM: [&str; 1] = ["npm/node_modules/kill-the-clipboard"];

#[test]
fn a_published_library_opens_what_we_seal_and_nothing_that_was_changed() {
    let Some(judges) = judge(&NPM) else { return };
    let home = tempfile::tempdir().unwrap();
    let content = r#"{"resourceType":"Bundle","type":"collection","note":"見本〓"}"#;
    let key = [7; 32];
    let sealed = seal(content.as_bytes(), LinkedFile::Fhir, &key, [9; 12]).unwrap();
    let link =
        Link { url: "https://files.example/sealed", key: &key, expires: Some(1_900_000_000), label: Some("花子の手帳") }.text().unwrap();
    let changed = {
        let mut parts: Vec<String> = sealed.split('.').map(str::to_owned).collect();
        let mut bytes = URL_SAFE_NO_PAD.decode(&parts[3]).unwrap();
        bytes[0] ^= 1;
        parts[3] = URL_SAFE_NO_PAD.encode(bytes);
        parts.join(".")
    };
    let encoded = URL_SAFE_NO_PAD.encode(key);
    let other = URL_SAFE_NO_PAD.encode([8; 32]);
    let questions = json!([
        {"open": sealed, "key": encoded},
        {"open": changed, "key": encoded},
        {"open": sealed, "key": other},
        {"link": link},
    ]);
    let answers = answers(&judges, home.path(), &questions);
    assert_eq!(answers[0], json!({"content": content, "contentType": "application/fhir+json"}));
    assert!(answers[1]["error"].is_string() && answers[2]["error"].is_string(), "{answers:?}");
    let told = &answers[3];
    assert_eq!(
        (&told["url"], &told["key"], &told["flag"]),
        (&json!("https://files.example/sealed"), &json!(encoded), &json!("U")),
        "{told}"
    );
    assert_eq!((&told["label"], &told["exp"]), (&json!("花子の手帳"), &json!(1_900_000_000)), "{told}");
}

/// One word for what is thought of a card.
fn ours(card: &[u8], keys: &KeySet) -> &'static str {
    match health_card::read(card, keys) {
        Ok(_) => "good",
        Err(FormatError::BadSignature { .. }) => "signature",
        Err(_) => "bad",
    }
}

#[test]
fn we_think_of_the_sample_cards_what_a_published_library_thinks() {
    let (Some(judges), Some(folder)) = (judge(&NPM), samples::folder()) else { return };
    let home = tempfile::tempdir().unwrap();
    let read = |name: &str| fs::read_to_string(folder.join("shc-shl").join(name)).unwrap();
    let jwks: Value = serde_json::from_str(&read("issuer-jwks.json")).unwrap();
    let mut keys = KeySet::new(now().timestamp());
    keys.add(&jwks.to_string(), None).unwrap();
    let mut cards = Vec::new();
    for name in ["example-00-d-jws.txt", "example-01-d-jws.txt"] {
        let good = read(name).trim().to_owned();
        let (signed, signature) = good.rsplit_once('.').unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[5] ^= 1;
        let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes));
        let cut = good[..good.len() / 2].to_owned();
        cards.extend([good, forged, cut]);
    }
    // One signed by the first card's key and carrying the second card's words.
    let (first, second): (Vec<&str>, Vec<&str>) = (cards[0].split('.').collect(), cards[3].split('.').collect());
    cards.push([first[0], second[1], first[2]].join("."));
    let questions: Vec<Value> = cards.iter().map(|card| json!({"card": card, "jwks": jwks})).collect();
    let theirs = answers(&judges, home.path(), &json!(questions));
    let verdicts: Vec<(&str, &str)> = cards
        .iter()
        .zip(&theirs)
        .map(|(card, theirs)| (ours(card.as_bytes(), &keys), theirs["verdict"].as_str().unwrap_or("none")))
        .collect();
    for (ours, theirs) in &verdicts {
        assert_eq!(*ours == "good", *theirs == "good", "{verdicts:?} {theirs:?}");
    }
    assert_eq!(verdicts.iter().filter(|(ours, _)| *ours == "good").count(), 2, "{verdicts:?}");
    assert!(verdicts.iter().filter(|(ours, _)| *ours == "signature").count() >= 3, "{verdicts:?}");
    // The words of a good card are the same to both.
    assert_eq!(theirs[0]["bundle"]["resourceType"], "Bundle");
}
