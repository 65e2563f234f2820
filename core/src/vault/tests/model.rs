//! The vault against a map: any sequence of changes, lockings, crashes and checkpoints, and both hold the same.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Put(u8, u16),
    Remove(u8),
    Refused(u8),
    Lock,
    Crash,
    Checkpoint,
    Verify,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<u8>(), any::<u16>()).prop_map(|(key, size)| Step::Put(key % 16, size)),
        2 => any::<u8>().prop_map(|key| Step::Remove(key % 16)),
        1 => any::<u8>().prop_map(|key| Step::Refused(key % 16)),
        1 => Just(Step::Lock),
        2 => Just(Step::Crash),
        1 => Just(Step::Checkpoint),
        1 => Just(Step::Verify),
    ]
}

fn put(vault: &Vault, key: u8, size: u16, refuse: bool) -> Result<(), VaultError> {
    vault.write(|tx| {
        tx.execute("INSERT OR REPLACE INTO papers (name, bytes) VALUES (?1, zeroblob(?2))", (key.to_string(), size))?;
        if refuse { Err(VaultError::Internal(0)) } else { Ok(()) }
    })
}

fn holds(vault: &Vault) -> BTreeMap<u8, u16> {
    let read = vault.read(|conn| {
        let mut statement = conn.prepare_cached("SELECT CAST(name AS INTEGER), length(bytes) FROM papers")?;
        Ok(statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    });
    read.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_vault_holds_what_a_map_would_hold(steps in proptest::collection::vec(step(), 1..40)) {
        let scene = Scene::new();
        let mut vault = scene.open().unwrap();
        let mut map = BTreeMap::new();
        let mut generation = vault.position().unwrap().generation;
        for step in steps {
            match step {
                Step::Put(key, size) => {
                    put(&vault, key, size, false).unwrap();
                    map.insert(key, size);
                    generation += 1;
                }
                Step::Remove(key) => {
                    vault.write(|tx| Ok(tx.execute("DELETE FROM papers WHERE name = ?1", [key.to_string()])?)).unwrap();
                    map.remove(&key);
                    generation += 1;
                }
                Step::Refused(key) => assert!(put(&vault, key, 9999, true).is_err()),
                Step::Lock => {
                    vault.lock();
                    vault = scene.open().unwrap();
                }
                Step::Crash => {
                    // What lies on the disk now is what a crash would leave.
                    let crashed = scene.image();
                    drop(vault);
                    scene.put_back(&crashed);
                    vault = scene.open().unwrap();
                }
                Step::Checkpoint => vault.checkpoint().unwrap(),
                Step::Verify => assert_eq!(vault.verify().unwrap().problems, []),
            }
            prop_assert_eq!(holds(&vault), map.clone());
            prop_assert_eq!(vault.position().unwrap().generation, generation);
        }
        prop_assert!(vault.verify().unwrap().ok);
    }
}
