//! A notebook in a directory of its own, and the program run on it. Nothing of the machine gets in: no environment, no
//! keystore, no terminal.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// The vault's passphrase in these stories.
pub(crate) const PASSPHRASE: &str = "あいことば one";

/// A home directory with a vault, a passphrase file, and whatever a story writes.
pub(crate) struct Notebook {
    pub(crate) home: tempfile::TempDir,
}

/// How a command ended and what it said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().expect("the program ended by itself"),
            out: String::from_utf8(output.stdout.clone()).expect("UTF-8 on standard output"),
            err: String::from_utf8(output.stderr.clone()).expect("UTF-8 on standard error"),
        }
    }

    /// Each line of standard output as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))).collect()
    }

    /// The one line.
    pub(crate) fn line(&self) -> Value {
        let mut lines = self.lines();
        assert_eq!(lines.len(), 1, "{}{}", self.out, self.err);
        lines.remove(0)
    }

    /// The error object on standard error, which holds nothing else.
    pub(crate) fn error(&self) -> Value {
        let error: Value = serde_json::from_str(self.err.trim()).unwrap_or_else(|_| panic!("not one JSON object: {}", self.err));
        assert_eq!(fields(&error), ["error", "exit", "message"]);
        assert_eq!(error["exit"], self.code);
        error
    }

    /// It went well.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self
    }

    /// It ended with this code.
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }
}

/// The names of an object's fields, in order of the alphabet.
pub(crate) fn fields(object: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// A field that counts something.
pub(crate) fn count(line: &Value, field: &str) -> usize {
    line[field].as_u64().and_then(|count| count.try_into().ok()).unwrap_or_else(|| panic!("{field} of {line}"))
}

/// The program with nothing around it.
pub(crate) fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_techo"));
    command.env_clear().env("HOME", home).env("LANG", "ja_JP.UTF-8").current_dir(home);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Notebook {
    /// A home without a vault.
    pub(crate) fn nowhere() -> Self {
        let home = tempfile::tempdir().unwrap();
        let notebook = Self { home };
        notebook.secret("passphrase", PASSPHRASE);
        notebook
    }

    /// A new vault.
    pub(crate) fn new() -> Self {
        let notebook = Self::nowhere();
        notebook.run(&["init", "--no-keystore"]).ok();
        notebook
    }

    /// A new vault with the family of the fixtures in it.
    pub(crate) fn of_the_family() -> Self {
        let notebook = Self::new();
        notebook.add_family();
        notebook
    }

    /// Registers the family of the fixtures.
    pub(crate) fn add_family(&self) {
        for (name, kana, born, sex) in FAMILY {
            self.run(&["person", "add", name, "--kana", kana, "--born", born, "--sex", sex]).ok();
        }
    }

    /// Imports all documents of the family, and returns the lines.
    pub(crate) fn import_family(&self) -> Vec<Value> {
        let keys = fixture("family/issuer-jwks.json");
        FAMILY
            .iter()
            .flat_map(|(name, ..)| {
                let files = family_files(name);
                let mut arguments = vec!["import", "--json", "--person", name, "--keys", text(&keys)];
                arguments.extend(files.iter().map(|file| text(file)));
                self.run(&arguments).ok().lines()
            })
            .collect()
    }

    /// Where something is in the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The directory of the vault's one epoch.
    pub(crate) fn epoch(&self) -> PathBuf {
        let is_epoch = |path: &PathBuf| path.join("vault").exists();
        fs::read_dir(self.path("vault")).unwrap().map(|entry| entry.unwrap().path()).find(is_epoch).expect("an epoch")
    }

    /// A file that only its owner can read.
    pub(crate) fn secret(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, format!("{content}\n")).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    /// The program on this vault with its passphrase.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_on("vault", arguments)
    }

    /// The program on another vault in the same home.
    pub(crate) fn command_on(&self, vault: &str, arguments: &[&str]) -> Command {
        let mut command = program(self.home.path());
        command.args(["--vault", vault, "--passphrase-file", "passphrase"]).args(arguments);
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::of(&self.command(arguments).output().unwrap())
    }

    /// Runs a command on another vault in the same home.
    pub(crate) fn run_on(&self, vault: &str, arguments: &[&str]) -> Said {
        Said::of(&self.command_on(vault, arguments).output().unwrap())
    }

    /// Every file of the vault's directory, byte for byte.
    pub(crate) fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        read_into(&self.path("vault"), &mut files);
        files
    }
}

/// Runs any command to its end.
pub(crate) fn end(mut command: Command) -> Said {
    Said::of(&command.output().unwrap())
}

fn read_into(directory: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_into(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}

/// Copies a directory.
pub(crate) fn copy(from: &Path, to: &Path) {
    let mut files = BTreeMap::new();
    read_into(from, &mut files);
    for (path, bytes) in files {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, bytes).unwrap();
    }
}

/// Name, kana, date of birth, sex.
pub(crate) const FAMILY: [(&str, &str, &str, &str); 3] = [
    ("手帳 花子", "テチョウ ハナコ", "1972-04-15", "female"),
    ("手帳 一郎", "テチョウ イチロウ", "1970-11-02", "male"),
    ("手帳 太郎", "テチョウ タロウ", "2019-06-20", "male"),
];

/// The files of one of the family.
pub(crate) fn family_files(name: &str) -> Vec<PathBuf> {
    let prefix = match name {
        "手帳 花子" => "hanako-",
        "手帳 一郎" => "ichiro-",
        _ => "taro-",
    };
    let mut files: Vec<PathBuf> = fs::read_dir(fixture("family"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(prefix))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{name} has no documents");
    files
}

/// A file of ours.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name).canonicalize().unwrap()
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The samples beside the workspace; `None`, loudly, where they are not there, and a failure in continuous integration.
pub(crate) fn samples() -> Option<PathBuf> {
    let shared = std::env::var_os("TECHO_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let samples = shared.join("samples");
    if samples.is_dir() {
        return samples.canonicalize().ok();
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the samples must be there in continuous integration");
    println!("SKIPPED: no samples beside the workspace; what depends on them was not tested");
    None
}
