//! The life of a vault: made, locked, opened in each way, and never made a second time.

use techo_bindings::{
    ExportFormat, Key, Language, NewKeys, Position, SlotKind, TechoError, TimelineQuery, Vault, error_text, make_device_secret, slot_kinds,
    vault_exists, version,
};

use crate::scene::{Notebook, PASSPHRASE, add_hanako, device, device_key, passphrase_key};

#[test]
fn a_vault_is_made_once_locked_and_opened_again() {
    let (notebook, vault) = Notebook::with_passphrase();
    assert!(vault_exists(notebook.dir()) && !vault.is_locked() && !vault.is_sample());
    let hanako = add_hanako(&vault);
    assert_eq!((hanako.born.as_str(), hanako.sex_text.as_str(), hanako.records), ("1972-04-15", "女", 0));
    let keys = || NewKeys { device: Some(device()), passphrase: None };
    assert_eq!(Vault::create(notebook.dir(), keys(), Language::Japanese).err(), Some(TechoError::VaultExists));
    assert_eq!(notebook.open().err(), Some(TechoError::VaultInUse));

    vault.lock();
    assert!(vault.is_locked());
    assert_eq!(vault.people().err(), Some(TechoError::Locked));
    assert_eq!(vault.position().err(), Some(TechoError::Locked));
    vault.lock();

    assert_eq!(slot_kinds(notebook.dir()), Ok(vec![SlotKind::Device, SlotKind::Passphrase]));
    for key in [device_key(), passphrase_key(PASSPHRASE)] {
        let again = Vault::open(notebook.dir(), key, None, Language::English).unwrap();
        let people = again.people().unwrap();
        assert_eq!((people[0].name.as_str(), people[0].sex_text.as_str()), ("手帳 花子", "female"));
        again.speak(Language::Japanese);
        assert_eq!(again.people().unwrap()[0].sex_text, "女");
        again.lock();
    }
    assert_eq!(Vault::create(notebook.dir(), keys(), Language::Japanese).err(), Some(TechoError::VaultExists));
}

#[test]
fn a_wrong_passphrase_is_a_wrong_passphrase_and_changes_nothing() {
    let (notebook, vault) = Notebook::with_passphrase();
    add_hanako(&vault);
    vault.lock();
    let wrong = Vault::open(notebook.dir(), passphrase_key("夏は夜"), None, Language::Japanese).err();
    assert_eq!(wrong, Some(TechoError::WrongKey));
    assert_eq!(error_text(wrong.unwrap(), Language::Japanese).kind, "wrong_passphrase");
    let empty = Vault::open(notebook.dir(), passphrase_key("\n"), None, Language::Japanese).err();
    assert_eq!(empty, Some(TechoError::PassphraseEmpty));
    assert_eq!(notebook.open().unwrap().people().unwrap().len(), 1);
}

#[test]
fn where_there_is_no_vault_none_is_made_by_opening() {
    let notebook = Notebook::nowhere();
    assert!(!vault_exists(notebook.dir()));
    assert_eq!(notebook.open().err(), Some(TechoError::VaultMissing));
    assert_eq!(slot_kinds(notebook.dir()), Err(TechoError::VaultMissing));
    assert!(!std::path::Path::new(&notebook.dir()).exists());
    let nothing = NewKeys { device: None, passphrase: None };
    assert_eq!(Vault::create(notebook.dir(), nothing, Language::Japanese).err(), Some(TechoError::KeyUnavailable));
    let short = NewKeys { device: Some(vec![1; 31]), passphrase: None };
    assert_eq!(Vault::create(notebook.dir(), short, Language::Japanese).err(), Some(TechoError::KeyUnavailable));
    assert!(!vault_exists(notebook.dir()));
}

#[test]
fn after_the_keystore_was_reset_the_passphrase_or_the_kit_opens_the_same_vault() {
    let (notebook, vault) = Notebook::with_passphrase();
    add_hanako(&vault);
    let kit = vault.make_recovery_kit().unwrap();
    assert_eq!((kit.code.len(), kit.lines.len(), kit.title.as_str()), (47, 4, "手帳の復旧キット"));
    vault.lock();

    // The keystore made a new key: what it unseals is another secret.
    let reset = Vault::open(notebook.dir(), Key::Device { secret: vec![8; 32] }, None, Language::Japanese).err();
    assert_eq!(reset, Some(TechoError::WrongKey));
    assert_eq!(slot_kinds(notebook.dir()).unwrap().len(), 3);
    let mistyped = kit.code.replacen(kit.code.chars().next().unwrap(), if kit.code.starts_with('0') { "1" } else { "0" }, 1);
    let told = Vault::open(notebook.dir(), Key::Recovery { code: mistyped }, None, Language::Japanese).err();
    assert_eq!(told, Some(TechoError::RecoveryCodeMistyped { group: Some(1) }));

    let opened = Vault::open(notebook.dir(), Key::Recovery { code: kit.code.to_lowercase() }, None, Language::Japanese).unwrap();
    assert_eq!(opened.people().unwrap()[0].name, "手帳 花子");
    // Who has the kit is present, and gives the new keystore its own secret and the person a new passphrase.
    let fresh = make_device_secret().unwrap();
    opened.set_device_secret(fresh.clone()).unwrap();
    opened.set_passphrase("秋は夕暮れ".to_owned()).unwrap();
    opened.lock();
    let again = Vault::open(notebook.dir(), Key::Device { secret: fresh }, None, Language::Japanese).unwrap();
    assert_eq!(again.people().unwrap().len(), 1);
    again.lock();
    assert_eq!(notebook.open().err(), Some(TechoError::WrongKey));
    assert!(Vault::open(notebook.dir(), passphrase_key("秋は夕暮れ"), None, Language::Japanese).is_ok());
}

#[test]
fn the_last_way_in_stays() {
    let (_notebook, vault) = Notebook::made();
    assert_eq!(vault.slots(), Ok(vec![SlotKind::Device]));
    assert_eq!(vault.remove_slot(SlotKind::Device).err(), Some(TechoError::KeyUnavailable));
    assert_eq!(vault.remove_slot(SlotKind::Passphrase).err(), Some(TechoError::KeyUnavailable));
    vault.make_recovery_kit().unwrap();
    vault.remove_slot(SlotKind::Device).unwrap();
    assert_eq!(vault.slots(), Ok(vec![SlotKind::Recovery]));
}

#[test]
fn whoever_the_keystore_let_in_must_show_that_it_is_they() {
    let (notebook, vault) = Notebook::with_passphrase();
    assert_eq!(vault.needs_presence(), Ok(false));
    vault.lock();
    let vault = notebook.open().unwrap();
    assert_eq!(vault.needs_presence(), Ok(true));
    let out = notebook.path("out.csv");
    assert_eq!(vault.export(ExportFormat::Csv, None, None, out.clone()).err(), Some(TechoError::PresenceNeeded));
    assert_eq!(vault.backup(out.clone(), PASSPHRASE.to_owned()).err(), Some(TechoError::PresenceNeeded));
    assert_eq!(vault.set_passphrase("別の合言葉".to_owned()).err(), Some(TechoError::PresenceNeeded));
    assert_eq!(vault.set_device_secret(vec![9; 32]).err(), Some(TechoError::PresenceNeeded));
    assert_eq!(vault.remove_slot(SlotKind::Passphrase).err(), Some(TechoError::PresenceNeeded));
    assert_eq!(vault.make_recovery_kit().err(), Some(TechoError::PresenceNeeded));
    assert!(!std::path::Path::new(&out).exists());
    assert_eq!(vault.confirm_presence(passphrase_key("夏は夜")).err(), Some(TechoError::WrongKey));
    vault.confirm_presence(device_key()).unwrap();
    assert_eq!(vault.needs_presence(), Ok(false));
    vault.make_recovery_kit().unwrap();
    vault.export(ExportFormat::Csv, None, None, out.clone()).unwrap();
    assert!(std::path::Path::new(&out).is_file());
    vault.lock();
    let opened = Vault::open(notebook.dir(), passphrase_key(PASSPHRASE), None, Language::Japanese).unwrap();
    assert_eq!(opened.needs_presence(), Ok(false));
}

#[test]
fn a_person_is_added_once_and_with_all_that_is_needed() {
    let (_notebook, vault) = Notebook::made();
    let hanako = add_hanako(&vault);
    let new = |name: &str, born: &str| techo_bindings::NewPerson {
        name: name.to_owned(),
        kana: None,
        former_names: Vec::new(),
        born: born.to_owned(),
        sex: techo_bindings::Sex::Female,
        gestation: None,
    };
    let field = |field: &str| Some(TechoError::PersonInvalid { field: field.to_owned() });
    assert_eq!(vault.add_person(new("  ", "1972-04-15")).err(), field("name"));
    assert_eq!(vault.add_person(new("手帳 春子", "1972-04")).err(), field("born"));
    assert_eq!(vault.add_person(new("手帳 春子", "いつか")).err(), field("born"));
    assert_eq!(vault.add_person(new("手帳　花子", "昭和47年4月15日")).err(), Some(TechoError::PersonExists));
    assert_eq!(vault.people().unwrap(), [hanako]);
}

#[test]
fn the_position_that_a_shell_keeps_finds_a_directory_that_was_put_back() {
    let (notebook, vault) = Notebook::made();
    let old = notebook.copy();
    add_hanako(&vault);
    let seen = vault.position().unwrap();
    vault.lock();
    let open = |notebook: &Notebook, seen: Position| Vault::open(notebook.dir(), device_key(), Some(seen), Language::Japanese);
    assert_eq!(open(&old, seen.clone()).err(), Some(TechoError::VaultRolledBack { missing: 1 }));
    assert_eq!(open(&notebook, Position { bytes: vec![1, 2, 3] }).err(), Some(TechoError::VaultUnproven));
    assert_eq!(open(&notebook, seen.clone()).unwrap().position(), Ok(seen));
}

#[test]
fn a_vault_that_is_whole_says_so() {
    let (_notebook, vault) = Notebook::made();
    add_hanako(&vault);
    let verification = vault.verify().unwrap();
    assert!(verification.ok && verification.problems.is_empty());
    assert_eq!((verification.people[0].name.as_str(), verification.people[0].root.len()), ("手帳 花子", 64));
    assert_eq!(version(), env!("CARGO_PKG_VERSION"));
    let nobody = TimelineQuery { person: None, kind: None, from: None, until: None, after: None, limit: 0 };
    assert!(vault.timeline(nobody).unwrap().rows.is_empty());
}

#[test]
fn what_is_to_come_for_a_person_crosses_in_pages() {
    let (_notebook, vault) = Notebook::made();
    let hanako = add_hanako(&vault);
    let plan = vault.vaccination_plan(hanako.id.clone(), "2026-11-22".to_owned(), 0).unwrap();
    assert!(plan.doses.iter().any(|dose| dose.vaccine == "zoster" && dose.status == "upcoming" && !dose.why.is_empty()));
    assert!(plan.next.is_none() && plan.no_plan_text.is_none() && plan.note.contains("医師の判断に代わるものではありません"));
    let due = vault.due(hanako.id.clone(), "2026-11-22".to_owned(), 0).unwrap();
    assert!(due.items.iter().any(|item| item.kind == "cancer_screening" && item.date == "2026-11-22"));
    let rest = vault.due(hanako.id.clone(), "2026-11-22".to_owned(), 1).unwrap();
    assert_eq!(rest.items.first(), due.items.get(1));
    let before = vault.vaccination_plan(hanako.id, "1970-01-01".to_owned(), 0).unwrap();
    assert!(before.doses.is_empty() && before.no_plan_text.is_some());
    assert_eq!(vault.due("x".to_owned(), "2026-11-22".to_owned(), 0).err(), Some(TechoError::NotFound));
}
