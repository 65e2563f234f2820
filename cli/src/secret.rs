//! Where a passphrase comes from: a file, the environment, or the person. Never from the arguments, which other users
//! can read. Whatever holds one is wiped when it is dropped.

use std::{
    env, fs,
    io::{self, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

use techo_core::{
    base::{BadRecoveryCode, Passphrase, RecoveryCode},
    present::Language,
};
use zeroize::Zeroizing;

use crate::{
    exit::{Exit, Failure, file_failure},
    words::{Word, say},
};

/// The passphrase in the environment. Not handed on to any program that Techo starts. (Taking it out of our own
/// environment would need `unsafe`, and on Linux the initial one stays readable for the same user in any case; the
/// threat model says so.)
pub(crate) const PASSPHRASE_VARIABLE: &str = "TECHO_PASSPHRASE";

/// Longest file that is read for a passphrase or a recovery code.
const LONGEST: u64 = 4096;

/// A passphrase that was given without asking: by a file, else by the environment. A given one is the only thing tried.
pub(crate) fn given(file: Option<&Path>, language: Language) -> Result<Option<Passphrase>, Failure> {
    if let Some(file) = file {
        return passphrase(&from_file(file)?, language).map(Some);
    }
    // An empty variable is a forgotten one, and no passphrase.
    match env::var(PASSPHRASE_VARIABLE).map(Zeroizing::new) {
        Ok(text) if !text.is_empty() => passphrase(&text, language).map(Some),
        Ok(_) | Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Failure::new(Exit::KeyUnavailable, PASSPHRASE_VARIABLE)),
    }
}

/// Asks the person for an existing passphrase.
pub(crate) fn asked(prompt: Word, language: Language) -> Result<Passphrase, Failure> {
    passphrase(&read_hidden(prompt, language)?, language)
}

/// A new passphrase: from `file`, else from the environment where `environment` says so, else asked for twice.
pub(crate) fn chosen(file: Option<&Path>, environment: bool, language: Language) -> Result<Passphrase, Failure> {
    if (file.is_some() || environment)
        && let Some(given) = given(file, language)?
    {
        return Ok(given);
    }
    asked_twice(Word::AskNewPassphrase, language)
}

/// Asks the person for a new passphrase, twice.
pub(crate) fn asked_twice(prompt: Word, language: Language) -> Result<Passphrase, Failure> {
    let first = read_hidden(prompt, language)?;
    let second = read_hidden(Word::AskAgain, language)?;
    if *first != *second {
        return Err(Failure::new(Exit::Declined, say(Word::PassphrasesDiffer, language, &[])));
    }
    passphrase(&first, language)
}

/// The recovery code, from a file or typed in; says which groups are mistyped.
pub(crate) fn recovery_code(file: Option<&Path>, language: Language) -> Result<RecoveryCode, Failure> {
    let text = match file {
        Some(file) => from_file(file)?,
        None => read_hidden(Word::AskRecoveryCode, language)?,
    };
    RecoveryCode::read(&text).map_err(|error| {
        let detail = match error {
            BadRecoveryCode::Mistyped { groups } => {
                let groups: Vec<String> = groups.iter().map(u8::to_string).collect();
                say(Word::MistypedGroups, language, &[("groups", &groups.join(language.pick("、", ", ")))])
            }
            BadRecoveryCode::Length { found, .. } => say(Word::CodeLength, language, &[("found", &found.to_string())]),
        };
        Failure::new(Exit::WrongPassphrase, detail)
    })
}

/// Of the files that hold secrets, those that other users can read: worth a word, no refusal.
pub(crate) fn readable_by_others<'a>(files: impl IntoIterator<Item = Option<&'a PathBuf>>) -> Vec<&'a Path> {
    files.into_iter().flatten().map(PathBuf::as_path).filter(|file| is_open_to_others(file)).collect()
}

fn is_open_to_others(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A pipe (`<(pass show techo)`) is nobody else's.
        file.metadata().is_ok_and(|entry| entry.is_file() && entry.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

fn passphrase(text: &str, language: Language) -> Result<Passphrase, Failure> {
    Passphrase::new(text).map_err(|_| Failure::new(Exit::KeyUnavailable, say(Word::PassphraseEmpty, language, &[])))
}

/// The file's text without its last line end. Spaces are part of a passphrase.
fn from_file(file: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
    let opened = fs::File::open(file).map_err(|error| file_failure(file, &error))?;
    opened.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| file_failure(file, &error))?;
    let readable = u64::try_from(bytes.len()).is_ok_and(|length| length <= LONGEST);
    let text = std::str::from_utf8(&bytes).ok().filter(|_| readable);
    let text = text.ok_or_else(|| Failure::new(Exit::KeyUnavailable, file.display().to_string()))?;
    let text = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(Zeroizing::new(text.to_owned()))
}

fn read_hidden(prompt: Word, language: Language) -> Result<Zeroizing<String>, Failure> {
    // Reading a passphrase from a pipe by accident would swallow somebody's data.
    if !io::stdin().is_terminal() {
        return Err(Exit::KeyUnavailable.into());
    }
    rpassword::prompt_password(prompt.text(language)).map(Zeroizing::new).map_err(|_| Exit::KeyUnavailable.into())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::io::Write as _;

    use super::*;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn a_passphrase_file_loses_one_line_end_and_nothing_else() {
        for (bytes, text) in [("合言葉\n", "合言葉"), ("a b \r\n", "a b "), ("x", "x"), ("x\n\n", "x\n")] {
            assert_eq!(&**from_file(file(bytes.as_bytes()).path()).unwrap(), text, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_passphrase_file_is_refused_without_quoting_it() {
        for bytes in [&b"\xff\xfe"[..], &[b'a'; 4097]] {
            let file = file(bytes);
            let failure = from_file(file.path()).unwrap_err();
            assert_eq!(failure.exit, Exit::KeyUnavailable);
            assert!(!failure.text(Language::English).contains("aaaa"));
        }
        assert_eq!(from_file(Path::new("no such file")).unwrap_err().exit, Exit::File);
        assert_eq!(given(Some(file(b"\n").path()), Language::English).unwrap_err().exit, Exit::KeyUnavailable);
    }

    #[test]
    fn a_mistyped_recovery_code_says_where() {
        let code = RecoveryCode::make().unwrap().text();
        assert!(recovery_code(Some(file(code.as_bytes()).path()), Language::English).is_ok());
        let first = if code.starts_with('0') { "1" } else { "0" };
        let wrong = format!("{first}{}", code.get(1..).unwrap());
        let failure = recovery_code(Some(file(wrong.as_bytes()).path()), Language::English).unwrap_err();
        assert_eq!(failure.exit, Exit::WrongPassphrase);
        assert!(failure.text(Language::English).contains("group 1"), "{failure:?}");
        assert!(!failure.text(Language::English).contains(&wrong));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_noticed() {
        use std::os::unix::fs::PermissionsExt as _;
        let file = file(b"x");
        let path = file.path().to_path_buf();
        assert!(readable_by_others([Some(&path), None]).is_empty());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(readable_by_others([Some(&path)]), [path.as_path()]);
    }
}
