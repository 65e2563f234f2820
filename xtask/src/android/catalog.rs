//! The version catalog of the Android side (`android/gradle/libs.versions.toml`): the one place that names versions. Gradle
//! reads it by itself; here it becomes the parent pom of the harness and the roots of the resolver.

use std::{collections::BTreeMap, fs, path::Path};

use toml::{Table, Value};

/// One library by its address in a Maven repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Coordinate {
    pub(super) group: String,
    pub(super) name: String,
    pub(super) version: String,
}

impl std::fmt::Display for Coordinate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.group, self.name, self.version)
    }
}

/// What the catalog says.
pub(super) struct Catalog {
    versions: BTreeMap<String, String>,
    libraries: BTreeMap<String, Coordinate>,
    bundles: BTreeMap<String, Vec<String>>,
}

impl Catalog {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::read(&text).map_err(|reason| format!("{}: {reason}", path.display()))
    }

    fn read(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error| format!("{error}"))?;
        let section = |name: &str| table.get(name).and_then(Value::as_table).cloned().unwrap_or_default();
        let mut versions = BTreeMap::new();
        for (name, value) in section("versions") {
            let value = value.as_str().ok_or_else(|| format!("version {name} is no text"))?;
            versions.insert(name, value.to_owned());
        }
        let mut libraries = BTreeMap::new();
        for (alias, value) in section("libraries") {
            let module = value.get("module").and_then(Value::as_str).and_then(|module| module.split_once(':'));
            let version = value.get("version").and_then(|version| version.get("ref")).and_then(Value::as_str);
            let (Some((group, name)), Some(version)) = (module, version) else {
                return Err(format!("library {alias} is not written as module and version.ref"));
            };
            let version = versions.get(version).ok_or_else(|| format!("library {alias} names version {version}, which is not there"))?;
            libraries.insert(alias, Coordinate { group: group.to_owned(), name: name.to_owned(), version: version.clone() });
        }
        let bundles = section("bundles")
            .into_iter()
            .map(|(name, members)| {
                let members = members.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
                (name, members)
            })
            .collect();
        Ok(Self { versions, libraries, bundles })
    }

    pub(super) fn version(&self, name: &str) -> Result<&str, String> {
        self.versions.get(name).map(String::as_str).ok_or_else(|| format!("libs.versions.toml names no version {name}"))
    }

    /// A version that is a number.
    pub(super) fn number(&self, name: &str) -> Result<u32, String> {
        self.version(name)?.parse().map_err(|_| format!("version {name} is no number"))
    }

    /// The libraries of a bundle.
    pub(super) fn bundle(&self, name: &str) -> Result<Vec<Coordinate>, String> {
        let members = self.bundles.get(name).ok_or_else(|| format!("libs.versions.toml has no bundle {name}"))?;
        members
            .iter()
            .map(|alias| self.libraries.get(alias).cloned().ok_or_else(|| format!("bundle {name} names {alias}, which is not there")))
            .collect()
    }

    /// Every version as a property of the name `v.…`, for the poms.
    pub(super) fn properties(&self) -> BTreeMap<String, String> {
        self.versions.iter().map(|(name, version)| (format!("v.{name}"), version.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_library_takes_its_version_by_name_and_a_bundle_its_libraries() {
        let catalog = Catalog::read(
            "[versions]\nx = \"1.2\"\n[libraries]\none = { module = \"g:a\", version.ref = \"x\" }\n[bundles]\nall = [\"one\"]",
        )
        .unwrap();
        assert_eq!(catalog.bundle("all").unwrap().first().unwrap().to_string(), "g:a:1.2");
        assert_eq!(catalog.properties().get("v.x").unwrap(), "1.2");
        assert!(catalog.version("y").unwrap_err().contains('y'));
        assert!(catalog.number("x").unwrap_err().contains("no number"));
    }

    #[test]
    fn a_name_that_leads_nowhere_is_said() {
        let lost = "[libraries]\none = { module = \"g:a\", version.ref = \"x\" }";
        assert!(Catalog::read(lost).err().unwrap().contains("names version x"));
        let inline = "[libraries]\none = \"g:a:1\"";
        assert!(Catalog::read(inline).err().unwrap().contains("not written as module"));
        let bundle = Catalog::read("[bundles]\nall = [\"one\"]").unwrap();
        assert!(bundle.bundle("all").unwrap_err().contains("one"));
    }
}
