//! Tests of the whole engine, each on a vault of its own in a temporary directory with a small schema of its own.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use super::{NewSlots, Unlock, Vault, VaultError};
use crate::base::DeviceSecret;

mod basics;

/// A vault of `notes` in a temporary directory, unlocked by a device secret that costs no time.
struct Scene {
    home: tempfile::TempDir,
}

const SECRET: [u8; 32] = [9; 32];

impl Scene {
    fn new() -> Self {
        let scene = Self { home: tempfile::tempdir().unwrap() };
        let secret = DeviceSecret::from_bytes(SECRET);
        let vault = Vault::create(&scene.dir(), &NewSlots { device: Some(&secret), ..NewSlots::default() }).unwrap();
        vault.write(|tx| Ok(tx.execute_batch("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")?)).unwrap();
        vault.lock();
        scene
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join("vault")
    }

    fn open(&self) -> Result<Vault, VaultError> {
        open(&self.dir())
    }
}

fn open(dir: &Path) -> Result<Vault, VaultError> {
    Vault::open(dir, Unlock::Device(&DeviceSecret::from_bytes(SECRET)))
}

fn add(vault: &Vault, text: &str) -> Result<(), VaultError> {
    vault.write(|tx| {
        tx.prepare_cached("INSERT INTO notes (text) VALUES (?1)")?.execute([text])?;
        Ok(())
    })
}

fn count(vault: &Vault) -> Result<i64, VaultError> {
    vault.read(|conn| Ok(conn.prepare_cached("SELECT count(*) FROM notes")?.query_row([], |row| row.get(0))?))
}
