//! Samples in the vault: filed, shown by days, archived, restored, merged, erased, read again.

use std::io::Cursor;

use techo_core::{
    base::{DeviceSecret, PersonId},
    formats::measurements::Mapping,
    intake::{IntakeError, Permissions, SeriesKind, TakenIn, reread, saved_mapping, take_series},
    present::{self, Language},
    record::{Person, Sex},
    transfer,
    vault::{Erasure, NewSlots, PAGE, TimelinePage, Vault},
};

use crate::fixtures::{Notebook, export, notebook, now, records, steps, zipped};

fn take(notebook: &Notebook, bytes: &[u8], kind: SeriesKind<'_>) -> Result<TakenIn, IntakeError> {
    take_series(
        &notebook.vault,
        &notebook.hanako,
        &mut Cursor::new(bytes),
        Some("書き出したデータ.zip"),
        kind,
        Permissions::default(),
        now(),
    )
}

fn apple(notebook: &Notebook, bytes: &[u8]) -> TakenIn {
    take(notebook, bytes, SeriesKind::AppleHealth).unwrap()
}

/// Name and points of every line of a quantity's history.
fn lines(notebook: &Notebook, asked: &str) -> Vec<(String, Vec<(String, String)>)> {
    let history = present::history(&notebook.vault, notebook.hanako.id, asked, Language::Japanese).unwrap();
    let points =
        |series: &present::SeriesView| series.points.iter().map(|point| (point.date.clone().unwrap(), point.value.clone())).collect();
    history.series.iter().map(|series| (series.name.clone(), points(series))).collect()
}

fn sound(vault: &Vault) {
    assert_eq!(vault.check_records().unwrap(), Vec::<String>::new());
}

#[test]
fn an_export_is_kept_byte_for_byte_and_shown_by_days() {
    let notebook = notebook();
    let zip = zipped(&export(&records(3)));
    let taken = apple(&notebook, &zip);
    assert_eq!((taken.ready, taken.known, taken.refused.len(), taken.already_here), (17, 0, 2, false));
    let document = taken.document.unwrap();
    let parts: Vec<u8> = notebook.vault.original(document).unwrap().iter().flat_map(|part| part.to_vec()).collect();
    assert_eq!(parts, zip);
    let walked = ["2026-05-01", "2026-05-02", "2026-05-03"].map(|day| (day.to_owned(), "1050".to_owned()));
    assert_eq!(lines(&notebook, "歩数"), [("歩数（家庭）".to_owned(), walked.to_vec())]);
    assert_eq!(lines(&notebook, "体重")[0].1[0], ("2026-05-01".to_owned(), "62.233".to_owned()), "the last of the day");
    // The timeline has a line a month, and the search finds it.
    let page = TimelinePage { person: Some(notebook.hanako.id), limit: PAGE, ..TimelinePage::default() };
    let titles: Vec<String> = notebook.vault.timeline(&page).unwrap().into_iter().map(|line| line.title).collect();
    assert_eq!(titles, ["読み取れない種類の測定", "自己測定（体重・収縮期血圧・拡張期血圧 ほか）"]);
    let (hits, _) = present::search(&notebook.vault, "歩数", Some(notebook.hanako.id), None, PAGE, Language::Japanese).unwrap();
    assert!(!hits.is_empty());
    // A day's samples, on demand.
    let history = present::history(&notebook.vault, notebook.hanako.id, "歩数", Language::Japanese).unwrap();
    let present::PointId::Day(id) = history.series[0].points[0].record else { unreachable!("a day") };
    assert_eq!(id.to_string().parse(), Ok(id));
    let day = present::day(&notebook.vault, id, 0, Language::Japanese).unwrap();
    let samples: Vec<_> =
        day.samples.iter().map(|sample| (sample.time.as_deref().unwrap(), sample.value.as_str(), sample.source.as_str())).collect();
    assert_eq!(
        samples,
        [
            ("07:12:33+09:00", "900", "花子のiPhone"),
            ("07:12:33+09:00", "1000", "花子のApple Watch"),
            ("08:12:33+09:00", "50", "花子のApple Watch")
        ]
    );
    assert_eq!((day.value.as_str(), day.unit.as_str(), day.count), ("1050", "歩", 3));
    assert!(present::day(&notebook.vault, id, 3, Language::Japanese).unwrap().samples.is_empty());
    sound(&notebook.vault);
}

#[test]
fn the_same_file_adds_nothing_and_a_longer_one_only_what_is_new() {
    let notebook = notebook();
    apple(&notebook, &export(&records(2)));
    let root = notebook.vault.roots().unwrap();
    let again = apple(&notebook, &export(&records(2)));
    assert_eq!((again.already_here, again.ready), (true, 0));
    assert_eq!(notebook.vault.roots().unwrap(), root);
    let longer = apple(&notebook, &export(&records(3)));
    assert_eq!((longer.ready, longer.known), (17, 13), "a day of four more");
    assert_eq!(lines(&notebook, "歩数")[0].1.len(), 3);
    assert_eq!(lines(&notebook, "歩数")[0].1[0].1, "1050", "what both state counts once");
    sound(&notebook.vault);
}

#[test]
fn somebody_elses_export_is_asked_about() {
    let notebook = notebook();
    let taro = Person::new(PersonId::from_bytes([2; 16]), "手帳 太郎", "2019-06-20".parse().unwrap(), Sex::Male).unwrap();
    notebook.vault.add_person(&taro, now()).unwrap();
    let bytes = export(&records(1));
    let asked = take_series(&notebook.vault, &taro, &mut Cursor::new(&bytes), None, SeriesKind::AppleHealth, Permissions::default(), now());
    assert!(matches!(asked, Err(IntakeError::NotThisPerson(_))));
    assert!(notebook.vault.sample_lines(taro.id).unwrap().is_empty());
}

#[test]
fn an_erased_document_takes_its_samples_along_and_leaves_what_another_states() {
    let notebook = notebook();
    let first = apple(&notebook, &export(&records(2))).document.unwrap();
    let second = apple(&notebook, &export(&records(3))).document.unwrap();
    notebook.vault.erase(Erasure::Document(first), now()).unwrap();
    assert_eq!(lines(&notebook, "歩数")[0].1.len(), 3, "the second states them all");
    sound(&notebook.vault);
    notebook.vault.erase(Erasure::Document(second), now()).unwrap();
    assert_eq!(lines(&notebook, "歩数"), []);
    assert!(notebook.vault.sample_lines(notebook.hanako.id).unwrap().is_empty());
    sound(&notebook.vault);
}

#[test]
fn an_erased_line_of_a_month_takes_its_samples_along() {
    let notebook = notebook();
    let document = apple(&notebook, &export(&records(2))).document.unwrap();
    let page = TimelinePage { person: Some(notebook.hanako.id), limit: PAGE, ..TimelinePage::default() };
    let month = notebook.vault.timeline(&page).unwrap().into_iter().find(|line| line.title.starts_with("自己測定")).unwrap();
    let stored = notebook.vault.event(month.id).unwrap();
    let at = stored.event.facts.iter().position(|fact| fact.title == "歩数").unwrap();
    notebook.vault.erase(Erasure::Record(stored.ids[at].0), now()).unwrap();
    assert_eq!((lines(&notebook, "歩数"), lines(&notebook, "体重").len()), (vec![], 1));
    assert_eq!(notebook.vault.original_parts(document).unwrap(), 0, "the original has them, too");
    sound(&notebook.vault);
}

#[test]
fn an_erased_person_leaves_no_samples() {
    let notebook = notebook();
    apple(&notebook, &export(&records(2)));
    notebook.vault.erase(Erasure::Person(notebook.hanako.id), now()).unwrap();
    sound(&notebook.vault);
    assert!(notebook.vault.people().unwrap().is_empty());
}

#[test]
fn an_archive_brings_the_samples_along_and_the_roots_are_equal() {
    let notebook = notebook();
    apple(&notebook, &export(&records(2)));
    let without = notebook.vault.roots().unwrap();
    apple(&notebook, &zipped(&export(&records(3))));
    let roots = notebook.vault.roots().unwrap();
    assert_ne!(without[0].root, roots[0].root);
    let path = notebook.home.path().join("archive");
    transfer::export_archive(&notebook.vault, None, &path, None, now(), &mut |_| {}).unwrap();
    // Beside an older vault of the same person, which holds the first document only.
    let other = crate::fixtures::notebook();
    apple(&other, &export(&records(2)));
    let report = transfer::import_archive(&other.vault, &path, None, now(), &mut |_| {}).unwrap();
    assert!(report.people[0].root_equal);
    assert_eq!((report.documents_new, report.already_here), (1, 1));
    assert_eq!(lines(&other, "歩数"), lines(&notebook, "歩数"));
    sound(&other.vault);
    // Into a new one.
    let secret = DeviceSecret::from_bytes([9; 32]);
    let slots = NewSlots { device: Some(&secret), ..NewSlots::default() };
    let restored = transfer::restore(&notebook.home.path().join("new"), &slots, &path, None, now(), &mut |_| {}).unwrap();
    assert!(restored.people[0].root_equal);
}

#[test]
fn lost_samples_come_back_from_the_original() {
    let notebook = notebook();
    let taken = apple(&notebook, &zipped(&export(&records(2))));
    let (roots, shown) = (notebook.vault.roots().unwrap(), lines(&notebook, "歩数"));
    notebook.vault.refile_series(taken.document.unwrap(), &[], &mut std::iter::empty()).unwrap();
    assert_ne!(notebook.vault.roots().unwrap(), roots);
    let keys = techo_core::formats::health_card::KeySet::new(0);
    assert_eq!(reread(&notebook.vault, &keys).unwrap().documents, 1);
    assert_eq!((notebook.vault.roots().unwrap(), lines(&notebook, "歩数")), (roots, shown));
    sound(&notebook.vault);
}

#[test]
fn a_confirmed_mapping_is_kept_for_the_next_file_of_the_device() {
    let notebook = notebook();
    let table = "日付,体重(kg)\n2026-05-03,62.5\n";
    assert_eq!(saved_mapping(&notebook.vault, table.as_bytes()), None);
    let mapping: Mapping = "date=日付,body-weight=体重(kg)".parse().unwrap();
    let taken = take(&notebook, table.as_bytes(), SeriesKind::Table(&mapping)).unwrap();
    assert_eq!((taken.ready, lines(&notebook, "体重").len()), (1, 1));
    let key = techo_core::formats::measurements::propose(table.as_bytes()).unwrap().key;
    notebook.vault.keep_mapping(key, &mapping.to_string()).unwrap();
    let next = "日付,体重(kg)\n2026-05-04,62.4\n";
    assert_eq!(saved_mapping(&notebook.vault, next.as_bytes()), Some(mapping));
    // A file in which something is open is asked about all the same.
    assert_eq!(saved_mapping(&notebook.vault, "日付,体重(kg)\n5/4/2026,62.4\n".as_bytes()), None);
}

#[test]
fn a_day_of_thousands_is_read_by_pages() {
    let notebook = notebook();
    let many: String = (0..250).map(|number| steps("時計", 3, 10, &number.to_string())).collect();
    apple(&notebook, &export(&many));
    let history = present::history(&notebook.vault, notebook.hanako.id, "steps", Language::English).unwrap();
    assert_eq!(history.series[0].name, "Steps (at home)");
    let present::PointId::Day(id) = history.series[0].points[0].record else { unreachable!("a day") };
    let pages: Vec<usize> =
        [0, 100, 200, 300].map(|skip| present::day(&notebook.vault, id, skip, Language::English).unwrap().samples.len()).to_vec();
    assert_eq!(pages, [100, 100, 50, 0]);
}
