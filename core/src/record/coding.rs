//! Codes as they were received. A code means something only together with its system.

use serde::{Deserialize, Serialize};

/// One code, its code system and the words that came with it, all as received.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coding {
    /// The code system as received, for example `"1.2.392.200119.6.1005"` or `"http://loinc.org"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code as received.
    pub code: String,
    /// The words that came with the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

impl Coding {
    /// A coding without words.
    pub fn new(system: impl Into<String>, code: impl Into<String>) -> Self {
        Self { system: Some(system.into()), code: code.into(), display: None }
    }

    /// The same coding with the words that came with it.
    #[must_use]
    pub fn with_display(mut self, display: impl Into<String>) -> Self {
        self.display = Some(display.into());
        self
    }

    /// The system in the one spelling used for comparing; see [`canonical_system`].
    pub fn canonical_system(&self) -> Option<String> {
        self.system.as_deref().map(canonical_system)
    }
}

/// One spelling for a code system: `urn:oid:1.2.3` and `1.2.3` are the same system.
pub fn canonical_system(system: &str) -> String {
    let bare = system.trim();
    let is_oid = !bare.is_empty() && bare.contains('.') && bare.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_oid { format!("urn:oid:{bare}") } else { bare.to_owned() }
}

/// What something is: its codes in the order received (the first is the leading one) and free text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Concept {
    /// The codes as received, the leading one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codings: Vec<Coding>,
    /// The words as received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Concept {
    /// A concept of one code.
    pub fn of(coding: Coding) -> Self {
        Self { codings: vec![coding], text: None }
    }

    /// A concept of words alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self { codings: Vec::new(), text: Some(text.into()) }
    }

    /// The leading code.
    pub fn leading(&self) -> Option<&Coding> {
        self.codings.first()
    }

    /// The words to show: the text, else the first code's words, else the first code.
    pub fn label(&self) -> Option<&str> {
        let displayed = || self.codings.iter().find_map(|coding| coding.display.as_deref());
        let coded = || self.leading().map(|coding| coding.code.as_str());
        self.text.as_deref().or_else(displayed).or_else(coded)
    }

    /// Whether nothing at all is said.
    pub fn is_empty(&self) -> bool {
        self.codings.is_empty() && self.text.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_oid_is_one_system_in_both_spellings() {
        assert_eq!(canonical_system("1.2.392.200119.6.1005"), "urn:oid:1.2.392.200119.6.1005");
        assert_eq!(canonical_system("urn:oid:1.2.392.200119.6.1005"), "urn:oid:1.2.392.200119.6.1005");
        assert_eq!(canonical_system("http://loinc.org"), "http://loinc.org");
    }
}
