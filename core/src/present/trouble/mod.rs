//! What went wrong, as a person is told: one kind for each different thing that an app (or a person) would do about it, with
//! a sentence that says what happened and one that says what to do. No sentence carries anything of a document or a record.

mod kinds;

#[cfg(test)]
mod tests;

use super::{Language, end_text, refusal_text};
use crate::{
    base::{BadRecoveryCode, EmptyPassphrase},
    formats::{FormatError, Unread},
    intake::IntakeError,
    portal::End,
    record::BadPerson,
    vault::VaultError,
};

pub use kinds::TroubleKind;

/// What went wrong, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What an app would do about it.
    pub kind: TroubleKind,
    /// What happened: a sentence without a full stop, with the place or the number that belongs to it.
    pub what: String,
    /// What to do: a sentence or two.
    pub todo: &'static str,
}

impl Trouble {
    /// A trouble of this kind, of which nothing more is known.
    pub fn new(kind: TroubleKind, language: Language) -> Self {
        Self { kind, what: kind.what(language).to_owned(), todo: kind.todo(language) }
    }

    /// A trouble of this kind with what belongs to it: a place, a file, a number.
    pub fn with(kind: TroubleKind, detail: &str, language: Language) -> Self {
        let what = format!("{}{}{detail}", kind.what(language), language.pick("：", ": "));
        Self { what, ..Self::new(kind, language) }
    }

    /// What the vault could not do.
    pub fn of_vault(error: &VaultError, language: Language) -> Self {
        let kind = TroubleKind::from(error);
        match (error, language) {
            (VaultError::VaultRolledBack { missing }, Language::Japanese) => {
                Self { what: format!("{}（欠けた変更 {missing} 件）", kind.what(language)), ..Self::new(kind, language) }
            }
            (VaultError::VaultRolledBack { missing }, Language::English) => {
                Self { what: format!("{} (missing: {missing})", kind.what(language)), ..Self::new(kind, language) }
            }
            // What is left is our bug, and its text holds numbers only.
            (VaultError::Sqlite(_) | VaultError::Internal(_) | VaultError::Codec | VaultError::TooManyFacts, _) => {
                Self::with(kind, &error.to_string(), language)
            }
            _ => Self::new(kind, language),
        }
    }

    /// Why a document was not filed: with the place in it, or with what differs.
    pub fn of_intake(error: &IntakeError, language: Language) -> Self {
        match error {
            IntakeError::Vault(error) => Self::of_vault(error, language),
            _ => Self::with(error.into(), &reason_text(error, language), language),
        }
    }

    /// How a fetch ended, as [`end_text`] says it.
    pub fn of_end(end: &End, language: Language) -> Self {
        let text = end_text(end, language);
        Self { kind: end.into(), what: text.what, todo: text.todo }
    }

    /// Both sentences, one behind the other.
    pub fn text(&self, language: Language) -> String {
        format!("{}{}{}", self.what, language.pick("。", ". "), self.todo)
    }
}

/// Why a document was not filed, without the kind's own sentence: the fault and its place, or what differs.
pub fn reason_text(error: &IntakeError, language: Language) -> String {
    match (error, language) {
        (IntakeError::Format(error), _) => refusal_text(error, language),
        (IntakeError::NotThisPerson(mismatch), Language::Japanese) => format!("違うもの {}", mismatch.japanese()),
        (IntakeError::NotThisPerson(mismatch), Language::English) => format!("these differ: {}", mismatch.english()),
        (IntakeError::PossibleMyNumber { place }, Language::Japanese) => format!("{place} に 12 桁の数字があります"),
        (IntakeError::PossibleMyNumber { place }, Language::English) => format!("twelve digits at {place}"),
        (IntakeError::InsurerNumber { place }, Language::Japanese) => format!("{place} に保険証の記号・番号のようなものがあります"),
        (IntakeError::InsurerNumber { place }, Language::English) => {
            format!("what looks like a symbol or number of an insurance card at {place}")
        }
        (IntakeError::Vault(error), _) => TroubleKind::from(error).what(language).to_owned(),
    }
}

impl From<&VaultError> for TroubleKind {
    fn from(error: &VaultError) -> Self {
        // No `_` arm: a new error must be given a meaning here before it compiles.
        match error {
            VaultError::Locked => Self::Locked,
            VaultError::WrongKey => Self::WrongKey,
            VaultError::KeyUnavailable => Self::KeyUnavailable,
            VaultError::VaultMissing => Self::VaultMissing,
            VaultError::VaultExists => Self::VaultExists,
            VaultError::VaultInUse => Self::VaultInUse,
            VaultError::VaultTooNew { .. } => Self::TooNew,
            VaultError::NoSpace => Self::NoSpace,
            VaultError::NotFound => Self::NotFound,
            VaultError::PersonExists => Self::PersonExists,
            VaultError::ReadOnly => Self::ReadOnly,
            VaultError::NothingLost => Self::NothingLost,
            VaultError::PresenceNeeded => Self::PresenceNeeded,
            VaultError::ConsentNeeded | VaultError::ConsentSpent | VaultError::GrantExpired => Self::ConsentNeeded,
            VaultError::FetchRunning => Self::FetchRunning,
            VaultError::SealForged => Self::Forged,
            VaultError::VaultEmpty | VaultError::VaultDamaged => Self::VaultDamaged,
            VaultError::VaultRolledBack { .. } => Self::VaultRolledBack,
            VaultError::VaultForked => Self::VaultForked,
            VaultError::VaultUnproven => Self::VaultUnproven,
            VaultError::NotSqlCipher | VaultError::NoRandomness => Self::System,
            VaultError::Io(_) => Self::FileUnusable,
            VaultError::TooManyFacts | VaultError::Codec | VaultError::Sqlite(_) | VaultError::Internal(_) => Self::Internal,
        }
    }
}

impl From<&FormatError> for TroubleKind {
    fn from(error: &FormatError) -> Self {
        match error {
            FormatError::NotRead(Unread::NoQr) => Self::NoQr,
            FormatError::Limit { what: "size" | "pixels", .. } => Self::TooLarge,
            FormatError::Empty
            | FormatError::Limit { .. }
            | FormatError::NotRead(_)
            | FormatError::Malformed { .. }
            | FormatError::NoAnswer { .. } => Self::NotReadable,
            FormatError::MyNumber { .. } => Self::MyNumber,
            FormatError::DeletionRequest { .. } => Self::DeletionRequest,
            FormatError::BadSignature { .. } => Self::BadSignature,
        }
    }
}

impl From<&IntakeError> for TroubleKind {
    fn from(error: &IntakeError) -> Self {
        match error {
            IntakeError::Format(error) => error.into(),
            IntakeError::NotThisPerson(_) => Self::NotThisPerson,
            IntakeError::PossibleMyNumber { .. } => Self::PossibleMyNumber,
            IntakeError::InsurerNumber { .. } => Self::InsurerNumber,
            IntakeError::Vault(error) => error.into(),
        }
    }
}

impl From<&End> for TroubleKind {
    fn from(end: &End) -> Self {
        match end {
            End::Refused | End::Withdrawn | End::Erased => Self::Declined,
            End::Cancelled => Self::Cancelled,
            End::NotYou { .. } | End::NotConfirmed => Self::NotYou,
            End::Forged | End::Taken => Self::Forged,
            End::NotTheRelay(_) => Self::NotTheRelay,
            End::Expired | End::Forgotten | End::CodeRefused | End::StateUnreadable => Self::Expired,
            End::Late | End::Maintenance | End::PortalUnreachable | End::RelayFault => Self::TryLater,
            End::CardExpired | End::BrowserFailed { .. } | End::IdentityRefused | End::PortalRefused { .. } => Self::PortalRefused,
            End::TooLarge | End::Malformed => Self::BadAnswer,
            End::MyNumber => Self::MyNumber,
            End::OtherVersion => Self::TooNew,
            End::NotOffered => Self::NotOffered,
        }
    }
}

impl From<&BadPerson> for TroubleKind {
    fn from(_: &BadPerson) -> Self {
        Self::PersonInvalid
    }
}

impl From<&BadRecoveryCode> for TroubleKind {
    fn from(_: &BadRecoveryCode) -> Self {
        Self::RecoveryCodeMistyped
    }
}

impl From<&EmptyPassphrase> for TroubleKind {
    fn from(_: &EmptyPassphrase) -> Self {
        Self::PassphraseEmpty
    }
}
