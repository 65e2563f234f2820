//! From the core's errors to the one of the surface: a `match` for each room without a catch-all, so that a new error must be
//! given a meaning here before it compiles.

use techo_core::{
    base::{BadDate, BadId, BadRecoveryCode, EmptyPassphrase, NoRandomness, limits},
    consent::{BadRequest, Item, NotOffered, UnknownItem},
    courier::CourierError,
    formats::{FormatError, FormatId, Unread},
    intake::IntakeError,
    record::{BadPerson, Mismatch},
    sync::SyncError,
    transfer::TransferError,
    vault::{BadRowId, VaultError},
};
use techo_sample::SampleError;

use super::TechoError;

/// Where the numbers of each room begin.
const VAULT: u32 = 10_000;
const SQLITE: u32 = 20_000;
const TRANSFER: u32 = 100_000;
const SYNC: u32 = 200_000;
const SYSTEM: u32 = 300_000;

const fn internal(code: u32) -> TechoError {
    TechoError::Internal { code }
}

impl From<VaultError> for TechoError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Locked => Self::Locked,
            VaultError::WrongKey => Self::WrongKey,
            VaultError::KeyUnavailable => Self::KeyUnavailable,
            VaultError::VaultMissing => Self::VaultMissing,
            VaultError::VaultExists => Self::VaultExists,
            VaultError::VaultInUse => Self::VaultInUse,
            VaultError::VaultTooNew { found, known } => Self::VaultTooNew { found, known },
            VaultError::NoSpace => Self::NoSpace,
            VaultError::NotFound => Self::NotFound,
            VaultError::PersonExists => Self::PersonExists,
            VaultError::TooManyFacts => Self::NotReadable { format: None, place: "document".to_owned() },
            VaultError::ReadOnly => Self::ReadOnly,
            VaultError::NothingLost => Self::NothingLost,
            VaultError::PresenceNeeded => Self::PresenceNeeded,
            VaultError::ConsentNeeded | VaultError::GrantExpired => Self::ConsentNeeded,
            VaultError::ConsentSpent => Self::ConsentSpent,
            VaultError::FetchRunning => Self::FetchRunning,
            VaultError::VaultEmpty | VaultError::VaultDamaged => Self::VaultDamaged,
            VaultError::VaultRolledBack { missing } => Self::VaultRolledBack { missing },
            VaultError::VaultForked => Self::VaultForked,
            VaultError::VaultUnproven => Self::VaultUnproven,
            VaultError::Io(_) => Self::FileUnusable,
            // A fetch ends with it; nothing else asks for what is sealed.
            VaultError::SealForged => internal(VAULT),
            VaultError::Codec => internal(VAULT + 1),
            VaultError::Internal(code) => internal(VAULT + 2 + u32::from(code)),
            VaultError::Sqlite(code) => internal(SQLITE + code.unsigned_abs()),
            VaultError::NotSqlCipher => internal(SYSTEM),
            VaultError::NoRandomness => internal(SYSTEM + 1),
        }
    }
}

impl From<TransferError> for TechoError {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::PassphraseNeeded => Self::PassphraseNeeded,
            TransferError::WrongPassphrase => Self::WrongKey,
            TransferError::FileMissing => Self::FileMissing,
            TransferError::NoSpace => Self::NoSpace,
            TransferError::VaultExists | TransferError::NotEmpty => Self::VaultExists,
            TransferError::PersonNeeded => Self::WishInvalid { field: "person".to_owned() },
            TransferError::NothingToWrite { .. } => Self::WishInvalid { field: "records".to_owned() },
            TransferError::NotThisPerson => Self::NotThisPerson { differs: "born".to_owned() },
            TransferError::OnlySlice => Self::WishInvalid { field: "slice".to_owned() },
            TransferError::TooMuchForCodes => Self::WishInvalid { field: "codes".to_owned() },
            TransferError::NotAnArchive => Self::NotAnArchive,
            TransferError::TooNew { .. } => Self::ArchiveTooNew,
            TransferError::Truncated | TransferError::Damaged(_) | TransferError::TooMuchWork { .. } => Self::ArchiveDamaged,
            TransferError::Changed => Self::Changed,
            TransferError::Vault(error) => error.into(),
            TransferError::Io(_) => Self::FileUnusable,
            TransferError::Internal(code) => internal(TRANSFER + u32::from(code)),
        }
    }
}

impl From<SyncError> for TechoError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Locked => Self::Locked,
            SyncError::PresenceNeeded => Self::PresenceNeeded,
            SyncError::GrantExpired | SyncError::ConsentNeeded => Self::ConsentNeeded,
            SyncError::ConsentSpent => Self::ConsentSpent,
            SyncError::FetchRunning => Self::FetchRunning,
            SyncError::NoSuchFetch => Self::NotFound,
            SyncError::OtherRelay => Self::OtherRelay,
            SyncError::ForeignRedirect => Self::ForeignRedirect,
            SyncError::OutOfTurn => Self::OutOfTurn,
            SyncError::NoRandomness => internal(SYSTEM + 1),
            SyncError::Internal(code) => internal(SYNC + u32::from(code)),
            SyncError::Vault(error) => error.into(),
        }
    }
}

impl From<IntakeError> for TechoError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Format(error) => of_format(None, error),
            IntakeError::NotThisPerson(differs) => Self::NotThisPerson { differs: fields(differs) },
            IntakeError::PossibleMyNumber { place } => Self::PossibleMyNumber { place },
            IntakeError::InsurerNumber { place } => Self::MyNumber { place },
            IntakeError::Vault(error) => error.into(),
        }
    }
}

/// A reader's error, with the format where it is known.
fn of_format(format: Option<FormatId>, error: FormatError) -> TechoError {
    let format = format.map(|format| format.id().to_owned());
    let place = error.place().unwrap_or("document").to_owned();
    match error {
        FormatError::MyNumber { place } => TechoError::MyNumber { place },
        FormatError::NotRead(Unread::NoQr) => TechoError::NoQr,
        FormatError::Limit { what: "size", .. } => TechoError::TooLarge { limit_mb: megabytes(limits::DOCUMENT_BYTES) },
        FormatError::Empty
        | FormatError::Limit { .. }
        | FormatError::NotRead(_)
        | FormatError::Malformed { .. }
        | FormatError::DeletionRequest { .. }
        | FormatError::NoAnswer { .. }
        | FormatError::BadSignature { .. } => TechoError::NotReadable { format, place },
    }
}

pub(crate) fn megabytes(bytes: usize) -> u32 {
    u32::try_from(bytes / (1024 * 1024)).unwrap_or(u32::MAX)
}

/// What differs, by the fields' ids.
fn fields(differs: Mismatch) -> String {
    let named = [(differs.name, "name"), (differs.born, "born"), (differs.sex, "sex")];
    named.into_iter().filter_map(|(does, field)| does.then_some(field)).collect::<Vec<_>>().join(",")
}

impl From<SampleError> for TechoError {
    fn from(error: SampleError) -> Self {
        match error {
            SampleError::Document(error) => error.into(),
            SampleError::Unsound => internal(SYSTEM + 3),
            SampleError::Vault(error) => error.into(),
        }
    }
}

impl From<CourierError> for TechoError {
    fn from(error: CourierError) -> Self {
        match error {
            CourierError::Address => Self::BadProfile { field: "api".to_owned() },
            CourierError::NoRoot | CourierError::Root { .. } => Self::BadProfile { field: "roots".to_owned() },
            CourierError::Setup => internal(SYSTEM + 2),
        }
    }
}

impl From<BadRequest> for TechoError {
    fn from(error: BadRequest) -> Self {
        match error {
            BadRequest::NoItems | BadRequest::Twice(_) => Self::WishInvalid { field: "items".to_owned() },
            BadRequest::Period(_) => Self::WishInvalid { field: "period".to_owned() },
            BadRequest::NotOffered(missing) => missing.into(),
        }
    }
}

impl From<NotOffered> for TechoError {
    fn from(NotOffered(items): NotOffered) -> Self {
        Self::NotOffered { items: items.into_iter().map(Item::id).collect::<Vec<_>>().join(",") }
    }
}

impl From<BadRecoveryCode> for TechoError {
    fn from(error: BadRecoveryCode) -> Self {
        let group = match error {
            BadRecoveryCode::Mistyped { groups } => groups.first().copied(),
            BadRecoveryCode::Length { group, .. } => group,
        };
        Self::RecoveryCodeMistyped { group: group.map(u32::from) }
    }
}

impl From<BadPerson> for TechoError {
    fn from(error: BadPerson) -> Self {
        let field = match error {
            BadPerson::NoName => "name",
            BadPerson::NoBirthDay => "born",
        };
        Self::PersonInvalid { field: field.to_owned() }
    }
}

impl From<EmptyPassphrase> for TechoError {
    fn from(EmptyPassphrase: EmptyPassphrase) -> Self {
        Self::PassphraseEmpty
    }
}

impl From<NoRandomness> for TechoError {
    fn from(NoRandomness: NoRandomness) -> Self {
        internal(SYSTEM + 1)
    }
}

// What is no id and no item names nothing that is here.
impl From<BadId> for TechoError {
    fn from(BadId: BadId) -> Self {
        Self::NotFound
    }
}

impl From<BadRowId> for TechoError {
    fn from(BadRowId: BadRowId) -> Self {
        Self::NotFound
    }
}

impl From<UnknownItem> for TechoError {
    fn from(UnknownItem: UnknownItem) -> Self {
        Self::NotFound
    }
}

/// The one date that a person types in here is a date of birth.
impl From<BadDate> for TechoError {
    fn from(_: BadDate) -> Self {
        Self::PersonInvalid { field: "born".to_owned() }
    }
}
