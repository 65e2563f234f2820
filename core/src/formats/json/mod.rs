//! A JSON tree with numbers as they were written (`5.60`, `1e1`) and members in the order received.
//!
//! `serde_json` rewrites exponents and sorts members, so the tree is our own; it borrows the file's text. Looking
//! things up is tolerant: what is absent, `null`, blank or of another type is simply not there.

mod parse;
mod spans;
mod string;

use std::{borrow::Cow, fmt::Write as _};

pub(in crate::formats) use parse::{documents, value};
pub(in crate::formats) use spans::{Content, Spanned, spanned};

/// One JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::formats) enum Node<'a> {
    Null,
    Bool(bool),
    /// The digits as written.
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    /// Members in the order received; of a name that comes twice, the last counts.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// The same value, borrowed from a tree of `serde_json`.
    pub(in crate::formats) fn of(value: &'a serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Bool(*truth),
            serde_json::Value::Number(number) => Self::Number(Cow::Borrowed(number.as_str())),
            serde_json::Value::String(text) => Self::Text(Cow::Borrowed(text)),
            serde_json::Value::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            serde_json::Value::Object(members) => {
                Self::Object(members.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), Self::of(value))).collect())
            }
        }
    }

    /// A member that is there and not `null`.
    pub(in crate::formats) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value).filter(|value| !matches!(value, Self::Null))
    }

    /// A member along a path of names.
    pub(in crate::formats) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// A text member that is not blank.
    pub(in crate::formats) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Self::as_text)
    }

    /// This value's text, if it is one and not blank.
    pub(in crate::formats) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// A number as written.
    pub(in crate::formats) fn as_number(&self) -> Option<&str> {
        match self {
            Self::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// Text or digits or `true`/`false`: anything that can be shown in a line.
    pub(in crate::formats) fn as_words(&self) -> Option<&str> {
        match self {
            Self::Bool(truth) => Some(if *truth { "true" } else { "false" }),
            Self::Number(digits) => Some(digits),
            _ => self.as_text(),
        }
    }

    /// A truth value.
    pub(in crate::formats) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The items of a list member; a single value where a list belongs counts as a list of one.
    pub(in crate::formats) fn list(&self, name: &str) -> &[Self] {
        match self.get(name) {
            None => &[],
            Some(Self::List(items)) => items,
            Some(other) => std::slice::from_ref(other),
        }
    }

    /// The first item of a list member.
    pub(in crate::formats) fn first(&self, name: &str) -> Option<&Self> {
        self.list(name).first()
    }

    /// The members of an object.
    pub(in crate::formats) fn members(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The extension with this address.
    pub(in crate::formats) fn extension(&self, url: &str) -> Option<&Self> {
        self.list("extension").iter().find(|extension| extension.text("url") == Some(url))
    }

    /// Whether a member is there, whatever it is.
    pub(in crate::formats) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value as compact JSON, numbers as written.
    pub(in crate::formats) fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Appends the value as compact JSON.
    pub(in crate::formats) fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => write_text(text, out),
            Self::List(items) => {
                out.push('[');
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (position, (name, value)) in members.iter().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    write_text(name, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

/// Appends a text as a JSON string.
pub(in crate::formats) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_equal_names_counts_and_null_is_nothing() {
        let node = Node::Object(vec![
            (Cow::Borrowed("a"), Node::Bool(true)),
            (Cow::Borrowed("a"), Node::Text(Cow::Borrowed("x"))),
            (Cow::Borrowed("b"), Node::Null),
        ]);
        assert_eq!(node.text("a"), Some("x"));
        assert!(!node.has("b"));
        assert_eq!(node.list("a").len(), 1);
    }

    #[test]
    fn what_is_written_is_json() {
        let node = Node::List(vec![Node::Text(Cow::Borrowed("\"\\\u{1}\n血圧")), Node::Number(Cow::Borrowed("5.60")), Node::Null]);
        assert_eq!(node.to_json(), "[\"\\\"\\\\\\u0001\\n血圧\",5.60,null]");
    }
}
