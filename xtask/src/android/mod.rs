//! `cargo xtask android …`: the Android side, built, tested and checked without Gradle and without a phone, over the same
//! sources and from the same version catalog that Gradle reads.

mod catalog;
mod closure;
mod libraries;
mod maven;
mod metadata;

use std::path::PathBuf;

use crate::workspace;
use catalog::Catalog;
use libraries::Libraries;

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
        ["lock"] => lock(),
        other => Err(format!("no such task: {}", other.join(" "))),
    }
}

fn lock() -> Result<(), String> {
    let places = Places::here();
    Libraries::ready(&places, &places.catalog()?, false).map(|libraries| println!("libraries of {}", libraries.version))
}
