//! Every kind has words, and every error a kind.

use std::collections::BTreeSet;

use super::*;
use crate::{formats::Fault, record::Mismatch};

#[test]
fn every_kind_has_an_id_of_its_own_and_two_sentences_in_both_languages() {
    let ids: BTreeSet<&str> = TroubleKind::ALL.iter().map(|kind| kind.id()).collect();
    assert_eq!(ids.len(), TroubleKind::ALL.len());
    for kind in TroubleKind::ALL {
        assert!(kind.id().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{kind:?}");
        for text in [kind.what(Language::Japanese), kind.todo(Language::Japanese)] {
            assert!(!text.is_ascii() && !text.ends_with('。'), "{kind:?}: {text}");
        }
        for text in [kind.what(Language::English), kind.todo(Language::English)] {
            assert!(
                text.starts_with(|first: char| first.is_ascii_uppercase()) && text.is_ascii() && !text.ends_with('.'),
                "{kind:?}: {text}"
            );
        }
    }
}

#[test]
fn a_wrong_passphrase_damage_and_a_rollback_are_three_things() {
    let errors = [VaultError::WrongKey, VaultError::VaultDamaged, VaultError::VaultRolledBack { missing: 2 }];
    let kinds = errors.each_ref().map(TroubleKind::from);
    assert_eq!(kinds, [TroubleKind::WrongKey, TroubleKind::VaultDamaged, TroubleKind::VaultRolledBack]);
    assert!(Trouble::of_vault(&VaultError::VaultRolledBack { missing: 2 }, Language::Japanese).what.ends_with("（欠けた変更 2 件）"));
}

#[test]
fn a_refused_document_is_told_with_its_place_and_no_value() {
    let broken = IntakeError::Format(FormatError::Malformed { place: "line 4".to_owned(), fault: Fault::Truncated });
    let trouble = Trouble::of_intake(&broken, Language::Japanese);
    assert_eq!(trouble.kind, TroubleKind::NotReadable);
    assert_eq!(trouble.what, "読めないファイルです。何も取り込んでいません：4 行目: 途中で切れています");
    let differs = Mismatch { born: true, ..Mismatch::default() };
    let trouble = Trouble::of_intake(&IntakeError::NotThisPerson(differs), Language::English);
    assert!(trouble.what.ends_with("these differ: date of birth"), "{}", trouble.what);
}

#[test]
fn an_error_of_ours_is_told_with_its_number() {
    let trouble = Trouble::of_vault(&VaultError::Sqlite(522), Language::English);
    assert_eq!(trouble.kind, TroubleKind::Internal);
    assert!(trouble.text(Language::English).contains("522"), "{trouble:?}");
}
