//! The outside judge: libxml2 with the published V08 schema.

use std::process::Command;

use techo_core::formats::tokutei::write;

use crate::{READABLE, fixture, read, shared, skipped, workspace, writing::every_item};

/// What xmllint says about a file; none when it accepts it.
fn complaint(document: &std::path::Path) -> Option<String> {
    let schema = shared()?.join("spec/xsd/hc08_V08.xsd");
    let output = Command::new("xmllint").arg("--noout").arg("--nonet").arg("--schema").arg(schema).arg(document).output().ok()?;
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn can_judge() -> bool {
    let has_tool = Command::new("xmllint").arg("--version").output().is_ok_and(|output| output.status.success());
    let has_schema = shared().is_some_and(|folder| folder.join("spec/xsd/hc08_V08.xsd").is_file());
    if !has_tool {
        skipped("xmllint (libxml2)");
    }
    if !has_schema {
        skipped("the V08 schema (../shared/spec/xsd)");
    }
    has_tool && has_schema
}

#[test]
fn the_schema_accepts_our_fixtures_and_refuses_a_wrong_one() {
    if !can_judge() {
        return;
    }
    let folder = workspace().join("tests/fixtures");
    // This one has a number and a date that are none, on purpose: the judge must see it.
    let wrong = "tokutei/conflict-name.xml";
    for name in READABLE.into_iter().filter(|name| *name != wrong).chain(["tokutei/broken-deletion.xml"]) {
        assert_eq!(complaint(&folder.join(name)), None, "{name}");
    }
    assert!(complaint(&folder.join(wrong)).is_some_and(|words| words.contains("2024061x")));
}

#[test]
fn the_schema_accepts_what_we_write() {
    if !can_judge() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (subject, event) = every_item();
    let mut documents = vec![("every-item".to_owned(), write(&subject, &event, None).bytes)];
    for name in READABLE {
        let reading = read(&fixture(name));
        documents.push((name.replace('/', "-"), write(&reading.subject, &reading.events[0], reading.source.as_deref()).bytes));
    }
    let mut sparse = event.clone();
    (sparse.day, sparse.place, sparse.facts) = (None, None, Vec::new());
    documents.push(("sparse".to_owned(), write(&techo_core::record::Subject::default(), &sparse, None).bytes));
    for (name, bytes) in documents {
        let path = folder.path().join(&name);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(complaint(&path), None, "{name}");
    }
}
