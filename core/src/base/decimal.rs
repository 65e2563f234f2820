//! A measured value exactly as it was written. `5.60` stays `5.60`: the trailing zero says how finely it was measured.

use std::{fmt, str::FromStr};

/// A decimal number as text, for example `"62.5"`, `"-0.30"` or `"1.2e3"`. Never binary floating point.
///
/// Equality is equality of the text; use [`Decimal::number`] to compare sizes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

/// The text is not a decimal number, or is beyond 28 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number")]
pub struct BadDecimal;

impl Decimal {
    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number for comparing and drawing.
    pub fn number(&self) -> rust_decimal::Decimal {
        parse(&self.0).unwrap_or_default()
    }
}

fn parse(text: &str) -> Option<rust_decimal::Decimal> {
    if text.contains(['e', 'E']) {
        rust_decimal::Decimal::from_scientific(text).ok()
    } else {
        rust_decimal::Decimal::from_str_exact(text).ok()
    }
}

impl FromStr for Decimal {
    type Err = BadDecimal;

    fn from_str(text: &str) -> Result<Self, BadDecimal> {
        let trimmed = text.trim();
        // rust_decimal also takes "1_000" and ".5"; only the first would surprise a reader of the export.
        let plain = !trimmed.is_empty()
            && trimmed.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
            && trimmed.bytes().any(|b| b.is_ascii_digit());
        (plain && parse(trimmed).is_some()).then(|| Self(trimmed.to_owned())).ok_or(BadDecimal)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_trailing_zero_is_kept() {
        let measured: Decimal = " 5.60 ".parse().unwrap();
        assert_eq!(measured.as_str(), "5.60");
        assert_eq!(measured.number(), "5.6".parse::<Decimal>().unwrap().number());
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for text in ["", "-", ".", "1_000", "12,5", "NaN", "1e99", "測定不能", "٣"] {
            assert_eq!(text.parse::<Decimal>(), Err(BadDecimal), "{text}");
        }
    }
}
