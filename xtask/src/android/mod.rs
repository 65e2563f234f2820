//! `cargo xtask android …`: the Android side, built, tested and checked without Gradle and without a phone, over the same
//! sources and from the same version catalog that Gradle reads.

mod apk;
mod bench;
mod catalog;
mod check;
mod closure;
mod device;
mod elf;
mod harness;
mod libraries;
mod maven;
mod metadata;
mod reports;
mod resources;

use std::path::PathBuf;

use crate::workspace;
use catalog::Catalog;
use libraries::Libraries;

pub(crate) use bench::bench;
pub(crate) use harness::{Wish, test};

/// The programs without which nothing of this can be done.
pub(crate) const TOOLS: [&str; 4] = ["mvn", "java", "javac", "aapt2"];

/// Where things lie.
struct Places {
    /// `android/`.
    android: PathBuf,
    /// `android/verify/`.
    harness: PathBuf,
    /// Everything that is made here.
    target: PathBuf,
}

impl Places {
    fn here() -> Self {
        let android = workspace::root().join("android");
        Self { harness: android.join("verify"), android, target: workspace::root().join("target/android") }
    }

    fn catalog(&self) -> Result<Catalog, String> {
        Catalog::open(&self.android.join("gradle/libs.versions.toml"))
    }
}

/// `cargo xtask android …`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => device::build(),
        ["lock"] => lock(),
        ["apk"] => apk::build(false),
        ["apk", "--built"] => apk::build(true),
        ["check"] => check::check(false),
        ["check", "--built"] => check::check(true),
        ["format"] => check::format(),
        ["check", "rust"] => check::rust(),
        ["test", rest @ ..] => {
            let sum = test(&wish(rest)?)?;
            println!("{sum}");
            if sum.failed > 0 { Err(format!("{} failed", sum.failed)) } else { Ok(()) }
        }
        other => Err(format!("no such task: {}", other.join(" "))),
    }
}

/// `[--record] [--built] [--module NAME] [CLASSES]`.
fn wish(arguments: &[&str]) -> Result<Wish, String> {
    let mut wish = Wish::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--record" => wish.record = true,
            "--built" => wish.is_built = true,
            "--module" => wish.modules = Some((*rest.next().ok_or("--module of which name?")?).to_owned()),
            other if other.starts_with('-') => return Err(format!("no such option: {other}")),
            classes => wish.only = Some(classes.to_owned()),
        }
    }
    Ok(wish)
}

fn lock() -> Result<(), String> {
    let places = Places::here();
    Libraries::ready(&places, &places.catalog()?, false).map(|libraries| println!("libraries of {}", libraries.version))
}
