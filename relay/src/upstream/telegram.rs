//! Telegrams of the interface family IF001: their common header, the numbers and dates in it, and forms.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU32, Ordering},
};

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use reqwest::header::HeaderValue;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use techo_protocol::{SecretText, message::Failure};
use url::form_urlencoded;
use zeroize::Zeroizing;

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
/// Longest error code that is handed on.
const LONGEST_CODE: usize = 16;
/// Longest text of a header field that is taken at all.
const LONGEST_FIELD: usize = 128;

/// `commonHeader` of every telegram.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommonHeader {
    #[serde(default)]
    pub(crate) telegram_id: String,
    #[serde(default)]
    pub(crate) telegram_type: String,
    #[serde(default)]
    pub(crate) mode: String,
    #[serde(default)]
    pub(crate) process_id: String,
    #[serde(default)]
    pub(crate) error_code: String,
}

impl CommonHeader {
    /// Whether its fields have lengths and characters that may be kept and sent on.
    pub(crate) fn is_plain(&self) -> bool {
        let fields = [&self.telegram_id, &self.telegram_type, &self.mode, &self.process_id, &self.error_code];
        fields.iter().all(|field| field.len() <= LONGEST_FIELD && field.bytes().all(|byte| byte.is_ascii_graphic()))
    }

    /// The portal's own error, where there is one: letters and digits of its code.
    pub(crate) fn error(&self) -> Option<Failure> {
        let code: String = self.error_code.chars().filter(char::is_ascii_alphanumeric).take(LONGEST_CODE).collect();
        match (self.error_code.is_empty(), code.is_empty()) {
            (true, _) => None,
            (false, true) => Some(Failure::Malformed),
            (false, false) => Some(Failure::Portal { code }),
        }
    }
}

/// Numbers the telegrams of this relay. It begins anywhere, so that several relays rarely count alike.
#[derive(Debug)]
pub(super) struct Serial(AtomicU32);

impl Serial {
    pub(super) fn new() -> Self {
        let mut start = [0; 4];
        // Without random bytes it begins at 0, like any other number.
        let _ = SystemRandom::new().fill(&mut start);
        Self(AtomicU32::new(u32::from_be_bytes(start)))
    }

    fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed) % 10_000
    }

    /// `TL-<8 digits of the provider>-YYMMDDHHMMSS-<4 digits>`, in Japan's time.
    pub(super) fn telegram_id(&self, provider: &str, now: DateTime<Utc>) -> String {
        let digits = provider.trim_start_matches("SP");
        format!("TL-{digits}-{}-{:04}", in_japan(now).format("%y%m%d%H%M%S"), self.next())
    }
}

/// `Date=YYYYMMDD` in Japan.
pub(super) fn inquiry_condition(now: DateTime<Utc>) -> String {
    format!("Date={}", in_japan(now).format("%Y%m%d"))
}

fn in_japan(now: DateTime<Utc>) -> DateTime<FixedOffset> {
    const SECONDS_EAST: i32 = 9 * 60 * 60;
    now.with_timezone(&FixedOffset::east_opt(SECONDS_EAST).unwrap_or_else(|| chrono::Offset::fix(&Utc)))
}

/// A form's body. Wiped when the last request with it is dropped.
pub(super) fn form(fields: &[(&str, &str)]) -> Bytes {
    // Each byte becomes three at most, so that the text never grows and leaves no piece behind.
    let room = fields.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
    let mut body = Zeroizing::new(String::with_capacity(room));
    for (number, (name, value)) in fields.iter().enumerate() {
        let separator = if number == 0 { "" } else { "&" };
        let _ = write!(body, "{separator}{name}=");
        for piece in form_urlencoded::byte_serialize(value.as_bytes()) {
            body.push_str(piece);
        }
    }
    Bytes::from_owner(body)
}

/// The header that carries an access token, wiped when the last request with it is dropped. What the HTTP and TLS libraries
/// make of it is theirs.
pub(super) fn bearer(token: &SecretText) -> Result<HeaderValue, Failure> {
    let mut text = Zeroizing::new(Vec::with_capacity("Bearer ".len() + token.as_str().len()));
    text.extend_from_slice(b"Bearer ");
    text.extend_from_slice(token.as_str().as_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).map_err(|_| Failure::Malformed)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(error: &str) -> CommonHeader {
        CommonHeader { error_code: error.to_owned(), ..CommonHeader::default() }
    }

    #[test]
    fn a_telegram_is_numbered_in_japans_time() {
        // Half past midnight in Japan is yesterday at Greenwich.
        let now = DateTime::from_timestamp(1_793_201_430, 0).unwrap_or_default();
        assert_eq!(now.to_rfc3339(), "2026-10-28T15:30:30+00:00");
        let serial = Serial(AtomicU32::new(9_999));
        assert_eq!(serial.telegram_id("SP12345678", now), "TL-12345678-261029003030-9999");
        assert_eq!(serial.telegram_id("SP12345678", now), "TL-12345678-261029003030-0000");
        assert_eq!(inquiry_condition(now), "Date=20261029");
    }

    #[test]
    fn of_an_error_code_only_letters_and_digits_are_handed_on() {
        assert_eq!(header("").error(), None);
        assert_eq!(header("TM99").error(), Some(Failure::Portal { code: "TM99".to_owned() }));
        assert_eq!(header("<b>E-1</b>").error(), Some(Failure::Portal { code: "bE1b".to_owned() }));
        assert_eq!(header(&"9".repeat(90)).error(), Some(Failure::Portal { code: "9".repeat(16) }));
        assert_eq!(header("手帳").error(), Some(Failure::Malformed));
    }

    #[test]
    fn a_header_with_long_or_odd_fields_is_not_plain() {
        assert!(header("E1").is_plain());
        assert!(!header("E 1").is_plain());
        assert!(!header(&"9".repeat(129)).is_plain());
    }

    #[test]
    fn a_form_escapes_what_would_break_it() {
        assert_eq!(form(&[("code", "a&b=c +%/手"), ("x", "")]), "code=a%26b%3Dc+%2B%25%2F%E6%89%8B&x=");
    }

    #[test]
    fn a_token_that_would_break_a_header_is_not_sent() {
        let token = |text: &str| bearer(&SecretText::new(text.to_owned()));
        assert_eq!(token("abc.def").as_ref().map(HeaderValue::as_bytes), Ok(&b"Bearer abc.def"[..]));
        assert_eq!(token("abc\r\nx: y"), Err(Failure::Malformed));
        assert!(!format!("{:?}", token("canary")).contains("canary"));
    }
}
