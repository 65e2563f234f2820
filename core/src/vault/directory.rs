//! The vault's directory: one folder per epoch, `CURRENT` naming the one that counts, and a lock file so that one
//! process at a time has it open. A new epoch is built aside under `<name>.new` and becomes real by two renames.

use std::{
    fmt,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{VaultError, files};
use crate::base::make_random;

const CURRENT: &str = "CURRENT";
const LOCK: &str = "lock";
const KEPT: &str = "kept";
const FIRST_LINE: &str = "techo vault 1";
const UNFINISHED: &str = ".new";

/// Names one epoch of a vault: a number that grows by one, and four random bytes so that two copies never share a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch {
    pub(super) number: u32,
    pub(super) random: [u8; 4],
}

/// Why an old epoch was set aside instead of removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Before a migration, until the new version has opened once.
    Migrated,
    /// Damaged or unproven files whose loss the person accepted.
    Damaged,
    /// Before the key or the place changed.
    Replaced,
}

/// The one lock of a vault, held as long as this lives.
#[derive(Debug)]
pub(super) struct Lock(File);

#[cfg(test)]
impl Lock {
    /// What a child process gets that is started just now.
    pub(super) fn inherited(&self) -> io::Result<File> {
        self.0.try_clone()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a child process that another thread is just starting has the file open until it runs
        // its own program, and with it the lock. If this fails, closing still lets go of it a moment later.
        self.0.unlock().ok();
    }
}

/// A vault's directory on the disk.
#[derive(Debug)]
pub(super) struct Directory {
    root: PathBuf,
}

impl Epoch {
    pub(super) fn first() -> Result<Self, VaultError> {
        Ok(Self { number: 1, random: make_random()? })
    }

    pub(super) fn next(self) -> Result<Self, VaultError> {
        Ok(Self { number: self.number.checked_add(1).ok_or(VaultError::Internal(1))?, random: make_random()? })
    }

    /// The eight bytes that stand for this epoch inside the anchor.
    pub(super) fn to_bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        let parts = self.number.to_be_bytes().into_iter().chain(self.random);
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        bytes
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}-{}", self.number, data_encoding::HEXLOWER.encode(&self.random))
    }
}

impl FromStr for Epoch {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let read = || {
            let (number, random) = text.split_once('-')?;
            let random = data_encoding::HEXLOWER.decode(random.as_bytes()).ok()?;
            Some(Self { number: number.parse().ok()?, random: random.try_into().ok()? })
        };
        // The only accepted spelling is our own, so that a name cannot lead out of the directory.
        read().filter(|epoch| epoch.to_string() == text).ok_or(VaultError::VaultDamaged)
    }
}

impl Kept {
    pub(super) const ALL: [Self; 3] = [Self::Migrated, Self::Damaged, Self::Replaced];

    const fn suffix(self) -> &'static str {
        match self {
            Self::Migrated => "migrated",
            Self::Damaged => "damaged",
            Self::Replaced => "replaced",
        }
    }
}

impl Directory {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The epoch that counts.
    pub(super) fn current(&self) -> Result<Epoch, VaultError> {
        let Some(bytes) = files::read_small(&self.root.join(CURRENT), 256)? else {
            // Epochs without CURRENT are a damaged vault; calling it missing would invite somebody to create another.
            return Err(if self.holds_epochs()? { VaultError::VaultDamaged } else { VaultError::VaultMissing });
        };
        let text = String::from_utf8(bytes).map_err(|_| VaultError::VaultDamaged)?;
        let mut lines = text.lines();
        if lines.next() != Some(FIRST_LINE) {
            return Err(VaultError::VaultDamaged);
        }
        lines.next().ok_or(VaultError::VaultDamaged)?.parse()
    }

    /// The epoch that counts or, when `CURRENT` is damaged, the newest there is: for a rescue.
    pub(super) fn current_or_newest(&self) -> Result<Epoch, VaultError> {
        match self.current() {
            Err(VaultError::VaultDamaged) => {
                let epochs = names(&self.root)?.into_iter().filter_map(|name| name.parse::<Epoch>().ok());
                epochs.max_by_key(|epoch| epoch.number).ok_or(VaultError::VaultDamaged)
            }
            other => other,
        }
    }

    /// Sets aside every other epoch: a crash came between publishing a new one and setting the old one aside.
    pub(super) fn keep_strays(&self, current: Epoch) -> Result<(), VaultError> {
        let strays = names(&self.root)?.into_iter().filter_map(|name| name.parse::<Epoch>().ok());
        for stray in strays.filter(|epoch| *epoch != current) {
            self.keep(stray, Kept::Replaced)?;
        }
        Ok(())
    }

    /// Makes the directory ready for a first epoch.
    pub(super) fn prepare_for_creation(&self) -> Result<(), VaultError> {
        fs::create_dir_all(&self.root)?;
        if self.root.join(CURRENT).try_exists()? || self.holds_epochs()? || self.root.join(KEPT).try_exists()? {
            return Err(VaultError::VaultExists);
        }
        Ok(())
    }

    /// Takes the one lock of this vault.
    pub(super) fn lock(&self) -> Result<Lock, VaultError> {
        let file = File::options().read(true).write(true).create(true).truncate(false).open(self.root.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(VaultError::VaultInUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    pub(super) fn epoch_path(&self, epoch: Epoch) -> PathBuf {
        self.root.join(epoch.to_string())
    }

    /// Where an epoch is built before it is real.
    pub(super) fn unfinished_path(&self, epoch: Epoch) -> PathBuf {
        self.root.join(format!("{epoch}{UNFINISHED}"))
    }

    /// Makes a finished epoch the one that counts. After a crash either the old or the new one counts.
    pub(super) fn publish(&self, epoch: Epoch) -> Result<(), VaultError> {
        fs::rename(self.unfinished_path(epoch), self.epoch_path(epoch))?;
        files::sync_dir(&self.root)?;
        files::write_durably(&self.root, CURRENT, format!("{FIRST_LINE}\n{epoch}\n").as_bytes())?;
        Ok(())
    }

    /// Sets an epoch aside that does not count any more.
    pub(super) fn keep(&self, epoch: Epoch, why: Kept) -> Result<(), VaultError> {
        let kept = self.root.join(KEPT);
        fs::create_dir_all(&kept)?;
        fs::rename(self.epoch_path(epoch), kept.join(format!("{epoch}.{}", why.suffix())))?;
        files::sync_dir(&kept)?;
        files::sync_dir(&self.root)?;
        Ok(())
    }

    /// The epochs that were set aside.
    pub(super) fn kept(&self) -> Result<Vec<(PathBuf, Kept)>, VaultError> {
        let mut found = Vec::new();
        for name in names(&self.root.join(KEPT))? {
            let why = Kept::ALL.into_iter().find(|why| name.rsplit_once('.').is_some_and(|(_, suffix)| suffix == why.suffix()));
            found.extend(why.map(|why| (self.root.join(KEPT).join(&name), why)));
        }
        Ok(found)
    }

    /// Removes what was set aside for one of these reasons. Returns how many epochs went.
    pub(super) fn remove_kept(&self, reasons: &[Kept]) -> Result<usize, VaultError> {
        let mut removed = 0;
        for (path, why) in self.kept()? {
            if reasons.contains(&why) {
                fs::remove_dir_all(path)?;
                removed += 1;
            }
        }
        if removed > 0 {
            files::sync_dir(&self.root.join(KEPT))?;
        }
        Ok(removed)
    }

    /// Removes epochs that were never finished: nothing in them was ever acknowledged. Call only with the lock held.
    pub(super) fn remove_unfinished(&self) -> Result<(), VaultError> {
        for name in names(&self.root)? {
            let unfinished = name.strip_suffix(UNFINISHED).is_some_and(|stem| stem.parse::<Epoch>().is_ok());
            if unfinished {
                fs::remove_dir_all(self.root.join(name))?;
            }
        }
        Ok(())
    }

    fn holds_epochs(&self) -> Result<bool, VaultError> {
        Ok(names(&self.root)?.iter().any(|name| name.parse::<Epoch>().is_ok()))
    }
}

fn names(dir: &Path) -> Result<Vec<String>, VaultError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in entries {
        found.extend(entry?.file_name().into_string().ok());
    }
    found.sort();
    Ok(found)
}
