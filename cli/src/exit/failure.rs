//! What went wrong, ready to be told: the exit of the table with the file, the place and the advice that belong to it.

use std::{io::ErrorKind, path::Path};

use techo_core::{
    intake::IntakeError,
    present::{Language, TroubleKind, reason_text},
    vault::VaultError,
};

use super::Exit;

/// What went wrong, ready to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// More than the exit's own sentence: which file, which place. Never a value from a document.
    detail: Option<String>,
    /// More of what is said in the person's language.
    more: Option<More>,
    /// The place in a document that was refused.
    pub(crate) place: Option<String>,
    /// Everything there is to say, instead of the exit's own sentence and advice.
    told: Option<String>,
    /// It is the vault that failed, and its directory is yet to be named.
    is_of_vault: bool,
}

/// What stands behind the detail, in parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
enum More {
    Io(ErrorKind),
    Missing(u64),
    /// Advice that the exit alone cannot give.
    Recover,
}

impl More {
    fn text(&self, language: Language) -> String {
        match self {
            Self::Io(kind) => match io_text(*kind) {
                Some((ja, en)) => language.pick(ja, en).to_owned(),
                None => format!("{kind:?}"),
            },
            Self::Missing(count) => {
                language.pick(format!("欠けた変更 {count} 件").as_str(), format!("missing: {count}").as_str()).to_owned()
            }
            Self::Recover => language.pick("忘れたときは techo recover", "if it is forgotten: techo recover").to_owned(),
        }
    }
}

/// The causes that people meet, in words.
const fn io_text(kind: ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::NotFound => ("ありません", "there is no such file"),
        ErrorKind::PermissionDenied => ("権限がありません", "permission denied"),
        ErrorKind::IsADirectory => ("フォルダです", "it is a directory"),
        ErrorKind::NotADirectory => ("フォルダではありません", "it is not a directory"),
        ErrorKind::ReadOnlyFilesystem => ("書き込めないディスクです", "the disk is read-only"),
        ErrorKind::InvalidData => ("文字として読めません", "it is not text"),
        _ => return None,
    })
}

impl Failure {
    pub(crate) fn new(exit: Exit, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::from(exit) }
    }

    /// A failure that says all of it: what happened and what to do.
    pub(crate) fn told(exit: Exit, text: String) -> Self {
        Self { told: Some(text), ..Self::from(exit) }
    }

    /// A failure of reading or writing `name`.
    pub(crate) fn io(exit: Exit, name: &Path, kind: ErrorKind) -> Self {
        Self { detail: Some(name.display().to_string()), more: Some(More::Io(kind)), ..Self::from(exit) }
    }

    /// The failure with the file it happened to, where it names none yet.
    pub(crate) fn of_file(mut self, file: &Path) -> Self {
        if !self.is_of_vault {
            self.detail.get_or_insert_with(|| file.display().to_string());
        }
        self
    }

    /// The failure with the vault's directory, where it is the vault that failed.
    pub(crate) fn of_vault(mut self, directory: &Path) -> Self {
        if std::mem::take(&mut self.is_of_vault) {
            self.detail.get_or_insert_with(|| directory.display().to_string());
        }
        self
    }

    /// What happened, where, and what to do.
    pub(crate) fn text(&self, language: Language) -> String {
        if let Some(told) = &self.told {
            return told.clone();
        }
        let mut text = self.exit.message(language).to_owned();
        if let Some(detail) = &self.detail {
            text.extend([language.pick("：", ": "), detail]);
        }
        // The message of these two says the cause already.
        if let Some(more) = self.more.as_ref().filter(|_| !matches!(self.exit, Exit::FileExists | Exit::NoSpace)) {
            text.extend([language.pick("（", " ("), &more.text(language), language.pick("）", ")")]);
        }
        if let Some(advice) = self.exit.advice(language) {
            text.extend([language.pick("。", ". "), advice]);
        }
        text
    }

    /// A refused document, with its reason in the person's language.
    pub(crate) fn refused(error: &IntakeError, language: Language) -> Self {
        if let IntakeError::Vault(error) = error {
            return Self::from(error.clone());
        }
        let exit = Exit::from(TroubleKind::from(error));
        let place = match error {
            IntakeError::Format(error) => error.place().map(str::to_owned),
            IntakeError::PossibleMyNumber { place } | IntakeError::InsurerNumber { place } => Some(place.clone()),
            IntakeError::NotThisPerson(_) | IntakeError::Vault(_) => None,
        };
        let mut detail = reason_text(error, language);
        if matches!(error, IntakeError::PossibleMyNumber { .. }) {
            detail.push_str(
                language.pick("。個人番号でないと確かめたら --yes を付けてください", "; if you have checked that they are none, add --yes"),
            );
        }
        Self { place, ..Self::new(exit, detail) }
    }
}

impl From<Exit> for Failure {
    fn from(exit: Exit) -> Self {
        Self { exit, detail: None, more: None, place: None, told: None, is_of_vault: false }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let exit = Exit::from(TroubleKind::from(&error));
        let of_vault = |more| Self { more, is_of_vault: true, ..Self::from(exit) };
        match (&error, exit) {
            (VaultError::WrongKey, _) => of_vault(Some(More::Recover)),
            (VaultError::VaultRolledBack { missing }, _) => of_vault(Some(More::Missing(*missing))),
            (VaultError::Io(kind), _) => of_vault(Some(More::Io(*kind))),
            (
                _,
                Exit::VaultMissing
                | Exit::VaultExists
                | Exit::VaultInUse
                | Exit::TooNew
                | Exit::NoSpace
                | Exit::Damaged
                | Exit::Forked
                | Exit::Unproven,
            ) => of_vault(None),
            // Our bug; its text holds numbers only.
            (_, Exit::Internal) => Self::new(exit, error.to_string()),
            _ => exit.into(),
        }
    }
}

/// A file of ours or of the person's; `name` is what the person called it.
pub(crate) fn file_failure(name: &Path, error: &std::io::Error) -> Failure {
    let exit = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Exit::NoSpace,
        ErrorKind::AlreadyExists => Exit::FileExists,
        _ => Exit::File,
    };
    Failure::io(exit, name, error.kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_passphrase_damage_and_a_rollback_are_three_things() {
        let exits = [VaultError::WrongKey, VaultError::VaultDamaged, VaultError::VaultRolledBack { missing: 2 }]
            .map(|error| Failure::from(error).exit);
        assert_eq!(exits, [Exit::WrongPassphrase, Exit::Damaged, Exit::RolledBack]);
    }
}
