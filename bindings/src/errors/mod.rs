//! The one error of the surface: a variant for each different thing that an app would do. `from` makes it of the core's
//! errors.
//!
//! Nothing in it is a person's data: places, ids of fields and items, and numbers. It may be logged.

mod from;

pub(crate) use from::megabytes;

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
        /// `items` or `period`; `person` for a file that is about one person; `records` where there is nothing to write; `codes`
        /// where it is too much for QR codes; `slice` where a slice was given in the place of a whole archive.
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
