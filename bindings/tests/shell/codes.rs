//! Codes on a screen: drawn as the shells draw them, read by the reader of pictures, asked for and written down.

use image::{GrayImage, Luma};
use techo_bindings::{ClinicChoice, CodeSquares, CodesForm, Language, TechoError};

use crate::scene::{Notebook, add_hanako, fixture};

/// A code as a shell draws it.
fn drawn(code: &CodeSquares) -> GrayImage {
    assert_eq!(code.squares.len(), (code.side * code.side) as usize);
    GrayImage::from_fn(code.side * 6, code.side * 6, |x, y| {
        let dark = code.squares[(y / 6 * code.side + x / 6) as usize];
        Luma([if dark == 1 { 0 } else { 255 }])
    })
}

fn pharmacy(person: &str, today: &str) -> ClinicChoice {
    ClinicChoice {
        person: person.to_owned(),
        occasion: Some("pharmacy".to_owned()),
        items: Vec::new(),
        from: None,
        until: None,
        sensitive: false,
        language: Language::English,
        today: today.to_owned(),
    }
}

#[test]
fn a_notebook_goes_from_one_screen_to_another_and_the_ledger_says_so() {
    let (notebook, vault) = Notebook::with_passphrase();
    let hanako = add_hanako(&vault);
    let nothing = vault.codes(hanako.id.clone(), CodesForm::Jahis, None, None, false).err();
    assert_eq!(nothing, Some(TechoError::WishInvalid { field: "records".to_owned() }));
    vault.look(fixture("jahis/all-records.txt"), None).unwrap().take(hanako.id.clone(), false, false).unwrap();

    let before = vault.ledger(None, 100).unwrap().lines.len();
    let view = vault.codes(hanako.id.clone(), CodesForm::Jahis, None, None, false).unwrap();
    assert!(!view.codes.is_empty() && view.text.contains(&format!("{} 個", view.codes.len())), "{}", view.text);
    assert!(view.title.contains("お薬手帳") && !view.note.is_empty() && !view.warning.is_empty());
    assert_eq!(vault.ledger(None, 100).unwrap().lines.len(), before + 1);

    // Somebody else's notebook reads them from the screen.
    let (_other, reader) = Notebook::made();
    let there = add_hanako(&reader);
    let mut records = 0;
    for (number, code) in view.codes.iter().enumerate() {
        let path = notebook.path(&format!("code-{number}.png"));
        drawn(code).save(&path).unwrap();
        records += reader.look(path, None).unwrap().take(there.id.clone(), false, false).unwrap().records;
    }
    assert!(records > 3, "{records}");

    let shown = vault.clinic_codes(pharmacy(&hanako.id, "2026-02-01")).unwrap();
    assert!(vault.clinic(pharmacy(&hanako.id, "2026-02-01")).unwrap().code);
    assert!(shown.title.contains("medicine notebook") && shown.codes[0].text.starts_with("1 of "), "{}", shown.codes[0].text);
    let late = vault.clinic_codes(pharmacy(&hanako.id, "2028-02-01")).unwrap();
    assert!(late.codes.len() < shown.codes.len() || late.text != shown.text, "only the allergies and illnesses are left");

    let summary = vault.codes(hanako.id.clone(), CodesForm::Ips, None, None, false).unwrap();
    assert!(summary.title.contains("IPS") && summary.codes.iter().all(|code| code.side > 21));
    vault.lock();

    let again = notebook.open().unwrap();
    let asked = again.codes(hanako.id.clone(), CodesForm::Jahis, None, None, false).err();
    assert_eq!(asked, Some(TechoError::PresenceNeeded));
    assert_eq!(again.clinic_codes(pharmacy(&hanako.id, "2026-02-01")).err(), Some(TechoError::PresenceNeeded));
}
