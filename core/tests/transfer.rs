//! Archive, backup and restore from outside, with real documents, the real work of a seal, a restore that is killed and a
//! disk that is full.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use techo_core::{
    base::{DeviceSecret, Passphrase, PersonId},
    formats::health_card::KeySet,
    intake::{Incoming, Permissions, take_in},
    present::Language,
    record::{Person, Sex},
    transfer::{self, Choice, Progress, TransferError},
    vault::{NewSlots, Unlock, Vault},
};

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

fn passphrase() -> Passphrase {
    Passphrase::new("手帳の控え 2026").unwrap()
}

fn secret() -> DeviceSecret {
    DeviceSecret::from_bytes([5; 32])
}

fn open(dir: &Path) -> Vault {
    let vault = Vault::open(dir, Unlock::Device(&secret())).unwrap();
    vault.confirm_presence(Unlock::Device(&secret()), now()).unwrap();
    vault
}

fn quiet(_: Progress) {}

fn names(dir: &Path) -> BTreeSet<String> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// A vault with the sample family's documents, read as a person's are.
fn family(dir: &Path) -> Vault {
    let device = secret();
    let vault = Vault::create(dir, &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
    vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/family");
    let people = [
        (1, "手帳 花子", "テチョウ ハナコ", "1972-04-15", Sex::Female, "hanako"),
        (2, "手帳 太郎", "テチョウ タロウ", "2019-06-20", Sex::Male, "taro"),
        (3, "手帳 一郎", "テチョウ イチロウ", "1970-11-02", Sex::Male, "ichiro"),
    ];
    for (id, name, kana, born, sex, prefix) in people {
        let mut person = Person::new(PersonId::from_bytes([id; 16]), name, born.parse().unwrap(), sex).unwrap();
        person.kana = Some(kana.to_owned());
        vault.add_person(&person, now()).unwrap();
        for file in names(&fixtures).iter().filter(|file| file.starts_with(prefix)) {
            let bytes = fs::read(fixtures.join(file)).unwrap();
            let incoming = Incoming { bytes: &bytes, name: Some(file), now: now() };
            take_in(&vault, &person, incoming, &KeySet::new(now().timestamp()), Permissions::default(), &mut |outcome| {
                drop(outcome.result.unwrap());
            });
        }
    }
    vault
}

fn restore(dir: &Path, backup: &Path, progress: &mut dyn FnMut(Progress)) -> Result<transfer::ArchiveImport, TransferError> {
    let device = secret();
    let slots = NewSlots { device: Some(&device), ..NewSlots::default() };
    transfer::restore(dir, &slots, backup, Some(&passphrase()), now(), progress)
}

#[test]
fn a_familys_backup_restores_to_the_same_roots_and_a_wrong_passphrase_damage_and_a_missing_end_are_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    let vault = family(&path("vault"));
    let content = transfer::backup(&vault, &path("backup"), &passphrase(), now(), &mut quiet).unwrap();
    assert_eq!(content.people, vault.roots().unwrap());
    assert!(content.people.iter().all(|person| person.records > 2) && content.documents > 10, "{content:?}");

    let report = restore(&path("again"), &path("backup"), &mut quiet).unwrap();
    let again = open(&path("again"));
    assert!(report.people.iter().all(|person| person.root_equal && person.records == person.expected), "{report:?}");
    assert_eq!(again.roots().unwrap(), vault.roots().unwrap());
    assert!(again.verify().unwrap().ok);
    // What the two export is the same, byte for byte, in every form.
    for (vault, name) in [(&vault, "one"), (&again, "two")] {
        transfer::export_archive(vault, None, &path(&format!("{name}.techo")), None, now(), &mut quiet).unwrap();
        transfer::export_csv(vault, &Choice::of(None), &path(&format!("{name}.csv")), Language::Japanese, now(), &mut quiet).unwrap();
        transfer::export_fhir(vault, &Choice::of(None), &path(&format!("{name}.json")), now(), &mut quiet).unwrap();
        transfer::export_originals(vault, None, &path(&format!("{name}.zip")), now(), &mut quiet).unwrap();
    }
    for form in ["techo", "csv", "json", "zip"] {
        let read = |name: &str| fs::read(path(&format!("{name}.{form}"))).unwrap();
        assert!(read("one") == read("two"), "{form}");
    }

    let good = fs::read(path("backup")).unwrap();
    let mut damaged = good.clone();
    let middle = good.len() / 2;
    *damaged.get_mut(middle).unwrap() ^= 1;
    let mut damaged_header = good.clone();
    *damaged_header.get_mut(70).unwrap() ^= 1;
    fs::write(path("damaged"), damaged).unwrap();
    fs::write(path("damaged header"), damaged_header).unwrap();
    fs::write(path("truncated"), good.get(..middle).unwrap()).unwrap();
    let check = |name: &str, words: &str| transfer::check_archive(&path(name), Passphrase::new(words).ok().as_ref(), &mut quiet).err();
    assert_eq!(check("backup", "別の言葉"), Some(TransferError::WrongPassphrase));
    assert_eq!(check("backup", ""), Some(TransferError::PassphraseNeeded));
    assert_eq!(check("damaged", "手帳の控え 2026"), Some(TransferError::Damaged("a sealed chunk")));
    assert_eq!(check("damaged header", "手帳の控え 2026"), Some(TransferError::Damaged("its header")));
    assert_eq!(check("truncated", "手帳の控え 2026"), Some(TransferError::Truncated));
    // A passphrase typed in another width is the same one.
    assert_eq!(check("backup", "手帳の控え ２０２６"), None);
}

const KILLED: &str = "TECHO_TEST_KILLED_RESTORE";

/// Not a test of its own: restores, and ends the process without any tidying at the given step.
#[test]
#[ignore = "run as a child of a_restore_that_is_killed_leaves_no_vault"]
fn is_killed_while_restoring() {
    let Some(told) = std::env::var_os(KILLED) else { return };
    let told = told.into_string().unwrap();
    let (steps, home) = told.split_once(' ').unwrap();
    let mut left: u32 = steps.parse().unwrap();
    let home = PathBuf::from(home);
    restore(&home.join("again"), &home.join("backup"), &mut |_| {
        left -= 1;
        if left == 0 {
            std::process::abort();
        }
    })
    .unwrap();
}

#[test]
fn a_restore_that_is_killed_leaves_no_vault() {
    let home = tempfile::tempdir().unwrap();
    // Not sealed: unsealing takes no progress, and its work is nothing to be killed in.
    let backup = home.path().join("backup");
    transfer::export_archive(&family(&home.path().join("vault")), None, &backup, None, now(), &mut quiet).unwrap();
    let mut steps = 0_u32;
    restore(&home.path().join("whole"), &backup, &mut |_| steps += 1).unwrap();
    // Early while checking, late while checking, while filing, at the very end of filing.
    for step in [1, steps / 2 - 1, steps / 2 + 3, steps - 4, steps] {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "is_killed_while_restoring", "--ignored"])
            .env(KILLED, format!("{step} {}", home.path().display()))
            .output()
            .unwrap();
        assert!(!child.status.success(), "step {step} of {steps}: {}", String::from_utf8_lossy(&child.stdout));
        assert!(!home.path().join("again").exists(), "step {step} of {steps}");
    }
    restore(&home.path().join("again"), &backup, &mut quiet).unwrap();
    assert!(open(&home.path().join("again")).verify().unwrap().ok);
}

const FULL: &str = "TECHO_TEST_FULL_DISK";
const DONE: &str = "nothing was left on the full disk";

/// Not a test of its own: runs inside a mount namespace in which the directory is a small file system.
#[test]
#[ignore = "run as a child of a_full_disk_is_named_and_nothing_is_left_on_it"]
fn writes_to_a_full_disk() {
    let Some(full) = std::env::var_os(FULL).map(PathBuf::from) else { return };
    let home = tempfile::tempdir().unwrap();
    let vault = family(&home.path().join("vault"));
    let lines = vault.ledger(0, 10_000).unwrap().len();
    let out = full.join("out");
    fs::write(&out, "what was here").unwrap();
    let refused = Err(TransferError::NoSpace);
    assert_eq!(transfer::export_archive(&vault, None, &out, None, now(), &mut quiet).map(drop), refused);
    assert_eq!(transfer::export_csv(&vault, &Choice::of(None), &out, Language::Japanese, now(), &mut quiet).map(drop), refused);
    assert_eq!(transfer::export_fhir(&vault, &Choice::of(None), &out, now(), &mut quiet).map(drop), refused);
    assert_eq!(transfer::export_originals(&vault, None, &out, now(), &mut quiet).map(drop), refused);
    assert_eq!(transfer::backup(&vault, &out, &passphrase(), now(), &mut quiet).map(drop), refused);
    assert_eq!((fs::read(&out).unwrap(), names(&full).len()), (b"what was here".to_vec(), 1));
    assert_eq!(vault.ledger(0, 10_000).unwrap().len(), lines);
    let backup = home.path().join("backup");
    transfer::backup(&vault, &backup, &passphrase(), now(), &mut quiet).unwrap();
    assert_eq!(restore(&full.join("vault"), &backup, &mut quiet).map(drop), refused);
    assert_eq!(names(&full).len(), 1);
    writeln!(std::io::stdout(), "{DONE}").unwrap();
}

#[test]
fn a_full_disk_is_named_and_nothing_is_left_on_it() {
    let home = tempfile::tempdir().unwrap();
    // Its own user and mount namespace: a real, small file system without being root.
    let script = r#"mount -t tmpfs -o size=32k tmpfs "$1" && exec "$2" --exact writes_to_a_full_disk --ignored --nocapture"#;
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(home.path())
        .arg(std::env::current_exe().unwrap())
        .env(FULL, home.path())
        .output();
    let said = output.map(|output| format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)));
    let said = said.unwrap_or_else(|error| error.to_string());
    if !said.contains("running 1 test") {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no small file system to be had: {said}");
        writeln!(std::io::stderr(), "SKIPPED: a_full_disk_is_named_and_nothing_is_left_on_it: no small file system to be had").unwrap();
        return;
    }
    assert!(said.contains(DONE), "{said}");
}
