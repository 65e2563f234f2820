//! The words of errors: what happened and what to do, from the core's table of troubles.

use techo_core::{
    consent::Item,
    present::{self, TroubleKind},
    record::Mismatch,
};

use crate::{Language, TechoError};

/// What happened and what to do, in the person's language. Holds nothing of a document or a record but a place.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Trouble {
    /// The public id of what went wrong, for example `wrong_passphrase`.
    pub kind: String,
    /// What happened. One sentence.
    pub what: String,
    /// What to do. One sentence or two.
    pub todo: String,
}

impl From<present::Trouble> for Trouble {
    fn from(trouble: present::Trouble) -> Self {
        Self { kind: trouble.kind.id().to_owned(), what: trouble.what, todo: trouble.todo.to_owned() }
    }
}

/// *Instant.* The words of an error.
#[uniffi::export]
pub fn error_text(error: TechoError, language: Language) -> Trouble {
    let language = language.into();
    match detail(&error, language) {
        Some(detail) => present::Trouble::with(kind(&error), &detail, language),
        None => present::Trouble::new(kind(&error), language),
    }
    .into()
}

/// What stands behind the kind's own sentence.
fn detail(error: &TechoError, language: present::Language) -> Option<String> {
    match error {
        TechoError::VaultRolledBack { missing } => Some(match language {
            present::Language::Japanese => format!("欠けた変更 {missing} 件"),
            present::Language::English => format!("missing: {missing}"),
        }),
        TechoError::NotOffered { items } => {
            let items = items.split(',').filter_map(|id| id.parse::<Item>().ok());
            let names: Vec<&str> = items.map(|item| language.pick(item.japanese(), item.english())).collect();
            Some(names.join(language.pick("、", ", ")))
        }
        TechoError::NotThisPerson { differs } => {
            let has = |field: &str| differs.split(',').any(|one| one == field);
            let differs = Mismatch { name: has("name"), born: has("born"), sex: has("sex") };
            Some(match language {
                present::Language::Japanese => differs.japanese(),
                present::Language::English => differs.english(),
            })
        }
        TechoError::NotReadable { place, .. } | TechoError::MyNumber { place } | TechoError::PossibleMyNumber { place } => {
            Some(present::place_text(place, language))
        }
        TechoError::BadProfile { field } => Some(field.clone()),
        TechoError::TooLarge { limit_mb } => Some(match language {
            present::Language::Japanese => format!("{limit_mb} MB まで"),
            present::Language::English => format!("at most {limit_mb} MB"),
        }),
        TechoError::RecoveryCodeMistyped { group: Some(group) } => Some(match language {
            present::Language::Japanese => format!("{group} 番目の組"),
            present::Language::English => format!("group {group}"),
        }),
        TechoError::Internal { code } => Some(code.to_string()),
        TechoError::Locked
        | TechoError::WrongKey
        | TechoError::KeyUnavailable
        | TechoError::VaultMissing
        | TechoError::VaultExists
        | TechoError::VaultDamaged
        | TechoError::VaultForked
        | TechoError::VaultUnproven
        | TechoError::VaultInUse
        | TechoError::VaultTooNew { .. }
        | TechoError::PresenceNeeded
        | TechoError::ReadOnly
        | TechoError::NothingLost
        | TechoError::NoSpace
        | TechoError::NotFound
        | TechoError::PersonInvalid { .. }
        | TechoError::PersonExists
        | TechoError::WishInvalid { .. }
        | TechoError::ConsentNeeded
        | TechoError::ConsentSpent
        | TechoError::FetchRunning
        | TechoError::OtherRelay
        | TechoError::ForeignRedirect
        | TechoError::OutOfTurn
        | TechoError::Cancelled
        | TechoError::Offline
        | TechoError::NoQr
        | TechoError::FileMissing
        | TechoError::FileUnusable
        | TechoError::NotAnArchive
        | TechoError::ArchiveTooNew
        | TechoError::ArchiveDamaged
        | TechoError::PassphraseNeeded
        | TechoError::PassphraseEmpty
        | TechoError::NotSealable
        | TechoError::RecoveryCodeMistyped { group: None }
        | TechoError::Changed => None,
    }
}

/// The kind of an error in the core's table.
fn kind(error: &TechoError) -> TroubleKind {
    match error {
        TechoError::Locked => TroubleKind::Locked,
        TechoError::WrongKey => TroubleKind::WrongKey,
        TechoError::KeyUnavailable => TroubleKind::KeyUnavailable,
        TechoError::VaultMissing => TroubleKind::VaultMissing,
        TechoError::VaultExists => TroubleKind::VaultExists,
        TechoError::VaultDamaged => TroubleKind::VaultDamaged,
        TechoError::VaultRolledBack { .. } => TroubleKind::VaultRolledBack,
        TechoError::VaultForked => TroubleKind::VaultForked,
        TechoError::VaultUnproven => TroubleKind::VaultUnproven,
        TechoError::VaultInUse => TroubleKind::VaultInUse,
        TechoError::VaultTooNew { .. } | TechoError::ArchiveTooNew => TroubleKind::TooNew,
        TechoError::PresenceNeeded => TroubleKind::PresenceNeeded,
        TechoError::ReadOnly => TroubleKind::ReadOnly,
        TechoError::NothingLost => TroubleKind::NothingLost,
        TechoError::NoSpace => TroubleKind::NoSpace,
        TechoError::NotFound => TroubleKind::NotFound,
        TechoError::PersonInvalid { .. } => TroubleKind::PersonInvalid,
        TechoError::PersonExists => TroubleKind::PersonExists,
        TechoError::WishInvalid { field } if field == "person" => TroubleKind::PersonNeeded,
        TechoError::WishInvalid { field } if field == "records" => TroubleKind::NothingToWrite,
        TechoError::WishInvalid { field } if field == "codes" => TroubleKind::TooMuchForCodes,
        TechoError::WishInvalid { field } if field == "slice" => TroubleKind::OnlySlice,
        TechoError::WishInvalid { .. } => TroubleKind::WishInvalid,
        TechoError::ConsentNeeded | TechoError::ConsentSpent => TroubleKind::ConsentNeeded,
        TechoError::FetchRunning => TroubleKind::FetchRunning,
        TechoError::NotOffered { .. } => TroubleKind::NotOffered,
        TechoError::OtherRelay => TroubleKind::OtherRelay,
        TechoError::BadProfile { .. } => TroubleKind::BadProfile,
        TechoError::ForeignRedirect => TroubleKind::ForeignRedirect,
        TechoError::Cancelled => TroubleKind::Cancelled,
        TechoError::Offline => TroubleKind::Offline,
        TechoError::NotReadable { .. } => TroubleKind::NotReadable,
        TechoError::NotThisPerson { .. } => TroubleKind::NotThisPerson,
        TechoError::MyNumber { .. } => TroubleKind::MyNumber,
        TechoError::PossibleMyNumber { .. } => TroubleKind::PossibleMyNumber,
        TechoError::TooLarge { .. } => TroubleKind::TooLarge,
        TechoError::NoQr => TroubleKind::NoQr,
        TechoError::FileMissing => TroubleKind::FileMissing,
        TechoError::FileUnusable => TroubleKind::FileUnusable,
        TechoError::NotAnArchive => TroubleKind::NotAnArchive,
        TechoError::ArchiveDamaged => TroubleKind::ArchiveDamaged,
        TechoError::PassphraseNeeded => TroubleKind::PassphraseNeeded,
        TechoError::PassphraseEmpty => TroubleKind::PassphraseEmpty,
        TechoError::NotSealable => TroubleKind::NotSealable,
        TechoError::RecoveryCodeMistyped { .. } => TroubleKind::RecoveryCodeMistyped,
        TechoError::Changed => TroubleKind::Changed,
        TechoError::OutOfTurn | TechoError::Internal { .. } => TroubleKind::Internal,
    }
}
