//! `cargo xtask android test`: everything Maven needs is made first (library, Kotlin bindings, unpacked libraries, resources,
//! parent pom), then Maven runs over `android/verify`, then its reports are counted.

use std::{fmt::Write as _, fs, path::PathBuf};

use super::{
    Places,
    catalog::{Catalog, Coordinate},
    check::step,
    libraries::Libraries,
    maven::{self, Wanted},
    reports,
    resources::{self, Linked},
};
use crate::{bindings, outcome::Outcome, scenarios, workspace};

/// What a run is for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// Writes the golden pictures of `docs/screens/` anew instead of comparing with them.
    pub(crate) record: bool,
    /// Only these test classes (surefire's pattern).
    pub(crate) only: Option<String>,
    /// Takes the library and the bindings that lie in `target/` already.
    pub(crate) is_built: bool,
    /// Only these modules.
    pub(crate) modules: Option<String>,
}

const MODULES: [&str; 3] = ["core", "presentation", "app"];

/// The modules that have tests.
const TESTED: [&str; 2] = ["presentation", "app"];

/// Runs the tests in Kotlin and gives their sum.
pub(crate) fn test(wish: &Wish) -> Result<Outcome, String> {
    let places = Places::here();
    let catalog = places.catalog()?;
    if !wish.is_built {
        bindings::for_tests()?;
        town()?;
    }
    scenarios::write()?;
    prepare(&places, &catalog, wish.record)?;
    let tested: Vec<&str> = TESTED.into_iter().filter(|name| wish.modules.as_deref().is_none_or(|only| only == *name)).collect();
    forget_earlier(&places)?;
    let green = maven::run(|command| {
        command.arg("-q").arg("-f").arg(places.harness.join("pom.xml")).arg("test").arg("-Dmaven.test.failure.ignore=true");
        if let Some(only) = &wish.only {
            command.arg(format!("-Dtest={only}"));
        }
        if let Some(modules) = &wish.modules {
            command.args(["-am", "-pl", modules]);
        }
    })?;
    let mut sum = Outcome::default();
    for name in &tested {
        match reports::count(&reports_of(&places, name)) {
            Ok(one) => {
                println!("android {name}: {one}");
                sum = sum.and(one);
            }
            // A module whose tests did not even compile is a failure and not a silence; one that nobody asked for is none.
            Err(reason) if wish.only.is_some() => println!("android {name}: {reason}"),
            Err(reason) => {
                eprintln!("android {name}: {reason}; counted as one failure");
                sum.failed += 1;
            }
        }
    }
    if !green && sum.failed == 0 {
        eprintln!("Maven failed and no report says why; counted as one failure");
        sum.failed = 1;
    }
    Ok(sum)
}

/// Reports of an earlier run would be counted again, and a test whose file is gone would go on as a class.
pub(super) fn forget_earlier(places: &Places) -> Result<(), String> {
    for name in MODULES {
        for part in ["surefire-reports", "classes", "test-classes"] {
            let folder = places.target.join("maven").join(name).join(part);
            if folder.exists() {
                fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            }
        }
    }
    Ok(())
}

/// The relay and the stand-in of Mynaportal as a program, for what fetches in the tests.
fn town() -> Result<(), String> {
    let mut command = workspace::cargo();
    command.args(["build", "--release", "--locked", "-p", "techo-portal-standin", "--bin", "techo-town"]);
    step("techo-town", command.args(workspace::checks()?))
}

fn reports_of(places: &Places, module: &str) -> PathBuf {
    places.target.join("maven").join(module).join("surefire-reports")
}

/// Makes everything that the poms name.
pub(super) fn prepare(places: &Places, catalog: &Catalog, record: bool) -> Result<Libraries, String> {
    let libraries = Libraries::ready(places, catalog, workspace::is_ci())?;
    let framework = fetch_frameworks(places, catalog)?;
    let folder = places.target.join("resources");
    let manifest = folder.join("AndroidManifest.xml");
    resources::write_manifest(places, catalog, &manifest)?;
    resources::link(places, catalog, &libraries, &framework, &Linked { folder: &folder, with_tests: true, manifest: &manifest })?;
    resources::write_test_config(&places.target.join("test-config"), &folder.join("resources.apk"), &manifest)?;
    write_parent(places, catalog, &libraries, record)?;
    Ok(libraries)
}

/// Android itself: for Robolectric under the names it looks for, and the one aapt2 links to. Gives the latter.
pub(super) fn fetch_frameworks(places: &Places, catalog: &Catalog) -> Result<PathBuf, String> {
    let at = |group: &str, name: &str, version: String| Coordinate { group: group.to_owned(), name: name.to_owned(), version };
    let robolectric = |name: &str, version: String| at("org.robolectric", name, version);
    let kind = catalog.version("android-instrumented")?;
    let mut wanted = vec![
        Wanted::new(&robolectric("android-all", catalog.version("android-link")?.to_owned()), "jar"),
        Wanted::new(&at("org.jetbrains.kotlin", "kotlin-compose-compiler-plugin-embeddable", catalog.version("kotlin")?.to_owned()), "jar"),
    ];
    let images = ["android-oldest", "android-target"];
    for name in images {
        let version = format!("{}-{kind}", catalog.version(name)?);
        wanted.push(Wanted::new(&robolectric("android-all-instrumented", version), "jar"));
    }
    let files = maven::fetch(&places.target.join("download"), catalog.version("maven-dependency")?, &wanted)?;
    let file = |one: &Wanted| files.get(one).cloned().ok_or_else(|| format!("{}: no repository has it", one.at));
    for one in &wanted {
        let Coordinate { name, version, .. } = &one.at;
        let to = match name.as_str() {
            "android-all-instrumented" => places.target.join("sdk").join(format!("{name}-{version}.jar")),
            "android-all" => continue,
            _ => places.target.join("compiler/compose.jar"),
        };
        let from = file(one)?;
        fs::create_dir_all(to.parent().unwrap_or(&places.target)).map_err(|error| format!("{}: {error}", to.display()))?;
        if fs::metadata(&to).ok().map(|entry| entry.len()) != fs::metadata(&from).ok().map(|entry| entry.len()) {
            fs::copy(&from, &to).map_err(|error| format!("{}: {error}", to.display()))?;
        }
    }
    wanted.first().ok_or_else(|| "no framework".to_owned()).and_then(file)
}

/// The parent pom: versions and folders, and the repository of the unpacked libraries.
fn write_parent(places: &Places, catalog: &Catalog, libraries: &Libraries, record: bool) -> Result<(), String> {
    let mut properties = catalog.properties();
    let root = workspace::root();
    let mut put = |name: &str, value: String| properties.insert(name.to_owned(), value);
    put("techo.root", root.display().to_string());
    put("techo.android", places.android.display().to_string());
    put("techo.target", places.target.display().to_string());
    put("techo.libraries", libraries.version.clone());
    put("techo.bindings", bindings::target().join("bindings/kotlin").display().to_string());
    put("techo.library", bindings::target().join("release").display().to_string());
    put("techo.screens.act", if record { "record" } else { "verify" }.to_owned());
    let lines = properties.iter().fold(String::new(), |mut lines, (name, value)| {
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "    <{name}>{value}</{name}>");
        lines
    });
    let repository = libraries.repository.display();
    let text = format!(
        "<!-- Written by cargo xtask from android/gradle/libs.versions.toml. -->\n\
         <project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>jp.techo.notebook</groupId>\n  <artifactId>versions</artifactId>\n  \
         <version>1</version>\n  <packaging>pom</packaging>\n  <properties>\n{lines}  </properties>\n  <repositories>\n    <repository>\n      \
         <id>unpacked</id>\n      <url>file://{repository}</url>\n      \
         <releases><checksumPolicy>ignore</checksumPolicy></releases>\n    </repository>\n  </repositories>\n</project>\n"
    );
    resources::write(&places.target.join("versions/pom.xml"), &text)
}
