//! Refuses a document that carries a labelled 個人番号: an identifier, extension or member that names it, an item asked
//! by that name and answered with twelve digits, or a captioned number in words.

use super::library::Library;
use crate::formats::{
    FormatError,
    json::Node,
    my_number::{is_label, is_labelled_in, is_twelve_digits},
};

/// Longer texts are looked at line by line, so that memory stays bounded.
const WHOLE: usize = 64 * 1024;

/// Fails with the place of the first labelled number.
pub(super) fn refuse(library: &Library<'_>) -> Result<(), FormatError> {
    for resource in &library.resources {
        // Contained resources stand in the list themselves.
        if let Some(path) = find(resource.node, "contained") {
            return Err(FormatError::MyNumber { place: format!("{}{path}", resource.place) });
        }
    }
    Ok(())
}

/// The path of the first labelled number below a node.
fn find(node: &Node<'_>, skip: &str) -> Option<String> {
    match node {
        Node::Text(text) => says_number(text).then(String::new),
        Node::List(items) => items.iter().enumerate().find_map(|(index, item)| find(item, "").map(|path| format!("[{index}]{path}"))),
        Node::Object(members) => {
            if is_labelled(node) {
                return Some(String::new());
            }
            members.iter().filter(|(name, _)| name != skip).find_map(|(name, value)| {
                if could_label(name) && is_label(name) && holds_words(value) {
                    return Some(".(labelled member)".to_owned());
                }
                // Attached bytes are no text.
                let is_bytes = name == "data" && matches!(value, Node::Text(text) if text.len() > WHOLE);
                if is_bytes { None } else { find(value, "").map(|path| format!(".{name}{path}")) }
            })
        }
        Node::Null | Node::Bool(_) | Node::Number(_) => None,
    }
}

fn says_number(text: &str) -> bool {
    if text.len() <= WHOLE { is_labelled_in(text) } else { text.lines().filter(|line| line.len() <= WHOLE).any(is_labelled_in) }
}

/// An identifier or extension that names the number, or an item asked by that name and answered with twelve digits.
fn is_labelled(node: &Node<'_>) -> bool {
    let last_segment = |address: &str| address.rsplit(['/', ':', '#']).next().is_some_and(names);
    let by_address = |name: &str| node.text(name).is_some_and(last_segment);
    if (by_address("system") && node.has("value")) || (by_address("url") && holds_words(node)) {
        return true;
    }
    let named = |concept: Option<&Node<'_>>| {
        concept.is_some_and(|concept| {
            let words = concept.list("coding").iter().flat_map(|coding| [coding.text("display"), coding.text("code")]);
            words.chain([concept.text("text")]).flatten().any(names)
        })
    };
    if node.has("value") && named(node.get("type")) {
        return true;
    }
    let is_asked = named(node.get("code")) || node.text("text").is_some_and(names) || node.text("linkId").is_some_and(names);
    is_asked && node.members().iter().any(|(name, value)| (name.starts_with("value") || name == "answer") && holds_twelve_digits(value))
}

fn names(text: &str) -> bool {
    could_label(text) && is_label(text)
}

/// A cheap look before the careful one: nearly no name has anything of a label.
fn could_label(text: &str) -> bool {
    if text.is_ascii() {
        let bytes = text.as_bytes();
        bytes.windows(5).any(|window| window.eq_ignore_ascii_case(b"umber") || window.eq_ignore_ascii_case(b"bango"))
    } else {
        text.len() <= 160 && text.chars().any(|c| matches!(c, '個' | 'マ' | 'ま' | 'ﾏ' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | 'A'..='Z' | 'a'..='z'))
    }
}

fn holds_words(node: &Node<'_>) -> bool {
    node.members().iter().any(|(name, value)| name.starts_with("value") && !matches!(value, Node::Null)) || node.as_words().is_some()
}

fn holds_twelve_digits(node: &Node<'_>) -> bool {
    match node {
        Node::List(items) => items.iter().any(holds_twelve_digits),
        Node::Object(members) => members.iter().any(|(_, value)| holds_twelve_digits(value)),
        other => other.as_words().is_some_and(is_twelve_digits),
    }
}
