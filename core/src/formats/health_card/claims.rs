//! What the issuer says around the bundle: who issued it, since when and until when it is in force, and that it is a
//! health card at all.

use serde_json::Value;

use super::json;
use crate::{
    base::Decimal,
    formats::{Fault, FormatError, Unread},
};

/// The claims of a card.
pub(super) struct Claims {
    /// The issuer's address, an https URL.
    pub(super) issuer: String,
    not_before: Decimal,
    expires: Option<Decimal>,
    /// The FHIR bundle.
    pub(super) bundle: Value,
}

const HEALTH_CARD: &str = "https://smarthealth.cards#health-card";

impl Claims {
    /// Whether the card is in force at `now`, in seconds since 1970-01-01 UTC.
    pub(super) fn is_in_force(&self, now: i64) -> bool {
        let now = rust_decimal::Decimal::from(now);
        self.not_before.number() <= now && self.expires.as_ref().is_none_or(|expires| now <= expires.number())
    }
}

/// Reads the payload of a card.
pub(super) fn read(payload: &[u8], place: &str) -> Result<Claims, FormatError> {
    let mut value = json::parse(payload, &format!("{place}, payload"))?;
    let malformed = |name: &str, fault| FormatError::Malformed { place: format!("{place}, {name}"), fault };
    let missing = |name: &str| malformed(name, Fault::Missing);

    let issuer = value.get("iss").ok_or_else(|| missing("iss"))?.as_str().unwrap_or_default().to_owned();
    if !issuer.starts_with("https://") || issuer.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(malformed("iss", Fault::Type));
    }
    let instant = |name: &str| {
        let given = value.get(name).map(|value| match value {
            Value::Number(number) => number.to_string().parse::<Decimal>().map_err(|_| malformed(name, Fault::Number)),
            _ => Err(malformed(name, Fault::Type)),
        });
        given.transpose()
    };
    let not_before = instant("nbf")?.ok_or_else(|| missing("nbf"))?;
    let expires = instant("exp")?;

    let credential = value.get_mut("vc").ok_or_else(|| missing("vc"))?;
    let types = credential.get("type").and_then(Value::as_array).ok_or_else(|| missing("vc.type"))?;
    if !types.iter().any(|kind| kind.as_str() == Some(HEALTH_CARD)) {
        return Err(malformed("vc.type", Fault::Code));
    }
    let subject = credential.get_mut("credentialSubject").ok_or_else(|| missing("vc.credentialSubject"))?;
    let version = subject.get("fhirVersion").and_then(Value::as_str).ok_or_else(|| missing("fhirVersion"))?;
    if !version.starts_with("4.0.") {
        return Err(FormatError::NotRead(Unread::OtherFhir));
    }
    let bundle = subject.get_mut("fhirBundle").map(Value::take).ok_or_else(|| missing("fhirBundle"))?;
    if bundle.get("resourceType").and_then(Value::as_str) != Some("Bundle") {
        return Err(malformed("fhirBundle", Fault::Type));
    }
    Ok(Claims { issuer, not_before, expires, bundle })
}
