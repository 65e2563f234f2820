//! `techo`, the health notebook from a terminal: arguments in, views out. What is decided is decided in the core.
#![expect(dead_code, reason = "the commands are being wired; this line then no longer fits and goes")]

mod args;
mod chart;
mod exit;
mod help;
mod json;
mod keystore;
mod progress;
mod secret;
mod svg;
mod terminal;
mod trend;
mod words;

use std::{
    env,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::FromArgMatches as _;
use etcetera::BaseStrategy as _;
use techo_core::present::Language;

use crate::{
    args::{Cli, Command, Global},
    exit::{Exit, Failure},
    terminal::Surface,
};

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = env::args_os().collect();
    let readable: Vec<String> = arguments.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let language = words::language_of(&readable, words::environment);
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
}

impl Session {
    fn new(global: Global, language: Language) -> Result<Self, Failure> {
        let surface = Surface::of_stdout(global.json, global.no_pager);
        let vault = match global.vault.or_else(|| env::var_os("TECHO_VAULT").filter(|dir| !dir.is_empty()).map(PathBuf::from)) {
            Some(dir) => dir,
            None => etcetera::choose_base_strategy().map_err(|_| Failure::from(Exit::VaultMissing))?.data_dir().join("techo"),
        };
        Ok(Self { language, json: global.json, vault, passphrase_file: global.passphrase_file, surface })
    }
}

fn run(cli: Cli, language: Language) -> Result<Exit, Failure> {
    let session = Session::new(cli.global, language)?;
    dispatch(&session, &cli.command)
}

fn dispatch(_session: &Session, command: &Command) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Internal, format!("not wired yet: {command:?}")))
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
