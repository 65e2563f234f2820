//! `techo`, the health notebook from a terminal: arguments in, views out. What is decided is decided in the core.

mod args;
mod browser;
mod calendar;
#[cfg(test)]
mod chart_samples;
mod commands;
mod exit;
mod help;
mod json;
mod keystore;
mod language;
mod loopback;
mod pager;
mod progress;
mod scanner;
mod secret;
mod svg;
mod terminal;
mod trend;
mod words;

use std::{
    env,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::FromArgMatches as _;
use etcetera::BaseStrategy as _;
use techo_core::present::Language;

use crate::{
    args::{Cli, Global},
    exit::{Exit, Failure, file_failure},
    terminal::{Page, Side, Surface, Table},
    words::Word,
};

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = env::args_os().collect();
    let readable: Vec<String> = arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let language = language::language_of(&readable, language::environment);
    let parsed = help::command(language).try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let (exit, text) = help::explain(&error, language);
            return tell_clap(exit, &text, readable.iter().any(|argument| argument == "--json"));
        }
    };
    let json = cli.global.json;
    match run(cli, language) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) => tell(&failure, language, json),
    }
}

/// What every command needs to know.
struct Session {
    language: Language,
    json: bool,
    vault: PathBuf,
    passphrase_file: Option<PathBuf>,
    surface: Surface,
    /// Open a vault that cannot be proven, for reading.
    rescue: bool,
}

impl Session {
    fn new(global: Global, language: Language) -> Result<Self, Failure> {
        let surface = Surface::of_stdout(global.json, global.no_pager);
        let vault = match global.vault.or_else(|| env::var_os("TECHO_VAULT").filter(|dir| !dir.is_empty()).map(PathBuf::from)) {
            Some(dir) => dir,
            None => etcetera::choose_base_strategy().map_err(|_| Failure::from(Exit::VaultMissing))?.data_dir().join("techo"),
        };
        Ok(Self { language, json: global.json, vault, passphrase_file: global.passphrase_file, surface, rescue: global.rescue })
    }
}

impl Session {
    /// One line on standard output.
    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    fn print(&self, text: &str) -> Result<(), Failure> {
        match writeln!(io::stdout(), "{text}") {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(file_failure(Path::new("-"), &error)),
            _ => Ok(()),
        }
    }

    /// One line on a page. That the reader has gone away is no error.
    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    fn line(&self, page: &mut Page, text: &str) -> Result<(), Failure> {
        page.line(text).map(drop).map_err(|error| file_failure(Path::new("-"), &error))
    }

    fn lines(&self, page: &mut Page, lines: &[String]) -> Result<(), Failure> {
        lines.iter().try_for_each(|line| self.line(page, line))
    }

    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    fn finish(&self, page: Page) -> Result<(), Failure> {
        page.finish().map_err(|error| file_failure(Path::new("-"), &error))
    }

    /// A table with these headings; `right` is the column of numbers.
    fn table(&self, headings: &[Word], right: Word) -> Table {
        let side = |word: &Word| if *word == right { Side::Right } else { Side::Left };
        let columns: Vec<(&str, Side)> = headings.iter().map(|word| (word.text(self.language), side(word))).collect();
        Table::new(&columns)
    }
}

/// A remark on standard error, where it does not mix with what was asked for.
fn note(text: &str) {
    // Nobody is left to tell if even this cannot be written.
    drop(writeln!(io::stderr(), "{text}"));
}

/// Writes a new file, whole or not at all, and never over another.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(beside)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map(drop).map_err(|error| error.error)
}

fn run(cli: Cli, language: Language) -> Result<Exit, Failure> {
    let session = Session::new(cli.global, language)?;
    commands::dispatch(&session, cli.command).map_err(|failure| failure.of_vault(&session.vault))
}

/// Tells what went wrong, on standard error.
fn tell(failure: &Failure, language: Language, json: bool) -> ExitCode {
    let message = failure.text(language);
    let text = if json {
        json::line(&json::ErrorLine { error: failure.exit.id(), exit: failure.exit.code(), message: &message })
    } else {
        format!("techo: {}", terminal::plain(&message))
    };
    // Nobody is left to tell if even this cannot be written.
    drop(writeln!(io::stderr(), "{text}"));
    ExitCode::from(failure.exit.code())
}

fn tell_clap(exit: Exit, text: &str, json: bool) -> ExitCode {
    let written = match (exit, json) {
        (Exit::Done, _) => write!(io::stdout(), "{text}"),
        (_, true) => {
            let line = json::line(&json::ErrorLine { error: exit.id(), exit: exit.code(), message: text.trim() });
            writeln!(io::stderr(), "{line}")
        }
        (_, false) => write!(io::stderr(), "{text}"),
    };
    drop(written);
    ExitCode::from(exit.code())
}
