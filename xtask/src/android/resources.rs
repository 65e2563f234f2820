//! The app's resources and its manifest, compiled with aapt2 as Gradle does it: the names (`R`), the table that Robolectric and
//! an APK read, and the manifest with what the version catalog says.

use std::{fs, path::Path, process::Command};

use super::{Places, catalog::Catalog, libraries::Libraries};

/// The application id, and the package of our own `R`.
pub(super) const APPLICATION: &str = "jp.techo.notebook";

/// What is linked.
pub(super) struct Linked<'a> {
    /// Where `resources.apk` and, for tests, `java/` go.
    pub(super) folder: &'a Path,
    pub(super) with_tests: bool,
    /// The manifest to pack.
    pub(super) manifest: &'a Path,
}

/// The manifest as Gradle would hand it on: with the package and the versions that are in the catalog and not in the file.
pub(super) fn write_manifest(places: &Places, catalog: &Catalog, to: &Path) -> Result<(), String> {
    let path = places.android.join("app/src/main/AndroidManifest.xml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let opening = format!(
        "<manifest package=\"{APPLICATION}\" android:versionCode=\"{}\" android:versionName=\"{}\" ",
        catalog.version("app-code")?,
        catalog.version("app-name")?
    );
    if !text.contains("<manifest ") || text.contains("package=") {
        return Err(format!("{}: the package belongs into the build, not into the manifest", path.display()));
    }
    let text = text.replacen("<manifest ", &opening, 1);
    write(to, &text)
}

/// Compiles and links all resources: the libraries' first, ours over them.
pub(super) fn link(places: &Places, catalog: &Catalog, libraries: &Libraries, framework: &Path, what: &Linked<'_>) -> Result<(), String> {
    let compiled = places.target.join("resources/compiled");
    fs::create_dir_all(&compiled).map_err(|error| format!("{}: {error}", compiled.display()))?;
    fs::create_dir_all(what.folder).map_err(|error| format!("{}: {error}", what.folder.display()))?;
    let mut packages = Vec::new();
    let mut overlays = Vec::new();
    for (package, folder) in libraries.resources(what.with_tests)? {
        if folder.is_dir() {
            let file = compiled.join(format!("{package}-{}.zip", libraries.version));
            if !file.is_file() {
                aapt2(Command::new("aapt2").arg("compile").arg("--dir").arg(&folder).arg("-o").arg(&file), &package)?;
            }
            overlays.push(file);
        }
        packages.push(package);
    }
    packages.sort();
    packages.dedup();
    let ours = compiled.join("ours.zip");
    let resources = places.android.join("app/src/main/res");
    aapt2(Command::new("aapt2").arg("compile").arg("--dir").arg(resources).arg("-o").arg(&ours), "our resources")?;

    let mut command = Command::new("aapt2");
    command.args(["link", "--auto-add-overlay", "--non-final-ids", "--no-version-vectors"]);
    // Debian's aapt2 is older than <queries> of Android 11; Gradle's own checks the manifest in earnest.
    command.arg("--warn-manifest-validation");
    command.arg("-I").arg(framework).arg("--manifest").arg(what.manifest);
    command.args(["--min-sdk-version", catalog.version("min-sdk")?, "--target-sdk-version", catalog.version("target-sdk")?]);
    let java = what.folder.join("java");
    if java.exists() {
        fs::remove_dir_all(&java).map_err(|error| format!("{}: {error}", java.display()))?;
    }
    command.arg("--java").arg(java).args(["--extra-packages", &packages.join(":")]);
    for overlay in overlays.iter().chain([&ours]) {
        command.arg("-R").arg(overlay);
    }
    aapt2(command.arg("-o").arg(what.folder.join("resources.apk")), "linking the resources")
}

/// Robolectric reads here where resources, manifest and package are; Gradle's plugin writes the same file.
pub(super) fn write_test_config(folder: &Path, resources: &Path, manifest: &Path) -> Result<(), String> {
    let text = format!(
        "android_resource_apk={}\nandroid_merged_manifest={}\nandroid_custom_package={APPLICATION}\n",
        resources.display(),
        manifest.display()
    );
    write(&folder.join("com/android/tools/test_config.properties"), &text)
}

/// Writes only what changed, so that Maven sees no newer file where nothing is new.
pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn aapt2(command: &mut Command, what: &str) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("aapt2 does not start (Debian: aapt): {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("aapt2 refuses {what}:\n{}", String::from_utf8_lossy(&output.stderr).trim()))
}
