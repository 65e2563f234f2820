//! Maven, as the only way to a package: mirrors, proxies and credentials are then those of the person's own settings, and no
//! host is written down here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::catalog::Coordinate;

/// A file of a package: its kind (`jar`, `aar`, `pom`, `module`) and, for some, which of several (`all`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted {
    pub(super) at: Coordinate,
    pub(super) kind: &'static str,
    pub(super) classifier: Option<&'static str>,
}

impl Wanted {
    pub(super) fn new(at: &Coordinate, kind: &'static str) -> Self {
        Self { at: at.clone(), kind, classifier: None }
    }

    /// As Maven names its copies when the group is put before.
    fn file_name(&self) -> String {
        let Coordinate { group, name, version } = &self.at;
        let classifier = self.classifier.map(|text| format!("-{text}")).unwrap_or_default();
        format!("{group}.{name}-{version}{classifier}.{}", self.kind)
    }
}

/// Puts copies of `wanted` under `folder`. A file that no repository has is left out; a repository that does not answer is an error.
pub(super) fn fetch(folder: &Path, plugin: &str, wanted: &[Wanted]) -> Result<BTreeMap<Wanted, PathBuf>, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let path = |one: &Wanted| folder.join(one.file_name());
    let mut lost: BTreeSet<String> = BTreeSet::new();
    loop {
        let missing: Vec<&Wanted> = wanted.iter().filter(|one| !path(one).is_file() && !lost.contains(&address(one))).collect();
        if missing.is_empty() {
            return Ok(wanted.iter().map(|one| (one.clone(), path(one))).filter(|(_, path)| path.is_file()).collect());
        }
        let pom = folder.join("fetch.xml");
        fs::write(&pom, fetch_pom(folder, plugin, &missing)).map_err(|error| format!("{}: {error}", pom.display()))?;
        let output = command()
            .args(["-f".as_ref(), pom.as_os_str(), "initialize".as_ref()])
            .output()
            .map_err(|error| format!("mvn does not start: {error}"))?;
        if output.status.success() {
            if let Some(one) = missing.iter().find(|one| !path(one).is_file()) {
                return Err(format!("Maven fetched {} but not to {}", one.at, path(one).display()));
            }
            continue;
        }
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let holes: Vec<String> = missing.iter().map(|one| address(one)).filter(|one| is_hole(&said, one)).collect();
        if holes.is_empty() {
            return Err(format!("Maven cannot fetch {} files:\n{}", missing.len(), complaints(&said)));
        }
        lost.extend(holes);
    }
}

/// As Maven writes an artifact in its messages.
fn address(one: &Wanted) -> String {
    let Coordinate { group, name, version } = &one.at;
    let classifier = one.classifier.map(|text| format!("{text}:")).unwrap_or_default();
    format!("{group}:{name}:{}:{classifier}{version}", one.kind)
}

fn is_hole(said: &str, address: &str) -> bool {
    said.contains(&format!("Could not find artifact {address} in")) || said.contains(&format!("{address} was not found in"))
}

fn complaints(said: &str) -> String {
    let errors: Vec<&str> = said.lines().filter(|line| line.contains("ERROR")).take(8).collect();
    errors.join("\n")
}

fn fetch_pom(folder: &Path, plugin: &str, wanted: &[&Wanted]) -> String {
    let item = |one: &&Wanted| {
        let Coordinate { group, name, version } = &one.at;
        let classifier = one.classifier.map(|text| format!("<classifier>{text}</classifier>")).unwrap_or_default();
        format!(
            "<artifactItem><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>\
             <type>{}</type>{classifier}</artifactItem>",
            one.kind
        )
    };
    let items: Vec<String> = wanted.iter().map(item).collect();
    let items = items.join("\n");
    let folder = folder.display();
    format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>jp.techo.notebook</groupId><artifactId>fetch</artifactId>\
         <version>1</version><packaging>pom</packaging><build><directory>{folder}/build</directory><plugins><plugin>\
         <groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>{plugin}</version>\
         <executions><execution><id>fetch</id><phase>initialize</phase><goals><goal>copy</goal></goals><configuration>\
         <outputDirectory>{folder}</outputDirectory><prependGroupId>true</prependGroupId><artifactItems>\n{items}\n\
         </artifactItems></configuration></execution></executions></plugin></plugins></build></project>\n"
    )
}

/// Maven without colours and without progress.
pub(super) fn command() -> Command {
    let mut command = Command::new("mvn");
    command.args(["-B", "-ntp", "-Dstyle.color=never"]).stdin(Stdio::null());
    command
}

/// Runs Maven on a pom without the network when everything is there already, and with it when something is not.
pub(super) fn run(prepare: impl Fn(&mut Command)) -> Result<bool, String> {
    let start = |offline: bool| {
        let mut command = command();
        if offline {
            command.arg("-o");
        }
        prepare(&mut command);
        command
    };
    let mut offline = start(true);
    let output = offline.stderr(Stdio::inherit()).output().map_err(|error| format!("mvn does not start: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() && lacks_something(&said) {
        let status = start(false).status().map_err(|error| format!("mvn does not start: {error}"))?;
        return Ok(status.success());
    }
    print!("{said}");
    Ok(output.status.success())
}

pub(super) fn lacks_something(said: &str) -> bool {
    ["in offline mode", "has not been downloaded from it before"].iter().any(|sign| said.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Wanted {
        let at = Coordinate { group: "com.example".into(), name: "lib".into(), version: "1.0".into() };
        Wanted { at, kind: "jar", classifier: Some("all") }
    }

    #[test]
    fn a_hole_in_a_repository_is_told_from_a_repository_that_does_not_answer() {
        let one = address(&wanted());
        assert!(is_hole("[ERROR] Could not find artifact com.example:lib:jar:all:1.0 in central (…)", &one));
        assert!(!is_hole("[ERROR] Could not transfer artifact com.example:lib:jar:all:1.0 from/to central", &one));
        assert!(!is_hole("[ERROR] Could not find artifact com.example:lib:jar:all:1.0.1 in central", &one));
    }

    #[test]
    fn a_copy_is_looked_for_under_the_name_that_maven_gives_it() {
        assert_eq!(wanted().file_name(), "com.example.lib-1.0-all.jar");
    }

    #[test]
    fn only_what_is_not_there_yet_is_asked_of_the_network() {
        assert!(lacks_something(
            "Cannot access central in offline mode and the artifact a:b:jar:1 has not been downloaded from it before."
        ));
        assert!(!lacks_something("[ERROR] There are test failures."));
    }
}
