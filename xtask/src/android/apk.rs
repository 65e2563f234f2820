//! `cargo xtask android apk`: a package as far as it goes without the Android SDK: the same classes, resources and manifest,
//! put together and signed with a test key. A check of the packaging, not a release.

use std::{
    fs::{self, File},
    io::{self, Cursor, Read, Write},
    path::{Path, PathBuf},
    process::Command,
};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    Places,
    catalog::{Catalog, Coordinate},
    check::step,
    harness,
    libraries::Libraries,
    maven::{self, Wanted},
    resources::{self, Linked},
};
use crate::bindings;

/// The processors whose ready-made native parts (JNA's, Compose's) are packed.
const PROCESSORS: [&str; 2] = ["arm64-v8a", "x86_64"];

/// With `is_built`, of the classes that lie in `target/` already.
pub(super) fn build(is_built: bool) -> Result<(), String> {
    println!("NOT A RELEASE, and not for a phone: assembled without Gradle and the Android SDK, signed with a test key made just now,");
    println!("not shrunk, and WITHOUT the Rust library, which wants the NDK (cargo xtask android). It was never installed anywhere.");
    println!("What it shows: classes, resources and manifest go together; dex, alignment and signature are accepted by the tools.");
    let places = Places::here();
    let catalog = places.catalog()?;
    let libraries = harness::prepare(&places, &catalog, false)?;
    let folder = places.target.join("apk");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;

    if !is_built {
        bindings::for_tests()?;
        compile(&places)?;
    }
    println!("== manifest");
    let manifest = merge_manifests(&places, &catalog, &libraries, &folder)?;
    println!("== resources");
    let framework = harness::fetch_frameworks(&places, &catalog)?;
    resources::link(&places, &catalog, &libraries, &framework, &Linked { folder: &folder, with_tests: false, manifest: &manifest })?;
    let parts = Parts::collect(&places, &catalog, &libraries)?;
    println!("== dex");
    let dex = to_dex(&places, &catalog, &parts, &folder)?;
    let unsigned = folder.join("unaligned.apk");
    pack(&folder.join("resources.apk"), &dex, &parts.native, &unsigned)?;
    let apk = folder.join("techo-test.apk");
    sign(&unsigned, &apk, &folder)?;
    let size = fs::metadata(&apk).map_err(|error| format!("{}: {error}", apk.display()))?.len();
    println!("{} ({size} bytes)", apk.display());
    Ok(())
}

fn compile(places: &Places) -> Result<(), String> {
    println!("== classes");
    let compiled = maven::run(|command| {
        command.arg("-q").arg("-f").arg(places.harness.join("pom.xml")).arg("process-classes");
    })?;
    if compiled { Ok(()) } else { Err("the classes do not compile".to_owned()) }
}

/// Files fetched for one use.
fn fetch_one(places: &Places, catalog: &Catalog, wanted: &[Wanted]) -> Result<Vec<PathBuf>, String> {
    let files = maven::fetch(&places.target.join("download"), catalog.version("maven-dependency")?, wanted)?;
    wanted.iter().map(|one| files.get(one).cloned().ok_or_else(|| format!("{}: no repository has it", one.at))).collect()
}

fn at(group: &str, name: &str, version: &str) -> Coordinate {
    Coordinate { group: group.to_owned(), name: name.to_owned(), version: version.to_owned() }
}

/// What goes into the package beside resources.
struct Parts {
    jars: Vec<PathBuf>,
    classes: Vec<PathBuf>,
    /// The path inside the package, and the file.
    native: Vec<(String, PathBuf)>,
}

impl Parts {
    fn collect(places: &Places, catalog: &Catalog, libraries: &Libraries) -> Result<Self, String> {
        let ships = || libraries.locked.iter().filter(|one| !one.only_tests);
        let plain: Vec<Wanted> = ships().filter(|one| one.aar.is_none()).map(|one| Wanted::new(&one.at, "jar")).collect();
        let mut jars = fetch_one(places, catalog, &plain)?;
        let mut native = Vec::new();
        for one in ships().filter(|one| one.aar.is_some()) {
            jars.push(libraries.jar(&one.at));
            native.extend(native_of(&libraries.folder(&one.at).join("jni")));
        }
        let jna = fetch_one(places, catalog, &[Wanted::new(&at("net.java.dev.jna", "jna", catalog.version("jna")?), "aar")])?;
        let unpacked = places.target.join("apk/jna");
        for path in &jna {
            unpack(path, &unpacked)?;
        }
        jars.push(unpacked.join("classes.jar"));
        native.extend(native_of(&unpacked.join("jni")));
        let classes = ["core", "presentation", "app"].map(|name| places.target.join("maven").join(name).join("classes"));
        Ok(Self { jars, classes: classes.into_iter().filter(|folder| folder.is_dir()).collect(), native })
    }
}

fn native_of(jni: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for processor in PROCESSORS {
        for entry in fs::read_dir(jni.join(processor)).into_iter().flatten().flatten() {
            found.push((format!("lib/{processor}/{}", entry.file_name().to_string_lossy()), entry.path()));
        }
    }
    found
}

fn unpack(archive: &Path, folder: &Path) -> Result<(), String> {
    let open = File::open(archive).map_err(|error| format!("{}: {error}", archive.display()))?;
    let mut zip = ZipArchive::new(open).map_err(|error| format!("{}: {error}", archive.display()))?;
    zip.extract(folder).map_err(|error| format!("{}: {error}", archive.display()))
}

/// Google's own merger puts together what each library adds to the manifest.
fn merge_manifests(places: &Places, catalog: &Catalog, libraries: &Libraries, folder: &Path) -> Result<PathBuf, String> {
    let tools = places.target.join("manifest-merger");
    let version = catalog.version("manifest-merger")?;
    if !tools.join(format!("manifest-merger-{version}.jar")).is_file() {
        let pom = places.target.join("manifest-merger.xml");
        let text = format!(
            "<project><modelVersion>4.0.0</modelVersion><groupId>jp.techo.notebook</groupId><artifactId>merger</artifactId>\
             <version>1</version><packaging>pom</packaging><dependencies><dependency><groupId>com.android.tools.build</groupId>\
             <artifactId>manifest-merger</artifactId><version>{version}</version></dependency></dependencies></project>\n"
        );
        resources::write(&pom, &text)?;
        let goal = format!("org.apache.maven.plugins:maven-dependency-plugin:{}:copy-dependencies", catalog.version("maven-dependency")?);
        let fetched = maven::run(|command| {
            command.arg("-q").arg("-f").arg(&pom).arg(&goal).arg(format!("-DoutputDirectory={}", tools.display()));
        })?;
        if !fetched {
            return Err("the manifest merger cannot be fetched".to_owned());
        }
    }
    let ours = folder.join("ours.xml");
    resources::write_manifest(places, catalog, &ours)?;
    let theirs: Vec<String> = libraries
        .locked
        .iter()
        .filter(|one| one.aar.is_some() && !one.only_tests)
        .map(|one| libraries.folder(&one.at).join("AndroidManifest.xml").display().to_string())
        .collect();
    let merged = folder.join("AndroidManifest.xml");
    let mut command = Command::new("java");
    command.arg("-cp").arg(tools.join("*")).arg("com.android.manifmerger.Merger").arg("--main").arg(&ours);
    command.args(["--libs", &theirs.join(":"), "--remove-tools-declarations", "--log", "WARNING"]);
    for (name, value) in [("MIN_SDK_VERSION", "min-sdk"), ("TARGET_SDK_VERSION", "target-sdk")] {
        command.args(["--property", &format!("{name}={}", catalog.version(value)?)]);
    }
    command.args(["--placeholder", &format!("applicationId={}", resources::APPLICATION), "--out"]).arg(&merged);
    step("manifest merger", &mut command)?;
    if merged.is_file() { Ok(merged) } else { Err("the merger wrote no manifest".to_owned()) }
}

fn to_dex(places: &Places, catalog: &Catalog, parts: &Parts, folder: &Path) -> Result<PathBuf, String> {
    let wanted = [
        Wanted::new(&at("com.android.tools", "r8", catalog.version("r8")?), "jar"),
        Wanted::new(&at("org.robolectric", "android-all", catalog.version("android-target")?), "jar"),
    ];
    let files = fetch_one(places, catalog, &wanted)?;
    let [r8, framework] = files.as_slice() else { return Err("no dexer".to_owned()) };
    // The names of resources have other numbers than in the tests, because the tests' libraries have resources too.
    let names = folder.join("names");
    let mut sources = Vec::new();
    find(&folder.join("java"), "java", &mut sources)?;
    let mut javac = Command::new("javac");
    step(
        "names of resources",
        javac.args(["-nowarn", "-proc:none", "--release", catalog.version("java")?, "-d"]).arg(&names).args(sources),
    )?;
    let ours = folder.join("ours.jar");
    let mut folders = parts.classes.clone();
    folders.insert(0, names);
    jar(&folders, &ours)?;
    let dex = folder.join("dex");
    fs::create_dir_all(&dex).map_err(|error| format!("{}: {error}", dex.display()))?;
    let mut command = Command::new("java");
    command.args(["-Xmx3g", "-cp"]).arg(r8).args([
        "com.android.tools.r8.D8",
        "--release",
        "--min-api",
        catalog.version("min-sdk")?,
        "--lib",
    ]);
    command.arg(framework).arg("--output").arg(&dex).arg(ours).args(&parts.jars);
    step("D8", &mut command)?;
    Ok(dex)
}

fn find(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.is_dir() {
            find(&path, extension, found)?;
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
    Ok(())
}

/// Classes of several folders; of two files of one name the first stays.
fn jar(folders: &[PathBuf], to: &Path) -> Result<(), String> {
    let mut writer = ZipWriter::new(File::create(to).map_err(|error| format!("{}: {error}", to.display()))?);
    let mut seen = std::collections::BTreeSet::new();
    for folder in folders {
        let mut files = Vec::new();
        find(folder, "class", &mut files)?;
        files.sort();
        for path in files {
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            if seen.insert(name.clone()) {
                add(&mut writer, &name, &path, SimpleFileOptions::default())?;
            }
        }
    }
    writer.finish().map(|_| ()).map_err(|error| format!("{}: {error}", to.display()))
}

/// Resources as aapt2 packed them, the dex files, and native parts uncompressed, to be mapped from the package.
fn pack(resources: &Path, dex: &Path, native: &[(String, PathBuf)], to: &Path) -> Result<(), String> {
    let mut writer = ZipWriter::new(File::create(to).map_err(|error| format!("{}: {error}", to.display()))?);
    let bytes = fs::read(resources).map_err(|error| format!("{}: {error}", resources.display()))?;
    let mut packed = ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("{}: {error}", resources.display()))?;
    for index in 0..packed.len() {
        let entry = packed.by_index_raw(index).map_err(|error| format!("{}: {error}", resources.display()))?;
        writer.raw_copy_file(entry).map_err(|error| format!("{}: {error}", resources.display()))?;
    }
    let mut files = Vec::new();
    find(dex, "dex", &mut files)?;
    files.sort();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        add(&mut writer, &name, &path, SimpleFileOptions::default())?;
    }
    for (name, path) in native {
        add(&mut writer, name, path, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
    }
    writer.finish().map(|_| ()).map_err(|error| format!("{}: {error}", to.display()))
}

fn add<W: Write + io::Seek>(writer: &mut ZipWriter<W>, name: &str, path: &Path, options: SimpleFileOptions) -> Result<(), String> {
    let mut content = Vec::new();
    File::open(path).and_then(|mut file| file.read_to_end(&mut content)).map_err(|error| format!("{}: {error}", path.display()))?;
    writer.start_file(name, options).map_err(|error| format!("{name}: {error}"))?;
    writer.write_all(&content).map_err(|error| format!("{name}: {error}"))
}

fn sign(unsigned: &Path, apk: &Path, folder: &Path) -> Result<(), String> {
    // -p: native parts at pages; Debian's zipalign knows only those of 4 KB.
    step("zipalign", Command::new("zipalign").args(["-f", "-p", "4"]).arg(unsigned).arg(apk))?;
    let key = folder.join("test-key.p12");
    let word = "pass:not-a-secret";
    step(
        "test key",
        Command::new("keytool")
            .args(["-genkeypair", "-alias", "test", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30", "-storetype", "PKCS12"])
            .args(["-dname", "CN=Techo test key", "-storepass", "not-a-secret", "-keystore"])
            .arg(&key),
    )?;
    step("apksigner", Command::new("apksigner").args(["sign", "--ks-pass", word, "--ks"]).arg(&key).arg(apk))?;
    step("zipalign check", Command::new("zipalign").args(["-c", "-p", "4"]).arg(apk))?;
    step("signature check", Command::new("apksigner").args(["verify", "--min-sdk-version", "30", "--verbose"]).arg(apk))
}
