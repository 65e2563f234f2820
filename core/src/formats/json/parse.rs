//! From bytes to [`Node`]s, bounded: size, nesting and number of values. Tells a file that ends in the middle from one
//! that is broken, and reads one resource a line (NDJSON, `.phr`) as well as one document.

use std::{borrow::Cow, ops::Range};

use super::Node;
use crate::base::limits;
use crate::formats::{Fault, FormatError, Unread};

/// Most JSON values in one document; 16 MB of real FHIR stays below half of it.
const NODES: usize = 1_000_000;

/// The top-level values of a file, each with the line it begins on. One value, or one a line.
pub(in crate::formats) fn documents(bytes: &[u8]) -> Result<Vec<(usize, Node<'_>)>, FormatError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(FormatError::Limit { what: "size", place: "file".to_owned() });
    }
    let mut parser = Parser::new(decode(bytes)?);
    let mut found = Vec::new();
    let (mut line, mut counted) = (1, 0);
    parser.skip_space();
    while parser.position < parser.bytes.len() {
        line += line_ends(parser.bytes.get(counted..parser.position));
        counted = parser.position;
        found.push((line, parser.value()?));
        let end = parser.position;
        parser.skip_space();
        let on_a_new_line = parser.bytes.get(end..parser.position).is_some_and(|space| space.contains(&b'\n') || space.contains(&b'\r'));
        if parser.position < parser.bytes.len() && !(on_a_new_line && parser.peek() == Some(b'{')) {
            return Err(parser.fault(Fault::Syntax));
        }
    }
    if found.is_empty() { Err(FormatError::Empty) } else { Ok(found) }
}

/// JSON is exchanged as UTF-8; a BOM is tolerated.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, FormatError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let lines = line_ends(bytes.get(..error.valid_up_to())) + 1;
        // A cut inside a character is a cut, not another encoding.
        let fault = if error.error_len().is_none() { Fault::Truncated } else { Fault::Encoding };
        FormatError::Malformed { place: format!("line {lines}"), fault }
    })
}

fn line_ends(bytes: Option<&[u8]>) -> usize {
    bytes.unwrap_or_default().split(|byte| *byte == b'\n').count() - 1
}

/// Reads one value, for tests and for what was kept as text.
pub(in crate::formats) fn value(text: &str) -> Result<Node<'_>, FormatError> {
    let mut all = documents(text.as_bytes())?;
    match (all.pop(), all.is_empty()) {
        (Some((_, node)), true) => Ok(node),
        _ => Err(FormatError::NotRead(Unread::OtherJson)),
    }
}

/// One value with where each value in it stands, in the order in which they begin.
pub(super) fn with_spans(text: &str) -> Result<(Node<'_>, Vec<Range<usize>>), FormatError> {
    let mut parser = Parser { spans: Some(Vec::new()), ..Parser::new(text) };
    parser.skip_space();
    if parser.position == parser.bytes.len() {
        return Err(FormatError::Empty);
    }
    let node = parser.value()?;
    parser.skip_space();
    if parser.position < parser.bytes.len() {
        return Err(parser.fault(Fault::Syntax));
    }
    Ok((node, parser.spans.unwrap_or_default()))
}

pub(super) struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pub(super) position: usize,
    depth: usize,
    nodes: usize,
    /// Where each value stands, for a reader that cuts.
    spans: Option<Vec<Range<usize>>>,
}

impl<'a> Parser<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), position: 0, depth: 0, nodes: 0, spans: None }
    }

    fn line(&self) -> usize {
        line_ends(self.bytes.get(..self.position)) + 1
    }

    pub(super) fn fault(&self, fault: Fault) -> FormatError {
        let fault = if self.position >= self.bytes.len() { Fault::Truncated } else { fault };
        FormatError::Malformed { place: format!("line {}", self.line()), fault }
    }

    fn limit(&self, what: &'static str) -> FormatError {
        FormatError::Limit { what, place: format!("line {}", self.line()) }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    fn value(&mut self) -> Result<Node<'a>, FormatError> {
        self.nodes += 1;
        if self.nodes > NODES {
            return Err(self.limit("nodes"));
        }
        let Some(own) = self.spans.as_ref().map(Vec::len) else { return self.bare_value() };
        let start = self.position;
        self.spans.get_or_insert_default().push(start..start);
        let node = self.bare_value()?;
        let end = self.position;
        if let Some(span) = self.spans.as_mut().and_then(|spans| spans.get_mut(own)) {
            span.end = end;
        }
        Ok(node)
    }

    fn bare_value(&mut self) -> Result<Node<'a>, FormatError> {
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => Ok(Node::Text(self.string()?)),
            Some(b't') => self.word("true", Node::Bool(true)),
            Some(b'f') => self.word("false", Node::Bool(false)),
            Some(b'n') => self.word("null", Node::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.fault(Fault::Syntax)),
        }
    }

    fn enter(&mut self) -> Result<(), FormatError> {
        self.depth += 1;
        if self.depth > limits::NESTING {
            return Err(self.limit("nesting"));
        }
        self.position += 1;
        self.skip_space();
        Ok(())
    }

    fn list(&mut self) -> Result<Node<'a>, FormatError> {
        self.enter()?;
        let mut items = Vec::new();
        if self.peek() != Some(b']') {
            loop {
                items.push(self.value()?);
                if !self.another(b']')? {
                    break;
                }
            }
        }
        self.leave();
        Ok(Node::List(items))
    }

    fn object(&mut self) -> Result<Node<'a>, FormatError> {
        self.enter()?;
        let mut members = Vec::new();
        if self.peek() != Some(b'}') {
            loop {
                if self.peek() != Some(b'"') {
                    return Err(self.fault(Fault::Syntax));
                }
                let name = self.string()?;
                self.skip_space();
                if self.peek() != Some(b':') {
                    return Err(self.fault(Fault::Syntax));
                }
                self.position += 1;
                self.skip_space();
                members.push((name, self.value()?));
                if !self.another(b'}')? {
                    break;
                }
            }
        }
        self.leave();
        Ok(Node::Object(members))
    }

    fn leave(&mut self) {
        self.position += 1;
        self.depth -= 1;
    }

    /// Behind an item: whether a comma promises another one, or the end is reached.
    fn another(&mut self, end: u8) -> Result<bool, FormatError> {
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                self.position += 1;
                self.skip_space();
                Ok(true)
            }
            Some(byte) if byte == end => Ok(false),
            _ => Err(self.fault(Fault::Syntax)),
        }
    }

    fn word(&mut self, word: &str, node: Node<'a>) -> Result<Node<'a>, FormatError> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                return Err(self.fault(Fault::Syntax));
            }
            self.position += 1;
        }
        Ok(node)
    }

    fn digits(&mut self) -> Result<(), FormatError> {
        let start = self.position;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.position += 1;
        }
        if self.position == start { Err(self.fault(Fault::Syntax)) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Node<'a>, FormatError> {
        let start = self.position;
        if self.peek() == Some(b'-') {
            self.position += 1;
        }
        if self.peek() == Some(b'0') {
            self.position += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.fault(Fault::Syntax));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.position += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.position += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.position += 1;
            }
            self.digits()?;
        }
        Ok(Node::Number(Cow::Borrowed(self.slice(start, self.position)?)))
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> Result<&'a str, FormatError> {
        self.text.get(start..end).ok_or_else(|| self.fault(Fault::Syntax))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn fault_of(bytes: &[u8]) -> Option<Fault> {
        match documents(bytes) {
            Err(FormatError::Malformed { fault, .. }) => Some(fault),
            _ => None,
        }
    }

    #[test]
    fn a_number_stays_as_it_was_written() {
        for number in ["5.60", "1e1", "1E+05", "-0.0", "12345678901234567890.123456789012345678901234567890"] {
            assert_eq!(value(number).unwrap().as_number(), Some(number));
        }
    }

    #[test]
    fn cut_off_and_broken_are_told_apart() {
        assert_eq!(fault_of(br#"{"a": [1, 2"#), Some(Fault::Truncated));
        assert_eq!(fault_of(br#"{"a": "b"#), Some(Fault::Truncated));
        assert_eq!(fault_of("{\"a\": \"血".as_bytes().split_last().unwrap().1), Some(Fault::Truncated));
        assert_eq!(fault_of(br#"{"a": 1,}"#), Some(Fault::Syntax));
        assert_eq!(fault_of(br#"{"a": 1} x"#), Some(Fault::Syntax));
        assert_eq!(fault_of(br#"{"a": 1}{"b": 2}"#), Some(Fault::Syntax));
        assert_eq!(fault_of(b"{\"a\": \"\x8c\x92\x90f\"}"), Some(Fault::Encoding));
        assert_eq!(documents(b"\xEF\xBB\xBF \r\n\t").unwrap_err(), FormatError::Empty);
    }

    #[test]
    fn one_value_a_line_is_read_and_a_bom_is_no_matter() {
        let found = documents(b"\xEF\xBB\xBF{\"a\":1}\r\n\r\n{\"b\":\n2}\n").unwrap();
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn depth_is_bounded_before_the_stack_is() {
        for opening in ["[", "{\"a\":"] {
            let deep = opening.repeat(100_000);
            assert!(matches!(documents(deep.as_bytes()), Err(FormatError::Limit { what: "nesting", .. })));
        }
        let allowed = "[".repeat(limits::NESTING) + &"]".repeat(limits::NESTING);
        assert!(documents(allowed.as_bytes()).is_ok());
    }

    #[test]
    fn size_and_number_of_values_are_bounded() {
        let long = vec![b' '; limits::DOCUMENT_BYTES + 1];
        assert!(matches!(documents(&long), Err(FormatError::Limit { what: "size", .. })));
        let many = format!("[0{}]", ",0".repeat(NODES));
        assert!(matches!(documents(many.as_bytes()), Err(FormatError::Limit { what: "nodes", .. })));
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::hash_map(".*", inner, 0..6).prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_reads_as_serde_reads_it(json in any_json()) {
            let text = serde_json::to_string_pretty(&json).unwrap();
            prop_assert_eq!(value(&text).unwrap(), Node::of(&json));
            let again = Node::of(&json).to_json();
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&again).unwrap(), json);
        }

        #[test]
        fn text_is_json_for_us_exactly_when_it_is_for_serde(text in r#"[\[\]{}:,"\\0-9eEu.+\-a-f tnrl]{0,24}"#) {
            let serde = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            prop_assert_eq!(value(&text).is_ok(), serde, "{}", text);
        }
    }
}
