//! Presence: shown again, held for a while, forgotten with the lock.

use super::*;
use crate::{
    base::{Passphrase, RecoveryCode, VaultKey},
    vault::{Erasure, NewSlots, PRESENCE_MINUTES, Setting, Vault, VaultError},
};

const NEEDED: Result<(), VaultError> = Err(VaultError::PresenceNeeded);

#[test]
fn opening_is_not_presence_and_each_slot_confirms_it() {
    let home = tempfile::tempdir().unwrap();
    let (device, passphrase, code) = (secret(), Passphrase::new("桜の咲く朝").unwrap(), RecoveryCode::make().unwrap());
    let slots = NewSlots { device: Some(&device), passphrase: Some(&passphrase), recovery: Some(&code) };
    let vault = Vault::create(&home.path().join("vault"), &slots).unwrap();
    assert_eq!(vault.require_presence(at(0)), NEEDED);
    let key = VaultKey::from_bytes(*vault.key_for_device().unwrap().as_bytes());
    let right = [Unlock::Device(&device), Unlock::Passphrase(&passphrase), Unlock::Recovery(&code), Unlock::Key(key)];
    for (unlock, now) in right.into_iter().zip([0, 10_000, 20_000, 30_000]) {
        assert_eq!(vault.require_presence(at(now)), NEEDED);
        vault.confirm_presence(unlock, at(now)).unwrap();
        assert_eq!(vault.require_presence(at(now)), Ok(()));
    }
    let (other, wrong) = (DeviceSecret::from_bytes([8; 32]), Passphrase::new("桜の咲く夜").unwrap());
    let code = RecoveryCode::make().unwrap();
    let wrong = [Unlock::Device(&other), Unlock::Passphrase(&wrong), Unlock::Recovery(&code), Unlock::Key(VaultKey::from_bytes([0; 32]))];
    for unlock in wrong {
        assert_eq!(vault.confirm_presence(unlock, at(50_000)), Err(VaultError::WrongKey));
        assert_eq!(vault.require_presence(at(50_000)), NEEDED);
    }
}

#[test]
fn a_slot_that_the_vault_does_not_have_confirms_nothing() {
    let (_scene, vault) = family();
    let passphrase = Passphrase::new("x").unwrap();
    assert_eq!(vault.confirm_presence(Unlock::Passphrase(&passphrase), at(900)), Err(VaultError::KeyUnavailable));
    assert_eq!(vault.require_presence(at(900)), NEEDED);
}

#[test]
fn it_holds_for_five_minutes_and_not_before() {
    let (_scene, vault) = family();
    vault.confirm_presence(Unlock::Device(&secret()), at(1000)).unwrap();
    let last = 1000 + PRESENCE_MINUTES * 60 - 1;
    assert_eq!([1000, last, last + 1, 999].map(|now| vault.require_presence(at(now))), [Ok(()), Ok(()), NEEDED, NEEDED]);
}

#[test]
fn the_lock_forgets_it() {
    let (scene, vault) = family();
    vault.lock();
    assert_eq!(vault.require_presence(at(1)), Err(VaultError::Locked));
    assert_eq!(vault.confirm_presence(Unlock::Device(&secret()), at(1)), Err(VaultError::Locked));
    drop(vault);
    assert_eq!(scene.open().unwrap().require_presence(at(1)), NEEDED);
}

#[test]
fn without_it_nothing_is_fetched_or_erased_and_nothing_is_written() {
    let (_scene, vault) = family();
    let grant = granted(&vault, 1, HANAKO);
    vault.confirm_presence(Unlock::Device(&secret()), at(-1000)).unwrap();
    let before = (ledger(&vault), vault.position().unwrap());
    assert_eq!(vault.begin_fetch(grant, b"", at(600), at(3)), Err(VaultError::PresenceNeeded));
    assert_eq!(vault.erase(Erasure::Person(HANAKO), at(3)), Err(VaultError::PresenceNeeded));
    assert_eq!((ledger(&vault), vault.position().unwrap()), before);
}

#[test]
fn it_is_switched_off_by_somebody_present_and_on_by_anybody() {
    let (scene, vault) = family();
    assert_eq!(vault.setting(Setting::Reauthenticate), Ok(true));
    assert_eq!(vault.set_setting(Setting::Reauthenticate, false, at(900)), NEEDED);
    vault.set_setting(Setting::Reauthenticate, true, at(900)).unwrap();
    assert_eq!(acts(&vault).len(), 2, "what changes nothing is not written down");
    vault.set_setting(Setting::Reauthenticate, false, at(1)).unwrap();
    drop(vault);
    let vault = scene.open().unwrap();
    assert_eq!(vault.require_presence(at(900)), Ok(()));
    vault.erase(Erasure::Person(TARO), at(900)).unwrap();
    vault.set_setting(Setting::Reauthenticate, false, at(901)).unwrap();
    vault.set_setting(Setting::Reauthenticate, true, at(901)).unwrap();
    assert_eq!(vault.require_presence(at(901)), NEEDED);
    let details: Vec<_> =
        ledger(&vault).into_iter().filter(|line| line.act == "setting_changed").map(|line| line.detail.unwrap()).collect();
    assert_eq!(details, [r#"{"setting":"reauthenticate","on":false}"#, r#"{"setting":"reauthenticate","on":true}"#]);
}

#[test]
fn a_rescue_asks_for_it_too() {
    let (scene, vault) = family();
    drop(vault);
    let rescue = || Vault::open_for_rescue(&scene.dir(), Unlock::Device(&secret())).unwrap();
    let vault = rescue();
    assert_eq!(vault.require_presence(at(1)), NEEDED);
    vault.confirm_presence(Unlock::Device(&secret()), at(1)).unwrap();
    assert_eq!(vault.require_presence(at(1)), Ok(()));
    drop(vault);
    // Also from a vault that is older than settings are: there, it is as at first.
    scene.put_back(&super::migration::first_vault());
    let vault = rescue();
    assert_eq!(vault.require_presence(at(1)), NEEDED);
    vault.confirm_presence(Unlock::Device(&secret()), at(1)).unwrap();
    assert_eq!((vault.require_presence(at(1)), vault.consents()), (Ok(()), Ok(vec![])));
}
