//! The one error of the surface: a variant for each different thing that an app would do. Converted from the core's errors, a
//! `match` for each without a catch-all, so that a new one must be given a meaning here before it compiles.
//!
//! Nothing in it is a person's data: places, ids of fields and items, and numbers. It may be logged.

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

/// What went wrong, and what an app would do about it. [`crate::error_text`] has the words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TechoError {
    /// The vault was locked: open it again.
    #[error("the vault is locked")]
    Locked,
    /// The key, passphrase or code does not open this: ask again.
    #[error("this key does not open it")]
    WrongKey,
    /// The vault cannot be opened in this way: ask for another.
    #[error("there is no such way to open the vault")]
    KeyUnavailable,
    /// There is no vault: begin one, or restore one.
    #[error("there is no vault here")]
    VaultMissing,
    /// There is a vault already: open it.
    #[error("there is already a vault here")]
    VaultExists,
    /// Bytes of the vault are not what was written: rescue, or accept the loss.
    #[error("the vault is damaged")]
    VaultDamaged,
    /// The vault is older than what was seen of it: rescue, or accept the loss.
    #[error("the vault is older than its anchor: {missing} changes are missing")]
    VaultRolledBack {
        /// How many changes are missing.
        missing: u64,
    },
    /// The vault has another history than what was seen of it.
    #[error("the vault has another history than its anchor")]
    VaultForked,
    /// Nothing vouches for the vault.
    #[error("nothing vouches for the vault")]
    VaultUnproven,
    /// Another process has it open.
    #[error("another process has the vault open")]
    VaultInUse,
    /// A newer version wrote it: update.
    #[error("the vault has schema version {found}, this program knows {known}")]
    VaultTooNew {
        /// The version found.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The person must show that it is they who ask: `confirm_presence`, then call again.
    #[error("the person must confirm that it is they who ask")]
    PresenceNeeded,
    /// The vault is open for reading only.
    #[error("the vault is open for reading only")]
    ReadOnly,
    /// There is no loss to accept.
    #[error("the vault is whole, nothing is lost")]
    NothingLost,
    /// No room on the disk. Nothing was written.
    #[error("no space left on the disk")]
    NoSpace,
    /// There is nothing with this id or of this name.
    #[error("there is nothing with this id")]
    NotFound,
    /// A person cannot be added like this.
    #[error("the person cannot be kept as given ({field})")]
    PersonInvalid {
        /// `name` or `born`.
        field: String,
    },
    /// This person is here already.
    #[error("this person is in the vault already")]
    PersonExists,
    /// What was asked for cannot be asked: nothing, something twice, or days that end before they begin.
    #[error("this cannot be asked for ({field})")]
    WishInvalid {
        /// `items` or `period`.
        field: String,
    },
    /// Nobody has said yes to this, or too long ago: ask for consent.
    #[error("there is no consent for this")]
    ConsentNeeded,
    /// The yes was used or taken back: ask again.
    #[error("the consent was answered, used or withdrawn already")]
    ConsentSpent,
    /// A fetch for this person is unfinished: resume it or take its consent back.
    #[error("another fetch for this person is running")]
    FetchRunning,
    /// The relay offers nothing that returns these items.
    #[error("the relay does not offer this ({items})")]
    NotOffered {
        /// Ids of items with commas between them.
        items: String,
    },
    /// The profile is another relay's.
    #[error("the profile is another relay's")]
    OtherRelay,
    /// The relay's profile cannot be used.
    #[error("the relay's profile cannot be used ({field})")]
    BadProfile {
        /// Which field; `profile` where it cannot be read at all.
        field: String,
    },
    /// The address is not the one this fetch waits for. Nothing was changed; wait on.
    #[error("the address is not the one this fetch waits for; nothing was changed")]
    ForeignRedirect,
    /// The call does not belong to this step.
    #[error("the call does not belong to this step")]
    OutOfTurn,
    /// The person stopped it. Only shells make this one, for its words.
    #[error("it was stopped")]
    Cancelled,
    /// There is no way to the relay. Only shells make this one, for its words: a fetch has a step that waits.
    #[error("the relay cannot be reached")]
    Offline,
    /// The file is of a kind that is not read, or broken.
    #[error("the file cannot be read ({place})")]
    NotReadable {
        /// The format's id, where it is of one that is read.
        format: Option<String>,
        /// Where: a line, a position or a path, without any value in it.
        place: String,
    },
    /// The document is about somebody else: ask whether it is this person's all the same.
    #[error("the document is about somebody else ({differs})")]
    NotThisPerson {
        /// What differs: `name`, `born`, `sex`, with commas between them.
        differs: String,
    },
    /// The document has a My Number (個人番号) in it. It is never taken in.
    #[error("an Individual Number (My Number) at {place}")]
    MyNumber {
        /// Where.
        place: String,
    },
    /// Twelve digits could be a My Number: ask the person to look.
    #[error("twelve digits that could be an Individual Number (My Number) at {place}")]
    PossibleMyNumber {
        /// Where.
        place: String,
    },
    /// The file is larger than any document.
    #[error("the file is too large (at most {limit_mb} MB)")]
    TooLarge {
        /// The limit in megabytes.
        limit_mb: u32,
    },
    /// The picture has no QR code that can be read.
    #[error("there is no QR code in the picture")]
    NoQr,
    /// There is no such file.
    #[error("there is no such file")]
    FileMissing,
    /// The file or directory cannot be read or written.
    #[error("the file cannot be used")]
    FileUnusable,
    /// The file is no Techo archive.
    #[error("not a Techo archive")]
    NotAnArchive,
    /// A newer version wrote the archive: update.
    #[error("a newer version wrote the archive")]
    ArchiveTooNew,
    /// The archive is not whole.
    #[error("the archive is damaged")]
    ArchiveDamaged,
    /// The archive is sealed: ask for its passphrase.
    #[error("the archive is sealed; its passphrase is needed")]
    PassphraseNeeded,
    /// A passphrase needs at least one character.
    #[error("a passphrase needs at least one character")]
    PassphraseEmpty,
    /// A passphrase was given for a format that has none. Nothing was written.
    #[error("this format cannot be sealed")]
    NotSealable,
    /// The recovery code is mistyped.
    #[error("the recovery code is mistyped")]
    RecoveryCodeMistyped {
        /// The first group to look at again, counted from 1, where it can be told.
        group: Option<u32>,
    },
    /// The content changed while it was being read: try again.
    #[error("the content changed meanwhile; try again")]
    Changed,
    /// Our own mistake, or the system's.
    #[error("internal error {code}")]
    Internal {
        /// A number that is unique in the source.
        code: u32,
    },
}

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
            IntakeError::Vault(error) => error.into(),
        }
    }
}

/// A reader's error, with the format where it is known.
pub(crate) fn of_format(format: Option<FormatId>, error: FormatError) -> TechoError {
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

/// The one date that a person types in is a date of birth.
impl From<BadDate> for TechoError {
    fn from(_: BadDate) -> Self {
        Self::PersonInvalid { field: "born".to_owned() }
    }
}
