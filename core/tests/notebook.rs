//! The notebook as a person uses it: documents in, timeline, one record, history, search, erasure.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use techo_core::{
    base::{DeviceSecret, Fingerprint, PersonId},
    formats::{FormatError, health_card::KeySet},
    intake::{Incoming, IntakeError, Mismatch, Outcome, Permissions, TakenIn, reread, take_in},
    present::{self, Language},
    record::{Person, Reason, Sex, Standing},
    terms::Kind,
    vault::{Erasure, NewSlots, StoredEvent, TimelinePage, Unlock, Vault, VaultError},
};

struct Notebook {
    home: tempfile::TempDir,
    vault: Vault,
    hanako: Person,
}

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-04-01T09:00:00Z".parse().unwrap()
}

fn hanako() -> Person {
    let mut person = Person::new(PersonId::from_bytes([1; 16]), "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap();
    person.kana = Some("テチョウ ハナコ".to_owned());
    person
}

fn secret() -> DeviceSecret {
    DeviceSecret::from_bytes([5; 32])
}

impl Notebook {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let device = secret();
        let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
        vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
        let hanako = hanako();
        vault.add_person(&hanako, now()).unwrap();
        Self { home, vault, hanako }
    }

    fn take(&self, bytes: &[u8], may: Permissions<'_>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        take_in(
            &self.vault,
            &self.hanako,
            Incoming { bytes, name: Some("file"), now: now() },
            &KeySet::new(now().timestamp()),
            may,
            &mut |outcome| outcomes.push(outcome),
        );
        outcomes
    }

    fn import(&self, fixture: &str) -> TakenIn {
        self.take(&read(fixture), Permissions::default()).remove(0).result.unwrap()
    }

    fn refused(&self, fixture: &str) -> IntakeError {
        self.take(&read(fixture), Permissions::default()).remove(0).result.unwrap_err()
    }

    fn records(&self) -> u64 {
        self.vault.roots().unwrap().iter().map(|root| root.records).sum()
    }

    fn found(&self, words: &str) -> Vec<present::RecordView> {
        present::search(&self.vault, words, None, None, 100, Language::Japanese).unwrap().0
    }

    fn reopened(self) -> Self {
        self.vault.lock();
        let vault = Vault::open(&self.home.path().join("vault"), Unlock::Device(&secret())).unwrap();
        vault.confirm_presence(Unlock::Device(&secret()), now()).unwrap();
        Self { vault, ..self }
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).unwrap()
}

const YEARS: [&str; 6] = ["2020", "2021", "2022", "2023", "2024", "2025"];

fn six_years() -> Notebook {
    let notebook = Notebook::new();
    for year in YEARS {
        assert!(notebook.import(&format!("family/hanako-tokutei-{year}.xml")).ready > 20);
    }
    notebook
}

#[test]
fn six_checkups_are_six_events_the_newest_first_also_after_locking() {
    let notebook = six_years().reopened();
    let all = present::timeline(&notebook.vault, &TimelinePage { limit: 4, ..TimelinePage::default() }, Language::Japanese).unwrap();
    let rest =
        present::timeline(&notebook.vault, &TimelinePage { limit: 4, after: all.next, ..TimelinePage::default() }, Language::Japanese)
            .unwrap();
    let dates: Vec<String> = all.rows.iter().chain(&rest.rows).map(|row| row.date.clone().unwrap()[..4].to_owned()).collect();
    assert_eq!(dates, ["2025", "2024", "2023", "2022", "2021", "2020"]);
    assert!(all.rows.iter().all(|row| row.kind == Kind::Checkup && row.source.is_some()));
    let mine = TimelinePage {
        person: Some(notebook.hanako.id),
        from: "2022".parse().ok(),
        until: "2023".parse().ok(),
        limit: 100,
        ..TimelinePage::default()
    };
    assert_eq!(present::timeline(&notebook.vault, &mine, Language::English).unwrap().rows.len(), 2);
    let everybodys = TimelinePage { person: None, ..mine };
    assert_eq!(present::timeline(&notebook.vault, &everybodys, Language::English).unwrap().rows.len(), 2);
    let first = present::timeline(&notebook.vault, &TimelinePage { limit: 1, ..mine }, Language::English).unwrap();
    let second = present::timeline(&notebook.vault, &TimelinePage { after: first.next, ..everybodys }, Language::English).unwrap();
    assert_eq!((first.rows.len(), second.rows.len()), (1, 1), "a page goes on behind the one before, within the same days");
    let drugs = TimelinePage { kind: Some(Kind::Medication), limit: 10, ..TimelinePage::default() };
    assert!(present::timeline(&notebook.vault, &drugs, Language::English).unwrap().rows.is_empty());
}

#[test]
fn the_same_document_twice_adds_nothing() {
    let notebook = six_years();
    let (before, root) = (notebook.records(), notebook.vault.roots().unwrap());
    let again = notebook.import("family/hanako-tokutei-2024.xml");
    assert!(again.already_here && again.ready == 0);
    assert_eq!((notebook.records(), notebook.vault.roots().unwrap()), (before, root));
}

#[test]
fn the_same_records_in_another_document_are_recognised_and_survive_the_first_ones_erasure() {
    let notebook = Notebook::new();
    let first = notebook.import("family/hanako-tokutei-2024.xml");
    let mut other = read("family/hanako-tokutei-2024.xml");
    other.extend_from_slice(b"\n<!-- another print -->\n");
    let second = notebook.take(&other, Permissions::default()).remove(0).result.unwrap();
    assert_eq!((second.already_here, second.ready, second.known), (false, first.ready, first.ready));
    assert_eq!(notebook.records(), u64::from(first.ready));
    let found = notebook.found("収縮期血圧").len();
    assert_eq!(notebook.vault.timeline(&TimelinePage { limit: 10, ..TimelinePage::default() }).unwrap().len(), 1);

    notebook.vault.erase(Erasure::Document(first.document.unwrap()), now()).unwrap();
    assert_eq!(notebook.records(), u64::from(first.ready), "the second document states them all");
    assert_eq!(notebook.found("収縮期血圧").len(), found);
    assert_eq!(notebook.vault.check_records().unwrap(), Vec::<String>::new());
}

#[test]
fn a_quantity_has_one_line_across_methods_and_one_for_each_that_cannot_be_compared() {
    let notebook = six_years();
    let history = |asked: &str| present::history(&notebook.vault, notebook.hanako.id, asked, Language::Japanese).unwrap().series;
    let weight = history("体重");
    assert_eq!((weight.len(), weight[0].points.len()), (1, 6));
    let dates: Vec<_> = weight[0].points.iter().map(|point| point.date.clone()).collect();
    assert!(dates.is_sorted() && weight[0].points.iter().all(|point| point.value.contains('.') && point.height.is_some()));
    assert_eq!(history("9N006000000000001"), weight, "by code");
    let alp: Vec<(String, usize)> = history("ALP").into_iter().map(|line| (line.key, line.points.len())).collect();
    assert_eq!(alp.len(), 2, "{alp:?}");
    assert_eq!(history("血圧").len(), 2);
    assert!(history("存在しない項目").is_empty());
}

#[test]
fn two_characters_any_width_and_any_kana_find_the_record() {
    let notebook = six_years();
    for words in ["血圧", "尿酸", "ｺﾚｽﾃﾛｰﾙ", "これすてろーる", "ｈｂａ１ｃ", "血圧 収縮", "見本市民健診"]
    {
        assert!(notebook.found(words).len() >= 6, "{words}: {}", notebook.found(words).len());
    }
    assert!(notebook.found("収縮期血圧").iter().all(|hit| hit.title.contains("収縮期血圧") && hit.unit.as_deref() == Some("mmHg")));
    assert!(notebook.found("圧血").is_empty() && notebook.found("\"*").is_empty());
    let (page, next) = present::search(&notebook.vault, "血圧", None, None, 2, Language::Japanese).unwrap();
    let (more, _) = present::search(&notebook.vault, "血圧", None, next, 100, Language::Japanese).unwrap();
    assert_eq!(page.len() + more.len(), notebook.found("血圧").len());
}

#[test]
fn a_document_about_somebody_else_is_filed_only_when_the_person_says_so() {
    let notebook = Notebook::new();
    let other = String::from_utf8(read("family/hanako-tokutei-2024.xml")).unwrap().replace("19720415", "19721231");
    let refused = notebook.take(other.as_bytes(), Permissions::default()).remove(0).result;
    assert_eq!(refused, Err(IntakeError::NotThisPerson(Mismatch { name: false, born: true, sex: false })));
    assert_eq!((notebook.records(), notebook.vault.documents(None).unwrap().len()), (0, 0));
    let taken = notebook.take(other.as_bytes(), Permissions { anyway: true, ..Permissions::default() }).remove(0).result.unwrap();
    assert!(taken.ready > 0 && notebook.vault.document(taken.document.unwrap()).unwrap().about.claimed);
}

#[test]
fn what_must_not_come_in_leaves_no_trace() {
    let notebook = Notebook::new();
    assert!(matches!(notebook.refused("tokutei/broken-deletion.xml"), IntakeError::Format(FormatError::DeletionRequest { .. })));
    assert!(matches!(notebook.refused("tokutei/broken-my-number.xml"), IntakeError::Format(FormatError::MyNumber { .. })));
    assert!(matches!(notebook.refused("tokutei/broken-truncated.xml"), IntakeError::Format(FormatError::Malformed { .. })));
    assert_eq!((notebook.records(), notebook.vault.documents(None).unwrap().len()), (0, 0));
}

#[test]
fn a_record_that_contradicts_itself_is_shown_and_not_charted() {
    let notebook = Notebook::new();
    notebook.import("tokutei/conflict-unit.xml");
    let wrong: Vec<_> = notebook.found("体重").into_iter().filter(|hit| hit.standing == Standing::Quarantined(Reason::Unit)).collect();
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].standing_text.is_some() && wrong[0].value.is_some());
    assert!(present::history(&notebook.vault, notebook.hanako.id, "体重", Language::Japanese).unwrap().series.is_empty());
}

#[test]
fn insurer_numbers_are_in_the_original_and_nowhere_else() {
    let notebook = Notebook::new();
    let taken = notebook.import("family/hanako-tokutei-2024.xml");
    let original = notebook.vault.original(taken.document.unwrap()).unwrap();
    assert_eq!(original[0].as_slice(), read("family/hanako-tokutei-2024.xml"));
    let mut everything = String::new();
    let keep = |_: &Fingerprint, event: &StoredEvent| {
        write!(everything, "{event:?}").unwrap();
        Ok(())
    };
    notebook.vault.each_event(notebook.hanako.id, keep).unwrap();
    for line in notebook.vault.ledger(0, 100).unwrap() {
        write!(everything, "{line:?}").unwrap();
    }
    assert!(everything.contains("収縮期血圧"));
    for secret in ["00990011", "見本99", "7700123", "24990000001"] {
        assert!(!everything.contains(secret), "{secret}");
        assert!(notebook.found(secret).is_empty());
    }
}

#[test]
fn one_record_is_erased_with_the_originals_that_state_it() {
    let notebook = six_years();
    let hit = notebook.found("収縮期血圧").remove(0);
    let (before, value) = (notebook.records(), hit.value.clone().unwrap());
    let erased = notebook.vault.erase(Erasure::Record(hit.record.unwrap()), now()).unwrap();
    assert_eq!((erased.records, erased.originals), (1, 1));
    assert_eq!(notebook.records(), before - 1);
    assert_eq!(notebook.vault.fact(hit.record.unwrap()), Err(VaultError::NotFound));
    assert!(notebook.vault.original(hit.document).unwrap().is_empty());
    assert!(
        !notebook
            .found("収縮期血圧")
            .iter()
            .any(|other| other.date == hit.date && other.value.as_ref() == Some(&value) && other.title == hit.title)
    );
    assert_eq!(notebook.vault.check_records().unwrap(), Vec::<String>::new());
}

#[test]
fn a_person_who_is_erased_is_gone_and_the_chain_still_holds() {
    let notebook = six_years();
    notebook.vault.erase(Erasure::Person(notebook.hanako.id), now()).unwrap();
    assert!(notebook.vault.people().unwrap().is_empty() && notebook.found("血圧").is_empty());
    let ledger = notebook.vault.ledger(0, 100).unwrap();
    assert!(ledger.iter().all(|line| line.detail.as_ref().is_none_or(|detail| !detail.contains(&notebook.hanako.id.to_string()))));
    assert_eq!(ledger.last().unwrap().act, "erased");
    assert_eq!(notebook.vault.check_records().unwrap(), Vec::<String>::new());
}

#[test]
fn after_an_accepted_loss_the_originals_give_the_records_back() {
    let notebook = six_years();
    let all = notebook.records();
    notebook.vault.lock();
    let directory = notebook.home.path().join("vault");
    let epoch =
        std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.join("vault").is_file()).unwrap();
    let file = epoch.join("vault").strip_prefix(&directory).unwrap().to_owned();
    let pages = std::fs::metadata(directory.join(&file)).unwrap().len() / 4096;
    let (mut told, mut read_again) = (0, 0);
    for page in (1..pages).step_by(5) {
        let copy = tempfile::tempdir().unwrap();
        copy_directory(&directory, copy.path());
        let mut bytes = std::fs::read(copy.path().join(&file)).unwrap();
        bytes[usize::try_from(page * 4096 + 1000).unwrap()] ^= 1;
        std::fs::write(copy.path().join(&file), bytes).unwrap();
        match Vault::accept_loss(copy.path(), Unlock::Device(&secret()), now()) {
            Ok((vault, _)) => {
                read_again += reread(&vault, &KeySet::new(now().timestamp())).unwrap().documents;
                let left: u64 = vault.roots().unwrap().iter().map(|root| root.records).sum();
                assert_eq!(left, all, "page {}", page + 1);
                assert_eq!(vault.check_records().unwrap(), Vec::<String>::new(), "page {}", page + 1);
                assert!(vault.verify().unwrap().ok);
            }
            // The schema itself: nothing can be read without it.
            Err(error) => {
                assert_eq!(error, VaultError::VaultDamaged, "page {}", page + 1);
                told += 1;
            }
        }
    }
    assert!(read_again > 0 && told <= 1, "{read_again} {told}");
}

fn copy_directory(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_directory(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
