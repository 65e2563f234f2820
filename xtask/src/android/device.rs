//! `cargo xtask android`: the Rust library for the processors of real phones, put where Gradle packs it. It has not run here:
//! there is no NDK on the machines where this project is tested.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::{Places, check::step, elf};
use crate::{bindings, testing, workspace};

/// Android's name of a processor, and the folder of Rust's target.
const PROCESSORS: [(&str, &str); 2] = [("arm64-v8a", "aarch64-linux-android"), ("x86_64", "x86_64-linux-android")];

pub(super) fn build() -> Result<(), String> {
    println!(
        "NOT VERIFIED: this build for real phones has never run where the project is tested, and nothing it makes has run on a phone."
    );
    println!(
        "It needs the NDK (28 or later, ANDROID_NDK_HOME), cargo-ndk, and the targets {}.",
        PROCESSORS.map(|(_, target)| target).join(" and ")
    );
    let places = Places::here();
    let catalog = places.catalog()?;
    let ndk = ndk()?;
    println!("NDK {ndk}");
    if !testing::found("cargo-ndk") {
        return Err("cargo-ndk is missing: cargo install cargo-ndk".to_owned());
    }
    let libraries = places.android.join("app/src/main/jniLibs");
    let mut command = workspace::cargo();
    command.arg("ndk");
    // The pages are the NDK's own default from 28 on; written out, because a library with pages of 4 KB does not load on newer
    // phones.
    let flags = ["-Clink-arg=-Wl,-z,max-page-size=16384", bindings::PACKED].join(" ");
    for (name, target) in PROCESSORS {
        command.args(["-t", name]);
        command.env(format!("CARGO_TARGET_{}_RUSTFLAGS", target.to_uppercase().replace('-', "_")), &flags);
    }
    command.args(["--platform", catalog.version("min-sdk")?, "-o"]).arg(&libraries);
    bindings::small_c(command.args(bindings::PHONE));
    step("cargo ndk", &mut command)?;
    for (name, _) in PROCESSORS {
        let path = libraries.join(name).join("libtecho_bindings.so");
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let alignment = elf::least_alignment(&bytes).map_err(|reason| format!("{}: {reason}", path.display()))?;
        if alignment < elf::PAGE {
            return Err(format!("{}: aligned to {alignment} bytes; a phone with pages of 16 KB cannot load it", path.display()));
        }
        println!("{name}: {} bytes, pages of {alignment}", bytes.len());
    }
    println!("The libraries are in {}. Now open android/ in Android Studio, or run Gradle there.", libraries.display());
    Ok(())
}

/// The NDK's version, which has to be one that builds for pages of 16 KB.
fn ndk() -> Result<String, String> {
    let places = ["ANDROID_NDK_HOME", "ANDROID_NDK_ROOT", "NDK_HOME"];
    let folder = places.into_iter().find_map(env::var_os).map(PathBuf::from);
    let folder = folder.ok_or("the NDK is missing: set ANDROID_NDK_HOME to its folder")?;
    let path = folder.join("source.properties");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    ndk_version(&text, &path)
}

fn ndk_version(text: &str, path: &Path) -> Result<String, String> {
    let revision = text.lines().find_map(|line| line.strip_prefix("Pkg.Revision")?.trim().strip_prefix('=')).map(str::trim);
    let revision = revision.ok_or_else(|| format!("{}: no Pkg.Revision", path.display()))?;
    let major: Option<u32> = revision.split('.').next().and_then(|major| major.parse().ok());
    match major {
        Some(28..) => Ok(revision.to_owned()),
        _ => Err(format!("the NDK is {revision}; 28 or later is needed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_ndk_is_refused() {
        let path = Path::new("source.properties");
        assert_eq!(ndk_version("Pkg.Desc = x\nPkg.Revision = 28.2.13676358\n", path), Ok("28.2.13676358".to_owned()));
        assert!(ndk_version("Pkg.Revision = 27.0.1", path).is_err_and(|reason| reason.contains("28")));
        assert!(ndk_version("", path).is_err());
    }
}
