//! What was erased is gone: from views, search, every export and every byte that can be decrypted; the ledger keeps that
//! something was erased, and nothing of what it was.

use std::{fs, io::Read as _};

use techo_core::{
    base::Passphrase,
    vault::{Unlock, Vault},
};

use crate::notebook::{Notebook, PASSPHRASE};

/// Everything that can be got out of a vault, as bytes that can be searched. `mark` tells exports apart.
pub(crate) fn all_of(notebook: &Notebook, mark: &str) -> Vec<u8> {
    let mut all = Vec::new();
    for format in ["csv", "fhir", "techo", "originals"] {
        let out = format!("{mark}.{format}");
        notebook.run(&["export", "--format", format, "--out", &out, "--plain", "--yes"]).ok();
        let path = notebook.path(&out);
        if format == "originals" {
            let mut bundle = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
            for index in 0..bundle.len() {
                bundle.by_index(index).unwrap().read_to_end(&mut all).unwrap();
            }
        } else {
            all.extend(fs::read(path).unwrap());
        }
    }
    let vault = Vault::open(&notebook.path("vault"), Unlock::Passphrase(&Passphrase::new(PASSPHRASE).unwrap())).unwrap();
    for entry in vault.ledger(0, 500).unwrap() {
        all.extend(format!("{entry:?}").into_bytes());
    }
    vault.lock();
    // And what lies there unencrypted by mistake.
    notebook.bytes().into_values().for_each(|bytes| all.extend(bytes));
    all
}

pub(crate) fn holds(all: &[u8], needle: &str) -> bool {
    all.windows(needle.len()).any(|bytes| bytes == needle.as_bytes())
}

fn acts(notebook: &Notebook) -> Vec<String> {
    let vault = Vault::open(&notebook.path("vault"), Unlock::Passphrase(&Passphrase::new(PASSPHRASE).unwrap())).unwrap();
    vault.ledger(0, 500).unwrap().into_iter().map(|entry| entry.act.as_str().to_owned()).collect()
}

fn is_sound(notebook: &Notebook) {
    let verified = notebook.run(&["verify", "--json"]).ok().line();
    assert_eq!((verified["ok"].as_bool(), verified["problems"].as_array().unwrap().len()), (Some(true), 0));
}

#[test]
fn a_record_a_document_and_a_person_go_for_good() {
    let notebook = Notebook::of_the_family();
    notebook.import_family();
    let records = || notebook.run(&["verify", "--json"]).ok().line()["people"].clone();

    // A record: a sentence that somebody wrote, which stands in one document.
    let sentence = "飲み始めてから血圧が下がった";
    let hit = notebook.run(&["search", sentence, "--json"]).ok().line();
    let (id, document) = (hit["id"].as_str().unwrap(), hit["document"].as_str().unwrap());
    assert!(holds(&all_of(&notebook, "before"), sentence));
    let untouched = notebook.bytes();
    notebook.run(&["erase", "record", id]).ended(26);
    assert!(notebook.bytes() == untouched, "nobody said yes");
    let line = notebook.run(&["erase", "record", id, "--yes", "--json"]).ok().line();
    assert_eq!((line["erased"].as_str(), line["id"].as_str(), line["records"].as_u64()), (Some("record"), Some(id), Some(1)));
    // Four exports were written before; they and what nobody can know of are named.
    assert!(line["cannot_reach"].as_array().unwrap().len() >= 5, "{line}");
    notebook.run(&["search", sentence]).ended(9);
    notebook.run(&["show", id]).ended(9);
    assert!(!holds(&all_of(&notebook, "record"), sentence), "an erased sentence is still somewhere");
    is_sound(&notebook);
    assert!(acts(&notebook).iter().any(|act| act.contains("erased")), "{:?}", acts(&notebook));
    assert!(!notebook.run(&["search", "血圧", "--json"]).ok().lines().is_empty(), "the other records stay");

    // The document it stood in.
    let shop = "みほん抗生剤";
    assert!(holds(&all_of(&notebook, "before2"), shop));
    notebook.run(&["erase", "document", document, "--yes"]).ok();
    assert!(!holds(&all_of(&notebook, "document"), shop), "an erased document is still somewhere");
    is_sound(&notebook);

    // A person.
    let before = records();
    let name = "手帳 花子";
    notebook.run(&["erase", "person", name, "--yes"]).ok();
    let all = all_of(&notebook, "person");
    for needle in [name, "テチョウ ハナコ", "1972-04-15", "19720415", "血清尿酸"] {
        assert!(!holds(&all, needle), "{needle} of an erased person is still somewhere");
    }
    is_sound(&notebook);
    let after = records();
    assert_eq!(before.as_array().unwrap()[1..], after.as_array().unwrap()[..], "the others are as they were");
    notebook.run(&["erase", "person", name, "--yes"]).ended(9);

    // The same document may come again, by itself and whole.
    notebook.run(&["person", "add", name, "--born", "1972-04-15", "--sex", "female"]).ok();
    let file = crate::notebook::fixture("family/hanako-okusuri-1.txt");
    let again = notebook.run(&["import", crate::notebook::text(&file), "--person", name, "--json"]).ok().line();
    assert_eq!((again["already_here"].as_bool(), again["ready"].as_u64()), (Some(false), Some(12)));
}
