//! The vault as an object: made, opened, rescued, locked, and its soundness. Its other methods stand in the files of their
//! groups.

use std::{fs, path::Path, sync::Arc};

use techo_core::{
    base::DeviceSecret,
    formats::health_card::KeySet,
    intake::{reconcile, reread},
    transfer::TransferError,
    vault::{self, NewSlots, Unlock, VaultError},
};

use crate::{
    Key, Language, NewKeys, TechoError,
    redacted::redacted,
    room::{Room, now},
};

/// The person's notebook, open until it is locked.
#[derive(uniffi::Object)]
pub struct Vault {
    pub(crate) room: Arc<Room>,
    is_sample: bool,
}

/// How far a vault's history goes: for the shell to keep in the platform's keystore and to give back when it opens the vault,
/// so that a whole directory that was put back is noticed.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Position {
    /// Opaque.
    pub bytes: Vec<u8>,
}

/// What a check of the whole vault found.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Verification {
    /// Nothing is wrong.
    pub ok: bool,
    /// What is wrong, a line each, without content.
    pub problems: Vec<String>,
    /// Everybody's records and root; nobody's where something is wrong with the pages.
    pub people: Vec<RootLine>,
}

/// One person's records in one number.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct RootLine {
    /// The person's name.
    pub name: String,
    /// How many records.
    pub records: u64,
    /// The root: 64 hexadecimal digits, the same wherever the same records are.
    pub root: String,
}

redacted!(Position, Verification, RootLine);

impl Vault {
    fn of(vault: vault::Vault, language: Language) -> Arc<Self> {
        Arc::new(Self { room: Arc::new(Room::new(vault, language)), is_sample: false })
    }
}

#[uniffi::export]
impl Vault {
    /// *Long.* Makes a new, empty vault in `dir`, which is created where it is missing. Whoever makes it is present.
    ///
    /// `VaultExists` where there is one already; `KeyUnavailable` where no key is given.
    #[uniffi::constructor]
    pub fn create(dir: String, keys: NewKeys, language: Language) -> Result<Arc<Self>, TechoError> {
        let keys = keys.read()?;
        let vault = vault::Vault::create(Path::new(&dir), &keys.slots())?;
        if let Some(unlock) = keys.unlock() {
            vault.confirm_presence(unlock, now())?;
        }
        Ok(Self::of(vault, language))
    }

    /// *Long* with a passphrase, else *quick*. Opens the vault in `dir` with exactly this key, and never makes one. With `seen`
    /// it must be at least as far as the shell last saw it. The passphrase and the recovery code are presence, too.
    ///
    /// Whatever the error is, every file is as it was.
    #[uniffi::constructor]
    pub fn open(dir: String, key: Key, seen: Option<Position>, language: Language) -> Result<Arc<Self>, TechoError> {
        let seen = seen.map(Position::read).transpose()?;
        let key = key.read()?;
        let vault = vault::Vault::open_in_presence(Path::new(&dir), key.unlock(), seen, now())?;
        // What an older version or work that was stopped left to be worked out. It opens without it, too.
        reconcile(&vault).ok();
        Ok(Self::of(vault, language))
    }

    /// *Long.* Opens what is left of a vault that `open` refuses, to be read and exported. Changes no file.
    #[uniffi::constructor]
    pub fn rescue(dir: String, key: Key, language: Language) -> Result<Arc<Self>, TechoError> {
        let key = key.read()?;
        Ok(Self::of(vault::Vault::open_for_rescue(Path::new(&dir), key.unlock())?, language))
    }

    /// *Long.* Accepts that changes are lost: the damaged files are kept aside, and the vault goes on from what can be read. What
    /// the originals still say is read from them again.
    ///
    /// `NothingLost` where the vault is whole.
    #[uniffi::constructor]
    pub fn accept_loss(dir: String, key: Key, language: Language) -> Result<Arc<Self>, TechoError> {
        let key = key.read()?;
        let (vault, _) = vault::Vault::accept_loss(Path::new(&dir), key.unlock(), now())?;
        reread(&vault, &KeySet::new(now().timestamp()))?;
        Ok(Self::of(vault, language))
    }

    /// *Long.* A throw-away vault with the sample family in it, below `dir`, for looking around. Nobody can open it again, nothing asks
    /// for presence, and its files go when it is locked or let go.
    #[uniffi::constructor]
    pub fn sample(dir: String, language: Language) -> Result<Arc<Self>, TechoError> {
        fs::create_dir_all(&dir).map_err(TransferError::from)?;
        let directory = tempfile::Builder::new().prefix("sample-").tempdir_in(&dir).map_err(TransferError::from)?;
        // Kept nowhere.
        let key = DeviceSecret::make()?;
        let slots = NewSlots { device: Some(&key), ..NewSlots::default() };
        let vault = vault::Vault::create(&directory.path().join("vault"), &slots)?;
        vault.confirm_presence(Unlock::Device(&key), now())?;
        vault.set_setting(vault::Setting::Reauthenticate, false, now())?;
        techo_sample::fill(&vault, now())?;
        Ok(Arc::new(Self { room: Arc::new(Room::of_throw_away(vault, directory, language)), is_sample: true }))
    }

    /// *Instant.* From now on every text is in this language.
    pub fn speak(&self, language: Language) {
        self.room.speak(language);
    }

    /// *Quick.* Closes the vault and wipes its key. Work that runs is interrupted; every later call answers `Locked`.
    pub fn lock(&self) {
        self.room.lock();
    }

    /// *Instant.* Whether it was locked.
    pub fn is_locked(&self) -> bool {
        self.room.is_locked()
    }

    /// *Instant.* Whether it is the throw-away vault of the sample family.
    pub fn is_sample(&self) -> bool {
        self.is_sample
    }

    /// *Quick.* How far the vault's history goes. To be kept after every change and before locking.
    ///
    /// `ReadOnly` in a rescue.
    pub fn position(&self) -> Result<Position, TechoError> {
        let vault::Position { generation, head } = self.room.vault.position()?;
        Ok(Position { bytes: [generation.to_be_bytes().as_slice(), &head].concat() })
    }

    /// *Long.* Checks every byte of the vault, every record, and the ledger. What is found wrong is no error.
    pub fn verify(&self) -> Result<Verification, TechoError> {
        let vault = &self.room.vault;
        let pages = vault.verify()?;
        let mut problems: Vec<String> = pages
            .problems
            .iter()
            .map(|problem| problem.page.map_or_else(|| problem.kind.id().to_owned(), |page| format!("page {page}: {}", problem.kind.id())))
            .collect();
        if !pages.ok {
            // What a vault with such pages says of its records is worth nothing.
            return Ok(Verification { ok: false, problems, people: Vec::new() });
        }
        problems.extend(vault.check_records()?);
        let names = self.room.names()?;
        let people = vault.roots()?;
        let people = people
            .into_iter()
            .map(|root| RootLine { name: names.name(root.person), records: root.records, root: root.root.to_string() })
            .collect();
        Ok(Verification { ok: problems.is_empty(), problems, people })
    }
}

impl Position {
    /// What a keystore gave back. Bytes that are no position prove nothing, and an opening that proves nothing is refused.
    fn read(self) -> Result<vault::Position, TechoError> {
        let (generation, head) = self.bytes.split_first_chunk::<8>().ok_or(VaultError::VaultUnproven)?;
        let head = head.try_into().map_err(|_| VaultError::VaultUnproven)?;
        Ok(vault::Position { generation: u64::from_be_bytes(*generation), head })
    }
}
