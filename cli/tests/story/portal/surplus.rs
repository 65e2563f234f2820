//! More comes back than was consented to: the person is told beforehand, it is cut before anything is filed, and no byte
//! of it is kept.

use std::{fs, io::Read as _};

use serde_json::Value;
use techo_core::{
    base::{Fingerprint, Passphrase},
    vault::{Unlock, Vault},
};
use techo_portal_standin::{Card, Fault, Visit};

use super::{HANAKO, Scene, family};
use crate::{
    erasure::{all_of, holds},
    notebook::{Notebook, PASSPHRASE, count},
};

/// The one document of the vault: its fingerprint, and the digest and size of the full answer it was cut from.
fn document(notebook: &Notebook) -> (Fingerprint, Option<(Fingerprint, u64)>) {
    let vault = Vault::open(&notebook.path("vault"), Unlock::Passphrase(&Passphrase::new(PASSPHRASE).unwrap())).unwrap();
    let documents = vault.documents(None).unwrap();
    assert_eq!(documents.len(), 1);
    let document = &documents[0];
    (document.fingerprint, document.about.trimmed.as_ref().map(|trimmed| (trimmed.full, trimmed.size)))
}

#[test]
fn what_the_portal_returns_beyond_the_choice_is_announced_and_cut() {
    let Some(mut scene) = Scene::new() else { return };
    // No service returns procedures alone: expenses come along. Who answers the items only is asked about that as well.
    let procedure = ["--person", HANAKO, "--items", "procedure", "--answers"];
    let running = scene.start(&[&procedure[..], &["procedure=yes"]].concat());
    let fetched = scene.play(running, &Visit::with(Card::Hanako)).ended(26);
    assert_eq!((&fetched.step("request")["surplus"], fetched.steps("started").len()), (&serde_json::json!(["expense"]), 0));
    let running = scene.start(&[&procedure[..], &["procedure=yes,surplus=yes"]].concat());
    let fetched = scene.play(running, &Visit::with(Card::Hanako)).ended(0);
    assert_eq!(fetched.step("answer")["surplus"], serde_json::json!(["expense"]));
    let done = fetched.step("done");
    let group = |item: &str| done["groups"].as_array().unwrap().iter().find(|group| group["item"] == item).cloned().unwrap();
    assert!(count(&group("expense"), "returned") > 0 && count(&group("expense"), "kept") == 0, "{done}");
    assert_eq!(count(&group("procedure"), "returned"), count(&group("procedure"), "kept"));
    let records = count(&done, "new");
    scene.ends_well(records);

    // Nothing of it is anywhere in the notebook; what was consented to is.
    let all = all_of(&scene.notebook, "all");
    for canary in ["窓口負担額", "5230円", "1570円"] {
        assert!(!holds(&all, canary), "{canary} was not consented to, and is kept");
    }
    assert!(holds(&all, "大腸ポリープ切除術"));
    let receipt = super::receipt(&scene.ledger()).clone();
    assert_eq!(receipt["detail"]["answers"][0]["trimmed"], true);

    // The original is marked, with digest and size of the full answer: the very answer that somebody gets who consents to
    // all of it.
    let (own, full) = document(&scene.notebook);
    let (full, size) = full.expect("marked as trimmed");
    let trimmed = std::mem::replace(&mut scene.notebook, family());
    scene.write_profile();
    scene.fetch("procedure,expense").ended(0);
    let (whole, cut) = document(&scene.notebook);
    assert_eq!((whole, cut), (full, None));
    assert!(own != whole && size > 0);
    drop(trimmed);
}

#[test]
fn groups_that_no_consent_and_no_service_spoke_of_are_cut_too() {
    let Some(mut scene) = Scene::new() else { return };
    scene.orders().once(Fault::MoreItems(&["care", "expense"]));
    let done = scene.fetch("vaccination").ended(0).step("done");
    let kept: Vec<&Value> = done["groups"].as_array().unwrap().iter().filter(|group| group["kept"] != 0).collect();
    assert!(kept.iter().all(|group| group["item"] == "vaccination") && !kept.is_empty(), "{done}");
    let all = all_of(&scene.notebook, "all");
    for canary in ["非該当", "窓口負担額", "5230円"] {
        assert!(!holds(&all, canary), "{canary} was not consented to, and is kept");
    }
    assert!(holds(&all, "MIHON-FLU26"));
    scene.ends_well(count(&done, "new"));
}

#[test]
fn only_the_days_that_were_consented_to_are_kept() {
    let Some(mut scene) = Scene::new() else { return };
    let running = scene.start(&["--person", HANAKO, "--items", "medication", "--from", "2026-03", "--until", "2026-03", "--yes"]);
    let fetched = scene.play(running, &Visit::with(Card::Hanako)).ended(0);
    assert_eq!(fetched.step("request")["items"][0]["until"], "2026-03-31");
    let dates: Vec<Value> = scene.notebook.run(&["timeline", "--json"]).ok().lines().iter().map(|event| event["date"].clone()).collect();
    assert!(!dates.is_empty() && dates.iter().all(|date| date.as_str().unwrap().starts_with("2026-03")), "{dates:?}");
    let mut exported = String::new();
    scene.notebook.run(&["export", "--format", "originals", "--out", "o.zip", "--yes"]).ok();
    let mut bundle = zip::ZipArchive::new(fs::File::open(scene.notebook.path("o.zip")).unwrap()).unwrap();
    for index in 0..bundle.len() {
        bundle.by_index(index).unwrap().read_to_string(&mut exported).unwrap();
    }
    assert!(exported.contains("20260316") && !exported.contains("20260118"), "another day is in the original");
    scene.ends_well(count(&fetched.step("done"), "new"));
}
