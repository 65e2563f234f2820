//! What a person can switch, and what they agreed to.

use crate::{LegalKind, TechoError, Vault, redacted::redacted};

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
    /// Minutes without a touch after which the vault locks: 1, 5 or 15.
    pub lock_after_minutes: u32,
    /// What was agreed to, the latest of each kind.
    pub agreed: Vec<Agreement>,
}

/// That a legal text was agreed to.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Agreement {
    /// Which text.
    pub kind: LegalKind,
    /// Which version.
    pub version: String,
    /// When, for the screen.
    pub at_text: String,
    /// Whether it is today's version.
    pub is_current: bool,
}

redacted!(Settings, Agreement);

#[uniffi::export]
impl Vault {
    /// *Quick.* The settings.
    pub fn settings(&self) -> Result<Settings, TechoError> {
        Err(TechoError::Internal { code: 1 })
    }

    /// *Quick.* Switches a setting. Switching `Reauthenticate` off needs presence.
    pub fn set_setting(&self, setting: Setting, on: bool) -> Result<(), TechoError> {
        drop((setting, on));
        Err(TechoError::Internal { code: 1 })
    }

    /// *Quick.* Minutes without a touch after which the vault locks: 1, 5 or 15.
    pub fn set_lock_after(&self, minutes: u32) -> Result<(), TechoError> {
        drop(minutes);
        Err(TechoError::Internal { code: 1 })
    }

    /// *Quick.* Writes down that the person agreed to this version of a text.
    pub fn agree(&self, kind: LegalKind, version: String) -> Result<(), TechoError> {
        drop((kind, version));
        Err(TechoError::Internal { code: 1 })
    }

    /// *Quick.* Whether the person should be asked to make a recovery kit: there is none, and it was not put off lately.
    pub fn needs_recovery_kit(&self) -> Result<bool, TechoError> {
        Ok(!self.slots()?.contains(&crate::SlotKind::Recovery))
    }

    /// *Quick.* Puts the question for a recovery kit off for three days.
    pub fn postpone_recovery_kit(&self) -> Result<(), TechoError> {
        Err(TechoError::Internal { code: 1 })
    }
}
