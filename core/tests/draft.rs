//! A file is looked at before it is taken in: what is told is what the import then does, and looking changes nothing.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::path::Path;

use image::{GrayImage, Luma};
use qrcode::{Color, QrCode};
use techo_core::{
    base::{DeviceSecret, PersonId},
    formats::{FormatError, FormatId, health_card::KeySet},
    intake::{Draft, DraftReading, DraftState, Fits, Outcome, Permissions},
    present::{self, DraftView, Language, TroubleKind},
    record::{Person, Sex},
    vault::{NewSlots, Vault},
};

struct Notebook {
    _home: tempfile::TempDir,
    vault: Vault,
    hanako: Person,
    taro: Person,
}

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-04-01T09:00:00Z".parse().unwrap()
}

impl Notebook {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let device = DeviceSecret::from_bytes([5; 32]);
        let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
        let person = |number, name, kana: &str, born: &str, sex| {
            let mut person = Person::new(PersonId::from_bytes([number; 16]), name, born.parse().unwrap(), sex).unwrap();
            person.kana = Some(kana.to_owned());
            vault.add_person(&person, now()).unwrap();
            person
        };
        let hanako = person(1, "手帳 花子", "テチョウ ハナコ", "1972-04-15", Sex::Female);
        let taro = person(2, "手帳 太郎", "テチョウ タロウ", "2019-06-20", Sex::Male);
        Self { _home: home, vault, hanako, taro }
    }

    fn look(&self, bytes: &[u8]) -> Draft {
        Draft::look(&self.vault, bytes.to_vec(), Some("file"), &KeySet::new(now().timestamp())).unwrap()
    }

    fn view(&self, draft: &Draft) -> DraftView {
        present::draft(&self.vault, draft, Language::Japanese).unwrap()
    }

    fn take(&self, draft: &Draft, person: &Person) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        draft.take(&self.vault, person, Permissions::default(), now(), &mut |outcome| outcomes.push(outcome));
        outcomes
    }

    fn ledger(&self) -> u64 {
        self.vault.ledger_length().unwrap()
    }
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)).unwrap()
}

fn ready(draft: &Draft) -> &DraftReading {
    let [document] = draft.documents() else { panic!("{} documents", draft.documents().len()) };
    let DraftState::Ready(reading) = &document.state else { panic!("not ready") };
    reading
}

/// A picture of these codes, one below the other.
fn photo(codes: &[&[u8]]) -> Vec<u8> {
    let drawn: Vec<QrCode> = codes.iter().map(|code| QrCode::new(code).unwrap()).collect();
    let side = drawn.iter().map(QrCode::width).max().unwrap() + 8;
    let (module, width) = (4, u32::try_from(side * 4).unwrap());
    let picture = GrayImage::from_fn(width, width * u32::try_from(codes.len()).unwrap(), |x, y| {
        let (x, y) = (x as usize / module, y as usize / module);
        let code = &drawn[y / side];
        let (x, y) = (x.wrapping_sub(4), (y % side).wrapping_sub(4));
        let is_dark = x < code.width() && y < code.width() && code[(x, y)] == Color::Dark;
        Luma([if is_dark { 0 } else { 255 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn a_document_is_told_as_it_is_then_taken_in() {
    let notebook = Notebook::new();
    let before = notebook.ledger();
    let draft = notebook.look(&read("family/hanako-tokutei-2024.xml"));
    let reading = ready(&draft);
    assert_eq!(reading.fits, Fits::One(notebook.hanako.id));
    assert!(reading.here.is_empty() && reading.refused.is_empty() && reading.digits.is_none() && draft.has_news());
    let view = notebook.view(&draft);
    assert_eq!((view.person, view.can_take, view.is_archive), (Some(notebook.hanako.id), true, false));
    let lines = view.documents[0].lines(Language::Japanese).join("\n");
    for part in ["file — 特定健診のXML", "手帳 花子 さんに合います", "2024-"] {
        assert!(lines.contains(part), "{lines}");
    }
    let records = reading.records;
    assert_eq!(notebook.ledger(), before, "looking writes nothing");
    assert!(notebook.vault.documents(None).unwrap().is_empty());
    let taken = notebook.take(&draft, &notebook.hanako).remove(0).result.unwrap();
    assert_eq!((taken.ready, taken.already_here), (records, false));
    let again = notebook.look(&read("family/hanako-tokutei-2024.xml"));
    assert_eq!(ready(&again).here, [(notebook.hanako.id, taken.document.unwrap())]);
    assert!(!again.has_news() && notebook.view(&again).summary.ends_with("すべて前に取り込んだものです"));
}

#[test]
fn somebody_elses_document_says_whose_it_claims_to_be_and_what_differs() {
    let notebook = Notebook::new();
    let draft = notebook.look(&read("family/ichiro-echeckup-2024.json"));
    let reading = ready(&draft);
    assert_eq!(reading.fits, Fits::Nobody);
    assert!(!reading.differs(&notebook.taro).is_none());
    let document = &draft.documents()[0];
    assert!(document.objection(&notebook.hanako, Permissions::default()).is_some());
    assert!(document.objection(&notebook.hanako, Permissions { anyway: true, ..Permissions::default() }).is_none());
    let line = &notebook.view(&draft).documents[0];
    assert!(line.person.is_none() && line.person_text.as_ref().unwrap().contains("この手帳の人ではない"), "{line:?}");
    assert!(notebook.take(&draft, &notebook.hanako)[0].result.is_err());
}

#[test]
fn a_name_that_cannot_be_compared_tells_nothing_by_itself() {
    let notebook = Notebook::new();
    let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","name":[{"text":"Hanako Techo"}]}},
        {"resource":{"resourceType":"Observation","status":"final","code":{"text":"体重"},"effectiveDateTime":"2024-05-03",
            "valueQuantity":{"value":52.1,"unit":"kg"}}}]}"#;
    assert_eq!(ready(&notebook.look(bundle.as_bytes())).fits, Fits::Unstated);
    let with_more = bundle.replace(r#""name""#, r#""gender":"female","birthDate":"1972-04-15","name""#);
    assert_eq!(ready(&notebook.look(with_more.as_bytes())).fits, Fits::One(notebook.hanako.id));
    let of_another = bundle.replace("Hanako Techo", "手帳 二郎");
    assert_eq!(ready(&notebook.look(of_another.as_bytes())).fits, Fits::Nobody);
}

#[test]
fn a_part_tells_what_is_missing_and_the_last_part_tells_the_whole() {
    let notebook = Notebook::new();
    let first = notebook.look(&read("family/hanako-okusuri-2-part1.txt"));
    assert!(matches!(&first.documents()[0].state, DraftState::Waiting { missing, of: 2 } if missing == &[2]));
    assert!(notebook.view(&first).documents[0].waiting.as_ref().unwrap().contains("2 枚目がまだです"));
    assert!(notebook.take(&first, &notebook.hanako)[0].result.as_ref().unwrap().pending);
    let second = notebook.look(&read("family/hanako-okusuri-2-part2.txt"));
    let records = ready(&second).records;
    assert!(records > 0 && ready(&second).fits == Fits::One(notebook.hanako.id));
    assert_eq!(notebook.take(&second, &notebook.hanako)[0].result.as_ref().unwrap().ready, records);
    let again = notebook.look(&read("family/hanako-okusuri-2-part1.txt"));
    assert_eq!((ready(&again).here.len(), again.has_news()), (1, false));
}

#[test]
fn a_picture_of_all_parts_is_one_document_and_keeps_the_codes_as_its_original() {
    let notebook = Notebook::new();
    let parts = [read("family/hanako-okusuri-2-part2.txt"), read("family/hanako-okusuri-2-part1.txt")];
    let draft = notebook.look(&photo(&[&parts[0], &parts[1]]));
    assert_eq!(draft.documents()[0].format, Some(FormatId::JahisTc));
    let records = ready(&draft).records;
    let outcomes = notebook.take(&draft, &notebook.hanako);
    assert_eq!(outcomes.len(), 2);
    assert!(outcomes[0].result.as_ref().unwrap().pending);
    let taken = outcomes[1].result.as_ref().unwrap();
    assert_eq!((taken.ready, outcomes[1].member.as_deref()), (records, Some("QR 2")));
    let kept = notebook.vault.original(taken.document.unwrap()).unwrap();
    assert_eq!(kept.iter().map(|part| part.to_vec()).collect::<Vec<_>>(), [parts[1].clone(), parts[0].clone()]);
    assert!(!notebook.look(&photo(&[&parts[1]])).has_news());
}

/// `TECHO_DRAW=folder cargo test -p techo-core --test draft fixture` draws the picture of the fixtures anew.
#[test]
fn the_photo_among_the_fixtures_holds_the_familys_medicines() {
    let notebook = Notebook::new();
    let text = read("family/hanako-okusuri-1.txt");
    if let Some(folder) = std::env::var_os("TECHO_DRAW") {
        std::fs::write(Path::new(&folder).join("photo.png"), photo(&[&text])).unwrap();
        let mut blank = std::io::Cursor::new(Vec::new());
        GrayImage::from_pixel(96, 64, Luma([180])).write_to(&mut blank, image::ImageFormat::Png).unwrap();
        std::fs::write(Path::new(&folder).join("photo-without-code.png"), blank.into_inner()).unwrap();
    }
    let draft = notebook.look(&read("jahis/photo.png"));
    let written = notebook.look(&text);
    assert!(ready(&draft) == ready(&written), "the photo says what the text says");
    let taken = notebook.take(&draft, &notebook.hanako).remove(0).result.unwrap();
    assert_eq!(notebook.vault.original(taken.document.unwrap()).unwrap()[0].as_slice(), text);
    let blank = notebook.view(&notebook.look(&read("jahis/photo-without-code.png")));
    assert_eq!(present::draft_trouble(&blank), Some(TroubleKind::NoQr));
}

#[test]
fn a_code_that_is_no_document_does_not_hinder_the_one_beside_it() {
    let notebook = Notebook::new();
    let bytes = photo(&[b"https://pharmacy.example/", &read("family/hanako-okusuri-1.txt")]);
    let draft = notebook.look(&bytes);
    let states: Vec<bool> = draft.documents().iter().map(|document| matches!(document.state, DraftState::Ready(_))).collect();
    assert_eq!(states, [false, true]);
    let outcomes = notebook.take(&draft, &notebook.hanako);
    assert!(outcomes[0].result.is_err() && outcomes[1].result.as_ref().unwrap().ready > 0);
}

#[test]
fn what_cannot_be_read_and_an_archive_are_told_as_such() {
    let notebook = Notebook::new();
    let broken = notebook.look(b"GIF89a");
    assert!(matches!(&broken.documents()[0].state, DraftState::Unreadable(FormatError::NotRead(_))));
    let view = notebook.view(&broken);
    assert_eq!((present::draft_trouble(&view), view.can_take), (Some(TroubleKind::NotReadable), false));
    let blank = notebook.look(&photo(&[b"x"])[..60]);
    assert!(present::draft_trouble(&notebook.view(&blank)).is_some());
    let archive = notebook.look(b"age-encryption.org/v1\n-> scrypt");
    assert!(archive.is_archive() && notebook.view(&archive).is_archive && !archive.has_news());
}

#[test]
fn twelve_digits_are_a_question_before_the_import() {
    let notebook = Notebook::new();
    let text = "JAHISTC07,1\r\n1,手帳　花子,2,S470415\r\n4,控えの番号は 123456789018 です,R060415,2\r\n";
    let draft = notebook.look(text.as_bytes());
    let document = &draft.documents()[0];
    let place = ready(&draft).digits.clone().unwrap();
    assert!(document.objection(&notebook.hanako, Permissions::default()).is_some());
    let checked = [place.as_str()];
    let may = Permissions { digits_checked_at: &checked, ..Permissions::default() };
    assert!(document.objection(&notebook.hanako, may).is_none());
    assert!(notebook.view(&draft).documents[0].question.as_ref().unwrap().contains("12 桁"));
}
