//! What is planted for each check to find. A check that lets its own plant pass is broken, and says so before it judges
//! anything else.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A folder of files that are wrong on purpose.
pub(super) struct Garden(PathBuf);

impl Garden {
    /// An empty one under `folder`.
    pub(super) fn new(folder: &Path) -> Result<Self, String> {
        let garden = folder.join("planted");
        if garden.exists() {
            fs::remove_dir_all(&garden).map_err(|error| format!("{}: {error}", garden.display()))?;
        }
        fs::create_dir_all(&garden).map_err(|error| format!("{}: {error}", garden.display()))?;
        Ok(Self(garden))
    }

    /// Plants a file. Gives where.
    pub(super) fn plant(&self, name: &str, text: &str) -> Result<PathBuf, String> {
        let path = self.0.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }
}

/// What a program said, on both its channels.
pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a check over what is right: it must pass.
pub(super) fn must_pass(name: &str, command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{name} does not start: {error}"))?;
    let said = said(&output);
    if output.status.success() { Ok(said) } else { Err(format!("{name}: {}\n{said}", output.status)) }
}

/// Runs a check over what was planted: it must fail, and must name it with every one of `words`.
pub(super) fn must_find(name: &str, command: &mut Command, words: &[&str]) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{name} does not start: {error}"))?;
    let said = said(&output);
    if output.status.success() {
        return Err(format!("{name} lets pass what was planted for it to find"));
    }
    match words.iter().find(|word| !said.contains(**word)) {
        None => Ok(()),
        Some(word) => Err(format!("{name} fails over its plant without naming {word:?}:\n{said}")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_check_that_finds_nothing_is_found_out() {
        assert!(must_find("blind", &mut shell("true"), &[]).unwrap_err().contains("lets pass"));
        assert!(must_find("vague", &mut shell("echo something; false"), &["plant"]).unwrap_err().contains("\"plant\""));
        must_find("good", &mut shell("echo the plant >&2; false"), &["plant"]).unwrap();
    }

    #[test]
    fn a_check_that_fails_says_what_it_said() {
        assert!(must_pass("strict", &mut shell("echo line 3; exit 4")).unwrap_err().contains("line 3"));
        assert_eq!(must_pass("fine", &mut shell("echo well")).unwrap(), "well\n");
    }
}
