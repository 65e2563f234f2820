//! `cargo xtask scenarios`: the stories that every shell plays. Writes each as JSON for the shells that read no TOML, and
//! prints the table scenario × shell from what their runs wrote down. A gap fails.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::workspace;

/// The shells, by the names of their result files.
const SHELLS: [&str; 3] = ["rust", "kotlin", "swift"];
/// What a result says where there was nothing wrong.
const PASSED: &str = "passed";

/// What came of the scenarios in one shell: a name, and `passed` or the reason.
type Results = BTreeMap<String, String>;

/// Writes the JSON and prints the table of the last runs.
pub(crate) fn run() -> Result<(), String> {
    write()?;
    table()
}

/// Before the shells run: writes the JSON anew and throws away what earlier runs said.
pub(crate) fn prepare() -> Result<(), String> {
    write()?;
    let results = folder().join("results");
    if results.exists() { fs::remove_dir_all(&results).map_err(|error| said(&results, &error)) } else { Ok(()) }
}

/// After the shells ran: prints the table. Every scenario must have passed in every shell.
pub(crate) fn table() -> Result<(), String> {
    let names = names()?;
    let results: Vec<Results> = SHELLS.iter().map(|shell| results(shell)).collect::<Result<_, _>>()?;
    let (table, gaps) = table_of(&names, &results);
    print!("{table}");
    if gaps == 0 { Ok(()) } else { Err(format!("{gaps} of {} places in the table of scenarios are gaps", names.len() * SHELLS.len())) }
}

fn folder() -> PathBuf {
    workspace::root().join("target/scenarios")
}

fn sources() -> PathBuf {
    workspace::root().join("tests/scenarios")
}

fn said(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

/// The names of all scenarios, in order of the alphabet.
fn names() -> Result<Vec<String>, String> {
    let sources = sources();
    let mut names = Vec::new();
    for entry in fs::read_dir(&sources).map_err(|error| said(&sources, &error))? {
        let path = entry.map_err(|error| said(&sources, &error))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            names.extend(path.file_stem().and_then(|name| name.to_str()).map(str::to_owned));
        }
    }
    names.sort();
    if names.is_empty() { Err(format!("{}: no scenario", sources.display())) } else { Ok(names) }
}

/// Writes each as JSON.
pub(crate) fn write() -> Result<(), String> {
    let folder = folder();
    fs::create_dir_all(&folder).map_err(|error| said(&folder, &error))?;
    for name in names()? {
        let source = sources().join(&name).with_extension("toml");
        let text = fs::read_to_string(&source).map_err(|error| said(&source, &error))?;
        let json = json_of(&text).map_err(|reason| said(&source, &reason))?;
        let target = folder.join(&name).with_extension("json");
        fs::write(&target, format!("{json:#}\n")).map_err(|error| said(&target, &error))?;
    }
    Ok(())
}

/// A scenario as JSON, with what was left out filled in, so that its readers need no defaults.
fn json_of(text: &str) -> Result<Value, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let mut scenario = serde_json::to_value(table).map_err(|error| error.to_string())?;
    let fields = scenario.as_object_mut().ok_or("no table")?;
    fields.entry("needs").or_insert_with(|| json!([]));
    let steps = fields.get_mut("step").and_then(Value::as_array_mut).ok_or("no steps")?;
    for step in steps {
        let step = step.as_object_mut().ok_or("a step that is no table")?;
        for list in ["sees", "sees_not"] {
            step.entry(list).or_insert_with(|| json!([]));
        }
    }
    Ok(scenario)
}

/// What a shell wrote down; nothing where it did not run.
fn results(shell: &str) -> Result<Results, String> {
    let path = folder().join("results").join(shell).with_extension("json");
    match fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| said(&path, &error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Results::new()),
        Err(error) => Err(said(&path, &error)),
    }
}

/// The table as text, the reasons below it, and how many gaps there are. What a shell says of a scenario that is not there
/// is one as well: it played something else.
fn table_of(names: &[String], results: &[Results]) -> (String, usize) {
    let width = names.iter().map(String::len).max().unwrap_or(0).max("scenario".len());
    let (mut table, mut reasons, mut gaps) = (format!("{:<width$}", "scenario"), String::new(), 0);
    // Writing to a text cannot fail.
    for shell in SHELLS {
        let _ = write!(table, "  {shell:<7}");
    }
    for name in names {
        let _ = write!(table, "\n{name:<width$}");
        for (shell, results) in SHELLS.iter().zip(results) {
            let (cell, reason) = match results.get(name).map(String::as_str) {
                Some(PASSED) => (PASSED, None),
                Some(reason) => ("FAILED", Some(reason)),
                None => ("GAP", Some("not played")),
            };
            let _ = write!(table, "  {cell:<7}");
            if let Some(reason) = reason {
                gaps += 1;
                let _ = write!(reasons, "\n{name}, {shell}: {}", reason.lines().next().unwrap_or_default());
            }
        }
    }
    for (shell, results) in SHELLS.iter().zip(results) {
        for name in results.keys().filter(|name| !names.contains(name)) {
            gaps += 1;
            let _ = write!(reasons, "\n{name}, {shell}: played, and there is no such scenario");
        }
    }
    (format!("{}{reasons}\n", table.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")), gaps)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn results(pairs: &[(&str, &str)]) -> Results {
        pairs.iter().map(|(name, result)| ((*name).to_owned(), (*result).to_owned())).collect()
    }

    #[test]
    fn a_table_without_a_gap_has_none_and_every_gap_is_counted_with_its_reason() {
        let names = ["export".to_owned(), "lock".to_owned()];
        let whole = results(&[("export", "passed"), ("lock", "passed")]);
        let (table, gaps) = table_of(&names, &[whole.clone(), whole.clone(), whole.clone()]);
        assert_eq!((gaps, table.lines().count()), (0, 3));
        assert!(table.lines().all(|line| line.split_whitespace().count() == 4), "{table}");

        let partly = results(&[("export", "step 3: not seen\nmore"), ("unlock", "passed")]);
        let (table, gaps) = table_of(&names, &[whole, partly, Results::new()]);
        assert_eq!(gaps, 5, "one failed, one not played, one unknown, and a shell that did not run");
        assert!(table.contains("export, kotlin: step 3: not seen\n") && table.contains("unlock, kotlin: played"), "{table}");
        assert!(table.contains("lock, swift: not played"), "{table}");
    }

    #[test]
    fn what_a_scenario_leaves_out_is_there_in_its_json() {
        let json = json_of("name = \"lock\"\n[[step]]\ndo = \"lock\"\n[[step]]\ndo = \"timeline\"\nsees = [\"手帳\"]\n").unwrap();
        assert_eq!((&json["needs"], &json["step"][0]["sees"], &json["step"][1]["sees"][0]), (&json!([]), &json!([]), &json!("手帳")));
        assert!(json_of("name = \"lock\"").is_err() && json_of("step = 1").is_err() && json_of("[[").is_err());
    }

    #[test]
    fn every_scenario_of_the_project_can_be_written_as_json() {
        for name in names().unwrap() {
            let text = fs::read_to_string(sources().join(&name).with_extension("toml")).unwrap();
            assert_eq!(json_of(&text).unwrap()["name"], name.as_str());
        }
    }
}
