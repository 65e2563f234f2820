//! The dependencies' licences, sources and bans, against the same `deny.toml` that cargo-deny reads.
//!
//! It is the part of cargo-deny that needs no database and no minutes of building. It does **not** know vulnerabilities.

use std::{collections::BTreeMap, fs};

use serde_json::Value;
use toml::{Table, Value as Toml};

use crate::workspace;

/// What `deny.toml` says, as far as it is checked here.
struct Policy {
    allowed_licences: Vec<String>,
    /// Licences allowed for one crate only.
    exceptions: BTreeMap<String, Vec<String>>,
    banned: Vec<String>,
    registries: Vec<String>,
}

/// Fails with every culprit named.
pub(crate) fn check() -> Result<(), String> {
    let text = fs::read_to_string(workspace::root().join("deny.toml")).map_err(|error| format!("deny.toml: {error}"))?;
    let policy = Policy::read(&text)?;
    let packages = workspace::metadata(&["--all-features"])?;
    let culprits: Vec<String> = packages.iter().flat_map(|package| policy.complaints(package)).collect();
    if culprits.is_empty() {
        println!("{} packages: licences, sources and bans in order (vulnerabilities not looked up)", packages.len());
        Ok(())
    } else {
        Err(format!("deny.toml refuses:\n  {}", culprits.join("\n  ")))
    }
}

impl Policy {
    fn read(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error| format!("deny.toml: {error}"))?;
        let section = |name: &str| table.get(name).and_then(Toml::as_table).cloned().unwrap_or_default();
        let (licences, bans, sources) = (section("licenses"), section("bans"), section("sources"));
        let exceptions = licences.get("exceptions").and_then(Toml::as_array).into_iter().flatten();
        Ok(Self {
            allowed_licences: words(&licences, "allow"),
            exceptions: exceptions
                .filter_map(Toml::as_table)
                .filter_map(|exception| Some((exception.get("crate")?.as_str()?.to_owned(), words(exception, "allow"))))
                .collect(),
            banned: bans
                .get("deny")
                .and_then(Toml::as_array)
                .into_iter()
                .flatten()
                .filter_map(|ban| Some(ban.as_table()?.get("crate")?.as_str()?.to_owned()))
                .collect(),
            registries: words(&sources, "allow-registry"),
        })
    }

    fn complaints(&self, package: &Value) -> Vec<String> {
        let text = |field: &str| package.get(field).and_then(Value::as_str).unwrap_or_default();
        let (name, version, licence) = (text("name"), text("version"), text("license"));
        let mut complaints = Vec::new();
        if self.banned.iter().any(|banned| banned == name) {
            complaints.push(format!("{name} {version}: banned"));
        }
        let source = text("source");
        // A package without a source is a path of this workspace.
        if !source.is_empty() && !self.registries.iter().any(|allowed| source == format!("registry+{allowed}")) {
            complaints.push(format!("{name} {version}: comes from {source}"));
        }
        if !self.allows(name, licence) {
            complaints.push(format!("{name} {version}: licence {licence:?}"));
        }
        complaints
    }

    fn allows(&self, name: &str, licence: &str) -> bool {
        let here: &[String] = self.exceptions.get(name).map_or(&[], Vec::as_slice);
        // Older crates write MIT/Apache-2.0 with a slash, which is no SPDX expression; LAX reads it as "or".
        spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|wanted| {
                let wanted = wanted.to_string();
                self.allowed_licences.iter().chain(here).any(|allowed| *allowed == wanted)
            })
        })
    }
}

fn words(table: &Table, field: &str) -> Vec<String> {
    table.get(field).and_then(Toml::as_array).into_iter().flatten().filter_map(Toml::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const POLICY: &str = r#"
[licenses]
allow = ["MIT", "Apache-2.0"]
exceptions = [{ crate = "tables", allow = ["Unicode-3.0"] }]
[bans]
deny = [{ crate = "native-tls" }]
[sources]
allow-registry = ["https://example.org/index"]
"#;

    fn complaints(name: &str, licence: &str, source: Option<&str>) -> Vec<String> {
        let package = serde_json::json!({ "name": name, "version": "1.0.0", "license": licence, "source": source });
        Policy::read(POLICY).unwrap().complaints(&package)
    }

    #[test]
    fn a_licence_is_read_as_the_expression_it_is() {
        let index = Some("registry+https://example.org/index");
        for fine in ["MIT", "MIT OR GPL-3.0-only", "MIT/Apache-2.0", "(MIT OR Zlib) AND Apache-2.0"] {
            assert_eq!(complaints("some", fine, index), Vec::<String>::new(), "{fine}");
        }
        for refused in ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "Unicode-3.0"] {
            assert_eq!(complaints("some", refused, index).len(), 1, "{refused}");
        }
        assert_eq!(complaints("tables", "MIT AND Unicode-3.0", index), Vec::<String>::new());
    }

    #[test]
    fn a_banned_crate_and_a_foreign_source_are_named() {
        let git = complaints("native-tls", "MIT", Some("git+https://example.org/fork"));
        assert_eq!(git.len(), 2, "{git:?}");
        assert_eq!(complaints("own", "Apache-2.0", None), Vec::<String>::new());
    }
}
