//! Every published sample is called what it is.

use std::path::{Path, PathBuf};

use techo_core::formats::{Detected, FormatId, Unread, detect};

use crate::{shared, skipped};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

fn expected(folder: &str, name: &str) -> Option<Detected> {
    let format = |format| Some(Detected::Document(format));
    let unread = |unread| Some(Detected::NotRead(unread));
    match (folder, name) {
        (_, "LICENSE.md" | "LICENSE-MIT.txt" | "SOURCES.md") => unread(Unread::OtherText),
        ("clins" | "echeckup" | "ips" | "municipal", _) => format(FormatId::Fhir),
        ("phr", _) => format(FormatId::Fhir),
        ("jahis-tc", "external-sample.txt") => unread(Unread::JahisPrescription),
        ("jahis-tc", _) => format(FormatId::JahisTc),
        ("shc-shl", "issuer-jwks.json") => unread(Unread::OtherJson),
        ("shc-shl", _) if name.starts_with("shl-") => unread(Unread::HealthLink),
        ("shc-shl", _) if name.contains("-g-qr-code") => unread(Unread::Svg),
        ("shc-shl", _) if name.contains("-a-fhirBundle") => format(FormatId::Fhir),
        ("shc-shl", _) if name.contains("-jws-payload-") => format(FormatId::HealthCard),
        ("shc-shl", _) => format(FormatId::HealthCard),
        // Growth tables: nobody's document.
        _ => None,
    }
}

#[test]
fn every_published_sample_is_called_what_it_is() {
    let Some(samples) = shared().map(|folder| folder.join("samples")).filter(|folder| folder.is_dir()) else {
        return skipped("the published samples (../shared/samples)");
    };
    let mut all = Vec::new();
    files(&samples, &mut all);
    let mut judged = 0;
    for path in all {
        let folder = path.strip_prefix(&samples).unwrap().components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        if let Some(expected) = expected(&folder, &name) {
            assert_eq!(detect(&bytes), expected, "{folder}/{name}");
            judged += 1;
        }
    }
    assert!(judged > 50, "{judged}");
}
