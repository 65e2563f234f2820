//! `cargo xtask ios check`: style, parse, plists, the names that views use, the compiler's own strictness, and the Rust
//! side for iOS. Nothing here runs the app: views are parsed, not compiled, because SwiftUI exists on a Mac only.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    library,
    plant::{Garden, must_find, must_pass},
    toolchain::Swift,
};
use crate::workspace;

/// The target of every iPhone since 2013.
const TARGET: &str = "aarch64-apple-ios";

/// One check: finds its plant, then passes over what is ours, and says over what.
type Step = fn(&Swift, &Garden) -> Result<String, String>;

/// All checks, the quick ones first.
pub(super) fn run(swift: &Swift) -> Result<(), String> {
    library::ready(swift)?;
    let garden = Garden::new(&swift.folder)?;
    let steps: [(&str, Step); 6] = [
        ("style", style),
        ("parse", parse),
        ("property lists", property_lists),
        ("the compiler is strict", strictness),
        ("names that views use", names),
        ("Rust for iOS", rust),
    ];
    for (name, step) in steps {
        let said = step(swift, &garden)?;
        println!("ios {name}: {said}");
    }
    Ok(())
}

fn style(swift: &Swift, garden: &Garden) -> Result<String, String> {
    let lint = |paths: &[PathBuf]| {
        let mut command = swift.command("swift-format");
        command.args(["lint", "--strict", "--recursive", "--configuration"]).arg(swift.ios.join(".swift-format")).args(paths);
        command
    };
    let planted = garden.plant("Style.swift", "let Planted_Name = 1\nfunc force() -> Int { Int(\"1\")! }\n")?;
    must_find("swift-format", &mut lint(&[planted]), &["AlwaysUseLowerCamelCase", "NeverForceUnwrap"])?;
    // Generated code has its own style.
    let own = ["App", "checks", "TechoKit/Package.swift", "TechoKit/Sources/TechoKit", "TechoKit/Tests"];
    must_pass("swift-format", &mut lint(&own.map(|path| swift.ios.join(path))))?;
    Ok(own.join(", "))
}

fn parse(swift: &Swift, garden: &Garden) -> Result<String, String> {
    let parse = |paths: &[PathBuf]| {
        let mut command = swift.command("swiftc");
        command.args(["-parse", "-swift-version", "6"]).args(paths);
        command
    };
    let planted = garden.plant("Parse.swift", "struct Planted { var body: some View { Text(\"open } }\n")?;
    must_find("swiftc -parse", &mut parse(&[planted]), &["Parse.swift:1"])?;
    let views = files(&swift.ios.join("App"), "swift")?;
    must_pass("swiftc -parse", &mut parse(&views))?;
    Ok(format!("{} files of the app", views.len()))
}

fn property_lists(swift: &Swift, garden: &Garden) -> Result<String, String> {
    // plutil ends well over a broken file as well (6.0.3): only its line about the file counts.
    let is_fine = |path: &Path| -> Result<bool, String> {
        let output = swift.command("plutil").args(["-lint", "--"]).arg(path).output().map_err(|error| format!("plutil: {error}"))?;
        Ok(String::from_utf8_lossy(&output.stdout).trim_end() == format!("{}: OK", path.display()))
    };
    let planted = garden.plant("Info.plist", "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>planted</key></plist>\n")?;
    if is_fine(&planted)? {
        return Err("plutil lets pass what was planted for it to find".to_owned());
    }
    let app = swift.ios.join("App");
    let mut lists = vec![swift.ios.join("Techo.xcodeproj/project.pbxproj")];
    for ending in ["plist", "entitlements", "xcprivacy", "strings"] {
        let found = files(&app, ending)?;
        if found.is_empty() {
            return Err(format!("the app has no .{ending}"));
        }
        lists.extend(found);
    }
    for list in &lists {
        if !is_fine(list)? {
            return Err(format!("{}: plutil does not take it", list.display()));
        }
    }
    Ok(format!("{} files", lists.len()))
}

/// That a data race and a warning are errors, with the flags that the package and its tests use.
fn strictness(swift: &Swift, garden: &Garden) -> Result<String, String> {
    let check = |path: &Path| {
        let mut command = swift.command("swiftc");
        command.args(["-typecheck", "-swift-version", "6", "-warnings-as-errors", "-parse-as-library"]).arg(path);
        command
    };
    let race = "enum Planted {\n    static var count = 0\n}\n";
    must_find("swiftc -swift-version 6", &mut check(&garden.plant("Race.swift", race)?), &["concurrency-safe"])?;
    let warning = "func planted() {\n    let unused = 1\n}\n";
    must_find("swiftc -warnings-as-errors", &mut check(&garden.plant("Warning.swift", warning)?), &["unused"])?;
    let manifest = fs::read_to_string(swift.kit().join("Package.swift")).map_err(|error| format!("Package.swift: {error}"))?;
    for (wanted, is_there) in [("swiftLanguageModes: [.v6]", true), ("unsafeFlags", false)] {
        if manifest.contains(wanted) != is_there {
            return Err(format!("Package.swift: {wanted} {}", if is_there { "is missing" } else { "is not wanted" }));
        }
    }
    Ok("a data race and a warning are errors".to_owned())
}

fn names(swift: &Swift, garden: &Garden) -> Result<String, String> {
    if !cfg!(target_os = "linux") {
        return Ok("left to Xcode, which compiles the views".to_owned());
    }
    let mut package = swift.package("package");
    must_pass("dump-symbol-graph", package.args(["dump-symbol-graph", "--minimum-access-level", "public", "--skip-synthesized-members"]))?;
    let graph = files(&swift.folder.join("build"), "json")?
        .into_iter()
        .find(|path| path.ends_with("symbolgraph/TechoKit.symbols.json"))
        .ok_or("no symbol graph of TechoKit")?;
    let program = build_names(swift)?;
    let look = |paths: &[PathBuf]| {
        let mut command = swift.command(&program);
        command.arg(&graph).args(paths);
        command
    };
    let planted = "import SwiftUI\nimport TechoKit\n\nstruct PlantedScreen: View {\n    let model: Unlock\n    let words: Words\n    \
         var body: some View {\n        Text(words(.noSuchPhrase))\n        Text(model.notThere)\n        \
         Button(words(.unlock)) { model.withPassphrase(soon: true) }\n        if model.ways.first == .telepathy { EmptyView() }\n    }\n}\n";
    let finds = ["noSuchPhrase", "notThere", "(soon)", "telepathy"];
    must_find("names", &mut look(&[garden.plant("PlantedScreen.swift", planted)?]), &finds)?;
    let said = must_pass("names", &mut look(&files(&swift.ios.join("App"), "swift")?))?;
    Ok(said.trim_end().to_owned())
}

/// The checker is Swift, because only SwiftSyntax knows Swift; its libraries are part of the toolchain.
fn build_names(swift: &Swift) -> Result<PathBuf, String> {
    let program = swift.folder.join("names");
    let sources = files(&swift.ios.join("checks"), "swift")?;
    let time = |path: &Path| fs::metadata(path).and_then(|entry| entry.modified()).ok();
    let built = time(&program);
    if built.is_some() && sources.iter().all(|source| time(source) < built) {
        return Ok(program);
    }
    let host = "/usr/libexec/swift/lib/swift/host";
    let mut command = swift.command("swiftc");
    command.args(["-swift-version", "6", "-warnings-as-errors", "-o"]).arg(&program).args(&sources);
    command.args(["-I", host, "-L", host, "-lSwiftSyntax", "-lSwiftParser", "-Xlinker", "-rpath", "-Xlinker", host]);
    must_pass("swiftc", &mut command)?;
    Ok(program)
}

/// The library's Rust, type-checked for iOS. Its C code (SQLCipher, ring, zstd) needs Apple's compiler and is left out.
fn rust(swift: &Swift, garden: &Garden) -> Result<String, String> {
    let has_target = || {
        let output = Command::new("rustc").current_dir(workspace::root()).args(["--print", "target-libdir", "--target", TARGET]).output();
        output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim_end()).is_dir())
    };
    if !has_target() {
        must_pass("rustup target add", Command::new("rustup").current_dir(workspace::root()).args(["target", "add", TARGET]))?;
    }
    let planted = garden.plant("planted.rs", "#[cfg(target_os = \"ios\")]\ncompile_error!(\"planted for iOS\");\n")?;
    let mut rustc = Command::new("rustc");
    rustc.current_dir(workspace::root()).args(["--crate-type", "lib", "--emit", "metadata", "--target", TARGET, "-o"]);
    must_find("rustc", rustc.arg(swift.folder.join("planted/planted.rmeta")).arg(&planted), &["planted for iOS"])?;

    let nothing = do_nothing(garden)?;
    let mut check = workspace::cargo();
    check.args(["check", "--release", "--locked", "--target", TARGET, "-p", "techo-bindings", "--no-default-features"]);
    // The external SQLCipher is named, not there: a check links nothing.
    check.env("SQLCIPHER_LIB_DIR", &swift.folder).env("SQLCIPHER_INCLUDE_DIR", &swift.folder).env("SDKROOT", &swift.folder);
    for (name, program) in [("CC", &nothing), ("AR", &nothing), ("RANLIB", &nothing)] {
        check.env(format!("{name}_{}", TARGET.replace('-', "_")), program);
    }
    let status = check.stdout(Stdio::null()).status().map_err(|error| format!("cargo check does not start: {error}"))?;
    if !status.success() {
        return Err(format!("cargo check for {TARGET} ended with {status}"));
    }
    Ok(format!("type-checked for {TARGET} with an external SQLCipher; C code was not compiled"))
}

/// A C compiler that compiles nothing: the build scripts of ring and zstd only want one that says yes.
fn do_nothing(garden: &Garden) -> Result<PathBuf, String> {
    let path = garden.plant("do-nothing", "#!/bin/sh\nexit 0\n")?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(path)
}

/// Every file below `folder` with this ending, in order.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, String> {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path, ending)?);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_app_holds_no_logic_that_belongs_to_the_kit() {
        // A view that speaks to the library itself would be past every test of the kit.
        for path in files(&workspace::root().join("ios/App"), "swift").unwrap() {
            let text = fs::read_to_string(&path).unwrap();
            assert!(!text.contains("import TechoCore") && !text.contains("import techoFFI"), "{}", path.display());
        }
    }
}
