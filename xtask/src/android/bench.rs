//! `cargo xtask bench shells`: what the shells' calls cost beyond the same calls in Rust, on the JVM against the library that a
//! phone would load. A benchmark and no test: it prints times and bars, and fails only where it cannot measure.

use std::{env, fs, path::PathBuf, process::Command};

use super::{
    Places,
    check::step,
    harness::{forget_earlier, prepare},
    maven,
};
use crate::{bindings, workspace};

/// Where the bench's `main` stands.
const MAIN: &str = "jp.techo.notebook.presentation.bench.BenchKt";

struct Wish {
    is_quick: bool,
    /// Takes what lies in `target/` already.
    is_built: bool,
    json: Option<PathBuf>,
}

/// `[--quick] [--built] [--json FILE]`.
fn wish(arguments: &[String]) -> Result<Wish, String> {
    let mut wish = Wish { is_quick: false, is_built: false, json: None };
    let mut rest = arguments.iter().map(String::as_str);
    while let Some(argument) = rest.next() {
        match argument {
            "--quick" => wish.is_quick = true,
            "--built" => wish.is_built = true,
            "--json" => {
                let here = env::current_dir().map_err(|error| error.to_string())?;
                wish.json = Some(here.join(rest.next().ok_or("--json into which file?")?));
            }
            other => return Err(format!("no such option: {other}")),
        }
    }
    Ok(wish)
}

/// Makes the vault, compiles the bench, and runs it.
pub(crate) fn bench(arguments: &[String]) -> Result<(), String> {
    let wish = wish(arguments)?;
    let places = Places::here();
    let release = bindings::target().join("release");
    if !wish.is_built {
        // Without our own assertions: what is measured is what ships, but for the size.
        bindings::run()?;
        let mut command = workspace::cargo();
        step("bench-shells", command.args(["build", "--release", "--locked", "-p", "techo-tests", "--bin", "bench-shells"]))?;
    }
    let program = release.join(format!("bench-shells{}", env::consts::EXE_SUFFIX));
    let class_path = compile(&places)?;

    let folder = places.target.join("bench");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let (records, pairs, openings) = if wish.is_quick { ("10000", "500", "20") } else { ("129000", "3000", "100") };
    step(&format!("a notebook of {records} records"), Command::new(&program).arg("make").arg(&folder).arg(records))?;
    let mut java = Command::new("java");
    java.args(["-Xmx1g", "-Dfile.encoding=UTF-8"]).arg(format!("-Djna.library.path={}", release.display()));
    java.arg("-cp").arg(class_path).arg(MAIN).arg(&folder).arg(&program).args([pairs, openings]).args(&wish.json);
    let done = step("the shells' calls", &mut java);
    // A notebook of this size is not left lying about, whatever came of it.
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    done
}

/// Compiles presenters, fakes and bench, and gives the class path to run them with.
fn compile(places: &Places) -> Result<String, String> {
    let catalog = places.catalog()?;
    prepare(places, &catalog, false)?;
    forget_earlier(places)?;
    let list = places.target.join("bench-class-path");
    let plugin = format!("org.apache.maven.plugins:maven-dependency-plugin:{}:build-classpath", catalog.version("maven-dependency")?);
    let is_compiled = maven::run(|command| {
        // The module named last writes the list last.
        command.args(["-q", "-am", "-pl", "presentation", "-f"]).arg(places.harness.join("pom.xml")).arg("test-compile").arg(&plugin);
        command.arg("-Dmdep.includeScope=test").arg(format!("-Dmdep.outputFile={}", list.display()));
    })?;
    if !is_compiled {
        return Err("the bench does not compile".to_owned());
    }
    let libraries = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let own = |part: &str| places.target.join("maven/presentation").join(part).display().to_string();
    Ok([own("test-classes"), own("classes"), libraries.trim().to_owned()].join(":"))
}
