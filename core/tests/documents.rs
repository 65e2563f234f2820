//! Documents that are kept without being read, what is attached, kept hidden and marked, and the medicines of a day: in a
//! vault, through an archive, and read anew.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use techo_core::{
    base::{DeviceSecret, Fingerprint, PersonId},
    formats::{FormatError, Unread, health_card::KeySet},
    intake::{Draft, DraftState, Incoming, IntakeError, Outcome, Permissions, TakenIn, reread, take_in, write_down},
    present::{self, Language, Marked},
    record::{Author, Entry, EntryAct, Person, Relation, Sex, Target},
    terms::Kind,
    transfer,
    vault::{Erasure, FactId, Given, NewSlots, Setting, TimelinePage, Unlock, Vault},
};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n\
trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";
const NOTEBOOK: &str = "JAHISTC08,1\n1,手帳 花子,2,19720415,,,,,,,ﾃﾁｮｳ ﾊﾅｺ\n\
5,20260401,1\n11,甲薬局,13,4,1234567,,,,1\n51,見本病院,13,1,1234567,1\n\
201,1,ロキソニン錠60mg,3,錠,4,1149019F1560,1\n301,1,1日3回毎食後,28,日分,1,1,,1\n\
201,2,アムロジピン錠5mg,1,錠,4,2171022F2025,1\n301,2,1日1回朝食後,28,日分,1,1,,1\n\
421,ロキソニンが 10 錠残っている,1\n";
const OTHER: &str = "JAHISTC08,1\n1,手帳 花子,2,19720415,,,,,,,ﾃﾁｮｳ ﾊﾅｺ\n\
5,20260403,1\n11,乙薬局,13,4,7654321,,,,1\n51,別の病院,13,1,7654321,1\n\
201,1,ロキソプロフェンNa錠60mg「見本」,3,錠,4,1149019F1773,1\n301,1,1日3回毎食後,7,日分,1,1,,1\n\
201,2,見本の漢方,3,包,1,,1\n301,2,1日3回毎食前,7,日分,1,1,,1\n";

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-04-05T09:00:00Z".parse().unwrap()
}

fn png() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(40, 30).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

struct Notebook {
    home: tempfile::TempDir,
    vault: Vault,
    person: Person,
}

fn secret() -> DeviceSecret {
    DeviceSecret::from_bytes([3; 32])
}

impl Notebook {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&secret()), ..NewSlots::default() }).unwrap();
        let person = Person::new(PersonId::from_bytes([9; 16]), "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap();
        vault.confirm_presence(Unlock::Device(&secret()), now()).unwrap();
        vault.set_setting(Setting::Reauthenticate, false, now()).unwrap();
        vault.add_person(&person, now()).unwrap();
        Self { home, vault, person }
    }

    fn take(&self, bytes: &[u8], name: &str, given: Option<&Given>) -> Result<TakenIn, IntakeError> {
        let mut outcomes: Vec<Outcome> = Vec::new();
        let may = Permissions { document: given, ..Permissions::default() };
        let file = Incoming { bytes, name: Some(name), now: now() };
        take_in(&self.vault, &self.person, file, &KeySet::new(0), may, &mut |outcome| outcomes.push(outcome));
        assert_eq!(outcomes.len(), 1);
        outcomes.remove(0).result
    }

    fn lines(&self) -> Vec<String> {
        let page = TimelinePage { limit: 100, person: Some(self.person.id), ..TimelinePage::default() };
        let line = |line: techo_core::vault::EventLine| {
            format!("{} {} {}", line.kind, line.day.map_or_else(|| "-".to_owned(), |day| day.to_string()), line.title)
        };
        self.vault.timeline(&page).unwrap().into_iter().map(line).collect()
    }

    fn record(&self, title: &str) -> FactId {
        let page = TimelinePage { limit: 100, person: Some(self.person.id), ..TimelinePage::default() };
        for line in self.vault.timeline(&page).unwrap() {
            let stored = self.vault.event(line.id).unwrap();
            for ((id, _), fact) in stored.ids.iter().zip(&stored.event.facts) {
                if fact.title == title {
                    return *id;
                }
            }
        }
        panic!("no {title}")
    }

    fn write(&self, act: EntryAct) -> Fingerprint {
        let author = Author { name: "手帳 花子".to_owned(), relation: Relation::Myself };
        write_down(&self.vault, &self.person, Entry { at: now(), author, reason: None, act }, Permissions::default()).unwrap().fingerprint
    }

    fn target(&self, title: &str) -> Target {
        self.vault.target_of_record(self.record(title)).unwrap()
    }

    fn medicines(&self, hidden: bool) -> present::MedicinesView {
        present::medicines(&self.vault, self.person.id, "2026-04-05".parse().unwrap(), hidden, Language::Japanese).unwrap()
    }
}

fn given(title: Option<&str>, day: Option<&str>) -> Given {
    Given { title: title.map(str::to_owned), day: day.map(|day| day.parse().unwrap()) }
}

#[test]
fn a_pdf_is_called_by_its_file_or_by_what_the_person_says() {
    let notebook = Notebook::new();
    let taken = notebook.take(PDF, "検査の説明.pdf", None).unwrap();
    assert_eq!((taken.ready, taken.refused.len()), (1, 0));
    assert_eq!(notebook.lines(), ["document - 検査の説明"]);
    assert!(notebook.take(PDF, "別の名前.pdf", None).unwrap().already_here);
    let other = [PDF, b"\n"].concat();
    notebook.take(&other, "scan001.pdf", Some(&given(Some("紹介状"), Some("2026-03-02")))).unwrap();
    assert_eq!(notebook.lines(), ["document 2026-03-02 紹介状", "document - 検査の説明"]);
    let document = taken.document.unwrap();
    assert_eq!(notebook.vault.original(document).unwrap()[0].as_slice(), PDF);
    notebook.vault.erase(Erasure::Document(document), now()).unwrap();
    assert_eq!(notebook.lines(), ["document 2026-03-02 紹介状"]);
}

#[test]
fn a_picture_without_a_code_is_a_document_when_the_person_says_so() {
    let notebook = Notebook::new();
    assert_eq!(notebook.take(&png(), "母子手帳.png", None), Err(IntakeError::Format(FormatError::NotRead(Unread::NoQr))));
    assert_eq!(notebook.lines(), Vec::<String>::new());
    let taken = notebook.take(&png(), "母子手帳.png", Some(&Given::default())).unwrap();
    assert_eq!(taken.format.id(), "picture-document");
    assert_eq!(notebook.lines(), ["document - 母子手帳"]);
}

#[test]
fn a_title_holds_no_my_number() {
    let notebook = Notebook::new();
    let possible = Err(IntakeError::PossibleMyNumber { place: "title".to_owned() });
    assert_eq!(notebook.take(PDF, "123456789018.pdf", None), possible);
    assert_eq!(notebook.take(PDF, "x.pdf", Some(&given(Some("控え １２３４ ５６７８ ９０１８"), None))), possible);
    let labelled = notebook.take(PDF, "マイナンバー123456789018.pdf", None);
    assert_eq!(labelled, Err(IntakeError::Format(FormatError::MyNumber { place: "title".to_owned() })));
    assert_eq!(notebook.lines(), Vec::<String>::new());
}

#[test]
fn a_draft_shows_a_document_and_what_is_refused_in_it() {
    let notebook = Notebook::new();
    let draft = Draft::look(&notebook.vault, PDF.to_vec(), Some("a.pdf"), &KeySet::new(0)).unwrap();
    let DraftState::Ready(reading) = &draft.documents()[0].state else { panic!("ready") };
    assert_eq!(reading.kinds, [(Kind::Document, 1)]);
    let script = String::from_utf8(PDF.to_vec()).unwrap().replace("/Count 0", "/Count 0 /JS (x)");
    let draft = Draft::look(&notebook.vault, script.into_bytes(), Some("a.pdf"), &KeySet::new(0)).unwrap();
    let DraftState::Unreadable(error) = &draft.documents()[0].state else { panic!("refused") };
    assert_eq!(present::refusal_text(error, Language::English), "a program (script), which no document of health needs, at object 2");
}

#[test]
fn title_and_day_come_back_with_an_archive_and_with_reading_anew() {
    let notebook = Notebook::new();
    notebook.take(PDF, "scan001.pdf", Some(&given(Some("紹介状"), Some("2026-03-02")))).unwrap();
    notebook.take(&png(), "ページ.png", Some(&Given::default())).unwrap();
    let lines = notebook.lines();
    let archive = notebook.home.path().join("all.techo");
    transfer::export_archive(&notebook.vault, None, &archive, None, now(), &mut |_| {}).unwrap();
    let directory = notebook.home.path().join("restored");
    let device = secret();
    transfer::restore(&directory, &NewSlots { device: Some(&device), ..NewSlots::default() }, &archive, None, now(), &mut |_| {}).unwrap();
    let vault = Vault::open(&directory, Unlock::Device(&device)).unwrap();
    vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
    let restored = Notebook { home: tempfile::tempdir().unwrap(), vault, person: notebook.person.clone() };
    assert_eq!(restored.lines(), lines);
    // The records are lost and the originals are not: they say the same again.
    for document in notebook.vault.documents(None).unwrap() {
        notebook.vault.refile(document.id, &[]).unwrap();
    }
    assert_eq!(notebook.lines(), Vec::<String>::new());
    assert_eq!(reread(&notebook.vault, &KeySet::new(0)).unwrap().documents, 2);
    assert_eq!(notebook.lines(), lines);
}

#[test]
fn a_picture_beside_a_record_is_shown_with_it_until_it_is_taken_away() {
    let notebook = Notebook::new();
    notebook.take(NOTEBOOK.as_bytes(), "notebook.txt", None).unwrap();
    let picture = notebook.take(&png(), "袋の写真.png", Some(&Given::default())).unwrap().document.unwrap();
    let fingerprint = notebook.vault.document(picture).unwrap().fingerprint;
    let attached = |notebook: &Notebook| {
        let view = present::record(&notebook.vault, notebook.record("ロキソニン錠60mg"), Language::Japanese).unwrap();
        view.attached.into_iter().map(|attached| (attached.title, attached.document)).collect::<Vec<_>>()
    };
    let entry = notebook.write(EntryAct::Attach { target: notebook.target("ロキソニン錠60mg"), document: fingerprint });
    assert_eq!(attached(&notebook), [("袋の写真.png".to_owned(), Some(picture))]);
    notebook.write(EntryAct::Undo { entry });
    assert_eq!(attached(&notebook), []);
    notebook.write(EntryAct::Attach { target: notebook.target("ロキソニン錠60mg"), document: fingerprint });
    notebook.vault.erase(Erasure::Document(picture), now()).unwrap();
    assert_eq!(attached(&notebook).iter().filter(|(_, document)| document.is_some()).count(), 0);
}

#[test]
fn the_medicines_of_a_day_point_out_one_ingredient_of_two_pharmacies() {
    let notebook = Notebook::new();
    notebook.take(NOTEBOOK.as_bytes(), "a.txt", None).unwrap();
    notebook.take(OTHER.as_bytes(), "b.txt", None).unwrap();
    let view = notebook.medicines(false);
    let titles: Vec<&str> = view.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["ロキソプロフェンNa錠60mg「見本」", "見本の漢方", "ロキソニン錠60mg", "アムロジピン錠5mg"]);
    assert_eq!((view.rows[2].until.as_deref(), view.rows[2].course_text), (Some("2026-04-28"), "服用中"));
    assert_eq!(view.same.len(), 1);
    assert_eq!((view.same[0].one, view.same[0].other, view.same[0].by), (0, 2, "code"));
    assert!(view.same[0].text.ends_with("薬剤師に確かめてください"), "{}", view.same[0].text);
    assert!(view.unchecked_text.unwrap().contains("見本の漢方"));
    assert_eq!(view.left_over.iter().map(|left| left.text.as_str()).collect::<Vec<_>>(), ["ロキソニンが 10 錠残っている"]);
    // The day after the last one.
    let later = present::medicines(&notebook.vault, notebook.person.id, "2026-04-29".parse().unwrap(), false, Language::English).unwrap();
    assert!(later.rows.iter().all(|row| row.course.is_over()) && later.same.is_empty());
}

#[test]
fn a_medicine_that_is_kept_hidden_is_shown_on_demand_only() {
    let notebook = Notebook::new();
    notebook.take(NOTEBOOK.as_bytes(), "a.txt", None).unwrap();
    notebook.take(OTHER.as_bytes(), "b.txt", None).unwrap();
    let entry = notebook.write(EntryAct::KeepHidden { target: notebook.target("ロキソニン錠60mg") });
    let view = notebook.medicines(false);
    assert!(!view.rows.iter().any(|row| row.title == "ロキソニン錠60mg"));
    assert_eq!((view.hidden, view.same.len()), (1, 0));
    let view = notebook.medicines(true);
    assert_eq!((view.rows.iter().filter(|row| row.hidden).count(), view.same.len()), (1, 1));
    notebook.write(EntryAct::Undo { entry });
    assert_eq!((notebook.medicines(false).hidden, notebook.medicines(false).same.len()), (0, 1));
}

#[test]
fn what_the_person_marks_is_sensitive_and_a_mark_can_be_taken_back() {
    let notebook = Notebook::new();
    notebook.take(NOTEBOOK.as_bytes(), "a.txt", None).unwrap();
    let record = notebook.record("アムロジピン錠5mg");
    let sensitive = || {
        let view = present::record(&notebook.vault, record, Language::English).unwrap();
        (view.sensitive.map(present::Sensitive::id), view.level)
    };
    assert_eq!(sensitive(), (None, 2));
    let entry = notebook.write(EntryAct::MarkSensitive { target: notebook.target("アムロジピン錠5mg") });
    assert_eq!(sensitive(), (Some("marked"), 2));
    let marked = Marked::of(&notebook.vault, notebook.person.id).unwrap();
    let stored = notebook.vault.event(record.event()).unwrap();
    let reasons: Vec<bool> = (0..stored.ids.len()).map(|place| marked.reason(&stored, place).is_some()).collect();
    assert_eq!(reasons.iter().filter(|is_marked| **is_marked).count(), 1);
    notebook.write(EntryAct::Undo { entry });
    assert_eq!(sensitive(), (None, 2));
}
