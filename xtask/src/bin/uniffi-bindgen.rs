//! Writes the Kotlin and Swift of a library that was just built, from what the library says about itself:
//! `uniffi-bindgen LIBRARY CRATE-DIRECTORY OUT`. Run by `cargo xtask bindings`; apart from it, so that no other task waits
//! for the generator to be compiled.
#![expect(clippy::print_stderr, reason = "a task runner talks to the terminal")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use camino::Utf8PathBuf;
use uniffi_bindgen::{
    BindgenPaths, BindgenPathsLayer,
    bindings::{GenerateOptions, TargetLanguage, generate_with_bindgen_paths},
};

/// The one crate with a surface.
const CRATE: &str = "techo_bindings";

/// Where the crate's `uniffi.toml` is.
struct Root(Utf8PathBuf);

impl BindgenPathsLayer for Root {
    fn get_crate_root(&self, name: &str) -> Option<Utf8PathBuf> {
        (name == CRATE).then(|| self.0.clone())
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [library, root, out] = arguments.as_slice() else {
        eprintln!("uniffi-bindgen LIBRARY CRATE-DIRECTORY OUT");
        return ExitCode::FAILURE;
    };
    match write(library, root, Path::new(out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("uniffi-bindgen: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn write(library: &str, root: &str, out: &Path) -> Result<(), String> {
    let (kotlin, swift) = (out.join("kotlin"), out.join("swift"));
    // What a surface no longer has must not stay behind.
    for directory in [&kotlin, &swift] {
        if directory.exists() {
            fs::remove_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        }
    }
    generate(TargetLanguage::Kotlin, library, root, &kotlin)?;
    generate(TargetLanguage::Swift, library, root, &swift)?;
    // As Swift packages want it: a directory for each target, and the module map under its one name.
    place(&swift, "TechoCore.swift", &swift.join("TechoCore/TechoCore.swift"))?;
    place(&swift, "techoFFI.h", &swift.join("techoFFI/techoFFI.h"))?;
    place(&swift, "techoFFI.modulemap", &swift.join("techoFFI/module.modulemap"))
}

fn generate(language: TargetLanguage, library: &str, root: &str, out: &Path) -> Result<(), String> {
    let mut paths = BindgenPaths::default();
    paths.add_layer(Root(root.into()));
    let options = GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: Utf8PathBuf::from_path_buf(out.to_path_buf()).map_err(|path| format!("{} is not UTF-8", path.display()))?,
        ..GenerateOptions::default()
    };
    generate_with_bindgen_paths(options, paths).map_err(|error| format!("{error:#}"))
}

fn place(directory: &Path, name: &str, to: &PathBuf) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", to.display());
    fs::create_dir_all(to.parent().unwrap_or(directory)).map_err(failed)?;
    fs::rename(directory.join(name), to).map_err(failed)
}
