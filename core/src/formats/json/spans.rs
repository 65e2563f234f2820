//! A JSON tree that knows where in the text each value stands, for a reader that cuts something out and leaves the rest
//! byte for byte as it was written.

use std::{borrow::Cow, ops::Range};

use super::{Node, parse};
use crate::{base::limits, formats::FormatError};

/// One value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::formats) struct Spanned<'a> {
    /// From its first byte to behind its last.
    pub(in crate::formats) span: Range<usize>,
    /// What it is.
    pub(in crate::formats) content: Content<'a>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::formats) enum Content<'a> {
    /// `null`
    Null,
    /// `true`, `false` or a number, as written.
    Word(Cow<'a, str>),
    /// A string, unescaped.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Spanned<'a>>),
    /// Members in the order received, a name as often as it came.
    Object(Vec<(Cow<'a, str>, Spanned<'a>)>),
}

/// The one value of a text, and how many bytes of a byte order mark stand before it.
pub(in crate::formats) fn spanned(bytes: &[u8]) -> Result<(Spanned<'_>, usize), FormatError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(FormatError::Limit { what: "size", place: "file".to_owned() });
    }
    let text = parse::decode(bytes)?;
    let (node, spans) = parse::with_spans(text)?;
    Ok((placed(node, &mut spans.into_iter()), bytes.len() - text.len()))
}

fn placed<'a>(node: Node<'a>, spans: &mut impl Iterator<Item = Range<usize>>) -> Spanned<'a> {
    let span = spans.next().unwrap_or_default();
    let content = match node {
        Node::Null => Content::Null,
        Node::Bool(truth) => Content::Word(Cow::Borrowed(if truth { "true" } else { "false" })),
        Node::Number(digits) => Content::Word(digits),
        Node::Text(text) => Content::Text(text),
        Node::List(items) => Content::List(items.into_iter().map(|item| placed(item, spans)).collect()),
        Node::Object(members) => Content::Object(members.into_iter().map(|(name, value)| (name, placed(value, spans))).collect()),
    };
    Spanned { span, content }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]
    use super::*;

    fn pieces<'a>(text: &'a str, value: &Spanned<'_>, out: &mut Vec<&'a str>) {
        out.push(&text[value.span.clone()]);
        match &value.content {
            Content::List(items) => items.iter().for_each(|item| pieces(text, item, out)),
            Content::Object(members) => members.iter().for_each(|(_, item)| pieces(text, item, out)),
            Content::Null | Content::Word(_) | Content::Text(_) => {}
        }
    }

    #[test]
    fn every_value_stands_where_it_says() {
        let text = " {\"a\" : [1 , \"x\\u0041\", {} ],\n \"a\":null, \"b\": {\"c\":-0.50e1} } ";
        let (tree, mark) = spanned(text.as_bytes()).unwrap();
        let mut found = Vec::new();
        pieces(text, &tree, &mut found);
        let whole = text.trim();
        assert_eq!(found, [whole, "[1 , \"x\\u0041\", {} ]", "1", "\"x\\u0041\"", "{}", "null", "{\"c\":-0.50e1}", "-0.50e1"]);
        assert_eq!(mark, 0);
        assert_eq!(
            spanned("\u{FEFF}[1]".as_bytes()).unwrap(),
            (Spanned { span: 0..3, content: Content::List(vec![Spanned { span: 1..2, content: Content::Word("1".into()) }]) }, 3)
        );
        assert!(spanned(b"{} {}").is_err() && spanned(b" ").is_err() && spanned(b"[1").is_err());
    }
}
