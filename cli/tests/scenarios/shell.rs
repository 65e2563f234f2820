//! The terminal as a shell like the others: a notebook that is open or locked, the list that was looked at last, a recovery
//! kit on paper, a backup in a drawer, and a town to fetch from.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use techo_core::present::Language;
use techo_portal_standin::{Plan, TownThread};

use crate::program::{self, Seen, techo};

/// One person at a terminal.
pub(crate) struct Shell {
    pub(crate) home: tempfile::TempDir,
    pub(crate) town: Option<TownThread>,
    language: Language,
    /// The notebook's folder in the home.
    pub(crate) notebook: String,
    /// The passphrase that is said to every command while the notebook is open.
    open: Option<String>,
    /// The recovery code on paper.
    pub(crate) kit: Option<String>,
    /// The last backup.
    pub(crate) backup: Option<String>,
    /// The lines of the list that was looked at last: events or records.
    pub(crate) rows: Vec<Value>,
    /// The file of the records as it was at each locking.
    locked: Vec<Vec<u8>>,
    /// Files of the home that were named so far.
    files: u32,
}

impl Shell {
    pub(crate) fn new(language: Language, needs_town: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let town = needs_town.then(|| TownThread::start(Plan::default()).unwrap());
        if let Some(town) = &town {
            fs::write(home.path().join("relay.toml"), town.profile_text().unwrap()).unwrap();
        }
        Self {
            home,
            town,
            language,
            notebook: "notebook".to_owned(),
            open: None,
            kit: None,
            backup: None,
            rows: Vec::new(),
            locked: Vec::new(),
            files: 0,
        }
    }

    /// A new name in the home.
    pub(crate) fn name(&mut self, ending: &str) -> String {
        self.files += 1;
        format!("{}{ending}", self.files)
    }

    /// A file with a secret that only the person can read.
    pub(crate) fn secret(&mut self, text: &str) -> String {
        let name = self.name(".secret");
        let path = self.home.path().join(&name);
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        name
    }

    /// The program on this notebook, as the person would run it now.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = techo(self.home.path());
        command.args(["--vault", &self.notebook, "--lang", self.language.pick("ja", "en")]);
        if let Some(secret) = &self.open {
            command.args(["--passphrase-file", secret]);
        }
        command.args(arguments);
        command
    }

    /// Runs it, and nobody watches.
    pub(crate) fn run(&self, arguments: &[&str]) -> Seen {
        program::run(self.command(arguments), |_| {})
    }

    /// Runs what shows a list, and remembers the list.
    pub(crate) fn list(&mut self, arguments: &[&str]) -> Seen {
        let seen = self.run(arguments);
        self.rows = if seen.code == 0 { self.run(&[arguments, &["--json"]].concat()).json() } else { Vec::new() };
        seen
    }

    /// The line of the list with this title; `nth` of several.
    pub(crate) fn row(&self, title: &str, nth: usize) -> Value {
        let mut rows = self.rows.iter().filter(|row| row["title"] == title);
        rows.nth(nth - 1).unwrap_or_else(|| panic!("no {title} in the list: {:?}", self.rows)).clone()
    }

    /// Tries to open the notebook with this passphrase, by a command that shows the timeline. Locked where it does not open.
    pub(crate) fn unlock(&mut self, passphrase: &str) -> Seen {
        let secret = self.secret(passphrase);
        self.unlock_with(secret)
    }

    /// The same with the passphrase in a file.
    pub(crate) fn unlock_with(&mut self, secret: String) -> Seen {
        self.open = Some(secret);
        let seen = self.list(&["timeline"]);
        if seen.code != 0 {
            self.open = None;
        }
        seen
    }

    /// Locks it: no command is told the passphrase any more.
    pub(crate) fn lock(&mut self) {
        self.open = None;
        self.rows.clear();
        let records = fs::read(self.file("vault")).unwrap();
        self.locked.push(records);
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// A file of the notebook's present epoch.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        let folder = self.home.path().join(&self.notebook);
        let epoch = fs::read_to_string(folder.join("CURRENT")).unwrap();
        folder.join(epoch.lines().last().unwrap()).join(name)
    }

    /// The records' file as it was at the locking before the last.
    pub(crate) fn records_before(&self) -> &[u8] {
        let before = self.locked.len().checked_sub(2).expect("locked twice before its newest commits are lost");
        &self.locked[before]
    }
}

/// A file of the fixtures.
pub(crate) fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name);
    path.canonicalize().unwrap_or_else(|error| panic!("{name}: {error}")).to_str().unwrap().to_owned()
}
