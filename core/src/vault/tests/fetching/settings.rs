//! What a person has set is as it was at first until they change it, and survives the lock.

use super::*;
use crate::{
    base::RecoveryCode,
    consent::LegalKind,
    vault::{KIT_DAYS, LockAfter, Setting, VaultError},
};

#[test]
fn everything_is_on_at_first_and_only_the_guard_needs_presence_to_go_off() {
    let (scene, vault) = family();
    assert!(Setting::ALL.into_iter().all(|setting| vault.setting(setting).unwrap()));
    for setting in [Setting::HideValues, Setting::SecureScreen, Setting::Notifications] {
        vault.set_setting(setting, false, at(900)).unwrap();
        assert_eq!(vault.setting(setting), Ok(false));
    }
    assert_eq!(vault.set_setting(Setting::Reauthenticate, false, at(900)), Err(VaultError::PresenceNeeded));
    drop(vault);
    let vault = scene.open().unwrap();
    assert_eq!(Setting::ALL.map(|setting| vault.setting(setting).unwrap()), [true, false, false, false]);
}

#[test]
fn the_lock_is_set_to_one_of_three_times_with_a_line_in_the_ledger() {
    let (scene, vault) = family();
    assert_eq!(vault.lock_after(), Ok(LockAfter::Five));
    let before = acts(&vault).len();
    vault.set_lock_after(LockAfter::Five, at(1)).unwrap();
    assert_eq!(acts(&vault).len(), before, "what changes nothing is not written down");
    vault.set_lock_after(LockAfter::Fifteen, at(1)).unwrap();
    assert_eq!(ledger(&vault).pop().unwrap().detail.as_deref(), Some(r#"{"setting":"lock_after","to":15}"#));
    drop(vault);
    assert_eq!(scene.open().unwrap().lock_after().unwrap().minutes(), 15);
    assert_eq!([0, 2, 60].map(LockAfter::of_minutes), [None; 3]);
}

#[test]
fn an_agreement_is_kept_with_its_version_and_its_time_and_told_in_the_ledger() {
    let (scene, vault) = family();
    assert_eq!(vault.agreement(LegalKind::Terms), Ok(None));
    vault.agree(LegalKind::Terms, 1, at(10)).unwrap();
    let before = acts(&vault).len();
    vault.agree(LegalKind::Terms, 1, at(20)).unwrap();
    assert_eq!(acts(&vault).len(), before);
    vault.agree(LegalKind::Terms, 2, at(30)).unwrap();
    assert_eq!(vault.agree(LegalKind::Contact, 1, at(30)), Err(VaultError::NotFound));
    let line = ledger(&vault).pop().unwrap();
    assert_eq!((line.act.as_str(), line.detail.as_deref()), ("agreed", Some(r#"{"legal":"terms","version":2}"#)));
    drop(vault);
    let agreed = scene.open().unwrap().agreement(LegalKind::Terms).unwrap().unwrap();
    assert_eq!((agreed.version, agreed.at), (2, at(30)));
}

#[test]
fn the_recovery_kit_is_asked_for_until_it_is_made_but_not_for_three_days_after_a_later() {
    let (scene, vault) = family();
    assert_eq!(vault.needs_recovery_kit(at(0)), Ok(true));
    vault.postpone_recovery_kit(at(0)).unwrap();
    let days = KIT_DAYS * 86_400;
    assert_eq!([1, days - 1, days].map(|now| vault.needs_recovery_kit(at(now)).unwrap()), [false, false, true]);
    // Put off when the clock was a year ahead.
    vault.postpone_recovery_kit(at(365 * 86_400)).unwrap();
    assert_eq!(vault.needs_recovery_kit(at(1)), Ok(true));
    vault.put_recovery_code(&RecoveryCode::make().unwrap()).unwrap();
    assert_eq!(vault.needs_recovery_kit(at(days * 9)), Ok(false));
    drop(vault);
    assert_eq!(scene.open().unwrap().needs_recovery_kit(at(days * 9)), Ok(false));
}
