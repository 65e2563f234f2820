//! A child's records, shared and handed over, as a shell calls it.

use techo_bindings::{Language, NewKeys, Sex, SliceWish, TechoError, Vault, error_text, restore};

use crate::scene::{Notebook, add, add_hanako, add_taro, device, device_key, fixture};

const WORDS: &str = "ちいさい秋みつけた";

fn wish(person: &str, growth_only: bool) -> SliceWish {
    SliceWish {
        person: person.to_owned(),
        growth_only,
        sensitive: false,
        hidden: false,
        from: "手帳 花子".to_owned(),
        today: "2026-11-22".to_owned(),
    }
}

#[test]
fn a_slice_goes_to_the_other_parents_notebook_and_says_that_it_is_a_part() {
    let (notebook, vault) = Notebook::made();
    add_hanako(&vault);
    let taro = add_taro(&vault);
    let out = notebook.path("taro.slice");
    let nothing = vault.share_slice(wish(&taro.id, true), WORDS.to_owned(), out.clone()).err();
    assert_eq!(nothing, Some(TechoError::WishInvalid { field: "records".to_owned() }));
    assert!(!std::path::Path::new(&out).exists());
    vault.look(fixture("family/hanako-tokutei-2025.xml"), None).unwrap().take(taro.id.clone(), true, false).unwrap();
    let done = vault.share_slice(wish(&taro.id, true), WORDS.to_owned(), out.clone()).unwrap();
    assert!(done.text.contains("手帳 花子 さんから、2026-11-22、成長の記録だけ"), "{}", done.text);

    let (there, other) = Notebook::made();
    let own = add(&other, "別名 太郎", "ベツメイ タロウ", "2019-06-20", Sex::Male);
    let sister = add(&other, "別名 夏子", "ベツメイ ナツコ", "2021-06-20", Sex::Female);
    let take = |person: &str| other.import_slice(out.clone(), Some(WORDS.to_owned()), person.to_owned());
    assert_eq!(take(&sister.id).err(), Some(TechoError::NotThisPerson { differs: "born".to_owned() }));
    assert_eq!(other.import_archive(out.clone(), None).err(), Some(TechoError::PassphraseNeeded));
    let arrived = take(&own.id).unwrap();
    assert!(arrived.text.contains("すべてではありません"), "{}", arrived.text);
    let records = other.people().unwrap()[0].records;
    assert!(records > 0 && records < vault.people().unwrap()[1].records, "{records}");
    assert_eq!((take(&own.id).unwrap().documents, other.people().unwrap()[0].records), (0, records));
    let keys = NewKeys { device: Some(device()), passphrase: None };
    let made = restore(there.path("new"), keys, out, Some(WORDS.to_owned()), Language::Japanese).err();
    assert_eq!(made, Some(TechoError::WishInvalid { field: "slice".to_owned() }));
    assert_eq!(error_text(made.unwrap(), Language::Japanese).kind, "only_slice");
}

#[test]
fn a_grown_child_takes_everything_along_and_nothing_goes_before_the_file_was_read_back() {
    let (notebook, vault) = Notebook::made();
    add_hanako(&vault);
    let taro = add_taro(&vault);
    vault.look(fixture("family/hanako-tokutei-2025.xml"), None).unwrap().take(taro.id.clone(), true, false).unwrap();
    let asked = |today: &str, age| vault.hand_over_text(taro.id.clone(), today.to_owned(), age).unwrap().age_text;
    assert!(asked("2034-06-19", 15).unwrap().contains("まだ 14 歳"));
    assert_eq!((asked("2034-06-20", 15), asked("2037-06-20", 18)), (None, None));
    let out = notebook.path("taro.techo");
    let end = |words: &str| vault.end_access(taro.id.clone(), out.clone(), words.to_owned());
    assert_eq!(end(WORDS).err(), Some(TechoError::FileMissing));
    let hand = |path: &str| {
        let (from, today) = ("手帳 花子".to_owned(), "2037-06-20".to_owned());
        vault.hand_over(taro.id.clone(), from, today, false, WORDS.to_owned(), path.to_owned())
    };
    let done = hand(&out).unwrap();
    assert!(done.people[0].is_whole && done.people[0].records > 10);
    assert_eq!(end("別の合言葉").err(), Some(TechoError::WrongKey));
    assert_eq!(vault.people().unwrap().len(), 2);
    let erased = end(WORDS).unwrap();
    assert!(erased.records == done.people[0].records && !erased.text.is_empty());
    assert_eq!(vault.people().unwrap().len(), 1);
    assert!(vault.ledger(None, 10).unwrap().lines[0].text.contains("本人の手帳に渡し"));

    let dir = notebook.path("own");
    let keys = NewKeys { device: Some(device()), passphrase: None };
    restore(dir.clone(), keys, out, Some(WORDS.to_owned()), Language::Japanese).unwrap();
    let own = Vault::open(dir, device_key(), None, Language::Japanese).unwrap();
    assert_eq!(own.people().unwrap()[0].records, done.people[0].records);
    assert!(own.ledger(None, 10).unwrap().lines.iter().any(|line| line.text.contains("受け取りました")));
}
