//! What a person can switch, what they agreed to, and whether they should be asked to make a recovery kit.

use techo_core::{
    present,
    vault::{self, LockAfter},
};

use crate::{LegalKind, TechoError, Vault, redacted::redacted, room::now, words::time_text};

/// What can be switched on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Setting {
    /// Fetch, export and erasure ask for presence.
    Reauthenticate,
    /// Values are blurred until they are touched.
    HideValues,
    /// No screenshots, and nothing in the list of recent apps.
    SecureScreen,
    /// Notifications, which never have content.
    Notifications,
}

/// The settings of this vault.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::struct_excessive_bools, reason = "switches that a person sees one by one")]
pub struct Settings {
    /// Fetch, export and erasure ask for presence.
    pub reauthenticate: bool,
    /// Values are blurred until they are touched.
    pub hide_values: bool,
    /// No screenshots, and nothing in the list of recent apps.
    pub secure_screen: bool,
    /// Notifications, which never have content.
    pub notifications: bool,
    /// The switches in words.
    pub switches: Vec<SwitchLine>,
    /// Minutes without a touch after which the shell locks the vault: 1, 5 or 15.
    pub lock_after_minutes: u32,
    /// The same in words.
    pub lock_after_text: String,
    /// The texts that are agreed to, whether they were or not.
    pub agreed: Vec<Agreement>,
}

/// One switch.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SwitchLine {
    /// Which.
    pub setting: Setting,
    /// What it does.
    pub name: String,
    /// Whether it is on.
    pub is_on: bool,
    /// Name and state in one line.
    pub text: String,
}

/// A legal text and whether it was agreed to.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Agreement {
    /// Which text.
    pub kind: LegalKind,
    /// The version that was agreed to last; none where there was none.
    pub version: Option<String>,
    /// When, for the screen.
    pub at_text: Option<String>,
    /// Whether that is the version of today.
    pub is_current: bool,
    /// All of it in one line, without the day.
    pub text: String,
}

redacted!(Settings, SwitchLine, Agreement);

impl From<vault::Setting> for Setting {
    fn from(setting: vault::Setting) -> Self {
        match setting {
            vault::Setting::Reauthenticate => Self::Reauthenticate,
            vault::Setting::HideValues => Self::HideValues,
            vault::Setting::SecureScreen => Self::SecureScreen,
            vault::Setting::Notifications => Self::Notifications,
        }
    }
}

impl From<Setting> for vault::Setting {
    fn from(setting: Setting) -> Self {
        match setting {
            Setting::Reauthenticate => Self::Reauthenticate,
            Setting::HideValues => Self::HideValues,
            Setting::SecureScreen => Self::SecureScreen,
            Setting::Notifications => Self::Notifications,
        }
    }
}

#[uniffi::export]
impl Vault {
    /// *Quick.* The settings.
    pub fn settings(&self) -> Result<Settings, TechoError> {
        let vault = &self.room.vault;
        let view = present::settings(vault, self.room.language())?;
        let switch = |line: present::SwitchLine| SwitchLine {
            setting: line.setting.into(),
            name: line.name.to_owned(),
            is_on: line.is_on,
            text: line.text,
        };
        let agreement = |line: present::AgreementLine| Agreement {
            kind: line.kind.into(),
            version: line.version.map(|version| version.to_string()),
            at_text: line.at.map(time_text),
            is_current: line.is_current,
            text: line.text,
        };
        Ok(Settings {
            reauthenticate: vault.setting(vault::Setting::Reauthenticate)?,
            hide_values: vault.setting(vault::Setting::HideValues)?,
            secure_screen: vault.setting(vault::Setting::SecureScreen)?,
            notifications: vault.setting(vault::Setting::Notifications)?,
            switches: view.switches.into_iter().map(switch).collect(),
            lock_after_minutes: view.lock_after.minutes(),
            lock_after_text: view.lock_after_text,
            agreed: view.agreements.into_iter().map(agreement).collect(),
        })
    }

    /// *Quick.* Switches a setting. Switching `Reauthenticate` off needs presence.
    pub fn set_setting(&self, setting: Setting, on: bool) -> Result<(), TechoError> {
        Ok(self.room.vault.set_setting(setting.into(), on, now())?)
    }

    /// *Quick.* Minutes without a touch after which the shell locks the vault: 1, 5 or 15; `NotFound` for others.
    pub fn set_lock_after(&self, minutes: u32) -> Result<(), TechoError> {
        let choice = LockAfter::of_minutes(minutes).ok_or(TechoError::NotFound)?;
        Ok(self.room.vault.set_lock_after(choice, now())?)
    }

    /// *Quick.* Writes down that the person agreed to this version of a text; `NotFound` for a text that nobody agrees to.
    pub fn agree(&self, kind: LegalKind, version: String) -> Result<(), TechoError> {
        let version = version.parse().map_err(|_| TechoError::NotFound)?;
        Ok(self.room.vault.agree(kind.into(), version, now())?)
    }

    /// *Quick.* Whether the person should be asked to make a recovery kit: there is none, and it was not put off lately.
    pub fn needs_recovery_kit(&self) -> Result<bool, TechoError> {
        Ok(!self.is_sample() && self.room.vault.needs_recovery_kit(now())?)
    }

    /// *Quick.* Puts the question for a recovery kit off for three days.
    pub fn postpone_recovery_kit(&self) -> Result<(), TechoError> {
        Ok(self.room.vault.postpone_recovery_kit(now())?)
    }
}
