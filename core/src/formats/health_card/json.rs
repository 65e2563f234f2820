//! JSON, bounded in size and depth before it is parsed.

use serde_json::Value;

use crate::{
    base::limits,
    formats::{Fault, FormatError},
};

/// Largest JSON text of a card or a key set, in bytes. Real ones stay below 50 kB.
pub(super) const BYTES: usize = 1024 * 1024;

/// The value of a JSON text; errors name `place` and the line in it.
pub(super) fn parse(bytes: &[u8], place: &str) -> Result<Value, FormatError> {
    if bytes.len() > BYTES {
        return Err(FormatError::Limit { what: "size", place: place.to_owned() });
    }
    if depth(bytes) >= limits::NESTING {
        return Err(FormatError::Limit { what: "nesting", place: place.to_owned() });
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let fault = if error.is_eof() { Fault::Truncated } else { Fault::Syntax };
        FormatError::Malformed { place: format!("{place}, line {}", error.line()), fault }
    })
}

/// How deep brackets are nested outside of strings.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_or_large_json_meets_a_limit() {
        let deep = "[".repeat(100_000);
        assert!(matches!(parse(deep.as_bytes(), "x"), Err(FormatError::Limit { what: "nesting", .. })));
        let large = " ".repeat(BYTES + 1);
        assert!(matches!(parse(large.as_bytes(), "x"), Err(FormatError::Limit { what: "size", .. })));
        assert!(parse(br#"{"a":"]]]\"[[[","b":[1.50]}"#, "x").is_ok());
    }

    #[test]
    fn a_cut_is_told_from_a_mistake() {
        let fault = |text: &str| match parse(text.as_bytes(), "x") {
            Err(FormatError::Malformed { fault, .. }) => Some(fault),
            _ => None,
        };
        assert_eq!(fault(r#"{"a":"#), Some(Fault::Truncated));
        assert_eq!(fault(r#"{"a":}"#), Some(Fault::Syntax));
    }
}
