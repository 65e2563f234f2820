//! The Rust side of `cargo xtask bench shells`: writes the vault that the shells open, and answers the other side's calls in
//! Rust, one for one, so that both are measured on the same pages in the same minutes.
//!
//! `make FOLDER RECORDS` writes the vault as `notebook`, and copies of it: one is open once. `answer FOLDER` reads a query a line (`until limit`) and answers with the rows
//! and two times in nanoseconds: of the call that the shells make, and of the core's below it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of a benchmark talks to the one that started it")]

use std::{
    fs,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use clap::Parser;
use techo_bindings as bindings;
use techo_core::{
    base::DeviceSecret,
    present::{self, Language},
    vault::{NewSlots, TimelinePage, Unlock, Vault},
};
use techo_tests::{filling::import, synthetic};

/// The other side has the same.
const SECRET: [u8; 32] = [7; 32];

/// The copies that this side opens: through the bindings, and through the core.
const COPIES: [&str; 2] = ["shells", "core"];

#[derive(Parser)]
enum Wish {
    /// Writes a vault of synthetic reports.
    Make { folder: PathBuf, records: u64 },
    /// Answers queries from standard input.
    Answer { folder: PathBuf },
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let done = match Wish::parse() {
        Wish::Make { folder, records } => make(&folder, records),
        Wish::Answer { folder } => answer(&folder),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-shells: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(folder: &Path, records: u64) -> Result<(), Failure> {
    let secret = DeviceSecret::from_bytes(SECRET);
    let notebook = folder.join("notebook");
    let vault = Vault::create(&notebook, &NewSlots { device: Some(&secret), ..NewSlots::default() })?;
    vault.add_person(&synthetic::person(), chrono::Utc::now())?;
    import(&vault, records)?;
    let stored: u64 = vault.roots()?.iter().map(|root| root.records).sum();
    vault.lock();
    drop(vault);
    for name in COPIES {
        copy(&notebook, &folder.join(name))?;
    }
    println!("{stored}");
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    fs::read_dir(from)?.try_for_each(|entry| entry.and_then(|entry| copy(&entry.path(), &to.join(entry.file_name()))))
}

/// One line in, one line out, until there is no more.
fn answer(folder: &Path) -> Result<(), Failure> {
    let [shells, cores] = COPIES.map(|name| folder.join(name));
    let key = bindings::Key::Device { secret: SECRET.to_vec() };
    let theirs = bindings::Vault::open(text(&shells)?, key, None, bindings::Language::Japanese)?;
    let core = Vault::open(&cores, Unlock::Device(&DeviceSecret::from_bytes(SECRET)))?;
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (until, limit) = line.split_once(' ').ok_or("not a query")?;
        let limit: u32 = limit.parse()?;
        let query = bindings::TimelineQuery { person: None, kind: None, from: None, until: Some(until.to_owned()), after: None, limit };
        let start = Instant::now();
        let page = theirs.timeline(query)?;
        let whole = start.elapsed();
        let rows = page.rows.len();
        drop(page);

        let start = Instant::now();
        let asked = TimelinePage { until: until.parse().ok(), limit, ..TimelinePage::default() };
        let view = present::timeline(&core, &asked, Language::Japanese)?;
        let below = start.elapsed();
        drop(view);
        writeln!(out, "{rows} {} {}", whole.as_nanos(), below.as_nanos())?;
        out.flush()?;
    }
    Ok(())
}

fn text(path: &Path) -> Result<String, Failure> {
    path.to_str().map(str::to_owned).ok_or_else(|| "a path that is no text".into())
}
