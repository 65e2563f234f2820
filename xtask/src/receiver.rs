//! `cargo xtask receiver`: the page that reads codes at a clinic, as one file that needs nothing beside it. Its decoder comes from
//! npm and is built in; its own sources are in docs/receiver.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{bindings, testing, workspace};

/// What the page is made from.
const SOURCES: [&str; 8] = ["build.mjs", "codes.js", "package-lock.json", "package.json", "page.css", "page.html", "page.js", "tables.js"];
/// The page.
const PAGE: &str = "techo-receiver.html";
/// The content of everything it was made from.
const READY: &str = "ready";

/// Makes the page and says where it is.
pub(crate) fn run() -> Result<(), String> {
    println!("{}", made()?.display());
    Ok(())
}

/// The same for tests. Where npm is missing that is said; in continuous integration it is a failure.
pub(crate) fn prepare() -> Result<(), String> {
    println!("== receiver");
    match made() {
        Ok(_) => Ok(()),
        Err(reason) if workspace::is_ci() => Err(reason),
        Err(reason) => {
            println!("SKIPPED: the page that reads codes cannot be made, and is not tested: {reason}");
            Ok(())
        }
    }
}

fn made() -> Result<PathBuf, String> {
    let (sources, out) = (workspace::root().join("docs/receiver"), bindings::target().join("receiver"));
    let page = out.join(PAGE);
    let mut made_from = String::new();
    for name in SOURCES {
        made_from += &fs::read_to_string(sources.join(name)).map_err(|error| format!("docs/receiver/{name}: {error}"))?;
    }
    if page.is_file() && fs::read_to_string(out.join(READY)).is_ok_and(|ready| ready == made_from) {
        return Ok(page);
    }
    if let Some(tool) = ["node", "npm"].into_iter().find(|tool| !testing::found(tool)) {
        return Err(format!("{tool} is missing"));
    }
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    for name in SOURCES {
        fs::copy(sources.join(name), out.join(name)).map_err(|error| format!("{}: {error}", out.display()))?;
    }
    step(&out, "npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    step(&out, "node", &["build.mjs", PAGE])?;
    fs::write(out.join(READY), made_from).map_err(|error| format!("{}: {error}", out.display()))?;
    Ok(page)
}

fn step(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new(program).args(arguments).current_dir(folder).status();
    let status = status.map_err(|error| format!("{program} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} ended with {status}")) }
}
