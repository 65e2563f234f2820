//! `bindings/surface.txt` lists everything that is exported, and how long each call may take. What is added, changed or taken
//! away shows there. `cargo xtask surface` writes it: this test with `TECHO_WRITE_SURFACE` set.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{fs, path::Path};

/// Names that Kotlin or Swift give every object or error.
const RESERVED: &[&str] = &["close", "destroy", "to_string", "hash_code", "equals", "message", "cause"];

#[test]
fn the_surface_is_what_its_list_says() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut surface = Surface::default();
    for file in sources(&here.join("src")) {
        surface.read(&file.display().to_string(), &fs::read_to_string(&file).unwrap());
    }
    assert_eq!(surface.complaints, Vec::<String>::new());
    surface.lines.sort();
    assert!(surface.lines.len() > 90, "only {} lines: the sources were not read", surface.lines.len());
    let text = format!("{HEAD}{}\n", surface.lines.join("\n"));
    let list = here.join("surface.txt");
    if std::env::var_os("TECHO_WRITE_SURFACE").is_some() {
        fs::write(&list, text).unwrap();
        return;
    }
    let listed = fs::read_to_string(&list).unwrap_or_default();
    let differs = listed.lines().zip(text.lines()).find(|(one, other)| one != other);
    assert!(listed == text, "surface.txt is not the surface (cargo xtask surface writes it); first difference: {differs:#?}");
}

const HEAD: &str = "\
# Everything that Kotlin and Swift can call, and how long it may take: instant, quick (below 50 ms) or long.
# Written by `cargo xtask surface` from the sources, and checked by a test.
";

fn sources(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[derive(Default)]
struct Surface {
    lines: Vec<String>,
    complaints: Vec<String>,
}

/// What the line before said about the next item.
#[derive(Default)]
struct Before {
    doc: Vec<String>,
    derive: String,
    is_exported: bool,
    is_constructor: bool,
}

impl Surface {
    /// Reads a file as rustfmt writes it: an attribute, a head and a closing brace each on lines of their own.
    fn read(&mut self, file: &str, text: &str) {
        let mut before = Before::default();
        let mut exported_impl: Option<String> = None;
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let trimmed = line.trim();
            if let Some(doc) = trimmed.strip_prefix("///") {
                before.doc.push(doc.trim().to_owned());
            } else if trimmed.starts_with("#[") {
                self.attribute(file, trimmed, &mut before);
            } else if line == "}" {
                exported_impl = None;
            } else if let Some(object) = line.strip_prefix("impl ").filter(|_| before.is_exported) {
                exported_impl = Some(object.trim_end_matches(" {").to_owned());
                before = Before::default();
            } else if let Some(head) = trimmed.strip_prefix("pub fn ") {
                let head = whole(head, &mut lines, '{');
                let at_top = !line.starts_with(' ');
                if at_top && before.is_exported {
                    self.function(file, None, &head, &before);
                } else if let Some(object) = exported_impl.clone().filter(|_| !at_top) {
                    self.function(file, Some(&object), &head, &before);
                }
                before = Before::default();
            } else if trimmed.starts_with("pub struct ") || trimmed.starts_with("pub enum ") {
                self.data(file, trimmed, &mut lines, &before);
                before = Before::default();
            } else if !trimmed.is_empty() {
                if before.is_exported {
                    self.complaints.push(format!("{file}: exported and not understood: {trimmed}"));
                }
                before = Before::default();
            }
        }
    }

    fn attribute(&mut self, file: &str, attribute: &str, before: &mut Before) {
        match attribute {
            "#[uniffi::export]" => before.is_exported = true,
            "#[uniffi::constructor]" => before.is_constructor = true,
            // Printing of a record.
            "#[uniffi::export(Debug, Display)]" => {}
            other if other.starts_with("#[derive(") => attribute.clone_into(&mut before.derive),
            // `with_foreign`, `callback_interface`, `async_runtime`: nothing calls back, nothing is asynchronous.
            other if other.contains("uniffi") => self.complaints.push(format!("{file}: {other}: not on this surface")),
            _ => {}
        }
    }

    fn function(&mut self, file: &str, object: Option<&str>, head: &str, before: &Before) {
        let (name, rest) = head.split_once('(').unwrap();
        if RESERVED.contains(&name) {
            self.complaints.push(format!("{file}: {name} is a reserved name"));
        }
        let first = before.doc.first().cloned().unwrap_or_default();
        let speed =
            first.strip_prefix('*').and_then(|rest| rest.split('*').next()).unwrap_or_default().trim_end_matches('.').to_lowercase();
        if !["instant", "quick", "long"].contains(&speed.as_str()) {
            self.complaints.push(format!("{file}: {name} does not say first whether it is instant, quick or long: {first:?}"));
        }
        let arguments = rest.replace("&self, ", "").replace("&self", "");
        let place = match (object, before.is_constructor) {
            (Some(object), true) => format!("{object}::new {name}"),
            (Some(object), false) => format!("{object}.{name}"),
            (None, _) => name.to_owned(),
        };
        self.lines.push(format!("fn {place}({arguments}  [{speed}]"));
    }

    fn data<'a>(&mut self, file: &str, head: &str, lines: &mut impl Iterator<Item = &'a str>, before: &Before) {
        let kinds = [("uniffi::Record", "record"), ("uniffi::Enum", "enum"), ("uniffi::Error", "error"), ("uniffi::Object", "object")];
        let Some((_, kind)) = kinds.iter().find(|(derive, _)| before.derive.contains(derive)) else { return };
        let name = head.split_whitespace().nth(2).unwrap().trim_end_matches('{');
        if before.doc.is_empty() {
            self.complaints.push(format!("{file}: {name} is not documented"));
        }
        if *kind == "object" {
            self.lines.push(format!("object {name}"));
            return;
        }
        let mut body = String::new();
        for line in lines.take_while(|line| *line != "}").map(str::trim) {
            if line.starts_with("//") || line.starts_with("#[") {
                continue;
            }
            let field = line.trim_start_matches("pub ");
            let field_name = field.split(':').next().unwrap_or_default();
            if RESERVED.contains(&field_name) {
                self.complaints.push(format!("{file}: {name}.{field_name} is a reserved name"));
            }
            body.push_str(field);
            body.push(' ');
        }
        self.lines.push(format!("{kind} {name} {{ {} }}", body.trim().trim_end_matches(',').replace(", }", " }")));
    }
}

/// A head that rustfmt broke into several lines, as one.
fn whole<'a>(first: &str, lines: &mut impl Iterator<Item = &'a str>, end: char) -> String {
    let mut head = first.to_owned();
    while !head.ends_with(end) {
        let next = lines.next().unwrap_or_else(|| panic!("no end of {first}")).trim();
        if !head.ends_with('(') && !next.starts_with(')') {
            head.push(' ');
        }
        head.push_str(next);
    }
    head.trim_end_matches(end).trim_end().replace(",)", ")")
}

#[test]
fn what_does_not_belong_on_the_surface_is_named() {
    let complaints = |text: &str| {
        let mut surface = Surface::default();
        surface.read("x.rs", text);
        surface.complaints
    };
    let object = |method: &str| format!("#[uniffi::export]\nimpl Vault {{\n{method}\n}}\n");
    let fine = object("    /// *Quick.* Something.\n    pub fn people(&self) -> u8 {\n        0\n    }");
    assert_eq!(complaints(&fine), Vec::<String>::new());
    for (text, part) in [
        (object("    /// Something.\n    pub fn people(&self) -> u8 {\n    }"), "does not say"),
        (object("    /// *Quick.* Something.\n    pub fn close(&self) {\n    }"), "reserved"),
        ("#[uniffi::export(with_foreign)]\npub trait Ear {\n}\n".to_owned(), "not on this surface"),
        ("#[uniffi::export]\npub async fn look() {\n}\n".to_owned(), "not understood"),
        ("/// X.\n#[derive(uniffi::Error)]\npub enum E {\n    A {\n        message: String,\n    },\n}\n".to_owned(), "reserved"),
        ("#[derive(uniffi::Record)]\npub struct R {\n    pub a: u8,\n}\n".to_owned(), "not documented"),
    ] {
        let complaints = complaints(&text);
        assert!(matches!(complaints.as_slice(), [one] if one.contains(part)), "{part}: {complaints:?}");
    }
}
