//! Settings in words, and which texts were agreed to.

use chrono::{DateTime, Utc};

use super::{Language, legal};
use crate::{
    consent::LegalKind,
    vault::{LockAfter, Setting, Vault, VaultError},
};

/// All settings, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsView {
    /// The switches.
    pub switches: Vec<SwitchLine>,
    /// How soon the notebook locks itself.
    pub lock_after: LockAfter,
    /// The same in words.
    pub lock_after_text: String,
    /// The texts that are agreed to, whether they were or not.
    pub agreements: Vec<AgreementLine>,
}

/// One switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchLine {
    /// Which.
    pub setting: Setting,
    /// What it does.
    pub name: &'static str,
    /// Whether it is on.
    pub is_on: bool,
    /// Name and state in one line.
    pub text: String,
}

/// One text that is agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementLine {
    /// Which.
    pub kind: LegalKind,
    /// The version that was agreed to last; none where there was none.
    pub version: Option<u32>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// Whether that is the version of today.
    pub is_current: bool,
    /// All of it in one line, without the day.
    pub text: String,
}

/// The settings in words. *Quick*.
pub fn settings(vault: &Vault, language: Language) -> Result<SettingsView, VaultError> {
    let switch = |setting: Setting| -> Result<SwitchLine, VaultError> {
        let (name, is_on) = (setting_name(setting, language), vault.setting(setting)?);
        let text = format!("{name}{}{}", language.pick("：", ": "), on_text(is_on, language));
        Ok(SwitchLine { setting, name, is_on, text })
    };
    let lock_after = vault.lock_after()?;
    Ok(SettingsView {
        switches: Setting::ALL.into_iter().map(switch).collect::<Result<_, _>>()?,
        lock_after,
        lock_after_text: lock_after_text(lock_after, language),
        agreements: LegalKind::ALL
            .into_iter()
            .filter(|kind| kind.is_agreed_to())
            .map(|kind| agreement(vault, kind, language))
            .collect::<Result<_, _>>()?,
    })
}

/// What a switch does.
pub const fn setting_name(setting: Setting, language: Language) -> &'static str {
    match setting {
        Setting::Reauthenticate => {
            language.pick("取得・書き出し・消去の前の本人確認", "Asking who you are before fetching, exporting and erasing")
        }
        Setting::HideValues => language.pick("値をぼかし、触れたときだけ見せる", "Values blurred until they are touched"),
        Setting::SecureScreen => {
            language.pick("画面の写真とアプリ一覧での表示を防ぐ", "No screenshots, and no preview among the running apps")
        }
        Setting::Notifications => language.pick("通知（記録の中身は書きません）", "Notifications, which say nothing of the records"),
    }
}

/// How soon the notebook locks itself.
pub fn lock_after_text(choice: LockAfter, language: Language) -> String {
    let minutes = choice.minutes();
    match (language, minutes) {
        (Language::Japanese, _) => format!("{minutes} 分さわらなければ閉じる"),
        (Language::English, 1) => "Locks itself after 1 minute without a touch".to_owned(),
        (Language::English, _) => format!("Locks itself after {minutes} minutes without a touch"),
    }
}

pub(super) const fn on_text(is_on: bool, language: Language) -> &'static str {
    if is_on { language.pick("入", "on") } else { language.pick("切", "off") }
}

fn agreement(vault: &Vault, kind: LegalKind, language: Language) -> Result<AgreementLine, VaultError> {
    let text = legal(kind, language);
    let agreed = vault.agreement(kind)?;
    let is_current = agreed.is_some_and(|agreed| agreed.version == text.version);
    let said = match (agreed, is_current, language) {
        (Some(_), true, Language::Japanese) => "同意しました".to_owned(),
        (Some(_), true, Language::English) => "agreed".to_owned(),
        (Some(agreed), false, Language::Japanese) => format!("第 {} 版に同意しました。いまは別の版です", agreed.version),
        (Some(agreed), false, Language::English) => format!("version {} was agreed to; today's is another", agreed.version),
        (None, _, Language::Japanese) => "まだ同意していません".to_owned(),
        (None, _, Language::English) => "not agreed to".to_owned(),
    };
    Ok(AgreementLine {
        kind,
        version: agreed.map(|agreed| agreed.version),
        at: agreed.map(|agreed| agreed.at),
        is_current,
        text: format!("{} {}{}{said}", text.title, text.version_text, language.pick("：", ": ")),
    })
}
