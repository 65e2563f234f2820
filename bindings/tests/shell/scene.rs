//! A notebook in a directory of its own, the files of the sample family, and a town with a portal.

use std::{fs, path::Path, sync::Arc};

use techo_bindings::{Key, Language, NewKeys, NewPerson, PersonView, Sex, TechoError, Vault};
use tempfile::TempDir;

pub(crate) const PASSPHRASE: &str = "春はあけぼの";

/// A directory with a vault in it.
pub(crate) struct Notebook {
    pub(crate) home: TempDir,
}

/// The bytes that a platform's keystore would keep.
pub(crate) fn device() -> Vec<u8> {
    vec![7; 32]
}

pub(crate) fn device_key() -> Key {
    Key::Device { secret: device() }
}

pub(crate) fn passphrase_key(text: &str) -> Key {
    Key::Passphrase { text: text.to_owned() }
}

impl Notebook {
    pub(crate) fn nowhere() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// A new vault that the device's keystore opens.
    pub(crate) fn made() -> (Self, Arc<Vault>) {
        let notebook = Self::nowhere();
        let keys = NewKeys { device: Some(device()), passphrase: None };
        let vault = Vault::create(notebook.dir(), keys, Language::Japanese).unwrap();
        (notebook, vault)
    }

    /// … and the passphrase as well.
    pub(crate) fn with_passphrase() -> (Self, Arc<Vault>) {
        let notebook = Self::nowhere();
        let keys = NewKeys { device: Some(device()), passphrase: Some(PASSPHRASE.to_owned()) };
        let vault = Vault::create(notebook.dir(), keys, Language::Japanese).unwrap();
        (notebook, vault)
    }

    pub(crate) fn dir(&self) -> String {
        self.path("vault")
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.home.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn open(&self) -> Result<Arc<Vault>, TechoError> {
        Vault::open(self.dir(), device_key(), None, Language::Japanese)
    }

    /// A copy of everything as it lies on the disk now: what a process that is killed leaves behind.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::nowhere();
        copy_directory(Path::new(&self.dir()), Path::new(&copy.dir()));
        copy
    }

    /// The path of a file of the one epoch.
    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        let epochs = fs::read_dir(self.dir()).unwrap().map(|entry| entry.unwrap().path());
        epochs.map(|epoch| epoch.join(name)).find(|path| path.is_file()).unwrap_or_else(|| panic!("no {name}"))
    }
}

fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_directory(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// 手帳 花子
pub(crate) fn add_hanako(vault: &Vault) -> PersonView {
    add(vault, "手帳 花子", "テチョウ ハナコ", "1972-04-15", Sex::Female)
}

/// 手帳 太郎
pub(crate) fn add_taro(vault: &Vault) -> PersonView {
    add(vault, "手帳 太郎", "テチョウ タロウ", "2019-06-20", Sex::Male)
}

pub(crate) fn add(vault: &Vault, name: &str, kana: &str, born: &str, sex: Sex) -> PersonView {
    let person = NewPerson {
        name: name.to_owned(),
        kana: Some(kana.to_owned()),
        former_names: Vec::new(),
        born: born.to_owned(),
        sex,
        gestation: None,
    };
    vault.add_person(person).unwrap()
}

/// A file of the fixtures.
pub(crate) fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name);
    assert!(path.is_file(), "{}", path.display());
    path.to_str().unwrap().to_owned()
}
