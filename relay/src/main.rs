//! `techo-relay`: runs a relay, checks its configuration, makes its keys. Secrets are never arguments: everybody on a
//! machine can read those.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use techo_protocol::seal::PrivateKey;
use techo_relay::{Config, Relay, log};

/// 手帳（Techo）の中継サーバー
///
/// The relay of Techo
#[derive(Parser)]
#[command(name = "techo-relay", version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
struct Arguments {
    /// 設定ファイル / the configuration, a TOML file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// 設定・鍵・証明書を確かめる（起動しない） / Checks the configuration, its keys and certificates, and starts nothing
    Check {
        /// 設定ファイル / the configuration, a TOML file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// 封印鍵と鍵束の鍵を作り、公開鍵を表示する / Makes the seal key and a key for the ring, and shows the public key
    Keys {
        /// 鍵を置くフォルダー / where the keys are put
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        folder: PathBuf,
    },
}

/// What is said before a program ends without having done its work.
type Failed = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match (arguments.command, arguments.config) {
        (Some(Command::Check { config }), _) => check(&config),
        (Some(Command::Keys { folder }), _) => keys(&folder),
        (None, Some(config)) => run(&config),
        (None, None) => Ok(()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nowhere else to say it.
            let _ = writeln!(io::stderr(), "techo-relay: {error}");
            ExitCode::FAILURE
        }
    }
}

fn open(path: &Path) -> Result<Config, Failed> {
    let config = Config::open(path, &|name| std::env::var(name).ok());
    config.map_err(|error| format!("{}: {error}", path.display()).into())
}

fn check(path: &Path) -> Result<(), Failed> {
    let config = open(path)?;
    Relay::check(&config)?;
    let services = config.portal.services.join(", ");
    let mut out = io::stdout().lock();
    writeln!(out, "設定は正しく読めました / the configuration is in order")?;
    writeln!(out, "seal = \"{}\"", config.seal.public()?)?;
    writeln!(out, "redirect = \"{}\"", config.redirect)?;
    writeln!(out, "services = {services}")?;
    writeln!(out, "keeping_seconds = {}", config.limits.keeping.as_secs())?;
    writeln!(out, "store = {}", config.store)?;
    Ok(())
}

fn keys(folder: &Path) -> Result<(), Failed> {
    let seal = PrivateKey::make()?;
    // Any 32 random bytes are an AES key as well.
    let ring = PrivateKey::make()?;
    let files = [("seal.key", &seal), ("ring.key", &ring)].map(|(name, key)| (folder.join(name), key));
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(format!("{}: すでにあります / is there already", path.display()).into());
    }
    for (path, key) in &files {
        write_secret(path, key).map_err(|error| format!("{}: {}", path.display(), error.kind()))?;
    }
    let mut out = io::stdout().lock();
    for (path, _) in &files {
        writeln!(out, "{}", path.display())?;
    }
    writeln!(out, "seal = \"{}\"", seal.public()?)?;
    Ok(())
}

/// Writes a key to a new file that only its owner can read.
fn write_secret(path: &Path, key: &PrivateKey) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let text = zeroize::Zeroizing::new(data_encoding::BASE64URL_NOPAD.encode(key.as_bytes()) + "\n");
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // The name must last as well.
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}

fn run(path: &Path) -> Result<(), Failed> {
    let config = open(path)?;
    log::begin()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Listened for before anything listens for others, so that no signal is missed.
        let asked = asked_to_stop()?;
        let relay = Relay::start(config).await?;
        asked.await;
        relay.stop().await;
        Ok(())
    })
}

/// Ends when the process is asked to stop.
#[cfg(unix)]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends when the process is asked to stop.
#[cfg(not(unix))]
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
