//! A small XML writer: well-formed by construction, nothing that XML forbids ever gets out.

use std::fmt::Write as _;

/// XML in the making, one element a line.
pub(super) struct Markup {
    out: String,
    open: Vec<&'static str>,
}

/// Attributes in the order given; those without a value are left out.
pub(super) type Attributes<'a> = &'a [(&'static str, Option<&'a str>)];

impl Markup {
    pub(super) fn new() -> Self {
        Self { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() }
    }

    pub(super) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.out, "</{name}>");
        }
    }

    pub(super) fn leaf(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push_str("/>\n");
    }

    pub(super) fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.tag(name, attributes);
        self.out.push('>');
        escape(text, false, &mut self.out);
        let _ = writeln!(self.out, "</{name}>");
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.into_bytes()
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        let _ = write!(self.out, "<{name}");
        for (key, value) in attributes {
            if let Some(value) = value {
                let _ = write!(self.out, " {key}=\"");
                escape(value, true, &mut self.out);
                self.out.push('"');
            }
        }
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n('\t', self.open.len()));
    }
}

fn escape(text: &str, in_attribute: bool, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            // A parser would make these a space, or a line feed.
            '\t' | '\n' if in_attribute => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(character),
            _ if character < ' ' || matches!(character, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            _ => out.push(character),
        }
    }
}
