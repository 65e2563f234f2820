//! The sealed card opens with its own key only, leaves no bytes behind, and nothing on it becomes markup.
#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::{
    base::DeviceSecret,
    present::{CardRow, CardView, Language},
};

fn card() -> CardView {
    CardView {
        name: "手帳 花子".to_owned(),
        kana: Some("テチョウ ハナコ".to_owned()),
        born: "1972-04-15".to_owned(),
        sex: "女".to_owned(),
        rows: vec![CardRow {
            field: "allergies".to_owned(), label: "アレルギー".to_owned(), lines: vec!["ペニシリン".to_owned()]
        }],
        made_on: "2026-04-05".to_owned(),
        left_out: None,
        note: "すべてではありません".to_owned(),
        language: Language::Japanese,
    }
}

#[test]
fn a_sealed_card_opens_with_its_own_key_and_as_it_was_sealed_only() {
    let secret = DeviceSecret::from_bytes([7; 32]);
    let sealed = seal_card(&card(), &secret).unwrap();
    assert!(!sealed.windows("ペニシリン".len()).any(|part| part == "ペニシリン".as_bytes()));
    assert_eq!(open_card(&sealed, &secret).unwrap(), card());
    assert!(open_card(&sealed, &DeviceSecret::from_bytes([8; 32])).is_err());
    for place in 0..sealed.len() {
        let mut flipped = sealed.clone();
        if let Some(byte) = flipped.get_mut(place) {
            *byte ^= 1;
        }
        assert!(open_card(&flipped, &secret).is_err(), "{place}");
        assert!(open_card(sealed.get(..place).unwrap(), &secret).is_err(), "{place}");
    }
}

#[test]
fn a_card_that_is_switched_off_leaves_no_bytes() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("card");
    let sealed = seal_card(&card(), &DeviceSecret::from_bytes([7; 32])).unwrap();
    keep_card(&path, &sealed).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), sealed);
    // A second name of the same file shows what is left of its bytes once the first is gone.
    let other = home.path().join("other");
    std::fs::hard_link(&path, &other).unwrap();
    erase_card(&path).unwrap();
    assert!(!path.exists());
    assert_eq!(std::fs::read(&other).unwrap(), b"", "cut to nothing; that it is overwritten before cannot be seen from here");
    assert_eq!(erase_card(&path), Ok(()));
}

#[test]
fn a_hostile_name_stays_a_name_on_the_page_and_in_the_picture() {
    let hostile = "</text></title><script>alert(1)</script>\u{202e}\"'";
    let mut one = card();
    one.name = hostile.to_owned();
    one.rows.push(CardRow { field: "notes".to_owned(), label: hostile.to_owned(), lines: vec![hostile.to_owned(); 80] });
    for text in [card_page(&one), card_picture(&one)] {
        assert!(!text.contains("<script") && !text.contains('\u{202e}'), "{text}");
        for outside in ["href", "src=", "url(", "@import"] {
            assert!(!text.contains(outside), "{outside}");
        }
    }
    assert!(card_picture(&one).contains("続きは紙の"));
}
