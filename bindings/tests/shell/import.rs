//! Files in: looked at, asked about, filed once; and everything that is no file of health records.

use std::{fs::File, io::Write as _, process::Command, time::Instant};

use techo_bindings::{Erasure, ExportFormat, ImportDraft, Language, NewKeys, TechoError, TimelineQuery, Vault, restore};

use crate::scene::{Notebook, PASSPHRASE, add_hanako, add_taro, device, fixture};

fn look(vault: &Vault, path: &str) -> std::sync::Arc<ImportDraft> {
    vault.look(path.to_owned(), None).unwrap()
}

fn all() -> TimelineQuery {
    TimelineQuery { person: None, kind: None, from: None, until: None, after: None, limit: 100 }
}

#[test]
fn a_checkup_is_looked_at_filed_read_drawn_and_found() {
    let (_notebook, vault) = Notebook::made();
    let hanako = add_hanako(&vault);
    for year in 2020..=2025 {
        let draft = look(&vault, &fixture(&format!("family/hanako-tokutei-{year}.xml")));
        let view = draft.view();
        let document = &view.documents[0];
        assert!(view.can_take && !view.is_archive && view.trouble.is_none(), "{year}");
        assert_eq!((view.person.as_ref(), document.person.as_ref()), (Some(&hanako.id), Some(&hanako.id)));
        assert!(document.records > 10 && document.lines.len() > 3 && document.question.is_none());
        let done = draft.take(hanako.id.clone(), false, false).unwrap();
        assert_eq!((done.records, done.lines.len(), done.refused.len()), (document.records, 1, 0));
        let event = vault.event(done.first_event.unwrap()).unwrap();
        assert_eq!((event.row.person_name.as_str(), event.next.as_ref()), ("手帳 花子", None));
        assert!(event.row.date.unwrap().starts_with(&year.to_string()) || year > 2020);
    }
    let again = look(&vault, &fixture("family/hanako-tokutei-2025.xml"));
    assert!(again.view().documents[0].already_here && !again.view().can_take);
    assert_eq!(again.take(hanako.id.clone(), false, false).unwrap().records, 0);

    let page = vault.timeline(TimelineQuery { limit: 4, ..all() }).unwrap();
    assert_eq!(page.rows.len(), 4);
    let rest = vault.timeline(TimelineQuery { after: page.next, ..all() }).unwrap();
    assert_eq!((rest.rows.len(), rest.next), (2, None));
    let people = vault.people().unwrap();
    assert_eq!(people[0].latest, Some(page.rows[0].date_text.clone()));
    assert!(people[0].records > 50, "{}", people[0].records);

    let record = vault.event(page.rows[0].id.clone()).unwrap().records[0].clone();
    let record = vault.record(record.id.unwrap()).unwrap();
    assert!(record.details.len() > 4 && record.is_understood && record.place.is_some());
    let original = vault.original(record.document.clone()).unwrap();
    assert_eq!((original.media_type.as_str(), original.parts.len()), ("application/xml", 1));
    assert_eq!(original.parts[0], std::fs::read(fixture("family/hanako-tokutei-2025.xml")).unwrap());

    let quantities = vault.quantities(hanako.id.clone()).unwrap();
    assert!(quantities.len() > 5 && quantities[0].points >= 6, "{} of {}", quantities[0].points, quantities.len());
    for quantity in &quantities {
        let charts = vault.history(hanako.id.clone(), quantity.key.clone()).unwrap();
        assert_eq!(
            charts.iter().map(|chart| chart.rows.len()).sum::<usize>(),
            usize::try_from(quantity.points).unwrap(),
            "{}",
            quantity.key
        );
        for point in charts.iter().flat_map(|chart| &chart.lines).flat_map(|line| &line.points) {
            assert!((0.0..=1.0).contains(&point.x) && (0.0..=1.0).contains(&point.y) && !point.text.is_empty());
        }
    }
    let pressure = vault.history(hanako.id.clone(), "収縮期血圧".to_owned()).unwrap();
    assert!(pressure.len() == 1 && pressure[0].unit.as_deref() == Some("mmHg") && pressure[0].x_ticks.len() > 1, "{}", pressure.len());
    assert_eq!(vault.history(hanako.id.clone(), "ない項目".to_owned()), Ok(Vec::new()));

    let found = vault.search("血圧".to_owned(), Some(hanako.id.clone()), None, 50).unwrap();
    assert!(found.records.len() >= 12 && found.records.iter().all(|record| record.person == hanako.id));
    assert!(vault.search("ない言葉".to_owned(), None, None, 50).unwrap().records.is_empty());
    assert_eq!(vault.record("r".to_owned()).err(), Some(TechoError::NotFound));
    assert_eq!(vault.timeline(TimelineQuery { person: Some("nobody".to_owned()), ..all() }).err(), Some(TechoError::NotFound));
    assert_eq!(vault.timeline(TimelineQuery { from: Some("きのう".to_owned()), ..all() }).err(), Some(TechoError::NotFound));
}

#[test]
fn a_list_gives_a_hundred_rows_at_most_whatever_is_asked_for() {
    let notebook = Notebook::nowhere();
    let vault = Vault::sample(notebook.dir(), Language::English).unwrap();
    let hanako = vault.people().unwrap()[0].id.clone();
    assert!(vault.timeline(TimelineQuery { limit: u32::MAX, ..all() }).unwrap().rows.len() <= 100);
    let page = vault.ledger(None, u32::MAX).unwrap();
    assert!(page.lines.len() <= 100);
    let first = vault.ledger(None, 3).unwrap();
    assert_eq!((first.lines.len(), first.next, first.lines[0].number), (3, Some(first.lines[2].number), page.lines[0].number));
    let second = vault.ledger(first.next, 3).unwrap();
    assert_eq!(second.lines[0].number + 1, first.lines[2].number);
    assert!(vault.quantities(hanako).unwrap().len() <= 100);
    assert_eq!(vault.ledger(Some(1), 10).unwrap(), techo_bindings::LedgerPage { lines: Vec::new(), next: None });
}

#[test]
fn a_split_notebook_waits_for_its_other_half() {
    let (_notebook, vault) = Notebook::made();
    let hanako = add_hanako(&vault);
    let half = look(&vault, &fixture("family/hanako-okusuri-2-part2.txt"));
    assert!(half.view().documents[0].waiting.is_some() && half.view().can_take);
    let done = half.take(hanako.id.clone(), false, false).unwrap();
    assert_eq!((done.records, done.waiting.len(), done.first_event), (0, 1, None));
    let whole = look(&vault, &fixture("family/hanako-okusuri-2-part1.txt"));
    let done = whole.take(hanako.id, false, false).unwrap();
    assert!(done.records > 0 && done.waiting.is_empty());
    let row = &vault.timeline(all()).unwrap().rows[0];
    assert_eq!(vault.original(row.document.clone()).unwrap().parts.len(), 2);
}

#[test]
fn a_photo_of_a_medicine_notebooks_code_is_read() {
    let (_notebook, vault) = Notebook::made();
    let draft = look(&vault, &fixture("jahis/photo.png"));
    assert!(draft.view().can_take && draft.view().documents[0].records > 0, "{:?}", draft.view().trouble);
    let person = add_hanako(&vault);
    assert!(draft.take(person.id, true, true).unwrap().records > 0);
}

#[test]
fn somebody_elses_document_is_filed_only_when_the_person_says_so() {
    let (_notebook, vault) = Notebook::made();
    let taro = add_taro(&vault);
    let draft = look(&vault, &fixture("family/hanako-ecs.json"));
    assert!(draft.view().person.is_none());
    let refused = draft.take(taro.id.clone(), false, false).err();
    let Some(TechoError::NotThisPerson { differs }) = refused else { panic!("{refused:?}") };
    assert!(differs.contains("name") && differs.contains("born"), "{differs}");
    assert!(vault.timeline(all()).unwrap().rows.is_empty());
    assert!(draft.take(taro.id, true, false).unwrap().records > 0);
}

#[test]
fn what_cannot_be_read_says_why_and_nothing_is_filed() {
    let (notebook, vault) = Notebook::made();
    let hanako = add_hanako(&vault);
    for (file, kind) in [
        ("fhir/broken-truncated.json", "not_readable"),
        ("fhir/broken-my-number.json", "my_number"),
        ("tokutei/broken-deletion.xml", "deletion_request"),
    ] {
        let draft = look(&vault, &fixture(file));
        let view = draft.view();
        let trouble = view.trouble.clone().unwrap_or_else(|| panic!("{file} was read"));
        assert_eq!((trouble.kind.as_str(), view.can_take), (kind, false), "{file}");
        assert!(!trouble.todo.is_empty());
        assert!(draft.take(hanako.id.clone(), true, true).is_err(), "{file}");
    }
    let nothing = notebook.path("empty.json");
    std::fs::write(&nothing, b"").unwrap();
    assert_eq!(look(&vault, &nothing).view().trouble.unwrap().kind, "not_readable");
    let draft = look(&vault, &fixture("jahis/photo-without-code.png"));
    assert_eq!(draft.view().trouble.unwrap().kind, "no_qr");
    assert_eq!(draft.take(hanako.id, false, false).err(), Some(TechoError::NoQr));

    assert_eq!(vault.look(notebook.path("nowhere.xml"), None).err(), Some(TechoError::FileMissing));
    assert_eq!(vault.look(notebook.dir(), None).err(), Some(TechoError::FileUnusable));
    assert!(vault.timeline(all()).unwrap().rows.is_empty());
}

#[test]
fn a_gigabyte_picked_by_mistake_is_refused_without_reading_it() {
    let (notebook, vault) = Notebook::made();
    let hanako = add_hanako(&vault);
    let film = notebook.path("holiday.mp4");
    // A hole in the file system: it takes no room, and reading it would take seconds and a gigabyte of memory.
    File::create(&film).unwrap().set_len(1 << 30).unwrap();
    let before = Instant::now();
    assert_eq!(vault.look(film.clone(), None).err(), Some(TechoError::TooLarge { limit_mb: 256 }));
    assert_eq!(vault.import_archive(film.clone(), None).err(), Some(TechoError::NotAnArchive));
    let keys = NewKeys { device: Some(device()), passphrase: None };
    assert_eq!(restore(notebook.path("new"), keys, film, None, Language::Japanese).err(), Some(TechoError::NotAnArchive));
    assert!(before.elapsed().as_millis() < 500, "{:?}", before.elapsed());
    assert_eq!(vault.people().unwrap(), [hanako]);
}

#[test]
fn a_backup_comes_back_whole_and_an_archive_beside_what_is_here() {
    let notebook = Notebook::nowhere();
    let vault = Vault::sample(notebook.dir(), Language::Japanese).unwrap();
    let (copy, archive) = (notebook.path("copy.techo"), notebook.path("archive.techo"));
    let done = vault.backup(copy.clone(), PASSPHRASE.to_owned()).unwrap();
    assert_eq!((done.people.len(), done.people.iter().all(|person| person.is_whole)), (3, true));
    let records: u64 = done.people.iter().map(|person| person.records).sum();
    vault.export(ExportFormat::Techo, None, None, archive.clone()).unwrap();
    let sealed_csv = vault.export(ExportFormat::Csv, None, Some(PASSPHRASE.to_owned()), notebook.path("x.csv")).err();
    assert_eq!(sealed_csv, Some(TechoError::NotSealable));
    for (format, name) in [(ExportFormat::Originals, "o.zip"), (ExportFormat::Fhir, "f.json"), (ExportFormat::Csv, "t.csv")] {
        let text = vault.export(format, None, None, notebook.path(name)).unwrap().text;
        assert!(text.contains(&records.to_string()) && std::fs::metadata(notebook.path(name)).unwrap().len() > 1000, "{text}");
    }
    let draft = look(&vault, &copy);
    assert!(draft.view().is_archive && draft.view().archive_needs_passphrase);
    assert_eq!(draft.take(vault.people().unwrap()[0].id.clone(), false, false).err(), Some(TechoError::OutOfTurn));
    assert!(!look(&vault, &archive).view().archive_needs_passphrase);
    vault.lock();

    let new = Notebook::nowhere();
    let keys = || NewKeys { device: Some(device()), passphrase: None };
    let restored = |passphrase: Option<&str>| restore(new.dir(), keys(), copy.clone(), passphrase.map(str::to_owned), Language::Japanese);
    assert_eq!(restored(None).err(), Some(TechoError::PassphraseNeeded));
    assert_eq!(restored(Some("夏は夜")).err(), Some(TechoError::WrongKey));
    assert!(!std::path::Path::new(&new.dir()).exists());
    let done = restored(Some(PASSPHRASE)).unwrap();
    assert!(done.people.iter().all(|person| person.is_whole) && done.text.contains("根が一致"), "{}", done.text);
    assert_eq!(restored(Some(PASSPHRASE)).err(), Some(TechoError::VaultExists));
    let vault = new.open().unwrap();
    assert_eq!(vault.people().unwrap().iter().map(|person| person.records).sum::<u64>(), records);

    let (_other, other) = Notebook::made();
    let came = other.import_archive(archive.clone(), None).unwrap();
    assert_eq!((came.people.len(), other.people().unwrap().len()), (3, 3));
    assert_eq!(other.import_archive(archive.clone(), None).unwrap().documents, 0);
    let mut cut = std::fs::read(&archive).unwrap();
    cut.truncate(cut.len() / 2);
    std::fs::write(&archive, cut).unwrap();
    assert_eq!(other.import_archive(archive, None).err(), Some(TechoError::ArchiveDamaged));
}

#[test]
fn what_is_erased_is_gone_and_the_copies_elsewhere_are_named() {
    let (notebook, vault) = Notebook::made();
    let hanako = add_hanako(&vault);
    let done = look(&vault, &fixture("family/hanako-ecs.json")).take(hanako.id.clone(), false, false).unwrap();
    vault.export(ExportFormat::Csv, None, None, notebook.path("out.csv")).unwrap();
    let event = vault.event(done.first_event.unwrap()).unwrap();
    let record = event.records[0].clone();
    let question = vault.erasure_text(Erasure::Record { id: record.id.clone().unwrap() }).unwrap();
    assert!(question.contains(&record.title), "{question}");
    let erased = vault.erase(Erasure::Record { id: record.id.clone().unwrap() }).unwrap();
    assert_eq!((erased.records, erased.documents), (1, 0));
    assert!(erased.text.contains("書き出したファイル") && erased.text.contains("手が届きません"), "{}", erased.text);
    assert_eq!(vault.record(record.id.unwrap()).err(), Some(TechoError::NotFound));
    assert!(vault.original(event.row.document.clone()).unwrap().parts.is_empty());
    assert_eq!(vault.erase(Erasure::Document { id: event.row.document.clone() }).unwrap().documents, 1);
    assert_eq!(vault.erase(Erasure::Document { id: event.row.document }).err(), Some(TechoError::NotFound));
    vault.erase(Erasure::Person { id: hanako.id }).unwrap();
    assert_eq!(vault.people(), Ok(Vec::new()));
}

const CHILD: &str = "TECHO_BINDINGS_FULL_DISK";
const DONE: &str = "went on after a full disk";

/// Not a test of its own: runs on a file system of 3 MB.
#[test]
#[ignore = "run as a child of a_full_disk_is_named_and_the_notebook_goes_on"]
fn fills_the_disk() {
    let Some(home) = std::env::var_os(CHILD).and_then(|home| home.into_string().ok()) else { return };
    let keys = NewKeys { device: Some(device()), passphrase: None };
    let vault = Vault::create(format!("{home}/vault"), keys, Language::Japanese).unwrap();
    let hanako = add_hanako(&vault);
    let ballast = format!("{home}/ballast");
    {
        let mut file = File::create(&ballast).unwrap();
        for size in [65536, 4096, 512, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }
    let draft = look(&vault, &fixture("family/hanako-tokutei-2025.xml"));
    assert_eq!(draft.take(hanako.id.clone(), false, false).err(), Some(TechoError::NoSpace));
    assert_eq!(vault.export(ExportFormat::Originals, None, None, format!("{home}/out.zip")).err(), Some(TechoError::NoSpace));
    assert_eq!(vault.timeline(all()).unwrap().rows.len(), 0);
    std::fs::remove_file(&ballast).unwrap();
    assert!(draft.take(hanako.id, false, false).unwrap().records > 0);
    assert!(vault.verify().unwrap().ok);
    writeln!(std::io::stdout(), "{DONE}").unwrap();
}

#[test]
fn a_full_disk_is_named_and_the_notebook_goes_on() {
    let home = tempfile::tempdir().unwrap();
    // Its own user and mount namespace: a real, small file system without being root.
    let script = r#"mount -t tmpfs -o size=3m tmpfs "$1" && exec "$2" --exact import::fills_the_disk --ignored --nocapture"#;
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(home.path())
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, home.path())
        .output();
    let said = output.map(|output| format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)));
    let said = said.unwrap_or_else(|error| error.to_string());
    if !said.contains("running 1 test") {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no small file system to be had: {said}");
        writeln!(std::io::stdout(), "SKIPPED: a_full_disk_is_named_and_the_notebook_goes_on: no small file system to be had").unwrap();
        return;
    }
    assert!(said.contains(DONE), "{said}");
}
