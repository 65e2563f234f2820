//! Archives out and in: the same bytes, the same roots, the same records.

use super::*;
use crate::{
    transfer::{ArchiveForm, archive_form_at, check_archive, export_archive, import_archive},
    vault::{Erasure, WaitingPart},
};

fn export(vault: &Vault, person: Option<PersonId>, out: &Path) -> crate::transfer::ArchiveContent {
    export_archive(vault, person, out, None, at(220), &mut quiet).unwrap()
}

#[test]
fn an_archive_imported_into_an_empty_vault_gives_the_same_roots_and_records() {
    let scene = Scene::new();
    let (vault, out) = (scene.family("from"), scene.path("out.techo"));
    let content = export(&vault, None, &out);
    assert_eq!(content.people, vault.roots().unwrap());
    assert_eq!((content.documents, content.ledger), (7, None));
    assert_eq!(check_archive(&out, None, &mut quiet).unwrap(), content);

    let other = scene.empty("to");
    let report = import_archive(&other, &out, None, at(230), &mut quiet).unwrap();
    assert_eq!((report.documents_new, report.already_here), (7, 0));
    for (person, root) in report.people.iter().zip(vault.roots().unwrap()) {
        assert!(person.root_equal && person.is_new && person.namesake.is_none());
        assert_eq!((person.records, person.expected, person.root), (root.records, root.records, root.root));
    }
    assert_eq!(shown(&other), shown(&vault));
    assert_eq!(other.check_records().unwrap(), Vec::<String>::new());
}

#[test]
fn two_plain_exports_are_the_same_bytes_and_so_is_the_export_of_an_import() {
    let scene = Scene::new();
    let vault = scene.family("from");
    for (name, person) in [("one", None), ("two", None), ("hanako", Some(HANAKO)), ("hanako again", Some(HANAKO))] {
        export(&vault, person, &scene.path(name));
    }
    let other = scene.empty("to");
    import_archive(&other, &scene.path("one"), None, at(230), &mut quiet).unwrap();
    export(&other, None, &scene.path("three"));
    let bytes = |name: &str| fs::read(scene.path(name)).unwrap();
    assert!(bytes("one") == bytes("two") && bytes("one") == bytes("three") && bytes("hanako") == bytes("hanako again"));
    assert_eq!(archive_form_at(&scene.path("one")), Ok(ArchiveForm::Plain));
    assert_eq!(check_archive(&scene.path("hanako"), None, &mut quiet).unwrap().people, vault.roots().unwrap()[..1]);
}

#[test]
fn the_bytes_inside_a_seal_are_the_plain_ones() {
    let scene = Scene::new();
    let vault = scene.family("from");
    export(&vault, None, &scene.path("plain"));
    export_archive(&vault, None, &scene.path("sealed"), Some(&passphrase()), at(220), &mut quiet).unwrap();
    let sealed = fs::read(scene.path("sealed")).unwrap();
    assert_eq!(archive_form_at(&scene.path("sealed")), Ok(ArchiveForm::Sealed));
    // Opened with the libraries themselves, as another program would.
    let decryptor = age::Decryptor::new(sealed.as_slice()).unwrap();
    let identity = age::scrypt::Identity::new(passphrase().as_str().to_owned().into());
    let packed = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).unwrap();
    assert!(zstd::decode_all(packed).unwrap() == fs::read(scene.path("plain")).unwrap());
    let other = scene.empty("to");
    let report = import_archive(&other, &scene.path("sealed"), Some(&passphrase()), at(230), &mut quiet).unwrap();
    assert!(report.people.iter().all(|person| person.root_equal));
}

#[test]
fn an_archive_taken_in_twice_adds_nothing_and_beside_other_documents_it_adds_what_is_missing() {
    let scene = Scene::new();
    let (vault, out) = (scene.family("from"), scene.path("out"));
    export(&vault, None, &out);
    let again = import_archive(&vault, &out, None, at(230), &mut quiet).unwrap();
    assert_eq!((again.documents_new, again.already_here), (0, 7));
    assert!(again.people.iter().all(|person| person.root_equal && !person.is_new));

    let other = scene.empty("to");
    other.add_person(&person(HANAKO, "手帳 花子", "1980-05-03"), at(0)).unwrap();
    file(&other, HANAKO, 10, samples::documents().remove(0));
    file(&other, HANAKO, 500, vec![samples::event(crate::terms::Kind::Note, None, "別", vec![])]);
    let merged = import_archive(&other, &out, None, at(230), &mut quiet).unwrap();
    assert_eq!((merged.documents_new, merged.already_here), (6, 1));
    assert!(!merged.people[0].root_equal && merged.people[0].records == merged.people[0].expected && merged.people[1].root_equal);
    assert_eq!(other.check_records().unwrap(), Vec::<String>::new());
}

#[test]
fn somebody_with_the_same_name_and_birth_date_is_named_and_not_merged() {
    let scene = Scene::new();
    let (vault, out) = (scene.family("from"), scene.path("out"));
    export(&vault, Some(HANAKO), &out);
    let (other, stranger) = (scene.empty("to"), PersonId::from_bytes([1; 16]));
    other.add_person(&person(stranger, "手帳　花子", "1980-05-03"), at(0)).unwrap();
    let report = import_archive(&other, &out, None, at(230), &mut quiet).unwrap();
    assert_eq!((report.people[0].namesake, report.people[0].is_new, other.people().unwrap().len()), (Some(stranger), true, 2));
    assert_eq!(other.roots().unwrap()[0].records, 0);
}

#[test]
fn gaps_that_an_erasure_leaves_and_an_erased_original_come_back_as_they_were() {
    let scene = Scene::new();
    let (vault, out) = (scene.family("from"), scene.path("out"));
    let ids = vault.document_ids(HANAKO).unwrap();
    let mut first = None;
    vault
        .each_event_of(ids[2], |stored| {
            first.get_or_insert(stored.ids[0].0);
            Ok::<_, TransferError>(())
        })
        .unwrap();
    vault.erase(Erasure::Record(first.unwrap()), at(200)).unwrap();
    vault.erase(Erasure::Document(ids[0]), at(201)).unwrap();
    export(&vault, None, &out);
    let other = scene.empty("to");
    let report = import_archive(&other, &out, None, at(230), &mut quiet).unwrap();
    assert!(report.people.iter().all(|person| person.root_equal && person.records == person.expected));
    assert_eq!(shown(&other), shown(&vault));
    assert!(shown(&vault).iter().any(|line| line.starts_with("1 ")) && shown(&vault).contains(&"[]".to_owned()));
}

#[test]
fn split_originals_and_waiting_parts_travel_too() {
    let scene = Scene::new();
    let (vault, out) = (scene.empty("from"), scene.path("out"));
    vault.add_person(&person(HANAKO, "手帳 花子", "1980-05-03"), at(0)).unwrap();
    file_parts(&vault, HANAKO, 1, vec![b"one".to_vec(), vec![], b"three".to_vec()], samples::documents().remove(2));
    let part = WaitingPart { format: "jahis-tc".to_owned(), set: "s".to_owned(), number: 2, of: 3, bytes: vec![0, 255] };
    vault.keep_part(HANAKO, &part, at(7)).unwrap();
    export(&vault, None, &out);
    let other = scene.empty("to");
    for _ in 0..2 {
        import_archive(&other, &out, None, at(230), &mut quiet).unwrap();
        assert_eq!(shown(&other), shown(&vault));
    }
}

#[test]
fn an_export_leaves_one_line_in_the_ledger_that_says_whose_and_how_much() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let before = ledger(&vault).len();
    export(&vault, Some(TARO), &scene.path("out"));
    let after = ledger(&vault);
    let root = vault.roots().unwrap()[1];
    let expected = format!(r#"{{"format":"techo","people":[{{"person":"{TARO}","records":{},"root":"{}"}}]}}"#, root.records, root.root);
    assert_eq!(
        (after.len(), after[before].act.as_str(), after[before].detail.as_deref()),
        (before + 1, "exported", Some(expected.as_str()))
    );
}

#[test]
fn a_vault_without_anybody_has_an_archive_too() {
    let scene = Scene::new();
    let content = export(&scene.empty("from"), None, &scene.path("out"));
    assert_eq!((content.people.len(), content.documents), (0, 0));
    let other = scene.empty("to");
    assert_eq!(import_archive(&other, &scene.path("out"), None, at(230), &mut quiet).unwrap().people, []);
}

#[test]
fn progress_comes_to_its_end() {
    let scene = Scene::new();
    let vault = scene.family("from");
    let mut seen = Vec::new();
    export_archive(&vault, None, &scene.path("out"), None, at(0), &mut |progress| seen.push(progress)).unwrap();
    import_archive(&scene.empty("to"), &scene.path("out"), None, at(0), &mut |progress| seen.push(progress)).unwrap();
    for step in [crate::transfer::Step::Writing, crate::transfer::Step::Checking, crate::transfer::Step::Filing] {
        let last = seen.iter().rfind(|progress| progress.step == step).unwrap();
        assert!(last.done == last.of && last.of > 0, "{last:?}");
    }
}

/// The format is public and stored for decades: whoever changes a byte of it needs a new version and a reader for both.
#[test]
fn an_archive_is_written_as_ever_and_one_of_version_1_is_read() {
    let scene = Scene::new();
    export(&scene.family("from"), None, &scene.path("out"));
    let bytes = fs::read(scene.path("out")).unwrap();
    let mut tar = tar::Archive::new(bytes.as_slice());
    let names: Vec<String> =
        tar.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().to_string_lossy().replace(&HANAKO.to_string(), "H")).collect();
    assert_eq!(
        names[..6],
        [
            "techo-archive.json",
            "people.jsonl",
            "people/H/000001/document.json",
            "people/H/000001/events-00001.jsonl",
            "people/H/000001/original",
            "people/H/000002/document.json"
        ]
    );
    assert_eq!(names[names.len() - 2..], ["manifest.json", "manifest.sha256"]);
    assert_eq!(Fingerprint::of(&bytes).to_string(), "32550afc3f33aef145fe97e90022479b7cd26350b6101f657dc1f70d2b0ad91f");
    // Nobody consented to anything here, so that the first version's archive of the same is another in its number alone.
    let first = super::damage::rebuilt(&bytes, |entries| entries[0].1 = br#"{"format":"techo-archive","version":1}"#.to_vec());
    assert_eq!(Fingerprint::of(&first).to_string(), "7e2594b76da3040134923fa2e98882d829acfdc24b337c5ad528f4f5f90a5cad");
    fs::write(scene.path("first"), first).unwrap();
    let other = scene.empty("to");
    import_archive(&other, &scene.path("first"), None, at(230), &mut quiet).unwrap();
    assert_eq!(other.roots().unwrap(), open(&scene.path("from")).roots().unwrap());
}
