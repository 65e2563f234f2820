//! NOT RUN ON A DEVICE, and not on a Mac either: this follows Apple's and rustc's documentation and was only read.
//!
//! `cargo xtask ios` makes `target/ios/techoFFI.xcframework` for iPhones and the simulator, from the dynamic library: a
//! static one would let the linker take the system's SQLite, which knows no encryption, for SQLCipher's symbols. Needs a
//! Mac with Xcode 16 and the Rust targets, which it adds.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{bindings, workspace};

/// The oldest iOS the app runs on.
const OLDEST: &str = "17.0";

/// What a framework is made for: its folder in the XCFramework's input, and the Rust targets that go into it.
const SLICES: [(&str, &[&str]); 2] =
    [("iphoneos", &["aarch64-apple-ios"]), ("iphonesimulator", &["aarch64-apple-ios-sim", "x86_64-apple-ios"])];

/// Builds everything, up to the XCFramework that TechoKit's package names.
pub(super) fn build() -> Result<(), String> {
    println!("cargo xtask ios: this has not been run on a device, nor on a Mac by its authors.");
    println!("                 What was verified where is in docs/shells.md.");
    if !cfg!(target_os = "macos") {
        return Err("building for iOS needs a Mac with Xcode; `cargo xtask ios test` and `cargo xtask ios check` run here".to_owned());
    }
    bindings::run()?;
    let generated = workspace::root().join("target/bindings/swift");
    let out = workspace::root().join("target/ios");
    let mut create = Command::new("xcodebuild");
    create.arg("-create-xcframework");
    for (platform, targets) in SLICES {
        let framework = out.join(platform).join("techoFFI.framework");
        write_framework(&framework, &generated, platform)?;
        let libraries = targets.iter().map(|target| build_library(target)).collect::<Result<Vec<_>, _>>()?;
        let binary = framework.join("techoFFI");
        // Two architectures of one platform are one fat file; a single one passes through unchanged.
        run(Command::new("lipo").arg("-create").args(&libraries).arg("-output").arg(&binary))?;
        run(Command::new("install_name_tool").args(["-id", "@rpath/techoFFI.framework/techoFFI"]).arg(&binary))?;
        create.arg("-framework").arg(&framework);
    }
    let whole = out.join("techoFFI.xcframework");
    if whole.exists() {
        fs::remove_dir_all(&whole).map_err(|error| format!("{}: {error}", whole.display()))?;
    }
    run(create.arg("-output").arg(&whole))?;
    copy(&generated.join("TechoCore/TechoCore.swift"), &workspace::root().join("ios/TechoKit/Sources/TechoCore/TechoCore.swift"))?;
    println!("{}: ready; open ios/Techo.xcodeproj", whole.display());
    Ok(())
}

/// The dynamic library of one target.
fn build_library(target: &str) -> Result<PathBuf, String> {
    run(Command::new("rustup").current_dir(workspace::root()).args(["target", "add", target]))?;
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--release", "--locked", "-p", "techo-bindings", "--lib", "--target", target]);
    run(cargo.env("IPHONEOS_DEPLOYMENT_TARGET", OLDEST))?;
    Ok(workspace::root().join("target").join(target).join("release/libtecho_bindings.dylib"))
}

/// Everything of a framework but its binary.
fn write_framework(framework: &Path, generated: &Path, platform: &str) -> Result<(), String> {
    if framework.exists() {
        fs::remove_dir_all(framework).map_err(|error| format!("{}: {error}", framework.display()))?;
    }
    copy(&generated.join("techoFFI/techoFFI.h"), &framework.join("Headers/techoFFI.h"))?;
    let module = "framework module techoFFI {\n    umbrella header \"techoFFI.h\"\n    export *\n}\n";
    write(&framework.join("Modules/module.modulemap"), module)?;
    let name = if platform == "iphoneos" { "iPhoneOS" } else { "iPhoneSimulator" };
    write(&framework.join("Info.plist"), &information(name))
}

fn information(platform: &str) -> String {
    let pairs = [
        ("CFBundleExecutable", "techoFFI"),
        ("CFBundleIdentifier", "jp.techo.core"),
        ("CFBundleInfoDictionaryVersion", "6.0"),
        ("CFBundleName", "techoFFI"),
        ("CFBundlePackageType", "FMWK"),
        ("CFBundleShortVersionString", env!("CARGO_PKG_VERSION")),
        ("CFBundleVersion", "1"),
        ("MinimumOSVersion", OLDEST),
    ];
    let lines = pairs.map(|(key, value)| format!("\t<key>{key}</key>\n\t<string>{value}</string>\n")).concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n{lines}\
         \t<key>CFBundleSupportedPlatforms</key>\n\t<array>\n\t\t<string>{platform}</string>\n\t</array>\n</dict>\n</plist>\n"
    )
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let text = fs::read_to_string(from).map_err(|error| format!("{}: {error}", from.display()))?;
    write(to, &text)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(fault)?;
    fs::write(path, text).map_err(fault)
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_description_of_the_framework_is_well_formed() {
        let text = information("iPhoneOS");
        // Apple's document type is named and never fetched.
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
        let tree = roxmltree::Document::parse_with_options(&text, options).unwrap();
        let texts: Vec<&str> = tree.descendants().filter_map(|node| node.text()).map(str::trim).collect();
        assert!(texts.contains(&"jp.techo.core") && texts.contains(&OLDEST) && texts.contains(&"iPhoneOS"), "{texts:?}");
    }
}
