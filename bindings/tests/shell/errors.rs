//! Every error of the core has a meaning on the surface, and every error of the surface has words.

use techo_bindings::{Language, TechoError, error_text};
use techo_core::{
    formats::{Fault, FormatError, Unread},
    intake::IntakeError,
    record::Mismatch,
    sync::SyncError,
    transfer::TransferError,
    vault::VaultError,
};

/// One of each. A new variant does not compile in `number`, and then is missing here.
fn all() -> Vec<TechoError> {
    let text = || "marker".to_owned();
    vec![
        TechoError::Locked,
        TechoError::WrongKey,
        TechoError::KeyUnavailable,
        TechoError::VaultMissing,
        TechoError::VaultExists,
        TechoError::VaultDamaged,
        TechoError::VaultRolledBack { missing: 7 },
        TechoError::VaultForked,
        TechoError::VaultUnproven,
        TechoError::VaultInUse,
        TechoError::VaultTooNew { found: 9, known: 2 },
        TechoError::PresenceNeeded,
        TechoError::ReadOnly,
        TechoError::NothingLost,
        TechoError::NoSpace,
        TechoError::NotFound,
        TechoError::PersonInvalid { field: text() },
        TechoError::PersonExists,
        TechoError::WishInvalid { field: text() },
        TechoError::ConsentNeeded,
        TechoError::ConsentSpent,
        TechoError::FetchRunning,
        TechoError::NotOffered { items: "checkup,care".to_owned() },
        TechoError::OtherRelay,
        TechoError::BadProfile { field: text() },
        TechoError::ForeignRedirect,
        TechoError::OutOfTurn,
        TechoError::Cancelled,
        TechoError::Offline,
        TechoError::NotReadable { format: None, place: "line 4".to_owned() },
        TechoError::NotThisPerson { differs: "name,born".to_owned() },
        TechoError::MyNumber { place: text() },
        TechoError::PossibleMyNumber { place: text() },
        TechoError::TooLarge { limit_mb: 256 },
        TechoError::NoQr,
        TechoError::FileMissing,
        TechoError::FileUnusable,
        TechoError::NotAnArchive,
        TechoError::ArchiveTooNew,
        TechoError::ArchiveDamaged,
        TechoError::PassphraseNeeded,
        TechoError::PassphraseEmpty,
        TechoError::NotSealable,
        TechoError::RecoveryCodeMistyped { group: Some(3) },
        TechoError::Changed,
        TechoError::Internal { code: 10_001 },
    ]
}

fn number(error: &TechoError) -> usize {
    match error {
        TechoError::Locked => 0,
        TechoError::WrongKey => 1,
        TechoError::KeyUnavailable => 2,
        TechoError::VaultMissing => 3,
        TechoError::VaultExists => 4,
        TechoError::VaultDamaged => 5,
        TechoError::VaultRolledBack { .. } => 6,
        TechoError::VaultForked => 7,
        TechoError::VaultUnproven => 8,
        TechoError::VaultInUse => 9,
        TechoError::VaultTooNew { .. } => 10,
        TechoError::PresenceNeeded => 11,
        TechoError::ReadOnly => 12,
        TechoError::NothingLost => 13,
        TechoError::NoSpace => 14,
        TechoError::NotFound => 15,
        TechoError::PersonInvalid { .. } => 16,
        TechoError::PersonExists => 17,
        TechoError::WishInvalid { .. } => 18,
        TechoError::ConsentNeeded => 19,
        TechoError::ConsentSpent => 20,
        TechoError::FetchRunning => 21,
        TechoError::NotOffered { .. } => 22,
        TechoError::OtherRelay => 23,
        TechoError::BadProfile { .. } => 24,
        TechoError::ForeignRedirect => 25,
        TechoError::OutOfTurn => 26,
        TechoError::Cancelled => 27,
        TechoError::Offline => 28,
        TechoError::NotReadable { .. } => 29,
        TechoError::NotThisPerson { .. } => 30,
        TechoError::MyNumber { .. } => 31,
        TechoError::PossibleMyNumber { .. } => 32,
        TechoError::TooLarge { .. } => 33,
        TechoError::NoQr => 34,
        TechoError::FileMissing => 35,
        TechoError::FileUnusable => 36,
        TechoError::NotAnArchive => 37,
        TechoError::ArchiveTooNew => 38,
        TechoError::ArchiveDamaged => 39,
        TechoError::PassphraseNeeded => 40,
        TechoError::PassphraseEmpty => 41,
        TechoError::NotSealable => 42,
        TechoError::RecoveryCodeMistyped { .. } => 43,
        TechoError::Changed => 44,
        TechoError::Internal { .. } => 45,
    }
}

#[test]
fn every_error_has_two_sentences_in_both_languages() {
    let all = all();
    assert_eq!(all.iter().map(number).collect::<Vec<_>>(), (0..=45).collect::<Vec<_>>());
    for error in all {
        assert!(!error.to_string().is_empty());
        let japanese = error_text(error.clone(), Language::Japanese);
        let english = error_text(error.clone(), Language::English);
        assert!(!japanese.what.is_ascii() && !japanese.todo.is_ascii(), "{error:?}: {japanese:?}");
        assert!(english.what.is_ascii() && english.todo.is_ascii() && !english.todo.is_empty(), "{error:?}: {english:?}");
        assert_eq!(japanese.kind, english.kind);
        assert_eq!(error_text(error, Language::Japanese), japanese);
    }
}

#[test]
fn an_error_is_told_with_what_belongs_to_it() {
    let told = |error: TechoError, language| error_text(error, language).what;
    assert!(told(TechoError::VaultRolledBack { missing: 7 }, Language::Japanese).contains("欠けた変更 7 件"));
    assert!(told(TechoError::NotOffered { items: "checkup,care".to_owned() }, Language::English).ends_with("Health checkups, Care"));
    assert!(told(TechoError::NotThisPerson { differs: "born".to_owned() }, Language::English).ends_with("date of birth"));
    let broken = TechoError::NotReadable { format: None, place: "line 4".to_owned() };
    assert!(told(broken, Language::Japanese).ends_with("4 行目"));
    assert!(told(TechoError::Internal { code: 10_001 }, Language::Japanese).contains("10001"));
    assert!(told(TechoError::TooLarge { limit_mb: 256 }, Language::English).contains("256 MB"));
}

#[test]
fn every_error_of_a_room_becomes_the_one_that_an_app_can_act_on() {
    use std::io::ErrorKind;
    let vault = [
        (VaultError::Locked, TechoError::Locked),
        (VaultError::WrongKey, TechoError::WrongKey),
        (VaultError::KeyUnavailable, TechoError::KeyUnavailable),
        (VaultError::VaultMissing, TechoError::VaultMissing),
        (VaultError::VaultEmpty, TechoError::VaultDamaged),
        (VaultError::VaultDamaged, TechoError::VaultDamaged),
        (VaultError::VaultRolledBack { missing: 3 }, TechoError::VaultRolledBack { missing: 3 }),
        (VaultError::VaultForked, TechoError::VaultForked),
        (VaultError::VaultUnproven, TechoError::VaultUnproven),
        (VaultError::GrantExpired, TechoError::ConsentNeeded),
        (VaultError::Io(ErrorKind::PermissionDenied), TechoError::FileUnusable),
        (VaultError::Sqlite(522), TechoError::Internal { code: 20_522 }),
        (VaultError::Internal(4), TechoError::Internal { code: 10_006 }),
        (VaultError::NoRandomness, TechoError::Internal { code: 300_001 }),
    ];
    for (from, to) in vault {
        assert_eq!(TechoError::from(from.clone()), to);
        assert_eq!(TechoError::from(TransferError::Vault(from.clone())), to);
        assert_eq!(TechoError::from(SyncError::Vault(from.clone())), to);
        assert_eq!(TechoError::from(IntakeError::Vault(from)), to);
    }
    let transfer = [
        (TransferError::WrongPassphrase, TechoError::WrongKey),
        (TransferError::NotEmpty, TechoError::VaultExists),
        (TransferError::Truncated, TechoError::ArchiveDamaged),
        (TransferError::TooMuchWork { required: 30, most: 20 }, TechoError::ArchiveDamaged),
        (TransferError::TooNew { found: 9, known: 1 }, TechoError::ArchiveTooNew),
        (TransferError::Internal(7), TechoError::Internal { code: 100_007 }),
    ];
    for (from, to) in transfer {
        assert_eq!(TechoError::from(from), to);
    }
    let sync = [
        (SyncError::NoSuchFetch, TechoError::NotFound),
        (SyncError::OtherRelay, TechoError::OtherRelay),
        (SyncError::GrantExpired, TechoError::ConsentNeeded),
        (SyncError::Internal(1), TechoError::Internal { code: 200_001 }),
    ];
    for (from, to) in sync {
        assert_eq!(TechoError::from(from), to);
    }
    let place = || "line 4".to_owned();
    let unreadable = |place: &str| TechoError::NotReadable { format: None, place: place.to_owned() };
    let formats = [
        (FormatError::Empty, unreadable("document")),
        (FormatError::Malformed { place: place(), fault: Fault::Truncated }, unreadable("line 4")),
        (FormatError::NotRead(Unread::NoQr), TechoError::NoQr),
        (FormatError::NotRead(Unread::Pdf), unreadable("document")),
        (FormatError::Limit { what: "size", place: place() }, TechoError::TooLarge { limit_mb: 16 }),
        (FormatError::Limit { what: "nesting", place: place() }, unreadable("line 4")),
        (FormatError::MyNumber { place: place() }, TechoError::MyNumber { place: place() }),
        (FormatError::BadSignature { place: place() }, unreadable("line 4")),
    ];
    for (from, to) in formats {
        assert_eq!(TechoError::from(IntakeError::Format(from)), to);
    }
    let differs = Mismatch { name: true, born: false, sex: true };
    assert_eq!(TechoError::from(IntakeError::NotThisPerson(differs)), TechoError::NotThisPerson { differs: "name,sex".to_owned() });
}
