//! Archives that are not what was written: each is named, and nothing is written for any of them.

use super::*;
use crate::transfer::{check_archive, export_archive, import_archive};

/// A small archive: one person, one document of three events.
fn small(scene: &Scene, name: &str, sealed: bool) -> (Vec<u8>, PathBuf) {
    let vault = scene.empty(&format!("vault of {name}"));
    vault.add_person(&person(HANAKO, "手帳 花子", "1980-05-03"), at(0)).unwrap();
    file(&vault, HANAKO, 1, samples::documents().remove(2));
    let path = scene.path(name);
    export_archive(&vault, None, &path, sealed.then(passphrase).as_ref(), at(9), &mut quiet).unwrap();
    (fs::read(&path).unwrap(), path)
}

fn checked(path: &Path, bytes: &[u8]) -> Option<TransferError> {
    fs::write(path, bytes).unwrap();
    check_archive(path, Some(&passphrase()), &mut quiet).err()
}

#[test]
fn every_flipped_byte_of_a_plain_archive_is_noticed() {
    let scene = Scene::new();
    let (good, path) = small(&scene, "plain", false);
    assert_eq!(checked(&path, &good), None);
    for place in 0..good.len() {
        let mut bytes = good.clone();
        bytes[place] ^= 1 << (place % 8);
        let error = checked(&path, &bytes);
        let named = matches!(error, Some(TransferError::Damaged(_) | TransferError::TooNew { .. }));
        assert!(named, "byte {place}: {error:?}");
    }
}

#[test]
fn every_length_of_a_plain_archive_but_the_whole_is_truncated() {
    let scene = Scene::new();
    let (good, path) = small(&scene, "plain", false);
    for length in 0..good.len() {
        assert_eq!(checked(&path, &good[..length]), Some(TransferError::Truncated), "length {length}");
    }
    assert_eq!(checked(&path, &[good.as_slice(), &[0]].concat()), Some(TransferError::Damaged("bytes behind the end")));
}

/// All of the header and the end, and a sample between: each opening costs what age needs to measure this machine.
fn places(length: usize) -> impl Iterator<Item = usize> {
    let step = if std::env::var_os("TECHO_XTASK").is_some() { 41 } else { 509 };
    (0..length).filter(move |place| *place < 200 || length - *place < 40 || place % step == 0)
}

#[test]
fn a_flipped_byte_of_a_sealed_archive_is_damage_and_not_a_wrong_passphrase() {
    let scene = Scene::new();
    let (good, path) = small(&scene, "sealed", true);
    assert_eq!(checked(&path, &good), None);
    for place in places(good.len()) {
        let mut bytes = good.clone();
        bytes[place] ^= 1 << (place % 8);
        assert!(matches!(checked(&path, &bytes), Some(TransferError::Damaged(_))), "byte {place}: {:?}", checked(&path, &bytes));
    }
}

#[test]
fn every_length_of_a_sealed_archive_but_the_whole_is_truncated() {
    let scene = Scene::new();
    let (good, path) = small(&scene, "sealed", true);
    for length in places(good.len()) {
        assert_eq!(checked(&path, &good[..length]), Some(TransferError::Truncated), "length {length}");
    }
    for extra in [1, 100, 70_000] {
        let longer = [good.as_slice(), &vec![7; extra]].concat();
        assert!(matches!(checked(&path, &longer), Some(TransferError::Damaged(_))), "{extra}: {:?}", checked(&path, &longer));
    }
}

#[test]
fn a_large_sealed_archive_is_cut_and_damaged_by_name_too() {
    let scene = Scene::new();
    let vault = scene.empty("vault");
    vault.add_person(&person(HANAKO, "手帳 花子", "1980-05-03"), at(0)).unwrap();
    // Bytes that do not compress, so that there are several chunks.
    let noise: Vec<u8> = (0_u32..10_000).flat_map(|number| *Fingerprint::of(&number.to_be_bytes()).as_bytes()).collect();
    file_parts(&vault, HANAKO, 1, vec![noise], samples::documents().remove(0));
    let path = scene.path("sealed");
    export_archive(&vault, None, &path, Some(&passphrase()), at(9), &mut quiet).unwrap();
    let good = fs::read(&path).unwrap();
    assert!(good.len() > 300_000 && checked(&path, &good).is_none());
    let chunk = 65_552;
    let head = 166;
    for length in [head, head + chunk, head + 2 * chunk, head + 3 * chunk - 1, head + 3 * chunk + 17, head + 4 * chunk, good.len() - 1] {
        assert_eq!(checked(&path, &good[..length]), Some(TransferError::Truncated), "length {length}");
    }
    for place in (170..good.len()).step_by(30_011) {
        let mut bytes = good.clone();
        bytes[place] ^= 4;
        assert_eq!(checked(&path, &bytes), Some(TransferError::Damaged("a sealed chunk")), "byte {place}");
    }
    for extra in [1, 40_000, 66_000] {
        let longer = [good.as_slice(), &vec![7; extra]].concat();
        assert!(matches!(checked(&path, &longer), Some(TransferError::Damaged(_))), "{extra}: {:?}", checked(&path, &longer));
    }
}

#[test]
fn a_wrong_passphrase_none_and_too_much_work_are_told_apart() {
    let scene = Scene::new();
    let (good, path) = small(&scene, "sealed", true);
    let with = |words: &str| check_archive(&path, Passphrase::new(words).ok().as_ref(), &mut quiet).err();
    assert_eq!(
        (with("夏の手帳"), with(""), with("春の手帳")),
        (Some(TransferError::WrongPassphrase), Some(TransferError::PassphraseNeeded), None)
    );
    // Sealed by somebody else who wants 2^30: written with the library, with little work, and then the number changed. The
    // length is made to fit, as ours would be.
    let text = String::from_utf8_lossy(&good[..60]).into_owned();
    let place = text.find(" 2\n").unwrap() + 1;
    let mut bytes = [&good[..place], b"30".as_slice(), &good[place + 1..]].concat();
    let header = bytes.windows(5).position(|window| window == b"\n--- ").unwrap() + 1 + 48;
    let last = 32_768
        + (usize::from(Fingerprint::of(&bytes[..header]).as_bytes()[0]) << 8
            | usize::from(Fingerprint::of(&bytes[..header]).as_bytes()[1]))
            / 2;
    bytes.resize(header + 16 + last + 16, 0);
    assert_eq!(checked(&path, &bytes), Some(TransferError::TooMuchWork { required: 30, most: 18 }));
}

#[test]
fn other_files_are_no_archives() {
    let scene = Scene::new();
    let path = scene.path("file");
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let others: [&[u8]; 5] =
        [b"{\"resourceType\":\"Bundle\"}", b"PK\x03\x04", &[0; 4096], b"-----BEGIN AGE ENCRYPTED FILE-----\n", recipient.as_bytes()];
    for bytes in others {
        assert_eq!(checked(&path, bytes), Some(TransferError::NotAnArchive), "{:?}", &bytes[..4]);
        assert_eq!(crate::transfer::archive_form_at(&path), Err(TransferError::NotAnArchive));
        assert_eq!(crate::transfer::archive_form(bytes), None);
    }
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(2);
    tar.append_data(&mut header, "letter.txt", b"hi".as_slice()).unwrap();
    assert_eq!(checked(&path, &tar.into_inner().unwrap()), Some(TransferError::NotAnArchive));
    let directory = check_archive(scene.home.path(), None, &mut quiet);
    assert_eq!(directory.err(), Some(TransferError::Io(std::io::ErrorKind::IsADirectory)));
}

/// An archive's entries taken apart and put together otherwise, with the checksums made to fit.
pub(super) fn rebuilt(good: &[u8], change: impl Fn(&mut Vec<(String, Vec<u8>)>)) -> Vec<u8> {
    use std::io::Read as _;
    let mut entries: Vec<(String, Vec<u8>)> = tar::Archive::new(good)
        .entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect();
    change(&mut entries);
    let sum = |name: &str, bytes: &[u8]| format!("{}  {name}\n", Fingerprint::of(bytes));
    let listed = entries.iter().filter(|(name, _)| !name.starts_with("manifest."));
    let lines: Vec<String> = listed.map(|(name, bytes)| sum(name, bytes)).collect();
    if let Some(manifest) = entries.iter().position(|(name, _)| name == "manifest.json") {
        let text = String::from_utf8(entries[manifest].1.clone()).unwrap();
        let (before, _) = text.split_once("\"entries\":").unwrap();
        let whole = Fingerprint::of(lines.concat().as_bytes());
        entries[manifest].1 = format!("{before}\"entries\":{},\"sum\":\"{whole}\"}}", lines.len()).into_bytes();
        let summed = sum("manifest.json", &entries[manifest].1);
        if let Some((_, bytes)) = entries.iter_mut().find(|(name, _)| name == "manifest.sha256") {
            *bytes = summed.into_bytes();
        }
    }
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in &entries {
        let mut header = tar::Header::new_ustar();
        // Written past the library's own check, as somebody with bad intentions would.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        out.append(&header, bytes.as_slice()).unwrap();
    }
    out.into_inner().unwrap()
}

type Entries = Vec<(String, Vec<u8>)>;

#[test]
fn entries_that_are_missing_extra_moved_or_elsewhere_are_refused_even_with_fitting_checksums() {
    let scene = Scene::new();
    let (good, path) = small(&scene, "plain", false);
    assert!(rebuilt(&good, |_| ()) == good);
    let extra = |name: &'static str| move |entries: &mut Entries| entries.insert(3, (name.to_owned(), b"x".to_vec()));
    let count = tar::Archive::new(good.as_slice()).entries().unwrap().count();
    for missing in 0..count {
        let bytes = rebuilt(&good, |entries: &mut Entries| drop(entries.remove(missing)));
        let error = checked(&path, &bytes);
        assert!(matches!(error, Some(TransferError::Damaged(_) | TransferError::NotAnArchive)), "without {missing}: {error:?}");
        let bytes = rebuilt(&good, |entries: &mut Entries| entries.insert(missing, entries[missing].clone()));
        assert!(matches!(checked(&path, &bytes), Some(TransferError::Damaged(_))), "{missing} twice");
        let bytes = rebuilt(&good, |entries: &mut Entries| entries.swap(missing, (missing + 1) % count));
        let error = checked(&path, &bytes);
        assert!(matches!(error, Some(TransferError::Damaged(_) | TransferError::NotAnArchive)), "{missing} moved: {error:?}");
    }
    for name in ["../../etc/passwd", "/etc/passwd", "people/..", "letter.txt", "people/x/000001/document.json", "ledger-00002.jsonl"] {
        let error = checked(&path, &rebuilt(&good, extra(name)));
        assert!(matches!(error, Some(TransferError::Damaged(_))), "{name}: {error:?}");
    }
}

#[test]
fn content_that_contradicts_itself_is_refused_even_with_fitting_checksums() {
    let scene = Scene::new();
    let (good, path) = small(&scene, "plain", false);
    let swap = |name: &'static str, from: &'static str, to: &'static str| {
        move |entries: &mut Entries| {
            let (_, bytes) = entries.iter_mut().find(|(own, _)| own.ends_with(name)).unwrap();
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.contains(from), "{from} in {text}");
            *bytes = text.replacen(from, to, 1).into_bytes();
        }
    };
    for (name, from, to) in [
        ("events-00001.jsonl", "\"position\":1", "\"position\":0"),
        ("events-00001.jsonl", "アムロジピン", "ワルファリン"),
        ("events-00001.jsonl", "\"kind\":\"allergy\"", "\"kind\":\"nonsense\""),
        ("events-00001.jsonl", "\"title\":", "\"title\": "),
        ("events-00001.jsonl", "}\n", "}\n\n"),
        ("document.json", "\"parts\":1", "\"parts\":2"),
        ("document.json", "Z\"", "+00:00\""),
        ("document.json", "\"about\"", "\"ledger\":3,\"about\""),
        ("original", "original", "Original"),
        ("people.jsonl", "手帳 花子", " "),
        ("people.jsonl", "1980-05-03", "1980-05"),
        ("manifest.json", "\"documents\":1", "\"documents\":2"),
        ("manifest.json", "\"root\":\"", "\"root\":\"00"),
    ] {
        let error = checked(&path, &rebuilt(&good, swap(name, from, to)));
        assert!(matches!(error, Some(TransferError::Damaged(_))), "{name} {from}: {error:?}");
    }
    let newer = checked(&path, &rebuilt(&good, swap("techo-archive.json", "\"version\":2", "\"version\":12,\"more\":true")));
    assert_eq!(newer, Some(TransferError::TooNew { found: 12, known: 4 }));
    // An archive of the first version is the same but for its number, and is read; there was never a version 0.
    assert_eq!(checked(&path, &rebuilt(&good, swap("techo-archive.json", "\"version\":2", "\"version\":1"))), None);
    let none = checked(&path, &rebuilt(&good, swap("techo-archive.json", "\"version\":2", "\"version\":0")));
    assert!(matches!(none, Some(TransferError::Damaged(_))), "{none:?}");
}

#[test]
fn a_damaged_archive_changes_nothing_in_the_vault() {
    let scene = Scene::new();
    let (good, path) = small(&scene, "plain", false);
    let vault = scene.family("to");
    let other = scene.empty("nobody here");
    let before = (shown(&vault), ledger(&vault));
    let mut bytes = good.clone();
    let place = bytes.len() - 1500;
    bytes[place] ^= 1;
    for bytes in [bytes.as_slice(), &good[..good.len() - 600], &good[..700]] {
        fs::write(&path, bytes).unwrap();
        import_archive(&vault, &path, None, at(5), &mut quiet).unwrap_err();
        assert_eq!((shown(&vault), ledger(&vault)), before);
        import_archive(&other, &path, None, at(5), &mut quiet).unwrap_err();
        assert_eq!((shown(&other).len(), ledger(&other).len()), (0, 0));
    }
}
