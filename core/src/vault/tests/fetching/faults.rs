//! A crash or a failure at any point of a step leaves all of the step or nothing.

use super::*;
use crate::vault::{Act, ConsentStanding, VaultError, tests::Image};

/// Makes writing a line of this act fail, inside the transaction.
fn refuse_lines(vault: &Vault, act: &str) {
    let sql =
        format!("CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.ledger WHEN NEW.act = '{act}' BEGIN SELECT RAISE(ABORT, 'refused'); END");
    vault.read(|connection| Ok(connection.execute_batch(&sql)?)).unwrap();
}

#[test]
fn a_line_that_cannot_be_written_takes_its_row_with_it() {
    let (_scene, vault) = family();
    let grant = granted(&vault, 1, HANAKO);
    refuse_lines(&vault, "fetch_started");
    assert!(matches!(vault.begin_fetch(grant, b"", at(600), at(3)), Err(VaultError::Sqlite(_))));
    assert_eq!((rows(&vault), vault.consent(id(1)).unwrap().standing()), ([0, 0, 0], ConsentStanding::Granted));
    vault.read(|connection| Ok(connection.execute_batch("DROP TRIGGER refuse")?)).unwrap();

    begun(&vault, 2, HANAKO);
    refuse_lines(&vault, "fetched");
    let filing = document(HANAKO, "answer", &[weight("50.5")], Some(id(2)));
    assert!(vault.end_fetch(id(2), (Act::Fetched, "{}"), &[filing], at(5)).is_err());
    assert_eq!((rows(&vault), vault.documents(None).unwrap().len()), ([1, 0, 0], 0));
    vault.read(|connection| Ok(connection.execute_batch("DROP TRIGGER refuse")?)).unwrap();

    refuse_lines(&vault, "consent_withdrawn");
    assert!(vault.withdraw_consent(id(2), false, at(6)).is_err());
    assert_eq!((rows(&vault), vault.consent(id(2)).unwrap().standing()), ([1, 0, 0], ConsentStanding::Fetching));
    assert!(is_sound(&vault));
}

/// What a crash in the middle of `step` can leave: the files from before, with the log as far as it was written.
fn crashes(prepare: impl Fn(&Vault), step: impl Fn(&Vault), check: impl Fn(&Vault)) {
    let (scene, vault) = family();
    prepare(&vault);
    let before = scene.image();
    // The log as it grows, before the checkpoint that follows the end of a fetch cuts it.
    let log = scene.file("vault-wal");
    let grown: Image = std::thread::scope(|_| {
        step(&vault);
        scene.image()
    });
    drop(vault);
    let (start, end) = (before[&log].len(), grown[&log].len());
    assert!(end > start, "the step wrote nothing into the log");
    let mut seen = BTreeSet::new();
    // At every frame's end, within its header, and in the middle of its page.
    let frame = 4096 + 24;
    for cut in (start..=end).step_by(frame).flat_map(|at| [at, at + 11, at + 2000]).filter(|cut| *cut <= end) {
        let mut crashed = before.clone();
        crashed.insert(log.clone(), grown[&log][..cut].to_vec());
        scene.put_back(&crashed);
        let vault = scene.open().unwrap();
        check(&vault);
        assert!(is_sound(&vault), "cut at {cut}");
        seen.insert(rows(&vault));
        drop(vault);
    }
    assert_eq!(seen.len(), 2, "both sides of the step were seen: {seen:?}");
}

#[test]
fn killed_while_it_begins_a_fetch_has_its_line_and_its_row_or_neither() {
    crashes(
        |vault| drop(granted(vault, 1, HANAKO)),
        |vault| {
            let grant = yes(request(1, HANAKO), at(2));
            vault.begin_fetch(grant, b"state 1", at(600), at(3)).unwrap();
        },
        |vault| {
            let has_row = rows(vault) == [1, 0, 0];
            let standing = vault.consent(id(1)).unwrap().standing();
            assert_eq!(standing, if has_row { ConsentStanding::Fetching } else { ConsentStanding::Granted });
        },
    );
}

#[test]
fn killed_while_it_ends_a_fetch_is_over_with_everything_filed_or_goes_on() {
    crashes(
        |vault| {
            begun(vault, 1, HANAKO);
            vault.fetch_key(id(1), 0).unwrap();
        },
        |vault| {
            // As `end_fetch`, without the checkpoint behind it.
            let filings = [document(HANAKO, "answer", &[weight("50.5")], Some(id(1)))];
            vault.file_fetched(id(1), (Act::Fetched, "{}"), &filings, at(9)).unwrap();
        },
        |vault| {
            let told = vault.consent(id(1)).unwrap();
            let seen = (rows(vault), told.standing(), told.documents.len());
            assert!(seen == ([1, 1, 0], ConsentStanding::Fetching, 0) || seen == ([0, 0, 0], ConsentStanding::Fetched, 1), "{seen:?}");
        },
    );
}

#[test]
fn a_loss_that_is_accepted_ends_the_fetches_that_were_running_and_keeps_the_settings() {
    let (scene, vault) = family();
    vault.set_setting(crate::vault::Setting::Reauthenticate, false, at(1)).unwrap();
    begun(&vault, 1, HANAKO);
    vault.fetch_key(id(1), 0).unwrap();
    begun(&vault, 2, TARO);
    drop(vault);
    let vault = scene.open().unwrap();
    vault.note_act(at(5), Act::Exported, None).unwrap();
    let mut crashed = scene.image();
    drop(vault);
    crashed.remove(&scene.file("vault-wal"));
    scene.put_back(&crashed);
    assert_eq!(scene.open().err(), Some(VaultError::VaultRolledBack { missing: 1 }));

    let (vault, _) = Vault::accept_loss(&scene.dir(), Unlock::Device(&secret()), at(7)).unwrap();
    assert_eq!((rows(&vault), vault.fetches().unwrap().len()), ([0, 0, 0], 0));
    assert_eq!(acts(&vault)[9..], ["fetch_ended", "fetch_ended", "loss_accepted"]);
    let told = vault.consent(id(1)).unwrap();
    assert_eq!(told.standing(), ConsentStanding::Ended);
    assert!(told.ended.unwrap().detail.contains(r#""reason":"loss""#));
    assert_eq!(vault.setting(crate::vault::Setting::Reauthenticate), Ok(false));
    assert!(is_sound(&vault));
}
