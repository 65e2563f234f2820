//! One signed card: header, packed payload, signature (JWS compact form, ES256 over P-256, raw DEFLATE).

use std::{collections::BTreeSet, io::Read as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;

use super::{gather::Card, json, keys::KeySet};
use crate::{
    base::limits,
    formats::{Fault, FormatError},
};

/// A card whose signature was checked as far as the keys allow.
pub(super) struct Opened {
    /// The unpacked payload.
    pub(super) payload: Vec<u8>,
    /// What the signature is worth.
    pub(super) trust: Trust,
}

/// What a signature is worth, before anybody looks into the card.
pub(super) enum Trust {
    /// It is by this key, which vouches for these issuers (for any, where the list is empty).
    Signed {
        /// The key's id.
        key: String,
        /// The issuers.
        issuers: BTreeSet<String>,
    },
    /// No key of this id is known.
    UnknownKey {
        /// The id the card names.
        key: String,
    },
}

/// Checks the signature, then unpacks. With a known key, nothing unsigned is ever unpacked.
pub(super) fn open(card: &Card, keys: &KeySet) -> Result<Opened, FormatError> {
    let at = |what: &str| if what.is_empty() { card.place.clone() } else { format!("{}, {what}", card.place) };
    let malformed = |what: &str, fault| FormatError::Malformed { place: at(what), fault };
    let (signed, signature) = card.jws.rsplit_once('.').ok_or_else(|| malformed("", Fault::Syntax))?;
    let (header, payload) = signed.split_once('.').ok_or_else(|| malformed("", Fault::Syntax))?;
    let decoded = |text: &str, what| URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed(what, Fault::Syntax));

    let header = json::parse(&decoded(header, "header")?, &at("header"))?;
    let member = |name: &str| header.get(name).and_then(Value::as_str).ok_or_else(|| malformed(&format!("header {name}"), Fault::Missing));
    if member("alg")? != "ES256" {
        return Err(malformed("header alg", Fault::Code));
    }
    if member("zip")? != "DEF" {
        return Err(malformed("header zip", Fault::Code));
    }
    let key = member("kid")?.to_owned();
    let signature = decoded(signature, "signature")?;
    let payload = decoded(payload, "payload")?;

    let trust = match keys.key(&key) {
        Some(known) => {
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &known.point)
                .verify(signed.as_bytes(), &signature)
                .map_err(|_| FormatError::BadSignature { place: card.place.clone() })?;
            Trust::Signed { key, issuers: known.issuers.clone() }
        }
        None => Trust::UnknownKey { key },
    };
    Ok(Opened { payload: unpacked(&payload, &at("payload"))?, trust })
}

/// Raw DEFLATE, bounded by size and by ratio.
fn unpacked(packed: &[u8], place: &str) -> Result<Vec<u8>, FormatError> {
    let by_ratio = (packed.len() as u64).saturating_mul(limits::UNPACK_RATIO);
    let most = by_ratio.min(json::BYTES as u64);
    let mut decoder = flate2::read::DeflateDecoder::new(packed);
    let mut out = Vec::new();
    let broken = |fault| FormatError::Malformed { place: place.to_owned(), fault };
    decoder.by_ref().take(most + 1).read_to_end(&mut out).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => broken(Fault::Truncated),
        _ => broken(Fault::Syntax),
    })?;
    if out.len() as u64 > most {
        let what = if by_ratio < json::BYTES as u64 { "ratio" } else { "size" };
        return Err(FormatError::Limit { what, place: place.to_owned() });
    }
    if decoder.total_in() != packed.len() as u64 {
        return Err(broken(Fault::Syntax));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use std::io::Write as _;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_bomb_meets_a_limit() {
        let bomb = packed(&vec![0; 50_000_000]);
        assert!(matches!(unpacked(&bomb, "x"), Err(FormatError::Limit { what: "size", .. })));
        let small = packed(&vec![0; 100_000]);
        assert!(matches!(unpacked(&small, "x"), Err(FormatError::Limit { what: "ratio", .. })));
    }

    #[test]
    fn cut_and_extended_streams_are_refused() {
        let good = packed(b"the payload of a card, long enough to be packed");
        assert_eq!(unpacked(&good, "x").unwrap(), b"the payload of a card, long enough to be packed");
        assert!(unpacked(&good[..good.len() - 3], "x").is_err());
        assert!(unpacked(&[good.as_slice(), b"more"].concat(), "x").is_err());
        assert!(unpacked(b"", "x").is_err());
    }
}
