//! What is erased is gone from the pages themselves. Encrypted pages would hide what is left in them, so the very same
//! statements run on a plain file here and its bytes are searched.

use rusqlite::Connection;

use crate::vault::{
    EventToFile, Filing, Unlock, Vault, VaultError,
    cache::Cache,
    codec,
    connection::begin_engine,
    erase::{self, Erasure},
    filing::{self, DocumentBody},
    migrate, people,
    rewrite::REWRITE,
};
use crate::{
    base::{DeviceSecret, Fingerprint, PersonId},
    record::{Body, Change, Concept, Event, Fact, Person, Sex, Standing, Target, TargetDigest},
    terms::Kind,
};

fn person(number: u8, name: &str) -> Person {
    Person::new(PersonId::from_bytes([number; 16]), name, "1980-01-01".parse().unwrap(), Sex::Male).unwrap()
}

/// A document with one note and a name of its own everywhere a name can stand.
fn filing(person: &Person, needle: &str) -> Filing {
    let fact = Fact {
        kind: Kind::Note,
        title: format!("題{needle}"),
        concept: Concept::text(format!("語{needle}")),
        when: None,
        body: Body::Note(format!("本文{needle}")),
        at: "line 1".to_owned(),
        said_by: Some(format!("記入{needle}")),
        standing: Standing::Understood,
    };
    let event = Event {
        kind: Kind::Note,
        day: "2024-05-03".parse().ok(),
        title: format!("見出し{needle}"),
        place: Some(format!("施設{needle}")),
        signature: None,
        facts: vec![fact],
    };
    let series = Some((format!("鍵{needle}"), format!("符号{needle}"), format!("名{needle}")));
    let bytes = format!("原本{needle}").into_bytes();
    Filing {
        person: person.id,
        fingerprint: Fingerprint::of(&bytes),
        parts: vec![bytes],
        received: "2026-04-01T09:00:00Z".parse().unwrap(),
        about: DocumentBody {
            format: "synthetic".to_owned(),
            parser: 1,
            source: Some(format!("発行{needle}")),
            name: Some(format!("file-{needle}")),
            refused: vec![],
            claimed: false,
            original_erased: false,
            consent: None,
            trimmed: None,
            mapping: None,
            given: None,
            slice: None,
        },
        events: vec![EventToFile { event, identities: vec![Fingerprint::of(needle.as_bytes()).short()], series: vec![series] }],
        change: None,
    }
}

fn everything_in(directory: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn nothing_of_what_was_erased_is_left_in_any_byte_of_the_file() {
    let home = tempfile::tempdir().unwrap();
    begin_engine().unwrap();
    let mut connection = Connection::open(home.path().join("plain")).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON").unwrap();
    migrate::migrate(&mut connection, migrate::MIGRATIONS).unwrap();
    let mut cache = Cache::default();
    let (gone, stays) = (person(1, "消える人"), person(2, "残る人"));
    let gone_row = people::insert(&connection, &gone).unwrap();
    let stays_row = people::insert(&connection, &stays).unwrap();
    // Enough documents that the search index has merged its segments, and pages have split.
    for number in 0..300 {
        filing::insert(&connection, &mut cache, gone_row, &filing(&gone, &format!("秘密{number}zq"))).unwrap();
        filing::insert(&connection, &mut cache, stays_row, &filing(&stays, &format!("公開{number}wx"))).unwrap();
    }
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let before = everything_in(home.path());
    // Pairs of folded characters, as the index holds them, beside the words themselves.
    let needles = ["秘密", "zq", "消える人", "密1"];
    assert!(needles.iter().all(|needle| holds(&before, needle)));

    erase::run(&connection, &mut cache, Erasure::Person(gone.id)).unwrap();
    connection.execute_batch(REWRITE).unwrap();
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let after = everything_in(home.path());
    for needle in needles {
        assert!(!holds(&after, needle), "{needle}");
    }
    assert!(holds(&after, "公開") && holds(&after, "残る人"));
    let left: i64 =
        connection.query_row("SELECT count(*) FROM event_words WHERE event_words MATCH '\"公開\"'", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 300);
}

/// An entry that is about the note of another document, with a name of its own in its original.
fn decision(person: &Person, about: &Filing, change: impl Fn(Target) -> Change, needle: &str) -> Filing {
    let target = Target { document: about.fingerprint, position: 0, fact: Some(0), digest: TargetDigest::from_bytes([0; 8]) };
    let mut entry = filing(person, needle);
    entry.events.clear();
    entry.about.format = "techo-entry".to_owned();
    entry.change = Some(change(target));
    entry
}

#[test]
fn a_decision_about_what_was_erased_leaves_no_word_either() {
    let home = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(home.path().join("plain")).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON").unwrap();
    migrate::migrate(&mut connection, migrate::MIGRATIONS).unwrap();
    let mut cache = Cache::default();
    let person = person(1, "見本");
    let row = people::insert(&connection, &person).unwrap();
    let mut ids = Vec::new();
    for number in 0..60 {
        let note = filing(&person, &format!("秘密{number}zq"));
        let Ok(filing::Filed::New { document, .. }) = filing::insert(&connection, &mut cache, row, &note) else { unreachable!() };
        let removal = decision(&person, &note, Change::Remove, &format!("理由{number}xv"));
        filing::insert(&connection, &mut cache, row, &removal).unwrap();
        let mut undoing = decision(&person, &note, Change::Remove, &format!("取消{number}xv"));
        undoing.change = Some(Change::Undo(removal.fingerprint));
        filing::insert(&connection, &mut cache, row, &undoing).unwrap();
        ids.push((document, note.fingerprint));
    }
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    assert!(["理由1xv", "取消1xv"].iter().all(|needle| holds(&everything_in(home.path()), needle)));
    for (document, _) in &ids {
        let erased = erase::run(&connection, &mut cache, Erasure::Document(*document)).unwrap();
        assert_eq!(erased.documents, 3, "with the removal and its undoing");
    }
    connection.execute_batch(REWRITE).unwrap();
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let after = everything_in(home.path());
    for needle in ["秘密", "理由", "取消"] {
        assert!(!holds(&after, needle), "{needle}");
    }
    for (_, fingerprint) in &ids {
        assert!(!after.windows(32).any(|window| window == fingerprint.as_bytes()), "a fingerprint of what was erased");
    }
    let left: i64 = connection.query_row("SELECT count(*) FROM changes", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_change_whose_rows_were_lost_is_applied_again_once() {
    let scene = super::Scene::new();
    let vault: Vault = scene.open().unwrap();
    let now = "2026-04-01T09:00:00Z".parse().unwrap();
    let one = person(1, "見本");
    vault.add_person(&one, now).unwrap();
    let note = filing(&one, "ab");
    vault.file(&note).unwrap();
    let found = vault.search("本文ab", None, None, 10).unwrap().hits;
    let target = vault.target_of_record(found[0].record.as_ref().unwrap().0).unwrap();
    let removal = decision(&one, &note, |_| Change::Remove(target), "cd");
    let Ok(filing::Filed::New { document, .. }) = vault.file(&removal) else { unreachable!() };
    let shown = || vault.search("本文ab", None, None, 10).unwrap().hits.len();
    assert_eq!(shown(), 0);
    assert_eq!(vault.apply_again(document, &Change::Remove(target)), Ok(false));
    vault
        .write(|tx| Ok(tx.execute_batch("DELETE FROM changes; UPDATE facts SET hidden = NULL; UPDATE events SET concealed = 0")?))
        .unwrap();
    assert_eq!(shown(), 1);
    assert_eq!(vault.apply_again(document, &Change::Remove(target)), Ok(true));
    assert_eq!((shown(), vault.check_records().unwrap()), (0, vec![]));
    vault.write(|tx| Ok(tx.execute_batch("UPDATE facts SET hidden = NULL")?)).unwrap();
    assert_eq!(vault.check_records().unwrap().len(), 2, "a record and its event that are not what the entries say");
}

#[test]
fn an_erased_document_leaves_the_same_words_of_another_in_place() {
    let scene = super::Scene::new();
    let vault: Vault = scene.open().unwrap();
    let now = "2026-04-01T09:00:00Z".parse().unwrap();
    let one = person(1, "見本");
    vault.add_person(&one, now).unwrap();
    vault.file(&filing(&one, "ab")).unwrap();
    let mut second = filing(&one, "ab");
    second.parts = vec![b"another print".to_vec()];
    second.fingerprint = Fingerprint::of(b"another print");
    vault.file(&second).unwrap();
    let first = vault.find_document(one.id, Fingerprint::of("原本ab".as_bytes())).unwrap().unwrap();
    assert_eq!(vault.erase(Erasure::Document(first), now), Err(VaultError::PresenceNeeded));
    vault.confirm_presence(Unlock::Device(&DeviceSecret::from_bytes(super::SECRET)), now).unwrap();
    vault.erase(Erasure::Document(first), now).unwrap();
    assert_eq!(vault.search("本文ab", None, None, 10).unwrap().hits.len(), 1);
    assert!(codec::encode(&vault.people().unwrap()).is_ok());
}
