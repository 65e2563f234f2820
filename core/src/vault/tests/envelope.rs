//! The envelope: its bytes, its two copies, and its slots.

use super::*;
use crate::{
    base::{Passphrase, RecoveryCode, VaultKey},
    vault::{
        SlotKind,
        envelope::Envelope,
        keys::{Keys, Sealed},
        slot::{Slot, Work, unseal},
    },
};

/// An envelope in which nothing is random.
fn frozen() -> (Envelope, VaultKey, Keys) {
    let key = VaultKey::from_bytes(std::array::from_fn(|i| u8::try_from(i).unwrap()));
    let id = [0x11; 16];
    let keys = Keys::derive(&key, &id).unwrap();
    let sealed = |start: u8| -> Sealed { std::array::from_fn(|i| start.wrapping_add(u8::try_from(i).unwrap())) };
    let slots = vec![
        Slot::Device(sealed(0x20).to_vec()),
        Slot::Passphrase { work: Work::NOW, salt: [0x33; 16], sealed: sealed(0x40) },
        Slot::Recovery { salt: [0x55; 16], sealed: sealed(0x60) },
    ];
    (Envelope { revision: 7, id, salt: [0x22; 16], check: keys.check, slots }, key, keys)
}

#[test]
fn the_bytes_never_change() {
    let home = tempfile::tempdir().unwrap();
    let (envelope, key, keys) = frozen();
    envelope.write(home.path(), &keys).unwrap();
    let bytes = fs::read(home.path().join("envelope")).unwrap();
    assert_eq!(fs::read(home.path().join("envelope.copy")).unwrap(), bytes);
    assert_eq!(data_encoding::HEXLOWER.encode(&bytes), include_str!("envelope.hex").trim());
    let (read, _, _) = Envelope::open(home.path(), Unlock::Key(key)).unwrap();
    assert_eq!(read, envelope);
}

#[test]
fn one_damaged_copy_is_borne_and_made_whole_and_two_are_damage() {
    let scene = Scene::new();
    let whole = scene.image();
    let copies = [scene.file("envelope"), scene.file("envelope.copy")];
    for byte in (0..whole[&copies[0]].len()).step_by(5) {
        for copy in &copies {
            let mut damaged = whole.clone();
            damaged.get_mut(copy).unwrap()[byte] ^= 8;
            scene.put_back(&damaged);
            scene.open().unwrap().lock();
            assert_same(&scene.image(), &whole);
        }
        let mut damaged = whole.clone();
        for copy in &copies {
            damaged.get_mut(copy).unwrap()[byte] ^= 8;
        }
        scene.refuses(&damaged, &VaultError::VaultDamaged, &whole);
    }
    let mut damaged = whole.clone();
    damaged.remove(&copies[0]);
    scene.put_back(&damaged);
    scene.open().unwrap().lock();
    assert_same(&scene.image(), &whole);
    damaged.remove(&copies[1]);
    scene.refuses(&damaged, &VaultError::VaultDamaged, &whole);
}

#[test]
fn an_envelope_changed_by_somebody_without_the_key_is_damage() {
    let home = tempfile::tempdir().unwrap();
    let (mut envelope, key, keys) = frozen();
    // The checksum fits, the MAC is another key's.
    let other = Keys { envelope: Keys::derive(&VaultKey::from_bytes([9; 32]), &envelope.id).unwrap().envelope, ..keys };
    envelope.slots.pop();
    envelope.write(home.path(), &other).unwrap();
    assert_eq!(Envelope::open(home.path(), Unlock::Key(key)).err(), Some(VaultError::VaultDamaged));
}

#[test]
fn slots_come_and_go_without_touching_the_data() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    add_many(&vault, 0, 3);
    vault.checkpoint().unwrap();
    let before = scene.image();
    let (code, later) = (RecoveryCode::make().unwrap(), RecoveryCode::make().unwrap());
    vault.put_recovery_code(&code).unwrap();
    vault.put_recovery_code(&later).unwrap();
    vault.put_device_secret(&DeviceSecret::from_bytes([5; 32])).unwrap();
    vault.lock();
    let after = scene.image();
    for name in ["vault", "anchor", "tags"] {
        assert_eq!(after[&scene.file(name)], before[&scene.file(name)], "{name}");
    }
    assert_eq!(scene.open().err(), Some(VaultError::WrongKey));
    assert_eq!(Vault::open(&scene.dir(), Unlock::Recovery(&code)).err(), Some(VaultError::WrongKey));
    let vault = Vault::open(&scene.dir(), Unlock::Recovery(&RecoveryCode::read(&later.text()).unwrap())).unwrap();
    assert_eq!(count(&vault), Ok(3));
    vault.remove_slot(SlotKind::Device).unwrap();
    assert_eq!(vault.remove_slot(SlotKind::Device), Err(VaultError::KeyUnavailable));
    assert_eq!(vault.remove_slot(SlotKind::Recovery), Err(VaultError::KeyUnavailable));
    vault.lock();
    assert_eq!(Vault::slot_kinds(&scene.dir()).unwrap(), [SlotKind::Recovery]);
    assert_eq!(Vault::device_slot(&scene.dir()), Err(VaultError::KeyUnavailable));
}

#[test]
fn a_phone_seals_the_key_in_its_own_format_and_hands_it_back_in() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    let key = vault.key_for_device().unwrap();
    let sealed: Vec<u8> = key.as_bytes().iter().map(|byte| byte ^ 0xAA).chain([1, 2, 3]).collect();
    vault.put_device_slot(sealed.clone()).unwrap();
    assert_eq!(vault.put_device_slot(vec![0; 4097]), Err(VaultError::KeyUnavailable));
    vault.lock();
    assert_eq!(Vault::device_slot(&scene.dir()).unwrap(), sealed);
    let unsealed: Vec<u8> = sealed[..32].iter().map(|byte| byte ^ 0xAA).collect();
    assert!(Vault::open(&scene.dir(), Unlock::Key(VaultKey::from_bytes(unsealed.try_into().unwrap()))).is_ok());
    assert_eq!(scene.open().err(), Some(VaultError::KeyUnavailable));
}

#[test]
fn a_given_passphrase_is_the_only_slot_tried_and_its_work_is_bounded() {
    let (key, id) = (VaultKey::from_bytes([1; 32]), [2; 16]);
    let passphrase = Passphrase::new("ひみつ").unwrap();
    let small = Work { memory_kib: 32, rounds: 1, lanes: 1 };
    let slot = Slot::for_passphrase(&key, &id, &passphrase, small).unwrap();
    assert!(unseal(std::slice::from_ref(&slot), &id, Unlock::Passphrase(&passphrase)).unwrap() == key);
    assert_eq!(unseal(std::slice::from_ref(&slot), &[3; 16], Unlock::Passphrase(&passphrase)).err(), Some(VaultError::WrongKey));
    let Slot::Passphrase { salt, sealed, .. } = slot else { unreachable!() };
    for work in [
        Work { memory_kib: u32::MAX, ..small },
        Work { rounds: 17, ..small },
        Work { lanes: 5, ..small },
        Work { memory_kib: 0, ..small },
        Work { rounds: 0, ..small },
        Work { lanes: 0, ..small },
    ] {
        let forged = Slot::Passphrase { work, salt, sealed };
        assert_eq!(unseal(&[forged], &id, Unlock::Passphrase(&passphrase)).err(), Some(VaultError::VaultDamaged), "{work:?}");
    }
    let device = Slot::for_device(&key, &id, &DeviceSecret::from_bytes(SECRET)).unwrap();
    assert_eq!(unseal(&[device], &id, Unlock::Passphrase(&passphrase)).err(), Some(VaultError::KeyUnavailable));
}
