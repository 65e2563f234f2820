//! Tests of the whole engine, each on a vault of its own in a temporary directory with a small schema of its own.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Kept, NewSlots, Unlock, Vault, VaultError};
use crate::base::DeviceSecret;

mod basics;
mod crash;
mod envelope;
mod epochs;
mod erasure;
mod fetching;
mod figures;
mod first;
mod full_disk;
mod log;
mod model;
mod opening;
mod pages;

const SECRET: [u8; 32] = [9; 32];

const SCHEMA: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY, day TEXT NOT NULL, text TEXT NOT NULL);
     CREATE INDEX notes_by_day ON notes (day DESC, text);
     CREATE VIRTUAL TABLE notes_search USING fts5 (text);
     INSERT INTO notes_search (notes_search, rank) VALUES ('secure-delete', 1);
     CREATE TABLE papers (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;";

/// A vault of notes in a temporary directory, unlocked by a device secret, which costs no time.
struct Scene {
    home: tempfile::TempDir,
}

/// Every file of a vault's directory, by its path below it. The lock file has no content.
type Image = BTreeMap<PathBuf, Vec<u8>>;

impl Scene {
    fn new() -> Self {
        let scene = Self { home: tempfile::tempdir().unwrap() };
        create(&scene.dir()).lock();
        scene
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join("vault")
    }

    fn open(&self) -> Result<Vault, VaultError> {
        open(&self.dir())
    }

    fn image(&self) -> Image {
        let mut image = Image::new();
        gather(&self.dir(), Path::new(""), &mut image);
        image
    }

    /// Makes the directory hold exactly `image`.
    fn put_back(&self, image: &Image) {
        fs::remove_dir_all(self.dir()).unwrap();
        for (name, bytes) in image {
            let path = self.dir().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    /// The path of a file of the current epoch, relative to the vault's directory.
    fn file(&self, name: &str) -> PathBuf {
        let current = fs::read_to_string(self.dir().join("CURRENT")).unwrap();
        PathBuf::from(current.lines().nth(1).unwrap()).join(name)
    }

    /// Opens what must not open: the answer is `expected` and not one byte has changed; then puts `whole` back and
    /// opens that.
    fn refuses(&self, damaged: &Image, expected: &VaultError, whole: &Image) {
        self.put_back(damaged);
        assert_eq!(self.open().err().as_ref(), Some(expected));
        assert_same(&self.image(), damaged);
        self.put_back(whole);
        let vault = self.open().unwrap();
        assert!(vault.verify().unwrap().ok);
    }
}

fn gather(root: &Path, below: &Path, image: &mut Image) {
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            gather(root, &name, image);
        } else {
            image.insert(name.clone(), fs::read(root.join(&name)).unwrap());
        }
    }
}

fn assert_same(now: &Image, before: &Image) {
    assert_eq!(now.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (name, bytes) in now {
        assert!(bytes == &before[name], "{} has changed", name.display());
    }
}

fn create(dir: &Path) -> Vault {
    let secret = DeviceSecret::from_bytes(SECRET);
    let vault = Vault::create(dir, &NewSlots { device: Some(&secret), ..NewSlots::default() }).unwrap();
    vault.write(|tx| Ok(tx.execute_batch(SCHEMA)?)).unwrap();
    vault
}

fn open(dir: &Path) -> Result<Vault, VaultError> {
    Vault::open(dir, Unlock::Device(&DeviceSecret::from_bytes(SECRET)))
}

/// One change: a note, found by day and by word.
fn add(vault: &Vault, text: &str) -> Result<(), VaultError> {
    vault.write(|tx| {
        tx.prepare_cached("INSERT INTO notes (day, text) VALUES ('2026-05-03', ?1)")?.execute([text])?;
        tx.prepare_cached("INSERT INTO notes_search (text) VALUES (?1)")?.execute([text])?;
        Ok(())
    })
}

fn add_many(vault: &Vault, from: u32, count: u32) {
    for number in from..from + count {
        add(vault, &format!("note {number} {}", "血圧の記録 ".repeat(20))).unwrap();
    }
}

fn add_original(vault: &Vault, name: &str, size: usize) -> Result<(), VaultError> {
    vault.write(|tx| {
        tx.prepare_cached("INSERT INTO papers (name, bytes) VALUES (?1, ?2)")?.execute((name, vec![7_u8; size]))?;
        Ok(())
    })
}

fn count(vault: &Vault) -> Result<i64, VaultError> {
    vault.read(|conn| Ok(conn.prepare_cached("SELECT count(*) FROM notes")?.query_row([], |row| row.get(0))?))
}
