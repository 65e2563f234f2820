//! Telegrams (電文) of IF001: the common header, checked and written. Error codes are ours and cannot be real.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Map, Value, json};

/// The result is not there yet.
pub(crate) const NOT_READY: &str = "ZZ9001";
/// No such process, or another operator's, or another token's.
pub(crate) const UNKNOWN_PROCESS: &str = "ZZ9002";
/// Not a telegram of its form.
pub(crate) const BAD_TELEGRAM: &str = "ZZ9003";
/// Type of the call-back. By analogy with its answer `IFA0302-S01`; not certain.
pub(crate) const READY: &str = "IFA0302-R01";

/// A checked common header.
pub(crate) struct Header {
    pub(crate) telegram: String,
    pub(crate) process: String,
}

/// Checks the common header of a request from the operator with these 8 digits.
pub(crate) fn check(body: &Map<String, Value>, digits: &str, kind: &str, mode: &str) -> Result<Header, &'static str> {
    let header = body.get("commonHeader").and_then(Value::as_object).ok_or("no commonHeader")?;
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let names = ["telegramId", "telegramType", "mode", "processId", "errorCode"];
    if header.len() != names.len() || !names.iter().all(|name| text(name).is_some()) {
        return Err("commonHeader is not its five texts");
    }
    if text("telegramType") != Some(kind) {
        return Err("telegramType is another");
    }
    if text("mode") != Some(mode) {
        return Err("mode is another");
    }
    if text("errorCode") != Some("") {
        return Err("errorCode in a request");
    }
    let telegram = text("telegramId").filter(|id| is_telegram_id(id, digits)).ok_or("telegramId is not of its form")?;
    Ok(Header { telegram: telegram.to_owned(), process: text("processId").unwrap_or_default().to_owned() })
}

/// `TL-`, the provider's 8 digits, `-`, `YYMMDDHHMMSS`, `-`, 4 digits: 29 characters.
fn is_telegram_id(id: &str, digits: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    let [tag, provider, time, serial] = parts.as_slice() else { return false };
    let is_number = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    *tag == "TL"
        && *provider == digits
        && is_number(time, 12)
        && NaiveDateTime::parse_from_str(time, "%y%m%d%H%M%S").is_ok()
        && is_number(serial, 4)
}

/// A telegram id of the stand-in's own.
pub(crate) fn id(digits: &str, now: DateTime<Utc>, serial: u32) -> String {
    let time = FixedOffset::east_opt(9 * 3600).map_or_else(|| now.naive_utc(), |japan| now.with_timezone(&japan).naive_local());
    format!("TL-{digits}-{}-{:04}", time.format("%y%m%d%H%M%S"), serial % 10_000)
}

/// A common header.
pub(crate) fn header(telegram: &str, kind: &str, mode: &str, process: &str, error: &str) -> Value {
    json!({ "telegramId": telegram, "telegramType": kind, "mode": mode, "processId": process, "errorCode": error })
}

/// Whether the inquiry condition is `Date=YYYYMMDD` with a day that exists.
pub(crate) fn is_inquiry(condition: &str) -> bool {
    condition.strip_prefix("Date=").is_some_and(|day| day.len() == 8 && NaiveDate::parse_from_str(day, "%Y%m%d").is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telegram_id_is_of_its_form_and_our_own_is() {
        assert!(is_telegram_id("TL-00000000-261121093000-0001", "00000000"));
        assert!(is_telegram_id(&id("99999999", DateTime::UNIX_EPOCH, 12_345), "99999999"));
        for other in [
            "TL-00000001-261121093000-0001",
            "TL-00000000-261321093000-0001",
            "TL-00000000-261121093000-001",
            "TL-00000000-2611210930-0001",
            "tl-00000000-261121093000-0001",
            "TL-00000000-261121093000-0001-1",
        ] {
            assert!(!is_telegram_id(other, "00000000"), "{other}");
        }
    }

    #[test]
    fn an_inquiry_names_a_day_that_exists() {
        assert!(is_inquiry("Date=20261121"));
        for other in ["Date=20260231", "Date=2026-11-21", "date=20261121", "Date=20261121 ", "20261121", "Date=+2026112"] {
            assert!(!is_inquiry(other), "{other}");
        }
    }
}
