//! The Android libraries of the app, made usable for Maven: which there are (`android/verify/libraries.lock`, committed, with a
//! fingerprint each), and their classes and resources unpacked under `target/`. Maven knows neither AAR files nor Gradle's
//! metadata; both are read here.

use std::{
    fs,
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
};

use ring::digest::{SHA256, digest};

use super::{
    Places,
    catalog::{Catalog, Coordinate},
    closure::Closure,
    maven::{self, Wanted},
    metadata::{self, Module, Packing},
};

/// One line of the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Locked {
    pub(super) at: Coordinate,
    /// SHA-256 of the AAR; `None` for a jar, which Maven fetches and checks by itself.
    pub(super) aar: Option<String>,
    /// Only the tests need it.
    pub(super) only_tests: bool,
}

/// The libraries as they lie unpacked.
pub(super) struct Libraries {
    pub(super) locked: Vec<Locked>,
    /// A Maven repository with a jar for each AAR and one list for each bundle.
    pub(super) repository: PathBuf,
    /// Names this state of the libraries; Maven caches by version and must not mix two.
    pub(super) version: String,
    unpacked: PathBuf,
}

impl Libraries {
    /// Fetches, checks and unpacks; writes the lock anew when the catalog's roots are others, or fails where `frozen`.
    pub(super) fn ready(places: &Places, catalog: &Catalog, frozen: bool) -> Result<Self, String> {
        let (ui, tests) = (catalog.bundle("ui")?, catalog.bundle("tests")?);
        let roots = names(ui.iter().chain(&tests));
        let lock = places.harness.join("libraries.lock");
        let plugin = catalog.version("maven-dependency")?;
        let known = fs::read_to_string(&lock).ok().and_then(|text| read_lock(&text, &roots));
        let locked = match known {
            Some(locked) => locked,
            None if frozen => return Err(format!("{} is not of this version catalog: run `cargo xtask android lock`", lock.display())),
            None => {
                let locked = resolve(places, plugin, &ui, &tests)?;
                fs::write(&lock, write_lock(&locked, &roots)).map_err(|error| format!("{}: {error}", lock.display()))?;
                println!("wrote {}", lock.display());
                locked
            }
        };
        let version = hex(digest(&SHA256, write_lock(&locked, &roots).as_bytes()).as_ref()).chars().take(12).collect();
        let folder = places.target.join("libraries");
        let libraries = Self { locked, repository: folder.join("repository"), unpacked: folder.join("unpacked"), version };
        let done = folder.join("done");
        if fs::read_to_string(&done).is_ok_and(|text| text == libraries.version) {
            return Ok(libraries);
        }
        libraries.unpack(places, plugin, catalog.number("compile-sdk")?)?;
        fs::write(&done, &libraries.version).map_err(|error| format!("{}: {error}", done.display()))?;
        Ok(libraries)
    }

    /// Folders of resources with the package of their R class. Without the tests' own for what ships.
    pub(super) fn resources(&self, with_tests: bool) -> Result<Vec<(String, PathBuf)>, String> {
        let mut found = Vec::new();
        for one in self.locked.iter().filter(|one| one.aar.is_some() && (with_tests || !one.only_tests)) {
            let folder = self.folder(&one.at);
            if !folder.join("res").is_dir() && fs::read(folder.join("R.txt")).unwrap_or_default().is_empty() {
                continue;
            }
            found.push((package_of(&folder.join("AndroidManifest.xml"))?, folder.join("res")));
        }
        Ok(found)
    }

    /// The classes of an AAR.
    pub(super) fn jar(&self, at: &Coordinate) -> PathBuf {
        self.repository.join(path_in_repository(&shadow(at), "jar"))
    }

    /// What an AAR held beside its classes.
    pub(super) fn folder(&self, at: &Coordinate) -> PathBuf {
        self.unpacked.join(format!("{}.{}", at.group, at.name))
    }

    fn unpack(&self, places: &Places, plugin: &str, compile_sdk: u32) -> Result<(), String> {
        for folder in [&self.repository, &self.unpacked] {
            if folder.exists() {
                fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            }
        }
        let archives: Vec<&Locked> = self.locked.iter().filter(|one| one.aar.is_some()).collect();
        let wanted: Vec<Wanted> = archives.iter().map(|one| Wanted::new(&one.at, "aar")).collect();
        let files = maven::fetch(&places.target.join("download"), plugin, &wanted)?;
        for (one, wanted) in archives.iter().zip(&wanted) {
            let path = files.get(wanted).ok_or_else(|| format!("{}: no repository has it", one.at))?;
            let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            if Some(fingerprint(&bytes)) != one.aar {
                return Err(format!("{}: its fingerprint is not the one in libraries.lock", one.at));
            }
            self.unpack_one(&one.at, &bytes, compile_sdk).map_err(|reason| format!("{}: {reason}", one.at))?;
        }
        for (name, only_tests) in [("ui", false), ("tests", true)] {
            let listed: Vec<&Locked> = self.locked.iter().filter(|one| one.only_tests == only_tests).collect();
            let at = Coordinate { group: "jp.techo.libraries".to_owned(), name: name.to_owned(), version: self.version.clone() };
            self.put(&at, "pom", list_pom(&at, &listed).as_bytes())?;
        }
        println!("{} libraries, {} of them Android's own kind, unpacked", self.locked.len(), archives.len());
        Ok(())
    }

    fn unpack_one(&self, at: &Coordinate, bytes: &[u8], compile_sdk: u32) -> Result<(), String> {
        let folder = self.folder(at);
        let mut jars = Vec::new();
        for (name, content) in entries(bytes)? {
            let is_jar = Path::new(&name).extension().is_some_and(|extension| extension == "jar");
            match name.as_str() {
                "classes.jar" => jars.insert(0, content),
                "META-INF/com/android/build/gradle/aar-metadata.properties" => check_metadata(&content, compile_sdk)?,
                _ if name.starts_with("libs/") && is_jar => jars.push(content),
                "AndroidManifest.xml" | "R.txt" | "proguard.txt" => write_under(&folder, &name, &content)?,
                _ if ["res/", "jni/", "assets/"].iter().any(|start| name.starts_with(start)) => write_under(&folder, &name, &content)?,
                _ => {}
            }
        }
        let shadow = shadow(at);
        self.put(&shadow, "jar", &one_jar(&jars)?)?;
        self.put(&shadow, "pom", list_pom(&shadow, &[]).replace("<packaging>pom</packaging>", "").as_bytes())
    }

    fn put(&self, at: &Coordinate, kind: &str, content: &[u8]) -> Result<(), String> {
        write_under(&self.repository, &path_in_repository(at, kind), content)
    }
}

fn path_in_repository(at: &Coordinate, kind: &str) -> String {
    format!("{}/{}/{}/{}-{}.{kind}", at.group.replace('.', "/"), at.name, at.version, at.name, at.version)
}

/// The jar that stands for an AAR. A group of its own, so that it never shadows the real thing in Maven's cache.
fn shadow(at: &Coordinate) -> Coordinate {
    Coordinate { group: format!("aar.{}", at.group), ..at.clone() }
}

fn resolve(places: &Places, plugin: &str, ui: &[Coordinate], tests: &[Coordinate]) -> Result<Vec<Locked>, String> {
    let folder = places.target.join("download");
    let all: Vec<Coordinate> = ui.iter().chain(tests).cloned().collect();
    let mut source = |asked: &[Coordinate]| describe(&folder, plugin, asked);
    let mut closure = Closure::of(&all, &mut source)?;
    let whole = closure.reached_from(&all)?;
    let ships = closure.reached_from(ui)?;
    let wanted: Vec<Wanted> = whole.iter().filter(|one| one.packing == Packing::Aar).map(|one| Wanted::new(&one.at, "aar")).collect();
    let files = maven::fetch(&folder, plugin, &wanted)?;
    whole
        .iter()
        .map(|one| {
            let aar = match (one.packing, files.get(&Wanted::new(&one.at, "aar"))) {
                (Packing::Aar, None) => return Err(format!("{}: no repository has it", one.at)),
                (Packing::Aar, Some(path)) => Some(fingerprint(&fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?)),
                _ => None,
            };
            Ok(Locked { at: one.at.clone(), aar, only_tests: !ships.contains(one) })
        })
        .collect()
}

/// Reads the metadata of several libraries: first the poms, then Gradle's own where the pom says that there is such.
fn describe(folder: &Path, plugin: &str, asked: &[Coordinate]) -> Result<Vec<Option<Module>>, String> {
    println!("resolving {} more libraries", asked.len());
    let read = |path: &PathBuf| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let poms: Vec<Wanted> = asked.iter().map(|at| Wanted::new(at, "pom")).collect();
    let found = maven::fetch(folder, plugin, &poms)?;
    let texts: Vec<Option<String>> = poms.iter().map(|one| found.get(one).map(read).transpose()).collect::<Result<_, _>>()?;
    let with_module: Vec<Wanted> = asked
        .iter()
        .zip(&texts)
        .filter(|(_, text)| text.as_deref().is_some_and(metadata::has_module_metadata))
        .map(|(at, _)| Wanted::new(at, "module"))
        .collect();
    let modules = maven::fetch(folder, plugin, &with_module)?;
    asked
        .iter()
        .zip(texts)
        .map(|(at, text)| match (modules.get(&Wanted::new(at, "module")), text) {
            (Some(path), _) => metadata::read_module(&read(path)?).map(Some).map_err(|reason| format!("{at}: {reason}")),
            (None, Some(text)) => metadata::read_pom(&text).map(Some).map_err(|reason| format!("{at}: {reason}")),
            (None, None) => Ok(None),
        })
        .collect()
}

const HEAD: &str = "# Every library of the app and of its tests: address, kind, fingerprint (SHA-256) of each Android library.\n\
                    # Written by `cargo xtask android lock` from gradle/libs.versions.toml; not by hand.\n";

fn names<'a>(roots: impl Iterator<Item = &'a Coordinate>) -> String {
    roots.map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn write_lock(locked: &[Locked], roots: &str) -> String {
    let line = |one: &Locked| {
        let part = if one.only_tests { "test" } else { "ui" };
        match &one.aar {
            Some(fingerprint) => format!("{part} {} aar {fingerprint}", one.at),
            None => format!("{part} {} jar", one.at),
        }
    };
    let lines: Vec<String> = locked.iter().map(line).collect();
    format!("{HEAD}roots {roots}\n{}\n", lines.join("\n"))
}

/// `None` when it is of other roots or not readable: then it is written anew.
fn read_lock(text: &str, roots: &str) -> Option<Vec<Locked>> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    if lines.next()?.strip_prefix("roots ")? != roots {
        return None;
    }
    lines
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let (part, address, aar) = match words.as_slice() {
                [part, address, "jar"] => (part, address, None),
                [part, address, "aar", fingerprint] => (part, address, Some((*fingerprint).to_owned())),
                _ => return None,
            };
            let mut parts = address.split(':').map(str::to_owned);
            let at = Coordinate { group: parts.next()?, name: parts.next()?, version: parts.next()? };
            Some(Locked { at, aar, only_tests: *part == "test" })
        })
        .collect()
}

/// A pom that lists libraries and lets none of them bring in others: the list is whole already.
fn list_pom(at: &Coordinate, listed: &[&Locked]) -> String {
    let dependency = |one: &&Locked| {
        let real = if one.aar.is_some() { shadow(&one.at) } else { one.at.clone() };
        format!(
            "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version><exclusions><exclusion>\
             <groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>",
            real.group, real.name, real.version
        )
    };
    let dependencies: Vec<String> = listed.iter().map(dependency).collect();
    let dependencies = dependencies.join("\n");
    format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version>\
         <packaging>pom</packaging><dependencies>\n{dependencies}\n</dependencies></project>\n",
        at.group, at.name, at.version
    )
}

/// Gradle refuses a library that wants a newer `compileSdk` than the app has; so do we, because Gradle cannot run here.
fn check_metadata(content: &[u8], compile_sdk: u32) -> Result<(), String> {
    let text = String::from_utf8_lossy(content);
    let wants = text.lines().find_map(|line| line.strip_prefix("minCompileSdk=")?.trim().parse::<u32>().ok()).unwrap_or(1);
    if wants > compile_sdk {
        return Err(format!("wants compileSdk {wants}, and the catalog says {compile_sdk}"));
    }
    Ok(())
}

fn package_of(manifest: &Path) -> Result<String, String> {
    let text = fs::read_to_string(manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
    let tree = roxmltree::Document::parse(&text).map_err(|error| format!("{}: {error}", manifest.display()))?;
    tree.root_element().attribute("package").map(str::to_owned).ok_or_else(|| format!("{}: no package", manifest.display()))
}

fn entries(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("no ZIP: {error}"))?;
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| format!("entry {index}: {error}"))?;
        // A name that leads out of the folder is not followed.
        let (true, Some(name)) = (entry.is_file(), entry.enclosed_name()) else { continue };
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(|error| format!("{}: {error}", name.display()))?;
        found.push((name.to_string_lossy().replace('\\', "/"), content));
    }
    Ok(found)
}

/// Several jars as one; of two files of one name the first stays.
fn one_jar(jars: &[Vec<u8>]) -> Result<Vec<u8>, String> {
    if let [only] = jars {
        return Ok(only.clone());
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for jar in jars {
        for (name, content) in entries(jar)? {
            if seen.insert(name.clone()) {
                writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).map_err(|error| format!("{name}: {error}"))?;
                writer.write_all(&content).map_err(|error| format!("{name}: {error}"))?;
            }
        }
    }
    Ok(writer.finish().map_err(|error| format!("jar: {error}"))?.into_inner())
}

fn write_under(folder: &Path, name: &str, content: &[u8]) -> Result<(), String> {
    let path = folder.join(name);
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).and_then(|()| fs::write(&path, content)).map_err(|error| format!("{}: {error}", path.display()))
}

fn fingerprint(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn locked(name: &str, aar: Option<&str>, only_tests: bool) -> Locked {
        let at = Coordinate { group: "g".into(), name: name.into(), version: "1".into() };
        Locked { at, aar: aar.map(str::to_owned), only_tests }
    }

    #[test]
    fn the_lock_reads_as_it_was_written_and_not_for_other_roots() {
        let all = [locked("a", Some("00ff"), false), locked("b", None, true)];
        let text = write_lock(&all, "g:a:1");
        assert_eq!(read_lock(&text, "g:a:1").unwrap(), all);
        assert_eq!(read_lock(&text, "g:a:2"), None);
        assert_eq!(read_lock(&text.replace(" jar", " war"), "g:a:1"), None);
    }

    #[test]
    fn a_library_that_gradle_would_refuse_is_refused_here() {
        assert_eq!(check_metadata(b"minCompileSdk=35\n", 35), Ok(()));
        assert!(check_metadata(b"aarFormatVersion=1.0\nminCompileSdk=37\n", 35).unwrap_err().contains("37"));
    }

    #[test]
    fn jars_inside_a_library_become_one() {
        let jar = |files: &[(&str, &str)]| {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for (name, text) in files {
                writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
                writer.write_all(text.as_bytes()).unwrap();
            }
            writer.finish().unwrap().into_inner()
        };
        let merged = one_jar(&[jar(&[("A", "first")]), jar(&[("A", "second"), ("B", "b")])]).unwrap();
        let found: Vec<(String, String)> =
            entries(&merged).unwrap().into_iter().map(|(name, content)| (name, String::from_utf8(content).unwrap())).collect();
        assert_eq!(found, [("A".to_owned(), "first".to_owned()), ("B".to_owned(), "b".to_owned())]);
    }
}
