//! What a person has set: switches, how soon the notebook locks itself, which texts they agreed to, and that they want to
//! make the recovery kit later. Kept in the vault, so that nobody changes them who cannot open it.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension as _};

use super::{Act, SlotKind, Vault, VaultError, ledger};
use crate::consent::LegalKind;

/// How long the recovery kit is not asked for again once it was put off.
pub const KIT_DAYS: i64 = 3;
const KIT: &str = "kit_postponed_until";
const LOCK_AFTER: &str = "lock_after";

/// What a person can switch on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Fetch, export, erasure and the screen that is shown to a doctor ask for presence. Looking at one's own records asks for
    /// nothing more than an open vault. On at first; switching it off needs presence.
    Reauthenticate,
    /// Values are blurred on the screen until they are touched. On at first.
    HideValues,
    /// The screen gives no screenshots, and no preview among the running programs. On at first.
    SecureScreen,
    /// The device may show notifications, which never say anything of a record. On at first.
    Notifications,
}

impl Setting {
    /// Every switch.
    pub const ALL: [Self; 4] = [Self::Reauthenticate, Self::HideValues, Self::SecureScreen, Self::Notifications];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Reauthenticate => "reauthenticate",
            Self::HideValues => "hide_values",
            Self::SecureScreen => "secure_screen",
            Self::Notifications => "notifications",
        }
    }

    /// The switch of an id.
    pub fn read(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.id() == id)
    }

    const fn at_first(self) -> bool {
        match self {
            Self::Reauthenticate | Self::HideValues | Self::SecureScreen | Self::Notifications => true,
        }
    }

    /// Whether only somebody present may switch it off.
    const fn is_guarded(self) -> bool {
        match self {
            Self::Reauthenticate => true,
            Self::HideValues | Self::SecureScreen | Self::Notifications => false,
        }
    }
}

/// After how many minutes without a touch the notebook locks itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LockAfter {
    /// One.
    One,
    /// Five; at first.
    #[default]
    Five,
    /// Fifteen.
    Fifteen,
}

impl LockAfter {
    /// Every choice, the soonest first.
    pub const ALL: [Self; 3] = [Self::One, Self::Five, Self::Fifteen];

    /// In minutes.
    pub const fn minutes(self) -> u32 {
        match self {
            Self::One => 1,
            Self::Five => 5,
            Self::Fifteen => 15,
        }
    }

    /// The choice of so many minutes; none where it is no choice.
    pub fn of_minutes(minutes: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.minutes() == minutes)
    }
}

/// That a person agreed to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Which text.
    pub kind: LegalKind,
    /// Its version.
    pub version: u32,
    /// When.
    pub at: DateTime<Utc>,
}

impl Vault {
    /// Whether a setting is on.
    ///
    /// # Errors
    /// `Locked`.
    pub fn setting(&self, name: Setting) -> Result<bool, VaultError> {
        let value = self.read(|connection| value(connection, name.id()))?;
        Ok(value.map_or_else(|| name.at_first(), |value| value != 0))
    }

    /// Switches a setting, with a line in the ledger where that changes anything.
    ///
    /// # Errors
    /// `PresenceNeeded` to switch the guard of fetch, export and erasure off.
    pub fn set_setting(&self, name: Setting, on: bool, now: DateTime<Utc>) -> Result<(), VaultError> {
        if !on && name.is_guarded() {
            self.require_presence(now)?;
        }
        if self.setting(name)? == on {
            return Ok(());
        }
        self.write(|tx| {
            put(tx, name.id(), i64::from(on))?;
            let detail = format!(r#"{{"setting":"{}","on":{on}}}"#, name.id());
            ledger::append(tx, now, Act::SettingChanged, Some(&detail)).map(drop)
        })
    }

    /// How soon the notebook locks itself. The shell does the locking.
    ///
    /// # Errors
    /// `Locked`.
    pub fn lock_after(&self) -> Result<LockAfter, VaultError> {
        let minutes = self.read(|connection| value(connection, LOCK_AFTER))?;
        // What a newer version wrote is no choice of this one.
        Ok(minutes.and_then(|minutes| LockAfter::of_minutes(u32::try_from(minutes).ok()?)).unwrap_or_default())
    }

    /// Sets how soon the notebook locks itself, with a line in the ledger where that changes anything.
    ///
    /// # Errors
    /// `Locked`, `ReadOnly`.
    pub fn set_lock_after(&self, choice: LockAfter, now: DateTime<Utc>) -> Result<(), VaultError> {
        if self.lock_after()? == choice {
            return Ok(());
        }
        self.write(|tx| {
            put(tx, LOCK_AFTER, i64::from(choice.minutes()))?;
            let detail = format!(r#"{{"setting":"{LOCK_AFTER}","to":{}}}"#, choice.minutes());
            ledger::append(tx, now, Act::SettingChanged, Some(&detail)).map(drop)
        })
    }

    /// Which version of a text the person agreed to last; none where they never did.
    ///
    /// # Errors
    /// `Locked`.
    pub fn agreement(&self, kind: LegalKind) -> Result<Option<Agreement>, VaultError> {
        let (version, at) = self.read(|connection| Ok((value(connection, &version_of(kind))?, value(connection, &instant_of(kind))?)))?;
        let version = version.and_then(|version| u32::try_from(version).ok());
        let at = at.and_then(|at| DateTime::from_timestamp(at, 0));
        Ok(version.zip(at).map(|(version, at)| Agreement { kind, version, at }))
    }

    /// Writes down that the person agreed to a version of a text, with a line in the ledger. The same version again changes
    /// nothing.
    ///
    /// # Errors
    /// `Locked`, `ReadOnly`; `NotFound` for a text that nobody agrees to.
    pub fn agree(&self, kind: LegalKind, version: u32, now: DateTime<Utc>) -> Result<(), VaultError> {
        if !kind.is_agreed_to() {
            return Err(VaultError::NotFound);
        }
        if self.agreement(kind)?.is_some_and(|before| before.version == version) {
            return Ok(());
        }
        self.write(|tx| {
            put(tx, &version_of(kind), i64::from(version))?;
            put(tx, &instant_of(kind), now.timestamp())?;
            let detail = format!(r#"{{"legal":"{}","version":{version}}}"#, kind.id());
            ledger::append(tx, now, Act::Agreed, Some(&detail)).map(drop)
        })
    }

    /// Whether the person should be asked to make a recovery kit: there is none, and it was not put off.
    ///
    /// # Errors
    /// `Locked`; `ReadOnly` for a vault that was opened to rescue its content.
    pub fn needs_recovery_kit(&self, now: DateTime<Utc>) -> Result<bool, VaultError> {
        let has_kit = self.with_place(|place| Ok(place.envelope.slots.iter().any(|slot| SlotKind::of(slot) == SlotKind::Recovery)))?;
        let until = self.kit_postponed_until()?;
        // A clock that was far ahead once must not silence the question for good.
        let is_put_off = until.is_some_and(|until| now < until && until <= now + TimeDelta::days(KIT_DAYS));
        Ok(!has_kit && !is_put_off)
    }

    /// Until when the person does not want to be asked for the recovery kit; none where they never put it off.
    ///
    /// # Errors
    /// `Locked`.
    pub fn kit_postponed_until(&self) -> Result<Option<DateTime<Utc>>, VaultError> {
        let until = self.read(|connection| value(connection, KIT))?;
        Ok(until.and_then(|until| DateTime::from_timestamp(until, 0)))
    }

    /// Puts the recovery kit off for [`KIT_DAYS`].
    ///
    /// # Errors
    /// `Locked`, `ReadOnly`.
    pub fn postpone_recovery_kit(&self, now: DateTime<Utc>) -> Result<(), VaultError> {
        self.write(|tx| put(tx, KIT, (now + TimeDelta::days(KIT_DAYS)).timestamp()))
    }
}

fn version_of(kind: LegalKind) -> String {
    format!("agreed_{}", kind.id())
}

fn instant_of(kind: LegalKind) -> String {
    format!("agreed_{}_at", kind.id())
}

pub(super) fn value(connection: &Connection, name: &str) -> Result<Option<i64>, VaultError> {
    let mut statement = connection.prepare_cached("SELECT value FROM settings WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub(super) fn put(connection: &Connection, name: &str, value: i64) -> Result<(), VaultError> {
    connection.execute("INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", (name, value))?;
    Ok(())
}
